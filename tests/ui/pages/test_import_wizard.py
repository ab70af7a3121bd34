"""The import window: real files, seen before they come in, corrected, taken in and taken back."""

import shutil

import openpyxl
import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QGuiApplication
from PySide6.QtWidgets import QApplication

from app.services.imports.report import Options
from app.ui.framework.jobs import JobRunner
from app.ui.framework.page import Page, Tools
from app.ui.pages.import_wizard import ImportWizard
from app.ui.pages.import_wizard_entry import ImportEntry
from app.ui.pages.import_wizard_steps import COLUMNS, PREVIEW, SOURCE

HEADER = ["序号", "姓名", "单位", "出生年月", "职称", "手机号码"]
PEOPLE = [
    [1, "王芳", "兴镇小学", "1985.09", "小学高级", "13800138000"],
    [2, "李雷", "兴镇小学", "1990.13", "二级教师", "13800138001"],
    [3, "赵䶮", "孙镇小学", "1991-02", "二级教师", "13800138002"],
]


def _book(path, *rows):
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    book.save(path)
    return path


@pytest.fixture
def roster(tmp_path):
    """A roster with two title rows and a month that does not exist."""
    titles = ["2025年成员花名册"], ["陕西省", "渭南市", "蒲城县", "", "", ""]
    return _book(tmp_path / "花名册.xlsx", *titles, HEADER, *PEOPLE)


@pytest.fixture
def wizard(tools, services, adoption, qtbot):
    """Opens the window on a table."""

    def make(source=None, kind="members") -> ImportWizard:
        made = ImportWizard(tools, services, adoption, kind, None, source)
        qtbot.addWidget(made)
        made.show()
        return made

    return make


def _names(services) -> list[str]:
    return [one["name"] for one in services.records.page("members").items]


def _settled(made, qtbot) -> None:
    qtbot.waitUntil(lambda: made.reading.current and not made.busy.isVisible())


def _shown(made) -> list[tuple[int, str]]:
    model = made.preview.model
    vertical = Qt.Orientation.Vertical
    return [tuple(model.headerData(n, vertical).split()) for n in range(model.rowCount())]


def _card(made, header: str):
    return next(card for card in made.columns.cards if card.header.text() == header)


def _choose(card, field: str) -> None:
    card.field.setCurrentIndex(card.field.findData(field))
    card.field.activated.emit(card.field.currentIndex())


# --- choose a file, look, import ----------------------------------------------------------------


def test_a_clean_roster_needs_one_key(wizard, services, tmp_path, qtbot) -> None:
    made = wizard(_book(tmp_path / "花名册.xlsx", HEADER, PEOPLE[0], PEOPLE[2]))
    assert made.stack.currentIndex() == PREVIEW
    assert made.import_button.text() == "导入 2 人"
    assert _names(services) == []
    qtbot.waitUntil(made.import_button.hasFocus)
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return)
    assert sorted(_names(services)) == ["王芳", "赵䶮"]
    assert made.notice.words.text() == "已导入成员名册：新增 2 人。"


def test_title_rows_are_passed_over_and_the_header_is_marked(wizard, roster) -> None:
    made = wizard(roster)
    assert made.source.header.text() == "第 3 行"
    headers = [
        made.source.rows.headerData(n, Qt.Orientation.Vertical)
        for n in range(made.source.rows.rowCount())
    ]
    assert headers == ["1", "2", "3  表头", "4", "5", "6"]
    ground = made.source.rows.index(2, 0).data(Qt.ItemDataRole.BackgroundRole)
    assert ground is not None
    assert made.source.rows.index(1, 0).data(Qt.ItemDataRole.BackgroundRole) is None


def test_refused_cells_carry_icon_ground_and_reason(wizard, roster) -> None:
    made = wizard(roster)
    assert _shown(made) == [("4", "新增"), ("5", "退回"), ("6", "新增")]
    model = made.preview.model
    born = next(n for n in range(model.columnCount()) if "1990" in model.index(1, n).data())
    cell = model.index(1, born)
    assert cell.data(Qt.ItemDataRole.DecorationRole) is not None
    assert cell.data(Qt.ItemDataRole.BackgroundRole) is not None
    assert "没有 13 月" in cell.data(Qt.ItemDataRole.ToolTipRole)
    made.preview.chips.chips["rejected"].click()
    assert _shown(made) == [("5", "退回")]
    assert made.preview.table.currentIndex().column() == born
    assert made.preview.detail.text() == "第 5 行 退回：出生年月“1990.13”：没有 13 月。"


