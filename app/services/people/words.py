"""Rows in words, for the preview of a merge: 签到 → 数学教研活动 到会 08:30."""

from __future__ import annotations

from datetime import date, time
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from app.models import (
    AssessmentItem,
    Base,
    Draw,
    Evidence,
    Record,
    RubricItem,
    SchemeAdoption,
)
from app.services.adoption import parsed
from app.services.entry.names import MODELS, names_of
from app.services.entry.sheets import sheets
from app.services.entry.values import shown
from app.services.entry.vocabulary import choices

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from sqlalchemy.orm import Session

    from app.services.entry.fields import Field
    from app.services.entry.vocabulary import Choices

NOUNS: Mapping[str, str] = {
    "person_subject": "任教学科",
    "assessment_score": "考核评分",
    "entered_value": "填写的数据",
    "paper_receipt": "收件登记",
    "reminder": "催交单",
    "waiver": "不适用的说明",
    "draw_person": "抽取名单",
    "evidence_link": "材料的归属",
    "observation_step": "听课过程",
    "observation_score": "评课分项",
    "template": "本单位的表格",
    "archival_code": "档号",
    "report_text": "报告的文字",
    "certificate": "证书",
}
"""Tables that have no sheet of their own."""

_SCHEME = "scheme in words"
"""Key in a session's ``info``."""

_LABELS: Mapping[str, str] = {
    "subject": "学科", "points": "分数", "comment": "说明", "reason": "原因", "slot": "材料项",
    "number": "数值", "term": "第几学期", "years_back": "几年前", "copies": "份数",
    "place": "名次", "minute": "分钟", "process": "教学过程", "ordinal": "次序", "rubric_id": "量表",
}  # fmt: skip
_NAMES: Mapping[str, Any] = {
    "evidence": Evidence.title,
    "draw": Draw.drawn_on,
    "assessment_item": AssessmentItem.name,
    "rubric_item": RubricItem.name,
}
"""What names a record of the tables that entry/names.py does not know."""


def noun(table: str) -> str:
    """What rows of a table are called."""
    found = sheets().get(table)
    return found.name if found else NOUNS[table]


def label(table: str, column: str) -> str:
    """What a column is called."""
    field = _fields(table).get(column)
    return field.label if field else _LABELS.get(column, "其他")


def describe(session: Session, rows: Sequence[Any], without: Collection[str]) -> list[str]:
    """Each row of one table in a line; the records ``without`` are not named in it."""
    if not rows:
        return []
    table = str(rows[0].__tablename__)
    points = _pointing(table)
    names: dict[str, str] = {}
    for column, target in points.items():
        wanted = {getattr(row, column) for row in rows} - {None, *without}
        names |= _named(session, target, wanted)
    return [_line(session, table, row, points, names) for row in rows]


def written(session: Session, table: str, column: str, value: Any) -> str:
    """A value of a row as people write it."""
    field = _fields(table).get(column)
    if value in (None, ""):
        return "空"
    if field is None:
        return _plain(value)
    names = _named(session, field.target, {value}) if field.kind == "ref" else {}
    words: Choices = ()
    if field.vocabulary and (scheme := _scheme(session)) is not None:
        words = choices(field.vocabulary, scheme)
    return shown(field, value, names, words)


def _line(
    session: Session, table: str, row: Record, points: Mapping[str, str], names: Mapping[str, str]
) -> str:
    fields = _fields(table)
    parts = [names.get(getattr(row, column), "") for column in points if column not in fields]
    for described in Base.metadata.tables[table].columns:
        column = described.name
        value = getattr(row, column)
        long = column in fields and fields[column].kind == "long"
        if column in points:
            parts.append(names.get(value, "") if column in fields else "")
        elif column not in ("id", "ordinal") and not long and value not in (None, "", False):
            said = written(session, table, column, value)
            parts.append(
                f"{label(table, column)} {said}" if isinstance(value, int | float) else said
            )
    kept: list[str] = []
    for part in parts:
        if part and not any(part in other for other in kept):  # a lesson's name holds its date
            kept.append(part)
    return " · ".join(kept)


def _fields(table: str) -> Mapping[str, Field]:
    found = sheets().get(table)
    return {field.name: field for field in found.fields} if found else {}


def _pointing(table: str) -> dict[str, str]:
    return {
        key.parent.name: key.column.table.name for key in Base.metadata.tables[table].foreign_keys
    }


def _named(session: Session, table: str, wanted: Collection[str]) -> dict[str, str]:
    if table in MODELS:
        return names_of(session, table, wanted)
    if table not in _NAMES:
        return {}
    name = _NAMES[table]
    found = select(name.class_.id, name).where(name.class_.id.in_(wanted))
    return {record_id: _plain(text) for record_id, text in session.execute(found)}


def _plain(value: Any) -> str:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, time):
        return f"{value:%H:%M}"
    text = f"{value:g}" if isinstance(value, float) else str(value)
    return text if len(text) <= 40 else f"{text[:40]}…"


def _scheme(session: Session) -> Any:
    """The newest scheme of the archive; asked once a session."""
    if _SCHEME not in session.info:
        newest = select(SchemeAdoption.source_text).order_by(SchemeAdoption.id.desc()).limit(1)
        text = session.scalar(newest)
        session.info[_SCHEME] = parsed(text) if text else None
    return session.info[_SCHEME]
