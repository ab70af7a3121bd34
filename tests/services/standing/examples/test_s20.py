"""S20 “三生”教育: what each class and the school must do by month, week and term."""

from collections import Counter

import pytest

FIRST, SECOND = "第一学期", "第二学期"  # from 1 September 2025 and from 15 February 2026


@pytest.fixture
def w(world):
    w = world("sansheng-education", year=2025, today="2026-07-10", community="翁源县某小学")
    w.school("某小学", role="school")
    for name in ("三（1）班", "三（2）班"):
        w.group(name, "class")
    return w


def test_a_theme_meeting_each_month_in_each_class_and_only_with_its_papers(w):
    september = w.activity("etiquette-meeting", "2025-09-30", group="三（1）班")
    w.fill(september)  # 教案、记录、效果
    october = w.activity("etiquette-meeting", "2025-10-01", group="三（1）班")
    w.fill(october, "lesson-plan", "meeting-record")  # no effect
    lines = [
        w.progress("etiquette-meeting", who, month)
        for who, month in (
            ("三（1）班", "2025-09"),
            ("三（1）班", "2025-10"),
            ("三（2）班", "2025-09"),
        )
    ]
    # last day of September and first of October are two months
    assert [(line.done, line.required, line.reached) for line in lines] == [
        (1, 1, True),
        (0, 1, False),
        (0, 1, False),
    ]
    w.fill(october, "effect")
    assert w.progress("etiquette-meeting", "三（1）班", "2025-10").reached is True


def test_a_drill_each_month(w):
    for day in ("2025-09-10", "2025-10-15", "2025-10-31", "2025-12-01"):
        w.activity("drill", day)
    done = [w.progress("drill", None, f"2025-{month:02}").done for month in (9, 10, 11, 12)]
    assert done == [1, 2, 0, 1]  # two in October do not make up for November
    assert w.progress("drill", None, "2025-11").reached is False


@pytest.mark.parametrize("kind", ["contest", "test"])
def test_once_a_term_on_the_border_of_terms(w, kind):
    w.activity(kind, "2026-02-14")  # last day of the first term
    assert w.progress(kind, None, FIRST).reached is True
    assert w.progress(kind, None, SECOND).reached is False
    w.activity(kind, "2026-02-15")  # first day of the second
    assert w.progress(kind, None, SECOND).reached is True


def test_three_wall_newspapers_a_term(w):
    for day in ("2025-09-25", "2025-11-03"):
        w.activity("wall-newspaper", day, form="安全教育")
    line = w.progress("wall-newspaper", None, FIRST)
    assert (line.done, line.required, line.reached) == (2, 3, False)
    w.activity("wall-newspaper", "2026-01-05", form="卫生与健康")
    assert w.progress("wall-newspaper", None, FIRST).reached is True
    assert w.progress("wall-newspaper", None, SECOND).done == 0


def test_the_counselling_room_opens_four_times_a_week(w):
    # 2025-09-01 is a Monday: week 1 is 1 to 7 September, week 2 is 8 to 14 September
    for day in ("02", "03", "04", "05", "09", "10", "11"):
        w.activity("counselling", f"2025-09-{day}", form="咨询室")
    w.activity("counselling", "2025-09-12", form="博客")
    first, second = (w.progress("counselling", None, f"{FIRST}第{n}周") for n in (1, 2))
    assert (first.done, first.required, first.reached) == (4, 4, True)
    assert (second.done, second.required, second.reached) == (3, 4, False)  # a blog is no opening


def test_a_file_of_each_pupil_who_is_helped(w):
    w.person("赖丽萍", school="某小学", role="class-teacher")
    w.person("小明", role="pupil")
    w.pair("赖丽萍", "小明")

    def lacking():
        return [one.who for one in w.findings() if one.slot == "help-file"]

    assert len(lacking()) == 1
    assert any("结对帮教档案" in line for line in w.missing())
    w.file("help-file", pair="赖丽萍/小明", on="2026-03-01")
    assert lacking() == []


def test_plans_of_school_and_classes(w):
    lacking = Counter(one.slot for one in w.findings() if one.kind == "standing")
    # each term: plans of the school, of moral education, of the pioneers; of each of two classes
    assert {key: lacking[key] for key in ("school-plan", "moral-plan", "class-plan")} == {
        "school-plan": 2,
        "moral-plan": 2,
        "class-plan": 4,
    }
