"""批量: several forms at once, for everything of a time; one job, one list of what came of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from app.services.forms.batch import a_file_each, file_name, one_file
from app.services.forms.form import Request
from app.ui.framework import tokens as t
from app.ui.framework.lists import ID
from app.ui.framework.theme import set_role
from app.ui.pages.paper_options import remembered
from app.ui.pages.paper_output import KINDS
from app.ui.pages.paper_styles import formats_of, template_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date
    from pathlib import Path

    from app.bootstrap import Services
    from app.services.activities.terms import TermView
    from app.services.adoption import AdoptionView
    from app.services.forms.batch import Piece
    from app.services.forms.form import Form
    from app.ui.framework.page import Tools

_FORMS, _ENDING, _SPLIT = "paper/batch/forms", "paper/batch/ending", "paper/batch/split"


@dataclass(frozen=True, slots=True)
class Batch:
    """What is to be written."""

    orders: tuple[tuple[Form, Request], ...]
    period: tuple[date, date] | None
    ending: str
    split: bool


class BatchDialog(QDialog):
    """Which forms, of what time, as what; ``wanted`` says it, the page asks for the folder."""

    wanted = Signal(object)
    """Batch"""

    def __init__(
        self,
        tools: Tools,
        services: Services,
        adoption: AdoptionView,
        terms: Sequence[TermView],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("批量输出")
        self.resize(520, 600)
        self._tools = tools
        self._adoption = adoption
        self._forms = services.forms.all()
        self._templates = services.templates
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 20, 20, 20)
        column.setSpacing(t.GAP)
        words = QLabel("勾选要输出的表，每种都输出全部记录。选项按上次在“文件”页用过的。")
        words.setWordWrap(True)
        column.addWidget(words)
        self.tree = self._make_tree()
        column.addWidget(self.tree, 1)
        column.addLayout(self._questions(terms))
        column.addLayout(self._buttons())
        self.tree.itemChanged.connect(self._update)
        self._update()

    def _make_tree(self) -> QTreeWidget:
        tree = QTreeWidget()
        tree.setAccessibleName("要输出的表")
        tree.setHeaderHidden(True)
        tree.setIndentation(t.GAP_LARGE)
        ticked = set(self._tools.settings.texts(_FORMS))
        families: dict[str, QTreeWidgetItem] = {}
        usual = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        for form in self._forms:
            family = families.get(form.group)
            if family is None:
                family = families[form.group] = QTreeWidgetItem([form.group])
                family.setFlags(
                    usual | Qt.ItemFlag.ItemIsUserCheckable | Qt.ItemFlag.ItemIsAutoTristate
                )
                family.setSizeHint(0, QSize(0, t.ROW_HEIGHT))
                tree.addTopLevelItem(family)
            line = QTreeWidgetItem([form.name])
            line.setData(0, ID, form.key)
            line.setToolTip(0, form.words or form.name)
            line.setFlags(usual | Qt.ItemFlag.ItemIsUserCheckable)
            on = form.key in ticked
            line.setCheckState(0, Qt.CheckState.Checked if on else Qt.CheckState.Unchecked)
            family.addChild(line)
        tree.expandAll()
        return tree

    def _questions(self, terms: Sequence[TermView]) -> QGridLayout:
        grid = QGridLayout()
        grid.setHorizontalSpacing(t.GAP)
        grid.setVerticalSpacing(t.GAP_SMALL)
        grid.setColumnStretch(1, 1)
        self.period = QComboBox()
        self.period.addItem("整个学年", None)
        for term in terms:
            self.period.addItem(term.name, (term.starts_on, term.ends_on))
        self.ending = QComboBox()
        for ending, name in KINDS.items():
            self.ending.addItem(name, ending)
        self.split = QComboBox()
        self.split.addItems(["每种表一个文件", "每份一个文件"])
        settings = self._tools.settings
        self.ending.setCurrentIndex(max(0, self.ending.findData(settings.text(_ENDING, ".pdf"))))
        self.split.setCurrentIndex(int(settings.flag(_SPLIT)))
        rows = (("哪段时间", self.period), ("存成", self.ending), ("怎样分", self.split))
        for row, (words, field) in enumerate(rows):
            label = QLabel(words)
            label.setMinimumHeight(t.CONTROL_HEIGHT)
            label.setBuddy(field)
            field.setAccessibleName(words)
            grid.addWidget(label, row, 0)
            grid.addWidget(field, row, 1)
        note = QLabel(
            "没有日期的记录（如档案盒）不按时间筛选；做不成所选格式的表，存成它能做成的第一种。"
        )
        note.setWordWrap(True)
        set_role(note, "small")
        grid.addWidget(note, len(rows), 0, 1, 2)
        return grid

    def _buttons(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(t.GAP_SMALL)
        self.count = QLabel()
        set_role(self.count, "muted")
        row.addWidget(self.count, 1)
        cancel = QPushButton("取消")
        cancel.setAutoDefault(False)
        cancel.clicked.connect(self.reject)
        self.go = QPushButton(self._tools.theme.icon("folder-open", "on_accent"), "选文件夹，开始…")
        set_role(self.go, "primary")
        self.go.setDefault(True)
        self.go.clicked.connect(self._start)
        row.addWidget(cancel)
        row.addWidget(self.go)
        return row

    def ticked(self) -> list[Form]:
        """The forms that are to be written."""
        keys = {line.data(0, ID) for line in self._lines() if _on(line)}
        return [form for form in self._forms if form.key in keys]

    def _lines(self) -> Iterator[QTreeWidgetItem]:
        for number in range(self.tree.topLevelItemCount()):
            family = self.tree.topLevelItem(number)
            for place in range(family.childCount() if family else 0):
                line = family.child(place) if family else None
                if line is not None:
                    yield line

    @property
    def _splits(self) -> bool:
        return self.split.currentIndex() == 1

    @Slot()
    def _update(self) -> None:
        count = len(self.ticked())
        self.count.setText(f"已勾选 {count} 种表" if count else "还没有勾选")
        self.go.setEnabled(count > 0)

    @Slot()
    def _start(self) -> None:
        forms, settings = self.ticked(), self._tools.settings
        settings.set(_FORMS, [form.key for form in forms])
        settings.set(_ENDING, self.ending.currentData())
        settings.set(_SPLIT, self._splits)
        settings.save()
        orders = tuple((form, self._request(form)) for form in forms)
        self.wanted.emit(
            Batch(orders, self.period.currentData(), self.ending.currentData(), self._splits)
        )
        self.accept()

    def _request(self, form: Form) -> Request:
        """With the options and in the style that were used last."""
        template = template_of(self._tools.settings, form, self._templates.for_form(form.key))
        options = remembered(self._tools.settings, form)
        return Request(form.key, self._adoption.id, None, options, template)


def pieces_of(
    batch: Batch, services: Services, adoption: AdoptionView, folder: Path
) -> tuple[list[Piece], list[str]]:
    """The files of a batch, and words for what there is nothing to write of. Reads the archive."""
    from dataclasses import replace

    pieces: list[Piece] = []
    notes: list[str] = []
    for form, order in batch.orders:
        targets = services.forms.targets(form.key, adoption.id)
        if batch.period is not None:
            first, last = batch.period
            targets = tuple(one for one in targets if one.day is None or first <= one.day <= last)
        if not targets:
            notes.append(f"{form.name}：没有可输出的记录。")
            continue
        request = replace(order, targets=tuple(one.id for one in targets))
        formats = formats_of(form, services.templates.for_form(form.key), order.template_id)
        ending = batch.ending if batch.ending in formats else formats[0]
        if batch.split and not form.together:
            where = folder / file_name(form, None, "") if len(batch.orders) > 1 else folder
            pieces.extend(a_file_each(form, request, targets, where, ending))
        else:
            before = f"{adoption.community_name} {adoption.period}"
            path = folder / file_name(form, None, ending, before)
            pieces.extend(one_file(form, request, path))
    return pieces, notes


def _on(line: QTreeWidgetItem) -> bool:
    return line.checkState(0) == Qt.CheckState.Checked
