"""Checks of scores and recognition: weights, circles, and with check_sources all they rest on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING

from app.services.schemes import assessment
from app.services.schemes.check_grades import check_grades
from app.services.schemes.check_sources import Sources, check_who
from app.services.schemes.messages import SchemeError
from app.services.standing.roster import kind_of

if TYPE_CHECKING:
    from app.services.schemes.parts import Part, Who
    from app.services.schemes.schema import Scheme

Errors = Iterator[SchemeError]


def check_scores(scheme: Scheme, nodes: Iterable[tuple[str, Part]]) -> Errors:
    """All errors in how results are put together and graded; ``nodes`` is every piece of the scheme."""
    sources = Sources(scheme)
    for index, score in enumerate(scheme.score):
        place = f"score[{index}]"
        yield from check_who(f"{place}.who", score.who, kind_of(score.who))
        yield from _parts(f"{place}.parts", score.parts, score.combine)
        yield from sources.parts(f"{place}.parts", score.parts, score)
        for n, instead in enumerate(score.instead):
            here = f"{place}.instead[{n}]"
            yield from _condition(f"{here}.when", instead.when)
            yield from sources.condition(f"{here}.when", instead.when, score)
            yield from _parts(f"{here}.parts", instead.parts, score.combine)
            yield from sources.parts(f"{here}.parts", instead.parts, score)
        for n, bonus in enumerate(score.bonuses):
            yield from check_who(f"{place}.bonuses[{n}].who", bonus.who, kind_of(score.who))
    yield from _circles(scheme)
    yield from check_grades(scheme, nodes)
    for index, recognition in enumerate(scheme.recognition):
        place = f"recognition[{index}]"
        yield from check_who(f"{place}.who", recognition.who, kind_of(recognition.who))
        for n, way in enumerate(recognition.ways):
            yield from _way(f"{place}.ways[{n}]", way, scheme)


def _way(place: str, way: assessment.Way, scheme: Scheme) -> Errors:
    if (way.min is None) == (way.above is None):
        yield SchemeError(place, "请写 min（不少于）或 above（多于）之一")
    years = scheme.scheme.year.cycle_years
    there = {
        "cycle": 1, "year": years, "calendar-year": years, "month": 12 * years,
        "term": years * (len(scheme.scheme.year.terms) or 2),
    }.get(way.per)  # fmt: skip
    if there is not None and way.periods > there:
        text = f"周期是 {years} 年，数不到 {way.periods} 期；请改 periods 或 cycle_years"
        yield SchemeError(f"{place}.periods", text)


def _parts(place: str, parts: Sequence[assessment.ScorePart], combine: str) -> Errors:
    if not parts:
        yield SchemeError(place, "得分没有组成部分，请至少写一项")
        return
    for index, part in enumerate(parts):
        sources = [part.input, part.score, part.rubric, part.groups or None]
        if sum(source is not None for source in sources) != 1:
            text = "得分来源请写一个，且只写一个：input、score、rubric 或 groups"
            yield SchemeError(f"{place}[{index}]", text)
    if combine != "weighted":
        return
    missing = [index for index, part in enumerate(parts) if part.weight is None]
    for index in missing:
        yield SchemeError(f"{place}[{index}].weight", "缺少权重，请补上（如 0.4）")
    total = sum((part.weight for part in parts if part.weight is not None), Decimal())
    if not missing and total != 1:
        yield SchemeError(place, f"权重合计是 {total}，不是 1，请改正")


def _condition(place: str, when: assessment.Condition) -> Errors:
    if (when.input is None) == (when.score is None):
        yield SchemeError(place, "条件请写 input 或 score 之一")
    if (when.value is None) == (when.gain is None):
        yield SchemeError(place, "条件请写 value（数值）或 gain（比上年的进步）之一")


def _circles(scheme: Scheme) -> Errors:
    uses = {score.key: _used_by(score, scheme) for score in scheme.score}
    for index, score in enumerate(scheme.score):
        way = _way_back(score.key, uses)
        if way and score.key == min(way, key=list(uses).index):  # each circle once
            shown = " → ".join((*way, score.key))
            text = f"得分循环引用：{shown}；请去掉其中一处引用"
            yield SchemeError(f"score[{index}].parts", text)


def _used_by(score: assessment.Score, scheme: Scheme) -> list[str]:
    """Keys of the scores that this one needs, also by way of the grade of a community or group."""
    parts = [*score.parts, *(part for one in score.instead for part in one.parts)]
    used = [part.score for part in parts if part.score is not None]
    used += [one.when.score for one in score.instead if one.when.score is not None]
    asked = [one for who in (score.who, *(bonus.who for bonus in score.bonuses))
             for one in _all(who)]  # fmt: skip
    used += _behind(scheme, "community", {name for who in asked for name in who.community_grade})
    used += _behind(scheme, "group", {name for who in asked for name in who.group_grade})
    return used


def _behind(scheme: Scheme, kind: str, names: set[str]) -> Iterator[str]:
    """Keys of the scores on which the grades with these names rest."""
    kinds = {one.key: kind_of(one.who) for one in scheme.score}
    for grade in scheme.grade:
        if kinds.get(grade.score) != kind or not names.intersection(grade.names):
            continue
        yield grade.score
        if isinstance(grade.rule, assessment.ByRatio) and kind == "group":
            split = {name for one in grade.rule.splits for name in one.community_grade}
            yield from _behind(scheme, "community", split)


def _all(who: Who) -> Iterator[Who]:
    """A ``who`` with its alternatives and exceptions."""
    yield who
    for one in (*who.any, *((who.without,) if who.without else ())):
        yield from _all(one)


def _way_back(start: str, uses: dict[str, list[str]]) -> list[str]:
    """The scores passed on the way from one back to itself; empty when there is none."""
    todo = [[start]]
    seen: set[str] = set()
    while todo:
        way = todo.pop()
        for key in uses.get(way[-1], []):
            if key == start:
                return way
            if key not in seen:
                seen.add(key)
                todo.append([*way, key])
    return []
