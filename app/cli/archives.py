"""Commands about an archive as a whole: new, shown, checked, backed up."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.cli.opening import open_archive, window
from app.cli.output import DONE, FINDINGS, progress, tell
from app.cli.parser import path
from app.context import Context

if TYPE_CHECKING:
    import argparse

    from app.cli.parser import Commands


def add(commands: Commands) -> None:
    """Add the commands of this room."""
    commands.add("open", _open_window, "打开窗口，直接显示这个档案库")
    commands.add("demo", _demo, "建立一个示例档案库，并输出整套封面、盒脊、目录和备考表")
    init = commands.add("init", _init, "新建档案库")
    init.add_argument(
        "--scheme",
        required=True,
        metavar="ID",
        help="考核方案，见 schemes；或自己的方案文件（.toml）",
    )
    init.add_argument("--community", required=True, metavar="NAME", help="共同体（工作坊）名称")
    init.add_argument("--school", required=True, metavar="NAME", help="单位名称")
    init.add_argument("--year", required=True, type=int, help="学年开始的年份，如 2025")
    init.add_argument("--person", default="", metavar="NAME", help="名师姓名（考核个人的方案）")
    check = commands.add("check", _check, "检查数据库、材料文件和操作记录")
    check.add_argument("--full", action="store_true", help="重新计算每个文件的校验值")
    backup = commands.add("backup", _backup, "备份整个档案库，写完后核对")
    backup.add_argument("--to", type=path, metavar="PATH", help="放备份的文件夹")


def _open_window(options: argparse.Namespace) -> int:
    return window(options.dir)


def _demo(options: argparse.Namespace) -> int:
    from app.services.demo import make_demo

    made = make_demo(options.dir, Context(), progress())
    tell(options, made, made.lines)
    return DONE


def _init(options: argparse.Namespace) -> int:
    from app.bootstrap import create_services
    from app.services.setup import NewArchive

    wanted = NewArchive(
        options.scheme, options.community, options.school, options.year, options.person
    )
    with create_services(options.dir, wanted, Context()) as services:
        adopted = services.adoptions.current()
        data = {"path": services.archive.path, "id": services.archive.id, "adoption": adopted}
        tell(options, data, [f"已建立档案库：{services.archive.path}"])
    return DONE


def _check(options: argparse.Namespace) -> int:
    from app.services.safety.check import check

    with open_archive(options) as services:
        report = check(services.archive, full=options.full, progress=progress())
    lines = [f"{problem.where}\t{problem.text}" for problem in report.problems]
    lines.append(
        f"查了 {report.evidence} 份材料、{report.batches} 步操作，发现 {len(report.problems)} 处问题。"
    )
    tell(options, report, lines)
    return FINDINGS if report.problems else DONE


def _backup(options: argparse.Namespace) -> int:
    from app.services.safety.backup import back_up

    with open_archive(options) as services:
        report = back_up(services.archive, options.to, progress())
    tell(options, report, [f"已备份 {report.files} 份材料，并逐一核对：{report.path}"])
    return DONE
