"""What is set in type in a book: cover, dividers, slips, captions, page numbers."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from app.services.book.leaves import Place
from app.services.documents.tree import Frame, Line, TextBox

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.services.book.measures import BookMeasures, DoubleFrame, StampMeasures
    from app.services.book.pieces import Contents, Piece
    from app.services.documents.tree import Align, Block, PageSetup
    from app.services.forms.form import Values


@dataclass(frozen=True, slots=True)
class Numbering:
    """Where page numbers stand."""

    form: BookMeasures
    at_top: bool

    def blocks(self, page: PageSetup, number: int) -> tuple[TextBox]:
        """The number on a page: odd ones at the right, even ones at the left edge."""
        text = self.form.words("number", self.form.number, page=number)
        return (self._box(page, text, "right" if number % 2 else "left"),)

    def front(self, page: PageSetup, number: int) -> tuple[TextBox]:
        """The number of a page of the directory, which counts by itself."""
        text = self.form.words("front_number", self.form.front_number, page=number)
        return (self._box(page, text, "center"),)

    def place(self, page: PageSetup, number: int) -> Place:
        """Where the number stands on a page."""
        (box,) = self.blocks(page, number)
        half = box.width / 3
        x = box.x + box.width - half if number % 2 else box.x
        return Place(x, box.y, half, box.height)

    def _box(self, page: PageSetup, text: str, align: Align) -> TextBox:
        style = self.form.number_style
        corner = self.form.number_top if self.at_top else self.form.number_foot
        height = style.size * 0.5
        x = min(corner.x, page.width / 4)
        y = corner.y if self.at_top else page.height - corner.y - height
        return TextBox(x, max(y, 0), page.width - 2 * x, height, text, style, align)


def frame(form: DoubleFrame) -> list[Block]:
    """A thick frame with a thin one inside it."""
    if not form.weight:
        return []
    gap = form.gap
    return [
        Frame(form.x, form.y, form.width, form.height, form.weight),
        Frame(
            form.x + gap, form.y + gap, form.width - 2 * gap, form.height - 2 * gap,
            form.inner_weight,
        ),
    ]  # fmt: skip


def cover(
    contents: Contents, form: BookMeasures, volume: int = 1, of: int = 1
) -> tuple[Block, ...]:
    """The cover of the book or of one of its volumes."""
    box, at = contents.boxes[0], form.cover
    blocks: list[Block] = frame(at.frame)
    if box.fonds_name:
        blocks.append(at.fonds.box(box.fonds_name))
    blocks.append(at.heading.box(form.title))
    blocks.append(at.lines.box("\n".join(box.title_lines)))
    blocks.append(at.facts.box(facts(contents)))
    if of > 1:
        blocks.append(at.volume.box(form.words("volume", form.volume, volume=volume, of=of)))
    return tuple(blocks)


def facts(contents: Contents) -> str:
    """What the cover says of the contents."""
    boxes = contents.boxes
    words = f"收入{boxes_words(contents)}　材料 {sum(one.pieces for one in boxes)} 件"
    return f"{words}　保管期限 {boxes[0].retention}" if boxes[0].retention else words


def boxes_words(contents: Contents) -> str:
    """Which boxes, e.g. ``第 1—3、5 盒``; the whole year in words of its own."""
    if contents.whole:
        return f"全部 {contents.of} {contents.boxes[0].unit}"
    numbers = [box.number for box in contents.boxes]
    runs: list[list[int]] = []
    for number in numbers:
        if runs and runs[-1][-1] == number - 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    words = "、".join(str(r[0]) if len(r) == 1 else f"{r[0]}—{r[-1]}" for r in runs)
    return f"第 {words} {contents.boxes[0].unit}"


def divider(
    form: BookMeasures, box: str, no: str, name: str, listed: Sequence[str]
) -> tuple[Block, ...]:
    """The sheet in front of a group or an item, with what follows."""
    at = form.divider
    blocks: list[Block] = []
    if box:
        blocks.append(at.box.box(box))
    if no:
        blocks.append(at.no.box(no))
    blocks.append(at.name.box(name))
    if listed:
        text = "\n".join(listed)
        place = at.list
        blocks.append(TextBox(
            place.x, place.y, place.width, place.height, text, place.style, "left", "top"
        ))  # fmt: skip
    return tuple(blocks)


def slip(form: BookMeasures, piece: Piece, reason: str) -> tuple[Block, ...]:
    """The sheet that stands for a piece that is not printed: what it is, where it lies, why."""
    row, at, page = piece.row, form.slip, form.page
    rows = [
        ("材料名称", row.title),
        ("责 任 者", row.author),
        ("形成日期", form.day(row.date)),
        ("考 核 项", piece.item.words),
        ("位　　置", f"{piece.box}　第 {row.seq} 号"),
        ("文 件 名", f"{piece.original_name}（{piece.label}）"),
        ("档案库内", piece.place),
        ("未印原因", reason),
    ]
    left, width = page.left, page.width - page.left - page.right
    blocks: list[Block] = [
        TextBox(left, at.title_top, width, 14, at.title, at.title_style),
        TextBox(
            left, at.top + at.row_height * len(rows) + 3, width, 8, at.note,
            replace(at.value_style, size=at.value_style.size - 2), "left",
        ),
    ]  # fmt: skip
    for number, (label, value) in enumerate(rows):
        y = at.top + number * at.row_height
        blocks.append(
            TextBox(left + 1, y, at.label_width - 2, at.row_height, label, at.label_style)
        )
        blocks.append(TextBox(
            left + at.label_width + 2, y + 0.5, width - at.label_width - 4, at.row_height - 1,
            value, at.value_style, "left",
        ))  # fmt: skip
        if number:
            blocks.append(Line(left, y, left + width, y, at.inner))
    height = at.row_height * len(rows)
    middle = left + at.label_width
    blocks.append(Line(middle, at.top, middle, at.top + height, at.inner))
    blocks.append(Frame(left, at.top, width, height, at.outer))
    return tuple(blocks)


def stamps(
    at: StampMeasures, page: PageSetup, stamped: Sequence[tuple[Values, Values]]
) -> list[Block]:
    """The archive stamps of the pieces that begin on a page, in the middle of its upper edge."""
    from app.services.forms.archive.stamp import stamp_blocks

    step = min(at.width + at.gap, page.width / max(1, len(stamped)))
    x = (page.width - step * (len(stamped) - 1) - at.width) / 2
    blocks: list[Block] = []
    for number, (box, line) in enumerate(stamped):
        blocks += stamp_blocks(x + number * step, at.y, box, line)
    return blocks


def head(form: BookMeasures, page: PageSetup, piece: Piece) -> TextBox:
    """The line above a piece's pages that says which it is."""
    text = form.words("head", form.head, seq=piece.row.seq, title=piece.row.title)
    width, y = page.width - page.left - page.right, page.top - 7
    return TextBox(page.left, y, width, 5, text, form.head_style, "left")


def caption(form: BookMeasures, piece: Piece, place: Place) -> TextBox:
    """What stands below a picture."""
    return TextBox(*place, caption_words(form, piece), form.caption_style, "center", "top")


def caption_words(form: BookMeasures, piece: Piece) -> str:
    """What a picture shows and when."""
    day = form.day(piece.row.date)
    return form.words("caption", form.caption, title=piece.row.title, date=day).strip()
