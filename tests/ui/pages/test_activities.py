"""活动 in the real window: a record with its tabs, materials by slot, steps, plans, a new year."""

import shutil
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QApplication

from app.models import SchemeAdoption, SchoolYear
from app.services.adoption import adopt
from app.services.entry.listing import Query
from app.ui.app import Program
from app.ui.desk import Desk
from app.ui.main_window import MainWindow
from app.ui.pages.activities import ActivitiesPage
from app.ui.pages.turnover import TurnoverDialog

STAGED = """
[[activity]]
key = "circuit"
name = "送课巡讲"
stages = [{ name = "备课", gate = "draft" }, "磨课", "送课"]
slots = [
  { key = "draft", name = "集体备课记录" },
  { key = "film", name = "课堂录像", waivable = true },
]
"""


@pytest.fixture
def desk(tools, qtbot, qapp, context, fresh_archive, tmp_path):
    folder = tmp_path / "档案库"
    shutil.copytree(fresh_archive, folder)
    window = MainWindow(tools)
    qtbot.addWidget(window)
    made = Desk(Program(qapp, tools, window), context)
    window.resize(1366, 740)
    window.show()
    made.open_folder(folder)
    qtbot.waitUntil(lambda: made.services is not None)
    with made.services.archive.uow.write("准备") as session:
        old = session.get_one(SchemeAdoption, made.services.adoptions.current().id)
        year = session.get_one(SchoolYear, old.school_year_id)
        adopt(session, old.source_text + STAGED, old.community, year,
              adopted_at=context.clock(), answers={})  # fmt: skip
    qtbot.waitUntil(lambda: made._adoption.version == 2)
    yield made
    made.close()


@pytest.fixture
def services(desk):
    return desk.services


@pytest.fixture
def adoption_id(desk) -> str:
    return desk._adoption.id


@pytest.fixture
def page(desk, qtbot) -> ActivitiesPage:
    desk.go("activities", "")
    made = desk._window.page
    desk._window.activateWindow()
    qtbot.waitUntil(desk._window.isActiveWindow)
    return made


@pytest.fixture
def circuit(services, adoption_id, page):
    """A staged activity, shown at the right."""
    typed = {"title": "数学送课", "kind": "circuit", "held_on": "2026-03-20"}
    made = services.entries.create("activity", typed, adoption_id)
    page.show_view(f"record:activity:{made}")
    return made


def tabs(page):
    return page.register("activity").side.tabs


def drop(card, *paths: Path) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    event = QDropEvent(
        QPointF(10, 10), Qt.DropAction.CopyAction, data,
        Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier,
    )  # fmt: skip
    card.dropEvent(event)


def test_a_record_has_its_tabs_in_the_order_of_the_work(page, circuit) -> None:
    found = tabs(page)
    assert [found.tabText(n) for n in range(found.count())] == [
        "资料", "日程", "分工", "单位", "人员签到", "课", "材料", "记录", "历史",
    ]  # fmt: skip


def test_files_dropped_on_a_slot_fill_it(page, circuit, services, tmp_path, qtbot) -> None:
    material = tabs(page).tab("materials")
    assert material.summary.text().startswith("还缺：集体备课记录、课堂录像。")
    file = tmp_path / "备课记录.txt"
    file.write_text("集体备课", encoding="utf-8")
    drop(material.cards[0], file)
    qtbot.waitUntil(lambda: material.cards[0].state.text() == "已有")
    assert material.cards[0].slot.pieces[0].title == "备课记录"
    material.cards[1].add.setFocus()
    qtbot.waitUntil(material.cards[1].add.hasFocus)
    drop(material.cards[1], file)  # the archive has it: it proves this as well
    qtbot.waitUntil(lambda: material.cards[1].state.text() == "已有")
    assert material.cards[1].add.hasFocus()  # as before the slots were shown anew
    material.waive("film", "没有设备")
    material._take_out(material.cards[0].slot.pieces[0].evidence_id)
    assert [card.state.text() for card in material.cards] == ["缺", "不适用", "其他"]
    material._unwaive("film")
    assert material.cards[1].state.text() == "缺"


def test_a_step_waits_for_its_material(page, circuit, tools, tmp_path, qtbot) -> None:
    material = tabs(page).tab("materials")
    bar = material.stages
    assert bar.words.text() == "备课　→　磨课　→　送课"
    bar.next.click()
    assert (bar.words.text(), bar.next.text()) == ("● 备课　→　磨课　→　送课", "进入“磨课”")
    assert bar.lacking.text() == "进入“磨课”之前还缺：集体备课记录"
    with qtbot.waitSignal(tools.messages.posted) as told:
        bar.next.click()
    assert "不能离开“备课”阶段" in told.args[0].text
    file = tmp_path / "记录.txt"
    file.write_text("备课", encoding="utf-8")
    material.put("draft", [file])
    qtbot.waitUntil(lambda: not bar.lacking.isVisible())
    bar.next.click()
    assert bar.words.text() == "✓ 备课　→　● 磨课　→　送课"
    next(a for a in bar.other.menu().actions() if a.text() == "备课").trigger()
    assert bar.words.text() == "● 备课　→　磨课　→　送课"


def test_the_record_has_room_to_write_and_saves(
    page, circuit, services, adoption_id, write
) -> None:
    notes = tabs(page).tab("notes")
    notes.form.focus("minutes")
    write(notes.form.rows["minutes"].editor, "第一项议程\n第二项议程")
    assert notes.form.commit_all()
    row = services.entries.get("activity", circuit, adoption_id)
    assert row.values["minutes"] == "第一项议程\n第二项议程"


