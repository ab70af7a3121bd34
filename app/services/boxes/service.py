"""Boxes of an adopted scheme: planning them, and showing them as paper and window need.

Where a scheme binds its materials (``box.bound = "volumes"``), its boxes are volumes (案卷): the same
plan, filled to the widest spine of ``volume_widths`` instead of ``spine_widths``; only what they are
called and which forms are printed differs.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING, Any, Literal

from sqlalchemy import func, select

from app.errors import ConflictError, ExportError, NotFoundError, ValidationError
from app.models import AssessmentItem, Box, BoxItem, Evidence, EvidenceLink, SchemeAdoption
from app.services.adoption import parsed
from app.services.boxes.arrange import Paper, Piece, PlannedBox, arrange, box_width
from app.services.boxes.findings import Finding, findings
from app.services.boxes.labels import LabelCheck, check_label
from app.services.boxes.show import views
from app.services.settings import ArchiveSettings, read_settings

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from sqlalchemy.orm import Session

    from app.services.box_view import BoxView
    from app.services.unit_of_work import UnitOfWork

UNKNOWN_PAGES_TAKEN_AS = 1
"""For thickness only: a piece whose pages are unknown stops the printing until they are typed in."""

_NAMED_AT_ONCE = 5


@dataclass(frozen=True, slots=True)
class PlanReport:
    """Boxes as they are now, and what should be mended before anything is printed."""

    boxes: tuple[BoxView, ...]
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class BoxEdit:
    """What a user types on a box: the reference sheet's words.

    None leaves a field as it is; a day of "" means no day.
    """

    condition: str | None = None
    arranged_by: str | None = None
    arranged_on: date | Literal[""] | None = None
    checked_by: str | None = None
    checked_on: date | Literal[""] | None = None


class BoxService:
    """Boxes of one archive."""

    def __init__(self, uow: UnitOfWork, archive_id: str) -> None:
        self._uow = uow
        self._archive_id = archive_id

    def plan(self, adoption_id: str) -> PlanReport:
        """Arrange what lies under the assessment items into boxes, as one step.

        Boxes keep their numbers and what was typed on them; only lines that differ are written.
        """
        with self._uow.write("排盒") as session:
            planned, paper, settings = _arranged(session, adoption_id)
            if not planned:
                raise ConflictError(
                    "还没有材料归入考核项，没有可以装盒的东西。",
                    "请先在“材料”或“归档”页把材料拖到考核项下。",
                )
            _write(session, adoption_id, planned, paper, settings)
        return self.report(adoption_id)

    def report(self, adoption_id: str) -> PlanReport:
        """Boxes as last planned, with the present findings."""
        with self._uow.read() as session:
            adoption = _adoption(session, adoption_id)
            boxes = views(session, adoption, read_settings(session), self._archive_id)
            return PlanReport(tuple(boxes), tuple(findings(session, adoption)))

    def boxes(self, adoption_id: str) -> tuple[BoxView, ...]:
        """Boxes as last planned."""
        with self._uow.read() as session:
            adoption = _adoption(session, adoption_id)
            return tuple(views(session, adoption, read_settings(session), self._archive_id))

    def require_ready(self, adoption_id: str) -> tuple[Finding, ...]:
        """Findings that remain; raises where the page numbers on the forms would be wrong."""
        if not self.is_current(adoption_id):
            raise ConflictError("排盒之后材料有变动，页次已经不对。", "请重新排盒，再打印。")
        found = self.report(adoption_id).findings
        stops = [finding for finding in found if finding.severity == "stop"]
        if stops:
            named = "、".join(f"“{finding.title}”" for finding in stops[:_NAMED_AT_ONCE])
            more = f"等 {len(stops)} 份" if len(stops) > _NAMED_AT_ONCE else ""
            raise ExportError(
                f"{named}{more}不知道有几页，页次算不准。", "请填上页数，重新排盒后再打印。"
            )
        return found

    def verify(self, text: str) -> LabelCheck:
        """Compare what was scanned from a label, or its fingerprint, with the directory of today.

        Raises ValidationError where the text is of no label, NotFoundError where its box is gone.
        """
        with self._uow.read() as session:
            settings = read_settings(session)
            boxes = [
                box
                for adoption in session.scalars(select(SchemeAdoption))
                for box in views(session, adoption, settings, self._archive_id)
            ]
        return check_label(text, boxes, self._archive_id)

    def count(self, adoption_id: str) -> int:
        """How many boxes there are."""
        with self._uow.read() as session:
            found = select(func.count()).select_from(Box).where(Box.adoption_id == adoption_id)
            return session.scalar(found) or 0

    def is_current(self, adoption_id: str) -> bool:
        """Whether planning again would change nothing: same pieces, boxes and page numbers."""
        with self._uow.read() as session:
            lying = session.execute(
                select(Box.number, BoxItem.assessment_item_id, BoxItem.evidence_id,
                       BoxItem.folio_start, BoxItem.folio_end)
                .join(Box, Box.id == BoxItem.box_id)
                .where(Box.adoption_id == adoption_id)
                .order_by(Box.number, BoxItem.ordinal)
            ).all()  # fmt: skip
            planned, _paper, _settings = _arranged(session, adoption_id)
        wanted = [
            (number, line.item_id, line.piece.evidence_id, line.folio_start, line.folio_end)
            for number, box in enumerate(planned, 1)
            for line in box.lines
        ]
        return [tuple(row) for row in lying] == wanted

    def edit(self, box_id: str, changes: BoxEdit) -> None:
        """Set the reference sheet's words of a box."""
        values = {f.name: v for f in fields(changes) if (v := getattr(changes, f.name)) is not None}
        with self._uow.write("填写备考表") as session:
            box = session.get(Box, box_id)
            if box is None:
                raise NotFoundError("找不到这个档案盒。", "请重新排盒。")
            for name, value in values.items():
                setattr(box, name, (value or None) if name.endswith("_on") else value)

    def set_width(self, box_id: str, spine_mm: float) -> None:
        """Choose another box width than the planned one; raises ValidationError if it is too narrow."""
        with self._uow.write("更换盒脊宽度") as session:
            box = session.get(Box, box_id)
            if box is None:
                raise NotFoundError("找不到这个档案盒。", "请重新排盒。")
            if not box.thickness_mm < spine_mm <= 200:
                raise ValidationError(
                    f"盒内材料厚约 {box.thickness_mm:g} 毫米，{spine_mm:g} 毫米的盒子装不下。",
                    "请选更宽的盒子。",
                )
            box.spine_mm = spine_mm


