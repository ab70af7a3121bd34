"""Ledgers, the roster, and the growth file of a teacher."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from app.services.documents.tree import (
    Cell,
    Column,
    Document,
    Heading,
    PageSetup,
    Paragraph,
    Row,
    Section,
    SignatureLine,
    Spacer,
    Table,
    TextStyle,
)
from app.services.forms.form import Form, Option, each, flag, lines, text
from app.services.forms.measures import STRICT, ColumnMeasure, load
from app.services.forms.reports.listing import Listing, section
from app.services.forms.reports.written import TableColumn, TableOf
from app.services.forms.values.ledger import LEDGERS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.services.documents.tree import Block
    from app.services.forms.form import Options, Sheet, Values

GROUP = "台账与名册"
_ALL = (".xlsx", ".docx", ".pdf")


@dataclass(frozen=True, slots=True)
class LedgerColumns:
    """Columns of one ledger, and which of them hold figures."""

    __pydantic_config__ = STRICT

    columns: tuple[ColumnMeasure, ...]
    figures: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LedgerLayout:
    """Measures of resources/forms/ledger.toml."""

    __pydantic_config__ = STRICT

    page: PageSetup
    row_height: float
    header_height: float
    foot: str
    title_style: TextStyle
    head_style: TextStyle
    header_style: TextStyle
    cell_style: TextStyle
    foot_style: TextStyle
    ledgers: dict[str, LedgerColumns]


def _ledger(sheet: Sheet, options: Options) -> Document:
    own, values = load("ledger", LedgerLayout), sheet.values
    which = own.ledgers[options.get("which") or LEDGERS[0][0]]
    title = text(values, "台账名称")
    listing = Listing(
        own.page, which.columns, title, own.row_height, own.header_height, own.foot,
        own.title_style, own.head_style, own.header_style, own.cell_style, own.foot_style,
        which.figures,
    )  # fmt: skip
    about = (text(values, "共同体"), text(values, "时段"), f"共 {text(values, '条数')} 条")
    return Document(title, (section(listing, title, about, lines(values, "台账")),))


@dataclass(frozen=True, slots=True)
class RosterLayout(Listing):
    """Measures of resources/forms/roster.toml."""

    __pydantic_config__ = STRICT

    id_number: ColumnMeasure | None = None
    """Stands in the place of the remarks."""


def _roster(sheet: Sheet, options: Options) -> Document:
    own, values = load("roster", RosterLayout), sheet.values
    if flag(options, "id_number"):
        columns = tuple(
            (own.id_number or one) if one.name == "备注" else one for one in own.columns
        )
        own = replace(own, columns=columns)
    title = f"{text(values, '共同体')}{own.title}"
    about = (text(values, "时段"), f"共 {text(values, '人数')} 人", text(values, "填表日期"))
    return Document(title, (section(own, title, about, lines(values, "成员")),))


@dataclass(frozen=True, slots=True)
class GrowthLayout:
    """Measures of resources/forms/growth_file.toml."""

    __pydantic_config__ = STRICT

    title: str
    facts: str
    totals: str
    row_height: float
    foot: str
    cover_top: float
    cover_gap: float
    cover_line: float
    cover_fields: tuple[str, ...]
    cover_style: TextStyle
    cover_field_style: TextStyle
    title_style: TextStyle
    header_style: TextStyle
    cell_style: TextStyle
    foot_style: TextStyle
    page: PageSetup
    sections: tuple[TableOf, ...]


def _growth(sheet: Sheet, _options: Options) -> Document:
    own, values = load("growth_file", GrowthLayout), sheet.values
    name = text(values, "姓名")
    cover: list[Block] = [
        Paragraph(own.title, own.cover_style, "center"), Spacer(own.cover_gap)
    ]  # fmt: skip
    cover += [
        SignatureLine(
            f"{_apart(one)}：",
            text(values, one),
            own.cover_field_style,
            own.cover_line,
            "center",
            6,
        )
        for one in own.cover_fields
    ]
    facts = lines(values, "基本情况")
    body: list[Block] = [
        Heading(own.facts, own.title_style, after=2), _facts(own, facts),
        Heading(own.totals, own.title_style, before=6, after=2), _totals(own, values),
    ]  # fmt: skip
    for table in own.sections:
        found = lines(values, table.list)
        if found:
            title = f"{table.caption or table.list}（{len(found)} 条）"
            body.append(Heading(title, own.title_style, before=6, after=2))
            body.append(_table(own, table.columns, found))
    return Document(
        f"{name}{own.title}",
        (
            Section(f"{name} 封面", replace(own.page, top=own.cover_top), tuple(cover)),
            Section(name, own.page, tuple(body), foot=own.foot, foot_style=own.foot_style),
        ),
    )


def _apart(label: str) -> str:
    """Labels of two characters as wide as those of four: 姓　　名."""
    return f"{label[0]}　　{label[1]}" if len(label) == 2 else label


def _width(page: PageSetup) -> float:
    return page.width - page.left - page.right


def _facts(own: GrowthLayout, facts: Sequence[Values]) -> Table:
    """Two facts in a row."""
    label, value = _width(own.page) * 0.16, _width(own.page) * 0.34
    columns = (Column(label), Column(value, "left"), Column(label), Column(value, "left"))
    pairs = [facts[at : at + 2] for at in range(0, len(facts), 2)]
    rows = []
    for pair in pairs:
        cells: list[Cell | str] = []
        for one in pair:
            cells += [Cell(text(one, "项目"), own.header_style), text(one, "内容")]
        rows.append(Row((*cells, *[""] * (4 - len(cells))), own.row_height))
    return Table(columns, tuple(rows), style=own.cell_style)


def _totals(own: GrowthLayout, values: Values) -> Table:
    """A row for each term, the sum last; columns that are empty in all of them are left out."""
    found = lines(values, "统计")
    names = list(dict.fromkeys(name for line in found for name in line))
    said = [one for n, one in enumerate(names) if not n or any(text(line, one) for line in found)]
    shares = (TableColumn(one, 2.4 if not n else 1) for n, one in enumerate(said))
    return _table(own, tuple(shares), found)


def _table(own: GrowthLayout, shown: Sequence[TableColumn], found: Sequence[Values]) -> Table:
    whole = sum(one.share for one in shown) or 1
    columns = tuple(Column(_width(own.page) * one.share / whole, one.align) for one in shown)
    header = Row(
        tuple(Cell(one.title or one.field, own.header_style, "center") for one in shown),
        own.row_height, keep_next=True,
    )  # fmt: skip
    rows = tuple(
        Row(tuple(text(line, one.field) for one in shown), own.row_height) for line in found
    )
    return Table(columns, rows, (header,), own.cell_style)


FORMS = (
    Form(
        "ledger", "台账", GROUP, "ledger", each(_ledger), _ALL,
        (Option("which", "哪一种台账", choices=LEDGERS, default=LEDGERS[0][0]),),
        words="活动、课例、听课、考勤、材料、证书、派驻各一种", first=True,
    ),
    Form(
        "roster", "花名册", GROUP, "roster", each(_roster), _ALL,
        (
            Option("id_number", "列出身份证号", "flag"),
            Option("whole", "电话和证号写全", "flag", words="不选就隐去中间几位；交上级确有需要时才选"),
        ),
        words="成员名单，电话和证号默认隐去中间几位",
    ),
    Form(
        "growth-file", "个人成长档案", GROUP, "growth", each(_growth), (".pdf", ".docx", ".xlsx"),
        (Option("years", "范围", choices=(("year", "本学年"), ("all", "全部学年")), default="year"),),
        words="封面、基本情况、各学期数字，授课、听课、活动、荣誉等逐条列出",
    ),
)  # fmt: skip
