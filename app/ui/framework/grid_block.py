"""Many cells at once: pasting a block, filling down, emptying; shown first, then made as one step."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from app.errors import AppError
from app.services.entry.bulk import Edit, Preview
from app.ui.framework.entries import Typed
from app.ui.framework.jobs import Job

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from app.progress import Progress
    from app.ui.framework.entry_model import EntryModel
    from app.ui.framework.page import Tools

SMALL = 200
"""So many cells are written at once; more are a job in the background."""


@dataclass(frozen=True, slots=True)
class Block:
    """New values row by row: row numbers (those past the last record are new ones) and their cells."""

    action: str
    numbers: Sequence[int]
    values: Sequence[Mapping[str, str]]

    @property
    def cells(self) -> int:
        """How many cells are meant."""
        return sum(map(len, self.values))


class BlockWriter(QObject):
    """Shows what a block would change, asks, and writes it as one step."""

    said = Signal(str)
    """What was done, or why nothing was."""
    written = Signal(object)
    """Preview with what was made and changed."""

    def __init__(self, tools: Tools, model: EntryModel, parent: QObject) -> None:
        super().__init__(parent)
        self._tools = tools
        self._model = model
        self.confirm: Callable[[Preview], bool] = lambda _preview: True
        """Asked before a change of more than one record."""

    def write(self, block: Block) -> None:
        """Preview, ask, write; a large block in the background."""
        if block.cells <= SMALL:
            try:
                self._decide(block, *self._looked(block, self._ids_near(block)))
            except AppError as error:
                self._tools.errors.show_error(error)
            return

        model = self._model
        query, last = model.ordered_query(), model.count

        def look(_progress: Progress) -> tuple[list[Edit], Preview]:
            ids = model.entries.ids(query)
            return self._looked(
                block, {n: ids[n] for n in block.numbers if n < min(last, len(ids))}
            )

        def seen(found: tuple[list[Edit], Preview]) -> None:
            self._decide(block, *found)

        self.said.emit("正在检查要写入的内容…")
        self._tools.jobs.start(Job("检查要写入的内容", look, seen, owner=self, quiet=True))

    def _ids_near(self, block: Block) -> dict[int, str]:
        found = {number: self._model.row_id(number) for number in block.numbers}
        return {number: row_id for number, row_id in found.items() if row_id}

    def _looked(self, block: Block, ids: Mapping[int, str]) -> tuple[list[Edit], Preview]:
        query = self._model.query
        edits = [
            Edit(ids.get(number, ""), values, "" if number in ids else query.parent_id)
            for number, values in zip(block.numbers, block.values, strict=True)
        ]
        return edits, self._model.entries.preview(query.kind, edits, query.adoption_id)

    def _decide(self, block: Block, edits: list[Edit], preview: Preview) -> None:
        if len(edits) > 1 and not self.confirm(preview):
            self.said.emit("没有写入。")
            return
        refused = self._refused(edits, preview)
        sound = [
            replace(edit, values=_without(edit, refused.get(number, {})))
            for number, edit in enumerate(edits)
            if edit.id or number not in refused
        ]
        sound = [edit for edit in sound if edit.values]
        query, model = self._model.query, self._model

        def apply(progress: Progress | None = None) -> Preview:
            return model.entries.apply(query.kind, sound, query.adoption_id, block.action, progress)

        def done(result: Preview) -> None:
            self._finish(edits, refused, result)

        if block.cells <= SMALL:
            done(apply())
        else:
            self._tools.jobs.start(Job(block.action, apply, done, owner=self))

    def _refused(self, edits: Sequence[Edit], preview: Preview) -> dict[int, dict[str, str]]:
        """Sentences by number of the edit and field."""
        names = {one.label: one.name for one in self._model.sheet.fields}
        refused: dict[int, dict[str, str]] = {}
        for line in preview.lines:
            if line.problem:
                first = next(iter(edits[line.number].values), "")
                name = names.get(line.field, first)
                refused.setdefault(line.number, {})[name] = line.problem
        return refused

    def _finish(
        self, edits: Sequence[Edit], refused: Mapping[int, Mapping[str, str]], result: Preview
    ) -> None:
        model = self._model
        for number, problems in refused.items():
            edit = edits[number]
            for name, sentence in problems.items():
                if edit.id and name in edit.values:
                    text = str(edit.values[name])
                    model.refuse(edit.id, name, Typed(text, text), sentence)
        model.refresh()
        self.said.emit(_told(result, refused))
        self.written.emit(result)


def _without(edit: Edit, problems: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in edit.values.items() if name not in problems}


def _told(result: Preview, refused: Mapping[int, Mapping[str, str]]) -> str:
    parts = [
        f"{words} {count} 条"
        for words, count in (("新增", result.created), ("修改", result.changed))
        if count
    ]
    told = f"已{'、'.join(parts)}。" if parts else ""
    if refused:
        first = next(iter(next(iter(refused.values())).values()))
        whole = "全部" if parts else ""
        return f"{told}有 {len(refused)} 条没有{whole}写入：{first}"
    return told or "没有要改的。"
