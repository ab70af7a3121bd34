"""A small county for the tests of scores: who there is and figures in a table, no archive needed."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path

from app.services.schemes.loader import load
from app.services.standing.figures import Known
from app.services.standing.periods import Calendar, Span
from app.services.standing.roster import (
    CommunityFacts,
    Held,
    PersonFacts,
    Roster,
    SchoolFacts,
    Subject,
)

SKETCHES = Path(__file__).parents[1] / "schemes" / "data"
YEAR = Calendar(
    Span("2025学年", date(2025, 9, 1), date(2026, 8, 31)),
    (
        Span("第一学期", date(2025, 9, 1), date(2026, 2, 14)),
        Span("第二学期", date(2026, 2, 15), date(2026, 8, 31)),
    ),
    Span("2023—2026", date(2023, 9, 1), date(2026, 8, 31)),
)
HEAD = """
[scheme]
id = "trial"
name = "试验"
source = "试验"
format = 1
assesses = "unit"
[community]
kind = "共同体"
groups = [{ key = "team", name = "教研组" }]
roles = [{ key = "head", name = "组长" }, { key = "member", name = "组员" }]
units = [{ key = "core", name = "核心校", max = 1 }, { key = "member-unit", name = "成员校" }]
"""


def sketch(name):
    return load(SKETCHES / f"{name}.toml")


def scheme(text):
    """A scheme with units, roles and groups, and the sections of the test."""
    return load(HEAD + text)


def county(communities, *, lead="lead", member="member", types=None, groups=None, people=None):
    """``communities``: id → ids of its units, the lead first; ``groups``: id → ids of people.

    Everybody is called as the id says; groups belong to the first community.
    """
    places = tuple(CommunityFacts(one, one, type=(types or {}).get(one, "")) for one in communities)
    schools = {
        unit: SchoolFacts(unit, unit, held=(Held(home, member if n else lead),))
        for home, units in communities.items()
        for n, unit in enumerate(units)
    }
    held = {}
    for group, ids in (groups or {}).items():
        for n, id_ in enumerate(ids):
            held.setdefault(id_, []).append(Held(group, "member" if n else "head"))
    everybody = {
        id_: PersonFacts(id_, id_, held=tuple(held.get(id_, ())))
        for id_ in dict.fromkeys((*held, *(people or ())))
    }
    return Roster(
        places[0],
        places,
        YEAR,
        tuple(
            CommunityFacts(one, one, parent_id=places[0].id, group="team") for one in groups or ()
        ),
        schools,
        everybody,
    )


def unit(id_):
    return Subject("unit", id_, id_)


def person(id_):
    return Subject("person", id_, id_)


def community(id_):
    return Subject("community", id_, id_)


def group(id_):
    return Subject("group", id_, id_)


@dataclass
class Sheet:
    """Figures by key and subject (and term, and years back); what is not there is lacking."""

    figures: dict = field(default_factory=dict)

    def __init__(self, figures):
        self.figures = {key: Decimal(str(value)) for key, value in figures.items()}

    def entered(self, key, subject, *, term=None, years_back=0):
        place = (key, subject.id)
        place += () if term is None else (f"t{term}",)
        place += (f"-{years_back}",) if years_back else ()
        return self._known(place, subject)

    def group(self, no, subject, *, term=None):
        return self._known((no, subject.id), subject)

    def rubric(self, key, subject):
        return self._known((key, subject.id), subject)

    def _known(self, place, subject):
        if place in self.figures:
            return Known(self.figures[place])
        words = " ".join((place[0], *place[2:]))
        return Known(None, lacking=(f"没有录入{subject.name}的{words}",))
