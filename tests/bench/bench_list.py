"""Time of the list of evidence and of opening the archive, with many rows in it.

python tests/bench/bench_list.py [ROWS]     (100000 if none is given; target: open and first page 150 ms)
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from app.bootstrap import create_services, open_services  # noqa: E402
from app.context import Context  # noqa: E402
from app.models import Evidence, EvidenceLink  # noqa: E402
from app.services.evidence.catalogue import Query  # noqa: E402
from app.services.journal import insert_many  # noqa: E402
from app.services.setup import NewArchive  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.bootstrap import Services

NEW = NewArchive("pucheng-workshop", "测速工作坊", "测速小学", 2025)
PARCEL = 5000


def fill(services: Services, count: int) -> None:
    """Records without files, half of them under items, entered as an intake enters them."""
    items = [i.id for i in services.adoptions.items(services.adoptions.current().id) if i.parent_id]
    first = date(2025, 9, 1)
    for start in range(0, count, PARCEL):
        with services.archive.uow.write("加入材料") as session:
            rows = [row(number, first) for number in range(start, min(start + PARCEL, count))]
            insert_many(session, Evidence, rows)
            links = [
                {"evidence_id": values["id"], "assessment_item_id": items[number % len(items)]}
                for number, values in enumerate(rows)
                if number % 2
            ]
            insert_many(session, EvidenceLink, links)


def row(number: int, first: date) -> dict[str, object]:
    """One record."""
    title = f"第{number}次集体备课记录 分数的初步认识"
    return {
        "id": f"01a2{number:08x}-0000-7000-8000-00000000"[:36],
        "sha256": f"{number:064x}",
        "stored_name": f"{title}.jpg",
        "original_name": f"{title}.jpg",
        "title": title,
        "dated_on": first + timedelta(days=number % 280) if number % 7 else None,
        "kind": ("image", "pdf", "word")[number % 3],
        "media_type": "image/jpeg",
        "size": 1000 + number,
        "pages": number % 9 or None,
        "added_at": datetime(2026, 3, 2, tzinfo=UTC),
    }


def median(run: Callable[[], object]) -> float:
    """Milliseconds."""
    times = []
    for _ in range(7):
        start = time.perf_counter()
        run()
        times.append(time.perf_counter() - start)
    return statistics.median(times) * 1000


def main() -> None:
    """Print one line for each question asked of the list."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    with tempfile.TemporaryDirectory(prefix="bench-list-") as work:
        archive = Path(work) / "库"
        with create_services(archive, NEW, Context(actor="测速")) as services:
            start = time.perf_counter()
            fill(services, count)
            print(f"{count} rows entered in {time.perf_counter() - start:.1f} s")
        size = (archive / "archive.db").stat().st_size / 1e6
        opening = median(lambda: open_services(archive, Context(actor="测速")).close())
        print(f"open and close the archive ({size:.0f} MB): {opening:.0f} ms")
        with open_services(archive, Context(actor="测速")) as services:
            catalogue = services.catalogue
            queries = {
                "newest": Query(),
                "by title": Query(sort="title", descending=False),
                "by date": Query(sort="dated_on"),
                "without pages": Query(view="no_pages"),
                "not placed": Query(view="unplaced"),
                "filter 备课": Query(words="备课"),
                "filter 第99": Query(words="第99"),
            }
            for name, query in queries.items():
                found = catalogue.count(query)
                deep = max(found - 50, 0)
                print(
                    f"{name:<14} count {median(lambda q=query: catalogue.count(q)):>4.0f} ms ({found}), "
                    f"first page {median(lambda q=query: catalogue.page(q, 0, 50)):>4.0f} ms, "
                    f"last page {median(lambda q=query, d=deep: catalogue.page(q, d, 50)):>4.0f} ms",
                    flush=True,
                )


if __name__ == "__main__":
    main()
