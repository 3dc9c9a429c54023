"""What can go wrong, said once: problems as data, and the five errors that carry them."""

import dataclasses
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from stationdesk.i18n import N_, _

_NOTHING: Mapping[str, object] = MappingProxyType({})


# How a problem's number in a file is said: a sheet has rows, a calendar has events.
ROW = N_("第{row}行：{sentence}")
EVENT = N_("第{row}个事件：{sentence}")


class Label(str):
    """A value of a problem that is itself a text of ours, to be translated when it is said."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong: the field it belongs to ("" for the whole), a text, its values.

    `text` is a marked Chinese sentence with `{name}` places that `values` fill. `row` is the
    1-based number in an imported file, 0 elsewhere; `place` says of what (`ROW`, `EVENT`).
    """

    field: str
    text: str
    values: Mapping[str, object] = dataclasses.field(default_factory=lambda: _NOTHING)
    row: int = 0
    place: str = ROW

    def say(self) -> str:
        """The sentence in the language in use."""
        values = {k: _(v) if isinstance(v, Label) else v for k, v in self.values.items()}
        sentence = _(self.text).format(**values) if values else _(self.text)
        return _(self.place).format(row=self.row, sentence=sentence) if self.row else sentence


class DeskError(Exception):
    """An error a user is told about: its problems say what is wrong, where and what to do."""

    fallback = N_("这一步没有完成。")

    def __init__(self, *problems: Problem) -> None:
        self.problems = problems or (Problem("", self.fallback),)
        super().__init__(type(self).__name__)

    def say(self) -> str:
        """All sentences, one a line, in the language in use."""
        return "\n".join(problem.say() for problem in self.problems)


class Refused(DeskError):
    """The input breaks a rule; nothing was saved."""

    fallback = N_("内容不符合规定，没有保存。")

    @classmethod
    def over(cls, problems: Iterable[Problem]) -> None:
        """Raise if there is any problem."""
        found = tuple(problems)
        if found:
            raise cls(*found)


class Conflict(DeskError):
    """Somebody else saved this record after it was read; nothing was saved."""

    fallback = N_("这条记录刚被别人修改过，没有保存。请重新载入后再改。")


class Missing(DeskError):
    """There is no such record, or none this person may see: the two look the same."""

    fallback = N_("没有找到这条记录。")


class Denied(DeskError):
    """This person has not the right."""

    fallback = N_("您的岗位没有这项权限。如确有需要，请联系站长。")


class WrongPassword(DeskError):
    """User name or password do not open the station."""

    fallback = N_("用户名或口令错误。")


class TooSoon(WrongPassword):
    """After wrong passwords the next attempt has to wait; `seconds` says how long."""

    def __init__(self, seconds: int) -> None:
        self.seconds = seconds
        minutes, rest = divmod(seconds, 60)
        super().__init__(
            Problem("", N_("口令连续输错，请等{minutes}分{seconds}秒再试。"), {"minutes": minutes, "seconds": rest})
        )


class PasswordDue(Denied):
    """The one-time password opens nothing but the way to one's own."""

    fallback = N_("您用的是一次性口令，请先在登录窗口改成自己的口令。")


class AlreadyOpen(DeskError):
    """Another program on this PC holds the station."""

    fallback = N_("程序已在本机打开。")


class StorageTrouble(DeskError):
    """Disk, folder or file will not do; the sentence says which and what to do."""

    fallback = N_("数据文件读写出现问题，没有保存。请检查磁盘后重试。")


class Doubtful(StorageTrouble):
    """The disk failed at the moment of saving and answers no more: saved or not, nobody knows."""

    fallback = N_("保存时磁盘出错，不能确定是否已经保存。内容还在，请检查磁盘后再点一次保存，不会存成两份。")


class FolderTrouble(StorageTrouble):
    """The data lie where they easily get lost or are sent elsewhere; a head may agree to it."""
