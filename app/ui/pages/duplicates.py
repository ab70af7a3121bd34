"""查重与合并: who or what may be twice there, side by side, and one record made of two."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSplitter,
    QStackedWidget,
    QTabBar,
    QTabWidget,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from app.services.people.merging import RULE
from app.ui.framework import tokens as t
from app.ui.framework.jobs import Job
from app.ui.framework.lists import ID, fill, item, plain_list
from app.ui.framework.messages import LAST_STEP
from app.ui.framework.page import EmptyState
from app.ui.framework.theme import set_role
from app.ui.pages.duplicates_fields import FieldPicks

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from app.bootstrap import Services
    from app.progress import Progress
    from app.services.adoption import AdoptionView
    from app.services.people.duplicates import Kind, Pair
    from app.services.people.merging import MergePreview
    from app.ui.framework.page import Tools

_KINDS: tuple[tuple[Kind, str], ...] = (("person", "人员"), ("school", "单位"))


class DuplicatesDialog(QDialog):
    """Pairs at the left; at the right what merging the selected pair would do. Nothing by itself."""

    def __init__(
        self,
        tools: Tools,
        services: Services,
        adoption: AdoptionView,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._tools, self._services = tools, services
        self._pairs: dict[str, Pair] = {}
        self._seen: MergePreview | None = None
        self.setWindowTitle(f"查重与合并 — {adoption.community_name}")
        self.resize(1080, 620)
        column = QVBoxLayout(self)
        column.setContentsMargins(t.GAP_LARGE, t.GAP_SMALL, t.GAP_LARGE, t.GAP_LARGE)
        column.setSpacing(t.GAP)
        self.kinds = QTabBar()
        self.kinds.setAccessibleName("查哪一类")
        self.kinds.setDrawBase(False)
        self.kinds.setExpanding(False)
        for _kind, words in _KINDS:
            self.kinds.addTab(words)
        self.kinds.currentChanged.connect(self.search)
        column.addWidget(self.kinds)
        self.stack = QStackedWidget()
        self.nothing = EmptyState(tools.theme, "circle-check", "没有发现重复。")
        self.stack.addWidget(self.nothing)
        self.stack.addWidget(self._make_middle())
        column.addWidget(self.stack, 1)
        column.addLayout(self._make_buttons())
        self.search()

    def _make_middle(self) -> QSplitter:
        self.pairs = plain_list("可能重复的记录", "可能是同一个", "理由")
        self.pairs.currentItemChanged.connect(self._choose)
        self.summary = QLabel()
        self.summary.setTextFormat(Qt.TextFormat.PlainText)
        self.summary.setWordWrap(True)
        self.picks = FieldPicks()
        self.moving = _tree("会移过来的记录")
        self.collisions = _tree("会合为一条的记录")
        self.tabs = QTabWidget()
        rule = QLabel(RULE)
        rule.setWordWrap(True)
        set_role(rule, "small")
        right = QWidget()
        column = QVBoxLayout(right)
        column.setContentsMargins(t.GAP, 0, 0, 0)
        column.setSpacing(t.GAP_SMALL)
        column.addWidget(self.summary)
        column.addWidget(self.tabs, 1)
        column.addWidget(rule)
        split = QSplitter(Qt.Orientation.Horizontal)
        split.setChildrenCollapsible(False)
        split.addWidget(self.pairs)
        split.addWidget(right)
        split.setSizes([400, 640])
        for title, widget in zip(_TITLES, (self.picks, self.moving, self.collisions), strict=True):
            self.tabs.addTab(widget, title)
        return split

    def _make_buttons(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(t.GAP_SMALL)
        self.different_button = self._button("不是同一个", self.mark_different)
        self.different_button.setIcon(self._tools.theme.icon("x"))
        self.different_button.setToolTip("记住这是两个，以后不再列出（可撤销）")
        row.addWidget(self.different_button)
        row.addStretch(1)
        row.addWidget(self._button("关闭", self.accept))
        self.merge_button = self._button("合并", self.merge)
        set_role(self.merge_button, "primary")
        row.addWidget(self.merge_button)
        return row

    @staticmethod
    def _button(text: str, slot: Callable[[], object]) -> QPushButton:
        made = QPushButton(text)
        made.setAutoDefault(False)  # Enter in the list must not merge
        made.clicked.connect(slot)
        return made

    @property
    def kind(self) -> Kind:
        """What is looked through."""
        return _KINDS[self.kinds.currentIndex()][0]

    @Slot()
    def search(self) -> None:
        """Look for pairs; the one after the selected one is selected then."""
        kind, people = self.kind, self._services.people

        def work(_progress: Progress) -> list[Pair]:
            return people.duplicates(kind)

        self._tools.jobs.start(
            Job("查重", work, self._show_pairs, owner=self, database=False, quiet=True)
        )

    def _show_pairs(self, found: Sequence[Pair]) -> None:
        row = max(self.pairs.currentIndex().row(), 0)
        self._pairs = {f"{pair.first.id}/{pair.second.id}": pair for pair in found}
        rows = ((key, (_both(pair), "，".join(pair.reasons))) for key, pair in self._pairs.items())
        fill(self.pairs, rows)
        title = _KINDS[self.kinds.currentIndex()][1]
        text = f"{title} {len(found)}" if found else title
        self.kinds.setTabText(self.kinds.currentIndex(), text)
        self.stack.setCurrentIndex(1 if found else 0)
        self._enable()
        if found:
            self.pairs.setCurrentIndex(self.pairs.model().index(min(row, len(found) - 1), 0))

    def _current(self) -> Pair | None:
        line = self.pairs.currentItem()
        return None if line is None else self._pairs.get(line.data(0, ID))

    @Slot(QTreeWidgetItem, QTreeWidgetItem)
    def _choose(self) -> None:
        """Show what merging the selected pair would do."""
        self._seen = None
        self._enable()
        pair = self._current()
        if pair is None:
            return
        people = self._services.people
        self.summary.setText("正在查看…")

        def work(_progress: Progress) -> MergePreview:
            return people.preview_merge(pair.kind, pair.first.id, pair.second.id)

        def show(seen: MergePreview) -> None:
            if self._current() is pair:  # another one may have been selected meanwhile
                self._show_preview(pair, seen)

        self._tools.jobs.start(
            Job("预览合并", work, show, self._fail, owner=self, database=False, quiet=True)
        )

    def _fail(self, error: Exception) -> None:
        self.summary.setText(str(error))
        set_role(self.summary, "error")
        self.picks.show_fields((), "", "")
        self.moving.clear()
        self.collisions.clear()

    def _show_preview(self, pair: Pair, seen: MergePreview) -> None:
        self._seen = seen
        set_role(self.summary, "")
        notes = "".join(f"\n{note}" for note in seen.notes)
        self.summary.setText(
            f"甲　{pair.first.name}　{pair.first.detail}\n乙　{pair.second.name}　{pair.second.detail}{notes}"
        )
        self.picks.show_fields(seen.fields, "甲（留下）", "乙（并入）")
        self.moving.clear()
        for group in seen.moving:
            parent = item("", (f"{group.noun} {group.count} 条",))
            parent.addChildren([item("", (words,)) for words in group.lines])
            rest = group.count - len(group.lines)
            if rest:
                parent.addChild(item("", (f"……还有 {rest} 条",)))
            self.moving.addTopLevelItem(parent)
            parent.setExpanded(group.count <= 10)
        self.collisions.clear()
        for one in seen.collisions:
            parent = item("", (f"{one.noun}　{one.what}",))
            parent.addChildren([item("", (words,)) for words in one.outcome])
            self.collisions.addTopLevelItem(parent)
            parent.setExpanded(True)
        counts = (0, sum(group.count for group in seen.moving), len(seen.collisions))
        for number, (title, count) in enumerate(zip(_TITLES, counts, strict=True)):
            self.tabs.setTabText(number, f"{title} {count}" if count else title)
        self._enable()

    def _enable(self) -> None:
        self.different_button.setEnabled(self._current() is not None)
        self.merge_button.setEnabled(self._seen is not None)

    @Slot()
    def mark_different(self) -> None:
        """Remember that the selected two are two."""
        pair = self._current()
        if pair is None:
            return
        people = self._services.people

        def work(_progress: Progress) -> None:
            people.mark_different(pair)

        def done(_nothing: None) -> None:
            self._tools.messages.say(
                f"已记住：两个“{pair.first.name}”不是同一个。", topic=LAST_STEP
            )
            self.search()

        self._tools.jobs.start(Job("标为不是同一个", work, done, owner=self, quiet=True))

    @Slot()
    def merge(self) -> None:
        """Make one record of the selected two, as shown."""
        seen = self._seen
        if seen is None:
            return
        people, picks = self._services.people, self.picks.picks()
        self._seen = None
        self._enable()

        def work(_progress: Progress) -> str:
            return people.merge(seen, picks)

        def done(_kept: str) -> None:
            self._tools.messages.say(f"已合并“{seen.name}”，两条记录成为一条。", topic=LAST_STEP)
            self.search()

        def fail(error: Exception) -> None:
            self._tools.errors.show_error(error)
            self._choose()

        self._tools.jobs.start(Job("合并重复的记录", work, done, fail, owner=self))


_TITLES = ("取哪个值", "移过来", "合为一条")


def _both(pair: Pair) -> str:
    one, other = pair.first.name, pair.second.name
    return f"{one}（两条）" if one == other else f"{one} ／ {other}"


def _tree(name: str) -> QTreeWidget:
    """A list of groups that can be opened."""
    made = plain_list(name, "")
    made.setHeaderHidden(True)
    made.setRootIsDecorated(True)
    return made
