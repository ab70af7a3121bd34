"""Commands about archive boxes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.cli.opening import open_archive
from app.cli.output import DONE, FINDINGS, tell
from app.errors import NotFoundError

if TYPE_CHECKING:
    import argparse

    from app.cli.parser import Commands


def add(commands: Commands) -> None:
    """Add the commands of this room."""
    box = commands.add("box", _box, "排盒，列出档案盒，编档号，核对标签")
    box.add_argument("what", choices=list(_ACTS))
    box.add_argument("--year", type=int, metavar="Y", help="学年开始的年份")
    box.add_argument("--give", action="store_true", help="codes：给还没有档号的材料编号")
    box.add_argument("--withdraw", metavar="CODE", help="codes：收回这个档号，号码不再使用")
    box.add_argument("--reason", metavar="TEXT", default="", help="codes：为什么收回")
    box.add_argument(
        "--code", metavar="TEXT", default="", help="verify：二维码的内容，或 16 位目录码"
    )


def _box(options: argparse.Namespace) -> int:
    return _ACTS[options.what](options)


def _codes(options: argparse.Namespace) -> int:
    """Every archival code, what would be given next, and what is missing."""
    with open_archive(options) as services:
        adopted = services.adoptions.current(options.year)
        codes = services.codes
        if options.withdraw:
            wanted = [one.id for one in codes.all(adopted.id) if one.code == options.withdraw]
            if not wanted:
                raise NotFoundError(f"没有档号“{options.withdraw}”。", "请核对后再试。")
            codes.withdraw(wanted, options.reason)
        if options.give:
            codes.give(adopted.id)
        plan, given = codes.plan(adopted.id), codes.all(adopted.id)
    lines = [f"档号的写法：{plan.pattern}，例如 {plan.sample}"]
    lines += [f"{one.code}\t{one.title}\t{one.state_words}" for one in given]
    lines += [f"可编\t{one.code}\t{one.title}" for one in plan.new]
    lines += [f"缺号\t{gap}" for gap in plan.gaps]
    told = {
        "pattern": plan.pattern, "sample": plan.sample, "codes": given, "new": plan.new,
        "gaps": plan.gaps,
    }  # fmt: skip
    tell(options, told, lines)
    return FINDINGS if plan.gaps else DONE


def _verify(options: argparse.Namespace) -> int:
    """Whether the directory is still the one that a label was printed for."""
    with open_archive(options) as services:
        check = services.boxes.verify(options.code)
    box = check.box
    told = {"box": box.number, "period": box.period, "same": check.same, "now": box.fingerprint}
    tell(options, told, [check.words])
    return DONE if check.same else FINDINGS


def _list(options: argparse.Namespace) -> int:
    with open_archive(options) as services:
        adopted = services.adoptions.current(options.year)
        act = services.boxes.plan if options.what == "plan" else services.boxes.report
        report = act(adopted.id)
    boxes = [
        {
            "id": box.id,
            "number": box.number,
            "title_lines": box.title_lines,
            "thickness_mm": box.thickness_mm,
            "spine_mm": box.spine_mm,
            "bound": box.bound,
            "fingerprint": box.fingerprint,
            "items": [
                {
                    "seq": row.seq,
                    "title": row.title,
                    "author": row.author,
                    "date": row.date,
                    "pages": row.pages,
                    "folio_start": row.folio_start,
                    "folio_end": row.folio_end,
                    "assessment_item": row.assessment_no,
                    "refers_to": row.refers_to,
                    "archival_code": row.archival_code,
                }
                for row in box.rows
            ],
        }
        for box in report.boxes
    ]
    lines = [
        f"{box.label}\t{len(box.rows)} 件\t{box.pages} 页\t厚 {box.thickness_mm:g} 毫米"
        f"\t{box.unit}脊 {box.spine_mm:g} 毫米"
        for box in report.boxes
    ]
    lines += [f"待改\t{finding.title}\t{finding.text}" for finding in report.findings]
    tell(options, {"boxes": boxes, "findings": report.findings}, lines)
    open_points = [finding for finding in report.findings if finding.severity != "note"]
    return FINDINGS if open_points and options.what == "plan" else DONE


_ACTS = {"plan": _list, "list": _list, "codes": _codes, "verify": _verify}
