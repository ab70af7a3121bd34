from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest
from PIL import Image
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDesktopServices, QDragEnterEvent, QDropEvent, QGuiApplication
from PySide6.QtWidgets import QApplication, QComboBox, QLineEdit

from app.services.evidence.catalogue import Query
from app.services.evidence.service import EvidenceEdit
from app.ui.framework.page import Tools
from app.ui.pages.materials import MaterialsPage
from app.ui.pages.materials_columns import size_words
from app.ui.pages.materials_picker import ItemPicker

if TYPE_CHECKING:
    from app.ui.framework.messages import Message


@pytest.fixture
def folder(tmp_path):
    """What a clerk has: photos, a text, a program and an empty file, partly in a named folder."""
    top = tmp_path / "资料"
    plans = top / "1.1 工作计划"
    plans.mkdir(parents=True)
    for number, shade in enumerate(("red", "green", "blue"), start=1):
        Image.new("RGB", (64, 48), shade).save(top / f"2025-10-0{number} 活动照片{number}.jpg")
    (plans / "工作计划.txt").write_text("本学期开展同课异构活动三次。", encoding="utf-8")
    (top / "安装.exe").write_bytes(b"MZ" + bytes(600))
    (top / "空.txt").write_bytes(b"")
    return top


@pytest.fixture
def page(qtbot, tools, services, adoption):
    made = MaterialsPage(tools, services, adoption)
    qtbot.addWidget(made)
    services.archive.uow.subscribe(made.refresh)
    made.resize(1180, 640)
    made.show()
    made.activateWindow()
    qtbot.waitUntil(made.isActiveWindow)  # else fields do not notice that they are left
    made.activated()
    return made


@pytest.fixture
def filled(page, folder, qtbot):
    page.adding.add([folder])
    page.parts.result.hide()
    page.parts.table.setFocus()
    return page


def ids(page, **query):
    return page._services.catalogue.ids(Query(**query))


def row(page, words):
    found = page._services.catalogue.page(Query(words=words), 0, 10)
    assert len(found) == 1, words
    return found[0]


def select(page, *words):
    page.parts.table.select([row(page, word).id for word in words])


def messages(page):
    """Everything the page has said from now on."""
    told: list[Message] = []
    page.tools.messages.posted.connect(told.append)
    page.tools.messages.bar_ready()
    return told


def shown(page):
    model = page.parts.model
    return [model.index(n, 0).data() for n in range(model.rowCount())]


def fill(page, name, text):
    editor = page.parts.details.form.rows[name].editor
    editor.setFocus()
    editor.setText(text)
    page.parts.table.setFocus()


# -- adding ----------------------------------------------------------------------------------------


def test_an_empty_archive_is_one_drop_place(page):
    parts = page.parts
    assert parts.body.currentWidget() is parts.drop_place
    assert not parts.bar.isVisible()
    assert parts.drop_place.by_folder.isChecked()


def test_dropping_a_folder_takes_it_in_and_the_result_stays(page, folder, qtbot):
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(folder))])
    buttons, keys = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    move = Qt.DropAction.MoveAction
    enter = QDragEnterEvent(QPoint(50, 50), move | Qt.DropAction.CopyAction, data, buttons, keys)
    QApplication.sendEvent(page, enter)
    assert enter.isAccepted()
    assert page._sign.isVisible()
    actions = move | Qt.DropAction.CopyAction
    drop = QDropEvent(QPointF(50, 50), actions, data, buttons, keys)
    drop.setDropAction(move)
    QApplication.sendEvent(page, drop)
    assert drop.dropAction() == Qt.DropAction.CopyAction, "a file manager deletes what was moved"
    assert not page._sign.isVisible()
    result = page.parts.result
    assert result.isVisible()
    assert result.words.text() == "4 份加入（其中 1 份已按文件夹归类），2 份未收。"
    refused = [result.model.index(n, 0).data() for n in range(result.model.rowCount())]
    assert refused == ["安装.exe", "空.txt"]
    assert page.parts.lists.currentWidget() is page.parts.table
    assert len(shown(page)) == 4
    assert row(page, "工作计划").items == "1.1"


def test_text_alone_is_not_accepted(page):
    data = QMimeData()
    data.setText("随便什么")
    enter = QDragEnterEvent(
        QPoint(5, 5), Qt.DropAction.CopyAction, data,
        Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier,
    )  # fmt: skip
    QApplication.sendEvent(page, enter)
    assert not page._sign.isVisible()


def test_fields_leave_dropped_files_to_the_page(page):
    assert not any(edit.acceptDrops() for edit in page.findChildren(QLineEdit))


