"""A disk that fails: every call of a child process that changes files is seen, and refused on demand.

Linux only: a seccomp filter in the child hands the calls to this process, which reads what they
are about from /proc, notes them down, and lets them go on or answers with an error of its choice.
"""

import ctypes
import errno
import fcntl
import multiprocessing
import os
import platform
import select
import socket
import struct
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

# What the calls are named here: their numbers on x86-64 and on arm64 (which has no short forms).
_NUMBERS = {
    "x86_64": {
        "write": 1,
        "pwrite64": 18,
        "fsync": 74,
        "fdatasync": 75,
        "ftruncate": 77,
        "rename": 82,
        "mkdir": 83,
        "rmdir": 84,
        "unlink": 87,
        "openat": 257,
        "unlinkat": 263,
        "renameat": 264,
    },
    "aarch64": {
        "write": 64,
        "pwrite64": 68,
        "fsync": 82,
        "fdatasync": 83,
        "ftruncate": 46,
        "mkdirat": 34,
        "openat": 56,
        "unlinkat": 35,
        "renameat": 38,
    },
}
# Calls that copy inside the kernel: refused, so that Python copies by reading and writing.
_FAST_COPIES = {"x86_64": (40, 326), "aarch64": (71, 285)}
_SECCOMP = {"x86_64": 317, "aarch64": 277}
_MACHINE = platform.machine()
_NAMES = {number: name for name, number in _NUMBERS.get(_MACHINE, {}).items()}

_ALLOW, _NOTIFY, _ERRNO = 0x7FFF0000, 0x7FC00000, 0x00050000
_RECEIVE, _ANSWER, _GO_ON = 0xC0502100, 0xC0182101, 1
_HERE = 0xFFFFFF9C  # AT_FDCWD


@dataclass(frozen=True, slots=True)
class Call:
    """One change to the folder: what (`write`, `truncate`, `sync`, `make`, `rename`, `remove`, or
    `mark` for what the child told), to which path in it, from which offset or to which size."""

    what: str
    path: str
    offset: int = 0
    data: bytes = b""
    target: str = ""


@dataclass
class Plan:
    """Which call is refused: the `at`-th (from 0) of those named in `what` (none: all), from then on
    or `once`, with `error`."""

    at: int = -1
    error: int = errno.EIO
    once: bool = False
    what: Collection[str] = ()
    seen: int = field(default=0, init=False)

    def answer(self, call: Call) -> int:
        """0 to go on, or the error."""
        if self.at < 0 or (self.what and call.what not in self.what):
            return 0
        self.seen += 1
        hit = self.seen - 1 == self.at if self.once else self.seen > self.at
        return self.error if hit else 0


class Line:
    """The child's line to the one who watches it."""

    def __init__(self, wire: socket.socket) -> None:
        self._wire = wire

    def ask(self, text: str) -> str:
        """Tell something and wait for the answer: so it has its place among the calls."""
        self._wire.send(text.encode())
        return self._wire.recv(1 << 16).decode()


Work = Callable[[Path, Line], None]


def _listen(work: Work, folder: str, door: str) -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as wire:
        wire.connect(door)
        listener = _filter()
        socket.send_fds(wire, [b"watch"], [listener])
        os.close(listener)
        work(Path(folder), Line(wire))


def _filter() -> int:
    """Put the filter on this thread and those it starts; returns what hears of its calls."""

    def step(code: int, yes: int, no: int, value: int) -> bytes:
        return struct.pack("=HBBI", code, yes, no, value)

    steps = [step(0x20, 0, 0, 0)]
    for number, name in _NAMES.items():
        if name == "openat":
            # Only those that make or empty a file; the flags are the third word.
            steps += [step(0x15, 0, 4, number), step(0x20, 0, 0, 32), step(0x45, 0, 1, os.O_CREAT | os.O_TRUNC)]
            steps += [step(0x06, 0, 0, _NOTIFY), step(0x06, 0, 0, _ALLOW)]
        else:
            steps += [step(0x15, 0, 1, number), step(0x06, 0, 0, _NOTIFY)]
    for number in _FAST_COPIES[_MACHINE]:
        steps += [step(0x15, 0, 1, number), step(0x06, 0, 0, _ERRNO | errno.EINVAL)]
    steps.append(step(0x06, 0, 0, _ALLOW))
    code = ctypes.create_string_buffer(b"".join(steps))
    program = struct.pack("@HP", len(steps), ctypes.addressof(code))
    libc = ctypes.CDLL(None, use_errno=True)
    # No new rights from now on: the condition for everybody but root.
    libc.prctl(38, 1, 0, 0, 0)
    listener = int(libc.syscall(_SECCOMP[_MACHINE], 1, 8, ctypes.create_string_buffer(program)))
    if listener < 0:
        raise OSError(ctypes.get_errno(), "seccomp")
    return listener


