"""The command that prints forms to files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.cli.opening import open_archive
from app.cli.output import DONE, FINDINGS, progress, tell
from app.cli.parser import path
from app.errors import ValidationError

if TYPE_CHECKING:
    import argparse

    from app.cli.parser import Commands

_OWN = "template"
"""In place of a form's name: an office's own form that stands for none of ours."""


def add(commands: Commands) -> None:
    """Add the commands of this room."""
    export = commands.add("export", _export, "输出 PDF、Word、Excel")
    export.add_argument(
        "what",
        metavar="WHAT",
        help="表单的名称，写 list 列出全部，写 template 按 --template 的表格",
    )
    export.add_argument("--out", type=path, metavar="FILE", help="结尾 .pdf .docx .xlsx 定格式")
    export.add_argument("--box", type=int, metavar="N", help="第几盒；不写则全部")
    export.add_argument(
        "--id", dest="ids", action="append", metavar="ID", help="哪一条记录，可写几次；不写则全部"
    )
    export.add_argument("--template", metavar="F", help="用本单位的表格：名称，或 .docx .xlsx 文件")
    export.add_argument(
        "--set", dest="chosen", action="append", default=[], metavar="NAME=VALUE", help="表单的选项"
    )
    export.add_argument("--year", type=int, metavar="Y", help="学年开始的年份")


def _export(options: argparse.Namespace) -> int:
    if options.what == "list":
        return _list(options)
    if options.out is None:
        raise ValidationError("没有说输出到哪个文件。", "请加上 --out 文件名。")
    from app.services.forms.form import Request

    with open_archive(options) as services:
        adopted = services.adoptions.current(options.year)
        wanted = Request(
            options.what, adopted.id, _targets(options), _chosen(options.chosen),
            options.template,
        )  # fmt: skip
        if options.what == _OWN:
            name, ids = options.template or "", _targets(options)
            made = services.templates.export(name, adopted.id, ids, options.out, progress())
        else:
            made = services.forms.export(wanted, options.out, progress())
    lines = [f"已输出：{one}" for one in made.files]
    lines += [made.account] if made.account else []
    lines += [f"待改\t{one}" for one in made.notes]
    told = {
        "paths": made.files, "pages": made.pages, "account": made.account, "findings": made.notes,
    }  # fmt: skip
    tell(options, told, lines)
    return FINDINGS if made.notes else DONE


def _list(options: argparse.Namespace) -> int:
    with open_archive(options) as services:
        forms = services.forms.all()
    listed = [
        {
            "key": one.key, "name": one.name, "group": one.group, "formats": one.formats,
            "options": {option.key: option.name for option in one.options},
        }
        for one in forms
    ]  # fmt: skip
    lines = [f"{one.key}\t{one.name}\t{' '.join(one.formats)}" for one in forms]
    tell(options, {"forms": listed}, lines)
    return DONE


def _targets(options: argparse.Namespace) -> tuple[str, ...] | None:
    if options.box is not None:
        return (str(options.box),)
    return tuple(options.ids) if options.ids else None


def _chosen(pairs: list[str]) -> dict[str, str]:
    chosen: dict[str, str] = {}
    for pair in pairs:
        key, equals, value = pair.partition("=")
        if not equals:
            raise ValidationError(f"“{pair}”不是选项。", "请写成 名称=值。")
        chosen[key] = value
    return chosen
