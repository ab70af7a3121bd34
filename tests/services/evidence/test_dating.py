"""Days read from cameras, names and folders."""

from datetime import date, datetime

import pytest

from app.services.evidence.dating import day_in_name, guess_day, typed_day

TODAY = date(2026, 3, 2)


@pytest.mark.parametrize(
    ("name", "day"),
    [
        ("2025-10-15 教研活动.docx", date(2025, 10, 15)),
        ("20251015签到表.pdf", date(2025, 10, 15)),
        ("2025年9月1日通知", date(2025, 9, 1)),
        ("2025年 9 月 1 号", date(2025, 9, 1)),
        ("2025.9.1活动记录", date(2025, 9, 1)),
        ("IMG_20251015_083012.jpg", date(2025, 10, 15)),
        ("微信图片_20251015083012.jpg", date(2025, 10, 15)),
        ("微信图片_20251015083012123.jpg", date(2025, 10, 15)),
        ("截屏2025-10-15 08.30.12.png", date(2025, 10, 15)),
        ("mmexport1760488212345.jpg", date(2025, 10, 15)),
        ("2025-02-30补2025-03-01", date(2025, 3, 1)),
        ("2025-2026学年第一学期", None),
        ("2024123", None),
        ("2025-1号文件", None),
        ("身份证610526198001011234", None),
        ("20251332", None),
        ("2025年9月", None),
        ("第20251015012号", None),
    ],
)
def test_day_in_a_name(name: str, day: date | None) -> None:
    assert day_in_name(name) == day


def test_the_camera_speaks_before_the_name_and_the_name_before_the_folder() -> None:
    names = ("2025-10-15.jpg", "2025-09-01 活动")
    assert guess_day(datetime(2025, 10, 14, 9, 0), names, TODAY) == date(2025, 10, 14)  # noqa: DTZ001
    assert guess_day(None, names, TODAY) == date(2025, 10, 15)
    assert guess_day(None, ("照片.jpg", "2025-09-01 活动"), TODAY) == date(2025, 9, 1)
    assert guess_day(None, ("照片.jpg",), TODAY) is None


@pytest.mark.parametrize(
    "clock",
    [datetime(1980, 1, 1, 0, 0), datetime(2012, 1, 1, 0, 3), datetime(2031, 5, 4, 9, 0)],  # noqa: DTZ001
)
def test_a_clock_that_was_never_set_or_runs_ahead_is_not_believed(clock: datetime) -> None:
    assert guess_day(clock, ("20251015.jpg",), TODAY) == date(2025, 10, 15)


@pytest.mark.parametrize("text", ["2025-10-15", " 2025年10月15日 ", "20251015", "2025.10.15"])
def test_typed_days(text: str) -> None:
    assert typed_day(text) == date(2025, 10, 15)


@pytest.mark.parametrize("text", ["去年", "2025-13-01", "2025-10-15左右", "1760488212345", "10-15"])
def test_what_is_no_day_is_not_guessed(text: str) -> None:
    assert typed_day(text) is None
