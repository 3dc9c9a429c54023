"""程序: theme, text size, language, where the data lie."""

from dataclasses import replace
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QApplication, QFormLayout, QLabel, QVBoxLayout, QWidget

from stationdesk import __version__, paths, settings
from stationdesk.desk import Desk
from stationdesk.i18n import LANGUAGES, _
from stationdesk.ui import look
from stationdesk.ui.editors import ChoiceEditor
from stationdesk.ui.jobs import Jobs


class PreferencesSection(QWidget):
    """This user's own settings; they work at once, the language at the next start."""

    said = Signal(str)

    def __init__(self, desk: Desk, jobs: Jobs, parent: QWidget) -> None:
        super().__init__(parent)
        self._path = paths.settings_file()
        found = settings.load(self._path)
        column = QVBoxLayout(self)
        form = QFormLayout()
        form.setSpacing(look.UNIT)
        themes = {"system": _("跟随系统"), "light": _("浅色"), "dark": _("深色")}
        sizes = {13: _("小"), 14: _("中"), 16: _("大")}
        self.theme = ChoiceEditor(list(themes.items()), self)
        self.text_size = ChoiceEditor(list(sizes.items()), self)
        self.language = ChoiceEditor(list(LANGUAGES.items()), self)
        for editor, value, label in (
            (self.theme, found.theme, _("外观")),
            (self.text_size, found.text_size, _("字号")),
            (self.language, found.language, _("语言")),
        ):
            editor.set_value(value)
            editor.setAccessibleName(label)
            editor.changed.connect(self._save)
            form.addRow(label, editor)
        form.addRow(_("数据文件夹"), _plain(str(desk.data)))
        form.addRow(_("日志文件夹"), _plain(str(paths.log_folder())))
        form.addRow(_("版本"), _plain(__version__))
        column.addLayout(form)
        column.addStretch(1)

    def reload(self) -> None:
        """Nothing here changes by itself."""

    def _save(self, *_args: Any) -> None:
        old = settings.load(self._path)
        new = replace(old, theme=self.theme.value(), text_size=self.text_size.value(), language=self.language.value())
        settings.save(self._path, new)
        app = QApplication.instance()
        if isinstance(app, QApplication):
            look.apply(app, new.theme, new.text_size)
        self.said.emit(_("已保存，语言在下次启动后生效") if new.language != old.language else _("已保存"))


def _plain(text: str) -> QLabel:
    label = QLabel(text)
    label.setWordWrap(True)
    return label
