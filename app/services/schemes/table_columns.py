"""Which column of an assessment table is what, told by its heads (of one line or several)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from app.services.schemes.table_reading import Line, SourceTable

ROLES: Mapping[str, str] = {
    "group": "一级指标（项目）",
    "item": "二级指标（内容）",
    "third": "三级指标",
    "points": "分值",
    "criteria": "评分标准",
    "proof": "佐证材料",
    "no": "序号",
}
"""What a column may be."""

_HEADS: Mapping[str, tuple[str, ...]] = {
    "group": ("一级指标", "一级", "A级指标", "考核项目", "评价项目", "考评项目", "评估项目", "项目",
              "类别", "考核类别", "模块", "考核指标", "评价指标", "指标"),
    "item": ("二级指标", "二级", "B级指标", "考核内容", "评价内容", "考评内容", "评估内容", "内容",
             "具体内容", "指标内容", "考核要点", "评价要点", "评估要点", "要点", "工作内容", "考核事项"),
    "third": ("三级指标", "三级", "C级指标", "主要观测点", "观测点"),
    "points": ("分值", "权重", "标准分", "满分", "分数", "配分", "赋分", "参考分值", "分值权重", "标准分值"),
    "criteria": ("评分标准", "得分办法", "评分办法", "计分办法", "评分细则", "考核标准", "评价标准",
                 "赋分标准", "考核细则", "计分标准", "评分依据", "考核办法", "评估标准", "评分说明", "标准"),
    "proof": ("佐证材料", "支撑材料", "查看材料", "材料清单", "所需材料",
              "考核方式", "评价方式", "查阅资料", "备查材料"),
    "no": ("序号", "编号", "项次"),
}  # fmt: skip
_LEFT_OUT = ("自评", "得分", "实得", "复评", "考核得分", "自评分", "评分", "扣分", "备注")
_HEAD_ROWS = 30


@dataclass(frozen=True, slots=True)
class Columns:
    """Which column is what, and where the data begin (index into the table's lines)."""

    of: Mapping[str, int]
    first: int
    heads: tuple[str, ...]


def has_header(lines: Sequence[Line]) -> bool:
    """Whether the lines begin with the heads of an assessment table."""
    return _header(lines) is not None


def guess_columns(table: SourceTable) -> Columns | None:
    """Which column is what, as the heads say; None where no heads were found."""
    start = _header(table.lines)
    if start is None:
        return None
    last = start
    while last + 1 < len(table.lines) and last - start < 2 and is_head(table.lines[last + 1]):
        last += 1
    width = max(len(line.cells) for line in table.lines[start : last + 1])
    heads, of = [], dict[str, int]()
    for column in range(width):
        texts = [table.lines[row].cell(column) for row in range(start, last + 1)]
        heads.append(next((text for text in reversed(texts) if text), ""))
        role = next((role for text in reversed(texts) if (role := _role(text))), "")
        if role and role not in of:
            of[role] = column
    return Columns(_settle(of, table, last + 1), last + 1, tuple(heads))


def _settle(of: dict[str, int], table: SourceTable, first: int) -> dict[str, int]:
    """One column of names is that of the items; one that has no heads but criteria names them."""
    if "item" not in of and "third" in of:
        of["item"] = of.pop("third")
    if "item" not in of and "group" in of:
        merged = any(of["group"] in line.above for line in table.lines[first:])
        if merged and "criteria" in of:
            of["item"] = of.pop("criteria")
        else:
            of["item"] = of.pop("group")
    if "item" not in of and "criteria" in of:
        of["item"] = of.pop("criteria")
    return of


def _header(lines: Sequence[Line]) -> int | None:
    for number, line in enumerate(lines[:_HEAD_ROWS]):
        roles = {role for text in line.cells if (role := _role(text))}
        if len(roles) >= 2 and roles & {"group", "item", "third", "criteria"}:
            return number
    return None


def is_head(line: Line) -> bool:
    """Whether a row holds heads only."""
    own = line.own
    heads = [text for text in own if _role(text) or head_word(text).startswith(_LEFT_OUT)]
    return bool(own) and len(heads) == len(own)


def head_word(text: str) -> str:
    """A head without blanks and what stands in brackets."""
    return re.sub(r"[\s（(].*$", "", re.sub(r"\s", "", text)).strip("：:")


def _role(text: str) -> str:
    word = head_word(text)
    return next((role for role, heads in _HEADS.items() if word in heads), "")
