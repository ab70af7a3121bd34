"""人员签到 by keyboard: letters and Enter add, 1 to 4 mark, the reason follows."""

import pytest
from PySide6.QtCore import Qt

from app.ui.pages.activities_sign_in import SignInTab


@pytest.fixture
def people(services, adoption):
    """Ids of four members by name."""
    create = services.entries.create
    create("school", {"name": "兴镇小学", "short_name": "兴镇"}, adoption.id)
    return {
        name: create("person", {"name": name, "school_id": "兴镇小学"}, adoption.id)
        for name in ("王芳", "李娜", "王方", "赵敏")
    }


@pytest.fixture
def activity(services, adoption, people):
    return services.entries.create("activity", {"title": "研讨", "kind": "seminar"}, adoption.id)


@pytest.fixture
def tab(tools, services, activity, qtbot) -> SignInTab:
    made = SignInTab(tools, services)
    qtbot.addWidget(made)
    made.resize(480, 560)
    made.show_record(activity)
    made.show()
    qtbot.waitExposed(made)
    return made


def shown(tab):
    return [(line.name, line.status_name) for line in tab._roll.lines]


def choose(tab, name):
    tab.table.select([line.id for line in tab._roll.lines if line.name == name])
    tab.table.setFocus()


def test_initials_and_enter_put_one_after_the_other_on_the_list(tab, qtbot) -> None:
    assert "名单还是空的" in tab.totals.text()
    line = tab.picker.line
    line.setFocus()
    qtbot.keyClicks(line, "wf")
    qtbot.keyClick(line, Qt.Key.Key_Return)
    qtbot.keyClicks(line, "zhao")
    qtbot.keyClick(line, Qt.Key.Key_Return)
    assert shown(tab) == [("王芳", "未签到"), ("赵敏", "未签到")]
    assert line.text() == ""
    qtbot.keyClicks(line, "wf")
    qtbot.waitUntil(tab.picker.list.isVisible)
    found = [tab.picker.list.item(n).text() for n in range(tab.picker.list.count())]
    assert found == ["王方　兴镇小学", "王芳　已在名单"]
    qtbot.keyClick(line, Qt.Key.Key_Down)  # who is there already is not taken again
    qtbot.keyClick(line, Qt.Key.Key_Return)
    assert len(shown(tab)) == 2
    qtbot.keyClick(line, Qt.Key.Key_Escape)
    assert not tab.picker.list.isVisible()


def test_nobody_found_says_where_people_come_from(tab, qtbot) -> None:
    qtbot.keyClicks(tab.picker.line, "xyz")
    tab.picker.look()
    assert tab.picker.list.item(0).text() == "没有这个人，请先在“成员”里登记。"
    qtbot.keyClick(tab.picker.line, Qt.Key.Key_Return)
    assert tab._roll.lines == ()


def test_the_keys_1_to_4_mark_and_go_on(tab, qtbot) -> None:
    tab.members.click()
    assert tab.totals.text() == "应到 4 人 · 实到 0 人 · 请假 0 人 · 缺席 0 人 · 未签到 4 人"
    qtbot.keyClick(tab.picker.line, Qt.Key.Key_Down)
    assert tab.table.hasFocus()
    for key in (Qt.Key.Key_1, Qt.Key.Key_3, Qt.Key.Key_Space):
        qtbot.keyClick(tab.table, key)
    assert [status for _name, status in shown(tab)] == ["到会", "缺席", "到会", "未签到"]
    assert tab.table.currentIndex().row() == 3
    qtbot.keyClick(tab.table, Qt.Key.Key_2)
    assert tab.leave.isVisible()
    qtbot.keyClick(tab.table, Qt.Key.Key_Return)
    assert tab.reason.hasFocus()
    qtbot.keyClicks(tab.reason, "sick")
    tab.written.click()
    qtbot.keyClick(tab.reason, Qt.Key.Key_Return)
    line = tab._roll.lines[3]
    assert (line.status, line.leave_reason, line.leave_written) == ("leave", "sick", True)
    assert tab.totals.text() == "应到 4 人 · 实到 2 人 · 请假 1 人 · 缺席 1 人"


def test_many_are_marked_at_once_and_the_rest_with_one_key(tab, services, qtbot) -> None:
    tab.members.click()
    tab.table.selectAll()
    tab.marks[2].click()
    assert {status for _name, status in shown(tab)} == {"缺席"}
    choose(tab, "李娜")
    tab.marks[3].click()
    tab.rest.click()
    assert dict(shown(tab))["李娜"] == "到会"
    services.history.undo()
    services.history.undo()
    tab.show_record(tab._activity_id)
    assert {status for _name, status in shown(tab)} == {"缺席"}


def test_a_group_or_school_comes_in_from_the_menu(tab, qtbot) -> None:
    menu = tab.sources.menu()
    menu.aboutToShow.emit()
    words = [action.text() for action in menu.actions() if action.text()]
    assert words == ["全体成员　4 人", "上次名单　0 人", "兴镇小学　4 人"]
    next(a for a in menu.actions() if a.text().startswith("兴镇")).trigger()
    assert len(shown(tab)) == 4


def test_a_refusal_is_said(tab, tools, qtbot) -> None:
    with qtbot.waitSignal(tools.messages.posted, timeout=1000) as told:
        tools.messages.bar_ready()
        tab.last.click()
    assert "以前没有同类活动" in told.args[0].text


def test_del_takes_somebody_off_the_list(tab, qtbot) -> None:
    tab.members.click()
    choose(tab, "王芳")
    qtbot.keyClick(tab.table, Qt.Key.Key_Delete)
    assert "王芳" not in dict(shown(tab))


def test_a_teacher_on_leave_with_a_lesson_is_marked(tab, services, adoption, activity) -> None:
    tab.members.click()
    services.entries.create(
        "lesson", {"teacher_id": "李娜", "title": "面积"}, adoption.id, activity
    )
    choose(tab, "李娜")
    tab.marks[1].click()
    row = next(n for n, line in enumerate(tab._roll.lines) if line.name == "李娜")
    note = next(n for n, column in enumerate(tab.model.columns) if column.key == "note")
    assert "李娜在本次活动里上《面积》" in tab.model.index(row, note).data()
