"""一张表: the synchronous lessons of a week or a term by weekday and period, and what collides."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING

from sqlalchemy import or_, select
from sqlalchemy.orm import aliased

from app.models import Lesson, Person, School
from app.services.entry.computed import week_of
from app.services.entry.sheets.activities import lessons_of
from app.services.observations.periods import overlap, written

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

    from sqlalchemy.orm import Session

    from app.services.entry.fields import Scope

SYNCHRONOUS = "同步课堂"
WEEKDAYS = ("星期一", "星期二", "星期三", "星期四", "星期五", "星期六", "星期日")
NO_PERIOD = "节次未定"
_DIGITS = "零一二三四五六七八九十"
_PARTS = ("早", "上午", "中午", "", "下午", "晚")


@dataclass(frozen=True, slots=True)
class Slot:
    """A lesson in the table: who teaches which class, and who receives it."""

    lesson_ids: tuple[str, ...]
    weekday: int
    period: str
    teacher: str
    sends: str
    """School and class in front of the teacher."""
    receives: str
    """School, class and teacher at the other end."""
    subject: str
    title: str
    when: str
    """The day, or in a term the weeks."""
    conflict: str
    """What collides, in words; empty: nothing."""

    @property
    def lines(self) -> tuple[str, ...]:
        """The lesson as the cell writes it."""
        head = " ".join(filter(None, (self.subject, self.teacher)))
        way = f"{self.sends} → {self.receives}" if self.receives else self.sends
        title = f"《{self.title}》" if self.title else ""
        warning = f"冲突：{self.conflict}" if self.conflict else ""
        return tuple(filter(None, (head, title, way, self.when, warning)))


@dataclass(frozen=True, slots=True)
class Timetable:
    """The table: columns are weekdays, rows are periods."""

    first: date
    last: date
    weekdays: tuple[int, ...]
    periods: tuple[str, ...]
    slots: tuple[Slot, ...]
    conflicts: tuple[str, ...]
    schools: tuple[tuple[str, str], ...]
    """Every school that takes part, for the filter: id and name."""

    def at(self, weekday: int, period: str) -> tuple[Slot, ...]:
        """Lessons of one cell."""
        return tuple(s for s in self.slots if s.weekday == weekday and s.period == period)

    def grid(self) -> list[list[str]]:
        """The table as texts: first the titles, then a row for each period."""
        head = ["节次", *(WEEKDAYS[day] for day in self.weekdays)]
        rows = [
            [period, *("\n\n".join("\n".join(one.lines) for one in self.at(day, period))
                       for day in self.weekdays)]
            for period in self.periods
        ]  # fmt: skip
        return [head, *rows]


@dataclass(frozen=True, slots=True)
class _Lesson:
    """One synchronous lesson of a day."""

    id: str
    day: date
    period: str
    teacher_id: str
    teacher: str
    school_id: str
    school: str
    class_name: str
    to_school_id: str
    to_school: str
    to_class: str
    to_teacher_id: str
    to_teacher: str
    subject: str
    title: str

    def same_lesson(self, other: _Lesson) -> bool:
        """One lesson that goes to several schools at once stands in the book once for each."""
        return (self.teacher_id, self.school_id, self.class_name, self.title) == (
            other.teacher_id, other.school_id, other.class_name, other.title,
        )  # fmt: skip


def timetable_of(
    session: Session, scope: Scope, first: date, last: date, school_id: str
) -> Timetable:
    """Synchronous lessons of some days; with ``school_id`` only those that the school takes part in."""
    lessons = _lessons(session, scope, first, last)
    clashes = _clashes(lessons)
    pairs = ((x.school_id, x.school) for x in lessons)
    receiving = ((x.to_school_id, x.to_school) for x in lessons)
    schools = {school: name for school, name in (*pairs, *receiving) if school}
    shown = [x for x in lessons if not school_id or school_id in (x.school_id, x.to_school_id)]
    one_week = (last - first).days < 7
    slots = _slots(shown, clashes, scope, one_week=one_week)
    days = range(max([4, *(slot.weekday for slot in slots)]) + 1)
    periods = sorted({slot.period for slot in slots}, key=period_order)
    told = dict.fromkeys(
        f"{x.day.month}月{x.day.day}日（{WEEKDAYS[x.day.weekday()]}）{x.period}：{text}"
        for x in shown
        for text in clashes.get(x.id, ())
    )
    names = sorted(schools.items(), key=lambda pair: pair[1])
    return Timetable(first, last, tuple(days), tuple(periods), slots, tuple(told), tuple(names))


def _lessons(session: Session, scope: Scope, first: date, last: date) -> list[_Lesson]:
    teacher, other = aliased(Person), aliased(Person)
    place, own, receiving = aliased(School), aliased(School), aliased(School)
    query = (
        select(Lesson, teacher, other.name, place, own, receiving)
        .join(teacher, teacher.id == Lesson.teacher_id)
        .outerjoin(other, other.id == Lesson.receiving_teacher_id)
        .outerjoin(place, place.id == Lesson.school_id)
        .outerjoin(own, own.id == teacher.school_id)
        .outerjoin(receiving, receiving.id == Lesson.receiving_school_id)
        .where(
            Lesson.taught_on.between(first, last),
            or_(Lesson.form == SYNCHRONOUS, Lesson.receiving_school_id.is_not(None)),
            lessons_of(scope),
        )
        .order_by(Lesson.taught_on, Lesson.id)
    )
    return [
        _Lesson(
            row.id, row.taught_on, written(row.period) or NO_PERIOD, row.teacher_id, person.name,
            row.school_id or person.school_id or "", _short(at or home),
            row.class_name, row.receiving_school_id or "", _short(to_school), row.receiving_class,
            row.receiving_teacher_id or "", to_teacher or "", row.subject, row.title,
        )
        for row, person, to_teacher, at, home, to_school in session.execute(query)
        if row.taught_on is not None
    ]  # fmt: skip


def _short(school: School | None) -> str:
    return "" if school is None else school.short_name or school.name


def _clashes(lessons: Sequence[_Lesson]) -> dict[str, tuple[str, ...]]:
    """What each lesson collides with: the same teacher or class twice at one time."""
    by_day: dict[date, list[_Lesson]] = defaultdict(list)
    for lesson in lessons:
        by_day[lesson.day].append(lesson)
    found: dict[str, tuple[str, ...]] = {}
    for some in by_day.values():
        for one, other in combinations(some, 2):
            if one.period == NO_PERIOD or not overlap(one.period, other.period):
                continue
            for text in _shared(one, other):
                for lesson in (one, other):
                    found[lesson.id] = tuple(dict.fromkeys((*found.get(lesson.id, ()), text)))
    return found


def _shared(one: _Lesson, other: _Lesson) -> list[str]:
    ours, theirs = _busy(one), _busy(other)
    if one.same_lesson(other):
        for key in ((one.teacher_id,), (one.school_id, one.class_name)):
            ours.pop(key, None)
    return [f"{words}同时有两节课" for key, words in ours.items() if key in theirs]


def _busy(lesson: _Lesson) -> dict[tuple[str, ...], str]:
    """Teachers and classes that a lesson keeps busy, in words."""
    busy = {
        (lesson.teacher_id,): lesson.teacher,
        (lesson.to_teacher_id,): lesson.to_teacher,
        (lesson.school_id, lesson.class_name): f"{lesson.school}{lesson.class_name}",
        (lesson.to_school_id, lesson.to_class): f"{lesson.to_school}{lesson.to_class}",
    }
    return {key: words for key, words in busy.items() if all(key)}


def _slots(
    lessons: Iterable[_Lesson],
    clashes: dict[str, tuple[str, ...]],
    scope: Scope,
    *,
    one_week: bool,
) -> tuple[Slot, ...]:
    """In a week each lesson for itself; in a term those that come every week are one."""
    groups: dict[tuple[str, ...], list[_Lesson]] = defaultdict(list)
    for x in lessons:
        regular = (str(x.day.weekday()), x.period, x.teacher_id, x.school_id, x.class_name,
                   x.to_school_id, x.to_class, x.to_teacher_id, x.subject)  # fmt: skip
        groups[(*regular, x.id) if one_week else regular].append(x)
    slots = []
    for some in groups.values():
        first = some[0]
        receives = f"{first.to_school}{first.to_class}"
        if first.to_teacher:
            receives = f"{receives}（{first.to_teacher}）"
        texts = dict.fromkeys(text for x in some for text in clashes.get(x.id, ()))
        when = f"{first.day.month}月{first.day.day}日" if one_week else _weeks(some, scope)
        slots.append(Slot(
            tuple(x.id for x in some), first.day.weekday(), first.period, first.teacher,
            f"{first.school}{first.class_name}", receives, first.subject,
            first.title if len(some) == 1 else "", when, "、".join(texts),
        ))  # fmt: skip
    return tuple(slots)


def _weeks(lessons: Sequence[_Lesson], scope: Scope) -> str:
    """第2—6、8周: the weeks of the term in which a lesson is given."""
    numbers = set()
    for lesson in lessons:
        starts = [start for start, _end in scope.terms if start <= lesson.day]
        numbers.add(week_of(lesson.day, starts[-1] if starts else scope.year_starts))
    runs: list[list[int]] = []
    for number in sorted(numbers):
        if runs and runs[-1][-1] == number - 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return f"第{'、'.join(f'{r[0]}—{r[-1]}' if len(r) > 1 else str(r[0]) for r in runs)}周"


def period_order(period: str) -> tuple[int, int, str]:
    """Periods as the day goes: by part of the day, then by number; what is unknown comes last."""
    if period in ("", NO_PERIOD):
        return len(_PARTS), 0, period
    part = next((n for n, word in enumerate(_PARTS) if word and word in period), 3)
    found = re.search(r"\d+", period)
    number = int(found[0]) if found else 0
    if not found:
        digit = re.search(f"[{_DIGITS}]", period)
        number = _DIGITS.index(digit[0]) if digit else 0
    return part, number, period
