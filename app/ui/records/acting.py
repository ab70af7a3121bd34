"""What is done to the selected records: copy, delete, change many, export; all can be taken back."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QStandardPaths, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFileDialog

from app.errors import AppError
from app.ui.framework.jobs import Job
from app.ui.records.preview import done_words
from app.ui.records.undoing import say_undoable
from app.ui.records.words import counted

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from PySide6.QtWidgets import QWidget

    from app.bootstrap import Services
    from app.progress import Progress
    from app.services.entry.bulk import Preview
    from app.services.entry.listing import Query
    from app.services.entry.service import SheetView
    from app.ui.framework.page import Tools
    from app.ui.records.selecting import Selecting


class Acting(QObject):
    """Deeds on records of one sheet, each a step that one undo takes back."""

    def __init__(
        self,
        owner: QWidget,
        tools: Tools,
        services: Services,
        sheet: SheetView,
        *,
        adoption_id: str,
        selecting: Selecting,
    ) -> None:
        super().__init__(owner)
        self._owner = owner
        self._tools = tools
        self._services = services
        self._sheet = sheet
        self._adoption_id = adoption_id
        self._selecting = selecting

    def copy(self, record_id: str) -> str:
        """Enter a record like this one; gives its id, empty when it was refused."""
        try:
            return self._services.entries.copy(self._sheet.kind, record_id, self._adoption_id)
        except AppError as error:
            self._tools.errors.show_error(error)
            return ""

    def delete(self) -> None:
        """Put the selected records into the trash; the message offers to take it back."""
        entries, sheet, find = self._services.entries, self._sheet, self._selecting.selected()

        def work(_progress: Progress) -> int:
            return entries.delete(sheet.kind, find())

        def done(count: int) -> None:
            self.say_undoable(f"已删除 {counted(sheet, count)}。")

        self._tools.jobs.start(Job(f"删除{sheet.name}", work, done, owner=self, quiet=True))

    def change_many(self) -> None:
        """Ask what is to be changed in the selected records, or in all that the list shows."""
        from app.ui.records.bulk import BulkEditDialog

        entries, chosen = self._services.entries, self._selecting
        dialog = BulkEditDialog(
            self._tools,
            entries,
            self._sheet,
            self._adoption_id,
            selected=chosen.selected(),
            selected_count=chosen.count(),
            found=chosen.found(),
            found_count=entries.count(chosen.query()),
            parent=self._owner,
        )
        dialog.applied.connect(self._on_applied)
        dialog.open()

    def _on_applied(self, preview: Preview) -> None:
        self.say_undoable(done_words(preview))

    def say_undoable(self, text: str) -> None:
        """Say what was done, with a button that takes it back."""
        say_undoable(self, self._tools, self._services, text)

    def choose_export(self, names: Sequence[str]) -> None:
        """Ask where the list goes, then write it with these fields."""
        folder = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
        chosen, _kind = QFileDialog.getSaveFileName(
            self._owner,
            "把列表存成 Excel 文件",
            str(Path(folder) / f"{self._sheet.name}.xlsx"),
            "Excel 工作簿 (*.xlsx)",
        )
        if chosen:
            self.export(self._selecting.query(), names, Path(chosen).with_suffix(".xlsx"))

    def export(self, query: Query, names: Sequence[str], target: Path) -> None:
        """Write all that the query finds, with these fields, to a workbook."""

        def work(progress: Progress) -> int:
            return self._services.entries.export(query, names, target, progress)

        def told(count: int) -> str:
            return f"已导出 {counted(self._sheet, count)}：{target.name}"

        def done(count: int) -> None:
            self._tools.messages.say(
                told(count), action_text="打开文件夹", action=_opening(target.parent)
            )

        self._tools.jobs.start(
            Job(
                f"导出{self._sheet.name}",
                work,
                done,
                owner=self,
                database=False,
                done_text=told,
                folder=lambda _count: target.parent,
            )
        )


def _opening(folder: Path) -> Callable[[], None]:
    def act() -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder)))

    return act
