"""Start stationdesk on a bare machine: prepares what it needs, then runs the program.

Only the standard library here. All talk goes to stderr: stdout belongs to what was asked for.
"""

import hashlib
import os
import shutil
import subprocess
import sys
from ctypes.util import find_library
from pathlib import Path

ROOT = Path(__file__).resolve().parent
WINDOWS = os.name == "nt"
ROOM_IN_MEMORY = 2 << 30

# Library file (as the linker names it) to Debian package; Qt needs the first group always, the
# second for a window on X11.
LIBRARIES = {
    "GL": "libgl1",
    "EGL": "libegl1",
    "fontconfig": "libfontconfig1",
    "dbus-1": "libdbus-1-3",
    "xkbcommon": "libxkbcommon0",
    "glib-2.0": "libglib2.0-0",
}
WINDOW_LIBRARIES = {
    "xcb-cursor": "libxcb-cursor0",
    "xcb-icccm": "libxcb-icccm4",
    "xcb-keysyms": "libxcb-keysyms1",
    "xcb-shape": "libxcb-shape0",
    "xkbcommon-x11": "libxkbcommon-x11-0",
}


def say(text: str) -> None:
    """Tell the person at the terminal."""
    print(text, file=sys.stderr, flush=True)


def fail(text: str) -> None:
    """End with one sentence."""
    say(text)
    raise SystemExit(6)


def environment_folder() -> Path:
    """Where the virtual environment lies: beside the program, or in the user's cache if that is read-only."""
    if os.access(ROOT, os.W_OK):
        return ROOT / ".venv"
    base = os.environ.get("LOCALAPPDATA") if WINDOWS else os.environ.get("XDG_CACHE_HOME")
    name = hashlib.sha256(str(ROOT).encode()).hexdigest()[:12]
    return Path(base or Path.home() / ".cache") / "stationdesk" / f"venv-{name}"


def python_in(folder: Path) -> Path:
    """The environment's interpreter."""
    return folder / "Scripts" / "python.exe" if WINDOWS else folder / "bin" / "python"


def is_root() -> bool:
    """Whether packages of the system can be installed."""
    return not WINDOWS and os.geteuid() == 0 and shutil.which("apt-get") is not None


def apt_install(packages: list[str]) -> bool:
    """Install Debian packages; says whether it went well."""
    quiet = {"stdout": sys.stderr, "stderr": sys.stderr, "env": {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}}
    subprocess.run(["apt-get", "update", "-qq"], check=False, **quiet)
    return subprocess.run(["apt-get", "install", "-y", "-qq", *packages], check=False, **quiet).returncode == 0


def ensure_libraries(window: bool) -> None:
    """See that the system libraries Qt needs are there; install them, or name the command."""
    if WINDOWS or sys.platform == "darwin":
        return
    wanted = LIBRARIES | (WINDOW_LIBRARIES if window else {})
    missing = [package for name, package in wanted.items() if find_library(name) is None]
    if not missing:
        return
    say(f"正在安装系统组件：{' '.join(missing)}")
    if is_root() and apt_install(missing):
        return
    fail(f"缺少系统组件，请让管理员运行一次：sudo apt-get install {' '.join(missing)}")


def make_environment(folder: Path) -> None:
    """A fresh virtual environment; a half-made one is thrown away first."""
    say("首次启动，正在准备运行环境，请稍候……")
    shutil.rmtree(folder, ignore_errors=True)
    folder.parent.mkdir(parents=True, exist_ok=True)
    command = [sys.executable, "-m", "venv", str(folder)]
    made = subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, check=False)
    if made.returncode == 0:
        return
    package = f"python{sys.version_info.major}.{sys.version_info.minor}-venv"
    shutil.rmtree(folder, ignore_errors=True)
    if is_root() and apt_install([package]) and subprocess.run(command, stdout=sys.stderr, check=False).returncode == 0:
        return
    fail(f"无法建立运行环境，请让管理员运行一次：sudo apt-get install {package}")


