"""The personal file in the window: sections, figures, opening a line, taking it along."""

from datetime import date

import openpyxl
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication

from app.models import Activity, Attendance, Lesson, Person
from app.ui.pages.personal import PersonalDialog, PersonalView


@pytest.fixture
def ids(services, adoption) -> dict[str, str]:
    with services.archive.uow.write("准备") as session:
        person = Person(name="王芳", title="一级教师")
        activity = Activity(
            community_id=adoption.community_id, title="研讨", held_on=date(2025, 10, 15)
        )
        session.add_all([person, activity])
        session.flush()
        lesson = Lesson(teacher_id=person.id, title="分数的意义", taught_on=date(2025, 10, 15))
        old = Lesson(teacher_id=person.id, title="旧课", taught_on=date(2020, 1, 1))
        session.add_all([lesson, old])
        session.add(Attendance(activity_id=activity.id, person_id=person.id, status="present"))
        session.flush()
        return {"person": person.id, "activity": activity.id, "lesson": lesson.id}


@pytest.fixture
def view(tools, services, adoption, ids, qtbot):
    made = PersonalView(tools, services, adoption, ids["person"])
    qtbot.addWidget(made)
    made.show()
    return made


def _titles(view) -> list[str]:
    return [view.sections.item(row).text() for row in range(view.sections.count())]


def test_the_year_on_show_by_sections(view) -> None:
    assert view.title.text() == "王芳"
    assert "职称：一级教师" in view.facts.text()
    assert _titles(view)[:4] == ["授课　1", "被听课", "听课", "活动　1"]
    assert view.lines.topLevelItem(0).text(1) == "分数的意义"
    assert view.totals.topLevelItem(view.totals.topLevelItemCount() - 1).text(0) == "合计"
    assert view.totals.isColumnHidden(10)
    view.sections.setCurrentRow(1)
    assert view.lines.topLevelItem(0).text(0) == "2025—2026学年没有被听课记录。"
    view.lines.itemActivated.emit(view.lines.topLevelItem(0), 0)  # opens nothing


def test_all_years_and_what_changed_meanwhile(view, services, ids, qtbot) -> None:
    view.year.setCurrentIndex(0)
    view.year.activated.emit(0)
    assert _titles(view)[0] == "授课　2"
    view.sections.setCurrentRow(3)
    with services.archive.uow.write("改") as session:
        session.get(Activity, ids["activity"]).title = "第二次研讨"
    view.refresh(None)
    assert view.sections.currentRow() == 3
    assert view.lines.topLevelItem(0).text(1) == "第二次研讨"


def test_a_line_opens_its_record(tools, services, adoption, ids, qtbot) -> None:
    gone = []
    dialog = PersonalDialog(
        tools,
        services,
        adoption,
        ids["person"],
        go=lambda kind, record: gone.append((kind, record)),
    )
    qtbot.addWidget(dialog)
    dialog.show()
    view = dialog.view
    view.sections.setCurrentRow(3)
    view.lines.setCurrentItem(view.lines.topLevelItem(0))
    qtbot.keyClick(view.lines, Qt.Key.Key_Return)
    assert gone == [("activity", ids["activity"])]
    assert not dialog.isVisible()


def test_taken_along_as_text_and_as_a_workbook(view, tmp_path, qtbot) -> None:
    qtbot.mouseClick(view.copy_button, Qt.MouseButton.LeftButton)
    text = QGuiApplication.clipboard().text()
    assert text.startswith("王芳 个人档案（2025—2026学年）\n职称：一级教师\n")
    assert "1. 2025-10-15 分数的意义 1 执教" in text
    view.export(tmp_path / "王芳.xlsx")
    assert openpyxl.load_workbook(tmp_path / "王芳.xlsx").sheetnames == ["概况", "授课", "活动"]
