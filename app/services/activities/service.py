"""What is done with activities beyond typing them in: sign-in, steps, materials, calendar, timetable."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from app.errors import ConflictError, NotFoundError, ValidationError
from app.models import Activity, Attendance, EvidenceLink, Waiver
from app.services.activities import attendance, calendar, slots, stages, timetable
from app.services.activities.records import Source
from app.services.entry.scope import scope_of
from app.services.entry.vocabulary import ATTENDANCE

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date
    from pathlib import Path

    from sqlalchemy import Select
    from sqlalchemy.orm import Session

    from app.progress import Progress
    from app.services.activities.records import (
        CalendarView,
        Candidate,
        Roll,
        SlotView,
        SourceChoice,
        StagesView,
        Status,
    )
    from app.services.activities.timetable import Timetable
    from app.services.unit_of_work import UnitOfWork

MEMBERS = Source("members")
LAST = Source("last")


class Activities:
    """The activities of one archive."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._uow = uow

    # -- sign-in -----------------------------------------------------------------------------

    def roll(self, activity_id: str) -> Roll:
        """The sign-in list with its totals."""
        with self._uow.read() as session:
            return attendance.roll(session, activity_id)

    def sources(self, activity_id: str) -> tuple[SourceChoice, ...]:
        """Where people can be picked from: all members, the last list, each group, each school."""
        with self._uow.read() as session:
            return attendance.sources(session, _activity(session, activity_id), self.today)

    def candidates(
        self, activity_id: str, words: str, source: Source = MEMBERS, limit: int = 50
    ) -> tuple[Candidate, ...]:
        """People of a source, found by name, school, pinyin or initials; those already there last."""
        with self._uow.read() as session:
            row = _activity(session, activity_id)
            return attendance.candidates(session, row, words, source, today=self.today, limit=limit)

    def add_participants(self, activity_id: str, person_ids: Sequence[str]) -> int:
        """Put people on the list who are not there yet; tells how many that were."""
        with self._uow.write(_many("加入签到名单", len(person_ids))) as session:
            return attendance.add(session, _activity(session, activity_id), person_ids)

    def add_from(self, activity_id: str, source: Source) -> int:
        """Put everybody of a source on the list; tells how many were new."""
        with self._uow.write(f"加入签到名单：{_SOURCES[source.kind]}") as session:
            row = _activity(session, activity_id)
            if source.kind == "last" and attendance.last_like(session, row) is None:
                raise NotFoundError(
                    "以前没有同类活动的签到名单。", "请用“全体成员”，或者逐个输入姓名。"
                )
            people = attendance.of_source(session, row, source, self.today)
            if not people:
                raise NotFoundError("这里面还没有人。", "请先在“成员”里登记，或者换一个来源。")
            return attendance.add(session, row, people)

    def add_from_last(self, activity_id: str) -> int:
        """Put those on the list who were on that of the last activity of the same kind."""
        return self.add_from(activity_id, LAST)

    def mark(
        self,
        activity_id: str,
        person_ids: Sequence[str],
        status: Status,
        *,
        leave_written: bool | None = None,
        reason: str | None = None,
    ) -> tuple[str, ...]:
        """Say who came, is on leave or is absent; tells in words what does not fit."""
        if status not in ATTENDANCE:
            raise ValidationError(f"没有“{status}”这种情况。", "可以填：到会、请假、缺席、未签到。")
        query = select(Attendance).where(
            Attendance.activity_id == activity_id, Attendance.person_id.in_(person_ids)
        )
        with self._uow.write(f"签到：{len(person_ids)} 人{ATTENDANCE[status]}") as session:
            rows = session.scalars(query).all()
            if not rows:
                raise NotFoundError("名单上没有这些人。", "请先把他们加入签到名单。")
            attendance.mark(rows, status, leave_written, reason)
        marked = set(person_ids)
        return tuple(
            line.warning
            for line in self.roll(activity_id).lines
            if line.warning and line.person_id in marked
        )

    def mark_all_present(self, activity_id: str) -> int:
        """Everybody whom nobody has marked yet is there; tells how many that were."""
        query = select(Attendance).where(
            Attendance.activity_id == activity_id, Attendance.status == "expected"
        )
        with self._uow.write("签到：其余全部到会") as session:
            rows = session.scalars(query).all()
            attendance.mark(rows, "present", None, None)
            return len(rows)

    # -- steps -------------------------------------------------------------------------------

    def stages(self, activity_id: str, adoption_id: str) -> StagesView:
        """The steps of the activity's kind and where it is."""
        with self._uow.read() as session:
            scope = scope_of(session, adoption_id, self._uow.context)
            return stages.stages_of(session, _activity(session, activity_id), scope)

    def advance(self, activity_id: str, adoption_id: str) -> str:
        """Bring the activity to its next step; gives its name. Raises ConflictError: what is lacking."""
        with self._uow.write("进入下一阶段") as session:
            scope = scope_of(session, adoption_id, self._uow.context)
            row = _activity(session, activity_id)
            following = stages.stages_of(session, row, scope).following
            if not following:
                raise ConflictError("已经是最后一个阶段，或者这一类活动没有分阶段。")
            stages.go_to(session, row, scope, following)
            return following

    def set_stage(self, activity_id: str, stage: str, adoption_id: str) -> None:
        """Bring the activity to any of its steps; back is always possible."""
        with self._uow.write(f"阶段改为“{stage}”") as session:
            scope = scope_of(session, adoption_id, self._uow.context)
            stages.go_to(session, _activity(session, activity_id), scope, stage)

    # -- materials ---------------------------------------------------------------------------

    def slots(self, activity_id: str, adoption_id: str) -> tuple[SlotView, ...]:
        """The materials that the scheme wants of the activity, with what is there."""
        with self._uow.read() as session:
            scope = scope_of(session, adoption_id, self._uow.context)
            return slots.slots_of(session, _activity(session, activity_id), scope)

    def waive(self, activity_id: str, slot: str, reason: str, adoption_id: str) -> None:
        """Note why a material need not be there; only where the scheme allows it."""
        why = " ".join(reason.split())
        if not why:
            raise ValidationError("请写明为什么不适用。")
        with self._uow.write("标为不适用") as session:
            scope = scope_of(session, adoption_id, self._uow.context)
            found = slots.slots_of(session, _activity(session, activity_id), scope)
            view = next((one for one in found if one.key == slot and slot), None)
            if view is None or not view.waivable:
                name = view.name if view else slot
                raise ConflictError(
                    f"方案没有允许免交“{name}”。", "请放入材料；如果方案写错了，请修改方案。"
                )
            for old in session.scalars(_waivers(activity_id, slot)):
                session.delete(old)
            session.add(
                Waiver(adoption_id=adoption_id, activity_id=activity_id, slot=slot, reason=why)
            )

    def unwaive(self, activity_id: str, slot: str) -> None:
        """The material is wanted again."""
        with self._uow.write("取消不适用") as session:
            for old in session.scalars(_waivers(activity_id, slot)):
                session.delete(old)

    def move_piece(self, activity_id: str, evidence_id: str, slot: str) -> None:
        """Put a file of the activity into another slot of it."""
        with self._uow.write("调整材料的位置") as session:
            links = list(session.scalars(_links(activity_id, evidence_id)))
            for old in links[1:]:
                session.delete(old)
            if links and links[0].slot != slot:
                links[0].slot = slot

    def take_out(self, activity_id: str, evidence_id: str) -> None:
        """Take a file away from the activity; the file itself stays among the materials."""
        with self._uow.write("把材料移出活动") as session:
            for old in session.scalars(_links(activity_id, evidence_id)):
                session.delete(old)

    # -- calendar and timetable --------------------------------------------------------------

    def calendar(self, adoption_id: str, first: date, last: date) -> CalendarView:
        """Activities, planned things and lessons from one day to another."""
        with self._uow.read() as session:
            scope = scope_of(session, adoption_id, self._uow.context)
            return calendar.calendar_of(session, scope, first, last)

    def timetable(
        self, adoption_id: str, first: date, last: date, school_id: str = ""
    ) -> Timetable:
        """The synchronous lessons of a week or a term as one table."""
        with self._uow.read() as session:
            scope = scope_of(session, adoption_id, self._uow.context)
            return timetable.timetable_of(session, scope, first, last, school_id)

    def term(self, adoption_id: str) -> tuple[date, date]:
        """First and last day of the term of today (or the last that began)."""
        with self._uow.read() as session:
            scope = scope_of(session, adoption_id, self._uow.context)
            return scope.term_starts, scope.term_ends

    @property
    def today(self) -> date:
        """The day on which the user works."""
        return self._uow.context.clock().date()


