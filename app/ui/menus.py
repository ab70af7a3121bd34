"""The menus of the window; each entry is one action that buttons and shortcuts share."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtGui import QAction, QKeySequence

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtWidgets import QMenu, QMenuBar

    from app.ui.framework.theme import Theme

_RECENT = 8


class Menus(QObject):
    """Makes the actions and puts them into the menu bar."""

    recent_picked = Signal(str)

    def __init__(self, theme: Theme, bar: QMenuBar) -> None:
        super().__init__(bar)
        self._theme = theme
        self.all: list[QAction] = []
        archive = bar.addMenu("档案库(&F)")
        self.new = self._add(archive, "新建档案库…", "folder-plus", "Ctrl+Shift+N")
        self.open = self._add(archive, "打开档案库…", "folder-open", "Ctrl+Shift+O")
        self.recent = archive.addMenu(theme.icon("clock"), "最近打开")
        archive.addSeparator()
        self.backup = self._add(archive, "立即备份…", "hard-drive-download", "Ctrl+B")
        self.close = self._add(archive, "关闭档案库", "x", "Ctrl+W")
        archive.addSeparator()
        self.quit = self._add(archive, "退出", "log-out", "Ctrl+Q")
        edit = bar.addMenu("编辑(&E)")
        self.undo = self._add(edit, "撤销", "undo-2", "Ctrl+Z")
        self.redo = self._add(edit, "重做", "redo-2", "Ctrl+Y")
        edit.addSeparator()
        self.trash = self._add(edit, "回收站…", "trash-2", "")
        help_menu = bar.addMenu("帮助(&H)")
        self.page_help = self._add(help_menu, "本页说明", "circle-question-mark", "F1")
        self.keys = self._add(help_menu, "快捷键一览", "keyboard", "?")
        help_menu.addSeparator()
        self.log = self._add(help_menu, "打开日志文件夹", "folder-open", "")
        self.about = self._add(help_menu, "关于研档", "info", "")
        self.set_history(None, None)

    def _add(self, menu: QMenu, text: str, icon: str, shortcut: str) -> QAction:
        action = menu.addAction(self._theme.icon(icon), text)
        if shortcut:
            action.setShortcut(QKeySequence(shortcut))
            action.setToolTip(f"{text.rstrip('…')}（{shortcut}）")
        self.all.append(action)
        return action

    def set_history(self, undo: str | None, redo: str | None) -> None:
        """Name in the menu what undo and redo would do; grey them where there is nothing."""
        for action, word, what in ((self.undo, "撤销", undo), (self.redo, "重做", redo)):
            key = action.shortcut().toString()
            action.setEnabled(what is not None)
            action.setText(f"{word} “{what}”" if what else word)
            action.setIconText(word)
            action.setToolTip(
                f"{word} “{what}”（{key}）" if what else f"没有可{word}的操作（{key}）"
            )

    def set_recent(self, paths: list[str]) -> None:
        """List the archives that were opened last."""
        self.recent.clear()
        for path in paths[:_RECENT]:
            action = self.recent.addAction(f"{Path(path).name}　{Path(path).parent}")
            action.setData(path)
            action.triggered.connect(self._on_recent)
        self.recent.setEnabled(bool(paths))

    @Slot()
    def _on_recent(self) -> None:
        action = self.sender()
        if isinstance(action, QAction):
            self.recent_picked.emit(action.data())

    def connect_all(self, slots: dict[QAction, Callable[[], object]]) -> None:
        """Say what each action does."""
        for action, slot in slots.items():
            action.triggered.connect(slot)
