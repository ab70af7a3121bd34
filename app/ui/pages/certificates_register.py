"""The certificates that were given, and withdrawing them with a reason."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from app.errors import AppError
from app.ui.framework import tokens as t
from app.ui.framework.lists import ID, fill, plain_list
from app.ui.framework.messages import LAST_STEP
from app.ui.framework.theme import set_role

if TYPE_CHECKING:
    from app.services.certificates import Certificates, CertificateView
    from app.ui.framework.page import Tools


class Register(QWidget):
    """All certificates of the year by their numbers, the latest last."""

    changed = Signal()

    def __init__(self, tools: Tools, certificates: Certificates, adoption_id: str) -> None:
        super().__init__()
        self._tools, self._certificates, self._adoption_id = tools, certificates, adoption_id
        self._rows: dict[str, CertificateView] = {}
        column = QVBoxLayout(self)
        column.setContentsMargins(0, t.GAP, 0, 0)
        column.setSpacing(t.GAP_SMALL)
        self.told = QLabel()
        set_role(self.told, "muted")
        column.addWidget(self.told)
        self.list = plain_list(
            "证书登记", "编号", "姓名", "单位", "种类", "颁发日期", "状态", "备注"
        )
        self.list.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.list.itemSelectionChanged.connect(self._enable)
        column.addWidget(self.list, 1)
        row = QHBoxLayout()
        row.setSpacing(t.GAP_SMALL)
        self.reason = QLineEdit()
        self.reason.setPlaceholderText("作废的原因，例如：姓名写错，另发新证")
        self.reason.setAccessibleName("作废的原因")
        self.reason.textChanged.connect(self._enable)
        row.addWidget(self.reason, 1)
        self.withdraw_button = QPushButton("作废所选")
        self.withdraw_button.setAutoDefault(False)
        self.withdraw_button.setToolTip("选中证书，写明原因，再作废；编号不再给别人")
        self.withdraw_button.clicked.connect(self.withdraw)
        row.addWidget(self.withdraw_button)
        column.addLayout(row)
        self.load()

    def load(self) -> None:
        """Read the register again."""
        self._rows = {one.id: one for one in self._certificates.all(self._adoption_id)}
        fill(self.list, ((one.id, _cells(one)) for one in self._rows.values()))
        void = sum(one.withdrawn_on is not None for one in self._rows.values())
        told = f"共 {len(self._rows)} 份" + (f"，其中作废 {void} 份" if void else "")
        self.told.setText(
            told if self._rows else "还没有发过证书。在“发证书”里选人、写正文，再点“颁发”。"
        )
        self._enable()

    @property
    def count(self) -> int:
        """How many there are, withdrawn ones too."""
        return len(self._rows)

    def _valid(self) -> list[str]:
        """Ids of the selected certificates that are not withdrawn yet."""
        ids = [str(line.data(0, ID)) for line in self.list.selectedItems()]
        return [one for one in ids if self._rows[one].withdrawn_on is None]

    @Slot()
    def _enable(self) -> None:
        self.withdraw_button.setEnabled(bool(self._valid() and self.reason.text().strip()))

    @Slot()
    def withdraw(self) -> None:
        """Withdraw the selected ones, for the reason typed."""
        ids = self._valid()
        try:
            self._certificates.withdraw(ids, self.reason.text())
        except AppError as error:
            self._tools.errors.show_error(error)
            return
        self.reason.clear()
        self.load()
        self._tools.messages.say(f"已作废 {len(ids)} 份证书，编号不再使用。", topic=LAST_STEP)
        self.changed.emit()


def _cells(one: CertificateView) -> tuple[str, ...]:
    state = f"已作废 {one.withdrawn_on}" if one.withdrawn_on else "有效"
    given = str(one.awarded_on) if one.awarded_on else ""
    return one.number, one.name, one.school, one.kind, given, state, one.note
