"""The official page in millimetres and characters: as PDF by the places of its letters, as Word."""

from __future__ import annotations

import io
import subprocess
from datetime import UTC, datetime
from shutil import which
from typing import TYPE_CHECKING

import pypdfium2 as pdfium
import pytest

from app.services.documents import pdf, writing
from app.services.documents.tree import Heading, Paragraph, Table, texts
from app.services.forms.reports.official import (
    Letter,
    Shown,
    balanced,
    long_day,
    measures,
    numeral,
    wide,
)

if TYPE_CHECKING:
    from pathlib import Path

CREATED = datetime(2026, 7, 3, tzinfo=UTC)
MM = 72 / 25.4
FULL = "教研" * 700
"""1,400 characters: more than two pages of 22 lines of 28."""


def letter(layout: str = "official") -> Letter:
    return Letter(measures({"layout": layout}))


def page_of(made: Letter, number: int = 0):
    content = pdf.render_bytes(made.document("公文"), CREATED)
    return pdfium.PdfDocument(io.BytesIO(content))[number]


def rows_of(page) -> list[str]:
    """Lines of text from the top, the page number left out."""
    text = page.get_textpage()
    found: dict[float, list[tuple[float, str]]] = {}
    for index in range(text.count_chars()):
        sign = text.get_text_range(index, 1)
        if sign.strip():
            left, bottom, _right, _top = text.get_charbox(index, loose=True)
            row = next((one for one in found if abs(one - bottom) < 3), bottom)
            found.setdefault(row, []).append((left, sign))
    lines = ["".join(sign for _left, sign in sorted(found[row])) for row in sorted(found)[::-1]]
    return [line for line in lines if not line.startswith("—")]


def places_of(page, words: str) -> list[float]:
    """Left edges in millimetres of the places where the words stand."""
    text = page.get_textpage()
    searcher, found = text.search(words), []
    while (hit := searcher.get_next()) is not None:
        found.append(text.get_charbox(hit[0], loose=True)[0] / MM)
    return found


def test_a_page_has_22_lines_of_28_characters():
    made = letter()
    made.blocks.append(Paragraph(FULL, made.measures.body))
    content = pdf.render_bytes(made.document("公文"), CREATED)
    first = rows_of(pdfium.PdfDocument(io.BytesIO(content))[0])
    assert len(first) == 22
    assert {len(line) for line in first} == {28}


def test_school_style_has_22_lines_of_28_characters_too():
    made = letter("official_school")
    made.blocks.append(Paragraph(FULL, made.measures.body))
    content = pdf.render_bytes(made.document("材料"), CREATED)
    first = rows_of(pdfium.PdfDocument(io.BytesIO(content))[0])
    assert (len(first), {len(line) for line in first}) == (22, {28})


def test_margins_are_those_of_the_standard():
    page = measures({}).page
    assert (page.width, page.height) == (210, 297)
    assert (page.top, page.left, page.right, page.bottom) == (37, 28, 26, 35)
    made = letter()
    made.blocks.append(Paragraph(FULL, made.measures.body))
    assert min(places_of(page_of(made), "教")) == pytest.approx(28, abs=0.5)


def test_odd_pages_have_their_number_right_and_even_ones_left():
    made = letter()
    made.blocks.append(Paragraph(FULL, made.measures.body))
    odd, even = places_of(page_of(made), "—"), places_of(page_of(made, 1), "—")
    assert min(odd) > 150
    assert max(even) < 60
    assert min(even) == pytest.approx(28 + 14 / MM, abs=1.5)  # one character in


def test_levels_have_their_numbers_and_type():
    made = letter()
    for level in (1, 2, 2, 3, 4, 4, 1, 2):
        made.head(level, "题")
    said = [(one.text, one.style.role) for one in made.blocks if isinstance(one, Heading)]
    assert said == [
        ("一、题", "hei"), ("（一）题", "kai"), ("（二）题", "kai"), ("1.题", "fangsong"),
        ("（1）题", "fangsong"), ("（2）题", "fangsong"), ("二、题", "hei"), ("（一）题", "kai"),
    ]  # fmt: skip
    assert all(one.indent == 2 for one in made.blocks)


def test_numerals():
    assert [numeral(n) for n in (1, 10, 11, 20, 21, 99)] == [
        "一", "十", "十一", "二十", "二十一", "九十九",
    ]  # fmt: skip


def test_typed_headings_are_known_and_sentences_are_not():
    sentence = "（二）这一句很长，虽然也有编号，但是写成了一整句话，不是小标题。"
    made = letter()
    made.typed(f"（一）抓实研讨\n\n　　{sentence}\n正文。")
    kinds = [type(one) for one in made.blocks]
    assert kinds == [Heading, Paragraph, Paragraph]
    assert made.blocks[1].text == sentence


