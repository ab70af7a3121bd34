"""The trash: what was deleted is listed, found, and brought back with its parts."""

import pytest
from PySide6.QtWidgets import QTreeWidget

from app.services.entry.listing import Query
from app.ui.pages.trash import TrashDialog


@pytest.fixture
def said(tools):
    posted = []
    tools.messages.posted.connect(posted.append)
    tools.messages.bar_ready()
    return posted


@pytest.fixture
def deleted(services, adoption) -> None:
    entries = services.entries
    made = [entries.create("person", {"name": name}, adoption.id) for name in ("王芳", "李雷")]
    entries.create("honour", {"name": "教学能手"}, adoption.id, parent_id=made[0])
    entries.delete("person", made[:1])
    entries.delete("person", made[1:])


@pytest.fixture
def dialog(tools, services, qtbot, request) -> TrashDialog:
    made = TrashDialog(tools, services)
    qtbot.addWidget(made)
    return made


def _titles(lines: QTreeWidget) -> list[str]:
    return [lines.topLevelItem(n).text(3) for n in range(lines.topLevelItemCount())]


def test_an_empty_trash_says_so(dialog) -> None:
    assert dialog.stack.currentWidget() is dialog.empty
    assert not dialog.restore_button.isEnabled()


def test_what_was_deleted_is_listed_newest_first(deleted, dialog) -> None:
    assert _titles(dialog.lines) == ["李雷", "王芳"]
    line = dialog.lines.topLevelItem(1)
    assert (line.text(1), line.text(2)) == ("王芳", "人员")
    assert line.text(4) == "2 项内容"  # the honour and the appointment that came with the person


def test_one_is_found_and_restored_with_its_parts(
    deleted, dialog, services, adoption, said, qtbot
) -> None:
    dialog.words.setText("王")
    qtbot.waitUntil(lambda: _titles(dialog.lines) == ["王芳"])
    dialog.restore_button.click()
    assert said[-1].text == "已恢复“王芳”。"
    person = services.entries.ids(Query("person", adoption.id))
    assert len(person) == 1
    assert services.entries.count(Query("honour", adoption.id, parent_id=person[0])) == 1
    assert dialog.stack.currentWidget() is dialog.nothing
    dialog.words.clear()
    qtbot.waitUntil(lambda: _titles(dialog.lines) == ["李雷"])


def test_many_come_back_as_one_step(deleted, dialog, services, adoption) -> None:
    dialog.lines.selectAll()
    assert dialog.restore_button.text() == "恢复 2 条"
    dialog.restore()
    assert services.entries.count(Query("person", adoption.id)) == 2
    assert services.history.undo_label() == "恢复 2 条记录"
    assert dialog.stack.currentWidget() is dialog.empty
