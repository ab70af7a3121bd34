"""What is missing, how far everybody is, and what the score would be today: one reckoning for all."""

from __future__ import annotations

import threading
from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from sqlalchemy import func, select

from app.models import Activity, Lesson, Person, School
from app.services.standing.copies import find_copies
from app.services.standing.doubts import doubts, texts
from app.services.standing.grades import give
from app.services.standing.kept import Kept
from app.services.standing.points import Points
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
from app.services.standing.whatif import compare
from app.services.unit_of_work import Changes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from contextlib import AbstractContextManager
    from datetime import date
    from decimal import Decimal

    from sqlalchemy.orm import Session

    from app.services.schemes.assessment import Way
    from app.services.schemes.parts import SubjectKind
    from app.services.standing.copies import CopyIndex
    from app.services.standing.counting import Hit
    from app.services.standing.figures import Fact
    from app.services.standing.grades import Given
    from app.services.standing.periods import Span
    from app.services.standing.points import Advice, ItemPoints
    from app.services.standing.recognition import Recognised
    from app.services.standing.records import (
        DeadlineLine,
        Finding,
        FindingKind,
        Milestone,
        QuotaLine,
    )
    from app.services.standing.scores import Evaluation
    from app.services.standing.whatif import Change
    from app.services.unit_of_work import UnitOfWork

By = Literal["activity", "person", "school"]
_SEVERITIES = ("error", "warning", "notice")
_KEPT_AT_MOST = 4
SIGN_IN = "签到"
"""By this word in its name a material is known as the sign-in sheet."""
_REWRITTEN_AT_MOST = 500


@dataclass(frozen=True, slots=True)
class MissingQuery:
    """Which lines of the missing list are wanted."""

    by: By = "activity"
    kinds: tuple[FindingKind, ...] = ()
    """None given: all."""
    words: str = ""
    ignored: bool = False
    """Only those that were let pass."""
    overdue: bool = False
    person_id: str = ""
    school_id: str = ""
    activity_id: str = ""
    doubts: bool = True
    """Whether records that contradict each other are looked for too; it takes longer."""


@dataclass(frozen=True, slots=True)
class Group:
    """A heading of the missing list: a person, a school or an activity, with how many lines it has."""

    id: str
    name: str
    count: int
    overdue: int


@dataclass(frozen=True, slots=True)
class Missing:
    """The missing list, the worst first."""

    findings: tuple[Finding, ...]
    by_kind: Mapping[FindingKind, int]
    groups: tuple[Group, ...]
    demanded: int
    """Pieces that activities and periods were to leave."""
    there: int
    ignored: int

    @property
    def percent(self) -> float:
        """How much of the demanded material is there."""
        return 100.0 if not self.demanded else 100 * self.there / self.demanded


@dataclass(frozen=True, slots=True)
class Summary:
    """The missing list in figures."""

    demanded: int
    there: int
    by_kind: Mapping[FindingKind, int]
    overdue: int
    ignored: int


@dataclass(frozen=True, slots=True)
class ProgressView:
    """Quotas, milestones and deadlines."""

    lines: tuple[QuotaLine, ...]
    milestones: Mapping[str, tuple[Milestone, ...]]
    deadlines: tuple[DeadlineLine, ...]
    quotas: int = 0
    """How many quotas the scheme has: with no lines, nobody fits them yet."""


@dataclass(frozen=True, slots=True)
class GroupPoints:
    """A group of the assessment table with its items for one subject."""

    no: str
    name: str
    highest: Decimal | None
    points: Decimal
    items: tuple[ItemPoints, ...]


@dataclass(frozen=True, slots=True)
class Proof:
    """A record behind the points of an item."""

    record: str
    words: str
    level: str = ""


@dataclass(frozen=True, slots=True)
class TableView:
    """The assessment table of one subject, filled from what is there."""

    subject: Subject
    groups: tuple[GroupPoints, ...]
    points: Decimal
    lacking: tuple[str, ...]
    advice: tuple[Advice, ...]
    """The missing pieces that bring the most first."""


