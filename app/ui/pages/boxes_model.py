"""The assessment table with the evidence under it, and what is under no item, as a tree."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING

from PySide6.QtCore import (
    QAbstractItemModel,
    QMimeData,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    Signal,
)
from PySide6.QtGui import QFont
from typing_extensions import override

from app.services.evidence.catalogue import EvidenceRow, Query
from app.ui.pages.materials_columns import kind_icon, kind_words
from app.ui.pages.materials_intake import dropped_paths

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from app.bootstrap import Services
    from app.services.adoption import ItemView
    from app.ui.framework.theme import Theme

Index = QModelIndex | QPersistentModelIndex
Pieces = list[tuple[str, str | None]]
"""Evidence with the item under which it was taken hold of (None: it lies under none)."""

MIME = "application/x-yandang-pieces"
LOOSE, MORE = "loose", "more"
LOOSE_AT_ONCE = 200
_TITLES = ("考核项与材料", "件", "页")
_NOWHERE = QModelIndex()
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


class Kind(Enum):
    """What a line of the tree is."""

    LOOSE = "待归类"
    GROUP = "分组"
    ITEM = "考核项"
    PIECE = "材料"
    MORE = "更多"


@dataclass(slots=True)
class Node:
    """One line of the tree; ``key`` names it across reloads."""

    kind: Kind
    key: str
    words: str
    parent: Node | None = None
    item_id: str | None = None
    piece: EvidenceRow | None = None
    children: list[Node] = field(default_factory=list)
    row: int = 0
    number: int = 0
    count: int = 0
    pages: int = 0

    def add(self, child: Node) -> None:
        """Put a line below this one."""
        child.parent, child.row = self, len(self.children)
        self.children.append(child)


class ItemsModel(QAbstractItemModel):
    """待归类 first, then the groups and items in the table's order, their evidence beneath."""

    pieces_dropped = Signal(object, object, bool)
    """Pieces, the item they were dropped on (None: 待归类), whether they also stay where they are."""
    files_dropped = Signal(object, object)
    """Paths from outside, and the item (None: 待归类)."""

    def __init__(
        self, theme: Theme, services: Services, adoption_id: str, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._services = services
        self._adoption_id = adoption_id
        self._query = Query(view="unplaced", adoption_id=adoption_id, descending=False)
        self._nodes: list[Node] = []
        self.root = Node(Kind.GROUP, "", "")
        self.loose = Node(Kind.LOOSE, LOOSE, "待归类")
        self.by_key: dict[str, Node] = {}
        self.places: dict[str, list[Node]] = {}
        self.cut: frozenset[tuple[str, str | None]] = frozenset()
        self.bold = QFont()
        self.bold.setWeight(QFont.Weight.DemiBold)

    # -- filling -----------------------------------------------------------------------------

    def load(self) -> None:
        """Read everything anew."""
        items = self._services.adoptions.items(self._adoption_id)
        placed = self._services.catalogue.items_with_evidence(self._adoption_id)
        count = self._services.catalogue.count(self._query)
        self.beginResetModel()
        self._nodes, self.by_key, self.places = [], {}, {}
        self.root = self._enter(Node(Kind.GROUP, "", ""), None)
        self.loose = self._enter(Node(Kind.LOOSE, LOOSE, "待归类", count=count), self.root)
        groups: dict[str | None, Node] = {None: self.root}
        for item in items:
            self._add_item(item, groups, placed.get(item.id, ()))
        self.endResetModel()

    def _add_item(
        self, item: ItemView, groups: dict[str | None, Node], rows: Sequence[EvidenceRow]
    ) -> None:
        group = groups[item.parent_id]
        if item.parent_id is None:
            groups[item.id] = self._enter(Node(Kind.GROUP, item.id, item.label), group)
            return
        pages = sum(row.pages or 0 for row in rows)
        made = Node(Kind.ITEM, item.id, item.label, item_id=item.id, count=len(rows), pages=pages)
        self._enter(made, group)
        group.count += made.count
        group.pages += made.pages
        for row in rows:
            self._enter(_piece(row, made), made)

    def _enter(self, node: Node, parent: Node | None) -> Node:
        node.number = len(self._nodes)
        self._nodes.append(node)
        self.by_key[node.key] = node
        if node.piece is not None:
            self.places.setdefault(node.piece.id, []).append(node)
        if parent is not None:
            parent.add(node)
        return node

    @override
    def canFetchMore(self, parent: Index) -> bool:
        unread = bool(self.loose.count) and not self.loose.children
        return unread and self.node(parent) is self.loose

    @override
    def fetchMore(self, parent: Index) -> None:
        if self.canFetchMore(parent):
            self.show_more()

    @property
    def listed(self) -> int:
        """How many of the unplaced are listed."""
        children = self.loose.children
        return len(children) - bool(children and children[-1].kind is Kind.MORE)

    def show_more(self) -> None:
        """List the next portion of the unplaced; a line at the end offers what is left."""
        here, above = self.listed, self.index_of(self.loose)
        rows = self._services.catalogue.page(self._query, here, LOOSE_AT_ONCE)
        if here < len(self.loose.children):
            self.beginRemoveRows(above, here, here)
            self.loose.children.pop()
            self.endRemoveRows()
        if not rows:
            self.loose.count = here
            return
        left = self.loose.count - here - len(rows)
        more = left > 0
        self.beginInsertRows(above, here, here + len(rows) - (not more))
        for row in rows:
            self._enter(_piece(row, self.loose), self.loose)
        if more:
            words = f"还有 {left} 份，按回车接着列"
            self._enter(Node(Kind.MORE, MORE, words), self.loose)
        self.endInsertRows()

    # -- finding one's way -------------------------------------------------------------------

    def node(self, index: Index) -> Node:
        """Line of an index; the root for none."""
        return self._nodes[index.internalId()] if index.isValid() else self.root

    def index_of(self, node: Node) -> QModelIndex:
        """Index of a line."""
        return _NOWHERE if node.parent is None else self.createIndex(node.row, 0, node.number)

    def target(self, index: Index) -> Node | None:
        """The item, or 待归类, that is meant by pointing at a line; None for groups and nothing."""
        node = self.node(index)
        if node.kind in (Kind.PIECE, Kind.MORE) and node.parent is not None:
            node = node.parent
        return node if node.kind in (Kind.ITEM, Kind.LOOSE) else None

    def walk(self) -> list[Node]:
        """All lines from top to bottom."""
        lines: list[Node] = []
        for top in self.root.children:
            lines.append(top)
            for below in top.children:
                lines += [below, *below.children]
        return lines

    @override
    def index(self, row: int, column: int, parent: Index = _NOWHERE) -> QModelIndex:
        above = self.node(parent) if self._nodes else None
        if above is None or not 0 <= row < len(above.children):
            return QModelIndex()
        return self.createIndex(row, column, above.children[row].number)

    @override
    def parent(self, index: Index = _NOWHERE) -> QModelIndex:  # type: ignore[override]  # the other is QObject's
        above = self.node(index).parent if index.isValid() else None
        return QModelIndex() if above is None else self.index_of(above)

    @override
    def rowCount(self, parent: Index = _NOWHERE) -> int:
        return len(self.node(parent).children) if self._nodes and parent.column() <= 0 else 0

    @override
    def hasChildren(self, parent: Index = _NOWHERE) -> bool:
        if self._nodes and parent.isValid() and self.node(parent) is self.loose:
            return self.loose.count > 0
        return self.rowCount(parent) > 0

    @override
    def columnCount(self, parent: Index = _NOWHERE) -> int:
        return len(_TITLES)

    # -- what a line says --------------------------------------------------------------------

    @override
    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        if orientation == Qt.Orientation.Vertical:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return _TITLES[section]
        return _RIGHT if role == Qt.ItemDataRole.TextAlignmentRole and section else None

    @override
    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid():
            return None
        node, column = self.node(index), index.column()
        said: object = None
        match role:
            case Qt.ItemDataRole.DisplayRole:
                said = self._words(node, column)
            case Qt.ItemDataRole.AccessibleTextRole:
                said = "，".join(filter(None, (self._words(node, n) for n in range(3))))
            case Qt.ItemDataRole.ToolTipRole:
                said = _tooltip(node)
            case Qt.ItemDataRole.TextAlignmentRole:
                said = _RIGHT if column else None
            case Qt.ItemDataRole.FontRole:
                said = self.bold if node.kind in (Kind.GROUP, Kind.LOOSE) else None
            case Qt.ItemDataRole.ForegroundRole:
                said = self._color(node, column)
            case Qt.ItemDataRole.DecorationRole:
                said = None if column else self._icon(node)
        return said

    @staticmethod
    def _words(node: Node, column: int) -> str:
        if column == 0 or node.kind is Kind.MORE:
            return node.words if column == 0 else ""
        if node.piece is not None:
            pages = node.piece.pages
            return "" if column == 1 else "未填" if pages is None else str(pages)
        if column == 1:
            return "缺" if node.kind is Kind.ITEM and not node.count else str(node.count)
        return str(node.pages) if node.pages else ""

    def _color(self, node: Node, column: int) -> object:
        if node.piece is not None:
            if (node.piece.id, node.item_id) in self.cut:
                return self._theme.color("text_disabled")
            unknown = column == 2 and node.piece.pages is None
            return self._theme.color("error") if unknown else None
        lacking = node.kind is Kind.ITEM and not node.count
        if lacking:
            return self._theme.color("warning" if column else "text_muted")
        return None

    def _icon(self, node: Node) -> object:
        if node.piece is not None:
            return kind_icon(self._theme, node.piece)
        if node.kind is Kind.MORE:
            return self._theme.icon("ellipsis", "text_muted")
        if node.kind is Kind.LOOSE:
            return self._theme.icon("inbox", "warning" if node.count else "text_muted")
        if node.kind is Kind.ITEM:
            return (
                self._theme.icon("folder", "accent")
                if node.count
                else self._theme.icon("circle", "warning")
            )
        return None

    # -- drag and drop -----------------------------------------------------------------------

    @override
    def flags(self, index: Index) -> Qt.ItemFlag:
        if not index.isValid():
            return Qt.ItemFlag.NoItemFlags
        flags = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        kind = self.node(index).kind
        if kind is not Kind.GROUP:
            flags |= Qt.ItemFlag.ItemIsDropEnabled
        return flags | Qt.ItemFlag.ItemIsDragEnabled if kind is Kind.PIECE else flags

    @override
    def mimeTypes(self) -> list[str]:
        return [MIME, "text/uri-list"]

    @override
    def supportedDropActions(self) -> Qt.DropAction:
        return Qt.DropAction.MoveAction | Qt.DropAction.CopyAction

    @override
    def mimeData(self, indexes: Sequence[QModelIndex]) -> QMimeData:
        data = QMimeData()
        pieces = self.pieces(indexes)
        data.setData(MIME, json.dumps(pieces).encode())
        return data

    def pieces(self, indexes: Iterable[Index]) -> Pieces:
        """The pieces of evidence among some lines, each once, in the tree's order."""
        numbers = sorted({index.internalId() for index in indexes})
        nodes = [self._nodes[number] for number in numbers]
        return [(node.piece.id, node.item_id) for node in nodes if node.piece is not None]

    @override
    def canDropMimeData(
        self, data: QMimeData, action: Qt.DropAction, row: int, column: int, parent: Index
    ) -> bool:
        wanted = data.hasFormat(MIME) or bool(dropped_paths(data))
        return wanted and self.target(parent) is not None

    @override
    def dropMimeData(
        self, data: QMimeData, action: Qt.DropAction, row: int, column: int, parent: Index
    ) -> bool:
        target = self.target(parent)
        if target is None:
            return False
        if data.hasFormat(MIME):
            loaded = json.loads(bytes(data.data(MIME).data()))
            pieces = [(evidence_id, item_id) for evidence_id, item_id in loaded]
            self.pieces_dropped.emit(pieces, target.item_id, action == Qt.DropAction.CopyAction)
        else:
            self.files_dropped.emit(dropped_paths(data), target.item_id)
        return True


def _piece(row: EvidenceRow, under: Node) -> Node:
    return Node(Kind.PIECE, f"{under.key}/{row.id}", row.title, item_id=under.item_id, piece=row)


def _tooltip(node: Node) -> str:
    row = node.piece
    if row is None:
        empty = node.kind is Kind.ITEM and not node.count
        return f"{node.words}\n还没有材料" if empty else node.words
    lines = [
        row.title,
        f"{kind_words(row)} · {row.dated_on or '没有日期'} · "
        f"{'页数未填' if row.pages is None else f'{row.pages} 页'} · "
        f"{'已盖章' if row.sealed else '未盖章'}",
        row.original_name,
    ]
    if "、" in row.items:
        lines.append(f"同时在：{row.items}")
    return "\n".join([*lines, *row.remarks.splitlines()])
