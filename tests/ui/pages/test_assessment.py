"""考核 in the real window: points typed by the keyboard, results, what if, reports."""

from decimal import Decimal

import docx
import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent, QGuiApplication, QInputMethodEvent
from PySide6.QtWidgets import QApplication, QComboBox, QLineEdit

from app.models import SchemeAdoption
from app.ui.framework.page import PageSpec
from app.ui.main_window import MainWindow
from app.ui.pages.assessment import AssessmentPage
from app.ui.pages.assessment_full import FullScreen
from app.ui.pages.assessment_report import ReportDialog
from tests.services.standing.conftest import archives, world  # noqa: F401 - fixtures
from tests.services.standing.test_report import filled_county

ENTER = Qt.Key.Key_Return


class Shown:
    """The page in a window, with what it would show on other pages."""

    def __init__(self, tools, services, qtbot) -> None:
        self.window = MainWindow(tools)
        qtbot.addWidget(self.window)
        self.qtbot, self.services = qtbot, services
        self.went = []
        self.adoption = services.adoptions.current()
        tools.settings.set("assessment/view", "score")

        def make():
            return AssessmentPage(tools, services, self.adoption, self._go)

        services.archive.uow.subscribe(self.window.committed.emit)
        self.window.resize(1366, 730)
        self.window.show()
        self.window.show_archive(
            services, [PageSpec("assessment", "考核", "clipboard-check", make)]
        )
        self.page = self.window.page
        self.window.activateWindow()
        qtbot.waitUntil(lambda: QApplication.activeWindow() is self.window)

    def _go(self, page, view):
        self.went.append((page, view))

    def keys(self, text, key=ENTER):
        """Type where the cursor is, then Enter; waits until what it changed is shown."""
        field = self.window.focusWidget()
        self.qtbot.keyClicks(field, text)
        self.qtbot.keyClick(field, key)
        self.settle()

    def settle(self):
        """Let what was committed come to the page."""
        self.qtbot.wait(1)

    def given(self, assessor):
        """Points of an assessor by number of the item."""
        numbers = {one.id: one.no for one in self.services.adoptions.items(self.adoption.id)}
        return {
            numbers[one.item_id]: one.points
            for one in self.services.entering.points(self.adoption.id)
            if one.assessor == assessor
        }


@pytest.fixture
def shown(tools, services, qtbot) -> Shown:
    return Shown(tools, services, qtbot)


@pytest.fixture
def counties(tools, world, qtbot):  # noqa: F811 - the fixture
    """S11 with five communities; one school's figures are still missing."""
    w = filled_county(world, leave=("西龙七校",))
    return Shown(tools, w.services, qtbot)


def assess(shown, name):
    """Begin as an assessor."""
    score = shown.page.view("score")
    score.show_mode("assessor")
    shown.settle()
    score.head.ask_assessor()
    commit = QInputMethodEvent()  # Chinese comes from an input method
    commit.setCommitString(name)
    QApplication.sendEvent(score.head.edit, commit)
    shown.keys("")
    score.tree.select("1.1")
    score.tree.focus_field()
    return score


TEN = {
    "1.1": "5", "1.2": "3", "1.3": "2.5", "1.4": "3", "2.1": "8", "2.2": "4", "2.3": "10",
    "3.1": "6.5", "3.2": "5", "3.3": "7",
}  # fmt: skip


# -- assessors -------------------------------------------------------------------------------


def test_an_assessor_gives_ten_points_by_the_keyboard(shown) -> None:
    score = assess(shown, "李明")
    for points in TEN.values():
        shown.keys(points)
    given = shown.given("李明")
    assert given == {no: Decimal(text) for no, text in TEN.items()}
    assert score.tree.number == "3.4"  # the cursor went on by itself
    assert score.head.total.text() == "李明合计 54 分"
    assert score.head.rest.text() == "已评 10 / 17 项"
    shown.window.undo()
    shown.qtbot.waitUntil(lambda: score.head.rest.text() == "已评 9 / 17 项")
    assert "3.3" not in shown.given("李明")
    assert score.tree.fields["3.3"].text() == ""


def test_too_many_points_stay_in_the_field_with_the_reason(shown) -> None:
    score = assess(shown, "李明")
    shown.keys("9")
    assert shown.given("李明") == {}
    assert score.complaint.text() == "“工作计划与总结”的得分不对。请填 0 到 6 之间的数。"
    assert score.tree.number == "1.1"
    assert score.tree.fields["1.1"].text() == "9"
    assert not shown.page.can_leave()
    score.tree.fields["1.1"].selectAll()
    shown.keys("6")
    assert shown.given("李明") == {"1.1": 6}
    assert score.complaint.isHidden()
    assert shown.page.can_leave()


