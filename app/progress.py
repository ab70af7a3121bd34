"""How long work tells its caller how far it is, and learns that it should stop."""

from __future__ import annotations

from typing import Protocol

from app.errors import CancelledError


class Progress(Protocol):
    """What a long use case takes; the window, a terminal or a test stands behind it."""

    def report(self, done: int, total: int, text: str = "") -> None:
        """Tell how far the work is (``total`` 0: not known yet).

        Raises CancelledError when the user asked to stop; callers let it pass through.
        """
        ...


class NoProgress:
    """Progress nobody watches."""

    def report(self, done: int, total: int, text: str = "") -> None:
        """Do nothing."""


class CancelFlag:
    """A progress that only knows whether it was cancelled; base of the real ones."""

    def __init__(self) -> None:
        self.cancelled = False

    def cancel(self) -> None:
        """Ask the work to stop at its next report."""
        self.cancelled = True

    def report(self, done: int, total: int, text: str = "") -> None:
        """Raise CancelledError if the work was cancelled meanwhile."""
        if self.cancelled:
            raise CancelledError
