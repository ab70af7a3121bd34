"""个人档案: all that one person did, by kind and by term; the material of a growth file."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from itertools import chain
from typing import TYPE_CHECKING

from sqlalchemy import select

from app.errors import NotFoundError
from app.models import Honour, Person, PersonSubject, SchoolYear, Term
from app.services.adoption import period_words
from app.services.entry.computed import age_band, whole_years

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from sqlalchemy.orm import Session

LEVELS = ("国家", "省", "市", "县", "区", "镇", "乡", "校")
"""Levels of honours, the highest first."""
UNDATED = "未注明日期"
ELSEWHEN = "学期以外"


@dataclass(frozen=True, slots=True)
class Line:
    """One thing the person did; ``kind`` and ``id`` name the record that it opens."""

    kind: str
    id: str
    term: str
    cells: tuple[str, ...]
    figures: tuple[tuple[str, float], ...] = ()
    """What it adds to the totals: name of a field of ``Totals`` and how much."""


@dataclass(frozen=True, slots=True)
class Section:
    """Things of one kind, the newest first."""

    key: str
    title: str
    columns: tuple[str, ...]
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Totals:
    """The figures of a term, or of all of them. Means are in points of 100; None: none was scored."""

    term: str
    lessons: int = 0
    received: int = 0
    received_mean: float | None = None
    given: int = 0
    given_mean: float | None = None
    present: int = 0
    leave: int = 0
    absent: int = 0
    duties: int = 0
    days: int = 0
    """On dispatch."""
    dispatch_lessons: int = 0
    evidence: int = 0


TITLES: tuple[tuple[str, str], ...] = (
    ("term", "学期"),
    ("lessons", "授课"),
    ("received", "被听课"),
    ("received_mean", "被听课均分"),
    ("given", "听课"),
    ("given_mean", "所评均分"),
    ("present", "到会"),
    ("leave", "请假"),
    ("absent", "缺席"),
    ("duties", "分工"),
    ("days", "派驻天数"),
    ("dispatch_lessons", "派驻授课"),
    ("evidence", "材料"),
)
"""Fields of ``Totals`` and how their columns are headed."""


@dataclass(frozen=True, slots=True)
class PersonalFile:
    """Everything about one person in a school year, or in all of them."""

    person_id: str
    name: str
    period: str
    facts: tuple[tuple[str, str], ...]
    totals: tuple[Totals, ...]
    """By term, the sum last."""
    sections: tuple[Section, ...]


@dataclass(frozen=True, slots=True)
class Period:
    """The terms looked at; without bounds everything is."""

    name: str
    terms: tuple[tuple[str, date, date], ...]
    starts_on: date | None = None
    ends_on: date | None = None

    def term_of(self, day: date | None) -> str:
        """The term of a day, in words."""
        if day is None:
            return UNDATED
        return next((name for name, start, end in self.terms if start <= day <= end), ELSEWHEN)


def personal(session: Session, person_id: str, year: int | None, today: date) -> PersonalFile:
    """The file of a person; raises NotFoundError where the person or the school year is not there."""
    from app.services.people.personal_lines import sections

    person = session.get(Person, person_id)
    if person is None:
        raise NotFoundError("找不到这个人。", "这条记录可能已被删除或合并，请刷新后再试。")
    period = _period(session, year)
    found = sections(session, person_id, period)
    return PersonalFile(
        person.id, person.name, period.name,
        _facts(session, person, today), _totals(found, period), found,
    )  # fmt: skip


def years(session: Session) -> list[int]:
    """School years of the archive, the newest first."""
    return list(session.scalars(select(SchoolYear.year).order_by(SchoolYear.year.desc())))


def _period(session: Session, year: int | None) -> Period:
    query = select(SchoolYear).order_by(SchoolYear.year)
    known = list(session.scalars(query if year is None else query.where(SchoolYear.year == year)))
    if year is not None and not known:
        raise NotFoundError(f"档案库里没有 {year} 学年。", "请选别的学年，或者看全部。")
    terms = session.execute(
        select(Term.school_year_id, Term.name, Term.starts_on, Term.ends_on).order_by(Term.ordinal)
    ).all()
    named: list[tuple[str, date, date]] = []
    for one in known:
        words = period_words(one.starts_on, one.ends_on)
        own = [row for row in terms if row.school_year_id == one.id]
        before = "" if year is not None else f"{words} "
        named += [(f"{before}{row.name}", row.starts_on, row.ends_on) for row in own]
        named += [] if own else [(words, one.starts_on, one.ends_on)]
    if year is None:
        return Period("全部学年", tuple(named))
    [only] = known
    return Period(
        period_words(only.starts_on, only.ends_on), tuple(named), only.starts_on, only.ends_on
    )


def _facts(session: Session, person: Person, today: date) -> tuple[tuple[str, str], ...]:
    subjects = select(PersonSubject.subject).where(PersonSubject.person_id == person.id)
    service = whole_years(person.joined_on, today)
    facts = (
        ("单位", person.school.name if person.school else ""),
        ("性别", person.sex),
        ("年龄段", age_band(whole_years(person.born_on, today))),
        ("职称", person.title),
        ("职务", person.office),
        ("任教学科", "、".join(session.scalars(subjects.order_by(PersonSubject.ordinal)))),
        ("任教年级", person.grade),
        ("学历", person.education),
        ("参加工作", person.joined_on),
        ("教龄", "" if service is None else f"{service} 年"),
        ("荣誉", _honours(session, person.id)),
    )
    return tuple((label, value) for label, value in facts if value)


def _honours(session: Session, person_id: str) -> str:
    levels = Counter(session.scalars(select(Honour.level).where(Honour.person_id == person_id)))
    ranked = sorted(levels, key=rank)
    return "，".join(f"{_level_words(level)} {levels[level]} 项" for level in ranked)


def rank(level: str) -> int:
    """Place of a level, the highest first; those not known come last."""
    bare = level.removesuffix("级")
    return LEVELS.index(bare) if bare in LEVELS else len(LEVELS)


def _level_words(level: str) -> str:
    return f"{level.removesuffix('级')}级" if level else "未注明级别"


def _totals(found: Sequence[Section], period: Period) -> tuple[Totals, ...]:
    names = [*(name for name, _start, _end in period.terms), ELSEWHEN, UNDATED]
    lines = list(chain.from_iterable(section.lines for section in found))
    by_term = [_sum(name, [line for line in lines if line.term == name]) for name in names]
    said = [one for one in by_term if one != Totals(one.term)]
    return (*said, _sum("合计", lines))


def _sum(term: str, lines: Sequence[Line]) -> Totals:
    sums: Counter[str] = Counter()
    scored: Counter[str] = Counter()
    for line in lines:
        for name, amount in line.figures:
            sums[name] += amount  # type: ignore[assignment]  # Counter adds any numbers
            scored[name] += 1
    means = {
        name: sums[name] / scored[name] for name in ("received_mean", "given_mean") if scored[name]
    }
    whole = {name: int(amount) for name, amount in sums.items() if name not in means}
    return replace(Totals(term), **whole, **means)  # type: ignore[arg-type]
