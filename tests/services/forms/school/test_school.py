"""Forms of a school: as the real ones look, whatever is in them, and never cut off."""

from __future__ import annotations

import io
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path  # noqa: TC003

import pypdfium2
import pytest
from PIL import Image

from app.bootstrap import Services  # noqa: TC001
from app.errors import ValidationError
from app.progress import NoProgress
from app.resources import resource
from app.services.documents import pdf
from app.services.documents.fonts import library
from app.services.documents.layout import lay_out
from app.services.documents.page import MM
from app.services.documents.tree import Cell, Document, Picture, Signatures, Table, texts
from app.services.forms import catalogue
from app.services.forms.form import Field, Form, Request, Sheet, Values
from app.services.forms.measures import load
from app.services.forms.school import FORMS
from app.services.forms.school.ruled import Layouts

NOW = datetime(2026, 6, 30, tzinfo=UTC)
FONTS = library(shipped_only=True)
RULED = {
    "observation": "observation", "activity-record": "activity_record",
    "preparation-record": "preparation_record", "mentor-record": "mentor_record",
    "rubric-sheet": "rubric_sheet", "agenda": "agenda", "duty-list": "duty_list",
    "timetable": "timetable", "attendance-summary": "attendance_summary",
}  # fmt: skip
LONG = ("学生在操作、比较、归纳中理解算理；䶮、𠅤两位板演。Mehmet said: good. " * 60)[:2000]
TITLE = (
    "关于“名师引领、城乡联动”研修共同体单元整体教学展示与集体备课系列活动（馬市坪鄉小學分会场）" * 3
)
Make = Callable[..., Document]
Read = Callable[..., list[Sheet]]


def pages(document: Document) -> list[str]:
    """Text of each page of the finished file, without blanks and line ends."""
    content = pdf.render_bytes(document, NOW, fonts=FONTS)
    opened = pypdfium2.PdfDocument(io.BytesIO(content))
    found = ["".join(one.get_textpage().get_text_bounded().split()) for one in opened]
    opened.close()
    return found


def cases() -> Iterator[tuple[Form, dict[str, str]]]:
    """Every form with each of its choices, one at a time."""
    for form in FORMS:
        yield form, {}
        for option in form.options:
            for value, _name in option.choices:
                if value != option.default:
                    yield form, {option.key: value}


def build(form: Form, values: Values, **options: str) -> Document:
    """The form about one record with these values."""
    chosen = {one.key: one.default for one in form.options} | options
    return form.build([Sheet(values)], chosen)


def filled(fields: tuple[Field, ...], said: Callable[[Field], object]) -> dict[str, object]:
    """Values for all fields of a subject; lists have two lines."""
    return {one.name: [filled(one.fields, said)] * 2 if one.fields else said(one) for one in fields}


CASES = [
    pytest.param(form, chosen, id=" ".join([form.key, *map("=".join, chosen.items())]))
    for form, chosen in cases()
]


@pytest.mark.parametrize(("form", "chosen"), CASES)
def test_it_is_printed_with_nothing_in_it(form: Form, chosen: dict[str, str]) -> None:
    document = build(form, {}, **chosen)
    assert len(pages(document)) == 1


@pytest.mark.parametrize(("form", "chosen"), CASES)
def test_any_words_may_stand_in_any_field(form: Form, chosen: dict[str, str]) -> None:
    fields = catalogue.subjects()[form.subject].fields
    values = filled(fields, lambda field: f"{{{{{field.name}}}}}")
    document = build(form, values, **chosen)
    said = "".join(text for _place, text in texts(document))
    assert "{{" in said or chosen.get("blank") == "all"


@pytest.mark.parametrize(("form", "chosen"), [one for one in CASES if "blank" not in str(one.id)])
def test_long_words_are_carried_over_whole(form: Form, chosen: dict[str, str]) -> None:
    fields = catalogue.subjects()[form.subject].fields

    def said(field: Field) -> object:
        if field.name in ("活动名称", "量表", "课题"):
            return TITLE
        return LONG if field in fields else LONG[:400]

    if form.key == "invitation":
        said = lambda _field: TITLE[:60]  # noqa: E731 - two thousand characters are no salutation
    document = build(form, filled(fields, said), **chosen)
    wanted = "".join("".join(text for _place, text in texts(document)).split())
    printed = "".join(pages(document))
    for letter in ("𠅤", "馬"):
        assert printed.count(letter) >= wanted.count(letter)


