"""S25 镇海应行久—九龙湖: monthly report, lessons, network research, pairs; what is collected."""

from decimal import Decimal

import pytest


@pytest.fixture
def w(world):
    w = world("zhenhai-jiulonghu", year=2025, today="2025-03-31", community="应行久—九龙湖教共体")
    w.school("应行久外语实验学校", role="core")
    w.school("九龙湖中心学校", role="member")
    w.person("师父", school="应行久外语实验学校", role="mentor")
    w.person("徒弟", school="九龙湖中心学校", role="apprentice")
    return w


def test_a_report_each_month(w):
    w.file("monthly", community=True, on="2025-01-20")
    lacking = [one.where for one in w.findings() if one.slot == "monthly"]
    # January is there; February is a holiday (an example of the preset); March is lacking until today
    assert lacking == ["应行久—九龙湖教共体 2025-03"]
    assert any("工作月报" in line for line in w.missing())


def test_synchronous_lessons_and_network_research(w):
    activity = w.activity("sync-lesson", "2025-03-10", form="线上")
    for _ in range(2):
        w.lesson("师父", activity=activity)
    w.activity("network", "2025-03-20", form="教学诊断")
    lessons, research = w.progress("sync-lesson"), w.progress("network")
    assert (lessons.done, lessons.required) == (2, 10)
    assert (research.done, research.required) == (1, 4)


def test_materials_of_a_lesson_are_collected(w):
    activity = w.activity("sync-lesson", "2025-03-10", title="同步课堂一")
    w.lesson("师父", activity=activity)
    lacking = {one.slot: one.count for one in w.findings() if one.kind == "slot"}
    assert lacking == {"design": 1, "record": 1, "photos": 1}  # the recording is optional
    w.fill(activity)
    assert [one for one in w.findings() if one.kind == "slot"] == []


def test_pairs_meet_with_both_records(w):
    w.pair("师父", "徒弟")
    first = w.activity("mentoring", "2025-03-01", leader="师父", present=("师父", "徒弟"))
    w.activity("mentoring", "2025-03-08", leader="师父", present=("师父", "徒弟"))
    w.fill(first)
    line = w.progress("mentoring", "师父/徒弟")
    assert (line.done, line.required) == (1, 4)  # the second has no papers yet


def test_core_school_is_bound_to_its_members(w):
    w.enter("school-points", 90, school="应行久外语实验学校")
    lacking = w.score("core", "应行久外语实验学校")
    assert lacking.points is None
    assert "九龙湖中心学校" in "".join(lacking.lacking)
    w.enter("school-points", 80, school="九龙湖中心学校")
    # 90 × 0.4 + 80 × 0.6 = 36 + 48
    assert w.score("core", "应行久外语实验学校").points == 84


def test_items_of_the_five_blocks(w):
    for slot in ("work-plan", "year-plan"):
        w.file(slot, community=True, on="2025-01-10")
    # two of 方案, 计划, 总结 for 8 points: 16 / 3
    assert round(w.item("2.1").points, 4) == Decimal("5.3333")
