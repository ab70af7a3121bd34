"""Running the program as a user does: as a process of its own."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

from app.cli import main

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = (sys.executable, "-m", "app")
NEW = ("--scheme", "pucheng-workshop", "--community", "测试工作坊", "--school", "测试小学",
       "--year", "2025")  # fmt: skip


def environment() -> dict[str, str]:
    return {**os.environ, "PYTHONUTF8": "1"}


def run(*words: object, **options: object) -> subprocess.CompletedProcess[str]:
    done = subprocess.run(
        [*PROGRAM, *map(str, words)],
        cwd=ROOT, env=environment(), capture_output=True, text=True, check=False, **options,
    )  # fmt: skip
    assert_no_bug(done.stderr)
    return done


def run_here(*words: object) -> subprocess.CompletedProcess[str]:
    """The same within this process: saves the start."""
    out, errors = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(errors):
        status = main([str(word) for word in words])
    assert_no_bug(errors.getvalue())
    return subprocess.CompletedProcess(words, status, out.getvalue(), errors.getvalue())


def assert_no_bug(errors: str) -> None:
    """Neither a traceback nor the report that the command line writes instead of one."""
    assert "Traceback" not in errors, errors
    if "程序出错" in errors:
        report = Path(errors.strip().rpartition("：")[2])
        raise AssertionError(report.read_text(encoding="utf-8"))


def start(*words: object) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [*PROGRAM, *map(str, words)],
        cwd=ROOT, env=environment(), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip


def papers(folder: Path, count: int, size: int) -> None:
    """Files of that size, all different; the large ones are films, so that no text is read."""
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(count):
        name = f"2025-10-{number % 28 + 1:02} 记录{number}"
        content = f"第{number}份记录\n".encode()
        if size > 10_000:
            film = b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom" + content
            (folder / f"{name}.mp4").write_bytes(film + bytes(size))
        else:
            (folder / f"{name}.txt").write_bytes(content + b"x" * size)


def assert_sound(archive: Path) -> int:
    """Check everything; returns the number of pieces of evidence."""
    report = json.loads(run_here("check", archive, "--full", "--json").stdout)
    assert report["problems"] == [], report
    return int(report["evidence"])
