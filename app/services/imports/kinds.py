"""What kinds of table can be imported: fields and the words schools head them with, from TOML."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from dataclasses import dataclass, field
from functools import cache

from app.resources import resource


@dataclass(frozen=True, slots=True)
class Field:
    """A column that a table of this kind may have."""

    key: str
    title: str
    value: str
    """Which parser reads its cells (app/services/imports/parsers.py)."""
    synonyms: tuple[str, ...]
    example: str
    """What the template shows."""
    otherwise: str = ""
    """The field that a column of this header is where another column fits this one better."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of table, as its file in resources/imports describes it."""

    key: str
    name: str
    counted: str
    """What a row is, after a number: 人, 次活动."""
    fields: tuple[Field, ...]
    required: tuple[str, ...]
    policies: tuple[str, ...]
    """What may become of records that are there already, the usual way first."""
    ignore: tuple[str, ...]
    footers: tuple[str, ...]
    carried: frozenset[str]
    """Fields that tall merged cells carry down: a row with nothing else is no record."""
    alone: bool
    """Whether a long text standing alone in a required column is a record, not a remark below."""
    instead: dict[str, str] = field(hash=False, compare=False)
    """Field → the one whose column stands for it where it has none."""
    _by_word: dict[str, tuple[Field, int]] = field(repr=False, hash=False, compare=False)

    def field(self, name: str) -> Field | None:
        """The field of that key or Chinese title."""
        return next((one for one in self.fields if name in (one.key, one.title)), None)

    def title(self, key: str) -> str:
        """Chinese name of a field."""
        found = self.field(key)
        return found.title if found else key

    def match(self, header: str) -> tuple[Field, int] | None:
        """The field a header means and how surely: 0 is best, from 100 on only its ending fits."""
        word = header_word(header)
        if found := self._by_word.get(word):
            return found
        if not word or len(word) > _LONGEST or any(part in word for part in self.ignore):
            return None
        for start in range(1, len(word) - 1):
            if found := self._by_word.get(word[start:]):
                return found[0], found[1] + 100
        return None


_LONGEST = 14

KINDS = ("schools", "members", "activities", "observations")
"""Everything that can be imported, in the order in which a new archive needs it."""


@cache
def load_kind(key: str) -> Kind:
    """The kind described in ``resources/imports/<key>.toml``."""
    data = tomllib.loads(resource("imports", f"{key}.toml").read_text("utf-8"))
    fields = tuple(
        Field(
            one["key"], one["title"], one["value"], tuple(one["synonyms"]),
            one.get("example", ""), one.get("otherwise", ""),
        )
        for one in data["field"]
    )  # fmt: skip
    by_word = {
        header_word(word): (one, rank) for one in fields for rank, word in enumerate(one.synonyms)
    }
    return Kind(
        data["kind"],
        data["name"],
        data["counted"],
        fields,
        tuple(data["required"]),
        tuple(data["policies"]),
        tuple(data["ignore"]),
        tuple(data["footers"]),
        frozenset(data.get("carried", ())),
        bool(data.get("alone")),
        dict(data.get("instead", {})),
        by_word,
    )


_ASIDE = re.compile(r"\([^()]*\)|\[[^\[\]]*\]|【[^【】]*】|<[^<>]*>")
_BARE = re.compile(r"[\s*:_.·、/\\\-—–]+")
_LATIN_TAIL = re.compile(r"(?<=[\u4e00-\u9fff])[A-Za-z]+$")


def header_word(text: str) -> str:
    """A header reduced to the words that matter: 姓 名*（必填） → 姓名."""
    word = _ASIDE.sub("", unicodedata.normalize("NFKC", text))
    return _LATIN_TAIL.sub("", _BARE.sub("", word))
