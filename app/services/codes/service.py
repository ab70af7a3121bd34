"""Gives archival codes: unique, in the order of the boxes, never given a second time."""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import dataclass, replace
from itertools import groupby
from typing import TYPE_CHECKING, Literal

from sqlalchemy import select

from app.errors import ConflictError, NotFoundError, ValidationError
from app.models import ArchivalCode, Box, BoxItem, Entry, Evidence, SchemeAdoption
from app.services.codes import pattern as patterns
from app.services.journal import insert_many
from app.services.settings import ArchiveSettings, read_settings

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from sqlalchemy.orm import Session

    from app.services.unit_of_work import UnitOfWork

State = Literal["used", "unboxed", "gone", "withdrawn"]
STATES: dict[State, str] = {
    "used": "在用", "unboxed": "在用，材料不在盒中", "gone": "材料已删除", "withdrawn": "已收回",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class CodeRow:
    """A code that was given, and what became of it."""

    id: str
    code: str
    series: str
    serial: int
    title: str
    box_number: int
    """0: in no box."""
    state: State
    reason: str = ""

    @property
    def state_words(self) -> str:
        """The state in words."""
        return STATES[self.state] + (f"：{self.reason}" if self.reason else "")


@dataclass(frozen=True, slots=True)
class NewCode:
    """A code that a piece is about to get."""

    evidence_id: str
    title: str
    box_number: int
    code: str
    series: str
    serial: int


@dataclass(frozen=True, slots=True)
class CodePlan:
    """What giving codes would do now."""

    pattern: str
    sample: str
    """The pattern with the values of this archive and the number 1."""
    new: tuple[NewCode, ...]
    given: int
    """Codes in use in this year."""
    gaps: tuple[str, ...]
    """Numbers that are missing or no longer in use, in words."""


class Codes:
    """Archival codes of one archive."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._uow = uow

    def plan(self, adoption_id: str, pattern: str | None = None) -> CodePlan:
        """Codes that would be given now; another ``pattern`` than the archive's may be tried.

        Raises ValidationError for a pattern that is wrong.
        """
        with self._uow.read() as session:
            return _plan(session, _adoption(session, adoption_id), pattern)

    def give(self, adoption_id: str) -> CodePlan:
        """Give every piece that lies in a box and has no code its code, as one step.

        The order is that of the boxes. Codes given before stay as they are (DA/T 13-2022: 档号一经确定不应
        随意改变). Returns what was given; raises ConflictError where there is nothing to number.
        """
        with self._uow.write("编档号") as session:
            plan = _plan(session, _adoption(session, adoption_id), None)
            if not plan.new:
                if plan.given:
                    raise ConflictError("盒里的材料都已经有档号了。")
                raise ConflictError("还没有排盒，没有可以编档号的材料。", "请先排盒。")
            today = self._uow.context.clock().date()
            insert_many(session, ArchivalCode, [
                {
                    "adoption_id": adoption_id, "series": new.series, "serial": new.serial,
                    "code": new.code, "evidence_id": new.evidence_id, "title": new.title,
                    "given_on": today, "withdrawn_on": None, "reason": "",
                }
                for new in plan.new
            ])  # fmt: skip
        return plan

    def withdraw(self, ids: Sequence[str], reason: str) -> None:
        """Take codes back for a reason, as one step; their numbers are not given again."""
        if not reason.strip():
            raise ValidationError("收回档号要写明原因。", "例如：材料重复，已移出。")
        with self._uow.write("收回档号") as session:
            rows = session.scalars(select(ArchivalCode).where(ArchivalCode.id.in_(ids))).all()
            if len(rows) != len(set(ids)):
                raise NotFoundError("找不到这个档号。", "请刷新后再试。")
            for row in rows:
                if row.withdrawn_on is None:
                    row.withdrawn_on = self._uow.context.clock().date()
                    row.reason = reason.strip()

    def all(self, adoption_id: str) -> tuple[CodeRow, ...]:
        """Every code given in the year, in the order of the numbers."""
        with self._uow.read() as session:
            return tuple(_rows(session, adoption_id))


def codes_of(session: Session, evidence_ids: Iterable[str] | None = None) -> dict[str, CodeRow]:
    """The code in use of each piece that has one."""
    query = select(ArchivalCode).where(ArchivalCode.withdrawn_on.is_(None))
    wanted = None if evidence_ids is None else set(evidence_ids)
    return {
        row.evidence_id: CodeRow(row.id, row.code, row.series, row.serial, row.title, 0, "used")
        for row in session.scalars(query.order_by(ArchivalCode.given_on, ArchivalCode.serial))
        if wanted is None or row.evidence_id in wanted
    }


def uncoded(session: Session, adoption_id: str) -> list[tuple[str, str]]:
    """Id and title of pieces without a code, once codes have been given in the year."""
    codes = codes_of(session)
    lying = _lying(session, adoption_id)
    if not any(piece.id in codes for piece, _number in lying):
        return []
    return [(piece.id, piece.title) for piece, _number in lying if piece.id not in codes]


def _adoption(session: Session, adoption_id: str) -> SchemeAdoption:
    adoption = session.get(SchemeAdoption, adoption_id)
    if adoption is None:
        raise NotFoundError("找不到这个方案。", "它可能已被删除，请刷新后再试。")
    return adoption


def _lying(session: Session, adoption_id: str) -> list[tuple[Evidence, int]]:
    """Pieces in the order in which they lie in the boxes, with the box's number."""
    query = (
        select(Evidence, Box.number)
        .join(BoxItem, BoxItem.evidence_id == Evidence.id)
        .join(Box, Box.id == BoxItem.box_id)
        .where(Box.adoption_id == adoption_id, BoxItem.lies_at_id.is_(None))
        .order_by(Box.number, BoxItem.ordinal)
    )
    return [(piece, number) for piece, number in session.execute(query)]


def _plan(session: Session, adoption: SchemeAdoption, pattern: str | None) -> CodePlan:
    settings = read_settings(session)
    if pattern is not None:
        settings = replace(settings, code_pattern=pattern)
    patterns.check_pattern(settings.code_pattern)
    has_code = codes_of(session)
    last, taken = _ever_given(session)
    new: list[NewCode] = []
    given = 0
    for piece, number in _lying(session, adoption.id):
        if piece.id in has_code:
            given += 1
            continue
        values = _values(settings, adoption.school_year.year, piece.retention)
        series = patterns.series(settings.code_pattern, values)
        last[series] += 1
        code = patterns.render(settings.code_pattern, values, last[series])
        if code in taken:
            raise ConflictError(
                f"档号“{code}”以前给过别的材料，不能再用。",
                "请改一下档号的写法，让它与以前的有区别。",
            )
        taken.add(code)
        new.append(NewCode(piece.id, piece.title, number, code, series, last[series]))
    usual = _values(settings, adoption.school_year.year, "")
    sample = patterns.render(settings.code_pattern, usual, 1)
    rows = _rows(session, adoption.id)
    return CodePlan(settings.code_pattern, sample, tuple(new), given, tuple(_gaps(rows)))


def _values(settings: ArchiveSettings, year: int, retention: str) -> dict[str, str]:
    return {
        "全宗号": settings.fonds_code,
        "门类": settings.code_category,
        "年度": str(year),
        "期限": patterns.retention_code(retention or settings.retention),
        "机构": settings.section_code or settings.section,
    }


def _ever_given(session: Session) -> tuple[defaultdict[str, int], set[str]]:
    """Highest number of each series and all codes that ever were, undone steps included."""
    last: defaultdict[str, int] = defaultdict(int)
    codes: set[str] = set()
    journal = select(Entry.after).where(
        Entry.kind == ArchivalCode.__tablename__, Entry.op == "insert"
    )
    for text in session.scalars(journal):
        row = json.loads(text or "{}")
        last[row["series"]] = max(last[row["series"]], row["serial"])
        codes.add(row["code"])
    return last, codes


def _rows(session: Session, adoption_id: str) -> list[CodeRow]:
    rows = session.scalars(
        select(ArchivalCode)
        .where(ArchivalCode.adoption_id == adoption_id)
        .order_by(ArchivalCode.series, ArchivalCode.serial)
    ).all()
    alive = set(
        session.scalars(
            select(Evidence.id).join(ArchivalCode, ArchivalCode.evidence_id == Evidence.id)
        )
    )
    boxed = {piece.id: number for piece, number in _lying(session, adoption_id)}

    def state(row: ArchivalCode) -> State:
        if row.withdrawn_on is not None:
            return "withdrawn"
        if row.evidence_id not in alive:
            return "gone"
        return "used" if row.evidence_id in boxed else "unboxed"

    return [
        CodeRow(row.id, row.code, row.series, row.serial, row.title,
                boxed.get(row.evidence_id, 0), state(row), row.reason)
        for row in rows
    ]  # fmt: skip


def _gaps(rows: Sequence[CodeRow]) -> Iterator[str]:
    """Missing numbers of each series, and numbers whose piece is no longer there."""
    for series, members in groupby(rows, lambda row: row.series):
        expected = 1
        for row in members:
            if row.serial > expected:
                last = row.serial - 1
                run = f"{expected}" if last == expected else f"{expected}—{last}"
                yield f"{series.replace('*', run)}：空号（撤销过的编号不再使用）"
            if row.state != "used":
                yield f"{row.code} {row.title}：{row.state_words}"
            expected = row.serial + 1
