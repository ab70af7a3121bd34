"""S13 衢江区: a cycle of three calendar years, self-assessment each term, five blocks."""

from datetime import date
from decimal import Decimal

import pytest


@pytest.fixture
def district(world):
    w = world("qujiang-jiaogongti", year=2025, today="2025-12-31")
    w.school("实验小学", role="core")
    w.school("大洲小学", role="member")
    return w


def test_three_calendar_years_make_a_cycle(district):
    with district.services.archive.uow.read() as session:
        calendar = district.services.standing.kept(session, district.adoption).setting.calendar
    assert (calendar.cycle.starts, calendar.cycle.ends) == (date(2025, 1, 1), date(2027, 12, 31))
    assert (calendar.year.starts, calendar.year.ends) == (date(2025, 1, 1), date(2025, 12, 31))
    # 30 June and 30 November each close a half of their own
    assert calendar.terms[0].holds(date(2025, 6, 30))
    assert calendar.terms[1].holds(date(2025, 11, 30))


def test_self_assessment_is_due_on_30_june_and_30_november(district):
    due = [line for line in district.deadlines() if line[1] == "提交自查自评报告"]
    assert [line[0] for line in due] == [date(2025, 6, 30), date(2025, 11, 30)]
    assert [line[3] for line in due] == [False, False]
    district.file("self-report", community=True, on="2025-06-30")
    due = [line for line in district.deadlines() if line[1] == "提交自查自评报告"]
    assert [line[3] for line in due] == [True, False]


def test_a_report_in_the_holidays_is_still_that_of_spring(district):
    district.file("self-report", community=True, on="2025-07-05")
    due = [line for line in district.deadlines() if line[1] == "提交自查自评报告"]
    assert [line[3] for line in due] == [True, False]
    assert any("迟了 5 天" in line for line in district.missing(kinds=("late",)))


def test_the_report_of_autumn_is_none_of_spring(district):
    district.file("self-report", community=True, on="2025-11-30")
    due = [line for line in district.deadlines() if line[1] == "提交自查自评报告"]
    assert [line[3] for line in due] == [False, True]


def test_each_term_asks_for_its_own_report(district):
    asked = district.missing(kinds=("standing",))
    assert len([line for line in asked if "自查自评报告" in line]) == 2
    district.file("self-report", community=True, on="2025-06-30")
    (left,) = [one for one in district.findings() if "自查自评报告" in one.what]
    assert "下半年" in left.where
    assert (left.due, left.overdue) == (date(2025, 11, 30), True)
    # 1 of 2 reports: half of the 10 points of item 5.1
    assert district.item("5.1").points == Decimal(5)
    district.file("self-report", community=True, on="2025-11-30")
    assert not any("自查自评报告" in line for line in district.missing())
    assert district.item("5.1").points == Decimal(10)


def test_year_is_put_together_of_terms_and_daily_work(district):
    district.enter("self", 90, term=1)
    district.enter("self", 92, term=2)
    district.enter("term-review", 85, term=1)
    district.enter("term-review", 88, term=2)
    without = district.score("annual")
    assert without.points is None
    assert any("科室日常考核" in fact for fact in without.lacking)
    district.enter("daily", 80)
    # 90×0.1 + 92×0.1 + 85×0.3 + 88×0.3 + 80×0.2 = 9 + 9.2 + 25.5 + 26.4 + 16
    assert district.score("annual").points == Decimal("86.1")


def test_points_of_the_five_blocks_add_up(district):
    district.file("self-report", community=True, on="2025-06-20")
    district.file("self-report", community=True, on="2025-11-20")
    for no in ("1.1", "1.2", "2.1", "2.2", "3.1", "3.2", "4.1", "4.2"):
        district.points(no, 8)
    lacking = district.score("self-total")
    assert lacking.points is None
    assert any("5.2" in fact for fact in lacking.lacking)
    district.points("5.2", 9)
    # 8 items × 8 + both reports 10 + 9
    assert district.score("self-total").points == Decimal(83)
