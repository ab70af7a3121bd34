"""回收站: what was deleted, and bringing it back with its parts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Slot
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QStackedWidget,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from app.ui.framework import tokens as t
from app.ui.framework.jobs import Job
from app.ui.framework.page import EmptyState
from app.ui.framework.theme import set_role

if TYPE_CHECKING:
    from app.bootstrap import Services
    from app.progress import Progress
    from app.services.trash import Deleted
    from app.ui.framework.page import Tools

_PAUSE_MS = 250
_WIDTHS = (150, 90, 110, 300)
_MOST = 500


class TrashDialog(QDialog):
    """A list of deleted records, newest first; the selected ones come back as one step."""

    def __init__(self, tools: Tools, services: Services, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._tools = tools
        self._services = services
        self._listed: list[Deleted] = []
        self._asked = 0
        self.setWindowTitle("回收站")
        self.resize(860, 520)
        column = QVBoxLayout(self)
        column.setContentsMargins(t.PAGE_MARGIN, t.PAGE_MARGIN, t.PAGE_MARGIN, t.PAGE_MARGIN)
        column.setSpacing(t.GAP)
        self.words = QLineEdit()
        self.words.setPlaceholderText("按名称查找")
        self.words.setAccessibleName("在回收站里查找")
        self.words.setClearButtonEnabled(True)
        self.words.setMaximumWidth(320)
        column.addWidget(self.words)
        self._pause = QTimer(self, singleShot=True, interval=_PAUSE_MS)
        self._pause.timeout.connect(self.look)
        self.words.textChanged.connect(self._pause.start)
        self.stack = QStackedWidget()
        self.lines = self._build_lines()
        self.stack.addWidget(self.lines)
        self.empty = EmptyState(
            tools.theme, "trash-2", "回收站是空的。删除的记录会放在这里，随时可以恢复。"
        )
        self.nothing = EmptyState(tools.theme, "search", "没有找到这样的记录。")
        self.stack.addWidget(self.empty)
        self.stack.addWidget(self.nothing)
        column.addWidget(self.stack, 1)
        column.addLayout(self._build_foot())
        self.look()

    def _build_lines(self) -> QTreeWidget:
        lines = QTreeWidget()
        lines.setHeaderLabels(["删除时间", "谁删除的", "类别", "名称", "一起删除的"])
        lines.setRootIsDecorated(False)
        lines.setUniformRowHeights(True)
        lines.setAlternatingRowColors(True)
        lines.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        lines.setAccessibleName("回收站")
        for place, width in enumerate(_WIDTHS):
            lines.setColumnWidth(place, width)
        lines.itemSelectionChanged.connect(self._on_selected)
        lines.itemActivated.connect(self.restore)
        return lines

    def _build_foot(self) -> QHBoxLayout:
        foot = QHBoxLayout()
        foot.setSpacing(t.GAP_SMALL)
        self.note = QLabel()
        set_role(self.note, "muted")
        foot.addWidget(self.note, 1)
        self.restore_button = QPushButton(self._tools.theme.icon("undo-2", "on_accent"), "恢复")
        set_role(self.restore_button, "primary")
        self.restore_button.clicked.connect(self.restore)
        foot.addWidget(self.restore_button)
        close = QPushButton("关闭")
        close.clicked.connect(self.accept)
        foot.addWidget(close)
        return foot

    @Slot()
    def look(self) -> None:
        """List what is in the trash; the journal may be long, so the window does not wait for it."""
        self._asked += 1
        asked, words = self._asked, self.words.text()

        def work(_progress: Progress) -> list[Deleted]:
            return self._services.trash.list(words, _MOST)

        def done(found: list[Deleted]) -> None:
            if asked == self._asked:
                self._show(found)

        self._tools.jobs.start(
            Job("列出回收站", work, done, owner=self, database=False, quiet=True)
        )

    def _show(self, found: list[Deleted]) -> None:
        self.lines.clear()
        self._listed = found
        for one in found:
            at = one.at.astimezone()
            parts = f"{one.parts} 项内容" if one.parts else ""
            cells = (f"{at:%Y-%m-%d %H:%M}", one.actor, one.name, one.title, parts)
            item = QTreeWidgetItem(list(cells))
            item.setToolTip(3, one.title)
            self.lines.addTopLevelItem(item)
        searching = bool(self.words.text().strip())
        shown = self.lines if found else self.nothing if searching else self.empty
        self.stack.setCurrentWidget(shown)
        first = self.lines.topLevelItem(0)
        if first is not None:
            self.lines.setCurrentItem(first)
        self._on_selected()

    def chosen(self) -> list[Deleted]:
        """What is selected."""
        rows = [self.lines.indexOfTopLevelItem(item) for item in self.lines.selectedItems()]
        return [self._listed[row] for row in sorted(rows)]

    @Slot()
    def _on_selected(self) -> None:
        count = len(self.chosen())
        self.restore_button.setEnabled(bool(count))
        self.restore_button.setText(f"恢复 {count} 条" if count > 1 else "恢复")
        more = f"，只列出最近的 {_MOST} 条" if len(self._listed) >= _MOST else ""
        self.note.setText(f"共 {len(self._listed)} 条{more}" if self._listed else "")

    @Slot()
    def restore(self) -> None:
        """Bring the selected records back."""
        chosen = self.chosen()
        if not chosen:
            return

        def work(_progress: Progress) -> int:
            return self._services.trash.restore(chosen)

        def done(count: int) -> None:
            words = f"“{chosen[0].title}”" if count == 1 else f" {count} 条记录"
            self._tools.messages.say(f"已恢复{words}。")
            self.look()

        self._tools.jobs.start(Job("恢复", work, done, owner=self, quiet=True))
