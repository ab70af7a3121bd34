"""Writes one volume: type set by the PDF writer, evidence laid under it, links, outline, labels."""

from __future__ import annotations

import io
from dataclasses import dataclass
from itertools import groupby
from typing import IO, TYPE_CHECKING, Any, BinaryIO, cast

from app.errors import ExportError
from app.services.documents import pdf as pdf_writer
from app.services.documents.tree import Document, PageBreak, Section

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from pathlib import Path

    from pikepdf import Page, Pdf

    from app.progress import Progress
    from app.services.book.front import Directory
    from app.services.book.leaves import Leaf, Place
    from app.services.book.sheets import Numbering
    from app.services.documents.tree import Block, PageSetup

_MM = 72 / 25.4
_TURNS = {
    1: "1 0 0 1 0 0", 2: "-1 0 0 1 1 0", 3: "-1 0 0 -1 1 1", 4: "1 0 0 -1 0 1",
    5: "0 -1 -1 0 1 1", 6: "0 -1 1 0 0 1", 7: "0 1 1 0 0 0", 8: "0 1 -1 0 1 0",
}  # fmt: skip
"""Matrices that set a picture upright within its square, by how the camera was held (EXIF)."""
_EVERY = 10
"""Pages between two looks at whether the work was stopped."""


@dataclass(frozen=True, slots=True)
class Volume:
    """One volume as it is to be written."""

    title: str
    author: str
    page: PageSetup
    cover: tuple[Block, ...]
    directory: Directory
    leaves: Sequence[Leaf]
    """All of the book."""
    part: range
    """Those that lie in this volume."""
    numbering: Numbering
    directory_title: str
    """What the outline calls the directory."""


def assemble(
    volume: Volume, spool: Path, target: Path, created: datetime, progress: Progress
) -> int:
    """Write the volume; returns its number of pages."""
    import pikepdf

    set_in_type = pdf_writer.render_bytes(_document(volume), created, progress=_Quiet(progress))
    with (
        pikepdf.open(io.BytesIO(set_in_type)) as type_only,
        pikepdf.open(spool, access_mode=pikepdf.AccessMode.stream) as book,
    ):
        _take_over(book, type_only)
        things = book.Root.Things
        del book.Root.Things
        front = 1 + len(volume.directory.pages)
        pages = list(book.pages)
        total = len(volume.part)
        if len(pages) != front + total:  # a measure file that lets text run over would shift all
            raise ExportError(
                f"“{target.stem}”的目录页数和算好的不一样，页号会错。文件没有生成。",
                "请检查表单尺寸文件 book.toml 里的位置和高度。",
            )
        for place, number in enumerate(volume.part):
            if place % _EVERY == 0:
                progress.report(place, total, f"“{target.stem}”放入材料")
            _lay(pages[front + place], volume.leaves[number], things)
        _link(book, pages, volume, front)
        _outline(book, volume, front)
        _label(book, volume, front)
        save(book, target, progress)
    return front + total


def _take_over(book: Pdf, type_only: Pdf) -> None:
    """The pages that are set in type, with what the file says of itself."""
    book.pages.extend(type_only.pages)
    book.trailer.Info = book.copy_foreign(type_only.trailer.Info)
    for name in ("/Lang", "/ViewerPreferences", "/PageMode"):
        if name in type_only.Root:
            value = type_only.Root[name]
            book.Root[name] = book.copy_foreign(value) if value.is_indirect else value


def save(book: Pdf, target: Path, progress: Progress) -> None:
    """Write the file; raises OSError, also where the disk is full."""
    import pikepdf

    with target.open("wb") as file:
        kept = _Kept(file)
        book.save(
            cast("BinaryIO", kept), deterministic_id=True, compress_streams=True,
            stream_decode_level=pikepdf.StreamDecodeLevel.none,
            object_stream_mode=pikepdf.ObjectStreamMode.generate,
            progress=lambda percent: progress.report(percent, 100, f"写入“{target.stem}”"),
        )  # fmt: skip
        if kept.error is not None:
            raise kept.error


class _Kept(io.RawIOBase):
    """A file whose error waits until qpdf is done: at an error while writing it ends the program."""

    def __init__(self, file: IO[bytes]) -> None:
        super().__init__()
        self._file = file
        self.error: OSError | None = None

    def writable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def write(self, data: Any, /) -> int:
        if self.error is None:
            try:
                self._file.write(data)
            except OSError as error:
                self.error = error
        return memoryview(data).nbytes


