"""Grades: by lines of points, by ratio or number of a ranked set, or given by assessors.

Equal points have the same rank. Where a tie lies across the border of two grades, the scheme says
who gets which (``ties``); with ``by-hand`` nobody does until an assessor decides. Whoever has no
points is named and not ranked; the grades of the others in the set are then provisional.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from app.services.standing.figures import settled, shown
from app.services.standing.roster import kind_of
from app.services.standing.whose import Places

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
    from decimal import Decimal

    from app.services.schemes.assessment import ByRatio, ByTop, Grade, GradeTop, Shares
    from app.services.schemes.parts import Who
    from app.services.schemes.schema import Scheme
    from app.services.standing.roster import Roster, Subject
    from app.services.standing.scores import Evaluation, Result

    Hand = Mapping[tuple[str, Subject], str]


@dataclass(frozen=True, slots=True)
class Given:
    """The grade of a subject, or why it has none."""

    grade_key: str
    subject: Subject
    name: str
    """Empty: none is given (yet)."""
    rank: int | None
    words: str
    """Rank, points and grade in one line, with what is to be known of them."""
    tie: bool = False
    """Equal points lie across the border of two grades."""
    lacking: tuple[str, ...] = ()
    within: str = ""
    """Name of the community or group it is ranked in; empty: all."""
    provisional: bool = False
    """Somebody in the set has no points yet."""
    by_hand: bool = False


def give(
    scheme: Scheme, roster: Roster, evaluation: Evaluation, by_hand: Hand | None = None
) -> tuple[Given, ...]:
    """All grades of a scheme, in the order of the scheme, then of rank.

    ``by_hand`` holds the names that assessors gave, by key of the grade and subject; such a name
    always holds, and the words say what the points alone would give. None: those of the evaluation.
    """
    places = Places(scheme, roster, evaluation.homes)
    hand = evaluation.by_hand if by_hand is None else by_hand
    grading = Grading(scheme, places, evaluation.of, hand)
    return tuple(one for grade in scheme.grade for one in grading.given(grade.key))


def place_grades(
    scheme: Scheme,
    roster: Roster,
    given: Callable[[str], Sequence[Given]],
    wanted: Collection[str],
) -> Callable[[str], str | None]:
    """Grades of communities and groups by id, among those that give one of the wanted names.

    Empty: it has none; None: it is not settled yet. ``given`` gives the grades of one [[grade]].
    """
    kinds = {one.key: kind_of(one.who) for one in scheme.score}
    asked = [one for one in scheme.grade if set(wanted).intersection(one.names)]
    groups = {one.id for one in roster.groups}

    def grade_of(id_: str) -> str | None:
        kind = "group" if id_ in groups else "community"
        keys = [one.key for one in asked if kinds[one.score] == kind]
        own = [one for key in keys for one in given(key) if one.subject.id == id_]
        names = [None if _open(one) else one.name for one in own]
        fitting = [name for name in names if name in wanted]
        return fitting[0] if fitting else None if None in names else next(iter(names), "")

    return grade_of


@dataclass(frozen=True, slots=True)
class _Set:
    """Subjects that are ranked together."""

    place: str
    results: tuple[Result, ...]
    shares: Shares | None = None


class Grading:
    """Gives grades when they are asked for: those of communities and groups may decide on scores."""

    def __init__(
        self,
        scheme: Scheme,
        places: Places,
        results: Callable[[str], Sequence[Result]],
        by_hand: Hand,
    ) -> None:
        self._grades = {one.key: one for one in scheme.grade}
        self._places, self._results, self._by_hand = places, results, by_hand
        self._given: dict[str, tuple[Given, ...]] = {}

    def given(self, key: str) -> tuple[Given, ...]:
        """The grades of one [[grade]]."""
        if key not in self._given:
            grade = self._grades[key]
            found = self._computed(grade)
            self._given[key] = tuple(self._decided(grade, one) for one in found)
        return self._given[key]

    def of_places(self, who: Who) -> Callable[[str], str | None]:
        """Grade of a community or group by its id, as ``who`` asks for it (see ``Roster.fitting``)."""
        return place_grades(self._places.scheme, self._places.roster, self.given, names_asked(who))

    def _computed(self, grade: Grade) -> list[Given]:
        rule, results = grade.rule, self._results(grade.score)
        if rule.by == "hand":
            told = (f"还没有评定“{grade.name}”",)
            return [
                Given(grade.key, one.subject, "", None, told[0], lacking=told) for one in results
            ]
        if rule.by == "lines":
            ranked = _Set("", tuple(results))

            def seats(points: Sequence[Decimal]) -> list[str]:
                return [
                    next((line.name for line in rule.lines if one >= line.at_least), "")
                    for one in points
                ]

            found = _ranked(grade, ranked, seats, "by-hand")
            return [replace(one, provisional=False) for one in found]  # only the rank may change
        sets, left = self._sets(grade, rule, results)
        found = []
        for one in sets:
            found += _ranked(grade, one, _seats(rule, one.shares), rule.ties)
        return [*found, *left]

    def _decided(self, grade: Grade, given: Given) -> Given:
        """The grade as an assessor gave it, if one did."""
        name = self._by_hand.get((grade.key, given.subject), "")
        if not name:
            return given
        if name not in grade.names:
            return replace(given, lacking=(*given.lacking, f"“{name}”不是“{grade.name}”的等次"))
        words = f"评定为{name}"
        if given.rank is not None:
            words += f"（{given.words}）"
        return replace(given, name=name, words=words, lacking=(), by_hand=True)

    def _sets(
        self, grade: Grade, rule: ByRatio | ByTop, results: Sequence[Result]
    ) -> tuple[list[_Set], list[Given]]:
        """Who is ranked together, and who cannot be placed."""
        together: dict[tuple[str, int], list[Result]] = defaultdict(list)
        left = []
        for result in results:
            for place in self._within(rule, result.subject):
                split, missing = self._split(rule, result.subject, place)
                if place is None:
                    missing = f"{result.subject.name}不在任何{_PLACE[rule.within]}中"
                if missing:
                    words = f"还不能评：{missing}"
                    left.append(
                        Given(grade.key, result.subject, "", None, words, lacking=(missing,))
                    )
                else:
                    together[place or "", split].append(result)
        splits = rule.splits if rule.by == "ratio" else ()
        name = self._places.roster.name_of
        return [
            _Set(
                name("community", place) if place else "",
                tuple(found),
                splits[n] if splits else None,
            )
            for (place, n), found in together.items()
        ], left

    def _within(self, rule: ByRatio | ByTop, subject: Subject) -> Sequence[str | None]:
        """Ids of the places a subject is ranked in; an empty one: among all; None: it has no place."""
        if rule.within == "all":
            return ("",)
        homes = self._places
        found = homes.groups(subject) if rule.within == "group" else homes.communities(subject)
        return found or (None,)

    def _split(self, rule: ByRatio | ByTop, subject: Subject, place: str | None) -> tuple[int, str]:
        """Which of the splits holds for a subject, or the fact that is missing to say so."""
        if rule.by == "top":
            return 0, ""
        plain = next((n for n, one in enumerate(rule.splits) if not one.community_grade), None)
        wanted = frozenset(name for one in rule.splits for name in one.community_grade)
        homes = self._places.communities(subject)
        if rule.within == "community" and place is not None:
            homes = (place,)
        if not wanted or not homes:
            missing = "" if plain is not None else f"{subject.name}不在任何共同体中"
            return plain or 0, missing
        name = self._places.roster.name_of("community", homes[0])
        grade = place_grades(self._places.scheme, self._places.roster, self.given, wanted)(homes[0])
        if grade is None:
            return 0, f"{name}的等次还没有评出"
        found = next(
            (n for n, one in enumerate(rule.splits) if grade in one.community_grade), plain
        )
        missing = (
            f"方案没有写{grade or '没有等次'}的共同体（{name}）的比例" if found is None else ""
        )
        return found or 0, missing


_PLACE = {"all": "", "community": "共同体", "group": "小组"}


def apportion(count: int, shares: Sequence[Decimal], rounding: str) -> list[int]:
    """How many of ``count`` fall to each share; they always add up to ``count``.

    ``largest-remainder``: of equal remainders the earlier (better) share is served first. Otherwise
    each share is rounded by itself, the best first, and the last that is not 0 takes the rest.
    """
    total = sum(shares)
    if count == 0 or not total:
        return [0] * len(shares)
    whole = [int(count * share // total) for share in shares]
    rest = [count * share % total for share in shares]
    if rounding == "largest-remainder":
        order = sorted(range(len(shares)), key=lambda n: (-rest[n], n))
        for n in order[: count - sum(whole)]:
            whole[n] += 1
        return whole
    last = max(n for n, share in enumerate(shares) if share)
    given: list[int] = []
    for n, seats in enumerate(whole):
        up = (rounding == "up" and rest[n] > 0) or (rounding == "nearest" and rest[n] * 2 >= total)
        free = count - sum(given)
        given.append(free if n == last else min(seats + up, free))
    return given


def _seats(
    rule: ByRatio | ByTop, shares: Shares | None
) -> Callable[[Sequence[Decimal]], list[str]]:
    """What gives the grade of each place, from the points of the places in falling order."""
    if rule.by == "top":
        return lambda points: _top(rule.tops, points)
    split = shares.shares if shares else ()

    def by_ratio(points: Sequence[Decimal]) -> list[str]:
        numbers = apportion(len(points), [one.share for one in split], rule.rounding)
        return [one.name for one, n in zip(split, numbers, strict=True) for _ in range(n)]

    return by_ratio


def _top(tops: Sequence[GradeTop], points: Sequence[Decimal]) -> list[str]:
    """So many best each: ``max``, or fewer (not below ``min``) where that cuts no tie."""
    seats: list[str] = []
    for top in tops:
        free = len(points) - len(seats)
        number = free if top.max is None else min(top.max, free)
        if top.max is not None and top.min:
            least = min(top.min, number)
            clean = (
                n for n in range(number, least - 1, -1)
                if n == free or points[len(seats) + n - 1] != points[len(seats) + n]
            )  # fmt: skip
            number = next(clean, number)
        seats += [top.name] * number
    return seats + [""] * (len(points) - len(seats))


def _ranked(
    grade: Grade,
    ranked: _Set,
    seats: Callable[[Sequence[Decimal]], list[str]],
    ties: str,
) -> list[Given]:
    """The grades of a set: those with points by rank, then those without."""
    scored = [(settled(one.points), one) for one in ranked.results if one.points is not None]
    scored.sort(key=lambda one: -one[0])
    without = [one for one in ranked.results if one.points is None]
    names = seats([points for points, _ in scored])
    blocks: dict[Decimal, list[int]] = defaultdict(list)
    for n, (points, _) in enumerate(scored):
        blocks[points].append(n)
    absent = "、".join(one.subject.name for one in without)
    open_ = f"；{absent}还没有得分，名次是暂定的" if without else ""
    found = []
    for points, result in scored:
        block = blocks[points]
        at_stake = list(dict.fromkeys(names[n] for n in block))
        tie = len(at_stake) > 1
        name = {"better": at_stake[0], "worse": at_stake[-1]}.get(ties, "" if tie else at_stake[0])
        words = f"{shown(points)} 分，第 {block[0] + 1} 名（共 {len(scored)} 个）"
        words += f"，{name}" if name else ""
        lacking: tuple[str, ...] = ()
        if tie:
            others = "、".join(
                scored[n][1].subject.name for n in block if scored[n][1] is not result
            )
            border = "与".join(one or "无等次" for one in at_stake)
            words += f"；与{others}同分，正在{border}之间"
            if ties == "by-hand":
                lacking = (f"{result.subject.name}与{others}同分，请评定“{grade.name}”",)
        found.append(Given(
            grade.key, result.subject, name, block[0] + 1, words + open_, tie, lacking,
            ranked.place, bool(without),
        ))  # fmt: skip
    return found + [
        Given(
            grade.key, one.subject, "", None, "没有得分，不排名", lacking=one.lacking,
            within=ranked.place,
        )
        for one in without
    ]  # fmt: skip


def _open(given: Given) -> bool:
    """Whether a grade may still change."""
    return not given.by_hand and (given.provisional or bool(given.lacking))


def names_asked(who: Who) -> frozenset[str]:
    """Names of grades that are asked for, also by alternatives and exceptions."""
    inner: Iterable[Who] = (*who.any, *((who.without,) if who.without else ()))
    own = {*who.community_grade, *who.group_grade}
    return frozenset(own.union(*(names_asked(one) for one in inner)))
