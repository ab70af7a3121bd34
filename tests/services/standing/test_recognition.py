"""Recognition: 200 days, three years of eight, more than 200 lessons (S27), and what is not known."""

from dataclasses import replace
from decimal import Decimal

import pytest

from app.services.standing.grades import give
from app.services.standing.recognition import periods, ways
from app.services.standing.roster import Held, PersonFacts
from app.services.standing.scores import evaluate
from tests.services.standing.county import YEAR, Sheet, community, county, sketch

D = Decimal
S27 = sketch("s27")
DAYS, STUDIO, LESSONS = S27.recognition[0].ways


def roster():
    found = county({"甲": ["校"]})
    people = {"陈": PersonFacts("陈", "陈", "校", held=(Held("甲", "studio"),))}
    return replace(found, people=people)


def stand(days=0, studio=(0, 0, 0), lessons=0, grade="合格"):
    """The only subject's recognition; three counts of the studio, one a year."""

    def count(way, subject, spans):
        assert subject.name == "陈"
        found = {DAYS: (days,), STUDIO: studio, LESSONS: (lessons,)}[way]
        assert len(found) == len(spans)
        return [None if one is None else D(one) for one in found]

    by_hand = {("studio", community("甲")): grade} if grade else {}
    evaluation = evaluate(S27, roster(), Sheet({("studio", "甲"): 80}), by_hand=by_hand)
    given = give(S27, roster(), evaluation, by_hand)
    (found,) = ways(S27, roster(), count, given)
    return found


@pytest.mark.parametrize(("days", "reached"), [(199, False), ("199.5", False), (200, True)])
def test_exactly_200_days_are_enough(days, reached):
    found = stand(days=days)
    assert found.reached is reached
    assert (found.ways[0].done, found.ways[0].required) == (D(days), D(200))


@pytest.mark.parametrize(("lessons", "reached"), [(200, False), (201, True)])
def test_more_than_200_lessons_are_201(lessons, reached):
    found = stand(lessons=lessons)
    assert found.reached is reached
    assert found.ways[2].above
    assert found.ways[2].words == f"{lessons}，要多于 200"


@pytest.mark.parametrize(
    ("studio", "reached"), [((8, 8, 8), True), ((8, 7, 30), False), ((9, 12, 8), True)]
)
def test_eight_a_year_in_each_of_three_years(studio, reached):
    found = stand(studio=studio)
    assert found.reached is reached
    assert found.ways[1].periods_done == sum(one >= 8 for one in studio)
    assert found.ways[1].periods_required == 3


def test_the_studio_must_have_passed():
    found = stand(studio=(8, 8, 8), grade="不合格")
    assert found.reached is False
    assert found.ways[1].words.endswith("；所在共同体或小组不是优秀或合格")


def test_without_the_grade_of_the_studio_it_cannot_be_said():
    found = stand(studio=(8, 8, 8), grade="")
    assert found.reached is None
    assert found.ways[1].lacking == ("甲的等次还没有评出",)
    assert stand(days=200, studio=(8, 8, 8), grade="").reached is True  # another way is enough
    assert stand(studio=(8, 8, 7), grade="").reached is False  # the grade no longer matters


def test_a_year_that_is_not_known_may_or_may_not_matter():
    open_ = stand(studio=(None, 8, 8))
    assert open_.reached is None
    assert open_.ways[1].lacking == ("没有2023-09至2024-08的数",)
    assert stand(studio=(None, 8, 0)).reached is False


def test_periods_are_those_of_the_cycle():
    years = periods(YEAR, STUDIO)
    assert [(one.starts.year, one.ends.year) for one in years] == [
        (2023, 2024), (2024, 2025), (2025, 2026),
    ]  # fmt: skip
    assert years[-1] == YEAR.year
    assert periods(YEAR, DAYS) == (YEAR.cycle,)
    terms = periods(YEAR, STUDIO.model_copy(update={"per": "term"}))
    assert len(terms) == 6
    assert terms[-2:] == YEAR.terms


def test_whoever_may_or_may_not_be_meant_is_never_recognised_outright():
    young = S27.recognition[0].model_copy(
        update={"who": S27.recognition[0].who.model_copy(update={"age": _below_35()})}
    )
    scheme = S27.model_copy(update={"recognition": (young,)})
    (found,) = ways(scheme, roster(), lambda _way, _who, spans: [D(300)] * len(spans))
    assert found.reached is None
    assert found.lacking == ("没有出生年月",)


def _below_35():
    from app.services.schemes.parts import Range

    return Range(below=D(35))


def test_calendar_years_of_a_cycle_of_school_years():
    years = periods(YEAR, STUDIO.model_copy(update={"per": "calendar-year"}))
    assert [one.starts.year for one in years] == [2024, 2025, 2026]


def test_a_studio_that_is_a_group_may_have_the_grade():
    """陈 belongs to the group 室, and the grade is one of groups."""
    score = S27.score[0].model_copy(update={"who": _who(subject="group")})
    source = S27.input[0].model_copy(update={"of": "group"})
    scheme = S27.model_copy(update={"score": (score,), "input": (source,)})
    found = county({"甲": ["校"]}, groups={"室": ["陈"], "别室": ["李"]})

    def reached(name, grade):
        hand = {("studio", found.subject("group", name)): grade}
        given = give(scheme, found, evaluate(scheme, found, Sheet({}), by_hand=hand))
        all_ = ways(scheme, found, lambda _way, _who, spans: [D(8)] * len(spans), given)
        return next(one.reached for one in all_ if one.subject.name == "陈")

    assert reached("室", "优秀") is True
    assert reached("室", "不合格") is False
    assert reached("别室", "优秀") is None  # that of the own group is not given yet


def _who(**asked):
    from app.services.schemes.parts import Who

    return Who(**asked)
