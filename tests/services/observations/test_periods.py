"""节次 as people type it."""

import pytest

from app.services.observations.periods import following, overlap, written


@pytest.mark.parametrize(
    ("typed", "kept", "after"),
    [
        ("3", "第3节", "第4节"), ("第三节", "第3节", "第4节"), ("３", "第3节", "第4节"),
        ("3-4", "第3—4节", "第5节"), ("下午 第2节", "下午第2节", "下午第3节"),
        ("第一、二节", "第1—2节", "第3节"), ("早读", "早读", ""), ("", "", ""),
        ("8", "第8节", ""),
    ],
)  # fmt: skip
def test_periods_are_written_in_one_way(typed: str, kept: str, after: str) -> None:
    assert written(typed) == kept
    assert written(kept) == kept
    assert following(typed) == after


@pytest.mark.parametrize(
    ("one", "other", "shared"),
    [
        ("第3节", "三", True), ("第1—2节", "第2—3节", True), ("第1节", "第2节", False),
        ("上午第1节", "下午第1节", False), ("早读", "早读", True), ("", "", False),
        ("早读", "第1节", False),
    ],
)  # fmt: skip
def test_periods_overlap(one: str, other: str, shared: bool) -> None:
    assert overlap(one, other) is shared
    assert overlap(other, one) is shared
