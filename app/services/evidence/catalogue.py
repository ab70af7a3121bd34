"""Evidence as lists show it: a page at a time, filtered and sorted by the database."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from sqlalchemy import ColumnElement, Select, and_, exists, func, select, true

from app.errors import NotFoundError
from app.models import AssessmentItem, Evidence, EvidenceLink
from app.services.bulk import among
from app.services.evidence.store import EvidenceStore
from app.services.search import holding

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date, datetime
    from pathlib import Path

    from app.services.archive import Archive

View = Literal["all", "unplaced", "no_pages", "no_date", "unsealed", "faulty"]
"""Built-in views: everything, under no assessment item, lacking pages / date / seal, damaged or encrypted."""

VIEWS: tuple[View, ...] = ("all", "unplaced", "no_pages", "no_date", "unsealed", "faulty")

SortKey = Literal[
    "title", "dated_on", "kind", "pages", "size", "author", "sealed", "state", "added_at"
]


@dataclass(frozen=True, slots=True)
class Query:
    """What a list shows: words, a built-in view, an assessment item of an adopted scheme, an order."""

    words: str = ""
    view: View = "all"
    adoption_id: str | None = None
    item_id: str | None = None
    sort: SortKey = "added_at"
    descending: bool = True


@dataclass(frozen=True, slots=True)
class EvidenceRow:
    """A line of the list; ``items`` are the numbers of the assessment items that it proves."""

    id: str
    title: str
    original_name: str
    kind: str
    media_type: str
    author: str
    dated_on: date | None
    pages: int | None
    size: int
    sealed: bool
    state: str
    remarks: str
    items: str
    added_at: datetime


@dataclass(frozen=True, slots=True)
class EvidenceDetail:
    """One piece of evidence with everything known of it."""

    row: EvidenceRow
    path: Path
    sha256: str
    doc_no: str
    level: str
    note: str
    pages_from: str
    width: int | None
    height: int | None
    orientation: int | None
    taken_at: str
    placed: tuple[tuple[str, str], ...]
    """Assessment items: id and label."""
    activities: tuple[tuple[str, str], ...]
    """Activities it belongs to: id and slot."""


class EvidenceCatalogue:
    """Looks at the evidence of one archive."""

    def __init__(self, archive: Archive) -> None:
        self._uow = archive.uow
        self._store = EvidenceStore(archive.path)

    def count(self, query: Query) -> int:
        """How many pieces the query finds."""
        with self._uow.read() as session:
            found = select(func.count()).select_from(Evidence).where(*_conditions(query))
            return session.scalar(found) or 0

    def counts(self, words: str = "", adoption_id: str | None = None) -> dict[View, int]:
        """How many pieces each built-in view holds, looked up in one go."""
        found = [func.count().filter(_in_view(view, adoption_id)) for view in VIEWS]
        query = select(*found).select_from(Evidence).where(*_conditions(Query(words)))
        with self._uow.read() as session:
            return dict(zip(VIEWS, session.execute(query).one(), strict=True))

    def ids(self, query: Query) -> list[str]:
        """Ids of everything the query finds, in its order."""
        with self._uow.read() as session:
            return list(session.scalars(_ordered(query)))

    def among(self, query: Query, evidence_ids: Iterable[str]) -> set[str]:
        """Which of these pieces the query finds."""
        with self._uow.read() as session:
            mine = among(Evidence.id, sorted(evidence_ids))
            return set(session.scalars(select(Evidence.id).where(mine, *_conditions(query))))

    def position(self, query: Query, evidence_id: str) -> int | None:
        """How many pieces stand before this one in the query's order; None: it is not among them."""
        ids = self.ids(query)
        return ids.index(evidence_id) if evidence_id in ids else None

    def page(self, query: Query, offset: int, limit: int) -> list[EvidenceRow]:
        """A page of what the query finds."""
        with self._uow.read() as session:
            wanted = list(session.scalars(_ordered(query).offset(offset).limit(limit)))
            rows = {row.id: row for row in session.execute(_rows().where(Evidence.id.in_(wanted)))}
            return [_view(rows[found]) for found in wanted]

    def get(self, evidence_id: str) -> EvidenceDetail:
        """Everything about one piece."""
        with self._uow.read() as session:
            row = session.execute(_rows().where(Evidence.id == evidence_id)).first()
            evidence = session.get(Evidence, evidence_id)
            if row is None or evidence is None:
                raise NotFoundError("找不到这份材料。", "它可能已被删除，请刷新列表。")
            placed = session.execute(
                select(AssessmentItem.id, AssessmentItem.no, AssessmentItem.name)
                .join(EvidenceLink, EvidenceLink.assessment_item_id == AssessmentItem.id)
                .where(EvidenceLink.evidence_id == evidence_id)
                .order_by(AssessmentItem.ordinal)
            ).all()
            return EvidenceDetail(
                row=_view(row),
                path=self._store.path(evidence.sha256, evidence.stored_name),
                sha256=evidence.sha256,
                doc_no=evidence.doc_no,
                level=evidence.level,
                note=evidence.note,
                pages_from=evidence.pages_from,
                width=evidence.width,
                height=evidence.height,
                orientation=evidence.orientation,
                taken_at=evidence.taken_at,
                placed=tuple((found.id, f"{found.no} {found.name}") for found in placed),
                activities=tuple(
                    (link.activity_id, link.slot) for link in evidence.links if link.activity_id
                ),
            )

    def items_with_evidence(self, adoption_id: str) -> dict[str, list[EvidenceRow]]:
        """What lies under each assessment item, by date."""
        query = (
            select(EvidenceLink.assessment_item_id, EvidenceLink.evidence_id)
            .join(AssessmentItem, AssessmentItem.id == EvidenceLink.assessment_item_id)
            .join(Evidence, Evidence.id == EvidenceLink.evidence_id)
            .where(AssessmentItem.adoption_id == adoption_id)
            .order_by(Evidence.dated_on.is_(None), Evidence.dated_on, Evidence.id)
        )
        placed = exists().where(
            EvidenceLink.evidence_id == Evidence.id,
            EvidenceLink.assessment_item_id == AssessmentItem.id,
            AssessmentItem.adoption_id == adoption_id,
        )
        with self._uow.read() as session:
            rows = {row.id: _view(row) for row in session.execute(_rows().where(placed))}
            found: dict[str, list[EvidenceRow]] = {}
            for item_id, evidence_id in session.execute(query):
                found.setdefault(str(item_id), []).append(rows[evidence_id])
        return found


