"""Who there is: the community, its units, groups, people and pairs, and whom a rule is meant for."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping
    from datetime import date

    from app.services.schemes.parts import Range, SubjectKind, Who
    from app.services.standing.periods import Calendar, Span


_GENERAL = {
    "subject",
    "measured_on",
    "community_type",
    "community_grade",
    "group_grade",
    "any",
    "without",
}
"""What ``Who`` says besides what a person is asked for."""


@dataclass(frozen=True, slots=True)
class Subject:
    """Whom or what a demand, a score or a grade is of."""

    kind: SubjectKind
    id: str
    name: str


@dataclass(frozen=True, slots=True)
class Held:
    """A role held in a community for a time; open ends are None."""

    community_id: str
    role: str
    starts_on: date | None = None
    ends_on: date | None = None

    def within(self, span: Span) -> bool:
        """Whether it is held on any day of the span."""
        return (self.starts_on is None or self.starts_on <= span.ends) and (
            self.ends_on is None or self.ends_on >= span.starts
        )


@dataclass(frozen=True, slots=True)
class PersonFacts:
    """What rules may ask about a person."""

    id: str
    name: str
    school_id: str | None = None
    born_on: str = ""
    joined_on: str = ""
    title: str = ""
    office: str = ""
    subjects: tuple[str, ...] = ()
    honours: tuple[str, ...] = ()
    held: tuple[Held, ...] = ()


@dataclass(frozen=True, slots=True)
class SchoolFacts:
    """What rules may ask about a unit; ``held`` are its roles in communities."""

    id: str
    name: str
    stage: str = ""
    held: tuple[Held, ...] = ()


@dataclass(frozen=True, slots=True)
class CommunityFacts:
    """A community or a group of one; ``group`` is the key of its kind of group."""

    id: str
    name: str
    type: str = ""
    stage: str = ""
    parent_id: str | None = None
    group: str = ""


@dataclass(frozen=True, slots=True)
class PairFacts:
    """A mentor and the teacher helped."""

    id: str
    mentor_id: str
    mentee_id: str
    starts_on: date | None = None
    ends_on: date | None = None


@dataclass(frozen=True, slots=True)
class Fitting:
    """Whom a rule is meant for, and of whom that cannot be said, with the fact that is missing."""

    subjects: tuple[Subject, ...]
    uncertain: tuple[tuple[Subject, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Roster:
    """Everybody within reach of an adopted scheme.

    ``communities`` are the subjects of kind community: the one that adopted the scheme or, where it
    stands over several of the same kind (a county's five), those. Units and groups belong to these.
    """

    community: CommunityFacts
    communities: tuple[CommunityFacts, ...]
    calendar: Calendar
    groups: tuple[CommunityFacts, ...] = ()
    schools: Mapping[str, SchoolFacts] = field(default_factory=dict)
    people: Mapping[str, PersonFacts] = field(default_factory=dict)
    pairs: tuple[PairFacts, ...] = ()

    def subject(self, kind: SubjectKind, id_: str) -> Subject:
        """The subject with its name."""
        return Subject(kind, id_, self.name_of(kind, id_))

    def name_of(self, kind: str, id_: str) -> str:
        """How somebody is called; the id where the record is gone."""
        if kind == "person":
            return self.people[id_].name if id_ in self.people else id_
        if kind == "unit":
            return self.schools[id_].name if id_ in self.schools else id_
        if kind == "pair":
            pair = next((one for one in self.pairs if one.id == id_), None)
            if pair is None:
                return id_
            mentor, mentee = (
                self.name_of("person", one) for one in (pair.mentor_id, pair.mentee_id)
            )
            return f"{mentor}—{mentee}"
        places = (self.community, *self.communities, *self.groups)
        return next((one.name for one in places if one.id == id_), id_)

    def fitting(
        self,
        who: Who,
        span: Span,
        grades: Callable[[str], str | None] = lambda _place: "",
        *,
        only: Collection[str] | None = None,
    ) -> Fitting:
        """Whom ``who`` means in a period; of ``only`` these, where it is given.

        ``grades`` gives the grade of a community or group by its id: empty, it has none; None, it
        is not known yet.
        """
        kind = kind_of(who)
        sure, unsure = [], []
        for id_ in self._all(kind):
            if only is not None and id_ not in only:
                continue
            said = self._fits(who, kind, id_, span, grades)
            if said is True:
                sure.append(self.subject(kind, id_))
            elif isinstance(said, str):
                unsure.append((self.subject(kind, id_), said))
        return Fitting(tuple(sure), tuple(unsure))

    def communities_of(self, kind: str, id_: str, span: Span | None = None) -> tuple[str, ...]:
        """Ids of the communities (not groups) that a unit, person or group belongs to."""
        span = span or self.calendar.year
        known = {one.id for one in self.communities}
        if kind == "community":
            return (id_,)
        if kind == "group":
            group = next((one for one in self.groups if one.id == id_), None)
            return (group.parent_id,) if group and group.parent_id in known else ()
        if kind == "unit":
            held = self.schools[id_].held if id_ in self.schools else ()
            return tuple(dict.fromkeys(
                one.community_id for one in held if one.community_id in known and one.within(span)
            ))  # fmt: skip
        if kind == "person" and id_ in self.people:
            person = self.people[id_]
            own = [one.community_id for one in person.held if one.within(span)]
            parents = {one.id: one.parent_id for one in self.groups}
            own = [parents.get(one) or one for one in own]
            if person.school_id:
                own += self.communities_of("unit", person.school_id, span)
            return tuple(dict.fromkeys(one for one in own if one in known))
        return ()

    def units_of(self, community_id: str, role: str | None = None) -> tuple[str, ...]:
        """Ids of the units of a community in this year, of one role where it is named."""
        return tuple(
            id_
            for id_, school in self.schools.items()
            if any(
                one.community_id == community_id
                and (role is None or one.role == role)
                and one.within(self.calendar.year)
                for one in school.held
            )
        )

    def groups_of(self, person_id: str, span: Span) -> tuple[str, ...]:
        """Ids of the groups that a person belongs to."""
        known = {one.id for one in self.groups}
        return tuple(
            one.community_id
            for one in self.people[person_id].held
            if one.community_id in known and one.within(span)
        )

    def _all(self, kind: SubjectKind) -> Iterable[str]:
        match kind:
            case "person":
                return self.people
            case "unit":
                return self.schools
            case "group":
                return (one.id for one in self.groups)
            case "pair":
                return (one.id for one in self.pairs)
            case "community":
                return (one.id for one in self.communities)
            case _:
                return ()

    def _fits(
        self,
        who: Who,
        kind: SubjectKind,
        id_: str,
        span: Span,
        grades: Callable[[str], str | None],
    ) -> bool | str:
        """True, False, or the fact that is missing to say so."""
        said = self._own(who, kind, id_, span, grades)
        if said is False:
            return False
        missing = said if isinstance(said, str) else ""
        if who.any:
            ways = [self._fits(one, kind, id_, span, grades) for one in who.any]
            if True not in ways:
                open_ = [way for way in ways if isinstance(way, str)]
                if not open_:
                    return False
                missing = missing or open_[0]
        if who.without is not None:
            out = self._fits(who.without, kind, id_, span, grades)
            if out is True:
                return False
            if isinstance(out, str):
                missing = missing or out
        return missing or True

    def _own(
        self,
        who: Who,
        kind: SubjectKind,
        id_: str,
        span: Span,
        grades: Callable[[str], str | None],
    ) -> bool | str:
        place = self._in_community(who, kind, id_, span, grades)
        if place is True and who.group_grade:
            place = self._in_group(who, kind, id_, span, grades)
        if place is False:
            return False
        said = self._itself(who, kind, id_, span)
        return place if said is True else said

    def _itself(self, who: Who, kind: SubjectKind, id_: str, span: Span) -> bool | str:
        match kind:
            case "person":
                return self._person(who, self.people[id_], span)
            case "unit":
                return self._unit(who, self.schools[id_], span)
            case "pair":
                return self._pair(who, next(one for one in self.pairs if one.id == id_), span)
            case "group":
                group = next(one for one in self.groups if one.id == id_)
                return not who.group or group.group in who.group
            case _:
                stage = next((one.stage for one in self.communities if one.id == id_), "")
                return not who.school_stage or stage in who.school_stage

    def _in_community(
        self,
        who: Who,
        kind: str,
        id_: str,
        span: Span,
        grades: Callable[[str], str | None],
    ) -> bool | str:
        """Whether it belongs to a community of the type and the grade that are asked for."""
        if not who.community_type and not who.community_grade:
            return True
        types = {one.id: one.type for one in self.communities}
        homes = self.communities_of(kind, id_, span)
        fitting = [
            one for one in homes if not who.community_type or types[one] in who.community_type
        ]
        if fitting:
            return self._graded(fitting, who.community_grade, grades)
        untyped = [self.name_of("community", one) for one in homes if not types[one]]
        return f"没有填{untyped[0]}的类型" if untyped and who.community_type else False

    def _in_group(
        self,
        who: Who,
        kind: str,
        id_: str,
        span: Span,
        grades: Callable[[str], str | None],
    ) -> bool | str:
        """Whether it is or belongs to a group that has a grade that is asked for."""
        kinds = {one.id: one.group for one in self.groups}
        found: tuple[str, ...] = (id_,) if kind == "group" else ()
        if kind == "person":
            found = self.groups_of(id_, span)
        fitting = [one for one in found if not who.group or kinds[one] in who.group]
        return self._graded(fitting, who.group_grade, grades)

    def _graded(
        self, places: Iterable[str], wanted: tuple[str, ...], grades: Callable[[str], str | None]
    ) -> bool | str:
        """Whether one of the places has a grade that is wanted; any does where none is."""
        if not wanted:
            return True
        given = {one: grades(one) for one in places}
        if any(grade in wanted for grade in given.values()):
            return True
        unknown = [self.name_of("community", one) for one, grade in given.items() if grade is None]
        return f"{'、'.join(unknown)}的等次还没有评出" if unknown else False

    def _pair(self, who: Who, pair: PairFacts, span: Span) -> bool | str:
        """A pair is meant when one of the two is."""
        if not Held("", "", pair.starts_on, pair.ends_on).within(span):
            return False
        if not who.model_fields_set - _GENERAL:
            return True
        both = (self.people.get(one) for one in (pair.mentor_id, pair.mentee_id))
        said = [self._person(who, one, span) for one in both if one is not None]
        if True in said:
            return True
        return next((one for one in said if isinstance(one, str)), False)

    def _unit(self, who: Who, school: SchoolFacts, span: Span) -> bool:
        held = [one for one in school.held if one.within(span)]
        if not held:
            return False
        if who.unit_role and not any(one.role in who.unit_role for one in held):
            return False
        return not who.school_stage or school.stage in who.school_stage

    def _person(self, who: Who, person: PersonFacts, span: Span) -> bool | str:
        held = [one for one in person.held if one.within(span)]
        school = self.schools.get(person.school_id or "")
        in_school = [one.role for one in school.held if one.within(span)] if school else []
        if not held and not in_school:  # no longer, or not yet, of this community
            return False
        if not who.model_fields_set - _GENERAL:
            return True
        kinds = {one.id: one.group for one in self.groups} if who.group else {}
        asked = (
            (who.role, [one.role for one in held]),
            (who.group, [kinds.get(one.community_id, "") for one in held]),
            (who.unit_role, in_school),
            (who.school_stage, [school.stage] if school else []),
            (who.office, [person.office]),
            (who.teaches, person.subjects),
            (who.title, [person.title]),
        )
        if any(wanted and not set(wanted).intersection(has) for wanted, has in asked):
            return False
        if who.honour and not any(word in one for word in who.honour for one in person.honours):
            return False
        return self._years(who, person, span)

    def _years(self, who: Who, person: PersonFacts, span: Span) -> bool | str:
        year = self.calendar.year
        day = {
            "period-start": span.starts, "period-end": span.ends,
            "year-start": year.starts, "year-end": year.ends,
        }[who.measured_on]  # fmt: skip
        missing = ""
        for wanted, since, word in (
            (who.age, person.born_on, "出生年月"),
            (who.service_years, person.joined_on, "参加工作时间"),
        ):
            if wanted is None:
                continue
            said = within_years(wanted, since, day)
            if said is False:
                return False
            if said is None:
                missing = missing or (f"{word}不够准确" if since else f"没有{word}")
        return missing or True


def kind_of(who: Who) -> SubjectKind:
    """What kind of subject a rule means: said, or seen from what it asks for."""
    if who.subject is not None:
        return who.subject
    personal = (
        who.role or who.office or who.teaches or who.title or who.honour or who.age
        or who.service_years or who.any or who.without
    )  # fmt: skip
    if personal:
        return "person"
    if who.unit_role:
        return "unit"
    return "group" if who.group or who.group_grade else "community"


def in_range(wanted: Range, value: Decimal | int) -> bool:
    """Whether a number lies within the bounds that are given."""
    found = Decimal(value)
    return not (
        (wanted.at_least is not None and found < wanted.at_least)
        or (wanted.above is not None and found <= wanted.above)
        or (wanted.at_most is not None and found > wanted.at_most)
        or (wanted.below is not None and found >= wanted.below)
    )


def within_years(wanted: Range, since: str, day: date) -> bool | None:
    """Whether so many full years have passed since a day known perhaps only to the month or year.

    None: it cannot be said from what is known.
    """
    if not since:
        return None
    year, month, number = ([int(part) for part in since.split("-")] + [0, 0])[:3]
    ends = ((month or 1, number or 1), (month or 12, number or 31))
    said = {
        in_range(wanted, day.year - year - ((day.month, day.day) < birthday)) for birthday in ends
    }
    return said.pop() if len(said) == 1 else None
