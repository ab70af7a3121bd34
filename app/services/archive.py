"""The archive folder 档案库: create, open under an exclusive lock, upgrade, close."""

from __future__ import annotations

import json
import os
import platform
import shutil
import tomllib
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from filelock import FileLock, Timeout
from sqlalchemy.exc import DBAPIError

from app import __version__
from app.errors import ConflictError, StorageError, ValidationError
from app.models import new_id
from app.models.engine import archive_engine
from app.models.upgrade import current_revision, known_revisions, upgrade
from app.services.files import storage_errors, sync_folder, write_whole
from app.services.places import Place, place_of
from app.services.unit_of_work import UnitOfWork, plain_errors

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime
    from pathlib import Path

    from sqlalchemy import Engine

    from app.context import Context

FORMAT = 1
"""Format of the folder; raised when an older program could no longer read it."""

DATABASE, MANIFEST = "archive.db", "archive.toml"
EVIDENCE, INCOMING, BACKUPS = "evidence", "evidence/.incoming", "backups"
_LOCK, _HOLDER = "archive.lock", "open.json"


@dataclass(frozen=True, slots=True)
class Holder:
    """Who has an archive open."""

    name: str
    host: str
    pid: int
    since: str

    @property
    def words(self) -> str:
        """As a sentence names them."""
        return f"{self.name}（电脑 {self.host}，{self.since} 起）"


class Archive:
    """An open archive. ``close`` it, or use it as a context manager."""

    def __init__(
        self, path: Path, archive_id: str, uow: UnitOfWork, engine: Engine, lock: FileLock
    ) -> None:
        self.path = path
        self.id = archive_id
        self.uow = uow
        self._engine = engine
        self._lock = lock

    def __enter__(self) -> Archive:
        return self

    def __exit__(self, *_exc: object) -> None:
        self.close()

    @property
    def engine(self) -> Engine:
        """For backup and check, which look below the sessions."""
        return self._engine

    def close(self) -> None:
        """Fold the write-ahead log into the database and let others in."""
        if not self._lock.is_locked:
            return
        try:
            with self._engine.connect() as connection:
                connection.exec_driver_sql("ROLLBACK")
                connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
                connection.exec_driver_sql("BEGIN")
            (self.path / _HOLDER).unlink(missing_ok=True)
        except (DBAPIError, OSError):
            # Disk full or gone: what was committed is in the log, which the next opening folds in
            # and checks, because the holder's name is still there.
            pass
        finally:
            self._engine.dispose()
            self._lock.release()


def create_archive(
    path: Path, context: Context, begin: Callable[[UnitOfWork], None] | None = None
) -> Archive:
    """Make a new archive in a folder that does not exist yet (or is empty), and open it.

    ``begin`` enters what the archive starts with. All is built beside and moved into place whole; the
    manifest comes last, so that half an archive is none. Raises ConflictError, StorageError.
    """
    path = _usable(path)
    if is_archive(path):
        raise ConflictError(
            f"“{path.name}”里已经有一个档案库。", "请直接打开它，或者换一个文件夹。"
        )
    if path.exists() and (not path.is_dir() or any(path.iterdir())):
        raise ConflictError(f"“{path.name}”已经存在，里面有别的文件。", "请换一个新的文件夹名。")
    _refuse_place(path)
    building = path.with_name(f".{path.name}.{new_id()[-12:]}.new")
    try:
        with storage_errors(path):
            (building / INCOMING).mkdir(parents=True)
            (building / BACKUPS).mkdir()
            _migrate(building)
            if begin is not None:
                engine = _engine(building)
                try:
                    begin(UnitOfWork(engine, context))
                finally:
                    engine.dispose()
            _write_manifest(building, new_id(), context.clock())
            if path.exists():
                path.rmdir()
            building.rename(path)
            sync_folder(path.parent)
    finally:
        shutil.rmtree(building, ignore_errors=True)
    return open_archive(path, context)


def open_archive(path: Path, context: Context) -> Archive:
    """Open an archive for this process alone.

    Raises ValidationError (not an archive), ConflictError (open elsewhere; newer than this program),
    StorageError (read-only, damaged).
    """
    path = _usable(path)
    manifest = _read_manifest(path)
    lock = _acquire(path)
    unclean = (path / _HOLDER).exists()
    try:
        _write_holder(path, context)
        _prepare(path, context, check_database=unclean)
        _remove_abandoned(path)
        engine = _engine(path)
        return Archive(path, manifest["id"], UnitOfWork(engine, context), engine, lock)
    except BaseException:
        if not unclean:  # otherwise the next one, too, must check the database
            with suppress(OSError):
                (path / _HOLDER).unlink(missing_ok=True)
        lock.release()
        raise


def _usable(path: Path) -> Path:
    """The absolute path, or a refusal: SQLite takes Unicode only, and the system no endless names."""
    path = path.absolute()
    try:
        str(path).encode()
    except UnicodeEncodeError:
        text = f"“{path.name}”所在路径的名称里有乱码，不能用作档案库。"
        raise ValidationError(text, "请先把那个文件夹改名。") from None
    with storage_errors(path):
        path.exists()
    return path


