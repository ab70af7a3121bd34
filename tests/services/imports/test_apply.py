from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from app.models import Appointment, Entry, Honour, Person, PersonSubject, School
from app.services.imports.apply import MemberPlan, import_members
from app.services.imports.command import import_file, report_data, report_lines
from app.services.imports.members import members_of
from app.services.imports.people import Entrant, fold
from app.services.imports.reading import read_text
from app.services.imports.report import ImportReport, Options
from app.services.imports.values import check_digit

if TYPE_CHECKING:
    from app.bootstrap import Services

ID = "980102198509120016"


def _id(born: str, serial: int) -> str:
    first = f"980102{born}{serial:03}"
    return first + check_digit(first)


def _import(services: "Services", text: str, **options: object) -> ImportReport:
    options.setdefault("community_id", services.adoptions.current().community_id)
    return import_members(services.archive.uow, members_of(read_text(text)), **options)


def _counts(report: ImportReport) -> tuple[int, int, int, int]:
    return report.rows, report.created, report.updated, report.unchanged


def _all(services: "Services", *columns: object) -> list[tuple]:
    with services.archive.uow.read() as session:
        return [tuple(row) for row in session.execute(select(*columns).order_by(*columns))]


def test_a_whole_row_arrives(services: "Services") -> None:
    text = (
        "姓名,性别,出生年月,民族,身份证号,手机,学历,职称,学科,参加工作时间,学校,角色,职务,年级,荣誉,备注\n"
        f"王䶮,男,1985-09,汉,{ID},19900001234,本科,小学高级,语文、数学,200709,龙泉小学,帮扶对象,"
        "教导主任,三年级,省级骨干教师、县教坛新秀,支教\n"
    )
    report = _import(services, text)
    assert _counts(report) == (1, 1, 0, 0)
    assert report.new_schools == ("龙泉小学",)
    with services.archive.uow.read() as session:
        person = session.scalars(select(Person)).one()
        assert person.school.name == "龙泉小学"
        assert (person.sex, person.born_on, person.ethnic_group, person.id_number, person.phone) == (
            "男", "1985-09", "汉族", ID, "19900001234",
        )  # fmt: skip
        assert (person.education, person.title, person.joined_on) == ("本科", "一级教师", "2007-09")
        assert (person.office, person.grade, person.note) == ("教导主任", "三年级", "支教")
        assert [one.subject for one in person.subjects] == ["语文", "数学"]
        assert [(one.name, one.level) for one in person.honours] == [
            ("骨干教师", "省"),
            ("教坛新秀", "县"),
        ]
        assert session.scalars(select(Appointment)).one().role == "assisted"


def test_samples_twice_the_second_time_all_unchanged(services: "Services", samples: Path) -> None:
    community = services.adoptions.current().community_id
    path = samples / "sheets" / "gen_花名册_简单.xlsx"
    first = import_file(services.archive.uow, "members", path, Options(community))
    again = import_file(services.archive.uow, "members", path, Options(community))
    assert _counts(first.report) == (5, 5, 0, 0)
    assert _counts(again.report) == (5, 0, 0, 5)
    assert [name for (name,) in _all(services, Person.name)].count("张三") == 2
    assert set(_all(services, Appointment.role)) == {("member",)}
    assert again.data["header_row"] == 1
    assert again.data["mapping"]["born_on"] == "出生年月"


def test_the_second_import_leaves_no_trace_in_the_journal(services: "Services") -> None:
    text = f"姓名,学科,身份证号,荣誉\n王芳,语文,{ID},县骨干教师\n李四,数学,,\n"
    _import(services, text)
    before = _all(services, func.count(Entry.batch_seq))
    assert _counts(_import(services, text)) == (2, 0, 0, 2)
    assert _all(services, func.count(Entry.batch_seq)) == before
    assert services.history.undo_label() == MemberPlan.action


