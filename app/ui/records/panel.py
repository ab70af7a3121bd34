"""A register: list at the left, the record at the right, for any sheet of the entry services."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu, QVBoxLayout, QWidget
from typing_extensions import override

from app.services.entry.listing import Filter, Query
from app.services.entry.views import SavedView
from app.services.overview import PAGES
from app.ui.framework.grid import EntryGrid
from app.ui.framework.page import EmptyState
from app.ui.framework.tables import Order
from app.ui.records.acting import Acting
from app.ui.records.confirming import confirming
from app.ui.records.counting import Counting
from app.ui.records.drafts import DraftLine
from app.ui.records.form import RecordForm
from app.ui.records.layout import RecordLayout
from app.ui.records.parts import part_tabs
from app.ui.records.selecting import Selecting
from app.ui.records.showing import Showing
from app.ui.records.side import RecordSide
from app.ui.records.views import ViewMenu
from app.ui.records.words import empty_words

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from PySide6.QtGui import QShowEvent

    from app.bootstrap import Services
    from app.services.adoption import AdoptionView
    from app.services.unit_of_work import Changes
    from app.ui.framework.page import Tools
    from app.ui.records.tabs import Tab

_TYPING_MS = 200


@dataclass(frozen=True, slots=True)
class RecordAction:
    """Something more that can be done with the selected records, from the menus of the list."""

    text: str
    icon: str
    run: Callable[[list[str]], None]
    """Takes the ids of the selected records."""
    shortcut: str = ""


class RecordPanel(QWidget):
    """One register. ``show_view`` takes a view's key, ``record:<kind>:<id>``, ``new`` or ``drafts``."""

    keys = (
        ("Ctrl+N", "新增"),
        ("Enter", "到右边修改"),
        ("F2", "在格子里改"),
        ("Ctrl+Enter", "保存，到下一条"),
        ("Ctrl+D", "复制一份"),
        ("Del", "删除"),
        ("Ctrl+F", "筛选"),
        ("Ctrl+Shift+B", "批量修改"),
        ("Ctrl+E", "导出到 Excel"),
        ("F4", "显示或隐藏右边"),
    )
    """Lines of the key list of a page that holds the panel."""

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
        """A register of a kind of record.

        ``extra_tabs`` stand beside the form (with the kind of a part as key: in its place);
        ``actions`` are offered for the selected records; ``go`` leads to a page and a view of it.
        """
        super().__init__()
        self.tools = tools
        self.services = services
        self.adoption = adoption
        self.go = go
        self.sheet = services.entries.sheet(kind, adoption.id)
        self._view_key = f"records/{kind}/view"
        view = tools.settings.text(self._view_key, "all")
        known = view in dict(self.sheet.views)
        self.query = Query(kind, adoption.id, parent_id, view=view if known else "all")
        self._build(extra_tabs)
        self._build_actions(actions)
        self._connect()
        self.parts.bar.chips.choose(self.query.view)
        self._show_state()

    # -- building ----------------------------------------------------------------------------

    def _build(self, extra_tabs: Sequence[Tab]) -> None:
        tools, services, sheet = self.tools, self.services, self.sheet
        key = f"records/{sheet.kind}"
        self.grid = EntryGrid(tools, services.entries, sheet, self.query, key)
        self.grid.confirm = confirming(tools, self)
        self.model, self.table = self.grid.model, self.grid.view
        self.selecting = Selecting(self.grid)
        self.acting = Acting(
            self, tools, services, sheet, adoption_id=self.adoption.id, selecting=self.selecting
        )
        self.form = RecordForm(
            tools, services.entries, sheet, self.adoption.id, self.query.parent_id
        )
        self.side = RecordSide(
            tools,
            services,
            self.form,
            sheet,
            tabs=part_tabs(tools, services, self.adoption.id, sheet.kind, extra_tabs),
            change_many=self.acting.change_many,
        )
        self.drafts = DraftLine(tools, services.drafts, sheet, self.query.parent_id)
        self.parts = RecordLayout(tools, sheet)
        bar = self.parts.bar
        self.views = ViewMenu(tools, services.views, sheet.kind, bar.views, self.present_view)
        self.counting = Counting(self, tools.jobs, services.entries, bar)
        self.showing = Showing(self)
        icon, sentence = empty_words(sheet)
        self.empty = EmptyState(tools.theme, icon, sentence, f"新增{sheet.name}", self.showing.new)
        self.parts.place(self.grid, self.side, self.empty, (self.views.line, self.drafts))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.parts)
        self._typing = QTimer(self, singleShot=True, interval=_TYPING_MS)
        self.setFocusProxy(self.table)

    def _build_actions(self, extra: Sequence[RecordAction]) -> None:
        """Actions of the keys and menus; they work while the cursor is in the panel."""
        showing, acting = self.showing, self.acting
        self._act("新增", "plus", showing.new, "Ctrl+N")
        self._act("筛选", "search", self.focus_filter, "Ctrl+F")
        self._act("显示或隐藏右边", "panel-right", self.parts.toggle_side, "F4")
        self._row_actions = [
            self._act("到右边修改", "pencil", showing.edit, ""),
            self._act("复制一份", "copy", showing.copy, "Ctrl+D"),
            *(self._extra_action(one) for one in extra),
            self._act("删除\tDel", "trash-2", self.delete, ""),
        ]
        many = self._act("批量修改…", "list-checks", acting.change_many, "Ctrl+Shift+B")
        self._row_actions.insert(2, many)
        export = self._act("导出到 Excel…", "file-spreadsheet", self.export, "Ctrl+E")
        self.parts.bar.more.menu().addActions([*self._row_actions, export])

    def _act(self, words: str, icon: str, slot: Callable[[], object], shortcut: str) -> QAction:
        action = QAction(self.tools.theme.icon(icon), words, self)
        if shortcut:
            action.setShortcut(QKeySequence(shortcut))
            action.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        action.triggered.connect(lambda _checked=False: slot())
        self.addAction(action)
        return action

    def _extra_action(self, one: RecordAction) -> QAction:
        return self._act(one.text, one.icon, lambda: one.run(self.selected_ids()), one.shortcut)

    def _connect(self) -> None:
        parts, bar = self.parts, self.parts.bar
        bar.words.textChanged.connect(self._typing.start)
        self._typing.timeout.connect(self._narrow)
        bar.words.returnPressed.connect(self.table.setFocus)
        bar.chips.picked.connect(self.show_view)
        bar.new.clicked.connect(self.showing.new)
        bar.narrow.menu().aboutToShow.connect(self._offer_blanks)
        parts.filters.changed.connect(self._on_filters)
        parts.nothing_found.button.clicked.connect(self.show_everything)
        self.views.picked.connect(self.show_saved)
        self.views.line.closed.connect(self.table.setFocus)
        self.table.filter_wanted.connect(parts.filters.add)
        self.table.opened.connect(self.showing.edit)
        self.table.delete_wanted.connect(self.delete)
        self.table.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.table.customContextMenuRequested.connect(self._show_row_menu)

    # -- what the list shows -----------------------------------------------------------------

    def refresh(self, changes: Changes | None) -> None:
        """Records changed (None: anything may have): show them as they are now."""
        if changes is None or changes.touches(*self._concerning()):
            self.model.refresh()
            self.showing.again()
            self._show_state()
        self.drafts.look()

    def _concerning(self) -> set[str]:
        """Tables whose changes can be seen here."""
        fields = self.sheet.fields
        pointed = {one.target for one in fields if one.target}
        words = {one.part[0].__tablename__ for one in fields if one.part is not None}
        return {self.sheet.kind, *self.sheet.parts, *pointed, *words, "evidence_link"}

    def _show(self) -> None:
        """Fetch what the query finds."""
        self.model.show(self.query)
        self._show_state()

    def _show_state(self) -> None:
        count = self.model.count
        narrowed = self.query.view != "all" or bool(self.query.words or self.query.filters)
        self.parts.show_state(count, narrowed=narrowed, adding=self.side.adding)
        self.counted.emit(count)
        self.counting.start(self.query)

    @override
    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.counting.start(self.query)
        self.drafts.look()

    @Slot(str)
    def show_view(self, name: str) -> None:
        """A built-in view, one record (``record:<kind>:<id>``), ``new``, or ``drafts``: the newest."""
        if name == "new":
            self.showing.new()
        elif name == "drafts":
            self.drafts.go_on_with_newest()
        elif name.startswith("record:"):
            self.showing.show_record(name.rpartition(":")[2])
        elif name in self.parts.bar.chips.chips:
            self.parts.bar.chips.choose(name)
            self.tools.settings.set(self._view_key, name)
            self._ask(replace(self.query, view=name))

    def _ask(self, query: Query) -> None:
        if query != self.query:
            self.query = query
            self._show()

    @Slot()
    def _narrow(self) -> None:
        self._ask(replace(self.query, words=self.parts.bar.words.text().strip()))

    @Slot()
    def _on_filters(self) -> None:
        self._ask(replace(self.query, filters=self.parts.filters.filters))

    @Slot()
    def show_everything(self) -> None:
        """Lift all that narrows the list."""
        self.show_saved(SavedView("", order=self.present_view("").order))
        self.views.set_shown("")

    def present_view(self, name: str) -> SavedView:
        """The list as it is now, to be kept under a name."""
        order = self.model.order.all if self.model.order else ()
        query = self.query
        return SavedView(
            name, query.view, query.words, query.filters, order, tuple(self.shown_fields())
        )

    @Slot(object)
    def show_saved(self, view: SavedView) -> None:
        """Show the list as it was kept."""
        bar = self.parts.bar
        bar.words.setText(view.words)
        self._typing.stop()
        bar.chips.choose(view.view if view.view in bar.chips.chips else "all")
        self.parts.filters.set_filters(view.filters)
        if view.columns:
            self._show_columns(view.columns)
        order = None
        for name, descending in reversed(view.order):
            order = Order(name, descending, order)
        self._show_order(order)
        query = replace(self.query, view=view.view, words=view.words, filters=view.filters)
        self._ask(query)

    def _show_order(self, order: Order | None) -> None:
        keys = [column.key for column in self.model.columns]
        way = Qt.SortOrder.DescendingOrder if order and order.descending else _UP
        self.table.header.setSortIndicator(keys.index(order.key) if order else -1, way)
        self.model.sort_by(order)

    def shown_fields(self) -> list[str]:
        """Fields whose columns are shown, from left to right."""
        header = self.table.horizontalHeader()
        order = [header.logicalIndex(place) for place in range(header.count())]
        return [self.model.columns[n].key for n in order if not header.isSectionHidden(n)]

    def _show_columns(self, names: Sequence[str]) -> None:
        header = self.table.horizontalHeader()
        keys = [column.key for column in self.model.columns]
        for number, key in enumerate(keys):
            header.setSectionHidden(number, key not in names)
        for place, name in enumerate(names):
            header.moveSection(header.visualIndex(keys.index(name)), place)

    @Slot()
    def _offer_blanks(self) -> None:
        """Fields of which one may ask for the records that lack them."""
        menu = self.parts.bar.narrow.menu()
        menu.clear()
        for one in self.sheet.fields:
            if not one.only and not one.required:
                action = menu.addAction(f"{one.label}为空")
                action.setData(Filter(one.name, "empty"))
                action.triggered.connect(self._on_blank)

    @Slot()
    def _on_blank(self) -> None:
        action = self.sender()
        if isinstance(action, QAction):
            self.parts.filters.add(action.data())

    @Slot()
    def focus_filter(self) -> None:
        """Put the cursor into the filter field."""
        self.parts.bar.words.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.parts.bar.words.selectAll()

    # -- deeds -------------------------------------------------------------------------------

    def selected_ids(self) -> list[str]:
        """Ids of the selected records, the current one first; at most 1,000."""
        return self.table.selected_ids()

    def can_leave(self) -> bool:
        """Save what is being typed, or keep it as a draft; False if some of it is wrong."""
        return self.showing.finish()

    @Slot()
    def delete(self) -> None:
        """Put the selected records into the trash."""
        if self.selecting.count():
            self.showing.expect_row(self.selecting.numbers()[0])
            self.acting.delete()

    @Slot()
    def export(self) -> None:
        """Write the list as it is shown to a workbook."""
        self.acting.choose_export(self.shown_fields())

    @Slot(QPoint)
    def _show_row_menu(self, place: QPoint) -> None:
        if self.selecting.count():
            menu = self.row_menu()
            menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            menu.popup(self.table.viewport().mapToGlobal(place))

    def row_menu(self) -> QMenu:
        """What can be done with the selected records, and where the one on show leads to."""
        menu = QMenu(self)
        menu.addActions(self._row_actions)
        row = self.form.row
        if self.go is not None and row is not None and row.id == self.side.shown_id:
            menu.addSeparator()
            for one in self.sheet.fields:
                target_id = row.values[one.name] if one.target in PAGES else None
                if target_id:
                    text = f"转到{one.label}“{row.texts[one.name]}”"
                    action = menu.addAction(self.tools.theme.icon("external-link"), text)
                    action.setData((PAGES[one.target], f"record:{one.target}:{target_id}"))
                    action.triggered.connect(self._on_go)
        return menu

    @Slot()
    def _on_go(self) -> None:
        action = self.sender()
        if isinstance(action, QAction) and self.go is not None:
            self.go(*action.data())


_UP = Qt.SortOrder.AscendingOrder
