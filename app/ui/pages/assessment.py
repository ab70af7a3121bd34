"""考核: what is missing, how far everybody is, the points of each item, and the results."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, cast

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QStackedWidget, QWidget
from typing_extensions import override

from app.ui.framework.page import Page
from app.ui.framework.page_tabs import PageTabs

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.bootstrap import Services
    from app.services.adoption import AdoptionView
    from app.services.unit_of_work import Changes
    from app.ui.framework.page import Tools

MISSING, PROGRESS, SCORE, ENTRY, RESULTS = "missing", "progress", "score", "entry", "results"
_VIEWS = (
    (MISSING, "缺什么"), (PROGRESS, "进度"), (SCORE, "评分"), (ENTRY, "录入成绩"), (RESULTS, "结果"),
)  # fmt: skip
_MADE_BY = {
    MISSING: ("missing", "MissingView"), PROGRESS: ("progress", "ProgressView"),
    SCORE: ("assessment_score", "ScoreView"), ENTRY: ("assessment_entry", "EntryView"),
    RESULTS: ("assessment_results", "ResultsView"),
}  # fmt: skip
"""Module and class of each view; none is loaded before it is wanted."""
_LAST = "assessment/view"


class View(Protocol):
    """What the page asks of its views; each is a widget with a help text and keys of its own."""

    help_text: str
    keys: tuple[tuple[str, str], ...]

    def refresh(self, changes: Changes | None) -> None:
        """Show things as they are now."""

    def show_view(self, view: str) -> None:
        """Show a place that a link names."""


class AssessmentPage(Page):
    """Five looks at the same reckoning; each is made when it is first wanted."""

    def __init__(
        self,
        tools: Tools,
        services: Services,
        adoption: AdoptionView,
        go: Callable[[str, str], None] | None = None,
    ) -> None:
        super().__init__(tools, "考核")
        self._services, self._adoption = services, adoption
        self._go = go or _nowhere
        self._views: dict[str, QWidget] = {}
        self._stale: set[str] = set()
        self.tabs = PageTabs(self, [words for _key, words in _VIEWS], "考核的几个页签")
        self.tabs.asked.connect(self._on_asked)
        self._title_row.insertWidget(1, self.tabs)
        self._stacked = QStackedWidget()
        self.set_content(self._stacked)
        last = tools.settings.text(_LAST, MISSING)
        self.tabs.setCurrentIndex(_number(last) if last in dict(_VIEWS) else 0)
        self.tabs.currentChanged.connect(self._on_tab)

    # -- views -------------------------------------------------------------------------------

    @property
    def current(self) -> str:
        """Key of the view in front."""
        return _VIEWS[self.tabs.currentIndex()][0]

    def view(self, key: str) -> QWidget:
        """Bring a view to the front; it is made when it is first wanted."""
        if self.current == key:
            self._bring(key)
        else:
            self.tabs.setCurrentIndex(_number(key))
        return self._views[key]

    @Slot(int)
    def _on_tab(self, number: int) -> None:
        self._bring(_VIEWS[number][0])

    @Slot(int)
    def _on_asked(self, number: int) -> None:
        self.view(_VIEWS[number][0])

    def _bring(self, key: str) -> None:
        if key not in self._views:
            self._views[key] = self._make(key)
            self._stacked.addWidget(self._views[key])
            self._stale.add(key)
        widget = self._views[key]
        came = self._stacked.currentWidget() is not widget
        self._stacked.setCurrentWidget(widget)
        self.setFocusProxy(widget)
        self.tools.settings.set(_LAST, key)
        view = cast("View", widget)
        self.help_text = view.help_text
        self.keys = ((f"Ctrl+1 … Ctrl+{len(_VIEWS)}", "、".join(dict(_VIEWS).values())), *view.keys)
        if key in self._stale:
            self._stale.discard(key)
            view.refresh(None)
        if came and not self.tabs.hasFocus():
            widget.setFocus()

    def _make(self, key: str) -> QWidget:
        from importlib import import_module

        module, name = _MADE_BY[key]
        made = getattr(import_module(f"app.ui.pages.{module}"), name)
        view: QWidget = made(self.tools, self._services, self._adoption, self._go)
        return view

    # -- as a page ---------------------------------------------------------------------------

    @override
    def refresh(self, changes: Changes | None) -> None:
        if not self._views:
            self._bring(self.current)
            return
        self._stale.update(key for key in self._views if key != self.current)
        cast("View", self._views[self.current]).refresh(changes)

    @override
    def show_view(self, name: str) -> None:
        """``missing:<kind>``, ``progress``, ``score:<number of an item>``, ``entry``, ``results``."""
        key = name.partition(":")[0]
        if key in dict(_VIEWS):
            cast("View", self.view(key)).show_view(name)

    @override
    def can_leave(self) -> bool:
        commit = getattr(self._views.get(self.current), "can_leave", None)
        return commit is None or bool(commit())


def _number(key: str) -> int:
    return next(number for number, (one, _words) in enumerate(_VIEWS) if one == key)


def _nowhere(_page: str, _view: str) -> None:
    """Where there is no window there is no other page to go to."""
