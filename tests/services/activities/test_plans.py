"""Plans become activities, are copied, and move on with the school year."""

import pytest

from app.errors import ConflictError, NotFoundError, ValidationError
from app.services.activities.plans import moved, retitled
from app.services.activities.turnover import Wanted
from app.services.entry.listing import Query


@pytest.fixture
def plan(services, story):
    """A plan of the first term with three lines."""
    create, adoption = services.entries.create, story.adoption_id
    year = services.entries.page(Query("school_year", adoption), 0, 1)[0]
    term = services.entries.page(Query("term", adoption, parent_id=year.id), 0, 2)[0]
    typed = {
        "title": "2025—2026学年第一学期工作计划", "school_year_id": year.id, "term_id": term.id,
        "text": "依据2022年版课程标准。",
    }  # fmt: skip
    made = create("plan", typed, adoption)
    lines = [
        {"due": "2025-10-15", "theme": "复习课研讨", "kind": "seminar", "person_id": "王芳",
         "place": "兴镇小学"},
        {"due": "2026-05", "theme": "2022年版课标学习"},
        {"theme": "随机听课", "kind": "circuit"},
    ]  # fmt: skip
    for line in lines:
        create("plan_item", line, adoption, made)
    return made


def items(services, story, plan_id):
    query = Query("plan_item", story.adoption_id, parent_id=plan_id)
    return services.entries.page(query, 0, 10)


def test_a_line_becomes_an_activity_once(services, story, plan) -> None:
    first, _second, third = items(services, story, plan)
    made = services.plans.to_activity(first.id, story.adoption_id)
    activity = services.entries.get("activity", made, story.adoption_id).texts
    assert (activity["title"], activity["kind"], activity["held_on"]) == (
        "复习课研讨", "主题研讨", "2025-10-15",
    )  # fmt: skip
    assert (activity["host_id"], activity["place"]) == ("王芳", "兴镇小学")
    assert items(services, story, plan)[0].texts["activity_id"] == "复习课研讨"
    with pytest.raises(ConflictError, match="已经变成活动"):
        services.plans.to_activity(first.id, story.adoption_id)
    staged = services.plans.to_activity(third.id, story.adoption_id)
    row = services.entries.get("activity", staged, story.adoption_id)
    assert (row.texts["stage"], row.values["held_on"]) == ("备课", None)
    services.history.undo()
    assert items(services, story, plan)[2].values["activity_id"] is None


def test_overdue_lines_are_those_past_and_not_done(services, story, plan) -> None:
    # today is 2 March 2026; a month is over when it is over
    assert [one.theme for one in services.plans.overdue(story.adoption_id)] == ["复习课研讨"]
    services.plans.to_activity(items(services, story, plan)[0].id, story.adoption_id)
    assert services.plans.overdue(story.adoption_id) == ()


@pytest.mark.parametrize(
    ("day", "there"),
    [("2025-10-15", "2026-10-15"), ("2025-10", "2026-10"), ("2025", "2026"), ("", ""),
     ("2028-02-29", "2029-02-28")],
)  # fmt: skip
def test_days_move_by_a_year(day, there) -> None:
    assert moved(day, 1) == there


def test_only_the_school_years_own_numbers_move() -> None:
    assert retitled("2025—2026学年学习2022年版课标", 2025, 1) == "2026—2027学年学习2022年版课标"


