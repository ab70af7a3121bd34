"""缺什么 in the real window: what settles a line takes it away, and every step can be undone."""

from datetime import date

import pytest
from docx import Document
from openpyxl import load_workbook
from PIL import Image
from PySide6.QtCore import QCoreApplication, QEvent, QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDragMoveEvent, QDropEvent, QGuiApplication

from app.models import Activity, Lesson, Observation, Person
from app.services.standing.records import Finding
from app.ui.framework.page import Page, PageSpec
from app.ui.main_window import MainWindow
from app.ui.pages import missing_lines as lines
from app.ui.pages.activities import ActivitiesPage
from app.ui.pages.materials import MaterialsPage
from app.ui.pages.missing import MissingView
from app.ui.pages.missing_slips import SlipsDialog
from tests.services.standing.conftest import archives, world  # noqa: F401 - fixtures

_CTRL, _ALT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.AltModifier


class Host(Page):
    """A page with nothing but the list."""

    def __init__(self, tools, view):
        super().__init__(tools, "考核")
        self.set_content(view)
        self.set_start(view)
        self.view = view

    def refresh(self, changes):
        self.view.refresh(changes)


@pytest.fixture
def filled(services, adoption):
    """A demonstration lesson of which everything is missing, taught by 甲, seen by 乙 and 丙."""
    with services.archive.uow.write("准备") as session:
        people = [Person(name=name) for name in "甲乙丙"]
        session.add_all(people)
        session.flush()
        activity = Activity(
            community_id=adoption.community_id, kind="demo", title="第一次示范课",
            held_on=date(2025, 10, 15), host_id=people[0].id,
        )  # fmt: skip
        session.add(activity)
        session.flush()
        lesson = Lesson(activity_id=activity.id, teacher_id=people[0].id, title="分数")
        session.add(lesson)
        session.flush()
        session.add_all(Observation(lesson_id=lesson.id, observer_id=one.id) for one in people[1:])
        return activity.id


@pytest.fixture
def went():
    return []


@pytest.fixture
def window(qtbot, tools, services, adoption, filled, went):
    shell = MainWindow(tools)
    qtbot.addWidget(shell)
    services.archive.uow.subscribe(shell.committed.emit)
    view = MissingView(tools, services, adoption, lambda *to: went.append(to))
    spec = PageSpec("assessment", "考核", "clipboard-check", lambda: Host(tools, view))
    shell.show_archive(services, [spec])
    shell.resize(1366, 768)
    shell.show()
    shell.activateWindow()
    qtbot.waitUntil(view.table.isVisible)
    view.table.setFocus()
    return shell


@pytest.fixture
def view(window):
    return window.page.view


def _shown(view, column=1):
    QCoreApplication.sendPostedEvents(view.window(), QEvent.Type.MetaCall)  # what was committed
    model = view.model
    return [model.index(n, column).data() for n in range(model.rowCount())]


def _observers(view):
    """From whom a record of observation is wanted."""
    told = zip(_shown(view), _shown(view, 3), strict=True)
    return [who for what, who in told if "听课记录" in what]


def _row(view, words):
    return next(n for n, text in enumerate(_shown(view)) if words in text)


def _choose(view, words):
    view.table.selectRow(_row(view, words))
    view.table.setFocus()


def _photo(folder, name, shade):
    Image.new("RGB", (20, 20), (shade, 0, 0)).save(folder / name)
    return folder / name


def _let_go(view, words, paths):
    """Drag files over the line and let them go there."""
    table = view.table
    place = table.visualRect(view.model.index(_row(view, words), 1)).center()
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    actions, left = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton
    none = Qt.KeyboardModifier.NoModifier
    over = QDragMoveEvent(place, actions, data, left, none)
    table.dragMoveEvent(over)
    if over.isAccepted():
        table.dropEvent(QDropEvent(QPointF(place), actions, data, left, none))
    return over.isAccepted()


def test_the_heading_counts_and_the_groups_divide(view) -> None:
    assert view.heading.text().startswith("应有 ")
    assert "；还缺 " in view.heading.text()
    groups = [view.group_model.row(n) for n in range(view.group_model.rowCount())]
    assert groups[0].name == "全部"
    assert groups[0].count == view.model.rowCount() == sum(one.count for one in groups[1:])
    assert {"第一次示范课 2025-10-15", "（不属于某次活动）"} <= {one.name for one in groups}
    number = next(n for n, one in enumerate(groups) if one.name.startswith("第一次示范课"))
    view.groups.selectRow(number)
    assert set(_shown(view, 2)) == {"第一次示范课 2025-10-15"}


