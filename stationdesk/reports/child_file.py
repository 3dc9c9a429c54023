"""One child's file on paper (P01): cover, contents, the chosen sections, sign-off; or the empty form."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from stationdesk.codes import Code
from stationdesk.fields import describe, to_text
from stationdesk.i18n import N_, _
from stationdesk.records.assessments import Assessment
from stationdesk.records.attendance import TakenPart
from stationdesk.records.benefits import Benefit
from stationdesk.records.calendar import long_day
from stationdesk.records.care import ChildNeed, DelegatedCare
from stationdesk.records.categories import ChildCategory, RiskLevel
from stationdesk.records.child_prints import ChildFile
from stationdesk.records.child_reviews import TimelineRow
from stationdesk.records.children import Child, ChildRow
from stationdesk.records.consents import Consent
from stationdesk.records.enrolments import Enrolment
from stationdesk.records.families import FamilyMember, Household
from stationdesk.records.health import HealthItem
from stationdesk.records.masking import Disclosure
from stationdesk.records.schooling import Schooling
from stationdesk.reports.document import (
    Align,
    Column,
    Contents,
    Document,
    Heading,
    PageBreak,
    Part,
    Row,
    SignOff,
    Space,
    Table,
    Text,
)
from stationdesk.reports.imprint import Imprint
from stationdesk.reports.records import Cell, blank_cells, blank_list, card, card_rows, cell, cells_of, list_table

FORM = N_("儿童档案（一人一档）")


class Section(Code):
    """The parts of a file, to choose from."""

    BASIC = "BASIC", N_("基本情况")
    FAMILY = "FAMILY", N_("家庭与监护")
    SCHOOL_HEALTH = "SCHOOL_HEALTH", N_("就学健康")
    CATEGORIES = "CATEGORIES", N_("类别与风险")
    BENEFITS = "BENEFITS", N_("政策")
    STOCK = "STOCK", N_("在册记录")
    CONSENTS = "CONSENTS", N_("知情同意")
    NEEDS = "NEEDS", N_("需求")
    ACTIVITIES = "ACTIVITIES", N_("活动参与")
    TIMELINE = "TIMELINE", N_("变更记录")


@dataclass(frozen=True, slots=True)
class _Shown:
    """A record or a list of the file: its title within the section, its class, the attribute it is."""

    title: str
    cls: type
    name: str


_SHOWN: dict[Section, tuple[_Shown, ...]] = {
    Section.BASIC: (_Shown("", Child, "child"),),
    Section.FAMILY: (
        _Shown(N_("家庭"), Household, "household"),
        _Shown(N_("家庭成员"), FamilyMember, "family"),
        _Shown(N_("委托照护"), DelegatedCare, "care"),
    ),
    Section.SCHOOL_HEALTH: (_Shown(N_("就学"), Schooling, "schooling"), _Shown(N_("健康"), HealthItem, "health")),
    Section.CATEGORIES: (
        _Shown(N_("类别"), ChildCategory, "categories"),
        _Shown(N_("风险等级"), RiskLevel, "levels"),
        _Shown(N_("评估"), Assessment, "assessments"),
    ),
    Section.BENEFITS: (_Shown("", Benefit, "benefits"),),
    Section.STOCK: (_Shown("", Enrolment, "enrolments"),),
    Section.CONSENTS: (_Shown("", Consent, "consents"),),
    Section.NEEDS: (_Shown("", ChildNeed, "needs"),),
    Section.ACTIVITIES: (_Shown("", TakenPart, "activities"),),
}
# Of the child itself, what stands on the cover.
_ON_COVER = ("file_no", "name", "community_id", "worker_id", "director_id", "status")


def child_file(
    file: ChildFile, imprint: Imprint, how: Disclosure, sections: Collection[Section] = tuple(Section)
) -> Document:
    """The file with its chosen sections, in their own order."""
    chosen = [section for section in Section if section in sections]
    parts: list[Part] = [*_cover(file, imprint, how), *_contents(chosen), PageBreak()]
    for section in chosen:
        parts += [Heading(section.label, 1), *_section(section, file), Space(3)]
    parts.append(_sign_off())
    title = f"{_(FORM)} {file.file_no}"
    return Document(title=title, parts=tuple(parts), mark=imprint.mark, foot=file.file_no, head=imprint.line())


def blank_file(imprint: Imprint, sections: Collection[Section] = tuple(Section)) -> Document:
    """The same form, empty, to be filled in by hand; nothing in it is anybody's."""
    parts: list[Part] = [Heading(_(FORM), 0), Text(imprint.station, 12, Align.CENTER), Space(2)]
    for section in Section:
        if section in sections and section in _SHOWN:
            parts += [Heading(section.label, 1), *_blank_section(section), Space(3)]
    parts.append(_sign_off())
    return Document(title=_(FORM), parts=tuple(parts), mark=imprint.mark)


