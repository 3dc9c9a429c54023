"""What a kill or a power cut leaves of a folder, worked out from the calls that were seen."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from random import Random
from typing import NamedTuple

from tests.disk import Call


class _File:
    """A file's content as programs see it, as the disk holds it for certain, and what is between."""

    def __init__(self, content: bytes = b"") -> None:
        self.now = bytearray(content)
        self.kept = bytes(content)
        self.waiting: list[Call] = []

    def change(self, call: Call) -> None:
        _apply(self.now, call)
        self.waiting.append(call)

    def sync(self) -> None:
        self.kept = bytes(self.now)
        self.waiting.clear()

    def cut(self, random: Random | None) -> bytes:
        """What is there after the power came back: of the changes not synced none, or any."""
        if random is None:
            return self.kept
        content = bytearray(self.kept)
        for call in self.waiting:
            chance = random.random()
            if chance < 0.4:
                _apply(content, call)
            elif chance < 0.6 and call.what == "write" and len(call.data) > 512:
                half = random.randrange(512, len(call.data), 512)
                _apply(content, Call("write", call.path, call.offset, call.data[:half]))
        return bytes(content)


def _apply(content: bytearray, call: Call) -> None:
    if call.what == "truncate":
        del content[call.offset :]
        content.extend(bytes(call.offset - len(content)))
    else:
        content.extend(bytes(max(0, call.offset - len(content))))
        content[call.offset : call.offset + len(call.data)] = call.data


class _Naming(NamedTuple):
    """A file gets a name, loses one, or changes it."""

    old: str
    new: str
    file: _File | None

    def happen(self, names: dict[str, _File]) -> None:
        names.pop(self.old, None)
        if self.new and self.file is not None:
            names[self.new] = self.file

    def touches(self, folder: str) -> bool:
        return any(name and _parent(name) == folder for name in (self.old, self.new))


def _parent(path: str) -> str:
    return path.rpartition("/")[0]


class Replay:
    """A folder as it was before, and then call by call."""

    def __init__(self, folder: Path) -> None:
        inside = list(folder.rglob("*"))
        self._folders = {str(path.relative_to(folder)) for path in inside if path.is_dir()} | {""}
        files = {str(path.relative_to(folder)): _File(path.read_bytes()) for path in inside if path.is_file()}
        self._names, self._kept = dict(files), dict(files)
        self._waiting: list[_Naming] = []

    def after(self, calls: Sequence[Call]) -> Iterator[Call]:
        """Let the calls happen one by one; after each the replay can be asked what is left."""
        for call in calls:
            self._happen(call)
            yield call

    def _happen(self, call: Call) -> None:
        if call.what == "sync":
            self._sync(call.path)
        elif call.what == "make folder":
            self._folders.add(call.path)
        elif call.what == "remove" and call.path in self._folders:
            self._folders.discard(call.path)
        elif call.what in ("make", "remove", "rename"):
            self._name(call)
        elif call.what != "mark" and call.path in self._names:
            self._names[call.path].change(call)

    def _name(self, call: Call) -> None:
        if call.what == "make":
            naming = _Naming("", call.path, _File())
        else:
            naming = _Naming(call.path, call.target, self._names.get(call.path))
        naming.happen(self._names)
        self._waiting.append(naming)

    def _sync(self, path: str) -> None:
        if path in self._names:
            self._names[path].sync()
        for naming in [naming for naming in self._waiting if path in self._folders and naming.touches(path)]:
            naming.happen(self._kept)
            self._waiting.remove(naming)

    def killed(self, folder: Path) -> Path:
        """Write to `folder` what a kill of the program leaves: all that was called for."""
        return self._write(folder, {name: bytes(file.now) for name, file in self._names.items()})

    def cut(self, folder: Path, random: Random | None = None) -> Path:
        """Write to `folder` what a power cut leaves: all that was synced, and with `random` any part of
        the rest; names change in their order, contents in none."""
        names = dict(self._kept)
        for naming in self._waiting[: random.randint(0, len(self._waiting)) if random else 0]:
            naming.happen(names)
        return self._write(folder, {name: file.cut(random) for name, file in names.items()})

    def _write(self, folder: Path, files: dict[str, bytes]) -> Path:
        for inside in self._folders:
            (folder / inside).mkdir(parents=True, exist_ok=True)
        for name, content in files.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_bytes(content)
        return folder
