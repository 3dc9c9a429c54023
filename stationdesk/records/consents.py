"""Consents by purpose: who agreed to what, until when, and the rule at fourteen."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Annotated

from stationdesk.codes import Code
from stationdesk.errors import Problem
from stationdesk.fields import Field, Level
from stationdesk.i18n import N_
from stationdesk.records.ages import age_on
from stationdesk.records.calendar import new_uuid
from stationdesk.records.enrolments import ChildRef
from stationdesk.records.families import FamilyMember

OWN_SAY, HEARD = 14, 8


class ConsentKind(Code):
    """What is agreed to (domain §3.4)."""

    SERVICE = "SERVICE", N_("接受服务")
    INFO = "INFO", N_("个人信息收集使用")
    SENSITIVE = "SENSITIVE", N_("敏感信息")
    SHARE = "SHARE", N_("向协作单位提供")
    PHOTO_FILE = "PHOTO_FILE", N_("档案照片")
    PHOTO_PUBLICITY = "PHOTO_PUBLICITY", N_("宣传使用肖像")
    COUNSELLING = "COUNSELLING", N_("心理辅导")
    RECORDING = "RECORDING", N_("录音录像")
    ACTIVITY = "ACTIVITY", N_("参加活动（安全告知）")
    OUTING = "OUTING", N_("外出活动")
    MEDICAL = "MEDICAL", N_("紧急就医")


class ConsentMethod(Code):
    """How it was given."""

    PAPER = "PAPER", N_("纸质签字")
    ORAL = "ORAL", N_("口头（两人见证）")
    LEGAL_DUTY = "LEGAL_DUTY", N_("法定职责无需同意")


# The station's duty under the law is a basis of its own for these; the others always need a consent.
_BY_DUTY = (ConsentKind.SERVICE, ConsentKind.INFO, ConsentKind.SENSITIVE, ConsentKind.SHARE, ConsentKind.MEDICAL)

KindOfConsent = Annotated[ConsentKind, Field(N_("同意事项"), level=Level.L3)]
GivenBy = Annotated[int, Field(N_("同意的监护人"), level=Level.L3)]
Assent = Annotated[
    bool, Field(N_("孩子本人同意"), level=Level.L3, hint=N_("满8周岁应听取本人意见，满14周岁应由本人同意"))
]
Method = Annotated[ConsentMethod, Field(N_("方式"), level=Level.L3)]
ConsentOn = Annotated[date, Field(N_("签署日期"), level=Level.L3)]
ConsentTo = Annotated[date, Field(N_("有效期至"), level=Level.L3)]
WithdrawnOn = Annotated[date, Field(N_("撤回日期"), level=Level.L3)]
Witnesses = Annotated[
    str, Field(N_("见证人"), max_length=80, private=True, level=Level.L3, hint=N_("口头同意须两人见证"))
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Consent:
    """One agreement to one purpose (domain §2.5)."""

    id: int | None = None
    uuid: str = field(default_factory=new_uuid)
    version: int = 0
    child_id: ChildRef
    kind: KindOfConsent
    given_by: GivenBy | None = None
    assent: Assent = False
    method: Method = ConsentMethod.PAPER
    signed_on: ConsentOn
    valid_to: ConsentTo | None = None
    withdrawn_on: WithdrawnOn | None = None
    witnesses: Witnesses | None = None

    def problems(self) -> Iterator[Problem]:
        """Rules between the fields of one consent."""
        if self.valid_to is not None and self.valid_to < self.signed_on:
            yield Problem("valid_to", N_("有效期早于签署日期，请改正其中一个。"))
        if self.withdrawn_on is not None and self.withdrawn_on < self.signed_on:
            yield Problem("withdrawn_on", N_("撤回日期早于签署日期，请改正其中一个。"))
        if self.method is ConsentMethod.ORAL and not self.witnesses:
            yield Problem("witnesses", N_("口头同意须两人见证，请填写见证人。"))
        if self.method is ConsentMethod.LEGAL_DUTY and self.kind not in _BY_DUTY:
            yield Problem("method", N_("这一事项不属于法定职责，必须取得同意，请改选方式。"))

    def holds_on(self, day: date) -> bool:
        """Whether it may be relied on that day; the day it was withdrawn no longer."""
        return (
            self.signed_on <= day
            and (self.valid_to is None or self.valid_to >= day)
            and (self.withdrawn_on is None or self.withdrawn_on > day)
        )


def consent_problems(
    consent: Consent, birth: date | None, giver: FamilyMember | None, today: date
) -> Iterator[Problem]:
    """Who has to agree: under 14 a guardian (PIPL Art. 31), from 8 on the child is heard, from 14 on
    the child's own agreement counts."""
    if consent.signed_on > today:
        yield Problem("signed_on", N_("签署日期还没有到，请改正。"))
    if consent.withdrawn_on is not None and consent.withdrawn_on > today:
        yield Problem("withdrawn_on", N_("撤回日期还没有到，请改正。"))
    if consent.method is ConsentMethod.LEGAL_DUTY or birth is None:
        return
    age = age_on(birth, consent.signed_on)
    if consent.given_by is not None and (giver is None or giver.child_id != consent.child_id):
        yield Problem("given_by", N_("请从这个孩子的家庭成员里选择同意的监护人。"))
    elif giver is not None and not giver.is_guardian:
        yield Problem("given_by", N_("选中的人不是监护人，请改选监护人。"))
    elif age < OWN_SAY and giver is None:
        yield Problem("given_by", N_("未满14周岁须由监护人同意，请选择监护人。"))
    if age >= OWN_SAY and not consent.assent:
        yield Problem("assent", N_("已满14周岁须由本人同意，请征得同意后勾选。"))
    elif HEARD <= age < OWN_SAY and not consent.assent:
        yield Problem("assent", N_("已满8周岁应听取本人意见，请征得同意后勾选。"))


def lapsed(consents: Sequence[Consent], birth: date | None, day: date) -> Iterator[ConsentKind]:
    """What was agreed to once and is no more: withdrawn, run out, or the child is fourteen by now."""
    given = {consent.kind for consent in consents if consent.signed_on <= day}
    yield from (kind for kind in ConsentKind if kind in given and not agreed(consents, kind, birth, day))


def agreed(consents: Iterable[Consent], kind: ConsentKind, birth: date | None, day: date) -> bool:
    """Whether a consent to `kind` holds on `day`; one a guardian gave alone ends when the child turns 14."""
    for consent in consents:
        if consent.kind is kind and consent.holds_on(day):
            grown = birth is not None and age_on(birth, day) >= OWN_SAY
            if consent.assent or not grown or consent.method is ConsentMethod.LEGAL_DUTY:
                return True
    return False
