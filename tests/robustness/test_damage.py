"""A database that was damaged, or an archive that is open elsewhere: words, never a traceback."""

from __future__ import annotations

import json
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import textwrap
from typing import TYPE_CHECKING

import pytest

from app.cli import main
from tests.robustness.commands import ROOT, assert_sound, environment, papers, run_here

if TYPE_CHECKING:
    from pathlib import Path

COMMANDS = (
    ("list", "evidence"), ("list", "members"), ("list", "communities"), ("search", "记录"), ("box", "list"),
    ("box", "plan"), ("check", "--full"),
)  # fmt: skip
PAGE = 4096


@pytest.fixture(scope="module")
def full(fresh_archive: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    work = tmp_path_factory.mktemp("full")
    archive = work / "档案库"
    shutil.copytree(fresh_archive, archive)
    papers(work / "材料", 300, 200)
    assert run_here("ingest", archive, work / "材料", "--slot", "1.1").returncode == 0
    return archive


@pytest.fixture
def archive(full: Path, tmp_path: Path) -> Path:
    copy = tmp_path / "档案库"
    shutil.copytree(full, copy)
    return copy


def unclean(archive: Path) -> None:
    holder = {"name": "赵六", "host": "旧电脑", "pid": 1, "since": "2026-03-02 08:00"}
    (archive / "open.json").write_text(json.dumps(holder), encoding="utf-8")


def assert_in_words(archive: Path, *words: str) -> int:
    """The command succeeds or refuses in one sentence; anything raised is a failure."""
    done = run_here(words[0], archive, *words[1:])
    assert done.returncode in (0, 1, 3), done
    if done.returncode == 3:
        assert len(done.stderr.strip().splitlines()) == 1
        assert done.stderr.strip().endswith("。")
    return done.returncode


@pytest.mark.parametrize("seed", range(12))
def test_pages_overwritten_anywhere(archive: Path, seed: int) -> None:
    dice = random.Random(seed)  # noqa: S311 - the same damage each time
    database = archive / "archive.db"
    content = bytearray(database.read_bytes())
    for _ in range(dice.choice((1, 5, 40))):
        place = dice.randrange(1 if seed % 3 else 0, len(content) // PAGE) * PAGE
        kind = dice.choice(("noise", "zero", "bits"))
        if kind == "bits":
            for _bit in range(30):
                content[place + dice.randrange(PAGE)] ^= 1 << dice.randrange(8)
        else:
            content[place : place + PAGE] = dice.randbytes(PAGE) if kind == "noise" else bytes(PAGE)
    database.write_bytes(content)
    for words in COMMANDS:
        assert_in_words(archive, *words)
    unclean(archive)
    refused = run_here("list", archive, "evidence")
    assert refused.returncode in (0, 3)  # an unused page may have been hit
    if refused.returncode == 3:
        assert "备份" in refused.stderr
        again = run_here("list", archive, "evidence")
        assert (again.returncode, again.stderr) == (3, refused.stderr)  # not only the first time


@pytest.mark.parametrize("length", [0, 10, 100, 5000, -PAGE * 3])
def test_a_truncated_database(archive: Path, length: int) -> None:
    database = archive / "archive.db"
    content = database.read_bytes()
    database.write_bytes(content[:length])
    evidence = sorted((archive / "evidence").rglob("*"))
    for mark in (lambda: None, lambda: unclean(archive)):
        mark()
        for words in COMMANDS:
            assert_in_words(archive, *words)
    assert run_here("list", archive, "evidence").returncode == 3
    assert sorted((archive / "evidence").rglob("*")) == evidence
    database.write_bytes(content)  # "use the last backup"
    assert assert_sound(archive) == 300


def test_a_log_left_behind_by_another_database(archive: Path, tmp_path: Path) -> None:
    """Killed, then the database replaced by an older copy: its log does not fit any more."""
    other = tmp_path / "别的.db"
    connection = sqlite3.connect(other)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("CREATE TABLE t (x)")
    connection.executemany("INSERT INTO t VALUES (?)", [("y" * 3000,)] * 200)
    connection.commit()
    shutil.copyfile(f"{other}-wal", archive / "archive.db-wal")
    connection.close()
    unclean(archive)
    assert assert_in_words(archive, "list", "evidence") in (0, 3)
    for words in COMMANDS:
        assert_in_words(archive, *words)


def test_noise_as_a_log(archive: Path) -> None:
    (archive / "archive.db-wal").write_bytes(random.Random(1).randbytes(100_000))  # noqa: S311
    unclean(archive)
    assert assert_sound(archive) == 300


def test_a_live_holder_is_named_and_a_dead_one_taken_over(archive: Path) -> None:
    program = textwrap.dedent(
        f"""
        import sys
        from pathlib import Path
        from app.bootstrap import open_services
        from app.context import Context
        services = open_services(Path({str(archive)!r}), Context(actor="赵六"))
        print("open", flush=True)
        sys.stdin.read()
        """
    )
    with subprocess.Popen(
        [sys.executable, "-c", program],
        cwd=ROOT, env=environment(), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    ) as holder:  # fmt: skip
        assert holder.stdout is not None
        assert holder.stdout.readline() == "open\n"
        for words in (*COMMANDS, ("backup",), ("ingest", str(ROOT))):
            done = run_here(words[0], archive, *words[1:])
            assert done.returncode == 3
            assert "赵六" in done.stderr
        holder.send_signal(signal.SIGKILL)
        holder.wait()
    assert (archive / "open.json").exists()
    assert assert_sound(archive) == 300
    assert not (archive / "open.json").exists()


def test_no_database_and_no_manifest(archive: Path) -> None:
    for name in ("archive.db", "archive.toml"):
        content = (archive / name).read_bytes()
        (archive / name).unlink()
        assert main(["list", str(archive), "evidence"]) == 3
        (archive / name).write_bytes(content)
    assert assert_sound(archive) == 300
