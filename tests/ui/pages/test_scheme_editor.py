"""A thirty-first scheme is made by keyboard, never touching a file."""

from functools import partial

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QComboBox

from app.services.schemes import draft as d
from app.services.schemes.catalogue import preset
from app.services.schemes.loader import load
from app.ui.pages.scheme_editor import SchemeEditor

Key = Qt.Key


class Clerk:
    """Somebody with a keyboard only: what she types goes to where the cursor is."""

    def __init__(self, editor, qtbot, write):
        self.editor, self.qtbot, self.write = editor, qtbot, write

    @property
    def here(self):
        return self.editor.focusWidget()

    def key(self, key, modifier=Qt.KeyboardModifier.NoModifier):
        self.qtbot.keyClick(self.here, key, modifier)
        self.settle()

    def settle(self):
        """Whatever the key set off has been done: it was posted before what is posted here."""
        for _round in range(2):
            done = []
            QTimer.singleShot(0, partial(done.append, True))
            self.qtbot.waitUntil(partial(len, done))

    def type(self, text):
        """Chinese by input method, the rest by keys; Enter at the end."""
        if text.isascii():
            for letter in text:
                self.qtbot.keyClicks(self.here, letter)
        else:
            self.write(self.here, text)
        self.key(Key.Key_Return)

    def section(self, label):
        """F6 till the tree has the cursor, then down to the section."""
        while self.here is not self.editor.tree:
            self.key(Key.Key_F6)
        self.key(Key.Key_Home)
        for _step in range(40):
            if self.editor.tree.currentItem().text(0).strip() == label:
                return
            self.key(Key.Key_Down)
        pytest.fail(f"no section {label}")

    def to_table(self):
        self.key(Key.Key_F6)
        assert self.here is self.editor.view.table.grid

    def tab_to(self, name):
        for _step in range(60):
            if self.here.accessibleName() == name:
                return
            self.key(Key.Key_Tab)
        pytest.fail(f"no field {name}")

    def pick(self, words):
        """Choose in the pick-list under the cursor."""
        combo = self.here
        assert isinstance(combo, QComboBox)
        self.key(Key.Key_Home)
        for _step in range(20):
            if combo.currentText() == words:
                return
            self.key(Key.Key_Down)
        pytest.fail(f"no choice {words}")

    def tick(self, *words):
        """Open the list under the cursor, tick, close."""
        many = self.here
        self.key(Key.Key_Space)
        for row in range(many.list.count()):
            many.list.setCurrentRow(row)
            if many.list.item(row).text() in words:
                self.qtbot.keyClick(many.list, Key.Key_Space)
        self.qtbot.keyClick(many.list, Key.Key_Return)


@pytest.fixture
def make(tools, qtbot):
    def opened(draft):
        editor = SchemeEditor(tools, draft, "应用到本学年…")
        qtbot.addWidget(editor)
        editor.show()
        qtbot.waitExposed(editor)
        return editor

    return opened


@pytest.fixture
def blank(make, qtbot, write):
    editor = make(d.blank())
    return Clerk(editor, qtbot, write)


def _result(clerk):
    clerk.editor.state.check()
    assert [f"{one.where}：{one.text}" for one in clerk.editor.state.troubles] == []
    return load(d.write(clerk.editor.state.draft))


def test_a_scheme_is_made_by_keyboard_alone(blank):
    clerk = blank
    clerk.key(Key.Key_F6)
    clerk.tab_to("方案名称")
    clerk.here.selectAll()
    clerk.type("平川区教研组考核")

    clerk.section("活动与材料")
    clerk.to_table()
    clerk.type("公开课")
    clerk.key(Key.Key_Up)
    clerk.key(Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    clerk.tab_to("材料")
    for name, count in (("签到表", "1"), ("教学设计", "1"), ("活动照片", "2")):
        clerk.type(name)
        clerk.here.setCurrentCell(clerk.here.currentRow(), 1)
        clerk.type(count)

    clerk.section("任务指标")
    clerk.to_table()
    clerk.type("听课")
    clerk.key(Key.Key_Up)
    clerk.key(Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    clerk.tab_to("设定谁")
    clerk.key(Key.Key_Space)
    clerk.tab_to("对谁")
    clerk.pick("个人")
    clerk.tab_to("数什么")
    clerk.pick("听课记录")
    clerk.tab_to("算在谁头上")
    clerk.pick("听课人")
    clerk.tab_to("不少于几个")
    clerk.type("10")
    clerk.tab_to("每多久")
    clerk.pick("每学期")

    clerk.section("考核表")
    clerk.to_table()
    for name, points in (("组织管理", "20"), ("教学研究", "50"), ("成果", "30")):
        clerk.type(name)
        clerk.type(points)
    clerk.here.setCurrentCell(1, 1)
    clerk.key(Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    clerk.tab_to("考核项")
    for name, points in (("公开课", "30"), ("听课", "20")):
        clerk.type(name)
        clerk.type(points)

    scheme = _result(clerk)
    assert scheme.scheme.name == "平川区教研组考核"
    assert scheme.scheme.id == "平川区教研组考核"
    assert [(s.name, s.count) for s in scheme.activity[0].slots] == [
        ("签到表", 1), ("教学设计", 1), ("活动照片", 2)]  # fmt: skip
    quota = scheme.quota[0]
    assert (quota.min, quota.of, quota.per, quota.counts_for) == (
        10, "observation", "term", "observer")  # fmt: skip
    assert quota.who.subject == "person"
    assert [(g.no, g.name, g.points) for g in scheme.table] == [
        ("1", "组织管理", 20), ("2", "教学研究", 50), ("3", "成果", 30)]  # fmt: skip
    assert [(i.no, i.name, i.points) for i in scheme.table[1].items] == [
        ("2.1", "公开课", 30), ("2.2", "听课", 20)]  # fmt: skip
