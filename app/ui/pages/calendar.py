"""日历: the month or the week of the community, with what is planned for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Qt, Signal, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QButtonGroup,
    QHBoxLayout,
    QLabel,
    QMenu,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from app.errors import AppError
from app.ui.framework import tokens as t
from app.ui.framework.theme import set_role
from app.ui.pages import calendar_layout as layout
from app.ui.pages.calendar_canvas import WEEKDAYS, CalendarCanvas

if TYPE_CHECKING:
    from datetime import date

    from app.bootstrap import Services
    from app.services.activities.records import CalendarEntry, CalendarView
    from app.ui.framework.page import Tools

_ICONS = {"activity": "calendar-days", "plan_item": "list-checks", "lesson": "presentation"}


class CalendarPane(QWidget):
    """A sheet of the calendar, and above it which one."""

    opened = Signal(object)
    """CalendarEntry that the user wants to see."""
    new_wanted = Signal(object)
    """Day for which a new activity is wanted."""

    def __init__(self, tools: Tools, services: Services, adoption_id: str) -> None:
        super().__init__()
        self._tools = tools
        self._services = services
        self._adoption_id = adoption_id
        self._shown: CalendarView | None = None
        self.day = services.activities.today
        self.month = True
        self.canvas = CalendarCanvas(tools.theme)
        self.undated = QPushButton()
        set_role(self.undated, "link")
        self.undated.clicked.connect(self._offer_undated)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(t.GAP_SMALL)
        column.addLayout(self._bar())
        column.addWidget(self.canvas, 1)
        column.addWidget(self.undated, 0, Qt.AlignmentFlag.AlignLeft)
        canvas = self.canvas
        canvas.day_chosen.connect(self.go_to)
        canvas.opened.connect(self.opened)
        canvas.new_wanted.connect(self.new_wanted)
        canvas.day_opened.connect(self._open_day)
        self.setFocusProxy(canvas)

    def _bar(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(t.GAP_SMALL)
        back = self._tool("chevron-left", "上一页（PageUp）", self._back)
        forth = self._tool("chevron-right", "下一页（PageDown）", self._forth)
        today = QPushButton("今天")
        today.setToolTip("回到今天（T）")
        today.clicked.connect(self.go_to_today)
        self.heading = QLabel()
        set_role(self.heading, "heading")
        for widget in (back, forth, today):
            row.addWidget(widget)
        row.addSpacing(t.GAP_SMALL)
        row.addWidget(self.heading)
        row.addStretch(1)
        self.modes = QButtonGroup(self)
        for number, (words, tip) in enumerate((("月", "按月看（M）"), ("周", "按周看（W）"))):
            button = QToolButton()
            button.setText(words)
            button.setToolTip(tip)
            button.setCheckable(True)
            button.setChecked(number == 0)
            set_role(button, "plain")
            self.modes.addButton(button, number)
            row.addWidget(button)
        self.modes.idClicked.connect(self._choose_mode)
        new = QPushButton(self._tools.theme.icon("plus"), "新活动")
        new.setToolTip("在选中的日子新建活动（N）")
        new.clicked.connect(self._new)
        row.addWidget(new)
        for key, slot in (("T", self.go_to_today), ("M", self.show_month), ("W", self.show_week)):
            action = QAction(self.canvas)
            action.setShortcut(key)
            action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
            action.triggered.connect(slot)
            self.canvas.addAction(action)
        return row

    def _tool(self, icon: str, tip: str, slot: object) -> QToolButton:
        button = QToolButton()
        button.setIcon(self._tools.theme.icon(icon))
        button.setToolTip(tip)
        button.setAccessibleName(tip.split("（", maxsplit=1)[0])
        set_role(button, "plain")
        button.clicked.connect(slot)
        return button

    # -- showing -----------------------------------------------------------------------------

    def refresh(self) -> None:
        """Read the sheet anew."""
        span = layout.month_span if self.month else layout.week_span
        first, last = span(self.day)
        try:
            view = self._services.activities.calendar(self._adoption_id, first, last)
        except AppError as error:
            self._tools.errors.show_error(error)
            return
        self._shown = view
        self.heading.setText(self._heading(view))
        self.canvas.show_view(view, self.day, month=self.month)
        self.undated.setVisible(bool(view.undated))
        titles = "、".join(one.title for one in view.undated[:4])
        more = f"等 {len(view.undated)} 项" if len(view.undated) > 4 else ""
        self.undated.setText(f"计划中未定日期的：{titles}{more}")

    def _heading(self, view: CalendarView) -> str:
        if self.month:
            return f"{self.day.year}年{self.day.month}月"
        week = view.weeks.get(view.first, "")
        span = f"{view.first.month}月{view.first.day}日—{view.last.month}月{view.last.day}日"
        return " ".join(filter(None, (f"{view.first.year}年{span}", week)))

    @Slot(object)
    def go_to(self, day: date) -> None:
        """Put the cursor on a day; another sheet is read only where it lies on another."""
        turned = self.month and (day.year, day.month) != (self.day.year, self.day.month)
        turned |= not self.month and layout.monday_of(day) != layout.monday_of(self.day)
        self.day = day
        if turned:
            self.refresh()
        else:
            self.canvas.set_day(day)

    @Slot()
    def go_to_today(self) -> None:
        """Put the cursor on today."""
        self.go_to(self._services.activities.today)

    @Slot()
    def show_month(self) -> None:
        """Show whole months."""
        self._choose_mode(0)

    @Slot()
    def show_week(self) -> None:
        """Show single weeks."""
        self._choose_mode(1)

    @Slot(int)
    def _choose_mode(self, number: int) -> None:
        self.month = number == 0
        self.modes.button(number).setChecked(True)
        self.refresh()
        self.canvas.setFocus()

    @Slot()
    def _back(self) -> None:
        self._turn(-1)

    @Slot()
    def _forth(self) -> None:
        self._turn(1)

    def _turn(self, step: int) -> None:
        self.go_to(layout.next_page(self.day, step, month=self.month))

    # -- opening -----------------------------------------------------------------------------

    @Slot()
    def _new(self) -> None:
        self.new_wanted.emit(self.day)

    @Slot(object)
    def _open_day(self, day: date) -> None:
        """Open what stands on a day; of several let the user pick; of none make a new one."""
        found = self._shown.on(day) if self._shown is not None else ()
        if not found:
            self.new_wanted.emit(day)
        elif len(found) == 1:
            self.opened.emit(found[0])
        else:
            title = f"{day.month}月{day.day}日 {WEEKDAYS[day.weekday()]}"
            self._offer(title, found, self.canvas.mapToGlobal(self.canvas.cell(day).bottomLeft()))

    @Slot()
    def _offer_undated(self) -> None:
        if self._shown is not None:
            below = self.undated.mapToGlobal(QPoint(0, self.undated.height()))
            self._offer("未定日期的计划", self._shown.undated, below)

    def _offer(self, title: str, entries: tuple[CalendarEntry, ...], at: QPoint) -> None:
        menu = QMenu(title, self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for entry in entries:
            action = menu.addAction(
                self._tools.theme.icon(_ICONS[entry.kind]), layout.in_words(entry)
            )
            action.setData(entry)
            action.triggered.connect(self._on_picked)
        menu.setActiveAction(menu.actions()[0])
        menu.popup(at)

    @Slot()
    def _on_picked(self) -> None:
        action = self.sender()
        if isinstance(action, QAction):
            self.opened.emit(action.data())
