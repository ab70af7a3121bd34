"""What an import is asked to do, and what it did or would do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping

    from app.services.imports.table import Refusal, Remark, Table

Policy = Literal["update", "fill", "skip", "both"]
"""What becomes of a record that is there already; an empty cell never changes anything.

update: what differs is taken over; fill: only blanks are filled, the rest is reported; skip: it stays
as it is; both: the row becomes another record.
"""
POLICY_NAMES: Mapping[str, str] = {
    "update": "用表里的内容更新",
    "fill": "只补空白，不改已有内容",
    "skip": "跳过，保持原样",
    "both": "另建一条，两条都留",
}

State = Literal["created", "updated", "unchanged", "duplicate", "rejected"]
STATE_NAMES: Mapping[str, str] = {
    "created": "新增",
    "updated": "更新",
    "unchanged": "不变",
    "duplicate": "重复",
    "rejected": "退回",
}


@dataclass(frozen=True, slots=True)
class Options:
    """How an import deals with what it meets."""

    community_id: str | None = None
    """The community imported into; its newest school year dates what has no year."""
    policy: Policy = "update"
    create_missing: bool = False
    """Whether people and schools that are only named (in activities, observations) are made."""


@dataclass(frozen=True, slots=True)
class Difference:
    """A value of the file that differs from the archive's; private numbers are masked."""

    row: int
    name: str
    field: str
    old: str
    new: str
    applied: bool


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What an import did, or with ``dry_run`` would do."""

    table: Table[Any]
    rows: int
    """Rows that are records; the next three count records, of which a row may hold several."""
    created: int
    updated: int
    unchanged: int
    duplicates: tuple[tuple[int, int], ...]
    """(row, earlier row) about the same record, counted once."""
    rejected: tuple[Refusal, ...]
    differences: tuple[Difference, ...]
    new_schools: tuple[str, ...]
    new_people: tuple[str, ...]
    """People that are made only because they are named."""
    remarks: tuple[Remark, ...]
    states: Mapping[int, State]
    """Row number → what becomes of it."""
    dry_run: bool

    @property
    def problems(self) -> dict[tuple[int, int], str]:
        """(row number, column from 0) → why that cell is refused; column -1: the row as a whole."""
        found: dict[tuple[int, int], str] = {}
        for one in self.rejected:
            place = one.row, one.at
            found[place] = f"{found[place]}；{one.reason}" if place in found else one.reason
        return found

    @property
    def rejected_rows(self) -> int:
        """How many rows stay outside."""
        return len({one.row for one in self.rejected})
