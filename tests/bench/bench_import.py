"""How long a roster of 10,000 rows × 20 columns takes to import, against only reading it.

Run: ``.venv/bin/python tests/bench/bench_import.py``
"""

from __future__ import annotations

import gc
import random
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

HEADERS = [
    "序号", "学校", "姓名", "性别", "出生年月", "民族", "身份证号", "手机", "学历", "职称",
    "任教学科", "参加工作时间", "角色", "行政职务", "年级",
    "荣誉", "备注", "毕业院校", "所学专业", "政治面貌",
]  # fmt: skip
ROWS = 10_000


def make_roster(path: Path) -> None:
    """A roster as a county would send it, the same every time."""
    import openpyxl

    from app.services.imports.values import check_digit

    dice = random.Random(2)
    book = openpyxl.Workbook(write_only=True)
    page = book.create_sheet("名册")
    page.append(HEADERS)
    for number in range(1, ROWS + 1):
        year, month, day = dice.randint(1965, 2002), dice.randint(1, 12), dice.randint(1, 28)
        first = f"980102{year}{month:02}{day:02}{number % 1000:03}"
        name = dice.choice("王李张刘陈杨赵黄周吴") + chr(0x4E00 + dice.randrange(20000))
        page.append([
            number, f"青岚县第{number % 40 + 1}小学", name, "女男"[number % 2],
            f"{year}.{month:02}", "汉族", first + check_digit(first), f"199{number:08}",
            dice.choice(["本科", "专科", "中师"]), dice.choice(["小学高级", "一级教师", "二级教师"]),
            dice.choice(["语文", "数学、科学", "英语"]), f"{year + 22}-09", "", "",
            dice.choice(["三年级", "五年级"]), "", "", "青岚师范", "小学教育", "群众",
        ])  # fmt: skip
    book.save(path)


def timed(work: Callable[[], Any]) -> tuple[float, Any]:
    """Seconds of processor time, best of three: other work on the machine does not count."""
    best, result = float("inf"), None
    for _ in range(3):
        gc.collect()
        start = time.process_time()
        result = work()
        best = min(best, time.process_time() - start)
    return best, result


def once(work: Callable[[], Any]) -> tuple[float, Any]:
    """A single run, for work that cannot be repeated."""
    gc.collect()
    start = time.process_time()
    result = work()
    return time.process_time() - start, result


def index_time() -> Callable[[], float]:
    """Measure what the search index takes of the commits from now on; gives a way to ask."""
    from app.services import search

    refresh, spent = search.refresh, [0.0]

    def measured(*arguments: Any) -> None:
        start = time.process_time()
        refresh(*arguments)
        spent[0] += time.process_time() - start

    search.refresh = measured
    return lambda: spent[0]


def main() -> None:
    """Print the table."""
    from python_calamine import CalamineWorkbook

    from app.bootstrap import create_services
    from app.context import Context
    from app.services.imports.members import read_members
    from app.services.imports.report import Options
    from app.services.setup import NewArchive

    wanted = NewArchive("pucheng-workshop", "蒲城县名师工作坊", "蒲城县实验小学", 2025)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "名册.xlsx")
        make_roster(path)
        floor, _ = timed(lambda: CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python())
        checked, table = timed(lambda: read_members(path))
        assert len(table.rows) == ROWS, table.refused[:3]
        lines = [("calamine alone", floor), ("read and checked", checked)]
        with create_services(Path(folder, "档案库"), wanted, Context()) as services:
            imports = services.imports

            def take_in() -> Any:
                proposal = imports.propose(imports.open_source(path), "members")
                return imports.apply(proposal, Options())

            with_index = index_time()
            for label in ("read, checked, inserted", "the same file again"):
                seconds, report = once(take_in)
                lines.append((label, seconds))
                if label.startswith("read"):
                    lines.append(("  of that, search index", with_index()))
            assert report.unchanged + len(report.rejected) == ROWS
            seconds, _ = once(services.history.undo)
            lines.append(("undo", seconds))
        for label, seconds in lines:
            print(f"{label:<26}{seconds:6.2f} s {seconds / floor:6.1f}")


if __name__ == "__main__":
    main()
