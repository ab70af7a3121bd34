"""Beside the quotas: the months of the chosen line, the milestones, what is due when."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtWidgets import QLabel, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from app.services.standing.quotas import plain
from app.ui.framework import tokens as t
from app.ui.framework.theme import Theme, set_role
from app.ui.pages.missing_lines import days_left
from app.ui.pages.progress_table import MonthChart

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date
    from decimal import Decimal

    from app.services.standing.records import DeadlineLine, Milestone, QuotaLine
    from app.services.standing.views import ProgressView as Standings

_SUBJECT = Qt.ItemDataRole.UserRole
_MOST = 200
"""More deadlines than these nobody reads here; the missing list has those that passed."""


class ProgressSide(QWidget):
    """Three parts below each other."""

    opened = Signal(str, str)
    """Kind and id of the subject of a deadline."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.setMinimumWidth(240)
        self.chart_title = QLabel()
        self.chart_title.setWordWrap(True)
        set_role(self.chart_title, "small")
        self.chart = MonthChart(theme)
        self.milestones = self._list("达标节点")
        self.deadlines = self._list("到期日程")
        self.deadlines.itemActivated.connect(self._open)
        self._titles = [self._title(words) for words in ("各月数量", "达标节点", "到期日程")]
        column = QVBoxLayout(self)
        column.setContentsMargins(t.GAP_SMALL, 0, 0, 0)
        column.setSpacing(t.GRID)
        column.addWidget(self._titles[0])
        column.addWidget(self.chart_title)
        column.addWidget(self.chart)
        column.addWidget(self._titles[1])
        column.addWidget(self.milestones, 1)
        column.addWidget(self._titles[2])
        column.addWidget(self.deadlines, 2)
        column.addStretch(0)

    @staticmethod
    def _title(words: str) -> QLabel:
        label = QLabel(words)
        set_role(label, "heading")
        return label

    @staticmethod
    def _list(name: str) -> QListWidget:
        lines = QListWidget()
        lines.setAccessibleName(name)
        return lines

    def show_trend(self, line: QuotaLine | None, months: Sequence[tuple[str, Decimal]]) -> None:
        """Show the months of a line."""
        self.chart.show_months(months)
        words = f"{line.subject.name}　{line.name}" if line is not None else "没有选中的任务"
        self.chart_title.setText(words if months or line is None else f"{words}：没有可画的月份")

    def show_standings(self, standings: Standings, today: date) -> None:
        """Show milestones and deadlines."""
        found = [one for some in standings.milestones.values() for one in some]
        self.milestones.clear()
        for one in sorted(found, key=lambda one: (one.by, one.name)):
            self._add(self.milestones, *_milestone(one))
        for widget in (self._titles[1], self.milestones):
            widget.setVisible(bool(found))
        self.deadlines.clear()
        ahead = sorted(standings.deadlines, key=lambda line: (line.on < today, line.on))
        for line in ahead[:_MOST]:
            item = self._add(self.deadlines, *_deadline(line, today))
            item.setData(_SUBJECT, (line.subject.kind, line.subject.id))
        for widget in (self._titles[2], self.deadlines):
            widget.setVisible(bool(standings.deadlines))

    def _add(self, lines: QListWidget, icon: tuple[str, str], words: str) -> QListWidgetItem:
        item = QListWidgetItem(self._theme.icon(*icon), words)
        item.setToolTip(item.text())
        item.setSizeHint(QSize(0, t.ROW_HEIGHT + t.GAP_LARGE))
        lines.addItem(item)
        return item

    @Slot(QListWidgetItem)
    def _open(self, item: QListWidgetItem) -> None:
        subject = item.data(_SUBJECT)
        if subject:
            self.opened.emit(*subject)


def _milestone(one: Milestone) -> tuple[tuple[str, str], str]:
    icon = {
        True: ("circle-check", "success"), False: ("circle-x", "error"), None: ("clock", "accent"),
    }[one.reached]  # fmt: skip
    word = {True: "已达到", False: "没有达到", None: "还没到"}[one.reached]
    percent = plain(one.percent.quantize(type(one.percent)("0.1")))
    return icon, f"{one.name}：{word}\n{one.by:%m-%d}　应 {one.wanted_percent}%，实 {percent}%"


def _deadline(line: DeadlineLine, today: date) -> tuple[tuple[str, str], str]:
    if line.done:
        icon, word = ("circle-check", "success"), "已交"
    elif line.days_left < 0:
        icon, word = ("circle-alert", "error"), "没有见到" if line.done is False else "请标记"
    else:
        icon, word = ("clock", "accent"), "待交"
    left = "" if line.done else days_left(line.on, today)
    whose = line.handed_by or line.subject.name
    return icon, f"{line.name}：{word}\n{line.on:%m-%d}　{left}　{whose}"
