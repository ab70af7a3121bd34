"""Members into the archive: who is new, who changes, all in one transaction and one undo step."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select

from app.models import Appointment, Honour, Person, PersonSubject, School
from app.progress import NoProgress
from app.services.bulk import new_ids
from app.services.imports.belonging import Roles, Schools
from app.services.imports.compare import Update, compare, honours_of
from app.services.imports.people import TEXT_FIELDS, Entrant, Known, fold, known_people, recognise
from app.services.imports.plan import Plan, carry_out
from app.services.imports.report import Options
from app.services.imports.values import BadValueError
from app.services.journal import insert_many

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy.orm import Session

    from app.progress import Progress
    from app.services.imports.members import MemberTable
    from app.services.imports.report import ImportReport, Policy, State
    from app.services.unit_of_work import UnitOfWork

_AT_ONCE = 500


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
    options = Options(community_id, policy)
    return carry_out(uow, MemberPlan, table, options, NoProgress(), dry_run=dry_run)


class MemberPlan(Plan):
    """People: who is new, who changes."""

    action = "导入成员名册"

    def find_out(self, session: Session) -> None:
        """Recognise the people of the file among those of the archive."""
        community_id = self.options.community_id
        self._new: list[Entrant] = []
        self._updates: list[Update] = []
        self._schools = Schools(session, community_id)
        self._roles = Roles(session, community_id)
        people = fold(self._entrants())
        self.duplicates = list(people.duplicates)
        for row, key, reason in people.refused:
            self.refuse(row, key, reason)
        for text, row in people.remarks:
            self.remark(text, row)
        entrants = people.entrants
        both = self.options.policy == "both"
        known = [] if both else known_people(session, community_id)
        for entrant, found in zip(entrants, recognise(entrants, known), strict=True):
            self.states[entrant.draft.row] = self._compared(entrant, found)
        used = {one.school_id for one in self._new} | {one.school_id for one in self._updates}
        self._made = {id_: name for id_, name in self._schools.made.items() if id_ in used}
        self.new_schools = tuple(self._made.values())
        self.created, self.updated = len(self._new), len(self._updates)
        self.unchanged = len(entrants) - self.created - self.updated

    def _compared(self, entrant: Entrant, found: Known | None) -> State:
        if found is None:
            self._new.append(entrant)
            return "created"
        if self.options.policy == "skip":
            return "unchanged"
        update, differences = compare(
            found, entrant, self._schools, self._roles, self.options.policy
        )
        self.differences += differences
        if update is None:
            return "unchanged"
        self._updates.append(update)
        return "updated"

    def _entrants(self) -> Iterator[Entrant]:
        for draft in self.table.rows:
            roles: tuple[str, ...] = ()
            if draft.role and not self._roles.appoints:
                self.remark("没有指定共同体，角色没有导入", draft.row)
            elif draft.role:
                try:
                    roles = self._roles.keys(draft.role)
                except BadValueError as error:
                    self.refuse(draft.row, "role", str(error))
                    continue
            yield Entrant(draft, self._schools.id_of(draft.school), roles)

    # --- writing ---------------------------------------------------------------------------------

    def write(self, session: Session, progress: Progress) -> None:
        """Write everything within the caller's transaction."""
        insert_many(session, School, [{"id": i, "name": n} for i, n in self._made.items()])
        people, subjects, honours, appointments = [], [], [], []
        ordinal = self._next_ordinal(session)
        for entrant, person_id in zip(self._new, new_ids(len(self._new)), strict=True):
            draft = entrant.draft
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
            progress.report(start, len(self._updates), "更新成员")
            self._update(session, self._updates[start : start + _AT_ONCE])

    def _next_ordinal(self, session: Session) -> int:
        last = session.scalar(
            select(func.max(Appointment.ordinal)).where(
                Appointment.community_id == self.options.community_id
            )
        )
        return 0 if last is None else last + 1

    def _appointment(self, person_id: str, role: str, ordinal: int) -> dict[str, Any]:
        return {
            "community_id": self.options.community_id,
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
                Appointment.community_id == self.options.community_id,
                Appointment.person_id.in_(exchanged),
            )
        ):
            held.role = by_id[held.person_id].roles_gained[0]
