"""Emergency access: looking beyond one's own work for half an hour, with a reason a head will read."""

from dataclasses import dataclass
from typing import Annotated

from stationdesk.fields import Field
from stationdesk.i18n import N_

EmergencyReason = Annotated[str, Field(N_("紧急查看的理由"), max_length=200, multiline=True, private=True)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Emergency:
    """One use of it, as a head is shown it: who, when (with offset), why."""

    id: int
    name: str
    at: str
    reason: EmergencyReason
