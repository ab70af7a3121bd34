"""听课: the list at the left, one record at the right, made for entering many in an evening."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSplitter,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from app.errors import AppError
from app.ui.framework import tokens as t
from app.ui.framework.jobs import Job
from app.ui.framework.messages import LAST_STEP, Message
from app.ui.framework.page import Page
from app.ui.framework.theme import set_role
from app.ui.pages.import_wizard_entry import ImportEntry
from app.ui.pages.observations_compare import CompareDialog
from app.ui.pages.observations_editor import Editor
from app.ui.pages.observations_entry import EntryDesk
from app.ui.pages.observations_list import ObservationList
from app.ui.pages.observations_rubrics import RubricDialog
from app.ui.pages.paper_actions import has_forms

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.bootstrap import Services
    from app.progress import Progress
    from app.services.adoption import AdoptionView
    from app.services.drafts import DraftView
    from app.services.observations.service import LessonClock
    from app.services.unit_of_work import Changes
    from app.ui.framework.page import Tools

_WIDTHS = (440, 680)
_RUBRICS = ("rubric", "rubric_item", "rubric_grade")
_TABLES = (
    "observation", "observation_step", "observation_score", "lesson", "person", "school",
    "activity", *_RUBRICS,
)  # fmt: skip


class ObservationsPage(Page):
    """Lesson observations."""

    help_text = (
        "这里记听课。填好一条按 Ctrl+Enter 就保存并开始下一条，日期、教师、班级、听课人都保留，节次自动加一；"
        "回车跳到下一个空着的栏。姓名可以打拼音首字母。\n\n"
        "教学过程每行写一个环节，右边写评析，回车到下一格，空行上回车就到“优点”；F6 记下从开课起的分钟，"
        "也可以在文字前写“5′”。\n\n"
        "同一节课有几位老师听，按 Ctrl+D 再记一位，“并排比较”里有各项平均分。\n\n"
        "没保存的内容会自动留成草稿，断电也不丢。"
    )
    keys = (
        ("Ctrl+Enter", "保存并记下一节"),
        ("Ctrl+S", "保存"),
        ("Enter", "到下一个空栏"),
        ("Ctrl+↓ / Ctrl+↑", "到下一部分 / 上一部分"),
        ("Shift+Enter", "格内换行"),
        ("F6", "记下分钟"),
        ("F7", "改授课教师"),
        ("F8", "改听课日期"),
        ("Ctrl+F", "查找听课记录"),
        ("Del", "删除选中的记录"),
    )

    def __init__(
        self,
        tools: Tools,
        services: Services,
        adoption: AdoptionView,
        go: Callable[[str, str], None] | None = None,
    ) -> None:
        super().__init__(tools, "听课")
        self._go = go
        self._services = services
        self._adoption = adoption
        self._clock: LessonClock | None = None
        self.list = ObservationList(tools, services)
        self.editor = Editor(tools, services)
        self.entry = EntryDesk(tools, services, self.editor)
        self._build_title_row()
        self.set_content(self._content_widget())
        self._build_keys()
        self._connect()
        self.set_start(self.list.table)
        self.entry.begin()

    # -- building ----------------------------------------------------------------------------

    def _build_title_row(self) -> None:
        self.set_primary("记一节课", "plus", self.start_new, "Ctrl+N")
        self.add_button("评价量表…", "list-checks", self.manage_rubrics)
        self.compare_button = self.add_button("并排比较", "columns-3", self.compare, "F9")
        self.importing = ImportEntry(self, self._services, self._adoption, "observations")
        self.add_more("再记一位听课人", self.next_observer, "user-plus", "Ctrl+D")
        if self._go is not None and has_forms(self._services, "observation"):
            self.add_more("打印选中的记录…", self.print_selected, "printer", "Ctrl+P")
        self.add_more("删除选中的记录", self.delete_selected, "trash-2")
        self.list_action = self.add_more("显示左边的列表", self._toggle_list, shortcut="F4")
        self.list_action.setCheckable(True)
        self.list_action.setChecked(True)

    def _content_widget(self) -> QWidget:
        content = QWidget()
        column = QVBoxLayout(content)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(t.GAP_SMALL)
        column.addWidget(self._draft_line())
        splitter = QSplitter(Qt.Orientation.Horizontal)
        splitter.setChildrenCollapsible(False)
        splitter.setHandleWidth(t.GAP_LARGE)
        splitter.addWidget(self.list)
        splitter.addWidget(self.editor)
        splitter.setSizes(list(_WIDTHS))
        splitter.setStretchFactor(1, 1)
        column.addWidget(splitter, 1)
        return content

    def _draft_line(self) -> QFrame:
        self.drafts = QFrame()
        self.drafts.setProperty("notice", "warning")
        row = QHBoxLayout(self.drafts)
        row.setContentsMargins(t.GAP, t.GRID, t.GAP, t.GRID)
        self.draft_words = QLabel()
        row.addWidget(self.draft_words, 1)
        self.resume_button = self._link("继续", self._resume)
        self.give_up_button = self._link("放弃", self._give_up)
        row.addWidget(self.resume_button)
        row.addWidget(self.give_up_button)
        self.drafts.hide()
        self._waiting: list[DraftView] = []
        return self.drafts

    @staticmethod
    def _link(words: str, slot: Callable[[], None]) -> QPushButton:
        button = QPushButton(words)
        set_role(button, "link")
        button.clicked.connect(slot)
        return button

    def _build_keys(self) -> None:
        for keys, slot in (
            (("Ctrl+Return", "Ctrl+Enter"), self.entry.save_and_next),
            (("Ctrl+S",), self.entry.save_and_stay),
            (("F6",), self._stamp),
            (("F7",), self._to_teacher),
            (("F8",), self._to_day),
            (("Ctrl+Down",), self._next_section),
            (("Ctrl+Up",), self._previous_section),
            (("Ctrl+F",), self._focus_filter),
        ):
            action = QAction(self)
            action.setShortcuts([QKeySequence(key) for key in keys])
            action.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            action.triggered.connect(slot)
            self.addAction(action)

    def _connect(self) -> None:
        self.list.narrowed.connect(self._say_count)
        self.list.table.chosen.connect(self._on_chosen)
        self.list.table.opened.connect(self._on_opened)
        self.list.table.delete_wanted.connect(self.delete_selected)
        self.editor.save_wanted.connect(self.entry.save_and_stay)
        self.editor.next_wanted.connect(self.entry.save_and_next)
        self.entry.saved.connect(self._on_saved)
        self.entry.shown.connect(self._on_shown)
        self.entry.drafts_changed.connect(self.look_for_drafts)

    # -- showing -----------------------------------------------------------------------------

    @override
    def activated(self) -> None:
        self.look_for_drafts()

    @override
    def refresh(self, changes: Changes | None) -> None:
        if changes is not None and not changes.touches(*_TABLES):
            return
        self.list.reload()
        if changes is None or changes.touches(*_RUBRICS):
            self.editor.set_rubrics()
        self.entry.reload()
        busy = self.entry.dirty or self.list.is_narrowed or bool(self.list.model.rowCount())
        if not busy and not self.entry.waiting():
            self.show_empty("ear", "还没有听课记录。", "记一节课", self.start_new)
        else:
            self.show_content()

    @override
    def show_view(self, name: str) -> None:
        """A built-in view, or ``record:observation:ID``."""
        kind, _colon, record = name.partition(":")
        if kind == "record":
            self.show_content()
            self._on_chosen([record.rpartition(":")[2]])
        else:
            self.list.show_view(name)

    @override
    def can_leave(self) -> bool:
        """A changed record is saved; an unfinished new one stays here and in its draft."""
        self.entry.leave()
        return self.entry.record is None or self.entry.save()

    @Slot()
    def _say_count(self) -> None:
        self.subtitle.setText(f"共 {self.list.model.rowCount()} 条")

    @Slot()
    def look_for_drafts(self) -> None:
        """Offer what was being typed when the program ended."""
        try:
            self._waiting = self.entry.waiting()
        except AppError as error:
            self.tools.errors.show_error(error)
        self.drafts.setVisible(bool(self._waiting))
        if self._waiting:
            newest = self._waiting[0].title
            which = newest if len(self._waiting) == 1 else f"最近的是：{newest}"
            self.draft_words.setText(f"有 {len(self._waiting)} 条没写完的听课记录（{which}）")

    @Slot()
    def _resume(self) -> None:
        if self._waiting:
            self.show_content()
            self.entry.resume(self._waiting[0])

    @Slot()
    def _give_up(self) -> None:
        if self._waiting:
            self.entry.give_up(self._waiting[0])

    @Slot(list)
    def _on_chosen(self, ids: list[str]) -> None:
        """Another row: what was changed in the one before is saved first."""
        if not ids or (self.entry.record is not None and self.entry.record.id == ids[0]):
            return
        if self.entry.record is not None and not self.entry.save():
            return
        self.entry.keep_draft()
        self.entry.show(ids[0])
        self.look_for_drafts()

    @Slot(str)
    def _on_opened(self, _observation_id: str) -> None:
        self.editor.head.go_to("title")

    @Slot()
    def _on_shown(self) -> None:
        self._clock = None
        record = self.entry.record
        self.compare_button.setEnabled(record is not None and record.fellows > 0)
        if record is None:
            self.list.table.clearSelection()

    @Slot(str)
    def _on_saved(self, _observation_id: str) -> None:
        self.look_for_drafts()

    # -- doing -------------------------------------------------------------------------------

    @Slot()
    def start_new(self) -> None:
        """A new record; what is being changed is saved first, what is unfinished stays a draft."""
        if self.entry.record is not None and not self.entry.save():
            return
        self.entry.keep_draft()
        self.show_content()
        self.entry.begin()
        self.look_for_drafts()

    @Slot()
    def next_observer(self) -> None:
        """Another observer of the lesson in the editor."""
        self.show_content()
        self.entry.next_observer()

    @Slot()
    def print_selected(self) -> None:
        """Print the selected records, or the one in the editor, on the page 文件."""
        record = self.entry.record
        ids = self.list.table.selected_ids() or ([record.id] if record is not None else [])
        if self._go is not None and ids:
            self._go("paper", f"observation:{','.join(ids)}")

    @Slot()
    def delete_selected(self) -> None:
        """Delete the selected records; the message offers to take it back."""
        ids = self.list.table.selected_ids()
        if not ids:
            self.tools.messages.say("请先在列表里选中要删除的记录。")
            return

        def work(_progress: Progress) -> int:
            self._services.observations.delete(ids)
            return len(ids)

        def done(count: int) -> None:
            self._say_undoable(f"已删除 {count} 条听课记录。")

        self.entry.dirty = False
        self.entry.begin()
        self.tools.jobs.start(Job("删除听课记录", work, done, owner=self, quiet=True))

    def _say_undoable(self, text: str) -> None:
        step = self._services.history.undo_step()

        def undo() -> None:
            if self._services.history.undo_step() != step:
                hint = "请用 Ctrl+Z 一步一步撤销。"
                self.tools.messages.post(Message("之后又做了别的修改。", hint, "warning"))
                return
            work = self._services.history.undo
            self.tools.jobs.start(Job("撤销", lambda _progress: work(), owner=self, quiet=True))

        self.tools.messages.say(text, action_text="撤销", action=undo, topic=LAST_STEP)

    @Slot()
    def manage_rubrics(self) -> None:
        """Show the rubrics."""
        RubricDialog(self.tools, self._services, self).open()

    @Slot()
    def compare(self) -> None:
        """Show all observers of the lesson in the editor side by side."""
        record = self.entry.record
        if record is None:
            return
        try:
            comparison = self._services.observations.side_by_side(record.lesson_id)
        except AppError as error:
            self.tools.errors.show_error(error)
            return
        CompareDialog(comparison, self).open()

    @Slot()
    def _stamp(self) -> None:
        """The first time is minute 0, each later one the minutes since."""
        if self._clock is None:
            self._clock = self._services.observations.lesson_clock()
        self.editor.grid.stamp(self._clock.minute())

    @Slot()
    def _to_teacher(self) -> None:
        self.editor.head.go_to("teacher")

    @Slot()
    def _to_day(self) -> None:
        self.editor.head.go_to("day")

    @Slot()
    def _next_section(self) -> None:
        self.editor.move_section(1)

    @Slot()
    def _previous_section(self) -> None:
        self.editor.move_section(-1)

    @Slot()
    def _focus_filter(self) -> None:
        self.list_action.setChecked(True)
        self._toggle_list()
        self.list.words.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.list.words.selectAll()

    @Slot()
    def _toggle_list(self) -> None:
        self.list.setVisible(self.list_action.isChecked())
