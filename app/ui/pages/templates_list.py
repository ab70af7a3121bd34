"""本单位的表格: the office's own forms of this archive, and what can be done with them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QSignalBlocker, Qt, QUrl, Slot
from PySide6.QtGui import QDesktopServices, QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QFormLayout,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QSplitter,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from app.errors import AppError
from app.services.evidence.names import stored_name
from app.ui.framework import tokens as t
from app.ui.framework.lists import ID, fill, plain_list
from app.ui.framework.page import EmptyState
from app.ui.pages.templates_adding import TemplateDialog
from app.ui.pages.templates_preview import FilledPreview
from app.ui.records.undoing import say_undoable

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.bootstrap import Services
    from app.progress import Progress
    from app.services.adoption import AdoptionView
    from app.services.templates.views import TemplateView
    from app.ui.framework.page import Tools

_KINDS = {"word": "Word", "excel": "Excel"}
_FOLDER = "templates/folder"
_SIZE = (1060, 600)
_NOTHING_YET = (
    "还没有加入本单位的表格。\n"
    "教研室、教导处发下来的 Word 或 Excel 表，加进来以后程序就按它填写、输出。"
)


class TemplatesSection(QWidget):
    """The list with its buttons, and a preview of the form that is chosen."""

    def __init__(self, tools: Tools, services: Services, adoption: AdoptionView) -> None:
        super().__init__()
        self._tools = tools
        self._services = services
        self._adoption = adoption
        self.dialog: QDialog | None = None
        """What was opened last."""
        column = QVBoxLayout(self)
        column.setContentsMargins(0, t.GAP, 0, 0)
        column.setSpacing(t.GAP)
        column.addLayout(self._buttons())
        self.list = plain_list("本单位的表格", "名称", "一份填的是", "代替", "类型")
        self.list.currentItemChanged.connect(self._on_current)
        self.list.itemActivated.connect(self.rename)
        self.preview = FilledPreview(tools)
        split = QSplitter(Qt.Orientation.Horizontal)
        split.setChildrenCollapsible(False)
        split.addWidget(self.list)
        split.addWidget(self.preview)
        split.setSizes([560, 420])
        self._stack = QStackedWidget()
        self._stack.addWidget(split)
        icon = "file-text"
        self._stack.addWidget(
            EmptyState(tools.theme, icon, _NOTHING_YET, "添加本单位的表格…", self.add)
        )
        column.addWidget(self._stack, 1)
        for keys, slot in (("F2", self.rename), ("Del", self.remove)):
            shortcut = QShortcut(QKeySequence(keys), self.list)
            shortcut.setContext(Qt.ShortcutContext.WidgetShortcut)
            shortcut.activated.connect(slot)

    def _buttons(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(t.GAP_SMALL)
        self.add_button = self._button("plus", "添加本单位的表格…", self.add)
        self.start_button = self._button("copy", "从自带表格开始…", self.start_from)
        self.rename_button = self._button("pencil", "改名…", self.rename)
        self.replace_button = self._button("refresh-cw", "替换文件…", self.replace)
        self.copy_button = self._button("download", "导出一份…", self.save_copy)
        self.remove_button = self._button("trash-2", "删除", self.remove)
        for button in (
            self.add_button, self.start_button, self.rename_button, self.replace_button,
            self.copy_button, self.remove_button,
        ):  # fmt: skip
            row.addWidget(button)
        self.rename_button.setToolTip("改名称，或改它代替的自带表格（F2）")
        self.remove_button.setToolTip("删除（Del），可以撤销")
        row.addStretch(1)
        return row

    def _button(self, icon: str, words: str, slot: Callable[[], None]) -> QPushButton:
        button = QPushButton(self._tools.theme.icon(icon), words)
        button.setAutoDefault(False)
        button.clicked.connect(slot)
        return button

    # -- showing -----------------------------------------------------------------------------

    def refresh(self, chosen: str = "") -> None:
        """Show what there is now."""
        try:
            found = self._services.templates.all()
        except AppError as error:
            self._tools.errors.show_error(error)
            return
        chosen = chosen or self._chosen_id()
        rows = [one.id for one in found]
        with QSignalBlocker(self.list):  # one preview, of the one that is chosen in the end
            fill(self.list, [(one.id, _cells(one)) for one in found])
            row = rows.index(chosen) if chosen in rows else 0
            self.list.setCurrentIndex(self.list.model().index(row, 0))
        self._stack.setCurrentIndex(0 if rows else 1)
        self._on_current()

    def _chosen_id(self) -> str:
        item = self.list.currentItem()
        return str(item.data(0, ID)) if item is not None else ""

    def _chosen(self) -> TemplateView | None:
        wanted = self._chosen_id()
        try:
            return self._services.templates.get(wanted) if wanted else None
        except AppError as error:
            self._tools.errors.show_error(error)
            return None

    @Slot()
    def _on_current(self) -> None:
        template = self._chosen_id()
        for button in (
            self.rename_button, self.replace_button, self.copy_button, self.remove_button
        ):  # fmt: skip
            button.setEnabled(bool(template))
        if template and self.isVisible():
            self._show_preview(template)

    def _show_preview(self, template: str) -> None:
        templates, adoption = self._services.templates, self._adoption.id

        def make(exact: bool, progress: Progress) -> bytes:
            found = templates.targets(templates.get(template).subject, adoption)
            some = found if templates.examined(template).together else found[:1]
            ids = [one.id for one in some]
            return templates.preview(template, adoption, ids, progress, exact=exact)

        self.preview.show_filled(make, exact=templates.exact)

    # -- doing -------------------------------------------------------------------------------

    @Slot()
    def add(self) -> None:
        """Take a file in."""
        self._open(TemplateDialog(self._tools, self._services, self._adoption, None, self))

    @Slot()
    def replace(self) -> None:
        """Another file for the one that is chosen."""
        view = self._chosen()
        if view:
            self._open(TemplateDialog(self._tools, self._services, self._adoption, view, self))

    def _open(self, dialog: TemplateDialog) -> None:
        self.dialog = dialog
        dialog.kept.connect(self.refresh)
        dialog.open()

    @Slot()
    def rename(self) -> None:
        """Another name, or another built-in form that it stands for."""
        view = self._chosen()
        if view:
            self.dialog = NameDialog(self._tools, self._services, view, self)
            self.dialog.accepted.connect(self.refresh)
            self.dialog.open()

    @Slot()
    def remove(self) -> None:
        """Take it out; undo brings it back."""
        view = self._chosen()
        if view is None:
            return
        try:
            self._services.templates.remove(view.id)
        except AppError as error:
            self._tools.errors.show_error(error)
            return
        self.refresh()
        say_undoable(self, self._tools, self._services, f"已删除表格“{view.name}”")

    @Slot()
    def save_copy(self) -> None:
        """Write the file elsewhere, to be changed in Word or WPS."""
        view = self._chosen()
        if view is None:
            return
        ending = ".docx" if view.kind == "word" else ".xlsx"
        self._save(view.name, ending, lambda to: self._services.templates.save_copy(view.id, to))

    @Slot()
    def start_from(self) -> None:
        """Write a built-in form as a template, to be changed in Word or WPS and added then."""
        self.dialog = dialog = StartDialog(self._services, self)
        dialog.accepted.connect(self._on_start)
        dialog.open()

    @Slot()
    def _on_start(self) -> None:
        if isinstance(self.dialog, StartDialog):
            key, name = self.dialog.chosen()
            self._save(
                f"{name} 模板", ".docx", lambda to: self._services.templates.start_from(key, to)
            )

    def _save(self, name: str, ending: str, write: Callable[[Path], None]) -> None:
        folder = Path(self._tools.settings.text(_FOLDER))
        kind = f"{'Word 文档' if ending == '.docx' else 'Excel 表格'} (*{ending})"
        suggested = str(folder / stored_name(name, ending))
        chosen, _kind = QFileDialog.getSaveFileName(self, "存成文件", suggested, kind)
        if not chosen:
            return
        target = Path(chosen)
        target = (
            target if target.suffix.lower() == ending else target.with_name(target.name + ending)
        )
        try:
            write(target)
        except AppError as error:
            self._tools.errors.show_error(error)
            return
        self._tools.settings.set(_FOLDER, str(target.parent))
        self._tools.messages.say(
            f"已存成“{target.name}”。", action_text="打开", action=lambda: _show_file(target)
        )


class NameDialog(QDialog):
    """Name of a template, and the built-in form that it stands for."""

    def __init__(
        self, tools: Tools, services: Services, view: TemplateView, parent: QWidget
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("改名")
        self.setMinimumWidth(420)
        self._tools = tools
        self._services = services
        self._view = view
        form = QFormLayout(self)
        self.name = QLineEdit(view.name)
        self.form = QComboBox()
        self.form.addItem("不代替，另列一种", "")
        for one in services.templates.forms_of(view.subject):
            self.form.addItem(one.name, one.key)
        self.form.setCurrentIndex(max(self.form.findData(view.form), 0))
        form.addRow("名称(&N)", self.name)
        form.addRow("代替(&R)", self.form)
        form.addRow(_ok_and_cancel(self))

    def accept(self) -> None:
        """Keep them; what is wrong is said and the window stays."""
        try:
            form = str(self.form.currentData())
            self._services.templates.change(self._view.id, self.name.text(), form)
        except AppError as error:
            self._tools.errors.show_error(error)
            return
        super().accept()


class StartDialog(QDialog):
    """Which built-in form to start from."""

    def __init__(self, services: Services, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("从自带表格开始")
        self.resize(440, 480)
        column = QVBoxLayout(self)
        column.setSpacing(t.GAP)
        self.list = plain_list("自带的 Word 表格", "表格", "类别")
        forms = services.templates.startable()
        fill(self.list, [(one.key, (one.name, one.group)) for one in forms])
        self.list.setCurrentIndex(self.list.model().index(0, 0))
        self.list.itemActivated.connect(self.accept)
        column.addWidget(self.list)
        column.addWidget(_ok_and_cancel(self, "存成模板…"))

    def chosen(self) -> tuple[str, str]:
        """Key and name of the form."""
        index = self.list.currentIndex().siblingAtColumn(0)
        return str(index.data(ID)), str(index.data())


def _ok_and_cancel(dialog: QDialog, words: str = "确定") -> QDialogButtonBox:
    buttons = QDialogButtonBox(
        QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel
    )
    buttons.button(QDialogButtonBox.StandardButton.Ok).setText(words)
    buttons.button(QDialogButtonBox.StandardButton.Cancel).setText("取消")
    buttons.accepted.connect(dialog.accept)
    buttons.rejected.connect(dialog.reject)
    return buttons


def _cells(one: TemplateView) -> tuple[str, ...]:
    kind = _KINDS[one.kind] + ("（文件不见了）" if one.missing else "")
    return one.name, one.subject_name, one.form_name, kind


def _show_file(path: Path) -> None:
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(path)))


def open_templates(
    tools: Tools, services: Services, adoption: AdoptionView, parent: QWidget
) -> QDialog:
    """Open the list in a window of its own; returns it."""
    dialog = QDialog(parent)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.setWindowTitle("本单位的表格")
    dialog.resize(*_SIZE)
    column = QVBoxLayout(dialog)
    section = TemplatesSection(tools, services, adoption)
    column.addWidget(section)
    close = QPushButton("关闭")
    close.clicked.connect(dialog.accept)
    column.addWidget(close, 0, Qt.AlignmentFlag.AlignRight)
    for button in dialog.findChildren(QPushButton):  # Enter on a line is about that line
        button.setAutoDefault(False)
    dialog.open()
    section.refresh()
    return dialog
