"""What the activity services hand out: frozen values, never rows of the database."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from datetime import date, time

Status = Literal["expected", "present", "leave", "absent"]
SourceKind = Literal["members", "group", "school", "last", "everyone"]
SlotState = Literal["there", "missing", "waived", "optional", "idle", "extra"]
"""``idle``: wanted for each lesson, person or unit, and there is none yet."""
EntryKind = Literal["activity", "plan_item", "lesson"]


@dataclass(frozen=True, slots=True)
class Source:
    """Where participants are picked from; ``id`` is that of the group or school."""

    kind: SourceKind
    id: str = ""


@dataclass(frozen=True, slots=True)
class SourceChoice:
    """A source as a button names it, and how many people it holds."""

    source: Source
    label: str
    people: int


@dataclass(frozen=True, slots=True)
class Candidate:
    """A person who can be put on the sign-in list."""

    person_id: str
    name: str
    school: str
    there: bool
    """Already on the list."""


@dataclass(frozen=True, slots=True)
class Signed:
    """One line of the sign-in list."""

    id: str
    person_id: str
    name: str
    school: str
    status: Status
    status_name: str
    part: str
    signed_at: str
    leave_written: bool
    leave_reason: str
    warning: str
    """What does not fit, in words; empty: nothing."""


@dataclass(frozen=True, slots=True)
class Totals:
    """应到、实到、请假、缺席 of an activity, and whom nobody has marked yet."""

    expected: int
    present: int
    leave: int
    absent: int

    @property
    def open(self) -> int:
        """How many are not marked yet."""
        return self.expected - self.present - self.leave - self.absent

    @property
    def words(self) -> str:
        """The totals as the sign-in sheet writes them."""
        words = (
            f"应到 {self.expected} 人 · 实到 {self.present} 人 · "
            f"请假 {self.leave} 人 · 缺席 {self.absent} 人"
        )
        return f"{words} · 未签到 {self.open} 人" if self.open else words


@dataclass(frozen=True, slots=True)
class Roll:
    """The sign-in list with its totals."""

    lines: tuple[Signed, ...]
    totals: Totals


@dataclass(frozen=True, slots=True)
class Piece:
    """A file that fills a slot."""

    evidence_id: str
    title: str
    kind: str


@dataclass(frozen=True, slots=True)
class SlotView:
    """A material that an activity must leave, and how it stands."""

    key: str
    name: str
    state: SlotState
    need: int
    pieces: tuple[Piece, ...]
    demand: str = ""
    """How much of it, by whom and until when, in words."""
    waivable: bool = False
    reason: str = ""
    """Why it need not be there."""
    due: date | None = None
    overdue: bool = False

    @property
    def have(self) -> int:
        """How many pieces are there."""
        return len(self.pieces)

    @property
    def state_name(self) -> str:
        """The state in words."""
        match self.state:
            case "there":
                return "已有"
            case "waived":
                return "不适用"
            case "optional":
                return "可选"
            case "idle":
                return "暂不需要"
            case "extra":
                return "其他"
        return "超期" if self.overdue else "缺"


@dataclass(frozen=True, slots=True)
class StageLine:
    """A step of an activity's kind; ``lacking`` names the material without which it cannot be left."""

    name: str
    state: Literal["done", "now", "ahead"]
    gate: str
    lacking: str


@dataclass(frozen=True, slots=True)
class StagesView:
    """The steps of an activity; none: its kind has no steps."""

    lines: tuple[StageLine, ...]
    current: str
    following: str
    """Step that comes next; empty: it is at the last."""


@dataclass(frozen=True, slots=True)
class CalendarEntry:
    """Something that stands in the calendar, for one day or several."""

    kind: EntryKind
    id: str
    parent_id: str
    """Of a plan's line: the plan."""
    title: str
    label: str
    """Kind of activity in words."""
    first: date
    last: date
    starts_at: time | None
    ends_at: time | None
    place: str


@dataclass(frozen=True, slots=True)
class CalendarView:
    """Everything of a span of days: what has its days, and planned things known only to the month."""

    first: date
    last: date
    entries: tuple[CalendarEntry, ...]
    undated: tuple[CalendarEntry, ...]
    weeks: dict[date, str]
    """By Monday: the week of the term in words."""
    today: date

    def on(self, day: date) -> tuple[CalendarEntry, ...]:
        """What stands on a day: the longest first, then by time."""
        return tuple(entry for entry in self.entries if entry.first <= day <= entry.last)
