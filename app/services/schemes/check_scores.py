"""Checks of scores, grades and recognition: weights, sources, circles, lines and ratios."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import pairwise
from typing import TYPE_CHECKING

from app.services.schemes import assessment
from app.services.schemes.messages import SchemeError

if TYPE_CHECKING:
    from app.services.schemes.schema import Scheme

Errors = Iterator[SchemeError]


def check_scores(scheme: Scheme) -> Errors:
    """All errors in how results are put together and graded."""
    for index, score in enumerate(scheme.score):
        place = f"score[{index}]"
        yield from _parts(f"{place}.parts", score.parts, score.combine)
        for n, instead in enumerate(score.instead):
            yield from _condition(f"{place}.instead[{n}].when", instead.when)
            yield from _parts(f"{place}.instead[{n}].parts", instead.parts, score.combine)
    yield from _circles(scheme)
    for index, grade in enumerate(scheme.grade):
        yield from _grade(f"grade[{index}].rule", grade.rule)
    for index, recognition in enumerate(scheme.recognition):
        for n, way in enumerate(recognition.ways):
            if (way.min is None) == (way.above is None):
                place = f"recognition[{index}].ways[{n}]"
                yield SchemeError(place, "请写 min（不少于）或 above（多于）之一")


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
    """Keys of the scores that this one needs, also by way of a grade of the community."""
    parts = [*score.parts, *(part for one in score.instead for part in one.parts)]
    used = [part.score for part in parts if part.score is not None]
    used += [one.when.score for one in score.instead if one.when.score is not None]
    wanted = {name for who in (score.who, *(bonus.who for bonus in score.bonuses))
              for name in who.community_grade}  # fmt: skip
    for grade in scheme.grade:
        of_community = any(
            one.key == grade.score and one.who.subject == "community" for one in scheme.score
        )
        if of_community and wanted.intersection(grade.names):
            used.append(grade.score)
    return used


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


def _grade(place: str, rule: assessment.GradeRule) -> Errors:
    if isinstance(rule, assessment.ByLines):
        yield from _lines(f"{place}.lines", rule.lines)
    elif isinstance(rule, assessment.ByRatio):
        if not rule.splits:
            yield SchemeError(f"{place}.splits", "没有写比例，请至少写一组")
        for index, split in enumerate(rule.splits):
            if sum((share.share for share in split.shares), Decimal()) <= 0:
                text = "各等次比例合计为 0，请写大于 0 的比例"
                yield SchemeError(f"{place}.splits[{index}].shares", text)
    elif isinstance(rule, assessment.ByTop):
        for index, top in enumerate(rule.tops):
            if top.max is not None and top.max < top.min:
                text = f"最多 {top.max} 少于最少 {top.min}，请改正"
                yield SchemeError(f"{place}.tops[{index}].max", text)


def _lines(place: str, lines: Sequence[assessment.GradeLine]) -> Errors:
    for index, (upper, lower) in enumerate(pairwise(lines), 1):
        if lower.at_least >= upper.at_least:
            text = f"分数线 {lower.at_least} 不低于前一等的 {upper.at_least}，请从高到低写"
            yield SchemeError(f"{place}[{index}].at_least", text)
    if not lines or lines[-1].at_least != 0:
        yield SchemeError(place, "最低一等的 at_least 应为 0，否则有人没有等次")
