"""Finding children: by any part of a name, pinyin, numbers, guardians, filters; and by whom."""

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import text

from stationdesk.db.child_words import search_words, squeezed
from stationdesk.db.children import ChildStore
from stationdesk.desk import Desk
from stationdesk.errors import Denied, Missing
from stationdesk.records.access import Actor, Role
from stationdesk.records.ages import AgeBand
from stationdesk.records.categories import Category, Colour
from stationdesk.records.children import ChildQuery, RecordLevel
from stationdesk.records.enrolments import ExitReason
from tests.children import as_seen_by, category, colleague, community, filed, light


def names(store: ChildStore, query: ChildQuery) -> list[str]:
    return [row.name for row in store.rows(store.find(query))]


def found(desk: Desk, words: str) -> list[str]:
    return names(desk.children, ChildQuery(words=words))


def test_words_hold_every_reading_of_the_first_character() -> None:
    words = search_words("单晓岚", numbers=("乙-2026-0001",))
    for wanted in ("单晓岚", "shanxiaolan", "danxiaolan", "chanxiaolan", "sxl", "dxl", "cxl", "乙-2026-0001"):
        assert f"|{wanted}|" in words
    assert "|zengaduo|" in search_words("曾阿朵")
    assert squeezed(" 努尔艾力•吐尔洪江 ") == "努尔艾力吐尔洪江"
    assert search_words("Ali Reza", None) == "|alireza|"
    assert search_words("Ⅱ") == "|ii|"


def test_any_part_of_a_name_pinyin_and_initials(desk: Desk) -> None:
    filed(desk, "努尔艾力·吐尔洪江", other_name="阿力")
    filed(desk, "单晓岚")
    desk.children.enrol(light("贺兰朵"))
    for words in (
        "努尔",
        "吐尔洪",
        "努尔艾力·吐尔洪江",
        "努尔艾力 吐尔",
        "艾力•吐",
        "阿力",
        "nuerai",
        "NEALTEHJ",
        "al",
    ):
        assert found(desk, words) == ["努尔艾力·吐尔洪江"], words
    for words in ("单", "晓岚", "sxl", "dxl", "shan xiao lan", "danxiao"):
        assert found(desk, words) == ["单晓岚"], words
    assert found(desk, "2026-0003") == ["贺兰朵"]
    assert found(desk, "乙-2026-0001") == ["努尔艾力·吐尔洪江"]
    assert found(desk, "没有") == []
    assert found(desk, "%") == found(desk, "_") == []


def test_numbers_phones_and_guardians(desk: Desk) -> None:
    one = filed(desk, "努尔艾力·吐尔洪江", order=1, phone="13900000002")
    desk.children.enrol(
        light("贺兰朵", guardian_name="阿瓦古丽·贺", guardian_relation="62", guardian_phone="13811112222")
    )
    number = desk.children.load(one).id_no or ""
    assert found(desk, number[-4:]) == ["努尔艾力·吐尔洪江"]
    assert found(desk, number) == ["努尔艾力·吐尔洪江"]
    assert found(desk, "650199") == []
    assert found(desk, "0000002") == ["努尔艾力·吐尔洪江"]
    assert found(desk, "1111222") == ["贺兰朵"]
    assert found(desk, "瓦古丽") == found(desk, "阿瓦古丽贺") == ["贺兰朵"]
    desk.children.enrol(light("马晓朵", guardian_name="马某", guardian_relation="51", guardian_phone="0991-1234567"))
    assert found(desk, "0991-1234567") == found(desk, "09911234567") == found(desk, "1-123") == ["马晓朵"]


def test_children_sort_by_pinyin_and_otherwise(desk: Desk) -> None:
    for name, year in (("曾阿朵", 2014), ("阿依努", 2018), ("单晓岚", 2012)):
        desk.children.enrol(light(name, birth_date=date(year, 1, 1)))
    assert names(desk.children, ChildQuery()) == ["阿依努", "单晓岚", "曾阿朵"]
    assert names(desk.children, ChildQuery(sort="age")) == ["阿依努", "曾阿朵", "单晓岚"]
    assert names(desk.children, ChildQuery(sort="file_no", descending=True)) == ["单晓岚", "阿依努", "曾阿朵"]
    for sort in ("community_name", "worker_name", "status", "sex", "record_level"):
        assert len(names(desk.children, ChildQuery(sort=sort))) == 3


