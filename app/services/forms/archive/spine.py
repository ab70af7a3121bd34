"""Spine strips: printed several to an A4 page, cut along the marks, stuck to the boxes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence  # noqa: TC003
from dataclasses import dataclass
from pathlib import Path  # noqa: TC003

from app.errors import ValidationError
from app.services.box_view import BoxView  # noqa: TC001
from app.services.documents.tree import (
    Block,
    Document,
    Frame,
    Line,
    PageBreak,
    PageSetup,
    Section,
    TextBox,
    TextStyle,
)
from app.services.forms.measures import STRICT, load

_LABEL_HEIGHT = 4.5


@dataclass(frozen=True, slots=True)
class SpineMeasures:
    """resources/forms/spine.toml."""

    __pydantic_config__ = STRICT

    height: float
    narrower: float
    border: float
    border_weight: float
    rule_weight: float
    mark: float
    mark_gap: float
    mark_weight: float
    margin: float
    fonds: float
    year: float
    retention: float
    section: float
    first: float
    last: float
    number: float
    main_share: float
    label: TextStyle
    value: TextStyle
    title: TextStyle
    subtitle: TextStyle
    page: PageSetup


def spines(boxes: Sequence[BoxView], *, folder: Path | None = None) -> Document:
    """Strips for all ``boxes`` in their order."""
    return Document("档案盒脊条", (spine_section(boxes, folder),))


def spine_section(boxes: Sequence[BoxView], folder: Path | None) -> Section:
    """The strips as part of a larger document."""
    form = load("spine", SpineMeasures, folder)
    blocks: list[Block] = []
    for sheet in _sheets(boxes, form):
        if blocks:
            blocks.append(PageBreak())
        total = sum(width for _, width in sheet)
        x = (form.page.width - total) / 2
        y = (form.page.height - form.height) / 2
        edges = [x]
        for box, width in sheet:
            blocks += _strip(box, form, x, y, width)
            x += width
            edges.append(x)
        blocks += _marks(edges, y, form)
    return Section("盒脊", form.page, tuple(blocks))


def _sheets(boxes: Sequence[BoxView], form: SpineMeasures) -> Iterator[list[tuple[BoxView, float]]]:
    """As many strips to a sheet as its width holds."""
    room = form.page.width - 2 * form.margin
    sheet: list[tuple[BoxView, float]] = []
    for box in boxes:
        width = box.spine_mm - form.narrower
        if not form.border * 2 + 6 <= width <= room:
            raise ValidationError(
                f"第 {box.number} 盒的盒脊宽 {box.spine_mm:g} 毫米，印不出来。",
                f"请填 {form.border * 2 + 6 + form.narrower:g} 到 {room:g} 毫米之间的宽度。",
            )
        if sum(used for _, used in sheet) + width > room:
            yield sheet
            sheet = []
        sheet.append((box, width))
    if sheet:
        yield sheet


def _strip(box: BoxView, form: SpineMeasures, x: float, y: float, width: float) -> Iterator[Block]:
    """One strip: fields above and below, the vertical title between them."""
    left, top = x + form.border, y + form.border
    width -= 2 * form.border
    bottom = y + form.height - form.border
    yield Frame(left, top, width, bottom - top, form.border_weight)

    numbers = [row.seq for row in box.rows]
    first, last = (str(min(numbers)), str(max(numbers))) if numbers else ("", "")
    above = [
        ("全宗号", box.fonds_code, form.fonds),
        ("年度", str(box.year), form.year),
        ("保管期限", box.retention, form.retention),
        ("机构（问题）", box.section, form.section),
    ]
    below = [
        ("起件号", first, form.first),
        ("止件号", last, form.last),
        ("盒号", str(box.number), form.number),
    ]
    for label, value, height in above:
        yield from _field(label, value, form, (left, top, width, height))
        top += height
        yield Line(left, top, left + width, top, form.rule_weight)
    end = bottom - sum(height for _, _, height in below)
    yield from _title(box, form, (left, top, width, end - top))
    for label, value, height in below:
        yield Line(left, end, left + width, end, form.rule_weight)
        yield from _field(label, value, form, (left, end, width, height))
        end += height


def _field(
    label: str, value: str, form: SpineMeasures, room: tuple[float, float, float, float]
) -> Iterator[TextBox]:
    x, y, width, height = room
    yield TextBox(x + 0.5, y + 0.8, width - 1, _LABEL_HEIGHT, label, form.label)
    if value:
        rest = height - _LABEL_HEIGHT - 1.6
        yield TextBox(x + 1, y + _LABEL_HEIGHT + 0.8, width - 2, rest, value, form.value)


def _title(
    box: BoxView, form: SpineMeasures, room: tuple[float, float, float, float]
) -> Iterator[TextBox]:
    """First line of the title large, the others below it in smaller type."""
    x, y, width, height = room
    main, *others = box.title_lines or ("",)
    share = height * form.main_share if others else height
    yield TextBox(
        x + 2, y + 4, width - 4, share - 9, main, form.title, valign="middle", vertical=True
    )
    if others:
        rest = "\n".join(others)  # a column for each
        yield TextBox(
            x + 2, y + share, width - 4, height - share - 4, rest, form.subtitle,
            valign="middle", vertical=True,
        )  # fmt: skip


def _marks(edges: list[float], y: float, form: SpineMeasures) -> Iterator[Line]:
    """Cut marks outside the strips: above and below every edge, beside the outer corners."""
    bottom = y + form.height
    near, far = form.mark_gap, form.mark_gap + form.mark
    for x in edges:
        yield Line(x, y - far, x, y - near, form.mark_weight)
        yield Line(x, bottom + near, x, bottom + far, form.mark_weight)
    for level in (y, bottom):
        yield Line(edges[0] - far, level, edges[0] - near, level, form.mark_weight)
        yield Line(edges[-1] + near, level, edges[-1] + far, level, form.mark_weight)
