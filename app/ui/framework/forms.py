"""Forms that save by themselves: a field is committed when it is left; errors stand under it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QLabel,
    QPlainTextEdit,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from app.ui.framework import tokens as t
from app.ui.framework.fields import Field, FieldRow
from app.ui.framework.theme import set_role

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from PySide6.QtGui import QResizeEvent

    from app.ui.framework.theme import Theme

_TWO_COLUMNS = 640
"""So wide, in pixels, a form has room for two fields beside each other."""
_LABEL = 88
"""Width that labels have at least: they stand under each other in both columns."""


class FormWidget(QScrollArea):
    """Fields under each other. Enter or leaving commits, Esc restores, Ctrl+Enter goes to the next."""

    two_columns = False
    """Whether fields stand beside each other where the form is wide."""
    marks_required = True
    """Whether a star says which fields must be filled; needless where all have a value from the start."""

    committed = Signal(str, object)
    """Name and new value of a field that the user changed and that may be saved."""
    next_wanted = Signal()
    """Ctrl+Enter: everything is committed, the next record please."""

    def __init__(
        self,
        fields: Sequence[Field],
        theme: Theme,
        validate: Callable[[str, object], str | None] | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.rows: dict[str, FieldRow] = {}
        self._validate = validate
        self._saved: dict[str, object] = {}
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        body = QWidget()
        body.setObjectName("formBody")
        outer = QVBoxLayout(body)
        self._outer = outer
        outer.setContentsMargins(0, 0, t.GAP_SMALL, 0)
        self._labels: dict[str, QLabel] = {}
        self._headings: dict[str, QLabel] = {}
        self._columns = 0
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(t.GAP)
        self._grid.setVerticalSpacing(t.GAP_SMALL)
        for field in fields:
            self._add(field, theme)
        self._lay_out(1)
        outer.addLayout(self._grid)
        outer.addStretch(1)
        self.setWidget(body)

    def make_row(self, field: Field, theme: Theme) -> FieldRow:
        """Editor of a field with its note."""
        return FieldRow(field, theme)

    def _add(self, field: Field, theme: Theme) -> None:
        if field.section and field.section not in self._headings:
            heading = QLabel(field.section)
            set_role(heading, "heading")
            self._headings[field.section] = heading
        row = self.make_row(field, theme)
        marked = field.required and self.marks_required
        label = QLabel(f"{field.label} *" if marked else field.label)
        label.setMinimumHeight(t.CONTROL_HEIGHT)
        label.setBuddy(row.editor)
        if marked:
            label.setToolTip("必填")
        row.left.connect(self._on_left)
        row.editor.installEventFilter(self)
        self._labels[field.name] = label
        self.rows[field.name] = row
        self._saved[field.name] = self._read_quietly(row)

    def _lay_out(self, columns: int) -> None:
        """Put the fields into one column or two; texts of many lines are as wide as the form."""
        if columns == self._columns:
            return
        self._columns = columns
        grid, top = self._grid, Qt.AlignmentFlag.AlignTop
        while grid.count():
            grid.takeAt(0)
        for number in range(4):
            shown = number < 2 * columns
            grid.setColumnStretch(number, number % 2 if shown else 0)
            grid.setColumnMinimumWidth(number, _LABEL if columns > 1 and not number % 2 else 0)
        line, place, section = 0, 0, ""
        for name, row in self.rows.items():
            wide = row.field.kind in ("multiline", "long")
            if row.field.section != section or (wide and place):
                line, place = (line + 1 if place else line), 0
            if row.field.section != section:
                section = row.field.section
                if section:
                    grid.addWidget(self._headings[section], line, 0, 1, 2 * columns)
                    line += 1
            grid.addWidget(self._labels[name], line, 2 * place, top | Qt.AlignmentFlag.AlignRight)
            grid.addWidget(row, line, 2 * place + 1, 1, 2 * columns - 1 if wide else 1, top)
            place = columns if wide else place + 1
            if place >= columns:
                line, place = line + 1, 0

    @override
    def resizeEvent(self, arg__1: QResizeEvent) -> None:
        super().resizeEvent(arg__1)
        wide = self.two_columns and self.viewport().width() >= _TWO_COLUMNS
        self._lay_out(2 if wide else 1)

    def add_section(self, section: QWidget) -> None:
        """Put something of the page's own below the fields; it scrolls with them."""
        self._outer.insertWidget(self._outer.count() - 1, section)

    def set_values(self, values: Mapping[str, object]) -> None:
        """Show a record; fields it does not name become empty."""
        for name, row in self.rows.items():
            row.set_value(values.get(name))
            row.set_error("")
            self._saved[name] = self._read_quietly(row)

    def update_values(self, values: Mapping[str, object]) -> None:
        """Show new values in some fields of the same record; what is typed in others stays."""
        for name, value in values.items():
            row = self.rows[name]
            row.set_value(value)
            row.set_error("")
            self._saved[name] = self._read_quietly(row)

    def values(self) -> dict[str, object]:
        """What was last committed or shown, by name."""
        return dict(self._saved)

    def set_error(self, name: str, text: str) -> None:
        """Say under a field what is wrong with it (the service refused it); empty: all is well."""
        self.rows[name].set_error(text)

    def set_choices(self, name: str, choices: tuple[tuple[str, str], ...]) -> None:
        """Offer other values in a choice or suggest field."""
        self.rows[name].set_choices(choices)

    def focus(self, name: str) -> None:
        """Put the cursor into a field, e.g. where a finding is to be mended."""
        row = self.rows[name]
        self.ensureWidgetVisible(row)
        row.editor.setFocus(Qt.FocusReason.OtherFocusReason)

    def commit_all(self) -> bool:
        """Commit what is still being typed; False if some field is wrong."""
        committed = [self._commit(row) for row in self.rows.values()]
        return all(committed)

    @Slot()
    def _on_left(self) -> None:
        row = self.sender()
        if isinstance(row, FieldRow):
            self._commit(row)

    def _commit(self, row: FieldRow) -> bool:
        name = row.field.name
        try:
            value = self.read(row)
        except ValueError as error:
            row.set_error(str(error))
            return False
        if value == self._saved[name]:
            row.set_error("")
            return True
        wrong = self._complaint(row.field, value)
        row.set_error(wrong)
        if wrong:
            return False
        before, self._saved[name] = self._saved[name], value
        self.settle(row, value)
        self.committed.emit(name, value)
        if row.wrong:  # whoever saves it said so
            self._saved[name] = before
        return not row.wrong

    def settle(self, row: FieldRow, value: object) -> None:
        """Show a value that goes to be saved as it was understood."""
        row.set_value(value)

    def restore(self, row: FieldRow) -> None:
        """Show what was last saved."""
        row.set_value(self._saved[row.field.name])
        row.set_error("")

    def _complaint(self, field: Field, value: object) -> str:
        if field.required and value in {None, ""}:
            return f"请填写{field.label}。"
        return (self._validate(field.name, value) or "") if self._validate else ""

    def read(self, row: FieldRow) -> object:
        """What is in a field. Raises ValueError with a sentence if it cannot be read."""
        return row.value()

    def _read_quietly(self, row: FieldRow) -> object:
        try:
            return self.read(row)
        except ValueError:
            return None

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            row = next((row for row in self.rows.values() if row.editor is watched), None)
            if row is not None and self._on_key(row, event):
                return True
        return super().eventFilter(watched, event)

    def _on_key(self, row: FieldRow, event: QKeyEvent) -> bool:
        enter = event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}
        if event.key() == Qt.Key.Key_Escape:
            self.restore(row)
            return True
        if enter and event.modifiers() == Qt.KeyboardModifier.ControlModifier:
            if self.commit_all():
                self.next_wanted.emit()
            return True
        if enter and not isinstance(row.editor, QPlainTextEdit):
            if self._commit(row):
                self.focusNextChild()
            return True
        return False
