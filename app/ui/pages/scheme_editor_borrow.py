"""从别的方案抄: entries of one section of a preset, ticked, come into the scheme that is edited."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from app.services.schemes import draft as d
from app.services.schemes.catalogue import preset, presets
from app.services.schemes.describe import part_info
from app.services.schemes.telling import cell, title
from app.ui.framework import tokens as t
from app.ui.framework.theme import set_role
from app.ui.pages.scheme_editor_pick import found_by, label_of

if TYPE_CHECKING:
    from app.services.schemes.draft import Raw

_SIZE = (960, 600)
_LIST_WIDTH = 380
_WHAT = Qt.ItemDataRole.UserRole


class BorrowDialog(QDialog):
    """Presets that have something in the section at the left, what they have at the right."""

    taken = Signal(object)
    """The entries that were ticked."""

    def __init__(self, section: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        field = part_info(d.ROOT).field(section)
        name = field.label if field is not None else section
        self.setWindowTitle(f"从别的方案抄“{name}”")
        self.resize(*_SIZE)
        self._section = section
        self._info = part_info(field.part if field is not None else "")
        self._draft: Raw = {}
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 20, 20, 20)
        column.setSpacing(t.GAP)
        body = QHBoxLayout()
        body.setSpacing(t.PAGE_MARGIN)
        left = QVBoxLayout()
        left.setSpacing(t.GAP_SMALL)
        self.search = QLineEdit()
        self.search.setPlaceholderText("找方案：编号、名称、来源或拼音首字母")
        self.search.setAccessibleName("找方案")
        self.search.textChanged.connect(self._filter)
        left.addWidget(self.search)
        self.schemes = QListWidget()
        self.schemes.setAccessibleName("方案")
        self.schemes.setFixedWidth(_LIST_WIDTH)
        self.schemes.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.schemes.currentItemChanged.connect(self._on_scheme)
        left.addWidget(self.schemes, 1)
        body.addLayout(left)
        right = QVBoxLayout()
        right.setSpacing(t.GAP_SMALL)
        head = QLabel(f"勾选要抄的{self._info.one}（空格）")
        set_role(head, "heading")
        right.addWidget(head)
        self.entries = QListWidget()
        self.entries.setAccessibleName(self._info.one)
        self.entries.itemChanged.connect(self._count)
        right.addWidget(self.entries, 1)
        body.addLayout(right, 1)
        column.addLayout(body, 1)
        column.addLayout(self._foot())
        for one in presets():
            item = QListWidgetItem(label_of(one))
            item.setData(_WHAT, one)
            item.setSizeHint(QSize(0, 52))
            item.setToolTip(item.text())
            self.schemes.addItem(item)
        self.schemes.setCurrentRow(0)
        self.search.setFocus()

    def _foot(self) -> QHBoxLayout:
        row = QHBoxLayout()
        note = QLabel("抄来的条目里用到的角色、材料等，本方案没有的会列为要改的地方。")
        set_role(note, "muted")
        row.addWidget(note, 1)
        cancel = QPushButton("取消")
        cancel.setAutoDefault(False)
        cancel.clicked.connect(self.reject)
        row.addWidget(cancel)
        self.take_button = QPushButton("抄过来")
        self.take_button.setAutoDefault(False)
        set_role(self.take_button, "primary")
        self.take_button.clicked.connect(self._take)
        row.addWidget(self.take_button)
        return row

    @Slot(str)
    def _filter(self, words: str) -> None:
        items = [self.schemes.item(row) for row in range(self.schemes.count())]
        for item in items:
            item.setHidden(bool(words.strip()) and not found_by(item.data(_WHAT), words))
        shown = [item for item in items if not item.isHidden()]
        if shown and self.schemes.currentItem() not in shown:
            self.schemes.setCurrentItem(shown[0])

    @Slot()
    def _on_scheme(self) -> None:
        self._draft = d.from_text(preset(self.schemes.currentItem().data(_WHAT).id).text)
        self.entries.clear()
        for number, entry in enumerate(self._listed()):
            said = title(entry, self._info, self._draft, number)
            fields = [self._info.field(name) for name in self._info.columns]
            more = [text for field in fields if field is not None
                    and (text := cell(field, entry, self._draft)) and text not in said]  # fmt: skip
            item = QListWidgetItem("　".join([said, *more]), self.entries)
            item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
            item.setCheckState(Qt.CheckState.Unchecked)
            item.setToolTip(item.text())
        if not self.entries.count():
            item = QListWidgetItem("这个方案没有写这一段。", self.entries)
            item.setFlags(Qt.ItemFlag.NoItemFlags)
        self._count()

    def _listed(self) -> list[Any]:
        value = self._draft.get(self._section)
        return value if isinstance(value, list) else []

    def _ticked(self) -> list[int]:
        rows = range(self.entries.count())
        return [n for n in rows if self.entries.item(n).checkState() == Qt.CheckState.Checked]

    @Slot()
    def _count(self) -> None:
        self.take_button.setEnabled(bool(self._ticked()))

    @Slot()
    def _take(self) -> None:
        listed = self._listed()
        chosen = [listed[number] for number in self._ticked()]
        self.accept()
        self.taken.emit(chosen)
