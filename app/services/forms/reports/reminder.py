"""催交单: slips to be cut apart, one for each person who has to hand something in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.services.documents.tree import (
    Cell,
    Column,
    Document,
    PageSetup,
    Row,
    Section,
    Table,
    TextStyle,
)
from app.services.forms.form import Form, Option, Outcome, lines, text
from app.services.forms.measures import STRICT, load
from app.services.forms.reports.listing import Listing, section
from app.services.forms.reports.official import long_day
from app.services.forms.reports.written import filled

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from app.progress import Progress
    from app.services.forms.form import Options, Sheet, Values
    from app.services.forms.reading import Reading

_OFFICE = Option("office", "交到哪里", "text", default="教导处")
_BY = Option("by", "要求交齐的日期", "date", words="不写就是尽快")


@dataclass(frozen=True, slots=True)
class Layout:
    """Measures and words of resources/forms/reminder.toml."""

    __pydantic_config__ = STRICT

    title: str
    greeting: str
    asked: str
    by: str
    soon: str
    receipt: str
    cut: str
    cut_height: float
    title_style: TextStyle
    text_style: TextStyle
    cut_style: TextStyle
    page: PageSetup


def _build(sheets: Sequence[Sheet], options: Options) -> Document:
    own = load("reminder", Layout)
    slips = tuple(_slip(own, sheet.values, options) for sheet in sheets)
    return Document(own.title, (Section(own.title, own.page, slips),))


def _slip(own: Layout, values: Values, options: Options) -> Table:
    """One slip; its rows are kept together."""
    office = options.get("office") or _OFFICE.default
    day = long_day(text(values, "交齐日期"))
    said = {
        **values, "交齐日期": day, "收件处": office,
        "期限": filled(own.by, {"交齐日期": day}) if day else own.soon,
    }  # fmt: skip
    made = f"{office}　{text(values, '制单日期')}"
    cells = [
        Cell(own.title, own.title_style, "center"), Cell(filled(own.greeting, said).strip()),
        Cell(f"　　{filled(own.asked, said)}"),
        *(
            Cell(f"□ {text(one, '序号')}．{text(one, '内容')}") for one in lines(values, "欠交")
        ),
        Cell(made, align="right"), Cell(own.receipt), Cell(own.cut, own.cut_style, "center"),
    ]  # fmt: skip
    rows = tuple(
        Row(
            (cell,),
            own.cut_height if number == len(cells) else 0,
            keep_next=number < len(cells),
            name=text(values, "姓名"),
        )
        for number, cell in enumerate(cells, 1)
    )
    width = own.page.width - own.page.left - own.page.right
    return Table((Column(width, "left"),), rows, style=own.text_style, outer=0, inner=0)


def _as_list(sheets: Sequence[Sheet], options: Options) -> Document:
    """All that is owed as one table, a line for each thing: what Excel is for."""
    own = load("reminder_list", Listing)
    owed: list[Values] = [
        {
            **{name: text(sheet.values, name) for name in ("单位", "姓名", "制单日期")},
            "交齐日期": long_day(text(sheet.values, "交齐日期")),
            "内容": text(line, "内容"), "期限": text(line, "期限"),
        }
        for sheet in sheets
        for line in lines(sheet.values, "欠交")
    ]  # fmt: skip
    about = (
        f"{len(sheets)} 人，{len(owed)} 项",
        f"交到 {options.get('office') or _OFFICE.default}",
    )
    return Document(own.title, (section(own, own.title, about, owed),))


def _write(
    reading: Reading, ids: Sequence[str], options: Options, target: Path, progress: Progress
) -> Outcome:
    from app.services.documents.writing import write
    from app.services.forms.values import debtor

    build = _as_list if target.suffix.lower() == ".xlsx" else _build
    write(build(debtor.SUBJECT.read(reading, ids), options), target, reading.now, progress)
    return Outcome((target,))


FORMS = (
    Form(
        "reminder", "催交单", "通知", "debtor", _build, (".docx", ".pdf", ".xlsx"), (_BY, _OFFICE),
        words="每人一张，沿虚线裁开；写成 Excel 是一张总表", together=True,
        write=_write,
    ),
)  # fmt: skip
