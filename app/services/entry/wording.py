"""The history of a record in words: 王芳 把 课题 由“秋天”改为“秋天的雨”."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from app.models import Base, Batch, Entry, Observation, ObservationScore, ObservationStep, Record
from app.services.adoption import newest_scheme
from app.services.entry.names import MODELS, names_of
from app.services.entry.sheets import sheets
from app.services.entry.values import mask, shown
from app.services.entry.vocabulary import choices

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from sqlalchemy.orm import Session

    from app.services.entry.fields import Field, Sheet
    from app.services.schemes.schema import Scheme
    from app.services.unit_of_work import UnitOfWork

_MOST_LETTERS = 60
_OTHER_LABELS: Mapping[str, Mapping[str, str]] = {
    "evidence": {
        "title": "题名", "author": "责任者", "dated_on": "日期", "doc_no": "文号", "pages": "页数",
        "sealed": "已盖章", "note": "备注", "retention": "保管期限", "secrecy": "密级",
    },
    "observation_step": {"minute": "时间", "process": "教学过程", "comment": "评析"},
    "observation_score": {"points": "得分"},
    "person_subject": {"subject": "学科"},
    "evidence_link": {"slot": "应有材料"},
}  # fmt: skip
_OTHER_NAMES = {
    "evidence": "材料", "observation_step": "听课过程", "observation_score": "分项得分",
    "person_subject": "任教学科", "evidence_link": "材料的归属", "rubric": "评价量表",
    "rubric_item": "量表项目", "rubric_grade": "等级线", "box": "档案盒", "setting": "设置",
}  # fmt: skip
_SAYING = {"person_subject": "subject", "observation_step": "process"}
_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Told:
    """One line of a record's history."""

    at: datetime
    actor: str
    action: str
    """Name of the step that it was part of."""
    text: str
    """What was done, in words."""

    @property
    def sentence(self) -> str:
        """The whole line: 3月2日 08:15 王芳 把 课题 由…."""
        at = self.at.astimezone()
        return f"{at.year}年{at.month}月{at.day}日 {at:%H:%M} {self.actor} {self.text}"


