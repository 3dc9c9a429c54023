"""购买服务 through its own doors: registered, promised, paid, printed, renewed, and who only looks."""

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton, QWidget
from pytestqt.qtbot import QtBot

from stationdesk.desk import Desk
from stationdesk.records.access import Role
from stationdesk.records.audit import Action, AuditQuery
from stationdesk.records.contracts import CUSTOM, ContractQuery
from stationdesk.records.sessions import Closing
from stationdesk.ui import contract_prints
from stationdesk.ui.contracts import ContractsSection
from stationdesk.ui.forms import FormDialog
from stationdesk.ui.jobs import Jobs
from stationdesk.ui.printing import PrintDialog
from tests.activities import planned
from tests.contracts import contract, payment, promise
from tests.stations import at_desk, with_everyone


def shown(desk: Desk, jobs: Jobs, box: QWidget, qtbot: QtBot) -> ContractsSection:
    section = ContractsSection(desk, jobs, box)
    box.resize(1300, 760)
    section.resize(1300, 760)
    box.show()
    desk.watch(lambda _tables: jobs.run(section, lambda: None, lambda _none: section.reload()))
    section.reload()
    settled(section, qtbot)
    return section


def settled(section: ContractsSection, qtbot: QtBot) -> None:
    # What was saved is told on the window's thread, and read again after that.
    for _ in range(2):
        qtbot.wait(20)
        qtbot.waitUntil(lambda: section.jobs.idle)


def dialog(section: ContractsSection, qtbot: QtBot) -> Any:
    qtbot.waitUntil(lambda: any(one.isVisible() for one in section.findChildren(FormDialog)))
    return next(one for one in section.findChildren(FormDialog) if one.isVisible())


