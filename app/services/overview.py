"""What the home page says at a glance: what is due, missing, in progress and to be done, kept up to date.

After a change only what it touched is counted again: the page must be right at once also in the
archive of a county.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from app.errors import AppError
from app.services.entry.listing import Filter, Query
from app.services.evidence.catalogue import EvidenceCatalogue, View
from app.services.evidence.catalogue import Query as EvidenceQuery
from app.services.standing.records import KIND_NAMES

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import date

    from app.services.adoption import AdoptionView
    from app.services.boxes.service import BoxService
    from app.services.drafts import Drafts
    from app.services.entry.service import Entries
    from app.services.standing.records import DeadlineLine, QuotaLine
    from app.services.standing.service import Standing
    from app.services.standing.views import Summary
    from app.services.unit_of_work import Changes, UnitOfWork

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
_TOO_MANY = 500
"""More pieces changed at once: they are counted anew."""
_UNITS = {
    "person": "人", "unit": "个单位", "community": "个共同体", "group": "个小组", "pair": "对",
    "activity": "次活动", "lesson": "节课",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Todo:
    """Something to mend: how many, what, and the page and view where it is mended."""

    count: int
    text: str
    page: str
    view: str


@dataclass(frozen=True, slots=True)
class Ahead:
    """Something that is due on a day that has not passed yet."""

    name: str
    on: date
    days_left: int
    text: str
    """How many have handed it in, in words."""


@dataclass(frozen=True, slots=True)
class QuotaState:
    """How far everybody together is with one quota in the present period."""

    key: str
    name: str
    share: float
    """From 0 to 1, for a bar; nobody's surplus helps another."""
    text: str
    """23/41 人完成，6 人按目前进度完不成."""
    lagging: int
    """How many have missed it or will."""


@dataclass(frozen=True, slots=True)
class Overview:
    """The state of an archive for one adopted scheme."""

    evidence: int
    members: int
    activities: int
    observations: int
    boxes: int
    todos: tuple[Todo, ...]
    missing: Summary
    ahead: tuple[Ahead, ...]
    quotas: tuple[QuotaState, ...]
    """The worst first."""

    @property
    def gaps(self) -> tuple[Todo, ...]:
        """The missing list by what its lines are called, the most first."""
        counts: dict[str, int] = {}
        kinds: dict[str, str] = {}
        for kind, name in KIND_NAMES.items():
            if count := self.missing.by_kind.get(kind, 0):
                counts[name] = counts.get(name, 0) + count
                kinds.setdefault(name, kind)
        return tuple(
            Todo(count, f"{name} {count} 条", "assessment", f"missing:{kinds[name]}")
            for name, count in sorted(counts.items(), key=lambda one: -one[1])
        )


@dataclass(slots=True)
class _Counted:
    """Counts of one adopted scheme, with the day on which they were made."""

    today: date
    pieces: dict[View, set[str]]
    numbers: dict[str, int] = field(default_factory=dict)


class Overviews:
    """The overview of each adopted scheme of one archive."""

    def __init__(
        self,
        uow: UnitOfWork,
        *,
        catalogue: EvidenceCatalogue,
        entries: Entries,
        boxes: BoxService,
        drafts: Drafts,
        standing: Standing,
    ) -> None:
        self._uow = uow
        self._catalogue, self._entries, self._boxes = catalogue, entries, boxes
        self._drafts, self._standing = drafts, standing
        self._counted: dict[str, _Counted] = {}
        self._waiting: dict[str, list[Changes]] = {}
        self._lock = threading.Lock()
        self._guard = threading.Lock()
        uow.subscribe(self._changed)

    def _changed(self, changes: Changes) -> None:
        """Only noted down here: it is called by whoever committed, and must not take long."""
        with self._guard:
            for waiting in self._waiting.values():
                waiting.append(changes)

    def of(self, adoption: AdoptionView) -> Overview:
        """The overview, right as of now; of activities only those of the school year."""
        with self._lock:
            counted = self._now(adoption)
            progress = self._standing.progress(adoption.id)
            numbers = counted.numbers
            return Overview(
                evidence=numbers["evidence"], members=numbers["members"],
                activities=numbers["activities"], observations=numbers["observations"],
                boxes=numbers["boxes"],
                todos=(*_unfinished(self._drafts), *_todos(counted)),
                missing=self._standing.summary(adoption.id),
                ahead=_ahead(progress.deadlines),
                quotas=_quotas(progress.lines, counted.today),
            )  # fmt: skip

    def _now(self, adoption: AdoptionView) -> _Counted:
        with self._guard:
            waiting, self._waiting[adoption.id] = self._waiting.get(adoption.id, []), []
        today = self._uow.context.clock().date()
        counted = self._counted.get(adoption.id)
        touched = {table for changes in waiting for table in changes.ids}
        everything = touched & {"scheme_adoption", "assessment_item"}
        if counted is None or counted.today != today or everything:
            counted = _Counted(today, self._pieces(adoption))
            self._counted[adoption.id] = counted
        elif touched & {"evidence", "evidence_link"}:
            self._look_again(adoption, counted, waiting)
        for name, (tables, count) in self._counts(adoption, counted.numbers).items():
            if name not in counted.numbers or touched & tables:
                counted.numbers[name] = count()
        return counted

    def _pieces(self, adoption: AdoptionView) -> dict[View, set[str]]:
        """Pieces of evidence in each view: few in an archive that is in order."""
        query = EvidenceQuery(adoption_id=adoption.id)
        return {view: set(self._catalogue.ids(replace(query, view=view))) for view, _text in _VIEWS}

    def _look_again(
        self, adoption: AdoptionView, counted: _Counted, waiting: Sequence[Changes]
    ) -> None:
        """The pieces that were changed, or of which a link was."""
        ids: set[str] = set()
        for changes in waiting:
            ids |= changes.ids.get("evidence", frozenset())
            if changes.touches("evidence_link"):
                ids |= changes.related
        if len(ids) > _TOO_MANY:
            counted.pieces = self._pieces(adoption)
            return
        query = EvidenceQuery(adoption_id=adoption.id)
        for view, found in counted.pieces.items():
            found.difference_update(ids)
            found.update(self._catalogue.among(replace(query, view=view), ids))

    def _counts(
        self, adoption: AdoptionView, numbers: Mapping[str, int]
    ) -> dict[str, tuple[set[str], Callable[[], int]]]:
        """Each figure with the tables on which it hangs."""
        entries, boxes, id_ = self._entries, self._boxes, adoption.id
        starts, ends = adoption.starts_on.isoformat(), adoption.ends_on.isoformat()
        within = (Filter("held_on", "from", starts), Filter("held_on", "to", ends))
        people = {"person", "appointment", "community", "community_unit", "school"}
        return {
            "evidence": ({"evidence"}, lambda: self._catalogue.count(EvidenceQuery())),
            "members": (people, lambda: entries.count(Query("person", id_))),
            "activities": (
                {"activity", "community"},
                lambda: entries.count(Query("activity", id_, view="year")),
            ),
            "observations": (
                {"observation", "lesson", "activity", "community"},
                lambda: entries.count(Query("observation", id_, view="year")),
            ),
            "no_minutes": (
                {"activity", "community"},
                lambda: entries.count(Query("activity", id_, view="no_minutes", filters=within)),
            ),
            "plans": (
                {"plan", "plan_item", "activity"},
                lambda: entries.count(Query("plan", id_, view="overdue")),
            ),
            "boxes": ({"box", "box_item"}, lambda: boxes.count(id_)),
            "outdated": (
                {"box", "box_item", "evidence", "evidence_link", "setting"},
                lambda: int(numbers["boxes"] > 0 and not _is_current(boxes, id_)),
            ),
        }


