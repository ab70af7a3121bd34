"""The fields that a template may name: found by name or alias, suggested by likeness, spelled for jinja."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

from app.resources import resource
from app.services.documents.tree import Picture
from app.services.forms.form import Field

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from app.services.forms.form import Subject, Value, Values

ALL = "全部"
"""List of all records chosen: ``{{全部.课题}}`` makes a ledger with a row for each."""
BLANK = "_空"
"""Ends the name of what is in place of an empty list: one line that says nothing."""
SERIAL = Field("序号", "第几行，自动编号")
_ALIKE = 0.5
_BY_ALIAS, _BY_GROUP = 0.98, 0.9
_MARKS = re.compile(r"[\s　:：/／、（）()_＿]+")
# What a value must not bring into a file: XML forbids most, and docxtpl means \a and \f otherwise.
_CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f\ufffe\uffff\ud800-\udfff]")


class Named(NamedTuple):
    """A field as a template names it."""

    list: str
    """Name of its list; empty: a field of the sheet itself."""
    field: Field

    @property
    def name(self) -> str:
        """签到.姓名."""
        return f"{self.list}.{self.field.name}" if self.list else self.field.name

    @property
    def content(self) -> str:
        """The placeholder as a clerk types it."""
        return f"{{{{{self.name}}}}}"

    @property
    def expression(self) -> str:
        """The same for jinja, which knows no brackets in names."""
        return ".".join(spell(part) for part in self.name.split(".", 1))


@dataclass(frozen=True, slots=True)
class Guess:
    """A field that words may mean."""

    named: Named
    sure: float


class _Known(NamedTuple):
    """A field with its names as labels are compared with them."""

    named: Named
    name: str
    aliases: tuple[str, ...]
    same: frozenset[str]

    @classmethod
    def of(cls, named: Named) -> _Known:
        name = _bare(named.field.name)
        return cls(named, name, tuple(_bare(one) for one in named.field.aliases), _same(name))

    def meant_by(self, words: str) -> Guess:
        """How surely the words mean it; its own name counts a little more than others."""
        others = max((likeness(words, one) for one in self.aliases), default=0.0)
        by_group = _BY_GROUP if words in self.same else 0.0
        return Guess(self.named, max(likeness(words, self.name), _BY_ALIAS * others, by_group))


class Fields:
    """All fields of a subject, those of its lists included."""

    def __init__(self, subject: Subject) -> None:
        self.subject = subject
        self.plain = tuple(field for field in subject.fields if not field.fields)
        self.lists = {one.name: _numbered(one) for one in subject.fields if one.fields}
        self.lists[ALL] = _numbered(Field(ALL, f"所选的全部{subject.name}", self.plain))
        self._by_name = {}
        for named in reversed([*self]):  # the first of two that share an alias has it
            for name in (*named.field.aliases, named.field.name):
                self._by_name[_bare(f"{named.list}.{name}" if named.list else name)] = named
        self._known: dict[str, list[_Known]] = {}
        for named in self:
            self._known.setdefault(named.list, []).append(_Known.of(named))

    def __iter__(self) -> Iterator[Named]:
        yield from (Named("", field) for field in self.plain)
        for name, one in self.lists.items():
            yield from (Named(name, field) for field in one.fields if not field.fields)

    def find(self, name: str) -> Named | None:
        """The field of that name or alias, whatever spaces stand in it."""
        return self._by_name.get(_bare(name))

    def nearest(self, name: str) -> Named | None:
        """The field whose name is most like it, if any is."""
        head, dot, tail = name.partition(".")
        if not dot:
            return next((guess.named for guess in self.guesses(name)), None)
        of = max(self.lists, key=lambda one: likeness(_bare(head), _bare(one)))
        return next((guess.named for guess in self.guesses(tail, of)), None)

    def guesses(self, label: str, of_list: str | None = None) -> list[Guess]:
        """Fields that a label may mean, the likeliest first; of the sheet, or of one list."""
        words = _bare(label)
        found = [one.meant_by(words) for one in self._known.get(of_list or "", ())]
        return sorted((one for one in found if one.sure >= _ALIKE), key=lambda one: -one.sure)

    def context(self, values: Values) -> dict[str, Any]:
        """Values under the names that jinja knows; every field that the subject has is there."""
        return self._filled(values, (*self.plain, *self._own_lists())) | self._blank_lines()

    def together(self, sheets: Sequence[Values]) -> dict[str, Any]:
        """Values of all sheets as the lines of one list."""
        every = self.lists[ALL]
        lines = [self._line(one, every, number) for number, one in enumerate(sheets, 1)]
        return {spell(ALL): lines} | self._blank_lines()

    def _blank_lines(self) -> dict[str, Any]:
        """For a form with rows to write in: the first of them, where a list has no lines."""
        return {
            f"{spell(name)}{BLANK}": [self._line({}, one, 1)] for name, one in self.lists.items()
        }

    def _own_lists(self) -> list[Field]:
        return [one for name, one in self.lists.items() if name != ALL]

    def _filled(self, values: Values, fields: Sequence[Field]) -> dict[str, Any]:
        return {spell(one.name): self._given(values.get(one.name, ""), one) for one in fields}

    def _line(self, values: Values, one: Field, number: int) -> dict[str, Any]:
        line = self._filled(values, one.fields)
        if SERIAL.name not in values:
            line[SERIAL.name] = str(number)
        return line

    def _given(self, value: Value, field: Field) -> Any:
        if field.fields:
            lines = value if not isinstance(value, str | Picture) else ()
            return [self._line(line, field, number) for number, line in enumerate(lines, 1)]
        if isinstance(value, Picture):
            return value
        return _CONTROLS.sub("", value.replace("\r\n", "\n")) if isinstance(value, str) else ""


def _numbered(one: Field) -> Field:
    if any(field.name == SERIAL.name for field in one.fields):
        return one
    return Field(one.name, one.words, (SERIAL, *one.fields), one.picture, one.aliases)


@cache
def _groups() -> tuple[frozenset[str], ...]:
    """Words of resources/template_words.toml that mean the same."""
    read = tomllib.loads(resource("template_words.toml").read_text("utf-8"))
    return tuple(frozenset(group) for group in read["same"])


@cache
def _same(name: str) -> frozenset[str]:
    return frozenset(word for group in _groups() if name in group for word in group)


def spell(name: str) -> str:
    """A field's name as jinja can read it: 机构（问题） becomes 机构_问题_."""
    word = re.sub(r"\W", "_", name)
    return word if word.isidentifier() else f"_{word}"


@lru_cache(maxsize=20_000)
def likeness(words: str, name: str) -> float:
    """How like two names are, 0 to 1; one that holds the other is quite like it."""
    if words == name:
        return 1.0
    if len(set(words) & set(name)) * 2 * 2 < len(words) + len(name) and not _within(words, name):
        return 0.0  # less than half alike, whatever their order
    alike = SequenceMatcher(None, words, name, autojunk=False).ratio()
    return min(max(alike, 0.75) if _within(words, name) else alike, 0.85)


def _within(words: str, name: str) -> bool:
    """Whether one begins or ends with the other."""
    shorter, longer = sorted((words, name), key=len)
    return len(shorter) > 1 and (longer.startswith(shorter) or longer.endswith(shorter))


def _bare(name: str) -> str:
    """Without spaces, colons and brackets, which forms use as they like."""
    return ".".join(_MARKS.sub("", part) for part in name.split("."))
