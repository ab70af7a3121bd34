"""What the standing of an archive is told in: findings, progress, deadlines."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from datetime import date
    from decimal import Decimal

    from app.services.standing.periods import Span
    from app.services.standing.roster import Subject

FindingKind = Literal[
    "slot",  # a material of an activity or a lesson is not there
    "standing",  # a material due in each period is not there
    "quota",  # a quota whose period is over was not reached
    "deadline",  # a deadline has passed
    "unsure",  # a rule cannot be applied: a fact is missing
    "window",  # evidence made outside its window
    "seal",  # evidence without the seal it needs
    "late",  # evidence came after its last day
    "duplicate",  # the same record twice
    "copy",  # text copied from another record
    "overlap",  # one person in two places at the same time
    "absent",  # marked absent, but taught or observed
    "limit",  # too many or too few units, roles, years of agreement
]
Severity = Literal["error", "warning", "notice"]
Status = Literal["reached", "on-course", "behind", "missed", "unsure"]

KIND_NAMES: dict[FindingKind, str] = {
    "slot": "缺材料", "standing": "缺材料", "quota": "任务未完成", "deadline": "到期未交",
    "unsure": "缺资料", "window": "不在材料时段", "seal": "未盖章", "late": "迟交",
    "duplicate": "重复", "copy": "内容雷同", "overlap": "时间冲突", "absent": "考勤矛盾",
    "limit": "人数家数不符",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the missing list."""

    key: str
    """Known again by it, when the list is made anew: for ignoring and for reminders."""
    kind: FindingKind
    severity: Severity
    what: str
    """What is wrong, e.g. 缺教学设计 1 份."""
    where: str
    """Of what: the activity with its day, or the period."""
    record: str = ""
    """Where it is mended: ``activity:<id>``, ``person:<id>``, ``evidence:<id>``; empty: nowhere yet."""
    activity_id: str = ""
    person_id: str = ""
    school_id: str = ""
    who: str = ""
    """Whose it is to mend, in words."""
    slot: str = ""
    """The slot that a file dropped on the line fills, with ``target``."""
    target: str = ""
    """``activity:<id>``, or lesson, person, school, community, pair."""
    count: int = 1
    """How many are missing."""
    due: date | None = None
    overdue: bool = False
    waivable: bool = False
    ignored: str = ""
    """Why it was let pass; empty: it was not."""
    counts_on: date | None = None
    """A day of the period for which a piece put there is to count; None: for the day it is of."""


@dataclass(frozen=True, slots=True)
class QuotaLine:
    """How far one subject is with one quota in one period."""

    quota: str
    name: str
    subject: Subject
    span: Span
    done: Decimal
    required: Decimal | None
    """None: not known, see ``uncertain``; or there is only an upper limit."""
    status: Status
    words: str
    """已完成 6 / 10 节；按目前进度，学期末差 3 节."""
    forecast: Decimal | None = None
    at_most: Decimal | None = None
    uncertain: str = ""
    """The fact that is missing to say whether the quota holds for this subject."""
    unit: str = "次"

    @property
    def reached(self) -> bool | None:
        """Whether it is done; None: it cannot be said."""
        return None if self.status == "unsure" else self.status == "reached"


@dataclass(frozen=True, slots=True)
class Milestone:
    """So much of a quota, or of several, by a day."""

    name: str
    by: date
    wanted_percent: int
    percent: Decimal
    """Of what was asked for the whole period, done by that day or until today."""
    reached: bool | None
    """None: the day has not come yet and it is not reached."""


@dataclass(frozen=True, slots=True)
class DeadlineLine:
    """Something to hand in by a day."""

    key: str
    name: str
    subject: Subject
    on: date
    days_left: int
    done: bool | None
    """None: nothing in the archive can tell."""
    handed_by: str = ""
    to: str = ""
    slot: str = ""
    """The material that it is about."""
