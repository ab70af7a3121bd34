"""A Word form filled: text as it was meant, rows for every line, pictures in their cells."""

from __future__ import annotations

import io
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import docx
import pytest
from docx.oxml.ns import qn
from docx.shared import Cm

from app.errors import ExportError
from app.services.forms.form import Sheet
from app.services.templates.filling import Order
from app.services.templates.word_file import text_of
from tests.services.templates.office import SUBJECT, photo, values, word

if TYPE_CHECKING:
    from pathlib import Path

NOW = datetime(2026, 6, 1, tzinfo=UTC)


def filled(path: Path, *of: dict[str, Any]) -> Any:
    made = Order(path, SUBJECT, [Sheet(one) for one in of]).filled(NOW)
    return docx.Document(io.BytesIO(made))


def rows(table: Any) -> list[list[str]]:
    return [[cell.text for cell in row.cells] for row in table.rows]


def test_values_stand_as_they_are(tmp_path: Path) -> None:
    path = word(tmp_path / "a.docx", "主题：{{活动主题}}", "{{ 机构（问题） }}|{{日期}}")
    hard = "A&B <小于> \"引\" '号' {{日期}} {% if %} 䶮𠅤 买买提·Mehmet"
    made = filled(
        path, values(活动主题=hard, 日期="一\n二\r\n三\x07\x0c", **{"机构（问题）": "教研室"})
    )
    first, second = made.paragraphs[:2]
    assert first.text == f"主题：{hard}"
    assert second.text == "教研室|一\n二\n三"
    assert len(second._p.findall(f".//{qn('w:br')}")) == 2


def test_what_a_record_does_not_have_is_empty(tmp_path: Path) -> None:
    made = filled(
        word(tmp_path / "a.docx", "主题：{{活动主题}}。", "人员：{{签到.姓名}}", "{{照片.图}}"), {}
    )
    assert [one.text for one in made.paragraphs] == ["主题：。", "人员："]


@pytest.mark.parametrize("people", [0, 1, 500])
def test_a_row_comes_for_every_line(tmp_path: Path, people: int) -> None:
    path = word(
        tmp_path / "a.docx",
        [["序号", "姓名"], ["{{签到.序号}}", "{{签到.姓名}}"], ["合计", "{{ 签到|length }}"]],
    )
    made = rows(filled(path, values(people)).tables[0])
    assert len(made) == people + 2
    assert made[1:-1] == [[str(n), f"张{n}"] for n in range(1, people + 1)]
    assert made[-1] == ["合计", str(people)]


@pytest.mark.parametrize(("people", "expected"), [(0, 4), (2, 4), (4, 4), (6, 6)])
def test_blank_rows_below_are_used_first(tmp_path: Path, people: int, expected: int) -> None:
    lines = [["{{签到.序号}}", "{{签到.姓名}}"], ["2", ""], ["3", ""], ["4", ""], ["备注", "无"]]
    made = rows(filled(word(tmp_path / "a.docx", lines), values(people)).tables[0])
    assert [line[0] for line in made[:-1]] == [str(n) for n in range(1, expected + 1)]
    assert [line[1] for line in made[:people]] == [f"张{n}" for n in range(1, people + 1)]
    assert all(line[1] == "" for line in made[people:-1])


def test_two_lines_stand_side_by_side(tmp_path: Path) -> None:
    line = ["{{签到.姓名}}", "{{签到.单位}}"] * 2
    made = rows(filled(word(tmp_path / "a.docx", [line, [""] * 4]), values(5)).tables[0])
    assert made == [
        ["张1", "小学", "张2", "小学"], ["张3", "小学", "张4", "小学"], ["张5", "小学", "", ""],
    ]  # fmt: skip


def test_what_has_a_label_is_not_labelled_twice(tmp_path: Path) -> None:
    path = word(
        tmp_path / "a.docx", [["人员", "{{签到.姓名}}"], ["补助", "{{签到.姓名}}{{签到.补助}}元"]],
        "共{{签到|length}}人，其中{{签到.姓名}}{{签到.补助}}元，主题{{活动主题}}。",
        "{{签到.姓名}}来自{{签到.单位}}",
    )  # fmt: skip
    made = filled(path, values(2))
    assert rows(made.tables[0]) == [["人员", "张1、张2"], ["补助", "张110元\n张220元"]]
    assert [one.text for one in made.paragraphs] == [
        "共2人，其中张110元、张220元，主题算理。", "张1来自小学", "张2来自小学",
    ]  # fmt: skip


def test_a_label_merged_downwards_grows_with_its_rows(tmp_path: Path) -> None:
    path = word(tmp_path / "a.docx", [["人员", "{{签到.姓名}}"], ["", ""]])
    made = docx.Document(str(path))
    made.tables[0].cell(0, 0).merge(made.tables[0].cell(1, 0))
    made.save(str(path))
    table = filled(path, values(4)).tables[0]
    assert [line[1] for line in rows(table)] == ["张1", "张2", "张3", "张4"]
    merges = [one.get(qn("w:val")) for one in table._tbl.iter(qn("w:vMerge"))]
    assert merges == ["restart", "continue", "continue", "continue"]


