"""Many changes at once: shown first (old → new), then made as one step."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from app.progress import NoProgress
from app.services.entry.editing import Editor
from app.services.entry.errors import InvalidError
from app.services.entry.names import names_of
from app.services.entry.sheets import sheet
from app.services.entry.values import mask, shown
from app.services.entry.vocabulary import choices

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from sqlalchemy.orm import Session

    from app.models import Record
    from app.progress import Progress
    from app.services.entry.fields import Scope

LINES = 500
_AT_ONCE = 400


@dataclass(frozen=True, slots=True)
class Edit:
    """New values for one record (by its id), or a new record (no id)."""

    id: str
    values: Mapping[str, Any] = field(hash=False)
    parent_id: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """One field of one record: how it is and how it would be; or why it cannot be."""

    id: str
    number: int
    """Place of the edit in what was asked, from 0."""
    title: str
    field: str
    old: str
    new: str
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Preview:
    """How many records would be made, changed, left as they are, or cannot be; the first lines."""

    created: int
    changed: int
    unchanged: int
    conflicts: int
    lines: tuple[Line, ...]
    ids: tuple[str, ...] = ()
    """After applying: the records made and changed, in the order asked."""


def enter(
    session: Session, kind: str, typed: Mapping[str, Any], scope: Scope, parent_id: str
) -> Record:
    """Make a record of what was typed; raises InvalidError."""
    return _enter(session, Editor(session, kind, scope), typed, scope, parent_id)


def _enter(
    session: Session, editor: Editor, typed: Mapping[str, Any], scope: Scope, parent_id: str
) -> Record:
    values, problems = _complete(editor, typed, scope, parent_id)
    if problems:
        raise InvalidError(problems)
    row = editor.new(values, parent_id)
    if editor.sheet.after_create is not None:
        editor.sheet.after_create(session, row, scope)
    return row


def _complete(
    editor: Editor, typed: Mapping[str, Any], scope: Scope, parent_id: str
) -> tuple[dict[str, Any], dict[str, str]]:
    """Values of a new record with those that it begins with; what is required is asked for."""
    described = editor.sheet
    begun = described.start(scope) if described.start is not None else {}
    asked = {one.name: "" for one in described.fields if one.required and one.editable}
    filled = {name: value for name, value in typed.items() if value not in (None, "")}
    together = {**asked, **begun, **filled}
    owner = {described.parent: parent_id} if parent_id else {}
    values, problems = editor.read({k: v for k, v in together.items() if k not in owner})
    if described.owner and not parent_id and not values.get(described.parent):
        column = described.model.__table__.columns[described.parent]
        if not column.nullable and described.parent not in problems:
            name = sheet(described.owner).name
            problems[""] = f"请先选好{described.name}所属的{name}。"
    return values, problems or editor.check(values | owner, values | owner)


def preview(session: Session, kind: str, edits: Sequence[Edit], scope: Scope) -> Preview:
    """What the edits would do."""
    work = _Bulk(session, kind, scope)
    for number, edit, row in _with_rows(session, kind, edits):
        work.look(number, edit, row)
    return work.told()


def apply(
    session: Session, kind: str, edits: Sequence[Edit], scope: Scope, progress: Progress | None
) -> Preview:
    """Make the edits; those with a problem are left out and told."""
    progress = progress or NoProgress()
    work = _Bulk(session, kind, scope)
    for number, edit, row in _with_rows(session, kind, edits):
        if work.look(number, edit, row):
            work.make(edit, row)
        progress.report(number + 1, len(edits), "正在修改")
    return work.told()


def _with_rows(
    session: Session, kind: str, edits: Sequence[Edit]
) -> Iterator[tuple[int, Edit, Record | None]]:
    model = sheet(kind).model
    for start in range(0, len(edits), _AT_ONCE):
        some = edits[start : start + _AT_ONCE]
        wanted = [edit.id for edit in some if edit.id]
        rows = {row.id: row for row in session.scalars(select(model).where(model.id.in_(wanted)))}
        for number, edit in enumerate(some, start):
            yield number, edit, rows.get(edit.id)


class _Bulk:
    """Counts and words of a change of many records."""

    def __init__(self, session: Session, kind: str, scope: Scope) -> None:
        self._session = session
        self._scope = scope
        self._editor = Editor(session, kind, scope)
        self._counts = {"created": 0, "changed": 0, "unchanged": 0, "conflicts": 0}
        self._lines: list[Line] = []
        self._ids: list[str] = []
        self._values: dict[str, Any] = {}

    def look(self, number: int, edit: Edit, row: Record | None) -> bool:
        """Find out what one edit would do; True if it changes something and may be made."""
        if edit.id and row is None:
            return self._refuse(number, edit, "", {"": "这条记录已被删除。"})
        if row is None:
            values, problems = _complete(self._editor, edit.values, self._scope, edit.parent_id)
            old: dict[str, Any] = {}
        else:
            values, problems = self._editor.read(edit.values)
            old = self._editor.current(row)
            values = {name: value for name, value in values.items() if value != old[name]}
            if values and not problems:
                problems = self._editor.check(old | values, values)
        title = self._title(old | values)
        if problems:
            return self._refuse(number, edit, title, problems)
        self._values = values
        self._counts["created" if row is None else "changed" if values else "unchanged"] += 1
        for name, value in values.items():
            if len(self._lines) < LINES:
                label = self._editor.sheet.field(name).label
                before, after = self._shown(name, old.get(name)), self._shown(name, value)
                self._lines.append(Line(edit.id, number, title, label, before, after))
        return bool(values)

    def make(self, edit: Edit, row: Record | None) -> None:
        """Make the edit that was looked at last."""
        if row is None:
            row = _enter(self._session, self._editor, edit.values, self._scope, edit.parent_id)
        else:
            self._editor.put(row, self._values)
        self._ids.append(row.id)

    def told(self) -> Preview:
        """Everything that was found out."""
        return Preview(**self._counts, lines=tuple(self._lines), ids=tuple(self._ids))

    def _refuse(self, number: int, edit: Edit, title: str, problems: Mapping[str, str]) -> bool:
        self._counts["conflicts"] += 1
        for name, problem in problems.items():
            label = self._editor.sheet.field(name).label if name else ""
            typed = str(edit.values.get(name, ""))
            self._lines.append(Line(edit.id, number, title, label, "", typed, problem))
        return False

    def _shown(self, name: str, value: Any) -> str:
        one = self._editor.sheet.field(name)
        known = names_of(self._session, one.target, [value]) if one.kind == "ref" and value else {}
        words = choices(one.vocabulary, self._scope.scheme) if one.vocabulary else ()
        text = shown(one, value, known, words)
        return mask(text) if one.private else text

    def _title(self, values: Mapping[str, Any]) -> str:
        name = self._editor.sheet.title
        return self._shown(name, values[name]) if name in values else ""
