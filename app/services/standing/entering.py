"""What is typed for an assessment: findings let pass, papers received, figures, grades, points."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from sqlalchemy import select

from app.errors import NotFoundError, ValidationError
from app.models import (
    AssessmentItem,
    AssessmentScore,
    EnteredValue,
    IgnoredFinding,
)
from app.services.adoption import parsed
from app.services.standing.entered import (
    Combined,
    EnteredView,
    Ignored,
    PointsView,
    Typed,
)
from app.services.standing.handing import Handing, adoption_of, reason_of
from app.services.standing.subjects import columns_for, subjects_of
from app.services.standing.values import checked

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from sqlalchemy import Select
    from sqlalchemy.orm import Session

    from app.models import SchemeAdoption
    from app.services.schemes.schema import Scheme
    from app.services.standing.entered import ScoreRole, ValueKind
    from app.services.standing.roster import Subject
    from app.services.standing.values import Checked, Value


class Entering(Handing):
    """Writes and reads back what nobody can count: it has to be entered."""

    # -- findings let pass -------------------------------------------------------------------

    def ignore(self, adoption_id: str, finding_key: str, words: str, reason: str) -> None:
        """Let a finding pass; the reason is kept and printed."""
        self.ignore_all(adoption_id, {finding_key: words}, reason)

    def ignore_all(self, adoption_id: str, findings: Mapping[str, str], reason: str) -> None:
        """Let findings (words by key) pass for one reason, as one step."""
        why = reason_of(reason, "请写明为什么可以忽略。")
        with self._uow.write(_counted("忽略", len(findings))) as session:
            adoption_of(session, adoption_id)
            for key, words in findings.items():
                row = session.scalar(_ignored(adoption_id, key))
                if row is None:
                    row = IgnoredFinding(adoption_id=adoption_id, finding=key)
                    session.add(row)
                row.words, row.reason = words, why
                row.ignored_on = self.today

    def unignore(self, adoption_id: str, finding_key: str) -> None:
        """The finding stands again."""
        self.unignore_all(adoption_id, [finding_key])

    def unignore_all(self, adoption_id: str, finding_keys: Iterable[str]) -> None:
        """The findings stand again, as one step.

        What was let pass for all of an activity together stands again for everybody.
        """
        keys = list(dict.fromkeys(finding_keys))
        with self._uow.write(_counted("不再忽略", len(keys))) as session:
            found: dict[str, IgnoredFinding] = {}
            for key in keys:
                row = session.scalar(_ignored(adoption_id, key)) or session.scalar(
                    _ignored(adoption_id, key.rpartition(":")[0])
                )
                if row is None:
                    raise NotFoundError("这条问题没有被忽略。", "请刷新列表。")
                found[row.id] = row
            for row in found.values():
                session.delete(row)

    def ignored(self, adoption_id: str) -> dict[str, Ignored]:
        """Findings that were let pass, by their key."""
        query = select(IgnoredFinding).where(IgnoredFinding.adoption_id == adoption_id)
        with self._uow.read() as session:
            rows = session.scalars(query.order_by(IgnoredFinding.id))
            return {row.finding: Ignored(row.words, row.reason, row.ignored_on) for row in rows}

    # -- figures, words, grades --------------------------------------------------------------

    def set_value(
        self,
        adoption_id: str,
        kind: ValueKind,
        key: str,
        subject: Subject | None,
        value: Value,
        *,
        term: int | None = None,
        years_back: int = 0,
        note: str = "",
    ) -> None:
        """Enter what a scheme asks for from outside; None takes it out again.

        ``subject`` None is the community that adopted the scheme. Raises ValidationError for a key
        that the scheme does not have and for a value that it does not allow.
        """
        typed = Typed(kind, key, subject, value, term, years_back)
        with self._uow.read() as session:
            scheme = parsed(adoption_of(session, adoption_id).source_text)
        name = _checked(scheme, typed).name
        with self._uow.write(f"{'清除' if value is None else '填写'}{name}") as session:
            _put(session, adoption_of(session, adoption_id), typed, note.strip())

    def set_values(self, adoption_id: str, typed: Sequence[Typed]) -> None:
        """Enter many values as one step, all or (ValidationError) none."""
        with self._uow.read() as session:
            scheme = parsed(adoption_of(session, adoption_id).source_text)
        for one in typed:
            _checked(scheme, one)
        with self._uow.write(f"填写成绩 {len(typed)} 项") as session:
            adoption = adoption_of(session, adoption_id)
            for one in typed:
                _put(session, adoption, one)

    def check(self, adoption_id: str, typed: Typed) -> None:
        """Raise the ValidationError that entering this value would raise."""
        with self._uow.read() as session:
            _checked(parsed(adoption_of(session, adoption_id).source_text), typed)

    def values(self, adoption_id: str) -> list[EnteredView]:
        """Everything that was entered for a scheme."""
        query = select(EnteredValue).where(EnteredValue.adoption_id == adoption_id)
        with self._uow.read() as session:
            adoption = adoption_of(session, adoption_id)
            rows = session.scalars(query.order_by(EnteredValue.id)).all()
            subjects = subjects_of(session, rows, adoption.community_id)
            return [
                EnteredView(
                    row.id, _value_kind(row.kind), row.key, subjects[row.id],
                    None if row.number is None else _decimal(row.number),
                    row.word, row.term, row.years_back, row.note,
                )
                for row in rows
            ]  # fmt: skip

    # -- points ------------------------------------------------------------------------------

    def set_points(
        self,
        adoption_id: str,
        item_id: str,
        subject: Subject | None,
        points: float | Decimal | None,
        *,
        role: ScoreRole,
        assessor: str = "",
        comment: str = "",
    ) -> None:
        """Give points for an item, from 0 to those it has; None takes them back.

        ``subject`` None is the community that adopted the scheme.
        """
        who = _assessor(role, assessor)
        with self._uow.read() as session:
            item = _item(session, adoption_id, item_id)
            _check_points(item, points)
        with self._uow.write(f"{'撤销评分' if points is None else '评分'}：{item.name}") as session:
            _item(session, adoption_id, item_id)
            adoption = adoption_of(session, adoption_id)
            columns = columns_for(session, subject, adoption.community_id)
            where = {"item_id": item_id, "role": role, "assessor": who, **_assessed(columns)}
            row = session.scalar(select(AssessmentScore).filter_by(**where))
            if points is None:
                if row is not None:
                    session.delete(row)
                return
            if row is None:
                row = AssessmentScore(**where)
                session.add(row)
            row.points, row.comment = float(points), comment.strip()

    def points(self, adoption_id: str) -> list[PointsView]:
        """All points given under a scheme, in the order of its table."""
        query = (
            select(AssessmentScore)
            .join(AssessmentItem, AssessmentItem.id == AssessmentScore.item_id)
            .where(AssessmentItem.adoption_id == adoption_id)
            .order_by(AssessmentItem.ordinal, AssessmentScore.role, AssessmentScore.id)
        )
        with self._uow.read() as session:
            adoption = adoption_of(session, adoption_id)
            rows = session.scalars(query).all()
            subjects = subjects_of(session, rows, adoption.community_id)
            return [
                PointsView(
                    row.id, row.item_id, subjects[row.id],
                    "self" if row.role == "self" else "assessor",
                    row.assessor, _decimal(row.points), row.comment,
                )
                for row in rows
            ]  # fmt: skip

    def assessors(self, adoption_id: str) -> tuple[str, ...]:
        """Who has given points so far, by name."""
        found = {view.assessor for view in self.points(adoption_id) if view.role == "assessor"}
        return tuple(sorted(found))


def combined(points: Sequence[PointsView]) -> dict[tuple[str, Subject], Combined]:
    """The assessors' points for each item and subject as one: the mean of all who gave any."""
    given: dict[tuple[str, Subject], list[PointsView]] = {}
    for one in points:
        if one.role == "assessor":
            given.setdefault((one.item_id, one.subject), []).append(one)
    return {
        key: Combined(
            sum((one.points for one in some), Decimal(0)) / len(some),
            tuple(one.assessor for one in some),
        )
        for key, some in given.items()
    }


