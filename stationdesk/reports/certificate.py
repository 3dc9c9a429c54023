"""The certificate of voluntary service (P07): the four groups of Decree 67 of 2020, hours in figures and in words."""

from collections.abc import Iterator

from stationdesk.i18n import N_, _
from stationdesk.records.calendar import long_day
from stationdesk.records.certificates import Certificate, CertificateLine
from stationdesk.records.number_words import in_words
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

FORM = N_("志愿服务记录证明")
_RULES = N_("认定时长：每天的服务合计后，最多计{cap}小时，再向下取到{step}分钟的整数倍；路途时间不计。")
_STATEMENT = N_("以上内容根据本单位的志愿服务记录据实出具，特此证明。本证明不收取任何费用。")


def certificate(issued: Certificate, *, mark: str = "") -> Document:
    """The certificate as it was issued; one that was printed before says so."""
    again = _("补打（第{count}次打印）").format(count=issued.printed + 1) if issued.printed else ""
    rules = _(_RULES).format(cap=issued.daily_cap, step=issued.round_to)
    parts: tuple[Part, ...] = (
        Heading(_(FORM), 0),
        HeadLine(_("证明编号：{number}").format(number=issued.number), "", again),
        card(list(_groups(issued))),
        Space(3),
        # Signed on the first page: what follows, however long, only tells what is certified.
        Text(_(_STATEMENT), 12),
        SignOff(
            (
                _("经办人（签名）：＿＿＿＿＿＿＿＿"),
                _("负责人（签名）：＿＿＿＿＿＿＿＿"),
                _("出具日期：{day}").format(day=long_day(issued.issued_on)),
            ),
            seal=_("（公章）"),
        ),
        Text(_("附：服务明细"), 12, bold=True),
        Space(1),
        _lines(issued),
        Space(1),
        Text(rules, 9),
    )
    title = f"{_(FORM)} {issued.number}"
    return Document(title=title, parts=parts, mark=mark, foot=issued.number, head=again)


def _groups(issued: Certificate) -> Iterator[Row]:
    yield from card_rows(_person(issued), _("一、志愿者身份信息"))
    yield from card_rows(_service(issued), _("二、志愿服务信息"))
    yield from card_rows(_issuer(issued), _("三、出具单位信息"))
    yield from card_rows(_paper(issued), _("四、证明信息"))


def _person(issued: Certificate) -> list[Cell]:
    return [
        Cell(_("姓名"), issued.name, wide=True),
        Cell(_("性别"), issued.sex.label if issued.sex else ""),
        Cell(_("证件类型"), issued.id_kind.label if issued.id_kind else ""),
        Cell(_("证件号码"), issued.id_no or "", wide=True),
        Cell(_("志愿者编号"), issued.volunteer_no or "—"),
        Cell(_("所属组织"), issued.organisation or "—"),
    ]


def _service(issued: Certificate) -> list[Cell]:
    span = _("{first}至{last}").format(first=long_day(issued.first), last=long_day(issued.last))
    hours = _("{hours}小时（大写：{words}小时）").format(hours=issued.hours, words=in_words(issued.hours))
    return [
        Cell(_("服务期间"), span, wide=True),
        Cell(_("服务次数"), _("{count}次").format(count=len(issued.lines)), wide=True),
        Cell(_("认定时长"), hours, wide=True),
    ]


def _issuer(issued: Certificate) -> list[Cell]:
    return [
        Cell(_("单位名称"), issued.issuer, wide=True),
        Cell(_("经办人"), issued.handler, wide=True),
        Cell(_("负责人"), issued.responsible, wide=True),
        Cell(_("联系方式"), issued.contact, wide=True),
    ]


def _paper(issued: Certificate) -> list[Cell]:
    return [
        Cell(_("证明编号"), issued.number),
        Cell(_("出具日期"), long_day(issued.issued_on)),
        Cell(_("备注"), issued.note or "—", wide=True),
    ]


def _lines(issued: Certificate) -> Table:
    columns = (
        Column(_("序号"), 0.6, Align.CENTER),
        Column(_("日期"), 1.4, Align.CENTER),
        Column(_("服务内容"), 3.4),
        Column(_("时长（分钟）"), 1.0, Align.RIGHT),
    )
    rows = [
        Row((str(number), line.day.isoformat(), _content(line), str(line.minutes)))
        for number, line in enumerate(issued.lines, start=1)
    ]
    return Table(columns, tuple(rows))


def _content(line: CertificateLine) -> str:
    if not line.title:
        return line.work.label
    return _("{work}（活动：{title}）").format(work=line.work.label, title=line.title)
