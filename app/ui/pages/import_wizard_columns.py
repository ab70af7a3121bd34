"""Step 2 of an import: which column of the table is what."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QSignalBlocker, Qt, Signal, Slot
from PySide6.QtGui import QStandardItem, QStandardItemModel
from PySide6.QtWidgets import (
    QComboBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from app.ui.framework import tokens as t
from app.ui.framework.theme import set_role
from app.ui.pages.import_wizard_steps import Notice

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.services.imports.kinds import Kind
    from app.services.imports.mappings import SavedMapping
    from app.services.imports.wizard import Column, Proposal
    from app.ui.framework.messages import Kind as Notices
    from app.ui.framework.theme import Theme

_CARD_WIDTH = 172
_MOST_CARDS = 80
_MARKS = {
    "header": ("circle-check", "success", "认出"),
    "saved": ("circle-check", "success", "照保存的"),
    "chosen": ("circle-check", "success", "您选定的"),
    "similar": ("circle-question-mark", "warning", "请核对：表头相近"),
    "contents": ("circle-question-mark", "warning", "请核对：按内容认出"),
    "": ("circle-slash", "text_muted", "不导入"),
}
UNSURE = ("similar", "contents")
_AUTOMATIC = "自动识别"


class ColumnCard(QFrame):
    """One column of the table: what it is taken for, how surely, and what stands in it."""

    picked = Signal(int, str)
    """Column and the field it is to be; "": none."""

    def __init__(self, theme: Theme, fields: QStandardItemModel, at: int) -> None:
        super().__init__()
        self._theme = theme
        self.at = at
        self.unsure = False
        self.setFixedWidth(_CARD_WIDTH)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(t.GRID)
        self.field = QComboBox()
        self.field.setModel(fields)
        self.field.setMaxVisibleItems(24)
        self.field.installEventFilter(self)
        self.field.activated.connect(self._on_picked)
        column.addWidget(self.field)
        line = QHBoxLayout()
        line.setSpacing(t.GRID)
        self._icon = QLabel()
        self.mark = QLabel()
        line.addWidget(self._icon)
        line.addWidget(self.mark, 1)
        column.addLayout(line)
        self.header = _line("heading")
        column.addWidget(self.header)
        self.samples = _line("muted")
        column.addWidget(self.samples)
        column.addStretch(1)

    def show_column(self, column: Column, how: str) -> None:
        """Show what the column is taken for."""
        with QSignalBlocker(self.field):
            self.field.setCurrentIndex(self.field.findData(column.field))
        icon, color, words = _MARKS[how if column.field else ""]
        self.unsure = bool(column.field) and how in UNSURE
        if column.bad >= max(1, len(column.samples)):  # not a slip here and there
            icon, color, words = "triangle-alert", "warning", "请核对：内容不像这一栏"
            self.unsure = True
        elif column.bad:
            words += f"，{column.bad} 格有误"
        self._icon.setPixmap(self._theme.pixmap(icon, t.ICON_SMALL, color))
        self.mark.setText(words)
        self.mark.setToolTip(column.reason or words)
        name = column.header or f"{column.letter} 列（没有表头）"
        self.field.setAccessibleName(f"{name} 对应的栏目")
        self.field.setAccessibleDescription(f"{words}。{column.reason}")
        _write(self.header, [name])
        _write(self.samples, [" ".join(text.split()) for text in column.samples])

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The wheel scrolls along the columns; it does not change what one is."""
        if event.type() == QEvent.Type.Wheel:
            event.ignore()
            return True
        return super().eventFilter(watched, event)

    @Slot()
    def _on_picked(self) -> None:
        self.picked.emit(self.at, self.field.currentData())


