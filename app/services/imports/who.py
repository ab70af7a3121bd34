"""Who a ledger means: people and schools of the archive by the names in its cells."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from sqlalchemy import select

from app.models import Person, School, new_id
from app.services.imports.belonging import Schools, word_of
from app.services.imports.values import BadValueError
from app.services.journal import insert_many

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy.orm import Session

    from app.services.imports.names import Named

_SUGGESTED = 3


class Who:
    """Ids of people and schools; those that are not there are refused, or made where that is allowed."""

    def __init__(self, session: Session, community_id: str | None, *, create: bool) -> None:
        self._create = create
        self._schools = Schools(session, community_id)
        self._people: dict[str, list[str]] = defaultdict(list)
        self._names: dict[str, str] = {}
        self._school_of: dict[str, str | None] = {}
        self._made: dict[str, tuple[str, str | None]] = {}
        self._nearest: dict[str, str] = {}
        for person_id, name, school_id in session.execute(
            select(Person.id, Person.name, Person.school_id).order_by(Person.id)
        ):
            self._people[word_of(name)].append(person_id)
            self._names[person_id] = name
            self._school_of[person_id] = school_id

    def name(self, person_id: str | None) -> str:
        """Name of a person, those to be made included; "" for nobody."""
        return self._names.get(person_id or "", "")

    def school_name(self, school_id: str | None) -> str:
        """Name of a school; "" for none."""
        return self._schools.names.get(school_id or "", "")

    def school_of(self, person_id: str) -> str | None:
        """Where a person belongs."""
        return self._school_of[person_id]

    def knows_school(self, name: str) -> bool:
        """Whether there is a school of that name."""
        return self._schools.find(name) is not None

    def school(self, name: str) -> str:
        """Id of the school of that name; raises BadValueError."""
        found = self._schools.find(name)
        if found:
            return found
        if not self._create:
            near = _alike(name, self._schools.names.values())
            raise BadValueError(f"没有叫“{name}”的单位{_perhaps(near)}")
        return self._schools.make(name)

    def person(self, named: Named, school_id: str | None = None) -> str:
        """Id of the person meant; a school, given or behind the name, decides among several.

        Raises BadValueError with the nearest names, or where several people have this name.
        """
        if aside := self._schools.find(named.aside):
            school_id = aside
        found = self._people.get(word_of(named.name), [])
        if len(found) > 1:
            there = [one for one in found if school_id and self._school_of[one] == school_id]
            if len(there) != 1:
                places = "、".join(
                    self.school_name(self._school_of[one]) or "未填单位" for one in found
                )
                raise BadValueError(
                    f"有 {len(found)} 个人叫“{named.name}”（{places}），"
                    "请写成“姓名（学校）”或填学校一栏"
                )
            return there[0]
        if found:
            return found[0]
        if not self._create:
            raise BadValueError(f"没有叫“{named.name}”的成员{self._near(named.name)}")
        return self._make(named.name, school_id)

    def _make(self, name: str, school_id: str | None) -> str:
        made = new_id()
        self._people[word_of(name)].append(made)
        self._names[made], self._school_of[made] = name, school_id
        self._made[made] = name, school_id
        return made

    def _near(self, name: str) -> str:
        if name not in self._nearest:
            self._nearest[name] = _perhaps(_alike(name, self._names.values()))
        return self._nearest[name]

    def made(self, used: Iterable[str | None]) -> tuple[dict[str, str], dict[str, str]]:
        """Names by id of the schools and of the people to be made, as far as they are used."""
        wanted = set(used)
        people = {id_: name for id_, (name, _) in self._made.items() if id_ in wanted}
        wanted |= {self._made[id_][1] for id_ in people}
        return {i: name for i, name in self._schools.made.items() if i in wanted}, people

    def write(self, session: Session, schools: dict[str, str], people: dict[str, str]) -> None:
        """Make them."""
        insert_many(session, School, [{"id": id_, "name": name} for id_, name in schools.items()])
        rows = [
            {"id": i, "name": name, "school_id": self._made[i][1]} for i, name in people.items()
        ]
        insert_many(session, Person, rows)


def _perhaps(names: list[str]) -> str:
    return f"，是不是{'、'.join(f'“{name}”' for name in names)}" if names else ""


def _alike(name: str, names: Iterable[str]) -> list[str]:
    """The names that share most characters with one that is not there, at least half of them."""
    letters = set(name)
    ranked = []
    for other in dict.fromkeys(names):
        shared = len(letters.intersection(other))
        if shared and shared * 2 >= min(len(name), len(other)):
            ranked.append((-shared, other[:1] != name[:1], abs(len(other) - len(name)), other))
    return [other for *_, other in sorted(ranked)[:_SUGGESTED]]
