"""方案编辑器: sections at the left, entries in the middle, the form of one at the right, errors below."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QDialog,
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from app.errors import AppError
from app.services.schemes import draft as d
from app.ui.framework import tokens as t
from app.ui.framework.theme import set_role
from app.ui.pages.scheme_editor_state import EditorState
from app.ui.pages.scheme_editor_tree import SectionTree
from app.ui.pages.scheme_editor_view import EntryView

if TYPE_CHECKING:
    from PySide6.QtGui import QCloseEvent

    from app.services.schemes.draft import Place, Raw
    from app.ui.framework.page import Tools

SCHEME_FILES = "方案文件 (*.toml)"
_SIZE = (1320, 700)
_SMALLEST = (1080, 600)
_TREE_WIDTH = 192
_ERROR_LINES = 4
_KEEP_AFTER_MS = 800
_PLACE = Qt.ItemDataRole.UserRole
_HELP = (
    "左边选一段；中间的表里直接填，回车到下一格；右边填细节。"
    "Insert 添加，Ctrl+D 复制，Del 删除，Alt+↑↓ 移动，F6 换栏，F8 检查，Ctrl+Z 撤销。"
)


class SchemeEditor(QDialog):
    """Edits one scheme. What becomes of it is the owner's business: see ``apply_wanted``."""

    apply_wanted = Signal()
    """The user wants to use the scheme as it is now; it has no errors."""
    import_wanted = Signal()
    """The user wants to fill the assessment table from a file."""
    keep_wanted = Signal()
    """What was changed is to be kept as a draft."""

    def __init__(
        self, tools: Tools, draft: Raw, apply_words: str, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowFlag(Qt.WindowType.WindowMaximizeButtonHint)
        self.setWindowTitle("方案编辑器")
        self.setMinimumSize(*_SMALLEST)
        self.resize(*_SIZE)
        self.tools = tools
        self.state = EditorState(tools, draft, self)
        self._keep = QTimer(self, singleShot=True, interval=_KEEP_AFTER_MS)
        self._keep.timeout.connect(self.keep_wanted)
        self._build(apply_words)
        self._set_keys()
        self.state.changed.connect(self._on_edited)
        self.state.reshaped.connect(self._on_edited)
        self.state.checked.connect(self._show_errors)
        self.state.said.connect(self.say)
        self.state.check()
        self.go(("scheme",))
        self.tree.setFocus()

    # -- building ----------------------------------------------------------------------------

    def _build(self, apply_words: str) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(t.PAGE_MARGIN, t.GAP, t.PAGE_MARGIN, t.GAP)
        column.setSpacing(t.GAP_SMALL)
        body = QHBoxLayout()
        body.setSpacing(t.GAP)
        self.tree = SectionTree(self.state)
        self.tree.setFixedWidth(_TREE_WIDTH)
        body.addWidget(self.tree)
        self.view = EntryView(self.state)
        self.view.moved.connect(self.tree.show_section)
        self.tree.picked.connect(self._on_section)
        body.addWidget(self.view, 1)
        column.addLayout(body, 1)
        column.addLayout(self._verdict_line())
        self.errors = QListWidget()
        self.errors.setAccessibleName("要改的地方")
        self.errors.itemActivated.connect(self._on_error)
        self.errors.itemClicked.connect(self._on_error)
        column.addWidget(self.errors)
        column.addLayout(self._buttons(apply_words))

    def _verdict_line(self) -> QHBoxLayout:
        line = QHBoxLayout()
        line.setSpacing(t.GAP_SMALL)
        self.verdict_icon = QLabel()
        line.addWidget(self.verdict_icon)
        self.verdict = QLabel()
        line.addWidget(self.verdict)
        self.words = QLabel()
        self.words.setWordWrap(True)
        set_role(self.words, "muted")
        line.addWidget(self.words, 1)
        return line

    def _buttons(self, apply_words: str) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(t.GAP_SMALL)
        self.undo_button = self._button("撤销", self.undo, "undo-2", "撤销（Ctrl+Z）")
        self.redo_button = self._button("重做", self.redo, "redo-2", "重做（Ctrl+Y）")
        self.check_button = self._button(
            "检查", self.check, "clipboard-check", "到下一处错误（F8）"
        )
        self.import_button = self._button(
            "导入考核表…", self.import_wanted, "folder-input", "从 Excel 或 Word 的考核表读入"
        )
        self.save_button = self._button(
            "另存为文件…", self._choose_file, "download", "存成文件，可以发给别人（Ctrl+S）"
        )
        for button in (self.undo_button, self.redo_button, self.check_button,
                       self.import_button, self.save_button):  # fmt: skip
            row.addWidget(button)
        row.addStretch(1)
        row.addWidget(self._button("关闭", self.close, hint="没有应用的修改会留作草稿"))
        self.apply_button = self._button(apply_words, self._apply)
        set_role(self.apply_button, "primary")
        row.addWidget(self.apply_button)
        return row

    def _button(self, words: str, slot: Any, icon: str = "", hint: str = "") -> QPushButton:
        button = QPushButton(words)
        if icon:
            button.setIcon(self.tools.theme.icon(icon))
        button.setAutoDefault(False)
        button.setToolTip(hint)
        button.clicked.connect(slot)
        return button

    def _set_keys(self) -> None:
        for keys, slot in (
            ("Ctrl+Z", self.undo), ("Ctrl+Y", self.redo), ("Ctrl+Shift+Z", self.redo),
            ("Alt+Left", self.view.back), ("F8", self.check), ("Ctrl+S", self._choose_file),
            ("F6", self.next_pane), ("F1", self._help),
        ):  # fmt: skip
            QShortcut(QKeySequence(keys), self).activated.connect(slot)

    # -- going -------------------------------------------------------------------------------

    def go(self, place: Place, *, focus: Place | None = None) -> None:
        """Show a place of the draft; the cursor at ``focus``."""
        self.view.go(place, focus=focus)

    @Slot(object)
    def _on_section(self, name: str) -> None:
        if self.view.place[0] != name or self.view.is_inner:
            self.go((name,))

    @Slot()
    def next_pane(self) -> None:
        """F6: sections, entries, form, errors, and round again."""
        first = self.view.form.first() if self.view.form is not None else None
        grid = self.view.table.grid if self.view.table is not None else None
        panes = [self.tree, grid, first, self.errors]
        shown = [pane for pane in panes if pane is not None and pane.isVisible()]
        at = self.focusWidget()
        inside = [pane is at or (at is not None and pane.isAncestorOf(at)) for pane in shown]
        if first is not None and not any(inside) and self.view.area.isAncestorOf(at or self):
            inside[shown.index(first)] = True
        here = inside.index(True) if any(inside) else -1
        shown[(here + 1) % len(shown)].setFocus(Qt.FocusReason.ShortcutFocusReason)

    # -- changes -----------------------------------------------------------------------------

    @Slot(object)
    def _on_edited(self, _place: Place) -> None:
        self._show_history()
        self._keep.start()

    @Slot()
    def undo(self) -> None:
        """Take back the last step."""
        self.view.commit()
        self._replayed(self.state.editing.undo())

    @Slot()
    def redo(self) -> None:
        """Do the step again."""
        self._replayed(self.state.editing.redo())

    def replaced(self, place: Place) -> None:
        """Something was written from outside: show it there."""
        self._replayed(place)

    def _replayed(self, place: Place | None) -> None:
        if place is None:
            return
        self.view.renew()
        self.go(place, focus=place)
        self.state.check()
        self._show_history()
        self._keep.start()

    def _show_history(self) -> None:
        self.undo_button.setEnabled(self.state.editing.can_undo)
        self.redo_button.setEnabled(self.state.editing.can_redo)

    # -- errors ------------------------------------------------------------------------------

    @Slot()
    def check(self) -> None:
        """Look for errors at once, and go to the next one."""
        self.view.commit()
        self.state.check()
        if self.errors.count():
            self.errors.setCurrentRow((self.errors.currentRow() + 1) % self.errors.count())
            self._on_error(self.errors.currentItem())
        else:
            self.say("检查过了，没有错误。")

    @Slot()
    def _show_errors(self) -> None:
        found, row = self.state.troubles, self.errors.currentRow()
        self.errors.clear()
        for one in found:
            item = QListWidgetItem(f"{one.where}：{one.text}" if one.where else one.text)
            item.setIcon(self.tools.theme.icon("circle-alert", "error"))
            item.setToolTip(item.text())
            item.setData(_PLACE, one.place)
            self.errors.addItem(item)
        self.errors.setCurrentRow(min(row, len(found) - 1))
        self.errors.setVisible(bool(found))
        self.errors.setFixedHeight(min(len(found), _ERROR_LINES) * t.ROW_HEIGHT + 4)
        name, color = ("circle-alert", "error") if found else ("circle-check", "success")
        self.verdict_icon.setPixmap(self.tools.theme.pixmap(name, t.ICON_SMALL, color))
        self.verdict.setText(f"有 {len(found)} 处要改" if found else "没有错误")
        self.tree.show_marks()
        self._show_history()

    @Slot(QListWidgetItem)
    def _on_error(self, item: QListWidgetItem) -> None:
        place = tuple(item.data(_PLACE) or ("scheme",))
        self.go(place, focus=place)

    @Slot(str)
    def say(self, words: str) -> None:
        """A word at the foot on what was done."""
        self.words.setText(words)

    @Slot()
    def _help(self) -> None:
        self.say(_HELP)

    # -- what becomes of it ------------------------------------------------------------------

    @Slot()
    def _apply(self) -> None:
        self.view.commit()
        self.state.check()
        if self.state.troubles:
            self.say("请先改好下面列出的地方。")
            self.errors.setFocus()
            self.errors.setCurrentRow(0)
        else:
            self.apply_wanted.emit()

    @Slot()
    def _choose_file(self) -> None:
        self.view.commit()
        name = str(self.state.editing.get(("scheme", "name")) or "方案")
        chosen, _kind = QFileDialog.getSaveFileName(
            self, "把方案存成文件", f"{name}.toml", SCHEME_FILES
        )
        if chosen:
            self.save_as(Path(chosen).with_suffix(".toml"))

    def save_as(self, target: Path) -> None:
        """Write the scheme as a file that can be handed on."""
        self.state.check()
        try:
            d.save(self.state.draft, target)
        except AppError as error:
            self.say(error.sentence)
        else:
            wrong = f"；里面还有 {len(self.state.troubles)} 处要改" if self.state.troubles else ""
            self.say(f"已存成 {target}{wrong}。")

    def finish(self) -> None:
        """What was edited is in force: close without keeping a draft."""
        self._keep.stop()
        self.done(QDialog.DialogCode.Accepted)

    @override
    def closeEvent(self, event: QCloseEvent) -> None:
        """What is still being typed is kept too."""
        self.view.commit()
        if self._keep.isActive():
            self._keep.stop()
            self.keep_wanted.emit()
        event.accept()
        self.finished.emit(self.result())

    @override
    def reject(self) -> None:
        """Esc leaves a field; closing needs more than one key that is pressed by chance."""
        self.tree.setFocus()
