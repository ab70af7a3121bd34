"""The whole way of one subject to its results, as a tree."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt, Signal, Slot
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QMenu,
    QPushButton,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from app.services.standing.result_table import (
    grade_words,
    points_short,
    reached_words,
    seat_words,
)
from app.ui.framework import tokens as t
from app.ui.framework.theme import set_role

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QResizeEvent

    from app.services.schemes.assessment import Grade
    from app.services.standing.grades import Given
    from app.services.standing.recognition import Recognised
    from app.services.standing.result_table import ResultRow, ResultTable
    from app.services.standing.steps import Step
    from app.ui.framework.theme import Theme

_OPEN_DEPTH = 2
_PADDING = 3 * t.GAP_SMALL
_NARROWEST = 120


class _Wrapping(QStyledItemDelegate):
    """Lines as high as their text needs: Qt wraps it only where there is room."""

    def __init__(self, tree: QTreeWidget) -> None:
        super().__init__(tree)
        self._tree = tree

    @override
    def sizeHint(
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> QSize:
        styled = QStyleOptionViewItem(option)
        self.initStyleOption(styled, index)
        depth, above = 1, index.parent()
        while above.isValid():
            depth, above = depth + 1, above.parent()
        taken = depth * self._tree.indentation() + _PADDING
        taken += 0 if styled.icon.isNull() else t.ICON + t.GRID
        wide = max(self._tree.viewport().width() - taken, _NARROWEST)
        flags = Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignLeft
        metrics = styled.fontMetrics
        high = metrics.boundingRect(QRect(0, 0, wide, 10_000), flags, str(index.data())).height()
        return QSize(0, max(t.ROW_HEIGHT, high + t.GAP_SMALL))


class _Lines(QTreeWidget):
    """A tree whose lines are laid out anew when it becomes wider or narrower."""

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.scheduleDelayedItemsLayout()


class StepsPanel(QWidget):
    """Scores with their steps, grades with their seats, recognitions with their ways."""

    grade_wanted = Signal(str, str)
    """Key of a grade and the name that is given by hand; empty: it is taken back."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._row: ResultRow | None = None
        self._table: ResultTable | None = None
        column = QVBoxLayout(self)
        column.setContentsMargins(t.GAP_SMALL, 0, 0, 0)
        column.setSpacing(t.GAP_SMALL)
        row = QHBoxLayout()
        self.name = QLabel()
        set_role(self.name, "heading")
        row.addWidget(self.name, 1)
        self.give = QPushButton(theme.icon("stamp"), "评定等次")
        self.give.setToolTip("同分跨等次、或由评委评定的等次，在这里定下来")
        self.menu = QMenu(self.give)
        self.give.setMenu(self.menu)
        row.addWidget(self.give)
        column.addLayout(row)
        self.tree = _Lines()
        self.tree.setAccessibleName("怎样算出来的")
        self.tree.setHeaderHidden(True)
        self.tree.setWordWrap(True)
        self.tree.setIndentation(18)
        self.tree.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.tree.setItemDelegate(_Wrapping(self.tree))
        column.addWidget(self.tree, 1)
        self.give.hide()

    def show_row(
        self, table: ResultTable | None, row: ResultRow | None, given: Sequence[Given]
    ) -> None:
        """Show the way of one subject; ``given`` are the grades of everybody, for the seats."""
        self._table, self._row = table, row
        self.tree.clear()
        self.name.setText("" if row is None else row.subject.name)
        self.menu.clear()
        if table is None or row is None:
            self.give.hide()
            return
        for score in table.scores:
            result = row.results.get(score.key)
            if result is None:
                continue
            top = self._top(f"{score.name}：{points_short(result)}", missing=result.points is None)
            for step in result.steps:
                self._add_step(top, step, 1)
            for fact in result.lacking if not result.steps else ():
                self._add(top, f"缺：{fact}", "circle-question-mark")
        for grade in table.grades:
            self._add_grade(grade, row, given)
        for one in table.recognitions:
            found = row.recognised.get(one.key)
            if found is not None:
                top = self._top(
                    f"{one.name}：{reached_words(found)}", missing=found.reached is None
                )
                self._add_ways(top, found)
        self.give.setVisible(not self.menu.isEmpty())

    # -- lines -------------------------------------------------------------------------------

    def _top(self, words: str, *, missing: bool) -> QTreeWidgetItem:
        top = QTreeWidgetItem(self.tree, [words])
        font = top.font(0)
        font.setBold(True)
        top.setFont(0, font)
        top.setToolTip(0, words)
        if missing:
            top.setIcon(0, self._theme.icon("circle-question-mark", "warning"))
        top.setExpanded(True)
        return top

    def _add(self, above: QTreeWidgetItem, words: str, icon: str = "") -> QTreeWidgetItem:
        made = QTreeWidgetItem(above, [words])
        made.setToolTip(0, words)
        if icon:
            made.setIcon(0, self._theme.icon(icon, "warning"))
        return made

    def _add_step(self, above: QTreeWidgetItem, step: Step, depth: int) -> None:
        made = self._add(above, step.words, "circle-question-mark" if step.lacking else "")
        for inner in step.inner:
            self._add_step(made, inner, depth + 1)
        told = {fact for inner in step.inner for fact in inner.lacking}
        for fact in step.lacking:
            if fact not in told and fact not in step.words:
                self._add(made, f"缺：{fact}", "circle-question-mark")
        made.setExpanded(depth < _OPEN_DEPTH or bool(step.lacking))

    def _add_grade(self, grade: Grade, row: ResultRow, given: Sequence[Given]) -> None:
        own = row.grades.get(grade.key, ())
        if not own:
            return
        top = self._top(
            f"{grade.name}：{grade_words(own)}", missing=any(one.lacking for one in own)
        )
        for one in own:
            within = f"在{one.within}里：" if one.within else ""
            self._add(top, within + one.words, "triangle-alert" if one.tie else "")
            if one.rank is not None:
                self._add(top, seat_words(grade, one.within, given))
            for fact in one.lacking:
                if fact not in one.words:
                    self._add(top, fact if one.tie else f"缺：{fact}", "circle-question-mark")
        if grade.rule.by == "hand" or any(one.tie or one.by_hand for one in own):
            self._offer(grade, own)

    def _offer(self, grade: Grade, own: Sequence[Given]) -> None:
        """Let the grade be given by hand."""
        for name in grade.names:
            action = self.menu.addAction(f"{grade.name}：{name}")
            action.setData((grade.key, name))
            action.triggered.connect(self._on_given)
        if any(one.by_hand for one in own):
            action = self.menu.addAction(f"{grade.name}：取消评定")
            action.setData((grade.key, ""))
            action.triggered.connect(self._on_given)

    @Slot()
    def _on_given(self) -> None:
        sender = self.sender()
        key, name = sender.data()  # type: ignore[attr-defined]  # an action of the menu
        self.grade_wanted.emit(key, name)

    def _add_ways(self, top: QTreeWidgetItem, found: Recognised) -> None:
        for way in found.ways:
            verdict = {True: "达到", False: "未达到", None: "还不能断定"}[way.reached]
            made = self._add(top, f"办法{way.number + 1}：{way.words}，{verdict}")
            for span, count in way.counts:
                self._add(
                    made, f"{span.name}：{'缺' if count is None else f'{count.normalize():f}'}"
                )
            for fact in way.lacking:
                self._add(made, f"缺：{fact}", "circle-question-mark")
        for fact in found.lacking:
            self._add(top, f"缺：{fact}", "circle-question-mark")
