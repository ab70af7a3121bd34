"""Backup of a whole archive, verified after writing."""

from __future__ import annotations

import os
import shutil
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.errors import ConflictError, StorageError
from app.progress import NoProgress, Progress
from app.services.archive import BACKUPS, DATABASE, INCOMING, MANIFEST, Archive
from app.services.evidence.store import EvidenceStore, hash_of
from app.services.files import storage_errors, sync_folder, write_whole
from app.services.safety.check import KeptFile, files_of_the_past, kept_files

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from sqlalchemy import Engine

_BLOCK = 1 << 20


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
    with storage_errors(holder):
        if holder.exists() and not holder.is_dir():
            raise ConflictError(
                f"“{holder.name}”是一个文件，不是文件夹。", "请选择放备份的文件夹。"
            )
    stamp = archive.uow.context.clock().strftime("%Y%m%d-%H%M%S")
    target = holder / f"{archive.path.name}-{stamp}"
    if target.exists():
        raise ConflictError(f"“{target.name}”已经存在。", "请过一秒再备份。")
    # Of this archive, which is locked: what lies there is from a backup that was killed.
    building = holder / f".备份-{archive.id}.part"
    with storage_errors(target):
        _remove(building)
        try:
            (building / INCOMING).mkdir(parents=True)
            (building / BACKUPS).mkdir()
            report = _copy(archive, building, target, progress or NoProgress())
            sync_folder(building)
            building.rename(target)
            sync_folder(holder)
        finally:
            _remove(building)
    return report


def _remove(building: Path) -> None:
    shutil.rmtree(building, ignore_errors=True)


def _copy(archive: Archive, building: Path, target: Path, progress: Progress) -> BackupReport:
    """The database first: files that it names are never removed while this archive is locked.

    The manifest last: without it a folder is no archive, so half a backup cannot pass for a whole.
    """
    copy_database(archive.engine, building / DATABASE)
    source, copy = EvidenceStore(archive.path), EvidenceStore(building)
    files = _files(archive, source)
    watch = _Watch(progress, 2 * sum(file.size for file in files))
    for file in files:
        place = copy.path(file.sha256, file.stored_name)
        place.parent.mkdir(parents=True, exist_ok=True)
        _copy_verified(source.path(file.sha256, file.stored_name), place, file, watch.tick)
    copy.sync_places(copy.path(file.sha256, file.stored_name) for file in files)
    write_whole(building / MANIFEST, (archive.path / MANIFEST).read_bytes())
    return BackupReport(target, len(files), sum(file.size for file in files))


def _files(archive: Archive, source: EvidenceStore) -> list[KeptFile]:
    """Files that records name, and those still there that a step taken back would name."""
    files = kept_files(archive)
    present = {(file.sha256, file.stored_name) for file in files}
    for sha256, stored_name in sorted(files_of_the_past(archive) - present):
        place = source.path(sha256, stored_name)
        if place.is_file():
            files.append(KeptFile(sha256, stored_name, place.stat().st_size, stored_name))
    return files


class _Watch:
    """Counts bytes written and read back."""

    def __init__(self, progress: Progress, total: int) -> None:
        self._progress = progress
        self._total = total
        self._done = 0

    def tick(self, count: int) -> None:
        self._done += count
        self._progress.report(min(self._done, self._total), self._total, "正在备份并核对材料")


def _copy_verified(source: Path, place: Path, file: KeptFile, tick: Callable[[int], None]) -> None:
    """Copy durably, then read the copy back: what counts is what lies on the other disk."""
    if not source.is_file():
        raise StorageError(
            f"材料“{file.title}”的文件不见了，备份没有完成。",
            "请先运行“检查”，找回缺失的文件；手边有原件时，重新加入一次即可。",
        )
    with source.open("rb") as incoming, place.open("wb") as out:
        while block := incoming.read(_BLOCK):
            out.write(block)
            tick(len(block))
        out.flush()
        os.fsync(out.fileno())
        if hasattr(os, "posix_fadvise"):  # so that it is read from the disk, not from memory
            os.posix_fadvise(out.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
    if hash_of(place, tick) != file.sha256:
        raise StorageError(
            f"材料“{file.title}”的文件与入库时不一致，备份没有完成。",
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
        except sqlite3.Error as error:
            raise _refused(error, target) from error
        finally:
            beside.unlink(missing_ok=True)


def _refused(error: sqlite3.Error, target: Path) -> StorageError:
    details = f"{target}: {error}"
    if getattr(error, "sqlite_errorname", "") == "SQLITE_FULL":
        return StorageError("磁盘空间不足，备份没有完成。", "请清理磁盘或换一个位置。", details)
    return StorageError("备份数据库时磁盘出错，备份没有完成。", "请换一个位置再备份。", details)
