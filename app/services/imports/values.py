"""What a typed or damaged cell means: one parser for each kind of value.

Each parser returns the value ("" where nothing was typed) and a remark for the report ("" where
the cell was plain); what cannot be taken raises BadValueError with the reason.
"""

from __future__ import annotations

import datetime as dt
import re
import tomllib
import unicodedata
from collections.abc import Callable
from functools import cache, lru_cache
from operator import mul
from typing import TYPE_CHECKING, TypeAlias

from app.resources import resource

if TYPE_CHECKING:
    from app.services.imports.reading import Cell

Parsed: TypeAlias = tuple[str, str]
Parser: TypeAlias = Callable[["Cell"], Parsed]

_INVISIBLE = dict.fromkeys(
    [*range(0x20), *range(0x7F, 0xA0), 0xAD, *range(0x200B, 0x2010), 0x2060, 0xFEFF,
     *range(0x202A, 0x202F), *range(0x2066, 0x206A), *range(0xD800, 0xE000)]
)  # fmt: skip
"""Also marks that turn the direction of all that follows, and halves of characters."""
_KEEP_AS_BLANK = {9: " ", 10: " ", 13: " "}
_CLEAN = {**_INVISIBLE, **_KEEP_AS_BLANK}
_NOTHING = {"", "无", "/", "\\", "-", "--", "—", "——", "暂无", "没有", "N/A", "n/a", "空", "〇"}
_ERRORS = {"#N/A", "#REF!", "#VALUE!", "#NAME?", "#DIV/0!", "#NUM!", "#NULL!"}
_LAST_EXACT = 10**15  # Excel keeps fifteen digits of a number


class BadValueError(ValueError):
    """A cell that must not get in; its text is the reason for the clerk."""


def clean(cell: Cell) -> str:
    """The cell as text: no invisible characters, no blanks around, "" for 无 and its like."""
    text = cell.translate(_CLEAN).strip() if isinstance(cell, str) else shown(cell)
    if text in _ERRORS:
        raise BadValueError(f"单元格里是公式错误 {text}，请改成真实内容")
    return "" if text in _NOTHING else text


def shown(cell: Cell) -> str:
    """A cell as a spreadsheet would show it."""
    if isinstance(cell, bool):
        return "是" if cell else "否"
    if isinstance(cell, float):
        return (
            str(int(cell)) if cell.is_integer() and abs(cell) < _LAST_EXACT else repr(cell).upper()
        )
    if isinstance(cell, dt.datetime):
        return cell.strftime("%Y-%m-%d %H:%M").removesuffix(" 00:00")
    return cell.isoformat() if isinstance(cell, dt.date) else str(cell)


@lru_cache(maxsize=4096, typed=True)
def plain_text(cell: Cell) -> Parsed:
    """Free text, kept as written (NFC)."""
    return unicodedata.normalize("NFC", clean(cell)), ""


_MOST_LINE = 200
_MOST_TEXT = 100_000
_LINE_ENDS = re.compile(r"_x000D_\n?|\r\n?")


@lru_cache(maxsize=4096, typed=True)
def line(cell: Cell) -> Parsed:
    """Text on one line: a title, a place."""
    text = " ".join(unicodedata.normalize("NFC", clean(cell)).split())
    if len(text) > _MOST_LINE:
        raise BadValueError(f"超过 {_MOST_LINE} 个字（这里有 {len(text)} 个）")
    return text, ""


def long_text(cell: Cell) -> Parsed:
    """Text of several lines: minutes, advice."""
    if not isinstance(cell, str):
        return plain_text(cell)
    lines = [
        clean_line.rstrip() for clean_line in map(_visible, _LINE_ENDS.sub("\n", cell).split("\n"))
    ]
    text = unicodedata.normalize("NFC", "\n".join(lines)).strip()
    if len(text) > _MOST_TEXT:
        raise BadValueError(f"超过 {_MOST_TEXT} 个字（这里有 {len(text)} 个）")
    return clean(text) if "\n" not in text else text, ""


def _visible(text: str) -> str:
    return text.translate(_CLEAN)


