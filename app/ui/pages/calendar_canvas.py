"""The calendar's sheet: a month or a week drawn by one widget, walked through with the arrow keys."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QPoint, QRect, Qt, Signal
from PySide6.QtGui import (
    QFont,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import QToolTip, QWidget
from typing_extensions import override

from app.ui.pages import calendar_layout as layout

if TYPE_CHECKING:
    from app.services.activities.records import CalendarEntry, CalendarView
    from app.ui.framework.theme import Theme

WEEKDAYS = ("星期一", "星期二", "星期三", "星期四", "星期五", "星期六", "星期日")
_HEAD = 28
_WEEK_COLUMN = 60
_DAY_LINE = 22
_BAR = 20
_BAR_TEXT = 13
_BLOCK_GAP = 6
_STEPS = {
    Qt.Key.Key_Left: -1,
    Qt.Key.Key_Right: 1,
    Qt.Key.Key_Up: -layout.WEEK,
    Qt.Key.Key_Down: layout.WEEK,
}


class CalendarCanvas(QWidget):
    """Draws what a CalendarView holds; a day is always chosen."""

    day_chosen = Signal(object)
    """The day (date) on which the cursor is now; may lie outside the sheet."""
    opened = Signal(object)
    """CalendarEntry that was double-clicked."""
    day_opened = Signal(object)
    """Day on which Enter was pressed."""
    new_wanted = Signal(object)
    """Day for which a new activity is wanted."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._view: CalendarView | None = None
        self._day = date.min
        self._month = 0
        """Month whose days are drawn in full; 0: a week is shown."""
        self.spots: list[tuple[QRect, CalendarEntry]] = []
        """Where each entry stands on the screen."""
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName("日历")
        self.setMinimumSize(560, 300)

    def show_view(self, view: CalendarView, day: date, *, month: bool) -> None:
        """Show a sheet with the cursor on a day of it."""
        self._view = view
        self._month = day.month if month else 0
        self.set_day(day)
        self._place()

    def set_day(self, day: date) -> None:
        """Put the cursor on a day of the sheet."""
        self._day = day
        if self._view is not None:
            words = layout.day_in_words(self._view, day, WEEKDAYS[day.weekday()])
            self.setAccessibleDescription(words)
        self.update()

    # -- places ------------------------------------------------------------------------------

    @property
    def _weeks(self) -> int:
        view = self._view
        return ((view.last - view.first).days + 1) // layout.WEEK if view else 1

    def _edge(self, column: int) -> int:
        """Left edge of a column; the columns share what is left over of the width."""
        return _WEEK_COLUMN + column * (self.width() - _WEEK_COLUMN) // layout.WEEK

    def _top(self, row: int) -> int:
        return _HEAD + row * (self.height() - _HEAD) // self._weeks

    def cell(self, day: date) -> QRect:
        """Where a day stands."""
        if self._view is None:
            return QRect()
        row, column = divmod((day - self._view.first).days, layout.WEEK)
        left, top = self._edge(column), self._top(row)
        return QRect(left, top, self._edge(column + 1) - left, self._top(row + 1) - top)

    def _day_at(self, point: QPoint) -> date | None:
        view = self._view
        if view is None or point.x() < _WEEK_COLUMN or point.y() < _HEAD:
            return None
        for number in range((view.last - view.first).days + 1):
            day = view.first + timedelta(days=number)
            if self.cell(day).contains(point):
                return day
        return None

    def _entry_at(self, point: QPoint) -> CalendarEntry | None:
        return next((entry for place, entry in self.spots if place.contains(point)), None)

    def _place(self) -> None:
        """Work out where the entries stand."""
        self.spots = []
        if self._view is None:
            return
        for row in range(self._weeks):
            monday = self._view.first + timedelta(days=row * layout.WEEK)
            if self._month:
                self._place_bars(row, layout.lanes(monday, self._view.entries))
            else:
                self._place_blocks(layout.lanes(monday, self._view.entries))
        self.update()

    def _room(self, row: int) -> int:
        """Lanes that a week of the month has room for."""
        return max(1, (self._top(row + 1) - self._top(row) - _DAY_LINE) // _BAR)

    def _place_bars(self, row: int, placed: list[layout.Placed]) -> None:
        room = self._room(row)
        for one in placed:
            # Where more lies under it, the last lane says how much.
            if one.lane < room - 1 or (one.lane == room - 1 and not _more_below(placed, one, room)):
                self.spots.append((self._bar(row, one), one.entry))

    def _bar(self, row: int, one: layout.Placed) -> QRect:
        left, right = self._edge(one.column) + 3, self._edge(one.column + one.columns) - 3
        top = self._top(row) + _DAY_LINE + one.lane * _BAR
        return QRect(left, top, right - left, _BAR - 1)

    def _place_blocks(self, placed: list[layout.Placed]) -> None:
        """In a week those of several days come first, then each day's one below the other."""
        metrics = self.fontMetrics()
        long = [one for one in placed if one.columns > 1]
        top = [self._top(0) + _DAY_LINE + 4] * layout.WEEK
        for one in long:
            self.spots.append((self._bar(0, one), one.entry))
            for column in range(one.column, one.column + one.columns):
                top[column] = max(top[column], self._bar(0, one).bottom() + _BLOCK_GAP)
        for one in placed:
            if one.columns > 1:
                continue
            left, right = self._edge(one.column) + 4, self._edge(one.column + 1) - 4
            box = QRect(0, 0, right - left - 14, 10_000)
            words = metrics.boundingRect(box, _WRAPPED, "\n".join(_block_lines(one.entry)))
            height = words.height() + 12
            self.spots.append((QRect(left, top[one.column], right - left, height), one.entry))
            top[one.column] += height + _BLOCK_GAP

    # -- drawing -----------------------------------------------------------------------------

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), self._theme.color("surface"))
        if self._view is None:
            return
        self._draw_frame(painter, self._view)
        for place, entry in self.spots:
            self._draw_entry(painter, place, entry)
        if self._month:
            self._draw_rest(painter, self._view)
        painter.setPen(self._theme.color("border"))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(self.rect().adjusted(0, 0, -1, -1))
        self._draw_cursor(painter)

    def _draw_frame(self, painter: QPainter, view: CalendarView) -> None:
        theme = self._theme
        painter.fillRect(QRect(0, 0, self.width(), _HEAD), theme.color("ground"))
        painter.fillRect(QRect(0, _HEAD, _WEEK_COLUMN, self.height()), theme.color("ground"))
        painter.setPen(theme.color("text_muted"))
        for column, words in enumerate(WEEKDAYS):
            left = self._edge(column)
            place = QRect(left, 0, self._edge(column + 1) - left, _HEAD)
            painter.drawText(place, Qt.AlignmentFlag.AlignCenter, words)
        for row in range(self._weeks):
            monday = view.first + timedelta(days=row * layout.WEEK)
            place = QRect(0, self._top(row) + 4, _WEEK_COLUMN, _DAY_LINE)
            painter.setPen(theme.color("text_muted"))
            painter.drawText(place, Qt.AlignmentFlag.AlignCenter, view.weeks.get(monday, ""))
            for column in range(layout.WEEK):
                self._draw_day(painter, view, monday + timedelta(days=column))

    def _draw_day(self, painter: QPainter, view: CalendarView, day: date) -> None:
        theme, place = self._theme, self.cell(day)
        outside = bool(self._month) and day.month != self._month
        if outside:
            painter.fillRect(place, theme.color("surface_alternate"))
        painter.setPen(theme.color("border"))
        painter.drawRect(place)
        number = QRect(place.left() + 6, place.top() + 1, place.width() - 12, _DAY_LINE - 2)
        words = f"{day.month}月{day.day}日" if day.day == 1 or not self._month else str(day.day)
        today = day == view.today
        painter.setFont(self._bold() if today else self.font())
        painter.setPen(theme.color("accent" if today else "text_muted" if outside else "text"))
        left = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(number, left, f"{words} 今天" if today else words)
        painter.setFont(self.font())

    def _draw_entry(self, painter: QPainter, place: QRect, entry: CalendarEntry) -> None:
        theme = self._theme
        ground, edge, style = _LOOKS[entry.kind]
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(theme.color(edge), 1, style))
        painter.setBrush(theme.color(ground))
        painter.drawRoundedRect(place.adjusted(0, 0, -1, -1), 3, 3)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=False)
        painter.setPen(theme.color("text"))
        inside = place.adjusted(7, 0, -7, 0)
        lines = _block_lines(entry)
        if self._month or entry.last > entry.first:
            painter.setFont(self._bar_font())
            words = painter.fontMetrics().elidedText(
                _bar_words(entry), Qt.TextElideMode.ElideRight, inside.width()
            )
            flags = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
            painter.drawText(inside.adjusted(0, -2, 0, 0), flags, words)
        else:
            painter.setFont(self.font())
            painter.drawText(inside.adjusted(0, 6, 0, -6), _WRAPPED, "\n".join(lines))

    def _draw_rest(self, painter: QPainter, view: CalendarView) -> None:
        """Say of each day how much there was no room for."""
        shown: dict[date, int] = {}
        for place, entry in self.spots:
            for day in _days(entry, view):
                if self.cell(day).intersects(place):
                    shown[day] = shown.get(day, 0) + 1
        painter.setPen(self._theme.color("accent"))
        painter.setFont(self._bar_font())
        for number in range(self._weeks * layout.WEEK):
            day = view.first + timedelta(days=number)
            rest = len(view.on(day)) - shown.get(day, 0)
            if rest > 0:
                row = number // layout.WEEK
                top = self._top(row) + _DAY_LINE + (self._room(row) - 1) * _BAR
                place = QRect(self.cell(day).left() + 8, top, self.cell(day).width() - 12, _BAR - 2)
                flags = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
                painter.drawText(place, flags, f"还有 {rest} 项")

    def _draw_cursor(self, painter: QPainter) -> None:
        strong = self.hasFocus()
        pen = QPen(self._theme.color("accent" if strong else "border_control"), 2)
        pen.setJoinStyle(Qt.PenJoinStyle.MiterJoin)
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(self.cell(self._day).adjusted(1, 1, -1, -1))

    def _bar_font(self) -> QFont:
        font = QFont(self.font())
        font.setPixelSize(_BAR_TEXT)
        return font

    def _bold(self) -> QFont:
        font = QFont(self.font())
        font.setBold(True)
        return font

    # -- keys and mouse ----------------------------------------------------------------------

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        if event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            super().keyPressEvent(event)
        elif key in _STEPS:
            self.day_chosen.emit(self._day + timedelta(days=_STEPS[key]))
        elif key in {Qt.Key.Key_Home, Qt.Key.Key_End}:
            end = 0 if key == Qt.Key.Key_Home else layout.WEEK - 1
            self.day_chosen.emit(layout.monday_of(self._day) + timedelta(days=end))
        elif key in {Qt.Key.Key_PageUp, Qt.Key.Key_PageDown}:
            step = 1 if key == Qt.Key.Key_PageDown else -1
            self.day_chosen.emit(layout.next_page(self._day, step, month=bool(self._month)))
        elif key in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self.day_opened.emit(self._day)
        elif key == Qt.Key.Key_N:
            self.new_wanted.emit(self._day)
        else:
            super().keyPressEvent(event)

    @override
    def mousePressEvent(self, event: QMouseEvent) -> None:
        day = self._day_at(event.position().toPoint())
        if day is not None:
            self.day_chosen.emit(day)

    @override
    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        point = event.position().toPoint()
        entry, day = self._entry_at(point), self._day_at(point)
        if entry is not None:
            self.opened.emit(entry)
        elif day is not None and self._view is not None and self._view.on(day) and self._month:
            self.day_opened.emit(day)
        elif day is not None:
            self.new_wanted.emit(day)

    @override
    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            entry = self._entry_at(event.pos())
            QToolTip.showText(event.globalPos(), layout.in_words(entry) if entry else "", self)
            return True
        return super().event(event)

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place()


