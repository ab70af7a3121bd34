from pathlib import Path

import openpyxl
import pytest

from app.errors import NotFoundError, ValidationError
from app.services.imports.kinds import load_kind
from app.services.imports.members import members_of, read_members
from app.services.imports.reading import read_text
from app.services.imports.table import load_mapping

ID = "980102198509120016"


@pytest.fixture
def county_roster(tmp_path: Path) -> Path:
    """Title, note, header on two levels, merged schools, every kind of row that is no person."""
    book = openpyxl.Workbook()
    page = book.active
    page.title = "花名册"
    for row in [
        ["XX市在职教师花名册"],
        ["填报单位：青岚县第二小学（盖章）", "", "", "", "", "", "", "填报日期：2025年9月"],
        ["序号", "学校名称", "姓 名", "性别", "出生年月\n（如1985.09）", "学历", "", "专业技术职务",
         "任教学科*", "身份证号码", "手机号码", "政治面貌"],
        ["", "", "", "", "", "全日制", "在职", "", "", "", "", ""],
        [1, "青岚县第一小学", "王 芳", "男", 1985.09, "中师", "本科", "小学高级教师", "语文、数学", ID,
         19900001234, "群众"],
        [2, "", "欧阳倩", "女", 1985.1, "大专", "", "小学一级", "音乐", "", "1.38E+10", ""],
        [3, "", "买买提.吐尔逊", "男", "1978年12月", "本科", "", "特级教师", "体育", "", "", ""],
        ["", "", "", "", "", "", "进修", "", "", "", "", ""],
        [4, "青岚县第二小学", "李四", "男", "1990-13", "大学", "", "", "数学", "9.8E+17", "", ""],
        [5, "青岚县第二小学", "", "", "", "", "", "", "", "", "", ""],
        ["序号", "学校名称", "姓 名", "性别", "出生年月\n（如1985.09）", "学历", "", "专业技术职务",
         "任教学科*", "身份证号码", "手机号码", "政治面貌"],
        [6, "青岚县第二小学", "", "男", "1990", "", "", "", "", "", "", ""],
        ["合计", "6人"],
        ["制表人：王芳", "", "", "审核人：李四"],
        ["注：身份证号码必须为文本格式，否则后几位会变成零"],
    ]:  # fmt: skip
        page.append(row)
    for merged in ["A1:L1", "F3:G3", "B5:B7", "C7:C8", *(f"{c}3:{c}4" for c in "ABCDEHIJKL")]:
        page.merge_cells(merged)
    path = tmp_path / "花名册.xlsx"
    book.save(path)
    return path


def test_every_generated_sample(samples: Path) -> None:
    sheets = samples / "sheets"
    for name in ("简单.xlsx", "GB18030.csv", "UTF8带BOM.csv"):
        table = read_members(sheets / f"gen_花名册_{name}")
        assert [row.name for row in table.rows] == ["张三", "李四", "王䶮", "欧阳倩", "张三"]
        assert [row.born_on for row in table.rows] == [
            "1985-09", "1990-03", "1978-12", "2000-01-08", "1992-06",
        ]  # fmt: skip
        assert table.rows[1].phone == "19900005678"
        assert table.rows[0].id_number == ID
        assert table.rows[4].subjects == ("体育",)
        assert not table.refused
    assert read_members(sheets / "gen_花名册.xls").rows == table.rows


def test_sample_with_title_damaged_id_total_and_hidden_sheet(samples: Path) -> None:
    table = read_members(samples / "sheets" / "gen_花名册_标题行_合计_隐藏表.xlsx")
    assert table.header.last_row == 3
    assert [row.row for row in table.rows] == [5, 6, 7, 8]
    (refusal,) = table.refused
    assert (refusal.sheet, refusal.row, refusal.column) == ("教师", 4, "身份证号")
    assert "无法还原" in refusal.reason
    assert [(row.row, row.reason) for row in table.skipped] == [(9, "合计行")]
    assert table.other_sheets == ("旧表（隐藏）",)
    hidden = read_members(samples / "sheets" / "gen_花名册_标题行_合计_隐藏表.xlsx", sheet="旧表")
    assert [row.name for row in hidden.rows] == ["李四"]


def test_sample_that_lost_a_character_is_refused_in_that_row(samples: Path) -> None:
    table = read_members(samples / "sheets" / "gen_花名册_GBK.csv")
    assert len(table.rows) == 4
    assert [(one.row, one.value) for one in table.refused] == [(4, "王?")]


