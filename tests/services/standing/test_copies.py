"""Texts more than nine tenths alike are found, also among many; the same ones at each change."""

import random

import pytest

from app.services.standing.copies import SHORTEST, Copy, find_copies, folded, percent_alike

WORDS = [f"{a}{b}" for a in "教学目标明确重点突出课堂气氛" for b in "学生参与小组合作板书语言提问"]
COMMENT = "本节课教学目标明确，重难点突出，能联系生活实际引入分数，学生参与面广，板书工整。"


def texts(count: int, seed: int = 1) -> list[tuple[str, str]]:
    dice = random.Random(seed)  # noqa: S311 - a seeded draw
    return [(f"{n:05}", "".join(dice.choices(WORDS, k=40))) for n in range(count)]


def changed(text: str, share: float, dice: random.Random) -> str:
    """The text with so much of its characters replaced, far apart from each other."""
    chars = list(text)
    step = round(1 / share)
    for at in range(dice.randrange(step), len(chars), step):
        chars[at] = "改"
    return "".join(chars)


@pytest.mark.parametrize(
    ("one", "other", "percent"),
    [
        ("一二三四五六七八九十", "一二三四五六七八九十", 100),
        ("一二三四五六七八九十", "一二三四五六七八九拾", 0),  # exactly 90 % is not more
        ("一二三四五六七八九十甲", "一二三四五六七八九十乙", 90),
        ("一二三四五六七八九十", "一二三四五六七八九十甲", 95),
        ("甲一二三四五六七八九十", "一二三四五六七八九十", 95),
        ("一二三四五六七八九十", "十九八七六五四三二一", 0),
        ("一二三四五甲六七八九十", "一二三四五乙六七八九十", 90),
        ("abcabcabcabc", "bcabcabcabca", 91),
        ("", "", 100),
        ("一", "", 0),
    ],
)
def test_likeness_is_the_common_part_of_both(one: str, other: str, percent: int) -> None:
    assert percent_alike(one, other) == percent
    assert percent_alike(other, one) == percent


def test_signs_blanks_and_case_do_not_count_and_short_texts_are_left_out() -> None:
    assert folded("Ａ很好。\n 很 好！") == ""
    assert folded("好" * (SHORTEST - 1) + "。！") == ""
    assert folded("好，" * SHORTEST) == "好" * SHORTEST
    one, other = COMMENT, COMMENT.replace("，", " ").replace("。", "")
    assert list(find_copies([("a", one), ("b", other)]).copies()) == [Copy("b", "a", 100)]


def test_the_same_text_is_told_once_for_each_that_repeats_it() -> None:
    found = find_copies([("a", COMMENT), ("b", "很好。"), ("c", COMMENT), ("d", COMMENT)])
    assert list(found.copies()) == [Copy("c", "a", 100), Copy("d", "a", 100)]


def test_copies_with_scattered_changes_are_found_among_thousands() -> None:
    dice = random.Random(3)  # noqa: S311 - a seeded draw
    many = texts(3000)
    planted = [(f"x{n:03}", changed(many[n * 7][1], 0.07, dice)) for n in range(300)]
    found = {copy.one: copy for copy in find_copies([*many, *planted]).copies()}
    hit = [key for key, _text in planted if key in found]
    assert len(hit) >= 297
    assert all(found[key].other == f"{int(key[1:]) * 7:05}" for key in hit)
    assert all(found[key].percent > 90 for key in hit)
    assert not [key for key in found if not key.startswith("x")]


def test_what_is_a_fifth_different_is_no_copy() -> None:
    dice = random.Random(4)  # noqa: S311 - a seeded draw
    many = texts(500)
    near = [(f"x{n}", changed(text, 0.2, dice)) for n, (_key, text) in enumerate(many)]
    assert list(find_copies([*many, *near]).copies()) == []


def test_texts_that_differ_only_in_a_number_are_all_told() -> None:
    many = [(f"{n:04}", f"第{n}位教师。{COMMENT}") for n in range(800)]
    assert len(list(find_copies(many).copies())) == 799


def test_every_script_and_odd_sign_is_taken() -> None:
    odd = "𠀀𠀁這節課教學目標明確，重難點突出；Good lesson! 😀 第3節"
    found = find_copies([("a", odd), ("b", odd + "好"), ("c", "\ud800" * 30), ("d", "")])
    assert [(copy.one, copy.other) for copy in found.copies()] == [("b", "a")]


def test_after_a_change_it_is_as_if_all_were_compared_again() -> None:
    dice = random.Random(5)  # noqa: S311 - a seeded draw
    many = dict(texts(200))
    index = find_copies(many.items())
    for step in range(300):
        key = f"{dice.randrange(200):05}"
        source = many.get(f"{dice.randrange(200):05}", "")
        text = dice.choice(["", source, changed(source, 0.05, dice), texts(1, step + 9)[0][1]])
        many[key] = text
        index.change(key, text)
    told = {copy.one for copy in index.copies()}
    assert len(told) > 20
    assert told == {copy.one for copy in find_copies(sorted(many.items())).copies()}
    for copy in index.copies():
        plain = [folded(many[key]) for key in (copy.one, copy.other)]
        assert percent_alike(*plain) == copy.percent > 89
