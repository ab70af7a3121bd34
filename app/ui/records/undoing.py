"""Saying what was done, with a button that takes it back as long as it was the last step."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.ui.framework.jobs import Job
from app.ui.framework.messages import LAST_STEP, Message

if TYPE_CHECKING:
    from PySide6.QtCore import QObject

    from app.bootstrap import Services
    from app.ui.framework.page import Tools


def say_undoable(owner: QObject, tools: Tools, services: Services, text: str) -> None:
    """Say it; 撤销 after later changes says that they come first."""
    history = services.history
    step = history.undo_step()

    def undo() -> None:
        if history.undo_step() != step:
            hint = "请用 Ctrl+Z 一步一步撤销。"
            tools.messages.post(Message("之后又做了别的修改。", hint, "warning"))
            return
        tools.jobs.start(Job("撤销", lambda _progress: history.undo(), owner=owner, quiet=True))

    tools.messages.say(text, action_text="撤销", action=undo, topic=LAST_STEP)
