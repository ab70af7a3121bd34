"""What the scoring view shows, read at once beside the window."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from app.services.standing.figures import shown
from app.services.standing.report import highest, lost

if TYPE_CHECKING:
    from collections.abc import Mapping

    from app.bootstrap import Services
    from app.services.adoption import AdoptionView
    from app.services.schemes.assessment import Item
    from app.services.standing.entered import PointsView
    from app.services.standing.points import ItemPoints
    from app.services.standing.roster import Subject
    from app.services.standing.views import GroupPoints, TableView


@dataclass(frozen=True, slots=True)
class Line:
    """An item of the table with all that is known of it for the chosen subject."""

    item: Item
    item_id: str
    points: ItemPoints
    """As the evidence gives it; of items scored by hand as they were given."""
    own: PointsView | None
    """What the subject gave itself."""
    given: Mapping[str, PointsView]
    """What each assessor gave, by name."""

    @property
    def by_hand(self) -> bool:
        """Whether nothing can be counted here."""
        return self.item.score.by == "hand"

    @property
    def mean(self) -> Decimal | None:
        """The assessors' points as one."""
        given = [one.points for one in self.given.values()]
        return sum(given, Decimal(0)) / len(given) if given else None

    @property
    def spread(self) -> Decimal | None:
        """How far the assessors are apart; None where fewer than two gave points."""
        given = [one.points for one in self.given.values()]
        return max(given) - min(given) if len(given) > 1 else None

    @property
    def state(self) -> tuple[str, str, str]:
        """Icon, colour and word of how the item stands."""
        points = self.points
        if points.points is None:
            by_hand = "pencil", "accent", "待人工评"
            return by_hand if self.by_hand else ("circle-question-mark", "warning", "缺资料")
        if points.lacking:
            return "circle-question-mark", "warning", "缺资料"
        if points.highest is None:
            empty = points.points == 0
            return (
                ("circle-slash", "error", "没有材料") if empty else ("check", "success", "有得分")
            )
        if points.points >= points.highest:
            return "circle-check", "success", "满分"
        if points.points == 0 and not self.by_hand:
            return "circle-slash", "error", "没有材料"
        return "triangle-alert", "warning", f"失 {shown(points.lost)} 分"


@dataclass(frozen=True, slots=True)
class State:
    """The table of one subject and everything given for it."""

    subjects: tuple[Subject, ...]
    table: TableView
    lines: Mapping[str, Line]
    """By number of the item."""
    assessors: tuple[str, ...]
    deducted: Mapping[str, str]
    """How often a deduction was entered, by ``no/name``."""
    notes: tuple[str, ...] = ()

    @property
    def subject(self) -> Subject:
        """Whose table it is."""
        return self.table.subject

    @property
    def head(self) -> str:
        """The total in words; with facts missing it is only what is known."""
        most = highest(self.table)
        of = "" if most is None else f" / {shown(most)}"
        word = "已知" if self.table.lacking else "合计"
        return f"{word} {shown(self.table.points)}{of} 分"

    @property
    def lost(self) -> Decimal:
        """Points lost where it is known."""
        return sum((lost(group) for group in self.table.groups), Decimal(0))

    def assessor_total(self, assessor: str) -> tuple[Decimal, int]:
        """What an assessor gave so far, within the highest points of groups, and for how many items."""
        total, count = Decimal(0), 0
        for group in self.table.groups:
            given = [
                one.points
                for item in group.items
                if (one := self.lines[item.no].given.get(assessor)) is not None
            ]
            points = sum(given, Decimal(0))
            total += points if group.highest is None else min(points, group.highest)
            count += len(given)
        return total, count


def read_state(services: Services, adoption: AdoptionView, subject_id: str) -> State:
    """All of it, for a subject (the first where that one is not assessed)."""
    subjects = services.standing.subjects(adoption.id)
    whose = next((one for one in subjects if one.id == subject_id), None)
    table = services.standing.table(adoption.id, whose)
    items = {one.no: one for one in services.adoptions.items(adoption.id) if one.parent_id}
    scheme = services.adoptions.scheme(adoption.id)
    wanted = {item.no: item for group in scheme.table for item in group.items}
    mine = _mine(subjects, table.subject, adoption.community_id)
    points = [one for one in services.entering.points(adoption.id) if one.subject.id in mine]
    lines = {
        item.no: _line(item, wanted[item.no], items[item.no].id, points)
        for group in table.groups
        for item in group.items
    }
    deducted = {
        one.key: shown(one.number)
        for one in services.entering.values(adoption.id)
        if one.kind == "deduction" and one.subject.id in mine and one.number is not None
    }
    assessors = services.entering.assessors(adoption.id)
    return State(subjects or (table.subject,), table, lines, assessors, deducted)


def _mine(subjects: tuple[Subject, ...], subject: Subject, community_id: str) -> frozenset[str]:
    """Ids under which points of a subject are kept: those of the only one also under the whole's."""
    only = len(subjects) <= 1 and subject.kind == "community"
    return frozenset({subject.id, community_id} if only else {subject.id})


def _line(points: ItemPoints, item: Item, item_id: str, given: list[PointsView]) -> Line:
    here = [one for one in given if one.item_id == item_id]
    own = next((one for one in here if one.role == "self"), None)
    return Line(
        item, item_id, points, own,
        {one.assessor: one for one in here if one.role == "assessor"},
    )  # fmt: skip


def group_words(group: GroupPoints) -> str:
    """Points of a group out of its highest."""
    from app.services.standing.report import group_highest

    most = group_highest(group)
    return shown(group.points) + ("" if most is None else f" / {shown(most)}")
