"""编档号: the pattern, what it gives, every code with its state; and a label checked by its QR code."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Slot
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from app.errors import AppError
from app.services.codes.pattern import DA_T_22, SCHOOL
from app.services.codes.service import CodeRow
from app.ui.framework import tokens as t
from app.ui.framework.dialogs import foot
from app.ui.framework.jobs import Job
from app.ui.framework.messages import LAST_STEP
from app.ui.framework.table_view import TableView
from app.ui.framework.tables import Column, ListSource, PagedTableModel
from app.ui.framework.theme import set_role

if TYPE_CHECKING:
    from app.bootstrap import Services
    from app.progress import Progress
    from app.services.adoption import AdoptionView
    from app.services.codes.service import CodePlan
    from app.ui.framework.page import Tools

_PAUSE_MS = 250
_GAPS_SHOWN = 3
_WIDTH, _HEIGHT = 860, 560
_COLUMNS: tuple[Column[CodeRow], ...] = (
    Column("code", "档号", lambda row: row.code, width=230),
    Column("title", "题名", lambda row: row.title, width=280),
    Column("box", "盒", lambda row: row.box_number or "", align_right=True, width=48),
    Column("state", "状态", lambda row: row.state_words if row.id else "将编这个号", width=200),
)


class CodesDialog(QDialog):
    """Codes that are given and those to come in one list; nothing is given before the button."""

    def __init__(
        self,
        tools: Tools,
        services: Services,
        adoption: AdoptionView,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._tools, self._services, self._adoption = tools, services, adoption
        self._ticket = 0
        self._rows: dict[str, CodeRow] = {}
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("编档号")
        self.resize(_WIDTH, _HEIGHT)
        column = QVBoxLayout(self)
        column.setContentsMargins(t.GAP_LARGE, t.GAP_LARGE, t.GAP_LARGE, t.GAP_LARGE)
        column.setSpacing(t.GAP_SMALL)
        column.addLayout(self._make_pattern())
        self.words = QLabel()
        self.words.setWordWrap(True)
        column.addWidget(self.words)
        model: PagedTableModel[CodeRow] = PagedTableModel(_COLUMNS, _key)
        self.table = TableView(model, tools.settings, "boxes-codes", self)
        model.setParent(self.table)
        self.model = model
        self.table.setAccessibleName("档号")
        self.table.chosen.connect(self._on_chosen)
        column.addWidget(self.table, 1)
        self.gaps = QLabel()
        self.gaps.setWordWrap(True)
        column.addWidget(self.gaps)
        column.addLayout(self._make_withdrawing())
        column.addLayout(self._make_buttons())
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(_PAUSE_MS)
        self._pause.timeout.connect(self.look)
        self.look()

    def _make_pattern(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(t.GAP_SMALL)
        label = QLabel("档号的写法")
        self.pattern = QComboBox()
        self.pattern.setEditable(True)
        self.pattern.setAccessibleName("档号的写法")
        self.pattern.addItems([DA_T_22, SCHOOL])
        self.pattern.setCurrentText(self._services.settings.get().code_pattern)
        self.pattern.setToolTip(
            "没有内容的栏目连同后面的短横不写；{件号:4} 是四位的件号。"
            "门类、机构的代码在“设置”→“档号”里填"
        )
        self.pattern.editTextChanged.connect(self._on_typed)
        label.setBuddy(self.pattern)
        row.addWidget(label)
        row.addWidget(self.pattern, 1)
        return row

    def _make_withdrawing(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(t.GAP_SMALL)
        self.reason = QLineEdit()
        self.reason.setPlaceholderText("收回的原因，例如 材料重复，已移出")
        self.reason.setAccessibleName("收回的原因")
        self.reason.textChanged.connect(self._on_chosen)
        self.withdraw_button = QPushButton("收回选中的档号")
        self.withdraw_button.setToolTip("收回的号码不再给别的材料；材料可以再编一个新号")
        self.withdraw_button.setAutoDefault(False)
        self.withdraw_button.clicked.connect(self.withdraw)
        row.addWidget(self.reason, 1)
        row.addWidget(self.withdraw_button)
        return row

    def _make_buttons(self) -> QHBoxLayout:
        self.give_button = QPushButton("编档号")
        self.give_button.setEnabled(False)
        self.give_button.clicked.connect(self.give)
        return foot(self, "号码按盒内的次序编，编过的不改、不再用。", self.give_button)

    # -- showing -----------------------------------------------------------------------------

    @Slot()
    def _on_typed(self) -> None:
        self.give_button.setEnabled(False)
        self._pause.start()

    @Slot()
    def look(self) -> None:
        """Read what is given and what would be, beside the window; the latest answer counts."""
        self._ticket += 1
        ticket, codes, adoption_id = self._ticket, self._services.codes, self._adoption.id
        pattern = self.pattern.currentText().strip()

        def work(_progress: Progress) -> tuple[CodePlan, tuple[CodeRow, ...]]:
            return codes.plan(adoption_id, pattern), codes.all(adoption_id)

        def show(found: tuple[CodePlan, tuple[CodeRow, ...]]) -> None:
            if ticket == self._ticket:
                self._show(*found)

        def refuse(error: Exception) -> None:
            if ticket == self._ticket and isinstance(error, AppError):
                self._say(error.sentence, wrong=True)
            elif ticket == self._ticket:
                self._tools.errors.show_error(error)

        job = Job("查看档号", work, show, refuse, owner=self, database=False, quiet=True)
        self._tools.jobs.start(job)

    def _show(self, plan: CodePlan, given: tuple[CodeRow, ...]) -> None:
        coming = [
            CodeRow("", new.code, new.series, new.serial, new.title, new.box_number, "used")
            for new in plan.new
        ]
        rows = [*coming, *given]
        self._rows = {_key(row): row for row in rows}
        self.model.set_source(ListSource(rows, _key))
        if plan.new:
            first, last = plan.new[0].code, plan.new[-1].code
            span = first if first == last else f"{first} 至 {last}"
            self._say(f"将给 {len(plan.new)} 件编号：{span}。", wrong=False)
        elif plan.given:
            self._say(f"盒里的 {plan.given} 件都有档号了，新放入的接着往下编。", wrong=False)
        else:
            self._say("还没有排盒。请先排盒，再编档号。", wrong=False)
        self.give_button.setText(f"给 {len(plan.new)} 件编档号" if plan.new else "编档号")
        self.give_button.setEnabled(bool(plan.new))
        more = f"……等 {len(plan.gaps)} 处" if len(plan.gaps) > _GAPS_SHOWN else ""
        self.gaps.setText(f"缺号：{'；'.join(plan.gaps[:_GAPS_SHOWN])}{more}" if plan.gaps else "")
        self.gaps.setToolTip("\n".join(plan.gaps))
        self.gaps.setVisible(bool(plan.gaps))
        self._on_chosen()

    def _say(self, words: str, *, wrong: bool) -> None:
        self.words.setText(words)
        set_role(self.words, "error" if wrong else "")
        if wrong:
            self.give_button.setEnabled(False)

    # -- changing ----------------------------------------------------------------------------

    def _chosen(self) -> list[str]:
        """Ids of the selected codes that are in use."""
        rows = [self._rows[key] for key in self.table.selected_ids() if key in self._rows]
        return [row.id for row in rows if row.id and row.state != "withdrawn"]

    @Slot()
    def _on_chosen(self) -> None:
        self.withdraw_button.setEnabled(bool(self._chosen() and self.reason.text().strip()))

    @Slot()
    def give(self) -> None:
        """Give the codes as one step; a pattern that was typed becomes the archive's."""
        services, adoption_id = self._services, self._adoption.id
        pattern = self.pattern.currentText().strip()

        def work(_progress: Progress) -> CodePlan:
            if pattern != services.settings.get().code_pattern:
                services.settings.change(code_pattern=pattern)
            return services.codes.give(adoption_id)

        def done(plan: CodePlan) -> None:
            self._tools.messages.say(f"已给 {len(plan.new)} 件编了档号。", topic=LAST_STEP)
            self.look()

        self.give_button.setEnabled(False)
        self._tools.jobs.start(Job("编档号", work, done, owner=self))

    @Slot()
    def withdraw(self) -> None:
        """Take the selected codes back."""
        ids = self._chosen()
        try:
            self._services.codes.withdraw(ids, self.reason.text())
        except AppError as error:
            self._tools.errors.show_error(error)
            return
        self.reason.clear()
        self._tools.messages.say(f"已收回 {len(ids)} 个档号，号码不再使用。", topic=LAST_STEP)
        self.look()


