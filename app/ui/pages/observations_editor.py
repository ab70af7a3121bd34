"""The form of one observation, laid out for typing: head, course of the lesson, comments, scores."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from app.errors import AppError
from app.services.observations.records import Entry, Step
from app.ui.framework import tokens as t
from app.ui.framework.theme import set_role
from app.ui.pages.observations_head import Head
from app.ui.pages.observations_scores import ScoreRow
from app.ui.pages.observations_steps import Cell, StepGrid

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from app.bootstrap import Services
    from app.ui.framework.page import Tools

_TEXTS = (("strengths", "优点"), ("advice", "建议"), ("overall", "总评"))


class Editor(QWidget):
    """Shows an observation and gives back what is typed; knows nothing of saving."""

    changed = Signal()
    """The user typed or picked something."""
    save_wanted = Signal()
    next_wanted = Signal()

    def __init__(self, tools: Tools, services: Services) -> None:
        super().__init__()
        self._tools = tools
        self._services = services
        self._loading = False
        self.head = Head(tools, services)
        self.grid = StepGrid()
        self.texts: dict[str, Cell] = {}
        self.scores = ScoreRow()
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(t.GAP_SMALL)
        outer.addWidget(self._body(), 1)
        outer.addWidget(self._doubt_line())
        outer.addLayout(self._buttons())
        chain = [self.head.activity, *self.grid.rows[0], *self.texts.values(), self.scores.choice]
        for before, after in pairwise(chain):
            QWidget.setTabOrder(before, after)
        self._connect()
        self.set_rubrics()

    def _body(self) -> QScrollArea:
        body = QWidget()
        body.setObjectName("formBody")
        column = QVBoxLayout(body)
        column.setContentsMargins(0, 0, t.GAP_SMALL, 0)
        column.setSpacing(t.GAP)
        column.addWidget(self.head)
        column.addWidget(self.grid)
        column.addLayout(self._comments())
        column.addWidget(self.scores)
        column.addStretch(1)
        self.area = QScrollArea()
        self.area.setWidgetResizable(True)
        self.area.setFrameShape(QFrame.Shape.NoFrame)
        self.area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.area.setWidget(body)
        return self.area

    def _comments(self) -> QGridLayout:
        grid = QGridLayout()
        grid.setHorizontalSpacing(t.GAP)
        grid.setVerticalSpacing(t.GRID)
        for number, (name, words) in enumerate(_TEXTS):
            label, cell = QLabel(words), Cell(words)
            set_role(label, "muted")
            line, place, span = (0, number, 1) if number < 2 else (2, 0, 2)
            grid.addWidget(label, line, place, 1, span)
            grid.addWidget(cell, line + 1, place, 1, span, Qt.AlignmentFlag.AlignTop)
            self.texts[name] = cell
        return grid

    def _doubt_line(self) -> QWidget:
        self.doubt = QFrame()
        self.doubt.setProperty("notice", "warning")
        column = QVBoxLayout(self.doubt)
        column.setContentsMargins(t.GAP, t.GAP_SMALL, t.GAP, t.GAP_SMALL)
        column.setSpacing(t.GRID)
        self.doubt_words = QLabel()
        self.doubt_words.setWordWrap(True)
        column.addWidget(self.doubt_words)
        line = QHBoxLayout()
        line.addWidget(QLabel("原因"))
        self.reason = QLineEdit()
        self.reason.setAccessibleName("原因")
        self.reason.setPlaceholderText("确实如此，请写明原因，例如：两班合听")
        line.addWidget(self.reason, 1)
        column.addLayout(line)
        self.doubt.hide()
        return self.doubt

    def _buttons(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(t.GAP_SMALL)
        self.state = QLabel()
        self.state.setWordWrap(True)
        set_role(self.state, "muted")
        row.addWidget(self.state, 1)
        self.save_button = QPushButton("保存")
        self.save_button.setToolTip("保存（Ctrl+S）")
        self.save_button.clicked.connect(self.save_wanted)
        self.next_button = QPushButton("保存并记下一节")
        self.next_button.setToolTip("保存并记下一节（Ctrl+Enter）")
        set_role(self.next_button, "primary")
        self.next_button.clicked.connect(self.next_wanted)
        row.addWidget(self.save_button)
        row.addWidget(self.next_button)
        return row

    def _connect(self) -> None:
        for source in (self.head, self.grid, self.scores):
            source.changed.connect(self._on_change)
        self.head.left.connect(self._to_course)
        self.grid.left.connect(self._to_comments)
        for cell in self.texts.values():
            cell.textChanged.connect(self._on_change)
            cell.entered.connect(self._on_text_entered)
        self.scores.done.connect(self._to_buttons)
        self.reason.textEdited.connect(self._on_change)

    # -- what is in the form -----------------------------------------------------------------

    def set_rubrics(self) -> None:
        """Offer the rubrics there are."""
        rubrics = self._services.rubrics
        self.scores.set_rubrics(rubrics.all(), rubrics.unused_presets())

    def content(self) -> dict[str, Any]:
        """Everything as it was typed, for a draft."""
        return {
            **self.head.content(),
            **{name: cell.toPlainText() for name, cell in self.texts.items()},
            "steps": [[step.minute, step.process, step.comment] for step in self.grid.steps()],
            "rubric": self.scores.rubric.id if self.scores.rubric else "",
            "figures": self.scores.texts(),
            "reason": self.reason.text(),
        }

    def set_content(self, content: Mapping[str, Any]) -> None:
        """Show what ``content`` gave; fields it does not name become empty. Tells nobody."""
        self._loading = True
        self.head.set_content(content)
        for name, cell in self.texts.items():
            cell.setPlainText(content.get(name, ""))
        self.grid.set_steps([Step(p, c, minute) for minute, p, c in content.get("steps", [])])
        self.scores.set_rubric(content.get("rubric", ""))
        self.scores.set_texts(content.get("figures", {}))
        self.reason.setText(content.get("reason", ""))
        self.show_doubts(())
        self.area.verticalScrollBar().setValue(0)
        self._loading = False

    def entry(self) -> Entry | None:
        """What is typed, as a record; None if something cannot be read, which is said at its field."""
        self.clear_errors()
        wrong: dict[str, str] = {}
        values = self.head.values(wrong)
        try:
            points, score = self.scores.points(), self.scores.score()
        except ValueError as error:
            points, score, wrong["score"] = {}, None, str(error)
        if wrong:
            self.show_errors(wrong)
            return None
        rubric = self.scores.rubric
        return Entry(
            **values,
            strengths=self.texts["strengths"].toPlainText(),
            advice=self.texts["advice"].toPlainText(),
            overall=self.texts["overall"].toPlainText(),
            steps=self.grid.steps(),
            rubric_id=rubric.id if rubric else None,
            points=points,
            score=score,
            grade=self.scores.grade(),
            reason=self.reason.text(),
        )

    # -- what is wrong -----------------------------------------------------------------------

    def clear_errors(self) -> None:
        """Nothing is wrong (any more)."""
        self.head.clear_errors()
        self.scores.set_errors({})

    def show_errors(self, fields: Mapping[str, str]) -> None:
        """Say at each field what is wrong with it and beside the buttons; go to the first."""
        first: QWidget | None = None
        figures: dict[str, str] = {}
        for name, text in fields.items():
            field = self.head.show_error(name, text)
            if field is not None:
                first = first or field
            elif name.startswith("points") or name in {"score", "grade", "rubric_id"}:
                figures[name.removeprefix("points.")] = text
            else:
                self._tools.errors.show_error(AppError(text))
        figure = self.scores.set_errors(figures)
        if (first := first or figure) is not None:
            self._show(first)
        elif figures:
            self.area.ensureWidgetVisible(self.scores.note)
        self.say(f"没有保存：{next(iter(fields.values()))}", wrong=True)

    def say(self, words: str, *, wrong: bool = False) -> None:
        """Beside the buttons: how it stands with the record."""
        self.state.setText(words)
        set_role(self.state, "error" if wrong else "muted")

    def show_doubts(self, doubts: Sequence[str]) -> None:
        """Say what looks wrong, and ask for the reason."""
        self.doubt_words.setText("\n".join(doubts))
        self.doubt_words.setVisible(bool(doubts))
        self.doubt.setVisible(bool(doubts or self.reason.text()))
        if doubts:
            self.reason.setFocus(Qt.FocusReason.OtherFocusReason)

    # -- going through the form --------------------------------------------------------------

    def _sections(self) -> list[QWidget]:
        """Where Ctrl+↓ and Ctrl+↑ go, in order."""
        figure = next(iter(self.scores.figures.values()))
        return [self.head.field("day"), self.grid.rows[0][1], *self.texts.values(), figure]

    def move_section(self, step: int) -> None:
        """From wherever the cursor is to the beginning of the next part, or of the one before."""
        sections = self._sections()
        here = self._section_of(self.focusWidget())
        self._show(sections[max(0, min(here + step, len(sections) - 1))])

    def _section_of(self, widget: QWidget | None) -> int:
        if widget is None or self.head.isAncestorOf(widget):
            return 0
        if self.grid.isAncestorOf(widget):
            return 1
        cells: list[QWidget] = list(self.texts.values())
        return 2 + cells.index(widget) if widget in cells else 2 + len(cells)

    def _show(self, widget: QWidget) -> None:
        widget.setFocus(Qt.FocusReason.TabFocusReason)
        self.area.ensureWidgetVisible(widget)

    @Slot()
    def _to_course(self) -> None:
        self._show(self.grid.rows[0][1])

    @Slot()
    def _to_comments(self) -> None:
        self._show(self.texts["strengths"])

    @Slot()
    def _on_text_entered(self) -> None:
        cells = list(self.texts.values())
        place = next(n for n, cell in enumerate(cells) if cell is self.sender())
        if place + 1 < len(cells):
            self._show(cells[place + 1])
        else:
            self.scores.focus_first()

    @Slot()
    def _to_buttons(self) -> None:
        self.next_button.setFocus(Qt.FocusReason.TabFocusReason)

    @Slot()
    def _on_change(self) -> None:
        if not self._loading:
            self.changed.emit()