@dataclass(frozen=True, slots=True)
class Results:
    """All scores, grades and recognitions."""

    evaluation: Evaluation
    grades: tuple[Given, ...]
    recognised: tuple[Recognised, ...]


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
        every = [_marked(one, kept) for one in found]
        chosen = [one for one in every if _is_wanted(one, wanted)]
        chosen.sort(key=_order)
        active = [one for one in every if not one.ignored]
        demanded, there = _pieces(kept)
        return Missing(
            tuple(chosen), Counter(one.kind for one in active),
            _groups(chosen, wanted.by, self._name_of(adoption_id, kept)), demanded, there,
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
                if _reason(one, kept):
                    ignored += 1
                    continue
                kinds[one.kind] += 1
                overdue += one.overdue
        return Summary(*_pieces(kept), kinds, overdue, ignored)

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
                (month.name, found.get((subject.id, at), points_zero()))
                for at, month in enumerate(months)
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
                replace(one, done=True) if _ticked(one, kept) else one for one in kept.deadlines
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
        return _assessed(kept)

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
            whose = subject or next(iter(_assessed(kept)), _self(kept))
            groups = []
            for group in kept.setting.scheme.table:
                items = tuple(points.item(item.no, whose) for item in group.items)
                known = points.group(group.no, whose)
                highest = None if group.points is None else group.points
                groups.append(
                    GroupPoints(group.no, group.name, highest, known.points or points_zero(), items)
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
        return TableView(
            whose, tuple(groups), total.points or points_zero(), total.lacking, tuple(advice)
        )

    def proof(self, adoption_id: str, no: str, subject: Subject) -> tuple[Proof, ...]:
        """The records behind the points of an item, in words."""
        with self._lock, self._reading() as session:
            kept = self.kept(session, adoption_id)
            found = self._points(session, kept).proof(no, subject)
            of = next(
                (getattr(item.score, "of", "evidence") for group in kept.setting.scheme.table
                 for item in group.items if item.no == no), "evidence",
            )  # fmt: skip
            return tuple(_proofs(session, found, of))

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
        subjects, homes = _record_subjects(session, kept)
        by_hand = {
            (grade.key, subject): word
            for grade in setting.scheme.grade
            for subject in _everybody(kept, subjects)
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
            return [totals.get((subject.id, at), points_zero()) for at in range(len(spans))]

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


def points_zero() -> Decimal:
    """Nought, exactly."""
    from decimal import Decimal

    return Decimal(0)


def _pieces(kept: Kept) -> tuple[int, int]:
    """Pieces demanded of activities and periods, and those that are there."""
    demanded = sum(state.demanded for state in kept.states.values())
    there = sum(state.there for state in kept.states.values())
    own = [one for one in kept.standing if not one.slot.optional and not one.waived]
    demanded += sum(one.slot.count for one in own)
    there += sum(one.slot.count - min(one.missing, one.slot.count) for one in own)
    return demanded, there


def _reason(finding: Finding, kept: Kept) -> str:
    """Why a finding was let pass; of one person's share also where it was for all together."""
    if not kept.ignored:
        return ""
    whole = finding.key.rpartition(":")[0] if finding.kind == "slot" else ""
    return kept.ignored.get(finding.key) or kept.ignored.get(whole) or ""


def _marked(finding: Finding, kept: Kept) -> Finding:
    """With the reason for which it was let pass."""
    reason = _reason(finding, kept)
    return replace(finding, ignored=reason) if reason else finding


def _is_wanted(one: Finding, wanted: MissingQuery) -> bool:
    return (
        bool(one.ignored) == wanted.ignored
        and (not wanted.kinds or one.kind in wanted.kinds)
        and (not wanted.overdue or one.overdue)
        and (not wanted.person_id or one.person_id == wanted.person_id)
        and (not wanted.school_id or one.school_id == wanted.school_id)
        and (not wanted.activity_id or one.activity_id == wanted.activity_id)
        and (not wanted.words or wanted.words in f"{one.what} {one.where} {one.who}")
    )


def _order(one: Finding) -> tuple[int, str, str, str]:
    due = one.due.isoformat() if one.due else "9"
    return _SEVERITIES.index(one.severity), due, one.where, one.what


def _groups(findings: Iterable[Finding], by: By, name: Callable[[str], str]) -> tuple[Group, ...]:
    counts, late, names = Counter[str](), Counter[str](), dict[str, str]()
    for one in findings:
        id_ = {"person": one.person_id, "school": one.school_id}.get(by, one.activity_id)
        counts[id_] += 1
        late[id_] += one.overdue
        if id_ and id_ not in names:
            names[id_] = name(id_) or one.who
    blank = {"person": "（不落到个人）", "school": "（不落到单位）"}.get(by, "（不属于某次活动）")
    return tuple(
        Group(id_, names.get(id_, blank), count, late[id_]) for id_, count in counts.most_common()
    )


def _ticked(line: DeadlineLine, kept: Kept) -> bool:
    return f"deadline:{line.key}:{line.subject.id}:{line.on}" in kept.ignored


def _self(kept: Kept) -> Subject:
    community = kept.setting.roster.communities[0]
    return Subject("community", community.id, community.name)


def _assessed(kept: Kept) -> tuple[Subject, ...]:
    """Whom the scheme assesses by its table: those whose score takes groups of it, else ``assesses``."""
    scheme, roster = kept.setting.scheme, kept.setting.roster
    year = roster.calendar.year
    found: dict[Subject, None] = {}
    for score in scheme.score:
        if any(part.groups for part in score.parts):
            found |= dict.fromkeys(roster.fitting(score.who, year).subjects)
    if not found:
        from app.services.schemes.parts import Who

        found |= dict.fromkeys(roster.fitting(Who(subject=scheme.scheme.assesses), year).subjects)
    return tuple(found)


def _record_subjects(
    session: Session, kept: Kept
) -> tuple[Mapping[SubjectKind, Sequence[Subject]], Mapping[Subject, Sequence[str]]]:
    """Activities and lessons of the year, where some score is of them."""
    from app.services.standing.roster import kind_of

    kinds = {kind_of(score.who) for score in kept.setting.scheme.score}
    subjects: dict[SubjectKind, Sequence[Subject]] = {}
    homes: dict[Subject, Sequence[str]] = {}
    if "activity" in kinds:
        subjects["activity"] = [
            Subject("activity", state.id, state.title) for state in kept.states.values()
        ]
        homes |= {one: [kept.states[one.id].community_id] for one in subjects["activity"]}
    if "lesson" in kinds:
        year = kept.setting.calendar.year
        rows = session.execute(
            select(Lesson.id, Lesson.title, Activity.community_id)
            .outerjoin(Activity, Activity.id == Lesson.activity_id)
            .where(
                func.coalesce(Lesson.taught_on, Activity.held_on).between(year.starts, year.ends)
            )
            .order_by(Lesson.id)
        ).all()
        subjects["lesson"] = [Subject("lesson", row.id, row.title) for row in rows]
        homes |= {
            Subject("lesson", row.id, row.title): [row.community_id or kept.setting.scope[0]]
            for row in rows
        }
    return subjects, homes


def _everybody(kept: Kept, more: Mapping[SubjectKind, Sequence[Subject]]) -> Iterator[Subject]:
    roster = kept.setting.roster
    yield from (Subject("community", one.id, one.name) for one in roster.communities)
    yield from (Subject("group", one.id, one.name) for one in roster.groups)
    yield from (Subject("unit", one.id, one.name) for one in roster.schools.values())
    yield from (Subject("person", one.id, one.name) for one in roster.people.values())
    yield from (roster.subject("pair", one.id) for one in roster.pairs)
    for some in more.values():
        yield from some


def _proofs(session: Session, found: Sequence[Hit], of: str) -> Iterator[Proof]:
    """Titles of the records; what lies under an item is evidence, the rest what the item counts."""
    from app.models import Evidence, Observation

    ids = [one.ident for one in found]
    levels = {one.ident: one.level for one in found}
    titles: dict[str, str] = {}
    for record, query in (
        ("evidence", select(Evidence.id, Evidence.title, Evidence.dated_on)),
        ("activity", select(Activity.id, Activity.title, Activity.held_on)),
        ("lesson", select(Lesson.id, Lesson.title, Lesson.taught_on)),
        (
            "observation",
            select(Observation.id, Lesson.title, Observation.observed_on).join(
                Lesson, Lesson.id == Observation.lesson_id
            ),
        ),
    ):
        model = query.column_descriptions[0]["expr"]
        for id_, title, day in session.execute(query.where(model.in_(ids))):
            titles[id_] = f"{record}\n{title}{f' {day}' if day else ''}"
    for id_ in ids:
        record, _, words = titles.get(id_, f"{of}\n{id_}").partition("\n")
        yield Proof(f"{record}:{id_}", words, levels.get(id_, ""))