def test_two_assessors_their_mean_and_how_far_they_are_apart(shown) -> None:
    score = assess(shown, "李明")
    shown.keys("6")
    score = assess(shown, "周 敏")
    assert score.tree.fields["1.1"].text() == ""
    shown.keys("4.5")
    score.tree.select("1.1")
    assert shown.given("周 敏") == {"1.1": Decimal("4.5")}
    assert "平均 5.25，相差 1.5" in score.item.others.text()
    score.item.comment.setFocus()
    shown.keys("12")
    assert "周 敏 4.5：12" in score.item.others.text()
    assert [score.head.assessors.itemText(n) for n in range(3)] == ["周 敏", "李明", "新评委…"]


# -- self-assessment -------------------------------------------------------------------------


def test_items_scored_by_hand_are_typed_in_place(shown) -> None:
    score = shown.page.view("score")
    assert list(score.tree.fields) == ["3.4", "5.1"]
    assert score.head.total.text() == "已知 0 / 100 分"
    assert score.head.rest.text() == "失 90 分，缺 2 项事实"
    score.tree.select("3.4")
    score.tree.focus_field()
    shown.keys("4")
    shown.keys("2")
    assert shown.given("") == {"3.4": 4, "5.1": 2}
    assert score.head.total.text() == "合计 6 / 100 分"
    score.tree.select("3.4")
    assert score.item.words.text() == "自评 4"


def test_nothing_can_be_changed_while_inspectors_look(shown, qtbot) -> None:
    score = shown.page.view("score")
    score.show_mode("inspect")
    assert score.tree.fields == {}
    assert score.item.add_button.isHidden()
    score.tree.select("2.1")
    qtbot.keyClick(score, Qt.Key.Key_F11)
    full = shown.window.findChild(FullScreen)
    assert full.view.tree.number == "2.1"
    assert full.view.tree.fields == {}
    qtbot.keyClick(full, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: not full.isVisible())


def test_a_file_dropped_on_an_item_brings_its_points(shown, tmp_path, qtbot) -> None:
    score = shown.page.view("score")
    shown.page.show_view("score:1.2")
    assert score.tree.number == "1.2"
    assert score.item.points.text() == "得分 0 / 3　没有材料"
    assert score.item.advice.topLevelItem(0).text(0) == "制度与分工：放入材料"
    paper = tmp_path / "章程.txt"
    paper.write_text("工作坊章程", encoding="utf-8")
    files = QMimeData()
    files.setUrls([QUrl.fromLocalFile(str(paper))])
    score.item.dropEvent(
        QDropEvent(
            QPointF(5, 5), Qt.DropAction.CopyAction, files, Qt.MouseButton.LeftButton,
            Qt.KeyboardModifier.NoModifier,
        )
    )  # fmt: skip
    qtbot.waitUntil(lambda: score.item.points.text() == "得分 3 / 3　满分")
    assert "章程" in score.item.proof.topLevelItem(0).text(0)
    score.item.proof.itemActivated.emit(score.item.proof.topLevelItem(0), 0)
    page, view = shown.went[-1]
    assert (page, view.startswith("record:evidence:")) == ("materials", True)


def test_advice_leads_to_where_the_piece_is_made(shown) -> None:
    score = shown.page.view("score")
    for no, place in (("2.1", ("activities", "lesson")), ("1.1", ("assessment", "missing"))):
        score.tree.select(no)
        score.item.mend.click()
        assert shown.went[-1] == place, no


def test_the_report_is_written_in_three_forms(shown, tmp_path) -> None:
    score = shown.page.view("score")
    score.write_report()
    dialog = score.findChild(ReportDialog)
    dialog.write(tmp_path / "自评报告")
    made = docx.Document(tmp_path / "自评报告.docx")
    assert made.paragraphs[0].text == "蒲城县小学数学名师工作坊自评报告"
    for button in dialog._forms.buttons():
        button.setChecked(True)
        dialog.write(tmp_path / f"报告{dialog.ending}")
    assert sorted(one.suffix for one in tmp_path.glob("报告*")) == [".docx", ".pdf", ".xlsx"]
    dialog._forms.buttons()[0].click()
    dialog.official.click()
    dialog.write(tmp_path / "公文")
    said = "\n".join(one.text for one in docx.Document(tmp_path / "公文.docx").paragraphs)
    assert "逐项作了自评" in said
    dialog._forms.buttons()[2].click()
    assert not dialog.official.isEnabled()


# -- results ---------------------------------------------------------------------------------


