"""方案 in 设置: the schemes in force, adopting, changing, versions, and drafts not finished yet."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from app.errors import AppError
from app.services.schemes import draft as d
from app.services.schemes.overview import scheme_name
from app.ui.framework import tokens as t
from app.ui.framework.lists import ID, fill, plain_list
from app.ui.framework.theme import set_role
from app.ui.pages.scheme_editor import SchemeEditor
from app.ui.pages.scheme_editor_adopt import AdoptDialog, EffectDialog
from app.ui.pages.scheme_editor_pick import SchemePicker
from app.ui.pages.scheme_editor_versions import VersionsDialog

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.bootstrap import Services
    from app.services.adoption import AdoptionView
    from app.services.drafts import DraftView
    from app.services.schemes.draft import Raw
    from app.ui.framework.page import Tools

_FORM = "scheme"


class SchemesSection(QWidget):
    """List of the schemes in force with what can be done about them."""

    def __init__(self, tools: Tools, services: Services, adoption: AdoptionView) -> None:
        super().__init__()
        self._tools = tools
        self._services = services
        self._adoption = adoption
        self.editor: SchemeEditor | None = None
        self.dialog: QWidget | None = None
        """What was opened last, the editor apart."""
        column = QVBoxLayout(self)
        column.setContentsMargins(0, t.GAP, 0, 0)
        column.setSpacing(t.GAP)
        column.addLayout(self._buttons())
        self.list = plain_list("采用的方案", "共同体", "学年", "版本", "采用日期", "方案")
        self.list.itemActivated.connect(self.change)
        column.addWidget(self.list, 1)
        self.draft_line = QWidget()
        line = QHBoxLayout(self.draft_line)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(t.GAP_SMALL)
        icon = QLabel()
        icon.setPixmap(tools.theme.pixmap("pencil", t.ICON_SMALL, "warning"))
        line.addWidget(icon)
        self.draft_words = QLabel()
        line.addWidget(self.draft_words)
        self.go_on_button = self._button("继续编辑", self.go_on)
        self.give_up_button = self._button("放弃", self.give_up)
        for button in (self.go_on_button, self.give_up_button):
            set_role(button, "link")
            line.addWidget(button)
        line.addStretch(1)
        column.addWidget(self.draft_line)

    def _buttons(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(t.GAP_SMALL)
        icon = self._tools.theme.icon
        self.change_button = self._button("修改方案…", self.change)
        self.change_button.setIcon(icon("pencil"))
        self.adopt_button = self._button("采用方案…", self.pick)
        self.adopt_button.setIcon(icon("list-checks"))
        self.new_button = self._button("新建方案…", self.begin)
        self.new_button.setIcon(icon("plus"))
        self.versions_button = self._button("历次版本…", self.show_versions)
        self.versions_button.setIcon(icon("history"))
        for button in (self.change_button, self.adopt_button, self.new_button,
                       self.versions_button):  # fmt: skip
            row.addWidget(button)
        row.addStretch(1)
        return row

    @staticmethod
    def _button(words: str, slot: Callable[[], None]) -> QPushButton:
        button = QPushButton(words)
        button.clicked.connect(slot)
        return button

    # -- showing -----------------------------------------------------------------------------

    def refresh(self) -> None:
        """Show what is in force now, and the newest draft."""
        adopted = self._services.adoptions.all()
        chosen = self._chosen_id() or self._adoption.id
        fill(self.list, [(one.id, self._cells(one)) for one in adopted])
        rows = [one.id for one in adopted]
        self.list.setCurrentIndex(
            self.list.model().index(rows.index(chosen) if chosen in rows else 0, 0)
        )
        self._show_draft()

    def _cells(self, one: AdoptionView) -> tuple[str, ...]:
        now = self._services.adopting.versions(one.id)[0]
        return (
            one.community_name, one.period, f"第 {one.version} 版", f"{now.at:%Y-%m-%d}",
            scheme_name(now.text),
        )  # fmt: skip

    def _chosen_id(self) -> str:
        item = self.list.currentItem()
        return str(item.data(0, ID)) if item is not None else ""

    def _newest_draft(self) -> DraftView | None:
        return next(iter(self._services.drafts.all(_FORM)), None)

    def _show_draft(self) -> None:
        draft = self._newest_draft()
        self.draft_line.setVisible(draft is not None and self.editor is None)
        if draft is not None:
            self.draft_words.setText(f"没有改完的方案：{draft.title}（{draft.at:%m-%d %H:%M}）")

    # -- editing -----------------------------------------------------------------------------

    @Slot()
    def change(self) -> None:
        """Edit the chosen scheme in force; a draft of it is gone on with."""
        adoption_id = self._chosen_id()
        if not adoption_id:
            return
        key = f"{_FORM}:{adoption_id}"
        kept = next((one for one in self._services.drafts.all(_FORM) if one.key == key), None)
        try:
            now = self._services.adopting.versions(adoption_id)[0]
            draft = d.from_text(kept.content["text"] if kept else now.text)
        except AppError as error:
            self._tools.errors.show_error(error)
            return
        editor = self._open(draft, key, "应用到本学年…")
        if kept is not None:
            editor.say("接着上次没有应用的修改。不要它，就关闭后点“放弃”。")
        editor.apply_wanted.connect(self._apply)

    @Slot()
    def begin(self) -> None:
        """Make a new scheme, blank or from one there is."""
        self._pick(begin_blank=True)

    @Slot()
    def pick(self) -> None:
        """Adopt a preset or a file."""
        self._pick(begin_blank=False)

    def _pick(self, *, begin_blank: bool) -> None:
        picker = SchemePicker(self._tools, begin_blank=begin_blank, parent=self.window())
        picker.edit_wanted.connect(self._edit_new)
        picker.adopt_wanted.connect(self._adopt)
        self.dialog = picker
        picker.open()

    @Slot(object)
    def _edit_new(self, draft: Raw) -> None:
        editor = self._open(draft, self._services.drafts.new_key(_FORM), "采用…")
        editor.apply_wanted.connect(self._adopt_edited)

    @Slot()
    def go_on(self) -> None:
        """Go on with the newest draft."""
        kept = self._newest_draft()
        if kept is None:
            return
        ids = {one.id for one in self._services.adoptions.all()}
        adoption_id = kept.key.partition(":")[2]
        try:
            draft = d.from_text(kept.content["text"])
        except AppError as error:
            self._tools.errors.show_error(error)
            return
        if adoption_id in ids:
            editor = self._open(draft, kept.key, "应用到本学年…")
            editor.apply_wanted.connect(self._apply)
        else:
            editor = self._open(draft, kept.key, "采用…")
            editor.apply_wanted.connect(self._adopt_edited)

    @Slot()
    def give_up(self) -> None:
        """Forget the newest draft."""
        kept = self._newest_draft()
        if kept is not None:
            self._services.drafts.drop(kept.key)
            self._show_draft()

    def _open(self, draft: Raw, key: str, words: str) -> SchemeEditor:
        editor = SchemeEditor(self._tools, draft, words, self.window())
        editor.setProperty("key", key)
        editor.keep_wanted.connect(self._keep)
        editor.import_wanted.connect(self._import)
        editor.finished.connect(self._on_closed)
        self.editor = editor
        self.draft_line.hide()
        editor.setWindowModality(Qt.WindowModality.WindowModal)
        editor.show()
        return editor

    @Slot()
    def _keep(self) -> None:
        editor = self.editor
        if editor is None:
            return
        title = str(editor.state.editing.get(("scheme", "name")) or "新方案")
        try:
            self._services.drafts.save(
                editor.property("key"), title, {"text": d.write(editor.state.draft)}
            )
        except AppError as error:
            editor.say(error.sentence)

    @Slot()
    def _on_closed(self) -> None:
        self.editor = None
        self._show_draft()

    @Slot()
    def _import(self) -> None:
        from app.ui.pages.scheme_editor_import import TableImportDialog

        if self.editor is not None:
            dialog = TableImportDialog(self._tools, self.editor)
            self.dialog = dialog
            dialog.open()

    # -- coming into force -------------------------------------------------------------------

    @Slot()
    def _apply(self) -> None:
        editor = self.editor
        if editor is not None:
            adoption_id = str(editor.property("key")).partition(":")[2]
            dialog = EffectDialog(
                self._tools, self._services, adoption_id, editor.state.draft, parent=editor
            )
            dialog.applied.connect(self._finish)
            self.dialog = dialog
            dialog.open()

    @Slot()
    def _finish(self) -> None:
        """What was edited is in force: no draft is left."""
        editor = self.editor
        if editor is not None:
            editor.finish()
            self._services.drafts.drop(editor.property("key"))
        self.refresh()
        self._tools.messages.say("方案已改，可以按 Ctrl+Z 撤销。")

    @Slot()
    def _adopt_edited(self) -> None:
        if self.editor is not None:
            self._adopt(self.editor.state.draft)

    @Slot(object)
    def _adopt(self, draft: Raw) -> None:
        dialog = AdoptDialog(
            self._tools,
            self._services,
            draft,
            community_id=self._adoption.community_id,
            parent=self.editor or self.window(),
        )
        dialog.adopted.connect(self._on_adopted)
        self.dialog = dialog
        dialog.open()

    @Slot(str)
    def _on_adopted(self, _adoption_id: str) -> None:
        editor = self.editor
        if editor is not None:
            editor.finish()
            self._services.drafts.drop(editor.property("key"))
        self.refresh()
        self._tools.messages.say("方案已采用。")

    # -- versions ----------------------------------------------------------------------------

    @Slot()
    def show_versions(self) -> None:
        """Versions of the chosen scheme."""
        adoption_id = self._chosen_id()
        if not adoption_id:
            return
        versions = self._services.adopting.versions(adoption_id)
        dialog = VersionsDialog(self._tools, versions, self.window())
        dialog.setProperty("adoption", adoption_id)
        dialog.restore_wanted.connect(self._restore)
        self.dialog = dialog
        dialog.open()

    @Slot(object, str)
    def _restore(self, draft: Raw, reason: str) -> None:
        dialog = EffectDialog(
            self._tools,
            self._services,
            self._chosen_id(),
            draft,
            reason=reason,
            parent=self.window(),
        )
        dialog.applied.connect(self.refresh)
        self.dialog = dialog
        dialog.open()
