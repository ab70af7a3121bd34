"""The forms of a box: what they say, how large they are, and their golden trees."""

import itertools
from dataclasses import replace
from datetime import date

import pytest

from app.errors import StorageError, ValidationError
from app.resources import resource
from app.services.forms.archive.spine import SpineMeasures
from app.services.forms.measures import load
from tests.services.documents.conftest import tree_text
from tests.services.documents.sample_boxes import STATION, STATION_LABELS, everyday, form, many, row

LONG = "".join(chr(0x4E00 + i * 31) for i in range(120))

FORMS = {
    "cover-workshop": lambda: form("cover", everyday(), of=3),
    "cover-workstation": lambda: form(
        "cover",
        everyday(title_lines=STATION, title_labels=STATION_LABELS, heading="名师工作点档案"),
        of=2,
    ),
    "spines": lambda: form(
        "spine", *(everyday(number=i + 1, spine_mm=w) for i, w in enumerate((20, 30, 40, 50)))
    ),
    "directory": lambda: form("directory", everyday(), of=3),
    "register": lambda: form("register", everyday()),
    "reference-sheet": lambda: form("reference-sheet", everyday(), of=3),
    "box-set": lambda: form("box-set", everyday(), of=3),
}


@pytest.mark.parametrize("name", FORMS)
def test_golden_tree_and_text(name, golden, sheets):
    document = FORMS[name]()
    golden(f"{name}.json", tree_text(document))
    found = sheets(document)
    pages = [f"== {i + 1}/{len(found)}\n{found.text(i)}" for i in range(len(found))]
    golden(f"{name}.txt", "\n".join(pages) + "\n")


def test_cover_is_an_a4_sheet_with_its_lines_labels_and_number(sheets):
    found = sheets(form("cover", everyday(), of=3))
    assert len(found) == 1
    assert found.size_mm() == (210, 297)
    for words in (
        "工作坊名称：蒲城县李晓红小学语文名师工作坊", "单位名称：蒲城县城关镇第三小学",
        "时间：2025年9月—2026年6月", "第1盒，共3盒", "蒲城县教育局教学研究室", "件数：9", "页数：82",
    ):  # fmt: skip
        assert words in found.all_text
    assert found.uprights_mm(120) == pytest.approx([14, 15.6, 194.4, 196], abs=0.2)


def test_workstation_cover_names_the_teacher(sheets):
    assert (
        "名师姓名：王建国"
        in sheets(
            form("cover", everyday(title_lines=STATION, title_labels=STATION_LABELS))
        ).all_text
    )


def test_labels_of_the_scheme_win(sheets):
    box = everyday(title_labels=("共同体", "牵头学校", "学年"), heading="教共体考核材料")
    text = sheets(form("cover", box)).all_text
    assert "牵头学校：蒲城县城关镇第三小学" in text
    assert "教共体考核材料" in text
    assert "工作坊名称" not in text


def test_names_of_120_characters_are_printed_whole_everywhere(sheets):
    box = everyday(
        title_lines=(LONG, LONG[::-1], "2025年9月—2026年6月"), heading=LONG, fonds_name=LONG,
        section=LONG[:24], spine_mm=20, rows=(row(1, LONG, author=LONG, remark=LONG),),
        condition=LONG * 3, arranged_by=LONG[:30],
    )  # fmt: skip
    for document in (
        form("cover", box, of=12), form("directory", box, of=12), form("reference-sheet", box, of=12),
    ):  # fmt: skip
        text = sheets(document).all_text
        assert LONG in text
    assert LONG[::-1] in sheets(form("cover", box)).all_text
    assert sorted(LONG) == sorted(set(sheets(form("spine", box)).all_text) & set(LONG))


def test_empty_fields_leave_room_for_the_pen(sheets):
    box = everyday(
        title_lines=("某工作坊", "", ""), period="", fonds_code="", fonds_name="", retention="",
        section="", rows=(), arranged_by="", arranged_on=None,
    )  # fmt: skip
    found = sheets(form("box-set", box))
    assert len(found) == 4
    assert "本盒共0件、0页。" in found.all_text
    assert "整理人整理日期检查人检查日期" in found.all_text


