"""Guesses what goes where in a blank form: labels beside empty cells, headers above empty rows."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.services.templates.fields import ALL, likeness

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from app.services.templates.fields import Fields
    from app.services.templates.grid import Grid, Slot

_SURE = 0.6
"""A guess below it is not put forward: a wrong field is worse than none."""
_CERTAIN = 0.9
_LIST = 0.45
_BY_HAND = ("签字", "签名", "签章", "盖章", "公章", "审阅", "审批", "批准", "审核")
"""Left free: it is written with a pen."""
_LONGEST_LABEL = 24
_PARTS = re.compile(r"\s*[/／、与及]\s*")
_NOTE = re.compile(r"[（(][^（）()]*[）)]")
_LABELLED_GAP = re.compile(
    r"(?P<label>[^\s　：:，。；、_＿]+(?: [^\s　：:，。；、_＿]+){0,5})[ 　]*[：:]"
    r"(?P<gap>[\s　_＿]*(?:[年月日时分第期节周](?=[\s　_＿]|$)[\s　_＿]*)*)(?=$|[^\s　_＿])"
)


@dataclass(frozen=True, slots=True)
class Found:
    """A place that could be filled, and what could go there."""

    place: str
    label: str
    content: str
    sure: float
    put: Callable[[str], None]
    beside: str = ""
    """Place of the label, where that is another cell."""
    order: tuple[int, int] = (0, 0)


def in_grid(grid: Grid, fields: Fields) -> list[Found]:
    """Places of a table."""
    found: list[Found] = []
    used: set[Slot] = set()
    for row in range(grid.rows - 1):
        columns = _header(grid, row)
        if columns and not used.intersection(columns):
            listed = _as_list(grid, row, columns, fields)
            if listed:
                found += listed
                used.update(columns, *_rows_below(grid, row, columns))
    for slot in sorted(grid.slots, key=lambda one: (one.row, one.column)):
        if slot not in used and slot.blank:
            found += _beside(grid, slot, used, fields)
        elif slot not in used and slot.put_below and _asks_below(grid, slot):
            content, sure = suggest(slot.label, fields)
            found.append(_found(slot, slot, content, sure, slot.put_below))
    return sorted(found, key=lambda one: one.order)


def _found(
    slot: Slot, label: Slot, content: str, sure: float, put: Callable[[str], None] | None = None
) -> Found:
    at = (slot.row, slot.column)
    return Found(slot.place, label.label, content, sure, put or slot.put, label.place, at)


def in_line(
    text: str, place: str, fields: Fields, put: Callable[[int, int, str], None]
) -> Iterator[Found]:
    """Gaps after labels in running text: 时间：______；from the last to the first, so that places stay."""
    for gap in reversed(list(_LABELLED_GAP.finditer(text))):
        room = gap.group("gap")
        ends = gap.end() == len(text)
        if not (ends or len(room) > 1 or "_" in room):
            continue
        label = gap.group("label").strip()
        if len(label) > _LONGEST_LABEL or "{{" in label:
            continue
        content, sure = suggest(label, fields)
        begin, end = gap.span("gap")
        yield Found(place, label, content, sure, _between(put, begin, end, kept=room, last=ends))


def _between(
    put: Callable[[int, int, str], None], begin: int, end: int, *, kept: str, last: bool
) -> Callable[[str], None]:
    """What stands apart stays apart: spaces that part two labels are kept."""
    spaced = not ("_" in kept or "＿" in kept) or kept != kept.rstrip()
    after = "　　" if spaced and not last else ""
    return lambda content: put(begin, end, content + after)


def suggest(label: str, fields: Fields) -> tuple[str, float]:
    """Placeholder for a label, and how sure that is; several parts (学科/年级) give several."""
    whole = _best(label, fields)
    if whole[1] >= _CERTAIN:
        return whole
    if any(word in "".join(label.split()) for word in _BY_HAND):
        return "", 0.0
    for named in fields:
        if (
            named.field.picture
            and named.list
            and likeness("".join(label.split()), named.list) >= _SURE
        ):
            return named.content, 0.75
    parts = [part for part in _PARTS.split(_NOTE.sub("", label)) if part]
    if len(parts) > 1:
        each = [_best(part, fields) for part in parts]
        if all(content for content, _sure in each):
            return " / ".join(content for content, _sure in each), min(
                sure for _content, sure in each
            )
    return whole


def _best(label: str, fields: Fields, of_list: str | None = None) -> tuple[str, float]:
    tries = dict.fromkeys((label, _NOTE.sub("", label)))
    guesses = [guess for one in tries for guess in fields.guesses(one, of_list)]
    best = max(guesses, key=lambda guess: guess.sure, default=None)
    if best is None or best.sure < _SURE:
        return "", best.sure if best else 0.0
    return best.named.content, best.sure


def _header(grid: Grid, row: int) -> list[Slot]:
    """Cells of a row that head a blank row of the same shape; none where it is no such row."""
    heads = [slot for slot in grid.starting(row) if not slot.blank]
    if len(heads) < 2 or len(heads) != len(grid.starting(row)):
        return []
    return heads if _row_under(grid, row + 1, heads) else []


def _row_under(grid: Grid, row: int, heads: list[Slot]) -> list[Slot]:
    """The blank cells of a row right under the heads; a number in the first counts as blank."""
    below = []
    for number, head in enumerate(heads):
        slot = grid.at(row, head.column)
        if slot is None or slot.row != row or slot.rows != 1:
            return []
        if (slot.column, slot.columns) != (head.column, head.columns):
            return []
        numbered = number == 0 or _is_serial(head)
        if not slot.blank and not (numbered and slot.text.strip().isdigit()):
            return []
        below.append(slot)
    return below


def _is_serial(head: Slot) -> bool:
    return "".join(head.text.split()) in ("序号", "编号", "序", "号", "顺序")


def _rows_below(grid: Grid, row: int, heads: list[Slot]) -> list[list[Slot]]:
    rows = []
    for number in range(row + 1, grid.rows):
        below = _row_under(grid, number, heads)
        if not below:
            break
        rows.append(below)
    return rows


def _as_list(grid: Grid, row: int, heads: list[Slot], fields: Fields) -> list[Found]:
    """The columns as fields of the list that fits them best; nothing where none does."""
    rows = _rows_below(grid, row, heads)
    scores = {name: _fits(heads, fields, name) for name in fields.lists}
    if any(name != ALL and score >= _LIST for name, score in scores.items()):
        scores.pop(ALL)
    best = max(scores, key=lambda name: scores[name])
    plain = _fits(heads, fields, None)
    if scores[best] < _LIST or (len(rows) == 1 and plain >= scores[best]):
        return []
    made = []
    for head, slot in zip(heads, rows[0], strict=True):
        content, sure = _best(head.label, fields, best)
        made.append(_found(slot, head, content, sure))
    return made


def _fits(heads: list[Slot], fields: Fields, name: str | None) -> float:
    """How many of the heads name a field of the list; 序号 says nothing, every list has it."""
    telling = [head for head in heads if not _is_serial(head)]
    found = [_best(head.label, fields, name) for head in telling]
    return sum(sure for content, sure in found if content) / max(len(telling), 1)


def _beside(grid: Grid, slot: Slot, used: set[Slot], fields: Fields) -> list[Found]:
    """A blank cell with its label at the left, or above it."""
    for label in (grid.left(slot), grid.above(slot)):
        if label is None or label.blank or label in used or len(label.label) > 2 * _LONGEST_LABEL:
            continue
        content, sure = suggest(label.label, fields)
        if "/" in slot.text and " / " not in content and content:
            content += slot.text.strip() if slot.text.strip() != "/" else ""
        return [_found(slot, label, content, sure)]
    return []


def _asks_below(grid: Grid, slot: Slot) -> bool:
    """“听课意见：” in a cell of its own with room under it."""
    text = slot.text.strip()
    if not text.endswith(("：", ":")) or len(text) > _LONGEST_LABEL:
        return False
    right, below = (
        grid.at(slot.row, slot.column + slot.columns),
        grid.at(slot.row + slot.rows, slot.column),
    )
    if right is not None and right.blank:
        return False
    return not (below is not None and below.blank and below.columns == slot.columns)