def test_the_list_of_refused_files_can_be_copied_and_saved(page, folder, tmp_path, qtbot):
    page.adding.add([folder])
    result = page.parts.result
    qtbot.mouseClick(result.copy, Qt.MouseButton.LeftButton)
    copied = QGuiApplication.clipboard().text()
    assert "安装.exe\t" in copied
    assert "程序" in copied
    result.save_to(tmp_path / "清单.txt")
    assert (tmp_path / "清单.txt").read_text(encoding="utf-8-sig") == copied
    told = messages(page)
    result.save_to(tmp_path / "没有这个文件夹" / "清单.txt")
    assert told[-1].kind == "error"


def test_the_same_files_again_are_named_as_known(filled, folder):
    filled.adding.add([folder])
    result = filled.parts.result
    assert "4 份重复" in result.words.text()
    reasons = {result.model.index(n, 2).data() for n in range(result.model.rowCount())}
    assert any("2025-10-01 活动照片1" in reason for reason in reasons)
    assert len(ids(filled)) == 4


def test_without_the_option_folders_place_nothing(page, folder, tools):
    page.parts.drop_place.by_folder.setChecked(False)
    assert not page.by_folder.isChecked()
    assert not tools.settings.flag("materials/by_folder", default=True)
    page.adding.add([folder])
    assert row(page, "工作计划").items == ""


def test_texts_are_read_after_adding(filled):
    assert [r.title for r in filled._services.catalogue.page(Query(words="同课异构"), 0, 5)] == [
        "工作计划"
    ]


def test_adding_runs_beside_the_window_and_can_be_cancelled(
    qtbot, theme, runner, tools, services, adoption, folder
):
    beside = Tools(theme, runner, tools.messages, tools.errors, tools.settings)
    page = MaterialsPage(beside, services, adoption)
    qtbot.addWidget(page)
    told = messages(page)
    page.adding.add([folder])
    (handle,) = runner.active
    handle.cancel()
    qtbot.waitUntil(lambda: runner.idle, timeout=10_000)
    assert services.catalogue.count(Query()) == 0
    assert told[-1].text.startswith("已取消")


# -- list ------------------------------------------------------------------------------------------


def test_cells_say_everything_in_words(filled):
    model = filled.parts.model
    titles = [column.title for column in model.columns]
    cells = {title: model.index(0, n).data() for n, title in enumerate(titles)}
    assert set(titles) == {
        "题名", "类型", "日期", "页数", "责任者", "考核项", "已盖章", "大小", "状态", "加入时间",
    }  # fmt: skip
    assert cells["类型"] in {"图片", "文本"}
    assert cells["状态"] == "正常"
    assert cells["已盖章"] == "否"
    filled.parts.table.sortByColumn(titles.index("题名"), Qt.SortOrder.AscendingOrder)
    assert shown(filled)[0] == "2025-10-01 活动照片1"


def test_every_sortable_column_sorts(filled):
    for number, column in enumerate(filled.parts.model.columns):
        filled.parts.table.sortByColumn(number, Qt.SortOrder.DescendingOrder)
        assert len(shown(filled)) == 4, column.title


def test_views_hold_what_they_count(filled, qtbot):
    chips = filled.parts.chips.chips
    assert chips["all"].text() == "全部 4"
    assert chips["unplaced"].text() == "待归类 3"
    assert chips["no_date"].text() == "缺日期 1"
    qtbot.mouseClick(chips["no_date"], Qt.MouseButton.LeftButton)
    assert shown(filled) == ["工作计划"]
    filled.show_view("faulty")
    assert filled.parts.lists.currentWidget() is filled.parts.nothing_found
    qtbot.mouseClick(filled.parts.nothing_found.button, Qt.MouseButton.LeftButton)
    assert len(shown(filled)) == 4
    assert chips["all"].isChecked()


