"""Ledgers of activities and lesson observations: who is meant, what is the same, what is refused."""

from pathlib import Path
from typing import TYPE_CHECKING

import openpyxl
import pytest
from sqlalchemy import func, select

from app.models import (
    Activity,
    ActivityUnit,
    Attendance,
    Entry,
    Lesson,
    Observation,
    Person,
    School,
)
from app.services.imports.report import Options

if TYPE_CHECKING:
    from app.bootstrap import Services
    from app.services.imports.report import ImportReport

PEOPLE = (
    "姓名,学校\n王芳,龙泉小学\n李娟,龙泉小学\n赵强,城关初中\n张三,龙泉小学\n"
    "张三,城关初中\n李四,龙泉小学\n"
)
ACTIVITIES = (
    "序号,日期,时间,活动主题,活动类型,主持人,承办单位,参加人员\n"
    "1,10月12日,14:30-16:30,单元作业设计,主题研讨,王 芳,龙泉小学,李娟、赵强（请假）、全体教师\n"
    "2,2025年10月15日—16日,,示范课,demo,李娟老师,,张三（城关初中）\n"
    "3,10月12日,,单元作业设计,,,,李四\n"
)
OBSERVATIONS = (
    "日期,节次,班级,课题,执教,听课人,学校,优点,得分\n"
    '2025.10.15,第3节,五(2)班,草船借箭,李四,王芳、李娟,,"好\n很好😀",95\n'
    "2025.10.15,三,五(2)班,草船借箭,李四,赵强,,,88.5\n"
    "2025.10.15,3,,草船借箭,李四,赵强,,,\n"
    "10月16日,第2节,,,张三,王芳,龙泉小学,,90\n"
)


@pytest.fixture
def staffed(services: "Services") -> "Services":
    take(services, "members", PEOPLE)
    return services


def take(services: "Services", kind: str, text: str, **options: object) -> "ImportReport":
    imports = services.imports
    return imports.apply(imports.propose(imports.open_source(text), kind), Options(**options))


def counts(report: "ImportReport") -> tuple[int, int, int, int]:
    return report.rows, report.created, report.updated, report.unchanged


def reasons(report: "ImportReport") -> list[tuple[int, str, str]]:
    return [(one.row, one.column, one.reason) for one in report.rejected]


def entries(services: "Services") -> int:
    with services.archive.uow.read() as session:
        return session.scalar(select(func.count()).select_from(Entry)) or 0


def test_activities_with_their_people_and_units(staffed: "Services") -> None:
    report = take(staffed, "activities", ACTIVITIES)
    assert (counts(report), report.duplicates) == ((3, 2, 0, 0), ((4, 2),))
    assert "“全体教师”不是姓名，没有登记" in [one.text for one in report.remarks]
    with staffed.archive.uow.read() as session:
        first, second = session.scalars(select(Activity).order_by(Activity.held_on)).all()
        assert (str(first.held_on), f"{first.starts_at:%H:%M}", first.kind, first.host.name) == (
            "2025-10-12", "14:30", "seminar", "王芳",
        )  # fmt: skip
        assert {one.person.name: one.status for one in first.attendances} == {
            "李娟": "present", "赵强": "leave", "李四": "present",
        }  # fmt: skip
        assert [(one.school.name, one.role) for one in first.units] == [("龙泉小学", "承办")]
        assert (str(second.ends_on), second.kind) == ("2025-10-16", "demo")
        assert [one.person.school.name for one in second.attendances] == ["城关初中"]
    before = entries(staffed)
    assert counts(take(staffed, "activities", ACTIVITIES)) == (3, 0, 0, 2)
    assert entries(staffed) == before


