"""What a form asks for, and the editor for each kind of value."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Literal

from PySide6.QtCore import QDate, QEvent, QObject, QSignalBlocker, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from app.services.entry.names import Choice
from app.ui.framework import dates
from app.ui.framework import tokens as t
from app.ui.framework.editors import DayPicker, GrowingEdit, PrivateEdit
from app.ui.framework.suggest import Mode, SuggestEdit, vocabulary
from app.ui.framework.theme import set_role, set_style_property

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.ui.framework.suggest import Source
    from app.ui.framework.theme import Theme

Kind = Literal[
    "text", "multiline", "long", "int", "number", "date", "partial-date", "time",
    "choice", "pick", "suggest", "words", "ref", "private", "bool",
]  # fmt: skip
"""``multiline`` keeps its height, ``long`` grows; ``choice`` gives its value, ``pick`` what was typed."""
_MODES: dict[Kind, Mode] = {"pick": "pick", "suggest": "suggest", "words": "words", "ref": "ref"}


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
    """For choice: (value, words); for pick, suggest and words: the words that are offered."""
    target: str = ""
    """For ref: the sheet whose records are offered."""
    section: str = ""
    """Heading under which the form puts it."""
    placeholder: str = ""
    lines: int = 3
    """Height of a multiline field, the least of a long one."""
    width: int = 0
    """Width of the editor; 0: as wide as the form, figures and dates as wide as they need."""
    read_only: bool = False


class FieldRow(QWidget):
    """Editor of one field with its unit, and the line below that says what is wrong or helps."""

    left = Signal()
    """The user is done with the field: Enter, or went elsewhere, or picked a value."""

    def __init__(
        self,
        field: Field,
        theme: Theme,
        parent: QWidget | None = None,
        *,
        source: Source | None = None,
        reveal: Callable[[], str] | None = None,
    ) -> None:
        super().__init__(parent)
        self.field = field
        self._theme = theme
        self._source = source
        self._reveal = reveal
        self.wrong = ""
        """What is wrong with the field."""
        self._said = field.help
        self.editor = self._make_editor()
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

    def _make_editor(self) -> QWidget:
        field = self.field
        match field.kind:
            case "bool":
                box = QCheckBox()
                box.toggled.connect(self.left)
                box.setEnabled(not field.read_only)
                return box
            case "choice":
                return self._make_choice()
            case "multiline" | "long":
                text = GrowingEdit(field.lines, grows=field.kind == "long")
                text.setPlaceholderText(field.placeholder)
                text.setReadOnly(field.read_only)
                return text
        edit = self._make_line()
        edit.setPlaceholderText(field.placeholder or edit.placeholderText())
        edit.setReadOnly(field.read_only)
        if field.kind in {"int", "number"}:
            edit.setAlignment(Qt.AlignmentFlag.AlignRight)
        return edit

    def _make_line(self) -> QLineEdit:
        field, theme = self.field, self._theme
        if field.kind in _MODES:
            mode: Mode = "person" if field.target == "person" else _MODES[field.kind]
            source = self._source or vocabulary([words for _value, words in field.choices])
            offering = SuggestEdit(mode, source, theme)
            offering.picked.connect(self.left)
            return offering
        if field.kind == "private" and self._reveal is not None:
            return PrivateEdit(theme, self._reveal)
        edit = QLineEdit()
        if field.kind in {"date", "partial-date"}:
            edit.setPlaceholderText(f"例如 {dates.EXAMPLE}")
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
        elif isinstance(combo, SuggestEdit):
            combo.set_source(vocabulary([words for _value, words in choices]))

    def raw(self) -> object:
        """What is in the field, as it was typed: text, or whether it is ticked."""
        editor = self.editor
        if isinstance(editor, SuggestEdit | PrivateEdit):
            return editor.raw()
        if isinstance(editor, QLineEdit):
            return editor.text().strip()
        return self.value()

    def value(self) -> object:
        """What is in the field. Raises ValueError with a sentence if it cannot be read."""
        editor = self.editor
        if isinstance(editor, QCheckBox):
            return editor.isChecked()
        if isinstance(editor, QComboBox):
            return editor.currentData() or None
        if isinstance(editor, QPlainTextEdit):
            return editor.toPlainText()
        if isinstance(editor, SuggestEdit):
            return editor.raw()
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
            elif isinstance(editor, SuggestEdit):
                editor.show_choice(value if isinstance(value, Choice) else _as_choice(value))
                self.say(value.note if isinstance(value, Choice) else "")
            elif isinstance(editor, PrivateEdit):
                editor.show_masked(_written(value))
            elif isinstance(editor, QLineEdit):
                editor.setText(_written(value))
                editor.setCursorPosition(0)  # of a long text the beginning is seen

    def say(self, note: str) -> None:
        """What stands under the field while nothing is wrong: its help, or more on what is chosen."""
        self._said = note or self.field.help
        self.set_error(self.wrong)

    def set_error(self, text: str) -> None:
        """Say under the field what is wrong; empty: nothing is."""
        self.wrong = text
        self.note.setText(text or self._said)
        self.note.setVisible(bool(self.note.text()))
        set_role(self.note, "error" if text else "small")
        set_style_property(self.editor, "wrong", "true" if text else "false")
        self.editor.setAccessibleDescription(text or self._said)

    @Slot()
    def show_calendar(self) -> None:
        """Let the user pick a day."""
        if isinstance(self.editor, QLineEdit):
            DayPicker(self.editor).picked.connect(self._take_day)

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


_WIDTHS = {"int": 120, "number": 120, "date": 160, "partial-date": 160, "time": 120}


def _as_choice(value: object) -> Choice | None:
    return Choice("", _written(value), "") if value not in (None, "") else None


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
