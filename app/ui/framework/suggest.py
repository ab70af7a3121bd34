"""A line that offers what fits as one types: words of a vocabulary, or records by their names."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Literal

from PySide6.QtCore import (
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QRect,
    QSize,
    Qt,
    QTimer,
    Signal,
    Slot,
)
from PySide6.QtGui import QFocusEvent, QHideEvent, QKeyEvent, QPainter, QPalette
from PySide6.QtWidgets import (
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)
from typing_extensions import override

from app.services.entry.names import Choice
from app.ui.framework import tokens as t
from app.ui.framework.screens import room_at

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from app.ui.framework.theme import Theme

    Source = Callable[[str], Sequence[Choice]]

Mode = Literal["pick", "suggest", "words", "ref", "person"]
"""``pick``: one of the words; ``suggest``: free, words are offered; ``words``: several, separated by
、; ``ref``: a record; ``person``: a record whose name is either typed whole or picked."""

MOST = 20
PAUSE_MS = 60
_LINES = 10
_NOTE_ROLE = Qt.ItemDataRole.UserRole + 1
_COMMA = "、"


def vocabulary(words: Sequence[str]) -> Source:
    """Finds words by their beginning, any part of them, or the initials of their pinyin."""

    def found(typed: str) -> list[Choice]:
        sought = typed.strip().casefold()
        ranked = [(_rank(word, sought), word) for word in words]
        kept = sorted((one for one in ranked if one[0] is not None), key=lambda one: one[0] or 0)
        return [Choice(word, word, "") for _rank, word in kept]

    return found


def _rank(word: str, sought: str) -> int | None:
    folded = word.casefold()
    if folded.startswith(sought):
        return 0
    if sought in folded:
        return 1
    if sought.isascii() and any(key.startswith(sought) for key in _spelt(word)):
        return 2
    return None


@cache
def _spelt(word: str) -> frozenset[str]:
    from app.services.search.pinyin import keys

    return keys(word)


class SuggestEdit(QLineEdit):
    """A line with a list below it: ↓ and ↑ choose, Enter and Tab take, Alt+↓ shows everything."""

    picked = Signal()
    """The user took something from the list with the mouse."""

    def __init__(
        self, mode: Mode, source: Source, theme: Theme, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._mode = mode
        self._source = source
        self.chosen: Choice | None = None
        """The record that the text names, once it was picked or shown."""
        self.list = _List(self)
        self.list.itemClicked.connect(self._on_clicked)
        self._pause = QTimer(self, singleShot=True, interval=PAUSE_MS)
        self._pause.timeout.connect(self._look)
        self.textEdited.connect(self._pause.start)
        arrow = self.addAction(
            theme.icon("chevron-down", "text_muted"), QLineEdit.ActionPosition.TrailingPosition
        )
        arrow.setToolTip("列表（Alt+↓）")
        arrow.triggered.connect(self.offer_all)
        self._arrow = arrow

    def set_source(self, source: Source) -> None:
        """Offer something else."""
        self._source = source

    def show_choice(self, choice: Choice | None) -> None:
        """Show a record, or nothing."""
        self._pause.stop()
        self.list.hide()
        self.chosen = choice
        self.setText(choice.text if choice else "")
        self.setCursorPosition(0)

    def show_text(self, text: str) -> None:
        """Show words."""
        self.show_choice(Choice("", text, ""))

    def raw(self) -> str:
        """What is meant: the id of the record that was picked, else the text as it was typed."""
        self.settle()
        chosen = self.chosen
        if chosen is not None and chosen.id and self.text().strip() == chosen.text:
            return chosen.id
        return self.text().strip().rstrip(_COMMA) if self._mode == "words" else self.text().strip()

    def settle(self) -> None:
        """Take what is marked in the list; a quick typist did not wait for it to open."""
        if self._pause.isActive():
            self._pause.stop()
            self._look()
        item = self.list.currentItem()
        if not self.list.isHidden() and item is not None:
            self._take(item)
        self.list.hide()

    @Slot()
    def offer_all(self) -> None:
        """Show everything that can be picked."""
        if not self.isReadOnly():
            self.setFocus()
            self._offer(self._source(""), mark=self.text().strip())

    @Slot()
    def _look(self) -> None:
        token = self._token()
        if not token:
            self.list.hide()
            return
        found = self._source(token)
        self._offer(found, mark=_marked(self._mode, token, found))

    def _token(self) -> str:
        text = self.text()
        return (text.rpartition(_COMMA)[2] if self._mode == "words" else text).strip()

    def _offer(self, found: Sequence[Choice], mark: str) -> None:
        self.list.offer(found[:MOST], mark)
        if found and self.hasFocus():
            self.list.open_below(self)
        else:
            self.list.hide()

    @Slot(QListWidgetItem)
    def _on_clicked(self, item: QListWidgetItem) -> None:
        self._take(item)
        self.list.hide()
        self.picked.emit()

    def _take(self, item: QListWidgetItem) -> None:
        choice: Choice = item.data(Qt.ItemDataRole.UserRole)
        if self._mode == "words":
            before = self.text().rpartition(_COMMA)[0]
            self.setText(f"{before}{_COMMA}{choice.text}" if before else choice.text)
            return
        self.setText(choice.text)
        self.chosen = choice if self._mode in ("ref", "person") else None

    @override
    def keyPressEvent(self, arg__1: QKeyEvent) -> None:
        step = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}.get(Qt.Key(arg__1.key()))
        if arg__1.key() == Qt.Key.Key_Down and self.list.isHidden():
            self.offer_all()
        elif step is not None and not self.list.isHidden():
            self.list.step(step)
        elif arg__1.text() == _COMMA and self._mode == "words":
            self.settle()
            super().keyPressEvent(arg__1)
        else:
            super().keyPressEvent(arg__1)

    @override
    def focusOutEvent(self, arg__1: QFocusEvent) -> None:
        self.settle()
        super().focusOutEvent(arg__1)

    @override
    def hideEvent(self, arg__1: QHideEvent) -> None:
        self.list.hide()
        super().hideEvent(arg__1)


def _marked(mode: Mode, token: str, found: Sequence[Choice]) -> str:
    """What Enter takes at once: the one that is surely meant.

    A free word is taken as typed. Of two records of one name the user chooses. A person's name in
    characters must be whole: who types 王芳 does not mean 王芳芳.
    """
    if mode in ("suggest", "words") or not found:
        return ""
    first = found[0].text
    if sum(one.text == first for one in found) > 1:
        return ""
    if mode == "person" and not token.isascii() and len(token) > 1:
        return first if first == token else ""
    return first


class _List(QListWidget):
    """The list below the line; it never takes the cursor away from it."""

    def __init__(self, edit: SuggestEdit) -> None:
        super().__init__(edit)
        self.setWindowFlags(
            Qt.WindowType.ToolTip
            | Qt.WindowType.FramelessWindowHint
            | Qt.WindowType.WindowDoesNotAcceptFocus
        )
        self.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setItemDelegate(_WithNote(self))
        self.setUniformItemSizes(True)
        self.setMouseTracking(True)
        self.setAccessibleName("可选项")
        self.hide()

    def offer(self, found: Sequence[Choice], mark: str) -> None:
        """Put choices in; ``mark`` is the text of the one that Enter takes."""
        self.clear()
        for choice in found:
            item = QListWidgetItem(choice.text)
            item.setData(Qt.ItemDataRole.UserRole, choice)
            item.setData(_NOTE_ROLE, choice.note)
            self.addItem(item)
        texts = [choice.text for choice in found]
        self.setCurrentRow(texts.index(mark) if mark and mark in texts else -1)

    def open_below(self, edit: QWidget) -> None:
        """Show the list under the line, or above it where the screen ends."""
        metrics, widest = self.fontMetrics(), 0
        for number in range(self.count()):
            item = self.item(number)
            texts = item.text(), str(item.data(_NOTE_ROLE) or "")
            widest = max(widest, sum(map(metrics.horizontalAdvance, texts)))
        wide = min(480, max(edit.width(), widest + 4 * t.GAP_LARGE))
        high = min(self.count(), _LINES) * t.ROW_HEIGHT + 2
        place = edit.mapToGlobal(QPoint(0, edit.height()))
        screen = room_at(place)
        if place.y() + high > screen.bottom():
            place = edit.mapToGlobal(QPoint(0, -high))
        place.setX(max(screen.left(), min(place.x(), screen.right() - wide)))
        self.setGeometry(QRect(place, QSize(wide, high)))
        self.show()

    def step(self, by: int) -> None:
        """Mark the next or the one before."""
        last = self.count() - 1
        now = self.currentRow()
        following = (0 if by > 0 else last) if now < 0 else min(last, max(0, now + by))
        self.setCurrentRow(following)


class _WithNote(QStyledItemDelegate):
    """Name on the left, what tells it from others of that name muted on the right."""

    @override
    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        super().paint(painter, option, index)
        note = index.data(_NOTE_ROLE)
        if note:
            painter.save()
            muted = option.palette.color(QPalette.ColorRole.PlaceholderText)
            painter.setPen(muted)
            room = option.rect.adjusted(0, 0, -t.GAP, 0)
            side = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
            painter.drawText(room, side, str(note))
            painter.restore()

    @override
    def sizeHint(
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> QSize:
        return QSize(super().sizeHint(option, index).width(), t.ROW_HEIGHT)
