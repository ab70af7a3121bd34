"""Base of all tables: naming of constraints, ids, and the few column types of our own."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from typing import TYPE_CHECKING, Annotated, Any

from sqlalchemy import CheckConstraint, Date, ForeignKey, MetaData, String, Table, Time
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlalchemy.types import TypeDecorator
from uuid6 import uuid7

if TYPE_CHECKING:
    from sqlalchemy.engine import Dialect

ID_LENGTH = 36


def new_id() -> str:
    """A UUIDv7 as text: unique on every machine from birth, and sorted by time of creation."""
    return str(uuid7())


class UtcDateTime(TypeDecorator[datetime]):
    """An instant, stored as ISO 8601 text in UTC (SQLite has no type for it)."""

    impl = String(32)
    cache_ok = True

    @property
    def python_type(self) -> type[datetime]:
        """What the column holds for Python."""
        return datetime

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> str | None:
        """Refuse times without a zone: they mean something else on the next computer."""
        if value is None:
            return None
        if value.tzinfo is None:
            msg = "an instant needs its time zone"
            raise ValueError(msg)
        return value.astimezone(UTC).isoformat(timespec="microseconds")

    def process_result_value(self, value: str | None, dialect: Dialect) -> datetime | None:
        """Give the instant back in UTC."""
        return None if value is None else datetime.fromisoformat(value)


class Base(DeclarativeBase):
    """A record: every table has one text id, so that the journal can speak of any of them."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(column_0_N_label)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {  # noqa: RUF012 - SQLAlchemy reads it from the class
        datetime: UtcDateTime(),
        date: Date(),
        time: Time(),
    }


class Record(Base):
    """A record of the archive; its changes go into the journal."""

    __abstract__ = True

    id: Mapped[str] = mapped_column(
        String(ID_LENGTH), primary_key=True, default=new_id, sort_order=-1
    )


def table_of(model: type[Base]) -> Table:
    """The table of a model, for statements that need no objects."""
    return Base.metadata.tables[model.__tablename__]


def ref(target: str, *, index: bool = True, **options: Any) -> Any:
    """Column pointing to a table's id.

    Checked at the end of the transaction, so that an undone batch may put rows back in any order.
    Nothing is deleted by the database itself: what goes must go through the journal.
    """
    return mapped_column(
        String(ID_LENGTH),
        ForeignKey(f"{target}.id", deferrable=True, initially="DEFERRED"),
        index=index,
        **options,
    )


def one_of(column: str, *values: str) -> CheckConstraint:
    """Constraint: the column holds one of these words."""
    words = ", ".join(f"'{value}'" for value in values)
    return CheckConstraint(f"{column} IN ({words})", name=column)


def exactly_one(*columns: str) -> CheckConstraint:
    """Constraint: exactly one of the columns is filled."""
    count = " + ".join(f"({column} IS NOT NULL)" for column in columns)
    return CheckConstraint(f"{count} = 1", name="exactly_one_target")


def not_before(end: str, start: str) -> CheckConstraint:
    """Constraint: a period does not end before it starts (open ends allowed)."""
    return CheckConstraint(
        f"{end} IS NULL OR {start} IS NULL OR {end} >= {start}", name=f"{end}_order"
    )


Text = Annotated[str, mapped_column(default="")]
"""Free text, never NULL: what was not filled in is empty."""

LaterText = Annotated[str, mapped_column(default="", server_default="")]
"""Free text of a column that a migration added: the rows that were there get it from the database."""

PartialDate = Annotated[str, mapped_column(String(10), default="")]
"""``1985``, ``1985-09`` or ``1985-09-12``: school papers often know no more than the month."""
