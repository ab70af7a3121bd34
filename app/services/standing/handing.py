"""What is handed in: papers received, materials that are not wanted, evidence put into slots."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select

from app.errors import ConflictError, NotFoundError, ValidationError
from app.models import Evidence, EvidenceLink, PaperReceipt, Person, SchemeAdoption, Waiver
from app.services.adoption import parsed
from app.services.evidence.links import put_link
from app.services.standing.entered import PaperView, WaiverView
from app.services.standing.targets import PROVEN, columns_of, require, slot_of, target_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from sqlalchemy import Select
    from sqlalchemy.orm import Session

    from app.services.unit_of_work import UnitOfWork

_MOST_COPIES = 999


@dataclass(frozen=True, slots=True)
class Place:
    """A slot of something, of an activity perhaps only for one person or one school."""

    target: str
    slot: str
    person_id: str = ""
    school_id: str = ""


class Handing:
    """Papers, waivers and links of one archive."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._uow = uow

    # -- papers ------------------------------------------------------------------------------

    def receive_paper(
        self,
        target: str,
        slot: str,
        owner_id: str | None = None,
        copies: int = 1,
        on: date | None = None,
        *,
        place: str = "",
    ) -> str:
        """Note that a paper was handed in, today where no day is given; gives its id."""
        [row_id] = self.receive_papers([Place(target, slot, owner_id or "")], copies, on, place)
        return row_id

    def receive_papers(
        self,
        places: Sequence[Place],
        copies: int = 1,
        on: date | None = None,
        kept_at: str = "",
    ) -> tuple[str, ...]:
        """Note papers that were handed in for several slots, as one step; gives their ids."""
        day = on or self.today
        if day > self.today:
            raise ValidationError(f"收件日期 {day} 还没有到。", "请检查日期。")
        if not 1 <= copies <= _MOST_COPIES:
            raise ValidationError("份数不对。", f"请填 1 到 {_MOST_COPIES} 之间的整数。")
        with self._uow.write("登记收到的纸质材料") as session:
            rows = []
            for one in places:
                columns = columns_of(session, one.target)
                if one.person_id:
                    require(session, "person", one.person_id)
                rows.append(PaperReceipt(
                    **columns, slot=one.slot, owner_id=one.person_id or None, copies=copies,
                    received_on=day, place=kept_at.strip(),
                ))  # fmt: skip
            session.add_all(rows)
            session.flush()
            return tuple(row.id for row in rows)

    def take_back_paper(self, paper_id: str) -> None:
        """Strike a paper out of the receipts."""
        with self._uow.write("撤销收件登记") as session:
            row = session.get(PaperReceipt, paper_id)
            if row is None:
                raise NotFoundError("找不到这条收件登记。", "它可能已被撤销，请刷新后再试。")
            session.delete(row)

    def papers(self, target: str) -> tuple[PaperView, ...]:
        """Papers handed in for a target, in the order in which they came."""
        with self._uow.read() as session:
            columns = columns_of(session, target)
            query = (
                select(PaperReceipt, Person.name)
                .outerjoin(Person, Person.id == PaperReceipt.owner_id)
                .where(
                    *(getattr(PaperReceipt, name) == id_ for name, id_ in columns.items() if id_)
                )
                .order_by(PaperReceipt.received_on, PaperReceipt.id)
            )
            return tuple(
                PaperView(
                    row.id, row.slot, row.owner_id, owner or "", row.copies, row.received_on,
                    row.place,
                )
                for row, owner in session.execute(query)
            )  # fmt: skip

    # -- materials not wanted ----------------------------------------------------------------

    def waive(
        self,
        adoption_id: str,
        target: str,
        slot: str,
        reason: str,
        person_id: str | None = None,
        *,
        school_id: str | None = None,
    ) -> None:
        """Note why a material need not be there; only where the scheme allows it.

        Of an activity, ``person_id`` or ``school_id`` excuses that one only.
        """
        self.waive_all(adoption_id, [Place(target, slot, person_id or "", school_id or "")], reason)

    def waive_all(self, adoption_id: str, places: Sequence[Place], reason: str) -> None:
        """Note why several materials need not be there, as one step."""
        why = reason_of(reason, "请写明为什么不适用。")
        with self._uow.write("标为不适用") as session:
            scheme = parsed(adoption_of(session, adoption_id).source_text)
            for one in places:
                columns = _waived_by(
                    session, one.target, one.person_id or None, one.school_id or None
                )
                found = slot_of(session, scheme, one.target, one.slot)
                if found is None or not found.waivable:
                    raise ConflictError(
                        f"方案没有允许免交“{found.name if found else one.slot}”。",
                        "请放入材料；如果方案写错了，请修改方案。",
                    )
                row = session.scalar(_waivers(adoption_id, one.slot, columns))
                if row is None:
                    row = Waiver(adoption_id=adoption_id, slot=one.slot, **columns)
                    session.add(row)
                row.reason = why

    def unwaive(
        self,
        adoption_id: str,
        target: str,
        slot: str,
        person_id: str | None = None,
        *,
        school_id: str | None = None,
    ) -> None:
        """The material is wanted again."""
        with self._uow.write("取消不适用") as session:
            columns = _waived_by(session, target, person_id, school_id)
            row = session.scalar(_waivers(adoption_id, slot, columns))
            if row is None:
                raise NotFoundError("这项材料没有标为不适用。", "请刷新后再试。")
            session.delete(row)

    def waivers(self, adoption_id: str) -> tuple[WaiverView, ...]:
        """Everything that need not be there under a scheme."""
        query = select(Waiver).where(Waiver.adoption_id == adoption_id).order_by(Waiver.id)
        with self._uow.read() as session:
            views = []
            for row in session.scalars(query):
                only = (row.person_id, row.school_id) if row.activity_id else (None, None)
                views.append(WaiverView(row.id, target_of(row), row.slot, row.reason, *only))
            return tuple(views)

    # -- evidence ----------------------------------------------------------------------------

    def link(
        self,
        evidence_ids: Sequence[str],
        target: str,
        slot: str,
        owner_id: str | None = None,
        counted_on: date | None = None,
    ) -> None:
        """Put evidence that is there into a slot; what lies in it gets the owner and day given."""
        with self._uow.write(_many("放入材料", len(evidence_ids))) as session:
            columns = columns_of(session, target, PROVEN)
            if owner_id:
                require(session, "person", owner_id)
            for evidence_id in dict.fromkeys(evidence_ids):
                put_link(
                    _evidence(session, evidence_id),
                    {**columns, "slot": slot},
                    {"owner_id": owner_id or None, "counted_on": counted_on},
                )

    def unlink(self, evidence_ids: Sequence[str], target: str, slot: str) -> None:
        """Take evidence out of a slot; the files stay among the materials."""
        with self._uow.write(_many("取出材料", len(evidence_ids))) as session:
            columns = columns_of(session, target, PROVEN)
            for evidence_id in dict.fromkeys(evidence_ids):
                query = select(EvidenceLink).filter_by(
                    evidence_id=evidence_id, slot=slot, **columns
                )
                rows = session.scalars(query).all()
                if not rows:
                    raise NotFoundError("这份材料已不在这里。", "请刷新后再试。")
                for row in rows:
                    session.delete(row)

    @property
    def today(self) -> date:
        """The day on which the user works."""
        return self._uow.context.clock().date()


