"""Ledgers of activities into the archive, with the units and the people that took part."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sqlalchemy import false, or_, select

from app.models import Activity, ActivityUnit, Attendance, new_id
from app.services.entry.vocabulary import ATTENDANCE, choices
from app.services.imports.belonging import scheme_of, word_of
from app.services.imports.plan import Plan, in_chunks
from app.services.imports.values import BadValueError
from app.services.imports.who import Who
from app.services.journal import insert_many

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sqlalchemy.orm import Session

    from app.progress import Progress
    from app.services.imports.names import Named
    from app.services.imports.report import State
    from app.services.imports.table import Draft

TEXTS = ("title", "number", "place", "subject", "theme", "minutes", "outcome", "next_steps")
COLUMNS = (
    *TEXTS, "kind", "form", "held_on", "ends_on", "starts_at", "ends_at", "host_id", "recorder_id"
)  # fmt: skip
_FIELDS = {"host_id": "host", "recorder_id": "recorder", "starts_at": "clock"}
"""Columns whose field in the table has another key."""
_UNITS = (("host_units", "主办"), ("organisers", "承办"), ("co_organisers", "协办"))
_PEOPLE = (("absent", "absent"), ("on_leave", "leave"), ("participants", "present"))
"""Field and status, the strongest last: who is named as having come has come."""

_ASIDES = {("假", "请假"): "leave", ("缺席", "缺勤", "未到"): "absent"}


@dataclass(slots=True)
class Record:
    """An activity of the file or of the archive, with the units and people of it."""

    row: int
    id: str
    values: dict[str, Any]
    units: set[tuple[str, str]] = field(default_factory=set)
    """(school, part)."""
    people: dict[str, str] = field(default_factory=dict)
    """Person → status."""

    def ids(self) -> Iterable[str | None]:
        """Every person and school that it names."""
        yield from (self.values.get("host_id"), self.values.get("recorder_id"))
        yield from self.people
        yield from (school_id for school_id, _ in self.units)


@dataclass(frozen=True, slots=True)
class Update:
    """What is to be written to an activity that is there."""

    values: dict[str, Any]
    units: set[tuple[str, str]]
    people: dict[str, str]
    """Those that are new on the list."""
    statuses: dict[str, str]
    """Those whose status changes."""

    def ids(self) -> Iterable[str | None]:
        """Every person and school that it brings."""
        yield from (self.values.get("host_id"), self.values.get("recorder_id"))
        yield from self.people
        yield from (school_id for school_id, _ in self.units)


class ActivityPlan(Plan):
    """Activities by name and day: which are new, which change."""

    action = "导入活动台账"

    def find_out(self, session: Session) -> None:
        """Recognise the activities of the file among those of the archive."""
        options = self.options
        self._who = Who(session, options.community_id, create=options.create_missing)
        scheme = scheme_of(session, options.community_id)
        self._kinds = dict(choices("activity_kind", scheme)) if scheme else {}
        self._forms = [word for word, _ in choices("activity_form", scheme)] if scheme else []
        self._new: list[Record] = []
        self._updates: dict[str, Update] = {}
        found = self._folded()
        known = {} if options.policy == "both" else self._recognised(session, found)
        for one in found:
            self.states[one.row] = self._compared(one, known.get(one.row))
        self.created, self.updated = len(self._new), len(self._updates)
        self.unchanged = len(found) - self.created - self.updated
        used = {id_ for one in self._new for id_ in one.ids()}
        used |= {id_ for update in self._updates.values() for id_ in update.ids()}
        self._schools, self._people = self._who.made(used)
        self.new_schools = tuple(self._schools.values())
        self.new_people = tuple(self._people.values())

    # --- what the rows say -----------------------------------------------------------------------

    def _folded(self) -> list[Record]:
        """Each activity once: rows of one name and day are the same unless their hours differ."""
        found: list[Record] = []
        by_key: dict[tuple[str, Any], list[Record]] = defaultdict(list)
        for draft in self.table.rows:
            one = self._record(draft)
            if self.is_refused(draft.row):
                continue
            same = by_key[_key(one.values)]
            first = next((other for other in same if _same_hours(other.values, one.values)), None)
            if first is None:
                same.append(one)
                found.append(one)
                continue
            self.duplicates.append((one.row, first.row))
            first.values = {key: first.values[key] or one.values[key] for key in COLUMNS}
            first.units |= one.units
            first.people = one.people | first.people
        return found

    def _record(self, draft: Draft) -> Record:
        row, who = draft.row, self._who
        one = Record(row, new_id(), dict.fromkeys(COLUMNS))
        one.values |= {key: draft.get(key) for key in TEXTS}
        one.values |= self.attempt(row, "held_on", _when, draft) or {}
        one.values["kind"] = self.attempt(row, "kind", self._kind, draft.get("kind"))
        one.values["form"] = self._form(draft)
        for column in ("host_id", "recorder_id"):
            if named := draft.get(_FIELDS[column]):
                one.values[column] = self.attempt(row, _FIELDS[column], who.person, named)
        for key, part in _UNITS:
            for name in draft.get(key, ()):
                if school_id := self.attempt(row, key, who.school, name):
                    one.units.add((school_id, part))
        for key, status in _PEOPLE:
            for named in draft.get(key, ()):
                if person_id := self.attempt(row, key, who.person, named):
                    one.people[person_id] = self._status(row, named, status)
        day = one.values["held_on"]
        if day and day > self.today:
            one.people = dict.fromkeys(one.people, "expected") | {
                person: status for person, status in one.people.items() if status != "present"
            }
        return one

    def _status(self, row: int, named: Named, status: str) -> str:
        """Status of a person, by what stands behind the name: 李四（请假）."""
        aside = named.aside
        for words, told in _ASIDES.items():
            if aside.endswith(words):
                return told
        if aside and not self._who.knows_school(aside):
            self.remark(f"姓名后面括号里的“{aside}”没有收入", row)
        return status

    def _kind(self, text: str) -> str:
        """Key of the scheme's kind of activity."""
        word = word_of(text)
        for key, name in self._kinds.items():
            if word in (word_of(key), word_of(name), word_of(f"{name}活动")):
                return key
        if text:
            raise BadValueError(
                f"没有“{text}”这个活动类型，可用的类型：{'、'.join(self._kinds.values())}"
            )
        return ""

    def _form(self, draft: Draft) -> str:
        """Form of the activity in the scheme's words; another one stays as it is written."""
        text = str(draft.get("form"))
        known = next((form for form in self._forms if word_of(form) == word_of(text)), None)
        if text and known is None:
            self.remark(f"形式“{text}”不在方案里，照原样收入", draft.row)
        return known or text

    # --- what the archive has --------------------------------------------------------------------

    def _recognised(self, session: Session, found: Sequence[Record]) -> dict[int, Record]:
        """Row → the activity of the archive that it is about."""
        days = {one.values["held_on"] for one in found}
        dated = sorted(day for day in days if day)
        within = [Activity.held_on.between(dated[0], dated[-1])] if dated else []
        undated = [Activity.held_on.is_(None)] if None in days else []
        query = select(Activity.id, *(getattr(Activity, name) for name in COLUMNS)).where(
            Activity.community_id == self.options.community_id, or_(false(), *within, *undated)
        )
        wanted = {_key(one.values) for one in found}
        there: dict[tuple[str, Any], list[Record]] = defaultdict(list)
        for row in session.execute(query.order_by(Activity.id)) if found else ():
            known = Record(0, row[0], dict(zip(COLUMNS, row[1:], strict=True)))
            if _key(known.values) in wanted:
                there[_key(known.values)].append(known)
        matched: dict[int, Record] = {}
        for one in found:
            same = there.get(_key(one.values), [])
            start = one.values["starts_at"]
            best = next((known for known in same if known.values["starts_at"] == start), None)
            best = best or next((k for k in same if _same_hours(k.values, one.values)), None)
            if best is None and len(same) == 1:
                best = same[0]
            if best:
                same.remove(best)
                matched[one.row] = best
        self._take_parts(session, matched.values())
        return matched

    def _take_parts(self, session: Session, known: Iterable[Record]) -> None:
        by_id = {one.id: one for one in known}
        for ids in in_chunks(by_id):
            for activity_id, school_id, role in session.execute(
                select(ActivityUnit.activity_id, ActivityUnit.school_id, ActivityUnit.role).where(
                    ActivityUnit.activity_id.in_(ids)
                )
            ):
                by_id[activity_id].units.add((school_id, role))
            for activity_id, person_id, status in session.execute(
                select(Attendance.activity_id, Attendance.person_id, Attendance.status).where(
                    Attendance.activity_id.in_(ids)
                )
            ):
                by_id[activity_id].people[person_id] = status

    def _compared(self, one: Record, known: Record | None) -> State:
        if known is None:
            self._new.append(one)
            return "created"
        if self.options.policy == "skip":
            return "unchanged"
        update = self._update_of(one, known)
        if not (update.values or update.units or update.people or update.statuses):
            return "unchanged"
        self._updates[known.id] = update
        return "updated"

    def _update_of(self, one: Record, known: Record) -> Update:
        title = known.values["title"]
        values = {}
        for column in COLUMNS:
            old, new = known.values[column], one.values[column]
            if new and new != old and column != "title":
                key = _FIELDS.get(column, column)
                if self.takes(
                    one.row, title, key, self._shown(column, old), self._shown(column, new)
                ):
                    values[column] = new
        units = one.units - known.units
        for school_id, part in sorted(units):
            key = next(key for key, said in _UNITS if said == part)
            self.takes(one.row, title, key, "", self._who.school_name(school_id))
        people = {p: status for p, status in one.people.items() if p not in known.people}
        if people:
            named = "、".join(map(self._who.name, people))
            self.takes(one.row, title, "participants", "", named)
        statuses = {}
        for person, status in one.people.items():
            old = known.people.get(person, status)
            if old == status:
                continue
            blank = old == "expected"
            before, after = "" if blank else ATTENDANCE[old], ATTENDANCE[status]
            who = f"{title} {self._who.name(person)}"
            if self.takes(one.row, who, "participants", before, after):
                statuses[person] = status
        return Update(values, units, people, statuses)

    def _shown(self, column: str, value: Any) -> str:
        if column in {"host_id", "recorder_id"}:
            return self._who.name(value)
        if column == "kind":
            return self._kinds.get(value, value or "")
        if column in {"starts_at", "ends_at"} and value:
            return f"{value:%H:%M}"
        return str(value or "")

    # --- writing ---------------------------------------------------------------------------------

    def write(self, session: Session, progress: Progress) -> None:
        """Write everything within the caller's transaction."""
        self._who.write(session, self._schools, self._people)
        community_id = self.options.community_id
        insert_many(
            session, Activity,
            [{"id": one.id, "community_id": community_id, **_filled(one.values)} for one in self._new],
        )  # fmt: skip
        units = [(one.id, unit) for one in self._new for unit in sorted(one.units)]
        people = [(one.id, person) for one in self._new for person in one.people.items()]
        for activity_id, update in self._updates.items():
            units += [(activity_id, unit) for unit in sorted(update.units)]
            people += [(activity_id, person) for person in update.people.items()]
        insert_many(
            session, ActivityUnit,
            [{"activity_id": id_, "school_id": school, "role": role} for id_, (school, role) in units],
        )  # fmt: skip
        insert_many(
            session, Attendance,
            [{"activity_id": id_, "person_id": who, "status": status} for id_, (who, status) in people],
        )  # fmt: skip
        for number, (activity_id, update) in enumerate(self._updates.items()):
            progress.report(number, len(self._updates), "更新活动")
            activity = session.get_one(Activity, activity_id)
            for column, value in update.values.items():
                setattr(activity, column, value)
            if update.statuses:
                for attendance in activity.attendances:
                    status = update.statuses.get(attendance.person_id)
                    attendance.status = status or attendance.status


