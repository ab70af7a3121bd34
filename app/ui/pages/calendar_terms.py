"""学期起止日期: when the terms of the year begin and end, by the local calendar."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import (
    QDialog,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from app.errors import AppError
from app.services.entry.errors import InvalidError
from app.ui.framework import tokens as t
from app.ui.framework.theme import set_role, set_style_property

if TYPE_CHECKING:
    from app.bootstrap import Services
    from app.services.adoption import AdoptionView
    from app.ui.framework.page import Tools

_WIDTH = 140


class TermsDialog(QDialog):
    """First and last day of each term; the weeks of the calendar follow them."""

    def __init__(
        self, tools: Tools, services: Services, adoption: AdoptionView, parent: QWidget
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("学期起止日期")
        self._tools = tools
        self._services = services
        self._adoption_id = adoption.id
        self.lines: dict[str, tuple[QLineEdit, QLineEdit]] = {}
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 20, 20, 20)
        column.setSpacing(t.GAP)
        head = QLabel(f"{adoption.period}：按本地校历填写，周次随之改变。")
        column.addWidget(head)
        grid = QGridLayout()
        grid.setHorizontalSpacing(t.GAP)
        grid.setVerticalSpacing(t.GAP_SMALL)
        for row, term in enumerate(services.plans.terms(adoption.id)):
            editors = QLineEdit(str(term.starts_on)), QLineEdit(str(term.ends_on))
            grid.addWidget(QLabel(term.name), row, 0)
            grid.addWidget(editors[0], row, 1)
            grid.addWidget(QLabel("到"), row, 2)
            grid.addWidget(editors[1], row, 3)
            for editor, words in zip(editors, ("开始", "结束"), strict=True):
                editor.setMinimumWidth(_WIDTH)
                editor.setAccessibleName(f"{term.name}{words}")
            self.lines[term.id] = editors
        column.addLayout(grid)
        self.problem = QLabel()
        self.problem.setWordWrap(True)
        set_role(self.problem, "error")
        column.addWidget(self.problem)
        row_of_buttons = QHBoxLayout()
        row_of_buttons.addStretch(1)
        cancel = QPushButton("取消")
        cancel.setAutoDefault(False)
        cancel.clicked.connect(self.reject)
        self.save_button = QPushButton("保存")
        set_role(self.save_button, "primary")
        self.save_button.setDefault(True)
        self.save_button.clicked.connect(self.save)
        row_of_buttons.addWidget(cancel)
        row_of_buttons.addWidget(self.save_button)
        column.addLayout(row_of_buttons)

    @Slot()
    def save(self) -> None:
        """Keep the dates, or say what is wrong with them."""
        typed = {key: (first.text(), last.text()) for key, (first, last) in self.lines.items()}
        wrong: dict[str, str] = {}
        try:
            self._services.plans.set_terms(self._adoption_id, typed)
        except InvalidError as error:
            wrong = error.problems
        except AppError as error:
            self._tools.errors.show_error(error)
        else:
            self.accept()
        self.problem.setText("".join(wrong.values()))
        for key, editors in self.lines.items():
            for editor in editors:
                set_style_property(editor, "wrong", "true" if key in wrong else "false")
