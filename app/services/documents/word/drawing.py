"""Pictures and placed items of a Word file as DrawingML, as Word 2010, WPS and LibreOffice read it."""

from __future__ import annotations

import io
import math
from dataclasses import replace
from typing import TYPE_CHECKING
from xml.sax.saxutils import quoteattr

from app.services.documents.pictures import fitted, jpeg
from app.services.documents.placed import SMALLEST, box_lines, qr
from app.services.documents.tree import Frame, Line, Picture, PictureBox, Placed, QrCode, TextBox
from app.services.documents.word.text import Properties, paragraph, rule, run

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from app.services.documents.word.part import Part

_EMU = 36000
"""Per millimetre."""
_EMU_POINT = 12700
_WPS = "http://schemas.microsoft.com/office/word/2010/wordprocessingShape"
_PIC = "http://schemas.openxmlformats.org/drawingml/2006/picture"
_NARROWER = 0.985
"""Text in boxes is fitted to this share of the width: Word's Latin letters differ a little."""
_QR_SCALE = 8
"""Pixels to a module of a QR code."""
_TURN = {"top": "left", "middle": "center", "bottom": "right"}


class Media:
    """The image files of a document: each stands in it once, as fine as its largest place needs."""

    def __init__(self) -> None:
        self._pictures: dict[Path | bytes, tuple[str, Picture]] = {}
        self._largest: dict[str, tuple[float, float]] = {}
        self._codes: dict[str, str] = {}

    def picture(self, picture: Picture, width: float, height: float) -> str:
        """Name of the file for a picture that is to be shown at that size in points."""
        name, _ = self._pictures.setdefault(
            picture.source, (f"media/picture{len(self._pictures) + 1}.jpeg", picture)
        )
        known = self._largest.get(name, (0.0, 0.0))
        self._largest[name] = max(known[0], width), max(known[1], height)
        return name

    def code(self, text: str) -> str:
        """Name of the file for a QR code."""
        return self._codes.setdefault(text, f"media/code{len(self._codes) + 1}.png")

    def files(self) -> Iterator[tuple[str, bytes]]:
        """Every file with its content, made one at a time."""
        for name, picture in self._pictures.values():
            yield name, jpeg(picture, *self._largest[name])
        for text, name in self._codes.items():
            out = io.BytesIO()
            qr(text).save(out, kind="png", scale=_QR_SCALE, border=4)
            yield name, out.getvalue()


def picture(image: Picture, room: tuple[float, float], part: Part) -> Iterator[str]:
    """A picture in a paragraph, its caption in another; ``room`` in points."""
    style = image.style
    width = min(image.width * 72 / 25.4, room[0])
    lines = math.ceil(len(image.caption) * style.size / width) if image.caption else 0
    size = fitted(image, room[0], room[1], lines)
    file = part.media.picture(image, *size)
    cx, cy = (round(side * _EMU_POINT) for side in size)
    number = part.number()
    drawn = (
        '<w:r><w:drawing><wp:inline distT="0" distB="0" distL="0" distR="0">'
        f'<wp:extent cx="{cx}" cy="{cy}"/>{_named(number, image.caption or image.name)}'
        f"<wp:cNvGraphicFramePr/>{_pic(part.image(file), number, cx, cy)}</wp:inline></w:drawing></w:r>"
    )
    yield paragraph(Properties("Image", keep_next=bool(image.caption), align=image.align), drawn)
    if image.caption:
        yield caption(image, part)


def caption(image: Picture, part: Part) -> str:
    """The paragraph with a picture's caption."""
    style = part.styles.paragraph(image.style, image.align)
    return paragraph(Properties(style, before=40), run(image.caption))


def anchored(block: Placed, part: Part) -> str:
    """A placed item as runs of the paragraph that it is anchored in."""
    match block:
        case TextBox():
            return _shape(block, _box(block, part), part)
        case Frame():
            outline = _outline(block.weight, block.color)
            return _shape(
                block, f"{_geometry('rect', block)}{outline}</wps:spPr><wps:bodyPr/>", part
            )
        case Line():
            return _line(block, part)
        case PictureBox():
            return _picture_box(block, part)
        case QrCode():
            side = round(block.size * _EMU)
            name = part.image(part.media.code(block.text))
            drawn = _pic(name, part.number(), side, side)
            return _run(_anchor((block.x, block.y, block.size, block.size), drawn, part))


def _box(box: TextBox, part: Part) -> str:
    size, lines = box_lines(replace(box, width=box.width * _NARROWER), part.fonts())
    size = max(SMALLEST, int(size * 2) / 2)
    style = replace(box.style, size=size, pitch=box.style.pitch * size / box.style.size)
    align = box.align if not box.vertical else _TURN[box.valign] if len(lines) == 1 else "left"
    name = part.styles.paragraph(style, align)
    ruled = bool(box.underline) and not box.vertical
    pieces = lines if ruled else box.text.split("\n")
    content = "".join(
        paragraph(
            Properties(name, border=_rule(box, number == len(pieces)) if ruled else ""),
            run(line, style.color),
        )
        for number, line in enumerate(pieces, start=1)
    )
    turned = "eaVert" if box.vertical else "horz"
    anchor = {"top": "t", "middle": "ctr", "bottom": "b"}["middle" if box.vertical else box.valign]
    return (
        f"{_geometry('rect', box)}<a:ln><a:noFill/></a:ln></wps:spPr>"
        f"<wps:txbx><w:txbxContent>{content}</w:txbxContent></wps:txbx>"
        f'<wps:bodyPr rot="0" vert="{turned}" wrap="square" lIns="0" tIns="0" rIns="0" bIns="0"'
        f' anchor="{anchor}" anchorCtr="0"><a:noAutofit/></wps:bodyPr>'
    )


