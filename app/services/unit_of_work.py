"""One transaction per use case; writes the journal, refreshes the search index, tells who listens."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import event
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Mapper, ORMExecuteState, Session, object_session

from app.errors import ConflictError, StorageError, ValidationError
from app.models import Record
from app.services import search
from app.services.journal import (
    CHANGES,
    Change,
    after_values,
    append,
    before_values,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from sqlalchemy import Connection, Engine

    from app.context import Context


@dataclass(frozen=True, slots=True)
class Changes:
    """What one committed transaction changed, for whoever shows it: record ids by table."""

    action: str
    ids: Mapping[str, frozenset[str]]
    related: frozenset[str] = frozenset()
    """Ids of the records that the changed ones point to, or pointed to before."""

    def touches(self, *kinds: str) -> bool:
        """Whether records of one of these tables were changed."""
        return any(kind in self.ids for kind in kinds)


class UnitOfWork:
    """Gives sessions: ``read`` for looking, ``write`` for one use case that commits once."""

    def __init__(self, engine: Engine, context: Context) -> None:
        self.context = context
        self._engine = engine
        self._writer = engine.execution_options(begin="IMMEDIATE")
        self._one_writer = threading.Lock()
        self._listeners: list[Callable[[Changes], None]] = []

    def subscribe(self, listener: Callable[[Changes], None]) -> None:
        """Call ``listener`` after each commit, on the thread that committed."""
        self._listeners.append(listener)

    @contextmanager
    def read(self) -> Iterator[Session]:
        """Session that sees one consistent state and changes nothing."""
        with plain_errors(), Session(self._engine, autoflush=False) as session:
            yield session

    @contextmanager
    def write(
        self, action: str, *, kind: str = "do", target_seq: int | None = None
    ) -> Iterator[Session]:
        """Session whose changes are committed together at the end of the block, or not at all.

        ``action`` is the name in words that undo, history and the journal show. Nothing is recorded
        when nothing changed. Raises ConflictError for collisions, StorageError for the disk's refusals.
        """
        with (
            self._one_writer,
            plain_errors(),
            Session(self._writer, expire_on_commit=False) as session,
        ):
            changes: list[Change] = []
            session.info[CHANGES] = changes
            yield session
            session.flush()
            if changes:
                search.refresh(session, changes)
                append(session, self.context, action, changes, kind=kind, target_seq=target_seq)
            session.commit()
        if changes:
            self._tell(action, changes)

    def _tell(self, action: str, changes: list[Change]) -> None:
        ids: dict[str, set[str]] = {}
        related: set[str] = set()
        for change in changes:
            ids.setdefault(change.kind, set()).add(change.record_id)
            for values in (change.before, change.after):
                related.update(
                    value
                    for name, value in (values or {}).items()
                    if name.endswith("_id") and value
                )
        told = Changes(
            action, {kind: frozenset(found) for kind, found in ids.items()}, frozenset(related)
        )
        for listener in self._listeners:
            listener(told)


@event.listens_for(Record, "after_insert", propagate=True)
def _note_insert(_mapper: Mapper[Record], _connection: Connection, row: Record) -> None:
    _note(row, Change(str(row.__tablename__), row.id, "insert", None, after_values(row)))


@event.listens_for(Record, "after_update", propagate=True)
def _note_update(_mapper: Mapper[Record], _connection: Connection, row: Record) -> None:
    after = after_values(row, changed_only=True)
    if after:
        before = before_values(row, changed_only=True)
        _note(row, Change(row.__tablename__, row.id, "update", before, after))


@event.listens_for(Record, "after_delete", propagate=True)
def _note_delete(_mapper: Mapper[Record], _connection: Connection, row: Record) -> None:
    _note(row, Change(row.__tablename__, row.id, "delete", before_values(row), None))


def _note(row: Record, change: Change) -> None:
    """Every row that a flush writes comes here, also those deleted because their owner went."""
    session = object_session(row)
    if session is None or CHANGES not in session.info:
        msg = "records are changed only within UnitOfWork.write"
        raise RuntimeError(msg)
    session.info[CHANGES].append(change)


@event.listens_for(Session, "do_orm_execute")
def _refuse_bulk(state: ORMExecuteState) -> None:
    if not state.is_select and state.bind_mapper is not None:
        msg = "bulk statements bypass the journal; change the objects instead"
        raise RuntimeError(msg)


_STORAGE = {
    "SQLITE_FULL": ("磁盘已满，没有保存任何改动。", "请清理磁盘空间，然后重做刚才的操作。"),
    "SQLITE_READONLY": (
        "档案库所在的位置是只读的，不能保存。",
        "请把档案库移到可以写入的文件夹再打开。",
    ),
    "SQLITE_BUSY": ("档案库的数据库正被其他程序占用。", "请关闭其他程序后重试。"),
    "SQLITE_LOCKED": ("档案库的数据库正被其他程序占用。", "请关闭其他程序后重试。"),
    "SQLITE_CORRUPT": ("档案库的数据库已损坏。", "请不要继续录入，用最近的备份恢复。"),
    "SQLITE_NOTADB": ("档案库的数据库已损坏。", "请不要继续录入，用最近的备份恢复。"),
    "SQLITE_IOERR": ("读写档案库时磁盘出错。", "请检查磁盘或 U 盘是否松动，然后重新打开档案库。"),
    "SQLITE_CANTOPEN": ("打不开档案库的数据库。", "请检查文件夹是否还在、是否可以写入。"),
}


@contextmanager
def plain_errors() -> Iterator[None]:
    """Turn what the database refuses for the surroundings' sake into words; our own bugs pass."""
    try:
        yield
    except DBAPIError as error:
        raise _in_words(error) from error
    except UnicodeEncodeError as error:  # half of a character, e.g. from a damaged clipboard
        raise ValidationError(
            "里面有不是文字的字符（乱码），没有执行。", "请删去看不清的字符，重新输入。", str(error)
        ) from error


def _in_words(error: DBAPIError) -> Exception:
    name = str(getattr(error.orig, "sqlite_errorname", ""))
    if not name and "decode to UTF-8" in str(
        error.orig
    ):  # Python's driver met bytes that are no text
        name = "SQLITE_CORRUPT"
    if "no such table" in str(error.orig):  # every archive that opens is of the newest form
        name = "SQLITE_CORRUPT"
    for prefix, (text, hint) in _STORAGE.items():
        if name.startswith(prefix):
            return StorageError(text, hint, details=str(error.orig))
    if name.startswith(("SQLITE_CONSTRAINT_UNIQUE", "SQLITE_CONSTRAINT_FOREIGNKEY")):
        return ConflictError(
            "这项改动与已有的记录冲突，没有保存。",
            "请检查是否重复，或者是否还有别的记录在使用它。",
            details=str(error.orig),
        )
    return error
