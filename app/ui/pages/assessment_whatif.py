"""假如…: other figures tried out; nothing of it is saved."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, QTimer, Signal, Slot
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QLineEdit,
    QPushButton,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from app.errors import AppError
from app.services.standing.figures import Fact, shown
from app.services.standing.points_typed import points_of
from app.ui.framework import tokens as t
from app.ui.framework.jobs import Job
from app.ui.framework.lists import fill, plain_list
from app.ui.framework.theme import set_role, set_style_property, tabular

if TYPE_CHECKING:
    from collections.abc import Sequence
    from decimal import Decimal

    from app.bootstrap import Services
    from app.progress import Progress
    from app.services.adoption import AdoptionView
    from app.services.standing.roster import Subject
    from app.services.standing.whatif import Change
    from app.ui.framework.page import Tools

_TYPING_MS = 250
_FIELD_WIDTH = 72


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure that may be assumed, with what it is now."""

    fact: Fact
    name: str
    now: Decimal | None


def read_figures(services: Services, adoption_id: str, facts: Sequence[Fact]) -> tuple[Figure, ...]:
    """Inputs and items that the scores ask for, with their present values."""
    scheme = services.adoptions.scheme(adoption_id)
    terms = [one.name for one in scheme.scheme.year.terms]
    inputs = {one.key: one.name for one in scheme.input}
    rubrics = {one.key: one.name for one in scheme.rubric}
    items = {item.no: item.name for group in scheme.table for item in group.items}
    entered = {
        (one.key, one.subject.id, one.term, one.years_back): one.number
        for one in services.entering.values(adoption_id)
        if one.kind == "input"
    }
    points: dict[str, dict[str, Decimal | None]] = {}
    found = []
    for fact in facts:
        when = "上年" if fact.years_back else ""
        when += terms[fact.term - 1] if fact.term and fact.term <= len(terms) else ""
        if fact.kind == "input" and fact.key in inputs:
            now = entered.get((fact.key, fact.subject.id, fact.term, fact.years_back))
            found.append(Figure(fact, when + inputs[fact.key], now))
        elif fact.kind == "rubric" and fact.key in rubrics:
            found.append(Figure(fact, rubrics[fact.key], None))
        elif fact.key in items:
            if fact.subject.id not in points:
                table = services.standing.table(adoption_id, fact.subject)
                points[fact.subject.id] = {
                    one.no: one.points for group in table.groups for one in group.items
                }
            now = points[fact.subject.id].get(fact.key)
            found.append(Figure(fact, f"{when}{fact.key} {items[fact.key]}", now))
    return tuple(found)


