"""The cover of an archive box: an A4 sheet for the 310 × 220 mm front."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path  # noqa: TC003 -- in a signature beside run-time dataclasses

from app.services.box_view import BoxView  # noqa: TC001
from app.services.documents.tree import (
    Block,
    Document,
    Frame,
    PageSetup,
    Section,
    TextBox,
    TextStyle,
)
from app.services.forms.measures import STRICT, Place, filled, load
from app.services.forms.archive.words import box_title, pieces

_RULE = 0.6
_GAP = 4
"""Kept free between two values of the cover that both fill their room."""


@dataclass(frozen=True, slots=True)
class _FrameMeasure:
    __pydantic_config__ = STRICT

    x: float
    y: float
    width: float
    height: float
    weight: float
    gap: float
    inner_weight: float


@dataclass(frozen=True, slots=True)
class _Fields:
    __pydantic_config__ = STRICT

    x: float
    y: float
    width: float
    height: float
    label_width: float
    pitch: float
    label: TextStyle
    value: TextStyle


@dataclass(frozen=True, slots=True)
class CoverMeasures:
    """resources/forms/cover.toml."""

    __pydantic_config__ = STRICT

    title: str
    box_number: str
    labels: dict[str, list[str]]
    page: PageSetup
    frame: _FrameMeasure
    fonds: Place
    heading: Place
    fields: _Fields
    facts: Place
    number: Place


def cover(box: BoxView, of: int = 1, *, folder: Path | None = None) -> Document:
    """The cover of box ``box.number`` of ``of``."""
    return Document(f"{box_title(box)} 封面", (cover_section(box, of, folder),))


def cover_section(box: BoxView, of: int, folder: Path | None) -> Section:
    """The cover as part of a larger document."""
    form = load("cover", CoverMeasures, folder)
    blocks: list[Block] = [*_frames(form.frame)]
    if box.fonds_name:
        blocks.append(form.fonds.box(box.fonds_name, underline=_RULE))
    blocks.append(form.heading.box(box.heading or form.title))
    blocks += _fields(box, form)
    count, pages = pieces(box), box.pages
    facts = [f"保管期限：{box.retention}"] if box.retention else []
    facts += [f"件数：{count}", f"页数：{pages}"]
    blocks.append(form.facts.box("　　".join(facts)))
    number = filled("cover", "box_number", form.box_number, number=box.number, of=of)
    blocks.append(form.number.box(number))
    return Section("封面", form.page, tuple(blocks))


def _frames(frame: _FrameMeasure) -> list[Frame]:
    if not frame.weight:
        return []
    gap = frame.gap
    return [
        Frame(frame.x, frame.y, frame.width, frame.height, frame.weight),
        Frame(
            frame.x + gap, frame.y + gap, frame.width - 2 * gap, frame.height - 2 * gap,
            frame.inner_weight,
        ),
    ]  # fmt: skip


def _fields(box: BoxView, form: CoverMeasures) -> list[TextBox]:
    """The lines of the cover, each with its label and a ruled value, in the middle of their room."""
    fields, lines = form.fields, box.title_lines
    labels = box.title_labels or tuple(form.labels.get(str(len(lines)), ()))
    pitch = min(fields.pitch, fields.height / max(1, len(lines)))
    top = fields.y + (fields.height - pitch * len(lines)) / 2
    label_width = fields.label_width if labels else 0
    boxes: list[TextBox] = []
    for number, line in enumerate(lines):
        y = top + number * pitch
        if number < len(labels):
            label = f"{labels[number]}："
            boxes.append(
                TextBox(fields.x, y, label_width, pitch, label, fields.label, "right", "top")
            )
        x, width = fields.x + label_width, fields.width - label_width
        boxes.append(
            TextBox(x, y, width, pitch - _GAP, line, fields.value, "center", "top", underline=_RULE)
        )
    return boxes
