import pytest

from app.services.documents.fonts import FontLibrary, RoleFont
from app.services.documents.lines import NOT_FIRST, NOT_LAST, balanced, break_lines, plain


@pytest.fixture
def song(fonts: FontLibrary) -> RoleFont:
    return fonts.role("song")


def test_short_text_stays_on_one_line(song):
    assert break_lines("材料目录", 100, song, 10) == ["材料目录"]


def test_chinese_breaks_anywhere(song):
    assert break_lines("名师工作坊材料", 40, song, 10) == ["名师工作", "坊材料"]


def test_no_line_begins_or_ends_with_forbidden_punctuation(song):
    text = "在“名师引领”（第一期）活动中，大家学习、讨论、交流；随后《示范课》开始……效果很好。" * 4
    for width in range(30, 200, 7):
        lines = break_lines(text, width, song, 10)
        assert "".join(lines) == text
        for line in lines:
            assert song.width(line, 10) <= width + 0.5
            assert len(line) <= 2 or line[0] not in NOT_FIRST
            assert len(line) <= 2 or line[-1] not in NOT_LAST


def test_latin_words_and_numbers_stay_whole(song):
    assert break_lines("听课Reading课2025年", 45, song, 10) == ["听课", "Reading", "课2025年"]


def test_long_word_is_cut_after_its_last_hyphen(song):
    assert break_lines("0194-WS·2025-D30-JY-0001", 70, song, 10) == [
        "0194-WS·",
        "2025-D30-JY-",
        "0001",
    ]


def test_word_without_hyphen_is_cut_where_it_must(song):
    lines = break_lines("W" * 30, 50, song, 10)
    assert "".join(lines) == "W" * 30
    assert all(song.width(line, 10) <= 50 for line in lines)


def test_line_feeds_are_kept_and_spaces_at_line_ends_dropped(song):
    assert break_lines("一\r\n二\n\n三", 100, song, 10) == ["一", "二", "", "三"]
    assert break_lines("Unit Four lesson", 55, song, 10) == ["Unit Four", "lesson"]


def test_indent_shortens_the_first_line_only(song):
    assert break_lines("一二三四五六七", 40, song, 10, indent=2) == ["一二", "三四五六", "七"]


def test_balanced_lines_leave_no_single_character(song):
    assert balanced("渭南市教育局办公", 70, song, 10) == ["渭南市教", "育局办公"]


def test_invisible_formatting_is_removed():
    assert plain("\ufeff张\u200b三\t李\u00a0四") == "张三 李 四"


def test_names_of_several_parts_break_after_their_dot() -> None:
    ems = dict.fromkeys("买买提·Mehmet、", 1.0)
    assert break_lines("买买提·Mehmet、", 7, ems, 1) == ["买买提·", "Mehmet、"]
