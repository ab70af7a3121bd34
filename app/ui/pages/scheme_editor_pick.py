"""选择方案: the presets with what they demand, one's own file, or a blank one to begin from."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtWidgets import (
    QDialog,
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from app.errors import AppError
from app.services.schemes import draft as d
from app.services.schemes.catalogue import preset, presets
from app.services.schemes.overview import overview
from app.ui.framework import tokens as t
from app.ui.framework.suggest import vocabulary
from app.ui.framework.theme import set_role
from app.ui.pages.scheme_editor import SCHEME_FILES

if TYPE_CHECKING:
    from PySide6.QtGui import QKeyEvent

    from app.services.schemes.catalogue import SchemeSummary
    from app.services.schemes.draft import Raw
    from app.ui.framework.page import Tools

_SIZE = (1080, 660)
_LIST_WIDTH = 400
_WHAT = Qt.ItemDataRole.UserRole
_BLANK = "空白方案"


def label_of(one: SchemeSummary) -> str:
    """Two lines of a list: code and name, variant and source."""
    second = "；".join(part for part in (one.variant, one.source) if part)
    return f"{one.code}　{one.name}".strip("　") + f"\n{second}"


def found_by(one: SchemeSummary, words: str) -> bool:
    """Whether what was typed finds a scheme: by code, name, variant, source, or pinyin initials."""
    texts = [one.code, one.name, one.variant, one.source]
    return all(vocabulary(texts)(word) for word in words.split())


class Demands(QScrollArea):
    """What a scheme demands, in short; the text can be copied."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.text = QLabel()
        self.text.setWordWrap(True)
        self.text.setTextFormat(Qt.TextFormat.RichText)
        self.text.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.text.setContentsMargins(t.GAP, t.GAP_SMALL, t.GAP, t.GAP_SMALL)
        self.setWidgetResizable(True)
        self.setWidget(self.text)
        self.setAccessibleName("方案要求什么")

    def show_draft(self, draft: Raw, wrong: int = 0) -> None:
        """Tell of a scheme, from the top; ``wrong``: how many places have to be mended first."""
        self.text.setText(_told(draft, wrong))
        self.verticalScrollBar().setValue(0)


