"""Ctrl+K as a clerk uses it: type, look, narrow, go there; all by keyboard."""

from datetime import date

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from app.models import Activity, Community, Person, School
from app.ui.app import Program
from app.ui.desk import Desk
from app.ui.main_window import MainWindow
from app.ui.pages.search_palette import SearchPalette


@pytest.fixture
def filled(services):
    with services.archive.uow.write("录入") as session:
        community = session.query(Community).first()
        school = School(name="荆姚小学")
        session.add_all([school, Person(name="张三丰", school=school), Person(name="李娜")])
        for number in range(1, 61):
            session.add(
                Activity(
                    community=community, title=f"第{number:02}次備課",
                    held_on=date(2025, 1 if number == 1 else 10, 1 + number % 30), minutes="张三丰主讲",
                )
            )  # fmt: skip
    return services


@pytest.fixture
def palette(tools, filled, adoption, qtbot):
    window = QWidget()
    window.resize(1366, 768)
    qtbot.addWidget(window)
    window.show()
    made = SearchPalette(tools, filled, adoption, window)
    made.open()
    qtbot.waitExposed(made)
    made.seen = []
    made.opened.connect(lambda kind, record_id: made.seen.append((kind, record_id)))
    yield made
    window.close()  # kept alive until here


def look_for(qtbot, palette, words: str, total: str) -> None:
    palette.words.setText(words)
    qtbot.waitUntil(lambda: palette.total.text().startswith(total))


def titles(palette) -> list[str]:
    return [hit.title for hit in palette.results.hits]


def test_it_begins_with_words_and_finds_while_typing(palette, qtbot) -> None:
    assert "输入一个字就开始找" in palette.nothing.text()
    qtbot.keyClicks(palette.words, "zsf")
    qtbot.waitUntil(lambda: titles(palette) == ["张三丰"])
    assert palette.total.text() == "共 1 条"


def test_names_come_first_then_the_newest_and_the_total(palette, qtbot) -> None:
    look_for(qtbot, palette, "张三丰", "共 61 条，这里是最新的 51 条")
    assert titles(palette)[0] == "张三丰"
    assert titles(palette)[1] == "第59次備課"
    assert palette.results.item(0).text() == "人员、单位和共同体"
    assert palette.results.item(2).text() == "记录（新的在前）"


def test_arrows_step_over_headings_and_enter_opens(palette, qtbot, filled, tools) -> None:
    look_for(qtbot, palette, "张三丰", "共 61 条")
    qtbot.keyClick(palette.words, Qt.Key.Key_Down)
    assert palette.results.currentItem().text() == "第59次備課"
    qtbot.keyClick(palette.words, Qt.Key.Key_Up)
    qtbot.keyClick(palette.words, Qt.Key.Key_Up)
    assert palette.results.currentItem().text() == "张三丰"
    seen = palette.seen
    with qtbot.waitSignal(palette.finished):
        qtbot.keyClick(palette.words, Qt.Key.Key_Return)
    person = filled.search.find("张三丰", kinds=["person"]).hits[0]
    assert seen == [("person", person.id)]
    assert tools.settings.texts("search/recent") == ["张三丰"]


def test_enter_before_the_pause_finds_first(palette, qtbot) -> None:
    qtbot.keyClicks(palette.words, "ln")
    qtbot.keyClick(palette.words, Qt.Key.Key_Return)
    assert titles(palette) == ["李娜"]
    assert palette.seen == []


def test_filters_narrow_by_keyboard(palette, qtbot) -> None:
    look_for(qtbot, palette, "备课", "共 60 条")
    qtbot.keyClick(palette.this_year, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: palette.total.text().startswith("共 59 条"))
    assert palette.words.hasFocus()
    people = next(chip for chip in palette.kinds.buttons() if chip.text() == "人员")
    people.setFocus()
    qtbot.keyClick(people, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: "没有找到“备课”" in palette.nothing.text())
    assert "放宽上面的筛选" in palette.nothing.text()


def test_a_school_narrows_too(palette, qtbot) -> None:
    look_for(qtbot, palette, "小", "共 ")
    palette.school.setCurrentIndex(palette.school.findText("荆姚小学"))
    palette.school.activated.emit(palette.school.currentIndex())
    qtbot.waitUntil(lambda: sorted(titles(palette)) == ["张三丰", "荆姚小学"])


def test_no_hit_and_too_long_are_said_in_words(palette, qtbot) -> None:
    palette.words.setText("龘龘")
    qtbot.waitUntil(lambda: palette.nothing.text().startswith("没有找到“龘龘”"))
    palette.words.setText("啊" * 1000)
    qtbot.waitUntil(lambda: "太长（1000 个字）" in palette.nothing.text())


def test_marks_stand_on_the_traditional_words(palette, qtbot) -> None:
    look_for(qtbot, palette, "备课", "共 60 条")
    assert palette.results.hits[0].title_marks == ((4, 2),)
    assert not palette.grab().isNull()


def test_earlier_queries_are_offered_and_asked_again(tools, filled, adoption, qtbot) -> None:
    tools.settings.set("search/recent", ["zsf", "备课"])
    window = QWidget()
    qtbot.addWidget(window)
    again = SearchPalette(tools, filled, adoption, window)
    again.show()
    qtbot.keyClick(again.words, Qt.Key.Key_Down)
    assert again.results.currentItem().text() == "zsf"
    qtbot.keyClick(again.words, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: titles(again) == ["张三丰"])
    again.words.clear()
    qtbot.waitUntil(lambda: again.results.item(0).text() == "最近找过")


def test_escape_closes(palette, qtbot) -> None:
    seen = palette.seen
    with qtbot.waitSignal(palette.rejected):
        qtbot.keyClick(palette.words, Qt.Key.Key_Escape)
    assert seen == []


def test_from_the_window_to_the_record_s_page(filled, tools, qtbot, qapp, context) -> None:
    folder = filled.path
    filled.close()
    window = MainWindow(tools)
    qtbot.addWidget(window)
    desk = Desk(Program(qapp, tools, window), context, folder)
    window.show()
    qtbot.waitUntil(lambda: desk.services is not None)
    window.header.search.click()
    palette = window.findChild(SearchPalette)
    qtbot.keyClicks(palette.words, "zsf")
    qtbot.waitUntil(lambda: titles(palette) == ["张三丰"])
    with qtbot.waitSignal(palette.finished):
        qtbot.keyClick(palette.words, Qt.Key.Key_Return)
    assert window.page.title.text() == "成员"
    desk.close()
