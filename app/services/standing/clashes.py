"""Records that contradict each other: two places at once, absent but teaching, entered twice."""

from __future__ import annotations

from collections import defaultdict
from itertools import combinations
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, literal, null, select, union_all

from app.models import Activity, Attendance, Community, Lesson, Observation, Person, School
from app.services.observations.periods import overlap, written
from app.services.search.folding import fold
from app.services.standing.records import Finding

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence
    from datetime import date

    from sqlalchemy import Select, Subquery
    from sqlalchemy.orm import Session

    from app.services.standing.records import FindingKind, Severity

_AWAY = {"leave": "请假", "absent": "缺席"}


class Scope:
    """The records of some communities and of all below them, within days."""

    def __init__(
        self, session: Session, community_ids: Collection[str], first: date, last: date
    ) -> None:
        self.session, self.first, self.last = session, first, last
        self.communities = set(community_ids)
        level = list(self.communities)
        while level:
            below = select(Community.id).where(Community.parent_id.in_(level))
            level = [one for one in session.scalars(below) if one not in self.communities]
            self.communities.update(level)

    def holds(self, day: date | None, community_id: str | None) -> bool:
        """Whether a record belongs here; a lesson in no activity belongs to whoever asks."""
        here = community_id is None or community_id in self.communities
        return here and day is not None and self.first <= day <= self.last


def day_words(day: date | None) -> str:
    """A day as the list says it."""
    return f"{day.year}年{day.month}月{day.day}日" if day else "日期不详"


def lesson_words(title: str) -> str:
    """A lesson as the list says it."""
    return f"《{title}》" if title else "一节课"


def who(name: str | None, school: str | None) -> str:
    """A person with the school, as far as they are known."""
    return f"{name}（{school}）" if name and school else name or ""


# -- two lessons at the same time --------------------------------------------------------------


def in_lessons(scope: Scope) -> Iterator[Finding]:
    """One person in two lessons of a 节次: two observed, observed and taught, or two taught."""
    groups: dict[tuple[str, date], list[Any]] = defaultdict(list)
    for row in scope.session.execute(_in_lessons(scope)):
        groups[row.person_id, row.day].append(row)
    for rows in groups.values():
        for one, other in combinations(rows, 2):
            if one.lesson_id == other.lesson_id or not overlap(one.period, other.period):
                continue
            if not any(scope.holds(row.day, row.community_id) for row in (one, other)):
                continue
            if found := _lessons_clash(one, other):
                yield found


def _in_lessons(scope: Scope) -> Select[Any]:
    """Who was in lessons more than once a day, as teacher or observer, with the lessons."""
    observed_on = func.coalesce(Observation.observed_on, Lesson.taught_on)
    lesson = (
        Lesson.id.label("lesson_id"), Lesson.teacher_id, Lesson.period, Lesson.title,
        Lesson.class_name, Lesson.activity_id,
    )  # fmt: skip
    observed = (
        select(
            Observation.id, Observation.observer_id.label("person_id"), observed_on.label("day"),
            *lesson, Observation.overlap_reason.label("reason"),
        )
        .join(Lesson, Lesson.id == Observation.lesson_id)
        .where(observed_on.between(scope.first, scope.last), Lesson.period != "")
    )  # fmt: skip
    taught = select(
        null().label("id"), Lesson.teacher_id.label("person_id"), Lesson.taught_on.label("day"),
        *lesson, literal("").label("reason"),
    ).where(Lesson.taught_on.between(scope.first, scope.last), Lesson.period != "")  # fmt: skip
    there = union_all(observed, taught).subquery()
    busy = _busy(select(there.c.person_id, there.c.day), there.c.person_id, there.c.day)
    return (
        select(there, Activity.community_id, *_named())
        .join(busy, (busy.c.person_id == there.c.person_id) & (busy.c.day == there.c.day))
        .join(Person, Person.id == there.c.person_id)
        .outerjoin(School, School.id == Person.school_id)
        .outerjoin(Activity, Activity.id == there.c.activity_id)
        .order_by(there.c.day, there.c.lesson_id, there.c.id)
    )


