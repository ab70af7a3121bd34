"""Lesson observations in the window: an evening's pile by keyboard, drafts, observers side by side."""

from datetime import date

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from shiboken6 import delete, isValid

from app.models import Person, School
from app.services.observations.records import Entry, Query, Step
from app.ui.pages.observations import ObservationsPage
from app.ui.pages.observations_compare import CompareDialog
from app.ui.pages.observations_rubrics import RubricDialog

Key = Qt.Key
CTRL = Qt.KeyboardModifier.ControlModifier
INITIALS = {"李芳": "lf", "王强": "wq", "陈志强": "czq", "孙丽萍": "slp"}
TEACHERS = tuple(INITIALS)


@pytest.fixture
def people(services):
    """Ids by name; the first is the observer."""
    with services.archive.uow.write("登记") as session:
        school = School(name="兴镇小学")
        rows = [Person(name=name, school=school) for name in ("赵敏", *TEACHERS)]
        session.add_all(rows)
        session.flush()
        return {row.name: row.id for row in rows}


@pytest.fixture
def open_page(tools, services, adoption, qtbot):
    """Open the page as the window does."""
    made = []

    def make() -> ObservationsPage:
        page = ObservationsPage(tools, services, adoption)
        made.append(page)
        services.archive.uow.subscribe(lambda changes: isValid(page) and page.refresh(changes))
        page.refresh(None)
        page.resize(1200, 720)
        page.show()
        page.activateWindow()
        qtbot.waitUntil(page.isActiveWindow)
        page.activated()
        return page

    yield make
    for page in made:
        if isValid(page):
            delete(page)


class Typist:
    """Types into whatever has the cursor; counts the keys that are not text."""

    def __init__(self, page, write) -> None:
        self.page = page
        self._write = write
        self.keys = 0

    def text(self, words: str) -> None:
        editor = self.page.focusWidget()
        if words.isascii():
            QTest.keyClicks(editor, words)
        else:
            self._write(editor, words)

    def press(self, key, modifier=Qt.KeyboardModifier.NoModifier) -> None:
        self.keys += 1
        QTest.keyClick(self.page.focusWidget(), key, modifier)


def _rows(services) -> list:
    return services.observations.page(Query(), 0, 100)


def _first(typist: Typist) -> None:
    """What an evening begins with: the day, period, teacher, class, subject and observer."""
    page = typist.page
    QTest.keyClick(page, Key.Key_N, CTRL)
    day = page.editor.head.field("day")
    day.setFocus()
    day.selectAll()
    typist.text("2025-9-12")
    typist.press(Key.Key_Return)
    typist.text("1")
    typist.press(Key.Key_Return)
    typist.text("lf")
    typist.press(Key.Key_Return)
    typist.text("三（2）班")
    typist.press(Key.Key_Return)
    typist.text("数学")
    typist.press(Key.Key_Return)


