"""Which font serves which role on this machine, and what would serve it better."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.services.documents.fonts import CHAINS

if TYPE_CHECKING:
    from app.services.documents.fonts import FontLibrary
    from app.services.documents.tree import Role

_NAMES = {
    "fzxbsjw.ttf": "方正小标宋简体", "方正小标宋简体.ttf": "方正小标宋简体",
    "fzxbsk.ttf": "方正小标宋_GBK", "方正小标宋_gbk.ttf": "方正小标宋_GBK", "stzhongs.ttf": "华文中宋",
    "simsun.ttc": "宋体", "stsong.ttf": "华文宋体", "simfang.ttf": "仿宋", "stfangso.ttf": "华文仿宋",
    "simhei.ttf": "黑体", "msyh.ttc": "微软雅黑", "simkai.ttf": "楷体", "stkaiti.ttf": "华文楷体",
    "simsunb.ttf": "宋体-扩展B", "simsunextg.ttf": "宋体-扩展G", "uming.ttc": "AR PL UMing",
    "ukai.ttc": "AR PL UKai", "NotoSerifSC-Regular.ttf": "思源宋体（随程序）",
    "NotoSansSC-Regular.ttf": "思源黑体（随程序）",
}  # fmt: skip
_WANTED: dict[Role, tuple[str, str, str]] = {
    "title": ("小标宋", "公文、总结的标题", "方正小标宋简体"),
    "song": ("宋体", "表格、目录、页码", "宋体"),
    "fangsong": ("仿宋", "公文正文、表格里的内容", "仿宋"),
    "hei": ("黑体", "一级标题、表头", "黑体"),
    "kai": ("楷体", "二级标题", "楷体"),
}
"""For each role: what offices call it, what is set in it, what should be installed (formats.md 7.2)."""
_SUPPLEMENT = "Windows 的“简体中文补充字体”"
_WHENCE: dict[Role, str] = {
    "title": "商业字体，单位买了才能装",
    "song": "中文 Windows 自带",
    "fangsong": _SUPPLEMENT,
    "hei": _SUPPLEMENT,
    "kai": _SUPPLEMENT,
}


@dataclass(frozen=True, slots=True)
class FontView:
    """One font of a chain."""

    name: str
    file: str
    path: str
    """Empty where it is not installed."""
    state: str


@dataclass(frozen=True, slots=True)
class RoleView:
    """One role with the font that serves it."""

    role: Role
    name: str
    used_for: str
    font: FontView
    bold: bool
    """Drawn bold, because it stands in for a heavier one."""
    chain: tuple[FontView, ...]
    better: str
    """What to install and whence; empty where the right font is there."""


def roles(library: FontLibrary) -> tuple[RoleView, ...]:
    """Every role, in the order in which the window lists them."""
    return tuple(_role(role, library) for role in _WANTED)


def _role(role: Role, library: FontLibrary) -> RoleView:
    name, used_for, wanted = _WANTED[role]
    main = library.role(role).main
    chain = tuple(_font(file, main.name, library) for file in CHAINS[role])
    font = next(one for one in chain if one.file == main.name)
    right = font.name == wanted or (role == "title" and not main.heavy)
    better = "" if right else f"{wanted}（{_WHENCE[role]}）"
    return RoleView(role, name, used_for, font, main.heavy, chain, better)


def _font(file: str, used: str, library: FontLibrary) -> FontView:
    path = library.path(file)
    refused = library.refusal(file)
    if path is None:
        state = "没有安装"
    elif refused:
        state = f"不能用：{refused}"
    else:
        state = "正在使用" if file == used else "已安装，前面的字体缺字时用"
    return FontView(_NAMES[file], file, str(path or ""), state)
