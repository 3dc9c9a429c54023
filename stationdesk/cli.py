"""The command line: the same rights and the same sentences as the window, and no screen needed."""

import argparse
import getpass
import json
import os
import re
import sys
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from stationdesk import __version__, backups, demonstration, desk, paths, settings
from stationdesk.desk import Desk
from stationdesk.errors import (
    AlreadyOpen,
    Denied,
    DeskError,
    Missing,
    Problem,
    Refused,
    StorageTrouble,
    WrongPassword,
)
from stationdesk.i18n import N_, _, use_language
from stationdesk.log import logger, report_code, set_up
from stationdesk.records.audit import Action
from stationdesk.records.demonstration import SCALES
from stationdesk.records.duplicates import OnDuplicate

if TYPE_CHECKING:
    from stationdesk.records.summaries import MonthlyFigures
    from stationdesk.reports.document import Document

OK, USAGE, ALREADY_OPEN, REFUSED, NO_RIGHT, DAMAGED, OUR_FAULT = 0, 2, 3, 4, 5, 6, 1

OpenWindow = Callable[[Path], int]


def main(argv: Sequence[str] | None = None, open_window: OpenWindow | None = None) -> int:
    """Do what `argv` says and return the exit code: 0 done, 2 usage, 3 already open, 4 refused, 5
    wrong password or no right, 6 damaged or storage trouble. `open_window` shows the program."""
    for stream in (sys.stdout, sys.stderr):
        # A console that cannot write a name must not end the command.
        reconfigure: Callable[..., None] | None = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="backslashreplace")
    use_language(settings.load(paths.settings_file()).language)
    set_up(paths.log_folder())
    try:
        words = _parser().parse_args(argv)
    except SystemExit as left:
        return int(left.code or 0)
    try:
        code: int = words.do(words, open_window)
    except DeskError as error:
        _tell(error.say())
        return _exit_code(error)
    except _UsageError as usage:
        _tell(str(usage))
        return USAGE
    except OSError as error:
        name = Path(str(error.filename)).name if error.filename else ""
        _tell(_("文件“{name}”读写失败，请检查文件夹、磁盘空间和权限。").format(name=name))
        logger.exception("command failed")
        return DAMAGED
    except Exception as error:  # noqa: BLE001 - the last place that can say anything at all
        _tell(_("程序出错（{code}），没有完成。请把这个代码告诉技术支持。").format(code=report_code(error)))
        logger.exception("command failed")
        return OUR_FAULT
    return code


def _exit_code(error: DeskError) -> int:
    if isinstance(error, AlreadyOpen):
        return ALREADY_OPEN
    if isinstance(error, (WrongPassword, Denied)):
        return NO_RIGHT
    return DAMAGED if isinstance(error, StorageTrouble) else REFUSED


class _UsageError(Exception):
    """The words do not make a command; the text says what is missing."""


def _tell(text: str) -> None:
    """Say something that was not asked for: stdout is for what was."""
    print(text, file=sys.stderr)


# --- words ---------------------------------------------------------------------------------------


class _Parser(argparse.ArgumentParser):
    """Speaks the user's language where argparse lets it."""

    def __init__(self, **more: Any) -> None:
        super().__init__(add_help=False, formatter_class=_Help, **more)
        self.add_argument("-h", "--help", action="help", help=_("显示这段说明"))
        self._positionals.title = _("参数")
        self._optionals.title = _("选项")

    def error(self, message: str) -> NoReturn:
        self.print_usage(sys.stderr)
        self.exit(USAGE, _("命令写得不对，请看上面的用法（{message}）。").format(message=message) + "\n")


class _Help(argparse.RawDescriptionHelpFormatter):
    def add_usage(self, usage: Any, actions: Any, groups: Any, prefix: str | None = None) -> None:
        super().add_usage(usage, actions, groups, _("用法：") if prefix is None else prefix)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(_("日期请写成2026-10-31这样")) from None