def _busy(rows: Any, person: Any, day: Any) -> Subquery:
    found: Subquery = rows.group_by(person, day).having(func.count() > 1).subquery()
    return found


def _named() -> tuple[Any, ...]:
    return Person.name, Person.school_id, School.name.label("school")


def _lessons_clash(one: Any, other: Any) -> Finding | None:
    taught = [row for row in (one, other) if row.id is None]
    if len(taught) == 2 and _same_lesson(one, other):
        what = f"{lesson_words(one.title)}这节课登记了两次"
        return _finding("duplicate", "warning", what, (one, other))
    if not taught and one.teacher_id == other.teacher_id:
        return None  # the two lessons themselves clash, which is told of the teacher
    said = [f"{'上' if row.id is None else '听'}{lesson_words(row.title)}" for row in (one, other)]
    reason = one.reason or other.reason
    what = f"{one.name}同一节次既{said[0]}，又{said[1]}"
    if reason:
        return _finding("overlap", "notice", f"{what}（说明：{reason}）", (one, other))
    return _finding("overlap", "warning", what, (one, other))


def _same_lesson(one: Any, other: Any) -> bool:
    """Title and class say the same, or one of the two was left empty."""
    pairs = ((one.title, other.title), (one.class_name, other.class_name))
    return all(not a.strip() or not b.strip() or fold(a) == fold(b) for a, b in pairs)


def _finding(kind: FindingKind, severity: Severity, what: str, rows: Sequence[Any]) -> Finding:
    """Of two records in lessons; it is mended in the one that was made later."""
    ids = sorted(row.id or row.lesson_id for row in rows)
    late = max(rows, key=lambda row: str(row.id or row.lesson_id))
    record = f"observation:{late.id}" if late.id else f"lesson:{late.lesson_id}"
    return Finding(
        key=f"{kind}:{ids[0]}:{ids[1]}",
        kind=kind,
        severity=severity,
        what=what,
        where=f"{day_words(late.day)} {written(late.period)}",
        record=record,
        activity_id=late.activity_id or "",
        person_id=late.person_id,
        school_id=late.school_id or "",
        who=who(late.name, late.school),
    )


# -- two activities at the same time -----------------------------------------------------------


def at_activities(scope: Scope) -> Iterator[Finding]:
    """One person present at two activities of a day whose clock times overlap."""
    present = (
        Attendance.status == "present",
        Activity.held_on.between(scope.first, scope.last),
        Activity.starts_at.is_not(None),
    )
    joined = select(Attendance.person_id, Activity.held_on.label("day")).join(
        Activity, Activity.id == Attendance.activity_id
    )
    busy = _busy(joined.where(*present), Attendance.person_id, Activity.held_on)
    query = (
        select(
            Activity.id, Activity.title, Activity.kind, Activity.community_id, Activity.starts_at,
            Activity.ends_at, Activity.held_on, Attendance.person_id, *_named(),
        )
        .join(Attendance, Attendance.activity_id == Activity.id)
        .join(busy, (busy.c.person_id == Attendance.person_id) & (busy.c.day == Activity.held_on))
        .join(Person, Person.id == Attendance.person_id)
        .outerjoin(School, School.id == Person.school_id)
        .where(*present)
        .order_by(Activity.held_on, Activity.id)
    )  # fmt: skip
    groups: dict[tuple[str, date], list[Any]] = defaultdict(list)
    for row in scope.session.execute(query):
        groups[row.person_id, row.held_on].append(row)
    for rows in groups.values():
        for one, other in combinations(rows, 2):
            here = scope.communities & {one.community_id, other.community_id}
            if here and _same_time(one, other) and not _same_activity(one, other):
                yield _meeting(one, other)


