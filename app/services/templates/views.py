"""What is known of an office's own form before it is used."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from datetime import datetime

Kind = Literal["word", "excel"]
State = Literal["ok", "wrong", "proposed"]


@dataclass(frozen=True, slots=True)
class Piece:
    """One ``{{…}}`` or ``{%…%}`` of a file, with its place in words."""

    place: str
    text: str


@dataclass(frozen=True, slots=True)
class Spot:
    """A place of the form that a field stands in, or could stand in."""

    number: int
    """Names the spot when a choice is made about it."""
    place: str
    """表格1 第3行第2列."""
    label: str
    """What stands there: ``{{授课老师}}``, or the words beside the empty cell."""
    content: str
    """Placeholder that stands there or is suggested: ``{{授课教师}}``; empty: none."""
    state: State
    text: str = ""
    """What is wrong, or what is suggested and why."""
    sure: float = 1.0
    """Of a suggestion: 0 to 1."""
    piece: int = -1
    """Which of the file's placeholders it is, in their order."""


@dataclass(frozen=True, slots=True)
class Problem:
    """What keeps the form from being used, with its place."""

    place: str
    text: str
    hint: str = ""

    @property
    def sentence(self) -> str:
        """All of it as one line."""
        return f"{self.place}：{self.text}{self.hint}"


@dataclass(frozen=True, slots=True)
class Repeat:
    """A part that comes once for each line of a list."""

    place: str
    name: str
    """Name of the list."""
    how: str


@dataclass(frozen=True, slots=True)
class Examined:
    """What a form holds: placeholders, or where they could go where it has none yet."""

    kind: Kind
    spots: tuple[Spot, ...]
    problems: tuple[Problem, ...] = ()
    repeats: tuple[Repeat, ...] = ()
    pictures: int = 0
    notes: tuple[str, ...] = ()
    together: bool = False
    """One file about all records chosen: it uses ``{{全部.…}}``."""

    @property
    def blank(self) -> bool:
        """Whether it has no placeholder yet."""
        return not self.problems and all(spot.state == "proposed" for spot in self.spots)

    @property
    def ready(self) -> bool:
        """Whether it can be filled as it is."""
        return (
            not self.problems and bool(self.spots) and all(one.state == "ok" for one in self.spots)
        )


@dataclass(frozen=True, slots=True)
class TemplateView:
    """A form of the archive as lists show it."""

    id: str
    name: str
    subject: str
    subject_name: str
    form: str
    """Key of the built-in form that it stands for; empty: none."""
    form_name: str
    kind: Kind
    original_name: str
    size: int
    added_at: datetime
    missing: bool = False
    """Its file is no longer there."""
