from datetime import date

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel

from app.ui.framework.dates import parse_date, parse_partial
from app.ui.framework.fields import Field
from app.ui.framework.forms import FormWidget

FIELDS = [
    Field("title", "题名", required=True),
    Field("pages", "页数", "int", unit="页"),
    Field("hours", "学时", "number"),
    Field("day", "日期", "date"),
    Field("formed", "形成日期", "partial-date", help="可以只写到月。"),
    Field("kind", "类别", "choice", choices=(("1", "示范课"), ("2", "讲座"))),
    Field("sealed", "已盖章", "bool"),
    Field("note", "备注", "multiline"),
]
VALUES = {
    "title": "教学设计",
    "pages": 3,
    "hours": 1.5,
    "day": date(2025, 10, 9),
    "formed": "2025-10",
    "kind": "2",
    "sealed": True,
    "note": "一\n二",
}


@pytest.fixture
def form(qtbot, theme):
    made = FormWidget(FIELDS, theme, lambda name, value: "太多了。" if value == 999 else None)
    qtbot.addWidget(made)
    made.set_values(VALUES)
    made.resize(480, 600)
    made.show()
    made.activateWindow()
    made.told = []
    made.committed.connect(lambda name, value: made.told.append((name, value)))
    return made


def write(form, name, text):
    form.rows[name].editor.setText(text)


def test_every_kind_shows_and_reads_back_its_value(form):
    assert form.commit_all()
    assert form.values() == VALUES
    assert form.told == []


def test_enter_commits_the_typed_value_once(form, qtbot):
    write(form, "pages", " 12 ")
    qtbot.keyClick(form.rows["pages"].editor, Qt.Key.Key_Return)
    assert form.told == [("pages", 12)]
    form.commit_all()
    assert form.told == [("pages", 12)]


def test_leaving_a_field_commits_it(form, qtbot):
    title = form.rows["title"].editor
    title.setFocus()
    qtbot.waitUntil(title.hasFocus)
    write(form, "title", "活动小结")
    form.rows["pages"].editor.setFocus()
    assert form.told == [("title", "活动小结")]


def test_escape_restores_what_was_saved(form, qtbot):
    write(form, "title", "写错了")
    qtbot.keyClick(form.rows["title"].editor, Qt.Key.Key_Escape)
    assert form.rows["title"].editor.text() == "教学设计"
    form.commit_all()
    assert form.told == []


@pytest.mark.parametrize(
    ("name", "typed", "words"),
    [
        ("pages", "六", "“六”不是整数。"),
        ("hours", "一点五", "“一点五”不是数。"),
        ("day", "2025-2-30", "“2025-2-30”不是日期，请写成 2025-9-1 这样。"),
        ("title", "", "请填写题名。"),
        ("pages", "999", "太多了。"),
    ],
)
def test_what_is_wrong_is_said_under_the_field_and_not_saved(form, name, typed, words):
    write(form, name, typed)
    assert not form.commit_all()
    row = form.rows[name]
    assert row.note.text() == words
    assert row.note.isVisible()
    assert row.editor.property("wrong") == "true"
    assert form.told == []
    row.set_value(VALUES[name])
    assert form.commit_all()
    assert row.note.text() == row.field.help


def test_the_rest_is_saved_while_one_field_is_wrong(form):
    write(form, "pages", "六")
    write(form, "title", "新题名")
    form.commit_all()
    assert form.told == [("title", "新题名")]


def test_ctrl_enter_saves_and_asks_for_the_next(form, qtbot):
    write(form, "title", "新题名")
    with qtbot.waitSignal(form.next_wanted):
        qtbot.keyClick(
            form.rows["note"].editor, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier
        )
    assert form.told == [("title", "新题名")]


def test_a_checkbox_and_a_choice_commit_at_once(form, qtbot):
    form.rows["sealed"].editor.click()
    combo = form.rows["kind"].editor
    combo.setCurrentIndex(1)
    combo.activated.emit(1)
    assert form.told == [("sealed", False), ("kind", "1")]


def test_labels_and_names_for_those_who_do_not_see(form):
    buddies = {label.buddy() for label in form.findChildren(QLabel) if label.buddy()}
    assert buddies == {row.editor for row in form.rows.values()}
    assert form.rows["formed"].editor.accessibleName() == "形成日期"
    assert form.rows["formed"].editor.accessibleDescription() == "可以只写到月。"


@pytest.mark.parametrize(
    ("typed", "iso"),
    [
        ("2025-9-1", "2025-09-01"),
        ("2025年9月1日", "2025-09-01"),
        ("2025.09.01", "2025-09-01"),
        ("20250901", "2025-09-01"),
        ("2025/9", "2025-09"),
        ("2025年9月", "2025-09"),
        ("202509", "2025-09"),
        ("2025", "2025"),
        ("2025年", "2025"),
        ("", ""),
    ],
)
def test_dates_as_people_type_them(typed, iso):
    assert parse_partial(typed) == iso


@pytest.mark.parametrize("typed", ["2025-13", "2025-2-29", "去年", "25-9-1", "2025-9-1-1"])
def test_what_is_no_date_is_refused(typed):
    with pytest.raises(ValueError):  # noqa: PT011 - the form words it
        parse_partial(typed)


def test_a_whole_date_is_asked_for():
    assert parse_date("2024-2-29") == date(2024, 2, 29)
    assert parse_date(" ") is None
    with pytest.raises(ValueError):  # noqa: PT011 - the form words it
        parse_date("2024-2")
