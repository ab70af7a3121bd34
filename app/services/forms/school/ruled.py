"""Ruled forms: labels and values in a frame, described line by line in resources/forms.

A layout names its lines; nothing about a form is in the code. Long texts, lists and photos grow over
as many pages as they need; what a page has left is shared out, so that a form that is short, or
blank for writing by hand, fills its page as the printed forms do.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from app.services.documents.tree import (
    Align,
    Cell,
    Document,
    PageSetup,
    Paragraph,
    Section,
    SignatureLine,
    Signatures,
    Spacer,
    Table,
)
from app.services.forms.by_hand import head_only
from app.services.forms.form import Values, lines, picture, text
from app.services.forms.measures import STRICT, load
from app.services.forms.school.grid import (
    Span,
    Strip,
    heading,
    heading_height,
    ruled_table,
    text_height,
    text_width,
    title_style,
)
from app.services.forms.school.style import SchoolStyle, pattern, style

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from app.services.documents.tree import Block
    from app.services.forms.form import Options, Sheet


_EMPTY: Values = {}
_BRACKETS = "—　 "
"""What is left of a pattern without words."""


@dataclass(frozen=True, slots=True)
class Pair:
    """A label and the field beside it."""

    __pydantic_config__ = STRICT

    label: str
    field: str = ""
    prompt: str = ""
    """Printed where the field is empty, e.g. boxes to tick."""
    share: float = 1
    """How wide it is beside the other pairs of its line."""
    align: Align = "center"


@dataclass(frozen=True, slots=True)
class ListColumn:
    """A column of a list: its heading, the field of each line."""

    __pydantic_config__ = STRICT

    name: str
    field: str
    width: float = 0
    """0: what the others leave."""
    align: Align = "center"
    optional: bool = False
    """Left out where no line has it."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a form: pairs; or a long text, a list or pictures under or beside a label."""

    __pydantic_config__ = STRICT

    pairs: tuple[Pair, ...] = ()
    label: str = ""
    band: bool = False
    """The label stands above over the whole width, not at the left."""
    field: str = ""
    prompt: str = ""
    """Printed where the field is empty, to be filled in by hand."""
    indent: bool = False
    """Paragraphs begin with two blanks."""
    list: str = ""
    columns: tuple[ListColumn, ...] = ()
    kept: bool = False
    """Printed also where only the head is, without what is written by hand."""
    blank_rows: int = 0
    """Rows for writing where the list is empty."""
    extra_rows: int = 0
    """Rows for writing below a list that is not empty."""
    usual: tuple[dict[str, str], ...] = ()
    """Lines printed where the list is empty."""
    pictures: str = ""
    """The list whose pictures are shown."""
    caption: str = ""
    """Pattern of the line below a picture."""
    across: int = 2
    boxes: int = 0
    """Empty frames for pasting where there are no pictures."""
    height: float = 0
    """At least; of pictures: the room of each."""
    grow: float = 0
    """Its part of what is left of the page."""


@dataclass(frozen=True, slots=True)
class Layout:
    """One layout of a form."""

    __pydantic_config__ = STRICT

    name: str
    title: str
    """Pattern with fields in braces."""
    lines: tuple[Line, ...]
    entry: str = ""
    """Pattern of what tells the sheet apart in the outline; none: its title."""
    heads: tuple[str, ...] = ()
    """Patterns above the frame, side by side."""
    signs: tuple[str, ...] = ()
    notes: str = ""
    by_hand: tuple[str, ...] = ()
    """Fields left empty, beside the long texts, where only the head is printed."""
    foot: str = ""
    page: PageSetup | None = None
    row_height: float = 0


@dataclass(frozen=True, slots=True)
class Layouts:
    """A form's file: its layouts by key."""

    __pydantic_config__ = STRICT

    layouts: dict[str, Layout]


def ruled_form(name: str, sheets: Sequence[Sheet], options: Options) -> Document:
    """The form of that file for some sheets, one after the other."""
    layouts = load(name, Layouts).layouts
    layout = layouts[options.get("layout") or next(iter(layouts))]
    common = style()
    known = [one.values for one in sheets]
    if head_only(options):
        known = [headed(one, layout) for one in known]
    sections = [RuledForm(layout, common, one).section() for one in known]
    return Document(layout.name if len(sections) > 1 else sections[0].title, tuple(sections))


