"""The sections of a scheme at the left of its editor: how many entries, and what needs a look."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import (
    QModelIndex,
    QPersistentModelIndex,
    QSignalBlocker,
    QSize,
    Qt,
    Signal,
    Slot,
)
from PySide6.QtWidgets import (
    QHeaderView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTreeWidget,
    QTreeWidgetItem,
)
from typing_extensions import override

from app.services.schemes import draft as d
from app.services.schemes.describe import part_info, words
from app.ui.framework.theme import tabular

if TYPE_CHECKING:
    Index = QModelIndex | QPersistentModelIndex

    from app.ui.pages.scheme_editor_state import EditorState

_SECTION = Qt.ItemDataRole.UserRole
_COUNT_WIDTH = 56
_ROW_HEIGHT = 23


class _Compact(QStyledItemDelegate):
    """All sections are to be seen at once on a low screen."""

    @override
    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(0, _ROW_HEIGHT)


class SectionTree(QTreeWidget):
    """Groups of sections, always open."""

    picked = Signal(object)
    """Name of the section that the cursor came to."""

    def __init__(self, state: EditorState) -> None:
        super().__init__()
        self._state = state
        self._items: dict[str, QTreeWidgetItem] = {}
        self.setAccessibleName("方案的各段")
        self.setColumnCount(2)
        self.setHeaderHidden(True)
        self.setIndentation(0)
        self.setRootIsDecorated(False)
        self.header().setStretchLastSection(False)
        self.header().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        self.header().setSectionResizeMode(1, QHeaderView.ResizeMode.Fixed)
        self.setColumnWidth(1, _COUNT_WIDTH)
        self.setUniformRowHeights(True)
        self.setItemDelegate(_Compact(self))
        self._fill()
        self.currentItemChanged.connect(self._on_current)
        state.changed.connect(self.show_marks)
        state.reshaped.connect(self.show_marks)

    def _fill(self) -> None:
        root = part_info(d.ROOT)
        listed: set[str] = set()
        for group in words()["tree"]:
            head = QTreeWidgetItem(self, [group["name"], ""])
            head.setFlags(Qt.ItemFlag.ItemIsEnabled)
            font = head.font(0)
            font.setBold(True)
            head.setFont(0, font)
            for name in group["sections"]:
                self._add(head, name)
                listed.add(name)
            head.setExpanded(True)
        for field in root.fields:
            if field.name not in listed:  # a section that is new to the vocabulary
                self._add(self.topLevelItem(0), field.name)
        self.show_marks()

    def _add(self, head: QTreeWidgetItem | None, name: str) -> None:
        field = part_info(d.ROOT).field(name)
        if field is None or head is None:
            return
        item = QTreeWidgetItem(head, [f"　{field.label}", ""])
        item.setData(0, _SECTION, name)
        item.setToolTip(0, field.help)
        item.setTextAlignment(1, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        item.setFont(1, tabular(item.font(1)))
        self._items[name] = item

    @Slot()
    def show_marks(self) -> None:
        """Count the entries of each section, and mark those with errors or examples."""
        theme = self._state.tools.theme
        examples = {str(path[0]) for path, _info, part in d.parts_of(self._state.draft)
                    if path and part.get("placeholder")}  # fmt: skip
        for name, item in self._items.items():
            entries = self._state.editing.get((name,))
            count = len(entries) if isinstance(entries, list) else 0
            item.setText(1, str(count) if count else "")
            wrong = self._state.wrong_below((name,))
            if wrong:
                item.setIcon(1, theme.icon("circle-alert", "error"))
            elif name in examples:
                item.setIcon(1, theme.icon("triangle-alert", "warning"))
            else:
                item.setData(1, Qt.ItemDataRole.DecorationRole, None)
            said = (
                f"有 {len(wrong)} 处要改" if wrong else "有示例，请核对" if name in examples else ""
            )
            item.setToolTip(1, said)

    def show_section(self, name: str) -> None:
        """Put the cursor on a section; tells nobody."""
        with QSignalBlocker(self):
            self.setCurrentItem(self._items[name])

    @Slot(QTreeWidgetItem)
    def _on_current(self, item: QTreeWidgetItem | None) -> None:
        if item is not None and item.data(0, _SECTION):
            self.picked.emit(item.data(0, _SECTION))
