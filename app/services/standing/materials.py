"""Which materials each activity must leave, and which of them are there: all activities in one pass."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field, replace
from itertools import product
from typing import TYPE_CHECKING, Any

from sqlalchemy import case, func, select

from app.models import (
    Activity,
    ActivityUnit,
    Attendance,
    EvidenceLink,
    Lesson,
    Observation,
    PaperReceipt,
    Waiver,
)
from app.services.standing.periods import Span
from app.services.standing.schools import Schools, read_schools
from app.services.standing.sources import SPEAKER, UNIT_PARTS

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence
    from datetime import date

    from sqlalchemy.orm import Session

    from app.services.schemes.duties import ActivityKind, ActivitySlot
    from app.services.standing.reading import Setting

_IDS_AT_ONCE = 500
_NONE: Counter[tuple[str, str]] = Counter()


@dataclass(frozen=True, slots=True)
class Gap:
    """A material that an activity lacks."""

    slot: ActivitySlot
    missing: int
    paper: bool = False
    """The file is there, the paper is not."""
    whose: tuple[str, ...] = ()
    """Ids of the people (of the units, with ``each = "unit"``) from whom it is missing."""
    lessons: tuple[str, ...] = ()
    due: date | None = None
    schools: tuple[str, ...] = ()
    """Ids of the schools that hand in what is asked once of the activity (承办, 牵头学校 …)."""


@dataclass(frozen=True, slots=True)
class ActivityState:
    """An activity with what it was to leave: ``demanded`` and ``there`` count pieces."""

    id: str
    title: str
    kind: str
    community_id: str
    day: date | None
    demanded: int
    there: int
    gaps: tuple[Gap, ...]


@dataclass(slots=True)
class _Parts:
    """What belongs to activities, each by the activity's id."""

    keys: Mapping[str, int]
    """Slots asked once of an activity: the place of each in ``counts``."""
    counts: Mapping[str, Sequence[int]]
    """How many pieces lie in each of those."""
    filled: Mapping[str, Counter[tuple[str, str]]]
    """Pieces of the other slots, by slot and owner ('' where nobody is named)."""
    papers: Mapping[str, Counter[tuple[str, str]]]
    waived: Mapping[str, set[tuple[str, str]]]
    lessons: Mapping[str, list[tuple[str, str]]] = field(default_factory=dict)
    of_lessons: Mapping[str, Counter[tuple[str, str]]] = field(default_factory=dict)
    """Pieces by lesson: slot and owner, keyed by the lesson's id."""
    people: Mapping[str, dict[str, list[str]]] = field(default_factory=dict)
    """Who had which part: party of the scheme to ids."""
    schools: Schools = field(default_factory=Schools)


def activity_states(
    session: Session, setting: Setting, ids: Collection[str] | None = None
) -> dict[str, ActivityState]:
    """Every activity of the scheme's year (or those of ``ids`` that lie in it) with its gaps."""
    kinds = {kind.key: kind for kind in setting.scheme.activity}
    year = setting.calendar.year
    of_year = [
        Activity.community_id.in_(setting.scope),
        Activity.held_on.between(year.starts, year.ends),
    ]
    undated = [Activity.community_id.in_(setting.scope), Activity.held_on.is_(None)]
    found: dict[str, ActivityState] = {}
    # The two are asked for one after the other: together they would keep the index from being used.
    for here, some in product((of_year, undated), _chunks(ids)):
        narrow = [*here, Activity.id.in_(some)] if some is not None else here
        query = select(
            Activity.id, Activity.title, Activity.kind, Activity.form, Activity.community_id,
            Activity.held_on, Activity.ends_on, Activity.host_id, Activity.recorder_id,
        ).where(*narrow)  # fmt: skip
        rows = session.execute(query).all()
        parts = _read_parts(session, setting, narrow) if rows else None
        for row in rows:
            if parts is not None:
                found[row.id] = _state(row, kinds.get(row.kind), parts, setting)
    return found