def test_results_of_five_communities_with_the_whole_way(counties) -> None:
    view = counties.page.view("results")
    view.show_view("results:unit")
    table = view.view
    texts = {
        table.model().index(row, 0).data(): [
            table.model().index(row, column).data() for column in range(1, 4)
        ]
        for row in range(table.model().rowCount())
    }
    assert texts["城南一校"][0] == "92.8"
    assert texts["西龙七校"][0] == "缺（已知 36）"
    titles = [table.model().headerData(n, Qt.Orientation.Horizontal) for n in range(6)]
    assert titles == [
        "单位",
        "成员学校考核得分",
        "排名范围",
        "名次",
        "成员学校等次",
        "督导评估得分",
    ]
    table.select([row.subject.id for row in view.shown.rows if row.subject.name == "城南一校"])
    steps = told(view.steps.tree)
    assert "成员学校考核得分：92.8" in steps
    assert "自主考核 95 × 0.4 = 38" in steps
    assert "集中考核（城南） 92 × 0.4 = 36.8" in steps


def test_the_seats_are_explained_and_a_tie_is_settled_by_hand(counties) -> None:
    services, adoption = counties.services, counties.adoption
    view = counties.page.view("results")
    seventh = next(
        row.subject for row in view.read.tables[0].rows if row.subject.name == "西龙七校"
    )
    for key, value in (("own", 78), ("inspection", 70)):
        services.entering.set_value(adoption.id, "input", key, seventh, value)
    counties.settle()
    view.show_view("results:unit")
    chosen = next(row.subject for row in view.shown.rows if row.subject.name == "汉阳二校")
    view.view.select([chosen.id])
    assert "成员学校等次：同分待定" in told(view.steps.tree)
    assert any("取整 1、1、1" in one for one in told(view.steps.tree))
    assert any("与汉阳三校同分" in one for one in told(view.steps.tree))
    best = next(one for one in view.steps.menu.actions() if one.text() == "成员学校等次：优秀")
    best.trigger()
    counties.qtbot.waitUntil(lambda: "成员学校等次：优秀" in told(view.steps.tree))
    given = services.standing.results(adoption.id).grades
    assert [one.name for one in given if one.subject.id == chosen.id] == ["优秀"]
    assert view.steps.name.text() == "汉阳二校"  # still chosen
    assert services.history.undo_label() == "填写成员学校等次"


def test_what_if_tells_what_would_change_and_keeps_nothing(counties) -> None:
    view = counties.page.view("results")
    view.show_view("results:unit")
    before = counties.services.entering.values(counties.adoption.id)
    step = counties.services.history.undo_step()
    view.view.select([row.subject.id for row in view.shown.rows if row.subject.name == "城北二校"])
    view.toggle_whatif()
    fields = {fact.key: field for fact, field in view.whatif.fields.items()}
    counties.qtbot.keyClicks(fields["own"], "100")
    counties.qtbot.waitUntil(lambda: view.whatif.changes.topLevelItemCount() > 0)
    changes = [
        [line.text(column) for column in range(4)]
        for line in map(view.whatif.changes.topLevelItem, range(1))
    ]
    # 36 + 38 + 16 = 90 becomes 40 + 38 + 16 = 94
    assert changes == [["城北二校", "成员学校考核得分", "90 分", "94 分"]]
    assert counties.services.entering.values(counties.adoption.id) == before
    assert counties.services.history.undo_step() == step
    view.whatif.clear()
    assert view.whatif.changes.topLevelItemCount() == 0


def test_results_are_sorted_and_exported(counties, tmp_path) -> None:
    view = counties.page.view("results")
    view.show_view("results:unit")
    model = view.view.model()
    model.sort(1, Qt.SortOrder.DescendingOrder)
    assert model.index(0, 0).data() == "城南一校"
    for ending in (".xlsx", ".docx", ".pdf"):
        view.export(tmp_path / f"结果{ending}")
    assert len(list(tmp_path.glob("结果.*"))) == 3


# -- typing results --------------------------------------------------------------------------


def place(entry, name, column):
    """Put the cursor into a cell by the name of its row and the beginning of its title."""
    sheet = entry.model.sheet
    row = next(n for n, one in enumerate(sheet.rows) if one.labels[0] == name)
    at = next(n for n, title in enumerate(sheet.columns) if title.startswith(column))
    index = entry.model.index(row, len(sheet.heads) + at)
    entry.table.setCurrentIndex(index)
    return index


def type_in(shown, entry, text):
    """Type into the current cell as on the keyboard, then Enter."""
    shown.qtbot.keyClicks(entry.table, text[:1])
    editor = entry.table.findChild(QLineEdit)
    shown.qtbot.keyClicks(editor, text[1:])
    shown.qtbot.keyClick(editor, ENTER)
    shown.qtbot.waitUntil(lambda: entry.table.state() != entry.table.State.EditingState)
    shown.settle()


