"""What boxes and evidence ask of a scheme: items in order, cover lines, windows, seals, folders."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from app.errors import NotFoundError
from app.services.schemes.days import resolve, year_start

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from app.services.schemes.duties import Accepts
    from app.services.schemes.parts import Where
    from app.services.schemes.schema import Cover, Scheme

FIELD = re.compile(r"\{([^{}]*)\}")


@dataclass(frozen=True, slots=True)
class TableItem:
    """An item of the assessment table with the group it stands in."""

    group_no: str
    group_name: str
    item_no: str
    item_name: str
    points: float | None
    """Highest points; None: no upper limit."""
    folder_words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Piece:
    """What is known of a piece of evidence when windows and seals are looked at; all optional."""

    slot: str | None = None
    item: str | None = None
    owner_role: str | None = None
    kind: str | None = None
    """Kind of the activity it belongs to."""
    level: str | None = None


UNKNOWN = Piece()


def table_items(scheme: Scheme) -> list[TableItem]:
    """Items in the order of the assessment table, which is the order in the box."""
    return [
        TableItem(
            group.no, group.name, item.no, item.name,
            None if item.points is None else float(item.points), item.folders,
        )
        for group in scheme.table
        for item in group.items
    ]  # fmt: skip


def cover_lines(
    scheme: Scheme, facts: Mapping[str, str], variant: str | None = None
) -> tuple[tuple[str, str], ...]:
    """Label and text of each cover line; ``variant`` is the key of a cover, default the first.

    ``facts`` fills the fields in braces (names in ``checks.COVER_FIELDS``); what is not known stays
    blank, to be written in by hand, and ``unknown_on_cover`` names it.
    """
    lines = _cover(scheme, variant).lines
    return tuple(
        (line.label, FIELD.sub(lambda found: facts.get(found[1], ""), line.text)) for line in lines
    )


def unknown_on_cover(
    scheme: Scheme, facts: Mapping[str, str], variant: str | None = None
) -> tuple[str, ...]:
    """Names of what a cover asks and ``facts`` do not tell."""
    from app.services.schemes.checks import COVER_FIELDS

    asked = [field for line in _cover(scheme, variant).lines for field in FIELD.findall(line.text)]
    return tuple(
        COVER_FIELDS[one] for one in dict.fromkeys(asked) if not facts.get(one, "").strip()
    )


def _cover(scheme: Scheme, variant: str | None) -> Cover:
    covers = {cover.key: cover for cover in reversed(scheme.cover)}
    cover = scheme.cover[0] if variant is None else covers.get(variant)
    if cover is None:
        raise NotFoundError(f"方案没有封面“{variant}”。", f"可用的有：{'、'.join(covers)}。")
    return cover


def in_window(
    scheme: Scheme,
    day: date | None,
    *,
    year: int,
    piece: Piece = UNKNOWN,
    answers: Mapping[str, object] | None = None,
) -> bool | None:
    """Whether material of that day counts in the scheme's year that begins in ``year``.

    Of several windows that fit the piece the later in the file holds. None: cannot be said, because
    the day is unknown or the year that is asked when adopting has not been answered.
    """
    fitting = [window for window in scheme.window if fits(window.where, piece)]
    if not fitting:
        return True
    if day is None:
        return None
    start = year_start(scheme.scheme.year.starts, year)
    first, last = span_of(fitting[-1].accepts, start, answers or {})
    return None if first is None or last is None else first <= day <= last


def span_of(
    accepts: Accepts, start: date, answers: Mapping[str, object]
) -> tuple[date | None, date | None]:
    """First and last day of a window in the year that begins on ``start``; None: not answered yet."""
    if accepts.calendar_year is not None:
        wanted = _calendar_year(accepts.calendar_year, start, answers)
        return (None, None) if wanted is None else (date(wanted, 1, 1), date(wanted, 12, 31))
    if accepts.from_ is None or accepts.to is None:
        return date.min, date.max
    return resolve(accepts.from_, start), resolve(accepts.to, start)


def _calendar_year(said: str, start: date, answers: Mapping[str, object]) -> int | None:
    if said == "start":
        return start.year
    if said == "end":
        return start.year + 1
    answer = str(answers.get(said, "")).strip()
    if answer in ("start", "end"):
        return _calendar_year(answer, start, answers)
    return int(answer) if answer.isdecimal() else None


def needs_seal(scheme: Scheme, piece: Piece = UNKNOWN) -> str:
    """The seal that a piece must bear (e.g. 学校公章); empty: none."""
    needed = [seal.needs for seal in scheme.seal if fits(seal.where, piece)]
    return needed[-1] if needed else ""


def fits(where: Where, piece: Piece) -> bool:
    """Whether a piece is meant; a field that ``where`` asks for must be known of the piece."""
    asked = where.model_fields_set
    known = {
        "slot": piece.slot,
        "item": piece.item,
        "owner_role": piece.owner_role,
        "kind": piece.kind,
        "level": piece.level,
    }
    return all(name in known and known[name] in getattr(where, name) for name in asked)


def match_folder(scheme: Scheme, folder_parts: Sequence[str]) -> str | None:
    """Number of the item that a folder's name means (deepest folder first); None: none does.

    A name means an item when it begins with the item's number, is its name, or holds one of its
    folder words; the longest word wins, of equally long ones the one that stands first in the name.
    """
    items = table_items(scheme)
    for part in reversed(folder_parts):
        name = _plain(part)
        for item in items:
            if _is_numbered(name, item.item_no) or name == _plain(item.item_name):
                return item.item_no
        found = [
            (-len(word), name.find(word), index)
            for index, item in enumerate(items)
            for word in map(_plain, (item.item_name, *item.folder_words))
            if word in name
        ]
        if found:
            return items[min(found)[2]].item_no
    return None


def _plain(text: str) -> str:
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text)).casefold()


def _is_numbered(name: str, number: str) -> bool:
    rest = name.removeprefix(_plain(number))
    return rest != name and not re.match(r"\.?\d", rest)
