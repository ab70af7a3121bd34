"""Spine strips of boxes and volumes: several to an A4 page, cut along the marks, stuck on."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from app.errors import ValidationError
from app.services.documents.tree import (
    Frame,
    Line,
    PageBreak,
    PageSetup,
    QrCode,
    Section,
    TextBox,
    TextStyle,
)
from app.services.forms.archive.placed import fingerprint_words, penciled
from app.services.forms.archive.titles import titled
from app.services.forms.form import flag, text
from app.services.forms.measures import STRICT, load

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from app.services.documents.tree import Block, Document, Placed
    from app.services.forms.form import Build, Options, Sheet, Values

_POINT = 25.4 / 72
_FINGERPRINT_GROUPS = 4
"""Of four digits each."""


@dataclass(frozen=True, slots=True)
class FieldMeasure:
    """A cell across the strip: its label, whose value stands in it, and how high it is."""

    __pydantic_config__ = STRICT

    label: str
    field: str
    height: float


@dataclass(frozen=True, slots=True)
class StripMeasures:
    """What stands on a strip, from top to bottom: fields, the upright title, fields, the code."""

    __pydantic_config__ = STRICT

    border: float
    border_weight: float
    rule_weight: float
    label_height: float
    label: TextStyle
    value: TextStyle
    title: TextStyle
    subtitle: TextStyle
    main_share: float
    above: list[FieldMeasure]
    below: list[FieldMeasure]
    qr_largest: float
    qr_least: float
    """On a narrower strip a code could not be read by a telephone; only its letters are printed."""
    qr_words: float
    qr_style: TextStyle
    title_field: str = ""
    """Value that is the title; empty: the lines of the cover."""
    full_height: float = 285
    """The height for which the heights of the fields are meant; lower strips have lower ones."""


@dataclass(frozen=True, slots=True)
class CutMarks:
    """Short lines outside of what is cut out."""

    __pydantic_config__ = STRICT

    length: float
    gap: float
    weight: float


@dataclass(frozen=True, slots=True)
class SpineMeasures:
    """spine.toml and volume_spine.toml."""

    __pydantic_config__ = STRICT

    title: str
    height: float
    narrower: float
    margin: float
    strip: StripMeasures
    marks: CutMarks
    page: PageSetup = field(default_factory=PageSetup)


def spine_form(name: str) -> Build:
    """Strips for all boxes in their order."""

    def build(sheets: Sequence[Sheet], options: Options) -> Document:
        section = spine_section(name, sheets, options)
        return titled(sheets, section.title, (section,))

    return build


def spine_section(name: str, sheets: Sequence[Sheet], options: Options) -> Section:
    """The strips as part of a larger document."""
    form = load(name, SpineMeasures)
    blocks: list[Block] = []
    for page in _pages(sheets, form):
        if blocks:
            blocks.append(PageBreak())
        x = (form.page.width - sum(width for _, width in page)) / 2
        y = (form.page.height - form.height) / 2
        edges = [x]
        for one, width in page:
            blocks += strip(one.values, form.strip, (x, y, width, form.height), options)
            x += width
            edges.append(x)
        blocks += cut_marks(edges, [y, y + form.height], form.marks)
    return Section(form.title, form.page, tuple(blocks))


def strip(
    values: Values, form: StripMeasures, room: tuple[float, float, float, float], options: Options
) -> Iterator[Placed]:
    """One strip: fields above and below, the upright title between them, the code at the foot."""
    values = penciled(values, options)
    x, y, width, height = room
    left, top = x + form.border, y + form.border
    width, bottom = width - 2 * form.border, y + height - form.border
    yield Frame(left, top, width, bottom - top, form.border_weight)
    scale = min(1.0, height / form.full_height)
    for one in form.above:
        yield from _field(
            text(values, one.field), one, form, (left, top, width, one.height * scale)
        )
        top += one.height * scale
        yield Line(left, top, left + width, top, form.rule_weight)
    if flag(options, "qr"):
        code = min(form.qr_largest, width - 1) if width - 1 >= form.qr_least else 0
        bottom -= code + _words_height(width, form) + 1
        yield Line(left, bottom, left + width, bottom, form.rule_weight)
        yield from _code(values, form, (left, bottom, width, code))
    end = bottom - sum(one.height for one in form.below) * scale
    yield from _title(values, form, (left, top, width, end - top))
    for one in form.below:
        yield Line(left, end, left + width, end, form.rule_weight)
        yield from _field(
            text(values, one.field), one, form, (left, end, width, one.height * scale)
        )
        end += one.height * scale


def cut_marks(across: Sequence[float], down: Sequence[float], marks: CutMarks) -> Iterator[Line]:
    """Marks above and below every upright edge, left and right of every level one."""
    near, far = marks.gap, marks.gap + marks.length
    for x in across:
        yield Line(x, down[0] - far, x, down[0] - near, marks.weight)
        yield Line(x, down[-1] + near, x, down[-1] + far, marks.weight)
    for y in down:
        yield Line(across[0] - far, y, across[0] - near, y, marks.weight)
        yield Line(across[-1] + near, y, across[-1] + far, y, marks.weight)


def _pages(sheets: Sequence[Sheet], form: SpineMeasures) -> Iterator[list[tuple[Sheet, float]]]:
    """As many strips to a page as its width holds."""
    room = form.page.width - 2 * form.margin
    least = form.strip.border * 2 + 6
    page: list[tuple[Sheet, float]] = []
    for one in sheets:
        width = one.view.spine_mm - form.narrower
        if not least <= width <= room:
            raise ValidationError(
                f"{one.view.label}的脊宽 {one.view.spine_mm:g} 毫米，印不出来。",
                f"请填 {least + form.narrower:g} 到 {room + form.narrower:g} 毫米之间的宽度。",
            )
        if sum(used for _, used in page) + width > room:
            yield page
            page = []
        page.append((one, width))
    if page:
        yield page


def _field(
    value: str, one: FieldMeasure, form: StripMeasures, room: tuple[float, float, float, float]
) -> Iterator[TextBox]:
    x, y, width, height = room
    yield TextBox(x + 0.5, y + 0.8, width - 1, form.label_height, one.label, form.label)
    if value:
        edge = min(1.0, width / 18)
        rest = height - form.label_height - 1.6
        yield TextBox(
            x + edge, y + form.label_height + 0.8, width - 2 * edge, rest, value, form.value
        )


def _title(
    values: Values, form: StripMeasures, room: tuple[float, float, float, float]
) -> Iterator[TextBox]:
    """First line of the title large, the others below it in smaller type."""
    x, y, width, height = room
    if form.title_field:
        found = [text(values, form.title_field)]
    else:
        found = [text(values, f"封面内容{n}") for n in range(1, 20) if f"封面内容{n}" in values]
    main, *others = found or [""]
    share = height * form.main_share if others else height
    edge = min(2.0, width / 8)
    yield TextBox(x + edge, y + 4, width - 2 * edge, share - 8, main, form.title, vertical=True)
    if others:
        rest = "\n".join(others)  # a column for each
        yield TextBox(
            x + edge, y + share, width - 2 * edge, height - share - 4, rest, form.subtitle,
            vertical=True,
        )  # fmt: skip


def _code(
    values: Values, form: StripMeasures, room: tuple[float, float, float, float]
) -> Iterator[Placed]:
    x, y, width, size = room
    if size:
        yield QrCode(x + (width - size) / 2, y + 0.5, size, text(values, "二维码内容"))
    words = fingerprint_words(values, per_line=_per_line(width, form))
    height = _words_height(width, form)
    yield TextBox(x + 0.5, y + size + 0.5, width - 1, height, words, form.qr_style)


def _per_line(width: float, form: StripMeasures) -> int:
    """Groups of the fingerprint in a line."""
    return 2 if width >= form.qr_least else 1


def _words_height(width: float, form: StripMeasures) -> float:
    """Room of the fingerprint, which has more lines on a narrow strip."""
    style, lines = form.qr_style, _FINGERPRINT_GROUPS // _per_line(width, form)
    return max(form.qr_words, lines * style.size * style.leading * _POINT)
