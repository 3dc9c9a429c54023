"""How far a purchased service is (P18): its promises, what was paid, how it was judged, to be signed."""

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal

from stationdesk.fields import describe, to_text
from stationdesk.i18n import N_, _
from stationdesk.records.calendar import long_day
from stationdesk.records.contract_figures import ContractFile, Progress, wan
from stationdesk.records.contracts import Contract, ContractAssessment, Deliverable, Payment
from stationdesk.records.station import Station
from stationdesk.reports.document import (
    Align,
    Column,
    Document,
    Heading,
    HeadLine,
    Part,
    Row,
    SignOff,
    Space,
    Table,
    Text,
)
from stationdesk.reports.records import Cell, card, card_rows

FORM = N_("购买服务指标完成表")

_EXPLAINED = N_(
    "完成数从合同开始日期起算，按已完成的活动场次、到场登记和志愿服务记录统计，与月报口径相同，人数不重复计；自定指标由人工填写。"
)


def contract_sheet(
    file: ContractFile, station: Station, today: date, audit_head: str = "", *, mark: str = ""
) -> Document:
    """The sheet of one contract on a day; the same goes into a workbook."""
    contract = file.contract
    parts: list[Part] = [
        Heading(_(FORM), 0),
        Text(_("（截至{day}）").format(day=long_day(today)), 12, Align.CENTER),
        HeadLine(_("填报单位（盖章）：{name}").format(name=station.name)),
        Space(1),
        card(card_rows(list(_facts(file)))),
        Space(2),
        Heading(_("一、指标完成情况"), 2),
        *_promises(file),
        Space(2),
        Heading(_("二、资金支付情况"), 2),
        *_payments(file.payments),
    ]
    if file.assessments:
        parts += [Space(2), Heading(_("三、评估情况"), 2), _assessments(file.assessments)]
    parts += [Space(2), Text(_(_EXPLAINED), 9), Space(2), _sign_off(station)]
    foot = _("操作记录 {code}").format(code=audit_head) if audit_head else ""
    return Document(title=f"{_(FORM)} {contract.number}", parts=tuple(parts), mark=mark, foot=foot)


def _facts(file: ContractFile) -> Iterator[Cell]:
    contract = file.contract
    period = _("{first}至{last}").format(first=long_day(contract.start), last=long_day(contract.end))
    if contract.terminated_on is not None:
        period += _("（{day}终止）").format(day=long_day(contract.terminated_on))
    labels = _labels(Contract)
    for name in ("name", "provider", "purchaser"):
        yield Cell(labels[name], getattr(contract, name), wide=True)
    yield Cell(_("合同期间"), period, wide=True)
    yield Cell(labels["number"], contract.number)
    yield Cell(labels["status"], contract.status.label)
    yield Cell(labels["amount"], _money(contract.amount))
    yield Cell(labels["funding"], contract.funding.label)
    yield Cell(_("已支付"), _money(file.paid))
    yield Cell(_("支付进度"), percent(file.paid_share))
    if contract.lead:
        yield Cell(labels["lead"], contract.lead)


def _money(yuan: Decimal) -> str:
    return _("{amount}万元").format(amount=f"{wan(yuan):,f}")


def percent(share: Decimal | None) -> str:
    """A share as it is printed: "—" where there is nothing to divide by."""
    return "—" if share is None else f"{share}%"


def _labels(cls: type) -> dict[str, str]:
    return {column.name: column.label for column in describe(cls)}


def _promises(file: ContractFile) -> Sequence[Part]:
    if not file.progress:
        return [Text(_("还没有登记指标。"), 10.5)]
    columns = (
        Column(_("序号"), 0.6, Align.CENTER),
        Column(_("指标"), 2.6),
        Column(_("计量单位"), 0.8, Align.CENTER),
        Column(_("目标"), 0.9, Align.RIGHT),
        Column(_("统计数"), 0.9, Align.RIGHT),
        Column(_("调整数"), 0.8, Align.RIGHT),
        Column(_("完成"), 0.9, Align.RIGHT),
        Column(_("完成率"), 1.0, Align.RIGHT),
        Column(_("完成时限"), 1.3, Align.CENTER),
        Column(_("备注"), 1.6),
    )
    kept = {deliverable.id: deliverable for deliverable in file.deliverables}
    rows = (
        _promise(number, progress, kept[progress.deliverable_id])
        for number, progress in enumerate(file.progress, start=1)
    )
    return [Table(columns, tuple(rows), 9)]


def _promise(number: int, progress: Progress, deliverable: Deliverable) -> Row:
    note = deliverable.adjustment_reason or "" if progress.adjustment else ""
    if progress.counted is None:
        note = "；".join(text for text in (_("人工填写"), note) if text)
    return Row(
        (
            str(number),
            progress.title,
            _(progress.unit),
            f"{progress.target:,}",
            f"{deliverable.actual or 0:,}" if progress.counted is None else f"{progress.counted:,}",
            f"{progress.adjustment:+,}" if progress.adjustment else "",
            f"{progress.actual:,}",
            percent(progress.share),
            progress.due_on.isoformat(),
            note,
        )
    )


def _payments(payments: Sequence[Payment]) -> Sequence[Part]:
    if not payments:
        return [Text(_("还没有登记付款。"), 10.5)]
    labels = _labels(Payment)
    columns = (
        Column(labels["seq"], 0.6, Align.CENTER),
        Column(labels["condition"], 2.6),
        Column(labels["planned_on"], 1.3, Align.CENTER),
        Column(_("计划金额（元）"), 1.4, Align.RIGHT),
        Column(labels["paid_on"], 1.3, Align.CENTER),
        Column(_("支付金额（元）"), 1.4, Align.RIGHT),
        Column(labels["voucher"], 1.4, plain=True),
    )
    rows = (
        Row(
            (
                str(payment.seq),
                payment.condition or "",
                payment.planned_on.isoformat(),
                f"{payment.planned_amount:,.2f}",
                to_text(payment.paid_on),
                "" if payment.paid_amount is None else f"{payment.paid_amount:,.2f}",
                payment.voucher or "",
            )
        )
        for payment in payments
    )
    return [Table(columns, tuple(rows), 9)]


def _assessments(assessments: Sequence[ContractAssessment]) -> Table:
    labels = _labels(ContractAssessment)
    columns = (
        Column(labels["point"], 1.0, Align.CENTER),
        Column(labels["assessed_on"], 1.3, Align.CENTER),
        Column(labels["score"], 0.8, Align.RIGHT),
        Column(labels["grade"], 1.0, Align.CENTER),
        Column(labels["remark"], 4.0),
    )
    rows = (
        Row((one.point.label, one.assessed_on.isoformat(), str(one.score), to_text(one.grade), one.remark or ""))
        for one in assessments
    )
    return Table(columns, tuple(rows), 9)


def _sign_off(station: Station) -> SignOff:
    return SignOff(
        (
            _("单位负责人（签章）：{name}").format(name="＿" * 6),
            _("审核人：{blank}").format(blank="＿" * 5),
            _("填表人：{blank}").format(blank="＿" * 5),
            _("联系电话：{phone}").format(phone=station.phone or "＿" * 6),
            _("填报日期：＿＿＿＿年＿＿月＿＿日"),
        ),
        _("（公章）"),
    )