def test_a_file_let_go_on_a_line_takes_it_away_and_undo_brings_it_back(
    view, window, tmp_path, services, filled
) -> None:
    before = _shown(view)
    assert _let_go(view, "教学设计", [_photo(tmp_path, "2025-10-15 教案.jpg", 9)])
    assert not any("教学设计" in text for text in _shown(view))
    assert any("没有盖" in text for text in _shown(view)), "what is new is told at once"
    assert view.table.selected_count() == 1, "the cursor stays in the list"
    window.undo()
    assert _shown(view) == before


def test_a_file_cannot_be_let_go_where_nothing_takes_it(view, services, adoption, tmp_path) -> None:
    with services.archive.uow.write("没有日期的活动") as session:
        session.add(Activity(community_id=adoption.community_id, kind="demo", title="待定"))
    assert not _let_go(view, "没有日期", [_photo(tmp_path, "甲.jpg", 9)])


def test_ignored_with_a_reason_and_back_by_keyboard(
    view, window, qtbot, services, adoption
) -> None:
    count = view.model.rowCount()
    _choose(view, "签到表")
    qtbot.keyClick(view.table, Qt.Key.Key_L, _ALT)
    assert view.ask_bar.isVisible()
    assert view.ask_bar.reason.hasFocus()
    qtbot.keyClick(view.ask_bar.reason, Qt.Key.Key_Return)
    assert view.ask_bar.isVisible(), "a reason is wanted"
    qtbot.keyClicks(view.ask_bar.reason, "online meeting")
    qtbot.keyClick(view.ask_bar.reason, Qt.Key.Key_Return)
    assert not view.ask_bar.isVisible()
    assert view.table.hasFocus()
    assert len(_shown(view)) == count - 1
    assert view.ignored.text() == "已忽略的 1"
    [kept] = services.entering.ignored(adoption.id).values()
    assert kept.reason == "online meeting"
    view.ignored.click()
    assert [text for text in _shown(view) if "签到表" in text] == _shown(view)
    assert _shown(view, 6) == ["online meeting"]
    view.table.selectRow(0)
    qtbot.keyClick(view.table, Qt.Key.Key_L, _ALT)
    assert services.entering.ignored(adoption.id) == {}
    view.ignored.click()
    assert len(_shown(view)) == count


def test_several_lines_are_ignored_in_one_step(view, window, qtbot, services, adoption) -> None:
    count = view.model.rowCount()
    view.table.selectAll()
    qtbot.keyClick(view.table, Qt.Key.Key_L, _ALT)
    assert f"（{count} 条）" in view.ask_bar.words.text()
    qtbot.keyClicks(view.ask_bar.reason, "trial")
    qtbot.keyClick(view.ask_bar.reason, Qt.Key.Key_Return)
    assert len(services.entering.ignored(adoption.id)) == count
    assert _shown(view) == []
    assert view.empty.isVisible()
    window.undo()
    assert len(_shown(view)) == count


def test_only_what_the_scheme_allows_can_be_waived(view, window, qtbot, services, adoption) -> None:
    _choose(view, "教学设计")
    assert not view.buttons["waive"].isEnabled()
    _choose(view, "课件")
    qtbot.keyClick(view.table, Qt.Key.Key_B, _ALT)
    qtbot.keyClicks(view.ask_bar.reason, "outdoors")
    qtbot.keyClick(view.ask_bar.reason, Qt.Key.Key_Return)
    assert not any("课件" in text for text in _shown(view))
    assert [one.reason for one in services.handing.waivers(adoption.id)] == ["outdoors"]
    assert "outdoors" in view.acting.reasons()
    window.undo()
    assert any("课件" in text for text in _shown(view))


def test_papers_are_received_and_escape_changes_nothing(view, qtbot, services, filled) -> None:
    _choose(view, "签到表")
    qtbot.keyClick(view.table, Qt.Key.Key_S, _ALT)
    qtbot.keyClick(view.ask_bar.copies, Qt.Key.Key_Escape)
    assert any("签到表" in text for text in _shown(view))
    qtbot.keyClick(view.table, Qt.Key.Key_S, _ALT)
    view.ask_bar.day.setText("2025-13-40")
    qtbot.keyClick(view.ask_bar.copies, Qt.Key.Key_Return)
    assert view.ask_bar.isVisible(), "the day makes no sense"
    view.ask_bar.day.setText("2025-10-16")
    qtbot.keyClick(view.ask_bar.day, Qt.Key.Key_Return)
    assert not any("签到表" in text for text in _shown(view))
    [paper] = services.handing.papers(f"activity:{filled}")
    assert (paper.slot, paper.on) == ("sign-in", date(2025, 10, 16))


def test_by_person_each_has_lines_and_a_piece_counts_for_its_owner(view, tmp_path) -> None:
    view.by.setCurrentIndex(1)
    view.by.activated.emit(1)
    assert sorted(_observers(view)) == ["丙", "乙"]
    row = next(n for n, one in enumerate(_shown(view, 3)) if one == "乙")
    view.acting.put([view.model.row(row)], [_photo(tmp_path, "2025-10-15 乙.jpg", 50)])
    assert _observers(view) == ["丙"]


