"""What is different between two texts of a scheme, part by part, in words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from app.services.schemes import draft as d
from app.services.schemes.describe import part_info
from app.services.schemes.telling import shown, title

if TYPE_CHECKING:
    from collections.abc import Iterator

    from app.services.schemes.describe import FieldInfo, PartInfo
    from app.services.schemes.draft import Raw

_QUIET = ("key", "fixed")


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that is different: where, what it was and what it is."""

    where: str
    before: str
    after: str


def compare(before: Raw, after: Raw) -> list[Difference]:
    """All differences in the order of the sections."""
    return list(_Comparing(before, after).parts(before, after, part_info(d.ROOT), ()))


class _Comparing:
    def __init__(self, before: Raw, after: Raw) -> None:
        self._before = before
        self._after = after

    def parts(
        self, old: Raw, new: Raw, info: PartInfo, where: tuple[str, ...]
    ) -> Iterator[Difference]:
        """Differences of two parts of one class."""
        for field in info.fields:
            one, other = old.get(field.name), new.get(field.name)
            if one == other or field.kind in _QUIET:
                continue
            here = (*where, field.label)
            if field.kind == "parts" and isinstance(one or [], list):
                # within an entry the names of its entries say enough: 2 示范引领 › 2.1 示范课
                within = where or here
                yield from self._lists(one or [], other or [], part_info(field.part), within)
            elif field.kind == "part" and not part_info(field.part).ways and one and other:
                yield from self.parts(one, other, part_info(field.part), here)
            else:
                yield self._difference(field, one, other, here)

    def _difference(
        self, field: FieldInfo, one: Any, other: Any, where: tuple[str, ...]
    ) -> Difference:
        if one is None and not field.required and field.kind != "parts":
            one = field.default
        if other is None and not field.required and field.kind != "parts":
            other = field.default
        return Difference(
            " › ".join(where),
            shown(field, one, self._before),
            shown(field, other, self._after),
        )

    def _lists(
        self, old: list[Any], new: list[Any], info: PartInfo, where: tuple[str, ...]
    ) -> Iterator[Difference]:
        """Entries are the same by their key, number or name; else by their place."""
        left = {_mark(one, n): (n, one) for n, one in enumerate(old)}
        kept = [mark for n, one in enumerate(new) if (mark := _mark(one, n)) in left]
        for n, one in enumerate(new):
            found = left.pop(_mark(one, n), None)
            name = title(one, info, self._after, n)
            if found is None:
                yield Difference(" › ".join(where), "", f"新增“{name}”")
            elif isinstance(one, dict) and isinstance(found[1], dict):
                yield from self.parts(found[1], one, info, (*where, name))
        for n, one in left.values():
            yield Difference(" › ".join(where), f"“{title(one, info, self._before, n)}”", "删去")
        before = [mark for n, one in enumerate(old) if (mark := _mark(one, n)) in kept]
        if before != kept:
            yield Difference(" › ".join(where), "", "调整了先后")


def _mark(entry: Any, number: int) -> str:
    if isinstance(entry, dict):
        for name in ("key", "no", "name", "text", "level"):
            if entry.get(name):
                return f"{name}:{entry[name]}"
    return f"#{number}"
