"""A register: typing records in, finding them again, views, and nothing typed is lost."""

import openpyxl
import pytest
from PySide6.QtCore import QCoreApplication, QEvent, Qt, QTimer
from PySide6.QtWidgets import QApplication

from app.services.entry.listing import Filter, Query
from app.ui.records.preview import BulkPreviewDialog


def _names(panel) -> list[str]:
    return [panel.model.index(row, 0).data() for row in range(panel.model.rowCount())]


def _type(qtbot, write, text: str, key=Qt.Key.Key_Return, modifier=Qt.KeyboardModifier.NoModifier):
    """Type into the field with the cursor, then press a key."""
    write(QApplication.focusWidget(), text)
    qtbot.keyClick(QApplication.focusWidget(), key, modifier)
    _settle()


def _settle() -> None:
    """Let the panel learn of what was committed."""
    QCoreApplication.sendPostedEvents(None, QEvent.Type.MetaCall.value)


def _field(panel, name: str):
    return panel.form.fields.rows[name]


def _choose(panel, record_id: str) -> None:
    panel.table.select([record_id])


def test_a_person_is_entered_by_keyboard_alone(panel, services, adoption, qtbot, write) -> None:
    qtbot.keyClick(panel.table, Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier)
    assert QApplication.focusWidget() is _field(panel, "name").editor
    _type(qtbot, write, "马小云")
    _type(qtbot, write, "兴小", Qt.Key.Key_Tab)
    made = panel.side.shown_id
    row = services.entries.get("person", made, adoption.id)
    assert row.texts["name"] == "马小云"
    assert row.texts["school_id"] == "兴镇中心小学"
    assert panel.selected_ids() == [made]
    assert services.entries.count(Query("person", adoption.id)) == 4


def test_ctrl_enter_saves_and_begins_the_next(panel, services, adoption, qtbot, write) -> None:
    qtbot.keyClick(panel.table, Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier)
    for name in ("马小云", "孙丽", "周杰"):
        _type(qtbot, write, name, modifier=Qt.KeyboardModifier.ControlModifier)
        assert panel.side.adding
        assert QApplication.focusWidget() is _field(panel, "name").editor
        assert _field(panel, "name").editor.text() == ""
    assert {"马小云", "孙丽", "周杰"} < set(_names(panel))
    assert [line.title for line in services.drafts.all()] == []


def test_ctrl_enter_without_what_is_required_says_so(panel, qtbot, services, adoption) -> None:
    panel.show_view("new")
    qtbot.keyClick(
        QApplication.focusWidget(), Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier
    )
    assert _field(panel, "name").note.text() == "请填写姓名。"
    assert services.entries.count(Query("person", adoption.id)) == 3


def test_what_is_wrong_stands_at_its_field_and_the_rest_is_saved(
    panel, people, services, adoption, qtbot, write
) -> None:
    _choose(panel, people["赵敏"])
    panel.form.focus("born_on")
    _type(qtbot, write, "1990.13")
    assert "13 月" in _field(panel, "born_on").note.text()
    panel.form.focus("grade")
    _type(qtbot, write, "三年级")
    row = services.entries.get("person", people["赵敏"], adoption.id)
    assert (row.values["born_on"], row.values["grade"]) == ("", "三年级")
    _field(panel, "born_on").editor.clear()
    panel.form.focus("born_on")
    _type(qtbot, write, "1990.3")
    assert _field(panel, "born_on").editor.text() == "1990-03"
    assert _field(panel, "born_on").wrong == ""
    assert services.entries.get("person", people["赵敏"], adoption.id).texts["age"] == "36"


def test_a_new_record_with_one_wrong_field_is_saved_without_it(
    panel, services, adoption, qtbot, write
) -> None:
    panel.show_view("new")
    panel.form.focus("phone")
    _type(qtbot, write, "电话")
    panel.form.focus("name")
    _type(qtbot, write, "马小云")
    made = panel.side.shown_id
    assert services.entries.get("person", made, adoption.id).texts["name"] == "马小云"
    assert _field(panel, "phone").wrong
    assert _field(panel, "phone").editor.text() == "电话"
    assert not panel.can_leave()


