"""What stands at a fixed spot of the page: text in boxes, frames, lines, pictures, QR codes."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING, TypeVar

from app.errors import ExportError
from app.services.documents import vertical
from app.services.documents.lines import balanced, break_lines
from app.services.documents.page import MIDDLE, MM, SLACK, Fill, Text
from app.services.documents.pictures import set_picture
from app.services.documents.tree import (
    Frame,
    Line,
    PictureBox,
    Placed,
    QrCode,
    TextBox,
    VAlign,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import segno

    from app.services.documents.fonts import FontLibrary, GridFont, RoleFont
    from app.services.documents.layout import SectionLayout

SMALLEST = 4.0
"""Type below this size cannot be read; text that would need it stops the output."""
_ONE_COLUMN = 0.5
"""Vertical text shrinks to this share of its size before it is broken into columns."""
_QUIET = 4
"""Empty modules that a QR code needs around it."""

_Found = TypeVar("_Found")


def place(block: Placed, flow: SectionLayout) -> None:
    """Draw the item on the page that is being filled."""
    match block:
        case TextBox(vertical=True):
            _vertical_box(block, flow)
        case TextBox():
            _text_box(block, flow)
        case Line():
            ends = (block.x1 * MM, block.y1 * MM, block.x2 * MM, block.y2 * MM)
            flow.stroke(*ends, block.weight, color=block.color)
        case Frame():
            _frame(block, flow)
        case PictureBox():
            _picture_box(block, flow)
        case QrCode():
            _qr_code(block, flow)


def _frame(block: Frame, flow: SectionLayout) -> None:
    left, top = block.x * MM, block.y * MM
    right, bottom = (block.x + block.width) * MM, (block.y + block.height) * MM
    half = block.weight / 2  # corners meet squarely
    for y in (top, bottom):
        flow.stroke(left - half, y, right + half, y, block.weight, color=block.color)
    for x in (left, right):
        flow.stroke(x, top, x, bottom, block.weight, color=block.color)


def box_lines(box: TextBox, fonts: FontLibrary) -> tuple[float, list[str]]:
    """The size at which all of the text fits the box, and its lines (or columns)."""
    if box.vertical:
        size, columns = _columns(box, fonts)
        return size, ["".join(column.units) for column in columns]
    return fit(
        box.text, fonts.of(box.style), box.style.size, (box.width * MM, box.height * MM),
        leading=box.style.leading, even=box.align == "center",
    )  # fmt: skip


def _text_box(box: TextBox, flow: SectionLayout) -> None:
    style = box.style
    size, lines = box_lines(box, flow.fonts)
    fitted = replace(style, size=size, pitch=style.pitch * size / style.size)
    step = size * style.leading
    y = box.y * MM + shift(box.valign, box.height * MM - step * len(lines))
    left, right = box.x * MM, (box.x + box.width) * MM
    for number, line in enumerate(lines, start=1):
        baseline = y + step / 2 + MIDDLE * size
        flow.write(line, (left, right), baseline, fitted, box.align)
        rule = baseline + size * 0.28
        if box.underline and not (box.double and number < len(lines)):
            flow.stroke(left, rule, right, rule, box.underline)
        if box.double and number == len(lines):
            rule += box.underline + 1.4
            flow.stroke(left, rule, right, rule, box.underline)
        y += step


def _vertical_box(box: TextBox, flow: SectionLayout) -> None:
    style = box.style
    font = flow.fonts.role(style.role)
    size, found = _columns(box, flow.fonts)
    pitch = size * style.leading
    middle = (box.x + box.width / 2) * MM + pitch * (len(found) - 1) / 2
    for number, column in enumerate(found):
        y = box.y * MM
        if len(found) == 1:
            y += shift(box.valign, box.height * MM - column.height)
        for glyph in column.place(font, size, middle - number * pitch, y):
            _glyph(glyph, font, box, flow)


def _columns(box: TextBox, fonts: FontLibrary) -> tuple[float, list[vertical.Column]]:
    """The size at which vertical text fits its box, and its columns."""
    style = box.style
    font = fonts.role(style.role)
    width, height = box.width * MM, box.height * MM
    fewest = box.text.count("\n") + 1

    def columns(size: float, most: float) -> list[vertical.Column] | None:
        found = vertical.columns(box.text, font, size, height)
        wide = len(found) * size * style.leading > width + SLACK
        high = any(column.height > height + SLACK for column in found)
        return None if wide or high or len(found) > most else found

    for size in _sizes(style.size, style.size * _ONE_COLUMN):  # rather smaller than broken
        found = columns(size, fewest)
        if found:
            return size, found
    size, _ = _largest(style.size, lambda s: columns(s, float("inf")), box.text)
    return size, vertical.balanced(box.text, font, size, height)


def _glyph(glyph: vertical.Glyph, font: RoleFont, box: TextBox, flow: SectionLayout) -> None:
    x, y, text, size, turned = glyph
    style = box.style
    for face, run in font.runs(text):
        flow.page.texts.append(Text(x, y, run, face, size, style.bold, style.color, turned=turned))
        if turned:
            y += font.width(run, size)
        else:
            x += font.width(run, size)


def _picture_box(box: PictureBox, flow: SectionLayout) -> None:
    picture = box.picture
    image = set_picture(picture, flow.fonts, picture.width * MM, float("inf"))
    above = (picture.height * MM - image.height) / 2
    top = box.y * MM
    flow.draw_image(image, (box.x * MM, (box.x + picture.width) * MM), top + above)
    flow.draw_caption(image, (box.x * MM, (box.x + picture.width) * MM), top + picture.height * MM)


def _qr_code(block: QrCode, flow: SectionLayout) -> None:
    rows = [bytes(row) for row in qr(block.text).matrix]
    module = block.size * MM / (len(rows) + 2 * _QUIET)
    for number, row in enumerate(rows):
        y = block.y * MM + (number + _QUIET) * module
        for start, end in _dark(row):
            x = block.x * MM + (start + _QUIET) * module
            flow.page.fills.append(Fill(x, y, (end - start) * module, module))


@lru_cache(64)
def qr(text: str) -> segno.QRCode:
    """The QR code of a text, which takes a while to make; raises ExportError where it is too long."""
    import segno

    try:
        return segno.make_qr(text, error="m", encoding="utf-8")
    except segno.DataOverflowError as error:
        raise ExportError(
            f"二维码放不下“{text[:20]}…”（{len(text)} 个字）。", "请缩短二维码的内容。"
        ) from error


def _dark(row: bytes) -> Iterator[tuple[int, int]]:
    """Where dark modules stand side by side."""
    start = row.find(1)
    while start >= 0:
        end = row.find(0, start)
        end = len(row) if end < 0 else end
        yield start, end
        start = row.find(1, end)


def shift(valign: VAlign, spare: float) -> float:
    """Distance from the top of a room to text that leaves ``spare`` height in it."""
    return {"top": 0.0, "middle": spare / 2, "bottom": spare}[valign]


def fit(
    text: str,
    font: RoleFont | GridFont,
    size: float,
    room: tuple[float, float],
    *,
    leading: float,
    even: bool = False,
) -> tuple[float, list[str]]:
    """The largest size up to ``size`` at which all of ``text`` fits the room, and its lines."""
    width, height = room

    def lines(size: float) -> list[str] | None:
        found = (balanced if even else break_lines)(text, width, font, size)
        if len(found) * size * leading > height + SLACK:
            return None
        wide = any(font.width(line, size) > width + SLACK for line in found)
        return None if wide else found

    return _largest(size, lines, text)


def _largest(
    size: float, attempt: Callable[[float], _Found | None], text: str
) -> tuple[float, _Found]:
    for candidate in _sizes(size):
        found = attempt(candidate)
        if found is not None:
            return candidate, found
    raise ExportError(
        f"“{text[:20]}…”有 {len(text)} 个字，缩到最小也放不下。",
        "请缩短文字，或在表单尺寸里留大些。",
    )


def _sizes(size: float, smallest: float = SMALLEST) -> Iterator[float]:
    while size >= smallest:
        yield size
        size -= 0.5 if size > 8 else 0.25