@pytest.mark.parametrize(("key", "name"), RULED.items())
def test_layouts_name_fields_that_there_are(key: str, name: str) -> None:
    form = catalogue.form(key)
    layouts = load(name, Layouts).layouts
    offered = {v for one in form.options if one.key == "layout" for v, _n in one.choices}
    assert offered in (set(layouts), set())
    known = {one.name: one for one in catalogue.subjects()[form.subject].fields}
    by_hand = {"听课人", "备注", "编号"}
    for layout in layouts.values():
        for line in layout.lines:
            named = {pair.field for pair in line.pairs} | {line.field} | {line.pictures}
            assert named - {""} <= known.keys()
            if line.list:
                inner = {one.name for one in known[line.list].fields}
                assert {one.field for one in line.columns} <= inner | by_hand
        assert set(layout.by_hand) <= known.keys()


def test_every_file_tells_its_source() -> None:
    for name in (*RULED.values(), "school", "sign_in", "leave_slip", "invitation", "photo_sheet"):
        path = resource("forms", f"{name}.toml")
        assert path.read_text("utf-8").startswith("# ")
        tomllib.loads(path.read_text("utf-8"))


@pytest.mark.parametrize("layout", ["a", "a-out", "b", "c"])
def test_an_observation_takes_a_page(document: Make, layout: str) -> None:
    made = document("observation", "分数", layout=layout)
    printed = pages(made)
    assert len(printed) == len(made.sections) == 3
    assert "分数的初步认识" in printed[0]
    assert "何春燕" in printed[1]


def test_an_observation_has_process_and_comment_side_by_side(document: Make) -> None:
    made = document("observation", "分数", layout="c")
    table = frame(made)
    rows = [[c if isinstance(c, str) else c.text for c in row.cells] for row in table.rows]
    assert ["时间", "教学过程", "评析"] in rows
    assert ["28′", "判断：图中涂色部分能用三分之一表示吗？",
            "反例抓住“平均分”，学生辩论积极。"] in rows  # fmt: skip
    head = rows.index(["时间", "教学过程", "评析"])
    edges = widths(table, head)
    # the left column takes about two thirds, the right one a third (formats.md 4.1 C)
    assert edges[1] / (edges[1] + edges[2]) == pytest.approx(0.64, abs=0.05)


def widths(table: Table, row: int) -> list[float]:
    """Widths of the cells of a row in millimetres."""
    found, at = [], 0
    for cell in table.rows[row].cells:
        span = cell.colspan if isinstance(cell, Cell) else 1
        found.append(sum(column.width for column in table.columns[at : at + span]))
        at += span
    return found


def frame(document: Document) -> Table:
    """The table of the first sheet: that with the most rows."""
    tables = [one for one in document.sections[0].blocks if isinstance(one, Table)]
    return max(tables, key=lambda one: len(one.rows))


def test_a_form_fills_its_page_within_the_margins(document: Make) -> None:
    made = document("activity-record", "第一次例会", layout="b", blank="head")
    (page,) = lay_out(made, FONTS, NoProgress())
    across = [stroke.x1 for stroke in page.strokes] + [stroke.x2 for stroke in page.strokes]
    down = [stroke.y1 for stroke in page.strokes] + [stroke.y2 for stroke in page.strokes]
    assert min(across) / MM == pytest.approx(20, abs=0.3)
    assert max(across) / MM == pytest.approx(190, abs=0.3)
    assert 255 < max(down) / MM < 282


