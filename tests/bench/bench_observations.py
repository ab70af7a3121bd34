"""Time of a batch of lesson observation records as PDF, in each layout.

python tests/bench/bench_observations.py [RECORDS]     (300 if none is given)

From the records in the archive to the finished file, opening the archive not counted. The limit is
10 seconds of the processor for 300 records, each with six steps of the lesson, three long comments
and the points of a rubric. Exits with 1 where a layout takes longer.
"""

from __future__ import annotations

import sys
import tempfile
import time
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from app.bootstrap import create_services  # noqa: E402
from app.context import Context  # noqa: E402
from app.models import (  # noqa: E402
    Lesson,
    Observation,
    ObservationScore,
    ObservationStep,
    Person,
)
from app.services.forms.form import Request  # noqa: E402
from app.services.setup import NewArchive  # noqa: E402

if TYPE_CHECKING:
    from app.bootstrap import Services

LIMIT = 10.0
FOR = 300
TEXT = "教师语言简洁，指令清楚，能抓住学生的回答追问；学生动手操作充分，先独立思考再小组交流。"
START = date(2025, 9, 8)
STEPS = 6


def fill(services: Services, count: int) -> None:
    """A year's observations: thirty teachers, each lesson heard by five others."""
    rubric = services.rubrics.take_preset("s27-chinese")
    with services.archive.uow.write("登记听课记录") as session:
        people = [Person(name=f"教师{number:02}", title="一级教师") for number in range(30)]
        session.add_all(people)
        session.flush()
        for number in range(count):
            heard = number // 5
            day = START + timedelta(days=heard % 250)
            if number % 5 == 0:
                lesson = Lesson(
                    teacher_id=people[heard % 30].id, taught_on=day, period="第2节",
                    subject="语文", title=f"第{heard}课", class_name="三（2）班", lesson_kind="新授",
                )  # fmt: skip
                session.add(lesson)
                session.flush()
            session.add(Observation(
                lesson_id=lesson.id, observer_id=people[(heard + 1 + number % 5) % 30].id,
                observed_on=day, strengths=TEXT, advice=TEXT, overall=TEXT, score=90, grade="优",
                rubric_id=rubric.id,
                steps=[
                    ObservationStep(ordinal=n, minute=7 * n, process=f"{n}. {TEXT}", comment=TEXT[:24])
                    for n in range(STEPS)
                ],
                scores=[
                    ObservationScore(rubric_item_id=item.id, points=item.points * 0.9)
                    for item in rubric.items
                ],
            ))  # fmt: skip


def main() -> int:
    """Print a line for each layout."""
    count = int(sys.argv[1]) if sys.argv[1:] else FOR
    new = NewArchive("pucheng-workshop", "小学语文名师工作坊", "中心小学", 2025)
    context = Context(actor="王芳", clock=lambda: datetime(2026, 6, 30, tzinfo=UTC))
    slow = False
    with tempfile.TemporaryDirectory() as folder:
        services = create_services(Path(folder) / "档案库", new, context)
        fill(services, count)
        adoption = services.adoptions.current()
        for layout, name in services.forms.get("observation").options[0].choices:
            request = Request("observation", adoption.id, options={"layout": layout})
            target = Path(folder) / f"{layout}.pdf"
            wall, start = time.perf_counter(), time.process_time()
            services.forms.export(request, target)
            took = time.process_time() - start
            slow |= took > LIMIT * max(count / FOR, 1)
            print(
                f"{count:>5} records, {name}: {took:.2f} s of the processor, "
                f"{time.perf_counter() - wall:.2f} s by the clock, {target.stat().st_size / 1e6:.2f} MB"
            )
        services.close()
    print(f"limit: {LIMIT:g} s for {FOR} records")
    return int(slow)


if __name__ == "__main__":
    sys.exit(main())
