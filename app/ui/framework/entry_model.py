"""The rows of a table of records, with cells that can be typed in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, Qt, QTimer, Signal, Slot
from typing_extensions import override

from app.errors import AppError
from app.services.entry.errors import InvalidError
from app.ui.framework.entries import EntrySource, Typed, columns_of, raw_of
from app.ui.framework.tables import WINDOW, PagedTableModel

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from PySide6.QtCore import QObject

    from app.services.entry.fields import Field
    from app.services.entry.listing import Query, Row
    from app.services.entry.service import Entries, SheetView
    from app.ui.framework.theme import Theme

Index = QModelIndex | QPersistentModelIndex
NEW = ""
"""Id of the last row, which is not a record yet."""
_NOWHERE = QModelIndex()
_NEW_WORDS = "新增一行…"


class EntryModel(PagedTableModel["Row"]):
    """Rows that can be typed in; what the service refuses stays in its cell until it is mended.

    A list of parts (its query names their record) has a last row in which a new one is typed.
    """

    entered = Signal(str)
    """Id of a record that was made or changed by typing in a cell."""
    said = Signal(str)
    """What is wrong or still lacking with what was typed last; empty: nothing."""

    def __init__(
        self,
        entries: Entries,
        sheet: SheetView,
        query: Query,
        theme: Theme,
        parent: QObject | None = None,
    ) -> None:
        self.entries = entries
        self.sheet = sheet
        self.source = EntrySource(entries, query)
        self.editing: Callable[[], bool] = lambda: False
        """Whether a cell is being typed in: then rows stay until that is over."""
        self._theme = theme
        self._writing = False
        self._stale = False
        self._wrong: dict[tuple[str, str], tuple[Typed, str]] = {}
        self._begun: dict[str, Typed] = {}
        self._lacking = ""
        self.made = ""
        """The record that the last row became."""
        super().__init__(columns_of(sheet, theme), lambda row: row.id, self.source, parent)

    @property
    def query(self) -> Query:
        """What is shown."""
        return self.source.query

    @property
    def appendable(self) -> bool:
        """Whether there is a last row for a new record."""
        return bool(self.sheet.parent and self.query.parent_id)

    @property
    def count(self) -> int:
        """How many records there are; the last, empty row is none."""
        return self._count

    def ordered_query(self) -> Query:
        """What is shown, in the order in which it is shown."""
        return self.source.ordered(self.order)

    def show(self, query: Query) -> None:
        """Show what another query finds; of another record's parts nothing half typed is left."""
        if query.parent_id != self.query.parent_id:
            self._begun.clear()
            self._wrong.clear()
        self.source = EntrySource(self.entries, query)
        self.set_source(self.source)

    @override
    def refresh(self) -> None:
        if self._writing or self.editing():
            self._stale = True
            return
        self._stale = False
        super().refresh()

    @Slot()
    def catch_up(self) -> None:
        """Fetch anew if that had to wait until a cell was typed."""
        if self._stale:
            self.refresh()

    # -- what cells say ----------------------------------------------------------------------

    def field(self, column: int) -> Field:
        """The field of a column."""
        return self.sheet.fields[column]

    def is_new(self, number: int) -> bool:
        """Whether that row is the one for a new record."""
        return self.appendable and number == self._count

    def id_at(self, number: int) -> str | None:
        """Id of the record in a row; ``NEW`` in the last one, None where there is no row."""
        return NEW if self.is_new(number) else self.row_id(number)

    def sentence_at(self, index: Index) -> str:
        """What is wrong with a cell."""
        found = self._refused(index)
        return found[1] if found else ""

    def unfinished(self) -> str:
        """What is wrong or lacking with what is not saved yet; empty: everything is saved."""
        if self._wrong:
            sentence = list(self._wrong.values())[-1][1]
            others = len(self._wrong) - 1
            return f"{sentence}另有 {others} 格没有保存。" if others else sentence
        return self._lacking if self._begun else ""

    def edit_text(self, index: Index) -> Typed:
        """What an editor of the cell begins with."""
        one = self.field(index.column())
        if refused := self._refused(index):
            return refused[0]
        if self.is_new(index.row()):
            return self._begun.get(one.name, Typed("", ""))
        row = self.row(index.row())
        if row is None:
            return Typed("", "")
        raw = raw_of(one, row)
        return Typed(raw, row.texts[one.name] if one.kind == "ref" else raw)

    def _refused(self, index: Index) -> tuple[Typed, str] | None:
        if not self._wrong or not index.isValid():
            return None
        return self._wrong.get((self.id_at(index.row()) or NEW, self.field(index.column()).name))

    @override
    def rowCount(self, parent: Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else self._count + self.appendable

    @override
    def flags(self, index: Index) -> Qt.ItemFlag:
        flags = super().flags(index)
        if index.isValid() and self.field(index.column()).editable:
            flags |= Qt.ItemFlag.ItemIsEditable
        return flags

    @override
    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid() or role not in _ROLES:
            return super().data(index, role)
        if role == Qt.ItemDataRole.EditRole:
            return self.edit_text(index).shown
        refused = self._refused(index)
        if refused is not None:
            return self._refused_data(refused, role)
        new = self.is_new(index.row())
        if new and role == Qt.ItemDataRole.DisplayRole:
            typed = self._begun.get(self.field(index.column()).name)
            begin = _NEW_WORDS if index.column() == 0 and not self._begun else ""
            return typed.shown if typed else begin
        if role == Qt.ItemDataRole.ForegroundRole:
            return self._theme.color("text_muted") if new or self._blank(index) else None
        return super().data(index, role)

    def _refused_data(self, refused: tuple[Typed, str], role: int) -> object:
        typed, sentence = refused
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return typed.shown
            case Qt.ItemDataRole.ToolTipRole | Qt.ItemDataRole.AccessibleDescriptionRole:
                return sentence
            case Qt.ItemDataRole.ForegroundRole:
                return self._theme.color("error")
        return None

    def _blank(self, index: Index) -> bool:
        """Whether the cell says no, or is worked out and cannot be typed in."""
        one = self.field(index.column())
        row = self.row(index.row()) if one.kind == "bool" else None
        return not one.editable or (row is not None and not row.values[one.name])

    # -- typing ------------------------------------------------------------------------------

    @override
    def setData(self, index: Index, value: object, role: int = Qt.ItemDataRole.EditRole) -> bool:
        typed = value if isinstance(value, Typed) else Typed(str(value), str(value))
        record_id = self.id_at(index.row())
        if record_id is None:
            return False
        if typed.raw == self.edit_text(index).raw and not (record_id == NEW and typed.raw):
            return not self.sentence_at(index)
        name = self.field(index.column()).name
        if record_id == NEW:
            return self.begin({name: typed})
        done = self._change(index, name, typed)
        self._redraw(index.row())
        return done

    def _redraw(self, number: int) -> None:
        self.dataChanged.emit(self.index(number, 0), self.index(number, len(self.columns) - 1))

    def _change(self, index: Index, name: str, typed: Typed) -> bool:
        record_id = self.id_at(index.row()) or NEW
        self._writing = True
        try:
            row = self.entries.change(
                self.sheet.kind, record_id, {name: typed.raw}, self.query.adoption_id
            )
        except InvalidError as error:
            return self.refuse(record_id, name, typed, error.problems.get(name, error.text))
        except AppError as error:
            self.failed.emit(error)
            return False
        finally:
            self._writing = False
        self._wrong.pop((record_id, name), None)
        self._put(index.row(), row)
        self._stale = True
        self.said.emit(self.unfinished())
        self.entered.emit(record_id)
        return True

    def begin(self, cells: Mapping[str, Typed]) -> bool:
        """Keep what was typed or pasted in the last row; with all that is required it is a record."""
        done = self._create(cells)
        self._redraw(self._count)
        return done

    def _create(self, cells: Mapping[str, Typed]) -> bool:
        for name, typed in cells.items():
            self._wrong.pop((NEW, name), None)
            if typed.raw:
                self._begun[name] = typed
            else:
                self._begun.pop(name, None)
        if not self._begun:
            self.said.emit("")
            return True
        raw = {field: one.raw for field, one in self._begun.items()}
        self._writing = True
        try:
            self.made = self.entries.create(
                self.sheet.kind, raw, self.query.adoption_id, self.query.parent_id
            )
        except InvalidError as error:
            wrong = [name for name in cells if name in error.problems and name in self._begun]
            for name in wrong:
                self.refuse(NEW, name, self._begun.pop(name), error.problems[name])
            if wrong:
                return False
            self._lacking = next(iter(error.problems.values()))
            self.said.emit(self.unfinished())
            return True
        except AppError as error:
            self.failed.emit(error)
            return False
        finally:
            self._writing = False
        self._begun.clear()
        self._wrong = {key: one for key, one in self._wrong.items() if key[0] != NEW}
        self._stale = True
        self.said.emit(self.unfinished())
        self.entered.emit(self.made)
        return True

    def refuse(self, record_id: str, name: str, typed: Typed, sentence: str) -> bool:
        """Keep what was typed in a cell, with the sentence that says why it was not taken."""
        self._wrong[record_id, name] = (typed, sentence)
        self.said.emit(sentence)
        return False

    def forget(self, index: Index) -> bool:
        """Esc: show what is saved again; in the last row throw away what was begun."""
        record_id = self.id_at(index.row())
        key = (record_id or NEW, self.field(index.column()).name)
        gone = self._wrong.pop(key, None) is not None
        if not gone and record_id == NEW and self._begun:
            self._begun.clear()
            gone = True
        if gone:
            self.said.emit(self.unfinished())
            self._redraw(index.row())
        return gone

    def _put(self, number: int, row: Row) -> None:
        """Show a changed record where it stands; it goes to its new place with the next fetch."""
        start = number - number % WINDOW
        rows = list(self._windows.get(start, ()))
        if number - start < len(rows):
            rows[number - start] = row
            self._windows[start] = rows

    def catch_up_soon(self) -> None:
        """Fetch anew once the editor that is closing is gone."""
        QTimer.singleShot(0, self, self.catch_up)


_ROLES = frozenset(
    {
        Qt.ItemDataRole.DisplayRole.value,
        Qt.ItemDataRole.EditRole.value,
        Qt.ItemDataRole.ToolTipRole.value,
        Qt.ItemDataRole.AccessibleDescriptionRole.value,
        Qt.ItemDataRole.DecorationRole.value,
        Qt.ItemDataRole.ForegroundRole.value,
    }
)
