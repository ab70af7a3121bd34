"""Backup of a whole archive, verified after writing."""

from __future__ import annotations

import hashlib
import os
import shutil
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select

from app.errors import ConflictError, StorageError
from app.models import Evidence
from app.progress import NoProgress, Progress
from app.services.archive import BACKUPS, DATABASE, EVIDENCE, MANIFEST, Archive
from app.services.evidence.store import EvidenceStore
from app.services.files import storage_errors, sync_folder

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy import Engine


@dataclass(frozen=True, slots=True)
class BackupReport:
    """Where the backup is and what it holds."""

    path: Path
    files: int
    bytes: int


def back_up(
    archive: Archive, to: Path | None = None, progress: Progress | None = None
) -> BackupReport:
    """Copy a whole archive with its evidence into a new folder, and verify the copy.

    The backup is an archive folder itself: it can be opened, or copied to where the archive was.
    ``to`` is the folder that will hold it; without it, a folder beside the archive. Raises
    StorageError (disk full, a file damaged), ConflictError, CancelledError; nothing half done remains.
    """
    holder = (to or archive.path.with_name(f"{archive.path.name}-备份")).absolute()
    if holder.is_relative_to(archive.path):
        raise ConflictError(
            "备份不能放在档案库自己里面。", "请选择另一个文件夹，最好在 U 盘或移动硬盘上。"
        )
    stamp = archive.uow.context.clock().strftime("%Y%m%d-%H%M%S")
    target = holder / f"{archive.path.name}-{stamp}"
    if target.exists():
        raise ConflictError(f"“{target.name}”已经存在。", "请过一秒再备份。")
    building = target.with_name(f".{target.name}.part")
    with storage_errors(target):
        try:
            (building / EVIDENCE).mkdir(parents=True)
            (building / BACKUPS).mkdir()
            report = _copy(archive, building, target, progress or NoProgress())
            building.rename(target)
            sync_folder(holder)
        finally:
            shutil.rmtree(building, ignore_errors=True)
    return report


def _copy(archive: Archive, building: Path, target: Path, progress: Progress) -> BackupReport:
    """The database first: files that it names are never removed while this archive is locked."""
    copy_database(archive.engine, building / DATABASE)
    shutil.copyfile(archive.path / MANIFEST, building / MANIFEST)
    with archive.uow.read() as session:
        files = session.execute(select(Evidence.sha256, Evidence.stored_name, Evidence.size)).all()
    total, done = sum(row.size for row in files), 0
    source, copy = EvidenceStore(archive.path), EvidenceStore(building)
    for row in files:
        progress.report(done, total, "正在备份并核对材料")
        place = copy.path(row.sha256, row.stored_name)
        place.parent.mkdir(parents=True, exist_ok=True)
        _copy_verified(source.path(row.sha256, row.stored_name), place, row.sha256)
        done += row.size
    return BackupReport(target, len(files), total)


def _copy_verified(source: Path, place: Path, sha256: str) -> None:
    """Copy durably, then read the copy back: what counts is what lies on the other disk."""
    if not source.is_file():
        raise StorageError(
            f"材料文件“{source.name}”不见了，备份没有完成。", "请先运行“检查”，找回缺失的文件。"
        )
    with source.open("rb") as incoming, place.open("wb") as out:
        shutil.copyfileobj(incoming, out, 1 << 20)
        out.flush()
        os.fsync(out.fileno())
    with place.open("rb") as written:
        if hashlib.file_digest(written, "sha256").hexdigest() != sha256:
            raise StorageError(
                f"材料文件“{source.name}”与入库时不一致，备份没有完成。",
                "请运行“检查（完整）”，看看哪些文件损坏了。",
            )


def copy_database(engine: Engine, target: Path) -> None:
    """Copy a database in use through SQLite's own backup, check the copy, then put it in place."""
    beside = target.with_name(f".{target.name}.part")
    with storage_errors(target), engine.connect() as connection:
        source = connection.connection.driver_connection
        if source is None:
            raise StorageError("数据库没有打开，无法备份。")
        try:
            with closing(sqlite3.connect(beside)) as copy:
                source.backup(copy)
                answer = copy.execute("PRAGMA integrity_check(1)").fetchone()[0]
            if answer != "ok":
                raise StorageError(
                    "备份出来的数据库没有通过检查。", "请换一个位置再备份一次。", str(answer)
                )
            beside.replace(target)
            sync_folder(target.parent)
        finally:
            beside.unlink(missing_ok=True)
