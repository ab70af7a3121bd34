"""Records that may be the same person or the same school, each with the reason in words."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING, Literal

from sqlalchemy import func, select

from app.models import Person, School, Setting
from app.services.entry.values import mask

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from sqlalchemy.orm import Session

Kind = Literal["person", "school"]

_SHARED = 4
"""A mobile number that more people have is the school's or the clerk's: it says nothing."""
_MOBILE = re.compile(r"1[3-9]\d{9}")
_BETWEEN = re.compile(r"[\s·•・.．\u200b-\u200f\ufeff]+")
_REGION = re.compile(r"^(?:.{2,5}?[省市县区旗])+(?=.{3})")
_SUFFIXES = (
    ("九年一贯制学校", "九年制"), ("九年制学校", "九年制"), ("完全小学", "小学"), ("完小", "小学"),
    ("小学校", "小学"), ("小学", "小学"), ("初级中学", "初中"), ("初中", "初中"), ("中学校", "中学"),
    ("中学", "中学"), ("幼儿园", "幼儿园"), ("幼稚园", "幼儿园"), ("教学点", "教学点"),
)  # fmt: skip
"""Endings of school names, and what they all mean."""


@dataclass(frozen=True, slots=True)
class Suspect:
    """One of two records that may be the same; private numbers are masked."""

    id: str
    name: str
    detail: str


@dataclass(frozen=True, slots=True)
class Pair:
    """Two records that may be the same, the older first."""

    kind: Kind
    first: Suspect
    second: Suspect
    reasons: tuple[str, ...]
    likely: bool
    """Whether more than the name speaks for it."""


@dataclass(frozen=True, slots=True)
class _Person:
    id: str
    name: str
    school_id: str | None
    school: str
    born_on: str
    phone: str
    id_number: str
    title: str

    @property
    def word(self) -> str:
        return folded(self.name)

    @property
    def suspect(self) -> Suspect:
        known = (self.school, self.title, self.born_on, mask(self.phone))
        return Suspect(self.id, self.name, " · ".join(filter(None, known)))


def folded(name: str) -> str:
    """A name as it is compared: width, case, blanks and dots within it forgotten."""
    return _BETWEEN.sub("", unicodedata.normalize("NFKC", name)).casefold()


def find(session: Session, kind: Kind) -> list[Pair]:
    """Pairs that may be the same and are not marked as different, the likeliest first."""
    different = _different(session, kind)
    pairs = _people(session) if kind == "person" else _schools(session)
    wanted = [
        pair for pair in pairs if mark_of(kind, pair.first.id, pair.second.id) not in different
    ]
    return sorted(wanted, key=lambda pair: (not pair.likely, pair.first.name, pair.first.id))


def mark_of(kind: Kind, one: str, other: str) -> str:
    """Name of the setting that says two records are different."""
    return marks_of(kind) + "/".join(sorted((one, other)))


def marks_of(kind: Kind) -> str:
    """How the names of all these settings begin."""
    return f"different/{kind}/"


def _different(session: Session, kind: Kind) -> set[str]:
    found = select(Setting.name).where(Setting.name.startswith(marks_of(kind)))
    return set(session.scalars(found))


def _people(session: Session) -> Iterator[Pair]:
    rows = session.execute(
        select(
            Person.id, Person.name, Person.school_id, func.coalesce(School.name, ""),
            Person.born_on, Person.phone, Person.id_number, Person.title,
        )
        .outerjoin(School, School.id == Person.school_id)
        .order_by(Person.id)
    )  # fmt: skip
    people = [_Person(*row) for row in rows]
    alike: dict[tuple[str, str], tuple[_Person, _Person]] = {}
    for one, other in (
        *_pairs((person.word, person) for person in people),
        *_pairs((person.id_number.upper(), person) for person in people),
        *_pairs(((person.phone, person) for person in people if _MOBILE.fullmatch(person.phone)), _SHARED),
    ):  # fmt: skip
        alike.setdefault((one.id, other.id), (one, other))
    for one, other in alike.values():
        strong, weak = _alike(one, other)
        if strong or weak:
            yield Pair("person", one.suspect, other.suspect, (*strong, *weak), bool(strong))


def _pairs(
    keyed: Iterable[tuple[str, _Person]], most: int | None = None
) -> Iterator[tuple[_Person, _Person]]:
    groups: dict[str, list[_Person]] = defaultdict(list)
    for key, person in keyed:
        if key:
            groups[key].append(person)
    for group in groups.values():
        if most is None or len(group) <= most:
            yield from combinations(group, 2)


def _alike(one: _Person, other: _Person) -> tuple[list[str], list[str]]:
    """Reasons beyond the name, and the name; none where something tells the two apart."""
    if one.id_number and one.id_number.upper() == other.id_number.upper():
        return ["身份证号相同"], [_name_words(one, other)] if one.word == other.word else []
    if (one.id_number and other.id_number) or contradict(one.born_on, other.born_on):
        return [], []
    strong = []
    if one.phone and one.phone == other.phone:
        strong.append("电话相同")
    if one.word != other.word:
        return strong, []
    if one.school_id and one.school_id == other.school_id:
        strong.append("同在一个单位")
    if one.born_on and other.born_on:
        strong.append("出生年月一致")
    return strong, [_name_words(one, other)]


def contradict(one: str, other: str) -> bool:
    """Whether two partial dates cannot be of one person; 1985 and 1985-09 can."""
    return bool(one and other) and not (one.startswith(other) or other.startswith(one))


def _name_words(one: _Person, other: _Person) -> str:
    return "姓名相同" if one.name == other.name else "姓名只差空格或写法"


@dataclass(frozen=True, slots=True)
class _School:
    id: str
    name: str
    short_name: str
    kind: str
    people: int

    @property
    def suspect(self) -> Suspect:
        known = (self.short_name, self.kind, f"{self.people} 人" if self.people else "")
        return Suspect(self.id, self.name, " · ".join(filter(None, known)))


def _schools(session: Session) -> Iterator[Pair]:
    people = select(func.count()).where(Person.school_id == School.id).scalar_subquery()
    rows = session.execute(
        select(School.id, School.name, School.short_name, School.kind, people).order_by(School.id)
    )
    by_key: dict[str, list[_School]] = defaultdict(list)
    for school in (_School(*row) for row in rows):
        for key in {_bare(school.name), _bare(school.short_name)} - {""}:
            by_key[key].append(school)
    seen: set[tuple[str, str]] = set()
    for group in by_key.values():
        for one, other in combinations(group, 2):
            reason = _same_school(one, other)
            if reason and (one.id, other.id) not in seen:
                seen.add((one.id, other.id))
                yield Pair("school", one.suspect, other.suspect, (reason,), likely=True)


def _bare(name: str) -> str:
    """A school's name without its county and with one word for each sort of school."""
    return _REGION.sub("", _sorted_name(name))


def _sorted_name(name: str) -> str:
    word = folded(name)
    for ending, sort in _SUFFIXES:
        if word.endswith(ending) and len(word) > len(ending):
            return word.removesuffix(ending) + sort
    return word


def _same_school(one: _School, other: _School) -> str:
    """Why two schools may be the same; empty: nothing says so."""
    if folded(one.name) == folded(other.name):
        return "名称只差空格或全半角"
    if folded(one.name) == folded(other.short_name) or folded(other.name) == folded(one.short_name):
        return "一个的简称就是另一个的名称"
    if one.short_name and folded(one.short_name) == folded(other.short_name):
        return "简称相同"
    names = _sorted_name(one.name), _sorted_name(other.name)
    if names[0] == names[1]:
        return "名称只差“完全小学”“小学”这样的写法"
    if _bare(one.name) != _bare(other.name):
        return ""
    longer, shorter = sorted((name[: -len(_bare(name))] for name in names), key=len, reverse=True)
    return "名称只差前面的县区" if longer.endswith(shorter) else ""  # else: of two counties
