"""Turns the pieces into pages: pictures upright, PDFs page by page, the rest as slips that say why."""

from __future__ import annotations

import os
from collections import deque
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, TypeAlias

from app.services.book import sheets
from app.services.book.leaves import Insert, Leaf, Place
from app.services.book.pdfs import UnreadableError, take_pages
from app.services.book.pictures import ReadyPicture, TooLargeError, all_frames
from app.services.book.sources import OFFICE
from app.services.evidence.kinds import TEXT

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from app.progress import Progress
    from app.services.book.measures import BookMeasures
    from app.services.book.pieces import Contents, Piece
    from app.services.book.spool import Spool
    from app.services.documents.tree import Block, PageSetup

Frames: TypeAlias = Future[list[ReadyPicture]]
"""A picture that is being made ready; a scan may have several pages."""
_WORKERS = min(4, os.cpu_count() or 1)
"""Pictures made ready at the same time; decoders let other threads work meanwhile."""

_POINT = 25.4 / 72
_KEPT_SIDES = (60.0, 1500.0)
"""Pages with sides between these, in mm, can be left as they are."""
_COARSEST = 25.4 / 96
"""Millimetres of a picture's dot; small pictures are not blown up."""
_GRIDS = {1: (1, 1), 2: (1, 2), 4: (2, 2)}
"""Columns and rows of pictures on a page."""
_WHY = {
    "video": "录像不能印在纸上，请用电脑播放。",
    "audio": "录音不能印在纸上，请用电脑播放。",
    "archive": "压缩包不能印，请解开后把里面的文件加入档案库。",
    "text": "网页、邮件不能直接印，请另存为 PDF 后加入档案库。",
    "other": "程序不认识这种文件，印不出来。",
}


@dataclass(frozen=True, slots=True)
class Choices:
    """How the clerk wants the book."""

    dpi: int
    """Of photos; 0: as fine as they are."""
    pictures: int
    """On a page."""
    keep_pages: bool
    """PDF pages as they are, not within the margins."""
    stamp: bool
    """The archive stamp on each piece's first page."""
    dividers: frozenset[int]
    """Levels with a sheet in front: 1 groups, 2 items."""


@dataclass(slots=True)
class Made:
    """The body of the book."""

    leaves: list[Leaf] = field(default_factory=list)
    slips: dict[int, str] = field(default_factory=dict)
    """Pieces that a slip stands for, with the reason."""
    loose_fonts: list[int] = field(default_factory=list)
    """Pieces with type that their file does not bring along."""


