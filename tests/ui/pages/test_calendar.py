"""The calendar by keyboard and mouse: days, entries, months, weeks."""

from datetime import date

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMenu

from app.ui.pages import calendar_layout as layout
from app.ui.pages.calendar import CalendarPane
from app.ui.pages.calendar_terms import TermsDialog

TODAY = date(2026, 3, 2)


@pytest.fixture
def enter(services, adoption):
    def entered(title: str, day: str, **values) -> str:
        typed = {"title": title, "held_on": day, **values}
        return services.entries.create("activity", typed, adoption.id)

    return entered


@pytest.fixture
def pane(tools, services, adoption, qtbot) -> CalendarPane:
    made = CalendarPane(tools, services, adoption.id)
    qtbot.addWidget(made)
    made.resize(1100, 620)
    made.refresh()
    made.show()
    qtbot.waitExposed(made)
    made.setFocus()
    return made


def test_months_are_whole_weeks_and_days_stay_in_them() -> None:
    assert layout.month_span(date(2026, 3, 15)) == (date(2026, 2, 23), date(2026, 4, 5))
    assert layout.next_month(date(2026, 1, 31), 1) == date(2026, 2, 28)
    assert layout.next_month(date(2026, 1, 15), -1) == date(2025, 12, 15)


def test_entries_that_last_take_lanes_that_do_not_meet(enter, services, adoption) -> None:
    enter("甲", "2026-03-02", ends_on="2026-03-04")
    enter("乙", "2026-03-03")
    enter("丙", "2026-03-05")
    view = services.activities.calendar(adoption.id, date(2026, 3, 2), date(2026, 3, 8))
    placed = [(p.entry.title, p.lane, p.column, p.columns)
              for p in layout.lanes(view.first, view.entries)]  # fmt: skip
    assert placed == [("甲", 0, 0, 3), ("乙", 1, 1, 1), ("丙", 0, 3, 1)]


def test_arrows_walk_and_the_sheet_turns(pane, qtbot) -> None:
    assert (pane.day, pane.heading.text()) == (TODAY, "2026年3月")
    canvas = pane.canvas
    qtbot.keyClick(canvas, Qt.Key.Key_Left)
    qtbot.keyClick(canvas, Qt.Key.Key_Left)
    assert (pane.day, pane.heading.text()) == (date(2026, 2, 28), "2026年2月")
    qtbot.keyClick(canvas, Qt.Key.Key_Down)
    qtbot.keyClick(canvas, Qt.Key.Key_Home)
    assert pane.day == date(2026, 3, 2)
    qtbot.keyClick(canvas, Qt.Key.Key_PageDown)
    assert pane.heading.text() == "2026年4月"
    qtbot.keyClick(canvas, Qt.Key.Key_T)
    assert pane.day == TODAY


def test_enter_opens_and_n_begins(pane, enter, qtbot) -> None:
    made = enter("研讨", "2026-03-03", place="兴镇小学")
    pane.refresh()
    with qtbot.waitSignal(pane.new_wanted) as wanted:
        qtbot.keyClick(pane.canvas, Qt.Key.Key_Return)  # nothing stands on today
    assert wanted.args == [TODAY]
    qtbot.keyClick(pane.canvas, Qt.Key.Key_Right)
    assert pane.canvas.accessibleDescription() == "3月3日 星期二 第4周：活动 · 研讨 · 兴镇小学"
    with qtbot.waitSignal(pane.opened) as opened:
        qtbot.keyClick(pane.canvas, Qt.Key.Key_Return)
    assert opened.args[0].id == made
    with qtbot.waitSignal(pane.new_wanted) as wanted:
        qtbot.keyClick(pane.canvas, Qt.Key.Key_N)
    assert wanted.args == [date(2026, 3, 3)]


def test_of_several_one_picks_from_a_menu(pane, enter, qtbot) -> None:
    enter("研讨", "2026-03-02", starts_at="9:00")
    enter("讲座", "2026-03-02", starts_at="8:00")
    pane.refresh()
    qtbot.keyClick(pane.canvas, Qt.Key.Key_Return)
    menu = pane.findChild(QMenu)
    assert [action.text() for action in menu.actions()] == [
        "活动 · 讲座 · 08:00", "活动 · 研讨 · 09:00",
    ]  # fmt: skip
    with qtbot.waitSignal(pane.opened) as opened:
        menu.actions()[1].trigger()
    assert opened.args[0].title == "研讨"


def test_what_has_no_room_is_counted_and_the_mouse_finds_the_rest(pane, enter, qtbot) -> None:
    for number in range(9):
        enter(f"活动{number}", "2026-03-10")
    pane.refresh()
    canvas = pane.canvas
    shown = [place for place, entry in canvas.spots if entry.first == date(2026, 3, 10)]
    assert 0 < len(shown) < 9
    qtbot.mouseClick(canvas, Qt.MouseButton.LeftButton, pos=shown[0].center())
    assert pane.day == date(2026, 3, 10)
    with qtbot.waitSignal(pane.opened):
        qtbot.mouseDClick(canvas, Qt.MouseButton.LeftButton, pos=shown[0].center())
    with qtbot.waitSignal(pane.new_wanted) as wanted:
        place = canvas.cell(date(2026, 3, 18)).center()
        qtbot.mouseDClick(canvas, Qt.MouseButton.LeftButton, pos=place)
    assert wanted.args == [date(2026, 3, 18)]


def test_the_week_shows_everything_and_names_its_week(pane, enter, qtbot) -> None:
    for number in range(4):
        enter(f"活动{number}", "2026-03-04", starts_at=f"{8 + number}:00")
    qtbot.keyClick(pane.canvas, Qt.Key.Key_W)
    assert pane.heading.text() == "2026年3月2日—3月8日 第4周"
    assert len(pane.canvas.spots) == 4
    tops = [place.top() for place, _entry in pane.canvas.spots]
    assert tops == sorted(tops)
    qtbot.keyClick(pane.canvas, Qt.Key.Key_PageUp)
    assert pane.heading.text() == "2026年2月23日—3月1日 第3周"
    qtbot.keyClick(pane.canvas, Qt.Key.Key_M)
    assert pane.heading.text() == "2026年2月"


def test_plans_known_only_to_the_month_stand_below(pane, services, adoption, qtbot) -> None:
    from app.services.entry.listing import Query

    year = services.entries.page(Query("school_year", adoption.id), 0, 1)[0].id
    create = services.entries.create
    plan = create("plan", {"title": "计划", "school_year_id": year}, adoption.id)
    create("plan_item", {"due": "2026-03", "theme": "听课周"}, adoption.id, plan)
    pane.refresh()
    assert pane.undated.text() == "计划中未定日期的：听课周"


def test_terms_are_set_and_weeks_follow(tools, services, adoption, pane, qtbot) -> None:
    dialog = TermsDialog(tools, services, adoption, pane)
    (first, _), (second, _) = dialog.lines.values()
    second.setText("三月")
    dialog.save_button.click()
    assert "三月" in dialog.problem.text()
    second.setText("2026.3.2")
    with qtbot.waitSignal(dialog.accepted):
        dialog.save_button.click()
    pane.refresh()
    assert pane._shown.weeks[date(2026, 3, 2)] == "第1周"
    assert first.text() == "2025-09-01"
