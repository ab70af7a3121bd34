"""Order and filters of lists, as the tables of the window ask for them."""

import pytest

from app.errors import ValidationError
from app.services.entry.listing import Filter, Query


@pytest.fixture
def people(enter):
    typed = [
        ("王芳", "女", "1980-05"),
        ("李强", "男", "1975"),
        ("赵敏", "女", ""),
        ("钱进", "男", "1980-11"),
        ("孙立", "", "1990-01"),
    ]
    return {name: enter("person", name=name, sex=sex, born_on=born) for name, sex, born in typed}


@pytest.mark.parametrize("first", [False, True])
@pytest.mark.parametrize("second", [False, True])
def test_the_place_of_a_record_under_two_columns(services, adoption_id, people, first, second):
    query = Query("person", adoption_id, order=(("sex", first), ("born_on", second)))
    listed = services.entries.ids(query)
    assert [services.entries.position(query, found) for found in listed] == list(range(len(listed)))
    assert set(people.values()) <= set(listed)


@pytest.mark.parametrize(
    ("op", "typed", "found"),
    [
        ("from", "1980", {"王芳", "钱进", "孙立"}),
        ("to", "1980", {"王芳", "李强", "钱进"}),
        ("from", "1980年6月", {"钱进", "孙立"}),
        ("empty", None, {"赵敏"}),
    ],
)
def test_a_filter_reads_what_was_typed(services, adoption_id, people, op, typed, found):
    query = Query("person", adoption_id, filters=(Filter("born_on", op, typed),))
    names = {row.texts["name"] for row in services.entries.page(query, 0, 50)}
    assert names & set(people) == found


def test_a_filter_that_cannot_be_read_is_said(services, adoption_id):
    query = Query("activity", adoption_id, filters=(Filter("held_on", "from", "去年"),))
    with pytest.raises(ValidationError) as refused:
        services.entries.count(query)
    assert refused.value.text.startswith("日期：")


def test_a_filter_by_the_name_of_another_record(services, adoption_id, enter):
    school = enter("school", name="兴镇小学")
    enter("person", name="王芳", school_id=school)
    enter("person", name="李强")
    query = Query("person", adoption_id, filters=(Filter("school_id", "is", "兴镇小学"),))
    assert [row.texts["name"] for row in services.entries.page(query, 0, 50)] == ["王芳"]


@pytest.mark.parametrize("few", [1, 2000])
@pytest.mark.parametrize("many", [1, 5000])
def test_few_and_many_records_are_found_alike(services, adoption_id, enter, monkeypatch, few, many):
    """Each way of finding them gives what the list holds; which is taken is a matter of speed."""
    monkeypatch.setattr("app.services.entry.listing._FEW", few)
    monkeypatch.setattr("app.services.search.finding._MANY", many)
    for number in range(6):
        title, place = f"教研{number % 3}", "礼堂" if number % 2 else ""
        enter("activity", title=title, place=place, held_on=f"2025-10-{number + 1:02}")
    filtered = (Filter("place", "has", "堂"),)
    for words, filters, expected in (
        ("", (), [5, 4, 3, 2, 1, 0]),
        ("教研1", (), [4, 1]),
        ("", filtered, [5, 3, 1]),
        ("教研1", filtered, [1]),
        ("没有", (), []),
    ):
        query = Query("activity", adoption_id, words=words, filters=filters)
        days = [f"2025-10-{number + 1:02}" for number in expected]
        rows = services.entries.page(query, 0, 50)
        assert [row.texts["held_on"] for row in rows] == days
        assert [row.texts["held_on"] for row in services.entries.page(query, 1, 50)] == days[1:]
        assert services.entries.count(query) == len(days)
        assert services.entries.ids(query) == [row.id for row in rows]