def test_what_is_new_beside_the_rows_is_told(wizard, roster) -> None:
    notes = wizard(roster).preview.notes
    told = [notes.item(n).text() for n in range(notes.count())]
    assert "将新建单位 2 个：兴镇小学、孙镇小学" in told
    assert any("小学高级" in line for line in told)


def test_updates_show_old_and_new_and_the_policy_changes_them(
    wizard, services, roster, tmp_path, qtbot
) -> None:
    wizard(roster).import_button.click()
    changed = [1, "王芳", "兴镇小学", "1985.09", "高级教师", "13800138000"]
    made = wizard(_book(tmp_path / "新.xlsx", HEADER, changed))
    assert made.import_button.text() == "导入 1 人"
    model = made.preview.model
    cells = [model.index(0, n).data() for n in range(model.columnCount())]
    assert "一级教师 → 高级教师" in cells
    skip = made.preview.policy.findData("skip")
    made.preview.policy.setCurrentIndex(skip)
    made.preview.policy.activated.emit(skip)
    _settled(made, qtbot)
    assert _shown(made) == [("2", "不变")]
    assert not made.import_button.isEnabled()


def test_undo_takes_everything_back_and_the_table_is_there_again(wizard, services, roster) -> None:
    made = wizard(roster)
    made.import_button.click()
    assert len(_names(services)) == 2
    assert not made.bar.buttons[SOURCE].isEnabled()
    made.undo_button.click()
    assert _names(services) == []
    assert services.history.redo_label() == "导入成员名册"
    assert made.import_button.text() == "导入 2 人"
    assert "已撤销" in made.notice.words.text()
    made.import_button.click()
    assert len(_names(services)) == 2


def test_undo_is_refused_when_something_came_after(wizard, services, roster) -> None:
    made = wizard(roster)
    made.import_button.click()
    other = wizard(roster, "members")
    other.save_mapping("名册")
    made.undo_button.click()
    assert "又有别的操作" in made.notice.words.text()
    assert len(_names(services)) == 2


def test_refused_rows_are_written_with_the_reason_and_come_in_when_mended(
    wizard, services, roster, tmp_path
) -> None:
    made = wizard(roster)
    made.import_button.click()
    target = tmp_path / "退回.xlsx"
    made.files.write_rejects(target, made.reading.look.report, roster)
    assert "退回的 1 行已存到“退回.xlsx”" in made.notice.words.text()
    assert made.folder_button.isVisible()
    book = openpyxl.load_workbook(target)
    rows = list(book.active.values)
    assert "李雷" in rows[1]
    assert any("没有 13 月" in str(cell) for cell in rows[1])
    born = rows[0].index("出生年月") + 1
    book.active.cell(2, born, "1990.12")
    book.save(target)
    wizard(target).import_button.click()
    assert sorted(_names(services)) == ["李雷", "王芳", "赵䶮"]


def test_the_roster_itself_is_never_overwritten(wizard, roster) -> None:
    made = wizard(roster)
    before = roster.read_bytes()
    made.files.write_rejects(roster, made.reading.look.report, roster)
    assert "不能写到原来的表格上面" in made.notice.words.text()
    assert roster.read_bytes() == before


# --- where tables come from -----------------------------------------------------------------------


def test_cells_from_the_clipboard(wizard, services, qtbot) -> None:
    made = wizard()
    assert made.stack.currentIndex() == SOURCE
    QGuiApplication.clipboard().setText("姓名\t学校\t手机\n孙丽\t龙泉小学\t13900139000\n")
    made.source.paste.click()
    assert made.source.name.text() == "剪贴板"
    made.import_button.click()
    assert _names(services) == ["孙丽"]


