"""Who can open the file: the key slots of station.keys, one a person, and the recovery key.

Two random data keys open everything: `core` the database, `restricted` single fields in it. Each
person has a key pair (X25519); the private half is wrapped under Argon2id of the password, the
data keys are sealed (HPKE) to the public half. So a password touches one slot only, and a slot can
be added or dropped without anyone else's password. Nothing here is home-made but the order.
"""

import base64
import hashlib
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes, hmac, serialization
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from stationdesk.errors import Problem, Refused, StorageTrouble, WrongPassword
from stationdesk.i18n import N_
from stationdesk.paths import replace_file
from stationdesk.records.passwords import normal_form

FORMAT = 1
_DAMAGED = N_("密钥文件已损坏，请从备份恢复。")
RECOVERY = "*"
_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's base 32
_MISREAD = str.maketrans({"O": "0", "I": "1", "L": "1"})
_SUITE = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)


@dataclass(frozen=True, slots=True)
class Cost:
    """What a guess costs: Argon2id memory in KiB, passes, lanes."""

    memory: int = 65536
    passes: int = 3
    lanes: int = 1

    def sane(self) -> bool:
        """Whether these are values this program would ever have written."""
        return 8192 <= self.memory <= 1 << 20 and 1 <= self.passes <= 16 and self.lanes == 1


@dataclass(frozen=True, slots=True)
class Keys:
    """The data keys a person holds; `restricted` only where the role needs it. `own` is the private
    half of the person's own pair, which opens what was sealed to that person alone."""

    core: bytes = field(repr=False)
    restricted: bytes | None = field(default=None, repr=False)
    own: bytes | None = field(default=None, repr=False, compare=False)


class DamagedKeys(Exception):
    """The key file cannot be read; the copy beside it may."""


@dataclass(frozen=True, slots=True)
class KeyRing:
    """The content of station.keys: the station's identity, the slots by user name, a MAC."""

    station: str
    slots: Mapping[str, Mapping[str, Any]]
    mac: str = ""

    def people(self) -> tuple[str, ...]:
        """The user names that have a slot."""
        return tuple(name for name in self.slots if name != RECOVERY)

    def to_bytes(self) -> bytes:
        """As written to the file, with a plain checksum for accidents."""
        body = {"format": FORMAT, "station": self.station, "slots": dict(self.slots), "mac": self.mac}
        text = json.dumps(body, ensure_ascii=False, sort_keys=True)
        return json.dumps(
            {"sum": hashlib.sha256(text.encode()).hexdigest(), "body": body},
            ensure_ascii=False,
            sort_keys=True,
            indent=1,
        ).encode()


def from_bytes(data: bytes) -> KeyRing:
    """The key ring in `data`; raises `DamagedKeys`."""
    try:
        outer = json.loads(data)
        body = outer["body"]
        text = json.dumps(body, ensure_ascii=False, sort_keys=True)
        if (
            not secrets.compare_digest(hashlib.sha256(text.encode()).hexdigest(), outer["sum"])
            or body["format"] != FORMAT
        ):
            raise DamagedKeys
        ring = KeyRing(body["station"], body["slots"], body["mac"])
        if not all(Cost(**slot["cost"]).sane() for slot in ring.slots.values()):
            raise DamagedKeys
    except (ValueError, KeyError, TypeError, AttributeError) as broken:
        raise DamagedKeys from broken
    return ring


def create(username: str, password: str, *, cost: Cost = Cost()) -> tuple[KeyRing, Keys, str]:
    """A new key ring with the head's slot and the recovery slot, its keys, the recovery key."""
    own = X25519PrivateKey.generate()
    keys = Keys(secrets.token_bytes(32), secrets.token_bytes(32), own.private_bytes_raw())
    ring = KeyRing(secrets.token_hex(16), {})
    recovery = new_recovery_key()
    ring = add_person(ring, keys, username, password, restricted=True, cost=cost, private=own)
    ring = _with_slot(ring, keys, RECOVERY, _recovery_secret(recovery), restricted=True, cost=cost)
    return ring, keys, recovery


def add_person(
    ring: KeyRing,
    keys: Keys,
    username: str,
    password: str,
    *,
    restricted: bool,
    cost: Cost = Cost(),
    private: X25519PrivateKey | None = None,
) -> KeyRing:
    """`ring` with one more slot, of a new pair unless one is given; raises `Refused` when the name
    has one or may not be one."""
    name = username.strip()
    if not name or name == RECOVERY or name in ring.slots:
        raise Refused(Problem("username", N_("这个用户名不能用或已经有了，请换一个。")))
    return _with_slot(ring, keys, name, password, restricted=restricted, cost=cost, private=private)


def drop_person(ring: KeyRing, keys: Keys, username: str) -> KeyRing:
    """`ring` without that slot."""
    return _sealed(replace(ring, slots={n: s for n, s in ring.slots.items() if n != username}), keys)