def slot_needs(
    session: Session, setting: Setting, activity_id: str
) -> dict[str, tuple[int, Gap | None]]:
    """Of one activity, whenever it was: what each slot of its kind and form demands, and lacks."""
    here = [Activity.id == activity_id]
    row = session.execute(
        select(
            Activity.id, Activity.kind, Activity.form, Activity.community_id, Activity.held_on,
            Activity.ends_on, Activity.host_id, Activity.recorder_id,
        ).where(*here)
    ).one_or_none()  # fmt: skip
    kind = next(
        (one for one in setting.scheme.activity if row is not None and one.key == row.kind), None
    )
    if row is None or kind is None:
        return {}
    parts = _read_parts(session, setting, here)
    return {
        slot.key: _look(row, slot, parts, setting)
        for slot in kind.slots
        if not slot.forms or row.form in slot.forms
    }


def due_day(session: Session, setting: Setting, activity_id: str, key: str) -> date | None:
    """The last day for a material of an activity, whether it is there or not."""
    row = session.execute(
        select(Activity.kind, Activity.held_on, Activity.ends_on).where(Activity.id == activity_id)
    ).one()
    slots = (
        slot for kind in setting.scheme.activity if kind.key == row.kind for slot in kind.slots
    )
    slot = next((one for one in slots if one.key == key), None)
    return None if slot is None else _due(row, slot, setting)


def _chunks(ids: Collection[str] | None) -> Iterable[list[str] | None]:
    if ids is None:
        return [None]
    some = list(ids)
    return [some[at : at + _IDS_AT_ONCE] for at in range(0, len(some), _IDS_AT_ONCE)]


def _read_parts(session: Session, setting: Setting, here: list[Any]) -> _Parts:
    """Read only what some slot of the scheme asks about."""
    slots = [slot for kind in setting.scheme.activity for slot in kind.slots]
    each = {slot.each for slot in slots}
    parties = {party for slot in slots if slot.each in ("person", "unit") for party in slot.from_}
    once = tuple(dict.fromkeys(slot.key for slot in slots if slot.each == "activity"))
    rest = tuple(dict.fromkeys(slot.key for slot in slots if slot.each != "activity"))
    parts = _Parts(
        {key: place for place, key in enumerate(once)}, _counts(session, here, once),
        _links(session, here, rest), _papers(session, here), _waived(session, setting),
    )  # fmt: skip
    if "lesson" in each or parties & {"teacher", "observer"}:
        parts.lessons = _lessons(session, here)
        parts.of_lessons = _lesson_links(session, here)
    if each & {"person", "unit"}:
        parts.people = _people(session, here, parties)
    parts.schools = read_schools(session, setting, here)
    return parts


def _counts(session: Session, here: list[Any], keys: Sequence[str]) -> dict[str, Sequence[int]]:
    """One row for each activity, one figure for each slot: a tenth of the rows of a plain count."""
    if not keys:
        return {}
    columns = [func.sum(case((EvidenceLink.slot == key, 1), else_=0)) for key in keys]
    query = (
        select(EvidenceLink.activity_id, *columns)
        .join(Activity, Activity.id == EvidenceLink.activity_id)
        .where(*here)
        .group_by(EvidenceLink.activity_id)
    )
    return {row[0]: row[1:] for row in session.execute(query)}


def _links(
    session: Session, here: list[Any], keys: Sequence[str]
) -> dict[str, Counter[tuple[str, str]]]:
    found: dict[str, Counter[tuple[str, str]]] = defaultdict(Counter)
    if not keys:
        return found
    query = (
        select(EvidenceLink.activity_id, EvidenceLink.slot, EvidenceLink.owner_id, func.count())
        .join(Activity, Activity.id == EvidenceLink.activity_id)
        # Not by the index of slots, which knows no year: the activities narrow it down much further.
        .where(*here, func.coalesce(EvidenceLink.slot, "").in_(keys))
        .group_by(EvidenceLink.activity_id, EvidenceLink.slot, EvidenceLink.owner_id)
    )
    for activity, slot, owner, count in session.execute(query):
        found[activity or ""][slot, owner or ""] = count
    return found


def _papers(session: Session, here: list[Any]) -> dict[str, Counter[tuple[str, str]]]:
    found: dict[str, Counter[tuple[str, str]]] = defaultdict(Counter)
    query = (
        select(
            Activity.id, PaperReceipt.slot, PaperReceipt.owner_id, PaperReceipt.lesson_id,
            PaperReceipt.copies,
        )
        .select_from(PaperReceipt)
        .outerjoin(Lesson, Lesson.id == PaperReceipt.lesson_id)
        .join(Activity, Activity.id == func.coalesce(PaperReceipt.activity_id, Lesson.activity_id))
        .where(*here)
    )  # fmt: skip
    for activity, slot, owner, lesson, copies in session.execute(query):
        found[activity][slot, lesson or owner or ""] += copies
    return found


