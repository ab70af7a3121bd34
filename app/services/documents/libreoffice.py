"""Turns Word, Excel and slides into PDF through LibreOffice, where the machine has it.

It runs without a window, with a profile of its own and on copies of the files, so that neither the
clerk's open documents nor the archive's folders are touched (it leaves lock files beside a source).
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from app.errors import ExportError
from app.progress import NoProgress, Progress
from app.services.files import storage_errors

if TYPE_CHECKING:
    from collections.abc import Sequence

OVERRIDE = "YANDANG_SOFFICE"
"""Names the program where it lies elsewhere; a path that is no file means: use none."""
_BATCH = 40
"""Files for one start of the program; Windows allows 32,000 characters of command line."""
_LOOK = 0.1
"""Seconds between two looks at how far it is."""
_PROFILE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="{}" oor:op="fuse"><value>true</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="{}" oor:op="fuse"><value>true</value></prop></item>
</oor:items>
""".format("DisableMacrosExecution", "BlockUntrustedRefererLinks")  # noqa: E501
"""Macros do not run, and nothing is fetched from elsewhere because a document names it."""


def found() -> Path | None:
    """The program, or None where this machine has none."""
    return _found(os.environ.get(OVERRIDE))


def to_pdf(
    source: Path, folder: Path, *, progress: Progress | None = None, timeout: float = 120
) -> Path:
    """One document as a PDF in ``folder``; raises ExportError where that is not possible."""
    (made,) = to_pdfs([source], folder, progress=progress, timeout=timeout)
    if made is None:
        raise ExportError(
            f"LibreOffice 不能把“{source.name}”转成 PDF。",
            "文件可能已损坏或有密码，请用 WPS 打开看看，另存为 PDF 后再加入。",
        )
    return made


def to_pdfs(
    sources: Sequence[Path],
    folder: Path,
    *,
    progress: Progress | None = None,
    timeout: float = 120,
) -> tuple[Path | None, ...]:
    """Documents as PDFs in ``folder`` (0001.pdf, 0002.pdf, …); None for each that it cannot convert.

    Starting costs seconds, so many go into one call. ``timeout`` seconds are given to each document.
    Raises ExportError where LibreOffice is missing or does not start, StorageError, CancelledError.
    """
    program = found()
    if program is None:
        raise ExportError(
            "这台电脑没有安装 LibreOffice，Word、Excel、幻灯片不能转成页面。",
            "请安装 LibreOffice（免费），或先把这些文件另存为 PDF。",
        )
    run = _Run(program, folder, progress or NoProgress(), timeout)
    with tempfile.TemporaryDirectory(prefix="yandang-", ignore_cleanup_errors=True) as home:
        run.prepare(Path(home))
        for start in range(0, len(sources), _BATCH):
            run.convert(sources, range(start, min(start + _BATCH, len(sources))))
    made = [run.target(number) for number in range(len(sources))]
    return tuple(path if path.is_file() and path.stat().st_size else None for path in made)


@cache
def _found(override: str | None) -> Path | None:
    if override is not None:
        return Path(override) if Path(override).is_file() else None
    on_path = shutil.which("soffice")
    places = [Path(on_path)] if on_path else []
    if sys.platform == "win32":
        roots = filter(
            None, map(os.environ.get, ("ProgramFiles", "ProgramW6432", "ProgramFiles(x86)"))
        )
        places += [Path(root, "LibreOffice", "program", "soffice.exe") for root in roots]
    else:
        places += [Path("/usr/lib/libreoffice/program/soffice")]
        places += [Path("/usr/lib64/libreoffice/program/soffice")]
        places += sorted(Path("/opt").glob("libreoffice*/program/soffice"))
    return next((place for place in places if place.is_file()), None)


class _Run:
    """One call: its program, its folders, and whom it tells how far it is."""

    def __init__(self, program: Path, folder: Path, progress: Progress, timeout: float) -> None:
        self._program = program
        self._folder = folder
        self._progress = progress
        self._timeout = timeout

    def prepare(self, home: Path) -> None:
        """Lay out a profile of its own and a place for the copies."""
        self._home = home
        with storage_errors(home):
            (home / "in").mkdir()
            (home / "profile" / "user").mkdir(parents=True)
            settings = home / "profile" / "user" / "registrymodifications.xcu"
            settings.write_text(_PROFILE, encoding="utf-8")

    def target(self, number: int) -> Path:
        """Where the PDF of a source comes to lie."""
        return self._folder / f"{number + 1:04}.pdf"

    def convert(self, sources: Sequence[Path], numbers: range) -> None:
        """Convert some of the sources; one that hangs or crashes the program is passed over."""
        waiting: list[tuple[int, Path]] = []
        for number in numbers:
            source = sources[number]
            copy = self._home / "in" / f"{number + 1:04}{source.suffix}"
            with storage_errors(source):
                shutil.copyfile(source, copy)
            waiting.append((number, copy))
        while waiting:
            if self._start(waiting, len(sources)):
                break
            made = [
                place for place, (number, _) in enumerate(waiting) if self.target(number).exists()
            ]
            waiting = waiting[
                max(made, default=-1) + 2 :
            ]  # the one after the last made is to blame
        for copy in (self._home / "in").iterdir():
            copy.unlink(missing_ok=True)

    def _start(self, waiting: list[tuple[int, Path]], total: int) -> bool:
        """Run the program once; False where it had to be stopped or fell over half-way."""
        profile = (self._home / "profile").as_uri()
        command = [
            str(self._program), "--headless", "--invisible", "--norestore", "--nologo", "--nodefault",
            "--nolockcheck", f"-env:UserInstallation={profile}", "--convert-to", "pdf",
            "--outdir", str(self._folder), *(str(copy) for _, copy in waiting),
        ]  # fmt: skip
        try:
            process = subprocess.Popen(  # noqa: S603 -- a program of this machine, names of our own
                command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL, env={**os.environ, "SAL_USE_VCLPLUGIN": "svp"},
                start_new_session=True, creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
            )  # fmt: skip
        except OSError as error:
            raise ExportError(
                "LibreOffice 启动不了。",
                "请重新安装 LibreOffice，或先把文件另存为 PDF。",
                str(error),
            ) from error
        try:
            return self._watch(process, [number for number, _ in waiting], total)
        finally:
            _stop(process)

    def _watch(self, process: subprocess.Popen[bytes], numbers: list[int], total: int) -> bool:
        """Wait for its end; False where a document took too long, or the program fell over."""
        made, since = -1, time.monotonic()
        while process.poll() is None:
            now_made = sum(self.target(number).exists() for number in numbers)
            if now_made != made:
                made, since = now_made, time.monotonic()
            done = numbers[min(made, len(numbers) - 1)]
            self._progress.report(done, total, "LibreOffice 正在转换 Word、表格、幻灯片")
            if time.monotonic() - since > self._timeout:
                return False
            time.sleep(_LOOK)
        return process.returncode == 0


def _stop(process: subprocess.Popen[bytes]) -> None:
    """End the program with all that it started; it may have ended by itself."""
    if process.poll() is not None:
        return
    if sys.platform == "win32":
        subprocess.run(  # noqa: S603
            ["taskkill", "/T", "/F", "/PID", str(process.pid)],  # noqa: S607 -- part of Windows
            check=False, capture_output=True, creationflags=subprocess.CREATE_NO_WINDOW,
        )  # fmt: skip
    else:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
    process.wait()
