"""添加本单位的表格: what the file is about, which field goes where, how it looks filled, its name."""

from __future__ import annotations

from difflib import SequenceMatcher
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QFileDialog,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from app.errors import AppError
from app.ui.framework import tokens as t
from app.ui.framework.jobs import Job
from app.ui.framework.theme import set_role
from app.ui.pages.templates_preview import FilledPreview
from app.ui.pages.templates_spots import SpotsTable

if TYPE_CHECKING:
    from app.bootstrap import Services
    from app.progress import Progress
    from app.services.adoption import AdoptionView
    from app.services.templates.views import Examined, TemplateView
    from app.ui.framework.page import Tools

FILES = "Word、Excel 表格 (*.docx *.xlsx *.doc *.xls *.wps *.et *.docm *.xlsm)"
_FOLDER = "templates/folder"
_SIZE = (1120, 620)
_LATER_MS = 400
_MOST_RECORDS = 500


class TemplateDialog(QDialog):
    """One window in which a file becomes a template, or takes another's place."""

    kept = Signal(str)
    """Id of the template."""

    def __init__(
        self,
        tools: Tools,
        services: Services,
        adoption: AdoptionView,
        replacing: TemplateView | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(f"替换“{replacing.name}”的文件" if replacing else "添加本单位的表格")
        self.resize(*_SIZE)
        self._tools = tools
        self._services = services
        self._adoption = adoption
        self._replacing = replacing
        self._path: Path | None = None
        self._found: Examined | None = None
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.setInterval(_LATER_MS)
        self._later.timeout.connect(self._show_filled)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 16, 16, 16)
        column.setSpacing(t.GAP)
        column.addLayout(self._head())
        self.words = QLabel()
        self.words.setWordWrap(True)
        column.addWidget(self.words)
        column.addWidget(self._middle(), 1)
        column.addLayout(self._foot())
        for button in self.findChildren(QPushButton):  # Enter in a field is about that field
            button.setAutoDefault(False)
        self._say("请选择一份 Word 或 Excel 表格：空白表、或写有 {{活动主题}} 这样字段的表都可以。")
        self._update()

    # -- building ----------------------------------------------------------------------------

    def _head(self) -> QGridLayout:
        self.file_button = QPushButton(self._tools.theme.icon("folder-open"), "选择文件…")
        self.file_button.clicked.connect(self.ask_file)
        self.file_words = QLabel("还没有选文件")
        set_role(self.file_words, "muted")
        self.subject = _combo("填的是什么")
        for one in self._services.templates.subjects():
            self.subject.addItem(one.name, one.key)
        self.subject.activated.connect(self._on_subject)
        grid = QGridLayout()
        grid.setHorizontalSpacing(t.GAP)
        grid.addWidget(self.file_button, 0, 0)
        grid.addWidget(self.file_words, 0, 1)
        grid.addWidget(_label("一份填的是(&S)", self.subject), 0, 2)
        grid.addWidget(self.subject, 0, 3)
        grid.setColumnStretch(1, 1)
        return grid

    def _middle(self) -> QSplitter:
        self.table = SpotsTable(self._tools.theme)
        self.table.changed.connect(self._on_chosen)
        side = QWidget()
        column = QVBoxLayout(side)
        column.setContentsMargins(t.GAP_SMALL, 0, 0, 0)
        column.setSpacing(t.GAP_SMALL)
        row = QHBoxLayout()
        self.record = _combo("用哪一条记录预览")
        self.record.setMinimumWidth(160)
        self.record.setSizeAdjustPolicy(
            QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
        )
        self.record.activated.connect(self._show_filled)
        row.addWidget(_label("填上(&P)", self.record))
        row.addWidget(self.record, 1)
        column.addLayout(row)
        self.preview = FilledPreview(self._tools)
        self.preview.say("选好文件后，在这里看填好的样子。")
        column.addWidget(self.preview, 1)
        split = QSplitter(Qt.Orientation.Horizontal)
        split.setChildrenCollapsible(False)
        lines = QWidget()
        stack = QVBoxLayout(lines)
        stack.setContentsMargins(0, 0, 0, 0)
        stack.setSpacing(t.GAP_SMALL)
        stack.addWidget(self.table, 1)
        self.detail = QLabel()
        self.detail.setWordWrap(True)
        set_role(self.detail, "small")
        stack.addWidget(self.detail)
        self.table.currentCellChanged.connect(self._tell)
        split.addWidget(lines)
        split.addWidget(side)
        split.setStretchFactor(0, 3)
        split.setStretchFactor(1, 2)
        split.setSizes([690, 390])
        return split

    def _foot(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(t.GAP_SMALL)
        self.name = QLineEdit()
        self.name.setAccessibleName("名称")
        self.name.setPlaceholderText("例如 县教研室听课表")
        self.name.textChanged.connect(self._update)
        self.form = _combo("代替哪一种自带表格")
        self.form.setMinimumWidth(180)
        naming = [
            _label("名称(&N)", self.name),
            self.name,
            _label("代替(&R)", self.form),
            self.form,
        ]
        for widget in naming:
            row.addWidget(widget, 1 if widget is self.name else 0)
        self.keep_button = QPushButton(self._tools.theme.icon("check", "on_accent"), "添加")
        set_role(self.keep_button, "primary")
        self.keep_button.clicked.connect(self._keep)
        cancel = QPushButton("取消")
        cancel.clicked.connect(self.reject)
        self.name.returnPressed.connect(self.keep_button.click)
        for button in (self.keep_button, cancel):
            row.addWidget(button)
        if self._replacing:
            self.keep_button.setText("替换")
            self.subject.setCurrentIndex(self.subject.findData(self._replacing.subject))
            self.subject.setEnabled(False)
            self.name.setText(self._replacing.name)
            for widget in naming:
                widget.setEnabled(False)
        return row

    # -- reading a file ----------------------------------------------------------------------

    @Slot()
    def ask_file(self) -> None:
        """Let the user choose the file."""
        folder = self._tools.settings.text(_FOLDER)
        chosen, _kind = QFileDialog.getOpenFileName(self, "选择表格", folder, FILES)
        if chosen:
            self._tools.settings.set(_FOLDER, str(Path(chosen).parent))
            self.open_file(Path(chosen))

    def open_file(self, path: Path) -> None:
        """Look at a file; what it is about is guessed from its words."""
        templates, replacing = self._services.templates, self._replacing

        def work(progress: Progress) -> tuple[str, Examined]:
            progress.report(0, 0, "正在看表格")
            subject = replacing.subject if replacing else templates.guess_subject(path)
            return subject, templates.read(path, subject)

        def take(read: tuple[str, Examined]) -> None:
            self._path = path
            self.file_words.setText(path.name)
            self.file_words.setToolTip(str(path))
            self.subject.setCurrentIndex(self.subject.findData(read[0]))
            if not self._replacing:
                self.name.setText(path.stem[:40])
            self._show_found(read[1])

        self._say("正在看这份表格……")
        job = Job("看表格", work, take, self._refuse, owner=self, database=False, quiet=True)
        self._tools.jobs.start(job)

    def _refuse(self, error: Exception) -> None:
        if not isinstance(error, AppError):
            self._tools.errors.show_error(error)
            return
        self._say(error.sentence, "error")

    @Slot()
    def _on_subject(self) -> None:
        if self._path is None:
            return
        try:
            self._show_found(self._services.templates.read(self._path, self._subject()))
        except AppError as error:
            self._refuse(error)

    def _subject(self) -> str:
        return str(self.subject.currentData())

    def _show_found(self, found: Examined) -> None:
        self._found = found
        self.table.show_form(found, self._services.templates.fields(self._subject()))
        self._show_forms()
        self._show_records()
        self._update()
        self._show_filled()
        self.table.setFocus()

    def _show_forms(self) -> None:
        """Built-in forms about the same; the one most like the name is offered."""
        self.form.clear()
        self.form.addItem("不代替，另列一种", "")
        wanted, best = self._replacing.form if self._replacing else "", 0.45
        for one in self._services.templates.forms_of(self._subject()):
            self.form.addItem(one.name, one.key)
            alike = SequenceMatcher(None, one.name, self.name.text(), autojunk=False).ratio()
            if not self._replacing and alike > best:
                wanted, best = one.key, alike
        self.form.setCurrentIndex(max(self.form.findData(wanted), 0))

    def _show_records(self) -> None:
        self.record.clear()
        try:
            found = self._services.templates.targets(self._subject(), self._adoption.id)
        except AppError:
            found = ()
        for one in found[:_MOST_RECORDS]:
            self.record.addItem(f"{one.title}　{one.detail}".strip(), one.id)
        self.record.setEnabled(bool(found))

    # -- choosing ----------------------------------------------------------------------------

    @Slot()
    def _tell(self) -> None:
        """What is said of the line that is chosen, in full."""
        self.detail.setText(self.table.words_of(self.table.currentRow()))

    @Slot()
    def _on_chosen(self) -> None:
        self._tell()
        self._update()
        self._later.start()

    @Slot()
    def _update(self) -> None:
        if self._found is None:
            self.keep_button.setEnabled(False)
            return
        wrong = len(self._found.problems) + self.table.open_spots() + self.table.unknown()
        filled = self.table.filled()
        if self._found.problems:
            count = len(self._found.problems)
            words = f"有 {count} 处写法不对，请在 Word 或 WPS 里改好后重新选择文件。"
            self._say(words, "error")
        elif wrong:
            self._say(f"还有 {wrong} 处字段不认得，请选定。", "error")
        elif not filled:
            words = "没有认出要填的地方：请选定字段，或在文件里写上 {{活动主题}} 这样的字段。"
            self._say(words, "error")
        else:
            self._say(self._summary(filled))
        self.keep_button.setEnabled(not wrong and bool(filled) and bool(self.name.text().strip()))

    def _summary(self, filled: int) -> str:
        found = self._found
        if found is None:
            return ""
        words = [f"{filled} 处会填写"]
        words += [f"{one.place}随“{one.name}”{one.how}" for one in found.repeats[:3]]
        if found.together:
            words.append("所选的各条填在同一份里")
        return "；".join(words) + "。" + "".join(found.notes)

    def _say(self, text: str, role: str = "muted") -> None:
        self.words.setText(text)
        set_role(self.words, role)

    @Slot()
    def _show_filled(self) -> None:
        """The form filled with the record chosen."""
        path, record = self._path, self.record.currentData()
        if path is None or self._found is None or not self.keep_button.isEnabled():
            self.preview.say("各处都选定后，在这里看填好的样子。")
            return
        if record is None:
            name = self.subject.currentText()
            self.preview.say(f"这一学年还没有{name}，登记以后才能预览。")
            return
        templates, adoption = self._services.templates, self._adoption.id
        subject, chosen = self._subject(), dict(self.table.chosen())
        all_in_one = self._found.together or any("{{全部." in one for one in chosen.values())
        count = self.record.count() if all_in_one else 0
        targets = [self.record.itemData(n) for n in range(count)] or [record]

        def make(exact: bool, progress: Progress) -> bytes:
            return templates.try_out(
                path, subject, chosen, adoption_id=adoption, targets=targets,
                progress=progress, exact=exact,
            )  # fmt: skip

        self.preview.show_filled(make, exact=templates.exact)

    @Slot()
    def _keep(self) -> None:
        if self._path is None:
            return
        templates, chosen = self._services.templates, self.table.chosen()
        try:
            if self._replacing:
                view = templates.replace(self._replacing.id, self._path, chosen)
            else:
                form = str(self.form.currentData() or "")
                name = self.name.text()
                view = templates.add(self._path, name, self._subject(), form, chosen)
        except AppError as error:
            self._say(error.sentence, "error")
            return
        self.kept.emit(view.id)
        self.accept()


def _combo(name: str) -> QComboBox:
    made = QComboBox()
    made.setAccessibleName(name)
    made.setMaxVisibleItems(20)
    return made


def _label(words: str, buddy: QWidget) -> QLabel:
    made = QLabel(words)
    made.setBuddy(buddy)
    return made
