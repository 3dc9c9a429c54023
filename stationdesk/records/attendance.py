"""Attendance: who signed up, who waits, who came, and the rules of taking part."""

import unicodedata
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Annotated

from stationdesk.codes import Code
from stationdesk.errors import Problem
from stationdesk.fields import Field, Level
from stationdesk.i18n import N_
from stationdesk.records.activities import Activity, ActivityForm
from stationdesk.records.ages import Age, age_on
from stationdesk.records.calendar import new_uuid
from stationdesk.records.children import ChildName, ChildSex, CommunityLabel
from stationdesk.records.consents import Consent, agreed
from stationdesk.records.enrolments import ChildRef
from stationdesk.records.sessions import NOT_HELD, ActivitySession, AdultHeads, ChildHeads, SessionStatus


class AttendanceState(Code):
    """Where a child stands with a session (domain §2.12)."""

    SIGNED_UP = "SIGNED_UP", N_("已报名")
    WAITING = "WAITING", N_("候补")
    PRESENT = "PRESENT", N_("到场")
    LATE = "LATE", N_("迟到")
    LEFT_EARLY = "LEFT_EARLY", N_("早退")
    ABSENT = "ABSENT", N_("缺席")
    WITHDRAWN = "WITHDRAWN", N_("已退出")


# Who was there, and so counts (domain §5.2).
CAME = (AttendanceState.PRESENT, AttendanceState.LATE, AttendanceState.LEFT_EARLY)
# Who takes up one of the places.
PLACED = (AttendanceState.SIGNED_UP, *CAME)
TICKED = (*CAME, AttendanceState.ABSENT)
# Who comes so often within so many days is a regular (domain §2.12).
REGULAR_TIMES, REGULAR_DAYS = 6, 90

SessionRef = Annotated[int, Field(N_("场次"))]
StateOfChild = Annotated[AttendanceState, Field(N_("状态"), level=Level.L2)]
SignedAt = Annotated[datetime, Field(N_("报名时间"), level=Level.L2)]
PlaceInQueue = Annotated[int, Field(N_("候补顺序"), level=Level.L2)]
IsRegular = Annotated[bool, Field(N_("常客"), level=Level.L2)]
GuardianPresent = Annotated[bool, Field(N_("家长陪同"), level=Level.L2)]
PickedUpBy = Annotated[str, Field(N_("接走人"), max_length=72, private=True, level=Level.L3, mask=(1, 0))]


@dataclass(frozen=True, slots=True, kw_only=True)
class Attendance:
    """One child at one session; who withdraws keeps the line, so that a child is never there twice."""

    id: int | None = None
    uuid: str = field(default_factory=new_uuid)
    version: int = 0
    session_id: SessionRef
    child_id: ChildRef
    state: StateOfChild = AttendanceState.SIGNED_UP
    signed_at: SignedAt
    guardian_present: GuardianPresent = False
    picked_up_by: PickedUpBy | None = None


def session_problems(held: ActivitySession, now: datetime, *, ticking: bool = False) -> Iterator[Problem]:
    """Whether a session takes names: not one that is not held; what is over is opened again first."""
    values = {"status": held.status.label}
    if held.status in NOT_HELD:
        yield Problem("session_id", N_("这一场已经取消或延期（{status}），不能登记报名和到场。"), values)
    elif held.status is SessionStatus.DONE:
        yield Problem("session_id", N_("这一场已经结束，要改名单请先重新打开这一场。"), values)
    elif ticking and held.start.date() > now.date():
        yield Problem("session_id", N_("这一场的日子还没有到，不能点名。"))


def child_problems(
    activity: Activity, name: str, birth: date | None, consents: Sequence[Consent], day: date
) -> Iterator[Problem]:
    """What keeps a child from taking part on `day`: its age, or a consent that is missing."""
    if birth is not None:
        age = age_on(birth, day)
        low = 0 if activity.age_from is None else activity.age_from
        high = 17 if activity.age_to is None else activity.age_to
        if not low <= age <= high:
            text = N_("{name}当天{age}岁，不在活动的年龄范围（{low}至{high}岁）内，请核对出生日期或改报别的活动。")
            yield Problem("child_id", text, {"name": name, "age": age, "low": low, "high": high})
    for kind in activity.consents:
        if not agreed(consents, kind, birth, day):
            text = N_("{name}还没有“{consent}”的有效同意书，请先在儿童档案里登记。")
            yield Problem("child_id", text, {"name": name, "consent": kind.label})


def guardian_problem(activity: Activity, name: str, *, present: bool) -> Problem | None:
    """A child that came alone to what asks for a guardian."""
    if activity.guardian_required and not present:
        text = N_("这个活动需家长陪同，请在{name}的到场里勾选“家长陪同”。")
        return Problem("guardian_present", text, {"name": name})
    return None