class Histories:
    """Tells what happened to records, from the journal."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._uow = uow

    def of_record(self, kind: str, record_id: str, limit: int = 200) -> list[Told]:
        """Changes of a record and of its parts, newest first."""
        with self._uow.read() as session:
            ids = [record_id, *_parts(session, kind, record_id)][:_AT_ONCE]
            query = (
                select(Batch.at, Batch.actor, Batch.action, Batch.kind, Entry)
                .join(Batch, Batch.seq == Entry.batch_seq)
                .where(Entry.record_id.in_(ids))
                .order_by(Entry.batch_seq.desc(), Entry.ordinal)
                .limit(limit)
            )
            writer = Writer(session)
            told = []
            for at, actor, action, how, entry in session.execute(query):
                text = writer.tell(entry, main=entry.record_id == record_id)
                if text:
                    undone = {"undo": "（撤销）", "redo": "（重做）"}.get(how, "")
                    told.append(Told(at, actor, action, undone + text))
            return told


def _parts(session: Session, kind: str, record_id: str) -> list[str]:
    """Ids of what belongs to a record: lines of its part sheets, and what only its page shows."""
    described = sheets().get(kind)
    pairs: list[tuple[type[Record], Any]] = []
    sheets_of_parts = [sheets()[part] for part in (described.parts if described else ())]
    pairs += [
        (one.model, getattr(one.model, one.parent)) for one in sheets_of_parts if one.owner == kind
    ]
    words = [one.part for one in (described.fields if described else ()) if one.part is not None]
    pairs += [(model, getattr(model, owner)) for model, owner, _word in words]
    if kind == "observation":
        pairs += [
            (ObservationStep, ObservationStep.observation_id),
            (ObservationScore, ObservationScore.observation_id),
        ]
    found = [
        part_id
        for model, owner in pairs
        for part_id in session.scalars(select(model.id).where(owner == record_id))
    ]
    if kind == "observation":
        lesson = session.scalar(select(Observation.lesson_id).where(Observation.id == record_id))
        found += [lesson] if lesson else []
    return found


class Writer:
    """Puts journal entries into words; keeps the names that it looked up."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._scheme: Scheme | None = newest_scheme(session)
        self._names: dict[str, str] = {}

    def tell(self, entry: Entry, *, main: bool) -> str:
        """What one entry did; empty when it changed nothing that users see."""
        before, after = json.loads(entry.before or "{}"), json.loads(entry.after or "{}")
        name = self.name_of(entry.kind)
        match entry.op:
            case "insert":
                title = self.title(entry.kind, after)
                return (
                    f"登记了这{self._counter(entry.kind)}{name}" if main else f"加入{name}“{title}”"
                )
            case "delete":
                title = self.title(entry.kind, before)
                return (
                    f"删除了这{self._counter(entry.kind)}{name}" if main else f"删除{name}“{title}”"
                )
        said = [
            self._change(entry.kind, column, before.get(column), value)
            for column, value in sorted(after.items(), key=self._place(entry.kind))
        ]
        text = "，".join(filter(None, said))
        return text if main or not text else f"{name}“{self._title_now(entry)}”：{text}"

    @staticmethod
    def name_of(kind: str) -> str:
        """What a kind of record is called."""
        found = sheets().get(kind)
        return found.name if found else _OTHER_NAMES.get(kind, "记录")

    @staticmethod
    def _counter(kind: str) -> str:
        found = sheets().get(kind)
        return found.counter if found else "份"

    def title(self, kind: str, values: Mapping[str, Any]) -> str:
        """What a record was called when it had these values."""
        described = sheets().get(kind)
        column = described.title if described else _SAYING.get(kind, "title")
        if kind == "observation":
            column = "lesson_id"
        return self.value(kind, column, values.get(column))

    def _title_now(self, entry: Entry) -> str:
        table = Base.metadata.tables[entry.kind]
        row = self._session.execute(
            select(table).where(table.c.id == entry.record_id)
        ).mappings().first()  # fmt: skip
        return self.title(entry.kind, dict(row)) if row else ""

    def _change(self, kind: str, column: str, old: Any, new: Any) -> str:
        label = self._label(kind, column)
        before, after = self.value(kind, column, old), self.value(kind, column, new)
        if not label or before == after:
            return ""
        if not before:
            return f"填写 {label}“{after}”"
        if not after:
            return f"清空 {label}（原为“{before}”）"
        return f"把 {label} 由“{before}”改为“{after}”"

    @staticmethod
    def _place(kind: str) -> Callable[[tuple[str, Any]], int]:
        """Sort key: changes are told in the order of the form's fields."""
        described = sheets().get(kind)
        order = [one.name for one in described.fields] if described else []
        return lambda item: order.index(item[0]) if item[0] in order else len(order)

    def _label(self, kind: str, column: str) -> str:
        found = self._field(kind, column)
        return found.label if found else _OTHER_LABELS.get(kind, {}).get(column, "")

    @staticmethod
    def _field(kind: str, column: str) -> Field | None:
        described: Sheet | None = sheets().get(kind)
        fields: Iterable[Field] = described.fields if described else ()
        return next((one for one in fields if one.name == column), None)

    def value(self, kind: str, column: str, value: Any) -> str:
        """A column's value as users know it, shortened."""
        if value in (None, ""):
            return ""
        found = self._field(kind, column)
        if isinstance(value, bool) or (found and found.kind == "bool"):
            return "是" if value else "否"
        if found is None:
            return _short(str(value))
        if found.kind == "ref":
            self._look_up(found.target, value)
        words = choices(found.vocabulary, self._scheme) if found.vocabulary and self._scheme else ()
        text = shown(found, _typed(found, value), self._names, words)
        return _short(mask(text) if found.private else text)

    def _look_up(self, kind: str, record_id: str) -> None:
        if record_id in self._names:
            return
        name = names_of(self._session, kind, [record_id]).get(record_id)
        self._names[record_id] = name if name is not None else self._former(kind, record_id)

    def _former(self, kind: str, record_id: str) -> str:
        """Name of a record that is gone, from the entry of its deletion."""
        text = self._session.scalar(
            select(Entry.before)
            .where(Entry.record_id == record_id, Entry.op == "delete")
            .order_by(Entry.batch_seq.desc())
            .limit(1)
        )
        values = json.loads(text) if text else {}
        title = sheets()[kind].title if kind in sheets() and kind in MODELS else "name"
        return f"{values.get(title, '')}（已删除）"


def _typed(found: Field, value: Any) -> Any:
    """The journal keeps times and dates as text."""
    if found.kind == "time" and isinstance(value, str):
        return time.fromisoformat(value)
    if found.kind == "date" and isinstance(value, str):
        return date.fromisoformat(value)
    return value


def _short(text: str) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= _MOST_LETTERS else f"{flat[:_MOST_LETTERS]}…"
