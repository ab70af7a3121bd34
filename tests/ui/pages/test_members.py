"""Members: six registers on one page, reached by keys and by links from elsewhere."""

import pytest
from PySide6.QtCore import Qt

from app.services.entry.listing import Query
from app.ui.pages.draw import DrawDialog
from app.ui.pages.duplicates import DuplicatesDialog
from app.ui.pages.members import MembersPage
from app.ui.pages.personal import PersonalDialog
from app.ui.pages.trash import TrashDialog


@pytest.fixture
def people(services, adoption) -> dict[str, str]:
    entries = services.entries
    return {
        name: entries.create("person", {"name": name}, adoption.id) for name in ("王芳", "李雷")
    }


@pytest.fixture
def page(people, tools, services, adoption, qtbot) -> MembersPage:
    made = MembersPage(tools, services, adoption)
    qtbot.addWidget(made)
    made.refresh(None)
    with qtbot.waitExposed(made):
        made.show()
    return made


def test_people_stand_in_front_and_are_counted(page) -> None:
    assert page.current == "person"
    assert page.subtitle.text() == "共 2 个人员"
    assert list(page._panels) == ["person"], "the other registers wait until they are wanted"


def test_each_register_is_one_key_away(page, qtbot) -> None:
    for number, kind in enumerate(
        ("person", "school", "community", "agreement", "mentor_pair", "dispatch"), start=1
    ):
        qtbot.keyClick(page, Qt.Key(Qt.Key.Key_0 + number), Qt.KeyboardModifier.ControlModifier)
        assert page.current == kind
    assert page.subtitle.text() == "共 0 条派驻与跟岗"


def test_a_link_leads_to_the_record_in_its_register(page, people, services, adoption) -> None:
    school = services.entries.create("school", {"name": "兴镇中心小学"}, adoption.id)
    page.show_view(f"record:school:{school}")
    assert page.current == "school"
    assert page.register("school").side.shown_id == school
    page.show_view(f"record:person:{people['李雷']}")
    assert page.register("person").side.form.row.texts["name"] == "李雷"


def test_a_link_to_drafts_goes_on_with_what_was_begun(page, services) -> None:
    services.drafts.save(services.drafts.new_key("school"), "单位", {"short_name": "兴小"})
    page.show_view("drafts")
    panel = page.register("school")
    assert panel.side.adding
    assert panel.form.fields.rows["short_name"].editor.text() == "兴小"


def test_changes_made_elsewhere_are_shown_when_the_register_comes_back(
    page, services, adoption
) -> None:
    page.register("school")
    services.entries.create("person", {"name": "赵敏"}, adoption.id)
    page.refresh(None)
    assert page.register("person").model.count == 3
    assert page.subtitle.text() == "共 3 个人员"


def test_all_that_a_person_did_is_one_key_away(page, people, qtbot) -> None:
    panel = page.register("person")
    panel.show_view(f"record:person:{people['王芳']}")
    panel.activateWindow()
    qtbot.waitUntil(panel.isActiveWindow)
    qtbot.keyClick(panel.table, Qt.Key.Key_F8)
    dialog = page.findChild(PersonalDialog)
    assert dialog is not None
    assert dialog.view.file.name == "王芳"
    dialog.reject()


@pytest.mark.parametrize(
    ("words", "kind"),
    [("查重与合并…", DuplicatesDialog), ("随机抽取…", DrawDialog), ("回收站…", TrashDialog)],
)
def test_the_menu_opens_its_windows(page, words, kind) -> None:
    next(action for action in page._more.actions() if action.text() == words).trigger()
    dialog = page.findChild(kind)
    assert dialog.isVisible()
    dialog.reject()


def test_an_empty_register_says_what_to_do(page, services, adoption, people) -> None:
    services.entries.delete("person", list(people.values()))
    page.refresh(None)
    panel = page.register("person")
    assert panel.parts.body.currentWidget() is panel.empty
    assert panel.empty.button.text() == "新增人员"
    assert services.entries.count(Query("person", adoption.id)) == 0
