"""What hangs on the wall: groups with members and units, the team in large type, never a telephone number."""

from dataclasses import replace
from datetime import date

from stationdesk.records.staff import Post, Tier
from stationdesk.records.work_groups import Expertise, GroupKind, GroupSheet, MemberLine, Position, WorkGroup
from stationdesk.reports.pdf import to_pdf
from stationdesk.reports.wall_lists import group_list, staff_board
from tests.child_prints import text_of
from tests.stations import member

TODAY = date(2026, 11, 24)
STATION = "甲区乙街道未成年人保护工作站"
LONG = "阿卜杜热合曼·阿卜杜克里木·吐尔逊江"


def sheet(kind: GroupKind = GroupKind.LEADING, count: int = 2, **more: object) -> GroupSheet:
    group = WorkGroup(name=f"未成年人保护工作{kind.label}", kind=kind, founded_on=date(2026, 1, 10), **more)  # type: ignore[arg-type]
    lines = tuple(
        MemberLine(
            id=n,
            group_id=1,
            staff_id=n,
            since=date(2026, 1, 10),
            position=Position.MEMBER if n else Position.HEAD,
            expertise=(Expertise.LAW, Expertise.PSYCHOLOGY),
            name=LONG,
            unit="乙街道办事处",
            post="站长",
        )
        for n in range(count)
    )
    return GroupSheet(group=group, members=lines)


def test_groups_with_their_members() -> None:
    leading = sheet(doc_no="乙街发〔2026〕1号", duties="统筹辖区未成年人保护工作")
    document = group_list([leading, sheet(GroupKind.EXPERT)], STATION, TODAY)
    text = text_of(document)
    for wanted in (
        "未成年人保护工作领导小组",
        "成立日期：2026年1月10日",
        "成立文号：乙街发〔2026〕1号",
        "职责：统筹辖区未成年人保护工作",
        f"1{LONG}组长乙街道办事处站长",
        "法律、心理",
    ):
        assert wanted.replace(" ", "") in text.replace(" ", ""), wanted
    assert to_pdf(document).pages == 2
    assert text.count("专长") == 1


def test_nothing_yet() -> None:
    assert "还没有登记工作小组。" in text_of(group_list([], STATION, TODAY))
    assert "还没有登记成员。" in text_of(group_list([sheet(count=0)], STATION, TODAY))
    assert "还没有在岗的工作人员。" in text_of(staff_board([], STATION, TODAY))


def test_the_team_that_serves_from_the_top_down() -> None:
    worker = replace(member("冶文秀", Tier.SOCIAL_WORKER, Post.SOCIAL_WORKER), phone="13900000001")
    gone = replace(member("马晓岚", Tier.SOCIAL_FORCE, Post.CLERK), left_on=date(2026, 11, 23))
    head = replace(member(LONG, Tier.STATION_HEAD, Post.HEAD), posts=(Post.HEAD, Post.LAW_DEPUTY))
    document = staff_board([worker, gone, head], STATION, TODAY)
    text = text_of(document).replace(" ", "")
    assert f"{LONG}站长、法治副站长冶文秀社工" in text
    assert "马晓岚" not in text
    assert "13900000001" not in text
    assert document.landscape
