"""结果: everybody's scores, ranks and grades, with the whole way of the chosen one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QButtonGroup,
    QComboBox,
    QFileDialog,
    QHBoxLayout,
    QMenu,
    QPushButton,
    QSplitter,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from app.errors import AppError
from app.services.standing.result_table import result_tables
from app.ui.framework import tokens as t
from app.ui.framework.jobs import Job
from app.ui.framework.page import EmptyState
from app.ui.framework.table_view import TableView
from app.ui.framework.tables import ListSource, PagedTableModel
from app.ui.framework.theme import set_role
from app.ui.pages.assessment_columns import columns_of
from app.ui.pages.assessment_report import start_writing
from app.ui.pages.assessment_steps import StepsPanel
from app.ui.pages.assessment_waiting import waiting
from app.ui.pages.assessment_whatif import WhatIfPanel

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from app.bootstrap import Services
    from app.progress import Progress
    from app.services.adoption import AdoptionView
    from app.services.standing.figures import Fact
    from app.services.standing.grades import Given
    from app.services.standing.result_table import ResultRow, ResultTable
    from app.services.standing.roster import Subject
    from app.services.unit_of_work import Changes
    from app.ui.framework.page import Tools

_SPLIT = "assessment/results-split"
_FORMS = ((".xlsx", "Excel 表格…"), (".docx", "Word 文档…"), (".pdf", "PDF…"))


@dataclass(frozen=True, slots=True)
class Read:
    """What was read at once beside the window."""

    tables: tuple[ResultTable, ...]
    given: tuple[Given, ...]
    facts: tuple[Fact, ...]
    """The figures that the scores ask for."""


class ResultsView(QWidget):
    """A table for each kind of subject; at the right the steps, or what would be if."""

    help_text = (
        "结果：左边是所有对象的得分、名次和等次，点表头排序；右边一步一步说明选中的这一个怎样算出来。\n"
        "缺了数就写“缺”和缺什么，不会当作 0。同分跨等次要由人定的，点“评定等次”。\n"
        "“假如…”（Alt+J）试填别的数，看谁的得分、名次、等次会变，不保存。导出 Excel、Word 或 PDF。"
    )
    keys: tuple[tuple[str, str], ...] = (("Alt+J", "假如…"), ("Ctrl+E", "导出 Excel"))

    def __init__(
        self,
        tools: Tools,
        services: Services,
        adoption: AdoptionView,
        go: Callable[[str, str], None],
    ) -> None:
        super().__init__()
        self._tools, self._services, self._adoption, self._go = tools, services, adoption, go
        self._ticket = 0
        self._chosen = ""
        self.read: Read | None = None
        self._views: dict[tuple[str, ...], TableView[ResultRow]] = {}
        self._build()

    def _build(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, t.GAP_SMALL, 0, 0)
        column.setSpacing(t.GAP_SMALL)
        column.addLayout(self._build_head())
        theme = self._tools.theme
        self._tables = QStackedWidget()
        self._tables.setMinimumWidth(420)
        self.steps = StepsPanel(theme)
        self.steps.grade_wanted.connect(self._give_grade)
        self.whatif = WhatIfPanel(self._tools, self._services, self._adoption)
        self.whatif.closed.connect(self.toggle_whatif)
        self._side = QStackedWidget()
        self._side.setMinimumWidth(320)
        self._side.addWidget(self.steps)
        self._side.addWidget(self.whatif)
        self.split = QSplitter(Qt.Orientation.Horizontal)
        self.split.setChildrenCollapsible(False)
        self.split.setHandleWidth(t.GAP_SMALL)
        self.split.addWidget(self._tables)
        self.split.addWidget(self._side)
        self.split.setSizes(self._tools.settings.numbers(_SPLIT) or [680, 500])
        self.split.splitterMoved.connect(self._remember_split)
        nothing = EmptyState(
            theme, "clipboard-check",
            "采用的方案没有规定总成绩和等次。各项得分看“评分”，任务完成情况看“进度”。",
            "看进度", lambda: self._go("assessment", "progress"),
        )  # fmt: skip
        self._stack = QStackedWidget()
        self._stack.addWidget(waiting())
        self._stack.addWidget(self.split)
        self._stack.addWidget(nothing)
        column.addWidget(self._stack, 1)

    def _build_head(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(t.GAP_SMALL)
        self._kinds = QHBoxLayout()
        self._kinds.setSpacing(t.GAP_SMALL)
        self._buttons = QButtonGroup(self)
        self._buttons.setExclusive(True)
        self._buttons.buttonClicked.connect(self._on_kind)
        row.addLayout(self._kinds)
        row.addStretch(1)
        self.basis = QComboBox()
        self.basis.setAccessibleName("考核表得分按什么算")
        self.basis.addItem("考核表按档案算分", "archive")
        self.basis.addItem("考核表按评委打分", "assessors")
        self.basis.activated.connect(self._on_basis)
        row.addWidget(self.basis)
        theme = self._tools.theme
        self.whatif_button = QPushButton(theme.icon("circle-question-mark"), "假如…")
        self.whatif_button.setCheckable(True)
        self.whatif_button.setToolTip("试填别的数，看会变什么（Alt+J）")
        self.whatif_button.clicked.connect(self._show_side)
        row.addWidget(self.whatif_button)
        export = QPushButton(theme.icon("download"), "导出")
        menu = QMenu(export)
        for ending, words in _FORMS:
            action = menu.addAction(words)
            action.setData(ending)
            action.triggered.connect(self._on_export)
        export.setMenu(menu)
        row.addWidget(export)
        for keys, slot in (("Alt+J", self.toggle_whatif), ("Ctrl+E", self._export_excel)):
            shortcut = QShortcut(QKeySequence(keys), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(slot)
        return row

    # -- reading -----------------------------------------------------------------------------

    @property
    def assessed(self) -> bool:
        """Whether assessors' points go before those of the evidence."""
        return str(self.basis.currentData()) == "assessors"

    def refresh(self, _changes: Changes | None) -> None:
        """Reckon everything beside the window; only the latest answer counts."""
        self._ticket += 1
        ticket, assessed = self._ticket, self.assessed
        services, adoption_id = self._services, self._adoption.id

        def work(_progress: Progress) -> Read:
            from app.services.standing.asked import asked

            scheme = services.adoptions.scheme(adoption_id)
            results, facts = asked(services.standing, adoption_id, scheme, assessed=assessed)
            return Read(result_tables(scheme, results), results.grades, facts)

        def show(read: Read) -> None:
            if ticket == self._ticket:
                self.show_read(read)

        job = Job("查看结果", work, show, owner=self, database=False, quiet=True)
        self._tools.jobs.start(job)

    def show_read(self, read: Read) -> None:
        """Show what was reckoned."""
        self.read = read
        kinds: list[str] = [one.kind for one in read.tables]
        self._stack.setCurrentIndex(1 if read.tables else 2)
        if self._chosen not in kinds:
            graded = [one.kind for one in read.tables if one.grades]
            self._chosen = next(iter((*graded, *kinds)), "")
        for button in self._buttons.buttons():
            self._buttons.removeButton(button)
            self._kinds.removeWidget(button)
            button.deleteLater()
        for one in read.tables:
            button = QPushButton(f"{one.name} {len(one.rows)}")
            button.setCheckable(True)
            button.setChecked(one.kind == self._chosen)
            button.setProperty("kind", one.kind)
            set_role(button, "choice")
            self._buttons.addButton(button)
            self._kinds.addWidget(button)
        self.basis.setVisible(any(one.kind == "group" for one in read.facts))
        self._show_table()
        if self.whatif_button.isChecked():
            self.whatif.show_facts(read.facts, None)
            self.whatif.reckon()

    @property
    def shown(self) -> ResultTable | None:
        """The table in front."""
        tables = self.read.tables if self.read else ()
        return next((one for one in tables if one.kind == self._chosen), None)

    @property
    def view(self) -> TableView[ResultRow] | None:
        """The table on screen."""
        table = self.shown
        return None if table is None else self._views.get(table.keys)

    def _show_table(self) -> None:
        table = self.shown
        if table is None:
            self.steps.show_row(None, None, ())
            return
        key = table.keys
        if key not in self._views:
            model: PagedTableModel[ResultRow] = PagedTableModel(
                columns_of(table, self._tools.theme), lambda row: row.subject.id
            )
            made: TableView[ResultRow] = TableView(
                model, self._tools.settings, f"results/{table.kind}"
            )
            made.setAccessibleName(f"{table.name}的结果")
            made.chosen.connect(self._on_row)
            self._views[key] = made
            self._tables.addWidget(made)
        view = self._views[key]
        model_ = view.model()
        assert isinstance(model_, PagedTableModel)  # noqa: S101 - made above
        model_.set_source(ListSource(table.rows, lambda row: row.subject.id, model_.columns))
        self._tables.setCurrentWidget(view)
        self.setFocusProxy(view)
        if table.rows and not view.selectionModel().hasSelection():
            view.selectRow(0)
        self._show_steps()

    # -- choosing ----------------------------------------------------------------------------

    def _row(self) -> ResultRow | None:
        table, view = self.shown, self.view
        if table is None or view is None:
            return None
        chosen = view.selectionModel().selectedRows()
        model = view.model()
        if not chosen or not isinstance(model, PagedTableModel):
            return None
        found: ResultRow | None = model.row(chosen[0].row())
        return found

    def _subject(self) -> Subject | None:
        row = self._row()
        return None if row is None else row.subject

    @Slot(list)
    def _on_row(self, _ids: list[str]) -> None:
        self._show_steps()
        if self.whatif_button.isChecked() and self.read is not None:
            self.whatif.show_facts(self.read.facts, self._subject())

    def _show_steps(self) -> None:
        given = self.read.given if self.read else ()
        self.steps.show_row(self.shown, self._row(), given)

    @Slot(object)
    def _on_kind(self, button: QPushButton) -> None:
        self._chosen = str(button.property("kind"))
        self._show_table()

    @Slot()
    def _on_basis(self) -> None:
        self.whatif.assessed = self.assessed
        self.refresh(None)

    @Slot()
    def toggle_whatif(self) -> None:
        """Show what would be if …, or the steps again."""
        self.whatif_button.toggle()
        self._show_side()

    @Slot()
    def _show_side(self) -> None:
        on = self.whatif_button.isChecked()
        self._side.setCurrentIndex(int(on))
        if on and self.read is not None:
            self.whatif.show_facts(self.read.facts, self._subject())
            self.whatif.focus_first()

    def show_view(self, view: str) -> None:
        """``results:<kind>`` brings the table of that kind of subject to the front."""
        kind = view.partition(":")[2]
        if kind:
            self._chosen = kind
            if self.read is not None:
                self.show_read(self.read)

    @Slot(str, str)
    def _give_grade(self, key: str, name: str) -> None:
        row = self._row()
        if row is None:
            return
        try:
            self._services.entering.set_value(
                self._adoption.id, "grade", key, row.subject, name or None
            )
        except AppError as error:
            self._tools.errors.show_error(error)

    @Slot()
    def _remember_split(self) -> None:
        self._tools.settings.set(_SPLIT, self.split.sizes())

    # -- writing -----------------------------------------------------------------------------

    @Slot()
    def _on_export(self) -> None:
        sender = self.sender()
        self._choose(str(sender.data()))  # type: ignore[attr-defined]  # an action of the menu

    @Slot()
    def _export_excel(self) -> None:
        self._choose(".xlsx")

    def _choose(self, ending: str) -> None:
        from pathlib import Path

        name = f"{self._adoption.community_name}{self._adoption.period}考核结果{ending}"
        chosen, _kind = QFileDialog.getSaveFileName(
            self, "导出结果", str(Path.home() / name), f"*{ending}"
        )
        if chosen:
            target = Path(chosen)
            self.export(
                target
                if target.suffix.lower() == ending
                else target.with_name(target.name + ending)
            )

    def export(self, target: Path) -> None:
        """Write all tables in the form that the file name asks for."""
        read = self.read
        if read is None:
            return
        title = f"{self._adoption.community_name} {self._adoption.period}考核结果"
        clock = self._services.archive.uow.context.clock

        def work(_progress: Progress) -> Path:
            from app.services.documents.writing import write
            from app.services.reports import results

            if target.suffix.lower() == ".xlsx":
                results.write_excel(read.tables, title, target)
            else:
                write(results.document(read.tables, title), target, clock())
            return target

        start_writing(self._tools, "导出结果", work, self)
