"""Boxes as views: lines in order, references in words, the cover's lines from the scheme."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from sqlalchemy import select

from app.models import AssessmentItem, Box, BoxItem, Evidence
from app.services.adoption import parsed, period_words
from app.services.box_view import BoxRow, BoxView
from app.services.boxes import cover
from app.services.codes.service import codes_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from sqlalchemy.orm import Session

    from app.models import SchemeAdoption
    from app.services.settings import ArchiveSettings


def views(
    session: Session, adoption: SchemeAdoption, settings: ArchiveSettings, archive_id: str
) -> Iterator[BoxView]:
    """Views of all boxes of an adopted scheme, in order of their numbers."""
    boxes = session.scalars(
        select(Box).where(Box.adoption_id == adoption.id).order_by(Box.number)
    ).all()
    scheme = parsed(adoption.source_text)
    rows = _rows(session, adoption, scheme.box.bound, settings)
    known = cover.facts(session, adoption)
    year = adoption.school_year
    for box in boxes:
        labels, words = cover.lines(scheme, known, box.number)
        yield BoxView(
            id=box.id,
            number=box.number,
            title_lines=words,
            title_labels=labels,
            heading=f"{adoption.community.kind}档案" if adoption.community.kind else "",
            period=period_words(year.starts_on, year.ends_on),
            year=year.year,
            fonds_code=settings.fonds_code,
            fonds_name=settings.fonds_name or known["unit.name"],
            retention=settings.retention,
            section=settings.section,
            thickness_mm=box.thickness_mm,
            spine_mm=box.spine_mm,
            rows=tuple(rows.get(box.id, ())),
            condition=box.condition,
            arranged_by=box.arranged_by or settings.arranged_by,
            arranged_on=box.arranged_on,
            checked_by=box.checked_by or settings.checked_by,
            checked_on=box.checked_on,
            directory_columns=tuple(scheme.directory.columns),
            bound=scheme.box.bound,
            owner=adoption.community.name,
            archive_id=archive_id,
            catalogue_no=settings.catalogue_no,
        )


def _rows(
    session: Session, adoption: SchemeAdoption, bound: str, settings: ArchiveSettings
) -> Mapping[str, list[BoxRow]]:
    """Lines of the directories, by the ids of their boxes."""
    lines = session.execute(
        select(BoxItem, Evidence, AssessmentItem, Box.number)
        .join(Box, Box.id == BoxItem.box_id)
        .join(Evidence, Evidence.id == BoxItem.evidence_id)
        .join(AssessmentItem, AssessmentItem.id == BoxItem.assessment_item_id)
        .where(Box.adoption_id == adoption.id)
        .order_by(Box.number, BoxItem.ordinal)
    ).all()
    # 件号 runs on through all boxes, so that 起止件号 on the spines tells where to look (DA/T 22 6.4.1).
    place_of = {line.id: (number, seq) for seq, (line, _e, _i, number) in enumerate(lines, 1)}
    unit = "卷" if bound == "volumes" else "盒"
    codes = codes_of(session, (piece.id for _line, piece, _item, _number in lines))
    rows: dict[str, list[BoxRow]] = defaultdict(list)
    for seq, (line, piece, item, number) in enumerate(lines, 1):
        code = codes.get(piece.id)
        rows[line.box_id].append(BoxRow(
            evidence_id=piece.id,
            seq=seq,
            title=piece.title,
            author=piece.author,
            date=piece.dated_on,
            pages=line.folio_end - line.folio_start + 1 if line.folio_start else 0,
            folio_start=line.folio_start,
            folio_end=line.folio_end,
            assessment_no=item.no,
            assessment_name=item.name,
            refers_to=_reference(line, place_of, number, unit),
            remark=piece.note if line.folio_start else piece.note or "电子文件",
            doc_no=piece.doc_no,
            secrecy=piece.secrecy,
            archival_code=code.code if code else "",
            piece_no=code.serial if code else 0 if codes else seq,
            retention=piece.retention or settings.retention,
        ))  # fmt: skip
    return rows


def _reference(
    line: BoxItem, place_of: dict[str, tuple[int, int]], box_number: int, unit: str
) -> str:
    """Where the piece of a line lies that only refers to it, in words."""
    if line.lies_at_id is None:
        return ""
    there, seq = place_of[line.lies_at_id]
    return f"见第{seq}号" if there == box_number else f"见第{there}{unit}第{seq}号"
