"""What one archive box shows on paper and screen: the boxes service gives it, the forms print it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from datetime import date

_QR_NAME = 24


@dataclass(frozen=True, slots=True)
class BoxRow:
    """One line of a box's directory: a piece of evidence under an assessment item.

    ``folio_start``/``folio_end`` are the numbers of its first and last sheet side in the box. A piece
    that serves several assessment items lies in the box once; where it is only referred to,
    ``refers_to`` names the place in words (e.g. ``见1.2第3号``) and its folios are those of that place.
    """

    evidence_id: str
    seq: int
    title: str
    author: str
    date: date | None
    pages: int
    folio_start: int
    folio_end: int
    assessment_no: str
    assessment_name: str
    refers_to: str = ""
    remark: str = ""
    doc_no: str = ""
    archival_code: str = ""
    secrecy: str = ""
    piece_no: int = 0
    """件号: of its archival code where codes are given, else its place in the directory; 0: none."""
    retention: str = ""


@dataclass(frozen=True, slots=True)
class BoxView:
    """One archive box with everything that its cover, spine, directory and reference sheet say."""

    id: str
    number: int
    title_lines: tuple[str, ...]
    """Lines of the cover in the scheme's order, e.g. workshop, (teacher,) school, period."""
    period: str
    year: int
    fonds_code: str
    fonds_name: str
    retention: str
    section: str
    """机构（问题）; empty where the archive does not use it."""
    thickness_mm: float
    """Computed thickness of the paper inside."""
    spine_mm: float
    """Width of the box that holds it (20, 30, 40, 50 or a free measure)."""
    rows: tuple[BoxRow, ...] = ()
    condition: str = ""
    """盒内文件情况说明, as typed by the user; empty: the form says how many pieces and pages."""
    arranged_by: str = ""
    arranged_on: date | None = None
    checked_by: str = ""
    checked_on: date | None = None
    heading: str = ""
    """Big title of the cover, e.g. 名师工作坊档案; empty: the form's own."""
    title_labels: tuple[str, ...] = ()
    """What stands before each of ``title_lines`` on the cover; empty: the form's own."""
    directory_columns: tuple[str, ...] = ("seq", "title", "author", "date", "folios", "remark")
    bound: Literal["boxes", "volumes"] = "boxes"
    """Whether the materials lie in boxes or are bound as volumes (案卷)."""
    owner: str = ""
    """Name of the community."""
    archive_id: str = ""
    catalogue_no: str = ""
    """目录号 of volumes."""

    @property
    def unit(self) -> str:
        """What one of them is called."""
        return "卷" if self.bound == "volumes" else "盒"

    @property
    def label(self) -> str:
        """What people call this one."""
        return f"第 {self.number} {self.unit}"

    @property
    def pages(self) -> int:
        """Pages lying in the box; what is only referred to is not counted again."""
        return sum(row.pages for row in self.rows if not row.refers_to)

    @property
    def pieces(self) -> int:
        """Pieces lying in the box; what is only referred to is not counted again."""
        return sum(1 for row in self.rows if not row.refers_to)

    @property
    def folios(self) -> str:
        """First and last page number in the box, as text; empty where nothing is on paper."""
        lying = [row for row in self.rows if not row.refers_to and row.folio_start]
        return f"{lying[0].folio_start}—{lying[-1].folio_end}" if lying else ""

    @property
    def fingerprint(self) -> str:
        """Sixteen hexadecimal digits that change whenever a line of the directory does.

        SHA-256 over the lines, their parts separated by tabs, days as 2026-06-30.
        """
        lines = (
            (
                row.seq, row.archival_code, row.doc_no, row.author, row.title, row.date or "",
                row.pages, row.folio_start, row.folio_end, row.assessment_no, row.refers_to,
            )
            for row in self.rows
        )  # fmt: skip
        text = "\n".join("\t".join(map(str, line)) for line in lines)
        return hashlib.sha256(text.encode(errors="backslashreplace")).hexdigest()[:16]

    @property
    def qr_text(self) -> str:
        """What the QR code on cover and spine says: which box this is, and its directory's state.

        Names are cut: a longer text makes a code too fine for a spine.
        """
        kind = "案卷" if self.bound == "volumes" else "档案盒"
        return (
            f"{kind} {self.owner[:_QR_NAME]} {self.period[:_QR_NAME]} 第{self.number}{self.unit}\n"
            f"目录 {self.fingerprint}\n档案库 {self.archive_id[-12:]}"
        )
