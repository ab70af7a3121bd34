"""What the home page says at a glance: what is to be done, and how the archive is."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from app.services.entry.listing import Filter, Query
from app.services.evidence.catalogue import EvidenceCatalogue, View
from app.services.evidence.catalogue import Query as EvidenceQuery

if TYPE_CHECKING:
    from app.services.adoption import AdoptionView
    from app.services.boxes.service import BoxService
    from app.services.drafts import Drafts
    from app.services.entry.service import Entries

PAGES = {
    "school": "members", "person": "members", "community": "members", "agreement": "members",
    "mentor_pair": "members", "dispatch": "members", "plan": "activities", "activity": "activities",
    "lesson": "activities", "observation": "observations", "evidence": "materials",
}  # fmt: skip
"""Page on which records of a kind are looked at."""
_DRAFTS_NAMED = 3
_VIEWS: tuple[tuple[View, str], ...] = (
    ("unplaced", "还没有归入考核项"),
    ("no_pages", "不知道页数，页次算不准"),
    ("no_date", "没有日期，不知道是否在材料时段内"),
    ("unsealed", "没有标记“已盖章”"),
    ("faulty", "文件加密或损坏"),
)


@dataclass(frozen=True, slots=True)
class Todo:
    """Something to mend: how many, what, and the page and view where it is mended."""

    count: int
    text: str
    page: str
    view: str


@dataclass(frozen=True, slots=True)
class Overview:
    """The state of an archive for one adopted scheme."""

    evidence: int
    members: int
    activities: int
    observations: int
    boxes: int
    todos: tuple[Todo, ...]


def overview(
    adoption: AdoptionView,
    catalogue: EvidenceCatalogue,
    entries: Entries,
    boxes: BoxService,
    drafts: Drafts,
) -> Overview:
    """Count what there is and what is to be done; of activities only those of the school year."""
    evidence = EvidenceQuery(adoption_id=adoption.id)
    counts = [(catalogue.count(replace(evidence, view=view)), view, text) for view, text in _VIEWS]
    this_year = Query("activity", adoption.id, view="year")
    todos = [
        *_unfinished(drafts),
        *_lacking(entries, adoption),
        *(
            Todo(count, f"{count} 份材料{text}", "materials", view)
            for count, view, text in counts
            if count
        ),
    ]
    planned = boxes.boxes(adoption.id)
    if planned and not boxes.is_current(adoption.id):
        todos.append(Todo(1, "排盒之后材料有变动，需要重新排盒", "boxes", ""))
    return Overview(
        evidence=catalogue.count(evidence),
        members=entries.count(Query("person", adoption.id)),
        activities=entries.count(this_year),
        observations=entries.count(Query("observation", adoption.id, view="year")),
        boxes=len(planned),
        todos=tuple(todos),
    )


def _unfinished(drafts: Drafts) -> list[Todo]:
    """What was being typed when the program ended."""
    waiting = [draft for draft in drafts.all() if draft.key.split(":")[0] in PAGES]
    return [
        Todo(1, f"没写完：{draft.title}", PAGES[draft.key.split(":")[0]], "drafts")
        for draft in waiting[:_DRAFTS_NAMED]
    ]


_ACTIVITY_VIEWS = (
    ("overdue", "次活动的材料已经超期"),
    ("missing", "次活动缺材料"),
    ("no_sign_in", "次活动没有签到表"),
    ("no_minutes", "次活动没有活动记录"),
)


def _lacking(entries: Entries, adoption: AdoptionView) -> list[Todo]:
    starts, ends = adoption.starts_on.isoformat(), adoption.ends_on.isoformat()
    within = (Filter("held_on", "from", starts), Filter("held_on", "to", ends))
    found = []
    for view, text in _ACTIVITY_VIEWS:
        count = entries.count(Query("activity", adoption.id, view=view, filters=within))
        if count:
            found.append(Todo(count, f"{count} {text}", "activities", view))
    plans = entries.count(Query("plan", adoption.id, view="overdue"))
    if plans:
        found.append(
            Todo(plans, f"{plans} 份计划里有过了时间还没办的事", "activities", "plan:overdue")
        )
    return found