def test_rows_of_one_list_come_again_together(tmp_path: Path) -> None:
    lines = [["{{签到.姓名}}", "{{签到.单位}}"], ["补助", "{{签到.补助}}"]]
    path = word(
        tmp_path / "a.docx",
        [["{{签到.姓名}}", "甲{{签到.单位}}"], ["{{签到.补助}}", "{{签到.序号}}"]],
    )
    made = rows(filled(path, values(2)).tables[0])
    assert made == [["张1", "甲小学"], ["10", "1"], ["张2", "甲小学"], ["20", "2"]]
    labelled = rows(filled(word(tmp_path / "b.docx", lines), values(2)).tables[0])
    assert labelled == [["张1", "小学"], ["张2", "小学"], ["补助", "10、20"]]


def test_native_docxtpl_works(tmp_path: Path) -> None:
    path = word(
        tmp_path / "a.docx", "{%p if 签到 %}", "有人", "{%p else %}", "没有人", "{%p endif %}",
        [["{%tr for 人 in 签到 %}"], ["{{ loop.index }}.{{ 人.姓名 }}"], ["{%tr endfor %}"]],
        "{% for 人 in 签到 %}{{ 人.姓名 }}{% if not loop.last %}；{% endif %}{% endfor %}",
    )  # fmt: skip
    made = filled(path, values(2))
    assert [one.text for one in made.paragraphs] == ["有人", "张1；张2"]
    assert rows(made.tables[0]) == [["1.张1"], ["2.张2"]]
    assert [one.text for one in filled(path, values(0)).paragraphs] == ["没有人", ""]


def test_pictures_fill_the_width_of_their_cell(tmp_path: Path) -> None:
    path = word(tmp_path / "a.docx", [["照片", "{{照片.图}}"]])
    made = docx.Document(str(path))
    made.tables[0].rows[0].cells[1].width = Cm(8)
    made.tables[0].rows[0].cells[1].add_paragraph("图：{{照片.说明}}")
    made.save(str(path))
    shots = [{"图": photo(), "说明": "一"}, {"图": photo(300, 900), "说明": "二"}]
    cell = filled(path, values(照片=shots)).tables[0].cell(0, 1)
    assert [one.text for one in cell.paragraphs] == ["", "图：一", "", "图：二"]
    sizes = [(int(x.get("cx")), int(x.get("cy"))) for x in cell._tc.iter(qn("wp:extent"))]
    inner = Cm(8) - 2 * 108 * 635
    assert sizes[0][0] == pytest.approx(inner, rel=0.01)
    assert sizes[0][0] / sizes[0][1] == pytest.approx(4 / 3, rel=0.01)
    assert sizes[1][1] == pytest.approx(inner * 1.5, rel=0.01)
    assert sizes[1][0] / sizes[1][1] == pytest.approx(1 / 3, rel=0.01)


def test_each_record_has_pages_and_headers_of_its_own(tmp_path: Path) -> None:
    path = word(tmp_path / "a.docx", "{{活动主题}}", [["{{签到.姓名}}"]])
    made = docx.Document(str(path))
    made.sections[0].header.paragraphs[0].text = "页眉 {{活动主题}}"
    made.sections[0].footer.paragraphs[0].text = "同一页脚"
    made.save(str(path))
    done = filled(path, values(1), values(0, 活动主题="乙"), values(2, 活动主题="丙"))
    assert len(done.sections) == 3
    assert [one.header.paragraphs[0].text for one in done.sections] == [
        "页眉 算理",
        "页眉 乙",
        "页眉 丙",
    ]
    assert {one.footer.paragraphs[0].text for one in done.sections} == {"同一页脚"}
    assert [rows(one) for one in done.tables] == [[["张1"]], [["张1"], ["张2"]]]
    said = [text_of(one) for one in done.element.body.iter(qn("w:p"))]
    assert said.index("乙") < said.index("丙")


def test_one_ledger_of_all_records(tmp_path: Path) -> None:
    path = word(
        tmp_path / "a.docx", "机构：{{机构（问题）}}", [["{{全部.序号}}", "{{全部.活动主题}}"]]
    )
    of = [values(活动主题=name, **{"机构（问题）": "教研室"}) for name in ("甲", "乙", "丙")]
    made = filled(path, *of)
    assert rows(made.tables[0]) == [["1", "甲"], ["2", "乙"], ["3", "丙"]]
    assert made.paragraphs[0].text == "机构：教研室"
    of[1]["机构（问题）"] = "教导处"
    with pytest.raises(ExportError, match="第1段") as told:
        filled(path, *of)
    assert "{{全部.机构（问题）}}" in told.value.hint


def test_what_cannot_be_filled_is_refused_with_its_place(tmp_path: Path) -> None:
    path = word(tmp_path / "a.docx", "{{天气}}", [["一", "{{签到.电话}}"]])
    with pytest.raises(ExportError, match=r"第1段.*表格1 第1行第2列"):
        filled(path, values())
    blank = word(tmp_path / "b.docx", "时间：____")
    with pytest.raises(ExportError, match="没有要填的字段"):
        filled(blank, values())


def test_loops_within_loops_end(tmp_path: Path) -> None:
    path = word(
        tmp_path / "a.docx",
        "{% for a in 签到 %}{% for b in 签到 %}{% for c in 签到 %}{% endfor %}{% endfor %}{% endfor %}",
        "{{日期}}",
    )
    with pytest.raises(ExportError, match="填不完"):
        filled(path, values(300))


def test_the_same_input_gives_the_same_bytes(tmp_path: Path) -> None:
    path = word(tmp_path / "a.docx", "{{活动主题}}", [["照片", "{{照片.图}}"]])
    sheets = [Sheet(values(照片=[{"图": photo()}]))]
    first, second = (Order(path, SUBJECT, sheets).filled(NOW) for _ in range(2))
    assert first == second
