"""节次 as people type it: ``3``, ``三``, ``3-4``, ``下午2`` are 第3节, 第3—4节, 下午第2节."""

from __future__ import annotations

import re

_LAST = 8
_DIGITS = "零一二三四五六七八九十"
_TYPED = re.compile(
    r"(上午|下午|晚上)?\s*第?\s*(\d{1,2}|[一二三四五六七八九十])"
    r"(?:\s*[-—–~～至到、]\s*(\d{1,2}|[一二三四五六七八九十]))?\s*节?课?"
)


def _parse(text: str) -> tuple[str, int, int] | None:
    found = _TYPED.fullmatch(text.strip())
    if found is None:
        return None
    part, first, last = found.groups()
    numbers = [
        int(one) if one.isdecimal() else _DIGITS.index(one) for one in (first, last or first)
    ]
    return part or "", numbers[0], numbers[1]


def written(text: str) -> str:
    """The period as the record writes it; what is no number (早读) stays."""
    parsed = _parse(text)
    if parsed is None:
        return text.strip()
    part, first, last = parsed
    return f"{part}第{first}节" if first == last else f"{part}第{first}—{last}节"


def following(text: str) -> str:
    """The next period; empty where that cannot be said, or the day is over."""
    parsed = _parse(text)
    if parsed is None or parsed[2] >= _LAST:
        return ""
    return f"{parsed[0]}第{parsed[2] + 1}节"


def overlap(one: str, other: str) -> bool:
    """Whether two periods of a day share a lesson."""
    first, second = _parse(one), _parse(other)
    if first is None or second is None:
        return bool(one.strip()) and one.strip() == other.strip()
    return first[0] == second[0] and first[1] <= second[2] and second[1] <= first[2]
