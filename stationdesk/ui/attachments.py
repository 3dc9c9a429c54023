"""附件 of a child's file: the list with its ways in and out, and the photo."""

from array import array
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from PySide6.QtCore import QMimeData, QSize, Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDropEvent, QImage, QPixmap
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from stationdesk.desk import Desk
from stationdesk.errors import DeskError, Problem, Refused
from stationdesk.i18n import N_, _
from stationdesk.records.attachments import LEVELS, NOT_AGREED, Attachment, AttachmentRow, Content, NewAttachment, Photo
from stationdesk.records.audit import Action
from stationdesk.records.file_kinds import PICTURES, SUFFIXES, FileKind
from stationdesk.records.image_headers import day_taken
from stationdesk.ui import look
from stationdesk.ui.attachment_view import SHOWN, AttachmentDialog, Prepared, prepare
from stationdesk.ui.dialogs import ask, tell
from stationdesk.ui.editors import ChoiceEditor
from stationdesk.ui.forms import FormDialog, RecordForm
from stationdesk.ui.jobs import Jobs
from stationdesk.ui.pictures import as_kept, decoded, read_file
from stationdesk.ui.printing import noting, save_as
from stationdesk.ui.tables import ListPane

_OF_ONE = N_("{name}：{sentence}")
_SORTS: dict[str, Callable[[AttachmentRow], Any]] = {
    "size": lambda row: row.length,
    "kind": lambda row: row.kind.code,
    "level": lambda row: row.level.code,
    "taken_on": lambda row: (row.taken_on is not None, row.taken_on),
}
Added = list[tuple[str, DeskError]]


def add_files(desk: Desk, child_id: int, paths: Sequence[Path], said: NewAttachment) -> Added:
    """Keep each file with a child; returns those that were not taken in, with the reason. When none was,
    raises `Refused` with all reasons. On the database thread."""
    failed: Added = []
    for path in paths:
        try:
            data = read_file(path)
            day = said.taken_on or day_taken(data, desk.clock().date())
            desk.attachments.add(child_id, path.name, as_kept(data, path.name), replace(said, taken_on=day))
        except DeskError as error:
            failed.append((path.name, error))
    if len(failed) == len(paths):
        raise Refused(*(problem for name, error in failed for problem in _named(name, error, paths)))
    return failed


def _named(name: str, error: DeskError, paths: Sequence[Path]) -> Iterable[Problem]:
    for problem in error.problems:
        # What is wrong with a field of the form stands under it; the rest names its file.
        yield problem if problem.field or len(paths) == 1 else Problem("", _OF_ONE, _words(name, problem))


def _words(name: str, problem: Problem) -> dict[str, object]:
    return {"name": name, "sentence": problem.say()}


def local_files(data: QMimeData) -> list[Path]:
    """The files that are dragged; what lies elsewhere is none of them."""
    return [Path(url.toLocalFile()) for url in data.urls() if url.isLocalFile()]


def _endings(text: str, kinds: Iterable[FileKind]) -> str:
    """What a file dialog offers: files of these kinds, or all."""
    known = " ".join(sorted({f"*{ending}" for kind in kinds for ending in SUFFIXES[kind]}))
    others = _("所有文件")
    return f"{text} ({known});;{others} (*)"


def level_editor(parent: QWidget) -> ChoiceEditor:
    """The levels an attachment may have."""
    return ChoiceEditor([(level, level.label) for level in LEVELS], parent)


