"""The clerk's convention in Word: what names a field of a list comes once for each of its lines.

A table row comes again by itself, and uses up the blank rows below it. Where the row has a label of
its own (“听课人员 | {{签到.姓名}}”) only what stands in the cell comes again: names in one line with 、,
anything else paragraph by paragraph. Outside of tables paragraphs come again.
"""

from __future__ import annotations

import re
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING, Any, NamedTuple

from app.services.templates.fields import BLANK, spell
from app.services.templates.language import (
    PICTURE_FILTER,
    PIECE,
    canonical,
    named_by,
)
from app.services.templates.views import Repeat
from app.services.templates.word_file import (
    W,
    cells_of,
    lines_of,
    pieces_of,
    rows_of,
    said_in,
    set_text,
    text_of,
    texts_of,
)

if TYPE_CHECKING:
    from app.services.templates.fields import Fields, Named
    from app.services.templates.word_file import Line, Story

_LOOP = re.compile(r"\{%-?\s*(?:tr|tc|p|r)?\s*for\s+(\w+)\s+in\s")
_UNTIL_STOP = re.compile(r"[^，。；：、,.;:\s　（）()“”《》{}]{0,4}")
_EMU_PER_TWIP = 635
_PAGE_TWIPS = 11906 - 2 * 1440
_CELL_MARGIN = 108


class Prepared(NamedTuple):
    """What was found while a story was made ready."""

    repeats: list[Repeat]
    pictures: int


def prepare(story: Story, fields: Fields, width: int = _PAGE_TWIPS) -> Prepared:
    """Make a story ready for docxtpl: fields spelled, pictures sized, repeating parts in loops."""
    return _Preparing(story, fields, width).run()


