"""Results side by side: a table for each kind of subject, with grades, seats and recognitions."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.services.standing.figures import shown
from app.services.standing.grades import apportion
from app.services.standing.roster import kind_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from app.services.schemes.assessment import ByRatio, Grade, Recognition, Score
    from app.services.schemes.parts import SubjectKind
    from app.services.schemes.schema import Scheme
    from app.services.standing.grades import Given
    from app.services.standing.recognition import Recognised
    from app.services.standing.roster import Subject
    from app.services.standing.scores import Result
    from app.services.standing.views import Results

KINDS: Mapping[SubjectKind, str] = {
    "community": "共同体", "unit": "单位", "group": "小组", "person": "个人", "pair": "结对",
    "activity": "活动", "lesson": "课",
}  # fmt: skip
_ROUNDING = {
    "largest-remainder": "余数大的先得", "down": "舍去小数", "up": "进一", "nearest": "四舍五入",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class ResultRow:
    """All that one subject got."""

    subject: Subject
    results: Mapping[str, Result]
    """By key of the score."""
    grades: Mapping[str, tuple[Given, ...]]
    """By key of the grade; several where it is ranked in several groups."""
    recognised: Mapping[str, Recognised]


@dataclass(frozen=True, slots=True)
class ResultTable:
    """The results of all subjects of a kind."""

    kind: SubjectKind
    scores: tuple[Score, ...]
    grades: tuple[Grade, ...]
    recognitions: tuple[Recognition, ...]
    rows: tuple[ResultRow, ...]

    @property
    def keys(self) -> tuple[str, ...]:
        """What the table has columns for."""
        scores = [one.key for one in self.scores]
        grades = [one.key for one in self.grades]
        return (self.kind, *scores, *grades, *(one.key for one in self.recognitions))

    @property
    def name(self) -> str:
        """What the kind is called."""
        return KINDS[self.kind]


def result_tables(scheme: Scheme, results: Results) -> tuple[ResultTable, ...]:
    """A table for each kind of subject with a score or a recognition, where there is anybody."""
    of_score = {one.key: kind_of(one.who) for one in scheme.score}
    kinds = dict.fromkeys((*of_score.values(), *(kind_of(one.who) for one in scheme.recognition)))
    own: dict[Subject, dict[str, Result]] = defaultdict(dict)
    for (key, subject), result in results.evaluation.results.items():
        own[subject][key] = result
    given: dict[Subject, dict[str, tuple[Given, ...]]] = defaultdict(dict)
    for one in results.grades:
        before = given[one.subject].get(one.grade_key, ())
        given[one.subject][one.grade_key] = (*before, one)
    reached: dict[Subject, dict[str, Recognised]] = defaultdict(dict)
    for each in results.recognised:
        reached[each.subject][each.key] = each
    subjects = dict.fromkeys((*own, *reached))
    return tuple(
        ResultTable(
            kind,
            tuple(one for one in scheme.score if of_score[one.key] == kind),
            tuple(one for one in scheme.grade if of_score[one.score] == kind),
            tuple(one for one in scheme.recognition if kind_of(one.who) == kind),
            tuple(
                ResultRow(one, own[one], given[one], reached[one])
                for one in subjects
                if one.kind == kind
            ),
        )
        for kind in kinds
        if any(one.kind == kind for one in subjects)
    )


def points_words(result: Result | None) -> str:
    """The points of a result, or what is lacking: a missing figure is never nought."""
    if result is None:
        return ""
    if result.points is not None:
        return shown(result.points)
    known = "" if result.so_far is None else f"（已知 {shown(result.so_far)}）"
    first = result.lacking[0] if result.lacking else "没有得分"
    more = f"等 {len(result.lacking)} 项" if len(result.lacking) > 1 else ""
    return f"缺{known}：{first}{more}"


def points_short(result: Result | None) -> str:
    """The same for a narrow column: without what is lacking."""
    if result is None or result.points is not None:
        return points_words(result)
    return "缺" if result.so_far is None else f"缺（已知 {shown(result.so_far)}）"


def grade_words(given: Sequence[Given]) -> str:
    """The grades of a subject, with the group it is ranked in where there are several."""
    several = len(given) > 1
    said = []
    for one in given:
        name = one.name or ("同分待定" if one.tie else "未评" if one.lacking else "—")
        name += "（暂定）" if one.provisional and one.name else ""
        said.append(f"{one.within}{name}" if several else name)
    return "、".join(said)


def rank_words(given: Sequence[Given]) -> str:
    """The ranks of a subject."""
    several = len(given) > 1
    found = [one for one in given if one.rank is not None]
    return "、".join(f"{one.within}第 {one.rank}" if several else f"{one.rank}" for one in found)


def reached_words(one: Recognised | None) -> str:
    """Whether something is recognised."""
    if one is None:
        return ""
    return {True: "达到", False: "未达到", None: "缺：资料不全"}[one.reached]


def seat_words(grade: Grade, within: str, given: Sequence[Given]) -> str:
    """How many of each grade there are in a ranked set; ``given`` are all grades of the scheme."""
    ranked = [
        one
        for one in given
        if one.grade_key == grade.key and one.within == within and one.rank is not None
    ]
    rule = grade.rule
    if not ranked:
        return "还没有可以排名的得分。"
    if rule.by == "lines":
        return "，".join(f"{shown(line.at_least)} 分起为{line.name}" for line in rule.lines)
    if rule.by == "top":
        words = (
            f"{one.name}{'其余' if one.max is None else f'最多 {one.max} 个'}" for one in rule.tops
        )
        return f"{len(ranked)} 个排名：{'，'.join(words)}"
    if rule.by == "ratio":
        return _ratio_words(rule, ranked, given)
    return "由评委评定。"


def _ratio_words(rule: ByRatio, ranked: Sequence[Given], all_given: Sequence[Given]) -> str:
    """``7 个按 4:4:2：优秀 2.8、良好 2.8、合格 1.4，取整 3、3、1（余数大的先得）``."""
    place = ranked[0].within
    names = {one.name for one in all_given if one.subject.name == place and one.name}
    fitting = [one for one in rule.splits if names.intersection(one.community_grade)]
    plain = [one for one in rule.splits if not one.community_grade]
    split = next(iter((*fitting, *plain)), None)
    if split is None:
        return f"{len(ranked)} 个排名；{place}的等次还没有定，不知道用哪个比例。"
    shares = [one.share for one in split.shares]
    exact = [len(ranked) * share / sum(shares) for share in shares]
    seats = apportion(len(ranked), shares, rule.rounding)
    told = "、".join(
        f"{one.name} {shown(part)}" for one, part in zip(split.shares, exact, strict=True)
    )
    own = "、".join(sorted(names.intersection(split.community_grade)))
    of = f"（{place}是{own}）" if own else ""
    return (
        f"{len(ranked)} 个按 {':'.join(shown(one) for one in shares)}{of}：{told}，"
        f"取整 {'、'.join(map(str, seats))}（{_ROUNDING[rule.rounding]}）"
    )