class SchemePicker(QDialog):
    """Lets the user choose; both signals carry the draft of the chosen scheme."""

    edit_wanted = Signal(object)
    """Change it before it is used."""
    adopt_wanted = Signal(object)
    """Use it as it is."""

    def __init__(
        self, tools: Tools, *, begin_blank: bool = False, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("新建方案" if begin_blank else "采用方案")
        self.resize(*_SIZE)
        self._tools = tools
        self.draft: Raw = d.blank()
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 20, 20, 20)
        column.setSpacing(t.GAP)
        body = QHBoxLayout()
        body.setSpacing(t.PAGE_MARGIN)
        body.addLayout(self._left())
        body.addLayout(self._right(), 1)
        column.addLayout(body, 1)
        column.addLayout(self._foot(begin_blank=begin_blank))
        self._fill()
        self.list.setCurrentRow(0 if begin_blank else 1)
        (self.list if begin_blank else self.search).setFocus()

    def _left(self) -> QVBoxLayout:
        column = QVBoxLayout()
        column.setSpacing(t.GAP_SMALL)
        self.search = QLineEdit()
        self.search.setPlaceholderText("找方案：编号、名称、来源或拼音首字母")
        self.search.setAccessibleName("找方案")
        self.search.setClearButtonEnabled(True)
        self.search.textChanged.connect(self._filter)
        column.addWidget(self.search)
        self.list = QListWidget()
        self.list.setAccessibleName("方案")
        self.list.setFixedWidth(_LIST_WIDTH)
        self.list.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.currentItemChanged.connect(self._on_current)
        column.addWidget(self.list, 1)
        own = QPushButton(self._tools.theme.icon("file-text"), "打开方案文件…")
        own.setAutoDefault(False)
        own.clicked.connect(self._choose_file)
        column.addWidget(own)
        return column

    def _right(self) -> QVBoxLayout:
        column = QVBoxLayout()
        column.setSpacing(t.GAP_SMALL)
        self.heading = QLabel()
        self.heading.setWordWrap(True)
        set_role(self.heading, "title")
        column.addWidget(self.heading)
        self.demands = Demands()
        column.addWidget(self.demands, 1)
        return column

    def _foot(self, *, begin_blank: bool) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(t.GAP_SMALL)
        self.note = QLabel()
        self.note.setWordWrap(True)
        set_role(self.note, "error")
        row.addWidget(self.note, 1)
        cancel = QPushButton("取消")
        cancel.setAutoDefault(False)
        cancel.clicked.connect(self.reject)
        row.addWidget(cancel)
        self.edit_button = QPushButton("开始编辑…" if begin_blank else "先修改…")
        self.adopt_button = QPushButton("采用…")
        first, second = (
            (self.adopt_button, self.edit_button)
            if begin_blank
            else (self.edit_button, self.adopt_button)
        )
        for button, slot in ((self.edit_button, self._edit), (self.adopt_button, self._adopt)):
            button.setAutoDefault(False)
            button.clicked.connect(slot)
        row.addWidget(first)
        row.addWidget(second)
        set_role(second, "primary")
        second.setDefault(True)
        return row

    # -- listing -----------------------------------------------------------------------------

    def _fill(self) -> None:
        self._add(f"{_BLANK}\n从头写起：只有负责人和成员两个角色", None)
        for one in presets():
            self._add(label_of(one), one)

    def _add(self, words: str, what: object) -> QListWidgetItem:
        item = QListWidgetItem(words)
        item.setData(_WHAT, what)
        item.setSizeHint(QSize(0, 52))
        item.setToolTip(words)
        self.list.addItem(item)
        return item

    @Slot(str)
    def _filter(self, words: str) -> None:
        shown = []
        for row in range(self.list.count()):
            item = self.list.item(row)
            what = item.data(_WHAT)
            summary = what if hasattr(what, "code") else None
            hidden = bool(words.strip()) and (summary is None or not found_by(summary, words))
            item.setHidden(hidden)
            if not hidden:
                shown.append(row)
        if shown and self.list.currentRow() not in shown:
            self.list.setCurrentRow(shown[0])
        self.note.setText("" if shown else f"没有找到“{words.strip()}”。")

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        """↓ and ↑ choose while the cursor stays in the search field."""
        if event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Up) and self.search.hasFocus():
            self.list.setFocus()
            return
        super().keyPressEvent(event)

    @Slot()
    def _choose_file(self) -> None:
        chosen, _kind = QFileDialog.getOpenFileName(self, "打开方案文件", "", SCHEME_FILES)
        if chosen:
            self.open_file(Path(chosen))

    def open_file(self, path: Path) -> None:
        """Offer a scheme file; one with errors can be mended in the editor."""
        try:
            draft = d.from_file(path)
        except AppError as error:
            self.note.setText(error.sentence)
            return
        name = d.get(draft, ("scheme", "name")) or path.stem
        self.search.clear()
        self.list.setCurrentItem(self._add(f"{name}\n文件：{path.name}", draft))
        self.list.setFocus()

    # -- showing -----------------------------------------------------------------------------

    @Slot()
    def _on_current(self) -> None:
        item = self.list.currentItem()
        if item is None:
            return
        what = item.data(_WHAT)
        self.note.clear()
        try:
            self.draft = _draft_of(what)
        except AppError as error:
            self.note.setText(error.sentence)
            return
        head = self.draft.get("scheme")
        head = head if isinstance(head, dict) else {}
        self.heading.setText(_BLANK if what is None else str(head.get("name") or "（没有名称）"))
        wrong = d.errors(self.draft)
        self.demands.show_draft(self.draft, len(wrong))
        self.adopt_button.setEnabled(not wrong)

    @Slot()
    def _edit(self) -> None:
        self.edit_wanted.emit(self.draft)
        self.accept()

    @Slot()
    def _adopt(self) -> None:
        self.adopt_wanted.emit(self.draft)
        self.accept()


def _draft_of(what: Any) -> Raw:
    if what is None:
        return d.blank()
    if isinstance(what, dict):
        return what
    return d.from_text(preset(what.id).text)


def _told(draft: Raw, wrong: int) -> str:
    from html import escape

    told = overview(draft)
    head = draft.get("scheme")
    head = head if isinstance(head, dict) else {}
    parts = []
    if wrong:
        parts.append(f"<p><b>里面有 {wrong} 处要改，请先点“修改”。</b></p>")
    if head.get("source"):
        parts.append(f"<p>来源：{escape(str(head['source']))}</p>")
    if head.get("note"):
        parts.append(f"<p>{escape(str(head['note']))}</p>")
    if told.examples:
        parts.append(
            f"<p>有 {len(told.examples)} 处原文没有写明，用示例代替，采用前请核对（列在最后）。</p>"
        )
    for label, lines in told.sections:
        listed = "".join(f"<li>{escape(line)}</li>" for line in lines)
        parts.append(f"<p><b>{label}（{len(lines)}）</b></p><ul>{listed}</ul>")
    if told.examples:
        listed = "".join(f"<li>{escape(one)}</li>" for one in told.examples)
        parts.append(f"<p><b>用示例代替的 {len(told.examples)} 处</b></p><ul>{listed}</ul>")
    if not parts:
        parts.append("<p>还没有活动、任务、考核表。编辑时可以从别的方案抄，也可以导入考核表。</p>")
    return "".join(parts)