def test_one_undo_takes_all_back_and_redo_brings_it_again(services: "Services") -> None:
    columns = (Person.id, Person.name, Person.phone, Person.school_id)
    _import(services, "姓名,手机,学校,荣誉\n王芳,19900001234,二小,市骨干教师\n李四,,三小,\n")
    after = _all(services, *columns), _all(services, School.name), _all(services, Honour.name)
    assert services.history.undo() == MemberPlan.action
    assert _all(services, *columns) == []
    assert _all(services, School.name) == [("蒲城县实验小学",)]
    assert services.history.redo() == MemberPlan.action
    assert (
        _all(services, *columns),
        _all(services, School.name),
        _all(services, Honour.name),
    ) == after
    assert {hit.title for hit in services.search.find("二小").hits} == {"王芳", "二小"}


def test_update_fills_and_changes_but_never_empties(services: "Services") -> None:
    _import(services, "姓名,手机,学科,职称,出生年月,备注\n王芳,19900001234,语文,,1985-09-12,旧\n")
    report = _import(
        services,
        "姓名,手机,学科,职称,出生年月,备注,荣誉\n王芳,19900005678,语文、数学,一级教师,1985-09,,县骨干教师\n",
    )
    assert _counts(report) == (1, 0, 1, 0)
    assert [(one.field, one.old, one.new, one.applied) for one in report.differences] == [
        ("手机", "199****1234", "199****5678", True),
        ("职称", "", "一级教师", True),
        ("学科", "语文", "语文、数学", True),
        ("荣誉", "", "县骨干教师", True),
    ]
    assert _all(services, Person.phone, Person.title, Person.born_on, Person.note) == [
        ("19900005678", "一级教师", "1985-09-12", "旧")
    ]
    assert _all(services, PersonSubject.ordinal, PersonSubject.subject) == [
        (0, "语文"),
        (1, "数学"),
    ]
    services.history.undo()
    assert _all(services, Person.phone, Person.title) == [("19900001234", "")]
    assert _all(services, PersonSubject.subject) == [("语文",)]


def test_keep_reports_what_differs_and_only_fills_blanks(services: "Services") -> None:
    _import(services, "姓名,手机,学科\n王芳,19900001234,语文\n")
    report = _import(
        services, "姓名,手机,学科,职称\n王芳,19900005678,数学,一级教师\n", policy="fill"
    )
    assert [(one.field, one.applied) for one in report.differences] == [
        ("手机", False), ("职称", True), ("学科", False),
    ]  # fmt: skip
    assert _all(services, Person.phone, Person.title) == [("19900001234", "一级教师")]
    again = _import(services, "姓名,手机,学科\n王芳,19900005678,数学\n", policy="fill")
    assert _counts(again) == (1, 0, 0, 1)


@pytest.mark.parametrize(
    ("first", "later", "people"),
    [
        (f"王芳,{ID},,,一小", f"王方,{ID},,,二小", 1),  # same number, name corrected, moved
        ("王芳,,19900001234,,一小", "王芳,,19900001234,,二小", 1),  # same phone and name: moved
        ("王芳,,19900001234,,一小", "李四,,19900001234,,一小", 2),  # one phone, two people
        ("王芳,,,,一小", "王芳,,,,二小", 2),  # same name at two schools
        ("王芳,,,,一小", "王芳,,19900001234,1985-09,一小", 1),  # nothing speaks against it
        ("王芳,,19900001234,,一小", "王芳,,19900005678,,一小", 1),  # new phone
        ("王芳,,,1985-09,一小", "王芳,,,1992-06,一小", 2),
        ("王芳,,,1985,一小", "王芳,,,1985-09-12,一小", 1),
        (f"王芳,{ID},,,一小", f"王芳,{_id('19920615', 5)},,,一小", 2),
        (f"王芳,{ID},19900001234,,一小", f"王芳,{_id('19920615', 5)},19900001234,,一小", 2),
    ],
)
def test_who_is_recognised(services: "Services", first: str, later: str, people: int) -> None:
    header = "姓名,身份证号,手机,出生年月,学校\n"
    _import(services, f"{header}{first}\n")
    report = _import(services, f"{header}{later}\n")
    assert len(_all(services, Person.id)) == people
    assert report.created == people - 1


