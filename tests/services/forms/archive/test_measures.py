"""The forms in millimetres, as the standards and the measured local rules ask (formats.md §1, §2, §7.1)."""

import itertools
from dataclasses import replace

import pytest

from app.errors import ValidationError
from app.progress import NoProgress
from app.services.documents.layout import lay_out
from app.services.documents.tree import QrCode, TextBox
from app.services.forms.archive.stamp import stamp_blocks
from app.services.forms.values.box import sheet
from tests.services.documents.sample_boxes import everyday, form, many, row

MM = 72 / 25.4
VOLUME = {"bound": "volumes", "catalogue_no": "3", "spine_mm": 15}


@pytest.fixture
def strokes(fonts):
    """Upright and level lines of a page in mm: ``strokes(document, page)``."""

    def found(document, page=0):
        page = lay_out(document, fonts, NoProgress())[page]
        upright = {
            (round(s.x1 / MM, 2), round(s.y1 / MM, 2), round(s.y2 / MM, 2))
            for s in page.strokes if abs(s.x1 - s.x2) < 0.01
        }  # fmt: skip
        level = {
            (round(s.y1 / MM, 2), round(s.x1 / MM, 2), round(s.x2 / MM, 2))
            for s in page.strokes if abs(s.y1 - s.y2) < 0.01
        }  # fmt: skip
        return upright, level

    return found


def lines_at(strokes, least):
    """Distinct places of lines at least ``least`` mm long."""
    return sorted({place for place, start, end in strokes if abs(end - start) >= least})


def test_the_old_register_has_the_measured_widths_and_fifteen_rows(strokes, fonts):
    document = form("register-old", many(20))
    assert len(lay_out(document, fonts, NoProgress())) == 2
    for page in (0, 1):
        upright, level = strokes(document, page)
        widths = (10, 20, 20, 70, 20, 10, 20)
        assert lines_at(upright, 10) == pytest.approx(
            [25 + sum(widths[:n]) for n in range(8)], abs=0.1
        )
        levels = lines_at(level, 9)
        assert levels == pytest.approx([35, *(55 + 15 * n for n in range(16))], abs=0.1)


def test_long_titles_need_no_empty_rows_to_fill_the_page(fonts):
    rows = tuple(row(n, "很长的题名" * 24) for n in range(1, 17))
    pages = lay_out(form("register-old", everyday(rows=rows)), fonts, NoProgress())
    said = ["".join(text.text for text in page.texts) for page in pages]
    assert all("很长的题名" in words for words in said)
    assert "".join(said).count("很长的题名") == 16 * 24
    upright = form("register-old", everyday(rows=rows[:1]), fill="")
    assert len(upright.sections[0].blocks[0].rows) == 1


def test_the_index_has_the_measured_widths_and_eighteen_rows(strokes):
    upright, level = strokes(form("box-index", everyday(), everyday(number=2), of=2))
    widths = (25, 25, 25, 25, 30, 25)
    assert lines_at(upright, 9) == pytest.approx([30 + sum(widths[:n]) for n in range(7)], abs=0.1)
    assert lines_at(level, 20) == pytest.approx([40, *(60 + 10 * n for n in range(19))], abs=0.1)


def test_a_stamp_is_45_by_16_of_six_cells_15_by_8(strokes):
    document = form("stamp", everyday())
    upright, level = strokes(document)
    left = min(lines_at(upright, 7.9))
    top = min(lines_at(level, 14))
    mine = [x for x in lines_at(upright, 7.9) if x < left + 46]
    rows = [y for y in lines_at(level, 14) if y < top + 17]
    assert [x - left for x in mine] == pytest.approx([0, 15, 30, 45], abs=0.05)
    assert [y - top for y in rows] == pytest.approx([0, 8, 16], abs=0.05)


