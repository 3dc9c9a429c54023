"""A file with something in every list, for prints; and the text of a PDF without its blanks."""

from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pypdfium2

from stationdesk.desk import Desk
from stationdesk.records.benefits import Benefit, BenefitKind
from stationdesk.records.care import ChildNeed, DelegatedCare, Need
from stationdesk.records.categories import Category
from stationdesk.records.consents import Consent, ConsentKind
from stationdesk.records.families import FamilyMember
from stationdesk.records.family_codes import CareRating, GuardianKind, ParentState
from stationdesk.records.health import DisabilityGrade, DisabilityType, HealthItem, HealthKind
from stationdesk.records.schooling import EduStage, Schooling
from stationdesk.reports.document import Document
from stationdesk.reports.imprint import Imprint
from stationdesk.reports.pdf import to_pdf
from tests.children import BORN, assessed, category, filed, resident_no

NAME = "阿卜杜热合曼·麦麦提吐尔逊江·玉素甫艾力"
BEGAN = date(2026, 2, 1)
# What only few may know, and what finds a person.
DIAGNOSIS, CONCLUSION = "抑郁发作", "祖母年迈，需要支持"
PHONE, CARER_PHONE, STREET = "13900000001", "13811112222", "乙街道某路1号"


def whole_file(desk: Desk, name: str = NAME, birth: date = BORN, order: int = 1, **more: Any) -> int:
    """The id of a child with a line in every list, two of them restricted."""
    child = filed(desk, name, birth=birth, order=order, phone=PHONE, summary="随祖母生活。", **more)
    files = desk.child_files
    father, mother = files.family(child)
    files.save_family(replace(father, name="吐尔洪江·麦麦提吐尔逊", state=ParentState.AWAY_WORK))
    files.save_family(replace(mother, state=ParentState.DEAD))
    carer = files.save_family(grandmother(child))
    files.save_schooling(Schooling(child_id=child, stage=EduStage.PRIMARY, school="乙街道第三小学", since=BEGAN))
    limbs = HealthItem(
        child_id=child,
        kind=HealthKind.DISABILITY,
        disability=DisabilityType.LIMBS,
        grade=DisabilityGrade.THIRD,
        cert_no=resident_no(birth, order) + "43",
    )
    files.save_health(limbs)
    files.save_health(HealthItem(child_id=child, kind=HealthKind.MENTAL, text=DIAGNOSIS, diagnosed_on=BEGAN))
    files.save_category(category(Category.VICTIM, child_id=child))
    files.save_category(category(Category.LEFT_BEHIND, child_id=child))
    files.save_benefit(Benefit(child_id=child, kind=BenefitKind.DIBAO, since=BEGAN, amount=Decimal(620)))
    files.save_care(DelegatedCare(child_id=child, carer_id=carer, since=BEGAN, ability=CareRating.GOOD))
    consent = Consent(
        child_id=child, kind=ConsentKind.PHOTO_FILE, given_by=carer, assent=True, signed_on=BEGAN, witnesses="陈砚秋"
    )
    files.save_consent(consent)
    files.save_assessment(assessed(desk, child, "YELLOW", "BLUE", "GREEN", conclusion=CONCLUSION))
    files.save_need(ChildNeed(child_id=child, need=Need.EDUCATION, since=BEGAN))
    return child


def grandmother(child_id: int) -> FamilyMember:
    """Who looks after the child."""
    return FamilyMember(
        child_id=child_id,
        relation="62",
        name="阿瓦古丽·贺",
        phone=CARER_PHONE,
        is_guardian=True,
        guardian_kind=GuardianKind.GRANDPARENTS,
        is_carer=True,
    )


def imprint(mark: str = "") -> Imprint:
    """The head of the station prints at noon."""
    at = datetime(2026, 11, 24, 12, 0)
    return Imprint(station="甲区乙街道未成年人保护工作站", by="赛乃姆·托合提", at=at, copy="000123-ABCDEF01", mark=mark)


def text_of(document: Document) -> str:
    """All that is read back from the pages, without blanks."""
    pdf = pypdfium2.PdfDocument(to_pdf(document).data)
    found = "".join(page.get_textpage().get_text_range() for page in pdf)
    pdf.close()
    return "".join(found.split())
