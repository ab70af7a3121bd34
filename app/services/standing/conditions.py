"""Which records are meant: those within the community, and what ``where`` asks for, as SQL."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    ColumnElement,
    and_,
    exists,
    false,
    func,
    or_,
    select,
)
from sqlalchemy.orm import aliased

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
    Person,
    School,
)
from app.services.standing.sources import (
    HOSTING,
    SOURCES,
    Source,
    days_long,
    on_day,
)

if TYPE_CHECKING:
    from app.services.schemes.parts import Counted, Range, SubjectKind, Where
    from app.services.standing.reading import Setting


def within(setting: Setting, of: str, kind: SubjectKind, person: Any) -> list[ColumnElement[bool]]:
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
        unit.role.in_(HOSTING),
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
