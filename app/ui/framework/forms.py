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

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from app.ui.framework.theme import Theme


class FormWidget(QScrollArea):
    """Fields under each other. Enter or leaving commits, Esc restores, Ctrl+Enter goes to the next."""

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
        grid = QGridLayout()
        grid.setHorizontalSpacing(t.GAP)
        grid.setVerticalSpacing(t.GAP_SMALL)
        grid.setColumnStretch(1, 1)
        for number, field in enumerate(fields):
            self._add(grid, number, field, theme)
        outer.addLayout(grid)
        outer.addStretch(1)
        self.setWidget(body)

    def _add(self, grid: QGridLayout, number: int, field: Field, theme: Theme) -> None:
        row = FieldRow(field, theme)
        label = QLabel(f"{field.label} *" if field.required else field.label)
        label.setMinimumHeight(t.CONTROL_HEIGHT)
        label.setBuddy(row.editor)
        if field.required:
            label.setToolTip("必填")
        row.left.connect(self._on_left)
        row.editor.installEventFilter(self)
        top = Qt.AlignmentFlag.AlignTop
        grid.addWidget(label, number, 0, top | Qt.AlignmentFlag.AlignRight)
        grid.addWidget(row, number, 1, top)
        self.rows[field.name] = row
        self._saved[field.name] = self._read_quietly(row)

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
            value = row.value()
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
        row.set_value(value)
        self._saved[name] = value
        self.committed.emit(name, value)
        return True

    def _complaint(self, field: Field, value: object) -> str:
        if field.required and value in {None, ""}:
            return f"请填写{field.label}。"
        return (self._validate(field.name, value) or "") if self._validate else ""

    @staticmethod
    def _read_quietly(row: FieldRow) -> object:
        try:
            return row.value()
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
            row.set_value(self._saved[row.field.name])
            row.set_error("")
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
