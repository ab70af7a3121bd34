"""What is kept between looks is what would be reckoned anew, whatever was changed in between."""

import random
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from app.models import Activity, Lesson, Observation, Person
from app.services.standing.kept import Kept
from app.services.standing.reading import read_setting

TODAY = date(2026, 5, 31)


@pytest.fixture
def w(world):
    w = world("huawu-primary", year=2025, today="2026-05-31", community="华武小学")
    w.school("华武小学", role=w.scheme.community.units[0].key)
    w.school("第二小学", role=w.scheme.community.units[0].key)
    for number in range(8):
        w.person(
            f"教师{number}", school=("华武小学", "第二小学")[number % 2], born="1990-01",
            joined=("2010-09", "2024-09")[number % 3 == 0],
        )  # fmt: skip
    return w


def everything(kept, session):
    """What was reckoned, in an order that does not depend on what was reckoned first."""
    return (
        dict(sorted(kept.states.items())),
        dict(sorted(kept.lines.items())),
        sorted(map(repr, kept.standing)),
        sorted(map(repr, kept.deadlines)),
        sorted(repr(one) for some in kept.evidence.values() for one in some),
        kept.milestones(session),
    )


class Clerk:
    """Does what a clerk does, at random but always the same."""

    def __init__(self, w, seed):
        self.w, self.dice = w, random.Random(seed)  # noqa: S311 - only dice
        self.activities, self.lessons = [], []
        self.first = self.steps()

    def steps(self):
        return len(self.w.services.history.recent(10_000))

    def day(self):
        return (date(2025, 8, 1) + timedelta(days=self.dice.randrange(330))).isoformat()

    def people(self, count):
        return [f"教师{n}" for n in self.dice.sample(range(8), count)]

    def step(self):
        choices = [self.hold, self.teach, self.watch, self.put, self.move, self.leave, self.back]
        self.dice.choice(choices)()

    def hold(self):
        kind = self.dice.choice(self.w.scheme.activity)
        self.activities.append(
            self.w.activity(
                kind.key, self.day(), form=self.dice.choice(kind.forms or ("",)),
                host="华武小学", leader=self.people(1)[0], present=self.people(3),
            )
        )  # fmt: skip

    def teach(self):
        activity = self.dice.choice([*self.activities, None])
        self.lessons.append(self.w.lesson(self.people(1)[0], self.day(), activity))

    def watch(self):
        if self.lessons:
            lesson, [who] = self.dice.choice(self.lessons), self.people(1)
            with self.w.services.archive.uow.read() as session:
                there = session.scalar(
                    select(Observation.id)
                    .join(Person, Person.id == Observation.observer_id)
                    .where(Observation.lesson_id == lesson, Person.name == who)
                )
            if there is None:
                self.w.observe(who, lesson, self.day(), hours=self.dice.randrange(1, 3))

    def put(self):
        if self.activities:
            activity = self.dice.choice(self.activities)
            slots = [slot.key for kind in self.w.scheme.activity for slot in kind.slots]
            self.w.file(
                self.dice.choice(slots), activity=activity, on=self.day(),
                owner=self.dice.choice([None, *self.people(1)]),
            )  # fmt: skip

    def move(self):
        if self.activities:
            id_ = self.dice.choice(self.activities)
            self.w.services.entries.change(
                "activity", id_, {"held_on": self.day(), "ends_on": ""}, self.w.adoption
            )

    def leave(self):
        if self.activities:
            id_ = self.activities.pop(self.dice.randrange(len(self.activities)))
            self.w.services.entries.delete("activity", [id_])
            self.lessons = []

    def back(self):
        history = self.w.services.history
        undone = 0
        for _ in range(self.dice.randrange(1, 4)):
            if (
                history.undo_step() and history.undo_step() > self.first
            ):  # people are not taken back
                history.undo()
                undone += 1
        if undone and self.dice.random() < 0.5:
            history.redo()
        with self.w.services.archive.uow.read() as session:
            self.activities = list(session.scalars(select(Activity.id)))
            self.lessons = list(session.scalars(select(Lesson.id)))


@pytest.mark.parametrize("seed", range(4))
def test_kept_is_what_would_be_reckoned_anew(w, seed):
    clerk, standing = Clerk(w, seed), w.services.standing
    for number in range(40):
        clerk.step()
        if number % 3:
            continue
        with w.services.archive.uow.read() as session:
            kept = standing.kept(session, w.adoption)
            fresh = Kept(read_setting(session, w.adoption, TODAY))
            fresh.fill(session)
            assert everything(kept, session) == everything(fresh, session), number


def test_people_and_schemes_are_read_anew(w):
    before = len(w.lines("observe"))
    w.person("新来的", school="华武小学", born="1999-01", joined="2025-09")
    assert len(w.lines("observe")) + len(w.lines("observe-more")) >= before
    names = {line.subject.name for line in w.services.standing.progress(w.adoption).lines}
    assert "新来的" in names
