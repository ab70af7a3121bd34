"""S19 张店区: leagues of at most four schools and pairs, with what is due in March and April."""

from datetime import date

import pytest

from app.services.schemes.catalogue import preset


@pytest.fixture
def league(world):
    w = world("zhangdian-lianmeng", year=2025, today="2025-04-20")
    w.school("重庆路小学", role="core")
    for name in ("二校", "三校", "四校"):
        w.school(name, role="member")
    return w


def test_table_by_31_march_and_plan_by_15_april(league):
    assert [(day, name) for day, name, _who, _done in league.deadlines()] == [
        (date(2025, 3, 31), "报联盟式共同体汇总表"),
        (date(2025, 4, 15), "报共同体年度工作计划"),
    ]
    league.file("summary-table", community=True, on="2025-03-31")
    assert [done for *_rest, done in league.deadlines()] == [True, False]


def test_the_last_day_is_in_time_and_the_next_is_late(league):
    league.file("summary-table", community=True, on="2025-03-31")
    assert league.missing(kinds=("late",)) == []
    league.file("year-plan", community=True, on="2025-04-16")
    (line,) = league.missing(kinds=("late",))
    assert "共同体年度工作计划应在 2025-04-15 前交，2025-04-16 才齐，迟了 1 天" in line


def test_the_application_is_the_helped_schools_own(world):
    w = world("zhangdian-bangfu", year=2025, today="2025-04-20")
    w.school("实验小学", role="helper")
    w.school("沣水小学", role="helped")
    (line,) = [line for line in w.missing(kinds=("standing",)) if "申请表" in line]
    assert "沣水小学" in line
    w.file("application", school="沣水小学", on="2025-03-31")
    assert not any("申请表" in line for line in w.missing())
    days = {name: (day, who) for day, name, who, _done in w.deadlines()}
    assert days["报帮扶式共同体申请表"] == (date(2025, 3, 31), "沣水小学")
    assert days["报共同体年度工作计划"][0] == date(2025, 4, 15)


def test_cases_are_collected_at_the_end_of_the_year(league):
    assert any("典型案例" in line for line in league.missing())
    league.file("case", community=True, on="2025-12-31")
    assert not any("典型案例" in line for line in league.missing())


def test_ten_leagues_of_primary_and_four_of_junior_schools(league):
    league.figure("leagues-primary", 10)
    league.figure("leagues-junior", 3)
    assert league.figures("leagues-primary").gap == 0
    assert league.figures("leagues-junior").gap == 1


def test_a_league_has_at_most_four_schools(league):
    assert league.missing(kinds=("limit",)) == []  # the core and three others: four
    league.school("五校", role="member")
    assert any(
        "成员单位应不超过 4 个，现有 5 个" in line for line in league.missing(kinds=("limit",))
    )


def test_a_pair_is_of_two(world):
    w = world("zhangdian-bangfu", year=2025)
    w.school("实验小学", role="helper")
    assert any("被帮扶学校应不少于 1 个" in line for line in w.missing(kinds=("limit",)))
    w.school("沣水小学", role="helped")
    assert w.missing(kinds=("limit",)) == []


def test_steps_by_month_to_december():
    for id_ in ("zhangdian-lianmeng", "zhangdian-bangfu"):
        phases = preset(id_).scheme.phase
        assert [one.from_[:2] for one in phases] == ["03", "04", "05", "11", "12"]
        assert phases[-1].to == "12-31"