def test_one_file_settles_several_lines(view, tmp_path, services, adoption) -> None:
    wanted = [view.model.row(_row(view, "教学设计")), view.model.row(_row(view, "课件"))]
    view.acting.put(wanted, [_photo(tmp_path, "2025-10-15 包.jpg", 70)])
    assert not any("教学设计" in text or "课件" in text for text in _shown(view))
    services.history.undo()
    assert any("教学设计" in text for text in _shown(view))
    assert any("课件" in text for text in _shown(view))


def test_kinds_words_and_days_narrow_the_list(view, qtbot, services, adoption) -> None:
    view.show_view("missing:slot")
    assert {view.model.row(n).kind for n in range(view.model.rowCount())} <= {"slot", "standing"}
    everything = view.model.rowCount()
    view.words.setText("教学设计")
    qtbot.keyClick(view.words, Qt.Key.Key_Return)
    assert 0 < view.model.rowCount() < everything
    assert view.table.hasFocus()
    view.words.setText("没有这样的材料")
    qtbot.keyClick(view.words, Qt.Key.Key_Return)
    assert view.empty.isVisible()
    view.show_view("")
    view.overdue.click()
    assert all(view.model.row(n).overdue for n in range(view.model.rowCount()))


def test_enter_leads_to_where_it_is_mended(view, qtbot, went, filled) -> None:
    _choose(view, "教学设计")
    qtbot.keyClick(view.table, Qt.Key.Key_Return)
    assert went == [("activities", f"materials:{filled}")]


def test_the_list_keeps_its_place_when_something_else_changes(view, services, adoption) -> None:
    _choose(view, "照片")
    chosen = view.table.selected_ids()
    with services.archive.uow.write("别的活动") as session:
        session.add(
            Activity(
                community_id=adoption.community_id, kind="lecture", title="甲讲座",
                held_on=date(2025, 9, 20),
            )
        )  # fmt: skip
    assert "甲讲座 2025-09-20" in _shown(view, 2)
    assert view.table.selected_ids() == chosen


def test_days_are_told_in_words() -> None:
    today = date(2026, 5, 1)
    assert lines.days_left(None, today) == ""
    assert lines.days_left(date(2026, 5, 1), today) == "今天到期"
    assert lines.days_left(date(2026, 5, 4), today) == "还剩 3 天"
    assert lines.days_left(date(2026, 4, 29), today) == "已超 2 天"


def test_what_can_be_done_follows_from_the_lines() -> None:
    piece = Finding("a", "slot", "error", "缺课件", "活动", slot="slides", target="activity:1")
    deadline = Finding("b", "deadline", "error", "没有交", "甲校")
    assert lines.possible([]) == frozenset()
    assert lines.possible([piece]) == {"open", "ignore", "put", "paper"}
    assert lines.possible([deadline]) == {"open", "ignore", "done"}
    assert lines.possible([piece, deadline]) == {"open", "ignore"}


# -- slips -----------------------------------------------------------------------------------------


@pytest.fixture
def dialog(view, qtbot):
    view.show_view("slot")
    return _opened(view, view.slips.click)


def _opened(view, opening):
    opening()
    return view.window().findChild(SlipsDialog)


def _slips(dialog):
    return [dialog.slip_model.row(n) for n in range(dialog.slip_model.rowCount())]


def test_slips_are_made_by_keyboard_and_ticked_off_when_the_piece_came(
    view, qtbot, tmp_path
) -> None:
    view.show_view("slot")
    dialog = _opened(view, lambda: qtbot.keyClick(view.table, Qt.Key.Key_C, _ALT))
    assert "3 人" in dialog.told.text()
    qtbot.keyClicks(dialog.day, "2026-6-20")
    qtbot.keyClick(dialog.day, Qt.Key.Key_Return)
    made = _slips(dialog)
    assert sorted(one.name for one in made) == ["丙", "乙", "甲"]
    assert {one.wanted_by for one in made} == {date(2026, 6, 20)}
    assert dialog.slips.selected_count() == 3
    dialog.accept()
    view.by.setCurrentIndex(1)
    view.by.activated.emit(1)
    whose = _shown(view, 3).index("乙")
    view.acting.put([view.model.row(whose)], [_photo(tmp_path, "2025-10-15 乙.jpg", 50)])
    again = SlipsDialog(
        view._tools, view._services, view._adoption, wanted=lines.Narrowing(), by="person"
    )
    qtbot.addWidget(again)
    again.show()
    row = next(n for n, one in enumerate(_slips(again)) if one.name == "乙")
    assert again.slip_model.index(row, 4).data() == "1 条，齐了"
    again.slips.selectRow(row)
    assert again.line_model.index(0, 0).data() == "已交"
    again.slips.selectRow(next(n for n, one in enumerate(_slips(again)) if one.name == "丙"))
    assert again.line_model.index(0, 0).data() == "未交"


