"""设置 · 字体 in a real window: roles, samples, characters without a font."""

import pytest
from PySide6.QtCore import Qt

from app.models import Person
from app.ui.pages.settings import SettingsPage


@pytest.fixture
def page(tools, services, adoption, qtbot) -> SettingsPage:
    made = SettingsPage(tools, services, adoption)
    qtbot.addWidget(made)
    made.refresh(None)
    made.show()
    return made


def looked(page, qtbot):
    page.show_view("fonts")
    qtbot.waitUntil(lambda: page.fonts.roles.topLevelItemCount() == 5, timeout=15_000)
    qtbot.waitUntil(page.fonts.again_button.isEnabled)
    return page.fonts


def test_each_role_is_shown_in_its_own_font(page, qtbot) -> None:
    fonts = looked(page, qtbot)
    lines = [fonts.roles.topLevelItem(row) for row in range(5)]
    assert lines[0].text(0).startswith("小标宋")
    assert all(line.font(2).family() for line in lines)
    assert lines[0].toolTip(1).count("\n") >= 4, "the whole chain"
    assert not fonts.missing.isVisible()
    assert "都印得出来" in fonts.words.text()


def test_looking_again_finds_what_was_typed_since(page, services, qtbot) -> None:
    fonts = looked(page, qtbot)
    with services.archive.uow.write("试验") as session:
        session.add(Person(name="张🎵"))
    fonts.again_button.setFocus()
    qtbot.keyClick(fonts.again_button, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: fonts.missing.topLevelItemCount() == 1, timeout=15_000)
    line = fonts.missing.topLevelItem(0)
    assert [line.text(column) for column in range(4)] == ["🎵", "U+1F3B5", "1", "教师“张🎵”"]
    assert fonts.missing.isVisible()
    assert "有 1 个字没有字体" in fonts.words.text()
