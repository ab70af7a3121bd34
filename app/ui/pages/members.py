"""成员: people, schools, communities and what ties them; bringing them in from a roster."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QStackedWidget
from typing_extensions import override

from app.services.overview import PAGES
from app.ui.framework.page import Page
from app.ui.framework.page_tabs import PageTabs
from app.ui.pages.import_wizard_entry import KEY, ImportEntry
from app.ui.pages.paper_actions import has_forms, print_action
from app.ui.records.panel import RecordAction, RecordPanel
from app.ui.records.words import counted

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.bootstrap import Services
    from app.services.adoption import AdoptionView
    from app.services.unit_of_work import Changes
    from app.ui.framework.page import Tools

_REGISTERS = (
    ("person", "人员"),
    ("school", "单位"),
    ("community", "共同体与小组"),
    ("agreement", "协议"),
    ("mentor_pair", "师徒结对"),
    ("dispatch", "派驻与跟岗"),
)


_GROWTH = "growth"
"""Subject of the forms that are made of a personal file."""
_PRINTED = {"person": _GROWTH, "mentor_pair": "pair"}
"""Registers whose records can be printed, by the subject of their forms."""


class MembersPage(Page):
    """Six registers, each made when it is first looked at."""

    help_text = (
        "这里登记人员、单位、共同体与小组、协议、师徒结对、派驻与跟岗。左边是列表，选中一条，在右边填写，"
        "填完自动保存；填错的地方会在栏目下面说明。\n\n"
        "学校交来的 Excel 或 CSV 花名册、单位名单可以直接导入（Ctrl+I，或把文件拖到这里）："
        "表头、合并单元格、混用的日期都能识别，导入前先看清楚新增几人、更新几人、退回几行。"
        "同一份花名册再导入一次不会重复。\n\n"
        "列名上按右键可以筛选、排序、选择显示哪些列；“视图”把现在的筛选和列存下来，下次直接用。"
        "删除的记录在“更多”的回收站里，可以恢复。"
    )

    def __init__(
        self,
        tools: Tools,
        services: Services,
        adoption: AdoptionView,
        go: Callable[[str, str], None] | None = None,
    ) -> None:
        """``go`` leads to a page and one of its views."""
        super().__init__(tools, "成员")
        self._services = services
        self._adoption = adoption
        self._go = go
        self._panels: dict[str, RecordPanel] = {}
        self._stale: set[str] = set()
        self.tabs = PageTabs(self, [words for _key, words in _REGISTERS], "登记簿")
        self.tabs.asked.connect(self._on_asked)
        self._title_row.insertWidget(1, self.tabs)
        self._stacked = QStackedWidget()
        self.set_content(self._stacked)
        self.importing = ImportEntry(self, services, adoption, "members", menu=False)
        self.set_primary("导入…", "file-spreadsheet", self.importing.open, KEY)
        self.add_more("查重与合并…", self.find_duplicates, "users")
        self.add_more("随机抽取…", self.draw, "list-checks")
        self.add_more("回收站…", self.open_trash, "trash-2")
        self.keys = (
            ("Ctrl+1 … Ctrl+6", "人员、单位、共同体与小组、协议、师徒结对、派驻与跟岗"),
            *RecordPanel.keys,
            ("F8", "个人档案"),
            ("Ctrl+P", "打印选中的人员或师徒结对"),
            *self.keys,
        )
        self.tabs.currentChanged.connect(self._on_tab)

    # -- registers ---------------------------------------------------------------------------

    @property
    def current(self) -> str:
        """Kind of the register in front."""
        return _REGISTERS[self.tabs.currentIndex()][0]

    def register(self, kind: str) -> RecordPanel:
        """Bring a register to the front; it is made when it is first looked at."""
        number = next(n for n, (one, _words) in enumerate(_REGISTERS) if one == kind)
        if self.tabs.currentIndex() == number:
            self._bring(kind)
        else:
            self.tabs.setCurrentIndex(number)
        return self._panels[kind]

    @Slot(int)
    def _on_tab(self, number: int) -> None:
        self._bring(_REGISTERS[number][0])

    @Slot(int)
    def _on_asked(self, number: int) -> None:
        if self.can_leave():
            self.register(_REGISTERS[number][0])

    def _bring(self, kind: str) -> None:
        if kind not in self._panels:
            self._panels[kind] = self._make(kind)
            self._stacked.addWidget(self._panels[kind])
        panel = self._panels[kind]
        self._stacked.setCurrentWidget(panel)
        self.set_start(panel)
        self.importing.kind = "schools" if kind == "school" else "members"
        if kind in self._stale:
            self._stale.discard(kind)
            panel.refresh(None)
        self._tell()
        if not self.tabs.hasFocus():
            panel.setFocus()

    def _make(self, kind: str) -> RecordPanel:
        personal = RecordAction("个人档案", "user", self.show_personal, "F8")
        printing = print_action(self._services, _PRINTED.get(kind, ""), self._go)
        panel = RecordPanel(
            self.tools,
            self._services,
            self._adoption,
            kind,
            actions=(personal, *printing) if kind == "person" else printing,
            go=self._go,
        )
        panel.counted.connect(self._tell)
        return panel

    @Slot()
    def _tell(self) -> None:
        """Say how many records the register in front shows."""
        panel = self._panels.get(self.current)
        if panel is not None:
            self.subtitle.setText(f"共 {counted(panel.sheet, panel.model.count)}")

    @override
    def refresh(self, changes: Changes | None) -> None:
        self._stale.update(kind for kind in self._panels if kind != self.current)
        if self.current in self._panels:
            self._panels[self.current].refresh(changes)
        else:
            self._bring(self.current)

    @override
    def show_view(self, name: str) -> None:
        """A register's kind, ``record:<kind>:<id>``, ``drafts``, or a view of the register in front."""
        kinds = [kind for kind, _words in _REGISTERS]
        kind = name.split(":")[1] if name.startswith("record:") else name
        if name == "drafts":
            kind = next((one for one in kinds if self._services.drafts.all(one)), "")
        panel = self.register(kind if kind in kinds else self.current)
        panel.show_view(name)

    @override
    def can_leave(self) -> bool:
        panel = self._panels.get(self.current)
        return panel is None or panel.can_leave()

    # -- more --------------------------------------------------------------------------------

    def show_personal(self, ids: list[str]) -> None:
        """Show all that one person did."""
        from app.ui.pages.personal import PersonalDialog

        if ids and self.can_leave():
            PersonalDialog(
                self.tools,
                self._services,
                self._adoption,
                ids[0],
                go=self._go_to_record if self._go else None,
                printing=self._print_personal if self._can_print else None,
                parent=self,
            ).open()

    @property
    def _can_print(self) -> bool:
        return self._go is not None and has_forms(self._services, _GROWTH)

    def _print_personal(self, person_id: str) -> None:
        if self._go is not None:
            self._go("paper", f"{_GROWTH}:{person_id}")

    def _go_to_record(self, kind: str, record_id: str) -> None:
        if self._go is not None:
            self._go(PAGES[kind], f"record:{kind}:{record_id}")

    @Slot()
    def find_duplicates(self) -> None:
        """Show people and schools that may have been entered twice."""
        from app.ui.pages.duplicates import DuplicatesDialog

        if self.can_leave():
            DuplicatesDialog(self.tools, self._services, self._adoption, self).open()

    @Slot()
    def draw(self) -> None:
        """Draw people or schools at random, so that anybody can check it."""
        from app.ui.pages.draw import DrawDialog

        DrawDialog(self.tools, self._services, self._adoption, self).open()

    @Slot()
    def open_trash(self) -> None:
        """Show what was deleted."""
        from app.ui.pages.trash import TrashDialog

        TrashDialog(self.tools, self._services, self).open()
