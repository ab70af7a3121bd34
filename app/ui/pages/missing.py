"""缺什么: everything that is missing or in doubt, where it can be mended at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Qt, QTimer, Slot
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QButtonGroup,
    QCheckBox,
    QComboBox,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QMenu,
    QPushButton,
    QSplitter,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from app.services.standing.service import MissingQuery
from app.ui.framework import tokens as t
from app.ui.framework.filters import Flow
from app.ui.framework.jobs import Job
from app.ui.framework.keys import press_by
from app.ui.framework.page import EmptyState
from app.ui.framework.table_view import TableView
from app.ui.framework.tables import ListSource, PagedTableModel
from app.ui.framework.theme import set_role
from app.ui.pages.missing_acting import Acting
from app.ui.pages.missing_asking import AskBar
from app.ui.pages.missing_lines import (
    ALL,
    GroupLine,
    Narrowing,
    chips,
    group_of,
    grouped,
    heading,
    narrowed,
    possible,
)
from app.ui.pages.missing_table import (
    FindingTable,
    columns,
    group_columns,
    no_scroll,
    stretch,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from app.bootstrap import Services
    from app.progress import Progress
    from app.services.adoption import AdoptionView
    from app.services.standing.records import Finding
    from app.services.standing.service import By, Missing
    from app.services.unit_of_work import Changes
    from app.ui.framework.page import Tools
    from app.ui.pages.missing_lines import Act

_TYPING_MS = 250
_BY: tuple[tuple[By, str], ...] = (
    ("activity", "按活动"),
    ("person", "按人员"),
    ("school", "按单位"),
)
_GROUPS_WIDTH, _LINES_WIDTH = 256, 904


class MissingView(QWidget):
    """The missing list of one adopted scheme."""

    help_text = (
        "缺什么：左边是活动、人员或单位，右边是每一条缺的或有疑问的。回车或双击到能补的地方。\n"
        "把文件拖到某一行，或选中后按 Ctrl+O，文件就放进它该在的位置，这一行随即消失。\n"
        "纸质件收到了按 Alt+S；方案允许免交的按 Alt+B 写明原因；确实没有问题的按 Alt+L 忽略，"
        "原因会保存并打印。按错了用 Ctrl+Z 撤销。\n"
        "催交单（Alt+C）按人或按单位列出还缺的，发给对方；东西到了，单子上自动打勾。"
    )
    keys: tuple[tuple[str, str], ...] = (
        ("回车", "到能补的地方"), ("Ctrl+O", "放入文件"), ("Alt+S", "收到纸质件"),
        ("Alt+B", "不适用"), ("Alt+L", "忽略 / 不再忽略"), ("Alt+J", "标记已交"),
        ("Alt+C", "催交单"), ("Ctrl+F", "在清单里查找"),
    )  # fmt: skip

    def __init__(
        self,
        tools: Tools,
        services: Services,
        adoption: AdoptionView,
        go: Callable[[str, str], None],
    ) -> None:
        super().__init__()
        self._tools, self._services, self._adoption = tools, services, adoption
        self._today = services.handing.today
        self._loads = 0
        self._missing: Missing | None = None
        self._by: By = "activity"
        self._wanted = Narrowing()
        self._lines: list[Finding] = []
        self.acting = Acting(self, tools, services, adoption, go)
        self.ask_bar = AskBar(tools, lambda: self._today)
        self._typing = QTimer(self)
        self._typing.setSingleShot(True)
        self._typing.setInterval(_TYPING_MS)
        self._typing.timeout.connect(self._narrow)
        self._build()
        self.setFocusProxy(self.table)

    # -- building ----------------------------------------------------------------------------

    def _build(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, t.GAP_SMALL, 0, 0)
        column.setSpacing(t.GAP_SMALL)
        column.addLayout(self._head())
        self._chips_box = QWidget()
        self._chips_line = Flow(self._chips_box)
        self._chip_group = QButtonGroup(self)
        column.addWidget(self._chips_box)
        column.addLayout(self._filters())
        self._make_tables()
        self.empty = EmptyState(self._tools.theme, "circle-check", "")
        self.body = QStackedWidget()
        split = QSplitter(Qt.Orientation.Horizontal)
        split.setChildrenCollapsible(False)
        split.addWidget(self.groups)
        split.addWidget(self.table)
        split.setSizes([_GROUPS_WIDTH, _LINES_WIDTH])
        split.setStretchFactor(1, 1)
        self.body.addWidget(split)
        self.body.addWidget(self.empty)
        column.addWidget(self.body, 1)
        column.addWidget(self.ask_bar)
        column.addLayout(self._buttons())

    def _head(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(t.GAP_SMALL)
        self.heading = QLabel("正在核对…")
        self.heading.setSizePolicy(
            self.heading.sizePolicy().Policy.Ignored, self.heading.sizePolicy().Policy.Preferred
        )
        set_role(self.heading, "heading")
        row.addWidget(self.heading, 1)
        self.slips = self._button("催交单…", "files", self.open_slips, "Alt+C")
        row.addWidget(self.slips)
        return row

    def _filters(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(t.GAP_SMALL)
        self.by = QComboBox()
        self.by.setAccessibleName("怎样分组")
        for key, words in _BY:
            self.by.addItem(words, key)
        self.by.activated.connect(self._on_by)
        self.words = QLineEdit()
        self.words.setPlaceholderText("查找材料、活动、人名（Ctrl+F）")
        self.words.setAccessibleName("在清单里查找")
        self.words.setClearButtonEnabled(True)
        self.words.textChanged.connect(self._typing.start)
        self.words.returnPressed.connect(self._narrow_now)
        find = QShortcut(QKeySequence.StandardKey.Find, self)
        find.activated.connect(self._find)
        self.overdue = QCheckBox("只看超期")
        self.overdue.toggled.connect(self._narrow)
        self.ignored = QCheckBox("已忽略的")
        self.ignored.toggled.connect(self._load)
        row.addWidget(self.by)
        row.addWidget(self.words, 1)
        row.addWidget(self.overdue)
        row.addWidget(self.ignored)
        return row

    def _make_tables(self) -> None:
        tools = self._tools
        self._group_model: PagedTableModel[GroupLine] = PagedTableModel(
            group_columns(), lambda one: one.id
        )
        self.groups: TableView[GroupLine] = TableView(
            self._group_model, tools.settings, "missing/groups"
        )
        self.groups.setAccessibleName("分组")
        self.groups.setSelectionMode(TableView.SelectionMode.SingleSelection)
        self.groups.setMinimumWidth(180)
        stretch(self.groups, "name")
        no_scroll(self.groups)
        self.groups.chosen.connect(self._on_group)
        self.groups.opened.connect(self._enter_lines)
        self.model: PagedTableModel[Finding] = PagedTableModel(
            columns(tools.theme, lambda: self._today), lambda one: one.key
        )
        self.table = FindingTable(tools, self.model)
        self.table.chosen.connect(self._show_possible)
        self.table.opened.connect(self._open)
        self.table.dropped.connect(self._on_dropped)
        self.table.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.table.customContextMenuRequested.connect(self._show_menu)

    def _buttons(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(t.GAP_SMALL)
        self.buttons: dict[Act, QPushButton] = {
            "open": self._button("打开", "external-link", self.open, ""),
            "put": self._button("放入文件…", "upload", self.put, "Ctrl+O"),
            "paper": self._button("收到纸质件…", "inbox", self.receive, "Alt+S"),
            "waive": self._button("不适用…", "circle-slash", self.waive, "Alt+B"),
            "done": self._button("标记已交…", "check", self.mark_done, "Alt+J"),
            "ignore": self._button("忽略…", "eye", self.ignore, "Alt+L"),
            "unignore": self._button("不再忽略", "undo-2", self.unignore, "Alt+L"),
        }
        self.buttons["open"].setToolTip("到能补的地方（回车）")
        for button in self.buttons.values():
            button.setEnabled(False)
            row.addWidget(button)
        self.buttons["unignore"].hide()
        row.addStretch(1)
        self.chosen_words = QLabel()
        set_role(self.chosen_words, "small")
        row.addWidget(self.chosen_words)
        return row

    def _button(
        self, words: str, icon: str, slot: Callable[[], None], shortcut: str
    ) -> QPushButton:
        button = QPushButton(self._tools.theme.icon(icon), words)
        if shortcut:
            press_by(button, shortcut)
            button.setToolTip(f"{words.rstrip('…')}（{shortcut}）")
        button.clicked.connect(slot)
        return button

    # -- loading -----------------------------------------------------------------------------

    def refresh(self, changes: Changes | None) -> None:
        """Records changed (None: anything may have): the list is made anew in the background."""
        del changes  # what a change touches is known to the service, which reckons only that
        self._load()

    def show_view(self, view: str) -> None:
        """Show the lines of one kind, e.g. ``slot`` or ``missing:slot``; empty: all lines."""
        from app.services.standing.records import KIND_NAMES

        kind = view.rpartition(":")[2]
        name = next((name for key, name in KIND_NAMES.items() if key == kind), "")
        self.words.clear()
        self.overdue.setChecked(kind == "overdue")
        self._typing.stop()
        self._wanted = Narrowing(name, overdue=kind == "overdue")
        if self.ignored.isChecked():
            self.ignored.setChecked(False)  # loads
        elif self._missing is not None:
            self._show_chips()
            self._show_groups()

    @Slot()
    def _load(self) -> None:
        self._loads += 1
        number = self._loads
        standing, adoption_id = self._services.standing, self._adoption.id
        query = MissingQuery(by=self._by, ignored=self.ignored.isChecked())
        self._today = self._services.handing.today

        def work(_progress: Progress) -> Missing:
            return standing.missing(adoption_id, query)

        def done(missing: Missing) -> None:
            if number == self._loads:
                self._show(missing, ignored=query.ignored)

        self._tools.jobs.start(
            Job("核对缺什么", work, done, owner=self, database=False, quiet=True)
        )

    def _show(self, missing: Missing, *, ignored: bool) -> None:
        self._missing = missing
        self.table.show_reasons(shown=ignored)
        self.buttons["ignore"].setVisible(not ignored)
        self.buttons["unignore"].setVisible(ignored)
        words = (
            f"已忽略 {len(missing.findings)} 条，原因会一起打印" if ignored else heading(missing)
        )
        self.heading.setText(words)
        self.heading.setToolTip(words)
        self.ignored.setText(f"已忽略的 {missing.ignored}" if missing.ignored else "已忽略的")
        self._show_chips()
        self._show_groups()

    def _show_chips(self) -> None:
        """A chip for each name of a kind; those of the lines that are shown."""
        if self._missing is None:
            return
        ignored = self.ignored.isChecked()
        found = [] if ignored else chips(self._missing.by_kind)
        if self._wanted.name and self._wanted.name not in dict(found):
            self._wanted = Narrowing(words=self._wanted.words, overdue=self._wanted.overdue)
        offered = [("", sum(count for _name, count in found)), *found] if found else []
        old = {button.property("kind"): button for button in self._chip_group.buttons()}
        if list(old) == [name for name, _count in offered]:
            for name, count in offered:
                old[name].setText(f"{name or '全部'} {count}")
        else:
            self._make_chips(offered)
        for button in self._chip_group.buttons():
            button.setChecked(button.property("kind") == self._wanted.name)
        self._chips_box.setVisible(bool(offered))

    def _make_chips(self, offered: list[tuple[str, int]]) -> None:
        for button in self._chip_group.buttons():
            self._chip_group.removeButton(button)
            self._chips_line.removeWidget(button)
            button.hide()
            button.deleteLater()
        for name, count in offered:
            chip = QPushButton(f"{name or '全部'} {count}")
            chip.setCheckable(True)
            chip.setProperty("kind", name)
            set_role(chip, "choice")
            chip.clicked.connect(self._on_chip)
            self._chip_group.addButton(chip)
            self._chips_line.addWidget(chip)

    def _show_groups(self) -> None:
        """The groups of what is wanted, then the lines of the chosen group."""
        if self._missing is None:
            return
        self._lines = narrowed(self._missing.findings, self._wanted)
        names = {one.id: one.name for one in self._missing.groups}
        found = grouped(self._lines, self._by, names)
        if self._wanted.group not in {one.id for one in found}:
            self._want(group=ALL)
        groups = self._group_model
        groups.set_source(ListSource(found, lambda one: one.id, groups.columns))
        self.groups.select([self._wanted.group])
        self._show_lines()

    def _show_lines(self) -> None:
        """The lines of the group; the cursor and what is in view stay where they are."""
        group = self._wanted.group
        lines = [one for one in self._lines if group in (ALL, group_of(one, self._by))]
        row = self.table.currentIndex().row()
        place = self.table.verticalScrollBar().value()
        self.model.set_source(ListSource(lines, lambda one: one.key, self.model.columns))
        if lines and not self.table.selected_count():
            self.table.selectRow(max(0, min(row, len(lines) - 1)))
        self.table.verticalScrollBar().setValue(place)
        self._show_empty(any_lines=bool(lines))
        self._show_possible()

    def _show_empty(self, *, any_lines: bool) -> None:
        self.body.setCurrentIndex(0 if any_lines else 1)
        if any_lines:
            return
        narrow = self._wanted.words or self._wanted.overdue or self._wanted.name
        if narrow:
            words = "没有符合条件的。清空查找、去掉“只看超期”，就能看到全部。"
        elif self.ignored.isChecked():
            words = "没有忽略过什么。去掉“已忽略的”，回到清单。"
        else:
            words = "什么也不缺。活动登记以后，该交的材料会自动列在这里。"
        self.empty.words.setText(words)

    # -- narrowing ---------------------------------------------------------------------------

    def _want(self, **changed: object) -> None:
        from dataclasses import replace

        self._wanted = replace(self._wanted, **changed)  # type: ignore[arg-type]

    @Slot()
    def _on_chip(self) -> None:
        sender = self.sender()
        if sender is not None:
            self._want(name=sender.property("kind"))
            self._show_groups()

    @Slot()
    def _narrow(self) -> None:
        self._want(words=self.words.text().strip(), overdue=self.overdue.isChecked())
        self._show_groups()

    @Slot()
    def _narrow_now(self) -> None:
        self._typing.stop()
        self._narrow()
        self._enter_lines()

    @Slot(int)
    def _on_by(self, number: int) -> None:
        self._by = _BY[number][0]
        self._want(group=ALL)
        self._load()

    @Slot(list)
    def _on_group(self, ids: list[str]) -> None:
        if ids and ids[0] != self._wanted.group:
            self._want(group=ids[0])
            self._show_lines()

    @Slot()
    def _find(self) -> None:
        self.words.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.words.selectAll()

    @Slot()
    def _enter_lines(self) -> None:
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)
        if self.model.rowCount() and not self.table.selected_count():
            self.table.selectRow(0)

    # -- acting ------------------------------------------------------------------------------

    def chosen(self) -> list[Finding]:
        """The selected lines, the current one first."""
        wanted = dict.fromkeys(self.table.selected_ids())
        found = {one.key: one for one in self._lines if one.key in wanted}
        return [found[key] for key in wanted if key in found]

    @Slot()
    def _show_possible(self) -> None:
        chosen = self.chosen()
        can = possible(chosen)
        for act, button in self.buttons.items():
            button.setEnabled(act in can)
        self.chosen_words.setText(f"选中 {len(chosen)} 条" if len(chosen) > 1 else "")

    @Slot()
    def open(self) -> None:
        """Go to where the current line is mended."""
        for one in self.chosen()[:1]:
            self.acting.open(one)

    @Slot(str)
    def _open(self, _key: str) -> None:
        self.open()

    @Slot(str, list)
    def _on_dropped(self, key: str, paths: list[Path]) -> None:
        for one in [one for one in self._lines if one.key == key]:
            self.acting.put([one], paths)

    @Slot()
    def put(self) -> None:
        """Choose files for the selected lines."""
        self.acting.choose(self.chosen())

    @Slot()
    def receive(self) -> None:
        """Ask how many papers came and when."""
        chosen = self.chosen()
        self.ask_bar.ask(
            _about("收到纸质件", chosen), ("copies", "day", "place"),
            lambda answer: self.acting.receive(chosen, answer), back=self.table,
        )  # fmt: skip

    @Slot()
    def waive(self) -> None:
        """Ask why the pieces need not be there."""
        chosen = self.chosen()
        self.ask_bar.ask(
            _about("为什么不适用", chosen), ("reason",),
            lambda answer: self.acting.waive(chosen, answer),
            suggestions=self.acting.reasons(), back=self.table,
        )  # fmt: skip

    @Slot()
    def ignore(self) -> None:
        """Ask why the lines may pass."""
        chosen = self.chosen()
        self.ask_bar.ask(
            _about("为什么可以忽略", chosen), ("reason",),
            lambda answer: self.acting.ignore(chosen, answer),
            suggestions=self.acting.reasons(), back=self.table,
        )  # fmt: skip

    @Slot()
    def mark_done(self) -> None:
        """Ask on which day it was handed in."""
        chosen = self.chosen()
        self.ask_bar.ask(
            _about("哪天交的", chosen), ("day",),
            lambda answer: self.acting.done(chosen, answer), back=self.table,
        )  # fmt: skip

    @Slot()
    def unignore(self) -> None:
        """The selected lines stand again."""
        self.acting.unignore(self.chosen())

    @Slot(QPoint)
    def _show_menu(self, place: QPoint) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for button in self.buttons.values():
            if button.isEnabled() and not button.isHidden():
                menu.addAction(button.icon(), button.text(), button.click)
        if menu.actions():
            menu.popup(self.table.viewport().mapToGlobal(place))

    @Slot()
    def open_slips(self) -> None:
        """Make reminder slips from the lines shown, and see what came of earlier ones."""


def _about(words: str, findings: list[Finding]) -> str:
    return f"{words}（{len(findings)} 条）" if len(findings) > 1 else words
