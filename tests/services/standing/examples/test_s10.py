"""S10 城乡紧密型教育共同体: a fifth of each rank of famous teachers goes to the country schools."""

from decimal import Decimal

import pytest


@pytest.fixture
def w(world):
    w = world(
        "luoyuan-town-country", year=2025, today="2025-12-31", community="实验小学—中房教育共同体"
    )
    w.school("罗源实验小学", role="town")
    w.school("中房中心小学", role="country")
    return w


def famous(w, level, number):
    names = [f"{level}名师{n}" for n in range(1, number + 1)]
    for name in names:
        w.person(name, school="罗源实验小学", honours=((f"{level}骨干教师", level),))
    return names


def test_a_fifth_of_each_rank(w):
    county, city = famous(w, "县", 10), famous(w, "市", 6)
    famous(w, "省", 1)
    for name in (*county[:2], city[0]):
        w.dispatch(name, "讲学交流", to="中房中心小学", days=1, on="2025-10-10")
    by_rank = {
        rank: (line.done, line.required, line.reached)
        for rank in ("县", "市", "省")
        for line in w.lines("famous-share")
        if f"（{rank} " in line.name
    }
    # 20 % of 10 = 2 exactly; of 6 = 1.2, so 2 people; of 1 = 0.2, so 1
    assert by_rank == {"县": (2, 2, True), "市": (1, 2, False), "省": (0, 1, False)}


def test_only_lecturing_counts_and_everybody_once(w):
    names = famous(w, "县", 10)
    w.dispatch(names[0], "讲学交流", to="中房中心小学", days=1, on="2025-10-10")
    w.dispatch(names[0], "讲学交流", to="中房中心小学", days=1, on="2025-11-10")
    w.dispatch(names[1], "轮岗", to="中房中心小学", days=100, on="2025-09-01")
    w.dispatch(names[2], "讲学交流", to="中房中心小学", days=1, on="2024-12-31")  # last year
    (line,) = w.lines("famous-share")
    assert (line.done, line.required, line.reached) == (1, 2, False)


def test_rotation_is_recognised(w):
    w.person("林岚", school="罗源实验小学", role="rotating")
    w.person("陈晓", school="罗源实验小学", role="rotating")
    w.dispatch("林岚", "轮岗", to="中房中心小学", days=180, on="2025-02-20")
    w.dispatch("陈晓", "讲学交流", to="中房中心小学", days=1, on="2025-03-20")
    assert w.recognised("support", "林岚") is True
    assert w.recognised("support", "陈晓") is False


def test_coverage_is_a_figure_with_a_standard(w):
    w.figure("coverage", 92)
    found = w.figures("coverage")
    # 100 % asked, 92 % there
    assert (found.actual, found.gap) == (92, 8)


def test_points_of_the_example_table(w):
    names = famous(w, "县", 10)
    w.dispatch(names[0], "讲学交流", to="中房中心小学", days=1, on="2025-10-10")
    # 1 of 2 people = half of 20 points
    assert w.item("1.1").points == Decimal(10)
    w.file("plan", community=True, on="2025-03-01")
    # plan without summary: half of 10 points
    assert w.item("3.1").points == Decimal(5)


def test_help_must_reach_another_school(w):
    w.person("林岚", school="罗源实验小学")
    w.person("郑和", school="中房中心小学")
    w.activity("assistance", "2025-03-10", present=["林岚"])
    assert w.progress("assistance", period="春季学期").done == 0
    w.activity("assistance", "2025-04-10", present=["林岚", "郑和"])
    line = w.progress("assistance", period="春季学期")
    assert (line.done, line.required, line.reached) == (1, 1, True)


def test_one_town_school_with_one_or_more_of_the_country(w):
    def limits():
        return [one.what for one in w.findings() if one.kind == "limit"]

    assert limits() == []
    w.school("霍口中心小学", role="country")  # 1 + N
    assert limits() == []
    w.school("凤山小学", role="town")
    assert limits() == ["城区学校（龙头学校）应不超过 1 个，现有 2 个"]