def test_another_record_is_not_shown_before_the_wrong_field_is_mended(
    panel, people, qtbot, write, said
) -> None:
    _choose(panel, people["赵敏"])
    panel.form.focus("born_on")
    write(QApplication.focusWidget(), "1990.13")
    panel.table.select([people["王芳"]])
    qtbot.waitUntil(lambda: panel.selected_ids() == [people["赵敏"]])
    assert panel.side.shown_id == people["赵敏"]
    assert "还没有保存" in said[-1].text
    qtbot.keyClick(_field(panel, "born_on").editor, Qt.Key.Key_Escape)
    panel.table.select([people["王芳"]])
    assert panel.side.shown_id == people["王芳"]


def test_an_unfinished_record_is_kept_and_offered_again(
    panel, people, services, adoption, qtbot, write
) -> None:
    panel.show_view("new")
    panel.form.focus("title")
    _type(qtbot, write, "高级教师")
    _choose(panel, people["王芳"])
    assert panel.side.shown_id == people["王芳"]
    assert panel.drafts.words.text() == "有没填完的人员，还没有存入列表。"
    panel.drafts.go_on.click()
    assert panel.side.adding
    assert _field(panel, "title").editor.text() == "高级教师"
    panel.form.focus("name")
    _type(qtbot, write, "马小云")
    row = services.entries.get("person", panel.side.shown_id, adoption.id)
    assert (row.texts["name"], row.texts["title"]) == ("马小云", "高级教师")
    assert services.drafts.all() == []
    assert panel.drafts.isHidden()


def test_an_unfinished_record_can_be_given_up(panel, people, services, qtbot, write) -> None:
    panel.show_view("new")
    panel.form.focus("title")
    _type(qtbot, write, "高级教师")
    _choose(panel, people["王芳"])
    panel.drafts.give_up.click()
    assert services.drafts.all() == []
    assert panel.drafts.isHidden()


def test_ctrl_enter_goes_on_to_the_next_record(panel, people, qtbot) -> None:
    panel.table.selectRow(0)
    panel.form.focus("grade")
    for row in (1, 2):
        qtbot.keyClick(
            QApplication.focusWidget(), Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier
        )
        assert panel.side.form.row.texts["name"] == _names(panel)[row]


def test_a_record_that_leaves_the_view_stays_on_show(panel, people, qtbot, write) -> None:
    panel.show_view("no_title")
    assert _names(panel) == ["赵敏"]
    panel.table.selectRow(0)
    panel.form.focus("title")
    _type(qtbot, write, "一级教师")
    assert _names(panel) == []
    assert panel.side.shown_id == people["赵敏"]
    assert panel.parts.lists.currentWidget() is panel.parts.nothing_found


def test_enter_in_the_list_leads_to_the_field_of_its_column(panel, people, qtbot) -> None:
    panel.table.selectRow(0)
    column = [column.key for column in panel.model.columns].index("title")
    panel.table.setCurrentIndex(panel.model.index(0, column))
    qtbot.keyClick(panel.table, Qt.Key.Key_Return)
    assert QApplication.focusWidget() is _field(panel, "title").editor


def test_private_numbers_are_masked_until_asked_for(panel, people, services, adoption) -> None:
    services.entries.change("person", people["王芳"], {"phone": "13800138000"}, adoption.id)
    _settle()
    _choose(panel, people["王芳"])
    editor = _field(panel, "phone").editor
    column = [column.key for column in panel.model.columns].index("phone")
    assert "138****8000" in [panel.model.index(row, column).data() for row in range(3)]
    assert editor.text() == "138****8000"
    editor.reveal()
    assert editor.text() == "13800138000"


def test_deleting_offers_to_take_it_back(panel, people, services, adoption, qtbot, said) -> None:
    panel.table.selectRow(0)
    first = panel.side.shown_id
    qtbot.keyClick(panel.table, Qt.Key.Key_Delete)
    _settle()
    assert said[-1].text == "已删除 1 个人员。"
    assert first not in panel.services.entries.ids(panel.query)
    assert panel.side.shown_id == panel.model.row_id(0)
    said[-1].action()
    _settle()
    assert first in services.entries.ids(panel.query)
    assert panel.model.rowCount() == 3


def test_what_others_need_is_not_deleted(make_panel, people, services, adoption, said) -> None:
    lesson = {"teacher_id": people["王芳"], "title": "分数"}
    services.entries.create("lesson", lesson, adoption.id)
    panel = make_panel()
    _choose(panel, people["王芳"])
    panel.delete()
    assert said[-1].text == "人员“王芳”还用在别处（课 1 节），不能删除。"
    assert panel.model.rowCount() == 3


