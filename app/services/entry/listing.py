"""Lists of records: filtered, sorted and paged by the database; only the page shown is read whole."""

from __future__ import annotations

import operator
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from sqlalchemy import ColumnElement, String, and_, cast, false, func, not_, or_, select
from sqlalchemy.orm import aliased

from app.errors import ValidationError
from app.services.entry import computed
from app.services.entry.names import MODELS, PLAIN_NAMES, name_column, names_of
from app.services.entry.sheets import sheet
from app.services.entry.sheets.people import communities_of
from app.services.entry.values import mask, read, shown
from app.services.entry.vocabulary import KEYED, Choices, choices
from app.services.imports.values import BadValueError
from app.services.search import holding, holding_numbers, words_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy import Select
    from sqlalchemy.orm import InstrumentedAttribute, Session

    from app.models import Record
    from app.services.entry.fields import Field, Scope, Sheet

Op = Literal["has", "is", "empty", "filled", "from", "to"]
_COMPARED = {"from": operator.ge, "to": operator.le, "is": operator.eq}
_INDEXED = frozenset({"school", "person", "community", "activity", "observation"})
_FEW = 2000


@dataclass(frozen=True, slots=True)
class Filter:
    """A condition on one field: holds the text, is the value, is (not) filled in, from, up to."""

    name: str
    op: Op
    value: Any = None


@dataclass(frozen=True, slots=True)
class Query:
    """What a list shows."""

    kind: str
    adoption_id: str
    parent_id: str = ""
    """For parts: only those of this record."""
    words: str = ""
    view: str = "all"
    filters: tuple[Filter, ...] = ()
    order: tuple[tuple[str, bool], ...] = ()
    """Fields to sort by, and whether descending; none: as the sheet says."""


@dataclass(frozen=True, slots=True)
class Row:
    """A record as lists and forms show it."""

    id: str
    values: Mapping[str, Any] = field(hash=False)
    texts: Mapping[str, str] = field(hash=False)


def count(session: Session, query: Query, scope: Scope) -> int:
    """How many records the query finds."""
    model = sheet(query.kind).model
    if query.kind in _INDEXED and not _narrowing(query, scope):
        numbers = holding_numbers(model, query.words)
        if numbers is not None:  # words are all that is asked: the index counts by itself
            return session.scalar(select(func.count()).select_from(numbers.subquery())) or 0
    found = select(func.count()).select_from(model).where(*conditions(query, scope, session))
    return session.scalar(found) or 0


def view_counts(session: Session, query: Query, scope: Scope) -> dict[str, int]:
    """How many records each built-in view holds under the same words and filters."""
    views = ("all", *(view.key for view in sheet(query.kind).views))
    return {view: count(session, replace(query, view=view), scope) for view in views}


def ids(session: Session, query: Query, scope: Scope) -> list[str]:
    """Ids of everything the query finds, in its order."""
    return list(session.scalars(_ordered(query, conditions(query, scope, session))))


def page(session: Session, query: Query, scope: Scope, offset: int, limit: int) -> list[Row]:
    """Some of the records, whole."""
    where = conditions(query, scope, session)
    if _narrowing(query, scope) and not query.parent_id:
        # An order with an index is walked until the page is full: for few records that means to
        # the end, row by row. These are gathered first, in the order in which they lie.
        model = sheet(query.kind).model
        some = session.scalars(select(model.id).where(*where).limit(_FEW)).all()
        if len(some) < _FEW:
            where = [model.id.in_(some)]
    wanted = list(session.scalars(_ordered(query, where).offset(offset).limit(limit)))
    return rows(session, sheet(query.kind), wanted, scope)


def position(session: Session, query: Query, scope: Scope, record_id: str) -> int | None:
    """How many records stand before this one; None: it is not among them."""
    described = sheet(query.kind)
    model = described.model
    where = conditions(query, scope, session)
    if session.scalar(select(model.id).where(model.id == record_id, *where)) is None:
        return None
    order = _order(described, query)
    own = session.execute(
        select(*(expression for expression, _ in order)).where(model.id == record_id)
    ).one()
    before: list[ColumnElement[bool]] = []
    same: list[ColumnElement[bool]] = []
    for (expression, descending), value in zip(order, own, strict=True):
        before.append(and_(*same, _stands_before(expression, value, descending)))
        same.append(expression.is_(None) if value is None else expression == value)
    found = select(func.count()).select_from(model).where(*where, or_(*before))
    return session.scalar(found) or 0


def _stands_before(
    expression: ColumnElement[Any], value: Any, descending: bool
) -> ColumnElement[bool]:
    """Rows that come before a value; empty ones come before all others."""
    if descending:
        return expression.is_not(None) if value is None else expression > value
    return false() if value is None else or_(expression < value, expression.is_(None))


