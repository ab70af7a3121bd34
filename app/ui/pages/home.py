"""首页: what is due, missing and in progress, what to go on with, how the archive is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from app.services.overview import PAGES
from app.ui.framework import tokens as t
from app.ui.framework.jobs import Job
from app.ui.framework.page import Page
from app.ui.framework.theme import set_role
from app.ui.pages.home_lists import Figure, Line, LinkList

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from app.bootstrap import Services
    from app.progress import Progress
    from app.services.adoption import AdoptionView
    from app.services.overview import Ahead, Overview, QuotaState
    from app.services.safety.check import CheckReport
    from app.services.unit_of_work import Changes
    from app.ui.framework.page import Tools

_LATEST = 12
_SEQ = Qt.ItemDataRole.UserRole
_MOST_AHEAD, _MOST_GAPS = 3, 4
_SOON_DAYS = 7
_FIGURES = (
    ("members", "成员", "members"),
    ("activities", "本年度活动", "activities"),
    ("observations", "本年度听课", "observations"),
    ("evidence", "材料", "materials"),
    ("boxes", "档案盒", "boxes"),
)


class HomePage(Page):
    """Every line is a link to the place where it is mended."""

    help_text = (
        "左边是近期要交的、还缺的、任务进度；右边是要做的事、最近的改动和档案库的健康情况。"
        "在任何一行按回车或单击，就到能办的地方。\n"
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
        self._loads = 0
        self.add_button("检查档案库", "shield-check", self.check)
        content = QWidget()
        column = QVBoxLayout(content)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(t.GAP)
        column.addLayout(self._make_figures())
        row = QHBoxLayout()
        row.setSpacing(t.PAGE_MARGIN)
        row.addLayout(self._left(), 3)
        row.addLayout(self._right(), 2)
        column.addLayout(row, 1)
        self.set_content(content)
        self.set_start(self.todos)

    def _make_figures(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(t.GAP)
        self.figures: dict[str, QLabel] = {}
        for key, words, page in _FIGURES:
            link = QPushButton(words)
            set_role(link, "link")
            link.setProperty("page", page)
            link.clicked.connect(self._follow_figure)
            figure = Figure(link)
            self.figures[key] = figure.number
            row.addWidget(figure)
        return row

    def _left(self) -> QVBoxLayout:
        column = QVBoxLayout()
        column.setSpacing(t.GAP)
        self.ahead = self._list("近期要交", most=_MOST_AHEAD)
        self.gaps = self._list("缺什么", most=_MOST_GAPS)
        self.quotas = self._list("任务进度")
        for part in (self.ahead, self.gaps):
            column.addWidget(part)
        column.addWidget(self.quotas, 1)
        column.addStretch(0)
        return column

    def _right(self) -> QVBoxLayout:
        column = QVBoxLayout()
        column.setSpacing(t.GAP)
        part = self._list("要做的事")
        self.todos = part.lines
        self._todos = part
        column.addWidget(part, 3)
        column.addWidget(self._heading("最近的改动"))
        self.steps = QListWidget()
        self.steps.setAccessibleName("最近的改动")
        self.steps.setWordWrap(True)
        self.steps.itemActivated.connect(self._open_step)
        self.steps.itemClicked.connect(self._open_step)
        column.addWidget(self.steps, 2)
        column.addWidget(self._heading("档案库"))
        self.health = QLabel()
        self.health.setWordWrap(True)
        self.health.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        column.addWidget(self.health)
        return column

    def _list(self, title: str, *, most: int = 0) -> LinkList:
        made = LinkList(self.tools.theme, title, most=most)
        made.followed.connect(self._go)
        return made

    @staticmethod
    def _heading(text: str) -> QLabel:
        label = QLabel(text)
        set_role(label, "heading")
        return label

    # -- showing -----------------------------------------------------------------------------

    @override
    def refresh(self, changes: Changes | None) -> None:
        self._loads += 1
        number = self._loads
        services, adoption = self._services, self._adoption

        def work(_progress: Progress) -> Overview:
            return services.overviews.of(adoption)

        def done(state: Overview) -> None:
            if number == self._loads:
                self._show(state)

        self.tools.jobs.start(Job("统计", work, done, owner=self, database=False, quiet=True))
        self.subtitle.setText(f"{adoption.community_name} · {adoption.period}")
        self.steps.clear()
        for step in services.history.recent(_LATEST):
            when = f"{step.at.astimezone():%m-%d %H:%M}"
            line = QListWidgetItem(f"{when}　{step.actor}　{step.words}")
            line.setData(_SEQ, step.seq)
            self.steps.addItem(line)
        self._show_health("")

    def _show(self, state: Overview) -> None:
        for key, number in self.figures.items():
            number.setText(str(getattr(state, key)))
        self.ahead.show_lines([_ahead(one) for one in state.ahead])
        self.gaps.show_lines(_gaps(state), room=not state.quotas)
        self.quotas.show_lines([_quota(one) for one in state.quotas])
        self._todos.show_lines(_todos(state))

    def _show_health(self, words: str) -> None:
        last = self.tools.settings.text(f"backup/{self._services.archive.id}")
        backup = f"上次备份：{last}" if last else "还没有备份过。请插上 U 盘，按 Ctrl+B 备份。"
        self.health.setText(
            "\n".join(part for part in (str(self._services.path), backup, words) if part)
        )

    @Slot()
    def _follow_figure(self) -> None:
        sender = self.sender()
        if sender is not None:
            self._go(sender.property("page"), "")

    @Slot(QListWidgetItem)
    def _open_step(self, line: QListWidgetItem) -> None:
        """Go to what the step made or changed, if it is still there."""
        found = self._services.history.record_of(line.data(_SEQ), list(PAGES))
        if found is None:
            self.tools.messages.say("这一步改动的记录不能单独打开，或者已经删除。")
        else:
            kind, record_id = found
            self._go(PAGES[kind], f"record:{kind}:{record_id}")

    # -- checking ----------------------------------------------------------------------------

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


def _ahead(one: Ahead) -> Line:
    left = "今天到期" if one.days_left == 0 else f"还剩 {one.days_left} 天"
    soon = one.days_left <= _SOON_DAYS
    icon, color = ("triangle-alert", "warning") if soon else ("clock", "accent")
    text = f"{one.on:%m-%d}　{left}　{one.name}　{one.text}"
    return Line(icon, color, text, "assessment", "progress")


def _gaps(state: Overview) -> list[Line]:
    missing = state.missing
    lines = []
    if missing.demanded:
        lacking = missing.demanded - missing.there
        percent = 100 * missing.there // missing.demanded
        text = f"应有 {missing.demanded} 份，已有 {missing.there} 份（{percent}%）"
        text += f"，还缺 {lacking} 份" if lacking else "，都齐了"
        icon, color = ("circle-check", "success") if not lacking else ("files", "accent")
        lines.append(Line(icon, color, text, "assessment", "missing:"))
    if missing.overdue:
        text = f"其中 {missing.overdue} 条已经超期"
        lines.append(Line("circle-alert", "error", text, "assessment", "missing:overdue"))
    lines += [Line("triangle-alert", "warning", one.text, one.page, one.view) for one in state.gaps]
    return lines


def _quota(one: QuotaState) -> Line:
    if one.lagging:
        icon, color = "triangle-alert", "warning"
    elif one.share >= 1:
        icon, color = "circle-check", "success"
    else:
        icon, color = "clock", "accent"
    text = f"{one.name}　{one.text}"
    return Line(icon, color, text, "assessment", f"progress:{one.key}", one.share)


def _todos(state: Overview) -> Sequence[Line]:
    lines = []
    if not state.evidence:
        words = "先把照片、文件或整个文件夹加入“材料”"
        lines.append(Line("upload", "accent", words, "materials"))
    lines += [
        Line("triangle-alert", "warning", todo.text, todo.page, todo.view) for todo in state.todos
    ]
    if not state.members:
        lines.append(Line("user-plus", "accent", "从 Excel 花名册导入成员", "members"))
    if state.evidence and not state.boxes:
        words = "材料归入考核项之后，到“归档”页排盒、打印"
        lines.append(Line("archive", "accent", words, "boxes"))
    return lines or [Line("circle-check", "success", "都办好了，可以打印整套。")]


def _verdict(report: CheckReport) -> str:
    looked = f"检查了 {report.evidence} 份材料、{report.batches} 步操作"
    return (
        f"{looked}，发现 {len(report.problems)} 处问题。"
        if report.problems
        else f"{looked}，一切完好。"
    )
