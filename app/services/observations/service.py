"""听课记录 of one archive: enter, change, delete, list, compare."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select

from app.errors import ConflictError, NotFoundError, ValidationError
from app.models import (
    Activity,
    EvidenceLink,
    Lesson,
    Observation,
    Person,
    Rubric,
    School,
    SchoolYear,
    Term,
)
from app.services.adoption import period_words
from app.services.observations import catalogue, checks, days, periods, suggest, writing
from app.services.observations.comparing import side_by_side
from app.services.observations.records import (
    Entry,
    Named,
    ObservationDetail,
    Period,
    ReasonNeededError,
)
from app.services.rubrics import view

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from sqlalchemy.orm import Session

    from app.context import Context
    from app.services.observations.records import (
        Comparison,
        Doubt,
        Habits,
        ObservationRow,
        Query,
    )
    from app.services.rubrics import RubricView
    from app.services.unit_of_work import UnitOfWork


class LessonClock:
    """Counts the minutes of a lesson that is being watched."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._began = context.clock()

    def minute(self) -> int:
        """Whole minutes since it was started."""
        return int((self._context.clock() - self._began).total_seconds() // 60)


class Observations:
    """The lesson observations of one archive."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._uow = uow
        self._few: tuple[Query | None, bool] = (None, False)
        """What was counted last, and whether that was little: a list counts before it fetches."""

    # -- writing -----------------------------------------------------------------------------

    def create(self, entry: Entry) -> str:
        """Enter a record; of a lesson that is there already it becomes another observer's.

        Raises EntryError (fields), ReasonNeededError (doubts without a reason), ConflictError.
        """
        entry = writing.tidy(entry)
        with self._uow.write("新增 听课记录") as session:
            rubric = _rubric(session, entry.rubric_id)
            checks.refuse(session, entry, rubric)
            lesson = writing.same_lesson(session, entry)
            self._confirm(session, entry, lesson_id=lesson.id if lesson else "")
            if lesson is None:
                lesson = writing.new_lesson(session, entry)
                session.flush()
            else:
                _refuse_second(session, lesson.id, entry.observer_id)
                writing.complete_lesson(lesson, entry)
            row = Observation(lesson_id=lesson.id)
            writing.write_observation(row, entry, rubric)
            session.add(row)
            session.flush()
            return row.id

    def change(self, observation_id: str, **values: Any) -> None:
        """Change fields of a record (names as in Entry); its lesson changes for all observers."""
        with self._uow.write("修改 听课记录") as session:
            row = _row(session, observation_id)
            before = writing.entry_of(row)
            entry = writing.tidy(replace(before, **values))
            if entry.rubric_id != before.rubric_id and "points" not in values:
                entry = replace(entry, points={})
            rubric = _rubric(session, entry.rubric_id)
            checks.refuse(session, entry, rubric)
            if any(getattr(entry, name) != getattr(before, name) for name in writing.WHO_AND_WHEN):
                self._confirm(session, entry, observation_id, row.lesson_id)
            if entry.observer_id != before.observer_id:
                _refuse_second(session, row.lesson_id, entry.observer_id)
            writing.write_lesson(row.lesson, entry)
            writing.write_observation(row, entry, rubric)
            if entry.day != before.day:
                for fellow in _of_lesson(session, row.lesson_id):
                    fellow.observed_on = entry.day

    def delete(self, ids: Sequence[str]) -> None:
        """Remove records; a lesson that nothing else speaks of goes with its last one."""
        with self._uow.write(f"删除 {len(ids)} 条听课记录") as session:
            lessons = set()
            for observation_id in ids:
                row = _row(session, observation_id)
                lessons.add(row.lesson_id)
                for link in session.scalars(
                    select(EvidenceLink).where(EvidenceLink.observation_id == observation_id)
                ):
                    session.delete(link)
                session.delete(row)
            session.flush()
            for lesson_id in sorted(lessons):
                _drop_idle_lesson(session, lesson_id)

    def add_person(self, name: str) -> Named:
        """A person who is not in the register yet, by name alone."""
        wanted = " ".join(name.split())
        if not wanted or len(wanted) > checks.SHORT:
            raise ValidationError("请填写姓名。")
        with self._uow.write(f"新增 {wanted}") as session:
            person = Person(name=wanted)
            session.add(person)
            session.flush()
            return Named(person.id, wanted)

    def doubts(self, entry: Entry) -> tuple[Doubt, ...]:
        """What looks wrong about who and when, so that it can be said before saving."""
        entry = writing.tidy(entry)
        with self._uow.read() as session:
            lesson = writing.same_lesson(session, entry)
            return checks.doubts(
                session, entry, self.today(), lesson_id=lesson.id if lesson else ""
            )

    def _confirm(
        self, session: Session, entry: Entry, observation_id: str = "", lesson_id: str = ""
    ) -> None:
        if not entry.reason:
            found = checks.doubts(session, entry, self.today(), observation_id, lesson_id)
            if found:
                raise ReasonNeededError(found)

    # -- looking -----------------------------------------------------------------------------

    def get(self, observation_id: str) -> ObservationDetail:
        """One record; raises NotFoundError."""
        with self._uow.read() as session:
            row = _row(session, observation_id)
            lesson = row.lesson
            school = session.get(School, lesson.school_id) if lesson.school_id else None
            activity = session.get(Activity, lesson.activity_id) if lesson.activity_id else None
            return ObservationDetail(
                row.id,
                lesson.id,
                writing.entry_of(row),
                row.score,
                row.grade,
                suggest.named(session, lesson.teacher_id),
                suggest.named(session, row.observer_id),
                school.name if school else "",
                activity.title if activity else "",
                len(_of_lesson(session, lesson.id)) - 1,
            )

    def count(self, query: Query) -> int:
        """How many records the query finds."""
        with self._uow.read() as session:
            found = catalogue.count(session, query)
        self._few = (replace(query, sort="date", descending=True), found < catalogue.FEW)
        return found

    def page(self, query: Query, offset: int, limit: int) -> list[ObservationRow]:
        """A page of the records that the query finds."""
        with self._uow.read() as session:
            asked, few = self._few
            if asked != replace(query, sort="date", descending=True):
                few = catalogue.few(session, query)
            return catalogue.page(session, query, offset, limit, few=few)

    def ids(self, query: Query) -> list[str]:
        """Ids of all records that the query finds, in its order."""
        with self._uow.read() as session:
            return catalogue.ids(session, query)

    def side_by_side(self, lesson_id: str) -> Comparison:
        """All observers of a lesson with the mean of each item and how far apart they are."""
        with self._uow.read() as session:
            return side_by_side(session, lesson_id)

    def periods(self) -> list[Period]:
        """School years and their terms, the newest first."""
        found: list[Period] = []
        with self._uow.read() as session:
            years = session.scalars(select(SchoolYear).order_by(SchoolYear.year.desc()))
            for year in years.all():
                name = period_words(year.starts_on, year.ends_on)
                found.append(Period(name, year.starts_on, year.ends_on))
                terms = session.scalars(
                    select(Term).where(Term.school_year_id == year.id).order_by(Term.ordinal)
                )
                found += [Period(f"{name} {t.name}", t.starts_on, t.ends_on) for t in terms]
        return found

    # -- offers while typing -----------------------------------------------------------------

    def people(self, words: str, limit: int = 12) -> list[Named]:
        """People to choose from: by the beginning of the name, by anything the search finds."""
        with self._uow.read() as session:
            return suggest.people(session, words, limit)

    def words(self, field: str) -> list[str]:
        """Words to offer in a field of the lesson: those used lately, then the shipped list."""
        with self._uow.read() as session:
            return suggest.words(session, field)

    def habits(self, teacher_id: str) -> Habits:
        """What the teacher's last lesson suggests for the next."""
        with self._uow.read() as session:
            return suggest.habits(session, teacher_id)

    def activities_on(self, day: date) -> list[Named]:
        """Activities of a day, in which a lesson may have been taught."""
        with self._uow.read() as session:
            return suggest.activities_on(session, day)

    def lesson_clock(self) -> LessonClock:
        """A clock that begins now."""
        return LessonClock(self._uow.context)

    def today(self) -> date:
        """The day it is."""
        return self._uow.context.clock().date()

    @staticmethod
    def day(typed: str, near: date) -> date | None:
        """The day that was typed; without year or month that nearest to ``near``. Raises ValueError."""
        return days.read(typed, near)

    def usual_observer(self) -> Named | None:
        """Who listens unless it is said otherwise."""
        with self._uow.read() as session:
            return suggest.usual_observer(session, self._uow.context.actor)

    @staticmethod
    def next_period(period: str) -> str:
        """The 节次 after this one; empty where that cannot be said."""
        return periods.following(period)


def _row(session: Session, observation_id: str) -> Observation:
    row = session.get(Observation, observation_id)
    if row is None:
        raise NotFoundError("找不到这条听课记录。", "它可能已被删除，请刷新列表。")
    return row


def _of_lesson(session: Session, lesson_id: str) -> list[Observation]:
    return list(session.scalars(select(Observation).where(Observation.lesson_id == lesson_id)))


def _rubric(session: Session, rubric_id: str | None) -> RubricView | None:
    row = session.get(Rubric, rubric_id) if rubric_id else None
    return view(row) if row else None


def _refuse_second(session: Session, lesson_id: str, observer_id: str) -> None:
    taken = session.scalar(
        select(func.count()).where(
            Observation.lesson_id == lesson_id, Observation.observer_id == observer_id
        )
    )
    if taken:
        raise ConflictError(
            "这位听课人已有这节课的听课记录。", "请打开原来的那一条修改，或改选听课人、节次。"
        )


def _drop_idle_lesson(session: Session, lesson_id: str) -> None:
    lesson = session.get_one(Lesson, lesson_id)
    linked = session.scalar(select(func.count()).where(EvidenceLink.lesson_id == lesson_id))
    if lesson.activity_id is None and not linked and not _of_lesson(session, lesson_id):
        session.delete(lesson)
