"""The list of observations: columns, filters, and where the rows come from."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QLineEdit, QVBoxLayout, QWidget

from app.services.observations.records import ObservationRow, Query, SortKey, View
from app.ui.framework import tokens as t
from app.ui.framework.table_view import TableView
from app.ui.framework.tables import Column, Order, PagedTableModel
from app.ui.framework.theme import set_role

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.bootstrap import Services
    from app.ui.framework.page import Tools

_TYPING_MS = 200
_VIEWS: tuple[tuple[View, str], ...] = (
    ("all", "全部"),
    ("no_score", "没有评分"),
    ("no_comment", "没有评语"),
)


@dataclass(slots=True)
class _Source:
    """The list as a table asks for it."""

    services: Services
    query: Query

    def count(self) -> int:
        return self.services.observations.count(self.query)

    def fetch(self, offset: int, limit: int, order: Order | None) -> Sequence[ObservationRow]:
        query = self.query
        if order is not None:
            query = replace(query, sort=cast("SortKey", order.key), descending=order.descending)
        return self.services.observations.page(query, offset, limit)


class ObservationList(QWidget):
    """Filters above the table."""

    narrowed = Signal()

    def __init__(self, tools: Tools, services: Services) -> None:
        super().__init__()
        self._services = services
        self._source = _Source(services, Query())
        self.model: PagedTableModel[ObservationRow] = PagedTableModel(
            _columns(), lambda row: row.id, self._source
        )
        self.model.failed.connect(tools.errors.show_error)
        self.table: TableView[ObservationRow] = TableView(
            self.model, tools.settings, "observations"
        )
        self.table.setAccessibleName("听课记录")
        self.words = QLineEdit()
        self.words.setPlaceholderText("查找教师、课题、评语")
        self.words.setAccessibleName("查找听课记录")
        self.words.setClearButtonEnabled(True)
        self.views = QComboBox()
        self.views.setAccessibleName("显示哪些")
        for key, label in _VIEWS:
            self.views.addItem(label, key)
        self.period = QComboBox()
        self.period.setAccessibleName("时间")
        self.nothing = QLabel("没有符合条件的听课记录。")
        self.nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        set_role(self.nothing, "muted")
        self._fill_periods()
        line = QHBoxLayout()
        line.setSpacing(t.GAP_SMALL)
        line.addWidget(self.period, 3)
        line.addWidget(self.views, 2)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(t.GAP_SMALL)
        column.addWidget(self.words)
        column.addLayout(line)
        column.addWidget(self.nothing)
        column.addWidget(self.table, 1)
        self._pause = QTimer(self, singleShot=True, interval=_TYPING_MS)
        self._pause.timeout.connect(self.narrow)
        self.words.textChanged.connect(self._pause.start)
        self.views.activated.connect(self.narrow)
        self.period.activated.connect(self.narrow)

    def _fill_periods(self) -> None:
        self.period.addItem("全部时间", None)
        for period in self._services.observations.periods():
            self.period.addItem(period.name, period)

    @property
    def is_narrowed(self) -> bool:
        """Whether not all records are shown."""
        return self._source.query != Query()

    @Slot()
    def narrow(self) -> None:
        """Show what the filters say."""
        self._pause.stop()
        period = self.period.currentData()
        self._source.query = Query(
            words=self.words.text().strip(),
            view=self.views.currentData(),
            since=period.since if period else None,
            until=period.until if period else None,
        )
        self.reload()

    def reload(self) -> None:
        """Fetch the rows anew."""
        self.model.refresh()
        self.nothing.setVisible(self.is_narrowed and not self.model.rowCount())
        self.narrowed.emit()

    def show_view(self, view: str) -> None:
        """Show one of the built-in views."""
        self.views.setCurrentIndex(max(0, self.views.findData(view)))
        self.narrow()


def _columns() -> tuple[Column[ObservationRow], ...]:
    def score(row: ObservationRow) -> str:
        return "" if row.score is None else f"{row.score:g}"

    return (
        Column("date", "日期", lambda row: row.day, sort_key="date", width=96),
        Column("teacher", "授课教师", lambda row: row.teacher, sort_key="teacher", width=80),
        Column("title", "课题", lambda row: row.title, sort_key="title", width=120),
        Column("observer", "听课人", lambda row: row.observer, sort_key="observer", width=72),
        Column(
            "score",
            "评分",
            lambda row: row.score,
            score,
            sort_key="score",
            align_right=True,
            width=64,
        ),
        Column("grade", "等级", lambda row: row.grade, width=64),
        Column("period", "节次", lambda row: row.period, width=72),
        Column("class_name", "班级", lambda row: row.class_name, width=96),
        Column("subject", "学科", lambda row: row.subject, width=72),
        Column("lesson_kind", "课型", lambda row: row.lesson_kind, width=72),
        Column("school", "单位", lambda row: row.school, width=160),
        Column("hours", "节数", lambda row: row.hours, align_right=True, width=56, hidden=True),
    )