def _same_time(one: Any, other: Any) -> bool:
    """An activity whose end is not known is there at its beginning."""
    ends = [row.ends_at or row.starts_at for row in (one, other)]
    return bool(
        one.starts_at == other.starts_at or (one.starts_at < ends[1] and other.starts_at < ends[0])
    )


def _meeting(one: Any, other: Any) -> Finding:
    return Finding(
        key=f"overlap:{one.id}:{other.id}:{one.person_id}",
        kind="overlap",
        severity="warning",
        what=f"{one.name}同一时间在“{one.title}”和“{other.title}”都签到",
        where=f"{day_words(one.held_on)} {max(one.starts_at, other.starts_at):%H:%M}",
        record=f"activity:{other.id}",
        activity_id=other.id,
        person_id=one.person_id,
        school_id=one.school_id or "",
        who=who(one.name, one.school),
    )


# -- absent, twice -----------------------------------------------------------------------------


def absent(scope: Scope) -> Iterator[Finding]:
    """Marked as on leave or absent in an activity, but taught in it or observed."""
    columns = (
        Activity.id, Activity.title.label("activity"), Activity.held_on, Activity.community_id,
        Attendance.person_id, Attendance.status, Lesson.title, *_named(),
    )  # fmt: skip
    base = (
        select(*columns)
        .join(Attendance, Attendance.activity_id == Activity.id)
        .join(Lesson, Lesson.activity_id == Activity.id)
        .join(Person, Person.id == Attendance.person_id)
        .outerjoin(School, School.id == Person.school_id)
        .where(Attendance.status.in_(_AWAY), Activity.held_on.between(scope.first, scope.last))
        .order_by(Activity.held_on, Activity.id, Person.id, Lesson.id)
    )
    own = base.where(Lesson.teacher_id == Attendance.person_id)
    heard = base.join(
        Observation,
        (Observation.lesson_id == Lesson.id) & (Observation.observer_id == Attendance.person_id),
    )
    told: set[str] = set()
    for query, did in ((own, "上了"), (heard, "听了")):
        for row in scope.session.execute(query):
            key = f"absent:{row.id}:{row.person_id}"
            if row.community_id not in scope.communities or key in told:
                continue
            told.add(key)
            yield Finding(
                key=key,
                kind="absent",
                severity="warning",
                what=f"{row.name}登记为{_AWAY[row.status]}，却{did}{lesson_words(row.title)}",
                where=f"{day_words(row.held_on)}“{row.activity}”",
                record=f"activity:{row.id}",
                activity_id=row.id,
                person_id=row.person_id,
                school_id=row.school_id or "",
                who=who(row.name, row.school),
            )


def activities_twice(scope: Scope) -> Iterator[Finding]:
    """Two activities of the same community, kind, day and title."""
    same = (Activity.community_id, Activity.kind, Activity.held_on)
    several = (
        select(*same)
        .where(Activity.held_on.between(scope.first, scope.last))
        .group_by(*same)
        .having(func.count() > 1)
        .subquery()
    )
    query = (
        select(Activity.id, Activity.title, *same)
        .join(
            several,
            (several.c.community_id == Activity.community_id)
            & (several.c.kind == Activity.kind)
            & (several.c.held_on == Activity.held_on),
        )
        .order_by(Activity.held_on, Activity.id)
    )
    firsts: dict[tuple[Any, ...], Any] = {}
    for row in scope.session.execute(query):
        if row.community_id not in scope.communities:
            continue
        first = firsts.setdefault((row.community_id, row.kind, row.held_on, fold(row.title)), row)
        if first is not row:
            yield Finding(
                key=f"duplicate:{first.id}:{row.id}",
                kind="duplicate",
                severity="warning",
                what=f"活动“{row.title}”登记了两次",
                where=day_words(row.held_on),
                record=f"activity:{row.id}",
                activity_id=row.id,
            )


def _same_activity(one: Any, other: Any) -> bool:
    return bool(
        (one.community_id, one.kind) == (other.community_id, other.kind)
        and fold(one.title) == fold(other.title)
    )
