"""What the home page says at a glance: what is to be done, and how the archive is."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from app.services.evidence.catalogue import EvidenceCatalogue, Query, View
from app.services.register import MemberQuery, Register

if TYPE_CHECKING:
    from app.services.adoption import AdoptionView
    from app.services.boxes.service import BoxService

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
    boxes: int
    boxes_current: bool
    todos: tuple[Todo, ...]


def overview(
    adoption: AdoptionView,
    catalogue: EvidenceCatalogue,
    register: Register,
    boxes: BoxService,
) -> Overview:
    """Count what there is and what is to be done."""
    query = Query(adoption_id=adoption.id)
    evidence = catalogue.count(query)
    counts = [(catalogue.count(replace(query, view=view)), view, text) for view, text in _VIEWS]
    todos = [
        Todo(count, f"{count} 份材料{text}", "materials", view)
        for count, view, text in counts
        if count
    ]
    planned = boxes.boxes(adoption.id)
    current = boxes.is_current(adoption.id)
    if planned and not current:
        todos.append(Todo(1, "排盒之后材料有变动，需要重新排盒", "boxes", ""))
    members = register.count_members(MemberQuery(community_id=adoption.community_id))
    return Overview(evidence, members, len(planned), current, tuple(todos))
