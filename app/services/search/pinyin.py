"""How a name is typed in letters: pinyin, initials, and both mixed."""

from __future__ import annotations

from functools import cache
from itertools import islice, product

from app.resources import resource

READINGS = 27
"""Ways of reading one name, at most: three characters of three readings each."""
_PERSON = 3
"""So many characters at a time are spelt in all their readings; a longer name only in the likeliest."""
_LONGEST = 16
"""Characters of a name that are spelt; nobody types more."""

_SURNAMES = {
    "单": "shan", "曾": "zeng", "解": "xie", "仇": "qiu", "朴": "piao", "查": "zha", "盖": "ge",
    "区": "ou", "缪": "miao", "覃": "qin", "翟": "zhai", "种": "chong", "冼": "xian", "么": "yao",
    "折": "she", "黑": "he", "秘": "bi", "召": "shao", "繁": "po", "柏": "bai", "薄": "bo",
    "卜": "bu", "谌": "chen", "祭": "zhai", "盛": "sheng", "句": "gou", "阚": "kan", "尉": "yu",
    "宁": "ning", "臧": "zang", "洗": "xian", "逯": "lu", "郇": "xun", "隗": "wei", "员": "yun",
    "乐": "yue", "万俟": "moqi", "尉迟": "yuchi", "长孙": "zhangsun", "澹台": "tantai",
}  # fmt: skip
"""Surnames that are read otherwise than the character is mostly read."""


@cache
def _readings() -> dict[str, tuple[str, ...]]:
    """Syllables of each character, the commonest first (packaging/make_han.py)."""
    table: dict[str, tuple[str, ...]] = {}
    for line in resource("han", "pinyin.txt").read_text(encoding="utf-8").splitlines():
        syllables, _, chars = line.partition(" ")
        found = syllables.split(",")
        # 吕 is typed lv or lu, depending on the input method.
        found += [syllable.replace("v", "u") for syllable in found if "v" in syllable]
        table |= dict.fromkeys(chars, tuple(found))
    return table


def readings(char: str) -> tuple[str, ...]:
    """How a character may be typed, the likeliest first; letters and figures as themselves."""
    if char.isascii():
        return (char.casefold(),) if char.isalnum() else ()
    return _readings().get(char, ())


def keys(name: str) -> frozenset[str]:
    """Whatever begins one of these finds the name: of 张三丰 zhangsanfeng, zsf, zhangsf, sanfeng, sf."""
    spelt = [options for char in name[:_LONGEST] if (options := readings(char))]
    found: set[str] = set()
    for start in range(len(spelt)):
        found |= _spellings(spelt[start:])
    for length in (2, 1):
        if surname := _SURNAMES.get(name[:length]):
            found |= _spellings([(surname,), *spelt[length:]])
    return frozenset(found)


def _spellings(spelt: list[tuple[str, ...]]) -> set[str]:
    found = {"".join(options[0] for options in spelt)}
    for initials in islice(product(*map(_initials, spelt)), READINGS):
        found.add("".join(initials))
    for syllables in islice(product(*spelt[:_PERSON]), READINGS):
        found |= {"".join(syllables), syllables[0] + "".join(x[0] for x in syllables[1:])}
    return found


def _initials(options: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(syllable[0] for syllable in options))
