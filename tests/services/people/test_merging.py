"""Merging: seen before, nothing lost, collisions by the stated rule, one step back and forth."""

from datetime import UTC, date, datetime, time

import pytest
from sqlalchemy import select

from app.errors import ConflictError, NotFoundError
from app.models import (
    Activity,
    Appointment,
    Attendance,
    Base,
    CommunityUnit,
    Dispatch,
    Draw,
    DrawPerson,
    Duty,
    Evidence,
    EvidenceLink,
    Honour,
    Lesson,
    MentorPair,
    Observation,
    ObservationScore,
    ObservationStep,
    Person,
    PersonSubject,
    Record,
    Rubric,
    RubricItem,
    School,
)
from app.services.people.references import model_of, referring
from app.services.people.words import noun

_JOURNAL = {"journal_batch", "journal_entry"}


def dump(services) -> dict[str, list[tuple]]:
    """Every row of every table, the journal and the search index aside."""
    with services.archive.uow.read() as session:
        return {
            name: sorted(map(repr, session.execute(select(table))))
            for name, table in Base.metadata.tables.items()
            if name not in _JOURNAL and not name.startswith("search")
        }


@pytest.fixture
def community(services) -> str:
    return services.adoptions.current().community_id


@pytest.fixture
def two(services, community):
    """王芳 twice, with everything that can hang on a person; gives the ids (older first)."""
    with services.archive.uow.write("准备") as session:
        school = School(name="兴镇小学")
        one = Person(name="王芳", born_on="1985", phone="13800138000", title="二级教师", note="甲")
        session.add_all([school, one])
        session.flush()
        two = Person(name="王 芳", born_on="1985-09", school=school, title="一级教师", note="乙")
        other = Person(name="李雷")
        session.add_all([two, other])
        session.flush()
        a, b, c = one.id, two.id, other.id
        session.add_all(
            [
                PersonSubject(person_id=a, subject="数学"),
                PersonSubject(person_id=b, subject="数学"),
                PersonSubject(person_id=b, subject="科学", ordinal=1),
                Honour(person_id=a, name="骨干教师", level="县", awarded_on="2020"),
                Honour(
                    person_id=b,
                    name="骨干教师",
                    level="县",
                    awarded_on="2020-09",
                    awarded_by="县教育局",
                ),
                Honour(person_id=b, name="骨干教师", level="市", awarded_on="2023"),
                Appointment(community_id=community, person_id=a, role="member"),
                Appointment(community_id=community, person_id=b, role="member"),
                Appointment(community_id=community, person_id=b, role="backbone"),
                MentorPair(community_id=community, mentor_id=a, mentee_id=c),
                MentorPair(community_id=community, mentor_id=b, mentee_id=c, note="第二份"),
                Dispatch(
                    community_id=community, person_id=b, kind="支教", to_school_id=school.id, days=5
                ),
            ]
        )
        _acts(session, community, a, b, c)
    return a, b


def _acts(session, community, a, b, c) -> None:
    activity = Activity(
        community_id=community, title="第1次研讨", held_on=date(2025, 10, 15), host_id=b
    )
    lesson = Lesson(
        teacher_id=c, title="分数的意义", activity=activity, taught_on=date(2025, 10, 15)
    )
    own = Lesson(teacher_id=b, title="圆的面积")
    rubric = Rubric(name="量表甲")
    items = [RubricItem(name=name, points=50, rubric=rubric) for name in ("目标", "过程")]
    proof = Evidence(
        sha256="a" * 64, stored_name="x", original_name="x", title="听课本", kind="image",
        media_type="image/png", size=1, added_at=datetime(2025, 10, 16, tzinfo=UTC),
    )  # fmt: skip
    draw = Draw(community_id=community, drawn_on=date(2025, 11, 1), seed="7", count=1)
    session.add_all([activity, lesson, own, rubric, *items, proof, draw])
    session.flush()
    poor = Observation(lesson_id=lesson.id, observer_id=a, strengths="板书清楚")
    scored = Observation(
        lesson_id=lesson.id,
        observer_id=b,
        strengths="目标明确",
        score=86,
        grade="良",
        rubric_id=rubric.id,
    )
    session.add_all([poor, scored])
    session.flush()
    session.add_all(
        [
            ObservationStep(observation_id=poor.id, ordinal=0, process="导入"),
            ObservationStep(observation_id=scored.id, ordinal=0, process="新授"),
            ObservationScore(observation_id=scored.id, rubric_item_id=items[0].id, points=43),
            ObservationScore(observation_id=scored.id, rubric_item_id=items[1].id, points=43),
            EvidenceLink(evidence_id=proof.id, observation_id=poor.id),
            EvidenceLink(evidence_id=proof.id, observation_id=scored.id),
            EvidenceLink(evidence_id=proof.id, person_id=b),
            Attendance(activity_id=activity.id, person_id=a, status="absent", part="评课"),
            Attendance(
                activity_id=activity.id,
                person_id=b,
                status="present",
                part="主持",
                signed_at=time(8, 30),
            ),
            Duty(activity_id=activity.id, person_id=b, task="签到"),
            DrawPerson(draw_id=draw.id, person_id=a, ordinal=1),
            DrawPerson(draw_id=draw.id, person_id=b, ordinal=2, place=1),
        ]
    )