@pytest.mark.parametrize(
    ("rows", "people", "duplicates"),
    [
        (["王芳,,,,一小", "王芳,,,,一小"], 1, 1),
        (["王芳,,,,一小", "王芳,,,,二小"], 2, 0),
        (["王芳,,19900001234,,一小", "王芳,,19900005678,,一小"], 2, 0),
        (["王芳,,,1985-09,一小", "王芳,,,1992-06,一小"], 2, 0),
        ([f"王芳,{ID},,,一小", f"王芳,{_id('19920615', 5)},,,一小"], 2, 0),
        ([f"王芳,{ID},,,一小", f"王芳,{ID},,,二小"], 1, 1),
        (["王芳,,19900001234,,一小", "王芳,,19900001234,,二小"], 1, 1),
        (["王芳,,,1985-09,一小", "王芳,,,1992-06,一小", "王芳,,,,一小"], 2, 1),
    ],
)
def test_who_is_the_same_within_one_file(
    services: "Services", rows: list[str], people: int, duplicates: int
) -> None:
    text = "\n".join(["姓名,身份证号,手机,出生年月,学校", *rows])
    report = _import(services, text)
    assert (report.created, len(report.duplicates)) == (people, duplicates)
    assert _counts(_import(services, text)) == (len(rows), 0, 0, people)


def test_rows_of_one_person_are_brought_together(services: "Services") -> None:
    report = _import(
        services, "姓名,学科,职称,角色\n王芳,语文,一级教师,坊主\n王芳,数学,二级教师,成员\n"
    )
    assert report.duplicates == ((3, 2),)
    assert ("同一人的几行里职称不同，取靠前的一行", (3,)) in [
        (one.text, one.rows) for one in report.remarks
    ]
    assert _all(services, PersonSubject.subject) == [("数学",), ("语文",)]
    assert _all(services, Appointment.role) == [("head",), ("member",)]


def test_one_number_for_two_names_is_refused(services: "Services") -> None:
    report = _import(services, f"姓名,身份证号\n王芳,{ID}\n李四,{ID}\n")
    assert _counts(report) == (2, 1, 0, 0)
    assert [(one.row, one.column) for one in report.rejected] == [(3, "身份证号")]
    assert "第 2 行的“王芳”" in report.rejected[0].reason


def test_unknown_roles_are_refused_with_the_list(services: "Services") -> None:
    report = _import(services, "姓名,角色,学校\n王芳,组长,新小学\n李四,,\n赵六,坊 主,\n")
    (refusal,) = report.rejected
    assert (refusal.row, refusal.column, refusal.value) == (2, "角色", "组长")
    assert refusal.reason == "没有“组长”这个角色，可用的角色：坊主、工作点名师、成员、帮扶对象"
    assert report.new_schools == ()
    assert _all(services, Appointment.role) == [("head",), ("member",)]


def test_a_role_is_exchanged_and_an_empty_one_changes_nothing(services: "Services") -> None:
    _import(services, "姓名,角色\n王芳,成员\n李四,坊主\n")
    report = _import(services, "姓名,角色\n王芳,帮扶对象\n李四,\n")
    assert [(one.name, one.field, one.old, one.new) for one in report.differences] == [
        ("王芳", "角色", "成员", "帮扶对象")
    ]
    assert _all(services, Appointment.role) == [("assisted",), ("head",)]
    _import(services, "姓名,角色\n王芳,帮扶对象、坊主\n")
    assert _all(services, Appointment.role) == [("assisted",), ("head",), ("head",)]


def test_without_a_community_nobody_is_appointed(services: "Services") -> None:
    report = _import(services, "姓名,角色\n王芳,坊主\n", community_id=None)
    assert report.created == 1
    assert "没有指定共同体，角色没有导入" in [one.text for one in report.remarks]
    assert _all(services, Appointment.role) == []
    assert _import(services, "姓名\n王芳\n").updated == 1
    assert _all(services, Appointment.role) == [("member",)]


def test_school_names(services: "Services") -> None:
    _import(services, "姓名,学校\n王芳,蒲城县 实验小学\n李四,\n赵六,龙泉小学（东校区）\n")
    report = _import(services, "姓名,学校\n赵六,龙泉小学(东校区)\n")
    assert _counts(report) == (1, 0, 0, 1)
    assert _all(services, School.name) == [("蒲城县实验小学",), ("龙泉小学（东校区）",)]
    assert {name for (name,) in _all(services, Person.school_id)} == {
        school for (school,) in _all(services, School.id)
    }