def test_samples_that_are_no_roster_name_the_words_looked_for(samples: Path) -> None:
    for name in (
        "chinese-provinces.xls",
        "sample.txt",
        "gen_听课台账.xlsx",
        "gen_教研活动台账.xlsx",
    ):
        with pytest.raises(ValidationError, match="没有找到表头") as refused:
            read_members(samples / "sheets" / name)
        assert "“姓名”一栏" in refused.value.hint
        assert "模板" in refused.value.hint
    with pytest.raises(ValidationError, match="没有内容"):
        read_members(samples / "sheets" / "blankworkbook.xls")


def test_county_roster(county_roster: Path) -> None:
    table = read_members(county_roster)
    assert (table.header.first_row, table.header.last_row) == (3, 4)
    assert table.header.mapping["education"] == "学历/全日制"
    assert table.header.mapping["born_on"] == "出生年月 （如1985.09）"
    first, third = table.rows
    assert (first.name, first.born_on, first.title, first.phone) == (
        "王芳", "1985-09", "一级教师", "19900001234",
    )  # fmt: skip
    assert first.subjects == ("语文", "数学")
    assert (third.name, third.school) == ("买买提·吐尔逊", "青岚县第一小学")
    assert (third.title, third.honours) == ("", "特级教师")


def test_refusals_name_every_wrong_cell(county_roster: Path) -> None:
    table = read_members(county_roster)
    assert [(one.row, one.column) for one in table.refused] == [
        (6, "手机号码"), (9, "出生年月 （如1985.09）"), (9, "身份证号码"), (12, "姓 名"),
    ]  # fmt: skip
    assert table.refused[3].reason == "没有姓名"
    assert table.total == 5


def test_rows_that_are_no_people_are_left_out_and_said(county_roster: Path) -> None:
    assert [(one.row, one.reason) for one in read_members(county_roster).skipped] == [
        (8, "与第 7 行是同一格（合并单元格）"),
        (10, "没有姓名的空行"),
        (11, "重复的表头"),
        (13, "合计行"),
        (14, "表尾的制表、签字或说明"),
        (15, "表尾的制表、签字或说明"),
    ]


def test_what_was_understood_is_said(county_roster: Path) -> None:
    remarks = {one.text: one.rows for one in read_members(county_roster).remarks}
    assert remarks["姓名“王 芳”记作“王芳”"] == (5,)
    assert remarks["职称“小学高级教师”记作“一级教师”"] == (5,)
    assert remarks["数字 1985.1 认作 1985-10（该列月份都写两位）"] == (6,)
    assert remarks["没有对应栏目、没有导入的列：学历/在职、政治面貌"] == (4,)


def _table(text: str, **options: object):
    return members_of(read_text(text), **options)


def test_header_without_merges_on_two_levels() -> None:
    table = _table(
        "姓名,性别,学历,,备注\n,,全日制,在职,\n王芳,女,中师,本科,\n李四,男,本科,,退休返聘\n"
    )
    assert (table.header.first_row, table.header.last_row) == (1, 2)
    assert [(row.name, row.education, row.note) for row in table.rows] == [
        ("王芳", "中师", ""), ("李四", "本科", "退休返聘"),
    ]  # fmt: skip


def test_a_nameless_first_row_is_refused_not_taken_for_a_header() -> None:
    table = _table("姓名,性别,学科\n,女,语文\n王芳,女,语文\n")
    assert table.header.last_row == 1
    assert [(one.row, one.reason) for one in table.refused] == [(2, "没有姓名")]


def test_unclear_headers_are_told_by_contents_and_said() -> None:
    table = _table("名单,号码,性别,科目\n王芳,19900001234,女,语文\n李四,19900001235,男,数学\n")
    assert table.header.mapping == {
        "name": "名单", "sex": "性别", "phone": "号码", "subjects": "科目",
    }  # fmt: skip
    assert "“号码”按内容认作“手机”" in [one.text for one in table.remarks]


def test_columns_about_somebody_else_are_not_taken() -> None:
    table = _table(
        "姓名,配偶姓名,配偶电话,毕业学校,联系电话\n王芳,赵六,19900000009,师大,19900001234\n"
    )
    assert table.header.mapping == {"name": "姓名", "phone": "联系电话"}


@pytest.mark.parametrize(
    ("header", "key"),
    [
        ("教师姓名", "name"), ("名字*", "name"), ("出生日期（必填）", "born_on"),
        ("身份证号码", "id_number"),
        ("联系电话", "phone"), ("最高学历", "education"), ("现专业技术职务", "title"),
        ("现任教学科", "subjects"),
        ("参加工作时间", "joined_on"), ("所在学校", "school"), ("工作坊职务", "role"),
        ("行政职务", "office"),
        ("职务", "office"), ("任教年级", "grade"), ("骨干称号", "honours"), ("备 注", "note"),
        ("性别\nSex", "sex"),
        ("学校地址", None), ("年龄", None), ("曾用姓名", None), ("取得职称时间", None), ("", None),
    ],
)  # fmt: skip
def test_header_words(header: str, key: str | None) -> None:
    hit = load_kind("members").match(header)
    assert (hit[0].key if hit else None) == key