def test_turnover_shows_then_makes_the_next_year(services, story, plan) -> None:
    view = services.plans.turnover(story.adoption_id)
    assert (view.year, view.period) == (2026, "2026—2027学年")
    assert [name for name, _start, _end in view.terms] == ["第一学期", "第二学期"]
    assert [(one.title[:4], one.new_title, one.items) for one in view.plans] == [
        ("2025", "2026—2027学年第一学期工作计划", 3)
    ]
    assert [(one.key, one.answer) for one in view.questions] == [("contest-year", "2027")]
    assert [(one.name, one.members) for one in view.groups] == [("低段组", 2)]
    zhao = next(one for one in view.members if one.name == "赵敏")
    done = services.plans.turn_over(
        story.adoption_id,
        Wanted(
            plans=(plan,), leaving=(zhao.appointment_id,), closing=(story.group_id,),
            answers={"contest-year": "2027"},
        ),
    )  # fmt: skip
    assert done.lines[2:] == (
        "4 项任职继续有效，不用重新登记。",
        "3 项任职到 2026-08-31 为止，人员和以往的记录都保留。",
        "1 个小组到 2026-08-31 为止。",
    )
    current = services.adoptions.current()
    assert (current.id, current.period) == (done.adoption_id, "2026—2027学年")
    year = services.entries.page(Query("school_year", current.id), 0, 1)[0]
    plans = services.entries.page(Query("plan", current.id, view="year"), 0, 5)
    assert [one.texts["title"] for one in plans] == ["2026—2027学年第一学期工作计划"]
    assert (plans[0].values["school_year_id"], plans[0].texts["term_id"]) == (year.id, "第一学期")
    listed = services.entries.page(Query("person", current.id), 0, 9)
    assert sorted(row.texts["name"] for row in listed) == ["张伟", "李娜", "王方", "王芳"]
    assert services.entries.count(Query("person", story.adoption_id)) == 5  # as the old year was
    copied = [
        (one.values["due"], one.values["theme"]) for one in items(services, story, plans[0].id)
    ]
    assert copied == [
        ("2026-10-15", "复习课研讨"), ("2027-05", "2022年版课标学习"), ("", "随机听课"),
    ]  # fmt: skip
    with pytest.raises(ConflictError, match="已经建好"):
        services.plans.turnover(story.adoption_id)
    services.history.undo()
    assert services.adoptions.current().year == 2025
    assert services.plans.turnover(story.adoption_id).members == view.members


def test_who_has_left_already_is_not_taken_along(services, story) -> None:
    row = services.entries.page(
        Query("appointment", story.adoption_id, parent_id=story.people["李娜"]), 0, 1
    )[0]
    services.entries.change("appointment", row.id, {"ends_on": "2026-01-31"}, story.adoption_id)
    view = services.plans.turnover(story.adoption_id)
    assert view.ended == 1
    assert "李娜" not in [one.name for one in view.members]
    done = services.plans.turn_over(story.adoption_id, Wanted())
    assert done.lines[-1] == "1 项任职此前已经结束，没有带入。"


def test_a_wrong_answer_is_said(services, story) -> None:
    with pytest.raises(ValidationError, match="“去年”不是年份"):
        services.plans.turn_over(story.adoption_id, Wanted(answers={"contest-year": "去年"}))
    assert services.adoptions.current().year == 2025


def test_a_plan_is_copied_into_a_year_that_is_there(services, story, plan) -> None:
    with pytest.raises(NotFoundError, match="还没有 2026 学年"):
        services.plans.copy_to_year(plan, 2026)
    services.plans.turn_over(story.adoption_id, Wanted())
    made = services.plans.copy_to_year(plan, 2026)
    assert (
        services.entries.get("plan", made, story.adoption_id).texts["title"].startswith("2026—2027")
    )


def test_terms_are_set_by_the_local_calendar(services, story) -> None:
    first, second = services.plans.terms(story.adoption_id)
    services.plans.set_terms(
        story.adoption_id,
        {first.id: ("9.1", "2026-1-23"), second.id: ("2026年3月2日", "2026-07-10")},
    )
    days = [
        (str(one.starts_on), str(one.ends_on)) for one in services.plans.terms(story.adoption_id)
    ]
    assert days == [("2025-09-01", "2026-01-23"), ("2026-03-02", "2026-07-10")]
    assert services.history.undo_label() == "修改学期起止日期"
    with pytest.raises(ValidationError, match="结束之前就开始"):
        services.plans.set_terms(
            story.adoption_id,
            {first.id: ("2025-9-1", "2026-3-5"), second.id: ("2026-3-2", "2026-7-10")},
        )
    with pytest.raises(ValidationError, match="结束早于开始"):
        services.plans.set_terms(story.adoption_id, {first.id: ("2026-1-1", "2025-9-1")})
    with pytest.raises(ValidationError, match="没有 2 月 30 日"):
        services.plans.set_terms(story.adoption_id, {first.id: ("2.30", "2026-7-10")})
