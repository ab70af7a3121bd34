"""The table of the missing list: a file can be let go on the line that it settles."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QRect, Qt, Signal
from PySide6.QtGui import (
    QDragEnterEvent,
    QDragLeaveEvent,
    QDragMoveEvent,
    QDropEvent,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QHeaderView
from typing_extensions import override

from app.services.standing.records import Finding
from app.ui.framework.table_view import TableView
from app.ui.framework.tables import Column, PagedTableModel
from app.ui.pages.materials_intake import dropped_paths
from app.ui.pages.missing_lines import GroupLine, days_left, takes_pieces

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from PySide6.QtGui import QIcon

    from app.ui.framework.page import Tools
    from app.ui.framework.theme import Theme

SEVERITIES = {
    "error": ("circle-alert", "error", "严重"),
    "warning": ("triangle-alert", "warning", "注意"),
    "notice": ("info", "text_muted", "提醒"),
}
"""Icon, colour and word of each severity, the gravest first."""
_RANK = list(SEVERITIES)
_WIDE = ("what", "where")


def columns(theme: Theme, today: Callable[[], date]) -> list[Column[Finding]]:
    """How findings are listed; ``today`` may become tomorrow while the window is open."""

    def icon(one: Finding) -> QIcon:
        name, color, _word = SEVERITIES[one.severity]
        return theme.icon(name, color)

    return [
        Column(
            "severity", "程度", lambda f: _RANK.index(f.severity),
            text=lambda f: SEVERITIES[f.severity][2], sort_key="severity", width=84, icon=icon,
        ),
        Column("what", "缺什么", lambda f: f.what, sort_key="what", width=240),
        Column("where", "在哪里", lambda f: f.where, sort_key="where", width=200),
        Column("who", "谁", lambda f: f.who, sort_key="who", width=84),
        Column("due", "期限", lambda f: f.due, sort_key="due", width=100),
        Column(
            "left", "还剩 / 已超", lambda f: f.due, text=lambda f: days_left(f.due, today()),
            sort_key="left", width=100,
        ),
        Column("ignored", "忽略的原因", lambda f: f.ignored, sort_key="ignored", width=180),
    ]  # fmt: skip


def group_columns() -> list[Column[GroupLine]]:
    """How the groups at the left are listed."""
    return [
        Column("name", "名称", lambda g: g.name, sort_key="name", width=150),
        Column(
            "count", "条数", lambda g: g.count, sort_key="count", align_right=True, width=58,
        ),
        Column(
            "overdue", "超期", lambda g: g.overdue, text=lambda g: str(g.overdue or ""),
            sort_key="overdue", align_right=True, width=62,
        ),
    ]  # fmt: skip


class FindingTable(TableView[Finding]):
    """Lines on which files are let go."""

    dropped = Signal(str, list)
    """Key of the line, paths of the files."""

    def __init__(self, tools: Tools, model: PagedTableModel[Finding]) -> None:
        super().__init__(model, tools.settings, "missing")
        self._findings = model
        self._theme = tools.theme
        self._target = -1
        self.setAccessibleName("缺什么")
        self.setAcceptDrops(True)
        self.viewport().setAcceptDrops(True)
        self.setDropIndicatorShown(False)
        stretch(self, *_WIDE)
        self.show_columns(reasons=False, days=True)

    def show_columns(self, *, reasons: bool, days: bool) -> None:
        """With the reasons for which lines were let pass; with days where some line has one."""
        shown = {"ignored": reasons, "due": days and not reasons, "left": days and not reasons}
        for number, column in enumerate(self._findings.columns):
            if column.key in shown:
                self.setColumnHidden(number, not shown[column.key])

    # -- letting go --------------------------------------------------------------------------

    @override
    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if dropped_paths(event.mimeData()):
            event.acceptProposedAction()

    @override
    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        self._aim(self._line_at(event.position().toPoint()))
        if self._target >= 0:
            event.acceptProposedAction()
        else:
            event.ignore()

    @override
    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        self._aim(-1)

    @override
    def dropEvent(self, event: QDropEvent) -> None:
        number = self._line_at(event.position().toPoint())
        self._aim(-1)
        key = self._findings.row_id(number)
        if key is not None:
            event.acceptProposedAction()
            self.dropped.emit(key, dropped_paths(event.mimeData()))

    def _line_at(self, place: QPoint) -> int:
        """The line under the mouse, if it takes pieces; else -1."""
        number = self.rowAt(place.y())
        found = self._findings.row(number)
        return number if found is not None and takes_pieces(found) and not found.ignored else -1

    def _aim(self, number: int) -> None:
        if number != self._target:
            self._target = number
            self.viewport().update()

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self._target >= 0:
            painter = QPainter(self.viewport())
            painter.setPen(QPen(self._theme.color("accent"), 2))
            top, high = self.rowViewportPosition(self._target), self.rowHeight(self._target)
            painter.drawRect(QRect(1, top + 1, self.viewport().width() - 2, high - 2))


def stretch(table: TableView[Finding] | TableView[GroupLine], *keys: str) -> None:
    """These columns share what the others leave."""
    model = table.model()
    assert isinstance(model, PagedTableModel)  # noqa: S101 - what a TableView is made with
    header = table.horizontalHeader()
    header.setStretchLastSection(False)
    for number, column in enumerate(model.columns):
        if column.key in keys:
            header.setSectionResizeMode(number, QHeaderView.ResizeMode.Stretch)


def no_scroll(table: TableView[GroupLine]) -> None:
    """A narrow list is never moved sideways."""
    table.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
