"""Measures of the book, from resources/forms/book.toml."""

from __future__ import annotations

import datetime  # noqa: TC003 -- beside a field of the name date
from dataclasses import dataclass

from app.services.documents.tree import PageSetup, TextStyle  # noqa: TC001
from app.services.forms.measures import STRICT, ColumnMeasure, Place, filled, load


@dataclass(frozen=True, slots=True)
class Corner:
    """Distance of a page number from the edges of the sheet."""

    __pydantic_config__ = STRICT

    x: float
    y: float


@dataclass(frozen=True, slots=True)
class DoubleFrame:
    """A thick frame with a thin one inside it; weight 0: none."""

    __pydantic_config__ = STRICT

    x: float
    y: float
    width: float
    height: float
    weight: float
    gap: float
    inner_weight: float


@dataclass(frozen=True, slots=True)
class CoverMeasures:
    """Cover of the book and of its volumes."""

    __pydantic_config__ = STRICT

    fonds: Place
    heading: Place
    lines: Place
    facts: Place
    volume: Place
    frame: DoubleFrame


@dataclass(frozen=True, slots=True)
class DividerMeasures:
    """The sheet in front of a group or an item."""

    __pydantic_config__ = STRICT

    box: Place
    no: Place
    name: Place
    list: Place


@dataclass(frozen=True, slots=True)
class DirectoryMeasures:
    """The directory, and the ruled list of the report."""

    __pydantic_config__ = STRICT

    title: str
    title_style: TextStyle
    header_style: TextStyle
    group_style: TextStyle
    cell_style: TextStyle
    top: float
    title_top: float
    row_height: float
    header_height: float
    tallest: float
    padding: float
    outer: float
    inner: float
    columns: list[ColumnMeasure]


@dataclass(frozen=True, slots=True)
class SlipMeasures:
    """The sheet that stands for a piece that is not printed."""

    __pydantic_config__ = STRICT

    title: str
    note: str
    title_style: TextStyle
    label_style: TextStyle
    value_style: TextStyle
    title_top: float
    top: float
    row_height: float
    label_width: float
    outer: float
    inner: float


@dataclass(frozen=True, slots=True)
class ReportMeasures:
    """The closing page that accounts for every piece."""

    __pydantic_config__ = STRICT

    title: str
    intro: str
    intro_height: float
    intro_style: TextStyle
    slips: str
    columns: list[ColumnMeasure]


@dataclass(frozen=True, slots=True)
class StampMeasures:
    """Room for the archive stamp, which is drawn as stamp.toml has it."""

    __pydantic_config__ = STRICT

    y: float
    top: float
    width: float
    gap: float


@dataclass(frozen=True, slots=True)
class BookMeasures:
    """resources/forms/book.toml."""

    __pydantic_config__ = STRICT

    title: str
    file_volume: str
    volume: str
    date: str
    caption: str
    number: str
    front_number: str
    head: str
    caption_height: float
    picture_gap: float
    jpeg_quality: int
    text_limit: int
    head_style: TextStyle
    caption_style: TextStyle
    number_style: TextStyle
    text_style: TextStyle
    picture_room: tuple[float, float]
    page: PageSetup
    number_top: Corner
    number_foot: Corner
    dpi: dict[str, int]
    cover: CoverMeasures
    divider: DividerMeasures
    directory: DirectoryMeasures
    slip: SlipMeasures
    stamp: StampMeasures
    report: ReportMeasures

    def day(self, day: datetime.date | None) -> str:
        """A date as the directory writes it; empty where there is none."""
        if not day:
            return ""
        return self.words("date", self.date, year=day.year, month=day.month, day=day.day)

    def words(self, key: str, pattern: str, **values: object) -> str:
        """A pattern of the file with its values."""
        return filled("book", key, pattern, **values)


def measures() -> BookMeasures:
    """The measures as they are now."""
    return load("book", BookMeasures)
