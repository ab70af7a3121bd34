"""The window: header, navigation, pages made when first shown, notices, status."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QByteArray, Qt, QUrl, Signal, Slot
from PySide6.QtGui import QCloseEvent, QDesktopServices, QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QAbstractButton,
    QGridLayout,
    QHBoxLayout,
    QMainWindow,
    QMessageBox,
    QPushButton,
    QStackedWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from app import __version__
from app.context import local_now
from app.ui.framework import tokens as t
from app.ui.framework.header import SEARCH_KEYS, Header
from app.ui.framework.jobs import Job, JobHandle
from app.ui.framework.keys import KeyList
from app.ui.framework.messages import LAST_STEP, MessageBar
from app.ui.framework.navigation import Navigation
from app.ui.framework.screens import room_at
from app.ui.framework.status import StatusRow
from app.ui.menus import Menus

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime
    from pathlib import Path

    from app.progress import Progress
    from app.services.unit_of_work import Changes
    from app.ui.framework.page import Page, PageSpec, Tools
    from app.ui.shell import OpenArchive


class MainWindow(QMainWindow):
    """The shell around the pages. What it cannot do itself it asks for by signals."""

    new_wanted = Signal()
    open_wanted = Signal()
    recent_wanted = Signal(str)
    backup_wanted = Signal()
    close_wanted = Signal()
    adoptions_changed = Signal()
    """A school year or community came into being or is gone: other pages are to be put up."""
    committed = Signal(object)
    """Changes of a committed transaction; may be emitted from any thread (``uow.subscribe``)."""

    def __init__(
        self,
        tools: Tools,
        log_folder: Path | None = None,
        clock: Callable[[], datetime] = local_now,
    ) -> None:
        super().__init__()
        self.tools = tools
        self._log_folder = log_folder
        self._clock = clock
        self._archive: OpenArchive | None = None
        self._specs: list[PageSpec] = []
        self._pages: dict[str, Page] = {}
        self._stale: set[str] = set()
        self._current = ""
        self._shortcuts: list[QShortcut] = []
        self.setWindowTitle("研档")
        self.setMinimumSize(*t.WINDOW_MINIMUM)
        self._build()
        self._connect()
        self._restore_geometry()

    def _build(self) -> None:
        theme = self.tools.theme
        self.menus = Menus(theme, self.menuBar())
        self.header = Header(theme, self.menus.undo, self.menus.redo)
        self.navigation = Navigation(theme)
        self.stack = QStackedWidget()
        self.stack.setObjectName("pages")
        self.notices = MessageBar(theme, self.tools.messages)
        self.status = StatusRow(theme, self.tools.jobs)
        # Notices lie over the foot of the page: what is under the mouse stays where it is. They
        # keep to the left, where the lists are: the buttons of a page stand at its right.
        middle = QGridLayout()
        middle.addWidget(self.stack, 0, 0, 1, 2)
        middle.addWidget(self.notices, 0, 0, Qt.AlignmentFlag.AlignBottom)
        middle.setColumnStretch(0, 2)
        middle.setColumnStretch(1, 3)
        middle.setHorizontalSpacing(0)
        self.notices.raise_()
        body = QHBoxLayout()
        body.setSpacing(0)
        body.addWidget(self.navigation)
        body.addLayout(middle, 1)
        central = QWidget()
        column = QVBoxLayout(central)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.header)
        column.addLayout(body, 1)
        column.addWidget(self.status)
        self.setCentralWidget(central)
        self._show_shell(shown=False)

    def _connect(self) -> None:
        menus = self.menus
        menus.connect_all(
            {
                menus.new: self.new_wanted.emit,
                menus.open: self.open_wanted.emit,
                menus.backup: self.backup_wanted.emit,
                menus.close: self.close_wanted.emit,
                menus.quit: self.close,
                menus.undo: self.undo,
                menus.redo: self.redo,
                menus.page_help: self.show_page_help,
                menus.keys: self.show_keys,
                menus.log: self._open_log,
                menus.about: self._show_about,
            }
        )
        menus.log.setVisible(self._log_folder is not None)
        menus.recent_picked.connect(self.recent_wanted)
        menus.set_recent(self.tools.settings.texts("recent"))
        self.navigation.picked.connect(self.show_page)
        self.committed.connect(self._on_committed, Qt.ConnectionType.QueuedConnection)
        dark = self.header.gear.menu().addAction("深色界面")
        dark.setCheckable(True)
        dark.setChecked(self.tools.settings.text("theme") == "dark")
        dark.toggled.connect(self._choose_theme)

    # -- archive -----------------------------------------------------------------------------

    def show_archive(
        self, archive: OpenArchive, specs: Sequence[PageSpec], first: str = ""
    ) -> None:
        """Show an open archive with these pages; what was shown before is taken away."""
        self._clear()
        self._archive = archive
        self._specs = list(specs)
        self.setWindowTitle(f"{archive.name} — 研档")
        self._remember_recent(archive.path)
        self.navigation.set_pages(specs)
        for number, spec in enumerate(specs[:9], start=1):
            shortcut = QShortcut(QKeySequence(f"Alt+{number}"), self)
            shortcut.setProperty("page", spec.key)
            shortcut.activated.connect(self._on_number)
            self._shortcuts.append(shortcut)
        self._show_shell(shown=True)
        self._update_history()
        keys = [spec.key for spec in specs]
        last = first or self.tools.settings.text("window/page")
        self.show_page(last if last in keys else keys[0])

    def show_welcome(self, page: Page) -> None:
        """Show the page for choosing an archive; none is open."""
        self._clear()
        self.setWindowTitle("研档")
        self._pages = {"": page}
        self._current = ""
        self.stack.addWidget(page)
        self.stack.setCurrentWidget(page)
        self._show_shell(shown=False)
        self._update_history()

    def _clear(self) -> None:
        for page in self._pages.values():
            self.stack.removeWidget(page)
            page.deleteLater()
        for shortcut in self._shortcuts:
            shortcut.deleteLater()
        self._pages, self._shortcuts, self._stale = {}, [], set()
        self._specs, self._archive, self._current = [], None, ""
        self.notices.clear()
        for scope in (self.header.community, self.header.year):
            scope.set_choices([], None)
        self.status.set_saved(None)
        self.status.set_backup("")

    def _show_shell(self, *, shown: bool) -> None:
        self.navigation.setVisible(shown)
        self.header.setVisible(shown)
        for action in (self.menus.backup, self.menus.close, self.menus.trash):
            action.setEnabled(shown)

    def _remember_recent(self, path: Path) -> None:
        settings = self.tools.settings
        recent = [str(path), *(p for p in settings.texts("recent") if p != str(path))][:8]
        settings.set("recent", recent)
        settings.save()
        self.menus.set_recent(recent)

    # -- pages -------------------------------------------------------------------------------

    @property
    def page(self) -> Page | None:
        """The page in front."""
        return self._pages.get(self._current)

    @Slot(str)
    def show_page(self, key: str) -> None:
        """Bring a page to the front; it is made when it is first asked for."""
        before = self.page
        if before is not None and key != self._current and not before.can_leave():
            self.navigation.show_current(self._current)
            return
        if key != self._current:
            self.notices.turn_page()
        if key not in self._pages:
            page = next(spec for spec in self._specs if spec.key == key).make()
            self._pages[key] = page
            self.stack.addWidget(page)
            self._stale.add(key)
        self._current = key
        page = self._pages[key]
        self.stack.setCurrentWidget(page)
        self.navigation.show_current(key)
        self.tools.settings.set("window/page", key)
        if key in self._stale:
            self._stale.discard(key)
            page.refresh(None)
        page.activated()
        if not self.navigation.has_focus():
            page.take_focus()

    @Slot()
    def _on_number(self) -> None:
        sender = self.sender()
        if sender is not None:
            self.show_page(sender.property("page"))

    @Slot(object)
    def _on_committed(self, changes: Changes) -> None:
        """Records changed: the page in front shows it at once, the others when they come there."""
        if self._archive is None:
            return
        self.status.set_saved(self._clock())
        self._update_history()
        if changes.touches("scheme_adoption"):
            self.adoptions_changed.emit()
            return
        self._stale.update(key for key in self._pages if key != self._current)
        if self.page is not None:
            self.page.refresh(changes)

    # -- undo --------------------------------------------------------------------------------

    @Slot()
    def undo(self) -> None:
        """Take back the last action."""
        if self._archive is not None:
            self._replay("撤销", self._archive.history.undo)

    @Slot()
    def redo(self) -> None:
        """Do again what was taken back last."""
        if self._archive is not None:
            self._replay("重做", self._archive.history.redo)

    def _replay(self, word: str, act: Callable[[], str]) -> None:
        def work(_progress: Progress) -> str:
            return act()

        def done(name: str) -> None:
            self.tools.messages.say(f"已{word}“{name}”。", topic=LAST_STEP)

        self.tools.jobs.start(Job(word, work, done, owner=self, quiet=True))

    def _update_history(self) -> None:
        history = self._archive.history if self._archive else None
        self.menus.set_history(
            history.undo_label() if history else None, history.redo_label() if history else None
        )

    # -- help --------------------------------------------------------------------------------

    @Slot()
    def show_page_help(self) -> None:
        """Explain the page in front."""
        page = self.page
        if page is not None and page.help_text:
            self._tell(page.title.text(), page.help_text)

    @Slot()
    def show_keys(self) -> None:
        """List the shortcuts of the window and of the page in front."""
        common = [
            (action.shortcut().toString(), action.text().replace("&", "").rstrip("…"))
            for action in self.menus.all
            if not action.shortcut().isEmpty()
        ]
        common.append((SEARCH_KEYS, "搜索"))
        numbers = [(f"Alt+{n}", spec.title) for n, spec in enumerate(self._specs[:9], start=1)]
        here = list(self.page.keys) if self.page else []
        KeyList({"本页": here, "页面": numbers, "全局": common}, self).open()

    @Slot()
    def _show_about(self) -> None:
        self._tell(
            "关于研档",
            f"研档 {__version__}\n教学研究共同体的档案。\n\n"
            "以 Apache-2.0 许可发布；图标来自 Lucide（ISC），字体为思源黑体、思源宋体（OFL），"
            "界面使用 Qt（LGPL）。",
        )

    def _tell(self, title: str, text: str) -> None:
        box = QMessageBox(self)
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        box.setWindowTitle(title)
        box.setText(text)
        box.open()

    @Slot()
    def _open_log(self) -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._log_folder)))

    @Slot(bool)
    def _choose_theme(self, dark: bool) -> None:
        self.tools.settings.set("theme", "dark" if dark else "light")
        self.tools.settings.save()
        self.tools.messages.say(f"下次启动时换成{'深' if dark else '浅'}色界面。")

    # -- window ------------------------------------------------------------------------------

    def _restore_geometry(self) -> None:
        saved = self.tools.settings.text("window/geometry")
        if not saved or not self.restoreGeometry(QByteArray.fromBase64(saved.encode())):
            room = room_at(self.pos()).size()  # the frame and a rim around it stay free
            self.resize(min(1440, room.width() - 40), min(900, room.height() - 60))

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter presses the button under the cursor, as people expect; Qt itself knows only Space."""
        button = self.focusWidget()
        enter = event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}
        if not enter or event.isAutoRepeat() or not isinstance(button, QAbstractButton):
            super().keyPressEvent(event)
        elif isinstance(button, QPushButton | QToolButton) and button.menu() is not None:
            button.showMenu()
        else:
            button.click()

    @override
    def closeEvent(self, event: QCloseEvent) -> None:
        if self.page is not None and not self.page.can_leave():
            event.ignore()
            return
        active = self.tools.jobs.active
        if active and not self._may_stop(active):
            event.ignore()
            return
        settings = self.tools.settings
        settings.set("window/geometry", self.saveGeometry().toBase64().toStdString())
        settings.save()
        event.accept()

    def _may_stop(self, active: Sequence[JobHandle]) -> bool:
        box = QMessageBox(self)
        box.setWindowTitle("还有任务在进行")
        names = "、".join(handle.label for handle in active)
        box.setText(f"{names}还没有做完。")
        box.setInformativeText("现在退出会取消它们；已经完成的部分会保留，之后可以重新做。")
        stop = box.addButton("取消任务并退出", QMessageBox.ButtonRole.DestructiveRole)
        stay = box.addButton("等它做完", QMessageBox.ButtonRole.RejectRole)
        box.setDefaultButton(stay)
        box.exec()
        return box.clickedButton() is stop
