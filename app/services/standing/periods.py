"""The periods by which a scheme counts: weeks, months, terms, years and the cycle, as dates."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from app.services.schemes.days import resolve

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.services.schemes.parts import Period, When

_WEEK = timedelta(days=7)
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Span:
    """A period with its name, first and last day."""

    name: str
    starts: date
    ends: date

    def holds(self, day: date | None) -> bool:
        """Whether a day lies in it."""
        return day is not None and self.starts <= day <= self.ends


@dataclass(frozen=True, slots=True)
class Calendar:
    """The scheme's year, its terms, and the cycle it lies in."""

    year: Span
    terms: tuple[Span, ...]
    cycle: Span

    def spans(self, per: Period, months: Sequence[int] = ()) -> tuple[Span, ...]:
        """The periods of that kind within the scheme's year, in order; of ``months`` only those begun there.

        ``calendar-year`` is the one in which the year ends; weeks run from Monday and lie in terms,
        for holidays have none.
        """
        found = self._spans(per)
        return tuple(one for one in found if one.starts.month in months) if months else found

    def _spans(self, per: Period) -> tuple[Span, ...]:
        match per:
            case "term":
                return self.terms or (self.year,)
            case "month":
                return tuple(_months(self.year))
            case "week":
                return tuple(_weeks(self.terms or (self.year,)))
            case "cycle":
                return (self.cycle,)
            case "calendar-year":
                ends = self.year.ends.year
                return (Span(f"{ends}年", date(ends, 1, 1), date(ends, 12, 31)),)
            case "year":
                return (self.year,)

    def days(self, when: When, *, activity: date | None = None) -> tuple[date, ...]:
        """The days that a rule means within the year; none where the activity has no day yet."""
        if when.on:
            return tuple(resolve(day, self.year.starts) for day in when.on)
        if when.day_of_month is not None:
            return tuple(
                _day_of(span.starts, when.day_of_month)
                for span in _months(self.year)
                if not when.months or span.starts.month in when.months
            )
        shift = timedelta(days=when.days or 0)
        anchor = when.after or when.before or "activity"
        sign = 1 if when.after else -1
        return tuple(day + sign * shift for day in self._anchors(anchor, activity))

    def _anchors(self, anchor: str, activity: date | None) -> Sequence[date]:
        found: dict[str, Sequence[date]] = {
            "activity": () if activity is None else (activity,),
            "term-start": [term.starts for term in self.terms],
            "term-end": [term.ends for term in self.terms],
            "year-start": (self.year.starts,),
            "year-end": (self.year.ends,),
            "cycle-start": (self.cycle.starts,),
            "cycle-end": (self.cycle.ends,),
        }
        return found[anchor]


def _months(year: Span) -> list[Span]:
    found = []
    first = year.starts
    while first <= year.ends:
        last = min(_day_of(first, 31), year.ends)
        found.append(Span(f"{first:%Y-%m}", first, last))
        first = last + _DAY
    return found


def _day_of(month: date, day: int) -> date:
    """That day of the month, the last one where the month is shorter."""
    following = (month.replace(day=28) + timedelta(days=4)).replace(day=1)
    return min(month.replace(day=1) + timedelta(days=day - 1), following - _DAY)


def _weeks(terms: Sequence[Span]) -> list[Span]:
    found = []
    for term in terms:
        monday, number = term.starts - timedelta(days=term.starts.weekday()), 1
        while monday <= term.ends:
            first, last = max(monday, term.starts), min(monday + _WEEK - _DAY, term.ends)
            found.append(Span(f"{term.name}第{number}周", first, last))
            monday, number = monday + _WEEK, number + 1
    return found
