"""The schemes shipped with the program: listing them, and one of them with its text."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.errors import NotFoundError
from app.resources import resource
from app.services.schemes.loader import load, read_text

if TYPE_CHECKING:
    from app.services.schemes.schema import Scheme


@dataclass(frozen=True, slots=True)
class SchemeSummary:
    """What a list shows of a scheme."""

    id: str
    code: str
    variant: str
    name: str
    assesses: str
    """community, unit, person or pair."""
    source: str
    note: str


@dataclass(frozen=True, slots=True)
class Preset:
    """A shipped scheme and its text, which is copied into the archive that adopts it."""

    summary: SchemeSummary
    scheme: Scheme
    text: str


def presets() -> list[SchemeSummary]:
    """All shipped schemes by code, the main variant of each first (read without pydantic)."""
    return [summary for summary, _path in _shipped()]


def preset(wanted: str, *, assesses: str | None = None) -> Preset:
    """A shipped scheme by its id or by the code of its system (S01), or one of the user's own file.

    A code with several variants means the first, or the one with that subject (``assesses``).
    """
    if wanted.strip().casefold().endswith(".toml"):
        return from_file(Path(wanted.strip()))
    name = wanted.strip().casefold()
    found = [
        (summary, path)
        for summary, path in _shipped()
        if name in (summary.id.casefold(), summary.code.casefold())
    ]
    chosen = [one for one in found if one[0].assesses == assesses] or found
    if not chosen:
        known = "、".join(f"{one.id}（{one.code} {one.name}）" for one in presets())
        raise NotFoundError(
            f"没有名为“{wanted}”的方案。", f"现有方案：{known}；也可以写方案文件（.toml）的位置。"
        )
    summary, path = chosen[0]
    text = read_text(path)
    return Preset(summary, load(text), text)


def from_file(path: Path) -> Preset:
    """A scheme that the user wrote, or made by changing a shipped one; raises ValidationError."""
    text = read_text(path)
    scheme = load(text)
    return Preset(_summary(tomllib.loads(text)), scheme, text)


def _summary(raw: dict[str, Any]) -> SchemeSummary:
    head = raw["scheme"]
    return SchemeSummary(
        id=head["id"],
        code=head.get("code", ""),
        variant=head.get("variant", ""),
        name=head["name"],
        assesses=head["assesses"],
        source=head.get("source", ""),
        note=head.get("note", ""),
    )


@cache
def _shipped() -> tuple[tuple[SchemeSummary, Path], ...]:
    found = []
    for path in resource("schemes").glob("*.toml"):
        raw = tomllib.loads(read_text(path))
        summary = _summary(raw)
        order = raw["scheme"].get("order", 0)
        found.append((summary.code, order, summary.id, summary, path))
    return tuple((summary, path) for _c, _o, _i, summary, path in sorted(found))
