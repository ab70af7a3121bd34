"""Pairs of mentor and mentee, and what they did together in the year."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, or_, select

from app.models import (
    Activity,
    Agreement,
    Attendance,
    Community,
    Lesson,
    MentorPair,
    Observation,
)
from app.services.forms.by_hand import all_blank
from app.services.forms.form import Field, Sheet, Subject, Target
from app.services.forms.values.facts import (
    Facts,
    facts_of,
    in_order,
    joined,
    long_date,
    number,
    ours,
    rows_of,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy.orm import Session

    from app.services.forms.form import Values
    from app.services.forms.reading import Reading

FIELDS = (
    Field("学校", "本单位"), Field("共同体"), Field("学年"), Field("学期"),
    Field("师傅", aliases=("指导教师", "指导老师", "导师")), Field("师傅职称"), Field("师傅单位"),
    Field("师傅姓名职称", "姓名（职称）"),
    Field("徒弟", aliases=("青年教师", "学员", "被指导教师")), Field("徒弟职称"), Field("徒弟单位"),
    Field("徒弟姓名职称", "姓名（职称）"), Field("学科"),
    Field("结对日期", aliases=("结对时间",)), Field("结束日期"), Field("结对期限"), Field("协议"),
    Field("备注"), Field("听徒弟课节数", "本学年师傅听徒弟的课"), Field("听师傅课节数"),
    Field("活动次数"),
    Field("活动", "本学年两人的活动和听课，先后为序", (
        Field("序号"), Field("日期", aliases=("活动时间",)), Field("地点"),
        Field("形式", "听课、指导……", aliases=("活动形式",)), Field("内容", aliases=("指导内容",)),
        Field("收获", "徒弟收获与反思", aliases=("徒弟收获与反思",)), Field("备注"),
    )),
)  # fmt: skip


def _targets(reading: Reading) -> list[Target]:
    year = reading.adoption
    query = (
        select(MentorPair)
        .join(Community, Community.id == MentorPair.community_id)
        .where(
            ours(reading),
            or_(MentorPair.starts_on.is_(None), MentorPair.starts_on <= year.ends_on),
            or_(MentorPair.ends_on.is_(None), MentorPair.ends_on >= year.starts_on),
        )
        .order_by(MentorPair.starts_on, MentorPair.id)
    )
    with reading.uow.read() as session:
        facts = facts_of(session, reading)
        return [
            Target(
                row.id,
                f"{facts.person(row.mentor_id).name}—{facts.person(row.mentee_id).name}",
                row.subject, row.starts_on,
            )
            for row in session.scalars(query)
        ]  # fmt: skip


def _read(reading: Reading, ids: Sequence[str]) -> list[Sheet]:
    with reading.uow.read() as session:
        facts = facts_of(session, reading)
        general = {**facts.of_day(None), "学期": _term_names(facts)}
        if all_blank(reading.options):
            return [Sheet({**general, "学期": ""})]
        query = select(MentorPair, Agreement.title).outerjoin(
            Agreement, Agreement.id == MentorPair.agreement_id
        )
        rows = list(rows_of(session, query, MentorPair.id, ids))
        done = _done(session, reading, [row.MentorPair for row in rows], facts)
        found = {
            row.MentorPair.id: Sheet({
                **general, **_values(row.MentorPair, row.title or "", facts),
                **done[row.MentorPair.id],
            })
            for row in rows
        }  # fmt: skip
        return in_order(found, ids, "师徒结对")


def _term_names(facts: Facts) -> str:
    return "、".join(name for name, _first, _last in facts.terms)


def _values(pair: MentorPair, agreement: str, facts: Facts) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for role, person in (
        ("师傅", facts.person(pair.mentor_id)), ("徒弟", facts.person(pair.mentee_id)),
    ):  # fmt: skip
        found |= {
            role: person.name, f"{role}职称": person.title, f"{role}单位": person.school,
            f"{role}姓名职称": person.name + (f"（{person.title}）" if person.title else ""),
        }  # fmt: skip
    first, last = long_date(pair.starts_on), long_date(pair.ends_on)
    return {
        **found, "学科": pair.subject, "结对日期": first, "结束日期": last,
        "结对期限": joined(first, last, by="至"), "协议": agreement, "备注": pair.note,
    }  # fmt: skip


def _done(
    session: Session, reading: Reading, pairs: Sequence[MentorPair], facts: Facts
) -> Mapping[str, Values]:
    """What each pair did in the year: lessons of one that the other observed, activities of both."""
    year = (reading.adoption.starts_on, reading.adoption.ends_on)
    everybody = {one for pair in pairs for one in (pair.mentor_id, pair.mentee_id)}
    observed = list(rows_of(session, _observed(year), Observation.observer_id, everybody))
    came: dict[str, dict[str, Activity]] = defaultdict(dict)
    for row in rows_of(session, _came(year), Attendance.person_id, everybody):
        came[row.person_id][row.Activity.id] = row.Activity
    return {pair.id: _together(pair, observed, came, facts) for pair in pairs}


def _observed(year: tuple[Any, Any]) -> Any:
    return (
        select(Observation, Lesson, Activity.place)
        .join(Lesson, Lesson.id == Observation.lesson_id)
        .outerjoin(Activity, Activity.id == Lesson.activity_id)
        .where(Observation.observed_on.between(*year))
        .order_by(Observation.observed_on, Observation.id)
    )


def _came(year: tuple[Any, Any]) -> Any:
    return (
        select(Attendance.person_id, Activity)
        .join(Activity, Activity.id == Attendance.activity_id)
        .where(and_(Attendance.status == "present", Activity.held_on.between(*year)))
        .order_by(Activity.held_on, Activity.id)
    )


def _together(
    pair: MentorPair, observed: Sequence[Any], came: Mapping[str, Mapping[str, Activity]],
    facts: Facts,
) -> Values:  # fmt: skip
    lines: list[tuple[Any, dict[str, str]]] = []
    counts = {"听徒弟课节数": 0, "听师傅课节数": 0}
    seen: set[str | None] = set()
    for row in observed:
        both = (row.Observation.observer_id, row.Lesson.teacher_id)
        if both == (pair.mentor_id, pair.mentee_id):
            name = "听徒弟课节数"
        elif both == (pair.mentee_id, pair.mentor_id):
            name = "听师傅课节数"
        else:
            continue
        counts[name] += row.Observation.hours
        seen.add(row.Lesson.activity_id)
        lines.append((row.Observation.observed_on, _observation_line(row, name, facts)))
    shared = came.get(pair.mentor_id, {}).keys() & came.get(pair.mentee_id, {}).keys()
    for activity_id in shared - seen:
        one = came[pair.mentor_id][activity_id]
        lines.append((one.held_on, _activity_line(one, facts)))
    lines.sort(key=lambda line: (line[0], line[1]["内容"]))
    return {
        **{name: str(count) for name, count in counts.items()},
        "活动次数": str(len(lines)),
        "活动": [{"序号": str(n), **line} for n, (_day, line) in enumerate(lines, 1)],
    }


def _observation_line(row: Any, name: str, facts: Facts) -> dict[str, str]:
    seen, lesson = row.Observation, row.Lesson
    title = f"《{lesson.title}》" if lesson.title else lesson.subject
    said = joined(seen.strengths, seen.advice, seen.overall, by="")
    of_mentee = name == "听徒弟课节数"
    return {
        "日期": long_date(seen.observed_on),
        "地点": row.place or facts.schools.get(lesson.school_id or "", ""),
        "形式": "师傅听课" if of_mentee else "徒弟听课",
        "内容": title + (f"：{said}" if said and of_mentee else ""),
        "收获": "" if of_mentee else said,
        "备注": f"{number(seen.score)}分" if seen.score is not None else "",
    }


def _activity_line(one: Activity, facts: Facts) -> dict[str, str]:
    return {
        "日期": long_date(one.held_on), "地点": one.place,
        "形式": facts.kinds.get(one.kind, one.kind), "内容": one.title, "收获": "", "备注": "",
    }  # fmt: skip


SUBJECT = Subject("pair", "师徒结对", FIELDS, _targets, _read)
