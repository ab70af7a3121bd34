"""What goes into a book: the pieces of the chosen boxes in their order, each with its file."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select

from app.models import AssessmentItem, Evidence
from app.services.evidence.kinds import KINDS, UNKNOWN
from app.services.evidence.store import EvidenceStore
from app.services.forms.form import lines
from app.services.forms.values import box as box_values

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from sqlalchemy.orm import Session

    from app.services.box_view import BoxRow, BoxView
    from app.services.forms.form import Values
    from app.services.forms.reading import Reading

_AT_ONCE = 500
"""SQLite takes a bounded number of values in one statement."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A group or item of the assessment table, as headings name it."""

    no: str
    name: str

    @property
    def words(self) -> str:
        """Number and name on one line."""
        return "　".join(part for part in (self.no, self.name) if part)


@dataclass(frozen=True, slots=True)
class Piece:
    """One line of the chosen boxes: a piece of evidence under an assessment item."""

    row: BoxRow
    box: str
    """Its box in words, e.g. ``第 1 盒``."""
    group: Mark
    item: Mark
    path: Path
    """Where its file lies."""
    place: str
    """The same, as a reader of the archive finds it: from the archive's folder on."""
    original_name: str
    media_type: str
    state: str
    remarks: str
    sha256: str

    @property
    def kind(self) -> str:
        """image, pdf, word, sheet, slides, text, video, audio, archive, other."""
        return KINDS.get(self.media_type, KINDS[UNKNOWN]).kind

    @property
    def label(self) -> str:
        """The kind of its file in words."""
        return KINDS.get(self.media_type, KINDS[UNKNOWN]).label


@dataclass(frozen=True, slots=True)
class Contents:
    """What was chosen to become a book."""

    boxes: tuple[BoxView, ...]
    pieces: tuple[Piece, ...]
    of: int
    """Boxes of the year."""
    values: tuple[tuple[Values, Values], ...] = ()
    """Of each piece: what forms say of its box and of itself."""

    @property
    def whole(self) -> bool:
        """Whether it is the whole year."""
        return len(self.boxes) == self.of


def contents(reading: Reading, ids: Sequence[str]) -> Contents:
    """The pieces of some boxes; raises NotFoundError, ConflictError where nothing was boxed."""
    sheets = box_values.SUBJECT.read(reading, ids)
    boxes = tuple(sheet.view for sheet in sheets)
    wanted = [row.evidence_id for box in boxes for row in box.rows]
    store = EvidenceStore(reading.folder)
    with reading.uow.read() as session:
        files = _files(session, wanted)
        marks = _marks(session, reading.adoption.id)
    pieces: list[Piece] = []
    values: list[tuple[Values, Values]] = []
    for box, sheet in zip(boxes, sheets, strict=True):
        for row, line in zip(box.rows, lines(sheet.values, "材料"), strict=True):
            values.append((sheet.values, line))
            file = files[row.evidence_id]
            path = store.path(file.sha256, file.stored_name)
            item = Mark(row.assessment_no, row.assessment_name)
            pieces.append(Piece(
                row, box_words(box), marks.get(row.assessment_no, item), item, path,
                path.relative_to(reading.folder).as_posix(), file.original_name,
                file.media_type, file.state, file.remarks, file.sha256,
            ))  # fmt: skip
    of = int(str(sheets[0].values["盒数"]))
    return Contents(boxes, tuple(pieces), of, tuple(values))


def box_words(box: BoxView) -> str:
    """A box in words, by what this archive calls it."""
    return f"第 {box.number} {box.unit}"


def _files(session: Session, ids: Sequence[str]) -> dict[str, Evidence]:
    found: dict[str, Evidence] = {}
    for start in range(0, len(ids), _AT_ONCE):
        some = ids[start : start + _AT_ONCE]
        for row in session.scalars(select(Evidence).where(Evidence.id.in_(some))):
            found[row.id] = row
    return found


def _marks(session: Session, adoption_id: str) -> dict[str, Mark]:
    """The topmost group of each item, by the item's number."""
    rows = session.execute(
        select(AssessmentItem.id, AssessmentItem.parent_id, AssessmentItem.no, AssessmentItem.name)
        .where(AssessmentItem.adoption_id == adoption_id)
    ).all()  # fmt: skip
    by_id = {row.id: row for row in rows}
    found = {}
    for row in rows:
        top = row
        while top.parent_id in by_id:
            top = by_id[top.parent_id]
        found[row.no] = Mark(top.no, top.name)
    return found
