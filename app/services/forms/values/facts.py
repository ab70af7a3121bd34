"""What the readers of values share: the year's words, people by their ids, days and times in words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import or_, select

from app.models import Community, CommunityUnit, Person, SchemeAdoption, School
from app.services.entry.computed import week_of
from app.services.entry.vocabulary import choices

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import date, time

    from sqlalchemy import ColumnElement, Select, SQLColumnExpression
    from sqlalchemy.orm import Session

    from app.services.forms.form import Value
    from app.services.forms.reading import Reading
    from app.services.schemes.schema import Scheme

_AT_ONCE = 10_000
"""Ids in one statement; SQLite takes some 32,000."""
WEEKDAYS = ("星期一", "星期二", "星期三", "星期四", "星期五", "星期六", "星期日")


@dataclass(frozen=True, slots=True)
class Known:
    """A person as lists name them."""

    name: str = ""
    school: str = ""
    short_school: str = ""
    office: str = ""
    title: str = ""
    phone: str = ""
    joined_on: str = ""

    @property
    def post(self) -> str:
        """职务（职称）as sign-in sheets have it: what there is of both."""
        return "、".join(dict.fromkeys(filter(None, (self.office, self.title))))


NOBODY = Known()


@dataclass(frozen=True, slots=True)
class Facts:
    """What every record of the year has in common."""

    period: str
    community: str
    school: str
    """The school that keeps the archive."""
    terms: tuple[tuple[str, date, date], ...]
    scheme: Scheme
    people: Mapping[str, Known]
    schools: Mapping[str, str]
    groups: Mapping[str, str]
    """Groups of the communities, by id."""
    kinds: Mapping[str, str]
    """Names of the kinds of activities, by their keys."""

    def person(self, person_id: str | None) -> Known:
        """A person; one without any facts where there is none."""
        return self.people.get(person_id or "", NOBODY)

    def of_day(self, day: date | None) -> dict[str, Value]:
        """School year, term and week in which a day lies."""
        found: dict[str, Value] = {
            "学年": self.period, "学期": "", "周次": "", "星期": WEEKDAYS[day.weekday()] if day else "",
            "共同体": self.community, "学校": self.school,
        }  # fmt: skip
        for name, first, last in self.terms:
            if day and first <= day <= last:
                found |= {"学期": name, "周次": f"第{week_of(day, first)}周"}
        return found


def facts_of(session: Session, reading: Reading) -> Facts:
    """Reads the facts, in a few statements however many records there are."""
    from app.services.adoption import parsed

    adoption = session.get_one(SchemeAdoption, reading.adoption.id)
    scheme = parsed(adoption.source_text)
    people = {
        row.id: Known(
            row.name, row.school or "", row.short_name or row.school or "", row.office, row.title,
            row.phone, row.joined_on,
        )
        for row in session.execute(
            select(
                Person.id, Person.name, Person.office, Person.title, Person.phone,
                Person.joined_on, School.name.label("school"), School.short_name,
            ).outerjoin(School, School.id == Person.school_id)
        )
    }  # fmt: skip
    groups = select(Community.id, Community.name).where(Community.parent_id.is_not(None))
    return Facts(
        period=reading.adoption.period,
        community=reading.adoption.community_name,
        school=_own_school(session, reading.adoption.community_id),
        terms=tuple((t.name, t.starts_on, t.ends_on) for t in adoption.school_year.terms),
        scheme=scheme,
        people=people,
        schools={row.id: row.name for row in session.execute(select(School.id, School.name))},
        groups={row.id: row.name for row in session.execute(groups)},
        kinds=dict(choices("activity_kind", scheme)),
    )


def _own_school(session: Session, community_id: str) -> str:
    """The first school of the community: the one that keeps the archive."""
    query = (
        select(School.name)
        .join(CommunityUnit, CommunityUnit.school_id == School.id)
        .where(CommunityUnit.community_id == community_id)
        .order_by(CommunityUnit.ordinal, CommunityUnit.id)
        .limit(1)
    )
    return session.scalar(query) or ""


def ours(reading: Reading) -> ColumnElement[bool]:
    """A community's records and those of its groups; the statement joins Community."""
    own = reading.adoption.community_id
    return or_(Community.id == own, Community.parent_id == own)


def rows_of(
    session: Session,
    query: Select[*tuple[Any, ...]],
    column: SQLColumnExpression[Any],
    ids: Iterable[str],
) -> Iterator[Any]:
    """Rows of a query whose column is among the ids, however many these are."""
    listed = list(ids)
    for start in range(0, len(listed), _AT_ONCE):
        some = listed[start : start + _AT_ONCE]
        yield from session.execute(query.where(column.in_(some)))


def in_order(found: Mapping[str, Any], ids: Sequence[str], noun: str) -> list[Any]:
    """The records of the ids, in their order; raises NotFoundError."""
    from app.errors import NotFoundError

    if any(one not in found for one in ids):
        raise NotFoundError(f"找不到所选的{noun}。", "它可能已被删除，请刷新列表后再选。")
    return [found[one] for one in ids]


def long_date(day: date | None) -> str:
    """``2026年6月30日``, or nothing to be filled in by hand."""
    return f"{day.year}年{day.month}月{day.day}日" if day else ""


def days(first: date | None, last: date | None) -> str:
    """``2025年10月15日``, or from one day to another."""
    if first is None or last is None or first == last:
        return long_date(first)
    same = first.year == last.year
    return f"{long_date(first)}至{f'{last.month}月{last.day}日' if same else long_date(last)}"


def clock(at: time | None) -> str:
    """``8:30``."""
    return f"{at.hour}:{at.minute:02}" if at else ""


def hours(first: time | None, last: time | None) -> str:
    """``8:30—11:40``."""
    return "—".join(filter(None, (clock(first), clock(last))))


def joined(*parts: str, by: str = " ") -> str:
    """The parts that there are."""
    return by.join(filter(None, parts))


def number(value: float | None) -> str:
    """A figure without needless places; empty where there is none."""
    return "" if value is None else f"{round(value, 2):g}"


def clock_of(moment: str) -> str:
    """``15:12`` of an ISO moment; empty where there is none."""
    return moment[11:16]
