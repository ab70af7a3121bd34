"""A small world for worked examples: a real archive with an adopted preset, filled by short words."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import count
from typing import TYPE_CHECKING

from sqlalchemy import select

from app.models import (
    Activity,
    ActivityUnit,
    Agreement,
    Appointment,
    AssessmentItem,
    Attendance,
    Community,
    CommunityUnit,
    Dispatch,
    Evidence,
    EvidenceLink,
    Honour,
    Lesson,
    MentorPair,
    Observation,
    Person,
    PersonSubject,
    Rubric,
    School,
)
from app.services.standing.roster import Subject
from app.services.standing.views import MissingQuery

if TYPE_CHECKING:
    from decimal import Decimal

    from app.bootstrap import Services


class FixedClock:
    """A clock that stands at eight in the morning of a day."""

    def __init__(self, day: str) -> None:
        self.now = datetime.combine(date.fromisoformat(day), time(8), tzinfo=UTC)

    def __call__(self) -> datetime:
        self.now += timedelta(microseconds=1)
        return self.now


def _day(text):
    return date.fromisoformat(text) if isinstance(text, str) and text else text or None


@dataclass(frozen=True)
class Overall:
    """A progress over several quotas."""

    percent: Decimal
    milestones: list


class World:
    """An archive under one adopted scheme; names stand for ids everywhere."""

    def __init__(self, services: Services) -> None:
        self.services = services
        view = services.adoptions.current()
        self.adoption, self.community = view.id, view.community_id
        self.scheme = services.adoptions.scheme(view.id)
        self._names: dict[tuple[str, str], str] = {}
        self._count = count(1)
        with services.archive.uow.write("准备") as session:  # an example names its schools itself
            for unit in session.scalars(select(CommunityUnit)):
                session.delete(unit)
        with services.archive.uow.read() as session:
            for kind, model in (("school", School), ("person", Person), ("place", Community)):
                for row in session.scalars(select(model)):
                    self._names[kind, row.name] = row.id

    # -- making ------------------------------------------------------------------------------

    def _add(self, row):
        with self.services.archive.uow.write("准备") as session:
            session.add(row)
            session.flush()
            return row.id

    def _id(self, kind, name):
        return None if name is None else self._names.get((kind, name), name)

    def _many(self, names):
        return (names,) if isinstance(names, str) else tuple(names or ())

    def school(self, name, role="", stage="", subcommunity=None):
        with self.services.archive.uow.write("准备") as session:
            id_ = self._names.get(("school", name))
            if id_ is None:
                row = School(name=name, stage=stage)
                session.add(row)
                session.flush()
                id_ = self._names["school", name] = row.id
            elif stage:
                session.get_one(School, id_).stage = stage
            where = self._id("place", subcommunity) or self.community
            there = session.scalars(
                select(CommunityUnit).where(
                    CommunityUnit.community_id == where, CommunityUnit.school_id == id_
                )
            ).all()
            if role and role not in [one.role for one in there]:
                for one in there:  # the archive's own school got the first role when it was made
                    session.delete(one)
                session.add(CommunityUnit(community_id=where, school_id=id_, role=role))
            return id_

    def subcommunity(self, name, units=None, type=""):  # noqa: A002 - the field's own word
        with self.services.archive.uow.write("准备") as session:
            root = session.get_one(Community, self.community)
            types = {one.key: one.name for one in self.scheme.community.types}
            row = Community(
                name=name, kind=root.kind, parent_id=root.id, variant=types.get(type, type)
            )
            session.add(row)
            session.flush()
            self._names["place", name] = row.id
        for school, role in (units or {}).items():
            self.school(school, role=role, subcommunity=name)
        return self._names["place", name]

    def type(self, name):
        """Set the type of the community itself."""
        types = {one.key: one.name for one in self.scheme.community.types}
        with self.services.archive.uow.write("准备") as session:
            session.get_one(Community, self.community).variant = types.get(name, name)

    def group(self, name, kind, members=(), heads=(), head_role="", member_role=""):
        kinds = {one.key: one.name for one in self.scheme.community.groups}
        row = Community(name=name, kind=kinds.get(kind, kind), parent_id=self.community)
        id_ = self._names["place", name] = self._add(row)
        roles = [one.key for one in self.scheme.community.roles]
        for people, role in (
            (self._many(heads), head_role or roles[0]),
            (self._many(members), member_role or roles[-1]),
        ):
            for person in people:
                self._add(
                    Appointment(community_id=id_, person_id=self._id("person", person), role=role)
                )
        return id_

    def person(
        self, name, school=None, role="", born="", joined="", title="", office="",
        subjects=(), honours=(), since=None, until=None,
    ):  # fmt: skip
        row = Person(
            name=name, school_id=self._id("school", school), born_on=born, joined_on=joined,
            title=title, office=office,
        )  # fmt: skip
        row.subjects = [PersonSubject(subject=one) for one in self._many(subjects)]
        row.honours = [Honour(name=word, level=level) for word, level in honours]
        id_ = self._names.get(("person", name))
        if id_ is None:
            id_ = self._names["person", name] = self._add(row)
        for one in self._many(role) if role else ():
            self._add(
                Appointment(
                    community_id=self.community, person_id=id_, role=one,
                    starts_on=_day(since), ends_on=_day(until),
                )
            )  # fmt: skip
        return id_

    def pair(self, mentor, mentee, since=None):
        id_ = self._add(
            MentorPair(
                community_id=self.community, mentor_id=self._id("person", mentor),
                mentee_id=self._id("person", mentee), starts_on=_day(since),
            )
        )  # fmt: skip
        self._names["pair", f"{mentor}/{mentee}"] = id_
        return id_

    def agreement(self, starts, ends, title="协议"):
        return self._add(
            Agreement(
                community_id=self.community, title=title, starts_on=_day(starts), ends_on=_day(ends)
            )
        )

    def dispatch(self, person, kind, to=None, days=0, lessons=0, on="2025-09-10", until=None):
        return self._add(
            Dispatch(
                community_id=self.community, person_id=self._id("person", person), kind=kind,
                to_school_id=self._id("school", to), days=days, lessons=lessons,
                starts_on=_day(on), ends_on=_day(until),
            )
        )  # fmt: skip

    def activity(
        self, kind, on, form="", stage="", level="", title="", ends=None, organizer=(), host=(),
        co_host=(), units=(), leader=None, recorder=None, present=(), leave=(), absent=(),
        group=None, subcommunity=None, subject="",
    ):  # fmt: skip
        names = {one.key: one.name for one in self.scheme.activity}
        where = self._id("place", group or subcommunity) or self.community
        row = Activity(
            community_id=where, kind=kind, title=title or names.get(kind, kind), held_on=_day(on),
            ends_on=_day(ends), form=form, stage=stage, level=level, subject=subject,
            host_id=self._id("person", leader), recorder_id=self._id("person", recorder),
        )  # fmt: skip
        for schools, word in (
            (organizer, "主办"), (host, "承办"), (co_host, "协办"), (units, "参加"),
        ):  # fmt: skip
            for school in self._many(schools):
                row.units.append(ActivityUnit(school_id=self._id("school", school), role=word))
        for people, status in ((present, "present"), (leave, "leave"), (absent, "absent")):
            for person in self._many(people):
                row.attendances.append(
                    Attendance(person_id=self._id("person", person), status=status)
                )
        return self._add(row)

    def lesson(
        self, teacher, on=None, activity=None, form="", subject="", hours=1, title="", period="",
        school=None,
    ):  # fmt: skip
        return self._add(
            Lesson(
                teacher_id=self._id("person", teacher), taught_on=_day(on), activity_id=activity,
                form=form, subject=subject, hours=hours, title=title or "一课", period=period,
                school_id=self._id("school", school),
            )
        )  # fmt: skip

    def observe(self, observer, lesson, on=None, hours=1, score=None, comment="", rubric=None):
        rubric_id = None
        if rubric:
            name = next(one.name for one in self.scheme.rubric if one.key == rubric)
            with self.services.archive.uow.read() as session:
                rubric_id = session.scalar(select(Rubric.id).where(Rubric.name == name))
        return self._add(
            Observation(
                lesson_id=lesson, observer_id=self._id("person", observer), observed_on=_day(on),
                hours=hours, score=score, overall=comment, rubric_id=rubric_id,
            )
        )  # fmt: skip

    def _piece(self, on, *, sealed, level, title):
        number = next(self._count)
        return Evidence(
            sha256=hashlib.sha256(f"{number}".encode()).hexdigest(), stored_name=f"{number}.pdf",
            original_name=f"{number}.pdf", title=title or f"材料{number}", dated_on=_day(on), kind="pdf",
            media_type="application/pdf", size=1, pages=1, sealed=sealed, level=level,
            added_at=datetime.combine(_day(on) or date(2025, 9, 1), time(8), tzinfo=UTC),
        )  # fmt: skip

    def _item(self, no):
        with self.services.archive.uow.read() as session:
            return session.scalar(
                select(AssessmentItem.id).where(
                    AssessmentItem.adoption_id == self.adoption, AssessmentItem.no == no
                )
            )

    def file(
        self, slot="", *, activity=None, lesson=None, person=None, school=None, community=False,
        pair=None, item="", owner=None, on=None, counted_on=None, sealed=False, level="", title="",
        group=None, subcommunity=None,
    ):  # fmt: skip
        row = self._piece(on, sealed=sealed, level=level, title=title)
        place = self._id("place", group or subcommunity) or (self.community if community else None)
        targets = {
            "activity_id": activity, "lesson_id": lesson, "person_id": self._id("person", person),
            "school_id": self._id("school", school), "community_id": place,
            "pair_id": self._id("pair", pair), "assessment_item_id": self._item(item) if item else None,
        }  # fmt: skip
        for name, value in targets.items():
            if value is not None:
                row.links.append(
                    EvidenceLink(
                        **{name: value}, slot="" if name == "assessment_item_id" and len(
                            [one for one in targets.values() if one]) > 1 else slot,
                        owner_id=self._id("person", owner), counted_on=_day(counted_on),
                    )
                )  # fmt: skip
        return self._add(row)

    def fill(self, activity, *slots):
        """Every piece that the slots of an activity still lack (all of them, where none is named)."""
        with self.services.archive.uow.read() as session:
            state = self.services.standing.kept(session, self.adoption).states[activity]
        on = state.day.isoformat() if state.day else None
        for gap in state.gaps:
            if slots and gap.slot.key not in slots:
                continue
            each = gap.slot.each
            if each == "lesson":
                for lesson, teacher in zip(gap.lessons, gap.whose, strict=False):
                    for _ in range(gap.slot.count):
                        self.file(gap.slot.key, lesson=lesson, owner=teacher, on=on)
                        if gap.slot.medium == "both":
                            self.paper(gap.slot.key, lesson=lesson)
                continue
            whose = gap.whose if each == "person" else [None] * (gap.missing // gap.slot.count)
            for one in whose if each != "activity" else [None]:
                for _ in range(gap.slot.count):
                    self.file(gap.slot.key, activity=activity, owner=one, on=on)
                    if gap.slot.medium == "both":
                        self.paper(gap.slot.key, activity=activity, owner=one)

    def _target(self, activity=None, lesson=None, person=None, school=None, pair=None, **place):
        for kind, id_ in (
            ("activity", activity), ("lesson", lesson), ("person", self._id("person", person)),
            ("school", self._id("school", school)), ("pair", self._id("pair", pair)),
        ):  # fmt: skip
            if id_:
                return f"{kind}:{id_}"
        name = place.get("group") or place.get("subcommunity")
        return f"community:{self._id('place', name) or self.community}"

    def paper(self, slot, *, owner=None, on=None, community=False, **target):
        self.services.handing.receive_paper(
            self._target(**target), slot, self._id("person", owner), on=_day(on)
        )

    def waive(self, slot, reason, *, activity=None, person=None, community=False, **target):
        if activity and person:
            self.services.handing.waive(
                self.adoption, f"activity:{activity}", slot, reason,
                person_id=self._id("person", person),
            )  # fmt: skip
            return
        self.services.handing.waive(
            self.adoption, self._target(activity=activity, person=person, **target), slot, reason
        )

    def subject(
        self, *, school=None, person=None, group=None, subcommunity=None, pair=None, activity=None,
        lesson=None,
    ):  # fmt: skip
        for kind, word, name in (
            ("unit", "school", school), ("person", "person", person), ("group", "place", group),
            ("community", "place", subcommunity), ("pair", "pair", pair),
            ("activity", "activity", activity), ("lesson", "lesson", lesson),
        ):  # fmt: skip
            if name:
                return Subject(kind, self._id(word, name), name)
        return None

    def enter(self, key, value, *, term=None, years_back=0, **whose):
        self.services.entering.set_value(
            self.adoption, "input", key, self.subject(**whose), value, term=term,
            years_back=years_back,
        )  # fmt: skip

    def deduct(self, item_no, name, count, **whose):
        self.services.entering.set_value(
            self.adoption, "deduction", f"{item_no}/{name}", self.subject(**whose), count
        )

    def figure(self, key, value, **whose):
        self.services.entering.set_value(self.adoption, "figure", key, self.subject(**whose), value)

    def give_grade(self, key, name, **whose):
        self.services.entering.set_value(self.adoption, "grade", key, self.subject(**whose), name)

    def points(self, item_no, points, *, assessor="评审组", **whose):
        self.services.entering.set_points(
            self.adoption, self._item(item_no), self.subject(**whose), points, role="assessor",
            assessor=assessor,
        )  # fmt: skip

    # -- reading ------------------------------------------------------------------------------

    def findings(self, **query):
        return self.services.standing.missing(self.adoption, MissingQuery(**query)).findings

    def missing(self, **query):
        return [f"{one.where}：{one.what}" for one in self.findings(**query)]

    def progress(self, key, who=None, period=None):
        """The line of a quota; None: it does not hold for that subject."""
        found = [
            line
            for line in self.services.standing.progress(self.adoption).lines
            if line.quota == key and (who is None or self._is(line.subject, who))
            and (period is None or line.span.name == period)
        ]  # fmt: skip
        return found[0] if found else None

    def lines(self, key):
        return [
            one for one in self.services.standing.progress(self.adoption).lines if one.quota == key
        ]

    def _is(self, subject, who):
        names = {subject.id, subject.name, subject.name.replace("—", "/")}
        return who in names

    def overall(self, key):
        found = self.services.standing.progress(self.adoption).milestones[key]
        return Overall(
            found[-1].percent, [(one.by, one.wanted_percent, one.reached) for one in found]
        )

    def deadlines(self):
        return [
            (one.on, one.name, one.subject.name, one.done)
            for one in self.services.standing.progress(self.adoption).deadlines
        ]

    def results(self, **options):
        return self.services.standing.results(self.adoption, **options)

    def score(self, key, who=None, **options):
        for one in self.results(**options).evaluation.of(key):
            if who is None or self._is(one.subject, who):
                return one
        return None

    def grade(self, key, who=None):
        found = self.given(key, who)
        return found.name if found else ""

    def given(self, key, who=None):
        for one in self.results().grades:
            if one.grade_key == key and (who is None or self._is(one.subject, who)):
                return one
        return None

    def grade_words(self, key, who=None):
        return self.given(key, who).words

    def item(self, no, who=None, **options):
        standing = self.services.standing
        subjects = standing.subjects(self.adoption)
        whose = next(one for one in subjects if who is None or self._is(one, who))
        table = standing.table(self.adoption, whose, **options)
        return next(item for group in table.groups for item in group.items if item.no == no)

    def recognition(self, key, who):
        for one in self.results().recognised:
            if one.key == key and self._is(one.subject, who):
                return one
        return None

    def recognised(self, key, who):
        return self.recognition(key, who).reached

    def ways(self, key, who):
        return self.recognition(key, who).ways

    def figures(self, key, who=None):
        figure = next(one for one in self.scheme.figure if one.key == key)
        for name, subject, actual in self.services.standing.figures(self.adoption):
            if name == key and (who is None or self._is(subject, who)) and actual is not None:
                return Gap(figure, actual)
        return None


class Gap:
    """A figure with its standard and how far it is from it."""

    def __init__(self, figure, actual):
        self.actual = actual
        self.standard = figure.standard
        low = (
            figure.standard.at_least
            if figure.standard.at_least is not None
            else figure.standard.above
        )
        high = (
            figure.standard.at_most
            if figure.standard.at_most is not None
            else figure.standard.below
        )
        self.gap = max(low - actual, 0) if low is not None else max(actual - high, 0)
