"""Lines of the missing list, narrowed and counted in memory: typing a word must not reckon anew."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from app.services.standing.records import KIND_NAMES

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date

    from app.services.standing.records import Finding, FindingKind
    from app.services.standing.views import By, Missing

ALL = "*"
NOBODY = "-"
"""Id of the group of lines that belong to no activity, person or school."""
_BLANKS: Mapping[By, str] = {
    "activity": "（不属于某次活动）", "person": "（不落到个人）", "school": "（不落到单位）",
}  # fmt: skip
_PIECES = ("slot", "standing")
"""Kinds of findings that count pieces."""

Act = Literal["open", "put", "paper", "waive", "ignore", "done", "unignore"]


@dataclass(frozen=True, slots=True)
class Narrowing:
    """Which lines are shown."""

    name: str = ""
    """Of a kind, as the chip says; empty: all."""
    words: str = ""
    overdue: bool = False
    group: str = ALL


@dataclass(frozen=True, slots=True)
class GroupLine:
    """A heading at the left with how many lines it has."""

    id: str
    name: str
    count: int
    overdue: int


def group_of(one: Finding, by: By) -> str:
    """Id of the group in which a line stands."""
    if by == "activity":
        return one.activity_id or NOBODY
    return (one.person_id if by == "person" else one.school_id) or NOBODY


def narrowed(findings: Iterable[Finding], wanted: Narrowing) -> list[Finding]:
    """The lines of all groups that are wanted, in the order given."""
    words = wanted.words.casefold().split()
    return [
        one
        for one in findings
        if (not wanted.name or KIND_NAMES[one.kind] == wanted.name)
        and (not wanted.overdue or one.overdue)
        and (not words or _has(one, words))
    ]


def _has(one: Finding, words: Sequence[str]) -> bool:
    text = f"{one.what} {one.where} {one.who} {one.ignored}".casefold()
    return all(word in text for word in words)


def grouped(findings: Sequence[Finding], by: By, names: Mapping[str, str]) -> list[GroupLine]:
    """The groups of these lines, the one with most first; before them all together."""
    ids = [group_of(one, by) for one in findings]
    counts = Counter(ids)
    late = Counter(id_ for id_, one in zip(ids, findings, strict=True) if one.overdue)
    lines = [
        GroupLine(id_, names.get(id_) or _BLANKS[by], count, late[id_])
        for id_, count in counts.most_common()
    ]
    return [GroupLine(ALL, "全部", len(findings), late.total()), *lines]


@dataclass(frozen=True, slots=True)
class Arranged:
    """The lines that are wanted, and their groups."""

    wanted: Narrowing
    lines: list[Finding]
    groups: list[GroupLine]


def arranged(missing: Missing, wanted: Narrowing, by: By) -> Arranged:
    """What is shown of a list."""
    lines = narrowed(missing.findings, wanted)
    names = {one.id: one.name for one in missing.groups}
    return Arranged(wanted, lines, grouped(lines, by, names))


def chips(by_kind: Mapping[FindingKind, int]) -> list[tuple[str, int]]:
    """What the lines are called, and how many are called so."""
    found: Counter[str] = Counter()
    for kind, name in KIND_NAMES.items():
        found[name] += by_kind.get(kind, 0)
    return [(name, count) for name, count in found.items() if count]


def heading(missing: Missing) -> str:
    """What there should be, what is there, and what is lacking."""
    if not missing.demanded:
        return "方案还没有要求什么材料。"
    lacking = missing.demanded - missing.there
    words = f"应有 {missing.demanded} 份，已有 {missing.there} 份（{int(missing.percent)}%）"
    if not lacking:
        return f"{words}，都齐了"
    late = sum(
        one.count for one in missing.findings if one.kind in _PIECES and one.overdue
    )  # fmt: skip
    return f"{words}；还缺 {lacking} 份" + (f"，{late} 份已超期" if late else "")


def days_left(due: date | None, today: date) -> str:
    """How many days are left, or over."""
    if due is None:
        return ""
    days = (due - today).days
    if days == 0:
        return "今天到期"
    return f"还剩 {days} 天" if days > 0 else f"已超 {-days} 天"


def takes_pieces(one: Finding) -> bool:
    """Whether a file or a paper can be put on the line."""
    return bool(one.slot and one.target)


def possible(findings: Sequence[Finding]) -> frozenset[Act]:
    """What can be done with all of these lines together."""
    if not findings:
        return frozenset()
    if any(one.ignored for one in findings):
        return frozenset({"open", "unignore"})
    can: set[Act] = {"open", "ignore"}
    if all(takes_pieces(one) for one in findings):
        can |= {"put", "paper"}
        if all(one.waivable for one in findings):
            can.add("waive")
    if all(one.kind == "deadline" for one in findings):
        can.add("done")
    return frozenset(can)
