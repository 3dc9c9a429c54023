"""A PDF on the screen and to the printer."""

from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

import pypdfium2
from PySide6.QtCore import QRectF, QStandardPaths, Qt, QUrl
from PySide6.QtGui import QDesktopServices, QImage, QPainter, QPixmap, QResizeEvent
from PySide6.QtPrintSupport import QPrintDialog, QPrinter
from PySide6.QtWidgets import (
    QDialog,
    QFileDialog,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from stationdesk.desk import Desk
from stationdesk.i18n import _
from stationdesk.paths import replace_file
from stationdesk.records.audit import Action
from stationdesk.ui import look
from stationdesk.ui.dialogs import tell
from stationdesk.ui.jobs import Jobs

_PRINT_DPI = 300
_opened: list[TemporaryDirectory[str]] = []


Note = Callable[[Action], object]


def noting(desk: Desk | None, jobs: Jobs, owner: QWidget, kind: str, count: int) -> Note:
    """What puts into the audit that `count` records of a kind were printed or taken out."""

    def note(action: Action) -> None:
        if desk is not None:
            jobs.run(owner, lambda: desk.audit.note_output(action, kind, count))

    return note


def page_image(pdf: pypdfium2.PdfDocument, number: int, scale: float) -> QImage:
    """One page as a picture, `scale` pixels a point."""
    bitmap = pdf[number].render(scale=scale, rev_byteorder=True, force_bitmap_format=pypdfium2.raw.FPDFBitmap_BGRA)
    data = bytes(bitmap.buffer)
    return QImage(data, bitmap.width, bitmap.height, bitmap.stride, QImage.Format.Format_RGBA8888).copy()


class PdfView(QScrollArea):
    """The pages of a PDF under each other, as wide as the view, each drawn when it comes into sight."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setAccessibleName(_("打印页预览"))
        self._inside = QWidget()
        self._column = QVBoxLayout(self._inside)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(look.UNIT)
        self.setWidget(self._inside)
        self._pdf: pypdfium2.PdfDocument | None = None
        self._labels: list[QLabel] = []
        self._drawn: set[int] = set()
        self.verticalScrollBar().valueChanged.connect(lambda _value: self._draw_seen())

    @property
    def pages(self) -> int:
        """How many pages are shown."""
        return len(self._labels)

    def show_pdf(self, data: bytes) -> None:
        """Show another PDF, keeping the place."""
        place = self.verticalScrollBar().value()
        if self._pdf is not None:
            self._pdf.close()
        self._pdf = pypdfium2.PdfDocument(data)
        for label in self._labels:
            label.deleteLater()
        self._labels = []
        for number in range(len(self._pdf)):
            label = QLabel(self._inside)
            label.setAccessibleName(_("第{page}页").format(page=number + 1))
            label.setAlignment(Qt.AlignmentFlag.AlignHCenter)
            self._column.addWidget(label)
            self._labels.append(label)
        self._fit()
        self.verticalScrollBar().setValue(place)

    def clear(self) -> None:
        """Show nothing."""
        for label in self._labels:
            label.deleteLater()
        self._labels = []
        if self._pdf is not None:
            self._pdf.close()
            self._pdf = None

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _scale(self, number: int) -> float:
        width = self._pdf.get_page_size(number)[0] if self._pdf else 1
        return max(0.3, (self.viewport().width() - 4) / width)

    def _fit(self) -> None:
        self._drawn.clear()
        for number, label in enumerate(self._labels):
            width, height = self._pdf.get_page_size(number) if self._pdf else (1, 1)
            scale = self._scale(number)
            label.setPixmap(QPixmap())
            label.setMinimumSize(int(width * scale), int(height * scale))
        self._column.activate()
        self._draw_seen()

    def _draw_seen(self) -> None:
        top = self.verticalScrollBar().value()
        bottom = top + self.viewport().height()
        for number, label in enumerate(self._labels):
            seen = label.y() <= bottom and label.y() + label.minimumHeight() >= top
            if seen and number not in self._drawn and self._pdf is not None:
                self._drawn.add(number)
                ratio = self.devicePixelRatioF()
                picture = QPixmap.fromImage(page_image(self._pdf, number, self._scale(number) * ratio))
                picture.setDevicePixelRatio(ratio)
                label.setPixmap(picture)


class PrintDialog(QDialog):
    """The real pages, and the ways out: printer, file, another program."""

    def __init__(
        self, data: bytes, name: str, missing: tuple[str, ...], parent: QWidget, note: Note = lambda _action: None
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(_("打印预览"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._data, self._name, self._note = data, name, note
        layout = QVBoxLayout(self)
        if missing:
            layout.addWidget(missing_label(missing))
        self.view = PdfView(self)
        layout.addWidget(self.view, 1)
        row = QHBoxLayout()
        row.addStretch(1)
        for text, do, main in (
            (_("打开 PDF"), self.open_elsewhere, False),
            (_("保存 PDF…"), self.save, False),
            (_("打印…"), self.print_out, True),
        ):
            button = QPushButton(text)
            button.setAutoDefault(main)
            if main:
                button.setObjectName("main")
            button.clicked.connect(do)
            row.addWidget(button)
        layout.addLayout(row)
        room = self.screen().availableGeometry()
        self.resize(min(900, room.width() - 80), min(1000, room.height() - 80))
        self.view.show_pdf(data)

    def done(self, result: int) -> None:
        """However it ends, the pages are let go of."""
        self.view.clear()
        super().done(result)

    def print_out(self) -> None:
        """Choose a printer and copies, then print the pages as they are."""
        printer = QPrinter(QPrinter.PrinterMode.HighResolution)
        printer.setResolution(_PRINT_DPI)
        printer.setDocName(self._name)
        dialog = QPrintDialog(printer, self)
        dialog.setMinMax(1, self.view.pages)
        if dialog.exec() == QDialog.DialogCode.Accepted:
            print_pages(self._data, printer)
            self._note(Action.PRINT)

    def save(self) -> None:
        """Save the PDF where the person says."""
        if save_as(self, self._name, "PDF (*.pdf)", self._data):
            self._note(Action.EXPORT)

    def open_elsewhere(self) -> None:
        """Show the PDF in the program this PC uses for them."""
        # Emptied when the program ends: no page stays behind in a temporary folder.
        folder = TemporaryDirectory(prefix="stationdesk-", ignore_cleanup_errors=True)
        _opened.append(folder)
        path = Path(folder.name) / self._name
        path.write_bytes(self._data)
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(path)))
        self._note(Action.PRINT)


def forget_opened() -> None:
    """Take back the pages handed to other programs; one that holds its file keeps it."""
    while _opened:
        _opened.pop().cleanup()


def print_pages(data: bytes, printer: QPrinter) -> None:
    """Draw every chosen page of a PDF on a printer's sheets, as large as they go."""
    pdf = pypdfium2.PdfDocument(data)
    first = max(printer.fromPage(), 1) - 1
    last = printer.toPage() or len(pdf)
    painter = QPainter(printer)
    for number in range(first, min(last, len(pdf))):
        if number > first:
            printer.newPage()
        picture = page_image(pdf, number, printer.resolution() / 72)
        sheet = QRectF(printer.pageLayout().fullRectPixels(printer.resolution()))
        sheet.moveTopLeft(sheet.topLeft() - printer.pageLayout().paintRectPixels(printer.resolution()).topLeft())
        painter.drawImage(sheet, picture)
    painter.end()
    pdf.close()


def save_as(parent: QWidget, name: str, kind: str, data: bytes) -> Path | None:
    """Ask where to save and write the file whole; None when it was not saved."""
    home = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
    chosen, _kind = QFileDialog.getSaveFileName(parent, _("保存为"), str(Path(home) / name), kind)
    if not chosen:
        return None
    path = Path(chosen)
    if not path.suffix:
        path = path.with_suffix(Path(name).suffix)
    try:
        replace_file(path, data)
    except OSError:
        tell(
            parent,
            _("没有保存"),
            _("文件“{name}”写不进去，请换一个位置或关闭正在打开它的程序。").format(name=path.name),
        )
        return None
    return path


def missing_label(missing: tuple[str, ...]) -> QLabel:
    """Tells which characters no font has."""
    codes = "、".join(f"{char}（U+{ord(char):04X}）" for char in missing)
    label = QLabel(_("这些字没有字体可以打印，已用编号代替：{codes}").format(codes=codes))
    label.setObjectName("notice")
    label.setWordWrap(True)
    return label
