"""成员: who belongs to the community, and bringing them in from a roster."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QTimer, Slot
from PySide6.QtWidgets import QFileDialog, QLineEdit, QVBoxLayout, QWidget
from typing_extensions import override

from app.services.register import MemberQuery, MemberRow, MemberSort
from app.ui.framework import tokens as t
from app.ui.framework.jobs import Job
from app.ui.framework.page import Page
from app.ui.framework.table_view import TableView
from app.ui.framework.tables import Column, Order, PagedTableModel

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.bootstrap import Services
    from app.progress import Progress
    from app.services.adoption import AdoptionView
    from app.services.unit_of_work import Changes
    from app.ui.framework.page import Tools

_ROSTERS = "花名册 (*.xlsx *.xls *.csv *.ods *.xlsb *.xlsm *.txt)"
_PAUSE_MS = 200


@dataclass(slots=True)
class _Members:
    """The list of members as a table asks for it."""

    services: Services
    query: MemberQuery

    def count(self) -> int:
        return self.services.register.count_members(self.query)

    def fetch(self, offset: int, limit: int, order: Order | None) -> Sequence[MemberRow]:
        query = self.query
        if order is not None:
            query = replace(query, sort=cast("MemberSort", order.key), descending=order.descending)
        return self.services.register.members(query, offset, limit)


class MembersPage(Page):
    """The members in a table; the roster comes in through a preview."""

    help_text = (
        "从学校交来的 Excel 或 CSV 花名册导入成员：表头、合并单元格、混用的日期都能识别，"
        "导入前先看清楚新增几人、更新几人、退回几行。同一份花名册再导入一次不会重复。"
    )

    def __init__(self, tools: Tools, services: Services, adoption: AdoptionView) -> None:
        super().__init__(tools, "成员")
        self._services = services
        self._adoption = adoption
        self.set_primary("导入花名册…", "file-spreadsheet", self.choose_roster, "Ctrl+I")
        self._source = _Members(services, MemberQuery(community_id=adoption.community_id))
        roles = services.adoptions.role_names(adoption.id)
        self.model: PagedTableModel[MemberRow] = PagedTableModel(
            _columns(roles), lambda row: row.id, self._source
        )
        self.model.failed.connect(tools.errors.show_error)
        self.table: TableView[MemberRow] = TableView(self.model, tools.settings, "members")
        self.table.setAccessibleName("成员")
        self.filter = QLineEdit()
        self.filter.setPlaceholderText("按姓名、单位、学科、职称筛选")
        self.filter.setAccessibleName("筛选成员")
        self.filter.setClearButtonEnabled(True)
        self.filter.setMaximumWidth(320)
        self._pause = QTimer(self, singleShot=True, interval=_PAUSE_MS)
        self._pause.timeout.connect(self._narrow)
        self.filter.textChanged.connect(self._pause.start)
        content = QWidget()
        column = QVBoxLayout(content)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(t.GAP_SMALL)
        column.addWidget(self.filter)
        column.addWidget(self.table, 1)
        self.set_content(content)
        self.set_start(self.table)
        self.add_more("筛选", self._focus_filter, "funnel", "Ctrl+F")
        self.add_more("存一份空白花名册…", self.choose_template, "download")

    @override
    def refresh(self, changes: Changes | None) -> None:
        if changes is not None and not changes.touches("person", "appointment", "school"):
            return
        self.model.refresh()
        count = self._source.count()
        self.subtitle.setText(f"共 {count} 人")
        if count or self.filter.text():
            self.show_content()
        else:
            self.show_empty(
                "users", "还没有成员。学校交来的花名册（Excel 或 CSV）可以直接导入。",
                "导入花名册…", self.choose_roster,
            )  # fmt: skip

    @Slot()
    def _narrow(self) -> None:
        self._source.query = replace(self._source.query, words=self.filter.text())
        self.model.refresh()
        self.subtitle.setText(f"共 {self._source.count()} 人")

    @Slot()
    def _focus_filter(self) -> None:
        self.filter.setFocus()
        self.filter.selectAll()

    @Slot()
    def choose_roster(self) -> None:
        """Let the user pick a roster, then show what it would bring."""
        chosen, _kind = QFileDialog.getOpenFileName(self, "选择花名册", "", _ROSTERS)
        if chosen:
            self.preview(Path(chosen))

    @Slot()
    def choose_template(self) -> None:
        """Let the user say where an empty roster goes, to be filled in by the schools."""
        chosen, _kind = QFileDialog.getSaveFileName(
            self, "把空白花名册存成", "空白花名册.xlsx", "Excel 工作簿 (*.xlsx)"
        )
        if chosen:
            self.save_template(Path(chosen).with_suffix(".xlsx"))

    def save_template(self, target: Path) -> None:
        """Write an empty roster whose every column is understood."""

        def work(_progress: Progress) -> Path:
            from app.services.imports.template import write_template

            write_template(target)
            return target

        def done(written: Path) -> None:
            self.tools.messages.say(f"空白花名册已存好：{written}")

        self.tools.jobs.start(
            Job("存空白花名册", work, done, owner=self, database=False, quiet=True)
        )

    def preview(self, roster: Path) -> None:
        """Read a roster and show what it would bring, before anything is written."""
        from app.ui.pages.import_members import ImportMembersDialog

        ImportMembersDialog(self.tools, self._services, self._adoption, roster, self).open()


def _columns(roles: dict[str, str]) -> tuple[Column[MemberRow], ...]:
    def role_words(row: MemberRow) -> str:
        return "、".join(roles.get(key, key) for key in row.roles.split("、") if key)

    return (
        Column("name", "姓名", lambda row: row.name, sort_key="name", width=128),
        Column("school", "单位", lambda row: row.school, sort_key="school", width=168),
        Column("roles", "角色", role_words, width=96),
        Column("title", "职称", lambda row: row.title, sort_key="title", width=96),
        Column("subjects", "学科", lambda row: row.subjects, width=120),
        Column("sex", "性别", lambda row: row.sex, width=56),
        Column("born_on", "出生年月", lambda row: row.born_on, sort_key="born_on", width=96),
        Column("joined_on", "参加工作", lambda row: row.joined_on, sort_key="joined_on", width=96),
        Column("office", "职务", lambda row: row.office, width=88),
        Column("phone", "电话", lambda row: row.phone, width=120),
    )
