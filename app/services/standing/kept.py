"""The standing of one adopted scheme, kept between looks; after a change only what it touched is redone."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sqlalchemy import or_, select

from app.models import (
    Activity,
    ActivityUnit,
    Attendance,
    EvidenceLink,
    IgnoredFinding,
    Lesson,
    Observation,
)
from app.services.standing.checking import evidence_findings
from app.services.standing.counting import Counting
from app.services.standing.limits import limits
from app.services.standing.materials import activity_states, slot_needs
from app.services.standing.periodic import deadline_lines, standing_states
from app.services.standing.quotas import milestones, quota_lines
from app.services.standing.telling import quota_finding

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from sqlalchemy.orm import Session

    from app.services.standing.materials import ActivityState, Gap
    from app.services.standing.periodic import StandingState
    from app.services.standing.reading import Setting
    from app.services.standing.records import DeadlineLine, Finding, Milestone, QuotaLine
    from app.services.unit_of_work import Changes

_FEW_PLACES = 20
"""So few communities and groups are all looked at again."""
_TOO_MANY = 500
"""More records changed at once: everything is reckoned anew."""
_ROSTER = frozenset({
    "person", "person_subject", "honour", "school", "community", "community_unit", "appointment",
    "mentor_pair", "dispatch", "agreement", "school_year", "term", "scheme_adoption", "assessment_item",
})  # fmt: skip
"""Tables that say who there is and what is demanded: a change there makes everything anew."""
_RECORDS = frozenset({
    "activity", "activity_unit", "attendance", "lesson", "observation", "evidence_link", "evidence",
    "paper_receipt", "waiver",
})  # fmt: skip
_OUTPUTS = frozenset({"ignored_finding"})


@dataclass(slots=True)
class Kept:
    """Everything reckoned for one adopted scheme."""

    setting: Setting
    states: dict[str, ActivityState] = field(default_factory=dict)
    lines: dict[tuple[str, str, str, str], QuotaLine] = field(default_factory=dict)
    _milestones: dict[str, tuple[Milestone, ...]] | None = None
    standing: list[StandingState] = field(default_factory=list)
    deadlines: list[DeadlineLine] = field(default_factory=list)
    evidence: dict[str, list[Finding]] = field(default_factory=dict)
    limits: list[Finding] = field(default_factory=list)
    ignored: dict[str, str] = field(default_factory=dict)
    told: dict[tuple[bool, str], tuple[Finding, ...]] = field(default_factory=dict)
    """Findings of an activity, once in words: for each person (True) or for all together."""
    told_lines: dict[tuple[str, str, str, str], Finding | None] = field(default_factory=dict)
    version: int = 0
    """Counts the changes taken in, for what is derived from it."""

    def counting(self, session: Session) -> Counting:
        """Counts the records of this scheme."""
        other: dict[str, tuple[Gap, ...]] = {}

        def gaps(activity_id: str) -> tuple[Gap, ...]:
            """What an activity lacks; of other years' (in a cycle) it is looked up when asked."""
            if activity_id in self.states:
                return self.states[activity_id].gaps
            if activity_id not in other:
                needs = slot_needs(session, self.setting, activity_id).values()
                found = (gap for _need, gap in needs if gap is not None)
                other[activity_id] = tuple(gap for gap in found if not gap.slot.optional)
            return other[activity_id]

        return Counting(session, self.setting, gaps)

    def fill(self, session: Session) -> None:
        """Reckon everything."""
        self.states = activity_states(session, self.setting)
        self._take_lines(quota_lines(self.setting, self.counting(session)))
        self.evidence = _by_record(evidence_findings(session, self.setting))
        setting = self.setting
        self.limits = limits(setting.scheme, setting.roster, setting.agreements)
        self._rest(session)

    def milestones(self, session: Session) -> dict[str, tuple[Milestone, ...]]:
        """Milestones, reckoned when they are asked for: each of them counts anew until its day."""
        if self._milestones is None:
            lines = list(self.lines.values())
            self._milestones = milestones(self.setting, self.counting(session), lines)
        return self._milestones

    def quota_findings(self) -> list[Finding | None]:
        """Of each line that is not as it should be, once in words."""
        found = []
        for key, line in self.lines.items():
            if line.status not in ("reached", "on-course"):
                if key not in self.told_lines:
                    self.told_lines[key] = quota_finding(self.setting, line)
                found.append(self.told_lines[key])
        return found

    def _take_lines(self, lines: list[QuotaLine]) -> None:
        for line in lines:
            self.lines[line.quota, line.subject.id, line.span.name, line.name] = line

    def _rest(self, session: Session) -> None:
        """What is quick enough to be reckoned each time."""
        self._milestones = None
        self.standing = standing_states(session, self.setting)
        self.deadlines = deadline_lines(session, self.setting)
        self.ignored = {
            row.finding: row.reason
            for row in session.execute(
                select(IgnoredFinding.finding, IgnoredFinding.reason).where(
                    IgnoredFinding.adoption_id == self.setting.adoption_id
                )
            )
        }
        self.version += 1

    def take(self, session: Session, changes: Changes) -> bool:
        """Take a change in; False: too much was changed, everything must be read again."""
        tables = set(changes.ids)
        if not tables & (_ROSTER | _RECORDS | _OUTPUTS):
            return True
        records = {kind: ids for kind, ids in changes.ids.items() if kind in _RECORDS}
        touched = set().union(*records.values()) if records else set()
        if tables & _ROSTER or len(touched) > _TOO_MANY:
            return False
        touched |= changes.related
        if not records:
            self._rest(session)
            return True
        activities = _activities(session, touched, self.states)
        for id_ in activities:
            self.states.pop(id_, None)
            self.told.pop((True, id_), None)
            self.told.pop((False, id_), None)
        self.states.update(activity_states(session, self.setting, activities))
        self._requote(session, activities, touched)
        pieces = touched & set(self.evidence) | set(changes.ids.get("evidence", ()))
        pieces |= _evidence_of(session, activities) if "activity" in tables else set()
        pieces |= {one for one in changes.related if "evidence_link" in tables}
        for id_ in pieces:
            self.evidence.pop(id_, None)
        if pieces:
            found = _by_record(evidence_findings(session, self.setting, pieces))
            self.evidence.update(found)
        self._rest(session)
        return True

    def _requote(self, session: Session, activities: set[str], touched: set[str]) -> None:
        """Quotas of those who had a part in what was changed."""
        roster = self.setting.roster
        people = touched & set(roster.people) | _people(session, activities)
        units = touched & set(roster.schools) | _units(session, activities)
        units |= {
            school
            for one in people
            if one in roster.people and (school := roster.people[one].school_id) is not None
        }
        pairs = {
            one.id for one in roster.pairs if one.mentor_id in people or one.mentee_id in people
        }
        only = people | units | pairs | self._places(touched, people, units, activities)
        for key in [key for key in self.lines if key[1] in only]:
            del self.lines[key]
            self.told_lines.pop(key, None)
        self._take_lines(quota_lines(self.setting, self.counting(session), only))

    def _places(
        self, touched: set[str], people: set[str], units: set[str], activities: set[str]
    ) -> set[str]:
        """Communities and groups that a change concerns: where records lie, lay, and come from."""
        roster = self.setting.roster
        groups = {one.id: one.parent_id for one in roster.groups}
        all_ = {one.id for one in roster.communities} | set(groups)
        if len(all_) <= _FEW_PLACES:
            return all_
        found = touched & all_
        found |= {self.states[one].community_id for one in activities if one in self.states}
        found |= {
            held.community_id
            for one in people
            if one in roster.people
            for held in roster.people[one].held
        }
        found |= {home for unit in units for home in roster.communities_of("unit", unit)}
        return found | {parent for one in found if (parent := groups.get(one)) is not None}


