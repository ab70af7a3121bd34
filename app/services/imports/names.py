"""Cells that name people or schools, one or several, as a ledger writes them."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from app.services.imports.values import BadValueError, clean, person_name, school_name

if TYPE_CHECKING:
    from app.services.imports.reading import Cell


@dataclass(frozen=True, slots=True)
class Named:
    """A person as a cell names them, and what stood in brackets behind: a school, a part taken."""

    name: str
    aside: str = ""

    def __str__(self) -> str:
        """As a cell that is read as the same."""
        return f"{self.name}（{self.aside}）" if self.aside else self.name


_BETWEEN = re.compile(r"[、,，;；\n\r/|]+")
_ASIDE = re.compile(r"\s*[(（【\[](?P<aside>[^()（）【】\[\]]*)[)）】\]]\s*$")
_LABEL = re.compile(r"^(?:[\u4e00-\u9fff]{1,8}[:：]\s*)+")
_GROUP = re.compile(
    r"全体|全部|全员|所有|各校|各位|等\s*\d*\s*(人|名|位)?$|(教师|老师们|人员|成员|组|部门|年级|学生|家长|领导)$|\d"
)
_POLITE = re.compile(r"(?<=..)(老师|主任|校长|副校长|组长|园长)$")
_LONE = re.compile(r"\S")


@lru_cache(maxsize=4096, typed=True)
def names(cell: Cell) -> tuple[tuple[Named, ...], str]:
    """The people that a cell names, separated by 、 and the like; groups (全体教师) are told."""
    if not isinstance(cell, str):
        raise BadValueError("这里应是姓名")
    found: dict[Named, None] = {}
    groups = []
    for part in _parts(cell):
        if _GROUP.search(_ASIDE.sub("", part)):
            groups.append(part)
        elif person := _person(part):
            found[person] = None
    remark = f"“{'、'.join(groups)}”不是姓名，没有登记" if groups else ""
    return tuple(found), remark


@lru_cache(maxsize=4096, typed=True)
def one_name(cell: Cell) -> tuple[Named | None, str]:
    """The one person that a cell names; blank gives None."""
    if not isinstance(cell, str):
        raise BadValueError("这里应是姓名")
    people = [person for part in _parts(cell) if (person := _person(part))]
    if len(people) > 1:
        raise BadValueError(f"这里只能填一个人，填了 {len(people)} 个")
    return (people[0] if people else None), ""


@lru_cache(maxsize=4096, typed=True)
def schools(cell: Cell) -> tuple[tuple[str, ...], str]:
    """The schools that a cell names."""
    text = clean(cell.replace("\n", "、").replace("\r", "、") if isinstance(cell, str) else cell)
    parts = (school_name(part)[0] for part in _BETWEEN.split(text) if part.strip())
    return tuple(dict.fromkeys(part for part in parts if part)), ""


def _parts(cell: str) -> list[str]:
    """The cell cut at its separators; blanks separate only where every piece is a whole name."""
    text = clean(cell.replace("\n", "、").replace("\r", "、"))
    parts: list[str] = []
    for part in filter(str.strip, _BETWEEN.split(_LABEL.sub("", text))):
        words = unicodedata.normalize("NFC", part).split()
        apart = len(words) > 1 and all(len(_LONE.findall(word)) > 1 for word in words)
        parts += words if apart and not part.isascii() else [part.strip()]
    return parts


def _person(part: str) -> Named | None:
    aside = _ASIDE.search(part)
    bare = _ASIDE.sub("", part)
    name, _ = person_name(_POLITE.sub("", bare))
    return Named(name, aside["aside"].strip() if aside else "") if name else None
