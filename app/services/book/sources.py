"""Pieces that are no pictures and no PDFs, made into PDFs: by LibreOffice, or set in type as text."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from app.services.documents import libreoffice
from app.services.documents.fonts import library
from app.services.documents.tree import Document, Heading, Paragraph, Section, TextStyle
from app.services.evidence.kinds import TEXT
from app.services.evidence.text import extract_text

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from pathlib import Path

    from app.progress import Progress
    from app.services.book.measures import BookMeasures
    from app.services.book.pieces import Piece
    from app.services.documents.tree import Block

OFFICE = ("word", "sheet", "slides")
_NOT_CHOSEN = "按所选没有把 Word、表格、幻灯片转成页面。"
_NO_PROGRAM = "这台电脑没有安装 LibreOffice，Word、表格、幻灯片不能转成页面。"
_REFUSED = "LibreOffice 打不开这份文件，请用 WPS 另存为 PDF 后加入档案库。"
_NO_FONT = "□"

Converted: TypeAlias = "dict[Path, Path | str]"
"""Files with the PDF made of each, or why there is none."""


def convert(
    pieces: Sequence[Piece], folder: Path, progress: Progress, *, office: bool
) -> Converted:
    """PDFs of all Word files, sheets and slides, made at one go because starting costs seconds."""
    wanted = list(dict.fromkeys(
        piece.path for piece in pieces
        if piece.kind in OFFICE and piece.state == "ok" and not piece.row.refers_to
        and piece.path.is_file()
    ))  # fmt: skip
    if not office or libreoffice.found() is None:
        return dict.fromkeys(wanted, _NO_PROGRAM if office else _NOT_CHOSEN)
    made = libreoffice.to_pdfs(wanted, folder, progress=progress) if wanted else ()
    return {path: pdf or _REFUSED for path, pdf in zip(wanted, made, strict=True)}


def set_texts(
    pieces: Sequence[Piece],
    folder: Path,
    form: BookMeasures,
    created: datetime,
    progress: Progress,
) -> tuple[Converted, list[str]]:
    """PDFs of plain text files, and what should be known about them."""
    from app.services.documents.pdf import write

    made: Converted = {}
    notes: list[str] = []
    for number, piece in enumerate(pieces):
        plain = piece.media_type == TEXT and piece.state == "ok" and not piece.row.refers_to
        if not plain or not piece.path.is_file():
            continue
        text, missing = printable(extract_text(piece.path, piece.media_type), form.text_style)
        if missing:
            notes.append(
                f"第 {piece.row.seq} 号“{piece.row.title}”里有 {missing} 个字没有字体，印成了{_NO_FONT}。"
            )
        made[piece.path] = folder / f"text{number}.pdf"
        title, _ = printable(piece.row.title, form.text_style)
        blocks: tuple[Block, ...] = (
            Heading(title, TextStyle("hei", 14), "center", after=4),
            *(Paragraph(line, form.text_style) for line in text.split("\n")),
        )
        document = Document(piece.row.title, (Section(title, form.page, blocks),))
        write(document, folder / f"text{number}.pdf", created=created, progress=progress)
    return made, notes


def printable(text: str, style: TextStyle) -> tuple[str, int]:
    """The text with a box for each character that no font has, and how many kinds of them."""
    text = text.replace("\t", "　")
    font = library().role(style.role)
    letters = set(text) - {"\n"}
    font.width("".join(letters), 1)
    missing = font.missing & letters
    return text.translate({ord(c): _NO_FONT for c in missing}), len(missing)
