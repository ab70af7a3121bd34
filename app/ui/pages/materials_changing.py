"""What is done to the selected pieces: change, place, rename, delete, open."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QUrl, Slot
from PySide6.QtGui import QDesktopServices

from app.errors import AppError
from app.services.evidence.service import EvidenceEdit
from app.ui.framework.jobs import Job
from app.ui.framework.messages import LAST_STEP, Message
from app.ui.pages.materials_picker import ItemPicker

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from PySide6.QtWidgets import QWidget

    from app.bootstrap import Services
    from app.progress import Progress
    from app.ui.framework.page import Tools
    from app.ui.pages.materials_layout import MaterialLayout


class Changing(QObject):
    """Changes the evidence that is selected on a page; many pieces in one step."""

    def __init__(
        self,
        page: QWidget,
        tools: Tools,
        services: Services,
        adoption_id: str,
        parts: MaterialLayout,
    ) -> None:
        super().__init__(page)
        self._page = page
        self._tools = tools
        self._services = services
        self._adoption_id = adoption_id
        self._parts = parts

    @Slot(object)
    def save_field(self, edit: EvidenceEdit) -> None:
        """Save what was typed into one field of the details."""
        shown = self._parts.details.shown
        if shown is not None:
            self._try(lambda: self._services.evidence.edit([shown.row.id], edit))

    @Slot(str, str)
    def rename(self, evidence_id: str, title: str) -> None:
        """Give a piece another title."""
        edit = EvidenceEdit(title=title)
        self._try(lambda: self._services.evidence.edit([evidence_id], edit))

    @Slot()
    def rename_current(self) -> None:
        """Change the title where it stands; with tiles, in the form."""
        if self._parts.tiles is not None:
            self._parts.show_details(shown=True)
            self._parts.details.focus("title")
        else:
            table = self._parts.table
            table.edit(self._parts.model.index(table.currentIndex().row(), 0))

    @Slot()
    def toggle_sealed(self) -> None:
        """Mark the selected as sealed; take the mark away if all of them have it."""
        rows = [self._parts.model.row(n) for n in self._parts.selected_numbers()]
        sealed = not all(row.sealed for row in rows if row is not None)
        self._change_selected(EvidenceEdit(sealed=sealed), "")

    @Slot(object, str)
    def apply_to_all(self, edit: EvidenceEdit, item_id: str) -> None:
        """Set what was filled in for many."""
        self._change_selected(edit, item_id, self._parts.bulk.clear)

    def _change_selected(
        self,
        edit: EvidenceEdit,
        item_id: str,
        after: Callable[[], None] | None = None,
        words: str = "已修改 {} 份材料。",
    ) -> None:
        """Change all selected pieces as one step that one undo takes back."""
        find = self._selected_ids()
        many = self._parts.table.selected_count() > 1

        def work(_progress: Progress) -> int:
            ids = find()
            self._services.evidence.edit(ids, edit, item_id or None)
            return len(ids)

        def done(count: int) -> None:
            if after:
                after()
            if many:
                self._say_undoable(words.format(count))

        self._run("修改材料", work, done, writes=True)

    @Slot()
    def pick_item(self) -> None:
        """Ask under which assessment item the selected pieces belong, and put them there."""
        self._pick(self._place)

    @Slot()
    def pick_for_all(self) -> None:
        """Ask for the item in the panel for many: one of several things applied together."""
        self._pick(self._parts.bulk.set_item)

    def _pick(self, use: Callable[[str, str], None]) -> None:
        count = self._parts.table.selected_count()
        if not count:
            return
        items = self._services.adoptions.items(self._adoption_id)
        shown = self._parts.details.shown if count == 1 else None
        placed = {item_id for item_id, _label in shown.placed} if shown else set()
        picker = ItemPicker(self._tools.theme, items, placed, count, self._page)
        picker.picked.connect(use)
        picker.open()

    @Slot(str, str)
    def _place(self, item_id: str, label: str) -> None:
        words = f"已把 {{}} 份材料归入“{label}”，原来归入的考核项不变。"
        self._change_selected(EvidenceEdit(), item_id, words=words)

    @Slot(str)
    def displace(self, item_id: str) -> None:
        """Take the shown piece out from under an assessment item."""
        shown = self._parts.details.shown
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

        self._parts.select_neighbour()
        self._run("删除材料", work, done, writes=True)

    def _selected_ids(self) -> Callable[[], list[str]]:
        """How to get the ids of all selected rows; thousands are looked up in the background."""
        numbers = self._parts.selected_numbers()
        known = self._parts.table.selected_ids()
        if len(known) == len(numbers):
            return lambda: known
        query = self._parts.model.source.ordered(self._parts.model.order)

        def look_up() -> list[str]:
            ids = self._services.catalogue.ids(query)
            return [ids[n] for n in numbers if n < len(ids)]

        return look_up

    def _say_undoable(self, text: str) -> None:
        step = self._services.history.undo_step()

        def undo() -> None:
            if self._services.history.undo_step() != step:
                hint = "请用 Ctrl+Z 一步一步撤销。"
                self._tools.messages.post(Message("之后又做了别的修改。", hint, "warning"))
                return
            self._run("撤销", lambda _progress: self._services.history.undo(), writes=True)

        self._tools.messages.say(text, action_text="撤销", action=undo, topic=LAST_STEP)

    @Slot()
    def open_current(self) -> None:
        """Open the current piece in the program that this computer has for it."""
        self._open(lambda path: path, "这台电脑没有能打开这种文件的程序。")

    @Slot()
    def open_folder(self) -> None:
        """Open the folder in which the file lies."""
        self._open(lambda path: path.parent, "文件夹打不开。")

    def _open(self, target: Callable[[Path], Path], refusal: str) -> None:
        ids = self._parts.table.selected_ids()
        if not ids:
            return
        try:
            path = target(self._services.evidence.path(ids[0]))
        except AppError as error:
            self._tools.errors.show_error(error)
            return
        if not path.exists():
            hint = "请运行“检查”，或从备份恢复。"
            self._tools.messages.post(Message("文件不在档案库里了。", hint, "error"))
        elif not QDesktopServices.openUrl(QUrl.fromLocalFile(str(path))):
            self._tools.messages.post(Message(refusal, kind="warning"))

    def _try(self, act: Callable[[], None]) -> None:
        """Do something short; say it if it is refused."""
        try:
            act()
        except AppError as error:
            self._tools.errors.show_error(error)

    def _run(
        self,
        label: str,
        work: Callable[[Progress], object],
        done: Callable[..., None] | None = None,
        *,
        writes: bool = False,
    ) -> None:
        self._tools.jobs.start(Job(label, work, done, owner=self, database=writes, quiet=True))
