"""Every shipped scheme at work: adopted as a clerk does, filled a little, then page by page in the window."""

import re
from datetime import date, timedelta
from functools import partial

import pytest
from PySide6.QtCore import QModelIndex, QTimer
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QLabel,
    QPushButton,
    QTabBar,
)

from app.models import (
    Activity,
    Appointment,
    Community,
    CommunityUnit,
    Lesson,
    Observation,
    Person,
    School,
)
from app.services.schemes import draft as d
from app.services.schemes.catalogue import preset, presets
from app.services.schemes.naming import all_defined
from app.ui.app import Program
from app.ui.desk import Desk
from app.ui.main_window import MainWindow
from app.ui.pages.new_archive import NewArchiveDialog
from app.ui.pages.scheme_editor_adopt import AdoptDialog
from app.ui.pages.scheme_editor_pick import Demands

SCHEMES = [one.id for one in presets()]
DEEP = SCHEMES[::18]
"""These are looked at on every page, the others on the one where schemes differ most."""
PARTS = 4
ROWS = 60


@pytest.fixture
def desk(tools, qtbot, qapp, context, services):
    window = MainWindow(tools)
    qtbot.addWidget(window)
    window.resize(1366, 768)
    made = Desk(Program(qapp, tools, window), context)
    made.services = services
    window.show()
    yield made
    made.services = None  # the fixture closes it


def _fill(services, adoption) -> None:
    """One of everything that the scheme has a word for."""
    scheme = services.adoptions.scheme(adoption.id)
    with services.archive.uow.write("准备") as session:
        community = session.get_one(Community, adoption.community_id)
        community.variant = next((one.name for one in scheme.community.types), "")
        school = School(name=f"{community.name}小学")
        session.add(school)
        session.flush()
        for unit in scheme.community.units:
            session.add(
                CommunityUnit(community_id=community.id, school_id=school.id, role=unit.key)
            )
        for group in scheme.community.groups:
            session.add(Community(name=f"{group.name}一", kind=group.name, parent_id=community.id))
        people = [
            Person(name=f"王{role.name}", school_id=school.id) for role in scheme.community.roles
        ]
        session.add_all(people)
        session.flush()
        for person, role in zip(people, scheme.community.roles, strict=True):
            session.add(Appointment(community_id=community.id, person_id=person.id, role=role.key))
        for number, kind in enumerate(scheme.activity):
            session.add(
                Activity(
                    community_id=community.id, title=f"{kind.name}第{number + 1}次", kind=kind.key,
                    form=next(iter(kind.forms), ""), host_id=people[0].id if people else None,
                    held_on=date(2025, 10, 8) + timedelta(days=5 * number),
                )
            )  # fmt: skip
        if len(people) > 1:
            lesson = Lesson(teacher_id=people[1].id, title="分数的意义", subject="数学")
            session.add(lesson)
            session.flush()
            session.add(Observation(lesson_id=lesson.id, observer_id=people[0].id))


def _adopt(desk, qtbot, scheme_id):
    """A community of its own adopts the scheme in the dialog; its questions are answered."""
    services = desk.services
    draft = d.from_text(preset(scheme_id).text)
    with services.archive.uow.write("准备") as session:
        community = Community(name=f"{len(services.adoptions.all())}号联盟")
        session.add(community)
        session.flush()
        community_id = community.id
    dialog = AdoptDialog(desk._tools, services, draft, community_id=community_id)
    qtbot.addWidget(dialog)
    answers = {"year": "2025", "day": "12月1日"}
    for ask in draft.get("ask", []):
        dialog.form.update_values({f"ask-{ask['key']}": answers.get(ask["kind"], "甲")})
    done = []
    dialog.adopted.connect(done.append)
    dialog.adopt()
    assert done, f"{scheme_id}：{dialog.note.text()}"
    return next(one for one in services.adoptions.all() if one.id == done[0])


def _cells(view):
    model = view.model()
    columns = getattr(model, "columnCount", None)

    def below(parent):
        try:
            count = columns(parent)
        except TypeError:  # a list of words has one column, and Qt keeps the question private
            count = 1
        for row in range(min(model.rowCount(parent), ROWS)):
            for column in range(count):
                index = model.index(row, column, parent)
                if not (hasattr(view, "isColumnHidden") and view.isColumnHidden(column)):
                    yield str(index.data() or "")
            yield from below(model.index(row, 0, parent))

    yield from below(QModelIndex())


def _words(page):
    """Everything that can be read on a page."""
    for widget in [*page.findChildren(QLabel), *page.findChildren(QPushButton)]:
        if widget.isVisible():
            yield widget.text()
    for combo in page.findChildren(QComboBox):
        if combo.isVisible():
            yield from (combo.itemText(row) for row in range(combo.count()))
    for view in page.findChildren(QAbstractItemView):
        if view.isVisible() and view.model() is not None:
            yield from _cells(view)


