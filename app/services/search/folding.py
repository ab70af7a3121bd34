"""Text as it is compared: case, width, accents and traditional forms forgotten."""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from typing import TYPE_CHECKING

from app.resources import resource

if TYPE_CHECKING:
    from collections.abc import Iterable

SEPARATOR = "·"
"""Stands for any run of punctuation and blanks."""

_SEPARATORS = re.compile(r"[\W_]+")
_UNSEEN = "\u0300-\u036f\u3099\u309a\u00ad\u200b-\u200f\ufe00-\ufe0f\ufeff"
"""Accents, voicing marks, characters without width, selectors between forms of one character."""


@cache
def _simplified() -> dict[str, str]:
    """Traditional characters and their simplified forms (packaging/make_han.py)."""
    lines = resource("han", "simplified.txt").read_text(encoding="utf-8").split()
    return {line[0]: line[1] for line in lines}


@cache
def _odd() -> re.Pattern[str]:
    """What is looked up one by one; rare planes as one range, for sets of them are slow."""
    common = "".join(char for char in _simplified() if char < "\U00010000")
    return re.compile(f"[{common}{_UNSEEN}\U00010000-\U0010ffff]")


def _plain(found: re.Match[str]) -> str:
    char = found[0]
    unseen = char < "\U00010000" or "\U000e0100" <= char <= "\U000e01ef"
    return _simplified().get(char, "" if unseen else char)


def _fold(value: str) -> str:
    letters = unicodedata.normalize("NFKD", value).casefold()
    return _SEPARATORS.sub(SEPARATOR, _odd().sub(_plain, letters))


_fold_one = cache(_fold)
"""For single characters."""


def fold(value: str) -> str:
    """The text as it is compared; two texts that look alike to a reader fold alike.

    Changing this makes the index of existing archives wrong: they would need to be indexed anew.
    """
    return _fold(value).strip(SEPARATOR)


def places(text: str, words: Iterable[str]) -> tuple[tuple[int, int], ...]:
    """Where the folded words stand in a text: start and length, in order, none over another."""
    here = _fold(text)
    words = [word for word in words if word in here]
    if not words:
        return ()
    letters: list[str] = []
    origins: list[int] = []
    for at, char in enumerate(text):
        for letter in _fold_one(char):
            if letter != SEPARATOR or letters[-1:] != [SEPARATOR]:
                letters.append(letter)
                origins.append(at)
    folded = "".join(letters)
    marked: set[int] = set()
    for word in words:
        found = folded.find(word)
        while found >= 0:
            end = found + len(word)
            marked.update(range(origins[found], origins[end - 1] + 1))
            found = folded.find(word, end)
    return _ranges(sorted(marked))


def _ranges(marked: list[int]) -> tuple[tuple[int, int], ...]:
    ranges: list[tuple[int, int]] = []
    for at in marked:
        if ranges and sum(ranges[-1]) == at:
            ranges[-1] = (ranges[-1][0], ranges[-1][1] + 1)
        else:
            ranges.append((at, 1))
    return tuple(ranges)
