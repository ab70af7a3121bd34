"""What should be mended before boxes are printed: listed, never passed over in silence."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from sqlalchemy import func, select

from app.models import AssessmentItem, Evidence, EvidenceLink, SchemeAdoption
from app.services.adoption import parsed
from app.services.boxes import cover
from app.services.codes.service import uncoded
from app.services.schemes.lookup import Piece, in_window, needs_seal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy.orm import Session

Severity = Literal["stop", "warn", "note"]
"""stop: nothing can be printed rightly; warn: the assessors would object; note: worth knowing."""


@dataclass(frozen=True, slots=True)
class Finding:
    """Something to mend: what, on which piece of evidence, and how."""

    kind: str
    severity: Severity
    evidence_id: str | None
    title: str
    text: str


def findings(session: Session, adoption: SchemeAdoption) -> Iterator[Finding]:
    """Everything to mend in what lies under the adopted scheme's items, in the table's order."""
    scheme = parsed(adoption.source_text)
    answers = json.loads(adoption.answers)
    year = adoption.school_year.year
    query = (
        select(Evidence, AssessmentItem.no)
        .join(EvidenceLink, EvidenceLink.evidence_id == Evidence.id)
        .join(AssessmentItem, AssessmentItem.id == EvidenceLink.assessment_item_id)
        .where(AssessmentItem.adoption_id == adoption.id)
        .order_by(AssessmentItem.ordinal, Evidence.dated_on, Evidence.id)
    )
    seen: set[str] = set()
    for piece, no in session.execute(query):
        if piece.id in seen:
            continue
        seen.add(piece.id)
        if piece.state != "ok":
            reason = piece.remarks.splitlines()[0] if piece.remarks else "文件打不开。"
            yield _of(piece, "faulty", "warn", f"{reason}请核对原件，必要时换一份完好的文件。")
        if piece.pages is None:
            yield _of(piece, "pages", "stop", "不知道有几页，页次算不准。请填上页数。")
        if piece.dated_on is None:
            yield _of(piece, "date", "warn", "没有日期，排在同一考核项的最后。请填上形成日期。")
        elif (
            in_window(scheme, piece.dated_on, year=year, piece=Piece(item=no), answers=answers)
            is False
        ):
            text = f"日期 {piece.dated_on.isoformat()} 不在材料时段内。请核对日期，或移出考核项。"
            yield _of(piece, "window", "warn", text)
        if not piece.sealed and piece.pages != 0 and needs_seal(scheme, Piece(item=no)):
            yield _of(piece, "seal", "warn", "没有标记“已盖章”。请盖章后勾选。")
    yield from _of_the_whole(session, adoption)


def _of_the_whole(session: Session, adoption: SchemeAdoption) -> Iterator[Finding]:
    if names := "、".join(cover.unknown(session, adoption)):
        text = f"封面要写{names}，还不知道，印出来是空的。请补上，或印好后手写。"
        yield Finding("cover", "warn", None, "封面", text)
    for evidence_id, title in uncoded(session, adoption.id):
        text = "还没有档号，别的材料已经有了。请在“归档”页点“编档号”。"
        yield Finding("code", "warn", evidence_id, title, text)
    loose = session.scalar(
        select(func.count()).select_from(Evidence).where(
            ~select(EvidenceLink.id)
            .join(AssessmentItem, AssessmentItem.id == EvidenceLink.assessment_item_id)
            .where(EvidenceLink.evidence_id == Evidence.id, AssessmentItem.adoption_id == adoption.id)
            .exists()
        )
    )  # fmt: skip
    if loose:
        text = f"有 {loose} 份材料没有归入考核项，不会装盒。"
        yield Finding("unplaced", "note", None, "待归类材料", text)


def _of(piece: Evidence, kind: str, severity: Severity, text: str) -> Finding:
    return Finding(kind, severity, piece.id, piece.title, text)
