"""The common part of taking a table in: found out first, written afterwards, told in one report."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar

from app.services.imports.report import Difference, ImportReport, Options
from app.services.imports.table import Refusal, Remark, Table
from app.services.imports.values import BadValueError

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Iterable, Iterator

    from sqlalchemy.orm import Session

    from app.progress import Progress
    from app.services.imports.report import State
    from app.services.unit_of_work import UnitOfWork

T = TypeVar("T")
AT_ONCE = 500
"""Ids in one question to the database."""


def in_chunks(ids: Iterable[T]) -> Iterator[list[T]]:
    """The ids in portions that one statement can take."""
    every = list(ids)
    for start in range(0, len(every), AT_ONCE):
        yield every[start : start + AT_ONCE]


class Plan:
    """Finds out what has to be written when it is made, so that a dry run tells the same."""

    action: ClassVar[str]
    """Name of the undo step."""

    def __init__(
        self, session: Session, table: Table[Any], options: Options, today: dt.date
    ) -> None:
        self.table = table
        self.options = options
        self.today = today
        self.created = self.updated = self.unchanged = 0
        self.duplicates: list[tuple[int, int]] = []
        self.differences: list[Difference] = []
        self.states: dict[int, State] = {}
        self.new_schools: tuple[str, ...] = ()
        self.new_people: tuple[str, ...] = ()
        self._refused: list[Refusal] = list(table.refused)
        self._outside: set[int] = set()
        self._noticed: dict[str, list[int]] = defaultdict(list)
        self._rows = {row.number: row for row in table.sheet.rows}
        self.find_out(session)

    def find_out(self, session: Session) -> None:
        """Compare the rows with the archive; nothing is written."""
        raise NotImplementedError

    def write(self, session: Session, progress: Progress) -> None:
        """Write everything within the caller's transaction."""
        raise NotImplementedError

    def refuse(self, row: int, key: str, reason: str) -> None:
        """Leave a row outside because of one of its fields."""
        self._refused.append(self.table.refusal(self._rows[row], key, reason))
        self._outside.add(row)

    def attempt(self, row: int, key: str, read: Callable[..., T], *arguments: Any) -> T | None:
        """What ``read`` makes of a cell; None, and the row stays outside, where it refuses."""
        try:
            return read(*arguments)
        except BadValueError as error:
            self.refuse(row, key, str(error))
            return None

    def is_refused(self, row: int) -> bool:
        """Whether the row stays outside."""
        return row in self._outside

    def remark(self, text: str, row: int) -> None:
        """Tell something about a row that comes in all the same."""
        self._noticed[text].append(row)

    def takes(self, row: int, name: str, key: str, old: str, new: str) -> bool:
        """Whether a value that differs from the archive's is taken over; it is told in any case."""
        applied = not old or self.options.policy == "update"
        title = self.table.kind.title(key)
        self.differences.append(Difference(row, name, title, old, new, applied))
        return applied

    def report(self, *, dry_run: bool) -> ImportReport:
        """What was found out."""
        states = dict(self.states)
        for row, _first in self.duplicates:
            states[row] = "duplicate"
        for one in self._refused:
            states[one.row] = "rejected"
        noticed = tuple(Remark(text, tuple(rows)) for text, rows in self._noticed.items())
        return ImportReport(
            table=self.table,
            rows=self.table.total,
            created=self.created,
            updated=self.updated,
            unchanged=self.unchanged,
            duplicates=tuple(self.duplicates),
            rejected=tuple(sorted(self._refused, key=lambda one: (one.row, one.at))),
            differences=tuple(self.differences),
            new_schools=self.new_schools,
            new_people=self.new_people,
            remarks=(*self.table.remarks, *noticed),
            states=states,
            dry_run=dry_run,
        )


def carry_out(
    uow: UnitOfWork,
    plan: type[Plan],
    table: Table[Any],
    options: Options,
    progress: Progress,
    *,
    dry_run: bool,
) -> ImportReport:
    """Look, or look and write, as one transaction and one undo step."""
    today = uow.context.clock().date()
    if dry_run:
        with uow.read() as session:
            return plan(session, table, options, today).report(dry_run=True)
    with uow.write(plan.action) as session:
        work = plan(session, table, options, today)
        progress.report(0, 0, "写入档案库")
        work.write(session, progress)
        return work.report(dry_run=False)
