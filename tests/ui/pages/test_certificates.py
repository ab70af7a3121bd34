"""The window for certificates: ticking people, what would be given, giving, withdrawing."""

from __future__ import annotations

from datetime import date

import pytest
from PySide6.QtCore import Qt

from app.models import Activity, Appointment, Attendance, Person, School
from app.ui.pages import paper_actions
from app.ui.pages.certificates_dialog import CertificatesDialog


@pytest.fixture
def people(services, adoption):
    with services.archive.uow.write("人员") as session:
        school = School(name="甲校")
        known = [Person(name=name, school=school) for name in ("王䶮", "买买提·Mehmet", "李红霞")]
        session.add_all(known)
        session.flush()
        for number, person in enumerate(known):
            session.add(Appointment(
                community_id=adoption.community_id, person_id=person.id,
                role="head" if number == 2 else "member", ordinal=number,
            ))  # fmt: skip
        activity = Activity(
            community_id=adoption.community_id, title="例会", held_on=date(2025, 9, 15)
        )
        activity.attendances = [Attendance(person_id=known[0].id, status="present")]
        session.add(activity)


@pytest.fixture
def dialog(tools, services, adoption, people, qtbot):
    made = CertificatesDialog(tools, services, adoption)
    qtbot.addWidget(made)
    made.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, on=False)
    made.show()
    return made


def shown(dialog) -> list[str]:
    lines = dialog.people.list
    found = [lines.topLevelItem(number) for number in range(lines.topLevelItemCount())]
    return [line.text(0) for line in found if not line.isHidden()]


def set_field(dialog, name: str, value: object) -> None:
    dialog.form.rows[name].set_value(value)
    assert dialog.form.commit_all()


def test_nothing_can_be_given_before_somebody_is_ticked(dialog):
    assert not dialog.give_button.isEnabled()
    assert "勾选" in dialog.told.text()


def test_people_are_chosen_by_role_by_activity_and_by_words(dialog, qtbot):
    source = dialog.people.source
    assert sorted(shown(dialog)) == sorted(["王䶮", "买买提·Mehmet", "李红霞"])
    source.setCurrentIndex(source.findText("角色：坊主"))
    assert shown(dialog) == ["李红霞"]
    dialog.people.all_button.click()
    source.setCurrentIndex(source.findText("到会：2025-09-15　例会"))
    assert shown(dialog) == ["王䶮"]
    dialog.people.all_button.click()
    assert [one.name for one in dialog.people.chosen] == ["李红霞", "王䶮"]
    source.setCurrentIndex(0)
    qtbot.keyClicks(dialog.people.words, "Mehmet")
    assert shown(dialog) == ["买买提·Mehmet"]
    dialog.people.none_button.click()
    assert dialog.people.count.text() == "已选 2 人"


def test_what_would_be_given_is_told_and_what_is_wanting_too(dialog):
    dialog.people.all_button.click()
    assert "没有填称号" in dialog.told.text()
    assert not dialog.give_button.isEnabled()
    set_field(dialog, "title", "优秀学员")
    assert "将发 3 份" in dialog.told.text()
    assert dialog.give_button.isEnabled()
    set_field(dialog, "pattern", "证字")
    assert "{号}" in dialog.told.text()
    assert not dialog.give_button.isEnabled()


def test_the_first_certificate_is_shown(dialog, qtbot):
    set_field(dialog, "title", "优秀学员")
    dialog.people.all_button.click()
    qtbot.waitUntil(lambda: dialog.preview.pages == 1, timeout=8000)


def test_given_certificates_stand_in_the_register_and_can_be_withdrawn(
    dialog, services, adoption, qtbot
):
    set_field(dialog, "title", "优秀学员")
    set_field(dialog, "awarded_on", date(2026, 6, 30))
    dialog.people.all_button.click()
    dialog.form.next_wanted.emit()
    made = services.certificates.all(adoption.id)
    assert [one.number for one in made] == [f"2026证字第00{n}号" for n in (1, 2, 3)]
    assert dialog.tabs.currentWidget() is dialog.register
    assert dialog.tabs.tabText(1) == "登记册 3"
    assert dialog.people.chosen == ()
    register = dialog.register
    register.list.topLevelItem(1).setSelected(True)
    assert not register.withdraw_button.isEnabled()
    qtbot.keyClicks(register.reason, "wrong name")
    register.withdraw_button.click()
    assert register.told.text() == "共 3 份，其中作废 1 份"
    assert services.certificates.all(adoption.id)[1].note == "wrong name"
    register.list.topLevelItem(1).setSelected(True)
    qtbot.keyClicks(register.reason, "again")
    assert not register.withdraw_button.isEnabled()


def test_enter_in_a_field_gives_nothing(dialog, services, adoption, qtbot):
    set_field(dialog, "title", "优秀学员")
    dialog.people.all_button.click()
    dialog.people.words.setFocus()
    qtbot.keyClick(dialog.people.words, Qt.Key.Key_Return)
    assert services.certificates.all(adoption.id) == ()
    assert dialog.isVisible()


def test_words_are_remembered(dialog, tools, services, adoption, qtbot):
    set_field(dialog, "title", "优秀学员")
    set_field(dialog, "issuer", "县教育局")
    dialog.people.all_button.click()
    dialog.give()
    again = CertificatesDialog(tools, services, adoption)
    qtbot.addWidget(again)
    assert again.form.values()["title"] == "优秀学员"
    assert again.form.values()["issuer"] == "县教育局"


def test_the_page_of_forms_offers_it():
    assert paper_actions.actions_of("certificates")[0] == (
        "发证书…", "app.ui.pages.certificates_dialog:open_certificates"
    )  # fmt: skip