class _Preparing:
    def __init__(self, story: Story, fields: Fields, width: int) -> None:
        self._fields = fields
        self._width = width
        self._lines = list(lines_of(story))
        self._pieces = {line.element: pieces_of(line.element) for line in self._lines}
        said = "".join(text for pieces in self._pieces.values() for text in pieces)
        self._native = set(_LOOP.findall(said))
        self._repeats: list[Repeat] = []
        self._pictures = 0

    def run(self) -> Prepared:
        by_row: dict[Any, list[Line]] = {}
        loose: list[Line] = []
        for line in self._lines:
            if self._lists(line):
                row = next(line.element.iterancestors(W + "tr"), None)
                if row is None or _in_box(line.element, row):
                    loose.append(line)
                else:
                    by_row.setdefault(row, []).append(line)
        for line in self._lines:
            self._respell(line)
        rows = [_Part(row, lines, self._lists(lines[0])[0]) for row, lines in by_row.items()]
        for group in _adjoining([one for one in rows if not self._within_cells(one)]):
            self._rows(group)
        self._paragraphs(loose, in_cell=False)
        return Prepared(self._repeats, self._pictures)

    def _named(self, line: Line) -> list[Named]:
        found = (named_by(text, self._fields) for text in self._pieces[line.element])
        return [one for one in found if one is not None]

    def _lists(self, line: Line) -> list[str]:
        """Lists whose fields stand in a paragraph outside of loops of the template's own."""
        names = [one.list for one in self._named(line) if one.list]
        return [name for name in dict.fromkeys(names) if spell(name) not in self._native]

    def _respell(self, line: Line) -> None:
        if not self._pieces[line.element]:
            return
        for node in texts_of(line.element):
            if node.text and "{" in node.text:
                set_text(node, PIECE.sub(lambda m: self._spelled(m.group(), line), node.text))

    def _spelled(self, text: str, line: Line) -> str:
        named = named_by(text, self._fields)
        if named is None or not named.field.picture:
            return canonical(text, self._fields)
        if not line.copy:
            self._pictures += 1
        wide, high = self._room(line.element)
        return f"{{{{{named.expression}|{PICTURE_FILTER}({wide}, {high})}}}}"

    def _room(self, paragraph: Any) -> tuple[int, int]:
        """Room for a picture in EMU; a height of 0 leaves it to the width."""
        cell = next(paragraph.iterancestors(W + "tc"), None)
        if cell is None:
            return self._width * _EMU_PER_TWIP, 0
        wide = _width_of(cell) or self._width
        height = cell.getparent().find(f"{W}trPr/{W}trHeight")
        exact = height is not None and height.get(W + "hRule") == "exact"
        high = int(height.get(W + "val", 0)) if exact else 0
        return max(wide - 2 * _CELL_MARGIN, 200) * _EMU_PER_TWIP, high * _EMU_PER_TWIP

    def _within_cells(self, part: _Part) -> bool:
        """Whether not the row comes again, but what is in its cells: it has a label, or two lists."""
        names = {name for line in part.lines for name in self._lists(line)}
        if len(names) == 1 and not _labelled(part.element, part.lines):
            return False
        for _cell, some in groupby(
            part.lines, key=lambda one: next(one.element.iterancestors(W + "tc"))
        ):
            self._paragraphs(list(some), in_cell=True)
        return True

    def _rows(self, group: list[_Part]) -> None:
        """Rows of one list that follow one another come again together."""
        first, last, name = group[0].element, group[-1].element, group[0].name
        alone = len(group) == 1
        across = self._side_by_side(group[0].lines) if alone else 1
        blank = alone and _blank_rows(first, name, across)
        _loop_around(first, last, _loop(name, across, blank=blank), "tr")
        how = f"每 {across} 条一行" if across > 1 else "每条一行"
        place = re.sub(r" ?第\d+列.*$", "", group[0].lines[0].place)
        self._repeats.append(Repeat(place, name, how))

    def _side_by_side(self, lines: list[Line]) -> int:
        """How many lines of the list one row holds (姓名 签名 | 姓名 签名); fields are told apart."""
        expressions = [one.expression for line in lines for one in self._named(line) if one.list]
        counts = {expressions.count(one) for one in expressions}
        across = counts.pop() if len(counts) == 1 else 1
        if across > 1:
            seen: dict[str, int] = {}
            for line in lines:
                for node in texts_of(line.element):
                    if node.text and "{{" in node.text:
                        set_text(node, PIECE.sub(lambda m: _numbered(m.group(), seen), node.text))
        return across

    def _paragraphs(self, lines: list[Line], *, in_cell: bool) -> None:
        """Paragraphs that follow one another with fields of one list come again together."""
        parts = [_Part(line.element, [line], self._lists(line)[0]) for line in lines]
        for group in _adjoining(parts):
            if len(group) > 1 and any(self._has_picture(one.lines[0]) for one in group):
                self._repeat(group, joined=False)
                continue
            alone = in_cell and len(group) == 1
            ways = [(self._in_one_line(one.lines[0], in_cell=alone), one) for one in group]
            for joined, some in groupby(ways, key=itemgetter(0)):
                self._repeat([one for _way, one in some], joined=joined)

    def _repeat(self, group: list[_Part], *, joined: bool) -> None:
        name, line = group[0].name, group[0].lines[0]
        if joined:
            for one in group:
                _join(one.element, name)
        else:
            _loop_around(group[0].element, group[-1].element, _loop(name, 1), "p")
        if not line.copy:
            self._repeats.append(
                Repeat(line.place, name, "用顿号连成一句" if joined else "每条一段")
            )

    def _has_picture(self, line: Line) -> bool:
        return any(one.field.picture for one in self._named(line))

    def _in_one_line(self, line: Line, *, in_cell: bool) -> bool:
        """Words after a label, alone in a labelled cell, or within a sentence; pictures never."""
        named = self._named(line)
        if len({one.list for one in named if one.list}) > 1 or self._has_picture(line):
            return False
        if any(not one.list for one in named):
            return True
        before, _, after = text_of(line.element).partition("{{")
        alone = not before.strip() and not after.partition("}}")[2].strip()
        return before.rstrip().endswith(("：", ":")) or (in_cell and alone)


class _Part(NamedTuple):
    """A row or paragraph that names fields of a list."""

    element: Any
    lines: list[Line]
    name: str


def _adjoining(parts: list[_Part]) -> list[list[_Part]]:
    """Those of one list without anything between them, together."""
    groups: list[list[_Part]] = []
    for part in parts:
        last = groups[-1][-1] if groups else None
        if last and last.name == part.name and part.element.getprevious() is last.element:
            groups[-1].append(part)
        else:
            groups.append([part])
    return groups


def _in_box(paragraph: Any, row: Any) -> bool:
    """Whether a paragraph stands in a text box that is anchored in the row."""
    box = next(paragraph.iterancestors(W + "txbxContent"), None)
    return box is not None and row in box.iterancestors(W + "tr")


def _labelled(row: Any, lines: list[Line]) -> bool:
    """Whether another cell of the row has words of its own: then they must not come again."""
    inside = {next(line.element.iterancestors(W + "tc")) for line in lines}
    for cell in cells_of(row):
        merged = cell.find(f"{W}tcPr/{W}vMerge")
        if cell in inside or merged is not None:
            continue
        words = said_in(cell)
        if words.strip() and not PIECE.search(words) and not words.strip().isdigit():
            return True
    return False