def test_pasting_over_the_preview_keeps_the_table(wizard, roster, qtbot) -> None:
    made = wizard(roster)
    made.activateWindow()
    qtbot.waitUntil(made.isActiveWindow)
    before = _shown(made)
    assert before
    assert made.stack.currentIndex() == PREVIEW
    QGuiApplication.clipboard().setText("李红霞")
    made.preview.table.setFocus()
    qtbot.keyClick(made.preview.table, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: "这里不能粘贴" in made.notice.words.text())
    assert _shown(made) == before


def test_an_empty_clipboard_is_said(wizard) -> None:
    made = wizard()
    QGuiApplication.clipboard().clear()
    made.source.paste.click()
    assert "剪贴板里没有表格" in made.notice.words.text()


def test_a_gbk_csv(wizard, services, samples) -> None:
    made = wizard(samples / "sheets" / "gen_花名册_GBK.csv")
    assert made.stack.currentIndex() == PREVIEW
    made.import_button.click()
    assert "张三" in _names(services)


def test_the_sample_roster_with_titles_totals_and_a_hidden_sheet(wizard, samples) -> None:
    made = wizard(samples / "sheets" / "gen_花名册_标题行_合计_隐藏表.xlsx")
    assert made.source.header.value() == 3
    assert [made.source.sheets.itemText(n) for n in range(2)] == ["教师", "旧表（隐藏）"]
    notes = [made.preview.notes.item(n).text() for n in range(made.preview.notes.count())]
    assert any("合计行" in line for line in notes)
    assert "被 Excel 改坏" in notes[0]


def test_a_password_is_said_and_another_file_can_be_chosen(wizard, samples, roster) -> None:
    made = wizard(samples / "sheets" / "password.xls")
    assert made.stack.currentIndex() == SOURCE
    assert "打开密码" in made.notice.words.text()
    assert not made.import_button.isEnabled()
    made.open_source(roster)
    assert not made.notice.isVisible()
    assert made.import_button.text() == "导入 2 人"


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("null_file.xlsx", "空文件"),
        ("blankworkbook.xls", "没有内容"),
        ("xlsx-corrupted.xlsx", "损坏"),
    ],
)
def test_files_with_nothing_to_read(wizard, samples, name, words) -> None:
    made = wizard(samples / "sheets" / name)
    assert words in made.notice.words.text()
    assert not made.import_button.isEnabled()


def test_only_a_header_is_said(wizard, tmp_path) -> None:
    made = wizard(_book(tmp_path / "空.xlsx", HEADER))
    assert "只有表头，没有内容" in made.notice.words.text()
    assert not made.import_button.isEnabled()


def test_a_register_of_activities_is_known_for_what_it_is(wizard, samples) -> None:
    made = wizard(samples / "sheets" / "gen_教研活动台账.xlsx", "members")
    assert made.windowTitle() == "导入活动台账"
    assert made.source.kind_buttons["activities"].isChecked()
    assert made.notice.words.text().startswith("这份表格像活动台账")
    assert made.preview.missing.isVisible()


def test_people_who_are_only_named_are_made_on_request(wizard, samples, services, qtbot) -> None:
    made = wizard(samples / "sheets" / "gen_听课台账.xlsx", "observations")
    assert not made.import_button.isEnabled()
    made.preview.missing.click()
    _settled(made, qtbot)
    notes = [made.preview.notes.item(n).text() for n in range(made.preview.notes.count())]
    assert any(line.startswith("将新建人员 2 人") for line in notes)
    made.import_button.click()
    assert made.notice.words.text().startswith("已导入听课记录：新增 1")


def test_every_template_can_be_saved_and_is_read_as_its_kind(wizard, tmp_path) -> None:
    made = wizard()
    for kind in ("schools", "members", "activities", "observations"):
        target = tmp_path / f"{kind}.xlsx"
        made.files.write_template(kind, target)
        assert target.name in made.notice.words.text()
        made.open_source(target)
        assert made.reading.wish.kind == kind
        assert made.reading.look.proposal.problem == ""


# --- correcting -----------------------------------------------------------------------------------


