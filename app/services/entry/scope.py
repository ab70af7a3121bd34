"""From where a list is looked at, read from the adopted scheme and its year."""

from __future__ import annotations

from functools import cache, partial
from typing import TYPE_CHECKING

from sqlalchemy import exists, select

from app.errors import NotFoundError
from app.models import Community, SchemeAdoption
from app.services.adoption import parsed
from app.services.entry.fields import Scope

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy.orm import Session

    from app.context import Context
    from app.services.schemes.schema import Scheme


def scope_of(
    session: Session,
    adoption_id: str,
    context: Context,
    lacking: Callable[[str, str], frozenset[str]] | None = None,
) -> Scope:
    """Community, year, term and scheme of an adoption; raises NotFoundError.

    ``lacking`` gives the activities that lack a material, by the adoption and what is asked.
    """
    adoption = session.get(SchemeAdoption, adoption_id)
    if adoption is None:
        raise NotFoundError("找不到这个方案。", "请重新选择共同体和学年。")
    year, today = adoption.school_year, context.clock().date()
    terms = tuple((term.starts_on, term.ends_on) for term in year.terms)
    begun = [term for term in terms if term[0] <= today] or list(terms[:1])
    term = begun[-1] if begun else (year.starts_on, year.ends_on)
    return Scope(
        community_id=adoption.community_id,
        whole=not session.scalar(
            select(
                exists().where(
                    Community.id != adoption.community_id,
                    Community.parent_id.is_distinct_from(adoption.community_id),
                )
            )
        ),
        year_starts=year.starts_on,
        year_ends=year.ends_on,
        term_starts=term[0],
        term_ends=term[1],
        terms=terms,
        today=today,
        actor=context.actor,
        scheme=parsed(adoption.source_text),
        year_id=year.id,
        adoption_id=adoption_id,
        lacking=(
            partial(lacking, adoption_id) if lacking is not None else lambda _what: frozenset()
        ),
        elsewhere=cache(partial(_elsewhere, session, adoption_id)),
    )


def _elsewhere(session: Session, adoption_id: str) -> tuple[Scheme, ...]:
    """Schemes of the other adoptions, the newest first: their units and people are in the lists too."""
    texts = session.scalars(
        select(SchemeAdoption.source_text)
        .where(SchemeAdoption.id != adoption_id)
        .order_by(SchemeAdoption.id.desc())
    )
    return tuple(parsed(text) for text in dict.fromkeys(texts))
