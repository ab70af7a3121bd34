"""进度 in the real window: the worst first, narrowed by what is chosen, each line leads on."""

from datetime import date
from decimal import Decimal

import pytest
from openpyxl import load_workbook
from PySide6.QtCore import QCoreApplication, QEvent, Qt

from app.services.standing.periods import Span
from app.services.standing.records import QuotaLine
from app.services.standing.roster import Subject
from app.ui.framework.page import Page, PageSpec
from app.ui.main_window import MainWindow
from app.ui.pages import progress_lines as lines
from app.ui.pages.progress import ProgressView
from tests.services.standing.conftest import archives, world  # noqa: F401 - fixtures

_SPRING = Span("第二学期", date(2026, 2, 15), date(2026, 8, 31))


class Host(Page):
    """A page with nothing but the progress."""

    def __init__(self, tools, view):
        super().__init__(tools, "考核")
        self.set_content(view)
        self.set_start(view)
        self.view = view

    def refresh(self, changes):
        self.view.refresh(changes)


@pytest.fixture
def school(world):  # noqa: F811
    """Observations are asked of everybody each term: 甲 did all, 乙 some, 丙 none."""
    made = world("huawu-primary", today="2026-05-10")
    made.school("花坞小学", role="school")
    made.school("分校", role="school")
    for name, where in (("甲", "花坞小学"), ("乙", "花坞小学"), ("丙", "分校")):
        made.person(name, school=where, joined="1995-09", role="class-teacher")
    for number in range(10):
        lesson = made.lesson("丙", f"2026-04-{number + 1:02}")
        made.observe("甲", lesson, on=f"2026-04-{number + 1:02}")
        if number < 3:
            made.observe("乙", lesson, on=f"2026-04-{number + 1:02}")
    return made


@pytest.fixture
def went():
    return []


@pytest.fixture
def window(qtbot, tools, school, went):
    services = school.services
    shell = MainWindow(tools)
    qtbot.addWidget(shell)
    services.archive.uow.subscribe(shell.committed.emit)
    adoption = services.adoptions.current()
    made = ProgressView(tools, services, adoption, lambda *to: went.append(to))
    spec = PageSpec("assessment", "考核", "clipboard-check", lambda: Host(tools, made))
    shell.show_archive(services, [spec])
    shell.resize(1366, 768)
    shell.show()
    qtbot.waitUntil(made.table.isVisible)
    made.show_view("progress:observe")
    return shell


@pytest.fixture
def view(window):
    return window.page.view


def _shown(view, key):
    QCoreApplication.sendPostedEvents(view.window(), QEvent.Type.MetaCall)  # what was committed
    column = next(n for n, one in enumerate(view.model.columns) if one.key == key)
    return [view.model.index(n, column).data() for n in range(view.model.rowCount())]


def _pick(view, name, words):
    box = view.filters[name]
    box.setCurrentIndex(box.findText(words))
    box.activated.emit(box.currentIndex())


def test_the_present_period_is_shown_the_worst_first(view) -> None:
    assert _shown(view, "who") == ["丙", "乙", "甲"]
    assert _shown(view, "status") == ["落后", "落后", "已完成"]
    assert _shown(view, "done") == ["0 / 10 节", "3 / 10 节", "10 / 10 节"]
    assert _shown(view, "outlook")[1] == "学期末差 4 节"
    assert set(_shown(view, "period")) == {"第二学期"}
    assert view.heading.text() == "共 3 条：2 条落后，1 条已完成"


def test_filters_narrow_by_status_school_period_and_words(view, qtbot) -> None:
    _pick(view, "status", "已完成")
    assert _shown(view, "who") == ["甲"]
    _pick(view, "status", "全部状态")
    _pick(view, "school", "分校")
    assert _shown(view, "who") == ["丙"]
    _pick(view, "school", "全部单位")
    _pick(view, "period", "第一学期")
    assert set(_shown(view, "status")) == {"未完成"}
    _pick(view, "period", "现在")
    view.words.setText("乙")
    qtbot.keyClick(view.words, Qt.Key.Key_Return)
    assert _shown(view, "who") == ["乙"]
    view.words.setText("没有此人")
    qtbot.keyClick(view.words, Qt.Key.Key_Return)
    assert view.empty.isVisible()


def test_the_line_shows_its_months_and_enter_opens_the_person(view, qtbot, school, went) -> None:
    view.table.selectRow(2)
    assert "甲" in view.side.chart_title.text()
    assert "2026-04 10" in view.side.chart.accessibleDescription()
    qtbot.keyClick(view.table, Qt.Key.Key_Return)
    assert went == [("members", f"record:person:{school._id('person', '甲')}")]


def test_a_new_record_moves_the_bar_and_the_cursor_stays(view, school) -> None:
    view.table.selectRow(1)
    lesson = school.lesson("甲", "2026-04-20")
    school.observe("乙", lesson, on="2026-04-20")
    assert _shown(view, "done")[1] == "4 / 10 节"
    assert view.chosen()[0].line.subject.name == "乙"


def test_the_table_goes_to_excel_as_figures(view, tmp_path) -> None:
    view.export(tmp_path / "进度.xlsx")
    rows = list(load_workbook(tmp_path / "进度.xlsx").active.values)
    assert rows[0][:4] == ("状态", "谁", "单位", "任务")
    assert [row[1:7] for row in rows[1:]] == [
        ("丙", "分校", "听课", "第二学期", 0, 10),
        ("乙", "花坞小学", "听课", "第二学期", 3, 10),
        ("甲", "花坞小学", "听课", "第二学期", 10, 10),
    ]


def test_milestones_and_deadlines_stand_beside(world, tools, qtbot, went) -> None:  # noqa: F811
    made = world("shiling-boda", today="2025-06-10")
    services = made.services
    view = ProgressView(
        tools, services, services.adoptions.current(), lambda *to: went.append(to)
    )  # fmt: skip
    qtbot.addWidget(view)
    view.refresh(None)
    view.show()
    told = [view.side.milestones.item(n).text() for n in range(view.side.milestones.count())]
    assert len(told) == 4
    assert told[0].startswith("结对帮扶进度：没有达到\n03-31　应 40%，实 0%")
    assert "还没到" in told[1]
    first = view.side.deadlines.item(0)
    assert "还剩 82 天" in first.text()
    view.side.deadlines.itemActivated.emit(first)
    assert went == [("members", f"record:community:{made.community}")]


def _line(done, required, *, most=None, words=""):
    return QuotaLine(
        "q", "听课", Subject("person", "1", "甲"), _SPRING, Decimal(done),
        None if required is None else Decimal(required), "behind", words,
        at_most=None if most is None else Decimal(most), unit="节",
    )  # fmt: skip


def test_figures_of_lines_in_words() -> None:
    assert lines.figures(_line("2.5", 10)) == "2.5 / 10 节"
    assert lines.figures(_line(3, None, most=5)) == "3，最多 5 节"
    assert lines.figures(_line(3, None)) == "3 节"
    assert lines.share(_line(12, 10)) == 1.0
    assert lines.share(_line(0, 0)) == 1.0
    assert lines.share(_line(1, None, most=4)) == 0.25
    assert (
        lines.outlook(_line(0, 5, words="已完成 0 / 5 节，第一学期还没有开始"))
        == "第一学期还没有开始"
    )
