"""S14 奉化区: the core school is bound to its members by 20 %, each member to the core by 20 %."""

from decimal import Decimal

import pytest

from app.models import CommunityUnit
from app.services.schemes.catalogue import preset


@pytest.fixture
def bundle(world):
    w = world("fenghua-jiaogongti", year=2021, today="2022-06-30")
    w.subcommunity(
        "实验小学教共体",
        units={"实验小学": "core", "松岙小学": "member", "裘村小学": "member"},
        type="built",
    )
    w.enter("own", 90, school="实验小学")
    w.enter("own", 80, school="松岙小学")
    return w


def test_shares_between_core_and_members(bundle):
    bundle.enter("own", 70, school="裘村小学")
    # 核心校: 90×80% + (80+70)/2×20% = 72 + 15
    assert bundle.score("core", "实验小学").points == Decimal(87)
    # 成员校: 90×20% + 80×80% = 18 + 64; 18 + 70×80% = 18 + 56
    assert bundle.score("member", "松岙小学").points == Decimal(82)
    assert bundle.score("member", "裘村小学").points == Decimal(74)


def test_a_member_without_its_result_holds_up_the_core_but_not_the_other(bundle):
    held_up = bundle.score("core", "实验小学")
    assert held_up.points is None
    assert any("裘村小学" in fact for fact in held_up.lacking)
    assert bundle.score("member", "松岙小学").points == Decimal(82)


def test_the_duty_school_of_the_year_counts_once(world):
    w = world("fenghua-jiaogongti", year=2021, today="2022-06-30")
    w.school("实验小学", role="core")
    w.school("松岙小学", role="member")
    w.school("裘村小学", role="member")
    duty = CommunityUnit(community_id=w.community, school_id=w.school("松岙小学"), role="duty")
    with w.services.archive.uow.write("轮值") as session:  # a second role besides its own
        session.add(duty)
    for school, points in (("实验小学", 90), ("松岙小学", 80), ("裘村小学", 70)):
        w.enter("own", points, school=school)
    # as above; 松岙小学 is in the mean once: (80+70)/2, not (80+80+70)/3
    assert w.score("core", "实验小学").points == Decimal(87)


def test_one_chair_and_one_duty_school(world):
    w = world("fenghua-jiaogongti", year=2021, today="2022-06-30")
    w.school("实验小学", role="core")
    w.school("松岙小学", role="member")

    def off():
        return [line for line in w.missing(kinds=("limit",)) if "理事长" in line or "轮值" in line]

    assert "理事长应不少于 1 人，现有 0 人" in off()[0]
    w.person("王校长", school="实验小学", role="chair")
    w.person("李校长", school="松岙小学", role="vice-chair")
    w.school("裘村小学", role="duty")
    assert off() == []
    w.school("莼湖小学", role="duty")
    (line,) = off()
    assert "轮值学校应不超过 1 个，现有 2 个" in line


def test_three_kinds_with_their_building_blocks():
    kinds = {one.name: one.blocks for one in preset("S14").scheme.community.types}
    assert kinds["共建型"] == ("资源共享", "管理共进", "教学共研", "文化共生", "考核捆绑")
    assert kinds["融合型"] == ("师资同盘", "教学同步", "培训同频", "文化同系", "考核一体")
    assert kinds["协作型"] == ()
