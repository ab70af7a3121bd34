"""The book as a Word file: cover, directory, headings, the words of papers, photos with captions."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import select

from app.errors import ExportError
from app.models import EvidenceText
from app.services.book import outlook, sheets
from app.services.book.measures import BookMeasures, measures
from app.services.book.pictures import ready
from app.services.documents.tree import (
    Document,
    Heading,
    PageBreak,
    Paragraph,
    Picture,
    Section,
    TextStyle,
)
from app.services.evidence.text import extract_text
from app.services.forms.form import Outcome

if TYPE_CHECKING:
    from collections.abc import Iterator

    from app.progress import Progress
    from app.services.book.pieces import Contents, Piece
    from app.services.documents.tree import Block
    from app.services.forms.form import Options
    from app.services.forms.reading import Reading

_HEADINGS = (TextStyle("title", 22), TextStyle("hei", 16), TextStyle("kai", 14, bold=True))
_NO_TEXT = ("video", "audio", "archive", "other")


def write_word(
    reading: Reading,
    contents: Contents,
    options: Options,
    target: Path,
    progress: Progress,
) -> Outcome:
    """Write the parts of the book that Word can hold; the rest is named where it would stand."""
    from app.services.documents.writing import write

    form = measures()
    with tempfile.TemporaryDirectory(prefix="yandang-", ignore_cleanup_errors=True) as home:
        maker = _Words(
            contents, form, _texts(reading, contents), form.dpi[options["quality"]], Path(home)
        )
        blocks = maker.run(progress)
        counted = maker.texts + maker.pictures + maker.named + maker.referred
        if counted != len(contents.pieces):
            raise ExportError(f"收入 {len(contents.pieces)} 件，写出 {counted} 件，对不上。")
        box = contents.boxes[0]
        name = box.title_lines[0] if box.title_lines else box.fonds_name
        sections = (
            Section("封面", form.page, _cover(contents, form)),
            *outlook.front(contents, form)[1:],
            Section("正文", form.page, blocks, foot="— {page} —"),
        )
        document = Document(f"{name} {form.title}", sections, box.fonds_name)
        write(document, target, reading.now, progress)
    account = (
        f"收入 {counted} 件：文字 {maker.texts} 件，照片 {maker.pictures} 件，"
        f"只写明存放位置 {maker.named} 件，见别处 {maker.referred} 件，一件不少。"
    )
    return Outcome((target,), tuple(maker.notes), account=account)


class _Words:
    def __init__(
        self,
        contents: Contents,
        form: BookMeasures,
        found: dict[str, str],
        dpi: int,
        home: Path,
    ) -> None:
        self._contents, self._form, self._found = contents, form, found
        self._dpi, self._home = dpi, home
        self.texts = self.pictures = self.named = self.referred = 0
        self.notes: list[str] = []

    def run(self, progress: Progress) -> tuple[Block, ...]:
        """The body: a heading for each box, group, item and piece, then what there is of it."""
        blocks: list[Block] = []
        path: tuple[str, ...] = ()
        pieces = self._contents.pieces
        for number, piece in enumerate(pieces):
            progress.report(number, len(pieces), f"收入第 {piece.row.seq} 号“{piece.row.title}”")
            here = (piece.box, piece.group.words, piece.item.words)
            if here[:2] != path[:2] and path:
                blocks.append(PageBreak())
            several = len(self._contents.boxes) > 1
            for level in range(0 if several else 1, 3):
                repeated = level == 2 and here[2] == here[1]
                if here[: level + 1] != path[: level + 1] and not repeated:
                    blocks.append(_heading(here[level], level))
            path = here
            blocks.append(Heading(
                f"{piece.row.seq}　{piece.row.title}", TextStyle("hei", 12), level=3, before=3
            ))  # fmt: skip
            blocks += self._piece(number, piece)
        return tuple(blocks)

    def _piece(self, number: int, piece: Piece) -> Iterator[Block]:
        style, facts = self._form.text_style, _facts(piece, self._form)
        lies_here = not piece.row.refers_to
        pictures = self._pictures(number, piece) if piece.kind == "image" and lies_here else []
        text = self._words_of(piece) if piece.state == "ok" and lies_here else ""
        if facts and not pictures:
            yield Paragraph(facts, style)
        if not lies_here:
            self.referred += 1
            yield Paragraph(f"（{piece.row.refers_to}）", style)
        elif pictures:
            self.pictures += 1
            yield from pictures
        elif text:
            self.texts += 1
            yield from self._text(piece, text)
        else:
            self.named += 1
            yield Paragraph(
                f"（{piece.label}“{piece.original_name}”，没有收入。在档案库里的位置：）", style
            )
            yield Paragraph(piece.place, style)

    def _words_of(self, piece: Piece) -> str:
        """As the search knows them; read now where it has not come to this file yet."""
        if piece.kind in _NO_TEXT or piece.kind == "image":
            return ""
        if piece.sha256 not in self._found and piece.path.is_file():
            self._found[piece.sha256] = extract_text(piece.path, piece.media_type)
        return self._found.get(piece.sha256, "")

    def _text(self, piece: Piece, text: str) -> Iterator[Block]:
        most = self._form.text_limit
        for line in text[:most].split("\n"):
            yield Paragraph(line.strip(), self._form.text_style, indent=2)
        if len(text) > most:
            rest = len(text) - most
            self.notes.append(
                f"第 {piece.row.seq} 号“{piece.row.title}”太长，略去了后面 {rest} 个字。"
            )
            yield Paragraph(
                f"（后面还有 {rest} 个字，全文在档案库的 {piece.place}）", self._form.text_style
            )

    def _pictures(self, number: int, piece: Piece) -> list[Block]:
        """Scaled copies, so that the Word file stays small; none where the picture is broken."""
        width, height = self._form.picture_room
        dpi = self._dpi
        most = (round(width / 25.4 * dpi), round(height / 25.4 * dpi)) if dpi else None
        made: list[Block] = []
        try:
            for frame, picture in enumerate(ready(piece.path, most, self._form.jpeg_quality)):
                if picture.filter != "DCTDecode":
                    continue
                path = self._home / f"{number}-{frame}.jpg"
                path.write_bytes(picture.data)
                caption = sheets.caption_words(self._form, piece)
                made.append(Picture(
                    path, width, height, caption, self._form.caption_style, name=piece.row.title
                ))  # fmt: skip
        except Exception as error:  # noqa: BLE001 -- foreign decoders fail in many ways
            self.notes.append(f"第 {piece.row.seq} 号“{piece.row.title}”的图片打不开：{error}。")
        return made


def _cover(contents: Contents, form: BookMeasures) -> tuple[Block, ...]:
    """The cover as paragraphs, which a clerk can edit."""
    box, at = contents.boxes[0], form.cover
    return (
        Paragraph(box.fonds_name, at.fonds.style, "center", before=12),
        Paragraph(form.title, at.heading.style, "center", before=36),
        *(
            Paragraph(line, at.lines.style, "center", before=36 if number == 0 else 4)
            for number, line in enumerate(box.title_lines)
        ),
        Paragraph(sheets.facts(contents), at.facts.style, "center", before=36),
    )


def _heading(words: str, level: int) -> Heading:
    return Heading(words, _HEADINGS[level], "center" if level < 2 else "left", max(level, 1), 4, 2)


def _facts(piece: Piece, form: BookMeasures) -> str:
    row = piece.row
    return "　".join(part for part in (row.author, form.day(row.date), row.remark) if part)


def _texts(reading: Reading, contents: Contents) -> dict[str, str]:
    """The words of the files, as the search knows them."""
    wanted = list({piece.sha256 for piece in contents.pieces})
    found: dict[str, str] = {}
    with reading.uow.read() as session:
        for start in range(0, len(wanted), 500):
            some = EvidenceText.sha256.in_(wanted[start : start + 500])
            for row in session.scalars(select(EvidenceText).where(some)):
                found[row.sha256] = row.text
    return found
