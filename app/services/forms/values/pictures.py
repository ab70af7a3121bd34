"""Evidence of activities as pictures: photos, scans of sign-in sheets, listening notes, summaries."""

from __future__ import annotations

import io
from collections import defaultdict
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, or_, select

from app.models import Evidence, EvidenceLink, Lesson, Observation
from app.services.documents.tree import Picture
from app.services.evidence.kinds import PDF
from app.services.evidence.store import EvidenceStore
from app.services.forms.measures import STRICT, load
from app.services.forms.values.facts import clock_of, long_date, rows_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date
    from pathlib import Path

    from sqlalchemy.orm import Session

    from app.services.forms.form import Values
    from app.services.forms.values.facts import Facts

LISTS = ("照片", "签到表", "听课笔记", "总结")
_SCAN_PAGES = 4
"""Pages of a scanned paper that are shown; further ones lie in the archive."""
_SCAN_PX = 1400
_ROOM = 60.0
"""Room in mm that a picture asks for; forms give it their own."""


@dataclass(frozen=True, slots=True)
class Use:
    """Words in the name of a material that say in which list it belongs."""

    __pydantic_config__ = STRICT

    list: str
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Uses:
    __pydantic_config__ = STRICT

    use: tuple[Use, ...]


@dataclass(frozen=True, slots=True)
class _Piece:
    activity_id: str
    evidence_id: str
    slot: str
    teacher: str
    observer: str
    owner: str
    title: str
    author: str
    kind: str
    media_type: str
    pages: int | None
    dated_on: date | None
    taken_at: str
    path: Path


def evidence_of(
    session: Session, ids: Sequence[str], facts: Facts, folder: Path, *, shown: bool
) -> Mapping[str, dict[str, list[Values]]]:
    """By activity: its pictures by list, and all of its 材料; files are only opened when ``shown``."""
    found: dict[str, dict[str, list[Values]]] = defaultdict(lambda: defaultdict(list))
    slots = {(k.key, s.key): s.name for k in facts.scheme.activity for s in k.slots}
    names = {key: name for (_kind, key), name in slots.items()}
    seen: set[tuple[str, str]] = set()
    for piece in _pieces(session, ids, facts, folder):
        if (piece.activity_id, piece.evidence_id) in seen:
            continue
        seen.add((piece.activity_id, piece.evidence_id))
        lists = found[piece.activity_id]
        lists["材料"].append(_material(len(lists["材料"]) + 1, piece, names.get(piece.slot, "")))
        wanted = _list_of(piece, names.get(piece.slot, ""))
        if wanted and shown:
            lists[wanted] += [_line(piece, source) for source in _sources(piece)]
    return found


@cache
def _uses() -> tuple[Use, ...]:
    return load("evidence_words", _Uses).use


def _list_of(piece: _Piece, slot: str) -> str:
    """The list in which a piece is shown; empty: it is no picture, or shows nothing of use."""
    if piece.kind != "image" and piece.media_type != PDF:
        return ""
    for name in filter(None, (slot, piece.title)):
        for use in _uses():
            if any(word in name for word in use.words):
                return "" if use.list == "照片" and piece.kind != "image" else use.list
    return "照片" if piece.kind == "image" else ""


def _pieces(session: Session, ids: Sequence[str], facts: Facts, folder: Path) -> list[_Piece]:
    activity_id = func.coalesce(EvidenceLink.activity_id, Lesson.activity_id)
    query = (
        select(
            activity_id.label("activity_id"), EvidenceLink.slot, EvidenceLink.owner_id,
            Lesson.teacher_id, Observation.observer_id, *_COLUMNS,
        )
        .join(Evidence, Evidence.id == EvidenceLink.evidence_id)
        .outerjoin(Observation, Observation.id == EvidenceLink.observation_id)
        .outerjoin(
            Lesson, or_(Lesson.id == EvidenceLink.lesson_id, Lesson.id == Observation.lesson_id)
        )
        .where(or_(EvidenceLink.activity_id.is_not(None), Lesson.activity_id.is_not(None)))
        .order_by(Evidence.taken_at, Evidence.dated_on, Evidence.id, EvidenceLink.slot.desc())
    )  # fmt: skip
    store = EvidenceStore(folder)
    return [
        _Piece(
            row.activity_id, row.id, row.slot, facts.person(row.teacher_id).name,
            facts.person(row.observer_id).name, facts.person(row.owner_id).name, row.title,
            row.author, row.kind, row.media_type, row.pages, row.dated_on, row.taken_at,
            store.path(row.sha256, row.stored_name),
        )
        for row in rows_of(session, query, activity_id, ids)
    ]  # fmt: skip


_COLUMNS = (
    Evidence.id, Evidence.title, Evidence.author, Evidence.kind, Evidence.media_type,
    Evidence.pages, Evidence.dated_on, Evidence.taken_at, Evidence.sha256,
    Evidence.stored_name,
)  # fmt: skip


def _material(number: int, piece: _Piece, slot: str) -> Values:
    return {
        "序号": str(number), "名称": piece.title, "材料项": slot, "责任者": piece.author,
        "日期": long_date(piece.dated_on), "页数": str(piece.pages or ""),
    }  # fmt: skip


def _line(piece: _Piece, source: Path | bytes) -> Values:
    """A picture with what its caption says; ``人物`` only where the archive knows it."""
    return {
        "图": Picture(source, _ROOM, _ROOM, name=piece.title),
        "说明": piece.title,
        "时间": f"{long_date(piece.dated_on)} {clock_of(piece.taken_at)}".strip(),
        "人物": piece.owner or piece.teacher,
        "事由": piece.title,
        "听课教师": piece.observer or piece.owner or piece.author,
        "责任者": piece.author,
    }


def _sources(piece: _Piece) -> list[Path | bytes]:
    """The picture file itself, or the pages of a scan as pictures."""
    if piece.kind == "image":
        return [piece.path]
    from app.services.evidence.pdf import opened_pdf
    from app.services.pdfium import PDFIUM

    try:
        with PDFIUM, opened_pdf(piece.path) as document:
            return [_page(document, one) for one in range(min(len(document), _SCAN_PAGES))]
    except Exception:  # noqa: BLE001 - broken files raise what they like; the writer names them
        return [piece.path]


def _page(document: Any, number: int) -> bytes:
    page = document[number]
    bitmap = page.render(scale=_SCAN_PX / max(*page.get_size(), 1.0))
    out = io.BytesIO()
    bitmap.to_pil().convert("RGB").save(out, "JPEG", quality=85)
    bitmap.close()
    page.close()
    return out.getvalue()
