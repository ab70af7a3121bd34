"""Which record a register shows: the selected one, a new one, the next one; nothing typed is lost."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Slot

from app.errors import AppError, NotFoundError
from app.ui.framework.messages import Message

if TYPE_CHECKING:
    from app.ui.records.panel import RecordPanel

_WRONG = "这条记录有填错的地方，还没有保存。"
_MEND = "请改正标红的栏目，或按 Esc 恢复原样。"
_FINISH = "请填完，或按 Esc 放弃。"


class Showing(QObject):
    """Leads between list and form of one panel."""

    def __init__(self, panel: RecordPanel) -> None:
        super().__init__(panel)
        self._panel = panel
        self._wanted = ""
        """Record to select when the list is fetched anew: it has just been entered."""
        self._row = -1
        """Row to select when the list is fetched anew: what stood there was deleted."""
        self._entering = False
        """New records are entered one after the other."""
        panel.table.chosen.connect(self._on_chosen)
        panel.form.created.connect(self._on_created)
        panel.form.typed.connect(self._keep)
        panel.form.next_wanted.connect(self._on_next)
        panel.drafts.wanted.connect(self._go_on)

    # -- the selected record -----------------------------------------------------------------

    @Slot(list)
    def _on_chosen(self, ids: list[str]) -> None:
        panel, side = self._panel, self._panel.side
        count = panel.selecting.count()
        if not ids and side.of_many:  # the list is narrowed to others: nothing is selected now
            side.show_nothing()
            panel.shown.emit("")
        if not ids or (count == 1 and ids[0] == side.shown_id):
            return
        if side.shown_id and not self._saved():
            # The table is in the middle of selecting: it is led back afterwards.
            QTimer.singleShot(0, self, self._stay)
            return
        self._keep()
        self._entering = False
        panel.drafts.begin()
        if count > 1:
            side.show_many(count)
            panel.shown.emit("")
        else:
            self.show(ids[0])

    @Slot()
    def _stay(self) -> None:
        self._panel.table.select([self._panel.side.shown_id])

    def show(self, record_id: str) -> None:
        """Show a record at the right."""
        panel = self._panel
        try:
            row = panel.services.entries.get(panel.sheet.kind, record_id, panel.adoption.id)
        except NotFoundError:
            panel.side.show_nothing()
        except AppError as error:
            panel.tools.errors.show_error(error)
        else:
            panel.side.show_row(row)
        panel.shown.emit(panel.side.shown_id)

    def show_record(self, record_id: str) -> None:
        """Select a record, wherever it stands; what narrows the list is lifted if need be."""
        panel = self._panel
        panel.parts.show_side(shown=True)
        panel.table.select([record_id])
        if panel.side.shown_id != record_id:
            panel.show_everything()
            panel.table.select([record_id])
        if panel.side.shown_id != record_id and self.finish():
            self.show(record_id)

    def again(self) -> None:
        """The list was fetched anew: the record on show is shown as it is now; it may be gone."""
        panel, (wanted, row) = self._panel, (self._wanted, self._row)
        self._wanted, self._row = "", -1
        if wanted:
            panel.table.select([wanted])
        if row >= 0 and panel.model.count and not panel.selecting.count():
            self._select_row(min(row, panel.model.count - 1))
        if panel.side.shown_id:
            self.show(panel.side.shown_id)

    def _select_row(self, row: int) -> None:
        # Not selectRow: with Ctrl held, as in Ctrl+Enter, that would add the row to the others.
        record_id = self._panel.model.row_id(row)
        if record_id is not None:
            self._panel.table.select([record_id])

    def expect_row(self, row: int) -> None:
        """What stands in this row is about to go: its successor is to be selected."""
        self._row = row

    # -- entering and editing ----------------------------------------------------------------

    @Slot()
    def new(self) -> None:
        """Begin a new record, with the cursor in its first field."""
        if not self.finish():
            return
        panel = self._panel
        panel.table.clearSelection()
        panel.form.begin()
        panel.drafts.begin()
        self._show_new()

    @Slot(object)
    def _go_on(self, typed: dict[str, object]) -> None:
        if self.finish():
            self._panel.table.clearSelection()
            self._panel.form.begin(typed)
            self._show_new()

    def _show_new(self) -> None:
        panel = self._panel
        self._entering = True
        self._wanted = ""  # the record that was just saved is not to be shown again
        panel.side.show_new()
        panel.parts.show_side(shown=True)
        panel.parts.show_list()
        panel.drafts.look()
        panel.form.focus_first()
        panel.shown.emit("")

    @Slot(str)
    def _on_created(self, record_id: str) -> None:
        self._wanted = record_id
        self._panel.drafts.drop()
        self.show(record_id)

    @Slot()
    def _keep(self) -> None:
        """A record that is not complete is kept as a draft."""
        if self._panel.side.adding:
            self._panel.drafts.keep(self._panel.form.unfinished())

    def finish(self) -> bool:
        """Save what is being typed, or keep it as a draft; False if some of it is wrong."""
        panel = self._panel
        if panel.side.adding:
            panel.form.finish()
            self._keep()
            return True
        return self._told(panel.grid.unfinished()) and (not panel.side.shown_id or self._saved())

    def _saved(self) -> bool:
        """Save the record on show with its parts; what cannot be saved is said."""
        panel = self._panel
        if not panel.form.finish():
            panel.tools.messages.post(Message(_WRONG, _MEND, "warning"))
            return False
        return self._told(panel.side.tabs.unfinished())

    def _told(self, unfinished: str) -> bool:
        """Say what is not saved; True: there is nothing."""
        if unfinished:
            hint = "" if "Esc" in unfinished else _FINISH
            self._panel.tools.messages.post(Message(unfinished, hint, "warning"))
        return not unfinished

    @Slot()
    def edit(self) -> None:
        """Go from the list into the form, to the field of the column in which the cursor is."""
        panel = self._panel
        if panel.side.shown_id:
            panel.parts.show_side(shown=True)
            panel.side.tabs.setCurrentIndex(0)
            column = panel.model.columns[max(0, panel.table.currentIndex().column())]
            panel.form.focus(column.key)

    @Slot()
    def copy(self) -> None:
        """Enter a record like the one that is selected."""
        panel = self._panel
        if panel.side.shown_id and self.finish():
            made = panel.acting.copy(panel.side.shown_id)
            if made:
                self._wanted = made
                self.show(made)
                panel.form.focus_first()

    @Slot()
    def _on_next(self) -> None:
        """Everything is saved: the next record, please."""
        panel = self._panel
        if panel.side.adding:
            panel.form.ask_required()
        elif self._entering:
            self.new()
        else:
            here = panel.table.currentIndex().row()
            # A record that no longer fits the list has left its place to the next one.
            following = here + (panel.model.row_id(here) == panel.side.shown_id)
            if following < panel.model.count:
                self._select_row(following)
                panel.form.focus_first()
            else:
                panel.tools.messages.say("已保存，这是最后一条。")