_WRAPPED = int(Qt.TextFlag.TextWordWrap) | int(Qt.AlignmentFlag.AlignTop)
_LOOKS = {
    "activity": ("accent_soft", "accent", Qt.PenStyle.SolidLine),
    "plan_item": ("surface", "warning", Qt.PenStyle.DashLine),
    "lesson": ("surface_alternate", "border_control", Qt.PenStyle.SolidLine),
}
"""Ground, edge and line of each kind; the words in it say the kind as well."""


def _more_below(placed: list[layout.Placed], one: layout.Placed, room: int) -> bool:
    """Whether on one of its days there are entries below the last lane that is shown."""
    mine = range(one.column, one.column + one.columns)
    return any(
        other.lane >= room and set(mine) & set(range(other.column, other.column + other.columns))
        for other in placed
    )


def _days(entry: CalendarEntry, view: CalendarView) -> list[date]:
    first, last = max(entry.first, view.first), min(entry.last, view.last)
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


def _bar_words(entry: CalendarEntry) -> str:
    start = f"{entry.starts_at:%H:%M} " if entry.starts_at else ""
    mark = f"{layout.KIND_WORDS[entry.kind]}：" if entry.kind != "activity" else ""
    return f"{mark}{start}{entry.title}"


def _block_lines(entry: CalendarEntry) -> list[str]:
    mark = f"{layout.KIND_WORDS[entry.kind]}：" if entry.kind != "activity" else ""
    lines = (layout.clock(entry), f"{mark}{entry.title}", entry.label, entry.place)
    return [line for line in lines if line]
