"""Plans: lines that become activities, what is overdue, and copying a plan into another year."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from app.errors import ConflictError, NotFoundError
from app.models import Activity, Person, Plan, PlanItem, SchoolYear, Term
from app.services.activities import terms, turnover
from app.services.entry.scope import scope_of
from app.services.entry.sheets.people import communities_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy.orm import Session

    from app.services.activities.terms import TermView
    from app.services.activities.turnover import Turned, Turnover, Wanted
    from app.services.unit_of_work import UnitOfWork

_TITLE_MOST = 300


@dataclass(frozen=True, slots=True)
class PlanLine:
    """A line of a plan that should have become an activity."""

    id: str
    plan_id: str
    plan: str
    due: str
    theme: str
    kind: str
    person: str


class Plans:
    """The plans of one archive."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._uow = uow

    def to_activity(self, plan_item_id: str, adoption_id: str) -> str:
        """Make the activity that a line plans, with its kind, theme, day, place and host; gives its id."""
        with self._uow.write("计划变成活动") as session:
            item = session.get(PlanItem, plan_item_id)
            if item is None:
                raise NotFoundError("找不到这条计划。", "它可能已被删除，请刷新列表。")
            if item.activity_id is not None:
                raise ConflictError("这一条已经变成活动。", "请在“活动”里打开它。")
            scope = scope_of(session, adoption_id, self._uow.context)
            kind = next((one for one in scope.scheme.activity if one.key == item.kind), None)
            activity = Activity(
                community_id=item.plan.community_id,
                title=item.theme[:_TITLE_MOST],
                theme=item.theme,
                kind=item.kind,
                stage=kind.stages[0].name if kind and kind.stages else "",
                held_on=_whole(item.due),
                place=item.place,
                host_id=item.person_id,
            )
            session.add(activity)
            session.flush()
            item.activity_id = activity.id
            return activity.id

    def overdue(self, adoption_id: str) -> tuple[PlanLine, ...]:
        """Lines whose time has passed and that are no activity yet, the oldest first."""
        with self._uow.read() as session:
            scope = scope_of(session, adoption_id, self._uow.context)
            kinds = {kind.key: kind.name for kind in scope.scheme.activity}
            known = func.length(PlanItem.due)
            query = (
                select(PlanItem, Plan.title, Person.name)
                .join(Plan, Plan.id == PlanItem.plan_id)
                .outerjoin(Person, Person.id == PlanItem.person_id)
                .where(
                    PlanItem.activity_id.is_(None),
                    PlanItem.due != "",
                    PlanItem.due < func.substr(scope.today.isoformat(), 1, known),
                    Plan.community_id.in_(communities_of(scope)),
                )
                .order_by(PlanItem.due, PlanItem.id)
            )
            return tuple(
                PlanLine(
                    item.id, item.plan_id, title, item.due, item.theme,
                    kinds.get(item.kind, item.kind), person or "",
                )
                for item, title, person in session.execute(query)
            )  # fmt: skip

    def copy_to_year(self, plan_id: str, year: int) -> str:
        """Copy a plan into another school year, its dates moved with it; gives the new plan's id."""
        with self._uow.write(f"复制计划到 {year} 学年") as session:
            plan = session.get(Plan, plan_id)
            if plan is None:
                raise NotFoundError("找不到这份计划。", "它可能已被删除，请刷新列表。")
            to = session.scalar(select(SchoolYear).where(SchoolYear.year == year))
            if to is None:
                raise NotFoundError(
                    f"档案库里还没有 {year} 学年。", "请先做“学年结转”，再复制计划。"
                )
            return copy_plan(session, plan, to).id

    def terms(self, adoption_id: str) -> tuple[TermView, ...]:
        """The terms of the year on show."""
        with self._uow.read() as session:
            return terms.terms_of(session, adoption_id)

    def set_terms(self, adoption_id: str, typed: Mapping[str, tuple[str, str]]) -> None:
        """Set when terms begin and end, as typed; raises InvalidError by the term's id."""
        with self._uow.write("修改学期起止日期") as session:
            terms.set_terms(session, scope_of(session, adoption_id, self._uow.context), typed)

    def turnover(self, adoption_id: str) -> Turnover:
        """What moving on to the next school year would bring; nothing is written."""
        with self._uow.read() as session:
            return turnover.preview(session, adoption_id)

    def turn_over(self, adoption_id: str, wanted: Wanted) -> Turned:
        """Move on to the next school year as one step; raises ConflictError, ValidationError."""
        with self._uow.write("学年结转") as session:
            return turnover.apply(session, adoption_id, wanted, self._uow.context.clock())


def copy_plan(session: Session, plan: Plan, to: SchoolYear) -> Plan:
    """A plan like this one in another year: open lines, each on the same day of that year."""
    year = session.get_one(SchoolYear, plan.school_year_id)
    step = to.year - year.year
    made = Plan(
        community_id=plan.community_id,
        school_year_id=to.id,
        term_id=_term_like(session, plan.term_id, to),
        month=moved(plan.month, step),
        title=retitled(plan.title, year.year, step),
        text=plan.text,
    )
    made.items = [
        PlanItem(
            ordinal=item.ordinal, due=moved(item.due, step), kind=item.kind,
            theme=retitled(item.theme, year.year, step), person_id=item.person_id,
            place=item.place, note=item.note,
        )
        for item in plan.items
    ]  # fmt: skip
    session.add(made)
    session.flush()
    return made


def _term_like(session: Session, term_id: str | None, to: SchoolYear) -> str | None:
    term = session.get(Term, term_id) if term_id else None
    if term is None:
        return None
    return next((one.id for one in to.terms if one.ordinal == term.ordinal), None)


def moved(day: str, years: int) -> str:
    """A partial date so many years later; 29 February becomes the 28th where there is none."""
    if not day:
        return ""
    year, *rest = day.split("-")
    there = "-".join([f"{int(year) + years:04d}", *rest])
    if there.endswith("-02-29"):
        try:
            date.fromisoformat(there)
        except ValueError:
            return f"{there[:-2]}28"
    return there


def retitled(text: str, year: int, years: int) -> str:
    """A title with the old school year's two numbers moved on; other years in it stay (2022年版)."""

    def step(found: re.Match[str]) -> str:
        number = int(found[0])
        return str(number + years) if number in (year, year + 1) else found[0]

    return re.sub(r"(?<!\d)\d{4}(?!\d)", step, text)


def _whole(due: str) -> date | None:
    return date.fromisoformat(due) if len(due) == len("2025-09-01") else None
