"""Parts of a record: typed in a table on its tab, or asked for where they belong to another record."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from app.services.entry.listing import Query
from app.ui.framework.entries import Typed
from app.ui.records.parts import NewRecordDialog


@pytest.fixture
def honours(panel, people):
    panel.table.select([people["王芳"]])
    return panel.side.tabs.tab("honour")


def _write(tab, row: int, name: str, text: str) -> None:
    column = [column.key for column in tab.grid.model.columns].index(name)
    tab.grid.model.setData(tab.grid.model.index(row, column), Typed(text, text))
    tab.grid.model.catch_up()


def _honours(services, adoption, person: str) -> list[str]:
    query = Query("honour", adoption.id, parent_id=person)
    return [row.texts["name"] for row in services.entries.page(query, 0, 9)]


def test_a_part_is_typed_into_the_last_row(honours, services, adoption, people) -> None:
    _write(honours, 0, "name", "教学能手")
    _write(honours, 0, "awarded_on", "2024.5")
    assert _honours(services, adoption, people["王芳"]) == ["教学能手"]


def test_each_record_shows_its_own_parts(honours, panel, people) -> None:
    _write(honours, 0, "name", "教学能手")
    panel.table.select([people["李雷"]])
    assert honours.grid.model.count == 0
    panel.table.select([people["王芳"]])
    assert honours.grid.model.count == 1


def test_a_line_half_typed_is_not_left_behind(honours, panel, people, qtbot, said) -> None:
    _write(honours, 0, "level", "市级")
    assert not panel.can_leave()
    panel.table.select([people["李雷"]])
    qtbot.waitUntil(lambda: panel.selected_ids() == [people["王芳"]])
    assert said[-1].text == "请填写称号。"


def test_a_part_is_deleted_and_comes_back(honours, services, adoption, people, said) -> None:
    _write(honours, 0, "name", "教学能手")
    honours.grid.view.selectRow(0)
    honours.delete(honours.grid.view.selected_ids())
    assert _honours(services, adoption, people["王芳"]) == []
    assert said[-1].text == "已删除 1 项荣誉称号。"
    said[-1].action()
    assert _honours(services, adoption, people["王芳"]) == ["教学能手"]


def test_lines_keep_the_users_order(make_panel, services, adoption) -> None:
    activity = services.entries.create("activity", {"title": "研讨"}, adoption.id)
    for content in ("签到", "上课"):
        services.entries.create("agenda_item", {"content": content}, adoption.id, activity)
    panel = make_panel("activity")
    panel.show_view(f"record:activity:{activity}")
    tab = panel.side.tabs.tab("agenda_item")
    tab.grid.view.selectRow(1)
    tab.move_up()
    query = Query("agenda_item", adoption.id, parent_id=activity)
    rows = services.entries.page(query, 0, 9)
    assert [row.texts["content"] for row in rows] == ["上课", "签到"]


def test_members_of_a_group_are_listed_and_added_with_it(
    make_panel, services, adoption, people, qtbot, write
) -> None:
    group = services.entries.create("community", {"name": "低段组"}, adoption.id)
    panel = make_panel("community")
    panel.show_view(f"record:community:{group}")
    tab = panel.side.tabs.tab("appointment")
    assert tab.grid.model.count == 0
    tab.add()
    dialog = tab.findChild(NewRecordDialog)
    dialog.activateWindow()
    qtbot.waitUntil(dialog.isActiveWindow)
    assert QApplication.focusWidget() is dialog.form.fields.rows["person_id"].editor
    write(QApplication.focusWidget(), "王芳")
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return)
    write(QApplication.focusWidget(), "成员")
    qtbot.keyClick(
        QApplication.focusWidget(), Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier
    )
    assert tab.grid.model.count == 1
    person = next(n for n, c in enumerate(tab.grid.model.columns) if c.key == "person_id")
    assert tab.grid.model.index(0, person).data() == "王芳"
    assert dialog.form.row is None, "the next one can be entered"
    dialog.reject()
