"""A disk that is full, really: a sentence, exit 3, nothing lost, and the same command works later."""

from __future__ import annotations

import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest

from tests.robustness.commands import NEW, assert_sound, papers, run, run_here

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.robustness.conftest import SmallDisk

LEAVE = [0, 4096, 40_000]
"""Bytes left on the disk: the refusal comes at another place each time."""


@pytest.fixture
def archive(disk: SmallDisk, fresh_archive: Path) -> Path:
    path = disk.path / "档案库"
    shutil.copytree(fresh_archive, path)
    return path


def assert_refused(done: subprocess.CompletedProcess[str]) -> None:
    assert done.returncode == 3, done
    assert done.stdout == ""
    assert any(word in done.stderr for word in ("磁盘", "空间")), done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


def test_intake_that_does_not_fit(disk: SmallDisk, archive: Path, tmp_path: Path) -> None:
    papers(tmp_path / "待收", 60, 500_000)
    assert_refused(run_here("ingest", archive, tmp_path / "待收"))
    assert list((archive / "evidence").rglob("*.txt")) == []
    assert assert_sound(archive) == 0
    subprocess.run(["mount", "-o", "remount,size=80m", str(disk.path)], check=True)
    assert run_here("ingest", archive, tmp_path / "待收").returncode == 0
    assert assert_sound(archive) == 60


@pytest.mark.parametrize("leave", LEAVE)
def test_intake_box_plan_and_init_on_a_full_disk(
    disk: SmallDisk, archive: Path, tmp_path: Path, leave: int
) -> None:
    papers(tmp_path / "先", 60, 10)
    papers(tmp_path / "后", 120, 2000)
    assert run_here("ingest", archive, tmp_path / "先", "--slot", "1.1").returncode == 0
    disk.fill(leave)
    assert_refused(run_here("ingest", archive, tmp_path / "后"))
    planned = run_here("box", archive, "plan")
    if planned.returncode == 3:
        assert_refused(planned)
    assert_refused(run_here("init", disk.path / "新库", *NEW))
    disk.free()
    assert sorted(path.name for path in disk.path.iterdir()) == ["档案库"]
    assert assert_sound(archive) == 60
    assert run_here("ingest", archive, tmp_path / "后", "--slot", "1.1").returncode == 0
    assert run_here("box", archive, "plan").returncode in (0, 1)
    assert assert_sound(archive) == 180


@pytest.mark.parametrize("leave", LEAVE)
def test_backup_and_export_onto_a_full_disk(
    disk: SmallDisk, fresh_archive: Path, tmp_path: Path, leave: int
) -> None:
    archive = tmp_path / "档案库"
    shutil.copytree(fresh_archive, archive)
    papers(tmp_path / "先", 20, 50_000)
    run_here("ingest", archive, tmp_path / "先", "--slot", "1.1")
    with_pages(archive)
    run_here("box", archive, "plan")
    older = disk.path / "整套.pdf"
    assert run_here("export", archive, "box-set", "--out", older).returncode in (0, 1)
    content = older.read_bytes()
    disk.fill(leave)
    assert_refused(run_here("backup", archive, "--to", disk.path / "备份"))
    if leave < len(content):
        assert_refused(run_here("export", archive, "box-set", "--out", older))
    disk.free()
    assert older.read_bytes()[:5] == content[:5] == b"%PDF-"
    assert {path.name for path in disk.path.iterdir()} <= {"整套.pdf", "备份"}
    assert list((disk.path / "备份").glob("*")) == []
    assert run_here("export", archive, "box-set", "--out", older).returncode in (0, 1)
    assert run_here("backup", archive, "--to", disk.path / "备份").returncode == 0
    [made] = (disk.path / "备份").iterdir()
    assert assert_sound(made) == 20
    assert_sound(archive)


def with_pages(archive: Path) -> None:
    from app.bootstrap import open_services
    from app.context import Context
    from app.services.evidence.catalogue import Query
    from app.services.evidence.service import EvidenceEdit

    with open_services(archive, Context(actor="王芳")) as services:
        ids = [row.id for row in services.catalogue.page(Query(), 0, 1000)]
        services.evidence.edit(ids, EvidenceEdit(pages=1))


@pytest.mark.parametrize("limit", [100_000, 450_000, 2_000_000])
def test_a_limit_on_the_size_of_files(fresh_archive: Path, tmp_path: Path, limit: int) -> None:
    """RLIMIT_FSIZE: no root needed; stands also for a stick that takes no file over 4 GB."""
    resource = pytest.importorskip("resource", reason="Windows has no such limit")
    archive = tmp_path / "档案库"
    shutil.copytree(fresh_archive, archive)
    papers(tmp_path / "待收", 3, 3_000_000)

    def lower() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))

    assert_refused(run("ingest", archive, tmp_path / "待收", preexec_fn=lower))
    assert assert_sound(archive) == 0
    assert run_here("ingest", archive, tmp_path / "待收").returncode == 0
    assert assert_sound(archive) == 3


def test_a_read_only_disk_is_said_so(
    tmp_path: Path, fresh_archive: Path, mount: Callable[..., None]
) -> None:
    shutil.copytree(fresh_archive, tmp_path / "源" / "档案库")
    papers(tmp_path / "待收", 2, 10)
    seen = tmp_path / "只读"
    seen.mkdir()
    mount("--bind", tmp_path / "源", seen)
    mount("-o", "remount,ro,bind", seen)
    for words in (
        ("list", seen / "档案库", "evidence"),
        ("ingest", seen / "档案库", tmp_path / "待收"),
        ("init", seen / "新库", *NEW),
    ):
        done = run_here(*words)
        assert done.returncode == 3, done
        assert "只读" in done.stderr
    assert_sound(tmp_path / "源" / "档案库")
    done = run_here("backup", tmp_path / "源" / "档案库", "--to", seen)
    assert done.returncode == 3
    assert "只读" in done.stderr
