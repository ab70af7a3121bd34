"""Fonts of this machine, and the characters of this archive that none of them has."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from app.models import (
    Activity,
    AgendaItem,
    Agreement,
    Certificate,
    Community,
    Duty,
    Evidence,
    Honour,
    Lesson,
    Observation,
    Person,
    Plan,
    PlanItem,
    ReportText,
    Rubric,
    RubricItem,
    School,
)
from app.progress import NoProgress

if TYPE_CHECKING:
    from sqlalchemy.orm import InstrumentedAttribute, Session

    from app.progress import Progress
    from app.services.documents.font_roles import RoleView
    from app.services.documents.fonts import FontLibrary
    from app.services.unit_of_work import UnitOfWork

_PRINTED: tuple[tuple[str, tuple[InstrumentedAttribute[str], ...]], ...] = (
    ("教师", (Person.name, Person.title, Person.office, Person.note)),
    ("单位", (School.name, School.short_name, School.district, School.note)),
    ("共同体", (Community.name, Community.name_plate, Community.note)),
    ("活动", (Activity.title, Activity.theme, Activity.place, Activity.minutes, Activity.outcome,
            Activity.next_steps)),
    ("议程", (AgendaItem.content,)),
    ("分工", (Duty.task,)),
    ("课", (Lesson.title, Lesson.class_name, Lesson.receiving_class)),
    ("听课记录", (Observation.strengths, Observation.advice, Observation.overall)),
    ("材料", (Evidence.title, Evidence.author, Evidence.doc_no, Evidence.remarks, Evidence.note)),
    ("计划", (Plan.title, Plan.text)),
    ("计划中的活动", (PlanItem.theme, PlanItem.place, PlanItem.note)),
    ("荣誉", (Honour.name, Honour.awarded_by)),
    ("证书", (Certificate.name, Certificate.school, Certificate.body, Certificate.issuer)),
    ("协议", (Agreement.title, Agreement.text)),
    ("报告", (ReportText.text,)),
    ("量规", (Rubric.name,)),
    ("量规的项目", (RubricItem.name, RubricItem.guidance)),
)  # fmt: skip
"""What may be printed: the name of its kind, and its texts; the first is what it is called."""
_PLACES = 20
"""So many places of a character are told."""
_AT_ONCE = 1000
_CALLED = 30


@dataclass(frozen=True, slots=True)
class MissingCharacter:
    """A character that no font of this machine has."""

    character: str
    code: str
    places: tuple[str, ...]
    count: int
    """Records in which it stands."""


@dataclass(slots=True)
class _Found:
    places: list[str] = field(default_factory=list)
    count: int = 0


class Fonts:
    """Fonts as the documents of this archive need them."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._uow = uow

    def roles(self, *, anew: bool = False) -> tuple[RoleView, ...]:
        """Which font serves which role; ``anew`` looks at the machine again."""
        from app.services.documents import font_roles, fonts

        if anew:
            fonts.renew()
        return font_roles.roles(fonts.library())

    def missing(self, progress: Progress | None = None) -> tuple[MissingCharacter, ...]:
        """Characters of names, titles and texts that no font has, with the places where they stand."""
        from app.services.documents.fonts import library

        progress = progress or NoProgress()
        found: dict[str, _Found] = {}
        drawn: set[str] = set("\n")
        with self._uow.read() as session:
            for number, (kind, texts) in enumerate(_PRINTED, start=1):
                _look(session, (kind, texts), (drawn, found), library())
                progress.report(number, len(_PRINTED), f"查{kind}")
        return tuple(
            MissingCharacter(one, f"U+{ord(one):04X}", tuple(at.places), at.count)
            for one, at in sorted(found.items())
        )


def _look(
    session: Session,
    printed: tuple[str, tuple[InstrumentedAttribute[str], ...]],
    known: tuple[set[str], dict[str, _Found]],
    fonts: FontLibrary,
) -> None:
    """Look through one kind of record; characters that are drawn are asked for once only."""
    from app.services.documents.lines import plain

    (kind, texts), (drawn, found) = printed, known
    song = fonts.role("song")
    columns = [func.coalesce(column, "") for column in texts]
    for row in session.execute(select(*columns).execution_options(yield_per=_AT_ONCE)):
        characters = set(plain("".join(row))) - drawn
        for one in characters:
            song[one]  # asks every font
        drawn |= characters - song.missing
        for one in characters & song.missing:
            at = found.setdefault(one, _Found())
            at.count += 1
            if len(at.places) < _PLACES:
                at.places.append(f"{kind}“{_called(row[0])}”")


def _called(text: str) -> str:
    first = " ".join(text.split())
    return first if len(first) <= _CALLED else f"{first[:_CALLED]}…"
