"""S27 柳州市: units and agreement, teachers sent out, three ways to a year of support teaching."""

from datetime import date, timedelta

import pytest


@pytest.fixture
def w(world):
    w = world("liuzhou", year=2025, today="2025-12-31", community="柳州市某教共体")
    w.school("柳州高级中学", role="lead")
    w.school("三江中学", role="joint")
    w.agreement("2023-01-01", "2025-12-31")
    for name in ("韦老师", "覃老师", "黄老师"):
        w.person(name, school="柳州高级中学")
    return w


def test_three_teachers_a_year(w):
    for name in ("韦老师", "覃老师"):
        w.dispatch(name, "支教", to="三江中学", on="2025-09-01", days=120)
    w.dispatch("韦老师", "支教", to="三江中学", on="2025-02-01", days=60)  # the same teacher again
    line = w.progress("posted-teachers", "柳州高级中学")
    assert (line.done, line.required, line.reached) == (2, 3, False)
    w.dispatch("黄老师", "支教", to="三江中学", on="2025-12-31", days=10)
    assert w.progress("posted-teachers", "柳州高级中学").reached is True
    # joint schools send nobody
    assert w.progress("posted-teachers", "三江中学") is None


def test_a_dispatch_counts_in_each_year_in_which_it_lasts(w):
    w.dispatch("韦老师", "支教", to="三江中学", on="2024-07-05", days=180)  # until 31 December 2024
    assert w.progress("posted-teachers", "柳州高级中学").done == 0
    w.dispatch("覃老师", "支教", to="三江中学", on="2024-07-06", days=180)  # until 1 January 2025
    w.dispatch("黄老师", "支教", to="三江中学", on="2024-09-01", until="2025-06-30")
    assert w.progress("posted-teachers", "柳州高级中学").done == 2


@pytest.mark.parametrize(("days", "recognised"), [(199, False), (200, True), (201, True)])
def test_200_days_of_teaching_there(w, days, recognised):
    # over the three years of the agreement
    w.dispatch("韦老师", "送教", to="三江中学", days=100, on="2023-03-01")
    w.dispatch("韦老师", "送教", to="三江中学", days=days - 100, on="2025-03-01")
    w.dispatch("韦老师", "支教", to="三江中学", days=50, on="2024-03-01")  # counted elsewhere
    assert w.ways("support-year", "韦老师")[0].done == days
    assert w.recognised("support-year", "韦老师") is recognised


@pytest.mark.parametrize(("lessons", "recognised"), [(200, False), (201, True)])
def test_more_than_200_lessons_online(w, lessons, recognised):
    first = w.activity("online", "2024-05-01")
    w.lesson("韦老师", activity=first, hours=100)
    second = w.activity("online", "2025-05-01")
    w.lesson("韦老师", activity=second, hours=lessons - 100)
    assert w.ways("support-year", "韦老师")[2].done == lessons
    assert w.recognised("support-year", "韦老师") is recognised


def studio(w, years, grade_points):
    """So many activities of the studio in 2023, 2024 and 2025, and how it was assessed."""
    w.group("韦老师工作室", "studio", members=("韦老师",))
    for year, count in zip((2023, 2024, 2025), years, strict=True):
        for n in range(count):
            day = date(year, 3, 1) + timedelta(days=7 * n)
            w.activity(
                "studio", str(day), form="现场教研", group="韦老师工作室", present=("韦老师",)
            )
    if grade_points is not None:
        w.enter("studio-points", grade_points, group="韦老师工作室")


@pytest.mark.parametrize(
    ("years", "points", "recognised"),
    [
        ((8, 8, 8), 60, True),  # three years of eight, just 合格
        ((8, 8, 7), 60, False),
        ((9, 9, 7), 90, False),  # 25 in all, but one year has seven
        ((8, 8, 8), 59, False),  # 不合格
    ],
)
def test_three_years_of_a_studio(w, years, points, recognised):
    studio(w, years, points)
    assert w.recognised("support-year", "韦老师") is recognised


def test_a_studio_that_is_not_assessed_is_not_known(w):
    studio(w, (8, 8, 8), None)
    assert w.recognised("support-year", "韦老师") is None


def test_any_way_is_enough(w):
    w.dispatch("覃老师", "送教", to="三江中学", days=200, on="2025-03-01")
    assert w.recognised("support-year", "覃老师") is True
    assert w.recognised("support-year", "黄老师") is False


def test_reports_and_the_final_assessment(w):
    found = {
        name: day
        for day, name, who, _done in w.deadlines()
        if who in ("柳州高级中学", "柳州市某教共体")
    }
    assert found["党建工作落实情况报主管部门"] == date(2025, 12, 31)
    assert found["成效报告报送市教育局"] == date(2026, 1, 31)
    # 30 days before 31 December 2025
    assert found["终期考核"] == date(2025, 12, 1)
    assert len([1 for _day, name, _who, _done in w.deadlines() if name.startswith("党建")]) == 2


def test_name_plate_and_limits_of_the_source():
    from app.services.schemes.catalogue import preset

    community = preset("liuzhou").scheme.community
    assert community.plate == "{lead.name}{joint.names}教育共同体"
    assert (community.units_max, community.agreement_years.at_least) == (6, 3)
    assert [one.min for one in community.units] == [1, 1]


def test_six_units_are_the_most(w):
    def over():
        return [one for one in w.findings() if one.kind == "limit" and "6" in one.what]

    for n in range(4):
        w.school(f"联合{n + 1}", role="joint")
    assert over() == []  # one lead and five joint units: six
    w.school("联合5", role="joint")
    assert len(over()) == 1


@pytest.mark.parametrize(("until", "right"), [("2028-08-31", True), ("2028-07-31", False)])
def test_an_agreement_of_three_years(w, until, right):
    w.agreement("2025-09-01", until, title="新协议")
    found = [one for one in w.findings() if one.kind == "limit" and "新协议" in one.what]
    assert bool(found) is not right


@pytest.mark.parametrize(
    ("type_", "required"), [("city-county", 1), ("district-county", 1), ("county", None)]
)
def test_a_deputy_head_each_year_but_not_within_a_county(w, type_, required):
    w.type(type_)
    line = w.progress("posted-leader", "柳州高级中学")
    if required is None:
        assert line is None
        return
    assert (line.done, line.required, line.reached) == (0, required, False)
    w.dispatch("韦老师", "派任校长或副校长", to="三江中学", on="2025-09-01", days=365)
    assert w.progress("posted-leader", "柳州高级中学").reached is True


def test_the_text_of_the_agreement_is_on_file(w):
    def lacking():
        return [one.what for one in w.findings() if one.slot == "agreement"]

    assert len(lacking()) == 1
    w.file("agreement", community=True, on="2023-01-10")  # signed in the first year of three
    assert len(lacking()) == 1  # the paper itself is still wanted
    w.paper("agreement", community=True, on="2023-01-10")
    assert lacking() == []
