"""Grades: ratios, numbers, lines, ties and what is not known yet."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.services.standing.figures import Fact
from app.services.standing.grades import apportion, give
from app.services.standing.roster import Subject
from app.services.standing.scores import evaluate
from app.services.standing.whatif import compare
from tests.services.standing.county import (
    Sheet,
    community,
    county,
    group,
    scheme,
    sketch,
    unit,
)

D = Decimal
FOUR_FOUR_TWO = (D(4), D(4), D(2))
NAMES = {"优秀": 0, "良好": 1, "合格": 2}
BASE = """
[[input]]
key = "x"
name = "考核"
of = "unit"
[[score]]
key = "x"
name = "得分"
who = { subject = "unit" }
parts = [{ input = "x", weight = 1 }]
[[grade]]
key = "g"
name = "等次"
score = "x"
"""
SHARES = (
    '[{ name = "优秀", share = 4 }, { name = "良好", share = 4 }, { name = "合格", share = 2 }]'
)


def rule(text):
    return scheme(f"{BASE}rule = {{ {text} }}\n")


def ratio(ties="by-hand", rounding="largest-remainder"):
    return rule(
        f'by = "ratio", ties = "{ties}", rounding = "{rounding}", splits = [{{ shares = {SHARES} }}]'
    )


def graded(chosen, points, by_hand=None):
    """Grades of units with these points; a figure that is None is missing."""
    roster = county({"甲": list(points)}, lead="core", member="member-unit")
    figures = {("x", name): value for name, value in points.items() if value is not None}
    evaluation = evaluate(chosen, roster, Sheet(figures))
    return {one.subject.name: one for one in give(chosen, roster, evaluation, by_hand)}


def names(found):
    return {name: one.name for name, one in found.items()}


# ---- S11 --------------------------------------------------------------------------------------


def s11(figures=None, by_hand=None, left_out=()):
    """甲 has ten units, 乙 three, 丙 five, 丁 one, 戊 none; all inspected alike."""
    units = {
        "甲": [f"甲{n}" for n in range(10)], "乙": ["乙0", "乙1", "乙2"],
        "丙": [f"丙{n}" for n in range(5)], "丁": ["丁0"], "戊": ["戊0", "戊1"],
    }  # fmt: skip
    known = {("central", one): 95 - 5 * n for n, one in enumerate(units)}
    for all_ in units.values():
        for n, one in enumerate(all_):
            known |= {("inspection", one): 80, ("own", one): 90 - n}
    known = {**known, **(figures or {})}
    roster = county(units)
    chosen = sketch("s11")
    known = {key: value for key, value in known.items() if key not in left_out}
    evaluation = evaluate(chosen, roster, Sheet(known), by_hand=by_hand)
    return give(chosen, roster, evaluation, by_hand)


def by_unit(found):
    return {one.subject.name: one for one in found if one.grade_key == "unit"}


def test_s11_communities_from_high_to_low():
    found = [one for one in s11() if one.grade_key == "community"]
    # 80×0.2 + (95, 90, 85, 80, 75)×0.8
    assert [(one.subject.name, one.rank, one.name) for one in found] == [
        ("甲", 1, "优秀"), ("乙", 2, "优秀"), ("丙", 3, "良好"), ("丁", 4, "良好"), ("戊", 5, "良好"),
    ]  # fmt: skip
    assert found[0].words == "92 分，第 1 名（共 5 个），优秀"


def test_s11_units_by_the_grade_of_their_community():
    found = names(by_unit(s11()))
    assert [found[f"甲{n}"] for n in range(10)] == ["优秀"] * 4 + ["良好"] * 4 + ["合格"] * 2
    # three at 4:4:2: 1.2, 1.2, 0.6 → 1, 1 and the largest remainder 1
    assert [found[f"乙{n}"] for n in range(3)] == ["优秀", "良好", "合格"]
    # five at 2:4:4: 1, 2, 2
    assert [found[f"丙{n}"] for n in range(5)] == ["优秀", "良好", "良好", "合格", "合格"]
    # one at 2:4:4: 0.2, 0.4, 0.4 → the better of the two largest remainders
    assert found["丁0"] == "良好"
    # two at 2:4:4: 0.4, 0.8, 0.8
    assert [found["戊0"], found["戊1"]] == ["良好", "合格"]


def test_s11_units_wait_for_the_grade_of_their_community():
    found = s11(left_out={("central", "戊")})
    communities = {one.subject.name: one for one in found if one.grade_key == "community"}
    assert communities["戊"].name == ""
    assert communities["戊"].rank is None
    assert communities["戊"].lacking == ("没有录入戊的central",)
    assert communities["甲"].provisional
    assert communities["甲"].words.endswith("优秀；戊还没有得分，名次是暂定的")
    unit_ = by_unit(found)["甲0"]
    assert unit_.name == ""
    assert unit_.lacking == ("甲的等次还没有评出",)


def test_s11_a_grade_given_by_hand_decides_for_its_units():
    decided = {("community", community(one)): "良好" for one in "丙丁戊"}
    decided |= {("community", community(one)): "优秀" for one in "甲乙"}
    found = s11(left_out={("central", "戊")}, by_hand=decided)
    assert by_unit(found)["甲0"].name == "优秀"
    assert by_unit(found)["丙3"].name == "合格"


def test_a_tie_of_communities_at_the_border_is_left_to_the_assessors():
    found = s11({("central", "丙"): 90})
    tied = {one.subject.name: one for one in found if one.grade_key == "community"}
    assert [tied[one].name for one in "甲乙丙丁"] == ["优秀", "", "", "良好"]
    assert tied["乙"].tie
    assert tied["乙"].words == "88 分，第 2 名（共 5 个）；与丙同分，正在优秀与良好之间"
    assert tied["乙"].lacking == ("乙与丙同分，请评定“共同体等级”",)
    assert by_unit(found)["乙0"].lacking == ("乙的等次还没有评出",)
    assert tied["丁"].rank == 4
    assert by_unit(found)["甲0"].name == "优秀"


def test_a_community_of_a_grade_without_ratio_is_told():
    chosen = sketch("s11")
    text = chosen.model_copy(
        update={"grade": (chosen.grade[0], chosen.grade[1].model_copy(update={
            "rule": chosen.grade[1].rule.model_copy(update={"splits": chosen.grade[1].rule.splits[:1]})
        }))}
    )  # fmt: skip
    roster = county({"甲": ["甲0"], "乙": ["乙0"], "丙": ["丙0"]})
    figures = Sheet({("central", one): n for n, one in enumerate("丙乙甲")} | {
        (key, f"{one}0"): 80 for one in "甲乙丙" for key in ("inspection", "own")
    })  # fmt: skip
    found = by_unit(give(text, roster, evaluate(text, roster, figures)))
    assert found["甲0"].name == "优秀"
    assert found["丙0"].lacking == ("方案没有写良好的共同体（丙）的比例",)


# ---- ratio ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("count", "rounding", "seats"),
    [
        (0, "largest-remainder", [0, 0, 0]),
        (1, "largest-remainder", [1, 0, 0]),  # .4 .4 .2: of equal remainders the better
        (2, "largest-remainder", [1, 1, 0]),  # .8 .8 .4
        (7, "largest-remainder", [3, 3, 1]),  # 2.8 2.8 1.4
        (9, "largest-remainder", [4, 3, 2]),  # 3.6 3.6 1.8 → 3 3 1, then .8, then the better .6
        (7, "down", [2, 2, 3]),
        (7, "up", [3, 3, 1]),
        (6, "up", [3, 3, 0]),  # 2.4 2.4 1.2: nothing is left for the last
        (6, "nearest", [2, 2, 2]),
        (1, "up", [1, 0, 0]),
        (10, "nearest", [4, 4, 2]),
    ],
)
def test_seats_of_a_ratio(count, rounding, seats):
    assert apportion(count, FOUR_FOUR_TWO, rounding) == seats


def test_a_grade_with_no_share_gets_none_of_the_rest():
    assert apportion(11, (D(30), D(70), D(0)), "down") == [3, 8, 0]
    assert apportion(11, (D(0), D("0.3"), D("0.7")), "nearest") == [0, 3, 8]


def test_the_half_is_rounded_up_to_the_nearest():
    assert apportion(5, (D(50), D(50)), "nearest") == [3, 2]


SETS = st.lists(st.integers(0, 20), min_size=0, max_size=14)


@given(
    count=st.integers(0, 200),
    shares=st.lists(st.integers(0, 50), min_size=1, max_size=5).filter(any),
    rounding=st.sampled_from(["largest-remainder", "down", "up", "nearest"]),
)
def test_seats_always_add_up(count, shares, rounding):
    seats = apportion(count, [D(one) for one in shares], rounding)
    assert sum(seats) == count
    assert min(seats) >= 0
    assert all(seat == 0 for seat, share in zip(seats, shares, strict=True) if share == 0)
    if rounding == "largest-remainder":
        exact = [count * one / sum(shares) for one in shares]
        assert all(abs(a - b) < 1 for a, b in zip(seats, exact, strict=True))


@given(
    points=SETS, ties=st.sampled_from(["better", "worse"]), order=st.randoms(use_true_random=False)
)
def test_more_points_never_mean_a_worse_grade_and_the_order_does_not_matter(points, ties, order):
    listed = {f"校{n}": one for n, one in enumerate(points)}
    found = names(graded(ratio(ties), listed))
    mixed = list(listed.items())
    order.shuffle(mixed)
    assert names(graded(ratio(ties), dict(mixed))) == found
    for one, first in listed.items():
        for other, second in listed.items():
            if first >= second:
                assert NAMES[found[one]] <= NAMES[found[other]]
    if len(set(points)) == len(points):
        seats = apportion(len(points), FOUR_FOUR_TWO, "largest-remainder")
        assert [list(found.values()).count(name) for name in NAMES] == seats


TIED = {"一": 95, "二": 90, "三": 90, "四": 80, "五": 70}  # five at 4:4:2 → 2, 2, 1


def test_ties_across_a_border():
    assert list(names(graded(ratio("better"), TIED)).values()) == [
        "优秀", "优秀", "优秀", "良好", "合格",
    ]  # fmt: skip
    assert list(names(graded(ratio("worse"), TIED)).values()) == [
        "优秀", "良好", "良好", "良好", "合格",
    ]  # fmt: skip
    found = graded(ratio("by-hand"), TIED)
    assert list(names(found).values()) == ["优秀", "", "", "良好", "合格"]
    assert [one.rank for one in found.values()] == [1, 2, 2, 4, 5]
    assert [one.tie for one in found.values()] == [False, True, True, False, False]


def test_equal_points_within_a_grade_are_no_tie():
    found = graded(ratio("by-hand"), {"一": 95, "二": 95, "三": 90, "四": 80, "五": 70})
    assert not any(one.tie for one in found.values())
    assert found["二"].rank == 1


def test_assessors_decide_ties_and_may_overrule():
    decided = {
        ("g", unit("二")): "优秀", ("g", unit("三")): "良好", ("g", unit("一")): "合格",
        ("g", unit("五")): "甲等",
    }  # fmt: skip
    found = graded(ratio("by-hand"), TIED, decided)
    assert list(names(found).values()) == ["合格", "优秀", "良好", "良好", "合格"]
    assert found["二"].lacking == ()
    assert found["二"].by_hand
    assert found["一"].words == "评定为合格（95 分，第 1 名（共 5 个），优秀）"
    assert found["五"].lacking == ("“甲等”不是“等次”的等次",)


def test_thirds_and_whole_numbers_are_equal():
    third = D(1) / D(3)
    found = graded(ratio("by-hand"), {"一": third * 3, "二": 1})
    assert third * 3 != 1
    assert [one.rank for one in found.values()] == [1, 1]


def test_whoever_has_no_points_is_named_and_the_others_are_provisional():
    found = graded(ratio(), {"一": 90, "二": None, "三": 80, "四": 70})
    assert found["二"].rank is None
    assert found["二"].name == ""
    assert found["二"].lacking == ("没有录入二的x",)
    # three at 4:4:2: 1, 1, 1
    assert [found[one].name for one in "一三四"] == ["优秀", "良好", "合格"]
    assert all(found[one].provisional for one in "一三四")
    assert found["一"].words == "90 分，第 1 名（共 3 个），优秀；二还没有得分，名次是暂定的"


def test_a_ratio_over_nobody_gives_nothing():
    assert graded(ratio(), {}) == {}
    assert names(graded(ratio(), {"一": None})) == {"一": ""}


# ---- lines, numbers, by hand ------------------------------------------------------------------

LINES = rule(
    'by = "lines", lines = [{ name = "优秀", at_least = 85 }, { name = "合格", at_least = 60 },'
    ' { name = "不合格", at_least = 0 }]'
)


@pytest.mark.parametrize(
    ("points", "name"),
    [(85, "优秀"), ("84.99", "合格"), (60, "合格"), ("59.999999", "不合格"), (0, "不合格")],
)
def test_lines(points, name):
    assert names(graded(LINES, {"一": points})) == {"一": name}


def test_a_line_is_reached_also_by_way_of_thirds():
    assert names(graded(LINES, {"一": D(1) / 3 * 255})) == {"一": "优秀"}


def test_a_line_does_not_wait_for_others():
    found = graded(LINES, {"一": 90, "二": None})
    assert found["一"].name == "优秀"
    assert not found["一"].provisional


def top(ties="by-hand", least=1):
    return rule(
        f'by = "top", ties = "{ties}", tops = [{{ name = "最佳", min = {least}, max = 2 }},'
        ' { name = "参加" }]'
    )


@pytest.mark.parametrize(
    ("points", "expected"),
    [
        ([], []),
        ([90], ["最佳"]),
        ([90, 80, 70], ["最佳", "最佳", "参加"]),
        ([90, 80, 80], ["最佳", "参加", "参加"]),  # one or two: one cuts no tie
        ([90, 90, 90, 70], ["", "", "", "参加"]),  # neither one nor two would do
        ([90, 90], ["最佳", "最佳"]),
    ],
)
def test_one_to_two_best(points, expected):
    found = graded(top(), {f"校{n}": one for n, one in enumerate(points)})
    assert list(names(found).values()) == expected


def test_without_a_least_number_a_tie_is_never_cut_short():
    found = names(graded(top(least=0), {"一": 90, "二": 80, "三": 80}))
    assert found == {"一": "最佳", "二": "", "三": ""}
    found = names(graded(top("better", 0), {"一": 90, "二": 80, "三": 80}))
    assert set(found.values()) == {"最佳"}


def test_beyond_the_numbers_nothing_is_given():
    chosen = rule('by = "top", tops = [{ name = "最佳", max = 1 }]')
    found = graded(chosen, {"一": 90, "二": 80})
    assert names(found) == {"一": "最佳", "二": ""}
    assert found["二"].lacking == ()


def test_grades_by_hand():
    chosen = rule('by = "hand", names = ["优秀", "合格"]')
    found = graded(chosen, {"一": 90, "二": None}, {("g", unit("二")): "合格"})
    assert names(found) == {"一": "", "二": "合格"}
    assert found["一"].lacking == ("还没有评定“等次”",)
    assert found["二"].lacking == ()


# ---- within groups: S08 -----------------------------------------------------------------------


def test_s08_the_best_of_each_grade_group():
    chosen = sketch("s08")
    roster = county({"园": ["园"]}, groups={"大班": [], "小班": []})
    points = {"大1": 95, "大2": 90, "大3": 85, "小1": 60, "散": 99}
    activities = [Subject("activity", one, one) for one in points]
    homes = {one: ["大班" if one.id[0] == "大" else "小班"] for one in activities[:-1]}
    homes[activities[-1]] = ["园"]
    figures = Sheet({("area", one): value for one, value in points.items()})
    evaluation = evaluate(chosen, roster, figures, subjects={"activity": activities}, homes=homes)
    found = give(chosen, roster, evaluation)
    assert [(one.within, one.subject.name, one.name) for one in found] == [
        ("大班", "大1", "最佳"), ("大班", "大2", "最佳"), ("大班", "大3", "参加"), ("小班", "小1", "最佳"),
        ("", "散", ""),
    ]  # fmt: skip
    assert found[-1].lacking == ("散不在任何小组中",)


def test_a_unit_of_two_communities_is_ranked_in_both():
    chosen = rule(f'by = "ratio", within = "community", splits = [{{ shares = {SHARES} }}]')
    roster = county({"甲": ["一", "二"], "乙": ["三"]}, lead="core", member="member-unit")
    both = roster.schools["一"]
    both = replace(both, held=(*both.held, *roster.schools["三"].held))
    roster = replace(roster, schools={**roster.schools, "一": both})
    figures = Sheet({("x", "一"): 70, ("x", "二"): 80, ("x", "三"): 60})
    found = give(chosen, roster, evaluate(chosen, roster, figures))
    assert [(one.within, one.subject.name, one.name) for one in found] == [
        ("甲", "二", "优秀"), ("甲", "一", "良好"), ("乙", "一", "优秀"), ("乙", "三", "良好"),
    ]  # fmt: skip


# ---- what if ----------------------------------------------------------------------------------


def test_what_changes_when_a_figure_is_assumed():
    chosen = ratio()
    roster = county({"甲": ["一", "二"]}, lead="core", member="member-unit")
    figures = Sheet({("x", "一"): 80, ("x", "二"): 90})
    before = evaluate(chosen, roster, figures)
    after = evaluate(chosen, roster, figures, assume={Fact("input", "x", unit("一")): D("95.5")})
    assert [one.words for one in compare(chosen, roster, before, after)] == [
        "一 得分：80 分 → 95.5 分",
        "二 等次：第 1 名 → 第 2 名",
        "二 等次：优秀 → 良好",
        "一 等次：第 2 名 → 第 1 名",
        "一 等次：良好 → 优秀",
    ]
    assert compare(chosen, roster, before, before) == ()


def test_a_figure_that_was_missing_changes_from_nothing():
    chosen = LINES
    roster = county({"甲": ["一"]}, lead="core")
    before = evaluate(chosen, roster, Sheet({}))
    after = evaluate(chosen, roster, Sheet({}), assume={Fact("input", "x", unit("一")): D(60)})
    assert [one.words for one in compare(chosen, roster, before, after)] == [
        "一 得分：（无） → 60 分", "一 等次：（无） → 第 1 名", "一 等次：（无） → 合格",
    ]  # fmt: skip


def test_groups_may_be_ranked_within_their_community():
    text = (
        BASE.replace('of = "unit"', 'of = "group"').replace('"unit" }', '"group" }')
        + f'rule = {{ by = "ratio", within = "community", splits = [{{ shares = {SHARES} }}] }}\n'
    )
    roster = county({"甲": []}, groups={"语文": [], "数学": []})
    figures = Sheet({("x", "语文"): 70, ("x", "数学"): 80})
    found = give(scheme(text), roster, evaluate(scheme(text), roster, figures))
    assert [(one.subject, one.name) for one in found] == [
        (group("数学"), "优秀"), (group("语文"), "良好"),
    ]  # fmt: skip


def test_grades_by_hand_hold_on_both_sides_of_what_if():
    chosen = rule('by = "hand", names = ["优秀", "合格"]')
    roster = county({"甲": ["一"]}, lead="core")
    hand = {("g", unit("一")): "优秀"}
    assume = {Fact("input", "x", unit("一")): D(60)}
    before = evaluate(chosen, roster, Sheet({}), by_hand=hand)
    after = evaluate(chosen, roster, Sheet({}), by_hand=hand, assume=assume)
    assert [one.words for one in compare(chosen, roster, before, after)] == [
        "一 得分：（无） → 60 分"
    ]
    assert give(chosen, roster, before)[0].name == "优秀"


def test_a_group_grade_of_the_same_name_is_not_the_grade_of_its_community():
    """A group's bonus for the grade of its community, where groups are given 优秀 as well."""
    text = (
        BASE.replace('of = "unit"', 'of = "group"').replace(
            'who = { subject = "unit" }',
            'who = { subject = "group" }\n'
            'bonuses = [{ name = "加分", who = { community_grade = "优秀" }, points = 5 }]',
        )
        + 'rule = { by = "lines", lines = [{ name = "优秀", at_least = 0 }] }\n'
        + BASE.replace('of = "unit"', 'of = "community"').replace('"unit" }', '"community" }')
        .replace('"x"', '"c"').replace('"g"', '"cg"')
        + 'rule = { by = "lines", lines = [{ name = "优秀", at_least = 90 }, { name = "其他",'
        " at_least = 0 }] }\n"
    )  # fmt: skip
    roster = county({"甲": []}, groups={"语文": []})

    def points(of_community):
        figures = Sheet({("x", "语文"): 70, ("c", "甲"): of_community})
        return evaluate(scheme(text), roster, figures).results["x", group("语文")].points

    assert points(90) == D(75)
    assert points(89) == D(70)
