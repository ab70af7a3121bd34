"""How many of what each subject has in each period: the figures that everything else reads."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select

from app.models import Lesson
from app.services.standing.roster import Held, in_range
from app.services.standing.selecting import rows
from app.services.standing.sources import SOURCES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from datetime import date

    from sqlalchemy.orm import Session

    from app.services.schemes.parts import Counted, SubjectKind, Where
    from app.services.standing.materials import Gap
    from app.services.standing.periods import Span
    from app.services.standing.reading import DispatchFacts, Setting

Totals = dict[tuple[str, int], Decimal]
"""By subject and number of the period."""


@dataclass(frozen=True, slots=True)
class Hit:
    """One record that counts for a subject in a period."""

    subject: str
    bucket: int
    ident: str
    amount: Decimal
    level: str = ""
    activity: str = ""


class Counting:
    """Counts the records of one archive for one adopted scheme."""

    def __init__(
        self, session: Session, setting: Setting, gaps: Callable[[str], tuple[Gap, ...]]
    ) -> None:
        self._session = session
        self._setting = setting
        self._gaps = gaps
        self._homes: dict[str, str] | None = None

    def totals(
        self,
        counted: Counted,
        kind: SubjectKind,
        spans: Sequence[Span],
        only: Iterable[str] | None = None,
    ) -> Totals:
        """How many each subject has in each period; subjects without any are left out."""
        found: Totals = defaultdict(Decimal)
        # Of several communities a record may be one's by its activity, school or person: see each.
        direct = kind != "community" or len(self._setting.roster.communities) == 1
        if counted.of in SOURCES and not counted.complete and direct:
            inner = rows(self._setting, counted, kind, spans, only).subquery()
            people = counted.measure in ("people", "units")
            amount: Any = func.count(inner.c.ident.distinct()) if people else None
            if amount is None:
                once = (
                    select(inner.c.subject, inner.c.bucket, inner.c.ident, inner.c.amount)
                    .distinct()
                    .subquery()
                )
                inner, amount = once, func.sum(once.c.amount)
            grouped = select(inner.c.subject, inner.c.bucket, amount).group_by(
                inner.c.subject, inner.c.bucket
            )
            for subject, bucket, total in self._session.execute(grouped):
                if subject is not None:
                    found[subject, bucket] += Decimal(str(total or 0))
            return dict(found)
        seen: set[tuple[str, int, str]] = set()
        for one in self.each(counted, kind, spans, only):
            if (one.subject, one.bucket, one.ident) not in seen:
                seen.add((one.subject, one.bucket, one.ident))
                found[one.subject, one.bucket] += one.amount
        return dict(found)

    def each(
        self,
        counted: Counted,
        kind: SubjectKind,
        spans: Sequence[Span],
        only: Iterable[str] | None = None,
    ) -> Iterator[Hit]:
        """Every record that counts, one by one: the proof of a figure."""
        wanted = None if only is None else set(only)
        if counted.of in SOURCES:
            within = (
                None if kind == "community" else wanted
            )  # there the place is not yet the subject
            for row in self._session.execute(
                rows(self._setting, counted, kind, spans, within).distinct()
            ):
                if row.ident is None or (counted.complete and self._lacks(kind, row)):
                    continue
                for whose in self._subjects(kind, row.subject):
                    if wanted is not None and whose not in wanted:
                        continue
                    yield Hit(
                        whose, row.bucket, row.ident, Decimal(str(row.amount or 0)),
                        row.level or "", row.activity or "",
                    )  # fmt: skip
            return
        for one in self._facts(counted, kind, spans):
            if wanted is None or one.subject in wanted:
                yield one

    def _lacks(self, kind: SubjectKind, row: Any) -> bool:
        """Whether the record lacks a material: what others owe for the same activity does not count.

        A lesson answers for its own materials, a person and a pair for theirs; the rest for all.
        """
        for gap in self._gaps(row.activity or ""):
            if gap.slot.each == "lesson" and row.ident in self._lessons_of(row.activity):
                if row.ident in gap.lessons:
                    return True
            elif gap.slot.each in ("lesson", "person") and kind == "person":
                if row.subject in gap.whose:
                    return True
            elif gap.slot.each == "person" and kind == "pair":
                pair = next(one for one in self._setting.roster.pairs if one.id == row.subject)
                if {pair.mentor_id, pair.mentee_id}.intersection(gap.whose):
                    return True
            else:
                return True
        return False

    def _lessons_of(self, activity_id: str) -> frozenset[str]:
        query = select(Lesson.id).where(Lesson.activity_id == activity_id)
        return frozenset(self._session.scalars(query))

    def _subjects(self, kind: SubjectKind, id_: str | None) -> tuple[str, ...]:
        """Whose a record is: of communities those of the roster, of which a group is a part."""
        if id_ is None:
            return ()
        if kind != "community":
            return (id_,)
        if self._homes is None:
            roster = self._setting.roster
            own = {one.id for one in roster.communities}
            self._homes = {one: one for one in own}
            if len(own) == 1:
                alone = next(iter(own))
                self._homes |= dict.fromkeys(self._setting.scope, alone)
            else:
                parents = {one.id: one.parent_id for one in roster.groups}
                for one in roster.groups:
                    above = one.parent_id
                    while above is not None and above not in own:
                        above = parents.get(above)
                    if above is not None:
                        self._homes[one.id] = above
        home = self._homes.get(id_)
        if home is not None:
            return (home,)
        roster = self._setting.roster
        return roster.communities_of("unit" if id_ in roster.schools else "person", id_)

    # -- what is no activity: read with the roster already ----------------------------------

    def _facts(self, counted: Counted, kind: SubjectKind, spans: Sequence[Span]) -> Iterator[Hit]:
        roster = self._setting.roster
        for bucket, span in enumerate(spans):
            for record, person, days, lessons in self._of(counted, span):
                ident = record
                amount = {"days": days, "lessons": lessons}.get(counted.measure, 1)
                if counted.measure == "people":
                    ident = person
                elif counted.measure == "units":
                    known = roster.people.get(person)
                    if known is None or known.school_id is None:
                        continue
                    ident = known.school_id
                for whose in self._whose(kind, record, person, span):
                    yield Hit(whose, bucket, ident, Decimal(amount))

    def _of(self, counted: Counted, span: Span) -> Iterator[tuple[str, str, int, int]]:
        """Records of a span: id, person, days of it within the span, lessons."""
        match counted.of:
            case "appointment":
                yield from self._appointments(counted.where, span, self._role(counted))
            case "dispatch":
                yield from self._dispatches(counted, span)
            case "pair":
                for pair in self._setting.roster.pairs:
                    if Held("", "", pair.starts_on, pair.ends_on).within(span):
                        wanted = counted.counts_for
                        mentor = wanted and self._has_role(pair.mentor_id, wanted)
                        yield pair.id, pair.mentor_id if mentor else pair.mentee_id, 0, 0
            case _:
                for one in self._setting.agreements:
                    if Held("", "", one.starts_on, one.ends_on).within(span):
                        yield one.id, f"community:{one.community_id}", 0, 0

    def _role(self, counted: Counted) -> str | None:
        """The role for which it counts, where it names one."""
        roles = {role.key for role in self._setting.scheme.community.roles}
        return counted.counts_for if counted.counts_for in roles else None

    def _appointments(
        self, where: Where, span: Span, role: str | None
    ) -> Iterator[tuple[str, str, int, int]]:
        for person in self._setting.roster.people.values():
            for held in person.held:
                long = _days(held.starts_on, held.ends_on, span)
                fits = (not where.role or held.role in where.role) and role in (None, held.role)
                whole = _whole_days(held.starts_on, held.ends_on, span)
                if fits and long and (where.days is None or in_range(where.days, whole)):
                    ident = f"{person.id}/{held.community_id}/{held.role}/{held.starts_on or ''}"
                    yield ident, person.id, long, 0

    def _dispatches(self, counted: Counted, span: Span) -> Iterator[tuple[str, str, int, int]]:
        """Those in force in the span; days and lessons only of those that begin in it."""
        where, role = counted.where, self._role(counted)
        figures = counted.measure in ("days", "lessons")
        for sent in self._setting.dispatches:
            person = self._setting.roster.people.get(sent.person_id)
            held = person.held if person else ()
            roles = {one.role for one in held if one.within(span)}
            fits = (
                (not where.form or sent.kind in where.form)
                and (where.days is None or in_range(where.days, sent.days))
                and (not where.role or bool(roles.intersection(where.role)))
                and (role is None or role in roles)
            )
            days = _share(sent.starts_on, sent.ends_on, sent.days, span)
            if fits and (days is not None if figures else _in_force(sent, span)):
                lessons = _share(sent.starts_on, sent.ends_on, sent.lessons, span) or 0
                yield sent.id, sent.person_id, days or 0, lessons

    def _has_role(self, person_id: str, role: str) -> bool:
        person = self._setting.roster.people.get(person_id)
        return person is not None and any(held.role == role for held in person.held)

    def _whose(self, kind: SubjectKind, ident: str, person_id: str, span: Span) -> tuple[str, ...]:
        roster = self._setting.roster
        if person_id.startswith("community:"):
            return self._subjects("community", person_id.removeprefix("community:"))
        match kind:
            case "person":
                return (person_id,)
            case "unit":
                person = roster.people.get(person_id)
                return (person.school_id,) if person and person.school_id else ()
            case "group":
                return roster.groups_of(person_id, span) if person_id in roster.people else ()
            case "pair":
                return tuple(
                    one.id for one in roster.pairs
                    if ident == one.id or person_id in (one.mentor_id, one.mentee_id)
                )  # fmt: skip
            case _:
                own = roster.communities_of("person", person_id, span)
                return own or ((roster.communities[0].id,) if len(roster.communities) == 1 else ())


def _days(first: date | None, last: date | None, span: Span) -> int:
    """Days of a stretch that lie within a span; open ends reach as far as the span."""
    starts, ends = max(first or span.starts, span.starts), min(last or span.ends, span.ends)
    return max((ends - starts).days + 1, 0)


def _whole_days(first: date | None, last: date | None, span: Span) -> int:
    return ((last or span.ends) - (first or span.starts)).days + 1


def _in_force(sent: DispatchFacts, span: Span) -> bool:
    """Whether any of its days lies in the span; without an end it lasts its days, or the first alone."""
    last = sent.ends_on
    if last is None and sent.starts_on is not None:
        last = sent.starts_on + timedelta(days=max(sent.days - 1, 0))
    return Held("", "", sent.starts_on, last).within(span)


def _share(first: date | None, last: date | None, number: int, span: Span) -> int | None:
    """Of a figure entered for a stretch, what falls into a span: the whole where it begins there.

    A figure is not split between two periods by guessing: it counts in the one where it begins.
    """
    if first is None:
        return number if last is None or span.holds(last) else None
    return number if span.holds(first) else None


def level_totals(each: Iterable[Hit]) -> Mapping[tuple[str, str], int]:
    """How many records of each level each subject has."""
    found: dict[tuple[str, str], set[str]] = defaultdict(set)
    for one in each:
        found[one.subject, one.level].add(one.ident)
    return {key: len(idents) for key, idents in found.items()}
