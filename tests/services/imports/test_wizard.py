"""The steps of the window: open, propose, correct, preview, apply, and the columns saved by name."""

from pathlib import Path
from typing import TYPE_CHECKING

import openpyxl
import pytest
from sqlalchemy import func, select

from app.errors import CancelledError, ConflictError, NotFoundError, ValidationError
from app.models import CommunityUnit, Entry, School
from app.services.imports.kinds import KINDS, load_kind
from app.services.imports.report import POLICY_NAMES, Options
from app.services.imports.schools import SchoolPlan

if TYPE_CHECKING:
    from app.bootstrap import Services
    from app.services.imports.report import ImportReport

SCHOOLS = (
    "单位名称,简称,类别,学段,角色,乡镇\n"
    "龙泉镇中心小学,龙泉小学,完小,小学部,,龙泉镇\n"
    "蒲城县实验小学,,小学,,所在学校,\n"
    "城关初中,,初中,初中,坏,\n"
    "龙泉镇 中心小学,,,,,\n"
)


def take(services: "Services", kind: str, text: str, **options: object) -> "ImportReport":
    imports = services.imports
    return imports.apply(imports.propose(imports.open_source(text), kind), Options(**options))


def counts(report: "ImportReport") -> tuple[int, int, int, int]:
    return report.rows, report.created, report.updated, report.unchanged


def test_columns_are_proposed_with_samples_and_doubts(services: "Services") -> None:
    imports = services.imports
    text = "日期,听课人,执教,得分,随便\n10月12日,王芳,李四,101,甲\n2025-02-30,王芳,李四,90,\n"
    proposal = imports.propose(imports.open_source(text), "observations")
    told = [(one.letter, one.header, one.field, one.how, one.bad) for one in proposal.columns]
    assert told == [
        ("A", "日期", "observed_on", "header", 1),
        ("B", "听课人", "observer", "header", 0),
        ("C", "执教", "teacher", "header", 0),
        ("D", "得分", "score", "header", 1),
        ("E", "随便", "", "", 0),
    ]
    assert proposal.columns[0].samples == ("10月12日", "2025-02-30")
    assert proposal.columns[3].reason == "得分超过满分 100，这里是 101"
    assert (proposal.problem, proposal.saved) == ("", "")


def test_a_table_that_is_not_understood_is_mended_by_hand(services: "Services") -> None:
    imports = services.imports
    book = imports.open_source("甲,乙\n龙泉小学,龙泉\n城关初中,城关\n")
    proposal = imports.propose(book, "schools")
    assert proposal.problem.startswith("工作表“剪贴板”里没有找到表头。")
    with pytest.raises(ValidationError, match="没有找到表头"):
        imports.preview(proposal, Options())
    mended = imports.propose(book, "schools", header_row=1, mapping={"name": 0, "district": 1})
    assert (mended.problem, [one.how for one in mended.columns]) == ("", ["chosen", "chosen"])
    assert counts(imports.preview(mended, Options())) == (2, 2, 0, 0)
    without = imports.propose(book, "schools", header_row=0, mapping={"name": 0})
    assert counts(imports.preview(without, Options())) == (3, 3, 0, 0)


def test_saved_columns_are_recognised_renamed_and_forgotten(services: "Services") -> None:
    imports = services.imports
    book = imports.open_source("某县名单,\n甲,乙\n龙泉小学,龙泉\n")
    mended = imports.propose(book, "schools", header_row=2, mapping={"name": 0, "short_name": 1})
    imports.save_mapping("县里的", mended)
    again = imports.propose(imports.open_source("甲,乙\n城关初中,城关\n"), "schools")
    assert (again.saved, again.mapping, again.header.last_row) == (
        "县里的", {"name": 0, "short_name": 1}, 1,
    )  # fmt: skip
    assert {one.how for one in again.columns} == {"saved"}
    imports.rename_mapping("schools", "县里的", "教研室的")
    assert [one.name for one in imports.mappings("schools")] == ["教研室的"]
    assert imports.mappings("members") == []
    imports.save_mapping("另一个", mended)
    with pytest.raises(ConflictError, match="已经有一个叫“另一个”"):
        imports.rename_mapping("schools", "教研室的", "另一个")
    with pytest.raises(ValidationError, match="起一个名称"):
        imports.save_mapping(" ", mended)
    imports.delete_mapping("schools", "教研室的")
    with pytest.raises(NotFoundError):
        imports.delete_mapping("schools", "教研室的")
    assert services.history.undo() == "删除列的对应“教研室的”"
    assert [one.name for one in imports.mappings("schools")] == ["另一个", "教研室的"]


