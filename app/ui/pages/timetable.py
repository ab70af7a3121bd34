"""同步课表: the synchronous lessons of a week or a term as one table, to print and to hand on."""

from __future__ import annotations

from datetime import timedelta
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, QRect, QSize, Qt, Signal, Slot
from PySide6.QtGui import QAction, QGuiApplication, QKeySequence
from PySide6.QtWidgets import (
    QAbstractItemView,
    QButtonGroup,
    QComboBox,
    QFileDialog,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QPushButton,
    QStackedWidget,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableWidget,
    QTableWidgetItem,
    QToolButton,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from app.errors import AppError
from app.ui.framework import tokens as t
from app.ui.framework.jobs import Job
from app.ui.framework.page import EmptyState
from app.ui.framework.theme import set_role, set_style_property
from app.ui.pages import calendar_layout as layout

if TYPE_CHECKING:
    from datetime import date

    from PySide6.QtGui import QTextDocument

    from app.bootstrap import Services
    from app.progress import Progress
    from app.services.activities.timetable import Timetable
    from app.ui.framework.page import Tools

_PERIOD_WIDTH = 84
_MOST_CONFLICTS = 4
_IDS = Qt.ItemDataRole.UserRole


class TimetablePane(QWidget):
    """The table with its span and filter above it."""

    lesson_wanted = Signal(str)
    """Id of a lesson that the user wants to see."""
    new_wanted = Signal()
    """The user wants to enter a synchronous lesson."""

    def __init__(self, tools: Tools, services: Services, adoption_id: str) -> None:
        super().__init__()
        self._tools = tools
        self._services = services
        self._adoption_id = adoption_id
        self._day = services.activities.today
        self.shown: Timetable | None = None
        self.heading = QLabel()
        set_role(self.heading, "heading")
        self.conflicts = QLabel()
        self.conflicts.setWordWrap(True)
        self.conflicts.setContentsMargins(t.GAP_SMALL, t.GRID, t.GAP_SMALL, t.GRID)
        set_style_property(self.conflicts, "notice", "warning")
        self.table = QTableWidget()
        self._set_up_table()
        self.empty = EmptyState(
            tools.theme, "presentation",
            "这段时间没有同步课堂。课的“形式”填“同步课堂”，或者填了接收学校的，会列在这里。",
            "登记同步课堂…", self.new_wanted.emit,
        )  # fmt: skip
        self.body = QStackedWidget()
        self.body.addWidget(self.table)
        self.body.addWidget(self.empty)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(t.GAP_SMALL)
        column.addLayout(self._bar())
        column.addWidget(self.conflicts)
        column.addWidget(self.body, 1)
        self.setFocusProxy(self.table)

    def _set_up_table(self) -> None:
        table = self.table
        table.setAccessibleName("同步课表")
        table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        table.setWordWrap(True)
        table.setTabKeyNavigation(False)
        table.verticalHeader().hide()
        table.setStyleSheet(f"QTableView::item {{ padding: {t.GRID}px {t.GAP_SMALL}px; }}")
        table.setItemDelegate(_Cells(table))
        table.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        table.itemActivated.connect(self._open)
        copy = QAction("复制到 Excel", table)
        copy.setShortcut(QKeySequence.StandardKey.Copy)
        copy.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        copy.triggered.connect(self.copy)
        table.addAction(copy)

    def _bar(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(t.GAP_SMALL)
        self.back = self._tool("chevron-left", "上一周", self._back)
        self.forth = self._tool("chevron-right", "下一周", self._forth)
        row.addWidget(self.back)
        row.addWidget(self.forth)
        row.addWidget(self.heading)
        row.addStretch(1)
        self.spans = QButtonGroup(self)
        for number, words in enumerate(("本学期", "按周")):
            button = QToolButton()
            button.setText(words)
            button.setCheckable(True)
            button.setChecked(number == 0)
            set_role(button, "plain")
            self.spans.addButton(button, number)
            row.addWidget(button)
        self.spans.idClicked.connect(self.refresh)
        self.school = QComboBox()
        self.school.setAccessibleName("只看一个学校")
        self.school.setMinimumWidth(160)
        self.school.addItem("全部学校", "")
        self.school.activated.connect(self.refresh)
        row.addWidget(self.school)
        for words, icon, slot in (
            ("复制", "copy", self.copy),
            ("导出 Excel…", "file-spreadsheet", self.choose_target),
            ("打印…", "printer", self.print_table),
        ):
            deed = QPushButton(self._tools.theme.icon(icon), words)
            deed.clicked.connect(slot)
            row.addWidget(deed)
        return row

    def _tool(self, icon: str, tip: str, slot: object) -> QToolButton:
        button = QToolButton()
        button.setIcon(self._tools.theme.icon(icon))
        button.setToolTip(tip)
        button.setAccessibleName(tip)
        set_role(button, "plain")
        button.clicked.connect(slot)
        return button

    # -- showing -----------------------------------------------------------------------------

    @Slot()
    def refresh(self) -> None:
        """Read the table anew."""
        whole_term = self.spans.checkedId() == 0
        school = self.school.currentData() or ""
        try:
            activities = self._services.activities
            term = activities.term(self._adoption_id)
            first, last = term if whole_term else layout.week_span(self._day)
            table = activities.timetable(self._adoption_id, first, last, school)
        except AppError as error:
            self._tools.errors.show_error(error)
            return
        self.shown = table
        for button in (self.back, self.forth):
            button.setVisible(not whole_term)
        self.heading.setText(f"{_words(first)}—{_words(last)}")
        self._offer_schools(table, school)
        self._show_conflicts(table)
        self._fill(table)
        self.body.setCurrentWidget(self.table if table.slots else self.empty)

    def _offer_schools(self, table: Timetable, school: str) -> None:
        self.school.clear()
        self.school.addItem("全部学校", "")
        for school_id, name in table.schools:
            self.school.addItem(name, school_id)
        self.school.setCurrentIndex(max(0, self.school.findData(school)))

    def _show_conflicts(self, table: Timetable) -> None:
        some = table.conflicts[:_MOST_CONFLICTS]
        rest = len(table.conflicts) - len(some)
        more = f"\n还有 {rest} 处。" if rest else ""
        self.conflicts.setText(f"{len(table.conflicts)} 处时间冲突：\n" + "\n".join(some) + more)
        self.conflicts.setVisible(bool(some))

    def _fill(self, table: Timetable) -> None:
        head, *rows = table.grid()
        widget = self.table
        widget.clear()
        widget.setColumnCount(len(head))
        widget.setRowCount(len(rows))
        widget.setHorizontalHeaderLabels(head)
        for number, (period, *cells) in enumerate(rows):
            widget.setItem(number, 0, _item(period, ""))
            for column, text in enumerate(cells, start=1):
                slots = table.at(table.weekdays[column - 1], period)
                item = _item(text, slots[0].lesson_ids[0] if slots else "")
                widget.setItem(number, column, item)
        header = widget.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        if head:
            header.setSectionResizeMode(0, QHeaderView.ResizeMode.Fixed)
            header.resizeSection(0, _PERIOD_WIDTH)
        widget.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        if rows:
            widget.setCurrentCell(0, min(1, len(head) - 1))

    @Slot()
    def _back(self) -> None:
        self._turn(-1)

    @Slot()
    def _forth(self) -> None:
        self._turn(1)

    def _turn(self, step: int) -> None:
        self._day += timedelta(days=layout.WEEK * step)
        self.refresh()

    @Slot(QTableWidgetItem)
    def _open(self, item: QTableWidgetItem) -> None:
        lesson_id = item.data(_IDS)
        if lesson_id:
            self.lesson_wanted.emit(lesson_id)

    # -- handing on --------------------------------------------------------------------------

    @Slot()
    def copy(self) -> None:
        """Put the whole table on the clipboard as spreadsheets take it."""
        if self.shown is None:
            return
        lines = ["\t".join(_cell(text) for text in row) for row in self.shown.grid()]
        QGuiApplication.clipboard().setText("\n".join(lines))
        self._tools.messages.say("课表已复制，可以粘贴到 Excel 或 Word。")

    @Slot()
    def choose_target(self) -> None:
        """Let the user say where the workbook goes."""
        chosen, _kind = QFileDialog.getSaveFileName(
            self, "导出课表", "同步课表.xlsx", "Excel 工作簿 (*.xlsx)"
        )
        if chosen:
            self.export(Path(chosen).with_suffix(".xlsx"))

    def export(self, target: Path) -> None:
        """Write the table as a workbook."""
        table = self.shown
        if table is None:
            return

        def work(progress: Progress) -> Path:
            from app.services.activities.service import export_timetable

            return export_timetable(table, target, progress)

        def done(written: Path) -> None:
            self._tools.messages.say(f"课表已导出：{written}")

        self._tools.jobs.start(
            Job("导出课表", work, done, owner=self, database=False,
                folder=lambda written: written.parent)
        )  # fmt: skip

    @Slot()
    def print_table(self) -> None:
        """Print the table across the paper."""
        from PySide6.QtGui import QPageLayout
        from PySide6.QtPrintSupport import QPrintDialog, QPrinter, QPrinterInfo

        if self.shown is None:
            return
        if not QPrinterInfo.availablePrinterNames():
            self._tools.messages.say("没有找到打印机，可以先“导出 Excel…”，再到别的电脑上打印。")
            return
        printer = QPrinter(QPrinter.PrinterMode.HighResolution)
        printer.setPageOrientation(QPageLayout.Orientation.Landscape)
        if QPrintDialog(printer, self).exec():
            self.document().print_(printer)

    def document(self) -> QTextDocument:
        """The table as it is printed."""
        from PySide6.QtGui import QTextDocument

        made = QTextDocument()
        made.setDefaultFont(self.font())
        if self.shown is not None:
            made.setHtml(_html(self.shown, self.heading.text()))
        return made


class _Cells(QStyledItemDelegate):
    """Cells as high as their text is when it is wrapped to the width of the column."""

    @override
    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex) -> QSize:  # type: ignore[override]
        table = self.parent()
        if not isinstance(table, QTableWidget):
            return super().sizeHint(option, index)
        width = table.columnWidth(index.column()) - 2 * t.GAP_SMALL - 8
        room = QRect(0, 0, max(40, width), 10_000)
        text = str(index.data() or "")
        height = (
            table.fontMetrics().boundingRect(room, int(Qt.TextFlag.TextWordWrap), text).height()
        )
        return QSize(width, max(t.ROW_HEIGHT, height + 2 * t.GRID + 4))


def _words(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def _item(text: str, lesson_id: str) -> QTableWidgetItem:
    item = QTableWidgetItem(text)
    item.setData(_IDS, lesson_id)
    item.setToolTip(text)
    item.setTextAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
    return item


def _cell(text: str) -> str:
    """A text as one cell of a spreadsheet takes it from the clipboard."""
    return '"' + text.replace('"', '""') + '"' if "\n" in text or '"' in text else text


def _html(table: Timetable, span: str) -> str:
    head, *rows = table.grid()
    titles = "".join(f"<th>{escape(title)}</th>" for title in head)
    lines = "".join(
        "<tr>" + "".join(f"<td>{escape(text).replace(chr(10), '<br>')}</td>" for text in row)
        + "</tr>"
        for row in rows
    )  # fmt: skip
    return (
        f"<h3 align='center'>同步课堂课表（{escape(span)}）</h3>"
        f"<table border='1' cellspacing='0' cellpadding='4' width='100%'>"
        f"<tr>{titles}</tr>{lines}</table>"
    )