class _Quiet:
    """Lets the PDF writer be stopped, without its own words."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress

    def report(self, done: int, total: int, text: str = "") -> None:
        self._progress.report(done, total, "排版")


def _document(volume: Volume) -> Document:
    """Everything that is set in type, page by page as the volume has it."""
    numbering, page = volume.numbering, volume.page
    front = [
        (*one.blocks, *numbering.front(page, number))
        for number, one in enumerate(volume.directory.pages, 1)
    ]
    sections = [Section("封面", page, volume.cover), Section("目录", page, _flow(front))]
    numbered = ((volume.leaves[number], number + 1) for number in volume.part)
    for setup, group in groupby(numbered, lambda one: one[0].page):
        flow = _flow([(*leaf.blocks, *numbering.blocks(setup, n)) for leaf, n in group])
        sections.append(Section("正文", setup, flow))
    return Document(volume.title, tuple(sections), volume.author)


def _flow(pages: Sequence[tuple[Block, ...]]) -> tuple[Block, ...]:
    flow: list[Block] = []
    for blocks in pages:
        if flow:
            flow.append(PageBreak())
        flow += blocks
    return tuple(flow)


def _lay(page: Page, leaf: Leaf, things: Any) -> None:
    """Lay pictures and PDF pages under what is set in type."""
    import pikepdf

    operators = []
    for number, insert in enumerate(leaf.inserts):
        name = pikepdf.Name(f"/E{number}")  # of itself pikepdf makes up random ones
        thing = things[insert.number]
        page.add_resource(thing, pikepdf.Name.XObject, name)
        x, y, width, height = (value * _MM for value in insert.place)
        bottom = leaf.page.height * _MM - y - height
        if insert.turn:
            operators.append(
                f"q {width:.3f} 0 0 {height:.3f} {x:.3f} {bottom:.3f} cm "
                f"{_TURNS[insert.turn]} cm {name} Do Q".encode()
            )
        else:
            room = pikepdf.Rectangle(x, bottom, x + width, bottom + height)
            operators.append(page.calc_form_xobject_placement(
                thing, name, room,
                invert_transformations=True, allow_shrink=True, allow_expand=True,
            ))  # fmt: skip
    if operators:
        page.contents_add(b"\n".join(operators) + b"\n", prepend=True)


def _link(book: Pdf, pages: list[Page], volume: Volume, front: int) -> None:
    """Lines of the directory lead to their pages, page numbers lead back to the directory."""
    back: dict[int, int] = {}  # entry → page of the directory
    for number, one in enumerate(volume.directory.pages, 1):
        for entry, place in one.lines:
            back[entry] = number
            spot = volume.directory.spots[entry]
            if spot and spot.leaf in volume.part:
                there = pages[front + spot.leaf - volume.part.start]
                _add_link(book, pages[number], volume.page, place, there)
    for place_in_volume, number in enumerate(volume.part):
        leaf = volume.leaves[number]
        listed = [volume.directory.entry_of[piece] for piece in leaf.holds]
        if listed:
            spot_of_number = volume.numbering.place(leaf.page, number + 1)
            there = pages[back[listed[0]]]
            _add_link(book, pages[front + place_in_volume], leaf.page, spot_of_number, there)


def _add_link(book: Pdf, page: Page, setup: PageSetup, place: Place, there: Page) -> None:
    import pikepdf

    left, top = place.x * _MM, (setup.height - place.y) * _MM
    rectangle = [left, top - place.height * _MM, left + place.width * _MM, top]
    link = pikepdf.Dictionary(
        Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Link, Border=[0, 0, 0], F=4,
        Rect=[round(value, 2) for value in rectangle],
        Dest=pikepdf.Array([there.obj, pikepdf.Name.Fit]),
    )  # fmt: skip
    if "/Annots" not in page:
        page.Annots = pikepdf.Array()
    page.Annots.append(book.make_indirect(link))


def _outline(book: Pdf, volume: Volume, front: int) -> None:
    """Bookmarks: cover, directory, then box › group › item › piece, then the report."""
    from pikepdf import OutlineItem

    with book.open_outline() as outline:
        root = outline.root
        root += [OutlineItem("封面", 0, "Fit"), OutlineItem(volume.directory_title, 1, "Fit")]
        above: list[OutlineItem] = []
        for place, number in enumerate(volume.part, front):
            leaf = volume.leaves[number]
            kept = _alike([item.title for item in above], leaf.path)
            del above[kept:]
            for depth in range(kept, len(leaf.path)):
                item = OutlineItem(leaf.path[depth], place, "Fit")
                item.is_closed = depth > 1
                (above[-1].children if above else root).append(item)
                above.append(item)
            children = above[-1].children if above else root
            children += [OutlineItem(title, place, "Fit") for _, title in leaf.begins]


def _alike(some: Sequence[str], others: Sequence[str]) -> int:
    """How many headings the two begin with in common."""
    count = 0
    for one, other in zip(some, others, strict=False):
        if one != other:
            break
        count += 1
    return count


def _label(book: Pdf, volume: Volume, front: int) -> None:
    """Viewers show the numbers that are printed on the pages."""
    from pikepdf import Array, Dictionary, Name, String

    book.Root.PageLabels = Dictionary(Nums=Array([
        0, Dictionary(P=String("封面")),
        1, Dictionary(S=Name.D, P=String("目录 ")),
        front, Dictionary(S=Name.D, St=volume.part.start + 1),
    ]))  # fmt: skip
