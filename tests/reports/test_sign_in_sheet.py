"""The sheet to sign: numbers, masks, boxes that are filled already, rows to spare, and every page headed."""

import pypdfium2

from stationdesk.records.attendance import AttendanceState
from stationdesk.records.sessions import SessionStatus
from stationdesk.reports.pdf import to_pdf
from stationdesk.reports.sign_in_sheet import SPARE_ROWS, sign_in_sheet
from tests.child_prints import imprint, text_of
from tests.session_prints import LONG, line, row, sheet

OPEN = "□到场□迟到□早退□缺席□家长陪同"


def test_children_are_listed_and_what_is_known_is_ticked() -> None:
    late = line(2, "贺兰朵", state=AttendanceState.LATE, guardian_present=True, guardian_name=None, guardian_phone=None)
    waiting = line(3, "古丽米热·艾尼", state=AttendanceState.WAITING, age=None, sex=None)
    document = sign_in_sheet(sheet(line(1), late, waiting), imprint())
    assert document.landscape
    text = text_of(document)
    for wanted in (
        "活动签到表",
        "内部资料注意保密",
        "报名2人候补1人",
        "趣味运动会",
        "2026年11月24日（周二）10:00—11:30",
        "手工室",
        "冶文秀",
        "138****5678",
        "2贺兰朵女11□到场■迟到□早退□缺席■家长陪同",
        "候补",
        "古丽米热·艾尼",
        "帕提古丽·艾合买提江·吐尔逊活动协助10:00—11:30",
        "未登记儿童＿＿＿人成人＿＿＿人",
        "组织者签名",
    ):
        assert wanted in text, wanted
    assert LONG[:12] in text
    assert text.count(OPEN) == SPARE_ROWS + 2
    assert "补10" in text
    assert "另有" not in text


def test_what_the_person_may_not_know_is_counted_and_heads_of_a_closed_session_stand_there() -> None:
    done = sheet(row=row(status=SessionStatus.DONE), headcount_children=4, left_out=2, volunteers=())
    text = text_of(sign_in_sheet(done, imprint("演示")))
    for wanted in ("报名0人", "未登记儿童4人成人0人", "另有2名报名的孩子", "补1", "演示"):
        assert wanted in text, wanted


def test_sixty_children_with_long_names_on_pages_that_are_all_headed() -> None:
    rendered = to_pdf(sign_in_sheet(sheet(*(line(n) for n in range(1, 61))), imprint()))
    pdf = pypdfium2.PdfDocument(rendered.data)
    pages = ["".join(page.get_textpage().get_text_range().split()) for page in pdf]
    pdf.close()
    assert rendered.missing == ()
    assert sum(page.count("玉素甫艾力") for page in pages) == 60
    assert all("接送人签名" in page for page in pages[:-1])
    assert all(f"第{n}页共{len(pages)}页" in page for n, page in enumerate(pages, start=1))
    assert all("内部资料注意保密" in page for page in pages)
