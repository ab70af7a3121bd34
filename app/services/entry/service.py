"""Listing, typing in, changing, copying and deleting records of every sheet."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from app.errors import NotFoundError
from app.models import Appointment
from app.services.entry import bulk, export, listing, names, removal
from app.services.entry.editing import Editor
from app.services.entry.errors import InvalidError
from app.services.entry.scope import scope_of
from app.services.entry.sheets import sheet
from app.services.entry.sheets.people import communities_of
from app.services.entry.vocabulary import Choices, choices

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path

    from sqlalchemy import ColumnElement
    from sqlalchemy.orm import Session

    from app.models import Record
    from app.progress import Progress
    from app.services.entry.bulk import Edit, Preview
    from app.services.entry.fields import Field, Scope
    from app.services.entry.listing import Query, Row
    from app.services.entry.names import Choice
    from app.services.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class SheetView:
    """A sheet as a page needs it: its fields with the words that the scheme offers."""

    kind: str
    name: str
    counter: str
    fields: tuple[Field, ...]
    choices: Mapping[str, Choices]
    """By field."""
    views: tuple[tuple[str, str], ...]
    """Key and label; 全部 comes first."""
    parts: tuple[str, ...]
    title: str
    order: tuple[tuple[str, bool], ...]
    parent: str
    owner: str


class Entries:
    """Records of one archive, sheet by sheet; every change is one step that can be undone."""

    def __init__(
        self, uow: UnitOfWork, lacking: Callable[[str, str], frozenset[str]] | None = None
    ) -> None:
        self._uow = uow
        self._lacking = lacking

    # -- looking -----------------------------------------------------------------------------

    def sheet(self, kind: str, adoption_id: str) -> SheetView:
        """What a sheet consists of under an adopted scheme."""
        described = sheet(kind)
        with self._uow.read() as session:
            scheme = scope_of(session, adoption_id, self._uow.context, self._lacking).scheme
        offered = {
            one.name: choices(one.vocabulary, scheme) for one in described.fields if one.vocabulary
        }
        views = (("all", "全部"), *((view.key, view.label) for view in described.views))
        return SheetView(
            kind, described.name, described.counter, described.fields, offered, views,
            described.parts, described.title, described.order, described.parent, described.owner,
        )  # fmt: skip

    def count(self, query: Query) -> int:
        """How many records the query finds."""
        with self._looking(query.adoption_id) as (session, scope):
            return listing.count(session, query, scope)

    def view_counts(self, query: Query) -> dict[str, int]:
        """How many records each built-in view holds under the same words and filters."""
        with self._looking(query.adoption_id) as (session, scope):
            return listing.view_counts(session, query, scope)

    def page(self, query: Query, offset: int, limit: int) -> list[Row]:
        """Some of the records that the query finds."""
        with self._looking(query.adoption_id) as (session, scope):
            return listing.page(session, query, scope, offset, limit)

    def ids(self, query: Query) -> list[str]:
        """Ids of everything the query finds, in its order."""
        with self._looking(query.adoption_id) as (session, scope):
            return listing.ids(session, query, scope)

    def position(self, query: Query, record_id: str) -> int | None:
        """Row number of a record in the list; None: it is not there."""
        with self._looking(query.adoption_id) as (session, scope):
            return listing.position(session, query, scope, record_id)

    def get(self, kind: str, record_id: str, adoption_id: str) -> Row:
        """One record; raises NotFoundError."""
        with self._looking(adoption_id) as (session, scope):
            found = listing.rows(session, sheet(kind), [record_id], scope)
        if not found:
            raise NotFoundError("找不到这条记录。", "它可能已被删除，请刷新列表。")
        return found[0]

    def start(self, kind: str, adoption_id: str, parent_id: str = "") -> dict[str, Any]:
        """Values that a new record begins with."""
        begin = sheet(kind).start
        with self._looking(adoption_id) as (_session, scope):
            values = dict(begin(scope)) if begin is not None else {}
        return values | ({sheet(kind).parent: parent_id} if parent_id else {})

    def suggest(self, kind: str, words: str, adoption_id: str, limit: int = 20) -> list[Choice]:
        """Records to point to, as their name is typed; members of the community come first."""
        with self._looking(adoption_id) as (session, scope):
            return names.suggest(session, kind, words, _preferred(kind, scope), limit)

    def reveal(self, kind: str, record_id: str, name: str) -> str:
        """A private number in full, when it is asked for."""
        if not sheet(kind).field(name).private:
            return ""
        with self._uow.read() as session:
            row = session.get(sheet(kind).model, record_id)
            return "" if row is None else str(getattr(row, name))

    def export(
        self,
        query: Query,
        fields: Sequence[str],
        target: Path,
        progress: Progress | None = None,
    ) -> int:
        """Write what the query finds to a new .xlsx; gives the number of rows.

        Private numbers stay masked. Raises ValidationError, StorageError.
        """
        with self._looking(query.adoption_id) as (session, scope):
            return export.write_list(
                session, query, scope, fields, target=target, progress=progress
            )

    # -- changing ----------------------------------------------------------------------------

    def create(
        self, kind: str, typed: Mapping[str, Any], adoption_id: str, parent_id: str = ""
    ) -> str:
        """Enter a record; gives its id. Raises InvalidError with what is wrong by field."""
        with self._writing(f"新增{sheet(kind).name}", adoption_id) as (session, scope):
            return bulk.enter(session, kind, typed, scope, parent_id).id

    def change(self, kind: str, record_id: str, typed: Mapping[str, Any], adoption_id: str) -> Row:
        """Set some fields of a record; raises InvalidError, NotFoundError."""
        described = sheet(kind)
        labels = "、".join(described.field(name).label for name in list(typed)[:2])
        with self._writing(f"修改{described.name}的{labels}", adoption_id) as (session, scope):
            editor = Editor(session, kind, scope)
            row = _get(session, described.model, record_id)
            values, problems = editor.read(typed)
            problems |= editor.check(editor.current(row) | values, values)
            if problems:
                raise InvalidError(problems)
            editor.put(row, values)
        return self.get(kind, record_id, adoption_id)

    def copy(self, kind: str, record_id: str, adoption_id: str) -> str:
        """Enter a record like this one; gives its id."""
        described = sheet(kind)
        with self._writing(f"复制{described.name}", adoption_id) as (session, _scope):
            return removal.copy(session, described, _get(session, described.model, record_id)).id

    def preview(self, kind: str, edits: Sequence[Edit], adoption_id: str) -> Preview:
        """What a change of many records would do; nothing is written."""
        with self._looking(adoption_id) as (session, scope):
            return bulk.preview(session, kind, edits, scope)

    def apply(
        self,
        kind: str,
        edits: Sequence[Edit],
        adoption_id: str,
        action: str = "",
        progress: Progress | None = None,
    ) -> Preview:
        """Make the changes that can be made as one step; tells what was done and what was not."""
        named = action or f"批量修改{sheet(kind).name}"
        with self._writing(named, adoption_id) as (session, scope):
            return bulk.apply(session, kind, edits, scope, progress)

    def delete(self, kind: str, record_ids: Sequence[str]) -> int:
        """Put records into the trash; raises ConflictError when others still need them."""
        described = sheet(kind)
        with self._uow.write(
            f"删除{described.name} {len(record_ids)} {described.counter}"
        ) as session:
            return removal.delete(session, described, record_ids)

    def move(self, kind: str, record_id: str, step: int) -> None:
        """Move a part up (-1) or down (+1) in the user's own order."""
        with self._uow.write(f"调整{sheet(kind).name}的顺序") as session:
            removal.move(session, sheet(kind), record_id, step)

    @contextmanager
    def _looking(self, adoption_id: str) -> Iterator[tuple[Session, Scope]]:
        with self._uow.read() as session:
            yield session, scope_of(session, adoption_id, self._uow.context, self._lacking)

    @contextmanager
    def _writing(self, action: str, adoption_id: str) -> Iterator[tuple[Session, Scope]]:
        with self._uow.write(action) as session:
            yield session, scope_of(session, adoption_id, self._uow.context, self._lacking)


def _get(session: Session, model: type[Record], record_id: str) -> Record:
    row = session.get(model, record_id)
    if row is None:
        raise NotFoundError("找不到这条记录。", "它可能已被删除，请刷新列表。")
    return row


def _preferred(kind: str, scope: Scope) -> ColumnElement[bool] | None:
    if kind != "person":
        return None
    members = select(Appointment.person_id).where(
        Appointment.community_id.in_(communities_of(scope))
    )
    return names.MODELS[kind].id.in_(members)
