"""人员签到: who is expected and who came, entered with letters and the keys 1 to 4."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt, Slot
from PySide6.QtGui import QAction, QKeyEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QMenu,
    QPushButton,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from app.errors import AppError
from app.ui.framework import tokens as t
from app.ui.framework.keys import press_by
from app.ui.framework.messages import LAST_STEP, Message
from app.ui.framework.table_view import TableView
from app.ui.framework.tables import Column, ListSource, PagedTableModel
from app.ui.framework.theme import set_role
from app.ui.pages.activities_picker import PersonPicker

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from PySide6.QtGui import QIcon

    from app.bootstrap import Services
    from app.services.activities.records import Roll, Signed, Source, Status
    from app.ui.framework.page import Tools


@dataclass(frozen=True, slots=True)
class Mark:
    """A way to mark somebody: its key, word and icon."""

    key: Qt.Key
    status: Status
    word: str
    icon: str
    color: str


MARKS = (
    Mark(Qt.Key.Key_1, "present", "到会", "circle-check", "success"),
    Mark(Qt.Key.Key_2, "leave", "请假", "file-text", "warning"),
    Mark(Qt.Key.Key_3, "absent", "缺席", "circle-x", "error"),
    Mark(Qt.Key.Key_4, "expected", "未签到", "circle", "text_muted"),
)


class SignInTab(QWidget):
    """The sign-in list of one activity."""

    def __init__(self, tools: Tools, services: Services) -> None:
        super().__init__()
        self._tools = tools
        self._activities = services.activities
        self._entries = services.entries
        self._activity_id = ""
        self._roll: Roll | None = None
        self.totals = QLabel()
        self.totals.setWordWrap(True)
        set_role(self.totals, "heading")
        self.picker = PersonPicker(tools, services.activities)
        self.setFocusProxy(self.picker)
        self.picker.picked.connect(self._add_one)
        self.picker.left_down.connect(self._into_list)
        self.model: PagedTableModel[Signed] = PagedTableModel(self._columns(), lambda r: r.id)
        self.table: TableView[Signed] = TableView(self.model, tools.settings, "sign-in")
        self.table.setAccessibleName("签到名单")
        self.table.setToolTip("1 到会　2 请假　3 缺席　4 未签到　空格 到会/未签到　Del 移出名单")
        self.table.installEventFilter(self)
        self.table.chosen.connect(self._show_leave)
        self.table.opened.connect(self._to_reason)
        self.table.delete_wanted.connect(self._remove)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, t.GAP_SMALL, 0, 0)
        column.setSpacing(t.GAP_SMALL)
        column.addWidget(self.totals)
        column.addWidget(self.picker)
        column.addLayout(self._source_row())
        column.addWidget(self.table, 1)
        column.addWidget(self._leave_row())
        column.addLayout(self._mark_row())

    # -- building ----------------------------------------------------------------------------

    def _columns(self) -> list[Column[Signed]]:
        return [
            Column("name", "姓名", lambda r: r.name, sort_key="name", width=84),
            Column("status", "情况", lambda r: r.status, text=lambda r: r.status_name,
                   sort_key="status", width=92, icon=self._icon),
            Column("school", "单位", lambda r: r.school, sort_key="school", width=104),
            Column("note", "说明", _note, tooltip=_note, width=96),
        ]  # fmt: skip

    def _icon(self, line: Signed) -> QIcon:
        mark = next(mark for mark in MARKS if mark.status == line.status)
        return self._tools.theme.icon(mark.icon, mark.color)

    def _source_row(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(t.GAP_SMALL)
        self.sources = QPushButton(self._tools.theme.icon("users"), "整批加入")
        self.sources.setToolTip("把全体成员、上次名单、一个小组或一个单位的人一次加入（Alt+A）")
        self.sources.setShortcut("Alt+A")
        menu = QMenu(self.sources)
        menu.aboutToShow.connect(self._fill_sources)
        menu.triggered.connect(self._on_source)
        self.sources.setMenu(menu)
        row.addWidget(self.sources)
        self.members = self._button("全体成员", "把全体成员加入名单", self._add_members)
        self.last = self._button("上次名单", "加入上次同类活动名单上的人", self._add_last)
        row.addWidget(self.members)
        row.addWidget(self.last)
        row.addStretch(1)
        return row

    def _button(self, words: str, tip: str, slot: Callable[[], None]) -> QPushButton:
        button = QPushButton(words)
        button.setToolTip(tip)
        button.clicked.connect(slot)
        return button

    def _mark_row(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(t.GRID)
        self.marks: list[QPushButton] = []
        for number, mark in enumerate(MARKS, start=1):
            button = QPushButton(f"{mark.word} {number}")
            button.setToolTip(f"选中的人记为{mark.word}（在名单里按 {number}）")
            button.setAccessibleName(mark.word)
            button.setProperty("mark", number - 1)
            button.clicked.connect(self._on_mark)
            row.addWidget(button)
            self.marks.append(button)
        self.rest = self._button("其余到会", "还没有记的人全部记为到会（Alt+Q）", self.mark_rest)
        press_by(self.rest, "Alt+Q")
        row.addStretch(1)
        row.addWidget(self.rest)
        return row

    def _leave_row(self) -> QFrame:
        self.leave = QFrame()
        row = QHBoxLayout(self.leave)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(t.GAP_SMALL)
        self.written = QCheckBox("有假条")
        self.written.clicked.connect(self._save_leave)
        self.reason = QLineEdit()
        self.reason.setPlaceholderText("请假事由")
        self.reason.setAccessibleName("请假事由")
        self.reason.returnPressed.connect(self._leave_done)
        self.reason.editingFinished.connect(self._save_leave)
        row.addWidget(self.written)
        row.addWidget(self.reason, 1)
        self.leave.hide()
        return self.leave

    # -- showing -----------------------------------------------------------------------------

    def show_record(self, record_id: str) -> None:
        """Show the list of an activity as it is now."""
        self._activity_id = record_id
        self.picker.set_activity(record_id)
        try:
            self._roll = self._activities.roll(record_id)
        except AppError as error:
            self._tools.errors.show_error(error)
            return
        lines = self._roll.lines
        self.model.set_source(ListSource(lines, lambda r: r.id, self.model.columns))
        empty = "名单还是空的：输入姓名，或点“全体成员”。"
        self.totals.setText(self._roll.totals.words if lines else empty)
        for button in (*self.marks, self.rest):
            button.setEnabled(bool(lines))
        self._show_leave()

    def _selected(self) -> list[Signed]:
        chosen = set(self.table.selected_ids())
        return [one for one in self._roll.lines if one.id in chosen] if self._roll else []

    @Slot()
    def _show_leave(self) -> None:
        """Ask for slip and reason where one person on leave is selected."""
        some = self._selected()
        on_leave = len(some) == 1 and some[0].status == "leave"
        self.leave.setVisible(on_leave)
        if on_leave and not self.reason.hasFocus():
            self.written.setChecked(some[0].leave_written)
            self.reason.setText(some[0].leave_reason)

    # -- adding ------------------------------------------------------------------------------

    @Slot()
    def _fill_sources(self) -> None:
        menu = self.sources.menu()
        menu.clear()
        try:
            found = self._activities.sources(self._activity_id)
        except AppError as error:
            self._tools.errors.show_error(error)
            return
        for one in found:
            if one.source.kind in ("group", "school") and menu.actions():
                before = menu.actions()[-1].data()
                if before is not None and before.kind != one.source.kind:
                    menu.addSeparator()
            action = menu.addAction(f"{one.label}　{one.people} 人")
            action.setData(one.source)
            action.setEnabled(one.people > 0)

    @Slot(QAction)
    def _on_source(self, action: QAction) -> None:
        self.add_from(action.data())

    @Slot()
    def _add_members(self) -> None:
        from app.services.activities.service import MEMBERS

        self.add_from(MEMBERS)

    @Slot()
    def _add_last(self) -> None:
        from app.services.activities.service import LAST

        self.add_from(LAST)

    def add_from(self, source: Source) -> None:
        """Put everybody of a source on the list."""
        try:
            count = self._activities.add_from(self._activity_id, source)
        except AppError as error:
            self._tools.errors.show_error(error)
            return
        words = f"已加入 {count} 人。" if count else "这些人都已经在名单上。"
        self._tools.messages.say(words, topic=LAST_STEP)
        self.show_record(self._activity_id)

    @Slot(str)
    def _add_one(self, person_id: str) -> None:
        try:
            self._activities.add_participants(self._activity_id, [person_id])
        except AppError as error:
            self._tools.errors.show_error(error)
            return
        self.show_record(self._activity_id)
        lines = self._roll.lines if self._roll else ()
        self.table.select([one.id for one in lines if one.person_id == person_id])

    @Slot(list)
    def _remove(self, ids: Sequence[str]) -> None:
        try:
            count = self._entries.delete("attendance", ids)
        except AppError as error:
            self._tools.errors.show_error(error)
            return
        self._tools.messages.say(f"已把 {count} 人移出名单。", topic=LAST_STEP)
        self.show_record(self._activity_id)

    # -- marking -----------------------------------------------------------------------------

    @Slot()
    def _into_list(self) -> None:
        if self.model.rowCount():
            self.table.setFocus()
            if not self.table.selected_ids():
                self.table.selectRow(0)

    @Slot()
    def _on_mark(self) -> None:
        sender = self.sender()
        if sender is not None:
            self.mark(MARKS[sender.property("mark")])

    def mark(self, mark: Mark) -> None:
        """Mark those selected; after a single one the next is selected."""
        some = self._selected()
        if not some:
            self._tools.messages.say("请先在名单里选中要记的人。")
            return
        row = self.table.currentIndex().row()
        try:
            warnings = self._activities.mark(
                self._activity_id, [one.person_id for one in some], mark.status
            )
        except AppError as error:
            self._tools.errors.show_error(error)
            return
        self.show_record(self._activity_id)
        for words in warnings:
            self._tools.messages.post(Message(words, kind="warning", topic="sign-in"))
        if len(some) == 1 and mark.status != "leave" and row + 1 < self.model.rowCount():
            self.table.selectRow(row + 1)

    @Slot()
    def mark_rest(self) -> None:
        """Whoever is not marked yet was there."""
        try:
            count = self._activities.mark_all_present(self._activity_id)
        except AppError as error:
            self._tools.errors.show_error(error)
            return
        self._tools.messages.say(f"{count} 人记为到会。", topic=LAST_STEP)
        self.show_record(self._activity_id)

    @Slot()
    def _to_reason(self) -> None:
        if self.leave.isVisible():
            self.reason.setFocus()
            self.reason.selectAll()

    @Slot()
    def _save_leave(self) -> None:
        some = self._selected()
        if len(some) != 1 or some[0].status != "leave":
            return
        line, reason = some[0], self.reason.text().strip()
        if (line.leave_written, line.leave_reason) == (self.written.isChecked(), reason):
            return
        try:
            self._activities.mark(
                self._activity_id, [line.person_id], "leave",
                leave_written=self.written.isChecked(), reason=reason,
            )  # fmt: skip
        except AppError as error:
            self._tools.errors.show_error(error)
            return
        self.show_record(self._activity_id)

    @Slot()
    def _leave_done(self) -> None:
        """The reason is written: on to the next person."""
        self._save_leave()
        row = self.table.currentIndex().row()
        self.table.setFocus()
        if row + 1 < self.model.rowCount():
            self.table.selectRow(row + 1)

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            plain = not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
            found = next((mark for mark in MARKS if mark.key == event.key()), None)
            if plain and event.key() == Qt.Key.Key_Space:
                some = self._selected()
                found = MARKS[3] if some and some[0].status == "present" else MARKS[0]
            if plain and found is not None:
                self.mark(found)
                return True
            if plain and event.key() == Qt.Key.Key_Up and self.table.currentIndex().row() <= 0:
                self.picker.setFocus()
                return True
        return super().eventFilter(watched, event)


def _note(line: Signed) -> str:
    if line.warning:
        return f"！{line.warning}"
    slip = "有假条" if line.leave_written else "无假条" if line.status == "leave" else ""
    return "；".join(filter(None, (slip, line.leave_reason, line.part)))
