"""Scores: every [[score]] of a scheme for everybody it is meant for, with the whole way to the result.

Pure: figures come through ``Figures``, people and units through ``Roster``. Values are exact; only
what is shown is rounded (``figures.shown``). A figure that is missing is never 0: the result has no
points then, says what is lacking, and offers what is known so far.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import TYPE_CHECKING

from app.services.standing.figures import Assumed, Fact, Figures, Known, settled, shown
from app.services.standing.grades import Grading
from app.services.standing.roster import kind_of
from app.services.standing.steps import (
    HOW,
    ONE,
    Step,
    bounds,
    combined,
    met,
    or_gap,
    weighed,
    weight,
)
from app.services.standing.whose import Places

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from app.services.schemes.assessment import Bonus, Condition, Instead, Score, ScorePart
    from app.services.schemes.parts import SubjectKind, Who
    from app.services.schemes.schema import Scheme
    from app.services.standing.roster import Roster, Subject

__all__ = [
    "Evaluation",
    "Fact",
    "Figures",
    "Known",
    "Result",
    "Step",
    "evaluate",
    "settled",
    "shown",
]


@dataclass(frozen=True, slots=True)
class Result:
    """The result of a score for a subject."""

    score_key: str
    subject: Subject
    points: Decimal | None
    steps: tuple[Step, ...] = ()
    lacking: tuple[str, ...] = ()
    instead: str = ""
    """The exemption that holds, in words."""
    so_far: Decimal | None = None
    """Without points: what the parts that are known add up to …"""
    of: Decimal | None = None
    """… and their share of the whole weight (0 to 1)."""


@dataclass(frozen=True, slots=True)
class Evaluation:
    """All results, in the order of the scheme and of the roster."""

    results: Mapping[tuple[str, Subject], Result]
    homes: Mapping[Subject, Sequence[str]] = field(default_factory=dict)
    by_hand: Mapping[tuple[str, Subject], str] = field(default_factory=dict)
    """The grades by hand that it was made with."""

    def of(self, score_key: str) -> tuple[Result, ...]:
        """The results of one score."""
        return tuple(one for (key, _), one in self.results.items() if key == score_key)


def evaluate(
    scheme: Scheme,
    roster: Roster,
    figures: Figures,
    *,
    subjects: Mapping[SubjectKind, Sequence[Subject]] | None = None,
    homes: Mapping[Subject, Sequence[str]] | None = None,
    by_hand: Mapping[tuple[str, Subject], str] | None = None,
    assume: Mapping[Fact, Decimal] | None = None,
) -> Evaluation:
    """Every score for every subject it is meant for.

    Args:
        scheme: the scheme.
        roster: who there is.
        figures: where figures come from.
        subjects: the activities and lessons, which the roster does not know.
        homes: ids of the communities and groups that activities and lessons belong to.
        by_hand: grades given by assessors, for scores that ask for the grade of a community or group.
        assume: figures that are taken instead of those that ``figures`` gives (what if).
    """
    source = Assumed(scheme, figures, assume) if assume else figures
    places = Places(scheme, roster, homes or {})
    engine = _Engine(scheme, places, source, subjects or {}, by_hand or {})
    found = [result for score in scheme.score for result in engine.results(score.key)]
    return Evaluation(
        {(one.score_key, one.subject): one for one in found}, homes or {}, by_hand or {}
    )


class _Engine:
    """Computes each result once, and what it depends on before it (schemes have no circles)."""

    def __init__(
        self,
        scheme: Scheme,
        places: Places,
        figures: Figures,
        subjects: Mapping[SubjectKind, Sequence[Subject]],
        by_hand: Mapping[tuple[str, Subject], str],
    ) -> None:
        self._places, self._roster, self._figures = places, places.roster, figures
        self._scores = {one.key: one for one in scheme.score}
        self._inputs = {one.key: one for one in scheme.input}
        self._rubrics = {one.key: one.name for one in scheme.rubric}
        self._groups = {one.no: one.name for one in scheme.table} | {"*": "考核表"}
        self._subjects = subjects
        self._grading = Grading(scheme, places, self.results, by_hand)
        self._results: dict[tuple[str, Subject], Result] = {}
        self._fitting: dict[str, dict[Subject, str]] = {}

    def results(self, key: str) -> tuple[Result, ...]:
        """The results of a score for all whom it is meant for."""
        return tuple(self._result(key, subject) for subject in self._meant(key))

    def _meant(self, key: str) -> dict[Subject, str]:
        return self._fits(key, self._scores[key].who)

    def _fits(self, place: str, who: Who) -> dict[Subject, str]:
        """Whom ``who`` means, each with the fact that is missing to be sure; empty: it is sure."""
        if place not in self._fitting:
            kind = kind_of(who)
            if kind in ("activity", "lesson"):
                return dict.fromkeys(self._subjects.get(kind, ()), "")
            grades = self._grading.of_places(who)
            found = self._roster.fitting(who, self._roster.calendar.year, grades)
            self._fitting[place] = {**dict.fromkeys(found.subjects, ""), **dict(found.uncertain)}
        return self._fitting[place]

    def _result(self, key: str, subject: Subject) -> Result:
        if (key, subject) not in self._results:
            score = self._scores[key]
            unsure = self._meant(key)[subject]
            if unsure:
                told = (f"不能断定{subject.name}是否参加“{score.name}”：{unsure}",)
                result = Result(key, subject, None, lacking=told)
            else:
                result = self._compute(score, subject)
            self._results[key, subject] = result
        return self._results[key, subject]

    def _compute(self, score: Score, subject: Subject) -> Result:
        parts, told, instead = self._chosen(score, subject)
        steps = [self._part(part, subject) for part in parts]
        known = [step for step in steps if step.share is not None and not step.lacking]
        whole = sum((weight(step) for step in steps), Decimal())
        total = sum((step.share for step in steps if step.share is not None), Decimal())
        if score.full is not None and total > score.full:
            words = f"合计 {shown(total)}，超过满分 {shown(score.full)}，按满分计"
            steps.append(Step(words, share=score.full - total))
        extra = [self._bonus(score, n, bonus, subject) for n, bonus in enumerate(score.bonuses)]
        steps = [*told, *steps, *(step for step in extra if step is not None)]
        total = sum((step.share for step in steps if step.share is not None), Decimal())
        lacking = tuple(dict.fromkeys(one for step in steps for one in step.lacking))
        if not lacking:
            return Result(score.key, subject, total, tuple(steps), instead=instead)
        share = sum((weight(step) for step in known), Decimal()) / (whole or ONE)
        some = any(step.share is not None for step in steps)
        so_far, of = (total, share) if some else (None, None)
        return Result(score.key, subject, None, tuple(steps), lacking, instead, so_far, of)

    def _chosen(
        self, score: Score, subject: Subject
    ) -> tuple[Sequence[ScorePart], list[Step], str]:
        """The parts that hold, with what was found of the exemptions: the first that is met holds."""
        told = []
        for one in score.instead:
            holds, step = self._instead(one, subject)
            told.append(step)
            if holds:
                return one.parts, told, step.words
            if holds is None:  # an earlier exemption is open: a later one must not be taken for it
                break
        return score.parts, told, ""

    def _instead(self, instead: Instead, subject: Subject) -> tuple[bool | None, Step]:
        when = instead.when
        wanted = when.value or when.gain
        values = [self._asked(when, one) for one in self._targets(when, subject)]
        name = self._name(when) + ("比上年进步" if when.gain else "")
        if wanted is None or not values:
            fact = f"没有{self._places.label(when.whose)}，不能看“{name}”"
            return None, Step(fact, lacking=(fact,))
        holds, lacking = met(when, wanted, values)
        found = "；".join(one.words for one in values)
        if holds is None:
            return None, Step(f"免除条件还不能断定：{found}", lacking=lacking, inner=tuple(values))
        verdict = f"达到“{name}{bounds(wanted)}”"
        verdict += f"，{instead.note or '改按另一办法计'}" if holds else ""
        return holds, Step(f"{found}，{'' if holds else '没有'}{verdict}", inner=tuple(values))

    def _asked(self, when: Condition, target: Subject) -> Step:
        """The value of a condition for one subject."""
        now = self._figure(when, target, None)
        if when.gain is None or when.input is None:
            return now
        asked = self._inputs[when.input]
        before = self._known(
            self._figures.entered(asked.key, target, years_back=1), f"{target.name}上年{asked.name}"
        )
        if now.value is None or before.value is None or now.lacking or before.lacking:
            words = f"{target.name}{asked.name}不全"
            return Step(words, lacking=(*now.lacking, *before.lacking), inner=(before, now))
        gain = now.value - before.value
        if asked.kind == "rank":  # from 12th to 7th is a rise of 5
            gain = -gain
        turned = f"上年 {shown(before.value)}，今年 {shown(now.value)}"
        moved = f"进步 {shown(gain)}" if gain >= 0 else f"退步 {shown(-gain)}"
        words = f"{target.name}{asked.name}{moved}（{turned}）"
        return Step(words, gain, inner=(before, now))

    def _part(self, part: ScorePart, subject: Subject) -> Step:
        """The value of a part, and what it adds with its weight."""
        name, label = self._named(part), self._places.label(part.whose)
        targets = self._targets(part, subject)
        if not targets:
            fact = f"{subject.name}没有{label.removeprefix('各')}，算不出“{name}”"
            if not label:
                fact = f"“{name}”不适用于{subject.name}"
            return Step(f"{name}：{fact}", weight=part.weight, lacking=(fact,))
        found = [self._figure(part, one, term) for one in targets for term in self._terms(part)]
        lacking = tuple(dict.fromkeys(fact for one in found for fact in one.lacking))
        if len(found) == 1:
            value, inner = found[0].value, found[0].inner
            title = name if targets[0] == subject else f"{name}（{targets[0].name}）"
        else:
            value = (
                None if lacking else combined(part.how, [one.value or Decimal() for one in found])
            )
            inner = tuple(found)
            of = f"{label} {len(found)} 个" if label else f"{len(found)} 个学期"
            title = f"{name}（{of}的{HOW[part.how]}）"
        return weighed(title, value, part.weight, lacking, inner)

    def _targets(self, part: ScorePart | Condition, subject: Subject) -> tuple[Subject, ...]:
        """Whose figures a part takes; of a score only those whom it is meant for."""
        kind = self._kind(part, subject)
        found = self._places.whose(subject, part.whose, kind)
        if part.score is None:
            return found
        meant = self._meant(part.score)
        return tuple(one for one in found if one in meant)

    def _kind(self, part: ScorePart | Condition, subject: Subject) -> SubjectKind:
        if part.input is not None:
            return self._inputs[part.input].of
        if part.score is not None:
            return kind_of(self._scores[part.score].who)
        if part.whose == "own":
            return subject.kind
        return "community" if part.whose == "community" else "unit"

    def _terms(self, part: ScorePart) -> tuple[int | None, ...]:
        """The term that is meant; all of them where figures are per term and none is named."""
        if part.term is not None:
            return (part.term,)
        per_term = part.input is not None and self._inputs[part.input].per == "term"
        terms = self._roster.calendar.terms
        return tuple(range(1, len(terms) + 1)) if per_term and terms else (None,)

    def _name(self, part: ScorePart | Condition) -> str:
        if part.input is not None:
            return self._inputs[part.input].name
        if part.score is not None:
            return self._scores[part.score].name
        rubric = getattr(part, "rubric", None)
        if rubric is not None:
            return self._rubrics[rubric]
        return "、".join(self._groups[one] for one in getattr(part, "groups", ()))

    def _named(self, part: ScorePart) -> str:
        """The name of a part with its term."""
        terms = self._roster.calendar.terms
        of_term = terms[part.term - 1].name if part.term and part.term <= len(terms) else ""
        return of_term + self._name(part)

    def _figure(self, part: ScorePart | Condition, target: Subject, term: int | None) -> Step:
        """One figure of one subject."""
        terms = self._roster.calendar.terms
        of_term = "" if term is None or term > len(terms) else terms[term - 1].name
        title = f"{target.name}{of_term}{self._name(part)}"
        if term is not None and term > len(terms):
            fact = f"本年度没有第{term}学期"
            return Step(f"{title}：{fact}", lacking=(fact,))
        if part.input is not None:
            return self._known(self._figures.entered(part.input, target, term=term), title)
        if part.score is not None:
            result = self._result(part.score, target)
            words = f"{title} {or_gap(result.points)}"
            return Step(words, result.points, lacking=result.lacking, inner=result.steps)
        rubric: str | None = getattr(part, "rubric", None)
        if rubric is not None:
            return self._known(self._figures.rubric(rubric, target), title)
        groups: tuple[str, ...] = getattr(part, "groups", ())
        found = [
            self._known(
                self._figures.group(no, target, term=term), f"{target.name}{self._groups[no]}"
            )
            for no in groups
        ]
        if len(found) == 1:
            return replace(found[0], words=f"{title} {or_gap(found[0].value)}")
        lacking = tuple(dict.fromkeys(fact for one in found for fact in one.lacking))
        known = [one.value for one in found if one.value is not None]
        value = sum(known, Decimal()) if known else None
        return Step(f"{title} {or_gap(value)}", value, lacking=lacking, inner=tuple(found))

    def _known(self, known: Known, title: str) -> Step:
        lacking = known.lacking
        if known.points is None and not lacking:
            lacking = (f"没有{title}",)
        about = f"（{known.words}）" if known.words else ""
        return Step(f"{title} {or_gap(known.points)}{about}", known.points, lacking=lacking)

    def _bonus(self, score: Score, n: int, bonus: Bonus, subject: Subject) -> Step | None:
        """The bonus if it holds for the subject; a bonus that says no kind is of the score's own."""
        who = bonus.who.model_copy(update={"subject": subject.kind})
        fits = self._fits(f"{score.key}/bonus/{n}/{subject.kind}", who)
        if subject not in fits:
            return None
        if fits[subject]:
            fact = f"不能断定{subject.name}有没有“{bonus.name}”：{fits[subject]}"
            return Step(f"{bonus.name}：还不能断定", lacking=(fact,))
        return Step(f"{bonus.name} +{shown(bonus.points)}", bonus.points, share=bonus.points)
