"""Ledgers of lesson observations into the archive: lessons, and what each observer wrote of them."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select

from app.models import Activity, Lesson, Observation, new_id
from app.services.imports.plan import Plan, in_chunks
from app.services.imports.who import Who
from app.services.journal import insert_many
from app.services.observations.periods import overlap

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from sqlalchemy.orm import Session

    from app.progress import Progress
    from app.services.imports.report import State
    from app.services.imports.table import Draft

LESSON = {
    "period": "period", "class_name": "class_name", "subject": "subject", "title": "title",
    "lesson_kind": "lesson_kind", "grade": "year_group",
}  # fmt: skip
"""Columns of a lesson and the fields that fill them."""
OBSERVATION = ("hours", "strengths", "advice", "overall", "score", "grade")
_TELLING = ("period", "title", "class_name", "subject")
"""Values that two records of one lesson cannot have differently."""


@dataclass(slots=True)
class Taught:
    """A lesson of the file or of the archive."""

    id: str
    teacher_id: str
    day: date | None
    school_id: str | None
    values: dict[str, str]
    is_new: bool
    row: int

    def is_same(self, values: dict[str, str]) -> bool:
        """Whether a row of this teacher and day means this lesson: as the entry form sees it."""
        own = self.values
        if any(own[key] and values[key] and own[key] != values[key] for key in _TELLING):
            return False
        shared = (own["period"] and values["period"]) or (own["title"] and values["title"])
        nothing = not any(one[key] for one in (own, values) for key in ("period", "title"))
        return bool(shared) or nothing


@dataclass(slots=True)
class Heard:
    """What one observer wrote of one lesson."""

    id: str
    lesson: Taught
    observer_id: str
    values: dict[str, Any]
    row: int


class ObservationPlan(Plan):
    """Observations by lesson and observer: which are new, which change."""

    action = "导入听课记录"

    def find_out(self, session: Session) -> None:
        """Recognise the lessons and observations of the file among those of the archive."""
        options = self.options
        self._who = Who(session, options.community_id, create=options.create_missing)
        self._lessons: dict[tuple[str, Any], list[Taught]] = defaultdict(list)
        self._new_lessons: list[Taught] = []
        self._new: dict[tuple[str, str], Heard] = {}
        self._lesson_updates: dict[str, dict[str, Any]] = {}
        self._updates: dict[str, dict[str, Any]] = {}
        rows = [(draft, people) for draft in self.table.rows if (people := self._people_of(draft))]
        self._know_lessons(session, {teacher for _, (teacher, _, _) in rows})
        self._known = self._know_observations(session)
        self._seen: dict[tuple[str, str], int] = {}
        for draft, (teacher, school_id, observers) in rows:
            self.states[draft.row] = self._take(draft, teacher, school_id, observers)
        used = {one.observer_id for one in self._new.values()}
        used |= {id_ for one in self._new_lessons for id_ in (one.teacher_id, one.school_id)}  # type: ignore[misc]
        used |= {
            values["school_id"] for values in self._lesson_updates.values() if "school_id" in values
        }
        self._schools, self._people = self._who.made(used)
        self.new_schools = tuple(self._schools.values())
        self.new_people = tuple(self._people.values())
        self._warn_of_overlaps()

    # --- what the rows say -----------------------------------------------------------------------

    def _people_of(self, draft: Draft) -> tuple[str, str | None, list[str]] | None:
        """Teacher, school and observers; None where the row stays outside."""
        row, who = draft.row, self._who
        school_id = None
        if name := draft.get("school"):
            school_id = self.attempt(row, "school", who.school, name)
        teacher = self.attempt(row, "teacher", who.person, draft.get("teacher"), school_id)
        observers = [
            self.attempt(row, "observer", who.person, named) for named in draft.get("observer", ())
        ]
        if teacher and teacher in observers:
            self.refuse(row, "observer", f"听课人和执教是同一个人（{who.name(teacher)}）")
        span = draft.get("observed_on")
        if span.last:
            self.refuse(row, "observed_on", "一次听课只能写一天")
        if self.is_refused(row) or teacher is None:
            return None
        return teacher, school_id, [one for one in dict.fromkeys(observers) if one]

    def _take(
        self, draft: Draft, teacher: str, school_id: str | None, observers: list[str]
    ) -> State:
        """Note what a row brings: perhaps a lesson, and an observation for each observer."""
        values = {column: draft.get(field) for column, field in LESSON.items()}
        taught_at = school_id if school_id != self._who.school_of(teacher) else None
        lesson, changed = self._lesson(draft, teacher, taught_at, values)
        heard = {key: draft.get(key, None) for key in OBSERVATION}
        states = [self._observation(draft, lesson, observer, heard) for observer in observers]
        if set(states) == {"duplicate"}:
            return "duplicate"
        if "created" in states:
            return "created"
        return "updated" if changed or "updated" in states else "unchanged"

    def _lesson(
        self, draft: Draft, teacher: str, school_id: str | None, values: dict[str, str]
    ) -> tuple[Taught, bool]:
        """The lesson that a row means, and whether one that is there changes."""
        day = draft.get("observed_on").first
        there = self._lessons[teacher, day]
        lesson = next((one for one in there if one.is_same(values)), None)
        if lesson is None:
            self._doubt_period(draft, there, values)
            lesson = Taught(new_id(), teacher, day, school_id, values, is_new=True, row=draft.row)
            there.append(lesson)
            self._new_lessons.append(lesson)
            return lesson, False
        if lesson.is_new:
            lesson.values = {key: lesson.values[key] or values[key] for key in LESSON}
            lesson.school_id = lesson.school_id or school_id
            return lesson, False
        if self.options.policy == "skip":
            return lesson, False
        return lesson, self._compare_lesson(draft.row, lesson, values, school_id)

    def _doubt_period(self, draft: Draft, there: list[Taught], values: dict[str, str]) -> None:
        period = values["period"]
        if period and any(one.values["period"] == period for one in there):
            self.remark("同一位老师在同一天同一节次有两节不同的课，照表格收入，请核对", draft.row)

    def _compare_lesson(
        self, row: int, lesson: Taught, values: dict[str, str], school_id: str | None
    ) -> bool:
        name = f"{self._who.name(lesson.teacher_id)} {lesson.day or ''}"
        taken: dict[str, Any] = {}
        for column, field in LESSON.items():
            old, new = lesson.values[column], values[column]
            if new and new != old and self.takes(row, name, field, old, new):
                taken[column] = lesson.values[column] = new
        if school_id and school_id != lesson.school_id:
            old = self._who.school_name(lesson.school_id)
            if self.takes(row, name, "school", old, self._who.school_name(school_id)):
                taken["school_id"] = lesson.school_id = school_id
        if taken:
            self._lesson_updates.setdefault(lesson.id, {}).update(taken)
        return bool(taken)

    def _observation(
        self, draft: Draft, lesson: Taught, observer: str, heard: dict[str, Any]
    ) -> State:
        place = lesson.id, observer
        if place in self._seen:
            self.duplicates.append((draft.row, self._seen[place]))
            if first := self._new.get(place):
                first.values = {
                    key: heard[key] if first.values[key] in (None, "") else first.values[key]
                    for key in OBSERVATION
                }
            return "duplicate"
        self._seen[place] = draft.row
        known = self._known.get(place)
        if known is None:
            self._new[place] = Heard(new_id(), lesson, observer, dict(heard), draft.row)
            self.created += 1
            return "created"
        if self.options.policy != "skip" and self._compare(draft.row, known, heard):
            self.updated += 1
            return "updated"
        self.unchanged += 1
        return "unchanged"

    def _compare(self, row: int, known: Heard, heard: dict[str, Any]) -> bool:
        who = self._who
        name = f"{who.name(known.observer_id)}听{who.name(known.lesson.teacher_id)}"
        taken = {}
        for key in OBSERVATION:
            old, new = known.values[key], heard[key]
            if new in (None, "") or new == old:
                continue
            shown = [_shown(value) for value in (old, new)]
            if self.takes(row, name, key, shown[0], shown[1]):
                taken[key] = new
        if taken:
            self._updates[known.id] = taken
        return bool(taken)

    def _warn_of_overlaps(self) -> None:
        """Tell who would have heard two lessons at the same time."""
        by_day: dict[tuple[str, Any], list[Heard]] = defaultdict(list)
        for one in (*self._known.values(), *self._new.values()):
            if one.lesson.values["period"]:
                by_day[one.observer_id, one.lesson.day].append(one)
        for (observer, _day), heard in by_day.items():
            for at, one in enumerate(heard):
                clash = any(
                    overlap(other.lesson.values["period"], one.lesson.values["period"])
                    for other in heard[:at]
                )
                if clash and one.row:
                    self.remark(
                        f"{self._who.name(observer)}在同一天同一节次听了两节课，照表格收入，请核对",
                        one.row,
                    )

    # --- what the archive has --------------------------------------------------------------------

    def _know_lessons(self, session: Session, teachers: set[str]) -> None:
        """The lessons of these teachers on the days of the file."""
        days = [draft.get("observed_on").first for draft in self.table.rows]
        if not days:
            return
        day = func.coalesce(Lesson.taught_on, Activity.held_on)
        columns = [getattr(Lesson, column) for column in LESSON]
        for ids in in_chunks(sorted(teachers)):
            query = (
                select(Lesson.id, Lesson.teacher_id, day, Lesson.school_id, *columns)
                .outerjoin(Activity, Activity.id == Lesson.activity_id)
                .where(Lesson.teacher_id.in_(ids), day.between(min(days), max(days)))
            )
            for id_, teacher, taught_on, school_id, *values in session.execute(
                query.order_by(Lesson.id)
            ):
                told = dict(zip(LESSON, values, strict=True))
                lesson = Taught(id_, teacher, taught_on, school_id, told, is_new=False, row=0)
                self._lessons[teacher, taught_on].append(lesson)

    def _know_observations(self, session: Session) -> dict[tuple[str, str], Heard]:
        lessons = {one.id: one for there in self._lessons.values() for one in there}
        columns = [getattr(Observation, key) for key in OBSERVATION]
        known = {}
        for ids in in_chunks(lessons):
            for id_, lesson_id, observer, *values in session.execute(
                select(Observation.id, Observation.lesson_id, Observation.observer_id, *columns)
                .where(Observation.lesson_id.in_(ids))
            ):  # fmt: skip
                told = dict(zip(OBSERVATION, values, strict=True))
                known[lesson_id, observer] = Heard(id_, lessons[lesson_id], observer, told, 0)
        return known

    # --- writing ---------------------------------------------------------------------------------

    def write(self, session: Session, progress: Progress) -> None:
        """Write everything within the caller's transaction."""
        self._who.write(session, self._schools, self._people)
        insert_many(
            session, Lesson,
            [{"id": one.id, "teacher_id": one.teacher_id, "taught_on": one.day,
              "school_id": one.school_id, **one.values} for one in self._new_lessons],
        )  # fmt: skip
        insert_many(session, Observation, [_row(one) for one in self._new.values()])
        changed: Iterable[tuple[type[Lesson | Observation], str, dict[str, Any]]] = [
            *((Lesson, id_, values) for id_, values in self._lesson_updates.items()),
            *((Observation, id_, values) for id_, values in self._updates.items()),
        ]
        for number, (model, id_, values) in enumerate(changed):
            progress.report(number, len(self._updates) + len(self._lesson_updates), "更新听课记录")
            record = session.get_one(model, id_)
            for key, value in values.items():
                setattr(record, key, value)


def _row(one: Heard) -> dict[str, Any]:
    values = one.values
    return {
        "id": one.id, "lesson_id": one.lesson.id, "observer_id": one.observer_id,
        "observed_on": one.lesson.day, "hours": values["hours"] or 1, "score": values["score"],
        **{key: values[key] or "" for key in ("strengths", "advice", "overall", "grade")},
    }  # fmt: skip


def _shown(value: Any) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value or "")