def test_the_header_is_put_right_by_entering_its_row(wizard, tmp_path, qtbot) -> None:
    rows = ["姓名", "单位"], ["填表说明", "见附件"], ["教师", "学校"], ["王芳", "兴镇小学"]
    made = wizard(_book(tmp_path / "名册.xlsx", *rows))
    assert made.source.header.value() == 1
    made.source.grid.setCurrentIndex(made.source.rows.index(2, 0))
    made.source.grid.activated.emit(made.source.grid.currentIndex())
    _settled(made, qtbot)
    assert made.source.header.value() == 3
    assert _shown(made) == [("4", "新增")]
    made.source.header.setValue(2)
    _settled(made, qtbot)
    assert made.columns.notice.words.text().startswith("工作表“Sheet”第 2 行是表头，但没有“姓名”")
    assert not made.import_button.isEnabled()


def test_another_sheet(wizard, tmp_path, qtbot) -> None:
    path = _book(tmp_path / "两张.xlsx", HEADER, PEOPLE[0])
    book = openpyxl.load_workbook(path)
    second = book.create_sheet("孙镇")
    for row in (HEADER, PEOPLE[2]):
        second.append(row)
    book.save(path)
    made = wizard(path)
    made.source.sheets.setCurrentIndex(1)
    made.source.sheets.activated.emit(1)
    _settled(made, qtbot)
    assert made.preview.model.index(0, 0).data() == "赵䶮"


def test_columns_put_right_by_hand_are_recognised_the_next_time(
    wizard, services, tmp_path, qtbot
) -> None:
    rows = ["姓名", "丁", "甲", "乙"], ["李丽", "兴镇小学", "x", "教导主任"]
    made = wizard(_book(tmp_path / "一.xlsx", *rows))
    assert _card(made, "丁").mark.text() == "不导入"
    _choose(_card(made, "丁"), "school")
    _settled(made, qtbot)
    _choose(_card(made, "乙"), "office")
    _settled(made, qtbot)
    assert _card(made, "丁").mark.text() == "您选定的"
    assert _card(made, "姓名").mark.text() == "认出"
    made.columns.name.setText("兴镇的表")
    made.columns.save.click()
    assert "已保存“兴镇的表”" in made.notice.words.text()
    rows = ["姓名", "丁", "甲", "乙"], ["孙强", "孙镇小学", "y", "校长"]
    again = wizard(_book(tmp_path / "二.xlsx", ["九月"], *rows))
    assert again.columns.notice.words.text() == "这张表和“兴镇的表”的对应关系一样，已套用。"
    assert _card(again, "乙").mark.text() == "照保存的"
    again.import_button.click()
    person = services.records.page("members").items[0]
    assert (person["name"], person["school"]) == ("孙强", "孙镇小学")


def test_saved_mappings_are_put_aside_and_forgotten(wizard, services, roster, qtbot) -> None:
    made = wizard(roster)
    made.save_mapping("  县 名册 ")
    assert made.columns.saved.currentText() == "县 名册"
    made.columns.saved.setCurrentIndex(0)
    made.columns.saved.activated.emit(0)
    made.columns.saved.setCurrentIndex(1)
    made.columns.saved.activated.emit(1)
    _settled(made, qtbot)
    assert made.columns.notice.words.text() == "已套用“县 名册”的对应关系。"
    made.columns.forget.click()
    assert services.imports.mappings("members") == []
    assert not made.columns.forget.isEnabled()


def test_a_mapping_without_a_name_is_refused_in_words(wizard, roster) -> None:
    made = wizard(roster)
    made.columns.save.click()
    assert "请给这个对应起一个名称" in made.notice.words.text()


def test_a_missing_required_column_is_said(wizard, roster, qtbot) -> None:
    made = wizard(roster)
    _choose(_card(made, "姓名"), "")
    _settled(made, qtbot)
    assert "姓名" in made.columns.notice.words.text()
    assert made.bar.buttons[COLUMNS].text().endswith("还缺必填的栏目")
    assert not made.import_button.isEnabled()
    assert made.preview.model.rowCount() == 0