def change_password(ring: KeyRing, username: str, old: str, new: str, *, cost: Cost = Cost()) -> KeyRing:
    """`ring` with that slot under a new password; raises `WrongPassword`."""
    private, keys = _open_slot(ring, username.strip(), old)
    slot = dict(ring.slots[username.strip()]) | _wrapped(private, new, cost)
    return _sealed(replace(ring, slots=dict(ring.slots) | {username.strip(): slot}), keys)


def reset_password(
    ring: KeyRing, keys: Keys, username: str, password: str, *, restricted: bool, cost: Cost = Cost()
) -> KeyRing:
    """`ring` with a new slot for that person: what a head and the recovery key can do."""
    return _with_slot(ring, keys, username, password, restricted=restricted, cost=cost)


def with_restricted(ring: KeyRing, keys: Keys, username: str) -> KeyRing:
    """`ring` with the second data key sealed to that person as well; nobody's password is needed."""
    slot = dict(ring.slots[username]) | _sealed_keys(ring, keys, _public(ring.slots[username]), restricted=True)
    return _sealed(replace(ring, slots=dict(ring.slots) | {username: slot}), keys)


def rotated(ring: KeyRing, without: str = "", blinded: str = "") -> tuple[KeyRing, Keys]:
    """New data keys, sealed to everybody in `ring` but the person `without`; `blinded` gets the first
    only. All passwords and the recovery key go on working."""
    keys = Keys(secrets.token_bytes(32), secrets.token_bytes(32))
    slots = {}
    for name, slot in ring.slots.items():
        if name != without:
            plain = {part: value for part, value in slot.items() if part not in ("core", "restricted")}
            restricted = "restricted" in slot and name != blinded
            slots[name] = plain | _sealed_keys(ring, keys, _public(slot), restricted=restricted)
    return _sealed(replace(ring, slots=slots), keys), keys


def open_slot(ring: KeyRing, username: str, password: str) -> Keys:
    """The data keys of that person; raises `WrongPassword`, `StorageTrouble` on a foreign slot."""
    return _open_slot(ring, username.strip(), password)[1]


def open_with_recovery(ring: KeyRing, typed: str) -> Keys:
    """The data keys, by the printed recovery key; raises `Refused` on a misread, `WrongPassword`."""
    return _open_slot(ring, RECOVERY, _recovery_secret(typed))[1]


def usual_cost(ring: KeyRing) -> Cost:
    """What the slots of this station cost: new ones cost the same."""
    costs = [Cost(**slot["cost"]) for slot in ring.slots.values()]
    return max(costs, key=lambda cost: cost.memory * cost.passes, default=Cost())


# --- the recovery key ----------------------------------------------------------------------------


def new_recovery_key() -> str:
    """160 random bits as 32 characters, `*`-padded group and check: seven groups of five."""
    number = secrets.randbits(160)
    digits = "".join(_ALPHABET[number >> shift & 31] for shift in range(155, -5, -5))
    checks = _check_digits(digits)
    whole = digits + checks
    return "-".join(whole[i : i + 5] for i in range(0, 35, 5))


def _check_digits(digits: str) -> str:
    """Crockford's check symbol is one of 37 and not always a letter or digit; three base-32 digits
    of a hash fill the last group instead and catch every slip but one in 32768."""
    return "".join(_ALPHABET[byte & 31] for byte in hashlib.sha256(digits.encode()).digest()[:3])


def tidy_recovery_key(typed: str) -> str:
    """`typed` without spaces and dashes, misread letters mended; raises `Refused` on a slip."""
    half = "".join(chr(ord(c) - 0xFEE0) if 0xFF01 <= ord(c) <= 0xFF5E else c for c in typed)
    text = "".join(c for c in half.upper().translate(_MISREAD) if c.isalnum())
    if len(text) != 35 or any(c not in _ALPHABET for c in text) or _check_digits(text[:32]) != text[32:]:
        raise Refused(Problem("recovery", N_("恢复密钥不对，请对照打印件检查（7组，每组5个字符）。")))
    return text


def _recovery_secret(typed: str) -> str:
    return tidy_recovery_key(typed)


# --- slots ---------------------------------------------------------------------------------------


def _b64(data: bytes) -> str:
    return base64.b64encode(data).decode()


def _unb64(text: str) -> bytes:
    return base64.b64decode(text, validate=True)


def stretch(password: str, salt: bytes, cost: Cost) -> bytes:
    """32 bytes that only this password gives, as slowly as `cost` says."""
    secret = normal_form(password).encode("utf-8", "surrogatepass")
    return Argon2id(salt=salt, length=32, iterations=cost.passes, lanes=cost.lanes, memory_cost=cost.memory).derive(
        secret
    )


def _wrapped(private: X25519PrivateKey, password: str, cost: Cost) -> dict[str, Any]:
    salt, nonce = secrets.token_bytes(16), secrets.token_bytes(12)
    raw = private.private_bytes_raw()
    box = AESGCM(stretch(password, salt, cost)).encrypt(nonce, raw, b"stationdesk private key")
    return {
        "cost": {"memory": cost.memory, "passes": cost.passes, "lanes": cost.lanes},
        "salt": _b64(salt),
        "nonce": _b64(nonce),
        "private": _b64(box),
    }