def test_dry_run_says_the_same_and_writes_nothing(services: "Services", tmp_path: Path) -> None:
    path = tmp_path / "名册.csv"
    path.write_text("姓名,学校\n王芳,新小学\n王?,\n", encoding="utf-8")
    options = Options(services.adoptions.current().community_id)
    tried = import_file(services.archive.uow, "members", path, options, dry_run=True)
    assert _all(services, Person.name) == []
    assert services.history.undo_label() != MemberPlan.action
    done = import_file(services.archive.uow, "members", path, options)
    assert {**tried.data, "dry_run": False} == done.data
    assert tried.lines[1].startswith("预览（没有写入）：新增 1 人")


def test_command_writes_rejects_and_takes_a_mapping(services: "Services", tmp_path: Path) -> None:
    path, mapping, out = tmp_path / "a.csv", tmp_path / "m.toml", tmp_path / "退回.xlsx"
    path.write_text("甲,乙\n王芳,组长\n李四,成员\n", encoding="utf-8")
    mapping.write_text('name = "甲"\nrole = "乙"\n', encoding="utf-8")
    community = services.adoptions.current().community_id
    told = import_file(
        services.archive.uow, "members", path, Options(community), mapping=mapping, rejects=out
    )
    assert (told.data["created"], len(told.data["rejected"])) == (1, 1)
    assert "改好后可以直接再导入" in told.lines[-1]
    assert out.is_file()


def test_private_numbers_stay_out_of_the_report(services: "Services") -> None:
    other = _id("19850912", 3)
    _import(services, f"姓名,身份证号,手机\n王芳,{ID},19900001234\n")
    report = _import(services, f"姓名,身份证号,手机\n王芳,{ID},19900005678\n")
    told = str(report_data(report)["differences"]) + "".join(report_lines(report))
    for number in (ID, other, "19900001234", "19900005678"):
        assert number not in told


def test_a_failure_half_way_writes_nothing(
    services: "Services", monkeypatch: pytest.MonkeyPatch
) -> None:
    from app.services.imports import apply

    def fail(*_args: object) -> None:
        raise RuntimeError("power cut")

    monkeypatch.setattr(apply.MemberPlan, "_update", fail)
    _import(services, "姓名\n王芳\n")
    with pytest.raises(RuntimeError):
        _import(services, "姓名,职称,学校\n王芳,一级教师,\n李四,,新小学\n")
    assert _all(services, Person.name) == [("王芳",)]
    assert _all(services, School.name) == [("蒲城县实验小学",)]


ROWS = st.lists(
    st.tuples(
        st.sampled_from(["王芳", "李四"]),
        st.sampled_from(["", ID, _id("19920615", 5)]),
        st.sampled_from(["", "19900001234", "19900005678"]),
        st.sampled_from(["", "1985", "1985-09", "1992-06-15"]),
        st.sampled_from(["", "一小", "二小"]),
        st.sampled_from(["", "语文", "语文、数学"]),
        st.sampled_from(["", "坊主", "成员"]),
    ),
    min_size=1,
    max_size=8,
)


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(ROWS)
def test_any_roster_imported_twice_changes_nothing_and_every_row_is_counted(
    services: "Services", rows: list[tuple[str, ...]]
) -> None:
    text = "\n".join(",".join(row) for row in [
        ("姓名", "身份证号", "手机", "出生年月", "学校", "学科", "角色"), *rows,
    ])  # fmt: skip
    first = _import(services, text)
    again = _import(services, text)
    for report in (first, again):
        refused = {one.row for one in report.rejected}
        counted = report.created + report.updated + report.unchanged + len(report.duplicates)
        assert counted + len(refused) == report.rows == len(rows)
    if first.created or first.updated:
        services.history.undo()
    assert (again.created, again.updated) == (0, 0)


def test_folding_needs_no_archive() -> None:
    table = members_of(read_text("姓名,学校\n王芳,一小\n王芳,一小\n"))
    folded = fold(Entrant(draft, draft.school) for draft in table.rows)
    assert (len(folded.entrants), folded.duplicates) == (1, ((3, 2),))
