"""Cost of a Word table against building the same rows with lxml directly.

python tests/bench/bench_word.py [ROWS …]     (1000 and 10000 if none are given)

Both are run in turn in one process, several times, by processor time; the ratio of the best times
counts. At most 1.3, and 120 MB for our writer, measured in a process of its own.
"""

from __future__ import annotations

import io
import resource
import subprocess
import sys
import time
import zipfile
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from app.progress import NoProgress  # noqa: E402
from app.services.documents import word  # noqa: E402
from app.services.documents.tree import (  # noqa: E402
    Column,
    Document,
    PageSetup,
    Row,
    Section,
    Table,
    TextStyle,
)

if TYPE_CHECKING:
    from collections.abc import Callable

ROUNDS = 5
MOST_TIME = 1.3
MOST_MEMORY = 120
WIDTHS = (10, 45, 30, 30, 80, 20, 12, 12, 18)
CREATED = datetime(2026, 6, 30, tzinfo=UTC)


def cells(number: int) -> tuple[str, ...]:
    """A line of the nine-column directory."""
    return (
        str(number), f"WS·2026-D30-JY-{number:04}", "", "蒲城县城关镇第三小学",
        f"第 {number} 次集体备课活动记录：《慈母情深》同课异构与研讨", "20260630", "", "5", "",
    )  # fmt: skip


def document(count: int) -> Document:
    """A landscape directory of that many rows."""
    table = Table(
        tuple(Column(width) for width in WIDTHS),
        tuple(Row(cells(number)) for number in range(count)),
        (Row(("序号", "档号", "文号", "责任者", "题名", "日期", "密级", "页数", "备注")),),
        TextStyle("fangsong", 10.5),
    )
    page = PageSetup(width=297, height=210, top=20, bottom=20, left=20, right=20)
    return Document("归档文件目录", (Section("目录", page, (table,)),))


def floor(rows: list[tuple[str, ...]]) -> bytes:
    """The same rows with bare lxml: width and style in each cell, packed alone."""
    from lxml.etree import Element, SubElement, tostring

    w = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
    table = Element(f"{w}tbl")
    for row in rows:
        line = SubElement(table, f"{w}tr")
        for width, text in zip(WIDTHS, row, strict=True):
            cell = SubElement(line, f"{w}tc")
            properties = SubElement(cell, f"{w}tcPr")
            SubElement(properties, f"{w}tcW", {f"{w}w": str(width * 57), f"{w}type": "dxa"})
            paragraph = SubElement(cell, f"{w}p")
            SubElement(SubElement(paragraph, f"{w}pPr"), f"{w}pStyle", {f"{w}val": "T1"})
            SubElement(SubElement(paragraph, f"{w}r"), f"{w}t").text = text
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", tostring(table, encoding="UTF-8"))
    return out.getvalue()


def memory(count: int) -> int:
    """Megabytes that a process takes at most to write the table; asked before this one has grown."""
    ran = [sys.executable, __file__, "--memory", str(count)]
    return int(subprocess.run(ran, capture_output=True, text=True, check=True).stdout)


def ours(made: Document) -> bytes:
    """The document as our writer packs it."""
    out = io.BytesIO()
    word.write(made, out, CREATED, NoProgress())
    return out.getvalue()


def main() -> int:
    """Print one line for each number of rows; 1 where a bound is not kept."""
    failed = 0
    counts = [int(a) for a in sys.argv[1:]] or [1000, 10_000]
    taken = {count: memory(count) for count in counts}
    for count in counts:
        work: dict[str, Callable[[], bytes]] = {
            "ours": partial(ours, document(count)),
            "floor": partial(floor, [cells(number) for number in range(count)]),
        }
        best = dict.fromkeys(work, 1e9)
        for _ in range(ROUNDS):
            for name, run in work.items():
                start = time.process_time()
                run()
                best[name] = min(best[name], time.process_time() - start)
        ratio = best["ours"] / best["floor"]
        failed += ratio > MOST_TIME or taken[count] > MOST_MEMORY
        print(
            f"{count:>6} rows: ours {best['ours']:.2f} s, lxml {best['floor']:.2f} s, "
            f"ratio {ratio:.2f}; {taken[count]} MB"
        )
    return 1 if failed else 0


if __name__ == "__main__":
    if sys.argv[1:2] == ["--memory"]:
        ours(document(int(sys.argv[2])))
        print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)
    else:
        sys.exit(main())
