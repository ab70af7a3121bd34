"""打印前请看: what should be mended before anything is printed, each a link to where it is mended."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from app.ui.framework import tokens as t
from app.ui.framework.table_view import TableView
from app.ui.framework.tables import Column, ListSource, PagedTableModel
from app.ui.framework.theme import set_role

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QIcon

    from app.services.box_view import BoxView
    from app.services.boxes.findings import Finding
    from app.services.settings import ArchiveSettings
    from app.ui.framework.page import Tools
    from app.ui.framework.theme import Theme

SEVERITIES = {
    "stop": ("circle-alert", "error", "必须补"),
    "warn": ("triangle-alert", "warning", "请核对"),
    "note": ("info", "accent", "提示"),
}
"""Icon, colour and word of each severity, the gravest first."""

MENDED_IN = {"pages": "pages", "date": "dated_on", "window": "dated_on", "seal": "sealed"}
"""In which field a kind of finding is mended."""


@dataclass(frozen=True, slots=True)
class BoxState:
    """Boxes and findings as they were read together, beside the window."""

    boxes: tuple[BoxView, ...]
    findings: tuple[Finding, ...]
    current: bool
    """Whether the boxes hold exactly what lies under the assessment items."""
    settings: ArchiveSettings


def in_order(findings: Sequence[Finding]) -> list[Finding]:
    """The gravest first, else as they came."""
    rank = list(SEVERITIES)
    return sorted(findings, key=lambda finding: rank.index(finding.severity))


def verdict(findings: Sequence[Finding]) -> str:
    """How many there are of each severity, and what that means."""
    stops = sum(finding.severity == "stop" for finding in findings)
    warnings = sum(finding.severity == "warn" for finding in findings)
    parts = []
    if stops:
        parts.append(f"{stops} 处必须先补上，才能打印")
    if warnings:
        parts.append(f"{warnings} 处请核对")
    return "；".join(parts) + "。" if parts else "没有需要先处理的问题。"


def columns(theme: Theme) -> list[Column[Finding]]:
    """How findings are listed."""

    def icon(finding: Finding) -> QIcon:
        name, color, _word = SEVERITIES[finding.severity]
        return theme.icon(name, color)

    return [
        Column("severity", "级别", lambda f: SEVERITIES[f.severity][2], width=92, icon=icon),
        Column("title", "材料", lambda f: f.title, width=132),
        Column("text", "怎么办", lambda f: f.text, width=160),
    ]


def findings_model(theme: Theme, findings: Sequence[Finding] = ()) -> PagedTableModel[Finding]:
    """A table of findings."""
    return PagedTableModel(columns(theme), finding_id, source(findings))


def source(findings: Sequence[Finding]) -> ListSource[Finding]:
    """Findings as rows of a table."""
    return ListSource(in_order(findings), finding_id)


def finding_id(finding: Finding) -> str:
    """Names a finding across reloads."""
    return f"{finding.kind}/{finding.evidence_id}"


class FindingsPanel(QWidget):
    """The list, and below it the whole text of the one under the cursor."""

    wanted = Signal(object)
    """Findings (of one kind) that the user wants to mend now."""

    def __init__(self, tools: Tools) -> None:
        super().__init__()
        self.findings: list[Finding] = []
        column = QVBoxLayout(self)
        column.setContentsMargins(0, t.GAP_SMALL, 0, 0)
        column.setSpacing(t.GRID)
        self.words = QLabel()
        self.words.setWordWrap(True)
        column.addWidget(self.words)
        self.model = findings_model(tools.theme)
        self.table = TableView(self.model, tools.settings, "boxes-findings", self)
        self.model.setParent(self.table)
        self.table.setAccessibleName("打印前请看")
        self.table.opened.connect(self._want)
        self.table.chosen.connect(self._explain)
        column.addWidget(self.table, 1)
        self.text = QLabel()
        self.text.setWordWrap(True)
        self.text.setMinimumHeight(2 * t.ICON)
        set_role(self.text, "muted")
        column.addWidget(self.text)

    def show_findings(self, findings: Sequence[Finding]) -> None:
        """Show these instead."""
        self.findings = in_order(findings)
        self.words.setText(verdict(findings))
        self.model.set_source(source(findings))
        self._explain()

    @Slot()
    def _explain(self) -> None:
        finding = self.model.row(self.table.currentIndex().row())
        how = "双击或按回车，到左边处理；选中多行可以一起处理。"
        self.text.setText(f"{finding.title}：{finding.text}" if finding else how)
        self.text.setVisible(bool(self.findings))

    @Slot(str)
    def _want(self, opened: str) -> None:
        chosen = {opened, *self.table.selected_ids()}
        first = next(finding for finding in self.findings if finding_id(finding) == opened)
        self.wanted.emit(
            [f for f in self.findings if finding_id(f) in chosen and f.kind == first.kind]
        )
