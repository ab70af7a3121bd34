"""Everything that can be done with evidence: take in, find, edit, put under items, remove."""

from __future__ import annotations

import os
from dataclasses import dataclass, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select

from app.errors import AppError, NotFoundError, ValidationError
from app.models import Evidence, EvidenceLink, EvidenceText, new_id
from app.models.base import table_of
from app.progress import NoProgress, Progress
from app.services import search
from app.services.evidence.dating import typed_day
from app.services.evidence.ingest import (
    WORKERS,
    Intake,
    Refusal,
    describe,
    find_sources,
    take_in,
)
from app.services.evidence.links import Link, Linker, link_item, require_item
from app.services.evidence.store import EvidenceStore
from app.services.journal import insert_many

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from datetime import date

    from sqlalchemy.orm import Session

    from app.services.adoption import Adoptions
    from app.services.archive import Archive

_TEXT_KINDS = ("pdf", "word", "sheet", "slides", "text")
_TEXTS_AT_ONCE, _CHARACTERS_AT_ONCE = 20, 500_000
_MOST_PAGES = 9999
_IDS_AT_ONCE = 500
"""Fewer than any SQLite allows in one statement."""


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
    """What the files of an intake prove: an assessment item, a slot of something, or as folders say.

    ``target`` is ``activity:<id>``, ``lesson:<id>`` and so on (standing/targets.py); ``owner_id`` and
    ``counted_on`` say whose the files are and for a day of which period they count there. ``also``
    are further slots that the same files fill, in the same step.
    """

    adoption_id: str | None = None
    item_id: str | None = None
    activity_id: str | None = None
    slot: str = ""
    by_folder: bool = False
    target: str = ""
    owner_id: str | None = None
    counted_on: date | None = None
    also: tuple[Destination, ...] = ()


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
    level: str | None = None
    note: str | None = None


class EvidenceService:
    """Evidence of one archive."""

    def __init__(self, archive: Archive, adoptions: Adoptions, workers: int = WORKERS) -> None:
        self._uow = archive.uow
        self._root = archive.path
        self._workers = workers
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
        own = [path for path in paths if _absolute(path).is_relative_to(self._root)]
        sources, refused = find_sources([path for path in paths if path not in own])
        refused += [Refusal(path, "这是档案库自己的文件，不能再作为材料收入。") for path in own]
        intake = take_in(sources, self._store, self._known(), progress, self._workers)
        intake.refused.extend(refused)
        return self._enter(intake, destination or Destination())

    def _known(self) -> Callable[[str], Path | None]:
        with self._uow.read() as session:
            names = session.execute(select(Evidence.sha256, Evidence.stored_name))
            known: dict[str, str] = {row.sha256: row.stored_name for row in names}

        def place(sha256: str) -> Path | None:
            name = known.get(sha256)
            return None if name is None else self._store.path(sha256, name)

        return place

    def _enter(self, intake: Intake, to: Destination) -> IngestReport:
        """Put the files in place, then name them in one transaction; take them back if it fails."""
        today = self._uow.context.clock().date()
        described = [describe(taken, today) for taken in intake.taken]
        new: dict[str, Path] = {}
        try:
            for arrival, place in intake.returned:
                self._store.put(arrival, place)
            for taken, values in zip(intake.taken, described, strict=True):
                place = self._store.path(taken.arrival.sha256, values["stored_name"])
                # What lay there was kept for the undo of an earlier removal: it stays in any case.
                if self._store.put(taken.arrival, place):
                    new[taken.arrival.sha256] = place
            self._store.sync_places([*new.values(), *(place for _, place in intake.returned)])
            action = f"加入材料 {len(described)} 份" if described else "归类已有的材料"
            with self._uow.write(action) as session:
                return self._record(session, intake, described, to)
        except BaseException:
            intake.throw_away()
            self._take_back(new)
            raise

    def _take_back(self, new: dict[str, Path]) -> None:
        """Remove the files that no record came to name: what stopped us may have come after the commit."""
        try:
            with self._uow.read() as session:
                entered = {
                    sha256
                    for some in _chunks(list(new))
                    for sha256 in session.scalars(
                        select(Evidence.sha256).where(Evidence.sha256.in_(some))
                    )
                }
        except AppError:
            return  # the database does not answer: files that nothing names do no harm
        for sha256, place in new.items():
            if sha256 not in entered:
                self._store.discard(place)

    def _record(
        self, session: Session, intake: Intake, described: list[dict[str, Any]], to: Destination
    ) -> IngestReport:
        linker = Linker(session, self._adoptions, to)
        now = self._uow.context.clock()
        ids = [new_id() for _ in described]
        rows = [
            {"id": evidence_id, "added_at": now, **values}
            for evidence_id, values in zip(ids, described, strict=True)
        ]
        insert_many(session, Evidence, rows)
        wanted = [linker.wanted(taken.source) for taken in intake.taken]
        links = [
            {**link.columns, **link.details, "evidence_id": evidence_id}
            for evidence_id, found in zip(ids, wanted, strict=True)
            for link in found
        ]
        insert_many(session, EvidenceLink, links)
        added = tuple(_added(*facts) for facts in zip(ids, described, wanted, strict=True))
        repeated: dict[str, Evidence] = {}
        for some in _chunks(list({sha256 for _source, sha256 in intake.repeats})):
            for row in session.scalars(select(Evidence).where(Evidence.sha256.in_(some))):
                repeated[row.sha256] = row
        duplicates = []
        for source, sha256 in intake.repeats:
            row = repeated[sha256]
            linker.link(row, source)
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
        batch: dict[str, dict[str, str]] = {}
        read = size = 0
        for number, row in enumerate(todo):
            watch.report(number, len(todo), "正在读取文档里的文字")
            place = self._store.path(row.sha256, row.stored_name)
            if not place.is_file():
                continue  # lost: check tells; the text is read when the file is back
            text = extract_text(place, row.media_type)
            batch[row.id] = {"sha256": row.sha256, "text": text}
            read += 1
            size += len(text)
            if len(batch) >= _TEXTS_AT_ONCE or size >= _CHARACTERS_AT_ONCE:
                self._keep_texts(batch)
                batch, size = {}, 0
        self._keep_texts(batch)
        watch.report(len(todo), len(todo), "正在读取文档里的文字")
        return read

    def _keep_texts(self, batch: dict[str, dict[str, str]]) -> None:
        if not batch:
            return
        with self._uow.write("读取文字") as session:
            session.execute(table_of(EvidenceText).insert(), list(batch.values()))
            search.index(session, "evidence", list(batch))

    def path(self, evidence_id: str) -> Path:
        """Where the file of a piece of evidence lies."""
        with self._uow.read() as session:
            row = _get(session, evidence_id)
            return self._store.path(row.sha256, row.stored_name)

    @staticmethod
    def check(changes: EvidenceEdit) -> None:
        """Raise the ValidationError that ``edit`` would raise for these values."""
        _validated(changes)

    def edit(self, ids: Sequence[str], changes: EvidenceEdit, item_id: str | None = None) -> None:
        """Set fields of one or many pieces of evidence as one step; raises ValidationError.

        With ``item_id`` the same step also puts them under that assessment item.
        """
        values = _validated(changes)
        if not ids or not (values or item_id):
            return
        action = "修改材料" if values else "归入考核项"
        with self._uow.write(_named(action, len(ids))) as session:
            if item_id:
                require_item(session, item_id)
            for evidence_id in ids:
                row = _get(session, evidence_id)
                for name, value in values.items():
                    setattr(row, name, value)
                if item_id:
                    link_item(session, row, item_id)

    def place(self, ids: Sequence[str], item_id: str) -> None:
        """Put evidence under an assessment item, besides where it already is."""
        with self._uow.write(_named("归入考核项", len(ids))) as session:
            require_item(session, item_id)
            for evidence_id in ids:
                link_item(session, _get(session, evidence_id), item_id)

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
                link_item(session, row, to_item_id)
                for found in row.links:
                    if found.assessment_item_id == from_item_id != to_item_id:
                        session.delete(found)

    def transfer(self, pieces: Sequence[tuple[str, str | None]], to_item_id: str | None) -> None:
        """Take each piece out from under the item named with it and put it under another, as one step.

        An item of None means none: the piece is only put there, or only taken out.
        """
        if not pieces or (to_item_id is None and all(item is None for _id, item in pieces)):
            return
        with self._uow.write(_named("调整考核项", len(pieces))) as session:
            if to_item_id:
                require_item(session, to_item_id)
            for evidence_id, from_item_id in pieces:
                row = _get(session, evidence_id)
                if to_item_id:
                    link_item(session, row, to_item_id)
                for found in row.links:
                    if from_item_id and found.assessment_item_id == from_item_id != to_item_id:
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