class LabelDialog(QDialog):
    """What a scanner types from a label (or a person from its small letters) is judged at once."""

    def __init__(self, services: Services, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._services = services
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("核对二维码")
        self.setMinimumWidth(460)
        column = QVBoxLayout(self)
        column.setContentsMargins(t.GAP_LARGE, t.GAP_LARGE, t.GAP_LARGE, t.GAP_LARGE)
        column.setSpacing(t.GAP_SMALL)
        label = QLabel("扫封面或盒脊上的二维码，把内容贴在这里；也可以输入下面 16 位的目录码。")
        label.setWordWrap(True)
        column.addWidget(label)
        self.text = QPlainTextEdit()
        self.text.setAccessibleName("二维码的内容")
        self.text.setTabChangesFocus(True)
        self.text.setFixedHeight(4 * t.ROW_HEIGHT)
        label.setBuddy(self.text)
        column.addWidget(self.text)
        self.verdict = QLabel()
        self.verdict.setWordWrap(True)
        self.verdict.setMinimumHeight(2 * t.ICON)
        column.addWidget(self.verdict)
        close = QPushButton("关闭")
        close.setAutoDefault(False)
        close.clicked.connect(self.accept)
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(close)
        column.addLayout(row)
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(_PAUSE_MS)
        self._pause.timeout.connect(self.check)
        self.text.textChanged.connect(self._pause.start)

    @Slot()
    def check(self) -> None:
        """Compare with the directory of today."""
        typed = self.text.toPlainText().strip()
        words, same = "", True
        if typed:
            try:
                found = self._services.boxes.verify(typed)
                words, same = found.words, found.same
            except AppError as error:
                words, same = error.sentence, False
        self.verdict.setText(words)
        set_role(self.verdict, "" if same else "error")


def _key(row: CodeRow) -> str:
    return row.id or f"new/{row.code}"
