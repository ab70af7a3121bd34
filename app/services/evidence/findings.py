"""What a reader of one kind of file found out; inspect() makes the facts from it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias

if TYPE_CHECKING:
    from datetime import datetime

State: TypeAlias = Literal["ok", "encrypted", "damaged"]
PagesFrom: TypeAlias = Literal["", "counted", "properties"]


@dataclass(frozen=True, slots=True)
class Findings:
    """Facts inside a file; ``pages`` None means unknown or, for sound and film, no paper."""

    media_type: str
    pages: int | None = None
    pages_from: PagesFrom = ""
    taken_at: datetime | None = None
    orientation: int | None = None
    width: int | None = None
    height: int | None = None
    state: State = "ok"
    remarks: tuple[str, ...] = ()


class DamagedError(Exception):
    """The content contradicts its own format; the text says in Chinese what is wrong with it."""
