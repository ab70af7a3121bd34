"""What a form asks for, and the editor for each kind of value."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Literal

from PySide6.QtCore import QDate, QEvent, QObject, QPoint, QSignalBlocker, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QCalendarWidget,
    QCheckBox,
    QComboBox,
    QCompleter,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QMenu,
    QPlainTextEdit,
    QVBoxLayout,
    QWidget,
    QWidgetAction,
)
from typing_extensions import override

from app.ui.framework import dates
from app.ui.framework import tokens as t
from app.ui.framework.theme import set_role, set_style_property

if TYPE_CHECKING:
    from app.ui.framework.theme import Theme

Kind = Literal[
    "text", "multiline", "int", "number", "date", "partial-date", "choice", "suggest", "bool"
]


@dataclass(frozen=True, slots=True)
class Field:
    """One line of a form."""

    name: str
    label: str
    kind: Kind = "text"
    help: str = ""
    unit: str = ""
    required: bool = False
    choices: tuple[tuple[str, str], ...] = ()
    """For choice: (value, words); for suggest: the words that are offered."""
    placeholder: str = ""
    lines: int = 3
    """Height of a multiline field."""
    width: int = 0
    """Width of the editor; 0: as wide as the form, figures and dates as wide as they need."""
    read_only: bool = False


class FieldRow(QWidget):
    """Editor of one field with its unit, and the line below that says what is wrong or helps."""

    left = Signal()
    """The user is done with the field: Enter, or went elsewhere, or picked a value."""

    def __init__(self, field: Field, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.field = field
        self.editor = self._make_editor(theme)
        self.editor.setAccessibleName(field.label)
        self.editor.setAccessibleDescription(field.help)
        self.editor.installEventFilter(self)
        self.note = QLabel(field.help)
        self.note.setWordWrap(True)
        set_role(self.note, "small")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        line = QHBoxLayout()
        line.setSpacing(t.GAP_SMALL)
        width = field.width or _WIDTHS.get(field.kind, 0)
        line.addWidget(self.editor, 0 if width else 1)
        if width:
            self.editor.setFixedWidth(width)
        if field.unit:
            unit = QLabel(field.unit)
            set_role(unit, "muted")
            line.addWidget(unit)
        if width:
            line.addStretch(1)
        column.addLayout(line)
        column.addWidget(self.note)
        self.note.setVisible(bool(field.help))
        self.setFocusProxy(self.editor)

    def _make_editor(self, theme: Theme) -> QWidget:
        field = self.field
        if field.kind == "bool":
            box = QCheckBox()
            box.toggled.connect(self.left)
            box.setEnabled(not field.read_only)
            return box
        if field.kind == "choice":
            return self._make_choice()
        if field.kind == "multiline":
            text = QPlainTextEdit()
            text.setPlaceholderText(field.placeholder)
            text.setTabChangesFocus(True)
            text.setReadOnly(field.read_only)
            text.setFixedHeight(text.fontMetrics().lineSpacing() * field.lines + 22)
            return text
        edit = QLineEdit()
        edit.setPlaceholderText(field.placeholder)
        edit.setReadOnly(field.read_only)
        if field.kind in {"int", "number"}:
            edit.setAlignment(Qt.AlignmentFlag.AlignRight)
        if field.kind == "suggest":
            completer = QCompleter([words for _value, words in field.choices], edit)
            completer.setFilterMode(Qt.MatchFlag.MatchContains)
            edit.setCompleter(completer)
        if field.kind in {"date", "partial-date"}:
            edit.setPlaceholderText(field.placeholder or f"例如 {dates.EXAMPLE}")
            pick = edit.addAction(
                theme.icon("calendar", "text_muted"), QLineEdit.ActionPosition.TrailingPosition
            )
            pick.setToolTip("选日期（Alt+↓）")
            pick.triggered.connect(self.show_calendar)
            pick.setEnabled(not field.read_only)
        return edit

    def _make_choice(self) -> QComboBox:
        combo = QComboBox()
        if not self.field.required:
            combo.addItem("", "")
        for value, words in self.field.choices:
            combo.addItem(words, value)
        combo.setCurrentIndex(-1 if self.field.required else 0)
        combo.setPlaceholderText("请选择")
        combo.setEnabled(not self.field.read_only)
        combo.activated.connect(self.left)
        return combo

    def set_choices(self, choices: tuple[tuple[str, str], ...]) -> None:
        """Offer other values (they depend on another field); the present one stays if it is there."""
        combo = self.editor
        if isinstance(combo, QComboBox):
            present = combo.currentData()
            with QSignalBlocker(combo):
                combo.clear()
                if not self.field.required:
                    combo.addItem("", "")
                for value, words in choices:
                    combo.addItem(words, value)
                combo.setCurrentIndex(combo.findData(present))
        elif isinstance(combo, QLineEdit) and self.field.kind == "suggest":
            completer = QCompleter([words for _value, words in choices], combo)
            completer.setFilterMode(Qt.MatchFlag.MatchContains)
            combo.setCompleter(completer)

    def value(self) -> object:
        """What is in the field. Raises ValueError with a sentence if it cannot be read."""
        editor = self.editor
        if isinstance(editor, QCheckBox):
            return editor.isChecked()
        if isinstance(editor, QComboBox):
            return editor.currentData() or None
        if isinstance(editor, QPlainTextEdit):
            return editor.toPlainText()
        return self._read(editor.text()) if isinstance(editor, QLineEdit) else None

    def _read(self, text: str) -> object:
        typed = text.strip()
        match self.field.kind:
            case "int" | "number":
                return _number(typed, whole=self.field.kind == "int")
            case "date" | "partial-date":
                parse = dates.parse_date if self.field.kind == "date" else dates.parse_partial
                try:
                    return parse(typed)
                except ValueError:
                    msg = f"“{typed}”不是日期，请写成 {dates.EXAMPLE} 这样。"
                    raise ValueError(msg) from None
        return typed

    def set_value(self, value: object) -> None:
        """Show a value; tells nobody."""
        editor = self.editor
        with QSignalBlocker(editor):
            if isinstance(editor, QCheckBox):
                editor.setChecked(bool(value))
            elif isinstance(editor, QComboBox):
                editor.setCurrentIndex(editor.findData("" if value is None else value))
            elif isinstance(editor, QPlainTextEdit):
                editor.setPlainText(_written(value))
            elif isinstance(editor, QLineEdit):
                editor.setText(_written(value))
                editor.setCursorPosition(0)  # of a long text the beginning is seen

    def set_error(self, text: str) -> None:
        """Say under the field what is wrong; empty: nothing is."""
        self.note.setText(text or self.field.help)
        self.note.setVisible(bool(self.note.text()))
        set_role(self.note, "error" if text else "small")
        set_style_property(self.editor, "wrong", "true" if text else "false")
        self.editor.setAccessibleDescription(text or self.field.help)

    @Slot()
    def show_calendar(self) -> None:
        """Let the user pick a day."""
        edit = self.editor
        if not isinstance(edit, QLineEdit):
            return
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        calendar = QCalendarWidget()
        calendar.setGridVisible(False)
        calendar.setVerticalHeaderFormat(QCalendarWidget.VerticalHeaderFormat.NoVerticalHeader)
        present = QDate.fromString(edit.text(), Qt.DateFormat.ISODate)
        if present.isValid():
            calendar.setSelectedDate(present)
        calendar.activated.connect(self._take_day)
        calendar.clicked.connect(self._take_day)
        calendar.activated.connect(menu.close)
        calendar.clicked.connect(menu.close)
        action = QWidgetAction(menu)
        action.setDefaultWidget(calendar)
        menu.addAction(action)
        menu.popup(edit.mapToGlobal(QPoint(0, edit.height())))
        calendar.setFocus()

    @Slot(QDate)
    def _take_day(self, day: QDate) -> None:
        if isinstance(self.editor, QLineEdit):
            self.editor.setText(day.toString(Qt.DateFormat.ISODate))
            self.left.emit()

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.FocusOut and not isinstance(self.editor, QCheckBox):
            self.left.emit()
        elif isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            dated = self.field.kind in {"date", "partial-date"} and not self.field.read_only
            alt = event.modifiers() == Qt.KeyboardModifier.AltModifier
            if dated and alt and event.key() == Qt.Key.Key_Down:
                self.show_calendar()
                return True
        return super().eventFilter(watched, event)


_WIDTHS = {"int": 120, "number": 120, "date": 160, "partial-date": 160}


def _number(typed: str, *, whole: bool) -> int | float | None:
    if not typed:
        return None
    try:
        return int(typed) if whole else float(typed)
    except ValueError:
        msg = f"“{typed}”不是{'整' if whole else ''}数。"
        raise ValueError(msg) from None


def _written(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, float):
        return f"{value:g}"
    return value.isoformat() if isinstance(value, date) else str(value)
