"""One's own password through its own door."""

from dataclasses import replace

from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from stationdesk.desk import Desk, log_in
from stationdesk.ui.jobs import Jobs
from stationdesk.ui.passwords import own_password
from tests.stations import HEAD, PASSWORD

NEW = "另一句只有自己知道的话 77"


def test_each_mistake_is_told_and_then_it_is_changed(desk: Desk, jobs: Jobs, qtbot: QtBot, box: QWidget) -> None:
    dialog = own_password(desk, jobs, box)
    dialog.open()
    for old, new, again, said in (
        ("", "", "", "请填写"),
        (PASSWORD, NEW, NEW + "。", "不一样"),
        ("不是这个口令，也够长了吧", NEW, NEW, "现在的口令不对"),
        (PASSWORD, "太短", "太短", "至少12个字"),
        (PASSWORD, PASSWORD, PASSWORD, "与旧口令相同"),
        (PASSWORD, desk.station_name, desk.station_name, "还要有别的内容"),
        (PASSWORD, "123456789012", "123456789012", "太常见"),
    ):
        dialog.old.setText(old)
        dialog.new.setText(new)
        dialog.again.setText(again)
        dialog.problem.clear()
        dialog.save()
        qtbot.waitUntil(lambda said=said: said in dialog.problem.text())  # type: ignore[misc]
    dialog.old.setText(PASSWORD)
    dialog.new.setText(NEW)
    dialog.again.setText(NEW)
    with qtbot.waitSignal(dialog.changed):
        dialog.save()
    assert (dialog.old.text(), dialog.new.text(), dialog.again.text()) == ("", "", "")
    data = desk.data
    qtbot.waitUntil(lambda: jobs.idle)
    desk.close()
    log_in(data, HEAD, NEW, any_folder=True).close()


def test_the_strict_rules_ask_for_kinds_and_remember_five(desk: Desk, jobs: Jobs, qtbot: QtBot, box: QWidget) -> None:

    desk.safety.save_settings(replace(desk.safety.settings(), strict_passwords=True))
    passwords = [PASSWORD, *(f"第{number}句 Abc 很长的口令" for number in range(2))]

    def change(old: str, new: str) -> str:
        dialog = own_password(desk, jobs, box)
        dialog.open()
        dialog.old.setText(old)
        dialog.new.setText(new)
        dialog.again.setText(new)
        dialog.save()
        qtbot.waitUntil(lambda: jobs.idle)
        said = dialog.problem.text()
        dialog.reject()
        return said

    assert "三类" in change(passwords[0], "只有汉字没有别的一句很长的话")
    assert change(passwords[0], passwords[1]) == ""
    assert change(passwords[1], passwords[2]) == ""
    assert "最近5次" in change(passwords[2], passwords[1])
