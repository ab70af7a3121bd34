"""Writing what was chosen: asks where to, writes in the background, tells what came of it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QStandardPaths
from PySide6.QtWidgets import QFileDialog, QWidget

from app.errors import StorageError
from app.services.forms.batch import Made, a_file_each, file_name, one_file, write_all
from app.ui.framework.jobs import Job
from app.ui.pages.paper_results import ResultBar, folder_of, open_path

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.bootstrap import Services
    from app.progress import Progress
    from app.services.adoption import AdoptionView
    from app.services.forms.batch import Piece
    from app.services.forms.form import Form, Request, Target
    from app.ui.framework.page import Tools
    from app.ui.pages.paper_results import Answer

FOLDER = "paper/folder"
KINDS = {".pdf": "PDF", ".docx": "Word", ".xlsx": "Excel"}
_FILTERS = {
    ".pdf": "PDF 文件 (*.pdf)", ".docx": "Word 文档 (*.docx)", ".xlsx": "Excel 工作簿 (*.xlsx)",
}  # fmt: skip
_NAMED = 3


@dataclass(frozen=True, slots=True)
class Order:
    """What is chosen in the page."""

    form: Form
    request: Request
    targets: tuple[Target, ...]

    @property
    def some(self) -> bool:
        """Whether there is anything to put out: records, or a form that needs none."""
        return bool(self.targets) or self.request.targets is None


class Output(QObject):
    """Writes files for one page and speaks in its bar of results."""

    def __init__(
        self,
        tools: Tools,
        services: Services,
        adoption: AdoptionView,
        bar: ResultBar,
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        self._window = parent
        self._tools = tools
        self._services = services
        self._adoption = adoption
        self._bar = bar

    # -- where to ------------------------------------------------------------------------------

    def folder(self) -> Path:
        """Where the last files went; at first the documents of the account."""
        place = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
        last = Path(self._tools.settings.text(FOLDER, place or str(Path.home())))
        return last if last.is_dir() else Path.home()

    def save(self, order: Order, ending: str, *, split: bool) -> None:
        """Ask where to, then write: one file, or one for each."""
        if split and len(order.targets) > 1:
            folder = self.ask_folder("把每份一个文件放在哪个文件夹？")
            if folder is not None:
                self.write(
                    a_file_each(order.form, order.request, order.targets, folder, ending),
                    f"输出{order.form.name}",
                )
            return
        target = self._ask_file(self.name_of(order, ending), ending)
        if target is not None:
            self.write(one_file(order.form, order.request, target), f"输出{order.form.name}",
                       asked=True)  # fmt: skip

    def name_of(self, order: Order, ending: str) -> str:
        """What the file is called unless the user wants otherwise."""
        if len(order.targets) == 1 and not order.form.together:
            return file_name(order.form, order.targets[0], ending)
        before = f"{self._adoption.community_name} {self._adoption.period}"
        return file_name(order.form, None, ending, before)

    def ask_folder(self, title: str) -> Path | None:
        """Let the user choose a folder; None if not."""
        chosen = QFileDialog.getExistingDirectory(self._window, title, str(self.folder()))
        if not chosen:
            return None
        self._tools.settings.set(FOLDER, chosen)
        return Path(chosen)

    def _ask_file(self, name: str, ending: str) -> Path | None:
        """Let the user choose a file; the dialog asks before one is replaced."""
        chosen, _kind = QFileDialog.getSaveFileName(
            self._window, f"存为 {KINDS[ending]}", str(self.folder() / name), _FILTERS[ending]
        )
        if not chosen:
            return None
        target = Path(chosen)
        if target.suffix.lower() != ending:
            target = target.with_name(f"{target.name}{ending}")
        self._tools.settings.set(FOLDER, str(target.parent))
        return target

    # -- writing -------------------------------------------------------------------------------

    def write(
        self,
        pieces: Sequence[Piece],
        label: str,
        *,
        asked: bool = False,
        notes: Sequence[str] = (),
    ) -> None:
        """Write files in the background; asks first where some are there already."""
        there = [] if asked else [piece for piece in pieces if piece.path.exists()]
        if not there:
            self._start(pieces, label, notes)
            return
        named = "、".join(f"“{piece.path.name}”" for piece in there[:_NAMED])
        more = f"等 {len(there)} 个" if len(there) > _NAMED else ""
        self._bar.say(
            "warning", f"文件夹“{there[0].path.parent.name}”里已经有{named}{more}。",
            (
                ("替换", lambda: self._start(pieces, label, notes)),
                ("另取文件名", lambda: self._start(_beside(pieces), label, notes)),
                ("取消", self._bar.put_away),
            ),
        )  # fmt: skip

    def _start(self, pieces: Sequence[Piece], label: str, notes: Sequence[str] = ()) -> None:
        self._bar.put_away()
        made, export = Made(notes=list(notes)), self._services.forms.export

        def work(progress: Progress) -> Made:
            return write_all(export, pieces, made, progress)

        def done(_made: Made) -> None:
            self._show(made, label)

        def stopped() -> None:
            self._show(made, label, cancelled=True)

        self._tools.jobs.start(
            Job(
                label, work, done, on_cancelled=stopped, owner=self._window, database=False,
                done_text=_in_short, folder=lambda one: folder_of(one) if one.files else None,
            )
        )  # fmt: skip

    def _show(self, made: Made, label: str, *, cancelled: bool = False) -> None:
        answers: list[Answer] = []
        failed = [piece for piece, _error in made.failed]
        if failed:
            answers.append(("重试", lambda: self._start(failed, label)))
        if len(failed) == 1 and isinstance(made.failed[0][1], StorageError):
            answers.append(("另存为…", lambda: self._save_elsewhere(failed[0], label)))
        if made.files:
            first, folder = made.files[0], folder_of(made)
            if len(made.files) == 1:
                answers.append(("打开文件", lambda: open_path(first)))
            answers.append(("打开文件夹", lambda: open_path(folder)))
        self._bar.show_made(made, answers, cancelled=cancelled)

    def _save_elsewhere(self, piece: Piece, label: str) -> None:
        target = self._ask_file(piece.path.name, piece.path.suffix.lower())
        if target is not None:
            self._start([replace(piece, path=target)], label)


def _in_short(made: Made) -> str:
    parts = [f"已存 {len(made.files)} 个文件"] if made.files else []
    parts += [f"{len(made.failed)} 个没有做成"] if made.failed else []
    return "，".join(parts)


def _beside(pieces: Sequence[Piece]) -> list[Piece]:
    """The same files under names that are still free."""
    found = []
    for piece in pieces:
        path, number = piece.path, 2
        while path.exists():
            path = piece.path.with_stem(f"{piece.path.stem}（{number}）")
            number += 1
        found.append(replace(piece, path=path))
    return found
