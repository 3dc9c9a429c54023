"""The agreement by which parents put somebody in their place (P11), by Art. 22 and 23 of the law."""

from collections.abc import Iterator

from stationdesk.codes import code_list
from stationdesk.i18n import N_, _
from stationdesk.records.care import DelegatedCare
from stationdesk.records.child_prints import MEMBER_FIELDS, ChildFile, FormNames, form_names, latest_care
from stationdesk.records.station import Station
from stationdesk.reports.consent_forms import signatures
from stationdesk.reports.document import Document, Heading, HeadLine, Part, Space, Text
from stationdesk.reports.records import Cell, blank, card, card_rows, cell, printed_fields

FORM = N_("委托照护确认书")

_TEXTS = (
    N_("一、父母或其他监护人因外出务工等原因不能完全履行监护职责，委托具有照护能力的完全民事行为能力人代为照护；监护职责仍由监护人承担。"),
    N_("二、受委托人没有下列情形：实施过性侵害、虐待、遗弃、拐卖、暴力伤害等违法犯罪；有吸毒、酗酒、赌博等恶习；"
       "曾拒不履行或长期怠于履行监护、照护职责；其他不适宜的情形。"),
    N_("三、确定受委托人时已听取有表达意愿能力的孩子的意见。"),
    N_("四、监护人与孩子、受委托人至少每周联系和交流一次，了解孩子的生活、学习、心理等情况，并给予亲情关爱。"),
    N_("五、受委托人照料孩子的生活、安全、学习和就医；发现孩子心理、行为异常或遇到危险的，立即告知监护人和村（居）委会，紧急时报警。"),
    N_("六、监护人把委托情况书面告知孩子所在学校、幼儿园和实际居住地的村（居）委会；情况变化时及时再告知。"),
    N_("七、监护人每月给付生活费＿＿＿＿＿元；到期、监护人返回或照护不当的，委托终止，双方告知村（居）委会。本确认书一式三份，委托人、受委托人、村（居）委会各执一份。"),
)  # fmt: skip


def delegated_care_form(station: Station, file: ChildFile | None = None, *, mark: str = "") -> Document:
    """The agreement with the names and dates the file has, or empty."""
    names = form_names(file) if file is not None else FormNames()
    parts: list[Part] = [
        Heading(_(FORM), 0),
        HeadLine(station.name, "", _("档案编号：{number}").format(number=names.file_no or "＿" * 6)),
        card(card_rows([*_people(names), *_terms(file)]), empty=True),
        Space(2),
        *(Text(_(text)) for text in _TEXTS),
        Space(2),
        signatures(
            (
                _("委托人（父母或监护人）"),
                _("受委托人"),
                _("孩子本人（满8周岁）"),
                _("村（居）委会见证人"),
                _("儿童主任"),
            )
        ),
    ]
    title = f"{_(FORM)} {names.file_no}".strip()
    return Document(title=title, parts=tuple(parts), mark=mark, foot=names.file_no)


def _people(names: FormNames) -> list[Cell]:
    relations = code_list("relation").labels
    age = _("{age}岁").format(age=names.age) if names.age is not None else ""
    return [
        Cell(_("孩子姓名"), names.child, wide=True),
        Cell(_("年龄"), age),
        Cell(_("住址"), ""),
        Cell(_("委托人（监护人）"), names.giver, wide=True),
        Cell(_("与孩子关系"), relations.get(names.giver_relation, "")),
        Cell(_("电话"), ""),
        Cell(_("受委托人"), names.carer, wide=True),
        Cell(_("与孩子关系"), relations.get(names.carer_relation, "")),
        Cell(_("电话"), ""),
    ]


def _terms(file: ChildFile | None) -> Iterator[Cell]:
    """What the record of a delegation has, whatever fields it comes to have; the parties stand above."""
    care = latest_care(file) if file is not None else None
    for column in printed_fields(DelegatedCare):
        if column.name not in MEMBER_FIELDS:
            value = cell(column, getattr(care, column.name), file) if care is not None and file is not None else ""
            yield Cell(column.label, value or blank(column), column.field.multiline)
