"""Filters of a list: asked for in a small window under the column, shown as chips above the table."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QRect, QSize, Qt, Signal, Slot
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QLayout,
    QLayoutItem,
    QLineEdit,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from app.services.entry.listing import Filter
from app.ui.framework import tokens as t
from app.ui.framework.theme import set_role

if TYPE_CHECKING:
    from app.services.entry.listing import Op
    from app.services.entry.service import SheetView
    from app.ui.framework.theme import Theme

_WORDS = {"has": "含", "is": "是", "empty": "为空", "filled": "不为空", "from": "从", "to": "到"}


class FilterPopup(QFrame):
    """Asks for the text or the ends of a filter; Enter applies it, Esc closes."""

    chosen = Signal(object)
    """Filter; of two ends one after the other."""

    def __init__(self, name: str, title: str, ops: tuple[str, ...], parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setObjectName("filterPopup")
        self.setFrameShape(QFrame.Shape.StyledPanel)
        self._name = name
        self._ops = ops
        self.edits: list[QLineEdit] = []
        column = QVBoxLayout(self)
        column.setContentsMargins(t.GAP, t.GAP, t.GAP, t.GAP)
        column.setSpacing(t.GAP_SMALL)
        line = QHBoxLayout()
        line.setSpacing(t.GAP_SMALL)
        head = QLabel(title)
        set_role(head, "heading")
        column.addWidget(head)
        for op in ops:
            line.addWidget(QLabel(_WORDS[op]))
            edit = QLineEdit()
            edit.setAccessibleName(f"{title} {_WORDS[op]}")
            edit.setMinimumWidth(120 if len(ops) > 1 else 200)
            edit.returnPressed.connect(self._apply)
            self.edits.append(edit)
            line.addWidget(edit)
        column.addLayout(line)
        button = QPushButton("筛选")
        set_role(button, "primary")
        button.clicked.connect(self._apply)
        column.addWidget(button, 0, Qt.AlignmentFlag.AlignRight)

    @Slot()
    def _apply(self) -> None:
        for op, edit in zip(self._ops, self.edits, strict=True):
            if edit.text().strip():
                self.chosen.emit(Filter(self._name, cast("Op", op), edit.text().strip()))
        self.close()


class FilterChips(QWidget):
    """The filters in force, each with a button that takes it off; nothing is shown where none is."""

    changed = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._labels: dict[str, str] = {}
        self._filters: tuple[Filter, ...] = ()
        self._line = Flow(self)
        self.hide()

    @property
    def filters(self) -> tuple[Filter, ...]:
        """What is in force."""
        return self._filters

    def set_sheet(self, sheet: SheetView) -> None:
        """Columns of another list: their titles; nothing is filtered."""
        self._labels = {field.name: field.label for field in sheet.fields}
        self.set_filters(())

    def set_filters(self, filters: tuple[Filter, ...]) -> None:
        """Show other filters; tells nobody."""
        self._filters = filters
        while (item := self._line.takeAt(0)) is not None:
            if (chip := item.widget()) is not None:
                chip.hide()
                chip.deleteLater()
        for one in filters:
            self._line.addWidget(self._chip(one))
        if len(filters) > 1:
            clear = QPushButton("全部取消")
            set_role(clear, "link")
            clear.clicked.connect(self.clear)
            self._line.addWidget(clear)
        self.setVisible(bool(filters))

    @Slot(object)
    def add(self, wanted: Filter) -> None:
        """Put one more in force, in place of one of the same kind on the same column."""
        empty = {"empty", "filled"}
        kept = tuple(
            one
            for one in self._filters
            if one.name != wanted.name
            or (one.op != wanted.op and not {one.op, wanted.op} & (empty | {"is"}))
        )
        self._set((*kept, wanted))

    def remove(self, gone: Filter) -> None:
        """Take one off."""
        self._set(tuple(one for one in self._filters if one != gone))

    @Slot()
    def clear(self) -> None:
        """Take all off."""
        self._set(())

    def words(self, one: Filter) -> str:
        """What a filter asks for, e.g. 日期 从 9.1."""
        value = f" {one.value}" if one.value not in (None, "") else ""
        return f"{self._labels.get(one.name, one.name)} {_WORDS[one.op]}{value}"

    def _set(self, filters: tuple[Filter, ...]) -> None:
        if filters != self._filters:
            self.set_filters(filters)
            self.changed.emit()

    def _chip(self, one: Filter) -> QToolButton:
        chip = QToolButton()
        set_role(chip, "chip")
        chip.setText(self.words(one))
        chip.setIcon(self._theme.icon("x", "text_muted"))
        chip.setIconSize(QSize(t.ICON_SMALL, t.ICON_SMALL))
        chip.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        chip.setToolTip("取消这个筛选")
        chip.setAccessibleName(f"取消筛选 {self.words(one)}")
        chip.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        chip.clicked.connect(lambda: self.remove(one))
        return chip


class Flow(QLayout):
    """Widgets one after the other, in as many lines as they need."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._items: list[QLayoutItem] = []
        self.setContentsMargins(0, 0, 0, 0)
        self.setSpacing(t.GAP_SMALL)

    @override
    def addItem(self, arg__1: QLayoutItem) -> None:
        self._items.append(arg__1)
        self.invalidate()

    @override
    def count(self) -> int:
        return len(self._items)

    @override
    def itemAt(self, index: int) -> QLayoutItem | None:
        return self._items[index] if 0 <= index < len(self._items) else None

    @override
    def takeAt(self, index: int) -> QLayoutItem | None:
        return self._items.pop(index) if 0 <= index < len(self._items) else None

    @override
    def hasHeightForWidth(self) -> bool:
        return True

    @override
    def heightForWidth(self, arg__1: int) -> int:
        return self._arrange(QRect(0, 0, arg__1, 0), move=False)

    @override
    def setGeometry(self, arg__1: QRect) -> None:
        super().setGeometry(arg__1)
        self._arrange(arg__1, move=True)

    @override
    def sizeHint(self) -> QSize:
        return self.minimumSize()

    @override
    def minimumSize(self) -> QSize:
        widest = max((item.minimumSize().width() for item in self._items), default=0)
        return QSize(widest, t.CONTROL_HEIGHT if self._items else 0)

    def _arrange(self, room: QRect, *, move: bool) -> int:
        x, y, high = room.x(), room.y(), 0
        for item in self._items:
            size = item.sizeHint()
            if x > room.x() and x + size.width() > room.right() + 1:
                x, y, high = room.x(), y + high + self.spacing(), 0
            if move:
                item.setGeometry(QRect(x, y, size.width(), size.height()))
            x, high = x + size.width() + self.spacing(), max(high, size.height())
        return y + high - room.y()
