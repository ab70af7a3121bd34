"""本单位的表格 in the window: a file becomes a template, is managed, and can be taken back."""

from __future__ import annotations

from typing import TYPE_CHECKING

import docx
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QPushButton

from app.services.documents import libreoffice
from app.ui.pages.settings import SettingsPage
from app.ui.pages.templates_adding import TemplateDialog
from app.ui.pages.templates_list import NameDialog, StartDialog, TemplatesSection, open_templates
from app.ui.pages.templates_spots import NOTHING
from tests.services.forms.conftest import told_archive, year
from tests.services.templates.office import form, word

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["told_archive", "year"]


@pytest.fixture(autouse=True)
def _drawn_by_ourselves(monkeypatch, tmp_path):
    """Without LibreOffice, whose start takes seconds."""
    monkeypatch.setenv(libreoffice.OVERRIDE, str(tmp_path / "none"))


@pytest.fixture
def section(qtbot, tools, year):
    made = TemplatesSection(tools, year, year.adoptions.current())
    qtbot.addWidget(made)
    made.resize(1000, 600)
    made.show()
    made.refresh()
    return made


def opened(section: TemplatesSection, path: Path) -> TemplateDialog:
    section.add()
    assert isinstance(section.dialog, TemplateDialog)
    section.dialog.open_file(path)
    return section.dialog


def notes(dialog: TemplateDialog) -> list[str]:
    return [dialog.table.item(row, 3).text() for row in range(dialog.table.rowCount())]


def names(section: TemplatesSection) -> list[str]:
    return [section.list.topLevelItem(n).text(0) for n in range(section.list.topLevelItemCount())]


def test_a_blank_form_becomes_a_template_without_leaving_the_window(qtbot, section, year, tmp_path):
    dialog = opened(section, form("listening", tmp_path))
    assert dialog.subject.currentText() == "听课记录"
    assert dialog.keep_button.isEnabled()
    assert dialog.words.text().startswith("10 处会填写")
    assert dialog.preview.pages or dialog.preview.canvas is not None
    assert dialog.name.text() == "listening"
    dialog.name.setText("县教研室听课记录表")
    dialog.form.setCurrentIndex(dialog.form.findText("听课记录表"))
    qtbot.keyClick(dialog.keep_button, Qt.Key.Key_Space)
    (view,) = year.templates.all()
    assert (view.name, view.form_name, view.subject) == (
        "县教研室听课记录表",
        "听课记录表",
        "observation",
    )
    assert names(section) == ["县教研室听课记录表"]
    assert year.templates.examined(view.id).ready


def test_a_field_is_chosen_by_hand_and_by_typing(qtbot, section, year, tmp_path, write):
    dialog = opened(section, word(tmp_path / "表.docx", [["晴雨", ""], ["课题", ""]]))
    dialog.subject.setCurrentIndex(dialog.subject.findData("observation"))
    dialog.subject.activated.emit(dialog.subject.currentIndex())
    assert notes(dialog) == ["留空，打印后手写", "与字段同名"]
    box = dialog.table.cellWidget(0, 2)
    assert box.currentText() == NOTHING
    box.lineEdit().selectAll()
    write(box.lineEdit(), "天气")
    qtbot.keyClick(box.lineEdit(), Qt.Key.Key_Return)
    assert "没有“天气”" in notes(dialog)[0]
    assert not dialog.keep_button.isEnabled()
    assert "1 处字段不认得" in dialog.words.text()
    box.lineEdit().selectAll()
    write(box.lineEdit(), "听课人")
    qtbot.keyClick(box.lineEdit(), Qt.Key.Key_Return)
    assert dialog.keep_button.isEnabled()
    dialog.table.choose(1, NOTHING)
    qtbot.mouseClick(dialog.keep_button, Qt.MouseButton.LeftButton)
    (view,) = year.templates.all()
    assert [one.label for one in year.templates.examined(view.id).spots] == ["{{听课人}}"]


def test_unknown_fields_come_with_the_nearest_and_are_put_right(section, year, tmp_path):
    dialog = opened(section, word(tmp_path / "表.docx", "{{授课老师}}讲{{课题}}，{{听课人}}听"))
    assert [dialog.table.item(row, 1).text() for row in range(3)] == [
        "{{授课老师}}", "{{课题}}", "{{听课人}}",
    ]  # fmt: skip
    assert notes(dialog)[1:] == ["已有的字段"] * 2
    assert dialog.table.cellWidget(0, 2).currentText() == "授课教师"
    dialog.keep_button.click()
    (view,) = year.templates.all()
    assert year.templates.examined(view.id).spots[0].label == "{{授课教师}}"


