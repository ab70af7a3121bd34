"""What the import window shows of a table, worked out beside the window's own thread."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from app.errors import AppError
from app.services.imports.report import Options
from app.services.imports.values import shown

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from app.progress import Progress
    from app.services.imports.reading import Book
    from app.services.imports.report import Difference, ImportReport, Policy, State
    from app.services.imports.wizard import Imports, Proposal

_ROWS_NAMED = 5
_NAMES_TOLD = 12
STATES: tuple[State, ...] = ("created", "updated", "unchanged", "duplicate", "rejected")
MarkKind = Literal["refused", "changed", "kept"]


@dataclass(frozen=True, slots=True)
class Wish:
    """How the user wants a table to be read; None: as the program finds it."""

    kind: str
    sheet: str | None = None
    header_row: int | None = None
    mapping: Mapping[str, int] | None = None
    policy: Policy = "update"
    create_missing: bool = False


@dataclass(frozen=True, slots=True)
class Opened:
    """A table that can be read, and the kind it looks like."""

    book: Book
    kind: str


@dataclass(frozen=True, slots=True)
class Look:
    """A table as it would be read, and what its import would do; else the reason why not."""

    wish: Wish
    options: Options
    proposal: Proposal | None = None
    preview: Preview | None = None
    error: AppError | None = None

    @property
    def report(self) -> ImportReport | None:
        """What the import would do."""
        return self.preview.report if self.preview else None


def open_table(imports: Imports, source: Path | str, preferred: str) -> Opened:
    """Open a file or copied cells. Raises AppError."""
    from app.services.imports.guess import guess_kind, keep_sheets

    book = keep_sheets(imports.open_source(source))
    return Opened(book, guess_kind(book, preferred))


def look(
    imports: Imports, book: Book, wish: Wish, community_id: str, progress: Progress | None = None
) -> Look:
    """Read the table as wished and see what its import would do; what is wrong is part of it."""
    options = Options(community_id, wish.policy, create_missing=wish.create_missing)
    proposal = None
    try:
        proposal = imports.propose(
            book, wish.kind, sheet=wish.sheet, header_row=wish.header_row, mapping=wish.mapping
        )
        if proposal.problem:
            return Look(wish, options, proposal)
        report = imports.preview(proposal, options, progress)
    except AppError as error:
        return Look(wish, options, proposal, error=error)
    return Look(wish, options, proposal, Preview(report))


@dataclass(frozen=True, slots=True)
class Mark:
    """What is to be seen at a cell: refused, changed, or the file's value not taken."""

    kind: MarkKind
    text: str
    why: str


@dataclass(frozen=True, slots=True)
class Note:
    """A line about the table as a whole."""

    text: str
    rows: tuple[int, ...] = ()
    warning: bool = False


class Preview:
    """The records of a report, row by row as the spreadsheet numbers them."""

    def __init__(self, report: ImportReport) -> None:
        header, kind = report.table.header, report.table.kind
        self.report = report
        self.columns = tuple(
            (at, kind.title(key))
            for key, at in sorted(header.columns.items(), key=lambda item: item[1])
        )
        self._sheet_rows = {row.number: row for row in report.table.sheet.rows}
        self.numbers = [number for number in self._sheet_rows if number in report.states]
        self._marks: dict[tuple[int, int], Mark] = {}
        self._words: dict[int, list[str]] = defaultdict(list)
        for one in report.differences:
            self._mark_difference(one)
        for (row, at), reason in report.problems.items():
            if at < 0:
                self._words[row].append(reason)
            else:
                self._marks[row, at] = Mark("refused", self.text(row, at), reason)
        for row, first in report.duplicates:
            self._words[row].append(f"与第 {first} 行重复，合成一条")
        for remark in report.remarks:
            for row in remark.rows:
                self._words[row].append(remark.text)

    def _mark_difference(self, one: Difference) -> None:
        table = self.report.table
        field = table.kind.field(one.field)
        at = table.header.columns.get(field.key) if field else None
        old = one.old or "（空）"
        if at is None or (one.row, at) in self._marks:
            words = f"{one.field}：{old} → {one.new}"
            self._words[one.row].append(words if one.applied else f"{words}（没有改动）")
        elif one.applied:
            self._marks[one.row, at] = Mark(
                "changed", f"{old} → {one.new}", f"原来是“{old}”，改为“{one.new}”"
            )
        else:
            self._marks[one.row, at] = Mark(
                "kept", f"{old}（不改）", f"档案库里是“{old}”，表里是“{one.new}”，没有改动"
            )

    def of_state(self, state: State | None) -> list[int]:
        """Numbers of the rows that come to this; None: all rows."""
        states = self.report.states
        return [number for number in self.numbers if state is None or states[number] == state]

    def counts(self) -> dict[State, int]:
        """How many rows come to what."""
        found = dict.fromkeys(STATES, 0)
        for number in self.numbers:
            found[self.report.states[number]] += 1
        return found

    def text(self, row: int, at: int) -> str:
        """A cell as the spreadsheet shows it."""
        return shown(self._sheet_rows[row].cell(at))

    def mark(self, row: int, at: int) -> Mark | None:
        """What is to be seen at a cell; None: nothing."""
        return self._marks.get((row, at))

    def words(self, row: int) -> str:
        """What is to be said of a row as a whole."""
        return "；".join(self._words.get(row, ()))

    def first_refused(self, row: int) -> int | None:
        """Place among the columns of the first refused cell of a row."""
        for place, (at, _title) in enumerate(self.columns):
            mark = self._marks.get((row, at))
            if mark is not None and mark.kind == "refused":
                return place
        return None

    def notes(self) -> list[Note]:
        """What is to be said of the whole table, the weightiest first."""
        report, table = self.report, self.report.table
        damaged = sorted({one.row for one in report.rejected if _by_excel(one.reason)})
        found = []
        if damaged:
            text = f"{len(damaged)} 行里有数字被 Excel 改坏，位数已经丢失，无法还原，先退回"
            found.append(Note(f"{text}（{_rows(damaged)}）", tuple(damaged), warning=True))
        found += [
            Note(f"将新建{what} {len(names)} {unit}：{_named(names)}")
            for what, unit, names in (
                ("单位", "个", report.new_schools),
                ("人员", "人", report.new_people),
            )
            if names
        ]
        found += [Note(f"{one.text}（{_rows(one.rows)}）", one.rows) for one in report.remarks]
        skipped: dict[str, list[int]] = defaultdict(list)
        for one in table.skipped:
            skipped[one.reason].append(one.row)
        found += [
            Note(f"不是记录，没有读：{reason}（{_rows(rows)}）") for reason, rows in skipped.items()
        ]
        return found + [Note(f"没有读的工作表：{name}") for name in table.other_sheets]


def _by_excel(reason: str) -> bool:
    return "Excel" in reason or "科学计数法" in reason


def _named(names: tuple[str, ...]) -> str:
    rest = f"等 {len(names)}" if len(names) > _NAMES_TOLD else ""
    return "、".join(names[:_NAMES_TOLD]) + rest


def _rows(rows: Iterable[int]) -> str:
    numbers = list(rows)
    named = "、".join(map(str, numbers[:_ROWS_NAMED]))
    return f"第 {named} 行" + (f"等 {len(numbers)} 行" if len(numbers) > _ROWS_NAMED else "")
