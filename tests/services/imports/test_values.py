import datetime as dt
import unicodedata
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.services.imports import values
from app.services.imports.dates import DateColumn, date, is_padded
from app.services.imports.values import BadValueError

DAYS = st.dates(dt.date(1900, 1, 1), dt.date(2099, 12, 31))
HANZI = st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5)
HAN = str.maketrans("0123456789", "〇一二三四五六七八九")
FULL = str.maketrans("0123456789./-", "０１２３４５６７８９．／－")


def _han(number: int) -> str:
    tens, ones = divmod(number, 10)
    return ("" if tens == 0 else ("" if tens == 1 else "〇一二三"[tens]) + "十") + (
        "〇一二三四五六七八九"[ones] if ones or not tens else ""
    )


DAY_FORMS = [
    lambda d: d.isoformat(),
    lambda d: f"{d.year}.{d.month:02}.{d.day:02}",
    lambda d: f"{d.year}/{d.month}/{d.day}",
    lambda d: f"{d.year}年{d.month}月{d.day}日",
    lambda d: f"{d.year} 年 {d.month:02} 月 {d.day:02} 号",
    lambda d: f"{d.year}{d.month:02}{d.day:02}",
    lambda d: float(f"{d.year}{d.month:02}{d.day:02}"),
    lambda d: f"{d.year}/{d.month}/{d.day} 0:00:00",
    lambda d: d,
    lambda d: dt.datetime.combine(d, dt.time(8, 30)),
    lambda d: d.isoformat().translate(FULL),
    lambda d: f"{str(d.year).translate(HAN)}年{_han(d.month)}月{_han(d.day)}日",
]
MONTH_FORMS = [
    lambda d: f"{d.year}.{d.month:02}",
    lambda d: f"{d.year}-{d.month}",
    lambda d: f"{d.year}/{d.month:02}",
    lambda d: f"{d.year}年{d.month}月",
    lambda d: f"{d.year}{d.month:02}",
    lambda d: float(f"{d.year}{d.month:02}"),
    lambda d: f"{str(d.year).translate(HAN)}年{_han(d.month)}月",
    lambda d: f"{d.year}.{d.month:02}".translate(FULL),
]


@given(DAYS, st.sampled_from(DAY_FORMS))
def test_a_day_in_any_form(day, form):
    assert date(form(day)) == (day.isoformat(), "")


@given(DAYS, st.sampled_from(MONTH_FORMS))
def test_a_month_in_any_form(day, form):
    assert date(form(day)) == (f"{day:%Y-%m}" if day.year > 999 else "", "")


@given(st.dates(dt.date(1954, 11, 1), dt.date(2064, 1, 1)), st.booleans())
def test_excel_day_numbers(day, from_1904):
    base = dt.date(1904, 1, 1) if from_1904 else dt.date(1899, 12, 30)
    number = float((day - base).days)
    if 20_000 <= number < 60_000:
        value, remark = date(number, DateColumn(date1904=from_1904))
        assert value == day.isoformat()
        assert remark


@given(st.integers(1900, 2099), st.integers(1, 12))
def test_months_as_decimal_numbers(year, month):
    number = float(f"{year}.{month:02}")
    if month == 10:
        with pytest.raises(BadValueError, match="可能是 1 月，也可能是 10 月"):
            date(number)
        assert date(number, DateColumn(padded=True))[0] == f"{year}-10"
    else:
        assert date(number)[0] == f"{year}-{month:02}"


def test_padded_columns():
    assert is_padded(["姓名", 1985.09, 1985.1, 1985.12])
    assert not is_padded([1985.09, 1985.9, 1985.1])
    assert not is_padded([1985.1, 1985.0, "1985.09"])


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ("1985-13", "没有 13 月"), ("1985-02-30", "2 月没有 30 日"), ("2023.02.29", "没有 29 日"),
        ("1885-01", "年份"), ("85.09", "四位"), ("下半年", "看不出"), (19851332.0, "13 月"),
        ("1985.0", "没有 0 月"),
        (dt.time(8, 0), "时间"), (True, "时间"), ("1985-09-", None), ("3.0E+10", "看不出"),
    ],
)  # fmt: skip
def test_impossible_dates_are_refused_with_the_reason(typed, reason):
    if reason is None:
        assert date(typed)[0] == "1985-09"
        return
    with pytest.raises(BadValueError, match=reason):
        date(typed)


def test_year_alone_and_nothing():
    assert date("二〇一五年") == ("2015", "")
    assert date("2015") == date(2015.0) == ("2015", "")
    assert date("无") == date("") == ("", "")


def test_the_first_of_the_month_under_a_month_header_is_the_month():
    first = dt.date(1985, 9, 1)
    assert date(first, DateColumn(months_only=True))[0] == "1985-09"
    assert date(first)[0] == "1985-09-01"
    assert date(dt.date(1985, 9, 2), DateColumn(months_only=True))[0] == "1985-09-02"


@given(
    st.one_of(st.text(), st.floats(), st.booleans(), st.datetimes(), st.times(), st.timedeltas())
)
def test_any_cell_is_parsed_or_refused_never_a_crash(cell):
    for parse in (
        values.person_name, values.phone, values.id_number, values.sex, values.title, values.subjects,
        values.education, values.ethnic_group, values.plain_text, date,
    ):  # fmt: skip
        with suppress(BadValueError):  # anything else fails the test
            value, remark = parse(cell)
            assert isinstance(value, str | tuple)
            assert isinstance(remark, str)


