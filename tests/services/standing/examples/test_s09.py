"""S09 区域教研共同体: teachers under 35 drawn a day ahead, written leave, reflections, two phases."""

from dataclasses import replace
from datetime import date

import pytest


@pytest.fixture
def w(world):
    w = world(
        "jinchang-studio-research", year=2025, today="2026-01-10", community="金川区小学教研共同体"
    )
    w.school("金昌市第二小学", role="venue")
    w.school("金昌市第三小学", role="member")
    for name, school, born in (
        ("马丽", "金昌市第二小学", "1990-11-19"),  # 35 on the day of the draw
        ("何静", "金昌市第二小学", "1990-11-20"),  # 34, one day short of 35
        ("高洁", "金昌市第三小学", "2001-02-03"),
        ("陶然", "金昌市第三小学", "1996"),  # 28 or 29: young enough either way
        ("冯远", "金昌市第三小学", "1990"),  # 34 or 35
        ("苏平", "金昌市第三小学", ""),
    ):
        w.person(name, school=school, role="subject-teacher", born=born)
    return w


def drawing(w, count, seed=""):
    """The terms of the scheme's draw on 19 November, a day before the lesson."""
    terms = w.services.draws.terms(w.adoption, date(2025, 11, 19), count)
    return replace(terms, seed=seed)


def test_who_is_drawn_from(w):
    pool = w.services.draws.pool(drawing(w, 2))
    assert {one.name for one in pool.candidates} == {"何静", "高洁", "陶然"}
    assert {one.name for one in pool.uncertain} == {"冯远", "苏平"}
    assert w.services.draws.days_before(w.adoption) == 1


def test_the_same_seed_draws_the_same_people(w):
    draws = w.services.draws
    first, second = (draws.draw(drawing(w, 2, "2025-11-20 抽测")) for _ in range(2))
    assert [one.name for one in first.drawn] == [one.name for one in second.drawn]
    assert len(first.drawn) == 2
    assert first.repeated
    assert "35" in first.conditions


def test_absence_needs_a_written_leave(w):
    lesson = w.activity(
        "spot-check", "2025-11-20", present=["何静"], leave=["高洁"], absent=["陶然"]
    )
    (gap,) = [one for one in w.findings() if one.slot == "leave-slip"]
    assert (gap.count, set(gap.who.split("、"))) == (2, {"高洁", "陶然"})
    w.file("leave-slip", activity=lesson, owner="高洁")
    assert [one.who for one in w.findings() if one.slot == "leave-slip"] == ["陶然"]


def test_who_took_part_writes_a_reflection(w):
    w.activity("seminar", "2025-10-20", present=["何静", "高洁"], leave=["陶然"])
    (gap,) = [one for one in w.findings() if one.slot == "reflection"]
    assert gap.count == 2


def test_one_lesson_taught_in_two_ways_by_two_schools(w):
    alone = w.activity("study-lesson", "2025-11-05", form="同课异构", present=["马丽", "何静"])
    w.lesson("马丽", activity=alone)
    w.lesson("何静", activity=alone)
    assert w.progress("same-lesson").done == 0  # both of one school
    both = w.activity("study-lesson", "2025-12-31", form="同课异构", present=["马丽", "高洁"])
    w.lesson("马丽", activity=both)
    w.lesson("高洁", activity=both)
    assert (w.progress("same-lesson").done, w.progress("same-lesson").reached) == (1, True)
