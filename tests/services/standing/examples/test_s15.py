"""S15 玉环市: routine 30 % a term and project or feature 40 points, shared 1:1, 7:3, 3:7 or equally."""

from datetime import date
from decimal import Decimal

import pytest


def city(world, kind):
    """坎门: 核心校 90 and 94, 成员校 80 and 86 in the two terms; projects of 38 and 30 points."""
    w = world("yuhuan-jiaogongti", year=2025, today="2026-06-30")
    w.subcommunity("坎门教共体", units={"坎门中心小学": "core", "坎门二小": "member"}, type=kind)
    for school, first, second, project in (("坎门中心小学", 90, 94, 38), ("坎门二小", 80, 86, 30)):
        w.enter("routine", first, school=school, term=1)
        w.enter("routine", second, school=school, term=2)
        w.enter("project", project, school=school)
    return w


@pytest.mark.parametrize("kind", ["fused", "built", "built-central"])
def test_fused_and_built_share_7_3_and_3_7(world, kind):
    w = city(world, kind)
    assert w.score("routine-1").points == Decimal(85)  # 90×0.5 + 80×0.5
    assert w.score("routine-2").points == Decimal(90)  # 94×0.5 + 86×0.5
    assert w.score("project").points == Decimal("35.6")  # 38×0.7 + 30×0.3 = 26.6 + 9
    # 85×30% + 90×30% + 35.6 = 25.5 + 27 + 35.6; without a feature only this total can be told
    assert w.score("total-project").points == Decimal("88.1")
    assert w.score("total-feature").points is None
    w.enter("feature", 30, school="坎门中心小学")
    w.enter("feature", 36, school="坎门二小")
    assert w.score("feature").points == Decimal("34.2")  # 30×0.3 + 36×0.7 = 9 + 25.2
    assert w.score("total-feature").points == Decimal("86.7")  # 25.5 + 27 + 34.2
    assert w.score("total-partner") is None


def test_partners_share_equally(world):
    w = city(world, "partner")
    # 38×0.5 + 30×0.5 = 34; 25.5 + 27 + 34
    assert w.score("project-equal").points == Decimal(34)
    assert w.score("total-partner").points == Decimal("86.5")
    assert w.score("total-project") is None
    assert w.score("feature") is None


def test_without_its_type_nobody_knows_which_shares_hold(world):
    w = city(world, "")
    assert w.score("routine-1").points == Decimal(85)  # 1:1 for every type
    total = w.score("total-project")
    assert total.points is None
    assert any("没有填坎门教共体的类型" in fact for fact in total.lacking)


def test_two_members_count_by_their_mean(world):
    w = world("yuhuan-jiaogongti", year=2025, today="2026-06-30")
    units = {"玉城小学": "core", "鸡山小学": "member", "海山小学": "member"}
    w.subcommunity("玉城教共体", units=units, type="built")
    for school, points in (("玉城小学", 40), ("鸡山小学", 20), ("海山小学", 31)):
        w.enter("project", points, school=school)
    # 40×0.7 + (20+31)/2×0.3 = 28 + 7.65
    assert w.score("project", "玉城教共体").points == Decimal("35.65")


def test_days_of_self_assessment(world):
    w = world("yuhuan-jiaogongti", year=2025, today="2026-06-30")
    w.school("坎门中心小学", role="core")
    w.school("坎门二小", role="member")
    days = {(line[1], line[0]) for line in w.deadlines()}
    assert {
        ("报送常态化工作学期自评", date(2025, 11, 10)),
        ("报送常态化工作学期自评", date(2026, 6, 10)),
        ("报送帮扶项目自评", date(2026, 5, 30)),
    } <= days


def test_forms_are_asked_of_the_school_that_fills_them_in(world):
    w = world("yuhuan-jiaogongti", year=2025, today="2026-06-30")
    w.subcommunity("坎门教共体", units={"坎门中心小学": "core", "坎门二小": "member"}, type="fused")
    w.subcommunity("清港教共体", units={"清港小学": "core", "清港二小": "member"}, type="partner")
    lines = w.missing()
    asked = [line for line in lines if "帮扶项目申报表" in line]
    assert len(asked) == 2
    assert any("坎门中心小学" in line for line in asked)
    assert any("清港小学" in line for line in asked)
    (feature,) = [line for line in lines if "特色发展申报表" in line]  # 协作型 has no feature
    assert "坎门二小" in feature
    w.file("feature-form", school="坎门二小", on="2025-09-30")
    assert not any("特色发展申报表" in line for line in w.missing())
