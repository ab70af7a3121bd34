"""材料 of an activity: its steps above, below them each slot of the scheme as a place to drop files."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QStandardPaths, Qt, QUrl, Signal, Slot
from PySide6.QtGui import (
    QDesktopServices,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDropEvent,
)
from PySide6.QtWidgets import (
    QApplication,
    QFileDialog,
    QFrame,
    QHBoxLayout,
    QInputDialog,
    QLabel,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from app.errors import AppError
from app.services.evidence.service import Destination
from app.ui.framework import tokens as t
from app.ui.framework.messages import LAST_STEP
from app.ui.framework.theme import set_role, set_style_property
from app.ui.pages.activities_stages import StageBar
from app.ui.pages.materials_adding import Adding
from app.ui.pages.materials_intake import dropped_paths, tell_outcome

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from app.bootstrap import Services
    from app.services.activities.records import Piece, SlotView
    from app.services.evidence.service import IngestReport
    from app.ui.framework.page import Tools
    from app.ui.framework.theme import Theme

_STATES = {
    "there": ("circle-check", "success"),
    "missing": ("circle-alert", "warning"),
    "waived": ("circle-slash", "text_muted"),
    "optional": ("circle", "text_muted"),
    "idle": ("circle", "text_muted"),
    "extra": ("files", "text_muted"),
}


class MaterialsTab(QWidget):
    """The materials of one activity."""

    def __init__(self, tools: Tools, services: Services, adoption_id: str) -> None:
        super().__init__()
        self._tools = tools
        self._services = services
        self._adoption_id = adoption_id
        self._activity_id = ""
        self.cards: list[SlotCard] = []
        self.adding = Adding(self, tools, services, adoption_id)
        self.adding.added.connect(self._on_added)
        self.stages = StageBar(tools, services.activities, adoption_id)
        self.stages.moved.connect(self.reload)
        self.summary = QLabel()
        self.summary.setWordWrap(True)
        set_role(self.summary, "muted")
        body = QWidget()
        body.setObjectName("formBody")
        self._list = QVBoxLayout(body)
        self._list.setContentsMargins(0, 0, t.GAP_SMALL, 0)
        self._list.setSpacing(t.GAP_SMALL)
        self._list.addStretch(1)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(body)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, t.GAP_SMALL, 0, 0)
        column.setSpacing(t.GAP_SMALL)
        column.addWidget(self.stages)
        column.addWidget(self.summary)
        column.addWidget(scroll, 1)

    def show_record(self, record_id: str) -> None:
        """Show the materials of an activity as they are now."""
        self._activity_id = record_id
        self.reload()

    @Slot()
    def reload(self) -> None:
        """Read the slots anew."""
        try:
            slots = self._services.activities.slots(self._activity_id, self._adoption_id)
            self.stages.show_activity(self._activity_id)
        except AppError as error:
            self._tools.errors.show_error(error)
            return
        self.summary.setText(_summary(slots))
        cursor = QApplication.focusWidget()
        here = next((one.slot.key for one in self.cards if cursor and one.isAncestorOf(cursor)), "")
        for old in self.cards:
            self._list.removeWidget(old)
            old.hide()
            old.deleteLater()
        self.cards = []
        for slot in slots:
            card = SlotCard(self._tools.theme, slot)
            card.files_wanted.connect(self.choose)
            card.dropped.connect(self.put)
            card.waive_wanted.connect(self.ask_reason)
            card.unwaive_wanted.connect(self._unwaive)
            card.piece_opened.connect(self._open)
            card.piece_removed.connect(self._take_out)
            self._list.insertWidget(self._list.count() - 1, card)
            self.cards.append(card)
            if here and slot.key == here:  # the cursor stays at its slot
                card.add.setFocus(Qt.FocusReason.OtherFocusReason)

    # -- files -------------------------------------------------------------------------------

    @Slot(str)
    def choose(self, slot: str) -> None:
        """Let the user choose files for a slot."""
        home = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
        last = self._tools.settings.text("materials/last_folder", home)
        chosen, _kind = QFileDialog.getOpenFileNames(self, "放入材料", last)
        if chosen:
            self._tools.settings.set("materials/last_folder", str(Path(chosen[0]).parent))
            self.put(slot, [Path(name) for name in chosen])

    @Slot(str, list)
    def put(self, slot: str, paths: Sequence[Path]) -> None:
        """Take files in as the material of a slot."""
        self.adding.take(paths, Destination(activity_id=self._activity_id, slot=slot))

    @Slot(object)
    def _on_added(self, report: IngestReport) -> None:
        tell_outcome(self._tools.messages, report)
        self.reload()

    @Slot(str)
    def _open(self, evidence_id: str) -> None:
        try:
            path = self._services.evidence.path(evidence_id)
        except AppError as error:
            self._tools.errors.show_error(error)
            return
        if not QDesktopServices.openUrl(QUrl.fromLocalFile(str(path))):
            self._tools.messages.say(f"没有能打开“{path.name}”的程序。")

    @Slot(str)
    def _take_out(self, evidence_id: str) -> None:
        words = "已移出这次活动；文件仍在“材料”里。"
        activities, activity_id = self._services.activities, self._activity_id
        self._do(partial(activities.take_out, activity_id, evidence_id), words)

    # -- 不适用 ------------------------------------------------------------------------------

    @Slot(str)
    def ask_reason(self, slot: str) -> None:
        """Ask why a material need not be there."""
        card = next(card for card in self.cards if card.slot.key == slot)
        reason, agreed = QInputDialog.getText(
            self, f"{card.slot.name}：不适用", f"这次活动为什么不需要“{card.slot.name}”？"
        )
        if agreed:
            self.waive(slot, reason)

    def waive(self, slot: str, reason: str) -> None:
        """Note that a material need not be there."""
        activities = self._services.activities
        self._do(partial(activities.waive, self._activity_id, slot, reason, self._adoption_id))

    @Slot(str)
    def _unwaive(self, slot: str) -> None:
        self._do(partial(self._services.activities.unwaive, self._activity_id, slot))

    def _do(self, act: Callable[[], None], words: str = "") -> None:
        try:
            act()
        except AppError as error:
            self._tools.errors.show_error(error)
            return
        if words:
            self._tools.messages.say(words, topic=LAST_STEP)
        self.reload()


def _summary(slots: Sequence[SlotView]) -> str:
    """What is lacking, in one line."""
    wanted = [slot for slot in slots if slot.state not in ("extra", "optional", "idle")]
    lacking = [slot.name for slot in wanted if slot.state == "missing"]
    if not wanted:
        return "方案没有规定这类活动要留什么材料；可以放在“其他材料”里。"
    if lacking:
        return f"还缺：{'、'.join(lacking)}。把文件拖到下面相应的格子里。"
    return "应有的材料都齐了。"


class SlotCard(QFrame):
    """One slot: its state, what is in it, and a place to drop more."""

    files_wanted = Signal(str)
    dropped = Signal(str, list)
    waive_wanted = Signal(str)
    unwaive_wanted = Signal(str)
    piece_opened = Signal(str)
    piece_removed = Signal(str)

    def __init__(self, theme: Theme, slot: SlotView) -> None:
        super().__init__()
        self.slot = slot
        self._theme = theme
        self.setObjectName("slotCard")
        self.setAcceptDrops(True)
        self.setAccessibleName(f"{slot.name}：{slot.state_name}")
        column = QVBoxLayout(self)
        column.setContentsMargins(t.GAP_SMALL, t.GRID, t.GAP_SMALL, t.GRID)
        column.setSpacing(0)
        column.addLayout(self._head())
        words = f"不适用：{slot.reason}" if slot.reason else slot.demand
        if words:
            note = QLabel(words)
            note.setWordWrap(True)
            set_role(note, "small")
            column.addWidget(note)
        for piece in slot.pieces:
            column.addLayout(self._piece(piece))
        self._highlight(on=False)

    def _head(self) -> QHBoxLayout:
        slot = self.slot
        icon, color = _STATES[slot.state]
        row = QHBoxLayout()
        row.setSpacing(t.GAP_SMALL)
        picture = QLabel()
        picture.setPixmap(self._theme.pixmap(icon, t.ICON, "error" if slot.overdue else color))
        row.addWidget(picture)
        name = QLabel(slot.name)
        set_role(name, "heading")
        row.addWidget(name)
        count = f" {slot.have}/{slot.need}" if slot.need > 1 and slot.state == "missing" else ""
        self.state = QLabel(f"{slot.state_name}{count}")
        set_role(self.state, "muted")
        row.addWidget(self.state)
        row.addStretch(1)
        if slot.state == "waived":
            row.addWidget(self._link("仍要交", self._unwaive))
        elif slot.waivable and not slot.pieces:
            row.addWidget(self._link("不适用…", self._waive))
        self.add = self._link("放入…", self._choose)
        self.add.setAccessibleName(f"放入{slot.name}")
        row.addWidget(self.add)
        return row

    def _link(self, words: str, slot: Callable[[], None]) -> QPushButton:
        button = QPushButton(words)
        set_role(button, "link")
        button.clicked.connect(slot)
        return button

    @Slot()
    def _choose(self) -> None:
        self.files_wanted.emit(self.slot.key)

    @Slot()
    def _waive(self) -> None:
        self.waive_wanted.emit(self.slot.key)

    @Slot()
    def _unwaive(self) -> None:
        self.unwaive_wanted.emit(self.slot.key)

    def _piece(self, piece: Piece) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(t.GRID)
        title = QPushButton(self._theme.icon("file"), piece.title)
        title.setToolTip(f"打开“{piece.title}”")
        title.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        set_role(title, "link")
        title.setProperty("evidence", piece.evidence_id)
        title.clicked.connect(self._open)
        away = QToolButton()
        away.setIcon(self._theme.icon("x", "text_muted"))
        away.setToolTip("移出这次活动（文件仍保留）")
        away.setAccessibleName(f"移出{piece.title}")
        set_role(away, "plain")
        away.setProperty("evidence", piece.evidence_id)
        away.clicked.connect(self._remove)
        row.addWidget(title, 1)
        row.addWidget(away)
        return row

    @Slot()
    def _open(self) -> None:
        self.piece_opened.emit(self._clicked())

    @Slot()
    def _remove(self) -> None:
        self.piece_removed.emit(self._clicked())

    def _clicked(self) -> str:
        """Id of the piece whose button was pressed."""
        sender = self.sender()
        return "" if sender is None else str(sender.property("evidence"))

    # -- dropping ----------------------------------------------------------------------------

    @override
    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if dropped_paths(event.mimeData()):
            event.acceptProposedAction()
            self._highlight(on=True)

    @override
    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        self._highlight(on=False)

    @override
    def dropEvent(self, event: QDropEvent) -> None:
        self._highlight(on=False)
        event.acceptProposedAction()
        self.dropped.emit(self.slot.key, dropped_paths(event.mimeData()))

    def _highlight(self, *, on: bool) -> None:
        set_style_property(self, "drop", "true" if on else "false")
        c = self._theme.tokens
        ground, edge = (c.accent_soft, c.accent) if on else (c.surface, c.border)
        style = "dashed" if self.slot.state in ("missing", "optional", "idle", "extra") else "solid"
        self.setStyleSheet(
            f"QFrame#slotCard {{ background: {ground}; border: 1px {style} "
            f"{c.border_control if style == 'dashed' and not on else edge}; "
            f"border-radius: {t.RADIUS}px; }}"
        )