@given(
    st.text(
        alphabet=st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5), min_size=2, max_size=4
    ),
    st.integers(0, 3),
)
def test_blanks_inside_a_chinese_name_go_and_are_said(name, blanks):
    typed = (" " * blanks).join(name)
    try:
        value, remark = values.person_name(typed)
    except BadValueError:
        return
    assert value == unicodedata.normalize("NFC", name)
    assert bool(remark) == (typed != value)


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("买买提.吐尔逊", "买买提·吐尔逊"), ("买买提 • 吐尔逊", "买买提·吐尔逊"),
        ("John  Smith", "John Smith"),
        ("\u3000欧阳　倩\u200b", "欧阳倩"), ("王䶮", "王䶮"), ("𬱖", "𬱖"), ("Jose\u0301", "José"),
    ],
)  # fmt: skip
def test_names(typed, name):
    assert values.person_name(typed)[0] == name


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ("王?", "生僻字"), ("王\ufffd", "生僻字"), ("王\ue863", "生僻字"), ("王□", "生僻字"),
        ("张三（外）", "括号"),
        ("张三、李四", "每人一行"), ("张三1", "数字"), ("青岚县第二小学", "不像"),
        ("小学", "不像"), (5.0, "不是文字"),
        ("#REF!", "公式错误"), ("…", "没有文字"), ("王" * 61, "超过"),
    ],
)  # fmt: skip
def test_names_that_must_not_get_in(typed, reason):
    with pytest.raises(BadValueError, match=reason):
        values.person_name(typed)


@given(st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True))
def test_phones_survive_excel_where_exact(number):
    assert values.phone(number) == (number, "")
    assert values.phone(float(number)) == (number, "")
    assert values.phone(f"{number[0]}.{number[1:]}E+10") == (number, "")
    assert values.phone(f" +86 {number[:3]}-{number[3:7]} {number[7:]}")[0] == number


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ("1.38E+10", "科学计数法"), ("1380000123", "10 位"), ("138000012345", "12 位"),
        ("12800001234", "第二位"),
        ("王芳", "数字以外"), (1.5, "不是整数"), ("123", "3 位"), (9.8e17, "无法还原"),
    ],
)  # fmt: skip
def test_phones_that_must_not_get_in(typed, reason):
    with pytest.raises(BadValueError, match=reason):
        values.phone(typed)


def test_other_phones():
    assert values.phone("(0571)8888-8888") == ("057188888888", "")
    assert values.phone(57188888888.0)[0] == "057188888888"
    assert "没有区号" in values.phone("88888888")[1]
    assert values.phone("13800001234/13900001234") == (
        "13800001234", "只收入第一个号码，其余（13900001234）没有收入",
    )  # fmt: skip
    assert values.phone("138****0000")[0] == ""


IDS = st.builds(
    lambda day, serial: f"980102{day:%Y%m%d}{serial:03}",
    st.dates(dt.date(1940, 1, 1), dt.date(2010, 1, 1)),
    st.integers(0, 999),
)


@given(IDS)
def test_id_numbers_with_their_check_digit(first17):
    number = first17 + values.check_digit(first17)
    assert values.id_number(number) == (number, "")
    assert values.id_number(f"'{number[:6]} {number[6:14]} {number[14:].lower()}") == (number, "")
    assert values.facts_of_id(number)[0].replace("-", "") == number[6:14]
    assert values.facts_of_id(number)[1] == "女男"[int(number[16]) % 2]


@given(IDS, st.integers(0, 17), st.integers(1, 9))
def test_one_wrong_digit_is_always_found(first17, place, step):
    number = first17 + values.check_digit(first17)
    digit = "0123456789"[(int(number[place].replace("X", "0")) + step) % 10]
    if digit != number[place]:
        with pytest.raises(BadValueError):
            values.id_number(number[:place] + digit + number[place + 1 :])


@given(IDS)
def test_an_id_number_that_was_a_number_is_refused(first17):
    number = float(first17 + "0")
    with pytest.raises(BadValueError, match="无法还原"):
        values.id_number(number)
    with pytest.raises(BadValueError, match=r"科学计数法|18 位"):
        values.id_number(f"{number:.5E}")


def test_old_masked_and_absent_id_numbers():
    assert values.id_number("980102850912001")[0] == "980102198509120016"
    assert values.id_number(980102850912001.0)[0] == "980102198509120016"
    assert values.id_number("9801**********0016") == ("", "身份证号已打码，没有收入")
    assert values.id_number("无") == ("", "")
    with pytest.raises(BadValueError, match="17 位"):
        values.id_number("98010219850912001")
    with pytest.raises(BadValueError, match="Excel 改坏"):
        values.id_number("980102198509120000")


def test_words():
    assert values.title("小学高级教师")[0] == values.title("中学一级")[0] == "一级教师"
    assert values.title("中学高级教师")[0] == "高级教师"
    assert values.title("小学二级")[0] == "三级教师"
    assert values.title("高级教师（副高）") == ("高级教师", "")
    assert values.title("特级教师")[0] == ""
    assert values.title("教授") == ("教授", "职称“教授”不在常用名称里，照原样收入")
    assert values.education("大学本科")[0] == "本科"
    assert values.ethnic_group("汉")[0] == values.ethnic_group("汉族")[0] == "汉族"
    assert values.sex(" 女 ") == ("女", "")
    with pytest.raises(BadValueError, match="男”或“女"):
        values.sex("未知")


@pytest.mark.parametrize(
    ("typed", "split"),
    [
        ("语文、数学", ("语文", "数学")), ("语文数学", ("语文", "数学")),
        ("语文，道法/体育", ("语文", "道德与法治", "体育")),
        ("小学语文 语文", ("语文",)), ("道德与法治", ("道德与法治",)),
        ("信息技术；陶艺", ("信息技术", "陶艺")), ("", ()), ("/", ()),
    ],
)  # fmt: skip
def test_subjects(typed, split):
    assert values.subjects(typed)[0] == split