def test_an_activity_has_its_photos_two_by_two_and_three_to_sign(document: Make) -> None:
    made = document("activity-record", "第一学期示范课活动")
    table = frame(made)
    shown = [
        [cell.picture for cell in row.cells if isinstance(cell, Cell) and cell.picture]
        for row in table.rows
    ]
    assert [len(row) for row in shown if row] == [2, 1, 1]
    photo = next(row for row in shown if row)[0]
    assert photo is not None
    assert photo.height == 47  # formats.md 4.3 A: about 4.7 cm high, half the page wide
    assert photo.width == pytest.approx(85, abs=4)
    signs = next(one for one in made.sections[0].blocks if isinstance(one, Signatures))
    assert [one.label for one in signs.items] == [
        "执教教师签字：", "教研组长签字：", "教务（教导）处审阅：",
    ]  # fmt: skip
    printed = "".join(pages(made))
    for words in (
        "活动现场照片",
        "成员签到表与总结材料",
        "听课评课记录",
        "活动期次：",
        "郑文静评《倍的认识》",
    ):
        assert words in printed


def test_a_blank_activity_has_frames_for_photos(document: Make) -> None:
    form = catalogue.form("activity-record")
    printed = pages(build(form, {}, layout="a", blank="all"))
    assert len(printed) == 1
    assert "活动现场照片" in printed[0]
    assert "1.课堂展示" in printed[0]


def test_a_preparation_has_six_parts(document: Make) -> None:
    (printed,) = pages(document("preparation-record", "集体备课"))
    places = [
        printed.index(part)
        for part in ("一、参与人员", "二、活动主题", "三、研讨内容", "四、分工情况", "五、活动成果")
    ]
    assert places == sorted(places)
    assert "刘㛃十月十日前完成三稿" in printed


def test_head_only_leaves_the_rest_to_be_written(document: Make) -> None:
    (printed,) = pages(document("observation", "倍的认识", blank="head"))
    assert "倍的认识" in printed
    assert "孙丽萍" in printed
    for words in ("圈一圈", "概念课", "90", "89"):
        assert words not in printed


def test_the_outline_tells_the_sheets_apart(document: Make) -> None:
    made = document("observation", "分数")
    assert [one.title for one in made.sections] == [
        "《分数的初步认识》刘㛃　李红霞", "《分数的初步认识》刘㛃　何春燕",
        "《分数的初步认识》刘㛃　雷小芳",
    ]  # fmt: skip
    form = catalogue.form("observation")
    assert build(form, {}, blank="all").sections[0].title == "听课记录表"


def test_a_rubric_to_be_filled_in_keeps_its_items(document: Make) -> None:
    (printed,) = pages(document("rubric-sheet", "倍的认识", blank="head"))
    assert "教学目标" in printed
    assert "10" in printed
    for words in ("89", "良", "用圈一圈"):
        assert words not in printed.replace("良：80分及以上", "")


def people(count: int) -> Values:
    """A list of so many people."""
    return {
        "活动名称": "全县教研活动",
        "签到": [
            {"序号": str(n), "姓名": f"教师{n:03}", "单位": "洛滨小学", "职务": "高级教师",
             "电话": f"1380000{n:04}", "签到时间": "8:30", "情况": "到会", "备注": ""}
            for n in range(1, count + 1)
        ],
    }  # fmt: skip


@pytest.mark.parametrize("columns", ["1", "2"])
def test_three_hundred_people_sign(columns: str) -> None:
    printed = pages(build(catalogue.form("sign-in"), people(300), columns=columns, phone="1"))
    whole = "".join(printed)
    assert all(f"教师{n:03}" in whole for n in range(1, 301))
    assert all(f"1380000{n:04}" in whole for n in range(1, 301))
    assert len(printed) == {"1": 13, "2": 7}[columns]
    assert all("全县教研活动签到表" in one and "签名" in one for one in printed)


