"""The right side of a register: the record that is selected, a new one, or what many have to offer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QSizePolicy, QStackedWidget, QVBoxLayout, QWidget

from app.ui.framework import tokens as t
from app.ui.framework.page import EmptyState
from app.ui.framework.theme import set_role
from app.ui.records.tabs import HistoryTab, RecordTabs, Tab
from app.ui.records.words import counted

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from app.bootstrap import Services
    from app.services.entry.listing import Row
    from app.services.entry.service import SheetView
    from app.ui.framework.page import Tools
    from app.ui.records.form import RecordForm


class RecordSide(QStackedWidget):
    """One record with its form and tabs; a sentence where none or several are selected."""

    def __init__(
        self,
        tools: Tools,
        services: Services,
        form: RecordForm,
        sheet: SheetView,
        *,
        tabs: Sequence[Tab],
        change_many: Callable[[], None],
    ) -> None:
        super().__init__()
        self._sheet = sheet
        self._shown = [
            one for one in sheet.fields if not one.editable and (not one.only or one.hidden)
        ]
        self.form = form
        history = Tab("history", "历史", lambda: HistoryTab(tools, services, sheet.kind))
        self.tabs = RecordTabs(self.form, "资料", (*tabs, history))
        self.title = QLabel()
        self.title.setTextFormat(Qt.TextFormat.PlainText)
        # A long title is cut at the edge rather than pushing the list aside.
        self.title.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        set_role(self.title, "heading")
        self.facts = QLabel()
        self.facts.setWordWrap(True)
        set_role(self.facts, "small")
        self._one = QWidget()
        column = QVBoxLayout(self._one)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(t.GRID)
        column.addWidget(self.title)
        column.addWidget(self.facts)
        column.addWidget(self.tabs, 1)
        theme = tools.theme
        self._nobody = EmptyState(theme, "panel-right", "在左边选中一条，在这里查看和填写。")
        self._theme = theme
        self._change_many = change_many
        self._many: EmptyState | None = None
        self.addWidget(self._nobody)
        self.addWidget(self._one)

    @property
    def shown_id(self) -> str:
        """Id of the record on show; empty: none, or one that is still new."""
        one = self.currentWidget() is self._one
        return self.form.row.id if one and self.form.row is not None else ""

    @property
    def adding(self) -> bool:
        """Whether a record is being entered that is not there yet."""
        return self.currentWidget() is self._one and self.form.row is None

    @property
    def of_many(self) -> bool:
        """Whether it is said how many are selected."""
        return self._many is not None and self.currentWidget() is self._many

    def show_row(self, row: Row) -> None:
        """Show a record."""
        self.form.show_row(row)
        self.title.setText(row.texts[self._sheet.title] or f"（无{self._title_label()}）")
        self.title.setToolTip(row.texts[self._sheet.title])
        facts = [f"{one.label} {text}" for one in self._shown if (text := row.texts[one.name])]
        self.facts.setText("　".join(facts))
        self.facts.setVisible(bool(facts))
        self.setCurrentWidget(self._one)
        self.tabs.show_record(row.id)

    def show_new(self) -> None:
        """Show the form of a record that is about to be entered."""
        self.title.setText(f"新增{self._sheet.name}")
        self.facts.hide()
        self.setCurrentWidget(self._one)
        self.tabs.setCurrentIndex(0)
        self.tabs.show_record("")

    def show_many(self, count: int) -> None:
        """Say how many are selected, and what can be done with them."""
        if self._many is not None:
            self.removeWidget(self._many)
            self._many.deleteLater()
        sentence = f"已选 {counted(self._sheet, count)}。"
        self._many = EmptyState(
            self._theme, "list-checks", sentence, "批量修改…", self._change_many
        )
        self.addWidget(self._many)
        self.setCurrentWidget(self._many)

    def show_nothing(self) -> None:
        """Say that nothing is selected."""
        self.setCurrentWidget(self._nobody)

    def _title_label(self) -> str:
        return next(one.label for one in self._sheet.fields if one.name == self._sheet.title)
