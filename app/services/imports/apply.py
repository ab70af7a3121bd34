"""Members into the archive: who is new, who changes, all in one transaction and one undo step."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select

from app.models import Appointment, Honour, Person, PersonSubject, School, new_id
from app.services.imports.belonging import Roles, Schools
from app.services.imports.compare import Difference, Policy, Update, compare, honours_of
from app.services.imports.members import MemberTable, Refusal, Remark
from app.services.imports.people import TEXT_FIELDS, Entrant, fold, known_people, recognise
from app.services.imports.values import BadValueError
from app.services.journal import insert_many

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy.orm import Session

    from app.services.unit_of_work import UnitOfWork

ACTION = "导入成员名册"
_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What an import did, or with ``dry_run`` would do."""

    table: MemberTable
    rows: int
    created: int
    updated: int
    unchanged: int
    duplicates: tuple[tuple[int, int], ...]
    """(row, earlier row) about the same person, counted once."""
    rejected: tuple[Refusal, ...]
    differences: tuple[Difference, ...]
    new_schools: tuple[str, ...]
    remarks: tuple[Remark, ...]
    dry_run: bool


def import_members(
    uow: UnitOfWork,
    table: MemberTable,
    *,
    community_id: str | None,
    policy: Policy = "update",
    dry_run: bool = False,
) -> ImportReport:
    """Take a checked roster into the archive.

    Empty cells never overwrite what is there. Schools that are not there yet are made; rows without
    a school belong to the community's own. Roles are those of the community's scheme. With
    ``dry_run`` nothing is written. Raises ConflictError, StorageError as every use case.
    """
    if dry_run:
        with uow.read() as session:
            return _Import(session, table, community_id, policy).report(dry_run=True)
    with uow.write(ACTION) as session:
        work = _Import(session, table, community_id, policy)
        work.write(session)
        return work.report(dry_run=False)


class _Import:
    """Finds out first what has to be written, so that a dry run tells the same."""

    def __init__(
        self, session: Session, table: MemberTable, community_id: str | None, policy: Policy
    ) -> None:
        self._table = table
        self._community_id = community_id
        self._schools = Schools(session, community_id)
        self._roles = Roles(session, community_id)
        self._rows = {row.number: row for row in table.sheet.rows}
        self._refused = list(table.refused)
        self._noticed: dict[str, list[int]] = defaultdict(list)
        self._new: list[Entrant] = []
        self._updates: list[Update] = []
        self._differences: list[Difference] = []
        self._people = fold(self._entrants())
        for row, key, reason in self._people.refused:
            self._refuse(row, key, reason)
        for text, row in self._people.remarks:
            self._noticed[text].append(row)
        entrants = self._people.entrants
        known = known_people(session, community_id)
        for entrant, found in zip(entrants, recognise(entrants, known), strict=True):
            if found is None:
                self._new.append(entrant)
                continue
            update, differences = compare(found, entrant, self._schools, self._roles, policy)
            self._differences += differences
            if update:
                self._updates.append(update)
        used = {one.school_id for one in self._new} | {one.school_id for one in self._updates}
        self._new_schools = {id_: name for id_, name in self._schools.made.items() if id_ in used}

    def _entrants(self) -> Iterator[Entrant]:
        for draft in self._table.rows:
            roles: tuple[str, ...] = ()
            if draft.role and not self._roles.appoints:
                self._noticed["没有指定共同体，角色没有导入"].append(draft.row)
            elif draft.role:
                try:
                    roles = self._roles.keys(draft.role)
                except BadValueError as error:
                    self._refuse(draft.row, "role", str(error))
                    continue
            yield Entrant(draft, self._schools.id_of(draft.school), roles)

    def _refuse(self, row: int, key: str, reason: str) -> None:
        header = self._table.header
        column = header.columns[key]
        value = str(self._rows[row].cell(column))
        refusal = Refusal(self._table.sheet.name, row, header.label(column), value, reason)
        self._refused.append(refusal)

    def report(self, *, dry_run: bool) -> ImportReport:
        """What was found out."""
        noticed = tuple(Remark(text, tuple(rows)) for text, rows in self._noticed.items())
        return ImportReport(
            table=self._table,
            rows=self._table.total,
            created=len(self._new),
            updated=len(self._updates),
            unchanged=len(self._people.entrants) - len(self._new) - len(self._updates),
            duplicates=self._people.duplicates,
            rejected=tuple(sorted(self._refused, key=lambda one: one.row)),
            differences=tuple(self._differences),
            new_schools=tuple(self._new_schools.values()),
            remarks=(*self._table.remarks, *noticed),
            dry_run=dry_run,
        )

    # --- writing ---------------------------------------------------------------------------------

    def write(self, session: Session) -> None:
        """Write everything within the caller's transaction."""
        insert_many(session, School, [{"id": i, "name": n} for i, n in self._new_schools.items()])
        people, subjects, honours, appointments = [], [], [], []
        ordinal = self._next_ordinal(session)
        for entrant in self._new:
            draft, person_id = entrant.draft, new_id()
            texts = {name: getattr(draft, name) for name in TEXT_FIELDS}
            people.append({"id": person_id, "school_id": entrant.school_id, **texts})
            subjects += [
                {"person_id": person_id, "subject": subject, "ordinal": place}
                for place, subject in enumerate(draft.subjects)
            ]
            honours += [
                {"person_id": person_id, "name": name, "level": level}
                for name, level in honours_of(draft.honours)
            ]
            for role in entrant.roles or (self._roles.default,) if self._roles.appoints else ():
                appointments.append(self._appointment(person_id, role, ordinal))
                ordinal += 1
        for update in self._updates:
            for role in update.roles_gained[len(update.roles_lost) :]:
                appointments.append(self._appointment(update.person_id, role, ordinal))
                ordinal += 1
        insert_many(session, Person, people)
        insert_many(session, PersonSubject, subjects)
        insert_many(session, Honour, honours)
        insert_many(session, Appointment, appointments)
        for start in range(0, len(self._updates), _AT_ONCE):
            self._update(session, self._updates[start : start + _AT_ONCE])

    def _next_ordinal(self, session: Session) -> int:
        last = session.scalar(
            select(func.max(Appointment.ordinal)).where(
                Appointment.community_id == self._community_id
            )
        )
        return 0 if last is None else last + 1

    def _appointment(self, person_id: str, role: str, ordinal: int) -> dict[str, Any]:
        return {
            "community_id": self._community_id,
            "person_id": person_id,
            "role": role,
            "ordinal": ordinal,
        }

    def _update(self, session: Session, updates: list[Update]) -> None:
        by_id = {update.person_id: update for update in updates}
        for person in session.scalars(select(Person).where(Person.id.in_(by_id))):
            update = by_id[person.id]
            for name, value in update.texts.items():
                setattr(person, name, value)
            if update.school_id:
                person.school_id = update.school_id
            if update.subjects:
                there = {one.subject: one for one in person.subjects}
                person.subjects = [
                    there.get(subject) or PersonSubject(subject=subject)
                    for subject in update.subjects
                ]
                for place, one in enumerate(person.subjects):
                    one.ordinal = place
            person.honours += [Honour(name=name, level=level) for name, level in update.honours]
        exchanged = {update.person_id for update in updates if update.roles_lost}
        for held in session.scalars(
            select(Appointment).where(
                Appointment.community_id == self._community_id,
                Appointment.person_id.in_(exchanged),
            )
        ):
            held.role = by_id[held.person_id].roles_gained[0]
