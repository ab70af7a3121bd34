#!/usr/bin/env python3
"""Set up 研档 in ``.venv`` and run it: ``python3 packaging/start.py demo [DIR]`` or ``… test``.

Uses the standard library only, because on a bare machine there is nothing else. Keep the syntax old
(3.8): an old Python must get far enough to be told that it is too old.
"""

from __future__ import annotations

import argparse
import ctypes
import hashlib
import io
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
WINDOWS = os.name == "nt"
PYTHON = VENV / ("Scripts/python.exe" if WINDOWS else "bin/python")

OLDEST, NEWEST = (3, 11), (3, 14)  # the locked wheels exist for these
DISK_MB = 1200  # downloads and unpacked files of the test set-up, with room to spare

# What Qt loads on Linux and a fresh Debian lacks: name of the library → Debian package.
LIBRARIES = {
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libdbus-1.so.3": "libdbus-1-3",
    "libfontconfig.so.1": "libfontconfig1",
    "libglib-2.0.so.0": "libglib2.0-0",
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
}

LINT_IMPORTS = "from importlinter.cli import lint_imports_command as c; c(['--no-logo'])"
CHECKS = {
    "代码规范（ruff check）": ("-m", "ruff", "check", "."),
    "代码格式（ruff format）": ("-m", "ruff", "format", "--check", "."),
    "类型（mypy）": ("-m", "mypy"),
    "分层（import-linter）": ("-c", LINT_IMPORTS),
    "测试（pytest）": ("-m", "pytest", "-rs", "-n", "auto", "--maxprocesses", "4"),
}


class SetupError(Exception):
    """Set-up cannot go on; the text says in one sentence why, and what to do."""


def say(text: str) -> None:
    """Print at once, so that the lines stay in order with those of the programs started here."""
    print(text, flush=True)


def windows_build() -> int | None:
    """Build number of Windows; None elsewhere."""
    if sys.platform == "win32":
        return sys.getwindowsversion().build
    return None


def check_machine(python: tuple[int, int], *, bits: int, build: int | None = None) -> None:
    """Refuse a Python or a Windows on which the locked wheels do not run."""
    has = ".".join(str(part) for part in python)
    if python < OLDEST:
        raise SetupError(
            f"Python {has} 太旧，研档需要 3.11 或更新：请安装新版 Python 后用它重新运行。"
        )
    if python > NEWEST:
        raise SetupError(
            f"Python {has} 太新，所用组件还不支持：请另装 Python 3.13 并用它重新运行。"
        )
    if bits < 64:
        raise SetupError(
            "这是 32 位的 Python，界面组件只有 64 位版：请安装 64 位的 Python 后重新运行。"
        )
    if build is not None and build < 17763:
        raise SetupError("Windows 版本太旧：请升级到 Windows 10（1809）或更新的版本后重新运行。")


def check_disk(free_bytes: int) -> None:
    """Refuse before the download, not in the middle of unpacking."""
    free = free_bytes // 2**20
    if free < DISK_MB:
        raise SetupError(
            f"磁盘空间不足：{ROOT} 所在磁盘只剩 {free} MB，需要 {DISK_MB} MB，请清理后重新运行。"
        )


def loads(library: str) -> bool:
    """Whether the system's loader finds a shared library."""
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def can_make_venv() -> bool:
    """Whether this Python can make a virtual environment with pip (Debian's needs a package)."""
    probe = [sys.executable, "-c", "import venv, ensurepip"]
    return subprocess.run(probe, stderr=subprocess.DEVNULL, check=False).returncode == 0


def missing_packages() -> list[str]:
    """Debian packages whose libraries or modules are not on this machine."""
    packages = [package for library, package in LIBRARIES.items() if not loads(library)]
    if not can_make_venv():
        packages.append(f"python3.{sys.version_info[1]}-venv")
    return packages


def root_prefix() -> list[str] | None:
    """What to put before a command that needs root; None where that would need a password."""
    if os.geteuid() == 0:
        return []
    sudo = shutil.which("sudo")
    if (
        sudo
        and subprocess.run([sudo, "-n", "true"], capture_output=True, check=False).returncode == 0
    ):
        return [sudo, "-n"]
    return None


