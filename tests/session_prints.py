"""Sheets and records of sessions for tests of prints, made without a station."""

from dataclasses import replace
from datetime import datetime
from decimal import Decimal

from stationdesk.records.activities import Activity, ActivityCategory, ActivityForm, FundingSource
from stationdesk.records.attendance import AttendanceState
from stationdesk.records.people import Sex
from stationdesk.records.session_photos import PublicPhoto
from stationdesk.records.session_prints import ActivityRecord, SignInLine, SignInSheet
from stationdesk.records.sessions import ActivitySession, Presence, SessionRow, SessionStatus
from stationdesk.records.shifts import ShiftRow
from stationdesk.records.volunteers import VolunteerWork
from tests.pictures import jpeg

LONG = "阿卜杜热合曼·麦麦提吐尔逊江·玉素甫艾力"
START, END = datetime(2026, 11, 24, 10), datetime(2026, 11, 24, 11, 30)


def row(**more: object) -> SessionRow:
    """A planned session."""
    found = SessionRow(
        id=1,
        activity_id=1,
        title="趣味运动会",
        form=ActivityForm.SINGLE,
        seq=2,
        start=START,
        end=END,
        place_name="手工室",
        responsible_name="冶文秀",
        signed_up=0,
        waiting=0,
        present=0,
        status=SessionStatus.PLANNED,
    )
    return replace(found, **more)  # type: ignore[arg-type]


def line(number: int, name: str = LONG, **more: object) -> SignInLine:
    """A child who signed up, its guardian masked."""
    found = SignInLine(
        number=number,
        name=name,
        sex=Sex.FEMALE,
        age=11,
        guardian_name="吐*****",
        guardian_phone="138****5678",
        state=AttendanceState.SIGNED_UP,
        guardian_present=False,
    )
    return replace(found, **more)  # type: ignore[arg-type]


def helper(name: str = "帕提古丽·艾合买提江·吐尔逊") -> ShiftRow:
    """Somebody who helps all the time."""
    return ShiftRow(
        id=1,
        volunteer_id=1,
        volunteer_name=name,
        session_id=1,
        title="趣味运动会",
        start=START,
        end=END,
        minutes=90,
        work=VolunteerWork.EVENT,
        did_not_come=False,
        counts=False,
    )


def sheet(*lines: SignInLine, **more: object) -> SignInSheet:
    """A sheet with these children."""
    found = SignInSheet(
        row=row(), lines=lines, left_out=0, headcount_children=0, headcount_adults=0, volunteers=(helper(),)
    )
    return replace(found, **more)  # type: ignore[arg-type]


def record(photos: int = 0, **more: object) -> ActivityRecord:
    """A session that is over, with so many photos."""
    plan = Activity(
        title="趣味运动会",
        category=ActivityCategory.SPORT,
        organiser="乙街道办事处",
        target="辖区儿童",
        age_from=6,
        age_to=14,
        quota=30,
        consent_required=True,
        safety_plan="每十名儿童一名工作人员。",
        budget=Decimal(300),
        funding=FundingSource.CHARITY,
        summary="孩子们玩得开心。",
    )
    found = ActivityRecord(
        activity=plan,
        held=ActivitySession(
            activity_id=1, start=START, end=END, items="两人三足\n\n压力对对碰\n", cost=Decimal("80.5"), satisfaction=4
        ),
        row=row(status=SessionStatus.DONE),
        leader="赛乃姆·托合提",
        staff=("周素琴", "冶文秀"),
        partners=("甲区妇联", "甲区司法局"),
        presence=Presence(children=12, guardians=5, headcount_children=3, headcount_adults=2),
        volunteers=2,
        volunteer_minutes=165,
        photos=tuple(PublicPhoto(caption=f"第{n}张", data=jpeg(60, 40 + n)) for n in range(photos)),
    )
    return replace(found, **more)  # type: ignore[arg-type]
