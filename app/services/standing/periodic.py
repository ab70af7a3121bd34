"""What is due in each period from those it is meant for: plans, summaries, certificates; deadlines."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import func, select, union_all

from app.models import (
    Activity,
    AssessmentItem,
    Evidence,
    EvidenceLink,
    Lesson,
    PaperReceipt,
    Waiver,
)
from app.services.standing.records import DeadlineLine
from app.services.standing.roster import kind_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy.orm import Session

    from app.services.schemes.duties import Deadline, StandingSlot
    from app.services.standing.periods import Span
    from app.services.standing.reading import Setting
    from app.services.standing.roster import Subject

_GRACE = timedelta(days=62)
"""A material of a period may be due so long after its end: a term's report in the holidays."""


@dataclass(frozen=True, slots=True)
class Handed:
    """A piece that fills a standing slot."""

    slot: str
    subject: str
    day: date | None
    came: date
    """When it came into the archive."""
    paper: bool = False


@dataclass(frozen=True, slots=True)
class StandingState:
    """A standing slot for one subject in one period."""

    slot: StandingSlot
    subject: Subject
    span: Span
    files: int
    papers: int
    due: date | None
    waived: bool
    uncertain: str = ""
    late: date | None = None
    """When the last piece came, where that was after ``due``."""

    @property
    def missing(self) -> int:
        """How many pieces are lacking (of either kind, with both)."""
        if self.waived or self.slot.optional or self.uncertain:
            return 0
        need = self.slot.count
        match self.slot.medium:
            case "both":
                return max(need - self.files, need - self.papers, 0)
            case "file":
                return max(need - self.files, 0)
            case _:
                return max(need - self.files - self.papers, 0)


def handed(session: Session, setting: Setting) -> list[Handed]:
    """Everything put into slots that stand for themselves, also by lying under an item that names one.

    Material under an assessment item whose points hang on slots counts for that slot: where it names
    several, for the one whose name (or its last word: 计划, 总结) stands in the title.
    """
    root = setting.roster.community.id
    link = EvidenceLink
    day = func.coalesce(link.counted_on, Evidence.dated_on)
    whose = func.coalesce(
        link.person_id, link.owner_id, link.school_id, link.pair_id, link.community_id
    )
    plain = (
        select(
            link.slot,
            whose,
            day,
            AssessmentItem.no,
            Evidence.title,
            Evidence.id,
            Evidence.added_at,
        )
        .join(Evidence, Evidence.id == link.evidence_id)
        .outerjoin(AssessmentItem, AssessmentItem.id == link.assessment_item_id)
    )
    query = union_all(*(  # each finds its rows by an index; one condition over all would read the table
        plain.where(here)
        for here in (
            link.person_id > "", link.school_id > "", link.pair_id > "",  # SQLite's way to NOT NULL by index
            link.community_id.in_(setting.scope),
            link.assessment_item_id.in_(tuple(setting.items.values())),
        )
    ))  # fmt: skip
    by_item = _slots_by_item(setting)
    found: dict[tuple[str, str, str], Handed] = {}
    for slot, subject, on, no, title, evidence, added in session.execute(query):
        key = slot or (_by_title(by_item.get(no, ()), title) if no else "")
        if key:
            one = Handed(key, subject or root, on, added.astimezone().date())
            found.setdefault((evidence, key, one.subject), one)
    receipts = select(
        PaperReceipt.slot,
        func.coalesce(
            PaperReceipt.person_id, PaperReceipt.owner_id, PaperReceipt.school_id,
            PaperReceipt.pair_id, PaperReceipt.community_id,
        ),
        PaperReceipt.received_on, PaperReceipt.copies,
    ).where(PaperReceipt.activity_id.is_(None), PaperReceipt.lesson_id.is_(None))  # fmt: skip
    papers = [
        Handed(slot, subject or root, on, on, paper=True)
        for slot, subject, on, copies in session.execute(receipts)
        for _copy in range(copies)
    ]
    return [*found.values(), *papers]


def _slots_by_item(setting: Setting) -> Mapping[str, Sequence[tuple[str, str]]]:
    names = {slot.key: slot.name for slot in setting.scheme.slot}
    return {
        item.no: [(key, names[key]) for key in item.score.slots if key in names]
        for group in setting.scheme.table
        for item in group.items
        if item.score.by == "presence"
    }


def _by_title(slots: Sequence[tuple[str, str]], title: str) -> str:
    if len(slots) == 1:
        return slots[0][0]
    whole = [key for key, name in slots if name in title]
    ending = [key for key, name in slots if name[-2:] in title]
    for found in (whole, ending):
        if len(found) == 1:
            return found[0]
    return ""


def _pieces(session: Session, setting: Setting) -> Mapping[tuple[str, str], Sequence[Handed]]:
    """By slot and whose they are; the teacher's of a workstation are also the workstation's."""
    found: dict[tuple[str, str], list[Handed]] = defaultdict(list)
    for one in handed(session, setting):
        found[one.slot, one.subject].append(one)
        if one.subject == setting.person_id:
            found[one.slot, setting.roster.community.id].append(one)
    return found


