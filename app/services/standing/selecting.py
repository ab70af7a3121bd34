"""The one way to select records: what a rule counts, which of them, and for whom, as SQL.

Slots, quotas, assessment items and ways of recognition all ask through ``Counting``, so that the
missing list, progress and scores read the same figures.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    ColumnElement,
    and_,
    case,
    exists,
    false,
    func,
    inspect,
    literal,
    null,
    or_,
    select,
)
from sqlalchemy.orm import aliased, join

from app.models import (
    Activity,
    ActivityUnit,
    Agreement,
    Appointment,
    Attendance,
    Community,
    CommunityUnit,
    Evidence,
    EvidenceLink,
    Lesson,
    MentorPair,
    Observation,
    Person,
    School,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sqlalchemy import FromClause, Select

    from app.services.schemes.parts import Counted, Range, SubjectKind, Where
    from app.services.standing.periods import Span
    from app.services.standing.reading import Setting

UNIT_PARTS = {"organizer": "主办", "host": "承办", "co-host": "协办"}
"""Words of 单位方式 in an activity for the parties of a scheme."""
SPEAKER = "主讲"
_HOSTING = ("主办", "承办")


@dataclass(frozen=True, slots=True)
class Party:
    """How to get from a record to whoever has a part in it: joins, and the column with the id."""

    column: Any
    joins: tuple[tuple[Any, ColumnElement[bool]], ...] = ()
    unit: bool = False
    """The column holds units, not people."""


@dataclass(frozen=True, slots=True)
class Source:
    """Where records of a kind come from: first table, joins, their id, day and size."""

    first: Any
    joins: tuple[tuple[Any, ColumnElement[bool]], ...]
    id: Any
    day: Any
    amount: Any
    level: Any
    form: Any
    subject: Any
    dated: tuple[Any, ...]
    """The columns that may hold its day: rows of other years are left out by their indexes."""
    person: Party
    """Whose it is where nothing else is said."""


_attendance, _unit = aliased(Attendance), aliased(ActivityUnit)
_taught, _observed = aliased(Lesson), aliased(Observation)
_seen = aliased(Observation)
"""The observation whose record a piece of evidence is."""
_in_activity = (Activity, Lesson.activity_id == Activity.id)
_attended = (_attendance, _attendance.activity_id == Activity.id)
_lesson_form = case((Lesson.form != "", Lesson.form), else_=func.coalesce(Activity.form, ""))
_lesson_day = func.coalesce(Lesson.taught_on, Activity.held_on)

SOURCES: dict[str, Source] = {
    "activity": Source(
        Activity, (), Activity.id, Activity.held_on, literal(1), Activity.level, Activity.form,
        Activity.subject, (Activity.held_on,),
        Party(_attendance.person_id, ((_attendance, and_(_attended[1], _attendance.status == "present")),)),
    ),
    "absence": Source(
        Attendance, ((Activity, Attendance.activity_id == Activity.id),), Attendance.id,
        Activity.held_on, literal(1), Activity.level, Activity.form, Activity.subject,
        (Activity.held_on,), Party(Attendance.person_id),
    ),
    "lesson": Source(
        Lesson, (_in_activity,), Lesson.id, _lesson_day, Lesson.hours,
        func.coalesce(Activity.level, ""), _lesson_form, Lesson.subject, (Lesson.taught_on,),
        Party(Lesson.teacher_id),
    ),
    "observation": Source(
        Observation, ((Lesson, Observation.lesson_id == Lesson.id), _in_activity), Observation.id,
        func.coalesce(Observation.observed_on, _lesson_day), Observation.hours,
        func.coalesce(Activity.level, ""), _lesson_form, Lesson.subject,
        (Observation.observed_on,), Party(Observation.observer_id),
    ),
    "evidence": Source(
        EvidenceLink,
        (
            (Evidence, EvidenceLink.evidence_id == Evidence.id),
            (_seen, EvidenceLink.observation_id == _seen.id),
            (Lesson, Lesson.id == func.coalesce(EvidenceLink.lesson_id, _seen.lesson_id)),
            (Activity, Activity.id == func.coalesce(EvidenceLink.activity_id, Lesson.activity_id)),
        ),
        Evidence.id,
        func.coalesce(EvidenceLink.counted_on, Evidence.dated_on), literal(1), Evidence.level,
        func.coalesce(Activity.form, ""), func.coalesce(Activity.subject, ""), (),
        Party(func.coalesce(
            EvidenceLink.owner_id, EvidenceLink.person_id, _seen.observer_id, Lesson.teacher_id
        )),
    ),
}  # fmt: skip


def rows(
    setting: Setting,
    counted: Counted,
    kind: SubjectKind,
    spans: Sequence[Span],
    only: Iterable[str] | None = None,
) -> Select[Any]:
    """Rows (subject, bucket, ident, amount, level, activity), some of them perhaps more than once.

    ``bucket`` is the number of the span in which its day lies; records without a day count where
    there is one span only. ``ident`` is the record or, where people or units are counted, theirs.
    """
    source = SOURCES[counted.of]
    party = _party(setting, counted, kind, source)
    person, joins = (None, ()) if party is None else (party.column, party.joins)
    subject, more = _subject(setting, kind, counted, source, party)
    ident, amount = source.id, _amount(counted, source)
    if (counted.of, counted.measure, counted.counts_for) == ("activity", "lessons", "teacher"):
        ident, amount = _taught.id, _taught.hours  # each has only the lessons of their own
    if counted.measure in ("people", "units"):
        amount = literal(1)
        ident = person
        if counted.measure == "units" and party is not None and not party.unit:
            home = aliased(Person)
            more = (*more, (home, home.id == person))
            ident = home.school_id
            if counted.of == "evidence" and counted.counts_for is None:
                ident = func.coalesce(EvidenceLink.school_id, home.school_id)
    bucket = _bucket(source.day, spans)
    from_ = source.first
    for table, on in (*source.joins, *joins, *more):
        from_ = _joined(from_, table, on)
    query = (
        select(
            subject.label("subject"), bucket.label("bucket"), ident.label("ident"),
            amount.label("amount"), source.level.label("level"), _activity_id(counted.of).label("activity"),
        )
        .select_from(from_)
        .where(
            bucket.is_not(None), *_between(source, spans), *_within(setting, counted.of, kind, person),
            *conditions(setting, counted, source),
        )
    )  # fmt: skip
    if only is not None:
        query = query.where(subject.in_(tuple(only)))
    return query


def _between(source: Source, spans: Sequence[Span]) -> list[ColumnElement[bool]]:
    first, last = min(one.starts for one in spans), max(one.ends for one in spans)
    return [day.between(first, last) | day.is_(None) for day in source.dated]


def _joined(from_: Any, table: Any, on: ColumnElement[bool]) -> FromClause:
    """A record need not lie in an activity or a lesson, nor be a person's; other parts must be there."""
    loose = table in (Activity, Lesson, _seen) or inspect(table).mapper.class_ is Person
    return join(from_, table, on, isouter=loose)


