"""Steps of the way to a result, and the arithmetic of several values."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from app.services.standing.figures import settled, shown
from app.services.standing.roster import in_range

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from app.services.schemes.assessment import Condition
    from app.services.schemes.parts import Range

ONE = Decimal(1)
HOW = {"mean": "平均", "sum": "合计", "min": "最低", "max": "最高"}


@dataclass(frozen=True, slots=True)
class Step:
    """One line of the way to a result; the shares of all lines add up to the result."""

    words: str
    """The line as it is shown: ``集中考核 92.5 × 0.8 = 74``."""
    value: Decimal | None = None
    weight: Decimal | None = None
    share: Decimal | None = None
    """What it adds; None: nothing, or it is not known."""
    lacking: tuple[str, ...] = ()
    inner: tuple[Step, ...] = ()
    """How the value itself came about: the values of several, or the steps of another score."""


def met(
    when: Condition, wanted: Range, values: Sequence[Step]
) -> tuple[bool | None, tuple[str, ...]]:
    """Whether a condition holds; None with the missing facts where what is known does not decide it."""
    lacking = tuple(dict.fromkeys(fact for one in values for fact in one.lacking))
    known = [one.value for one in values if one.value is not None and not one.lacking]
    if when.how == "mean":
        if lacking:
            return None, lacking
        return in_range(wanted, settled(combined("mean", known))), ()
    said = [in_range(wanted, settled(one)) for one in known]
    decided = when.how == "any"  # one that does decides; of "each", one that does not
    if decided in said:
        return decided, ()
    return (None, lacking) if lacking else (not decided, ())


def combined(how: str, values: Sequence[Decimal]) -> Decimal:
    """Several values as one: their mean, sum, least or most."""
    match how:
        case "sum":
            return sum(values, Decimal())
        case "min":
            return min(values)
        case "max":
            return max(values)
        case _:
            return sum(values, Decimal()) / len(values)


def weight(step: Step) -> Decimal:
    """The weight of a part; 1 where none is given."""
    return ONE if step.weight is None else step.weight


def weighed(
    title: str,
    value: Decimal | None,
    weight: Decimal | None,
    lacking: tuple[str, ...],
    inner: tuple[Step, ...],
) -> Step:
    """A part with its value, weight and what it adds."""
    share = None if value is None else value * (ONE if weight is None else weight)
    words = f"{title} {or_gap(value)}"
    if weight is not None and weight != 1:
        words += f" × {weight.normalize():f}"
        words += "" if share is None else f" = {shown(share)}"
    return Step(words, value, weight, share, lacking, inner)


def or_gap(value: Decimal | None) -> str:
    """A value as shown, or that it is missing."""
    return "（缺）" if value is None else shown(value)


def bounds(wanted: Range) -> str:
    """A range in words."""
    said: Iterable[tuple[str, Decimal | None]] = (
        ("不少于 ", wanted.at_least), ("多于 ", wanted.above),
        ("不多于 ", wanted.at_most), ("少于 ", wanted.below),
    )  # fmt: skip
    return "、".join(word + shown(value) for word, value in said if value is not None)