def test_slips_are_handed_out_as_word_excel_and_text(dialog, qtbot, tmp_path) -> None:
    dialog.make()
    dialog.export(tmp_path / "催交单.docx")
    dialog.export(tmp_path / "催交单.xlsx")
    rows = list(load_workbook(tmp_path / "催交单.xlsx").active.values)
    assert {row[1] for row in rows[1:]} == {"甲", "乙", "丙"}
    words = "\n".join(one.text for one in Document(tmp_path / "催交单.docx").paragraphs)
    assert "甲" in words
    dialog.copy()
    copied = QGuiApplication.clipboard().text().splitlines()
    assert len(copied) == 3
    assert any(line.startswith("乙老师：您好，还差：") for line in copied)


def test_nobody_to_ask_and_a_day_that_makes_no_sense_are_said(dialog, qtbot) -> None:
    dialog.by.setCurrentIndex(1)
    assert not dialog.make_button.isEnabled()
    assert "没有落实到单位" in dialog.told.text()
    dialog.by.setCurrentIndex(0)
    dialog.day.setText("六月")
    dialog.make_button.click()
    assert "看不懂" in dialog.told.text()
    dialog.day.setText("2020-1-1")
    dialog.make_button.click()
    assert "已经过了" in dialog.told.text()
    assert _slips(dialog) == []


def test_slips_are_deleted_and_brought_back(dialog, window, qtbot) -> None:
    dialog.make()
    dialog.slips.selectRow(0)
    qtbot.keyClick(dialog.slips, Qt.Key.Key_Delete)
    assert len(_slips(dialog)) == 2
    window.undo()
    dialog.by.setCurrentIndex(0)
    dialog._load()
    assert len(_slips(dialog)) == 3


# -- other schemes ---------------------------------------------------------------------------------


def _of_world(made, tools, qtbot):
    services = made.services
    view = MissingView(tools, services, services.adoptions.current(), lambda *_to: None)
    qtbot.addWidget(view)
    view.refresh(None)
    view.resize(1000, 600)
    view.show()
    return view


def test_a_plan_put_on_the_line_of_last_term_counts_for_last_term(
    world,  # noqa: F811
    tools,
    qtbot,
    tmp_path,
) -> None:
    view = _of_world(world("huawu-primary", today="2026-05-10"), tools, qtbot)
    plans = [one for one in view._lines if one.slot == "term-plan"]
    assert {one.where.split()[-1] for one in plans} == {"第一学期", "第二学期"}
    last = next(one for one in plans if one.where.endswith("第一学期"))
    view.acting.put([last], [_photo(tmp_path, "2026-05-09 计划.jpg", 30)])
    view.refresh(None)
    left = [one.where.split()[-1] for one in view._lines if one.slot == "term-plan"]
    assert left == ["第二学期"]


def test_what_was_handed_in_is_marked_with_the_day(world, tools, qtbot) -> None:  # noqa: F811
    made = world("shiling-boda", today="2025-12-10")
    view = _of_world(made, tools, qtbot)
    view.show_view("deadline")
    count = view.model.rowCount()
    assert count
    assert view.buttons["done"].isEnabled()
    view.mark_done()
    view.ask_bar.day.setText("2025-8-30")
    qtbot.keyClick(view.ask_bar.day, Qt.Key.Key_Return)
    [kept] = made.services.entering.ignored(made.adoption).values()
    assert kept.reason == "已交 2025-08-30"
    assert any(done for _on, _name, _who, done in made.deadlines())
    view.refresh(None)
    view.show_view("deadline")
    assert [one for one in view._lines if one.kind == "deadline"] == []


def test_links_lead_to_the_materials_of_an_activity_and_to_one_piece(
    tools, services, adoption, filled, qtbot, tmp_path
) -> None:
    activities = ActivitiesPage(tools, services, adoption)
    qtbot.addWidget(activities)
    activities.refresh(None)
    activities.show()
    activities.show_view(f"materials:{filled}")
    side = activities.register("activity").side
    assert (side.shown_id, side.tabs.tabText(side.tabs.currentIndex())) == (filled, "材料")
    done = services.evidence.ingest([_photo(tmp_path, f"{n}.jpg", 40 * n) for n in range(3)])
    materials = MaterialsPage(tools, services, adoption)
    qtbot.addWidget(materials)
    materials.refresh(None)
    materials.show()
    wanted = done.added[1].id
    materials.show_view(f"record:evidence:{wanted}")
    assert materials.parts.table.selected_ids() == [wanted]