def _activity_id(of: str) -> Any:
    if of == "evidence":
        return func.coalesce(EvidenceLink.activity_id, Lesson.activity_id)
    return Lesson.activity_id if of in ("lesson", "observation") else Activity.id


def _bucket(day: Any, spans: Sequence[Span]) -> ColumnElement[Any]:
    inside = [(day.between(span.starts, span.ends), index) for index, span in enumerate(spans)]
    return case(*inside, (day.is_(None), 0 if len(spans) == 1 else null()), else_=null())


def _amount(counted: Counted, source: Source) -> Any:
    match counted.measure:
        case "days":
            return days_long(Activity.held_on, Activity.ends_on)
        case "lessons" if counted.of == "activity":
            given = aliased(Lesson)
            hours = select(func.coalesce(func.sum(given.hours), 0))
            return hours.where(given.activity_id == Activity.id).scalar_subquery()
        case _:
            return source.amount


def days_long(first: Any, last: Any) -> ColumnElement[Any]:
    """Length in days; SQLite's own way of reckoning with dates."""
    return func.julianday(func.coalesce(last, first)) - func.julianday(first) + 1


def _party(setting: Setting, counted: Counted, kind: SubjectKind, source: Source) -> Party | None:
    """Through whom a record belongs to somebody; None: it is enough that it is the community's."""
    wanted = counted.counts_for
    if wanted is None:
        return _unnamed(counted, kind, source)
    roles = {role.key for role in setting.scheme.community.roles}
    if wanted in roles:
        return _with_role(source, wanted, setting)
    if wanted in {unit.key for unit in setting.scheme.community.units}:
        return _hosting(None, wanted, setting)
    if wanted in (*UNIT_PARTS, "unit"):
        return _hosting(UNIT_PARTS.get(wanted), None, setting)
    return _person_party(wanted, source)


