"""评价量表: take a shipped one, copy, write one's own; points with their running sum, grade lines."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from app.errors import AppError
from app.services.rubrics import FULL, Block, Line, RubricError, RubricView, total
from app.ui.framework import tokens as t
from app.ui.framework.theme import set_role, tabular

if TYPE_CHECKING:
    from app.bootstrap import Services
    from app.ui.framework.page import Tools

_SIZE = (960, 680)
_LIST_WIDTH = 280
_FIGURES = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_WHAT = Qt.ItemDataRole.UserRole
_BLANK = RubricView("新量表", (Block("", 0),), (Line("优", 90), Line("良", 80), Line("合格", 60)))


class RubricDialog(QDialog):
    """List of rubrics at the left, the chosen one at the right."""

    def __init__(self, tools: Tools, services: Services, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("评价量表")
        self.resize(*_SIZE)
        self._tools = tools
        self._services = services
        self._shown = _BLANK
        self._filling = False
        row = QHBoxLayout(self)
        row.setContentsMargins(20, 20, 20, 20)
        row.setSpacing(t.PAGE_MARGIN)
        row.addLayout(self._left())
        row.addLayout(self._right(), 1)
        self.reload()

    # -- building ----------------------------------------------------------------------------

    def _left(self) -> QVBoxLayout:
        column = QVBoxLayout()
        column.setSpacing(t.GAP_SMALL)
        self.list = QListWidget()
        self.list.setAccessibleName("量表")
        self.list.setFixedWidth(_LIST_WIDTH)
        self.list.currentItemChanged.connect(self._on_current)
        column.addWidget(self.list, 1)
        line = QHBoxLayout()
        self.new_button = self._button("新建", self._start_new)
        self.copy_button = self._button("复制", self._copy)
        self.delete_button = self._button("删除", self._delete)
        for button in (self.new_button, self.copy_button, self.delete_button):
            line.addWidget(button)
        column.addLayout(line)
        return column

    def _right(self) -> QVBoxLayout:
        column = QVBoxLayout()
        column.setSpacing(t.GAP_SMALL)
        self.name = QLineEdit()
        self.name.setAccessibleName("量表名称")
        self.name.setPlaceholderText("量表名称")
        column.addWidget(self.name)
        self.source = QLabel()
        self.source.setWordWrap(True)
        set_role(self.source, "small")
        column.addWidget(self.source)
        self.items = _grid("项目", ("项目", "分值", "要点"), (160, 72))
        self.items.cellChanged.connect(self._on_cell)
        column.addWidget(self.items, 5)
        line = QHBoxLayout()
        self.sum = QLabel()
        self.sum.setFont(tabular(self.sum.font()))
        set_role(self.sum, "heading")
        line.addWidget(self.sum)
        line.addStretch(1)
        line.addWidget(QLabel("满分"))
        self.full = QLineEdit()
        self.full.setAccessibleName("满分")
        self.full.setFixedWidth(72)
        self.full.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.full.textChanged.connect(self._show_sum)
        line.addWidget(self.full)
        column.addLayout(line)
        self.grades = _grid("等级", ("等级", "不低于（分）"), (160, 120))
        self.grades.cellChanged.connect(self._on_cell)
        column.addWidget(self.grades, 4)
        self.note = QLabel()
        self.note.setWordWrap(True)
        column.addWidget(self.note)
        column.addLayout(self._foot())
        return column

    def _foot(self) -> QHBoxLayout:
        line = QHBoxLayout()
        line.addStretch(1)
        close = QPushButton("关闭")
        close.clicked.connect(self.accept)
        close.setAutoDefault(False)
        self.save_button = self._button("保存", self.save)
        set_role(self.save_button, "primary")
        line.addWidget(close)
        line.addWidget(self.save_button)
        return line

    @staticmethod
    def _button(words: str, slot: object) -> QPushButton:
        button = QPushButton(words)
        button.setAutoDefault(False)
        button.clicked.connect(slot)
        return button

    # -- showing -----------------------------------------------------------------------------

    def reload(self, chosen: str = "") -> None:
        """List the rubrics anew and show the chosen one, else the first."""
        own, presets = self._services.rubrics.all(), self._services.rubrics.unused_presets()
        self.list.clear()
        for one in own:
            self._list(one.name, one)
        for one in presets:
            self._list(f"{one.name}　预置", one)
        rows = [one.id or one.key for one in (*own, *presets)]
        self.list.setCurrentRow(rows.index(chosen) if chosen in rows else 0)

    def _list(self, words: str, rubric: RubricView) -> None:
        item = QListWidgetItem(words)
        item.setData(_WHAT, rubric)
        item.setToolTip(words)
        self.list.addItem(item)

    @Slot()
    def _on_current(self) -> None:
        item = self.list.currentItem()
        if item is not None:
            self._show(item.data(_WHAT))

    def _show(self, rubric: RubricView) -> None:
        self._shown = rubric
        uses = self._services.rubrics.uses(rubric.id) if rubric.id else 0
        self._filling = True
        self.name.setText(rubric.name)
        self.source.setText(rubric.source)
        self.source.setVisible(bool(rubric.source))
        self.full.setText(f"{rubric.full or FULL:g}")
        _fill(self.items, [(one.name, f"{one.points:g}", one.guidance) for one in rubric.items])
        _fill(self.grades, [(one.name, f"{one.at_least:g}") for one in rubric.grades])
        self._filling = False
        self.copy_button.setEnabled(bool(rubric.id))
        self.delete_button.setEnabled(bool(rubric.id) and not uses)
        self.save_button.setText("采用这份量表" if rubric.key else "保存")
        self.say(
            f"已用于 {uses} 条听课记录：名称和要点可以改；要改分值、项数或等级线，请先复制一份。"
            if uses
            else ""
        )
        self._show_sum()

    def say(self, words: str, role: str = "muted") -> None:
        """Say something under the tables."""
        self.note.setText(words)
        set_role(self.note, role)

    @Slot()
    def _on_cell(self) -> None:
        if self._filling:
            return
        for table in (self.items, self.grades):
            last = table.rowCount() - 1
            if any(_text(table, last, column) for column in range(table.columnCount())):
                _add_row(table)
        self._show_sum()

    @Slot()
    def _show_sum(self) -> None:
        given = [_number(_text(self.items, row, 1)) or 0.0 for row in range(self.items.rowCount())]
        full = _number(self.full.text()) or 0.0
        gap = round(full - total(given), 2)
        words = f"合计 {total(given):g} 分"
        self.sum.setText(
            words if not gap else f"{words}，{'还差' if gap > 0 else '多了'} {abs(gap):g} 分"
        )

    # -- changing ----------------------------------------------------------------------------

    def rubric(self) -> RubricView:
        """What is typed; raises RubricError where a figure cannot be read."""
        known = {number: one.id for number, one in enumerate(self._shown.items)}
        items = []
        for row in range(self.items.rowCount()):
            name, points, guidance = (_text(self.items, row, column) for column in range(3))
            if name or points or guidance:
                items.append(
                    Block(name, _figure(points, f"item {row + 1}"), guidance, known.get(row, ""))
                )
        lines = []
        for row in range(self.grades.rowCount()):
            name, least = (_text(self.grades, row, column) for column in range(2))
            if name or least:
                lines.append(Line(name, _figure(least, f"grade {row + 1}")))
        return replace(
            self._shown, name=self.name.text(), items=tuple(items), grades=tuple(lines), key=""
        )

    @Slot()
    def save(self) -> None:
        """Keep what is typed; what is wrong is said, and its row is selected."""
        rubrics = self._services.rubrics
        try:
            wanted = self.rubric()
            full = _figure(self.full.text(), "full")
            saved = (
                rubrics.change(wanted, full=full)
                if wanted.id
                else rubrics.create(wanted, full=full)
            )
        except RubricError as error:
            self._point_at(error.place)
            self.say(error.sentence, "error")
            return
        except AppError as error:
            self.say(error.sentence, "error")
            return
        self.reload(saved.id)
        self.say("已保存。")

    def _point_at(self, place: str) -> None:
        what, _blank, number = place.partition(" ")
        if what == "name":
            self.name.setFocus()
        elif what in {"item", "grade"}:
            table = self.items if what == "item" else self.grades
            table.setCurrentCell(int(number) - 1, 0)
            table.setFocus()
        else:
            self.items.setFocus()

    @Slot()
    def _start_new(self) -> None:
        self.list.setCurrentRow(-1)
        self._show(_BLANK)
        self.name.setFocus()
        self.name.selectAll()

    @Slot()
    def _copy(self) -> None:
        try:
            copied = self._services.rubrics.copy(self._shown.id)
        except AppError as error:
            self.say(error.sentence, "error")
            return
        self.reload(copied.id)

    @Slot()
    def _delete(self) -> None:
        try:
            self._services.rubrics.delete(self._shown.id)
        except AppError as error:
            self.say(error.sentence, "error")
            return
        self.reload()
        self.say("已删除，可以按 Ctrl+Z 撤销。")


def _grid(name: str, heads: tuple[str, ...], widths: tuple[int, ...]) -> QTableWidget:
    table = QTableWidget(0, len(heads))
    table.setAccessibleName(name)
    table.setHorizontalHeaderLabels(heads)
    table.verticalHeader().hide()
    table.verticalHeader().setDefaultSectionSize(t.ROW_HEIGHT)
    table.horizontalHeader().setStretchLastSection(len(heads) > len(widths))
    table.horizontalHeader().setDefaultAlignment(
        Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
    )
    table.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
    for column, width in enumerate(widths):
        table.setColumnWidth(column, width)
    return table


def _fill(table: QTableWidget, rows: list[tuple[str, ...]]) -> None:
    """Show rows, and an empty one below to write another."""
    table.setRowCount(0)
    for row in rows:
        _add_row(table, row)
    _add_row(table)


def _add_row(table: QTableWidget, texts: tuple[str, ...] = ()) -> None:
    number = table.rowCount()
    table.insertRow(number)
    for column in range(table.columnCount()):
        item = QTableWidgetItem(texts[column] if texts else "")
        if column == 1:
            item.setTextAlignment(_FIGURES)
        table.setItem(number, column, item)


def _text(table: QTableWidget, row: int, column: int) -> str:
    item = table.item(row, column)
    return item.text().strip() if item is not None else ""


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None


def _figure(text: str, place: str) -> float:
    number = _number(text.strip())
    if number is None:
        what, _blank, row = place.partition(" ")
        where = {"item": f"第 {row} 项的分值", "grade": f"第 {row} 个等级的分数线"}.get(
            what, "满分"
        )
        raise RubricError(place, f"{where}“{text}”不是数。" if text else f"请填写{where}。")
    return number
