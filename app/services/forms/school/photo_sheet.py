"""照片页: photos of an activity, two, four or six to a page, with what each of them shows."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from app.services.documents.tree import Cell, Document, Paragraph, Section, Spacer
from app.services.forms.by_hand import BLANK, for_pen, head_only
from app.services.forms.form import Form, Option, each, lines, picture, text
from app.services.forms.measures import STRICT, load
from app.services.forms.school.grid import (
    Span,
    Strip,
    heading,
    ruled_table,
    text_height,
    title_style,
)
from app.services.forms.school.style import SchoolStyle, pattern, style

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.services.forms.form import Options, Sheet, Values
    from app.services.forms.reading import Reading

_EMPTY: Values = {}


@dataclass(frozen=True, slots=True)
class Size:
    """How photos stand on a page, and the room that each has."""

    __pydantic_config__ = STRICT

    across: int
    rows: int
    height: float


@dataclass(frozen=True, slots=True)
class PhotoMeasures:
    """resources/forms/photo_sheet.toml."""

    __pydantic_config__ = STRICT

    title: str
    heads: tuple[str, ...]
    caption: str
    foot: str
    sizes: dict[str, Size]


def photo_sheet(sheet: Sheet, options: Options) -> Document:
    """The photos of one activity."""
    form, common = load("photo_sheet", PhotoMeasures), style()
    size = form.sizes[options.get("per_page") or next(iter(form.sizes))]
    values = sheet.values
    title = pattern(form.title, values).strip()
    heads = heading([pattern(words, values) for words in form.heads], common.width, common)
    head = (
        Paragraph(
            title, title_style(title, common.width, common), "center", after=common.title_after
        ),
    )
    listed = [] if head_only(options) else lines(values, "照片")
    photos = list(listed) or [_EMPTY] * (size.across * size.rows)
    table = ruled_table(list(_strips(form, common, size, photos)), common.width, common)
    return Document(
        title,
        (Section(title, common.page, (heads, Spacer(common.heads_after), table), head, form.foot),),
    )


def _strips(
    form: PhotoMeasures, common: SchoolStyle, size: Size, photos: Sequence[Values]
) -> list[Strip]:
    width = common.width / size.across
    cells = [_cell(form, common, size, width, one) for one in photos]
    cells += [Cell()] * (-len(cells) % size.across)
    high = size.height + text_height(form.caption, width, common.caption) + 2 * common.padding_y
    return [
        Strip(
            tuple(Span(width, cell) for cell in cells[start : start + size.across]), high,
            name="照片",
        )
        for start in range(0, len(cells), size.across)
    ]  # fmt: skip


def _cell(form: PhotoMeasures, common: SchoolStyle, size: Size, width: float, one: Values) -> Cell:
    """A photo above its caption; an empty frame has the labels at its foot, for writing by hand."""
    caption = pattern(form.caption, one)
    shown = picture(one)
    if shown is None:
        said = "\n".join(filter(None, (text(one, "图"), caption)))
        return Cell(said, common.caption, "left", "bottom")
    shown = replace(shown, width=width - 2 * common.padding_x, height=size.height)
    return Cell(caption, common.caption, "left", picture=shown)


def without_photos(reading: Reading, ids: Sequence[str]) -> Sequence[str]:
    """Names the activities that have no photo: their page has empty frames."""
    from app.services.forms.values.activity import SUBJECT

    if for_pen(reading.options):
        return []
    return [
        f"{text(sheet.values, '活动名称')}：还没有活动照片，印出的是空框。"
        for sheet in SUBJECT.read(reading, ids)
        if not lines(sheet.values, "照片")
    ]


FORM = Form(
    "photo-sheet", "活动照片页", "学校表单", "activity", each(photo_sheet),
    options=(
        Option("per_page", "每页", choices=(("2", "2 张"), ("4", "4 张"), ("6", "6 张")),
               default="4"),
        BLANK,
    ),
    words="图下写明时间、地点、人物、事由", check=without_photos,
)  # fmt: skip
