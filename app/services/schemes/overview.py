"""What a scheme demands, told in short: for whoever chooses one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.services.schemes import draft as d
from app.services.schemes.describe import part_info
from app.services.schemes.telling import shown, title, trail

if TYPE_CHECKING:
    from app.services.schemes.draft import Raw

_TOLD = (
    "activity", "slot", "quota", "deadline", "window", "seal", "table", "score", "grade",
    "recognition", "draw",
)  # fmt: skip
_ADDED = {"quota": ("min", "above", "per"), "table": ("points",), "slot": ("per",),
          "deadline": ("when",), "window": ("where",)}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Overview:
    """Sections with their entries, and what the source leaves open."""

    sections: tuple[tuple[str, tuple[str, ...]], ...]
    examples: tuple[str, ...]
    """Places filled with examples, because the source says nothing."""


def overview(draft: Raw) -> Overview:
    """What a scheme demands, by section."""
    sections = []
    for name in _TOLD:
        field = part_info(d.ROOT).field(name)
        entries = draft.get(name)
        if field is None or not isinstance(entries, list) or not entries:
            continue
        info = part_info(field.part)
        lines = []
        for number, entry in enumerate(entries):
            added = [
                shown(inner, entry.get(inner.name), draft)
                for key in _ADDED.get(name, ())
                if (inner := info.field(key)) and entry.get(key) is not None
            ]
            if name == "table" and added:
                added = [f"{added[0]} 分"]
            lines.append(" ".join([title(entry, info, draft, number), *added]))
        sections.append((field.label, tuple(lines)))
    return Overview(tuple(sections), examples(draft))


def examples(draft: Raw) -> tuple[str, ...]:
    """Places that are marked as examples, in words; what lies within one is not told again."""
    found: list[tuple[str | int, ...]] = []
    for path, _info, part in d.parts_of(draft):
        if part.get("placeholder") and not any(path[: len(one)] == one for one in found):
            found.append(path)
    return tuple(" › ".join(trail(draft, path)) or "整个方案" for path in found)


def scheme_name(text: str) -> str:
    """Name of a scheme from its text, without reading all of it."""
    import re

    found = re.search(r"^name\s*=\s*(?:\"([^\"]*)\"|'([^']*)')", text, re.MULTILINE)
    return (found[1] or found[2] or "") if found else ""
