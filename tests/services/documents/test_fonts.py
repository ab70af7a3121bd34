import io

import pytest
from reportlab.pdfbase.ttfonts import TTFontFile

from app.errors import ExportError
from app.resources import resource
from app.services.documents import fonts as fonts_module
from app.services.documents import pdf
from tests.services.documents.sample_boxes import CREATED, everyday, form, row

RARE = "䶮㛃𬱖𫖯𬭎𠅤"
TRADITIONAL = "臺灣學校檔案盒題名責任者備註"


@pytest.mark.parametrize("role", ["title", "song", "fangsong", "hei", "kai"])
def test_every_role_draws_rare_and_traditional_characters(fonts, role):
    font = fonts.role(role)
    assert all(font[c] == pytest.approx(1.0) for c in RARE + TRADITIONAL)
    assert not font.missing.intersection(RARE + TRADITIONAL)


def test_rare_names_can_be_read_back_from_the_pdf(sheets):
    box = everyday(rows=(row(1, f"{RARE}老师的{TRADITIONAL}"),))
    assert f"{RARE}老师的{TRADITIONAL}" in sheets(form("directory", box)).all_text


def test_characters_without_a_font_stop_the_output_and_are_named(fonts, tmp_path):
    rows = (row(1, "合唱🎵比赛"), row(2, "签到\x07表"), row(3, "坏\ud800字"), row(4, "正常"))
    target = tmp_path / "目录.pdf"
    with pytest.raises(ExportError) as caught:
        pdf.write(form("directory", everyday(rows=rows)), target, created=CREATED, fonts=fonts)
    text = caught.value.sentence
    assert "“🎵”（U+1F3B5，在“第 1 号 合唱🎵比赛”中）" in text
    assert "U+0007" in text
    assert "第 2 号" in text
    assert "U+D800（在“第 3 号 坏?字”中）" in text
    assert "第 4 号" not in text
    text.encode("utf-8")
    assert list(tmp_path.iterdir()) == []


def test_after_a_refusal_other_documents_still_print(fonts):
    with pytest.raises(ExportError):
        pdf.render_bytes(form("directory", everyday(rows=(row(1, "😀"),))), CREATED, fonts=fonts)
    assert pdf.render_bytes(form("directory", everyday()), CREATED, fonts=fonts)


def test_many_missing_characters_are_counted(fonts):
    rows = (row(1, "".join(chr(0x1F600 + i) for i in range(30))),)
    with pytest.raises(ExportError, match="等 30 个字"):
        pdf.render_bytes(form("directory", everyday(rows=rows)), CREATED, fonts=fonts)


def test_song_is_asked_where_the_black_face_lacks_a_character(fonts):
    serif = fonts.role("song")
    hei = fonts.role("hei")
    only_serif = next(chr(c) for c in serif.main.widths if c > 0x4E00 and c not in hei.main.widths)
    assert [face.name for face, _ in hei.runs(f"黑{only_serif}黑")] == [
        hei.main.name
    ]  # not asked yet
    assert hei[only_serif] == pytest.approx(1.0)
    names = [(face.name, text) for face, text in hei.runs(f"黑{only_serif}体")]
    assert names == [
        (hei.main.name, "黑"), (serif.main.name, only_serif), (hei.main.name, "体"),
    ]  # fmt: skip


def test_damaged_font_of_the_machine_is_passed_over(monkeypatch, tmp_path):
    (tmp_path / "simsun.ttc").write_bytes(b"ttcf" + b"\x00" * 40)
    (tmp_path / "SIMHEI.TTF").write_bytes(b"OTTO" + b"\x00" * 40)
    monkeypatch.setattr(fonts_module, "_folders", lambda: [tmp_path])
    machine = fonts_module.FontLibrary(shipped_only=False)
    assert machine.role("song").main.name == "NotoSerifSC-Regular.ttf"
    assert machine.role("hei").main.name == "NotoSansSC-Regular.ttf"


def test_font_of_the_machine_comes_first(monkeypatch, tmp_path):
    shipped = resource("fonts", "NotoSansSC-Regular.ttf")
    (tmp_path / "SimKai.TTF").write_bytes(shipped.read_bytes())
    monkeypatch.setattr(fonts_module, "_folders", lambda: [tmp_path])
    machine = fonts_module.FontLibrary(shipped_only=False)
    assert machine.role("kai").main.name == "simkai.ttf"
    assert fonts_module.library(shipped_only=True).role("kai").main.name != "simkai.ttf"


def test_empty_glyph_counts_as_missing(monkeypatch, tmp_path):
    content = bytearray(resource("fonts", "NotoSansSC-Regular.ttf").read_bytes())
    font = TTFontFile(io.BytesIO(bytes(content)))
    glyph = font.charToGlyph[ord("龙")]
    loca, entry = font.get_table_pos("loca")[0], 4
    start = loca + glyph * entry
    content[start + entry : start + 2 * entry] = content[start : start + entry]  # length 0
    (tmp_path / "simkai.ttf").write_bytes(bytes(content))
    monkeypatch.setattr(fonts_module, "_folders", lambda: [tmp_path])
    kai = fonts_module.FontLibrary(shipped_only=False).role("kai")
    assert kai["龙"] == kai["虎"] == pytest.approx(1.0)
    assert [face.name for face, _ in kai.runs("虎龙　 ")] == [
        "simkai.ttf", "NotoSerifSC-Regular.ttf", "simkai.ttf",
    ]  # fmt: skip


def test_title_face_is_drawn_bold_where_song_stands_in(fonts):
    assert fonts.role("title").main.heavy
    assert not fonts.role("song").main.heavy
