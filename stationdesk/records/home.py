"""The home page: what is due, what is on today, how the month stands."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from stationdesk.codes import Code
from stationdesk.i18n import N_, _
from stationdesk.records.assessments import AssessmentDue
from stationdesk.records.bookings import BookingRow, BookingStatus
from stationdesk.records.calendar import Period, Span, minute_text
from stationdesk.records.child_reviews import ChildDue
from stationdesk.records.contract_figures import ContractFile, Progress, is_behind, passed_share
from stationdesk.records.contracts import Contract, ContractStatus
from stationdesk.records.partners import PartnerDue
from stationdesk.records.rooms import Room
from stationdesk.records.screening import Body, ScreeningDue
from stationdesk.records.sessions import NextSession
from stationdesk.records.work_groups import GroupDue, TaskDue


class DueKind(Code):
    """Why something stands in the list of what is due."""

    APPROVAL = "APPROVAL", N_("待审批")
    CHECK_OUT = "CHECK_OUT", N_("待登记")
    REPORT = "REPORT", N_("月报")
    HOLIDAYS = "HOLIDAYS", N_("节假日表")
    SAFETY = "SAFETY", N_("安全检查")
    SESSION = "SESSION", N_("待结束")
    CHILD = "CHILD", N_("儿童")
    ASSESSMENT = "ASSESSMENT", N_("复评")
    MEETING = "MEETING", N_("会议")
    TASK = "TASK", N_("议定事项")
    AGREEMENT = "AGREEMENT", N_("协议")
    CONTRACT = "CONTRACT", N_("购买服务")
    SCREENING = "SCREENING", N_("从业查询和保险")


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """One thing to do: a marked text with its values, the day, and the record it opens.

    `page` names the page that can do it, `record_id` the record there, by the name of its kind where a
    page has several (None: the page itself).
    """

    kind: DueKind
    text: str
    values: Mapping[str, object] = field(default_factory=dict)
    on: date
    overdue: bool = False
    page: str
    record_id: int | Mapping[str, int] | None = None

    def say(self) -> str:
        """The text in the language in use."""
        return _(self.text).format(**self.values)


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthUse:
    """The finished bookings of one report period."""

    period: Period
    times: int
    minutes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class HomeView:
    """All that the home page shows, read in one go."""

    today: date
    now: datetime
    spans: tuple[Span, ...]
    rooms: tuple[Room, ...]
    bookings: tuple[BookingRow, ...]
    coming: tuple[BookingRow, ...]
    due: tuple[Due, ...]
    months: tuple[MonthUse, ...]
    booked_this_month: int
    next_session: NextSession | None = None
    held_this_month: int = 0


def bookings_due(rows: Sequence[BookingRow], now: datetime) -> Iterator[Due]:
    """Bookings that wait for approval, and past ones nobody has closed."""
    for row in rows:
        values = {
            "room": row.room_name,
            "day": row.start.date().isoformat(),
            "time": f"{minute_text(row.start.hour * 60 + row.start.minute)}",
        }
        common = {"values": values, "on": row.start.date(), "page": "bookings", "record_id": row.id}
        if row.end <= now and row.status in (BookingStatus.CONFIRMED, BookingStatus.IN_USE):
            if row.session_id is not None:
                # Closing the session checks its room out.
                continue
            text = N_("{room} {day} {time} 已结束，请登记实到人数")
            yield Due(kind=DueKind.CHECK_OUT, text=text, overdue=True, **common)  # type: ignore[arg-type]
        elif row.status is BookingStatus.PENDING:
            text = N_("{room} {day} {time} 的预约待审批")
            yield Due(kind=DueKind.APPROVAL, text=text, overdue=row.start <= now, **common)  # type: ignore[arg-type]


def sessions_due(rows: Iterable[NextSession]) -> Iterator[Due]:
    """Sessions that are over and that nobody has closed: until then nothing of them counts."""
    for row in rows:
        yield Due(
            kind=DueKind.SESSION,
            text=N_("{day} 活动“{title}”已结束，请点名并结束这一场"),
            values={"day": row.start.date().isoformat(), "title": row.title},
            on=row.start.date(),
            overdue=True,
            page="activities",
            record_id=row.session_id,
        )


def report_due(last: Period, due_day: int, today: date) -> Iterator[Due]:
    """The summary of `last`, from the day after the period's end until ten days past its due day.

    The due day is counted in the month after the one the period is named for (domain §2.1).
    """
    year, month = (last.year, last.month + 1) if last.month < 12 else (last.year + 1, 1)
    on = date(year, month, due_day)
    if last.last < today <= on + timedelta(days=10):
        text = N_("{month}月报应于{day}前报送") if today <= on else N_("{month}月报已过报送日{day}")
        values = {"month": last.name, "day": on.isoformat()}
        yield Due(kind=DueKind.REPORT, text=text, values=values, on=on, overdue=today > on, page="summary")


def children_due(found: Iterable[ChildDue], today: date) -> Iterator[Due]:
    """What birthdays of children ask for; a day that is past is overdue."""
    for due in found:
        yield Due(
            kind=DueKind.CHILD,
            text=N_("{name}：{said}"),
            values={"name": due.name, "said": due.proposal.say()},
            on=due.proposal.on,
            overdue=due.proposal.on < today,
            page="children",
            record_id=due.child_id,
        )


# As many children to assess are named one by one; of the others the number.
_NAMED = 8


def assessments_due(found: Sequence[AssessmentDue], today: date) -> Iterator[Due]:
    """Which children are to be assessed again, the most urgent by name."""
    for one in found[:_NAMED]:
        yield Due(
            kind=DueKind.ASSESSMENT,
            text=N_("{name}：{said}"),
            values={"name": one.name, "said": one.due.say()},
            on=one.due.on,
            overdue=one.due.overdue,
            page="children",
            record_id=one.child_id,
        )
    more = found[_NAMED:]
    if more:
        yield Due(
            kind=DueKind.ASSESSMENT,
            text=N_("还有{count}项复评已到期或一周内到期，详见各档案的提醒"),
            values={"count": len(more)},
            on=more[0].due.on,
            overdue=more[0].due.on < today,
            page="children",
        )


def screening_due(found: Sequence[ScreeningDue], today: date) -> Iterator[Due]:
    """Whose check or insurance is missing, run out or about to, the most urgent by name."""
    for one in found[:_NAMED]:
        yield Due(
            kind=DueKind.SCREENING,
            text=N_("{name}：{said}"),
            values={"name": one.name, "said": one.say()},
            on=one.on or today,
            overdue=one.overdue,
            page=_where(one),
            record_id=one.session_id or one.person_id,
        )
    more = found[_NAMED:]
    if more:
        yield Due(
            kind=DueKind.SCREENING,
            text=N_("还有{count}项从业查询或保险已到期或一个月内到期，详见志愿者页和设置里的人员"),
            values={"count": len(more)},
            on=more[0].on or today,
            overdue=any(one.overdue for one in more),
            page="volunteers",
        )


def _where(due: ScreeningDue) -> str:
    """Where it is put right."""
    if due.session_id is not None:
        return "activities"
    return "volunteers" if due.body is Body.VOLUNTEER else "settings"


def holidays_due(years: Sequence[int], today: date) -> Iterator[Due]:
    """The years whose holidays are missing: this one, and from December on the next."""
    wanted = [today.year, today.year + 1] if today.month == 12 else [today.year]
    for year in wanted:
        if year not in years:
            text = N_("{year}年的节假日还没有录入，节假日不会自动闭馆")
            yield Due(kind=DueKind.HOLIDAYS, text=text, values={"year": year}, on=today, page="settings")


def safety_due(rooms: Sequence[Room], today: date) -> Iterator[Due]:
    """Rooms whose safety check falls due within two weeks or is past."""
    for room in rooms:
        if room.safety_check_due and room.safety_check_due <= today + timedelta(days=14):
            yield Due(
                kind=DueKind.SAFETY,
                text=N_("{room}的安全检查应于{day}前完成"),
                values={"room": room.name, "day": room.safety_check_due.isoformat()},
                on=room.safety_check_due,
                overdue=room.safety_check_due < today,
                page="settings",
            )


def groups_due(groups: Iterable[GroupDue], tasks: Iterable[TaskDue], today: date) -> Iterator[Due]:
    """Groups that have to meet (R22), and what meetings decided and is due soon or overdue."""
    for group in groups:
        yield Due(
            kind=DueKind.MEETING,
            text=N_("{group}应于{day}前开会，本期还没有开"),
            values={"group": group.name, "day": group.on.isoformat()},
            on=group.on,
            page="partners",
            record_id={"group": group.group_id},
        )
    for task in tasks:
        text = (
            N_("议定事项“{what}”应于{day}前办结（{who}）") if task.what else N_("个案会商的一项议定事项应于{day}前办结")
        )
        yield Due(
            kind=DueKind.TASK,
            text=text,
            values={"what": task.what, "day": task.on.isoformat(), "who": task.who},
            on=task.on,
            overdue=task.on < today,
            page="partners",
            record_id={"group": task.group_id},
        )


def partners_due(found: Iterable[PartnerDue], today: date) -> Iterator[Due]:
    """Agreements with partners that run out soon, or have run out while the work goes on."""
    for due in found:
        text = N_("与{partner}的合作协议已于{day}到期") if due.on < today else N_("与{partner}的合作协议{day}到期")
        yield Due(
            kind=DueKind.AGREEMENT,
            text=text,
            values={"partner": due.name, "day": due.on.isoformat()},
            on=due.on,
            overdue=due.on < today,
            page="partners",
            record_id=due.partner_id,
        )


# How long before its day something of a contract is named.
_PAYMENT_DAYS, _DELIVERABLE_DAYS, _ENDING_DAYS = timedelta(14), timedelta(30), timedelta(30)
# Of a contract with more promises to do, only the number is told.
_NAMED_PROMISES = 4


def contracts_due(files: Iterable[ContractFile], today: date) -> Iterator[Due]:
    """What contracts ask for (R24): payments within two weeks or overdue, promises that lag behind their
    time or end within a month, and contracts that end within a month or should be closed."""
    for file in files:
        contract = file.contract
        if contract.status not in (ContractStatus.RUNNING, ContractStatus.ENDED):
            continue
        for payment in file.payments:
            if payment.paid_on is None and payment.planned_on <= today + _PAYMENT_DAYS:
                text = N_("{contract}：第{seq}期付款{amount}元，计划{day}支付")
                more = {"seq": payment.seq, "amount": f"{payment.planned_amount:,.2f}"}
                yield _of_contract(contract, text, payment.planned_on, today, more)
        if contract.status is ContractStatus.RUNNING:
            found = [due for progress in file.progress for due in _behind(contract, progress, today)]
            yield from found if len(found) <= _NAMED_PROMISES else (_several(contract, found, today),)
            if contract.last < today:
                text = N_("{contract}：合同{day}已到期，请把状态改为“已结束”")
                yield _of_contract(contract, text, contract.last, today)
            elif contract.last <= today + _ENDING_DAYS:
                yield _of_contract(contract, N_("{contract}：合同{day}到期"), contract.last, today)


def _behind(contract: Contract, progress: Progress, today: date) -> Iterator[Due]:
    if progress.is_reached or today < contract.start:
        return
    values = {
        "title": progress.title,
        "actual": progress.actual,
        "target": progress.target,
        "unit": _(progress.unit),
    }
    if progress.due_on <= today + _DELIVERABLE_DAYS:
        text = N_("{contract}：指标“{title}”完成{actual}/{target}{unit}，应于{day}前完成")
        yield _of_contract(contract, text, progress.due_on, today, values)
    elif is_behind(contract, progress, today):
        passed = passed_share(contract, progress, today)
        text = N_("{contract}：指标“{title}”完成{actual}/{target}{unit}，时间已过{passed}%，落后于进度")
        yield _of_contract(contract, text, progress.due_on, today, {**values, "passed": passed})


def _several(contract: Contract, found: Sequence[Due], today: date) -> Due:
    text = N_("{contract}：{count}项指标落后于进度或临近完成时限")
    return _of_contract(contract, text, min(due.on for due in found), today, {"count": len(found)})


def _of_contract(contract: Contract, text: str, on: date, today: date, more: Mapping[str, object] | None = None) -> Due:
    values = {"contract": contract.name, "day": on.isoformat(), **(more or {})}
    return Due(
        kind=DueKind.CONTRACT,
        text=text,
        values=values,
        on=on,
        overdue=on < today,
        page="partners",
        record_id={"contract": contract.id or 0},
    )
