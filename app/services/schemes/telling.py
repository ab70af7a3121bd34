"""A draft in words: what a value reads like, what an entry is called, where an error is."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from app.services.schemes import draft as d
from app.services.schemes.day_words import day_words
from app.services.schemes.describe import part_info, part_names
from app.services.schemes.naming import defined

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.services.schemes.describe import FieldInfo, PartInfo
    from app.services.schemes.draft import Place, Raw
    from app.services.schemes.messages import SchemeError

_STEP = re.compile(r"([^.\[\]]+)|\[(\d+)\]")
_TOKEN = re.compile(
    r"“[^”]*”|\{[^}]*\}|[a-z][a-z_-]*(?:\[\d+\])?(?:\.[a-z_]+(?:\[\d+\])?)*(?!\w)", re.A
)
_DAY = re.compile(r"(?:(?:previous|next) )?(?:\d{4}-)?\d\d-\d\d(?!\d)")
_WRITTEN = {
    "（不加引号）": "",
    "，并加英文引号": "",
    "，请对照 README.md 改正": "，请改正",
    "应写 true 或 false": "请选是或否",
    "写 09-01、next 03-31（下一年度）、previous 08-31 或 2025-09-01": "写成 9月1日、次年3月31日这样",
    " → ": "、",
}


@dataclass(frozen=True, slots=True)
class Trouble:
    """An error as the editor lists it: where it leads, the place in words, what is wrong."""

    place: Place
    where: str
    text: str


def shown(field: FieldInfo, value: Any, draft: Raw) -> str:
    """A field's value as a list or a line shows it."""
    if value is None or value in ([], ""):
        return ""
    if field.kind == "part":
        return summary(value, part_info(field.part), draft)
    if field.kind == "union":
        return _union(field, value, draft)
    if field.kind == "parts":
        return _list(field, value, draft)
    said = _sayer(field, draft)
    texts = [said(one) for one in (value if isinstance(value, list) else [value])]
    if field.kind == "words" and any(mark in text for text in texts for mark in "、，,；;"):
        return "；".join(texts) + ("；" if len(texts) == 1 else "")
    return "、".join(texts)


def cell(field: FieldInfo, entry: Any, draft: Raw) -> str:
    """What a list shows of an entry's field: what holds, also where nothing is written."""
    value = entry.get(field.name) if isinstance(entry, dict) else None
    if value is None and field.kind in ("choice", "int", "union"):
        value = field.default
    return shown(field, value, draft)


def _sayer(field: FieldInfo, draft: Raw) -> Callable[[Any], str]:
    """How one value of a plain field is said."""
    if field.kind in ("choice", "choices"):
        choices = dict(field.choices)
        return lambda one: choices.get(one, str(one))
    if field.ref:
        names = defined(draft, field.ref)
        return lambda one: names.get(one, str(one))
    if field.kind in ("bool", "maybe"):
        return lambda one: "是" if one else "否"
    if field.kind in ("day", "month-day", "days"):
        return lambda one: day_words(str(one))
    return lambda one: f"{one:f}" if isinstance(one, Decimal) else str(one)


def summary(value: Any, info: PartInfo, draft: Raw) -> str:
    """What is written in a part, in a few words."""
    if not isinstance(value, dict):
        return ""
    said, told = [], set[str]()
    way = way_of(info, value)
    if way is not None:
        texts = {f.name: shown(f, value.get(f.name), draft) for f in info.fields}
        said.append(info.ways[way].say.format_map(texts))
        told = set(info.ways[way].fields)
    for field in info.fields:
        text = shown(field, value.get(field.name), draft)
        if not text or field.name in told or field.kind in ("key", "fixed", "long"):
            continue
        if field.name == "placeholder":
            continue
        plain = field.kind in ("choice", "ref", "refs", "text") or not said
        said.append(text if plain and field.kind != "bool" else f"{field.label}{text}")
    return "，".join(said)


def way_of(info: PartInfo, value: Raw) -> int | None:
    """Which of a part's ways of writing is meant: the shortest that takes all that is written."""
    if not info.ways:
        return None
    every = {name for way in info.ways for name in way.fields}
    used = {name for name in every if value.get(name) not in (None, [])}
    fitting = [n for n, way in enumerate(info.ways) if used <= set(way.fields)]
    return min(fitting, key=lambda n: len(info.ways[n].fields)) if used and fitting else None


