"""Typing, pasting and filling down in a table of records, against the real service."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QInputMethodEvent

from app.services.entry.listing import Query
from app.ui.framework.grid import EntryGrid

CTRL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier
Key = Qt.Key


@pytest.fixture
def enter(services, adoption):
    def make(kind, parent="", /, **typed):
        return services.entries.create(kind, typed, adoption.id, parent)

    return make


class Desk:
    """A grid on screen, with the keys of a clerk; refreshed after each commit as the window does."""

    def __init__(self, grid, services, qtbot):
        self.grid, self.services, self.qtbot = grid, services, qtbot
        self.view, self.model = grid.view, grid.model
        services.archive.uow.subscribe(lambda _changes: grid.refresh())

    def column(self, name):
        return next(n for n, c in enumerate(self.model.columns) if c.key == name)

    def go(self, row, name):
        self.view.setCurrentIndex(self.model.index(row, self.column(name)))
        self.view.setFocus()

    @property
    def at(self):
        index = self.view.currentIndex()
        return index.row(), self.model.columns[index.column()].key

    def target(self):
        editor = QGuiApplication.focusObject()
        return editor if self.view.state() == self.view.State.EditingState else self.view

    def key(self, key, modifier=Qt.KeyboardModifier.NoModifier):
        self.qtbot.keyClick(self.target(), key, modifier)
        self.settle()

    def type(self, text, *keys):
        """Letters one by one, then the keys that end the cell."""
        for letter in text:
            self.qtbot.keyClick(self.target(), letter)
        for key in keys:
            self.key(key)

    def settle(self):
        self.qtbot.waitUntil(lambda: not self.model._stale or self.model.editing())

    def column_texts(self, name):
        column = self.column(name)
        return [self.model.index(n, column).data() for n in range(self.model.count)]

    def cell(self, row, name):
        return self.model.index(row, self.column(name))

    def clip(self, text):
        QGuiApplication.clipboard().setText(text)
        self.key(Key.Key_V, CTRL)


@pytest.fixture
def desk(qtbot, tools, services, adoption):
    def build(kind, parent="", cells=False):
        sheet = services.entries.sheet(kind, adoption.id)
        query = Query(kind, adoption.id, parent_id=parent)
        grid = EntryGrid(tools, services.entries, sheet, query, kind, cells=cells)
        qtbot.addWidget(grid)
        grid.resize(900, 400)
        grid.show()
        grid.activateWindow()
        qtbot.waitUntil(grid.isActiveWindow)
        return Desk(grid, services, qtbot)

    return build


@pytest.fixture
def activities(enter):
    return [
        enter("activity", title=f"活动{n}", held_on=f"2025-09-{20 - n:02}", place="甲校")
        for n in range(5)
    ]


# -- one cell ------------------------------------------------------------------------------------


def test_typing_replaces_and_enter_goes_down(desk, activities, services):
    made = desk("activity", cells=True)
    made.go(0, "place")
    made.type("aula", Key.Key_Return)
    assert made.at == (1, "place")
    assert made.column_texts("place") == ["aula", "甲校", "甲校", "甲校", "甲校"]
    made.key(Key.Key_F2)
    made.key(Key.Key_End)
    made.type("x", Key.Key_Tab)
    assert made.at == (1, "subject")
    assert made.cell(1, "place").data() == "甲校x"
    assert services.history.undo_label() == "修改活动的地点"


def test_tab_runs_right_and_enter_returns_to_where_it_began(desk, activities):
    made = desk("activity", cells=True)
    made.go(1, "place")
    made.type("a", Key.Key_Tab)
    made.type("b", Key.Key_Return)
    assert made.at == (2, "place")
    made.key(Key.Key_Return)
    assert made.at == (3, "place")
    made.key(Key.Key_Return, SHIFT)
    assert made.at == (2, "place")


def test_chinese_is_typed_right_into_a_cell(desk, activities, write, qapp):
    made = desk("activity", cells=True)
    made.go(0, "place")
    assert made.view.testAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled)
    qapp.sendEvent(made.view, QInputMethodEvent("xing'zhen", []))
    assert made.view.state() != made.view.State.EditingState, "the input method keeps its cursor"
    write(made.view, "兴镇")
    write(made.target(), "小学")
    made.key(Key.Key_Return)
    assert made.cell(0, "place").data() == "兴镇小学"
    made.go(0, "present")
    assert not made.view.testAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled)


def test_escape_leaves_the_cell_as_it_was(desk, activities, services):
    made = desk("activity", cells=True)
    before = services.history.undo_label()
    made.go(0, "place")
    made.type("wrong", Key.Key_Escape)
    assert made.cell(0, "place").data() == "甲校"
    assert made.at == (0, "place")
    assert services.history.undo_label() == before


def test_what_is_refused_stays_red_with_its_sentence_until_it_is_mended(desk, activities):
    made = desk("activity", cells=True)
    made.go(0, "held_on")
    made.type("2025-2-30", Key.Key_Return)
    cell = made.cell(0, "held_on")
    assert cell.data() == "2025-2-30"
    assert cell.data(Qt.ItemDataRole.ToolTipRole) == made.model.sentence_at(cell) != ""
    assert cell.data(Qt.ItemDataRole.ForegroundRole) == made.model._theme.color("error")
    assert made.grid.line.isVisible()
    assert made.grid.line.text() == made.grid.unfinished() == made.model.sentence_at(cell)
    made.grid.refresh()
    assert cell.data() == "2025-2-30"
    made.go(0, "held_on")
    assert made.grid.line.text() == made.model.sentence_at(cell)
    made.type("9.25", Key.Key_Return)
    assert made.column_texts("held_on")[0] == "2025-09-25"
    assert made.grid.unfinished() == ""
    assert not made.grid.line.isVisible()


def test_escape_on_a_refused_cell_shows_what_is_saved(desk, activities):
    made = desk("activity", cells=True)
    made.go(0, "starts_at")
    made.type("99", Key.Key_Return)
    made.go(0, "starts_at")
    made.key(Key.Key_Escape)
    assert made.cell(0, "starts_at").data() == ""
    assert made.grid.unfinished() == ""


def test_the_rows_wait_while_a_cell_is_typed(desk, activities, enter):
    made = desk("activity", cells=True)
    made.go(4, "place")
    made.type("ab")
    enter("activity", title="别处新增", held_on="2025-09-30")
    assert made.model.count == 5
    made.type("c", Key.Key_Tab)
    assert made.model.count == 6
    assert made.cell(5, "place").data() == "abc"
    assert made.at == (5, "subject")


def test_a_record_that_moves_in_the_order_takes_the_cursor_not_along(desk, activities):
    made = desk("activity", cells=True)
    made.go(0, "held_on")
    made.type("9.1", Key.Key_Return)
    assert made.column_texts("title") == ["活动1", "活动2", "活动3", "活动4", "活动0"]
    assert made.at == (0, "held_on"), "on what stood below"


def test_computed_cells_cannot_be_typed_in(desk, activities):
    made = desk("activity", cells=True)
    made.go(0, "present")
    made.type("5")
    assert made.view.state() != made.view.State.EditingState
    assert made.cell(0, "present").data() == "0"


def test_a_long_text_is_typed_in_many_lines(desk, activities, services):
    made = desk("activity", cells=True)
    made.view.showColumn(made.column("minutes"))
    made.go(0, "minutes")
    made.type("a")
    made.qtbot.keyClick(made.target(), Key.Key_Return, Qt.KeyboardModifier.AltModifier)
    made.type("b", Key.Key_Return)
    row = made.model.row(0)
    assert row.texts["minutes"] == "a\nb"
    assert made.cell(0, "minutes").data() == "a b"


def test_a_click_elsewhere_keeps_what_was_typed(desk, activities):
    made = desk("activity", cells=True)
    made.go(0, "place")
    made.type("hall")
    place = made.view.visualRect(made.cell(2, "title")).center()
    made.qtbot.mouseClick(made.view.viewport(), Qt.MouseButton.LeftButton, pos=place)
    made.settle()
    assert made.cell(0, "place").data() == "hall"
    assert made.at == (2, "title")


# -- parts: the last row -------------------------------------------------------------------------


@pytest.fixture
def activity(enter):
    return enter("activity", title="评课")


def test_an_agenda_is_typed_row_by_row(desk, activity, enter, services, adoption):
    enter("person", name="王芳")
    made = desk("agenda_item", activity, cells=True)
    assert made.model.count == 0
    assert made.cell(0, "starts_at").data() == "新增一行…"
    made.go(0, "starts_at")
    made.type("8:30", Key.Key_Tab)
    assert made.grid.line.text() == "请填写内容。"
    assert made.cell(0, "starts_at").data() == "8:30"
    made.type("9:10", Key.Key_Tab)
    made.type("report", Key.Key_Tab)
    assert made.model.count == 1
    assert made.at == (0, "person_id")
    made.type("wf", Key.Key_Return)
    assert made.at == (1, "starts_at")
    assert not made.grid.line.isVisible()
    made.type("9:20", Key.Key_Tab)
    made.key(Key.Key_Tab)
    made.type("talk", Key.Key_Return)
    assert made.at == (2, "starts_at")
    rows = services.entries.page(made.model.query, 0, 10)
    assert [
        [row.texts[n] for n in ("starts_at", "ends_at", "content", "person_id")] for row in rows
    ] == [
        ["08:30", "09:10", "report", "王芳"],
        ["09:20", "", "talk", ""],
    ]
    assert services.history.undo_label() == "新增日程"


def test_a_wrong_cell_of_the_last_row_is_said_and_the_rest_stays(desk, activity):
    made = desk("agenda_item", activity, cells=True)
    made.go(0, "starts_at")
    made.type("8:30", Key.Key_Tab)
    made.type("99", Key.Key_Tab)
    assert "不是时间" in made.grid.line.text()
    assert made.cell(0, "ends_at").data() == "99"
    assert made.cell(0, "starts_at").data() == "8:30"
    made.go(0, "ends_at")
    made.type("9", Key.Key_Tab)
    assert made.cell(0, "ends_at").data() == "9"
    made.key(Key.Key_Escape)
    assert made.grid.unfinished() == ""
    assert made.cell(0, "starts_at").data() == "新增一行…"
    assert made.model.count == 0


def test_people_sign_in_by_their_initials(desk, activity, enter):
    for name in ("王芳", "李强", "赵敏"):
        enter("person", name=name)
    made = desk("attendance", activity, cells=True)
    made.go(0, "person_id")
    for typed in ("wf", "lq", "zm"):
        made.type(typed, Key.Key_Return)
        assert made.at == (made.model.count, "person_id")
    assert sorted(made.column_texts("person_id")) == sorted(["王芳", "李强", "赵敏"])
    assert made.column_texts("status") == ["未签到"] * 3
    made.go(0, "status")
    made.type("dh", Key.Key_Return)
    assert made.cell(0, "status").data() == "到会"


def test_space_ticks_and_no_is_a_dash(desk, activity, enter):
    made = desk("attendance", activity, cells=True)
    made.go(0, "person_id")
    enter("person", name="王芳")
    made.type("wf", Key.Key_Return)
    made.go(0, "leave_written")
    assert made.cell(0, "leave_written").data() == "—"
    made.key(Key.Key_Space)
    assert made.cell(0, "leave_written").data() == "是"
    assert not made.cell(0, "leave_written").data(Qt.ItemDataRole.DecorationRole).isNull()
    made.key(Key.Key_Space)
    assert made.cell(0, "leave_written").data() == "—"


# -- many cells ----------------------------------------------------------------------------------


def test_a_block_from_excel_becomes_new_rows_in_one_step(desk, activity, services):
    made = desk("agenda_item", activity, cells=True)
    asked = []
    made.grid.confirm = lambda preview: asked.append(preview) or True
    made.go(0, "starts_at")
    made.clip('8:30\t9:10\t"评课\n议课"\r\n9点半\t10:00\t小结\r\n')
    assert asked[0].created == 2
    assert made.column_texts("content") == ["评课 议课", "小结"]
    assert made.column_texts("starts_at") == ["08:30", "09:30"]
    assert made.grid.line.text() == "已新增 2 条。"
    assert services.history.undo_label() == "粘贴日程 2 项"
    services.history.undo()
    assert made.model.count == 0


def test_one_row_that_is_pasted_joins_what_was_typed_before_it(desk, activity):
    made = desk("agenda_item", activity, cells=True)
    made.go(0, "starts_at")
    made.type("8:30", Key.Key_Tab)
    made.clip("9:10\t评课")
    made.settle()
    assert made.model.count == 1
    assert [made.cell(0, name).data() for name in ("starts_at", "ends_at", "content")] == [
        "08:30", "09:10", "评课",
    ]  # fmt: skip
    assert made.cell(1, "starts_at").data() == "新增一行…"


def test_a_wrong_cell_of_a_pasted_row_keeps_the_others(desk, activity):
    made = desk("agenda_item", activity, cells=True)
    made.go(0, "starts_at")
    made.clip("8:30\t99\t评课")
    made.settle()
    assert made.model.count == 0
    assert "不是时间" in made.grid.line.text()
    assert [made.cell(0, name).data() for name in ("starts_at", "ends_at", "content")] == [
        "8:30", "99", "评课",
    ]  # fmt: skip


def test_a_refused_cell_with_the_cursor_is_not_filled_with_red(desk, activity):
    made = desk("agenda_item", activity, cells=True)
    made.go(0, "starts_at")
    made.type("99", Key.Key_Return)
    made.go(0, "starts_at")
    made.settle()
    seen = made.view.viewport().grab(made.view.visualRect(made.cell(0, "starts_at"))).toImage()
    red = made.model._theme.color("error")
    points = [(x, y) for x in range(seen.width()) for y in range(seen.height())]
    share = sum(seen.pixelColor(x, y) == red for x, y in points) / len(points)
    assert 0 < share < 0.2


def test_pasting_says_no_when_asked(desk, activity):
    made = desk("agenda_item", activity, cells=True)
    made.grid.confirm = lambda _preview: False
    made.go(0, "content")
    made.clip("甲\n乙")
    assert made.model.count == 0
    assert made.grid.line.text() == "没有写入。"


def test_what_cannot_be_pasted_stays_in_its_cell_and_the_rest_is_written(desk, activities):
    made = desk("activity", cells=True)
    made.go(0, "held_on")
    made.clip("2025-10-1\n2025-2-30\n2025-10-3")
    assert sorted(made.column_texts("held_on")) == sorted(
        ["2025-10-01", "2025-10-03", "2025-2-30", "2025-09-17", "2025-09-16"]
    )
    assert made.grid.line.text().startswith("已修改 2 条。有 1 条没有全部写入：")
    assert made.grid.unfinished() in made.grid.line.text()


def test_rows_beyond_the_list_are_refused_as_a_whole(desk, activities, services):
    made = desk("activity", cells=True)
    before = services.history.undo_label()
    made.go(4, "place")
    made.clip("甲\n乙\n丙")
    assert "从这里起只有 1 行" in made.grid.line.text()
    made.go(0, "evidence")
    made.clip("\t".join("甲乙丙丁戊己庚辛壬癸"))
    assert "列" in made.grid.line.text()
    assert services.history.undo_label() == before


def test_one_cell_is_pasted_into_all_that_are_selected(desk, activities):
    made = desk("activity", cells=True)
    made.go(1, "place")
    for _ in range(2):
        made.key(Key.Key_Down, SHIFT)
    made.clip("乙校")
    assert made.column_texts("place") == ["甲校", "乙校", "乙校", "乙校", "甲校"]


def test_titles_that_were_copied_along_are_left_out(desk, activities):
    made = desk("activity", cells=True)
    made.go(0, "place")
    made.clip("地点\n乙校\n丙校")
    assert made.column_texts("place")[:3] == ["乙校", "丙校", "甲校"]


def test_fill_down_takes_the_first_row_over_several_columns(
    desk, activities, services, enter, adoption
):
    person = enter("person", name="王芳")
    services.entries.change("activity", activities[0], {"host_id": person}, adoption.id)
    made = desk("activity", cells=True)
    made.go(0, "place")
    made.type("hall", Key.Key_Return)
    made.go(0, "place")
    for _ in range(2):
        made.key(Key.Key_Right, SHIFT)
    for _ in range(3):
        made.key(Key.Key_Down, SHIFT)
    made.key(Key.Key_D, CTRL)
    assert made.column_texts("place") == ["hall"] * 4 + ["甲校"]
    assert made.column_texts("host_id") == ["王芳"] * 4 + [""]
    assert services.history.undo_label() == "向下填充"
    assert len(made.view.selectionModel().selectedIndexes()) == 12, "the selection stays"


def test_fill_down_in_one_cell_takes_what_stands_above(desk, activities):
    made = desk("activity", cells=True)
    made.go(0, "place")
    made.type("hall", Key.Key_Return)
    made.key(Key.Key_D, CTRL)
    assert made.column_texts("place")[:3] == ["hall", "hall", "甲校"]


def test_a_list_fills_only_the_column_with_the_cursor(desk, activities):
    made = desk("activity")
    made.go(0, "place")
    made.type("hall", Key.Key_Return)
    made.go(0, "place")
    for _ in range(4):
        made.key(Key.Key_Down, SHIFT)
    made.key(Key.Key_D, CTRL)
    assert made.column_texts("place") == ["hall"] * 5
    assert len(set(made.column_texts("title"))) == 5


def test_one_row_of_a_list_leaves_ctrl_d_to_the_page(desk, activities):
    made = desk("activity")
    made.go(0, "place")
    assert not made.view.actions_on_cells.can_fill()
    made.key(Key.Key_D, CTRL)
    assert made.column_texts("place") == ["甲校"] * 5


def test_del_empties_cells_and_in_a_list_asks_for_the_trash(desk, activities, qtbot):
    made = desk("activity", cells=True)
    made.go(0, "place")
    made.key(Key.Key_Down, SHIFT)
    made.key(Key.Key_Delete)
    assert made.column_texts("place") == ["", "", "甲校", "甲校", "甲校"]
    with qtbot.waitSignal(made.view.delete_wanted):
        made.key(Key.Key_Delete, CTRL)
    listed = desk("activity")
    listed.go(0, "place")
    with qtbot.waitSignal(listed.view.delete_wanted):
        listed.key(Key.Key_Delete)


def test_cells_are_copied_without_titles_rows_with_them(desk, activities):
    made = desk("activity", cells=True)
    made.go(0, "title")
    made.key(Key.Key_Down, SHIFT)
    made.key(Key.Key_C, CTRL)
    assert QGuiApplication.clipboard().text() == "活动0\n活动1"
    made.key(Key.Key_C, CTRL | SHIFT)
    assert QGuiApplication.clipboard().text() == "名称\n活动0\n活动1"
    listed = desk("activity")
    listed.go(0, "title")
    listed.key(Key.Key_C, CTRL)
    assert QGuiApplication.clipboard().text().splitlines()[0].startswith("日期\t名称\t")


def test_enter_opens_a_record_of_a_list(desk, activities, qtbot):
    made = desk("activity")
    made.go(1, "title")
    with qtbot.waitSignal(made.view.opened) as opened:
        made.key(Key.Key_Return)
    assert opened.args == [activities[1]]
    made.key(Key.Key_End, CTRL)
    assert made.at[0] == 4
    made.key(Key.Key_Home, CTRL)
    assert made.at[0] == 0
