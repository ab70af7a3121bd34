"""What the cover of a box says: the lines of the scheme, filled from the community and the year."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from app.models import CommunityUnit, School
from app.services.adoption import parsed, period_words
from app.services.schemes.lookup import cover_lines, unknown_on_cover

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy.orm import Session

    from app.models import SchemeAdoption
    from app.services.schemes.schema import Scheme


def facts(session: Session, adoption: SchemeAdoption) -> dict[str, str]:
    """Values of ``checks.COVER_FIELDS``, without what differs from box to box.

    The leading units are those in the first role of the scheme, the joint ones all others.
    """
    year, community, scheme = adoption.school_year, adoption.community, parsed(adoption.source_text)
    units = session.execute(
        select(School.name, CommunityUnit.role)
        .join(CommunityUnit, CommunityUnit.school_id == School.id)
        .where(CommunityUnit.community_id == community.id)
        .order_by(CommunityUnit.ordinal)
    ).all()
    first = scheme.community.units[0].key if scheme.community.units else ""
    period = period_words(year.starts_on, year.ends_on)
    return {
        "community.name": community.name,
        "unit.name": units[0].name if units else "",
        "person.name": community.person.name if community.person else "",
        "lead.name": "、".join(unit.name for unit in units if unit.role == first),
        "joint.names": "、".join(unit.name for unit in units if unit.role != first),
        "scheme.name": scheme.scheme.name,
        "period": period,
        "year": period,
        "school_stage": community.stage,
        "subject": community.subject,
    }


def lines(
    scheme: Scheme, known: Mapping[str, str], number: int
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Labels and texts of the cover of a box."""
    both = cover_lines(scheme, {**known, "box.number": str(number)})
    return tuple(label for label, _text in both), tuple(text for _label, text in both)


def unknown(session: Session, adoption: SchemeAdoption) -> tuple[str, ...]:
    """Names of what the cover asks and the archive does not tell."""
    known = {**facts(session, adoption), "box.number": "1"}
    return unknown_on_cover(parsed(adoption.source_text), known)