def school_name(cell: Cell) -> Parsed:
    """Name of a school or another unit: one line, no blanks between Chinese characters."""
    text, _ = line(cell)
    name = _BLANKS.sub("", text) if _CJK.search(text) else text
    if name and not any(map(str.isalpha, name)):
        raise BadValueError("单位名称里没有文字")
    lost = _LOST.search(name)
    if lost:
        raise BadValueError(f"单位名称里有“{lost.group()}”：可能是字在转换时丢失，请补上")
    return name, ""


# --- names -------------------------------------------------------------------------------------

_DOTS = re.compile(r"\s*[•‧∙・･·．.⋅●]\s*")
_BLANKS = re.compile(r"\s+")
_CJK = re.compile(r"[\u3007\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
_NO_NAME = re.compile(r"(学校|小学|中学|幼儿园|教学点|中心校|学区|教育局|年级)$")
_LOST = re.compile("[?？\ufffd\u25a1\ue000-\uf8ff\U000f0000-\U0010ffff]")
_MOST_LETTERS = 60


_PLAIN_NAME = re.compile(r"[\u3400-\u9fff]{1,3}")  # too short for any of the faults
_NAME_FAULTS = (
    (re.compile(r"[(（\[【]"), "姓名里有括号：请把括号里的说明移到备注栏"),
    (re.compile(r"\d"), "姓名里有数字"),
    (re.compile(r"[、,，;；/]"), "一格里有多个姓名：请每人一行"),
    (_NO_NAME, "这不像一个人的姓名"),
    (re.compile(rf".{{{_MOST_LETTERS + 1}}}"), f"姓名超过 {_MOST_LETTERS} 个字"),
)


def person_name(cell: Cell) -> Parsed:
    """A person's name: 王 芳 → 王芳, dots of ethnic names as ·, rare characters and Latin kept."""
    if not isinstance(cell, str):
        raise BadValueError("姓名栏里不是文字")
    if _PLAIN_NAME.fullmatch(cell) and not _NO_NAME.search(cell):
        return cell, ""
    typed = clean(cell)
    name = unicodedata.normalize("NFC", typed)
    lost = _LOST.search(name)
    if lost:
        raise BadValueError(
            f"姓名里有“{lost.group()}”：可能是生僻字在另存或转换时丢失，请照身份证补上这个字"
        )
    for fault, reason in _NAME_FAULTS:
        if fault.search(name):
            raise BadValueError(reason)
    if name and not any(map(str.isalpha, name)):
        raise BadValueError("姓名里没有文字")
    name = _BLANKS.sub("", _DOTS.sub("·", name)) if _CJK.search(name) else _BLANKS.sub(" ", name)
    return name, "" if name == typed else f"姓名“{typed}”记作“{name}”"


# --- numbers that are no numbers ------------------------------------------------------------------

_SCIENCE = re.compile(r"(\d)(?:\.(\d+))?[eE]\+?(\d{1,2})")
_BETWEEN = re.compile(r"[\s\-—–－]+")
_MOBILE = re.compile(r"1[3-9][0-9]{9}")
_LANDLINE = re.compile(r"(?:0\d{2,3})?[2-9]\d{6,7}")
_SEVERAL = re.compile(r"[、,，;；/]|\s{2,}|(?<=\d{11})\s")


def digits(cell: Cell, what: str) -> str:
    """Digits of a number that is a name (phone, identity), where Excel has not lost any."""
    if isinstance(cell, float) and not isinstance(cell, bool):
        if abs(cell) >= _LAST_EXACT:
            raise BadValueError(
                f"{what}被 Excel 当成数字，15 位以后已变成 0，无法还原；"
                "请先把该列设为“文本”格式，再重新填写"
            )
        if not cell.is_integer():
            raise BadValueError(f"{what}不是整数")
        return str(int(cell))
    text = unicodedata.normalize("NFKC", clean(cell)).lstrip("'`‘’").strip()
    science = _SCIENCE.fullmatch(text)
    if not science:
        return text
    whole = science.group(1) + (science.group(2) or "")
    if len(whole) != int(science.group(3)) + 1:
        raise BadValueError(
            f"{what}已变成科学计数法 {text}，后面的数字丢失，无法还原；"
            "请先把该列设为“文本”格式，再重新填写"
        )
    return whole


def phone(cell: Cell) -> Parsed:
    """A mobile or landline number in digits; what Excel did to it is undone where exact."""
    if isinstance(cell, str) and _MOBILE.fullmatch(cell):
        return cell, ""
    text = digits(cell, "电话号码")
    if "*" in text:
        return "", "电话号码已打码，没有收入"
    parts = [part for part in _SEVERAL.split(text) if part.strip()]
    if len(parts) > 1:
        first, _ = phone(parts[0])
        return first, f"只收入第一个号码，其余（{'、'.join(parts[1:])}）没有收入"
    number = _BETWEEN.sub("", re.sub(r"[()]", "", text))
    number = re.sub(r"^(?:\+|00)?86(?=1\d{10}$)", "", number)
    if not number or _MOBILE.fullmatch(number):
        return number, ""
    if not number.isdecimal():
        raise BadValueError("电话号码里有数字以外的内容")
    if isinstance(cell, float) and re.fullmatch(r"[2-9]\d{9,10}", number):
        return "0" + number, f"电话号码 {number} 前面丢失的 0 已补上"
    if _LANDLINE.fullmatch(number) or re.fullmatch(r"400\d{7}", number):
        return number, "" if number[0] in "04" else f"电话号码 {number} 没有区号"
    if number.startswith("1"):
        raise BadValueError(f"手机号码应为 11 位，这里是 {len(number)} 位" if len(number) != 11
                            else "手机号码第二位不对")  # fmt: skip
    raise BadValueError("不是手机号码，也不是固定电话号码")


_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_ALL_WEIGHTS = sum(_WEIGHTS)
_CODE_OF_ZERO = ord("0")
_ID = re.compile(r"[0-9]{17}[0-9X]")


def check_digit(first17: str) -> str:
    """Last character of an identity number by GB 11643."""
    total = sum(map(mul, first17.encode(), _WEIGHTS)) - _CODE_OF_ZERO * _ALL_WEIGHTS
    return "10X98765432"[total % 11]


def id_number(cell: Cell) -> Parsed:
    """An 18-digit identity number whose check digit and birth date are right; old 15-digit ones."""
    plain = isinstance(cell, str) and _ID.fullmatch(cell)
    text = str(cell) if plain else _BETWEEN.sub("", digits(cell, "身份证号")).upper()
    if not text:
        return "", ""
    if "*" in text:
        return "", "身份证号已打码，没有收入"
    remark = ""
    if not plain and re.fullmatch(r"[0-9]{15}", text):
        number = text[:6] + "19" + text[6:]
        number += check_digit(number)
        remark = "15 位旧身份证号已换算为 18 位"
    else:
        number = text
    if not _ID.fullmatch(number):
        what = f"这里是 {len(text)} 位" if text.rstrip("X").isdecimal() else "这里有别的字符"
        raise BadValueError(f"身份证号应为 18 位，{what}")
    try:
        born = dt.date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        raise BadValueError(f"身份证号里的出生日期 {number[6:14]} 不存在") from None
    if born.year < 1900:
        raise BadValueError(f"身份证号里的出生日期 {number[6:14]} 不对")
    if check_digit(number[:17]) != number[17]:
        damage = "；末几位是 0，可能被 Excel 改坏" if number.endswith("000") else ""
        raise BadValueError(f"身份证号的校验位不对，请核对每一位{damage}")
    return number, remark


def facts_of_id(number: str) -> tuple[str, str]:
    """Birth date and sex as the identity number states them."""
    return f"{number[6:10]}-{number[10:12]}-{number[12:14]}", "男女"[1 - int(number[16]) % 2]


# --- words out of a vocabulary ---------------------------------------------------------------------


@cache
def vocabulary(name: str) -> dict[str, str]:
    """Every known way of writing → the proper one, from resources/imports/values.toml."""
    table = tomllib.loads(resource("imports", "values.toml").read_text("utf-8"))[name]
    if isinstance(table.get("names"), list):
        known = {word: word for word in table["names"]}
        return known | {word.removesuffix("族"): word for word in known if len(word) > 1}
    return {_key(way): proper for proper, ways in table.items() for way in (proper, *ways)}


def _key(text: str) -> str:
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text)).casefold()


