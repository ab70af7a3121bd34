"""Checks of where scores get their figures from and for whom: what would make a wrong number."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.services.schemes.messages import SchemeError
from app.services.standing.roster import kind_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from app.services.schemes.assessment import Condition, Score, ScorePart
    from app.services.schemes.parts import SubjectKind, Who
    from app.services.schemes.schema import Scheme

    Errors = Iterator[SchemeError]

KINDS: Mapping[SubjectKind, str] = {
    "community": "共同体", "unit": "单位", "group": "小组", "person": "人员", "pair": "结对",
    "activity": "活动", "lesson": "课",
}  # fmt: skip

_PERSONAL = {
    "role", "unit_role", "group", "office", "school_stage", "teaches", "title", "honour", "age",
    "service_years", "measured_on",
}  # fmt: skip
_OF_COMMUNITY = {"community_type", "community_grade"}
_ASKABLE: Mapping[SubjectKind, set[str]] = {
    "community": _OF_COMMUNITY | {"school_stage"},
    "unit": _OF_COMMUNITY | {"unit_role", "school_stage"},
    "group": _OF_COMMUNITY | {"group", "group_grade"},
    "person": _OF_COMMUNITY | _PERSONAL | {"group_grade"},
    "pair": _OF_COMMUNITY | _PERSONAL,
    "activity": set(),
    "lesson": set(),
}
_REACH: Mapping[str, set[SubjectKind]] = {
    "community": {"community", "group"},
    "lead": {"unit"},
    "all-units": {"unit"},
    "members": {"unit", "group", "person"},
}


def check_who(place: str, who: Who, kind: SubjectKind) -> Errors:
    """Conditions that say nothing of that kind of subject, and another kind in an alternative."""
    asked = who.model_fields_set - {"subject", "any", "without"}
    for field in sorted(asked - _ASKABLE[kind]):
        text = f"{KINDS[kind]}没有“{field}”这一条件，写了不起作用，请删去或改对象"
        yield SchemeError(f"{place}.{field}", text)
    if who.subject not in (None, kind):
        text = f"对象应是{KINDS[kind]}（{kind}），请改成一致或删去"
        yield SchemeError(f"{place}.subject", text)
    inner = [(f"{place}.any[{n}]", one) for n, one in enumerate(who.any)]
    inner += [(f"{place}.without", who.without)] if who.without else []
    for here, one in inner:
        yield from check_who(here, one, kind)


def graded_names(scheme: Scheme, kind: SubjectKind) -> set[str]:
    """Names of the grades that are given to subjects of a kind."""
    kinds = {one.key: kind_of(one.who) for one in scheme.score}
    return {name for one in scheme.grade if kinds.get(one.score) == kind for name in one.names}


class Sources:
    """Checks of the parts of scores and of conditions against what they take their figures from."""

    def __init__(self, scheme: Scheme) -> None:
        self._inputs = {one.key: one for one in scheme.input}
        self._scores = {one.key: one for one in scheme.score}
        self._units = scheme.community.units
        self._terms = scheme.scheme.year.terms

    def parts(self, place: str, parts: Sequence[ScorePart], score: Score) -> Errors:
        """All errors in the parts of a score."""
        for index, part in enumerate(parts):
            here = f"{place}[{index}]"
            yield from self._whose(here, part, kind_of(score.who))
            yield from self._term(here, part)
            if part.input in self._inputs and self._inputs[part.input].kind == "rank":
                yield SchemeError(
                    f"{here}.input", "名次越小越好，不能直接计分；请用分数，或写成条件"
                )
            twice = len(set(part.groups)) < len(part.groups)
            if twice or ("*" in part.groups and len(part.groups) > 1):
                yield SchemeError(f"{here}.groups", "有的组算了两次；“*”已是整张表，请只写一次")

    def condition(self, place: str, when: Condition, score: Score) -> Errors:
        """All errors in the condition of an exemption."""
        yield from self._whose(place, when, kind_of(score.who))
        if when.score is not None and when.gain is not None:
            text = "得分没有上年的数，不能看进步；请用 input（上年的数可以录入）"
            yield SchemeError(f"{place}.gain", text)
        if when.input in self._inputs and self._inputs[when.input].per == "term":
            yield SchemeError(f"{place}.input", "按学期录入的成绩不能作条件，请用按年度录入的")
        wanted = when.value or when.gain
        if wanted is not None and not wanted.model_dump(exclude_none=True):
            name = "value" if when.value is not None else "gain"
            text = "没有写范围：请写 at_least、above、at_most、below 之一"
            yield SchemeError(f"{place}.{name}", text)

    def _whose(self, place: str, part: ScorePart | Condition, kind: SubjectKind) -> Errors:
        source = self._source(part)
        here = f"{place}.whose"
        if getattr(part, "rubric", None) or getattr(part, "groups", ()):
            yield from self._own_kinds(place, part, kind)
            source = None
        if source is not None:
            yield from _fits(here, part.whose, source, kind)
        from_units = source in (None, "unit")
        if part.whose == "lead" and not self._units:
            yield SchemeError(here, "没有单位角色，分不出牵头单位；请先在 community.units 中写明")
        if part.whose == "members" and from_units and len(self._units) < 2:
            text = "单位角色不到两种，分不出成员单位；请先在 community.units 中写明"
            yield SchemeError(here, text)

    def _own_kinds(self, place: str, part: ScorePart | Condition, kind: SubjectKind) -> Errors:
        """A rubric is of lessons and activities, the table of everybody else."""
        sheet = bool(getattr(part, "rubric", None))
        if sheet and (kind not in ("activity", "lesson") or part.whose != "own"):
            text = f"量表是评活动和课的，不能直接算作{KINDS[kind]}的得分"
            yield SchemeError(f"{place}.rubric", text)
        if not sheet and part.whose == "own" and kind in ("activity", "lesson"):
            yield SchemeError(f"{place}.groups", f"考核表不考核{KINDS[kind]}，请改用 rubric")

    def _source(self, part: ScorePart | Condition) -> SubjectKind | None:
        """What kind of subject the figures are of; None: it depends, or nothing known is named."""
        if part.input in self._inputs:
            return self._inputs[part.input].of
        return kind_of(self._scores[part.score].who) if part.score in self._scores else None

    def _term(self, place: str, part: ScorePart) -> Errors:
        here = f"{place}.term"
        if part.term is None:
            return
        if self._terms and part.term > len(self._terms):
            yield SchemeError(here, f"没有第{part.term}学期，本方案只有 {len(self._terms)} 个学期")
        if part.score is not None or part.rubric is not None:
            yield SchemeError(here, "得分和量表不分学期；请写在它的组成部分里")
        if part.input in self._inputs and self._inputs[part.input].per == "year":
            text = '这项成绩按年度录入，不分学期；请删去，或在 input 中写 per = "term"'
            yield SchemeError(here, text)


def _fits(place: str, whose: str, source: SubjectKind, kind: SubjectKind) -> Errors:
    """Whether ``whose`` can lead from a subject to figures of that kind."""
    may = {kind} if whose == "own" else _REACH[whose]
    of_no_group = kind == "community" and whose == "community"
    if source in may and not (of_no_group and source == "group"):
        return
    text = f'来源是{KINDS[source]}的，{KINDS[kind]}的得分用 whose = "{whose}" 取不到'
    if whose == "own" and source in ("community", "unit", "group", "person"):
        text += "；请写明 whose（community、lead、members、all-units）"
    yield SchemeError(place, text)