def _waived(session: Session, setting: Setting) -> dict[str, set[tuple[str, str]]]:
    """By activity ('' for all of them): the slot and the person or lesson that need not have it."""
    found: dict[str, set[tuple[str, str]]] = defaultdict(set)
    query = (
        select(Waiver.activity_id, Lesson.activity_id, Lesson.id, Waiver.slot, Waiver.person_id)
        .outerjoin(Lesson, Lesson.id == Waiver.lesson_id)
        .where(
            Waiver.adoption_id == setting.adoption_id,
            Waiver.school_id.is_(None), Waiver.community_id.is_(None), Waiver.pair_id.is_(None),
        )
    )  # fmt: skip
    for activity, of_lesson, lesson, slot, person in session.execute(query):
        found[activity or of_lesson or ""].add((slot, person or lesson or ""))
    return found


def _lessons(session: Session, here: list[Any]) -> dict[str, list[tuple[str, str]]]:
    found: dict[str, list[tuple[str, str]]] = defaultdict(list)
    query = (
        select(Lesson.activity_id, Lesson.id, Lesson.teacher_id)
        .join(Activity, Activity.id == Lesson.activity_id)
        .where(*here)
        .order_by(Lesson.id)
    )
    for activity, lesson, teacher in session.execute(query):
        found[activity or ""].append((lesson, teacher))
    return found


def _lesson_links(session: Session, here: list[Any]) -> dict[str, Counter[tuple[str, str]]]:
    found: dict[str, Counter[tuple[str, str]]] = defaultdict(Counter)
    query = (
        select(EvidenceLink.lesson_id, EvidenceLink.slot, EvidenceLink.owner_id, func.count())
        .join(Lesson, Lesson.id == EvidenceLink.lesson_id)
        .join(Activity, Activity.id == Lesson.activity_id)
        .where(*here)
        .group_by(EvidenceLink.lesson_id, EvidenceLink.slot, EvidenceLink.owner_id)
    )
    for lesson, slot, owner, count in session.execute(query):
        found[lesson or ""][slot, owner or ""] = count
    return found


def _people(
    session: Session, here: list[Any], parties: Collection[str]
) -> dict[str, dict[str, list[str]]]:
    found: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    attended = (
        select(Attendance.activity_id, Attendance.person_id, Attendance.status, Attendance.part)
        .join(Activity, Activity.id == Attendance.activity_id)
        .where(*here, Attendance.status != "expected")
        .order_by(Attendance.id)
    )
    for activity, person, status, part in session.execute(attended):
        there = found[activity]
        there["attendee" if status == "present" else "absentee"].append(person)
        if part == SPEAKER:
            there["speaker"].append(person)
    units = (
        select(ActivityUnit.activity_id, ActivityUnit.school_id, ActivityUnit.role)
        .join(Activity, Activity.id == ActivityUnit.activity_id)
        .where(*here)
        .order_by(ActivityUnit.id)
    )
    by_word = {word: party for party, word in UNIT_PARTS.items()}
    for activity, school, word in session.execute(units):
        found[activity]["unit"].append(school)
        found[activity][by_word.get(word, "")].append(school)
    if "observer" in parties:
        observed = (
            select(Lesson.activity_id, Observation.observer_id)
            .join(Observation, Observation.lesson_id == Lesson.id)
            .join(Activity, Activity.id == Lesson.activity_id)
            .where(*here)
            .order_by(Observation.id)
        )
        for of_lesson, observer in session.execute(observed):
            found[of_lesson or ""]["observer"].append(observer)
    return found


