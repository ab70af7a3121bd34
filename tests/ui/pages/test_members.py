"""Members: a roster is seen before it comes in, refused rows are handed back."""

import openpyxl
import pytest

from app.ui.pages.import_members import ImportMembersDialog
from app.ui.pages.members import MembersPage


@pytest.fixture
def page(tools, services, adoption, qtbot) -> MembersPage:
    made = MembersPage(tools, services, adoption)
    qtbot.addWidget(made)
    made.refresh(None)
    made.show()
    return made


@pytest.fixture
def roster(tmp_path):
    book = openpyxl.Workbook()
    book.active.append(["2025年成员花名册"])
    book.active.append(["序号", "姓名", "单位", "出生年月", "职称", "手机号码"])
    book.active.append([1, "王芳", "兴镇小学", "1985.09", "小学高级", "13800138000"])
    book.active.append([2, "李雷", "兴镇小学", "1990.13", "二级教师", "13800138001"])
    book.active.append([3, "赵䶮", "孙镇小学", "1991-02", "二级教师", "13800138002"])
    path = tmp_path / "花名册.xlsx"
    book.save(path)
    return path


def _dialog(tools, services, adoption, roster, qtbot) -> ImportMembersDialog:
    dialog = ImportMembersDialog(tools, services, adoption, roster)
    qtbot.addWidget(dialog)
    return dialog


def test_an_empty_page_says_what_to_do(page) -> None:
    assert "花名册" in page._empty.button.text()


def test_the_preview_counts_before_anything_is_written(
    tools, services, adoption, roster, qtbot
) -> None:
    dialog = _dialog(tools, services, adoption, roster, qtbot)
    assert dialog.summary.text() == "新增 2 人，更新 0 人，不变 0 人，退回 1 行。"
    assert dialog.refused.topLevelItem(0).text(2) == "1990.13"
    assert services.records.page("members").total == 0


def test_the_roster_comes_in_as_one_step(page, tools, services, adoption, roster, qtbot) -> None:
    _dialog(tools, services, adoption, roster, qtbot).import_button.click()
    page.refresh(None)
    assert page.subtitle.text() == "共 2 人"
    names = [page.model.index(row, 0).data() for row in range(2)]
    assert names == ["王芳", "赵䶮"]
    phone = next(n for n, c in enumerate(page.model.columns) if c.key == "phone")
    assert page.model.index(0, phone).data() == "138****8000"
    page.filter.setText("孙镇")
    qtbot.waitUntil(lambda: page.model.rowCount() == 1)
    services.history.undo()
    assert services.records.page("members").total == 0


def test_refused_rows_are_saved_with_the_reason(
    tools, services, adoption, roster, qtbot, tmp_path
) -> None:
    dialog = _dialog(tools, services, adoption, roster, qtbot)
    dialog.save_rejects(tmp_path / "退回.xlsx")
    rows = list(openpyxl.load_workbook(tmp_path / "退回.xlsx").active.values)
    assert any("李雷" in row for row in rows)
    assert any("没有 13 月" in str(cell) for row in rows for cell in row)
    assert services.records.page("members").total == 0


def test_a_file_that_is_no_roster_is_said(tools, services, adoption, tmp_path, qtbot) -> None:
    said = []
    tools.messages.posted.connect(said.append)
    tools.messages.bar_ready()
    broken = tmp_path / "坏.xlsx"
    broken.write_bytes(b"PK\x03\x04 not a workbook")
    dialog = _dialog(tools, services, adoption, broken, qtbot)
    assert said
    assert not dialog.isVisible()


def test_an_empty_roster_can_be_saved_filled_in_and_imported(
    page, tools, services, adoption, qtbot, tmp_path
):
    target = tmp_path / "空白花名册.xlsx"
    page.save_template(target)
    book = openpyxl.load_workbook(target)
    sheet = book.active
    name = next(cell for row in sheet.iter_rows() for cell in row if "姓名" in str(cell.value))
    sheet.cell(name.row + 2, name.column, "马小云")  # the row between is the example
    book.save(target)
    _dialog(tools, services, adoption, target, qtbot).import_button.click()
    assert services.records.page("members").items[0]["name"] == "马小云"
