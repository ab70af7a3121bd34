"""A thirty-first scheme is made by keyboard, never touching a file."""

import shutil
from functools import partial

import openpyxl
import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QComboBox, QLineEdit

from app.services.schemes import draft as d
from app.services.schemes.catalogue import preset
from app.services.schemes.loader import load
from app.ui.app import Program
from app.ui.desk import Desk
from app.ui.main_window import MainWindow
from app.ui.pages.scheme_editor import SchemeEditor
from app.ui.pages.scheme_editor_borrow import BorrowDialog
from app.ui.pages.scheme_editor_import import TableImportDialog
from app.ui.pages.scheme_editor_pick import SchemePicker
from app.ui.pages.settings import SettingsPage

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
            QTimer.singleShot(0, partial(done.append, 1))
            self.qtbot.waitUntil(partial(len, done))
        self.qtbot.waitUntil(lambda: not self.editor.view.drawing)

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
        assert isinstance(self.here, QComboBox)
        self.key(Key.Key_Home)
        for _step in range(20):
            if self.here.currentText() == words:
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
    clerk.tab_to("数什么")
    clerk.pick("听课记录")
    clerk.tab_to("不少于")
    clerk.type("10")
    clerk.tab_to("每多久")
    clerk.pick("每学期")
    clerk.tab_to("对谁")
    clerk.pick("个人")
    clerk.tab_to("算在谁头上")
    clerk.pick("听课人")

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


@pytest.fixture
def workshop(make, qtbot, write):
    return Clerk(make(d.from_text(preset("pucheng-workshop").text)), qtbot, write)


def test_an_error_is_told_in_words_and_leads_to_its_field(workshop):
    editor = workshop.editor
    workshop.section("考核表")
    workshop.to_table()
    workshop.here.setCurrentCell(1, 2)
    workshop.type("26")
    workshop.key(Key.Key_F8)
    assert editor.verdict.text() == "有 1 处要改"
    assert editor.errors.item(0).text() == (
        "考核表 › 第 2 组“2 示范引领” › 分值：本组 26 分，各项合计 25 分，请改成相等"
    )
    assert workshop.here.accessibleName() == "分值"
    workshop.here.selectAll()
    workshop.type("25")
    workshop.key(Key.Key_F8)
    assert editor.verdict.text() == "没有错误"


def test_a_field_says_under_itself_what_is_wrong(workshop):
    editor = workshop.editor
    editor.go(("window", 0))
    editor.view.form.focus(("window", 0, "accepts", "to"))
    workshop.here.selectAll()
    workshop.type("放假前")
    row = editor.view.form.editors[("window", 0, "accepts", "to")]
    assert "不是日子" in row.note.text()
    assert editor.state.editing.get(("window", 0, "accepts", "to")) == "06-30"