def _cut_off(page):
    """Texts for which there is not room enough."""
    for label in page.findChildren(QLabel):
        if not label.isVisible() or not label.text():
            continue
        if label.wordWrap() and label.heightForWidth(label.width()) > label.height() + 2:
            yield label.text()
    for button in page.findChildren(QPushButton):
        if button.isVisible() and button.sizeHint().width() > button.width() + 2:
            yield button.text()


def _look(page, keys, where, qtbot) -> None:
    settled = []
    QTimer.singleShot(0, partial(settled.append, 1))  # behind what showing the page has posted
    qtbot.waitUntil(partial(len, settled))
    words = list(_words(page))
    assert any(words), f"{where}：空白"
    shown = {key for text in words for key in re.findall(r"[A-Za-z][\w-]+", text)} & keys
    assert not shown, f"{where}：露出了方案里的代号 {shown}"
    assert not [text for text in words if re.search(r"\bNone\b|\{\w*\}", text)], where
    assert not list(_cut_off(page)), f"{where}：写不下 {list(_cut_off(page))}"


def _turn(page, keys, where, qtbot) -> None:
    """A page with each of its tabs."""
    tabs = next((one for one in page.findChildren(QTabBar) if one.isVisible()), None)
    if tabs is None:
        _look(page, keys, where, qtbot)
        return
    for number in range(tabs.count()):
        tabs.setCurrentIndex(number)
        _look(page, keys, f"{where}·{tabs.tabText(number)}", qtbot)


@pytest.mark.parametrize("part", range(PARTS))
def test_every_scheme_is_shown_on_every_page(desk, qtbot, tools, part) -> None:
    failed = []
    tools.jobs._on_error = failed.append
    for scheme_id in SCHEMES[part::PARTS]:
        adoption = _adopt(desk, qtbot, scheme_id)
        _fill(desk.services, adoption)
        tools.settings.set("window/page", "assessment")
        desk.show_adoption(adoption.id)
        keys = {key for _kind, key in all_defined(d.from_text(preset(scheme_id).text))}
        keys = {key for key in keys if key.isascii() and len(key) > 3}
        window = desk.parent()
        for spec in window._specs:
            if scheme_id not in DEEP and spec.key != "assessment":
                continue
            window.show_page(spec.key)
            _turn(window.page, keys, f"{scheme_id}：{spec.title}", qtbot)
            assert not failed, f"{scheme_id}：{spec.title}：{failed}"


def test_the_wizard_tells_what_each_scheme_demands_and_asks_its_questions(
    theme, qtbot, context
) -> None:
    dialog = NewArchiveDialog(theme, context.clock().date())
    qtbot.addWidget(dialog)
    dialog.show()
    for row, scheme_id in enumerate(SCHEMES):
        dialog.schemes.setCurrentRow(row)
        told = dialog.findChild(Demands).text.text()
        assert "考核表（" in told or "活动与材料（" in told, scheme_id
        dialog.forward()
        asked = [ask["key"] for ask in dialog.draft.get("ask", [])]
        assert [name[4:] for name in dialog.form.rows if name.startswith("ask-")] == asked
        dialog.back()


def test_the_wizard_takes_a_day_as_it_is_meant(theme, qtbot, context) -> None:
    dialog = NewArchiveDialog(theme, context.clock().date())
    qtbot.addWidget(dialog)
    dialog.schemes.setCurrentRow(SCHEMES.index("smart-classroom"))
    dialog.forward()
    dialog.form.set_values(
        {"community": "甲", "school": "乙", "year": "2025", "ask-held-on": "改天"}
    )
    dialog.forward()
    assert "第 2 步" in dialog.heading.text()
    assert "“改天”不是日子" in dialog.form.rows["ask-held-on"].note.text()
    dialog.form.update_values({"ask-held-on": "12月1日"})
    dialog.forward()
    assert "第 3 步" in dialog.heading.text()
    assert dialog.wanted().answers == {"held-on": "12-01"}


def test_the_wizard_offers_calendar_years_to_a_scheme_that_goes_by_them(
    theme, qtbot, context
) -> None:
    dialog = NewArchiveDialog(theme, context.clock().date())
    qtbot.addWidget(dialog)
    for scheme_id, label, year in (("liuzhou", "年度", 2026), ("mashiping", "学年", 2025)):
        dialog.schemes.setCurrentRow(SCHEMES.index(scheme_id))
        dialog.forward()
        assert dialog.form.rows["year"].field.label == label
        assert dialog.wanted().year == year
        dialog.back()
