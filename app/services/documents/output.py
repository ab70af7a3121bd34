"""Putting a finished document in place of an older one: whole and durable, or not at all."""

from __future__ import annotations

import errno
import os
from contextlib import suppress
from typing import TYPE_CHECKING
from uuid import uuid4

from app.errors import AppError, ExportError, StorageError

if TYPE_CHECKING:
    from pathlib import Path

_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


def replace_file(target: Path, content: bytes) -> None:
    """Write ``content`` beside ``target``, flush it to the disk and swap it in."""
    if target.is_dir():
        raise ExportError(f"“{target.name}”是一个文件夹，不能写成文件。", "请另取一个文件名。")
    temporary = target.parent / f".yandang-{uuid4().hex}.tmp"
    try:
        with temporary.open("xb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        _swap(temporary, target)
        _sync_folder(target.parent)
    except OSError as error:
        raise _explained(error, target) from error
    finally:
        with suppress(OSError):  # after the swap there is nothing left to remove
            temporary.unlink(missing_ok=True)


def _swap(temporary: Path, target: Path) -> None:
    try:
        temporary.replace(target)
    except PermissionError as error:
        raise ExportError(
            f"文件正被其他程序（如 WPS）打开，不能覆盖：{target.name}。",
            "请先关闭它，或另取一个文件名。",
            str(error),
        ) from error


def _explained(error: OSError, target: Path) -> AppError:
    folder = str(target.parent)
    if error.errno in _FULL:
        return StorageError(
            f"磁盘空间不够，“{target.name}”没有写成。", "请清理磁盘或换一个位置再试。", str(error)
        )
    if isinstance(error, FileNotFoundError):
        return ExportError(f"文件夹不存在：{folder}。", "请先建好文件夹，或另选位置。", str(error))
    if isinstance(error, PermissionError) or error.errno == errno.EROFS:
        return StorageError(f"不能写入文件夹：{folder}。", "请检查权限，或另选位置。", str(error))
    return StorageError(f"写入“{target.name}”失败。", "请检查磁盘，或另选位置再试。", str(error))


def _sync_folder(folder: Path) -> None:
    """Make the new name durable; Windows does that by itself."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
