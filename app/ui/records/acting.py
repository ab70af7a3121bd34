"""What is done to the selected records: copy, delete, export; every deed can be taken back."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QStandardPaths, Slot
from PySide6.QtWidgets import QFileDialog

from app.errors import AppError
from app.ui.framework.jobs import Job
from app.ui.framework.messages import LAST_STEP, Message

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from PySide6.QtWidgets import QWidget

    from app.bootstrap import Services
    from app.progress import Progress
    from app.services.entry.listing import Query
    from app.services.entry.service import SheetView
    from app.ui.framework.page import Tools


class Acting(QObject):
    """Deeds on records of one sheet, each a step that one undo takes back."""

    def __init__(
        self, owner: QWidget, tools: Tools, services: Services, sheet: SheetView, adoption_id: str
    ) -> None:
        super().__init__(owner)
        self._owner = owner
        self._tools = tools
        self._services = services
        self._sheet = sheet
        self._adoption_id = adoption_id

    def copy(self, record_id: str) -> str:
        """Enter a record like this one; gives its id, empty when it was refused."""
        try:
            return self._services.entries.copy(self._sheet.kind, record_id, self._adoption_id)
        except AppError as error:
            self._tools.errors.show_error(error)
            return ""

    def delete(self, find: Callable[[], Sequence[str]], after: Callable[[], None]) -> None:
        """Put records into the trash; the message offers to take it back."""
        entries, sheet = self._services.entries, self._sheet

        def work(_progress: Progress) -> int:
            return entries.delete(sheet.kind, find())

        def done(count: int) -> None:
            after()
            self.say_undoable(f"已删除 {count} {sheet.counter}{sheet.name}。")

        self._tools.jobs.start(Job(f"删除{sheet.name}", work, done, owner=self, quiet=True))

    def say_undoable(self, text: str) -> None:
        """Say what was done, with a button that takes it back as long as it was the last step."""
        history = self._services.history
        step = history.undo_step()

        def undo() -> None:
            if history.undo_step() != step:
                hint = "请用 Ctrl+Z 一步一步撤销。"
                self._tools.messages.post(Message("之后又做了别的修改。", hint, "warning"))
                return
            self._tools.jobs.start(
                Job("撤销", lambda _progress: history.undo(), owner=self, quiet=True)
            )

        self._tools.messages.say(text, action_text="撤销", action=undo, topic=LAST_STEP)

    @Slot()
    def choose_export(self, query: Query, names: Sequence[str], label: str) -> None:
        """Ask where the list goes, then write it."""
        folder = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
        chosen, _kind = QFileDialog.getSaveFileName(
            self._owner,
            "把列表存成 Excel 文件",
            str(Path(folder) / f"{label}.xlsx"),
            "Excel 工作簿 (*.xlsx)",
        )
        if chosen:
            self.export(query, names, Path(chosen).with_suffix(".xlsx"))

    def export(self, query: Query, names: Sequence[str], target: Path) -> None:
        """Write all that the query finds, with these fields, to a workbook."""

        def work(progress: Progress) -> int:
            return self._services.entries.export(query, names, target, progress)

        def told(count: int) -> str:
            return f"已导出 {count} {self._sheet.counter}{self._sheet.name}到 {target.name}。"

        def done(count: int) -> None:
            self._tools.messages.say(
                told(count), action_text="打开文件夹", action=lambda: _open_folder(target)
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


def _open_folder(target: Path) -> None:
    from PySide6.QtCore import QUrl
    from PySide6.QtGui import QDesktopServices

    QDesktopServices.openUrl(QUrl.fromLocalFile(str(target.parent)))
