"""The material page: take evidence in, look at it, fill in what is known, put it under items."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Qt, QTimer, Signal, Slot
from PySide6.QtGui import (
    QAction,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDropEvent,
    QKeySequence,
)
from PySide6.QtWidgets import QLineEdit, QMenu, QPlainTextEdit, QWidget
from typing_extensions import override

from app.errors import AppError
from app.services.evidence.catalogue import VIEWS, Query, View
from app.ui.framework.jobs import Job
from app.ui.framework.page import Page, Tools
from app.ui.pages.materials_adding import Adding
from app.ui.pages.materials_bulk import BulkPanel
from app.ui.pages.materials_changing import Changing
from app.ui.pages.materials_columns import MaterialSource
from app.ui.pages.materials_details import Details
from app.ui.pages.materials_intake import BY_FOLDER, DropSign, dropped_paths
from app.ui.pages.materials_layout import MaterialLayout

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.bootstrap import Services
    from app.progress import Progress
    from app.services.adoption import AdoptionView
    from app.services.evidence.service import IngestReport
    from app.services.unit_of_work import Changes

_TYPING_MS = 200
_AFTER_OPENING_MS = 50


class MaterialsPage(Page):
    """Evidence of the archive as a list or as tiles, with the details of what is selected."""

    help_text = (
        "这里是档案库的全部佐证材料。把文件或文件夹拖进来，或点“添加文件…”；内容相同的只存一份，"
        "不能收的会列出原因。\n\n上方的“待归类、缺页数、缺日期、未盖章、有问题”只显示还要处理的材料。"
        "选中一份，在右边填写题名、责任者、日期和页数，填完自动保存；选中多份，可以一起修改或归入考核项。\n\n"
        "删错了、改错了，按 Ctrl+Z 撤销。"
    )
    keys = (
        ("Ctrl+F", "查找材料"),
        ("Enter", "打开文件"),
        ("F2", "修改题名"),
        ("空格", "标记或取消已盖章"),
        ("Del", "删除"),
        ("Ctrl+A", "全选"),
        ("Ctrl+C", "复制选中的行"),
    )

    selection_changed = Signal()

    def __init__(self, tools: Tools, services: Services, adoption: AdoptionView) -> None:
        super().__init__(tools, "材料")
        self._services = services
        self._adoption = adoption
        self._opened = False
        self.query = Query(adoption_id=adoption.id)
        self.adding = Adding(self, tools, services, adoption.id)
        source = MaterialSource(services.catalogue, self.query)
        self.parts = MaterialLayout(tools, services, source, adoption.community_name)
        self.changing = Changing(self, tools, services, adoption.id, self.parts)
        self._build_title_row()
        self.set_content(self.parts)
        self._sign = DropSign(tools.theme, self)
        self.setAcceptDrops(True)
        self._typing = QTimer(self)
        self._typing.setSingleShot(True)
        self._typing.setInterval(_TYPING_MS)
        self._typing.timeout.connect(self._filter)
        self._build_actions()
        self._connect()
        self._show_state()
        self._on_chosen()

    # -- building ----------------------------------------------------------------------------

    def _build_title_row(self) -> None:
        self.set_primary("添加文件…", "file-image", self.adding.choose_files, "Ctrl+O")
        self.add_button("添加文件夹…", "folder-input", self.adding.choose_folder, "Ctrl+Shift+F")
        self.place_action = self.add_more(
            "归入考核项…", self.changing.pick_item, "folder-input", "Ctrl+G"
        )
        self.by_folder = self.add_more(BY_FOLDER, self._on_by_folder)
        self.by_folder.setCheckable(True)
        self.by_folder.setChecked(self.adding.by_folder)
        self.details_action = self.add_more(
            "显示右边的详细内容", self._toggle_details, shortcut="F4"
        )
        self.details_action.setCheckable(True)

    def _build_actions(self) -> None:
        """Actions on the selected rows, for keys and for the menu of the right mouse button."""
        self._row_actions = [
            self._row_action("打开", "external-link", self.changing.open_current, ""),
            self._row_action("打开所在文件夹", "folder-open", self.changing.open_folder, ""),
            self._row_action("修改题名", "pencil", self.changing.rename_current, "F2"),
            self._row_action("标记或取消已盖章", "stamp", self.changing.toggle_sealed, "Space"),
            self.place_action,
            self._row_action("删除", "trash-2", self.changing.delete_selected, "Del"),
        ]
        find = QAction("查找材料", self)
        find.setShortcut(QKeySequence("Ctrl+F"))
        find.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        find.triggered.connect(self.parts.focus_filter)
        self.addAction(find)

    def _row_action(
        self, words: str, icon: str, slot: Callable[[], None], shortcut: str
    ) -> QAction:
        action = QAction(self.tools.theme.icon(icon), words, self)
        if shortcut:
            action.setShortcut(QKeySequence(shortcut))
            action.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        action.triggered.connect(slot)
        self.parts.lists.addAction(action)
        return action

    def _connect(self) -> None:
        parts = self.parts
        parts.words.textChanged.connect(self._typing.start)
        parts.chips.picked.connect(self.show_view)
        parts.nothing_found.button.clicked.connect(self._show_everything)
        parts.table.chosen.connect(self._on_chosen)
        parts.opened.connect(self.changing.open_current)
        parts.menu_wanted.connect(self._show_row_menu)
        parts.model.renamed.connect(self.changing.rename)
        parts.model.failed.connect(self.tools.errors.show_error)
        parts.details_toggled.connect(self.details_action.setChecked)
        self.details_action.setChecked(parts.details_shown)
        place = parts.drop_place
        place.files_wanted.connect(self.adding.choose_files)
        place.folder_wanted.connect(self.adding.choose_folder)
        place.by_folder.setChecked(self.by_folder.isChecked())
        place.by_folder.toggled.connect(self.by_folder.setChecked)
        self.by_folder.toggled.connect(place.by_folder.setChecked)
        self.by_folder.toggled.connect(self._on_by_folder)
        self.adding.added.connect(self._on_added)
        self.adding.texts_read.connect(self._on_texts_read)
        parts.panel_made.connect(self._connect_panel)
        self._leave_drops(self)

    @Slot(QWidget)
    def _connect_panel(self, panel: QWidget) -> None:
        if isinstance(panel, Details):
            panel.edited.connect(self.changing.save_field)
            panel.pick_wanted.connect(self.changing.pick_item)
            panel.displace_wanted.connect(self.changing.displace)
            panel.open_wanted.connect(self.changing.open_current)
            panel.folder_wanted.connect(self.changing.open_folder)
            panel.next_wanted.connect(self._go_to_next)
        elif isinstance(panel, BulkPanel):
            panel.pick_wanted.connect(self.changing.pick_for_all)
            panel.apply_wanted.connect(self.changing.apply_to_all)
        self._leave_drops(panel)

    @staticmethod
    def _leave_drops(widget: QWidget) -> None:
        """A file let go over a field is meant for the page."""
        for edit in (*widget.findChildren(QLineEdit), *widget.findChildren(QPlainTextEdit)):
            edit.setAcceptDrops(False)

    # -- showing -----------------------------------------------------------------------------

    @override
    def activated(self) -> None:
        if not self._opened:
            self._opened = True
            QTimer.singleShot(_AFTER_OPENING_MS, self, self._begin)

    @Slot()
    def _begin(self) -> None:
        """What may come after the page is seen."""
        self._count_views()
        self.adding.read_texts()

    @Slot(object)
    def _on_added(self, report: IngestReport) -> None:
        self.parts.result.show_report(report)

    @override
    def refresh(self, changes: Changes | None) -> None:
        if changes is None or changes.touches("evidence", "evidence_link", "assessment_item"):
            self.parts.model.refresh()
            self._show_state()
            self._on_chosen()

    @override
    def can_leave(self) -> bool:
        return self.parts.finish()

    @Slot(str)
    def show_view(self, view: str) -> None:
        """Show one of the built-in views, or one piece (``record:evidence:<id>``)."""
        if view.startswith("record:"):
            self.show_evidence(view.rpartition(":")[2])
            return
        known = next((known for known in VIEWS if known == view), None)
        if known is not None:
            self.parts.chips.choose(known)
            self._show_query(replace(self.query, view=known))

    def show_evidence(self, evidence_id: str) -> None:
        """Select one piece, wherever it stands among all of them."""
        self._show_everything()
        self.parts.table.select([evidence_id])

    @Slot()
    def _show_everything(self) -> None:
        self.parts.words.clear()
        self._typing.stop()
        self.parts.chips.choose("all")
        self._show_query(Query(adoption_id=self._adoption.id))

    @Slot()
    def _filter(self) -> None:
        self._show_query(replace(self.query, words=self.parts.words.text().strip()))

    @Slot()
    def _on_texts_read(self) -> None:
        if self.query.words:
            self._filter()

    def _show_query(self, query: Query) -> None:
        self.query = query
        self.parts.model.show_query(self._services.catalogue, query)
        self._show_state()
        self._on_chosen()

    def _show_state(self) -> None:
        """List, or drop place, or "nothing found"."""
        shown = self.parts.model.rowCount()
        narrowed = self.query.view != "all" or bool(self.query.words)
        self.parts.show_state(shown, narrowed=narrowed)
        self.set_start(self.parts.start())
        if self._opened:
            self._count_views()

    def _count_views(self) -> None:
        words = self.query.words

        def work(_progress: Progress) -> dict[View, int]:
            return self._services.catalogue.counts(words, self._adoption.id)

        def done(counts: dict[View, int]) -> None:
            if words == self.query.words:
                self.parts.chips.set_counts(counts)

        self.tools.jobs.start(Job("统计", work, done, owner=self, database=False, quiet=True))

    @Slot()
    def _on_chosen(self) -> None:
        count = self.parts.table.selected_count()
        shown = self.parts.model.rowCount()
        self.subtitle.setText(f"已选 {count} 份，共 {shown} 份" if count > 1 else f"共 {shown} 份")
        for action in self._row_actions:
            action.setEnabled(count > 0)
        detail = None
        if count == 1:
            try:
                detail = self._services.catalogue.get(self.parts.table.selected_ids()[0])
            except AppError as error:
                self.tools.errors.show_error(error)
        self.parts.show_selected(count, detail)
        self.selection_changed.emit()

    # -- files dragged onto the page ------------------------------------------------------------

    @override
    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if dropped_paths(event.mimeData()):
            event.acceptProposedAction()
            self._sign.cover()

    @override
    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        self._sign.hide()

    @override
    def dropEvent(self, event: QDropEvent) -> None:
        self._sign.hide()
        event.setDropAction(Qt.DropAction.CopyAction)  # else the file manager removes the originals
        event.accept()
        self.adding.add(dropped_paths(event.mimeData()))

    @Slot()
    def _on_by_folder(self) -> None:
        self.adding.remember_by_folder(self.by_folder.isChecked())

    # -- small things ------------------------------------------------------------------------

    @Slot()
    def _toggle_details(self) -> None:
        self.parts.show_details(shown=not self.parts.details_shown)

    @Slot()
    def _go_to_next(self) -> None:
        self.parts.select_neighbour()

    @Slot(QPoint)
    def _show_row_menu(self, place: QPoint) -> None:
        if self.parts.table.selected_count():
            menu = QMenu(self)
            menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            menu.addActions(self._row_actions)
            menu.popup(place)
