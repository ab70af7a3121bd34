"""The strip below the tree: what is lacking on the selected evidence is filled in right there."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget
from typing_extensions import override

from app.services.evidence.service import EvidenceEdit
from app.ui.framework import tokens as t
from app.ui.framework.fields import Field, FieldRow
from app.ui.framework.theme import set_role

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QResizeEvent

    from app.services.evidence.catalogue import EvidenceRow
    from app.ui.framework.theme import Theme

_FIELDS = (
    Field("pages", "页数", "int", width=48),
    Field("dated_on", "日期", "date", width=124, placeholder="2025-9-1"),
    Field("sealed", "已盖章", "bool"),
)
_INVITATION = "选中材料，在这里补页数、日期和盖章。"


class MendStrip(QWidget):
    """Pages, date and seal of one or many pieces; saved when a field is left."""

    edited = Signal(object, object)
    """Ids of the pieces, and the EvidenceEdit."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.ids: tuple[str, ...] = ()
        self._words = _INVITATION
        self._common: dict[str, object] = {}
        self.rows = {field.name: FieldRow(field, theme) for field in _FIELDS}
        self.words = QLabel()
        self.words.setTextFormat(Qt.TextFormat.PlainText)
        self.wrong = QLabel()
        self.wrong.setWordWrap(True)
        set_role(self.wrong, "error")
        self._build()
        self._show(())

    def _build(self) -> None:
        """Title and seal above, pages and date below."""
        self.seal, self.fields = QWidget(), QWidget()
        lines = {name: QHBoxLayout(part) for name, part in (("bool", self.seal), ("", self.fields))}
        for line in lines.values():
            line.setContentsMargins(0, 0, 0, 0)
            line.setSpacing(t.GRID)
        for field in _FIELDS:
            row = self.rows[field.name]
            label = QLabel(field.label)
            label.setBuddy(row.editor)
            line = lines.get(field.kind, lines[""])
            line.addWidget(label)
            line.addWidget(row)
            line.addSpacing(t.GRID)
            row.left.connect(self._on_left)
            row.editor.installEventFilter(self)
        lines[""].addStretch(1)
        head = QHBoxLayout()
        head.addWidget(self.words, 1)
        head.addWidget(self.seal)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(t.GRID)
        column.addLayout(head)
        column.addWidget(self.fields)
        column.addWidget(self.wrong)
        first, second, third = (self.rows[field.name].editor for field in _FIELDS)
        QWidget.setTabOrder(first, second)
        QWidget.setTabOrder(second, third)

    def show_rows(self, rows: Sequence[EvidenceRow]) -> None:
        """Show what is selected; of several pieces only what they have in common."""
        ids = tuple(dict.fromkeys(row.id for row in rows))
        if ids != self.ids:
            self.commit_all()
        common = {
            field.name: values.pop()
            for field in _FIELDS
            if len(values := {getattr(row, field.name) for row in rows}) == 1
        }
        if ids == self.ids and common == self._common:
            return  # nothing of it changed: what is being typed stays
        self.ids, self._common = ids, common
        for name, row in self.rows.items():
            row.set_value(common.get(name))
        self._show(rows)

    def _show(self, rows: Sequence[EvidenceRow]) -> None:
        self.show_error("")
        for part in (self.fields, self.seal):
            part.setVisible(bool(rows))
        set_role(self.words, "heading" if rows else "muted")
        self._words = rows[0].title if rows else _INVITATION
        if len(self.ids) > 1:
            self._words = f"已选 {len(self.ids)} 份，一起填写"
        self.words.setToolTip(self._words)
        self._elide()

    def _elide(self) -> None:
        metrics = self.words.fontMetrics()
        taken = self.seal.sizeHint().width() + t.GAP if self.ids else t.GRID
        room = max(80, self.width() - taken)
        self.words.setText(metrics.elidedText(self._words, Qt.TextElideMode.ElideMiddle, room))

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._elide()

    def focus(self, name: str) -> None:
        """Put the cursor where something is lacking."""
        self.rows[name].editor.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_error(self, text: str) -> None:
        """Say what is wrong with a value; empty: nothing is."""
        self.wrong.setText(text)
        self.wrong.setVisible(bool(text))

    def commit_all(self) -> bool:
        """Save what is still being typed; False if it cannot be read."""
        committed = [self._commit(name) for name in self.rows]
        return all(committed)

    @Slot()
    def _on_left(self) -> None:
        row = self.sender()
        if isinstance(row, FieldRow):
            self._commit(row.field.name)

    def _commit(self, name: str) -> bool:
        try:
            value = self.rows[name].value()
        except ValueError as error:
            self.show_error(str(error))
            return False
        before = self._common.get(name)
        if self.ids and value != (bool(before) if name == "sealed" else before):
            self.show_error("")
            self.edited.emit(self.ids, edit_of(name, value))
        return True

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Esc leaves a field as it was; Enter goes on to the next one."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            row = next((row for row in self.rows.values() if row.editor is watched), None)
            if row is not None and event.key() == Qt.Key.Key_Escape:
                row.set_value(self._common.get(row.field.name))
                self.show_error("")
                return True
            if row is not None and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                if self._commit(row.field.name):
                    self.focusNextChild()
                return True
        return super().eventFilter(watched, event)


def edit_of(name: str, value: object) -> EvidenceEdit:
    """The change that a field of the strip stands for."""
    if name == "pages":
        return EvidenceEdit(pages=value if isinstance(value, int) else -1)
    if name == "dated_on":
        return EvidenceEdit(dated_on=value.isoformat() if isinstance(value, date) else "")
    return EvidenceEdit(sealed=bool(value))
