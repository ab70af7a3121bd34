"""S11 青神县: five communities, two levels of scores, 4:4:2 in the excellent and 2:4:4 in the good."""

from decimal import Decimal

# Per community: 集中考核, and of each school 自主考核 and 督导考核 (the first one leads).
COUNTY = {
    "城北": (95, {"城北一校": (90, 90), "城北二校": (90, 80)}),
    "城南": (
        92,
        {
            "城南一校": (95, 90), "城南二校": (90, 88), "城南三校": (90, 86), "城南四校": (85, 84),
            "城南五校": (85, 82), "城南六校": (80, 80), "城南七校": (75, 85),
        },
    ),
    "西龙": (90, {f"西龙{n}校": (90 - 2 * place, 70) for place, n in enumerate("一二三四五六七")}),
    "瑞峰": (80, {"瑞峰一校": (80, 75), "瑞峰二校": (70, 85)}),
    "汉阳": (85, {"汉阳一校": (80, 60), "汉阳二校": (90, 70), "汉阳三校": (85, 80)}),
}  # fmt: skip


# 督导得分的平均×20% + 集中考核×80%, from high to low; two of five are 优秀 (the preset's example).
COMMUNITIES = {
    "城北": ("93", "优秀"),  # (90+80)/2 = 85; 85×20% + 95×80% = 17 + 76
    "城南": ("90.6", "优秀"),  # 595/7 = 85; 85×20% + 92×80% = 17 + 73.6
    "西龙": ("86", "良好"),  # 70×20% + 90×80% = 14 + 72
    "汉阳": ("82", "良好"),  # 210/3 = 70; 14 + 85×80% = 14 + 68
    "瑞峰": ("80", "良好"),  # 160/2 = 80; 16 + 80×80% = 16 + 64
}

# 自主×40% + 集中×40% + 督导×20%.
SCHOOLS = {
    # 优秀 4:4:2 of two: 0.8, 0.8, 0.4 → 1, 1, 0
    "城北一校": ("92", "优秀"),  # 36 + 38 + 18
    "城北二校": ("90", "良好"),  # 36 + 38 + 16
    # 优秀 4:4:2 of seven: 2.8, 2.8, 1.4; whole 2 + 2 + 1, the two left to the remainders of 0.8
    "城南一校": ("92.8", "优秀"),  # 38 + 36.8 + 18
    "城南二校": ("90.4", "优秀"),  # 36 + 36.8 + 17.6
    "城南三校": ("90", "优秀"),  # 36 + 36.8 + 17.2
    "城南四校": ("87.6", "良好"),  # 34 + 36.8 + 16.8
    "城南五校": ("87.2", "良好"),  # 34 + 36.8 + 16.4
    "城南六校": ("84.8", "良好"),  # 32 + 36.8 + 16
    "城南七校": ("83.8", "合格"),  # 30 + 36.8 + 17
    # 良好 2:4:4 of seven: 1.4, 2.8, 2.8; whole 1 + 2 + 2, the two left to 良好 and 合格
    "西龙一校": ("86", "优秀"),  # 36 + 36 + 14; each of the next has 2×40% = 0.8 less
    "西龙二校": ("85.2", "良好"),
    "西龙三校": ("84.4", "良好"),
    "西龙四校": ("83.6", "良好"),
    "西龙五校": ("82.8", "合格"),
    "西龙六校": ("82", "合格"),
    "西龙七校": ("81.2", "合格"),
    # 良好 2:4:4 of two: 0.4, 0.8, 0.8 → 0, 1, 1
    "瑞峰一校": ("79", "良好"),  # 32 + 32 + 15
    "瑞峰二校": ("77", "合格"),  # 28 + 32 + 17
    # 良好 2:4:4 of three: 0.6, 1.2, 1.2 → 1, 1, 1; two are first together, with one 优秀 for both:
    # which of them has it is for the assessors; the third is last all the same
    "汉阳一校": ("78", "合格"),  # 32 + 34 + 12
    "汉阳二校": ("84", ""),  # 36 + 34 + 14
    "汉阳三校": ("84", ""),  # 34 + 34 + 16
}


def county(world):
    return world("qingshen-1x", year=2025, today="2026-09-20")


def test_five_communities_and_their_schools(world):
    w = county(world)
    w.school("青神县教体局", role="bureau")  # keeps the archive, and is not assessed
    for name, (central, schools) in COUNTY.items():
        roles = {school: "member" if place else "lead" for place, school in enumerate(schools)}
        w.subcommunity(name, units=roles)
        w.enter("central", central, subcommunity=name)
        for school, (own, inspection) in schools.items():
            w.enter("own", own, school=school)
            w.enter("inspection", inspection, school=school)
    results = w.results()
    points = {
        (one.score_key, one.subject.name): one.points for one in results.evaluation.results.values()
    }
    given = {(one.grade_key, one.subject.name): one for one in results.grades}
    for name, (wanted, grade) in COMMUNITIES.items():
        assert points["community", name] == Decimal(wanted), name
        assert given["community-grade", name].name == grade, name
    for name, (wanted, grade) in SCHOOLS.items():
        assert points["unit", name] == Decimal(wanted), name
        assert given["unit-grade", name].name == grade, name
    assert len(points) == len(COMMUNITIES) + 2 * len(SCHOOLS)  # of each school also its 督导
    assert given["unit-grade", "汉阳二校"].tie
    assert "汉阳三校" in given["unit-grade", "汉阳二校"].words


def test_private_kindergartens_are_no_part_of_it(world):
    w = county(world)
    w.subcommunity(
        "城北", units={"城北一校": "lead", "城北二校": "member", "小太阳幼儿园": "private"}
    )
    w.enter("central", 95, subcommunity="城北")
    for school, inspection in (("城北一校", 90), ("城北二校", 80)):
        w.enter("own", 90, school=school)
        w.enter("inspection", inspection, school=school)
    # (90+80)/2×20% + 95×80%: nothing is lacking of the kindergarten, and nothing is asked of it
    assert w.score("community", "城北").points == Decimal(93)
    assert not [line for line in w.missing() if "小太阳幼儿园" in line]


def test_without_one_schools_inspection_there_is_no_community_score(world):
    w = county(world)
    w.subcommunity("城北", units={"城北一校": "lead", "城北二校": "member"})
    w.enter("central", 95, subcommunity="城北")
    w.enter("inspection", 90, school="城北一校")
    result = w.score("community", "城北")
    assert result.points is None
    assert any("城北二校" in fact and "督导考核" in fact for fact in result.lacking)
    assert w.grade("community-grade", "城北") == ""