def _unnamed(counted: Counted, kind: SubjectKind, source: Source) -> Party | None:
    """The units that took part, the person whose record it is, or nobody in particular."""
    units = kind == "unit" and counted.of == "activity" and counted.measure != "people"
    if units or (counted.measure == "units" and counted.of == "activity"):
        return Party(_unit.school_id, ((_unit, _unit.activity_id == Activity.id),), unit=True)
    personal = kind in ("person", "unit") or counted.measure in ("people", "units")
    return source.person if personal else None


def _person_party(wanted: str, source: Source) -> Party:
    lessons = (_taught, _taught.activity_id == Activity.id)
    status = _attendance.status
    present = and_(_attended[1], status == "present")
    of_lesson = source.first in (Lesson, Observation)
    parties = {
        "leader": Party(Activity.host_id),
        "recorder": Party(Activity.recorder_id),
        "teacher": Party(Lesson.teacher_id) if of_lesson else Party(_taught.teacher_id, (lessons,)),
        "speaker": Party(
            _attendance.person_id, ((_attendance, and_(present, _attendance.part == SPEAKER)),)
        ),
        "attendee": Party(_attendance.person_id, ((_attendance, present),)),
        "absentee": Party(
            _attendance.person_id,
            ((_attendance, and_(_attended[1], status.in_(("leave", "absent")))),),
        ),
    }
    if wanted == "observer":
        if source.first is Observation:
            return Party(Observation.observer_id)
        if source.first is Lesson:
            return Party(_observed.observer_id, ((_observed, _observed.lesson_id == Lesson.id),))
        return Party(
            _observed.observer_id, (lessons, (_observed, _observed.lesson_id == _taught.id))
        )
    return parties.get(wanted, source.person)


def on_day(row: Any, day: Any) -> ColumnElement[bool]:
    """Whether a role, a place or a pair was there on the day of the record; without a day it was."""
    return and_(
        or_(row.starts_on.is_(None), day.is_(None), row.starts_on <= day),
        or_(row.ends_on.is_(None), day.is_(None), row.ends_on >= day),
    )


def _with_role(source: Source, role: str, setting: Setting) -> Party:
    held, party = aliased(Appointment), source.person
    on = and_(
        held.person_id == party.column, held.role == role,
        held.community_id.in_(setting.scope), on_day(held, source.day),
    )  # fmt: skip
    return Party(party.column, (*party.joins, (held, on)))


def _hosting(part: str | None, unit_role: str | None, setting: Setting) -> Party:
    on = [_unit.activity_id == Activity.id]
    if part is not None:
        on.append(_unit.role == part)
    joins: tuple[Any, ...] = ((_unit, and_(*on)),)
    if unit_role is not None:
        belongs = aliased(CommunityUnit)
        held = and_(
            belongs.school_id == _unit.school_id, belongs.role == unit_role,
            belongs.community_id.in_(setting.scope), on_day(belongs, Activity.held_on),
        )  # fmt: skip
        joins = (*joins, (belongs, held))
    return Party(_unit.school_id, joins, unit=True)


def _subject(
    setting: Setting, kind: SubjectKind, counted: Counted, source: Source, party: Party | None
) -> tuple[Any, tuple[Any, ...]]:
    """The column that says whose it is, and what must be joined for it."""
    if kind == "community":
        return _community(
            setting, counted.of, source.person.column if party is None else party.column
        ), ()
    if kind == "pair":
        return _pair(setting, counted, source, party)
    if kind == "group" and (party is None or party.unit):
        link_own = [EvidenceLink.community_id] if counted.of == "evidence" else []
        return func.coalesce(Activity.community_id, *link_own, literal("")), ()
    column = source.person.column if party is None else party.column
    if kind == "unit" and party is not None and not party.unit:
        home = aliased(Person)
        school: Any = home.school_id
        if counted.of == "evidence" and counted.counts_for is None:
            school = func.coalesce(EvidenceLink.school_id, home.school_id)
        return school, ((home, home.id == column),)
    return _group(setting, column, source.day) if kind == "group" else (column, ())


def _community(setting: Setting, of: str, person: Any) -> Any:
    """Where a record lies; one that lies nowhere is where its school is, else its person.

    With one community alone everything within reach is its own (``_within`` sees to that).
    """
    if len(setting.roster.communities) == 1:
        return literal(setting.roster.communities[0].id)
    if of in ("activity", "absence"):
        return Activity.community_id
    theirs: list[Any] = []
    if of == "evidence":
        link = EvidenceLink
        theirs = [
            link.community_id, link.school_id,
            select(Agreement.community_id).where(Agreement.id == link.agreement_id).scalar_subquery(),
            select(MentorPair.community_id).where(MentorPair.id == link.pair_id).scalar_subquery(),
        ]  # fmt: skip
    return func.coalesce(Activity.community_id, *theirs, person)


