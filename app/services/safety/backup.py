"""Backup of a whole archive, verified after writing."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.errors import StorageError
from app.services.files import storage_errors, sync_folder

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy import Engine

_BLOCK = 1 << 20


@dataclass(frozen=True, slots=True)
class BackupReport:
    """Where the backup is and what it holds."""

    path: Path
    files: int
    bytes: int


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
