"""One engine factory: SQLite with real transactions, foreign keys on, durable commits."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Engine, create_engine, event

if TYPE_CHECKING:
    from pathlib import Path

BUSY_SECONDS = 10
CACHE_KILOBYTES = 32_000
"""At most, for each connection; SQLite's own 2 MB hold no list of years."""


def archive_engine(database: Path, *, wal: bool) -> Engine:
    """Engine of an archive's database; ``wal`` only where the disk is local.

    Python's driver would begin transactions late and commit DDL on its own, so it is told to do
    neither; SQLAlchemy begins them (recipe of its SQLite documentation). An engine with the
    execution option ``begin="IMMEDIATE"`` takes the write lock at once.
    """
    engine = create_engine(f"sqlite:///{database}", connect_args={"timeout": BUSY_SECONDS})

    @event.listens_for(engine, "connect")
    def prepare(connection: Any, _record: Any) -> None:
        connection.isolation_level = None
        connection.execute("PRAGMA foreign_keys=ON")
        connection.execute(f"PRAGMA journal_mode={'WAL' if wal else 'DELETE'}")
        # FULL: a commit that was reported survives a power cut.
        connection.execute("PRAGMA synchronous=FULL")
        # Sorting and filtering read a table over and over: 100,000 activities are 25 MB.
        connection.execute(f"PRAGMA cache_size=-{CACHE_KILOBYTES}")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        mode = connection.get_execution_options().get("begin", "DEFERRED")
        connection.exec_driver_sql(f"BEGIN {mode}")

    @event.listens_for(engine, "checkin")
    def leave_nothing_open(connection: Any, _record: Any) -> None:
        # A commit that a deferred foreign key refuses leaves SQLite inside its transaction.
        if connection is not None and connection.in_transaction:
            connection.rollback()

    return engine