def test_two_columns_go_down_the_left_first() -> None:
    document = build(catalogue.form("sign-in"), people(300), columns="2")
    table = frame(document)
    half = len(table.rows[0].cells) // 2
    left = [str(row.cells[0]) for row in table.rows]
    beside = int(str(table.rows[0].cells[half]))
    assert left[: beside - 1] == [str(n) for n in range(1, beside)]
    assert left[beside - 1] == str(2 * beside - 1)  # the next page begins after the right column
    (first, *_others) = pages(document)
    assert f"教师{beside - 1:03}" in first
    assert f"教师{2 * beside - 2:03}" in first
    assert f"教师{2 * beside - 1:03}" not in first
    numbers = [row.cells[0] for row in table.rows] + [row.cells[half] for row in table.rows]
    assert sorted(int(str(one)) for one in numbers if one) == list(range(1, 301))


def test_the_phone_is_printed_on_demand_only() -> None:
    form = catalogue.form("sign-in")
    assert "13800000001" not in "".join(pages(build(form, people(3))))
    assert "13800000001" in "".join(pages(build(form, people(3), phone="1")))


def test_what_was_signed(document: Make) -> None:
    printed = "".join(pages(document("sign-in", "第一次例会", content="result")))
    assert "签到时间" in printed
    assert "签名" not in printed
    assert "应到16人实到15人请假1人缺席0人" in printed
    assert "参加县级培训" in printed.replace("\n", "")


def test_empty_lines_are_added() -> None:
    form = catalogue.form("sign-in")
    assert len(frame(build(form, people(3), extra="7")).rows) == 10
    for wrong in ("-1", "两行", "100000"):
        with pytest.raises(ValidationError, match="空白行数"):
            build(form, people(3), extra=wrong)


@pytest.mark.parametrize(("size", "count"), [("2", 2), ("4", 1), ("6", 1)])
def test_photos_by_the_page(document: Make, size: str, count: int) -> None:
    printed = pages(document("photo-sheet", "第一学期示范课活动", per_page=size))
    assert len(printed) == count
    whole = "".join(printed)
    assert whole.count("地点：蒲城县实验小学录播教室") == 3
    assert "时间：2025年10月15日08:36" in whole


@pytest.mark.parametrize(("size", "most"), [("2", 2), ("4", 4), ("6", 6)])
def test_a_page_holds_as_many_photos_as_it_says(size: str, most: int) -> None:
    out = io.BytesIO()
    Image.new("RGB", (40, 90), "green").save(out, "PNG")
    line = {
        "图": Picture(out.getvalue(), 60, 60, name="照片"), "时间": "2025年10月15日 8:30",
        "地点": "录播教室", "人物": "刘㛃", "事由": "示范课",
    }  # fmt: skip
    values = {"活动名称": "示范课", "照片": [line] * (2 * most + 1)}
    form = catalogue.form("photo-sheet")
    printed = pages(build(form, values, per_page=size))
    assert [one.count("事由：") for one in printed] == [most, most, 1]


def test_a_page_without_photos_is_told(year: Services, tmp_path: Path) -> None:
    adoption = year.adoptions.current().id
    made = year.forms.export(Request("photo-sheet", adoption), tmp_path / "照片.pdf")
    assert len(made.notes) == 8
    assert any(note.startswith("名师工作坊第一次例会：还没有活动照片") for note in made.notes)


def test_a_rubric_with_points_and_blank(document: Make) -> None:
    printed = pages(document("rubric-sheet", "三角形"))[0]
    for words in ("小学数学课堂教学评价表", "教学过程", "3533", "总分（100）95", "优：90分及以上"):
        assert words in printed
    blank = pages(document("rubric-blank"))[0]
    assert "小学数学课堂教学评价表" in blank
    assert "总分（100）等级" in blank


def test_a_record_without_a_rubric_is_told(year: Services, tmp_path: Path) -> None:
    from sqlalchemy import select

    from app.models import Observation

    with year.archive.uow.write("没有量表") as session:
        row = session.scalars(select(Observation)).first()
        assert row is not None
        row.rubric_id, row.scores = None, []
    adoption = year.adoptions.current().id
    made = year.forms.export(Request("rubric-sheet", adoption), tmp_path / "评分.pdf")
    assert len(made.notes) == 1
    assert "没有用量表打分" in made.notes[0]


