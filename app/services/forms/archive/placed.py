"""Sheets with everything at a fixed place: covers of boxes, volumes and directories.

The measure file says where each text stands; fields in braces are the values of the box.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import count
from typing import TYPE_CHECKING

from app.services.documents.tree import (
    Align,
    Frame,
    Line,
    PageSetup,
    QrCode,
    Section,
    TextBox,
    TextStyle,
    VAlign,
)
from app.services.forms.archive.titles import titled
from app.services.forms.form import flag, text
from app.services.forms.measures import STRICT, filled, load

if TYPE_CHECKING:
    from collections.abc import Iterator

    from app.services.documents.tree import Document, Placed
    from app.services.forms.form import Build, Options, Sheet, Values

_GAP = 4
"""Kept free between two values of the cover that both fill their room."""
_FINGERPRINT_PART = 4


@dataclass(frozen=True, slots=True)
class PlacedText:
    """Words with fields in braces, in a rectangle."""

    __pydantic_config__ = STRICT

    x: float
    y: float
    width: float
    height: float
    text: str
    style: TextStyle
    align: Align = "center"
    valign: VAlign = "middle"
    vertical: bool = False
    underline: float = 0
    double: bool = False
    instead: str = ""
    """Written where the values are empty; without it only a single rule stays, for the pen."""


@dataclass(frozen=True, slots=True)
class FrameMeasure:
    """A rectangle, with a second one inside it where ``gap`` is not 0."""

    __pydantic_config__ = STRICT

    x: float
    y: float
    width: float
    height: float
    weight: float
    gap: float = 0
    inner_weight: float = 0.5


@dataclass(frozen=True, slots=True)
class RuleMeasure:
    """A straight line."""

    __pydantic_config__ = STRICT

    x1: float
    y1: float
    x2: float
    y2: float
    weight: float = 0.5


@dataclass(frozen=True, slots=True)
class CoverLines:
    """Room for the lines of a scheme's cover, each with its name and a ruled value."""

    __pydantic_config__ = STRICT

    x: float
    y: float
    width: float
    height: float
    label_width: float
    pitch: float
    rule: float
    label: TextStyle
    value: TextStyle


@dataclass(frozen=True, slots=True)
class QrMeasure:
    """The QR code, and below it the fingerprint in small letters."""

    __pydantic_config__ = STRICT

    x: float
    y: float
    size: float
    words_height: float
    style: TextStyle


@dataclass(frozen=True, slots=True)
class PlacedMeasures:
    """A measure file of this kind (cover.toml, volume_cover.toml, directory_cover.toml)."""

    __pydantic_config__ = STRICT

    title: str
    page: PageSetup
    texts: dict[str, PlacedText]
    frames: list[FrameMeasure] = field(default_factory=list)
    rules: list[RuleMeasure] = field(default_factory=list)
    lines: CoverLines | None = None
    qr: QrMeasure | None = None


def placed_form(name: str) -> Build:
    """A form of that measure file, a sheet for each box."""

    def build(sheets: tuple[Sheet, ...], options: Options) -> Document:
        sections = tuple(placed_section(name, one.values, options) for one in sheets)
        return titled(sheets, sections[0].title, sections)

    return build  # type: ignore[return-value]


def placed_section(name: str, values: Values, options: Options) -> Section:
    """The sheet as part of a larger document."""
    form, values = load(name, PlacedMeasures), penciled(values, options)
    blocks: list[Placed] = [frame for one in form.frames for frame in _frames(one)]
    blocks += [Line(one.x1, one.y1, one.x2, one.y2, one.weight) for one in form.rules]
    words = {key: value for key, value in values.items() if isinstance(value, str)}
    for key, one in form.texts.items():
        said = filled(name, f"texts.{key}", one.text, **words).strip() or one.instead
        if said or (one.underline and not one.double):
            blocks.append(
                TextBox(
                    one.x, one.y, one.width, one.height, said, one.style, one.align, one.valign,
                    one.vertical, one.underline, one.double,
                )
            )  # fmt: skip
    if form.lines:
        blocks += _lines(form.lines, values)
    if form.qr and flag(options, "qr"):
        blocks += qr_blocks(values, form.qr)
    return Section(form.title, form.page, tuple(blocks))


def penciled(values: Values, options: Options) -> Values:
    """Values without the box's number, which is written in pencil until boxes are handed over."""
    return {**values, "盒号": ""} if flag(options, "pencil") else values


def qr_blocks(values: Values, place: QrMeasure) -> Iterator[Placed]:
    """The code, and the fingerprint as large as it is wide."""
    yield QrCode(place.x, place.y, place.size, text(values, "二维码内容"))
    yield TextBox(
        place.x, place.y + place.size, place.size, place.words_height,
        fingerprint_words(values, per_line=2), place.style, "center", "top",
    )  # fmt: skip


def fingerprint_words(values: Values, *, per_line: int) -> str:
    """The fingerprint in groups of four, as it is read aloud and typed."""
    said = text(values, "目录码")
    parts = [said[i : i + _FINGERPRINT_PART] for i in range(0, len(said), _FINGERPRINT_PART)]
    rows = [" ".join(parts[i : i + per_line]) for i in range(0, len(parts), per_line)]
    return "\n".join(rows)


def _frames(frame: FrameMeasure) -> Iterator[Frame]:
    yield Frame(frame.x, frame.y, frame.width, frame.height, frame.weight)
    gap = frame.gap
    if gap:
        inner = (frame.x + gap, frame.y + gap, frame.width - 2 * gap, frame.height - 2 * gap)
        yield Frame(*inner, frame.inner_weight)


def _lines(place: CoverLines, values: Values) -> Iterator[TextBox]:
    """Lines of the cover in the middle of their room."""
    found: list[tuple[str, str]] = []
    for number in count(1):
        if f"封面内容{number}" not in values:
            break
        found.append((text(values, f"封面栏名{number}"), text(values, f"封面内容{number}")))
    pitch = min(place.pitch, place.height / max(1, len(found)))
    top = place.y + (place.height - pitch * len(found)) / 2
    labelled = place.label_width if any(label for label, _value in found) else 0
    x, width = place.x + labelled, place.width - labelled
    for number, (label, value) in enumerate(found):
        y = top + number * pitch
        if label:
            yield TextBox(place.x, y, labelled, pitch, label, place.label, "right", "top")
        yield TextBox(
            x, y, width, pitch - _GAP, value, place.value, "center", "top", underline=place.rule
        )
