"""Middle and right of the scheme editor: the entries of one list, and the form of one of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSignalBlocker, Qt, QTimer, Signal, Slot
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from app.services.schemes import draft as d
from app.services.schemes.describe import part_info
from app.services.schemes.telling import trail
from app.ui.framework import tokens as t
from app.ui.framework.theme import set_role
from app.ui.pages.scheme_editor_form import PartForm
from app.ui.pages.scheme_editor_table import PartTable

if TYPE_CHECKING:
    from app.services.schemes.draft import Place
    from app.ui.pages.scheme_editor_state import EditorState

_WIDTHS = (560, 540)
_FORM_WIDTH = 760
_REST_MS = 60
"""The form follows once the cursor rests on a row: keys that are held down need not wait for it."""


class EntryView(QWidget):
    """Shows one place of the draft; ``go`` leads to another."""

    moved = Signal(str)
    """Name of the section that is shown now."""

    def __init__(self, state: EditorState) -> None:
        super().__init__()
        self._state = state
        self.place: Place = ("scheme",)
        """The entry whose form is shown; the list itself where no entry is chosen."""
        self.table: PartTable | None = None
        self.form: PartForm | None = None
        self._focus_at: Place | None = None
        self._redraw = QTimer(self, singleShot=True, interval=0)
        self._redraw.timeout.connect(self._draw_form)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(t.GAP_SMALL)
        column.addLayout(self._head())
        self._panes = QSplitter(Qt.Orientation.Horizontal)
        self._panes.setChildrenCollapsible(False)
        self._middle = QWidget()
        self._middle_column = QVBoxLayout(self._middle)
        self._middle_column.setContentsMargins(0, 0, t.GAP_SMALL, 0)
        self._panes.addWidget(self._middle)
        self.area = QScrollArea()
        self.area.setWidgetResizable(True)
        self.area.setFrameShape(QFrame.Shape.NoFrame)
        self.area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._panes.addWidget(self.area)
        self._panes.setSizes(list(_WIDTHS))
        column.addWidget(self._panes, 1)
        state.changed.connect(self._show_trail)
        state.reshaped.connect(self._on_reshaped)
        state.redraw.connect(self._draw_soon)

    def _head(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(t.GAP_SMALL)
        self.back_button = QPushButton(self._state.tools.theme.icon("chevron-left"), "返回")
        self.back_button.setToolTip("回到上一层（Alt+←）")
        self.back_button.setAutoDefault(False)
        self.back_button.clicked.connect(self.back)
        row.addWidget(self.back_button)
        self.trail = QLabel()
        self.trail.setMinimumHeight(t.CONTROL_HEIGHT)
        set_role(self.trail, "heading")
        row.addWidget(self.trail)
        self.note = QLabel()
        set_role(self.note, "muted")
        row.addWidget(self.note, 1)
        self.borrow_button = QPushButton(self._state.tools.theme.icon("files"), "从别的方案抄…")
        self.borrow_button.setAutoDefault(False)
        self.borrow_button.clicked.connect(self._borrow)
        row.addWidget(self.borrow_button)
        return row

    @Slot()
    def _borrow(self) -> None:
        if self.table is not None:
            self.table.borrow()

    # -- going -------------------------------------------------------------------------------

    def go(self, place: Place, *, focus: Place | None = None) -> None:
        """Show an entry, a list (its first entry) or a part that is in no list; cursor at ``focus``."""
        self.commit()
        shown, listed = _reachable(place)
        self._show_table(listed)
        if listed is not None and self.table is not None:
            row = int(shown[len(listed)]) if len(shown) > len(listed) else 0
            entries = self._state.editing.entries(listed)
            row = min(row, len(entries) - 1)
            shown = (*listed, row) if entries else listed
            with QSignalBlocker(self.table.grid):
                self.table.fill(max(row, 0))
        self.place = shown
        self._focus_at = focus
        self._draw_form()
        self.moved.emit(str(place[0]))

    def renew(self) -> None:
        """The draft became another: nothing of what is shown can stay."""
        self._drop_table()
        if self.form is not None:
            self.form.retire()
            self.form = None

    @Slot()
    def back(self) -> None:
        """One level up: from an item to its group."""
        if self.table is not None and self.is_inner:
            inner = self.table.place
            self.go(inner[:-1], focus=inner)

    @property
    def drawing(self) -> bool:
        """Whether the form is about to be drawn anew."""
        return self._redraw.isActive()

    @property
    def is_inner(self) -> bool:
        """Whether a list within an entry is shown."""
        return self.table is not None and len(self.table.place) > 1

    @Slot(object)
    def to_form(self, _place: Place | None = None) -> None:
        """The cursor goes into the form."""
        self._redraw.stop()
        self._draw_form()
        first = self.form.first() if self.form is not None else None
        if first is not None:
            first.setFocus(Qt.FocusReason.OtherFocusReason)

    def commit(self) -> None:
        """Take what is being typed into the form."""
        if self.form is not None:
            self.form.commit()

    # -- showing -----------------------------------------------------------------------------

    def _show_table(self, listed: Place | None) -> None:
        self._middle.setVisible(listed is not None)
        if self.table is not None and self.table.place == listed:
            return
        self._drop_table()
        if listed is not None:
            self.table = PartTable(self._state, listed)
            self.table.chosen.connect(self._on_chosen)
            self.table.opened.connect(self.to_form)
            self._middle_column.addWidget(self.table)
            self.table.show()  # at once: a key may follow before the layout does it

    def _drop_table(self) -> None:
        if self.table is not None:
            self._middle_column.removeWidget(self.table)
            self.table.hide()
            self.table.deleteLater()
            self.table = None

    @Slot(object)
    def _on_chosen(self, place: Place) -> None:
        if place != self.place:
            self.place = place
            self._focus_at = None
            self._redraw.start(_REST_MS)

    @Slot(object)
    def _open_inner(self, place: Place) -> None:
        self.go(place)
        self.to_form()

    @Slot(object)
    def _draw_soon(self, place: Place | None = None) -> None:
        self._focus_at = place
        self._redraw.start(0)

    @Slot()
    def _draw_form(self) -> None:
        focus, self._focus_at = self._focus_at, None
        bar = self.area.verticalScrollBar()
        same = self.form is not None and self.form.place == self.place
        at = bar.value() if same else 0
        wanted = focus is not None and (len(focus) > len(self.place) or self._form_has_focus())
        if self.form is not None:
            self.form.retire()
        body = QWidget()
        body.setObjectName("formBody")
        column = QVBoxLayout(body)
        column.setContentsMargins(t.GAP_SMALL, 0, t.GAP, 0)
        self.form = None
        if self.table is not None and self.place == self.table.place:
            column.addWidget(self._hint())
        else:
            info = d.info_at(self._state.draft, self.place)
            self.form = PartForm(self._state, self.place, info)
            self.form.setMaximumWidth(_FORM_WIDTH)
            self.form.opened.connect(self._open_inner)
            self.form.show_wrong()
            column.addWidget(self.form)
        column.addStretch(1)
        self.area.setWidget(body)
        self._show_trail()
        bar.setValue(at)
        if wanted and focus is not None and self.form is not None and self.form.focus(focus):
            focused = self.focusWidget()
            if focused is not None:
                self.area.ensureWidgetVisible(focused)

    def _form_has_focus(self) -> bool:
        focused = self.window().focusWidget()
        return self.form is not None and focused is not None and self.form.isAncestorOf(focused)

    def _hint(self) -> QLabel:
        info = d.info_at(self._state.draft, self.place)
        words = QLabel(
            f"在左边带 ＊ 的空行里写名称，回车，就新增一条{info.one}。\n"
            "也可以从 Excel 复制几行，在表里按 Ctrl+V 贴进来。"
        )
        words.setWordWrap(True)
        set_role(words, "muted")
        return words

    @Slot()
    def _show_trail(self) -> None:
        place = self.table.place if self.table is not None else self.place
        self.trail.setText(" › ".join(trail(self._state.draft, place)))
        field = part_info(d.ROOT).field(str(place[0]))
        self.note.setText(field.help if field is not None and len(place) == 1 else "")
        self.back_button.setVisible(self.is_inner)
        self.borrow_button.setVisible(self.table is not None and not self.is_inner)

    @Slot(object)
    def _on_reshaped(self, place: Place) -> None:
        if self.table is not None and place == self.table.place:
            entries = self._state.editing.entries(place)
            row = self.table.row
            self.place = (*place, row) if 0 <= row < len(entries) else place
            self._draw_soon()
        elif place[: len(self.place)] == self.place and not self._is_inner_list(place):
            if self.table is not None:
                self.table.show_texts()
            self._draw_soon(place)

    def _is_inner_list(self, place: Place) -> bool:
        """Lists within the form show their changes themselves."""
        field = d.info_at(self._state.draft, place[:-1]).field(str(place[-1]))
        return field is not None and field.kind == "parts"


def _reachable(place: Place) -> tuple[Place, Place | None]:
    """The entry or section that shows a place, and the list it stands in (None: it is in none)."""
    last = max((n for n, step in enumerate(place) if isinstance(step, int)), default=-1)
    if last >= 0:
        return place[: last + 1], place[:last]
    field = part_info(d.ROOT).field(str(place[0]))
    if field is not None and field.kind == "parts":
        return place[:1], place[:1]
    return place[:1], None
