"""The parts of a report that are typed: saved when they are left; what came from last year says so."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSignalBlocker, Qt, Signal, Slot
from PySide6.QtWidgets import QFrame, QLabel, QScrollArea, QVBoxLayout, QWidget

from app.errors import AppError
from app.ui.framework import tokens as t
from app.ui.framework.fields import Field, FieldRow
from app.ui.framework.theme import set_role

if TYPE_CHECKING:
    from app.bootstrap import Services
    from app.services.forms.form import Form, Target, Typed
    from app.ui.framework.page import Tools

_LINES = 4


class TextsPane(QScrollArea):
    """An editor for each part, its name above, where its text comes from below."""

    saved = Signal()

    def __init__(self, tools: Tools, services: Services, adoption_id: str) -> None:
        super().__init__()
        self._tools = tools
        self._services = services
        self._adoption_id = adoption_id
        self._form: Form | None = None
        self._target = ""
        self._kept: dict[str, Typed] = {}
        self.rows: dict[str, FieldRow] = {}
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)

    def show_form(self, form: Form) -> None:
        """Editors for the parts of another form."""
        self._form, self._target, self._kept = form, "", {}
        body = QWidget()
        body.setObjectName("formBody")
        column = QVBoxLayout(body)
        column.setContentsMargins(0, t.GAP_SMALL, t.GAP_SMALL, 0)
        column.setSpacing(t.GRID)
        self.about = QLabel()
        self.about.setWordWrap(True)
        set_role(self.about, "muted")
        column.addWidget(self.about)
        self.rows = {}
        for part in form.parts:
            name = QLabel(part.name)
            set_role(name, "heading")
            row = FieldRow(
                Field(part.key, part.name, "long", help=part.words, lines=_LINES),
                self._tools.theme,
            )
            name.setBuddy(row.editor)
            row.left.connect(self._on_left)
            row.setEnabled(False)
            self.rows[part.key] = row
            column.addWidget(name)
            column.addWidget(row)
        column.addStretch(1)
        self.setWidget(body)

    def show_target(self, target: Target | None) -> None:
        """The texts of one record; what is being typed for another is saved first."""
        form = self._form
        if form is None or not form.parts:
            return
        self.commit()
        self._target = target.id if target else ""
        for row in self.rows.values():
            row.setEnabled(target is not None)
        if target is None:
            self.about.setText("先选好对象，再写正文。")
            return
        self.about.setText(f"这里写的是“{target.title}”的{form.name}；离开一格就保存。")
        try:
            self._kept = dict(self._services.forms.texts(form.key, self._adoption_id, target.id))
        except AppError as error:
            self._tools.errors.show_error(error)
            return
        for key in self.rows:
            self._show(key)

    def commit(self) -> bool:
        """Save what is being typed; False if it was refused."""
        saved = [self._save(key) for key in self.rows]
        return all(saved)

    @Slot()
    def _on_left(self) -> None:
        row = self.sender()
        if isinstance(row, FieldRow):
            self._save(row.field.name)

    def _show(self, key: str) -> None:
        row, typed = self.rows[key], self._kept.get(key)
        with QSignalBlocker(row):
            row.set_value(typed.text if typed else "")
        carried = typed.carried_from if typed else ""
        row.set_error("")
        row.say(f"沿用 {carried}，改了就成为这一份自己的" if carried else "")

    def _save(self, key: str) -> bool:
        row, before, form = self.rows[key], self._kept.get(key), self._form
        text = str(row.value() or "")
        if form is None or not self._target or text == (before.text if before else ""):
            return True
        try:
            self._services.forms.save_text(form.key, self._adoption_id, self._target, key, text)
        except AppError as error:
            row.set_error(error.sentence)
            return False
        from app.services.forms.form import Typed

        self._kept[key] = Typed(text)
        row.set_error("")
        row.say("")
        self.saved.emit()
        return True

    def focus(self) -> None:
        """The cursor into the first part."""
        first = next(iter(self.rows.values()), None)
        if first is not None:
            first.editor.setFocus(Qt.FocusReason.OtherFocusReason)
