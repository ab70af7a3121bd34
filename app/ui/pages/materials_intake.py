"""Taking files in: the big drop place, the sign while dragging, and the result that stays."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QMimeData, QRectF, Qt, Signal, Slot
from PySide6.QtGui import QGuiApplication, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import (
    QCheckBox,
    QFileDialog,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from app.errors import StorageError
from app.ui.framework import tokens as t
from app.ui.framework.messages import LAST_STEP, Message, Messages
from app.ui.framework.table_view import TableView
from app.ui.framework.tables import Column, ListSource, PagedTableModel
from app.ui.framework.theme import Theme, set_role

if TYPE_CHECKING:
    from PySide6.QtGui import QIcon

    from app.services.evidence.service import IngestReport
    from app.ui.framework.page import Tools

BY_FOLDER = "按文件夹名称归入考核项"
INVITATION = "把照片、文件或整个文件夹拖到这里"
_RESULT_HEIGHT = 176


def dropped_paths(data: QMimeData) -> list[Path]:
    """Files and folders of this computer in what is dragged."""
    return [Path(url.toLocalFile()) for url in data.urls() if url.isLocalFile()]


class DashedFrame(QWidget):
    """A place where things can be let go: dashed border, rounded."""

    def __init__(self, theme: Theme, color: str, ground: str) -> None:
        super().__init__()
        self._theme = theme
        self._color = color
        self._ground = ground

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(self._theme.color(self._color), 2, Qt.PenStyle.DashLine))
        painter.setBrush(self._theme.color(self._ground))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(2, 2, -2, -2), 8, 8)


class DropPlace(DashedFrame):
    """What the page is while there is no evidence."""

    files_wanted = Signal()
    folder_wanted = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme, "border_control", "surface_alternate")
        column = QVBoxLayout(self)
        column.setSpacing(t.GAP_LARGE)
        column.addStretch(2)
        center = Qt.AlignmentFlag.AlignHCenter
        picture = QLabel()
        picture.setPixmap(theme.pixmap("upload", 40, "accent"))
        column.addWidget(picture, 0, center)
        words = QLabel(INVITATION)
        set_role(words, "title")
        column.addWidget(words, 0, center)
        row = QHBoxLayout()
        row.setSpacing(t.GAP_SMALL)
        row.addStretch(1)
        self.files = QPushButton(theme.icon("file-image", "on_accent"), "添加文件…")
        set_role(self.files, "primary")
        self.files.clicked.connect(self.files_wanted)
        row.addWidget(self.files)
        self.folder = QPushButton(theme.icon("folder-input"), "添加文件夹…")
        self.folder.clicked.connect(self.folder_wanted)
        row.addWidget(self.folder)
        row.addStretch(1)
        column.addLayout(row)
        self.by_folder = QCheckBox(BY_FOLDER)
        column.addWidget(self.by_folder, 0, center)
        note = QLabel("原文件不会改动；内容相同的文件只存一份；不能收的文件会说明原因。")
        set_role(note, "muted")
        column.addWidget(note, 0, center)
        column.addStretch(3)


class DropSign(DashedFrame):
    """Lies over the page while files are dragged over it."""

    def __init__(self, theme: Theme, page: QWidget) -> None:
        super().__init__(theme, "accent", "accent_soft")
        self._page = page
        self.setParent(page)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        column = QVBoxLayout(self)
        words = QLabel("松开鼠标，加入这些材料")
        set_role(words, "title")
        column.addWidget(words, 0, Qt.AlignmentFlag.AlignCenter)
        self.hide()

    def cover(self) -> None:
        """Lie over the whole page."""
        self.setGeometry(self._page.rect())
        self.raise_()
        self.show()


@dataclass(frozen=True, slots=True)
class _Line:
    """A file that was not entered anew, and why."""

    path: str
    result: str
    reason: str


def summary(report: IngestReport) -> str:
    """What an intake did, in one line."""
    placed = sum(1 for added in report.added if added.item)
    parts = [f"{len(report.added)} 份加入"]
    if placed:
        parts[0] += f"（其中 {placed} 份已按文件夹归类）"
    if report.duplicates:
        parts.append(f"{len(report.duplicates)} 份重复")
    if report.refused:
        parts.append(f"{len(report.refused)} 份未收")
    return "，".join(parts) + "。"


def _lines(report: IngestReport) -> list[_Line]:
    refused = [_Line(str(r.path), "未收", r.reason) for r in report.refused]
    same = [
        _Line(str(d.path), "重复", f"与已有的“{d.name}”内容相同，没有再存一份")
        for d in report.duplicates
    ]
    return refused + same


class IntakeResult(QFrame):
    """Result of the last intake; stays until it is closed. Lists what was not entered and why."""

    def __init__(self, tools: Tools) -> None:
        super().__init__()
        self._tools = tools
        self._lines: list[_Line] = []
        self._words = ""
        theme = tools.theme
        column = QVBoxLayout(self)
        column.setContentsMargins(t.GAP, t.GRID, t.GAP_SMALL, t.GRID)
        column.setSpacing(t.GRID)
        head = QHBoxLayout()
        head.setSpacing(t.GAP_SMALL)
        self._icon = QLabel()
        head.addWidget(self._icon)
        self.words = QLabel()
        self.words.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        head.addWidget(self.words, 1)
        self.copy = QPushButton(theme.icon("copy"), "复制清单")
        self.copy.clicked.connect(self._copy)
        self.save = QPushButton(theme.icon("save"), "保存清单…")
        self.save.clicked.connect(self._save)
        self.close_button = QToolButton()
        set_role(self.close_button, "plain")
        self.close_button.setIcon(theme.icon("x", "text_muted"))
        self.close_button.setToolTip("关闭")
        self.close_button.setAccessibleName("关闭加入的结果")
        self.close_button.clicked.connect(self.hide)
        for widget in (self.copy, self.save, self.close_button):
            head.addWidget(widget)
        column.addLayout(head)
        described: list[Column[_Line]] = [
            Column("file", "文件", lambda r: Path(r.path).name, sort_key="file", width=320,
                          tooltip=lambda r: r.path),
            Column("result", "结果", lambda r: r.result, sort_key="result", width=88,
                          icon=lambda r: self._result_icon(r.result)),
            Column("reason", "原因", lambda r: r.reason, width=480),
        ]  # fmt: skip
        self._columns = described
        self.model = PagedTableModel(described, lambda r: r.path)
        self.table = TableView(self.model, tools.settings, "materials-intake", self)
        self.model.setParent(self.table)
        self.table.setAccessibleName("没有加入的文件")
        self.table.setMaximumHeight(_RESULT_HEIGHT)
        column.addWidget(self.table)
        self.hide()

    def _result_icon(self, result: str) -> QIcon:
        theme = self._tools.theme
        if result == "未收":
            return theme.icon("circle-slash", "error")
        return theme.icon("files", "text_muted")

    def show_report(self, report: IngestReport) -> None:
        """Show what an intake did."""
        self._words = summary(report)
        self._lines = _lines(report)
        kind = "warning" if report.refused else "success"
        self.setProperty("notice", kind)
        for widget in (self, *self.findChildren(QWidget)):
            self.style().polish(widget)
        icon = "triangle-alert" if report.refused else "circle-check"
        self._icon.setPixmap(self._tools.theme.pixmap(icon, color=kind))
        self.words.setText(self._words)
        self.setAccessibleName(self._words)
        self.model.set_source(ListSource(self._lines, lambda r: r.path, self._columns))
        for widget in (self.table, self.copy, self.save):
            widget.setVisible(bool(self._lines))
        rows = len(self._lines) + 1
        self.table.setFixedHeight(min(_RESULT_HEIGHT, rows * t.ROW_HEIGHT + t.GAP_LARGE))
        self.show()

    def text(self) -> str:
        """The result as text: the summary, then a line for each file that was not entered."""
        lines = [f"{line.result}\t{line.path}\t{line.reason}" for line in self._lines]
        return "\n".join([self._words, *lines]) + "\n"

    @Slot()
    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.text())
        self._tools.messages.say("清单已复制。")

    @Slot()
    def _save(self) -> None:
        chosen, _kind = QFileDialog.getSaveFileName(
            self, "保存清单", "未加入的文件.txt", "文本文件 (*.txt)"
        )
        if chosen:
            self.save_to(Path(chosen))

    def save_to(self, path: Path) -> None:
        """Write the result as a text file (with the mark by which Notepad knows UTF-8)."""
        try:
            path.write_text(self.text(), encoding="utf-8-sig")
        except OSError as error:
            told = StorageError("清单没有保存成功。", "请换一个可以写入的文件夹。", str(error))
            self._tools.errors.show_error(told)
            return
        self._tools.messages.say(f"清单已保存为“{path.name}”。")


def tell_outcome(messages: Messages, report: IngestReport) -> None:
    """Say how putting files into a slot ended: taken in, there already, refused and why."""
    words = summary(report)
    if report.duplicates:
        words = f"{words.rstrip('。')}（已在档案库里，直接用原有的）。"
    if report.refused:
        first = report.refused[0]
        hint = f"{first.path.name}：{first.reason}"
        messages.post(Message(words, hint, kind="warning"))
    else:
        messages.say(words, topic=LAST_STEP)
