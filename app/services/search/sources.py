"""What is findable, and by which words; which other records' words change with a record's own."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from sqlalchemy import Column, Select, func, literal, select
from sqlalchemy.sql.visitors import iterate

from app.models import (
    Activity,
    ActivityUnit,
    AgendaItem,
    Agreement,
    Attendance,
    Community,
    CommunityUnit,
    Dispatch,
    Duty,
    Evidence,
    EvidenceLink,
    EvidenceText,
    Honour,
    Lesson,
    MentorPair,
    Observation,
    ObservationStep,
    Person,
    PersonSubject,
    Plan,
    PlanItem,
    School,
    SchoolYear,
    Term,
)
from app.models.base import table_of

if TYPE_CHECKING:
    from collections.abc import Mapping

Query = Select[*tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class Source:
    """A findable kind of record. The first column of each query is the record's id."""

    words: Query
    """One row for each record: id, date, title, further words."""
    more: tuple[Query, ...] = ()
    """Any number of rows for each: id, words."""
    schools: tuple[Query, ...] = ()
    """Schools the record belongs to, for narrowing a search: id, school."""
    spelt: int = 0
    """So many words from the title on are names, found by pinyin and initials."""


_a, _b = table_of(Person).alias("a"), table_of(Person).alias("b")
_from, _to = table_of(School).alias("from"), table_of(School).alias("to")
_NO_DATE = literal(None)

_pairs = (
    select(MentorPair.community_id, _a.c.name, _b.c.name, MentorPair.subject, MentorPair.note)
    .join(_a, _a.c.id == MentorPair.mentor_id)
    .join(_b, _b.c.id == MentorPair.mentee_id)
)  # fmt: skip

SOURCES: Mapping[str, Source] = {
    "school": Source(
        select(
            School.id, _NO_DATE, School.name, School.short_name, School.kind, School.stage,
            School.district, School.note,
        ),
        schools=(select(School.id, School.id.label("school")),),
        spelt=2,
    ),
    "person": Source(
        select(
            Person.id, _NO_DATE, Person.name, School.name, Person.title, Person.office, Person.note
        ).outerjoin(School, School.id == Person.school_id),
        more=(
            select(PersonSubject.person_id, PersonSubject.subject),
            select(Honour.person_id, Honour.name, Honour.level, Honour.awarded_by),
            select(Dispatch.person_id, Dispatch.kind, _from.c.name, _to.c.name, Dispatch.note)
            .outerjoin(_from, _from.c.id == Dispatch.from_school_id)
            .outerjoin(_to, _to.c.id == Dispatch.to_school_id),
        ),
        schools=(select(Person.id, Person.school_id),),
        spelt=1,
    ),
    "community": Source(
        select(
            Community.id, _NO_DATE, Community.name, Community.kind, Community.variant, Community.subject,
            Community.name_plate, Community.note, Person.name,
        ).outerjoin(Person, Person.id == Community.person_id),
        more=(
            select(CommunityUnit.community_id, School.name)
            .join(School, School.id == CommunityUnit.school_id),
            _pairs,
        ),
        schools=(select(CommunityUnit.community_id, CommunityUnit.school_id),),
        spelt=1,
    ),
    "agreement": Source(
        select(
            Agreement.id, func.coalesce(Agreement.signed_on, Agreement.starts_on), Agreement.title,
            Agreement.kind, Agreement.text,
        ),
        more=(_pairs.with_only_columns(MentorPair.agreement_id, _a.c.name, _b.c.name),),
    ),
    "plan": Source(
        select(Plan.id, func.coalesce(Term.starts_on, SchoolYear.starts_on), Plan.title, Plan.text)
        .join(SchoolYear, SchoolYear.id == Plan.school_year_id)
        .outerjoin(Term, Term.id == Plan.term_id),
        more=(
            select(PlanItem.plan_id, PlanItem.theme, PlanItem.place, PlanItem.note, Person.name)
            .outerjoin(Person, Person.id == PlanItem.person_id),
        ),
    ),
    "activity": Source(
        select(
            Activity.id, Activity.held_on, Activity.title, Activity.number, Activity.theme,
            Activity.place, Activity.subject, _a.c.name, _b.c.name, Activity.minutes, Activity.outcome,
            Activity.next_steps,
        )
        .outerjoin(_a, _a.c.id == Activity.host_id)
        .outerjoin(_b, _b.c.id == Activity.recorder_id),
        more=(
            select(
                Lesson.activity_id, Lesson.title, Lesson.subject, Lesson.class_name, Lesson.grade,
                Lesson.edition, Lesson.receiving_class, _a.c.name, _b.c.name,
            )
            .join(_a, _a.c.id == Lesson.teacher_id)
            .outerjoin(_b, _b.c.id == Lesson.receiving_teacher_id),
            select(ActivityUnit.activity_id, School.name)
            .join(School, School.id == ActivityUnit.school_id),
            select(AgendaItem.activity_id, AgendaItem.content, Person.name)
            .outerjoin(Person, Person.id == AgendaItem.person_id),
            select(Duty.activity_id, Duty.task, Person.name)
            .outerjoin(Person, Person.id == Duty.person_id),
            select(Attendance.activity_id, Person.name)
            .join(Person, Person.id == Attendance.person_id),
        ),
        schools=(
            select(ActivityUnit.activity_id, ActivityUnit.school_id),
            select(Lesson.activity_id, func.coalesce(Lesson.school_id, Person.school_id))
            .join(Person, Person.id == Lesson.teacher_id),
        ),
    ),
    "observation": Source(
        select(
            Observation.id, func.coalesce(Observation.observed_on, Lesson.taught_on),
            (Lesson.title + "（" + _a.c.name + "）").label("title"),
            Lesson.subject, Lesson.class_name, Lesson.grade, Lesson.edition, _b.c.name,
            Observation.strengths, Observation.advice, Observation.overall,
        )
        .join(Lesson, Lesson.id == Observation.lesson_id)
        .join(_a, _a.c.id == Lesson.teacher_id)
        .join(_b, _b.c.id == Observation.observer_id),
        more=(
            select(ObservationStep.observation_id, ObservationStep.process, ObservationStep.comment)
            .order_by(ObservationStep.observation_id, ObservationStep.ordinal),
        ),
        schools=(
            select(Observation.id, func.coalesce(Lesson.school_id, Person.school_id))
            .join(Lesson, Lesson.id == Observation.lesson_id)
            .join(Person, Person.id == Lesson.teacher_id),
        ),
    ),
    "evidence": Source(
        select(
            Evidence.id, Evidence.dated_on, Evidence.title, Evidence.original_name, Evidence.author,
            Evidence.doc_no, Evidence.note, EvidenceText.text,
        ).outerjoin(EvidenceText, EvidenceText.sha256 == Evidence.sha256),
        schools=(
            select(EvidenceLink.evidence_id, Person.school_id)
            .join(Person, Person.id == EvidenceLink.person_id),
            select(EvidenceLink.evidence_id, ActivityUnit.school_id)
            .join(ActivityUnit, ActivityUnit.activity_id == EvidenceLink.activity_id),
        ),
    ),
}  # fmt: skip

