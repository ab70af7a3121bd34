"""What the editor must know of the vocabulary: read off the pydantic models, named by a word file.

There is no form per section: a field is drawn by its ``kind``, and whoever adds a field to a model
only adds its Chinese words to resources/scheme_words.toml (a test names those that lack).
"""

from __future__ import annotations

import tomllib
import types
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING, Annotated, Any, Literal, Union, get_args, get_origin

from app.resources import resource

if TYPE_CHECKING:
    from collections.abc import Iterator

Kind = Literal[
    "fixed", "key", "text", "long", "number", "int", "numbers", "bool", "maybe", "choice", "choices",
    "words", "day", "month-day", "days", "ref", "refs", "part", "parts", "union",
]  # fmt: skip
"""``fixed`` and ``key`` are not shown; ``maybe`` is yes, no or not said; ``union`` is told by ``by``."""


@dataclass(frozen=True, slots=True)
class FieldInfo:
    """One field of a part, as a form shows it."""

    name: str
    """As in the file."""
    label: str
    help: str
    kind: Kind
    required: bool
    choices: tuple[tuple[str, str], ...] = ()
    """Values and what they are called."""
    ref: str = ""
    """Kind of key that it names (parts.Ref)."""
    part: str = ""
    """Class of the part or parts."""
    branches: tuple[tuple[str, str], ...] = ()
    """Of a union: value of ``by`` and class."""
    default: Any = None
    """What holds when nothing is written, as a file would write it."""


@dataclass(frozen=True, slots=True)
class WayInfo:
    """One of the ways to write a part: the fields it takes, and how it reads."""

    name: str
    fields: tuple[str, ...]
    say: str


@dataclass(frozen=True, slots=True)
class PartInfo:
    """A class of the vocabulary."""

    name: str
    one: str
    measure: str
    fields: tuple[FieldInfo, ...]
    columns: tuple[str, ...]
    more: frozenset[str]
    """Fields that are seldom needed: shown when asked for, or when filled."""
    opened: frozenset[str]
    """Parts that are shown open before anything is written in them."""
    ways: tuple[WayInfo, ...]
    from_text: str = ""
    """Field that a plain text in place of the part fills."""

    def field(self, name: str) -> FieldInfo | None:
        """The field of that name."""
        return next((field for field in self.fields if field.name == name), None)


@cache
def words() -> dict[str, Any]:
    """The Chinese words of the vocabulary, by class."""
    return tomllib.loads(resource("scheme_words.toml").read_text(encoding="utf-8"))


@cache
def part_info(name: str) -> PartInfo:
    """Description of the class of that name."""
    model = _models()[name]
    fields = [_field(model, key) for key in model.model_fields]
    first = [*_said(model, "_order", ()), *(field.name for field in fields)]
    last = [name for name in ("note", "placeholder") if name in first]
    order = [name for name in dict.fromkeys(first) if name not in last] + last
    shown = sorted(fields, key=lambda field: order.index(field.name))
    ways = tuple(
        WayInfo(way["name"], tuple(way["fields"]), way["say"]) for way in _said(model, "_ways", ())
    )
    text = next((f for f in ("name",) if hasattr(model, "_text")), "")
    return PartInfo(
        name=name,
        one=_said(model, "_one", name),
        measure=_said(model, "_measure", "条"),
        fields=tuple(shown),
        columns=tuple(_said(model, "_columns", ())),
        more=frozenset(_said(model, "_more", ())),
        opened=frozenset(_said(model, "_open", ())),
        ways=ways,
        from_text=text,
    )


def part_names() -> list[str]:
    """Every class that a scheme can hold."""
    return list(_models())


def untold() -> Iterator[str]:
    """Fields and literals that have no Chinese words yet."""
    for name in part_names():
        model = _models()[name]
        for field in part_info(name).fields:
            if field.kind not in ("fixed",) and _word(model, field.name) is None:
                yield f"{name}.{field.name}"
            yield from (f"{name}.{field.name} = {value}" for value, said in field.choices
                        if value == said)  # fmt: skip


@cache
def _models() -> dict[str, Any]:
    from app.services.schemes import parts
    from app.services.schemes.schema import Scheme

    found: dict[str, Any] = {}

    def look(annotation: Any) -> None:
        if isinstance(annotation, type) and issubclass(annotation, parts.Part):
            if annotation.__name__ not in found:
                found[annotation.__name__] = annotation
                for field in annotation.model_fields.values():
                    look(field.annotation)
            return
        for inner in get_args(annotation):
            look(inner)

    look(Scheme)
    return found


def _said(model: Any, name: str, otherwise: Any) -> Any:
    """What the word file says of a class, or of one it is made from."""
    for one in model.__mro__:
        if name in words().get(one.__name__, {}):
            return words()[one.__name__][name]
    return otherwise


