"""Ctrl+K: find any record by what it holds, as one types, and go to it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QButtonGroup,
    QComboBox,
    QDialog,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from app.errors import AppError
from app.ui.framework import tokens as t
from app.ui.framework.jobs import Job
from app.ui.framework.theme import set_role
from app.ui.pages.search_results import KINDS, ResultList

if TYPE_CHECKING:
    from app.bootstrap import Services
    from app.progress import Progress
    from app.services.adoption import AdoptionView
    from app.services.search import Hits
    from app.ui.framework.page import Tools

_WAIT_MS = 120
"""Pause in typing after which the search begins."""
_SHOWN, _NAMES_SHOWN = 50, 6
_NAMES = ("person", "school", "community")
"""Kinds without a date: among the newest records nobody would see them."""
_REMEMBERED = 8
_SETTING = "search/recent"
_SIZE = (780, 580)
_TOP = 2 * t.HEADER_HEIGHT
_ALL = "全部"
_ANY_SCHOOL = "全部单位"


@dataclass(frozen=True, slots=True)
class _Question:
    """What is to be found."""

    words: str
    kind: str
    school_id: str
    this_year: bool


@dataclass(frozen=True, slots=True)
class _Answer:
    """Names first, then the newest of everything."""

    question: _Question
    names: Hits | None
    found: Hits


class SearchPalette(QDialog):
    """One field, filters below it, hits while typing; Enter opens the record."""

    opened = Signal(str, str)
    """Kind and id of the record to show."""

    def __init__(
        self, tools: Tools, services: Services, adoption: AdoptionView, parent: QWidget
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("搜索")
        self._tools = tools
        self._services = services
        self._adoption = adoption
        self._asking: _Question | None = None
        self._answered: _Question | None = None
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_WAIT_MS)
        self._timer.timeout.connect(self._ask)
        column = QVBoxLayout(self)
        column.setContentsMargins(t.GAP_LARGE, t.GAP_LARGE, t.GAP_LARGE, t.GAP)
        column.setSpacing(t.GAP)
        column.addWidget(self._make_field())
        column.addLayout(self._make_filters())
        column.addWidget(self._make_results(), 1)
        column.addLayout(self._make_foot())
        self._place(parent)
        self._ask()

    def _make_field(self) -> QLineEdit:
        self.words = QLineEdit()
        self.words.setPlaceholderText("字词、人名的拼音或首字母都行，几个词用空格隔开")
        self.words.setAccessibleName("搜索的内容")
        self.words.setClearButtonEnabled(True)
        self.words.addAction(
            self._tools.theme.icon("search", "text_muted"), QLineEdit.ActionPosition.LeadingPosition
        )
        self.words.textChanged.connect(self._timer.start)
        self.words.installEventFilter(self)
        return self.words

    def _make_filters(self) -> QVBoxLayout:
        chips = QHBoxLayout()
        chips.setSpacing(t.GRID)
        self.kinds = QButtonGroup(self)
        for key, words in [("", _ALL), *((key, words) for key, (words, _icon) in KINDS.items())]:
            chips.addWidget(self._chip(key, words))
        chips.addStretch(1)
        self.kinds.buttonClicked.connect(self._ask_at_once)
        self.this_year = QPushButton(f"只看{self._adoption.period}")
        self.this_year.setCheckable(True)
        self.this_year.setAutoDefault(False)
        set_role(self.this_year, "choice")
        self.this_year.clicked.connect(self._ask_at_once)
        self.school = QComboBox()
        self.school.setAccessibleName("单位")
        self.school.setMinimumWidth(200)
        self.school.addItem(_ANY_SCHOOL, "")
        for row in self._services.records.page("schools", limit=1000).items:
            self.school.addItem(row["name"], row["id"])
        self.school.activated.connect(self._ask_at_once)
        below = QHBoxLayout()
        below.setSpacing(t.GAP_SMALL)
        below.addWidget(self.this_year)
        below.addWidget(self.school)
        below.addStretch(1)
        column = QVBoxLayout()
        column.setSpacing(t.GAP_SMALL)
        column.addLayout(chips)
        column.addLayout(below)
        return column

    def _chip(self, key: str, words: str) -> QPushButton:
        chip = QPushButton(words)
        chip.setCheckable(True)
        chip.setChecked(not key)
        chip.setProperty("kind", key)
        chip.setAutoDefault(False)
        set_role(chip, "choice")
        self.kinds.addButton(chip)
        return chip

    def _make_results(self) -> QStackedWidget:
        self.results = ResultList(self._tools.theme)
        self.results.opened.connect(self._open)
        self.results.repeated.connect(self.words.setText)
        self.nothing = QLabel()
        self.nothing.setWordWrap(True)
        self.nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        set_role(self.nothing, "muted")
        self._stack = QStackedWidget()
        self._stack.addWidget(self.results)
        self._stack.addWidget(self.nothing)
        return self._stack

    def _make_foot(self) -> QHBoxLayout:
        self.total = QLabel()
        hints = QLabel("↑↓ 选择　回车 打开　Tab 到筛选　Esc 关闭")
        set_role(hints, "small")
        foot = QHBoxLayout()
        foot.addWidget(self.total)
        foot.addStretch(1)
        foot.addWidget(hints)
        return foot

    def _place(self, window: QWidget) -> None:
        """Under the header of the window, in its middle."""
        width = min(_SIZE[0], window.width() - 4 * t.GAP_LARGE)
        self.resize(width, min(_SIZE[1], window.height() - _TOP - 2 * t.GAP_LARGE))
        self.move(window.mapToGlobal(QPoint((window.width() - width) // 2, _TOP)))

    # -- asking ------------------------------------------------------------------------------

    def _question(self) -> _Question:
        kind = next(chip.property("kind") for chip in self.kinds.buttons() if chip.isChecked())
        return _Question(
            self.words.text().strip(), kind, self.school.currentData(), self.this_year.isChecked()
        )

    @Slot()
    def _ask_at_once(self) -> None:
        self._timer.stop()
        self.words.setFocus(Qt.FocusReason.OtherFocusReason)
        self._ask()

    @Slot()
    def _ask(self) -> None:
        """Ask what the field says now, unless an answer is on its way; then it is asked after that."""
        question = self._question()
        if self._asking is not None or question == self._answered:
            return
        if not question.words:
            self._answered = question
            self._show_start()
            return
        self._asking = question

        def work(_progress: Progress) -> _Answer:
            return self._find(question)

        self._tools.jobs.start(
            Job("搜索", work, self._take, self._fail, owner=self, database=False, quiet=True)
        )

    def _find(self, question: _Question) -> _Answer:
        search, year = self._services.search, self._adoption
        since, until = (year.starts_on, year.ends_on) if question.this_year else (None, None)
        school = question.school_id or None
        names = None
        if not question.kind and not question.this_year:
            names = search.find(question.words, _NAMES_SHOWN, kinds=_NAMES, school_id=school)
        kinds = (question.kind,) if question.kind else ()
        found = search.find(
            question.words, _SHOWN, kinds=kinds, school_id=school, since=since, until=until
        )
        return _Answer(question, names, found)

    def _take(self, answer: _Answer) -> None:
        self._asking, self._answered = None, answer.question
        self._show(answer)
        self._ask()

    def _fail(self, error: Exception) -> None:
        self._answered, self._asking = self._asking, None
        if not isinstance(error, AppError):
            self._tools.errors.show_error(error)
        self._say(error.sentence if isinstance(error, AppError) else "没有找成，请再试一次。")
        self._ask()

    # -- showing -----------------------------------------------------------------------------

    def _show_start(self) -> None:
        """Nothing is typed: what was looked for before, or what can be."""
        recent = self._tools.settings.texts(_SETTING)
        self.total.clear()
        if recent:
            self.results.show_recent(recent)
            self._stack.setCurrentWidget(self.results)
        else:
            self._say(
                "输入一个字就开始找：人员、单位、活动、听课记录、协议、计划，以及材料里的文字。\n"
                "简体和繁体、全角和半角一样找得到；人名和校名可以打拼音或首字母。"
            )

    def _say(self, sentence: str) -> None:
        self.results.clear()
        self.total.clear()
        self.nothing.setText(sentence)
        self._stack.setCurrentWidget(self.nothing)

    def _show(self, answer: _Answer) -> None:
        question, found = answer.question, answer.found
        if not found.total:
            narrowed = question.kind or question.school_id or question.this_year
            advice = "可以放宽上面的筛选再找。" if narrowed else "可以少打几个字，或者换一个说法。"
            self._say(f"没有找到“{question.words}”。\n{advice}")
            return
        names = answer.names.hits if answer.names else ()
        listed = {hit.id for hit in names}
        records = [hit for hit in found.hits if hit.id not in listed]
        heading = KINDS[question.kind][0] if question.kind else "记录"
        groups = [("人员、单位和共同体", names), (f"{heading}（新的在前）", records)]
        self.results.show_hits([(words, hits) for words, hits in groups if hits])
        self._stack.setCurrentWidget(self.results)
        shown = len(names) + len(records)
        more = f"，这里是最新的 {shown} 条" if shown < found.total else ""
        self.total.setText(f"共 {found.total:,} 条{more}")

    # -- going there -------------------------------------------------------------------------

    @Slot(str, str)
    def _open(self, kind: str, record_id: str) -> None:
        settings, words = self._tools.settings, self.words.text().strip()
        others = [query for query in settings.texts(_SETTING) if query != words]
        settings.set(_SETTING, [words, *others][:_REMEMBERED])
        settings.save()
        self.accept()
        self.opened.emit(kind, record_id)

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The arrow keys go through the hits while the cursor stays in the field."""
        steps = {
            Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1, Qt.Key.Key_PageDown: 7, Qt.Key.Key_PageUp: -7,
        }  # fmt: skip
        pressed = watched is self.words and event.type() == QEvent.Type.KeyPress
        if pressed and isinstance(event, QKeyEvent) and event.key() in steps:
            self.results.step(steps[Qt.Key(event.key())])
            return True
        return super().eventFilter(watched, event)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter on a filter sets it; anywhere else it opens the current hit of what is typed."""
        if event.key() not in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            super().keyPressEvent(event)
            return
        focused = self.focusWidget()
        if isinstance(focused, QAbstractButton):
            focused.click()
        elif self._question() == self._answered:
            self.results.open_current()
        else:
            self._ask_at_once()
