"""The parts of the material page and how they are arranged; what they do is the page's business."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QItemSelectionModel, QPoint, Qt, Signal, Slot
from PySide6.QtWidgets import (
    QButtonGroup,
    QHBoxLayout,
    QLineEdit,
    QSplitter,
    QStackedWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from app.errors import AppError
from app.ui.framework import tokens as t
from app.ui.framework.page import EmptyState
from app.ui.framework.table_view import TableView
from app.ui.framework.theme import set_role
from app.ui.framework.tiles import THUMBNAIL, Thumbnails, TileDelegate, TileView
from app.ui.pages.materials_bulk import BulkPanel
from app.ui.pages.materials_columns import (
    UNKNOWN,
    MaterialModel,
    MaterialSource,
    kind_icon,
    kind_words,
    state_words,
)
from app.ui.pages.materials_details import Details
from app.ui.pages.materials_intake import DropPlace, IntakeResult
from app.ui.pages.materials_views import ViewChips

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import QIcon

    from app.bootstrap import Services
    from app.services.evidence.catalogue import EvidenceDetail, EvidenceRow
    from app.ui.framework.page import Tools

_DETAILS_WIDTH = 380
_SHARPNESS = 2
"""Thumbnails are made for screens of 200 %."""


_MANY = 2000
"""With more rows tiles are laid out bit by bit."""


def _tile_line(row: EvidenceRow) -> str:
    if row.state != "ok":
        return f"{kind_words(row)}  {state_words(row)}"
    pages = f"页数{UNKNOWN}" if row.pages is None else f"{row.pages} 页"
    return f"{kind_words(row)}  {pages}  {row.dated_on or '无日期'}"


class MaterialLayout(QWidget):
    """Result of the intake, tools, list or tiles, and the details at the right."""

    details_toggled = Signal(bool)
    opened = Signal()
    """The current piece was double-clicked or entered."""
    panel_made = Signal(QWidget)
    """A panel at the right is there from now on: the details, or the one for many."""
    menu_wanted = Signal(QPoint)
    """Place on the screen where the right mouse button was pressed on selected rows."""

    def __init__(
        self, tools: Tools, services: Services, source: MaterialSource, author: str
    ) -> None:
        super().__init__()
        self._tools = tools
        self._services = services
        theme = tools.theme
        self.chips = ViewChips()
        self.words = QLineEdit()
        self.model = MaterialModel(theme, source)
        self.table = TableView(self.model, tools.settings, "materials")
        self.model.setParent(self.table)
        self._thumbnails = Thumbnails(tools.jobs, self._load_thumbnail, self)
        self.tiles: TileView[EvidenceRow] | None = None
        self.nothing_found = EmptyState(
            theme, "search", "没有符合条件的材料。", "显示全部材料", self.words.clear
        )
        self.lists = QStackedWidget()
        for view in (self.table, self.nothing_found):
            self.lists.addWidget(view)
        self.table.setAccessibleName("材料列表")
        self.table.horizontalHeader().sortIndicatorChanged.connect(self._on_sorted)
        self._connect_view(self.table)
        self._author = author
        self._details: Details | None = None
        self._bulk: BulkPanel | None = None
        self._result: IntakeResult | None = None
        self.nobody = EmptyState(theme, "panel-right", "选中一份材料，在这里查看和填写。")
        self.side = QStackedWidget()
        self.side.addWidget(self.nobody)
        self.drop_place = DropPlace(theme)
        self._arrange()

    # Opening the page waits for nothing that is not seen at once: the rest is made when it is needed.

    @property
    def details(self) -> Details:
        """Panel for one piece."""
        if self._details is None:
            self._details = Details(self._tools, self._author)
            self.side.addWidget(self._details)
            self.panel_made.emit(self._details)
        return self._details

    @property
    def bulk(self) -> BulkPanel:
        """Panel for many pieces."""
        if self._bulk is None:
            self._bulk = BulkPanel(self._tools.theme, self._author)
            self.side.addWidget(self._bulk)
            self.panel_made.emit(self._bulk)
        return self._bulk

    @property
    def result(self) -> IntakeResult:
        """Result of the last intake, above everything else."""
        if self._result is None:
            self._result = IntakeResult(self._tools)
            self._column.insertWidget(0, self._result)
        return self._result

    def finish(self) -> bool:
        """Commit what is being typed; False if it is wrong."""
        return self._details is None or self._details.form.commit_all()

    def _connect_view(self, view: TableView[EvidenceRow] | TileView[EvidenceRow]) -> None:
        view.opened.connect(self.opened)
        view.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        view.customContextMenuRequested.connect(
            lambda place: self.menu_wanted.emit(view.viewport().mapToGlobal(place))
        )

    def _make_tiles(self) -> TileView[EvidenceRow]:
        """Tiles are there only while they are shown: Qt would lay out all rows, seen or not."""
        theme = self._tools.theme

        def icon(row: EvidenceRow) -> QIcon:
            return kind_icon(theme, row)

        delegate: TileDelegate[EvidenceRow] = TileDelegate(
            theme, self._thumbnails, lambda row: row.title, _tile_line, icon
        )
        tiles = TileView(self.model, delegate)
        # One selection for both: switching between list and tiles keeps it.
        own = tiles.selectionModel()
        tiles.setSelectionModel(self.table.selectionModel())
        own.deleteLater()
        tiles.setSelectionBehavior(TileView.SelectionBehavior.SelectRows)
        if self.model.rowCount() > _MANY:
            tiles.setLayoutMode(TileView.LayoutMode.Batched)
            tiles.setBatchSize(_MANY // 4)
        tiles.setAccessibleName("材料缩略图")
        self._connect_view(tiles)
        self.lists.addWidget(tiles)
        return tiles

    def _load_thumbnail(self, evidence_id: str) -> bytes | None:
        """Runs beside the window."""
        from app.services.evidence.thumbnails import thumbnail

        try:
            detail = self._services.catalogue.get(evidence_id)
        except AppError:  # deleted meanwhile: there is nothing to show
            return None
        return thumbnail(detail.path, detail.row.media_type, THUMBNAIL * _SHARPNESS)

    def _arrange(self) -> None:
        settings = self._tools.settings
        self.split = QSplitter()
        self.split.setHandleWidth(t.GAP)
        self.split.setChildrenCollapsible(False)
        self.split.addWidget(self.lists)
        self.split.addWidget(self.side)
        self.side.setMinimumWidth(300)
        self.lists.setMinimumWidth(320)
        self.split.setStretchFactor(0, 1)
        self.split.setStretchFactor(1, 0)
        self.split.setSizes(settings.numbers("materials/split") or [1000, _DETAILS_WIDTH])
        self.split.splitterMoved.connect(self._remember_split)
        self.body = QStackedWidget()
        self.body.addWidget(self.split)
        self.body.addWidget(self.drop_place)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(t.GAP)
        self._column = column
        column.addWidget(self._build_tools())
        column.addWidget(self.body, 1)
        self.details_shown = settings.flag("materials/details", default=True)
        self.side.setVisible(self.details_shown)
        self.details_button.setChecked(self.details_shown)
        if settings.flag("materials/tiles"):
            self.tiles_button.setChecked(True)
            self._switch()

    def _build_tools(self) -> QWidget:
        theme = self._tools.theme
        self.bar = QWidget()
        row = QHBoxLayout(self.bar)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(t.GAP_SMALL)
        row.addWidget(self.chips)
        row.addStretch(1)
        self.words.setPlaceholderText("查找名称和内容（Ctrl+F）")
        self.words.setAccessibleName("查找材料")
        self.words.setClearButtonEnabled(True)
        self.words.setMinimumWidth(160)
        self.words.setMaximumWidth(260)
        icon = theme.icon("search", "text_muted")
        self.words.addAction(icon, QLineEdit.ActionPosition.LeadingPosition)
        self.words.returnPressed.connect(self.focus_list)
        row.addWidget(self.words, 2)
        self.list_button = self._toggle("list", "列表", self._switch)
        self.tiles_button = self._toggle("layout-grid", "缩略图", self._switch)
        self.list_button.setChecked(True)
        both = QButtonGroup(self)
        both.addButton(self.list_button)
        both.addButton(self.tiles_button)
        self.details_button = self._toggle("panel-right", "详细内容（F4）", self._on_details_button)
        for button in (self.list_button, self.tiles_button, self.details_button):
            row.addWidget(button)
        return self.bar

    def _toggle(self, icon: str, words: str, slot: Callable[[], None]) -> QToolButton:
        button = QToolButton()
        set_role(button, "plain")
        button.setCheckable(True)
        button.setIcon(self._tools.theme.icon(icon))
        button.setToolTip(words)
        button.setAccessibleName(words)
        button.clicked.connect(slot)
        return button

    # -- what is shown -----------------------------------------------------------------------

    def show_state(self, count: int, *, narrowed: bool) -> None:
        """Show the list, or the drop place while there is nothing, or that nothing was found."""
        empty = count == 0 and not narrowed
        self.body.setCurrentWidget(self.drop_place if empty else self.split)
        self.bar.setVisible(not empty)
        self.lists.setCurrentWidget(self._list() if count else self.nothing_found)

    def _list(self) -> QWidget:
        """The table or the tiles, whichever the user chose; the tiles are made and removed here."""
        if self.tiles_button.isChecked():
            self.tiles = self.tiles or self._make_tiles()
            return self.tiles
        if self.tiles is not None:
            self.lists.removeWidget(self.tiles)
            self.tiles.deleteLater()
            self.tiles = None
        return self.table

    def start(self) -> QWidget:
        """Where the cursor belongs when the page comes to the front."""
        if self.body.currentWidget() is self.drop_place:
            return self.drop_place.files
        shown = self.lists.currentWidget()
        return self.words if shown is self.nothing_found else self._list()

    def show_selected(self, count: int, detail: EvidenceDetail | None) -> None:
        """Show what is selected: one piece, many, or nothing."""
        if detail is not None:
            self.details.show_detail(detail)
            self.side.setCurrentWidget(self.details)
            return
        if self._details is not None:
            self._details.clear()
        if count > 1:
            self.bulk.set_count(count)
            self.side.setCurrentWidget(self.bulk)
        else:
            self.side.setCurrentWidget(self.nobody)

    def show_details(self, *, shown: bool) -> None:
        """Show or hide the right side; remembered."""
        self.details_shown = shown
        self.side.setVisible(shown)
        self.details_button.setChecked(shown)
        self._tools.settings.set("materials/details", shown)
        self.details_toggled.emit(shown)

    @Slot()
    def _on_details_button(self) -> None:
        self.show_details(shown=self.details_button.isChecked())

    @Slot()
    def _switch(self) -> None:
        """From list to tiles or back; what is current stays current."""
        self._tools.settings.set("materials/tiles", self.tiles_button.isChecked())
        current = self.table.currentIndex()
        if current.isValid():
            first = self.model.index(current.row(), 0)
            no_change = QItemSelectionModel.SelectionFlag.NoUpdate
            self.table.selectionModel().setCurrentIndex(first, no_change)
        shown = self._list()
        if self.model.rowCount():
            self.lists.setCurrentWidget(shown)
        if current.isValid() and self.tiles is not None:
            self.tiles.scrollTo(self.tiles.currentIndex())

    @Slot()
    def focus_filter(self) -> None:
        """Put the cursor into the filter field."""
        self.words.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.words.selectAll()

    @Slot()
    def focus_list(self) -> None:
        """Go from the filter to what it found."""
        self._list().setFocus(Qt.FocusReason.OtherFocusReason)

    # -- selection ---------------------------------------------------------------------------

    def selected_numbers(self) -> list[int]:
        """Numbers of all selected rows, from ranges: Qt's own list of rows takes seconds when long."""
        numbers: set[int] = set()
        for part in self.table.selectionModel().selection().toList():
            numbers.update(range(part.top(), part.bottom() + 1))
        return sorted(numbers)

    def select_neighbour(self) -> None:
        """Select the row after the selected ones, or the one before them at the end of the list."""
        numbers = self.selected_numbers()
        if not numbers:
            return
        after, before = numbers[-1] + 1, numbers[0] - 1
        wanted = after if after < self.model.rowCount() else before
        self.table.selectionModel().clearSelection()
        if wanted >= 0:
            self.table.selectRow(wanted)

    @Slot()
    def _on_sorted(self) -> None:
        if not self.table.selected_count():
            self.table.scrollToTop()

    @Slot()
    def _remember_split(self) -> None:
        self._tools.settings.set("materials/split", self.split.sizes())
