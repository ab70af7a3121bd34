"""归档: evidence under the assessment items, the boxes that follow from it, and their paper."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QUrl, Slot
from PySide6.QtGui import QDesktopServices
from typing_extensions import override

from app.errors import AppError, ValidationError
from app.services.boxes.service import BoxEdit
from app.services.evidence.catalogue import Query
from app.ui.framework.jobs import Job
from app.ui.framework.messages import LAST_STEP, Message
from app.ui.framework.page import Page
from app.ui.pages.boxes_findings import MENDED_IN, BoxState
from app.ui.pages.boxes_layout import BoxesLayout
from app.ui.pages.materials_adding import Adding
from app.ui.pages.materials_intake import summary

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from app.bootstrap import Services
    from app.progress import Progress
    from app.services.adoption import AdoptionView
    from app.services.box_view import BoxView
    from app.services.boxes.findings import Finding
    from app.services.boxes.service import PlanReport
    from app.services.evidence.service import EvidenceEdit, IngestReport
    from app.services.unit_of_work import Changes
    from app.ui.framework.page import Tools
    from app.ui.pages.boxes_model import Pieces

_TREE = ("evidence", "evidence_link", "assessment_item")
_BOXES = (*_TREE, "box", "box_item", "archival_code", "setting", "school", "community", "person")


class BoxesPage(Page):
    """Three columns; every change shows in the boxes, the findings and the preview."""

    help_text = (
        "左边是考核表：把“待归类”里的材料拖到考核项上；按住 Ctrl 拖，就同时用于另一个考核项；"
        "桌面上的文件和文件夹也可以直接拖到考核项上。\n"
        "用键盘：Ctrl+X 剪切、Ctrl+C 复制，到考核项上按 Ctrl+V；"
        "Del 移出考核项（材料仍在“材料”页）。\n\n中间是档案盒：按 F5 排盒，材料按考核表的顺序和日期装盒、"
        "编页次；材料有变动就再排一次。“打印前请看”列出要先处理的问题，双击就到能处理的地方。\n\n"
        "右边随时看到封面、盒脊、目录和备考表打印出来的样子；按 Ctrl+P 打印整套或存成文件。\n\n"
        "“编档号…”按盒内次序给材料编档号；“更多”里的“核对二维码…”看贴着的标签是不是还合现在的目录。"
    )
    keys = (
        ("F6", "到下一栏"),
        ("Ctrl+F", "查找考核项或材料"),
        ("Ctrl+X / Ctrl+V", "移到别的考核项"),
        ("Ctrl+C / Ctrl+V", "同时用于别的考核项"),
        ("Del", "移出考核项"),
        ("Enter", "打开文件；到问题所在处"),
    )

    def __init__(
        self,
        tools: Tools,
        services: Services,
        adoption: AdoptionView,
        go: Callable[[str, str], None] | None = None,
    ) -> None:
        super().__init__(tools, "归档")
        self._services = services
        self._adoption = adoption
        self._go = go
        self._ticket = 0
        self.state: BoxState | None = None
        self.adding = Adding(self, tools, services, adoption.id)
        self.set_primary("打印整套…", "printer", self.print_set, "Ctrl+P")
        self.add_button("编档号…", "tag", self.give_codes)
        self.plan_button = self.add_button("排盒", "archive", self.plan, "F5")
        self.add_more("查找考核项或材料", self._focus_find, "search", "Ctrl+F")
        self.add_more("看还没归类的材料", self._show_loose, "inbox")
        self.add_more("看打印前的问题", self._show_findings_tab, "list-checks")
        if go is not None:
            self.add_more("到“文件”页打印…", self._go_to_paper, "printer", "Ctrl+Shift+P")
        self.add_more("核对二维码…", self.check_label, "search")
        self.parts = BoxesLayout(tools, services, adoption.id)
        self.set_content(self.parts)
        self.set_start(self.parts.tree)
        self._connect()

    def _connect(self) -> None:
        parts = self.parts
        parts.plan_wanted.connect(self.plan)
        parts.tree.put_wanted.connect(self.put)
        parts.tree.items.files_dropped.connect(self._take_in)
        parts.tree.chosen.connect(self._on_chosen)
        parts.tree.opened.connect(self.open_file)
        parts.mend.edited.connect(self._mend)
        parts.list.picked.connect(self._show_box)
        parts.form.edited.connect(self._edit_box)
        parts.directory.opened.connect(self._find_row)
        parts.findings.wanted.connect(self.go_to_findings)
        self.adding.added.connect(self._on_added)

    # -- showing -----------------------------------------------------------------------------

    @override
    def refresh(self, changes: Changes | None) -> None:
        try:
            if changes is None or changes.touches(*_TREE):
                if not self._services.catalogue.count(Query()):
                    self._show_no_evidence()
                    return
                self.show_content()
                self.parts.tree.reload()
        except AppError as error:
            self.tools.errors.show_error(error)
        if changes is None or changes.touches(*_BOXES):
            self._look()

    def _show_no_evidence(self) -> None:
        go = self._go
        self.subtitle.setText("")
        self.state = None
        to_materials = (lambda: go("materials", "")) if go else None
        self.show_empty(
            "inbox", "还没有材料。先加入照片、文件，再归入考核项、排盒、打印。",
            "到“材料”页" if go else "", to_materials,
        )  # fmt: skip

    def _look(self) -> None:
        """Read boxes and findings beside the window; only the latest answer counts."""
        self._ticket += 1
        ticket, services, adoption_id = self._ticket, self._services, self._adoption.id

        def work(_progress: Progress) -> BoxState:
            report = services.boxes.report(adoption_id)
            current = not report.boxes or services.boxes.is_current(adoption_id)
            return BoxState(report.boxes, report.findings, current, services.settings.get())

        def show(state: BoxState) -> None:
            if ticket == self._ticket:
                self._show_state(state)

        job = Job("查看档案盒", work, show, owner=self, database=False, quiet=True)
        self.tools.jobs.start(job)

    def _show_state(self, state: BoxState) -> None:
        parts, boxes = self.parts, state.boxes
        self.state = state
        placed = any(node.count for node in parts.tree.items.root.children[1:])
        if boxes:
            parts.boxes.setCurrentWidget(parts.list)
        else:
            parts.boxes.setCurrentWidget(parts.no_boxes if placed else parts.nothing_placed)
        parts.stale.setVisible(not state.current)
        parts.list.show_boxes(boxes, state.settings.slack_mm)
        for tab in (0, 1):
            parts.tabs.setTabEnabled(tab, bool(boxes))
        parts.show_findings(state.findings)
        self.subtitle.setText(_summary(boxes))

    @Slot(object)
    def _show_box(self, box: BoxView | None) -> None:
        self.parts.directory.show_box(box)
        if self.state is not None:
            self.parts.form.show_box(box, self.state.settings)
        self.parts.preview.show_box(box)

    @Slot()
    def _on_chosen(self) -> None:
        tree = self.parts.tree
        nodes = [tree.items.node(index) for index in tree.selectionModel().selectedRows()]
        self.parts.mend.show_rows([node.piece for node in nodes if node.piece is not None])

    @override
    def can_leave(self) -> bool:
        return self.parts.mend.commit_all() and self.parts.form.commit_all()

    @override
    def show_view(self, name: str) -> None:
        if name == "findings":
            self._show_findings_tab()
        elif name == "unplaced":
            self._show_loose()

    @Slot()
    def _focus_find(self) -> None:
        self.parts.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.parts.search.selectAll()

    @Slot()
    def _show_loose(self) -> None:
        self.parts.tree.show_loose()
        self.parts.tree.setFocus(Qt.FocusReason.OtherFocusReason)

    @Slot()
    def _show_findings_tab(self) -> None:
        self.parts.tabs.setCurrentWidget(self.parts.findings)
        self.parts.findings.table.setFocus(Qt.FocusReason.OtherFocusReason)

    # -- putting in order ----------------------------------------------------------------------

    @Slot(object, object, bool)
    def put(self, pieces: Pieces, item_id: str | None, stays: bool = False) -> None:
        """Put pieces under an item (None: under none), and out of where they lay unless they stay."""
        moved = [(evidence_id, None if stays else item) for evidence_id, item in pieces]
        words = f"已移出考核项 {len(pieces)} 份，材料仍在“待归类”或别的考核项下。"
        if item_id is not None:
            name = self.parts.tree.items.by_key[item_id].words
            words = f"已把 {len(pieces)} 份材料放到“{name}”。"

        def done(_nothing: object) -> None:
            undo = partial(self._undo, self._services.history.undo_step())
            self.tools.messages.say(words, action_text="撤销", action=undo, topic=LAST_STEP)

        self._write("调整考核项", lambda: self._services.evidence.transfer(moved, item_id), done)

    def _undo(self, step: int | None) -> None:
        """Take a move back, if nothing else was done since."""
        if self._services.history.undo_step() != step:
            hint = "请用 Ctrl+Z 一步一步撤销。"
            self.tools.messages.post(Message("之后又做了别的修改。", hint, "warning"))
            return
        self._write("撤销", self._services.history.undo)

    def _write(
        self,
        label: str,
        act: Callable[[], object],
        done: Callable[[object], None] | None = None,
        failed: Callable[[Exception], None] | None = None,
    ) -> None:
        """Change something beside the window, one change after the other; many pieces take a while."""

        def work(_progress: Progress) -> object:
            return act()

        self.tools.jobs.start(Job(label, work, done, failed, owner=self, quiet=True))

    @Slot(object, object)
    def _take_in(self, paths: list[Path], item_id: str | None) -> None:
        self.adding.add(paths, item_id)

    @Slot(object)
    def _on_added(self, report: IngestReport) -> None:
        hint = "；".join(f"{refusal.path.name}：{refusal.reason}" for refusal in report.refused[:3])
        kind = "warning" if report.refused else "success"
        self.tools.messages.post(Message(f"加入材料：{summary(report)}", hint, kind))  # type: ignore[arg-type]

    @Slot(str)
    def open_file(self, evidence_id: str) -> None:
        """Open the file of a piece in the program that belongs to it."""
        try:
            path = self._services.evidence.path(evidence_id)
        except AppError as error:
            self.tools.errors.show_error(error)
            return
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(path)))

    @Slot(object, object)
    def _mend(self, ids: tuple[str, ...], edit: EvidenceEdit) -> None:
        def failed(error: Exception) -> None:
            if isinstance(error, ValidationError):
                self.parts.mend.show_error(error.sentence)
            else:
                self.tools.errors.show_error(error)

        self._write("修改材料", lambda: self._services.evidence.edit(ids, edit), failed=failed)

    @Slot(object)
    def go_to_findings(self, findings: list[Finding]) -> None:
        """Select what findings are about, with the cursor in the field that mends them."""
        kind = findings[0].kind
        if kind in {"unplaced", "code"}:
            (self._show_loose if kind == "unplaced" else self.give_codes)()
            return
        if self.parts.tree.select([finding.evidence_id or "" for finding in findings]):
            self.parts.tree.setFocus(Qt.FocusReason.OtherFocusReason)
            if kind in MENDED_IN:
                self.parts.mend.focus(MENDED_IN[kind])

    @Slot(str)
    def _find_row(self, row_id: str) -> None:
        if self.parts.tree.select([row_id.partition("/")[0]]):
            self.parts.tree.setFocus(Qt.FocusReason.OtherFocusReason)

    # -- boxes ---------------------------------------------------------------------------------

    @Slot()
    def plan(self) -> None:
        """Arrange the boxes anew, in the background."""
        if not self.can_leave():
            return

        def work(_progress: Progress) -> PlanReport:
            return self._services.boxes.plan(self._adoption.id)

        def words(report: PlanReport) -> str:
            return _summary(report.boxes)

        def done(report: PlanReport) -> None:
            self.tools.messages.say(f"已排盒：{words(report)}。")

        self.tools.jobs.start(Job("排盒", work, done, owner=self, done_text=words))

    @Slot(str, object)
    def _edit_box(self, box_id: str, change: BoxEdit | str) -> None:
        try:
            if isinstance(change, BoxEdit):
                self._services.boxes.edit(box_id, change)
            else:
                self._services.boxes.set_width(box_id, _width(change))
        except ValidationError as error:
            self.parts.form.set_error("spine_mm", error.sentence)
        except AppError as error:
            self.tools.errors.show_error(error)

    @Slot()
    def give_codes(self) -> None:
        """Archival codes: what is given, and what would be."""
        from app.ui.pages.boxes_codes import CodesDialog

        if self.can_leave():
            CodesDialog(self.tools, self._services, self._adoption, self).open()

    @Slot()
    def check_label(self) -> None:
        """Is the directory still the one that a label was printed for?"""
        from app.ui.pages.boxes_codes import LabelDialog

        LabelDialog(self._services, self).open()

    @Slot()
    def _go_to_paper(self) -> None:
        """All forms, of the box that is looked at."""
        box = self.parts.list.box
        if self._go is not None:
            self._go("paper", f"box:{box.number}" if box else "box:")

    @Slot()
    def print_set(self) -> None:
        """Ask what to print, of which boxes, and to where."""
        from app.ui.pages.print_dialog import PrintDialog

        state = self.state
        if state is None or not state.boxes:
            self.tools.messages.say("还没有档案盒。请先把材料归入考核项，再按 F5 排盒。")
            return
        if not self.can_leave():
            return
        box = self.parts.list.box
        number = box.number if box else None
        dialog = PrintDialog(
            self.tools, self._services, self._adoption, state, number=number, parent=self
        )
        dialog.plan_wanted.connect(self.plan)
        dialog.mend_wanted.connect(self.go_to_findings)
        dialog.open()


def _summary(boxes: tuple[BoxView, ...]) -> str:
    """Boxes, pieces and pages in words."""
    if not boxes:
        return ""
    pieces, pages = sum(box.pieces for box in boxes), sum(box.pages for box in boxes)
    return f"{len(boxes)} {boxes[0].unit}，{pieces} 件，{pages} 页"


def _width(text: str) -> float:
    try:
        return float(text.strip().removesuffix("毫米"))
    except ValueError:
        raise ValidationError("盒脊宽度要填数字。", "例如 30。") from None