def _state(row: Any, kind: ActivityKind | None, parts: _Parts, setting: Setting) -> ActivityState:
    demanded = there = 0
    gaps = []
    counts = parts.counts.get(row.id)
    for slot in kind.slots if kind else ():
        if slot.optional or (slot.forms and row.form not in slot.forms):
            continue
        plain = slot.each == "activity" and slot.medium != "both" and counts is not None
        if plain and counts[parts.keys[slot.key]] >= slot.count:  # type: ignore[index]
            demanded += slot.count  # most are there: not looked at further
            there += slot.count
            continue
        need, gap = _look(row, slot, parts, setting)
        demanded += need
        there += need - (gap.missing if gap else 0)
        if gap is not None:
            gaps.append(gap)
    return ActivityState(
        row.id, row.title, row.kind, row.community_id, row.held_on, demanded, there, tuple(gaps)
    )


def _look(
    row: Any,
    slot: ActivitySlot,
    parts: _Parts,
    setting: Setting,
) -> tuple[int, Gap | None]:
    """How many pieces a slot demands of an activity, and what is lacking of them."""
    waived = (
        {
            person
            for where in (row.id, "")
            for key, person in parts.waived.get(where, ())
            if key == slot.key
        }
        if parts.waived
        else ()
    )
    if "" in waived:
        return 0, None
    papers = parts.papers.get(row.id) or _NONE
    if slot.each == "activity":
        need = slot.count
        counts = parts.counts.get(row.id)
        files = counts[parts.keys[slot.key]] if counts is not None else 0
        sheets = sum(count for (key, _owner), count in papers.items() if key == slot.key)
        gap = _gap(slot, files, sheets, _handed_by(row, slot), _due(row, slot, setting))
        if gap is not None and slot.from_:
            gap = replace(gap, schools=parts.schools.owing(row.id, row.community_id, slot))
        return need, gap
    if slot.each == "lesson":
        wanted = [
            (lesson, one)
            for lesson, one in parts.lessons.get(row.id, ())
            if one not in waived and lesson not in waived
        ]
        return _of_each(row, slot, wanted, parts, setting)
    people = [one for one in _expected(row, slot, parts, setting) if one not in waived]
    return _of_each(row, slot, [("", one) for one in people], parts, setting)


def _gap(
    slot: ActivitySlot, files: int, sheets: int, whose: tuple[str, ...], due: date | None
) -> Gap | None:
    """Paper and files each count for what the slot takes; ``both`` wants as many of either."""
    if slot.medium == "both" and files >= slot.count:
        short = slot.count - sheets
        return Gap(slot, short, paper=True, whose=whose, due=due) if short > 0 else None
    short = slot.count - files - (0 if slot.medium in ("file", "both") else sheets)
    return Gap(slot, short, whose=whose, due=due) if short > 0 else None


def _due(row: Any, slot: ActivitySlot, setting: Setting) -> date | None:
    """The last day for a material of the activity: the next one that the rule means."""
    if slot.due is None:
        return None
    day = row.ends_on or row.held_on
    days = setting.calendar.days(slot.due, activity=day)
    return next((one for one in days if day is None or one >= day), days[-1] if days else None)


def _handed_by(row: Any, slot: ActivitySlot) -> tuple[str, ...]:
    """Who hands in what is asked once of the activity, as far as the activity itself tells."""
    named = {"leader": row.host_id, "recorder": row.recorder_id}
    return tuple(dict.fromkeys(named[one] for one in slot.from_ if named.get(one)))


def _expected(row: Any, slot: ActivitySlot, parts: _Parts, setting: Setting) -> list[str]:
    """The people (units) each of whom owes a piece."""
    there = parts.people.get(row.id) or {}
    if slot.each == "unit":
        listed = [one for party in slot.from_ or ("unit",) for one in there.get(party, ())]
        return list(dict.fromkeys(listed))
    found: list[str] = []
    roster, day = setting.roster, row.held_on
    for party in slot.from_ or ("attendee",):
        match party:
            case "leader":
                found += [row.host_id] if row.host_id else []
            case "recorder":
                found += [row.recorder_id] if row.recorder_id else []
            case "teacher":
                found += [teacher for _lesson, teacher in parts.lessons.get(row.id, ())]
            case "attendee" | "absentee" | "speaker" | "observer":
                found += there.get(party, ())
            case "owner" | "person":
                found += there.get("attendee", ())
            case role:
                found += [
                    one
                    for one in there.get("attendee", ())
                    if one in roster.people
                    and any(
                        held.role == role and (day is None or held.within(Span("", day, day)))
                        for held in roster.people[one].held
                    )
                ]
    return list(dict.fromkeys(found))


