"""Half-typed forms survive a lock and a crash, and come back to the same person only."""

import shutil
from dataclasses import replace
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from stationdesk.desk import Desk
from stationdesk.records.access import Role
from stationdesk.records.assessment_forms import Answers, AssessmentKind, unanswered
from stationdesk.records.bookings import BookingQuery, Purpose
from stationdesk.records.calendar import DEFAULT_HOURS
from stationdesk.records.drafts import Draft
from stationdesk.records.rooms import Equipment
from stationdesk.records.staff import Tier
from stationdesk.ui import drafts
from stationdesk.ui.assessments import AnswersEditor
from stationdesk.ui.booking_form import BookingDialog
from stationdesk.ui.bookings import BookingsPage
from stationdesk.ui.drafts import DraftsDialog, retype, typed
from stationdesk.ui.editors import (
    BoolEditor,
    ChoiceEditor,
    CodeEditor,
    DateEditor,
    DateTimeEditor,
    ManyCodesEditor,
    TextEditor,
    TimeEditor,
)
from stationdesk.ui.forms import FormDialog
from stationdesk.ui.hours import HoursEditor
from stationdesk.ui.jobs import Jobs
from stationdesk.ui.safety import FolderEditor
from stationdesk.ui.settings_page import SettingsPage
from stationdesk.ui.ticks import TickEditor
from tests.children import answers
from tests.db.test_bookings import booking
from tests.stations import HEAD, at_desk, with_everyone


def answering(box: QWidget) -> AnswersEditor:
    """An editor that shows an empty form."""
    editor = AnswersEditor(box)
    editor.set_value(unanswered(AssessmentKind.GUARDIANSHIP))
    return editor


EDITORS: list[tuple[Any, Any]] = [
    (TextEditor, "两行\n字"),
    (BoolEditor, True),
    (lambda box: ChoiceEditor([(1, "甲"), (2, "乙")], box, "（未定）"), 2),
    (lambda box: ChoiceEditor([(1, "甲"), (2, "乙")], box, "（未定）"), None),
    (lambda box: CodeEditor(Tier, box, optional=True), Tier.CHILD_DIRECTOR),
    (lambda box: ManyCodesEditor(Equipment, box), tuple(Equipment)[:2]),
    (lambda box: TickEditor([(1, "甲"), (2, "乙"), (3, "丙")], box, "（没有）"), (1, 3)),
    (lambda box: DateEditor(box, optional=True), date(2026, 2, 28)),
    (lambda box: DateEditor(box, optional=True), None),
    (DateTimeEditor, datetime(2026, 2, 28, 9, 35)),
    (TimeEditor, time(23, 55)),
    (lambda box: HoursEditor(box, optional=True), DEFAULT_HOURS),
    (FolderEditor, "/media/备份"),
    (answering, answers(AssessmentKind.GUARDIANSHIP, "GOOD", "POOR", "NONE")),
    (answering, Answers("GUARDIANSHIP", 1, (("INCOME", "FAIR"),))),
]


@pytest.mark.parametrize(("make", "value"), EDITORS, ids=range(len(EDITORS)))
def test_what_an_editor_shows_can_be_shown_again(make: Any, value: Any, box: QWidget) -> None:
    first, second = make(box), make(box)
    first.set_value(value)
    retype(second, typed(first))
    assert second.value() == value


def test_what_cannot_be_read_is_kept_too(desk: Desk, jobs: Jobs, qtbot: QtBot) -> None:
    page, dialog = new_room(desk, jobs, qtbot)
    dialog._form.editor("capacity").setText("二十")
    dialog._keeper.keep()
    qtbot.waitUntil(lambda: jobs.idle)
    dialog.let_go()
    (draft,) = desk.drafts.mine()
    page.reopen(draft, "rooms")
    again = visible_form(page, qtbot)
    assert again._form.editor("capacity").text() == "二十"
    again.let_go()


def visible_form(page: QWidget, qtbot: QtBot) -> Any:
    qtbot.waitUntil(lambda: any(d.isVisible() for d in page.findChildren(FormDialog)))
    return next(d for d in page.findChildren(FormDialog) if d.isVisible())


