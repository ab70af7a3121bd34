"""All tables of an archive."""

from app.models.activity import (
    Activity,
    ActivityUnit,
    AgendaItem,
    Attendance,
    Duty,
    Lesson,
)
from app.models.assessment import (
    AssessmentItem,
    AssessmentScore,
    Draw,
    DrawPerson,
    EnteredValue,
    IgnoredFinding,
    Reminder,
    ReminderLine,
    SchemeAdoption,
    SchemeVersion,
    Waiver,
)
from app.models.base import Base, Record, new_id
from app.models.box import Box, BoxItem
from app.models.community import (
    Agreement,
    Appointment,
    Community,
    CommunityUnit,
    Dispatch,
    MentorPair,
    Plan,
    PlanItem,
    SchoolYear,
    Term,
)
from app.models.draft import Draft
from app.models.evidence import Evidence, EvidenceLink, EvidenceText, PaperReceipt
from app.models.journal import Batch, Entry
from app.models.observation import (
    Observation,
    ObservationScore,
    ObservationStep,
    Rubric,
    RubricGrade,
    RubricItem,
)
from app.models.paper import ArchivalCode, Certificate, ReportText, Template
from app.models.register import Honour, Person, PersonSubject, School
from app.models.search import SearchBody, SearchEntry
from app.models.setting import Setting

__all__ = [
    "Activity",
    "ActivityUnit",
    "AgendaItem",
    "Agreement",
    "Appointment",
    "ArchivalCode",
    "AssessmentItem",
    "AssessmentScore",
    "Attendance",
    "Base",
    "Batch",
    "Box",
    "BoxItem",
    "Certificate",
    "Community",
    "CommunityUnit",
    "Dispatch",
    "Draft",
    "Draw",
    "DrawPerson",
    "Duty",
    "EnteredValue",
    "Entry",
    "Evidence",
    "EvidenceLink",
    "EvidenceText",
    "Honour",
    "IgnoredFinding",
    "Lesson",
    "MentorPair",
    "Observation",
    "ObservationScore",
    "ObservationStep",
    "PaperReceipt",
    "Person",
    "PersonSubject",
    "Plan",
    "PlanItem",
    "Record",
    "Reminder",
    "ReminderLine",
    "ReportText",
    "Rubric",
    "RubricGrade",
    "RubricItem",
    "SchemeAdoption",
    "SchemeVersion",
    "School",
    "SchoolYear",
    "SearchBody",
    "SearchEntry",
    "Setting",
    "Template",
    "Term",
    "Waiver",
    "new_id",
]