class WhatIfPanel(QWidget):
    """Figures of one subject with a field beside each; below, everything that would change."""

    closed = Signal()

    def __init__(self, tools: Tools, services: Services, adoption: AdoptionView) -> None:
        super().__init__()
        self._tools, self._services, self._adoption = tools, services, adoption
        self._ticket = self._look_ticket = 0
        self._facts: tuple[Fact, ...] = ()
        self._focus_wanted = False
        self.assumed: dict[Fact, Decimal] = {}
        self.assessed = False
        self.fields: dict[Fact, QLineEdit] = {}
        self._typing = QTimer(self)
        self._typing.setSingleShot(True)
        self._typing.setInterval(_TYPING_MS)
        self._typing.timeout.connect(self.reckon)
        self._build()

    def _build(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(t.GAP_SMALL, 0, 0, 0)
        column.setSpacing(t.GAP_SMALL)
        row = QHBoxLayout()
        title = QLabel("假如…")
        set_role(title, "heading")
        row.addWidget(title)
        self.whose = QComboBox()
        self.whose.setAccessibleName("改谁的数")
        self.whose.setMinimumWidth(140)
        self.whose.activated.connect(self._look)
        row.addWidget(self.whose, 1)
        self.back = QPushButton(self._tools.theme.icon("undo-2", "accent"), "全部还原")
        set_role(self.back, "link")
        self.back.clicked.connect(self.clear)
        close = QPushButton(self._tools.theme.icon("x", "accent"), "关闭")
        set_role(close, "link")
        close.clicked.connect(self.closed)
        row.addWidget(self.back)
        row.addWidget(close)
        column.addLayout(row)
        note = QLabel("在“假如”一栏填别的数，下面马上看到会变什么；这里填的不保存。")
        note.setWordWrap(True)
        set_role(note, "small")
        column.addWidget(note)
        self.list = QTreeWidget()
        self.list.setAccessibleName("可以假设的数")
        self.list.setHeaderLabels(["数", "现在", "假如"])
        self.list.setRootIsDecorated(False)
        head = self.list.header()
        head.setStretchLastSection(False)
        head.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        head.setSectionResizeMode(1, QHeaderView.ResizeMode.ResizeToContents)
        self.list.setColumnWidth(2, _FIELD_WIDTH + 2 * t.GAP_SMALL)
        column.addWidget(self.list, 3)
        self.verdict = QLabel("还没有改任何数。")
        self.verdict.setWordWrap(True)
        set_role(self.verdict, "muted")
        column.addWidget(self.verdict)
        self.changes = plain_list("会变成什么", "谁", "什么", "现在", "变成")
        column.addWidget(self.changes, 2)

    # -- showing -----------------------------------------------------------------------------

    def show_facts(self, facts: Sequence[Fact], chosen: Subject | None) -> None:
        """Offer what the scores ask for, first that of ``chosen``. What was assumed stays."""
        self._facts = tuple(facts)
        subjects = {one.subject.id: one.subject for one in facts}
        now = chosen.id if chosen is not None else str(self.whose.currentData() or "")
        self.whose.clear()
        for one in subjects.values():
            self.whose.addItem(one.name, one.id)
        self.whose.setCurrentIndex(max(0, self.whose.findData(now)))
        self._look()

    @Slot()
    def _look(self) -> None:
        """Read the figures of the chosen subject beside the window."""
        self._look_ticket += 1
        ticket, whose = self._look_ticket, self.whose.currentData()
        facts = [one for one in self._facts if one.subject.id == whose]

        def work(_progress: Progress) -> tuple[Figure, ...]:
            return read_figures(self._services, self._adoption.id, facts)

        def show(figures: tuple[Figure, ...]) -> None:
            if ticket == self._look_ticket:
                self._show_fields(figures)

        job = Job("假如…", work, show, owner=self, database=False, quiet=True)
        self._tools.jobs.start(job)

    def _show_fields(self, figures: tuple[Figure, ...]) -> None:
        if [one.fact for one in figures] != list(self.fields):  # else somebody may be typing
            self.list.clear()
            self.fields = {}
            for one in figures:
                self._add_line(one)
        for place, one in enumerate(figures):
            line = self.list.topLevelItem(place)
            if line is not None:
                line.setText(1, "缺" if one.now is None else shown(one.now))
        if self._focus_wanted:
            self.focus_first()

    def _add_line(self, one: Figure) -> None:
        line = QTreeWidgetItem(self.list, [one.name])
        line.setToolTip(0, one.name)
        line.setTextAlignment(1, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        line.setSizeHint(2, QSize(_FIELD_WIDTH, t.ROW_HEIGHT + 2))
        field = QLineEdit()
        field.setFixedSize(_FIELD_WIDTH, t.ROW_HEIGHT - 2)
        field.setStyleSheet("QLineEdit { min-height: 24px; }")
        field.setFont(tabular(field.font()))
        field.setAlignment(Qt.AlignmentFlag.AlignRight)
        field.setAccessibleName(f"假如{one.fact.subject.name}{one.name}是")
        if one.fact in self.assumed:
            field.setText(shown(self.assumed[one.fact]))
        field.textEdited.connect(lambda text: self._on_typed(one, text))
        field.returnPressed.connect(lambda: self._next(one.fact))
        self.fields[one.fact] = field
        self.list.setItemWidget(line, 2, field)

    def focus_first(self) -> None:
        """Put the cursor into the first field, when it is there."""
        field = next(iter(self.fields.values()), None)
        self._focus_wanted = field is None
        if field is not None:
            field.setFocus(Qt.FocusReason.TabFocusReason)

    # -- trying ------------------------------------------------------------------------------

    def _on_typed(self, one: Figure, text: str) -> None:
        field = self.fields[one.fact]
        try:
            value = points_of(text, one.name)
        except AppError as error:
            set_style_property(field, "wrong", "true")
            field.setToolTip(error.sentence)
            return
        set_style_property(field, "wrong", "false")
        if value is None:
            self.assumed.pop(one.fact, None)
        else:
            self.assumed[one.fact] = value
        self._typing.start()

    def _next(self, fact: Fact) -> None:
        facts = list(self.fields)
        place = facts.index(fact) + 1
        if place < len(facts):
            self.fields[facts[place]].setFocus(Qt.FocusReason.TabFocusReason)

    @Slot()
    def clear(self) -> None:
        """Assume nothing any more."""
        self.assumed.clear()
        for field in self.fields.values():
            field.clear()
            set_style_property(field, "wrong", "false")
        self.reckon()

    @Slot()
    def reckon(self) -> None:
        """Work out beside the window what would change."""
        self._typing.stop()
        self._ticket += 1
        ticket, assumed = self._ticket, dict(self.assumed)
        if not assumed:
            fill(self.changes, ())
            self.verdict.setText("还没有改任何数。")
            return

        def work(_progress: Progress) -> tuple[Change, ...]:
            return self._services.standing.what_if(
                self._adoption.id, assumed, assessed=self.assessed
            )

        def show(changes: tuple[Change, ...]) -> None:
            if ticket == self._ticket:
                self._show_changes(changes)

        job = Job("假如…", work, show, owner=self, database=False, quiet=True)
        self._tools.jobs.start(job)

    def _show_changes(self, changes: tuple[Change, ...]) -> None:
        rows = []
        for number, one in enumerate(changes):
            title = one.title + {"rank": "名次", "points": "", "grade": ""}[one.what]
            _, _, told = one.words.partition("：")
            before, _, after = told.partition(" → ")
            rows.append((str(number), (one.subject.name, title, before, after)))
        fill(self.changes, rows)
        many = len({one.subject.id for one in changes})
        self.verdict.setText(
            f"改了 {len(self.assumed)} 个数，{many} 个对象的结果会变："
            if changes
            else f"改了 {len(self.assumed)} 个数，结果不变。"
        )