def conditions(query: Query, scope: Scope, session: Session) -> list[ColumnElement[bool]]:
    """Everything that a record must fulfil to be in the list."""
    found = _narrowing(query, scope)
    if query.words.strip():
        found += _worded(sheet(query.kind), query.words, session)
    return found


def _narrowing(query: Query, scope: Scope) -> list[ColumnElement[bool]]:
    """What is asked of a record besides the words."""
    described = sheet(query.kind)
    model, found = described.model, []
    view = next((one for one in described.views if one.key == query.view), None)
    if query.parent_id:
        found.append(getattr(model, described.parent) == query.parent_id)
    elif described.scope is not None and not (view and view.wide):
        found.append(described.scope(scope))
    elif described.within and not scope.whole:
        found.append(getattr(model, described.within).in_(communities_of(scope)))
    if view is not None:
        found.append(view.where(scope))
    found += [_filtered(described, one, scope) for one in query.filters]
    return found


def _worded(described: Sheet, words: str, session: Session) -> list[ColumnElement[bool]]:
    if described.kind in _INDEXED:
        held = holding(described.model, words, session)
        return [] if held is None else [held]
    # Short lists without an index of their own: every word somewhere in the texts or names.
    looked = [one for one in described.fields if _has_text(one)]
    return [or_(*(_holds(described, one, word) for one in looked)) for word in words_of(words)]


def _has_text(one: Field) -> bool:
    return not one.only and one.kind not in ("int", "number", "bool", "time", "date")


def _holds(described: Sheet, one: Field, text: str) -> ColumnElement[bool]:
    if one.kind == "ref":  # the few names that hold it are found once, not looked up for each row
        named = name_column(one.target).contains(text, autoescape=True)
        pointing: ColumnElement[Any] = _expression(described, one)
        return pointing.in_(select(MODELS[one.target].id).where(named))
    return _text_of(described, one).contains(text, autoescape=True)


def _text_of(described: Sheet, one: Field) -> ColumnElement[str]:
    if one.kind == "ref":
        target = sheet(one.target)
        name = name_column(one.target)
        return (
            select(name)
            .where(target.model.id == getattr(described.model, one.name))
            .scalar_subquery()
        )
    return cast(_expression(described, one), String)


def _expression(described: Sheet, one: Field) -> Any:
    if one.sql is not None:
        return one.sql()
    column: InstrumentedAttribute[Any] = getattr(described.model, one.name)
    return column.expression


def _filtered(described: Sheet, wanted: Filter, scope: Scope) -> ColumnElement[bool]:
    try:
        one = described.field(wanted.name)
    except StopIteration:
        raise ValidationError(f"没有“{wanted.name}”这一栏。", "请重新选择筛选条件。") from None
    if one.only:
        raise ValidationError(f"“{one.label}”是算出来的，不能筛选。", "请换一栏。")
    expression: ColumnElement[Any] = _expression(described, one)
    match wanted.op:
        case "empty" | "filled":
            blank = _blank(one, expression)
            return blank if wanted.op == "empty" else not_(blank)
        case "from" | "to" | "is":
            if one.kind == "ref":
                named: ColumnElement[bool] = _text_of(described, one) == wanted.value
                return or_(named, expression == wanted.value)
            value = _meant(one, wanted.value, scope)
            if one.kind == "partial-date":
                # 2025-09 lies within 2025, and what is empty lies nowhere.
                value = f"{value}-99" if wanted.op == "to" else value
                return and_(expression != "", _COMPARED[wanted.op](expression, value))
            compared: ColumnElement[bool] = _COMPARED[wanted.op](expression, value)
            return compared
        case "has":
            text = str(wanted.value)
            keys = [key for key, said in _choices(one, scope) if text in said]
            held = _holds(described, one, text)
            return or_(held, expression.in_(keys)) if keys else held


def _blank(one: Field, expression: ColumnElement[Any]) -> ColumnElement[bool]:
    """Nothing is filled in; of a number that is counted: there are none."""
    if one.kind == "int" and one.sql is not None:
        return expression == 0
    blank = expression.is_(None)
    if one.kind in ("ref", "date", "time", "int", "number", "bool"):
        return blank
    return or_(blank, expression == "")


def _meant(one: Field, typed: Any, scope: Scope) -> Any:
    """The value that a filter compares with, from what the user typed."""
    plain = replace(one, required=False, reader=None)
    try:
        value = read(plain, typed, scope, _choices(one, scope))
    except BadValueError as error:
        raise ValidationError(f"{one.label}：{error}", "请改正筛选条件。") from None
    return "、".join(value) if isinstance(value, tuple) else value