def _rule(box: TextBox, last: bool) -> str:
    """The rule under a line; a between-border keeps neighbours from sharing one."""
    if box.double:
        return rule("bottom", box.underline, "double") if last else ""
    return rule("bottom", box.underline) + rule("between", box.underline)


def _line(block: Line, part: Part) -> str:
    left, top = min(block.x1, block.x2), min(block.y1, block.y2)
    width, height = abs(block.x2 - block.x1), abs(block.y2 - block.y1)
    rising = (block.x2 - block.x1) * (block.y2 - block.y1) < 0
    frame = Frame(left, top, width, height, block.weight, block.color)
    outline = _outline(block.weight, block.color)
    shape = f"{_geometry('line', frame, flipped=rising)}{outline}</wps:spPr><wps:bodyPr/>"
    return _shape(frame, shape, part)


def _picture_box(block: PictureBox, part: Part) -> str:
    image = block.picture
    width, height = (side * 25.4 / 72 for side in fitted(image, math.inf, math.inf, 0))
    spare = image.width - width
    x = block.x + {"left": 0.0, "center": spare / 2, "right": spare}[image.align]
    y = block.y + (image.height - height) / 2
    name = part.image(part.media.picture(image, width * 72 / 25.4, height * 72 / 25.4))
    drawn = _pic(name, part.number(), round(width * _EMU), round(height * _EMU))
    made = _run(_anchor((x, y, width, height), drawn, part))
    if not image.caption:
        return made
    lines = math.ceil(len(image.caption) * image.style.size * 25.4 / 72 / image.width)
    room = (lines * image.style.leading + 0.5) * image.style.size * 25.4 / 72
    below = TextBox(
        block.x, block.y + image.height, image.width, room, image.caption, image.style, image.align
    )
    return made + anchored(below, part)


def _shape(box: TextBox | Frame, inside: str, part: Part) -> str:
    graphic = (
        f'<a:graphic><a:graphicData uri="{_WPS}"><wps:wsp><wps:cNvSpPr/>'
        f"{inside}</wps:wsp></a:graphicData></a:graphic>"
    )
    drawing = _anchor((box.x, box.y, box.width, box.height), graphic, part)
    return _run(
        f'<mc:AlternateContent><mc:Choice Requires="wps">{drawing}</mc:Choice></mc:AlternateContent>'
    )


def _run(drawing: str) -> str:
    return f"<w:r>{drawing}</w:r>"


def _anchor(box: tuple[float, float, float, float], graphic: str, part: Part) -> str:
    """A drawing at its place on the page, in millimetres; text does not give way to it."""
    x, y, cx, cy = (round(value * _EMU) for value in box)
    number = part.number()
    return (
        '<w:drawing><wp:anchor distT="0" distB="0" distL="0" distR="0" simplePos="0"'
        f' relativeHeight="{number}" behindDoc="0" locked="0" layoutInCell="1" allowOverlap="1">'
        '<wp:simplePos x="0" y="0"/>'
        f'<wp:positionH relativeFrom="page"><wp:posOffset>{x}</wp:posOffset></wp:positionH>'
        f'<wp:positionV relativeFrom="page"><wp:posOffset>{y}</wp:posOffset></wp:positionV>'
        f'<wp:extent cx="{cx}" cy="{cy}"/><wp:effectExtent l="0" t="0" r="0" b="0"/><wp:wrapNone/>'
        f"{_named(number, '')}<wp:cNvGraphicFramePr/>{graphic}</wp:anchor></w:drawing>"
    )


def _named(number: int, words: str) -> str:
    description = f" descr={quoteattr(words)}" if words else ""
    return f'<wp:docPr id="{number}" name="{number}"{description}/>'


def _pic(relation: str, number: int, cx: int, cy: int) -> str:
    return (
        f'<a:graphic><a:graphicData uri="{_PIC}"><pic:pic><pic:nvPicPr>'
        f'<pic:cNvPr id="{number}" name="{number}"/><pic:cNvPicPr/></pic:nvPicPr>'
        f'<pic:blipFill><a:blip r:embed="{relation}"/><a:stretch><a:fillRect/></a:stretch>'
        f'</pic:blipFill><pic:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="{cx}" cy="{cy}"/></a:xfrm>'
        '<a:prstGeom prst="rect"><a:avLst/></a:prstGeom></pic:spPr></pic:pic>'
        "</a:graphicData></a:graphic>"
    )


def _geometry(kind: str, box: TextBox | Frame, *, flipped: bool = False) -> str:
    """Begins the properties of a shape without a filling."""
    cx, cy = round(box.width * _EMU), round(box.height * _EMU)
    flip = ' flipV="1"' if flipped else ""
    return (
        f'<wps:spPr><a:xfrm{flip}><a:off x="0" y="0"/><a:ext cx="{cx}" cy="{cy}"/></a:xfrm>'
        f'<a:prstGeom prst="{kind}"><a:avLst/></a:prstGeom><a:noFill/>'
    )


def _outline(weight: float, color: str) -> str:
    return (
        f'<a:ln w="{round(weight * _EMU_POINT)}"><a:solidFill><a:srgbClr val="{color or "000000"}"/>'
        "</a:solidFill><a:miter/></a:ln>"
    )