def test_strips_have_the_width_of_their_boxes_and_cut_marks(sheets):
    widths = (20, 30, 40, 50, 37.5)
    found = sheets(form("spine", *(everyday(spine_mm=w) for w in widths)))
    assert len(found) == 1
    marks = found.uprights_mm(3.5)
    assert [b - a for a, b in itertools.pairwise(marks)] == pytest.approx(widths, abs=0.15)
    assert found.uprights_mm(297 - 3.5) == pytest.approx(marks, abs=0.1)
    levels = found.levels_mm(marks[0] - 2)
    assert levels == pytest.approx([6, 291], abs=0.15)


@pytest.mark.parametrize(("width", "per_page"), [(20, 10), (30, 6), (40, 5), (50, 4), (75, 2)])
def test_as_many_strips_to_a_page_as_its_width_holds(sheets, width, per_page):
    boxes = [everyday(number=i, spine_mm=width) for i in range(1, per_page + 2)]
    found = sheets(form("spine", *boxes))
    assert len(found) == 2
    assert len(found.uprights_mm(3.5, 0)) == per_page + 1
    assert len(found.uprights_mm(3.5, 1)) == 2


def test_spine_says_what_the_standard_asks(sheets):
    text = sheets(form("spine", everyday(number=7))).text(0).split()
    for words in (
        "全宗号",
        "0194",
        "年度",
        "2025",
        "保管期限",
        "30年",
        "机构（问题）",
        "盒号",
        "7",
    ):
        assert words in text
    assert text[text.index("起件号") + 1] == "1"
    assert text[text.index("止件号") + 1] == "9"


@pytest.mark.parametrize("width", [5, 250])
def test_spine_width_that_cannot_be_printed_is_refused(width):
    with pytest.raises(ValidationError, match="脊宽"):
        form("spine", everyday(spine_mm=width))


def test_directory_columns_stand_where_its_measures_say(sheets):
    found = sheets(form("directory", everyday()))
    top = found.levels_mm(110)
    header = next(y for y in top if len(found.uprights_mm(y + 1)) == 7)
    assert found.uprights_mm(header + 1) == pytest.approx(
        [25, 36, 109, 134, 157, 175, 195], abs=0.2
    )


def test_register_is_landscape_with_the_nine_columns(sheets):
    found = sheets(form("register", many(40)))
    assert found.size_mm() == (297, 210)
    header = next(y for y in found.levels_mm(140) if len(found.uprights_mm(y + 1)) == 10)
    widths = (10, 45, 30, 30, 80, 20, 12, 12, 18)
    edges = [20 + sum(widths[:i]) for i in range(10)]
    assert found.uprights_mm(header + 1) == pytest.approx(edges, abs=0.2)
    for page in range(len(found)):
        assert "序号\n档号\n文号\n责任者\n题名\n日期\n密级\n页数\n备注" in found.text(page).replace(
            " ", "\n"
        )
    assert "20260305" in found.text(0)


def test_directory_groups_rows_and_refers_without_counting_twice(sheets):
    text = sheets(form("directory", everyday())).all_text
    assert text.index("1.1年度计划") < text.index("1.2示范课") < text.index("3.1辐射带动")
    assert text.count("1.2示范课") == 1
    assert "37-44见1.2第5号" in text
    assert "本盒共9件、82页。" in text


@pytest.mark.parametrize("count", [1, 500])
def test_directory_of_any_length_has_all_rows_and_page_numbers(sheets, count):
    found = sheets(form("directory", many(count), of=2))
    text = found.all_text
    assert all(f"（{i}）" in text for i in range(1, count + 1))
    for page in range(len(found)):
        assert f"第 {page + 1} 页　共 {len(found)} 页" in found.text(page)
        assert "序号" in found.text(page)
        assert "材料目录" in found.text(page)


def test_folios_not_yet_numbered_and_unknown_dates_stay_empty(sheets):
    box = everyday(rows=(row(1, "材料", date=None, folio_start=0, folio_end=0, pages=0),))
    text = sheets(form("directory", box)).text(0)
    assert "0-0" not in text
    assert "None" not in text