def _group(setting: Setting, person: Any, day: Any) -> tuple[Any, tuple[Any, ...]]:
    held = aliased(Appointment)
    groups = [one.id for one in setting.roster.groups]
    on = and_(held.person_id == person, held.community_id.in_(groups), on_day(held, day))
    return held.community_id, ((held, on),)


def _pair(
    setting: Setting, counted: Counted, source: Source, party: Party | None
) -> tuple[Any, tuple[Any, ...]]:
    """A pair has part in an activity where both were present, elsewhere where either has."""
    here = and_(MentorPair.community_id.in_(setting.scope), on_day(MentorPair, source.day))
    if source.first is Activity and counted.counts_for in (None, "attendee", "person"):
        one, two = aliased(Attendance), aliased(Attendance)
        return MentorPair.id, (
            (one, and_(one.activity_id == Activity.id, one.status == "present")),
            (two, and_(two.activity_id == Activity.id, two.status == "present")),
            (
                MentorPair,
                and_(MentorPair.mentor_id == one.person_id, MentorPair.mentee_id == two.person_id, here),
            ),
        )  # fmt: skip
    person = (party or source.person).column
    on = or_(MentorPair.mentor_id == person, MentorPair.mentee_id == person)
    if source.first is EvidenceLink:
        on = or_(on, MentorPair.id == EvidenceLink.pair_id)
    return MentorPair.id, ((MentorPair, and_(on, here)),)


def _within(setting: Setting, of: str, kind: SubjectKind, person: Any) -> list[ColumnElement[bool]]:
    """Only records of the community and of what hangs below it.

    A record that lies in no activity is the community's where its person or its school is.
    """
    here = Activity.community_id.in_(setting.scope)
    if of == "activity":
        return [here]
    if of == "absence":
        return [here, Attendance.status.in_(("leave", "absent"))]
    loose: list[ColumnElement[bool]] = [Activity.id.is_(None)]
    if kind in ("community", "group") and person is not None:
        loose.append(_ours(setting, person))
    elif kind == "community":
        loose.append(_ours(setting, SOURCES[of].person.column))
    if of != "evidence":
        return [or_(here, and_(*loose))]
    link, scope = EvidenceLink, setting.scope
    return [
        or_(
            here,
            link.assessment_item_id.in_(tuple(setting.items.values())),
            link.community_id.in_(scope),
            link.school_id.in_(_schools(setting)),
            link.pair_id.in_(select(MentorPair.id).where(MentorPair.community_id.in_(scope))),
            link.agreement_id.in_(select(Agreement.id).where(Agreement.community_id.in_(scope))),
            and_(
                or_(
                    link.person_id.is_not(None), link.lesson_id.is_not(None),
                    link.observation_id.is_not(None),
                ),
                *loose,
            ),
        )
    ]  # fmt: skip


def _schools(setting: Setting) -> Any:
    """Ids of the units that belong to the community in its year."""
    unit, year = CommunityUnit, setting.calendar.year
    return select(unit.school_id).where(
        unit.community_id.in_(setting.scope),
        or_(unit.starts_on.is_(None), unit.starts_on <= year.ends),
        or_(unit.ends_on.is_(None), unit.ends_on >= year.starts),
    )


def _ours(setting: Setting, person: Any) -> ColumnElement[bool]:
    """Whether somebody holds a role in the community in its year, or is of one of its units."""
    held, year = Appointment, setting.calendar.year
    holders = select(held.person_id).where(
        held.community_id.in_(setting.scope),
        or_(held.starts_on.is_(None), held.starts_on <= year.ends),
        or_(held.ends_on.is_(None), held.ends_on >= year.starts),
    )
    staff = select(Person.id).where(Person.school_id.in_(_schools(setting)))
    return or_(person.in_(holders), person.in_(staff))


def conditions(setting: Setting, counted: Counted, source: Source) -> list[ColumnElement[bool]]:
    """What ``where`` asks for."""
    where, of = counted.where, counted.of
    plain = (
        (Activity.kind, where.kind),
        (source.form, where.form),
        (Activity.stage, where.stage),
        (source.subject, where.teaches),
    )
    found: list[ColumnElement[bool]] = [column.in_(words) for column, words in plain if words]
    found += _levels(where, setting, source)
    if where.slot:
        found.append(_slot(where, of))
    if where.owner_role:
        found.append(_owner_role(where.owner_role, source, setting))
    if where.host:
        found.append(_hosted(where.host, setting))
    if where.school_stage:
        found.append(_stage(where.school_stage, of, source))
    if where.across_units is not None:
        across = func.coalesce(_across(of), false())  # of whom nothing is known are not several
        found.append(across if where.across_units else ~across)
    if where.days is not None:
        found += between(days_long(Activity.held_on, Activity.ends_on), where.days)
    return found + (_of_evidence(where, setting) if of == "evidence" else [])