_SOURCES = {
    "members": "全体成员",
    "group": "按小组",
    "school": "按单位",
    "last": "上次名单",
    "everyone": "所有人员",
}


def export_timetable(table: Timetable, path: Path, progress: Progress | None = None) -> Path:
    """Write the table as an Excel workbook."""
    from app.services.workbook import write_table

    head, *rows = table.grid()
    columns = [(head[0], 90), *((title, 210) for title in head[1:])]
    write_table(path, "同步课堂", columns, rows, total=len(rows), progress=progress)
    return path


def _activity(session: Session, activity_id: str) -> Activity:
    row = session.get(Activity, activity_id)
    if row is None:
        raise NotFoundError("找不到这次活动。", "它可能已被删除，请刷新列表。")
    return row


def _waivers(activity_id: str, slot: str) -> Select[Waiver]:
    return select(Waiver).where(
        Waiver.activity_id == activity_id, Waiver.slot == slot, *slots.for_everybody()
    )


def _links(activity_id: str, evidence_id: str) -> Select[EvidenceLink]:
    return select(EvidenceLink).where(
        EvidenceLink.activity_id == activity_id, EvidenceLink.evidence_id == evidence_id
    )


def _many(action: str, count: int) -> str:
    return f"{action} {count} 人" if count > 1 else action
