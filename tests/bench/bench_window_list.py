"""Time and memory of opening the material page on an archive with many pieces of evidence.

python tests/bench/bench_window_list.py [ROWS]     (100000 if none is given)

The page is opened in the real window, off screen, as the first page of an archive that is open
already; the time ends when it is painted. Targets at 100,000 rows: 150 ms and 40 MB added. Then: how
long each thing blocks that a user does to the list (sorting, typing into the filter, the end key).
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from sqlalchemy import insert  # noqa: E402

from app.bootstrap import Services, create_services  # noqa: E402
from app.context import Context  # noqa: E402
from app.models import Evidence, EvidenceLink  # noqa: E402
from app.models.base import new_id, table_of  # noqa: E402
from app.services import search  # noqa: E402
from app.services.evidence.catalogue import Query  # noqa: E402
from app.services.setup import NewArchive  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import Callable

_KINDS = (
    ("image", "image/jpeg", "教研活动现场照片"),
    ("pdf", "application/pdf", "工作坊年度工作计划扫描件"),
    ("word", "application/msword", "听课记录与评课意见"),
    ("sheet", "application/vnd.ms-excel", "参训教师签到表"),
)
_SCHOOLS = ("蒲城县实验小学", "城关镇中心小学", "孙镇中心小学", "荆姚镇中心小学")


def fill(services: Services, count: int) -> None:
    """Enter rows as an intake would leave them; without files, for the list reads none."""
    items = [i.id for i in services.adoptions.items(services.adoptions.current().id) if i.parent_id]
    start = datetime(2025, 9, 1, 8, tzinfo=UTC)
    rows, links = [], []
    for n in range(count):
        kind, media_type, words = _KINDS[n % 4]
        row_id, title, author = new_id(), f"{words}（第{n}号）", _SCHOOLS[n % 4]
        dated = date(2025, 9, 1) + timedelta(days=n % 300) if n % 7 else None
        rows.append({
            "id": row_id, "sha256": f"{n:064x}", "stored_name": f"{n}.bin", "original_name": title,
            "title": title, "author": author, "dated_on": dated, "doc_no": "", "secrecy": "",
            "retention": "", "kind": kind, "media_type": media_type, "size": 1000 + n * 37,
            "pages": n % 9 or None, "pages_from": "", "width": None, "height": None,
            "orientation": None, "taken_at": "", "state": "ok" if n % 50 else "damaged",
            "remarks": "", "sealed": n % 3 == 0, "note": "", "added_at": start + timedelta(seconds=n),
        })  # fmt: skip
        if n % 2:
            links.append(
                {"id": new_id(), "evidence_id": row_id, "assessment_item_id": items[n % len(items)]}
            )
    with services.archive.uow.write("装满") as session:
        session.execute(insert(table_of(Evidence)), rows)
        session.execute(insert(table_of(EvidenceLink)), [{"slot": "", **link} for link in links])
        search.index(session, "evidence", [row["id"] for row in rows])


def memory() -> float:
    """Resident megabytes of this process now."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def timed(work: Callable[[], object]) -> float:
    """Milliseconds that some work takes."""
    start = time.perf_counter()
    work()
    return (time.perf_counter() - start) * 1000


def open_page(services: Services) -> None:
    """Open the page in the window and print what it takes."""
    from PySide6.QtCore import Qt
    from PySide6.QtTest import QTest

    from app.ui.app import build, make_app
    from app.ui.framework.page import Page, PageSpec
    from app.ui.framework.settings import Settings
    from app.ui.pages.materials import MaterialsPage

    program = build(make_app(["bench"]), Settings())
    window, adoption = program.window, services.adoptions.current()
    waiting = PageSpec("other", "首页", "house", lambda: Page(program.tools, "首页"))
    page_spec = PageSpec(
        "materials", "材料", "files", lambda: MaterialsPage(program.tools, services, adoption)
    )
    window.show_archive(services, [waiting, page_spec], "other")
    window.resize(1366, 768)
    window.show()
    QTest.qWait(300)
    services.catalogue.page(Query(), 0, 1)  # the home page has asked the database before
    before = memory()

    def show() -> None:
        window.show_page("materials")
        window.grab()

    milliseconds = timed(show)
    added = memory() - before
    page = window.page
    if not isinstance(page, MaterialsPage):
        raise SystemExit("the window shows another page")
    rows = page.parts.model.rowCount()
    print(f"{rows} rows: opened and painted in {milliseconds:.0f} ms, {added:.0f} MB added")
    QTest.qWait(2000)
    table, words = page.parts.table, page.parts.words
    for name, work in {
        "end key": table.scrollToBottom,
        "sort by date": lambda: table.sortByColumn(2, Qt.SortOrder.AscendingOrder),
        "sort by title": lambda: table.sortByColumn(0, Qt.SortOrder.AscendingOrder),
        "back to newest": lambda: table.sortByColumn(9, Qt.SortOrder.DescendingOrder),
        "filter 照片": lambda: (words.setText("照片"), page._filter()),
        "filter 第123": lambda: (words.setText("第123"), page._filter()),
        "filter off": lambda: (words.setText(""), page._filter()),
        "view 待归类": lambda: page.show_view("unplaced"),
        "view 全部": lambda: page.show_view("all"),
        "select all": table.selectAll,
        "tiles": page.parts.tiles_button.click,
    }.items():
        spent = timed(lambda work=work: (work(), window.grab()))  # type: ignore[misc]
        print(f"  {name}: {spent:.0f} ms")
        QTest.qWait(600)
    print(f"  {memory() - before:.0f} MB added after all this")
    program.tools.jobs.close()


def main() -> None:
    """Fill an archive, open the page."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    wanted = NewArchive("pucheng-workshop", "蒲城县小学数学名师工作坊", "蒲城县实验小学", 2025)
    with (
        tempfile.TemporaryDirectory() as folder,
        create_services(Path(folder) / "档案库", wanted, Context(actor="王芳")) as services,
    ):
        fill(services, count)
        open_page(services)


if __name__ == "__main__":
    main()
