"""What is typed for an assessment: kept, checked against the scheme, taken back in one step."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import select

from app.errors import AppError, ConflictError, NotFoundError, ValidationError
from app.models import (
    Activity,
    EvidenceLink,
    Lesson,
    Person,
    SchemeAdoption,
    School,
    SchoolYear,
)
from app.services.adoption import adopt
from app.services.evidence.service import Destination
from app.services.standing.entering import Entering, combined
from app.services.standing.roster import Subject

SCHEME = """
[scheme]
id = "trial"
name = "试行考核"
format = 1
assesses = "unit"
[scheme.year]
starts = "09-01"
terms = [{ name = "上学期", starts = "09-01" }, { name = "下学期", starts = "02-15" }]
[community]
kind = "共同体"
units = [{ key = "core", name = "核心校" }]
[[activity]]
key = "open"
name = "公开课"
slots = [
  { key = "slides", name = "课件", each = "lesson", waivable = true },
  { key = "film", name = "录像", each = "person", waivable = true },
  { key = "record", name = "活动记录" },
]
[[slot]]
key = "plan"
name = "工作计划"
who = { subject = "unit" }
waivable = true
[[figure]]
key = "books"
name = "生均图书"
standard = { at_least = 25 }
[[table]]
no = "1"
name = "组织管理"
items = [{ no = "1.1", name = "计划", points = 10, deductions = [{ name = "迟交", each = 0.5 }] }]
[[input]]
key = "visit"
name = "督导考核"
of = "unit"
full = 100
per = "term"
[[input]]
key = "whole"
name = "共同体督导"
of = "community"
[[input]]
key = "rank"
name = "县内排名"
of = "unit"
kind = "rank"
[[score]]
key = "total"
name = "总分"
who = { subject = "unit" }
parts = [{ groups = "*", weight = 0.5 }, { input = "visit", term = 1, weight = 0.5 }]
[[grade]]
key = "final"
name = "年度等次"
score = "total"
rule = { by = "hand", names = ["优秀", "合格"] }
"""


@dataclass
class Place:
    """Ids of what the tests speak of."""

    adoption: str
    community: str
    item: str
    group: str
    school: Subject
    person: str
    activity: str
    lesson: str


@pytest.fixture
def entering(services) -> Entering:
    return Entering(services.archive.uow)


@pytest.fixture
def place(services) -> Place:
    current = services.adoptions.current()
    with services.archive.uow.write("准备") as session:
        old = session.get_one(SchemeAdoption, current.id)
        year = session.get_one(SchoolYear, old.school_year_id)
        adoption = adopt(
            session, SCHEME, old.community, year,
            adopted_at=services.archive.uow.context.clock(), answers={},
        )  # fmt: skip
        school, person = School(name="兴镇小学"), Person(name="王芳")
        session.add_all([school, person])
        session.flush()
        activity = Activity(
            community_id=current.community_id, title="公开课一", kind="open",
            held_on=date(2025, 10, 15),
        )  # fmt: skip
        activity.lessons = [Lesson(teacher_id=person.id)]
        session.add(activity)
        session.flush()
        items = {item.no: item.id for item in adoption.items}
        return Place(
            adoption.id, current.community_id, items["1.1"], items["1"],
            Subject("unit", school.id, "兴镇小学"), person.id, activity.id, activity.lessons[0].id,
        )  # fmt: skip


def test_a_finding_is_ignored_with_its_reason_until_it_is_not(services, entering, place) -> None:
    entering.ignore(place.adoption, "copy:a:b", "评语雷同", " 同一份\n记录 ")
    entering.ignore(place.adoption, "copy:a:b", "评语雷同", "两人合写")
    kept = entering.ignored(place.adoption)["copy:a:b"]
    assert (kept.words, kept.reason, kept.on) == ("评语雷同", "两人合写", date(2026, 3, 2))
    with pytest.raises(ValidationError):
        entering.ignore(place.adoption, "x", "某问题", "  ")
    entering.unignore(place.adoption, "copy:a:b")
    assert entering.ignored(place.adoption) == {}
    assert services.history.undo() is not None
    assert list(entering.ignored(place.adoption)) == ["copy:a:b"]
    with pytest.raises(NotFoundError):
        entering.unignore(place.adoption, "没有")
    with pytest.raises(NotFoundError):
        entering.ignore("没有", "x", "某问题", "原因")


def test_papers_are_received_for_any_target_and_struck_out(entering, place) -> None:
    targets = [f"activity:{place.activity}", f"lesson:{place.lesson}", f"person:{place.person}",
               f"school:{place.school.id}", f"community:{place.community}"]  # fmt: skip
    for target in targets:
        entering.receive_paper(target, "record", place.person, 2, date(2026, 1, 5), place="教导处")
        [paper] = entering.papers(target)
        assert (paper.owner, paper.copies, paper.on, paper.place, paper.slot) == (
            "王芳", 2, date(2026, 1, 5), "教导处", "record",
        )  # fmt: skip
    entering.take_back_paper(paper.id)
    assert entering.papers(targets[-1]) == ()
    assert len(entering.papers(targets[0])) == 1


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"copies": 0}, ValidationError),
        ({"on": date(2027, 1, 1)}, ValidationError),
        ({"target": "activity:没有"}, NotFoundError),
        ({"target": "draw:1"}, ValidationError),
        ({"target": "activity:"}, ValidationError),
        ({"owner_id": "没有"}, NotFoundError),
    ],
)
def test_a_paper_that_cannot_be_is_refused(entering, place, changes, error) -> None:
    given = {"target": f"activity:{place.activity}", "slot": "record", **changes}
    with pytest.raises(error):
        entering.receive_paper(**given)
    assert entering.papers(f"activity:{place.activity}") == ()


def test_stale_papers_and_waivers_are_told_in_words(entering, place) -> None:
    with pytest.raises(NotFoundError, match="收件登记"):
        entering.take_back_paper("没有")
    with pytest.raises(NotFoundError, match="没有标为不适用"):
        entering.unwaive(place.adoption, f"activity:{place.activity}", "film")


def test_one_person_is_excused_without_excusing_all(services, entering, place) -> None:
    target = f"activity:{place.activity}"
    entering.waive(place.adoption, target, "film", "设备坏了", place.person)
    [film] = [one for one in services.activities.slots(place.activity, place.adoption)
              if one.key == "film"]  # fmt: skip
    assert film.reason == ""
    entering.waive(place.adoption, target, "film", "全体免交")
    entering.waive(place.adoption, target, "film", "全体免交。")
    kept = {(one.person_id, one.reason) for one in entering.waivers(place.adoption)}
    assert kept == {(place.person, "设备坏了"), (None, "全体免交。")}
    assert {one.target for one in entering.waivers(place.adoption)} == {target}
    entering.unwaive(place.adoption, target, "film")
    assert [one.person_id for one in entering.waivers(place.adoption)] == [place.person]


def test_only_what_the_scheme_allows_is_waived(entering, place) -> None:
    for target, slot in (
        (f"lesson:{place.lesson}", "slides"),
        (f"school:{place.school.id}", "plan"),
    ):
        entering.waive(place.adoption, target, slot, "不适用")
    assert [one.target for one in entering.waivers(place.adoption)] == [
        f"lesson:{place.lesson}", f"school:{place.school.id}",
    ]  # fmt: skip
    for target, slot in (
        (f"activity:{place.activity}", "record"),
        (f"activity:{place.activity}", "plan"),
        (f"person:{place.person}", "slides"),
    ):
        with pytest.raises(ConflictError, match="没有允许免交"):
            entering.waive(place.adoption, target, slot, "不适用")


def test_figures_words_and_grades_are_entered_changed_and_cleared(
    services, entering, place
) -> None:
    enter = entering.set_value
    enter(place.adoption, "input", "visit", place.school, 91.5, term=1, note="现场")
    enter(place.adoption, "input", "visit", place.school, 88, term=2)
    enter(place.adoption, "input", "visit", place.school, Decimal(92), term=1)
    enter(place.adoption, "input", "whole", None, "85")
    enter(place.adoption, "input", "rank", place.school, 7, years_back=1)
    enter(place.adoption, "deduction", "1.1/迟交", place.school, 2)
    enter(place.adoption, "figure", "books", place.school, 21.3)
    enter(place.adoption, "grade", "final", place.school, "优秀")
    seen = {
        (one.kind, one.key, one.subject.name, one.number, one.word, one.term, one.years_back)
        for one in entering.values(place.adoption)
    }
    home = "蒲城县小学数学名师工作坊"
    assert seen == {
        ("input", "visit", "兴镇小学", Decimal(92), "", 1, 0),
        ("input", "visit", "兴镇小学", Decimal(88), "", 2, 0),
        ("input", "whole", home, Decimal(85), "", None, 0),
        ("input", "rank", "兴镇小学", Decimal(7), "", None, 1),
        ("deduction", "1.1/迟交", "兴镇小学", Decimal(2), "", None, 0),
        ("figure", "books", "兴镇小学", Decimal("21.3"), "", None, 0),
        ("grade", "final", "兴镇小学", None, "优秀", None, 0),
    }
    enter(place.adoption, "grade", "final", place.school, None)
    assert "grade" not in {one.kind for one in entering.values(place.adoption)}
    services.history.undo()
    assert "grade" in {one.kind for one in entering.values(place.adoption)}


@pytest.mark.parametrize(
    ("kind", "key", "value", "more"),
    [
        ("input", "没有", 1, {}),
        ("input", "visit", 100.5, {"term": 1}),
        ("input", "visit", -1, {"term": 1}),
        ("input", "visit", "九十", {"term": 1}),
        ("input", "visit", float("nan"), {"term": 1}),
        ("input", "visit", 90, {}),
        ("input", "visit", 90, {"term": 3}),
        ("input", "rank", 0, {}),
        ("input", "rank", 1.5, {}),
        ("input", "rank", 1, {"term": 1}),
        ("input", "rank", 1, {"years_back": -1}),
        ("input", "whole", 1, {}),
        ("deduction", "1.1/早退", 1, {}),
        ("deduction", "1.1/迟交", 1.5, {}),
        ("deduction", "1.1/迟交", -1, {}),
        ("figure", "没有", 1, {}),
        ("figure", "books", "很多", {}),
        ("grade", "没有", "优秀", {}),
        ("grade", "final", "良好", {}),
    ],
)
def test_a_value_that_the_scheme_does_not_know_is_refused(
    entering, place, kind, key, value, more
) -> None:
    with pytest.raises(ValidationError):
        entering.set_value(place.adoption, kind, key, place.school, value, **more)
    assert entering.values(place.adoption) == []


def test_a_value_of_somebody_who_is_gone_is_refused(entering, place) -> None:
    gone = Subject("unit", "没有", "旧校")
    with pytest.raises(NotFoundError, match="单位"):
        entering.set_value(place.adoption, "input", "rank", gone, 1)
    with pytest.raises(NotFoundError, match="方案"):
        entering.set_value("没有", "input", "rank", place.school, 1)


def test_several_assessors_combine_by_their_mean(entering, place) -> None:
    give = entering.set_points
    give(place.adoption, place.item, place.school, 9, role="self", comment="材料齐全")
    for name, points in (("甲", 8), ("乙", 9), ("丙", 7.1), ("丙", 8.6)):
        give(place.adoption, place.item, place.school, points, role="assessor", assessor=name)
    given = entering.points(place.adoption)
    assert [(one.role, one.assessor, one.points) for one in given] == [
        ("assessor", "甲", Decimal(8)), ("assessor", "乙", Decimal(9)),
        ("assessor", "丙", Decimal("8.6")), ("self", "", Decimal(9)),
    ]  # fmt: skip
    assert given[-1].comment == "材料齐全"
    [whole] = combined(given).values()
    assert whole.points == Decimal("25.6") / 3
    assert whole.words == "3 位考核人（甲、乙、丙）的平均分"
    assert entering.assessors(place.adoption) == tuple(sorted("甲乙丙"))
    give(place.adoption, place.item, place.school, None, role="assessor", assessor="甲")
    assert combined(entering.points(place.adoption))[place.item, place.school].points == Decimal(
        "8.8"
    )


def test_points_that_cannot_be_are_refused(entering, place) -> None:
    pair = Subject("lesson", place.lesson, "课")
    for item, subject, points, who, error in (
        (place.item, place.school, 10.5, "甲", ValidationError),
        (place.item, place.school, -1, "甲", ValidationError),
        (place.item, place.school, float("inf"), "甲", ValidationError),
        (place.item, place.school, 5, " ", ValidationError),
        (place.group, place.school, 5, "甲", ValidationError),
        (place.item, pair, 5, "甲", ValidationError),
        ("没有", place.school, 5, "甲", NotFoundError),
    ):
        with pytest.raises(error):
            entering.set_points(
                place.adoption, item, subject, points, role="assessor", assessor=who
            )
    assert entering.points(place.adoption) == []


def text_file(folder: Path, name: str) -> Path:
    file = folder / name
    file.write_text(f"{name} 的内容", encoding="utf-8")
    return file


def links(services) -> list[tuple]:
    with services.archive.uow.read() as session:
        rows = session.scalars(select(EvidenceLink).order_by(EvidenceLink.id))
        return [
            (row.activity_id, row.lesson_id, row.school_id, row.slot, row.owner_id, row.counted_on)
            for row in rows
        ]


def test_a_file_dropped_on_a_finding_goes_to_its_slot_in_one_step(
    services, place, tmp_path
) -> None:
    file = text_file(tmp_path, "课件.txt")
    day = date(2025, 10, 15)
    services.evidence.ingest(
        [file],
        Destination(target=f"lesson:{place.lesson}", slot="slides", owner_id=place.person, counted_on=day),
    )  # fmt: skip
    assert links(services) == [(None, place.lesson, None, "slides", place.person, day)]
    again = Destination(target=f"activity:{place.activity}", slot="record")
    assert len(services.evidence.ingest([file], again).duplicates) == 1
    assert len(services.evidence.ingest([file], again).duplicates) == 1
    assert links(services)[1:] == [(place.activity, None, None, "record", None, None)]
    with pytest.raises(NotFoundError):
        services.evidence.ingest(
            [text_file(tmp_path, "乙.txt")], Destination(target="lesson:没有", slot="slides")
        )
    with pytest.raises(NotFoundError):
        services.evidence.ingest([file], Destination(
            target=f"lesson:{place.lesson}", slot="slides", owner_id="没有"
        ))  # fmt: skip


def test_evidence_that_is_there_is_put_into_a_slot_and_out_again(
    services, entering, place, tmp_path
) -> None:
    files = [text_file(tmp_path, name) for name in ("甲.txt", "乙.txt")]
    ids = [one.id for one in services.evidence.ingest(files).added]
    target, day = f"school:{place.school.id}", date(2026, 2, 20)
    entering.link(ids, target, "plan")
    entering.link(ids[:1], target, "plan", counted_on=day)
    assert links(services) == [
        (None, None, place.school.id, "plan", None, day),
        (None, None, place.school.id, "plan", None, None),
    ]
    entering.unlink(ids, target, "plan")
    assert links(services) == []
    assert services.history.undo() is not None
    assert len(links(services)) == 2
    with pytest.raises(NotFoundError):
        entering.link(["没有"], target, "plan")
    with pytest.raises(AppError):
        entering.unlink(ids, target, "film")