def standing_states(session: Session, setting: Setting) -> list[StandingState]:
    """Every standing slot for everybody it is meant for, in each period that has begun or is due."""
    pieces = _pieces(session, setting)
    waived = _waived(session, setting)
    found = []
    for slot in setting.scheme.slot:
        spans = setting.calendar.spans(slot.per, slot.months)
        for index, span in enumerate(spans):
            due = due_of(setting, slot, span)
            if span.starts > setting.today and (due is None or due > setting.today):
                continue
            fitting = setting.roster.fitting(slot.who, span)
            for subject in fitting.subjects:
                own = pieces.get((slot.key, subject.id), ())
                here = [one for one in own if _counts_in(one, spans, index)]
                found.append(StandingState(
                    slot, subject, span,
                    sum(not one.paper for one in here), sum(one.paper for one in here), due,
                    bool({(slot.key, ""), (slot.key, subject.id)} & waived),
                    late=_late(here, slot.count, due),
                ))  # fmt: skip
            found += [
                StandingState(slot, subject, span, 0, 0, due, waived=False, uncertain=fact)
                for subject, fact in fitting.uncertain
            ]
    return found


def _late(here: Sequence[Handed], count: int, due: date | None) -> date | None:
    """The day on which as many pieces had come as are asked for, if it was after the last day."""
    came = sorted(one.came for one in here)
    return came[count - 1] if due and len(came) >= count and came[count - 1] > due else None


def _counts_in(one: Handed, spans: Sequence[Span], index: int) -> bool:
    """In the period of its day; without a day, or between two periods, in the one before it."""
    if len(spans) == 1:
        return one.day is None or spans[0].starts <= one.day <= spans[0].ends + _GRACE
    if one.day is None:
        return False
    begun = [number for number, span in enumerate(spans) if span.starts <= one.day]
    return bool(begun) and begun[-1] == index


def due_of(setting: Setting, slot: StandingSlot, span: Span) -> date | None:
    """The last day for the piece of that period; None: the scheme sets none."""
    if slot.due is None:
        return None
    days = setting.calendar.days(slot.due)
    inside = [day for day in days if span.starts <= day <= span.ends]
    after = [day for day in days if span.ends < day <= span.ends + _GRACE]
    before = [day for day in days if day < span.starts]
    return next(iter(inside + after + before), None)


def _waived(session: Session, setting: Setting) -> set[tuple[str, str]]:
    query = select(
        Waiver.slot,
        func.coalesce(Waiver.person_id, Waiver.school_id, Waiver.pair_id, Waiver.community_id, ""),
    ).where(
        Waiver.adoption_id == setting.adoption_id,
        Waiver.activity_id.is_(None), Waiver.lesson_id.is_(None),
    )  # fmt: skip
    root = setting.roster.community.id
    return {
        (slot, "" if whose == root and len(setting.roster.communities) == 1 else whose)
        for slot, whose in session.execute(query)
    }


def deadline_lines(session: Session, setting: Setting) -> list[DeadlineLine]:
    """Every deadline of the year for everybody it is meant for, the next first."""
    pieces = _pieces(session, setting)
    of_activities = _in_activities(session, setting)
    found: list[DeadlineLine] = []
    for deadline in setting.scheme.deadline:
        days = sorted(setting.calendar.days(deadline.when))
        fitting = setting.roster.fitting(deadline.who, setting.calendar.year)
        for subject in fitting.subjects:
            own = pieces.get((deadline.slot or "", subject.id), ())
            more = 0
            if kind_of(deadline.who) == "community":
                more = of_activities.get(deadline.slot or "", 0)
            for index, on in enumerate(days):
                there = _by_that_day(setting, deadline, own, index, len(days)) + more
                found.append(DeadlineLine(
                    deadline.key, deadline.name, subject, on, (on - setting.today).days,
                    there > index if deadline.slot else None, _by_words(setting, deadline), deadline.to,
                    deadline.slot or "",
                ))  # fmt: skip
    return sorted(found, key=lambda line: (line.on, line.name, line.subject.name))


def _by_that_day(
    setting: Setting, deadline: Deadline, own: Sequence[Handed], index: int, days: int
) -> int:
    """Pieces that answer for the days of a deadline up to this one.

    Where each day closes a period of its own (30 June and 30 November), only the piece of that one
    does: a report of autumn is none of spring.
    """
    slot = next((one for one in setting.scheme.slot if one.key == deadline.slot), None)
    spans = setting.calendar.spans(slot.per, slot.months) if slot else ()
    if days == 1 or len(spans) != days:
        return len(own)
    return index + sum(_counts_in(one, spans, index) for one in own)


def _by_words(setting: Setting, deadline: Deadline) -> str:
    from app.services.schemes.parts import PARTIES

    roles = {role.key: role.name for role in setting.scheme.community.roles}
    units = {unit.key: unit.name for unit in setting.scheme.community.units}
    return "、".join({**PARTIES, **roles, **units}.get(one, one) for one in deadline.from_)


def _in_activities(session: Session, setting: Setting) -> Mapping[str, int]:
    """Pieces in slots of activities, for deadlines that speak of those."""
    wanted = {one.slot for one in setting.scheme.deadline if one.slot}
    own = {slot.key for kind in setting.scheme.activity for slot in kind.slots}
    if not wanted & own:
        return {}
    year = setting.calendar.year
    query = (
        select(EvidenceLink.slot, func.count().label("pieces"))
        .outerjoin(Lesson, Lesson.id == EvidenceLink.lesson_id)
        .join(Activity, Activity.id == func.coalesce(EvidenceLink.activity_id, Lesson.activity_id))
        .where(
            Activity.community_id.in_(setting.scope),
            Activity.held_on.between(year.starts, year.ends),
            EvidenceLink.slot.in_(sorted(wanted & own)),
        )
        .group_by(EvidenceLink.slot)
    )
    return {row.slot: row.pieces for row in session.execute(query)}
