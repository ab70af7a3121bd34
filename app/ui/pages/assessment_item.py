"""One item of the table: how its points came about, what proves it, what would bring more."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import (
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QScrollArea,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from app.services.standing.figures import shown
from app.ui.framework import tokens as t
from app.ui.framework.lists import ID, fill, plain_list
from app.ui.framework.theme import set_role, tabular

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QDragEnterEvent, QDropEvent

    from app.services.standing.points import Advice
    from app.services.standing.views import Proof
    from app.ui.framework.theme import Theme
    from app.ui.pages.assessment_state import Line
    from app.ui.pages.assessment_tree import Mode

_LIST_ROWS = 3


class ItemPanel(QScrollArea):
    """Shows an item; says what the user wants with it by signals. Files can be dropped on it."""

    proof_chosen = Signal(str)
    proof_opened = Signal(str)
    files_dropped = Signal(object)
    add_wanted = Signal()
    mend_wanted = Signal(object)
    """Advice that is to be followed."""
    comment_typed = Signal(str)
    deduction_typed = Signal(str, str)
    """Name of the deduction and how often."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._advice: tuple[Advice, ...] = ()
        self._deductions: dict[str, QLineEdit] = {}
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        body = QWidget()
        body.setObjectName("formBody")
        self._column = QVBoxLayout(body)
        self._column.setContentsMargins(t.GAP_SMALL, 0, t.GAP_SMALL, 0)
        self._column.setSpacing(t.GAP_SMALL)
        self._build_head()
        self._build_proof()
        self._build_advice()
        self._column.addStretch(1)
        self.setWidget(body)

    def _build_head(self) -> None:
        self.name = QLabel()
        set_role(self.name, "heading")
        self.points = QLabel()
        self.points.setFont(tabular(self.points.font()))
        self.words, self.lacking, self.others = QLabel(), QLabel(), QLabel()
        set_role(self.lacking, "error")
        set_role(self.others, "muted")
        for label in (self.name, self.points, self.words, self.lacking, self.others):
            label.setWordWrap(True)
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            self._column.addWidget(label)
        self.comment = QLineEdit()
        self.comment.setAccessibleName("评语")
        self.comment.editingFinished.connect(self._on_comment)
        self._column.addWidget(self.comment)
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(t.GAP_SMALL)
        self._grid.setVerticalSpacing(t.GRID)
        self._grid.setColumnStretch(0, 1)
        self._column.addLayout(self._grid)

    def _build_proof(self) -> None:
        row = QHBoxLayout()
        title = QLabel("佐证材料")
        set_role(title, "heading")
        row.addWidget(title)
        row.addStretch(1)
        self.add_button = QPushButton(self._theme.icon("plus", "accent"), "加材料…")
        set_role(self.add_button, "link")
        self.add_button.setToolTip("选文件放到这一项；也可以把文件直接拖到这里")
        self.add_button.clicked.connect(self.add_wanted)
        row.addWidget(self.add_button)
        self._column.addLayout(row)
        self.proof = plain_list("佐证材料", "材料", "级别")
        self.proof.setMinimumHeight(t.ROW_HEIGHT * (_LIST_ROWS + 1))
        self.proof.itemActivated.connect(self._on_opened)
        self.proof.currentItemChanged.connect(self._on_proof)
        self._column.addWidget(self.proof, 2)
        self.no_proof = QLabel("这一项下面还没有材料。把文件拖到这里，或点“加材料…”。")
        self.no_proof.setWordWrap(True)
        set_role(self.no_proof, "muted")
        self._column.addWidget(self.no_proof)

    def _build_advice(self) -> None:
        row = QHBoxLayout()
        self._advice_head = QLabel("还能补回的分")
        set_role(self._advice_head, "heading")
        row.addWidget(self._advice_head)
        row.addStretch(1)
        self.mend = QPushButton(self._theme.icon("link", "accent"), "去补")
        set_role(self.mend, "link")
        self.mend.setToolTip("到能补的地方（在清单里按回车也可以）")
        self.mend.clicked.connect(self._on_mend)
        row.addWidget(self.mend)
        self._column.addLayout(row)
        self.advice = plain_list("还能补回的分，得分多的在前", "怎样补", "约得分")
        self.advice.setMinimumHeight(t.ROW_HEIGHT * 3)
        self.advice.itemActivated.connect(self._on_mend)
        self._column.addWidget(self.advice, 1)

    # -- showing -----------------------------------------------------------------------------

    def show_line(self, line: Line, mode: Mode, assessor: str, deducted: dict[str, str]) -> None:
        """Show an item as it stands."""
        points = line.points
        most = "不限" if points.highest is None else shown(points.highest)
        got = "缺" if points.points is None else shown(points.points)
        self.setAcceptDrops(mode != "inspect")
        self.add_button.setVisible(mode != "inspect")
        self.name.setText(f"{points.no} {points.name}")
        self.points.setText(f"得分 {got} / {most}　{line.state[2]}")
        self.words.setText(points.words)
        self.words.setVisible(bool(points.words))
        self.lacking.setText("\n".join(f"缺：{one}" for one in points.lacking))
        self.lacking.setVisible(bool(points.lacking))
        told = [
            f"{name} {shown(one.points)}{f'：{one.comment}' if one.comment else ''}"
            for name, one in line.given.items()
        ]
        if line.spread is not None and line.mean is not None:
            told.append(f"平均 {shown(line.mean)}，相差 {shown(line.spread)}")
        if line.own is not None:
            told.insert(0, f"自评 {shown(line.own.points)}")
        self.others.setText("\n".join(told))
        self.others.setVisible(bool(told))
        self._show_comment(line, mode, assessor)
        self._show_deductions(line, mode, deducted)
        self._show_advice(() if mode != "self" else points.advice)

    def _show_comment(self, line: Line, mode: Mode, assessor: str) -> None:
        given = line.given.get(assessor)
        self.comment.setVisible(mode == "assessor")
        self.comment.setEnabled(given is not None)
        self.comment.setPlaceholderText("评语（可不填）" if given else "先打分，再写评语")
        if not self.comment.hasFocus():
            self.comment.setText(given.comment if given else "")
            self.comment.setModified(False)

    def _show_deductions(self, line: Line, mode: Mode, deducted: dict[str, str]) -> None:
        """Deductions that nobody can count: how often."""
        wanted = [one for one in line.item.deductions if one.counted is None]
        if list(self._deductions) != [f"{line.points.no}/{one.name}" for one in wanted]:
            while (taken := self._grid.takeAt(0)) is not None:
                widget = taken.widget()
                if widget is not None:
                    widget.hide()
                    widget.deleteLater()
            self._deductions = {}
            for row, one in enumerate(wanted):
                label = QLabel(f"{one.name}（每次扣 {shown(one.each)} 分），几次")
                label.setWordWrap(True)
                field = QLineEdit()
                field.setFixedWidth(64)
                field.setAlignment(Qt.AlignmentFlag.AlignRight)
                field.setAccessibleName(f"{one.name}次数")
                field.setPlaceholderText("0")
                key = f"{line.points.no}/{one.name}"
                field.editingFinished.connect(lambda key=key: self._on_deduction(key))
                label.setBuddy(field)
                self._grid.addWidget(label, row, 0)
                self._grid.addWidget(field, row, 1)
                self._deductions[key] = field
        for key, field in self._deductions.items():
            field.setReadOnly(mode == "inspect")
            if not (field.hasFocus() and field.isModified()):
                field.setText(deducted.get(key, ""))
                field.setModified(False)

    def _show_advice(self, advice: tuple[Advice, ...]) -> None:
        self._advice = tuple(sorted(advice, key=lambda one: -one.gain))
        rows = (
            (str(number), (one.words, f"+{shown(one.gain)}"))
            for number, one in enumerate(self._advice)
        )
        fill(self.advice, rows)
        self._fit(self.advice)
        for widget in (self._advice_head, self.mend, self.advice):
            widget.setVisible(bool(advice))
        self._choose(self.advice, "0")

    def show_proof(self, proof: Sequence[Proof]) -> None:
        """What the points rest on; the chosen one stays chosen."""
        current = self.proof.currentItem()
        keep = current.data(0, ID) if current is not None else ""
        fill(self.proof, ((one.record, (one.words, one.level)) for one in proof))
        self._fit(self.proof)
        self.proof.setColumnHidden(1, not any(one.level for one in proof))
        self.proof.setVisible(bool(proof))
        self.no_proof.setVisible(not proof and not self.add_button.isHidden())
        self._choose(self.proof, keep)
        if not proof:
            self.proof_chosen.emit("")

    @staticmethod
    def _choose(lines: QTreeWidget, row_id: str) -> None:
        """Choose the line of that id, else the first."""
        every = [lines.topLevelItem(n) for n in range(lines.topLevelItemCount())]
        there = [one for one in every if one is not None]
        for one in (*(each for each in there if each.data(0, ID) == row_id), *there):
            lines.setCurrentItem(one)
            break

    @staticmethod
    def _fit(lines: QTreeWidget) -> None:
        """The first column takes what the short second one leaves."""
        head = lines.header()
        head.setStretchLastSection(False)
        head.setSectionResizeMode(0, head.ResizeMode.Stretch)
        head.setSectionResizeMode(1, head.ResizeMode.ResizeToContents)

    # -- what is wanted ------------------------------------------------------------------------

    @Slot(QTreeWidgetItem, QTreeWidgetItem)
    def _on_proof(self, now: QTreeWidgetItem | None, _before: QTreeWidgetItem | None) -> None:
        if now is not None:
            self.proof_chosen.emit(now.data(0, ID))

    @Slot(QTreeWidgetItem, int)
    def _on_opened(self, line: QTreeWidgetItem, _column: int) -> None:
        self.proof_opened.emit(line.data(0, ID))

    @Slot()
    def _on_mend(self) -> None:
        current = self.advice.currentItem()
        if current is not None:
            self.mend_wanted.emit(self._advice[int(current.data(0, ID))])

    @Slot()
    def _on_comment(self) -> None:
        if self.comment.isModified():
            self.comment.setModified(False)
            self.comment_typed.emit(self.comment.text())

    def _on_deduction(self, key: str) -> None:
        field = self._deductions.get(key)
        if field is not None and field.isModified():
            field.setModified(False)
            self.deduction_typed.emit(key, field.text().strip())

    @override
    def dragEnterEvent(self, arg__1: QDragEnterEvent) -> None:
        if arg__1.mimeData().hasUrls():
            arg__1.acceptProposedAction()

    @override
    def dropEvent(self, arg__1: QDropEvent) -> None:
        urls = [one for one in arg__1.mimeData().urls() if one.isLocalFile()]
        arg__1.acceptProposedAction()
        if urls:
            self.files_dropped.emit([Path(one.toLocalFile()) for one in urls])
