"""Before a scheme comes into force: for whom, for which year, what it asks; what a change does."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListWidget,
    QPushButton,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from app.errors import AppError
from app.services.schemes import draft as d
from app.services.schemes.compare import compare
from app.services.schemes.day_words import day_meant
from app.services.schemes.overview import examples
from app.services.setup import likely_year
from app.ui.framework import tokens as t
from app.ui.framework.fields import Field
from app.ui.framework.forms import FormWidget
from app.ui.framework.jobs import Job
from app.ui.framework.lists import fit, item, plain_list
from app.ui.framework.theme import set_role

if TYPE_CHECKING:
    from datetime import date

    from app.bootstrap import Services
    from app.progress import Progress
    from app.services.adopting import Effect
    from app.services.schemes.draft import Raw
    from app.ui.framework.page import Tools

_YEARS_BACK, _YEARS_AHEAD = 4, 2
_PLACE_WIDTH = 360


def ask_fields(draft: Raw) -> list[Field]:
    """A fitting field for each question of the scheme."""
    fields = []
    for ask in draft.get("ask") or []:
        kind = ask.get("kind")
        choices = tuple((one, one) for one in ask.get("choices") or [])
        fields.append(
            Field(
                f"ask-{ask['key']}",
                "另请填写",
                "choice" if kind == "choice" else "int" if kind == "year" else "text",
                help=str(ask.get("text") or ""),
                choices=choices,
                unit="年" if kind == "year" else "",
                placeholder="例如 9月1日" if kind == "day" else "",
            )
        )
    return fields


def first_answers(draft: Raw, year: int) -> dict[str, object]:
    """What the questions' fields hold at first: the default, a year as its figure."""
    years = {"start": str(year), "end": str(year + 1)}
    return {
        f"ask-{ask['key']}": years.get(str(ask.get("default") or ""), ask.get("default") or "")
        for ask in draft.get("ask") or []
    }


def answers_of(draft: Raw, values: dict[str, Any]) -> dict[str, object]:
    """Answers as the scheme takes them; raises ValueError with a sentence."""
    said: dict[str, object] = {}
    for ask in draft.get("ask") or []:
        value = values.get(f"ask-{ask['key']}")
        if value in (None, ""):
            continue
        said[ask["key"]] = day_meant(str(value)) if ask.get("kind") == "day" else str(value)
    return said


def wrong_answers(draft: Raw, values: dict[str, Any]) -> dict[str, str]:
    """Which fields of questions cannot be taken, with a sentence for each."""
    wrong = {}
    for ask in draft.get("ask") or []:
        name = f"ask-{ask['key']}"
        if ask.get("kind") == "day" and values.get(name):
            try:
                day_meant(str(values[name]))
            except ValueError as error:
                wrong[name] = str(error)
    return wrong


def is_calendar(draft: Raw) -> bool:
    """Whether the scheme goes by calendar years."""
    return bool(d.get(draft, ("scheme", "year", "kind")) == "calendar-year")


def _today(services: Services) -> date:
    return services.archive.uow.context.clock().date()


def _free_year(services: Services, community_id: str, *, calendar: bool) -> int:
    """The year that is meant: this one, or the next where this one has a scheme."""
    year = likely_year(_today(services), calendar=calendar)
    taken = {one.year for one in services.adoptions.all() if one.community_id == community_id}
    return year + 1 if year in taken else year


