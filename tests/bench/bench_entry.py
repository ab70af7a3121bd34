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
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING, get_args

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from app.bootstrap import create_services, open_services  # noqa: E402
from app.context import Context  # noqa: E402
from app.models import Activity, Lesson, Observation, Person, School, new_id  # noqa: E402
from app.services.entry.listing import Filter, Query  # noqa: E402
from app.services.journal import insert_many  # noqa: E402
from app.services.observations.records import Query as Observations  # noqa: E402
from app.services.observations.records import SortKey, View  # noqa: E402
from app.services.setup import NewArchive  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.bootstrap import Services
    from app.services.entry.fields import Field
    from app.services.entry.listing import Op

NEW = NewArchive("pucheng-workshop", "测速工作坊", "测速小学", 2025)
PARCEL = 5000
TOPICS = ("分数的初步认识", "秋天的雨", "圆的面积", "小数乘法", "荷花", "简易方程", "两位数乘法")
WORDS = ("秋", "数学", "第99次", "王芳")
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


def timed(work: Callable[[], object], times: int = 2) -> float:
    """Milliseconds of processor time of the quickest of some runs: what a warm database needs.

    The clock on the wall says the same on a quiet machine, and on a busy one nothing at all.
    """
    taken = []
    for _ in range(times):
        start = time.process_time()
        work()
        taken.append((time.process_time() - start) * 1000)
    return min(taken)


def measure(services: Services, kind: str) -> list[tuple[float, str]]:
    """Every way of opening, sorting, filtering and paging a list, as its header and views offer it."""
    entries, adoption = services.entries, services.adoptions.current().id
    view, whole = entries.sheet(kind, adoption), Query(kind, adoption)
    total = entries.count(whole)
    last = entries.page(whole, total - 1, 1)[0].id
    found = [
        (timed(lambda: entries.page(whole, total // 2, 100)), f"{kind} 中间一页"),
        (timed(lambda: entries.page(whole, total - 100, 100)), f"{kind} 最后一页"),
        (timed(lambda: entries.position(whole, last)), f"{kind} 找回选中的一行"),
    ]
    asked = [(whole, "打开")]
    for one in view.fields:
        for descending in (False, True):
            order = ((one.name, descending),)
            asked.append(
                (replace(whole, order=order), f"按“{one.label}”{'降' if descending else '升'}序")
            )
        for op, value in _filters(one):
            narrowed = replace(whole, filters=(Filter(one.name, op, value),))
            asked.append((narrowed, f"筛选“{one.label}”{op} {value or ''}"))
    asked += [(replace(whole, view=key), f"视图“{label}”") for key, label in view.views]
    asked += [(replace(whole, words=words), f"搜索“{words}”") for words in WORDS]
    for query, what in asked:
        found.append((timed(lambda query=query: entries.count(query)), f"{kind} {what} 计数"))
        found.append(
            (timed(lambda query=query: entries.page(query, 0, 100)), f"{kind} {what} 第一页")
        )
    return found


def _filters(one: Field) -> list[tuple[Op, str | None]]:
    if one.only:
        return []
    found: list[tuple[Op, str | None]] = [("empty", None), ("filled", None)]
    match one.kind:
        case "int" | "number":
            found.append(("from", "2"))
        case "date" | "time":
            found.append(("from", "2020-03-02" if one.kind == "date" else "9:00"))
        case _:
            found += [("has", "王"), ("has", "数")]
    return found


def measure_observations(services: Services) -> list[tuple[float, str]]:
    """The same of the list of observations, which has a way of its own."""
    seen, found = services.observations, []
    whole = Observations()
    asked = [(whole, "打开")]
    for sort, descending in product(get_args(SortKey), (False, True)):
        query = replace(whole, sort=sort, descending=descending)
        asked.append((query, f"按 {sort} {'降' if descending else '升'}序"))
    asked += [(replace(whole, view=view), f"视图 {view}") for view in get_args(View)]
    asked += [(replace(whole, words=words), f"搜索“{words}”") for words in WORDS]
    asked += [
        (replace(whole, words=words, sort="score"), f"搜索“{words}” 按 score 降序")
        for words in WORDS
    ]
    first = seen.page(whole, 0, 1)[0]
    person = seen.people(first.observer)[0].id
    asked += [
        (replace(whole, observer_id=person), "一位听课人"),
        (replace(whole, teacher_id=person), "一位执教"),
        (replace(whole, subject="数学"), "学科"),
        (replace(whole, since=date(2025, 9, 1), until=date(2026, 1, 31)), "一学期"),
    ]
    for query, what in asked:
        found.append((timed(lambda query=query: seen.count(query)), f"听课 {what} 计数"))
        found.append((timed(lambda query=query: seen.page(query, 0, 100)), f"听课 {what} 第一页"))
    total = seen.count(whole)
    found.append((timed(lambda: seen.page(whole, total // 2, 100)), "听课 中间一页"))
    found.append((timed(lambda: seen.page(whole, total - 100, 100)), "听课 最后一页"))
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
            print(
                f"填充 {activities} 次活动、{3 * activities} 条听课记录：{time.perf_counter() - start:.0f} s"
            )
    with open_services(folder, context) as services:
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        found = [
            *measure(services, "activity"),
            *measure(services, "lesson"),
            *measure_observations(services),
        ]
        grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    times = sorted(took for took, _what in found)
    print(
        f"{len(times)} 项：中位 {statistics.median(times):.0f} ms，最慢 {times[-1]:.0f} ms，"
        f"内存增长 {grown:.0f} MB"
    )
    for took, what in sorted(found, reverse=True):
        if took > 50:
            print(f"{took:7.0f} ms  {what}")


if __name__ == "__main__":
    main()
