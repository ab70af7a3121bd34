"""The missing list as it is wanted: let pass or not, chosen, ordered, under headings."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

from app.services.standing.views import (
    By,
    Group,
    MissingQuery,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from app.services.standing.kept import Kept
    from app.services.standing.records import (
        DeadlineLine,
        Finding,
    )

_SEVERITIES = ("error", "warning", "notice")


def count_pieces(kept: Kept) -> tuple[int, int]:
    """Pieces demanded of activities and periods, and those that are there."""
    demanded = sum(state.demanded for state in kept.states.values())
    there = sum(state.there for state in kept.states.values())
    own = [one for one in kept.standing if not one.slot.optional and not one.waived]
    demanded += sum(one.slot.count for one in own)
    there += sum(one.slot.count - min(one.missing, one.slot.count) for one in own)
    return demanded, there


def reason_of(finding: Finding, kept: Kept) -> str:
    """Why a finding was let pass; of one person's share also where it was for all together."""
    if not kept.ignored:
        return ""
    whole = finding.key.rpartition(":")[0] if finding.kind == "slot" else ""
    return kept.ignored.get(finding.key) or kept.ignored.get(whole) or ""


def marked(finding: Finding, kept: Kept) -> Finding:
    """With the reason for which it was let pass."""
    reason = reason_of(finding, kept)
    return replace(finding, ignored=reason) if reason else finding


def is_wanted(one: Finding, wanted: MissingQuery) -> bool:
    """Whether a line is among those asked for."""
    return (
        bool(one.ignored) == wanted.ignored
        and (not wanted.kinds or one.kind in wanted.kinds)
        and (not wanted.overdue or one.overdue)
        and (not wanted.person_id or one.person_id == wanted.person_id)
        and (not wanted.school_id or one.school_id == wanted.school_id)
        and (not wanted.activity_id or one.activity_id == wanted.activity_id)
        and (not wanted.words or wanted.words in f"{one.what} {one.where} {one.who}")
    )


def worst_first(one: Finding) -> tuple[int, str, str, str]:
    """Sorts the list: the worst, then the most overdue."""
    due = one.due.isoformat() if one.due else "9"
    return _SEVERITIES.index(one.severity), due, one.where, one.what


def grouped(findings: Iterable[Finding], by: By, name: Callable[[str], str]) -> tuple[Group, ...]:
    """The headings of the list, the longest first."""
    counts, late, names = Counter[str](), Counter[str](), dict[str, str]()
    for one in findings:
        id_ = {"person": one.person_id, "school": one.school_id}.get(by, one.activity_id)
        counts[id_] += 1
        late[id_] += one.overdue
        if id_ and id_ not in names:
            names[id_] = name(id_) or one.who
    blank = {"person": "（不落到个人）", "school": "（不落到单位）"}.get(by, "（不属于某次活动）")
    return tuple(
        Group(id_, names.get(id_, blank), count, late[id_]) for id_, count in counts.most_common()
    )


def is_ticked(line: DeadlineLine, kept: Kept) -> bool:
    """Whether a deadline was marked as met by hand."""
    return f"deadline:{line.key}:{line.subject.id}:{line.on}" in kept.ignored
