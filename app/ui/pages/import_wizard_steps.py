"""The row of steps above an import: where one is, and how each of them stands."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import (
    QButtonGroup,
    QFrame,
    QHBoxLayout,
    QLabel,
    QSizePolicy,
    QToolButton,
    QWidget,
)

from app.ui.framework import tokens as t
from app.ui.framework.theme import set_role, set_style_property

if TYPE_CHECKING:
    from app.services.imports.report import ImportReport
    from app.ui.framework.messages import Kind
    from app.ui.framework.theme import Theme
    from app.ui.pages.import_wizard_look import Look

Standing = Literal["", "good", "doubt", "wrong"]
_ICONS = {
    "": ("circle", "text_muted"),
    "good": ("circle-check", "success"),
    "doubt": ("triangle-alert", "warning"),
    "wrong": ("circle-alert", "error"),
}
_HEIGHT = 52
_LONGEST_NAME = 18
SOURCE, COLUMNS, PREVIEW = range(3)
_TITLES = ("表格", "栏目", "预览")
_MEANT = ("选择文件，或粘贴单元格", "哪一列是什么", "看清楚再导入")


class StepBar(QWidget):
    """The steps side by side; any of them can be gone to at any time."""

    picked = Signal(int)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(t.GAP_SMALL)
        self._group = QButtonGroup(self)
        self.buttons: list[QToolButton] = []
        for number, title in enumerate(_TITLES):
            button = QToolButton()
            button.setCheckable(True)
            button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
            button.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
            button.setFixedHeight(_HEIGHT)
            button.setToolTip(f"{title}（Alt+{number + 1}）")
            set_role(button, "navigation")
            button.clicked.connect(self._on_clicked)
            self._group.addButton(button, number)
            row.addWidget(button, 1)
            self.buttons.append(button)
            self.tell(number, _MEANT[number], "")

    def tell(self, step: int, words: str, standing: Standing) -> None:
        """Say how a step stands, under its title."""
        button = self.buttons[step]
        button.setIcon(self._theme.icon(*_ICONS[standing]))
        button.setText(f"{step + 1}  {_TITLES[step]}\n{words.replace('&', '&&')}")
        button.setShortcut(QKeySequence(f"Alt+{step + 1}"))  # a new text takes the key away
        button.setAccessibleName(f"第 {step + 1} 步 {_TITLES[step]}：{words}")

    def choose(self, step: int) -> None:
        """Mark the step that is shown; tells nobody."""
        self.buttons[step].setChecked(True)

    def lock(self, *, locked: bool) -> None:
        """Once something is written, the steps before are over."""
        for button in self.buttons[:PREVIEW]:
            button.setEnabled(not locked)

    def tell_look(self, found: Look, unsure: int) -> None:
        """Say how the steps stand; ``unsure``: how many columns want a look."""
        proposal = found.proposal
        if proposal is None:
            for step in (SOURCE, COLUMNS, PREVIEW):
                self.tell(
                    step, "读不了" if step == SOURCE else "", "wrong" if step == SOURCE else ""
                )
            return
        header = proposal.header.first_row
        where = f"表头在第 {header} 行" if header and proposal.mapping else "没有表头"
        fits: Standing = "good" if proposal.mapping else "wrong"
        self.tell(SOURCE, f"{_short(proposal.book.name)} · {where}", fits)
        if proposal.problem:
            self.tell(COLUMNS, "还缺必填的栏目", "wrong")
        else:
            words = f"认出 {len(proposal.mapping)} 栏"
            more = f"，{unsure} 栏请核对" if unsure else ""
            self.tell(COLUMNS, words + more, "doubt" if unsure else "good")
        report = found.report
        if report is None:
            self.tell(PREVIEW, "还不能预览", "" if proposal.problem else "wrong")
        else:
            self.tell(PREVIEW, counted(report), "doubt" if report.rejected else "good")

    @Slot()
    def _on_clicked(self) -> None:
        self.picked.emit(self._group.checkedId())


def counted(report: ImportReport) -> str:
    """What an import does, in figures; what is nought is left out."""
    word = report.table.kind.counted
    parts = (
        ("新增", report.created, word),
        ("更新", report.updated, word),
        ("不变", report.unchanged, word),
        ("重复", len(report.duplicates), "行"),
        ("退回", report.rejected_rows, "行"),
    )
    return "，".join(f"{name} {n} {unit}" for name, n, unit in parts if n) or "没有记录"


def _short(name: str) -> str:
    half = _LONGEST_NAME // 2
    return name if len(name) <= _LONGEST_NAME else f"{name[:half]}…{name[1 - half :]}"


class Notice(QFrame):
    """A line that stays until it is no longer true: icon and words on a tinted ground."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        row = QHBoxLayout(self)
        row.setContentsMargins(t.GAP, t.GRID, t.GAP, t.GRID)
        row.setSpacing(t.GAP_SMALL)
        self._icon = QLabel()
        row.addWidget(self._icon)
        self.words = QLabel()
        self.words.setTextFormat(Qt.TextFormat.PlainText)
        self.words.setWordWrap(True)
        self.words.setMinimumHeight(t.CONTROL_HEIGHT - t.GAP_SMALL)
        self.words.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        row.addWidget(self.words, 1)
        self.hide()

    def say(self, kind: Kind, words: str) -> None:
        """Say something; what was said before is gone."""
        color = "accent" if kind == "info" else kind
        self._icon.setPixmap(self._theme.pixmap(_NOTICES[kind], color=color))
        self.words.setText(words)
        self.setAccessibleName(words)
        set_style_property(self, "notice", kind)
        self.words.style().unpolish(self.words)
        self.words.style().polish(self.words)
        self.show()


_NOTICES: dict[Kind, str] = {
    "info": "info",
    "success": "circle-check",
    "warning": "triangle-alert",
    "error": "circle-alert",
}
