"""S21 华武小学: three quotas of observed lessons, home visits, research, checks of new teachers."""

from decimal import Decimal

import pytest

FIRST, SECOND = "第一学期", "第二学期"  # from 1 September 2025 and from 15 February 2026
OBSERVE = ("observe", "observe-head", "observe-most")


@pytest.fixture
def w(world):
    w = world("huawu-primary", year=2025, today="2026-08-31", community="民办华武小学")
    w.school("华武小学", role="school")
    w.person("执教人", school="华武小学", joined="2000-09-01")
    return w


def line_of(w, who, period):
    """The one line of observed lessons that holds for a teacher."""
    found = [w.progress(key, who, period) for key in OBSERVE]
    found = [line for line in found if line is not None]
    assert len(found) == 1
    return found[0]


@pytest.mark.parametrize(
    ("joined", "first", "second"),
    [
        # three full years on 1 September 2025: joined on 1 September 2022
        ("2022-08-31", 10, 10),
        ("2022-09-01", 10, 10),  # exactly three years: no longer within the first three
        ("2022-09-02", 20, 10),  # two full years, then three on 15 February 2026
        ("2023-02-15", 20, 10),  # exactly three years on the first day of the second term
        ("2023-02-16", 20, 20),
        ("2025-09-01", 20, 20),
    ],
)
def test_new_teachers_observe_twenty(w, joined, first, second):
    w.person("王芳", school="华武小学", joined=joined)
    assert line_of(w, "王芳", FIRST).required == first
    assert line_of(w, "王芳", SECOND).required == second


@pytest.mark.parametrize(
    ("role", "office", "joined", "required"),
    [
        ("", "", "2005-09-01", 10),
        ("group-head", "", "2005-09-01", 15),
        ("", "教导处", "2005-09-01", 20),
        ("group-head", "教导处", "2005-09-01", 20),  # the highest that fits
        ("group-head", "", "2024-09-01", 20),
        ("class-teacher", "总务处", "2005-09-01", 10),
    ],
)
def test_heads_and_the_office_of_studies(w, role, office, joined, required):
    w.person("李强", school="华武小学", role=role, office=office, joined=joined)
    assert line_of(w, "李强", FIRST).required == required


def test_without_the_day_of_joining_nobody_knows(w):
    w.person("周敏", school="华武小学")
    unsure = w.progress("observe-most", "周敏", FIRST)
    assert unsure.reached is None
    assert unsure.required is None
    assert "参加工作时间" in unsure.uncertain
    assert w.progress("observe", "周敏", FIRST).required == 10  # that much is sure


def test_office_of_studies_is_enough_without_the_day_of_joining(w):
    w.person("周敏", school="华武小学", office="教导处")
    assert line_of(w, "周敏", FIRST).required == 20


def test_ten_lessons_observed(w):
    w.person("王芳", school="华武小学", joined="2010-09-01")
    for day in range(1, 9):  # eight lessons of one period
        lesson = w.lesson("执教人", f"2025-10-{day:02}", period="第1节")
        w.observe("王芳", lesson)
    line = line_of(w, "王芳", FIRST)
    assert (line.done, line.reached) == (8, False)
    double = w.lesson("执教人", "2026-02-14", hours=2)  # last day of the first term
    w.observe("王芳", double, hours=2)
    line = line_of(w, "王芳", FIRST)
    assert (line.done, line.reached) == (Decimal(10), True)  # 8 + 2
    assert line_of(w, "王芳", SECOND).done == 0
    # whoever taught has observed nothing
    assert line_of(w, "执教人", FIRST).done == 0


def test_fourteen_are_not_fifteen(w):
    w.person("李强", school="华武小学", role="group-head", joined="2005-09-01")
    for n in range(14):
        w.observe("李强", w.lesson("执教人", f"2025-11-{n + 1:02}"))
    line = line_of(w, "李强", FIRST)
    assert (line.done, line.required, line.reached) == (14, 15, False)
    assert "差 1 节" in line.words
    assert any("李强" in one and "听课" in one for one in w.missing())
    w.observe("李强", w.lesson("执教人", "2025-12-01"))
    assert line_of(w, "李强", FIRST).reached is True


def test_five_home_visits_with_their_records(w):
    w.person("赵敏", school="华武小学", role="class-teacher", joined="2010-09-01")
    visits = [
        w.activity("home-visit", f"2025-10-{n + 10}", leader="赵敏", title=f"家访{n + 1}")
        for n in range(5)
    ]
    for visit in visits[:4]:
        w.file("visit-record", activity=visit)
    line = w.progress("home-visit", "赵敏", FIRST)
    assert (line.done, line.required, line.reached) == (4, 5, False)  # the fifth has no record
    assert any("家访记录" in one for one in w.missing())
    w.file("visit-record", activity=visits[4])
    assert w.progress("home-visit", "赵敏", FIRST).reached is True
    # a teacher without a class owes none
    assert w.progress("home-visit", "执教人", FIRST) is None


def test_two_of_the_school_and_four_of_each_group(w):
    for name in ("语文组", "数学组"):
        w.group(name, "subject-group")
    for day in ("2025-09-20", "2026-01-10"):
        w.activity("school-research", day)
    for day in ("2025-09-10", "2025-10-10", "2025-11-10", "2025-12-10"):
        w.activity("group-research", day, group="语文组")
    w.activity("group-research", "2025-10-11", group="数学组")
    school = w.progress("school-research", None, FIRST)
    assert (school.done, school.required, school.reached) == (2, 2, True)
    chinese, maths = (w.progress("group-research", f"{one}组", FIRST) for one in ("语文", "数学"))
    assert (chinese.done, chinese.reached) == (4, True)
    assert (maths.done, maths.required, maths.reached) == (1, 4, False)


def test_new_teachers_are_checked_each_month(w):
    w.person("小刘", school="华武小学", joined="2025-08-20")
    w.activity("new-teacher-check", "2025-10-31", present=("小刘", "执教人"))
    assert w.progress("new-teacher-check", "小刘", "2025-10").reached is True
    assert w.progress("new-teacher-check", "小刘", "2025-11").reached is False
    assert w.progress("new-teacher-check", "执教人", "2025-10") is None


def test_a_new_teacher_is_new_until_three_years_are_over(w):
    w.person("小刘", school="华武小学", joined="2022-11-01")
    # three full years on 1 November 2025
    assert w.progress("new-teacher-check", "小刘", "2025-10").required == 1
    assert w.progress("new-teacher-check", "小刘", "2025-11") is None


def test_three_meetings_of_class_teachers(w):
    for form, day in (("期初计划会", "2025-09-03"), ("期末总结会", "2026-01-20")):
        w.activity("class-teacher-meeting", day, form=form)
    reached = [
        w.progress(f"class-teacher-meeting-{part}", None, FIRST).reached
        for part in ("start", "middle", "end")
    ]
    assert reached == [True, False, True]


def test_shares_of_pupils(w):
    w.figure("health-knowledge", 89.5)
    w.figure("health-habit", 100)
    knowledge, habit = w.figures("health-knowledge"), w.figures("health-habit")
    # 90 - 89.5 = 0.5
    assert (knowledge.standard.at_least, knowledge.actual, knowledge.gap) == (
        Decimal(90),
        Decimal("89.5"),
        Decimal("0.5"),
    )
    assert habit.gap == 0
