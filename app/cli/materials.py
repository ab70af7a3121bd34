"""The command that takes in files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.cli.opening import open_archive
from app.cli.output import DONE, FINDINGS, complain, progress, tell
from app.cli.parser import path
from app.errors import StorageError

if TYPE_CHECKING:
    import argparse

    from app.cli.parser import Commands


def add(commands: Commands) -> None:
    """Add the commands of this room."""
    ingest = commands.add("ingest", _ingest, "把文件和文件夹加入材料")
    ingest.add_argument("paths", nargs="+", type=path, metavar="PATH")
    ingest.add_argument("--activity", metavar="REF", help="归到这个活动（编号）")
    ingest.add_argument(
        "--slot", default="", metavar="NAME", help="考核项的编号或名称；有 --activity 时为材料项"
    )
    ingest.add_argument("--by-folder", action="store_true", help="按文件夹名称归入考核项")


def _ingest(options: argparse.Namespace) -> int:
    from app.services.evidence.service import Destination

    with open_archive(options) as services:
        to = Destination(activity_id=options.activity, slot=options.slot)
        if options.by_folder or (options.slot and not options.activity):
            adopted = services.adoptions.current()
            item = None
            if options.slot and not options.activity:
                item = services.adoptions.find_item(adopted.id, options.slot).id
            to = Destination(adopted.id, item, options.activity, options.slot, options.by_folder)
        watch = progress()
        report = services.evidence.ingest(options.paths, to, watch)
        try:
            services.evidence.read_texts(watch)
            unread = False
        except (StorageError, KeyboardInterrupt) as stopped:  # the files are in: tell of them
            unread = True
            reason = stopped.sentence if isinstance(stopped, StorageError) else ""
            complain(f"{reason}材料已经收好，文档里的文字下次加入材料时接着读。")
    lines = [
        f"加入 {len(report.added)} 份，重复 {len(report.duplicates)} 份，未收 {len(report.refused)} 份。"
    ]
    lines += [f"重复\t{one.path}\t与“{one.name}”内容相同" for one in report.duplicates]
    lines += [f"未收\t{one.path}\t{one.reason}" for one in report.refused]
    lines += [f"注意\t{one.name}\t{remark}" for one in report.added for remark in one.remarks]
    tell(options, report, lines)
    return FINDINGS if report.refused or unread else DONE