class AttachmentsPane(QWidget):
    """The attachments of one child; `said` tells what was done."""

    said = Signal(str)

    def __init__(self, desk: Desk, jobs: Jobs, parent: QWidget) -> None:
        super().__init__(parent)
        self.desk, self.jobs = desk, jobs
        self._child: int | None = None
        self._rows: dict[int, AttachmentRow] = {}
        self._writable = False
        self.list = ListPane(
            AttachmentRow,
            self._find,
            lambda ids: [self._rows[number] for number in ids if number in self._rows],
            jobs,
            self,
            empty=_("还没有附件。可以把文件拖到这里，或点“添加…”。"),
            first=("added_on", True),
            name=_("附件"),
            desk=desk,
        )
        # The ending of a long name tells what it is.
        self.list.table.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        # A file dropped on the filter would be typed into it.
        self.list.filter.setAcceptDrops(False)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(self._buttons())
        self._hint = QLabel(_("松开鼠标，添加这些文件。"))
        self._hint.setObjectName("notice")
        self._hint.hide()
        column.addWidget(self._hint)
        column.addWidget(self.list, 1)
        self.list.opened.connect(self.show_one)
        self.list.table.selectionModel().selectionChanged.connect(lambda *_changed: self._offer())
        self.list.model.modelReset.connect(self._offer)

    def _buttons(self) -> QHBoxLayout:
        row = QHBoxLayout()
        self.add = QPushButton(look.icon("plus"), _("添加…"))
        self.view = QPushButton(look.icon("eye"), _("查看"))
        self.export = QPushButton(look.icon("save"), _("另存为…"))
        self.edit = QPushButton(look.icon("pencil"), _("备注…"))
        self.delete = QPushButton(look.icon("trash-2"), _("删除"))
        for button, do in (
            (self.add, self.choose),
            (self.view, self._with_current(self.show_one)),
            (self.export, self._with_current(self.export_one)),
            (self.edit, self._with_current(self.edit_one)),
            (self.delete, self._with_current(self.remove_one)),
        ):
            button.setAutoDefault(False)
            button.clicked.connect(do)
            row.addWidget(button)
        row.addStretch(1)
        return row

    def _with_current(self, do: Callable[[int], None]) -> Callable[[], None]:
        def call() -> None:
            number = self.list.current_id()
            if number is not None:
                do(number)

        return call

    # --- what is shown ---------------------------------------------------------------------------

    def show_child(self, child_id: int | None) -> None:
        """Show another child's attachments, or none."""
        self._child, self._writable = child_id, False
        self.setAcceptDrops(False)
        self._offer()
        self.list.reload()
        if child_id is not None and not self.desk.read_only:
            self.jobs.run(
                self, lambda: self.desk.attachments.may_write(child_id), lambda may: self._open(child_id, may)
            )

    def _open(self, child_id: int, may: bool) -> None:
        if child_id == self._child:
            self._writable = may
            self.setAcceptDrops(may)
            self._offer()

    def _offer(self) -> None:
        """Offer what can be done with the chosen line."""
        chosen = self.list.current_id() is not None
        self.view.setEnabled(chosen)
        self.add.setEnabled(self._writable)
        for button in (self.export, self.edit, self.delete):
            button.setEnabled(chosen and self._writable)

    def _find(self, words: str, sort: str, descending: bool) -> "array[int]":
        rows = self.desk.attachments.of_child(self._child) if self._child is not None else ()
        self._rows = {row.id: row for row in rows}
        key = _SORTS.get(sort, lambda row: getattr(row, sort) or "")
        fitting = [
            row for row in rows if words.casefold() in f"{row.name} {row.note or ''} {row.kind.label}".casefold()
        ]
        return array("q", [row.id for row in sorted(fitting, key=key, reverse=descending)])

    # --- in --------------------------------------------------------------------------------------

    def choose(self) -> None:
        """Ask for files, then add them."""
        chosen, _kind = QFileDialog.getOpenFileNames(self, _("添加附件"), "", _endings(_("可以添加的文件"), FileKind))
        if chosen:
            self.ask_about([Path(name) for name in chosen])

    def ask_about(self, paths: Sequence[Path]) -> None:
        """Ask what is to be said of these files, then keep them with the child shown."""
        child = self._child
        if child is None or not self._writable or not paths:
            return
        form = RecordForm(NewAttachment(), editors={"level": level_editor})
        names = QLabel("\n".join(path.name for path in paths[:10]) + ("\n…" if len(paths) > 10 else ""))
        names.setWordWrap(True)
        names.setObjectName("quiet")
        title = _("添加{count}个附件").format(count=len(paths))
        dialog = FormDialog(
            title, form, self.jobs, lambda said: add_files(self.desk, child, paths, said), self, below=names
        )
        dialog.saved.connect(lambda failed: self._added(len(paths), failed))
        dialog.open()

    def _added(self, count: int, failed: Added) -> None:
        self.list.reload()
        self.said.emit(_("已添加{count}个附件").format(count=count - len(failed)))
        if failed:
            lines = [_(_OF_ONE).format(name=name, sentence=error.say()) for name, error in failed]
            tell(self, _("有文件没有添加"), "\n".join(lines))

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Files are welcome."""
        if local_files(event.mimeData()):
            event.acceptProposedAction()
            self._hint.show()

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        """They went away again."""
        self._hint.hide()
        super().dragLeaveEvent(event)

    def dropEvent(self, event: QDropEvent) -> None:
        """Files were let go of here."""
        self._hint.hide()
        event.acceptProposedAction()
        self.ask_about(local_files(event.mimeData()))

    # --- out and about ---------------------------------------------------------------------------

    def show_one(self, attachment_id: int) -> None:
        """Show an attachment inside the program, if it is of a kind that can be."""
        if attachment_id in self._rows and self._rows[attachment_id].kind not in SHOWN:
            tell(self, _("查看"), _("这种文件要用别的程序打开，请用“另存为…”保存后查看。"))
            return

        def work() -> Prepared:
            return prepare(self.desk.attachments.open_content(attachment_id))

        self.jobs.run(self, work, lambda shown: AttachmentDialog(shown, self).open())

    def export_one(self, attachment_id: int) -> None:
        """Save an attachment where the person says; its name then holds numbers, no names."""

        def save(content: Content) -> None:
            kind = f"{content.kind.label} (*{Path(content.outside_name).suffix})"
            if save_as(self, content.outside_name, kind, content.data):
                noting(self.desk, self.jobs, self, "attachment", 1)(Action.EXPORT)
                self.said.emit(_("附件已另存。保存出去的文件没有加密，用完请删除。"))

        self.jobs.run(self, lambda: self.desk.attachments.take_out(attachment_id), save)

    def edit_one(self, attachment_id: int) -> None:
        """Change name, day, level and note."""
        store = self.desk.attachments

        def show(attachment: Attachment) -> None:
            form = RecordForm(attachment, only=("name", "taken_on", "level", "note"), editors={"level": level_editor})
            dialog = FormDialog(
                _("附件"), form, self.jobs, store.change, self, reload=lambda: store.load(attachment_id)
            )
            dialog.saved.connect(lambda _none: self._done(_("附件已保存")))
            dialog.open()

        self.jobs.run(self, lambda: store.load(attachment_id), show)

    def remove_one(self, attachment_id: int) -> None:
        """Ask, then remove for good."""
        name = self._rows[attachment_id].name if attachment_id in self._rows else ""
        text = _("删除附件“{name}”？内容会从数据文件里清除，只有以前的备份里还有。").format(name=name)
        if ask(self, _("删除附件"), text, {"yes": _("删除"), "": _("不删除")}):
            store = self.desk.attachments
            self.jobs.run(self, lambda: store.remove(attachment_id), lambda _none: self._done(_("附件已删除")))

    def _done(self, text: str) -> None:
        self.list.reload()
        self.said.emit(text)


_PHOTO = QSize(90, 112)
_PHOTO_SIDE = 800


class PhotoLabel(QWidget):
    """The photo of a child, or a neutral figure; `said` tells what was done."""

    said = Signal(str)

    def __init__(self, desk: Desk, jobs: Jobs, parent: QWidget) -> None:
        super().__init__(parent)
        self.desk, self.jobs = desk, jobs
        self._child: int | None = None
        self._agreed = False
        self.picture = QLabel()
        self.picture.setObjectName("notice")
        self.picture.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.picture.setFixedSize(_PHOTO + QSize(2 * look.UNIT, 2 * look.UNIT))
        self.state = QLabel()
        self.state.setObjectName("quiet")
        self.state.setWordWrap(True)
        self.state.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self.state.setFixedWidth(self.picture.width())
        self.replace = QPushButton(_("更换…"))
        self.delete = QPushButton(_("删除"))
        row = QHBoxLayout()
        for button, do, name in (
            (self.replace, self.choose, _("更换照片")),
            (self.delete, self.remove, _("删除照片")),
        ):
            button.setAutoDefault(False)
            button.setAccessibleName(name)
            button.clicked.connect(do)
            row.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(look.UNIT // 2)
        column.addWidget(self.picture)
        column.addWidget(self.state)
        column.addLayout(row)
        column.addStretch(1)
        self._show(Photo(), None)
        self._open(may=False)

    def show_child(self, child_id: int | None) -> None:
        """Show another child's photo, or nobody's."""
        self._child = child_id
        self._show(Photo(), None)
        self._open(may=False)
        self.reload()

    def reload(self) -> None:
        """Look the photo up again."""
        child = self._child
        if child is None:
            return
        store, sharp = self.desk.attachments, self.devicePixelRatioF()

        def work() -> tuple[Photo, QImage | None, bool]:
            found = store.photo(child)
            image = decoded(found.data, round(_PHOTO.height() * sharp)) if found.data else None
            return found, image, not self.desk.read_only and store.may_write(child)

        def show(found: tuple[Photo, QImage | None, bool]) -> None:
            if child == self._child:
                self._show(found[0], found[1])
                self._open(may=found[2])

        self.jobs.run(self, work, show)

    def _show(self, photo: Photo, image: QImage | None) -> None:
        self._agreed = photo.agreed
        ratio = self.devicePixelRatioF()
        if image is None:
            shown = look.icon("user", look.tokens().quiet).pixmap(QSize(40, 40))
        else:
            shown = QPixmap.fromImage(image)
            shown.setDevicePixelRatio(max(ratio, image.width() / _PHOTO.width()))
        self.picture.setPixmap(shown)
        self.picture.setAccessibleName(_("照片") if image is not None else _("没有照片"))
        withdrawn = photo.held and not photo.agreed
        self.state.setText(_("照片的同意已失效，不再显示，请删除照片。") if withdrawn else "")
        self.state.setVisible(withdrawn)
        self.delete.setEnabled(photo.held)

    def _open(self, *, may: bool) -> None:
        self.replace.setVisible(may)
        self.delete.setVisible(may)

    def choose(self) -> None:
        """Ask for a picture; without a consent say what is missing."""
        if not self._agreed:
            tell(self, _("照片"), _(NOT_AGREED))
            return
        chosen, _kind = QFileDialog.getOpenFileName(self, _("选择照片"), "", _endings(_("照片"), PICTURES))
        if chosen:
            self.put(Path(chosen))

    def put(self, path: Path) -> None:
        """Make a file the photo of the child shown."""
        child, store = self._child, self.desk.attachments
        if child is not None:

            def work() -> int:
                return store.set_photo(child, as_kept(read_file(path), path.name, _PHOTO_SIDE))

            self.jobs.run(self, work, lambda _number: self._done(_("照片已更换")), self._refused)

    def _refused(self, error: DeskError) -> None:
        tell(self, _("照片没有更换"), error.say())

    def remove(self) -> None:
        """Ask, then remove for good."""
        child, store = self._child, self.desk.attachments
        text = _("删除这张照片？内容会从数据文件里清除，只有以前的备份里还有。")
        if child is not None and ask(self, _("删除照片"), text, {"yes": _("删除"), "": _("不删除")}):
            self.jobs.run(self, lambda: store.remove_photo(child), lambda _none: self._done(_("照片已删除")))

    def _done(self, text: str) -> None:
        self.reload()
        self.said.emit(text)