def install(folder: Path, lock: Path) -> None:
    """Install what `lock` names, each file checked against its hash."""
    say(f"正在安装组件（{lock.name}），需要几分钟……")
    command = [str(python_in(folder)), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    command += ["--require-hashes", "--no-deps", "-r", str(lock)]
    if subprocess.run(command, stdout=sys.stderr, check=False).returncode != 0:
        fail("组件没有装好，请检查网络后再试一次；已装好的部分会保留。")


def ensure_environment(locks: list[Path]) -> Path:
    """The interpreter of an environment that has what the locks name."""
    folder = environment_folder()
    stamp = folder / "installed.txt"
    wanted = {lock.name: hashlib.sha256(lock.read_bytes()).hexdigest() for lock in locks}
    try:
        done = dict(line.split(" ", 1) for line in stamp.read_text(encoding="utf-8").splitlines())
    except (OSError, ValueError):
        done = {}
    if all(done.get(name) == digest for name, digest in wanted.items()) and python_in(folder).exists():
        return python_in(folder)
    if done.get("python") != sys.version.split()[0] or not python_in(folder).exists():
        make_environment(folder)
        done = {"python": sys.version.split()[0]}
    for lock in locks:
        if done.get(lock.name) != wanted[lock.name]:
            install(folder, lock)
            done[lock.name] = wanted[lock.name]
            stamp.write_text("".join(f"{name} {value}\n" for name, value in done.items()), encoding="utf-8")
    return python_in(folder)


def run_checks(python: Path) -> int:
    """Format, lint, types, import rules, translations and tests; 0 when all pass."""
    home = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "PYTHONUTF8": "1"}
    memory = Path("/dev/shm")  # noqa: S108 - pytest makes a folder of its own in there
    if memory.is_dir() and os.access(memory, os.W_OK) and shutil.disk_usage(memory).free > ROOM_IN_MEMORY:
        # Thousands of stations are saved to the disk for good; in memory that costs nothing.
        home["PYTEST_DEBUG_TEMPROOT"] = str(memory)
    steps = {
        "format": ["-m", "ruff", "format", "--check", "--quiet", "."],
        "lint": ["-m", "ruff", "check", "--quiet", "."],
        "import rules": ["-c", "from importlinter.cli import lint_imports_command as run; run()"],
        "tests": ["-m", "pytest", "-q", "-n", "2", "--dist", "worksteal"],
    }
    failed = []
    # The tests wait now and then; meanwhile the types are looked at.
    types = subprocess.Popen(
        [str(python), "-m", "mypy", "--no-error-summary"], cwd=ROOT, env=home, stdout=subprocess.PIPE, text=True
    )
    for name, words in steps.items():
        say(f"== {name}")
        if subprocess.run([str(python), *words], cwd=ROOT, env=home, check=False).returncode != 0:
            failed.append(name)
    say("== types")
    say(types.communicate()[0])
    if types.returncode != 0:
        failed.append("types")
    say(f"== {'failed: ' + ', '.join(failed) if failed else 'all passed'}")
    return 1 if failed else 0


def wants_window(words: list[str]) -> bool:
    """Whether this call may open a window on a screen."""
    screen = WINDOWS or sys.platform == "darwin" or "DISPLAY" in os.environ or "WAYLAND_DISPLAY" in os.environ
    return screen and (not words or words[0] in ("run", "demo") or words[0].startswith("-"))


def main(words: list[str]) -> int:
    """Prepare, then run what was asked for."""
    # An older interpreter gets a sentence, not a syntax error.
    if sys.version_info < (3, 11):  # noqa: UP036
        fail("需要 Python 3.11 或更新的版本，请先安装。")
    locks = [ROOT / "requirements.lock"]
    if words[:1] == ["test"]:
        ensure_libraries(window=False)
        return run_checks(ensure_environment([*locks, ROOT / "requirements-dev.lock"]))
    if not words or words[0] in ("run", "demo"):
        ensure_libraries(window=wants_window(words))
    python = ensure_environment(locks)
    command = [str(python), "-m", "stationdesk", *words]
    path = os.pathsep.join([str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])])
    return subprocess.run(command, env={**os.environ, "PYTHONPATH": path, "PYTHONUTF8": "1"}, check=False).returncode


if __name__ == "__main__":
    try:
        raise SystemExit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        raise SystemExit(130) from None