def test_filters(desk: Desk) -> None:
    place = community(desk, "胡杨社区")
    poor = filed(desk, "贫某", Category.POVERTY)
    orphan = filed(desk, "孤某", Category.ORPHAN, birth=date(2009, 5, 20), community_id=place)
    gone = filed(desk, "走某", Category.IMPROPER_GUARDIANSHIP)
    desk.children.leave(gone, date(2026, 6, 1), ExitReason.MOVED)
    desk.children.enrol(light("活某", birth_date=date(2021, 1, 1)))
    for query, wanted in (
        (ChildQuery(category=Category.POVERTY), ["贫某"]),
        (ChildQuery(category=Category.HIV), []),
        (ChildQuery(colour=Colour.BLUE), ["孤某", "贫某"]),
        (ChildQuery(colour=Colour.YELLOW), ["走某"]),
        (ChildQuery(community_id=place), ["孤某"]),
        (ChildQuery(worker_id=desk.actor.staff_id), ["孤某", "贫某", "走某"]),
        (ChildQuery(band=AgeBand.TO_5), ["活某"]),
        (ChildQuery(band=AgeBand.FROM_16), ["孤某"]),
        (ChildQuery(in_stock=True), ["孤某", "贫某"]),
        (ChildQuery(in_stock=False), ["走某"]),
        (ChildQuery(record_level=RecordLevel.LIGHT), ["活某"]),
        (ChildQuery(record_level=RecordLevel.FULL, band=AgeBand.TO_13), ["贫某", "走某"]),
    ):
        assert names(desk.children, query) == wanted, query
    level = desk.child_files.risk_levels(poor)[0]
    desk.child_files.rate(replace(level, uuid="a" * 32, colour=Colour.RED, reason="情形变化"))
    assert names(desk.children, ChildQuery(colour=Colour.RED)) == ["贫某"]
    assert names(desk.children, ChildQuery(colour=Colour.BLUE)) == ["孤某"]
    assert [(r.category, r.colour) for r in desk.children.rows([orphan])] == [(Category.ORPHAN, Colour.BLUE)]


# --- who finds whom ------------------------------------------------------------------------------


@pytest.fixture
def worker(desk: Desk) -> Actor:
    return colleague(desk, Role.SOCIAL_WORKER)


def test_a_social_worker_lists_all_and_sees_into_their_own(desk: Desk, worker: Actor) -> None:
    filed(desk, "己某", worker_id=worker.staff_id, order=1, phone="13900000002")
    filed(desk, "他某", order=3, phone="13900000003")
    store = as_seen_by(desk, worker, ChildStore)
    assert names(store, ChildQuery()) == ["己某", "他某"]
    mine, other = store.rows(store.find(ChildQuery()))
    assert (mine.category, mine.colour, mine.own) == (Category.POVERTY, Colour.BLUE, True)
    assert (other.category, other.colour, other.own) == (None, None, False)
    assert (other.age, other.community_name) == (11, "红柳社区")
    # Neither filters nor words reach into what is not shown.
    assert names(store, ChildQuery(category=Category.POVERTY)) == ["己某"]
    assert names(store, ChildQuery(colour=Colour.BLUE)) == ["己某"]
    assert names(store, ChildQuery(words="1390000000")) == ["己某"]
    loaded = store.load(other.id)
    assert (loaded.name, loaded.id_no, loaded.phone, loaded.birth_date, loaded.residence) == (
        "他某",
        None,
        None,
        None,
        None,
    )
    assert store.load(mine.id).phone == "13900000002"
    assert (store.enrolments(other.id), store.household(other.id), store.siblings(other.id)) == ((), None, ())


def test_emergency_opens_the_personal_but_not_the_restricted_and_only_to_read(desk: Desk, worker: Actor) -> None:
    number = filed(desk, "他某", order=3, phone="13900000003")
    desk.child_files.save_category(category(Category.VICTIM, child_id=number))
    store = as_seen_by(desk, worker, ChildStore)
    worker.breaker.start()
    assert store.load(number).phone == "13900000003"
    [row] = store.rows(store.find(ChildQuery(words="13900000003")))
    assert row.category is Category.POVERTY
    assert names(store, ChildQuery(category=Category.VICTIM)) == []
    alone = desk.children.enrol(light("贺兰朵"))
    for opened in (number, alone):
        with pytest.raises(Denied):
            store.save(store.load(opened))
    worker.breaker.stop()
    assert store.save(store.load(alone)) == alone
    assert store.load(number).phone is None