def test_a_stamp_says_its_six_facts_in_their_cells_in_red_lines():
    box = sheet(everyday())
    line = box.values["材料"][4] | {"件号": "33"}
    found = [one for one in stamp_blocks(80, 10, box.values, line) if isinstance(one, TextBox)]
    cells = {(round((one.x - 80) / 15), round((one.y - 10) / 8)): one.text for one in found}
    assert cells == {
        (0, 0): "0194", (1, 0): "2025", (2, 0): "33", (0, 1): "教研", (1, 1): "30年", (2, 1): "8",
    }  # fmt: skip
    empty = [*stamp_blocks(80, 10, box.values, None)]
    assert len(empty) == 4
    assert {one.color for one in empty} == {"C8102E"}


def test_every_piece_has_one_stamp_and_none_where_it_is_only_referred_to(sheets):
    found = sheets(form("stamp", many(80)))
    assert len(found) == 3
    blank = sheets(form("stamp", everyday(), filled=""))
    assert blank.text(0).strip() == ""
    box = everyday()
    boxes = [one for one in form("stamp", box).sections[0].blocks if getattr(one, "width", 0) == 45]
    assert len(boxes) == box.pieces == len(box.rows) - 1


@pytest.mark.parametrize("width", [10, 15, 20])
def test_spines_of_volumes(sheets, width):
    found = sheets(form("volume-spine", everyday(**VOLUME | {"spine_mm": width})))
    marks = found.uprights_mm(3.5)
    assert marks[1] - marks[0] == pytest.approx(width, abs=0.15)
    assert "案卷号" in found.all_text


def test_a_code_too_small_to_be_scanned_is_not_printed():
    def codes(width):
        blocks = form("volume-spine", everyday(**VOLUME | {"spine_mm": width})).sections[0].blocks
        return [one for one in blocks if isinstance(one, QrCode)]

    assert codes(10) == []
    [code] = codes(20)
    assert 14 <= code.size <= 18


def test_the_cover_has_the_code_and_the_fingerprint_unless_it_is_left_out(sheets):
    box = everyday()
    with_code, without = form("cover", box), form("cover", box, qr="")
    [code] = [one for one in with_code.sections[0].blocks if isinstance(one, QrCode)]
    assert code.text == box.qr_text
    assert box.fingerprint in sheets(with_code).all_text
    assert not [one for one in without.sections[0].blocks if isinstance(one, QrCode)]
    assert box.fingerprint not in sheets(without).all_text


def test_the_number_of_a_box_is_left_to_the_pencil(sheets):
    box = everyday(number=7)
    assert "第7盒，共9盒" in sheets(form("cover", box, of=9)).all_text
    assert "第盒，共9盒" in sheets(form("cover", box, of=9, pencil="1")).all_text
    said = sheets(form("spine", box, pencil="1", qr="")).text(0).split()
    assert said[-1] == "盒号"


def test_the_code_can_be_read_and_a_change_of_the_directory_changes_it(sheets):
    box = everyday()
    assert box.qr_text == (
        "档案盒 蒲城县李晓红小学语文名师工作坊 2025年9月—2026年6月 第1盒\n"
        f"目录 {box.fingerprint}\n档案库 5c1f00c0ffee"
    )
    assert len(box.fingerprint) == 16
    changed = replace(box, rows=(replace(box.rows[0], title="另一题名"), *box.rows[1:]))
    assert changed.fingerprint != box.fingerprint
    assert replace(box, condition="有缺页").fingerprint == box.fingerprint


def test_volume_forms_say_what_gb_t_9705_asks(sheets):
    box = everyday(**VOLUME)
    text = sheets(form("volume-cover", box)).all_text
    for words in (
        "蒲城县教育局教学研究室", "教研", "年度计划至辐射带动材料", "2025年9月8日—2026年5月18日",
        "保管期限30年", "件数9", "页数82", "归档号", "档号0194-3-1", "目录号3", "案卷号1",
    ):  # fmt: skip
        assert words in text
    directory = sheets(form("volume-directory", many(60)))
    for page in range(len(directory)):
        assert "顺序号文号责任者题名日期页号备注" in "".join(directory.text(page).split())
    reference = sheets(form("volume-reference", box)).all_text
    for words in (
        "本卷情况说明",
        "本卷共9件、82页。",
        "立卷人刘芳",
        "立卷时间2026年6月28日",
        "检查人",
    ):
        assert words in reference
    assert len(sheets(form("volume-set", box, of=2))) == 4


