"""What is missing, how far everybody is, and what the score would be today: one reckoning for all."""

from __future__ import annotations

import threading
from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

from sqlalchemy import select

from app.models import Person, School
from app.services.standing.copies import find_copies
from app.services.standing.doubts import doubts, texts
from app.services.standing.grades import give
from app.services.standing.kept import Kept
from app.services.standing.missing_list import (
    count_pieces,
    grouped,
    is_ticked,
    is_wanted,
    marked,
    reason_of,
    worst_first,
)
from app.services.standing.points import ZERO, Points
from app.services.standing.reading import read_setting
from app.services.standing.recognition import ways
from app.services.standing.roster import Subject
from app.services.standing.scores import evaluate
from app.services.standing.telling import (
    deadline_finding,
    gap_findings,
    is_overdue,
    open_gaps,
    standing_finding,
)
from app.services.standing.views import (
    GroupPoints,
    Missing,
    MissingQuery,
    ProgressView,
    Proof,
    Results,
    Summary,
    TableView,
)
from app.services.standing.whatif import compare
from app.services.standing.whom import (
    assessed_subjects,
    community_itself,
    everybody,
    proofs,
    record_subjects,
)
from app.services.unit_of_work import Changes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from contextlib import AbstractContextManager
    from datetime import date
    from decimal import Decimal

    from sqlalchemy.orm import Session

    from app.services.schemes.assessment import Way
    from app.services.standing.copies import CopyIndex
    from app.services.standing.figures import Fact
    from app.services.standing.periods import Span
    from app.services.standing.records import (
        Finding,
        FindingKind,
        QuotaLine,
    )
    from app.services.standing.whatif import Change
    from app.services.unit_of_work import UnitOfWork

_KEPT_AT_MOST = 4
SIGN_IN = "签到"
"""By this word in its name a material is known as the sign-in sheet."""
_REWRITTEN_AT_MOST = 500


def _together(waiting: Sequence[Changes]) -> Changes:
    """Several changes as one, so that what they touched is reckoned once."""
    ids: dict[str, set[str]] = {}
    for one in waiting:
        for table, changed in one.ids.items():
            ids.setdefault(table, set()).update(changed)
    related = frozenset().union(*(one.related for one in waiting))
    return Changes(
        waiting[-1].action, {table: frozenset(some) for table, some in ids.items()}, related
    )


