"""The middle of the page 文件: what the form is, in whose style, for whom, with which options and texts."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QStackedWidget,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from app.services.forms.by_hand import can_be_blank
from app.ui.framework import tokens as t
from app.ui.framework.page import EmptyState
from app.ui.framework.theme import set_role
from app.ui.pages.paper_actions import actions_of
from app.ui.pages.paper_options import FEW, OptionsPane
from app.ui.pages.paper_styles import Styles
from app.ui.pages.paper_targets import TargetsPane
from app.ui.pages.paper_texts import TextsPane

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from app.bootstrap import Services
    from app.services.forms.form import Form, Subject, Target
    from app.ui.framework.page import Tools

_SPLIT = "paper/split"
_PAGES = {
    "box": ("boxes", "去排盒"),
    "activity": ("activities", "到“活动”页"),
    "lesson": ("activities", "到“活动”页"),
    "timetable": ("activities", "到“活动”页"),
    "observation": ("observations", "到“听课”页"),
    "person": ("members", "到“成员”页"),
    "pair": ("members", "到“成员”页"),
}
"""Subject → page on which its records are made, and the button that leads there."""


class MiddlePane(QWidget):
    """Everything that is asked about a form."""

    changed = Signal()
    """Something else would come out now."""
    action_wanted = Signal(str)
    """Function of ``paper_actions.ACTIONS``."""

    def __init__(
        self,
        tools: Tools,
        services: Services,
        adoption_id: str,
        go: Callable[[str, str], None] | None,
    ) -> None:
        super().__init__()
        self._tools = tools
        self._go = go
        self._actions: list[QPushButton] = []
        self._empty: EmptyState | None = None
        self.targets = TargetsPane(tools)
        self.options = OptionsPane(tools.theme, tools.settings)
        self.texts = TextsPane(tools, services, adoption_id)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(t.GRID)
        column.addLayout(self._head())
        self.words = QLabel()
        self.words.setWordWrap(True)
        set_role(self.words, "small")
        column.addWidget(self.words)
        self.styles = Styles(tools.settings)
        column.addWidget(self.styles)
        self._stack = QStackedWidget()
        self._stack.addWidget(self._filled())
        column.addWidget(self._stack, 1)
        for part in (self.styles, self.targets, self.options):
            part.changed.connect(self.changed)
        self.texts.saved.connect(self.changed)
        self.targets.pointed.connect(self._on_pointed)
        self.setFocusProxy(self.targets)

    def _head(self) -> QHBoxLayout:
        row = self._head_row = QHBoxLayout()
        row.setSpacing(t.GAP_SMALL)
        self.name = QLabel()
        self.name.setWordWrap(True)
        self.name.setMinimumHeight(t.CONTROL_HEIGHT)
        set_role(self.name, "heading")
        row.addWidget(self.name, 1)
        return row

    def _filled(self) -> QWidget:
        whom, apart = QWidget(), QWidget()
        self._places = (QVBoxLayout(whom), QVBoxLayout(apart))
        column = self._places[0]
        for place in self._places:
            place.setContentsMargins(0, t.GRID, 0, 0)
            place.setSpacing(t.GAP_SMALL)
        column.addWidget(self.targets, 1)
        self.split = QComboBox()
        self.split.addItems(["存成一个文件", "每份存成一个文件"])
        self.split.setAccessibleName("一个文件还是每份一个")
        self.split.setCurrentIndex(int(self._tools.settings.flag(_SPLIT)))
        self.split.activated.connect(self._on_split)
        column.addWidget(self.split)
        self.tabs = QTabWidget()
        self.tabs.setDocumentMode(True)
        self.tabs.tabBar().setDrawBase(False)
        self.tabs.tabBar().setAccessibleName("给谁、选项、正文")
        self.tabs.addTab(whom, "给谁")
        self.tabs.addTab(apart, "选项")
        self.tabs.addTab(self.texts, "正文")
        return self.tabs

    # -- showing -----------------------------------------------------------------------------

    def show_form(self, form: Form) -> None:
        """Ask about another form."""
        self.texts.commit()
        self.name.setText(form.name)
        self.words.setText(form.words)
        self.words.setVisible(bool(form.words))
        self.options.show_form(form)
        self.texts.show_form(form)
        many = len(form.options) > FEW
        if many:
            self._places[1].addWidget(self.options)
        else:
            self._places[0].insertWidget(1, self.options)
        self.tabs.setTabVisible(1, many)
        self.tabs.setTabVisible(2, bool(form.parts))
        self.tabs.tabBar().setVisible(many or bool(form.parts))
        self.split.setVisible(not form.together)
        self._show_actions(form.key)
        self._order_tabs()

    def _order_tabs(self) -> None:
        """Tab goes from the records to the options and texts as they stand, then to the preview."""
        last: QWidget = self.targets.none_button
        fields = self.options.fields
        options = [row.editor for row in fields.rows.values()] if fields else []
        texts = [row.editor for row in self.texts.rows.values()]
        for editor in (*options, self.split, *texts):
            self.setTabOrder(last, editor)
            last = editor

    def _show_actions(self, key: str) -> None:
        for button in self._actions:
            self._head_row.removeWidget(button)
            button.hide()
            button.deleteLater()
        self._actions = []
        for words, function in actions_of(key):
            button = QPushButton(words)
            button.clicked.connect(lambda _on=False, what=function: self.action_wanted.emit(what))
            self._head_row.addWidget(button)
            self._actions.append(button)

    def show_targets(self, form: Form, subject: Subject, targets: Sequence[Target]) -> None:
        """The records that the form can be printed for; a sentence where there are none."""
        self.targets.show_targets(form.subject, targets, together=form.together)
        if targets or can_be_blank(form):
            self._stack.setCurrentIndex(0)
        else:
            self._show_none(form, subject)
        self._on_pointed()

    def _show_none(self, form: Form, subject: Subject) -> None:
        if self._empty is not None:
            self._stack.removeWidget(self._empty)
            self._empty.deleteLater()
        page, button = _PAGES.get(form.subject, ("", ""))
        none = f"这一学年还没有{subject.name}，没有可印的。{subject.where}"
        go = self._go
        act: Callable[[], None] | None = None
        if go is not None and page:
            act = partial(go, page, "")
        elif self._actions:
            button, act = self._actions[0].text(), self._actions[0].click
        self._empty = EmptyState(self._tools.theme, "printer", subject.none or none, button, act)
        self._stack.addWidget(self._empty)
        self._stack.setCurrentWidget(self._empty)

    @property
    def splits(self) -> bool:
        """Whether each sheet becomes a file."""
        return self.split.currentIndex() == 1

    def commit(self) -> bool:
        """Take in what is being typed; False if something is wrong."""
        return self.options.commit() and self.texts.commit()

    @Slot()
    def _on_pointed(self) -> None:
        self.texts.show_target(self.targets.current)

    @Slot()
    def _on_split(self) -> None:
        self._tools.settings.set(_SPLIT, self.splits)

    def focus(self) -> None:
        """The cursor to where the work goes on: the records, or the button where there are none."""
        if self._stack.currentIndex() == 0:
            self.targets.setFocus(Qt.FocusReason.OtherFocusReason)
        elif self._empty is not None and self._empty.has_button:
            self._empty.button.setFocus(Qt.FocusReason.OtherFocusReason)