def is_archive(path: Path) -> bool:
    """Whether the folder is an archive (of any version)."""
    return (path / MANIFEST).is_file() and (path / DATABASE).is_file()


def _read_manifest(path: Path) -> dict[str, str]:
    if not path.exists():
        raise ValidationError(
            f"找不到文件夹“{path.name}”。", "请检查位置是否正确，U 盘是否还插着。"
        )
    if not is_archive(path):
        raise ValidationError(
            f"“{path.name}”不是档案库。",
            f"档案库是一个含有 {MANIFEST} 和 {DATABASE} 的文件夹，请重新选择。",
        )
    try:
        with storage_errors(path / MANIFEST):
            manifest = tomllib.loads((path / MANIFEST).read_text(encoding="utf-8"))
        found, archive_id = int(manifest["format"]), str(manifest["id"])
    except (KeyError, TypeError, ValueError, OverflowError, RecursionError) as error:
        raise StorageError(
            f"“{path.name}”的说明文件 {MANIFEST} 已损坏。",
            "请用最近的备份恢复。",
            details=str(error),
        ) from error
    if found > FORMAT:
        raise _too_new(path)
    return {"id": archive_id}


def _too_new(path: Path) -> ConflictError:
    return ConflictError(
        f"“{path.name}”是用更新版本的研档建立的，本程序（{__version__}）打不开它。",
        "请先更新研档；档案库没有被改动。",
    )


def _write_manifest(path: Path, archive_id: str, now: datetime) -> None:
    text = (
        "# 研档档案库。请不要手工修改本文件夹里的内容；要搬动时，请把整个文件夹一起复制。\n"
        f'format = {FORMAT}\nid = "{archive_id}"\n'
        f'created = "{now.isoformat(timespec="seconds")}"\nprogram = "{__version__}"\n'
    )
    write_whole(path / MANIFEST, text.encode())


def _acquire(path: Path) -> FileLock:
    """Lock that the system itself releases when its process dies: a stale one needs no guessing."""
    lock = FileLock(path / _LOCK, timeout=0, thread_local=False)
    with storage_errors(path):
        try:
            lock.acquire()
        except Timeout:
            holder = _read_holder(path)
            who = holder.words if holder else "另一个程序"
            raise ConflictError(f"档案库正由{who}使用。", "请等对方关闭后再打开。") from None
    return lock


def _read_holder(path: Path) -> Holder | None:
    try:
        return Holder(**json.loads((path / _HOLDER).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None


def _write_holder(path: Path, context: Context) -> None:
    since = context.clock().strftime("%Y-%m-%d %H:%M")
    holder = {"name": context.actor, "host": platform.node(), "pid": os.getpid(), "since": since}
    write_whole(path / _HOLDER, json.dumps(holder, ensure_ascii=False).encode())


def _engine(path: Path) -> Engine:
    return archive_engine(path / DATABASE, wal=place_of(path) is Place.LOCAL)


def _refuse_place(path: Path) -> None:
    place = place_of(path)
    if place is Place.CLOUD:
        raise ValidationError(
            "档案库不能放在网盘的同步文件夹里，否则数据库会损坏。",
            "请放在本机硬盘上，再把备份存到网盘。",
        )


def _prepare(path: Path, context: Context, *, check_database: bool) -> None:
    """Refuse a database that is newer, check one that was not closed, upgrade an older one."""
    if not (path / DATABASE).stat().st_size:  # SQLite would begin a new database in it
        raise StorageError("档案库的数据库是空的，里面的记录丢失了。", "请用最近的备份恢复。")
    engine = _engine(path)
    try:
        with plain_errors(), engine.connect() as connection:
            if check_database:
                answer = connection.exec_driver_sql("PRAGMA integrity_check(1)").scalar()
                if answer != "ok":
                    raise StorageError(
                        "上次没有正常关闭，档案库的数据库已损坏。",
                        "请用最近的备份恢复。",
                        str(answer),
                    )
            revision = current_revision(connection)
        known = known_revisions()
        if (
            revision is None
        ):  # an archive is never without: its database is made before its manifest
            raise StorageError(f"{DATABASE} 不是研档的数据库，或者已损坏。", "请用最近的备份恢复。")
        if revision not in known:
            raise _too_new(path)
        if revision != known[0]:
            _backup_before_upgrade(path, engine, context)
            _migrate(path)
    finally:
        engine.dispose()


def _backup_before_upgrade(path: Path, engine: Engine, context: Context) -> None:
    from app.services.safety.backup import copy_database

    stamp = context.clock().strftime("%Y%m%d-%H%M%S")
    (path / BACKUPS).mkdir(exist_ok=True)  # copying programs leave empty folders out
    copy_database(engine, path / BACKUPS / f"升级前-{stamp}.db")


def _migrate(path: Path) -> None:
    engine = _engine(path)
    try:
        with plain_errors():
            upgrade(engine)
    finally:
        engine.dispose()


def _remove_abandoned(path: Path) -> None:
    """Throw away what an interrupted intake left; nothing refers to it."""
    incoming = path / INCOMING
    with storage_errors(path):
        incoming.mkdir(parents=True, exist_ok=True)
        for leftover in incoming.iterdir():
            if not leftover.is_dir():
                leftover.unlink()
