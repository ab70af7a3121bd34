"""Reads the measures of a form from resources/forms, so that a locality can print its own sizes."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path  # noqa: TC003 -- read at run time with the dataclasses below
from typing import Any, TypeVar

from pydantic import ConfigDict, TypeAdapter, ValidationError

from app import errors
from app.resources import resource
from app.services.documents.tree import (
    Align,
    TextBox,
    TextStyle,
)

STRICT = ConfigDict(extra="forbid", allow_inf_nan=False)
"""A misspelt key is an error, not a measure that silently keeps its default."""

_Measures = TypeVar("_Measures")


@dataclass(frozen=True, slots=True)
class Place:
    """A rectangle with the style of the text in it."""

    __pydantic_config__ = STRICT

    x: float
    y: float
    width: float
    height: float
    style: TextStyle

    def box(self, text: str, *, underline: float = 0) -> TextBox:
        """The rectangle with ``text`` in its middle; an underline here is a double one."""
        return TextBox(
            self.x, self.y, self.width, self.height, text, self.style,
            underline=underline, double=bool(underline),
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class ColumnMeasure:
    """Name, width and alignment of a directory column; width 0 takes what is left."""

    __pydantic_config__ = STRICT

    name: str
    width: float
    align: Align = "center"
    field: str = ""
    """Which value is written in it, by the name of the form's subject."""


@cache
def _adapter(kind: type[Any]) -> TypeAdapter[Any]:
    """What reads measures of a kind; to make it takes ten times as long as to read them."""
    return TypeAdapter(kind)


def load(name: str, kind: type[_Measures], folder: Path | None = None) -> _Measures:
    """The measures of form ``name``; ``folder`` holds a locality's own files, ours fill the gaps."""
    own = folder / f"{name}.toml" if folder else None
    path = own if own and own.is_file() else resource("forms", f"{name}.toml")
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
        made: _Measures = _adapter(kind).validate_python(data)  # type: ignore[arg-type]  # types are hashable
        return made
    except OSError as error:
        raise errors.StorageError(
            f"表单尺寸文件 {path.name} 读不出来。", "请检查文件，或重新安装本程序。", str(error)
        ) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise errors.ValidationError(
            f"表单尺寸文件 {path.name} 写法有误：{error}。", "请改正后再试。"
        ) from error
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(map(str, first["loc"]))
        reason = _REASONS.get(first["type"]) or first["msg"].removeprefix("Value error, ")
        raise errors.ValidationError(
            f"表单尺寸文件 {path.name} 的 {place} 不对：{reason}。",
            "请改正后再试。",
            str(error),
        ) from error


def filled(name: str, key: str, pattern: str, **values: object) -> str:
    """A pattern of a measure file with its values; a mistake in the pattern is told by its place."""
    try:
        return pattern.format(**values)
    except (KeyError, IndexError, ValueError, AttributeError) as error:
        usable = "、".join(f"{{{word}}}" for word in values)
        raise errors.ValidationError(
            f"表单尺寸文件 {name}.toml 的 {key} 写法有误：{pattern}。",
            f"花括号里只能用 {usable}。",
            str(error),
        ) from error


_REASONS = {
    "missing": "缺少这一项",
    "extra_forbidden": "没有这一项，可能写错了名字",
    "unexpected_keyword_argument": "没有这一项，可能写错了名字",
    "float_parsing": "应是数字",
    "float_type": "应是数字",
    "finite_number": "应是数字",
    "string_type": "应是文字",
    "literal_error": "不是可用的取值",
}
