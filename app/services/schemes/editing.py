"""Working on a draft: every change can be taken back, keys are made, references follow names."""

from __future__ import annotations

from copy import deepcopy
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from app.services.schemes import draft as d
from app.services.schemes import naming

if TYPE_CHECKING:
    from app.services.schemes.draft import Place, Raw

_MOST = 100
"""Steps that can be taken back; each is a copy of the whole draft, some hundred kilobytes."""


class Editing:
    """A draft and what was done to it. Each method is one step."""

    def __init__(self, draft: Raw) -> None:
        self.draft = draft
        self._undo: list[tuple[Raw, Place]] = []
        self._redo: list[tuple[Raw, Place]] = []

    def get(self, place: Place) -> Any:
        """The value at a place; None where there is none."""
        return d.get(self.draft, place)

    def entries(self, place: Place) -> list[Any]:
        """The entries of a list, none where it is not there yet."""
        value = self.get(place)
        return value if isinstance(value, list) else []

    @property
    def can_undo(self) -> bool:
        """Whether there is a step to take back."""
        return bool(self._undo)

    @property
    def can_redo(self) -> bool:
        """Whether a step was taken back."""
        return bool(self._redo)

    def set(self, place: Place, value: Any) -> bool:
        """Write a value (None: take it away); False when it was so already."""
        if self.get(place) == value:
            return False
        before = naming.all_defined(self.draft)
        self._remember(place)
        self._put(place, value)
        if place[-1] in ("name", "text"):
            self._name(place[:-1], str(value or ""))
        naming.follow(before, self.draft)
        return True

    def replace(self, place: Place, value: Any) -> None:
        """Write a whole part or list, e.g. an assessment table that was imported."""
        self._remember(place)
        self._put(place, value)

    def add(self, place: Place, values: Raw | None = None) -> Place:
        """A new entry at the end of a list, numbered where its kind is; gives its place."""
        self._remember(place)
        entries = self._list(place)
        info = d.info_at(self.draft, place)
        entry: Raw = {}
        if info.field("no") is not None:
            entry["no"] = naming.next_number(self.draft, place)
        entries.append(entry | (values or {}))
        added = (*place, len(entries) - 1)
        name = (values or {}).get("name") or (values or {}).get("text")
        if name:
            self._name(added, str(name))
        return added

    def put_rows(self, place: Place, rows: list[tuple[int, Raw]]) -> None:
        """Values of entries by their number; entries that lack are added. One step for all."""
        self._remember(place)
        undo = len(self._undo)
        for number, values in rows:
            if number >= len(self.entries(place)):
                self.add(place, values)
            else:
                for name, value in values.items():
                    self.set((*place, number, name), value)
        del self._undo[undo:]

    def take_over(self, place: Place, entries: list[Raw]) -> None:
        """Entries of another scheme, put behind those that are there; what is taken is made anew."""
        self._remember(place)
        mine = self._list(place)
        for entry in entries:
            keys = {one.get("key") for one in mine}
            numbers = naming.defined(self.draft, "table-group").keys()
            mine.append(deepcopy(entry))
            made = (*place, len(mine) - 1)
            if entry.get("key") in keys:
                mine[-1].pop("key")
                self._name(made, str(entry.get("name") or entry.get("text") or ""))
            if entry.get("no") in numbers:
                self._number_anew(made)

    def copy(self, place: Place) -> Place:
        """The same entry once more, behind it; the copy has a key, number and name of its own."""
        self._remember(place)
        parent, number = place[:-1], int(place[-1])
        entries = self._list(parent)
        entry = deepcopy(entries[number])
        entries.insert(number + 1, entry)
        made = (*parent, number + 1)
        if entry.get("name"):
            entry["name"] = f"{entry['name']}（副本）"
        if "key" in entry:
            entry.pop("key")
            self._name(made, str(entry.get("name") or entry.get("text") or ""))
        self._number_anew(made)
        return made

    def delete(self, place: Place) -> list[Place]:
        """Take an entry away; gives the places that still name it."""
        before = naming.all_defined(self.draft)
        self._remember(place)
        self._list(place[:-1]).pop(int(place[-1]))
        return naming.dangling(before, self.draft)

    def move(self, place: Place, by: int) -> Place:
        """Move an entry up or down; gives where it is now."""
        parent, number = place[:-1], int(place[-1])
        entries = self.entries(parent)
        target = number + by
        if not 0 <= target < len(entries):
            return place
        self._remember(place)
        entries = self._list(parent)
        entries.insert(target, entries.pop(number))
        return (*parent, target)

    def undo(self) -> Place | None:
        """Take the last step back; gives the place it was at."""
        return self._go(self._undo, self._redo)

    def redo(self) -> Place | None:
        """Do again what was taken back."""
        return self._go(self._redo, self._undo)

    def _go(self, source: list[tuple[Raw, Place]], other: list[tuple[Raw, Place]]) -> Place | None:
        if not source:
            return None
        draft, place = source.pop()
        other.append((self.draft, place))
        self.draft = draft
        return place

    def _remember(self, place: Place) -> None:
        self._undo.append((deepcopy(self.draft), place))
        del self._undo[:-_MOST]
        self._redo.clear()

    def _put(self, place: Place, value: Any) -> None:
        here: Any = self.draft
        for step, following in pairwise(place):
            if isinstance(step, str) and here.get(step) is None:
                here[step] = [] if isinstance(following, int) else {}
            here = here[step]
        if value is None and isinstance(here, dict):
            here.pop(place[-1], None)
        else:
            here[place[-1]] = value

    def _list(self, place: Place) -> list[Any]:
        if not isinstance(self.get(place), list):
            self._put(place, [])
        found: list[Any] = self.get(place)
        return found

    def _name(self, place: Place, name: str) -> None:
        """An entry that is named for the first time gets its key; a shared material a new one."""
        if place == ("scheme",) and self.get(("scheme", "id")) == d.BLANK_ID:
            self.draft["scheme"]["id"] = naming.new_key(self.draft, place, name)
        info, entry = d.info_at(self.draft, place), self.get(place)
        if not name or not isinstance(entry, dict) or info.field("key") is None:
            return
        if not entry.get("key") or naming.shares_key(self.draft, place):
            entry["key"] = naming.new_key(self.draft, place, name)

    def _number_anew(self, place: Place) -> None:
        entry = self.get(place)
        if "no" not in entry:
            return
        entry.pop("no")
        siblings = place[:-1]
        entry["no"] = naming.next_number(self.draft, siblings)
        for number, _item in enumerate(entry.get("items") or []):
            entry["items"][number].pop("no", None)
        for number, _item in enumerate(entry.get("items") or []):
            entry["items"][number]["no"] = f"{entry['no']}.{number + 1}"
