"""Draws: who takes part is said, who is drawn can be worked out again by anybody."""

import hashlib
from dataclasses import replace
from datetime import date

import pytest

from app.errors import ValidationError
from app.models import Appointment, Community, Person, School
from app.services.draws import DrawTerms, order, under

DAY = date(2026, 3, 2)


@pytest.fixture
def people(services, adoption):
    """Members by name: born in 1991 + their place; 老刘 is too old, 半知 and 不知 cannot be judged."""
    ids = {}
    births = {f"教师{n:02d}": f"{1992 + n}-05-20" for n in range(10)}
    births |= {"老刘": "1980-01", "半知": "1991", "不知": ""}
    with services.archive.uow.write("准备") as session:
        school = School(name="兴镇小学")
        for name, born_on in births.items():
            person = Person(name=name, born_on=born_on, school=school)
            session.add(person)
            session.flush()
            ids[name] = person.id
            role = "backbone" if name == "教师03" else "member"
            session.add(
                Appointment(community_id=adoption.community_id, person_id=person.id, role=role)
            )
    return ids


@pytest.fixture
def adoption(services):
    return services.adoptions.current()


@pytest.mark.parametrize(
    ("born_on", "young"),
    [
        ("1991-03-03", True),  # 35 tomorrow
        ("1991-03-02", False),  # 35 today
        ("1991-03", None),  # the boundary lies in the month
        ("1991-04", True),
        ("1991-02", False),
        ("1991", None),
        ("1992", True),
        ("1990", False),
        ("", None),
        ("2004-02-29", True),
    ],
)
def test_ages_are_judged_as_far_as_the_birth_is_known(born_on, young) -> None:
    assert under(born_on, 35, DAY) is young


def test_the_list_is_in_a_fixed_order_and_says_who_is_left_out(services, adoption, people) -> None:
    terms = DrawTerms(adoption.id, DAY, 3, under_age=35)
    pool = services.draws.pool(terms)
    assert [(one.number, one.name) for one in pool.candidates] == [
        (n + 1, f"教师{n:02d}") for n in range(10)
    ]
    assert [one.name for one in pool.uncertain] == ["不知", "半知"]
    assert "不满 35 周岁" in pool.conditions
    assert "出生年月不全未列入 2 人" in pool.conditions
    taken_in = services.draws.pool(replace(terms, included=frozenset({people["半知"]})))
    assert [one.name for one in taken_in.uncertain] == ["不知"]
    assert "半知" in [one.name for one in taken_in.candidates]
    assert "出生年月不全但列入：半知" in taken_in.conditions
    assert len(services.draws.pool(replace(terms, under_age=None)).candidates) == 13


def test_a_draw_can_be_repeated_by_anybody(services, adoption, people) -> None:
    terms = DrawTerms(adoption.id, DAY, 3, under_age=35, seed="蒲城2026")
    made = services.draws.draw(terms)
    digests = {
        one.name: hashlib.sha256(f"蒲城2026:{one.number}".encode()).hexdigest()
        for one in made.candidates
    }
    assert [one.name for one in made.drawn] == sorted(digests, key=digests.get)[:3]
    assert services.draws.draw(terms).drawn == made.drawn
    assert made.repeated
    assert [one.seed for one in services.draws.all(adoption.id)] == ["蒲城2026"] * 2


def test_the_order_never_changes_with_the_version_of_the_program() -> None:
    assert order("20260302", range(1, 8)) == [2, 7, 4, 1, 6, 5, 3]  # by sha256sum


def test_a_made_seed_is_recorded_and_undone_with_the_draw(services, adoption, people) -> None:
    made = services.draws.draw(DrawTerms(adoption.id, DAY, 2))
    assert len(made.seed) == 12
    assert made.seed.isdigit()
    assert services.history.undo_label() == "随机抽取 2 人"
    again = services.draws.draw(DrawTerms(adoption.id, DAY, 2, seed=made.seed))
    assert again.drawn == made.drawn
    services.history.undo()
    services.history.undo()
    assert services.draws.all(adoption.id) == []


def test_who_was_drawn_this_year_is_left_out_when_the_terms_say_so(
    services, adoption, people
) -> None:
    terms = DrawTerms(adoption.id, DAY, 4, under_age=35, again=False)
    first = services.draws.draw(terms)
    pool = services.draws.pool(terms)
    assert {one.id for one in pool.drawn_before} == {one.id for one in first.drawn}
    assert len(pool.candidates) == 6
    services.draws.draw(terms)
    with pytest.raises(ValidationError, match="只有 2 人，不够抽 4 人") as refused:
        services.draws.draw(terms)
    assert "2 人出生年月不全" in refused.value.hint
    next_year = replace(terms, on=date(2027, 3, 2))  # of the adopted year all the same
    assert len(services.draws.pool(next_year).drawn_before) == 8


def test_only_members_of_the_day_the_role_and_the_group(services, adoption, people) -> None:
    with services.archive.uow.write("准备") as session:
        group = Community(name="青年组", parent_id=adoption.community_id)
        session.add(group)
        session.flush()
        session.add(Appointment(community_id=group.id, person_id=people["教师01"], role="member"))
        session.add(
            Appointment(
                community_id=group.id,
                person_id=people["教师02"],
                role="member",
                ends_on=date(2026, 3, 1),
            )
        )
    assert services.draws.groups(adoption.id) == [(group.id, "青年组")]
    terms = DrawTerms(adoption.id, DAY, 1)
    names = [one.name for one in services.draws.pool(replace(terms, group_id=group.id)).candidates]
    assert names == ["教师01"]
    names = [
        one.name for one in services.draws.pool(replace(terms, roles=("backbone",))).candidates
    ]
    assert names == ["教师03"]


def test_the_scheme_sets_the_terms(services, adoption, people) -> None:
    from app.models import SchemeAdoption

    rule = """
[[draw]]
key = "young"
name = "抽课"
who = { age = { below = 35 }, role = "member", title = "二级教师", service_years = { below = 5 } }
days_before = 1
drawn_again = false
"""
    with services.archive.uow.write("准备") as session:
        session.get(SchemeAdoption, adoption.id).source_text += rule
        session.get(Person, people["教师05"]).title = "二级教师"
    terms = services.draws.terms(adoption.id, DAY, 1)
    assert (terms.under_age, terms.roles, terms.again) == (35, ("member",), False)
    assert services.draws.days_before(adoption.id) == 1
    pool = services.draws.pool(terms)
    assert [one.name for one in pool.candidates] == []
    assert [one.name for one in pool.uncertain] == ["教师05"]  # since when she works is not known
    with services.archive.uow.write("准备") as session:
        session.get(Person, people["教师05"]).joined_on = "2023-09"
    pool = services.draws.pool(terms)
    assert [one.name for one in pool.candidates] == ["教师05"]
    assert "并按方案的教龄" in pool.conditions


@pytest.mark.parametrize(
    "wrong", [{"count": 0}, {"under_age": 0}, {"under_age": 999}, {"seed": "甲\n乙"}]
)
def test_terms_that_make_no_sense_are_refused(services, adoption, people, wrong) -> None:
    with pytest.raises(ValidationError):
        services.draws.draw(replace(DrawTerms(adoption.id, DAY, 1), **wrong))
    assert services.draws.all(adoption.id) == []
