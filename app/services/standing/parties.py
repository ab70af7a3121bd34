"""Through whom a record belongs to somebody: the parts of people and units in it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    and_,
    func,
    literal,
    or_,
    select,
)
from sqlalchemy.orm import aliased

from app.models import (
    Activity,
    Agreement,
    Appointment,
    Attendance,
    CommunityUnit,
    EvidenceLink,
    Lesson,
    MentorPair,
    Observation,
    Person,
)
from app.services.standing.sources import (
    SPEAKER,
    UNIT_PARTS,
    Party,
    Source,
    attended,
    observed,
    on_day,
    signed,
    taking_part,
    taught,
)

if TYPE_CHECKING:
    from app.services.schemes.parts import Counted, SubjectKind
    from app.services.standing.reading import Setting


def party_of(setting: Setting, counted: Counted, kind: SubjectKind, source: Source) -> Party | None:
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
        return Party(
            taking_part.school_id,
            ((taking_part, taking_part.activity_id == Activity.id),),
            unit=True,
        )
    personal = kind in ("person", "unit") or counted.measure in ("people", "units")
    return source.person if personal else None


def _person_party(wanted: str, source: Source) -> Party:
    lessons = (taught, taught.activity_id == Activity.id)
    status = signed.status
    present = and_(attended[1], status == "present")
    of_lesson = source.first in (Lesson, Observation)
    parties = {
        "leader": Party(Activity.host_id),
        "recorder": Party(Activity.recorder_id),
        "teacher": Party(Lesson.teacher_id) if of_lesson else Party(taught.teacher_id, (lessons,)),
        "speaker": Party(signed.person_id, ((signed, and_(present, signed.part == SPEAKER)),)),
        "attendee": Party(signed.person_id, ((signed, present),)),
        "absentee": Party(
            signed.person_id,
            ((signed, and_(attended[1], status.in_(("leave", "absent")))),),
        ),
    }
    if wanted == "observer":
        if source.first is Observation:
            return Party(Observation.observer_id)
        if source.first is Lesson:
            return Party(observed.observer_id, ((observed, observed.lesson_id == Lesson.id),))
        return Party(observed.observer_id, (lessons, (observed, observed.lesson_id == taught.id)))
    return parties.get(wanted, source.person)


def _with_role(source: Source, role: str, setting: Setting) -> Party:
    held, party = aliased(Appointment), source.person
    on = and_(
        held.person_id == party.column, held.role == role,
        held.community_id.in_(setting.scope), on_day(held, source.day),
    )  # fmt: skip
    return Party(party.column, (*party.joins, (held, on)))


def _hosting(part: str | None, unit_role: str | None, setting: Setting) -> Party:
    on = [taking_part.activity_id == Activity.id]
    if part is not None:
        on.append(taking_part.role == part)
    joins: tuple[Any, ...] = ((taking_part, and_(*on)),)
    if unit_role is not None:
        belongs = aliased(CommunityUnit)
        held = and_(
            belongs.school_id == taking_part.school_id, belongs.role == unit_role,
            belongs.community_id.in_(setting.scope), on_day(belongs, Activity.held_on),
        )  # fmt: skip
        joins = (*joins, (belongs, held))
    return Party(taking_part.school_id, joins, unit=True)


def subject_of(
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

    With one community alone everything within reach is its own (``within`` sees to that).
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