def _month(text: str) -> tuple[int, int]:
    found = re.fullmatch(r"(\d{4})-(0[1-9]|1[0-2])", text)
    if found is None or not 2000 <= int(found[1]) <= 2999:
        raise argparse.ArgumentTypeError(_("月份请写成2026-10这样"))
    return int(found[1]), int(found[2])


def _parser() -> _Parser:
    parser = _Parser(
        prog="stationdesk",
        description=_("未成年人保护工作站。不带参数时打开窗口。"),
        epilog=_("退出码：0完成，2用法不对，3已在别处打开，4被拒绝，5口令不对或没有权限，6数据或磁盘有问题。"),
    )
    parser.add_argument("--version", action="version", version=__version__, help=_("显示版本号"))
    parser.add_argument("--data", type=Path, default=None, help=argparse.SUPPRESS)
    parser.set_defaults(do=_run)
    verbs = parser.add_subparsers(title=_("命令"), metavar=_("命令"))
    _add_run_and_demo(verbs)
    report = _verb(verbs, "report", _("打印一个月的月报"), _report)
    report.add_argument("month", type=_month, metavar="YYYY-MM", help=_("月份"))
    report.add_argument("--pdf", type=Path, metavar="F", help=_("写成PDF文件"))
    report.add_argument("--xlsx", type=Path, metavar="F", help=_("写成Excel文件"))
    report.add_argument("--json", metavar="F", help=_("写成JSON文件，“-”表示直接输出"))
    _add_import_and_export(verbs)
    backup = _verb(verbs, "backup", _("备份并检查备份"), _backup)
    backup.add_argument("--to", type=Path, metavar="DIR", help=_("备份到这个文件夹"))
    verify = _verb(verbs, "verify", _("检查备份文件，不写文件名则检查现有数据"), _verify)
    verify.add_argument("file", type=Path, nargs="?", metavar="FILE.sdbak", help=_("备份文件"))
    restore = _verb(verbs, "restore", _("用备份文件恢复，现有数据会移到旁边保留"), _restore)
    restore.add_argument("file", type=Path, metavar="FILE.sdbak", help=_("备份文件"))
    return parser


def _verb(verbs: Any, name: str, text: str, do: Callable[[argparse.Namespace, OpenWindow | None], int]) -> _Parser:
    """One command that opens the station, with the options all of these have."""
    verb: _Parser = verbs.add_parser(name, help=text, description=text)
    verb.add_argument("--data", type=Path, default=None, metavar="DIR", help=_("数据文件夹"))
    verb.add_argument("--user", metavar="NAME", help=_("用户名"))
    verb.add_argument("--password-stdin", action="store_true", help=_("从标准输入读口令"))
    verb.set_defaults(do=do)
    return verb


def _add_run_and_demo(verbs: Any) -> None:
    run = verbs.add_parser("run", help=_("打开窗口"))
    run.add_argument("--data", type=Path, default=None, metavar="DIR", help=_("数据文件夹"))
    run.set_defaults(do=_run)
    demo = verbs.add_parser("demo", help=_("建立演示工作站并打印月报"))
    demo.add_argument("--data", type=Path, default=None, metavar="DIR", help=_("放在这个空文件夹里"))
    demo.add_argument("--scale", choices=tuple(SCALES), default=None, help=_("规模：一般、忙碌、最大"))
    demo.add_argument("--seed", type=int, default=None, metavar="N", help=_("同一个数得到同样的内容"))
    demo.add_argument("--until", type=_day, default=None, metavar="YYYY-MM-DD", help=_("演示中的“今天”"))
    demo.add_argument("--report", type=_month, default=None, metavar="YYYY-MM", help=_("打印这个月的月报"))
    demo.add_argument("--pdf", type=Path, default=None, metavar="F", help=_("月报写到这个PDF文件"))
    demo.add_argument("--json", action="store_true", help=_("用JSON列出文件夹、账号和月份"))
    demo.set_defaults(do=_demo)


def _kinds(verbs: Any, name: str, text: str) -> Any:
    """A command that is told of what it is."""
    return verbs.add_parser(name, help=text, description=text).add_subparsers(
        title=_("内容"), metavar=_("内容"), required=True
    )