def test_a_copy_is_shown_and_can_be_changed(panel, people, services, adoption, qtbot) -> None:
    _choose(panel, people["王芳"])
    qtbot.keyClick(panel.table, Qt.Key.Key_D, Qt.KeyboardModifier.ControlModifier)
    copied = panel.side.shown_id
    assert copied not in people.values()
    row = services.entries.get("person", copied, adoption.id)
    assert (row.texts["name"], row.texts["title"]) == ("王芳", "一级教师")
    assert QApplication.focusWidget() is _field(panel, "name").editor


def test_undo_shows_the_old_value_again(panel, people, services, qtbot, write) -> None:
    _choose(panel, people["王芳"])
    panel.form.focus("grade")
    _type(qtbot, write, "三年级")
    assert services.history.undo_label() == "修改人员的任教年级"
    services.history.undo()
    _settle()
    assert _field(panel, "grade").editor.text() == ""


def test_history_tells_in_words(panel, people, qtbot, write) -> None:
    _choose(panel, people["王芳"])
    panel.form.focus("title")
    _field(panel, "title").editor.selectAll()
    _type(qtbot, write, "高级教师")
    history = panel.side.tabs.tab("history")
    assert history.item(0).text().endswith("王芳 把 职称 由“一级教师”改为“高级教师”")


def test_a_link_finds_a_record_far_down_a_long_list(make_panel, services, adoption, people) -> None:
    panel = make_panel()
    from app.services.entry.bulk import Edit

    edits = [Edit("", {"name": f"教师{chr(0x4E00 + n)}"}) for n in range(450)]
    services.entries.apply("person", edits, adoption.id)
    _settle()
    panel.show_view("no_school")
    panel.parts.filters.add(Filter("name", "has", "教师"))
    last = panel.model.row_id(panel.model.rowCount() - 1)
    panel.show_view(f"record:person:{last}")
    assert panel.selected_ids() == [last]
    panel.show_view(f"record:person:{people['王芳']}")
    assert panel.selected_ids() == [people["王芳"]]
    assert panel.side.form.row.texts["name"] == "王芳"
    assert panel.query == Query("person", adoption.id)


def test_words_narrow_the_list_and_say_when_nothing_is_found(panel, qtbot) -> None:
    panel.focus_filter()
    qtbot.keyClicks(panel.parts.bar.words, "wf")
    qtbot.waitUntil(lambda: _names(panel) == ["王芳"])
    panel.parts.bar.words.setText("没有这个人")
    qtbot.waitUntil(lambda: panel.model.rowCount() == 0)
    assert panel.parts.lists.currentWidget() is panel.parts.nothing_found
    panel.parts.nothing_found.button.click()
    assert panel.model.rowCount() == 3


def test_views_are_counted_and_blanks_can_be_asked_for(panel, qtbot) -> None:
    chips = panel.parts.bar.chips.chips
    qtbot.waitUntil(lambda: chips["no_title"].text() == "缺职称 1")
    chips["no_title"].click()
    assert _names(panel) == ["赵敏"]
    chips["all"].click()
    panel._offer_blanks()
    menu = panel.parts.bar.narrow.menu()
    next(a for a in menu.actions() if a.text() == "单位为空").trigger()
    assert _names(panel) == ["赵敏"]
    panel.parts.filters.clear()
    assert panel.model.rowCount() == 3


def test_many_that_a_filter_hides_are_no_longer_selected(panel, qtbot) -> None:
    panel.table.selectAll()
    qtbot.waitUntil(lambda: panel.side.of_many)
    panel.parts.bar.words.setText("没有这个人")
    qtbot.waitUntil(lambda: panel.model.rowCount() == 0)
    qtbot.waitUntil(lambda: not panel.side.of_many)
    assert panel.side.shown_id == ""


def test_who_clicks_on_a_tab_types_there(panel, people, qtbot, write) -> None:
    _choose(panel, people["王芳"])
    tabs = panel.side.tabs
    bar = tabs.tabBar()
    place = next(n for n in range(tabs.count()) if tabs.tabText(n) == "荣誉称号")
    for _ in range(2):  # the second time it is in front already
        panel.table.setFocus()
        qtbot.mouseClick(bar, Qt.MouseButton.LeftButton, pos=bar.tabRect(place).center())
        qtbot.waitUntil(lambda: tabs.widget(place).isAncestorOf(QApplication.focusWidget()))


