"""Where station data must not lie: on a network, on a stick, in a folder that is synced away."""

import sys
from pathlib import Path

from stationdesk.errors import Problem
from stationdesk.i18n import N_

_NETWORK = {"nfs", "nfs4", "cifs", "smb3", "smbfs", "9p", "fuse.sshfs", "davfs", "fuse.davfs2", "afs", "ncpfs"}
_SYNCED = {
    "onedrive",
    "dropbox",
    "google drive",
    "icloud drive",
    "nutstore",
    "坚果云",
    "我的坚果云",
    "wps云盘",
    "wpsdrive",
    "wps cloud files",
    "baidusyncdisk",
    "百度网盘同步空间",
    "百度网盘",
    "腾讯微云",
    "微云同步助手",
    "syncthing",
    "seafile",
    "nextcloud",
}

_ON_NETWORK = N_("数据文件夹在网络位置上，容易损坏，拒绝使用。请改放到本机硬盘。")
_ON_STICK = N_("数据文件夹在可移动磁盘上，容易丢失，拒绝使用。请改放到本机硬盘。")
_IN_SYNC = N_("数据文件夹在云同步目录“{name}”里，会被传到别处，拒绝使用。请改放到不同步的文件夹。")


def folder_problem(data: Path) -> Problem | None:
    """Why `data` may not hold a station, or None."""
    whole = data.resolve()
    for part in whole.parts:
        if part.lower() in _SYNCED or part.lower().startswith("onedrive - "):
            return Problem("", _IN_SYNC, {"name": part})
    return _disk_problem(whole)


if sys.platform == "win32":
    import ctypes

    def _disk_problem(whole: Path) -> Problem | None:
        if str(whole).startswith("\\\\"):
            return Problem("", _ON_NETWORK)
        kind = ctypes.windll.kernel32.GetDriveTypeW(whole.anchor)
        return {2: Problem("", _ON_STICK), 4: Problem("", _ON_NETWORK)}.get(kind)

else:

    def _disk_problem(whole: Path) -> Problem | None:
        mounts = Path("/proc/mounts")
        if not mounts.exists():
            return None
        return mount_problem(whole, mounts.read_text(encoding="utf-8", errors="replace"))


def mount_problem(whole: Path, mounts: str) -> Problem | None:
    """The same from the text of /proc/mounts: the longest mount point above `whole` decides."""
    best, device, kind = "", "", ""
    for line in mounts.splitlines():
        parts = line.split(" ")
        point = parts[1].replace("\\040", " ")
        if len(point) >= len(best) and (whole == Path(point) or Path(point) in whole.parents):
            best, device, kind = point, parts[0], parts[2]
    if kind in _NETWORK:
        return Problem("", _ON_NETWORK)
    block = Path("/sys/class/block") / Path(device).name
    if device.startswith("/dev/") and _removable(block):
        return Problem("", _ON_STICK)
    return None


def _removable(block: Path) -> bool:
    """Whether the disk of a partition is one that is pulled out."""
    for folder in (block, block.resolve().parent):
        flag = folder / "removable"
        if flag.exists():
            return flag.read_text().strip() == "1"
    return False
