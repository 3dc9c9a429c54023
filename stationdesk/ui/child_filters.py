"""The filters over the list of children: a chooser each, and sets of them kept under a name."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QGridLayout, QMenu, QToolButton, QWidget

from stationdesk import paths, settings
from stationdesk.codes import Code
from stationdesk.desk import Desk
from stationdesk.i18n import _
from stationdesk.records.ages import AgeBand
from stationdesk.records.categories import Category, Colour
from stationdesk.records.children import ChildQuery, RecordLevel
from stationdesk.ui import look
from stationdesk.ui.child_words import Names
from stationdesk.ui.dialogs import ask_reason
from stationdesk.ui.editors import ChoiceEditor

_ACROSS = 4


class ChildFilters(QWidget):
    """Narrows the list; `changed` is sent when a choice was made."""

    changed = Signal()

    def __init__(self, desk: Desk, parent: QWidget) -> None:
        super().__init__(parent)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(look.UNIT // 2)
        stock = [(True, _("在册")), (False, _("已减员"))]
        self.choosers: dict[str, ChoiceEditor] = {
            "in_stock": self._chooser(stock, _("在册和减员")),
            "category": self._chooser(_codes(Category), _("所有类别")),
            "colour": self._chooser(_codes(Colour), _("所有风险等级")),
            "band": self._chooser(_codes(AgeBand), _("所有年龄")),
            "community_id": self._chooser((), _("所有村（社区）")),
            "worker_id": self._chooser((), _("所有社工")),
            "record_level": self._chooser(_codes(RecordLevel), _("所有档案")),
        }
        for place, chooser in enumerate(self.choosers.values()):
            grid.addWidget(chooser, place // _ACROSS, place % _ACROSS)
        self.sets = QToolButton()
        self.sets.setText(_("常用筛选"))
        self.sets.setToolTip(_("把现在的筛选存起来，下次一点就用"))
        self.sets.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        grid.addWidget(self.sets, (len(self.choosers)) // _ACROSS, len(self.choosers) % _ACROSS)
        self._offer_sets()

    def _chooser(self, choices: Sequence[tuple[Any, str]], none: str) -> ChoiceEditor:
        chooser = ChoiceEditor(choices, self, none)
        chooser.setAccessibleName(none)
        chooser.setMinimumContentsLength(6)
        chooser.set_value(None)
        chooser.changed.connect(self.changed)
        return chooser

    def show_names(self, names: Names) -> None:
        """Offer the communities and the team there are now."""
        for key, choices in (("community_id", names.communities), ("worker_id", names.serving)):
            chooser = self.choosers[key]
            kept = chooser.value()
            chooser.set_choices(list(choices))
            chooser.blockSignals(True)
            chooser.set_value(kept)
            chooser.blockSignals(False)

    def query(self) -> ChildQuery:
        """What is chosen."""
        return replace(ChildQuery(), **{name: chooser.value() for name, chooser in self.choosers.items()})

    def choose(self, **values: Any) -> None:
        """Choose these, and nothing else."""
        for name, chooser in self.choosers.items():
            chooser.blockSignals(True)
            chooser.set_value(values.get(name))
            chooser.blockSignals(False)
        self.changed.emit()

    # --- sets ------------------------------------------------------------------------------------

    def _offer_sets(self) -> None:
        menu = QMenu(self.sets)
        kept = settings.load(paths.settings_file()).filters
        for name, chosen in kept.items():
            menu.addAction(self._item(menu, name, lambda chosen=chosen: self._use(chosen)))
        if kept:
            menu.addSeparator()
        menu.addAction(self._item(menu, _("清除筛选"), self.choose))
        menu.addAction(self._item(menu, _("保存现在的筛选…"), self._keep))
        for name in kept:
            text = _("删除“{name}”").format(name=name)
            menu.addAction(self._item(menu, text, lambda name=name: self._drop(name)))
        self.sets.setMenu(menu)

    def _item(self, menu: QMenu, text: str, do: Any) -> QAction:
        item = QAction(text, menu)
        item.triggered.connect(lambda _on=False: do())
        return item

    def _keep(self) -> None:
        name = ask_reason(self, _("常用筛选"), _("给这组筛选起个名字："))
        if name:
            chosen = {
                key: shown for key, chooser in self.choosers.items() if (shown := _kept(chooser.value())) is not None
            }
            self._save({**settings.load(paths.settings_file()).filters, name[:20]: chosen})

    def _drop(self, name: str) -> None:
        kept = settings.load(paths.settings_file()).filters
        self._save({other: chosen for other, chosen in kept.items() if other != name})

    def _save(self, filters: Mapping[str, Mapping[str, object]]) -> None:
        path = paths.settings_file()
        settings.save(path, replace(settings.load(path), filters=filters))
        self._offer_sets()

    def _use(self, chosen: Mapping[str, object]) -> None:
        values = {}
        for key, chooser in self.choosers.items():
            known = {_kept(value): value for value, _text in chooser.choices}
            values[key] = known.get(chosen.get(key))
        self.choose(**values)


def _codes(kind: type[Code]) -> list[tuple[Any, str]]:
    return [(member, member.label) for member in kind.offered()]


def _kept(value: Any) -> Any:
    """A choice as the settings keep it: a code, an id, yes or no."""
    return value.code if isinstance(value, Code) else value
