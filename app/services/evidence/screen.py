"""What is kept out of the archive before anything is copied, each with a reason a clerk can read."""

from __future__ import annotations

import os
import re
import stat
from typing import IO, TYPE_CHECKING

from app.errors import AppError
from app.services.evidence import kinds
from app.services.evidence.names import clean_name, split_extension

if TYPE_CHECKING:
    from pathlib import Path

_LITTER = frozenset(
    ("thumbs.db", "ehthumbs.db", "ehthumbs_vista.db", "desktop.ini", ".ds_store", ".localized")
)
_LITTER_PREFIXES = ("._", ".fuse_hidden", ".nfs", ".trash-")
_LOCK_PREFIXES = ("~$", ".~", "~wrl", "~wrd")
_SHORTCUTS = frozenset((".lnk", ".url", ".desktop", ".webloc", ".website", ".appref-ms"))
_UNFINISHED = frozenset((".crdownload", ".part", ".partial", ".download", ".td", ".xltd", ".tmp"))
_PROGRAMS = frozenset((
    "..{extension}", ".apk", ".appimage", ".appinstaller", ".application", ".appx", ".appxbundle",
    ".bash", ".bat", ".chm", ".class", ".cmd", ".com", ".command", ".cpl", ".csh", ".deb",
    ".diagcab", ".dll", ".dmg", ".drv", ".dylib", ".exe", ".gadget", ".hlp", ".hta", ".img",
    ".inf", ".ipa", ".iso", ".jar", ".jnlp", ".js", ".jse", ".library-ms", ".msc", ".msi", ".msix",
    ".msixbundle", ".msp", ".mst", ".ocx", ".php", ".pif", ".pkg", ".pl", ".ps1", ".ps1xml",
    ".ps2", ".psc1", ".psd1", ".psm1", ".py", ".pyc", ".pyw", ".rb", ".reg", ".rpm", ".run",
    ".scf", ".scr", ".sct", ".search-ms", ".settingcontent-ms", ".sh", ".shb", ".shs", ".so",
    ".sys", ".vb", ".vbe", ".vbs", ".vhd", ".vhdx", ".wll", ".ws", ".wsc", ".wsf", ".wsh", ".xll",
    ".zsh",
))  # fmt: skip
_SHORTCUT_MARKS = (
    b"L\0\0\0\x01\x14\x02\0",  # Windows .lnk
    b"[InternetShortcut]",
    b"[Desktop Entry]",
    b"book\0\0\0\0mark\0\0\0\0",  # macOS alias
)
_PROGRAM_MARKS = (
    b"MZ", b"\x7fELF", b"\xca\xfe\xba\xbe", b"\xfe\xed\xfa\xce", b"\xfe\xed\xfa\xcf",
    b"\xce\xfa\xed\xfe", b"\xcf\xfa\xed\xfe", b"dex\n03", b"!<arch>\ndebian", b"\xed\xab\xee\xdb",
)  # fmt: skip
_SCRIPT = re.compile(rb"(?:\xef\xbb\xbf)?(?:#! ?/|@echo (?:off|on)\b|<\?php|<job\b|<hta:)", re.I)
_OLE_CLASSES = (
    b"\x84\x10\x0c\0\0\0\0\0\xc0\0\0\0\0\0\0F",
    b"\x86\x10\x0c\0\0\0\0\0\xc0\0\0\0\0\0\0F",
)
"""Classes of Windows installer packages (.msi, .msp) as an OLE root entry bears them."""
_ASK = "请核对来源；确实需要归档的，请换成文档、图片、音频或视频再收入。"


class Refused(AppError):  # noqa: N818 - an outcome that intake lists, not a failure of the program
    """A file that evidence intake does not take."""

    @property
    def reason(self) -> str:
        """What is wrong and what to do, as one line."""
        return self.sentence


def screen(path: Path) -> None:
    """Raise Refused if the file must not or cannot become evidence; return if it may."""
    try:
        status = path.lstat()
        _screen_place(status)
        name = clean_name(path.name)
        _screen_name(name)
        if status.st_size == 0:
            raise Refused("文件是空的（0 字节）。", "请向提供人重新要一份，或检查 U 盘是否完好。")
        _screen_content(path, split_extension(name)[1])
    except OSError as error:
        raise _refused_by_system(error) from error


