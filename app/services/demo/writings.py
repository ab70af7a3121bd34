"""What the sample year left in writing: the plan, the typed parts of reports, certificates."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from app.models import Activity, Person, Plan, PlanItem, ReportText, SchemeAdoption, School
from app.services.certificates import Certificates, Order, Recipient

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy.orm import Session

    from app.services.unit_of_work import UnitOfWork


def write_down(
    uow: UnitOfWork, adoption_id: str, told: Mapping[str, Any], titles: Mapping[str, str]
) -> None:
    """Enter it as an office would; ``titles`` are those of the activities by their keys."""
    with uow.write("录入学年计划") as session:
        _plan(session, adoption_id, told["plan"], titles)
    with uow.write("填写报告的文字") as session:
        session.add_all(
            ReportText(
                adoption_id=adoption_id, report=one["form"], target=one["target"], part=part,
                text=text,
            )
            for one in told["text"] for part, text in one["parts"].items()
        )  # fmt: skip
    for facts in told["certificate"]:
        _certificates(uow, adoption_id, dict(facts))


def _plan(
    session: Session, adoption_id: str, facts: Mapping[str, Any], titles: Mapping[str, str]
) -> None:
    adoption = session.get_one(SchemeAdoption, adoption_id)
    people = {one.name: one.id for one in session.scalars(select(Person))}
    activities = {one.title: one for one in session.scalars(select(Activity))}
    plan = Plan(
        community_id=adoption.community_id, school_year_id=adoption.school_year_id,
        title=facts["title"],
    )  # fmt: skip
    for ordinal, one in enumerate(facts["items"]):
        activity = activities[titles[one["activity"]]]
        plan.items.append(PlanItem(
            ordinal=ordinal, due=one["due"], kind=activity.kind, theme=one["theme"],
            place=one["place"], person_id=people[one["person"]], activity_id=activity.id,
        ))  # fmt: skip
    session.add(plan)


def _certificates(uow: UnitOfWork, adoption_id: str, facts: dict[str, Any]) -> None:
    names = facts.pop("people")
    with uow.read() as session:
        found = {
            row.name: Recipient(row.name, row.school or "", row.id)
            for row in session.execute(
                select(Person.id, Person.name, School.name.label("school"))
                .outerjoin(School, School.id == Person.school_id)
                .where(Person.name.in_(names))
            )
        }
    recipients = tuple(found[name] for name in names)
    Certificates(uow).give(Order(adoption_id=adoption_id, recipients=recipients, **facts))
