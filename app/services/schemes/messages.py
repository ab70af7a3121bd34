"""Errors in a scheme file as a clerk can read them: the place, what is wrong, what to write."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class SchemeError:
    """One error: where in the file (``table[1].items[2].no``, ``第3行第5列``) and what to do."""

    place: str
    text: str

    def __str__(self) -> str:
        return f"{self.place}：{self.text}" if self.place else self.text


def unknown(value: str, noun: str, known: Iterable[str], defined_in: str = "") -> str:
    """Sentence for a word that is not among those known, with the nearest one if there is any."""
    names = sorted(known)
    near = difflib.get_close_matches(value, names, n=1)
    if near:
        return f"没有名为“{value}”的{noun}，是不是“{near[0]}”？"
    if names:
        return f"没有名为“{value}”的{noun}；可用的有：{'、'.join(names)}"
    return f"没有名为“{value}”的{noun}；请先在 {defined_in} 中写明"


def place_of(loc: Sequence[str | int], raw: object) -> str:
    """Path of an error in the file; names of union branches, which are not in it, are left out."""
    path, here = "", raw
    for index, step in enumerate(loc):
        if isinstance(step, int):
            path += f"[{step}]"
            here = here[step] if isinstance(here, Sequence) and step < len(here) else None
        elif isinstance(here, Mapping) and step in here:
            path += f".{step}"
            here = here[step]
        elif index == len(loc) - 1:
            path += f".{step}"
    return path.removeprefix(".")


def _shown(value: object) -> str:
    text = str(value)
    return text if len(text) <= 40 else f"{text[:40]}…"


_TEXTS: Mapping[str, str] = {
    "missing": "缺少这一项，请补上",
    "string_type": "应写文字，并加英文引号",
    "string_too_long": "文字太长，最多 {max_length} 个字",
    "blank": "不能是空白，请写上文字",
    "bool_type": "应写 true 或 false（不加引号）",
    "int_type": "应写整数（不加引号）",
    "int_parsing": "应写整数（不加引号）",
    "number": "应写数字（不加引号）",
    "finite_number": "应写普通数字，不能是 nan 或 inf",
    "decimal_parsing": "应写数字（不加引号）",
    "greater_than": "“{input}”不行，应大于 {gt}",
    "greater_than_equal": "“{input}”不行，不能小于 {ge}",
    "less_than_equal": "“{input}”不行，不能大于 {le}",
    "literal_error": "“{input}”不行，只能是 {choices}",
    "model_type": "应写成一个小表，如 {{ … }} 或 [名称]",
    "model_attributes_type": "应写成一个小表，如 {{ … }} 或 [名称]",
    "dict_type": "应写成一个小表，如 {{ … }} 或 [名称]",
    "tuple_type": "应写成列表，如 [ … ] 或 [[名称]]",
    "union_tag_not_found": "缺少 by（用哪一种办法），请补上",
    "union_tag_invalid": "by 写的“{tag}”不行，只能是 {choices}",
    "day": "“{input}”不是日期；请写 09-01、next 03-31（下一年度）、previous 08-31 或 2025-09-01",
    "leap_day": "02-29 不是每年都有，请写 02-28",
    "no_such_day": "没有“{input}”这一天，请改正",
    "when": "日期规则只能用一种写法：on，或 day_of_month（可加 months），或 days 加 after/before 之一",
}


def translate(error: Mapping[str, Any], raw: object, field_names: Iterable[str]) -> SchemeError:
    """Chinese sentence for one of pydantic's errors."""
    loc: Sequence[str | int] = error["loc"]
    place = place_of(loc, raw)
    kind: str = error["type"]
    if kind == "extra_forbidden":
        near = difflib.get_close_matches(str(loc[-1]), list(field_names), n=1)
        hint = f"，是不是“{near[0]}”？" if near else "，请删去或改正"
        return SchemeError(place, f"这里没有“{loc[-1]}”这一项{hint}")
    if kind == "string_pattern_mismatch":
        return SchemeError(place, _pattern_text(_shown(error["input"])))
    context = dict(error.get("ctx") or {})
    choices = str(context.get("expected") or context.get("expected_tags") or "")
    for quote in ("'", '"'):
        choices = choices.replace(quote, "")
    context |= {"choices": choices.replace(" or ", "、").replace(", ", "、")}
    text = _TEXTS.get(kind, "这里写得不对（{input}），请对照 README.md 改正")
    return SchemeError(place, text.format_map({**context, "input": _shown(error["input"])}))


def _pattern_text(value: str) -> str:
    return f"“{value}”不行：只能用汉字、字母、数字、点、横线和下划线，不留空格，不超过 40 个字"


def syntax(error: Exception, text: str) -> SchemeError:
    """Sentence for a TOML syntax error, with line and column."""
    said = str(error)
    found = re.search(r"line (\d+), column (\d+)", said)
    if found:
        line, column = int(found[1]), int(found[2])
    else:  # "at end of document"
        lines = text.rstrip().splitlines() or [""]
        line, column = len(lines), len(lines[-1]) + 1
    sentence = next((zh for fits, zh in _SYNTAX if fits(said)), _SYNTAX_OTHER)
    return SchemeError(f"第{line}行第{column}列", sentence)


def _has(*words: str) -> Callable[[str], bool]:
    return lambda text: any(word.lower() in text.lower() for word in words)


_SYNTAX: Sequence[tuple[Callable[[str], bool], str]] = (
    (
        _has("Cannot overwrite", "Cannot declare", "twice", "already"),
        "这个名称前面已经写过，请删去一处",
    ),
    (_has("Unclosed array"), "列表没有写完，请补上 ]"),
    (_has("Unclosed inline table", "inline table"), "小表没有写完或换了行，请写在一行并补上 }"),
    (
        _has("Illegal character", "Unterminated string", 'Expected "\'"'),
        "引号没有配对，或文字里有不允许的字符",
    ),
    (_has("Unescaped", "escape"), "文字里的反斜杠 \\ 请写成 \\\\"),
    (_has("Expected '=' after a key"), "名称后面应是等号 ="),
    (_has("Expected ']'"), "段名没有写完，请补上 ]"),
    (_has("Invalid value"), "等号后面的值不对：文字要加英文引号"),
    (_has("Expected newline"), "这一行后面多了东西；一行只写一项，文字要加英文引号"),
    (
        _has("Invalid statement", "Invalid initial character"),
        "这一行看不懂：应写成 名称 = 值，名称用英文，引号和等号用英文标点",
    ),
)
_SYNTAX_OTHER = "写法不合 TOML 规则，请检查引号、括号和等号"
