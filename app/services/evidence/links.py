"""What files prove: links from evidence to assessment items and to slots of whatever owes them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.errors import NotFoundError, ValidationError
from app.models import Activity, AssessmentItem, Evidence, EvidenceLink
from app.services.standing.targets import PROVEN, columns_of, require

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from sqlalchemy.orm import Session

    from app.services.adoption import Adoptions
    from app.services.evidence.ingest import Source
    from app.services.evidence.service import Destination


@dataclass(frozen=True, slots=True)
class Link:
    """A link to be made; ``by_folder`` is the number of the assessment item found by folder."""

    columns: Mapping[str, str | None]
    """The target, of which one column is filled, and the slot."""
    details: Mapping[str, str | date | None]
    """Whose it is and for which day it counts."""
    by_folder: str = ""


class Linker:
    """Says what each file of an intake proves."""

    def __init__(self, session: Session, adoptions: Adoptions, to: Destination) -> None:
        self._given: list[Link] = []
        self._items: dict[str, str] = {}
        self._scheme = None
        self._found: dict[tuple[str, ...], str | None] = {}
        if to.item_id:
            require_item(session, to.item_id)
            self._given.append(_link({"assessment_item_id": to.item_id}))
        if to.activity_id:
            if session.get(Activity, to.activity_id) is None:
                raise NotFoundError("找不到要挂接的活动。", "请先用 list activities 查看活动。")
            self._given.append(_link({"activity_id": to.activity_id, "slot": to.slot}, to))
        for one in (to, *to.also):
            if one.target:
                found = columns_of(session, one.target, PROVEN)
                if one.owner_id:
                    require(session, "person", one.owner_id)
                self._give(_link({**found, "slot": one.slot}, one))
        if to.by_folder and to.adoption_id:
            self._scheme = adoptions.scheme(to.adoption_id)
            self._items = {item.no: item.id for item in adoptions.items(to.adoption_id)}

    def _give(self, link: Link) -> None:
        """A piece lies once in a slot, however many are said to owe it there."""
        if all(link.columns != other.columns for other in self._given):
            self._given.append(link)

    def wanted(self, source: Source) -> list[Link]:
        """The links of a file."""
        no = self._number(source.folders)
        if no is None or any(
            x.columns["assessment_item_id"] == self._items[no] for x in self._given
        ):
            return self._given
        return [*self._given, _link({"assessment_item_id": self._items[no]}, by_folder=no)]

    def link(self, row: Evidence, source: Source) -> None:
        """Make the links of a file that the archive has already, besides those it has."""
        for wanted in self.wanted(source):
            put_link(row, wanted.columns, wanted.details)

    def _number(self, folders: tuple[str, ...]) -> str | None:
        if self._scheme is None:
            return None
        if folders not in self._found:
            from app.services.schemes.lookup import match_folder

            self._found[folders] = match_folder(self._scheme, folders)
        return self._found[folders]


_BLANK: Mapping[str, str | None] = {
    "assessment_item_id": None, **{f"{kind}_id": None for kind in PROVEN}, "slot": "",
}  # fmt: skip


def _link(
    columns: Mapping[str, str | None], to: Destination | None = None, by_folder: str = ""
) -> Link:
    """A link with every column named: many are entered at once, and all name the same."""
    details = {"owner_id": to.owner_id if to else None, "counted_on": to.counted_on if to else None}
    return Link({**_BLANK, **columns}, details, by_folder)


def put_link(
    row: Evidence, columns: Mapping[str, str | None], details: Mapping[str, str | date | None]
) -> None:
    """Link evidence to a target and slot; a link that is there only gets the details that are given."""
    for link in row.links:
        if all(getattr(link, name) == value for name, value in columns.items()):
            for name, value in details.items():
                if value is not None:
                    setattr(link, name, value)
            return
    row.links.append(EvidenceLink(**columns, **details))


def require_item(session: Session, item_id: str) -> None:
    """Raise ValidationError unless evidence may be put there: groups of the table take none."""
    item = session.get(AssessmentItem, item_id)
    if item is None or item.parent_id is None:
        raise ValidationError("材料要放到具体的考核项下。", "请选择考核表里的一个条目。")


def link_item(session: Session, row: Evidence, item_id: str) -> None:
    """Put evidence under an assessment item, unless it is there."""
    if not any(link.assessment_item_id == item_id for link in row.links):
        row.links.append(EvidenceLink(assessment_item_id=item_id))
