"""Whatever is typed into a cell is read or refused in words, and reading is idempotent."""

import datetime as dt
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.services.imports import dates, lesson_values, moments, names, values
from app.services.imports.dates import DateColumn
from app.services.imports.values import BadValueError

COLUMN = DateColumn(first_day=dt.date(2025, 9, 1))
DIGITS = "0123456789０１２３"
MARKS = "年月日号时点分半第节课周星期上午下午晚一二三十廿〇.-—~～至到/：: ，、,()（）\n\t"
cells = st.one_of(
    st.text(),
    st.text(DIGITS + MARKS, max_size=20),
    st.floats(),
    st.booleans(),
    st.dates(),
    st.datetimes(),
    st.times(),
    st.timedeltas(dt.timedelta(-10), dt.timedelta(10)),
)
READERS = {
    "date": lambda cell: dates.date(cell, COLUMN),
    "span": lambda cell: moments.span(cell, COLUMN),
    "clock": moments.clock,
    "period": lesson_values.period,
    "class_name": lesson_values.class_name,
    "score": lesson_values.score,
    "hours": lesson_values.hours,
    "person_name": values.person_name,
    "names": names.names,
    "one_name": names.one_name,
    "schools": names.schools,
    "school_name": values.school_name,
    "line": values.line,
    "long_text": values.long_text,
    "phone": values.phone,
    "id_number": values.id_number,
    "subject": values.one_subject,
    "school_kind": values.school_kind,
}


def _written(value: object) -> object:
    if isinstance(value, tuple):
        return "、".join(map(str, value))
    if isinstance(value, int | float):
        return float(value)
    return "" if value is None else str(value)


@pytest.mark.parametrize("name", READERS)
@given(cell=cells)
def test_any_cell_is_read_or_refused_and_read_again_as_the_same(name: str, cell: object) -> None:
    read = READERS[name]
    try:
        value, remark = read(cell)
    except BadValueError:
        return
    assert isinstance(remark, str)
    assert read(_written(value))[0] == value


@given(st.dates(dt.date(2025, 9, 1), dt.date(2026, 8, 31)))
def test_a_day_without_a_year_lies_in_the_school_year(day: dt.date) -> None:
    value, remark = moments.span(f"{day.month}月{day.day}日", COLUMN)
    assert (value, remark) == (moments.Span(day), "没有写年份的日期，按本学年补上年份")


@given(st.dates(dt.date(1950, 1, 1), dt.date(2100, 12, 31)))
def test_every_way_of_writing_a_day_means_that_day(day: dt.date) -> None:
    for text in (
        f"{day:%Y-%m-%d}", f"{day:%Y%m%d}", f"{day.year}.{day.month}.{day.day}",
        f"{day.year}年{day.month}月{day.day}日", f"{day:%Y/%m/%d} 00:00:00",
    ):  # fmt: skip
        assert moments.span(text, COLUMN)[0] == moments.Span(day)


@given(st.floats(0, 100), st.floats(allow_nan=True))
def test_scores_are_between_nothing_and_full(inside: float, other: float) -> None:
    assert lesson_values.score(inside)[0] == round(inside, 2)
    if math.isnan(other) or not 0 <= other <= 100:
        with pytest.raises(BadValueError):
            lesson_values.score(other)


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("2025年10月12日—14日", "2025-10-12~2025-10-14"),
        ("10.12-10.14", "2025-10-12~2025-10-14"),
        ("12月30日至1月2日", "2025-12-30~2026-01-02"),
        ("2025年10月15日（星期三）下午2:30-4:30", "2025-10-15 14:30-16:30"),
        ("二〇二五年十月十二日", "2025-10-12"),
        (10.12, "2025-10-12"),
        (45945.0, "2025-10-15"),
        ("3月5日", "2026-03-05"),
    ],
)
def test_days_as_ledgers_write_them(typed: object, read: str) -> None:
    assert str(moments.span(typed, COLUMN)[0]) == read


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("2025年2月30日", "2 月没有 30 日"),
        ("2025-13-01", "没有 13 月"),
        ("10月14日—12日", "结束日期早于开始日期"),
        ("2025-10", "没有写到哪一日"),
        (10.1, "可能是 10 月 1 日"),
        ("2025-10-12 25:00", "没有 25:00"),
    ],
)
def test_days_that_cannot_be(typed: object, words: str) -> None:
    with pytest.raises(BadValueError, match=words):
        moments.span(typed, COLUMN)


def test_what_excel_made_of_periods_and_classes_is_said() -> None:
    with pytest.raises(BadValueError, match="原来可能写的是 3-4"):
        lesson_values.period(dt.date(2025, 3, 4))
    with pytest.raises(BadValueError, match="设为“文本”格式"):
        lesson_values.class_name(dt.date(2025, 5, 2))


def test_names_in_one_cell() -> None:
    found, remark = names.names("主持：王 芳、李四（龙泉小学）；张三 李娟\n欧阳倩老师,全体教师")
    assert [str(one) for one in found] == ["王芳", "李四（龙泉小学）", "张三", "李娟", "欧阳倩"]
    assert remark == "“全体教师”不是姓名，没有登记"
