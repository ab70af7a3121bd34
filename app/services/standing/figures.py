"""Where scores get their figures from, and how figures are compared, shown and assumed."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING, Literal, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from app.services.schemes.schema import Scheme
    from app.services.standing.roster import Subject

_SHOWN = Decimal("0.01")
_REMNANT = Decimal("1e-9")


@dataclass(frozen=True, slots=True)
class Known:
    """A figure, or why there is none. With anything lacking a figure is only what there is so far."""

    points: Decimal | None
    words: str = ""
    """How it came about, one line."""
    lacking: tuple[str, ...] = ()
    """Facts that are missing, as the clerk would say them."""


class Figures(Protocol):
    """Where figures come from; terms count from 1, ``years_back=1`` is last year."""

    def entered(
        self, key: str, subject: Subject, *, term: int | None = None, years_back: int = 0
    ) -> Known:
        """A result from outside ([[input]])."""

    def group(self, no: str, subject: Subject, *, term: int | None = None) -> Known:
        """Points of a group of the assessment table, of one item, or (``*``) of the whole table."""

    def rubric(self, key: str, subject: Subject) -> Known:
        """The mean of the sheets filled in for an activity or lesson."""


@dataclass(frozen=True, slots=True)
class Fact:
    """One figure that may be assumed: an input, a group or item of the table, or a rubric."""

    kind: Literal["input", "group", "rubric"]
    """``group`` with the number of an item means that item."""
    key: str
    subject: Subject
    term: int | None = None
    years_back: int = 0


@dataclass(frozen=True, slots=True)
class Assumed:
    """Figures as they are, but for those that are assumed (what if …).

    Points assumed for an item change its group and the whole table, within the highest points of the
    group.
    """

    scheme: Scheme
    figures: Figures
    facts: Mapping[Fact, Decimal] = field(default_factory=dict)

    def entered(
        self, key: str, subject: Subject, *, term: int | None = None, years_back: int = 0
    ) -> Known:
        """A result from outside ([[input]])."""
        assumed = self._assumed(Fact("input", key, subject, term, years_back))
        return assumed or self.figures.entered(key, subject, term=term, years_back=years_back)

    def group(self, no: str, subject: Subject, *, term: int | None = None) -> Known:
        """Points of a group of the assessment table, of one item, or (``*``) of the whole table."""
        assumed = self._assumed(Fact("group", no, subject, term))
        if assumed is not None:
            return assumed
        within = self._within(no)
        if any(Fact("group", one, subject, term) in self.facts for one in self._below(no)):
            found = [self.group(one, subject, term=term) for one in within]
            highest = {one.no: one.points for one in self.scheme.table}.get(no)
            return _total(found, highest)
        return self.figures.group(no, subject, term=term)

    def rubric(self, key: str, subject: Subject) -> Known:
        """The mean of the sheets filled in for an activity or lesson."""
        return self._assumed(Fact("rubric", key, subject)) or self.figures.rubric(key, subject)

    def _assumed(self, fact: Fact) -> Known | None:
        return Known(self.facts[fact], "假设的数") if fact in self.facts else None

    def _within(self, no: str) -> list[str]:
        if no == "*":
            return [one.no for one in self.scheme.table]
        return [item.no for one in self.scheme.table if one.no == no for item in one.items]

    def _below(self, no: str) -> list[str]:
        within = self._within(no)
        return [*within, *(item for one in within for item in self._within(one))]


def _total(found: Iterable[Known], highest: Decimal | None) -> Known:
    points, lacking = Decimal(), list[str]()
    for one in found:
        points += one.points or 0
        lacking += one.lacking or ([] if one.points is not None else ["还有考核项没有得分"])
    if highest is not None:
        points = min(points, highest)
    return Known(points, "有假设的数", tuple(dict.fromkeys(lacking)))


def settled(value: Decimal) -> Decimal:
    """A value without what a division such as 1 ÷ 3 leaves beyond the ninth place.

    Ranks, lines and conditions compare by it, so that 1/3 + 2/3 is 1. Values themselves are never
    rounded.
    """
    return value.quantize(_REMNANT, ROUND_HALF_UP)


def shown(value: Decimal) -> str:
    """A value as it is shown: two places at most, the half rounded up, no empty places."""
    text = f"{settled(value).quantize(_SHOWN, ROUND_HALF_UP):f}"
    text = text.rstrip("0").rstrip(".")
    return "0" if text == "-0" else text