def place_left(quota: int | None, states: Iterable[AttendanceState]) -> bool:
    """Whether one more child finds a place."""
    return quota is None or sum(state in PLACED for state in states) < quota


def next_in_line(lines: Collection[Attendance], quota: int | None) -> tuple[Attendance, ...]:
    """Who of those waiting now has a place, in the order they came (排队递补)."""
    waiting = queue(lines)
    if quota is None:
        return waiting
    free = quota - sum(line.state in PLACED for line in lines)
    return waiting[: max(0, free)]


def queue(lines: Iterable[Attendance]) -> tuple[Attendance, ...]:
    """Those who wait, in the order they came."""
    waiting = (line for line in lines if line.state is AttendanceState.WAITING)
    return tuple(sorted(waiting, key=lambda line: (line.signed_at, line.id or 0)))


def regular_since(day: date) -> date:
    """The first day that counts for who is a regular on `day`, which counts too."""
    return day - timedelta(days=REGULAR_DAYS - 1)


def is_regular(came: Iterable[date], day: date) -> bool:
    """Whether a child who came to sessions on these days (one entry a session) is a regular on `day`."""
    return sum(regular_since(day) <= held <= day for held in came) >= REGULAR_TIMES


@dataclass(frozen=True, slots=True, kw_only=True)
class AttendanceRow:
    """A line of the list of names of a session; only of children the person may know of. `words` is what
    it is found by while one types: the name, its pinyin, its initials."""

    id: int
    child_id: ChildRef
    name: ChildName
    sex: ChildSex | None
    age: Age | None
    state: StateOfChild
    regular: IsRegular = False
    queue: PlaceInQueue | None = None
    guardian_present: GuardianPresent
    picked_up_by: PickedUpBy | None
    words: str = ""
    own: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class TakenPart:
    """A session in a child's file; `id` is the session's."""

    id: int
    start: Annotated[datetime, Field(N_("开始时间"), level=Level.L2)]
    title: Annotated[str, Field(N_("活动名称"), level=Level.L2)]
    form: Annotated[ActivityForm, Field(N_("活动形式"), level=Level.L2)]
    state: StateOfChild
    guardian_present: GuardianPresent = False
    closed: bool = True

    @property
    def came(self) -> bool:
        """Whether the child was there; a session counts once it is closed."""
        return self.closed and self.state in CAME


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A child that could take part: found by what is typed, or a regular; `state` is empty for one who is
    not on the list of the session."""

    child_id: ChildRef
    name: ChildName
    sex: ChildSex | None
    age: Age | None
    community_name: CommunityLabel | None
    regular: IsRegular
    state: StateOfChild | None
    words: str = ""


def in_groups(rows: Iterable[AttendanceRow]) -> tuple[AttendanceRow, ...]:
    """The names as a list shows them: by name, then who waits in their order, then who withdrew."""
    last = {AttendanceState.WAITING: 1, AttendanceState.WITHDRAWN: 2}
    return tuple(sorted(rows, key=lambda row: (last.get(row.state, 0), row.queue or 0)))


def nearness(line: AttendanceRow | Candidate, typed: str) -> int | None:
    """How near what is typed comes to a line: 0 where a name, its pinyin or its initials begin with it, 1
    where it stands within one, None where nowhere."""
    plain = "".join(sign for sign in unicodedata.normalize("NFKC", typed).lower() if sign.isalnum())
    if not plain or plain not in line.words:
        return None
    return 0 if f"|{plain}" in line.words else 1


def line_of(candidate: Candidate, state: AttendanceState, *, guardian_present: bool) -> AttendanceRow:
    """The line of somebody who came without being on the list, as it is shown until it is read again."""
    return AttendanceRow(
        id=0,
        child_id=candidate.child_id,
        name=candidate.name,
        sex=candidate.sex,
        age=candidate.age,
        state=state,
        regular=candidate.regular,
        guardian_present=guardian_present,
        picked_up_by=None,
        words=candidate.words,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Before:
    """How a child stood with a session before it was ticked; without a state it was not on the list."""

    child_id: int
    state: AttendanceState | None
    guardian_present: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperEntry:
    """What was copied from the paper list of a session: who came, who of them late, heads without a name."""

    present: Sequence[int] = ()
    late: Sequence[int] = ()
    guardian_present: bool = False
    headcount_children: ChildHeads = 0
    headcount_adults: AdultHeads = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class SignUp:
    """What became of a wish to take part: the line's id, and whether it is only a place in the queue."""

    attendance_id: int
    child_id: int
    state: AttendanceState
