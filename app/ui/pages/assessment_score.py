"""评分: the table of one subject; points typed by itself or by assessors, proof beside each item."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QFileDialog,
    QLabel,
    QSplitter,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from app.errors import AppError
from app.services.standing.figures import shown
from app.ui.framework import tokens as t
from app.ui.framework.jobs import Job
from app.ui.framework.messages import LAST_STEP, Message
from app.ui.framework.page import EmptyState
from app.ui.framework.theme import set_role
from app.ui.pages.assessment_head import ScoreHead
from app.ui.pages.assessment_item import ItemPanel
from app.ui.pages.assessment_places import place_of, takes_files
from app.ui.pages.assessment_proof import ProofPreview
from app.ui.pages.assessment_state import read_state
from app.ui.pages.assessment_tree import ScoreTree
from app.ui.pages.assessment_waiting import waiting
from app.ui.pages.materials_adding import Adding
from app.ui.pages.materials_intake import summary

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from app.bootstrap import Services
    from app.progress import Progress
    from app.services.adoption import AdoptionView
    from app.services.evidence.service import IngestReport
    from app.services.standing.points import Advice
    from app.services.standing.roster import Subject
    from app.services.standing.views import Proof
    from app.services.unit_of_work import Changes
    from app.ui.framework.page import Tools
    from app.ui.pages.assessment_state import State
    from app.ui.pages.assessment_tree import Mode

_SPLIT = "assessment/split"


class ScoreView(QWidget):
    """Tree of the table at the left, the chosen item in the middle, its proof at the right."""

    help_text = (
        "评分：左边是考核表，中间说明这一项的分怎样来的、有哪些佐证材料、补什么最划算，右边预览选中的材料。"
        "把文件拖到中间，就放进这一项。\n"
        "自评：要人工评的项目直接在“自评”一栏打分。评委评分：先选评委（或加一位新评委），逐项打分，"
        "回车到下一项，随时看到合计、各位评委的平均和相差。打完即存，Ctrl+Z 撤销。\n"
        "迎检查看只能看不能改；F11 全屏，Esc 退出。“自评报告…”输出 Word、PDF 或 Excel。"
    )
    keys: tuple[tuple[str, str], ...] = (
        ("回车　↑　↓", "下一项、上一项、下一项的打分格"),
        ("Ctrl+Enter", "回到打分格"),
        ("Alt+Z　Alt+P　Alt+Y", "自评、评委评分、迎检查看"),
        ("Alt+W", "另一位评委"),
        ("Alt+B", "自评报告"),
        ("回车（佐证材料）", "打开这份材料所在的地方"),
        ("F6", "考核表、佐证材料"),
        ("F11　Esc", "全屏、退出全屏"),
    )

    def __init__(
        self,
        tools: Tools,
        services: Services,
        adoption: AdoptionView,
        go: Callable[[str, str], None],
        *,
        full_screen: bool = False,
    ) -> None:
        super().__init__()
        self._tools, self._services, self._adoption, self._go = tools, services, adoption, go
        self._full_screen = full_screen
        self._ticket = self._proof_ticket = 0
        self._wanted = ""
        self.state: State | None = None
        self.mode: Mode = "self"
        self.adding = Adding(self, tools, services, adoption.id)
        self.adding.added.connect(self._on_added)
        self._build()
        self._connect()
        self.setFocusProxy(self.tree)

    # -- building ----------------------------------------------------------------------------

    def _build(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, t.GAP_SMALL, 0, 0)
        column.setSpacing(t.GAP_SMALL)
        self.head = ScoreHead(self._tools.theme, full_screen=self._full_screen)
        self.head.show_mode(self.mode)
        column.addWidget(self.head)
        self.tree = ScoreTree(self._tools.theme)
        self.complaint = QLabel()
        self.complaint.setWordWrap(True)
        set_role(self.complaint, "error")
        self.complaint.hide()
        left = QWidget()
        inside = QVBoxLayout(left)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.setSpacing(t.GRID)
        inside.addWidget(self.complaint)  # above: notices lie over the foot of the page
        inside.addWidget(self.tree, 1)
        self.item = ItemPanel(self._tools.theme)
        self.preview = ProofPreview(self._tools, self._services)
        self.split = QSplitter(Qt.Orientation.Horizontal)
        self.split.setChildrenCollapsible(False)
        self.split.setHandleWidth(t.GAP_SMALL)
        for widget, least in ((left, 400), (self.item, 260), (self.preview, 220)):
            widget.setMinimumWidth(least)
            self.split.addWidget(widget)
        self.split.setSizes(self._tools.settings.numbers(_SPLIT) or [520, 340, 320])
        self.split.splitterMoved.connect(self._remember_split)
        self.nothing = EmptyState(
            self._tools.theme, "clipboard-check",
            "采用的方案没有考核表，不用逐项评分。成绩在“录入成绩”里填写，名次和等次看“结果”。",
            "看结果", lambda: self._go("assessment", "results"),
        )  # fmt: skip
        self._stack = QStackedWidget()
        self._stack.addWidget(waiting())
        self._stack.addWidget(self.split)
        self._stack.addWidget(self.nothing)
        column.addWidget(self._stack, 1)

    def _connect(self) -> None:
        self.head.subject_picked.connect(self._on_subject)
        self.head.mode_picked.connect(self.show_mode)
        self.head.assessor_picked.connect(self._on_new_assessor)
        self.head.report_wanted.connect(self.write_report)
        self.head.full_wanted.connect(self.show_full_screen)
        self.tree.chosen.connect(self._on_chosen)
        self.tree.typed.connect(self._on_points)
        self.tree.finished.connect(self._on_finished)
        self.item.proof_chosen.connect(self.preview.show_record)
        self.item.proof_opened.connect(self._open_proof)
        self.item.files_dropped.connect(self._take_in)
        self.item.add_wanted.connect(self._choose_files)
        self.item.mend_wanted.connect(self._mend)
        self.item.comment_typed.connect(self._on_comment)
        self.item.deduction_typed.connect(self._on_deduction)
        for keys, slot in (
            ("F11", self.show_full_screen), ("F6", self._next_column),
            ("Alt+W", self.head.ask_assessor),
            ("Ctrl+Return", self.tree.focus_field),
        ):  # fmt: skip
            if keys == "F11" and self._full_screen:
                continue
            shortcut = QShortcut(QKeySequence(keys), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(slot)

    # -- showing -----------------------------------------------------------------------------

    @property
    def subject(self) -> Subject | None:
        """Whose table is shown."""
        return self.state.subject if self.state else None

    def refresh(self, _changes: Changes | None) -> None:
        """Read the table beside the window; only the latest answer counts."""
        self._ticket += 1
        ticket, chosen = self._ticket, self.head.subject_id

        def work(_progress: Progress) -> State:
            return read_state(self._services, self._adoption, chosen)

        def show(state: State) -> None:
            if ticket == self._ticket:
                self.show_state(state)

        job = Job("查看考核表", work, show, owner=self, database=False, quiet=True)
        self._tools.jobs.start(job)

    def show_state(self, state: State) -> None:
        """Show a table that was read."""
        self.state = state
        self.head.show_state(state, self.mode)
        self._stack.setCurrentWidget(self.split if state.lines else self.nothing)
        self.tree.show_state(state, self.mode, self.head.assessor)
        if self._wanted:
            self.tree.select(self._wanted)
            self._wanted = ""
        self._show_item()
        self._look_for_proof()

    def _show_item(self) -> None:
        state, no = self.state, self.tree.number
        if state is not None and no in state.lines:
            self.item.show_line(
                state.lines[no], self.mode, self.head.assessor, dict(state.deducted)
            )

    @Slot(str)
    def _on_chosen(self, _no: str) -> None:
        self._show_item()
        self._look_for_proof()

    def _look_for_proof(self) -> None:
        state, no = self.state, self.tree.number
        if state is None or no not in state.lines:
            return
        self._proof_ticket += 1
        ticket, subject = self._proof_ticket, state.subject

        def work(_progress: Progress) -> tuple[Proof, ...]:
            return self._services.standing.proof(self._adoption.id, no, subject)

        def show(proof: tuple[Proof, ...]) -> None:
            if ticket == self._proof_ticket:
                self.item.show_proof(proof)

        job = Job("查看佐证", work, show, owner=self, database=False, quiet=True)
        self._tools.jobs.start(job)

    def show_view(self, view: str) -> None:
        """``score:<number of an item>`` chooses that item."""
        no = view.partition(":")[2]
        if self.state is not None and no in self.state.lines:
            self.tree.select(no)
        self._wanted = no

    def set_inspecting(self, other: ScoreView) -> None:
        """Show what another view shows, with nothing that changes it."""
        if other.state is not None:
            self._wanted = other.tree.number
            self.show_state(other.state)

    def can_leave(self) -> bool:
        """Save what is being typed; False where it was refused."""
        field = self.tree.unsaved()
        if field is not None:
            field.editingFinished.emit()
            if field.typed:
                field.setFocus()
                return False
        return True

    # -- whose and who -----------------------------------------------------------------------

    @Slot()
    def _on_subject(self) -> None:
        self.refresh(None)

    @Slot(str)
    def show_mode(self, mode: Mode) -> None:
        """Self-assessment, entry by assessors, or only to be looked at."""
        if not self.can_leave():
            mode = self.mode
        self.mode = mode
        self.head.show_mode(mode)
        self._complain("")
        if self.state is not None:
            self.show_state(self.state)
        if mode != "assessor":
            self.tree.setFocus()  # the field that had the cursor may be gone
        elif self.head.assessor:
            self.tree.focus_field()
        else:
            self.head.ask_assessor()

    @Slot()
    def _on_new_assessor(self) -> None:
        """Points are given under another name from now on."""
        if self.state is None or not self.head.assessor or not self.can_leave():
            return
        self.tree.show_state(self.state, self.mode, self.head.assessor)
        self.head.show_total(self.state, self.mode)
        if not self.state.assessor_total(self.head.assessor)[1]:
            self.tree.select(next(iter(self.state.lines), ""))  # whoever begins, begins above
        self._show_item()
        self.tree.focus_field()

    # -- typing ------------------------------------------------------------------------------

    @Slot(str, str)
    def _on_points(self, no: str, text: str) -> None:
        line = self.state.lines[no] if self.state else None
        if line is None or self.subject is None:
            return
        before = line.given.get(self.head.assessor) if self.mode == "assessor" else line.own
        self._give(no, text, before.comment if before else "")

    def _give(self, no: str, text: str, comment: str) -> None:
        """Save points at once; refused ones stay where they are, with the reason below."""
        from app.services.standing.points_typed import points_of

        if self.state is None:
            return
        line = self.state.lines[no]
        try:
            points = points_of(text, line.points.name)
            self._services.entering.set_points(
                self._adoption.id, line.item_id, self.state.subject, points,
                role="assessor" if self.mode == "assessor" else "self",
                assessor=self.head.assessor, comment=comment,
            )  # fmt: skip
        except AppError as error:
            self._complain(error.sentence)
            self.tree.mark(no, wrong=True)
            return
        self._complain("")
        self.tree.mark(no, wrong=False)
        if no in self.tree.fields:
            field = self.tree.fields[no]
            field.saved = "" if points is None else shown(points)
            field.setText(field.saved)

    @Slot(str)
    def _on_comment(self, text: str) -> None:
        no = self.tree.number
        given = self.state.lines[no].given.get(self.head.assessor) if self.state else None
        if given is not None:
            self._give(no, shown(given.points), text)

    @Slot(str, str)
    def _on_deduction(self, key: str, text: str) -> None:
        try:
            self._services.entering.set_value(
                self._adoption.id, "deduction", key, self.subject, text or None
            )
        except AppError as error:
            self._complain(error.sentence)
        else:
            self._complain("")

    def _complain(self, sentence: str) -> None:
        self.complaint.setText(sentence)
        self.complaint.setVisible(bool(sentence))

    @Slot()
    def _on_finished(self) -> None:
        if self.state is not None:
            self.head.show_total(self.state, self.mode)
            words = f"已到最后一项：{self.head.total.text()}，{self.head.rest.text()}。"
            self._tools.messages.say(words, topic=LAST_STEP)

    # -- proof -------------------------------------------------------------------------------

    @Slot(str)
    def _open_proof(self, record: str) -> None:
        if not self._full_screen:
            self._go(*place_of(record))

    @Slot(object)
    def _take_in(self, paths: list[Path]) -> None:
        state, no = self.state, self.tree.number
        if state is not None and no in state.lines:
            self.adding.add(paths, state.lines[no].item_id)

    @Slot()
    def _choose_files(self) -> None:
        from pathlib import Path

        chosen, _kind = QFileDialog.getOpenFileNames(self, "加材料")
        if chosen:
            self._take_in([Path(one) for one in chosen])

    @Slot(object)
    def _on_added(self, report: IngestReport) -> None:
        hint = "；".join(f"{one.path.name}：{one.reason}" for one in report.refused[:3])
        kind = "warning" if report.refused else "success"
        self._tools.messages.post(Message(f"加入材料：{summary(report)}", hint, kind))  # type: ignore[arg-type]

    @Slot(object)
    def _mend(self, advice: Advice) -> None:
        """Go where the piece can be had; under an item that takes any file: choose one."""
        state = self.state
        if state is None:
            return
        no = advice.record.partition(":")[2]
        line = state.lines.get(no) if advice.record.startswith("item:") else None
        if line is not None and takes_files(line.item.score):
            self._choose_files()
        else:
            self._go(*place_of(advice.record, None if line is None else line.item.score))

    # -- other windows -----------------------------------------------------------------------

    @Slot()
    def _next_column(self) -> None:
        there = self.tree.hasFocus() or any(one.hasFocus() for one in self.tree.fields.values())
        (self.item.proof if there and self.item.proof.isVisible() else self.tree).setFocus()

    @Slot()
    def write_report(self) -> None:
        """Ask where the self-assessment report goes, and write it."""
        from app.ui.pages.assessment_report import ReportDialog

        if self.subject is not None:
            ReportDialog(self._tools, self._services, self._adoption, self.subject, self).open()

    @Slot()
    def show_full_screen(self) -> None:
        """The same on the whole screen, for inspectors; nothing there can be changed by mistake."""
        from app.ui.pages.assessment_full import FullScreen

        if self.can_leave():
            FullScreen(self._tools, self._services, self._adoption, self).show_over()

    @Slot()
    def _remember_split(self) -> None:
        self._tools.settings.set(_SPLIT, self.split.sizes())