def test_the_cover_of_the_directory_has_its_five_facts(sheets):
    found = sheets(form("directory-cover", everyday()))
    assert found.size_mm() == (297, 210)
    for words in (
        "全宗号：0194", "全宗名称：蒲城县教育局教学研究室", "年度：2025", "保管期限：30年",
        "机构（问题）：教研",
    ):  # fmt: skip
        assert words in found.all_text


def test_registers_of_a_year_are_one_list(sheets):
    first, second = everyday(rows=many(3).rows), everyday(number=2, rows=many(2).rows)
    document = form("register", first, second, of=2, whole="1")
    [section] = document.sections
    assert len(section.blocks[0].rows) == 5
    assert "盒号：1—2" in sheets(document).all_text
    assert len(form("register", first, second, of=2).sections) == 2


@pytest.mark.parametrize(
    ("options", "across", "down"),
    [
        ({"size": "35"}, [17.5 + 35 * n for n in range(6)], [6, 291]),
        ({"size": "own", "width": "90", "height": "50"}, [15, 105, 195], [23.5 + 50 * n for n in range(6)]),
        (
            {"size": "own", "width": "60", "height": "40", "columns": "2", "rows": "3",
             "gap_x": "4", "gap_y": "5"},
            [43, 103, 107, 167], [83.5, 123.5, 128.5, 168.5, 173.5, 213.5],
        ),
    ],
)  # fmt: skip
def test_labels_of_any_size_stand_between_their_cut_marks(strokes, options, across, down):
    upright, level = strokes(form("labels", everyday(), everyday(number=2), **options))
    marks = [
        place for place, start, end in upright if abs(end - start) == pytest.approx(3.5, abs=0.1)
    ]
    assert sorted(set(marks)) == pytest.approx(across, abs=0.1)
    marks = [
        place for place, start, end in level if abs(end - start) == pytest.approx(3.5, abs=0.1)
    ]
    assert sorted(set(marks)) == pytest.approx(down, abs=0.1)


def test_used_up_labels_are_left_empty_and_wrong_measures_are_said(sheets):
    boxes = [everyday(number=n) for n in range(1, 12)]
    own = {"size": "own", "width": "90", "height": "50"}
    found = sheets(form("labels", *boxes, of=11, start="9", **own))
    assert len(found) == 2
    assert "第1盒，共11盒" in found.text(0).replace(" ", "")
    assert "第2盒" not in found.text(0).replace(" ", "")
    for wrong, said in (
        ({"width": "宽"}, "宽不能是“宽”"), ({"width": "300"}, "排不下"), ({"columns": "3"}, "最多能排 2 列"),
        ({"start": "10"}, "不能空出 10 个"), ({"height": "0"}, "高不能是"),
    ):  # fmt: skip
        with pytest.raises(ValidationError, match=said):
            form("labels", *boxes, **own | wrong)


def test_builders_take_any_words_so_that_templates_can_be_made():
    """Placeholders of a template in every field, empty values and empty lists."""
    from app.services.forms import catalogue
    from app.services.forms.archive import FORMS
    from app.services.forms.form import Sheet
    from app.services.forms.values.box import FIELDS

    def placed(field):
        if not field.fields:
            return f"{{{{{field.name}}}}}"
        inner = {one.name: f"{{{{行.{one.name}}}}}" for one in field.fields}
        return [{"序号": "{%tr for 行 in 材料 %}"}, inner, {"序号": "{%tr endfor %}"}]

    filled = Sheet({field.name: placed(field) for field in FIELDS})
    empty = Sheet({field.name: [] if field.fields else "" for field in FIELDS})
    forms = [one for one in FORMS if one.template]
    assert {"cover", "directory", "register", "reference-sheet", "volume-cover"} <= {
        one.key for one in forms
    }
    for one, given in itertools.product(forms, (filled, empty)):
        catalogue.form(one.key).build([given], {})


def test_the_narrowest_spine_has_room_for_the_fingerprint(sheets):
    box = everyday(spine_mm=10)
    found = sheets(form("spine", box)).all_text
    assert box.fingerprint in found.replace("\n", "").replace(" ", "")
