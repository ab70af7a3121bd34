"""Of whom a part of a score takes its figures: the subject, its community, lead unit or members.

For every subject, also a unit, ``lead`` means the units of its community that hold the first unit
role of the scheme, and ``members`` the other units of its community (a member counts itself among
them). Where the figures are of people or groups, ``members`` means those of the group or community.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from app.services.schemes.assessment import Whose
    from app.services.schemes.parts import SubjectKind
    from app.services.schemes.schema import Scheme
    from app.services.standing.roster import Roster, Subject


@dataclass(frozen=True, slots=True)
class Places:
    """Where subjects belong; ``homes`` says it of activities and lessons (ids of any of their places)."""

    scheme: Scheme
    roster: Roster
    homes: Mapping[Subject, Sequence[str]] = field(default_factory=dict)

    def communities(self, subject: Subject) -> tuple[str, ...]:
        """Ids of the communities that a subject belongs to."""
        roster = self.roster
        if subject.kind == "pair":
            return _joined(roster.communities_of("person", one) for one in self._pair(subject))
        if subject.kind not in ("activity", "lesson"):
            return roster.communities_of(subject.kind, subject.id)
        if subject not in self.homes:
            return (
                tuple(one.id for one in roster.communities) if len(roster.communities) == 1 else ()
            )
        known = {one.id: one.id for one in roster.communities}
        known |= {one.id: one.parent_id for one in roster.groups if one.parent_id in known}
        return tuple(dict.fromkeys(known[one] for one in self.homes[subject] if one in known))

    def groups(self, subject: Subject) -> tuple[str, ...]:
        """Ids of the groups that a subject is or belongs to."""
        year = self.roster.calendar.year
        known = {one.id for one in self.roster.groups}
        match subject.kind:
            case "group":
                return (subject.id,)
            case "person":
                return self.roster.groups_of(subject.id, year)
            case "pair":
                return _joined(self.roster.groups_of(one, year) for one in self._pair(subject))
            case "unit":
                school = self.roster.schools.get(subject.id)
                held = school.held if school else ()
                own = (one.community_id for one in held if one.within(year))
                return tuple(dict.fromkeys(one for one in own if one in known))
            case _:
                return tuple(one for one in self.homes.get(subject, ()) if one in known)

    def whose(self, subject: Subject, whose: Whose, kind: SubjectKind) -> tuple[Subject, ...]:
        """The subjects of a kind whose figures are meant."""
        roster = self.roster
        if whose == "own":
            return (subject,) if subject.kind == kind else ()
        homes = self.communities(subject)
        if whose == "community":
            own = self.groups(subject) if kind == "group" else homes
            return tuple(roster.subject(kind, one) for one in own)
        if kind in ("person", "group"):
            return tuple(self._members(subject, kind))
        units = _joined(roster.units_of(one) for one in homes)
        leads = set(self._leads(homes))
        if whose == "lead":
            units = tuple(one for one in units if one in leads)
        elif whose == "members":
            units = tuple(one for one in units if one not in leads)
        return tuple(roster.subject("unit", one) for one in units)

    def label(self, whose: Whose) -> str:
        """How they are called (members by the roles that there must be); empty: the subject itself."""
        units = self.scheme.community.units
        others = [one.name for one in units[1:] if one.min] or [one.name for one in units[1:]]
        return {
            "own": "",
            "community": "所在共同体",
            "lead": units[0].name if units else "牵头单位",
            "members": "、".join(others) or "成员",
            "all-units": "各单位",
        }[whose]

    def _leads(self, homes: Iterable[str]) -> tuple[str, ...]:
        units = self.scheme.community.units
        if not units:
            return ()
        return _joined(self.roster.units_of(one, units[0].key) for one in homes)

    def _members(self, subject: Subject, kind: SubjectKind) -> Iterable[Subject]:
        if kind == "group":
            homes = self.communities(subject)
            for group in self.roster.groups:
                if group.parent_id in homes:
                    yield self.roster.subject("group", group.id)
            return
        belongs = self.groups if subject.kind == "group" else self.communities
        wanted = set(belongs(subject))
        for id_ in self.roster.people:
            person = self.roster.subject("person", id_)
            if wanted.intersection(belongs(person)):
                yield person

    def _pair(self, subject: Subject) -> tuple[str, ...]:
        pair = next((one for one in self.roster.pairs if one.id == subject.id), None)
        both = (pair.mentor_id, pair.mentee_id) if pair else ()
        return tuple(one for one in both if one in self.roster.people)


def _joined(many: Iterable[Iterable[str]]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(one for some in many for one in some))
