"""S16 乐清—平阳: each pair meets three times a term, each side hosts one seminar a year."""

from decimal import Decimal

import pytest

from app.services.schemes.catalogue import preset


@pytest.fixture
def counties(world):
    w = world("yueqing-pingyang", year=2022, today="2023-06-30")
    w.school("乐清市教育研究培训院", role="yueqing-office")
    w.school("平阳县教师发展中心", role="pingyang-office")
    w.school("乐清中学", role="yueqing-school")
    w.school("鳌江中学", role="pingyang-school")
    return w


def test_each_pair_exchanges_three_times_a_term(counties):
    counties.group("乐清中学—鳌江中学", "school-pair")
    counties.group("乐清二中—平阳二中", "school-pair")
    for on in ("2022-09-01", "2022-11-20", "2023-02-14"):  # first to last day of the term
        counties.activity("school-exchange", on, group="乐清中学—鳌江中学")
    for on in ("2022-10-08", "2022-12-01", "2023-02-15"):  # the last one is of the next term
        counties.activity("school-exchange", on, group="乐清二中—平阳二中")
    first = counties.progress("school-exchange", "乐清中学—鳌江中学", period="第一学期")
    assert (first.done, first.required, first.reached) == (3, 3, True)
    second = counties.progress("school-exchange", "乐清二中—平阳二中", period="第一学期")
    assert (second.done, second.required, second.reached) == (2, 3, False)
    later = counties.progress("school-exchange", "乐清二中—平阳二中", period="第二学期")
    assert (later.done, later.reached) == (1, False)


def test_exchange_of_the_region_is_counted_apart(counties):
    counties.group("乐清中学—鳌江中学", "school-pair")
    counties.activity("school-exchange", "2022-10-08", group="乐清中学—鳌江中学")
    for on in ("2022-10-09", "2022-11-09", "2022-12-09"):
        counties.activity("region-exchange", on)
    region = counties.progress("region-exchange", period="第一学期")
    assert (region.done, region.reached) == (3, True)


def test_each_side_hosts_one_seminar_a_year(counties):
    counties.activity("seminar", "2022-11-11", host=("乐清中学",))
    assert counties.progress("seminar-yueqing").reached is True
    pingyang = counties.progress("seminar-pingyang")
    assert (pingyang.done, pingyang.required, pingyang.reached) == (0, 1, False)
    counties.activity("seminar", "2023-05-11", host=("平阳县教师发展中心",))
    assert counties.progress("seminar-pingyang").reached is True
    assert counties.progress("seminar-yueqing").done == 1


def test_plan_by_dates():
    phases = [(one.from_, one.to) for one in preset("S16").scheme.phase]
    assert phases[0] == ("2022-04-01", "2022-04-30")
    assert phases[-1] == ("2024-01-01", "2024-06-30")
    assert phases == sorted(phases)


def test_precise_teaching_is_watched_once_a_term(counties):
    counties.group("精准教学共同体", "precise")
    counties.activity("precise", "2022-12-01", group="精准教学共同体")
    line = counties.progress("precise", "精准教学共同体", period="第一学期")
    assert (line.done, line.reached) == (1, True)
    assert counties.progress("precise", "精准教学共同体", period="第二学期").reached is False


def test_pairs_and_workstations_against_the_agreed_numbers(counties):
    counties.figure("pairs", 14)
    counties.figure("workstations-yueqing", 7)
    counties.figure("workstations-pingyang", 4)
    assert counties.figures("pairs").gap == 0
    assert counties.figures("workstations-yueqing").gap == 0
    pingyang = counties.figures("workstations-pingyang")
    assert (pingyang.actual, pingyang.gap) == (Decimal(4), Decimal(1))  # 5 agreed
