"""Schools that hand in what is asked once of an activity: by their part in it, or by their role."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from app.models import Activity, ActivityUnit
from app.services.standing.sources import UNIT_PARTS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy.orm import Session

    from app.services.schemes.duties import ActivitySlot
    from app.services.standing.reading import Setting


@dataclass(frozen=True, slots=True)
class Schools:
    """Which schools had a part in activities, and which role they hold where."""

    parts: Mapping[str, list[tuple[str, str]]] = field(default_factory=dict)
    """By activity: the school and the word for its part (承办 …)."""
    roles: Mapping[tuple[str, str], list[str]] = field(default_factory=dict)
    """By community (or group of one) and unit role."""

    def owing(self, activity_id: str, community_id: str, slot: ActivitySlot) -> tuple[str, ...]:
        """Ids of the schools that hand a slot's material in.

        Of a role it is the school that had a part, else the only one in the community that holds it.
        """
        had_part = self.parts.get(activity_id, ())
        found: list[str] = []
        for party in slot.from_:
            word = UNIT_PARTS.get(party)
            if word or party == "unit":
                found += [school for school, part in had_part if party == "unit" or part == word]
            else:
                holders = self.roles.get((community_id, party), [])
                there = [school for school, _part in had_part if school in holders]
                found += there or (holders if len(holders) == 1 else [])
        return tuple(dict.fromkeys(found))


def read_schools(session: Session, setting: Setting, here: list[Any]) -> Schools:
    """The schools of the activities ``here``; none are read where no slot asks for any."""
    roles = {unit.key for unit in setting.scheme.community.units}
    slots = (slot for kind in setting.scheme.activity for slot in kind.slots)
    asked = {party for slot in slots if slot.each == "activity" for party in slot.from_}
    if not asked & {*UNIT_PARTS, "unit", *roles}:
        return Schools()
    parts: dict[str, list[tuple[str, str]]] = defaultdict(list)
    query = (
        select(ActivityUnit.activity_id, ActivityUnit.school_id, ActivityUnit.role)
        .join(Activity, Activity.id == ActivityUnit.activity_id)
        .where(*here)
        .order_by(ActivityUnit.id)
    )
    for activity, school, word in session.execute(query):
        parts[activity].append((school, word))
    return Schools(parts, _roles(setting, roles))


def _roles(setting: Setting, roles: set[str]) -> dict[tuple[str, str], list[str]]:
    year = setting.calendar.year
    found: dict[tuple[str, str], list[str]] = defaultdict(list)
    for school in setting.roster.schools.values():
        for held in school.held:
            if held.within(year):
                found[held.community_id, held.role].append(school.id)
    for group in setting.roster.groups:
        for role in roles:
            above = found.get((group.parent_id or "", role))
            if above and (group.id, role) not in found:
                found[group.id, role] = above
    return found
