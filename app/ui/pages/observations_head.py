"""Head of the form of an observation: who, whom, when, what; Enter goes to the next empty field."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import (
    QComboBox,
    QGridLayout,
    QLabel,
    QLineEdit,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from app.services.observations.records import Named
from app.ui.framework import tokens as t
from app.ui.framework.fields import Field, FieldRow
from app.ui.framework.suggest import vocabulary
from app.ui.framework.theme import set_role, set_style_property
from app.ui.pages.observations_people import PersonField

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from PySide6.QtGui import QResizeEvent

    from app.bootstrap import Services
    from app.services.entry.names import Choice
    from app.ui.framework.fields import Kind
    from app.ui.framework.page import Tools
    from app.ui.framework.suggest import Source

_FIELDS: tuple[tuple[str, str, Kind, tuple[int, int, int]], ...] = (
    # name, label, kind, (row, column, columns)
    ("day", "听课日期", "text", (0, 0, 1)),
    ("period", "节次", "suggest", (0, 1, 1)),
    ("class_name", "班级", "suggest", (0, 3, 1)),
    ("subject", "学科", "suggest", (1, 0, 1)),
    ("title", "课题", "text", (1, 1, 2)),
    ("lesson_kind", "课型", "suggest", (1, 3, 1)),
    ("year_group", "年级", "suggest", (2, 1, 1)),
    ("form", "形式", "suggest", (2, 2, 1)),
    ("hours", "听课节数", "text", (2, 3, 1)),
)
_PEOPLE = (("teacher", "授课教师", (0, 2, 1)), ("observer", "听课人", (2, 0, 1)))
_ORDER = (
    "day", "period", "teacher", "class_name", "subject", "title", "lesson_kind", "observer",
    "year_group", "form", "hours",
)  # fmt: skip
_ASKED = ("day", "period", "teacher", "class_name", "subject", "title", "lesson_kind", "observer")
"""Fields at which Enter stops while they are empty."""
STICKY = ("day", "class_name", "subject", "lesson_kind", "year_group", "form", "hours")
"""Texts that the next record keeps, beside the people, the activity and the rubric."""


class Label(QLabel):
    """Words over a field, shortened where they are longer than it is."""

    def __init__(self, words: str) -> None:
        super().__init__(words)
        self._words = words
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)

    def say(self, words: str) -> None:
        """Other words."""
        self._words = words
        self._fit()

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        end = Qt.TextElideMode.ElideRight
        self.setText(self.fontMetrics().elidedText(self._words, end, self.width()))


class Head(QWidget):
    """The short fields of an observation."""

    changed = Signal()
    left = Signal()
    """Enter, and no field is empty any more."""

    def __init__(self, tools: Tools, services: Services) -> None:
        super().__init__()
        self._services = services
        self.rows: dict[str, FieldRow] = {}
        self.people: dict[str, PersonField] = {}
        self.labels: dict[str, Label] = {}
        self._offered: dict[str, Source] = {}
        self.notes: dict[str, QLabel] = {}
        self._near: date | None = None
        """The day shown last: what is typed as 12 is of its month."""
        self._period_given = ""
        """The period with which the record began."""
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(t.GAP)
        self._grid.setVerticalSpacing(t.GRID)
        for column, stretch in enumerate((3, 3, 4, 3)):
            self._grid.setColumnStretch(column, stretch)
        for name, label, kind, cell in _FIELDS:
            self._put(label, self._make_row(tools, name, label, kind), cell)
        for name, label, cell in _PEOPLE:
            box = self._make_person(tools, name, label)
            self.labels[name] = self._put(label, box, cell)
            self._show_person(name)
        self.activity = QComboBox()
        self.activity.setAccessibleName("所属活动")
        self.activity.setToolTip("听课日期那天的活动")
        self.activity.activated.connect(self.changed)
        self._activity_label = self._put("所属活动", self.activity, (3, 0, 4))
        for before, after in pairwise(self.chain()):
            QWidget.setTabOrder(before, after)

    def _make_row(self, tools: Tools, name: str, label: str, kind: Kind) -> FieldRow:
        source = self._words_of(name) if kind == "suggest" else None
        row = FieldRow(Field(name, label, kind), tools.theme, source=source)
        row.editor.setMinimumWidth(0)
        row.editor.setMaximumWidth(_ANY_WIDTH)
        if isinstance(row.editor, QLineEdit):
            row.editor.textEdited.connect(self.changed)
            row.editor.returnPressed.connect(self._on_return)
            if name == "day":
                row.editor.setPlaceholderText("12、9-12、2025-9-12")
                row.left.connect(self._on_day_left)
        self.rows[name] = row
        return row

    def _make_person(self, tools: Tools, name: str, label: str) -> QWidget:
        field = PersonField(tools, self._services)
        field.setObjectName(name)
        field.setAccessibleName(label)
        field.textEdited.connect(self.changed)
        field.textEdited.connect(self._on_person_typed)
        field.returnPressed.connect(self._on_return)
        field.resolved.connect(self._on_resolved)
        note = QLabel()
        note.setWordWrap(True)
        set_role(note, "error")
        box = QWidget()
        column = QVBoxLayout(box)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        column.addWidget(field)
        column.addWidget(note)
        self.people[name], self.notes[name] = field, note
        return box

    def _put(self, words: str, widget: QWidget, cell: tuple[int, int, int]) -> Label:
        line, place, span = cell
        label = Label(words)
        label.setContentsMargins(0, t.GRID, 0, 0)
        set_role(label, "small")
        self._grid.addWidget(label, line * 2, place, 1, span)
        self._grid.addWidget(widget, line * 2 + 1, place, 1, span, Qt.AlignmentFlag.AlignTop)
        return label

    def chain(self) -> list[QWidget]:
        """The fields in the order of the Tab key."""
        return [*(self.field(name) for name in _ORDER), self.activity]

    def field(self, name: str) -> QWidget:
        """The editor of a field."""
        return self.people[name] if name in self.people else self.rows[name].editor

    # -- what is in the fields ---------------------------------------------------------------

    def _words_of(self, name: str) -> Source:
        """Offers for a field; looked up when they are first wanted."""

        def found(typed: str) -> Sequence[Choice]:
            if name not in self._offered:
                self._offered[name] = vocabulary(self._services.observations.words(name))
            return self._offered[name](typed)

        return found

    def forget_offers(self) -> None:
        """The archive changed: other words may be in use."""
        self._offered.clear()

    def content(self) -> dict[str, Any]:
        """Everything as it was typed."""
        return {
            **{name: text_of(row.editor) for name, row in self.rows.items()},
            **{
                name: [who.id, who.name, who.hint] if (who := field.person) else field.text()
                for name, field in self.people.items()
            },
            "activity": [self.activity.currentData() or "", self.activity.currentText()],
        }

    def set_content(self, content: Mapping[str, Any]) -> None:
        """Show what ``content`` gave; fields it does not name become empty."""
        for name, row in self.rows.items():
            row.set_value(content.get(name, ""))
        for name, field in self.people.items():
            who = content.get(name) or ""
            field.set_person(None if isinstance(who, str) else Named(*who))
            if isinstance(who, str):
                field.setText(who)
        self._near = None
        self._period_given = content.get("period", "")
        self._offer_activities(content.get("activity"))
        self.clear_errors()

    def values(self, wrong: dict[str, str]) -> dict[str, Any]:
        """The fields as a record takes them; what cannot be read is put into ``wrong``."""
        for name, field in self.people.items():
            if field.open_text and not field.take():
                wrong[f"{name}_id"] = field.open_sentence
        typed = text_of(self.rows["hours"].editor).strip() or "1"
        if not typed.isdecimal():
            wrong["hours"] = f"“{typed}”不是整数。"
        texts = {name: text_of(row.editor) for name, row in self.rows.items()}
        return {
            **texts,
            **{
                f"{name}_id": who.person.id if who.person else ""
                for name, who in self.people.items()
            },
            "day": self._day(wrong),
            "hours": 1 if "hours" in wrong else int(typed),
            "activity_id": self.activity.currentData() or None,
        }

    def _day(self, wrong: dict[str, str]) -> date | None:
        observations = self._services.observations
        typed = text_of(self.rows["day"].editor)
        try:
            day = observations.day(typed, self._near or observations.today())
        except ValueError as error:
            wrong["day"] = str(error)
            return None
        self._near = day or self._near
        return day

    # -- what is wrong -----------------------------------------------------------------------

    def clear_errors(self) -> None:
        """Nothing is wrong (any more)."""
        for row in self.rows.values():
            row.set_error("")
        for name in self.people:
            self._show_person(name)

    def show_error(self, name: str, text: str) -> QWidget | None:
        """Say at a field what is wrong with it; None if there is no such field here."""
        who = name.removesuffix("_id")
        if who in self.people:
            self.notes[who].setText(text)
            self.notes[who].show()
            set_style_property(self.people[who], "wrong", "true")
            return self.people[who]
        if name in self.rows:
            self.rows[name].set_error(text)
            return self.rows[name].editor
        return None

    # -- going through -----------------------------------------------------------------------

    def go_to(self, name: str) -> None:
        """Put the cursor into a field, all of it selected."""
        editor = self.field(name)
        editor.setFocus(Qt.FocusReason.ShortcutFocusReason)
        if isinstance(editor, QLineEdit):
            editor.selectAll()

    def go_to_first_empty(self) -> None:
        """Put the cursor where something is still to be filled in."""
        self._go_on(_ASKED)

    def _go_on(self, names: tuple[str, ...]) -> None:
        for name in names:
            editor = self.field(name)
            if not text_of(editor).strip():
                editor.setFocus(Qt.FocusReason.TabFocusReason)
                return
        self.left.emit()

    @Slot()
    def _on_return(self) -> None:
        """Enter: take what is offered, then on to the next empty field."""
        sender = self.sender()
        if isinstance(sender, PersonField) and sender.open_text:
            sender.take()  # once it is resolved the cursor goes on
            return
        place = next((n for n, name in enumerate(_ASKED) if self.field(name) is sender), None)
        self._go_on(_ASKED[place + 1 :] if place is not None else ())

    @Slot()
    def _on_person_typed(self) -> None:
        """What was said about the person before is not about whom is typed now."""
        field = self.sender()
        if isinstance(field, PersonField) and field.person is None:
            self._show_person(field.objectName())

    @Slot()
    def _on_resolved(self) -> None:
        field = self.sender()
        if not isinstance(field, PersonField):
            return
        name = field.objectName()
        self._show_person(name)
        if name == "teacher":
            self._fill_in_habits(field)
        self.changed.emit()
        if field.hasFocus():
            self._go_on(_ASKED[_ASKED.index(name) + 1 :])

    def _fill_in_habits(self, field: PersonField) -> None:
        """Class and subject as in the teacher's last lesson, unless they are typed already."""
        if field.person is None:
            return
        habits = self._services.observations.habits(field.person.id)
        for name in ("class_name", "subject", "year_group"):
            row = self.rows[name]
            if not text_of(row.editor):
                row.set_value(getattr(habits, name))

    @Slot()
    def _on_day_left(self) -> None:
        """Write the date out, and offer that day's activities."""
        wrong: dict[str, str] = {}
        before = self._near
        day = self._day(wrong)
        self.rows["day"].set_error(wrong.get("day", ""))
        if day is not None:
            self.rows["day"].set_value(day)
        if day != before and text_of(self.rows["period"].editor) == self._period_given:
            self.rows["period"].set_value("")  # the one after the last lesson of another day
        self._offer_activities([self.activity.currentData() or "", self.activity.currentText()])

    def _offer_activities(self, chosen: list[str] | None) -> None:
        day = self._day({})
        offered = self._services.observations.activities_on(day) if day else []
        if chosen and chosen[0] and all(one.id != chosen[0] for one in offered):
            offered = [*offered, Named(*chosen)]
        self.activity.clear()
        self.activity.addItem("不属于活动", "")
        for one in offered:
            self.activity.addItem(one.name, one.id)
        self.activity.setCurrentIndex(max(0, self.activity.findData(chosen[0]) if chosen else 0))
        for widget in (self._activity_label, self.activity):
            widget.setVisible(bool(offered))

    def _show_person(self, name: str) -> None:
        """Beside the label what tells the person from others of that name; nothing is wrong."""
        person = self.people[name].person
        words = next(label for key, label, _cell in _PEOPLE if key == name)
        hint = person.hint if person else ""
        self.labels[name].say(f"{words}　{hint}".rstrip("　"))
        self.labels[name].setToolTip(hint)
        self.notes[name].hide()
        set_style_property(self.people[name], "wrong", "false")


_ANY_WIDTH = 16_777_215
"""Qt's word for: no maximum."""


def text_of(editor: QWidget) -> str:
    """What stands in a field of one line."""
    return editor.text() if isinstance(editor, QLineEdit) else ""
