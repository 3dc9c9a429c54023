"""Work groups: leading, expert and working group, who belongs to them, their meetings and what was decided."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Annotated, TypeVar

from stationdesk.codes import Code
from stationdesk.errors import Problem
from stationdesk.fields import Field, Level
from stationdesk.i18n import N_
from stationdesk.records.access import Actor
from stationdesk.records.calendar import new_uuid
from stationdesk.records.masking import is_open
from stationdesk.records.people import PersonName


class GroupKind(Code):
    """The three groups of a station's working mechanism (domain §2.3)."""

    LEADING = "LEADING", N_("领导小组")
    EXPERT = "EXPERT", N_("专家小组")
    WORKING = "WORKING", N_("工作小组")


class Position(Code):
    """What a member is in the group."""

    HEAD = "HEAD", N_("组长")
    DEPUTY = "DEPUTY", N_("副组长")
    MEMBER = "MEMBER", N_("成员")
    ADVISER = "ADVISER", N_("顾问")
    LIAISON = "LIAISON", N_("联络员")


class Expertise(Code):
    """What an expert is asked for (domain §3.1)."""

    PSYCHOLOGY = "PSYCHOLOGY", N_("心理")
    LAW = "LAW", N_("法律")
    MEDICAL = "MEDICAL", N_("医疗康复")
    EDUCATION = "EDUCATION", N_("教育")
    SOCIAL_WORK = "SOCIAL_WORK", N_("社会工作")
    POLICE = "POLICE", N_("公安")
    FAMILY_EDU = "FAMILY_EDU", N_("家庭教育")
    DISABILITY = "DISABILITY", N_("残疾人工作")
    OTHER = "OTHER", N_("其他")


class MeetingKind(Code):
    """What a meeting was held for; case conferences have a row of their own in the monthly summary."""

    REGULAR = "REGULAR", N_("例会")
    CASE_CONFERENCE = "CASE_CONFERENCE", N_("个案会商")
    SPECIAL = "SPECIAL", N_("专题会议")


class TaskState(Code):
    """How a decision stands with being carried out."""

    OPEN = "OPEN", N_("办理中")
    OVERDUE = "OVERDUE", N_("已逾期")
    DONE = "DONE", N_("已办结")


# A sub-district's leading group meets once a quarter (domain §2.3, R22).
USUAL_MONTHS: Mapping[GroupKind, int] = {GroupKind.LEADING: 3}