def test_no_word_heads_two_fields() -> None:
    words = [word for field in load_kind("members").fields for word in field.synonyms]
    assert len(words) == len(set(words))


def test_the_caller_corrects_header_row_and_mapping() -> None:
    text = "说明,,\n甲,乙,丙\n王芳,李四,女\n"
    with pytest.raises(ValidationError, match="没有找到表头"):
        _table(text)
    table = _table(text, header_row=2, mapping={"姓名": "乙", "sex": "C"})
    assert [(row.row, row.name, row.sex) for row in table.rows] == [(3, "李四", "女")]
    assert table.header.mapping == {"name": "乙", "sex": "丙"}


def test_a_mapping_given_back_maps_the_same(county_roster: Path) -> None:
    first = read_members(county_roster)
    again = read_members(county_roster, mapping=first.header.mapping)
    assert (again.rows, again.refused) == (first.rows, first.refused)


@pytest.mark.parametrize(
    ("mapping", "words"),
    [
        ({"sex": "性别"}, "没有“姓名”"), ({"name": "名号"}, "没有“名号”这样的栏"),
        ({"年薪": "性别"}, "不是成员名册的栏目"),
    ],
)  # fmt: skip
def test_wrong_mappings(mapping: dict[str, str], words: str) -> None:
    with pytest.raises(ValidationError, match=words):
        _table("姓名,性别\n王芳,女\n", mapping=mapping)


def test_mapping_files(tmp_path: Path) -> None:
    path = tmp_path / "对应.toml"
    path.write_text('name = "教师"\n', encoding="utf-8")
    assert load_mapping(path) == {"name": "教师"}
    path.write_text('{"mapping": {"name": "教师"}}', encoding="utf-8")
    assert load_mapping(path) == {"name": "教师"}
    path.write_text("name = ", encoding="utf-8")
    with pytest.raises(ValidationError, match="读不出来"):
        load_mapping(path)
    path.write_text("name = 3", encoding="utf-8")
    with pytest.raises(ValidationError, match="对应一个表头"):
        load_mapping(path)
    with pytest.raises(NotFoundError):
        load_mapping(tmp_path / "没有.toml")


def test_sheets(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.title = "封面"
    book.active.append(["青岚县教师名册"])
    for name in ("一小", "二小"):
        page = book.create_sheet(name)
        page.append(["姓名"])
        page.append([f"王{name}"[:2]])
    book.create_sheet("空")
    path = tmp_path / "a.xlsx"
    book.save(path)
    table = read_members(path)
    assert table.sheet.name == "一小"
    assert table.other_sheets == (
        "封面（没有成员名册的表头）", "二小（也像成员名册，请指定这张工作表另外导入）",
    )  # fmt: skip
    assert read_members(path, sheet="二小").sheet.name == "二小"
    with pytest.raises(NotFoundError, match="没有工作表“三小”"):
        read_members(path, sheet="三小")
    with pytest.raises(ValidationError, match="是空的"):
        read_members(path, sheet="空")
    with pytest.raises(ValidationError, match="没有找到表头"):
        read_members(path, sheet="封面")


def test_header_only_is_said() -> None:
    with pytest.raises(ValidationError, match="只有表头"):
        _table("姓名,性别\n合计,0人\n")


def test_data_without_header_is_refused() -> None:
    with pytest.raises(ValidationError, match="没有找到表头"):
        _table("张三,男,1985-09\n李四,女,1990-01\n")


def test_id_number_fills_birth_and_sex_and_contradictions_are_said() -> None:
    table = _table(f"姓名,性别,出生年月,身份证号\n王芳,,,{ID}\n李四,女,1985-10,{ID}\n")
    assert (table.rows[0].born_on, table.rows[0].sex) == ("1985-09-12", "男")
    assert (table.rows[1].born_on, table.rows[1].sex) == ("1985-10", "女")
    assert {one.text: one.rows for one in table.remarks} == {
        "出生年月与身份证号不一致，照表格收入，请核对": (3,),
        "性别与身份证号不一致，照表格收入，请核对": (3,),
    }


def test_example_rows_and_people_called_like_footers() -> None:
    table = _table("姓名,性别\n示例,男\n（例）,女\n合计,2人\n共2人,\n范例,女\n单位,男\n")
    assert [row.name for row in table.rows] == ["单位"]
    assert len(table.skipped) == 5