def is_litter(name: str) -> bool:
    """Whether the system made the file for itself: passed over in silence when a folder is read."""
    lower = clean_name(name).lower()
    return lower in _LITTER or lower.startswith(_LITTER_PREFIXES)


def _screen_place(status: os.stat_result) -> None:
    mode = status.st_mode
    if stat.S_ISLNK(mode):
        raise _shortcut()
    if stat.S_ISDIR(mode):
        raise Refused("这是一个文件夹，不是文件。", "请选择“添加文件夹”，或把里面的文件拖进来。")
    if not stat.S_ISREG(mode):
        raise Refused("这是系统设备或通道，不是文件。", "请选择普通文件。")


def _screen_name(name: str) -> None:
    lower = name.lower().rstrip(" .")
    extension = split_extension(name)[1]
    if lower.startswith(_LOCK_PREFIXES):
        raise Refused(
            "这是文档打开时的临时文件，里面没有材料。", "请关闭 Word 或 WPS 后收入原来的文档。"
        )
    if is_litter(name):
        raise Refused("这是系统自动生成的文件，不是材料。", "不用处理。")
    if extension in _SHORTCUTS:
        raise _shortcut()
    if extension in _UNFINISHED:
        raise Refused("这是没有下载完的文件或临时文件。", "请等下载完成后收入正式的文件。")
    if extension in _PROGRAMS:
        raise Refused(f"这是程序或脚本（{extension}），可能带有病毒，不能作为材料。", _ASK)


def _screen_content(path: Path, extension: str) -> None:
    with path.open("rb") as file:
        head = file.read(kinds.HEAD_BYTES)
        if not head:
            raise Refused("文件是空的（0 字节）。", "请向提供人重新要一份，或检查 U 盘是否完好。")
        if head.startswith(_SHORTCUT_MARKS):
            raise _shortcut()
        if _is_program(head, extension):
            raise Refused("文件内容是程序或脚本，可能带有病毒，不能作为材料。", _ASK)
        if kinds.media_type_of(head) == kinds.OLE and _is_installer(head, file):
            raise Refused("文件内容是安装程序，不能作为材料。", _ASK)


def _is_program(head: bytes, extension: str) -> bool:
    if _SCRIPT.match(head):
        return True
    if head.startswith(b"PK\x03\x04"):
        length = int.from_bytes(head[26:28], "little")
        first = head[30 : 30 + length]
        return first in (b"META-INF/", b"META-INF/MANIFEST.MF", b"AndroidManifest.xml") or (
            first.endswith(b".class")
        )
    if head.startswith(b"MZ") and extension in (".txt", ".csv", ".md") and kinds.is_text(head):
        return False  # words that begin so
    return head.startswith(_PROGRAM_MARKS)


def _is_installer(head: bytes, file: IO[bytes]) -> bool:
    """The root entry of an OLE file lies in the sector that its header names."""
    size = 1 << min(int.from_bytes(head[30:32], "little"), 16)
    place = (int.from_bytes(head[48:52], "little") + 1) * size
    if place > file.seek(0, os.SEEK_END):  # a damaged header: file systems refuse so far a place
        return False
    file.seek(place)
    return file.read(128)[80:96] in _OLE_CLASSES


def _shortcut() -> Refused:
    return Refused(
        "这是快捷方式，不是文件本身，换一台电脑就打不开。", "请找到它指向的文件，收入那个文件。"
    )


def _refused_by_system(error: OSError) -> Refused:
    details = str(error)
    if isinstance(error, FileNotFoundError | NotADirectoryError):
        return Refused(
            "文件已不存在。", "它可能被移动、改名，或者 U 盘已拔出；请重新选择。", details
        )
    if isinstance(error, PermissionError):
        return Refused(
            "没有读取这个文件的权限，或者它正被其他程序占用。", "请关闭打开它的程序，或复制一份再收入。",
            details,
        )  # fmt: skip
    return Refused("读取文件时磁盘出错。", "请检查磁盘或 U 盘，换一个接口再试。", details)
