"""The command that brings in tables of schools, people, activities and observations."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.cli.opening import open_archive
from app.cli.output import DONE, FINDINGS, progress, tell
from app.cli.parser import path

if TYPE_CHECKING:
    import argparse

    from app.cli.parser import Commands


def add(commands: Commands) -> None:
    """Add the commands of this room."""
    importing = commands.add("import", _import, "从 Excel、CSV 导入单位、成员、活动、听课记录")
    importing.add_argument(
        "kind", metavar="KIND", choices=list(_KINDS), help="schools members activities observations"
    )
    importing.add_argument("file", type=path, metavar="FILE")
    importing.add_argument("--sheet", metavar="S", help="工作表名称")
    importing.add_argument("--mapping", type=path, metavar="F", help="列的对应关系（TOML 或 JSON）")
    importing.add_argument("--dry-run", action="store_true", help="只检查，不写入")
    importing.add_argument("--rejects", type=path, metavar="OUT.xlsx", help="没有导入的行写到这里")
    importing.add_argument(
        "--policy", choices=list(_POLICIES), default="update",
        help="已有的记录：update 更新，fill 只补空白，skip 跳过，both 另建一条",
    )  # fmt: skip
    importing.add_argument(
        "--create-missing",
        action="store_true",
        help="活动、听课记录里档案库没有的人和单位，照名字新建",
    )


_KINDS = ("schools", "members", "activities", "observations")
_POLICIES = ("update", "fill", "skip", "both")


def _import(options: argparse.Namespace) -> int:
    from app.services.imports.command import import_file
    from app.services.imports.report import Options

    with open_archive(options) as services:
        community_id = services.adoptions.current().community_id
        told = import_file(
            services.archive.uow,
            options.kind,
            options.file,
            Options(community_id, options.policy, options.create_missing),
            sheet=options.sheet,
            mapping=options.mapping,
            dry_run=options.dry_run,
            rejects=options.rejects,
            progress=progress(),
        )
    tell(options, told.data, told.lines)
    return FINDINGS if told.report.rejected else DONE