def test_forty_observations_by_keyboard(open_page, services, people, write) -> None:
    rubric = services.rubrics.take_preset("s27-chinese")
    page = open_page()
    page.editor.scores.set_rubric(rubric.id)
    typist = Typist(page, write)
    _first(typist)
    most = 0
    for number in range(40):
        teacher = TEACHERS[number // 4 % 4]
        typist.keys = 0
        if number and number % 8 == 0:  # another day, and its lessons begin anew
            typist.press(Key.Key_F8)
            typist.text(str(12 + number // 8))
            typist.press(Key.Key_Return)
            typist.text("1")
            typist.press(Key.Key_Return)
        if number and number % 4 == 0:  # the next teacher
            typist.press(Key.Key_F7)
            typist.text(teacher if number % 8 else INITIALS[teacher])
            typist.press(Key.Key_Return)
        assert page.focusWidget() is page.editor.head.field("title"), number
        typist.text(f"课题第{number}")
        typist.press(Key.Key_Return)
        if number == 0:
            typist.text("新授")
            typist.press(Key.Key_Return)
            typist.text("zm")
            typist.press(Key.Key_Return)
        for process, comment in (("5'复习导入", "自然"), ("折一折", "放手")):
            typist.text(process)
            typist.press(Key.Key_Return)
            typist.text(comment)
            typist.press(*((Key.Key_Return,) if comment == "自然" else (Key.Key_Down, CTRL)))
        for words in ("目标明确", "多让学生说", "好课"):
            typist.text(words)
            typist.press(Key.Key_Return)
        for points in (9, 14, 30 + number % 5, 14, 23):
            typist.text(str(points))
        typist.press(Key.Key_Return, CTRL)
        assert len(_rows(services)) == number + 1
        if number:
            most = max(most, typist.keys)
    assert most <= 15
    _check_stored(services, people)
    assert services.history.undo() == "新增 听课记录"
    assert len(_rows(services)) == 39


def _check_stored(services, people) -> None:
    rows = {row.title: row for row in _rows(services)}
    assert len(rows) == 40
    for number in range(40):
        row = rows[f"课题第{number}"]
        detail = services.observations.get(row.id)
        entry = detail.entry
        assert entry.teacher_id == people[TEACHERS[number // 4 % 4]]
        assert entry.observer_id == people["赵敏"]
        assert (entry.day, entry.period) == (
            date(2025, 9, 12 + number // 8),
            f"第{number % 8 + 1}节",
        )
        assert (entry.class_name, entry.subject, entry.lesson_kind) == ("三（2）班", "数学", "新授")
        assert entry.steps == (Step("复习导入", "自然", 5), Step("折一折", "放手"))
        assert (entry.strengths, entry.advice, entry.overall) == ("目标明确", "多让学生说", "好课")
        assert (detail.score, detail.grade) == (90 + number % 5, "优")


def test_typing_survives_a_crash(open_page, services, people, write, qtbot) -> None:
    page = open_page()
    typist = Typist(page, write)
    _first(typist)
    typist.text("分数的初步认识")
    page.editor.grid.rows[0][1].setFocus()
    typist.text("10'折纸")
    page.editor.texts["advice"].setFocus()
    typist.text("还没写完")
    qtbot.waitUntil(lambda: len(services.drafts.all()) == 1, timeout=5000)
    assert services.history.undo_label() == "登记"
    delete(page)  # the program is gone; nothing was saved

    again = open_page()
    assert again.drafts.isVisible()
    assert again.draft_words.text().startswith(
        "有 1 条没写完的听课记录（李芳 2025-09-12 分数的初步认识）"
    )
    again.resume_button.click()
    assert again.editor.head.people["teacher"].person.id == people["李芳"]
    assert again.editor.texts["advice"].toPlainText() == "还没写完"
    again.editor.head.people["observer"].setFocus()
    Typist(again, write).text("zm")
    QTest.keyClick(again.focusWidget(), Key.Key_Return)
    QTest.keyClick(again.focusWidget(), Key.Key_S, CTRL)
    (row,) = _rows(services)
    entry = services.observations.get(row.id).entry
    assert (row.teacher, row.title, entry.advice) == ("李芳", "分数的初步认识", "还没写完")
    assert entry.steps == (Step("折纸", "", 10),)
    assert services.drafts.all() == []
    assert not again.drafts.isVisible()


def test_a_draft_can_be_given_up(open_page, services) -> None:
    services.drafts.save(services.drafts.new_key("observation"), "李芳 9月12日", {"title": "分数"})
    page = open_page()
    page.give_up_button.click()
    assert services.drafts.all() == []
    assert not page.drafts.isVisible()


@pytest.fixture
def entry(people) -> Entry:
    return Entry(
        teacher_id=people["李芳"], observer_id=people["赵敏"], day=date(2025, 9, 12), period="3",
        class_name="三（2）班", subject="数学", title="分数",
    )  # fmt: skip


def test_an_empty_page_offers_the_one_thing_to_do(open_page, services) -> None:
    page = open_page()
    assert page._empty.button.text() == "记一节课"
    page._empty.button.click()
    assert page.editor.isVisible()


def test_a_record_is_shown_and_changed(open_page, services, entry, write) -> None:
    made = services.observations.create(entry)
    page = open_page()
    page.list.table.selectRow(0)
    assert page.editor.head.field("title").text() == "分数"
    page.editor.texts["strengths"].setFocus()
    Typist(page, write).text("环节清楚")
    assert "未保存" in page.editor.state.text()
    assert page.can_leave()
    assert services.observations.get(made).entry.strengths == "环节清楚"
    assert services.history.undo_label() == "修改 听课记录"
    services.history.undo()
    assert page.editor.texts["strengths"].toPlainText() == ""


def test_wrong_fields_are_said_where_they_are(open_page, services, entry, write) -> None:
    rubric = services.rubrics.take_preset("s27-chinese")
    made = services.observations.create(entry)
    page = open_page()
    page.list.table.selectRow(0)
    page.editor.scores.set_rubric(rubric.id)
    figure = page.editor.scores.figures[rubric.items[0].id]
    figure.setFocus()
    QTest.keyClicks(figure, "11")
    assert page.editor.scores.note.text() == "“教学目标”应在 0 到 10 分之间。"
    assert not page.can_leave()
    assert services.observations.get(made).entry.points == {}
    page.editor.scores.set_texts({})
    day = page.editor.head.field("day")
    day.setText("2025-2-30")
    QTest.keyClick(figure, Key.Key_S, CTRL)
    assert "不是日期" in page.editor.head.rows["day"].note.text()
    day.setText("12")
    nobody = page.editor.head.people["observer"]
    nobody.setFocus()
    nobody.selectAll()
    QTest.keyClicks(nobody, "xyz")
    QTest.keyClick(nobody, Key.Key_S, CTRL)
    assert "名单里没有“xyz”" in page.editor.head.notes["observer"].text()


def test_what_was_not_saved_is_said_beside_the_buttons(open_page, services, entry) -> None:
    rubric = services.rubrics.take_preset("s27-chinese")
    services.observations.create(entry)
    page = open_page()
    page.resize(1000, 420)
    page.list.table.selectRow(0)
    page.editor.scores.set_rubric(rubric.id)
    figures = list(page.editor.scores.figures.values())
    for figure, typed in zip(figures, ("11", "99"), strict=False):
        figure.setFocus()
        QTest.keyClicks(figure, typed)
    page.editor.area.verticalScrollBar().setValue(0)
    QTest.keyClick(page.focusWidget(), Key.Key_S, CTRL)
    assert page.editor.state.text() == "没有保存：“教学目标”应在 0 到 10 分之间。"
    assert page.focusWidget() is figures[0]
    assert [one.property("wrong") for one in figures[:3]] == ["true", "true", "false"]
    assert page.editor.area.verticalScrollBar().value() > 0
    page.editor.scores.set_texts({})
    QTest.keyClick(page.focusWidget(), Key.Key_9)
    assert "未保存" in page.editor.state.text()
    QTest.keyClick(page.focusWidget(), Key.Key_S, CTRL)
    assert page.editor.state.text() == "已保存"


def test_one_of_two_of_the_same_name_must_be_chosen(open_page, services, people, write) -> None:
    with services.archive.uow.write("登记") as session:
        session.add(Person(name="李芳", school=School(name="罕井镇中心小学")))
    page = open_page()
    head = page.editor.head
    QTest.keyClick(page, Key.Key_N, CTRL)
    typist = Typist(page, write)
    head.go_to("teacher")
    typist.text("王强")
    typist.press(Key.Key_Return)
    assert "兴镇小学" in head.labels["teacher"].toolTip()
    head.go_to("teacher")
    typist.text("李芳")
    assert head.labels["teacher"].toolTip() == ""
    head.field("title").setFocus()
    QTest.keyClick(page.focusWidget(), Key.Key_S, CTRL)
    assert head.notes["teacher"].text() == "有 2 位“李芳”，请从列表里选。"


def test_a_doubtful_record_is_saved_with_its_reason(
    open_page, services, entry, people, write
) -> None:
    services.observations.create(entry)
    page = open_page()
    page.list.table.selectRow(0)
    page.start_new()
    page.editor.set_content(
        {"day": "2025-9-12", "period": "3", "teacher": [people["王强"], "王强", ""],
         "observer": [people["赵敏"], "赵敏", ""], "title": "倍的认识"}
    )  # fmt: skip
    page.entry.dirty = True
    QTest.keyClick(page.editor.head.field("title"), Key.Key_Return, CTRL)
    assert "已在听李芳《分数》" in page.editor.doubt_words.text()
    assert page.focusWidget() is page.editor.reason
    Typist(page, write).text("两班合听")
    QTest.keyClick(page.editor.reason, Key.Key_Return, CTRL)
    assert {row.title for row in _rows(services)} == {"分数", "倍的认识"}
    assert page.editor.doubt.isHidden()


def test_another_observer_of_the_same_lesson_and_both_side_by_side(
    open_page, services, entry, people, write
) -> None:
    services.observations.create(entry)
    page = open_page()
    page.list.table.selectRow(0)
    page.next_observer()
    observer = page.editor.head.people["observer"]
    assert page.focusWidget() is observer
    Typist(page, write).text("王强")
    QTest.keyClick(observer, Key.Key_Return)
    QTest.keyClick(observer, Key.Key_S, CTRL)
    assert page.entry.record.fellows == 1
    assert page.compare_button.isEnabled()
    page.compare()
    dialog = page.findChild(CompareDialog)
    heads = [dialog.table.horizontalHeaderItem(n).text() for n in range(5)]
    assert heads == ["项目", "赵敏", "王强", "平均", "最高与最低之差"]
    dialog.accept()


def test_deleting_offers_to_take_it_back(open_page, services, entry, tools) -> None:
    services.observations.create(entry)
    posted = []
    tools.messages.posted.connect(posted.append)
    tools.messages.bar_ready()
    page = open_page()
    page.list.table.selectRow(0)
    page.list.table.setFocus()
    QTest.keyClick(page.list.table, Key.Key_Delete)
    assert _rows(services) == []
    assert posted[-1].text == "已删除 1 条听课记录。"
    posted[-1].action()
    assert len(_rows(services)) == 1


def test_a_link_leads_to_the_record(open_page, services, entry) -> None:
    made = services.observations.create(entry)
    page = open_page()
    page.show_view(f"record:observation:{made}")
    assert page.entry.record.id == made
    assert page.editor.head.field("title").text() == "分数"


def test_the_list_is_narrowed(open_page, services, entry, qtbot) -> None:
    services.observations.create(entry)
    services.observations.create(
        Entry(teacher_id=entry.teacher_id, observer_id=entry.observer_id, day=date(2026, 3, 2),
              period="1", title="观潮", score=88)
    )  # fmt: skip
    page = open_page()
    assert page.subtitle.text() == "共 2 条"
    page.show_view("no_score")
    assert page.subtitle.text() == "共 1 条"
    page.show_view("all")
    page.list.period.setCurrentText("2025—2026学年 第二学期")
    page.list.narrow()
    assert page.list.model.index(0, 2).data() == "观潮"
    page.list.words.setText("没有这样的课")
    qtbot.waitUntil(lambda: page.list.model.rowCount() == 0)
    assert page.list.nothing.isVisible()


def test_the_list_can_be_put_away(open_page, services, entry) -> None:
    services.observations.create(entry)
    page = open_page()
    page.list.table.setFocus()
    QTest.keyClick(page.list.table, Key.Key_F4)
    assert not page.list.isVisible()
    page.editor.head.field("title").setFocus()
    QTest.keyClick(page.focusWidget(), Key.Key_F, CTRL)
    assert page.list.words.hasFocus()


def test_the_clock_key_stamps_minutes(open_page, services, people, context, qtbot) -> None:
    from datetime import timedelta

    page = open_page()
    page.start_new()
    page.editor.grid.focus_row(0)
    QTest.keyClick(page.focusWidget(), Key.Key_F6)
    QTest.keyClicks(page.focusWidget(), "a")
    context.clock.now += timedelta(minutes=7)
    page.editor.grid.focus_row(1)
    QTest.keyClick(page.focusWidget(), Key.Key_F6)
    QTest.keyClicks(page.focusWidget(), "b")
    assert page.editor.grid.steps() == (Step("a", "", 0), Step("b", "", 7))


def test_figures_go_on_by_themselves(open_page, services, people, write) -> None:
    rubric = services.rubrics.take_preset("s27-chinese")
    page = open_page()
    page.start_new()
    scores = page.editor.scores
    scores.set_rubric(rubric.id)
    scores.focus_first()
    typist = Typist(page, write)
    for key in "8.5":
        typist.text(key)
    typist.press(Key.Key_Return)
    typist.text("1")
    typist.press(Key.Key_Return)
    for digits in ("30", "9", "20"):
        typist.text(digits)
    assert list(scores.points().values()) == [8.5, 1, 30, 9, 20]
    assert scores.sum.text() == "合计 68.5 / 100　差"


def test_a_key_that_ends_a_figure_late_skips_none(open_page, services, people, write) -> None:
    rubric = services.rubrics.take_preset("s27-chinese")
    page = open_page()
    QTest.keyClick(page, Key.Key_N, CTRL)
    page.editor.scores.set_rubric(rubric.id)
    page.editor.scores.focus_first()
    typist = Typist(page, write)
    for points, key in (("9", Key.Key_Tab), ("1", Key.Key_Tab), ("30", Key.Key_Return)):
        typist.text(points)
        typist.press(key)
    figures = list(page.editor.scores.figures.values())
    assert [one.text() for one in figures[:3]] == ["9", "1", "30"]
    assert page.focusWidget() is figures[3]
    typist.press(Key.Key_Tab)
    assert page.focusWidget() is figures[4]


def test_a_quick_typist_does_not_wait_for_the_offers(open_page, services, people, write) -> None:
    with services.archive.uow.write("登记") as session:
        session.add(Person(name="王强"))
    page = open_page()
    page.start_new()
    teacher, observer = (page.editor.head.people[name] for name in ("teacher", "observer"))
    teacher.setFocus()
    QTest.keyClicks(teacher, "czq")
    QTest.keyClick(teacher, Key.Key_Tab)
    assert teacher.person.id == people["陈志强"]
    observer.setFocus()
    Typist(page, write).text("王强")
    QTest.keyClick(observer, Key.Key_Tab)
    assert observer.person is None  # there are two of that name
    observer.setFocus()
    QTest.keyClick(observer, Key.Key_Return)
    assert not observer.list.isHidden()
    QTest.keyClick(observer, Key.Key_Return)
    assert observer.person.name == "王强"


def test_unfinished_typing_is_kept_when_the_page_is_left(
    open_page, services, people, write
) -> None:
    page = open_page()
    page.start_new()
    page.editor.texts["overall"].setFocus()
    Typist(page, write).text("一半")
    assert page.can_leave()
    assert services.drafts.all("observation")[0].content["overall"] == "一半"
    assert page.editor.texts["overall"].toPlainText() == "一半"


def test_a_new_person_can_be_added_while_typing(open_page, services, people, write) -> None:
    page = open_page()
    page.start_new()
    teacher = page.editor.head.people["teacher"]
    teacher.setFocus()
    Typist(page, write).text("欧阳修")
    QTest.keyClick(teacher, Key.Key_Return)  # offered: a slip of the pen makes no new person
    assert teacher.person is None
    QTest.keyClick(teacher, Key.Key_Return)
    assert services.observations.people("欧阳修")[0].id == teacher.person.id


def test_rubrics_are_managed(tools, services, qtbot) -> None:
    dialog = RubricDialog(tools, services)
    qtbot.addWidget(dialog)
    dialog.show()
    assert dialog.list.count() == 4
    assert dialog.save_button.text() == "采用这份量表"
    dialog.save()
    assert [one.name for one in services.rubrics.all()] == [dialog.name.text()]
    dialog.new_button.click()
    dialog.name.setText("本校评价表")
    for row, (name, points) in enumerate((("设计", "40"), ("实施", "50"))):
        dialog.items.item(row, 0).setText(name)
        dialog.items.item(row, 1).setText(points)
    assert dialog.sum.text() == "合计 90 分，还差 10 分"
    dialog.save()
    assert "合计 90 分，应为 100 分" in dialog.note.text()
    dialog.items.item(1, 1).setText("六十")
    dialog.save()
    assert "第 2 项的分值“六十”不是数" in dialog.note.text()
    dialog.items.item(1, 1).setText("60")
    dialog.save()
    made = next(one for one in services.rubrics.all() if one.name == "本校评价表")
    assert [item.points for item in made.items] == [40, 60]
    dialog.copy_button.click()
    assert dialog.name.text() == "本校评价表 2"
    dialog.delete_button.click()
    assert len(services.rubrics.all()) == 2
