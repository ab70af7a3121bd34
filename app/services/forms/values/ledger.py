"""台账: all records of a kind in a year or a term, each as one line, with the fields of its subject."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import or_, select

from app.models import AssessmentItem, Dispatch, Evidence, EvidenceLink
from app.services.bulk import among
from app.services.entry.scope import scope_of
from app.services.entry.sheets.people import communities_of
from app.services.forms.form import Field, Sheet, Subject, text
from app.services.forms.values import activity, certificate, lesson, observation
from app.services.forms.values.facts import facts_of, long_date
from app.services.forms.values.period import targets, wanted_spans

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from app.services.forms.form import Values
    from app.services.forms.reading import Reading
    from app.services.forms.values.period import Span

LEDGERS = (
    ("activities", "活动台账"), ("lessons", "课例台账"), ("observations", "听课台账"),
    ("attendance", "会议考勤台账"), ("evidence", "材料台账"), ("certificates", "证书台账"),
    ("dispatches", "派驻跟岗台账"),
)  # fmt: skip
_DISPATCHES = ("教师", "单位", "方式", "去往单位", "开始日期", "结束日期", "天数", "课时", "备注")
_EVIDENCE = ("题名", "责任者", "日期", "文号", "种类", "页数", "考核项", "级别", "盖章", "备注")
FIELDS = (
    Field("台账名称"), Field("共同体"), Field("时段"), Field("条数"),
    Field("台账", "各行；栏目随台账的种类", tuple(
        Field(name) for name in dict.fromkeys((
            "应到/实到",
            "序号", *(one.name for subject in (
                activity.SUBJECT, lesson.SUBJECT, observation.SUBJECT, certificate.SUBJECT
            ) for one in subject.fields if not one.fields),
            *_DISPATCHES, *_EVIDENCE,
        ))
    )),
)  # fmt: skip


def _of(subject: Subject) -> Callable[[Reading, Span], list[Values]]:
    """The records of a subject whose day lies in the span, the earliest first."""

    def read(reading: Reading, span: Span) -> list[Values]:
        days = {
            one.id: one.day
            for one in subject.targets(reading)
            if one.day is not None and span.first <= one.day <= span.last
        }
        ids = sorted(days, key=lambda id_: days[id_])  # stable: of a day in the order of the list
        return [sheet.values for sheet in subject.read(reading, ids)]

    return read


def _dispatches(reading: Reading, span: Span) -> list[Values]:
    with reading.uow.read() as session:
        facts = facts_of(session, reading)
        scope = scope_of(session, reading.adoption.id, reading.uow.context)
        rows = session.scalars(
            select(Dispatch)
            .where(
                Dispatch.community_id.in_(communities_of(scope)),
                or_(Dispatch.starts_on.is_(None), Dispatch.starts_on <= span.last),
                or_(Dispatch.ends_on.is_(None), Dispatch.ends_on >= span.first),
            )
            .order_by(Dispatch.starts_on, Dispatch.id)
        )
        return [
            {
                "教师": facts.person(one.person_id).name, "方式": one.kind,
                "单位": facts.schools.get(one.from_school_id or "", "")
                or facts.person(one.person_id).school,
                "去往单位": facts.schools.get(one.to_school_id or "", ""),
                "开始日期": long_date(one.starts_on), "结束日期": long_date(one.ends_on),
                "天数": str(one.days or ""), "课时": str(one.lessons or ""), "备注": one.note,
            }
            for one in rows
        ]  # fmt: skip


def _evidence(reading: Reading, span: Span) -> list[Values]:
    from app.services.evidence.kinds import KINDS

    with reading.uow.read() as session:
        found = session.scalars(
            select(Evidence)
            .where(Evidence.dated_on.between(span.first, span.last))
            .order_by(Evidence.dated_on, Evidence.id)
        ).all()
        proves: dict[str, list[str]] = {}
        mine = among(EvidenceLink.evidence_id, [one.id for one in found])
        for row in session.execute(
            select(EvidenceLink.evidence_id, AssessmentItem.no)
            .join(AssessmentItem, AssessmentItem.id == EvidenceLink.assessment_item_id)
            .where(AssessmentItem.adoption_id == reading.adoption.id, mine)
            .order_by(AssessmentItem.ordinal)
        ):
            proves.setdefault(row.evidence_id, []).append(row.no)
        return [
            {
                "题名": one.title, "责任者": one.author, "日期": long_date(one.dated_on),
                "文号": one.doc_no, "种类": KINDS[one.media_type].label if one.media_type in KINDS else "",
                "页数": str(one.pages or ""), "考核项": "、".join(proves.get(one.id, ())),
                "级别": one.level, "盖章": "有" if one.sealed else "", "备注": one.note,
            }
            for one in found
        ]  # fmt: skip


_READERS: dict[str, Callable[[Reading, Span], list[Values]]] = {
    "activities": _of(activity.SUBJECT),
    "lessons": _of(lesson.SUBJECT),
    "observations": _of(observation.SUBJECT),
    "attendance": _of(activity.SUBJECT),
    "evidence": _evidence,
    "certificates": _of(certificate.SUBJECT),
    "dispatches": _dispatches,
}


def _read(reading: Reading, ids: Sequence[str]) -> list[Sheet]:
    which = reading.options.get("which") or LEDGERS[0][0]
    with reading.uow.read() as session:
        spans = wanted_spans(session, reading, ids)
    sheets = []
    for span in spans:
        lines = [
            {**line, "序号": str(number)}
            for number, line in enumerate(_READERS[which](reading, span), 1)
        ]
        for line in lines:
            said = "/".join(text(line, one) or "—" for one in ("应到人数", "实到人数"))
            line["应到/实到"] = said if said != "—/—" else ""
        sheets.append(Sheet({
            "台账名称": dict(LEDGERS)[which], "共同体": reading.adoption.community_name,
            "时段": span.name, "条数": str(len(lines)), "台账": lines,
        }, span))  # fmt: skip
    return sheets


SUBJECT = Subject("ledger", "台账", FIELDS, targets, _read)
