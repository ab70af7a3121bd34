from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QPushButton

from app.errors import ConflictError
from app.services.unit_of_work import Changes
from app.ui.framework import messages
from app.ui.framework.messages import Message
from app.ui.framework.page import Page, PageSpec
from app.ui.main_window import MainWindow

NOON = datetime(2026, 3, 2, 12, 30).astimezone()
CHANGES = Changes("改名", {"person": frozenset({"1"})})


class Story:
    """A history with two actions to take back."""

    def __init__(self):
        self.done, self.undone = ["新建活动", "删除 3 份材料"], []

    def undo_label(self):
        return self.done[-1] if self.done else None

    def redo_label(self):
        return self.undone[-1] if self.undone else None

    def undo(self):
        if not self.done:
            raise ConflictError("没有可以撤销的操作。")
        self.undone.append(self.done.pop())
        return self.undone[-1]

    def redo(self):
        self.done.append(self.undone.pop())
        return self.done[-1]


@dataclass
class Folder:
    path: Path = Path("/档案/名师工作坊")
    name: str = "名师工作坊"
    history: Story = field(default_factory=Story)


class Sheet(Page):
    help_text = "这一页列出成员。"

    def __init__(self, tools, title):
        super().__init__(tools, title)
        self.refreshed, self.may_leave = [], True
        self.edit = QLineEdit()
        self.set_content(self.edit)
        self.set_start(self.edit)
        self.pressed = []
        self.set_primary("新建", "plus", lambda: self.pressed.append("新建"), "Ctrl+N")
        self.add_more("导出清单", lambda: self.pressed.append("导出"))

    def refresh(self, changes):
        self.refreshed.append(changes)

    def can_leave(self):
        return self.may_leave


@pytest.fixture
def made():
    return []


@pytest.fixture
def window(qtbot, tools, made):
    shell = MainWindow(tools, clock=lambda: NOON)
    qtbot.addWidget(shell)

    def spec(key, title, icon):
        def make():
            made.append(key)
            return Sheet(tools, title)

        return PageSpec(key, title, icon, make)

    shell.specs = [
        spec("home", "首页", "house"),
        spec("people", "成员", "users"),
        spec("boxes", "归档", "archive"),
    ]
    shell.show_archive(Folder(), shell.specs)
    shell.show()
    qtbot.waitExposed(shell)
    shell.activateWindow()
    return shell


def press(qtbot, window, key, modifiers=Qt.KeyboardModifier.NoModifier):
    qtbot.waitUntil(lambda: QApplication.activeWindow() is window)
    qtbot.keyClick(window, key, modifiers)


ALT, CTRL = Qt.KeyboardModifier.AltModifier, Qt.KeyboardModifier.ControlModifier


def test_pages_are_made_when_first_shown(window, made, qtbot):
    assert made == ["home"]
    press(qtbot, window, Qt.Key.Key_3, ALT)
    assert made == ["home", "boxes"]
    assert window.page.title.text() == "归档"
    window.show_page("home")
    window.show_page("boxes")
    assert made == ["home", "boxes"]


def test_the_cursor_is_where_the_page_wants_it(window, qtbot):
    window.show_page("people")
    qtbot.waitUntil(window.page.edit.hasFocus)


def test_a_page_with_something_wrong_is_not_left(window):
    window.page.may_leave = False
    window.show_page("people")
    assert window.page.title.text() == "首页"
    event = QCloseEvent()
    window.closeEvent(event)
    assert not event.isAccepted()


def test_changes_reach_the_page_in_front_at_once_and_the_others_later(window, qtbot):
    home = window.page
    window.show_page("people")
    people = window.page
    window.committed.emit(CHANGES)
    qtbot.waitUntil(lambda: people.refreshed == [None, CHANGES])
    assert home.refreshed == [None]
    assert window.status.saved.text() == "已保存 12:30"
    window.show_page("home")
    assert home.refreshed == [None, None]
    window.show_page("people")
    assert people.refreshed == [None, CHANGES], "it had seen everything"


def test_enter_presses_the_button_under_the_cursor(window, qtbot):
    pressed = []
    button = QPushButton("添加文件…", window.page)
    button.clicked.connect(lambda: pressed.append(1))
    button.show()
    button.setFocus()
    qtbot.keyClick(button, Qt.Key.Key_Return)
    assert pressed == [1]


def test_undo_and_redo_are_named_and_done_by_key(window, qtbot):
    undo, redo = window.menus.undo, window.menus.redo
    assert undo.text() == "撤销 “删除 3 份材料”"
    assert not redo.isEnabled()
    window.setFocus()
    press(qtbot, window, Qt.Key.Key_Z, CTRL)
    assert window.notices.lines[0].message.text == "已撤销“删除 3 份材料”。"
    window.committed.emit(CHANGES)
    qtbot.waitUntil(redo.isEnabled)
    assert undo.text() == "撤销 “新建活动”"
    press(qtbot, window, Qt.Key.Key_Y, CTRL)
    window.committed.emit(CHANGES)
    qtbot.waitUntil(lambda: undo.text() == "撤销 “删除 3 份材料”")


