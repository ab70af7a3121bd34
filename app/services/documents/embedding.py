"""What is asked of a finished PDF before it is given out: every font in it, every letter drawn."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from reportlab.pdfbase.pdfdoc import PDFType1Font

from app.errors import ExportError

if TYPE_CHECKING:
    from app.services.documents.page import Page

_HINT = "请在“设置—字体”里看看用的是哪些字体，换一种或重新安装后再试。"


def require_embedded(pages: list[Page], file: Any) -> None:
    """Raise ExportError where a font is only named, or a letter would print as an empty box."""
    outside = sorted(
        str(made.BaseFont)
        for made in file.idToObject.values()
        if isinstance(made, PDFType1Font) and not _is_embedded(made, file)
    )
    if outside:
        raise ExportError(f"字体没有嵌入 PDF：{'、'.join(outside)}。文件没有生成。", _HINT)
    drawn: dict[str, set[str]] = {}
    faces = {}
    for page in pages:
        for text in page.texts:
            faces[text.face.name] = text.face
            drawn.setdefault(text.face.name, set()).update(text.text)
    blank = [
        f"“{character}”（{name}）"
        for name, characters in sorted(drawn.items())
        for character in sorted(characters)
        if ord(character) not in faces[name].widths
    ]
    if blank:
        raise ExportError(f"这些字印出来会是空白：{'、'.join(blank[:10])}。文件没有生成。", _HINT)


def _is_embedded(font: Any, file: Any) -> bool:
    """Whether the file holds the outlines of the font (TrueType, the only ones that we embed)."""
    descriptor = getattr(font, "FontDescriptor", None)
    found = file.idToObject.get(getattr(descriptor, "name", ""))
    return found is not None and "FontFile2" in found.dict
