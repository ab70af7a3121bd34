"""Typed parts of reports: what was typed for this one, and what may be carried over into it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from app.models import ReportText, SchemeAdoption, SchoolYear
from app.services.adoption import period_words
from app.services.forms import catalogue
from app.services.forms.form import Typed

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy.orm import Session

    from app.services.forms.form import Form


def typed(session: Session, form: str, adoption_id: str) -> dict[str, dict[str, str]]:
    """What was typed for a report itself: by its target, then by the names of the parts.

    Only this is printed: what would be carried over has to be looked at and kept first.
    """
    known = catalogue.forms().get(form)
    parts = {one.key: one.name for one in known.parts} if known else {}
    found: dict[str, dict[str, str]] = {}
    for row in session.execute(
        select(ReportText.target, ReportText.part, ReportText.text).where(
            ReportText.adoption_id == adoption_id, ReportText.report == form
        )
    ):
        if row.part in parts:
            found.setdefault(row.target, {})[parts[row.part]] = row.text
    return found


def texts(session: Session, form: Form, adoption_id: str, target: str) -> Mapping[str, Typed]:
    """Every part for the window: as typed, else carried over, else empty.

    Carried over is first what another report of this year says on it (the plan's aims in the
    summary), then what this report said last, in the year before or earlier.
    """
    own = _parts(session, adoption_id, form.key, target)
    found = {part: Typed(words) for part, words in own.items()}
    for part in form.parts:
        if part.key in found or not part.after:
            continue
        words = _parts(session, adoption_id, part.after, target).get(part.key)
        if words:
            found[part.key] = Typed(words, catalogue.form(part.after).name)
    for earlier, period in _earlier(session, adoption_id):
        if all(part.key in found for part in form.parts):
            break
        for key, words in _parts(session, earlier, form.key, target).items():
            if words:
                found.setdefault(key, Typed(words, period))
    return {part.key: found.get(part.key, Typed("")) for part in form.parts}


def keep(session: Session, text: ReportText) -> None:
    """Put a typed part in the place of what was typed before."""
    row = session.scalar(
        select(ReportText).where(
            ReportText.adoption_id == text.adoption_id, ReportText.report == text.report,
            ReportText.target == text.target, ReportText.part == text.part,
        )
    )  # fmt: skip
    if row is None:
        session.add(text)
    else:
        row.text = text.text


def _parts(session: Session, adoption_id: str, form: str, target: str) -> dict[str, str]:
    rows = session.execute(
        select(ReportText.part, ReportText.text).where(
            ReportText.adoption_id == adoption_id, ReportText.report == form,
            ReportText.target == target,
        )
    )  # fmt: skip
    return {part: words for part, words in rows}  # noqa: C416 -- rows are no pairs to mypy


def _earlier(session: Session, adoption_id: str) -> list[tuple[str, str]]:
    """Adoptions of the same community in earlier years, the latest first, with their years in words."""
    now = session.get_one(SchemeAdoption, adoption_id)
    rows = session.execute(
        select(SchemeAdoption.id, SchoolYear.starts_on, SchoolYear.ends_on)
        .join(SchoolYear, SchoolYear.id == SchemeAdoption.school_year_id)
        .where(
            SchemeAdoption.community_id == now.community_id,
            SchoolYear.year < now.school_year.year,
        )
        .order_by(SchoolYear.year.desc(), SchemeAdoption.version.desc())
    )
    return [(row.id, period_words(row.starts_on, row.ends_on)) for row in rows]
