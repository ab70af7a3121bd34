"""Looks at a file before it is opened as a form: what it really is, and whether that can be filled."""

from __future__ import annotations

import zipfile
from typing import TYPE_CHECKING

from app.errors import NotFoundError, ValidationError
from app.services.evidence import kinds
from app.services.evidence.inspect import inspect
from app.services.files import storage_errors

if TYPE_CHECKING:
    from pathlib import Path

    from app.services.templates.views import Kind

_MOST_BYTES = 20 << 20
_MOST_INFLATED = 200 << 20
_MOST_PART = 30 << 20
"""Of the XML of one part: larger ones are no form, and would take minutes."""
_OURS: dict[str, Kind] = {kinds.DOCX: "word", kinds.XLSX: "excel"}
_MACROS = {kinds.DOCM: ".docx", kinds.XLSM: ".xlsx"}


def kind_of(path: Path) -> Kind:
    """Word or Excel; raises NotFoundError, ValidationError with what to do instead, StorageError."""
    with storage_errors(path):
        if not path.is_file():
            raise NotFoundError(
                f"找不到文件“{path.name}”。", "请检查位置是否正确，U 盘是否还插着。"
            )
        size = path.stat().st_size
        facts = inspect(path, path.name)
    if facts.state == "encrypted":
        raise ValidationError(
            f"“{path.name}”有密码，读不了。", "请用 Word 或 WPS 打开，取消密码后另存一份。"
        )
    if facts.media_type in _MACROS:
        ending = _MACROS[facts.media_type]
        raise ValidationError(
            f"“{path.name}”里有宏，不能作为表格模板。",
            f"请用 Word 或 WPS 打开，另存为 {ending} 再添加。",
        )
    old = path.suffix.lower() in (
        ".doc",
        ".wps",
        ".dot",
        ".wpt",
        ".rtf",
        ".xls",
        ".et",
        ".ett",
        ".odt",
        ".ods",
    )
    if facts.state == "damaged" and not old:
        why = facts.remarks[0] if facts.remarks else ""
        raise ValidationError(f"“{path.name}”已损坏，打不开。", "请换一份完好的文件。", why)
    if facts.media_type not in _OURS:
        raise _not_ours(path, facts.kind)
    if size > _MOST_BYTES:
        raise _too_large(path, f"有 {size >> 20} MB")
    _look_inside(path)
    return _OURS[facts.media_type]


def _not_ours(path: Path, kind: str) -> ValidationError:
    ending = ".xlsx" if kind == "sheet" else ".docx"
    if kind in ("word", "sheet"):
        return ValidationError(
            f"“{path.name}”是旧格式，不能直接填写。",
            f"请用 Word 或 WPS 打开，另存为 {ending} 再添加。",
        )
    return ValidationError(
        f"“{path.name}”不是 Word 或 Excel 表格。", "请选择 .docx 或 .xlsx 文件。"
    )


def _too_large(path: Path, what: str) -> ValidationError:
    return ValidationError(
        f"“{path.name}”{what}，太大了，不像一份空白表格。", "请删去里面的图片或多余的内容后再添加。"
    )


def _look_inside(path: Path) -> None:
    with zipfile.ZipFile(path) as package:
        sizes = [(one.filename, one.file_size) for one in package.infolist()]
        if any(one.filename.endswith("vbaProject.bin") for one in package.infolist()):
            raise ValidationError(
                f"“{path.name}”里有宏，不能作为表格模板。",
                "请用 Word 或 WPS 打开，另存为不带宏的格式再添加。",
            )
    xml = max((size for name, size in sizes if name.endswith(".xml")), default=0)
    if sum(size for _name, size in sizes) > _MOST_INFLATED or xml > _MOST_PART:
        raise _too_large(path, "展开后特别大")
