"""An attachment shown inside the program: a picture with zoom, the pages of a PDF, plain text."""

from dataclasses import dataclass

import pypdfium2
from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QImage, QKeySequence, QPainter, QPaintEvent, QPixmap, QResizeEvent, QShortcut, QWheelEvent
from PySide6.QtWidgets import (
    QDialog,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from stationdesk.i18n import N_, _
from stationdesk.records.attachments import Content
from stationdesk.records.file_kinds import PICTURES, FileKind, legible
from stationdesk.ui.pictures import decoded
from stationdesk.ui.printing import PdfView

SHOWN = PICTURES | {FileKind.PDF, FileKind.TEXT}
# More of a text than anybody reads in a window makes it stand still.
_MOST_TEXT = 12_000
_MOST_PAGES = 300
# A page so much longer than wide is drawn for no reader, only to fill the memory.
_LONGEST_PAGE = 8
_SMALLEST, _LARGEST, _STEP = 0.05, 8.0, 1.25
_NOT_SHOWN = N_("这个文件在程序里显示不出来，请用“另存为…”保存后用别的程序打开。")
_CUT = N_("文件较长，这里只显示开头，全文请用“另存为…”保存后查看。")


@dataclass(frozen=True, slots=True)
class Prepared:
    """What is to be shown, made ready beside the window."""

    content: Content
    image: QImage | None = None
    text: str = ""
    cut: bool = False


def prepare(content: Content) -> Prepared:
    """Decode what is decoded; on the database thread. Raises `Refused`."""
    if content.kind in PICTURES:
        return Prepared(content, decoded(content.data))
    if content.kind is FileKind.TEXT:
        text = legible(content.data) or ""
        return Prepared(content, text=text[:_MOST_TEXT], cut=len(text) > _MOST_TEXT)
    return Prepared(content)


class PictureView(QScrollArea):
    """A picture, as large as the window lets it be or at a size of one's own."""

    def __init__(self, image: QImage, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.setAccessibleName(_("图片"))
        self._sheet = _Sheet(QPixmap.fromImage(image))
        self.setWidget(self._sheet)
        self._zoom: float | None = None

    @property
    def zoom(self) -> float:
        """Shown pixels for each of the picture's."""
        return self._sheet.width() / max(1, self._sheet.picture.width())

    def zoom_in(self) -> None:
        """Larger."""
        self._set(self.zoom * _STEP)

    def zoom_out(self) -> None:
        """Smaller."""
        self._set(self.zoom / _STEP)

    def fit(self) -> None:
        """As the window lets it be, never larger than it is."""
        self._zoom = None
        size = self._sheet.picture.size()
        room = self.maximumViewportSize()
        if size.width() > room.width() or size.height() > room.height():
            size = size.scaled(room, Qt.AspectRatioMode.KeepAspectRatio)
        self._sheet.resize(size)

    def _set(self, zoom: float) -> None:
        self._zoom = min(_LARGEST, max(_SMALLEST, zoom))
        size = self._sheet.picture.size()
        self._sheet.resize(QSize(round(size.width() * self._zoom), round(size.height() * self._zoom)))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._zoom is None:
            self.fit()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """With Ctrl the wheel zooms."""
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            (self.zoom_in if event.angleDelta().y() > 0 else self.zoom_out)()
            event.accept()
            return
        super().wheelEvent(event)


class _Sheet(QWidget):
    """Draws the part of the picture that is in sight."""

    def __init__(self, picture: QPixmap) -> None:
        super().__init__()
        self.picture = picture

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        seen = QRectF(event.rect())
        scale = self.picture.width() / max(1, self.width())
        part = QRectF(seen.x() * scale, seen.y() * scale, seen.width() * scale, seen.height() * scale)
        painter.drawPixmap(seen, self.picture, part)
        painter.end()


class AttachmentDialog(QDialog):
    """One attachment."""

    def __init__(self, shown: Prepared, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(shown.content.name)
        self.picture: PictureView | None = None
        self.pages: PdfView | None = None
        column = QVBoxLayout(self)
        self._row = QHBoxLayout()
        column.addWidget(self._view(shown), 1)
        self._row.addStretch(1)
        close = QPushButton(_("关闭"))
        close.clicked.connect(self.close)
        self._row.addWidget(close)
        column.addLayout(self._row)
        room = self.screen().availableGeometry()
        self.resize(min(1000, room.width() - 80), min(900, room.height() - 80))

    def _view(self, shown: Prepared) -> QWidget:
        if shown.image is not None:
            return self._picture_view(shown.image)
        if shown.content.kind is FileKind.PDF:
            if not _is_drawable(shown.content.data):
                return _said(_(_NOT_SHOWN))
            self.pages = PdfView(self)
            self.pages.show_pdf(shown.content.data)
            return self.pages
        text = QPlainTextEdit(shown.text)
        text.setReadOnly(True)
        text.setAccessibleName(_("文件内容"))
        if shown.cut:
            self._row.addWidget(_said(_(_CUT)))
        return text

    def _picture_view(self, image: QImage) -> PictureView:
        found = self.picture = PictureView(image, self)
        for text, keys, do in (
            (_("放大"), ("+", "=", "Ctrl+="), found.zoom_in),
            (_("缩小"), ("-", "Ctrl+-"), found.zoom_out),
            (_("适合窗口"), ("0", "Ctrl+0"), found.fit),
        ):
            button = QPushButton(text)
            button.setAutoDefault(False)
            button.setToolTip(keys[0])
            button.clicked.connect(do)
            for key in keys:
                QShortcut(QKeySequence(key), self, do)
            self._row.addWidget(button)
        return found

    def done(self, result: int) -> None:
        """However it ends, the pages are let go of."""
        if self.pages is not None:
            self.pages.clear()
        super().done(result)


def _said(text: str) -> QLabel:
    label = QLabel(text)
    label.setObjectName("quiet")
    label.setWordWrap(True)
    return label


def _is_drawable(data: bytes) -> bool:
    """Whether a PDF opens, with pages of a size and number that a window can hold."""
    try:
        found = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError:
        return False
    try:
        sizes = [found.get_page_size(number) for number in range(min(len(found), _MOST_PAGES + 1))]
    finally:
        found.close()
    return 0 < len(sizes) <= _MOST_PAGES and all(0 < height <= width * _LONGEST_PAGE for width, height in sizes)
