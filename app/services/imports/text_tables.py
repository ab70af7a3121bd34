"""Tables that come as text: CSV in any encoding, copied cells, and HTML named .xls."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections import Counter
from html.parser import HTMLParser

from app.errors import ValidationError

_SEPARATORS = ("\t", ",", ";", "，", "|")
_LINES_LOOKED_AT = 50
_MOST_SPAN = 10_000
_END = "\x1eend"
"""Stands alone on the last line, unless an open quote took it in."""
csv.field_size_limit(16 * 1024 * 1024)  # the parsers of the fields say what is too long, and where

# Python's GB18030 is the edition of 2000, which kept eight ideographs in the private area.
_OF_2005 = str.maketrans(
    "\ue81e\ue826\ue82b\ue82c\ue832\ue843\ue854\ue864",
    "\u9fb4\u9fb5\u9fb6\u9fb7\u9fb8\u9fb9\u9fba\u9fbb",
)


def decode(data: bytes) -> str:
    """Text of a file in UTF-8, UTF-16 or GB18030 (of which GBK and GB2312 are part)."""
    for mark, encoding in (
        (codecs.BOM_UTF8, "utf-8-sig"),
        (codecs.BOM_UTF16_LE, "utf-16"),
        (codecs.BOM_UTF16_BE, "utf-16"),
    ):
        if data.startswith(mark):
            return _decoded(data, encoding)
    if b"\0" in data[:4000]:
        even, odd = data[:4000:2].count(0), data[1:4000:2].count(0)
        if len(data) % 2 or min(even, odd) > max(even, odd) // 4:
            raise ValidationError("这不是表格文件。", "请选择 .xlsx、.xls 或 .csv 文件。")
        return _decoded(data, "utf-16-be" if even > odd else "utf-16-le")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return _decoded(data, "gb18030").translate(_OF_2005)


def _decoded(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise ValidationError(
            "认不出这个文本表格的编码，或者文件不完整。",
            "请用 WPS 或 Excel 打开它，另存为 .xlsx 后再导入。",
            str(error),
        ) from error


def split_cells(text: str) -> list[list[str]]:
    """Rows of cells, all of one length; the separator is the one that cuts most evenly."""
    separator = max(_SEPARATORS, key=lambda sign: _evenness(text, sign))
    lines = _lines(text, separator)
    width = max(map(len, lines), default=0)
    return [[_unwrapped(cell) for cell in line] + [""] * (width - len(line)) for line in lines]


def _lines(text: str, separator: str) -> list[list[str]]:
    """Cells line by line; a quote that nobody closed must not swallow all that follows."""
    whole = text if text.endswith(("\n", "\r")) else f"{text}\n"
    rows = csv.reader(io.StringIO(whole + _END, newline=""), delimiter=separator)
    try:
        lines = list(rows)
        if lines.pop() == [_END]:
            return lines
    except csv.Error as error:
        raise _unclosed(str(error)) from error
    if separator == "\t":  # copied cells have quotes only where a cell has several lines
        return [line.split("\t") for line in re.split(r"\r\n|\r|\n", text)]
    raise _unclosed()


def _unclosed(details: str = "") -> ValidationError:
    return ValidationError(
        "这个文本表格里有一个引号没有成对，或者有一格太长，后面的行分不开。",
        "请用 WPS 或 Excel 打开它，改好引号，另存为 .xlsx 后再导入。",
        details,
    )


def _unwrapped(cell: str) -> str:
    """``="0123"``, the way to keep digits as they are in CSV, without its wrapping."""
    if cell.startswith('="') and cell.endswith('"'):
        return cell[2:-1]
    return cell


def _evenness(text: str, separator: str) -> tuple[int, int]:
    """How many of the first lines agree on a number of columns above one, and on how many."""
    head = io.StringIO("".join(text.splitlines(keepends=True)[:_LINES_LOOKED_AT]), newline="")
    try:
        widths = Counter(len(line) for line in csv.reader(head, delimiter=separator) if any(line))
    except csv.Error:
        return 0, 0
    widths.pop(1, None)
    width, lines = max(widths.items(), key=lambda item: (item[1], item[0]), default=(0, 0))
    return lines, width


def html_cells(text: str) -> tuple[list[list[str]], tuple[tuple[int, int, int, int], ...]]:
    """Cells and merges of the largest table in an HTML page."""
    parser = _Tables()
    parser.feed(text)
    parser.close()
    if not parser.tables:
        raise ValidationError(
            "这是网页，里面没有表格。", "请用 WPS 打开它，另存为 .xlsx 后再导入。"
        )
    return _laid_out(max(parser.tables, key=len))


class _Tables(HTMLParser):
    """Collects cells as (text, rows covered, columns covered), table by table."""

    def __init__(self) -> None:
        super().__init__()
        self.tables: list[list[list[tuple[str, int, int]]]] = []
        self._span = (1, 1)
        self._text: list[str] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Begin a table, row or cell; end tags of cells are often left out."""
        if tag in {"table", "tr", "td", "th"}:
            self._end_cell()
        if tag == "table":
            self.tables.append([])
        elif tag == "tr" and self.tables:
            self.tables[-1].append([])
        elif tag in {"td", "th"} and self.tables and self.tables[-1]:
            given = dict(attrs)
            self._span = (_span(given.get("rowspan")), _span(given.get("colspan")))
            self._text = []
        elif tag == "br" and self._text is not None:
            self._text.append("\n")

    def handle_endtag(self, tag: str) -> None:
        """End the cell that is open."""
        if tag in {"td", "th", "tr", "table"}:
            self._end_cell()

    def handle_data(self, data: str) -> None:
        """Text counts only inside a cell."""
        if self._text is not None:
            self._text.append(data)

    def _end_cell(self) -> None:
        if self._text is not None:
            words = " ".join("".join(self._text).split())
            self.tables[-1][-1].append((words, *self._span))
            self._text = None


def _span(value: str | None) -> int:
    return min(int(value), _MOST_SPAN) if value and value.isdecimal() and int(value) > 0 else 1


def _laid_out(
    table: list[list[tuple[str, int, int]]],
) -> tuple[list[list[str]], tuple[tuple[int, int, int, int], ...]]:
    merges = []
    taken: set[tuple[int, int]] = set()
    lines: list[list[str]] = []
    for number, cells in enumerate(table, 1):
        line: list[str] = []
        for text, rows, columns in cells:
            while (number, len(line)) in taken:
                line.append("")
            if rows > 1 or columns > 1:
                last = min(number + rows - 1, len(table))
                merges.append((number, len(line), last, len(line) + columns - 1))
                taken.update(
                    (row, len(line) + column)
                    for row in range(number + 1, last + 1)
                    for column in range(columns)
                )
            line += [text] + [""] * (columns - 1)
        lines.append(line)
    width = max(map(len, lines), default=0)
    return [line + [""] * (width - len(line)) for line in lines], tuple(merges)
