"""签到表: names to sign beside, or what was signed; one or two columns of people on a page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.errors import ValidationError
from app.services.documents.tree import (
    Cell,
    Column,
    Document,
    PageSetup,
    Paragraph,
    Row,
    Section,
    Spacer,
    Table,
    TextStyle,
)
from app.services.forms.by_hand import BLANK, head_only
from app.services.forms.form import Form, Option, each, flag, lines, text
from app.services.forms.measures import STRICT, ColumnMeasure, load
from app.services.forms.school.grid import heading, heading_height, text_height, title_style
from app.services.forms.school.style import pattern, style

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from app.services.documents.tree import Block
    from app.services.forms.form import Options, Sheet, Values

_MOST_EXTRA = 1000
_EMPTY: Values = {}


@dataclass(frozen=True, slots=True)
class Groups:
    """One column of people on a page, or two beside each other."""

    __pydantic_config__ = STRICT

    groups: int
    row_height: float
    padding_x: float
    padding_y: float
    page: PageSetup
    label: TextStyle
    value: TextStyle
    columns: dict[str, ColumnMeasure]


@dataclass(frozen=True, slots=True)
class SignInMeasures:
    """resources/forms/sign_in.toml."""

    __pydantic_config__ = STRICT

    title: str
    blank_title: str
    facts: tuple[tuple[str, ...], ...]
    totals: str
    header_height: float
    foot: str
    blank_rows: int
    columns: dict[str, Groups]


def sign_in(sheet: Sheet, options: Options) -> Document:
    """The sheet of one activity."""
    form, common = load("sign_in", SignInMeasures), style()
    groups = form.columns[options.get("columns") or next(iter(form.columns))]
    values = sheet.values
    title = pattern(form.title if text(values, "活动名称") else form.blank_title, values)
    width = groups.page.width - groups.page.left - groups.page.right
    facts = [[pattern(words, values) for words in line] for line in form.facts]
    named = title_style(title, width, common)
    page = groups.page
    room = page.height - page.top - page.bottom - form.header_height
    room -= text_height(title, width, named) + common.title_after + 1
    told = sum(heading_height(line, width, common) for line in facts) + common.heads_after
    rows = [max(int(high / groups.row_height), 1) for high in (room - told, room)]
    people = _people(form, values, options)
    blocks: list[Block] = [
        *(heading(line, width, common) for line in facts), Spacer(common.heads_after),
        _table(groups, form, people, options, rows),
    ]  # fmt: skip
    if options.get("content") == "result" and text(values, "实到人数"):
        blocks.append(
            Paragraph(pattern(form.totals, values), common.head, "right", before=common.note_before)
        )
    head = (Paragraph(title, named, "center", after=common.title_after),)
    return Document(title, (Section(title, page, tuple(blocks), head, form.foot),))


def _people(form: SignInMeasures, values: Values, options: Options) -> list[Values]:
    """Who is to sign, and empty lines for those who come besides; all empty on a blank sheet."""
    listed = lines(values, "签到")
    extra = _extra(options)
    if head_only(options):
        return [_EMPTY] * (extra or max(len(listed), form.blank_rows))
    return [*listed, *[_EMPTY] * (extra if listed else extra or form.blank_rows)]


def _extra(options: Options) -> int:
    typed = options.get("extra", "").strip()
    if not typed:
        return 0
    if not (typed.isdecimal() and int(typed) <= _MOST_EXTRA):
        raise ValidationError(f"空白行数“{typed}”不对。", f"请填 0 到 {_MOST_EXTRA} 之间的整数。")
    return int(typed)


def _table(
    groups: Groups, form: SignInMeasures, people: Sequence[Values], options: Options,
    rows: Sequence[int],
) -> Table:  # fmt: skip
    """The frame; ``rows`` that the first page has, and each further one."""
    common, page = style(), groups.page
    columns = _columns(groups, options)
    taken = sum(one.width for one in columns.values())
    open_ones = sum(not one.width for one in columns.values()) or 1
    rest = ((page.width - page.left - page.right) / groups.groups - taken) / open_ones
    one_group = tuple(Column(one.width or rest, one.align) for one in columns.values())
    header = tuple(Cell(one.name, groups.label, "center") for one in columns.values())
    cells = [tuple(text(one, field) for field in columns) for one in people]
    if groups.groups > 1:
        cells = _side_by_side(cells, rows, len(columns))
    return Table(
        one_group * groups.groups, tuple(Row(one, groups.row_height) for one in cells),
        (Row(header * groups.groups, form.header_height),), groups.value,
        padding_x=groups.padding_x, padding_y=groups.padding_y, outer=common.outer, inner=common.inner,
    )  # fmt: skip


def _columns(groups: Groups, options: Options) -> Mapping[str, ColumnMeasure]:
    """The columns by their fields: what was asked for of those that the form has."""
    result = options.get("content") == "result"
    left_out = {"签名"} if result else {"签到时间", "情况"}
    if not flag(options, "phone"):
        left_out.add("电话")
    return {field: one for field, one in groups.columns.items() if field not in left_out}


def _side_by_side(
    cells: Sequence[tuple[str, ...]], rows: Sequence[int], columns: int
) -> list[tuple[str, ...]]:
    """Two groups beside each other: on each page down the left one, then down the right one."""
    found: list[tuple[str, ...]] = []
    first, further = rows
    while cells:
        most = further if found else first
        page, cells = cells[: 2 * most], cells[2 * most :]
        half = min(most, (len(page) + 1) // 2)
        right = [*page[half:], *[("",) * columns] * (2 * half - len(page))]
        found += [one + other for one, other in zip(page[:half], right, strict=True)]
    return found


FORM = Form(
    "sign-in", "签到表", "学校表单", "activity", each(sign_in), (".pdf", ".docx", ".xlsx"),
    options=(
        Option("content", "内容", choices=(("names", "印好姓名，现场签名"), ("result", "签到结果")),
               default="names"),
        Option("columns", "栏数", choices=(("1", "单栏"), ("2", "双栏")), default="1"),
        Option("phone", "联系电话", "flag", words="个人信息只收必要的"),
        Option("extra", "另加空白行", "number", words="给临时到会的人"),
        BLANK,
    ),
    words="单栏或双栏，电话可有可无；空白表可以先打印再签",
)  # fmt: skip
