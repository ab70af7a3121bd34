"""自评报告: what goes into it, in which form, and where to."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QUrl, Slot
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import (
    QButtonGroup,
    QCheckBox,
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QLabel,
    QRadioButton,
    QVBoxLayout,
    QWidget,
)

from app.ui.framework import tokens as t
from app.ui.framework.jobs import Job
from app.ui.framework.theme import set_role

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtCore import QObject

    from app.bootstrap import Services
    from app.progress import Progress
    from app.services.adoption import AdoptionView
    from app.services.standing.roster import Subject
    from app.ui.framework.page import Tools

_FORMS = ((".docx", "Word 文档，可以再改"), (".pdf", "PDF，直接打印"), (".xlsx", "Excel 表格"))
_LAST_FOLDER, _LAST_FORM = "assessment/report-folder", "assessment/report-form"


class ReportDialog(QDialog):
    """Three forms, one tick, one file name."""

    def __init__(
        self,
        tools: Tools,
        services: Services,
        adoption: AdoptionView,
        subject: Subject,
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        self._tools, self._services, self._adoption = tools, services, adoption
        self._subject = subject
        self.setWindowTitle("自评报告")
        column = QVBoxLayout(self)
        column.setContentsMargins(t.GAP_LARGE, t.GAP_LARGE, t.GAP_LARGE, t.GAP_LARGE)
        column.setSpacing(t.GAP_SMALL)
        words = QLabel(
            f"{subject.name} {adoption.period}：逐项写明满分、得分、怎样得来和佐证材料，"
            "缺的事实和已忽略的问题也写在里面。"
        )
        words.setWordWrap(True)
        words.setMinimumWidth(420)
        column.addWidget(words)
        self._forms = QButtonGroup(self)
        last = tools.settings.text(_LAST_FORM, ".docx")
        for ending, text in _FORMS:
            button = QRadioButton(text)
            button.setProperty("ending", ending)
            button.setChecked(ending == last)
            self._forms.addButton(button)
            column.addWidget(button)
        self.official = QCheckBox("按公文格式逐项成文（GB/T 9704-2012）；不勾是考核表")
        column.addWidget(self.official)
        self.advice = QCheckBox("附上“还能补回的分”（自己看的时候用）")
        column.addWidget(self.advice)
        self._forms.buttonClicked.connect(self._enable)
        self._enable()
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        self.save = buttons.addButton("保存…", QDialogButtonBox.ButtonRole.AcceptRole)
        set_role(self.save, "primary")
        buttons.accepted.connect(self._choose)
        buttons.rejected.connect(self.reject)
        column.addWidget(buttons)

    @property
    def ending(self) -> str:
        """Ending of the file that is to be written."""
        chosen = self._forms.checkedButton()
        return str(chosen.property("ending")) if chosen is not None else ".docx"

    @Slot()
    def _enable(self) -> None:
        """A workbook is always the table."""
        self.official.setEnabled(self.ending != ".xlsx")

    @Slot()
    def _choose(self) -> None:
        folder = Path(self._tools.settings.text(_LAST_FOLDER, str(Path.home())))
        name = f"{self._subject.name}{self._adoption.period}自评报告{self.ending}"
        chosen, _kind = QFileDialog.getSaveFileName(
            self, "保存自评报告", str(folder / name), f"*{self.ending}"
        )
        if chosen:
            self.write(Path(chosen))

    def write(self, target: Path) -> None:
        """Write the report in the background and close."""
        wanted, advice = self.ending, self.advice.isChecked()
        target = (
            target if target.suffix.lower() == wanted else target.with_name(target.name + wanted)
        )
        self._tools.settings.set(_LAST_FOLDER, str(target.parent))
        self._tools.settings.set(_LAST_FORM, wanted)
        services, adoption, subject = self._services, self._adoption, self._subject
        layout = "official" if self.official.isChecked() and self.official.isEnabled() else "table"

        def work(progress: Progress) -> Path:
            from app.services.forms.form import Request

            asked = Request(
                "self-assessment", adoption.id, (f"{subject.kind}:{subject.id}",),
                {"layout": layout, "advice": "yes" if advice else "no"},
            )  # fmt: skip
            return services.forms.export(asked, target, progress).files[0]

        start_writing(self._tools, "输出自评报告", work, self.parent())
        self.accept()


def start_writing(
    tools: Tools, label: str, work: Callable[[Progress], Path], owner: QObject | None
) -> None:
    """Write a file in the background; tells where it is and offers its folder."""

    def done(made: Path) -> None:
        def show() -> None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(made.parent)))

        tools.messages.say(f"已保存：{made.name}", action_text="打开文件夹", action=show)

    tools.jobs.start(
        Job(
            label, work, done, owner=owner, database=False,
            done_text=lambda made: f"已保存 {made.name}", folder=lambda made: made.parent,
        )
    )  # fmt: skip
