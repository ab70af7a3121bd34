"""S01 蒲城县“名师+”: material window, one calendar year of certificates, seal, table, grades, hand-in."""

from datetime import date
from decimal import Decimal

import pytest


@pytest.fixture
def w(world):
    w = world(
        "pucheng-workshop", year=2025, today="2026-07-05", answers={"contest-year": "2025"},
        community="蒲城县小学数学名师工作坊",
    )  # fmt: skip
    w.school("蒲城县实验小学", role="host-school")
    w.person("张䶮", school="蒲城县实验小学", role="head")
    w.person("刘敏", school="蒲城县实验小学", role="member")
    w.person("何静", school="蒲城县实验小学", role="assisted")
    return w


def outside(w):
    return [one for one in w.findings() if one.kind == "window"]


@pytest.mark.parametrize(
    ("day", "counts"),
    [("2025-08-31", False), ("2025-09-01", True), ("2026-06-30", True), ("2026-07-01", False)],
)
def test_materials_of_september_to_june(w, day, counts):
    w.file(item="1.2", on=day, sealed=True)
    assert (not outside(w)) is counts


@pytest.mark.parametrize(
    ("owner", "day", "counts"),
    [
        ("何静", "2025-01-01", True),  # of the assisted: the calendar year 2025 alone
        ("何静", "2025-12-31", True),
        ("何静", "2026-01-01", False),
        ("刘敏", "2025-01-01", False),  # of a member: September to June, as everything
        ("刘敏", "2026-01-01", True),
    ],
)
def test_certificates_of_the_assisted_count_in_one_calendar_year(w, owner, day, counts):
    w.file("certificate", person=owner, on=day, level="县", sealed=True)
    assert (not outside(w)) is counts


def test_everything_bears_the_school_seal(w):
    w.file(item="1.2", on="2025-10-01", sealed=False)
    w.file(item="1.4", on="2025-10-01", sealed=True)
    assert [one.what for one in w.findings() if one.kind == "seal"] == ["没有盖学校公章"]


def test_points_of_the_example_table(w):
    for n in range(6):
        w.lesson("刘敏", activity=w.activity("demo", f"2025-10-{n + 10}"))
    w.activity("lecture", "2025-11-03")
    w.file("plan", community=True, on="2025-09-10", sealed=True)
    w.file("certificate", person="何静", on="2025-05-01", level="县", sealed=True)
    w.file("certificate", person="何静", on="2025-06-01", level="市", sealed=True)
    assert w.item("1.1").points == 3  # plan without summary: half of 6
    assert w.item("2.1").points == 10  # 6 lessons × 2 = 12, at most 10
    assert w.item("2.2").points == Decimal("2.5")  # 1 × 2.5
    assert w.item("2.3").points == 0
    assert w.item("4.3").points == 6  # county 2 + city 4


def test_guidance_counts_when_its_record_is_there(w):
    done, bare = (w.activity("guidance", day) for day in ("2025-10-10", "2025-11-10"))
    w.fill(done)
    assert bare
    assert w.item("4.2").points == 1  # one of two is complete


def test_the_head_hands_in_on_one_day_but_eight_stations_do_it_themselves(w):
    w.school("蒲城中学", role="host-school", stage="高中")
    w.person("赵川", school="蒲城中学", role="station", subjects=("生物",))
    w.person("钱江", school="蒲城中学", role="station", subjects=("数学",))
    lines = [(day, name, who) for day, name, who, _done in w.deadlines()]
    assert (date(2026, 6, 30), "材料上报", "蒲城县小学数学名师工作坊") in lines
    direct = [who for _day, name, who in lines if name == "材料直接上报（8个工作点）"]
    assert direct == ["赵川"]


def test_points_of_all_assessors_make_the_grade(w):
    full = {
        "1.1": 6, "1.2": 3, "1.3": 3, "1.4": 3, "2.1": 10, "2.2": 5, "2.3": 10, "3.1": 8, "3.2": 5,
        "3.3": 7, "3.4": 5, "4.1": 4, "4.2": 8, "4.3": 8, "5.1": 5, "5.2": 5, "5.3": 5,
    }  # fmt: skip
    for no, points in full.items():
        w.points(no, points)

    def result():
        found = w.results(assessed=True)
        return found.evaluation.of("total")[0].points, found.grades[0].name

    assert result() == (100, "优秀")
    w.points("2.1", 0)
    w.points("3.1", 3)
    assert result() == (85, "优秀")  # 100 - 10 - 5, exactly on the line
    w.points("5.3", 4.5)
    assert result() == (Decimal("84.5"), "合格")
    for no in ("4.2", "4.3", "5.1"):
        w.points(no, 0)
    w.points("3.3", Decimal("3.5"))
    assert result() == (60, "合格")  # 84.5 - 8 - 8 - 5 - 3.5
    w.points("3.3", 3)
    assert result() == (Decimal("59.5"), "不合格")


def test_no_points_are_given_out_while_a_hand_is_missing(w):
    # 3.4 and 5.1 are judged by people: without them there is no result, only what is known so far
    result = w.score("total")
    assert result.points is None
    assert len(result.lacking) == 2


def test_without_the_year_the_certificates_are_doubtful(world):
    w = world("pucheng-workshop", year=2025, today="2026-07-05")
    w.person("何静", school="中心学校", role="assisted")
    w.file("certificate", person="何静", on="2025-10-01", level="县", sealed=True)
    assert [one.severity for one in outside(w)] == ["notice"]


def test_a_workstation_is_the_work_of_one_teacher(world):
    w = world(
        "pucheng-workstation", year=2025, today="2026-07-05", answers={"contest-year": "2025"},
        community="张䶮名师工作点", school="蒲城县实验小学", person="张䶮",
    )  # fmt: skip
    w.person("何静", school="蒲城县实验小学", role="assisted")
    w.file(item="1.2", on="2025-10-01", sealed=True)
    w.file("plan", community=True, on="2025-10-01", sealed=True)
    w.lesson("张䶮", activity=w.activity("demo", "2025-10-10"))
    w.lesson("何静", activity=w.activity("demo", "2025-10-11"))
    w.file("certificate", person="何静", on="2025-05-01", level="市", sealed=True)
    w.file("certificate", person="张䶮", on="2025-12-01", level="省", sealed=True)
    assert [one.name for one in w.services.standing.subjects(w.adoption)] == ["张䶮"]
    assert w.item("1.1").points == 3  # plan without summary: half of 6
    assert w.item("1.2").points == 5  # whatever lies under the item
    assert w.item("2.1").points == 4  # the teacher's own lesson, not that of the assisted
    assert w.item("4.3").points == 4  # the assisted teacher's certificate of the city
    assert w.item("5.2").points == 5  # the teacher's own of the province
