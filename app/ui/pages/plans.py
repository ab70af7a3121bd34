"""计划: plans with their lines, and the step from a line to an activity."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QPushButton, QVBoxLayout, QWidget

from app.errors import AppError
from app.ui.framework import tokens as t
from app.ui.framework.messages import LAST_STEP
from app.ui.framework.theme import set_role
from app.ui.records.panel import RecordAction, RecordPanel
from app.ui.records.parts import PartTab
from app.ui.records.tabs import Tab

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.bootstrap import Services
    from app.services.adoption import AdoptionView
    from app.services.unit_of_work import Changes
    from app.ui.framework.page import Tools

_NAMED = 3


class PlanItemsTab(PartTab):
    """The lines of a plan."""

    activity_wanted = Signal(str)

    def __init__(self, tools: Tools, services: Services, adoption_id: str) -> None:
        super().__init__(tools, services, adoption_id, "plan_item")
        self._plans = services.plans
        self.become = self.add_deed("变成活动", "calendar-days", self.make_activity, "Ctrl+Return")
        set_role(self.become, "primary")

    @Slot()
    def make_activity(self) -> None:
        """Make the activity of the line with the cursor; of one that has its activity show that."""
        item_id = self.selected_id()
        if not item_id:
            self.tools.messages.say("请先选中一条计划。")
            return
        try:
            row = self.entries.get("plan_item", item_id, self.adoption_id)
            there = row.values["activity_id"]
            made = there or self._plans.to_activity(item_id, self.adoption_id)
        except AppError as error:
            self.tools.errors.show_error(error)
            return
        if there:
            self.activity_wanted.emit(made)
            return
        self._made = made
        self.tools.messages.say(
            f"“{row.texts['theme']}”已变成活动。",
            action_text="打开",
            action=self._open,
            topic=LAST_STEP,
        )
        self.grid.refresh()

    def _open(self) -> None:
        self.activity_wanted.emit(self._made)


class PlansPane(QWidget):
    """The register of plans; above it what is overdue."""

    activity_wanted = Signal(str)
    """Id of an activity that the user wants to see."""

    def __init__(
        self,
        tools: Tools,
        services: Services,
        adoption: AdoptionView,
        go: Callable[[str, str], None] | None = None,
    ) -> None:
        super().__init__()
        self._tools = tools
        self._services = services
        self._adoption = adoption
        self.overdue = QPushButton(tools.theme.icon("clock", "warning"), "")
        set_role(self.overdue, "link")
        self.overdue.setMenu(QMenu(self.overdue))
        self.overdue.menu().triggered.connect(self._on_overdue)
        self.panel = RecordPanel(
            tools, services, adoption, "plan",
            extra_tabs=(Tab("plan_item", "条目", self._make_items),),
            actions=(RecordAction("复制到下一学年", "copy", self.copy_on),),
            go=go,
        )  # fmt: skip
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(t.GAP_SMALL)
        column.addWidget(self.overdue, 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(self.panel, 1)
        self.setFocusProxy(self.panel)

    def _make_items(self) -> PlanItemsTab:
        tab = PlanItemsTab(self._tools, self._services, self._adoption.id)
        tab.activity_wanted.connect(self.activity_wanted)
        return tab

    def refresh(self, changes: Changes | None) -> None:
        """Records changed (None: anything may have): show them as they are now."""
        self.panel.refresh(changes)
        if changes is None or changes.touches("plan", "plan_item", "activity"):
            self._show_overdue()

    def _show_overdue(self) -> None:
        try:
            late = self._services.plans.overdue(self._adoption.id)
        except AppError as error:
            self._tools.errors.show_error(error)
            return
        self.overdue.setVisible(bool(late))
        some = "、".join(one.theme for one in late[:_NAMED])
        self.overdue.setText(f"{len(late)} 条计划已过期，还没有变成活动：{some} ▾")
        menu = self.overdue.menu()
        menu.clear()
        for one in late:
            action = menu.addAction(f"{one.due}　{one.theme}　{one.person}")
            action.setData(one.plan_id)

    @Slot(QAction)
    def _on_overdue(self, action: QAction) -> None:
        self.show_items(action.data())

    def show_items(self, plan_id: str) -> None:
        """Show the lines of a plan."""
        self.panel.show_view(f"record:plan:{plan_id}")
        self.panel.side.tabs.tab("plan_item")

    def copy_on(self, plan_ids: list[str]) -> None:
        """Copy plans into the school year after the one on show."""
        year = self._adoption.year + 1
        try:
            for plan_id in plan_ids:
                self._services.plans.copy_to_year(plan_id, year)
        except AppError as error:
            self._tools.errors.show_error(error)
            return
        words = f"已复制 {len(plan_ids)} 份计划到 {year}—{year + 1}学年，日期后移一年。"
        self._tools.messages.say(words, topic=LAST_STEP)

    def can_leave(self) -> bool:
        """Save what is being typed; False if some of it is wrong."""
        return self.panel.can_leave()
