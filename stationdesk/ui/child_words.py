"""What codes and references in children's files are called, and how a value is shown."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from stationdesk.codes import code_list
from stationdesk.desk import Desk
from stationdesk.fields import Described, to_text
from stationdesk.records.child_prints import MEMBER_FIELDS, STAFF_FIELDS
from stationdesk.records.masking import mask

# Fields that hold a code of a long official list.
_LISTS = {"relation": "relation", "guardian_relation": "relation", "ethnicity": "ethnicity"}


@dataclass(frozen=True, slots=True)
class Names:
    """Names by id: of the team (those who serve today apart), of the communities, of a child's family."""

    staff: Mapping[int, str] = field(default_factory=dict)
    serving: tuple[tuple[int, str], ...] = ()
    communities: tuple[tuple[int, str], ...] = ()
    family: Mapping[int, str] = field(default_factory=dict)

    def text(self, column: Described, value: Any) -> str:
        """A value of a file as it is shown."""
        if value is None:
            return ""
        if column.name in _LISTS:
            return code_list(_LISTS[column.name]).labels.get(value, str(value))
        if column.name in STAFF_FIELDS:
            return self.staff.get(value, "")
        if column.name == "community_id":
            return dict(self.communities).get(value, "")
        if column.name in MEMBER_FIELDS:
            return self.family.get(value, "")
        return to_text(value)

    def masked(self, column: Described, value: Any) -> str:
        """The same with numbers behind their mask until somebody asks for them: a look over the
        shoulder tells no more. Names are read by whomever the file is open to."""
        text = self.text(column, value)
        head, tail = column.field.mask or (0, 0)
        return mask(text, head, tail) if tail and text else text


def read_names(desk: Desk) -> Names:
    """Read the names; on the database thread."""
    today = desk.clock().date()
    team = desk.staff.everyone()
    communities = desk.station.community_rows(desk.station.find_communities(gone=True))
    return Names(
        staff={member.id or 0: member.name for member in team},
        serving=tuple((member.id or 0, member.name) for member in team if member.serves_on(today)),
        communities=tuple((place.id, place.name) for place in communities if place.active),
    )


def codes_of(name: str) -> list[tuple[str, str]]:
    """The codes and labels of a long list, for a chooser."""
    return list(code_list(name).labels.items())