class ColumnsStep(QWidget):
    """The columns side by side as in the spreadsheet, and the mappings that were kept."""

    changed = Signal(object)
    """Field → column, as the user wants it."""
    mapping_picked = Signal(object)
    """SavedMapping that is to be applied; None: as the program finds it."""
    save_wanted = Signal(str)
    """Name under which the mapping is to be kept."""
    delete_wanted = Signal(str)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._kind = ""
        self._mapping: dict[str, int] = {}
        self._found: dict[int, tuple[str, str]] = {}
        self.cards: list[ColumnCard] = []
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(t.GAP)
        self.notice = Notice(theme)
        column.addWidget(self.notice)
        self._area = QScrollArea()
        self._area.setWidgetResizable(True)
        self._area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        column.addWidget(self._area, 1)
        column.addLayout(self._saving())

    def _saving(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(t.GAP_SMALL)
        label = QLabel("套用")
        self.saved = QComboBox()
        self.saved.setMinimumWidth(200)
        self.saved.setAccessibleName("套用保存的对应关系")
        self.saved.activated.connect(self._on_saved)
        label.setBuddy(self.saved)
        row.addWidget(label)
        row.addWidget(self.saved)
        self.forget = QPushButton(self._theme.icon("trash-2"), "删除")
        self.forget.setToolTip("删除这个保存的对应关系")
        self.forget.clicked.connect(self._on_forget)
        row.addWidget(self.forget)
        row.addStretch(1)
        self.name = QLineEdit()
        self.name.setPlaceholderText("起个名称，如：县教研室名册")
        self.name.setAccessibleName("对应关系的名称")
        self.name.setFixedWidth(240)
        self.name.returnPressed.connect(self._on_save)
        row.addWidget(self.name)
        self.save = QPushButton(self._theme.icon("save"), "保存对应关系")
        self.save.setToolTip("下次遇到同样表头的表，自动套用")
        self.save.clicked.connect(self._on_save)
        row.addWidget(self.save)
        for button in (self.forget, self.save):
            button.setAutoDefault(False)
        return row

    # -- showing -----------------------------------------------------------------------------

    def show_mappings(self, saved: Sequence[SavedMapping], applied: str) -> None:
        """Offer the mappings that are kept for this kind of table."""
        with QSignalBlocker(self.saved):
            self.saved.clear()
            self.saved.addItem(_AUTOMATIC)
            for one in saved:
                self.saved.addItem(one.name, one)
            self.saved.setCurrentIndex(max(0, self.saved.findText(applied)))
        self.forget.setEnabled(self.saved.currentData() is not None)

    def show_proposal(self, proposal: Proposal, applied: str, *, by_hand: bool) -> None:
        """Show the columns. What the user does not choose by hand keeps how it was found before."""
        columns = proposal.columns[:_MOST_CARDS]
        self._mapping = proposal.mapping
        if not by_hand:
            how = "saved" if applied else ""
            self._found = {one.at: (one.field, how or one.how) for one in columns}
        if self._kind != proposal.kind.key or [c.at for c in self.cards] != [c.at for c in columns]:
            self._lay_out(proposal.kind, columns)
        for card, one in zip(self.cards, columns, strict=True):
            field, how = self._found.get(one.at, ("", ""))
            card.show_column(one, how if field == one.field else one.how)
        self._say(proposal, applied)

    def unsure(self) -> int:
        """How many columns want a look."""
        return sum(card.unsure for card in self.cards)

    def _lay_out(self, kind: Kind, columns: Sequence[Column]) -> None:
        self._kind = kind.key
        body = QWidget()
        body.setObjectName("formBody")
        row = QHBoxLayout(body)
        row.setContentsMargins(0, 0, 0, t.GAP)
        row.setSpacing(t.GAP_LARGE)
        fields = _choices(kind)
        fields.setParent(body)
        self.cards = [ColumnCard(self._theme, fields, one.at) for one in columns]
        for card in self.cards:
            card.picked.connect(self._on_picked)
            row.addWidget(card)
        row.addStretch(1)
        self._area.setWidget(body)

    def _say(self, proposal: Proposal, applied: str) -> None:
        kind: Notices
        names = len(proposal.mapping)
        if proposal.problem:
            kind, words = "error", proposal.problem
        elif proposal.saved:
            kind, words = "success", f"这张表和“{proposal.saved}”的对应关系一样，已套用。"
        elif applied:
            kind, words = "success", f"已套用“{applied}”的对应关系。"
        elif unsure := self.unsure():
            kind = "warning"
            words = f"认出 {names} 栏，其中 {unsure} 栏请核对；不对就在列的上方改选。"
        else:
            kind, words = "success", f"认出 {names} 栏。"
        left = len(proposal.columns) - len(self.cards)
        more = f"后面还有 {left} 列没有列出。" if left else ""
        self.notice.say(kind, words + more)

    # -- what the user does ------------------------------------------------------------------

    @Slot(int, str)
    def _on_picked(self, at: int, field: str) -> None:
        mapping = {key: column for key, column in self._mapping.items() if column != at}
        if field:
            mapping[field] = at
        self._mapping = mapping
        self.changed.emit(mapping)

    @Slot()
    def _on_saved(self) -> None:
        self.mapping_picked.emit(self.saved.currentData())

    @Slot()
    def _on_save(self) -> None:
        self.save_wanted.emit(self.name.text())

    @Slot()
    def _on_forget(self) -> None:
        self.delete_wanted.emit(self.saved.currentText())


def _line(role: str) -> QLabel:
    label = QLabel()
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setMinimumHeight(t.ROW_HEIGHT - t.GAP_SMALL)
    label.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
    set_role(label, role)
    return label


def _write(label: QLabel, lines: list[str]) -> None:
    """Lines cut to the card's width with an ellipsis; where one is, all in full as tooltip."""
    label.ensurePolished()
    metrics, end = label.fontMetrics(), Qt.TextElideMode.ElideRight
    short = [metrics.elidedText(line, end, _CARD_WIDTH) for line in lines]
    label.setText("\n".join(short))
    label.setToolTip("\n".join(lines) if short != lines else "")


def _choices(kind: Kind) -> QStandardItemModel:
    """What a column may be; all cards share it."""
    model = QStandardItemModel()
    for words, key in (
        ("不导入", ""),
        *((f"{f.title}{'（必填）' if f.key in kind.required else ''}", f.key) for f in kind.fields),
    ):
        item = QStandardItem(words)
        item.setData(key, Qt.ItemDataRole.UserRole)
        model.appendRow(item)
    return model