def _add_import_and_export(verbs: Any) -> None:
    empty = _verb(_kinds(verbs, "template", _("写出空白模板")), "children", _("儿童名单模板"), _template)
    empty.add_argument("file", type=Path, metavar="F.xlsx", help=_("模板写到这个文件"))
    takes, gives = _kinds(verbs, "import", _("导入预约或儿童名单")), _kinds(verbs, "export", _("导出预约或儿童名单"))
    take = _verb(takes, "bookings", _("导入预约"), _import)
    take.add_argument("file", type=Path, metavar="F.ics", help=_("日历文件"))
    take.add_argument("--dry-run", action="store_true", help=_("只检查，不保存"))
    take = _verb(takes, "children", _("导入儿童名单"), _import_children)
    take.add_argument("file", type=Path, metavar="F.xlsx", help=_("表格文件（.xlsx、.xls、.csv）"))
    take.add_argument("--dry-run", action="store_true", help=_("只检查，不保存"))
    decisions = tuple(kind.code.lower() for kind in OnDuplicate)
    text = _("可能已有档案的：跳过、更新已有档案、另建档案")
    take.add_argument("--on-duplicate", choices=decisions, default=None, help=text)
    take.add_argument("--errors", type=Path, default=None, metavar="F.xlsx", help=_("把带错误信息的表格写到这里"))
    give = _verb(gives, "bookings", _("导出预约"), _export)
    give.add_argument("file", type=Path, metavar="F.ics", help=_("日历文件"))
    give.add_argument("--from", dest="first", type=_day, required=True, metavar="D", help=_("第一天"))
    give.add_argument("--to", dest="last", type=_day, required=True, metavar="D", help=_("最后一天"))
    give = _verb(gives, "children", _("导出儿童名单"), _export_children)
    give.add_argument("file", type=Path, metavar="F.xlsx", help=_("表格文件（.xlsx、.csv）"))
    give.add_argument("--whole", action="store_true", help=_("不遮盖个人信息，须写明理由"))
    give.add_argument("--reason", default="", metavar="TEXT", help=_("导出完整名单的理由，至少10个字"))


# --- the person ----------------------------------------------------------------------------------


def _username_and_password(words: argparse.Namespace) -> tuple[str, str]:
    """As given, else asked for where somebody sits at a terminal."""
    asked = sys.stdin.isatty()
    name: str = words.user or ""
    if not name and not asked:
        raise _UsageError(_("请用 --user 写明用户名。"))
    if not name:
        print(_("用户名："), end="", file=sys.stderr, flush=True)
        name = sys.stdin.readline().strip()
    if words.password_stdin:
        return name, sys.stdin.readline().rstrip("\r\n")
    if not asked:
        raise _UsageError(_("请加 --password-stdin，并从标准输入给出口令。"))
    return name, getpass.getpass(_("口令："), stream=sys.stderr)


@contextmanager
def _at_desk(words: argparse.Namespace) -> Iterator[Desk]:
    name, password = _username_and_password(words)
    found = desk.log_in(_data(words), name, password)
    try:
        for note in found.opened.notes:
            _tell(_(note))
        yield found
    finally:
        found.close()


def _data(words: argparse.Namespace) -> Path:
    return words.data or paths.default_data()


# --- window and demonstration --------------------------------------------------------------------


def _run(words: argparse.Namespace, open_window: OpenWindow | None) -> int:
    # Qt ends the process when it finds no screen, so it is asked beforehand.
    if open_window is None or not (_has_screen() or "QT_QPA_PLATFORM" in os.environ):
        raise _UsageError(_("这里不能打开窗口，请写明要做什么（--help 有说明）。"))
    return open_window(_data(words))


def _has_screen() -> bool:
    return os.name == "nt" or sys.platform == "darwin" or bool({"DISPLAY", "WAYLAND_DISPLAY"} & os.environ.keys())


