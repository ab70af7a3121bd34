"""Scoring by a rubric: a row of figures with its running total and grade; without one, the total."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QSignalBlocker, Qt, Signal, Slot
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import (
    QComboBox,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from app.services.rubrics import total
from app.ui.framework import tokens as t
from app.ui.framework.theme import set_role, set_style_property, tabular

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from app.services.rubrics import Block, RubricView

_PER_LINE = 6
_FIGURE_WIDTH = 88
_PRESET = "preset:"
_POINTS = {".", "。", "．"}
_ENDS = {Qt.Key.Key_Tab, Qt.Key.Key_Return, Qt.Key.Key_Enter}


class Figure(QLineEdit):
    """One figure of a rubric.

    The cursor comes here by itself once the figure before can have no further digit. Who ends that
    one with Tab or Enter all the same has only done what was done already.
    """

    def __init__(self) -> None:
        super().__init__()
        self.came_by_itself = False

    @override
    def event(self, arg__1: QEvent) -> bool:
        if isinstance(arg__1, QKeyEvent) and arg__1.type() == QEvent.Type.KeyPress:
            late, self.came_by_itself = self.came_by_itself, False
            if late and not arg__1.modifiers() and arg__1.key() in _ENDS:
                return True
        return super().event(arg__1)

    @override
    def focusOutEvent(self, arg__1: QFocusEvent) -> None:
        self.came_by_itself = False
        super().focusOutEvent(arg__1)


class ScoreRow(QWidget):
    """Choice of rubric, a figure for each item, total and grade."""

    changed = Signal()
    done = Signal()
    """Enter in the last figure."""
    preset_wanted = Signal(str)
    """Key of a shipped rubric that the archive does not have yet."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.rubric: RubricView | None = None
        self._rubrics: dict[str, RubricView] = {}
        self.figures: dict[str, Figure] = {}
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(t.GAP_SMALL)
        line = QHBoxLayout()
        line.setSpacing(t.GAP_SMALL)
        self.choice = QComboBox()
        self.choice.setAccessibleName("评价量表")
        self.choice.setMinimumWidth(240)
        self.choice.activated.connect(self._on_chosen)
        line.addWidget(self.choice)
        line.addStretch(1)
        self.sum = QLabel()
        self.sum.setFont(tabular(self.sum.font()))
        set_role(self.sum, "heading")
        line.addWidget(self.sum)
        column.addLayout(line)
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(t.GAP)
        self._grid.setVerticalSpacing(t.GRID)
        self._grid.setColumnStretch(_PER_LINE, 1)
        column.addLayout(self._grid)
        self.note = QLabel()
        set_role(self.note, "error")
        self.note.hide()
        column.addWidget(self.note)
        self._lay_out()

    def set_rubrics(self, rubrics: Sequence[RubricView], presets: Sequence[RubricView]) -> None:
        """Offer the archive's rubrics and the shipped ones; the present choice stays."""
        self._rubrics = {one.id: one for one in rubrics}
        chosen = self.rubric.id if self.rubric else ""
        with QSignalBlocker(self.choice):
            self.choice.clear()
            self.choice.addItem("不用量表，只写总分", "")
            for one in rubrics:
                self.choice.addItem(one.name, one.id)
            for one in presets:
                self.choice.addItem(f"{one.name}　预置", f"{_PRESET}{one.key}")
        if self._rubrics.get(chosen) != self.rubric:
            texts = self.texts()
            self.set_rubric(chosen)
            self.set_texts(texts)
        else:
            self.choice.setCurrentIndex(max(0, self.choice.findData(chosen)))

    def set_rubric(self, rubric_id: str) -> None:
        """Use a rubric; its figures are empty. Tells nobody."""
        self.rubric = self._rubrics.get(rubric_id)
        self.choice.setCurrentIndex(max(0, self.choice.findData(rubric_id)))
        self._lay_out()

    @Slot()
    def _on_chosen(self) -> None:
        chosen = str(self.choice.currentData())
        if chosen.startswith(_PRESET):
            self.preset_wanted.emit(chosen.removeprefix(_PRESET))
            return
        self.set_rubric(chosen)
        self.changed.emit()

    def _lay_out(self) -> None:
        while (taken := self._grid.takeAt(0)) is not None:
            widget = taken.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        self.figures = {}
        if self.rubric is None:
            self._add(0, "score", "总分", "没有量表时填写总分，最多 100 分")
            self._add(1, "grade", "等级", "例如 优、良")
        else:
            for number, item in enumerate(self.rubric.items):
                self._add_item(number, item)
        before: QWidget = self.choice
        for figure in self.figures.values():
            QWidget.setTabOrder(before, figure)
            before = figure
        self._show_sum()

    def _add_item(self, number: int, item: Block) -> None:
        words = f"{item.name} {item.points:g}"
        self._add(number, item.id, words, item.guidance or f"{item.name}，满分 {item.points:g} 分")

    def _add(self, number: int, key: str, words: str, help_text: str) -> None:
        label, figure = QLabel(words), Figure()
        set_role(label, "small")
        label.setToolTip(help_text)
        figure.setToolTip(help_text)
        figure.setFixedWidth(_FIGURE_WIDTH)
        figure.setFont(tabular(figure.font()))
        figure.setAlignment(Qt.AlignmentFlag.AlignRight)
        figure.setAccessibleName(words)
        figure.textEdited.connect(self._on_edited)
        figure.returnPressed.connect(self._on_return)
        line, place = divmod(number, _PER_LINE)
        self._grid.addWidget(label, line * 2, place)
        self._grid.addWidget(figure, line * 2 + 1, place)
        for widget in (label, figure):
            widget.show()  # at once: the next key may already go there
        self.figures[key] = figure

    def texts(self) -> dict[str, str]:
        """What stands in the figures."""
        return {key: figure.text() for key, figure in self.figures.items()}

    def set_texts(self, texts: Mapping[str, str]) -> None:
        """Show figures; tells nobody."""
        for key, figure in self.figures.items():
            figure.setText(texts.get(key, ""))
        self._show_sum()

    def points(self) -> dict[str, float]:
        """Points by item. Raises ValueError naming the item whose figure cannot be read."""
        if self.rubric is None:
            return {}
        return {
            item.id: number
            for item in self.rubric.items
            if (number := _read(self.figures[item.id], item.name)) is not None
        }

    def score(self) -> float | None:
        """The total that was typed, where there is no rubric. Raises ValueError."""
        return None if self.rubric else _read(self.figures["score"], "总分")

    def grade(self) -> str:
        """The grade that was typed, where there is no rubric."""
        return "" if self.rubric else self.figures["grade"].text().strip()

    def set_errors(self, errors: Mapping[str, str]) -> QWidget | None:
        """Say what is wrong, by figure where that is known; gives the first figure of them."""
        self.note.setText("\n".join(dict.fromkeys(errors.values())))
        self.note.setVisible(bool(errors))
        for name, figure in self.figures.items():
            set_style_property(figure, "wrong", "true" if name in errors else "false")
        return next((self.figures[name] for name in errors if name in self.figures), None)

    def focus_first(self) -> None:
        """Put the cursor into the first figure."""
        figure = next(iter(self.figures.values()))
        figure.setFocus(Qt.FocusReason.TabFocusReason)
        figure.selectAll()

    @Slot(str)
    def _on_edited(self, typed: str) -> None:
        """On to the next figure once no digit can follow; a point there still belongs to this one."""
        figures = list(self.figures.values())
        place = next((n for n, figure in enumerate(figures) if figure is self.sender()), 0)
        if self.rubric is not None:
            most = self.rubric.items[place].points
            if typed in _POINTS and place > 0 and figures[place - 1].text().isdecimal():
                figures[place].clear()
                figures[place - 1].setText(f"{figures[place - 1].text()}.")
                figures[place - 1].setFocus(Qt.FocusReason.OtherFocusReason)
            elif typed.isdecimal() and int(typed) * 10 > most >= int(typed):
                self._go_to(place + 1)
                if place + 1 < len(figures):
                    figures[place + 1].came_by_itself = True
        self._show_sum()
        self.changed.emit()

    def _go_to(self, place: int) -> None:
        figures = list(self.figures.values())
        if place < len(figures):
            figures[place].setFocus(Qt.FocusReason.TabFocusReason)
            figures[place].selectAll()

    @Slot()
    def _on_return(self) -> None:
        figures = list(self.figures.values())
        place = next((n for n, figure in enumerate(figures) if figure is self.sender()), -1)
        if place == len(figures) - 1:
            self.done.emit()
        else:
            self._go_to(place + 1)

    def _show_sum(self) -> None:
        """Running total and, once all is given, the grade; a figure over the maximum is marked."""
        rubric = self.rubric
        if rubric is None:
            self.sum.setText("")
            return
        over = ""
        given = []
        for item in rubric.items:
            figure = self.figures[item.id]
            number = _read_quietly(figure)
            wrong = number is not None and not 0 <= number <= item.points
            set_style_property(figure, "wrong", "true" if wrong else "false")
            if wrong:
                over = f"“{item.name}”应在 0 到 {item.points:g} 分之间。"
            if number is not None:
                given.append(number)
        self.note.setText(over)
        self.note.setVisible(bool(over))
        words = f"合计 {total(given):g} / {rubric.full:g}"
        if len(given) == len(rubric.items) and not over:
            words += f"　{rubric.grade(total(given))}"
        self.sum.setText(words)


def _read(figure: QLineEdit, name: str) -> float | None:
    text = figure.text().strip().replace("。", ".").replace("．", ".")
    if not text:
        return None
    try:
        return float(text)
    except ValueError:
        msg = f"“{name}”的“{text}”不是数。"
        raise ValueError(msg) from None


def _read_quietly(figure: QLineEdit) -> float | None:
    try:
        return _read(figure, "")
    except ValueError:
        return None