def test_a_counsellor_knows_of_nobody_but_clients(desk: Desk) -> None:
    counsellor = colleague(desk, Role.COUNSELLOR)
    client = filed(desk, "己某", counsellor_id=counsellor.staff_id)
    other = filed(desk, "他某")
    store = as_seen_by(desk, counsellor, ChildStore)
    assert names(store, ChildQuery()) == ["己某"]
    assert names(store, ChildQuery(words="他")) == []
    assert store.rows([client, other])[0].id == client
    assert store.load(client).name == "己某"
    for door in (store.load, store.household, store.enrolments, store.siblings):
        with pytest.raises(Missing) as missing:
            door(other)
        with pytest.raises(Missing) as never:
            door(4242)
        assert missing.value.say() == never.value.say()
    with pytest.raises(Denied):
        store.save(store.load(client))


def test_a_clerk_sees_masks_and_searches_nothing_behind_them(desk: Desk) -> None:
    clerk = colleague(desk, Role.CLERK)
    number = filed(desk, "他某", order=3, phone="13900000003")
    store = as_seen_by(desk, clerk, ChildStore)
    masked = "650199" + "*" * 8 + (desk.children.load(number).id_no or "")[-4:]
    shown = store.load(number)
    assert (shown.id_no, shown.phone, shown.birth_date) == (masked, "139****0003", None)
    assert names(store, ChildQuery(words="他")) == ["他某"]
    assert names(store, ChildQuery(words=masked[-4:])) == []
    assert names(store, ChildQuery(words="13900000003")) == []
    assert names(store, ChildQuery(category=Category.POVERTY)) == names(store, ChildQuery(colour=Colour.BLUE)) == []
    [row] = store.rows([number])
    assert (row.age, row.category, row.colour) == (11, None, None)


def test_a_reviewer_has_no_children_at_all(desk: Desk) -> None:
    number = filed(desk)
    store = as_seen_by(desk, colleague(desk, Role.REVIEWER), ChildStore)
    for door in (lambda: store.find(ChildQuery()), lambda: store.rows([number]), lambda: store.load(number)):
        with pytest.raises(Denied):
            door()


def test_masks_are_never_written_back(desk: Desk, worker: Actor) -> None:
    clerk = colleague(desk, Role.CLERK, "马晓岚")
    number = desk.children.enrol(light("贺兰朵"))
    whole = replace(desk.children.load(number), phone="13900000003", residence="某路1号")
    desk.children.save(whole)
    for actor in (clerk, worker):
        store = as_seen_by(desk, actor, ChildStore)
        shown = store.load(number)
        assert shown.phone != "13900000003"
        store.save(replace(shown, other_name=f"小朵{actor.role.code}", residence="别处"))
        kept = desk.children.load(number)
        assert (kept.phone, kept.residence, kept.birth_date) == ("13900000003", "某路1号", whole.birth_date)
        assert kept.other_name == f"小朵{actor.role.code}"
    full = filed(desk, "他某")
    for actor in (clerk, worker):
        store = as_seen_by(desk, actor, ChildStore)
        with pytest.raises(Denied):
            store.save(store.load(full))


def test_nobody_gives_themselves_a_child(desk: Desk, worker: Actor) -> None:
    number = desk.children.enrol(light("贺兰朵"))
    store = as_seen_by(desk, worker, ChildStore)
    with pytest.raises(Denied):
        store.save(replace(store.load(number), worker_id=worker.staff_id))
    desk.children.save(replace(desk.children.load(number), worker_id=worker.staff_id))
    assert store.load(number).birth_date is not None
    mine = store.enrol(light("贺兰月"))
    assert store.load(mine).worker_id == worker.staff_id


def test_a_restricted_category_is_hidden_wherever_it_would_show(desk: Desk, worker: Actor) -> None:
    number = filed(desk, "己某", Category.HIV, worker_id=worker.staff_id)
    other = filed(desk, "他某", Category.HIV)
    store = as_seen_by(desk, worker, ChildStore)
    worker.breaker.start()
    assert [row.category for row in store.rows([number, other])] == [Category.HIV, Category.OTHER]
    assert names(store, ChildQuery(category=Category.HIV)) == ["己某"]
    assert names(store, ChildQuery(category=Category.OTHER)) == ["他某"]
    assert [row.category for row in desk.children.rows([number, other])] == [Category.HIV, Category.HIV]
    assert names(desk.children, ChildQuery(category=Category.OTHER)) == []


def test_looking_and_searching_are_noted_without_what_was_looked_for(desk: Desk) -> None:
    number = filed(desk, "努尔艾力·吐尔洪江")
    desk.children.find(ChildQuery(words="努尔"))
    desk.children.load(number)
    with desk.opened.database.read() as session:
        rows = session.execute(text("SELECT action, kind, object_id, fields, result FROM audit ORDER BY seq")).all()
    assert [tuple(row[:3]) for row in rows][-2:] == [("SEARCH", "child", None), ("READ", "child", number)]
    assert "努尔" not in str(rows)