def _added(evidence_id: str, values: Mapping[str, Any], links: Sequence[Link]) -> Added:
    return Added(
        id=evidence_id,
        name=values["original_name"],
        sha256=values["sha256"],
        type=values["media_type"],
        pages=values["pages"],
        bytes=values["size"],
        taken_at=values["taken_at"],
        item=next((link.by_folder for link in links if link.by_folder), ""),
        remarks=tuple(values["remarks"].splitlines()),
    )


def _absolute(path: Path) -> Path:
    return Path(os.path.normpath(path.absolute()))


def _get(session: Session, evidence_id: str) -> Evidence:
    row = session.get(Evidence, evidence_id)
    if row is None:
        raise NotFoundError("找不到这份材料。", "它可能已被删除，请刷新列表。")
    return row


def _chunks(values: Sequence[str]) -> Iterator[Sequence[str]]:
    for start in range(0, len(values), _IDS_AT_ONCE):
        yield values[start : start + _IDS_AT_ONCE]


def _named(action: str, count: int) -> str:
    return f"{action} {count} 份" if count > 1 else action


def _validated(changes: EvidenceEdit) -> dict[str, object]:
    values = {
        f.name: value for f in fields(changes) if (value := getattr(changes, f.name)) is not None
    }
    if "title" in values:
        values["title"] = " ".join(str(values["title"]).split())
        if not values["title"]:
            raise ValidationError("题名不能为空。", "请写上材料的名称。")
    if "dated_on" in values:
        values["dated_on"] = _day(str(values["dated_on"]))
    if changes.pages is not None:
        if changes.pages > _MOST_PAGES:
            raise ValidationError("页数太大。", f"请填 0 到 {_MOST_PAGES} 之间的数。")
        values["pages"] = changes.pages if changes.pages >= 0 else None
        values["pages_from"] = "typed" if changes.pages >= 0 else ""
    return values


def _day(text: str) -> date | None:
    if not text.strip():
        return None
    day = typed_day(text)
    if day is None:
        raise ValidationError(f"“{text}”不是一个日期。", "请写成 2025-10-15 或 2025年10月15日。")
    return day