def _union(field: FieldInfo, value: Any, draft: Raw) -> str:
    if not isinstance(value, dict):
        return ""
    name = dict(field.choices).get(str(value.get("by")), "")
    rest = summary(value, part_info(d.class_of(field, value)), draft)
    return f"{name}：{rest}" if rest else name


def _list(field: FieldInfo, value: Any, draft: Raw) -> str:
    if not isinstance(value, list):
        return ""
    info = part_info(field.part)
    names = [str(one.get("name") or "") for one in value if isinstance(one, dict)]
    if len(value) > 3 or not all(names):
        return f"{len(value)} {info.measure}"
    figures = [next((f"{one[key]}" for key in ("points", "share", "at_least", "percent")
                     if key in one), "") for one in value]  # fmt: skip
    return "、".join(f"{name}{figure}" for name, figure in zip(names, figures, strict=True))


def title(entry: Any, info: PartInfo, draft: Raw, number: int) -> str:
    """What an entry is called in a list or a place: number and name, else its first column."""
    if isinstance(entry, dict):
        head = [str(entry[key]) for key in ("no", "name", "text") if entry.get(key)]
        if head:
            return " ".join(head)
        if info.field("name") is not None:
            return f"第 {number + 1} {info.measure}"
        for name in info.columns:
            field = info.field(name)
            text = shown(field, entry.get(name), draft) if field else ""
            if text:
                return text
    return f"第 {number + 1} {info.measure}"


def trail(draft: Raw, place: Place) -> list[str]:
    """The way to a place in words: 考核表, 第 2 组“教学研究”, 考核项, 第 3 项“公开课”, 编号."""
    said: list[str] = []
    info = part_info(d.ROOT)
    here: Any = draft
    inner: PartInfo | None = info
    for step in place:
        here = d.get({"": here}, ("", step))
        if isinstance(step, int):
            if inner is None:
                continue
            name = title(here, inner, draft, step)
            count = f"第 {step + 1} {inner.measure}"
            said.append(count if name == count else f"{count}“{name}”")
            continue
        field = inner.field(step) if inner else None
        said.append(field.label if field else str(step))
        nested = field is not None and field.kind in ("part", "parts", "union")
        inner = part_info(d.class_of(field, here)) if field is not None and nested else None
    return said


def place_meant(text: str) -> Place:
    """The place that an error names: ``table[1].items[2].no``."""
    return tuple(int(found[2]) if found[2] else found[1] for found in _STEP.finditer(text))


def troubles(draft: Raw, errors: list[SchemeError]) -> list[Trouble]:
    """Errors in words of the window: no names of fields, no places of the file."""
    found = []
    for error in errors:
        place = place_meant(error.place)
        keyless = place[-1:] in (("key",), ("id",)) and d.get(draft, place) is None
        named = d.get(draft, (*place[:-1], "name"))
        if keyless and not named:
            continue  # the name is missing too, and with it comes the key
        said = error.text
        for written, plain in _WRITTEN.items():
            said = said.replace(written, plain)
        words = _Words(draft, place)
        said = _TOKEN.sub(lambda one, words=words: words.of(one[0]), said)  # type: ignore[misc]
        said = _DAY.sub(lambda one: day_words(one[0]), said)
        found.append(Trouble(place, " › ".join(trail(draft, place)), said))
    return found


class _Words:
    """What words of the file in an error's text are called in the window."""

    def __init__(self, draft: Raw, place: Place) -> None:
        self._draft = draft
        self._info = d.info_at(draft, place)
        names = [step for step in place if isinstance(step, str)]
        field = self._info.field(names[-1]) if names else None
        named = field.choices if field else ()
        self._values = dict(named) | (defined(draft, field.ref) if field and field.ref else {})
        self._values |= defined(draft, "score") if field and field.part == "ScorePart" else {}

    def of(self, token: str) -> str:
        """A place, a value or a field in words; what stands in quotes was typed and stays."""
        if token[0] in "“{":
            return token
        if token in self._values:
            return self._values[token]
        if "[" in token or "." in token:
            place = place_meant(token)
            known = part_info(d.ROOT).field(str(place[0])) is not None
            return f"“{' › '.join(trail(self._draft, place))}”" if known else token
        field = self._info.field(token) or next(
            (f for name in part_names() if (f := part_info(name).field(token))), None
        )
        return f"“{field.label}”" if field is not None else token
