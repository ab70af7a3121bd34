"""Recognition: how far everybody is on each way to something that is granted (e.g. 支教经历)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TYPE_CHECKING

from app.services.standing.figures import shown
from app.services.standing.grades import names_asked, place_grades
from app.services.standing.periods import Calendar, Span
from app.services.standing.roster import kind_of
from app.services.standing.whose import Places

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import date

    from app.services.schemes.assessment import Recognition, Way
    from app.services.schemes.parts import SubjectKind
    from app.services.schemes.schema import Scheme
    from app.services.standing.grades import Given
    from app.services.standing.roster import Roster, Subject

    Count = Callable[[Way, Subject, Sequence[Span]], Sequence[Decimal | None]]
    """How much there is of a way in each of the periods; None: it is not known."""


@dataclass(frozen=True, slots=True)
class WayStanding:
    """How far a subject is on one way."""

    number: int
    """Place of the way in the recognition, from 0."""
    words: str
    done: Decimal
    """The most that is counted in any one period."""
    required: Decimal
    above: bool
    """True: exactly ``required`` is not enough."""
    periods_done: int
    """In how many periods that much is reached."""
    periods_required: int
    reached: bool | None
    """None: it cannot be said, see ``lacking``."""
    counts: tuple[tuple[Span, Decimal | None], ...] = ()
    lacking: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Recognised:
    """How a subject stands with a recognition: reached when any one of the ways is."""

    key: str
    subject: Subject
    ways: tuple[WayStanding, ...]
    reached: bool | None
    lacking: tuple[str, ...] = ()
    """Facts that are missing to say whether the recognition is meant for the subject at all."""


def ways(
    scheme: Scheme,
    roster: Roster,
    count: Count,
    given: Sequence[Given] = (),
    *,
    subjects: Mapping[SubjectKind, Sequence[Subject]] | None = None,
) -> tuple[Recognised, ...]:
    """Every recognition for everybody it is meant for.

    ``given`` are the grades (``grades.give``), ``subjects`` the activities and lessons, which the
    roster does not know.
    """
    places = Places(scheme, roster)

    def grades(wanted: frozenset[str]) -> Callable[[str], str | None]:
        return place_grades(
            scheme, roster, lambda key: [one for one in given if one.grade_key == key], wanted
        )

    found = []
    for one in scheme.recognition:
        fitting = roster.fitting(one.who, roster.calendar.year, grades(names_asked(one.who)))
        meant = dict.fromkeys(fitting.subjects, "") | dict(fitting.uncertain)
        meant |= dict.fromkeys((subjects or {}).get(kind_of(one.who), ()), "")
        for subject, unsure in meant.items():
            stands = []
            for number, way in enumerate(one.ways):
                spans = periods(roster.calendar, way)
                counted = tuple(zip(spans, count(way, subject, spans), strict=True))
                stand = _counted(number, way, counted)
                if way.grade and stand.reached is not False:
                    stand = _graded(places, way, subject, stand, grades(frozenset(way.grade)))
                stands.append(stand)
            found.append(_recognised(one, subject, tuple(stands), unsure))
    return tuple(found)


def periods(calendar: Calendar, way: Way) -> tuple[Span, ...]:
    """The periods in which a way is counted: all of its kind in the years of the cycle."""
    if way.per == "cycle":
        return (calendar.cycle,)
    first = calendar.cycle.starts.year - calendar.year.starts.year
    last = calendar.cycle.ends.year - calendar.year.starts.year
    years = (_moved(calendar, number) for number in range(first, last + 1))
    inside = [one for one in years if calendar.cycle.holds(one.year.ends)]
    return tuple(span for one in inside for span in one.spans(way.per))


def _recognised(
    one: Recognition, subject: Subject, stands: tuple[WayStanding, ...], unsure: str
) -> Recognised:
    said = {way.reached for way in stands}
    reached = True if True in said else None if None in said else False
    if unsure and reached is not False:
        reached = None
    return Recognised(one.key, subject, stands, reached, (unsure,) if unsure else ())


def _counted(number: int, way: Way, counts: tuple[tuple[Span, Decimal | None], ...]) -> WayStanding:
    above = way.above is not None
    required = way.above if way.above is not None else way.min or Decimal()

    def enough(value: Decimal) -> bool:
        return value > required if above else value >= required

    known = [value for _, value in counts if value is not None]
    unknown = [span.name for span, value in counts if value is None]
    done = sum(enough(value) for value in known)
    reached: bool | None = done >= way.periods
    lacking: tuple[str, ...] = ()
    if not reached and done + len(unknown) >= way.periods:
        reached, lacking = None, tuple(f"没有{name}的数" for name in unknown)
    best = max(known, default=Decimal())
    words = f"{shown(best)}，要{'多于' if above else '不少于'} {shown(required)}"
    if way.periods > 1:
        words = f"有 {done} 期达到“{'多于' if above else '不少于'} {shown(required)}”，要 {way.periods} 期"
    return WayStanding(
        number, words, best, required, above, done, way.periods, reached, counts, lacking
    )


def _graded(
    places: Places,
    way: Way,
    subject: Subject,
    stand: WayStanding,
    grade_of: Callable[[str], str | None],
) -> WayStanding:
    """The same, when a community or group (a studio) of the subject must have a grade besides."""
    homes = (*places.communities(subject), *places.groups(subject))
    said = {home: grade_of(home) for home in homes}
    wanted = "或".join(way.grade)
    if any(grade in way.grade for grade in said.values()):
        return stand
    names = [
        places.roster.name_of("community", one) for one, grade in said.items() if grade is None
    ]
    if not names:
        return replace(stand, reached=False, words=f"{stand.words}；所在共同体或小组不是{wanted}")
    fact = f"{'、'.join(names)}的等次还没有评出"
    return replace(stand, reached=None, lacking=(*stand.lacking, fact))


def _moved(calendar: Calendar, years: int) -> Calendar:
    """The calendar so many years later; the cycle stays."""
    return replace(
        calendar,
        year=_shift(calendar.year, years),
        terms=tuple(_shift(one, years) for one in calendar.terms),
    )


def _shift(span: Span, years: int) -> Span:
    if not years:
        return span
    starts, ends = _day(span.starts, years), _day(span.ends, years)
    return Span(f"{starts:%Y-%m}至{ends:%Y-%m}", starts, ends)


def _day(day: date, years: int) -> date:
    """The same day so many years later; 29 February becomes the 28th."""
    last = day.month == 2 and day.day == 29
    return day.replace(year=day.year + years, day=28 if last else day.day)
