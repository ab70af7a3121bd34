"""A letter of an office as GB/T 9704-2012 wants it: title, levels, tables, annexes, signature.

The measures are in resources/forms/official*.toml (formats.md §3). Figures, names and typed texts
come from whoever builds a report; here they are only set in their places.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal
from unicodedata import east_asian_width

from app.services.documents.tree import (
    Align,
    Cell,
    Column,
    Document,
    Heading,
    PageBreak,
    PageSetup,
    Paragraph,
    Row,
    Section,
    Spacer,
    Table,
    TextStyle,
)
from app.services.forms.form import Option, flag, text
from app.services.forms.measures import STRICT, load

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.services.documents.tree import Block
    from app.services.forms.form import Options, Values

_MM = 72 / 25.4
_FIGURES = "〇一二三四五六七八九"

LAYOUT = Option(
    "layout", "版式", choices=(("official", "公文格式"), ("official_school", "学校习惯")),
    default="official", words="公文格式按 GB/T 9704-2012；学校习惯为题目三号、正文四号",
)  # fmt: skip
SEALED = Option("sealed", "署名处盖章", "flag", words="日期右空四字，署名居中于日期之上")
SIGNED = Option("unit", "署名", "text", words="不写用共同体的名称")
DATED = Option("date", "成文日期", "date", words="不写用今天")
OPTIONS = (LAYOUT, SIGNED, DATED, SEALED)
"""What can be chosen of every report in this layout."""


@dataclass(frozen=True, slots=True)
class Official:
    """Measures of an official page, of resources/forms/official*.toml."""

    __pydantic_config__ = STRICT

    name: str
    page: PageSetup
    title: TextStyle
    title_chars: int
    title_before: int
    title_after: int
    body: TextStyle
    levels: tuple[TextStyle, TextStyle, TextStyle, TextStyle]
    annex: TextStyle
    caption: TextStyle
    table: TextStyle
    table_head: TextStyle
    row_height: float
    foot: str
    foot_style: TextStyle
    foot_align: Literal["left", "center", "right", "outside"]
    unit_right: float
    date_shift: int
    date_right_sealed: float


@dataclass(frozen=True, slots=True)
class Shown:
    """A column of a table in a report: the field it shows, its share of the width."""

    field: str
    share: float
    align: Align = "center"
    title: str = ""
    """Empty: the name of the field."""


def measures(options: Options) -> Official:
    """Measures of the layout that was chosen."""
    return load(options.get("layout") or LAYOUT.default, Official)


def wide(words: str) -> float:
    """Width of a text in full-width characters."""
    return sum(1.0 if east_asian_width(sign) in "WFA" else 0.5 for sign in words)


def balanced(words: str, most: int) -> str:
    """A title on as few lines as hold it, of nearly the same length.

    ``|`` marks where it may be broken; where that is not enough it is broken between any two signs,
    but not before a closing mark, nor within a run of letters or figures.
    """
    parts = [" ".join(one.split()) for one in words.split("|")]
    if sum(map(wide, parts)) <= most:
        return "".join(parts)
    found = [""]
    for part in parts:
        if found[-1] and wide(found[-1] + part) > most:
            found.append("")
        found[-1] += part
    lines = [line for one in found if one for line in _evenly(one, most).split("\n")]
    if min(map(wide, lines)) < max(map(wide, lines)) * _RAGGED:
        return _evenly("".join(parts), most)
    return "\n".join(lines)


_RAGGED = 0.4
"""A title whose shortest line is a smaller share of its longest is broken evenly instead."""


def _evenly(words: str, most: int) -> str:
    lines = -(-wide(words) // most)
    if lines < 2:
        return words
    each = wide(words) / lines
    found: list[str] = []
    line = ""
    for piece in re.findall(r"[0-9A-Za-z]+|.", words):
        fits = wide(line) + wide(piece) / 2 <= each or piece in _CLOSING
        if line and not fits and len(found) < lines - 1:
            found.append(line)
            line = ""
        line += piece
    return "\n".join([*found, line])


_CLOSING = "，。、；：？！）》”’…·—"


def numeral(number: int) -> str:
    """A number below 100 as headings count: 十二."""
    tens, ones = divmod(number, 10)
    head = "" if not tens else "十" if tens == 1 else f"{_FIGURES[tens]}十"
    return head + (_FIGURES[ones] if ones else "")


_NUMBERS = (
    lambda n: f"{numeral(n)}、", lambda n: f"（{numeral(n)}）", lambda n: f"{n}.", lambda n: f"（{n}）",
)  # fmt: skip
_TYPED = (
    re.compile(r"[一二三四五六七八九十]{1,3}、"), re.compile(r"[（(][一二三四五六七八九十]{1,3}[）)]"),
)  # fmt: skip
"""Numbers by which a typed line is known as a heading, where it is short enough for one."""


@dataclass(slots=True)
class Letter:
    """A letter that is being written; each call adds what comes next."""

    measures: Official
    blocks: list[Block] = field(default_factory=list)
    _counts: list[int] = field(default_factory=lambda: [0, 0, 0, 0])

    def title(self, words: str) -> None:
        """The title, in the middle, on balanced lines."""
        own = self.measures
        self._blank(own.title_before)
        lines = balanced(words, own.title_chars)
        self.blocks.append(Heading(lines, own.title, "center", 1))
        self._blank(own.title_after)

    def address(self, whom: str) -> None:
        """主送机关: at the left edge, with a full-width colon."""
        if whom:
            self.blocks.append(Paragraph(f"{whom.rstrip(':：')}：", self.measures.body))

    def head(self, level: int, words: str) -> None:
        """A heading of level 1 to 4 with its number."""
        self._counts[level - 1] += 1
        self._counts[level:] = [0] * (4 - level)
        number = _NUMBERS[level - 1](self._counts[level - 1])
        self._head(level, f"{number}{words}")

    def _head(self, level: int, words: str) -> None:
        style = self.measures.levels[level - 1]
        self.blocks.append(Heading(words, style, level=level, indent=2))

    def say(self, *paragraphs: str) -> None:
        """Paragraphs of the body; empty ones are left out."""
        for words in paragraphs:
            if words.strip():
                self.blocks.append(Paragraph(words.strip(), self.measures.body, indent=2))

    def typed(self, words: str) -> None:
        """What somebody typed: a paragraph a line; lines that are numbered headings are set as such."""
        for line in words.splitlines():
            said = line.strip(" \t　")
            short = wide(said) <= self.measures.page.chars and not said.endswith("。")
            level = next((n for n, mark in enumerate(_TYPED, 1) if short and mark.match(said)), 0)
            if level:
                self._head(level, said)
            else:
                self.say(said)

    def part(self, level: int, name: str, words: str) -> None:
        """A heading with what was typed under it; nothing where nothing was."""
        if words.strip():
            self.head(level, name)
            self.typed(words)

    def table(self, columns: Sequence[Shown], lines: Sequence[Values], caption: str = "") -> None:
        """A table of the lines of a list; nothing where there is none."""
        if not lines:
            return
        own, width = self.measures, self.measures.page
        room = width.width - width.left - width.right
        whole = sum(one.share for one in columns)
        made = tuple(Column(room * one.share / whole, one.align) for one in columns)
        heads = tuple(Cell(one.title or one.field, own.table_head, "center") for one in columns)
        rows = tuple(
            Row(cells, own.row_height, name=next((one for one in cells if one), ""))
            for line in lines
            if (cells := tuple(text(line, one.field) for one in columns))
        )
        if caption:
            level = next((n for n in (4, 3, 2, 1) if self._counts[n - 1]), 1) + 1
            self.blocks.append(Heading(caption, own.caption, "center", level, before=2, after=1))
        else:
            self.blocks.append(Spacer(2))
        header = (Row(heads, own.row_height, keep_next=True),)
        self.blocks += [Table(made, rows, header, own.table), Spacer(2)]

    def annexes(self, names: Sequence[str]) -> None:
        """附件说明: a line below the body, two characters in; names hang under their first sign."""
        if not names:
            return
        self._blank(1)
        for number, name in enumerate(names, 1):
            label = "附件：" if number == 1 else ""
            mark = f"{number}." if len(names) > 1 else ""
            hang = wide(label + mark)
            self.blocks.append(Paragraph(
                f"{label}{mark}{name}", self.measures.body, margin=5 + wide(mark), indent=-hang
            ))  # fmt: skip

    def sign(self, unit: str, day: str, *, sealed: bool = False) -> None:
        """署名 and 成文日期, as one block that is not parted (formats.md §3.2)."""
        own, chars = self.measures, self.measures.page.chars
        self._blank(1 if not sealed else 2)
        long, date = wide(unit), wide(day)
        if sealed and long < chars:
            right = max(own.date_right_sealed, (long - date) / 2)
            shift = (long - date) / 2
            start = chars - right - date - max(shift, 0)
            lines = (_moved(unit, -shift), _moved(day, shift))
        else:
            right = max(long + own.unit_right, date + own.date_shift + own.unit_right)
            start = chars - right
            lines = (unit, _moved(day, own.date_shift))
        said = "\n".join(lines)
        self.blocks.append(Paragraph(said, own.body, margin=max(start, 0)))

    def annex(self, number: int, title: str, *, of: int = 1) -> None:
        """An annex on a page of its own: 附件1 at the upper left, its title on the third line."""
        own = self.measures
        self._counts = [0, 0, 0, 0]
        name = f"附件{number}" if of > 1 else "附件"
        self.blocks += [PageBreak(), Paragraph(name, own.annex)]
        self._blank(1)
        self.blocks.append(Heading(balanced(title, own.title_chars), own.title, "center", 1))
        self._blank(1)

    def document(self, title: str, author: str = "") -> Document:
        """The letter with its page numbers."""
        own, title = self.measures, title.replace("|", "")
        section = Section(
            title, own.page, tuple(self.blocks), foot=own.foot, foot_style=own.foot_style,
            foot_align=own.foot_align,
        )  # fmt: skip
        return Document(title, (section,), author)

    def _blank(self, lines: int) -> None:
        style = self.measures.body
        self.blocks += [Paragraph("", style)] * lines


def _moved(words: str, by: float) -> str:
    """Words moved right by so many characters, in steps of half a one."""
    half = max(round(by * 2), 0)
    return "　" * (half // 2) + " " * (half % 2) + words


def signed(letter: Letter, values: Values, options: Options) -> None:
    """The signature as chosen, else that of the record."""
    unit = options.get("unit") or text(values, "署名")
    day = long_day(options.get("date", "")) or text(values, "成文日期")
    letter.sign(unit, day, sealed=flag(options, "sealed"))


def long_day(day: str) -> str:
    """A chosen day as letters write it, 2026年7月3日, without idle noughts; other words as they are."""
    found = re.fullmatch(r"(\d{4})-(\d{1,2})-(\d{1,2})", day.strip())
    return f"{found[1]}年{int(found[2])}月{int(found[3])}日" if found else day
