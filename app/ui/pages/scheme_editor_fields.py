"""Editors of a scheme's plain fields, chosen by the kind that the description gives."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QEvent, QObject, QPoint, QSignalBlocker, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QMenu,
    QPlainTextEdit,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
    QWidgetAction,
)
from typing_extensions import override

from app.services.schemes.day_words import day_meant
from app.services.schemes.naming import defined
from app.services.schemes.telling import shown
from app.ui.framework import tokens as t
from app.ui.framework.editors import GrowingEdit
from app.ui.framework.theme import set_role, set_style_property

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.services.schemes.describe import FieldInfo
    from app.services.schemes.draft import Raw

LINES = frozenset({"text", "number", "int", "numbers", "words", "day", "month-day", "days", "key"})
"""Kinds that are typed into one line."""
PICKED = frozenset({"choice", "ref"})
"""Kinds of which one is picked from a list."""
_NARROW = frozenset({"number", "int"})
_DAYS = frozenset({"day", "month-day"})
_FIELD_WIDTH = 120
_DAY_WIDTH = 200
_VALUE = Qt.ItemDataRole.UserRole


def read_line(field: FieldInfo, text: str) -> Any:
    """The value that was typed into a line; None where nothing was. Raises ValueError."""
    typed = text.strip()
    if not typed:
        return None
    read = _READERS.get(field.kind, str)
    if field.kind not in _LISTS:
        return read(typed)
    parts = [part.strip() for part in _split(typed) if part.strip()]
    values = [read(part) for part in parts]
    return list(dict.fromkeys(values)) if field.kind == "words" else values


def _split(text: str) -> list[str]:
    """At semicolons where there are any: then a word may hold 、 itself (as telling.shown writes it)."""
    text = text.replace(";", "；")
    if "；" in text:
        return text.split("；")
    return text.replace("，", "、").replace(",", "、").split("、")


def _number(typed: str, *, whole: bool) -> int | Decimal:
    plain = typed.translate(str.maketrans("０１２３４５６７８９．", "0123456789."))
    try:
        number = Decimal(plain)
    except InvalidOperation:
        msg = f"“{typed}”不是数。"
        raise ValueError(msg) from None
    if not number.is_finite():
        msg = f"“{typed}”不是数。"
        raise ValueError(msg)
    if number == number.to_integral_value():
        return int(number)
    if whole:
        msg = f"“{typed}”不是整数。"
        raise ValueError(msg)
    return number


_LISTS = frozenset({"numbers", "days", "words"})
_READERS: dict[str, Callable[[str], Any]] = {
    "int": partial(_number, whole=True),
    "number": partial(_number, whole=False),
    "numbers": partial(_number, whole=False),
    "day": day_meant,
    "days": day_meant,
    "month-day": partial(day_meant, plain=True),
}


def choices_of(field: FieldInfo, draft: Raw) -> list[tuple[str, str]]:
    """What a pick-list of the field offers: the literals, or the keys that the draft defines."""
    return list(field.choices) or list(defined(draft, field.ref).items())


def narrow_combo() -> QComboBox:
    """A pick-list that is as wide as its form, however long what it offers."""
    combo = QComboBox()
    combo.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
    combo.setMinimumContentsLength(8)
    return combo


class FieldEditor(QWidget):
    """The editor of one field with the line below it that helps or says what is wrong."""

    entered = Signal(object)
    """The value as the draft keeps it; None where it is to be taken away."""

    def __init__(self, field: FieldInfo, draft: Raw, value: Any) -> None:
        super().__init__()
        self.field = field
        self._filling = True
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        self.editor = self._make(draft)
        self.editor.setAccessibleName(field.label)
        self.editor.installEventFilter(self)
        align = Qt.AlignmentFlag.AlignLeft if self._is_narrow() else Qt.AlignmentFlag(0)
        column.addWidget(self.editor, 0, align)
        self.note = QLabel(field.help)
        self.note.setWordWrap(True)
        set_role(self.note, "small")
        column.addWidget(self.note)
        self.note.setVisible(bool(field.help))
        self.setFocusProxy(self.editor)
        self.show_value(value, draft)
        self._filling = False

    def _is_narrow(self) -> bool:
        return self.field.kind in _NARROW | _DAYS | {"bool", "maybe"}

    def _make(self, draft: Raw) -> QWidget:
        field = self.field
        if field.kind == "bool":
            box = QCheckBox()
            box.toggled.connect(self._on_ticked)
            return box
        if field.kind in ("choice", "ref", "maybe"):
            combo = narrow_combo()
            combo.activated.connect(self._on_picked)
            return combo
        if field.kind in ("choices", "refs"):
            many = ManyChoice(choices_of(field, draft))
            many.entered.connect(self._on_many)
            return many
        if field.kind == "long":
            return GrowingEdit(2)
        edit = QLineEdit()
        edit.editingFinished.connect(self._on_line)
        if field.kind in _NARROW:
            edit.setAlignment(Qt.AlignmentFlag.AlignRight)
            edit.setFixedWidth(_FIELD_WIDTH)
        elif field.kind in _DAYS:
            edit.setFixedWidth(_DAY_WIDTH)
        return edit

    def show_value(self, value: Any, draft: Raw) -> None:
        """Show what the draft says; tells nobody."""
        field, editor = self.field, self.editor
        self._shown = (value, draft)
        held = field.default if value is None else value
        with QSignalBlocker(editor):
            if isinstance(editor, QCheckBox):
                editor.setChecked(bool(held))
            elif isinstance(editor, QComboBox):
                self._fill_combo(editor, held, draft)
            elif isinstance(editor, ManyChoice):
                editor.show_values(held or [])
            elif isinstance(editor, QPlainTextEdit):
                editor.setPlainText(str(value or ""))
                editor.document().setModified(False)
            elif isinstance(editor, QLineEdit):
                editor.setText(shown(field, held, draft))
                editor.setCursorPosition(0)

    def _fill_combo(self, combo: QComboBox, held: Any, draft: Raw) -> None:
        field = self.field
        combo.clear()
        if field.kind == "maybe":
            for words, meant in (("不限", None), ("是", True), ("否", False)):
                combo.addItem(words, meant)
        else:
            if field.default is None and not field.required:
                combo.addItem("（不选）", None)
            for key, words in choices_of(field, draft):
                combo.addItem(words, key)
        if held is not None and combo.findData(held) < 0:
            combo.addItem(f"{held}（没有这一项）", held)
        combo.setPlaceholderText("请选择")
        combo.setCurrentIndex(combo.findData(held) if held is not None else -1)
        if held is None and not field.required:
            combo.setCurrentIndex(0)

    def set_wrong(self, text: str) -> None:
        """Say under the field what is wrong; empty: its help again."""
        said = text or self.field.help
        self.note.setText(said)
        self.note.setVisible(bool(said))
        set_role(self.note, "error" if text else "small")
        set_style_property(self.editor, "wrong", "true" if text else "false")
        self.editor.setAccessibleDescription(said)

    def commit(self) -> None:
        """Take what is being typed."""
        if isinstance(self.editor, QLineEdit):
            self._on_line()
        elif isinstance(self.editor, QPlainTextEdit) and self._typing:
            self.editor.document().setModified(False)
            self._tell(self.editor.toPlainText().strip() or None)

    @Slot()
    def _on_line(self) -> None:
        if not isinstance(self.editor, QLineEdit) or not self.editor.isModified():
            return
        try:
            self._tell(read_line(self.field, self.editor.text()))
        except ValueError as error:
            self.set_wrong(str(error))

    @Slot(bool)
    def _on_ticked(self, ticked: bool) -> None:
        self._tell(ticked)

    @Slot()
    def _on_picked(self) -> None:
        if isinstance(self.editor, QComboBox):
            self._tell(self.editor.currentData())

    @Slot(object)
    def _on_many(self, values: object) -> None:
        self._tell(values or None)

    def _tell(self, value: Any) -> None:
        if self._filling:
            return
        if not self.field.required and value == self.field.default:
            value = None
        self.entered.emit(value)

    @property
    def _typing(self) -> bool:
        """Whether something was typed that is not taken yet."""
        if isinstance(self.editor, QLineEdit):
            return self.editor.isModified()
        text = self.editor
        return isinstance(text, QPlainTextEdit) and text.document().isModified()

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is not self.editor:
            return super().eventFilter(watched, event)
        if event.type() == QEvent.Type.FocusOut and isinstance(self.editor, QPlainTextEdit):
            self.commit()
        elif isinstance(event, QKeyEvent) and self._on_key(event):
            return True
        return super().eventFilter(watched, event)

    def _on_key(self, event: QKeyEvent) -> bool:
        """Ctrl+Z in a field where nothing is being typed takes back the last step of the editor."""
        if event.type() == QEvent.Type.ShortcutOverride and not self._typing:
            keys = QKeySequence.StandardKey
            if event.matches(keys.Undo) or event.matches(keys.Redo):
                event.ignore()
                return True
        if event.type() != QEvent.Type.KeyPress:
            return False
        if event.key() == Qt.Key.Key_Escape and self._typing:
            self.show_value(*self._shown)
            self.set_wrong("")
            return True
        enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if enter and isinstance(self.editor, QLineEdit):
            self.commit()
            self.focusNextChild()
            return True
        return False


class ManyChoice(QPushButton):
    """A button that shows what is chosen and opens a list to tick in."""

    entered = Signal(object)
    """List of the values that are ticked, once the list is closed and they have changed."""

    def __init__(self, choices: list[tuple[str, str]], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._choices = choices
        self._values: list[str] = []
        self.setAutoDefault(False)
        set_role(self, "field")
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.clicked.connect(self.open_list)
        self.list = QListWidget()
        self.menu_ = QMenu(self)
        self._pressed = Qt.CheckState.Unchecked

    def show_values(self, values: list[str]) -> None:
        """Show these as chosen."""
        self._values = list(values)
        names = dict(self._choices)
        said = "、".join(names.get(one, f"{one}（没有这一项）") for one in self._values)
        self.setText(said or "（不选）")
        self.setToolTip(said)

    @Slot()
    def open_list(self) -> None:
        """Offer the choices: Space ticks, Enter closes."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.list = QListWidget()
        self.list.setAccessibleName(self.accessibleName())
        known = [value for value, _words in self._choices]
        extra = [(one, f"{one}（没有这一项）") for one in self._values if one not in known]
        for value, words in [*self._choices, *extra]:
            item = QListWidgetItem(words, self.list)
            item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
            ticked = value in self._values
            item.setCheckState(Qt.CheckState.Checked if ticked else Qt.CheckState.Unchecked)
            item.setData(_VALUE, value)
        if not self.list.count():
            QListWidgetItem("还没有可选的，请先在相应的段里添加", self.list).setFlags(
                Qt.ItemFlag.NoItemFlags
            )
        self.list.setCurrentRow(0)
        rows = min(max(self.list.count(), 1), 10)
        self.list.setFixedHeight(rows * (t.ROW_HEIGHT + 1) + 4)
        self.list.setMinimumWidth(max(self.width(), 240))
        self.list.installEventFilter(self)
        self.list.itemPressed.connect(self._on_pressed)
        self.list.itemClicked.connect(self._on_clicked)
        action = QWidgetAction(menu)
        action.setDefaultWidget(self.list)
        menu.addAction(action)
        menu.aboutToHide.connect(self._take)
        self.menu_ = menu
        menu.popup(self.mapToGlobal(QPoint(0, self.height())))
        self.list.setFocus()

    @Slot(QListWidgetItem)
    def _on_pressed(self, item: QListWidgetItem) -> None:
        self._pressed = item.checkState()

    @Slot(QListWidgetItem)
    def _on_clicked(self, item: QListWidgetItem) -> None:
        """A click on the words ticks as well; one on the box has done so already."""
        if item.checkState() == self._pressed and item.data(_VALUE):
            ticked = self._pressed == Qt.CheckState.Checked
            item.setCheckState(Qt.CheckState.Unchecked if ticked else Qt.CheckState.Checked)

    @Slot()
    def _take(self) -> None:
        items = [self.list.item(row) for row in range(self.list.count())]
        ticked = [item.data(_VALUE) for item in items
                  if item.checkState() == Qt.CheckState.Checked and item.data(_VALUE)]  # fmt: skip
        kept = [one for one in self._values if one in ticked]
        values = kept + [one for one in ticked if one not in kept]
        if values != self._values:
            self.show_values(values)
            self.entered.emit(values)

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if (
            watched is self.list
            and isinstance(event, QKeyEvent)
            and event.type() == QEvent.Type.KeyPress
            and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        ):
            self.menu_.close()
            return True
        return super().eventFilter(watched, event)
