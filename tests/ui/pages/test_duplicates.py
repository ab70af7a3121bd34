"""Duplicates in the window: the reason, both sides, what moves; merged or kept apart."""

import pytest
from PySide6.QtCore import Qt
from sqlalchemy import select

from app.models import Activity, Attendance, Honour, MentorPair, Person, School
from app.ui.pages.duplicates import DuplicatesDialog


@pytest.fixture
def two(services, adoption):
    with services.archive.uow.write("准备") as session:
        school = School(name="兴镇小学")
        session.add_all([school, School(name="兴镇完全小学")])
        one = Person(name="王芳", school=school, title="二级教师", phone="13800138000")
        session.add(one)
        session.flush()
        two = Person(name="王芳", school=school, title="一级教师")
        activity = Activity(community_id=adoption.community_id, title="研讨")
        session.add_all([two, activity])
        session.flush()
        session.add_all(
            [
                Honour(person_id=two.id, name="骨干教师", level="县"),
                Attendance(activity_id=activity.id, person_id=one.id, status="present"),
                Attendance(activity_id=activity.id, person_id=two.id, status="leave"),
            ]
        )
        return one.id, two.id


@pytest.fixture
def dialog(tools, services, adoption, two, qtbot):
    made = DuplicatesDialog(tools, services, adoption)
    qtbot.addWidget(made)
    made.show()
    return made


def test_the_first_pair_is_shown_with_its_reason(dialog) -> None:
    assert dialog.kinds.tabText(0) == "人员 1"
    line = dialog.pairs.topLevelItem(0)
    assert (line.text(0), line.text(1)) == ("王芳（两条）", "同在一个单位，姓名相同")
    assert "138****8000" in dialog.summary.text()
    assert dialog.moving.topLevelItem(0).text(0) == "荣誉称号 1 条"
    clash = dialog.collisions.topLevelItem(0)
    assert clash.text(0) == "签到　研讨 · 到会"
    assert clash.child(0).text(0) == "情况取“到会”，不取“请假”"


def test_the_picked_values_stay(dialog, services, two, qtbot) -> None:
    buttons = dialog.picks.groups["title"].buttons()
    assert [button.text() for button in buttons] == ["二级教师", "一级教师"]
    buttons[1].click()
    assert not dialog.picks.groups["phone"].buttons()[1].isEnabled()
    qtbot.mouseClick(dialog.merge_button, Qt.MouseButton.LeftButton)
    with services.archive.uow.read() as session:
        [person] = session.scalars(select(Person))
        assert (person.id, person.title, person.phone) == (two[0], "一级教师", "13800138000")
    assert dialog.stack.currentWidget() is dialog.nothing
    assert not dialog.merge_button.isEnabled()
    assert services.history.undo() == "合并重复的人员“王芳”"
    dialog.search()
    assert dialog.pairs.topLevelItemCount() == 1


def test_two_of_one_name_are_kept_apart(dialog, services, qtbot) -> None:
    qtbot.mouseClick(dialog.different_button, Qt.MouseButton.LeftButton)
    assert dialog.pairs.topLevelItemCount() == 0
    assert services.people.duplicates("person") == []
    assert services.records.page("members").total == 2


def test_schools_have_their_own_tab(dialog) -> None:
    dialog.kinds.setCurrentIndex(1)
    assert dialog.pairs.topLevelItem(0).text(0) == "兴镇小学 ／ 兴镇完全小学"
    dialog.merge()
    assert dialog.pairs.topLevelItemCount() == 0


def test_what_cannot_be_one_is_said(dialog, services, adoption, two) -> None:
    with services.archive.uow.write("准备") as session:
        session.add(
            MentorPair(community_id=adoption.community_id, mentor_id=two[0], mentee_id=two[1])
        )
    dialog.search()
    assert "一对师徒" in dialog.summary.text()
    assert not dialog.merge_button.isEnabled()
    assert dialog.different_button.isEnabled()
