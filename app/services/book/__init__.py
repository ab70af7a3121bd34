"""汇编成册: all evidence of some boxes as one printable book."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.services.forms.form import Form, Option, Options, Outcome, Sheet

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from app.progress import Progress
    from app.services.documents.tree import Document
    from app.services.forms.reading import Reading

OPTIONS = (
    Option("quality", "清晰度", choices=(
        ("print", "打印（每英寸 200 点）"), ("original", "原图"), ("screen", "屏幕"),
    ), default="print", words="照片按这个清晰度放进去；原图最大。"),
    Option("pictures", "每页照片", choices=(
        ("1", "1 张"), ("2", "2 张"), ("4", "4 张"),
    ), default="1"),
    Option("fit", "PDF 的页面", choices=(
        ("fit", "缩进版心"), ("keep", "保持原来大小"),
    ), default="fit", words="缩进版心时四周留出装订边和页码的地方。"),
    Option("dividers", "隔页", choices=(
        ("group", "每类一张"), ("item", "每类、每个考核项各一张"), ("none", "不要"),
    ), default="group"),
    Option("number", "页码位置", choices=(
        ("foot", "页脚，单页靠右双页靠左"), ("top", "上角，单页靠右双页靠左"),
    ), default="foot"),
    Option("stamp", "首页盖归档章", "flag", words="章的样子见“归档章”；四周的内容随之下移。"),
    Option("office", "把 Word、表格、幻灯片转成页面", "flag", default="1",
           words="需要这台电脑装有 LibreOffice；没有装的，印一张说明页代替。"),
    Option("pages", "每册最多页数", "number", words="留空不限；超出的自动分册。"),
    Option("megabytes", "每册最大（兆）", "number", words="留空不限；超出的自动分册。"),
)  # fmt: skip


def _build(sheets: Sequence[Sheet], _options: Options) -> Document:
    from app.services.book.outlook import outlook

    return outlook(sheets)


def _ready(reading: Reading, ids: Sequence[str]) -> Sequence[str]:
    from app.services.book.writing import ready

    return ready(reading, ids)


def _write(
    reading: Reading, ids: Sequence[str], options: Options, target: Path, progress: Progress
) -> Outcome:
    from app.services.book.writing import write

    return write(reading, ids, options, target, progress)


FORMS = (
    Form(
        "book", "汇编成册", "档案盒", "box", _build, options=OPTIONS, check=_ready, write=_write,
        together=True, template=False,
        words="把盒内材料全部合成一本：封面、目录、隔页、材料、汇编说明；可自动分册。",
    ),
)  # fmt: skip