PARTS: Mapping[str, Mapping[str, str]] = {
    "person_subject": {"person_id": "person"},
    "honour": {"person_id": "person"},
    "dispatch": {"person_id": "person"},
    "community_unit": {"community_id": "community"},
    "mentor_pair": {"community_id": "community", "agreement_id": "agreement"},
    "plan_item": {"plan_id": "plan"},
    "activity_unit": {"activity_id": "activity"},
    "agenda_item": {"activity_id": "activity"},
    "duty": {"activity_id": "activity"},
    "attendance": {"activity_id": "activity"},
    "lesson": {"activity_id": "activity"},
    "observation_step": {"observation_id": "observation"},
    "evidence_link": {"evidence_id": "evidence"},
}
"""Tables whose words belong to other records: the column that names the record, and its kind."""

IDLE_PARTS: Mapping[str, frozenset[str]] = {
    "evidence_link": frozenset({"assessment_item_id"}),
}
"""Parts that bring no words while they point there: filing a document does not read it again."""

NAMES: Mapping[str, frozenset[str]] = {
    "person": frozenset({"name", "school_id"}),
    "school": frozenset({"name", "short_name"}),
}
"""Columns that other records repeat, where not all of them are."""

MENTIONS: Mapping[str, tuple[tuple[str, str], ...]] = {
    "person": (
        ("activity", "host_id"), ("activity", "recorder_id"), ("agenda_item", "person_id"),
        ("attendance", "person_id"), ("community", "person_id"), ("duty", "person_id"),
        ("lesson", "teacher_id"), ("lesson", "receiving_teacher_id"), ("mentor_pair", "mentor_id"),
        ("mentor_pair", "mentee_id"), ("observation", "observer_id"), ("plan_item", "person_id"),
    ),
    "school": (
        ("activity_unit", "school_id"), ("community_unit", "school_id"),
        ("dispatch", "from_school_id"), ("dispatch", "to_school_id"), ("person", "school_id"),
    ),
    "lesson": (("observation", "lesson_id"),),
}  # fmt: skip
"""Where the names of a record are repeated: tables and the columns that point to it."""


@cache
def columns_used(table: str) -> frozenset[str]:
    """Columns of a table on which the index depends; a change of any other leaves it as it is."""
    used = set()
    for source in SOURCES.values():
        for query in (source.words, *source.more, *source.schools):
            for part in iterate(query):
                if isinstance(part, Column):
                    owner = getattr(part.table, "element", part.table)  # what an alias stands for
                    if getattr(owner, "name", "") == table:
                        used.add(str(part.key))
    return frozenset(used)