def test_what_is_wrong_is_said_with_its_place_and_not_kept(section, year, tmp_path):
    dialog = opened(section, word(tmp_path / "表.docx", "{{课题}}", "{% if 课题 %}"))
    assert dialog.table.item(0, 0).text() == "第2段"
    assert "1 处写法不对" in dialog.words.text()
    assert not dialog.keep_button.isEnabled()
    dialog.open_file(tmp_path / "没有.docx")
    assert "找不到文件" in dialog.words.text()
    (tmp_path / "旧.doc").write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600))
    dialog.open_file(tmp_path / "旧.doc")
    assert "另存为 .docx" in dialog.words.text()
    dialog.reject()
    assert year.templates.all() == ()


def test_a_name_that_is_taken_is_said_in_the_window(section, year, tmp_path):
    year.templates.add(word(tmp_path / "一.docx", "{{课题}}"), "一", "observation")
    dialog = opened(section, tmp_path / "一.docx")
    dialog.keep_button.click()
    assert "已经有一个叫“一”的表格" in dialog.words.text()
    assert len(year.templates.all()) == 1


def test_the_list_is_managed_by_keys(qtbot, section, year, tmp_path, monkeypatch):
    for name in ("甲", "乙"):
        year.templates.add(word(tmp_path / f"{name}.docx", "{{课题}}"), name, "observation")
    section.refresh()
    assert names(section) == ["乙", "甲"]
    section.list.setFocus()
    qtbot.keyClick(section.list, Qt.Key.Key_F2)
    assert isinstance(section.dialog, NameDialog)
    section.dialog.name.setText("丙")
    section.dialog.accept()
    assert names(section) == ["丙", "甲"]
    qtbot.keyClick(section.list, Qt.Key.Key_Delete)
    assert names(section) == ["甲"]
    year.history.undo()
    section.refresh()
    assert names(section) == ["丙", "甲"]
    target = tmp_path / "拷贝"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(target), ""))
    section.copy_button.click()
    assert docx.Document(str(tmp_path / "拷贝.docx")).paragraphs[0].text == "{{课题}}"
    section.replace_button.click()
    dialog = section.dialog
    dialog.open_file(word(tmp_path / "新.docx", "新 {{听课人}}"))
    dialog.keep_button.click()
    chosen = section.list.currentItem().text(0)
    assert year.templates.examined(chosen).spots[0].label == "{{听课人}}"


def test_a_built_in_form_is_given_out_to_start_from(qtbot, section, tmp_path, monkeypatch):
    monkeypatch.setattr(
        QFileDialog, "getSaveFileName", lambda *_: (str(tmp_path / "模板.docx"), "")
    )
    section.start_button.click()
    assert isinstance(section.dialog, StartDialog)
    (row,) = section.dialog.list.findItems("听课记录表", Qt.MatchFlag.MatchExactly)
    section.dialog.list.setCurrentItem(row)
    section.dialog.accept()
    dialog = opened(section, tmp_path / "模板.docx")
    assert dialog.subject.currentText() == "听课记录"
    assert dialog.keep_button.isEnabled()


def test_an_empty_list_says_what_to_do_and_the_tab_shows_it(qtbot, tools, year, adoption, tmp_path):
    tools.settings.set("settings/tab", "")
    page = SettingsPage(tools, year, year.adoptions.current())
    qtbot.addWidget(page)
    page.show_view("templates")
    page.show()
    assert page.tabs.tabText(page.tabs.currentIndex()) == "表格"
    shown = [one.text() for one in page.templates.findChildren(QPushButton) if one.isVisible()]
    assert shown.count("添加本单位的表格…") == 2
    year.templates.add(word(tmp_path / "甲.docx", "{{课题}}"), "甲", "observation")
    page.refresh(None)
    assert names(page.templates) == ["甲"]
    tools.settings.set("settings/tab", "")


def test_it_opens_in_a_window_of_its_own(qtbot, tools, year, tmp_path):
    year.templates.add(word(tmp_path / "甲.docx", "{{课题}}"), "甲", "observation")
    page = SettingsPage(tools, year, year.adoptions.current())
    qtbot.addWidget(page)
    dialog = open_templates(tools, year, year.adoptions.current(), page)
    assert names(dialog.findChild(TemplatesSection)) == ["甲"]
    dialog.accept()
