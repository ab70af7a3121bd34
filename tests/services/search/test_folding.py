"""Folding: what a reader takes for the same text is the same text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.services.search.folding import SEPARATOR, fold, places


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("馬市坪鄉裏", "马市坪乡里"), ("ＡＢＣ１２", "abc12"), ("Zhāng", "zhang"),
        ("e\u0301cole", "école"), ("葛\U000e0100", "葛"), ("（一）班", "一 班"), ("ﬁn", "FIN"),
        ("教\u200b研", "教研"), ("乾隆", "干隆"), ("𩎑", fold("𩎑")),
    ],
)  # fmt: skip
def test_alike_is_equal(one, other) -> None:
    assert fold(one) == fold(other)


def test_rare_characters_stay_what_they_are() -> None:
    assert fold("𬱖𫖯䶮㛃") == "𬱖𫖯䶮㛃"
    assert fold("——“”，。 \n") == ""


@given(st.text())
def test_folding_twice_changes_nothing(text) -> None:
    assert fold(fold(text)) == fold(text)
    assert not fold(text).startswith(SEPARATOR)


def test_places_are_those_of_the_text_as_it_is_shown() -> None:
    assert places("前面 馬市坪，Ａbc馬市", ["马市", "abc"]) == ((3, 2), (7, 5))
    assert places("教研 （一）", ["研·一"]) == ((1, 4),)
    assert places("没有", ["有的"]) == ()
