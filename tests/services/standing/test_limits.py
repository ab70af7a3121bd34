"""How many units, people in roles, pairs and years of agreement a scheme allows."""

from dataclasses import replace
from datetime import date

import pytest

from app.services.schemes.loader import load
from app.services.standing.limits import limits
from app.services.standing.periods import Calendar, Span
from app.services.standing.reading import AgreementFacts
from app.services.standing.roster import (
    CommunityFacts,
    Held,
    PairFacts,
    PersonFacts,
    Roster,
    SchoolFacts,
)

SCHEME = load("""
[scheme]
id = "trial"
name = "试行"
format = 1
assesses = "community"
[community]
kind = "教共体"
units = [{ key = "lead", name = "牵头校", min = 1, max = 1 }, { key = "joint", name = "联合校", min = 1 }]
units_max = 3
roles = [{ key = "chair", name = "理事长", min = 1, max = 1 }, { key = "mentor", name = "师傅" }, { key = "young", name = "徒弟" }]
pairs = [{ key = "pair", name = "师徒结对", first = "mentor", second = "young", per_first = { at_least = 1, at_most = 2 } }]
agreement_years = { at_least = 3 }
""")  # noqa: E501 - a scheme as it is written
YEAR = Span("2025—2026学年", date(2025, 9, 1), date(2026, 8, 31))


def person(name: str, *roles: str, starts=None, ends=None) -> PersonFacts:
    held = tuple(Held("c", role, starts, ends) for role in roles)
    return PersonFacts(name, name, held=held)


def roster(people=(), schools=(("甲校", "lead"), ("乙校", "joint")), pairs=()) -> Roster:
    community = CommunityFacts("c", "城乡教共体")
    return Roster(
        community=community,
        communities=(community,),
        calendar=Calendar(YEAR, (), YEAR),
        schools={name: SchoolFacts(name, name, held=(Held("c", role),)) for name, role in schools},
        people={one.id: one for one in (person("王芳", "chair"), *people)},
        pairs=tuple(PairFacts(f"{one}{other}", one, other) for one, other in pairs),
    )


def words(*args, **more) -> list[str]:
    return [one.what for one in limits(SCHEME, *args, **more)]


def test_what_keeps_to_the_scheme_is_not_told() -> None:
    assert words(roster()) == []


def test_too_few_and_too_many_units() -> None:
    found = limits(SCHEME, roster(schools=[("甲校", "lead"), ("乙校", "lead")]))
    assert [(one.what, one.where, one.record, one.key) for one in found] == [
        ("牵头校应不超过 1 个，现有 2 个", "城乡教共体", "community:c", "limit:units:c:lead"),
        ("联合校应不少于 1 个，现有 0 个", "城乡教共体", "community:c", "limit:units:c:joint"),
    ]
    many = [("甲校", "lead"), *((f"{n}校", "joint") for n in range(3))]
    assert words(roster(schools=many)) == ["成员单位应不超过 3 个，现有 4 个"]


def test_an_office_that_changed_hands_is_held_by_one_at_a_time() -> None:
    successor = person("李娜", "chair", starts=date(2026, 2, 1))
    both = roster([successor])
    assert words(both) == ["理事长应不超过 1 人，现有 2 人"]
    first = replace(both.people["王芳"], held=(Held("c", "chair", None, date(2026, 1, 31)),))
    assert words(replace(both, people={**both.people, "王芳": first})) == []


def test_nobody_in_an_office_is_told() -> None:
    assert words(replace(roster(), people={})) == ["理事长应不少于 1 人，现有 0 人"]


@pytest.mark.parametrize(
    ("count", "told"),
    [(0, ["赵敏结对应不少于 1 、不超过 2 人，现有 0 人"]), (1, []), (2, []),
     (3, ["赵敏结对应不少于 1 、不超过 2 人，现有 3 人"])],
)  # fmt: skip
def test_each_mentor_has_as_many_as_are_said(count: int, told: list[str]) -> None:
    young = [person(f"徒{n}", "young") for n in range(3)]
    people = [person("赵敏", "mentor"), *young]
    pairs = [("赵敏", f"徒{n}") for n in range(count)]
    assert words(roster(people, pairs=pairs)) == told


def test_agreements_are_long_enough() -> None:
    def agreed(id_: str, starts, ends) -> AgreementFacts:
        return AgreementFacts(id_, f"协议{id_}", "c", starts, ends)

    some = [
        agreed("1", date(2023, 9, 1), date(2026, 8, 31)),
        agreed("2", date(2024, 9, 1), date(2026, 8, 31)),
        agreed("3", date(2024, 9, 1), None),
        replace(agreed("4", date(2024, 9, 1), date(2025, 8, 31)), community_id="别处"),
    ]
    found = limits(SCHEME, roster(), some)
    assert [(one.kind, one.what, one.record) for one in found] == [
        ("limit", "“协议2”的年限应不少于 3 年，现为 2 年", "agreement:2"),
        ("unsure", "“协议3”没有写起止日期，看不出年限", "agreement:3"),
    ]
