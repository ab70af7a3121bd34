"""What a sheet of records consists of: fields, views and rules, declared as data.

A sheet is what a clerk would keep as one Excel table: 人员, 活动, 签到 … The same declaration
gives the columns of its list, the fields of its form, what is checked, and the words of its history.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from datetime import date

    from sqlalchemy import ColumnElement
    from sqlalchemy.orm import Session

    from app.models import Record

Kind = Literal[
    "text", "long", "int", "number", "date", "partial-date", "time", "bool",
    "choice", "suggest", "words", "ref",
]  # fmt: skip
"""``choice``: one of the vocabulary; ``suggest``: free, the vocabulary is offered; ``words``:
several words separated by 、; ``ref``: another record, by its id."""

Check = Callable[[Mapping[str, Any]], Mapping[str, str]]
"""Looks at all values of a record; gives what is wrong by field."""


@dataclass(frozen=True, slots=True)
class Field:
    """One value of a record."""

    name: str
    label: str
    kind: Kind = "text"
    target: str = ""
    """For ``ref``: the sheet that is pointed to."""
    vocabulary: str = ""
    """For ``choice``, ``suggest`` and ``words``: where the words come from (vocabulary.py)."""
    required: bool = False
    private: bool = False
    """Shown with its middle hidden until asked for."""
    most: int = 200
    """Characters, or the largest figure."""
    least: int = 0
    width: int = 120
    hidden: bool = False
    """No column of the list until the user chooses it."""
    help: str = ""
    unit: str = ""
    section: str = ""
    """Heading under which the form puts it."""
    reader: Callable[[Any], tuple[Any, str]] | None = None
    """Parser of app/services/imports/values.py for names and numbers that have rules of their own."""
    sql: Callable[[], ColumnElement[Any]] | None = None
    """For what is computed from the database; such a field cannot be typed."""
    part: tuple[type[Record], str, str] | None = None
    """For words kept as rows of their own: model, column of the owner, column of the word."""
    only: str = ""
    """Not kept but worked out from other fields by this rule of entry/computed.py."""

    @property
    def editable(self) -> bool:
        """Whether a user may set it."""
        return not self.only and (self.sql is None or self.part is not None)


@dataclass(frozen=True, slots=True)
class Scope:
    """From where a list is looked at: the community and year on show, the day, and who looks."""

    community_id: str
    whole: bool
    """The archive keeps no other community beside this one and its groups."""
    year_starts: date
    year_ends: date
    term_starts: date
    term_ends: date
    """The term of today, or the last that began."""
    terms: tuple[tuple[date, date], ...]
    today: date
    actor: str
    scheme: Any
    """The adopted scheme (services/schemes/schema.py Scheme)."""
    year_id: str = ""
    adoption_id: str = ""
    lacking: Callable[[str], frozenset[str]] = lambda _what: frozenset()
    """Ids of the activities that lack a material: ``any``, ``sign-in``, ``overdue`` (services/standing)."""
    elsewhere: Callable[[], tuple[Any, ...]] = tuple
    """Schemes of the archive's other adoptions, the newest first."""


@dataclass(frozen=True, slots=True)
class View:
    """A built-in view of a list."""

    key: str
    label: str
    where: Callable[[Scope], ColumnElement[bool]]
    wide: bool = False
    """Looks beyond the community on show."""


@dataclass(frozen=True, slots=True)
class Rule:
    """Columns that no two records share, and the sentence that says so."""

    columns: tuple[str, ...]
    sentence: str


Guard = Callable[["Session", Mapping[str, Any], Mapping[str, Any], Scope], Mapping[str, str]]
"""As a check, with the database: all values of a record, and those that change."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A kind of record as users see it."""

    kind: str
    """Name of its table."""
    name: str
    counter: str
    """Measure word: 人, 个, 次, 条 …"""
    model: type[Record]
    fields: tuple[Field, ...]
    title: str = "name"
    """Field that names a record."""
    parent: str = ""
    """Column of the record that it is a part of (a line of the agenda → its activity)."""
    owner: str = ""
    """Sheet of that record."""
    within: str = ""
    """Column with the community that a record belongs to."""
    scope: Callable[[Scope], ColumnElement[bool]] | None = None
    """Which records belong to the community on show, where no column says it."""
    start: Callable[[Scope], Mapping[str, Any]] | None = None
    """Values that a new record begins with."""
    order: tuple[tuple[str, bool], ...] = ()
    """Order of the list until the user sorts it: field and whether descending."""
    views: tuple[View, ...] = ()
    rules: tuple[Rule, ...] = ()
    check: Check | None = None
    guard: Guard | None = None
    parts: tuple[str, ...] = ()
    """Sheets of its parts, in the order of the tabs."""
    copied: tuple[str, ...] = ()
    """Of these, the ones that a copy of the record gets as well."""
    after_create: Callable[[Session, Record, Scope], None] | None = None
    """What else comes into being with a new record."""
    ordered: bool = False
    """Has a column ``ordinal``: the user's own order."""

    def field(self, name: str) -> Field:
        """The field of that name."""
        return next(field for field in self.fields if field.name == name)
