"""The file of one person: everything is there once, in its term, and can be taken along."""

from datetime import UTC, date, datetime

import openpyxl
import pytest

from app.errors import NotFoundError, ValidationError
from app.models import (
    Activity,
    Appointment,
    Attendance,
    Dispatch,
    Duty,
    Evidence,
    EvidenceLink,
    Honour,
    Lesson,
    MentorPair,
    Observation,
    Person,
    PersonSubject,
    Rubric,
    RubricItem,
    School,
)


@pytest.fixture
def adoption(services):
    return services.adoptions.current()


@pytest.fixture
def person(services, adoption) -> str:
    """王芳 of 2025—2026 with something of every kind, and a lesson of the year before."""
    with services.archive.uow.write("准备") as session:
        school = School(name="兴镇小学")
        one = Person(
            name="王芳", school=school, born_on="1988-05", joined_on="2010-09", title="一级教师",
            phone="13800138000", id_number="610125198805010021",
        )  # fmt: skip
        other = Person(name="李雷")
        autumn = Activity(
            community_id=adoption.community_id,
            title="第1次研讨",
            kind="seminar",
            held_on=date(2025, 10, 15),
        )
        spring = Activity(
            community_id=adoption.community_id, title="送教下乡", held_on=date(2026, 4, 2)
        )
        rubric = Rubric(name="五分制")
        session.add_all([school, one, other, autumn, spring, rubric])
        session.flush()
        a, b = one.id, other.id
        spring.host_id = a
        session.add(RubricItem(rubric_id=rubric.id, name="教学设计", points=25))
        lesson = Lesson(teacher_id=a, title="分数的意义", subject="数学", activity=autumn, hours=2)
        old = Lesson(teacher_id=a, title="旧课", taught_on=date(2024, 10, 1))
        undated = Lesson(teacher_id=a, title="=SUM(A1)")
        heard = Lesson(teacher_id=b, title="圆的面积", taught_on=date(2026, 4, 2))
        session.add_all([lesson, old, undated, heard])
        session.flush()
        given = Observation(
            lesson_id=heard.id, observer_id=a, observed_on=date(2026, 4, 2), score=90
        )
        proof = Evidence(
            sha256="b" * 64, stored_name="x", original_name="x", title="教案", kind="doc",
            media_type="text/plain", size=1, dated_on=date(2025, 10, 16),
            added_at=datetime(2025, 10, 16, tzinfo=UTC),
        )  # fmt: skip
        session.add_all([given, proof])
        session.flush()
        session.add_all(
            [
                PersonSubject(person_id=a, subject="数学"),
                Honour(person_id=a, name="教学能手", level="县", awarded_on="2020"),
                Honour(person_id=a, name="骨干教师", level="省", awarded_on="2022"),
                Appointment(
                    community_id=adoption.community_id, person_id=a, role="member",
                    starts_on=date(2025, 9, 1),
                ),
                Observation(
                    lesson_id=lesson.id, observer_id=b, observed_on=date(2025, 10, 15), score=20,
                    rubric_id=rubric.id,
                ),
                Attendance(activity_id=autumn.id, person_id=a, status="present", part="授课"),
                Attendance(
                    activity_id=spring.id, person_id=a, status="leave", leave_written=True
                ),
                Duty(activity_id=autumn.id, person_id=a, task="摄影"),
                MentorPair(community_id=adoption.community_id, mentor_id=a, mentee_id=b),
                Dispatch(
                    community_id=adoption.community_id, person_id=a, kind="支教",
                    to_school_id=school.id, starts_on=date(2026, 3, 1), ends_on=date(2026, 3, 10),
                    days=10, lessons=12,
                ),
                EvidenceLink(evidence_id=proof.id, lesson_id=lesson.id),
                EvidenceLink(evidence_id=proof.id, activity_id=autumn.id),
                EvidenceLink(evidence_id=proof.id, person_id=b),
            ]
        )  # fmt: skip
        return a


def _cells(file) -> dict[str, list[tuple[str, ...]]]:
    return {section.key: [line.cells for line in section.lines] for section in file.sections}


