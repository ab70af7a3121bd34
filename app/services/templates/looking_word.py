"""A Word file as a document tree, to be looked at where no program can draw it as it is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from app.services.documents.tree import (
    Cell,
    Column,
    Document,
    PageBreak,
    PageSetup,
    Paragraph,
    Picture,
    Row,
    Section,
    Table,
    TextStyle,
)
from app.services.templates.word_file import W, cells_of, rows_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from app.services.documents.tree import Align, Flowing, Role, VAlign

_A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_WP = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}"
_R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_MM_PER_TWIP = 25.4 / 1440
_MM_PER_EMU = 1 / 36000
_ALIGN: dict[str, Align] = {"center": "center", "right": "right", "end": "right"}
_VALIGN: dict[str, VAlign] = {"center": "middle", "bottom": "bottom"}
_ROLES: tuple[tuple[str, Role], ...] = (
    ("小标宋", "title"), ("仿宋", "fangsong"), ("FangSong", "fangsong"), ("黑", "hei"),
    ("SimHei", "hei"), ("雅黑", "hei"), ("楷", "kai"), ("KaiTi", "kai"),
)  # fmt: skip
NOTICE = "示意：字体、行距和分页与 Word、Excel 打开的样子可能不同，以它们为准。"
NOTICE_STYLE = TextStyle("hei", 8, color="7F7F7F")
_SMALLEST = 4.0


def word_tree(document: Any, title: str) -> Document:
    """Paragraphs, tables with merges, pictures and page sizes of a file opened by python-docx."""
    return Document(title, tuple(_Reading(document).sections(title)))


class _Reading:
    def __init__(self, document: Any) -> None:
        self._document = document
        self._rels = document.part.rels
        normal = document.styles["Normal"].font if "Normal" in document.styles else None
        self._size = normal.size.pt if normal is not None and normal.size else self._default_size()

    def _default_size(self) -> float:
        found = self._document.styles.element.find(f"{W}docDefaults/{W}rPrDefault/{W}rPr/{W}sz")
        return int(found.get(W + "val")) / 2 if found is not None else 10.5

    def sections(self, title: str) -> Iterator[Section]:
        blocks: list[Flowing] = []
        for child in self._children(self._document.element.body):
            end = child if child.tag == W + "sectPr" else child.find(f"{W}pPr/{W}sectPr")
            blocks += self._blocks(child, end)
            if end is not None:
                page = _page(end)
                yield Section(title, page, tuple(self._fitting(blocks, page)), self._head(end))
                blocks = []
        if blocks:
            yield Section(
                title, PageSetup(), tuple(self._fitting(blocks, PageSetup())), self._head(None)
            )

    def _children(self, holder: Any) -> Iterator[Any]:
        for child in holder:
            if child.tag in (W + "sdt", W + "sdtContent", W + "ins", W + "customXml"):
                yield from self._children(child)
            else:
                yield child

    def _blocks(self, child: Any, section: Any) -> Iterator[Flowing]:
        if child.tag == W + "p":
            yield from self._paragraph(child, child.find(f"{W}pPr/{W}sectPr") is not None)
        elif child.tag == W + "tbl":
            yield self._table(child)

    def _fitting(self, blocks: list[Flowing], page: PageSetup) -> Iterator[Flowing]:
        """No table wider than the text."""
        room = page.width - page.left - page.right
        for block in blocks:
            if isinstance(block, Table):
                wide = sum(column.width for column in block.columns)
                factor = min(1.0, room / wide) if wide else 1.0
                columns = tuple(Column(one.width * factor, "left") for one in block.columns)
                yield Table(columns, block.rows, block.header, block.style, outer=block.outer)
            else:
                yield block

    def _head(self, section: Any) -> tuple[Paragraph, ...]:
        lines = [Paragraph(NOTICE, NOTICE_STYLE)]
        for reference in section.iterfind(W + "headerReference") if section is not None else ():
            part = self._rels[reference.get(_R + "id")].target_part
            for line in part.element.iter(W + "p"):
                text = _text(line)
                if text.strip():
                    lines.append(Paragraph(text, TextStyle("song", 9), _align(line)))
        return tuple(lines)

    def _paragraph(self, line: Any, ends: bool) -> Iterator[Flowing]:
        text = _text(line)
        yield from self._pictures(line)
        if any(mark.get(W + "type") == "page" for mark in line.iter(W + "br")):
            yield PageBreak()
        if text or not (ends or next(line.iter(W + "drawing"), None) is not None):
            yield Paragraph(text, self._style(line), _align(line), indent=_indent(line))

    def _pictures(self, holder: Any) -> Iterator[Picture]:
        for drawing in holder.iter(W + "drawing"):
            blip, extent = (
                next(drawing.iter(_A + "blip"), None),
                next(drawing.iter(_WP + "extent"), None),
            )
            relation = blip.get(_R + "embed") if blip is not None else None
            if relation in self._rels and extent is not None:
                size = [max(1.0, int(extent.get(side)) * _MM_PER_EMU) for side in ("cx", "cy")]
                yield Picture(
                    self._rels[relation].target_part.blob, size[0], size[1], name="表格里的图片"
                )

    def _style(self, line: Any) -> TextStyle:
        marks = next((one for one in line.iterfind(f"{W}r/{W}rPr")), None)
        size, role, bold = self._size, "song", False
        if marks is not None:
            given = marks.find(W + "sz")
            size = int(given.get(W + "val")) / 2 if given is not None else size
            fonts = marks.find(W + "rFonts")
            role = _role(fonts.get(W + "eastAsia") or "") if fonts is not None else role
            bold = marks.find(W + "b") is not None
        return TextStyle(role, min(max(size, _SMALLEST), 72), bold)  # type: ignore[arg-type]

    def _table(self, table: Any) -> Table:
        grid = [
            int(one.get(W + "w") or 0) * _MM_PER_TWIP
            for one in table.findall(f"{W}tblGrid/{W}gridCol")
        ]
        if not grid or min(grid) <= 0:
            count = len(grid) or max((len(cells_of(row)) for row in rows_of(table)), default=1)
            grid = [160 / count] * count
        rows = rows_of(table)
        made = [self._row(row, number, rows, len(grid)) for number, row in enumerate(rows)]
        return Table(tuple(Column(max(width, 2.0), "left") for width in grid), tuple(made))

    def _row(self, row: Any, number: int, rows: list[Any], count: int) -> Row:
        cells: list[Cell] = []
        at = 0
        for cell in cells_of(row):
            wide = min(_span(cell), count - at)
            merged = cell.find(f"{W}tcPr/{W}vMerge")
            if wide > 0 and (merged is None or merged.get(W + "val") == "restart"):
                tall = _tall(rows, number, at) if merged is not None else 1
                cells.append(self._cell(cell, wide, tall))
            at += max(wide, 0)
        if at < count:
            cells.append(Cell(colspan=count - at))
        height = row.find(f"{W}trPr/{W}trHeight")
        least = int(height.get(W + "val") or 0) * _MM_PER_TWIP if height is not None else 0.0
        return Row(tuple(cells), min(least, 200.0))

    def _cell(self, cell: Any, wide: int, tall: int) -> Cell:
        lines = list(cell.iter(W + "p"))
        pictures = list(self._pictures(cell))
        text = "\n".join(_text(line) for line in lines).strip("\n")
        if len(pictures) > 1:
            text = f"{text}\n（另有 {len(pictures) - 1} 张图片）".strip()
        valign = cell.find(f"{W}tcPr/{W}vAlign")
        said = valign.get(W + "val") if valign is not None else ""
        style = self._style(lines[0]) if lines else TextStyle("song", self._size)
        align = _align(lines[0]) if lines else "left"
        return Cell(
            text,
            style,
            align,
            _VALIGN.get(said, "top"),
            wide,
            tall,
            pictures[0] if pictures else None,
        )


def _text(line: Any) -> str:
    return "".join(
        node.text or "" if node.tag == W + "t" else "　" if node.tag == W + "tab" else "\n"
        for node in line.iter(W + "t", W + "br", W + "tab", W + "cr")
        if node.getparent().tag != W + "tabs" and next(node.iterancestors(W + "p")) is line
    )


def _align(line: Any) -> Align:
    found = line.find(f"{W}pPr/{W}jc")
    return _ALIGN.get(found.get(W + "val"), "left") if found is not None else "left"


def _indent(line: Any) -> float:
    found = line.find(f"{W}pPr/{W}ind")
    return int(found.get(W + "firstLineChars") or 0) / 100 if found is not None else 0


def _role(font: str) -> Role:
    return next((role for word, role in _ROLES if word in font), "song")


def _span(cell: Any) -> int:
    found = cell.find(f"{W}tcPr/{W}gridSpan")
    return int(found.get(W + "val")) if found is not None else 1


def _tall(rows: list[Any], number: int, column: int) -> int:
    """How many rows a cell reaches over."""
    tall = 1
    for row in rows[number + 1 :]:
        at, goes_on = 0, False
        for cell in cells_of(row):
            merged = cell.find(f"{W}tcPr/{W}vMerge")
            if at == column:
                goes_on = merged is not None and merged.get(W + "val") != "restart"
            at += _span(cell)
        if not goes_on:
            break
        tall += 1
    return tall


def _page(section: Any) -> PageSetup:
    size, margins = section.find(W + "pgSz"), section.find(W + "pgMar")
    if size is None or margins is None:
        return PageSetup()

    def mm(of: Any, name: str, usual: float) -> float:
        value = of.get(W + name)
        return abs(int(float(value))) * _MM_PER_TWIP if value else usual

    top, bottom, left, right = (
        mm(margins, name, 20.0) for name in ("top", "bottom", "left", "right")
    )
    try:
        return PageSetup(mm(size, "w", 210.0), mm(size, "h", 297.0), top, bottom, left, right)
    except ValueError:
        return PageSetup()
