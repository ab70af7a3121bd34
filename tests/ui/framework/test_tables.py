import time
from dataclasses import dataclass

import pytest
from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QAbstractItemModelTester

from app.errors import StorageError
from app.ui.framework.settings import Settings
from app.ui.framework.table_view import TableView
from app.ui.framework.tables import Column, ListSource, Order, PagedTableModel


@dataclass(frozen=True)
class Row:
    id: str
    name: str
    pages: int | None


COLUMNS = [
    Column("name", "名称", lambda r: r.name, sort_key="name", width=200),
    Column("pages", "页数", lambda r: r.pages, sort_key="pages", align_right=True),
    Column("note", "备注", lambda r: None, hidden=True),
]


class Shelf:
    """A source that makes its rows when asked and counts the asking."""

    def __init__(self, count):
        self.rows, self.asked, self.broken = count, 0, False

    def count(self):
        return self.rows

    def fetch(self, offset, limit, order: Order | None):
        if self.broken:
            raise StorageError("读不出来。")
        self.asked += 1
        numbers = range(offset, min(self.rows, offset + limit))
        if order is not None and order.descending:
            numbers = [self.rows - 1 - n for n in numbers]
        return [Row(str(n), f"第{n}件", n) for n in numbers]


def listed(rows):
    return ListSource(rows, lambda r: r.id, COLUMNS)


def make(source):
    return PagedTableModel(COLUMNS, lambda r: r.id, source)


@pytest.fixture
def table(qtbot, theme):
    def build(source, settings=None):
        model = make(source)
        view = TableView(model, settings or Settings(), "test")
        model.setParent(view)
        qtbot.addWidget(view)
        view.resize(700, 500)
        view.show()
        return view

    return build


def test_model_keeps_the_rules_of_qt(qtbot, theme):
    model = make(Shelf(250))
    tester = QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    model.sort(0, Qt.SortOrder.DescendingOrder)
    model.set_source(Shelf(3))
    model.set_source(None)
    assert tester.model() is model
    assert model.rowCount() == 0


def test_a_hundred_thousand_rows_fetch_only_what_is_seen(table):
    shelf = Shelf(100_000)
    began = time.perf_counter()
    view = table(shelf)
    view.grab()
    seconds = time.perf_counter() - began
    assert shelf.asked <= 2
    assert seconds < 1.5, "ten times the target: the machine of a test is shared"
    view.scrollToBottom()
    view.grab()
    assert shelf.asked <= 5
    assert view.model().index(99_999, 0).data() == "第99999件"


def test_sorting_asks_the_source(table):
    view = table(Shelf(1000))
    view.sortByColumn(0, Qt.SortOrder.DescendingOrder)
    assert view.model().index(0, 0).data() == "第999件"
    assert view.model().order == Order("name", descending=True)


def test_selection_follows_its_records_across_a_refresh(table, qtbot):
    view = table(listed([Row("a", "甲", 1), Row("b", "乙", 2), Row("c", "丙", 3)]))
    view.select(["b", "c"])
    rows = [Row("c", "丙", 3), Row("x", "新", 9), Row("b", "乙", 2)]
    with qtbot.waitSignal(view.chosen) as told:
        view.model().set_source(listed(rows))
    assert set(told.args[0]) == {"b", "c"}
    assert {i.row() for i in view.selectionModel().selectedRows()} == {0, 2}
    view.model().set_source(listed(rows[:2]))
    assert view.selected_ids() == ["c"]


def test_empty_cells_sort_first_and_never_meet_figures(qtbot, theme):
    rows = [Row("a", "甲", 2), Row("b", "乙", None), Row("c", "丙", 1)]
    model = make(listed(rows))
    model.sort(1)
    assert [model.row_id(n) for n in range(3)] == ["b", "c", "a"]
    assert model.index(0, 1).data() == ""


def test_copy_gives_lines_for_a_spreadsheet(table, qtbot):
    view = table(listed([Row("a", "甲\t一", 1), Row("b", "乙", 2)]))
    view.select(["a", "b"])
    qtbot.keyClick(view, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text() == "名称\t页数\n甲 一\t1\n乙\t2"


def test_chosen_columns_are_remembered(table):
    settings = Settings()
    view = table(Shelf(5), settings)
    assert view.isColumnHidden(2)
    note = next(a for a in view.column_menu().actions() if a.text() == "备注")
    note.trigger()
    view.horizontalHeader().moveSection(1, 0)
    view.setColumnWidth(0, 333)
    again = table(Shelf(5), settings)
    assert not again.isColumnHidden(2)
    assert again.horizontalHeader().visualIndex(1) == 0
    assert again.columnWidth(0) == 333


def test_enter_opens_and_del_asks(table, qtbot):
    view = table(Shelf(5))
    view.select(["3"])
    with qtbot.waitSignal(view.opened) as opened:
        qtbot.keyClick(view, Qt.Key.Key_Return)
    with qtbot.waitSignal(view.delete_wanted) as deleted:
        qtbot.keyClick(view, Qt.Key.Key_Delete)
    assert opened.args == ["3"]
    assert deleted.args == [["3"]]


def test_a_refusing_source_is_told_and_leaves_empty_rows(qtbot, theme):
    shelf = Shelf(10)
    model = make(shelf)
    shelf.broken = True
    errors = []
    model.failed.connect(errors.append)
    assert model.index(0, 0).data() is None
    assert [e.text for e in errors] == ["读不出来。"]
    assert not model.index(0, 0, QModelIndex()).data(Qt.ItemDataRole.ToolTipRole)


def test_selecting_everything_is_quick_and_survives_a_refresh(table):
    view = table(Shelf(100_000))
    began = time.perf_counter()
    view.selectAll()
    assert view.selected_count() == 100_000
    view.model().refresh()
    assert time.perf_counter() - began < 3, "Qt's own list of rows took six seconds"
    assert view.selected_ids()[:2] == ["0", "1"]


def test_a_source_that_cannot_locate_is_searched_near_by(table):
    view = table(Shelf(5000))
    view.select(["70"])
    assert view.selected_ids() == ["70"]
    view.model().refresh()
    assert view.selected_ids() == ["70"]