def test_typing_filters_names_and_contents_a_moment_later(filled, qtbot):
    qtbot.keyClick(filled, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    filled.parts.words.setFocus()
    qtbot.keyClicks(filled.parts.words, "x")
    filled.parts.words.setText("同课异构")
    qtbot.waitUntil(lambda: shown(filled) == ["工作计划"], timeout=3000)
    assert filled.parts.chips.chips["all"].text() == "全部 1"


def test_tiles_show_the_same_selection_with_pictures(filled, qtbot):
    select(filled, "照片1")
    qtbot.mouseClick(filled.parts.tiles_button, Qt.MouseButton.LeftButton)
    tiles = filled.parts.tiles
    assert tiles.isVisible()
    assert tiles.selected_ids() == [row(filled, "照片1").id]
    tiles.grab()
    wanted = row(filled, "照片2").id
    qtbot.waitUntil(lambda: filled.parts._thumbnails.get(wanted) is not None, timeout=5000)
    picture = filled.parts._thumbnails.get(wanted).toImage()
    assert picture.pixelColor(picture.width() // 2, 4).green() > 100
    qtbot.keyClick(tiles, Qt.Key.Key_Left)
    assert len(filled.parts.table.selected_ids()) == 1
    assert filled.parts.details.shown.row.id != row(filled, "照片1").id


def test_the_page_remembers_how_it_was_left(filled, qtbot, tools, services, adoption):
    qtbot.mouseClick(filled.parts.tiles_button, Qt.MouseButton.LeftButton)
    filled.details_action.trigger()
    assert not filled.parts.side.isVisible()
    again = MaterialsPage(tools, services, adoption)
    qtbot.addWidget(again)
    again.show()
    assert again.parts.tiles.isVisible()
    assert not again.parts.side.isVisible()
    assert not again.details_action.isChecked()


# -- one piece -------------------------------------------------------------------------------------


def test_a_field_saves_by_itself(filled):
    select(filled, "照片1")
    fill(filled, "author", "蒲城县实验小学")
    fill(filled, "dated_on", "2025年9月3日")
    fill(filled, "pages", "")
    found = row(filled, "照片1")
    assert (found.author, found.dated_on, found.pages) == (
        "蒲城县实验小学", date(2025, 9, 3), None,
    )  # fmt: skip
    assert filled.parts.details.form.rows["pages"].editor.placeholderText() == "未知"
    assert filled.parts.chips.chips["no_pages"].text() == "缺页数 2"
    fill(filled, "pages", "12")
    assert row(filled, "照片1").pages == 12


@pytest.mark.parametrize(
    ("name", "typed", "words"),
    [
        ("pages", "-3", "不能小于"),
        ("pages", "123456", "页数太大"),
        ("pages", "十二", "不是整数"),
        ("dated_on", "2025-13-1", "不是日期"),
        ("title", " ", "请填写题名"),
    ],
)
def test_what_is_wrong_is_said_under_the_field(filled, name, typed, words):
    select(filled, "照片1")
    before = row(filled, "照片1")
    fill(filled, name, typed)
    field = filled.parts.details.form.rows[name]
    assert words in field.note.text()
    assert row(filled, "照片1") == before
    assert not filled.can_leave()


def test_what_is_being_typed_survives_a_change_elsewhere(filled, services):
    select(filled, "照片1")
    editor = filled.parts.details.form.rows["note"].editor
    editor.setPlainText("还没有写完")
    services.evidence.edit([row(filled, "照片2").id], EvidenceEdit(author="别人"))
    assert editor.toPlainText() == "还没有写完"


def test_renaming_in_place_keeps_the_record_selected(filled, qtbot):
    select(filled, "照片1")
    wanted = row(filled, "照片1").id
    filled.parts.table.sortByColumn(0, Qt.SortOrder.AscendingOrder)
    filled.changing.rename_current()
    editor = filled.parts.table.findChild(QLineEdit)
    assert editor.text() == "2025-10-01 活动照片1"
    editor.setText("最后一张")
    qtbot.keyClick(editor, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: "最后一张" in shown(filled), timeout=3000)
    assert shown(filled)[-1] == "最后一张"
    assert filled.parts.table.selected_ids() == [wanted]
    assert filled.parts.details.form.values()["title"] == "最后一张"


def test_items_are_picked_by_typing_and_taken_away_again(filled, qtbot):
    select(filled, "照片1")
    filled.changing.pick_item()
    picker = filled.findChild(ItemPicker)
    picker.words.setFocus()
    qtbot.keyClicks(picker.words, "1.1")
    qtbot.keyClick(picker.words, Qt.Key.Key_Return)
    assert row(filled, "照片1").items == "1.1"
    ((item_id, label),) = filled.parts.details.shown.placed
    assert label.startswith("1.1")
    filled.parts.details.displace_wanted.emit(item_id)
    assert row(filled, "照片1").items == ""


def test_many_are_placed_at_once_by_key_and_wait_for_apply_only_in_the_panel(filled, qtbot):
    loose = len(ids(filled, view="unplaced"))
    filled.parts.table.selectAll()
    told = messages(filled)
    filled.changing.pick_item()
    filled.findChild(ItemPicker).take.click()
    qtbot.waitUntil(lambda: not ids(filled, view="unplaced"), timeout=3000)
    assert told[-1].text.startswith("已把 4 份材料归入“1.1")
    told[-1].action()
    assert len(ids(filled, view="unplaced")) == loose
    filled.parts.table.selectAll()
    filled.parts.bulk.pick_wanted.emit()
    filled.findChildren(ItemPicker)[-1].take.click()
    assert filled.parts.bulk.item_label.text().startswith("1.1")
    assert len(ids(filled, view="unplaced")) == loose


def test_the_picker_says_when_nothing_fits_and_takes_no_group(filled, qtbot):
    select(filled, "照片1")
    filled.changing.pick_item()
    picker = filled.findChild(ItemPicker)
    picker.words.setText("没有这一项")
    assert picker.note.isVisible()
    assert not picker.take.isEnabled()
    picker.words.setText("")
    first = picker.list.currentItem().text()
    qtbot.keyClick(picker.words, Qt.Key.Key_Down)
    assert picker.list.currentItem().text() != first
    qtbot.keyClick(picker.words, Qt.Key.Key_Up)
    qtbot.keyClick(picker.words, Qt.Key.Key_Up)
    assert picker.list.currentItem().text() == first
    picker.reject()


def test_enter_opens_the_file_and_a_lost_one_is_said(filled, qtbot, monkeypatch, services):
    opened = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: not opened.append(url))
    select(filled, "照片1")
    qtbot.keyClick(filled.parts.table, Qt.Key.Key_Return)
    path = services.evidence.path(row(filled, "照片1").id)
    assert [url.toLocalFile() for url in opened] == [str(path)]
    filled.changing.open_folder()
    assert opened[-1].toLocalFile() == str(path.parent)
    path.unlink()
    told = messages(filled)
    filled.changing.open_current()
    assert "不在档案库" in told[-1].text
    assert len(opened) == 2


def test_show_evidence_finds_it_whatever_is_filtered(filled):
    wanted = row(filled, "照片2").id
    filled.show_view("no_date")
    filled.show_evidence(wanted)
    assert filled.parts.details.shown.row.id == wanted


# -- many ------------------------------------------------------------------------------------------


def test_many_are_changed_as_one_step(filled, services, adoption, qtbot):
    item = next(i for i in services.adoptions.items(adoption.id) if i.parent_id)
    filled.parts.table.selectAll()
    bulk = filled.parts.bulk
    assert filled.parts.side.currentWidget() is bulk
    bulk.form.rows["author"].editor.setText("实验小学")
    combo = bulk.form.rows["sealed"].editor
    assert isinstance(combo, QComboBox)
    assert combo.currentText() == "不改"
    combo.setCurrentIndex(1)
    assert bulk.form.commit_all()
    bulk.set_item(item.id, item.label)
    assert bulk.note.text() == f"将修改 4 份：责任者、已盖章、归入 {item.label}。"
    told = messages(filled)
    qtbot.mouseClick(bulk.apply, Qt.MouseButton.LeftButton)
    rows = services.catalogue.page(Query(), 0, 10)
    assert all(r.author == "实验小学" and r.sealed and item.no in r.items for r in rows)
    assert {r.dated_on for r in rows} != {None}, "what was left empty stays"
    assert told[-1].text == "已修改 4 份材料。"
    services.history.undo()
    rows = services.catalogue.page(Query(), 0, 10)
    assert not any(r.author or r.sealed for r in rows)


def test_space_marks_and_unmarks_the_seal(filled, qtbot):
    select(filled, "照片1", "照片2")
    qtbot.keyClick(filled.parts.table, Qt.Key.Key_Space)
    assert len(ids(filled, view="unsealed")) == 2
    qtbot.keyClick(filled.parts.table, Qt.Key.Key_Space)
    assert len(ids(filled, view="unsealed")) == 4


def test_del_removes_and_the_message_takes_it_back(filled, qtbot):
    select(filled, "照片1", "照片2")
    told = messages(filled)
    qtbot.keyClick(filled.parts.table, Qt.Key.Key_Delete)
    assert len(ids(filled)) == 2
    assert told[-1].text == "已删除 2 份材料。"
    assert filled.parts.table.selected_count() == 1
    told[-1].action()
    assert len(ids(filled)) == 4


def test_an_old_undo_button_does_not_take_back_something_else(filled, services):
    select(filled, "照片1")
    told = messages(filled)
    filled.changing.delete_selected()
    undo = told[-1].action
    services.evidence.edit([row(filled, "照片2").id], EvidenceEdit(author="甲"))
    undo()
    assert row(filled, "照片2").author == "甲"
    assert "Ctrl+Z" in told[-1].hint


def test_an_old_undo_button_knows_its_step_from_another_of_the_same_name(filled):
    filled.parts.table.selectAll()
    told = messages(filled)
    filled.changing.apply_to_all(EvidenceEdit(author="甲"), "")
    undo = told[-1].action
    filled.changing.apply_to_all(EvidenceEdit(sealed=True), "")
    undo()
    assert "Ctrl+Z" in told[-1].hint
    assert not ids(filled, view="unsealed")


def test_all_keys_can_be_learnt_from_the_list(page):
    listed = {key for key, _words in page.keys}
    assert {"Ctrl+O", "Ctrl+F", "Ctrl+G", "F2", "F4", "Del", "Ctrl+A", "Enter"} <= listed


@pytest.mark.parametrize(
    ("size", "words"),
    [(900, "900 字节"), (1536, "1.5 KB"), (25 << 20, "25 MB"), (6 << 30, "6.0 GB")],
)
def test_sizes_in_words(size, words):
    assert size_words(size) == words
