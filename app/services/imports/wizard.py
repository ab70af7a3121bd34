"""Importing step by step, as the window does it: open, propose, preview, apply.

Built with every archive, so nothing heavy is imported before it is needed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from app.progress import Progress
    from app.services.imports.headers import Header
    from app.services.imports.kinds import Kind
    from app.services.imports.mappings import SavedMapping
    from app.services.imports.reading import Book, Row, Sheet
    from app.services.imports.report import ImportReport, Options
    from app.services.imports.table import Chosen
    from app.services.unit_of_work import UnitOfWork

_SAMPLES = 10
_LOOKED_AT = 50


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the table and what it is taken for."""

    at: int
    """Counted from 0."""
    letter: str
    header: str
    samples: tuple[str, ...]
    """The first different values, as a spreadsheet shows them."""
    field: str
    """Key of the field; empty: the column is left out."""
    how: str
    """header, similar, contents, chosen, saved; empty where the column is left out."""
    bad: int
    """How many of the first values that field cannot take."""
    reason: str
    """Why not, for the first of them."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """How a table would be read. Nothing can be previewed while it has a ``problem``."""

    book: Book
    kind: Kind
    """Its ``fields``, ``required`` and ``policies`` are what the user may choose from."""
    sheet: Sheet
    header: Header
    columns: tuple[Column, ...]
    other_sheets: tuple[str, ...]
    """Sheets that are not read, each with the reason."""
    saved: str
    """Name of the saved mapping that was recognised; empty: none."""

    @property
    def problem(self) -> str:
        """What is missing before rows can be read, in a sentence; empty when nothing is."""
        return f"{self.header.problem}{self.header.hint}"

    @property
    def mapping(self) -> dict[str, int]:
        """Field → column, to be changed and given back to ``propose``."""
        return dict(self.header.columns)


class Imports:
    """Takes tables of schools, members, activities and observations into the archive."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._uow = uow

    def open_source(self, source: Path | str) -> Book:
        """Open a spreadsheet file, or a table copied to the clipboard (text).

        Raises AppError with a sentence for whatever is no readable table.
        """
        from app.services.imports.reading import open_book, read_text

        return read_text(source) if isinstance(source, str) else open_book(source)

    def propose(
        self,
        book: Book,
        kind: str,
        *,
        sheet: str | None = None,
        header_row: int | None = None,
        mapping: Mapping[str, str | int] | None = None,
    ) -> Proposal:
        """How the table is understood; the arguments after ``kind`` are the user's corrections.

        ``sheet`` None: the first that fits. ``header_row`` is the number that the spreadsheet shows,
        0: there is no header. ``mapping``: field → column from 0 (or its header); give the header
        row with it. A saved mapping is recognised unless the user corrects something.
        """
        from app.services.imports.kinds import load_kind
        from app.services.imports.table import choose_sheet

        described = load_kind(kind)
        saved = ""
        chosen = choose_sheet(book, described, sheet=sheet, mapping=mapping, header_row=header_row)
        if mapping is None and header_row is None:
            chosen, saved = self._recognised(chosen)
        columns = _columns(chosen, "saved" if saved else "")
        return Proposal(book, described, chosen.sheet, chosen.header, columns, chosen.others, saved)

    def _recognised(self, chosen: Chosen) -> tuple[Chosen, str]:
        """The sheet under a saved mapping whose header line it has, and that mapping's name."""
        from dataclasses import replace

        from app.services.imports.headers import look_for_header

        sheet, kind = chosen.sheet, chosen.kind
        for saved in self.mappings(kind.key):
            row = saved.row_in(sheet)
            if row is not None and all(kind.field(key) for key in saved.columns):
                header = look_for_header(sheet, kind, header_row=row, mapping=saved.columns)
                return replace(chosen, header=header), saved.name
        return chosen, ""

    def preview(
        self, proposal: Proposal, options: Options, progress: Progress | None = None
    ) -> ImportReport:
        """What the import would do; nothing is written."""
        return self._run(proposal, options, progress, dry_run=True)

    def apply(
        self, proposal: Proposal, options: Options, progress: Progress | None = None
    ) -> ImportReport:
        """Take the table in, as one transaction and one undo step; cancelled, nothing is written."""
        return self._run(proposal, options, progress, dry_run=False)

    def _run(
        self, proposal: Proposal, options: Options, progress: Progress | None, *, dry_run: bool
    ) -> ImportReport:
        from app.services.imports.running import run
        from app.services.imports.table import Chosen

        chosen = Chosen(
            proposal.book, proposal.kind, proposal.sheet, proposal.header, proposal.other_sheets
        )
        return run(self._uow, chosen, options, progress, dry_run=dry_run)

    def write_rejects(self, target: Path, report: ImportReport) -> int:
        """Write the refused rows with the reasons to a new .xlsx; returns how many."""
        from app.services.imports.rejects import write_rejects

        table = report.table
        return write_rejects(target, table.sheet, table.header, report.rejected)

    def write_template(self, kind: str, target: Path) -> None:
        """Write an empty table of that kind, to be filled in."""
        from app.services.imports.template import write_template

        write_template(target, kind)

    def mappings(self, kind: str) -> list[SavedMapping]:
        """Saved mappings of a kind, by name."""
        from app.services.imports.mappings import Mappings

        return Mappings(self._uow).all(kind)

    def save_mapping(self, name: str, proposal: Proposal) -> None:
        """Keep the columns of a proposal under a name, for the next table with this header."""
        from app.errors import ValidationError
        from app.services.imports.headers import header_line
        from app.services.imports.mappings import Mappings, SavedMapping

        first = proposal.header.first_row
        row = next((row for row in proposal.sheet.rows if row.number == first), None)
        if row is None:
            raise ValidationError("这个表没有表头，下次认不出来，不能保存对应。")
        Mappings(self._uow).save(
            SavedMapping(proposal.kind.key, name, header_line(row), proposal.mapping)
        )

    def rename_mapping(self, kind: str, old: str, new: str) -> None:
        """Give a saved mapping another name."""
        from app.services.imports.mappings import Mappings

        Mappings(self._uow).rename(kind, old, new)

    def delete_mapping(self, kind: str, name: str) -> None:
        """Forget a saved mapping."""
        from app.services.imports.mappings import Mappings

        Mappings(self._uow).delete(kind, name)


