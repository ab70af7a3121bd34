"""What the parts of the scheme editor share: the draft, what is wrong with it, and the tools."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from app.services.schemes import draft as d
from app.services.schemes.editing import Editing
from app.services.schemes.telling import trail, troubles

if TYPE_CHECKING:
    from app.services.schemes.draft import Place, Raw
    from app.services.schemes.telling import Trouble
    from app.ui.framework.page import Tools

_CHECK_AFTER_MS = 250


class EditorState(QObject):
    """The draft that is edited. Views write through it and draw anew when it says so."""

    changed = Signal(object)
    """A value at this place changed; forms and tables keep their shape."""
    reshaped = Signal(object)
    """Entries came, went or moved at this place, or another way of writing was chosen."""
    redraw = Signal(object)
    """Only the look of the form at this place changed."""
    said = Signal(str)
    """A word on what was just done."""
    checked = Signal()
    """It is known anew what is wrong."""

    def __init__(self, tools: Tools, draft: Raw, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.tools = tools
        self.editing = Editing(draft)
        self.troubles: list[Trouble] = []
        self.expanded: set[Place] = set()
        """Parts whose seldom needed fields are shown."""
        self.ways: dict[Place, int] = {}
        """Way of writing that was chosen for a part in which nothing is written yet."""
        self._held: dict[Place, dict[str, Any]] = {}
        self._pause = QTimer(self, singleShot=True, interval=_CHECK_AFTER_MS)
        self._pause.timeout.connect(self.check)
        self.changed.connect(self._later)
        self.reshaped.connect(self._later)

    @property
    def draft(self) -> Raw:
        """The draft as it is now."""
        return self.editing.draft

    def set(self, place: Place, value: Any) -> None:
        """Write a value as a step of its own."""
        if self.editing.set(place, value):
            self.changed.emit(place)

    def reshape(self, place: Place, value: Any) -> None:
        """Write a part or list that looks different in the window."""
        self.editing.replace(place, value)
        self.reshaped.emit(place)

    def remembered(self, place: Place, value: dict[str, Any]) -> dict[str, Any]:
        """All that was written in a part in any way: arrow keys pass by ways that are not meant."""
        self._held.setdefault(place, {}).update(value)
        return self._held[place]

    @Slot()
    def check(self) -> None:
        """Look for errors now (a few milliseconds: it needs no job)."""
        self._pause.stop()
        self.troubles = troubles(self.draft, d.errors(self.draft))
        self.checked.emit()

    def told_deleted(self, left: list[Place]) -> None:
        """Say where what was just deleted is still named."""
        if left:
            said = "；".join(" › ".join(trail(self.draft, place)) for place in left[:3])
            more = f" 等 {len(left)} 处" if len(left) > 3 else ""
            self.said.emit(f"已删除。它还用在：{said}{more}。请改那里，或按 Ctrl+Z 撤销。")
        else:
            self.said.emit("已删除，可以按 Ctrl+Z 撤销。")

    @property
    def pending(self) -> bool:
        """Whether the last change has not been looked at yet."""
        return self._pause.isActive()

    def wrong_below(self, place: Place) -> list[Trouble]:
        """What is wrong at a place or within it."""
        return [one for one in self.troubles if one.place[: len(place)] == place]

    def wrong_at(self, place: Place) -> str:
        """What is wrong with one value."""
        return " ".join(one.text for one in self.troubles if one.place == place)

    @Slot()
    def _later(self) -> None:
        self._pause.start()
