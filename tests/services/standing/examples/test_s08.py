"""S08 幼儿园区域活动: five blocks scored, one or two best of each grade, shown to all."""

from decimal import Decimal

import pytest

JUDGES = ("周容", "易法莲")


@pytest.fixture
def w(world):
    w = world(
        "kindergarten-area-activity", year=2025, today="2025-12-20", community="机关幼儿园教研"
    )
    w.school("机关幼儿园", role="kindergarten")
    for name in (*JUDGES, "刘年梅", "王琰", "叶蓉", "谭娅", "佘小梅"):
        w.person(name, school="机关幼儿园", role="grade-teacher")
    w.group("小班年级组", "grade", members=("刘年梅", "王琰", "叶蓉"))
    w.group("中班年级组", "grade", members=("谭娅", "佘小梅"))
    return w


def round_of(w, group, day="2025-11-18", **sheets):
    """An activity of a grade; of each teacher the points that the judges gave."""
    activity = w.activity("grade-round", day, group=group)
    lessons = {}
    for name, points in sheets.items():
        lessons[name] = w.lesson(name, activity=activity, title=f"{name}的活动")
        for judge, one in zip(JUDGES, points, strict=False):
            w.observe(judge, lessons[name], score=one, rubric="area")
    return lessons


def test_the_mean_of_the_sheets(w):
    lessons = round_of(w, "小班年级组", 刘年梅=(91, 88), 王琰=(80, 85))
    # (91 + 88) / 2 = 89.5, (80 + 85) / 2 = 82.5
    assert w.score("activity", lessons["刘年梅"]).points == Decimal("89.5")
    assert w.score("activity", lessons["王琰"]).points == Decimal("82.5")
    # it goes into the teacher's own results: group 2 of the table has 100 points
    assert w.score("teacher", "刘年梅").points == Decimal("89.5")


def test_one_or_two_best_of_each_grade(w):
    small = round_of(w, "小班年级组", 刘年梅=(91, 89), 王琰=(80, 84), 叶蓉=(86, 88))
    middle = round_of(w, "中班年级组", 谭娅=(70, 72), 佘小梅=(68, 69))
    # small class: 90, 82, 87: two best; middle class: 71 and 68.5: both, though below all of the others
    best, other = "优质活动", "参评"
    assert [w.grade("best", small[one]) for one in ("刘年梅", "叶蓉", "王琰")] == [
        best,
        best,
        other,
    ]
    assert [w.grade("best", middle[one]) for one in ("谭娅", "佘小梅")] == [best, best]


def test_a_tie_for_the_second_place_leaves_one_best(w):
    lessons = round_of(w, "小班年级组", 刘年梅=(91, 89), 王琰=(85, 85), 叶蓉=(84, 86))
    # 90, 85 and 85: two cannot be chosen without parting equals, one can: 1–2 are asked for
    grades = [w.grade("best", lessons[one]) for one in ("刘年梅", "王琰", "叶蓉")]
    assert grades == ["优质活动", "参评", "参评"]


def test_a_tie_of_all_is_left_to_the_assessors(w):
    lessons = round_of(w, "小班年级组", 刘年梅=(86, 84), 王琰=(85, 85), 叶蓉=(84, 86))
    # 85 three times: neither one nor two can be chosen without parting equals
    assert [w.grade("best", one) for one in lessons.values()] == ["", "", ""]
    assert "同分" in w.grade_words("best", lessons["王琰"])
    w.give_grade("best", "优质活动", lesson=lessons["王琰"])
    assert w.grade("best", lessons["王琰"]) == "优质活动"


def test_each_grade_shows_one_or_two(w):
    show = w.activity("garden-show", "2025-11-19")
    for name in ("刘年梅", "王琰", "叶蓉"):
        w.lesson(name, activity=show)
    w.lesson("谭娅", activity=show)
    small, middle = (w.progress("shown", one) for one in ("小班年级组", "中班年级组"))
    assert (small.done, small.reached) == (3, False)  # more than two
    assert (middle.done, middle.reached) == (1, True)


def test_every_teacher_teaches_and_writes_a_narrative(w):
    round_of(w, "小班年级组", 刘年梅=(90, 90))
    assert w.progress("own-activity", "刘年梅").reached is True
    assert w.progress("own-activity", "王琰").done == 0
    w.file("narrative", person="刘年梅", on="2025-12-01")
    lacking = {one.who for one in w.findings() if one.slot == "narrative"}
    assert lacking == {*JUDGES, "王琰", "叶蓉", "谭娅", "佘小梅"}
