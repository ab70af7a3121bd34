"""个人档案: all that one person did, by kind and by term; to look at, copy and export."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QSignalBlocker, QSize, QStandardPaths, Qt, Signal, Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from app.services.evidence.names import stored_name
from app.services.people.personal import TITLES
from app.services.people.personal_output import figures
from app.ui.framework import tokens as t
from app.ui.framework.jobs import Job
from app.ui.framework.lists import ID, fit, item, plain_list
from app.ui.framework.theme import set_role, tabular

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.bootstrap import Services
    from app.progress import Progress
    from app.services.adoption import AdoptionView
    from app.services.people.personal import PersonalFile, Section
    from app.services.unit_of_work import Changes
    from app.ui.framework.page import Tools

_KIND = int(ID) + 1
_MOST_TERMS = 5
"""Rows of figures that are seen without scrolling."""


class PersonalView(QWidget):
    """Facts and figures above, the kinds of things at the left, what was done at the right."""

    opened = Signal(str, str)
    """Kind and id of the record whose line was entered or double-clicked."""
    left = Signal()
    """It goes on on another page."""

    def __init__(
        self,
        tools: Tools,
        services: Services,
        adoption: AdoptionView,
        person_id: str,
        *,
        go: Callable[[str, str], None] | None = None,
        printing: Callable[[str], None] | None = None,
        parent: QWidget | None = None,
    ) -> None:
        """``go`` is called with kind and id when a line is opened, as the signal is sent.

        ``printing`` leads to the printed file of the person.
        """
        super().__init__(parent)
        self._printing = printing
        self._tools, self._services = tools, services
        self._person_id = person_id
        self._go = go
        self.file: PersonalFile | None = None
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(t.GAP_SMALL)
        column.addLayout(self._make_head(adoption.year))
        self.facts = QLabel()
        self.facts.setTextFormat(Qt.TextFormat.PlainText)
        self.facts.setWordWrap(True)
        self.facts.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        column.addWidget(self.facts)
        self.totals = plain_list("各学期合计", *(title for _name, title in TITLES))
        self.totals.setFont(tabular(self.totals.font()))
        self.totals.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.totals.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.totals.setSelectionMode(QTreeWidget.SelectionMode.NoSelection)
        column.addWidget(self.totals)
        column.addLayout(self._make_body(), 1)
        self.refresh(None)

    def _make_head(self, year: int) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(t.GAP_SMALL)
        self.title = QLabel()
        self.title.setTextFormat(Qt.TextFormat.PlainText)
        set_role(self.title, "title")
        row.addWidget(self.title)
        self.year = QComboBox()
        self.year.setAccessibleName("学年")
        self.year.addItem("全部学年", None)
        for one in self._services.people.years():
            self.year.addItem(f"{one}—{one + 1}学年", one)
        self.year.setCurrentIndex(max(self.year.findData(year), 0))
        self.year.activated.connect(self._reload)
        row.addWidget(self.year)
        row.addStretch(1)
        self.copy_button = self._button("复制文字", "copy", self.copy)
        self.export_button = self._button("导出 Excel…", "file-spreadsheet", self._choose_target)
        row.addWidget(self.copy_button)
        row.addWidget(self.export_button)
        self.print_button = self._button("打印…", "printer", self._print)
        row.addWidget(self.print_button)
        self.print_button.setVisible(self._printing is not None)
        return row

    def _button(self, text: str, icon: str, slot: Callable[[], None]) -> QPushButton:
        made = QPushButton(self._tools.theme.icon(icon), text)
        made.setAutoDefault(False)
        made.setEnabled(False)
        made.clicked.connect(slot)
        return made

    def _make_body(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(t.GAP)
        self.sections = QListWidget()
        self.sections.setAccessibleName("档案的各部分")
        self.sections.setFixedWidth(168)
        self.sections.currentRowChanged.connect(self._show_section)
        row.addWidget(self.sections)
        self.lines = plain_list("做过的事", "")
        self.lines.itemActivated.connect(self._open)
        row.addWidget(self.lines, 1)
        self.setFocusProxy(self.sections)
        return row

    def show_person(self, person_id: str) -> None:
        """Show somebody else."""
        self._person_id = person_id
        self._reload()

    def refresh(self, changes: Changes | None) -> None:
        """Records changed (None: anything may have): read the file anew."""
        if changes is None or not set(changes.ids) <= {"setting", "box", "box_item"}:
            self._reload()

    @Slot()
    def _reload(self) -> None:
        people, wanted, year = self._services.people, self._person_id, self.year.currentData()

        def work(_progress: Progress) -> PersonalFile:
            return people.personal(wanted, year)

        def show(file: PersonalFile) -> None:
            if (wanted, year) == (self._person_id, self.year.currentData()):
                self._show(file)

        self._tools.jobs.start(
            Job("读取个人档案", work, show, owner=self, database=False, quiet=True)
        )

    def _show(self, file: PersonalFile) -> None:
        self.file = file
        self.title.setText(file.name)
        self.facts.setText("　".join(f"{label}：{value}" for label, value in file.facts))
        self.totals.clear()
        shown = [figures(one) for one in file.totals]
        for cells in shown:
            line = item("", cells)
            for number in range(1, len(TITLES)):
                line.setTextAlignment(
                    number, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
                )
            self.totals.addTopLevelItem(line)
        fit(self.totals, gap=0)
        for number in range(1, len(TITLES)):
            self.totals.setColumnHidden(number, not any(cells[number] for cells in shown))
        rows = min(len(file.totals), _MOST_TERMS)
        self.totals.setFixedHeight((rows + 1) * t.ROW_HEIGHT + 4)
        self._list_sections(file)
        for button in (self.copy_button, self.export_button, self.print_button):
            button.setEnabled(True)

    def _list_sections(self, file: PersonalFile) -> None:
        """The section that was looked at stays; at first it is the first with something in it."""
        filled = [number for number, one in enumerate(file.sections) if one.lines]
        row = self.sections.currentRow()
        if row < 0:
            row = next(iter(filled), 0)
        with QSignalBlocker(self.sections):
            self.sections.clear()
            for section in file.sections:
                count = len(section.lines)
                line = QListWidgetItem(f"{section.title}　{count}" if count else section.title)
                line.setSizeHint(QSize(0, t.ROW_HEIGHT))
                if not count:
                    line.setForeground(self._tools.theme.color("text_muted"))
                self.sections.addItem(line)
            self.sections.setCurrentRow(row)
        self._show_section(row)

    @Slot(int)
    def _show_section(self, number: int) -> None:
        if self.file is None or number < 0:
            return
        section: Section = self.file.sections[number]
        self.lines.clear()
        self.lines.setColumnCount(len(section.columns))
        self.lines.setHeaderLabels(section.columns)
        self.lines.setAccessibleName(section.title)
        for one in section.lines:
            line = item(one.id, one.cells)
            line.setData(0, _KIND, one.kind)
            self.lines.addTopLevelItem(line)
        if not section.lines:
            empty = item("", (f"{self.file.period}没有{section.title}记录。",))
            empty.setFlags(Qt.ItemFlag.NoItemFlags)
            self.lines.addTopLevelItem(empty)
            empty.setFirstColumnSpanned(True)
            return
        fit(self.lines)

    @Slot(QTreeWidgetItem, int)
    def _open(self, line: QTreeWidgetItem, _column: int) -> None:
        kind, record_id = line.data(0, _KIND), line.data(0, ID)
        if not kind:
            return
        self.opened.emit(kind, record_id)
        if self._go is not None:
            self._go(kind, record_id)

    @Slot()
    def copy(self) -> None:
        """The whole file as text to the clipboard."""
        if self.file is not None:
            QGuiApplication.clipboard().setText(self._services.people.personal_text(self.file))
            self._tools.messages.say(f"已复制“{self.file.name}”的个人档案，可以粘贴到文档里。")

    @Slot()
    def _print(self) -> None:
        if self._printing is not None:
            self.left.emit()
            self._printing(self._person_id)

    @Slot()
    def _choose_target(self) -> None:
        if self.file is None:
            return
        place = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
        name = stored_name(f"{self.file.name}-个人档案-{self.file.period}", ".xlsx")
        chosen, _kind = QFileDialog.getSaveFileName(
            self, "把个人档案存成", str(Path(place) / name), "Excel 工作簿 (*.xlsx)"
        )
        if chosen:
            self.export(Path(chosen).with_suffix(".xlsx"))

    def export(self, target: Path) -> None:
        """Write the file as a workbook, beside the window's work."""
        file, people = self.file, self._services.people
        if file is None:
            return

        def work(_progress: Progress) -> Path:
            people.export_personal(file, target)
            return target

        def done(written: Path) -> None:
            self._tools.messages.say(f"个人档案已存好：{written}")

        self._tools.jobs.start(
            Job(
                "导出个人档案", work, done, owner=self, database=False,
                done_text=lambda written: f"已存好：{written.name}",
                folder=lambda written: written.parent,
            )
        )  # fmt: skip


class PersonalDialog(QDialog):
    """The personal file in a window of its own; opening a line closes it."""

    def __init__(
        self,
        tools: Tools,
        services: Services,
        adoption: AdoptionView,
        person_id: str,
        *,
        go: Callable[[str, str], None] | None = None,
        printing: Callable[[str], None] | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle("个人档案")
        self.resize(1120, 640)
        column = QVBoxLayout(self)
        column.setContentsMargins(t.GAP_LARGE, t.GAP_LARGE, t.GAP_LARGE, t.GAP_LARGE)
        column.setSpacing(t.GAP)
        self.view = PersonalView(tools, services, adoption, person_id, go=go, printing=printing)
        self.view.left.connect(self.accept)
        if go is not None:
            self.view.opened.connect(self.accept)
        column.addWidget(self.view, 1)
        row = QHBoxLayout()
        row.addStretch(1)
        close = QPushButton("关闭")
        close.setAutoDefault(False)
        close.clicked.connect(self.accept)
        row.addWidget(close)
        column.addLayout(row)
