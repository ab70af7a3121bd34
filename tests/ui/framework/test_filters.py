"""Sorting by two columns, the menu of a column, and the chips of the filters in force."""

from dataclasses import dataclass

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QToolButton

from app.services.entry.listing import Filter
from app.ui.framework.filters import FilterChips, FilterPopup
from app.ui.framework.settings import Settings
from app.ui.framework.table_view import TableView
from app.ui.framework.tables import Column, ListSource, Order, PagedTableModel


@dataclass(frozen=True)
class Row:
    id: str
    school: str
    name: str
    age: int


ROWS = [
    Row("a", "甲校", "丙", 40),
    Row("b", "乙校", "乙", 30),
    Row("c", "甲校", "丁", 35),
    Row("d", "乙校", "戊", 50),
]
COLUMNS = [
    Column("school", "单位", lambda r: r.school, sort_key="school", filter="text"),
    Column("age", "年龄", lambda r: r.age, sort_key="age", filter="figure"),
    Column("sex", "性别", lambda r: "", filter="choice", choices=("男", "女")),
    Column("name", "姓名", lambda r: r.name),
]


@pytest.fixture
def table(qtbot, theme):
    def build(settings=None):
        model = PagedTableModel(COLUMNS, lambda r: r.id, ListSource(ROWS, lambda r: r.id, COLUMNS))
        view = TableView(model, settings or Settings(), "test")
        model.setParent(view)
        qtbot.addWidget(view)
        view.resize(700, 300)
        view.show()
        return view

    return build


def shown(view):
    return [view.model().row_id(n) for n in range(view.model().rowCount())]


def click(qtbot, view, column, modifier=Qt.KeyboardModifier.NoModifier):
    header = view.header
    x = header.sectionViewportPosition(column) + 30
    qtbot.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, modifier, QPoint(x, 10))


def test_shift_click_sorts_what_is_alike_by_a_second_column(table, qtbot):
    view = table()
    click(qtbot, view, 0)
    click(qtbot, view, 1, Qt.KeyboardModifier.ShiftModifier)
    assert shown(view) == ["b", "d", "c", "a"]
    assert view.model().headerData(1, Qt.Orientation.Horizontal) == "年龄 ▴₂"
    click(qtbot, view, 1, Qt.KeyboardModifier.ShiftModifier)
    assert shown(view) == ["d", "b", "a", "c"]
    click(qtbot, view, 1, Qt.KeyboardModifier.ShiftModifier)
    assert view.model().order == Order("school")


def test_the_order_is_remembered(table, qtbot):
    settings = Settings()
    view = table(settings)
    click(qtbot, view, 0)
    click(qtbot, view, 0)
    click(qtbot, view, 1, Qt.KeyboardModifier.ShiftModifier)
    assert view.model().order == Order("school", descending=True, then=Order("age"))
    again = table(settings)
    assert again.model().order == view.model().order
    assert shown(again) == ["c", "a", "b", "d"]
    assert again.header.sortIndicatorSection() == 0


def entries(menu):
    return {action.text(): action for action in menu.actions() if action.text()}


def test_the_menu_of_a_column_offers_what_fits_it(table, qtbot):
    view = table()
    assert "含…" not in entries(view.header_menu(0)), "nobody listens for filters"
    asked = []
    view.filter_wanted.connect(asked.append)
    assert {"升序", "降序", "含…", "为空", "列宽合适", "显示的列"} <= set(
        entries(view.header_menu(0))
    )
    assert {"从…到…", "等于…"} <= set(entries(view.header_menu(1)))
    entries(entries(view.header_menu(2))["含"].menu())["女"].trigger()
    entries(view.header_menu(0))["不为空"].trigger()
    assert asked == [Filter("sex", "has", "女"), Filter("school", "filled")]
    entries(view.header_menu(1))["降序"].trigger()
    assert shown(view) == ["d", "a", "c", "b"]
    entries(view.header_menu(1))["取消排序"].trigger()
    assert shown(view) == ["a", "b", "c", "d"]


def test_alt_down_opens_the_menu_of_the_column_with_the_cursor(table, qtbot, qapp):
    view = table()
    view.setCurrentIndex(view.model().index(0, 1))
    qtbot.keyClick(view, Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)
    menu = qapp.activePopupWidget()
    assert "升序" in entries(menu)
    menu.close()


def test_both_ends_of_a_filter_are_asked_for_at_once(qtbot, theme):
    popup = FilterPopup("held_on", "日期", ("from", "to"), None)
    qtbot.addWidget(popup)
    asked = []
    popup.chosen.connect(asked.append)
    popup.show()
    qtbot.keyClicks(popup.edits[0], "9.1")
    qtbot.keyClicks(popup.edits[1], "9.30")
    qtbot.keyClick(popup.edits[1], Qt.Key.Key_Return)
    assert asked == [Filter("held_on", "from", "9.1"), Filter("held_on", "to", "9.30")]


def test_chips_show_the_filters_and_take_them_off(qtbot, theme, services, adoption):
    chips = FilterChips(theme)
    qtbot.addWidget(chips)
    chips.set_sheet(services.entries.sheet("activity", adoption.id))
    assert chips.isHidden()
    chips.add(Filter("held_on", "from", "9.1"))
    chips.add(Filter("held_on", "to", "9.30"))
    chips.add(Filter("place", "has", "小学"))
    chips.add(Filter("place", "has", "中学"))

    def buttons():
        return [one.text() for one in chips.findChildren(QToolButton) if one.isVisible()]

    qtbot.waitUntil(lambda: buttons() == ["日期 从 9.1", "日期 到 9.30", "地点 含 中学"])
    with qtbot.waitSignal(chips.changed):
        chips.remove(Filter("held_on", "to", "9.30"))
    chips.add(Filter("place", "empty"))
    assert chips.filters == (Filter("held_on", "from", "9.1"), Filter("place", "empty"))
    chips.clear()
    assert chips.isHidden()