def test_a_mentor_record_lists_the_year(document: Make) -> None:
    (printed,) = pages(document("mentor-record", "王䶮—雷小芳"))
    assert "师傅听徒弟的课1节，徒弟听师傅的课0节" in printed
    assert "《有余数的除法》：提问有层次" in printed


def test_a_leave_slip_says_it_in_a_sentence(document: Make) -> None:
    (printed,) = pages(document("leave-slip", "党卫国"))
    assert (
        "本人因教学点无人代课，不能参加2025年10月15日8:30—11:40在蒲城县实验小学录播教室举行的"
        in printed
    )
    assert "请假人：党卫国" in printed
    (blank,) = pages(build(catalogue.form("leave-slip"), {}, blank="all"))
    assert "本人因＿＿＿" in blank or "本人因___" in blank


def test_an_invitation_for_each(document: Make) -> None:
    made = document("invitation", "第一学期示范课活动", to="王校长、李老师", day="2025-10-09")
    printed = pages(made)
    assert ["尊敬的王校长：" in printed[0], "尊敬的李老师：" in printed[1]] == [True, True]
    assert all("2025年10月9日" in one and "说课与分组评课" in one for one in printed)
    (open_one,) = pages(document("invitation", "第一学期示范课活动"))
    assert "2025年10月9日" not in open_one
    with pytest.raises(ValidationError, match="落款日期“2025-13-09”不是日期"):
        document("invitation", "第一学期示范课活动", day="2025-13-09")


def test_a_timetable_as_a_list_and_as_a_grid(document: Make) -> None:
    listed = "".join(pages(document("timetable", "第一学期第7周")))
    assert "10月15日（星期三）第1节刘㛃数学分数的初步认识" in listed
    grid = document("timetable", "第一学期第7周", layout="grid")
    assert "星期六" not in "".join(pages(grid))
    assert grid.sections[0].page.width == 297


def test_an_optional_column_takes_no_room_where_it_is_empty(document: Make) -> None:
    without = "".join(pages(document("timetable", "第一学期第7周")))
    assert "接收端" not in without
    whole = "".join(pages(document("timetable", "第一学期")))
    assert "接收端" in whole


def test_blank_forms_need_no_record(services: Services, tmp_path: Path) -> None:
    adoption = services.adoptions.current().id
    for form in FORMS:
        choices = [v for one in form.options if one.key == "blank" for v, _n in one.choices]
        if "all" in choices:
            target = tmp_path / f"{form.key}.pdf"
            services.forms.export(Request(form.key, adoption, options={"blank": "all"}), target)
            assert target.stat().st_size > 1000


def test_the_same_year_gives_the_same_bytes(document: Make) -> None:
    once, again = (
        pdf.render_bytes(document("activity-record", "第一学期示范课活动"), NOW, fonts=FONTS)
        for _ in range(2)
    )
    assert once == again


def test_a_pattern_with_a_mistake_is_named(sheets: Read) -> None:
    from app.services.forms.school.style import pattern

    assert pattern("{活动名称}签到表", {"活动名称": "例会"}) == "例会签到表"
    assert pattern("{没有这个}签到表", {}) == "签到表"
    with pytest.raises(ValidationError, match="写法有误"):
        pattern("{活动名称", {})


def test_word_has_what_the_page_has(year: Services, tmp_path: Path) -> None:
    import docx

    adoption = year.adoptions.current().id
    target = tmp_path / "活动记录.docx"
    ids = tuple(
        one.id
        for one in year.forms.targets("activity-record", adoption)
        if one.title == "第一学期示范课活动"
    )
    year.forms.export(Request("activity-record", adoption, ids), target)
    opened = docx.Document(str(target))
    words = "".join(cell.text for row in opened.tables[1].rows for cell in row.cells)
    assert "在操作中理解数的意义" in words
    assert "郑文静评《倍的认识》" in words
    assert len(opened.inline_shapes) + len(opened.part.package.image_parts) >= 4


def test_replaced_pictures_keep_their_name() -> None:
    named = Picture(b"x", 10, 10, name="示范课照片")
    assert replace(named, width=80).name == "示范课照片"
