"""The row at the bottom: saved when, backed up when, and the jobs with what came of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Qt, QUrl, Slot
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from app.ui.framework import tokens as t
from app.ui.framework.jobs import JobHandle, JobRunner, State
from app.ui.framework.theme import Theme, set_role

if TYPE_CHECKING:
    from datetime import datetime

_ICONS = {
    State.DONE: ("circle-check", "success"),
    State.FAILED: ("circle-alert", "error"),
    State.CANCELLED: ("circle-slash", "text_muted"),
}
_PANEL_WIDTH = 440


class StatusRow(QWidget):
    """What the program says about itself, always in sight."""

    def __init__(self, theme: Theme, jobs: JobRunner, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._jobs = jobs
        self.setObjectName("status")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFixedHeight(t.STATUS_HEIGHT)
        row = QHBoxLayout(self)
        row.setContentsMargins(t.PAGE_MARGIN, 0, t.GAP, 0)
        row.setSpacing(t.GAP_LARGE)
        self.saved = QLabel()
        self.backup = QLabel()
        row.addWidget(self.saved)
        row.addWidget(self.backup)
        row.addStretch(1)
        self.jobs_button = QToolButton()
        self.jobs_button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.jobs_button.setToolTip("后台任务：进度、结果")
        self.jobs_button.clicked.connect(self._show_panel)
        set_role(self.jobs_button, "plain")
        row.addWidget(self.jobs_button)
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setFixedWidth(160)
        row.addWidget(self.bar)
        self.cancel = QToolButton()
        self.cancel.setText("取消")
        self.cancel.setObjectName("cancel")
        self.cancel.clicked.connect(self._cancel_first)
        set_role(self.cancel, "plain")
        row.addWidget(self.cancel)
        self.panel = JobPanel(theme, jobs, self)
        jobs.changed.connect(self._update)
        self._update()

    def set_saved(self, when: datetime | None) -> None:
        """When the last change was saved; None: nothing was changed since the archive was opened."""
        self.saved.setText(f"已保存 {when:%H:%M}" if when else "")

    def set_backup(self, words: str) -> None:
        """When the last backup was made, e.g. 上次备份 今天 09:10."""
        self.backup.setText(words)

    @Slot()
    def _update(self) -> None:
        active = self._jobs.active
        self.jobs_button.setVisible(bool(active or self._jobs.recent))
        self.bar.setVisible(bool(active))
        self.cancel.setVisible(bool(active))
        if active:
            first = active[0]
            self.cancel.setEnabled(not first.cancelling)
            _show_progress(self.bar, first)
            more = f" 等 {len(active)} 项" if len(active) > 1 else ""
            self.jobs_button.setIcon(self._theme.icon("loader-circle", "text_muted"))
            self.jobs_button.setText(f"{first.label}{more}")
        elif self._jobs.recent:
            last = self._jobs.recent[0]
            self.jobs_button.setIcon(self._theme.icon(*_ICONS[last.state]))
            self.jobs_button.setText(f"{last.label}：{_short(last.summary)}")
        self.panel.update_rows()

    @Slot()
    def _cancel_first(self) -> None:
        for handle in self._jobs.active[:1]:
            handle.cancel()

    @Slot()
    def _show_panel(self) -> None:
        self.panel.open_above(self.jobs_button)


class JobPanel(QFrame):
    """List of the jobs: those at work with bar and cancel, those that are over with their result."""

    def __init__(self, theme: Theme, jobs: JobRunner, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self._theme = theme
        self._jobs = jobs
        self.setObjectName("jobPanel")
        self._corner = QPoint()
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(t.GAP, t.GAP, t.GAP, t.GAP)
        self._column.setSpacing(t.GAP_SMALL)
        self.rows: list[JobRow] = []

    def open_above(self, anchor: QWidget) -> None:
        """Show the list over a button of the status row."""
        self._corner = anchor.mapToGlobal(QPoint(anchor.width(), -t.GRID))
        self.show()
        self.update_rows()
        self.setFocus()

    def update_rows(self) -> None:
        """Bring the list up to date, if it is shown."""
        if not self.isVisible():
            return
        handles = [*self._jobs.active, *self._jobs.recent[:8]]
        if [(row.handle, row.state) for row in self.rows] != [(h, h.state) for h in handles]:
            for row in self.rows:
                self._column.removeWidget(row)
                row.hide()
                row.deleteLater()
            self.rows = [JobRow(self._theme, handle) for handle in handles]
            for row in self.rows:
                self._column.addWidget(row)
        for row in self.rows:
            row.update_progress()
        self._place()

    def _place(self) -> None:
        """Grow upwards from the button."""
        self._column.activate()
        height = self._column.totalHeightForWidth(_PANEL_WIDTH)
        left = self._corner.x() - _PANEL_WIDTH
        self.setGeometry(left, self._corner.y() - height, _PANEL_WIDTH, height)


class JobRow(QWidget):
    """One job of the list."""

    def __init__(self, theme: Theme, handle: JobHandle, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.handle = handle
        self.state = handle.state
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(t.GRID)
        head = QHBoxLayout()
        head.setSpacing(t.GAP_SMALL)
        icon = QLabel()
        icon.setPixmap(theme.pixmap(*_icon_of(handle.state)))
        head.addWidget(icon)
        name = QLabel(handle.label)
        set_role(name, "heading")
        head.addWidget(name, 1)
        self.button = QPushButton()
        set_role(self.button, "link")
        if not handle.state.over:
            self.button.setText("取消")
            self.button.clicked.connect(handle.cancel)
        elif handle.folder is not None:
            self.button.setText("打开文件夹")
            self.button.clicked.connect(self._open_folder)
        else:
            self.button.hide()
        head.addWidget(self.button)
        column.addLayout(head)
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        column.addWidget(self.bar)
        self.bar.setVisible(not handle.state.over)
        self.words = QLabel(handle.summary)
        self.words.setWordWrap(True)
        set_role(self.words, "small")
        column.addWidget(self.words)

    def update_progress(self) -> None:
        """Show how far the job is."""
        if self.state.over:
            return
        _show_progress(self.bar, self.handle)
        handle = self.handle
        figures = f"{handle.done} / {handle.total}" if handle.total else ""
        doing = "正在取消…" if handle.cancelling else handle.text or handle.state.value
        self.words.setText(" · ".join(part for part in (figures, doing) if part))
        self.button.setEnabled(not handle.cancelling)

    @Slot()
    def _open_folder(self) -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(self.handle.folder)))


def _icon_of(state: State) -> tuple[str, int, str]:
    name, color = _ICONS.get(state, ("loader-circle", "text_muted"))
    return (name, t.ICON_SMALL, color)


def _show_progress(bar: QProgressBar, handle: JobHandle) -> None:
    """Fraction done, or a moving bar while it is not known."""
    bar.setRange(0, 1000 if handle.total else 0)
    if handle.total:
        bar.setValue(round(1000 * handle.done / handle.total))
    bar.setAccessibleName(f"{handle.label}的进度")


def _short(text: str) -> str:
    return text if len(text) <= 40 else f"{text[:39]}…"
