"""Details of one piece of evidence: preview, what is known of it, what it proves, its file."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import (
    QFormLayout,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSizePolicy,
    QSplitter,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from app.errors import ValidationError
from app.services.evidence.kinds import KINDS
from app.services.evidence.service import EvidenceEdit, EvidenceService
from app.ui.framework import tokens as t
from app.ui.framework.fields import Field
from app.ui.framework.forms import FormWidget
from app.ui.framework.preview import PreviewWidget
from app.ui.framework.theme import set_role
from app.ui.pages.materials_columns import UNKNOWN, size_words

if TYPE_CHECKING:
    from app.services.evidence.catalogue import EvidenceDetail
    from app.ui.framework.page import Tools

_SPLIT_KEY = "materials/details-split"
_PAGES_FROM = {"properties": "页数取自文件属性，可能与打印不同。", "typed": "页数由人填写。"}


LEVELS = tuple((word, word) for word in ("校", "镇", "县", "市", "省", "国"))
"""Levels of awards, as schemes give points by them."""


def fields(author: str) -> tuple[Field, ...]:
    """What can be filled in; ``author`` is offered as 责任者."""
    return (
        Field("title", "题名", required=True),
        Field("author", "责任者", "suggest", choices=((author, author),)),
        Field("dated_on", "日期", "date"),
        Field("pages", "页数", "int", unit="页", placeholder=UNKNOWN),
        Field("doc_no", "文号"),
        Field("level", "级别", "suggest", choices=LEVELS, placeholder="证书等填写"),
        Field("sealed", "已盖章", "bool"),
        Field("note", "备注", "multiline", lines=2),
    )


def edit_of(name: str, value: object) -> EvidenceEdit:
    """One field of the form as the service takes it; raises ValidationError."""
    if name == "pages":
        if isinstance(value, int) and value < 0:
            raise ValidationError("页数不能小于 0。", "不知道就留空。")
        return EvidenceEdit(pages=value if isinstance(value, int) else -1)
    text = str(value or "")
    return {
        "title": EvidenceEdit(title=text),
        "author": EvidenceEdit(author=text),
        "dated_on": EvidenceEdit(dated_on=value.isoformat() if isinstance(value, date) else ""),
        "doc_no": EvidenceEdit(doc_no=text),
        "level": EvidenceEdit(level=text),
        "sealed": EvidenceEdit(sealed=bool(value)),
        "note": EvidenceEdit(note=text),
    }[name]


class Details(QWidget):
    """Shows one piece; says what the user wants with it by signals."""

    edited = Signal(object)
    """EvidenceEdit that the user made; it has been checked."""
    pick_wanted = Signal()
    displace_wanted = Signal(str)
    """Assessment item from which the piece is to be taken."""
    open_wanted = Signal()
    folder_wanted = Signal()
    next_wanted = Signal()

    def __init__(self, tools: Tools, author: str) -> None:
        super().__init__()
        self._theme = tools.theme
        self._settings = tools.settings
        self.shown: EvidenceDetail | None = None
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        self.split = QSplitter(Qt.Orientation.Vertical)
        self.split.setChildrenCollapsible(False)
        self.split.setHandleWidth(t.GAP_SMALL)
        self.preview = PreviewWidget(tools.theme, tools.jobs)
        self.preview.setMinimumHeight(140)
        self.split.addWidget(self.preview)
        self.form = FormWidget(fields(author), tools.theme, self._complaint)
        self.form.setMinimumHeight(160)
        self.form.committed.connect(self._on_committed)
        self.form.next_wanted.connect(self.next_wanted)
        self.form.add_section(self._build_items())
        self.form.add_section(self._build_facts())
        self.split.addWidget(self.form)
        self.split.setSizes(tools.settings.numbers(_SPLIT_KEY) or [450, 550])
        self.split.splitterMoved.connect(self._remember_split)
        column.addWidget(self.split)

    def _build_items(self) -> QWidget:
        section = QWidget()
        column = QVBoxLayout(section)
        column.setContentsMargins(0, t.GAP, 0, 0)
        column.setSpacing(t.GRID)
        head = QHBoxLayout()
        title = QLabel("考核项")
        set_role(title, "heading")
        head.addWidget(title)
        head.addStretch(1)
        self.pick = QPushButton(self._theme.icon("folder-input", "accent"), "归入考核项…")
        set_role(self.pick, "link")
        self.pick.setToolTip("归入考核项…（Ctrl+G）")
        self.pick.clicked.connect(self.pick_wanted)
        head.addWidget(self.pick)
        column.addLayout(head)
        self._items = QVBoxLayout()
        self._items.setSpacing(0)
        column.addLayout(self._items)
        return section

    def _build_facts(self) -> QWidget:
        section = QWidget()
        column = QVBoxLayout(section)
        column.setContentsMargins(0, t.GAP, 0, 0)
        column.setSpacing(t.GRID)
        head = QHBoxLayout()
        title = QLabel("文件")
        set_role(title, "heading")
        head.addWidget(title)
        head.addStretch(1)
        for words, icon, signal in (
            ("打开", "external-link", self.open_wanted),
            ("打开所在文件夹", "folder-open", self.folder_wanted),
        ):
            button = QPushButton(self._theme.icon(icon, "accent"), words)
            set_role(button, "link")
            button.clicked.connect(signal)
            head.addWidget(button)
        column.addLayout(head)
        self._notice = QFrame()
        self._notice.setProperty("notice", "warning")
        inside = QVBoxLayout(self._notice)
        inside.setContentsMargins(t.GAP_SMALL, t.GRID, t.GAP_SMALL, t.GRID)
        self.remarks = _small("", selectable=True)
        inside.addWidget(self.remarks)
        column.addWidget(self._notice)
        self._facts = QFormLayout()
        self._facts.setHorizontalSpacing(t.GAP)
        self._facts.setVerticalSpacing(t.GRID)
        column.addLayout(self._facts)
        return section

    def show_detail(self, detail: EvidenceDetail) -> None:
        """Show a piece; what is being typed stays where the same piece did not change."""
        before, self.shown = self.shown, detail
        row = detail.row
        values = {
            "title": row.title,
            "author": row.author,
            "dated_on": row.dated_on,
            "pages": row.pages,
            "doc_no": detail.doc_no,
            "level": detail.level,
            "sealed": row.sealed,
            "note": detail.note,
        }
        another = before is None or before.row.id != row.id
        if another or values != self.form.values():
            self.form.set_values(values)
        if another:
            self.preview.show_file(detail.path, row.media_type)
            self.form.verticalScrollBar().setValue(0)
        if another or before != detail:
            self._show_items(detail)
            self._show_facts(detail)

    def clear(self) -> None:
        """Show nothing."""
        self.shown = None
        self.form.set_values({})
        self.preview.show_nothing("选中一份材料，在这里预览。")

    def focus(self, name: str) -> None:
        """Put the cursor into a field."""
        self.form.focus(name)

    def _show_items(self, detail: EvidenceDetail) -> None:
        _empty(self._items)
        for item_id, label in detail.placed:
            self._items.addWidget(self._item_row(item_id, label))
        if not detail.placed:
            none = QLabel("还没有归入任何考核项。")
            set_role(none, "muted")
            self._items.addWidget(none)

    def _item_row(self, item_id: str, label: str) -> QWidget:
        line = QWidget()
        row = QHBoxLayout(line)
        row.setContentsMargins(0, 0, 0, 0)
        words = QLabel(label)
        words.setWordWrap(True)
        row.addWidget(words, 1)
        remove = QToolButton()
        set_role(remove, "plain")
        remove.setIcon(self._theme.icon("x", "text_muted"))
        remove.setToolTip("移出这个考核项")
        remove.setAccessibleName(f"移出考核项 {label}")
        remove.clicked.connect(lambda: self.displace_wanted.emit(item_id))
        row.addWidget(remove, 0, Qt.AlignmentFlag.AlignTop)
        return line

    def _show_facts(self, detail: EvidenceDetail) -> None:
        while self._facts.rowCount():
            self._facts.removeRow(0)
        row = detail.row
        known = KINDS.get(row.media_type)
        facts = [
            ("类型", f"{known.label if known else row.media_type}，{size_words(row.size)}"),
            ("原文件名", row.original_name),
        ]
        if detail.width and detail.height:
            facts.append(("图片大小", f"{detail.width} × {detail.height} 像素"))
        if detail.taken_at:
            facts.append(("拍摄时间", detail.taken_at.replace("T", " ")[:16]))
        if detail.pages_from in _PAGES_FROM:
            facts.append(("页数来源", _PAGES_FROM[detail.pages_from]))
        for name, words in facts:
            self._facts.addRow(_small(name), _small(words, selectable=True))
        self.remarks.setText(row.remarks)
        self._notice.setVisible(bool(row.remarks))

    @Slot()
    def _remember_split(self) -> None:
        self._settings.set(_SPLIT_KEY, self.split.sizes())

    def _complaint(self, name: str, value: object) -> str | None:
        try:
            EvidenceService.check(edit_of(name, value))
        except ValidationError as error:
            return error.sentence
        return None

    @Slot(str, object)
    def _on_committed(self, name: str, value: object) -> None:
        if self.shown is not None:
            self.edited.emit(edit_of(name, value))


def _small(text: str, *, selectable: bool = False) -> QLabel:
    label = QLabel(text)
    label.setTextFormat(Qt.TextFormat.PlainText)
    set_role(label, "small")
    label.setWordWrap(selectable)
    if selectable:
        label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
    return label


def _empty(layout: QVBoxLayout) -> None:
    while layout.count():
        taken = layout.takeAt(0)
        widget = taken.widget() if taken is not None else None
        if widget is not None:
            widget.hide()
            widget.deleteLater()
