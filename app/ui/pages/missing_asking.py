"""One line under the missing list that asks what an action needs: a reason, a day, how many papers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import (
    QCompleter,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QWidget,
)
from typing_extensions import override

from app.errors import AppError, ValidationError
from app.ui.framework import tokens as t
from app.ui.framework.dates import EXAMPLE, parse_date
from app.ui.framework.theme import set_role, set_style_property

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import date

    from PySide6.QtGui import QKeyEvent

    from app.ui.framework.page import Tools

_NARROW = 110


@dataclass(frozen=True, slots=True)
class Answer:
    """What was typed."""

    reason: str
    copies: int
    day: date
    place: str


class AskBar(QFrame):
    """Hidden until something is asked; Enter answers, Esc leaves everything as it is."""

    def __init__(self, tools: Tools, today: Callable[[], date]) -> None:
        super().__init__()
        self._tools, self._today = tools, today
        self._then: Callable[[Answer], None] | None = None
        self._back: QWidget | None = None
        set_style_property(self, "notice", "info")
        row = QHBoxLayout(self)
        row.setContentsMargins(t.GAP, t.GRID, t.GAP_SMALL, t.GRID)
        row.setSpacing(t.GAP_SMALL)
        self.words = QLabel()
        row.addWidget(self.words)
        self.reason = self._edit("原因", stretch=True)
        self.copies = self._edit("份数")
        self.day = self._edit("日期")
        self.place = self._edit("放在哪里", stretch=True)
        self._edits = {
            "reason": self.reason, "copies": self.copies, "day": self.day, "place": self.place,
        }  # fmt: skip
        self._labels: dict[str, QLabel] = {}
        for name, title in (("copies", "份数"), ("day", "日期"), ("place", "放在")):
            self._labels[name] = QLabel(title)
        for name, edit in self._edits.items():
            if name in self._labels:
                row.addWidget(self._labels[name])
            row.addWidget(edit, 1 if name in ("reason", "place") else 0)
        self.place.setPlaceholderText("哪个盒、哪个柜（可不填）")
        self.day.setPlaceholderText(EXAMPLE)
        self.ok = QPushButton("确定")
        set_role(self.ok, "primary")
        self.ok.clicked.connect(self.answer)
        cancel = QPushButton("取消")
        cancel.setToolTip("取消（Esc）")
        cancel.clicked.connect(self.leave)
        row.addWidget(self.ok)
        row.addWidget(cancel)
        self.hide()

    def _edit(self, name: str, *, stretch: bool = False) -> QLineEdit:
        edit = QLineEdit()
        edit.setAccessibleName(name)
        if not stretch:
            edit.setFixedWidth(_NARROW)
        edit.returnPressed.connect(self.answer)
        return edit

    def ask(
        self,
        words: str,
        fields: Iterable[str],
        then: Callable[[Answer], None],
        *,
        suggestions: Iterable[str] = (),
        back: QWidget,
    ) -> None:
        """Ask for these fields; ``then`` is told, ``back`` gets the cursor again."""
        self._then, self._back = then, back
        wanted = set(fields)
        self.words.setText(words)
        for name, edit in self._edits.items():
            edit.setVisible(name in wanted)
            if name in self._labels:
                self._labels[name].setVisible(name in wanted)
        self.reason.clear()
        completer = QCompleter(sorted(set(suggestions)), self.reason)
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        self.reason.setCompleter(completer)
        self.copies.setText("1")
        self.day.setText(self._today().isoformat())
        self.place.clear()
        self.show()
        first = next(edit for name, edit in self._edits.items() if name in wanted)
        first.setFocus(Qt.FocusReason.OtherFocusReason)
        first.selectAll()

    @Slot()
    def answer(self) -> None:
        """Hand over what was typed; what is wrong is said, and the line stays."""
        if self._then is None:
            return
        try:
            self._then(self._typed())
        except AppError as error:
            self._tools.errors.show_error(error)
            return
        self.leave()

    def _typed(self) -> Answer:
        try:
            day = parse_date(self.day.text())
        except ValueError:
            day = None
        if day is None:
            raise ValidationError("日期看不懂。", f"请按“{EXAMPLE}”填写。")
        copies = self.copies.text().strip()
        if not copies.isdecimal():
            raise ValidationError("份数不对。", "请填一个整数。")
        return Answer(self.reason.text(), int(copies), day, self.place.text())

    @Slot()
    def leave(self) -> None:
        """Ask no longer."""
        self._then = None
        self.hide()
        if self._back is not None:
            self._back.setFocus(Qt.FocusReason.OtherFocusReason)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.leave()
        else:
            super().keyPressEvent(event)
