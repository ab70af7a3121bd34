"""Days typed in a hurry."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.services.observations.days import read

NEAR = date(2026, 1, 20)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("12", date(2026, 1, 12)), ("12日", date(2026, 1, 12)), ("9-12", date(2025, 9, 12)),
        ("2月3日", date(2026, 2, 3)), ("2025.9.12", date(2025, 9, 12)),
        ("20250912", date(2025, 9, 12)), ("2025年9月12日", date(2025, 9, 12)), ("", None),
    ],
)  # fmt: skip
def test_what_is_left_out_is_taken_from_around(typed: str, meant: date | None) -> None:
    assert read(typed, NEAR) == meant


@pytest.mark.parametrize("typed", ["2-30", "32", "0", "昨天", "2025-13-1", "9-", "123"])
def test_impossible_days_are_said(typed: str) -> None:
    with pytest.raises(ValueError, match=f"“{typed}”不是日期"):
        read(typed, NEAR)


@given(st.text(max_size=12))
def test_nothing_that_is_typed_falls_through(typed: str) -> None:
    try:
        found = read(typed, NEAR)
    except ValueError as error:
        assert "不是日期" in str(error)  # noqa: PT017 - either is right
    else:
        assert found is None or isinstance(found, date)
