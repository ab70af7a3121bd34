"""Contradictions in the records are told, with who, where and a key by which they are known again."""

from dataclasses import replace
from datetime import date, time

import pytest

from app.models import (
    Activity,
    Attendance,
    Community,
    Lesson,
    Observation,
    ObservationStep,
    Person,
    School,
)
from app.services.standing.copies import find_copies
from app.services.standing.doubts import doubts, texts

DAY = date(2025, 10, 15)
COMMENT = "本节课教学目标明确，重难点突出，能联系生活实际引入分数，学生参与面广，板书工整。"
NEAR = COMMENT.replace("工整", "美观")


@pytest.fixture
def add(services):
    """Enter a record: ``add(Person, name="王芳")`` gives its id."""

    def entered(model, **values) -> str:
        with services.archive.uow.write("登记") as session:
            row = model(**values)
            session.add(row)
            session.flush()
            return row.id

    return entered


@pytest.fixture
def community(services) -> str:
    return services.adoptions.current().community_id


@pytest.fixture
def people(add) -> dict[str, str]:
    school = add(School, name="兴镇小学")
    return {name: add(Person, name=name, school_id=school) for name in ("王芳", "李娜", "张伟")}


@pytest.fixture
def found(services, community):
    """Doubts of the autumn, by kind."""

    def look(kind: str, first=date(2025, 9, 1), last=date(2026, 1, 31), communities=None) -> list:
        with services.archive.uow.read() as session:
            every = list(doubts(session, communities or [community], first, last))
        assert len({one.key for one in every}) == len(every)
        return [one for one in every if one.kind == kind]

    return look


def lesson(add, people, teacher, period="第3节", **values) -> str:
    given = {"taught_on": DAY, "period": period, "title": f"{teacher}的课", **values}
    return add(Lesson, teacher_id=people[teacher], **given)


def observe(add, people, observer, lesson_id, **values) -> str:
    given = {"observed_on": DAY, **values}
    return add(Observation, lesson_id=lesson_id, observer_id=people[observer], **given)


def test_a_comment_copied_from_another_observer_is_told_of_the_later(add, people, found) -> None:
    one, other = lesson(add, people, "王芳"), lesson(add, people, "王芳", "第5节", title="面积")
    late = observe(add, people, "张伟", other, strengths=NEAR, observed_on=date(2025, 11, 3))
    early = observe(add, people, "李娜", one, strengths=COMMENT[:20], advice=COMMENT[20:])
    [copy] = found("copy")
    assert copy.key == f"copy:{min(early, late)}:{max(early, late)}"
    assert copy.record == f"observation:{late}"
    assert copy.what == "评语与李娜2025年10月15日听《王芳的课》的记录雷同（相同 94%）"
    assert copy.where == "张伟2025年11月3日听《面积》的记录"
    assert (copy.who, copy.person_id) == ("张伟（兴镇小学）", people["张伟"])
    assert copy.school_id


def test_a_copy_is_told_in_the_year_of_the_later_record(add, people, found) -> None:
    one, other = lesson(add, people, "王芳"), lesson(add, people, "王芳", "第5节")
    observe(add, people, "李娜", one, overall=COMMENT, observed_on=date(2024, 10, 1))
    observe(add, people, "李娜", other, overall=COMMENT)
    assert len(found("copy")) == 1
    assert found("copy", date(2024, 9, 1), date(2025, 6, 30)) == []


def test_copied_steps_and_comments_of_two_records_are_one_line(add, people, found) -> None:
    for name in ("李娜", "张伟"):
        observe(
            add, people, name, lesson(add, people, "王芳", f"第{len(name)}节"), overall=COMMENT,
            steps=[ObservationStep(ordinal=0, comment=COMMENT[:20]),
                   ObservationStep(ordinal=1, comment=COMMENT[20:])],
        )  # fmt: skip
    [copy] = found("copy")
    assert copy.what.startswith("评语、课堂评析与")


def test_copied_minutes_of_activities_are_told(add, community, people, found) -> None:
    for title, day in (("研讨一", DAY), ("研讨二", date(2025, 11, 15))):
        last = add(Activity, community_id=community, title=title, held_on=day, minutes=COMMENT,
                   recorder_id=people["王芳"])  # fmt: skip
    [copy] = found("copy")
    assert copy.what == "活动记录与2025年10月15日“研讨一”雷同（相同 100%）"
    assert (copy.record, copy.person_id) == (f"activity:{last}", people["王芳"])


def test_texts_of_one_record_follow_its_changes(services, add, people) -> None:
    seen = observe(add, people, "李娜", lesson(add, people, "王芳"), overall=COMMENT)
    again = observe(add, people, "张伟", lesson(add, people, "王芳", "第5节"), overall=COMMENT)
    with services.archive.uow.read() as session:
        index = find_copies(texts(session))
    assert len(list(index.copies())) == 1
    with services.archive.uow.write("修改") as session:
        session.get_one(Observation, again).overall = "另写"
    with services.archive.uow.read() as session:
        changed = dict(texts(session, f"observation:{again}"))
    assert {key.split("/")[1]: text.strip() for key, text in changed.items()} == {
        "comment": "另写", "steps": "",
    }  # fmt: skip
    for key, text in changed.items():
        index.change(key, text)
    assert list(index.copies()) == []
    with services.archive.uow.write("删除") as session:
        session.delete(session.get_one(Observation, seen))
    with services.archive.uow.read() as session:
        assert set(dict(texts(session, f"observation:{seen}")).values()) == {""}


