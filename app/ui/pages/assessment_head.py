"""The row above the assessment table: whose it is, who gives points, and the total."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QSignalBlocker, Signal, Slot
from PySide6.QtWidgets import (
    QButtonGroup,
    QComboBox,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QWidget,
)

from app.services.standing.figures import shown
from app.ui.framework import tokens as t
from app.ui.framework.keys import press_by
from app.ui.framework.theme import set_role

if TYPE_CHECKING:
    from app.ui.framework.theme import Theme
    from app.ui.pages.assessment_state import State
    from app.ui.pages.assessment_tree import Mode

_MODES: tuple[tuple[Mode, str, str, str], ...] = (
    ("self", "自评", "按档案里的材料算分；要人工评的项目在“自评”一栏打分", "Alt+Z"),
    ("assessor", "评委评分", "逐项打分，回车到下一项；几位评委取平均", "Alt+P"),
    ("inspect", "迎检查看", "只看不改；F11 全屏", "Alt+Y"),
)
_NEW = "新评委…"


class ScoreHead(QWidget):
    """Choices and totals; says what was chosen by signals."""

    subject_picked = Signal()
    mode_picked = Signal(str)
    assessor_picked = Signal()
    report_wanted = Signal()
    full_wanted = Signal()

    def __init__(self, theme: Theme, *, full_screen: bool) -> None:
        super().__init__()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(t.GAP_SMALL)
        self.whose = QComboBox()
        self.whose.setAccessibleName("考核对象")
        self.whose.setMinimumWidth(150)
        self.whose.setMaximumWidth(280)
        self.whose.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.whose.activated.connect(self.subject_picked)
        row.addWidget(self.whose)
        self._modes = QButtonGroup(self)
        self._modes.setExclusive(True)
        for mode, words, tip, keys in _MODES:
            button = QPushButton(words)
            button.setCheckable(True)
            button.setProperty("mode", mode)
            button.setToolTip(f"{tip}（{keys}）")
            press_by(button, keys)
            set_role(button, "choice")
            self._modes.addButton(button)
            row.addWidget(button)
            button.setVisible(not full_screen)  # only now: what has no parent is a window
        self._modes.buttonClicked.connect(self._on_mode)
        self._build_assessor(row)
        row.addStretch(1)
        self.total, self.rest = QLabel(), QLabel()
        set_role(self.total, "heading")
        set_role(self.rest, "muted")
        row.addWidget(self.total)
        row.addWidget(self.rest)
        self.report = QPushButton(theme.icon("file-text"), "自评报告…")
        self.report.setToolTip("输出 Word、PDF 或 Excel（Alt+B）")
        press_by(self.report, "Alt+B")
        self.report.clicked.connect(self.report_wanted)
        self.full = QPushButton(theme.icon("maximize"), "全屏")
        self.full.setToolTip("全屏查看（F11）")
        self.full.clicked.connect(self.full_wanted)
        for button in (self.report, self.full):
            row.addWidget(button)
            button.setVisible(not full_screen)

    def _build_assessor(self, row: QHBoxLayout) -> None:
        self.edit = QLineEdit()
        self.edit.setPlaceholderText("评委姓名，回车")
        self.edit.returnPressed.connect(self.assessor_picked)
        self.assessors = QComboBox()
        self.assessors.setAccessibleName("评委")
        self.assessors.setEditable(True)
        self.assessors.setLineEdit(self.edit)
        self.assessors.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.assessors.setMinimumWidth(150)
        self.assessors.activated.connect(self._on_assessor)
        self.assessors.hide()
        row.addWidget(self.assessors)

    # -- what is chosen ----------------------------------------------------------------------

    @property
    def subject_id(self) -> str:
        """Id of the chosen subject; empty before there is one."""
        return str(self.whose.currentData() or "")

    @property
    def assessor(self) -> str:
        """Name of the assessor who gives points."""
        return " ".join(self.edit.text().split()).removesuffix(_NEW)

    def ask_assessor(self) -> None:
        """Put the cursor where the name is typed."""
        if self.assessors.isVisible():
            self.edit.setFocus()
            self.edit.selectAll()

    @Slot(object)
    def _on_mode(self, button: QPushButton) -> None:
        self.mode_picked.emit(str(button.property("mode")))

    @Slot()
    def _on_assessor(self) -> None:
        if self.assessors.currentText() == _NEW:
            self.edit.clear()
            self.edit.setFocus()
        else:
            self.assessor_picked.emit()

    # -- showing -----------------------------------------------------------------------------

    def show_mode(self, mode: Mode) -> None:
        """Mark the mode."""
        for button in self._modes.buttons():
            button.setChecked(cast("str", button.property("mode")) == mode)
        self.assessors.setVisible(mode == "assessor")

    def show_state(self, state: State, mode: Mode) -> None:
        """Offer the subjects and assessors there are, and tell the total."""
        with QSignalBlocker(self.whose):
            self.whose.clear()
            for one in state.subjects:
                self.whose.addItem(one.name, one.id)
            self.whose.setCurrentIndex(max(0, self.whose.findData(state.subject.id)))
        now = self.assessor or (state.assessors[0] if state.assessors else "")
        if not self.edit.hasFocus():
            names = dict.fromkeys((*state.assessors, *([now] if now else [])))
            with QSignalBlocker(self.assessors):
                self.assessors.clear()
                self.assessors.addItems([*names, _NEW])
            self.assessors.setCurrentText(now)
        self.show_total(state, mode)

    def show_total(self, state: State, mode: Mode) -> None:
        """The total of the table, or of what the assessor gave."""
        if mode == "assessor":
            total, count = state.assessor_total(self.assessor)
            self.total.setText(f"{self.assessor or '评委'}合计 {shown(total)} 分")
            self.rest.setText(f"已评 {count} / {len(state.lines)} 项")
            self.rest.setToolTip("")
            return
        self.total.setText(state.head)
        lacking = state.table.lacking
        words = [f"失 {shown(state.lost)} 分"] if state.lost else []
        words += [f"缺 {len(lacking)} 项事实"] if lacking else []
        self.rest.setText("，".join(words))
        self.rest.setToolTip("\n".join(lacking))