def fill(section: ContractsSection, qtbot: QtBot, **values: Any) -> FormDialog:
    form: Any = dialog(section, qtbot)
    for name, value in values.items():
        form._form.editor(name).set_value(value)
    form.activateWindow()
    qtbot.waitUntil(form.isActiveWindow)
    QTest.keyClick(form, Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    settled(section, qtbot)
    return form  # type: ignore[no-any-return]


def pressed(section: QWidget, name: str) -> QPushButton:
    button = next(one for one in section.findChildren(QPushButton) if one.accessibleName() == name)
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    return button


@pytest.fixture
def number(desk: Desk) -> int:
    found = desk.contracts.save(contract())
    desk.contracts.save_deliverable(promise(found, "H07 人次", 40))
    return found


def test_a_contract_is_registered_and_what_it_promises_is_counted(
    desk: Desk, jobs: Jobs, box: QWidget, qtbot: QtBot
) -> None:
    section = shown(desk, jobs, box, qtbot)
    assert "点“添加”登记合同" in section.list._empty.text()
    assert section.none.isVisible()
    pressed(section, "添加购买服务项目")
    form = dialog(section, qtbot)
    assert not form._form.editor("terminated_on").isVisible()
    fill(section, qtbot, number="购2026-01", name="社工服务", provider="某中心", purchaser="乙街道")
    assert "请填写合同金额" in form._form._problems["amount"].text()
    fill(section, qtbot, amount=Decimal(190000), end=date(2026, 5, 1))
    assert "结束日期早于开始日期" in form._form._problems["end"].text()
    fill(section, qtbot, start=date(2026, 3, 1), end=date(2027, 2, 28))
    qtbot.waitUntil(section.view.isVisible)
    (contract_id,) = desk.contracts.find(ContractQuery())
    pressed(section, "指标 添加")
    form = dialog(section, qtbot)
    assert not form._form.editor("unit").isVisible()
    form._form.editor("indicator").set_value(CUSTOM)
    assert form._form.editor("unit").isVisible()
    fill(section, qtbot, indicator="H07 人次", target=40)
    held = planned(desk, datetime(2026, 11, 20, 10), contract_id=contract_id)
    desk.sessions.close_session(held, Closing(headcount_children=10))
    settled(section, qtbot)
    assert section.view.board.texts == ["0.00/190,000.00元  0.0%", "10/40 人次  25.0%\n时间已过73%，落后于进度"]
    assert section.view.board.bars["参与人次"].value() == 25
    pressed(section, "付款 添加")
    form = fill(section, qtbot, paid_on=date(2026, 11, 24), paid_amount=Decimal(190001))
    assert "还可支付190,000.00元" in form._form._problems["paid_amount"].text()
    fill(section, qtbot, paid_amount=Decimal(95000))
    assert section.view.board.texts[0] == "95,000.00/190,000.00元  50.0%"


def test_the_sheet_on_paper_and_as_a_workbook(
    desk: Desk, jobs: Jobs, box: QWidget, qtbot: QtBot, number: int, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    section = shown(desk, jobs, box, qtbot)
    section.arrive(number)
    settled(section, qtbot)
    assert section.list.current_id() == number
    section.buttons["print"].click()
    qtbot.waitUntil(lambda: bool(section.findChildren(PrintDialog)))
    section.findChildren(PrintDialog)[0].close()
    saved: list[tuple[str, bytes]] = []

    def keep(_owner: QWidget, name: str, _kind: str, data: bytes) -> bool:
        saved.append((name, data))
        return True

    monkeypatch.setattr(contract_prints, "save_as", keep)
    section.buttons["export"].click()
    qtbot.waitUntil(lambda: bool(saved))
    settled(section, qtbot)
    assert saved[0][0] == "购买服务指标完成表_购2026-01.xlsx"
    (tmp_path / "a.xlsx").write_bytes(saved[0][1])
    values = {cell.value for row in load_workbook(tmp_path / "a.xlsx").active.iter_rows() for cell in row}
    assert {"参与人次", 40} <= values
    assert len(desk.audit.find(AuditQuery(action=Action.EXPORT))) == 1


def test_renewing_and_removing(
    desk: Desk, jobs: Jobs, box: QWidget, qtbot: QtBot, number: int, answers: list[Any]
) -> None:
    desk.contracts.save_payment(payment(number, paid_on=date(2026, 11, 3), paid_amount=Decimal(1)))
    section = shown(desk, jobs, box, qtbot)
    section.list.select(number)
    settled(section, qtbot)
    section.buttons["renew"].click()
    fill(section, qtbot, number="购2027-01")
    new = next(one for one in desk.contracts.find(ContractQuery()) if one != number)
    assert [one.target for one in desk.contracts.file(new).deliverables] == [40]
    section.arrive(number)
    settled(section, qtbot)
    # Refused, as something was paid: that is told.
    answers += ["yes", None]
    section.buttons["remove"].click()
    settled(section, qtbot)
    assert answers == []
    section.arrive(new)
    settled(section, qtbot)
    answers.append("yes")
    section.buttons["remove"].click()
    settled(section, qtbot)
    assert desk.contracts.find(ContractQuery()).tolist() == [number]


def test_what_was_half_typed_comes_back(desk: Desk, jobs: Jobs, box: QWidget, qtbot: QtBot, number: int) -> None:
    section = shown(desk, jobs, box, qtbot)
    openers: dict[str, Callable[[], None]] = {
        "name": section.new,
        "number": section.renew,
        "condition": lambda: section.view.lists["payments"].add(),
    }
    for order, (field, opener) in enumerate(openers.items()):
        section.arrive(number)
        settled(section, qtbot)
        opener()
        form = dialog(section, qtbot)
        form._form.editor(field).set_value(f"半句话{order}")
        form.let_go()
        settled(section, qtbot)
        (draft,) = desk.drafts.mine()
        assert draft.place.startswith("partners/contracts")
        section.view.clear()
        section.reopen(draft)
        again = dialog(section, qtbot)
        assert again._form.editor(field).value() == f"半句话{order}"
        settled(section, qtbot)
        again._dirty = False
        again._forget_draft()
        again.close()
        settled(section, qtbot)


def test_who_only_looks_has_no_buttons_to_change(
    desk: Desk, jobs: Jobs, box: QWidget, qtbot: QtBot, number: int
) -> None:
    with_everyone(desk)
    desk.close()
    worker = at_desk(desk.data, Role.SOCIAL_WORKER.code.lower())
    section = shown(worker, jobs, box, qtbot)
    section.list.select(number)
    settled(section, qtbot)
    assert set(section.buttons) == {"print", "export"}
    assert not section.add.isVisible()
    assert not any(button.isVisible() for made in section.view.lists.values() for button in made.buttons)
    section.list.opened.emit(number)
    assert dialog(section, qtbot)._form.read_only
    dialog(section, qtbot).close()
    settled(section, qtbot)
    worker.close()
