"""S28 一建三年: bound 2:8, unless the partner climbs five places; what each term must have."""

from datetime import date
from decimal import Decimal

import pytest

FIRST, SECOND = "第一学期", "第二学期"


@pytest.fixture
def w(world):
    w = world("yijian-sannian", year=2025, today="2026-08-01", community="城乡学校发展共同体")
    w.school("城区一小", role="main")
    w.school("山区甲小", role="partner")
    return w


def points(w, **given):
    for school, value in given.items():
        w.enter("points", value, school=school)


def ranks(w, school, before, now):
    w.enter("rank", before, school=school, years_back=1)
    w.enter("rank", now, school=school)


def test_one_partner_counts_a_fifth(w):
    points(w, 城区一小=90, 山区甲小=70)
    ranks(w, "山区甲小", 20, 20)
    # 90 × 0.8 + 70 × 0.2 = 72 + 14
    assert w.score("main", "城区一小").points == 86
    assert w.score("partner", "山区甲小").points == 70


def test_two_partners_count_a_tenth_each(w):
    w.school("山区乙小", role="partner")
    points(w, 城区一小=90, 山区甲小=70, 山区乙小=61)
    for one in ("山区甲小", "山区乙小"):
        ranks(w, one, 20, 18)
    # 72 + 70 × 0.1 + 61 × 0.1 = 72 + 7 + 6.1
    assert w.score("main", "城区一小").points == Decimal("85.1")


@pytest.mark.parametrize(
    ("before", "now", "result"),
    [
        (20, 16, "86"),  # 4 places: bound
        (20, 15, "90"),  # exactly 5 places
        (20, 14, "90"),
        (15, 20, "86"),  # 5 places down
    ],
)
def test_a_partner_that_climbs_five_places_sets_it_free(w, before, now, result):
    points(w, 城区一小=90, 山区甲小=70)
    ranks(w, "山区甲小", before, now)
    assert w.score("main", "城区一小").points == Decimal(result)


def test_one_of_two_partners_is_enough(w):
    w.school("山区乙小", role="partner")
    points(w, 城区一小=90, 山区甲小=70, 山区乙小=60)
    ranks(w, "山区甲小", 20, 21)
    ranks(w, "山区乙小", 12, 7)
    assert w.score("main", "城区一小").points == 90


def test_without_last_years_rank_there_is_no_result(w):
    points(w, 城区一小=90, 山区甲小=70)
    w.enter("rank", 10, school="山区甲小")
    result = w.score("main", "城区一小")
    assert result.points is None
    assert any("山区甲小" in one and "去年" in one for one in result.lacking)


def test_exempt_without_the_partners_points(w):
    points(w, 城区一小=90)
    ranks(w, "山区甲小", 9, 4)
    assert w.score("main", "城区一小").points == 90  # its own, nothing else is needed


def test_the_head_goes_there_twice_a_term(w):
    w.person("李校长", school="城区一小", role="main-head")
    w.activity("visit", "2025-10-10", present=("李校长",))
    assert w.progress("visits", "李校长", FIRST).reached is False
    w.activity("visit", "2026-02-14", present=("李校长",))  # last day of the term
    line = w.progress("visits", "李校长", FIRST)
    assert (line.done, line.required, line.reached) == (2, 2, True)
    assert w.progress("visits", "李校长", SECOND).done == 0


def test_what_a_term_must_have(w):
    w.activity("meeting", "2025-09-10")
    w.activity("meeting", "2025-12-10")
    w.activity(
        "classroom", "2025-10-10", form="展示课", host=("山区甲小",)
    )  # not by the main school
    w.activity("research", "2025-11-10")
    reached = {
        key: w.progress(key, None, FIRST).reached
        for key in ("meetings", "classroom", "weak-subject", "research")
    }
    assert reached == {
        "meetings": True, "classroom": False, "weak-subject": False, "research": True,
    }  # fmt: skip
    w.activity("classroom", "2025-10-11", form="研讨课", host=("城区一小",))
    w.activity("weak-subject", "2025-10-12", form="走教")
    assert w.progress("classroom", None, FIRST).reached is True
    assert w.progress("weak-subject", None, FIRST).reached is True


def test_plan_before_autumn_summary_in_july(w):
    found = {name: day for day, name, _who, _done in w.deadlines()}
    assert found["学年活动实施方案上报"] == date(2025, 8, 31)
    assert found["学年度工作总结上交"] == date(2026, 7, 31)


def test_texts_and_pictures_of_each_school_each_term(w):
    w.file("pictures", school="城区一小", on="2025-12-01")
    lacking = sorted(one.who for one in w.findings() if one.slot == "pictures")
    # two schools, two terms, less one
    assert len(lacking) == 3


def test_one_school_leads_at_most_three(w):
    def over():
        return [
            one
            for one in w.findings()
            if one.kind == "limit" and one.what.startswith("共同体学校应")
        ]

    for name in ("山区乙小", "山区丙小"):
        w.school(name, role="partner")
    assert over() == []  # 1+3
    w.school("山区丁小", role="partner")
    assert len(over()) == 1
