"""Missing list, progress and home page of a county: 100 schools, three years, 100,000 activities.

python tests/bench/bench_standing.py [ACTIVITIES] [FOLDER]   (100000 with ten links of evidence each; a
folder made by an earlier run is used again; targets: missing list and progress of the county 2 s and
300 MB, the home page after one change 100 ms, cost in proportion to the records)
"""

from __future__ import annotations

import random
import resource
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
from app.models import (  # noqa: E402
    Activity,
    ActivityUnit,
    Appointment,
    Attendance,
    Community,
    CommunityUnit,
    Evidence,
    EvidenceLink,
    Lesson,
    Observation,
    Person,
    School,
    new_id,
)
from app.models.base import table_of  # noqa: E402
from app.services.bulk import insert_rows  # noqa: E402
from app.services.journal import blank_values  # noqa: E402
from app.services.setup import NewArchive  # noqa: E402
from app.services.standing.views import MissingQuery  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.bootstrap import Services

SCHOOLS, PEOPLE, YEARS = 100, 30, (2023, 2024, 2025)
PARCEL = 10000
SCHEME = (
    """
[scheme]
id = "county"
name = "县教共体"
source = "测速"
format = 1
assesses = "unit"
[scheme.year]
terms = [{ name = "第一学期", starts = "09-01" }, { name = "第二学期", starts = "02-15" }]
[community]
kind = "教共体"
units = [{ key = "core", name = "核心校" }]
roles = [{ key = "member", name = "成员" }]
"""
    + "".join(
        f"""
[[activity]]
key = "{key}"
name = "{name}"
slots = [
  {{ key = "plan", name = "活动方案" }},
  {{ key = "sign-in", name = "签到表" }},
  {{ key = "photos", name = "照片", count = 2 }},
  {{ key = "design", name = "教学设计", each = "lesson", due = {{ days = 7, after = "activity" }} }},
  {{ key = "summary", name = "小结" }},
]
"""
        for key, name in (("demo", "示范课"), ("talk", "讲座"), ("study", "研讨"))
    )
    + """
[[window]]
accepts = { from = "09-01", to = "08-31" }
[[quota]]
key = "observe"
name = "听课"
who = { subject = "person" }
of = "observation"
counts_for = "observer"
min = 10
per = "term"
[[quota]]
key = "held"
name = "教研活动"
who = { subject = "unit" }
of = "activity"
counts_for = "host"
min = 12
per = "year"
[[quota]]
key = "shown"
name = "示范课"
of = "lesson"
where = { kind = "demo" }
min = 20
per = "year"
"""
)


def put(services: Services, model: type, rows: list[dict[str, object]]) -> None:
    """Rows past the journal: only their number matters here."""
    table = table_of(model)
    blank = blank_values(table)
    with services.archive.uow.write("填充") as session:
        insert_rows(session, table, [blank | row for row in rows])


def fill(services: Services, activities: int) -> None:
    """A county: its schools each a community of its own, with people, activities and evidence."""
    dice = random.Random(1)
    root = services.adoptions.current().community_id
    schools = [{"id": new_id(), "name": f"第{n}小学"} for n in range(SCHOOLS)]
    places = [
        {"id": new_id(), "name": f"第{n}教共体", "kind": "教共体", "parent_id": root}
        for n in range(SCHOOLS)
    ]
    people = [
        {"id": new_id(), "name": f"教师{n}", "school_id": schools[n % SCHOOLS]["id"]}
        for n in range(SCHOOLS * PEOPLE)
    ]
    put(services, School, schools)
    put(services, Community, places)
    put(services, Person, people)
    put(services, CommunityUnit, [
        {"id": new_id(), "community_id": place["id"], "school_id": school["id"], "role": "core"}
        for place, school in zip(places, schools, strict=True)
    ])  # fmt: skip
    put(services, Appointment, [
        {"id": new_id(), "community_id": places[n % SCHOOLS]["id"], "person_id": one["id"], "role": "member"}
        for n, one in enumerate(people)
    ])  # fmt: skip
    first = date(YEARS[0], 9, 1)
    days = sorted(first + timedelta(days=dice.randrange(1096)) for _ in range(activities))
    pieces = [
        {
            "id": new_id(), "sha256": f"{n:064x}", "stored_name": f"{n}.pdf",
            "original_name": f"{n}.pdf", "title": f"材料{n}", "kind": "pdf", "size": 1, "pages": 1,
            "media_type": "application/pdf", "added_at": datetime(2024, 1, 1, tzinfo=UTC),
            "dated_on": days[n],
        }
        for n in range(activities)
    ]  # fmt: skip
    put(services, Evidence, pieces)
    for start in range(0, activities, PARCEL):
        some = range(start, min(start + PARCEL, activities))
        held, units, signed, lessons, seen, links = [], [], [], [], [], []
        for number in some:
            school = dice.randrange(SCHOOLS)
            staff = people[school::SCHOOLS]
            day, activity, lesson = days[number], new_id(), new_id()
            held.append({
                "id": activity, "community_id": places[school]["id"], "title": f"第{number}次教研",
                "kind": dice.choice(("demo", "talk", "study")), "held_on": day,
                "host_id": staff[0]["id"],
            })  # fmt: skip
            units.append(
                {
                    "id": new_id(),
                    "activity_id": activity,
                    "school_id": schools[school]["id"],
                    "role": "承办",
                }
            )
            there = dice.sample(staff, 4)
            signed += [
                {
                    "id": new_id(),
                    "activity_id": activity,
                    "person_id": one["id"],
                    "status": "present",
                }
                for one in there
            ]
            lessons.append(
                {
                    "id": lesson,
                    "activity_id": activity,
                    "teacher_id": there[0]["id"],
                    "taught_on": day,
                }
            )
            seen += [
                {"id": new_id(), "lesson_id": lesson, "observer_id": one["id"], "observed_on": day}
                for one in there[1:3]
            ]
            slots = [
                "plan",
                "sign-in",
                "photos",
                "photos",
                "photos",
                "design",
                "summary",
                "",
                "",
                "",
            ]
            if number % 3 == 0:
                slots[dice.choice((0, 1, 6))] = ""
            links += [
                {
                    "id": new_id(), "evidence_id": pieces[(number + at) % activities]["id"],
                    "activity_id": activity, "slot": slot or f"other{at}",
                }
                for at, slot in enumerate(slots)
            ]  # fmt: skip
        for model, rows in (
            (Activity, held), (ActivityUnit, units), (Attendance, signed), (Lesson, lessons),
            (Observation, seen), (EvidenceLink, links),
        ):  # fmt: skip
            put(services, model, rows)