def _demo(words: argparse.Namespace, open_window: OpenWindow | None) -> int:
    demo = demonstration.open_demo(words.data, scale=words.scale, seed=words.seed, until=words.until)
    if words.report or not words.json:
        target = words.pdf or demo.data / f"未保月报_{demo.months[-1]}.pdf"
        month = words.report or _month(demo.months[-1])
        with demonstration.at_desk(demo) as head:
            _write_pdf(head, head.summaries.figures(*month), target)
        _tell(_("月报已写到 {path}").format(path=target))
    if words.json:
        users = [{"name": user.name, "role": user.role.code, "password": user.password} for user in demo.users]
        print(json.dumps({"data": str(demo.data), "users": users, "months": demo.months}, ensure_ascii=False))
        return OK
    _tell(_("演示工作站在 {path}，账号和口令：").format(path=demo.data))
    for user in demo.users:
        print(f"{user.name}\t{user.password}\t{user.role.label}")
    if open_window is not None and not words.report and _has_screen():
        return open_window(demo.data)
    return OK


# --- reports -------------------------------------------------------------------------------------


def _report(words: argparse.Namespace, _window: OpenWindow | None) -> int:
    with _at_desk(words) as found:
        figures = found.summaries.figures(*words.month)
        if words.pdf:
            _write_pdf(found, figures, words.pdf)
        if words.pdf or words.xlsx or words.json:
            found.audit.note_output(Action.EXPORT, "summary", 1)
        if words.xlsx:
            from stationdesk.reports.sheets import document_to_xlsx

            sheet = BytesIO()
            document_to_xlsx(_form(found, figures), sheet)
            paths.replace_file(words.xlsx, sheet.getvalue())
        if words.json:
            _write_json(figures, words.json)
    if not (words.pdf or words.xlsx or words.json):
        for line in _table(figures):
            print(line)
    return OK


def _form(found: Desk, figures: "MonthlyFigures") -> "Document":
    from stationdesk.reports.monthly import monthly_document

    return monthly_document(figures, found.station.profile(), found.audit.head(), mark=_("演示") if found.demo else "")


def _write_pdf(found: Desk, figures: "MonthlyFigures", path: Path) -> None:
    from stationdesk.reports.pdf import write_pdf

    rendered = write_pdf(_form(found, figures), path)
    if rendered.missing:
        _tell(_("这些字没有可用的字体，已打印编码：{chars}").format(chars="、".join(rendered.missing)))


def _write_json(figures: "MonthlyFigures", target: str) -> None:
    from stationdesk.reports.monthly import monthly_json

    text = json.dumps(monthly_json(figures), ensure_ascii=False, indent=1)
    if target == "-":
        print(text)
    else:
        paths.replace_file(Path(target), text.encode())


def _table(figures: "MonthlyFigures") -> Iterator[str]:
    """The figures as aligned lines of text: code, unit, month, year, name."""
    from stationdesk.reports.monthly import label_of, shown

    yield f"{figures.station} {figures.period.name}"
    head = (_("代码"), _("单位"), _("本月"), _("本年累计"), _("指标名称"))
    rows = [head] + [
        (item.code, _(item.unit), shown(item.month, item), shown(item.year, item), label_of(item))
        for item in figures.figures
    ]
    widths = [max(_width(row[n]) for row in rows) for n in range(4)]
    for row in rows:
        cells = (cell + " " * (width - _width(cell)) for cell, width in zip(row, widths, strict=False))
        yield "  ".join((*cells, row[4]))


def _width(text: str) -> int:
    """Columns on a terminal: Chinese characters take two."""
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)


# --- bookings in and out -------------------------------------------------------------------------


def _import(words: argparse.Namespace, _window: OpenWindow | None) -> int:
    from stationdesk import imports

    with _at_desk(words) as found:
        count = imports.import_calendar(found, words.file.read_bytes(), dry_run=words.dry_run)
    text = N_("检查通过，可以导入{count}个预约。") if words.dry_run else N_("已导入{count}个预约。")
    _tell(_(text).format(count=count))
    return OK


