"""Breaking text into lines the Chinese way, and making it fit a given room."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

NOT_FIRST = frozenset("，。、；：？！）」』】〉》〕｝”’…—·％℃,.;:?!)]}%")
"""Characters that may not begin a line (避头)."""
NOT_LAST = frozenset("（「『【〈《〔｛“‘([{￥$№")
"""Characters that may not end a line (避尾)."""
_JOINERS = frozenset("-_.,:/@#&+'%~=·")
_EPSILON = 0.01


def plain(text: str) -> str:
    """Text with one kind of line feed and space, and without invisible formatting characters."""
    if text.isprintable():
        return text
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\u2028", "\n")
    text = text.replace("\u2029", "\n").replace("\t", " ").replace("\u00a0", " ")
    return "".join(c for c in text if unicodedata.category(c) != "Cf")


def break_lines(
    text: str, width: float, advance: Mapping[str, float], size: float, indent: float = 0
) -> list[str]:
    """Lines of ``text`` no wider than ``width``; only a single character may be wider than that.

    ``advance`` gives each character's width in ems, ``indent`` shortens the first line. Chinese may
    break anywhere but at forbidden punctuation; Latin words and numbers stay whole unless they are
    longer than a line.
    """
    room = width / size + _EPSILON
    lines: list[str] = []
    for part in plain(text).split("\n"):
        if sum(map(advance.__getitem__, part)) <= room - indent:
            lines.append(part)
        else:
            lines += _break(part, room, advance, indent)
        indent = 0
    return lines


def _break(text: str, room: float, advance: Mapping[str, float], indent: float) -> list[str]:
    lines: list[str] = []
    start = 0
    last_break = 0
    used = indent
    i = 0
    while i < len(text):
        character = text[i]
        if i > start and _may_break(text[i - 1], character):
            last_break = i
        used += advance[character]
        if used > room and i > start and character != " ":
            end = last_break if last_break > start else _inside_word(text, start, i)
            lines.append(text[start:end].rstrip(" "))
            start = last_break = end
            i = end
            used = 0.0
            continue
        i += 1
    lines.append(text[start:].rstrip(" "))
    return lines


def _inside_word(text: str, start: int, end: int) -> int:
    """Where to cut a word that is longer than the line: after its last hyphen or the like."""
    for i in range(end, start + 1, -1):
        if text[i - 1] in _JOINERS:
            return i
    return end


def _may_break(before: str, after: str) -> bool:
    if after in NOT_FIRST or before in NOT_LAST or after == " ":
        return False
    if before == "·":  # names of several parts: 买买提·Mehmet
        return True
    return not (_in_word(before) and _in_word(after))


def _in_word(character: str) -> bool:
    """Whether the character is part of a word that is not broken (Latin, Cyrillic, digits)."""
    return (character < "\u2e80" and character.isalnum()) or character in _JOINERS


def balanced(text: str, width: float, advance: Mapping[str, float], size: float) -> list[str]:
    """As many lines as needed, but of like length, so that no title ends in a single character."""
    lines = break_lines(text, width, advance, size)
    if len(lines) == 1 or "\n" in text:
        return lines
    narrowest = lines
    while width > size * 4:
        width -= size / 2
        narrower = break_lines(text, width, advance, size)
        torn = any(line and line[0] in NOT_FIRST for line in narrower)  # too narrow for its words
        if torn or len(narrower) > len(lines):
            break
        narrowest = narrower
    return narrowest
