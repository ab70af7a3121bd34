"""The command that brings in tables of schools and people."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.cli.opening import open_archive
from app.cli.output import DONE, FINDINGS, tell
from app.cli.parser import path

if TYPE_CHECKING:
    import argparse

    from app.cli.parser import Commands


def add(commands: Commands) -> None:
    """Add the commands of this room."""
    importing = commands.add("import", _import, "从 Excel 或 CSV 导入")
    importing.add_argument("kind", metavar="KIND", choices=["members"], help="members：成员花名册")
    importing.add_argument("file", type=path, metavar="FILE")
    importing.add_argument("--sheet", metavar="S", help="工作表名称")
    importing.add_argument("--mapping", type=path, metavar="F", help="列的对应关系（TOML 或 JSON）")
    importing.add_argument("--dry-run", action="store_true", help="只检查，不写入")
    importing.add_argument("--rejects", type=path, metavar="OUT.xlsx", help="没有导入的行写到这里")


def _import(options: argparse.Namespace) -> int:
    from app.services.imports.command import import_members_file

    with open_archive(options) as services:
        report = import_members_file(
            services.archive.uow,
            options.file,
            community_id=services.adoptions.current().community_id,
            sheet=options.sheet,
            mapping=options.mapping,
            dry_run=options.dry_run,
            rejects=options.rejects,
        )
    tell(options, report.data, report.lines)
    return FINDINGS if report.data["rejected"] else DONE
