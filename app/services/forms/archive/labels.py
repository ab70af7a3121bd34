"""Labels of any size for spines and fronts: sheets with cut marks (formats.md 7.1)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.errors import ValidationError
from app.services.documents.tree import Frame, PageSetup, QrCode, TextBox, TextStyle
from app.services.forms.archive.grid import Grid, grid_section
from app.services.forms.archive.placed import fingerprint_words
from app.services.forms.archive.spine import CutMarks, StripMeasures, strip
from app.services.forms.archive.titles import titled
from app.services.forms.form import Option, flag, text
from app.services.forms.measures import STRICT, filled, load

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from app.services.documents.tree import Document, Placed
    from app.services.forms.form import Options, Sheet, Values

_SIZES = ("20", "30", "35", "40", "50", "55", "75")
OPTIONS = (
    Option("size", "标签", "choice", (
        *((one, f"{one} 毫米盒脊") for one in _SIZES), ("own", "自定宽高")), "30"),
    Option("width", "宽", "number", default="90", words="毫米；选“自定宽高”时填"),
    Option("height", "高", "number", default="50", words="毫米；盒脊的标签最高 285"),
    Option("columns", "列数", "number", default="", words="留空：一行排满"),
    Option("rows", "行数", "number", default="", words="留空：一列排满"),
    Option("gap-x", "左右间隔", "number", default="0", words="毫米"),
    Option("gap-y", "上下间隔", "number", default="0", words="毫米"),
    Option("start", "空出前几个", "number", default="0", words="不干胶纸上已经用掉的"),
    Option("marks", "裁切线", "flag", default="1"),
    Option("qr", "二维码", "flag", default="1"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Wide:
    """A label that is not much higher than wide: lines of words, the code at the right."""

    __pydantic_config__ = STRICT

    lines: list[str]
    style: TextStyle
    first: TextStyle
    padding: float
    border_weight: float
    qr_share: float
    """Most of the label's width that the code takes."""
    qr_least: float
    qr_words: float
    qr_style: TextStyle


@dataclass(frozen=True, slots=True)
class LabelMeasures:
    """labels.toml."""

    __pydantic_config__ = STRICT

    title: str
    spine_height: float
    slim: float
    """A label so many times as high as wide is printed like a spine."""
    margin: float
    wide: _Wide
    strip: StripMeasures
    marks: CutMarks
    page: PageSetup


def labels(sheets: Sequence[Sheet], options: Options) -> Document:
    """A label for each box, as large as the options say."""
    form = load("labels", LabelMeasures)
    own = options.get("size") == "own"
    width = _number(options, "width") if own else float(options.get("size") or "30")
    height = _number(options, "height") if own else form.spine_height
    grid = Grid(
        form.page, width, height, (_number(options, "gap-x", 0), _number(options, "gap-y", 0)),
        int(_number(options, "columns", 0)), int(_number(options, "rows", 0)), form.margin,
        int(_number(options, "start", 0)),
    )  # fmt: skip
    slim = height >= form.slim * width

    def label(values: Values, x: float, y: float) -> Iterator[Placed]:
        room = (x, y, width, height)
        return (
            strip(values, form.strip, room, options)
            if slim
            else _wide(values, form.wide, room, options)
        )

    pages = [
        [block for one, (x, y) in zip(sheets[start:], page, strict=False)
         for block in label(one.values, x, y)]
        for start, page in grid.places(len(sheets))
    ]  # fmt: skip
    marks = form.marks if flag(options, "marks") else None
    return titled(sheets, form.title, (grid_section(form.title, grid, pages, marks),))


def _wide(
    values: Values, form: _Wide, room: tuple[float, float, float, float], options: Options
) -> Iterator[Placed]:
    x, y, width, height = room
    pad = form.padding
    if form.border_weight:
        yield Frame(x + 1, y + 1, width - 2, height - 2, form.border_weight)
    left, right = x + pad, x + width - pad
    size = min(width * form.qr_share, height - 2 * pad - form.qr_words)
    if flag(options, "qr") and size >= form.qr_least:
        right -= size
        top = y + (height - size - form.qr_words) / 2
        yield QrCode(right, top, size, text(values, "二维码内容"))
        words = fingerprint_words(values, per_line=2)
        yield TextBox(right, top + size, size, form.qr_words, words, form.qr_style)
        right -= pad / 2
    said = {key: value for key, value in values.items() if isinstance(value, str)}
    found = [filled("labels", "lines", one, **said).strip() for one in form.lines]
    shown = [one for one in found if one]
    each = (height - 2 * pad) / max(1, len(shown))
    for number, line in enumerate(shown):
        style = form.style if number else form.first
        yield TextBox(left, y + pad + number * each, right - left, each, line, style, "left")


def _number(options: Options, key: str, empty: float | None = None) -> float:
    """A measure as it was typed; raises ValidationError."""
    typed = (options.get(key) or "").strip()
    if not typed and empty is not None:
        return empty
    try:
        number = float(typed)
    except ValueError:
        number = -1.0
    if not 0 <= number <= 400 or (empty is None and number < 10):
        name = next(one.name for one in OPTIONS if one.key == key)
        raise ValidationError(f"标签的{name}不能是“{typed}”。", "请填毫米数，例如 35。")
    return number