def _is_current(boxes: BoxService, adoption_id: str) -> bool:
    """Whether the boxes hold what they should; where that cannot be said, their page says why."""
    try:
        return boxes.is_current(adoption_id)
    except AppError:
        return False


def _unfinished(drafts: Drafts) -> list[Todo]:
    """What was being typed when the program ended."""
    waiting = [draft for draft in drafts.all() if draft.key.split(":")[0] in PAGES]
    return [
        Todo(1, f"没写完：{draft.title}", PAGES[draft.key.split(":")[0]], "drafts")
        for draft in waiting[:_DRAFTS_NAMED]
    ]


def _todos(counted: _Counted) -> list[Todo]:
    """What is to be done beside the missing list."""
    numbers, found = counted.numbers, []
    if count := numbers["no_minutes"]:
        found.append(Todo(count, f"{count} 次活动没有活动记录", "activities", "no_minutes"))
    if count := numbers["plans"]:
        text = f"{count} 份计划里有过了时间还没办的事"
        found.append(Todo(count, text, "activities", "plan:overdue"))
    for view, text in _VIEWS:
        if count := len(counted.pieces[view]):
            found.append(Todo(count, f"{count} 份材料{text}", "materials", view))
    if numbers["outdated"]:
        found.append(Todo(1, "排盒之后材料有变动，需要重新排盒", "boxes", ""))
    return found


def _ahead(deadlines: Sequence[DeadlineLine]) -> tuple[Ahead, ...]:
    """What is still to be handed in, the next first; what everybody has handed in is left out."""
    together: dict[tuple[date, str], list[DeadlineLine]] = {}
    for line in deadlines:
        if line.days_left >= 0:
            together.setdefault((line.on, line.name), []).append(line)
    found = []
    for (on, name), lines in sorted(together.items(), key=lambda one: one[0]):
        done = sum(line.done is True for line in lines)
        if done == len(lines):
            continue
        whose = lines[0].handed_by or lines[0].subject.name
        unit = _UNITS[lines[0].subject.kind]
        text = whose if len(lines) == 1 else f"{done}/{len(lines)} {unit}已交"
        found.append(Ahead(name, on, lines[0].days_left, text))
    return tuple(found)


def _quotas(lines: Sequence[QuotaLine], today: date) -> tuple[QuotaState, ...]:
    """Each quota over all whom it holds for in the present period, the worst first."""
    together: dict[str, list[QuotaLine]] = {}
    for line in lines:
        if line.required is not None and line.span.holds(today):
            together.setdefault(line.quota, []).append(line)
    found = []
    for key, own in together.items():
        asked = sum(line.required or 0 for line in own)
        have = sum(min(line.done, line.required or 0) for line in own)
        reached = sum(line.status == "reached" for line in own)
        lagging = sum(line.status in ("behind", "missed") for line in own)
        unit = _UNITS[own[0].subject.kind]
        if len(own) == 1:
            text = own[0].words.removeprefix("已完成 ")
        else:
            text = f"{reached}/{len(own)} {unit}完成"
            text += f"，{lagging} {unit}按目前进度完不成" if lagging else ""
        share = float(have / asked) if asked else 1.0
        found.append((lagging / len(own), QuotaState(key, own[0].name, share, text, lagging)))
    found.sort(key=lambda one: (-one[0], one[1].share))
    return tuple(state for _lag, state in found)
