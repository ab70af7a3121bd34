"""What the standing of an archive looks like from outside: lists, tables, results."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping
    from decimal import Decimal

    from app.services.standing.grades import Given
    from app.services.standing.points import Advice, ItemPoints
    from app.services.standing.recognition import Recognised
    from app.services.standing.records import (
        DeadlineLine,
        Finding,
        FindingKind,
        Milestone,
        QuotaLine,
    )
    from app.services.standing.roster import Subject
    from app.services.standing.scores import Evaluation

By = Literal["activity", "person", "school"]


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
