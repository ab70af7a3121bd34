"""Who is who: rows of one file that are the same person, and people who are in the archive already."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from app.models import Appointment, Honour, Person, PersonSubject
from app.services.imports.kinds import load_kind
from app.services.imports.members import MemberDraft

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable, Sequence

    from sqlalchemy.orm import Session

TEXT_FIELDS = (
    "name", "sex", "born_on", "ethnic_group", "phone", "id_number", "education", "title",
    "joined_on", "office", "grade", "note",
)  # fmt: skip
PARTIAL_DATES = {"born_on", "joined_on"}
_DISTINGUISHING = ("id_number", "phone", "born_on")


@dataclass(frozen=True, slots=True)
class Entrant:
    """A person of the file: the values of all rows that are about them, and where they belong."""

    draft: MemberDraft
    school_id: str | None
    roles: tuple[str, ...] = ()
    """Keys of the scheme's roles."""


@dataclass(frozen=True, slots=True)
class Known:
    """A person of the archive, as far as an import compares."""

    id: str
    values: dict[str, str]
    school_id: str | None
    subjects: tuple[str, ...]
    honours: frozenset[tuple[str, str]]
    roles: tuple[str, ...]
    """Keys of the roles in the community that is imported into."""


@dataclass(frozen=True, slots=True)
class Folded:
    """The people of a file, each once, and what was noticed on the way."""

    entrants: tuple[Entrant, ...]
    duplicates: tuple[tuple[int, int], ...]
    """(row, earlier row) of rows that are about the same person."""
    refused: tuple[tuple[int, str, str], ...]
    """(row, field, reason)."""
    remarks: tuple[tuple[str, int], ...]


def contradict(one: str, other: str) -> bool:
    """Whether two values cannot be of one person; 1985 and 1985-09 can."""
    return bool(one and other) and not (one.startswith(other) or other.startswith(one))


def fold(rows: Iterable[Entrant]) -> Folded:
    """Bring the rows of one person together.

    Same identity number, same name and phone, or same name and school with nothing that tells them
    apart. Rows of one name and school with different phone, number or birth are different people.
    """
    people: list[Entrant] = []
    by_id: dict[str, int] = {}
    by_phone: dict[tuple[str, str], int] = {}
    by_place: dict[tuple[str, str | None], list[int]] = defaultdict(list)
    duplicates, refused, remarks = [], [], []
    for row in rows:
        draft = row.draft
        at = by_id.get(draft.id_number) if draft.id_number else None
        if at is not None and people[at].draft.name != draft.name:
            reason = (
                f"身份证号与第 {people[at].draft.row} 行的“{people[at].draft.name}”相同，请核对"
            )
            refused.append((draft.row, "id_number", reason))
            continue
        if at is None:
            at = by_phone.get((draft.name, draft.phone)) if draft.phone else None
            if at is not None and contradict(people[at].draft.id_number, draft.id_number):
                at = None
        if at is None:
            places = by_place[draft.name, row.school_id]
            at = next((place for place in places if _same(people[place].draft, draft)), None)
        if at is None:
            at = len(people)
            people.append(row)
            by_place[draft.name, row.school_id].append(at)
        else:
            duplicates.append((draft.row, people[at].draft.row))
            merged, differing = _merge(people[at], row)
            remarks += [
                (f"同一人的几行里{title}不同，取靠前的一行", draft.row) for title in differing
            ]
            people[at] = merged
        if draft.id_number:
            by_id.setdefault(draft.id_number, at)
        if draft.phone:
            by_phone.setdefault((draft.name, draft.phone), at)
    return Folded(tuple(people), tuple(duplicates), tuple(refused), tuple(remarks))


def _same(one: MemberDraft, other: MemberDraft) -> bool:
    return not any(contradict(getattr(one, name), getattr(other, name)) for name in _DISTINGUISHING)


