"""Lines of quotas: what they say, how they are narrowed, and what they come to."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.services.standing.quotas import plain

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date

    from app.services.standing.records import QuotaLine, Status

STATUSES: Mapping[Status, tuple[str, str, str]] = {
    "missed": ("circle-x", "error", "未完成"),
    "behind": ("triangle-alert", "warning", "落后"),
    "unsure": ("circle-question-mark", "text_muted", "缺资料"),
    "on-course": ("clock", "accent", "按进度"),
    "reached": ("circle-check", "success", "已完成"),
}
"""Icon, colour and word of each status, the worst first."""
RANK: Mapping[Status, int] = {status: number for number, status in enumerate(STATUSES)}
NOW, EVERY = "now", ""


@dataclass(frozen=True, slots=True)
class Row:
    """A line with the school to which its subject belongs."""

    line: QuotaLine
    school: str

    @property
    def id(self) -> str:
        """Known again by it when the lines are made anew."""
        line = self.line
        return f"{line.quota}:{line.subject.id}:{line.span.starts}:{line.name}"


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which lines are shown; empty: all."""

    quota: str = ""
    status: str = ""
    school: str = ""
    period: str = NOW
    """``now``: periods that hold today; else the name of one."""
    words: str = ""


def narrowed(rows: Iterable[Row], wanted: Wanted, today: date) -> list[Row]:
    """The wanted rows, the worst first."""
    words = wanted.words.casefold().split()
    found = [
        row
        for row in rows
        if (not wanted.quota or row.line.quota == wanted.quota)
        and (not wanted.status or row.line.status == wanted.status)
        and (not wanted.school or row.school == wanted.school)
        and (
            row.line.span.holds(today)
            if wanted.period == NOW
            else not wanted.period or row.line.span.name == wanted.period
        )
        and _has(row, words)
    ]
    return sorted(found, key=lambda row: (RANK[row.line.status], share(row.line), row.line.name))


def _has(row: Row, words: Sequence[str]) -> bool:
    text = f"{row.line.subject.name} {row.school} {row.line.name}".casefold()
    return all(word in text for word in words)


def share(line: QuotaLine) -> float:
    """How much of a quota is done, from 0 to 1."""
    if line.required is None:
        most = line.at_most
        return 0.0 if not most else min(float(line.done / most), 1.0)
    return min(float(line.done / line.required), 1.0) if line.required else 1.0


def figures(line: QuotaLine) -> str:
    """Done and wanted in a few characters."""
    if line.required is not None:
        return f"{plain(line.done)} / {plain(line.required)} {line.unit}"
    if line.at_most is not None:
        return f"{plain(line.done)}，最多 {plain(line.at_most)} {line.unit}"
    return f"{plain(line.done)} {line.unit}"


def outlook(line: QuotaLine) -> str:
    """What is to be expected, in words: what the line says beyond its figures."""
    if line.uncertain:
        return line.uncertain
    _have, mark, rest = line.words.partition("；")
    return rest.removeprefix("按目前进度，") if mark else line.words.partition("，")[2]


def counted(rows: Sequence[Row]) -> str:
    """How many lines there are of each status."""
    if not rows:
        return "没有任务"
    counts = Counter(row.line.status for row in rows)
    parts = [f"{counts[status]} 条{STATUSES[status][2]}" for status in STATUSES if counts[status]]
    return f"共 {len(rows)} 条：" + "，".join(parts)
