"""活动: the activities with all that hangs on them, the calendar, plans, lessons, the timetable."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QStackedWidget, QWidget
from typing_extensions import override

from app.errors import AppError
from app.ui.framework.page import Page
from app.ui.framework.page_tabs import PageTabs
from app.ui.pages.activities_materials import MaterialsTab
from app.ui.pages.activities_notes import NotesTab
from app.ui.pages.activities_sign_in import SignInTab
from app.ui.pages.calendar import CalendarPane
from app.ui.pages.import_wizard_entry import ImportEntry
from app.ui.pages.paper_actions import print_action
from app.ui.pages.plans import PlansPane
from app.ui.pages.timetable import TimetablePane
from app.ui.records.panel import RecordPanel
from app.ui.records.tabs import Tab

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from app.bootstrap import Services
    from app.services.activities.records import CalendarEntry
    from app.services.adoption import AdoptionView
    from app.services.unit_of_work import Changes
    from app.ui.framework.page import Tools

ACTIVITIES, CALENDAR, PLANS, LESSONS, TIMETABLE = (
    "activity",
    "calendar",
    "plan",
    "lesson",
    "timetable",
)
_PANES = (
    (ACTIVITIES, "活动"), (CALENDAR, "日历"), (PLANS, "计划"), (LESSONS, "课"), (TIMETABLE, "同步课表"),
)  # fmt: skip
_SHOWN = {
    CALENDAR: ("activity", "plan", "plan_item", "lesson", "term"),
    TIMETABLE: ("lesson", "person", "school"),
}
"""Tables of which a pane that is no register shows something."""


_SHARES = {"activity": [560, 620], "plan": [440, 740]}
"""Until the user moves it, a record with tables of its own gets more room than its list."""


class ActivitiesPage(Page):
    """Five looks at the same year; each is made when it is first wanted."""

    help_text = (
        "活动：左边是清单，右边是这次活动的概况、日程、分工、单位、人员签到、课、材料和记录，离开一格就保存。\n"
        "人员签到：输入姓名或拼音首字母，回车加入；在名单里按 1 到会、2 请假、3 缺席、4 未签到。\n"
        "日历：方向键走到某一天，回车打开，N 新建活动，T 回到今天，M 看月，W 看周。\n"
        "计划：一条一条写下来，到时候按“变成活动”。学年结束时用“更多”里的“学年结转”。\n"
        "同步课表：所有同步课堂排成一张表，同一教师或班级同时有两节课会指出来。"
    )
    keys = (
        ("Ctrl+1 … Ctrl+5", "活动、日历、计划、课、同步课表"),
        ("1 2 3 4", "签到名单：到会、请假、缺席、未签到"),
        ("空格", "签到名单：到会 / 未签到"),
        ("Alt+A　Alt+Q", "签到：整批加入、其余到会"),
        ("Ctrl+P", "打印选中的活动或课"),
        ("N　T　M　W", "日历：新活动、今天、按月、按周"),
    )

    def __init__(
        self,
        tools: Tools,
        services: Services,
        adoption: AdoptionView,
        go: Callable[[str, str], None] | None = None,
    ) -> None:
        super().__init__(tools, "活动")
        self._services = services
        self._adoption = adoption
        self._go = go
        self._panes: dict[str, QWidget] = {}
        self._stale: set[str] = set()
        self._total = ""
        self.tabs = PageTabs(self, [words for _key, words in _PANES], "活动的几个页签")
        self.tabs.asked.connect(self._on_asked)
        self._title_row.insertWidget(1, self.tabs)
        self._stacked = QStackedWidget()
        self.set_content(self._stacked)
        self.tabs.currentChanged.connect(self._on_tab)
        for kind, shares in _SHARES.items():
            if not tools.settings.numbers(f"records/{kind}/split"):
                tools.settings.set(f"records/{kind}/split", shares)
        self.importing = ImportEntry(self, services, adoption, "activities")
        self.add_more("学期起止日期…", self.change_terms, "calendar")
        self.add_more("学年结转…", self.turn_over, "refresh-cw")

    # -- panes -------------------------------------------------------------------------------

    @property
    def current(self) -> str:
        """Key of the pane in front."""
        return _PANES[self.tabs.currentIndex()][0]

    def pane(self, key: str) -> QWidget:
        """Bring a pane to the front; it is made when it is first wanted."""
        number = next(n for n, (one, _words) in enumerate(_PANES) if one == key)
        if self.tabs.currentIndex() == number:
            self._bring(key)
        else:
            self.tabs.setCurrentIndex(number)
        return self._panes[key]

    def register(self, key: str) -> RecordPanel:
        """The register in a pane, brought to the front."""
        found = self.pane(key)
        panel = found.panel if isinstance(found, PlansPane) else found
        assert isinstance(panel, RecordPanel)  # noqa: S101 - asked only for registers
        return panel

    @Slot(int)
    def _on_tab(self, number: int) -> None:
        self._bring(_PANES[number][0])

    def _bring(self, key: str) -> None:
        if key not in self._panes:
            made = getattr(self, f"_make_{key}")()
            self._panes[key] = made
            self._stacked.addWidget(made)
            self._stale.add(key)
        pane = self._panes[key]
        came = self._stacked.currentWidget() is not pane or key in self._stale
        self._stacked.setCurrentWidget(pane)
        self._tell_total()
        self.setFocusProxy(pane)
        if key in self._stale:
            self._stale.discard(key)
            self._reload(key, None)
        if came and not self.tabs.hasFocus():
            pane.setFocus()

    def _make_activity(self) -> RecordPanel:
        tools, services, adoption_id = self.tools, self._services, self._adoption.id
        panel = RecordPanel(
            tools, services, self._adoption, "activity",
            extra_tabs=(
                Tab("attendance", "人员签到", lambda: SignInTab(tools, services)),
                Tab("materials", "材料", lambda: MaterialsTab(tools, services, adoption_id)),
                Tab("notes", "记录", lambda: NotesTab(tools, services, adoption_id)),
            ),
            actions=print_action(services, "activity", self._go),
            go=self._go,
        )  # fmt: skip
        panel.counted.connect(self._count)
        return panel

    def _make_lesson(self) -> RecordPanel:
        return RecordPanel(
            self.tools, self._services, self._adoption, "lesson",
            actions=print_action(self._services, "lesson", self._go), go=self._go,
        )  # fmt: skip

    def _make_plan(self) -> PlansPane:
        pane = PlansPane(self.tools, self._services, self._adoption, self._go)
        pane.activity_wanted.connect(self.show_activity)
        return pane

    def _make_calendar(self) -> CalendarPane:
        pane = CalendarPane(self.tools, self._services, self._adoption.id)
        pane.opened.connect(self.open_entry)
        pane.new_wanted.connect(self.new_on)
        return pane

    def _make_timetable(self) -> TimetablePane:
        pane = TimetablePane(self.tools, self._services, self._adoption.id)
        pane.lesson_wanted.connect(self.show_lesson)
        pane.new_wanted.connect(self.new_synchronous)
        return pane

    # -- showing -----------------------------------------------------------------------------

    @override
    def refresh(self, changes: Changes | None) -> None:
        if not self._panes:
            self._bring(self.current)
            return
        self._stale.update(key for key in self._panes if key != self.current)
        self._reload(self.current, changes)

    def _reload(self, key: str, changes: Changes | None) -> None:
        pane = self._panes[key]
        if isinstance(pane, RecordPanel | PlansPane):
            pane.refresh(changes)
        elif isinstance(pane, CalendarPane | TimetablePane) and (
            changes is None or changes.touches(*_SHOWN[key])
        ):
            pane.refresh()

    @Slot(int)
    def _count(self, count: int) -> None:
        self._total = f"共 {count} 次"
        self._tell_total()

    def _tell_total(self) -> None:
        self.subtitle.setText(self._total if self.current == ACTIVITIES else "")

    @override
    def show_view(self, name: str) -> None:
        """A pane's key, ``record:<kind>:<id>``, ``new``, or a view of the list of activities.

        ``materials:<id>`` is an activity with its tab of materials in front.
        """
        kind = name.split(":")[1] if name.startswith("record:") else ""
        if name in (CALENDAR, TIMETABLE):
            self.pane(name)
        elif name.startswith("materials:"):
            self.show_materials(name.partition(":")[2])
        elif name in (PLANS, LESSONS) or kind in (PLANS, LESSONS):
            self.register(kind or name).show_view(name)
        else:
            self.register(ACTIVITIES).show_view(name)

    @override
    def can_leave(self) -> bool:
        pane = self._panes.get(self.current)
        return pane.can_leave() if isinstance(pane, RecordPanel | PlansPane) else True

    @Slot(int)
    def _on_asked(self, number: int) -> None:
        if self.can_leave():
            self.pane(_PANES[number][0])

    @Slot(str)
    def show_activity(self, activity_id: str) -> None:
        """Show one activity."""
        self.register(ACTIVITIES).show_view(f"record:activity:{activity_id}")

    def show_materials(self, activity_id: str) -> None:
        """Show one activity with its materials in front."""
        self.show_activity(activity_id)
        side = self.register(ACTIVITIES).side
        if side.shown_id == activity_id:
            side.tabs.tab("materials")

    @Slot(str)
    def show_lesson(self, lesson_id: str) -> None:
        """Show one lesson."""
        self.register(LESSONS).show_view(f"record:lesson:{lesson_id}")

    @Slot(object)
    def open_entry(self, entry: CalendarEntry) -> None:
        """Show what stands in the calendar."""
        if entry.kind == "plan_item":
            pane = self.pane(PLANS)
            if isinstance(pane, PlansPane):
                pane.show_items(entry.parent_id)
        else:
            self.register(entry.kind).show_view(f"record:{entry.kind}:{entry.id}")

    @Slot(object)
    def new_on(self, day: date) -> None:
        """Begin a new activity of a day."""
        panel = self.register(ACTIVITIES)
        panel.show_view("new")
        panel.form.begin({"held_on": day.isoformat()})
        panel.form.focus("title")

    @Slot()
    def new_synchronous(self) -> None:
        """Begin a new synchronous lesson."""
        from app.services.activities.timetable import SYNCHRONOUS

        panel = self.register(LESSONS)
        panel.show_view("new")
        panel.form.begin({"form": SYNCHRONOUS})
        panel.form.focus_first()

    @Slot()
    def change_terms(self) -> None:
        """Let the user set when the terms begin and end."""
        from app.ui.pages.calendar_terms import TermsDialog

        try:
            dialog = TermsDialog(self.tools, self._services, self._adoption, self)
        except AppError as error:
            self.tools.errors.show_error(error)
            return
        dialog.open()

    @Slot()
    def turn_over(self) -> None:
        """Move on to the next school year."""
        from app.ui.pages.turnover import TurnoverDialog

        if not self.can_leave():
            return
        try:
            dialog = TurnoverDialog(self.tools, self._services, self._adoption.id, self.window())
        except AppError as error:
            self.tools.errors.show_error(error)
            return
        dialog.open()
