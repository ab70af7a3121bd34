"""The sample year: activities with agenda, duties, attendance and lessons; lesson observations."""

from __future__ import annotations

import tomllib
from functools import cache
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from app.models import (
    Activity,
    ActivityUnit,
    AgendaItem,
    Agreement,
    Attendance,
    Duty,
    Lesson,
    MentorPair,
    Observation,
    ObservationScore,
    ObservationStep,
    Person,
    Rubric,
    RubricGrade,
    RubricItem,
    School,
)
from app.resources import resource
from app.services.demo.writings import write_down
from app.services.rubrics import view

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from app.services.unit_of_work import UnitOfWork

_ACTIVITY = (
    "title", "kind", "form", "held_on", "starts_at", "ends_at", "place", "subject", "theme",
    "minutes", "outcome", "next_steps",
)  # fmt: skip
_LESSON = ("period", "edition", "grade", "volume", "title", "class_name", "form", "lesson_kind")


@cache
def _story() -> dict[str, Any]:
    return tomllib.loads(resource("samples", "story.toml").read_text("utf-8"))


def titles() -> dict[str, str]:
    """Title of each activity by its key in the file."""
    return {one["key"]: one["title"] for one in _story()["activity"]}


def tell(uow: UnitOfWork, community_id: str, adoption_id: str) -> None:
    """Enter the year as an office would: the rubric, each activity, the observations, the writings."""
    lessons: dict[str, str] = {}
    with uow.write("新建评价量表") as session:
        rubric_id = _rubric(session, _story()["rubric"])
    for facts in _story()["activity"]:
        with uow.write("登记活动") as session:
            lessons.update(_activity(session, community_id, facts))
    with uow.write("登记师徒结对") as session:
        _pairs(session, community_id)
    with uow.write("登记同步课堂") as session:
        _synchronous(session)
    for facts in _story()["observation"]:
        with uow.write("填写听课记录") as session:
            _observation(session, facts, lessons[facts["lesson"]], rubric_id)
    write_down(uow, adoption_id, _story(), titles())


def _rubric(session: Session, facts: dict[str, Any]) -> str:
    rubric = Rubric(name=facts["name"], source=facts["source"])
    rubric.items = [RubricItem(ordinal=place, **one) for place, one in enumerate(facts["items"])]
    rubric.grades = [RubricGrade(**one) for one in facts["grades"]]
    session.add(rubric)
    session.flush()
    return rubric.id


def _activity(session: Session, community_id: str, facts: dict[str, Any]) -> dict[str, str]:
    """Make an activity; returns the ids of its lessons by their keys."""
    people = {one.name: one.id for one in session.scalars(select(Person))}
    schools = {one.name: one.id for one in session.scalars(select(School))}
    activity = Activity(
        community_id=community_id,
        host_id=people[facts["host"]],
        recorder_id=people[facts["recorder"]],
        **{name: facts[name] for name in _ACTIVITY if name in facts},
    )
    activity.units = [
        ActivityUnit(school_id=schools[one["school"]], role=one["role"]) for one in facts["units"]
    ]
    activity.agenda = [
        AgendaItem(
            ordinal=place, starts_at=one["at"], ends_at=one["to"], content=one["content"],
            person_id=people[one["person"]] if "person" in one else None,
        )
        for place, one in enumerate(facts["agenda"])
    ]  # fmt: skip
    activity.duties = [
        Duty(ordinal=place, task=one["task"], person_id=people[one["person"]])
        for place, one in enumerate(facts.get("duties", ()))
    ]
    activity.attendances = [
        Attendance(person_id=people[name], status="present", signed_at=facts["starts_at"])
        for name in facts["present"]
    ] + [
        Attendance(
            person_id=people[one["person"]], status="leave", leave_reason=one["reason"],
            leave_written=one.get("written", False),
        )
        for one in facts.get("leave", ())
    ]  # fmt: skip
    lessons = {
        one["key"]: Lesson(
            teacher_id=people[one["teacher"]], school_id=schools[one["school"]],
            taught_on=facts["held_on"], subject=facts["subject"],
            **{name: one[name] for name in _LESSON},
        )
        for one in facts.get("lessons", ())
    }  # fmt: skip
    activity.lessons = list(lessons.values())
    session.add(activity)
    session.flush()
    return {key: lesson.id for key, lesson in lessons.items()}


def _pairs(session: Session, community_id: str) -> None:
    """Mentors and mentees, each pair with its agreement."""
    people = {one.name: one.id for one in session.scalars(select(Person))}
    for one in _story()["pair"]:
        span = {"starts_on": one["starts_on"], "ends_on": one["ends_on"]}
        agreement = Agreement(
            community_id=community_id, title=one["agreement"], kind="师徒结对协议",
            signed_on=one["signed_on"], **span,
        )  # fmt: skip
        session.add(agreement)
        session.flush()
        session.add(MentorPair(
            community_id=community_id, mentor_id=people[one["mentor"]],
            mentee_id=people[one["mentee"]], agreement_id=agreement.id, subject=one["subject"],
            **span,
        ))  # fmt: skip


def _synchronous(session: Session) -> None:
    """Lessons that go to another school at the same time."""
    people = {one.name: one.id for one in session.scalars(select(Person))}
    schools = {one.name: one.id for one in session.scalars(select(School))}
    for one in _story()["synchronous"]:
        facts = dict(one["lesson"])
        school_id = schools[facts.pop("school")]
        session.add_all(
            Lesson(
                teacher_id=people[one["teacher"]], school_id=school_id, taught_on=day,
                receiving_school_id=schools[one["to_school"]], receiving_class=one["to_class"],
                receiving_teacher_id=people[one["to_teacher"]], **facts,
            )
            for day in one["days"]
        )  # fmt: skip


def _observation(session: Session, facts: dict[str, Any], lesson_id: str, rubric_id: str) -> None:
    rubric = session.get_one(Rubric, rubric_id)
    score = float(sum(facts["points"]))
    lesson = session.get_one(Lesson, lesson_id)
    observer = session.scalars(select(Person).where(Person.name == facts["observer"])).one()
    session.add(
        Observation(
            lesson_id=lesson_id,
            observer_id=observer.id,
            rubric_id=rubric_id,
            observed_on=lesson.taught_on,
            strengths=facts["strengths"],
            advice=facts["advice"],
            overall=facts["overall"],
            score=score,
            grade=view(rubric).grade(score),
            steps=[
                ObservationStep(ordinal=place, **one) for place, one in enumerate(facts["steps"])
            ],
            scores=[
                ObservationScore(rubric_item_id=block.id, points=points)
                for block, points in zip(rubric.items, facts["points"], strict=True)
            ],
        )
    )