def test_unknown_directory_column_is_named():
    with pytest.raises(ValidationError, match="没有名为 weight 的栏目"):
        form("directory", everyday(directory_columns=("seq", "weight")))


def test_reference_sheet_says_what_lies_in_the_box_and_what_is_referred_to(sheets):
    text = sheets(form("reference-sheet", everyday())).all_text
    assert "本盒共9件、82页。" in text
    assert "第10号送教下乡" in text
    assert "（见1.2第5号）" in text
    assert "整理人刘芳整理日期2026年6月28日" in text


def test_reference_sheet_prints_what_was_typed_over_several_pages(sheets):
    condition = "\n".join(f"{i}、第{i}号缺第{i}页，已补复印件。" for i in range(1, 80))
    found = sheets(form("reference-sheet", everyday(condition=condition, checked_by="马强")))
    assert len(found) > 1
    assert all(line in found.all_text for line in condition.split("\n"))
    assert "检查人马强" in found.text(len(found) - 1).replace("\n", "").replace(" ", "")


def test_box_set_has_all_four_with_bookmarks(sheets):
    found = sheets(form("box-set", everyday(), of=3))
    assert found.outline() == [("封面", 0), ("盒脊", 1), ("材料目录", 2), ("备考表", 3)]


@pytest.fixture
def measured(tmp_path, monkeypatch):
    """Change a measure file of ours: ``measured("spine", old, new)``."""

    def change(name, old, new):
        ours = resource("forms", f"{name}.toml").read_text(encoding="utf-8")
        assert old in ours
        theirs = tmp_path / f"{name}.toml"
        theirs.write_text(ours.replace(old, new), encoding="utf-8")
        monkeypatch.setattr(
            "app.services.forms.measures.resource",
            lambda *path: theirs if path[-1] == theirs.name else resource(*path),
        )

    return change


def test_a_locality_prints_its_own_measures(sheets, measured):
    theirs = 'author = { name = "作者", width = 40, field = "责任者" }'
    measured("directory", 'author = { name = "责任者", width = 25, field = "责任者" }', theirs)
    found = sheets(form("directory", everyday()))
    assert "作者" in found.all_text
    header = next(y for y in found.levels_mm(110) if len(found.uprights_mm(y + 1)) == 7)
    assert found.uprights_mm(header + 1)[2:4] == pytest.approx([94, 134], abs=0.2)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("height = 285", "height = “285”", "写法有误"),
        ("height = 285", 'height = "高"', "height 不对：应是数字"),
        ("height = 285", "hight = 285", "不对"),
        ('role = "hei"', 'role = "roman"', "strip.value.role 不对：不是可用的取值"),
        ("height = 285", "height = nan", "height 不对：应是数字"),
        ("size = 30", "size = -1", "title 不对：字号或行距不对"),
        ("width = 210", "width = 20", "page 不对：页边距之间没有地方"),
    ],
)
def test_mistakes_in_a_measure_file_are_told_with_their_place(measured, old, new, said):
    measured("spine", old, new)
    with pytest.raises(ValidationError, match=said):
        load("spine", SpineMeasures)


@pytest.mark.parametrize(
    ("name", "old", "new", "said"),
    [
        ("cover", "第 {盒号} ", "第 {号} ", "texts.number 写法有误"),
        ("directory", "共 {件数} 件", "共 {件数 件", "closing 写法有误"),
        ("directory", "width = 25", "width = 130", "各栏太宽"),
    ],
)
def test_patterns_and_widths_that_cannot_be_printed_are_told(measured, name, old, new, said):
    measured(name, old, new)
    with pytest.raises(ValidationError, match=said):
        form(name, everyday())


def test_unreadable_measure_file_is_told(tmp_path, monkeypatch):
    monkeypatch.setattr("app.services.forms.measures.resource", lambda *_: tmp_path / "x")
    with pytest.raises(StorageError, match="读不出来"):
        load("spine", SpineMeasures)


def test_remark_and_reference_stand_together(sheets):
    first = row(1, "甲", remark="复印件", refers_to="1.1第3号", date=date(2026, 1, 2))
    box = everyday(rows=(first, replace(first, seq=2, refers_to="")))
    assert "见1.1第3号；复印件" in sheets(form("directory", box)).all_text