def _fields(preview):
    return {field.name: field for field in preview.fields}


def test_the_preview_sets_both_side_by_side(services, two) -> None:
    before = dump(services)
    seen = services.people.preview_merge("person", two[1], two[0])
    assert (seen.keep, seen.lose) == two
    fields = _fields(seen)
    assert (fields["name"].keep, fields["name"].lose) == ("王芳", "王 芳")
    assert fields["born_on"].default == "lose"  # says more
    assert fields["school_id"].lose == "兴镇小学"
    assert fields["school_id"].choices == ("lose",)
    assert fields["phone"].keep == "138****8000"
    assert fields["note"].default == "both"
    assert "sex" not in fields
    assert dump(services) == before


def test_the_newer_record_is_preferred(services, two) -> None:
    assert _fields(services.people.preview_merge("person", *two))["title"].default == "keep"
    with services.archive.uow.write("改") as session:
        session.get(Person, two[1]).title = "高级教师"
    assert _fields(services.people.preview_merge("person", *two))["title"].default == "lose"


def test_the_preview_lists_what_moves_and_what_collides(services, two) -> None:
    seen = services.people.preview_merge("person", *two)
    moving = {one.noun: (one.count, one.lines) for one in seen.moving}
    assert moving["任教学科"] == (1, ("科学",))
    assert moving["荣誉称号"] == (1, ("骨干教师 · 市 · 2023",))
    assert moving["分工"] == (1, ("第1次研讨 · 签到",))
    assert moving["课"][0] == 1
    assert "第1次研讨" in moving["活动"][1][0]
    collisions = [(one.noun, "；".join(one.outcome)) for one in seen.collisions]
    assert ("任教学科", "两条内容相同") in collisions
    assert ("荣誉称号", "授予单位补为“县教育局”；时间补为“2020-09”") in collisions
    signed = next(words for kind, words in collisions if kind == "签到")
    assert "情况取“到会”，不取“缺席”" in signed
    assert "角色补为“主持、评课”" in signed
    observed = next(words for kind, words in collisions if kind == "听课记录")
    assert "优点补为“目标明确\n板书清楚”" in observed
    assert "抽取名单" in {kind for kind, _words in collisions}


def test_all_that_hangs_on_both_is_at_the_one_that_stays(services, two) -> None:
    keep, lose = two
    seen = services.people.preview_merge("person", keep, lose)
    assert services.people.merge(seen, {"title": "lose", "name": "keep"}) == keep
    with services.archive.uow.read() as session:
        person = session.get(Person, keep)
        assert session.get(Person, lose) is None
        assert (person.name, person.title, person.born_on) == ("王芳", "一级教师", "1985-09")
        assert (person.note, person.school.name) == ("甲\n乙", "兴镇小学")
        assert [one.subject for one in person.subjects] == ["数学", "科学"]
        assert sorted((one.level, one.awarded_by) for one in person.honours) == [
            ("县", "县教育局"),
            ("市", ""),
        ]
        [attendance] = session.scalars(select(Attendance))
        assert (attendance.person_id, attendance.status) == (keep, "present")
        assert (attendance.part, attendance.signed_at) == ("主持、评课", time(8, 30))
        [observation] = session.scalars(select(Observation))
        assert (observation.observer_id, observation.score) == (keep, 86)
        assert [step.process for step in observation.steps] == ["新授", "导入"]
        assert [one.points for one in observation.scores] == [43, 43]
        links = session.scalars(select(EvidenceLink)).all()
        assert {(one.observation_id, one.person_id) for one in links} == {
            (observation.id, None),
            (None, keep),
        }
        [listed] = session.scalars(select(DrawPerson))
        assert (listed.person_id, listed.ordinal, listed.place) == (keep, 2, 1)
        [pair] = session.scalars(select(MentorPair))
        assert (pair.mentor_id, pair.note) == (keep, "第二份")
        roles = session.scalars(select(Appointment.role).where(Appointment.person_id == keep))
        assert sorted(roles) == ["backbone", "member"]
        assert session.scalar(select(Activity)).host_id == keep
        assert _pointing_at(session, lose) == []


def _pointing_at(session, record_id: str) -> list[str]:
    return [
        str(key.parent)
        for table in Base.metadata.tables.values()
        for key in table.foreign_keys
        if session.execute(select(table).where(key.parent == record_id)).first()
    ]


