"""What an observation consists of, as forms fill it in and lists show it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from app.errors import ConflictError, ValidationError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

View = Literal["all", "no_score", "no_comment"]
"""Built-in views: everything, without a score, without strengths, advice and overall comment."""

SortKey = Literal["date", "teacher", "observer", "score", "title"]


@dataclass(frozen=True, slots=True)
class Step:
    """A stretch of the lesson: 教学过程 | 评析, and the minute at which it begins."""

    process: str = ""
    comment: str = ""
    minute: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """An observation with its lesson, as it is filled in; ``year_group`` is the 年级."""

    teacher_id: str = ""
    observer_id: str = ""
    day: date | None = None
    period: str = ""
    class_name: str = ""
    subject: str = ""
    title: str = ""
    lesson_kind: str = ""
    form: str = ""
    year_group: str = ""
    school_id: str | None = None
    activity_id: str | None = None
    hours: int = 1
    steps: tuple[Step, ...] = ()
    strengths: str = ""
    advice: str = ""
    overall: str = ""
    rubric_id: str | None = None
    points: Mapping[str, float] = field(default_factory=dict)
    """Points by the id of the rubric's item; all items filled in give the score."""
    score: float | None = None
    """The total where it is typed as such, without points of a rubric."""
    grade: str = ""
    """The grade where no rubric decides it."""
    reason: str = ""
    """Why what looks doubtful is right."""


@dataclass(frozen=True, slots=True)
class Doubt:
    """Something that looks wrong and may be confirmed with a reason; ``field`` of the entry."""

    field: str
    text: str


class EntryError(ValidationError):
    """Fields that cannot be taken as they are, each with its sentence."""

    def __init__(self, fields: Mapping[str, str]) -> None:
        super().__init__("".join(fields.values()))
        self.fields = dict(fields)


class ReasonNeededError(ConflictError):
    """The entry is doubtful: it can be saved with a reason."""

    def __init__(self, doubts: tuple[Doubt, ...]) -> None:
        super().__init__("".join(doubt.text for doubt in doubts), "确实如此，请写明原因再保存。")
        self.doubts = doubts


@dataclass(frozen=True, slots=True)
class Named:
    """A person or school that a field points to; ``hint`` tells those of one name apart."""

    id: str
    name: str
    hint: str = ""


@dataclass(frozen=True, slots=True)
class ObservationDetail:
    """One record with everything a page shows of it."""

    id: str
    lesson_id: str
    entry: Entry
    score: float | None
    grade: str
    teacher: Named
    observer: Named
    school: str
    activity: str
    fellows: int
    """Other observers of the same lesson."""


@dataclass(frozen=True, slots=True)
class ObservationRow:
    """A line of the list."""

    id: str
    lesson_id: str
    day: date | None
    period: str
    teacher: str
    school: str
    class_name: str
    subject: str
    title: str
    lesson_kind: str
    observer: str
    hours: int
    score: float | None
    grade: str


@dataclass(frozen=True, slots=True)
class Query:
    """Which observations, in which order."""

    words: str = ""
    view: View = "all"
    teacher_id: str | None = None
    observer_id: str | None = None
    school_id: str | None = None
    """Where the lesson was taught."""
    subject: str = ""
    lesson_id: str | None = None
    activity_id: str | None = None
    since: date | None = None
    until: date | None = None
    sort: SortKey = "date"
    descending: bool = True


@dataclass(frozen=True, slots=True)
class Period:
    """A school year or term by which the list can be narrowed."""

    name: str
    since: date
    until: date


@dataclass(frozen=True, slots=True)
class Seen:
    """One observer's record beside the others of the same lesson."""

    id: str
    observer: str
    score: float | None
    grade: str
    strengths: str
    advice: str
    overall: str


@dataclass(frozen=True, slots=True)
class Compared:
    """An item of the rubric: points of each observer in turn, their mean, highest minus lowest."""

    name: str
    full: float
    points: tuple[float | None, ...]
    mean: float | None
    spread: float | None


@dataclass(frozen=True, slots=True)
class Comparison:
    """Several observers of one lesson side by side."""

    lesson: str
    observers: tuple[Seen, ...]
    items: tuple[Compared, ...]
    total: Compared
    """The totals of all observers (``full``: of the rubric, where all used the same one)."""


@dataclass(frozen=True, slots=True)
class Habits:
    """What a teacher's last observed lesson suggests for the next."""

    class_name: str = ""
    subject: str = ""
    year_group: str = ""
