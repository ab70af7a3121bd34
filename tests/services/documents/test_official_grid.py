"""The page of GB/T 9704: 22 lines of 28 characters, page numbers outside, text as the paper asks."""

import itertools

import pytest

from app.progress import NoProgress
from app.services.documents.layout import lay_out
from app.services.documents.page import MM
from app.services.documents.tree import (
    Document,
    Heading,
    Line,
    PageSetup,
    Paragraph,
    Section,
    SignatureLine,
    Signatures,
    TextBox,
    TextStyle,
)

PAGE = PageSetup(top=37, bottom=35, left=28, right=26, foot=25, lines=22, chars=28)
BODY = TextStyle("fangsong", 16)
EDGE = 210 - 26


def pages(fonts, *blocks, page=PAGE, **section):
    made = Document("公文", (Section("公文", page, blocks, **section),))
    return lay_out(made, fonts, NoProgress())


def rows(page):
    found = {}
    for text in sorted(page.texts, key=lambda t: (t.y, t.x)):
        found.setdefault(round(text.y, 1), []).append(text)
    return list(found.values())


def test_22_lines_of_28_characters(fonts):
    found = pages(fonts, Paragraph("教研" * 28 * 15, BODY))
    assert [len(rows(page)) for page in found] == [22, 8]
    lines = rows(found[0])
    assert {sum(len(text.text) for text in line) for line in lines} == {28}
    steps = [b[0].y - a[0].y for a, b in itertools.pairwise(lines)]
    assert steps == pytest.approx([225 * MM / 22] * 21, abs=0.01)
    assert lines[0][0].x / MM == pytest.approx(28)
    assert 16 + lines[0][0].spread == pytest.approx(156 * MM / 28)


def test_titles_keep_to_the_lines_but_not_to_the_pitch(fonts):
    title = Paragraph("年度工作总结", TextStyle("title", 22), align="center")
    found = pages(fonts, title, Paragraph("", BODY), Paragraph("教研" * 28 * 11, BODY))
    assert [len(rows(page)) for page in found] == [21, 2]
    assert rows(found[0])[0][0].spread == 0


def test_indents_are_counted_in_characters(fonts):
    found = pages(
        fonts, Paragraph("一段话", BODY, indent=2), Paragraph("右空四字", BODY, "right", right=4),
        Paragraph("左空二字" * 10, BODY, margin=2),
    )  # fmt: skip
    em = 156 / 28
    first, second, third, fourth = (line[0] for line in rows(found[0]))
    assert first.x / MM == pytest.approx(28 + 2 * em, abs=0.01)
    assert second.x / MM + 4 * em == pytest.approx(EDGE - 4 * em, abs=0.1)
    assert third.x == fourth.x
    assert third.x / MM == pytest.approx(28 + 2 * em, abs=0.01)


def test_page_numbers_stand_outside_and_go_on(fonts, sheets):
    lying = PageSetup(width=297, height=210)
    body = (Paragraph("教研" * 28 * 15, BODY),)
    first = Section("公文", PAGE, body, foot="— {page} —", foot_align="outside")
    foot = {"foot": "{page}/{pages}", "foot_align": "outside"}
    annex = Section("附件", lying, (Paragraph("甲"),), **foot, continues=True)
    other = Section("另一份", lying, (Paragraph("乙"),), **foot)
    made = Document("公文", (first, annex, other))
    found = lay_out(made, fonts, NoProgress())
    feet = [page.texts[-1] for page in found]
    width = fonts.role("song").width("— 1 —", 9)
    assert feet[0].x + width == pytest.approx(EDGE * MM - 9, abs=0.1), "odd: right, one in"
    assert feet[1].x == pytest.approx(28 * MM + 9, abs=0.01), "even: left, one in"
    text = sheets(made)
    assert [text.text(n).split()[-1] for n in (2, 3)] == ["3/3", "1/1"]


def test_lines_end_where_the_others_do_but_the_last(fonts):
    plain = PageSetup(left=20, right=20)
    [page] = pages(fonts, Paragraph("教研活动，" * 40, TextStyle("song", 12)), page=plain)
    *full, last = (line[0] for line in rows(page))
    font = fonts.role("song")
    ends = [t.x + font.width(t.text, 12) + t.spread * (len(t.text) - 1) for t in full]
    assert ends == pytest.approx([190 * MM] * len(full), abs=0.05)
    assert last.spread == 0


def test_a_heading_stays_with_the_headings_and_text_below_it(fonts):
    blocks = (Paragraph("一\n" * 19, BODY), Heading("一、", BODY), Heading("（一）", BODY),
              Paragraph("教研" * 30, BODY))  # fmt: skip
    found = pages(fonts, *blocks)
    assert [len(rows(page)) for page in found] == [19, 5]


def test_lines_to_sign_on_share_the_width(fonts):
    three = Signatures(
        tuple(SignatureLine(f"{name}签字：") for name in ("执教教师", "组长", "教务处"))
    )
    [page] = pages(fonts, three, page=PageSetup(left=20, right=20))
    assert len({round(stroke.y1, 2) for stroke in page.strokes}) == 1
    starts = [text.x / MM for text in page.texts]
    assert starts == pytest.approx([20, 20 + 170 / 3, 20 + 340 / 3], abs=0.01)
    assert max(stroke.x2 for stroke in page.strokes) <= 190 * MM + 0.01


def test_colours_reach_the_paper(sheets):
    red = TextBox(30, 30, 60, 20, "归档章", TextStyle("hei", 30, color="C00000"))
    found = sheets(
        Document("章", (Section("章", PAGE, (red, Line(20, 100, 190, 100, 2, "C00000"))),))
    )
    page = found._file[0].render(scale=2).to_pil().convert("RGB")
    pixels = {color for _count, color in page.getcolors(1 << 20)}
    assert (192, 0, 0) in pixels
    assert not any(max(pixel) < 60 for pixel in pixels), "nothing black"
