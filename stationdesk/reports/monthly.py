"""The monthly summary as a document, a sheet's rows and JSON: the same figures three times."""

import re
from decimal import Decimal

from stationdesk.errors import Problem, Refused
from stationdesk.i18n import N_, _
from stationdesk.records.calendar import long_day
from stationdesk.records.station import Station
from stationdesk.records.summaries import Amount, Figure, MonthlyFigures, cross_checks
from stationdesk.reports.document import (
    Align,
    Chart,
    Column,
    Document,
    Heading,
    HeadLine,
    Part,
    Row,
    RowKind,
    SignOff,
    Space,
    Table,
    Text,
)

FORM_NO = N_("未保月报01表")
_MONTH = re.compile(r"(20[0-9]{2})-(0[1-9]|1[0-2])")

_EXPLAINED = (
    N_("1. 报告期按业务发生日期归属，不按录入日期；本年累计从1月的报告期起算。"),
    N_("2. 使用场次、使用时长只计已完成（登记实到人数）的预约，取消、未到场、待审批的不计。"),
    N_("3. 使用率＝场地被占用的分钟数÷启用场地的开放分钟数（节假日和闭馆时间已扣除）；同时段的多个预约不重复计。"),
    N_("4. 队伍人数为期末在岗人数，一人多岗的在各岗分别计数。"),
    N_("5. 儿童数为期末在册人数，按纳入和减员日期计；同一个孩子只计一次，各月人数不能相加。"),
    N_("6. 类别按主要类别计，每个孩子只计入一类；没有权限的人看不到的类别计入其他。"),
    N_("7. 购买服务按报告期内有效的合同计；本期支付按支付日期计；各指标的完成数从合同开始日期算到期末。"),
    N_("8. 活动只计已结束的场次；同一家庭的几个孩子由家长陪同的，家长计1人次；工作人员和志愿者不计入参与人次。"),
    N_("9. 志愿服务时长为实际时长，随场次结束或经确认后计入；证明上的时长另按每日上限和取整规则认定。"),
)


def parse_month(text: str) -> tuple[int, int]:
    """Year and month of `2026-10`; raises `Refused`."""
    found = _MONTH.fullmatch(text.strip())
    if not found:
        raise Refused(Problem("month", N_("月份“{text}”写法不对，请写成2026-10这样。"), {"text": text[:20]}))
    return int(found[1]), int(found[2])


def shown(amount: Amount, figure: Figure) -> str:
    """A figure as it is printed: "—" where there is nothing to say, a true zero as 0; decimals as it was
    rounded to (one of hours and rates, two of money)."""
    if amount is None:
        return "—"
    text = f"{amount:,}" if isinstance(amount, int) else f"{amount:,f}"
    return f"{text}%" if figure.unit == "%" else text


def label_of(figure: Figure) -> str:
    """The figure's name in the language in use."""
    text = _(figure.label)
    return text.format(**figure.values) if figure.values else text


def monthly_document(figures: MonthlyFigures, station: Station, audit_head: str, *, mark: str = "") -> Document:
    """The official form: head, table, cross-checks, explanations, chart, sign-off; at the foot of each
    page the end of the audit, an anchor on paper against whoever shortens it later."""
    title = _("{township}未成年人保护工作站月报表").format(township=station.township_name or station.name)
    parts: list[Part] = [
        Heading(title, 0),
        Text(_("（{year}年{month}月）").format(year=figures.period.year, month=figures.period.month), 12, Align.CENTER),
        HeadLine(_("填报单位（盖章）：{name}").format(name=figures.station)),
        HeadLine(
            _("报告期：{first}至{last}").format(
                first=long_day(figures.period.first), last=long_day(figures.period.last)
            ),
            "",
            _("表号：{number}").format(number=_(FORM_NO)),
        ),
        monthly_table(figures),
        Space(3),
        *_notes(figures),
        Space(3),
    ]
    parts.append(
        SignOff(
            (
                _("单位负责人（签章）：{name}").format(name="＿" * 6),
                _("审核人：{blank}").format(blank="＿" * 5),
                _("填表人：{blank}").format(blank="＿" * 5),
                _("联系电话：{phone}").format(phone=station.phone or "＿" * 6),
                _("填报日期：＿＿＿＿年＿＿月＿＿日"),
            ),
            _("（公章）"),
        )
    )
    # After the signatures: they belong to the table, not to a page of their own.
    if any(count for _name, count in figures.use):
        parts.append(Chart(_("各场地本月使用场次"), tuple((n, float(c)) for n, c in figures.use), _("次")))
    foot = _("操作记录 {code}").format(code=audit_head)
    form = f"{_(FORM_NO)} {figures.period.name}"
    return Document(title=form, parts=tuple(parts), mark=mark, foot=foot)


def monthly_table(figures: MonthlyFigures) -> Table:
    """序号, 指标名称, 计量单位, 代码, 本月, 本年累计, 备注; a heading row for each block."""
    columns = (
        Column(_("序号"), 0.7, Align.CENTER),
        Column(_("指标名称"), 3.6),
        Column(_("计量单位"), 1.1, Align.CENTER),
        Column(_("代码"), 0.9, Align.CENTER),
        Column(_("本月"), 1.3, Align.RIGHT),
        Column(_("本年累计"), 1.4, Align.RIGHT),
        Column(_("备注"), 1.3),
    )
    rows: list[Row] = []
    number = 0
    for block in figures.blocks:
        rows.append(Row((f"{block.code}  {_(block.label)}",), RowKind.SECTION))
        for figure in block.figures:
            number += 1
            year = shown(figure.year, figure) if figure.cumulative else "—"
            cells = (str(number), label_of(figure), _(figure.unit), figure.code, shown(figure.month, figure), year, "")
            rows.append(Row(cells))
    return Table(columns, tuple(rows))


def _notes(figures: MonthlyFigures) -> list[Part]:
    checks = cross_checks(figures)
    fits, wrong = _("相符"), _("不符，请核对")
    said = [f"{_(check.text)}：{fits if check.holds else wrong}" for check in checks]
    notes: list[Part] = [Text(_("勾稽关系"), 10.5, bold=True), Text("；".join(said) + "。", 9)]
    notes.append(Text(_("指标解释"), 10.5, bold=True))
    notes += [Text(_(line), 9) for line in _EXPLAINED]
    if not figures.of("M01").month:
        notes.append(Text(_("本月没有已完成的场地预约。"), 9))
    return notes


def monthly_json(figures: MonthlyFigures) -> dict[str, object]:
    """The summary for other programs: one entry a unit, so a row with two units has its code twice;
    rates are percent, hours have one decimal, null stands for "—"."""
    return {
        "station": figures.station,
        "period": {
            "month": figures.period.name,
            "first": figures.period.first.isoformat(),
            "last": figures.period.last.isoformat(),
        },
        "revision": figures.revision,
        "rows": [
            {
                "code": figure.code,
                "label": label_of(figure),
                "unit": _(figure.unit),
                "month": _plain(figure.month),
                "year": _plain(figure.year) if figure.cumulative else None,
            }
            for figure in figures.figures
        ],
    }


def _plain(amount: Amount) -> int | float | None:
    return float(amount) if isinstance(amount, Decimal) else amount