def _of_evidence(where: Where, setting: Setting) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if where.item:
        ids = [setting.items[no] for no in where.item if no in setting.items]
        found.append(EvidenceLink.assessment_item_id.in_(ids))
    if where.sealed is not None:
        found.append(Evidence.sealed.is_(where.sealed))
    return found


def between(value: Any, wanted: Range) -> list[ColumnElement[bool]]:
    """The bounds of a range that are given."""
    found = []
    if wanted.at_least is not None:
        found.append(value >= wanted.at_least)
    if wanted.above is not None:
        found.append(value > wanted.above)
    if wanted.at_most is not None:
        found.append(value <= wanted.at_most)
    if wanted.below is not None:
        found.append(value < wanted.below)
    return found


def _slot(where: Where, of: str) -> ColumnElement[bool]:
    if of == "evidence":
        return EvidenceLink.slot.in_(where.slot)
    link = aliased(EvidenceLink)
    own = link.lesson_id == Lesson.id if of in ("lesson", "observation") else None
    here = link.activity_id == Activity.id
    return exists().where(link.slot.in_(where.slot), here if own is None else or_(own, here))


def _owner_role(roles: tuple[str, ...], source: Source, setting: Setting) -> ColumnElement[bool]:
    held = aliased(Appointment)
    return exists().where(
        held.person_id == source.person.column, held.role.in_(roles),
        held.community_id.in_(setting.scope), on_day(held, source.day),
    )  # fmt: skip


def _hosted(unit_roles: tuple[str, ...], setting: Setting) -> ColumnElement[bool]:
    unit, belongs = aliased(ActivityUnit), aliased(CommunityUnit)
    return exists().where(
        unit.activity_id == Activity.id,
        unit.role.in_(_HOSTING),
        belongs.school_id == unit.school_id,
        belongs.role.in_(unit_roles),
        belongs.community_id.in_(setting.scope),
        on_day(belongs, Activity.held_on),
    )


def level_words(level: str) -> tuple[str, ...]:
    """The ways in which a level is written, whichever of them it is: 国, 国家, 国家级."""
    plain = level.removesuffix("级")
    forms = ("国", "国家") if plain in ("国", "国家") else (plain,)
    return tuple(word for one in forms for word in (one, f"{one}级"))


def _levels(where: Where, setting: Setting, source: Source) -> list[ColumnElement[bool]]:
    levels = setting.scheme.scheme.levels
    found = []
    if where.level:
        found.append(source.level.in_([word for one in where.level for word in level_words(one)]))
    if where.level_at_least is not None:
        high = levels[levels.index(where.level_at_least) :]
        found.append(source.level.in_([word for one in high for word in level_words(one)]))
    return found


def _stage(stages: tuple[str, ...], of: str, source: Source) -> ColumnElement[bool]:
    if of in ("activity", "absence"):
        return exists().where(Community.id == Activity.community_id, Community.stage.in_(stages))
    person, school = aliased(Person), aliased(School)
    return exists().where(
        person.id == source.person.column,
        school.id == person.school_id,
        school.stage.in_(stages),
    )


def _across(of: str) -> ColumnElement[bool]:
    """People or units of at least two schools had a part in it."""
    there, person, unit = aliased(Attendance), aliased(Person), aliased(ActivityUnit)
    people = (
        there.activity_id == Activity.id,
        there.status == "present",
        person.id == there.person_id,
    )

    def of_people(pick: Any) -> Any:
        return select(pick(person.school_id)).where(*people).correlate(Activity).scalar_subquery()

    def of_units(pick: Any) -> Any:
        here = unit.activity_id == Activity.id
        return select(pick(unit.school_id)).where(here).correlate(Activity).scalar_subquery()

    several = or_(
        of_people(func.min) < of_people(func.max),
        of_units(func.min) < of_units(func.max),
        of_people(func.min) != of_units(func.min),
    )
    if of not in ("lesson", "observation"):
        return several
    teacher = aliased(Person)
    elsewhere = exists().where(
        teacher.id == Lesson.teacher_id, Lesson.school_id.is_not(None),
        teacher.school_id != Lesson.school_id,
    )  # fmt: skip
    return or_(several, Lesson.receiving_school_id.is_not(None), elsewhere)
