"""Whatever is typed: a value or a sentence, never an exception; and what was kept is read back as itself."""

from datetime import date, time
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.services.entry.fields import Field, Kind, Scope
from app.services.entry.sheets import sheets
from app.services.entry.values import read, shown
from app.services.imports.values import BadValueError

SCOPE = Scope(
    community_id="",
    whole=True,
    year_starts=date(2025, 9, 1),
    year_ends=date(2026, 8, 31),
    term_starts=date(2025, 9, 1),
    term_ends=date(2026, 2, 14),
    terms=(),
    today=date(2026, 3, 2),
    actor="王芳",
    scheme=None,
)
CHOICES = (("demo", "示范课"), ("lecture", "讲座"))
typed = st.one_of(
    st.text(max_size=40),
    st.text("0123456789.-/:：年月日时半点上下午第节○〇十二 ", max_size=14),
)


@pytest.mark.parametrize("kind", [one for one in get_args(Kind) if one != "ref"])
@given(text=typed)
def test_whatever_is_typed_gives_a_value_or_a_sentence(kind, text):
    field = Field("x", "栏", kind)
    try:
        kept = read(field, text, SCOPE, CHOICES)
    except BadValueError:
        return
    written = shown(field, kept, {}, CHOICES)
    assert read(field, written, SCOPE, CHOICES) == kept or kind in ("bool", "choice")


@given(text=typed)
def test_fields_with_a_reader_of_their_own_are_safe_too(text):
    for field in (one for sheet in sheets().values() for one in sheet.fields if one.reader):
        said = ""
        try:
            read(field, text, SCOPE)
        except BadValueError as error:
            said = str(error) or "nothing"
        assert said != "nothing"


@given(day=st.dates(date(1950, 1, 1), date(2099, 12, 31)))
def test_every_day_is_read_in_all_its_ways(day):
    field = Field("x", "日期", "date")
    ways = (
        f"{day:%Y-%m-%d}", f"{day.year}.{day.month}.{day.day}", f"{day:%Y%m%d}",
        f"{day.year}年{day.month}月{day.day}日", f"{day.year}/{day.month:02d}/{day.day}",
    )  # fmt: skip
    assert {read(field, way, SCOPE) for way in ways} == {day}


@given(day=st.dates(date(2025, 9, 1), date(2026, 8, 31)))
def test_a_day_of_the_school_year_needs_no_year(day):
    field = Field("x", "日期", "date")
    ways = (f"{day.month}.{day.day}", f"{day.month}-{day.day}", f"{day.month}月{day.day}日")
    assert {read(field, way, SCOPE) for way in ways} == {day}


@given(clock=st.times())
def test_every_minute_is_read_back(clock):
    field = Field("x", "时间", "time")
    minute = time(clock.hour, clock.minute)
    ways = (f"{minute:%H:%M}", f"{minute.hour}：{minute.minute:02d}", f"{minute:%H%M}")
    assert {read(field, way, SCOPE) for way in ways} == {minute}


@given(number=st.integers(-5, 300))
def test_figures_keep_to_their_bounds(number):
    field = Field("x", "人数", "int", least=0, most=200)
    if 0 <= number <= 200:
        assert read(field, str(number), SCOPE) == number
    else:
        with pytest.raises(BadValueError, match="应在 0 到 200 之间"):
            read(field, str(number), SCOPE)