def test_an_observer_in_two_lessons_at_once_is_told_and_with_a_reason_noted(
    services, add, people, found
) -> None:
    one, other = lesson(add, people, "王芳", "3"), lesson(add, people, "李娜", "第3—4节")
    lesson(add, people, "李娜", "第6节")
    ids = sorted(observe(add, people, "张伟", each) for each in (one, other))
    [clash] = found("overlap")
    assert clash.key == f"overlap:{ids[0]}:{ids[1]}"
    assert clash.severity == "warning"
    assert clash.what == "张伟同一节次既听《王芳的课》，又听《李娜的课》"
    assert clash.record == f"observation:{ids[1]}"
    with services.archive.uow.write("说明") as session:
        session.get_one(Observation, ids[0]).overlap_reason = "各听半节"
    [noted] = found("overlap")
    assert noted.severity == "notice"
    assert noted.what.endswith("（说明：各听半节）")
    assert noted.key == clash.key


def test_two_lessons_one_after_the_other_are_no_clash(add, people, found) -> None:
    for period, day in (("第3节", DAY), ("第4节", DAY), ("第3节", date(2025, 10, 16)), ("", DAY)):
        observe(add, people, "张伟", lesson(add, people, "王芳", period, taught_on=day),
                observed_on=day)  # fmt: skip
    assert found("overlap") == []


def test_who_teaches_cannot_observe_or_teach_another(add, people, found) -> None:
    own = lesson(add, people, "王芳")
    heard = observe(add, people, "王芳", lesson(add, people, "李娜"))
    [clash] = found("overlap")
    assert clash.key == "overlap:" + ":".join(sorted((own, heard)))
    assert "既上《王芳的课》，又听《李娜的课》" in clash.what
    lesson(add, people, "李娜", title="另一课")
    assert len(found("overlap")) == 3 - 1


def test_the_same_lesson_twice_is_a_duplicate_not_a_clash(add, people, found) -> None:
    twins = [lesson(add, people, "王芳", period, title=title)
             for period, title in (("第3节", "分数"), ("3", " 分数。"))]  # fmt: skip
    for twin in twins:
        observe(add, people, "张伟", twin)
    [twice] = found("duplicate")
    assert twice.key == "duplicate:" + ":".join(sorted(twins))
    assert twice.record == f"lesson:{max(twins)}"
    assert found("overlap") == []


def meeting(add, community, people, title, starts, ends, present, **values) -> str:
    return add(
        Activity, community_id=community, title=title, starts_at=starts, ends_at=ends,
        attendances=[Attendance(person_id=people[name], status="present") for name in present],
        **{"held_on": DAY, "kind": "seminar", **values},
    )  # fmt: skip


def test_present_at_two_activities_at_the_same_time(add, community, people, found) -> None:
    one = meeting(add, community, people, "研讨", time(9), time(11), ("王芳", "李娜"))
    other = meeting(add, community, people, "讲座", time(10, 30), None, ("王芳", "张伟"))
    meeting(add, community, people, "下午", time(11), time(12), ("王芳", "李娜"))
    [clash] = found("overlap")
    assert clash.key == f"overlap:{one}:{other}:{people['王芳']}"
    assert clash.what == "王芳同一时间在“研讨”和“讲座”都签到"
    assert clash.where == "2025年10月15日 10:30"


def test_an_activity_entered_twice_is_one_finding(add, community, people, found) -> None:
    ids = [
        meeting(add, community, people, title, time(9), time(11), ("王芳",))
        for title in ("数学研讨", "数学研讨。")
    ]
    meeting(add, community, people, "数学研讨", time(9), time(11), (), kind="lecture")
    [twice] = found("duplicate")
    assert (twice.key, twice.record) == (f"duplicate:{ids[0]}:{ids[1]}", f"activity:{ids[1]}")
    assert found("overlap") == []


def test_marked_absent_but_taught_or_observed(add, community, people, found) -> None:
    activity = add(
        Activity, community_id=community, title="公开课", held_on=DAY,
        attendances=[Attendance(person_id=people["王芳"], status="leave"),
                     Attendance(person_id=people["李娜"], status="absent"),
                     Attendance(person_id=people["张伟"], status="absent")],
    )  # fmt: skip
    taught = lesson(add, people, "王芳", activity_id=activity)
    observe(add, people, "李娜", taught)
    told = {one.person_id: one for one in found("absent")}
    assert told[people["王芳"]].what == "王芳登记为请假，却上了《王芳的课》"
    assert told[people["李娜"]].what == "李娜登记为缺席，却听了《王芳的课》"
    assert people["张伟"] not in told
    assert told[people["王芳"]].key == f"absent:{activity}:{people['王芳']}"


def test_only_the_communities_asked_for_and_their_groups(add, community, people, found) -> None:
    group = add(Community, name="低段组", parent_id=community)
    other = add(Community, name="别的共同体")
    for place in (group, other):
        for title in ("研讨", "研讨"):
            meeting(add, place, people, title, None, None, ())
    assert len(found("duplicate")) == 1
    assert len(found("duplicate", communities=[other])) == 1
    assert found("duplicate", date(2025, 11, 1)) == []


def test_findings_are_complete_for_reminders(add, people, found) -> None:
    one, other = lesson(add, people, "王芳"), lesson(add, people, "李娜")
    for each in (one, other):
        observe(add, people, "张伟", each)
    [clash] = found("overlap")
    assert clash == replace(
        clash, kind="overlap", who="张伟（兴镇小学）", person_id=people["张伟"],
        where="2025年10月15日 第3节",
    )  # fmt: skip
    assert clash.school_id
