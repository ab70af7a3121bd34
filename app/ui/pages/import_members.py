"""A roster before and after it comes in: what would be new, what changes, what is refused."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Slot
from PySide6.QtWidgets import (
    QDialog,
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QTabWidget,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from app.ui.framework import tokens as t
from app.ui.framework.jobs import Job
from app.ui.framework.theme import set_role

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.bootstrap import Services
    from app.progress import Progress
    from app.services.adoption import AdoptionView
    from app.services.imports.command import Told
    from app.ui.framework.page import Tools


class ImportMembersDialog(QDialog):
    """Shows a dry run first; 导入 does it as one step that can be undone."""

    def __init__(
        self,
        tools: Tools,
        services: Services,
        adoption: AdoptionView,
        roster: Path,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._tools = tools
        self._services = services
        self._adoption = adoption
        self._roster = roster
        self._told: Told | None = None
        self.setWindowTitle(f"导入花名册：{roster.name}")
        self.resize(860, 560)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 20, 20, 20)
        column.setSpacing(t.GAP)
        self.summary = QLabel("正在读取…")
        self.summary.setWordWrap(True)
        set_role(self.summary, "title")
        column.addWidget(self.summary)
        self.tabs = QTabWidget()
        self.refused = _list("行", "列", "内容", "原因")
        self.changes = _list("行", "姓名", "栏目", "原来", "改为")
        self.mapping = _list("栏目", "花名册里的列")
        self.remarks = _list("说明", "行")
        column.addWidget(self.tabs, 1)
        column.addLayout(self._buttons())
        self._run(dry_run=True)

    def _buttons(self) -> QHBoxLayout:
        row = QHBoxLayout()
        self.save_button = QPushButton(self._tools.theme.icon("save"), "把退回的行存成 Excel…")
        self.save_button.setAutoDefault(False)
        self.save_button.clicked.connect(self._choose_rejects)
        self.save_button.setEnabled(False)
        row.addWidget(self.save_button)
        row.addStretch(1)
        self.close_button = QPushButton("取消")
        self.close_button.setAutoDefault(False)
        self.close_button.clicked.connect(self.reject)
        row.addWidget(self.close_button)
        self.import_button = QPushButton("导入")
        set_role(self.import_button, "primary")
        self.import_button.setDefault(True)
        self.import_button.setEnabled(False)
        self.import_button.clicked.connect(self._import)
        row.addWidget(self.import_button)
        return row

    def _run(self, *, dry_run: bool, rejects: Path | None = None) -> None:
        uow, roster = self._services.archive.uow, self._roster
        community_id = self._adoption.community_id

        def work(_progress: Progress) -> Told:
            from app.services.imports.command import import_members_file

            return import_members_file(
                uow, roster, community_id=community_id, dry_run=dry_run, rejects=rejects
            )

        done = (self._show_saved if rejects else self._show_preview) if dry_run else self._show_done
        self._tools.jobs.start(
            Job("读取花名册" if dry_run else "导入花名册", work, done, self._fail, owner=self,
                quiet=dry_run, done_text=lambda told: told.lines[1])
        )  # fmt: skip

    def _fail(self, error: Exception) -> None:
        self._tools.errors.show_error(error)
        self.reject()

    def _show_preview(self, told: Told) -> None:
        self._told = told
        report, data = told.report, told.data
        self.summary.setText(
            f"新增 {report.created} 人，更新 {report.updated} 人，不变 {report.unchanged} 人，"
            f"退回 {len({one.row for one in report.rejected})} 行。"
        )
        _fill(
            self.refused, [(one.row, one.column, one.value, one.reason) for one in report.rejected]
        )
        _fill(
            self.changes,
            [(one.row, one.name, one.field, one.old, one.new) for one in report.differences],
        )
        _fill(self.mapping, list(data["mapping"].items()))
        _fill(
            self.remarks,
            [(one.text, "、".join(map(str, one.rows[:10]))) for one in report.remarks],
        )
        for title, widget in (
            ("退回的行", self.refused),
            ("会改动的内容", self.changes),
            ("认出的列", self.mapping),
            ("说明", self.remarks),
        ):
            if widget.topLevelItemCount():
                self.tabs.addTab(widget, f"{title} {widget.topLevelItemCount()}")
        self.import_button.setEnabled(bool(report.created or report.updated))
        self.import_button.setText("导入" if not report.rejected else "导入其余各行")
        self.save_button.setEnabled(bool(report.rejected))

    @Slot()
    def _import(self) -> None:
        self.import_button.setEnabled(False)
        self._run(dry_run=False)

    def _show_done(self, told: Told) -> None:
        self._tools.messages.say(f"花名册已导入：{told.lines[1]}")
        self.accept()

    @Slot()
    def _choose_rejects(self) -> None:
        suggested = str(self._roster.with_name(f"{self._roster.stem}-退回.xlsx"))
        chosen, _kind = QFileDialog.getSaveFileName(
            self, "把退回的行存成", suggested, "Excel 工作簿 (*.xlsx)"
        )
        if chosen:
            self.save_rejects(Path(chosen))

    def save_rejects(self, target: Path) -> None:
        """Write the refused rows with the reason, as a workbook that can be mended and imported."""
        self._run(dry_run=True, rejects=target.with_suffix(".xlsx"))

    def _show_saved(self, told: Told) -> None:
        self._tools.messages.say(told.lines[-1])


def _list(*titles: str) -> QTreeWidget:
    lines = QTreeWidget()
    lines.setHeaderLabels(titles)
    lines.setRootIsDecorated(False)
    lines.setAlternatingRowColors(True)
    return lines


def _fill(lines: QTreeWidget, rows: Sequence[Sequence[object]]) -> None:
    lines.clear()
    for row in rows:
        item = QTreeWidgetItem([str(value) for value in row])
        for number, value in enumerate(row):
            item.setToolTip(number, str(value))
        lines.addTopLevelItem(item)
    for number in range(lines.columnCount()):
        lines.resizeColumnToContents(number)
        lines.setColumnWidth(number, min(lines.columnWidth(number) + t.GAP, 320))
