"""The index follows every change, also of the records whose names others repeat."""

from datetime import date

import pytest
from sqlalchemy import text

from app.models import (
    Activity,
    Agreement,
    Attendance,
    Community,
    Dispatch,
    Duty,
    Lesson,
    MentorPair,
    Observation,
    ObservationStep,
    Person,
    Plan,
    PlanItem,
    School,
    SchoolYear,
)
from app.services.search.sources import MENTIONS, PARTS, SOURCES, columns_used


@pytest.fixture
def term(services):
    """One of each: an activity with a lesson, observed; a plan, an agreement, a pair, a dispatch."""
    with services.archive.uow.write("录入") as session:
        community, year = session.query(Community).first(), session.query(SchoolYear).first()
        school = School(name="荆姚小学")
        wang, li, zhao = (
            Person(name="王芳", school=school),
            Person(name="李娜"),
            Person(name="赵云"),
        )
        session.add_all([wang, li, zhao])
        session.flush()
        activity = Activity(
            community=community, title="集体备课", held_on=date(2025, 10, 9), host=zhao
        )
        lesson = Lesson(activity=activity, teacher=wang, title="圆的周长", class_name="六年级1班")
        seen = Observation(lesson=lesson, observer=li, observed_on=date(2025, 10, 9))
        seen.steps.append(ObservationStep(process="滚动圆片量周长", comment="直观"))
        activity.attendances.append(Attendance(person=li))
        activity.duties.append(Duty(task="摄影", person_id=zhao.id))
        session.add_all([activity, seen])
        session.flush()
        agreement = Agreement(community_id=community.id, title="结对协议", text="每月听课两节")
        plan = Plan(community_id=community.id, school_year_id=year.id, title="学年计划")
        plan.items.append(PlanItem(theme="送教下乡", person_id=zhao.id))
        session.add_all([agreement, plan])
        session.flush()
        session.add_all([
            MentorPair(community_id=community.id, mentor_id=wang.id, mentee_id=li.id,
                       agreement_id=agreement.id),
            Dispatch(community_id=community.id, person_id=li.id, to_school_id=school.id, kind="支教"),
        ])  # fmt: skip
    return services


def kinds(services, query: str) -> list[str]:
    return sorted(hit.kind for hit in services.search.find(query).hits)


@pytest.mark.parametrize(
    ("query", "wanted"),
    [
        ("滚动圆片", ["observation"]), ("直观", ["observation"]),
        ("六年级1班", ["activity", "observation"]), ("圆的周长", ["activity", "observation"]),
        ("摄影", ["activity"]), ("支教", ["person"]), ("送教下乡", ["plan"]), ("听课两节", ["agreement"]),
        ("王芳", ["activity", "agreement", "community", "observation", "person"]),
        ("李娜", ["activity", "agreement", "community", "observation", "person"]),
        ("赵云", ["activity", "person", "plan"]), ("荆姚", ["person", "person", "school"]),
    ],
)  # fmt: skip
def test_what_belongs_to_a_record_finds_it(term, query, wanted) -> None:
    assert kinds(term, query) == wanted


@pytest.mark.parametrize("name", ["王芳", "李娜", "赵云"])
def test_a_new_name_reaches_every_record_that_mentions_the_person(term, name) -> None:
    before = kinds(term, name)
    with term.archive.uow.write("改名") as session:
        session.query(Person).filter_by(name=name).one().name = "諸葛亮"
    assert kinds(term, "诸葛亮") == before
    assert kinds(term, name) == []
    term.history.undo()
    assert kinds(term, name) == before
    assert kinds(term, "诸葛亮") == []


def test_a_new_name_of_a_school_reaches_its_people(term) -> None:
    with term.archive.uow.write("改名") as session:
        session.query(School).filter_by(name="荆姚小学").one().name = "孙镇小学"
    assert kinds(term, "孙镇") == ["person", "person", "school"]
    assert kinds(term, "荆姚") == []


def test_a_lesson_s_new_title_reaches_the_activity_and_the_observations(term) -> None:
    with term.archive.uow.write("改课题") as session:
        session.query(Lesson).one().title = "圆的面积"
    assert kinds(term, "圆的面积") == ["activity", "observation"]
    assert kinds(term, "圆的周长") == []


def test_a_lesson_moved_to_another_activity_leaves_the_first(term) -> None:
    with term.archive.uow.write("移动") as session:
        other = Activity(community=session.query(Community).first(), title="示范课")
        session.add(other)
        session.flush()
        session.query(Lesson).one().activity = other
    titles = {hit.title for hit in term.search.find("圆的周长", kinds=["activity"]).hits}
    assert titles == {"示范课"}


def test_a_new_day_puts_the_record_where_it_belongs(term) -> None:
    with term.archive.uow.write("改期") as session:
        session.query(Activity).one().held_on = date(2026, 5, 1)
    hit = term.search.find("集体备课", since=date(2026, 4, 1)).hits[0]
    assert (hit.kind, hit.dated) == ("activity", "2026-05-01")


def test_the_full_text_table_is_sound_after_all_this(term) -> None:
    with term.archive.uow.write("改名") as session:
        for person in session.query(Person):
            person.name += "同志"
    term.history.undo()
    with term.archive.engine.begin() as connection:
        connection.execute(
            text("INSERT INTO search_index(search_index) VALUES ('integrity-check')")
        )
        left = connection.execute(text("SELECT count(*) FROM search_index")).scalar()
        assert left == connection.execute(text("SELECT count(*) FROM search_entry")).scalar()


def test_what_is_declared_exists() -> None:
    for table in (*SOURCES, *PARTS, *MENTIONS):
        assert columns_used(table), table
    assert "phone" not in columns_used("person")
    assert {"name", "school_id", "title"} <= columns_used("person")
