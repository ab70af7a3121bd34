"""Members of a community as lists show them; private numbers are masked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from sqlalchemy import ColumnElement, RowMapping, Select, func, select

from app.models import Appointment, Person, PersonSubject, School
from app.services.search import holding

if TYPE_CHECKING:
    from app.services.unit_of_work import UnitOfWork

MemberSort = Literal["name", "school", "title", "born_on", "joined_on"]


@dataclass(frozen=True, slots=True)
class MemberQuery:
    """Which members, in which order."""

    words: str = ""
    community_id: str | None = None
    sort: MemberSort = "name"
    descending: bool = False


@dataclass(frozen=True, slots=True)
class MemberRow:
    """A line of the member list; ``roles`` are keys of the scheme, separated by 、."""

    id: str
    name: str
    school: str
    roles: str
    title: str
    subjects: str
    sex: str
    born_on: str
    joined_on: str
    office: str
    phone: str


def masked(number: str) -> str:
    """A phone or identity number with its middle hidden, as it is shown by default."""
    return f"{number[:3]}{'*' * (len(number) - 7)}{number[-4:]}" if len(number) > 7 else number


class Register:
    """Schools and people of one archive."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._uow = uow

    def count_members(self, query: MemberQuery) -> int:
        """How many people the query finds."""
        found = select(func.count()).select_from(Person).where(*_conditions(query))
        with self._uow.read() as session:
            return session.scalar(found) or 0

    def members(self, query: MemberQuery, offset: int, limit: int) -> list[MemberRow]:
        """A page of the people that the query finds."""
        order: Any = School.name if query.sort == "school" else getattr(Person, query.sort)
        directed = order.desc() if query.descending else order
        page = _rows(query).where(*_conditions(query)).order_by(directed, Person.id)
        with self._uow.read() as session:
            return [
                MemberRow(**{name: value or "" for name, value in found.items()} | _hidden(found))
                for found in session.execute(page.offset(offset).limit(limit)).mappings()
            ]


def _hidden(found: RowMapping) -> dict[str, str]:
    """What stands in place of private numbers."""
    return {"phone": masked(found["phone"])}


def _rows(query: MemberQuery) -> Select[*tuple[Any, ...]]:
    roles = select(func.aggregate_strings(Appointment.role, "、")).where(
        Appointment.person_id == Person.id
    )
    if query.community_id:
        roles = roles.where(Appointment.community_id == query.community_id)
    subjects = select(func.aggregate_strings(PersonSubject.subject, "、")).where(
        PersonSubject.person_id == Person.id
    )
    return select(
        Person.id, Person.name, School.name.label("school"),
        roles.scalar_subquery().label("roles"), Person.title,
        subjects.scalar_subquery().label("subjects"), Person.sex, Person.born_on, Person.joined_on,
        Person.office, Person.phone,
    ).outerjoin(School, School.id == Person.school_id)  # fmt: skip


def _conditions(query: MemberQuery) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if (found := holding(Person, query.words)) is not None:
        conditions.append(found)
    if query.community_id:
        appointed = select(Appointment.person_id).where(
            Appointment.community_id == query.community_id
        )
        conditions.append(Person.id.in_(appointed))
    return conditions
