"""The import window: a table of schools, members, activities or observations, seen before it comes in."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QUrl, Slot
from PySide6.QtGui import QDesktopServices, QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QAbstractButton,
    QDialog,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from app.errors import AppError
from app.services.imports.kinds import load_kind
from app.ui.framework import tokens as t
from app.ui.framework.screens import room_at
from app.ui.framework.theme import set_role
from app.ui.pages.import_wizard_columns import ColumnsStep
from app.ui.pages.import_wizard_files import ImportFiles
from app.ui.pages.import_wizard_preview import PreviewStep
from app.ui.pages.import_wizard_reading import TableReading
from app.ui.pages.import_wizard_source import SourceStep, pasted
from app.ui.pages.import_wizard_steps import COLUMNS, PREVIEW, SOURCE, Notice, StepBar, counted
from app.ui.pages.import_wizard_writing import ImportWriting

if TYPE_CHECKING:
    from PySide6.QtGui import QDragEnterEvent, QDropEvent, QKeyEvent

    from app.bootstrap import Services
    from app.services.adoption import AdoptionView
    from app.services.imports.report import ImportReport
    from app.ui.framework.page import Tools
    from app.ui.pages.import_wizard_look import Look, Opened

_SIZE = (1240, 760)
_MINIMUM = (920, 560)


class ImportWizard(QDialog):
    """File, columns, preview: three steps of one window, of which a clean table needs only the last."""

    def __init__(  # noqa: PLR0917 - who opens it gives them in this order
        self,
        tools: Tools,
        services: Services,
        adoption: AdoptionView,
        kind: str,
        parent: QWidget | None = None,
        source: Path | str | None = None,
    ) -> None:
        """``source``: a file, or copied cells as text; without it the first step asks."""
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._tools = tools
        self._services = services
        self._source: Path | None = None
        self._arriving = self._done = False
        self._saved: Path | None = None
        imports = services.imports
        self.reading = TableReading(tools.jobs, imports, adoption.community_id, kind, self)
        self.writing = ImportWriting(tools.jobs, services, self)
        self.files = ImportFiles(tools.jobs, imports, self)
        self._build()
        self._connect()
        self._show_kind()
        self._show_busy("")
        self._go_to(SOURCE)
        if source is not None:
            self.open_source(source)

    # -- building ----------------------------------------------------------------------------

    def _build(self) -> None:
        theme = self._tools.theme
        self.setMinimumSize(*_MINIMUM)
        parent = self.parentWidget()
        room = parent.window().size() if parent else room_at(self.pos()).size()
        rim = 2 * t.PAGE_MARGIN
        self.resize(min(_SIZE[0], room.width() - rim), min(_SIZE[1], room.height() - rim))
        self.setAcceptDrops(True)
        column = QVBoxLayout(self)
        column.setContentsMargins(t.PAGE_MARGIN, t.GAP, t.PAGE_MARGIN, t.PAGE_MARGIN)
        column.setSpacing(t.GAP)
        self.bar = StepBar(theme)
        self.notice = Notice(theme)
        self.source = SourceStep(theme)
        self.columns = ColumnsStep(theme)
        self.preview = PreviewStep(theme)
        self.stack = QStackedWidget()
        for step in (self.source, self.columns, self.preview):
            self.stack.addWidget(step)
        column.addWidget(self.bar)
        column.addWidget(self.notice)
        column.addWidget(self.stack, 1)
        column.addLayout(self._foot())
        for button in self.findChildren(QPushButton):
            button.setAutoDefault(False)  # Enter presses the button that has the cursor, no other

    def _foot(self) -> QHBoxLayout:
        theme = self._tools.theme
        self.rejects_button = QPushButton(theme.icon("save"), "退回的行存成 Excel…")
        self.folder_button = QPushButton(theme.icon("folder-open"), "打开文件夹")
        self.undo_button = QPushButton(theme.icon("undo-2"), "撤销导入")
        self.busy = QProgressBar()
        self.busy.setTextVisible(False)
        self.busy.setFixedWidth(160)
        self.busy_words = QLabel()
        set_role(self.busy_words, "muted")
        self.again_button = QPushButton("再导入一份")
        self.close_button = QPushButton("取消")
        self.import_button = QPushButton(theme.icon("check", "on_accent"), "导入")
        self.import_button.setToolTip("导入（Ctrl+回车）")
        set_role(self.import_button, "primary")
        row = QHBoxLayout()
        row.setSpacing(t.GAP_SMALL)
        for button in (self.rejects_button, self.folder_button, self.undo_button):
            row.addWidget(button)
        row.addStretch(1)
        row.addWidget(self.busy_words)
        row.addWidget(self.busy)
        for button in (self.again_button, self.close_button, self.import_button):
            row.addWidget(button)
        return row

    def _connect(self) -> None:
        reading, source, columns, preview = self.reading, self.source, self.columns, self.preview
        reading.opened.connect(self._show_opened)
        reading.looked.connect(self._show_look)
        reading.failed.connect(self._fail)
        reading.busy.connect(self._show_busy)
        source.chosen.connect(self.open_source)
        source.refused.connect(self._refuse)
        source.kind_picked.connect(self._on_kind)
        source.sheet_picked.connect(reading.set_sheet)
        source.header_picked.connect(self._on_header)
        source.template_wanted.connect(self.files.choose_template)
        columns.changed.connect(reading.set_columns)
        columns.mapping_picked.connect(reading.set_saved)
        columns.save_wanted.connect(self.save_mapping)
        columns.delete_wanted.connect(self._delete_mapping)
        preview.policy_picked.connect(reading.set_policy)
        preview.missing_toggled.connect(self._on_missing)
        writing = self.writing
        writing.progressed.connect(self._show_busy)
        writing.done.connect(self._show_done)
        writing.cancelled.connect(self._show_cancelled)
        writing.undone.connect(self._show_undone)
        writing.failed.connect(self._fail)
        self.files.saved.connect(self._show_saved)
        self.files.failed.connect(self._fail)
        self.bar.picked.connect(self._go_to)
        for button, slot in (
            (self.rejects_button, self._choose_rejects),
            (self.folder_button, self._open_folder),
            (self.undo_button, self._undo),
            (self.again_button, self._again),
            (self.close_button, self.reject),
            (self.import_button, self.start_import),
        ):
            button.clicked.connect(slot)
        for key, act in (
            ("Ctrl+O", source.pick.click),
            ("Ctrl+V", self._paste),
            ("Ctrl+Return", self.import_button.click),
        ):
            QShortcut(QKeySequence(key), self).activated.connect(act)

    # -- reading -----------------------------------------------------------------------------

    @Slot(object)
    def open_source(self, source: Path | str) -> None:
        """Read a file or copied cells, and show what its import would do."""
        if self.writing.busy or self._done:
            return
        self._source = source if isinstance(source, Path) else None
        self._arriving = True
        self.reading.open(source)

    @Slot(object)
    def _show_opened(self, table: Opened) -> None:
        self.source.show_book(table.book)
        self.notice.hide()
        if not self.windowTitle().endswith(load_kind(table.kind).name):
            words = f"这份表格像{load_kind(table.kind).name}，已照此读取；不对请改选。"
            self.notice.say("info", words)
        self._show_kind()

    @Slot(object)
    def _show_look(self, found: Look) -> None:
        if found.error is not None:
            self.notice.say("error", found.error.sentence)
        elif not self._arriving:
            self.notice.hide()
        proposal = found.proposal
        if proposal is not None:
            self._show_mappings()
            self.source.show_proposal(proposal)
            self.columns.show_proposal(proposal, self.reading.applied, by_hand=self.reading.by_hand)
        self.preview.show_look(found)
        self.bar.tell_look(found, self.columns.unsure())
        self._show_foot()
        if self._arriving:
            self._arriving = False
            self._go_to(self._first_step(found))

    def _first_step(self, found: Look) -> int:
        """Where something is to be done: for a clean table the last step."""
        if found.proposal is None or not found.proposal.mapping:
            return SOURCE
        if found.proposal.problem or self.columns.unsure():
            return COLUMNS
        return PREVIEW if found.report else SOURCE

    @Slot(object)
    def _fail(self, error: Exception) -> None:
        self._arriving = False
        self._show_busy("")
        self._show_foot()
        if isinstance(error, AppError):
            self.notice.say("error", error.sentence)
        else:
            self._tools.errors.show_error(error)

    @Slot(str)
    def _refuse(self, words: str) -> None:
        self.notice.say("warning", words)

    # -- showing -----------------------------------------------------------------------------

    def _show_kind(self) -> None:
        wish = self.reading.wish
        kind = load_kind(wish.kind)
        self.setWindowTitle(f"导入{kind.name}")
        self.source.show_kind(kind.key)
        self.preview.show_kind(kind, wish.policy, create_missing=wish.create_missing)
        self._show_mappings()
        self._show_foot()

    def _show_mappings(self) -> None:
        saved = self._services.imports.mappings(self.reading.wish.kind)
        self.columns.show_mappings(saved, self.reading.applied)

    def _show_foot(self) -> None:
        """Which buttons there are, and what they say."""
        found = self.reading.look
        report = found.report if found else None
        busy = self.writing.busy
        count = report.created + report.updated if report else 0
        unit = load_kind(self.reading.wish.kind).counted
        self.import_button.setText(f"导入 {count} {unit}" if count else "导入")
        self.import_button.setEnabled(count > 0 and not busy and self.reading.current)
        self.import_button.setVisible(not self._done)
        self.close_button.setText("关闭" if self._done else "取消")
        set_role(self.close_button, "primary" if self._done else "")
        self.again_button.setVisible(self._done)
        self.undo_button.setVisible(self._done)
        self.undo_button.setEnabled(self.writing.can_undo)
        self.rejects_button.setVisible(bool(report and report.rejected))
        self.rejects_button.setEnabled(not busy)
        self.folder_button.setVisible(self._saved is not None)
        self.bar.lock(locked=self._done or busy)
        self.preview.lock(locked=self._done or busy)

    @Slot(str, int, int)
    def _show_busy(self, words: str, done: int = 0, total: int = 0) -> None:
        self.busy_words.setText(words)
        self.busy.setRange(0, total)
        self.busy.setValue(done)
        for part in (self.busy, self.busy_words):
            part.setVisible(bool(words))
        if words:
            self.import_button.setEnabled(False)

    @Slot()
    def _paste(self) -> None:
        """Ctrl+V; who looks at a table already has not come to change it for another."""
        if self.stack.currentIndex() == SOURCE:
            self.source.paste.click()
        else:
            self.notice.say("info", "这里不能粘贴。要换一份表格，请回到第 1 步“表格”。")

    @Slot(int)
    def _go_to(self, step: int) -> None:
        self.bar.choose(step)
        self.stack.setCurrentIndex(step)
        if step == PREVIEW:
            ready = self.import_button.isEnabled()
            (self.import_button if ready else self.preview.table).setFocus()
        elif step == COLUMNS and self.columns.cards:
            self.columns.cards[0].field.setFocus()
        else:
            self.source.pick.setFocus()

    # -- corrections -------------------------------------------------------------------------

    @Slot(str)
    def _on_kind(self, kind: str) -> None:
        self.reading.set_kind(kind)
        self._show_kind()

    @Slot(int)
    def _on_header(self, row: int) -> None:
        self.reading.set_header(self.source.sheets.currentData(), row)

    @Slot(bool)
    def _on_missing(self, create: bool) -> None:
        self.reading.set_create_missing(create=create)

    @Slot(str)
    def save_mapping(self, name: str) -> None:
        """Keep which column is what under a name, for the next table with this header."""
        found = self.reading.look
        if found is None or found.proposal is None or not self.reading.current:
            return
        try:
            self._services.imports.save_mapping(name, found.proposal)
        except AppError as error:
            self._fail(error)
            return
        self.reading.applied = " ".join(name.split())
        self._show_mappings()
        self.columns.name.clear()
        words = f"已保存“{self.reading.applied}”，下次遇到同样表头的表会自动套用。"
        self.notice.say("success", words)

    @Slot(str)
    def _delete_mapping(self, name: str) -> None:
        try:
            self._services.imports.delete_mapping(self.reading.wish.kind, name)
        except AppError as error:
            self._fail(error)
            return
        self.reading.applied = ""
        self._show_mappings()
        self.notice.say("success", f"已删除保存的对应关系“{name}”。")

    # -- importing ---------------------------------------------------------------------------

    @Slot()
    def start_import(self) -> None:
        """Write everything as one step that can be undone."""
        found = self.reading.look
        ready = found is not None and self.reading.current and not self.writing.busy
        if ready and found is not None and found.proposal is not None:
            self.notice.hide()
            self.writing.write(found.proposal, found.options)
            self._show_foot()

    @Slot(object)
    def _show_done(self, report: ImportReport) -> None:
        self._done = True
        self._show_busy("")
        self._show_foot()
        self.bar.tell(PREVIEW, f"已导入：{counted(report)}", "good")
        self._go_to(PREVIEW)
        self.close_button.setFocus()
        words = f"已导入{report.table.kind.name}：{counted(report)}。"
        advice = "退回的行可以存成 Excel，改好后再导入。" if report.rejected else ""
        self.notice.say("success", words + advice)
        self._tools.messages.say(words)

    @Slot()
    def _undo(self) -> None:
        self.writing.undo()
        self._show_foot()

    @Slot()
    def _show_cancelled(self) -> None:
        self._show_busy("")
        self._show_foot()
        self.notice.say("info", "已取消，什么也没有写入。")

    @Slot()
    def _show_undone(self) -> None:
        self._done = False
        self._arriving = True
        self.notice.say("success", "已撤销这次导入，档案库和导入以前一样。")
        self.reading.look_now()

    @Slot()
    def _again(self) -> None:
        self._done, self._saved = False, None
        self.writing.forget()
        self.notice.hide()
        self._go_to(SOURCE)
        self.reading.look_now()

    # -- files -------------------------------------------------------------------------------

    @Slot()
    def _choose_rejects(self) -> None:
        report = self.reading.look.report if self.reading.look else None
        if report is not None:
            self.files.choose_rejects(report, self._source)

    @Slot(object, str)
    def _show_saved(self, target: Path, words: str) -> None:
        self._saved = target
        self.notice.say("success", words)
        self._show_foot()

    @Slot()
    def _open_folder(self) -> None:
        if self._saved is not None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._saved.parent)))

    # -- window ------------------------------------------------------------------------------

    @override
    def reject(self) -> None:
        """Esc and 取消: a running import is stopped first, and nothing of it is written."""
        if self.writing.busy:
            self.writing.cancel()
            return
        self.reading.stop()
        super().reject()

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter presses the button under the cursor, no other."""
        if event.key() not in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            super().keyPressEvent(event)
        elif isinstance(button := self.focusWidget(), QAbstractButton):
            button.click()

    @override
    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if pasted(event.mimeData()) is not None and not self._done:
            event.acceptProposedAction()

    @override
    def dropEvent(self, event: QDropEvent) -> None:
        event.setDropAction(Qt.DropAction.CopyAction)  # else the file manager removes the original
        event.accept()
        found = pasted(event.mimeData())
        if found is not None:
            self.open_source(found)
