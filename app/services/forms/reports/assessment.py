"""The self-assessment report: as the table it is filled in, or item by item as an official letter."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.services.forms.form import Form, Option, Outcome, each, lines, text
from app.services.forms.measures import STRICT, load
from app.services.forms.reports.of_period import GROUP
from app.services.forms.reports.official import (
    DATED,
    LAYOUT,
    SEALED,
    SIGNED,
    Letter,
    measures,
    signed,
)
from app.services.forms.reports.written import filled
from app.services.reports import self_assessment
from app.services.standing.report import MISSING, SelfReport

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from app.progress import Progress
    from app.services.documents.tree import Document
    from app.services.forms.form import Options, Sheet, Values
    from app.services.forms.reading import Reading

_TABLE = "table"
_HOW = Option(
    LAYOUT.key, LAYOUT.name, choices=((_TABLE, "考核表"), *LAYOUT.choices), default=_TABLE,
    words="考核表一行一项；公文格式逐项成文（GB/T 9704-2012）",
)  # fmt: skip
_ADVICE = Option(
    "advice", "写上还能补回的分", choices=(("yes", "写"), ("no", "不写")), default="yes",
    words="自己看时写上，上交时不写",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Words:
    """Words of the official layout, of resources/forms/self_assessment.toml."""

    __pydantic_config__ = STRICT

    title: str
    begin: str
    item: str
    item_open: str
    """Where the points are not known yet."""
    how: str
    proof: str
    lacking: str
    advice: str
    advice_line: str


def _build(sheet: Sheet, options: Options) -> Document:
    as_table = (options.get("layout") or _TABLE) == _TABLE
    if as_table and isinstance(sheet.view, SelfReport):
        return self_assessment.document(sheet.view, advice=_advised(options))
    return _letter(sheet.values, {**options, "layout": "" if as_table else options["layout"]})


def _advised(options: Options) -> bool:
    return options.get("advice") != "no"


def _letter(values: Values, options: Options) -> Document:
    own, letter = load("self_assessment", Words), Letter(measures(options))
    title = filled(own.title, values)
    letter.title(title)
    letter.say(filled(own.begin, values))
    group = ""
    for item in lines(values, "考核表"):
        if text(item, "类别") != group:
            group = text(item, "类别")
            letter.head(1, group)
        known = text(item, "得分") != MISSING
        letter.head(2, filled(own.item if known else own.item_open, item))
        if text(item, "得分怎样来的"):
            letter.say(filled(own.how, item))
        proof = text(item, "佐证材料").splitlines()
        if proof:
            letter.say(filled(own.proof, {"份数": str(len(proof))}))
            letter.say(*(f"（{number}）{one}" for number, one in enumerate(proof, 1)))
    lacking = [text(one, "事实") for one in lines(values, "缺的事实")]
    if lacking:
        letter.head(1, own.lacking)
        letter.say(*(f"{number}.{one}。" for number, one in enumerate(lacking, 1)))
    advice = lines(values, "可补的分") if _advised(options) else ()
    if advice:
        letter.head(1, own.advice)
        letter.say(*(
            f"{number}.{filled(own.advice_line, one)}" for number, one in enumerate(advice, 1)
        ))  # fmt: skip
    signed(letter, {**values, "署名": text(values, "考核对象")}, options)
    return letter.document(title, text(values, "考核对象"))


def _lacking(reading: Reading, ids: Sequence[str]) -> Sequence[str]:
    """The facts that are missing: the total is only what is known so far."""
    from app.services.forms.values import assessed

    sheets = assessed.SUBJECT.read(reading, ids)
    return tuple(dict.fromkeys(
        text(one, "事实") for sheet in sheets for one in lines(sheet.values, "缺的事实")
    ))  # fmt: skip


def _write(
    reading: Reading, ids: Sequence[str], options: Options, target: Path, progress: Progress
) -> Outcome:
    """A workbook has a sheet for each list of one report; the others come from the tree."""
    from app.errors import ValidationError
    from app.services.documents.writing import write
    from app.services.forms.values import assessed

    sheets = assessed.SUBJECT.read(reading, ids)
    if target.suffix.lower() != ".xlsx":
        write(each(_build)(sheets, options), target, reading.now, progress)
    elif len(sheets) == 1:
        report = sheets[0].view
        self_assessment.write_excel(report, target, reading.now, advice=_advised(options))
    else:
        raise ValidationError(
            "自评报告的 Excel 文件一次只能写一个考核对象。", "请只选一个，或者改用 .docx、.pdf。"
        )
    return Outcome((target,))


FORMS = (
    Form(
        "self-assessment", "自评报告", GROUP, "assessed", each(_build), (".docx", ".pdf", ".xlsx"),
        (_HOW, _ADVICE, SIGNED, DATED, SEALED), first=True, check=_lacking, write=_write,
        words="按考核表逐项写得分、怎样得的、佐证材料；还缺的事实一并列出",
    ),
)  # fmt: skip
