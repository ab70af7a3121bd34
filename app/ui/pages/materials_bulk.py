"""Changing many pieces of evidence as one step."""

from __future__ import annotations

from datetime import date

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from app.services.evidence.service import EvidenceEdit
from app.ui.framework import tokens as t
from app.ui.framework.fields import Field
from app.ui.framework.forms import FormWidget
from app.ui.framework.theme import Theme, set_role
from app.ui.pages.materials_details import LEVELS

_KEEP = "不改"
_NAMES = {"author": "责任者", "dated_on": "日期", "level": "级别", "sealed": "已盖章"}


class BulkPanel(QWidget):
    """What is filled in here is set in all selected pieces; the rest stays as it is."""

    apply_wanted = Signal(object, str)
    """EvidenceEdit and the id of an assessment item ("": none)."""
    pick_wanted = Signal()

    def __init__(self, theme: Theme, author: str) -> None:
        super().__init__()
        self._count = 0
        self._item: tuple[str, str] = ("", "")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(t.GAP)
        self.title = QLabel()
        set_role(self.title, "heading")
        column.addWidget(self.title)
        self.form = FormWidget(
            (
                Field(
                    "author", "责任者", "suggest", choices=((author, author),), placeholder=_KEEP
                ),
                Field("dated_on", "日期", "date", placeholder=_KEEP),
                Field("level", "级别", "suggest", choices=LEVELS, placeholder=_KEEP),
                Field(
                    "sealed", "已盖章", "choice", choices=(("yes", "是"), ("no", "否")), width=160
                ),
            ),
            theme,
        )
        combo = self.form.rows["sealed"].editor
        if isinstance(combo, QComboBox):
            combo.setItemText(0, _KEEP)
        self.form.committed.connect(self._tell)
        self.form.add_section(self._build_rest(theme))
        column.addWidget(self.form, 1)

    def _build_rest(self, theme: Theme) -> QWidget:
        section = QWidget()
        column = QVBoxLayout(section)
        column.setContentsMargins(0, t.GAP_SMALL, 0, 0)
        column.setSpacing(t.GAP)
        line = QHBoxLayout()
        line.setSpacing(t.GAP_SMALL)
        self.pick = QPushButton(theme.icon("folder-input"), "归入考核项…")
        self.pick.setToolTip("归入考核项…（Ctrl+G）")
        self.pick.clicked.connect(self.pick_wanted)
        line.addWidget(self.pick)
        self.item_label = QLabel()
        self.item_label.setWordWrap(True)
        line.addWidget(self.item_label, 1)
        column.addLayout(line)
        self.note = QLabel()
        self.note.setWordWrap(True)
        set_role(self.note, "muted")
        column.addWidget(self.note)
        row = QHBoxLayout()
        row.setSpacing(t.GAP_SMALL)
        self.apply = QPushButton(theme.icon("check", "on_accent"), "应用")
        set_role(self.apply, "primary")
        self.apply.clicked.connect(self._apply)
        row.addWidget(self.apply)
        self.clear_button = QPushButton("清空")
        self.clear_button.clicked.connect(self.clear)
        row.addWidget(self.clear_button)
        row.addStretch(1)
        column.addLayout(row)
        return section

    def set_count(self, count: int) -> None:
        """Say how many pieces are meant."""
        self._count = count
        self.title.setText(f"已选 {count} 份材料")
        self._tell()

    def set_item(self, item_id: str, label: str) -> None:
        """Also put them under this assessment item."""
        self._item = (item_id, label)
        self.item_label.setText(label)
        self._tell()

    @Slot()
    def clear(self) -> None:
        """Forget what was filled in."""
        self.form.set_values({})
        self.set_item("", "")

    @Slot()
    def _tell(self) -> None:
        values = self.form.values()
        wanted = [words for name, words in _NAMES.items() if values[name]]
        if self._item[0]:
            wanted.append(f"归入 {self._item[1]}")
        self.note.setText(
            f"将修改 {self._count} 份：{'、'.join(wanted)}。"
            if wanted
            else "填上要统一修改的内容；留空的不改。"
        )
        self.clear_button.setEnabled(bool(wanted))

    @Slot()
    def _apply(self) -> None:
        if not self.form.commit_all():
            return
        values = self.form.values()
        dated, sealed = values["dated_on"], values["sealed"]
        edit = EvidenceEdit(
            author=str(values["author"]) if values["author"] else None,
            dated_on=dated.isoformat() if isinstance(dated, date) else None,
            level=str(values["level"]) if values["level"] else None,
            sealed=sealed == "yes" if sealed else None,
        )
        if edit == EvidenceEdit() and not self._item[0]:
            self.note.setText("还没有填要修改的内容。")
            return
        self.apply_wanted.emit(edit, self._item[0])
