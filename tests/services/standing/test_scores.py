"""Scores worked out by hand, with the arithmetic beside them."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.services.standing.figures import Fact, Known, settled, shown
from app.services.standing.roster import Subject
from app.services.standing.scores import evaluate
from tests.services.standing.county import (
    Sheet,
    community,
    county,
    group,
    person,
    scheme,
    sketch,
    unit,
)

D = Decimal
NUMBERS = st.decimals(0, 100, places=2)

# ---- S11: two levels of score -----------------------------------------------------------------

S11_UNITS = {
    "甲": ["甲1", "甲2", "甲3"], "乙": ["乙1", "乙2"], "丙": ["丙1", "丙2"], "丁": ["丁1"], "戊": ["戊1"],
}  # fmt: skip
S11 = {
    ("central", "甲"): "92.5", ("central", "乙"): 90, ("central", "丙"): 88,
    ("central", "丁"): 85, ("central", "戊"): 80,
    ("inspection", "甲1"): 90, ("inspection", "甲2"): 84, ("inspection", "甲3"): 81,
    ("inspection", "乙1"): 95, ("inspection", "乙2"): 94,
    ("inspection", "丙1"): 70, ("inspection", "丙2"): 80, ("inspection", "丁1"): 60,
    ("inspection", "戊1"): 99,
    **{("own", one): 80 for units in S11_UNITS.values() for one in units},
}  # fmt: skip


def test_s11_score_of_each_of_the_five_communities():
    found = evaluate(sketch("s11"), county(S11_UNITS), Sheet(S11))
    points = {one.subject.name: one.points for one in found.of("community")}
    assert points == {
        "甲": D("91"),  # (90+84+81)/3 = 85; 85×0.2 + 92.5×0.8 = 17 + 74
        "乙": D("90.9"),  # (95+94)/2 = 94.5; 18.9 + 72
        "丙": D("85.4"),  # 75×0.2 + 88×0.8 = 15 + 70.4
        "丁": D("80"),  # 60×0.2 + 85×0.8 = 12 + 68
        "戊": D("83.8"),  # 99×0.2 + 80×0.8 = 19.8 + 64
    }


def test_s11_score_of_a_unit_takes_the_central_assessment_of_its_community():
    found = evaluate(sketch("s11"), county(S11_UNITS), Sheet(S11))
    result = found.results["unit", unit("甲2")]
    # 80×0.4 + 92.5×0.4 + 84×0.2 = 32 + 37 + 16.8
    assert result.points == D("85.8")
    assert [one.words for one in result.steps] == [
        "自主考核 80 × 0.4 = 32",
        "集中考核（甲） 92.5 × 0.4 = 37",
        "督导考核 84 × 0.2 = 16.8",
    ]
    assert len(found.of("unit")) == 9


def test_steps_of_a_mean_show_every_value():
    found = evaluate(sketch("s11"), county(S11_UNITS), Sheet(S11))
    step = found.results["community", community("甲")].steps[0]
    assert step.words == "督导考核（各单位 3 个的平均） 85 × 0.2 = 17"
    assert [one.words for one in step.inner] == [
        "甲1督导考核 90", "甲2督导考核 84", "甲3督导考核 81",
    ]  # fmt: skip


def test_a_missing_figure_is_told_and_never_0():
    figures = {key: value for key, value in S11.items() if key != ("inspection", "甲2")}
    found = evaluate(sketch("s11"), county(S11_UNITS), Sheet(figures))
    result = found.results["community", community("甲")]
    assert result.points is None
    assert result.lacking == ("没有录入甲2的inspection",)
    assert (result.so_far, result.of) == (D("74"), D("0.8"))  # only 92.5×0.8 is known
    assert found.results["community", community("乙")].points == D("90.9")
    assert found.results["unit", unit("甲1")].points is not None
    assert found.results["unit", unit("甲2")].lacking == ("没有录入甲2的inspection",)


def test_a_score_of_which_nothing_is_known_offers_nothing():
    result = evaluate(sketch("s11"), county({"甲": ["甲1"]}), Sheet({})).results[
        "unit", unit("甲1")
    ]
    assert (result.points, result.so_far, result.of) == (None, None, None)
    assert len(result.lacking) == 3


def test_a_community_without_units_says_so():
    roster = county({"甲": [], "乙": ["乙1"]})
    result = evaluate(sketch("s11"), roster, Sheet(S11)).results["community", community("甲")]
    assert result.points is None
    assert result.lacking == ("甲没有单位，算不出“督导考核”",)


# ---- S15 and S14: shares between core and members ---------------------------------------------


def s15(kind):
    roster = county({"山海": ["核", "员1", "员2"]}, lead="core", types={"山海": kind})
    return evaluate(sketch("s15"), roster, Sheet({
        ("routine", "核", "t1"): 90, ("routine", "员1", "t1"): 80, ("routine", "员2", "t1"): 70,
        ("routine", "核", "t2"): 92, ("routine", "员1", "t2"): 84, ("routine", "员2", "t2"): 76,
        ("project", "核"): 36, ("project", "员1"): 30, ("project", "员2"): 26,
        ("feature", "核"): 30, ("feature", "员1"): 38, ("feature", "员2"): 34,
    }))  # fmt: skip


def test_s15_shares_of_core_and_members_by_block():
    found = s15("fused")
    points = {key: one.points for (key, _), one in found.results.items()}
    assert points["routine-1"] == D("82.5")  # 1:1 → 90×0.5 + (80+70)/2×0.5 = 45 + 37.5
    assert points["routine-2"] == D("86")  # 92×0.5 + (84+76)/2×0.5 = 46 + 40
    assert points["project-73"] == D("33.6")  # 7:3 → 36×0.7 + 28×0.3 = 25.2 + 8.4
    assert points["feature-37"] == D("34.2")  # 3:7 → 30×0.3 + 36×0.7 = 9 + 25.2
    assert points["total"] == D("84.15")  # 82.5×0.3 + 86×0.3 + 33.6 = 24.75 + 25.8 + 33.6
    assert found.of("total-partner") == ()


def test_s15_a_loose_community_shares_equally():
    found = s15("partner")
    points = {key: one.points for (key, _), one in found.results.items()}
    assert points["project-equal"] == D("32")  # 36×0.5 + 28×0.5 = 18 + 14
    assert points["total-partner"] == D("82.55")  # 24.75 + 25.8 + 32
    assert "project-73" not in points


def test_steps_name_the_term_and_the_members():
    result = s15("fused").of("routine-1")[0]
    assert [one.words for one in result.steps] == [
        "第一学期常态化工作（核） 90 × 0.5 = 45",
        "第一学期常态化工作（成员校 2 个的平均） 75 × 0.5 = 37.5",
    ]
    assert result.steps[1].inner[0].words == "员1第一学期常态化工作 80"


def test_a_score_shows_the_steps_of_the_scores_it_is_made_of():
    step = s15("fused").of("total")[0].steps[0]
    assert step.words == "第一学期常态化（捆绑） 82.5 × 0.3 = 24.75"
    assert step.inner[0].share == D("45")


S14 = """
[[input]]
key = "own"
name = "年度考核"
of = "unit"
[[score]]
key = "core"
name = "核心校得分"
who = { subject = "unit", unit_role = "core" }
parts = [{ input = "own", weight = 0.8 }, { input = "own", whose = "members", weight = 0.2 }]
[[score]]
key = "member"
name = "成员校得分"
who = { subject = "unit", unit_role = "member-unit" }
parts = [{ input = "own", weight = 0.8 }, { input = "own", whose = "lead", weight = 0.2 }]
"""


def test_s14_core_and_members_have_a_part_in_each_other():
    roster = county({"甲": ["核", "员1", "员2"]}, lead="core", member="member-unit")
    figures = Sheet({("own", "核"): 90, ("own", "员1"): 80, ("own", "员2"): 70})
    found = evaluate(scheme(S14), roster, figures)
    assert {(key, one.name): two.points for (key, one), two in found.results.items()} == {
        ("core", "核"): D("87"),  # 90×0.8 + 75×0.2 = 72 + 15
        ("member", "员1"): D("82"),  # 80×0.8 + 90×0.2 = 64 + 18
        ("member", "员2"): D("74"),  # 70×0.8 + 90×0.2 = 56 + 18
    }


# ---- S28: bundled, unless a partner climbs five places ----------------------------------------


def s28(ranks, partners=("伴1", "伴2"), **more):
    roster = county({"甲": ["主", *partners]}, lead="main")
    figures = {("own", "主"): 90, ("own", "伴1"): 70, ("own", "伴2"): 80, **more}
    for name, (before, now) in ranks.items():
        figures |= {("rank", name, "-1"): before} if before else {}
        figures |= {("rank", name): now} if now else {}
    return evaluate(sketch("s28"), roster, Sheet(figures)).results["main", unit("主")]


def test_s28_four_places_are_not_enough():
    result = s28({"伴1": (12, 8), "伴2": (20, 20)})
    assert result.points == D("87")  # 90×0.8 + 70×0.1 + 80×0.1 = 72 + 7 + 8
    assert result.instead == ""
    assert "没有达到“综合排名比上年进步不少于 5”" in result.steps[0].words


def test_s28_exactly_five_places_free_the_lead_school():
    result = s28({"伴1": (12, 7), "伴2": (20, 25)})
    assert result.points == D("90")
    assert "伴1综合排名进步 5（上年 12，今年 7）" in result.instead
    assert "伴2综合排名退步 5（上年 20，今年 25）" in result.instead


def test_s28_one_partner_bears_20_percent():
    result = s28({"伴1": (12, 12)}, partners=("伴1",))
    assert result.points == D("86")  # 90×0.8 + 70×0.2 = 72 + 14


def test_s28_without_the_ranks_it_cannot_be_said():
    result = s28({"伴1": (12, None), "伴2": (20, 20)})
    assert result.points is None
    assert result.lacking == ("没有录入伴1的rank",)
    assert (result.so_far, result.of) == (D("87"), D("1"))


def test_s28_one_partner_that_climbed_decides_without_the_other():
    assert s28({"伴1": (None, None), "伴2": (20, 15)}).points == D("90")


def test_an_exemption_by_value_of_each():
    text = S14.replace(
        'parts = [{ input = "own", weight = 0.8 }, { input = "own", whose = "members", weight = 0.2 }]',
        'parts = [{ input = "own", weight = 1 }]\ninstead = [{ note = "另加半成", when = { input = "own",'
        ' whose = "members", how = "each", value = { at_least = 60 } }, parts = [{ input = "own",'
        ' weight = 1 }] }, { when = { score = "member", whose = "members", how = "mean",'
        ' value = { above = 50 } }, parts = [{ input = "own", whose = "members", how = "min",'
        " weight = 1 }] }]",
    )
    roster = county({"甲": ["核", "员1", "员2"]}, lead="core", member="member-unit")

    def core(low):
        figures = Sheet({("own", "核"): 90, ("own", "员1"): 80, ("own", "员2"): low})
        return evaluate(scheme(text), roster, figures).results["core", unit("核")]

    assert core(60).instead.endswith("，另加半成")
    # each fails with 59; mean of the members' scores: (82 + 59×0.8+18)/2 = 73.6 > 50 → their least
    assert core(59).points == D("59")
    assert core(59).instead.startswith("员1成员校得分 82；员2成员校得分 65.2")


# ---- S24: members of the best groups ----------------------------------------------------------

S24 = """
[[input]]
key = "team"
name = "小组考核"
of = "group"
[[input]]
key = "teacher"
name = "工作赋分"
of = "person"
full = 100
[[score]]
key = "team"
name = "小组得分"
who = { subject = "group", group = "team" }
parts = [{ input = "team", weight = 1 }]
[[score]]
key = "teacher"
name = "教师得分"
who = { subject = "person", group = "team" }
full = 100
parts = [{ input = "teacher", weight = 1 }]
bonuses = [{ name = "优秀小组成员", who = { group_grade = "优秀" }, points = 14 }]
[[grade]]
key = "team"
name = "优秀小组"
score = "team"
[grade.rule]
by = "ratio"
rounding = "down"
ties = "better"
splits = [{ shares = [{ name = "优秀", share = 30 }, { name = "其他", share = 70 }] }]
"""
TEAMS = {f"组{n}": [f"长{n}", f"员{n}"] for n in range(1, 8)}


def s24(**more):
    figures = {("team", f"组{n}"): 100 - n for n in range(1, 8)}
    figures |= {("teacher", one): 90 for both in TEAMS.values() for one in both}
    figures |= more.pop("figures", {})
    figures = {key: value for key, value in figures.items() if value is not None}
    return evaluate(scheme(S24), county({"校": ["校"]}, groups=TEAMS), Sheet(figures), **more)


def test_s24_members_of_the_best_30_percent_get_14_points_on_top():
    found = s24()
    points = {one.subject.name: one.points for one in found.of("teacher")}
    # 7 groups × 30 % = 2.1, rounded down: groups 1 and 2
    assert {name for name, value in points.items() if value == 104} == {"长1", "员1", "长2", "员2"}
    assert set(points.values()) == {D(104), D(90)}
    assert found.results["teacher", person("员1")].steps[-1].words == "优秀小组成员 +14"


def test_s24_bonus_is_on_top_of_a_full_score():
    result = s24(figures={("teacher", "长1"): 108}).results["teacher", person("长1")]
    assert result.points == D(114)  # 108 counts as 100, then +14
    assert [one.share for one in result.steps] == [D(108), D(-8), D(14)]
    assert result.steps[1].words == "合计 108，超过满分 100，按满分计"


def test_s24_without_the_points_of_a_group_no_bonus_is_given_or_denied():
    found = s24(figures={("team", "组7"): None})
    result = found.results["teacher", person("员3")]
    assert result.points is None
    assert result.lacking == ("不能断定员3有没有“优秀小组成员”：组3的等次还没有评出",)
    assert (result.so_far, result.of) == (D(90), D(1))


def test_a_grade_given_by_hand_settles_the_bonus():
    by_hand = {("team", group("组7")): "优秀"}
    found = s24(by_hand=by_hand)
    assert found.results["teacher", person("员7")].points == D(104)


def test_members_of_a_community_of_a_grade_s24_as_sketched():
    roster = county({"数学": [], "语文": [], "英语": []})
    held = {"陈": "数学", "李": "语文", "王": "英语"}
    from app.services.standing.roster import Held, PersonFacts

    people = {
        one: PersonFacts(one, one, held=(Held(home, "member"),)) for one, home in held.items()
    }
    figures = {("teacher", one): 80 for one in held}
    figures |= {("group", "数学"): 90, ("group", "语文"): 95, ("group", "英语"): 70}
    text = (sketch("s24"), replace(roster, people=people), Sheet(figures))
    points = {one.subject.name: one.points for one in evaluate(*text).of("teacher")}
    assert points == {"陈": D(80), "李": D(80), "王": D(80)}  # 3 × 30 % = 0.9, rounded down: none


# ---- the vocabulary ---------------------------------------------------------------------------

TABLE = """
[[table]]
no = "1"
name = "组织"
points = 20
items = [{ no = "1.1", name = "计划", points = 12 }, { no = "1.2", name = "总结", points = 8 }]
[[table]]
no = "2"
name = "教研"
points = 30
items = [{ no = "2.1", name = "听课", points = 30 }]
[[score]]
key = "all"
name = "总分"
who = { subject = "unit" }
combine = "sum"
parts = [{ groups = "*" }]
[[score]]
key = "some"
name = "分组"
who = { subject = "unit" }
parts = [{ groups = ["1", "2"], weight = 0.5 }, { groups = "2", whose = "lead", weight = 0.5 }]
"""
ONE = county({"甲": ["核"]}, lead="core")
POINTS = {
    ("*", "核"): 30, ("1", "核"): 10, ("1.1", "核"): 6, ("1.2", "核"): 4, ("2", "核"): 20,
    ("2.1", "核"): 20,
}  # fmt: skip


def test_groups_of_the_table():
    found = evaluate(scheme(TABLE), ONE, Sheet(POINTS))
    assert found.results["all", unit("核")].points == D(30)
    some = found.results["some", unit("核")]
    assert some.points == D(25)  # (10+20)×0.5 + 20×0.5
    assert [one.words for one in some.steps[0].inner] == ["核组织 10", "核教研 20"]


def test_points_assumed_for_an_item_change_its_group_and_the_table():
    def what(assume):
        found = evaluate(scheme(TABLE), ONE, Sheet(POINTS), assume=assume)
        return [found.results[key, unit("核")].points for key in ("all", "some")]

    item = Fact("group", "1.1", unit("核"))
    assert what({item: D(9)}) == [D(33), D("26.5")]  # 9+4+20; (13+20)×0.5+10
    assert what({item: D(99)}) == [D(40), D(30)]  # group 1 has 20 points at most
    assert what({Fact("group", "*", unit("核")): D(50)}) == [D(50), D(25)]
    assert what({Fact("group", "1.1", unit("别校")): D(9)}) == [D(30), D(25)]


def test_an_assumed_input_stands_for_the_missing_one():
    figures = {key: value for key, value in S11.items() if key != ("central", "甲")}
    assume = {Fact("input", "central", community("甲")): D("92.5")}
    found = evaluate(sketch("s11"), county(S11_UNITS), Sheet(figures), assume=assume)
    assert found.results["community", community("甲")].points == D(91)


def test_a_figure_with_something_lacking_is_only_a_part_of_what_there_is_so_far():
    class Partly(Sheet):
        def group(self, no, subject, *, term=None):
            return Known(D(12), "6 项中 5 项有分", ("1.2还没有评",))

    result = evaluate(scheme(TABLE), ONE, Partly({})).results["all", unit("核")]
    assert (result.points, result.so_far, result.of) == (None, D(12), D(0))
    assert result.lacking == ("1.2还没有评",)


LESSONS = """
[[rubric]]
key = "lesson"
name = "课堂评价"
full = 100
criteria = [{ name = "目标", points = 100 }]
[[score]]
key = "lesson"
name = "课得分"
who = { subject = "lesson" }
parts = [{ rubric = "lesson", weight = 1 }]
"""


def test_lessons_are_named_by_whoever_asks():
    lesson = Subject("lesson", "课1", "《分数》")
    found = evaluate(
        scheme(LESSONS), ONE, Sheet({("lesson", "课1"): "88.5"}), subjects={"lesson": [lesson]}
    )
    assert found.results["lesson", lesson].points == D("88.5")
    assert evaluate(scheme(LESSONS), ONE, Sheet({})).results == {}


PER_TERM = """
[[input]]
key = "term"
name = "学期考核"
of = "unit"
per = "term"
[[score]]
key = "year"
name = "年度"
who = { subject = "unit" }
combine = "sum"
parts = [{ input = "term", how = "HOW" }]
"""


@pytest.mark.parametrize(("how", "points"), [("mean", 85), ("sum", 170), ("min", 80), ("max", 90)])
def test_figures_per_term_of_which_no_term_is_named(how, points):
    figures = Sheet({("term", "核", "t1"): 80, ("term", "核", "t2"): 90})
    found = evaluate(scheme(PER_TERM.replace("HOW", how)), ONE, figures)
    assert found.results["year", unit("核")].points == points


def test_a_term_that_the_year_has_not_is_lacking():
    one_term = replace(ONE, calendar=replace(ONE.calendar, terms=ONE.calendar.terms[:1]))
    text = PER_TERM.replace('how = "HOW"', "term = 2")
    result = evaluate(scheme(text), one_term, Sheet({})).results["year", unit("核")]
    assert result.lacking == ("本年度没有第2学期",)


YOUNG = """
[[input]]
key = "x"
name = "考核"
of = "person"
[[score]]
key = "young"
name = "青年教师得分"
who = { subject = "person", age = { below = 35 } }
parts = [{ input = "x", weight = 1 }]
[[score]]
key = "teams"
name = "小组平均"
who = { subject = "group" }
parts = [{ score = "young", whose = "members", weight = 1 }]
"""


def test_whoever_may_or_may_not_be_meant_is_named():
    roster = county({"甲": []}, groups={"组": ["老", "少", "未知"]})
    people = {
        "老": replace(roster.people["老"], born_on="1970-01-01"),
        "少": replace(roster.people["少"], born_on="2000-01-01"),
    }
    figures = Sheet({("x", "老"): 90, ("x", "少"): 80, ("x", "未知"): 70})
    found = evaluate(scheme(YOUNG), replace(roster, people=roster.people | people), figures)
    assert [one.subject.name for one in found.of("young")] == ["少", "未知"]
    assert found.of("young")[1].lacking == (
        "不能断定未知是否参加“青年教师得分”：没有出生年月",
    )  # fmt: skip
    assert found.results["teams", group("组")].points is None
    known = replace(roster, people=people)
    result = evaluate(scheme(YOUNG), known, figures).results["teams", group("组")]
    assert result.points == D(80)  # only of those whom the score is meant for


def test_thirds_leave_nothing_behind():
    roster = county({"甲": ["核", "员1", "员2", "员3"]}, lead="core", member="member-unit")
    figures = Sheet(
        {("own", "核"): 50, ("own", "员1"): 100, ("own", "员2"): 100, ("own", "员3"): 100}
    )
    figures.figures["own", "员1"] = D("100.1")  # mean 100.0333…, × 0.2 and 0.8×50
    points = evaluate(scheme(S14), roster, figures).results["core", unit("核")].points
    assert settled(points) == D("60.006666667")
    assert shown(points) == "60.01"


@pytest.mark.parametrize(
    ("value", "text"),
    [("92.50", "92.5"), ("74", "74"), ("0.125", "0.13"), ("90.6666", "90.67"), ("100", "100"),
     ("-0.001", "0"), ("1E+2", "100"), ("0.005", "0.01"), ("-1.5", "-1.5")],
)  # fmt: skip
def test_two_places_are_shown_the_half_rounded_up(value, text):
    assert shown(D(value)) == text


@given(own=NUMBERS, members=st.lists(NUMBERS, min_size=1, max_size=6))
def test_a_weighted_score_lies_between_its_parts_and_is_the_sum_of_its_steps(own, members):
    names = [f"员{n}" for n in range(len(members))]
    roster = county({"甲": ["核", *names]}, lead="core", member="member-unit")
    figures = {("own", name): value for name, value in zip(names, members, strict=True)}
    found = evaluate(scheme(S14), roster, Sheet({("own", "核"): own, **figures}))
    result = found.results["core", unit("核")]
    assert min(own, *members) <= settled(result.points) <= max(own, *members)
    assert sum(step.share for step in result.steps) == result.points