def test_figures_are_typed_like_in_a_spreadsheet(counties) -> None:
    entry = counties.page.view("entry")
    index = place(entry, "西龙七校", "督导考核")
    assert index.data() == "缺"
    type_in(counties, entry, "70")
    assert entry.table.currentIndex().row() == index.row() + 1
    counties.qtbot.waitUntil(lambda: entry.rest.text() == "已填 41 / 42")
    assert index.data() == "70"
    place(entry, "西龙七校", "自主考核")
    type_in(counties, entry, "170")
    assert entry.line.text() == ""  # the cursor is a row further down …
    wrong = place(entry, "西龙七校", "自主考核")  # … and back again
    assert entry.line.text() == "“自主考核”的分数不对。请填 0 到 100 之间的数。"
    assert wrong.data() == "170"
    assert entry.rest.text() == "已填 41 / 42"


def test_a_block_from_excel_is_pasted_as_one_step(counties) -> None:
    entry = counties.page.view("entry")
    index = place(entry, "西龙六校", "督导考核")
    QGuiApplication.clipboard().setText("71\t81\r\n72\t182\r\n")
    counties.qtbot.keyClick(entry.table, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    counties.settle()
    below = entry.model.index(index.row() + 1, index.column())
    assert [index.data(), below.data()] == ["71", "72"]
    assert below.siblingAtColumn(index.column() + 1).data() == "182"
    assert len(entry.model.refused) == 1
    assert counties.services.history.undo_label() == "填写成绩 3 项"


def test_a_rank_is_a_whole_number(tools, world, qtbot) -> None:  # noqa: F811 - the fixture
    w = world("yijian-sannian", today="2026-08-01")
    w.school("城区一小", role="main")
    w.school("山区甲小", role="partner")
    shown = Shown(tools, w.services, qtbot)
    entry = shown.page.view("entry")
    index = place(entry, "山区甲小", "上年")
    type_in(shown, entry, "3.5")
    assert entry.model.refused[index.row(), index.column()][1] == (
        "“学年度考评综合排名”是名次。请填 1 或更大的整数。"
    )
    entry.table.setCurrentIndex(index)
    type_in(shown, entry, "12")
    assert entry.model.refused == {}
    kept = [(one.number, one.years_back) for one in w.services.entering.values(w.adoption)]
    assert kept == [(12, 1)]


def test_a_grade_is_chosen_from_its_names(counties) -> None:
    services, adoption = counties.services, counties.adoption
    with services.archive.uow.write("改方案") as session:
        row = session.get_one(SchemeAdoption, adoption.id)
        by_top = 'by = "top", tops = [{ name = "优秀", max = 2 }, { name = "良好" }]'
        row.source_text = row.source_text.replace(by_top, 'by = "hand", names = ["优秀", "良好"]')
    page = AssessmentPage(counties.window.tools, services, adoption)
    counties.qtbot.addWidget(page)
    entry = page.view("entry")
    entry.show_view("entry:grade:community")
    index = place(entry, "城北", "共同体等级")
    entry.table.edit(index)
    combo = entry.table.findChild(QComboBox)
    assert [combo.itemText(n) for n in range(combo.count())] == ["", "优秀", "良好"]
    combo.setCurrentText("优秀")
    entry.table.itemDelegate().setModelData(combo, entry.model, index)
    grades = services.standing.results(adoption.id).grades
    assert [(one.subject.name, one.name) for one in grades if one.name and one.by_hand] == [
        ("城北", "优秀")
    ]


# -- the page --------------------------------------------------------------------------------


def test_the_views_are_brought_by_keys_and_told_by_help(shown, qtbot) -> None:
    for number, key in enumerate(("missing", "progress", "score", "entry", "results"), start=1):
        qtbot.keyClick(
            shown.page, Qt.Key(Qt.Key.Key_0 + number), Qt.KeyboardModifier.ControlModifier
        )
        assert shown.page.current == key
    shown.page.view("score")
    qtbot.keyClick(shown.page, Qt.Key.Key_5, Qt.KeyboardModifier.ControlModifier)
    assert shown.page.current == "results"
    assert shown.page.help_text.startswith("结果")
    assert ("Alt+J", "假如…") in shown.page.keys
    shown.page.show_view("score:2.2")
    assert shown.page.view("score").tree.number == "2.2"


def told(tree):
    """Every line of a tree."""
    found, todo = [], [tree.topLevelItem(n) for n in range(tree.topLevelItemCount())]
    while todo:
        line = todo.pop(0)
        found.append(line.text(0))
        todo += [line.child(n) for n in range(line.childCount())]
    return found
