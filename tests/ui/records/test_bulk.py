"""Batch changes: seen first, done as one step, conflicts left out and told."""

import pytest

from app.services.entry.bulk import Edit
from app.services.entry.listing import Query
from app.ui.records.bulk import EMPTY, SET, BulkEditDialog
from app.ui.records.preview import BulkPreviewDialog


@pytest.fixture
def open_dialog(panel, qtbot):
    def open_it() -> BulkEditDialog:
        panel.acting.change_many()
        return panel.findChild(BulkEditDialog)

    return open_it


def _set(dialog, name: str, text: str) -> None:
    dialog.fields[name].what.setCurrentIndex(SET)
    dialog.fields[name].row.set_value(text)
    dialog.look()


def _lines(table) -> list[tuple[str, ...]]:
    items = [table.lines.topLevelItem(n) for n in range(table.lines.topLevelItemCount())]
    return [tuple(item.text(column) for column in range(5)) for item in items]


def test_nothing_is_changed_unless_it_is_chosen(open_dialog) -> None:
    dialog = open_dialog()
    assert {field.what.currentText() for field in dialog.fields.values()} == {"不改"}
    assert dialog.values() == {}
    assert not dialog.apply_button.isEnabled()


def test_conflicts_are_told_and_left_out(open_dialog, panel, services, adoption, people, said):
    panel.table.selectAll()
    dialog = open_dialog()
    assert dialog.selected.text() == "选中的 3 个人员"
    _set(dialog, "title", "一级教师")
    _set(dialog, "joined_on", "1989.8")
    assert dialog.preview.summary.text() == "2 条将修改，1 条有问题，不会改动。"
    assert _lines(dialog.preview)[0][0] == "李雷"
    assert "参加工作早于出生" in _lines(dialog.preview)[0][4]
    assert ("王芳", "参加工作", "", "1989-08", "") in _lines(dialog.preview)
    dialog.preview.only_problems.setChecked(True)
    assert len(_lines(dialog.preview)) == 1
    assert dialog.apply_button.text() == "修改 2 条"
    dialog.apply()
    assert said[-1].text == "已修改 2 条，1 条有问题没有改。"
    titles = {
        name: services.entries.get("person", people[name], adoption.id).texts["title"]
        for name in people
    }
    assert titles == {"王芳": "一级教师", "李雷": "二级教师", "赵敏": "一级教师"}
    assert services.history.undo_label() == "批量修改人员的职称、参加工作"
    said[-1].action()
    assert services.entries.get("person", people["赵敏"], adoption.id).texts["title"] == ""


def test_all_that_the_list_shows_can_be_meant(open_dialog, panel, services, adoption, people):
    panel.show_view("no_title")
    panel.table.clearSelection()
    dialog = open_dialog()
    assert not dialog.selected.isEnabled()
    assert dialog.found.text() == "列表里现在的全部 1 个人员"
    _set(dialog, "grade", "三年级")
    dialog.apply()
    grades = [services.entries.get("person", people[n], adoption.id).texts["grade"] for n in people]
    assert grades == ["", "", "三年级"]


def test_a_field_can_be_emptied(open_dialog, panel, services, adoption, people) -> None:
    panel.table.selectAll()
    dialog = open_dialog()
    assert dialog.fields["name"].what.count() == 2, "what is required cannot be emptied"
    dialog.fields["title"].what.setCurrentIndex(EMPTY)
    dialog.look()
    assert dialog.preview.summary.text() == "2 条将修改，1 条不变。"
    dialog.apply()
    assert services.entries.count(Query("person", adoption.id, view="no_title")) == 3


def test_a_school_is_picked_by_its_short_name(open_dialog, panel, services, adoption, people):
    panel.table.selectAll()
    dialog = open_dialog()
    _set(dialog, "school_id", "兴小")
    assert dialog.preview.summary.text() == "1 条将修改，2 条不变。"
    assert ("赵敏", "单位", "", "兴镇中心小学", "") in _lines(dialog.preview)


def test_a_preview_can_be_shown_by_itself(tools, services, adoption, people, qtbot) -> None:
    edits = [
        Edit("", {"name": "周杰"}),
        Edit(people["王芳"], {"title": "高级教师"}),
        Edit(people["李雷"], {"born_on": "1990.13"}),
    ]
    preview = services.entries.preview("person", edits, adoption.id)
    dialog = BulkPreviewDialog(tools, preview)
    qtbot.addWidget(dialog)
    assert dialog.table.summary.text() == "1 条将新增，1 条将修改，1 条有问题，不会改动。"
    assert dialog.apply_button.text() == "确定（2 条）"
    with qtbot.waitSignal(dialog.accepted):
        dialog.apply_button.click()
