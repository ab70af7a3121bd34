"""What a row of a roster changes in the record of a person who is there already."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.services.entry.values import mask
from app.services.imports.people import PARTIAL_DATES, TEXT_FIELDS, field_title
from app.services.imports.report import Difference

if TYPE_CHECKING:
    from app.services.imports.belonging import Roles, Schools
    from app.services.imports.members import MemberDraft
    from app.services.imports.people import Entrant, Known
    from app.services.imports.report import Policy

_LEVEL = re.compile(r"(?:荣获|获)?(国家|省|市|县|区|镇|乡|校)级?(?=\S{2})")
_PRIVATE = {"phone", "id_number"}


@dataclass(frozen=True, slots=True)
class Update:
    """What is to be written to one person."""

    person_id: str
    texts: dict[str, str]
    school_id: str | None
    """New school; None: it stays."""
    subjects: tuple[str, ...]
    """All that are taught now; none: they stay."""
    honours: tuple[tuple[str, str], ...]
    """Those to be added."""
    roles_lost: tuple[str, ...]
    roles_gained: tuple[str, ...]


def honours_of(text: str) -> tuple[tuple[str, str], ...]:
    """Honours with their level: 省级骨干教师 → (骨干教师, 省)."""
    found: dict[tuple[str, str], None] = {}
    for part in filter(None, re.split(r"[、,，;；\n]+", text)):
        level = _LEVEL.match(part.strip())
        name = part.strip()[level.end() :] if level else part.strip()
        found[name.strip(), level.group(1) if level else ""] = None
    return tuple(found)


def compare(
    known: Known, entrant: Entrant, schools: Schools, roles: Roles, policy: Policy
) -> tuple[Update | None, list[Difference]]:
    """The update a row asks for (None when nothing is to be written), and every difference."""
    draft = entrant.draft
    texts = _texts(known, draft)
    asked: list[tuple[str, str, str]] = []
    for name, new in texts.items():
        old = known.values[name]
        asked.append((name, *((mask(old), mask(new)) if name in _PRIVATE else (old, new))))
    if draft.school and entrant.school_id != known.school_id:
        old, new = (
            schools.names.get(one or "", "") for one in (known.school_id, entrant.school_id)
        )
        asked.append(("school", old, new))
    if draft.subjects and set(draft.subjects) != set(known.subjects):
        asked.append(("subjects", "、".join(known.subjects), "、".join(draft.subjects)))
    honours = tuple(one for one in honours_of(draft.honours) if one not in known.honours)
    if honours:
        asked.append(("honours", "", "、".join(level + name for name, level in honours)))
    lost, gained = _roles(known, entrant, roles)
    if gained:
        asked.append(("role", _named(roles, lost), _named(roles, gained)))
    taken = {name for name, old, _ in asked if not old or policy == "update"}
    differences = [
        Difference(draft.row, draft.name, field_title(name), old, new, name in taken)
        for name, old, new in asked
    ]
    if not taken:
        return None, differences
    return Update(
        known.id,
        texts={name: new for name, new in texts.items() if name in taken},
        school_id=entrant.school_id if "school" in taken else None,
        subjects=draft.subjects if "subjects" in taken else (),
        honours=honours,
        roles_lost=lost if "role" in taken else (),
        roles_gained=gained if "role" in taken else (),
    ), differences


def _texts(known: Known, draft: MemberDraft) -> dict[str, str]:
    """The plain fields that differ; a blank says nothing, 1985 does not contradict 1985-09."""
    found = {}
    for name in TEXT_FIELDS:
        old, new = known.values[name], getattr(draft, name)
        if new and new != old and not (name in PARTIAL_DATES and old.startswith(new)):
            found[name] = new
    return found


def _named(roles: Roles, keys: tuple[str, ...]) -> str:
    return "、".join(roles.names.get(key, key) for key in keys)


def _roles(known: Known, entrant: Entrant, roles: Roles) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Roles to be given up and taken on: one role is exchanged, of several none is taken away."""
    if not roles.appoints:
        return (), ()
    wanted = entrant.roles or (() if known.roles else (roles.default,))
    gained = tuple(key for key in wanted if key not in known.roles)
    exchanged = len(gained) == 1 and len(known.roles) == 1 and known.roles[0] not in wanted
    return (known.roles if exchanged else ()), gained