def _filled(values: dict[str, Any]) -> dict[str, Any]:
    """Values of a new row: days, hours and people may be unknown, texts are empty."""
    return {key: (value or "") if key in _WORDS else value for key, value in values.items()}


_WORDS = {*TEXTS, "kind", "form"}


def _key(values: dict[str, Any]) -> tuple[str, Any]:
    return word_of(values["title"]), values["held_on"]


def _same_hours(one: dict[str, Any], other: dict[str, Any]) -> bool:
    first, second = one["starts_at"], other["starts_at"]
    return first is None or second is None or bool(first == second)


def _when(draft: Draft) -> dict[str, Any]:
    """Days and hours of a row, put together from its columns."""
    span, last = draft.get("held_on", None), draft.get("ends_on", None)
    clock, end = draft.get("clock", None), draft.get("ends_at", None)
    hours = clock or span
    found = {
        "held_on": span and span.first,
        "ends_on": (last and (last.last or last.first)) or (span and span.last),
        "starts_at": hours and hours.starts_at,
        "ends_at": (end and end.starts_at) or (hours and hours.ends_at),
    }
    if found["ends_on"] and not found["held_on"]:
        raise BadValueError("只有结束日期，没有开始日期")
    if found["ends_on"] and found["ends_on"] < found["held_on"]:
        raise BadValueError(f"结束日期 {found['ends_on']} 早于开始日期 {found['held_on']}")
    if found["ends_on"] == found["held_on"]:
        found["ends_on"] = None
    starts, ends = found["starts_at"], found["ends_at"]
    if starts and ends and ends < starts and not found["ends_on"]:
        raise BadValueError(f"结束时间 {ends:%H:%M} 早于开始时间 {starts:%H:%M}")
    return found
