"""Certificates, one on a page within a frame, and the register of them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from app.errors import ConflictError, ExportError
from app.services.documents.tree import (
    Align,
    Cell,
    Column,
    Document,
    Frame,
    PageSetup,
    Row,
    Section,
    Table,
    TextStyle,
)
from app.services.forms.form import Form, Option, Sheet, each, text
from app.services.forms.measures import STRICT, load
from app.services.forms.reports.listing import Listing, section
from app.services.forms.reports.official import wide

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from app.services.certificates import CertificateView
    from app.services.documents.tree import VAlign
    from app.services.forms.form import Options, Values
    from app.services.forms.reading import Reading

GROUP = "证书"
_MM = 72 / 25.4
_CLOSE = 1.35
"""Leading of long texts."""
_SIZES = (
    ("a4-across", "A4 横"), ("a4-upright", "A4 竖"), ("k16-across", "大 16 开横"),
    ("k16-upright", "大 16 开竖"),
)  # fmt: skip
PAPER = Option("paper", "纸张", choices=_SIZES, default="a4-across")
FRAMED = Option(
    "frame", "边框", choices=(("yes", "印边框"), ("no", "不印，用印好边框的证书纸")), default="yes"
)


@dataclass(frozen=True, slots=True)
class Band:
    """A part of the height and the type in it."""

    __pydantic_config__ = STRICT

    share: float
    style: TextStyle


@dataclass(frozen=True, slots=True)
class Layout:
    """Measures of resources/forms/certificates.toml."""

    __pydantic_config__ = STRICT

    sizes: dict[str, tuple[float, float]]
    outer: float
    outer_color: str
    outer_margin: float
    inner: float
    inner_margin: float
    padding: float
    smallest: float
    kind_spread: int
    indent: int
    kind: Band
    body: Band
    issuer: Band
    date: Band
    number: Band


def _build(sheet: Sheet, options: Options) -> Document:
    own, values = load("certificates", Layout), sheet.values
    width, height = own.sizes[options.get("paper") or PAPER.default]
    side = own.inner_margin + own.padding
    room = width - 2 * side
    page = PageSetup(
        width, height, own.inner_margin, own.inner_margin, side, side, foot=own.inner_margin
    )
    high = height - 2 * own.inner_margin - 1  # a hair less, so that rounding needs no second page

    def row(band: Band, words: str, align: Align, valign: VAlign = "middle") -> Row:
        tall = band.share * high
        style = _fitting(words, band.style, room, tall, own.smallest)
        return Row((Cell(words, style, align, valign),), tall, name=text(values, "证书编号"))

    rows = (
        row(own.kind, _spread(text(values, "证书种类"), own.kind_spread), "center"),
        row(own.body, _indented(text(values, "正文"), own.indent), "left"),
        row(own.issuer, text(values, "颁发单位"), "right", "bottom"),
        row(own.date, text(values, "颁发日期"), "right"),
        row(own.number, _numbered(values), "left"),
    )
    words = Table((Column(room, "left"),), rows, outer=0, inner=0, padding_x=0, padding_y=0)
    frames = () if options.get("frame") == "no" else tuple(_frames(own, page))
    title = " ".join(filter(None, (text(values, "证书编号"), text(values, "姓名"))))
    return Document(
        text(values, "证书种类") or GROUP, (Section(title, page, (words,), head=frames),)
    )


def draft(view: CertificateView, created: datetime) -> bytes:
    """A certificate that is not given yet, to be looked at as PDF."""
    from app.services.documents.pdf import render_bytes
    from app.services.forms.values.certificate import values_of

    return render_bytes(_build(Sheet(values_of(view)), {}), created)


def _frames(own: Layout, page: PageSetup) -> list[Frame]:
    return [
        Frame(
            margin, margin, page.width - 2 * margin, page.height - 2 * margin, weight,
            own.outer_color,
        )
        for margin, weight in ((own.outer_margin, own.outer), (own.inner_margin, own.inner))
    ]  # fmt: skip


def _spread(words: str, by: int) -> str:
    """Few characters stand apart: 荣　誉　证　书."""
    return ("　" * by).join(words) if 1 < len(words) < 6 else words


def _indented(words: str, by: int) -> str:
    """Every paragraph begins two characters in, but the line that addresses somebody."""
    lines = (line.strip() for line in words.splitlines())
    return "\n".join(
        line if line.endswith("：") or not line else "　" * by + line for line in lines
    )


def _numbered(values: Values) -> str:
    number = text(values, "证书编号")
    return f"编号：{number}" if number else ""


def _fitting(words: str, style: TextStyle, width: float, height: float, least: float) -> TextStyle:
    """The style, smaller or set closer where the words would need more room than there is."""
    size = style.size
    while size >= least:
        for leading in dict.fromkeys((style.leading, min(style.leading, _CLOSE))):
            chars = max(int(width * _MM / size), 1)
            lines = sum(max(-(-int(2 * wide(one)) // (2 * chars)), 1) for one in words.split("\n"))
            if lines * size * leading <= height * _MM:
                return replace(style, size=size, leading=leading)
        size -= 0.5
    raise ExportError(f"证书上的“{words[:20]}…”太长，一页放不下。", "请缩短后再印。")


def _register(sheets: Sequence[Sheet], _options: Options) -> Document:
    own = load("certificate_register", Listing)
    values = [sheet.values for sheet in sheets]
    first = values[0] if values else {}
    lines = [
        {
            **one, "正文": " ".join(text(one, "正文").split()),
            "备注": "；".join(filter(None, (text(one, "状态"), text(one, "备注")))),
        }
        for one in values
    ]  # fmt: skip
    about = (text(first, "共同体"), text(first, "学年"), f"共 {len(lines)} 份")
    return Document(own.title, (section(own, own.title, about, lines),))


def _valid(reading: Reading, ids: Sequence[str]) -> Sequence[str]:
    """Withdrawn certificates are not handed out."""
    from app.services.forms.values import certificate

    sheets = certificate.SUBJECT.read(reading, ids)
    for sheet in sheets:
        if text(sheet.values, "状态"):
            raise ConflictError(
                f"{text(sheet.values, '证书编号')} 已经作废，不能再印。", "请另发一份新证书。"
            )
    return ()


FORMS = (
    Form(
        "certificates", "证书", GROUP, "certificate", each(_build), options=(PAPER, FRAMED),
        words="一张一页，可印在空白纸上，也可印在有边框的证书纸上", check=_valid,
    ),
    Form(
        "certificate-register", "证书登记册", GROUP, "certificate", _register,
        (".pdf", ".docx", ".xlsx"), together=True, words="按编号列出全部证书，作废的也在内",
    ),
)  # fmt: skip
