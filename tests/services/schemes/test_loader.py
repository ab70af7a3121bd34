"""Every scheme that should load loads; every broken one is named with its place, in Chinese."""

import copy
import re
import tomllib
from decimal import Decimal
from pathlib import Path

import pytest

from app.errors import ValidationError
from app.resources import resource
from app.services.schemes.loader import MAX_BYTES, _validate, check, load

DATA = Path(__file__).parent / "data"
SOUND = sorted(DATA.glob("*.toml"))
SHIPPED = sorted(resource("schemes").glob("*.toml"))
BROKEN = sorted((DATA / "broken").glob("*.toml"))
ENGLISH = re.compile(r"Input|should|valid|Extra|permitted|Unable|must be")


def stem(path: Path) -> str:
    return path.stem


@pytest.mark.parametrize("path", SOUND + SHIPPED, ids=stem)
def test_sound_scheme_loads(path):
    assert check(path) == []
    assert load(path).scheme.source


@pytest.mark.parametrize("path", BROKEN, ids=stem)
def test_broken_scheme_names_each_error_with_its_place(path):
    expected = path.with_suffix(".txt").read_text(encoding="utf-8").splitlines()
    assert [str(error) for error in check(path)] == expected
    assert expected
    with pytest.raises(ValidationError) as caught:
        load(path)
    assert path.name in caught.value.text
    assert f"{len(expected)} 处错误" in caught.value.text
    for line in expected:
        assert line in caught.value.text


def test_there_is_a_broken_file_for_every_check():
    assert len(BROKEN) >= 36


def test_file_that_cannot_be_read_is_told_why(tmp_path):
    text = SHIPPED[0].read_text(encoding="utf-8")
    (tmp_path / "gbk.toml").write_bytes(text.encode("gb18030"))
    (tmp_path / "utf16.toml").write_bytes(text.encode("utf-16"))
    (tmp_path / "big.toml").write_bytes(b"#" * (MAX_BYTES + 1))
    (tmp_path / "empty.toml").write_bytes(b"\r\n")
    (tmp_path / "table.toml").write_bytes(b"PK\x03\x04" + bytes(30))
    for name, word in {
        "gbk.toml": "另存为",
        "utf16.toml": "UTF-8",
        "big.toml": "1 MB",
        "empty.toml": "空的",
        "table.toml": "导入考核表",
        "none.toml": "没有这个文件",
        ".": "文件夹",
    }.items():
        (error,) = check(tmp_path / name)
        assert word in str(error)
        with pytest.raises(ValidationError, match="错误"):
            load(tmp_path / name)


def test_notepad_utf8_with_bom_and_windows_lines_loads(tmp_path):
    text = SHIPPED[0].read_text(encoding="utf-8")
    path = tmp_path / "方案.toml"
    path.write_bytes(b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode())
    assert load(path) == load(text)


def test_unlimited_brackets_are_refused_not_crashed():
    assert check("a = " + "[" * 100_000)


def leaves(node, path=()):
    yield path
    children = node.items() if isinstance(node, dict) else enumerate(node)
    for key, value in children if isinstance(node, dict | list) else ():
        if isinstance(value, dict | list):
            yield from leaves(value, (*path, key))
        else:
            yield (*path, key)


def replaced(raw, path, value):
    changed = copy.deepcopy(raw)
    here = changed
    for step in path[:-1]:
        here = here[step]
    here[path[-1]] = value
    return changed


@pytest.mark.parametrize("name", ["s11", "s12", "s23", "s27", "s28", "s08"])
def test_any_value_replaced_by_junk_gives_chinese_errors_never_a_crash(name):
    raw = tomllib.loads((DATA / f"{name}.toml").read_text("utf-8"), parse_float=Decimal)
    told = 0
    for path in leaves(raw):
        for junk in (7, True, "乱写", [], {"x": [1]}, Decimal("nan"), [["a"]]):
            if path:
                _scheme, errors = _validate(replaced(raw, path, junk))
                told += len(errors)
                assert not [error for error in errors if ENGLISH.search(str(error))], (path, junk)
    assert told > 500


def test_example_of_the_page_for_authors_loads():
    page = resource("schemes", "README.md").read_text(encoding="utf-8")
    (example,) = re.findall(r"```toml\n(.*?)```", page, re.S)
    assert check(example) == []


def test_page_for_authors_names_every_field():
    from app.services.schemes.parts import field_names

    page = resource("schemes", "README.md").read_text(encoding="utf-8")
    words = set(re.findall(r"[a-z_]+", page))
    assert field_names() - words == set()