def _by_record(findings: Iterable[Finding]) -> dict[str, list[Finding]]:
    found: dict[str, list[Finding]] = defaultdict(list)
    for finding in findings:
        found[finding.record.partition(":")[2]].append(finding)
    return found


def _activities(session: Session, touched: set[str], states: dict[str, ActivityState]) -> set[str]:
    """Activities that were changed, or of which a lesson, an observation or a piece was."""
    query = select(Lesson.activity_id).where(
        or_(
            Lesson.id.in_(touched),
            Lesson.id.in_(select(Observation.lesson_id).where(Observation.id.in_(touched))),
        ),
        Lesson.activity_id.is_not(None),
    )
    found = {id_ for id_ in session.scalars(query) if id_}
    found |= set(session.scalars(select(Activity.id).where(Activity.id.in_(touched))))
    return found | (touched & set(states))


def _people(session: Session, activities: Collection[str]) -> set[str]:
    """Who had a part in these activities."""
    ids = list(activities)
    found = set(
        session.scalars(select(Attendance.person_id).where(Attendance.activity_id.in_(ids)))
    )
    for led_by in (Activity.host_id, Activity.recorder_id):
        found |= set(
            session.scalars(select(led_by).where(Activity.id.in_(ids), led_by.is_not(None)))
        )
    found |= set(session.scalars(select(Lesson.teacher_id).where(Lesson.activity_id.in_(ids))))
    found |= set(
        session.scalars(
            select(Observation.observer_id)
            .join(Lesson, Lesson.id == Observation.lesson_id)
            .where(Lesson.activity_id.in_(ids))
        )
    )
    return found


def _units(session: Session, activities: Collection[str]) -> set[str]:
    """Which schools had a part in these activities."""
    part = ActivityUnit.activity_id.in_(list(activities))
    return set(session.scalars(select(ActivityUnit.school_id).where(part)))


def _evidence_of(session: Session, activities: Collection[str]) -> set[str]:
    query = select(EvidenceLink.evidence_id).where(EvidenceLink.activity_id.in_(list(activities)))
    return set(session.scalars(query))
