"""Commands that look at records: list, show, search."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.cli.opening import open_archive
from app.cli.output import DONE, tell
from app.cli.parser import count

if TYPE_CHECKING:
    import argparse

    from app.cli.parser import Commands


def add(commands: Commands) -> None:
    """Add the commands of this room."""
    listing = commands.add("list", _list, "列出一类记录")
    listing.add_argument("kind", metavar="KIND", help="schools members activities evidence …")
    listing.add_argument("--filter", default="", metavar="TEXT")
    listing.add_argument("--limit", type=count, default=50, metavar="N")
    listing.add_argument("--offset", type=count, default=0, metavar="N")
    commands.add("show", _show, "显示一条记录和它的历史").add_argument("id", metavar="ID")
    search = commands.add("search", _search, "在记录和文档文字里查找")
    search.add_argument("text", metavar="TEXT")
    search.add_argument("--limit", type=count, default=50, metavar="N")


def _list(options: argparse.Namespace) -> int:
    with open_archive(options) as services:
        page = services.records.page(options.kind, options.filter, options.limit, options.offset)
    lines = [
        "\t".join("" if value is None else str(value) for value in row.values())
        for row in page.items
    ]
    tell(options, page, [*lines, f"共 {page.total} 条"])
    return DONE


def _show(options: argparse.Namespace) -> int:
    with open_archive(options) as services:
        record = services.records.show(options.id)
    tell(options, record, [f"{name}\t{value}" for name, value in record.items()])
    return DONE


def _search(options: argparse.Namespace) -> int:
    with open_archive(options) as services:
        found = services.search.find(options.text, options.limit)
    lines = [f"{hit.kind}\t{hit.id}\t{hit.title}\t{hit.snippet}" for hit in found.hits]
    tell(options, found, [*lines, f"共 {found.total} 条"])
    return DONE