KindOfGroup = Annotated[GroupKind, Field(N_("类别"))]
GroupName = Annotated[str, Field(N_("小组名称"), max_length=80)]
FoundingDocument = Annotated[str, Field(N_("成立文号"), max_length=60)]
FoundedOn = Annotated[date, Field(N_("成立日期"))]
Duties = Annotated[str, Field(N_("职责"), max_length=800, multiline=True)]
MeetsEvery = Annotated[
    int,
    Field(N_("多久开一次会"), minimum=1, maximum=12, unit=N_("个月"), hint=N_("到期前一个月开始提醒；不要提醒的不填")),
]
DissolvedOn = Annotated[date, Field(N_("撤销日期"), hint=N_("仍在运行的不填"))]
GroupRef = Annotated[int, Field(N_("小组"))]
StaffMember = Annotated[int, Field(N_("工作人员"))]
ContactMember = Annotated[int, Field(N_("协作单位联系人"))]
GroupPosition = Annotated[Position, Field(N_("小组职务"))]
ExpertIn = Annotated[tuple[Expertise, ...], Field(N_("专长"))]
MemberSince = Annotated[date, Field(N_("加入日期"))]
MemberUntil = Annotated[date, Field(N_("退出日期"), hint=N_("仍在小组里的不填"))]
MeetingDay = Annotated[date, Field(N_("开会日期"))]
KindOfMeeting = Annotated[MeetingKind, Field(N_("会议类型"))]
MeetingPlace = Annotated[str, Field(N_("地点"), max_length=60)]
Chair = Annotated[int, Field(N_("主持人"))]
Attendees = Annotated[tuple[int, ...], Field(N_("参加人"))]
Topics = Annotated[str, Field(N_("议题"), max_length=2000, multiline=True, private=True)]
Decisions = Annotated[str, Field(N_("议定事项"), max_length=4000, multiline=True, private=True)]
MeetingRef = Annotated[int, Field(N_("会议"))]
MemberRef = Annotated[int, Field(N_("成员"))]
TaskText = Annotated[str, Field(N_("要办的事"), max_length=200, private=True)]
Responsible = Annotated[int, Field(N_("责任人"))]
DueOn = Annotated[date, Field(N_("完成期限"))]
DoneOn = Annotated[date, Field(N_("办结日期"))]
TaskResult = Annotated[str, Field(N_("办理结果"), max_length=400, multiline=True, private=True)]


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkGroup:
    """One group; one that was dissolved keeps the record, its members and its meetings."""

    id: int | None = None
    uuid: str = field(default_factory=new_uuid)
    version: int = 0
    kind: KindOfGroup = GroupKind.LEADING
    name: GroupName = ""
    doc_no: FoundingDocument | None = None
    founded_on: FoundedOn
    duties: Duties | None = None
    meets_every: MeetsEvery | None = None
    dissolved_on: DissolvedOn | None = None

    def problems(self) -> Iterator[Problem]:
        """Rules between the fields of one group."""
        if self.dissolved_on and self.dissolved_on < self.founded_on:
            yield Problem("dissolved_on", N_("撤销日期早于成立日期，请改正其中一个。"))

    def is_there_on(self, day: date) -> bool:
        """Whether the group works on `day`; on the day it is dissolved it still does."""
        return self.founded_on <= day and (self.dissolved_on is None or day <= self.dissolved_on)


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupMember:
    """Somebody of the team, or a partner's contact, in a group for a time."""

    id: int | None = None
    uuid: str = field(default_factory=new_uuid)
    version: int = 0
    group_id: GroupRef
    staff_id: StaffMember | None = None
    contact_id: ContactMember | None = None
    position: GroupPosition = Position.MEMBER
    expertise: ExpertIn = ()
    since: MemberSince
    until: MemberUntil | None = None

    def problems(self) -> Iterator[Problem]:
        """Rules between the fields of one membership."""
        if (self.staff_id is None) == (self.contact_id is None):
            yield Problem("staff_id", N_("请选择一位工作人员，或者一位协作单位联系人，只选一个。"))
        if self.until and self.until < self.since:
            yield Problem("until", N_("退出日期早于加入日期，请改正其中一个。"))

    @property
    def person(self) -> tuple[int | None, int | None]:
        """Who it is, whichever membership it stands in."""
        return self.staff_id, self.contact_id

    def belongs_on(self, day: date) -> bool:
        """Whether this person is a member on `day`; the last day counts."""
        return self.since <= day and (self.until is None or day <= self.until)


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupMeeting:
    """A meeting that took place. What a case conference talked of may name a child: it is shown only to
    those who see what is restricted (L4) wholly."""

    id: int | None = None
    uuid: str = field(default_factory=new_uuid)
    version: int = 0
    group_id: GroupRef
    day: MeetingDay
    kind: KindOfMeeting = MeetingKind.REGULAR
    place: MeetingPlace | None = None
    chair_id: Chair | None = None
    topics: Topics = ""
    decisions: Decisions = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupAttendance:
    """That a member was at a meeting."""

    id: int | None = None
    uuid: str = field(default_factory=new_uuid)
    version: int = 0
    meeting_id: MeetingRef
    member_id: MemberRef


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupTask:
    """A decision to be carried out: what, by whom, until when, and what came of it."""

    id: int | None = None
    uuid: str = field(default_factory=new_uuid)
    version: int = 0
    meeting_id: MeetingRef
    what: TaskText = ""
    member_id: Responsible
    due_on: DueOn
    done_on: DoneOn | None = None
    result: TaskResult | None = None

    def problems(self) -> Iterator[Problem]:
        """Rules between the fields of one task."""
        if self.done_on and not self.result:
            yield Problem("result", N_("已办结的请写明办理结果。"))
        if self.result and not self.done_on:
            yield Problem("done_on", N_("写了办理结果的请填办结日期；还没有办完的，先不填结果。"))

    def state_on(self, today: date) -> TaskState:
        """How it stands today; the due day itself is still in time."""
        if self.done_on is not None:
            return TaskState.DONE
        return TaskState.OVERDUE if self.due_on < today else TaskState.OPEN