def _checked(scheme: Scheme, typed: Typed) -> Checked:
    return checked(
        scheme, typed.kind, typed.key, typed.subject, typed.value, term=typed.term,
        years_back=typed.years_back,
    )  # fmt: skip


def _put(session: Session, adoption: SchemeAdoption, typed: Typed, note: str = "") -> None:
    """Keep a value, or take it out again."""
    where = {
        "adoption_id": adoption.id, "kind": typed.kind, "key": typed.key, "term": typed.term,
        "years_back": typed.years_back,
        **columns_for(session, typed.subject, adoption.community_id),
    }  # fmt: skip
    row = session.scalar(select(EnteredValue).filter_by(**where))
    if typed.value is None:
        if row is not None:
            session.delete(row)
        return
    if row is None:
        row = EnteredValue(**where)
        session.add(row)
    said = _checked(parsed(adoption.source_text), typed)
    row.number, row.word, row.note = said.number, said.word, note


def _item(session: Session, adoption_id: str, item_id: str) -> AssessmentItem:
    row = session.get(AssessmentItem, item_id)
    if row is None or row.adoption_id != adoption_id:
        raise NotFoundError("找不到这个考核项。", "方案可能已经修改，请刷新后再试。")
    if row.parent_id is None:
        raise ValidationError(f"“{row.name}”是一组考核项，不能直接打分。", "请给组里的每一项打分。")
    return row


def _counted(verb: str, count: int) -> str:
    return f"{verb}一条问题" if count == 1 else f"{verb} {count} 条问题"


def _ignored(adoption_id: str, finding: str) -> Select[IgnoredFinding]:
    return select(IgnoredFinding).filter_by(adoption_id=adoption_id, finding=finding)


def _assessor(role: ScoreRole, assessor: str) -> str:
    who = " ".join(assessor.split())
    if role == "assessor" and not who:
        raise ValidationError("没有写考核人。", "请先填写考核人的姓名。")
    return who if role == "assessor" else ""


def _assessed(columns: dict[str, str | None]) -> dict[str, str | None]:
    """Points are kept of people, units, communities, groups and pairs."""
    others = ("activity_id", "lesson_id")
    if any(columns[name] for name in others):
        raise ValidationError(
            "考核表的分数只能打给共同体、小组、单位、个人或结对。", "请重新选择考核对象。"
        )
    return {name: id_ for name, id_ in columns.items() if name not in others}


def _check_points(item: AssessmentItem, points: float | Decimal | None) -> None:
    if points is None:
        return
    given = _decimal(points)
    most = None if item.points is None else _decimal(item.points)
    if not given.is_finite() or given < 0 or (most is not None and given > most):
        said = "请填不小于 0 的数。" if most is None else f"请填 0 到 {most:f} 之间的数。"
        raise ValidationError(f"“{item.name}”的得分不对。", said)


def _value_kind(kind: str) -> ValueKind:
    kinds: dict[str, ValueKind] = {
        "input": "input", "deduction": "deduction", "figure": "figure", "grade": "grade",
    }  # fmt: skip
    return kinds[kind]


def _decimal(number: float | Decimal) -> Decimal:
    """The figure as it was typed: 0.1 is a tenth."""
    return Decimal(str(number).removesuffix(".0"))
