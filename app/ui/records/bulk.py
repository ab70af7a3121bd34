"""Batch changes: fields are left alone, set or emptied in many records; shown first, done as one step."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot
from PySide6.QtWidgets import (
    QButtonGroup,
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFrame,
    QGridLayout,
    QLabel,
    QRadioButton,
    QScrollArea,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from app.services.entry.bulk import Edit
from app.ui.framework import tokens as t
from app.ui.framework.entry_form import fields_of
from app.ui.framework.fields import Field, FieldRow
from app.ui.framework.jobs import Job
from app.ui.framework.theme import set_role
from app.ui.records.preview import PreviewTable
from app.ui.records.words import counted

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from app.progress import Progress
    from app.services.entry.bulk import Preview
    from app.services.entry.names import Choice
    from app.services.entry.service import Entries, SheetView
    from app.ui.framework.page import Tools

    Suggest = Callable[[str], list[Choice]]

KEEP, SET, EMPTY = range(3)
_PAUSE_MS = 250


class BulkField(QObject):
    """One field: 不改, 改为 …, or 清空."""

    changed = Signal()

    def __init__(
        self, tools: Tools, field: Field, suggest: Suggest | None, parent: QObject
    ) -> None:
        super().__init__(parent)
        self.field = field
        self.what = QComboBox()
        self.what.addItems(["不改", "改为", *(() if field.required else ("清空",))])
        self.what.setAccessibleName(f"{field.label}怎么改")
        self.what.setFixedWidth(84)
        self.what.currentIndexChanged.connect(self._on_what)
        self.row = FieldRow(replace(field, help=""), tools.theme, source=suggest)
        self.row.left.connect(self.changed)
        self.row.setEnabled(False)

    @Slot()
    def _on_what(self) -> None:
        setting = self.what.currentIndex() == SET
        self.row.setEnabled(setting)
        if setting:
            self.row.editor.setFocus(Qt.FocusReason.OtherFocusReason)
        self.changed.emit()

    def values(self) -> dict[str, object]:
        """What is to be set; nothing where the field is left alone or still waits for a value."""
        match self.what.currentIndex():
            case 1:
                raw = self.row.raw()
                return {} if raw == "" else {self.field.name: raw}
            case 2:
                return {self.field.name: ""}
        return {}


class BulkEditDialog(QDialog):
    """Fields at the left, at the right what would become of each record."""

    applied = Signal(object)
    """Preview of what was done."""

    def __init__(
        self,
        tools: Tools,
        entries: Entries,
        sheet: SheetView,
        adoption_id: str,
        *,
        selected: Callable[[], Sequence[str]],
        selected_count: int,
        found: Callable[[], Sequence[str]],
        found_count: int,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._tools = tools
        self._entries = entries
        self._sheet = sheet
        self._adoption_id = adoption_id
        self._finders = (selected, found)
        self._previewed: dict[str, object] = {}
        self._asked = 0
        self.setWindowTitle(f"批量修改{sheet.name}")
        self.resize(1080, 600)
        column = QVBoxLayout(self)
        column.setContentsMargins(t.PAGE_MARGIN, t.PAGE_MARGIN, t.PAGE_MARGIN, t.PAGE_MARGIN)
        column.setSpacing(t.GAP)
        column.addWidget(self._build_scope(selected_count, found_count))
        split = QSplitter()
        split.setHandleWidth(t.GAP)
        split.setChildrenCollapsible(False)
        split.addWidget(self._build_fields())
        self.preview = PreviewTable(tools)
        split.addWidget(self.preview)
        split.setSizes([370, 700])
        column.addWidget(split, 1)
        column.addWidget(self._build_buttons())
        self._pause = QTimer(self, singleShot=True, interval=_PAUSE_MS)
        self._pause.timeout.connect(self.look)
        self._tell()

    def _build_scope(self, selected: int, found: int) -> QWidget:
        """Which records are meant."""
        box = QWidget()
        row = QVBoxLayout(box)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        self.selected = QRadioButton(f"选中的 {counted(self._sheet, selected)}")
        self.found = QRadioButton(f"列表里现在的全部 {counted(self._sheet, found)}")
        self._scope = QButtonGroup(self)
        for number, button in enumerate((self.selected, self.found)):
            self._scope.addButton(button, number)
            row.addWidget(button)
        self.selected.setEnabled(bool(selected))
        (self.selected if selected else self.found).setChecked(True)
        self._scope.idToggled.connect(self._tell)
        return box

    def _build_fields(self) -> QWidget:
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setMinimumWidth(360)
        body = QWidget()
        body.setObjectName("formBody")
        grid = QGridLayout(body)
        grid.setContentsMargins(0, 0, t.GAP_SMALL, 0)
        grid.setHorizontalSpacing(t.GAP_SMALL)
        grid.setVerticalSpacing(t.GAP_SMALL)
        grid.setColumnStretch(2, 1)
        self.fields: dict[str, BulkField] = {}
        shown = [one for one in fields_of(self._sheet) if not one.read_only]
        for number, field in enumerate(shown):
            made = BulkField(self._tools, field, self._suggesting(field), self)
            made.changed.connect(self._tell)
            label = QLabel(field.label)
            label.setBuddy(made.what)
            grid.addWidget(label, number, 0, Qt.AlignmentFlag.AlignRight | _TOP)
            label.setMinimumHeight(t.CONTROL_HEIGHT)
            grid.addWidget(made.what, number, 1, _TOP)
            grid.addWidget(made.row, number, 2, _TOP)
            self.fields[field.name] = made
        grid.setRowStretch(grid.rowCount(), 1)
        area.setWidget(body)
        return area

    def _suggesting(self, field: Field) -> Suggest | None:
        if field.kind != "ref":
            return None
        return lambda words: self._entries.suggest(field.target, words, self._adoption_id)

    def _build_buttons(self) -> QDialogButtonBox:
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        self.apply_button = buttons.addButton("修改", QDialogButtonBox.ButtonRole.AcceptRole)
        set_role(self.apply_button, "primary")
        buttons.accepted.connect(self.apply)
        buttons.rejected.connect(self.reject)
        return buttons

    def values(self) -> dict[str, object]:
        """What is to be set, by field."""
        return {name: value for one in self.fields.values() for name, value in one.values().items()}

    @Slot()
    def _tell(self) -> None:
        """Something was chosen: look again what it would do, once the user pauses."""
        self._asked += 1
        self.apply_button.setEnabled(False)
        self.apply_button.setText("修改")
        if self.values():
            self.preview.clear("正在比较…")
            self._pause.start()
        else:
            self._pause.stop()
            self.preview.clear("在左边选择要改的栏目；不选的保持原样。")

    def _edits(self) -> Callable[[], list[Edit]]:
        find, values = self._finders[self._scope.checkedId()], self.values()
        return lambda: [Edit(record_id, values) for record_id in find()]

    @Slot()
    def look(self) -> None:
        """Find out what the change would do."""
        asked, edits = self._asked, self._edits()

        def work(_progress: Progress) -> Preview:
            return self._entries.preview(self._sheet.kind, edits(), self._adoption_id)

        def done(preview: Preview) -> None:
            if asked == self._asked:
                self.preview.show_preview(preview)
                self.apply_button.setEnabled(bool(preview.changed))
                self.apply_button.setText(f"修改 {preview.changed} 条")

        self._tools.jobs.start(Job("比较", work, done, owner=self, database=False, quiet=True))

    @Slot()
    def apply(self) -> None:
        """Make the change, as one step."""
        edits, sheet = self._edits(), self._sheet
        labels = "、".join(self.fields[name].field.label for name in self.values())
        action = f"批量修改{sheet.name}的{labels}"
        self.apply_button.setEnabled(False)

        def work(progress: Progress) -> Preview:
            return self._entries.apply(sheet.kind, edits(), self._adoption_id, action, progress)

        def done(preview: Preview) -> None:
            self.applied.emit(preview)
            self.accept()

        self._tools.jobs.start(Job(action, work, done, owner=self))


_TOP = Qt.AlignmentFlag.AlignTop
