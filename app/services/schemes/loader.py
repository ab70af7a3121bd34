"""Read a scheme file, check it, and say every error with its place."""

from __future__ import annotations

import tomllib
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

from app.errors import ValidationError
from app.services.schemes.messages import SchemeError, syntax, translate

if TYPE_CHECKING:
    from app.services.schemes.schema import Scheme

MAX_BYTES = 1_000_000
"""The largest scheme known has some tens of thousands; a larger file is something else."""
FORMAT = 1


def check(source: Path | str) -> list[SchemeError]:
    """All errors of a scheme, given as a file (Path) or as text; empty: it can be used.

    References between sections are looked at once every section by itself is well formed.
    """
    return _examine(source)[1]


def check_raw(raw: dict[str, object]) -> list[SchemeError]:
    """All errors of a scheme given as its tables: a draft that is not text yet."""
    return _validate(raw)[1]


def load(source: Path | str) -> Scheme:
    """The scheme in a file (Path) or text; a ValidationError lists all errors."""
    scheme, errors = _examine(source)
    if scheme is None or errors:
        named = f"方案文件“{source.name}”" if isinstance(source, Path) else "方案"
        raise ValidationError(
            f"{named}有 {len(errors)} 处错误：" + "；".join(map(str, errors)) + "。",
            "请改正后再试。",
        )
    return scheme


def read_text(path: Path) -> str:
    """Text of a scheme file; a ValidationError says why it cannot be read."""
    try:
        return _read(path)
    except _UnreadableError as error:
        raise ValidationError(f"方案文件“{path.name}”读不出来：{error}。") from error


def _examine(source: Path | str) -> tuple[Scheme | None, list[SchemeError]]:
    try:
        text = _read(source) if isinstance(source, Path) else source
        raw = tomllib.loads(text, parse_float=Decimal)
    except _UnreadableError as error:
        return None, [SchemeError("", str(error))]
    except tomllib.TOMLDecodeError as error:
        return None, [syntax(error, text)]
    except RecursionError:
        return None, [SchemeError("", "括号套得太深，这不像方案文件")]
    head = raw.get("scheme")
    version = head.get("format") if isinstance(head, dict) else None
    if isinstance(version, int) and version > FORMAT:
        text = f"方案是较新的程序写的（格式 {version}），本程序只认格式 {FORMAT}；请升级程序"
        return None, [SchemeError("scheme.format", text)]
    return _validate(raw)


def _validate(raw: dict[str, object]) -> tuple[Scheme | None, list[SchemeError]]:
    import pydantic

    from app.services.schemes import parts
    from app.services.schemes.checks import cross_check
    from app.services.schemes.schema import Scheme

    try:
        scheme = Scheme.model_validate(raw)
    except pydantic.ValidationError as error:
        names = parts.field_names()
        return None, [translate(one, raw, names) for one in error.errors(include_url=False)]
    return scheme, cross_check(scheme)


class _UnreadableError(Exception):
    """The file gives no text; the message says why."""


def _read(path: Path) -> str:
    if path.is_dir():
        raise _UnreadableError("这是文件夹，请选择方案文件（.toml）")
    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except FileNotFoundError:
        raise _UnreadableError("没有这个文件，请检查文件名和位置") from None
    except OSError as error:
        reason = f"文件打不开（{error.strerror}），请检查权限，或先关闭占用它的程序"
        raise _UnreadableError(reason) from error
    if len(data) > MAX_BYTES:
        raise _UnreadableError("文件超过 1 MB，这不像方案文件")
    if not data.strip():
        raise _UnreadableError("文件是空的")
    if data.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):  # an Excel or Word file
        raise _UnreadableError(
            "这是 Excel 或 Word 文件，不是方案文件；考核表请用“新建方案”里的“导入考核表”读入"
        )
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        reason = "文字编码不是 UTF-8；请用记事本打开，另存为，编码选“UTF-8”，再试"
        raise _UnreadableError(reason) from None
