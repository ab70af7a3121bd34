"""The assessment table as a tree, with a figure to type beside each item."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from PySide6.QtCore import QSignalBlocker, QSize, Qt, Signal, Slot
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QHeaderView, QLineEdit, QTreeWidget, QTreeWidgetItem
from typing_extensions import override

from app.services.standing.figures import shown
from app.ui.framework import tokens as t
from app.ui.framework.lists import ID
from app.ui.framework.theme import set_style_property, tabular
from app.ui.pages.assessment_state import group_words

if TYPE_CHECKING:
    from PySide6.QtGui import QFocusEvent, QKeyEvent

    from app.ui.framework.theme import Theme
    from app.ui.pages.assessment_state import Line, State

Mode = Literal["self", "assessor", "inspect"]

_NAME, _POINTS, _STATE, _FIELD, _OTHERS = range(5)
_TITLES: dict[Mode, tuple[str, ...]] = {
    "self": ("考核项", "得分", "情况", "自评", ""),
    "assessor": ("考核项", "档案得分", "", "打分", "平均"),
    "inspect": ("考核项", "得分", "情况", "", ""),
}
_FIELD_WIDTH = 64
_ROW = t.ROW_HEIGHT + 2


@dataclass(frozen=True, slots=True)
class _Shown:
    """What a tree was built for; while that stays, only its cells are written anew."""

    mode: Mode
    subject: str
    numbers: tuple[str, ...]


class PointsField(QLineEdit):
    """A figure to type; up and down go to the ones above and below, Esc takes back what was typed."""

    entered = Signal()
    moved = Signal(int)
    came = Signal()

    def __init__(self, name: str, most: str) -> None:
        super().__init__()
        self.saved = ""
        self.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.setFont(tabular(self.font()))
        self.setFixedSize(_FIELD_WIDTH, t.ROW_HEIGHT - 2)
        self.setStyleSheet("QLineEdit { min-height: 24px; }")
        self.setAccessibleName(name)
        self.setToolTip(f"{name}{most}；回车到下一项")

    @property
    def typed(self) -> bool:
        """Whether something was typed that is not saved."""
        return self.text().strip() != self.saved

    def show_points(self, text: str) -> None:
        """Show what is saved; what is being typed stays."""
        if not self.typed or not self.hasFocus():
            self.setText(text)
        self.saved = text

    @override
    def keyPressEvent(self, arg__1: QKeyEvent) -> None:
        steps = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}
        if arg__1.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.entered.emit()
        elif arg__1.key() in steps:
            self.moved.emit(steps[Qt.Key(arg__1.key())])
        elif arg__1.key() == Qt.Key.Key_Escape and self.typed:
            self.setText(self.saved)
            self.selectAll()
        else:
            super().keyPressEvent(arg__1)
            return
        arg__1.accept()

    @override
    def focusInEvent(self, arg__1: QFocusEvent) -> None:
        super().focusInEvent(arg__1)
        self.selectAll()
        self.came.emit()


class ScoreTree(QTreeWidget):
    """Groups and items; says which item is chosen and what is typed for it."""

    chosen = Signal(str)
    typed = Signal(str, str)
    """Number of the item and what was typed as its points."""
    finished = Signal()
    """Enter in the last field."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._shown: _Shown | None = None
        self._lines: dict[str, QTreeWidgetItem] = {}
        self._groups: dict[str, QTreeWidgetItem] = {}
        self.fields: dict[str, PointsField] = {}
        self.setAccessibleName("考核表")
        self.setColumnCount(len(_TITLES["self"]))
        self.setUniformRowHeights(True)
        self.setIndentation(14)
        head = self.header()
        head.setStretchLastSection(False)
        head.setMinimumSectionSize(40)
        head.setSectionResizeMode(_NAME, QHeaderView.ResizeMode.Stretch)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.currentItemChanged.connect(self._on_current)

    # -- showing -----------------------------------------------------------------------------

    def show_state(self, state: State, mode: Mode, assessor: str) -> None:
        """Show a table; built anew only where it is another one."""
        wanted = _Shown(mode, state.subject.id, tuple(state.lines))
        if wanted != self._shown:
            self._build(state, wanted)
        for group in state.table.groups:
            self._groups[group.no].setText(_POINTS, group_words(group))
        for no, line in state.lines.items():
            self._show_line(self._lines[no], line, mode)
            if no in self.fields:
                given = line.given.get(assessor) if mode == "assessor" else line.own
                self.fields[no].show_points("" if given is None else shown(given.points))
        for column in (_POINTS, _STATE, _OTHERS):
            if not self.isColumnHidden(column):
                self.resizeColumnToContents(column)

    def _build(self, state: State, wanted: _Shown) -> None:
        keep = self.number if self._shown and self._shown.numbers == wanted.numbers else ""
        self._shown = wanted
        with QSignalBlocker(self):
            # First: the cursor goes through the fields that are left while others are taken away.
            self._lines, self._groups, self.fields = {}, {}, {}
            self.clear()
            self.setHeaderLabels(_TITLES[wanted.mode])
            for column, title in enumerate(_TITLES[wanted.mode]):
                self.setColumnHidden(column, not title)
                self.headerItem().setTextAlignment(column, _side(column))
            for group in state.table.groups:
                top = QTreeWidgetItem(self, [f"{group.no} {group.name}"])
                top.setToolTip(_NAME, group.name)
                font = top.font(_NAME)
                font.setBold(True)
                top.setFont(_NAME, font)
                top.setTextAlignment(_POINTS, _side(_POINTS))
                self._groups[group.no] = top
                for item in group.items:
                    self._add_line(top, state.lines[item.no], wanted.mode)
                top.setExpanded(True)
            self.setColumnWidth(_FIELD, _FIELD_WIDTH + 2 * t.GAP_SMALL)
        self.select(keep or next(iter(state.lines), ""))

    def _add_line(self, top: QTreeWidgetItem, line: Line, mode: Mode) -> None:
        made = QTreeWidgetItem(top, [f"{line.points.no} {line.points.name}"])
        made.setData(_NAME, ID, line.points.no)
        made.setToolTip(_NAME, line.points.name)
        made.setSizeHint(_FIELD, QSize(_FIELD_WIDTH, _ROW))
        for column in (_POINTS, _OTHERS):
            made.setTextAlignment(column, _side(column))
            made.setFont(column, tabular(self.font()))
        self._lines[line.points.no] = made
        if mode == "assessor" or (mode == "self" and line.by_hand):
            self._add_field(made, line)

    def _add_field(self, made: QTreeWidgetItem, line: Line) -> None:
        most = "" if line.points.highest is None else f"，最多 {shown(line.points.highest)} 分"
        field = PointsField(f"{line.points.no} {line.points.name}", most)
        field.entered.connect(lambda: self._on_entered(line.points.no))
        field.moved.connect(lambda steps: self._move(line.points.no, steps))
        field.came.connect(lambda: self.select(line.points.no))
        field.editingFinished.connect(lambda: self._commit(line.points.no))
        self.fields[line.points.no] = field
        self.setItemWidget(made, _FIELD, field)

    def _show_line(self, item: QTreeWidgetItem, line: Line, mode: Mode) -> None:
        points = line.points
        most = "不限" if points.highest is None else shown(points.highest)
        if mode == "assessor":
            computed = None if line.by_hand else points.points
            item.setText(_POINTS, f"{'—' if computed is None else shown(computed)} / {most}")
            item.setText(_OTHERS, "" if line.mean is None else shown(line.mean))
            told = [f"{name} {shown(one.points)}" for name, one in line.given.items()]
            told += [] if line.spread is None else [f"相差 {shown(line.spread)}"]
            item.setToolTip(_OTHERS, "，".join(told))
            apart = line.spread is not None and line.spread > 0
            mark = self._theme.icon("triangle-alert", "warning") if apart else QIcon()
            item.setIcon(_OTHERS, mark)
            return
        got = "缺" if points.points is None else shown(points.points)
        item.setText(_POINTS, f"{got} / {most}")
        icon, color, words = line.state
        item.setIcon(_STATE, self._theme.icon(icon, color))
        item.setText(_STATE, words)
        item.setToolTip(_STATE, "；".join((points.words, *points.lacking)))

    # -- choosing ----------------------------------------------------------------------------

    @property
    def number(self) -> str:
        """Number of the chosen item; empty on a group."""
        current = self.currentItem()
        return str(current.data(_NAME, ID) or "") if current is not None else ""

    def select(self, no: str) -> None:
        """Choose an item."""
        if no in self._lines and self.currentItem() is not self._lines[no]:
            self.setCurrentItem(self._lines[no])
            self.scrollToItem(self._lines[no])

    @Slot(QTreeWidgetItem, QTreeWidgetItem)
    def _on_current(self, _now: QTreeWidgetItem | None, _before: QTreeWidgetItem | None) -> None:
        if self.number:
            self.chosen.emit(self.number)

    # -- typing ------------------------------------------------------------------------------

    def focus_field(self) -> None:
        """Put the cursor into the field of the chosen item, or into the first one."""
        if self.fields:
            self._go_to(self.number if self.number in self.fields else next(iter(self.fields)))
        else:
            self.setFocus(Qt.FocusReason.TabFocusReason)

    def _go_to(self, no: str) -> None:
        """Choose an item, with the cursor in its field and what is there selected."""
        self.select(no)
        self.fields[no].setFocus(Qt.FocusReason.TabFocusReason)
        self.fields[no].selectAll()

    def unsaved(self) -> PointsField | None:
        """A field with something in it that is not saved."""
        return next((one for one in self.fields.values() if one.typed), None)

    def mark(self, no: str, *, wrong: bool) -> None:
        """Show whether what is typed was refused."""
        if no in self.fields:
            set_style_property(self.fields[no], "wrong", "true" if wrong else "false")

    def _commit(self, no: str) -> None:
        field = self.fields.get(no)
        if field is not None and field.typed:
            self.typed.emit(no, field.text().strip())

    def _on_entered(self, no: str) -> None:
        self._commit(no)
        if no in self.fields and not self.fields[no].typed:
            self._move(no, 1)

    def _move(self, no: str, steps: int) -> None:
        numbers = list(self.fields)
        place = numbers.index(no) + steps
        if 0 <= place < len(numbers):
            self._go_to(numbers[place])
        elif steps > 0:
            self.finished.emit()

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        """A figure typed on the tree goes into the field of the chosen item."""
        field = self.fields.get(self.number)
        if field is not None and event.text().isdecimal() and event.text():
            field.setFocus(Qt.FocusReason.TabFocusReason)
            field.setText(event.text())
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and field is not None:
            field.setFocus(Qt.FocusReason.TabFocusReason)
        else:
            super().keyPressEvent(event)


def _side(column: int) -> Qt.AlignmentFlag:
    right = column in (_POINTS, _FIELD, _OTHERS)
    side = Qt.AlignmentFlag.AlignRight if right else Qt.AlignmentFlag.AlignLeft
    return side | Qt.AlignmentFlag.AlignVCenter