def _of_each(
    row: Any,
    slot: ActivitySlot,
    wanted: Sequence[tuple[str, str]],
    parts: _Parts,
    setting: Setting,
) -> tuple[int, Gap | None]:
    """One (or more) from each: named pieces first, then those without a name fill up the rest."""
    need = slot.count * len(wanted)
    if _plainly_there(row.id, slot, wanted, parts):
        return need, None
    own_files, own_papers = _owned(row.id, slot, parts, setting)
    lacking: list[tuple[str, str]] = []
    no_paper: list[tuple[str, str]] = []
    short, bare = _left(slot, wanted, own_files, own_papers, parts)
    missing = sum(short)
    for one, files, sheets in zip(wanted, short, bare, strict=True):
        if files:
            lacking.append(one)
        elif sheets:
            no_paper.append(one)
    if not lacking and not no_paper:
        return need, None
    paper = not lacking
    some = no_paper if paper else lacking
    whose_ = tuple(dict.fromkeys(one for _lesson, one in some))
    lessons = tuple(lesson for lesson, _one in some if lesson)
    count = sum(bare) if paper else missing
    return need, Gap(slot, count, paper, whose_, lessons, _due(row, slot, setting))


def _plainly_there(
    activity: str, slot: ActivitySlot, wanted: Sequence[tuple[str, str]], parts: _Parts
) -> bool:
    """Seen at a glance, as for most: enough pieces of nobody, or of each person or lesson its own."""
    if slot.medium == "both":
        return False
    pool, key = parts.filled.get(activity) or _NONE, slot.key
    if pool[key, ""] >= slot.count * len(wanted):
        return True
    if slot.each == "person":
        return all(pool[key, whose] >= slot.count for _lesson, whose in wanted)
    own = (parts.of_lessons.get(lesson) or _NONE for lesson, _whose in wanted)
    return slot.each == "lesson" and all(
        one[key, teacher] + one[key, ""] >= slot.count
        for one, (_lesson, teacher) in zip(own, wanted, strict=True)
    )


def _owned(
    activity: str, slot: ActivitySlot, parts: _Parts, setting: Setting
) -> tuple[Counter[str], Counter[str]]:
    """Pieces and papers of a slot by whose they are; of units by the school of whoever owns them."""
    people = setting.roster.people
    teachers = dict(parts.lessons.get(activity, ()))
    found: list[Counter[str]] = []
    for some in (parts.filled.get(activity) or _NONE, parts.papers.get(activity) or _NONE):
        of: Counter[str] = Counter()
        for (key, owner), number in some.items():
            if key == slot.key:
                whose = owner if slot.each == "lesson" else teachers.get(owner, owner)
                if slot.each == "unit":
                    whose = (people[whose].school_id if whose in people else None) or ""
                of[whose] += number
        found.append(of)
    return found[0], found[1]


def _left(
    slot: ActivitySlot,
    wanted: Sequence[tuple[str, str]],
    files: Counter[str],
    papers: Counter[str],
    parts: _Parts,
) -> tuple[list[int], list[int]]:
    """Of each that is wanted, how many pieces and how many papers are lacking.

    A piece counts once: first those of the lesson itself, then of its person, then those of nobody.
    """
    short, bare = [slot.count] * len(wanted), [slot.count] * len(wanted)
    both = slot.medium == "both"
    for at, (lesson, _whose) in enumerate(wanted):
        own = parts.of_lessons.get(lesson, _NONE) if lesson else _NONE
        there = sum(number for (key, _owner), number in own.items() if key == slot.key)
        short[at] = max(short[at] - there, 0)
    turns = [[whose for _lesson, whose in wanted], [""] * len(wanted)]
    if slot.each == "lesson":
        turns.insert(0, [lesson for lesson, _whose in wanted])
    for names in turns:
        for at, name in enumerate(names):
            _use(short, at, files, name)
            if slot.medium != "file":
                _use(bare if both else short, at, papers, name)
    return short, bare if both else [0] * len(wanted)


def _use(lacking: list[int], at: int, pool: Counter[str], name: str) -> None:
    """Fill what is lacking from what somebody has, and take it away there."""
    used = min(lacking[at], pool[name])
    pool[name] -= used
    lacking[at] -= used
