"""Actions declared on the methods they call, and collected from there."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, TypeVar

from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QWidget

from stationdesk.i18n import _
from stationdesk.records.access import Actor, Right
from stationdesk.ui import look

F = TypeVar("F", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True)
class Declared:
    """What is known of an action: its marked text, keys, drawing, right, and whether it shows in
    the toolbar (all stand in the context menu and the command search)."""

    text: str
    shortcut: str = ""
    icon: str = ""
    needs: Right | None = None
    toolbar: bool = True


def action(
    text: str, shortcut: str = "", icon: str = "", needs: Right | None = None, *, toolbar: bool = True
) -> Callable[[F], F]:
    """Declare a page's method as an action."""

    def declare(method: F) -> F:
        method.__dict__["declared"] = Declared(text, shortcut, icon, needs, toolbar)
        return method

    return declare


def declared(cls: type) -> Iterator[tuple[str, Declared]]:
    """The actions of a class and of those it is made from, in the order they stand there."""
    for part in reversed(cls.__mro__):
        for name, member in vars(part).items():
            found = getattr(member, "declared", None)
            if isinstance(found, Declared):
                yield name, found


def collect(page: QWidget, actor: Actor) -> dict[str, QAction]:
    """Make the actions that `actor` may use, by method name, and give their keys to the page."""
    made: dict[str, QAction] = {}
    for name, what in declared(type(page)):
        if what.needs is not None and not actor.may(what.needs):
            continue
        item = QAction(_(what.text), page)
        if what.icon:
            item.setIcon(look.icon(what.icon))
        if what.shortcut:
            item.setShortcut(QKeySequence(what.shortcut))
            item.setToolTip(f"{_(what.text)} ({QKeySequence(what.shortcut).toString()})")
        item.triggered.connect(lambda _checked=False, name=name: getattr(page, name)())
        page.addAction(item)
        made[name] = item
    return made