def new_room(desk: Desk, jobs: Jobs, qtbot: QtBot) -> tuple[SettingsPage, Any]:
    page = SettingsPage(desk, jobs)
    qtbot.addWidget(page)
    page.show()
    page.open_section("rooms").new()
    return page, visible_form(page, qtbot)


def test_a_form_is_kept_three_seconds_after_the_first_letter(
    desk: Desk, jobs: Jobs, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert drafts.KEEP_MS == 3000
    monkeypatch.setattr(drafts, "KEEP_MS", 30)
    _page, dialog = new_room(desk, jobs, qtbot)
    dialog._form.editor("name").setText("陶艺")
    qtbot.waitUntil(lambda: len(desk.drafts.mine()) == 1)
    dialog._form.editor("name").setText("陶艺室")
    qtbot.waitUntil(lambda: desk.drafts.mine()[0].state["name"] == ["陶艺室"])
    # Saved, it is a draft no more.
    dialog._form.editor("capacity").setText("20")
    with qtbot.waitSignal(dialog.saved):
        dialog.save()
    qtbot.waitUntil(lambda: jobs.idle)
    assert desk.drafts.mine() == ()


def test_saying_no_to_it_throws_it_away(desk: Desk, jobs: Jobs, qtbot: QtBot, answers: list[Any]) -> None:
    _page, dialog = new_room(desk, jobs, qtbot)
    dialog._form.editor("name").setText("陶艺室")
    dialog._keeper.keep()
    answers.append("drop")
    dialog.close()
    qtbot.waitUntil(lambda: jobs.idle)
    assert desk.drafts.mine() == ()


def test_it_is_read_by_nobody_else(desk: Desk, jobs: Jobs, qtbot: QtBot) -> None:
    with_everyone(desk)
    _page, dialog = new_room(desk, jobs, qtbot)
    dialog._form.editor("name").setText("陶艺室")
    dialog.let_go()
    qtbot.waitUntil(lambda: jobs.idle)
    data = desk.data
    desk.close()
    other = at_desk(data, Role.SUPERVISOR.code.lower())
    assert other.drafts.mine() == ()
    other.close()
    same = at_desk(data)
    assert [draft.title for draft in same.drafts.mine()] == ["场地"]
    same.close()


def test_a_draft_does_not_undo_what_somebody_else_changed(desk: Desk, jobs: Jobs, qtbot: QtBot) -> None:
    page = SettingsPage(desk, jobs)
    qtbot.addWidget(page)
    page.show()
    room = desk.rooms.all_rooms()[0]
    page.open_section("rooms").open_record(room.id)
    dialog = visible_form(page, qtbot)
    dialog._form.editor("location").setText("三楼")
    dialog.let_go()
    qtbot.waitUntil(lambda: jobs.idle)
    desk.rooms.save(replace(room, capacity=77))
    (draft,) = desk.drafts.mine()
    page.reopen(draft, "rooms")
    again = visible_form(page, qtbot)
    with qtbot.waitSignal(again.saved):
        again.save()
    saved = desk.rooms.load(room.id or 0)
    assert (saved.location, saved.capacity) == ("三楼", 77)
    qtbot.waitUntil(lambda: jobs.idle)


def test_the_profile_on_its_page_is_kept_too(desk: Desk, jobs: Jobs, qtbot: QtBot) -> None:
    page = SettingsPage(desk, jobs)
    qtbot.addWidget(page)
    page.show()
    qtbot.waitUntil(lambda: jobs.idle)
    page.open_section("station").form.editor("hotline").setText("0991-0000002")
    page.let_go()
    qtbot.waitUntil(lambda: jobs.idle)
    (draft,) = desk.drafts.mine()
    fresh = SettingsPage(desk, jobs)
    qtbot.addWidget(fresh)
    fresh.show()
    fresh.reopen(draft, "station")
    qtbot.waitUntil(lambda: jobs.idle)
    section = fresh.open_section("station")
    qtbot.waitUntil(lambda: jobs.idle)
    assert section.form.editor("hotline").text() == "0991-0000002"
    section.save()
    qtbot.waitUntil(lambda: jobs.idle)
    assert desk.drafts.mine() == ()
    assert desk.station.profile().hotline == "0991-0000002"


def diary(desk: Desk, jobs: Jobs, qtbot: QtBot) -> BookingsPage:
    page = BookingsPage(desk, jobs)
    qtbot.addWidget(page)
    page.resize(1100, 800)
    page.show()
    qtbot.waitUntil(lambda: jobs.idle)
    return page


def test_a_new_series_comes_back_whole(desk: Desk, jobs: Jobs, qtbot: QtBot) -> None:
    page = diary(desk, jobs, qtbot)
    page._new(None, datetime(2026, 11, 25, 16), datetime(2026, 11, 25, 17))
    dialog = visible_form(page, qtbot)
    assert isinstance(dialog, BookingDialog)
    dialog.form.editor("title").setText("剪纸课")
    dialog.form.editor("purpose").set_value(Purpose.CLASS)
    dialog.form.editor("expected_count").setText("8")
    assert dialog.box is not None
    dialog.box.repeat.setChecked(True)
    dialog.box.rule.editor("until").set_value(date(2026, 12, 9))
    dialog.let_go()
    qtbot.waitUntil(lambda: jobs.idle)
    (draft,) = desk.drafts.mine()
    page.reopen(draft, "")
    again = visible_form(page, qtbot)
    assert again.box.repeat.isChecked()
    qtbot.waitUntil(lambda: jobs.idle)
    with qtbot.waitSignal(again.saved):
        again.save()
    qtbot.waitUntil(lambda: jobs.idle)
    assert len(desk.bookings.find(BookingQuery(words="剪纸课"))) == 3
    assert desk.drafts.mine() == ()


def test_an_old_booking_comes_back(desk: Desk, jobs: Jobs, qtbot: QtBot) -> None:
    number = desk.bookings.book(booking(desk, "手工室", 25, 16))
    page = diary(desk, jobs, qtbot)
    page._open(number)
    dialog = visible_form(page, qtbot)
    dialog.form.editor("title").setText("改了一半")
    dialog.let_go()
    qtbot.waitUntil(lambda: jobs.idle)
    (draft,) = desk.drafts.mine()
    page.reopen(draft, "")
    again = visible_form(page, qtbot)
    assert again.form.editor("title").text() == "改了一半"
    again.let_go()
    qtbot.waitUntil(lambda: jobs.idle)


def test_drafts_are_chosen_and_thrown_away(desk: Desk, jobs: Jobs, qtbot: QtBot, box: QWidget) -> None:
    for number in ("a", "b"):
        draft = Draft(uuid=number * 32, place="settings/rooms", title="场地", record_id=None, state={"name": ["甲"]})
        desk.drafts.keep(draft)
    dialog = DraftsDialog(desk, jobs, desk.drafts.mine(), box)
    chosen: list[Draft] = []
    dialog.chosen.connect(chosen.append)
    dialog._drop()
    qtbot.waitUntil(lambda: jobs.idle)
    assert len(desk.drafts.mine()) == 1
    dialog._open()
    assert [draft.uuid for draft in chosen] == [desk.drafts.mine()[0].uuid]


def test_a_killed_program_leaves_the_draft(desk: Desk, jobs: Jobs, qtbot: QtBot, tmp_path: Path) -> None:
    _page, dialog = new_room(desk, jobs, qtbot)
    dialog._form.editor("name").setText("陶艺室")
    dialog._keeper.keep()
    qtbot.waitUntil(lambda: jobs.idle)
    # As the disk stands at this moment, nobody having left.
    shutil.copytree(desk.data, tmp_path / "after")
    (tmp_path / "after" / "station.lock").unlink()
    later = at_desk(tmp_path / "after", HEAD)
    assert later.drafts.mine()[0].state["name"] == ["陶艺室"]
    later.close()
    dialog.let_go()
