"""Evidence in words, icons and columns; and the source that fetches its rows a page at a time."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, Qt, QTimer, Signal
from typing_extensions import override

from app.services.evidence.catalogue import EvidenceRow, Query, SortKey, View
from app.ui.framework.tables import Column, Order, PagedTableModel

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from PySide6.QtGui import QIcon

    from app.services.evidence.catalogue import EvidenceCatalogue
    from app.ui.framework.theme import Theme

UNKNOWN = "未知"

VIEW_WORDS: dict[View, str] = {
    "all": "全部",
    "unplaced": "待归类",
    "no_pages": "缺页数",
    "no_date": "缺日期",
    "unsealed": "未盖章",
    "faulty": "有问题",
}
_KINDS = {
    "image": ("file-image", "图片"),
    "pdf": ("file-text", "PDF"),
    "word": ("file-text", "Word"),
    "sheet": ("file-spreadsheet", "表格"),
    "slides": ("presentation", "幻灯片"),
    "text": ("file-text", "文本"),
    "video": ("file-video", "视频"),
    "audio": ("ear", "录音"),
    "archive": ("package", "压缩包"),
}
_OTHER = ("file", "其他")
_STATES = {
    "ok": ("circle-check", "text_muted", "正常"),
    "encrypted": ("circle-alert", "warning", "有密码"),
    "damaged": ("triangle-alert", "error", "已损坏"),
}
_KILO = 1024


def kind_words(row: EvidenceRow) -> str:
    """Kind of a file in one word."""
    return _KINDS.get(row.kind, _OTHER)[1]


def kind_icon(theme: Theme, row: EvidenceRow) -> QIcon:
    """Icon of a kind of file."""
    return theme.icon(_KINDS.get(row.kind, _OTHER)[0], "text_muted")


def state_words(row: EvidenceRow) -> str:
    """Whether the file is sound, in one word."""
    return _STATES[row.state][2]


def size_words(size: int) -> str:
    """Size of a file as file managers write it."""
    if size < _KILO:
        return f"{size} 字节"
    value, unit = float(size), "字节"
    for bigger in ("KB", "MB", "GB"):
        if value < _KILO:
            break
        value, unit = value / _KILO, bigger
    return f"{value:.1f} {unit}" if value < 10 else f"{value:.0f} {unit}"


def moment_words(moment: datetime) -> str:
    """A point in time to the minute, by the clock of this computer."""
    local = moment.astimezone() if moment.tzinfo else moment
    return f"{local:%Y-%m-%d %H:%M}"


def columns(theme: Theme) -> list[Column[EvidenceRow]]:
    """Columns of the table, those that are worked with most first."""

    def state_icon(row: EvidenceRow) -> QIcon:
        icon, color, _words = _STATES[row.state]
        return theme.icon(icon, color)

    return [
        Column("title", "题名", lambda r: r.title, sort_key="title", width=248,
               tooltip=lambda r: f"{r.title}\n原文件名：{r.original_name}"),
        Column("kind", "类型", kind_words, sort_key="kind", width=92,
               icon=lambda r: kind_icon(theme, r)),
        Column("dated_on", "日期", lambda r: r.dated_on, sort_key="dated_on", width=100),
        Column("pages", "页数", lambda r: r.pages, sort_key="pages", width=64, align_right=True,
               text=lambda r: UNKNOWN if r.pages is None else str(r.pages)),
        Column("items", "考核项", lambda r: r.items, width=84),
        Column("sealed", "已盖章", lambda r: r.sealed, sort_key="sealed", width=76,
               text=lambda r: "是" if r.sealed else "否",
               icon=lambda r: theme.icon("stamp", "accent") if r.sealed else None),
        Column("state", "状态", lambda r: r.state, sort_key="state", width=96,
               text=state_words, icon=state_icon,
               tooltip=lambda r: r.remarks or state_words(r)),
        Column("author", "责任者", lambda r: r.author, sort_key="author", width=152),
        Column("size", "大小", lambda r: r.size, sort_key="size", width=84, align_right=True,
               text=lambda r: size_words(r.size)),
        Column("added_at", "加入时间", lambda r: r.added_at, sort_key="added_at", width=140,
               text=lambda r: moment_words(r.added_at)),
    ]  # fmt: skip


class MaterialSource:
    """Rows of one query, in the order that the table asks for."""

    def __init__(self, catalogue: EvidenceCatalogue, query: Query) -> None:
        self._catalogue = catalogue
        self.query = query

    def ordered(self, order: Order | None) -> Query:
        """The query with the table's order; without one the newest stand first."""
        if order is None:
            return self.query
        sort = cast("SortKey", order.key)
        return replace(self.query, sort=sort, descending=order.descending)

    def count(self) -> int:
        """How many rows there are."""
        return self._catalogue.count(self.query)

    def fetch(self, offset: int, limit: int, order: Order | None) -> Sequence[EvidenceRow]:
        """Rows from ``offset`` on."""
        return self._catalogue.page(self.ordered(order), offset, limit)

    def place(self, row_id: str, order: Order | None) -> int | None:
        """Row number of a record wherever it stands; walks the whole list, so for single ones."""
        return self._catalogue.position(self.ordered(order), row_id)


class MaterialModel(PagedTableModel[EvidenceRow]):
    """The table's rows; titles can be changed in place."""

    renamed = Signal(str, str)
    """Id and new title."""

    def __init__(self, theme: Theme, source: MaterialSource) -> None:
        self.source = source
        super().__init__(columns(theme), lambda row: row.id, source)

    def show_query(self, catalogue: EvidenceCatalogue, query: Query) -> None:
        """Show what another query finds."""
        self.source = MaterialSource(catalogue, query)
        self.set_source(self.source)

    @override
    def find(self, near: Mapping[str, int]) -> dict[str, int]:
        found = super().find(near)
        if not found and len(near) == 1:  # renamed in a list sorted by title: it went far away
            row_id = next(iter(near))
            number = self.source.place(row_id, self.order)
            return {} if number is None else {row_id: number}
        return found

    @override
    def flags(self, index: QModelIndex | QPersistentModelIndex) -> Qt.ItemFlag:
        flags = super().flags(index)
        return flags | Qt.ItemFlag.ItemIsEditable if index.column() == 0 else flags

    @override
    def data(
        self,
        index: QModelIndex | QPersistentModelIndex,
        role: int = Qt.ItemDataRole.DisplayRole,
    ) -> object:
        role = Qt.ItemDataRole.DisplayRole if role == Qt.ItemDataRole.EditRole else role
        return super().data(index, role)

    @override
    def setData(
        self,
        index: QModelIndex | QPersistentModelIndex,
        value: object,
        role: int = Qt.ItemDataRole.EditRole,
    ) -> bool:
        row = self.row(index.row())
        title = str(value).strip()
        if row is None or title == row.title:
            return False
        # Only after the editor is closed: saving fetches the rows anew.
        QTimer.singleShot(0, self, lambda: self.renamed.emit(row.id, title))
        return True