@lru_cache(maxsize=4096, typed=True)
def sex(cell: Cell) -> Parsed:
    """男 or 女."""
    text = clean(cell)
    if not text:
        return "", ""
    known = vocabulary("sex").get(_key(text))
    if not known:
        raise BadValueError(f"性别只能填“男”或“女”，这里是“{text}”")
    return known, ""


@lru_cache(maxsize=4096, typed=True)
def ethnic_group(cell: Cell) -> Parsed:
    """Name of the ethnic group: 汉 → 汉族."""
    return _worded(cell, "ethnic_group", "民族")


@lru_cache(maxsize=4096, typed=True)
def education(cell: Cell) -> Parsed:
    """Highest education: 大专 → 专科."""
    return _worded(cell, "education", "学历")


@lru_cache(maxsize=4096, typed=True)
def school_kind(cell: Cell) -> Parsed:
    """Kind of school: 完小 → 小学."""
    return _worded(line(cell)[0], "school_kind", "类别")


@lru_cache(maxsize=4096, typed=True)
def stage(cell: Cell) -> Parsed:
    """Stage of schooling: 小学部 → 小学."""
    return _worded(line(cell)[0], "stage", "学段")


@lru_cache(maxsize=4096, typed=True)
def lesson_kind(cell: Cell) -> Parsed:
    """Kind of lesson: 新授课 → 新授."""
    return _worded(line(cell)[0], "lesson_kind", "课型")


