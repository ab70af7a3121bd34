"""Everything that can be done with evidence: take in, find, edit, put under items, remove."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from app.errors import NotFoundError, ValidationError
from app.models import Activity, AssessmentItem, Evidence, EvidenceLink, EvidenceText
from app.models.base import table_of
from app.progress import NoProgress, Progress
from app.services import search
from app.services.evidence.ingest import Intake, Refusal, Source, describe, find_sources, take_in
from app.services.evidence.store import EvidenceStore

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date
    from pathlib import Path

    from sqlalchemy.orm import Session

    from app.services.adoption import Adoptions
    from app.services.archive import Archive

_TEXT_KINDS = ("pdf", "word", "sheet", "slides", "text")
_TEXTS_AT_ONCE = 20


@dataclass(frozen=True, slots=True)
class Added:
    """A piece of evidence that an intake made."""

    id: str
    name: str
    sha256: str
    type: str
    pages: int | None
    bytes: int
    taken_at: str
    item: str
    remarks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Duplicate:
    """A file whose content the archive has already; ``of`` is the evidence, ``name`` its title."""

    path: Path
    of: str
    name: str


@dataclass(frozen=True, slots=True)
class IngestReport:
    """Every file given is in exactly one of the three lists."""

    added: tuple[Added, ...]
    duplicates: tuple[Duplicate, ...]
    refused: tuple[Refusal, ...]


@dataclass(frozen=True, slots=True)
class Destination:
    """What the files of an intake prove: an assessment item, a slot of an activity, or as folders say."""

    adoption_id: str | None = None
    item_id: str | None = None
    activity_id: str | None = None
    slot: str = ""
    by_folder: bool = False


@dataclass(frozen=True, slots=True)
class EvidenceEdit:
    """New values of the fields that a user may set; None leaves a field as it is.

    ``pages`` below zero means unknown; ``dated_on`` "" means no date.
    """

    title: str | None = None
    author: str | None = None
    dated_on: str | None = None
    doc_no: str | None = None
    pages: int | None = None
    sealed: bool | None = None
    note: str | None = None


class EvidenceService:
    """Evidence of one archive."""

    def __init__(self, archive: Archive, adoptions: Adoptions) -> None:
        self._uow = archive.uow
        self._adoptions = adoptions
        self._store = EvidenceStore(archive.path)

    def ingest(
        self,
        paths: Sequence[Path],
        destination: Destination | None = None,
        progress: Progress | None = None,
    ) -> IngestReport:
        """Take files and whole folders in: all that can be taken, in one transaction.

        Raises CancelledError (nothing was entered) and StorageError (the archive's disk is full).
        """
        to = destination or Destination()
        sources, refused = find_sources(paths)
        with self._uow.read() as session:
            known = set(session.scalars(select(Evidence.sha256)))
        intake = take_in(sources, self._store, known.__contains__, progress)
        intake.refused.extend(refused)
        return self._enter(intake, to)

    def _enter(self, intake: Intake, to: Destination) -> IngestReport:
        """Put the files in place, then name them in one transaction; take them back if it fails."""
        today = self._uow.context.clock().date()
        described = [describe(taken, today) for taken in intake.taken]
        new: list[Path] = []
        try:
            for taken, values in zip(intake.taken, described, strict=True):
                place = self._store.path(taken.arrival.sha256, values["stored_name"])
                if not place.exists():  # kept for the undo of an earlier removal: stays in any case
                    new.append(place)
                self._store.put(taken.arrival, place)
            self._store.sync_places(new)
            with self._uow.write(f"加入材料 {len(described)} 份") as session:
                return self._record(session, intake, described, to)
        except BaseException:
            for place in new:
                self._store.discard(place)
            for taken in intake.taken:
                taken.arrival.temporary.unlink(missing_ok=True)
            raise

    def _record(
        self, session: Session, intake: Intake, described: list[dict[str, object]], to: Destination
    ) -> IngestReport:
        link = _Linker(session, self._adoptions, to)
        now = self._uow.context.clock()
        rows = [Evidence(added_at=now, links=[], **values) for values in described]
        session.add_all(rows)
        session.flush()
        added = tuple(
            Added(
                row.id, row.original_name, row.sha256, row.media_type, row.pages, row.size, row.taken_at,
                link(row, taken.source), tuple(row.remarks.splitlines()),
            )
            for row, taken in zip(rows, intake.taken, strict=True)
        )  # fmt: skip
        duplicates = []
        for source, sha256 in intake.repeats:
            row = session.scalars(select(Evidence).where(Evidence.sha256 == sha256)).one()
            link(row, source)
            duplicates.append(Duplicate(source.path, row.id, row.title))
        return IngestReport(added, tuple(duplicates), tuple(intake.refused))

    def read_texts(self, progress: Progress | None = None) -> int:
        """Read the text inside documents that nobody has read yet, for the search; returns how many.

        Can be stopped and simply called again.
        """
        from app.services.evidence.text import extract_text

        watch = progress or NoProgress()
        query = (
            select(Evidence.id, Evidence.sha256, Evidence.stored_name, Evidence.media_type)
            .outerjoin(EvidenceText, EvidenceText.sha256 == Evidence.sha256)
            .where(
                Evidence.kind.in_(_TEXT_KINDS),
                Evidence.state == "ok",
                EvidenceText.sha256.is_(None),
            )
        )
        with self._uow.read() as session:
            todo = session.execute(query).all()
        for start in range(0, len(todo), _TEXTS_AT_ONCE):
            watch.report(start, len(todo), "正在读取文档里的文字")
            some = todo[start : start + _TEXTS_AT_ONCE]
            texts = [
                {
                    "sha256": row.sha256,
                    "text": extract_text(
                        self._store.path(row.sha256, row.stored_name), row.media_type
                    ),
                }
                for row in some
            ]
            with self._uow.write("读取文字") as session:
                session.execute(table_of(EvidenceText).insert(), texts)
                search.index(session, "evidence", [row.id for row in some])
        return len(todo)

    def path(self, evidence_id: str) -> Path:
        """Where the file of a piece of evidence lies."""
        with self._uow.read() as session:
            row = _get(session, evidence_id)
            return self._store.path(row.sha256, row.stored_name)

    def edit(self, ids: Sequence[str], changes: EvidenceEdit) -> None:
        """Set fields of one or many pieces of evidence as one step; raises ValidationError."""
        values = _validated(changes)
        if not values or not ids:
            return
        with self._uow.write(_named("修改材料", len(ids))) as session:
            for evidence_id in ids:
                row = _get(session, evidence_id)
                for name, value in values.items():
                    setattr(row, name, value)

    def place(self, ids: Sequence[str], item_id: str) -> None:
        """Put evidence under an assessment item, besides where it already is."""
        with self._uow.write(_named("归入考核项", len(ids))) as session:
            item = session.get(AssessmentItem, item_id)
            if item is None or item.parent_id is None:
                raise ValidationError("材料要放到具体的考核项下。", "请选择考核表里的一个条目。")
            for evidence_id in ids:
                _link_item(session, _get(session, evidence_id), item_id)

    def displace(self, ids: Sequence[str], item_id: str) -> None:
        """Take evidence out from under an assessment item."""
        with self._uow.write(_named("移出考核项", len(ids))) as session:
            links = session.scalars(
                select(EvidenceLink).where(
                    EvidenceLink.assessment_item_id == item_id, EvidenceLink.evidence_id.in_(ids)
                )
            )
            for found in links.all():
                session.delete(found)

    def move(self, ids: Sequence[str], from_item_id: str, to_item_id: str) -> None:
        """Take evidence from one assessment item to another as one step."""
        with self._uow.write(_named("调整考核项", len(ids))) as session:
            for evidence_id in ids:
                row = _get(session, evidence_id)
                _link_item(session, row, to_item_id)
                for found in row.links:
                    if found.assessment_item_id == from_item_id != to_item_id:
                        session.delete(found)

    def delete(self, ids: Sequence[str]) -> None:
        """Remove evidence; its file stays until the trash is emptied, so this can be undone."""
        from app.models import BoxItem

        with self._uow.write(_named("删除材料", len(ids))) as session:
            boxed = session.scalar(
                select(func.count()).select_from(BoxItem).where(BoxItem.evidence_id.in_(ids))
            )
            if boxed:
                for item in session.scalars(select(BoxItem).where(BoxItem.evidence_id.in_(ids))):
                    session.delete(item)
            for evidence_id in ids:
                session.delete(_get(session, evidence_id))


class _Linker:
    """Links each file of an intake to what it proves."""

    def __init__(self, session: Session, adoptions: Adoptions, to: Destination) -> None:
        self._session = session
        self._to = to
        self._items: dict[str, str] = {}
        self._scheme = None
        if to.activity_id and session.get(Activity, to.activity_id) is None:
            raise NotFoundError("找不到要挂接的活动。", "请先用 list activities 查看活动。")
        if to.by_folder and to.adoption_id:
            self._scheme = adoptions.scheme(to.adoption_id)
            self._items = {item.no: item.id for item in adoptions.items(to.adoption_id)}

    def __call__(self, row: Evidence, source: Source) -> str:
        """Make the links; returns the number of the assessment item found by folder, or ""."""
        if self._to.item_id:
            _link_item(self._session, row, self._to.item_id)
        if self._to.activity_id:
            self._link_activity(row)
        if self._scheme is not None:
            from app.services.schemes.lookup import match_folder

            no = match_folder(self._scheme, source.folders)
            if no is not None:
                _link_item(self._session, row, self._items[no])
                return no
        return ""

    def _link_activity(self, row: Evidence) -> None:
        activity_id, slot = self._to.activity_id, self._to.slot
        if not any(link.activity_id == activity_id and link.slot == slot for link in row.links):
            row.links.append(EvidenceLink(activity_id=activity_id, slot=slot))


def _link_item(session: Session, row: Evidence, item_id: str) -> None:
    if not any(link.assessment_item_id == item_id for link in row.links):
        row.links.append(EvidenceLink(assessment_item_id=item_id))


def _get(session: Session, evidence_id: str) -> Evidence:
    row = session.get(Evidence, evidence_id)
    if row is None:
        raise NotFoundError("找不到这份材料。", "它可能已被删除，请刷新列表。")
    return row


def _named(action: str, count: int) -> str:
    return f"{action} {count} 份" if count > 1 else action


def _validated(changes: EvidenceEdit) -> dict[str, object]:
    values = {
        f.name: value for f in fields(changes) if (value := getattr(changes, f.name)) is not None
    }
    if "title" in values and not str(values["title"]).strip():
        raise ValidationError("题名不能为空。", "请写上材料的名称。")
    if "dated_on" in values:
        values["dated_on"] = _day(str(values["dated_on"]))
    if "pages" in values:
        pages = int(str(values["pages"]))
        if pages > 9999:
            raise ValidationError("页数太大。", "请填 0 到 9999 之间的数。")
        values["pages"] = pages if pages >= 0 else None
        values["pages_from"] = "typed" if pages >= 0 else ""
    return values


def _day(text: str) -> date | None:
    from app.services.evidence.dating import day_in_name

    if not text.strip():
        return None
    day = day_in_name(text)
    if day is None:
        raise ValidationError(f"“{text}”不是一个日期。", "请写成 2025-10-15 或 2025年10月15日。")
    return day
