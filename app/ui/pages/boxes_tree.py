"""The tree of assessment items: evidence is put in order here, by mouse and by keyboard."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import (
    QItemSelection,
    QItemSelectionModel,
    QModelIndex,
    QPoint,
    Qt,
    Signal,
    Slot,
)
from PySide6.QtGui import QAction, QDragEnterEvent, QDragMoveEvent, QDropEvent, QKeySequence
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QMenu, QTreeView, QWidget
from typing_extensions import override

from app.ui.framework import tokens as t
from app.ui.framework.theme import tabular
from app.ui.pages.boxes_model import LOOSE, ItemsModel, Kind, Pieces

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from app.ui.framework.theme import Theme

_COUNT_WIDTH, _PAGES_WIDTH = 44, 48


class ItemsTree(QTreeView):
    """Moves pieces by signals; what happens to them is the page's affair."""

    put_wanted = Signal(object, object, bool)
    """Pieces, the item to put them under (None: 待归类), whether they also stay where they are."""
    chosen = Signal()
    opened = Signal(str)

    def __init__(self, theme: Theme, model: ItemsModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.items = model
        self._held: Pieces = []
        self._held_stays = False
        self._first = True
        self.setModel(model)
        self._lay_out()
        self._build_actions()
        model.pieces_dropped.connect(self.put_wanted)
        self.selectionModel().selectionChanged.connect(self._on_selection)
        self.activated.connect(self._on_activated)

    def _lay_out(self) -> None:
        self.setAccessibleName("考核项与材料")
        self.setFont(tabular(self.font()))
        self.setUniformRowHeights(True)
        self.setIndentation(t.GAP)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.setDragDropMode(QAbstractItemView.DragDropMode.DragDrop)
        self.setDefaultDropAction(Qt.DropAction.MoveAction)
        self.setDragDropOverwriteMode(True)  # things are put on a line, never between two
        self.setAutoExpandDelay(700)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.customContextMenuRequested.connect(self._show_menu)
        header = self.header()
        header.setStretchLastSection(False)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        header.setFixedHeight(t.ROW_HEIGHT)
        for column, width in ((1, _COUNT_WIDTH), (2, _PAGES_WIDTH)):
            header.setSectionResizeMode(column, QHeaderView.ResizeMode.Fixed)
            header.resizeSection(column, width)

    def _build_actions(self) -> None:
        self.open_action = self._action("打开文件", "external-link", self._open_current, "")
        self.cut_action = self._action("剪切（移到别的考核项）", "folder-input", self.cut, "Ctrl+X")
        self.copy_action = self._action("复制（同时用于别的考核项）", "copy", self.copy, "Ctrl+C")
        self.paste_action = self._action("放到这里", "check", self.paste, "Ctrl+V")
        self.out_action = self._action("移出考核项（材料仍保留）", "x", self.take_out, "Del")

    def _action(self, words: str, icon: str, slot: Callable[[], None], key: str) -> QAction:
        action = QAction(self._theme.icon(icon), words, self)
        action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        if key:
            action.setShortcut(QKeySequence(key))
        action.triggered.connect(slot)
        self.addAction(action)
        return action

    # -- what is selected --------------------------------------------------------------------

    def selected(self) -> Pieces:
        """Selected pieces with the items under which they are selected."""
        return self.items.pieces(self.selectionModel().selectedRows())

    def select(self, evidence_ids: Iterable[str]) -> bool:
        """Select pieces where they lie under items; False if none of them does."""
        indexes = [
            self.items.index_of(self.items.places[evidence_id][0])
            for evidence_id in evidence_ids
            if evidence_id in self.items.places
        ]
        if not indexes:
            return False
        selection = QItemSelection()
        for index in indexes:
            self.expand(index.parent().parent())
            self.expand(index.parent())
            selection.select(index, index)
        model = self.selectionModel()
        model.setCurrentIndex(indexes[0], QItemSelectionModel.SelectionFlag.NoUpdate)
        rows = QItemSelectionModel.SelectionFlag.Rows
        model.select(selection, QItemSelectionModel.SelectionFlag.ClearAndSelect | rows)
        self.scrollTo(indexes[0], QAbstractItemView.ScrollHint.PositionAtCenter)
        return True

    def show_loose(self) -> None:
        """Go to the evidence that is under no item, opened."""
        index = self.items.index_of(self.items.loose)
        self.expand(index)
        self.setCurrentIndex(index)

    def find_line(self, words: str, *, onward: bool) -> bool:
        """Go to the next line (or stay, unless ``onward``) that contains the words."""
        wanted = words.casefold()
        lines = self.items.walk()
        current = self.items.node(self.currentIndex())
        here = next((n for n, line in enumerate(lines) if line is current), 0)
        start = here + 1 if onward else here
        around = [*lines[start:], *lines[:start]]
        found = next((node for node in around if wanted in node.words.casefold()), None)
        if not wanted or found is None:
            return False
        index = self.items.index_of(found)
        self.setCurrentIndex(index)
        self.scrollTo(index)
        return True

    def reload(self) -> None:
        """Read anew; what was open, selected and in sight stays so."""
        open_keys = [node.key for node in self.items.walk() if self._is_open(node.key)]
        chosen = [self.items.node(i).key for i in self.selectionModel().selectedRows()]
        current = self.items.node(self.currentIndex()).key
        listed, top = self.items.listed, self.verticalScrollBar().value()
        self.items.load()
        while self.items.listed < min(listed, self.items.loose.count):
            self.items.show_more()
        if self._first:
            self._first = False
            for node in self.items.root.children:
                self.setExpanded(self.items.index_of(node), node.kind is Kind.GROUP)
            self.setCurrentIndex(self.items.index(0, 0))
            return
        for key in open_keys:
            self._with(key, self.expand)
        self._restore_selection(chosen, current)
        self.verticalScrollBar().setValue(top)

    def _is_open(self, key: str) -> bool:
        return self.isExpanded(self.items.index_of(self.items.by_key[key]))

    def _with(self, key: str, act: Callable[[QModelIndex], None]) -> None:
        if key in self.items.by_key:
            act(self.items.index_of(self.items.by_key[key]))

    def _restore_selection(self, chosen: list[str], current: str) -> None:
        """The same lines; a piece that was moved away leaves the cursor on the item it lay under."""
        flags = QItemSelectionModel.SelectionFlag
        kept = current if current in self.items.by_key else current.partition("/")[0]
        model = self.selectionModel()
        self._with(kept, lambda i: model.setCurrentIndex(i, flags.NoUpdate))
        selection = QItemSelection()
        for key in chosen:
            self._with(key, lambda i: selection.select(i, i))
        if selection.isEmpty():
            self._with(kept, lambda i: selection.select(i, i))
        model.select(selection, flags.ClearAndSelect | flags.Rows)
        self.chosen.emit()

    @Slot()
    def _on_selection(self) -> None:
        self.chosen.emit()

    @Slot(QModelIndex)
    def _on_activated(self, index: QModelIndex) -> None:
        node = self.items.node(index)
        if node.piece is not None:
            self.opened.emit(node.piece.id)
        elif node.kind is Kind.MORE:
            row, above = node.row, index.parent()
            self.items.show_more()
            self.setCurrentIndex(self.items.index(row, 0, above))
        else:
            self.setExpanded(index, not self.isExpanded(index))

    @Slot()
    def _open_current(self) -> None:
        self._on_activated(self.currentIndex())

    # -- cut, copy, put ------------------------------------------------------------------------

    @Slot()
    def cut(self) -> None:
        """Take hold of the selected pieces, to move them."""
        self._hold(stays=False)

    @Slot()
    def copy(self) -> None:
        """Take hold of the selected pieces, to put them under another item as well."""
        self._hold(stays=True)

    def _hold(self, *, stays: bool) -> None:
        self._held, self._held_stays = self.selected(), stays
        self._show_cut([] if stays else self._held)

    def _show_cut(self, pieces: Pieces) -> None:
        self.items.cut = frozenset(pieces)
        self.viewport().update()

    @Slot()
    def paste(self) -> None:
        """Put what is held under the current item."""
        target = self.items.target(self.currentIndex())
        if target is None or not self._held:
            return
        pieces, stays = self._held, self._held_stays
        if not stays:
            self._held = []
            self._show_cut([])
        self.put_wanted.emit(pieces, target.item_id, stays)

    @Slot()
    def take_out(self) -> None:
        """Take the selected pieces out of their items."""
        pieces = [(piece, item) for piece, item in self.selected() if item is not None]
        if pieces:
            stays = False
            self.put_wanted.emit(pieces, None, stays)

    @Slot()
    def _update_actions(self) -> None:
        pieces = self.selected()
        self.open_action.setEnabled(len(pieces) == 1)
        for action in (self.cut_action, self.copy_action):
            action.setEnabled(bool(pieces))
        self.out_action.setEnabled(any(item is not None for _piece, item in pieces))
        here = self.items.target(self.currentIndex())
        self.paste_action.setEnabled(bool(self._held) and here is not None)
        words = f"把 {len(self._held)} 份材料放到这里" if self._held else "放到这里"
        self.paste_action.setText(words)

    def menu(self) -> QMenu:
        """What can be done with the selected lines."""
        self._update_actions()
        menu = QMenu(self)
        menu.addActions([self.open_action])
        menu.addSeparator()
        menu.addActions([self.cut_action, self.copy_action, self.paste_action])
        menu.addSeparator()
        menu.addActions([self.out_action])
        menu.addSeparator()
        menu.addAction("全部展开", self.expandAll)
        menu.addAction("只看考核项", self._fold)
        return menu

    @Slot()
    def _fold(self) -> None:
        for node in self.items.root.children:
            for item in node.children:
                self.collapse(self.items.index_of(item))
        self._with(LOOSE, self.collapse)

    @Slot(QPoint)
    def _show_menu(self, place: QPoint) -> None:
        menu = self.menu()
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(self.viewport().mapToGlobal(place))

    # -- files from outside ------------------------------------------------------------------

    @override
    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        super().dragEnterEvent(event)
        _copy_files(event)

    @override
    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        super().dragMoveEvent(event)
        _copy_files(event)

    @override
    def dropEvent(self, event: QDropEvent) -> None:
        super().dropEvent(event)
        _copy_files(event)


def _copy_files(event: QDropEvent) -> None:
    """Files from outside are copied, else the file manager would remove the originals."""
    if event.isAccepted() and event.mimeData().hasUrls():
        event.setDropAction(Qt.DropAction.CopyAction)
        event.accept()