def _with_slot(
    ring: KeyRing,
    keys: Keys,
    name: str,
    password: str,
    *,
    restricted: bool,
    cost: Cost,
    private: X25519PrivateKey | None = None,
) -> KeyRing:
    private = private or X25519PrivateKey.generate()
    public = private.public_key()
    slot = _wrapped(private, password, cost)
    slot["public"] = _b64(public.public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw))
    slot |= _sealed_keys(ring, keys, public, restricted=restricted)
    return _sealed(replace(ring, slots=dict(ring.slots) | {name: slot}), keys)


def _sealed_keys(ring: KeyRing, keys: Keys, public: X25519PublicKey, *, restricted: bool) -> dict[str, str]:
    sealed = {"core": _b64(_SUITE.encrypt(keys.core, public, info=_info(ring, "core")))}
    if restricted and keys.restricted is not None:
        sealed["restricted"] = _b64(_SUITE.encrypt(keys.restricted, public, info=_info(ring, "restricted")))
    return sealed


def _public(slot: Mapping[str, Any]) -> X25519PublicKey:
    return X25519PublicKey.from_public_bytes(_unb64(slot["public"]))


def seal_to_self(keys: Keys, data: bytes, purpose: str) -> bytes:
    """`data` so that only the person whose keys these are can read it again, also after a rotation."""
    if keys.own is None:
        raise StorageTrouble
    public = X25519PrivateKey.from_private_bytes(keys.own).public_key()
    return _SUITE.encrypt(data, public, info=purpose.encode())


def open_own(keys: Keys, sealed: bytes, purpose: str) -> bytes | None:
    """What `seal_to_self` sealed; None when it was sealed to another pair."""
    if keys.own is None:
        return None
    try:
        return _SUITE.decrypt(sealed, X25519PrivateKey.from_private_bytes(keys.own), info=purpose.encode())
    except Exception:  # noqa: BLE001 - whatever the library says of a foreign box, it is not ours
        return None


def _info(ring: KeyRing, which: str) -> bytes:
    return f"stationdesk {which} {ring.station}".encode()


def _mac(ring: KeyRing, keys: Keys) -> str:
    key = HKDF(hashes.SHA256(), 32, None, b"stationdesk key file").derive(keys.core)
    tag = hmac.HMAC(key, hashes.SHA256())
    tag.update(json.dumps([ring.station, dict(ring.slots)], ensure_ascii=False, sort_keys=True).encode())
    return _b64(tag.finalize())


def _sealed(ring: KeyRing, keys: Keys) -> KeyRing:
    return replace(ring, mac=_mac(ring, keys))


def _open_slot(ring: KeyRing, name: str, password: str) -> tuple[X25519PrivateKey, Keys]:
    slot = ring.slots.get(name)
    if slot is None:
        # An unknown name takes as long as a known one, so that time does not tell names.
        stretch(
            password, b"no such person..", Cost(**next(iter(ring.slots.values()))["cost"]) if ring.slots else Cost()
        )
        raise WrongPassword
    try:
        key = stretch(password, _unb64(slot["salt"]), Cost(**slot["cost"]))
        raw = AESGCM(key).decrypt(_unb64(slot["nonce"]), _unb64(slot["private"]), b"stationdesk private key")
    except InvalidTag as wrong:
        raise WrongPassword from wrong
    except (ValueError, KeyError, TypeError) as broken:
        raise StorageTrouble(Problem("", _DAMAGED)) from broken
    try:
        private = X25519PrivateKey.from_private_bytes(raw)
        core = _SUITE.decrypt(_unb64(slot["core"]), private, info=_info(ring, "core"))
        rest = (
            _SUITE.decrypt(_unb64(slot["restricted"]), private, info=_info(ring, "restricted"))
            if "restricted" in slot
            else None
        )
    except Exception as broken:
        raise StorageTrouble(Problem("", _DAMAGED)) from broken
    keys = Keys(core, rest, raw)
    if not secrets.compare_digest(_mac(ring, keys), ring.mac):
        raise StorageTrouble(Problem("", N_("密钥文件被改动过，拒绝打开。请从备份恢复。")))
    return private, keys


# --- the file ------------------------------------------------------------------------------------


def read(path: Path) -> KeyRing:
    """The key ring of the file; raises `DamagedKeys`, `FileNotFoundError`."""
    return from_bytes(path.read_bytes())


def write_both(path: Path, ring: KeyRing) -> None:
    """Replace the file and the copy beside it: no older ring may come back."""
    for _ in range(2):
        write(path, ring)


def write(path: Path, ring: KeyRing) -> None:
    """Replace the file, the last good version kept beside it as `.bak`."""
    data = ring.to_bytes()
    if path.exists():
        try:
            read(path)
        except DamagedKeys:
            pass
        else:
            replace_file(path.with_name(path.name + ".bak"), path.read_bytes())
    replace_file(path, data)
    backup = path.with_name(path.name + ".bak")
    if not backup.exists():
        replace_file(backup, data)
