"""What safety costs: the login, the audit of a save, a backup, a check of the audit, new keys."""

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.benchmarks.figures import Figure, several

_MAKE = """
import sys
from pathlib import Path
from stationdesk.db.keyring import Cost
from stationdesk.desk import prepare, set_up
from tests.stations import HEAD, PASSWORD, new_station
set_up(Path(sys.argv[2]), prepare(HEAD, PASSWORD, cost=Cost()), new_station(), any_folder=True).close()
"""

_LOGIN = """
import sys, time
from pathlib import Path
from stationdesk.desk import log_in, warm_up
from stationdesk.db.keyring import Cost, stretch
from tests.stations import HEAD, PASSWORD
warm_up()
best = [9.0, 9.0]
for _ in range(5):
    begin = time.perf_counter()
    desk = log_in(Path(sys.argv[2]), HEAD, PASSWORD, any_folder=True)
    best[0] = min(best[0], time.perf_counter() - begin)
    desk.close()
    begin = time.perf_counter()
    stretch(PASSWORD, bytes(16), Cost())
    best[1] = min(best[1], time.perf_counter() - begin)
print(*best)
"""

_SAVE = """
import sys, time
from dataclasses import replace
from pathlib import Path
from stationdesk.desk import log_in
from stationdesk.records.station import Community
from tests.stations import HEAD, PASSWORD
desk = log_in(Path(sys.argv[2]), HEAD, PASSWORD, any_folder=True)
journal = desk.opened.database.journal
number = desk.station.save_community(Community(name="红柳社区"))
took = {}
for turn in range(200):
    desk.opened.database.journal = journal if turn % 2 else None
    place = desk.station.load_community(number)
    begin = time.perf_counter()
    desk.station.save_community(replace(place, minors_count=turn))
    took.setdefault(turn % 2, []).append(time.perf_counter() - begin)
desk.opened.database.journal = journal
desk.close()
print(*(sorted(took[kind])[50] for kind in (1, 0)))
"""

_AUDIT = """
import hashlib, hmac, sys, time
from pathlib import Path
from stationdesk.db.audit import check_chain
from stationdesk.db.engine import Change
from stationdesk.desk import log_in
from tests.stations import HEAD, PASSWORD
desk = log_in(Path(sys.argv[2]), HEAD, PASSWORD, any_folder=True)
database = desk.opened.database
for _ in range(100):
    with database.write() as session:
        database.journal.keep(session, [Change("CHANGE", "booking", n, "title,start") for n in range(1000)])
begin = time.perf_counter()
report = check_chain(database)
took = time.perf_counter() - begin
assert report.sound and report.rows > 100_000
desk.close()
text = bytes(150)
begin = time.perf_counter()
for _ in range(report.rows):
    hmac.digest(bytes(32), text, "sha256")
print(took, time.perf_counter() - begin)
"""

_LARGE = """
import os, sys, time
from pathlib import Path
from stationdesk.backups import back_up
from stationdesk.db import keyring
from stationdesk.db.rotation import rotate
from stationdesk.desk import log_in
from tests.stations import HEAD, PASSWORD
data = Path(sys.argv[2])
desk = log_in(data, HEAD, PASSWORD, any_folder=True)
with desk.opened.database.whole() as connection:
    connection.exec_driver_sql(
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 25000) "
        "INSERT INTO draft SELECT 'x', printf('%032d', i), '', randomblob(3800) FROM n"
    )
size = desk.opened.database.path.stat().st_size
assert size > 100 << 20, size
begin = time.perf_counter()
content = desk.opened.database.path.read_bytes()
with (data / "bare").open("wb") as out:
    out.write(content)
    out.flush()
    os.fsync(out.fileno())
bare = time.perf_counter() - begin
(data / "bare").unlink()
begin = time.perf_counter()
back_up(desk)
backup = time.perf_counter() - begin
opened = desk.opened
ring, new = keyring.rotated(opened.ring)
begin = time.perf_counter()
rotate(opened.data, opened.database, opened.keys, ring, new)
print(backup, time.perf_counter() - begin, bare)
opened.database.journal = None
opened.close()
"""


def measure() -> Iterator[Figure]:
    """Each beside the least that any program would need for it."""
    with TemporaryDirectory(prefix="stationdesk-") as folder:
        data = str(Path(folder) / "station")
        several(_MAKE, data)
        took, bare = several(_LOGIN, data)
        yield Figure("login after Enter", took, "s", "one guess (Argon2id)", bare, limit=0.4)
        took, bare = several(_SAVE, data)
        yield Figure("a save with its audit", took * 1000, "ms", "the save without", bare * 1000, ratio=3.0)
        took, bare = several(_AUDIT, data)
        yield Figure("checking 100,000 lines of the audit", took, "s", "as many bare HMACs", bare, limit=1.0)
        backup, rotation, bare = several(_LARGE, data)
        yield Figure("backup and its trial, 100 MB", backup, "s", "a bare synced copy", bare, limit=5.0)
        yield Figure("new keys, 100 MB", rotation, "s", "a bare synced copy", bare, limit=3.0)
