"""What the window asks of an open archive; the composition root's services fit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from pathlib import Path


class History(Protocol):
    """Undo and redo of the last actions."""

    def undo_label(self) -> str | None:
        """Name of the action that undo would take back; None when there is none."""
        ...

    def redo_label(self) -> str | None:
        """Name of the action that redo would do again; None when there is none."""
        ...

    def undo(self) -> str:
        """Take back the last action; returns its name."""
        ...

    def redo(self) -> str:
        """Do the last undone action again; returns its name."""
        ...


class OpenArchive(Protocol):
    """The archive that the window shows."""

    @property
    def path(self) -> Path:
        """Its folder."""
        ...

    @property
    def name(self) -> str:
        """What it is called in the title bar."""
        ...

    @property
    def history(self) -> History:
        """Undo and redo."""
        ...
