"""Restricted fields: text under the second data key, which only some slots hold.

A column of type `Restricted` keeps what `seal` made. The box is bound to its place (table, record,
column), so a text moved to another record does not open there.
"""

import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import LargeBinary
from sqlalchemy.types import TypeDecorator

from stationdesk.db.keyring import Keys
from stationdesk.errors import Denied, Problem, StorageTrouble
from stationdesk.i18n import N_


class Restricted(TypeDecorator[bytes]):
    """A sealed text; the type says which columns a change of keys has to seal anew."""

    impl = LargeBinary
    cache_ok = True


def seal(keys: Keys, table: str, uuid: str, column: str, text: str) -> bytes:
    """The box to be stored; raises `Denied` without the second key."""
    nonce = secrets.token_bytes(12)
    return nonce + AESGCM(_key(keys)).encrypt(nonce, text.encode("utf-8"), _place(table, uuid, column))


def unseal(keys: Keys, table: str, uuid: str, column: str, box: bytes) -> str:
    """The text in a box; raises `Denied` without the second key, `StorageTrouble` when the box was
    changed or comes from another place."""
    try:
        return AESGCM(_key(keys)).decrypt(box[:12], box[12:], _place(table, uuid, column)).decode("utf-8")
    except (InvalidTag, ValueError) as broken:
        raise StorageTrouble(Problem("", N_("一段加密内容被改动或损坏，打不开。请从备份核对。"))) from broken


def _key(keys: Keys) -> bytes:
    if keys.restricted is None:
        raise Denied
    return keys.restricted


def _place(table: str, uuid: str, column: str) -> bytes:
    return f"{table}\x1f{uuid}\x1f{column}".encode()
