"""The form of one part of a scheme, drawn from its description; parts within it are drawn alike."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import (
    QComboBox,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from app.services.schemes import draft as d
from app.services.schemes.describe import part_info
from app.services.schemes.telling import summary, way_of
from app.ui.framework import tokens as t
from app.ui.framework.theme import set_role
from app.ui.pages.scheme_editor_fields import FieldEditor, narrow_combo
from app.ui.pages.scheme_editor_table import PartTable

if TYPE_CHECKING:
    from app.services.schemes.describe import FieldInfo, PartInfo
    from app.services.schemes.draft import Place
    from app.ui.pages.scheme_editor_state import EditorState

_LABEL = 112
_INDENT = 16
_NESTED = ("part", "parts", "union")


class PartForm(QWidget):
    """Fields under each other; a part within is set or taken away as a whole."""

    opened = Signal(object)
    """The user wants to see an entry of an inner list."""

    def __init__(self, state: EditorState, place: Place, info: PartInfo, *, depth: int = 0) -> None:
        super().__init__()
        self.place = place
        self.info = info
        self._state = state
        self._depth = depth
        self.editors: dict[Place, FieldEditor] = {}
        """Editors of plain fields, also of parts within, by the place that they write."""
        self.others: dict[Place, QWidget] = {}
        """What the cursor goes to for a part or a list."""
        self._texts: list[tuple[Place, FieldInfo, QLabel]] = []
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(t.GAP)
        self._grid.setVerticalSpacing(t.GAP_SMALL)
        self._grid.setColumnMinimumWidth(0, _LABEL)
        self._grid.setColumnStretch(1, 1)
        self._line = 0
        self._build()
        state.changed.connect(self._on_changed)
        state.checked.connect(self.show_wrong)

    # -- building ----------------------------------------------------------------------------

    def _build(self) -> None:
        value = self._state.editing.get(self.place)
        value = value if isinstance(value, dict) else {}
        if value.get("placeholder"):
            self._add_wide(self._placeholder_note())
        hidden = self._ways(value)
        if value.get("placeholder"):
            hidden.add("placeholder")
        expanded = self.place in self._state.expanded
        seldom = 0
        for field in self.info.fields:
            if field.kind in ("fixed", "key") or field.name in hidden:
                continue
            if field.name in self.info.more | {"placeholder"} and not _held(value, field):
                seldom += 1
                if not expanded:
                    continue
            self._add_field(field, value.get(field.name))
        if seldom:
            self._add_wide(self._more_button(seldom, expanded=expanded))

    def _placeholder_note(self) -> QWidget:
        frame = QFrame()
        frame.setProperty("notice", "warning")
        row = QHBoxLayout(frame)
        row.setContentsMargins(t.GAP, t.GRID, t.GAP_SMALL, t.GRID)
        words = QLabel("示例，请核对：原文没有写，这里填的是示例。")
        words.setWordWrap(True)
        row.addWidget(words, 1)
        button = QPushButton("已核对")
        button.setAutoDefault(False)
        button.clicked.connect(self._confirm)
        set_role(button, "link")
        row.addWidget(button)
        self.others[(*self.place, "placeholder")] = button
        return frame

    @Slot()
    def _confirm(self) -> None:
        place = (*self.place, "placeholder")
        self._state.editing.set(place, None)
        self._state.reshaped.emit(place)

    def _ways(self, value: dict[str, Any]) -> set[str]:
        """The list of ways to write this part; gives the fields of the other ways, not shown."""
        ways = self.info.ways
        if not ways:
            return set()
        every = {name for way in ways for name in way.fields}
        here = way_of(self.info, value)
        chosen = self._state.ways.get(self.place, here)
        if chosen is None:
            if set(value) & every:
                return set()  # written in no known way: show all of it
            chosen = 0
        elif here is not None and not (
            {name for name in every if _set(value.get(name))} <= set(ways[chosen].fields)
        ):
            chosen = here
        combo = narrow_combo()
        combo.setAccessibleName("写法")
        for way in ways:
            combo.addItem(way.name)
        combo.setCurrentIndex(chosen)
        combo.activated.connect(self._on_way)
        self._add_row("写法", combo)
        self.others[(*self.place, "")] = combo
        return every - set(ways[chosen].fields)

    @Slot(int)
    def _on_way(self, number: int) -> None:
        """Another way was chosen: what only the others know is taken away."""
        value = self._state.editing.get(self.place)
        value = value if isinstance(value, dict) else {}
        every = {name for way in self.info.ways for name in way.fields}
        wanted = self.info.ways[number].fields
        held = self._state.remembered(self.place, value)
        kept = {name: one for name, one in value.items() if name not in every or name in wanted}
        kept |= {name: held[name] for name in wanted if name in held}
        self._state.ways[self.place] = number
        if kept != value:
            self._state.reshape(self.place, kept)
        else:
            self._state.reshaped.emit(self.place)

    def _more_button(self, count: int, *, expanded: bool) -> QWidget:
        button = QPushButton("收起不常用的设置" if expanded else f"更多设置（{count} 项）")
        button.setAutoDefault(False)
        set_role(button, "link")
        button.clicked.connect(self._toggle_more)
        line = QWidget()
        row = QHBoxLayout(line)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(button)
        row.addStretch(1)
        self.others[(*self.place, "…")] = button
        return line

    @Slot()
    def _toggle_more(self) -> None:
        self._state.expanded ^= {self.place}
        self._state.redraw.emit((*self.place, "…"))

    def _add_field(self, field: FieldInfo, value: Any) -> None:
        if field.kind == "parts":
            self._add_list(field)
        elif field.kind == "part":
            self._add_part(field, value)
        elif field.kind == "union":
            self._add_union(field, value)
        else:
            place = (*self.place, field.name)
            editor = FieldEditor(field, self._state.draft, value)
            editor.entered.connect(partial(self._state.set, place))
            self.editors[place] = editor
            self._add_row(field.label, editor, required=field.required)

    def _add_row(self, words: str, widget: QWidget, *, required: bool = False) -> QLabel:
        label = QLabel(f"{words} *" if required else words)
        label.setMinimumHeight(t.CONTROL_HEIGHT)
        label.setWordWrap(True)
        label.setFixedWidth(_LABEL)
        label.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        label.setBuddy(widget)
        top = Qt.AlignmentFlag.AlignTop
        self._grid.addWidget(label, self._line, 0, top | Qt.AlignmentFlag.AlignRight)
        self._grid.addWidget(widget, self._line, 1, top)
        self._line += 1
        return label

    def _add_wide(self, widget: QWidget) -> None:
        self._grid.addWidget(widget, self._line, 0, 1, 2)
        self._line += 1

    def _add_list(self, field: FieldInfo) -> None:
        place = (*self.place, field.name)
        box = QWidget()
        column = QVBoxLayout(box)
        column.setContentsMargins(0, t.GAP_SMALL, 0, t.GAP_SMALL)
        column.setSpacing(t.GRID)
        head = QLabel(field.label)
        set_role(head, "heading")
        column.addWidget(head)
        if field.help:
            note = QLabel(field.help)
            note.setWordWrap(True)
            set_role(note, "small")
            column.addWidget(note)
        table = PartTable(self._state, place, inner=True)
        table.opened.connect(self.opened)
        column.addWidget(table)
        self.others[place] = table.grid
        self._add_wide(box)

    def _add_part(self, field: FieldInfo, value: Any) -> None:
        place = (*self.place, field.name)
        if value is None and not field.required and field.name not in self.info.opened:
            row = QWidget()
            line = QHBoxLayout(row)
            line.setContentsMargins(0, 0, 0, 0)
            words = QLabel(field.help or "没有设定")
            set_role(words, "muted")
            button = self._link("设定", partial(self._state.reshape, place, {}), field)
            line.addWidget(button)
            line.addWidget(words, 1)
            self.others[place] = button
            self._add_row(field.label, row)
            return
        form = PartForm(self._state, place, part_info(field.part), depth=self._depth + 1)
        remove = None
        if value is not None and not field.required:
            remove = self._link("清除", partial(self._state.reshape, place, None), field)
        self._add_nested(field, form, remove)

    def _add_union(self, field: FieldInfo, value: Any) -> None:
        place = (*self.place, field.name)
        combo = narrow_combo()
        combo.setAccessibleName(field.label)
        for by, words in field.choices:
            combo.addItem(words, by)
        held = value if isinstance(value, dict) else field.default or {}
        combo.setPlaceholderText("请选择")
        combo.setCurrentIndex(combo.findData(held.get("by")))
        combo.activated.connect(partial(self._on_branch, place, combo))
        self.others[place] = combo
        self._add_row(field.label, combo, required=field.required)
        info = part_info(d.class_of(field, held))
        if held and any(one.kind not in ("fixed", "key") for one in info.fields):
            self._add_nested(None, PartForm(self._state, place, info, depth=self._depth + 1), None)

    def _on_branch(self, place: Place, combo: QComboBox, _index: int) -> None:
        by = combo.currentData()
        value = self._state.editing.get(place)
        value = value if isinstance(value, dict) else {}
        field = self.info.field(str(place[-1]))
        if field is None or value.get("by") == by:
            return
        info = part_info(d.class_of(field, {"by": by}))
        held = self._state.remembered(place, value)
        kept = {one.name: held[one.name] for one in info.fields if one.name in held}
        self._state.reshape(place, {**kept, "by": by})

    def _add_nested(
        self, field: FieldInfo | None, form: PartForm, remove: QPushButton | None
    ) -> None:
        if field is not None:
            head = QWidget()
            line = QHBoxLayout(head)
            line.setContentsMargins(0, t.GRID, 0, 0)
            title = QLabel(field.label)
            set_role(title, "heading")
            line.addWidget(title)
            words = QLabel()
            set_role(words, "muted")
            words.setWordWrap(True)
            line.addWidget(words, 1)
            self._texts.append((form.place, field, words))
            if remove is not None:
                line.addWidget(remove)
                self.others[(*form.place, "-")] = remove
            self._add_wide(head)
        frame = QFrame()
        frame.setObjectName("nestedPart")
        inner = QVBoxLayout(frame)
        inner.setContentsMargins(_INDENT, 0, 0, 0)
        inner.addWidget(form)
        form.opened.connect(self.opened)
        self.editors |= form.editors
        self.others = {**form.others, **self.others}
        self._add_wide(frame)
        self._say()

    def _link(self, words: str, slot: Any, field: FieldInfo) -> QPushButton:
        button = QPushButton(words)
        button.setAutoDefault(False)
        button.setAccessibleName(f"{words}{field.label}")
        set_role(button, "link")
        button.clicked.connect(slot)
        return button

    # -- showing -----------------------------------------------------------------------------

    def _say(self) -> None:
        for place, field, label in self._texts:
            said = summary(self._state.editing.get(place), part_info(field.part), self._state.draft)
            label.setText(said)

    @Slot(object)
    def _on_changed(self, place: Place) -> None:
        editor = self.editors.get(place)
        if editor is not None and self._depth == 0:
            editor.show_value(self._state.editing.get(place), self._state.draft)
            editor.set_wrong("")
        self._say()

    @Slot()
    def show_wrong(self) -> None:
        """What is wrong with each field stands under it."""
        if self._depth:
            return
        for place, editor in self.editors.items():
            editor.set_wrong(self._state.wrong_at(place))

    def commit(self) -> None:
        """Take what is being typed."""
        for editor in self.editors.values():
            if editor.editor.hasFocus():
                editor.commit()

    def retire(self) -> None:
        """The form goes away: a field that loses the cursor by that is not to be taken again."""
        for editor in self.editors.values():
            editor.blockSignals(True)  # noqa: FBT003 - Qt's way

    def focus(self, place: Place) -> bool:
        """Put the cursor to a place, within it, or to what is nearest above; False if it is not here."""
        for length in range(len(place), len(self.place), -1):
            widget = self._widget_at(place[:length])
            if widget is not None:
                widget.setFocus(Qt.FocusReason.OtherFocusReason)
                return True
        return False

    def _widget_at(self, place: Place) -> QWidget | None:
        """The widget of a place itself, else the first within it."""
        found = self.editors.get(place) or self.others.get(place) or self.others.get((*place, ""))
        if found is not None:
            return found
        return next((one for at, one in self.editors.items() if at[: len(place)] == place), None)

    def first(self) -> QWidget | None:
        """Where typing begins."""
        return next(iter(self.editors.values()), None)


def _set(value: Any) -> bool:
    return value not in (None, [], "")


def _held(value: dict[str, Any], field: FieldInfo) -> bool:
    """Whether a seldom needed field is filled, and so is shown at once."""
    return field.name != "placeholder" and _set(value.get(field.name))
