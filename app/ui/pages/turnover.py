"""学年结转: choose what goes on into the next school year, then make it as one step."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, Slot
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from app.errors import AppError
from app.services.activities.turnover import Turned, Wanted
from app.ui.framework import tokens as t
from app.ui.framework.jobs import Job
from app.ui.framework.messages import LAST_STEP
from app.ui.framework.theme import set_role

if TYPE_CHECKING:
    from app.bootstrap import Services
    from app.progress import Progress
    from app.services.activities.turnover import Turnover
    from app.ui.framework.page import Tools

_ID = Qt.ItemDataRole.UserRole
_ON, _OFF = Qt.CheckState.Checked, Qt.CheckState.Unchecked


class TurnoverDialog(QDialog):
    """Everything that goes on is ticked; what is not ticked ends with the old year."""

    def __init__(
        self, tools: Tools, services: Services, adoption_id: str, parent: QWidget | None = None
    ) -> None:
        """Raises AppError when there is nothing to turn over."""
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._tools = tools
        self._services = services
        self._adoption_id = adoption_id
        self._view = services.plans.turnover(adoption_id)
        self.setWindowTitle("学年结转")
        self.resize(720, 560)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 20, 20, 20)
        column.setSpacing(t.GAP)
        column.addWidget(self._heading(self._view))
        self._answers: dict[str, QLineEdit | QComboBox] = {}
        if self._view.questions:
            column.addLayout(self._questions(self._view))
        self.tree = self._tree(self._view)
        column.addWidget(self.tree, 1)
        self.told = QLabel()
        self.told.setWordWrap(True)
        set_role(self.told, "muted")
        column.addWidget(self.told)
        column.addLayout(self._buttons())
        self._tell()

    def _heading(self, view: Turnover) -> QLabel:
        terms = "；".join(
            f"{name} {start.year}年{start.month}月{start.day}日起"
            for name, start, _end in view.terms
        )
        words = QLabel(
            f"新建 {view.period}，继续用同一个方案。{terms + '。' if terms else ''}"
            "开学和放假的日子以后可以在“更多”里按校历改。"
        )
        words.setWordWrap(True)
        return words

    def _questions(self, view: Turnover) -> QVBoxLayout:
        form = QVBoxLayout()
        form.setSpacing(t.GRID)
        for question in view.questions:
            editor: QLineEdit | QComboBox
            if question.choices:
                editor = QComboBox()
                editor.addItems(["", *question.choices])
                editor.setCurrentText(question.answer)
            else:
                editor = QLineEdit(question.answer)
                editor.setMaximumWidth(240)
            editor.setAccessibleName(question.text)
            label = QLabel(question.text)
            label.setWordWrap(True)
            form.addWidget(label)
            form.addWidget(editor)
            self._answers[question.key] = editor
        return form

    def _tree(self, view: Turnover) -> QTreeWidget:
        tree = QTreeWidget()
        tree.setAccessibleName("带到新学年的内容")
        tree.setHeaderLabels(["带到新学年的内容", "说明"])
        tree.setColumnWidth(0, 320)
        self._plans = _branch(tree, "复制计划（日期后移一年）", [
            (one.id, f"{one.title}", f"改名为“{one.new_title}”，{one.items} 条")
            for one in view.plans
        ])  # fmt: skip
        self._members = _branch(tree, "成员继续任职", [
            (one.appointment_id, f"{one.name}　{one.role}",
             "　".join(filter(None, (one.group, one.school))))
            for one in view.members
        ])  # fmt: skip
        self._groups = _branch(tree, "小组继续", [
            (one.id, one.name, f"{one.members} 人") for one in view.groups
        ])  # fmt: skip
        tree.expandItem(self._plans)
        tree.itemChanged.connect(self._tell)
        tree.setCurrentItem(self._plans)
        return tree

    def _buttons(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.addStretch(1)
        cancel = QPushButton("取消")
        cancel.setAutoDefault(False)
        cancel.clicked.connect(self.reject)
        row.addWidget(cancel)
        self.start = QPushButton(f"建立 {self._view.period}")
        set_role(self.start, "primary")
        self.start.setDefault(True)
        self.start.clicked.connect(self.turn_over)
        row.addWidget(self.start)
        return row

    @Slot()
    def _tell(self) -> None:
        """Say what the ticks mean."""
        view, wanted = self._view, self.wanted()
        staying = len(view.members) - len(wanted.leaving)
        words = [f"复制 {len(wanted.plans)} 份计划，{staying} 项任职继续。"]
        if wanted.leaving or wanted.closing:
            words.append(f"没有勾选的任职和小组到 {view.ends_on} 为止，人员和以往的记录都保留。")
        if view.ended:
            words.append(f"另有 {view.ended} 项任职此前已经结束，不带入。")
        words.append("做完以后可以撤销。")
        self.told.setText("".join(words))

    def wanted(self) -> Wanted:
        """What the ticks and answers say."""
        return Wanted(
            plans=_ids(self._plans, _ON),
            leaving=_ids(self._members, _OFF),
            closing=_ids(self._groups, _OFF),
            answers={
                key: one.currentText() if isinstance(one, QComboBox) else one.text()
                for key, one in self._answers.items()
            },
        )

    @Slot()
    def turn_over(self) -> None:
        """Make the next year; the window then shows it."""
        plans, wanted, adoption_id = self._services.plans, self.wanted(), self._adoption_id

        def work(_progress: Progress) -> Turned:
            return plans.turn_over(adoption_id, wanted)

        def done(turned: Turned) -> None:
            self.accept()
            self._tools.messages.say("".join(turned.lines), topic=LAST_STEP)

        def failed(error: Exception) -> None:
            self.start.setEnabled(True)
            if isinstance(error, AppError):
                self.told.setText(error.sentence)
                set_role(self.told, "error")
            else:
                self._tools.errors.show_error(error)

        self.start.setEnabled(False)
        self._tools.jobs.start(Job("学年结转", work, done, failed, owner=self, quiet=True))


def _branch(tree: QTreeWidget, title: str, rows: list[tuple[str, str, str]]) -> QTreeWidgetItem:
    top = QTreeWidgetItem(tree, [title, f"共 {len(rows)} 项" if rows else "没有"])
    tick, size = Qt.ItemFlag.ItemIsUserCheckable, QSize(0, t.ROW_HEIGHT)
    top.setSizeHint(0, size)
    if rows:
        top.setFlags(top.flags() | tick | Qt.ItemFlag.ItemIsAutoTristate)
        top.setCheckState(0, _ON)
    for record_id, words, note in rows:
        line = QTreeWidgetItem(top, [words, note])
        line.setData(0, _ID, record_id)
        line.setFlags(line.flags() | tick)
        line.setCheckState(0, _ON)
        line.setToolTip(1, note)
        line.setSizeHint(0, size)
    return top


def _ids(branch: QTreeWidgetItem, state: Qt.CheckState) -> tuple[str, ...]:
    lines = (branch.child(number) for number in range(branch.childCount()))
    return tuple(
        line.data(0, _ID) for line in lines if line is not None and line.checkState(0) == state
    )
