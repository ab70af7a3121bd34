"""Putting typed values into records: read, checked against the record's other fields and the others."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select

from app.services.entry import names
from app.services.entry.sheets import sheet
from app.services.entry.values import read
from app.services.entry.vocabulary import choices
from app.services.imports.values import BadValueError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy.orm import Session

    from app.models import Record
    from app.services.entry.fields import Field, Scope

Values = dict[str, Any]


class Editor:
    """Reads and checks values of one sheet within one session."""

    def __init__(self, session: Session, kind: str, scope: Scope) -> None:
        self._session = session
        self._scope = scope
        self.sheet = sheet(kind)
        self._choices = {
            one.name: choices(one.vocabulary, scope.scheme)
            for one in self.sheet.fields
            if one.vocabulary
        }

    def read(self, typed: Mapping[str, Any]) -> tuple[Values, dict[str, str]]:
        """Values to keep, and what is wrong by field."""
        values: Values = {}
        problems: dict[str, str] = {}
        for name, raw in typed.items():
            one = self.sheet.field(name)
            try:
                values[name] = self._value(one, raw)
            except BadValueError as error:
                text = str(error)
                problems[name] = text if text.endswith(("。", "！", "？")) else f"{text}。"
        return values, problems

    def _value(self, one: Field, raw: Any) -> Any:
        if not one.editable:
            raise BadValueError(f"“{one.label}”是自动得出的，不能填写。")
        if one.kind != "ref":
            return read(one, raw, self._scope, self._choices.get(one.name, ()))
        typed = str(raw or "").strip()
        if typed:
            return names.resolve(self._session, one.target, sheet(one.target).name, typed)
        if one.required:
            raise BadValueError(f"请填写{one.label}。")
        return None

    def current(self, row: Record) -> Values:
        """All kept values of a record."""
        kept: Values = {"id": row.id}
        for one in self.sheet.fields:
            if one.part is not None:
                kept[one.name] = self._words(row, one)
            elif one.editable:
                kept[one.name] = getattr(row, one.name)
        if self.sheet.parent:
            kept[self.sheet.parent] = getattr(row, self.sheet.parent)
        return kept

    def check(self, values: Mapping[str, Any], changed: Mapping[str, Any]) -> dict[str, str]:
        """What is wrong with a record as a whole; the fault is laid at a field that was changed."""
        problems: dict[str, str] = {}
        if self.sheet.check is not None:
            for name, text in self.sheet.check(values).items():
                problems[name if name in changed else next(iter(changed), name)] = text
        if self.sheet.guard is not None:
            problems.update(self.sheet.guard(self._session, values, changed, self._scope))
        for rule in self.sheet.rules:
            if not set(rule.columns) & set(changed):
                continue
            model = self.sheet.model
            same = [getattr(model, column).is_(values.get(column)) for column in rule.columns]
            others = model.id != values["id"] if values.get("id") else model.id.is_not(None)
            if self._session.scalar(select(model.id).where(*same, others).limit(1)):
                seen = [one.name for one in self.sheet.fields if one.name in rule.columns]
                where = next((name for name in seen if name in changed), seen[0])
                problems[where] = rule.sentence.format(**values)
        return problems

    def put(self, row: Record, values: Mapping[str, Any]) -> None:
        """Set checked values in a record."""
        for name, value in values.items():
            one = self.sheet.field(name)
            if one.part is not None:
                self._put_words(row, one, value)
            else:
                setattr(row, name, _blank(row, name) if value is None else value)

    def new(self, values: Mapping[str, Any], parent_id: str) -> Record:
        """A record with checked values, at the end of its parent's list; not yet flushed."""
        kept = {name: value for name, value in values.items() if not self._is_part(name)}
        columns = self.sheet.model.__table__.columns
        kept = {
            name: value
            for name, value in kept.items()
            if value is not None or columns[name].nullable
        }
        if parent_id:
            kept[self.sheet.parent] = parent_id
        if self.sheet.ordered:
            kept["ordinal"] = self._last_ordinal(kept.get(self.sheet.parent)) + 1
        row = self.sheet.model(**kept)
        self._session.add(row)
        self._session.flush()
        self.put(row, {name: value for name, value in values.items() if self._is_part(name)})
        return row

    def _is_part(self, name: str) -> bool:
        return any(one.name == name and one.part is not None for one in self.sheet.fields)

    def _last_ordinal(self, parent_id: str | None) -> int:
        model: Any = self.sheet.model
        siblings = getattr(model, self.sheet.parent) == parent_id
        return self._session.scalar(select(func.max(model.ordinal)).where(siblings)) or 0

    def _words(self, row: Record, one: Field) -> tuple[str, ...]:
        assert one.part is not None  # noqa: S101 - asked only for such fields
        model, owner, word = one.part
        found = select(getattr(model, word)).where(getattr(model, owner) == row.id)
        return tuple(self._session.scalars(found.order_by(_place(model))))

    def _put_words(self, row: Record, one: Field, wanted: tuple[str, ...]) -> None:
        """Rows for the words: those there are kept, new ones added, the others deleted."""
        assert one.part is not None  # noqa: S101 - asked only for such fields
        model, owner, word = one.part
        there = {
            getattr(part, word): part
            for part in self._session.scalars(select(model).where(getattr(model, owner) == row.id))
        }
        for gone in set(there) - set(wanted):
            self._session.delete(there[gone])
        for place, name in enumerate(wanted):
            part = there.get(name)
            if part is None:
                self._session.add(model(**{owner: row.id, word: name, "ordinal": place}))
            else:
                part.ordinal = place  # type: ignore[attr-defined]


def _place(model: Any) -> Any:
    return model.ordinal if hasattr(model, "ordinal") else model.id


def _blank(row: Record, name: str) -> Any:
    """What an emptied field holds: NULL where the table allows it, else its default."""
    column = row.__table__.columns[name]
    return None if column.nullable else getattr(column.default, "arg", None)
