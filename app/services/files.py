"""Writing files so that a reader sees the old one or the new one, never half of one."""

from __future__ import annotations

import errno
import os
from contextlib import contextmanager
from typing import IO, TYPE_CHECKING

from app.errors import AppError, StorageError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


def sync_folder(folder: Path) -> None:
    """Make renames within a folder durable; Windows does so by itself."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextmanager
def swapped_in(target: Path) -> Iterator[IO[bytes]]:
    """File object for a new version of ``target``: written beside it, fsynced, then swapped in.

    On any error the old file stays as it was. Raises StorageError with the reason in words.
    """
    with storage_errors(target):  # also asking is refused when the name is too long
        if not target.parent.is_dir():
            raise StorageError(f"文件夹“{target.parent}”不存在。", "请先建好文件夹，或另选位置。")
        if target.is_dir():
            raise StorageError(f"“{target.name}”是一个文件夹，不能写成文件。", "请另取一个文件名。")
    beside = target.with_name(f".{target.name[:60]}.{os.getpid()}.part")
    try:
        with storage_errors(target):
            with beside.open("wb") as file:
                yield file
                file.flush()
                os.fsync(file.fileno())
            beside.replace(target)
            sync_folder(target.parent)
    finally:
        with storage_errors(target):
            beside.unlink(missing_ok=True)


def write_whole(target: Path, content: bytes) -> None:
    """Write a small file whole or not at all."""
    with swapped_in(target) as file:
        file.write(content)


@contextmanager
def storage_errors(where: Path) -> Iterator[None]:
    """Say in words what the file system refuses."""
    try:
        yield
    except OSError as error:
        raise storage_error(error, where) from error


def storage_error(error: OSError, where: Path) -> AppError:
    """The sentence for an error of the file system."""
    name = where.name or str(where)
    details = f"{where}: {error}"
    match error.errno:
        case errno.ENOSPC | errno.EDQUOT | errno.EFBIG:
            text, hint = "磁盘空间不足，没有写入。", "请清理磁盘空间后重试。"
        case errno.EROFS:
            text, hint = f"“{name}”所在的位置是只读的。", "请换一个可以写入的文件夹。"
        case errno.EACCES | errno.EPERM:
            text = f"没有写入“{name}”的权限，或者它正被其他程序（如 WPS）打开。"
            hint = "请关闭打开它的程序，或者换一个位置。"
        case errno.ENOENT:
            text, hint = f"找不到“{name}”。", "请检查位置是否正确，U 盘是否还插着。"
        case errno.ENAMETOOLONG:
            text = f"“{name[:20]}…”的名称或者它所在的路径太长。"
            hint = "请缩短名称，或者把它移到外层的文件夹。"
        case errno.EEXIST | errno.ENOTDIR | errno.EISDIR:
            text, hint = f"“{name}”那里已经有同名的文件或文件夹。", "请换一个名称或位置。"
        case _:
            text, hint = f"读写“{name}”时磁盘出错。", "请检查磁盘或 U 盘，然后重试。"
    return StorageError(text, hint, details)
