"""The list: views, filters and orders, and that every way of looking gives the same answer."""

import itertools
from dataclasses import replace
from datetime import date, timedelta

import pytest

from app.services.observations import catalogue
from app.services.observations.records import Query


@pytest.fixture
def filled(services, entry, person):
    """Twelve lessons by three teachers, observed by two."""
    teachers = [entry.teacher_id, person("陈志强", "城南小学"), person("安娜", "北关小学")]
    observers = [entry.observer_id, person("孙丽萍")]
    made = [
        services.observations.create(
            replace(
                entry,
                teacher_id=teachers[number % 3],
                observer_id=observers[number % 2],
                day=date(2025, 9, 1) + timedelta(days=number // 2),
                period=str(number % 6 + 1),
                subject="数学" if number % 4 else "语文",
                title=f"课题{number % 5}",
                score=None if number % 6 == 0 else 70.0 + number % 4,
                overall="" if number % 3 == 0 else "好",
            )
        )
        for number in range(12)
    ]
    return teachers, observers, made


def test_built_in_views(services, filled) -> None:
    count = services.observations.count
    assert count(Query()) == 12
    assert count(Query(view="no_score")) == 2
    assert count(Query(view="no_comment")) == 4


def test_filters(services, filled) -> None:
    teachers, observers, _made = filled
    find = services.observations
    assert find.count(Query(teacher_id=teachers[1])) == 4
    assert find.count(Query(observer_id=observers[1])) == 6
    assert {row.observer for row in find.page(Query(observer_id=observers[1]), 0, 50)} == {"孙丽萍"}
    assert find.count(Query(subject="语文")) == 3
    assert find.count(Query(since=date(2025, 9, 2), until=date(2025, 9, 3))) == 4
    assert find.count(Query(words="陈志强 课题1")) == 1
    school = find.page(Query(teacher_id=teachers[1]), 0, 1)[0].school
    assert school == "城南小学"
    with services.archive.uow.read() as session:
        from app.models import Person

        school_id = session.get_one(Person, teachers[1]).school_id
    assert find.count(Query(school_id=school_id)) == 4


@pytest.mark.parametrize("descending", [False, True])
@pytest.mark.parametrize(
    ("sort", "value"),
    [
        ("date", lambda row: row.day), ("teacher", lambda row: row.teacher),
        ("observer", lambda row: row.observer), ("title", lambda row: row.title),
        ("score", lambda row: row.score or 0),
    ],
)  # fmt: skip
def test_orders(services, filled, sort, value, descending) -> None:
    query = Query(sort=sort, descending=descending)
    rows = services.observations.page(query, 0, 50)
    values = [value(row) for row in rows]
    assert values == sorted(values, reverse=descending)
    pages = [services.observations.page(query, start, 5) for start in (0, 5, 10)]
    assert [row.id for page in pages for row in page] == [row.id for row in rows]
    assert services.observations.ids(query) == [row.id for row in rows]


def test_every_way_of_looking_gives_the_same_answer(services, filled) -> None:
    teachers, _observers, _made = filled
    filters = (
        {}, {"subject": "数学"}, {"teacher_id": teachers[0]}, {"view": "no_score"},
        {"since": date(2025, 9, 2)}, {"subject": "语文", "until": date(2025, 9, 4)},
        {"words": "课题2"},
    )  # fmt: skip
    sorts = ("date", "teacher", "observer", "score", "title")
    for chosen, sort, down in itertools.product(filters, sorts, (True, False)):
        query = Query(**chosen, sort=sort, descending=down)
        with services.archive.uow.read() as session:
            pages = [
                [row.id for row in catalogue.page(session, query, 1, 4, few=few)]
                for few in (True, False)
            ]
            assert pages[0] == pages[1], query
        total = services.observations.count(query)
        assert len(services.observations.page(query, 0, 50)) == total


def test_the_first_page_needs_no_sorting_of_all(services, filled) -> None:
    from sqlalchemy import text

    for sort in ("date", "score", "observer", "teacher"):
        with services.archive.uow.read() as session:
            query = catalogue._ordered(
                session, Query(sort=sort), catalogue._number("observation"), few=False
            )
            bound = query.limit(100).compile(
                dialect=session.get_bind().dialect, compile_kwargs={"literal_binds": True}
            )
            plan = [row.detail for row in session.execute(text(f"EXPLAIN QUERY PLAN {bound}"))]
        assert "INDEX" in plan[0]
        assert not any("TEMP B-TREE" in line for line in plan), plan