@pytest.mark.parametrize(
    ("unit", "date", "unit_starts", "date_starts"),
    [
        ("蒲城县小学数学名师工作坊", "2026年7月3日", 28 - 2 - 12, 28 - 2 - 12 + 2),
        ("某校", "2026年12月30日", 28 - 2 - 7.0 - 2, 28 - 2 - 7.0),
    ],
)
def test_signature_without_seal(unit, date, unit_starts, date_starts):
    """The date begins two characters right of the unit, whichever is the longer (9704 7.3.5)."""
    made = letter()
    made.sign(unit, date)
    page = page_of(made)
    pitch = 156 / 28
    [at] = places_of(page, unit)
    [day] = places_of(page, date)
    assert at == pytest.approx(28 + unit_starts * pitch, abs=2.5)
    assert day - at == pytest.approx(2 * pitch, abs=0.8)
    assert (date_starts - unit_starts) == 2


def test_signature_with_seal_has_the_unit_in_the_middle_over_the_date():
    made = letter()
    made.sign("蒲城县小学数学名师工作坊", "2026年7月3日", sealed=True)
    page = page_of(made)
    [at], [day] = places_of(page, "蒲城县"), places_of(page, "2026年")
    width, date_width = 12 * 156 / 28, wide("2026年7月3日") * 156 / 28
    assert at + width / 2 == pytest.approx(day + date_width / 2, abs=3.5)
    assert 210 - 26 - (day + date_width) == pytest.approx(4 * 156 / 28, abs=4)


@pytest.mark.parametrize("sealed", [False, True])
@pytest.mark.parametrize("unit", ["", "{{署名}}", "某" * 60, "A Very Long English Name " * 4])
def test_any_name_can_sign(unit, sealed):
    made = letter()
    made.sign(unit, "2026年7月3日", sealed=sealed)
    said = "".join(rows_of(page_of(made)))
    assert "".join(unit.split()) in said
    assert "2026年7月3日" in said


def test_signature_is_not_parted_by_the_end_of_a_page():
    for lines in range(16, 23):
        made = letter()
        made.blocks += [Paragraph("行", made.measures.body)] * lines
        made.sign("某某学校", "2026年7月3日")
        content = pdf.render_bytes(made.document("公文"), CREATED)
        found = ["".join(rows_of(page)) for page in pdfium.PdfDocument(content)]
        [where] = [number for number, text in enumerate(found) if "某某学校" in text]
        assert "2026年7月3日" in found[where]


def test_annexes_hang_under_their_first_sign():
    made = letter()
    long = "长" * 40
    made.annexes([long, "名单"])
    page = page_of(made)
    first, second = places_of(page, "附件")[0], places_of(page, "名单")[0]
    assert first == pytest.approx(28 + 2 * 156 / 28, abs=0.8)
    starts = {round(one, 1) for one in places_of(page, "长")}
    assert min(starts) == pytest.approx(second, abs=0.8)


@pytest.mark.parametrize(
    ("title", "lines"),
    [
        ("工作总结", ["工作总结"]),
        (
            "蒲城县小学数学名师工作坊|2025—2026学年工作总结",
            ["蒲城县小学数学名师工作坊", "2025—2026学年工作总结"],
        ),
        ("专题讲座：小学数学单元整体教学的思考|纪要", None),
        ("题" * 120, None),
    ],
)
def test_titles_are_balanced(title, lines):
    found = balanced(title, 18).split("\n")
    assert "".join(found) == title.replace("|", "")
    if lines is not None:
        assert found == lines
    assert max(map(wide, found)) <= 18.5 or lines is None
    assert min(map(wide, found)) >= 0.4 * max(map(wide, found))
    assert not any(line[0] in "，。、：）》”" for line in found)


def test_days_are_written_without_noughts():
    assert long_day("2026-07-03") == "2026年7月3日"
    assert long_day("{{成文日期}}") == "{{成文日期}}"
    assert long_day("") == ""


def test_an_empty_table_is_left_out_and_a_line_is_a_row():
    made = letter()
    made.table([Shown("甲", 1)], [])
    assert made.blocks == []
    made.table(
        [Shown("甲", 1), Shown("乙", 2, title="第二")], [{"甲": "1"}, {"乙": "{{名单.乙}}"}], "表"
    )
    [table] = [one for one in made.blocks if isinstance(one, Table)]
    assert len(table.rows) == 2
    assert sum(one.width for one in table.columns) == pytest.approx(156)
    assert "{{名单.乙}}" in [text for _place, text in texts(made.document("表"))]


@pytest.mark.skipif(
    which("soffice") is None, reason="这台电脑没有 LibreOffice，不数 Word 的行数和字数"
)
def test_word_has_22_lines_of_28_characters(tmp_path: Path):
    made = letter()
    made.blocks.append(Paragraph(FULL, made.measures.body))
    target = tmp_path / "公文.docx"
    writing.write(made.document("公文"), target, CREATED)
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    subprocess.run(
        [which("soffice") or "", profile, "--headless", "--convert-to", "pdf", "--outdir",
         str(tmp_path), str(target)], check=True, capture_output=True, timeout=120,
    )  # fmt: skip
    first = rows_of(pdfium.PdfDocument(tmp_path / "公文.pdf")[0])
    assert len(first) == 22
    assert {len(line) for line in first} == {28}
