"""What is typed for an assessment, as it is read back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from datetime import date
    from decimal import Decimal

    from app.services.standing.roster import Subject

ValueKind = Literal["input", "deduction", "figure", "grade"]
ScoreRole = Literal["self", "assessor"]


@dataclass(frozen=True, slots=True)
class Ignored:
    """A finding that was let pass: its words then, why, and on which day."""

    words: str
    reason: str
    on: date


@dataclass(frozen=True, slots=True)
class PaperView:
    """A paper that was handed in."""

    id: str
    slot: str
    owner_id: str | None
    owner: str
    copies: int
    on: date
    place: str


@dataclass(frozen=True, slots=True)
class WaiverView:
    """A material that need not be there; ``person_id``, ``school_id``: of an activity's only theirs."""

    id: str
    target: str
    slot: str
    reason: str
    person_id: str | None = None
    school_id: str | None = None


@dataclass(frozen=True, slots=True)
class EnteredView:
    """A figure or a word that came from outside."""

    id: str
    kind: ValueKind
    key: str
    subject: Subject
    number: Decimal | None
    word: str
    term: int | None
    years_back: int
    note: str


@dataclass(frozen=True, slots=True)
class Typed:
    """A value as somebody typed it; None takes it out again."""

    kind: ValueKind
    key: str
    subject: Subject | None
    value: float | Decimal | str | None
    term: int | None = None
    years_back: int = 0


@dataclass(frozen=True, slots=True)
class PointsView:
    """Points given to a subject for an item; ``assessor`` is empty where it gave them itself."""

    id: str
    item_id: str
    subject: Subject
    role: ScoreRole
    assessor: str
    points: Decimal
    comment: str


@dataclass(frozen=True, slots=True)
class Combined:
    """The assessors' points for an item as one: their mean, which is not rounded."""

    points: Decimal
    assessors: tuple[str, ...]

    @property
    def words(self) -> str:
        """How it came about."""
        if len(self.assessors) == 1:
            return f"{self.assessors[0]}评分"
        return f"{len(self.assessors)} 位考核人（{'、'.join(self.assessors)}）的平均分"
