"""A chosen sheet taken in: each kind has its reader and its plan."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from app.errors import ValidationError
from app.models import SchemeAdoption, SchoolYear
from app.progress import NoProgress
from app.services.bulk import no_collecting
from app.services.imports.activities import ActivityPlan
from app.services.imports.apply import MemberPlan
from app.services.imports.members import member_draft
from app.services.imports.observations import ObservationPlan
from app.services.imports.plan import carry_out
from app.services.imports.schools import SchoolPlan
from app.services.imports.table import plain_draft, read_table

if TYPE_CHECKING:
    import datetime as dt

    from app.progress import Progress
    from app.services.imports.plan import Plan
    from app.services.imports.report import ImportReport, Options
    from app.services.imports.table import Chosen
    from app.services.unit_of_work import UnitOfWork

_PLANS: dict[str, type[Plan]] = {
    "schools": SchoolPlan,
    "members": MemberPlan,
    "activities": ActivityPlan,
    "observations": ObservationPlan,
}


def run(
    uow: UnitOfWork,
    chosen: Chosen,
    options: Options,
    progress: Progress | None = None,
    *,
    dry_run: bool,
) -> ImportReport:
    """Read and check the sheet, and take it in unless it is a dry run."""
    kind = chosen.kind
    if options.policy not in kind.policies:
        raise ValidationError(f"{kind.name}不能“两条都留”。", "请选更新、补空白或跳过。")
    progress = progress or NoProgress()
    community_id, first_day = _place(uow, options.community_id)
    options = replace(options, community_id=community_id)
    make: Any = member_draft if kind.key == "members" else plain_draft
    with no_collecting():
        table = read_table(chosen, make, first_day=first_day, progress=progress)
        return carry_out(uow, _PLANS[kind.key], table, options, progress, dry_run=dry_run)


def _place(uow: UnitOfWork, community_id: str | None) -> tuple[str | None, dt.date | None]:
    """The community, by default that of the newest adoption, and the first day of its last year."""
    query = (
        select(SchemeAdoption.community_id, SchoolYear.starts_on)
        .join(SchoolYear, SchoolYear.id == SchemeAdoption.school_year_id)
        .order_by(SchoolYear.year.desc(), SchemeAdoption.version.desc())
        .limit(1)
    )
    if community_id:
        query = query.where(SchemeAdoption.community_id == community_id)
    with uow.read() as session:
        found = session.execute(query).first()
    return (found[0], found[1]) if found else (community_id, None)