def test_a_view_is_saved_shown_again_renamed_and_deleted(panel, services, qtbot) -> None:
    panel.show_view("no_title")
    panel.parts.filters.add(Filter("school_id", "empty"))
    panel.table.header.setSortIndicator(0, Qt.SortOrder.DescendingOrder)
    panel.views._ask_name()
    panel.views.line.edit.setText("要补的人")
    qtbot.keyClick(panel.views.line.edit, Qt.Key.Key_Return)
    assert panel.parts.bar.views.text() == "要补的人"
    panel.show_everything()
    assert panel.model.rowCount() == 3
    panel.views.show_named("要补的人")
    assert _names(panel) == ["赵敏"]
    assert panel.query.view == "no_title"
    assert panel.model.order.descending
    panel.views._ask_new_name()
    panel.views.line.edit.setText("待补")
    panel.views.line.take.click()
    assert [view.name for view in services.views.all("person")] == ["待补"]
    panel.views._delete()
    assert services.views.all("person") == []
    assert panel.parts.bar.views.text() == "视图"


def test_view_columns_and_order_are_remembered(panel, make_panel, tools) -> None:
    panel.show_view("no_title")
    panel.table.header.setSortIndicator(0, Qt.SortOrder.DescendingOrder)
    panel.table.horizontalHeader().hideSection(3)
    panel.table._remember_columns()
    again = make_panel()
    assert again.query.view == "no_title"
    assert again.model.order.descending
    assert again.table.horizontalHeader().isSectionHidden(3)


def test_the_list_is_written_to_a_workbook(panel, tmp_path, said) -> None:
    panel.table.header.setSortIndicator(0, Qt.SortOrder.DescendingOrder)
    target = tmp_path / "人员.xlsx"
    panel.acting.export(panel.selecting.query(), ["name", "title"], target)
    rows = list(openpyxl.load_workbook(target).active.values)
    assert rows[0] == ("姓名", "职称")
    assert [row[0] for row in rows[1:]] == _names(panel)
    assert said[-1].text == "已导出 3 个人员：人员.xlsx"
    assert said[-1].action_text == "打开文件夹"


def test_an_empty_register_says_what_to_do(make_panel, services, adoption) -> None:
    panel = make_panel("agreement")
    assert panel.parts.body.currentWidget() is panel.empty
    panel.empty.button.click()
    assert panel.side.adding
    assert panel.parts.body.currentWidget() is panel.parts.split


def test_hiding_the_right_side_is_remembered(panel, make_panel, qtbot) -> None:
    qtbot.keyClick(panel.table, Qt.Key.Key_F4)
    assert panel.side.isHidden()
    assert make_panel().side.isHidden()


@pytest.mark.parametrize("kind", ["school", "community", "mentor_pair", "dispatch", "activity"])
def test_every_register_opens(make_panel, people, kind, services, adoption) -> None:
    panel = make_panel(kind)
    panel.show_view("new")
    assert panel.side.adding
    assert panel.side.title.text() == f"新增{panel.sheet.name}"


def test_the_menu_of_a_row_leads_to_what_it_points_to(make_panel, people, services, adoption):
    went = []
    panel = make_panel(go=lambda page, view: went.append((page, view)))
    _choose(panel, people["王芳"])
    school = services.entries.get("person", people["王芳"], adoption.id).values["school_id"]
    menu = panel.row_menu()
    next(a for a in menu.actions() if a.text() == "转到单位“兴镇中心小学”").trigger()
    assert went == [("members", f"record:school:{school}")]


def test_undoing_a_new_record_takes_it_from_the_right_side(panel, services, qtbot, write) -> None:
    panel.show_view("new")
    _type(qtbot, write, "马小云")
    assert panel.side.shown_id
    services.history.undo()
    _settle()
    assert panel.side.shown_id == ""
    assert "马小云" not in _names(panel)


@pytest.mark.parametrize("answer", ["accept", "reject"])
def test_a_pasted_block_is_shown_before_it_changes_anything(
    panel, people, services, adoption, answer
) -> None:
    column = [column.key for column in panel.model.columns].index("title")
    QApplication.clipboard().setText("正高级教师\n高级教师")
    panel.table.setCurrentIndex(panel.model.index(0, column))
    seen = []

    def decide() -> None:
        dialog = panel.findChild(BulkPreviewDialog)
        seen.append(dialog.table.summary.text())
        getattr(dialog, answer)()

    QTimer.singleShot(0, decide)
    panel.table.actions_on_cells.paste()
    assert seen == ["2 条将修改。"]
    titles = {row.texts["title"] for row in services.entries.page(panel.query, 0, 9)}
    assert ("正高级教师" in titles) == (answer == "accept")
