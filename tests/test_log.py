"""The log says what happened and where, never what a record holds."""

import logging
from pathlib import Path

import pytest

from stationdesk import log
from stationdesk.errors import Problem, Refused

CANARY = "古丽娜尔650105201402280017"


def failing() -> None:
    try:
        raise ValueError(CANARY)
    except ValueError as cause:
        raise Refused(Problem("name", CANARY)) from cause


def caught() -> BaseException:
    try:
        failing()
    except Refused as error:
        return error
    raise AssertionError


def test_no_value_reaches_the_log_or_the_report(tmp_path: Path) -> None:
    log.set_up(tmp_path / "log")
    error = caught()
    log.logger.error("%s", log.report_code(error), exc_info=error)
    logging.shutdown()
    text = (tmp_path / "log" / "stationdesk.log").read_text(encoding="utf-8")
    assert log.report_code(error) in text
    assert "Refused" in text
    assert "ValueError" in text
    assert CANARY not in text + log.report_text(error, "1.0")


def test_the_code_is_the_same_each_time_and_another_elsewhere() -> None:
    codes = {log.report_code(caught()) for _ in range(2)}
    assert len(codes) == 1
    with pytest.raises(Refused) as elsewhere:
        failing()
    assert log.report_code(elsewhere.value) not in codes


def test_a_folder_that_takes_nothing_stops_nobody(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    log.set_up(tmp_path / "file" / "log")
    log.logger.error("said to nobody")


def test_a_switched_off_log_is_switched_on(tmp_path: Path) -> None:
    log.logger.disabled = True
    log.set_up(tmp_path)
    log.logger.error("heard")
    assert "heard" in (tmp_path / "stationdesk.log").read_text(encoding="utf-8")
