"""What came of the last output, and what it asks: stays in the page until it is closed."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from PySide6.QtCore import Qt, QUrl, Signal, Slot
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QToolButton,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
)

from app.ui.framework import tokens as t
from app.ui.framework.lists import ID, fit, item, plain_list
from app.ui.framework.theme import set_role, set_style_property

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from app.services.forms.batch import Made
    from app.ui.framework.page import Tools

Kind = Literal["success", "warning", "error", "info"]
Answer = tuple[str, "Callable[[], None]"]
"""Words of a button, and what it does."""

_ICONS = {
    "success": "circle-check",
    "warning": "triangle-alert",
    "error": "circle-alert",
    "info": "info",
}
_NAMED = 3


class ResultBar(QFrame):
    """One line of words with buttons; below, when wanted, the list of files, notes and failures."""

    listed = Signal(bool)
    """The list wants the room of the page, or gives it back."""

    def __init__(self, tools: Tools) -> None:
        super().__init__()
        self._theme = tools.theme
        self._actions: list[Callable[[], None]] = []
        column = QVBoxLayout(self)
        column.setContentsMargins(t.GAP, t.GRID, t.GAP_SMALL, t.GRID)
        column.setSpacing(t.GRID)
        row = QHBoxLayout()
        row.setSpacing(t.GAP_SMALL)
        self._icon = QLabel()
        row.addWidget(self._icon)
        self.words = QLabel()
        self.words.setTextFormat(Qt.TextFormat.PlainText)
        self.words.setWordWrap(True)
        self.words.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        row.addWidget(self.words, 1)
        self.buttons: list[QPushButton] = []
        self._row = row
        self.more = QPushButton("看清单")
        set_role(self.more, "link")
        self.more.setCheckable(True)
        self.more.toggled.connect(self._on_more)
        row.addWidget(self.more)
        close = QToolButton()
        set_role(close, "plain")
        close.setIcon(tools.theme.icon("x", "text_muted"))
        close.setToolTip("关闭")
        close.setAccessibleName("关闭输出结果")
        close.clicked.connect(self.put_away)
        row.addWidget(close)
        column.addLayout(row)
        self.list: QTreeWidget = plain_list("输出结果", "", "文件", "说明")
        self.list.itemActivated.connect(self._open_line)
        column.addWidget(self.list)
        self.hide()

    def say(self, kind: Kind, words: str, answers: Sequence[Answer] = ()) -> None:
        """Words, and buttons that answer them; a click on one closes the line."""
        self.list.clear()
        self._show(kind, words, answers)

    def show_made(self, made: Made, answers: Sequence[Answer], *, cancelled: bool) -> None:
        """What was written, what to know about it, what failed and why."""
        self.list.clear()
        for piece, error in made.failed:
            self._add("circle-x", "error", "", (piece.path.name, error.sentence))
        for note in made.notes:
            self._add("triangle-alert", "warning", "", ("待改", note))
        for account in made.accounts:
            self._add("info", "accent", "", ("说明", account))
        for path in made.files:
            self._add("circle-check", "success", str(path), (path.name, str(path.parent)))
        fit(self.list)
        kind: Kind = "success"
        if made.failed or cancelled:
            kind = "error" if made.failed and not made.files else "warning"
        elif made.notes:
            kind = "warning"
        self._show(kind, told(made, cancelled=cancelled), answers)

    def _show(self, kind: Kind, words: str, answers: Sequence[Answer]) -> None:
        set_style_property(self, "notice", kind)
        color = "accent" if kind == "info" else kind
        self._icon.setPixmap(self._theme.pixmap(_ICONS[kind], color=color))
        self.words.setText(words)
        self.setAccessibleName(words)
        for button in self.buttons:
            self._row.removeWidget(button)
            button.hide()
            button.deleteLater()
        self.buttons = []
        for text, act in answers:
            button = QPushButton(text)
            set_role(button, "link")
            button.clicked.connect(lambda _on=False, act=act: act())
            self._row.insertWidget(self._row.indexOf(self.more), button)
            self.buttons.append(button)
        self.more.setChecked(False)
        self.more.setVisible(self.list.topLevelItemCount() > 0)
        self.list.hide()
        self.show()

    @Slot()
    def put_away(self) -> None:
        """It has been read."""
        self.more.setChecked(False)
        self.hide()

    def _add(self, icon: str, color: str, path: str, cells: tuple[str, str]) -> None:
        line = item(path, ("", *cells))
        line.setIcon(0, self._theme.icon(icon, color))
        self.list.addTopLevelItem(line)

    @Slot(bool)
    def _on_more(self, wanted: bool) -> None:
        self.more.setText("收起清单" if wanted else "看清单")
        self.list.setVisible(wanted)
        self.listed.emit(wanted)

    @Slot(QTreeWidgetItem, int)
    def _open_line(self, line: QTreeWidgetItem, _column: int) -> None:
        if line.data(0, ID):
            open_path(Path(line.data(0, ID)))


def told(made: Made, *, cancelled: bool) -> str:
    """In a sentence what came of an output."""
    files, failed = made.files, made.failed
    if len(failed) == 1 and not files and not cancelled:
        return failed[0][1].sentence
    parts = []
    if len(files) == 1:
        parts.append(f"已存为“{files[0].name}”")
    elif files:
        folder = folder_of(made)
        parts.append(f"已存 {len(files)} 个文件到“{folder.name or folder}”")
    if failed:
        named = "、".join(f"“{piece.title}”" for piece, _error in failed[:_NAMED])
        parts.append(f"{len(failed)} 个没有做成：{named}{'等' if len(failed) > _NAMED else ''}")
    if cancelled:
        parts.append(f"已取消，还有 {made.left} 个没有做" if made.left else "已取消")
    if made.notes:
        parts.append(f"{len(made.notes)} 处待改")
    return "；".join(parts) + "。"


def folder_of(made: Made) -> Path:
    """The folder in which all files lie, some perhaps deeper."""
    return Path(os.path.commonpath([path.parent for path in made.files]))


def open_path(path: Path) -> None:
    """Open a file or folder in the program that belongs to it."""
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(path)))
