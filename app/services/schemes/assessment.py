"""Sections of a scheme that give points: table, rubrics, scores, grades, recognition, draw."""

from typing import Annotated, Literal

from pydantic import Field

from app.services.schemes.parts import (
    Amount,
    Count,
    Counted,
    Key,
    Many,
    Name,
    Number,
    Part,
    Period,
    Positive,
    Range,
    Ref,
    Section,
    SubjectKind,
    Who,
    Words,
)


class Presence(Part):
    """Full points when the materials are there."""

    by: Literal["presence"]
    slots: Annotated[Words, Ref("slot")] = ()
    need: Literal["all", "any", "share"] = "all"
    """``share``: points in proportion to how many of them are there."""


class ByCount(Counted):
    """So many points for each, up to the item's points."""

    by: Literal["count"]
    each: Positive


class LevelPoints(Part):
    """Points for one level."""

    level: Annotated[str, Ref("level")]
    points: Amount


class ByLevel(Counted):
    """Points by level of each award or activity, all added up or only the best."""

    by: Literal["level"]
    levels: Many[LevelPoints]
    best_only: bool = False


class RubricMean(Counted):
    """The mean of the rubric's results, scaled to the item's points."""

    by: Literal["rubric-mean"]
    rubric: Annotated[str, Ref("rubric")]


class QuotaRate(Part):
    """Points in proportion to how far the quota is reached."""

    by: Literal["quota-rate"]
    quota: Annotated[str, Ref("quota")]


class ByHand(Part):
    """An assessor enters the points."""

    by: Literal["hand"]


Scoring = Annotated[
    Presence | ByCount | ByLevel | RubricMean | QuotaRate | ByHand, Field(discriminator="by")
]


class Deduction(Section):
    """Points lost for each; without ``counted`` the assessor enters how many."""

    name: Name
    each: Positive
    counted: Counted | None = None


class Item(Section):
    """One line of the assessment table, the place in the box where its materials lie."""

    no: Number
    name: Name
    points: Amount | None = None
    """Highest points; none: no upper limit."""
    score: Scoring = ByHand(by="hand")
    deductions: Many[Deduction] = ()
    folders: Words = ()
    """Words by which a folder's name shows that it holds this item's materials."""


class Group(Section):
    """A group of items (一级指标)."""

    no: Number
    name: Name
    points: Amount | None = None
    items: Many[Item] = ()


class Criterion(Part):
    """One line of a rubric."""

    name: Name
    points: Positive
    hint: str = ""


class Rubric(Section):
    """A sheet of criteria for lessons or activities, filled in by each assessor."""

    key: Key
    name: Name
    full: Positive
    criteria: Many[Criterion]


class Input(Section):
    """A result that comes from outside: entered, not computed."""

    key: Key
    name: Name
    of: SubjectKind
    kind: Literal["points", "rank"] = "points"
    full: Positive | None = None
    per: Literal["term", "year"] = "year"


Whose = Literal["own", "community", "lead", "members", "all-units"]


class ScorePart(Section):
    """One part of a score: an input, another score, or groups of the table, and its weight."""

    input: Annotated[str | None, Ref("input")] = None
    score: Annotated[str | None, Ref("score")] = None
    rubric: Annotated[str | None, Ref("rubric")] = None
    """The mean of the sheets filled in for this activity or lesson."""
    groups: Annotated[Words, Ref("table-group")] = ()
    """Numbers of groups of the assessment table; ``*`` means all."""
    whose: Whose = "own"
    how: Literal["mean", "sum", "min", "max"] = "mean"
    """How several (members') values become one."""
    term: Annotated[int, Field(ge=1)] | None = None
    weight: Amount | None = None


class Condition(Part):
    """A condition on an input or a score; ``gain`` is the rise since last year (of a rank: up)."""

    input: Annotated[str | None, Ref("input")] = None
    score: Annotated[str | None, Ref("score")] = None
    whose: Whose = "own"
    how: Literal["any", "each", "mean"] = "any"
    value: Range | None = None
    gain: Range | None = None


class Instead(Section):
    """Other parts that hold when the condition is met (an exemption)."""

    when: Condition
    parts: Many[ScorePart]


class Bonus(Section):
    """Points on top for those it holds for."""

    name: Name
    who: Who
    points: Positive


class Score(Section):
    """How a result is put together; ``weighted`` parts have weights that add up to 1."""

    key: Key
    name: Name
    who: Who
    combine: Literal["weighted", "sum"] = "weighted"
    full: Positive | None = None
    parts: Many[ScorePart]
    instead: Many[Instead] = ()
    bonuses: Many[Bonus] = ()


class GradeLine(Part):
    """A grade and the points from which it is given."""

    name: Name
    at_least: Amount


class GradeShare(Part):
    """A grade and its part of the ranked set."""

    name: Name
    share: Amount


class Shares(Section):
    """How a ranked set is split, e.g. 4:4:2; may depend on the grade of the community."""

    community_grade: Annotated[Words, Ref("grade-name")] = ()
    shares: Many[GradeShare]


class GradeTop(Part):
    """A grade and how many best get it; without ``max`` it takes the rest."""

    name: Name
    min: Count = 0
    max: Count | None = None


class ByLines(Part):
    """Grades by points."""

    by: Literal["lines"]
    lines: Many[GradeLine]


class ByRatio(Part):
    """Grades by rank, in proportion."""

    by: Literal["ratio"]
    within: Literal["all", "community", "group"] = "all"
    splits: Many[Shares]
    rounding: Literal["largest-remainder", "down", "up", "nearest"] = "largest-remainder"
    ties: Literal["better", "worse", "by-hand"] = "by-hand"


class ByTop(Part):
    """Grades by rank, in numbers (1–2 best of each group)."""

    by: Literal["top"]
    within: Literal["all", "community", "group"] = "all"
    tops: Many[GradeTop]
    ties: Literal["better", "worse", "by-hand"] = "by-hand"


class GradeByHand(Part):
    """Grades given by the assessors."""

    by: Literal["hand"]
    names: Words


GradeRule = Annotated[ByLines | ByRatio | ByTop | GradeByHand, Field(discriminator="by")]


class Grade(Section):
    """How grades are given for a score."""

    key: Key
    name: Name
    score: Annotated[str, Ref("score")]
    rule: GradeRule

    @property
    def names(self) -> tuple[str, ...]:
        """The grades it can give, best first."""
        rule = self.rule
        if isinstance(rule, ByLines):
            return tuple(line.name for line in rule.lines)
        if isinstance(rule, ByTop):
            return tuple(top.name for top in rule.tops)
        if isinstance(rule, GradeByHand):
            return rule.names
        found = (share.name for split in rule.splits for share in split.shares)
        return tuple(dict.fromkeys(found))


class Way(Counted):
    """One way to be recognised: so much in a period, over so many periods."""

    min: Positive | None = None
    above: Amount | None = None
    per: Period = "cycle"
    periods: Annotated[int, Field(ge=1)] = 1
    grade: Annotated[Words, Ref("grade-name")] = ()
    """The community must have one of these grades."""


class Recognition(Section):
    """Something granted to whoever fulfils any one of the ways."""

    key: Key
    name: Name
    who: Who
    ways: Many[Way]


class Draw(Section):
    """A random draw, made so many days ahead and recorded."""

    key: Key
    name: Name
    who: Who
    kind: Annotated[str | None, Ref("kind")] = None
    days_before: Count = 0
    drawn_again: bool = True
    """False: who was drawn in this year is left out."""