def test_deleting_says_where_it_is_used_and_undo_brings_it_back(workshop):
    editor = workshop.editor
    before = d.write(editor.state.draft)
    editor.go(("activity", 0))
    editor.go(("community",), focus=("community", "roles"))
    workshop.here.setCurrentCell(3, 0)
    workshop.key(Key.Key_Delete)
    assert "它还用在：" in editor.words.text()
    assert "材料所有人的角色" in editor.words.text() or "谁交" in editor.words.text()
    workshop.key(Key.Key_F8)
    assert editor.errors.count()
    workshop.key(Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert d.write(editor.state.draft) == before
    assert editor.errors.count() == 0


def test_in_a_field_keys_undo_what_is_typed_first_then_the_last_step(workshop):
    editor = workshop.editor
    place = ("scheme", "source")
    editor.view.form.focus(place)
    before = workshop.here.text()
    workshop.here.selectAll()
    workshop.write(workshop.here, "县教研室〔2026〕3号")
    workshop.key(Key.Key_Escape)
    assert workshop.here.text() == before
    workshop.here.selectAll()
    workshop.type("县教研室〔2026〕3号")
    assert editor.state.editing.get(place) == "县教研室〔2026〕3号"
    workshop.key(Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert editor.state.editing.get(place) == before
    assert editor.view.form.editors[place].editor.text() == before
    workshop.key(Key.Key_Y, Qt.KeyboardModifier.ControlModifier)
    assert editor.state.editing.get(place) == "县教研室〔2026〕3号"


@pytest.mark.parametrize("code", ["S01", "S22", "S26"])
def test_looking_at_a_scheme_changes_nothing(make, code):
    draft = d.from_text(preset(code).text)
    before = d.write(draft)
    editor = make(draft)
    for place, _info, _part in list(d.parts_of(editor.state.draft)):
        if place and (isinstance(place[-1], int) or len(place) == 1) and place[1:2] in ((), (0,)):
            editor.go(place)
            for one in editor.view.form.editors.values():
                if isinstance(one.editor, QLineEdit):
                    one.editor.setModified(True)
                    one.commit()
    written = d.write(editor.state.draft)
    assert load(written) == load(before)


def test_words_may_hold_commas(make):
    editor = make(d.blank())
    editor.state.set(("community", "stages"), ["组长、副组长", "成员"])
    editor.go(("community",))
    line = editor.view.form.editors[("community", "stages")]
    assert line.editor.text() == "组长、副组长；成员"
    line.editor.setModified(True)
    line.commit()
    assert editor.state.editing.get(("community", "stages")) == ["组长、副组长", "成员"]


def test_an_example_is_confirmed(workshop):
    editor = workshop.editor
    editor.go(("slot", 0))
    workshop.key(Key.Key_F6)
    editor.view.form.others[("slot", 0, "placeholder")].setFocus()
    workshop.key(Key.Key_Space)
    assert "placeholder" not in editor.state.editing.get(("slot", 0))


def test_rows_are_pasted_from_a_spreadsheet(blank, qapp):
    editor = blank.editor
    blank.section("考核表")
    blank.to_table()
    qapp.clipboard().setText("组织\t20\n教研\t50\n成果\t30\n")
    blank.key(Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    groups = editor.state.editing.entries(("table",))
    assert [(g["no"], g["name"], g["points"]) for g in groups] == [
        ("1", "组织", 20), ("2", "教研", 50), ("3", "成果", 30)]  # fmt: skip
    blank.key(Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert editor.state.editing.entries(("table",)) == []


def test_entries_are_taken_from_another_scheme(blank, qtbot):
    editor = blank.editor
    blank.section("定期材料")
    editor.view.borrow_button.click()
    dialog = editor.findChild(BorrowDialog)
    dialog.search.setText("S01")
    assert not dialog.take_button.isEnabled()
    dialog.entries.setCurrentRow(0)
    qtbot.keyClick(dialog.entries, Key.Key_Space)
    dialog.take_button.click()
    assert [one["name"] for one in editor.state.editing.entries(("slot",))] == ["年度工作计划"]
    editor.check()
    assert "没有名为“head”的参与人" in editor.errors.item(0).text()
    editor.undo()
    assert editor.state.editing.entries(("slot",)) == []


def test_entries_are_moved_and_copied_by_keys(workshop):
    editor = workshop.editor
    workshop.section("考核表")
    workshop.to_table()
    workshop.key(Key.Key_Down, Qt.KeyboardModifier.AltModifier)
    names = [g["name"] for g in editor.state.editing.entries(("table",))]
    assert names[:2] == ["示范引领", "组织管理"]
    assert editor.view.place == ("table", 1)
    workshop.key(Key.Key_D, Qt.KeyboardModifier.ControlModifier)
    names = [g["name"] for g in editor.state.editing.entries(("table",))]
    assert names[2] == "组织管理（副本）"


def test_an_item_is_opened_and_its_scoring_set(workshop):
    editor = workshop.editor
    editor.go(("table", 0), focus=("table", 0, "items"))
    workshop.key(Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert editor.view.place == ("table", 0, "items", 0)
    workshop.tab_to("怎样得分")
    workshop.pick("有材料即得")
    workshop.tab_to("要哪些材料")
    workshop.tick("学校证明")
    slots = editor.state.editing.get(("table", 0, "items", 0, "score", "slots"))
    assert slots == ["plan", "summary", "proof"]
    workshop.key(Key.Key_Left, Qt.KeyboardModifier.AltModifier)
    assert editor.view.place == ("table", 0)


def test_a_way_of_writing_is_changed(workshop):
    editor = workshop.editor
    editor.go(("slot", 1), focus=("slot", 1, "due", ""))
    place = ("slot", 1, "due")
    editor.view.form.focus((*place, "on"))
    assert editor.state.editing.get(place) == {"on": ["06-30"]}
    workshop.key(Key.Key_Tab, Qt.KeyboardModifier.ShiftModifier)
    workshop.pick("之后几天内")
    assert editor.state.editing.get(place) == {}
    workshop.tab_to("从什么时候算起")
    workshop.pick("学期结束")
    workshop.tab_to("天数")
    workshop.type("7")
    assert editor.state.editing.get(place) == {"after": "term-end", "days": 7}


def test_the_scheme_is_saved_as_a_file(workshop, tmp_path):
    workshop.editor.save_as(tmp_path / "方案.toml")
    assert load(tmp_path / "方案.toml") == preset("pucheng-workshop").scheme
    workshop.editor.save_as(tmp_path / "没有" / "方案.toml")
    assert "不存在" in workshop.editor.words.text()


def test_a_table_is_imported_from_a_spreadsheet(workshop, tools, tmp_path, qtbot):
    book = openpyxl.Workbook()
    for row in (["一级指标", "二级指标", "分值", "评分标准"], ["组织", "计划", 5, "有计划"],
                [None, "总结", "5分", "有总结"], ["合计", None, 10, None]):  # fmt: skip
        book.active.append(row)
    book.active.merge_cells("A2:A3")
    book.save(tmp_path / "考核表.xlsx")
    dialog = TableImportDialog(tools, workshop.editor)
    dialog.open()
    dialog.open_file(tmp_path / "考核表.xlsx")
    assert dialog.note.text() == "读出 1 组、2 个考核项。"
    told = [dialog.preview.topLevelItem(n).text(4) for n in range(3)]
    assert told == ["考核项", "考核项", "合计行，不算考核项"]
    dialog.take()
    table = workshop.editor.state.editing.entries(("table",))
    assert [[item["name"] for item in group["items"]] for group in table] == [["计划", "总结"]]
    workshop.key(Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert len(workshop.editor.state.editing.entries(("table",))) == 5


# -- 设置 › 方案 --------------------------------------------------------------------------------


@pytest.fixture
def section(tools, services, adoption, qtbot):
    page = SettingsPage(tools, services, adoption)
    qtbot.addWidget(page)
    page.refresh(None)
    page.show()
    page.show_view("schemes")
    page.schemes.page = page  # whoever holds the section holds the page
    return page.schemes


def test_the_schemes_in_force_are_listed(section):
    item = section.list.topLevelItem(0)
    assert [item.text(n) for n in (0, 1, 2)] == [
        "蒲城县小学数学名师工作坊", "2025—2026学年", "第 1 版"]  # fmt: skip


def test_a_change_shows_its_effect_and_becomes_a_version(section, services, adoption):
    section.change()
    editor = section.editor
    editor.state.set(("table", 0, "name"), "组织与管理")
    editor.state.editing.delete(("table", 4, "items", 2))
    editor.state.set(("table", 4, "points"), 10)
    editor.apply_button.click()
    dialog = section.dialog
    told = [
        dialog.effects.topLevelItem(n).text(1) for n in range(dialog.effects.topLevelItemCount())
    ]
    assert "取消 5.3 资源与宣传报道" in told
    assert dialog.changes.topLevelItemCount() == 3
    dialog.reason.setText("县里下发新表")
    dialog.apply_button.click()
    scheme = services.adoptions.scheme(adoption.id)
    assert scheme.table[0].name == "组织与管理"
    assert services.drafts.all("scheme") == []
    now, before = services.adopting.versions(adoption.id)
    assert (now.version, now.changed_for, before.version) == (2, "县里下发新表", 1)
    section.show_versions()
    section.dialog.restore_button.click()
    assert section.dialog.reason.text() == "恢复第 1 版"
    section.dialog.apply_button.click()
    assert services.adoptions.scheme(adoption.id).table[0].name == "组织管理"


def test_only_an_answer_is_changed(section, services, adoption):
    text = services.adopting.versions(adoption.id)[0].text
    section.change()
    section.editor.apply_button.click()
    dialog = section.dialog
    dialog.apply_button.click()
    assert dialog.note.text() == "方案没有改动，不用应用。"
    dialog.form.update_values({"ask-contest-year": "2025"})
    dialog.apply_button.click()
    assert services.adoptions.answers(adoption.id) == {"contest-year": "2025"}
    assert services.adopting.versions(adoption.id)[0].text == text


def test_a_scheme_with_errors_is_not_applied(section):
    section.change()
    editor = section.editor
    editor.state.set(("table", 0, "points"), 99)
    editor.apply_button.click()
    assert section.dialog is None
    assert "请先改好" in editor.words.text()


@pytest.fixture
def desk(tools, qtbot, qapp, context, fresh_archive, tmp_path):
    folder = tmp_path / "我的档案库"
    shutil.copytree(fresh_archive, folder)
    window = MainWindow(tools)
    qtbot.addWidget(window)
    made = Desk(Program(qapp, tools, window), context)
    window.show()
    made.open_folder(folder)
    yield made
    made.close()


def test_in_the_window_a_change_is_followed_and_undone(desk, qtbot):
    window = desk.parent()
    window.show_page("settings")
    window.page.show_view("schemes")
    before = window.page
    section = before.schemes
    section.change()
    section.editor.state.set(("table", 0, "name"), "组织与管理")
    section.editor.apply_button.click()
    section.dialog.apply_button.click()
    qtbot.waitUntil(lambda: window.page is not before)  # the pages are put up anew
    schemes = window.page.schemes
    assert schemes.isVisible()
    assert schemes.list.topLevelItem(0).text(2) == "第 2 版"
    assert not schemes.draft_line.isVisible()
    window.menus.undo.trigger()
    qtbot.waitUntil(lambda: window.page.schemes.list.topLevelItem(0).text(2) == "第 1 版")
    now = desk.services.adoptions.current()
    assert desk.services.adoptions.scheme(now.id).table[0].name == "组织管理"


def test_a_scheme_made_in_the_editor_is_adopted_in_the_window(desk, qtbot):
    window = desk.parent()
    window.show_page("settings")
    window.page.show_view("schemes")
    section = window.page.schemes
    section.begin()
    section.dialog.edit_button.click()
    editor = section.editor
    editor.state.set(("scheme", "name"), "平川区考核")
    editor.state.editing.add(("table",), {"name": "组织", "points": 5})
    editor.state.editing.add(("table", 0, "items"), {"name": "计划", "points": 5})
    editor.apply_button.click()
    section.dialog.adopt_button.click()
    qtbot.waitUntil(lambda: desk.services.adoptions.current().year == 2026)
    qtbot.waitUntil(lambda: "2026" in window.header.year.text())
    adopted = desk.services.adoptions.current()
    assert [item.label for item in desk.services.adoptions.items(adopted.id)] == [
        "1 组织", "1.1 计划"]  # fmt: skip
    assert desk.services.drafts.all("scheme") == []


def test_unfinished_work_is_kept_and_gone_on_with(section, services, qtbot):
    section.begin()
    section.dialog.edit_button.click()
    section.editor.state.set(("scheme", "name"), "平川区方案")
    qtbot.waitUntil(lambda: bool(services.drafts.all("scheme")))
    section.editor.close()
    assert section.editor is None
    assert "平川区方案" in section.draft_words.text()
    section.go_on_button.click()
    assert section.editor.state.editing.get(("scheme", "name")) == "平川区方案"
    section.editor.close()
    section.give_up_button.click()
    assert services.drafts.all("scheme") == []


def test_a_preset_is_found_and_adopted_for_the_next_year(section, services, adoption):
    section.pick()
    picker = section.dialog
    picker.search.setText("s05")
    assert picker.heading.text() == preset("S05").scheme.scheme.name
    picker.search.setText("pcx")
    assert "蒲城县" in picker.heading.text()
    picker.adopt_button.click()
    dialog = section.dialog
    assert dialog.form.values()["year"] == "2026"
    assert dialog.form.values()["ask-contest-year"] in (None, "")
    dialog.form.update_values({"ask-contest-year": 2026})
    dialog.adopt_button.click()
    years = {one.year: one for one in services.adoptions.all()}
    assert set(years) == {2025, 2026}
    assert services.adoptions.answers(years[2026].id) == {"contest-year": "2026"}


def test_a_year_has_one_scheme_only(section):
    section.pick()
    section.dialog.adopt_button.click()
    dialog = section.dialog
    dialog.form.update_values({"year": "2025"})
    dialog.adopt()
    assert "已经采用了方案" in dialog.note.text()


def test_a_file_with_errors_can_be_mended(tools, qtbot, tmp_path):
    path = tmp_path / "县里的.toml"
    path.write_text(preset("pucheng-workshop").text.replace("points = 25", "points = 24"), "utf-8")
    picker = SchemePicker(tools)
    qtbot.addWidget(picker)
    picker.open_file(path)
    assert not picker.adopt_button.isEnabled()
    assert picker.edit_button.isEnabled()
    path.write_text("这不是方案", "utf-8")
    picker.open_file(path)
    assert "读不出来" in picker.note.text()
