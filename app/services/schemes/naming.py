"""Keys of a draft: what is defined where, what names it, and making new ones from Chinese names."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from app.services.schemes import draft as d

if TYPE_CHECKING:
    from collections.abc import Iterator

    from app.services.schemes.draft import Place, Raw

LEVELS = ("校", "镇", "县", "市", "省", "国")
_DEFINED: dict[str, tuple[tuple[str, str, str], ...]] = {
    "role": (("community.roles", "key", "name"),),
    "unit": (("community.units", "key", "name"),),
    "type": (("community.types", "key", "name"),),
    "group": (("community.groups", "key", "name"),),
    "school-stage": (("community.stages", "", ""),),
    "kind": (("activity", "key", "name"),),
    "form": (("activity.forms", "", ""), ("community.dispatches", "", "")),
    "stage": (("activity.stages", "name", "name"),),
    "slot": (("slot", "key", "name"), ("activity.slots", "key", "name")),
    "level": (("scheme.levels", "", ""),),
    "quota": (("quota", "key", "name"),),
    "rubric": (("rubric", "key", "name"),),
    "input": (("input", "key", "name"),),
    "score": (("score", "key", "name"),),
    "grade-name": (
        ("grade.rule.lines", "name", "name"),
        ("grade.rule.tops", "name", "name"),
        ("grade.rule.splits.shares", "name", "name"),
        ("grade.rule.names", "", ""),
    ),
    "table-group": (("table", "no", "name"),),
    "item": (("table.items", "no", "name"),),
    "year-ask": (("ask", "key", "text"),),
}
"""Kind of key: the lists that define it, the field that is the key and the one that is its name."""
_ALWAYS: dict[str, dict[str, str]] = {
    "table-group": {"*": "整张考核表"},
    "year-ask": {"start": "年度开始的那个公历年", "end": "年度结束的那个公历年"},
}
_NUMBERED = ("table-group", "item")


def defined(draft: Raw, kind: str) -> dict[str, str]:
    """Keys of a kind that the draft defines, with the names they go by."""
    from app.services.schemes.parts import PARTIES

    if kind == "party":
        return {**PARTIES, **defined(draft, "role"), **defined(draft, "unit")}
    found: dict[str, str] = {}
    for where, key, name in _DEFINED[kind]:
        for one in _at(draft, where.split(".")):
            if isinstance(one, str) and not key:
                found.setdefault(one, one)
            elif isinstance(one, dict) and isinstance(one.get(key), str):
                if kind == "year-ask" and one.get("kind") != "year":
                    continue
                said = str(one.get(name) or one[key])
                label = f"{one[key]} {said}" if kind in _NUMBERED else said
                found.setdefault(one[key], label)
    if kind == "level" and d.get(draft, ("scheme", "levels")) is None:
        found = {level: level for level in LEVELS}
    return {**_told_apart(found), **_ALWAYS.get(kind, {})}


def _told_apart(found: dict[str, str]) -> dict[str, str]:
    """Names that two keys share are followed by the key."""
    names = list(found.values())
    return {
        key: f"{name}（{key}）" if names.count(name) > 1 and key != name else name
        for key, name in found.items()
    }


def _at(node: Any, steps: list[str]) -> Iterator[Any]:
    if isinstance(node, list):
        for one in node:
            yield from _at(one, steps)
    elif not steps:
        yield node
    elif isinstance(node, dict):
        yield from _at(node.get(steps[0]), steps[1:])


def references(draft: Raw) -> Iterator[tuple[Place, str, str]]:
    """Every place that names a key: the place of the field, the kind and the key."""
    for path, info, part in d.parts_of(draft):
        for field in info.fields:
            value = part.get(field.name)
            if not field.ref or value is None:
                continue
            for key in value if isinstance(value, list) else [value]:
                if isinstance(key, str):
                    yield (*path, field.name), field.ref, key


def all_defined(draft: Raw) -> set[tuple[str, str]]:
    """Every key that is defined, with its kind."""
    return {(kind, key) for kind in _DEFINED for key in defined(draft, kind)}


def follow(before: set[tuple[str, str]], draft: Raw) -> None:
    """After a change: where one key of a kind became another, what named the old names the new."""
    after = all_defined(draft)
    for kind in _DEFINED:
        lost = [key for one, key in before - after if one == kind]
        new = [key for one, key in after - before if one == kind]
        if len(lost) == len(new) == 1:
            _rename(draft, kind, lost[0], new[0])


def _rename(draft: Raw, kind: str, old: str, new: str) -> None:
    kinds = {kind, "party"} if kind in ("role", "unit") else {kind}
    for path, ref, key in list(references(draft)):
        if ref not in kinds or key != old:
            continue
        owner = d.get(draft, path[:-1])
        value = owner[path[-1]]
        if isinstance(value, list):
            owner[path[-1]] = list(dict.fromkeys(new if one == old else one for one in value))
        else:
            owner[path[-1]] = new


def dangling(before: set[tuple[str, str]], draft: Raw) -> list[Place]:
    """Places that still name a key which was defined before and is no more."""
    lost = before - all_defined(draft)
    parties = {key for kind, key in lost if kind in ("role", "unit")}
    return [
        path
        for path, kind, key in references(draft)
        if (kind, key) in lost or (kind == "party" and key in parties)
    ]


def new_key(draft: Raw, place: Place, name: str) -> str:
    """A key for the entry at a place that was just named; no other in its list has it.

    A material of the same name elsewhere is the same material: it shares the key.
    """
    owner = d.get(draft, place[:-1]) if place and isinstance(place[-1], int) else None
    others = owner if isinstance(owner, list) else []
    taken = {one.get("key") for n, one in enumerate(others)
             if isinstance(one, dict) and n != place[-1]}  # fmt: skip
    wanted = re.sub(r"[^\w-]+", "-", name.strip()).strip("-")[:36] or "项"
    if _is_slot(place):
        known = _slot_names(draft, but=place)
        shared = next((key for key, said in known.items() if said == name), None)
        if shared is not None and shared not in taken:
            return shared
        taken |= set(known)
    if len(place) > 1 and place[0] == "community":
        taken |= set(defined(draft, "role")) | set(defined(draft, "unit")) | _parties()
        taken -= {d.get(draft, (*place, "key"))}
    key, number = wanted, 2
    while key in taken:
        key, number = f"{wanted}-{number}", number + 1
    return key


def shares_key(draft: Raw, place: Place) -> bool:
    """Whether a material's key stands for the same material elsewhere, under its present name."""
    return _is_slot(place) and d.get(draft, (*place, "key")) in _slot_names(draft, but=place)


