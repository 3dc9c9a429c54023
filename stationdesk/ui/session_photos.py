"""照片 of a session: small pictures, who is seen in each, and whether it may be shown to others."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QSize, Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QImage, QPainter, QPixmap
from PySide6.QtWidgets import (
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QListView,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from stationdesk.desk import Desk
from stationdesk.errors import DeskError
from stationdesk.i18n import N_, _
from stationdesk.records.access import Right
from stationdesk.records.attachments import Content
from stationdesk.records.audit import Action
from stationdesk.records.file_kinds import PICTURES, SUFFIXES
from stationdesk.records.session_photos import PhotoName, PhotoNote, PhotoRow, Seen
from stationdesk.ui import look
from stationdesk.ui.attachment_view import AttachmentDialog, Prepared, prepare
from stationdesk.ui.attachments import local_files
from stationdesk.ui.dialogs import ask, dialog_button, tell
from stationdesk.ui.forms import FormDialog, RecordForm
from stationdesk.ui.jobs import Jobs
from stationdesk.ui.pictures import decoded, read_file, redrawn
from stationdesk.ui.printing import noting, save_as
from stationdesk.ui.ticks import TickEditor

_OF_ONE = N_("{name}：{sentence}")
_MAY_GO = N_("可对外使用")
_STAYS = N_("只在站内")
Failures = list[tuple[str, DeskError]]
Index = QModelIndex | QPersistentModelIndex


class PhotoModel(QAbstractListModel):
    """The photos as a list; `asked` is sent for a small picture the first time it comes into sight."""

    asked = Signal(int)

    def __init__(self, size: QSize, parent: QWidget) -> None:
        super().__init__(parent)
        self.rows: Sequence[PhotoRow] = ()
        self._small: dict[int, QPixmap] = {}
        self._wanted: set[int] = set()
        self._metrics = parent.fontMetrics()
        self._blank = QPixmap(size)
        self._blank.fill(look.tokens().shade)

    def fill(self, rows: Sequence[PhotoRow], *, anew: bool) -> None:
        """Show these; `anew` forgets the small pictures of those before."""
        self.beginResetModel()
        if anew:
            self._small.clear()
            self._wanted.clear()
        self.rows = rows
        self.endResetModel()

    def put(self, photo_id: int, image: QImage) -> None:
        """A small picture is ready."""
        self._small[photo_id] = QPixmap.fromImage(image)
        place = self.place(photo_id)
        if place is not None:
            self.dataChanged.emit(self.index(place), self.index(place), [Qt.ItemDataRole.DecorationRole])

    def place(self, photo_id: int | None) -> int | None:
        """Where a photo stands."""
        return next((place for place, row in enumerate(self.rows) if row.id == photo_id), None)

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else len(self.rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        row = self.rows[index.row()]
        if role == Qt.ItemDataRole.DecorationRole:
            return self._picture(row.id)
        state = _(_MAY_GO) if row.publicity_ok else _(_STAYS)
        if role == Qt.ItemDataRole.DisplayRole:
            caption = row.caption or _("照片{number}").format(number=index.row() + 1)
            # The second line is never pushed out of sight by a long first one; the tooltip has it whole.
            return f"{self._metrics.elidedText(caption, Qt.TextElideMode.ElideRight, self._blank.width())}\n{state}"
        if role in (Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole):
            return "，".join(text for text in (row.caption, row.told(), state) if text)
        return None

    def _picture(self, photo_id: int) -> QPixmap:
        if photo_id not in self._small and photo_id not in self._wanted:
            self._wanted.add(photo_id)
            self.asked.emit(photo_id)
        return self._small.get(photo_id, self._blank)


class Adding(QWidget):
    """Files on their way into a session, one after the other, each drawn anew: how far it is, and a button
    to stop. `ended` is sent with how many were kept, and with the others."""

    ended = Signal(int, object)

    def __init__(self, desk: Desk, jobs: Jobs, parent: QWidget) -> None:
        super().__init__(parent)
        self._store, self._jobs = desk.session_photos, jobs
        self._waiting: list[tuple[int, Path]] = []
        self._failed: Failures = []
        self._begun = 0
        self.progress = QLabel()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.progress)
        row.addWidget(dialog_button(_("停止添加"), self.stop))
        self.hide()

    def add(self, session_id: int, paths: Sequence[Path]) -> None:
        """Add these; files may be added while others still wait."""
        self._waiting += [(session_id, path) for path in paths]
        if self.isHidden() and paths:
            self.show()
            self._next()

    def stop(self) -> None:
        """Leave out those that still wait."""
        self._waiting.clear()

    def _next(self) -> None:
        if not self._waiting:
            kept, failed = self._begun - len(self._failed), self._failed
            self._begun, self._failed = 0, []
            self.hide()
            self.ended.emit(kept, failed)
            return
        session_id, path = self._waiting.pop(0)
        self._begun += 1
        count = self._begun + len(self._waiting)
        self.progress.setText(_("正在添加第{done}张，共{count}张").format(done=self._begun, count=count))
        self._jobs.run(
            self,
            lambda: self._store.add(session_id, redrawn(read_file(path))),
            lambda _number: self._next(),
            lambda error: self._refused(path, error),
        )

    def _refused(self, path: Path, error: DeskError) -> None:
        self._failed.append((path.name, error))
        self._next()


class SessionPhotos(QWidget):
    """The photos of one session; `said` tells what was done."""

    said = Signal(str)

    def __init__(self, desk: Desk, jobs: Jobs, parent: QWidget) -> None:
        super().__init__(parent)
        self.desk, self.jobs = desk, jobs
        self._session: int | None = None
        self._writable = self._adds = False
        self.setAcceptDrops(True)
        wide, high = self.fontMetrics().horizontalAdvance("国"), self.fontMetrics().lineSpacing()
        self._size = QSize(12 * wide, 9 * wide)
        self.model = PhotoModel(self._size, self)
        self.model.asked.connect(self._bring)
        self.list = QListView(self)
        self.list.setModel(self.model)
        self.list.setViewMode(QListView.ViewMode.IconMode)
        self.list.setMovement(QListView.Movement.Static)
        self.list.setResizeMode(QListView.ResizeMode.Adjust)
        self.list.setIconSize(self._size)
        self.list.setGridSize(self._size + QSize(2 * look.UNIT, 2 * high + 2 * look.UNIT))
        self.list.setWordWrap(True)
        self.list.setAccessibleName(_("活动照片"))
        self.list.activated.connect(lambda _index: self.show_one())
        self.list.selectionModel().currentChanged.connect(lambda *_changed: self._offer())
        self.state = QLabel()
        self.state.setWordWrap(True)
        self.none = QLabel()
        self.none.setObjectName("quiet")
        self.none.setWordWrap(True)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(self._buttons())
        column.addWidget(self.none)
        column.addWidget(self.list, 1)
        column.addWidget(self.state)
        self._fill((), anew=True)

    def _buttons(self) -> QHBoxLayout:
        row = QHBoxLayout()
        self.add = QPushButton(look.icon("plus"), _("添加照片…"))
        self.edit = QPushButton(look.icon("users"), _("照片里有谁…"))
        self.view = QPushButton(look.icon("eye"), _("查看"))
        self.export = QPushButton(look.icon("save"), _("另存为…"))
        self.delete = QPushButton(look.icon("trash-2"), _("删除"))
        for button, do in (
            (self.add, self.choose),
            (self.edit, self.edit_one),
            (self.view, self.show_one),
            (self.export, self.export_one),
            (self.delete, self.remove_one),
        ):
            button.setAutoDefault(False)
            button.clicked.connect(lambda _on=False, do=do: do())
            row.addWidget(button)
        row.addStretch(1)
        self.adding = Adding(self.desk, self.jobs, self)
        self.adding.ended.connect(self._added)
        row.addWidget(self.adding)
        return row

    # --- what is shown ---------------------------------------------------------------------------

    def show_session(self, session_id: int | None, writable: bool) -> None:
        """Show the photos of a session, or none; only who may changes them, and only while `writable` adds
        some. Shown again, a session goes on taking in the files that wait."""
        may = self.desk.actor.may(Right.EDIT_ACTIVITIES) and not self.desk.read_only
        self._writable = may and session_id is not None
        self._adds = self._writable and writable
        anew, self._session = session_id != self._session, session_id
        if anew or not self._adds:
            self.adding.stop()
        if anew:
            self._fill((), anew=True)
        self.reload()

    def reload(self) -> None:
        """Look the photos up again."""
        session_id, store = self._session, self.desk.session_photos
        if session_id is not None:
            self.jobs.run(self, lambda: store.of_session(session_id), lambda rows: self._found(session_id, rows))

    def _found(self, session_id: int, rows: Sequence[PhotoRow]) -> None:
        if session_id == self._session:
            self._fill(rows, anew=False)

    def _fill(self, rows: Sequence[PhotoRow], *, anew: bool) -> None:
        chosen = self.current()
        self.model.fill(rows, anew=anew)
        place = self.model.place(chosen.id if chosen is not None else None)
        if rows:
            self.list.setCurrentIndex(self.model.index(place or 0))
        self.list.setVisible(bool(rows))
        self.none.setVisible(not rows)
        first = _("还没有照片。点“添加照片…”，可以一次选好几张。")
        self.none.setText(first if self._adds else _("还没有照片。"))
        self._offer()

    def current(self) -> PhotoRow | None:
        """The chosen photo."""
        index = self.list.currentIndex()
        return self.model.rows[index.row()] if index.isValid() else None

    def _offer(self) -> None:
        """Offer what can be done with the chosen photo, and say what is to be known of it."""
        row = self.current()
        self.add.setVisible(self._adds)
        self.view.setEnabled(row is not None)
        for button in (self.edit, self.export, self.delete):
            button.setVisible(self._writable)
            button.setEnabled(row is not None)
        self.state.setVisible(row is not None)
        if row is not None:
            reason = row.private.say() if row.private is not None else _("可对外使用，会印进活动记录表。")
            who = _("照片里有：{names}").format(names=row.told())
            self.state.setText(f"{who}\n{reason}")

    def _bring(self, photo_id: int) -> None:
        """Decode one small picture beside the window."""
        store, ratio = self.desk.session_photos, self.devicePixelRatioF()
        size = self._size * ratio

        def show(image: QImage) -> None:
            image.setDevicePixelRatio(ratio)
            self.model.put(photo_id, image)

        # One that cannot be shown says so when it is opened.
        self.jobs.run(self, lambda: framed(store.picture(photo_id), size), show, lambda _error: None)

    # --- in --------------------------------------------------------------------------------------

    def choose(self) -> None:
        """Ask for pictures, then add them."""
        endings = " ".join(sorted({f"*{ending}" for kind in PICTURES for ending in SUFFIXES[kind]}))
        chosen, _kind = QFileDialog.getOpenFileNames(self, _("添加照片"), "", " ".join((_("照片"), f"({endings})")))
        if chosen:
            self.add_files([Path(name) for name in chosen])

    def add_files(self, paths: Sequence[Path]) -> None:
        """Keep these with the session shown."""
        if self._session is not None and self._adds:
            self.adding.add(self._session, paths)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Files are welcome where photos may be added."""
        if self._adds and local_files(event.mimeData()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Files were let go of here."""
        event.acceptProposedAction()
        self.add_files(local_files(event.mimeData()))

    def _added(self, count: int, failed: Failures) -> None:
        self.reload()
        if count:
            self.said.emit(_("已添加{count}张照片").format(count=count))
        if failed:
            lines = [_(_OF_ONE).format(name=name, sentence=error.say()) for name, error in failed]
            tell(self, _("有照片没有添加"), "\n".join(lines))

    # --- out and about ---------------------------------------------------------------------------

    def edit_one(self) -> None:
        """Say what is to be seen in the chosen photo."""
        row, store = self.current(), self.desk.session_photos
        if row is None or not self._writable:
            return
        photo_id = row.id

        def work() -> tuple[PhotoNote, Sequence[PhotoName]]:
            return store.load(photo_id), store.names(photo_id)

        def show(found: tuple[PhotoNote, Sequence[PhotoName]]) -> None:
            form = note_form(*found)
            title = _("照片里有谁")
            dialog = FormDialog(title, form, self.jobs, store.change, self, reload=lambda: store.load(photo_id))
            dialog.saved.connect(lambda _none: self._done(_("照片说明已保存")))
            dialog.open()

        self.jobs.run(self, work, show, self._refused(_("照片里有谁")))

    def show_one(self) -> None:
        """Show the chosen photo large."""
        row, store = self.current(), self.desk.session_photos
        if row is not None:
            photo_id = row.id

            def work() -> Prepared:
                return prepare(store.open_content(photo_id))

            self.jobs.run(self, work, lambda shown: AttachmentDialog(shown, self).open(), self._refused(_("查看")))

    def export_one(self) -> None:
        """Save the chosen photo outside, if all children in it agreed to that."""
        row, store = self.current(), self.desk.session_photos

        def save(content: Content) -> None:
            kind = f"{content.kind.label} (*{Path(content.outside_name).suffix})"
            if save_as(self, content.outside_name, kind, content.data):
                noting(self.desk, self.jobs, self, "session_photo", 1)(Action.EXPORT)
                self.said.emit(_("照片已另存。保存出去的文件没有加密，用完请删除。"))

        if row is not None and self._writable:
            photo_id = row.id
            self.jobs.run(self, lambda: store.take_out(photo_id), save, self._refused(_("另存为")))

    def remove_one(self) -> None:
        """Ask, then remove for good."""
        row, store = self.current(), self.desk.session_photos
        text = _("删除这张照片？内容会从数据文件里清除，只有以前的备份里还有。")
        if row is None or not self._writable:
            return
        photo_id = row.id
        if ask(self, _("删除照片"), text, {"yes": _("删除"), "": _("不删除")}):
            self.jobs.run(
                self,
                lambda: store.remove(photo_id),
                lambda _none: self._done(_("照片已删除")),
                self._refused(_("删除照片")),
            )

    def _refused(self, title: str) -> Callable[[DeskError], None]:
        return lambda error: tell(self, title, error.say())

    def _done(self, text: str) -> None:
        self.reload()
        self.said.emit(text)


def framed(data: bytes, size: QSize) -> QImage:
    """A small picture in the middle of a frame of that size. Raises `Refused`."""
    found = decoded(data, max(size.width(), size.height()))
    found = found.scaled(size, Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation)
    frame = QImage(size, QImage.Format.Format_ARGB32_Premultiplied)
    frame.fill(Qt.GlobalColor.transparent)
    painter = QPainter(frame)
    painter.drawImage((size.width() - found.width()) // 2, (size.height() - found.height()) // 2, found)
    painter.end()
    return frame


def note_form(note: PhotoNote, names: Sequence[PhotoName]) -> RecordForm:
    """The form of what is said of a photo; whoever is ticked first is taken for all who are seen."""
    choices = [(one.child_id, one.name) for one in names]
    form = RecordForm(note, editors={"children": lambda box: TickEditor(choices, box, _("这一场还没有人报名。"))})
    children, seen = form.editor("children"), form.editor("seen")

    def ticked() -> None:
        if children.value() and seen.value() in (Seen.UNSAID, Seen.NOBODY):
            seen.set_value(Seen.NAMED)

    children.changed.connect(ticked)
    return form
