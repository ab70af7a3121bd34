"""Letters of a few sentences: leave slip 请假条 and invitation 邀请函."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

from app.services.documents.tree import (
    Document,
    PageSetup,
    Paragraph,
    Section,
    Spacer,
    TextStyle,
)
from app.services.forms.by_hand import ALL_BLANK, by_hand
from app.services.forms.form import Form, Option, Values
from app.services.forms.measures import STRICT, load
from app.services.forms.school.ruled import Layout, Line, ListColumn, RuledForm
from app.services.forms.school.style import pattern, style

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.services.documents.tree import Block
    from app.services.forms.form import Options, Sheet


@dataclass(frozen=True, slots=True)
class LetterMeasures:
    """resources/forms/leave_slip.toml, invitation.toml."""

    __pydantic_config__ = STRICT

    title: str
    entry: str
    """Pattern of what tells the letter apart in the outline."""
    salutation: str
    paragraphs: tuple[str, ...]
    closing: tuple[str, ...]
    blanks: dict[str, str]
    """What is printed for a field that is empty."""
    page: PageSetup
    title_style: TextStyle
    body: TextStyle
    title_after: float
    closing_before: float
    closing_right: float
    """Characters that the closing lines keep free at the right (GB/T 9704 7.3.5)."""
    frame_before: float = 0
    lines: tuple[Line, ...] = ()
    list: str = ""
    list_label: str = ""
    list_height: float = 0
    list_columns: tuple[ListColumn, ...] = ()


def letters(name: str, sheets: Sequence[Sheet], options: Options) -> Document:
    """A letter for each sheet, and for each of those whom it is to be sent to."""
    form = load(name, LetterMeasures)
    wanted = [one.strip() for one in options.get("to", "").replace("、", "\n").split("\n")]
    sections = [
        _letter(form, {**sheet.values, "受邀人": to, **_dated(options)})
        for sheet in sheets
        for to in ([one for one in wanted if one] or [""])
    ]
    return Document(form.title, tuple(sections))


def _dated(options: Options) -> Values:
    """The date below the letter, where one was typed."""
    year, _, rest = options.get("day", "").partition("-")
    month, _, day = rest.partition("-")
    if not (year.isdecimal() and month.isdecimal() and day.isdecimal()):
        return {}
    return {"落款日期": f"{year}年{int(month)}月{int(day)}日"}


def _letter(form: LetterMeasures, values: Values) -> Section:
    said = {**values, **{k: blank for k, blank in form.blanks.items() if not values.get(k)}}
    body = form.body
    blocks: list[Block] = [
        Paragraph(form.title, form.title_style, "center", after=form.title_after),
        Paragraph(pattern(form.salutation, said), body),
        *(Paragraph(pattern(one, said), body, indent=2) for one in form.paragraphs),
    ]
    if form.list and values.get(form.list):
        blocks += [Paragraph(f"{form.list_label}：", body, indent=2), _framed(form, values)]
    blocks.append(Spacer(form.closing_before))
    blocks += [
        Paragraph(pattern(one, said), body, "right", right=form.closing_right)
        for one in form.closing
    ]
    if form.lines:
        blocks += [Spacer(form.frame_before), _framed(form, values)]
    entry = pattern(form.entry, values).strip() or form.title
    return Section(entry, form.page, tuple(blocks))


def _framed(form: LetterMeasures, values: Values) -> Block:
    """The list or the lines to be filled in, in a frame as wide as the text."""
    lines = form.lines or (
        Line(list=form.list, columns=form.list_columns, height=form.list_height),
    )
    layout = Layout(form.title, form.title, lines)
    return RuledForm(layout, replace(style(), page=form.page), values).table()


_DAY = Option("day", "落款日期", "date", words="不填则留空手写")

FORMS = (
    Form(
        "leave-slip", "请假条", "学校表单", "leave", partial(letters, "leave_slip"),
        options=(by_hand(ALL_BLANK), _DAY),
        words="签到时登记为请假的人",
    ),
    Form(
        "invitation", "邀请函", "学校表单", "activity", partial(letters, "invitation"),
        options=(
            Option("to", "受邀人", "text", words="几个人用顿号隔开，每人一张；不填则留空"), _DAY,
        ),
        words="附活动议程",
    ),
)  # fmt: skip
