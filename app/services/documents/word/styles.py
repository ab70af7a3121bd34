"""Styles and fonts of a Word file: one paragraph style for each way in which text is set."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from app.services.documents.tree import TextStyle
from app.services.documents.word.text import letters

if TYPE_CHECKING:
    from app.services.documents.tree import Role

FONTS: dict[Role, tuple[str, ...]] = {
    "title": ("方正小标宋简体", "方正小标宋_GBK", "华文中宋", "宋体"),
    "song": ("宋体", "SimSun", "新宋体", "华文宋体"),
    "fangsong": ("仿宋", "FangSong", "仿宋_GB2312", "华文仿宋"),
    "hei": ("黑体", "SimHei", "华文黑体", "微软雅黑"),
    "kai": ("楷体", "KaiTi", "楷体_GB2312", "华文楷体"),
}
"""The font of each role, then those that stand in where it is absent (formats.md 7.2).

仿宋 and 楷体 without _GB2312: those hold 6,763 characters and lack rare ones of names.
"""
LATIN = "Times New Roman"
_ALIGNED = {"left": "左对齐", "both": "两端对齐", "center": "居中", "right": "右对齐"}
_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


class _Look(NamedTuple):
    """What makes one paragraph style differ from the next."""

    style: TextStyle
    align: str
    line: int
    """Twips from line to line."""
    latin: str = LATIN
    level: int = 0
    """Of a heading."""


class Styles:
    """Collects the styles that a document needs; ``body`` points is what the grid reckons with."""

    def __init__(self, body: float) -> None:
        self._body = body
        self._made: dict[_Look, str] = {}
        self._xml: list[str] = []

    def paragraph(self, style: TextStyle, align: str, line: int = 0, *, plain: bool = False) -> str:
        """The style's id; ``line`` twips from line to line, ``plain``: Latin in the Chinese font."""
        latin = FONTS[style.role][0] if plain else LATIN
        return self._id(_Look(style, align, line or round(style.size * style.leading * 20), latin))

    def heading(self, level: int, style: TextStyle, align: str, line: int) -> str:
        """The id of Word's own heading style, or of one that is based on it."""
        return self._id(_Look(style, align, line, LATIN, min(level, 9)))

    def _id(self, look: _Look) -> str:
        if look not in self._made:
            own = look.level and f"Heading{look.level}"
            first = bool(own) and own not in self._made.values()
            made = self._made[look] = str(own) if first else f"T{len(self._made) + 1}"
            based = f"Heading{look.level}" if own and not first else "Normal"
            self._xml.append(_style(made, based, look))
        return self._made[look]

    def xml(self) -> str:
        """The part word/styles.xml."""
        base = letters(TextStyle(size=self._body), FONTS["song"][0], LATIN)
        return (
            f'<w:styles xmlns:w="{_W}"><w:docDefaults><w:rPrDefault><w:rPr>{base}'
            '<w:lang w:val="en-US" w:eastAsia="zh-CN" w:bidi="ar-SA"/></w:rPr></w:rPrDefault>'
            "<w:pPrDefault/></w:docDefaults>"
            '<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/>'
            '<w:qFormat/><w:pPr><w:widowControl w:val="0"/><w:overflowPunct w:val="0"/>'
            '<w:autoSpaceDE w:val="0"/><w:autoSpaceDN w:val="0"/><w:snapToGrid w:val="0"/></w:pPr>'
            "</w:style>"
            '<w:style w:type="character" w:default="1" w:styleId="DefaultParagraphFont">'
            '<w:name w:val="Default Paragraph Font"/></w:style>'
            '<w:style w:type="table" w:default="1" w:styleId="TableNormal">'
            '<w:name w:val="Normal Table"/><w:tblPr><w:tblInd w:w="0" w:type="dxa"/></w:tblPr>'
            "</w:style>"
            '<w:style w:type="paragraph" w:customStyle="1" w:styleId="Tiny"><w:name w:val="间隔"/>'
            '<w:basedOn w:val="Normal"/><w:pPr>'
            '<w:spacing w:line="20" w:lineRule="exact"/></w:pPr>'
            '<w:rPr><w:sz w:val="2"/><w:szCs w:val="2"/></w:rPr></w:style>'
            '<w:style w:type="paragraph" w:customStyle="1" w:styleId="Image"><w:name w:val="图片"/>'
            '<w:basedOn w:val="Normal"/><w:pPr>'
            '<w:spacing w:line="240" w:lineRule="auto"/></w:pPr></w:style>'
            + "".join(self._xml)
            + "</w:styles>"
        )


def _style(made: str, based: str, look: _Look) -> str:
    style, align, line, latin, level = look
    font = FONTS[style.role][0]
    bold = " 加粗" if style.bold else ""
    name, custom, outline = f"{font} {style.size:g}{bold} {_ALIGNED[align]} {made}", "1", ""
    if level:
        outline = f'<w:outlineLvl w:val="{level - 1}"/>'
    if made.startswith("Heading"):
        name, custom = f"heading {level}", "0"
    return (
        f'<w:style w:type="paragraph" w:customStyle="{custom}" w:styleId="{made}">'
        f'<w:name w:val="{name}"/><w:basedOn w:val="{based}"/><w:qFormat/>'
        f'<w:pPr><w:spacing w:line="{line}" w:lineRule="exact"/><w:jc w:val="{align}"/>'
        f"{outline}</w:pPr><w:rPr>{letters(style, font, latin)}</w:rPr></w:style>"
    )


def font_table() -> str:
    """The part word/fontTable.xml, with the names of fonts that may stand in."""
    fonts = [(names[0], ",".join(names[1:]), "86") for names in FONTS.values()]
    return (
        f'<w:fonts xmlns:w="{_W}">'
        + "".join(
            f'<w:font w:name="{name}"><w:altName w:val="{others}"/><w:charset w:val="{charset}"/>'
            '<w:family w:val="auto"/><w:pitch w:val="variable"/></w:font>'
            for name, others, charset in fonts
        )
        + f'<w:font w:name="{LATIN}"><w:charset w:val="00"/><w:family w:val="roman"/>'
        '<w:pitch w:val="variable"/></w:font></w:fonts>'
    )
