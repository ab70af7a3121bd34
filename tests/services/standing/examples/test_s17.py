"""S17 东丰县: seven schools, four planned activities in two calendar years, one unified preparation."""

import pytest

from app.services.schemes.catalogue import preset

SCHOOLS = ("一校", "二校", "三校", "四校", "五校", "六校", "七校")


@pytest.fixture
def district(world):
    w = world("dongfeng-daxuequ", year=2014, today="2015-12-31")
    for school in SCHOOLS:
        w.school(school, role="member")
    w.person("李青", school="一校", role="young")
    w.person("赵敏", school="二校", role="young")
    w.person("孙老师", school="三校", role="helper")
    return w


def test_four_activities_within_the_two_years(district):
    district.activity("theory", "2014-06-10")
    district.activity("lesson-talk", "2014-11-05")
    district.activity("hall", "2015-12-31")  # the last day of the plan
    for number in (1, 2, 3):
        line = district.progress(f"activity-{number}")
        assert (line.done, line.required, line.reached) == (1, 1, True), number
    line = district.progress("activity-4")
    assert (line.done, line.reached) == (0, False)


def test_an_activity_after_the_plan_does_not_count(district):
    district.activity("paper", "2016-01-01")
    assert district.progress("activity-4").done == 0


def test_collective_preparation_leaves_four_unified_materials(district):
    activity = district.activity("joint-prep", "2014-09-18")  # a Thursday
    missing = [line for line in district.missing() if "2014-09-18" in line]
    for name in ("统一教案", "统一课件", "统一习题", "统一检测"):
        assert any(name in line for line in missing), name
    district.fill(activity, "unified-plan", "unified-slides", "unified-exercises")
    (left,) = [line for line in district.missing() if "2014-09-18" in line]
    assert "统一检测" in left
    district.fill(activity, "unified-test")
    assert not [line for line in district.missing() if "2014-09-18" in line]


def test_papers_are_asked_of_each_young_teacher_who_took_part(district):
    district.activity("paper", "2014-12-20", present=("李青", "赵敏", "孙老师"))
    (line,) = [line for line in district.missing() if "教学论文或学案" in line]
    assert "2 份（李青、赵敏）" in line  # not from the helper


def test_seven_schools_neither_six_nor_eight(world):
    w = world("dongfeng-daxuequ", year=2014)
    for school in SCHOOLS[:6]:
        w.school(school, role="member")
    assert "成员校应不少于 7 个，现有 6 个" in w.missing(kinds=("limit",))[0]
    w.school("七校", role="member")
    assert w.missing(kinds=("limit",)) == []
    w.school("八校", role="member")
    assert "成员校应不超过 7 个，现有 8 个" in w.missing(kinds=("limit",))[0]


def test_phases_are_those_of_the_plan():
    phases = preset("S17").scheme.phase
    assert [(one.from_, one.to) for one in phases] == [
        ("2014-03-01", "2014-05-31"),
        ("2014-05-01", "2015-12-31"),
    ]