def _width_of(cell: Any) -> int:
    width = cell.find(f"{W}tcPr/{W}tcW")
    if width is not None and width.get(W + "type") == "dxa" and width.get(W + "w", "").isdigit():
        return int(width.get(W + "w"))
    table = next(cell.iterancestors(W + "tbl"))
    grid = [int(one.get(W + "w", 0)) for one in table.findall(f"{W}tblGrid/{W}gridCol")]
    at = 0
    for other in cells_of(cell.getparent()):
        span = other.find(f"{W}tcPr/{W}gridSpan")
        wide = int(span.get(W + "val")) if span is not None else 1
        if other is cell:
            return sum(grid[at : at + wide])
        at += wide
    return 0


def _loop(name: str, across: int, *, blank: bool = False) -> str:
    """``blank``: the first line is there even where the list has none."""
    word = spell(name)
    lines = f"({word} or {word}{BLANK})" if blank else word
    return f"for 批 in {lines}|batch({across})" if across > 1 else f"for {word} in {lines}"


def _numbered(text: str, seen: dict[str, int]) -> str:
    """{{签到.姓名}} for the second group of a row: the second line of the batch, if there is one."""
    dotted = re.fullmatch(r"\{\{(\w+)\.(\w+)(\|.*)?\}\}", text, re.DOTALL)
    if not dotted:
        return text
    key = f"{dotted.group(1)}.{dotted.group(2)}"
    number = seen[key] = seen.get(key, -1) + 1
    field = f"批[{number}].{dotted.group(2)}{dotted.group(3) or ''}"
    return f"{{% if 批|length > {number} %}}{{{{{field}}}}}{{% endif %}}"


def _blank_rows(row: Any, name: str, across: int) -> bool:
    """Blank rows below the row stand for lines to come: each is there only until it is used."""
    found = False
    table = next(row.iterancestors(W + "tbl"))
    rows = rows_of(table)
    shape = len(cells_of(row))
    for number, below in enumerate(rows[rows.index(row) + 1 :], 1):
        words = said_in(below).strip()
        if len(cells_of(below)) != shape or (words and not words.isdigit()) or _drawn(below):
            break
        _loop_around(below, below, f"if {spell(name)}|length <= {number * across}", "tr")
        found = True
    return found


def _drawn(row: Any) -> bool:
    return next(row.iter(W + "drawing", W + "pict"), None) is not None


def _loop_around(first: Any, last: Any, head: str, tag: str) -> None:
    """Put docxtpl's rows or paragraphs with the two ends of a loop around elements."""
    for merge in first.iterfind(f"{W}tc/{W}tcPr/{W}vMerge") if tag == "tr" else ():
        if head.startswith("for") and merge.get(W + "val") == "restart":
            merge.set(W + "val", "{% if loop.first %}restart{% else %}continue{% endif %}")
    first.addprevious(_carrier(first, f"{{%{tag} {head} %}}", tag))
    last.addnext(_carrier(first, f"{{%{tag} end{head.split(maxsplit=1)[0]} %}}", tag))


def _carrier(like: Any, text: str, tag: str) -> Any:
    make = like.makeelement
    paragraph = make(W + "p", nsmap=like.nsmap)
    run = make(W + "r")
    words = make(W + "t")
    set_text(words, text)
    run.append(words)
    paragraph.append(run)
    if tag == "p":
        return paragraph
    row, cell = make(W + "tr", nsmap=like.nsmap), make(W + "tc")
    cell.append(paragraph)
    row.append(cell)
    return row


def _join(paragraph: Any, name: str) -> None:
    """Put what says one line, from its first field to the next stop, into a loop with 、 between."""
    word = spell(name)
    ours = re.compile(rf"\{{\{{{word}\.\w+[^}}]*\}}\}}")
    nodes = [node for node in texts_of(paragraph) if node.text and ours.search(node.text)]
    first, last = nodes[0], nodes[-1]
    end = [found.end() for found in ours.finditer(last.text)][-1]
    rest = _UNTIL_STOP.match(last.text, end)
    end = rest.end() if rest else end
    loop_end = "{% if not loop.last %}、{% endif %}{% endfor %}"
    set_text(last, last.text[:end] + loop_end + last.text[end:])
    begin = next(ours.finditer(first.text)).start()
    set_text(first, f"{first.text[:begin]}{{% for {word} in {word} %}}{first.text[begin:]}")