def _columns(chosen: Chosen, how: str) -> tuple[Column, ...]:
    from app.services.imports.guards import column_letters
    from app.services.imports.reading import is_blank
    from app.services.imports.values import shown

    sheet, header = chosen.sheet, chosen.header
    rows = [row for row in sheet.rows if row.number > header.last_row][:_LOOKED_AT]
    fields = {column: key for key, column in header.columns.items()}
    width = max([len(header.names), *(len(row.cells) for row in rows)])
    columns = []
    for at in range(width):
        cells = [row.cell(at) for row in rows if not is_blank(row.cell(at))]
        key = fields.get(at, "")
        name = header.names[at] if at < len(header.names) else ""
        if not cells and not name:
            continue
        samples = tuple(dict.fromkeys(map(shown, cells)))[:_SAMPLES]
        bad = _unread(chosen, key, at, rows) if key else []
        columns.append(
            Column(
                at, column_letters(at + 1), name, samples, key,
                (how or header.how.get(key, "")) if key else "",
                len(bad), bad[0] if bad else "",
            )
        )  # fmt: skip
    return tuple(columns)


def _unread(chosen: Chosen, key: str, at: int, rows: list[Row]) -> list[str]:
    """Why cells of a column cannot be taken as that field, one reason for each."""
    import datetime as dt

    from app.services.imports.parsers import parser
    from app.services.imports.values import BadValueError

    field = chosen.kind.field(key)
    cells = [row.cell(at) for row in rows]
    parse = parser(
        field.value if field else "text", chosen.header.label(at), cells,
        date1904=chosen.sheet.date1904, first_day=dt.date(2000, 9, 1),
    )  # fmt: skip
    reasons = []
    for cell in cells:
        try:
            parse(cell) if cell != "" else None
        except BadValueError as error:
            reasons.append(str(error))
    return reasons
