"""Where the program begins: a new archive, an existing one, or the sample."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, Signal, SignalInstance, Slot
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from app.ui.framework import tokens as t
from app.ui.framework.page import Page
from app.ui.framework.theme import set_role

if TYPE_CHECKING:
    from app.ui.framework.page import Tools

_COLUMN = 400
_ROW_HEIGHT = 56


class WelcomePage(Page):
    """Three ways to begin at the left, the archives used lately at the right."""

    help_text = (
        "档案库是一个文件夹，里面有全部记录和材料文件。第一次使用请点“新建档案库”，按三步填写；"
        "想先看看样子，可以点“示例档案库”。"
    )

    new_wanted = Signal()
    open_wanted = Signal()
    sample_wanted = Signal()
    picked = Signal(str)

    def __init__(self, tools: Tools) -> None:
        super().__init__(tools, "")
        self.title.hide()
        content = QWidget()
        row = QHBoxLayout(content)
        row.setSpacing(t.PAGE_MARGIN * 3)
        row.addStretch(1)
        row.addLayout(self._ways())
        row.addLayout(self._lately())
        row.addStretch(1)
        self.set_content(content)
        self.set_start(self.recent if self.recent.currentItem() else self.new_button)

    def _ways(self) -> QVBoxLayout:
        column = QVBoxLayout()
        column.setSpacing(t.GAP)
        column.addStretch(2)
        mark = QLabel()
        mark.setPixmap(self.tools.theme.pixmap("archive", 40, "accent"))
        column.addWidget(mark)
        name = QLabel("研档")
        set_role(name, "display")
        column.addWidget(name)
        words = QLabel("教研活动的材料，平时随手收好，年底一键成盒。")
        set_role(words, "muted")
        column.addWidget(words)
        column.addSpacing(t.GAP)
        self.new_button = self._way("新建档案库…", "folder-plus", self.new_wanted, primary=True)
        self.open_button = self._way("打开档案库…", "folder-open", self.open_wanted)
        self.sample_button = self._way("看看示例档案库…", "eye", self.sample_wanted)
        for button in (self.new_button, self.open_button, self.sample_button):
            column.addWidget(button)
        column.addStretch(3)
        return column

    def _way(
        self, text: str, icon: str, wanted: SignalInstance, *, primary: bool = False
    ) -> QPushButton:
        button = QPushButton(self.tools.theme.icon(icon, "on_accent" if primary else "text"), text)
        button.setMinimumSize(_COLUMN - 80, t.CONTROL_HEIGHT + t.GAP)
        if primary:
            set_role(button, "primary")
        button.clicked.connect(wanted)
        return button

    def _lately(self) -> QVBoxLayout:
        column = QVBoxLayout()
        column.setSpacing(t.GAP_SMALL)
        column.addStretch(2)
        title = QLabel("最近使用")
        set_role(title, "heading")
        title.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        column.addWidget(title)
        self.recent = QListWidget()
        self.recent.setFixedWidth(_COLUMN)
        self.recent.setAccessibleName("最近使用的档案库")
        self.recent.itemActivated.connect(self._pick)
        self.recent.itemClicked.connect(self._pick)
        for folder in self.tools.settings.texts("recent"):
            self.recent.addItem(self._line(Path(folder)))
        if not self.recent.count():
            nothing = QListWidgetItem("还没有打开过档案库。")
            nothing.setFlags(Qt.ItemFlag.NoItemFlags)
            self.recent.addItem(nothing)
        else:
            self.recent.setCurrentRow(0)
        column.addWidget(self.recent, 4)
        column.addStretch(2)
        return column

    def _line(self, folder: Path) -> QListWidgetItem:
        there = folder.is_dir()
        place = str(folder.parent) if there else f"{folder.parent}（现在不在，U 盘没有插？）"
        line = QListWidgetItem(
            self.tools.theme.icon("archive", "accent"), f"{folder.name}\n{place}"
        )
        line.setData(Qt.ItemDataRole.UserRole, str(folder))
        line.setSizeHint(QSize(0, _ROW_HEIGHT))
        line.setToolTip(str(folder))
        return line

    @Slot(QListWidgetItem)
    def _pick(self, line: QListWidgetItem) -> None:
        folder = line.data(Qt.ItemDataRole.UserRole)
        if folder:
            self.picked.emit(folder)
