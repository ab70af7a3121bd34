"""Reads who there is, and the calendar, for an adopted scheme."""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import or_, select

from app.errors import NotFoundError
from app.models import (
    Agreement,
    Appointment,
    AssessmentItem,
    Community,
    CommunityUnit,
    Dispatch,
    Honour,
    MentorPair,
    Person,
    PersonSubject,
    SchemeAdoption,
    School,
    SchoolYear,
)
from app.services.adoption import parsed, year_bounds
from app.services.standing.periods import Calendar, Span
from app.services.standing.roster import (
    CommunityFacts,
    Held,
    PairFacts,
    PersonFacts,
    Roster,
    SchoolFacts,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy.orm import Session

    from app.services.schemes.schema import Scheme


@dataclass(frozen=True, slots=True)
class DispatchFacts:
    """A teacher sent to another school; ``days`` as entered, else from its dates."""

    id: str
    person_id: str
    kind: str
    starts_on: date | None
    ends_on: date | None
    days: int
    lessons: int


@dataclass(frozen=True, slots=True)
class AgreementFacts:
    """An agreement with its dates."""

    id: str
    title: str
    community_id: str
    starts_on: date | None
    ends_on: date | None


@dataclass(frozen=True, slots=True)
class Setting:
    """An adopted scheme and everybody within its reach: what every reckoning begins with."""

    adoption_id: str
    scheme: Scheme
    answers: Mapping[str, object]
    year: int
    today: date
    roster: Roster
    scope: tuple[str, ...]
    """Ids of the community and of all that hang below it."""
    items: Mapping[str, str]
    """Ids of the assessment items by their number."""
    dispatches: tuple[DispatchFacts, ...] = ()
    agreements: tuple[AgreementFacts, ...] = ()
    person_id: str | None = None
    """The teacher for whom the community stands (名师工作点)."""

    @property
    def calendar(self) -> Calendar:
        """The scheme's year, terms and cycle."""
        return self.roster.calendar


def read_setting(session: Session, adoption_id: str, today: date) -> Setting:
    """Everything about an adopted scheme but the records themselves; raises NotFoundError."""
    adoption = session.get(SchemeAdoption, adoption_id)
    if adoption is None:
        raise NotFoundError("找不到这个方案。", "请重新选择共同体和学年。")
    return read_with(session, adoption, parsed(adoption.source_text), adoption.answers, today)


def read_with(
    session: Session,
    adoption: SchemeAdoption,
    scheme: Scheme,
    answers: str,
    today: date,
    *,
    items: Mapping[str, str] | None = None,
) -> Setting:
    """The same as if ``scheme`` were the one adopted, to see what a change would do.

    ``items`` are ids by number, where those of the adopted table are not meant.
    """
    root = adoption.community
    places = _below(session, root)
    agreements = _agreements(session, [one.id for one in places])
    calendar = _calendar(session, adoption, scheme, agreements)
    groups_by_name = {kind.name: kind.key for kind in scheme.community.groups}
    types = {kind.name: kind.key for kind in scheme.community.types}
    facts = [
        CommunityFacts(
            one.id, one.name, types.get(one.variant, one.variant), one.stage, one.parent_id,
            groups_by_name.get(one.kind, one.kind),
        )
        for one in places
    ]  # fmt: skip
    below = [
        one
        for one, row in zip(facts[1:], places[1:], strict=True)
        if row.kind == root.kind and row.kind
    ]
    communities = tuple(below) or (facts[0],)
    known = {one.id for one in communities} | {root.id}
    groups = tuple(one for one in facts[1:] if one.id not in known)
    scope = tuple(one.id for one in places)
    roster = Roster(
        community=facts[0],
        communities=communities,
        calendar=calendar,
        groups=groups,
        schools=_schools(session, scope),
        people=_people(session, scope),
        pairs=_pairs(session, scope),
    )
    if items is None:
        rows = session.execute(
            select(AssessmentItem.no, AssessmentItem.id).where(
                AssessmentItem.adoption_id == adoption.id, AssessmentItem.parent_id.is_not(None)
            )
        )
        items = {row.no: row.id for row in rows}
    return Setting(
        adoption.id, scheme, json.loads(answers or "{}"), adoption.school_year.year, today,
        roster, scope, items,
        _dispatches(session, scope), agreements, root.person_id,
    )  # fmt: skip


def _below(session: Session, root: Community) -> list[Community]:
    """The community, then all that hang below it, level by level."""
    found, level = [root], [root.id]
    while level:
        rows = session.scalars(
            select(Community).where(Community.parent_id.in_(level)).order_by(Community.id)
        ).all()
        found.extend(rows)
        level = [row.id for row in rows]
    return found


def _calendar(
    session: Session,
    adoption: SchemeAdoption,
    scheme: Scheme,
    agreements: tuple[AgreementFacts, ...],
) -> Calendar:
    """The school year as the archive has it; the scheme's own where the two do not begin alike."""
    year = adoption.school_year
    first, last, terms = year_bounds(year.year, scheme)
    if year.starts_on.month == first.month:
        first, last = year.starts_on, year.ends_on
        if year.terms:
            terms = tuple((one.name, one.starts_on, one.ends_on) for one in year.terms)
    span = Span(_year_name(first, last), first, last)
    return Calendar(
        span,
        tuple(Span(*one) for one in terms),
        _cycle(session, adoption, scheme, agreements, span),
    )


def _year_name(first: date, last: date) -> str:
    return f"{first.year}年" if first.year == last.year else f"{first.year}—{last.year}学年"


def _cycle(
    session: Session,
    adoption: SchemeAdoption,
    scheme: Scheme,
    agreements: tuple[AgreementFacts, ...],
    year: Span,
) -> Span:
    """The agreement that covers the year, else so many years from the first adoption of the scheme."""
    for one in agreements:
        if (
            one.starts_on
            and one.ends_on
            and one.starts_on <= year.ends
            and one.ends_on >= year.starts
        ):
            return Span("协议期", one.starts_on, one.ends_on)
    years = scheme.scheme.year.cycle_years
    first_year = session.scalar(
        select(SchoolYear.year)
        .join(SchemeAdoption, SchemeAdoption.school_year_id == SchoolYear.id)
        .where(
            SchemeAdoption.community_id == adoption.community_id,
            SchemeAdoption.scheme_key == scheme.scheme.id,
        )
        .order_by(SchoolYear.year)
        .limit(1)
    )
    passed = (adoption.school_year.year - (first_year or adoption.school_year.year)) % years
    starts = _in_year(year.starts, year.starts.year - passed)
    ends = _in_year(year.ends, year.ends.year - passed + years - 1)
    return Span("考核周期" if years > 1 else year.name, starts, ends)


def _in_year(day: date, year: int) -> date:
    """The same day of another year; the last of February stays the last of February."""
    if (day.month, day.day) in ((2, 28), (2, 29)) and (day + timedelta(days=1)).month == 3:
        return date(year, 3, 1) - timedelta(days=1)
    return day.replace(year=year)


def _agreements(session: Session, scope: list[str]) -> tuple[AgreementFacts, ...]:
    rows = session.execute(
        select(
            Agreement.id, Agreement.title, Agreement.community_id, Agreement.starts_on,
            Agreement.ends_on,
        )
        .where(Agreement.community_id.in_(scope))
        .order_by(Agreement.starts_on.desc(), Agreement.id)
    )  # fmt: skip
    return tuple(AgreementFacts(*row) for row in rows)


def _held(session: Session, of: Any, whose: Any, scope: tuple[str, ...]) -> dict[str, list[Held]]:
    """Roles in the communities, by whoever holds them: a unit, or a person."""
    found: dict[str, list[Held]] = defaultdict(list)
    rows = session.execute(
        select(whose, of.community_id, of.role, of.starts_on, of.ends_on)
        .where(of.community_id.in_(scope))
        .order_by(of.ordinal, of.id)
    )
    for holder, community, role, first, last in rows:
        found[holder].append(Held(community, role, first, last))
    return found


def _schools(session: Session, scope: tuple[str, ...]) -> dict[str, SchoolFacts]:
    held = _held(session, CommunityUnit, CommunityUnit.school_id, scope)
    rows = session.execute(select(School.id, School.name, School.stage).order_by(School.id))
    names = {row.id: row for row in rows}
    return {
        id_: SchoolFacts(id_, names[id_].name, names[id_].stage, tuple(roles))
        for id_, roles in held.items()
    }


def _people(session: Session, scope: tuple[str, ...]) -> dict[str, PersonFacts]:
    """Whoever holds a role in reach, and all the staff of its units."""
    held = _held(session, Appointment, Appointment.person_id, scope)
    mine = or_(
        Person.id.in_(select(Appointment.person_id).where(Appointment.community_id.in_(scope))),
        Person.school_id.in_(
            select(CommunityUnit.school_id).where(CommunityUnit.community_id.in_(scope))
        ),
    )
    subjects: dict[str, list[str]] = defaultdict(list)
    for person_id, subject in session.execute(
        select(PersonSubject.person_id, PersonSubject.subject).order_by(PersonSubject.ordinal)
    ):
        subjects[person_id].append(subject)
    honours: dict[str, list[str]] = defaultdict(list)
    for person_id, level, name in session.execute(
        select(Honour.person_id, Honour.level, Honour.name).order_by(Honour.id)
    ):
        honours[person_id].append(f"{level}{name}" if level not in name else name)
    people = session.execute(
        select(
            Person.id, Person.name, Person.school_id, Person.born_on, Person.joined_on,
            Person.title, Person.office,
        )
        .where(mine)
        .order_by(Person.id)
    )  # fmt: skip
    return {
        row.id: PersonFacts(
            *row, tuple(subjects.get(row.id, ())), tuple(honours.get(row.id, ())),
            tuple(held.get(row.id, ())),
        )
        for row in people
    }  # fmt: skip


def _pairs(session: Session, scope: tuple[str, ...]) -> tuple[PairFacts, ...]:
    rows = session.execute(
        select(
            MentorPair.id, MentorPair.mentor_id, MentorPair.mentee_id, MentorPair.starts_on,
            MentorPair.ends_on,
        )
        .where(MentorPair.community_id.in_(scope))
        .order_by(MentorPair.id)
    )  # fmt: skip
    return tuple(PairFacts(*row) for row in rows)


def _dispatches(session: Session, scope: tuple[str, ...]) -> tuple[DispatchFacts, ...]:
    rows = session.execute(
        select(
            Dispatch.id, Dispatch.person_id, Dispatch.kind, Dispatch.starts_on, Dispatch.ends_on,
            Dispatch.days, Dispatch.lessons,
        )
        .where(Dispatch.community_id.in_(scope))
        .order_by(Dispatch.id)
    )  # fmt: skip
    found = []
    for row in rows:
        days = row.days
        if not days and row.starts_on and row.ends_on:
            days = (row.ends_on - row.starts_on).days + 1
        found.append(DispatchFacts(*row[:5], days, row.lessons))
    return tuple(found)
