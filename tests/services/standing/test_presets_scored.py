"""Every scheme that is shipped can be computed: each score is somebody's, and every part is found."""

from decimal import Decimal

import pytest

from app.resources import resource
from app.services.schemes.loader import load
from app.services.standing.figures import Known
from app.services.standing.grades import give
from app.services.standing.periods import Calendar, Span
from app.services.standing.roster import (
    CommunityFacts,
    Held,
    PersonFacts,
    Roster,
    SchoolFacts,
    Subject,
)
from app.services.standing.scores import evaluate
from tests.services.standing.county import YEAR

SHIPPED = sorted(path for path in resource("schemes").glob("*.toml") if load(path).score)


class Everything:
    """80 for whatever is asked; ranks do not move."""

    def entered(self, _key, _subject, *, term=None, years_back=0):
        return Known(Decimal(80))

    def group(self, _no, _subject, *, term=None):
        return Known(Decimal(80))

    def rubric(self, _key, _subject):
        return Known(Decimal(80))


class Nothing:
    """No figure at all."""

    def entered(self, _key, _subject, *, term=None, years_back=0):
        return Known(None)

    group = rubric = entered


def world(scheme):
    """Two communities of each type; in each all roles of units and people, two groups of each kind."""
    types = [one.key for one in scheme.community.types] or [""]
    places, groups, schools, people = [], [], {}, {}
    for n, type_ in enumerate(types * 2):
        home = CommunityFacts(f"共同体{n}", f"共同体{n}", type=type_)
        places.append(home)
        for role in scheme.community.units:
            id_ = f"{home.id}{role.name}"
            schools[id_] = SchoolFacts(id_, id_, held=(Held(home.id, role.key),))
        own = [
            CommunityFacts(f"{home.id}{kind.name}{m}", f"{home.id}{kind.name}{m}",
                           parent_id=home.id, group=kind.key)
            for kind in scheme.community.groups for m in range(2)
        ]  # fmt: skip
        groups += own
        held = [one.id for one in own] or [home.id]
        for role in scheme.community.roles:
            for place in held:
                id_ = f"{place}{role.name}"
                people[id_] = PersonFacts(
                    id_, id_, born_on="1990-05-05", joined_on="2012-09-01",
                    held=(Held(place, role.key), Held(home.id, role.key)),
                )  # fmt: skip
    terms = tuple(
        Span(one.name, YEAR.year.starts, YEAR.year.ends) for one in scheme.scheme.year.terms
    )
    calendar = Calendar(YEAR.year, terms or YEAR.terms, YEAR.cycle)
    return Roster(places[0], tuple(places), calendar, tuple(groups), schools, people)


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_shipped_scheme_is_computed(path):
    scheme = load(path)
    roster = world(scheme)
    some = {kind: [Subject(kind, f"{kind}1", f"{kind}1")] for kind in ("activity", "lesson")}
    hand = {}
    for grade in scheme.grade:
        if grade.rule.by == "hand":
            for one in (*roster.communities, *roster.groups):
                hand |= {
                    (grade.key, Subject(kind, one.id, one.name)): grade.names[0]
                    for kind in ("community", "group")
                }
    found = evaluate(scheme, roster, Everything(), subjects=some, by_hand=hand)
    for score in scheme.score:
        results = found.of(score.key)
        assert results, score.key
        lacking = {fact for one in results for fact in one.lacking if "等次" not in fact}
        assert not lacking, score.key
    assert give(scheme, roster, found) or not scheme.grade
    empty = evaluate(scheme, roster, Nothing(), subjects=some)
    assert all(one.points is None and one.lacking for one in empty.results.values())
    assert all(not one.name for one in give(scheme, roster, empty))
