"""The command about schemes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.cli.output import DONE, FINDINGS, tell
from app.cli.parser import path

if TYPE_CHECKING:
    import argparse

    from app.cli.parser import Commands


def add(commands: Commands) -> None:
    """Add the commands of this room."""
    schemes = commands.add("schemes", _schemes, "列出内置的考核方案，或显示其中一个", archive=False)
    schemes.add_argument("id", nargs="?", metavar="ID")
    schemes.add_argument(
        "--check", type=path, metavar="FILE", help="检查一个方案文件，指出每处错误"
    )


def _schemes(options: argparse.Namespace) -> int:
    from app.services.schemes.catalogue import preset, presets
    from app.services.schemes.loader import check

    if options.check:
        errors = check(options.check)
        lines = [f"{error.place}：{error.text}" for error in errors] or ["方案没有错误。"]
        tell(options, {"errors": errors}, lines)
        return FINDINGS if errors else DONE
    if options.id:
        chosen = preset(options.id)
        tell(options, {"scheme": chosen.summary, "text": chosen.text}, [chosen.text])
        return DONE
    found = presets()
    tell(options, {"schemes": found}, [f"{one.id}\t{one.code}\t{one.name}" for one in found])
    return DONE