def _cover(file: ChildFile, imprint: Imprint, how: Disclosure) -> Iterator[Part]:
    yield Space(18)
    yield Heading(_(FORM), 0)
    yield Text(imprint.station, 14, Align.CENTER)
    yield Space(10)
    yield Table(
        (Column("", 1.2, label=True), Column("", 3)),
        tuple(Row((item.label, item.value)) for item in _cover_cells(file)),
        12,
        30,
        headed=False,
    )
    yield Space(4)
    if how is Disclosure.MASKED:
        yield Text(_("本件已遮盖证件号码、电话、住址、出生日期和自由填写的文字。"), 9)
    elif how is Disclosure.RESTRICTED:
        yield Text(_("本件含限制内容，只供站长批准的用途，用后交回销毁。"), 9)
    yield Space(6)


def _cover_cells(file: ChildFile) -> Iterator[Cell]:
    for column in describe(Child):
        if column.name in _ON_COVER:
            yield Cell(column.label, cell(column, getattr(file.child, column.name), file))
    for column in describe(ChildRow):
        if column.name in ("category", "colour"):
            yield Cell(column.label, to_text(getattr(file, column.name)))
    yield Cell(_("建档日期"), long_day(file.opened))
    if file.enrolments:
        last = file.enrolments[-1]
        for column in describe(Enrolment):
            if column.name in ("entered_on", "left_on"):
                yield Cell(column.label, cell(column, getattr(last, column.name), file))


def _contents(sections: Collection[Section]) -> Iterator[Part]:
    yield Text(_("目录"), 12, Align.CENTER, bold=True)
    yield Contents(tuple(section.label for section in sections))


def _section(section: Section, file: ChildFile) -> Iterator[Part]:
    if section is Section.TIMELINE:
        yield _timeline(file)
        return
    for shown in _SHOWN[section]:
        if shown.title:
            yield Heading(_(shown.title), 2)
        found = getattr(file, shown.name)
        if not found:
            # The same for what is not there and for what this reader may not see.
            yield Text(_("没有可打印的内容。"))
        elif isinstance(found, tuple):
            yield list_table(shown.cls, found, file)
        else:
            yield card(card_rows(_with_age(cells_of(found, file), found, file)))
        yield Space(1.5)


def _with_age(cells: list[Cell], record: object, file: ChildFile) -> list[Cell]:
    """The age stands in the file itself: where the birth is masked it is all that is known."""
    if not isinstance(record, Child) or file.age is None:
        return cells
    column = next(one for one in describe(ChildRow) if one.name == "age")
    return [*cells, Cell(column.label, cell(column, file.age, file))]


def _timeline(file: ChildFile) -> Table:
    labels = [column.label for column in describe(TimelineRow)]
    columns = (Column(labels[0], 1.2, Align.CENTER), Column(labels[1], 1), Column(_("内容"), 4))
    # What was masked leaves its mark of punctuation behind.
    rows = (Row((long_day(row.day), row.kind.label, row.say().strip(" ：:"))) for row in file.timeline())
    return Table(columns, tuple(rows), 9)


def _blank_section(section: Section) -> Iterator[Part]:
    for shown in _SHOWN[section]:
        if shown.title:
            yield Heading(_(shown.title), 2)
        if shown.name in ("child", "household"):
            yield card(card_rows(blank_cells(shown.cls)), empty=True)
        else:
            yield blank_list(shown.cls)
        yield Space(1.5)


def _sign_off() -> SignOff:
    return SignOff(
        (
            _("责任社工（签名）：{blank}").format(blank="＿" * 7),
            _("儿童督导员（签名）：{blank}").format(blank="＿" * 7),
            _("站长（签名）：{blank}").format(blank="＿" * 7),
            _("日期：＿＿＿＿年＿＿月＿＿日"),
        ),
        _("（公章）"),
    )