def _rows() -> Select[*tuple[Any, ...]]:
    numbers = (
        select(func.aggregate_strings(AssessmentItem.no, "、"))
        .join(EvidenceLink, EvidenceLink.assessment_item_id == AssessmentItem.id)
        .where(EvidenceLink.evidence_id == Evidence.id)
        .correlate(Evidence)
        .scalar_subquery()
        .label("items")
    )
    return select(
        Evidence.id, Evidence.title, Evidence.original_name, Evidence.kind, Evidence.media_type,
        Evidence.author, Evidence.dated_on, Evidence.pages, Evidence.size, Evidence.sealed,
        Evidence.state, Evidence.remarks, numbers, Evidence.added_at,
    )  # fmt: skip


def _view(row: Any) -> EvidenceRow:
    return EvidenceRow(**{**row._mapping, "items": row.items or ""})  # noqa: SLF001 - public in SQLAlchemy


def _ordered(query: Query) -> Select[str]:
    # Ids rise with time: they settle ties, keep pages from overlapping, and are the order of adding.
    columns = [Evidence.id]
    if query.sort != "added_at":
        columns.insert(0, getattr(Evidence, query.sort))
    directed = [column.desc() for column in columns] if query.descending else columns
    return select(Evidence.id).where(*_conditions(query)).order_by(*directed)


def _conditions(query: Query) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if (found := holding(Evidence, query.words)) is not None:
        conditions.append(found)
    if query.item_id:
        conditions.append(_under(EvidenceLink.assessment_item_id == query.item_id))
    if query.view != "all":
        conditions.append(_in_view(query.view, query.adoption_id))
    return conditions


def _in_view(view: View, adoption_id: str | None) -> ColumnElement[bool]:
    match view:
        case "unplaced":
            placed: ColumnElement[bool] = EvidenceLink.assessment_item_id.is_not(None)
            if adoption_id:
                placed = exists().where(
                    AssessmentItem.id == EvidenceLink.assessment_item_id,
                    AssessmentItem.adoption_id == adoption_id,
                )
            return ~_under(placed)
        case "no_pages":
            return Evidence.pages.is_(None)
        case "no_date":
            return Evidence.dated_on.is_(None)
        case "unsealed":
            return Evidence.sealed.is_(False)
        case "faulty":
            return Evidence.state != "ok"
        case "all":
            return true()


def _under(condition: ColumnElement[bool]) -> ColumnElement[bool]:
    return exists().where(and_(EvidenceLink.evidence_id == Evidence.id, condition))