def _export(words: argparse.Namespace, _window: OpenWindow | None) -> int:
    from stationdesk.reports.calendars import write

    if words.last < words.first:
        raise Refused(Problem("to", N_("最后一天早于第一天，请改正其中一个。")))
    with _at_desk(words) as found:
        start = datetime.combine(words.first, time())
        rows = found.bookings.between(start, datetime.combine(words.last + timedelta(days=1), time()))
        paths.replace_file(words.file, write(rows, found.station_name))
        found.audit.note_output(Action.EXPORT, "calendar", len(rows))
    _tell(_("已导出{count}个预约。").format(count=len(rows)))
    return OK


# --- children in and out -------------------------------------------------------------------------


def _template(words: argparse.Namespace, _window: OpenWindow | None) -> int:
    from stationdesk import imports

    with _at_desk(words) as found:
        imports.write_child_template(found, words.file)
    _tell(_("模板已写到 {path}").format(path=words.file))
    return OK


def _import_children(words: argparse.Namespace, _window: OpenWindow | None) -> int:
    from stationdesk import imports

    decision = OnDuplicate.of(words.on_duplicate.upper()) if words.on_duplicate else None
    with _at_desk(words) as found:
        try:
            report = imports.import_children(found, words.file, decision, dry_run=words.dry_run)
            undecided = () if decision else tuple(twin.undecided() for twin in report.surest().values())
            Refused.over(sorted((*report.problems, *undecided), key=lambda problem: problem.row))
        except Refused as refused:
            if words.errors and all(problem.row > 1 for problem in refused.problems):
                imports.write_faults(words.file, refused.problems, words.errors)
            raise
    _tell(_("检查通过，可以导入：") if words.dry_run else _("已导入："))
    text = N_("新建{new}个，更新{updated}个，跳过{skipped}个（一人一档{full}个，活动登记{light}个）。")
    names = ("new", "updated", "skipped", "full", "light")
    _tell(_(text).format(**{name: getattr(report, name) for name in names}))
    return OK


def _export_children(words: argparse.Namespace, _window: OpenWindow | None) -> int:
    from stationdesk import imports
    from stationdesk.records.children import ChildQuery

    with _at_desk(words) as found:
        ids = found.children.find(ChildQuery())
        count = imports.export_children(found, ids, words.file, whole=words.whole, reason=words.reason)
    _tell(_("已导出{count}个儿童。").format(count=count))
    return OK


# --- backups -------------------------------------------------------------------------------------


def _backup(words: argparse.Namespace, _window: OpenWindow | None) -> int:
    with _at_desk(words) as found:
        made = backups.back_up(found, words.to)
    print(made.path)
    _tell(_("已备份并检查通过，共{rows}条记录。").format(rows=made.rows))
    return OK


def _verify(words: argparse.Namespace, _window: OpenWindow | None) -> int:
    if words.file is None:
        with _at_desk(words) as found:
            rows, report = backups.check_station(found)
        print(_("OK：数据完好，共{rows}条记录。").format(rows=rows))
        if report is None:
            return OK
        for fault in report.faults:
            print(_("操作记录：{fault}").format(fault=fault.say()))
        if report.sound:
            print(_("OK：操作记录{rows}条，未被改动，末条{head}。").format(rows=report.rows, head=report.head))
        return OK if report.sound else DAMAGED
    if not words.file.is_file():
        raise Missing(Problem("file", N_("没有找到文件{name}，请检查路径。"), {"name": words.file.name}))
    info = backups.check_backup(words.file)
    text = N_("OK：{station}的第{number}号备份，{made}制作，共{rows}条记录。")
    values = {"station": info.station, "number": info.number, "made": info.made_at, "rows": info.rows}
    print(_(text).format(**values))
    return OK


def _restore(words: argparse.Namespace, _window: OpenWindow | None) -> int:
    if not words.file.is_file():
        raise Missing(Problem("file", N_("没有找到文件{name}，请检查路径。"), {"name": words.file.name}))
    name, password = _username_and_password(words)
    kept = backups.restore(_data(words), words.file, name, password)
    _tell(_("已恢复。"))
    if kept is not None:
        _tell(_("原来的数据保留在 {path}").format(path=kept))
    return OK
