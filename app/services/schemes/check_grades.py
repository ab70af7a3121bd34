"""Checks of grades: lines, ratios, numbers, who is ranked together, and the grades others ask for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from itertools import pairwise
from typing import TYPE_CHECKING

from app.services.schemes import assessment
from app.services.schemes.check_sources import KINDS, graded_names
from app.services.schemes.messages import SchemeError
from app.services.schemes.parts import Who
from app.services.standing.roster import kind_of

if TYPE_CHECKING:
    from app.services.schemes.parts import Part, SubjectKind
    from app.services.schemes.schema import Scheme

Errors = Iterator[SchemeError]


def check_grades(scheme: Scheme, nodes: Iterable[tuple[str, Part]]) -> Errors:
    """All errors in how grades are given."""
    kinds = {one.key: kind_of(one.who) for one in scheme.score}
    for index, grade in enumerate(scheme.grade):
        place = f"grade[{index}].rule"
        yield from _rule(place, grade.rule)
        yield from _names(place, grade.rule)
        yield from _within(place, grade, kinds.get(grade.score))
    yield from _graded(scheme, nodes)


def _rule(place: str, rule: assessment.GradeRule) -> Errors:
    if isinstance(rule, assessment.ByLines):
        yield from _lines(f"{place}.lines", rule.lines)
    elif isinstance(rule, assessment.ByRatio):
        if not rule.splits:
            yield SchemeError(f"{place}.splits", "没有写比例，请至少写一组")
        for index, split in enumerate(rule.splits):
            if sum((share.share for share in split.shares), Decimal()) <= 0:
                text = "各等次比例合计为 0，请写大于 0 的比例"
                yield SchemeError(f"{place}.splits[{index}].shares", text)
        yield from _splits(f"{place}.splits", rule.splits)
    elif isinstance(rule, assessment.ByTop):
        yield from _tops(f"{place}.tops", rule.tops)
    elif not rule.names:
        yield SchemeError(f"{place}.names", "没有写等次，请至少写一个")


def _tops(place: str, tops: Sequence[assessment.GradeTop]) -> Errors:
    if not tops:
        yield SchemeError(place, "没有写等次，请至少写一个")
    for index, top in enumerate(tops):
        if top.max is None and index < len(tops) - 1:
            text = "没有写最多几个（max），后面的等次就没有人了；请补上"
            yield SchemeError(f"{place}[{index}].max", text)
        if top.max is not None and top.max < top.min:
            text = f"最多 {top.max} 少于最少 {top.min}，请改正"
            yield SchemeError(f"{place}[{index}].max", text)


def _names(place: str, rule: assessment.GradeRule) -> Errors:
    """Each grade once in a list of grades."""
    lists: list[tuple[str, list[str]]]
    if isinstance(rule, assessment.ByRatio):
        lists = [
            (f"{place}.splits[{n}].shares", [share.name for share in one.shares])
            for n, one in enumerate(rule.splits)
        ]
    elif isinstance(rule, assessment.ByLines):
        lists = [(f"{place}.lines", [one.name for one in rule.lines])]
    elif isinstance(rule, assessment.ByTop):
        lists = [(f"{place}.tops", [one.name for one in rule.tops])]
    else:
        lists = [(f"{place}.names", list(rule.names))]
    for here, names in lists:
        for twice in sorted({name for name in names if names.count(name) > 1}):
            yield SchemeError(here, f"等次“{twice}”写了两次，请改正")


def _splits(place: str, splits: Sequence[assessment.Shares]) -> Errors:
    """Which split holds must be clear for each grade of the community."""
    seen: dict[str, int] = {}
    for index, split in enumerate(splits):
        for name in split.community_grade or ("",):
            if name in seen:
                named = f"“{name}”共同体" if name else "不分共同体等次"
                text = f"{named}的比例在 splits[{seen[name]}] 已经写过，请删去一处"
                yield SchemeError(f"{place}[{index}]", text)
            seen.setdefault(name, index)


def _within(place: str, grade: assessment.Grade, kind: SubjectKind | None) -> Errors:
    """Who is ranked together must be more than one, and not depend on the grade itself."""
    rule = grade.rule
    if not isinstance(rule, assessment.ByRatio | assessment.ByTop) or kind is None:
        return
    alone = rule.within == "community" if kind == "community" else rule.within == kind == "group"
    if alone or (kind == "community" and rule.within == "group"):
        text = f"{KINDS[kind]}不能在“{rule.within}”内排名，请写 all"
        yield SchemeError(f"{place}.within", text + ("或 community" if kind == "group" else ""))
    asked = any(one.community_grade for one in getattr(rule, "splits", ()))
    if asked and kind == "community":
        yield SchemeError(f"{place}.splits", "共同体自己的等次不能再按共同体的等次定比例")


def _graded(scheme: Scheme, nodes: Iterable[tuple[str, Part]]) -> Errors:
    """Grades that are asked for of communities or groups must be given to them."""
    community, group = graded_names(scheme, "community"), graded_names(scheme, "group")
    every = {name for one in scheme.grade for name in one.names}
    for place, node in nodes:
        asked: list[tuple[str, Sequence[str], set[str], str]] = []
        if isinstance(node, Who | assessment.Shares):
            asked.append(("community_grade", node.community_grade, community, "共同体"))
        if isinstance(node, Who):
            asked.append(("group_grade", node.group_grade, group, "小组"))
        if isinstance(node, assessment.Way):
            asked.append(("grade", node.grade, community | group, "共同体或小组"))
        for field, names, given, whom in asked:
            for name in names:
                if name in every and name not in given:  # an unknown name is told elsewhere
                    text = f"“{name}”不是评{whom}的等次；请先写给{whom}评等次的 score 和 grade"
                    yield SchemeError(f"{place}.{field}", text)


def _lines(place: str, lines: Sequence[assessment.GradeLine]) -> Errors:
    for index, (upper, lower) in enumerate(pairwise(lines), 1):
        if lower.at_least >= upper.at_least:
            text = f"分数线 {lower.at_least} 不低于前一等的 {upper.at_least}，请从高到低写"
            yield SchemeError(f"{place}[{index}].at_least", text)
    if not lines or lines[-1].at_least != 0:
        yield SchemeError(place, "最低一等的 at_least 应为 0，否则有人没有等次")