def test_what_an_activity_gains_and_what_differs(staffed: "Services") -> None:
    take(staffed, "activities", ACTIVITIES)
    changed = "日期,主题,地点,主持人,参加人员\n10月12日,单元作业设计,报告厅,李娟,王芳\n"
    report = take(staffed, "activities", changed, policy="fill")
    assert [(one.field, one.old, one.new, one.applied) for one in report.differences] == [
        ("地点", "", "报告厅", True),
        ("主持人", "王芳", "李娟", False),
        ("参加人员", "", "王芳", True),
    ]
    report = take(staffed, "activities", changed)
    assert [(one.field, one.old, one.new) for one in report.differences] == [
        ("主持人", "王芳", "李娟")
    ]
    assert counts(take(staffed, "activities", changed, policy="both")) == (1, 1, 0, 0)
    assert staffed.history.undo() == "导入活动台账"
    with staffed.archive.uow.read() as session:
        assert session.scalar(select(func.count()).select_from(Activity)) == 2
        assert session.scalar(select(func.count()).select_from(Attendance)) == 5
        assert session.scalar(select(func.count()).select_from(ActivityUnit)) == 1


def test_activities_that_cannot_be_are_refused(staffed: "Services") -> None:
    report = take(
        staffed,
        "activities",
        "日期,时间,名称,类型,主持人,承办单位,结束日期\n"
        "2025年2月30日,,甲,,,,\n"
        "10月20日,,乙,,张三,,\n"
        "10月21日,,丙,,王方,龙泉中学,\n"
        "10月22日,16:00-14:00,丁,,,,\n"
        "10月23日,,戊,喝茶,,,\n"
        "10月24日,,己,,,,10月20日\n"
        f"10月25日,,{'长' * 201},,,,\n",
    )
    assert reasons(report) == [
        (2, "日期", "2025 年 2 月没有 30 日"),
        (3, "主持人", "有 2 个人叫“张三”（龙泉小学、城关初中），请写成“姓名（学校）”或填学校一栏"),
        (4, "主持人", "没有叫“王方”的成员，是不是“王芳”"),
        (4, "承办单位", "没有叫“龙泉中学”的单位，是不是“龙泉小学”"),
        (5, "时间", "“16:00-14:00”的结束时间早于开始时间"),
        (
            6,
            "类型",
            "没有“喝茶”这个活动类型，可用的类型：示范课、专题讲座、主题研讨、送教下乡、帮扶指导",
        ),
        (7, "日期", "结束日期 2025-10-20 早于开始日期 2025-10-24"),
        (8, "名称", "超过 200 个字（这里有 201 个）"),
    ]
    assert counts(report) == (7, 0, 0, 0)


def test_unknown_names_are_made_only_where_that_is_allowed(staffed: "Services") -> None:
    text = "日期,名称,主持人,承办单位\n10月21日,丙,王方,龙泉中学\n10月22日,丁,怪人,坏中学\n"
    wrong = text.replace("10月22日", "10月32日")
    report = take(staffed, "activities", wrong, create_missing=True)
    assert (report.new_people, report.new_schools) == (("王方",), ("龙泉中学",))
    with staffed.archive.uow.read() as session:
        assert "怪人" not in set(session.scalars(select(Person.name)))
        assert "坏中学" not in set(session.scalars(select(School.name)))
    assert take(staffed, "activities", wrong, create_missing=True).unchanged == 1


def test_observers_of_one_lesson_share_it(staffed: "Services") -> None:
    report = take(staffed, "observations", OBSERVATIONS)
    assert (counts(report), report.duplicates) == ((4, 4, 0, 0), ((4, 3),))
    with staffed.archive.uow.read() as session:
        lessons = session.scalars(select(Lesson).order_by(Lesson.taught_on)).all()
        assert [(one.teacher.name, one.period, one.class_name) for one in lessons] == [
            ("李四", "第3节", "五(2)班"),
            ("张三", "第2节", ""),
        ]
        assert lessons[1].teacher.school.name == "龙泉小学"
        found = session.scalars(select(Observation).order_by(Observation.score)).all()
        assert [(one.observer.name, one.score, one.strengths) for one in found][:2] == [
            ("赵强", 88.5, ""), ("王芳", 90.0, ""),
        ]  # fmt: skip
        assert {one.strengths for one in found if one.score == 95} == {"好\n很好😀"}
    before = entries(staffed)
    assert counts(take(staffed, "observations", OBSERVATIONS)) == (4, 0, 0, 4)
    assert entries(staffed) == before
    report = take(staffed, "observations", OBSERVATIONS.replace("88.5", "89"))
    assert [(one.name, one.field, one.old, one.new) for one in report.differences] == [
        ("赵强听李四", "得分", "88.5", "89")
    ]


