"""How archival codes are put together: the forms of DA/T 22, of a school, and what is no pattern."""

import pytest

from app.errors import ValidationError
from app.services.codes.pattern import (
    DA_T_22,
    SCHOOL,
    check_pattern,
    render,
    retention_code,
    series,
)

WHOLE = {"全宗号": "0194", "门类": "WS", "年度": "2016", "期限": "D30", "机构": "BGS"}


@pytest.mark.parametrize(
    ("pattern", "values", "code"),
    [
        (DA_T_22, WHOLE, "0194-WS·2016-D30-BGS-0001"),
        (DA_T_22, WHOLE | {"全宗号": ""}, "WS·2016-D30-BGS-0001"),
        (DA_T_22, WHOLE | {"机构": " "}, "0194-WS·2016-D30-0001"),
        (DA_T_22, {"年度": "2016"}, "2016-0001"),
        (SCHOOL, WHOLE, "2016-D30-001"),
        ("{件号:3}-{机构}", {}, "001"),
        ("县{件号}", {}, "县1"),
    ],
)
def test_a_field_without_value_goes_with_its_separator(pattern, values, code) -> None:
    assert render(pattern, values, 1) == code


def test_a_serial_outgrows_its_digits_but_not_its_series() -> None:
    assert render(SCHOOL, WHOLE, 12345) == "2016-D30-12345"
    assert series(SCHOOL, WHOLE) == "2016-D30-*"


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("永久", "Y"),
        ("30年", "D30"),
        ("定期10年", "D10"),
        (" 10 年", "D10"),
        ("长期", "长期"),
        ("", ""),
    ],
)
def test_retention_as_it_stands_in_codes(words, code) -> None:
    assert retention_code(words) == code


@pytest.mark.parametrize(
    ("pattern", "said"),
    [
        ("", "不能空着"),
        ("{年度} {件号}", "不能有空格"),
        ("x" * 81 + "{件号}", "不能太长"),
        ("{年度}-001", "{件号} 要有一个"),
        ("{件号}-{件号:2}", "{件号} 要有一个"),
        ("{年份}-{件号}", "没有“年份”这一栏"),
        ("{年度:2}-{件号}", "只有件号可以写位数"),
        ("{件号:0}", "只有件号可以写位数"),
        ("{件号:{年度}}", "没有“件号:{年度}”|花括号"),
        ("{件号}}", "花括号没有成对"),
    ],
)
def test_what_is_no_pattern_is_said(pattern, said) -> None:
    with pytest.raises(ValidationError, match=said.replace("{", r"\{").replace("}", r"\}")):
        check_pattern(pattern)
