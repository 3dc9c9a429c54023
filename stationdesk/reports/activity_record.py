"""The record of one session (P06): what was planned, how it went, who came in numbers, photos that may be shown."""

from decimal import ROUND_HALF_UP, Decimal

from stationdesk.fields import to_text
from stationdesk.i18n import N_, _
from stationdesk.records.activities import Activity
from stationdesk.records.session_photos import PublicPhoto
from stationdesk.records.session_prints import ActivityRecord
from stationdesk.records.sessions import SessionStatus
from stationdesk.reports.document import (
    Document,
    Heading,
    HeadLine,
    PageBreak,
    Part,
    Picture,
    Pictures,
    Row,
    SignOff,
    Space,
)
from stationdesk.reports.imprint import Imprint
from stationdesk.reports.records import Cell, card, card_rows
from stationdesk.reports.sign_in_sheet import when_held

FORM = N_("活动记录表")
# Two large ones, or four two by two, on a page.
_LARGE, _ON_A_PAGE = 2, 4


def activity_record(record: ActivityRecord, imprint: Imprint, phone: str = "") -> Document:
    """One session's record on upright pages; the photos stand on pages of their own at its end."""
    rows = [*_plan(record), *_process(record), *_came(record), *_judged(record)]
    parts: list[Part] = [
        Heading(_(FORM), 0),
        HeadLine(imprint.station, "", record.row.status.label),
        card(rows),
        SignOff(
            (
                _("单位负责人（签章）：{name}").format(name="＿" * 6),
                _("审核人：{blank}").format(blank="＿" * 5),
                _("填表人：{blank}").format(blank="＿" * 5),
                _("联系电话：{phone}").format(phone=phone or "＿" * 6),
                _("填报日期：＿＿＿＿年＿＿月＿＿日"),
            ),
            _("（公章）"),
        ),
        *_photos(record.photos),
    ]
    return Document(title=_(FORM), parts=tuple(parts), mark=imprint.mark, head=imprint.line())


def ages_text(low: int | None, high: int | None) -> str:
    """The ages an activity is for: `6—12岁`, `6岁以上`; nothing when all may come."""
    if low is None and high is None:
        return ""
    if high is None:
        return _("{age}岁以上").format(age=low)
    if low is None:
        return _("{age}岁以下").format(age=high)
    return _("{low}—{high}岁").format(low=low, high=high)


def _plan(record: ActivityRecord) -> list[Row]:
    plan, row = record.activity, record.row
    number = _("第{number}场").format(number=row.seq)
    when = f"{when_held(row.start, row.end)}　{number}"
    cells = [
        Cell(_("活动名称"), plan.title, wide=True),
        Cell(_("活动形式"), plan.form.label),
        Cell(_("活动类别"), plan.category.label),
        Cell(_("内容领域"), to_text(plan.domains), wide=True),
        Cell(_("时间"), when, wide=True),
        Cell(_("地点"), row.place_name or ""),
        Cell(_("预计人数"), _people(plan.expected_count)),
        Cell(_("主办单位"), plan.organiser or "", wide=True),
        Cell(_("协作单位"), "、".join(record.partners), wide=True),
        Cell(_("负责人"), record.leader),
        Cell(_("现场负责人"), row.responsible_name or ""),
        Cell(_("其他工作人员"), "、".join(record.staff), wide=True),
        Cell(_("活动对象"), plan.target),
        Cell(_("年龄"), ages_text(plan.age_from, plan.age_to)),
        Cell(_("名额"), _people(plan.quota)),
        Cell(_("参加条件"), _conditions(plan)),
        Cell(_("安全预案"), plan.safety_plan or "", wide=True),
    ]
    return card_rows(cells, _("活动计划"))


def _people(count: int | None) -> str:
    return "" if count is None else _("{count}人").format(count=count)


def _conditions(plan: Activity) -> str:
    asked = (
        (plan.off_site, _("外出活动")),
        (plan.guardian_required, _("需家长陪同")),
        (plan.consent_required, _("需同意书")),
    )
    return "、".join(text for holds, text in asked if holds)


def _process(record: ActivityRecord) -> list[Row]:
    lines = [line.strip() for line in (record.held.items or "").splitlines() if line.strip()]
    text = "\n".join(f"{number}. {line}" for number, line in enumerate(lines, start=1))
    return card_rows([Cell(_("环节"), text, wide=True)], _("活动过程"))


def _came(record: ActivityRecord) -> list[Row]:
    """The heads; before the session is closed they are written by hand."""
    presence, over = record.presence, record.row.status is SessionStatus.DONE
    hours = (Decimal(record.volunteer_minutes) / 60).quantize(Decimal("0.1"), ROUND_HALF_UP)
    counts = (
        (_("登记的儿童"), presence.children),
        (_("未登记儿童"), presence.headcount_children),
        (_("陪同家长"), presence.guardians),
        (_("未登记成人"), presence.headcount_adults),
        (_("合计"), presence.total),
    )
    cells = [Cell(label, _people(count) if over else "") for label, count in counts]
    helped = _("{count}人　{hours}小时").format(count=record.volunteers, hours=hours)
    cells.append(Cell(_("志愿者"), helped if over else ""))
    return card_rows(cells, _("参加人数"))


def _judged(record: ActivityRecord) -> list[Row]:
    plan, held = record.activity, record.held
    score = "" if held.satisfaction is None else _("{score}分（满分5分）").format(score=held.satisfaction)
    cells = [
        Cell(_("本场支出"), _yuan(held.cost)),
        Cell(_("活动预算"), _yuan(plan.budget)),
        Cell(_("经费来源"), plan.funding.label if plan.funding is not None else ""),
        Cell(_("满意度"), score),
    ]
    if held.reason:
        cells.append(Cell(_("取消或延期原因"), held.reason, wide=True))
    cells.append(Cell(_("活动总结"), plan.summary or "", wide=True))
    return card_rows(cells, _("经费和效果"))


def _yuan(amount: Decimal | None) -> str:
    return "" if amount is None else _("{amount}元").format(amount=f"{amount:.2f}")


def _photos(photos: tuple[PublicPhoto, ...]) -> list[Part]:
    parts: list[Part] = []
    across = 1 if len(photos) <= _LARGE else 2
    for start in range(0, len(photos), _ON_A_PAGE):
        shown = tuple(Picture(photo.data, photo.caption or "") for photo in photos[start : start + _ON_A_PAGE])
        parts += [PageBreak(), Heading(_("活动照片"), 1), Space(1), Pictures(shown, across)]
    return parts
