"""S04 幼儿园年度工作与教育共同体: the year by months, growth files, bound volumes."""

from datetime import date

import pytest


@pytest.fixture
def w(world):
    w = world(
        "zhongshan-kindergarten", year=2025, today="2025-08-31", community="中山幼儿园教育共同体"
    )
    w.school("中山幼儿园", role="kindergarten")
    w.person("陆敏", school="中山幼儿园", role="staff-teacher")
    w.person("沈洁", school="中山幼儿园", role="staff-teacher")
    w.person("周琴", school="中山幼儿园", role="line-head")
    return w


def test_an_activity_for_the_youngest_each_month(w):
    for day in ("2025-02-20", "2025-03-31", "2025-04-30", "2025-05-01", "2025-06-15"):
        w.activity("parent-child-03", day)
    # one of one in February to June, the last of March and of April in their own months
    for month in ("2025-02", "2025-03", "2025-04", "2025-05", "2025-06"):
        line = w.progress("parent-child-03", period=month)
        assert (line.done, line.required, line.reached) == (1, 1, True)
    # none in the holidays, and none asked for; in January there was none
    assert w.progress("parent-child-03", period="2025-07") is None
    assert w.progress("parent-child-03", period="2025-01").reached is False


def test_contests_in_their_months(w):
    w.activity("story-contest", "2025-03-31")
    w.activity("design-contest", "2025-05-08")
    assert w.progress("story-contest").reached is True
    assert w.progress("design-contest").reached is True
    # a form decides which of the parents' activities counts
    w.activity("parents", "2025-04-10", form="家长学校")
    assert w.progress("parent-school").done == 1
    assert w.progress("newsletter").done == 0


def test_a_growth_file_of_every_teacher_by_the_end_of_march(w):
    w.file("growth-file", person="陆敏", on="2025-03-20")
    lacking = [one for one in w.findings() if one.slot == "growth-file"]
    assert [(one.who, one.due) for one in lacking] == [("沈洁", date(2025, 3, 31))]
    assert lacking[0].overdue


def test_heads_of_lines_hand_in_their_summary_teachers_do_not(w):
    # one head of a line, two teachers: one summary is due
    due = [one for one in w.findings() if one.slot == "line-summary"]
    assert [(one.who, one.due) for one in due] == [("周琴", date(2025, 6, 30))]


def test_each_entrant_leaves_a_design(w):
    contest = w.activity("design-contest", "2025-04-10", present=["陆敏", "沈洁"])
    w.file("activity-design", activity=contest, owner="陆敏")
    lacking = [one for one in w.findings() if one.slot == "activity-design"]
    assert [(one.count, one.who) for one in lacking] == [(1, "沈洁")]