def test_observations_that_cannot_be_are_refused(staffed: "Services") -> None:
    report = take(
        staffed,
        "observations",
        "日期,节次,执教,听课人,得分\n"
        "10月16日,2,赵强,王芳,101\n"
        "10月16日,2,赵强,王芳,-1\n"
        "10月16日,2,张三,王芳,\n"
        "10月16日,2,赵强,赵强、王芳,\n"
        "10月16日,99,赵强,王芳,\n"
        ",2,赵强,王芳,\n"
        "10月16日,2,赵强,王?,\n",
    )
    assert [(row, column) for row, column, _ in reasons(report)] == [
        (2, "得分"), (3, "得分"), (4, "执教"), (5, "听课人"), (6, "节次"), (7, "日期"), (8, "听课人"),
    ]  # fmt: skip
    assert reasons(report)[3][2] == "听课人和执教是同一个人（赵强）"
    assert reasons(report)[5][2] == "没有日期"


def test_two_lessons_at_once_are_told(staffed: "Services") -> None:
    text = "日期,节次,执教,听课人\n10月16日,2,赵强,王芳\n10月16日,2-3,李四,王芳\n"
    report = take(staffed, "observations", text)
    assert report.remarks[-1].text == "王芳在同一天同一节次听了两节课，照表格收入，请核对"
    assert report.remarks[-1].rows == (3,)


def test_long_texts_come_in_whole(staffed: "Services", tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append(["日期", "名称", "活动内容"])
    book.active.append(["2025-10-12", "=1+1", "记" * 32_000])
    book.active["B2"].data_type = "s"
    book.save(tmp_path / "a.xlsx")
    imports = staffed.imports
    proposal = imports.propose(imports.open_source(tmp_path / "a.xlsx"), "activities")
    assert imports.apply(proposal, Options()).created == 1
    text = f"日期,名称,活动内容\n2025-10-13,长,{'录' * 50_000}\n"
    assert take(staffed, "activities", text).created == 1
    with staffed.archive.uow.read() as session:
        found = session.execute(select(Activity.title, func.length(Activity.minutes)))
        assert sorted(map(tuple, found)) == [("=1+1", 32_000), ("长", 50_000)]


def test_merged_dates_and_teachers_count_for_each_row(staffed: "Services", tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    page = book.active
    for row in (
        ["听课台账"], ["日期", "执教", "听课人"], ["2025-10-12", "李四", "王芳"], ["", "", "李娟"],
        ["", "", ""],
    ):  # fmt: skip
        page.append(row)
    page.merge_cells("A3:A5")
    page.merge_cells("B3:B5")
    book.save(tmp_path / "a.xlsx")
    imports = staffed.imports
    proposal = imports.propose(imports.open_source(tmp_path / "a.xlsx"), "observations")
    report = imports.apply(proposal, Options())
    assert (counts(report), report.rejected) == ((2, 2, 0, 0), ())
    with staffed.archive.uow.read() as session:
        assert session.scalar(select(func.count()).select_from(Lesson)) == 1


def test_the_sample_ledgers(staffed: "Services", samples: Path) -> None:
    imports = staffed.imports
    for kind, name, made in (("activities", "教研活动", 2), ("observations", "听课", 1)):
        path = samples / "sheets" / f"gen_{name}台账.xlsx"
        proposal = imports.propose(imports.open_source(path), kind)
        take(staffed, "members", "姓名\n王䶮\n欧阳倩\n")
        with staffed.archive.uow.write("张三只有一位") as session:
            for person in session.scalars(select(Person).where(Person.name == "张三")).all()[1:]:
                person.name = "张三丰"
        assert imports.apply(proposal, Options()).created == made
        assert imports.apply(proposal, Options()).unchanged == made
