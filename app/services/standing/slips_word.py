"""Reminders as a Word document: slips to be cut apart, two or three to a page."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from app.errors import ValidationError
from app.services.files import swapped_in
from app.services.standing.slips import day_said

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from docx.document import Document as WordDocument
    from docx.text.paragraph import Paragraph

    from app.services.standing.slips import ReminderView

_SONG, _HEI = "宋体", "黑体"
_TITLE_POINTS, _TEXT_POINTS, _SMALL_POINTS = 16, 11, 9
_CUT = "✂" + " - " * 44
_UNSEEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
"""What no XML file may hold."""
_DONE, _OPEN = "☑", "☐"


def write_word(views: Sequence[ReminderView], path: Path, office: str = "教导处") -> Path:
    """Write a slip for each reminder, whole or not at all; raises ValidationError, StorageError."""
    from docx import Document
    from docx.enum.text import WD_ALIGN_PARAGRAPH

    if path.suffix.lower() != ".docx":
        raise ValidationError(f"“{path.name}”不是 .docx 文件。", "请改用 .docx 结尾的文件名。")
    if not views:
        raise ValidationError("没有要输出的催交单。", "请先选择催交单。")
    document = Document()
    document.core_properties.title, document.core_properties.author = "催交单", office
    document.core_properties.comments = ""
    _page(document)
    for number, view in enumerate(views):
        if number:
            cut = _paragraph(document, _CUT, _SMALL_POINTS, before=8, after=8)
            cut.alignment = WD_ALIGN_PARAGRAPH.CENTER
            cut.paragraph_format.keep_with_next = False
        _slip(document, view, office)
    with swapped_in(path) as file:
        document.save(file)
    return path


def _page(document: WordDocument) -> None:
    from docx.shared import Mm, Pt

    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin = section.bottom_margin = Mm(18)
    section.left_margin = section.right_margin = Mm(24)
    style = document.styles["Normal"]
    _font(style, _SONG)
    style.font.size = Pt(_TEXT_POINTS)


def _slip(document: WordDocument, view: ReminderView, office: str) -> None:
    """The lines of a slip stay on one page."""
    from docx.enum.text import WD_ALIGN_PARAGRAPH

    title = _paragraph(document, "催交单", _TITLE_POINTS, font=_HEI, after=6)
    title.alignment = WD_ALIGN_PARAGRAPH.CENTER
    place = f"{view.school}　{view.name} 老师" if view.person_id else view.name
    _paragraph(document, f"{place.strip()}：", _TEXT_POINTS, font=_HEI)
    by = f"请于{_year_day(view.wanted_by)}前" if view.wanted_by else "请尽快"
    asked = f"以下材料还没有交齐或需要改正，{by}交到{office}。" if view.open else "以下各项已交齐。"
    _paragraph(document, asked, _TEXT_POINTS).paragraph_format.first_line_indent = 2 * _points(
        _TEXT_POINTS
    )
    for number, line in enumerate(view.lines, 1):
        box = _DONE if line.done else _OPEN
        item = _paragraph(document, f"{box} {number}. {line.words}", _TEXT_POINTS)
        item.paragraph_format.left_indent = 2 * _points(_TEXT_POINTS)
        item.paragraph_format.first_line_indent = -2 * _points(_TEXT_POINTS)
    made = _paragraph(document, f"{office}　{_year_day(view.made_on)}", _TEXT_POINTS, before=4)
    made.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    last = _paragraph(
        document, "收单人签名：____________________　　日期：______年____月____日", _TEXT_POINTS,
        before=8,
    )  # fmt: skip
    last.paragraph_format.keep_with_next = False


def _year_day(day: Any) -> str:
    return f"{day.year}年{day_said(day)}"


def _paragraph(
    document: WordDocument,
    text: str,
    points: float,
    *,
    font: str = _SONG,
    before: float = 0,
    after: float = 2,
) -> Paragraph:
    made = document.add_paragraph()
    run = made.add_run(_UNSEEN.sub("", text))
    run.font.size = _points(points)
    _font(run, font)
    shape = made.paragraph_format
    shape.space_before, shape.space_after = _points(before), _points(after)
    shape.keep_together = shape.keep_with_next = True
    shape.line_spacing = 1.25
    return made


def _points(points: float) -> Any:
    from docx.shared import Pt

    return Pt(points)


def _font(owner: Any, name: str) -> None:
    """Chinese has a font of its own in Word, besides that of Latin letters."""
    from docx.oxml.ns import qn

    owner.font.name = name
    fonts = owner.element.get_or_add_rPr().get_or_add_rFonts()
    for script in ("w:ascii", "w:hAnsi", "w:eastAsia", "w:cs"):
        fonts.set(qn(script), name)
