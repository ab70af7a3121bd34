"""Field for a person: a few characters, initials or part of the school, then Enter."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal, Slot
from typing_extensions import override

from app.errors import AppError
from app.services.entry.names import Choice
from app.services.observations.records import Named
from app.ui.framework.suggest import SuggestEdit

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import QFocusEvent

    from app.bootstrap import Services
    from app.ui.framework.page import Tools
    from app.ui.framework.suggest import Source

_CHINESE = re.compile(r"[㐀-鿿\U00020000-\U0003ffff]")
_NEW = "新增人员"


class PersonField(SuggestEdit):
    """Knows whom is meant; who is not known yet can be added to the register."""

    resolved = Signal()
    """The user has named another person."""

    def __init__(self, tools: Tools, services: Services) -> None:
        find = services.observations.people
        super().__init__("person", _offers(find, tools.errors.show_error), tools.theme)
        self._tools = tools
        self._services = services
        self._told = ""
        self.setPlaceholderText("姓名或拼音首字母")
        self.picked.connect(self._on_picked)

    @property
    def person(self) -> Named | None:
        """Who is meant; None: nobody, or nobody yet for what is typed."""
        chosen = self.chosen
        if chosen is None or not chosen.id or chosen.text != self.text().strip():
            return None
        return Named(chosen.id, chosen.text, chosen.note)

    @property
    def open_text(self) -> str:
        """What is typed as long as nobody is meant by it."""
        return "" if self.person else self.text().strip()

    @property
    def open_sentence(self) -> str:
        """Why nobody is meant by what is typed, and what to do."""
        typed = self.open_text
        same = sum(one.text == typed for one in self._source(typed) if one.id)
        found = f"有 {same} 位“{typed}”" if same > 1 else f"名单里没有“{typed}”"
        return f"{found}，请从列表里选。"

    def set_person(self, person: Named | None) -> None:
        """Show a person; tells nobody."""
        self.show_choice(Choice(person.id, person.name, person.hint) if person else None)
        self._told = person.id if person else ""

    def take(self) -> bool:
        """Settle who is meant; where that is open the offers are shown. False: still nobody."""
        if self.open_text:
            offered = self.list.isVisible()
            self.settle()
            self._decide(may_add=offered)  # a slip of the pen makes no new person
            if self.person is None and self.hasFocus():
                self._look()
                self.list.step(1)
        return self.person is not None

    def _decide(self, *, may_add: bool) -> None:
        """Whom the text means though nothing was taken from the list: a quick typist left no time."""
        text = self.open_text
        if text and (self.chosen is None or self.chosen.text != text):
            found = self._source(text)
            known = [one for one in found if one.id]
            meant = [one for one in known if one.text == text]
            if not meant and text.isascii() and known:
                meant = [one for one in known if one.text == known[0].text]
            if len(meant) == 1:
                self.show_choice(meant[0])
            elif may_add and found and not known:
                self.show_choice(found[0])
        self._finish(may_add=may_add)

    @Slot()
    def _on_picked(self) -> None:
        self._finish(may_add=True)

    def _finish(self, *, may_add: bool) -> None:
        """Tell of another person; who is to be added is added."""
        chosen = self.chosen
        if self.person is not None and self.person.id != self._told:
            self._told = self.person.id
            self.resolved.emit()
        elif may_add and chosen is not None and chosen.note == _NEW:
            self._add(chosen.text)

    def _add(self, name: str) -> None:
        try:
            self.set_person(self._services.observations.add_person(name))
        except AppError as error:
            self._tools.errors.show_error(error)
            return
        self._tools.messages.say(f"人员名单里新增了“{name}”。")
        self.resolved.emit()

    @override
    def focusOutEvent(self, arg__1: QFocusEvent) -> None:
        super().focusOutEvent(arg__1)
        self._decide(may_add=False)


def _offers(find: Callable[[str], list[Named]], refuse: Callable[[AppError], None]) -> Source:
    """People as the field offers them, at the end to add a name that nobody has."""

    def source(words: str) -> list[Choice]:
        try:
            found = find(words)
        except AppError as error:
            refuse(error)
            return []
        offered = [Choice(one.id, one.name, one.hint) for one in found]
        if _CHINESE.search(words) and all(one.name != words for one in found):
            offered.append(Choice("", words, _NEW))
        return offered

    return source