# --- rules over several records ------------------------------------------------------------------


def group_problems(group: WorkGroup, members: Sequence[GroupMember], days: Sequence[date]) -> Iterator[Problem]:
    """What a change of its life or kind would make wrong in a group's members and meetings (on `days`)."""
    begun = min((*(member.since for member in members), *days), default=group.founded_on)
    if begun < group.founded_on:
        values = {"day": begun.isoformat()}
        yield Problem("founded_on", N_("成立日期晚于已登记的成员或会议（最早{day}），请改正。"), values)
    if group.dissolved_on and days and max(days) > group.dissolved_on:
        values = {"day": max(days).isoformat()}
        yield Problem("dissolved_on", N_("{day}还开过会，撤销日期不能早于这一天。"), values)
    late = max((member.since for member in members), default=group.founded_on)
    if group.dissolved_on and late > group.dissolved_on:
        values = {"day": late.isoformat()}
        yield Problem("dissolved_on", N_("还有{day}才加入的成员，撤销日期不能早于这一天。"), values)
    if group.kind is GroupKind.EXPERT and any(not member.expertise for member in members):
        yield Problem("kind", N_("专家小组的成员要有专长，请先给每位成员勾选专长。"))


def member_problems(member: GroupMember, group: WorkGroup, others: Sequence[GroupMember]) -> Iterator[Problem]:
    """What is wrong with a membership in this group, beside its `others`."""
    if group.kind is GroupKind.EXPERT and not member.expertise:
        yield Problem("expertise", N_("专家小组的成员请至少勾选一项专长。"))
    if not group.is_there_on(member.since):
        yield Problem("since", N_("加入日期不在小组成立到撤销之间，请改正。"))
    last = member.until or date.max
    for other in others:
        same = other.id != member.id and other.person == member.person
        if same and other.since <= last and member.since <= (other.until or date.max):
            values = {"day": other.since.isoformat()}
            text = N_("这个人自{day}起已经是成员，同一时间不能登记两次；换职务的，请先填好原来那条的退出日期。")
            yield Problem("since", text, values)
            return


def seat_problems(member: GroupMember, days: Sequence[date]) -> Iterator[Problem]:
    """A change of a membership's time that a meeting it was at (on `days`) speaks against."""
    away = next((day for day in sorted(days) if not member.belongs_on(day)), None)
    if away is not None:
        place = "since" if away < member.since else "until"
        text = N_("这位成员参加过{day}的会议，起止日期要包括这一天；没有参加的，请先改那次会议的参加人。")
        yield Problem(place, text, {"day": away.isoformat()})


def meeting_problems(
    meeting: GroupMeeting,
    attendees: Collection[int],
    group: WorkGroup,
    members: Sequence[GroupMember],
    today: date,
) -> Iterator[Problem]:
    """What is wrong with a meeting of this group."""
    if meeting.day > today:
        yield Problem("day", N_("会议还没有开，开完会再来登记。"))
    elif not group.is_there_on(meeting.day):
        yield Problem("day", N_("开会日期不在小组成立到撤销之间，请改正。"))
    there = {member.id for member in members if member.belongs_on(meeting.day)}
    if not attendees:
        yield Problem("attendees", N_("请勾选参加会议的成员。"))
    elif set(attendees) - there:
        yield Problem("attendees", N_("勾选的人里有当天不是小组成员的，请核对开会日期和成员的起止日期。"))
    elif meeting.chair_id is not None and meeting.chair_id not in attendees:
        yield Problem("chair_id", N_("主持人不在参加人里，请勾选他，或者换一位主持人。"))


def task_problems(task: GroupTask, meeting: GroupMeeting, today: date) -> Iterator[Problem]:
    """What is wrong with a task that this meeting gave."""
    if task.due_on < meeting.day:
        yield Problem("due_on", N_("完成期限早于开会日期，请改正。"))
    if task.done_on and not meeting.day <= task.done_on <= today:
        yield Problem("done_on", N_("办结日期要在开会日期到今天之间，请改正。"))