def adoption_of(session: Session, adoption_id: str) -> SchemeAdoption:
    """The adopted scheme; raises NotFoundError."""
    row = session.get(SchemeAdoption, adoption_id)
    if row is None:
        raise NotFoundError("找不到这个方案。", "请重新选择共同体和学年。")
    return row


def reason_of(text: str, hint: str) -> str:
    """A reason in one line; raises ValidationError where there is none."""
    why = " ".join(text.split())
    if not why:
        raise ValidationError("没有写原因。", hint)
    return why


def _evidence(session: Session, evidence_id: str) -> Evidence:
    row = session.get(Evidence, evidence_id)
    if row is None:
        raise NotFoundError("找不到这份材料。", "它可能已被删除，请刷新列表。")
    return row


def _waived_by(
    session: Session, target: str, person_id: str | None, school_id: str | None
) -> dict[str, str | None]:
    columns = columns_of(session, target)
    if target.startswith("activity:"):
        for kind, id_ in (("person", person_id), ("school", school_id)):
            if id_:
                require(session, kind, id_)
                columns[f"{kind}_id"] = id_
    return columns


def _waivers(adoption_id: str, slot: str, columns: dict[str, str | None]) -> Select[Waiver]:
    return select(Waiver).filter_by(adoption_id=adoption_id, slot=slot, **columns)


def _many(action: str, count: int) -> str:
    return f"{action} {count} 份" if count > 1 else action