class Disk:
    """Watches one child at work in `folder`; `calls` is what it did, `plan` what is refused."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.calls: list[Call] = []
        self.plan = Plan()

    def run(self, work: Work, hear: Callable[[str], str] = lambda _text: "") -> int:
        """Let a child do `work` to its end; what it tells is put among the calls, and `hear` says
        what to answer. Returns the child's exit code."""
        context: Any = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload(["tests.working"])
        with TemporaryDirectory() as place, socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as door:
            door.bind(f"{place}/door")
            door.listen(1)
            child = context.Process(target=_listen, args=(work, str(self.folder.resolve()), f"{place}/door"))
            child.start()
            wire = door.accept()[0]
            with wire:
                listener = socket.recv_fds(wire, 16, 1)[1][0]
                try:
                    self._watch(listener, wire, hear)
                finally:
                    os.close(listener)
            child.join()
            return int(child.exitcode)

    def _watch(self, listener: int, wire: socket.socket, hear: Callable[[str], str]) -> None:
        poll = select.poll()
        poll.register(listener, select.POLLIN)
        poll.register(wire, select.POLLIN)
        while True:
            for handle, events in poll.poll():
                if handle == listener:
                    if not events & select.POLLIN:
                        return
                    self._answer(listener)
                else:
                    text = wire.recv(1 << 16).decode()
                    if not text:
                        poll.unregister(wire)
                        continue
                    self.calls.append(Call("mark", text))
                    wire.send(hear(text).encode() or b" ")

    def _answer(self, listener: int) -> None:
        notice = bytearray(80)
        try:
            fcntl.ioctl(listener, _RECEIVE, notice)
        except OSError:
            # The child was killed in the meantime.
            return
        number, pid, _flags, call, _arch, _at, *words = struct.unpack("=QIIiIQ6Q", notice)
        seen = self._seen(pid, _NAMES[call], words)
        error = 0
        if seen is not None:
            error = self.plan.answer(seen)
            if not error:
                self.calls.append(seen)
        answer = struct.pack("=QqiI", number, 0, -error, 0 if error else _GO_ON)
        try:
            fcntl.ioctl(listener, _ANSWER, bytearray(answer))
        except OSError as gone:
            if gone.errno != errno.ENOENT:
                raise

    def _seen(self, pid: int, name: str, words: list[int]) -> Call | None:
        child = _Child(pid)
        if name in ("write", "pwrite64"):
            path = self._inside(child.opened(words[0]))
            if path is None:
                return None
            offset = words[3] if name == "pwrite64" else child.position(words[0])
            return Call("write", path, offset, child.memory(words[1], words[2]))
        if name in ("fsync", "fdatasync", "ftruncate"):
            path = self._inside(child.opened(words[0]))
            what, size = ("truncate", words[1]) if name == "ftruncate" else ("sync", 0)
            return None if path is None else Call(what, path, size)
        if name.startswith("rename"):
            first, second = (
                ((_HERE, words[0]), (_HERE, words[1])) if name == "rename" else (tuple(words[:2]), tuple(words[2:4]))
            )
            source, target = self._inside(child.named(*first)), self._inside(child.named(*second))
            return Call("rename", source or "", target=target or "") if source or target else None
        at = (words[0], words[1]) if name.endswith("at") else (_HERE, words[0])
        path = self._inside(child.named(*at))
        if path is None:
            return None
        if name == "openat":
            return _opening(self.folder / path, path, words[2])
        return Call("make folder" if name.startswith("mkdir") else "remove", path)

    def _inside(self, path: str) -> str | None:
        start = f"{self.folder.resolve()}/"
        return f"{path}/"[len(start) : -1] if f"{path}/".startswith(start) else None


def _opening(file: Path, path: str, flags: int) -> Call | None:
    if not file.exists():
        return Call("make", path)
    return Call("truncate", path) if flags & os.O_TRUNC else None


class _Child:
    """What /proc tells of a child that waits in a call."""

    def __init__(self, pid: int) -> None:
        self._place = f"/proc/{pid}"

    def opened(self, handle: int) -> str:
        return str(Path(f"{self._place}/fd/{handle}").readlink())

    def position(self, handle: int) -> int:
        told = Path(f"{self._place}/fdinfo/{handle}").read_text(encoding="ascii")
        return int(told.split("pos:", 1)[1].split(None, 1)[0])

    def memory(self, at: int, size: int) -> bytes:
        with Path(f"{self._place}/mem").open("rb", buffering=0) as memory:
            memory.seek(at)
            return memory.read(size)

    def named(self, handle: int, at: int) -> str:
        # A name may end just before memory does: never read over the end of its page.
        text = b""
        while b"\0" not in text:
            text += self.memory(at + len(text), 4096 - (at + len(text)) % 4096)
        name = os.fsdecode(text.split(b"\0", 1)[0])
        known = handle & 0xFFFFFFFF
        start = Path(f"{self._place}/cwd" if known == _HERE else f"{self._place}/fd/{known}").readlink()
        return os.path.normpath(start / name)
