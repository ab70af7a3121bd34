"""What a change of many records would do: counts, old → new line by line, and what cannot be."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Slot
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QDialogButtonBox,
    QLabel,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from app.services.entry.bulk import LINES
from app.ui.framework import tokens as t
from app.ui.framework.theme import set_role

if TYPE_CHECKING:
    from app.services.entry.bulk import Preview
    from app.ui.framework.page import Tools

_WIDTHS = (96, 84, 100, 110)
_CELL_LETTERS = 200


class PreviewTable(QWidget):
    """Counts of a preview and its lines; those that cannot be are marked and say why."""

    def __init__(self, tools: Tools) -> None:
        super().__init__()
        self._theme = tools.theme
        self._preview: Preview | None = None
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(t.GAP_SMALL)
        self.summary = QLabel()
        self.summary.setWordWrap(True)
        set_role(self.summary, "heading")
        column.addWidget(self.summary)
        self.only_problems = QCheckBox("只看有问题的")
        self.only_problems.toggled.connect(self._fill)
        column.addWidget(self.only_problems)
        self.lines = QTreeWidget()
        self.lines.setHeaderLabels(["记录", "栏目", "原来", "改为", "问题"])
        self.lines.setRootIsDecorated(False)
        self.lines.setUniformRowHeights(True)
        self.lines.setAlternatingRowColors(True)
        self.lines.setAccessibleName("修改前后对照")
        for place, width in enumerate(_WIDTHS):
            self.lines.setColumnWidth(place, width)
        column.addWidget(self.lines, 1)
        self.note = QLabel()
        set_role(self.note, "small")
        column.addWidget(self.note)
        self.clear("")

    def clear(self, words: str) -> None:
        """Say something in place of a preview."""
        self._preview = None
        self.summary.setText(words)
        self.only_problems.hide()
        self.note.hide()
        self.lines.clear()

    def show_preview(self, preview: Preview) -> None:
        """Show what would be done."""
        self._preview = preview
        self.summary.setText(preview_words(preview))
        self.only_problems.setVisible(bool(preview.conflicts))
        if not preview.conflicts:
            self.only_problems.setChecked(False)
        self._fill()

    @Slot()
    def _fill(self) -> None:
        self.lines.clear()
        if self._preview is None:
            return
        wanted = sorted(self._preview.lines, key=lambda line: not line.problem)
        chosen = [line for line in wanted if line.problem or not self.only_problems.isChecked()]
        for line in chosen[:LINES]:
            cells = (line.title, line.field, line.old, line.new, line.problem)
            item = QTreeWidgetItem([" ".join(cell[:_CELL_LETTERS].split()) for cell in cells])
            for place, cell in enumerate(cells):
                item.setToolTip(place, cell)
            if line.problem:
                item.setIcon(4, self._theme.icon("circle-alert", "error"))
                item.setForeground(4, self._theme.color("error"))
            self.lines.addTopLevelItem(item)
        self.lines.setColumnHidden(4, not self._preview.conflicts)
        self.note.setText(f"只列出前 {LINES} 处。")
        self.note.setVisible(len(chosen) > LINES or len(self._preview.lines) >= LINES)


def preview_words(preview: Preview) -> str:
    """Counts in a sentence."""
    told = [
        f"{count} 条{words}"
        for count, words in (
            (preview.created, "将新增"),
            (preview.changed, "将修改"),
            (preview.unchanged, "不变"),
            (preview.conflicts, "有问题，不会改动"),
        )
        if count
    ]
    return f"{'，'.join(told)}。" if told else "没有要改的。"


def done_words(preview: Preview) -> str:
    """What was done, in a sentence."""
    made = f"新增 {preview.created} 条，" if preview.created else ""
    left = f"，{preview.conflicts} 条有问题没有改" if preview.conflicts else ""
    return f"已{made}修改 {preview.changed} 条{left}。"


class BulkPreviewDialog(QDialog):
    """Shows what a paste or fill would do before it is done; ``accepted`` says: do it."""

    def __init__(
        self, tools: Tools, preview: Preview, title: str = "确认修改", parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self.resize(820, 480)
        column = QVBoxLayout(self)
        column.setContentsMargins(t.PAGE_MARGIN, t.PAGE_MARGIN, t.PAGE_MARGIN, t.PAGE_MARGIN)
        column.setSpacing(t.GAP)
        self.table = PreviewTable(tools)
        self.table.show_preview(preview)
        column.addWidget(self.table, 1)
        self.buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        count = preview.created + preview.changed
        self.apply_button = self.buttons.addButton(
            f"确定（{count} 条）", QDialogButtonBox.ButtonRole.AcceptRole
        )
        set_role(self.apply_button, "primary")
        self.apply_button.setEnabled(bool(count))
        self.apply_button.setDefault(True)
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)
        column.addWidget(self.buttons)