def test_one_step_back_and_forth(services, two) -> None:
    before = dump(services)
    services.people.merge(services.people.preview_merge("person", *two), {})
    after = dump(services)
    assert after != before
    assert services.history.undo() == "合并重复的人员“王芳”"
    assert dump(services) == before
    services.history.redo()
    assert dump(services) == after
    lines = services.history.of_record(two[1])
    assert lines[0].op == "delete"
    assert lines[0].before["name"] == "王 芳"


def test_of_two_scored_records_the_points_follow_the_score(services, two) -> None:
    with services.archive.uow.write("改") as session:
        poor = session.scalar(select(Observation).where(Observation.observer_id == two[0]))
        poor.score, poor.grade = 90, "优"
    seen = services.people.preview_merge("person", *two)
    words = ["；".join(one.outcome) for one in seen.collisions if one.noun == "听课记录"]
    assert "得分取“90”，不取“86”" in words[0]
    assert [one.what for one in seen.collisions if one.noun == "评课分项"] == [
        "目标 · 分数 43",
        "过程 · 分数 43",
    ]
    services.people.merge(seen, {})
    with services.archive.uow.read() as session:
        [observation] = session.scalars(select(Observation))
        assert (observation.score, observation.grade, observation.rubric_id) == (90, "优", None)
        assert session.scalars(select(ObservationScore)).all() == []


def test_what_changed_since_the_preview_stops_the_merge(services, two) -> None:
    seen = services.people.preview_merge("person", *two)
    with services.archive.uow.write("改") as session:
        session.add(Honour(person_id=two[1], name="名师", level="省"))
    before = dump(services)
    with pytest.raises(ConflictError, match="预览之后又有改动"):
        services.people.merge(seen, {})
    assert dump(services) == before
    with pytest.raises(NotFoundError):
        services.people.preview_merge("person", two[0], "没有")


def test_mentor_and_mentee_are_two(services, two, community) -> None:
    with services.archive.uow.write("改") as session:
        session.add(MentorPair(community_id=community, mentor_id=two[0], mentee_id=two[1]))
    with pytest.raises(ConflictError, match="一对师徒"):
        services.people.preview_merge("person", *two)


def test_who_observes_their_own_lesson_is_noted(services, two) -> None:
    with services.archive.uow.write("改") as session:
        lesson = Lesson(teacher_id=two[0], title="圆")
        session.add(lesson)
        session.flush()
        session.add(Observation(lesson_id=lesson.id, observer_id=two[1]))
    notes = services.people.preview_merge("person", *two).notes
    assert notes == ("合并后有 1 条听课记录的听课人就是执教人，请核对。",)


def test_marks_of_difference_follow(services, two) -> None:
    with services.archive.uow.write("准备") as session:
        session.add(Person(name="王芳"))
    pairs = services.people.duplicates("person")
    for pair in pairs:
        if {pair.first.id, pair.second.id} != set(two):
            services.people.mark_different(pair)
    services.people.merge(services.people.preview_merge("person", *two), {})
    assert services.people.duplicates("person") == []


def test_schools_with_their_people_and_parts(services, community) -> None:
    with services.archive.uow.write("准备") as session:
        one, two = (
            School(name="兴镇小学", short_name="兴小"),
            School(name="兴镇完全小学", kind="小学"),
        )
        session.add(one)
        session.flush()
        session.add(two)
        session.flush()
        keep, lose = one.id, two.id
        session.add_all(
            [
                Person(name="王芳", school_id=lose),
                CommunityUnit(community_id=community, school_id=keep, role="member"),
                CommunityUnit(
                    community_id=community, school_id=lose, role="member", ends_on=date(2027, 8, 31)
                ),
                CommunityUnit(community_id=community, school_id=lose, role="lead"),
            ]
        )
    before = dump(services)
    [pair] = services.people.duplicates("school")
    seen = services.people.preview_merge("school", pair.first.id, pair.second.id)
    services.people.merge(seen, {"name": "lose"})
    with services.archive.uow.read() as session:
        school = session.get(School, keep)
        assert (school.name, school.short_name, school.kind) == ("兴镇完全小学", "兴小", "小学")
        units = session.scalars(select(CommunityUnit).where(CommunityUnit.school_id == keep))
        assert sorted((one.role, one.ends_on) for one in units) == [
            ("lead", None),
            ("member", date(2027, 8, 31)),
        ]
        assert session.scalar(select(Person.school_id).where(Person.name == "王芳")) == keep
    services.history.undo()
    assert dump(services) == before


def test_every_table_that_can_move_has_a_name() -> None:
    tables = {name for table in ("person", "school", "observation") for name in referring(table)}
    assert len(tables) > 15
    for name in tables:
        assert noun(name)
        assert issubclass(model_of(name), Record)
