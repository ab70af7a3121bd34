"""Figures and lists of a stretch of time, each read in a statement or two."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, or_, select

from app.models import (
    Activity,
    ActivityUnit,
    Appointment,
    Attendance,
    Certificate,
    CommunityUnit,
    Dispatch,
    Evidence,
    EvidenceLink,
    Honour,
    Lesson,
    MentorPair,
    Observation,
    Person,
    Plan,
    PlanItem,
    School,
    Term,
)
from app.services.entry.sheets.activities import lessons_of
from app.services.entry.sheets.people import communities_of
from app.services.entry.vocabulary import choices
from app.services.forms.form import Field
from app.services.forms.values.facts import NOBODY

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from sqlalchemy import ColumnElement
    from sqlalchemy.orm import Session

    from app.services.entry.fields import Scope
    from app.services.forms.form import Value, Values
    from app.services.forms.values.facts import Facts


def _fields(*names: str) -> tuple[Field, ...]:
    return tuple(Field(name) for name in names)


UNITS = _fields("序号", "单位", "角色", "人数")
ROLES = _fields("角色", "人数", "姓名")
KINDS = _fields("类型", "次数", "到会人次", "课节数", "所占比例")
CHRONICLE = _fields(
    "序号", "日期", "活动", "主题", "类型", "形式", "地点", "主持人", "到会人数", "参加单位", "成果",
)  # fmt: skip
LESSONS = _fields("序号", "日期", "执教", "单位", "课题", "年级", "学科", "课的形式", "听课人数")
HONOURS = _fields("序号", "日期", "姓名", "单位", "名称", "级别", "颁发单位", "编号")
PLANNED = _fields("序号", "时间", "内容", "类型", "地点", "负责人", "备注", "落实")


@dataclass(frozen=True, slots=True)
class About:
    """What is read, and from where."""

    session: Session
    scope: Scope
    facts: Facts
    first: date
    last: date

    def within(self, column: Any) -> ColumnElement[bool]:
        """Whether a day lies in the stretch."""
        return column.between(self.first, self.last)  # type: ignore[no-any-return]

    def open(self, model: Any) -> ColumnElement[bool]:
        """Whether something that lasts has a day in the stretch; ends that are not known are open."""
        return or_(model.starts_on.is_(None), model.starts_on <= self.last) & or_(
            model.ends_on.is_(None), model.ends_on >= self.first
        )


def numbered(lines: Iterable[dict[str, Value]]) -> list[Values]:
    """The lines with their 序号 in front."""
    return [{"序号": str(number), **line} for number, line in enumerate(lines, 1)]


def units(about: About) -> list[Values]:
    """Schools of the community in their order, with their members."""
    roles = dict(choices("unit_role", about.facts.scheme))
    rows = about.session.execute(
        select(School.id, School.name, CommunityUnit.role)
        .join(CommunityUnit, CommunityUnit.school_id == School.id)
        .where(CommunityUnit.community_id == about.scope.community_id, about.open(CommunityUnit))
        .order_by(CommunityUnit.ordinal, CommunityUnit.id)
    ).all()
    people = Counter(about.session.scalars(
        select(Person.school_id).where(Person.id.in_(_appointed(about)))
    ))  # fmt: skip
    found: dict[str, dict[str, Value]] = {}
    for row in rows:
        said = roles.get(row.role, row.role)
        if row.id in found:
            found[row.id]["角色"] = f"{found[row.id]['角色']}、{said}"
        else:
            found[row.id] = {"单位": row.name, "角色": said, "人数": str(people[row.id])}
    return numbered(found.values())


def _appointed(about: About) -> Any:
    return select(Appointment.person_id).where(
        Appointment.community_id.in_(communities_of(about.scope)), about.open(Appointment)
    )


def members(about: About) -> dict[str, Value]:
    """How many people there are, and who in each role of the scheme."""
    rows = about.session.execute(
        select(Appointment.role, Appointment.person_id)
        .where(Appointment.community_id.in_(communities_of(about.scope)), about.open(Appointment))
        .order_by(Appointment.ordinal, Appointment.id)
    ).all()
    names = dict(choices("role", about.facts.scheme))
    by_role: dict[str, dict[str, None]] = {key: {} for key in names}
    for row in rows:
        by_role.setdefault(row.role, {})[row.person_id] = None
    roles = [
        {"角色": names.get(role, role), "人数": str(len(people)),
         "姓名": "、".join(about.facts.person(one).name for one in people)}
        for role, people in by_role.items() if people
    ]  # fmt: skip
    return {"人数": str(len({row.person_id for row in rows})), "角色": roles}


def activities(about: About) -> dict[str, Value]:
    """The activities: how many of each kind, and one by one."""
    session, facts = about.session, about.facts
    rows = session.scalars(
        select(Activity)
        .where(Activity.community_id.in_(communities_of(about.scope)), about.within(Activity.held_on))
        .order_by(Activity.held_on, Activity.starts_at, Activity.id)
    ).all()  # fmt: skip
    mine = select(Activity.id).where(
        Activity.community_id.in_(communities_of(about.scope)), about.within(Activity.held_on)
    )
    present: Counter[str] = Counter()
    expected: Counter[str] = Counter()
    for row in session.execute(
        select(Attendance.activity_id, Attendance.status, func.count().label("people"))
        .where(Attendance.activity_id.in_(mine))
        .group_by(Attendance.activity_id, Attendance.status)
    ):
        expected[row.activity_id] += row.people
        present[row.activity_id] += row.people if row.status == "present" else 0
    taught = Counter(
        session.scalars(select(Lesson.activity_id).where(Lesson.activity_id.in_(mine)))
    )
    units_of: dict[str, list[str]] = {}
    for unit in session.execute(
        select(ActivityUnit.activity_id, ActivityUnit.school_id)
        .where(ActivityUnit.activity_id.in_(mine))
        .order_by(ActivityUnit.id)
    ):
        units_of.setdefault(unit.activity_id, []).append(facts.schools.get(unit.school_id, ""))
    came, asked = sum(present.values()), sum(expected.values())
    return {
        "活动次数": str(len(rows)), "到会人次": str(came), "应到人次": str(asked),
        "出勤率": f"{100 * came / asked:.1f}%" if asked else "",
        "活动分类": _kinds(about, rows, present, taught),
        "大事记": numbered(
            {
                "日期": dotted(one.held_on, one.ends_on), "活动": one.title, "主题": one.theme,
                "类型": facts.kinds.get(one.kind, one.kind), "形式": one.form, "地点": one.place,
                "主持人": facts.person(one.host_id).name,
                "到会人数": str(present[one.id] or ""),
                "参加单位": "、".join(dict.fromkeys(units_of.get(one.id, ()))),
                "成果": one.outcome,
            }
            for one in rows
        ),
    }  # fmt: skip


def _kinds(
    about: About, rows: Iterable[Activity], present: Counter[str], taught: Counter[str | None]
) -> list[Values]:
    by_kind: dict[str, list[Activity]] = {}
    for one in rows:
        by_kind.setdefault(one.kind, []).append(one)
    order = [*about.facts.kinds, *(key for key in by_kind if key not in about.facts.kinds)]
    whole = sum(map(len, by_kind.values()))
    return [
        {
            "类型": about.facts.kinds.get(key, key) or "未分类", "次数": str(len(own)),
            "到会人次": str(sum(present[one.id] for one in own)),
            "课节数": str(sum(taught[one.id] for one in own)),
            "所占比例": f"{100 * len(own) / whole:.0f}%",
        }
        for key in order
        if (own := by_kind.get(key))
    ]  # fmt: skip


def lessons(about: About) -> dict[str, Value]:
    """The lessons that were taught."""
    observed = select(func.count()).where(Observation.lesson_id == Lesson.id).scalar_subquery()
    rows = about.session.execute(
        select(Lesson, observed.label("observed"))
        .where(lessons_of(about.scope), about.within(Lesson.taught_on))
        .order_by(Lesson.taught_on, Lesson.id)
    ).all()
    facts = about.facts
    return {
        "课节数": str(len(rows)),
        "执教人数": str(len({row.Lesson.teacher_id for row in rows})),
        "课例": numbered(
            {
                "日期": dotted(one.taught_on), "执教": facts.person(one.teacher_id).name,
                "单位": facts.person(one.teacher_id).school, "课题": one.title, "年级": one.grade,
                "学科": one.subject, "课的形式": one.form, "听课人数": str(observed or ""),
            }
            for one, observed in rows
        ),
    }  # fmt: skip


def observations(about: About) -> dict[str, Value]:
    """How many lessons were observed, and by how many."""
    row = about.session.execute(
        select(func.count(), func.count(Observation.observer_id.distinct()))
        .join(Lesson, Lesson.id == Observation.lesson_id)
        .where(lessons_of(about.scope), about.within(Observation.observed_on))
    ).one()
    return {"听课次数": str(row[0]), "听课人数": str(row[1])}


def materials(about: About) -> dict[str, Value]:
    """Pieces of evidence of that time."""
    found = select(func.count()).select_from(Evidence).where(about.within(Evidence.dated_on))
    return {"材料份数": str(about.session.scalar(found) or 0)}


def pairs(about: About) -> dict[str, Value]:
    """Mentors with those helped, and teachers sent to other schools."""
    mine = communities_of(about.scope)
    number = about.session.scalar(
        select(func.count()).select_from(MentorPair)
        .where(MentorPair.community_id.in_(mine), about.open(MentorPair))
    )  # fmt: skip
    sent, spent = about.session.execute(
        select(func.count(), func.sum(Dispatch.days))
        .where(Dispatch.community_id.in_(mine), about.open(Dispatch))
    ).one()  # fmt: skip
    return {"师徒对数": str(number or 0), "派驻人次": str(sent), "派驻天数": str(spent or 0)}


def honours(about: About) -> dict[str, Value]:
    """Honours of the members, certificates given, evidence of a level: the earliest first."""
    session, facts = about.session, about.facts
    found: list[tuple[str, dict[str, Value]]] = []
    for honour in session.scalars(
        select(Honour).where(Honour.person_id.in_(_appointed(about)), Honour.awarded_on != "")
    ):
        if _touches(honour.awarded_on, about.first, about.last):
            who = facts.person(honour.person_id)
            found.append((honour.awarded_on, _honour(
                who.name, who.school, honour.name, level=honour.level, by=honour.awarded_by,
                day=".".join(part.lstrip("0") for part in honour.awarded_on.split("-")),
            )))  # fmt: skip
    own = len(found)
    given = session.scalars(
        select(Certificate).where(
            Certificate.adoption_id == about.scope.adoption_id,
            about.within(Certificate.awarded_on), Certificate.withdrawn_on.is_(None),
        )
    ).all()  # fmt: skip
    found += [
        (str(one.awarded_on), _honour(
            one.name, one.school, one.kind, by=one.issuer, day=dotted(one.awarded_on),
            number=one.number,
        ))
        for one in given
    ]  # fmt: skip
    found += _proved(about)
    found.sort(key=lambda one: one[0])
    return {
        "荣誉成果": numbered(line for _day, line in found),
        "荣誉项数": str(own), "证书份数": str(len(given)),
    }  # fmt: skip


def _proved(about: About) -> list[tuple[str, dict[str, Value]]]:
    """Certificates among the evidence: pieces of a level, with the person whose they are."""
    mine = about.within(Evidence.dated_on) & (Evidence.level != "")
    whose = {
        row.evidence_id: about.facts.person(row.person_id or row.owner_id)
        for row in about.session.execute(
            select(EvidenceLink.evidence_id, EvidenceLink.person_id, EvidenceLink.owner_id)
            .join(Evidence, Evidence.id == EvidenceLink.evidence_id)
            .where(
                mine, or_(EvidenceLink.person_id.is_not(None), EvidenceLink.owner_id.is_not(None))
            )
        )
    }
    return [
        (str(piece.dated_on), _honour(
            whose.get(piece.id, NOBODY).name, whose.get(piece.id, NOBODY).school, piece.title,
            level=piece.level, by=piece.author, day=dotted(piece.dated_on),
        ))
        for piece in about.session.scalars(select(Evidence).where(mine))
    ]  # fmt: skip


def _honour(  # one line of a table, by its columns
    name: str, school: str, what: str, *, level: str = "", by: str = "", day: str = "",
    number: str = "",
) -> dict[str, Value]:  # fmt: skip
    return {
        "日期": day, "姓名": name, "单位": school, "名称": what, "级别": level, "颁发单位": by,
        "编号": number,
    }  # fmt: skip


def _touches(day: str, first: date, last: date) -> bool:
    """Whether a day known perhaps only to the month or year may lie in the stretch."""
    known = len(day)
    return first.isoformat()[:known] <= day <= last.isoformat()[:known]


def dotted(first: date | None, last: date | None = None) -> str:
    """``2025.10.15`` as tables have it, with the last day where there is another."""
    said = f"{first.year}.{first.month}.{first.day}" if first else ""
    if first is None or last is None or last == first:
        return said
    same = (first.year, first.month) == (last.year, last.month)
    return f"{said}—{last.day if same else f'{last.month}.{last.day}'}"


def partial_words(day: str) -> str:
    """``2025年10月`` of a day known perhaps only to the month or year."""
    return "".join(
        f"{int(part)}{word}" for part, word in zip(day.split("-"), "年月日", strict=False) if part
    )


def planned(about: About) -> dict[str, Value]:
    """Lines of the plans of the year, or of the term."""
    query = (
        select(PlanItem, Term.starts_on, Term.ends_on)
        .join(Plan, Plan.id == PlanItem.plan_id)
        .outerjoin(Term, Term.id == Plan.term_id)
        .where(
            Plan.community_id.in_(communities_of(about.scope)),
            Plan.school_year_id == about.scope.year_id,
        )
        .order_by(PlanItem.due == "", PlanItem.due, Plan.id, PlanItem.ordinal)
    )
    found = [
        item
        for item, starts, ends in about.session.execute(query)
        if (_touches(item.due, about.first, about.last) if item.due
            else starts is None or (starts <= about.last and ends >= about.first))
    ]  # fmt: skip
    facts = about.facts
    done = sum(one.activity_id is not None for one in found)
    return {
        "计划项数": str(len(found)), "计划落实项数": str(done),
        "计划安排": numbered(
            {
                "时间": partial_words(one.due), "内容": one.theme,
                "类型": facts.kinds.get(one.kind, one.kind), "地点": one.place,
                "负责人": facts.person(one.person_id).name, "备注": one.note,
                "落实": "已开展" if one.activity_id else "",
            }
            for one in found
        ),
    }  # fmt: skip