def _merge(first: Entrant, later: Entrant) -> tuple[Entrant, list[str]]:
    """The first row with its blanks filled from the later one, and the titles where they differ."""
    filled: dict[str, Any] = {}
    differing = []
    for one in fields(MemberDraft):
        old, new = getattr(first.draft, one.name), getattr(later.draft, one.name)
        if one.name in {"row", "role"} or not new or old == new:
            continue
        if one.name == "subjects":
            filled[one.name] = tuple(dict.fromkeys((*old, *new)))
        elif one.name == "honours" and old:
            filled[one.name] = f"{old}、{new}"
        elif not old or (one.name in PARTIAL_DATES and new.startswith(old)):
            filled[one.name] = new
        elif not (one.name in PARTIAL_DATES and old.startswith(new)):
            differing.append(field_title(one.name))
    return replace(
        first,
        draft=replace(first.draft, **filled),
        roles=tuple(dict.fromkeys((*first.roles, *later.roles))),
    ), differing


def field_title(key: str) -> str:
    """Chinese name of a field of the roster."""
    found = load_kind("members").field(key)
    return found.title if found else key


def known_people(session: Session, community_id: str | None) -> list[Known]:
    """Everybody in the archive, oldest record first."""
    subjects: dict[str, list[str]] = defaultdict(list)
    for person_id, subject in session.execute(
        select(PersonSubject.person_id, PersonSubject.subject).order_by(PersonSubject.ordinal)
    ):
        subjects[person_id].append(subject)
    honours: dict[str, set[tuple[str, str]]] = defaultdict(set)
    for person_id, name, level in session.execute(
        select(Honour.person_id, Honour.name, Honour.level)
    ):
        honours[person_id].add((name, level))
    roles: dict[str, list[str]] = defaultdict(list)
    appointed = select(Appointment.person_id, Appointment.role).where(
        Appointment.community_id == community_id
    )
    for person_id, role in session.execute(appointed.order_by(Appointment.ordinal, Appointment.id)):
        roles[person_id].append(role)
    columns = [getattr(Person, name) for name in TEXT_FIELDS]
    return [
        Known(
            id=row[0],
            values=dict(zip(TEXT_FIELDS, row[2:], strict=True)),
            school_id=row[1],
            subjects=tuple(subjects.get(row[0], ())),
            honours=frozenset(honours.get(row[0], ())),
            roles=tuple(roles.get(row[0], ())),
        )
        for row in session.execute(
            select(Person.id, Person.school_id, *columns).order_by(Person.id)
        )
    ]


def recognise(entrants: Sequence[Entrant], known: Sequence[Known]) -> list[Known | None]:
    """For each person of the file, who they are in the archive; None for somebody new.

    By identity number; by name and phone; by name and school where number and birth do not speak
    against it and, if several have that name there, neither does the phone.
    """
    found: list[Known | None] = [None] * len(entrants)
    taken: set[str] = set()
    by_id = _grouped(known, lambda one: one.values["id_number"])
    by_phone = _grouped(known, lambda one: (one.values["name"], one.values["phone"]))
    by_place = _grouped(known, lambda one: (one.values["name"], one.school_id))
    rivals = Counter((one.draft.name, one.school_id) for one in entrants)

    def assign(ways: Callable[[Entrant], tuple[Sequence[Known], tuple[str, ...]]]) -> None:
        for at, entrant in enumerate(entrants):
            if found[at] is None:
                candidates, against = ways(entrant)
                found[at] = next(
                    (
                        one
                        for one in candidates
                        if one.id not in taken and _fits(one, entrant, against)
                    ),
                    None,
                )
                taken.update(one.id for one in (found[at],) if one)

    def at_place(entrant: Entrant) -> tuple[Sequence[Known], tuple[str, ...]]:
        place = entrant.draft.name, entrant.school_id
        candidates = by_place.get(place, [])
        alone = rivals[place] == 1 and len(candidates) == 1
        return candidates, ("id_number", "born_on") if alone else _DISTINGUISHING

    assign(lambda one: (by_id.get(one.draft.id_number, []) if one.draft.id_number else [], ()))
    assign(
        lambda one: (
            by_phone.get((one.draft.name, one.draft.phone), []) if one.draft.phone else [],
            ("id_number",),
        )
    )
    assign(at_place)
    return found


def _grouped(
    known: Sequence[Known], key: Callable[[Known], Hashable]
) -> dict[Hashable, list[Known]]:
    groups: dict[Hashable, list[Known]] = defaultdict(list)
    for one in known:
        groups[key(one)].append(one)
    return groups


def _fits(one: Known, entrant: Entrant, against: tuple[str, ...]) -> bool:
    return not any(contradict(one.values[name], getattr(entrant.draft, name)) for name in against)
