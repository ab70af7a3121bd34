"""Findings in words: gaps of activities, standing materials, quotas and deadlines that have passed."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from app.services.standing.quotas import plain
from app.services.standing.records import Finding

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from app.services.standing.materials import ActivityState, Gap
    from app.services.standing.periodic import StandingState
    from app.services.standing.reading import Setting
    from app.services.standing.records import DeadlineLine, QuotaLine

_NAMED = 4
_TARGETS = {"unit": "school", "group": "community"}


def gap_findings(
    setting: Setting,
    state: ActivityState,
    name: Callable[[str], str],
    *,
    for_each: bool = False,
) -> Iterator[Finding]:
    """What an activity lacks; ``for_each``: one finding for everybody from whom it is missing.

    An activity that is still to come lacks nothing yet, but what is due before it.
    """
    where = f"{state.title}{f' {state.day}' if state.day else ''}"
    if state.day is None:
        yield Finding(
            f"undated:{state.id}", "unsure", "notice", "没有日期，算不进任何一期", where,
            record=f"activity:{state.id}", activity_id=state.id,
        )  # fmt: skip
    for gap in open_gaps(setting, state):
        overdue = is_overdue(setting, gap)
        if for_each and (gap.whose or gap.schools):
            yield from _each(setting, state, gap, where, overdue=overdue, name=name)
            continue
        people = _people(gap, name)
        yield Finding(
            f"slot:{state.id}:{gap.slot.key}", "slot", "error" if overdue else "warning",
            f"缺{_paper(gap)}{gap.slot.name} {gap.missing} 份" + (f"（{people}）" if people else ""),
            where, record=f"activity:{state.id}", activity_id=state.id,
            person_id=gap.whose[0] if len(gap.whose) == 1 and gap.slot.each != "unit" else "",
            school_id=_school(gap),
            who=people, slot=gap.slot.key, target=_target(state, gap), count=gap.missing,
            due=gap.due, overdue=overdue, waivable=gap.slot.waivable,
        )  # fmt: skip


def open_gaps(setting: Setting, state: ActivityState) -> list[Gap]:
    """What should be there by now: what is still to come lacks only what was due before it."""
    begun = state.day is not None and state.day <= setting.today
    return [gap for gap in state.gaps if begun or is_overdue(setting, gap)]


def is_overdue(setting: Setting, gap: Gap) -> bool:
    """Whether its last day has passed."""
    return gap.due is not None and gap.due < setting.today


def _each(
    setting: Setting,
    state: ActivityState,
    gap: Gap,
    where: str,
    *,
    overdue: bool,
    name: Callable[[str], str],
) -> Iterator[Finding]:
    lessons = dict(zip(gap.whose, gap.lessons, strict=False)) if gap.lessons else {}
    everybody = dict.fromkeys((*gap.whose, *gap.schools))
    share = max(gap.missing // len(everybody), 1)
    for one in everybody:
        lesson, person = lessons.get(one, ""), setting.roster.people.get(one)
        unit = gap.slot.each == "unit" or one in gap.schools
        yield Finding(
            f"slot:{state.id}:{gap.slot.key}:{one}", "slot", "error" if overdue else "warning",
            f"缺{_paper(gap)}{gap.slot.name} {share} 份", where, record=f"activity:{state.id}",
            activity_id=state.id, person_id="" if unit else one,
            school_id=one if unit else (person.school_id or "" if person else ""),
            who=name(one), slot=gap.slot.key,
            target=f"lesson:{lesson}" if lesson else f"activity:{state.id}", count=share,
            due=gap.due, overdue=overdue, waivable=gap.slot.waivable,
        )  # fmt: skip


def _paper(gap: Gap) -> str:
    return "纸质" if gap.paper else ""


def _people(gap: Gap, name: Callable[[str], str]) -> str:
    everybody = (*gap.whose, *gap.schools)
    shown = "、".join(name(one) for one in everybody[:_NAMED])
    counted = "所" if not gap.whose or gap.slot.each == "unit" else "人"
    return f"{shown}等 {len(everybody)} {counted}" if len(everybody) > _NAMED else shown


def _school(gap: Gap) -> str:
    """The one school that it is missing from."""
    schools = gap.whose if gap.slot.each == "unit" else gap.schools
    return schools[0] if len(schools) == 1 else ""


def _target(state: ActivityState, gap: Gap) -> str:
    return f"lesson:{gap.lessons[0]}" if len(gap.lessons) == 1 else f"activity:{state.id}"


def standing_finding(setting: Setting, state: StandingState) -> Finding | None:
    """A material of a period that is not there (wrong once it is due or the period is over) or late."""
    slot, subject, span = state.slot, state.subject, state.span
    key = f"standing:{slot.key}:{subject.id}:{span.starts}"
    record = f"{_TARGETS.get(subject.kind, subject.kind)}:{subject.id}"
    person = subject.id if subject.kind == "person" else ""
    school = subject.id if subject.kind == "unit" else ""
    if person and person in setting.roster.people:
        school = setting.roster.people[person].school_id or ""
    if state.uncertain:
        what = f"{subject.name}{state.uncertain}，不知道要不要交{slot.name}"
        return Finding(
            f"unsure:{key}", "unsure", "notice", what, span.name, record=record,
            person_id=person, school_id=school, who=subject.name,
        )  # fmt: skip
    if not state.missing and state.late is not None and state.due is not None:
        days = (state.late - state.due).days
        return Finding(
            f"late:{key}", "late", "notice",
            f"{slot.name}应在 {state.due} 前交，{state.late} 才齐，迟了 {days} 天",
            f"{subject.name} {span.name}", record=record, person_id=person, school_id=school,
            who=subject.name, due=state.due,
        )  # fmt: skip
    if not state.missing:
        return None
    last = state.due or span.ends
    overdue = last < setting.today
    paper = slot.medium == "both" and state.files >= slot.count
    return Finding(
        key, "standing", "error" if overdue else "notice",
        f"缺{'纸质' if paper else ''}{slot.name} {state.missing} 份", f"{subject.name} {span.name}",
        record=record, person_id=person, school_id=school, who=subject.name, slot=slot.key,
        target=record, count=state.missing, due=last, overdue=overdue, waivable=slot.waivable,
        counts_on=span.starts,
    )  # fmt: skip


def quota_finding(setting: Setting, line: QuotaLine) -> Finding | None:
    """A quota that was missed, that will be missed, or of which it cannot be said."""
    subject = line.subject
    if line.status in ("reached", "on-course"):
        return None
    record = f"{_TARGETS.get(subject.kind, subject.kind)}:{subject.id}"
    person = subject.id if subject.kind == "person" else ""
    school = subject.id if subject.kind == "unit" else ""
    if person and person in setting.roster.people:
        school = setting.roster.people[person].school_id or ""
    key = f"quota:{line.quota}:{subject.id}:{line.span.starts}"
    if line.status == "unsure":
        return Finding(
            f"unsure:{subject.id}:{line.uncertain}", "unsure", "notice", line.words, line.span.name,
            record=record, person_id=person, school_id=school, who=subject.name,
        )  # fmt: skip
    short = max((line.required or line.done) - line.done, Decimal(0))
    missed = line.status == "missed"
    return Finding(
        key, "quota", "error" if missed else "notice", f"{line.name}：{line.words}",
        f"{subject.name} {line.span.name}", record=record, person_id=person, school_id=school,
        who=subject.name, count=int(plain(short).split(".")[0]), due=line.span.ends, overdue=missed,
    )  # fmt: skip


def deadline_finding(setting: Setting, line: DeadlineLine) -> Finding | None:
    """A day that has passed without what was to be handed in; one that is not told stays to be ticked."""
    if line.done or line.days_left >= 0:
        return None
    subject = line.subject
    what = f"{line.name}应在 {line.on} 前交" + (f"给{line.to}" if line.to else "")
    what += "，没有见到" if line.done is False else "，交了请标记"
    return Finding(
        f"deadline:{line.key}:{subject.id}:{line.on}", "deadline",
        "error" if line.done is False else "notice", what, subject.name,
        record=f"{_TARGETS.get(subject.kind, subject.kind)}:{subject.id}",
        person_id=subject.id if subject.kind == "person" else "",
        school_id=subject.id if subject.kind == "unit" else "", who=line.handed_by or subject.name,
        due=line.on, overdue=True,
    )  # fmt: skip