# --- what is shown -------------------------------------------------------------------------------

MeetingCount = Annotated[int, Field(N_("今年开会"), unit=N_("次"))]
MembersNow = Annotated[int, Field(N_("成员"), unit=N_("人"))]
LastMeeting = Annotated[date, Field(N_("最近一次会议"))]
OpenTasks = Annotated[int, Field(N_("未办结"), unit=N_("件"))]
MemberUnit = Annotated[str, Field(N_("单位"))]
MemberPost = Annotated[str, Field(N_("职务"))]
CameCount = Annotated[int, Field(N_("到会"), unit=N_("人"))]
GroupOf = Annotated[str, Field(N_("小组"))]
HowItStands = Annotated[TaskState, Field(N_("进度"))]


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupRow:
    """A line of the list of groups."""

    id: int
    name: GroupName
    kind: KindOfGroup
    members: MembersNow
    meetings: MeetingCount
    last_meeting: LastMeeting | None
    open_tasks: OpenTasks
    dissolved_on: DissolvedOn | None


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberLine(GroupMember):
    """A membership with who it is; never a telephone number."""

    name: PersonName = ""
    unit: MemberUnit = ""
    post: MemberPost = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class MeetingMinutes(GroupMeeting):
    """A meeting with the members who were there, as it is written down."""

    attendees: Attendees = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskLine(GroupTask):
    """A task with how it stands, and whether a case conference gave it."""

    state: HowItStands = TaskState.OPEN
    restricted: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupView:
    """All of one group: the latest meeting first, what is still to be done before what is done."""

    group: WorkGroup
    members: tuple[MemberLine, ...]
    meetings: tuple[MeetingMinutes, ...]
    tasks: tuple[TaskLine, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class MeetingRow:
    """A line of what stands behind a figure: nothing of what was talked about."""

    id: int
    day: MeetingDay
    group: GroupOf
    kind: KindOfMeeting
    place: MeetingPlace | None
    came: CameCount


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactChoice:
    """A partner's contact who may become a member."""

    id: int
    name: PersonName
    partner: MemberUnit


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupSheet:
    """A group and its members of one day, for the wall."""

    group: WorkGroup
    members: tuple[MemberLine, ...]


M = TypeVar("M", bound=GroupMeeting)
T = TypeVar("T", bound=GroupTask)


def shown_meeting(meeting: M, actor: Actor) -> M:
    """`meeting` as `actor` may read it: what a case conference talked of is restricted."""
    if meeting.kind is not MeetingKind.CASE_CONFERENCE or is_open(Level.L4, actor):
        return meeting
    return replace(meeting, topics="", decisions="")


def shown_task(task: T, actor: Actor, *, restricted: bool, own: bool) -> T:
    """`task` as `actor` may read it: one of a case conference is read by whom it was given to as well."""
    if not restricted or is_open(Level.L4, actor, own=own):
        return task
    return replace(task, what="", result=None)


# --- what is due ---------------------------------------------------------------------------------

TASK_DAYS = 7


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupDue:
    """A group that should meet by `on` and has not yet."""

    group_id: int
    name: str
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskDue:
    """A task that is due soon or overdue; `what` is empty for whom it is not to be read."""

    group_id: int
    what: str
    who: str
    on: date


def stretch_of(today: date, months: int) -> tuple[date, date]:
    """First and last day of the stretch of `months` that `today` lies in, counted from January: with three
    the calendar quarter."""
    first = (today.month - 1) // months * months + 1
    after = first + months
    end = date(today.year, after, 1) if after <= 12 else date(today.year + 1, 1, 1)
    return date(today.year, first, 1), end - timedelta(days=1)


def meeting_due(group: WorkGroup, last_meeting: date | None, today: date) -> date | None:
    """By when a group is to meet (R22): said from the last month of its stretch on, until it has met."""
    if group.meets_every is None or not group.is_there_on(today):
        return None
    first, last = stretch_of(today, group.meets_every)
    met = last_meeting is not None and last_meeting >= first
    return None if met or (today.year, today.month) != (last.year, last.month) else last
