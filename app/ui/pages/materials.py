"""The material page: take evidence in, look at it, fill in what is known, put it under items."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Qt, QTimer, QUrl, Signal, Slot
from PySide6.QtGui import (
    QAction,
    QDesktopServices,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDropEvent,
    QKeySequence,
)
from PySide6.QtWidgets import QLineEdit, QMenu, QPlainTextEdit
from typing_extensions import override

from app.errors import AppError
from app.services.evidence.catalogue import VIEWS, Query, View
from app.services.evidence.service import EvidenceEdit
from app.ui.framework.jobs import Job
from app.ui.framework.messages import Message
from app.ui.framework.page import Page, Tools
from app.ui.pages.materials_adding import Adding
from app.ui.pages.materials_columns import MaterialSource
from app.ui.pages.materials_intake import BY_FOLDER, DropSign, dropped_paths
from app.ui.pages.materials_layout import MaterialLayout
from app.ui.pages.materials_picker import ItemPicker

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from app.bootstrap import Services
    from app.progress import Progress
    from app.services.adoption import AdoptionView
    from app.services.unit_of_work import Changes

_TYPING_MS = 200


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
        self._build_title_row()
        source = MaterialSource(services.catalogue, self.query)
        self.parts = MaterialLayout(tools, services, source, adoption.community_name)
        self.set_content(self.parts)
        self._sign = DropSign(tools.theme, self)
        self.setAcceptDrops(True)
        for edit in (*self.findChildren(QLineEdit), *self.findChildren(QPlainTextEdit)):
            edit.setAcceptDrops(False)  # a file let go over a field is meant for the page
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
        self.place_action = self.add_more("归入考核项…", self.pick_item, "folder-input", "Ctrl+G")
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
            self._row_action("打开", "external-link", self.open_current, ""),
            self._row_action("打开所在文件夹", "folder-open", self.open_folder, ""),
            self._row_action("修改题名", "pencil", self.rename_current, "F2"),
            self._row_action("标记或取消已盖章", "stamp", self.toggle_sealed, "Space"),
            self.place_action,
            self._row_action("删除", "trash-2", self.delete_selected, "Del"),
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
        parts.opened.connect(self.open_current)
        parts.menu_wanted.connect(self._show_row_menu)
        parts.model.renamed.connect(self._rename)
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
        self.adding.added.connect(parts.result.show_report)
        self.adding.texts_read.connect(self._on_texts_read)
        details, bulk = parts.details, parts.bulk
        details.edited.connect(self._save_field)
        details.pick_wanted.connect(self.pick_item)
        details.displace_wanted.connect(self._displace)
        details.open_wanted.connect(self.open_current)
        details.folder_wanted.connect(self.open_folder)
        details.next_wanted.connect(self._go_to_next)
        bulk.pick_wanted.connect(self.pick_item)
        bulk.apply_wanted.connect(self._apply_to_all)

    # -- showing -----------------------------------------------------------------------------

    @override
    def activated(self) -> None:
        if not self._opened:
            self._opened = True
            self.adding.read_texts()

    @override
    def refresh(self, changes: Changes | None) -> None:
        if changes is None or changes.touches("evidence", "evidence_link", "assessment_item"):
            self.parts.model.refresh()
            self._show_state()
            self._on_chosen()

    @override
    def can_leave(self) -> bool:
        return self.parts.details.form.commit_all()

    @Slot(str)
    def show_view(self, view: str) -> None:
        """Show one of the built-in views."""
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
        """List, or drop place, or "nothing found"; then the counts, which may take a moment."""
        shown = self.parts.model.rowCount()
        narrowed = self.query.view != "all" or bool(self.query.words)
        self.parts.show_state(shown, narrowed=narrowed)
        self.set_start(self.parts.start())
        words = self.query.words

        def work(_progress: Progress) -> dict[View, int]:
            return self._services.catalogue.counts(words, self._adoption.id)

        def done(counts: dict[View, int]) -> None:
            if words == self.query.words:
                self.parts.chips.set_counts(counts)

        self._run("统计", work, done)

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

    # -- changing ----------------------------------------------------------------------------

    @Slot(object)
    def _save_field(self, edit: EvidenceEdit) -> None:
        shown = self.parts.details.shown
        if shown is not None:
            self._try(lambda: self._services.evidence.edit([shown.row.id], edit))

    @Slot(str, str)
    def _rename(self, evidence_id: str, title: str) -> None:
        edit = EvidenceEdit(title=title)
        self._try(lambda: self._services.evidence.edit([evidence_id], edit))

    @Slot()
    def rename_current(self) -> None:
        """Change the title where it stands; with tiles, in the form."""
        if self.parts.tiles is not None:
            self.parts.show_details(shown=True)
            self.parts.details.focus("title")
        else:
            table = self.parts.table
            table.edit(self.parts.model.index(table.currentIndex().row(), 0))

    @Slot()
    def toggle_sealed(self) -> None:
        """Mark the selected as sealed; take the mark away if all of them have it."""
        rows = [self.parts.model.row(n) for n in self.parts.selected_numbers()]
        sealed = not all(row.sealed for row in rows if row is not None)
        self._change_selected(EvidenceEdit(sealed=sealed), "")

    @Slot(object, str)
    def _apply_to_all(self, edit: EvidenceEdit, item_id: str) -> None:
        self._change_selected(edit, item_id, self.parts.bulk.clear)

    def _change_selected(
        self, edit: EvidenceEdit, item_id: str, after: Callable[[], None] | None = None
    ) -> None:
        """Change all selected pieces as one step that one undo takes back."""
        find = self._selected_ids()
        many = self.parts.table.selected_count() > 1

        def work(_progress: Progress) -> int:
            ids = find()
            self._services.evidence.edit(ids, edit, item_id or None)
            return len(ids)

        def done(count: int) -> None:
            if after:
                after()
            if many:
                self._say_undoable(f"已修改 {count} 份材料。")

        self._run("修改材料", work, done, writes=True)

    @Slot()
    def pick_item(self) -> None:
        """Ask under which assessment item the selected pieces belong."""
        count = self.parts.table.selected_count()
        if not count:
            return
        items = self._services.adoptions.items(self._adoption.id)
        shown = self.parts.details.shown if count == 1 else None
        placed = {item_id for item_id, _label in shown.placed} if shown else set()
        picker = ItemPicker(self.tools.theme, items, placed, count, self)
        # In the panel for many, the item is one of several things that are applied together.
        filling = count > 1 and self.parts.details_shown
        picker.picked.connect(self.parts.bulk.set_item if filling else self._place)
        picker.open()

    @Slot(str, str)
    def _place(self, item_id: str, _label: str) -> None:
        self._change_selected(EvidenceEdit(), item_id)

    @Slot(str)
    def _displace(self, item_id: str) -> None:
        shown = self.parts.details.shown
        if shown is not None:
            self._try(lambda: self._services.evidence.displace([shown.row.id], item_id))

    @Slot()
    def delete_selected(self) -> None:
        """Remove the selected pieces; the message offers to take it back."""
        find = self._selected_ids()

        def work(_progress: Progress) -> int:
            ids = find()
            self._services.evidence.delete(ids)
            return len(ids)

        def done(count: int) -> None:
            self._say_undoable(f"已删除 {count} 份材料。")

        self.parts.select_neighbour()
        self._run("删除材料", work, done, writes=True)

    def _selected_ids(self) -> Callable[[], list[str]]:
        """How to get the ids of all selected rows; thousands are looked up in the background."""
        numbers = self.parts.selected_numbers()
        known = self.parts.table.selected_ids()
        if len(known) == len(numbers):
            return lambda: known
        query = self.parts.model.source.ordered(self.parts.model.order)

        def look_up() -> list[str]:
            ids = self._services.catalogue.ids(query)
            return [ids[n] for n in numbers if n < len(ids)]

        return look_up

    def _say_undoable(self, text: str) -> None:
        label = self._services.history.undo_label()

        def undo() -> None:
            if self._services.history.undo_label() != label:
                hint = "请用 Ctrl+Z 一步一步撤销。"
                self.tools.messages.post(Message("之后又做了别的修改。", hint, "warning"))
                return
            self._run("撤销", lambda _progress: self._services.history.undo(), writes=True)

        self.tools.messages.say(text, action_text="撤销", action=undo)

    # -- the file ----------------------------------------------------------------------------

    @Slot()
    def open_current(self) -> None:
        """Open the current piece in the program that this computer has for it."""
        self._open(lambda path: path, "这台电脑没有能打开这种文件的程序。")

    @Slot()
    def open_folder(self) -> None:
        """Open the folder in which the file lies."""
        self._open(lambda path: path.parent, "文件夹打不开。")

    def _open(self, target: Callable[[Path], Path], refusal: str) -> None:
        ids = self.parts.table.selected_ids()
        if not ids:
            return
        try:
            path = target(self._services.evidence.path(ids[0]))
        except AppError as error:
            self.tools.errors.show_error(error)
            return
        if not path.exists():
            hint = "请运行“检查”，或从备份恢复。"
            self.tools.messages.post(Message("文件不在档案库里了。", hint, "error"))
        elif not QDesktopServices.openUrl(QUrl.fromLocalFile(str(path))):
            self.tools.messages.post(Message(refusal, kind="warning"))

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

    def _try(self, act: Callable[[], None]) -> None:
        """Do something short; say it if it is refused."""
        try:
            act()
        except AppError as error:
            self.tools.errors.show_error(error)

    def _run(
        self,
        label: str,
        work: Callable[[Progress], object],
        done: Callable[..., None] | None = None,
        *,
        writes: bool = False,
    ) -> None:
        self.tools.jobs.start(Job(label, work, done, owner=self, database=writes, quiet=True))
