"""A register: list at the left, the record at the right, for any sheet of the entry services."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu, QVBoxLayout, QWidget

from app.errors import AppError, NotFoundError
from app.services.entry.listing import Filter, Query, Row
from app.ui.framework.jobs import Job
from app.ui.framework.page import EmptyState
from app.ui.framework.table_view import TableView
from app.ui.records.acting import Acting
from app.ui.records.layout import RecordLayout
from app.ui.records.side import RecordSide
from app.ui.records.source import RecordModel, RecordSource
from app.ui.records.words import empty_words

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from app.bootstrap import Services
    from app.progress import Progress
    from app.services.adoption import AdoptionView
    from app.services.unit_of_work import Changes
    from app.ui.framework.page import Tools
    from app.ui.records.tabs import Tab

_TYPING_MS = 200
_AFTER_MS = 50


@dataclass(frozen=True, slots=True)
class RecordAction:
    """Something more that can be done with the selected records, from the menus of the list."""

    text: str
    icon: str
    run: Callable[[list[str]], None]
    """Takes the ids of the selected records."""
    shortcut: str = ""


class RecordPanel(QWidget):
    """One register. ``show_view`` takes a view's key, ``record:<kind>:<id>`` or ``new``."""

    counted = Signal(int)
    """How many records the list shows now."""
    shown = Signal(str)
    """Id of the record that the right side shows from now on; empty: none."""

    def __init__(
        self,
        tools: Tools,
        services: Services,
        adoption: AdoptionView,
        kind: str,
        *,
        parent_id: str = "",
        extra_tabs: Sequence[Tab] = (),
        actions: Sequence[RecordAction] = (),
        go: Callable[[str, str], None] | None = None,
    ) -> None:
        super().__init__()
        self.tools = tools
        self.services = services
        self.adoption = adoption
        self.go = go
        self.sheet = services.entries.sheet(kind, adoption.id)
        self.query = Query(kind, adoption.id, parent_id)
        self._key = f"records/{kind}"
        self._extra = tuple(actions)
        self._wanted = ""
        self._counting = False
        self._counted: Query | None = None
        self.acting = Acting(self, tools, services, self.sheet, adoption.id)
        self.model = RecordModel(self.sheet)
        self.model.failed.connect(tools.errors.show_error)
        self.table: TableView[Row] = TableView(self.model, tools.settings, self._key)
        self.table.setAccessibleName(self.sheet.name)
        self.side = RecordSide(
            tools, services, self.sheet, adoption.id, parent_id, extra_tabs, self.change_many
        )
        self.form = self.side.form
        self.parts = RecordLayout(tools, self.sheet)
        icon, sentence = empty_words(self.sheet)
        self.empty = EmptyState(tools.theme, icon, sentence, f"新增{self.sheet.name}", self.new)
        self.parts.place(self.table, self.side, self.empty)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.parts)
        self._typing = QTimer(self, singleShot=True, interval=_TYPING_MS)
        self._later = QTimer(self, singleShot=True, interval=_AFTER_MS)
        self._build_actions()
        self._connect()
        self._restore()

    # -- building ----------------------------------------------------------------------------

    def _build_actions(self) -> None:
        """Actions of the keys and menus; they work while the cursor is in the panel."""
        bar = self.parts.bar
        self._act("新增", "plus", self.new, "Ctrl+N")
        self._act("筛选", "search", self.focus_filter, "Ctrl+F")
        self._act("显示或隐藏右边的内容", "panel-right", self.parts.toggle_side, "F4")
        edit = self._act("修改", "pencil", self.edit, "F2")
        self._row_actions = [
            edit,
            self._act("复制一份", "copy", self.copy, "Ctrl+D"),
            self._act("批量修改…", "list-checks", self.change_many, "Ctrl+Shift+B"),
            *(self._extra_action(one) for one in self._extra),
            self._act("删除", "trash-2", self.delete, ""),
        ]
        export = self._act("导出到 Excel…", "file-spreadsheet", self.export, "Ctrl+E")
        bar.more.menu().addActions([*self._row_actions, export])

    def _act(self, words: str, icon: str, slot: Callable[[], object], shortcut: str) -> QAction:
        action = QAction(self.tools.theme.icon(icon), words, self)
        if shortcut:
            action.setShortcut(QKeySequence(shortcut))
            action.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        action.triggered.connect(slot)
        self.addAction(action)
        return action

    def _extra_action(self, one: RecordAction) -> QAction:
        return self._act(one.text, one.icon, lambda: one.run(self.selected_ids()), one.shortcut)

    def _connect(self) -> None:
        parts, bar = self.parts, self.parts.bar
        bar.words.textChanged.connect(self._typing.start)
        self._typing.timeout.connect(self._narrow)
        self._later.timeout.connect(self._count_views)
        bar.words.returnPressed.connect(self.table.setFocus)
        bar.chips.picked.connect(self.show_view)
        bar.filters.lifted.connect(self._lift)
        bar.new.clicked.connect(self.new)
        bar.narrow.menu().aboutToShow.connect(self._offer_conditions)
        parts.nothing_found.button.clicked.connect(self._show_everything)
        self.table.chosen.connect(self._on_chosen)
        self.table.opened.connect(self.edit)
        self.table.delete_wanted.connect(self.delete)
        self.table.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.table.customContextMenuRequested.connect(self._show_row_menu)
        self.table.horizontalHeader().sortIndicatorChanged.connect(self._remember_order)
        self.form.created.connect(self._on_created)
        self.form.next_wanted.connect(self._on_next)
        self.setFocusProxy(self.table)

    def _restore(self) -> None:
        """View and order as they were when the list was last seen; then the rows are fetched."""
        settings = self.tools.settings
        view = settings.text(f"{self._key}/view", "all")
        if view in self.parts.bar.chips.chips:
            self.query = replace(self.query, view=view)
            self.parts.bar.chips.choose(view)
        name, _, way = settings.text(f"{self._key}/order").partition(" ")
        keys = [column.key for column in self.model.columns]
        if name in keys:
            order = Qt.SortOrder.DescendingOrder if way else Qt.SortOrder.AscendingOrder
            self.table.horizontalHeader().setSortIndicator(keys.index(name), order)
        self._show()

    @Slot()
    def _remember_order(self) -> None:
        order = self.model.order
        words = f"{order.key}{' down' if order.descending else ''}" if order else ""
        self.tools.settings.set(f"{self._key}/order", words)

    # -- showing -----------------------------------------------------------------------------

    def refresh(self, changes: Changes | None) -> None:
        """Records changed (None: anything may have): show them as they are now."""
        if changes is None or changes.touches(*self._concerning()):
            self.model.refresh()
            wanted, self._wanted = self._wanted, ""
            if wanted:
                self.table.select([wanted])
            self._show_again()
            self._show_state()

    def _concerning(self) -> set[str]:
        """Tables whose changes can be seen here."""
        pointed = {one.target for one in self.sheet.fields if one.target}
        words = {one.part[0].__tablename__ for one in self.sheet.fields if one.part is not None}
        return {self.sheet.kind, *self.sheet.parts, *pointed, *words, "evidence_link"}

    def _show(self) -> None:
        """Fetch what the query finds."""
        self.model.show(RecordSource(self.services.entries, self.query))
        self.parts.bar.filters.set_filters(self.query.filters, self.sheet)
        self._show_state()

    def _show_state(self) -> None:
        count = self.model.rowCount()
        self.parts.show_state(count, narrowed=self._narrowed(), adding=self.side.adding)
        self.parts.bar.fit()
        self.counted.emit(count)
        self._later.start()

    def _narrowed(self) -> bool:
        query = self.query
        return query.view != "all" or bool(query.words or query.filters)

    @Slot()
    def _count_views(self) -> None:
        """Write the counts into the chips; beside the window, one after the other."""
        query = self.query
        if self._counting or not self.isVisible():
            return
        self._counting = True

        def work(_progress: Progress) -> dict[str, int]:
            return self.services.entries.view_counts(query)

        def done(counts: dict[str, int]) -> None:
            self._counting = False
            if (query.words, query.filters) == (self.query.words, self.query.filters):
                self.parts.bar.chips.set_counts(counts)
                self.parts.bar.fit()
            else:
                self._later.start()

        def failed(error: Exception) -> None:
            self._counting = False
            self.tools.errors.show_error(error)

        self.tools.jobs.start(
            Job("统计", work, done, failed, owner=self, database=False, quiet=True)
        )

    @Slot(str)
    def show_view(self, name: str) -> None:
        """Show a built-in view, one record (``record:<kind>:<id>``), or the form of a new one."""
        if name == "new":
            self.new()
        elif name.startswith("record:"):
            self.show_record(name.rpartition(":")[2])
        elif name in self.parts.bar.chips.chips:
            self.parts.bar.chips.choose(name)
            self.tools.settings.set(f"{self._key}/view", name)
            self._ask(replace(self.query, view=name))

    def show_record(self, record_id: str) -> None:
        """Select a record, wherever it stands; what narrows the list is lifted if need be."""
        self.table.select([record_id])
        if self.side.shown_id != record_id:
            self._show_everything()
            self.table.select([record_id])
        if self.side.shown_id != record_id:
            self._show_row(record_id)
        self.parts.show_side(shown=True)

    def _ask(self, query: Query) -> None:
        if query != self.query:
            self.query = query
            self._show()

    @Slot()
    def _narrow(self) -> None:
        self._ask(replace(self.query, words=self.parts.bar.words.text().strip()))

    @Slot(int)
    def _lift(self, number: int) -> None:
        kept = [one for n, one in enumerate(self.query.filters) if n != number]
        self._ask(replace(self.query, filters=tuple(kept)))

    def add_filter(self, wanted: Filter) -> None:
        """Narrow the list by one more condition."""
        kept = [one for one in self.query.filters if one.name != wanted.name]
        self._ask(replace(self.query, filters=(*kept, wanted)))

    @Slot()
    def _show_everything(self) -> None:
        self.parts.bar.words.clear()
        self._typing.stop()
        self.parts.bar.chips.choose("all")
        self._ask(Query(self.query.kind, self.query.adoption_id, self.query.parent_id))

    @Slot()
    def _offer_conditions(self) -> None:
        menu = self.parts.bar.narrow.menu()
        menu.clear()
        for op, words in (("empty", "为空"), ("filled", "已填写")):
            menu.addSection(words) if op == "filled" else None
            for one in self.sheet.fields:
                if not one.only and (one.editable or one.sql is not None):
                    action = menu.addAction(f"{one.label}{words}")
                    action.setData(Filter(one.name, "empty" if op == "empty" else "filled"))
                    action.triggered.connect(self._on_condition)

    @Slot()
    def _on_condition(self) -> None:
        action = self.sender()
        if isinstance(action, QAction):
            self.add_filter(action.data())

    @Slot()
    def focus_filter(self) -> None:
        """Put the cursor into the filter field."""
        self.parts.bar.words.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.parts.bar.words.selectAll()

    # -- the record at the right -------------------------------------------------------------

    def selected_ids(self) -> list[str]:
        """Ids of the selected records, the current one first."""
        return self.table.selected_ids()

    @Slot(list)
    def _on_chosen(self, ids: list[str]) -> None:
        count = self.table.selected_count()
        if count > 1:
            self.side.show_many(count)
        elif ids and ids[0] != self.side.shown_id:
            self._show_row(ids[0])

    def _show_row(self, record_id: str) -> None:
        try:
            row = self.services.entries.get(self.sheet.kind, record_id, self.adoption.id)
        except NotFoundError:
            self.side.show_nothing()
        except AppError as error:
            self.tools.errors.show_error(error)
        else:
            self.side.show_row(row)
        self.shown.emit(self.side.shown_id)

    def _show_again(self) -> None:
        """The record on show, as it is now; it may be gone."""
        if self.side.shown_id:
            self._show_row(self.side.shown_id)

    def can_leave(self) -> bool:
        """Save what is being typed; False if some of it is wrong."""
        return self.form.finish()

    @Slot()
    def new(self) -> None:
        """Begin a new record, with the cursor in its first field."""
        self.table.clearSelection()
        self.form.begin()
        self.side.show_new()
        self.parts.show_side(shown=True)
        self._show_state()
        self.form.focus_first()

    @Slot(str)
    def _on_created(self, record_id: str) -> None:
        self._wanted = record_id
        self._show_row(record_id)

    @Slot()
    def edit(self) -> None:
        """Go from the list into the form."""
        if self.side.shown_id:
            self.parts.show_side(shown=True)
            self.form.focus_first()

    @Slot()
    def _on_next(self) -> None:
        """Everything is saved: the next record, please."""
        row = self.table.currentIndex().row() + 1
        if row < self.model.rowCount():
            self.table.selectRow(row)
            self.form.focus_first()

    # -- deeds -------------------------------------------------------------------------------

    @Slot()
    def copy(self) -> None:
        """Enter a record like the one that is selected."""
        if self.side.shown_id and self.can_leave():
            made = self.acting.copy(self.side.shown_id)
            if made:
                self._wanted = made
                self._show_row(made)
                self.form.focus_first()

    @Slot()
    def delete(self) -> None:
        """Put the selected records into the trash."""
        ids = self.selected_ids()
        if ids:
            self.acting.delete(lambda: ids, self.table.clearSelection)

    @Slot()
    def change_many(self) -> None:
        """Change the selected records, or all that the list shows, in one step."""

    @Slot()
    def export(self) -> None:
        """Write the list as it is shown to a workbook."""
        header = self.table.horizontalHeader()
        order = [header.logicalIndex(place) for place in range(header.count())]
        names = [self.model.columns[n].key for n in order if not header.isSectionHidden(n)]
        query = self.model.records.ordered(self.model.order) if self.model.records else self.query
        self.acting.choose_export(query, names, self.sheet.name)

    @Slot(QPoint)
    def _show_row_menu(self, place: QPoint) -> None:
        if self.table.selected_count():
            menu = QMenu(self)
            menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            menu.addActions(self._row_actions)
            menu.popup(self.table.viewport().mapToGlobal(place))
