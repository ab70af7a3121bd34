"""Adopting schemes and changing adopted ones: what a change does is shown before it is done."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from app.errors import ConflictError, NotFoundError, ValidationError
from app.models import (
    Activity,
    Appointment,
    AssessmentItem,
    AssessmentScore,
    BoxItem,
    Community,
    EvidenceLink,
    SchemeAdoption,
    SchemeVersion,
)
from app.services.adoption import add_rubrics, adopt, parsed, school_year
from app.services.schemes.lookup import table_items
from app.services.standing.figures import shown
from app.services.standing.kept import Kept
from app.services.standing.reading import read_with

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from app.services.schemes.lookup import TableItem
    from app.services.schemes.schema import Scheme
    from app.services.standing.service import Standing
    from app.services.standing.views import Results
    from app.services.unit_of_work import UnitOfWork

_SHOWN = 200


@dataclass(frozen=True, slots=True)
class EffectLine:
    """One thing that a change of the scheme does."""

    part: str
    words: str
    before: str = ""
    after: str = ""


@dataclass(frozen=True, slots=True)
class Effect:
    """What a change of the scheme does to the archive."""

    lines: tuple[EffectLine, ...]
    blocked: tuple[str, ...] = ()
    """Why it cannot be applied; empty: it can."""


@dataclass(frozen=True, slots=True)
class VersionView:
    """A version of an adopted scheme."""

    version: int
    at: datetime
    changed_for: str
    text: str
    current: bool


class Adopting:
    """Adopts schemes and changes them."""

    def __init__(self, uow: UnitOfWork, standing: Standing) -> None:
        self._uow = uow
        self._standing = standing

    def communities(self) -> list[tuple[str, str, str]]:
        """Communities that may adopt a scheme: id, name, kind."""
        with self._uow.read() as session:
            rows = session.execute(
                select(Community.id, Community.name, Community.kind).order_by(Community.id)
            )
            return [(row.id, row.name, row.kind) for row in rows]

    def adopt(self, community_id: str, year: int, text: str, answers: Mapping[str, object]) -> str:
        """Adopt a scheme for a community and a year; gives the adoption's id.

        Raises ConflictError where that year has one already, ValidationError for a faulty scheme.
        """
        scheme = parsed(text)
        with self._uow.write("采用方案") as session:
            community = session.get(Community, community_id)
            if community is None:
                raise NotFoundError("找不到这个共同体。", "它可能已被删除，请刷新后再选。")
            made = school_year(session, year, scheme)
            session.flush()
            there = session.scalar(
                select(SchemeAdoption.id).where(
                    SchemeAdoption.community_id == community_id,
                    SchemeAdoption.school_year_id == made.id,
                )
            )
            if there is not None:
                raise ConflictError(
                    f"“{community.name}”在这个学年已经采用了方案。", "要换方案，请用“修改方案”。"
                )
            if not community.kind:
                community.kind = scheme.community.kind
            adoption = adopt(
                session,
                text,
                community,
                made,
                adopted_at=self._uow.context.clock(),
                answers=answers,
            )
            add_rubrics(session, scheme)
            return adoption.id

    def effect(
        self, adoption_id: str, text: str, answers: Mapping[str, object] | None = None
    ) -> Effect:
        """What changing the adopted scheme to ``text`` would do; nothing is changed yet."""
        scheme = parsed(text)
        with self._uow.read() as session:
            adoption = _adoption(session, adoption_id)
            before = self._standing.kept(session, adoption_id)
            matched, gone = _match(session, adoption_id, table_items(scheme))
            said = adoption.answers if answers is None else _dump(answers)
            today = self._uow.context.clock().date()
            after = Kept(read_with(session, adoption, scheme, said, today, items=matched))
            after.fill(session)
            old = self._standing.results_of(session, before)
            new = self._standing.results_of(session, after)
            lines = [
                *_items(session, adoption_id, scheme, matched, gone),
                *_words_gone(session, before.setting.scheme, scheme, before.setting.scope),
                *_figures(before, after),
                *_scores(before.setting.scheme, scheme, old, new),
            ]
        return Effect(tuple(lines[:_SHOWN]))

    def change(
        self,
        adoption_id: str,
        text: str,
        answers: Mapping[str, object] | None = None,
        reason: str = "",
    ) -> int:
        """Change the adopted scheme; the one before is kept as a version. Gives the new version.

        Materials under items that are gone stay in the archive, but under no item.
        """
        scheme = parsed(text)
        why = " ".join(reason.split())
        with self._uow.write("修改方案") as session:
            adoption = _adoption(session, adoption_id)
            if adoption.source_text == text and answers is None:
                raise ValidationError("方案没有改动。", "请先修改，再应用。")
            session.add(SchemeVersion(
                adoption_id=adoption_id, version=adoption.version,
                source_text=adoption.source_text, answers=adoption.answers,
                changed_for=adoption.changed_for, adopted_at=adoption.adopted_at,
            ))  # fmt: skip
            adoption.version += 1
            adoption.source_text = text
            adoption.scheme_key = scheme.scheme.id
            adoption.changed_for = why
            adoption.adopted_at = self._uow.context.clock()
            if answers is not None:
                adoption.answers = _dump(answers)
            _rearrange(session, adoption, table_items(scheme))
            add_rubrics(session, scheme)
            return adoption.version

    def versions(self, adoption_id: str) -> list[VersionView]:
        """All versions, the one in force first."""
        with self._uow.read() as session:
            adoption = _adoption(session, adoption_id)
            rows = session.scalars(
                select(SchemeVersion)
                .where(SchemeVersion.adoption_id == adoption_id)
                .order_by(SchemeVersion.version.desc())
            )
            return [
                VersionView(
                    adoption.version, adoption.adopted_at, adoption.changed_for,
                    adoption.source_text, current=True,
                ),
                *(
                    VersionView(row.version, row.adopted_at, row.changed_for, row.source_text, current=False)
                    for row in rows
                ),
            ]  # fmt: skip


def _dump(answers: Mapping[str, object]) -> str:
    return json.dumps(dict(answers), ensure_ascii=False)


def _adoption(session: Session, adoption_id: str) -> SchemeAdoption:
    adoption = session.get(SchemeAdoption, adoption_id)
    if adoption is None:
        raise NotFoundError("找不到这个方案。", "它可能已被删除，请刷新后再试。")
    return adoption


def _match(
    session: Session, adoption_id: str, new: Sequence[TableItem]
) -> tuple[dict[str, str], list[AssessmentItem]]:
    """Ids of today's items by the numbers they get, and the items that are gone.

    An item stays itself with the same number and name, else with the same name, else the same number.
    """
    rows = list(
        session.scalars(
            select(AssessmentItem).where(
                AssessmentItem.adoption_id == adoption_id, AssessmentItem.parent_id.is_not(None)
            )
        )
    )
    left = {row.id: row for row in rows}
    found: dict[str, str] = {}
    for by_no, by_name in ((True, True), (False, True), (True, False)):
        for item in new:
            if item.item_no in found:
                continue
            row = next(
                (
                    one
                    for one in left.values()
                    if (not by_no or one.no == item.item_no)
                    and (not by_name or one.name == item.item_name)
                ),
                None,
            )
            if row is not None:
                found[item.item_no] = row.id
                del left[row.id]
    return found, list(left.values())


def _rearrange(session: Session, adoption: SchemeAdoption, new: Sequence[TableItem]) -> None:
    matched, gone = _match(session, adoption.id, new)
    for old in gone:
        _remove(session, old)
    groups = {
        row.no: row
        for row in session.scalars(
            select(AssessmentItem).where(
                AssessmentItem.adoption_id == adoption.id, AssessmentItem.parent_id.is_(None)
            )
        )
    }
    rows = {id_: session.get_one(AssessmentItem, id_) for id_ in matched.values()}
    for row in (
        *groups.values(),
        *rows.values(),
    ):  # numbers may change places: none stays meanwhile
        row.no = f"~{row.id}"
    session.flush()
    kept: dict[str, AssessmentItem] = {}
    for ordinal, item in enumerate(new):
        if item.group_no not in kept:
            group = groups.pop(item.group_no, None) or AssessmentItem(adoption_id=adoption.id)
            group.no, group.name, group.ordinal = item.group_no, item.group_name, ordinal * 2
            group.points = None
            session.add(group)
            session.flush()
            kept[item.group_no] = group
        row = rows.get(matched.get(item.item_no, "")) or AssessmentItem(adoption_id=adoption.id)
        row.parent_id, row.ordinal = kept[item.group_no].id, ordinal * 2 + 1
        row.no, row.name, row.points = item.item_no, item.item_name, item.points
        session.add(row)
    session.flush()
    for group in groups.values():
        session.delete(group)


def _remove(session: Session, item: AssessmentItem) -> None:
    """Take an item out of the table, with what was said of it; materials stay without it."""
    for query in (
        select(BoxItem).where(BoxItem.assessment_item_id == item.id),
        select(EvidenceLink).where(EvidenceLink.assessment_item_id == item.id),
        select(AssessmentScore).where(AssessmentScore.item_id == item.id),
    ):
        for row in session.scalars(query):
            session.delete(row)
    session.flush()
    session.delete(item)


def _items(
    session: Session,
    adoption_id: str,
    scheme: Scheme,
    matched: Mapping[str, str],
    gone: Sequence[AssessmentItem],
) -> list[EffectLine]:
    old = {
        row.id: row
        for row in session.scalars(
            select(AssessmentItem).where(AssessmentItem.adoption_id == adoption_id)
        )
    }
    lines = []
    for row in gone:
        count = session.scalar(
            select(func.count()).where(EvidenceLink.assessment_item_id == row.id)
        )
        held = f"，其下 {count} 份材料将不再归入任何考核项，已排的盒要重新排" if count else ""
        lines.append(EffectLine("考核表", f"取消 {row.no} {row.name}{held}", row.name, ""))
    for item in table_items(scheme):
        row_ = old.get(matched.get(item.item_no, ""))
        label = f"{item.item_no} {item.item_name}"
        if row_ is None:
            lines.append(EffectLine("考核表", f"新增 {label}", "", item.item_name))
            continue
        if (row_.no, row_.name) != (item.item_no, item.item_name):
            lines.append(
                EffectLine(
                    "考核表", f"{row_.no} {row_.name} 改为 {label}", row_.name, item.item_name
                )
            )
        if row_.points != item.points:
            before, after = (
                "不封顶" if one is None else f"{one:g} 分" for one in (row_.points, item.points)
            )
            lines.append(EffectLine("考核表", f"{label}：{before} → {after}", before, after))
    return lines


def _words_gone(
    session: Session, old: Scheme, new: Scheme, scope: Sequence[str]
) -> list[EffectLine]:
    """Kinds of activity and roles in use that the new scheme does not know."""
    lines = []
    kinds = {one.key for one in new.activity}
    for kind in old.activity:
        if kind.key not in kinds:
            count = session.scalar(
                select(func.count()).where(
                    Activity.kind == kind.key, Activity.community_id.in_(scope)
                )
            )
            if count:
                text = f"新方案没有“{kind.name}”，{count} 次活动将没有应有材料"
                lines.append(EffectLine("活动", text, kind.name, ""))
    roles = {one.key for one in new.community.roles}
    for role in old.community.roles:
        if role.key not in roles:
            count = session.scalar(
                select(func.count()).where(
                    Appointment.role == role.key, Appointment.community_id.in_(scope)
                )
            )
            if count:
                text = f"新方案没有角色“{role.name}”，{count} 人的任职将看不到角色名称"
                lines.append(EffectLine("共同体", text, role.name, ""))
    return lines


def _figures(before: Kept, after: Kept) -> list[EffectLine]:
    lines = []

    def line(part: str, name: str, old: int, new: int, unit: str) -> None:
        if old != new:
            lines.append(EffectLine(part, f"{name}：{old} → {new} {unit}", str(old), str(new)))

    pairs = [
        (
            sum(state.demanded for state in kept.states.values())
            + sum(one.slot.count for one in kept.standing if not one.slot.optional),
            sum(gap.missing for state in kept.states.values() for gap in state.gaps)
            + sum(one.missing for one in kept.standing),
            Counter(one.status for one in kept.lines.values()),
            sum(len(some) for some in kept.evidence.values()),
        )
        for kept in (before, after)
    ]
    (old_need, old_gap, old_lines, old_ev), (new_need, new_gap, new_lines, new_ev) = pairs
    line("应有材料", "应有", old_need, new_need, "份")
    line("应有材料", "还缺", old_gap, new_gap, "份")
    line("任务指标", "任务条数", sum(old_lines.values()), sum(new_lines.values()), "条")
    line("任务指标", "没有完成", old_lines["missed"], new_lines["missed"], "条")
    line("任务指标", "按进度完不成", old_lines["behind"], new_lines["behind"], "条")
    line("材料要求", "不在时段、未盖章、迟交", old_ev, new_ev, "处")
    return lines


def _scores(old: Scheme, new: Scheme, before: Results, after: Results) -> list[EffectLine]:
    names = {one.key: one.name for one in (*old.score, *new.score)}
    lines = []
    first, second = before.evaluation.results, after.evaluation.results
    for key in dict.fromkeys((*first, *second)):
        points = [
            None if (found := side.get(key)) is None else found.points for side in (first, second)
        ]
        if points[0] != points[1]:
            said = ["（无）" if one is None else f"{shown(one)} 分" for one in points]
            text = f"{key[1].name} {names[key[0]]}：{said[0]} → {said[1]}"
            lines.append(EffectLine("得分", text, said[0], said[1]))
    given = [
        {(one.grade_key, one.subject): one.name for one in side.grades} for side in (before, after)
    ]
    titles = {one.key: one.name for one in (*old.grade, *new.grade)}
    for place in dict.fromkeys((*given[0], *given[1])):
        words = [side.get(place, "") or "（无）" for side in given]
        if words[0] != words[1]:
            text = f"{place[1].name} {titles[place[0]]}：{words[0]} → {words[1]}"
            lines.append(EffectLine("等次", text, words[0], words[1]))
    return lines
