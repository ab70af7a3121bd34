"""Evidence that is there, but not as the scheme wants it: outside its window, unsealed, late."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import String, and_, case, cast, false, func, or_, select, true

from app.models import Activity, AssessmentItem, Evidence, EvidenceLink, Lesson, Person
from app.services.bulk import among
from app.services.schemes.lookup import Piece, in_window, needs_seal, span_of
from app.services.standing.records import Finding

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from sqlalchemy import ColumnElement
    from sqlalchemy.orm import Session

    from app.services.schemes.parts import Where
    from app.services.standing.reading import Setting


_AT_ONCE = 5000


def evidence_findings(
    session: Session, setting: Setting, only: Collection[str] | None = None
) -> Iterator[Finding]:
    """Windows and seals of every piece that this year's archive uses; late ones of slots with a day.

    ``only``: of these pieces alone.

    A piece linked several times is looked at in each use; of several uses of one piece that are
    wrong in the same way one is told.
    """
    scheme = setting.scheme
    if not scheme.window and not scheme.seal and not _has_due(setting):
        return
    roles = _roles(setting)
    told: set[tuple[str, str]] = set()
    pieces = sorted(set(only) if only is not None else _suspected(session, setting))
    rows = (
        row
        for at in range(0, len(pieces), _AT_ONCE)
        for row in session.execute(
            _links(setting).where(
                among(Evidence.id, pieces[at : at + _AT_ONCE]), _suspicious(setting)
            )
        )
    )
    for row in rows:
        piece = Piece(
            slot=row.slot or None, item=row.no, owner_role=roles.get(row.owner or ""),
            kind=row.kind, level=row.level or None,
        )  # fmt: skip
        for finding in _of_piece(setting, row, piece):
            if (row.id, finding.kind) not in told:
                told.add((row.id, finding.kind))
                yield finding


def _links(setting: Setting) -> Any:
    link, year = EvidenceLink, setting.calendar.year
    activity = func.coalesce(link.activity_id, Lesson.activity_id)
    return (
        select(
            Evidence.id, Evidence.title, Evidence.dated_on, Evidence.sealed, Evidence.level,
            Evidence.added_at, link.slot, AssessmentItem.no,
            func.coalesce(link.owner_id, link.person_id).label("owner"), Person.name.label("owner_name"),
            Person.school_id, Activity.id.label("activity"), Activity.kind, Activity.title.label("of"),
            func.coalesce(Activity.ends_on, Activity.held_on).label("day"),
        )
        .join(Evidence, Evidence.id == link.evidence_id)
        .outerjoin(AssessmentItem, AssessmentItem.id == link.assessment_item_id)
        .outerjoin(Lesson, Lesson.id == link.lesson_id)
        .outerjoin(Activity, Activity.id == activity)
        .outerjoin(Person, Person.id == func.coalesce(link.owner_id, link.person_id))
        .where(
            or_(
                link.assessment_item_id.in_(tuple(setting.items.values())),
                Activity.community_id.in_(setting.scope)
                & Activity.held_on.between(year.starts, year.ends),
                link.community_id.in_(setting.scope),
                link.person_id.is_not(None) & (link.slot != ""),
                link.school_id.is_not(None),
                link.pair_id.is_not(None),
            )
        )
        .order_by(Evidence.id)
    )  # fmt: skip


def _suspected(session: Session, setting: Setting) -> set[str]:
    """Pieces that are perhaps not sound, found by indexes alone: each way of belonging by its own."""
    link, year = EvidenceLink, setting.calendar.year
    plain = (
        select(link.evidence_id)
        .join(Evidence, Evidence.id == link.evidence_id)
        .where(_suspicious(setting))
    )
    in_year = Activity.community_id.in_(setting.scope) & Activity.held_on.between(
        year.starts, year.ends
    )
    without = plain.outerjoin(
        AssessmentItem, AssessmentItem.id == link.assessment_item_id
    ).outerjoin(Activity, Activity.id == link.activity_id)
    items = tuple(setting.items.values())
    queries = (
        plain.join(Activity, Activity.id == link.activity_id)
        .outerjoin(AssessmentItem, AssessmentItem.id == link.assessment_item_id)
        .where(in_year),
        plain.join(Lesson, Lesson.id == link.lesson_id)
        .join(Activity, Activity.id == Lesson.activity_id)
        .outerjoin(AssessmentItem, AssessmentItem.id == link.assessment_item_id)
        .where(in_year),
        *(
            without.where(here)
            for here in (
                link.assessment_item_id.in_(items), link.community_id.in_(setting.scope),
                link.person_id > "", link.school_id > "", link.pair_id > "",
            )
        ),
    )  # fmt: skip
    return {id_ for query in queries for id_ in session.scalars(query)}


def _suspicious(setting: Setting) -> ColumnElement[bool]:
    """What the database can tell to be sound is not looked at: nearly everything."""
    scheme, answers, start = setting.scheme, setting.answers, setting.calendar.year.starts
    bounds = [
        (_fits(setting, window.where), *span_of(window.accepts, start, answers))
        for window in reversed(scheme.window)
    ]
    wrong: list[ColumnElement[bool]] = []
    if bounds:
        fits = or_(*(fit for fit, _first, _last in bounds))
        first = case(*((fit, one or date.max) for fit, one, _last in bounds))
        last = case(*((fit, one or date.min) for fit, _first, one in bounds))
        day = Evidence.dated_on
        wrong.append(fits & (day.is_(None) | (day < first) | (day > last)))
    if scheme.seal:
        sealed = or_(*(_fits(setting, seal.where) for seal in scheme.seal))
        wrong.append(sealed & Evidence.sealed.is_(False))
    wrong += [
        (Activity.kind == kind.key) & (EvidenceLink.slot == slot.key) & _late(slot.due.days)
        for kind in scheme.activity
        for slot in kind.slots
        if slot.due is not None and slot.due.days is not None and slot.due.after
    ]
    return or_(*wrong) if wrong else false()


def _late(days: int) -> ColumnElement[bool]:
    """Taken in later than so many days after; the day of the archive's own zone is looked at after."""
    day = func.coalesce(Activity.ends_on, Activity.held_on)
    since = func.julianday(func.substr(cast(Evidence.added_at, String), 1, 10)) - func.julianday(
        day
    )
    late: ColumnElement[bool] = since >= days
    return late