def test_a_year_holds_what_was_done_in_it(services, person) -> None:
    file = services.people.personal(person, 2025)
    cells = _cells(file)
    assert (file.name, file.period) == ("王芳", "2025—2026学年")
    assert [line[1] for line in cells["lessons"]] == ["分数的意义"]
    assert cells["lessons"][0][5:] == ("2", "执教", "第1次研讨", "1")
    assert cells["received"][0][1:] == ("李雷", "数学", "分数的意义", "", "20", "")
    assert cells["given"][0][1] == "李雷"
    assert [(line[1], line[4], line[5]) for line in cells["activities"]] == [
        ("送教下乡", "主持", "请假（有假条）"),
        ("第1次研讨", "授课", "到会"),
    ]
    assert cells["duties"] == [("2025-10-15", "第1次研讨", "分工", "摄影")]
    assert cells["pairs"][0][:2] == ("师傅", "李雷")
    assert cells["dispatches"][0][-2:] == ("10", "12")
    assert [line[1] for line in cells["honours"]] == ["省", "县"]
    assert cells["evidence"] == [("2025-10-16", "教案", "课：分数的意义；活动：第1次研讨")]
    assert cells["appointments"][0][1] == services.adoptions.role_names(
        services.adoptions.current().id
    ).get("member", "member")


def test_figures_by_term_and_in_all(services, person) -> None:
    totals = {one.term: one for one in services.people.personal(person, 2025).totals}
    first, second = (name for name in totals if name != "合计")
    assert "一" in first
    assert (totals[first].lessons, totals[first].received, totals[first].received_mean) == (
        2,
        1,
        80,
    )
    assert (totals[first].present, totals[first].evidence, totals[first].duties) == (1, 1, 1)
    assert (totals[second].given, totals[second].given_mean, totals[second].leave) == (1, 90, 1)
    assert (totals[second].days, totals[second].dispatch_lessons) == (10, 12)
    whole = totals["合计"]
    assert (whole.lessons, whole.present, whole.leave, whole.absent) == (2, 1, 1, 0)


def test_all_years_hold_what_has_no_date_as_well(services, person) -> None:
    file = services.people.personal(person)
    assert {line[1] for line in _cells(file)["lessons"]} == {"分数的意义", "旧课", "=SUM(A1)"}
    assert [one.term for one in file.totals][-3:] == ["学期以外", "未注明日期", "合计"]
    assert file.totals[0].term.startswith("2025—2026学年 ")
    assert services.people.years() == [2025]


def test_private_numbers_stay_out(services, person) -> None:
    file = services.people.personal(person, 2025)
    facts = dict(file.facts)
    assert facts["年龄段"] == "36—40岁"
    assert facts["教龄"] == "15 年"
    assert facts["荣誉"] == "省级 1 项，县级 1 项"
    text = services.people.personal_text(services.people.personal(person))
    assert "138" not in text
    assert "610125" not in text
    assert "【授课】共 3 条\n1. 2025-10-15 分数的意义 数学 2 执教 第1次研讨 1" in text


def test_the_workbook_holds_it_all_as_text(services, person, tmp_path) -> None:
    target = tmp_path / "王芳.xlsx"
    services.people.export_personal(services.people.personal(person), target)
    book = openpyxl.load_workbook(target)
    assert book.sheetnames[:3] == ["概况", "授课", "被听课"]
    assert book["概况"]["B1"].value == "王芳"
    titles = [cell.value for cell in book["授课"][1]]
    assert titles[:2] == ["日期", "课题"]
    assert [row[5].value for row in book["授课"].iter_rows(min_row=2)] == [2, 1, 1]
    formula = next(row[1] for row in book["授课"].iter_rows() if row[1].value == "=SUM(A1)")
    assert formula.data_type == "s"
    with pytest.raises(ValidationError):
        services.people.export_personal(services.people.personal(person), tmp_path / "王芳.doc")


def test_who_is_not_there_is_said(services, person) -> None:
    with pytest.raises(NotFoundError, match="找不到这个人"):
        services.people.personal("没有", 2025)
    with pytest.raises(NotFoundError, match="没有 1999 学年"):
        services.people.personal(person, 1999)