def test_a_day_of_the_calendar_begins_an_activity(
    page, services, adoption_id, qtbot, write
) -> None:
    calendar = page.pane("calendar")
    qtbot.keyClick(calendar.canvas, Qt.Key.Key_Right)
    qtbot.keyClick(calendar.canvas, Qt.Key.Key_N)
    panel = page.register("activity")
    title = panel.form.fields.rows["title"].editor
    qtbot.waitUntil(title.hasFocus)
    write(title, "新研讨")
    qtbot.keyClick(title, Qt.Key.Key_Return)
    found = services.entries.page(Query("activity", adoption_id), 0, 5)
    assert [(row.texts["title"], row.texts["held_on"]) for row in found] == [
        ("新研讨", "2026-03-03")
    ]
    qtbot.keyClick(page, Qt.Key.Key_2, Qt.KeyboardModifier.ControlModifier)
    assert page.current == "calendar"
    qtbot.waitUntil(lambda: [one.title for _place, one in calendar.canvas.spots] == ["新研讨"])
    page.open_entry(calendar.canvas.spots[0][1])
    assert panel.side.title.text() == "新研讨"


@pytest.fixture
def plan(services, adoption_id):
    year = services.entries.page(Query("school_year", adoption_id), 0, 1)[0].id
    typed = {"title": "2025—2026学年计划", "school_year_id": year}
    made = services.entries.create("plan", typed, adoption_id)
    for due, theme in (("2026-02-20", "开学会"), ("2026-05", "总结会")):
        services.entries.create("plan_item", {"due": due, "theme": theme}, adoption_id, made)
    return made


def test_a_line_of_a_plan_becomes_an_activity(page, plan, services, adoption_id, qtbot) -> None:
    pane = page.pane("plan")
    pane.refresh(None)
    assert pane.overdue.text() == "1 条计划已过期，还没有变成活动：开学会 ▾"
    pane.overdue.menu().actions()[0].trigger()
    items = pane.panel.side.tabs.tab("plan_item")
    items.grid.view.setCurrentIndex(items.grid.model.index(0, 1))
    items.become.click()
    qtbot.waitUntil(lambda: not pane.overdue.isVisible())
    found = services.entries.page(Query("activity", adoption_id), 0, 5)
    assert [(row.texts["title"], row.texts["held_on"]) for row in found] == [
        ("开学会", "2026-02-20")
    ]
    with qtbot.waitSignal(pane.activity_wanted) as wanted:
        items.become.click()  # it has its activity: that is shown
    assert wanted.args == [found[0].id]
    assert page.current == "activity"


def test_the_timetable_is_shown_copied_and_exported(
    page, services, adoption_id, tmp_path, qtbot
) -> None:
    create = services.entries.create
    for name in ("兴镇小学", "坡头小学"):
        create("school", {"name": name}, adoption_id)
    create("person", {"name": "王芳", "school_id": "兴镇小学"}, adoption_id)
    pane = page.pane("timetable")
    assert pane.body.currentWidget() is pane.empty
    for class_name in ("三(1)班", "三(2)班"):
        create(
            "lesson",
            {"teacher_id": "王芳", "taught_on": "2026-03-04", "period": "第2节", "form": "同步课堂",
             "class_name": class_name, "receiving_school_id": "坡头小学",
             "receiving_class": class_name},
            adoption_id,
        )  # fmt: skip
    qtbot.waitUntil(lambda: pane.body.currentWidget() is pane.table)
    assert pane.conflicts.text() == "1 处时间冲突：\n3月4日（星期三）第2节：王芳同时有两节课"
    pane.copy()
    copied = QApplication.clipboard().text()
    assert copied.splitlines()[0] == "节次\t星期一\t星期二\t星期三\t星期四\t星期五"
    assert '"王芳\n兴镇小学三(1)班 → 坡头小学三(1)班' in copied
    pane.export(tmp_path / "课表.xlsx")
    assert (tmp_path / "课表.xlsx").stat().st_size > 4000
    assert "兴镇小学三(2)班" in pane.document().toPlainText()
    with qtbot.waitSignal(pane.lesson_wanted):
        pane.table.itemActivated.emit(pane.table.item(0, 3))
    assert page.current == "lesson"
    page.pane("timetable").spans.button(1).click()
    pane.forth.click()
    assert pane.body.currentWidget() is pane.empty


def test_a_new_school_year_is_made_shown_and_taken_back(page, desk, plan, qtbot) -> None:
    window, services = desk._window, desk.services
    page.turn_over()
    dialog = window.findChild(TurnoverDialog)
    assert dialog.told.text() == "复制 1 份计划，0 项任职继续。做完以后可以撤销。"
    dialog._answers["contest-year"].setText("去年")
    dialog.start.click()
    qtbot.waitUntil(lambda: "“去年”不是年份" in dialog.told.text())
    dialog._answers["contest-year"].setText("2027")
    dialog.start.click()
    qtbot.waitUntil(lambda: desk._adoption.year == 2026)
    assert "2026—2027学年" in window.header.year.text()
    assert window.page.current == "activity"
    titles = [row.texts["title"] for row in services.entries.page(
        Query("plan", desk._adoption.id, view="year"), 0, 5)]  # fmt: skip
    assert titles == ["2026—2027学年计划"]
    window.undo()
    qtbot.waitUntil(lambda: desk._adoption.year == 2025)
    assert "2025—2026学年" in window.header.year.text()


def test_a_year_that_is_there_is_not_made_again(page, desk, tools, qtbot) -> None:
    from app.services.activities.turnover import Wanted

    old = desk._adoption.id
    desk.services.plans.turn_over(old, Wanted())
    qtbot.waitUntil(lambda: desk._adoption.year == 2026)
    desk.show_adoption(old)
    desk.go("activities", "")
    with qtbot.waitSignal(tools.messages.posted) as told:
        desk._window.page.turn_over()
    assert "已经建好" in told.args[0].text
