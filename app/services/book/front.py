"""The directory of a book and its closing report: where everything is, and that nothing is missing."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from app.services.book.leaves import Leaf
from app.services.book.ruled import Entry, RuledPage, ruled
from app.services.book.sheets import boxes_words
from app.services.documents.tree import TextBox
from app.services.forms.values.box import remark

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from app.services.book.making import Made
    from app.services.book.measures import BookMeasures
    from app.services.book.pieces import Contents, Piece
    from app.services.documents.tree import Block


@dataclass(frozen=True, slots=True)
class Spot:
    """Where something stands in the book."""

    leaf: int
    volume: int

    @property
    def page(self) -> int:
        """Its printed number."""
        return self.leaf + 1


@dataclass(frozen=True, slots=True)
class Tally:
    """What came in and what came out."""

    given: int
    printed: int
    slips: int
    referred: int

    @property
    def whole(self) -> bool:
        """Whether nothing was left out."""
        return self.given == self.printed + self.slips + self.referred


class Spots:
    """Where pieces and headings stand, once the volumes are known."""

    def __init__(
        self, contents: Contents, leaves: Sequence[Leaf], volumes: Sequence[range]
    ) -> None:
        self.volume_of = [number for number, part in enumerate(volumes, 1) for _ in part]
        self._pieces: dict[int, Spot] = {}
        self._paths: dict[tuple[str, ...], Spot] = {}
        for number, leaf in enumerate(leaves):
            spot = Spot(number, self.volume_of[number])
            for piece in leaf.holds:
                self._pieces.setdefault(piece, spot)
            for depth in range(1, len(leaf.path) + 1):
                self._paths.setdefault(leaf.path[:depth], spot)
        self._lying = {
            piece.row.evidence_id: number
            for number, piece in enumerate(contents.pieces)
            if not piece.row.refers_to
        }

    def of(self, number: int, piece: Piece) -> Spot | None:
        """Where a piece lies; None where it lies in a box that is not in the book."""
        return self._pieces.get(self._lying.get(piece.row.evidence_id, number))

    def heading(self, path: tuple[str, ...]) -> Spot | None:
        """Where a box, group or item begins; None where nothing lies under it."""
        return self._paths.get(path)


def tally(contents: Contents, made: Made, leaves: Sequence[Leaf]) -> Tally:
    """Pieces counted as they stand on the pages, not as they were asked for."""
    held = {number for leaf in leaves for number in leaf.holds}
    referred = sum(1 for piece in contents.pieces if piece.row.refers_to)
    slips = len(held & made.slips.keys())
    return Tally(len(contents.pieces), len(held) - slips, slips, referred)


@dataclass(frozen=True, slots=True)
class Directory:
    """The directory: its pages, and where its lines lead."""

    pages: tuple[RuledPage, ...]
    spots: tuple[Spot | None, ...]
    """Of each entry."""
    entry_of: Mapping[int, int]
    """Entries of the pieces, by their place in the contents."""


def directory(
    contents: Contents, made: Made, form: BookMeasures, spots: Spots, *, volumes: bool
) -> Directory:
    """The whole directory, also of the other volumes."""
    entries: list[Entry] = []
    leads: list[Spot | None] = []
    entry_of: dict[int, int] = {}
    path: tuple[str, ...] = ()

    def head(words: str, spot: Spot | None, level: int) -> None:
        entries.append(Entry((words, str(spot.page) if spot else ""), heading=True, level=level))
        leads.append(spot)

    for number, piece in enumerate(contents.pieces):
        here = (piece.box, piece.group.words, piece.item.words)
        if here[:1] != path[:1] and len(contents.boxes) > 1:
            head(here[0], spots.heading(here[:1]), 0)
        if here[:2] != path[:2] and piece.group != piece.item:
            head(here[1], spots.heading(here[:2]), 0)
        if here != path:
            head(here[2], spots.heading(here), 1)
        path = here
        spot = spots.of(number, piece)
        entry_of[number] = len(entries)
        entries.append(Entry(_cells(piece, spot, form, number in made.slips, volumes=volumes)))
        leads.append(spot)
    columns = [c for c in form.directory.columns if volumes or c.name != "册"]
    pages = ruled(entries, columns, form.directory, form.page)
    title = TextBox(
        form.page.left, form.directory.title_top, form.page.width - form.page.left - form.page.right,
        form.directory.top - form.directory.title_top - 4, form.directory.title,
        form.directory.title_style,
    )  # fmt: skip
    pages[0] = replace(pages[0], blocks=(title, *pages[0].blocks))
    return Directory(tuple(pages), tuple(leads), entry_of)


def _cells(
    piece: Piece,
    spot: Spot | None,
    form: BookMeasures,
    slip: bool,
    *,
    volumes: bool,
) -> tuple[str, ...]:
    row = piece.row
    words = "；".join(part for part in ("说明页" if slip else "", remark(row)) if part)
    volume = (str(spot.volume) if spot else "",) if volumes else ()
    page = str(spot.page) if spot else ""
    return (str(row.seq), row.title, row.author, form.day(row.date), *volume, page, words)


def report(
    contents: Contents, made: Made, form: BookMeasures, spots: Spots | None = None
) -> list[Leaf]:
    """The closing pages; without ``spots`` only to know how many they are."""
    of = max(spots.volume_of) if spots else 1
    at, page = form.report, form.page
    counted = tally(contents, made, made.leaves)
    width = page.width - page.left - page.right
    intro = form.words(
        "report.intro", at.intro, boxes=boxes_words(contents), given=counted.given,
        printed=counted.printed, slips=counted.slips, referred=counted.referred,
        total=counted.printed + counted.slips + counted.referred, pages=len(made.leaves),
        volumes=f"，分 {of} 册" if of > 1 else "",
    )  # fmt: skip
    title_top, top = form.directory.title_top, form.directory.top
    first: list[Block] = [
        TextBox(
            page.left, title_top, width, top - title_top - 4, at.title, form.directory.title_style
        ),
        TextBox(
            page.left, top, width, at.intro_height, "　　" + intro, at.intro_style, "left", "top"
        ),
    ]
    if not made.slips:
        return [Leaf(page, tuple(first), path=(at.title,))]
    y = top + at.intro_height + 4
    first.append(TextBox(page.left, y, width, 8, at.slips, form.directory.group_style, "left"))
    entries = [
        Entry((
            str(piece.row.seq), piece.row.title, _page(spots, number, piece), made.slips[number]
        ))
        for number, piece in enumerate(contents.pieces)
        if number in made.slips
    ]  # fmt: skip
    pages = ruled(entries, at.columns, form.directory, page, y + 10)
    leaves = [Leaf(page, one.blocks, path=(at.title,)) for one in pages]
    leaves[0] = replace(leaves[0], blocks=(*first, *leaves[0].blocks))
    return leaves


def _page(spots: Spots | None, number: int, piece: Piece) -> str:
    spot = spots.of(number, piece) if spots else None
    return str(spot.page) if spot else ""
