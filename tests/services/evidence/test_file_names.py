"""Names that break programs, as shown and as stored."""

import json
import random
import unicodedata

import pytest

from app.services.evidence.names import clean_name, split_extension, stored_name

FORBIDDEN = set('<>:"/\\|?*')
RESERVED = {"CON", "PRN", "AUX", "NUL", *(f"{d}{n}" for d in ("COM", "LPT") for n in range(10))}


def check_stored(name, extension=".docx"):
    stored = stored_name(name, extension)
    assert stored.endswith(extension)
    assert len(stored) <= 80
    assert len(stored.encode("utf-8")) <= 180
    assert stored == unicodedata.normalize("NFC", stored)
    assert not FORBIDDEN & set(stored)
    assert not any(unicodedata.category(c) in ("Cc", "Cf", "Cs") for c in stored)
    assert stored[: -len(extension)].strip() == stored[: -len(extension)] != ""
    assert stored.split(".")[0].rstrip().upper() not in RESERVED
    assert not stored.startswith(".")
    return stored


@pytest.mark.parametrize(
    ("name", "stored"),
    [
        ("CON.docx", "_CON.docx"),
        ("nul.docx", "_nul.docx"),
        ("Lpt2.docx", "_Lpt2.docx"),
        ("con.tar.docx", "_con.tar.docx"),
        ("aux .docx", "_aux.docx"),
        ("COM¹.docx", "_COM¹.docx"),
        ("CONTENT.docx", "CONTENT.docx"),
        ("结尾点.docx.", "结尾点.docx"),
        ("结尾空格.docx ", "结尾空格.docx"),
        ("a:b?.docx", "a：b？.docx"),
        ("学\n校.docx", "学校.docx"),
        ("x\u202ecod.docx", "xcod.docx"),
        ("张三\u200b.docx", "张三.docx"),
        ("周𫖯评课.docx", "周𫖯评课.docx"),
        ("王\ue863老师.docx", "王\ue863老师.docx"),
        ("评课📚.docx", "评课📚.docx"),
        ("${HOME}.docx", "${HOME}.docx"),
        ("名称%0D.docx", "名称%0D.docx"),
        ("../../outside.docx", "／..／outside.docx"),
        (".docx", "docx.docx"),
        ("", "未命名.docx"),
        ("...", "未命名.docx"),
        ("1.听课记录", "1.听课记录.docx"),
        ("截屏2025-10-15 08.30.12", "截屏2025-10-15 08.30.12.docx"),
        ("其实是.doc", "其实是.docx"),
        ("报告.final", "报告.final.docx"),
    ],
)
def test_stored_names(name, stored):
    assert check_stored(name) == stored


def test_one_word_in_two_forms_is_one_name():
    assert stored_name("Ame\u0301lie.docx", ".docx") == stored_name("Amélie.docx", ".docx")


def test_a_gbk_name_on_a_linux_stick_is_read_as_meant():
    as_seen = "教研记录.docx".encode("gb18030").decode("utf-8", "surrogateescape")
    assert clean_name(as_seen) == "教研记录.docx"
    assert clean_name("a\udc80\udcff.docx") == "a.docx"  # no encoding fits


@pytest.mark.parametrize("character", ["文", "𫖯", "📚", "a", "é", "葛\U000e0100"])
def test_long_names_are_cut_between_characters(character):
    stored = check_stored(character * 200 + ".docx")
    assert set(stored.removesuffix(".docx")) == set(character)
    assert stored.removesuffix(".docx").endswith(character)
    assert len(stored.encode()) > 160 or len(stored) == 80


def test_a_base_is_not_parted_from_its_marks():
    marked = "葛\U000e0100"
    for before in ("", "一", "一a", "一ab"):
        stored = check_stored(before + marked * 100)
        assert stored.removeprefix(before).removesuffix(".docx").replace(marked, "") == ""


def test_the_naughty_strings(samples):
    naughty = json.loads((samples / "names" / "blns.json").read_text(encoding="utf-8"))
    to_try = json.loads((samples / "names" / "names_to_try.json").read_text(encoding="utf-8"))
    for name in [*naughty, *to_try["file_names"], *to_try["person_names"]]:
        check_stored(name)
        shown = clean_name(name)
        assert shown
        assert not any(unicodedata.category(c) in ("Cc", "Cf", "Cs") for c in shown)


def test_any_characters_at_all():
    dice = random.Random(7)  # noqa: S311 - no secret
    for _ in range(2000):
        name = "".join(chr(dice.choice((dice.randrange(0x110000), dice.randrange(0x300))))
                       for _ in range(dice.randrange(120)))  # fmt: skip
        check_stored(name, dice.choice((".jpg", ".docx")))


def test_rare_characters_of_names_stay(samples):
    rows = (samples / "names" / "rare_characters.tsv").read_text(encoding="utf-8").splitlines()
    characters = [row.split("\t")[0] for row in rows if len(row.split("\t")[0]) == 1]
    assert len(characters) > 200
    for character in characters:
        wanted = unicodedata.normalize("NFC", character)
        assert clean_name(f"{character}老师.jpg") == f"{wanted}老师.jpg"


@pytest.mark.parametrize(
    ("name", "extension"),
    [("a.PDF", ".pdf"), ("a.tar.gz", ".gz"), ("a.7z", ".7z"), ("08.30.12", ""), ("1.记录", ""),
     (".docx", ""), ("a.docx. ", ".docx"), ("没有", "")],
)  # fmt: skip
def test_extensions(name, extension):
    assert split_extension(name)[1] == extension
