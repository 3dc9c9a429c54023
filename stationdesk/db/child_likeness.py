"""Likenesses among many children at once: what `find_duplicates` asks for one, looked up in memory."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from stationdesk.db.child_words import squeezed
from stationdesk.db.children_models import ChildTable, FamilyMemberTable
from stationdesk.db.children_scope import alive
from stationdesk.records.child_intake import ChildEntry, Twin
from stationdesk.records.children import Likeness, Precision

_ORDER = list(Likeness)


@dataclass(slots=True)
class _Known:
    """A child there already: of a file, or of an earlier line (`row`)."""

    birth: date | None
    precision: Precision
    child_id: int | None = None
    file_no: str = ""
    row: int = 0
    phones: set[str] = field(default_factory=set)


class Likenesses:
    """All living files as far as they can be like one of the lines, and the lines seen so far."""

    def __init__(self, session: Session, entries: Iterable[ChildEntry]) -> None:
        entries = tuple(entries)
        self._by_name: dict[str, list[_Known]] = defaultdict(list)
        self._by_number: dict[str, list[_Known]] = defaultdict(list)
        self._names = {squeezed(entry.child.name) for entry in entries} - {""}
        numbers = {entry.child.id_no for entry in entries if entry.child.id_no}
        table, files = ChildTable, {}
        columns = (table.id, table.file_no, table.words, table.id_no, table.birth_date, table.birth_precision)
        for child_id, file_no, words, number, birth, precision in session.execute(
            select(*columns).where(alive()).order_by(table.id)
        ):
            named = self._names.intersection(words.split("|"))
            if named or number in numbers:
                known = files[child_id] = _Known(birth, precision, child_id, file_no or "")
                self._keep(known, named, number)
        member = FamilyMemberTable
        phones = select(member.child_id, member.phone).where(member.deleted_at.is_(None), member.phone.is_not(None))
        for child_id, phone in session.execute(phones):
            if child_id in files and phone:
                files[child_id].phones.add(_plain(phone))

    def _keep(self, known: _Known, names: Iterable[str], number: str | None) -> None:
        for name in names:
            self._by_name[name].append(known)
        if number:
            self._by_number[number].append(known)

    def add(self, entry: ChildEntry) -> None:
        """Remember a line, for those after it."""
        child, phone = entry.child, entry.light.guardian_phone
        known = _Known(
            child.birth_date, child.birth_precision, row=entry.row, phones={_plain(phone)} if phone else set()
        )
        named = {squeezed(name) for name in (child.name, child.other_name) if name}
        self._keep(known, named, child.id_no)

    def of(self, entry: ChildEntry) -> tuple[Twin, ...]:
        """Who is like the child of a line, the surest first."""
        found: dict[int, tuple[Likeness, _Known]] = {}
        for why, known in self._ways(entry):
            found.setdefault(id(known), (why, known))
        twins = (
            Twin(
                row=entry.row,
                name=entry.child.name,
                why=why,
                child_id=known.child_id,
                file_no=known.file_no,
                other_row=known.row,
            )
            for why, known in found.values()
        )
        return tuple(sorted(twins, key=lambda twin: (_ORDER.index(twin.why), twin.other_row, twin.child_id or 0)))

    def _ways(self, entry: ChildEntry) -> Iterator[tuple[Likeness, _Known]]:
        child, phone = entry.child, entry.light.guardian_phone
        for known in self._by_number.get(child.id_no or "", ()):
            yield Likeness.SAME_ID, known
        for known in self._by_name.get(squeezed(child.name), ()):
            if child.birth_date is not None and _same_birth(known, child.birth_date, child.birth_precision):
                yield Likeness.NAME_AND_BIRTH, known
            elif phone and _plain(phone) in known.phones:
                yield Likeness.NAME_AND_PHONE, known


def _same_birth(known: _Known, birth: date, precision: Precision) -> bool:
    """The same day; where one of the two is known less exactly, the same year."""
    if known.birth is None:
        return False
    exact = precision is Precision.DAY and known.precision is Precision.DAY
    return known.birth == birth or (not exact and known.birth.year == birth.year)


def _plain(phone: str) -> str:
    return phone.replace("-", "")
