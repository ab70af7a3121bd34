"""首页: what to do today, what was done lately, how the archive is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from app.ui.framework import tokens as t
from app.ui.framework.jobs import Job
from app.ui.framework.page import Page
from app.ui.framework.theme import set_role

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.bootstrap import Services
    from app.progress import Progress
    from app.services.adoption import AdoptionView
    from app.services.overview import Overview
    from app.services.safety.check import CheckReport
    from app.services.unit_of_work import Changes
    from app.ui.framework.page import Tools

_LINK = Qt.ItemDataRole.UserRole
_LATEST = 12


class HomePage(Page):
    """Every line is a link to the place where it is mended."""

    help_text = (
        "左边是现在要做的事，按回车或双击就到能办的地方；右边是最近的改动和档案库的健康情况。"
        "“检查”会核对每个材料文件是否还在、是否被改动。"
    )

    def __init__(
        self,
        tools: Tools,
        services: Services,
        adoption: AdoptionView,
        go: Callable[[str, str], None],
    ) -> None:
        super().__init__(tools, "首页")
        self._services = services
        self._adoption = adoption
        self._go = go
        self.add_button("检查档案库", "shield-check", self.check)
        content = QWidget()
        row = QHBoxLayout(content)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(t.PAGE_MARGIN)
        row.addLayout(self._left(), 3)
        row.addLayout(self._right(), 2)
        self.set_content(content)
        self.set_start(self.todos)

    def _left(self) -> QVBoxLayout:
        column = QVBoxLayout()
        column.setSpacing(t.GAP)
        figures = QHBoxLayout()
        figures.setSpacing(t.GAP)
        self.figures: dict[str, QLabel] = {}
        for key, words, page in (
            ("members", "成员", "members"),
            ("activities", "本学年活动", "activities"),
            ("observations", "本学年听课", "observations"),
            ("evidence", "材料", "materials"),
            ("boxes", "档案盒", "boxes"),
        ):
            figures.addWidget(self._figure(key, words, page))
        column.addLayout(figures)
        column.addWidget(self._heading("要做的事"))
        self.todos = self._list("要做的事")
        self.todos.itemActivated.connect(self._follow)
        self.todos.itemClicked.connect(self._follow)
        column.addWidget(self.todos, 1)
        return column

    def _right(self) -> QVBoxLayout:
        column = QVBoxLayout()
        column.setSpacing(t.GAP)
        column.addWidget(self._heading("档案库"))
        self.health = QLabel()
        self.health.setWordWrap(True)
        self.health.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        column.addWidget(self.health)
        column.addWidget(self._heading("最近的改动"))
        self.steps = self._list("最近的改动")
        column.addWidget(self.steps, 1)
        return column

    def _figure(self, key: str, words: str, page: str) -> QWidget:
        card = QFrame()
        set_role(card, "card")
        column = QVBoxLayout(card)
        number = QLabel("0")
        number.setIndent(t.GRID)  # in line with the words of the link below
        set_role(number, "display")
        column.addWidget(number)
        link = QPushButton(words)
        set_role(link, "link")
        link.setProperty("page", page)
        link.clicked.connect(self._follow_figure)
        column.addWidget(link, 0, Qt.AlignmentFlag.AlignLeft)
        self.figures[key] = number
        return card

    @staticmethod
    def _heading(text: str) -> QLabel:
        label = QLabel(text)
        set_role(label, "heading")
        return label

    @staticmethod
    def _list(name: str) -> QListWidget:
        lines = QListWidget()
        lines.setAccessibleName(name)
        lines.setWordWrap(True)
        return lines

    @override
    def refresh(self, changes: Changes | None) -> None:
        services, adoption = self._services, self._adoption

        def work(_progress: Progress) -> Overview:
            from app.services.overview import overview

            return overview(
                adoption, services.catalogue, services.entries, services.boxes, services.drafts
            )

        self.tools.jobs.start(Job("统计", work, self._show, owner=self, database=False, quiet=True))
        self.subtitle.setText(f"{adoption.community_name} · {adoption.period}")
        self.steps.clear()
        for step in services.history.recent(_LATEST):
            when = f"{step.at.astimezone():%m-%d %H:%M}"
            self.steps.addItem(f"{when}　{step.actor}　{step.words}")
        self._show_health("")

    def _show(self, state: Overview) -> None:
        for key, number in self.figures.items():
            number.setText(str(getattr(state, key)))
        self._show_todos(state)

    def _show_todos(self, state: Overview) -> None:
        self.todos.clear()
        theme = self.tools.theme
        if not state.evidence:
            self._todo("upload", "先把照片、文件或整个文件夹加入“材料”", "materials", "")
        for todo in state.todos:
            self._todo("triangle-alert", todo.text, todo.page, todo.view)
        if not state.members:
            self._todo("user-plus", "从 Excel 花名册导入成员", "members", "")
        if state.evidence and not state.boxes:
            self._todo("archive", "材料归入考核项之后，到“归档”页排盒、打印", "boxes", "")
        if not self.todos.count():
            self.todos.addItem(
                QListWidgetItem(theme.icon("circle-check", "success"), "都办好了，可以打印整套。")
            )
        self.todos.setCurrentRow(0)

    def _todo(self, icon: str, text: str, page: str, view: str) -> None:
        color = "warning" if icon == "triangle-alert" else "accent"
        line = QListWidgetItem(self.tools.theme.icon(icon, color), text)
        line.setData(_LINK, (page, view))
        self.todos.addItem(line)

    def _show_health(self, words: str) -> None:
        last = self.tools.settings.text(f"backup/{self._services.archive.id}")
        backup = f"上次备份：{last}" if last else "还没有备份过。请插上 U 盘，按 Ctrl+B 备份。"
        self.health.setText(
            "\n".join(part for part in (str(self._services.path), backup, words) if part)
        )

    @Slot(QListWidgetItem)
    def _follow(self, line: QListWidgetItem) -> None:
        link = line.data(_LINK)
        if link:
            self._go(*link)

    @Slot()
    def _follow_figure(self) -> None:
        sender = self.sender()
        if sender is not None:
            self._go(sender.property("page"), "")

    @Slot()
    def check(self) -> None:
        """Look through the whole archive in the background, every file included."""

        def work(progress: Progress) -> CheckReport:
            from app.services.safety.check import check

            return check(self._services.archive, full=True, progress=progress)

        self.tools.jobs.start(
            Job("检查档案库", work, self._checked, owner=self, database=False, done_text=_verdict)
        )

    def _checked(self, report: CheckReport) -> None:
        lines = [
            _verdict(report),
            *(f"· {problem.text}（{problem.where}）" for problem in report.problems),
        ]
        self._show_health("\n".join(lines))


def _verdict(report: CheckReport) -> str:
    looked = f"检查了 {report.evidence} 份材料、{report.batches} 步操作"
    return (
        f"{looked}，发现 {len(report.problems)} 处问题。"
        if report.problems
        else f"{looked}，一切完好。"
    )