def install_command(packages: list[str], *, sudo: bool) -> str:
    """The exact line a person has to run as root."""
    install = f"apt-get install -y --no-install-recommends {' '.join(packages)}"
    if sudo:
        return f"sudo apt-get update && sudo {install}"
    return f'su - -c "apt-get update && {install}"'


def install_system(packages: list[str]) -> None:
    """Install Debian packages, or stop with the command that does it."""
    if not shutil.which("apt-get"):
        raise SetupError(
            "缺少系统组件，而这里没有 apt-get："
            f"请用本系统的软件管理器安装与 {' '.join(packages)} 相当的包，再重新运行。"
        )
    by_hand = install_command(packages, sudo=shutil.which("sudo") is not None)
    prefix = root_prefix()
    if prefix is None:
        raise SetupError(
            f"缺少系统组件，安装它们需要管理员权限：请先运行下面这一行，再重新运行。\n{by_hand}"
        )
    say(f"安装系统组件：{' '.join(packages)}")
    apt = [*prefix, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-qq"]
    install = [*apt, "install", "-y", "--no-install-recommends", *packages]
    fresh = any(Path("/var/lib/apt/lists").glob("*_Packages*"))
    if fresh and subprocess.run(install, check=False).returncode == 0:
        return
    subprocess.run([*apt, "update"], check=False)
    if subprocess.run(install, check=False).returncode != 0:
        raise SetupError(
            f"系统组件没有装上（原因见上面几行）：请检查网络，或手工运行下面这一行。\n{by_hand}"
        )


def explain(output: str) -> str:
    """One sentence for the reason why pip failed."""
    if "No space left" in output or "Errno 28" in output:
        return "磁盘写满了：请清理磁盘后重新运行。"
    if "DO NOT MATCH THE HASHES" in output:
        return "下载到的组件与清单不符（下载不完整，或镜像有误）：请换一个网络或镜像后重新运行。"
    if "connection" in output.lower() or "timed out" in output or "proxy" in output.lower():
        return "连不上软件源：请检查网络（单位网络可能要设代理，或给 pip 设镜像）后重新运行。"
    if "No matching distribution" in output:
        return "软件源里没有需要的组件：请检查 pip 所设的镜像是否完整，或换一个镜像后重新运行。"
    return "组件没有装上，原因见上面几行：请处理后重新运行；仍不行请把这些输出发给维护者。"


def pip_install(lock: Path) -> None:
    """Install exactly what the lock names, wheels only, each checked against its hash."""
    options = [
        "--no-input",
        "--disable-pip-version-check",
        "--require-hashes",
        "--only-binary=:all:",
    ]
    command = [str(PYTHON), "-m", "pip", "install", *options, "-r", str(lock)]
    env = {**os.environ, "PYTHONIOENCODING": "utf-8"}
    seen = []
    with subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        env=env,
        encoding="utf-8",
        errors="replace",
    ) as pip:
        for line in pip.stdout or ():
            seen.append(line)
            if not line.startswith(
                ("Ignoring", "Requirement already", "  Using cached", "  Downloading")
            ):
                say("  " + line.rstrip()[:160])
    if pip.returncode != 0:
        raise SetupError(explain("".join(seen)))


def make_venv(unfinished: Path) -> None:
    """Make ``.venv``, or keep it when it works, is of this Python and no set-up broke off in it."""
    probe = [str(PYTHON), "-c", "import sys, pip; print(*sys.version_info[:2])"]
    if PYTHON.exists() and not unfinished.exists():
        answer = subprocess.run(probe, capture_output=True, text=True, check=False).stdout.split()
        if answer == [str(part) for part in sys.version_info[:2]]:
            return
    say("建立运行环境 .venv …")
    made = subprocess.run([sys.executable, "-m", "venv", "--clear", str(VENV)], check=False)
    if made.returncode != 0:
        raise SetupError(f"建不了运行环境（原因见上面几行）：请删除 {VENV} 后重新运行。")