def _word(model: Any, field: str) -> tuple[str, str] | None:
    said = _said(model, field, words()["any"].get(field))
    if said is None:
        return None
    return (said, "") if isinstance(said, str) else (said[0], said[1])


def _choice_words(model: Any, field: str) -> dict[str, str]:
    choices = words()["choices"]
    for one in model.__mro__:
        if f"{one.__name__}.{field}" in choices:
            return dict(choices[f"{one.__name__}.{field}"])
    return dict(choices.get(field, {}))


def _field(model: Any, key: str) -> FieldInfo:
    raw = model.model_fields[key]
    name = raw.alias or key
    label, help_text = _word(model, name) or (name, "")
    inner, metadata, optional = _plain(raw.annotation, list(raw.metadata))
    facts = _facts(inner, metadata, optional=optional)
    kind: Kind = facts.pop("kind")
    if name in _said(model, "_hidden", ()):
        kind = "fixed"
    elif kind == "text" and (name == "note" or name in _said(model, "_long", ())):
        kind = "long"
    told = _choice_words(model, name)
    if "choices" in facts:
        facts["choices"] = tuple((value, told.get(value, value)) for value in facts["choices"])
    elif "branches" in facts:
        facts["choices"] = tuple(
            (value, _choice_words(_models()[branch], "by").get(value, value))
            for value, branch in facts["branches"]
        )
    default = None if raw.is_required() else _as_written(raw.get_default(call_default_factory=True))
    return FieldInfo(name, label, help_text, kind, raw.is_required(), default=default, **facts)


def _plain(annotation: Any, metadata: list[Any]) -> tuple[Any, list[Any], bool]:
    """The type without ``None`` and marks; the marks; whether it may be left out."""
    optional = False
    while True:
        origin = get_origin(annotation)
        if origin is Annotated:
            annotation, *more = get_args(annotation)
            metadata = [*metadata, *more]
        elif origin in (Union, types.UnionType) and type(None) in get_args(annotation):
            kept = [one for one in get_args(annotation) if one is not type(None)]
            if len(kept) > 1:
                return Union[tuple(kept)], metadata, True  # noqa: UP007 - made at run time
            annotation, optional = kept[0], True
        else:
            return annotation, metadata, optional


def _facts(annotation: Any, metadata: list[Any], *, optional: bool) -> dict[str, Any]:
    from app.services.schemes.parts import Ref

    ref = next((mark.kind for mark in metadata if isinstance(mark, Ref)), "")
    origin = get_origin(annotation)
    if origin is tuple:
        inner, marks, _optional = _plain(get_args(annotation)[0], [])
        return _many(inner, marks, ref)
    if origin is Literal:
        values = get_args(annotation)
        return {"kind": "choice", "choices": values} if len(values) > 1 else {"kind": "fixed"}
    if origin in (Union, types.UnionType):
        pairs = [(get_args(one.model_fields["by"].annotation)[0], one.__name__)
                 for one in get_args(annotation)]  # fmt: skip
        return {"kind": "union", "branches": tuple(pairs)}
    if ref:
        return {"kind": "ref", "ref": ref}
    if annotation is bool:
        return {"kind": "maybe" if optional else "bool"}
    return _one(annotation, metadata)


def _one(annotation: Any, metadata: list[Any]) -> dict[str, Any]:
    from app.services.schemes import parts

    if issubclass(annotation, parts.Part):
        return {"kind": "part", "part": annotation.__name__}
    if annotation in (int, Decimal):
        return {"kind": "int" if annotation is int else "number"}
    return {"kind": _text_kind(metadata)}


def _many(inner: Any, marks: list[Any], ref: str) -> dict[str, Any]:
    from app.services.schemes import parts

    if get_origin(inner) is Literal:
        return {"kind": "choices", "choices": get_args(inner)}
    if issubclass(inner, parts.Part):
        return {"kind": "parts", "part": inner.__name__}
    if ref:
        return {"kind": "refs", "ref": ref}
    if inner in (int, Decimal):
        return {"kind": "numbers"}
    return {"kind": "days" if _text_kind(marks) == "day" else "words"}


def _text_kind(marks: list[Any]) -> Kind:
    """Texts of a certain shape are known by the marks of their types in parts.py."""
    from app.services.schemes import parts

    shapes = {_shape(get_args(one)[1:]): kind for one, kind in (
        (parts.Key, "key"), (parts.MonthDay, "month-day"), (parts.Day, "day"))}  # fmt: skip
    return shapes.get(_shape(marks), "text")  # type: ignore[return-value]  # the dict's values


def _shape(marks: Any) -> tuple[str, ...]:
    return tuple(repr(mark) for mark in marks)


def _as_written(value: Any) -> Any:
    from app.services.schemes import parts

    if isinstance(value, tuple):
        return [_as_written(one) for one in value]
    if isinstance(value, parts.Part):
        return value.model_dump(exclude_unset=True, by_alias=True)
    return value
