"""An assessment table as offices send it, made into groups and items of a scheme.

Whatever is left out, joined or doubtful is told row by row: the clerk sees it before it is taken.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING

from app.services.schemes.table_columns import Columns, guess_columns, head_word, is_head
from app.services.schemes.table_words import (
    LONGEST_NAME,
    each_of,
    figure,
    first_points,
    given_number,
    is_plain,
    named,
    pieces,
    points_of,
    said_points,
    shortened,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from app.services.schemes.draft import Raw
    from app.services.schemes.table_reading import Line, SourceTable

_TOTAL = re.compile(r"^(合计|总计|总分|小计|共计|累计)")
_NOTE = re.compile(
    r"^(注|说明|备注|填表|附注|考核人|评委|签字|签名|单位[（(]?盖章|负责人)\s*[：:\d一（(]?"
)


@dataclass(frozen=True, slots=True)
class Fate:
    """What became of one row."""

    row: int
    kind: str
    """``item``, ``group``, ``joined`` or ``out``."""
    text: str
    group: str = ""
    item: str = ""
    points: str = ""
    doubt: str = ""


@dataclass(frozen=True, slots=True)
class Found:
    """The assessment table that was read."""

    groups: tuple[Raw, ...]
    fates: tuple[Fate, ...]
    doubts: tuple[str, ...]
    """What concerns the table as a whole."""

    @property
    def items(self) -> int:
        """How many items there are."""
        return sum(len(group["items"]) for group in self.groups)


def find_table(tables: Sequence[SourceTable]) -> int:
    """Number of the table that gives the most items."""
    counts = [
        read_table(table, columns).items if (columns := guess_columns(table)) else 0
        for table in tables
    ]
    return counts.index(max(counts))


@dataclass(slots=True)
class _Item:
    name: str
    group: int
    points: Decimal | None
    criteria: list[str] = field(default_factory=list)
    number: str = ""
    each: Decimal | None = None


@dataclass(slots=True)
class _Group:
    name: str
    points: Decimal | None


def read_table(table: SourceTable, columns: Columns, *, propose: bool = False) -> Found:
    """The groups and items of a table; ``propose``: count what is said to give points each."""
    return _Reading(columns, propose=propose).read(table.lines[columns.first :])


class _Reading:
    """Goes through the rows from top to bottom."""

    def __init__(self, columns: Columns, *, propose: bool) -> None:
        self._columns = columns
        self._propose = propose
        self._groups: list[_Group] = []
        self._items: list[_Item] = []
        self._fates: list[Fate] = []
        self._group_text = ""
        self._total_told: Decimal | None = None

    def read(self, lines: Sequence[Line]) -> Found:
        """Every row gets a fate."""
        for line in lines:
            self._fates.append(self._row(line))
        numbers = self._numbers()
        groups = [self._group(n, group, numbers) for n, group in enumerate(self._groups)]
        kept = tuple(group for group in groups if group["items"])
        return Found(kept, tuple(self._fates), tuple(self._doubts()))

    # -- rows --------------------------------------------------------------------------------

    def _at(self, line: Line, role: str) -> str:
        return line.cell(self._columns.of.get(role))

    def _continued(self, line: Line, role: str) -> bool:
        return self._columns.of.get(role, -1) in line.above

    def _row(self, line: Line) -> Fate:
        own = line.own
        if not own:
            return Fate(line.number, "out", "空行")
        first = re.sub(r"\s", "", own[0])
        if _TOTAL.match(first) or any(_TOTAL.match(re.sub(r"\s", "", t)) for t in own[:2]):
            return self._total(line, first)
        if is_head(line) and not (len(own) == 1 and _NOTE.match(own[0])):
            return Fate(line.number, "out", "重复的表头")
        if len(own) == 1:
            return self._single(line, own[0])
        return self._full(line)

    def _total(self, line: Line, first: str) -> Fate:
        points = points_of(self._at(line, "points"))[0]
        if points is not None and not first.startswith("小计"):
            self._total_told = points
        return Fate(line.number, "out", "合计行，不算考核项", points=said_points(points))

    def _single(self, line: Line, text: str) -> Fate:
        """Only one cell is filled: a heading, a note, or more of the criteria above."""
        if _NOTE.match(text) or "签" in text[:6]:
            return Fate(line.number, "out", "表下的说明")
        column = next(n for n, one in enumerate(line.cells) if one == text)
        wide = len(line.left) >= 1 and len(line.left) >= len(line.cells) // 2
        where = self._columns.of
        if self._items and not wide and column in (where.get("criteria"), where.get("proof")):
            self._items[-1].criteria.append(text)
            return Fate(line.number, "joined", f"并入“{self._items[-1].name}”的评分标准")
        if not wide and column == where.get("item"):
            return self._full(line)
        if len(text) > LONGEST_NAME:
            return Fate(line.number, "out", "表下的说明")
        name, points = named(text)
        self._begin(name, points, text)
        return Fate(line.number, "group", "新的一组", group=name, points=said_points(points))

    def _begin(self, name: str, points: Decimal | None, text: str) -> None:
        self._groups.append(_Group(name[:LONGEST_NAME], points))
        self._group_text = text

    def _full(self, line: Line) -> Fate:
        group_text = self._at(line, "group")
        if group_text and not self._continued(line, "group") and group_text != self._group_text:
            self._begin(*named(group_text), group_text)
        if not self._groups:
            self._begin("考核内容", None, "")
        name_role = "third" if self._at(line, "third") else "item"
        text, criteria = self._at(line, name_role), self._criteria(line)
        cell = self._at(line, "points")
        points, each, doubt = points_of(cell)
        if cell and not is_plain(cell) and not self._continued(line, "points"):
            criteria = "\n".join(part for part in (cell, criteria) if part)
        if self._continued(line, "points"):
            points = None
        same = self._continued(line, name_role) or not text
        if same and self._items and self._items[-1].group == len(self._groups) - 1:
            return self._join(line, criteria, points)
        return self._new(line, text, criteria, (points, each, doubt))

    def _new(
        self, line: Line, text: str, criteria: str,
        told: tuple[Decimal | None, Decimal | None, str],
    ) -> Fate:  # fmt: skip
        points, each, doubt = told
        name, in_name = named(text or criteria[:LONGEST_NAME])
        if not name:
            return Fate(line.number, "out", "没有名称，不知道是什么")
        if points is None and in_name is not None:
            points, doubt = in_name, ""
        if points is None and "points" not in self._columns.of:
            points = first_points(criteria)
        if len(name) > LONGEST_NAME:
            criteria = "\n".join(part for part in (name, criteria) if part)
            name, doubt = shortened(name), "名称太长，取了开头；原文在说明里"
        item = _Item(name, len(self._groups) - 1, points, [criteria] if criteria else [])
        item.number = given_number(self._at(line, "no")) or given_number(text)
        item.each = each or each_of(criteria)
        self._items.append(item)
        if points is None and not doubt:
            doubt = "没有分值，当作不封顶"
        if item.each is not None:
            said = f"“每个 {item.each:f} 分”" + (
                "，先按材料份数算" if self._propose else "可在方案里设成按个数得分"
            )
            doubt = "；".join(part for part in (doubt, said) if part)
        return Fate(
            line.number, "item", "考核项", self._groups[-1].name, name, said_points(points), doubt
        )

    def _join(self, line: Line, criteria: str, points: Decimal | None) -> Fate:
        item = self._items[-1]
        if criteria and criteria not in item.criteria:
            item.criteria.append(criteria)
        doubt = ""
        if points is not None:
            item.points = (item.points or Decimal()) + points
            doubt = f"分值加在一起，共 {item.points:f} 分"
        return Fate(line.number, "joined", f"并入“{item.name}”", self._groups[-1].name, item.name,
                    said_points(points), doubt)  # fmt: skip

    def _criteria(self, line: Line) -> str:
        parts = []
        if "third" in self._columns.of and self._at(line, "third") and self._at(line, "item"):
            parts.append(f"二级指标：{self._at(line, 'item')}")
        if not self._continued(line, "criteria") or self._at(line, "item"):
            parts.append(self._at(line, "criteria"))
        if self._at(line, "proof"):
            head = self._columns.heads[self._columns.of["proof"]] or "佐证材料"
            parts.append(f"{head_word(head)}：{self._at(line, 'proof')}")
        return "\n".join(part for part in parts if part)

    # -- result ------------------------------------------------------------------------------

    def _numbers(self) -> list[str]:
        """The table's own numbers where every item has one of its own, else made ones."""
        given = [item.number for item in self._items]
        if given and all(given) and len(set(given)) == len(given):
            return given
        counts: Counter[int] = Counter()
        made = []
        used = [g for g in range(len(self._groups)) if any(i.group == g for i in self._items)]
        for item in self._items:
            counts[item.group] += 1
            made.append(f"{used.index(item.group) + 1}.{counts[item.group]}")
        return made

    def _group(self, number: int, group: _Group, numbers: Sequence[str]) -> Raw:
        rows = [n for n, item in enumerate(self._items) if item.group == number]
        words = self._folder_words()
        used = [g for g in range(len(self._groups)) if any(i.group == g for i in self._items)]
        made: Raw = {"no": str(used.index(number) + 1) if rows else "", "name": group.name}
        if group.points is not None:
            made["points"] = figure(group.points)
        made["items"] = [self._item(self._items[n], numbers[n], words) for n in rows]
        return made

    def _item(self, item: _Item, number: str, words: Mapping[str, int]) -> Raw:
        made: Raw = {"no": number, "name": item.name}
        if item.points is not None:
            made["points"] = figure(item.points)
        if item.criteria:
            made["note"] = "\n".join(item.criteria)
        if self._propose and item.each is not None:
            made["placeholder"] = True
            made["score"] = {"by": "count", "of": "evidence", "where": {"item": [number]},
                             "each": figure(item.each)}  # fmt: skip
        folders = [word for word in pieces(item.name) if words[word] == 1]
        if folders:
            made["folders"] = folders
        return made

    def _folder_words(self) -> Counter[str]:
        """How many items hold a word: one that two hold tells nothing, and is refused."""
        return Counter(word for item in self._items for word in set(pieces(item.name)))

    def _doubts(self) -> list[str]:
        doubts = []
        if not self._items:
            doubts.append("没有读出考核项，请看各栏是否选对。")
        elif "points" not in self._columns.of and any(i.points is None for i in self._items):
            doubts.append(
                "没有“分值”栏：表里有就在上面选出来；没有就导入后在考核表里填各项的分值。"
            )
        for number, group in enumerate(self._groups):
            points = [item.points for item in self._items if item.group == number]
            total = sum((one for one in points if one is not None), Decimal())
            if group.points is not None and None not in points and total != group.points:
                doubts.append(
                    f"“{group.name}”写 {group.points:f} 分，各项合计 {total:f} 分，请核对。"
                )
        known = [item.points for item in self._items if item.points is not None]
        if self._total_told is not None and sum(known) != self._total_told:
            doubts.append(
                f"表里合计写 {self._total_told:f} 分，读出的各项合计 {sum(known):f} 分，请核对。"
            )
        names = Counter(item.name for item in self._items)
        doubts += [
            f"“{name}”出现 {count} 次，请核对。" for name, count in names.items() if count > 1
        ]
        return doubts


_KEPT = ("score", "deductions", "folders")
"""What was set for an item of the same name stays when a table is read anew."""


def put_into(table: Sequence[Raw], found: Sequence[Raw], *, append: bool) -> list[Raw]:
    """The draft's table with the groups that were read: in its place, or behind it."""
    if not append:
        known = {item.get("name"): item for group in table for item in group.get("items") or []}
        return [
            {**group, "items": [
                {**{key: known[item["name"]][key] for key in _KEPT if key in known[item["name"]]},
                 **item} if item["name"] in known else item
                for item in group["items"]
            ]}
            for group in found
        ]  # fmt: skip
    taken = {str(group.get("no")) for group in table}
    made = [*table]
    number = len(table)
    for group in found:
        number += 1
        while str(number) in taken:
            number += 1
        items = [{**item, "no": f"{number}.{n}"} for n, item in enumerate(group["items"], 1)]
        for old, new in zip(group["items"], items, strict=True):
            if new.get("score", {}).get("where") == {"item": [old["no"]]}:
                new["score"] = {**new["score"], "where": {"item": [new["no"]]}}
        made.append({**group, "no": str(number), "items": items})
    return made
