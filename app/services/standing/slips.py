"""催交单: what is asked of a person or a school, kept, ticked off as it comes in, and handed out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from sqlalchemy import select

from app.errors import NotFoundError, ValidationError
from app.models import Person, Reminder, ReminderLine, School
from app.services.standing.handing import adoption_of

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import date
    from pathlib import Path

    from sqlalchemy.orm import Session

    from app.services.standing.records import Finding
    from app.services.unit_of_work import UnitOfWork

By = Literal["person", "school"]

MOST_CHARACTERS = 300
"""Of a short text: more is not read in a chat."""
_OFFICE = "教导处"


@dataclass(frozen=True, slots=True)
class SlipLine:
    """One thing asked for."""

    finding: str
    words: str
    done: bool
    """It is no longer missing."""


@dataclass(frozen=True, slots=True)
class ReminderView:
    """What was asked of a person, or of a school, on a day."""

    id: str
    name: str
    school: str
    """The person's; empty where a school is asked."""
    made_on: date
    wanted_by: date | None
    lines: tuple[SlipLine, ...]
    person_id: str | None = None
    school_id: str | None = None

    @property
    def open(self) -> tuple[SlipLine, ...]:
        """What is still missing."""
        return tuple(line for line in self.lines if not line.done)


class Reminders:
    """The reminders of one archive."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._uow = uow

    def make(
        self,
        adoption_id: str,
        findings: Sequence[Finding],
        *,
        by: By,
        wanted_by: date | None = None,
    ) -> tuple[ReminderView, ...]:
        """One reminder for each person or school that has to mend something, all as one step.

        Findings that are nobody's, or that were let pass, are left out; ValidationError where none
        is left, or the day is over.
        """
        today = self._uow.context.clock().date()
        if wanted_by is not None and wanted_by < today:
            raise ValidationError(f"要求交齐的日期 {wanted_by} 已经过了。", "请另选一个日期。")
        mine = _sorted_out(findings, by)
        if not mine:
            whose = "个人" if by == "person" else "单位"
            raise ValidationError(
                f"所选的问题都没有落实到{whose}，没有可催的。", "请另选问题，或者换一种分法。"
            )
        with self._uow.write(f"制作催交单 {len(mine)} 份") as session:
            adoption_of(session, adoption_id)
            made = []
            for id_, asked in mine.items():
                row = Reminder(
                    adoption_id=adoption_id, made_on=today, wanted_by=wanted_by,
                    **{f"{by}_id": id_},
                )  # fmt: skip
                row.lines = [
                    ReminderLine(ordinal=ordinal, finding=one.key, words=_words(one))
                    for ordinal, one in enumerate(asked)
                ]
                session.add(row)
                made.append(row)
            session.flush()
            keys = {line.finding for row in made for line in row.lines}
            return _views(session, made, keys)

    def all(self, adoption_id: str, open_keys: Collection[str]) -> tuple[ReminderView, ...]:
        """All reminders, the latest first; ``open_keys`` are the findings that still stand."""
        query = (
            select(Reminder)
            .where(Reminder.adoption_id == adoption_id)
            .order_by(Reminder.made_on.desc(), Reminder.id)
        )
        with self._uow.read() as session:
            return _views(session, session.scalars(query).all(), open_keys)

    def delete(self, reminder_ids: Sequence[str]) -> None:
        """Throw reminders away, as one step."""
        count = len(reminder_ids)
        with self._uow.write(f"删除催交单 {count} 份" if count > 1 else "删除催交单") as session:
            for reminder_id in reminder_ids:
                row = session.get(Reminder, reminder_id)
                if row is None:
                    raise NotFoundError("找不到这份催交单。", "它可能已被删除，请刷新后再试。")
                session.delete(row)


def _sorted_out(findings: Sequence[Finding], by: By) -> dict[str, list[Finding]]:
    mine: dict[str, list[Finding]] = {}
    for one in findings:
        id_ = one.person_id if by == "person" else one.school_id
        if id_ and not one.ignored:
            asked = mine.setdefault(id_, [])
            if all(one.key != other.key for other in asked):
                asked.append(one)
    return mine


def _words(finding: Finding) -> str:
    return f"{finding.where}：{finding.what}" if finding.where else finding.what


def _views(
    session: Session, rows: Sequence[Reminder], open_keys: Collection[str]
) -> tuple[ReminderView, ...]:
    still = set(open_keys)
    views = []
    for row in rows:
        person = session.get(Person, row.person_id) if row.person_id else None
        school = session.get(School, row.school_id) if row.school_id else None
        if person is not None:
            name, place = person.name, person.school.name if person.school else ""
        else:
            name, place = school.name if school else "", ""
        lines = tuple(
            SlipLine(line.finding, line.words, line.finding not in still) for line in row.lines
        )
        views.append(ReminderView(
            row.id, name, place, row.made_on, row.wanted_by, lines, row.person_id, row.school_id
        ))  # fmt: skip
    return tuple(views)


# -- outputs -----------------------------------------------------------------------------------


def day_said(day: date) -> str:
    """A day in a letter: 6月20日."""
    return f"{day.month}月{day.day}日"


def text(view: ReminderView, office: str = _OFFICE) -> str:
    """A short text for a chat, of what is still missing; what does not fit is only counted."""
    called = f"{view.name}老师" if view.person_id else view.name
    if not view.open:
        return f"{called}：材料已交齐，谢谢！"
    by = f"于{day_said(view.wanted_by)}前" if view.wanted_by else "尽快"
    head, tail = f"{called}：您好，还差：", f"。请{by}交{office}。"
    items = [f"{number}. {line.words}" for number, line in enumerate(view.open, 1)]
    for shown in range(len(items), 0, -1):
        rest = f"；……共 {len(items)} 项" if shown < len(items) else ""
        said = head + "；".join(items[:shown]) + rest + tail
        if len(said) <= MOST_CHARACTERS:
            return said
    rest = f"……共 {len(items)} 项" if len(items) > 1 else "……"
    room = MOST_CHARACTERS - len(head) - len(rest) - len(tail)
    return head + items[0][:room] + rest + tail


def write_excel(views: Sequence[ReminderView], path: Path) -> Path:
    """Write all lines of the reminders to a new .xlsx, whole or not at all."""
    from app.services.workbook import write_table

    columns = [
        ("单位", 160), ("姓名", 80), ("要补的材料或要改的问题", 420), ("交齐日期", 90),
        ("催交日期", 90), ("是否已交", 80),
    ]  # fmt: skip
    rows = [
        (
            view.school if view.person_id else view.name, view.name if view.person_id else "",
            line.words, view.wanted_by, view.made_on, "已交" if line.done else "未交",
        )
        for view in views
        for line in view.lines
    ]  # fmt: skip
    write_table(path, "催交单", columns, rows, total=len(rows))
    return path