def test_no_column_at_all_stays_none(wizard, tmp_path, qtbot) -> None:
    made = wizard(_book(tmp_path / "名册.xlsx", ["姓名"], ["王芳"]))
    _choose(_card(made, "姓名"), "")
    _settled(made, qtbot)
    assert made.reading.look.proposal.mapping == {}
    assert _card(made, "姓名").mark.text() == "不导入"
    assert not made.import_button.isEnabled()


def test_a_column_told_by_its_contents_wants_a_look(wizard, tmp_path) -> None:
    rows = [
        ["姓名", "号码"],
        *([name, f"1390013900{n}"] for n, name in enumerate(("王芳", "李雷"))),
    ]
    made = wizard(_book(tmp_path / "名册.xlsx", *rows))
    assert made.stack.currentIndex() == COLUMNS
    assert _card(made, "号码").mark.text() == "请核对：按内容认出"


# --- long work ------------------------------------------------------------------------------------


@pytest.fixture
def busy_tools(tools, runner: JobRunner) -> Tools:
    """Tools whose jobs run in threads."""
    return Tools(tools.theme, runner, tools.messages, tools.errors, tools.settings)


def _many(path, count: int):
    rows = ([n, f"王{chr(0x4E00 + n // 90)}{chr(0x5200 + n % 90)}", "兴镇小学", "1985.09", "", ""]
            for n in range(count))  # fmt: skip
    return _book(path, HEADER, *rows)


def test_only_the_last_wish_is_shown(
    busy_tools, services, adoption, roster, qtbot, tmp_path
) -> None:
    made = ImportWizard(busy_tools, services, adoption, "members", None, roster)
    qtbot.addWidget(made)
    made.show()
    _settled(made, qtbot)
    for row in (4, 5, 3):
        made.source.header.setValue(row)
    assert not made.import_button.isEnabled()
    _settled(made, qtbot)
    assert made.reading.look.proposal.header.first_row == 3
    assert made.import_button.isEnabled()


def test_a_cancelled_import_writes_nothing(busy_tools, services, adoption, qtbot, tmp_path) -> None:
    made = ImportWizard(
        busy_tools, services, adoption, "members", None, _many(tmp_path / "大.xlsx", 3000)
    )
    made.show()
    _settled(made, qtbot)
    assert made.preview.model.rowCount() == 3000
    made.import_button.click()
    made.reject()
    qtbot.waitUntil(lambda: not made.writing.busy)
    assert made.isVisible()
    assert made.notice.words.text() == "已取消，什么也没有写入。"
    assert _names(services) == []
    made.reject()
    assert not made.isVisible()


# --- on the pages ---------------------------------------------------------------------------------


def _drop(page, path) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path))])
    how = (
        Qt.DropAction.CopyAction,
        data,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    entering = QDragEnterEvent(QPoint(5, 5), *how)
    QApplication.sendEvent(page, entering)
    if entering.isAccepted():
        QApplication.sendEvent(page, QDropEvent(QPointF(5, 5), *how))


def test_a_table_dropped_on_a_page_opens_the_window(
    tools, services, adoption, roster, tmp_path, qtbot
) -> None:
    page = Page(tools, "成员")
    qtbot.addWidget(page)
    entry = ImportEntry(page, services, adoption, "members")
    assert ("Ctrl+I", "导入…") in page.keys
    page.show()
    picture = tmp_path / "图.png"
    shutil.copy(roster, picture)
    _drop(page, picture)
    assert page.findChildren(ImportWizard) == []
    _drop(page, roster)
    (made,) = page.findChildren(ImportWizard)
    assert made.import_button.text() == "导入 2 人"
    made.reject()
    entry.kind = "schools"
    entry.open()
    assert page.findChildren(ImportWizard)[-1].windowTitle() == "导入单位名单"


def test_an_import_reads_what_the_command_line_reads(wizard, services, adoption, roster) -> None:
    made = wizard(roster)
    imports = services.imports
    proposal = imports.propose(imports.open_source(roster), "members")
    report = imports.preview(proposal, Options(adoption.community_id))
    seen = made.reading.look.report
    assert (seen.created, seen.rejected) == (report.created, report.rejected)
