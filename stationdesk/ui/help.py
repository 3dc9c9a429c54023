"""The help pages, in Chinese, inside the program."""

from PySide6.QtCore import QUrl
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QDialog, QTextBrowser, QVBoxLayout, QWidget

from stationdesk.i18n import _
from stationdesk.paths import resource


class HelpWindow(QDialog):
    """Shows one help page beside the work; links between pages work."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(_("使用帮助"))
        self.setModal(False)
        self._browser = QTextBrowser(self)
        self._browser.setOpenLinks(False)
        self._browser.setAccessibleName(_("使用帮助"))
        self._browser.anchorClicked.connect(self._follow)
        layout = QVBoxLayout(self)
        layout.addWidget(self._browser)
        QShortcut(QKeySequence("Esc"), self, self.close)
        metrics = self.fontMetrics()
        self.resize(metrics.horizontalAdvance("x") * 90, metrics.lineSpacing() * 34)
        self.open_page(name)

    def open_page(self, name: str) -> None:
        """Show a page; one that is missing gives the contents."""
        path = resource("help", f"{name}.md")
        if not path.exists():
            path = resource("help", "index.md")
        self._browser.setMarkdown(path.read_text(encoding="utf-8"))

    def _follow(self, link: QUrl) -> None:
        self.open_page(link.path().removesuffix(".md"))
