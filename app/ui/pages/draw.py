"""随机抽取: who takes part, who was drawn, and how anybody can work it out again."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QSignalBlocker, Qt, Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QTabWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from app.errors import AppError
from app.services.draws import HOW, Candidate, DrawTerms, DrawView, Pool
from app.ui.framework import tokens as t
from app.ui.framework.fields import Field
from app.ui.framework.forms import FormWidget
from app.ui.framework.jobs import Job
from app.ui.framework.lists import ID, fill, fit, item, plain_list
from app.ui.framework.messages import LAST_STEP
from app.ui.framework.theme import set_role

if TYPE_CHECKING:
    from app.bootstrap import Services
    from app.progress import Progress
    from app.services.adoption import AdoptionView
    from app.ui.framework.page import Tools

_TABS = ("候选名单", "出生年月不全", "本年度抽过", "以前的抽取")


class DrawDialog(QDialog):
    """Terms at the left, at the right who they let in; 抽取 records the draw as one step."""

    def __init__(
        self,
        tools: Tools,
        services: Services,
        adoption: AdoptionView,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._tools, self._services, self._adoption = tools, services, adoption
        today = services.archive.uow.context.clock().date()
        self._terms = services.draws.terms(adoption.id, today, 1)
        self.made: DrawView | None = None
        self.setWindowTitle("随机抽取")
        self.resize(980, 600)
        column = QVBoxLayout(self)
        column.setContentsMargins(t.GAP_LARGE, t.GAP_LARGE, t.GAP_LARGE, t.GAP_LARGE)
        column.setSpacing(t.GAP)
        row = QHBoxLayout()
        row.setSpacing(t.GAP_LARGE)
        row.addWidget(self._make_form())
        row.addLayout(self._make_result(), 1)
        column.addLayout(row, 1)
        column.addLayout(self._make_buttons())
        self._show_terms()
        self._show_earlier()
        self.form.focus("count")

    def _make_form(self) -> FormWidget:
        days = self._services.draws.days_before(self._adoption.id)
        ahead = f"方案要求在活动前 {days} 天抽取。" if days else ""
        self.form = FormWidget(
            (
                Field("count", "抽几人", "int", unit="人", required=True, width=80),
                Field(
                    "under_age", "不满", "int", unit="周岁", width=80, placeholder="不限",
                    help="按抽取当天计算",
                ),
                Field("on", "抽取日期", "date", required=True, help=ahead),
                Field("whom", "范围", "choice", choices=self._ranges(), required=True),
                Field("again", "本年度抽过的", "choice", required=True,
                      choices=(("yes", "可以再抽"), ("no", "不再抽"))),
                Field("seed", "种子", placeholder="自动产生",
                      help="想让大家放心，可以现场报一个数，如开奖号码"),
            ),
            self._tools.theme,
        )  # fmt: skip
        self.form.setFixedWidth(330)
        self.form.committed.connect(self._take)
        self.form.next_wanted.connect(self.draw)
        return self.form

    def _ranges(self) -> tuple[tuple[str, str], ...]:
        """All members, those in one role, or those of one group."""
        roles = self._services.adoptions.role_names(self._adoption.id)
        groups = self._services.draws.groups(self._adoption.id)
        ranges = [("all", "全体成员")]
        if len(self._terms.roles) > 1:
            named = "、".join(roles.get(key, key) for key in self._terms.roles)
            ranges.append((_whom(self._terms), f"角色：{named}"))
        ranges += [(f"role:{key}", f"角色：{name}") for key, name in roles.items()]
        return (*ranges, *((f"group:{key}", f"小组：{name}") for key, name in groups))

    def _make_result(self) -> QVBoxLayout:
        column = QVBoxLayout()
        column.setSpacing(t.GAP_SMALL)
        self.names = QLabel()
        set_role(self.names, "title")
        self.seed = QLabel()
        for words in (self.names, self.seed):
            words.setTextFormat(Qt.TextFormat.PlainText)
            words.setWordWrap(True)
            words.setTextInteractionFlags(
                Qt.TextInteractionFlag.TextSelectableByMouse
                | Qt.TextInteractionFlag.TextSelectableByKeyboard
            )
            column.addWidget(words)
        self.tabs = QTabWidget()
        self.candidates = plain_list("候选名单", "序号", "姓名", "单位", "出生年月", "结果")
        self.uncertain = plain_list("出生年月不全的人", "列入", "单位", "出生年月")
        self.uncertain.itemChanged.connect(self._include)
        self.before = plain_list("本年度抽中过的人", "姓名", "单位")
        self.earlier = plain_list("以前的抽取", "日期", "抽中", "种子", "核对", "条件")
        self.earlier.itemActivated.connect(self._show_one)
        for title, widget in zip(_TABS, self._lists(), strict=True):
            self.tabs.addTab(widget, title)
        column.addWidget(self.tabs, 1)
        how = QLabel(f"怎样重算：{HOW}")
        how.setWordWrap(True)
        set_role(how, "small")
        column.addWidget(how)
        return column

    def _lists(self) -> tuple[QWidget, ...]:
        return self.candidates, self.uncertain, self.before, self.earlier

    def _make_buttons(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(t.GAP_SMALL)
        self.copy_button = QPushButton(self._tools.theme.icon("copy"), "复制结果")
        self.copy_button.setAutoDefault(False)
        self.copy_button.setEnabled(False)
        self.copy_button.clicked.connect(self._copy)
        row.addWidget(self.copy_button)
        row.addStretch(1)
        close = QPushButton("关闭")
        close.setAutoDefault(False)
        close.clicked.connect(self.accept)
        row.addWidget(close)
        self.draw_button = QPushButton("抽取")
        self.draw_button.setToolTip("抽取（Ctrl+Enter）")
        set_role(self.draw_button, "primary")
        self.draw_button.setDefault(True)
        self.draw_button.clicked.connect(self.draw)
        row.addWidget(self.draw_button)
        return row

    def _show_terms(self) -> None:
        terms = self._terms
        self.form.set_values(
            {
                "count": terms.count,
                "under_age": terms.under_age,
                "on": terms.on,
                "whom": _whom(terms),
                "again": "yes" if terms.again else "no",
                "seed": terms.seed,
            }
        )
        self._show_pool()

    @Slot(str, object)
    def _take(self, name: str, value: object) -> None:
        """A term was changed: show who takes part now."""
        if name == "whom":
            kind, _colon, key = str(value).partition(":")
            self._terms = replace(
                self._terms,
                roles=tuple(key.split(",")) if kind == "role" else (),
                group_id=key if kind == "group" else None,
            )
        elif name == "again":
            self._terms = replace(self._terms, again=value == "yes")
        else:
            changed: dict[str, object] = {name: value or "" if name == "seed" else value}
            self._terms = replace(self._terms, **changed)  # type: ignore[arg-type]
        self._show_pool()

    def _show_pool(self) -> None:
        """Show everybody whom the terms concern."""
        pool = self._show_candidates()
        if pool is None:
            return
        blocked = QSignalBlocker(self.uncertain)  # filling is not ticking
        self.uncertain.clear()
        taken_in = [one for one in pool.candidates if one.id in self._terms.included]
        for one in (*taken_in, *pool.uncertain):
            line = item(one.id, (one.name, one.school, one.born_on or "未填"))
            ticked = one.id in self._terms.included
            line.setCheckState(0, Qt.CheckState.Checked if ticked else Qt.CheckState.Unchecked)
            self.uncertain.addTopLevelItem(line)
        fit(self.uncertain)
        blocked.unblock()
        fill(self.before, ((one.id, (one.name, one.school)) for one in pool.drawn_before))
        self._count_tabs()

    def _show_candidates(self) -> Pool | None:
        """Show who takes part; None where the terms make no sense."""
        try:
            pool = self._services.draws.pool(self._terms)
        except AppError as error:
            self._say_wrong(error)
            return None
        self.made = None
        self.copy_button.setEnabled(False)
        self.names.setText(f"候选 {len(pool.candidates)} 人")
        self.seed.setText(f"条件：{pool.conditions}。")
        set_role(self.seed, "muted")
        self._fill_candidates(pool.candidates, frozenset())
        self._count_tabs()
        return pool

    def _say_wrong(self, error: AppError) -> None:
        """The terms make no sense yet: said in the dialog, above the list."""
        self.names.setText("现在还不能抽取")
        self.seed.setText(error.sentence)
        set_role(self.seed, "error")

    def _fill_candidates(self, people: tuple[Candidate, ...], drawn: frozenset[str]) -> None:
        rows = (
            (one.id, (str(one.number), one.name, one.school, one.born_on, "抽中" if one.id in drawn else ""))
            for one in people
        )  # fmt: skip
        fill(self.candidates, rows)
        for number in range(self.candidates.topLevelItemCount()):
            line = self.candidates.topLevelItem(number)
            if line is not None and line.data(0, ID) in drawn:
                line.setIcon(4, self._tools.theme.icon("circle-check", "accent"))

    def _count_tabs(self) -> None:
        lists = (self.candidates, self.uncertain, self.before, self.earlier)
        for number, (title, lines) in enumerate(zip(_TABS, lists, strict=True)):
            count = lines.topLevelItemCount()
            self.tabs.setTabText(number, f"{title} {count}" if count else title)
            self.tabs.setTabEnabled(number, bool(count) or number == 0)

    @Slot(QTreeWidgetItem, int)
    def _include(self, line: QTreeWidgetItem, _column: int) -> None:
        """Let somebody of uncertain age take part, or not after all."""
        person_id = line.data(0, ID)
        ticked = line.checkState(0) == Qt.CheckState.Checked
        included = (
            self._terms.included | {person_id} if ticked else self._terms.included - {person_id}
        )
        self._terms = replace(self._terms, included=included)
        self._show_candidates()

    @Slot()
    def draw(self) -> None:
        """Draw and record it."""
        if not self.form.commit_all():
            return
        draws, terms = self._services.draws, self._terms

        def work(_progress: Progress) -> DrawView:
            return draws.draw(terms)

        def done(made: DrawView) -> None:
            self.draw_button.setEnabled(True)
            self._show_earlier()
            self._show_made(made)
            self._tools.messages.say(f"已抽取 {len(made.drawn)} 人，记入档案。", topic=LAST_STEP)

        def fail(error: Exception) -> None:
            self.draw_button.setEnabled(True)
            if isinstance(error, AppError):
                self._say_wrong(error)
            else:
                self._tools.errors.show_error(error)

        self.draw_button.setEnabled(False)
        self._tools.jobs.start(Job("随机抽取", work, done, fail, owner=self, quiet=True))

    def _show_made(self, made: DrawView) -> None:
        self.made = made
        self.names.setText("、".join(one.name for one in made.drawn))
        self.seed.setText(
            f"{made.on} 抽中 {len(made.drawn)} 人，候选 {len(made.candidates)} 人。"
            f"种子 {made.seed}，用同样的种子可以重现。条件：{made.conditions}。"
        )
        set_role(self.seed, "muted")
        self._fill_candidates(made.candidates, frozenset(one.id for one in made.drawn))
        self.copy_button.setEnabled(True)
        self._count_tabs()
        self.tabs.setCurrentIndex(0)

    def _show_earlier(self) -> None:
        found = self._services.draws.all(self._adoption.id)
        rows = (
            (
                one.id,
                (
                    str(one.on), "、".join(person.name for person in one.drawn), one.seed,
                    "重算一致" if one.repeated else "与名单不符", one.conditions,
                ),
            )
            for one in found
        )  # fmt: skip
        fill(self.earlier, rows)
        self._count_tabs()

    @Slot(QTreeWidgetItem, int)
    def _show_one(self, line: QTreeWidgetItem, _column: int) -> None:
        try:
            self._show_made(self._services.draws.show(line.data(0, ID)))
        except AppError as error:
            self._tools.errors.show_error(error)

    @Slot()
    def _copy(self) -> None:
        """Result and list as text, e.g. for the group chat."""
        made = self.made
        if made is None:
            return
        listed = "\n".join(f"{one.number}. {one.name} {one.school}" for one in made.candidates)
        QGuiApplication.clipboard().setText(
            f"{made.on} 随机抽取\n抽中：{self.names.text()}\n种子：{made.seed}\n"
            f"条件：{made.conditions}\n重算方法：{HOW}\n候选名单：\n{listed}\n"
        )
        self.copy_button.setText("已复制")


def _whom(terms: DrawTerms) -> str:
    """The value of the field 范围 that means these terms."""
    if terms.group_id:
        return f"group:{terms.group_id}"
    return f"role:{','.join(terms.roles)}" if terms.roles else "all"