def _adoption(session: Session, adoption_id: str) -> SchemeAdoption:
    adoption = session.get(SchemeAdoption, adoption_id)
    if adoption is None:
        raise NotFoundError("找不到这个方案。", "它可能已被删除，请刷新后再试。")
    return adoption


def _arranged(
    session: Session, adoption_id: str
) -> tuple[list[PlannedBox], Paper, ArchiveSettings]:
    scheme = parsed(_adoption(session, adoption_id).source_text)
    settings = read_settings(session)
    if scheme.box.bound == "volumes":
        settings = replace(settings, spine_widths=settings.volume_widths)
    widest = max(settings.spine_widths) - settings.slack_mm
    paper = Paper(settings.sheets_per_mm, settings.pages_per_sheet, widest)
    return arrange(_items(session, adoption_id), paper), paper, settings


def _items(session: Session, adoption_id: str) -> list[tuple[str, list[Piece]]]:
    """Pieces under each item: items in the table's order, pieces by date, undated ones last.

    Of one day papers come before pictures: notice, sign-in and record first, then the photos.
    """
    sorts: dict[str, tuple[Any, ...]] = {
        "date": (Evidence.dated_on.is_(None), Evidence.dated_on),
        "kind": (Evidence.kind,),
        "title": (Evidence.title,),
    }
    scheme = parsed(_adoption(session, adoption_id).source_text)
    order = [column for key in scheme.directory.order if key in sorts for column in sorts[key]]
    order += [Evidence.kind == "image", Evidence.title, Evidence.id]
    query = (
        select(AssessmentItem.id, Evidence.id, Evidence.pages)
        .join(EvidenceLink, EvidenceLink.assessment_item_id == AssessmentItem.id)
        .join(Evidence, Evidence.id == EvidenceLink.evidence_id)
        .where(AssessmentItem.adoption_id == adoption_id)
        .order_by(AssessmentItem.ordinal, *order)
    )
    items: dict[str, list[Piece]] = {}
    for item_id, evidence_id, pages in session.execute(query):
        taken_as = UNKNOWN_PAGES_TAKEN_AS if pages is None else pages
        items.setdefault(item_id, []).append(Piece(evidence_id, taken_as))
    return list(items.items())


def _write(
    session: Session,
    adoption_id: str,
    planned: Sequence[PlannedBox],
    paper: Paper,
    settings: ArchiveSettings,
) -> None:
    boxes = {
        box.number: box
        for box in session.scalars(select(Box).where(Box.adoption_id == adoption_id))
    }
    lines = {
        (line.evidence_id, line.assessment_item_id): line
        for box in boxes.values()
        for line in box.items
    }
    placed: dict[tuple[int, int], BoxItem] = {}
    for index, plan in enumerate(planned):
        thickness = round(paper.millimetres(plan.sheets), 1)
        width = box_width(thickness, settings.spine_widths, settings.slack_mm)
        box = boxes.pop(index + 1, None)
        if box is None:
            box = Box(adoption_id=adoption_id, number=index + 1, spine_mm=width, items=[])
            session.add(box)
            session.flush()
        if box.thickness_mm != thickness:
            box.thickness_mm, box.spine_mm = thickness, width
        for ordinal, line in enumerate(plan.lines):
            row = lines.pop((line.piece.evidence_id, line.item_id), None)
            if row is None:
                row = BoxItem(evidence_id=line.piece.evidence_id, assessment_item_id=line.item_id)
                session.add(row)
            row.box, row.ordinal = box, ordinal  # also out of the box where it lay, which may go
            row.folio_start, row.folio_end = line.folio_start, line.folio_end
            placed[index, ordinal] = row
    session.flush()
    for (index, ordinal), row in placed.items():
        place = planned[index].lines[ordinal].lies_at
        row.lies_at_id = placed[place].id if place else None
    for gone in (*lines.values(), *boxes.values()):
        session.delete(gone)