def _parties() -> set[str]:
    from app.services.schemes.parts import PARTIES

    return set(PARTIES)


def _is_slot(place: Place) -> bool:
    return place[0] == "slot" or (place[0] == "activity" and "slots" in place)


def _slot_names(draft: Raw, but: Place) -> dict[str, str]:
    found = {}
    for path, info, part in d.parts_of(draft):
        if path != but and info.name in ("ActivitySlot", "StandingSlot") and part.get("key"):
            found[str(part["key"])] = str(part.get("name") or "")
    return found


def next_number(draft: Raw, place: Place) -> str:
    """The number that follows in the list at a place: 3 after 2, 2.4 after 2.3, 2.1 first in 2."""
    siblings = d.get(draft, place) or []
    numbers = [str(one.get("no") or "") for one in siblings if isinstance(one, dict)]
    taken = {key for kind in _NUMBERED for key in defined(draft, kind)}
    last = next((no for no in reversed(numbers) if no), "")
    found = re.fullmatch(r"(.*?)(\d+)(\D*)", last)
    if found:
        head, count, tail = found[1], int(found[2]), found[3]
    else:
        group = str(d.get(draft, (*place[:-1], "no")) or "") if len(place) > 2 else ""
        head, count, tail = (f"{group}." if group else ""), len(siblings), ""
    while (number := f"{head}{count + 1}{tail}") in taken:
        count += 1
    return number
