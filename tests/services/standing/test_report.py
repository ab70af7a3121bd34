"""The self-assessment report, result tables, and the sheets that figures are typed into."""

import re
import zipfile
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

import docx
import pytest
from openpyxl import load_workbook

from app.errors import ValidationError
from app.models import SchemeAdoption
from app.services.documents.tree import texts
from app.services.documents.writing import write
from app.services.reports import results, self_assessment
from app.services.standing.asked import asked
from app.services.standing.entered import Typed
from app.services.standing.entry_sheets import entry_sheets, gap_words
from app.services.standing.points_typed import points_of
from app.services.standing.report import self_report
from app.services.standing.result_table import (
    grade_words,
    points_words,
    rank_words,
    result_tables,
    seat_words,
)
from tests.services.standing.examples.test_s11 import COMMUNITIES, COUNTY, SCHOOLS, county

DAY = "2026-05-20"


def workshop(world):
    return world("pucheng-workshop", today=DAY, community="蒲城县小学数学名师工作坊")


def report_of(w):
    services = w.services
    view = services.adoptions.current()
    return self_report(
        services.adoptions, services.standing, services.entering, view,
        services.standing.subjects(view.id)[0], made_on=services.handing.today,
    )  # fmt: skip


def sheets_of(w):
    services = w.services
    found = entry_sheets(services.adoptions, services.standing, services.entering, w.adoption)
    return {one.key: one for one in found}


def filled_county(world, leave=()):
    """S11 with five communities; the figures of the schools in ``leave`` are missing."""
    w, typed = county(world), []
    for name, (central, schools) in COUNTY.items():
        w.subcommunity(
            name, units={one: "member" if n else "lead" for n, one in enumerate(schools)}
        )
        typed.append(Typed("input", "central", w.subject(subcommunity=name), central))
        for school, (own, inspection) in schools.items():
            whose = w.subject(school=school)
            if school not in leave:
                typed += [Typed("input", "own", whose, own)]
                typed += [Typed("input", "inspection", whose, inspection)]
    w.services.entering.set_values(w.adoption, typed)
    return w


def rows_of(w):
    services = w.services
    scheme = services.adoptions.scheme(w.adoption)
    found = services.standing.results(w.adoption)
    return scheme, found, {one.kind: one for one in result_tables(scheme, found)}


# -- the report ------------------------------------------------------------------------------


def test_the_report_tells_points_proof_losses_and_what_was_let_pass(world) -> None:
    w = workshop(world)
    w.file(item="1.2", title="工作坊章程", on="2025-09-20")
    w.services.entering.set_points(w.adoption, w._item("3.4"), None, 4, role="self")
    w.services.entering.ignore(w.adoption, "slot:x:y", "缺签到表 1 份", "线上会议，没有签到")
    report = report_of(w)
    items = {one.points.no: one for group in report.groups for one in group.items}
    assert items["1.2"].points.points == 3
    assert "工作坊章程" in items["1.2"].proof[0]
    assert items["3.4"].points.points == 4
    assert "自评 4" in items["3.4"].how
    assert items["5.1"].points.points is None  # an assessor's item nobody scored: missing, not 0
    assert "还没有评" in items["5.1"].how
    assert report.points == 7
    assert report.highest == 100
    # 5.1 (5 points) is not known yet, so it is not lost: 100 - 5 - 7
    assert report.lost == 88
    assert report.total.startswith("已知 7 分，满分 100 分")
    assert [(one.words, one.reason) for one in report.ignored] == [
        ("缺签到表 1 份", "线上会议，没有签到")
    ]


def test_the_paper_says_so_and_names_no_missing_figure_nought(world) -> None:
    w = workshop(world)
    w.services.entering.ignore(w.adoption, "slot:x:y", "缺签到表 1 份", "线上会议，没有签到")
    report = report_of(w)
    said = "\n".join(text for _, text in texts(self_assessment.document(report)))
    assert "蒲城县小学数学名师工作坊自评报告" in said
    assert "2025—2026学年" in said
    assert "缺：考核项 5.1“论文与成果”要人工评分，还没有评" in said
    assert "线上会议，没有签到（2026-05-20）" in said
    assert "示范课：再有 1 节" in said
    without = self_assessment.document(report, advice=False)
    assert "示范课：再有 1 节" not in "\n".join(text for _, text in texts(without))


def test_word_is_a4_with_chinese_fonts_and_a_header_that_repeats(world, tmp_path, context) -> None:
    report = report_of(workshop(world))
    target = tmp_path / "自评.docx"
    write(self_assessment.document(report), target, context.clock())
    made = docx.Document(target)
    assert round(made.sections[0].page_width.mm) == 210
    title = made.paragraphs[0]
    assert title.text == "蒲城县小学数学名师工作坊自评报告"
    east = title.style.element.rPr.rFonts.get(docx.oxml.ns.qn("w:eastAsia"))
    assert east == "方正小标宋简体"
    table = made.tables[0]
    assert [cell.text for cell in table.rows[0].cells][:4] == ["编号", "考核项目", "满分", "得分"]
    assert table.rows[0]._tr.trPr.find(docx.oxml.ns.qn("w:tblHeader")) is not None
    rows = {row.cells[0].text: [cell.text for cell in row.cells] for row in table.rows}
    assert rows["5.1"][3] == "缺"
    assert rows["2.1"][2:4] == ["10", "0"]