class Maker:
    """Makes the pages of a book's body, piece by piece."""

    def __init__(
        self,
        contents: Contents,
        form: BookMeasures,
        choices: Choices,
        spool: Spool,
        converted: Mapping[Path, Path | str],
    ) -> None:
        self._contents, self._form, self._choices = contents, form, choices
        self._spool, self._converted = spool, converted
        self._made = Made()
        self._path: tuple[str, ...] = ()
        self._waiting: list[tuple[int, Insert, tuple[int, int], int]] = []

    def run(self, progress: Progress) -> Made:
        """All pages in order."""
        pieces = self._contents.pieces
        for number, piece, frames in self._ahead():
            progress.report(number, len(pieces), f"整理第 {piece.row.seq} 号“{piece.row.title}”")
            if piece.row.refers_to:
                continue
            self._enter(piece)
            reason = self._why_not(piece) or self._lay(number, piece, frames)
            if reason:
                self._flush()
                self._made.slips[number] = reason
                self._add(sheets.slip(self._form, piece, reason), number)
        self._flush()
        return self._made

    def _ahead(self) -> Iterator[tuple[int, Piece, Frames | None]]:
        """The pieces in order, while the pictures of the next ones are being made ready."""
        room, dpi = self._room(), self._choices.dpi
        most = (round(room.width / 25.4 * dpi), round(room.height / 25.4 * dpi)) if dpi else None
        waiting: deque[tuple[int, Piece, Frames | None]] = deque()
        pool = ThreadPoolExecutor(_WORKERS)
        try:
            for number, piece in enumerate(self._contents.pieces):
                frames = None
                if piece.kind == "image" and not piece.row.refers_to:
                    frames = pool.submit(all_frames, piece.path, most, self._form.jpeg_quality)
                waiting.append((number, piece, frames))
                if len(waiting) > 2 * _WORKERS:
                    yield waiting.popleft()
            yield from waiting
        finally:
            pool.shutdown(cancel_futures=True)

    def _enter(self, piece: Piece) -> None:
        """Put dividers in front of a group or item that begins."""
        path = (piece.box, piece.group.words, piece.item.words)
        if path == self._path:
            return
        self._flush()
        old, self._path = self._path, path
        if 1 in self._choices.dividers and old[:2] != path[:2]:
            box = path[0] if len(self._contents.boxes) > 1 else ""
            mark, listed = piece.group, self._items_of(piece)
            blocks = sheets.divider(self._form, box, mark.no, mark.name, listed)
            self._made.leaves.append(Leaf(self._form.page, blocks, path=path[:2], divider=True))
        if 2 in self._choices.dividers and piece.item != piece.group:
            mark, listed = piece.item, self._titles_of(piece)
            blocks = sheets.divider(self._form, "", mark.no, mark.name, listed)
            self._made.leaves.append(Leaf(self._form.page, blocks, path=path, divider=True))

    def _items_of(self, piece: Piece) -> list[str]:
        """Items of a group in this box, each with the number of pieces."""
        counts: dict[str, int] = {}
        for one in self._contents.pieces:
            if (one.box, one.group) == (piece.box, piece.group) and one.item != one.group:
                counts[one.item.words] = counts.get(one.item.words, 0) + 1
        return [f"{words}（{count} 件）" for words, count in counts.items()]

    def _titles_of(self, piece: Piece) -> list[str]:
        return [
            f"{one.row.seq}　{one.row.title}"
            for one in self._contents.pieces
            if (one.box, one.item) == (piece.box, piece.item)
        ]

    def _why_not(self, piece: Piece) -> str:
        """Why a piece cannot become pages, as far as that is known without opening it."""
        if not piece.path.is_file():
            return "档案库里找不到这份文件，请检查档案库或从备份恢复。"
        if piece.state == "encrypted":
            return "文件有打开密码，请用去掉密码的文件。"
        if piece.state != "ok" and piece.kind != "image":  # a picture tells when it is decoded
            return f"{piece.remarks.splitlines()[0] if piece.remarks else '文件已损坏'}，请换一份完好的文件。"
        if piece.kind in OFFICE:
            made = self._converted.get(piece.path, "")
            return made if isinstance(made, str) else ""
        if piece.kind in ("image", "pdf") or piece.media_type == TEXT:
            return ""
        return _WHY.get(piece.kind, _WHY["other"])

    def _lay(self, number: int, piece: Piece, frames: Frames | None) -> str:
        """Lay a piece onto pages; returns why that was not possible."""
        try:
            if frames:
                self._pictures(number, frames)
            else:
                source = self._converted.get(piece.path, piece.path)
                assert not isinstance(source, str)  # noqa: S101 -- _why_not has looked
                self._flush()
                self._pages(number, piece, source)
        except TooLargeError:
            return "图片的像素太多，这台电脑的内存放不下，请先用看图软件缩小。"
        except UnreadableError as error:
            return str(error)
        return ""

    def _pictures(self, number: int, waiting: Frames) -> None:
        try:
            frames = waiting.result()
        except TooLargeError:
            raise
        except Exception as error:  # foreign decoders fail in many ways
            raise UnreadableError("图片打不开，可能已损坏，请换一份完好的文件。") from error
        for frame in frames:
            insert = Insert(self._spool.add_picture(frame), self._room(), frame.turn)
            self._waiting.append((number, insert, frame.upright, len(frame.data)))
            if len(self._waiting) == self._choices.pictures:
                self._flush()

    def _room(self) -> Place:
        """Room of the first picture of a page, its caption left out."""
        page, (across, down) = self._form.page, _GRIDS[self._choices.pictures]
        width = (
            page.width - page.left - page.right - self._form.picture_gap * (across - 1)
        ) / across
        height = (page.height - page.top - page.bottom - self._form.picture_gap * (down - 1)) / down
        return Place(page.left, page.top, width, height - self._form.caption_height)

    def _flush(self) -> None:
        """Make a page of the pictures that wait."""
        if not self._waiting:
            return
        room, across = self._room(), _GRIDS[self._choices.pictures][0]
        blocks: list[Block] = []
        inserts = []
        for cell, (number, insert, size, _) in enumerate(self._waiting):
            x = room.x + cell % across * (room.width + self._form.picture_gap)
            y = room.y + cell // across * (
                room.height + self._form.caption_height + self._form.picture_gap
            )
            place = _within(Place(x, y, room.width, room.height), *size, _COARSEST)
            inserts.append(replace(insert, place=place))
            below = Place(
                x, place.y + place.height + 1.5, room.width, self._form.caption_height - 2
            )
            blocks.append(sheets.caption(self._form, self._contents.pieces[number], below))
        numbers = [number for number, *_ in self._waiting]
        weight = sum(size for *_, size in self._waiting)
        self._waiting = []
        self._add(tuple(blocks), *numbers, inserts=tuple(inserts), weight=weight)

    def _pages(self, number: int, piece: Piece, source: Path) -> None:
        paper = take_pages(source, self._spool)
        if paper.loose_fonts:
            self._made.loose_fonts.append(number)
        weight = source.stat().st_size // len(paper.pages)
        for at, *points in paper.pages:
            width, height = (side * _POINT for side in points)
            page = self._sheet(width, height)
            if piece.media_type == TEXT or self._kept(width, height):
                blocks: tuple[Block, ...] = ()
                place = Place(0, 0, page.width, page.height)
            else:
                blocks = (sheets.head(self._form, page, piece),)
                place = _within(_text_area(page), width, height)
            self._add(blocks, number, page=page, inserts=(Insert(at, place),), weight=weight)

    def _kept(self, width: float, height: float) -> bool:
        low, high = _KEPT_SIDES
        return self._choices.keep_pages and low <= min(width, height) <= max(width, height) <= high

    def _sheet(self, width: float, height: float) -> PageSetup:
        """The sheet for a page of a PDF: its own size, or our paper upright or lying as it is."""
        page = self._form.page
        if self._kept(width, height):
            return replace(
                page, width=width, height=height, top=height / 20, bottom=height / 20,
                left=width / 20, right=width / 20, foot=height / 40,
            )  # fmt: skip
        return replace(page, width=page.height, height=page.width) if width > height else page

    def _add(
        self,
        blocks: tuple[Block, ...],
        *numbers: int,
        page: PageSetup | None = None,
        inserts: tuple[Insert, ...] = (),
        weight: int = 0,
    ) -> None:
        leaves, pieces = self._made.leaves, self._contents.pieces
        before = set(leaves[-1].holds) if leaves else set()
        held = tuple(dict.fromkeys(numbers))
        begins = tuple((n, _outline(pieces[n])) for n in held if n not in before)
        setup = page or self._form.page
        if self._choices.stamp:
            stamped = [self._contents.values[n] for n, _ in begins if n not in self._made.slips]
            blocks = (*blocks, *sheets.stamps(self._form.stamp, setup, stamped))
        leaves.append(Leaf(setup, blocks, inserts, self._path, begins, held, weight=2_000 + weight))


def _outline(piece: Piece) -> str:
    return f"{piece.row.seq}　{piece.row.title}"


def _text_area(page: PageSetup) -> Place:
    return Place(
        page.left, page.top, page.width - page.left - page.right,
        page.height - page.top - page.bottom,
    )  # fmt: skip


def _within(room: Place, width: float, height: float, most: float = 1) -> Place:
    """As large as fits into the middle of the room, enlarged ``most`` times at most."""
    scale = min(room.width / width, room.height / height, most)
    width, height = width * scale, height * scale
    return Place(
        room.x + (room.width - width) / 2, room.y + (room.height - height) / 2, width, height
    )
