"""When the terms of a school year begin and end: set each year by the local calendar."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from app.models import SchemeAdoption, Term
from app.services.entry.editing import Editor
from app.services.entry.errors import InvalidError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from sqlalchemy.orm import Session

    from app.services.entry.fields import Scope


@dataclass(frozen=True, slots=True)
class TermView:
    """A term with its days."""

    id: str
    name: str
    starts_on: date
    ends_on: date


def terms_of(session: Session, adoption_id: str) -> tuple[TermView, ...]:
    """The terms of the adoption's year, in order."""
    adoption = session.get_one(SchemeAdoption, adoption_id)
    return tuple(
        TermView(term.id, term.name, term.starts_on, term.ends_on)
        for term in adoption.school_year.terms
    )


def set_terms(session: Session, scope: Scope, typed: Mapping[str, tuple[str, str]]) -> None:
    """Set first and last day of terms by their ids, as typed; raises InvalidError by term."""
    editor = Editor(session, "term", scope)
    problems: dict[str, str] = {}
    rows = []
    for term_id, (starts, ends) in typed.items():
        values, wrong = editor.read({"starts_on": starts, "ends_on": ends})
        row = session.get_one(Term, term_id)
        if wrong:
            problems[term_id] = next(iter(wrong.values()))
        elif values["ends_on"] < values["starts_on"]:
            problems[term_id] = f"{row.name}的结束早于开始，请检查。"
        else:
            editor.put(row, values)
            rows.append(row)
    rows.sort(key=lambda row: row.ordinal)
    for one, other in pairwise(rows):
        if other.starts_on <= one.ends_on:
            problems[other.id] = f"{other.name}在{one.name}结束之前就开始了，请检查。"
    if problems:
        raise InvalidError(problems)