def timed(work: Callable[[], object]) -> float:
    """Milliseconds of processor time."""
    start = time.process_time()
    work()
    return (time.process_time() - start) * 1000


def begin(folder: Path, activities: int) -> Services:
    """The archive, made where it is not there yet."""
    context = Context("测速", lambda: datetime(2026, 6, 20, 8, tzinfo=UTC))
    if (folder / "archive.db").is_file():
        return open_services(folder, context)
    scheme = folder.parent / "county.toml"
    scheme.parent.mkdir(parents=True, exist_ok=True)
    scheme.write_text(SCHEME, encoding="utf-8")
    services = create_services(folder, NewArchive(str(scheme), "某县", "教研室", YEARS[0]), context)
    root = services.adoptions.current().community_id
    for year in YEARS[1:]:
        services.adopting.adopt(root, year, SCHEME, {})
    fill(services, activities)
    return services


def main() -> None:
    """Print the figures."""
    activities = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    folder = Path(sys.argv[2]) if len(sys.argv) > 2 else Path(tempfile.mkdtemp()) / "库"
    services = begin(folder, activities)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    every = [view.id for view in services.adoptions.all()]
    plain = MissingQuery(doubts=False)
    standing = services.standing
    whole = 0.0
    for view in every:
        taken = timed(lambda view=view: (standing.missing(view, plain), standing.progress(view)))
        whole += taken
        print(f"一年的缺项与进度 {taken:7.0f} ms　{len(standing.missing(view, plain).findings)} 条")
    print(f"全县三年合计　　 {whole:7.0f} ms　（要求 2000）")
    print(f"再看一次　　　　 {timed(lambda: standing.missing(every[0], plain)):7.0f} ms")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(f"内存　　　　　　 {peak} MB，其中打开之前 {before} MB（要求 300）")
    measure_changes(services, every[0])
    print(f"有疑点的记录　　 {timed(lambda: standing.missing(every[0])):7.0f} ms（后台）")
    print(f"得分与等次　　　 {timed(lambda: standing.results(every[0])):7.0f} ms")


def measure_changes(services: Services, adoption: str) -> None:
    """One change, then what the home page needs."""
    from sqlalchemy import select

    view = next(one for one in services.adoptions.all() if one.id == adoption)

    def home() -> None:
        services.overviews.of(view)

    home()
    print(f"首页，没有改动　 {timed(home):7.0f} ms")
    with services.archive.uow.read() as session:
        ids = {
            model: session.scalars(
                select(model.id).where(day.between(view.starts_on, view.ends_on)).limit(1)
            ).one()
            for model, day in (
                (Activity, Activity.held_on), (Observation, Observation.observed_on),
                (Evidence, Evidence.dated_on),
            )
        }  # fmt: skip
        link = session.scalars(
            select(EvidenceLink.id).where(EvidenceLink.activity_id == ids[Activity])
        ).first()
    for words, model, id_, column, value in (
        ("活动改名", Activity, ids[Activity], "title", "改过的名"),
        ("活动改日期", Activity, ids[Activity], "held_on", view.starts_on),
        ("听课改节数", Observation, ids[Observation], "hours", 2),
        ("材料改日期", Evidence, ids[Evidence], "dated_on", view.ends_on),
        ("材料换位置", EvidenceLink, link, "slot", "换过的"),
    ):
        with services.archive.uow.write(words) as session:
            setattr(session.get_one(model, id_), column, value)
        print(f"{words}之后的首页 {timed(home):7.0f} ms　（要求 100）")


if __name__ == "__main__":
    main()
