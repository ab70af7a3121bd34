"""S24 健行教研共同体: best 30 % of eleven groups a term, and 14 points for their members."""

import pytest

FIRST, SECOND = "第一学期", "第二学期"
GROUPS = (
    "数学", "语文", "英语", "道德与法治", "科学", "综合实践", "信息技术", "心理与健康",
    "音乐", "美术", "体育",
)  # fmt: skip
BEST = "第一学期优秀"


@pytest.fixture
def w(world):
    w = world("jianxing", year=2025, today="2026-02-10", community="健行教研共同体")
    w.school("健行小学", role="school")
    for name in GROUPS:
        w.person(f"{name}组长", school="健行小学")
        w.person(f"{name}组员", school="健行小学")
        kind = "special" if name in ("音乐", "美术", "体育") else "school-level"
        w.group(name, kind, members=(f"{name}组员",), heads=(f"{name}组长",), head_role="head")
    return w


def rank(w, points, term=1):
    for name, value in zip(GROUPS, points, strict=True):
        w.enter("group-points", value, group=name, term=term)


def best(w, term=1):
    return [one for one in GROUPS if w.grade(f"excellent-{term}", one).endswith("优秀")]


def test_three_of_eleven_are_best(w):
    # 11 × 30 % = 3.3, without the fraction 3
    rank(w, (95, 94, 93, 92, 91, 90, 89, 88, 87, 86, 85))
    assert best(w) == ["数学", "语文", "英语"]
    assert w.grade("excellent-1", "体育") == "第一学期其他"


def test_a_tie_across_the_border_lets_both_in(w):
    rank(w, (95, 94, 93, 93, 91, 90, 89, 88, 87, 86, 85))
    assert best(w) == ["数学", "语文", "英语", "道德与法治"]


def test_fourteen_points_for_members_of_a_best_group(w):
    rank(w, (95, 94, 93, 92, 91, 90, 89, 88, 87, 86, 85))
    for who in ("数学组长", "数学组员", "道德与法治组员"):
        w.enter("teacher-points", 80, person=who, term=1)
    # 80 + 14 = 94; the fourth group gets none
    assert [
        w.score("teacher-1", who).points for who in ("数学组长", "数学组员", "道德与法治组员")
    ] == [94, 94, 80]


def test_each_term_has_its_own_best(w):
    rank(w, (95, 94, 93, 92, 91, 90, 89, 88, 87, 86, 85), term=1)
    rank(w, (85, 86, 87, 88, 89, 90, 91, 92, 93, 94, 95), term=2)
    for term, points in ((1, 80), (2, 82)):
        w.enter("teacher-points", points, person="体育组员", term=term)
    assert best(w, 2) == ["音乐", "美术", "体育"]
    assert w.score("teacher-1", "体育组员").points == 80
    assert w.score("teacher-2", "体育组员").points == 96  # 82 + 14


def test_no_bonus_is_given_or_refused_before_all_are_assessed(w):
    for name in GROUPS[:-1]:
        w.enter("group-points", 90, group=name, term=1)
    w.enter("teacher-points", 80, person="数学组员", term=1)
    result = w.score("teacher-1", "数学组员")
    assert result.points is None
    assert result.lacking


def test_two_activities_of_each_group_a_term(w):
    for day in ("2025-10-10", "2025-12-10"):
        w.activity("show", day, form="研讨", group="数学")
    w.activity("show", "2025-11-10", form="展示", group="音乐")
    maths, music = (w.progress("show", one, FIRST) for one in ("数学", "音乐"))
    assert (maths.done, maths.required, maths.reached) == (2, 2, True)
    assert (music.done, music.required, music.reached) == (1, 2, False)


def test_heads_hand_in_guidance_and_appraisal(w):
    def owing(slot):
        return [one.who for one in w.findings() if one.slot == slot]

    # eleven heads, one term until today
    assert len(owing("guidance")) == len(owing("appraisal")) == 11
    w.file("guidance", person="数学组长", on="2026-01-20")
    assert len(owing("guidance")) == 10
    # a summary of each head and each member, and a volume of each group
    assert (len(owing("summary")), len(owing("volume"))) == (22, 11)


def test_materials_become_volumes():
    from app.services.schemes.catalogue import preset

    assert preset("jianxing").scheme.box.bound == "volumes"


def test_one_head_in_each_group(w):
    def over():
        return [one.where for one in w.findings() if one.kind == "limit" and "组长" in one.what]

    assert over() == []  # eleven groups, eleven heads
    w.person("又一位", school="健行小学")
    w.group("语文二", "school-level", heads=("又一位", "语文组长"), head_role="head")
    assert over() == ["语文二"]
