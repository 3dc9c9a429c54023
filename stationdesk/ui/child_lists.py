"""The lists of a child's file, each with its way in: one declaration a list, in the order they are shown."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, datetime

from stationdesk.codes import code_list
from stationdesk.desk import Desk
from stationdesk.i18n import _
from stationdesk.records.access import Right
from stationdesk.records.benefits import Benefit, BenefitKind
from stationdesk.records.care import ChildNeed, DelegatedCare, Need
from stationdesk.records.categories import Category, ChildCategory, Colour, RiskLevel
from stationdesk.records.consents import Consent, ConsentKind
from stationdesk.records.enrolments import Enrolment
from stationdesk.records.families import FamilyMember
from stationdesk.records.family_codes import CareRating
from stationdesk.records.health import HealthItem, HealthKind
from stationdesk.records.schooling import EduStage, Schooling
from stationdesk.ui.assessments import Known, assessments_of
from stationdesk.ui.child_words import codes_of
from stationdesk.ui.editors import ChoiceEditor, EditorMaker
from stationdesk.ui.id_number import follow_number
from stationdesk.ui.record_list import Kept

Family = Callable[[], tuple[FamilyMember, ...]]


def lists_of(desk: Desk, child_id: int, family: Family, known: Callable[[], Known]) -> tuple[Kept, ...]:
    """The lists of one child's file; `family` gives the members known now, for the choosers, `known` what an
    assessment goes by."""
    today = desk.clock().date()
    assessed = assessments_of(desk, child_id, known)
    people, facts = _people(desk, child_id, family, today), _facts(desk, child_id, today)
    return (*people, *facts, *_standing(desk, child_id, today), assessed)


def member_name(member: FamilyMember) -> str:
    """What a member of the family is called in a chooser or a list."""
    label = code_list("relation").labels.get(member.relation, "")
    return f"{member.name}（{label}）" if member.name else label


def _relation() -> Mapping[str, EditorMaker]:
    return {"relation": lambda box: ChoiceEditor(codes_of("relation"), box)}


def _chosen(family: Family, name: str) -> Callable[[], Mapping[str, EditorMaker]]:
    """A chooser among the family, for the field `name`."""

    def editors() -> Mapping[str, EditorMaker]:
        people = [(member.id, member_name(member)) for member in family()]
        return {name: lambda box: ChoiceEditor(people, box, _("（不填）"))}

    return editors


def _people(desk: Desk, child_id: int, family: Family, today: date) -> tuple[Kept, ...]:
    store = desk.child_files
    return (
        Kept(
            key="family",
            title=_("家庭成员与监护人"),
            cls=FamilyMember,
            blank=lambda: FamilyMember(child_id=child_id),
            save=store.save_family,
            remove=store.remove_family,
            editors=_relation,
            prepare=follow_number,
        ),
        Kept(
            key="care",
            title=_("委托照护"),
            cls=DelegatedCare,
            blank=lambda: DelegatedCare(child_id=child_id, carer_id=0, since=today, ability=CareRating.offered()[0]),
            save=store.save_care,
            remove=store.remove_care,
            editors=_chosen(family, "carer_id"),
            empty=_("父母都不在身边、委托别人照护的，请登记并签订委托照护协议。"),
        ),
        Kept(
            key="consents",
            title=_("知情同意"),
            cls=Consent,
            blank=lambda: Consent(child_id=child_id, kind=ConsentKind.INFO, signed_on=today),
            save=store.save_consent,
            remove=store.remove_consent,
            editors=_chosen(family, "given_by"),
            empty=_("还没有知情同意。收集信息、拍照、心理辅导前请先征得同意。"),
        ),
    )


def _facts(desk: Desk, child_id: int, today: date) -> tuple[Kept, ...]:
    store = desk.child_files
    return (
        Kept(
            key="schooling",
            title=_("就学"),
            cls=Schooling,
            blank=lambda: Schooling(child_id=child_id, stage=EduStage.PRIMARY, since=today),
            save=store.save_schooling,
            remove=store.remove_schooling,
        ),
        Kept(
            key="health",
            title=_("健康与残疾"),
            cls=HealthItem,
            blank=lambda: HealthItem(child_id=child_id, kind=HealthKind.offered()[0]),
            save=store.save_health,
            remove=store.remove_health,
        ),
        Kept(
            key="benefits",
            title=_("政策享受"),
            cls=Benefit,
            blank=lambda: Benefit(child_id=child_id, kind=BenefitKind.offered()[0], since=today),
            save=store.save_benefit,
            remove=store.remove_benefit,
        ),
        Kept(
            key="needs",
            title=_("需求"),
            cls=ChildNeed,
            blank=lambda: ChildNeed(child_id=child_id, need=Need.COMPANION, since=today),
            save=store.save_need,
            remove=store.remove_need,
        ),
    )


def _standing(desk: Desk, child_id: int, today: date) -> tuple[Kept, ...]:
    store = desk.child_files
    approves = desk.actor.may(Right.APPROVE_CHILDREN)

    def rate(level: RiskLevel) -> int:
        # The time is the moment it is saved, not the one the form was opened.
        return store.rate(replace(level, rated_at=_now(desk), rated_by=desk.actor.staff_id))

    return (
        Kept(
            key="categories",
            title=_("类别"),
            cls=ChildCategory,
            blank=lambda: ChildCategory(child_id=child_id, category=Category.LEFT_BEHIND, since=today),
            save=store.save_category,
            remove=store.remove_category,
            hide=("is_primary",),
            more=((_("设为主要类别"), lambda category: store.make_primary(category.id)),),
        ),
        Kept(
            key="levels",
            title=_("风险等级（只增加，不修改）"),
            cls=RiskLevel,
            blank=lambda: RiskLevel(child_id=child_id, colour=Colour.BLUE, rated_at=_now(desk)),
            save=rate,
            added_only=True,
            hide=("rated_at", "rated_by"),
        ),
        Kept(
            key="enrolments",
            title=_("在册记录"),
            cls=Enrolment,
            blank=lambda: Enrolment(child_id=child_id, entered_on=today),
            save=desk.children.save_enrolment,
            remove=desk.children.remove_enrolment if approves else None,
            hide=("approved_by",) if approves else ("approved_by", "left_on", "exit_reason", "exit_note"),
            empty=_("不在册。补全一人一档时纳入。"),
        ),
    )


def _now(desk: Desk) -> datetime:
    return desk.clock().replace(second=0, microsecond=0)
