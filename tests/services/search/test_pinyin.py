"""Names in letters."""

import pytest

from app.services.search.pinyin import READINGS, keys


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("张三丰", "zhangsanfeng zsf zhangsf sanfeng sf"), ("单雄信", "shanxiongxin danxiongxin sxx"),
        ("曾国藩", "zengguofan zgf"), ("解缙", "xiejin xj"), ("仇英", "qiuying qy"), ("盖叫天", "gejiaotian"),
        ("尉迟恭", "yuchigong ycg"), ("万俟卨", "moqixie mqx"), ("吕布", "lvbu lubu lb"),
        ("重庆长安小学", "chongqing cqcaxx changan"), ("Tom李", "tomli"), ("張麗", "zhangli"),
    ],
)  # fmt: skip
def test_a_name_is_found_as_it_is_typed(name, typed) -> None:
    for letters in typed.split():
        assert any(key.startswith(letters) for key in keys(name)), letters


def test_what_has_no_reading_has_no_keys() -> None:
    assert keys("") == keys("（）·") == frozenset()


def test_a_name_of_many_readings_stays_small() -> None:
    assert len(keys("行长乐单行长乐单行长乐单行长乐单行长")) < 16 * 4 * READINGS
