"""The window of the draw: who takes part is seen first, the result can be taken along."""

from datetime import date

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication

from app.models import Appointment, Community, Person
from app.ui.pages.draw import DrawDialog


@pytest.fixture
def dialog(tools, services, adoption, qtbot):
    births = {"甲": "1995-03", "乙": "1996-05-01", "丙": "1970", "丁": ""}
    with services.archive.uow.write("准备") as session:
        group = Community(name="青年组", parent_id=adoption.community_id)
        session.add(group)
        for name, born_on in births.items():
            person = Person(name=name, born_on=born_on)
            session.add(person)
            session.flush()
            where = [adoption.community_id, *([group.id] if name == "甲" else [])]
            session.add_all(
                Appointment(community_id=one, person_id=person.id, role="member") for one in where
            )
    made = DrawDialog(tools, services, adoption)
    qtbot.addWidget(made)
    made.show()
    return made


def _type(dialog, qtbot, name: str, text: str) -> None:
    editor = dialog.form.rows[name].editor
    editor.setFocus()
    editor.selectAll()
    qtbot.keyClicks(editor, text)
    qtbot.keyClick(editor, Qt.Key.Key_Return)


def _names(lines, column=1) -> list[str]:
    return [lines.topLevelItem(n).text(column) for n in range(lines.topLevelItemCount())]


def test_the_terms_show_at_once_who_takes_part(dialog, qtbot) -> None:
    assert dialog.names.text() == "候选 4 人"
    _type(dialog, qtbot, "under_age", "35")
    assert _names(dialog.candidates) == ["乙", "甲"]
    assert _names(dialog.uncertain, 0) == ["丁"]
    assert dialog.tabs.tabText(1) == "出生年月不全 1"
    dialog.uncertain.topLevelItem(0).setCheckState(0, Qt.CheckState.Checked)
    assert _names(dialog.candidates) == ["丁", "乙", "甲"]
    assert "出生年月不全但列入：丁" in dialog.seed.text()


def test_drawn_by_keyboard_recorded_and_copied(dialog, qtbot, services, adoption) -> None:
    _type(dialog, qtbot, "count", "2")
    _type(dialog, qtbot, "seed", "88")
    qtbot.keyClick(
        dialog.form.rows["seed"].editor, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier
    )
    [made] = services.draws.all(adoption.id)
    assert (made.seed, len(made.drawn)) == ("88", 2)
    assert dialog.names.text() == "、".join(one.name for one in made.drawn)
    assert "种子 88，用同样的种子可以重现" in dialog.seed.text()
    assert _names(dialog.earlier, 3) == ["重算一致"]
    qtbot.mouseClick(dialog.copy_button, Qt.MouseButton.LeftButton)
    copied = QGuiApplication.clipboard().text()
    assert f"抽中：{dialog.names.text()}" in copied
    assert "SHA-256" in copied
    _type(dialog, qtbot, "count", "1")
    dialog.earlier.itemActivated.emit(dialog.earlier.topLevelItem(0), 0)
    assert dialog.made == made


def test_too_few_is_said_in_the_dialog(dialog, qtbot, services, adoption) -> None:
    _type(dialog, qtbot, "count", "9")
    qtbot.mouseClick(dialog.draw_button, Qt.MouseButton.LeftButton)
    assert "只有 4 人，不够抽 9 人" in dialog.seed.text()
    assert services.draws.all(adoption.id) == []


def test_one_group_and_another_day(dialog, qtbot) -> None:
    whom = dialog.form.rows["whom"].editor
    whom.setCurrentIndex(whom.findText("小组：青年组"))
    whom.activated.emit(whom.currentIndex())
    assert _names(dialog.candidates) == ["甲"]
    _type(dialog, qtbot, "on", "2026-3-9")
    assert dialog._terms.on == date(2026, 3, 9)
    again = dialog.form.rows["again"].editor
    again.setCurrentIndex(again.findText("不再抽"))
    again.activated.emit(again.currentIndex())
    qtbot.mouseClick(dialog.draw_button, Qt.MouseButton.LeftButton)
    dialog._show_pool()
    assert _names(dialog.candidates) == []
    assert _names(dialog.before, 0) == ["甲"]
