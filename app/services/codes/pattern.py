"""Patterns of archival codes, e.g. ``{全宗号}-{门类}·{年度}-{期限}-{机构}-{件号:4}`` (formats.md 1.6)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from app.errors import ValidationError

if TYPE_CHECKING:
    from collections.abc import Mapping

DA_T_22 = "{全宗号}-{门类}·{年度}-{期限}-{机构}-{件号:4}"
"""By DA/T 22-2015: what is of one level is joined by ``·``, levels by ``-``."""
SCHOOL = "{年度}-{期限}-{件号:3}"
"""As schools without a 全宗号 write it."""
SERIAL = "件号"
FIELDS = ("全宗号", "门类", "年度", "期限", "机构", SERIAL)

_LONGEST = 80
_FIELD = re.compile(r"\{([^{}:]*)(?::([^{}]*))?\}")


@dataclass(frozen=True, slots=True)
class _Part:
    """Words between fields, or a field; the serial with its least number of digits."""

    words: str = ""
    field: str = ""
    digits: int = 1


def check_pattern(pattern: str) -> None:
    """Raises ValidationError that says what is wrong with the pattern."""
    _parts(pattern)


def render(pattern: str, values: Mapping[str, str], serial: int) -> str:
    """The code of that serial; a field without a value is left out with its separator."""
    return _join(pattern, values, str(serial))


def series(pattern: str, values: Mapping[str, str]) -> str:
    """All of the code but its serial, for which a star stands."""
    return _join(pattern, values, "*")


def retention_code(retention: str) -> str:
    """``Y`` for 永久, ``D30`` for 30年; other words as they are (formats.md 1.6)."""
    years = re.fullmatch(r"(?:定期)?\s*(\d+)\s*年", retention.strip())
    if years:
        return f"D{years[1]}"
    return "Y" if retention.strip() == "永久" else retention.strip()


def _join(pattern: str, values: Mapping[str, str], serial: str) -> str:
    written: list[str] = []
    drop_words = False  # the separator after a field without a value
    for part in _parts(pattern):
        if not part.field:
            if not drop_words:
                written.append(part.words)
            drop_words = False
            continue
        text = values.get(part.field, "").strip()
        if part.field == SERIAL:
            text = serial.zfill(part.digits) if serial.isdigit() else serial
        drop_words = not text
        if text:
            written.append(text)
    if drop_words and len(written) > 1:  # the last field has no value: nothing is left to separate
        written.pop()
    return "".join(written)


@cache
def _parts(pattern: str) -> tuple[_Part, ...]:
    if not pattern.strip() or len(pattern) > _LONGEST or re.search(r"\s", pattern):
        raise _wrong(pattern, "不能空着，不能有空格，也不能太长")
    parts: list[_Part] = []
    end = 0
    for found in _FIELD.finditer(pattern):
        if found.start() > end:
            parts.append(_Part(words=pattern[end : found.start()]))
        parts.append(_field(pattern, found[1].strip(), found[2]))
        end = found.end()
    if end < len(pattern):
        parts.append(_Part(words=pattern[end:]))
    if any("{" in part.words or "}" in part.words for part in parts):
        raise _wrong(pattern, "花括号没有成对")
    if [part.field for part in parts].count(SERIAL) != 1:
        raise _wrong(pattern, "{件号} 要有一个，也只能有一个")
    return tuple(parts)


def _field(pattern: str, name: str, digits: str | None) -> _Part:
    if name not in FIELDS:
        raise _wrong(pattern, f"没有“{name}”这一栏")
    if digits is None:
        return _Part(field=name)
    if name != SERIAL or not re.fullmatch(r"[1-8]", digits):
        raise _wrong(pattern, "只有件号可以写位数，如 {件号:4}，1 到 8 位")
    return _Part(field=name, digits=int(digits))


def _wrong(pattern: str, why: str) -> ValidationError:
    usable = "、".join(f"{{{name}}}" for name in FIELDS)
    return ValidationError(f"档号的写法“{pattern}”不对：{why}。", f"可用的栏目：{usable}。")
