"""Entering observations one after the other: what stays for the next, saving, and the draft."""

from __future__ import annotations

from dataclasses import fields
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from app.errors import AppError
from app.services.observations.records import Entry, EntryError, ReasonNeededError
from app.ui.framework.jobs import Job
from app.ui.pages.observations_head import STICKY, text_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.bootstrap import Services
    from app.services.drafts import DraftView
    from app.services.observations.records import ObservationDetail
    from app.ui.framework.page import Tools
    from app.ui.pages.observations_editor import Editor

FORM = "observation"
_PAUSE_MS = 1000
_KEPT = (*STICKY, "teacher", "observer", "activity", "rubric")
_OF_LESSON = (*_KEPT, "period", "title")


class EntryDesk(QObject):
    """Fills the editor, saves what is in it, and keeps a draft of what is not saved yet."""

    saved = Signal(str)
    """Id of the record that was saved."""
    shown = Signal()
    """Another record, or a new one, is in the editor."""
    drafts_changed = Signal()

    def __init__(self, tools: Tools, services: Services, editor: Editor) -> None:
        super().__init__(editor)
        self._tools = tools
        self._services = services
        self._editor = editor
        self.record: ObservationDetail | None = None
        self.dirty = False
        self.last = ""
        """Id of the record saved last."""
        self.key = services.drafts.new_key(FORM)
        self._kept = False
        self._pause = QTimer(self, singleShot=True, interval=_PAUSE_MS)
        self._pause.timeout.connect(self.keep_draft)
        editor.changed.connect(self._on_changed)
        editor.scores.preset_wanted.connect(self._take_preset)

    # -- what is in the editor ---------------------------------------------------------------

    def begin(self, content: dict[str, Any] | None = None) -> None:
        """A new record; without ``content`` with today and the usual observer."""
        observations = self._services.observations
        if content is None:
            who = observations.usual_observer()
            content = {
                "day": observations.today().isoformat(),
                "observer": [who.id, who.name, who.hint] if who else "",
                "rubric": self._editor.content()["rubric"],
                "hours": "1",
            }
        self._load(None, content)
        self._editor.head.go_to_first_empty()

    def show(self, observation_id: str) -> None:
        """Show a record that is there."""
        try:
            record = self._services.observations.get(observation_id)
        except AppError as error:
            self._tools.errors.show_error(error)
            return
        self._load(record, _content_of(record))

    def reload(self) -> None:
        """The archive changed: show the record as it is now, unless it is being changed here."""
        self._editor.head.forget_offers()
        if self.record is None or self.dirty:
            return
        try:
            record = self._services.observations.get(self.record.id)
        except AppError:
            self.begin()  # it was deleted
            return
        if record != self.record:
            self._load(record, _content_of(record))

    def _load(self, record: ObservationDetail | None, content: dict[str, Any]) -> None:
        self._pause.stop()
        self.record, self.dirty, self._kept = record, False, False
        self.key = (
            f"{FORM}:{record.id}" if record is not None else self._services.drafts.new_key(FORM)
        )
        self._editor.set_content(content)
        self._say_state()
        self.shown.emit()

    def _say_state(self) -> None:
        record = self.record
        words = "新记录" if record is None else f"这节课共 {record.fellows + 1} 人听课"
        if record is not None and not record.fellows:
            words = ""
        if self.dirty:
            words = f"{words}　未保存".strip()
        self._editor.say(words)

    @Slot()
    def _on_changed(self) -> None:
        self.dirty = True
        self._pause.start()
        self._say_state()

    @Slot(str)
    def _take_preset(self, key: str) -> None:
        """A shipped rubric is chosen: it is the archive's from now on."""
        try:
            taken = self._services.rubrics.take_preset(key)
        except AppError as error:
            self._tools.errors.show_error(error)
            return
        self._editor.set_rubrics()
        self._editor.scores.set_rubric(taken.id)
        self._on_changed()

    # -- saving ------------------------------------------------------------------------------

    def save(self) -> bool:
        """Save what is in the editor; False if something is wrong, which is said where it is."""
        if not self.dirty and self.record is not None:
            self.last = self.record.id
            return True
        entry = self._editor.entry()
        if entry is None:
            return False
        try:
            saved = self._write(entry)
        except EntryError as error:
            self._editor.show_errors(error.fields)
            return False
        except ReasonNeededError as error:
            self._editor.show_doubts([doubt.text for doubt in error.doubts])
            return False
        except AppError as error:
            self._tools.errors.show_error(error)
            return False
        self._forget_draft()
        self.dirty, self.last = False, saved
        if self.record is not None:
            self.record = self._services.observations.get(saved)
            self._say_state()
        self.saved.emit(saved)
        return True

    def _write(self, entry: Entry) -> str:
        observations = self._services.observations
        if self.record is None:
            return observations.create(entry)
        before = self.record.entry
        names = [field.name for field in fields(Entry) if field.name != "school_id"]
        changed = {
            name: getattr(entry, name)
            for name in names
            if getattr(entry, name) != getattr(before, name)
        }
        observations.change(self.record.id, **changed)
        return self.record.id

    @Slot()
    def save_and_stay(self) -> None:
        """Save; the record stays in the editor."""
        if self.save():
            self.show(self.last)
            self._editor.say(f"{self._editor.state.text()}　已保存".strip())

    @Slot()
    def save_and_next(self) -> None:
        """Save, then a new record of the next lesson: day, teacher, class and the like are kept."""
        content = self._editor.content()
        if not self.save():
            return
        now = self._editor.content() | {"period": content["period"]}
        kept = {name: now[name] for name in _KEPT}
        self.begin(kept | {"period": self._services.observations.next_period(now["period"])})

    @Slot()
    def next_observer(self) -> None:
        """Save, then a new record of the same lesson by somebody else."""
        if not self.save():
            return
        now = self._editor.content()
        self.begin({name: now[name] for name in _OF_LESSON} | {"observer": "", "hours": "1"})
        self._editor.head.go_to("observer")

    # -- draft -------------------------------------------------------------------------------

    @Slot()
    def keep_draft(self) -> None:
        """Keep what is typed and not saved yet, so that a crash does not cost it."""
        if self.dirty:
            save = self._draft_saver()
            self._tools.jobs.start(
                Job("保存草稿", lambda _progress: save(), owner=self, quiet=True)
            )

    def leave(self) -> None:
        """Keep the draft before anything else happens: the archive may be closed next."""
        if self.dirty and self._tools.jobs.active:
            self.keep_draft()  # what runs holds the database; the archive stays open as long
        elif self.dirty:
            try:
                self._draft_saver()()
            except AppError as error:
                self._tools.errors.show_error(error)

    def _draft_saver(self) -> Callable[[], None]:
        self._pause.stop()
        self._kept = True
        content = self._editor.content()
        if self.record is not None:
            content["id"] = self.record.id
        return partial(self._services.drafts.save, self.key, self._title(), content)

    def _title(self) -> str:
        head = self._editor.head
        person = head.people["teacher"]
        words = (
            person.text().strip(),
            text_of(head.rows["day"].editor),
            text_of(head.rows["title"].editor),
        )
        return " ".join(filter(None, words)) or "未写授课教师"

    def _forget_draft(self) -> None:
        self._pause.stop()
        if self._kept:
            key = self.key
            self._kept = False
            self._tools.jobs.start(
                Job(
                    "放弃草稿", lambda _progress: self._services.drafts.drop(key),
                    lambda _none: self.drafts_changed.emit(), owner=self, quiet=True,
                )
            )  # fmt: skip

    def waiting(self) -> list[DraftView]:
        """Drafts that are not in the editor, the newest first."""
        return [one for one in self._services.drafts.all(FORM) if one.key != self.key]

    def resume(self, draft: DraftView) -> None:
        """Go on with a draft."""
        self.keep_draft()
        record = None
        if "id" in draft.content:
            try:
                record = self._services.observations.get(draft.content["id"])
            except AppError:
                record = None  # deleted meanwhile: what was typed becomes a new record
        self._load(record, draft.content)
        self.key, self._kept, self.dirty = draft.key, True, True
        self._say_state()
        self._editor.head.go_to_first_empty()
        self.drafts_changed.emit()

    def give_up(self, draft: DraftView) -> None:
        """Forget a draft."""
        try:
            self._services.drafts.drop(draft.key)
        except AppError as error:
            self._tools.errors.show_error(error)
        self.drafts_changed.emit()


def _content_of(record: ObservationDetail) -> dict[str, Any]:
    """A record as the editor takes it."""
    entry = record.entry
    texts = (
        "period", "class_name", "subject", "title", "lesson_kind", "form", "year_group",
        "strengths", "advice", "overall", "reason",
    )  # fmt: skip
    teacher, observer = record.teacher, record.observer
    figures = {key: f"{points:g}" for key, points in entry.points.items()}
    if entry.score is not None:
        figures["score"] = f"{entry.score:g}"
    return {
        **{name: getattr(entry, name) for name in texts},
        "day": entry.day.isoformat() if entry.day else "",
        "hours": str(entry.hours),
        "teacher": [teacher.id, teacher.name, teacher.hint],
        "observer": [observer.id, observer.name, observer.hint],
        "activity": [entry.activity_id or "", record.activity],
        "steps": [[step.minute, step.process, step.comment] for step in entry.steps],
        "rubric": entry.rubric_id or "",
        "figures": figures | {"grade": entry.grade},
    }