def _choices(one: Field, scope: Scope) -> Choices:
    return choices(one.vocabulary, scope.scheme) if one.vocabulary else ()


def _told(one: Field, value: Any, scope: Scope) -> Choices:
    """Words for a value; a key that the scheme does not know is another community's."""
    own = _choices(one, scope)
    if not value or one.vocabulary not in KEYED:
        return own
    unknown = set(value if isinstance(value, tuple) else (value,)) - dict(own).keys()
    if not unknown:
        return own
    others = [pair for scheme in scope.elsewhere() for pair in choices(one.vocabulary, scheme)]
    return (*own, *(pair for pair in reversed(others) if pair[0] in unknown))


def _ordered(query: Query, where: Sequence[ColumnElement[bool]]) -> Select[str]:
    described = sheet(query.kind)
    found = select(described.model.id).where(*where)
    for number, (written, descending) in enumerate(_order(described, query)):
        named = _pointed_at(described, query, number)
        if named is not None:  # joining is twice as quick as looking each name up
            found = found.outerjoin(named.target, named.target.id == named.column)
        expression = written if named is None else named.name
        found = found.order_by(expression.desc() if descending else expression)
    return found


class _Named(NamedTuple):
    """A table that a field points to, its name, and our column."""

    target: Any
    name: Any
    column: Any


def _pointed_at(described: Sheet, query: Query, number: int) -> _Named | None:
    """For an order by the name of what a field points to: how to come by it."""
    order = query.order or described.order
    one = described.field(order[number][0]) if number < len(order) else None
    if one is None or one.kind != "ref" or one.target not in PLAIN_NAMES:
        return None
    target = aliased(MODELS[one.target])
    name = getattr(target, PLAIN_NAMES[one.target])
    return _Named(target, name, getattr(described.model, one.name))


def _order(described: Sheet, query: Query) -> list[tuple[ColumnElement[Any], bool]]:
    """Expressions to sort by, and whether descending.

    Ids come last: they rise with time, settle ties and keep pages from overlapping. In the sheet's
    own order, which has an index, they fall with the dates; else they rise, as the rows lie, for
    with each tie that comes in the wrong order the database sorts its page again.
    """
    order = [_sorting(described, *one) for one in query.order or described.order]
    if not order and described.ordered:
        order.append((_ordinal(described), False))
    own = not query.order or query.order == described.order
    return [*order, (described.model.id.expression, own and bool(order) and order[-1][1])]


def _ordinal(described: Sheet) -> ColumnElement[Any]:
    column: InstrumentedAttribute[Any] = getattr(
        described.model, "ordinal" if described.ordered else "id"
    )
    return column.expression


def _sorting(described: Sheet, name: str, descending: bool) -> tuple[ColumnElement[Any], bool]:
    one = described.field(name)
    if one.only:
        name, turned = computed.SORTED_BY[one.only]
        one, descending = described.field(name), descending != turned
    if one.kind == "ref":
        return _text_of(described, one), descending
    return _expression(described, one), descending


def rows(session: Session, described: Sheet, wanted: Sequence[str], scope: Scope) -> list[Row]:
    """Records by their ids, in that order; those that are gone are left out."""
    kept = [one for one in described.fields if not one.only]
    columns = [_expression(described, one).label(one.name) for one in kept]
    model: type[Record] = described.model
    found = {
        row.id: dict(row._mapping)  # noqa: SLF001 - public in SQLAlchemy
        for row in session.execute(select(model.id, *columns).where(model.id.in_(wanted)))
    }
    names = _names(session, described, found.values())
    made = []
    for record_id in wanted:
        values = found.get(record_id)
        if values is not None:
            made.append(_row(described, values, names, scope))
    return made


def _names(session: Session, described: Sheet, found: Any) -> dict[str, str]:
    wanted: dict[str, set[str]] = {}
    for one in described.fields:
        if one.kind == "ref":
            pointed = {values[one.name] for values in found if values[one.name]}
            wanted.setdefault(one.target, set()).update(pointed)
    names: dict[str, str] = {}
    for target, some in wanted.items():
        names.update(names_of(session, target, some))
    return names


def _row(described: Sheet, values: dict[str, Any], names: Mapping[str, str], scope: Scope) -> Row:
    texts = {}
    for one in described.fields:
        if one.only:
            values[one.name] = computed.RULES[one.only](values, scope)
        elif one.kind == "words":
            values[one.name] = tuple(filter(None, (values[one.name] or "").split("、")))
        text = shown(one, values[one.name], names, _told(one, values[one.name], scope))
        texts[one.name] = mask(text) if one.private else text
    return Row(values["id"], values, texts)
