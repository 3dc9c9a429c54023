"""Records as cells and cards: names for ids, pairs beside each other, long ones alone."""

from datetime import date, datetime

from stationdesk.fields import describe
from stationdesk.records.categories import Colour, RiskLevel
from stationdesk.records.child_prints import ChildFile
from stationdesk.records.children import Child
from stationdesk.records.families import FamilyMember
from stationdesk.reports.document import RowKind
from stationdesk.reports.imprint import Imprint
from stationdesk.reports.records import Cell, card_rows, cell, cells_of

FILE = ChildFile(
    child=Child(name="贺兰朵", ethnicity="01", worker_id=7, community_id=3, birth_date=date(2015, 5, 20)),
    opened=date(2026, 1, 1),
    community="红柳社区",
    staff={7: "冶文秀"},
    family=(FamilyMember(child_id=1, id=5, relation="62"),),
)


def test_values_as_they_are_printed() -> None:
    said = {item.label: item.value for item in cells_of(FILE.child, FILE)}
    assert (said["民族"], said["责任社工"], said["村（社区）"]) == ("汉族", "冶文秀", "红柳社区")
    assert (said["出生日期"], said["儿童主任"], said["证件号码"]) == ("2015年5月20日", "", "")
    columns = {column.name: column for column in describe(RiskLevel)}
    level = RiskLevel(child_id=1, colour=Colour.RED, rated_at=datetime(2026, 1, 2, 9, 30), rated_by=8)
    assert cell(columns["rated_at"], level.rated_at, FILE) == "2026年1月2日 09:30"
    assert cell(columns["rated_at"], level.rated_at, FILE, short=True) == "2026-01-02 09:30"
    # Somebody whose name was not read is nobody, never a number.
    assert cell(columns["rated_by"], level.rated_by, FILE) == ""


def test_two_beside_each_other_and_long_ones_alone() -> None:
    short, long = Cell("甲", "1"), Cell("乙", "很长", wide=True)
    rows = card_rows([short, short, short, long, short], "题")
    kinds = [row.kind for row in rows]
    assert kinds == [RowKind.SECTION, RowKind.NORMAL, RowKind.WIDE, RowKind.WIDE, RowKind.WIDE]
    assert rows[1].cells == ("甲", "1", "甲", "1")
    assert card_rows([]) == []


def test_the_line_over_every_page() -> None:
    imprint = Imprint(station="站", by="赛乃姆·托合提", at=datetime(2026, 11, 3, 9, 5))
    assert imprint.line() == "内部资料 注意保密　打印人：赛乃姆·托合提　2026年11月3日09:05"
