"""Whom certificates are for: people of the year to tick, all of a role, all present at an activity."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSignalBlocker, Qt, Signal, Slot
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from app.ui.framework import tokens as t
from app.ui.framework.lists import ID, fit, item, plain_list
from app.ui.framework.theme import set_role

if TYPE_CHECKING:
    from app.services.certificates import Certificates, Recipient

_WIDEST_SOURCE = 22
"""Characters of an activity's name that the list of sources is as wide as."""


class PeoplePicker(QWidget):
    """A source, a filter, and the people with a tick before each; ticks stay when the source changes."""

    changed = Signal()

    def __init__(self, certificates: Certificates, adoption_id: str) -> None:
        super().__init__()
        self._certificates, self._adoption_id = certificates, adoption_id
        self._people: dict[str, Recipient] = {}
        self._chosen: dict[str, Recipient] = {}
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(t.GAP_SMALL)
        self.source = QComboBox()
        self.source.setAccessibleName("从哪些人里选")
        self.source.setMinimumContentsLength(_WIDEST_SOURCE)
        policy = QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
        self.source.setSizeAdjustPolicy(policy)
        self._fill_sources()
        self.source.currentIndexChanged.connect(self._load)
        column.addWidget(self.source)
        self.words = QLineEdit()
        self.words.setPlaceholderText("按姓名或单位找")
        self.words.setAccessibleName("按姓名或单位找人")
        self.words.setClearButtonEnabled(True)
        self.words.textChanged.connect(self._filter)
        column.addWidget(self.words)
        self.list = plain_list("可选的人", "姓名", "单位", "角色")
        self.list.itemChanged.connect(self._tick)
        column.addWidget(self.list, 1)
        column.addLayout(self._make_buttons())
        self._load()

    def _make_buttons(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(t.GAP_SMALL)
        self.all_button = QPushButton("全选")
        self.none_button = QPushButton("全不选")
        for button, slot in ((self.all_button, self._all), (self.none_button, self._none)):
            button.setAutoDefault(False)
            button.clicked.connect(slot)
            row.addWidget(button)
        row.addStretch(1)
        self.count = QLabel()
        set_role(self.count, "muted")
        row.addWidget(self.count)
        return row

    def _fill_sources(self) -> None:
        self.source.addItem("全体成员", ("", ""))
        for key, name in self._certificates.roles(self._adoption_id):
            self.source.addItem(f"角色：{name}", (key, ""))
        for id_, name in self._certificates.activities(self._adoption_id):
            self.source.addItem(f"到会：{name}", ("", id_))

    @property
    def chosen(self) -> tuple[Recipient, ...]:
        """The people with a tick, in the order of ticking."""
        return tuple(self._chosen.values())

    @property
    def activity_id(self) -> str:
        """The activity whose people are shown; empty: others are."""
        return str(self.source.currentData()[1])

    def clear(self) -> None:
        """Take all ticks away, also those of people that are not shown."""
        self._chosen.clear()
        self._load()

    @Slot()
    def _load(self) -> None:
        role, activity_id = self.source.currentData()
        found = self._certificates.people(self._adoption_id, role=role, activity_id=activity_id)
        self._people = {one.person_id: one for one in found if one.person_id}
        blocked = QSignalBlocker(self.list)  # filling is not ticking
        self.list.clear()
        for id_, one in self._people.items():
            line = item(id_, (one.name, one.school, one.roles))
            line.setCheckState(0, _ticked(id_ in self._chosen))
            self.list.addTopLevelItem(line)
        fit(self.list)
        blocked.unblock()
        self._filter()
        self._tell()

    @Slot()
    def _filter(self) -> None:
        words = self.words.text().split()
        for line in self._lines():
            said = f"{line.text(0)} {line.text(1)} {line.text(2)}"
            line.setHidden(not all(word in said for word in words))

    def _lines(self) -> list[QTreeWidgetItem]:
        found = map(self.list.topLevelItem, range(self.list.topLevelItemCount()))
        return [line for line in found if line is not None]

    @Slot(QTreeWidgetItem, int)
    def _tick(self, line: QTreeWidgetItem, _column: int) -> None:
        self._take(line)
        self._tell()

    def _take(self, line: QTreeWidgetItem) -> None:
        id_ = str(line.data(0, ID))
        if line.checkState(0) == Qt.CheckState.Checked:
            self._chosen[id_] = self._people[id_]
        else:
            self._chosen.pop(id_, None)

    @Slot()
    def _all(self) -> None:
        self._set_all(ticked=True)

    @Slot()
    def _none(self) -> None:
        self._set_all(ticked=False)

    def _set_all(self, *, ticked: bool) -> None:
        """Tick everybody who is shown, or nobody of them."""
        blocked = QSignalBlocker(self.list)
        for line in self._lines():
            if not line.isHidden():
                line.setCheckState(0, _ticked(ticked))
                self._take(line)
        blocked.unblock()
        self.list.viewport().update()
        self._tell()

    def _tell(self) -> None:
        self.count.setText(f"已选 {len(self._chosen)} 人")
        self.changed.emit()


def _ticked(yes: bool) -> Qt.CheckState:
    return Qt.CheckState.Checked if yes else Qt.CheckState.Unchecked