class Standing:
    """How things stand in one archive."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._uow = uow
        self._kept: dict[str, Kept] = {}
        self._waiting: dict[str, list[Changes]] = {}
        self._doubts: dict[str, tuple[int, tuple[Finding, ...]]] = {}
        self._copies: CopyIndex | None = None
        self._rewritten: set[str] = set()
        self._names: dict[str, str] = {}
        self._lock = threading.RLock()
        self._doubting = threading.Lock()
        self._guard = threading.Lock()
        uow.subscribe(self._changed)

    def _changed(self, changes: Changes) -> None:
        """Only noted down here: it is called by whoever committed, and must not take long."""
        with self._guard:
            for waiting in self._waiting.values():
                waiting.append(changes)
            for kind in ("observation", "activity"):
                self._rewritten.update(f"{kind}:{id_}" for id_ in changes.ids.get(kind, ()))
            if "observation_step" in changes.ids:
                self._rewritten.update(f"observation:{id_}" for id_ in changes.related)

    # -- what is reckoned ---------------------------------------------------------------------

    def kept(self, session: Session, adoption_id: str, as_of: date | None = None) -> Kept:
        """Everything reckoned for an adopted scheme, right as of now."""
        today = self._uow.context.clock().date()
        if as_of is not None and as_of != today:
            kept = Kept(read_setting(session, adoption_id, as_of))
            kept.fill(session)
            return kept
        with self._guard:
            waiting, self._waiting[adoption_id] = self._waiting.get(adoption_id, []), []
        found = self._kept.get(adoption_id)
        fresh = found is not None and found.setting.today == today
        if found and fresh and (not waiting or found.take(session, _together(waiting))):
            return found
        kept = Kept(read_setting(session, adoption_id, today))
        kept.fill(session)
        kept.version = found.version + 1 if found else 1
        while len(self._kept) >= _KEPT_AT_MOST:
            self._kept.pop(next(iter(self._kept)))
        self._kept[adoption_id] = kept
        if len(self._names) > 100_000:
            self._names.clear()
        return kept

    def _reading(self) -> AbstractContextManager[Session]:
        return self._uow.read()

    # -- the missing list ---------------------------------------------------------------------

    def missing(
        self, adoption_id: str, query: MissingQuery | None = None, as_of: date | None = None
    ) -> Missing:
        """The missing list, the worst and the most overdue first."""
        wanted = query or MissingQuery()
        with self._lock, self._reading() as session:
            kept = self.kept(session, adoption_id, as_of)
            found = list(self._all(session, kept, for_each=wanted.by != "activity"))
        if wanted.doubts:
            found += self._doubtful(kept)
        every = [marked(one, kept) for one in found]
        chosen = [one for one in every if is_wanted(one, wanted)]
        chosen.sort(key=worst_first)
        active = [one for one in every if not one.ignored]
        demanded, there = count_pieces(kept)
        return Missing(
            tuple(chosen), Counter(one.kind for one in active),
            grouped(chosen, wanted.by, self._name_of(adoption_id, kept)), demanded, there,
            sum(bool(one.ignored) for one in every),
        )  # fmt: skip

    def _all(self, session: Session, kept: Kept, *, for_each: bool) -> Iterator[Finding]:
        setting = kept.setting
        name = self._namer(session, kept)
        for state in kept.states.values():
            if state.gaps or state.day is None:
                where = (for_each, state.id)
                if where not in kept.told:
                    kept.told[where] = tuple(gap_findings(setting, state, name, for_each=for_each))
                yield from kept.told[where]
        told: set[str] = set()
        standing = [one for state in kept.standing if (one := standing_finding(setting, state))]
        owed = {(one.slot, one.target.partition(":")[2]) for one in standing}
        for found in (
            *kept.quota_findings(),
            *standing,
            *(  # what is missing already as a material is not told again by its deadline
                deadline_finding(setting, one)
                for one in kept.deadlines
                if (one.slot, one.subject.id) not in owed
            ),
        ):
            if found is not None and found.key not in told:
                told.add(found.key)
                yield found
        for some in kept.evidence.values():
            yield from some
        yield from kept.limits

    def lacking(self, adoption_id: str, what: str) -> frozenset[str]:
        """Activities that lack a material: ``any`` of them, a ``sign-in`` sheet, one that is ``overdue``."""
        with self._lock, self._reading() as session:
            kept = self.kept(session, adoption_id)
        setting = kept.setting
        return frozenset(
            state.id
            for state in kept.states.values()
            if state.gaps
            and any(
                what == "any"
                or (what == "sign-in" and SIGN_IN in gap.slot.name)
                or (what == "overdue" and is_overdue(setting, gap))
                for gap in open_gaps(setting, state)
            )
        )

    def summary(self, adoption_id: str) -> Summary:
        """How much is missing, in figures: what the home page needs, without the lines themselves."""
        with self._lock, self._reading() as session:
            kept = self.kept(session, adoption_id)
            kinds: Counter[FindingKind] = Counter()
            overdue = ignored = 0
            for one in self._all(session, kept, for_each=False):
                if reason_of(one, kept):
                    ignored += 1
                    continue
                kinds[one.kind] += 1
                overdue += one.overdue
        return Summary(*count_pieces(kept), kinds, overdue, ignored)

    def homes(self, adoption_id: str) -> Mapping[str, str]:
        """The name of the school of each person and each school, by id: to sort lines by school."""
        with self._lock, self._reading() as session:
            roster = self.kept(session, adoption_id).setting.roster
            homes = {one.id: one.name for one in roster.schools.values()}
            for person in roster.people.values():
                if person.school_id and person.school_id in roster.schools:
                    homes[person.id] = roster.schools[person.school_id].name
            return homes

    def trend(self, adoption_id: str, line: QuotaLine) -> tuple[tuple[str, Decimal], ...]:
        """What was done for a quota in each month of its period, until today."""
        with self._lock, self._reading() as session:
            kept = self.kept(session, adoption_id)
            setting = kept.setting
            quota = next((one for one in setting.scheme.quota if one.key == line.quota), None)
            span = line.span
            months = [
                replace(
                    month, starts=max(month.starts, span.starts), ends=min(month.ends, span.ends)
                )
                for month in setting.calendar.spans("month")
                if month.ends >= span.starts and month.starts <= min(span.ends, setting.today)
            ]
            if quota is None or not months:
                return ()
            subject = line.subject
            found = kept.counting(session).totals(quota, subject.kind, months, [subject.id])
            return tuple(
                (month.name, found.get((subject.id, at), ZERO)) for at, month in enumerate(months)
            )

    def _doubtful(self, kept: Kept) -> tuple[Finding, ...]:
        """Contradicting records, looked for again when something was changed.

        It takes long in a large archive: nobody who wants the rest has to wait for it.
        """
        key, seen = kept.setting.adoption_id, kept.version
        with self._doubting:
            version, found = self._doubts.get(key, (-1, ()))
            if version != seen:
                year = kept.setting.calendar.year
                scope = kept.setting.scope
                with self._reading() as session:
                    copies = self._copy_index(session)
                    found = tuple(doubts(session, scope, year.starts, year.ends, copies))
                self._doubts[key] = (seen, found)
        return found

    def _copy_index(self, session: Session) -> CopyIndex:
        """Texts that were compared already; only those rewritten since are compared again."""
        with self._guard:
            rewritten, self._rewritten = self._rewritten, set()
        if self._copies is None or len(rewritten) > _REWRITTEN_AT_MOST:
            self._copies = find_copies(texts(session))
            return self._copies
        for record in rewritten:
            for key, text in texts(session, record):
                self._copies.change(key, text)
        return self._copies

    def _namer(self, session: Session, kept: Kept) -> Callable[[str], str]:
        """Names of people and schools, also of those outside the community."""
        roster, names = kept.setting.roster, self._names

        def name(id_: str) -> str:
            if id_ in roster.people:
                return roster.people[id_].name
            if id_ in roster.schools:
                return roster.schools[id_].name
            if id_ not in names:
                found = session.scalar(select(Person.name).where(Person.id == id_))
                names[id_] = (
                    found or session.scalar(select(School.name).where(School.id == id_)) or id_
                )
            return names[id_]

        return name

    def _name_of(self, adoption_id: str, kept: Kept) -> Callable[[str], str]:
        roster, names = kept.setting.roster, self._names

        def name(id_: str) -> str:
            if id_ in roster.people:
                return roster.people[id_].name
            if id_ in roster.schools:
                return roster.schools[id_].name
            if id_ in kept.states:
                state = kept.states[id_]
                return f"{state.title}{f' {state.day}' if state.day else ''}"
            return names.get(id_, "")

        return name

    # -- progress -----------------------------------------------------------------------------

    def progress(self, adoption_id: str, as_of: date | None = None) -> ProgressView:
        """Each quota of each subject, milestones, deadlines."""
        with self._lock, self._reading() as session:
            kept = self.kept(session, adoption_id, as_of)
            deadlines = tuple(
                replace(one, done=True) if is_ticked(one, kept) else one for one in kept.deadlines
            )
            return ProgressView(
                tuple(kept.lines.values()), dict(kept.milestones(session)), deadlines,
                len(kept.setting.scheme.quota),
            )  # fmt: skip

    # -- points, scores, grades ---------------------------------------------------------------

    def subjects(self, adoption_id: str) -> tuple[Subject, ...]:
        """Those whose assessment table is filled: communities, units, groups, people or pairs."""
        with self._lock, self._reading() as session:
            kept = self.kept(session, adoption_id)
        return assessed_subjects(kept)

    def table(
        self,
        adoption_id: str,
        subject: Subject | None = None,
        *,
        assessed: bool = False,
        as_of: date | None = None,
    ) -> TableView:
        """The assessment table of a subject (the first where none is named), with what it lost."""
        with self._lock, self._reading() as session:
            kept = self.kept(session, adoption_id, as_of)
            points = self._points(session, kept, assessed=assessed)
            whose = subject or next(iter(assessed_subjects(kept)), community_itself(kept))
            groups = []
            for group in kept.setting.scheme.table:
                items = tuple(points.item(item.no, whose) for item in group.items)
                known = points.group(group.no, whose)
                highest = None if group.points is None else group.points
                groups.append(
                    GroupPoints(group.no, group.name, highest, known.points or ZERO, items)
                )
            total = points.group("*", whose)
        advice = sorted(
            (
                one
                for group in groups
                for item in group.items
                for one in item.advice
                if one.gain > 0
            ),
            key=lambda one: -one.gain,
        )
        return TableView(whose, tuple(groups), total.points or ZERO, total.lacking, tuple(advice))

    def proof(self, adoption_id: str, no: str, subject: Subject) -> tuple[Proof, ...]:
        """The records behind the points of an item, in words."""
        with self._lock, self._reading() as session:
            kept = self.kept(session, adoption_id)
            found = self._points(session, kept).proof(no, subject)
            of = next(
                (getattr(item.score, "of", "evidence") for group in kept.setting.scheme.table
                 for item in group.items if item.no == no), "evidence",
            )  # fmt: skip
            return tuple(proofs(session, found, of))

    def results(
        self,
        adoption_id: str,
        *,
        assessed: bool = False,
        assume: Mapping[Fact, Decimal] | None = None,
        as_of: date | None = None,
    ) -> Results:
        """All scores and grades with the whole way; ``assume`` puts other figures in their place."""
        with self._lock, self._reading() as session:
            kept = self.kept(session, adoption_id, as_of)
            return self._results(session, kept, assessed=assessed, assume=assume)

    def results_of(self, session: Session, kept: Kept) -> Results:
        """The results of what was reckoned, e.g. with a scheme that is not in force yet."""
        return self._results(session, kept)

    def _results(
        self,
        session: Session,
        kept: Kept,
        *,
        assessed: bool = False,
        assume: Mapping[Fact, Decimal] | None = None,
    ) -> Results:
        setting = kept.setting
        points = self._points(session, kept, assessed=assessed)
        subjects, homes = record_subjects(session, kept)
        by_hand = {
            (grade.key, subject): word
            for grade in setting.scheme.grade
            for subject in everybody(kept, subjects)
            if (word := points.word("grade", grade.key, subject))
        }
        evaluation = evaluate(
            setting.scheme, setting.roster, points, subjects=subjects, homes=homes,
            by_hand=by_hand, assume=assume,
        )  # fmt: skip
        grades = give(setting.scheme, setting.roster, evaluation, by_hand)
        counting = kept.counting(session)

        def count(way: Way, subject: Subject, spans: Sequence[Span]) -> list[Decimal | None]:
            totals = counting.totals(way, subject.kind, spans, [subject.id])
            return [totals.get((subject.id, at), ZERO) for at in range(len(spans))]

        recognised = ways(setting.scheme, setting.roster, count, grades, subjects=subjects)
        return Results(evaluation, grades, recognised)

    def what_if(
        self, adoption_id: str, assume: Mapping[Fact, Decimal], *, assessed: bool = False
    ) -> tuple[Change, ...]:
        """What other figures would change in scores, ranks and grades."""
        with self._lock, self._reading() as session:
            kept = self.kept(session, adoption_id)
            before = self._results(session, kept, assessed=assessed)
            after = self._results(session, kept, assessed=assessed, assume=assume)
            return compare(
                kept.setting.scheme, kept.setting.roster, before.evaluation, after.evaluation
            )

    def _points(self, session: Session, kept: Kept, *, assessed: bool = False) -> Points:
        outside = frozenset(
            one.record.partition(":")[2]
            for some in kept.evidence.values()
            for one in some
            if one.kind == "window" and one.severity == "error" and one.key not in kept.ignored
        )
        return Points(
            session, kept.setting, kept.counting(session), standing=kept.standing,
            quotas=list(kept.lines.values()), outside=outside, assessed=assessed,
        )  # fmt: skip

    def figures(self, adoption_id: str) -> tuple[tuple[str, Subject, Decimal | None], ...]:
        """Entered figures ([[figure]]) of everybody: key, whose, the actual value."""
        with self._lock, self._reading() as session:
            kept = self.kept(session, adoption_id)
            points = self._points(session, kept)
            places = (*kept.setting.roster.communities,)
            subjects = [Subject("community", one.id, one.name) for one in places]
            subjects += [
                Subject("unit", one.id, one.name) for one in kept.setting.roster.schools.values()
            ]
            return tuple(
                (figure.key, subject, points.figure(figure.key, subject))
                for figure in kept.setting.scheme.figure
                for subject in subjects
            )
