"""S05 大教研组与备课组: three kinds of research with their materials, fine plans by age."""

from collections import Counter

import pytest

FIRST, SECOND = "第一学期", "第二学期"  # from 1 September 2025 and from 15 February 2026


@pytest.fixture
def w(world):
    w = world("school-research-groups", year=2025, today="2026-09-10", community="实验小学教研")
    w.school("实验小学", role="school")
    return w


def fine_plan(w, teacher, day, *slots):
    lesson = w.lesson(teacher, activity=w.activity("fine-plan", day))
    for slot in slots:
        w.file(slot, lesson=lesson, on=day)


WHOLE = ("fine", "afterthought", "fine-slides")


def required(w, who, period):
    """What each of the two quotas asks of a teacher, those that hold."""
    lines = [w.progress(key, who, period) for key in ("fine-young", "fine-old")]
    return [line.required for line in lines if line is not None]


@pytest.mark.parametrize(
    ("born", "first", "second"),
    [
        # 35 years on 1 September 2025: born on 1 September 1990
        ("1990-08-31", 1, 1),  # older than 35
        ("1990-09-01", 1, 1),  # exactly 35: the source does not say, the scheme says 1
        ("1990-09-02", 2, 1),  # 34 on the first day of the first term, 35 by 15 February 2026
        ("1991-02-15", 2, 1),  # exactly 35 on the first day of the second term
        ("1991-02-16", 2, 2),  # 34 in both
    ],
)
def test_under_35_two_a_term_else_one(w, born, first, second):
    w.person("王芳", school="实验小学", born=born)
    assert required(w, "王芳", FIRST) == [first]
    assert required(w, "王芳", SECOND) == [second]


@pytest.mark.parametrize("born", ["", "1990", "1990-09"])
def test_without_the_birth_nothing_is_asked_but_the_birth(w, born):
    w.person("王芳", school="实验小学", born=born)
    # born in 1990, or in September 1990: 34 or 35 on 1 September 2025
    lines = [w.progress(key, "王芳", FIRST) for key in ("fine-young", "fine-old")]
    assert [line.reached for line in lines] == [None, None]
    assert [line.required for line in lines] == [None, None]
    assert all("出生年月" in line.uncertain for line in lines)


def test_the_year_is_enough_where_it_decides(w):
    w.person("刘桂兰", school="实验小学", born="1980")  # 44 or 45
    assert required(w, "刘桂兰", FIRST) == [1]


def test_a_fine_plan_counts_with_reflection_and_slides(w):
    w.person("王芳", school="实验小学", born="1998-05")  # 27: two a term
    fine_plan(w, "王芳", "2025-10-10", *WHOLE)
    fine_plan(w, "王芳", "2025-11-20", "fine", "afterthought")  # no slides
    line = w.progress("fine-young", "王芳", FIRST)
    assert (line.done, line.required, line.reached) == (1, 2, False)
    assert [one.slot for one in w.findings() if one.kind == "slot"] == ["fine-slides"]
    fine_plan(w, "王芳", "2025-12-20", *WHOLE)
    assert w.progress("fine-young", "王芳", FIRST).reached is True
    assert w.progress("fine-young", "王芳", SECOND).done == 0


def test_what_one_teacher_lacks_does_not_undo_the_plan_of_another(w):
    w.person("王芳", school="实验小学", born="1998-05")
    w.person("刘桂兰", school="实验小学", born="1976-03")
    term = w.activity("fine-plan", "2025-12-31")
    of_wang, of_liu = (w.lesson(one, activity=term) for one in ("王芳", "刘桂兰"))
    for slot in WHOLE:
        w.file(slot, lesson=of_liu)
    w.file("fine", lesson=of_wang)
    assert w.progress("fine-old", "刘桂兰", FIRST).done == 1
    assert w.progress("fine-young", "王芳", FIRST).done == 0


def test_an_expert_from_outside_owes_no_plan(w):
    w.school("县教研室")
    w.person("丁有志", school="实验小学", role="expert", born="1995-01-01")
    assert required(w, "丁有志", FIRST) == []


def test_every_big_group_twice_a_term(w):
    for name in ("语文大教研组", "数学大教研组"):
        w.group(name, "big")
    w.group("三年级备课组", "prep")
    for day in ("2025-10-08", "2025-12-10"):
        w.activity("theme-research", day, group="语文大教研组")
    w.activity("theme-research", "2025-11-05", group="数学大教研组")
    chinese, maths = (
        w.progress("theme-research", f"{one}大教研组", FIRST) for one in ("语文", "数学")
    )
    assert (chinese.done, chinese.required, chinese.reached) == (2, 2, True)
    assert (maths.done, maths.required, maths.reached) == (1, 2, False)


def test_each_kind_leaves_its_own_list(w):
    people = ("赵敏", "孙丽", "周强")
    for one in people:
        w.person(one, school="实验小学", born="1980")
    prep = w.activity("joint-prep", "2025-09-20", title="第一次集体备课", form="单元备课")
    w.lesson("赵敏", activity=prep)
    w.lesson("赵敏", activity=prep)
    w.activity("theme-research", "2025-10-20", title="主题教研", present=people)
    w.activity("expert", "2025-11-20", title="外请专家", present=people)
    lacking = {
        day: Counter(
            {one.slot: one.count for one in w.findings() if one.kind == "slot" and day in one.where}
        )
        for day in ("2025-09-20", "2025-10-20", "2025-11-20")
    }
    # five papers of the group, and a plan of each of two lessons
    assert lacking["2025-09-20"] == {
        "activity-plan": 1, "schedule": 1, "theme": 1, "record": 1, "result": 1, "lesson-plan": 2,
    }  # fmt: skip
    # six of the group, and a reflection of each of three people
    assert lacking["2025-10-20"] == {
        "theme": 1, "pre-lesson-prep": 1, "observation-record": 1, "slides": 1,
        "revised-design": 1, "reflection": 3, "result": 1,
    }  # fmt: skip
    assert lacking["2025-11-20"] == {
        "lesson-prep": 1, "observation-record": 1, "slides": 1, "design": 1, "thoughts": 3,
        "summary": 1,
    }  # fmt: skip


def test_a_lesson_plan_has_six_parts(w):
    (prep,) = [one for one in w.scheme.activity if one.key == "joint-prep"]
    (plan,) = [one for one in prep.slots if one.key == "lesson-plan"]
    assert plan.parts == (
        "教材分析", "学情分析", "教学目标", "教学重难点", "教学流程", "板书设计",
    )  # fmt: skip
