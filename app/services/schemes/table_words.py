"""What the cells of an assessment table say: names without their numbering, points in any wording."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

LONGEST_NAME = 60
_POINTS_IN_NAME = re.compile(
    r"[（(【]\s*(?:共|满分|计)?\s*(\d+(?:\.\d+)?)\s*分?\s*[）)】]|\s(\d+(?:\.\d+)?)\s*分$"
)
_NUMBERING = re.compile(
    r"^\s*(?:第[一二三四五六七八九十]+[章部项]|[（(][一二三四五六七八九十\d]+[）)]|[一二三四五六七八九十]+、"
    r"|[A-Z]\d*(?:\.\d+)*[.、\s]|\d+(?:\.\d+)+[.、\s]?|\d+[.、）)]|[①-⑳])\s*"
)
_GIVEN_NUMBER = re.compile(r"^\s*(\d+\.\d+(?:\.\d+)*|[A-Z]\d+(?:\.\d+)*)")
_EACH = re.compile(
    r"每\s*(?:次|项|篇|节|个|人|件|份|场|期|名|条|多|增加)*[^\d，。；]{0,8}?(\d+(?:\.\d+)?)\s*分"
)
_MOST = re.compile(r"(?:最多|最高|不超过|满分|上限|封顶|共|至多)\D{0,4}?(\d+(?:\.\d+)?)\s*分?")
_PLAIN = re.compile(r"^\D{0,3}?(\d+(?:\.\d+)?)\s*(分|%|％)?$")


def named(text: str) -> tuple[str, Decimal | None]:
    """A name without its numbering and without points in brackets, and those points."""
    found = _POINTS_IN_NAME.search(text)
    points = Decimal(found[1] or found[2]) if found else None
    plain = _POINTS_IN_NAME.sub("", text) if found else text
    plain = re.sub(r"\s*\n\s*(\d+(?:\.\d+)?)\s*分?$", "", plain)
    if points is None and plain != text:
        points = Decimal(re.findall(r"(\d+(?:\.\d+)?)\s*分?$", text)[-1])
    return "".join(_NUMBERING.sub("", plain).split("\n")).strip("：: "), points


def points_of(text: str) -> tuple[Decimal | None, Decimal | None, str]:
    """Points, points for each, and what is doubtful in a cell of points."""
    plain = re.sub(r"\s", "", text)
    if not plain:
        return None, None, ""
    each = each_of(plain)
    found = _PLAIN.match(plain)
    if found and each is None:
        doubt = "百分比当作分值" if found[2] in ("%", "％") else ""
        return Decimal(found[1]), None, doubt
    most = _MOST.search(plain)
    if most:
        return Decimal(most[1]), each, ""
    if each is not None:
        return None, each, "没有写最多几分，当作不封顶"
    return None, None, f"分值“{text[:20]}”看不懂，请核对"


def is_plain(text: str) -> bool:
    """Whether a cell of points holds a figure and nothing to remember."""
    return _PLAIN.match(re.sub(r"\s", "", text)) is not None


def each_of(text: str) -> Decimal | None:
    """Points for each (每次2分); none where points are taken off."""
    found = _EACH.search(re.sub(r"\s", "", text))
    return (
        Decimal(found[1])
        if found and "扣" not in text[max(0, found.start() - 2) : found.end()]
        else None
    )


def first_points(text: str) -> Decimal | None:
    """Points that criteria name first, where the table has no column of points."""
    found = _POINTS_IN_NAME.search(text) or _MOST.search(text)
    return Decimal(next(one for one in found.groups() if one)) if found else None


def given_number(text: str) -> str:
    """The number that a cell begins with, if it is one of two levels (1.2, A3)."""
    found = _GIVEN_NUMBER.match(text)
    return found[1] if found else ""


def shortened(name: str) -> str:
    """The first clause of a long text, to go by as a name."""
    first = re.split(r"[，。；,;：:\n]", name)[0]
    return first[:LONGEST_NAME] if len(first) >= 4 else name[:LONGEST_NAME]


def pieces(name: str) -> list[str]:
    """Words of a name that a folder may hold; the whole name needs no word of its own."""
    found = [part for part in re.split(r"[、，,与和及/\s]", name) if len(part) >= 2]
    return found if len(found) > 1 else []


def figure(value: Decimal) -> Any:
    """A number as a scheme file writes it."""
    return int(value) if value == value.to_integral_value() else value


def said_points(points: Decimal | None) -> str:
    """Points as the preview shows them."""
    return "" if points is None else f"{points:f}"
