"""进度: how far everybody is with every quota, what to expect, and what is due when."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QSignalBlocker, QStandardPaths, Qt, QTimer, Slot
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QComboBox,
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QSizePolicy,
    QSplitter,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from app.services.standing.quotas import plain
from app.ui.framework import tokens as t
from app.ui.framework.jobs import Job
from app.ui.framework.keys import press_by
from app.ui.framework.page import EmptyState
from app.ui.framework.table_view import TableView
from app.ui.framework.tables import ListSource, PagedTableModel
from app.ui.framework.theme import set_role
from app.ui.pages.progress_lines import (
    EVERY,
    NOW,
    STATUSES,
    Row,
    Wanted,
    counted,
    narrowed,
    outlook,
)
from app.ui.pages.progress_side import ProgressSide
from app.ui.pages.progress_table import BarDelegate, columns

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from decimal import Decimal

    from app.bootstrap import Services
    from app.progress import Progress
    from app.services.adoption import AdoptionView
    from app.services.standing.records import QuotaLine
    from app.services.standing.views import ProgressView as Standings
    from app.services.unit_of_work import Changes
    from app.ui.framework.page import Tools

_TYPING_MS = 250
_FOLDER = "progress/folder"
_PLACES = {
    "person": ("members", "person"), "unit": ("members", "school"),
    "community": ("members", "community"), "group": ("members", "community"),
    "pair": ("members", "mentor_pair"), "activity": ("activities", "activity"),
    "lesson": ("activities", "lesson"),
}  # fmt: skip
"""Page and kind of the record behind each kind of subject."""
_EXPORTED = (
    ("状态", 80), ("谁", 100), ("单位", 180), ("任务", 200), ("时段", 110), ("完成", 70),
    ("应完成", 70), ("最多", 70), ("量词", 60), ("预计", 260),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Read:
    """What was read together."""

    standings: Standings
    rows: tuple[Row, ...]


def _nothing(read: _Read) -> str:
    """Why no line is shown, and what to do about it."""
    if read.rows:
        return "没有符合条件的任务，请改一改上面的筛选。"
    quotas = read.standings.quotas
    if quotas:
        return f"方案有 {quotas} 项任务指标，现在还没有人适用：请先登记单位、人员和任职。"
    return "采用的方案没有规定要完成多少次、多少节；有了会自动列在这里。"


class ProgressView(QWidget):
    """The progress of one adopted scheme."""

    help_text = (
        "进度：每人、每单位的每项任务做了多少、应做多少，按目前进度能不能完成；最要紧的在最上面。\n"
        "上面按任务、状态、单位、时段筛选；点列名排序。右边是所选一条各月的数量、达标节点和到期日程。\n"
        "回车打开这个人或单位；Ctrl+E 把表存成 Excel。"
    )
    keys: tuple[tuple[str, str], ...] = (
        ("回车", "打开这个人或单位"), ("Ctrl+F", "查找"), ("Ctrl+E", "存成 Excel"),
    )  # fmt: skip

    def __init__(
        self,
        tools: Tools,
        services: Services,
        adoption: AdoptionView,
        go: Callable[[str, str], None],
    ) -> None:
        super().__init__()
        self._tools, self._services = tools, services
        self._adoption, self._go = adoption, go
        self._today = services.handing.today
        self._loads = self._trends = 0
        self._read: _Read | None = None
        self._wanted = Wanted()
        self.rows: list[Row] = []
        self._typing = QTimer(self)
        self._typing.setSingleShot(True)
        self._typing.setInterval(_TYPING_MS)
        self._typing.timeout.connect(self._narrow)
        self._build()
        self.setFocusProxy(self.table)

    # -- building ----------------------------------------------------------------------------

    def _build(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, t.GAP_SMALL, 0, 0)
        column.setSpacing(t.GAP_SMALL)
        column.addLayout(self._head())
        column.addLayout(self._filters())
        self._make_table()
        self.side = ProgressSide(self._tools.theme)
        self.side.opened.connect(self.show_place)
        self.empty = EmptyState(self._tools.theme, "list-checks", "")
        self.body = QStackedWidget()
        self.body.addWidget(self.table)
        self.body.addWidget(self.empty)
        split = QSplitter(Qt.Orientation.Horizontal)
        split.setChildrenCollapsible(False)
        split.addWidget(self.body)
        split.addWidget(self.side)
        split.setSizes([896, 250])
        split.setStretchFactor(0, 1)
        column.addWidget(split, 1)

    def _head(self) -> QHBoxLayout:
        row = QHBoxLayout()
        self.heading = QLabel("正在统计…")
        self.heading.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        set_role(self.heading, "heading")
        row.addWidget(self.heading, 1)
        self.export_button = QPushButton(self._tools.theme.icon("file-spreadsheet"), "存成 Excel…")
        press_by(self.export_button, "Ctrl+E")
        self.export_button.setToolTip("存成 Excel（Ctrl+E）")
        self.export_button.clicked.connect(self._choose_target)
        row.addWidget(self.export_button)
        return row

    def _filters(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(t.GAP_SMALL)
        self.filters: dict[str, QComboBox] = {}
        for name, words in (
            ("quota", "任务"), ("status", "状态"), ("school", "单位"), ("period", "时段"),
        ):  # fmt: skip
            box = self.filters[name] = QComboBox()
            box.setAccessibleName(words)
            box.setMaximumWidth(180)
            box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
            box.activated.connect(self._narrow)
            row.addWidget(box)
        self.words = QLineEdit()
        self.words.setPlaceholderText("查找人名、单位（Ctrl+F）")
        self.words.setAccessibleName("在进度里查找")
        self.words.setClearButtonEnabled(True)
        self.words.textChanged.connect(self._typing.start)
        self.words.returnPressed.connect(self._narrow_now)
        row.addWidget(self.words, 1)
        find = QShortcut(QKeySequence.StandardKey.Find, self)
        find.activated.connect(self._find)
        return row

    def _make_table(self) -> None:
        self.model: PagedTableModel[Row] = PagedTableModel(
            columns(self._tools.theme), lambda one: one.id
        )
        self.table: TableView[Row] = TableView(self.model, self._tools.settings, "progress")
        self.table.setAccessibleName("任务进度")
        bars = next(n for n, one in enumerate(self.model.columns) if one.key == "done")
        self.table.setItemDelegateForColumn(bars, BarDelegate(self._tools.theme, self.table))
        self.table.horizontalHeader().setStretchLastSection(True)
        self.table.chosen.connect(self._show_trend)
        self.table.opened.connect(self._open)

    # -- loading -----------------------------------------------------------------------------

    def refresh(self, changes: Changes | None) -> None:
        """Records changed (None: anything may have): the lines are made anew in the background."""
        del changes  # what a change touches is known to the service, which reckons only that
        self._loads += 1
        number = self._loads
        standing, adoption_id = self._services.standing, self._adoption.id
        self._today = self._services.handing.today

        def work(_progress: Progress) -> _Read:
            found = standing.progress(adoption_id)
            homes = standing.homes(adoption_id)
            rows = tuple(Row(line, homes.get(line.subject.id, "")) for line in found.lines)
            return _Read(found, rows)

        def done(read: _Read) -> None:
            if number == self._loads:
                self._show(read)

        self._tools.jobs.start(Job("统计进度", work, done, owner=self, database=False, quiet=True))

    def show_view(self, view: str) -> None:
        """Show the lines of one quota, by its key (``progress:<key>``); empty: all that run now."""
        key = view.rpartition(":")[2]
        self.words.clear()
        self._typing.stop()
        self._wanted = Wanted(quota="" if key == "progress" else key)
        if self._read is not None:
            self._show(self._read)

    def _show(self, read: _Read) -> None:
        self._read = read
        lines = read.standings.lines
        quotas = {line.quota: line.name for line in reversed(lines)}
        if self._wanted.quota not in quotas:
            self._wanted = replace(self._wanted, quota="")
        if self._wanted.period == NOW and not any(one.span.holds(self._today) for one in lines):
            self._wanted = replace(self._wanted, period=EVERY)
        spans = sorted({(line.span.starts, line.span.name) for line in lines})
        schools = sorted({row.school for row in read.rows if row.school})
        self._offer("quota", "全部任务", reversed(quotas.items()))
        self._offer("status", "全部状态", ((key, one[2]) for key, one in STATUSES.items()))
        self._offer("school", "全部单位", ((name, name) for name in schools))
        self._offer("period", "全部时段", [(NOW, "现在"), *((name, name) for _day, name in spans)])
        self.filters["school"].setVisible(bool(schools))
        column = next(n for n, one in enumerate(self.model.columns) if one.key == "school")
        self.table.setColumnHidden(column, not schools)
        self.side.show_standings(read.standings, self._today)
        self._show_rows()

    def _offer(self, name: str, every: str, choices: Iterable[tuple[str, str]]) -> None:
        """The choices of a filter, of which the present one stays."""
        box = self.filters[name]
        with QSignalBlocker(box):
            box.clear()
            box.addItem(every, "")
            for key, words in choices:
                box.addItem(words, key)
            box.setCurrentIndex(max(0, box.findData(getattr(self._wanted, name))))

    def _show_rows(self) -> None:
        """The wanted lines; the cursor and what is in view stay where they are."""
        if self._read is None:
            return
        self.rows = narrowed(self._read.rows, self._wanted, self._today)
        self.heading.setText(counted(self.rows))
        place = self.table.verticalScrollBar().value()
        self.model.set_source(ListSource(self.rows, lambda one: one.id, self.model.columns))
        if self.rows and not self.table.selected_count():
            self.table.selectRow(0)
        self.table.verticalScrollBar().setValue(place)
        self.export_button.setEnabled(bool(self.rows))
        self.body.setCurrentIndex(0 if self.rows else 1)
        self.empty.words.setText(_nothing(self._read))
        self._show_trend()

    @Slot()
    def _show_trend(self) -> None:
        """The months of the current line, asked for beside the window."""
        row = next(iter(self.chosen()), None)
        self._trends += 1
        number = self._trends
        if row is None:
            self.side.show_trend(None, ())
            return
        standing, adoption_id = self._services.standing, self._adoption.id

        def work(_progress: Progress) -> tuple[tuple[str, Decimal], ...]:
            return standing.trend(adoption_id, row.line)

        def done(months: tuple[tuple[str, Decimal], ...]) -> None:
            if number == self._trends:
                self.side.show_trend(row.line, months)

        self._tools.jobs.start(Job("每月数量", work, done, owner=self, database=False, quiet=True))

    # -- narrowing ---------------------------------------------------------------------------

    @Slot()
    def _narrow(self) -> None:
        chosen = {name: box.currentData() or "" for name, box in self.filters.items()}
        self._wanted = Wanted(**chosen, words=self.words.text().strip())
        self._show_rows()

    @Slot()
    def _narrow_now(self) -> None:
        self._typing.stop()
        self._narrow()
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)

    @Slot()
    def _find(self) -> None:
        self.words.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.words.selectAll()

    # -- acting ------------------------------------------------------------------------------

    def chosen(self) -> list[Row]:
        """The selected lines, the current one first."""
        found = {row.id: row for row in self.rows}
        return [found[id_] for id_ in self.table.selected_ids() if id_ in found]

    @Slot(str)
    def _open(self, row_id: str) -> None:
        row = next((row for row in self.rows if row.id == row_id), None)
        if row is not None:
            self.show_place(row.line.subject.kind, row.line.subject.id)

    @Slot(str, str)
    def show_place(self, kind: str, record_id: str) -> None:
        """Go to a person, a school, a community."""
        if kind in _PLACES:
            page, record = _PLACES[kind]
            self._go(page, f"record:{record}:{record_id}")

    @Slot()
    def _choose_target(self) -> None:
        place = self._tools.settings.text(
            _FOLDER,
            QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation),
        )
        name = f"任务进度-{self._today}.xlsx"
        chosen, _kind = QFileDialog.getSaveFileName(
            self, "把进度表存成", str(Path(place) / name), "Excel 工作簿 (*.xlsx)"
        )
        if chosen:
            self._tools.settings.set(_FOLDER, str(Path(chosen).parent))
            self.export(Path(chosen).with_suffix(".xlsx"))

    def export(self, target: Path) -> None:
        """Write the lines shown as a workbook."""
        rows = list(self.rows)

        def work(progress: Progress) -> Path:
            from app.services.workbook import write_table

            told = (_exported(row) for row in rows)
            write_table(target, "任务进度", _EXPORTED, told, total=len(rows), progress=progress)
            return target

        def done(written: Path) -> None:
            self._tools.messages.say(f"进度表已存好：{written}")

        self._tools.jobs.start(
            Job(
                "导出进度", work, done, owner=self, database=False,
                done_text=lambda written: f"已存好：{written.name}",
                folder=lambda written: written.parent,
            )
        )  # fmt: skip


def _exported(row: Row) -> tuple[object, ...]:
    line: QuotaLine = row.line
    return (
        STATUSES[line.status][2], line.subject.name, row.school, line.name, line.span.name,
        _figure(line.done), _figure(line.required), _figure(line.at_most), line.unit, outlook(line),
    )  # fmt: skip


def _figure(number: Decimal | None) -> float | int | None:
    if number is None:
        return None
    return int(number) if plain(number).lstrip("-").isdecimal() else float(number)
