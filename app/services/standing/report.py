"""The self-assessment report: the table as it stands, with what proves it and what was let pass."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from app.services.standing.figures import shown

if TYPE_CHECKING:
    from datetime import date

    from app.services.adoption import Adoptions, AdoptionView
    from app.services.standing.entered import Ignored
    from app.services.standing.entering import Entering
    from app.services.standing.points import Advice, ItemPoints
    from app.services.standing.roster import Subject
    from app.services.standing.service import Standing
    from app.services.standing.views import GroupPoints, TableView

MISSING = "缺"


@dataclass(frozen=True, slots=True)
class ReportItem:
    """An item of the table with the titles of what proves it."""

    points: ItemPoints
    proof: tuple[str, ...]

    @property
    def how(self) -> str:
        """How the points came about, or which facts are missing."""
        told = [self.points.words] if self.points.words else []
        return "；".join([*told, *(f"{MISSING}：{one}" for one in self.points.lacking)])


@dataclass(frozen=True, slots=True)
class ReportGroup:
    """A group of the table."""

    no: str
    name: str
    highest: Decimal | None
    points: Decimal
    items: tuple[ReportItem, ...]


@dataclass(frozen=True, slots=True)
class SelfReport:
    """All that a self-assessment report says."""

    community: str
    subject: str
    period: str
    scheme: str
    made_on: date
    table: TableView
    groups: tuple[ReportGroup, ...]
    points: Decimal
    highest: Decimal | None
    """None: some item has no upper limit."""
    lacking: tuple[str, ...]
    advice: tuple[Advice, ...]
    ignored: tuple[Ignored, ...]

    @property
    def lost(self) -> Decimal:
        """Points lost where it is known how many there are."""
        return sum((lost(group) for group in self.table.groups), Decimal(0))

    @property
    def total(self) -> str:
        """The result in words; where facts are missing it is only what is known so far."""
        of = "" if self.highest is None else f"，满分 {shown(self.highest)} 分"
        if self.lacking:
            return f"已知 {shown(self.points)} 分{of}；还缺 {len(self.lacking)} 项事实，合计未定"
        return f"合计 {shown(self.points)} 分{of}"


def self_report(
    adoptions: Adoptions,
    standing: Standing,
    entering: Entering,
    adoption: AdoptionView,
    subject: Subject,
    *,
    made_on: date,
) -> SelfReport:
    """The report of a subject as things stand now."""
    table = standing.table(adoption.id, subject)
    groups = tuple(
        ReportGroup(
            group.no, group.name, group_highest(group), group.points,
            tuple(
                ReportItem(
                    item,
                    tuple(one.words for one in standing.proof(adoption.id, item.no, subject)),
                )
                for item in group.items
            ),
        )
        for group in table.groups
    )  # fmt: skip
    scheme = adoptions.scheme(adoption.id).scheme
    return SelfReport(
        adoption.community_name, subject.name, adoption.period, scheme.name, made_on, table, groups,
        table.points, highest(table), table.lacking, table.advice,
        tuple(entering.ignored(adoption.id).values()),
    )  # fmt: skip


def lost(group: GroupPoints) -> Decimal:
    """What a group lost in items whose points are known, within what the group can give at all."""
    own = sum((item.lost for item in group.items if item.points is not None), Decimal(0))
    return own if group.highest is None else min(own, max(group.highest - group.points, Decimal(0)))


def group_highest(group: GroupPoints) -> Decimal | None:
    """The most that a group can give; None where some item has no upper limit."""
    if group.highest is not None:
        return group.highest
    own = [item.highest for item in group.items if item.highest is not None]
    return sum(own, Decimal(0)) if len(own) == len(group.items) else None


def highest(table: TableView) -> Decimal | None:
    """The most that the whole table can give; None where there is no upper limit."""
    own = [one for group in table.groups if (one := group_highest(group)) is not None]
    return sum(own, Decimal(0)) if len(own) == len(table.groups) else None