def test_excel_has_figures_as_figures(world, tmp_path) -> None:
    w = workshop(world)
    w.file(item="1.2", title="工作坊章程", on="2025-09-20")
    target = tmp_path / "自评.xlsx"
    self_assessment.write_excel(report_of(w), target)
    book = load_workbook(target)
    rows = {row[0]: row for row in book["自评表"].iter_rows(min_row=3, values_only=True)}
    assert rows["1.2"][2:4] == (3, 3)
    assert rows["5.1"][3] == "缺"
    assert "还能补回的分" in book.sheetnames
    assert "已忽略的问题" not in book.sheetnames


def test_excel_bears_the_given_date_and_no_other(world, tmp_path) -> None:
    target, day = tmp_path / "自评.xlsx", datetime(2026, 6, 30, 8, tzinfo=UTC)
    self_assessment.write_excel(report_of(workshop(world)), target, day)
    with zipfile.ZipFile(target) as packed:
        assert {one.date_time for one in packed.infolist()} == {(2026, 6, 30, 8, 0, 0)}
        about = packed.read("docProps/core.xml").decode()
    assert set(re.findall(r"(\d{4}-\d\d-\d\d)T", about)) == {"2026-06-30"}


def test_pdf_and_other_endings(world, tmp_path, context) -> None:
    document = self_assessment.document(report_of(workshop(world)))
    write(document, tmp_path / "自评.pdf", context.clock())
    assert (tmp_path / "自评.pdf").read_bytes().startswith(b"%PDF")
    with pytest.raises(ValidationError, match="不能输出"):
        write(document, tmp_path / "自评.txt", context.clock())
    with pytest.raises(ValidationError, match=r"\.xlsx"):
        self_assessment.write_excel(report_of(workshop(world)), tmp_path / "自评.xls")
    assert [one.name for one in tmp_path.iterdir() if one.suffix in (".txt", ".xls")] == []


# -- result tables ---------------------------------------------------------------------------


def test_the_tables_of_five_communities_and_their_schools(world) -> None:
    w = filled_county(world)
    scheme, found, tables = rows_of(w)
    rows = {row.subject.name: row for one in tables.values() for row in one.rows}
    for name, (points, grade) in COMMUNITIES.items():
        assert points_words(rows[name].results["community"]) == points
        assert grade_words(rows[name].grades["community-grade"]) == grade
    for name, (points, grade) in SCHOOLS.items():
        assert points_words(rows[name].results["unit"]) == points
        assert grade_words(rows[name].grades["unit-grade"]) == (grade or "同分待定"), name
    assert rank_words(rows["城南二校"].grades["unit-grade"]) == "2"
    unit, community = scheme.grade[1], scheme.grade[0]
    assert seat_words(unit, "城南", found.grades) == (
        "7 个按 4:4:2（城南是优秀）：优秀 2.8、良好 2.8、合格 1.4，取整 3、3、1（余数大的先得）"
    )
    assert seat_words(unit, "瑞峰", found.grades).endswith("取整 0、1、1（余数大的先得）")
    assert seat_words(community, "", found.grades) == "5 个排名：优秀最多 2 个，良好其余"


def test_a_missing_figure_is_told_and_never_nought(world) -> None:
    w = filled_county(world, leave=("西龙七校",))
    _, _, tables = rows_of(w)
    rows = {row.subject.name: row for one in tables.values() for row in one.rows}
    told = points_words(rows["西龙七校"].results["unit"])
    assert told == "缺（已知 36）：没有录入西龙七校自主考核等 2 项"
    assert points_words(rows["西龙"].results["community"]).startswith("缺（已知")
    assert grade_words(rows["西龙七校"].grades["unit-grade"]) == "未评"


def test_results_as_excel_and_word(world, tmp_path, context) -> None:
    w = filled_county(world, leave=("西龙七校",))
    _, _, tables = rows_of(w)
    target = tmp_path / "结果.xlsx"
    results.write_excel(tuple(tables.values()), "青神县考核结果", target)
    book = load_workbook(target)
    rows = {row[0]: row for row in book["单位成绩"].iter_rows(min_row=3, values_only=True)}
    assert rows["城南一校"][2] == 92.8
    assert rows["西龙七校"][2] == "缺"
    assert "没有录入西龙七校督导考核" in rows["西龙七校"][-1]
    document = results.document(tuple(tables.values()), "青神县考核结果")
    write(document, tmp_path / "结果.docx", context.clock())
    made = docx.Document(tmp_path / "结果.docx")
    assert made.sections[0].page_width > made.sections[0].page_height
    cells = [cell.text for row in made.tables[0].rows for cell in row.cells]
    assert "92.8" in cells


