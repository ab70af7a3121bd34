"""Settings save by themselves; what is wrong is said under the field."""

import pytest

from app.ui.pages.settings import SettingsPage


@pytest.fixture
def page(tools, services, adoption, qtbot) -> SettingsPage:
    made = SettingsPage(tools, services, adoption)
    qtbot.addWidget(made)
    made.refresh(None)
    made.show()
    return made


def _type(page, write, name, text):
    editor = page.form.rows[name].editor
    editor.setFocus()
    editor.selectAll()
    write(editor, text)
    page.form.commit_all()


def test_a_field_is_saved_when_it_is_left(page, services, write) -> None:
    _type(page, write, "spine_widths", "55,35，20")
    _type(page, write, "fonds_name", "蒲城县教育局")
    settings = services.settings.get()
    assert settings.spine_widths == (20, 35, 55)
    assert settings.fonds_name == "蒲城县教育局"


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("spine_widths", "二十", "不是数字"),
        ("sheets_per_mm", "99", "1 到 30"),
        ("slack_mm", "60", "余量"),
    ],
)
def test_a_wrong_value_is_explained_and_not_saved(page, services, write, name, text, words) -> None:
    before = services.settings.get()
    _type(page, write, name, text)
    assert words in page.form.rows[name].note.text()
    assert services.settings.get() == before
