"""What will come out of the printer, seen before: the forms of the chosen box."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer, Slot
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from app.errors import AppError
from app.services.forms.archive import box_forms
from app.services.forms.form import Request
from app.ui.framework import tokens as t
from app.ui.framework.jobs import Job
from app.ui.framework.preview import PreviewWidget

if TYPE_CHECKING:
    from app.bootstrap import Services
    from app.progress import Progress
    from app.services.box_view import BoxView
    from app.ui.framework.page import Tools

_KEY = "boxes/form"
_PAUSE_MS = 150


class BoxPreview(QWidget):
    """A choice of forms and the framework's preview; drawn in the background."""

    def __init__(self, tools: Tools, services: Services, adoption_id: str) -> None:
        super().__init__()
        self._tools = tools
        self._services = services
        self._adoption_id = adoption_id
        self._number: int | None = None
        self._shown: tuple[str, int] | None = None
        self._ticket = 0
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(t.GRID)
        row = QHBoxLayout()
        row.setSpacing(t.GAP_SMALL)
        self.label = QLabel("预览")
        row.addWidget(self.label)
        self.forms = QComboBox()
        self.forms.setAccessibleName("预览哪一种")
        bound = services.adoptions.scheme(adoption_id).box.bound
        for form in box_forms(bound):
            self.forms.addItem(services.forms.get(form).name, form)
        last = self.forms.findData(tools.settings.text(_KEY, box_forms(bound)[1]))
        self.forms.setCurrentIndex(max(0, last))
        self.label.setBuddy(self.forms)
        row.addWidget(self.forms, 1)
        column.addLayout(row)
        self.preview = PreviewWidget(tools.theme, tools.jobs)
        column.addWidget(self.preview, 1)
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(_PAUSE_MS)
        self._pause.timeout.connect(self._render)
        self.forms.currentIndexChanged.connect(self._on_form)

    @property
    def form(self) -> str:
        """The form that is shown."""
        return str(self.forms.currentData())

    def show_box(self, box: BoxView | None) -> None:
        """Show a box as it is now, after a moment; None: there is none."""
        self._number = box.number if box else None
        self.label.setText(box.label if box else "预览")
        if box is None:
            self._ticket += 1
            self._shown = None
            self._pause.stop()
            self.preview.show_nothing("排盒之后，在这里预览封面、盒脊、目录和备考表。")
        else:
            if self._shown is None:
                self.preview.show_nothing("正在排版……")
            self._pause.start()

    @Slot()
    def _on_form(self) -> None:
        self._tools.settings.set(_KEY, self.form)
        if self._number is not None:
            self._pause.start()

    @Slot()
    def _render(self) -> None:
        number, form = self._number, self.form
        if number is None:
            return
        self._ticket += 1
        ticket = self._ticket

        def work(_progress: Progress) -> tuple[bytes, int]:
            from app.services.documents.render import pdf_pages

            request = Request(form, self._adoption_id, (str(number),))
            data = self._services.forms.preview(request)
            return data, len(pdf_pages(data))

        def show(made: tuple[bytes, int]) -> None:
            if ticket == self._ticket:
                same = self._shown == (form, number)
                page = min(self.preview.page, made[1] - 1) if same else 0
                self._shown = (form, number)
                self.preview.show_pdf(made[0], page)

        def refuse(error: Exception) -> None:
            if ticket == self._ticket:
                self._shown = None
                if isinstance(error, AppError):
                    self.preview.show_nothing(error.sentence)
                else:
                    self.preview.show_nothing("预览没有做成。")
                    self._tools.errors.show_error(error)

        job = Job("预览", work, show, refuse, owner=self, database=False, quiet=True)
        self._tools.jobs.start(job)