def test_ctrl_z_in_a_text_field_takes_back_typing_only(window, qtbot):
    edit = window.page.edit
    edit.setFocus()
    qtbot.waitUntil(edit.hasFocus)
    qtbot.keyClicks(edit, "abc")
    qtbot.keyClick(edit, Qt.Key.Key_Z, CTRL)
    assert edit.text() == ""
    assert window.menus.undo.text() == "撤销 “删除 3 份材料”"


def test_the_page_s_action_has_a_key_and_is_listed(window, qtbot):
    press(qtbot, window, Qt.Key.Key_N, CTRL)
    qtbot.waitUntil(lambda: window.page.pressed == ["新建"])
    window.setFocus()
    press(qtbot, window, Qt.Key.Key_Question)
    listed = next(w for w in QApplication.topLevelWidgets() if w.windowTitle() == "快捷键一览")
    words = {label.text() for label in listed.findChildren(QLabel)}
    assert {"Ctrl+N", "新建", "Alt+3", "归档", "F1", "本页说明"} <= words
    listed.reject()


def test_f1_explains_the_page(window, qtbot):
    press(qtbot, window, Qt.Key.Key_F1)
    box = next(w for w in QApplication.topLevelWidgets() if w.windowTitle() == "首页")
    assert box.text() == "这一页列出成员。"
    box.accept()


def test_recent_archives_and_the_window_s_state_are_remembered(window, tools, qtbot):
    window.show_page("people")
    window.resize(1300, 700)
    window.close()
    again = MainWindow(tools)
    qtbot.addWidget(again)
    assert again.height() == 700  # the test screen is too small for the width
    with qtbot.waitSignal(again.recent_wanted) as picked:
        again.menus.recent.actions()[0].trigger()
    assert Path(picked.args[0]) == Path("/档案/名师工作坊")
    again.show_archive(Folder(), window.specs)
    assert again.page.title.text() == "成员"


def test_without_an_archive_there_is_only_the_welcome(window, tools):
    window.show_welcome(Sheet(tools, "欢迎"))
    assert window.page.title.text() == "欢迎"
    assert not window.navigation.isVisible()
    assert not window.menus.close.isEnabled()
    assert not window.menus.undo.isEnabled()
    window.committed.emit(CHANGES)


def test_scope_is_there_only_with_something_to_choose(window, qtbot):
    community = window.header.community
    assert not community.isVisible()
    long = "蒲城县小学数学名师工作坊暨乡村教师成长共同体城关片区"
    community.set_choices([("a", long), ("b", "另一个")], "a")
    assert community.isVisible()
    assert community.text().strip().startswith("蒲城县小学数学名师工作坊")
    assert long in community.toolTip()
    with qtbot.waitSignal(community.picked) as picked:
        community.menu().actions()[1].trigger()
    assert picked.args == ["b"]


def test_ctrl_k_and_the_search_field_ask_for_the_search(window, qtbot):
    search = window.header.search
    assert search.isVisible()
    with qtbot.waitSignal(window.header.search_wanted):
        press(qtbot, window, Qt.Key.Key_K, CTRL)
    with qtbot.waitSignal(window.header.search_wanted):
        search.click()


def test_everything_fits_into_the_smallest_window(window):
    window.header.community.set_choices([("a", "蒲" * 30)], "a")
    window.header.year.set_choices([("a", "2025—2026学年 第一学期")], "a")
    window.resize(window.minimumSize())
    assert (window.width(), window.height()) == (1180, 680)
    assert window.minimumSizeHint().width() <= 1180
    gear = window.header.gear
    right = gear.mapTo(window, QPoint(gear.width(), 0)).x()
    assert right <= 1180


def test_empty_page_has_one_sentence_and_one_button(window, qtbot):
    page, pressed = window.page, []
    empty = page.show_empty("users", "还没有成员。", "导入…", lambda: pressed.append(1))
    empty.button.click()
    assert pressed == [1]
    assert empty.isVisible()
    page.show_content()
    assert page.edit.isVisible()
    assert not empty.isVisible()


def test_notices_leave_the_buttons_at_the_right_free(window, qtbot):
    window.resize(1366, 768)
    window.tools.messages.post(
        Message("还有 5 条签到用到人员“杨雪梅”，不能删除。" * 2, kind="error")
    )
    window.tools.messages.say("已保存。")
    qtbot.waitUntil(lambda: window.notices.width() > 300)
    page = window.page
    right = window.notices.mapTo(window, window.notices.rect().topRight()).x()
    assert right < page.mapTo(window, page.rect().center()).x()
    bottom = window.notices.mapTo(window, window.notices.rect().bottomLeft()).y()
    assert bottom == page.mapTo(window, page.rect().bottomLeft()).y()


def test_what_was_wrong_is_not_said_on_the_next_page(window, qtbot, monkeypatch):
    window.tools.messages.post(Message("没有写完。", kind="warning"))
    window.show_page("people")
    assert len(window.notices.lines) == 1  # nobody can have read it yet
    monkeypatch.setattr(messages, "_TOLD_S", 0)
    qtbot.waitUntil(lambda: window.notices.lines[0].is_read)
    window.tools.messages.say("已删除。", action_text="撤销", action=window.undo)
    window.show_page("boxes")
    assert [line.message.text for line in window.notices.lines] == ["已删除。"]