def _fits(setting: Setting, where: Where) -> ColumnElement[bool]:
    """The same as ``lookup.fits``, for the database."""
    link = EvidenceLink
    columns: dict[str, Any] = {
        "slot": link.slot, "item": AssessmentItem.no, "kind": Activity.kind, "level": Evidence.level,
    }  # fmt: skip
    found: list[ColumnElement[bool]] = [true()]
    for name in where.model_fields_set:
        words = getattr(where, name)
        if name in columns:
            found.append(columns[name].in_(words))
        elif name == "owner_role":
            people = [id_ for id_, role in _roles(setting).items() if role in words]
            found.append(func.coalesce(link.owner_id, link.person_id, "").in_(people))
        else:
            return false()
    return and_(*found)


def _roles(setting: Setting) -> dict[str, str]:
    year = setting.calendar.year
    return {
        person.id: held.role
        for person in setting.roster.people.values()
        for held in reversed(person.held)
        if held.within(year)
    }


def _has_due(setting: Setting) -> bool:
    return any(slot.due for kind in setting.scheme.activity for slot in kind.slots)


def _of_piece(setting: Setting, row: Any, piece: Piece) -> Iterator[Finding]:
    scheme = setting.scheme
    where = row.of or (f"考核项 {row.no}" if row.no else row.owner_name or "")
    common: dict[str, Any] = {
        "where": f"《{row.title}》{'，' + where if where else ''}",
        "record": f"evidence:{row.id}",
        "activity_id": row.activity or "",
        "person_id": row.owner or "",
        "school_id": row.school_id or "",
        "who": row.owner_name or "",
    }
    inside = in_window(
        scheme, row.dated_on, year=setting.year, piece=piece, answers=setting.answers
    )
    if inside is False:
        what = f"日期 {row.dated_on} 不在材料时段内"
        yield Finding(f"window:{row.id}", "window", "error", what, **common)
    elif inside is None:
        asked = "没有日期" if row.dated_on is None else "采用方案时没有回答认哪一年"
        what = f"{asked}，不知道是否在材料时段内"
        yield Finding(f"window:{row.id}", "window", "notice", what, **common)
    seal = needs_seal(scheme, piece)
    if seal and not row.sealed:
        yield Finding(f"seal:{row.id}", "seal", "warning", f"没有盖{seal}", **common)
    due = _due(setting, row)
    if due is not None and row.added_at.astimezone().date() > due:
        days = (row.added_at.astimezone().date() - due).days
        what = f"应在 {due} 前交，迟了 {days} 天"
        yield Finding(f"late:{row.id}", "late", "notice", what, due=due, **common)


def _due(setting: Setting, row: Any) -> date | None:
    if row.activity is None or not row.slot or row.day is None:
        return None
    for kind in setting.scheme.activity:
        if kind.key != row.kind:
            continue
        for slot in kind.slots:
            if slot.key == row.slot and slot.due and slot.due.days is not None and slot.due.after:
                last: date = row.day + timedelta(days=slot.due.days)
                return last
    return None
