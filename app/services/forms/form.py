"""What a printed form is: what it is about, what can be chosen about it, and how it is built.

A form never reads the database: it is given the values of its subject, under the Chinese names that
the offices' own templates use too (``{{活动主题}}``). So one description of the values serves the
built-in forms, the templates, and the list of fields that a clerk chooses from.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from app.services.documents.tree import Document, Picture

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

    from app.progress import Progress
    from app.services.forms.reading import Reading

Value: TypeAlias = str | Picture | Sequence["Values"]
Values: TypeAlias = Mapping[str, Value]
"""What is printed, by the names of the fields: words, a picture, or the lines of a list."""
Options: TypeAlias = Mapping[str, str]
"""What was chosen for a form; flags are ``1`` or empty."""


@dataclass(frozen=True, slots=True)
class Field:
    """One value that a subject has: its name in forms and templates, and what it means."""

    name: str
    words: str = ""
    """What it is, where the name does not say it."""
    fields: tuple[Field, ...] = ()
    """Of a list: what each of its lines has."""
    picture: bool = False
    aliases: tuple[str, ...] = ()
    """Other names under which offices' forms have it (听课时间 for 日期)."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """What one sheet is about."""

    values: Values
    view: Any = None
    """The record as its service gives it, for forms that need more than words (BoxView)."""


@dataclass(frozen=True, slots=True)
class Target:
    """One record that a sheet can be about, as the window lists it."""

    id: str
    title: str
    detail: str = ""
    day: date | None = None


@dataclass(frozen=True, slots=True)
class Subject:
    """A kind of record that forms are about."""

    key: str
    name: str
    fields: tuple[Field, ...]
    targets: Callable[[Reading], Sequence[Target]]
    """All of the year, in the order of the list."""
    read: Callable[[Reading, Sequence[str]], Sequence[Sheet]]
    """The sheets of some targets, in their order; raises NotFoundError."""
    none: str = ""
    """What is said where there are none; empty: that they have to be entered first."""
    where: str = ""
    """What to do first where there are none; empty: they are to be registered."""


@dataclass(frozen=True, slots=True)
class Option:
    """A choice about a form."""

    key: str
    name: str
    kind: Literal["choice", "flag", "number", "text", "date"] = "choice"
    choices: tuple[tuple[str, str], ...] = ()
    """Values and their names."""
    default: str = ""
    words: str = ""
    """A line of explanation."""


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a report that is typed in the window; kept, and carried over from the last one."""

    key: str
    name: str
    words: str = ""
    after: str = ""
    """Another report of the year whose part of this key is carried over: the plan's aims."""


@dataclass(frozen=True, slots=True)
class Typed:
    """The text of a part, and where it was carried over from; empty: typed for this one."""

    text: str
    carried_from: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What was written, and what should be known about it."""

    files: tuple[Path, ...]
    notes: tuple[str, ...] = ()
    """What is to be mended or looked at."""
    pages: int | None = None
    account: str = ""
    """Of a book: what came of everything that went in."""


Build: TypeAlias = Callable[[Sequence[Sheet], Options], Document]


@dataclass(frozen=True, slots=True)
class Form:
    """A form that can be printed, by its key on the command line."""

    key: str
    name: str
    group: str
    """Family under which the window lists it."""
    subject: str
    build: Build
    formats: tuple[str, ...] = (".pdf", ".docx")
    """Endings of the files that it can become."""
    options: tuple[Option, ...] = ()
    parts: tuple[Part, ...] = ()
    words: str = ""
    """A line of explanation, with the source of its layout."""
    together: bool = False
    """One document about all targets (a sheet of labels, a register), not a sheet for each."""
    first: bool = False
    """Where nothing is chosen it is about the first target: the year, without its terms."""
    check: Callable[[Reading, Sequence[str]], Sequence[str]] | None = None
    """Raises where printing would be wrong; returns what should be known."""
    write: Callable[[Reading, Sequence[str], Options, Path, Progress], Outcome] | None = None
    """Of a form that is no document tree (a book of evidence): writes it by itself."""
    template: bool = True
    """Whether it can be given out as a Word template to start from."""


@dataclass(frozen=True, slots=True)
class Request:
    """One order to print."""

    form: str
    adoption_id: str
    targets: tuple[str, ...] | None = None
    """None: all of the year."""
    options: Options = field(default_factory=dict)
    template_id: str | None = None
    """The office's own form instead of the built-in one."""


def each(build: Callable[[Sheet, Options], Document]) -> Build:
    """A form of one sheet, printed for several one after the other."""

    def build_all(sheets: Sequence[Sheet], options: Options) -> Document:
        documents = [build(sheet, options) for sheet in sheets]
        if len(documents) == 1:
            return documents[0]
        sections = tuple(section for one in documents for section in one.sections)
        first = documents[0]
        return Document(first.title, sections, first.author, first.subject, first.language)

    return build_all


def text(values: Values, name: str) -> str:
    """A value in words; empty where there is none."""
    value = values.get(name, "")
    return value if isinstance(value, str) else ""


def lines(values: Values, name: str) -> Sequence[Values]:
    """The lines of a list; none where there is none."""
    value = values.get(name, ())
    return () if isinstance(value, str | Picture) else value


def picture(values: Values, name: str = "图") -> Picture | None:
    """The picture of a line, where it has one."""
    value = values.get(name)
    return value if isinstance(value, Picture) else None


def flag(options: Options, key: str) -> bool:
    """Whether a flag was set."""
    return bool(options.get(key))
