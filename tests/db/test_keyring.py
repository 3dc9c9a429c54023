"""Key slots: who opens, who does not, and what a damaged file says."""

import json

import pytest

from stationdesk.db import keyring
from stationdesk.db.keyring import Cost, DamagedKeys
from stationdesk.errors import Refused, StorageTrouble, WrongPassword
from tests.stations import CHEAP

PASSWORD = "一句好记的长口令 2026"


@pytest.fixture(scope="module")
def made() -> tuple[keyring.KeyRing, keyring.Keys, str]:
    return keyring.create("zhan", PASSWORD, cost=CHEAP)


Made = tuple[keyring.KeyRing, keyring.Keys, str]


def test_password_and_recovery_key_open_the_same(made: Made) -> None:
    ring, keys, recovery = made
    assert keyring.open_slot(ring, "zhan", PASSWORD) == keys
    assert keyring.open_with_recovery(ring, recovery) == keys
    read = keyring.from_bytes(ring.to_bytes())
    assert keyring.open_slot(read, " zhan ", PASSWORD) == keys


@pytest.mark.parametrize(
    ("name", "password"), [("zhan", "别的口令别的口令"), ("nobody", PASSWORD), ("*", PASSWORD), ("", "")]
)
def test_anything_else_is_the_same_wrong_password(made: Made, name: str, password: str) -> None:
    with pytest.raises(WrongPassword):
        keyring.open_slot(made[0], name, password)


def test_composed_and_decomposed_letters_are_one(made: Made) -> None:
    ring, keys, _recovery = keyring.create("a", "café de la gare", cost=CHEAP)
    assert keyring.open_slot(ring, "a", "cafe\u0301 de la gare") == keys


def test_recovery_key_forgives_how_it_is_typed(made: Made) -> None:
    ring, keys, recovery = made
    groups = recovery.split("-")
    assert [len(group) for group in groups] == [5] * 7
    typed = recovery.lower().replace("-", " ").replace("0", "o").replace("1", "l")
    full_width = "".join(chr(ord(c) + 0xFEE0) if c.isalnum() else c for c in recovery)
    assert keyring.open_with_recovery(ring, typed) == keyring.open_with_recovery(ring, full_width) == keys
    slip = ("2" if recovery[0] != "2" else "3") + recovery[1:]
    for wrong in (slip, recovery[:-1], "", "AAAAA-" * 7):
        with pytest.raises(Refused):
            keyring.open_with_recovery(ring, wrong)


def test_people_come_and_go_without_anyone_elses_password(made: Made) -> None:
    ring, keys, recovery = made
    ring = keyring.add_person(ring, keys, "li", "另一句很长的口令呀呀", restricted=False, cost=CHEAP)
    opened = keyring.open_slot(ring, "li", "另一句很长的口令呀呀")
    assert (opened.core, opened.restricted) == (keys.core, None)
    ring = keyring.change_password(ring, "li", "另一句很长的口令呀呀", "换过的很长很长的口令", cost=CHEAP)
    with pytest.raises(WrongPassword):
        keyring.open_slot(ring, "li", "另一句很长的口令呀呀")
    assert keyring.open_slot(ring, "zhan", PASSWORD) == keys
    ring = keyring.drop_person(ring, keys, "li")
    assert ring.people() == ("zhan",)
    assert keyring.open_with_recovery(ring, recovery) == keys
    ring = keyring.reset_password(ring, keys, "zhan", "站长忘了口令重设的", restricted=True, cost=CHEAP)
    assert keyring.open_slot(ring, "zhan", "站长忘了口令重设的") == keys
    for name in ("zhan", "*", " "):
        with pytest.raises(Refused):
            keyring.add_person(ring, keys, name, PASSWORD, restricted=False, cost=CHEAP)


def test_every_flipped_byte_is_damage_or_noticed(made: Made) -> None:
    data = made[0].to_bytes()
    for place in range(0, len(data), 97):
        torn = data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :]
        with pytest.raises(DamagedKeys):
            keyring.from_bytes(torn)
    for torn in (b"", data[: len(data) // 2], b"null", b"{}", b"[1]"):
        with pytest.raises(DamagedKeys):
            keyring.from_bytes(torn)


def test_a_forged_file_with_a_right_sum_is_refused(made: Made) -> None:
    ring, _own, _recovery = made
    other, _keys, _other = keyring.create("zhan", PASSWORD, cost=CHEAP)
    mixed = keyring.KeyRing(ring.station, dict(ring.slots) | {"eve": other.slots["zhan"]}, ring.mac)
    with pytest.raises(StorageTrouble):
        keyring.open_slot(mixed, "zhan", PASSWORD)


@pytest.mark.parametrize("cost", [Cost(8, 1), Cost(1 << 24, 3), Cost(65536, 0), Cost(65536, 99), Cost(65536, 3, 8)])
def test_unreasonable_costs_are_refused(made: Made, cost: Cost) -> None:
    import hashlib

    body = json.loads(made[0].to_bytes())["body"]
    body["slots"]["zhan"]["cost"] = {"memory": cost.memory, "passes": cost.passes, "lanes": cost.lanes}
    text = json.dumps(body, ensure_ascii=False, sort_keys=True)
    forged = json.dumps({"sum": hashlib.sha256(text.encode()).hexdigest(), "body": body})
    with pytest.raises(DamagedKeys):
        keyring.from_bytes(forged.encode())


@pytest.mark.parametrize("change", [{"salt": "%%%"}, {"private": None}, {"nonce": ""}])
def test_a_slot_that_makes_no_sense_is_damage_not_a_wrong_password(made: Made, change: dict[str, object]) -> None:
    ring = made[0]
    slot = dict(ring.slots["zhan"]) | change
    with pytest.raises(StorageTrouble) as told:
        keyring.open_slot(keyring.KeyRing(ring.station, {"zhan": slot}, ring.mac), "zhan", PASSWORD)
    assert "密钥文件已损坏" in told.value.say()


def test_keys_are_not_shown(made: Made) -> None:
    assert made[1].core.hex() not in repr(made[1])
    assert repr(made[1]) == "Keys()"
