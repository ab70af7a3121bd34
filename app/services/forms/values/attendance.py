"""Attendance of a year or term, person by person 考勤汇总."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from app.models import Activity, Attendance, Community
from app.services.activities.terms import terms_of
from app.services.forms.form import Field, Sheet, Subject, Target
from app.services.forms.values.facts import facts_of, in_order, long_date, ours

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from sqlalchemy.orm import Session

    from app.services.forms.form import Values
    from app.services.forms.reading import Reading
    from app.services.forms.values.facts import Facts

FIELDS = (
    Field("学校", "本单位"), Field("共同体"), Field("学年"), Field("学期", "全学年的没有"),
    Field("起止日期"), Field("活动次数", "有签到名单的"), Field("应到人次"), Field("到会人次"),
    Field("请假人次"), Field("缺席人次"), Field("出勤率"),
    Field("人员", "一人一行", (
        Field("序号"), Field("姓名"), Field("单位"), Field("应到"), Field("到会"), Field("请假"),
        Field("缺席"), Field("出勤率"), Field("请假缺席情况", "哪天为什么没有来"),
    )),
)  # fmt: skip
_YEAR = "year"


def _spans(session: Session, reading: Reading) -> dict[str, tuple[str, date, date]]:
    """The year, then its terms by their ids: name, first and last day."""
    year = reading.adoption
    terms = terms_of(session, year.id)
    return {
        _YEAR: (year.period, year.starts_on, year.ends_on),
        **{term.id: (term.name, term.starts_on, term.ends_on) for term in terms},
    }


def _targets(reading: Reading) -> list[Target]:
    with reading.uow.read() as session:
        return [
            Target(key, name, f"{long_date(first)}至{long_date(last)}", first)
            for key, (name, first, last) in _spans(session, reading).items()
        ]


def _read(reading: Reading, ids: Sequence[str]) -> list[Sheet]:
    with reading.uow.read() as session:
        facts = facts_of(session, reading)
        spans = _spans(session, reading)
        in_order(spans, ids, "学期")
        year = reading.adoption
        rows = session.execute(
            select(Attendance, Activity)
            .join(Activity, Activity.id == Attendance.activity_id)
            .join(Community, Community.id == Activity.community_id)
            .where(
                ours(reading),
                Activity.held_on.between(year.starts_on, year.ends_on),
            )
            .order_by(Activity.held_on, Attendance.id)
        ).all()
        return [Sheet(_values(key, spans, rows, facts)) for key in ids]


def _values(
    key: str, spans: dict[str, tuple[str, date, date]], rows: Sequence[Any], facts: Facts
) -> Values:
    name, first, last = spans[key]
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    away: dict[str, list[str]] = defaultdict(list)
    held: set[str] = set()
    for one, activity in rows:
        if not first <= activity.held_on <= last:
            continue
        held.add(activity.id)
        counts[one.person_id][one.status] += 1
        if one.status in ("leave", "absent"):
            day = f"{activity.held_on.month}月{activity.held_on.day}日"
            away[one.person_id].append(day + (one.leave_reason or "缺席"))
    whole = sum(counts.values(), Counter())
    people = sorted(counts, key=lambda one: (facts.person(one).school, facts.person(one).name, one))
    return {
        **facts.of_day(None), "学期": "" if key == _YEAR else name,
        "起止日期": f"{long_date(first)}至{long_date(last)}", "活动次数": str(len(held)),
        "应到人次": str(whole.total()), "到会人次": str(whole["present"]),
        "请假人次": str(whole["leave"]), "缺席人次": str(whole["absent"]), "出勤率": _rate(whole),
        "人员": [
            {
                "序号": str(place), "姓名": facts.person(one).name,
                "单位": facts.person(one).short_school, "应到": str(counts[one].total()),
                "到会": str(counts[one]["present"]), "请假": str(counts[one]["leave"] or ""),
                "缺席": str(counts[one]["absent"] or ""), "出勤率": _rate(counts[one]),
                "请假缺席情况": "；".join(away[one]),
            }
            for place, one in enumerate(people, 1)
        ],
    }  # fmt: skip


def _rate(counts: Counter[str]) -> str:
    """Share of those who came among those who were marked; empty where nobody was."""
    marked = counts.total() - counts["expected"]
    return f"{100 * counts['present'] / marked:.0f}%" if marked else ""


SUBJECT = Subject("attendance", "考勤", FIELDS, _targets, _read)
