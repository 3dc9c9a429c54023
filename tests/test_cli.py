"""The command line as a scheduled task meets it: exit codes, what goes where, and no screen."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from stationdesk import cli, demonstration, desk, i18n
from stationdesk.demonstration import Demo
from stationdesk.records.access import Role
from tests.commands import UNTIL, Run, words_for
from tests.stations import HEAD, PASSWORD, at_desk, with_everyone

# --- words ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "words",
    [
        ["bogus"],
        ["report"],
        ["report", "2026-13"],
        ["report", "2026-1"],
        ["report", "202610"],
        ["report", "9999-01"],
        ["demo", "--scale", "huge"],
        ["demo", "--until", "2026-02-30"],
        ["demo", "--seed", "x"],
        ["export", "bookings", "a.ics"],
        ["export", "bookings", "a.ics", "--from", "today", "--to", "2026-01-01"],
        ["import"],
        ["import", "families", "a.xlsx"],
        ["import", "children", "a.xlsx", "--on-duplicate", "merge"],
        ["template", "bookings", "a.xlsx"],
        ["restore"],
        ["report", "2026-10", "--unknown"],
    ],
)
def test_wrong_words_are_a_usage_error_on_stderr(run: Run, words: list[str]) -> None:
    code, out, err = run(*words)
    assert code == 2
    assert out == ""
    assert "用法：" in err
    assert "命令写得不对" in err


@pytest.mark.parametrize("words", [["--help"], ["report", "--help"], ["demo", "-h"], ["import", "--help"]])
def test_help_is_in_chinese_and_says_only_what_there_is(run: Run, words: list[str]) -> None:
    code, out, err = run(*words)
    assert (code, err) == (0, "")
    assert "用法：" in out
    assert "usage" not in out
    assert "families" not in out


def test_help_names_the_exit_codes(run: Run) -> None:
    assert "退出码" in run("--help")[1]


def test_the_version_is_told(run: Run) -> None:
    assert run("--version") == (0, "0.1.0\n", "")


def test_without_words_the_window_opens_on_the_usual_folder(run: Run, tmp_path: Path) -> None:
    assert run()[0] == 0
    assert run("run", "--data", tmp_path / "other")[0] == 0
    assert run("--data", tmp_path / "other")[0] == 0
    assert run.opened == [tmp_path / "usual", tmp_path / "other", tmp_path / "other"]


def test_where_there_is_no_window_it_says_so() -> None:
    assert cli.main(["run"], None) == 2


def test_the_language_is_the_users(run: Run, tmp_path: Path) -> None:
    (tmp_path / "settings.json").write_text('{"language": "en"}', encoding="utf-8")
    try:
        run("--version")
        assert i18n.language() == "en"
    finally:
        i18n.use_language("zh_CN")


# --- who ------------------------------------------------------------------------------------------


def test_a_wrong_password_is_five(run: Run, real: Path) -> None:
    code, out, err = run("verify", *words_for(real), typed="wrong\n")
    assert (code, out, err) == (5, "", "用户名或口令错误。\n")


def test_the_user_has_to_be_named_where_nobody_can_be_asked(run: Run, real: Path) -> None:
    assert run("verify", "--data", real)[0] == 2
    code, _out, err = run("verify", "--data", real, "--user", HEAD)
    assert code == 2
    assert "--password-stdin" in err


def test_somebody_at_a_terminal_is_asked(run: Run, real: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run.at_terminal = True
    monkeypatch.setattr("stationdesk.cli.getpass.getpass", lambda *_words, **_more: PASSWORD)
    code, out, err = run("verify", "--data", real, typed=f"{HEAD}\n")
    assert code == 0
    assert out.startswith("OK")
    assert "用户名" in err


@pytest.mark.parametrize("end", ["", "\n", "\r\n"])
def test_the_password_is_the_first_line_however_it_ends(run: Run, real: Path, end: str) -> None:
    assert run("verify", *words_for(real), typed=PASSWORD + end)[0] == 0


def test_who_may_not_make_backups_may_not_here_either(run: Run, real: Path) -> None:
    head = at_desk(real)
    names = with_everyone(head)
    head.close()
    code, out, err = run("backup", *words_for(real, names[Role.CLERK]), typed=PASSWORD)
    assert (code, out) == (5, "")
    assert "权限" in err


def test_an_open_station_is_three(run: Run, real: Path) -> None:
    head = at_desk(real)
    try:
        assert run("verify", *words_for(real), typed=PASSWORD) == (3, "", "程序已在本机打开。\n")
    finally:
        head.close()


@pytest.mark.parametrize(
    ("content", "sentence"),
    [(b"", "不完整"), (b"SQLite format 3\x00" + bytes(4080), "未加密"), (bytes(8192), "不配套")],
)
def test_a_damaged_station_is_six(run: Run, real: Path, content: bytes, sentence: str) -> None:
    (real / "station.db").write_bytes(content)
    code, out, err = run("verify", *words_for(real), typed=PASSWORD)
    assert (code, out) == (6, "")
    assert sentence in err


def test_an_empty_folder_is_six_and_stays_empty(run: Run, tmp_path: Path) -> None:
    assert run("verify", *words_for(tmp_path / "none"), typed=PASSWORD)[0] == 6
    assert not (tmp_path / "none").exists()


def test_a_fault_of_ours_is_a_code_and_no_traceback(run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def broken(*_words: object, **_more: object) -> Demo:
        raise ZeroDivisionError("古丽娜尔")

    monkeypatch.setattr(demonstration, "open_demo", broken)
    code, out, err = run("demo", "--json")
    assert (code, out) == (1, "")
    assert "E-" in err
    assert "Traceback" not in err
    assert "古丽娜尔" not in err + (tmp_path / "log" / "stationdesk.log").read_text(encoding="utf-8")


# --- the demonstration ---------------------------------------------------------------------------


def test_the_demonstration_tells_what_a_test_rig_needs(run: Run, tmp_path: Path) -> None:
    target = tmp_path / "d"
    code, out, _err = run("demo", "--data", target, "--scale", "typical", "--seed", 5, "--until", UNTIL, "--json")
    told = json.loads(out)
    assert code == 0
    assert told["data"] == str(target)
    assert told["months"][-1] == "2026-10"
    assert {user["role"] for user in told["users"]} == {role.code for role in Role}
    user = told["users"][0]
    desk.log_in(target, user["name"], user["password"], any_folder=True).close()
    assert run.opened == []
    assert not list(target.glob("*.pdf"))


def test_the_demonstration_prints_its_last_whole_month(run: Run, demo: Demo) -> None:
    code, out, err = run("demo", "--data", demo.data)
    assert code == 0
    pdf = demo.data / "未保月报_2026-10.pdf"
    assert pdf.read_bytes().startswith(b"%PDF-")
    assert str(pdf) in err
    assert demo.head.password in out
    pdf.unlink()


def test_the_demonstration_prints_the_month_asked_for_to_the_file_named(
    run: Run, demo: Demo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DISPLAY", ":0")
    words = ("demo", "--data", demo.data, "--report", "2026-03", "--pdf", tmp_path / "m.pdf", "--json")
    code, out, _err = run(*words)
    assert code == 0
    assert json.loads(out)["months"]
    assert (tmp_path / "m.pdf").stat().st_size > 5000
    assert run.opened == []


def test_the_demonstration_opens_its_window_where_there_is_a_screen(
    run: Run, demo: Demo, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DISPLAY", ":0")
    assert run("demo", "--data", demo.data)[0] == 0
    assert run.opened == [demo.data]


def test_a_real_station_is_not_made_a_demonstration(run: Run, real: Path) -> None:
    before = {file.name: file.read_bytes() for file in real.iterdir()}
    code, out, err = run("demo", "--data", real, "--json")
    assert (code, out) == (4, "")
    assert "未改动" in err
    assert {file.name: file.read_bytes() for file in real.iterdir()} == before


# --- reports -------------------------------------------------------------------------------------


def test_the_report_is_a_table_of_text_unless_a_file_is_named(run: Run, person: Callable[..., dict[str, Any]]) -> None:
    who = person()
    code, out, err = run("report", "2026-10", *who["words"], typed=who["typed"])
    assert (code, err) == (0, "")
    lines = out.splitlines()
    assert lines[0] == "雪岭区云杉街道未成年人保护工作站 2026-10"
    assert any(line.startswith("M01") for line in lines)


def test_the_report_goes_to_all_files_named_and_stdout_stays_empty(
    run: Run, person: Callable[..., dict[str, Any]], tmp_path: Path
) -> None:
    who = person(Role.CLERK)
    files = {name: tmp_path / f"月报.{name}" for name in ("pdf", "xlsx", "json")}
    words = [word for name, file in files.items() for word in (f"--{name}", file)]
    code, out, _err = run("report", "2026-10", *who["words"], *words, typed=who["typed"])
    assert (code, out) == (0, "")
    assert files["pdf"].read_bytes().startswith(b"%PDF-")
    assert files["xlsx"].read_bytes().startswith(b"PK")
    told = json.loads(files["json"].read_text(encoding="utf-8"))
    assert told["period"] == {"month": "2026-10", "first": "2026-10-01", "last": "2026-10-31"}
    assert sorted(file.name for file in tmp_path.iterdir() if file.suffix == ".partial") == []


def test_the_report_as_json_on_stdout_is_json_and_nothing_else(run: Run, person: Callable[..., dict[str, Any]]) -> None:
    who = person(Role.REVIEWER)
    code, out, _err = run("report", "2026-10", "--json", "-", *who["words"], typed=who["typed"])
    told = json.loads(out)
    assert code == 0
    assert set(told) == {"station", "period", "revision", "rows"}
    assert {"code", "label", "unit", "month", "year"} == set(told["rows"][0])


def test_a_month_to_come_is_refused(run: Run, person: Callable[..., dict[str, Any]]) -> None:
    who = person()
    code, out, err = run("report", "2027-01", *who["words"], typed=who["typed"])
    assert (code, out) == (4, "")
    assert err.endswith("。\n")


def test_a_place_that_takes_no_file_is_six(run: Run, person: Callable[..., dict[str, Any]], tmp_path: Path) -> None:
    who = person()
    words = ("--pdf", tmp_path / "nowhere" / "a.pdf")
    code, out, err = run("report", "2026-10", *words, *who["words"], typed=who["typed"])
    assert (code, out) == (6, "")
    assert "读写失败" in err


# --- bookings ------------------------------------------------------------------------------------

_EVENT = """BEGIN:VEVENT
UID:{number}@test
DTSTART;TZID=Asia/Shanghai:{start}
DTEND;TZID=Asia/Shanghai:{end}
SUMMARY:{title}
LOCATION:{room}
END:VEVENT
"""


def calendar(*events: tuple[str, str, str]) -> str:
    body = "".join(
        _EVENT.format(
            number=n, start=f"{start}00", end=f"{start[:-4]}{int(start[-4:]) + 100:04d}00", title=t, room=room
        )
        for n, (start, t, room) in enumerate(events)
    )
    return f"BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//t//\n{body}END:VCALENDAR\n".replace("\n", "\r\n")


def test_what_is_exported_is_imported_into_another_station(
    run: Run, person: Callable[..., dict[str, Any]], real: Path, tmp_path: Path
) -> None:
    who, file = person(), tmp_path / "一周.ics"
    words = ("export", "bookings", file, "--from", "2026-11-25", "--to", "2026-11-27")
    code, out, err = run(*words, *who["words"], typed=who["typed"])
    assert (code, out) == (0, "")
    count = file.read_bytes().count(b"BEGIN:VEVENT")
    assert f"{count}个" in err
    code, out, err = run("import", "bookings", file, "--dry-run", *words_for(real), typed=PASSWORD)
    assert (code, out) == (0, "")
    assert f"可以导入{count}个" in err
    assert f"已导入{count}个" in run("import", "bookings", file, *words_for(real), typed=PASSWORD)[2]
    code, out, err = run("import", "bookings", file, *words_for(real), typed=PASSWORD)
    assert (code, out) == (4, "")


def test_every_event_that_will_not_do_is_named_by_its_number_and_none_is_booked(
    run: Run, real: Path, tmp_path: Path
) -> None:
    file = tmp_path / "a.ics"
    events = [
        ("20261125T1000", "好的", "国学教室"),
        ("20261125T1000", "同时", "国学教室"),
        ("20261125T1000", "没有这间", "天文台"),
        ("20261125T0300", "太早", "手工室"),
    ]
    file.write_text(calendar(*events), encoding="utf-8", newline="")
    code, out, err = run("import", "bookings", file, *words_for(real), typed=PASSWORD)
    assert (code, out) == (4, "")
    assert [line[:6] for line in err.splitlines()] == ["第2个事件：", "第3个事件：", "第4个事件："]
    file.write_text(calendar(events[0]), encoding="utf-8", newline="")
    assert run("import", "bookings", file, *words_for(real), typed=PASSWORD)[0] == 0


def test_a_file_that_is_no_calendar_is_refused(run: Run, real: Path, tmp_path: Path) -> None:
    (tmp_path / "a.ics").write_bytes(b"\x00\x01")
    assert run("import", "bookings", tmp_path / "a.ics", *words_for(real), typed=PASSWORD)[0] == 4


def test_a_file_that_is_not_there_is_six(run: Run, real: Path, tmp_path: Path) -> None:
    code, _out, err = run("import", "bookings", tmp_path / "none.ics", *words_for(real), typed=PASSWORD)
    assert code == 6
    assert "none.ics" in err


def test_days_in_the_wrong_order_are_refused(run: Run, real: Path, tmp_path: Path) -> None:
    words = ("export", "bookings", tmp_path / "a.ics", "--from", "2026-11-27", "--to", "2026-11-25")
    assert run(*words, *words_for(real), typed=PASSWORD)[0] == 4
    assert not (tmp_path / "a.ics").exists()


def test_a_reviewer_exports_but_does_not_import(
    run: Run, person: Callable[..., dict[str, Any]], tmp_path: Path
) -> None:
    who, file = person(Role.REVIEWER), tmp_path / "a.ics"
    words = ("export", "bookings", file, "--from", "2026-11-25", "--to", "2026-11-25")
    assert run(*words, *who["words"], typed=who["typed"])[0] == 0
    assert run("import", "bookings", file, *who["words"], typed=who["typed"])[0] == 5


# --- backups -------------------------------------------------------------------------------------


def test_a_backup_is_made_checked_and_restored(run: Run, real: Path, tmp_path: Path) -> None:
    code, out, _err = run("backup", "--to", tmp_path / "b", *words_for(real), typed=PASSWORD)
    file = Path(out.strip())
    assert code == 0
    assert file.parent == tmp_path / "b"
    code, out, _err = run("verify", file)
    assert code == 0
    assert out.startswith("OK：甲区乙街道未成年人保护工作站")
    assert run("restore", file, *words_for(real), typed="wrong")[0] == 5
    code, out, err = run("restore", file, *words_for(real), typed=PASSWORD)
    assert (code, out) == (0, "")
    assert "damaged-" in err
    assert run("verify", *words_for(real), typed=PASSWORD)[0] == 0


def test_a_damaged_backup_is_six_and_a_missing_one_is_refused(run: Run, real: Path, tmp_path: Path) -> None:
    (tmp_path / "a.sdbak").write_bytes(b"PK\x03\x04 nothing")
    assert run("verify", tmp_path / "a.sdbak")[0] == 6
    assert run("restore", tmp_path / "a.sdbak", *words_for(real), typed=PASSWORD)[0] == 6
    assert run("verify", tmp_path / "none.sdbak")[0] == 4
    assert run("restore", tmp_path / "none.sdbak", *words_for(real), typed=PASSWORD)[0] == 4
    at_desk(real).close()


# --- no screen -----------------------------------------------------------------------------------

_SCREENLESS = """
import io, sys
from stationdesk import __main__, cli
data, name, password, folder = sys.argv[1:]
who = ["--data", data, "--user", name, "--password-stdin"]
verbs = [
    ["demo", "--data", data, "--json"],
    ["report", "2026-10", *who, "--pdf", folder + "/a.pdf", "--xlsx", folder + "/a.xlsx", "--json", folder + "/a.json"],
    ["export", "bookings", folder + "/a.ics", "--from", "2026-11-25", "--to", "2026-11-25", *who],
    ["backup", "--to", folder, *who],
    ["verify", *who],
]
for words in verbs:
    sys.stdin = io.StringIO(password)
    assert cli.main(words, __main__._window) == 0, words
assert not [name for name in sys.modules if name.startswith("PySide6")]
"""


def test_no_command_loads_qt(demo: Demo, tmp_path: Path) -> None:
    command = [sys.executable, "-c", _SCREENLESS, str(demo.data), demo.head.name, demo.head.password, str(tmp_path)]
    home = {name: value for name, value in os.environ.items() if name not in ("DISPLAY", "QT_QPA_PLATFORM")}
    home |= {"HOME": str(tmp_path), "PYTHONPATH": os.pathsep.join(sys.path), "PYTHONUTF8": "1"}
    done = subprocess.run(command, env=home, capture_output=True, text=True, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stderr


def test_a_console_that_cannot_write_chinese_still_gets_its_answer(demo: Demo, tmp_path: Path) -> None:
    home = {"HOME": str(tmp_path), "PYTHONPATH": os.pathsep.join(sys.path), "PYTHONIOENCODING": "ascii"}
    command = [sys.executable, "-m", "stationdesk", "demo", "--data", str(demo.data / "station.db"), "--json"]
    done = subprocess.run(command, env={**os.environ, **home}, capture_output=True, check=False)
    assert done.returncode == 4
    assert b"\\u" in done.stderr