def write_launcher() -> None:
    """Make the command ``yandang`` in ``.venv``; it finds the source tree from its own place."""
    if WINDOWS:
        text = '@set "PYTHONPATH=%~dp0..\\.."\r\n@"%~dp0python.exe" -m app %*\r\n'
        PYTHON.with_name("yandang.cmd").write_bytes(text.encode("ascii"))
        return
    launcher = PYTHON.with_name("yandang")
    launcher.write_text(
        '#!/bin/sh\nbin=$(dirname "$(readlink -f "$0")")\n'
        'PYTHONPATH="$bin/../.." exec "$bin/python" -m app "$@"\n',
        encoding="ascii",
    )
    launcher.chmod(0o755)


def set_up(lock: Path) -> None:
    """Bring ``.venv`` to the state of the lock; nothing to do when its stamp says so."""
    stamp = VENV / f"{lock.stem}.stamp"
    state = hashlib.sha256(
        f"{sys.version_info[:2]} {VENV}".encode() + lock.read_bytes()
    ).hexdigest()
    if PYTHON.exists() and stamp.is_file() and stamp.read_text(encoding="ascii") == state:
        return
    check_disk(shutil.disk_usage(ROOT).free)
    unfinished = VENV / "unfinished"  # a package that was half unpacked looks whole to pip
    make_venv(unfinished)
    unfinished.touch()
    say("安装组件（第一次要下载约 150 MB，需几分钟）…")
    pip_install(lock)
    write_launcher()
    stamp.write_text(state, encoding="ascii")
    unfinished.unlink()


def run_app(*arguments: str) -> int:
    """Run the program itself; relative paths stay relative to where the user is."""
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    return subprocess.run([str(PYTHON), "-m", "app", *arguments], env=env, check=False).returncode


def free_name(folder: Path) -> Path:
    """The folder itself, or with the first number that is not taken."""
    candidate, number = folder, 2
    while candidate.exists():
        candidate = folder.with_name(f"{folder.name}-{number}")
        number += 1
    return candidate


def has_screen() -> bool:
    """Whether a window can be shown here and somebody is there to see it."""
    if os.environ.get("CI") == "true":
        return False
    return WINDOWS or any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY"))


def demo(wanted: Path) -> int:
    """Make the sample archive and open the window on it when there is a screen."""
    set_up(ROOT / "requirements.lock")
    folder = free_name(wanted)
    if folder != wanted:
        say(f"{wanted} 已存在，不动它；这次放在 {folder}")
    status = run_app("demo", str(folder))
    if status == 0 and has_screen():
        say("打开窗口……关闭窗口即结束。")
        return run_app("open", str(folder))
    return status


def test() -> int:
    """Run every check, also after one has failed, and say which did."""
    set_up(ROOT / "requirements-dev.lock")
    failed = []
    for name, arguments in CHECKS.items():
        say(f"—— {name}")
        if subprocess.run([str(PYTHON), *arguments], cwd=ROOT, check=False).returncode != 0:
            failed.append(name)
    say(f"没有通过：{'、'.join(failed)}" if failed else "全部通过。")
    return 1 if failed else 0


def main(arguments: list[str]) -> int:
    """Entry point; the exit status is 0 only when everything asked for was done."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(
            stream, io.TextIOWrapper
        ):  # a console in GBK or ASCII must not end the set-up
            stream.reconfigure(errors="replace")
    parser = argparse.ArgumentParser(description="安装研档并运行", add_help=True)
    jobs = parser.add_subparsers(dest="job", required=True, metavar="demo | test")
    jobs.add_parser("demo", help="安装，生成演示档案库，有屏幕时打开窗口").add_argument(
        "folder", nargs="?", type=Path, default=ROOT / "演示档案库", help="放在哪个文件夹"
    )
    jobs.add_parser("test", help="安装，运行全部检查和测试")
    asked = parser.parse_args(arguments)
    try:
        bits = 64 if sys.maxsize > 2**32 else 32
        check_machine(sys.version_info[:2], bits=bits, build=windows_build())
        if sys.platform == "linux":
            packages = missing_packages()
            if packages:
                install_system(packages)
                if not can_make_venv():
                    raise SetupError(
                        "这个 Python 缺 venv 模块：请改用系统自带的 /usr/bin/python3 重新运行。"
                    )
        return demo(asked.folder.absolute()) if asked.job == "demo" else test()
    except SetupError as reason:
        say(f"停止：{reason}")
        return 1
    except KeyboardInterrupt:
        say("已中断；重新运行同样的命令会接着做。")
        return 130


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
