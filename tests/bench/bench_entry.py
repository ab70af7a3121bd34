"""Time of every list, with 100,000 activities and 300,000 lesson observations in one archive.

python tests/bench/bench_entry.py [ACTIVITIES] [FOLDER]   (100000, three times as many observations; a folder
made by an earlier run is used again; target: each list opened, sorted, filtered, paged within 100 ms)
"""

from __future__ import annotations

import random
import resource
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
from app.models import Activity, Lesson, Observation, Person, School, new_id  # noqa: E402
from app.services.entry.listing import Filter, Query  # noqa: E402
from app.services.journal import insert_many  # noqa: E402
from app.services.setup import NewArchive  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.bootstrap import Services

NEW = NewArchive("pucheng-workshop", "测速工作坊", "测速小学", 2025)
PARCEL = 5000
TOPICS = ("分数的初步认识", "秋天的雨", "圆的面积", "小数乘法", "荷花", "简易方程", "两位数乘法")
FAMILY, GIVEN = "王李张刘陈杨赵黄周吴", "芳伟娜敏静丽强磊军洋勇艳杰涛明超秀兰霞平"


def fill(services: Services, activities: int) -> None:
    """Schools, people, activities with a lesson each and three observers of it."""
    dice = random.Random(1)
    community = services.adoptions.current().community_id
    schools = [{"id": new_id(), "name": f"第{n}小学"} for n in range(60)]
    people = [
        {
            "id": new_id(),
            "name": dice.choice(FAMILY) + "".join(dice.choices(GIVEN, k=2)),
            "school_id": dice.choice(schools)["id"],
        }
        for _ in range(2000)
    ]
    with services.archive.uow.write("填充") as session:
        insert_many(session, School, schools)
        insert_many(session, Person, people)
    first = date(2000, 9, 1)
    for start in range(0, activities, PARCEL):
        held, lessons, seen = [], [], []
        for number in range(start, min(start + PARCEL, activities)):
            day, lesson_id = first + timedelta(days=dice.randrange(9490)), new_id()
            teacher, *observers = dice.sample(people, 4)
            topic = dice.choice(TOPICS)
            held.append(
                {
                    "id": new_id(),
                    "community_id": community,
                    "title": f"第{number}次教研：{topic}",
                    "kind": dice.choice(("demo", "lecture", "seminar")),
                    "held_on": day,
                    "place": dice.choice(schools)["name"],
                    "host_id": dice.choice(people)["id"],
                    "minutes": "围绕本课的教学目标展开讨论。" if number % 3 else "",
                }
            )
            lessons.append(
                {
                    "id": lesson_id,
                    "activity_id": held[-1]["id"],
                    "teacher_id": teacher["id"],
                    "taught_on": day,
                    "title": topic,
                    "subject": "数学",
                }
            )
            seen += [
                {
                    "id": new_id(),
                    "lesson_id": lesson_id,
                    "observer_id": observer["id"],
                    "observed_on": day,
                    "score": float(dice.randrange(60, 100)) if number % 5 else None,
                    "strengths": "目标明确，学生主动",
                    "advice": "板书可以更简洁",
                }
                for observer in observers
            ]
        with services.archive.uow.write("填充") as session:
            insert_many(session, Activity, held)
            insert_many(session, Lesson, lessons)
            insert_many(session, Observation, seen)


def timed(work: Callable[[], object], times: int = 3) -> float:
    """Milliseconds of the quickest of some runs: what the database needs when it is warm."""
    taken = []
    for _ in range(times):
        start = time.perf_counter()
        work()
        taken.append((time.perf_counter() - start) * 1000)
    return min(taken)


def measure(services: Services, kind: str) -> list[tuple[float, str]]:
    """Every way of opening, sorting, filtering and paging a list."""
    entries, adoption = services.entries, services.adoptions.current().id
    view = entries.sheet(kind, adoption)
    whole = Query(kind, adoption)
    total = entries.count(whole)
    found = [
        (timed(lambda: entries.count(whole)), f"{kind} 计数 {total}"),
        (timed(lambda: entries.page(whole, 0, 100)), f"{kind} 第一页"),
        (timed(lambda: entries.page(whole, total // 2, 100)), f"{kind} 中间一页"),
        (timed(lambda: entries.page(whole, total - 100, 100)), f"{kind} 最后一页"),
    ]
    for one in view.fields:
        for descending in (False, True):
            ordered = Query(kind, adoption, order=((one.name, descending),))
            took = timed(lambda ordered=ordered: entries.page(ordered, 0, 100))
            found.append((took, f"{kind} 按“{one.label}”{'降' if descending else '升'}序"))
        if not one.only:
            for op, value in (("empty", None), ("has", "王")):
                narrowed = Query(kind, adoption, filters=(Filter(one.name, op, value),))
                took = timed(lambda narrowed=narrowed: (entries.count(narrowed), entries.page(narrowed, 0, 100)))
                found.append((took, f"{kind} 筛选“{one.label}”{'为空' if op == 'empty' else '含“王”'}"))
    for key, label in view.views:
        chosen = Query(kind, adoption, view=key)
        took = timed(lambda chosen=chosen: (entries.count(chosen), entries.page(chosen, 0, 100)))
        found.append((took, f"{kind} 视图“{label}”"))
    for words in ("秋", "数学", "第99次", "王芳"):
        held = Query(kind, adoption, words=words)
        took = timed(lambda held=held: (entries.count(held), entries.page(held, 0, 100)))
        found.append((took, f"{kind} 搜索“{words}”"))
    return found


def main() -> None:
    """Fill an archive, or take one filled earlier, and time its lists."""
    activities = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    context = Context(actor="测速", clock=lambda: datetime(2026, 3, 2, tzinfo=UTC))
    folder = Path(sys.argv[2]) if len(sys.argv) > 2 else Path(tempfile.mkdtemp()) / "档案库"
    if not folder.exists():
        with create_services(folder, NEW, context) as services:
            start = time.perf_counter()
            fill(services, activities)
            print(f"填充 {activities} 次活动、{3 * activities} 条听课记录：{time.perf_counter() - start:.0f} s")
    with open_services(folder, context) as services:
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        found = measure(services, "activity") + measure(services, "observation")
        grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    times = sorted(took for took, _what in found)
    print(f"{len(times)} 项：中位 {statistics.median(times):.0f} ms，最慢 {times[-1]:.0f} ms，内存增长 {grown:.0f} MB")
    for took, what in sorted(found, reverse=True)[:60]:
        if took > 50:
            print(f"{took:7.0f} ms  {what}")


if __name__ == "__main__":
    main()
