"""The places of an office's form, line by line, with the field that goes into each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QSize, Qt, Signal, Slot
from PySide6.QtWidgets import (
    QComboBox,
    QCompleter,
    QHeaderView,
    QTableWidget,
    QTableWidgetItem,
    QWidget,
)
from typing_extensions import override

from app.ui.framework import tokens as t

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from app.services.templates.views import Examined, Problem, Spot
    from app.ui.framework.theme import Theme

_TITLES = ("位置", "表格里写的", "填入的字段", "说明")
_PLACE, _LABEL, _FIELD, _WORDS = range(4)
_WIDTHS = (150, 132, 172)
_NONE = ""
NOTHING = "（不填）"


class SpotsTable(QTableWidget):
    """What a form holds; the field of a line can be chosen or typed where it is open."""

    changed = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__(0, len(_TITLES))
        self._theme = theme
        self._fields: dict[str, str] = {}
        self._spots: list[Spot] = []
        self._boxes: dict[int, QComboBox] = {}
        self.setAccessibleName("表格里要填的地方")
        self.setHorizontalHeaderLabels(_TITLES)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(t.ROW_HEIGHT + 4)
        self.setEditTriggers(QTableWidget.EditTrigger.NoEditTriggers)
        self.setSelectionBehavior(QTableWidget.SelectionBehavior.SelectRows)
        self.setSelectionMode(QTableWidget.SelectionMode.SingleSelection)
        self.setTabKeyNavigation(False)
        self.setIconSize(QSize(t.ICON_SMALL, t.ICON_SMALL))
        for column, width in enumerate(_WIDTHS):
            self.setColumnWidth(column, width)
        self.horizontalHeader().setSectionResizeMode(_WORDS, QHeaderView.ResizeMode.Stretch)

    def show_form(self, found: Examined, fields: Sequence[tuple[str, str]]) -> None:
        """Show another form; ``fields`` are the placeholders it may use, with what they mean."""
        self._fields = {_shown(content): words for content, words in fields}
        self._spots = list(found.spots)
        self._boxes.clear()
        self.clearSpans()
        self.setRowCount(0)
        self.setRowCount(len(found.problems) + len(self._spots))
        for row, problem in enumerate(found.problems):
            self._show_problem(row, problem)
        for row, spot in enumerate(self._spots, len(found.problems)):
            self._show_spot(row, spot)
        if self.rowCount():
            self.setCurrentCell(0, _FIELD)

    def chosen(self) -> Mapping[int, str]:
        """Placeholders by the numbers of their spots; empty: nothing goes there."""
        return {number: self._content(box.currentText()) for number, box in self._boxes.items()}

    def words_of(self, row: int) -> str:
        """All that is said of a line, which its cell may be too narrow for."""
        cells = [self.item(row, column) for column in (_PLACE, _LABEL, _WORDS)]
        return "　".join(cell.text() for cell in cells if cell is not None and cell.text())

    def open_spots(self) -> int:
        """Placeholders that name no field yet."""
        chosen = self.chosen()
        wrong = [one for one in self._spots if one.state == "wrong"]
        return sum(not self._known(chosen[one.number]) for one in wrong)

    def filled(self) -> int:
        """How many places are going to be filled."""
        known = sum(spot.state == "ok" for spot in self._spots)
        return known + sum(bool(content) for content in self.chosen().values())

    def choose(self, number: int, name: str) -> None:
        """As if the user had picked a field for a spot."""
        self._boxes[number].setCurrentText(name)
        self._on_changed()

    def _show_problem(self, row: int, problem: Problem) -> None:
        self._write(row, _PLACE, problem.place)
        self._write(row, _LABEL, problem.text + problem.hint, ("circle-alert", "error"))
        self.setSpan(row, _LABEL, 1, len(_TITLES) - _LABEL)

    def _show_spot(self, row: int, spot: Spot) -> None:
        self._write(row, _PLACE, spot.place)
        self._write(row, _LABEL, spot.label)
        if spot.state == "ok":
            self._write(row, _FIELD, _shown(spot.content))
            self._write(row, _WORDS, "已有的字段", ("circle-check", "success"))
            return
        box = self._box(spot)
        self._boxes[spot.number] = box
        self.setCellWidget(row, _FIELD, box)
        self._tell(row, spot, box.currentText())

    def _box(self, spot: Spot) -> QComboBox:
        box = QComboBox()
        box.setEditable(True)
        box.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        box.setMaxVisibleItems(20)
        box.addItem(NOTHING)
        for name, words in self._fields.items():
            box.addItem(name)
            if words:
                box.setItemData(box.count() - 1, words, Qt.ItemDataRole.ToolTipRole)
        completer = QCompleter(list(self._fields), box)
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        completer.setCompletionMode(QCompleter.CompletionMode.PopupCompletion)
        box.setCompleter(completer)
        box.setCurrentText(_shown(spot.content) or NOTHING)
        box.setAccessibleName(f"{spot.place} {spot.label} 填入的字段")
        box.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        box.installEventFilter(self)
        box.activated.connect(self._on_changed)
        line = box.lineEdit()
        if line is not None:
            line.editingFinished.connect(self._on_changed)
        return box

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The wheel scrolls the lines; it does not change a field."""
        if event.type() == QEvent.Type.Wheel and isinstance(watched, QWidget):
            event.ignore()
            return True
        return super().eventFilter(watched, event)

    @Slot()
    def _on_changed(self) -> None:
        first = self.rowCount() - len(self._spots)
        for row, spot in enumerate(self._spots, first):
            if spot.number in self._boxes:
                self._tell(row, spot, self._boxes[spot.number].currentText())
        self.changed.emit()

    def _tell(self, row: int, spot: Spot, typed: str) -> None:
        content = self._content(typed)
        if not content and spot.state == "wrong":
            self._write(row, _WORDS, spot.text, ("circle-alert", "error"))
        elif not content:
            self._write(row, _WORDS, "留空，打印后手写", ("circle-slash", "text_muted"))
        elif not self._known(content):
            words = f"没有“{typed.strip()}”这一项，请从列表里选。"
            self._write(row, _WORDS, words, ("circle-alert", "error"))
        elif content == spot.content:
            sure = spot.state == "proposed" and spot.sure >= 0.9
            icon = ("circle-check", "success") if sure else ("circle-question-mark", "warning")
            self._write(row, _WORDS, spot.text, icon)
        else:
            words = self._fields.get(_shown(content)) or "您选定的"
            self._write(row, _WORDS, words, ("circle-check", "success"))

    def _known(self, content: str) -> bool:
        parts = [part.split("}}")[0] for part in content.split("{{")[1:]]
        return bool(parts) and all(part.strip() in self._fields for part in parts)

    def unknown(self) -> int:
        """Lines in which something was typed that is no field."""
        return sum(bool(one) and not self._known(one) for one in self.chosen().values())

    @staticmethod
    def _content(typed: str) -> str:
        typed = typed.strip()
        if typed in {_NONE, NOTHING}:
            return ""
        return typed if "{{" in typed else f"{{{{{typed}}}}}"

    def _write(self, row: int, column: int, text: str, icon: tuple[str, str] | None = None) -> None:
        item = QTableWidgetItem(text)
        item.setToolTip(text)
        if icon:
            item.setIcon(self._theme.icon(*icon))
        self.setItem(row, column, item)


def _shown(content: str) -> str:
    """A placeholder without its brackets; several of them as they are."""
    single = content.startswith("{{") and content.endswith("}}") and content.count("{{") == 1
    return content[2:-2].strip() if single else content
