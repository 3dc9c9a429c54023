"""Drafts: sealed to the one person they belong to, so that not even the file's other users read them."""

import json
from collections.abc import Sequence
from dataclasses import asdict, replace
from datetime import datetime

from sqlalchemy import Delete, delete, insert, select

from stationdesk.db import keyring
from stationdesk.db.engine import Database
from stationdesk.db.keyring import Keys
from stationdesk.db.models import DraftTable
from stationdesk.db.stores import Store, needs
from stationdesk.records.access import Actor, Right
from stationdesk.records.calendar import BEIJING, Clock
from stationdesk.records.drafts import Draft

_PURPOSE = "stationdesk draft"


class DraftStore(Store):
    """This person's drafts."""

    def __init__(self, database: Database, actor: Actor, clock: Clock, keys: Keys) -> None:
        super().__init__(database, actor, clock)
        self._keys = keys

    @needs(Right.OWN)
    def keep(self, draft: Draft) -> None:
        """Keep a draft in place of an older one of the same record."""
        box = keyring.seal_to_self(self._keys, json.dumps(asdict(draft)).encode(), _PURPOSE)
        # The true time, also in a demonstration: it is shown as "typed at".
        now = datetime.now(BEIJING).isoformat(timespec="seconds")
        row = {"uuid": draft.uuid, "username": self._actor.username, "saved_at": now, "sealed": box}
        with self._database.write(quiet=True) as session:
            session.execute(self._those([draft.uuid]))
            session.execute(insert(DraftTable), row)

    @needs(Right.OWN)
    def mine(self) -> tuple[Draft, ...]:
        """All drafts of this person, the last first; what a new key pair cannot open is dropped."""
        query = (
            select(DraftTable.uuid, DraftTable.saved_at, DraftTable.sealed)
            .where(DraftTable.username == self._actor.username)
            .order_by(DraftTable.saved_at.desc())
        )
        with self._database.read() as session:
            rows = session.execute(query).all()
        found, lost = [], []
        for uuid, saved_at, box in rows:
            text = keyring.open_own(self._keys, box, _PURPOSE)
            if text is None:
                lost.append(uuid)
            else:
                found.append(replace(Draft(**json.loads(text)), saved_at=saved_at))
        if lost:
            self.drop(lost)
        return tuple(found)

    @needs(Right.OWN)
    def drop(self, uuids: Sequence[str]) -> None:
        """Forget drafts: they were saved, or are not wanted."""
        if self._database.read_only:
            return
        with self._database.write(quiet=True) as session:
            session.execute(self._those(uuids))

    def _those(self, uuids: Sequence[str]) -> Delete:
        return delete(DraftTable).where(DraftTable.uuid.in_(uuids), DraftTable.username == self._actor.username)