@lru_cache(maxsize=4096, typed=True)
def one_subject(cell: Cell) -> Parsed:
    """The subject of an activity or a lesson: 小学数学组 → 数学; unknown ones stay as written."""
    text, _ = line(cell)
    word = re.sub(r"(教研组|学科|组)$", "", re.sub(r"^(小学|初中|高中)(?=.)", "", text)) or text
    known = vocabulary("subject").get(_key(word))
    return known or text, "" if known in (None, text) else f"学科“{text}”记作“{known}”"


@lru_cache(maxsize=4096, typed=True)
def title(cell: Cell) -> Parsed:
    """Professional title by its present name: 小学高级教师 → 一级教师."""
    text = re.sub(r"[(（](?:[^()（）]*)[)）]$", "", clean(cell))
    if text in vocabulary("honours"):
        return "", f"“{text}”是荣誉称号，不是职称，收入荣誉栏"
    return _worded(text, "title", "职称")


def _worded(cell: Cell, name: str, what: str) -> Parsed:
    text = clean(cell)
    if not text:
        return "", ""
    known = vocabulary(name).get(_key(text))
    if known is None:
        return text, f"{what}“{text}”不在常用名称里，照原样收入"
    return known, "" if known == text else f"{what}“{text}”记作“{known}”"


_BETWEEN_SUBJECTS = re.compile(r"[、,，/／;；+＋&\s]+|以及|及|兼")


@lru_cache(maxsize=4096, typed=True)
def subjects(cell: Cell) -> tuple[tuple[str, ...], str]:
    """Subjects taught, split and by their proper names; a teacher may have several."""
    text = clean(cell)
    known = vocabulary("subject")
    found: dict[str, None] = {}
    unknown = []
    for part in _BETWEEN_SUBJECTS.split(text):
        word = re.sub(r"^(小学|初中|高中)(?=.)", "", part)
        proper = known.get(_key(word))
        run = (proper,) if proper else _run_of_subjects(_key(word))
        if part and not run:
            unknown.append(part)
        found |= dict.fromkeys(run or ((part,) if part else ()))
    remark = f"学科“{'、'.join(unknown)}”不在常用名称里，照原样收入" if unknown else ""
    return tuple(found), remark


def _run_of_subjects(word: str) -> tuple[str, ...]:
    """语文数学, written without anything between, as its subjects; () where some part is none."""
    known = vocabulary("subject")
    found: list[str] = []
    while word:
        start = next((known[word[:n]] for n in range(len(word), 1, -1) if word[:n] in known), None)
        if start is None:
            return ()
        length = next(n for n in range(len(word), 1, -1) if word[:n] in known)
        found.append(start)
        word = word[length:]
    return tuple(found)


def is_known(name: str, text: str) -> bool:
    """Whether a word belongs to a vocabulary, in any of its ways of writing."""
    return _key(text) in vocabulary(name)