# -- what is typed ---------------------------------------------------------------------------


def test_sheets_ask_for_what_the_scores_need_and_only_for_that(world) -> None:
    w = filled_county(world, leave=("西龙七校",))
    w.school("小太阳幼儿园", role="private", subcommunity="城北")
    sheets = sheets_of(w)
    assert sheets["input:unit"].columns == ("督导考核（满分 100）", "自主考核（满分 100）")
    names = [row.labels[0] for row in sheets["input:unit"].rows]
    assert len(names) == 21
    assert "小太阳幼儿园" not in names
    assert sheets["input:unit"].empty == 2
    assert sheets["input:community"].empty == 0
    first = sheets["input:community"].rows[0]
    assert (first.labels, first.cells[0].text) == (("城北",), "95")


def test_a_pasted_block_is_one_step_all_or_none(world) -> None:
    w = filled_county(world, leave=("西龙七校",))
    row = next(one for one in sheets_of(w)["input:unit"].rows if one.labels == ("西龙七校",))
    wanted = [
        Typed(one.typed.kind, one.typed.key, one.typed.subject, value)
        for one, value in zip(row.cells, ("70", "88"), strict=True)
    ]
    entering, history = w.services.entering, w.services.history
    bad = Typed("input", "own", row.cells[0].typed.subject, "101")
    with pytest.raises(ValidationError, match="分数不对"):
        entering.set_values(w.adoption, [*wanted, bad])
    assert sheets_of(w)["input:unit"].empty == 2
    entering.set_values(w.adoption, wanted)
    assert sheets_of(w)["input:unit"].empty == 0
    assert history.undo() == "填写成绩 2 项"
    assert sheets_of(w)["input:unit"].empty == 2


def test_last_years_rank_is_asked_where_progress_counts(world) -> None:
    w = world("yijian-sannian", today="2026-08-01")
    w.school("城区一小", role="main")
    w.school("山区甲小", role="partner")
    sheet = sheets_of(w)["input:unit"]
    assert sheet.columns == (
        "学校办学水平督导评估得分（满分 100）", "上年学年度考评综合排名（名次）",
        "学年度考评综合排名（名次）",
    )  # fmt: skip
    rows = {row.labels[0]: [one is not None for one in row.cells] for row in sheet.rows}
    assert rows == {"城区一小": [True, False, False], "山区甲小": [True, True, True]}


def test_figures_with_their_gap(world) -> None:
    w = world("balanced-development", today=DAY)
    w.figure("backbone", "0.76")
    rows = [row for one in sheets_of(w).values() for row in one.rows if len(row.labels) == 3]
    own = [row for row in rows if "骨干教师" in row.labels[1] and row.cells[0].text]
    assert [row.after for row in own] == [("差 0.24",)]
    empty = [row.after for row in rows if not row.cells[0].text]
    assert set(empty) == {("缺：没有录入",)}


def test_grades_given_by_hand_have_a_sheet_with_their_names(world) -> None:
    w = filled_county(world)
    with w.services.archive.uow.write("改方案") as session:
        row = session.get_one(SchemeAdoption, w.adoption)
        by_top = 'by = "top", tops = [{ name = "优秀", max = 2 }, { name = "良好" }]'
        assert by_top in row.source_text
        row.source_text = row.source_text.replace(by_top, 'by = "hand", names = ["优秀", "良好"]')
    sheet = sheets_of(w)["grade:community"]
    assert sheet.columns == ("共同体等级（优秀/良好）",)
    assert [row.labels[0] for row in sheet.rows] == list(COUNTY)
    cell = sheet.rows[0].cells[0]
    assert cell.choices == ("优秀", "良好")
    w.services.entering.set_values(w.adoption, [replace(cell.typed, value="良好")])
    assert sheets_of(w)["grade:community"].rows[0].cells[0].text == "良好"


def test_gaps_in_words(world) -> None:
    scheme = world("balanced-development", today=DAY).scheme
    standard = next(one.standard for one in scheme.figure if one.key == "backbone")
    assert gap_words(standard, Decimal(1)) == "达标"
    assert gap_words(standard, Decimal("0.5")) == "差 0.5"


def test_what_the_scores_ask_for_is_noted_without_changing_them(world) -> None:
    w = filled_county(world)
    found, facts = asked(w.services.standing, w.adoption, w.scheme)
    assert found.evaluation.results == w.results().evaluation.results
    inputs = [one for one in facts if one.kind == "input"]
    assert len(inputs) == 21 * 2 + 5


@pytest.mark.parametrize(
    ("text", "points"), [("4.5", "4.5"), ("４。５", "4.5"), (" 3 分", "3"), ("", None)]
)
def test_points_as_people_type_them(text, points) -> None:
    assert points_of(text, "示范课") == (None if points is None else Decimal(points))


def test_what_is_no_figure_is_refused_by_name() -> None:
    with pytest.raises(ValidationError, match="“示范课”的“五分钟”不是数"):
        points_of("五分钟", "示范课")
