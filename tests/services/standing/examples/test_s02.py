"""S02 片区联合校本教研: four months, four themes, each done by the end of its month."""

from datetime import date

THEMES = {
    "march": "master-lecture",
    "april": "backbone-lesson",
    "may": "teamwork",
    "june": "exchange",
}


def area(world, today="2026-07-10"):
    w = world("pianqu-monthly", year=2025, today=today, community="城东片区美术教研联合体")
    w.school("城东一小", role="convener")
    w.school("城东二小", role="member")
    w.school("城东三小", role="member")
    return w


def test_each_theme_lies_in_its_month(world):
    w = area(world)
    for day, kind in zip(
        ("2026-03-12", "2026-04-09", "2026-05-14", "2026-06-11"), THEMES.values(), strict=True
    ):
        w.activity(kind, day)
    assert [w.progress(key).reached for key in THEMES] == [True, True, True, True]
    # one of one in each of four quotas: (100 + 100 + 100 + 100) / 4
    assert w.overall("months").percent == 100
    assert w.overall("months").milestones == [
        (date(2026, 3, 31), 25, True),
        (date(2026, 4, 30), 50, True),
        (date(2026, 5, 31), 75, True),
        (date(2026, 6, 30), 100, True),
    ]


def test_the_last_day_of_march_is_in_time_and_the_first_of_april_is_not(world):
    in_time, late = area(world), area(world)
    in_time.activity("master-lecture", "2026-03-31")
    late.activity("master-lecture", "2026-04-01")
    # by 31 March 1 of 4 themes = 25 % asked: the first has 25 %, the second 0 %
    assert in_time.overall("months").milestones[0] == (date(2026, 3, 31), 25, True)
    assert late.overall("months").milestones[0] == (date(2026, 3, 31), 25, False)
    # done all the same, later than planned
    assert late.progress("march").reached is True
    # by 30 April both have one theme of four: 25 % where 50 % are asked
    assert in_time.overall("months").milestones[1] == (date(2026, 4, 30), 50, False)
    assert late.overall("months").milestones[1] == (date(2026, 4, 30), 50, False)


def test_milestones_ahead_are_open(world):
    w = area(world, today="2026-04-20")
    w.activity("master-lecture", "2026-03-12")
    assert [reached for _day, _wanted, reached in w.overall("months").milestones] == [
        True, None, None, None,
    ]  # fmt: skip
    assert w.overall("months").percent == 25


def test_a_talk_by_telephone_needs_no_sign_in_sheet(world):
    w = area(world)
    w.activity("teamwork", "2026-05-06", form="电话或网络交流")
    assert {one.slot for one in w.findings() if one.kind == "slot"} == {"record"}
    w.activity("teamwork", "2026-05-20", form="教师沙龙")
    assert sorted(one.slot for one in w.findings() if one.kind == "slot") == [
        "photos", "record", "record", "sign-in",
    ]  # fmt: skip