class AdoptDialog(QDialog):
    """For which community and year a scheme is adopted; emits when it was done."""

    adopted = Signal(str)
    """Id of the new adoption."""

    def __init__(
        self, tools: Tools, services: Services, draft: Raw, *,
        community_id: str = "", parent: QWidget | None = None,
    ) -> None:  # fmt: skip
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("采用方案")
        self.resize(640, 520)
        self._tools = tools
        self._services = services
        self._draft = draft
        self._year = _free_year(services, community_id, calendar=is_calendar(draft))
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 20, 20, 20)
        column.setSpacing(t.GAP)
        heading = QLabel(str(d.get(draft, ("scheme", "name"))))
        heading.setWordWrap(True)
        set_role(heading, "title")
        column.addWidget(heading)
        communities = services.adopting.communities()
        fields = [
            Field("community", "共同体", "choice", required=True,
                  choices=tuple((one, name) for one, name, _kind in communities)),
            Field("year", "年度", "choice", required=True, choices=self._years()),
            *ask_fields(draft),
        ]  # fmt: skip
        self.form = FormWidget(fields, tools.theme)
        known = [one for one, _name, _kind in communities]
        chosen = community_id if community_id in known else (known or [""])[0]
        self.form.set_values(
            {"community": chosen, "year": str(self._year), **first_answers(draft, self._year)}
        )
        self.form.committed.connect(self._on_field)
        self.form.next_wanted.connect(self.adopt)
        column.addWidget(self.form, 1)
        column.addLayout(self._examples(), 1)
        self.note = QLabel()
        self.note.setWordWrap(True)
        set_role(self.note, "error")
        column.addWidget(self.note)
        column.addLayout(self._foot())
        self.form.focus("community")

    def _years(self) -> tuple[tuple[str, str], ...]:
        calendar = is_calendar(self._draft)
        years = range(self._year + _YEARS_AHEAD - 1, self._year - _YEARS_BACK, -1)
        return tuple((str(y), f"{y}年" if calendar else f"{y}—{y + 1}学年") for y in years)

    def _examples(self) -> QVBoxLayout:
        column = QVBoxLayout()
        found = examples(self._draft)
        if found:
            words = QLabel(
                f"原文没有写明、用示例代替的有 {len(found)} 处。可以先采用，以后在“修改方案”里改："
            )
            words.setWordWrap(True)
            column.addWidget(words)
            listed = QListWidget()
            listed.setAccessibleName("示例的地方")
            listed.addItems(found)
            column.addWidget(listed, 1)
        return column

    def _foot(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.addStretch(1)
        cancel = QPushButton("取消")
        cancel.setAutoDefault(False)
        cancel.clicked.connect(self.reject)
        row.addWidget(cancel)
        self.adopt_button = QPushButton("采用")
        self.adopt_button.setAutoDefault(False)
        set_role(self.adopt_button, "primary")
        self.adopt_button.clicked.connect(self.adopt)
        row.addWidget(self.adopt_button)
        return row

    @Slot(str, object)
    def _on_field(self, name: str, value: object) -> None:
        """Another year: answers that still are the proposal follow it."""
        if name != "year" or not value:
            return
        before, after = (first_answers(self._draft, y) for y in (self._year, int(str(value))))
        held = self.form.values()
        self.form.update_values(
            {key: after[key] for key in after if str(held.get(key) or "") == str(before[key])}
        )
        self._year = int(str(value))

    @Slot()
    def adopt(self) -> None:
        """Put the scheme into force."""
        if not self.form.commit_all():
            return
        values = self.form.values()
        try:
            answers = answers_of(self._draft, values)
            made = self._services.adopting.adopt(
                str(values["community"]), int(str(values["year"])), d.write(self._draft), answers
            )
        except AppError as error:
            self.note.setText(error.sentence)
        except ValueError as error:
            self.note.setText(str(error))
        else:
            self.accept()
            self.adopted.emit(made)


class EffectDialog(QDialog):
    """What changing an adopted scheme does, before it is done."""

    applied = Signal()

    def __init__(
        self, tools: Tools, services: Services, adoption_id: str, draft: Raw, *,
        reason: str = "", parent: QWidget | None = None,
    ) -> None:  # fmt: skip
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("应用到本学年")
        self.resize(880, 600)
        self._tools = tools
        self._services = services
        self._adoption_id = adoption_id
        self._text = d.write(draft)
        self._draft = draft
        self._answers = services.adoptions.answers(adoption_id)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 20, 20, 20)
        column.setSpacing(t.GAP_SMALL)
        column.addWidget(self._heading("改了什么"))
        self.changes = plain_list("改了什么", "地方", "原来", "现在")
        column.addWidget(self.changes, 2)
        column.addWidget(self._heading("对现有记录的影响"))
        self.effects = plain_list("影响", "方面", "影响")
        column.addWidget(self.effects, 2)
        self.note = QLabel("正在算对缺项和得分的影响…")
        self.note.setWordWrap(True)
        set_role(self.note, "muted")
        column.addWidget(self.note)
        self.form = FormWidget(ask_fields(draft), tools.theme)
        said = {f"ask-{key}": value for key, value in self._answers.items()}
        self.form.set_values(
            first_answers(draft, likely_year(_today(services), calendar=is_calendar(draft))) | said
        )
        self.form.committed.connect(self._reckon)
        column.addWidget(self.form, 1)
        self.form.setVisible(bool(self.form.rows))  # with a parent: no window of its own
        column.addLayout(self._reason_line(reason))
        column.addLayout(self._foot())
        self._show_changes()
        self._reckon()

    @staticmethod
    def _heading(words: str) -> QLabel:
        label = QLabel(words)
        set_role(label, "heading")
        return label

    def _reason_line(self, reason: str) -> QHBoxLayout:
        row = QHBoxLayout()
        row.addWidget(QLabel("为什么改"))
        self.reason = QLineEdit(reason)
        self.reason.setAccessibleName("为什么改")
        self.reason.setPlaceholderText("例如：县教研室 3 月 1 日下发新考核表（记在历次版本里）")
        row.addWidget(self.reason, 1)
        return row

    def _foot(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.addStretch(1)
        back = QPushButton("再改改")
        back.setAutoDefault(False)
        back.clicked.connect(self.reject)
        row.addWidget(back)
        self.apply_button = QPushButton("应用")
        self.apply_button.setAutoDefault(False)
        self.apply_button.setEnabled(False)
        set_role(self.apply_button, "primary")
        self.apply_button.clicked.connect(self.apply)
        row.addWidget(self.apply_button)
        return row

    def _show_changes(self) -> None:
        now = next(v for v in self._services.adopting.versions(self._adoption_id) if v.current)
        found = compare(d.from_text(now.text), self._draft)
        if not found:  # as it stands, not as the editor would write it
            self._text = now.text
        self._changed = bool(found)
        for one in found:
            self.changes.addTopLevelItem(item("", (one.where, one.before, one.after)))
        fit(self.changes)
        self.changes.setColumnWidth(0, _PLACE_WIDTH)

    def _new_answers(self) -> dict[str, object] | None:
        """What the questions are answered now; None where that is as before. Raises ValueError."""
        answers = self._answers | answers_of(self._draft, self.form.values())
        return None if answers == self._answers else answers

    @Slot()
    def _reckon(self) -> None:
        adopting, adoption_id, text = self._services.adopting, self._adoption_id, self._text
        try:
            answers = self._new_answers()
        except ValueError:
            return  # told when it is applied

        def work(_progress: Progress) -> Effect:
            return adopting.effect(adoption_id, text, answers)

        self._tools.jobs.start(
            Job(
                "看修改方案的影响", work, self._show_effect, self._on_failed, owner=self, quiet=True
            )
        )

    def _show_effect(self, effect: Effect) -> None:
        self.effects.clear()
        for line in effect.lines:
            self.effects.addTopLevelItem(item("", (line.part, line.words)))
        for words in effect.blocked:
            self.effects.addTopLevelItem(QTreeWidgetItem(["不能应用", words]))
        fit(self.effects)
        if effect.blocked:
            self.note.setText("有上面所说的原因，现在不能应用。")
        elif effect.lines:
            self.note.setText("应用后可以按 Ctrl+Z 撤销；原来的方案留在“历次版本”里。")
        else:
            self.note.setText("对现有的缺项、任务和得分没有影响。")
        self.apply_button.setEnabled(not effect.blocked)
        if not self.form.isAncestorOf(self.focusWidget() or self):
            self.reason.setFocus()

    def _on_failed(self, error: Exception) -> None:
        said = error.sentence if isinstance(error, AppError) else "影响算不出来。"
        self.note.setText(said)
        set_role(self.note, "error")
        if not isinstance(error, AppError):
            self._tools.errors.show_error(error)

    @Slot()
    def apply(self) -> None:
        """Change the scheme in force."""
        if not self.form.commit_all():
            return
        try:
            answers = self._new_answers()
            if answers is None and not self._changed:
                self.note.setText("方案没有改动，不用应用。")
                return
            self._services.adopting.change(
                self._adoption_id, self._text, answers, self.reason.text()
            )
        except AppError as error:
            self.note.setText(error.sentence)
            set_role(self.note, "error")
        except ValueError as error:
            self.note.setText(str(error))
            set_role(self.note, "error")
        else:
            self.accept()
            self.applied.emit()
