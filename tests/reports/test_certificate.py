"""The certificate on paper: four groups, hours in figures and words, a reprint says that it is one."""

from dataclasses import replace
from datetime import date

from stationdesk.records.certificates import Certificate, CertificateLine
from stationdesk.records.ids import IdKind
from stationdesk.records.people import Sex
from stationdesk.records.volunteers import VolunteerWork
from stationdesk.reports.certificate import certificate
from tests.child_prints import text_of
from tests.children import resident_no

NUMBER = resident_no(date(2000, 3, 1), 2)
ISSUED = Certificate(
    number="志证2026-0001",
    volunteer_id=1,
    name="古丽娜尔·买买提吐尔逊",
    sex=Sex.FEMALE,
    id_kind=IdKind.RESIDENT_ID,
    id_no=NUMBER,
    volunteer_no=None,
    organisation="甲区青年志愿者协会",
    first=date(2026, 1, 1),
    last=date(2026, 11, 24),
    lines=(
        CertificateLine(date(2026, 7, 1), VolunteerWork.TUTOR, 480),
        CertificateLine(date(2026, 11, 23), VolunteerWork.EVENT, 270, "趣味运动会"),
    ),
    minutes=750,
    daily_cap=8,
    round_to=30,
    issued_on=date(2026, 11, 24),
    issuer="甲区乙街道未成年人保护工作站",
    handler="周素琴",
    responsible="赛乃姆·托合提",
    contact="0991-0000001",
)


def test_what_it_says() -> None:
    said = text_of(certificate(ISSUED))
    for wanted in (
        "志愿服务记录证明",
        "证明编号：志证2026-0001",
        "古丽娜尔·买买提吐尔逊",
        NUMBER,
        "12.5小时（大写：十二点五小时）",
        "2026年1月1日至2026年11月24日",
        "活动协助（活动：趣味运动会）",
        "甲区乙街道未成年人保护工作站",
        "周素琴",
        "0991-0000001",
        "据实出具",
        "最多计8小时，再向下取到30分钟的整数倍",
        "（公章）",
    ):
        assert wanted in said, wanted
    assert "补打" not in said
    assert "内部资料" not in said


def test_a_reprint_says_so_and_nothing_else_differs() -> None:
    again = text_of(certificate(replace(ISSUED, printed=2)))
    assert "补打（第3次打印）" in again
    assert again.replace("补打（第3次打印）", "") == text_of(certificate(ISSUED))


def test_the_title_names_nobody() -> None:
    assert certificate(ISSUED).title == "志愿服务记录证明 志证2026-0001"
