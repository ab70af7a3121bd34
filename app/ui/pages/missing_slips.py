"""催交单: slips made from the lines shown, handed out, and ticked off by themselves."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QStandardPaths, Qt, Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from app.errors import AppError
from app.services.standing.views import MissingQuery
from app.ui.framework import tokens as t
from app.ui.framework.dates import parse_date
from app.ui.framework.jobs import Job
from app.ui.framework.messages import LAST_STEP
from app.ui.framework.table_view import TableView
from app.ui.framework.tables import Column, ListSource, PagedTableModel
from app.ui.framework.theme import set_role
from app.ui.pages.missing_lines import ALL, group_of, narrowed

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from PySide6.QtGui import QIcon

    from app.bootstrap import Services
    from app.progress import Progress
    from app.services.adoption import AdoptionView
    from app.services.standing.records import Finding
    from app.services.standing.slips import By, ReminderView, SlipLine
    from app.services.standing.views import By as Grouping
    from app.ui.framework.page import Tools
    from app.ui.framework.theme import Theme
    from app.ui.pages.missing_lines import Narrowing

_BY: tuple[tuple[By, str], ...] = (("person", "个人"), ("school", "单位"))
_FOLDER = "missing/slips_folder"


@dataclass(frozen=True, slots=True)
class _State:
    """What was read together: the lines to be asked for, and the slips there are."""

    findings: dict[By, tuple[Finding, ...]]
    slips: tuple[ReminderView, ...]


def _slip_columns() -> list[Column[ReminderView]]:
    return [
        Column("made", "催交日期", lambda r: r.made_on, sort_key="made", width=104),
        Column("name", "给谁", lambda r: r.name, sort_key="name", width=110),
        Column("school", "单位", lambda r: r.school, sort_key="school", width=150),
        Column("by", "交齐日期", lambda r: r.wanted_by, sort_key="by", width=104),
        Column("state", "已交", _handed_in, sort_key="state", width=110),
    ]


def _handed_in(slip: ReminderView) -> str:
    """How much has come in since."""
    done = len(slip.lines) - len(slip.open)
    return f"{done} / {len(slip.lines)} 条" if slip.open else f"{done} 条，齐了"


def _line_columns(theme: Theme) -> list[Column[SlipLine]]:
    def icon(one: SlipLine) -> QIcon:
        name, color = ("circle-check", "success") if one.done else ("circle", "text_muted")
        return theme.icon(name, color)

    return [
        Column("done", "状态", lambda s: "已交" if s.done else "未交", width=84, icon=icon),
        Column("words", "催交的内容", lambda s: s.words, width=320),
    ]


class SlipsDialog(QDialog):
    """Above: for whom and until when; below: all slips, and what stands on the selected one."""

    def __init__(
        self,
        tools: Tools,
        services: Services,
        adoption: AdoptionView,
        *,
        wanted: Narrowing,
        by: Grouping,
        parent: QWidget | None = None,
    ) -> None:
        """``wanted`` and ``by`` say which lines are shown, and thus asked for."""
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("催交单")
        self.resize(1060, 600)
        self._tools, self._services, self._adoption = tools, services, adoption
        self._wanted, self._grouping = wanted, by
        self._state: _State | None = None
        column = QVBoxLayout(self)
        column.setContentsMargins(t.GAP_LARGE, t.GAP_LARGE, t.GAP_LARGE, t.GAP_LARGE)
        column.setSpacing(t.GAP)
        column.addLayout(self._make_top())
        self.told = QLabel("正在核对…")
        self.told.setWordWrap(True)
        set_role(self.told, "muted")
        column.addWidget(self.told)
        self._make_tables()
        split = QSplitter(Qt.Orientation.Horizontal)
        split.setChildrenCollapsible(False)
        split.addWidget(self.slips)
        split.addWidget(self.lines)
        split.setSizes([540, 500])
        column.addWidget(split, 1)
        column.addLayout(self._make_bottom())
        self._load()

    def _make_top(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(t.GAP_SMALL)
        self.by = QComboBox()
        self.by.setAccessibleName("发给")
        for key, words in _BY:
            self.by.addItem(words, key)
        self.by.setCurrentIndex(1 if self._grouping == "school" else 0)
        self.by.currentIndexChanged.connect(self._tell)
        self.day = QLineEdit()
        self.day.setPlaceholderText("如 2026-6-20，可不填")
        self.day.setAccessibleName("请在哪天前交齐")
        self.day.setFixedWidth(200)
        self.make_button = QPushButton(self._tools.theme.icon("plus", "on_accent"), "制作催交单")
        set_role(self.make_button, "primary")
        self.make_button.setDefault(True)
        self.make_button.clicked.connect(self.make)
        for widget in (QLabel("发给"), self.by, QLabel("请在这天前交齐"), self.day):
            row.addWidget(widget)
        row.addStretch(1)
        row.addWidget(self.make_button)
        return row

    def _make_tables(self) -> None:
        settings = self._tools.settings
        self.slip_model: PagedTableModel[ReminderView] = PagedTableModel(
            _slip_columns(), lambda one: one.id
        )
        self.slips: TableView[ReminderView] = TableView(self.slip_model, settings, "slips")
        self.slips.setAccessibleName("做好的催交单")
        self.slips.chosen.connect(self._show_lines)
        self.slips.delete_wanted.connect(self.delete)
        self.line_model: PagedTableModel[SlipLine] = PagedTableModel(
            _line_columns(self._tools.theme), lambda one: one.finding
        )
        self.lines: TableView[SlipLine] = TableView(self.line_model, settings, "slips/lines")
        self.lines.setAccessibleName("催交的内容")
        self.lines.horizontalHeader().setStretchLastSection(True)

    def _make_bottom(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(t.GAP_SMALL)
        self.outputs = [
            self._button(
                "Word…", "file-text", partial(self._choose, ".docx"), "存成 Word，可以打印、裁开"
            ),
            self._button(
                "Excel…", "file-spreadsheet", partial(self._choose, ".xlsx"), "存成 Excel"
            ),
            self._button("复制短消息", "copy", self.copy, "复制成短消息，发到微信、QQ"),
            self._button("删除", "trash-2", self.delete, "删除选中的催交单（Del）"),
        ]
        for button in self.outputs:
            row.addWidget(button)
        self.chosen_words = QLabel()
        set_role(self.chosen_words, "small")
        row.addWidget(self.chosen_words)
        row.addStretch(1)
        close = QPushButton("关闭")
        close.setAutoDefault(False)
        close.clicked.connect(self.accept)
        row.addWidget(close)
        return row

    def _button(self, words: str, icon: str, slot: Callable[[], object], tip: str) -> QPushButton:
        button = QPushButton(self._tools.theme.icon(icon), words)
        button.setAutoDefault(False)
        button.setToolTip(tip)
        button.clicked.connect(lambda _checked=False: slot())
        return button

    # -- reading -----------------------------------------------------------------------------

    def _load(self, select: Sequence[str] = ()) -> None:
        services, adoption_id = self._services, self._adoption.id

        def work(_progress: Progress) -> _State:
            found: dict[By, tuple[Finding, ...]] = {
                by: services.standing.missing(adoption_id, MissingQuery(by=by)).findings
                for by, _words in _BY
            }
            still = {one.key for some in found.values() for one in some}
            return _State(found, services.reminders.all(adoption_id, still))

        def done(state: _State) -> None:
            self._state = state
            self.slip_model.set_source(
                ListSource(state.slips, lambda one: one.id, self.slip_model.columns)
            )
            if select:
                self.slips.select(select)
            elif state.slips and not self.slips.selected_count():
                self.slips.selectRow(0)
            self._tell()
            self._show_lines()

        self._tools.jobs.start(
            Job("核对催交单", work, done, owner=self, database=False, quiet=True)
        )

    def asked(self) -> list[Finding]:
        """The lines shown in the list, those of the chosen kind of addressee."""
        if self._state is None:
            return []
        by = _BY[self.by.currentIndex()][0]
        found = narrowed(self._state.findings[by], self._wanted)
        if self._grouping == by and self._wanted.group != ALL:
            found = [one for one in found if group_of(one, by) == self._wanted.group]
        elif self._grouping == "activity" and self._wanted.group != ALL:
            found = [one for one in found if group_of(one, "activity") == self._wanted.group]
        return [one for one in found if (one.person_id if by == "person" else one.school_id)]

    @Slot()
    def _tell(self) -> None:
        """For whom slips would be made."""
        asked = self.asked()
        person = self.by.currentIndex() == 0
        whose = {one.person_id if person else one.school_id for one in asked}
        self.make_button.setEnabled(bool(asked))
        self.told.setText(
            f"清单里现在显示的，有 {len(asked)} 条落实到 {len(whose)} "
            f"{'人' if person else '个单位'}，每{'人' if person else '个单位'}一份。"
            if asked
            else f"清单里现在显示的，没有落实到{'个人' if person else '单位'}的，不用催。"
        )

    def chosen(self) -> list[ReminderView]:
        """The selected slips."""
        wanted = set(self.slips.selected_ids())
        return [one for one in self._state.slips if one.id in wanted] if self._state else []

    @Slot()
    def _show_lines(self) -> None:
        chosen = self.chosen()
        lines = chosen[0].lines if chosen else ()
        self.line_model.set_source(ListSource(lines, lambda one: one.finding))
        for button in self.outputs:
            button.setEnabled(bool(chosen))
        self.chosen_words.setText(f"选中 {len(chosen)} 份" if chosen else "")

    # -- acting ------------------------------------------------------------------------------

    @Slot()
    def make(self) -> None:
        """Make a slip for everybody who is asked for something."""
        by = _BY[self.by.currentIndex()][0]
        try:
            day = parse_date(self.day.text())
        except ValueError:
            self.told.setText("交齐日期看不懂，请按“2026-6-20”填写，或者空着。")
            self.day.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        try:
            made = self._services.reminders.make(
                self._adoption.id, self.asked(), by=by, wanted_by=day
            )
        except AppError as error:
            self.told.setText(error.sentence)
            return
        self._tools.messages.say(f"已做好催交单 {len(made)} 份。", topic=LAST_STEP)
        self._load([one.id for one in made])
        self.slips.setFocus(Qt.FocusReason.OtherFocusReason)

    @Slot()
    def delete(self) -> None:
        """Throw the selected slips away."""
        chosen = [one.id for one in self.chosen()]
        try:
            self._services.reminders.delete(chosen)
        except AppError as error:
            self.told.setText(error.sentence)
            return
        self._tools.messages.say(f"已删除催交单 {len(chosen)} 份。", topic=LAST_STEP)
        self._load()

    @Slot()
    def copy(self) -> None:
        """The selected slips as short texts, one a line, to paste into a chat."""
        from app.services.standing.slips import text

        chosen = self.chosen()
        QGuiApplication.clipboard().setText("\n".join(text(one) for one in chosen))
        self.chosen_words.setText(f"已复制 {len(chosen)} 条短消息，可以粘贴到微信、QQ")

    def _choose(self, suffix: str) -> None:
        chosen = self.chosen()
        if not chosen:
            return
        place = self._tools.settings.text(
            _FOLDER,
            QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation),
        )
        name = f"催交单-{chosen[0].name}" if len(chosen) == 1 else f"催交单-{chosen[0].made_on}"
        kinds = {".docx": "Word 文档 (*.docx)", ".xlsx": "Excel 工作簿 (*.xlsx)"}
        path, _kind = QFileDialog.getSaveFileName(
            self, "把催交单存成", str(Path(place) / f"{name}{suffix}"), kinds[suffix]
        )
        if path:
            self._tools.settings.set(_FOLDER, str(Path(path).parent))
            self.export(Path(path).with_suffix(suffix))

    def export(self, target: Path) -> None:
        """Write the selected slips, as Word or Excel by the file's ending."""
        from app.services.standing.slips import write_excel
        from app.services.standing.slips_word import write_word

        chosen = self.chosen()
        write = write_word if target.suffix == ".docx" else write_excel

        def work(_progress: Progress) -> Path:
            return write(chosen, target)

        def done(written: Path) -> None:
            self.chosen_words.setText(f"已存好：{written.name}")
            self._tools.messages.say(f"催交单已存好：{written}")

        def failed(error: Exception) -> None:
            if isinstance(error, AppError):
                self.told.setText(error.sentence)
            else:
                self._tools.errors.show_error(error)

        self._tools.jobs.start(
            Job(
                "存催交单", work, done, failed, owner=self, database=False,
                done_text=lambda written: f"已存好：{written.name}",
                folder=lambda written: written.parent,
            )
        )  # fmt: skip