def test_schools_come_in_once_with_their_role(services: "Services") -> None:
    report = take(services, "schools", SCHOOLS)
    assert counts(report) == (4, 1, 1, 0)
    assert list(report.problems) == [(4, 4)]
    assert report.problems[4, 4].startswith("没有“坏”这个角色，可用的角色：")
    assert report.states == {2: "created", 3: "updated", 4: "rejected", 5: "duplicate"}
    assert report.duplicates == ((5, 2),)
    with services.archive.uow.read() as session:
        school = session.scalars(select(School).where(School.short_name == "龙泉小学")).one()
        assert (school.name, school.kind, school.stage) == ("龙泉镇中心小学", "小学", "小学")
        entries = session.scalar(select(func.count()).select_from(Entry))
    assert counts(take(services, "schools", SCHOOLS)) == (4, 0, 0, 2)
    with services.archive.uow.read() as session:
        assert session.scalar(select(func.count()).select_from(Entry)) == entries
    assert services.history.undo() == SchoolPlan.action
    assert services.search.find("龙泉镇").total == 0


def test_a_role_makes_a_unit_and_a_short_name_is_the_same_school(services: "Services") -> None:
    take(services, "schools", "名称,简称\n龙泉镇中心小学,龙泉小学\n")
    report = take(services, "schools", "名称,角色,乡镇\n龙泉小学,所在学校,龙泉镇\n")
    assert counts(report) == (1, 0, 1, 0)
    assert report.remarks[-1].text == "“龙泉小学”是“龙泉镇中心小学”的简称，认作同一个单位"
    with services.archive.uow.read() as session:
        units = select(School.name).join(CommunityUnit, CommunityUnit.school_id == School.id)
        assert set(session.scalars(units)) == {"蒲城县实验小学", "龙泉镇中心小学"}


@pytest.mark.parametrize(
    ("policy", "kept", "told"),
    [("update", "新镇", True), ("fill", "老镇", False), ("skip", "老镇", None)],
)
def test_policies_and_empty_cells(
    services: "Services", policy: str, kept: str, told: bool | None
) -> None:
    take(services, "schools", "名称,乡镇,备注\n龙泉小学,老镇,旧\n")
    report = take(services, "schools", "名称,乡镇,备注\n龙泉小学,新镇,\n", policy=policy)
    with services.archive.uow.read() as session:
        school = session.scalars(select(School).where(School.name == "龙泉小学")).one()
        assert (school.district, school.note) == (kept, "旧")
    assert [one.applied for one in report.differences] == ([] if told is None else [told])


def test_a_policy_that_makes_no_sense_is_refused(services: "Services") -> None:
    with pytest.raises(ValidationError, match="不能“两条都留”"):
        take(services, "schools", "名称\n龙泉小学\n", policy="both")
    assert set(POLICY_NAMES) == {one for kind in KINDS for one in load_kind(kind).policies}


def test_cancelled_while_writing_nothing_is_there(services: "Services") -> None:
    class Stop:
        def report(self, done: int, total: int, text: str = "") -> None:
            if text == "写入档案库":
                raise CancelledError

    imports = services.imports
    proposal = imports.propose(imports.open_source(SCHOOLS), "schools")
    with pytest.raises(CancelledError):
        imports.apply(proposal, Options(), Stop())
    with services.archive.uow.read() as session:
        assert session.scalar(select(func.count()).select_from(School)) == 1


@pytest.mark.parametrize("kind", KINDS)
def test_every_column_of_a_template_is_understood(
    services: "Services", kind: str, tmp_path: Path
) -> None:
    imports, path = services.imports, tmp_path / "模板.xlsx"
    imports.write_template(kind, path)
    described = load_kind(kind)
    proposal = imports.propose(imports.open_source(path), kind)
    assert set(proposal.mapping) == {one.key for one in described.fields}
    with pytest.raises(ValidationError, match="只有表头"):
        imports.preview(proposal, Options())
    book = openpyxl.load_workbook(path)
    for column, one in enumerate(described.fields, 2):
        book.active.cell(3, column).value = one.example
    book.save(path)
    report = imports.preview(
        imports.propose(imports.open_source(path), kind), Options(create_missing=True)
    )
    assert (report.created, report.rejected) == (2 if kind == "observations" else 1, ())
