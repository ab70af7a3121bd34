"""缺什么: everything that is missing or in doubt, where it can be mended at once."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Qt, QTimer, Slot
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QMenu

from app.services.standing.records import KIND_NAMES
from app.services.standing.views import MissingQuery
from app.ui.framework.jobs import Job
from app.ui.framework.tables import ListSource
from app.ui.pages.missing_acting import Acting
from app.ui.pages.missing_layout import BY, MissingLayout
from app.ui.pages.missing_lines import (
    ALL,
    Narrowing,
    arranged,
    chips,
    group_of,
    heading,
    possible,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from app.bootstrap import Services
    from app.progress import Progress
    from app.services.adoption import AdoptionView
    from app.services.standing.records import Finding
    from app.services.standing.views import By, Missing
    from app.services.unit_of_work import Changes
    from app.ui.framework.page import Tools
    from app.ui.pages.missing_asking import Answer
    from app.ui.pages.missing_lines import Act, Arranged

_TYPING_MS = 250


class MissingView(MissingLayout):
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
        self._today = services.handing.today
        super().__init__(tools, lambda: self._today)
        self._tools, self._services, self._adoption = tools, services, adoption
        self._loads = 0
        self._missing: Missing | None = None
        self._by: By = "activity"
        self._wanted = Narrowing()
        self._lines: list[Finding] = []
        self.acting = Acting(self, tools, services, adoption, go)
        self._typing = QTimer(self)
        self._typing.setSingleShot(True)
        self._typing.setInterval(_TYPING_MS)
        self._connect()

    def _connect(self) -> None:
        self._typing.timeout.connect(self._narrow)
        self.chips.picked.connect(self._on_chip)
        self.by.activated.connect(self._on_by)
        self.words.textChanged.connect(self._typing.start)
        self.words.returnPressed.connect(self._narrow_now)
        self.overdue.toggled.connect(self._narrow)
        self.ignored.toggled.connect(self._load)
        find = QShortcut(QKeySequence.StandardKey.Find, self)
        find.activated.connect(self._find)
        self.groups.chosen.connect(self._on_group)
        self.groups.opened.connect(self._enter_lines)
        self.table.chosen.connect(self._show_possible)
        self.table.opened.connect(self.open)
        self.table.dropped.connect(self._on_dropped)
        self.table.customContextMenuRequested.connect(self._show_menu)
        self.slips.clicked.connect(self.open_slips)
        acts: dict[Act, Callable[[], None]] = {
            "open": self.open, "put": self.put, "paper": self.receive, "waive": self.waive,
            "done": self.mark_done, "ignore": self.ignore, "unignore": self.unignore,
        }  # fmt: skip
        for act, slot in acts.items():
            self.buttons[act].clicked.connect(slot)

    # -- loading -----------------------------------------------------------------------------

    def refresh(self, changes: Changes | None) -> None:
        """Records changed (None: anything may have): the list is made anew in the background."""
        del changes  # what a change touches is known to the service, which reckons only that
        self._load()

    def show_view(self, view: str) -> None:
        """Show the lines of one kind (``slot``, ``missing:slot``), or ``overdue``; empty: all."""
        kind = view.rpartition(":")[2]
        name = next((name for key, name in KIND_NAMES.items() if key == kind), "")
        self.words.clear()
        self.overdue.setChecked(kind == "overdue")
        self._typing.stop()
        self._wanted = Narrowing(name, overdue=kind == "overdue")
        if self.ignored.isChecked():
            self.ignored.setChecked(False)  # loads
        else:
            self._show_chips()
            self._show_groups()

    @Slot()
    def _load(self) -> None:
        self._loads += 1
        number = self._loads
        standing, adoption_id = self._services.standing, self._adoption.id
        query = MissingQuery(by=self._by, ignored=self.ignored.isChecked())
        self._today = self._services.handing.today

        wanted = self._wanted

        def work(_progress: Progress) -> tuple[Missing, Arranged]:
            missing = standing.missing(adoption_id, query)
            return missing, arranged(missing, wanted, query.by)

        def done(read: tuple[Missing, Arranged]) -> None:
            if number == self._loads:  # else the user wants something else by now
                self._show(*read, ignored=query.ignored)

        self._tools.jobs.start(
            Job("核对缺什么", work, done, owner=self, database=False, quiet=True)
        )

    def _show(self, missing: Missing, ready: Arranged, *, ignored: bool) -> None:
        self._missing = missing
        dated = any(one.due for one in missing.findings)
        self.table.show_columns(reasons=ignored, days=dated)
        self.buttons["ignore"].setVisible(not ignored)
        self.buttons["unignore"].setVisible(ignored)
        count = len(missing.findings)
        words = f"已忽略 {count} 条，原因会一起打印" if ignored else heading(missing)
        self.heading.setText(words)
        self.heading.setToolTip(words)
        self.ignored.setText(f"已忽略的 {missing.ignored}" if missing.ignored else "已忽略的")
        self._show_chips()
        self._show_groups(ready)

    def _show_chips(self) -> None:
        """Chips of the kinds that there are; what was let pass is not divided."""
        if self._missing is None:
            return
        counts = [] if self.ignored.isChecked() else chips(self._missing.by_kind)
        if self._wanted.name not in dict(counts):
            self._wanted = replace(self._wanted, name="")
        self.chips.show_counts(counts, self._wanted.name)

    def _show_groups(self, ready: Arranged | None = None) -> None:
        """The groups of what is wanted (``ready`` where that was it), then the chosen group's lines."""
        if self._missing is None:
            return
        if ready is None or ready.wanted != self._wanted:
            ready = arranged(self._missing, self._wanted, self._by)
        self._lines, found = ready.lines, ready.groups
        if self._wanted.group not in {one.id for one in found}:
            self._wanted = replace(self._wanted, group=ALL)
        model = self.group_model
        model.set_source(ListSource(found, lambda one: one.id, model.columns))
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
        self.show_empty("" if lines else self._why_empty())
        self._show_possible()

    def _why_empty(self) -> str:
        wanted = self._wanted
        if wanted.words or wanted.overdue or wanted.name:
            return "没有符合条件的。清空查找、去掉“只看超期”，就能看到全部。"
        if self.ignored.isChecked():
            return "没有忽略过什么。去掉“已忽略的”，回到清单。"
        return "什么也不缺。活动登记以后，该交的材料会自动列在这里。"

    # -- narrowing ---------------------------------------------------------------------------

    @Slot(str)
    def _on_chip(self, name: str) -> None:
        self._wanted = replace(self._wanted, name=name)
        self._show_groups()

    @Slot()
    def _narrow(self) -> None:
        words, overdue = self.words.text().strip(), self.overdue.isChecked()
        self._wanted = replace(self._wanted, words=words, overdue=overdue)
        self._show_groups()

    @Slot()
    def _narrow_now(self) -> None:
        self._typing.stop()
        self._narrow()
        self._enter_lines()

    @Slot(int)
    def _on_by(self, number: int) -> None:
        self._by = BY[number][0]
        self._wanted = replace(self._wanted, group=ALL)
        self._load()

    @Slot(list)
    def _on_group(self, ids: list[str]) -> None:
        if ids and ids[0] != self._wanted.group:
            self._wanted = replace(self._wanted, group=ids[0])
            self._show_lines()

    @Slot()
    def _find(self) -> None:
        self.words.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.words.selectAll()

    @Slot()
    def _enter_lines(self) -> None:
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)

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

    @Slot(str, list)
    def _on_dropped(self, key: str, paths: list[Path]) -> None:
        self.acting.put([one for one in self._lines if one.key == key], paths)

    @Slot()
    def put(self) -> None:
        """Choose files for the selected lines."""
        self.acting.choose(self.chosen())

    @Slot()
    def receive(self) -> None:
        """Ask how many papers came and when."""
        self._ask("收到纸质件", ("copies", "day", "place"), self.acting.receive)

    @Slot()
    def waive(self) -> None:
        """Ask why the pieces need not be there."""
        self._ask("为什么不适用", ("reason",), self.acting.waive)

    @Slot()
    def ignore(self) -> None:
        """Ask why the lines may pass."""
        self._ask("为什么可以忽略", ("reason",), self.acting.ignore)

    @Slot()
    def mark_done(self) -> None:
        """Ask on which day it was handed in."""
        self._ask("哪天交的", ("day",), self.acting.done)

    def _ask(
        self,
        words: str,
        fields: Sequence[str],
        then: Callable[[Sequence[Finding], Answer], None],
    ) -> None:
        chosen = self.chosen()
        self.ask_bar.ask(
            f"{words}（{len(chosen)} 条）" if len(chosen) > 1 else words, fields,
            lambda answer: then(chosen, answer),
            suggestions=self.acting.reasons() if "reason" in fields else (), back=self.table,
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
        from app.ui.pages.missing_slips import SlipsDialog

        SlipsDialog(
            self._tools, self._services, self._adoption,
            wanted=self._wanted, by=self._by, parent=self.window(),
        ).open()  # fmt: skip