def headed(values: Values, layout: Layout) -> Values:
    """Only what stands in the head of a form; the rest is written by hand."""
    fields = {pair.field for line in layout.lines for pair in line.pairs} - set(layout.by_hand)
    known = {name: value for name, value in values.items() if isinstance(value, str)}
    long = {line.field for line in layout.lines if line.field}
    kept = {line.list for line in layout.lines if line.kept}
    return {
        **{
            name: "" if name in layout.by_hand or (name in long and name not in fields) else value
            for name, value in known.items()
        },
        **{
            name: [{**one, **dict.fromkeys(layout.by_hand, "")} for one in lines(values, name)]
            for name in kept
        },
    }


class RuledForm:
    """One sheet of a ruled form."""

    def __init__(self, layout: Layout, common: SchoolStyle, values: Values) -> None:
        self.layout = layout
        self.common = common
        self.values = values
        self.page = layout.page or common.page
        self.width = self.page.width - self.page.left - self.page.right
        self.title = common.title
        self.heads = [self.pattern(words) for words in layout.heads]
        self.row_height = layout.row_height or common.row_height

    def section(self) -> Section:
        """The pages of the form."""
        title = self.pattern(self.layout.title).strip()
        self.title = title_style(title, self.width, self.common)
        common = self.common
        head: list[Block] = [Paragraph(title, self.title, "center", after=common.title_after)]
        if self.heads:
            head += [heading(self.heads, self.width, common), Spacer(common.heads_after)]
        tail: list[Block] = []
        if self.layout.signs:
            tail.append(self._signs())
        if self.layout.notes:
            notes = self.pattern(self.layout.notes)
            tail.append(Paragraph(notes, common.note, before=common.note_before))
        strips = self._grown(list(self._strips()), self._around(title))
        table = ruled_table(strips, self.width, common)
        entry = (
            self.pattern(self.layout.entry).removeprefix("《》").strip(_BRACKETS)
            if self.layout.entry
            else ""
        )
        return Section(entry or title, self.page, (*head, table, *tail), foot=self.layout.foot)

    def table(self) -> Table:
        """The frame alone, no higher than it has to be."""
        strips = [replace(one, min_height=max(one.min_height, one.wish)) for one in self._strips()]
        return ruled_table(strips, self.width, self.common)

    def pattern(self, words: str, line: Values | None = None) -> str:
        """A pattern with the fields of a line, or of the sheet."""
        return pattern(words, line or self.values)

    def _signs(self) -> Signatures:
        """Lines to sign on; the space is shared by the words."""
        common, signs = self.common, self.layout.signs
        room = (self.width - sum(text_width(f"{one}：　", common.sign) for one in signs)) / len(
            signs
        )
        length = max(room, common.sign_least)
        return Signatures(
            tuple(SignatureLine(f"{one}：", "", common.sign, width=length) for one in signs),
            before=common.sign_before,
        )

    def _around(self, title: str) -> float:
        """Height on the first page of what stands above and below the frame."""
        common = self.common
        high = text_height(title, self.width, self.title) + common.title_after
        if self.heads:
            high += heading_height(self.heads, self.width, common) + common.heads_after
        if self.layout.signs:
            high += common.sign_before + text_height("签", self.width, common.sign)
        if self.layout.notes:
            notes = self.pattern(self.layout.notes)
            high += common.note_before + text_height(notes, self.width, common.note)
        return high

    def _grown(self, strips: list[Strip], around: float) -> list[Strip]:
        """The strips as high as they should be: squeezed or stretched to fill a page where one will do."""
        page, common = self.page, self.common
        room = page.height - page.top - page.bottom - around - common.spare
        heights = [strip.height(common) for strip in strips]
        lacks = [max(strip.wish - high, 0.0) for strip, high in zip(strips, heights, strict=True)]
        rest, lack = room - sum(heights), sum(lacks)
        if rest <= 0:  # it goes on over several pages
            return [replace(one, min_height=max(one.min_height, one.wish)) for one in strips]
        given = min(rest / lack, 1.0) if lack else 0.0
        weights = sum(strip.grow for strip in strips)
        over = max(rest - lack, 0.0) / weights if weights else 0.0
        return [
            replace(strip, min_height=high + more * given + over * strip.grow)
            if strip.wish or strip.grow
            else strip
            for strip, high, more in zip(strips, heights, lacks, strict=True)
        ]

    def _strips(self) -> Iterator[Strip]:
        for line in self.layout.lines:
            if line.pairs:
                yield self._pairs(line)
            elif line.list:
                yield from self._list(line)
            elif line.pictures:
                yield from self._pictures(line)
            else:
                yield from self._long(line)

    def _label(self, words: str) -> Cell:
        return Cell(words, self.common.label, "center")

    def _pairs(self, line: Line) -> Strip:
        """Labels are equally wide; the values share the rest."""
        label = self.common.label_width
        rest = self.width - label * len(line.pairs)
        shares = sum(pair.share for pair in line.pairs)
        spans: list[Span] = []
        for pair in line.pairs:
            said = text(self.values, pair.field) or pair.prompt
            value = Cell(said, self.common.value, pair.align)
            named = self._label(self.pattern(pair.label))
            spans += [Span(label, named), Span(rest * pair.share / shares, value)]
        return Strip(tuple(spans), self.row_height, line.height, name=line.pairs[0].label)

    def _long(self, line: Line) -> Iterator[Strip]:
        said = text(self.values, line.field)
        if line.indent and said:
            said = "\n".join(f"　　{one.strip()}" for one in said.split("\n") if one.strip())
        cell = Cell(said or line.prompt, self.common.long, "left", "top")
        least = self.row_height
        if not line.band:
            label = self.common.label_width
            spans = (Span(label, self._label(line.label)), Span(self.width - label, cell))
            yield Strip(spans, least, line.height, line.grow, name=line.label)
            return
        yield self._band(line.label)
        if line.field or line.height:
            yield Strip((Span(self.width, cell),), least, line.height, line.grow, name=line.label)

    def _band(self, words: str) -> Strip:
        cell = self._label(self.pattern(words))
        return Strip((Span(self.width, cell),), self.row_height, keep_next=True, name=words)

    def _list(self, line: Line) -> Iterator[Strip]:
        if line.label:
            yield self._band(line.label)
        listed = lines(self.values, line.list) or line.usual
        columns = [
            one
            for one in line.columns
            if not one.optional or any(text(each, one.field) for each in listed)
        ]
        names = tuple(
            Span(width, self._label(column.name))
            for width, column in zip(self._widths(columns), columns, strict=True)
        )
        yield Strip(names, self.row_height, keep_next=True, heads=True, name=line.list)
        extra = line.extra_rows if listed else line.blank_rows
        for one in (*listed, *[_EMPTY] * extra):
            yield self._listed(line, columns, one, grow=0 if listed else line.grow)
        if line.grow and (listed or not line.blank_rows):
            yield self._listed(line, columns, _EMPTY, grow=line.grow)

    def _listed(self, line: Line, columns: Sequence[ListColumn], one: Values, grow: float) -> Strip:
        spans = tuple(
            Span(width, Cell(text(one, column.field), self.common.value, column.align))
            for width, column in zip(self._widths(columns), columns, strict=True)
        )
        return Strip(spans, self.row_height, line.height, grow, name=line.list)

    def _widths(self, columns: Sequence[ListColumn]) -> list[float]:
        left = self.width - sum(column.width for column in columns)
        open_ones = sum(not column.width for column in columns) or 1
        return [column.width or left / open_ones for column in columns]

    def _pictures(self, line: Line) -> Iterator[Strip]:
        shown = [self._picture(line, one) for one in lines(self.values, line.pictures)]
        shown = shown or [Cell() for _ in range(line.boxes)]
        if not shown:
            return
        if line.label:
            yield self._band(line.label)
        across = min(line.across, max(len(shown), 1))
        while len(shown) % across:
            shown.append(Cell())
        for start in range(0, len(shown), across):
            spans = tuple(Span(self.width / across, cell) for cell in shown[start : start + across])
            yield Strip(
                spans, line.height + 2 * self.common.padding_y, grow=line.grow, name=line.label
            )

    def _picture(self, line: Line, one: Values) -> Cell:
        """A picture above its caption; in a template the name of its field stands there."""
        shown = picture(one)
        caption = self.pattern(line.caption, one).strip()
        if shown is None:
            words = "\n".join(filter(None, (text(one, "图"), caption)))
            return Cell(words, self.common.caption, "center")
        room = self.width / line.across - 2 * self.common.padding_x
        shown = replace(shown, width=room, height=line.height)
        return Cell(caption, self.common.caption, "center", picture=shown)
