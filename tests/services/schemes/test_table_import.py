"""Assessment tables as offices send them: merged cells, two-line heads, totals, notes, words for points."""

from decimal import Decimal

import docx
import openpyxl
import pytest

from app.errors import AppError
from app.services.schemes import draft as d
from app.services.schemes.table_columns import guess_columns
from app.services.schemes.table_import import find_table, put_into, read_table
from app.services.schemes.table_reading import read_tables

CLASSIC = [
    ["××县教研共同体考核评分表", None, None, None, None, None],
    ["单位：            日期：", None, None, None, None, None],
    ["考核指标", None, "分值", "评分标准", "自评得分", "考核得分"],
    ["一级指标", "二级指标", None, None, None, None],
    ["一、组织管理（20分）", "1.工作计划", "5分", "有年度计划得5分", None, None],
    [None, "2.领导小组", "5", "成立领导小组，校长任组长", None, None],
    [None, "3.会议制度", 10, "每学期召开会议不少于2次，每次2.5分，最多10分", None, None],
    ["二、教学研究\n(50分)", "4.示范课、公开课", "30分", "每节2分，最多30分", None, None],
    [None, "5.听课评课", 20, "人均听课20节以上\n评课记录完整", None, None],
    [None] * 6,
    ["三、成果（30分）", "6.论文获奖", "每篇2分，最多10分", "国家级5分，省级3分", None, None],
    [None, "7.课题", "20分", "立项10分", None, None],
    ["合    计", None, 100, None, None, None],
    ["注：1.各项材料须加盖公章。2.弄虚作假者取消评优资格。", None, None, None, None, None],
]
CLASSIC_MERGES = ["A1:F1", "A2:F2", "A3:B3", "C3:C4", "D3:D4", "E3:E4", "F3:F4", "A5:A7", "A8:A9",
                  "A11:A12", "A13:B13", "A14:F14"]  # fmt: skip
SECTIONS = [
    ["序号", "考核内容", "评分标准", "分值", "得分"],
    ["（一）队伍建设（40分）", None, None, None, None],
    [1, "名师引领", "坊主示范课每学期2节", 10, None],
    [None, None, "缺1节扣2分", None, None],
    [2, "成员成长", "成员获县级以上奖励", 15, None],
    [None, None, "成员获市级以上奖励", 15, None],
    ["（二）活动开展（60分）", None, None, None, None],
    [3, "专题研讨", "每次3分，满分30分", 30, None],
    [4, "送教下乡", "每次5分", 30, None],
    ["总分", None, None, 100, None],
]
THREE = [
    ["一级指标", "二级指标", "三级指标", "权重", "佐证材料"],
    ["A1 组织领导", "B1 机构", "C1 成立领导小组", "5%", "文件"],
    [None, None, "C2 经费保障", "5%", "票据"],
    [None, "B2 制度", "C3 管理制度健全", "10%", "制度汇编"],
    ["A2 教研", "B3 活动", "C4 主题教研", "80%", "记录、照片"],
]


@pytest.fixture
def book(tmp_path):
    def made(rows, merges=()):
        workbook = openpyxl.Workbook()
        for row in rows:
            workbook.active.append(row)
        for merge in merges:
            workbook.active.merge_cells(merge)
        path = tmp_path / "考核表.xlsx"
        workbook.save(path)
        return path

    return made


def _read(path, **how):
    tables = read_tables(path)
    table = tables[find_table(tables)]
    columns = guess_columns(table)
    assert columns is not None
    return read_table(table, columns, **how)


def _names(found):
    return [(group["name"], group.get("points"), [(item["no"], item["name"], item.get("points"))
             for item in group["items"]]) for group in found.groups]  # fmt: skip


def test_merged_cells_a_head_of_two_lines_totals_and_notes(book) -> None:
    found = _read(book(CLASSIC, CLASSIC_MERGES))
    assert _names(found) == [
        ("组织管理", 20, [("1.1", "工作计划", 5), ("1.2", "领导小组", 5), ("1.3", "会议制度", 10)]),
        ("教学研究", 50, [("2.1", "示范课、公开课", 30), ("2.2", "听课评课", 20)]),
        ("成果", 30, [("3.1", "论文获奖", 10), ("3.2", "课题", 20)]),
    ]
    items = [item for group in found.groups for item in group["items"]]
    assert items[0]["note"] == "有年度计划得5分"
    assert items[3]["folders"] == ["示范课", "公开课"]
    assert items[5]["note"].startswith("每篇2分，最多10分")
    fates = {fate.row: (fate.kind, fate.text) for fate in found.fates}
    assert fates[13] == ("out", "合计行，不算考核项")
    assert fates[14] == ("out", "表下的说明")
    assert found.doubts == ()


def test_rows_that_continue_an_item_are_joined(book) -> None:
    merges = ["A2:E2", "A3:A4", "B3:B4", "D3:D4", "A5:A6", "B5:B6", "A7:E7"]
    found = _read(book(SECTIONS, merges))
    assert _names(found) == [
        ("队伍建设", 40, [("1.1", "名师引领", 10), ("1.2", "成员成长", 30)]),
        ("活动开展", 60, [("2.1", "专题研讨", 30), ("2.2", "送教下乡", 30)]),
    ]
    assert found.groups[0]["items"][0]["note"] == "坊主示范课每学期2节\n缺1节扣2分"
    assert "分值加在一起，共 30 分" in [fate.doubt for fate in found.fates]


def test_three_levels_and_numbers_of_its_own(book) -> None:
    found = _read(book(THREE, ["A2:A4", "B2:B3"]))
    assert _names(found) == [
        (
            "组织领导",
            None,
            [("C1", "成立领导小组", 5), ("C2", "经费保障", 5), ("C3", "管理制度健全", 10)],
        ),
        ("教研", None, [("C4", "主题教研", 80)]),
    ]
    assert found.groups[0]["items"][1]["note"] == "二级指标：B1 机构\n佐证材料：票据"
    assert found.fates[0].doubt == "百分比当作分值"


def test_a_table_in_a_word_file(tmp_path) -> None:
    document = docx.Document()
    document.add_table(rows=1, cols=2).cell(0, 0).text = "学校"
    rows = [
        ["项目", "内容", "分值", "考核办法"],
        ["常规\n20", "备课", "10", "查教案"],
        ["", "上课", "10", "推门听课"],
        ["教研（40分）", "集体备课", "40", "每次1分，最多40分"],
        ["合计", "", "70", ""],
    ]
    table = document.add_table(rows=len(rows), cols=4)
    for number, row in enumerate(rows):
        for column, text in enumerate(row):
            table.cell(number, column).text = text
    table.cell(1, 0).merge(table.cell(2, 0))
    path = tmp_path / "附件2.docx"
    document.save(path)
    found = _read(path)
    assert _names(found) == [
        ("常规", 20, [("1.1", "备课", 10), ("1.2", "上课", 10)]),
        ("教研", 40, [("2.1", "集体备课", 40)]),
    ]
    assert found.doubts == ("表里合计写 70 分，读出的各项合计 60 分，请核对。",)


@pytest.mark.parametrize(
    ("said", "points"),
    [
        ("10分", 10),
        ("满分 8 分", 8),
        (2.5, Decimal("2.5")),
        ("每次2分，最多10分", 10),
        ("按实际", None),
    ],
)
def test_points_in_any_wording(book, said, points) -> None:
    found = _read(book([["项目", "内容", "分值"], ["组织", "计划", said], ["组织", "总结", 5]]))
    assert found.groups[0]["items"][0].get("points") == points
    if points is None:
        assert "看不懂" in found.fates[0].doubt


def test_a_rule_by_count_is_a_proposal_that_is_marked(book) -> None:
    path = book([["项目", "内容", "分值"], ["教研", "听课", "每次2分，最多10分"]])
    plain = _read(path).groups[0]["items"][0]
    assert "score" not in plain
    assert "placeholder" not in plain
    proposed = _read(path, propose=True).groups[0]["items"][0]
    assert proposed["placeholder"] is True
    assert proposed["score"] == {
        "by": "count", "of": "evidence", "where": {"item": ["1.1"]}, "each": 2}  # fmt: skip


def test_what_was_read_is_a_scheme(book) -> None:
    draft = d.blank()
    found = _read(book(CLASSIC, CLASSIC_MERGES), propose=True)
    draft["table"] = put_into([], found.groups, append=False)
    assert d.errors(draft) == []
    draft["table"] = put_into(draft["table"], found.groups, append=True)
    wrong = [one for one in d.errors(draft) if "文件夹" not in one.text]
    assert wrong == []
    assert [group["no"] for group in draft["table"]] == ["1", "2", "3", "4", "5", "6"]
    assert draft["table"][4]["items"][0]["no"] == "5.1"


def test_a_table_read_anew_keeps_how_its_items_are_scored(book) -> None:
    first = _read(book(CLASSIC, CLASSIC_MERGES)).groups
    first[0]["items"][0]["score"] = {"by": "presence", "slots": ["plan"]}
    again = put_into(first, _read(book(CLASSIC, CLASSIC_MERGES)).groups, append=False)
    assert again[0]["items"][0]["score"] == {"by": "presence", "slots": ["plan"]}


def test_a_sheet_without_heads_is_told(book) -> None:
    (table,) = read_tables(book([["张三", "数学"], ["李四", "语文"]]))
    assert guess_columns(table) is None


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("考核表.doc", b"\xd0\xcf\x11\xe0", "另存为 .docx"),
        ("考核表.docx", b"PK\x03\x04broken", "损坏"),
        ("考核表.xlsx", b"%PDF-1.7", "PDF"),
    ],
)
def test_files_that_cannot_be_read_are_told(tmp_path, name, content, said) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(AppError) as told:
        read_tables(path)
    assert said in told.value.sentence


def test_a_word_file_without_a_table_is_told(tmp_path) -> None:
    path = tmp_path / "通知.docx"
    docx.Document().save(path)
    with pytest.raises(AppError, match="没有表格"):
        read_tables(path)


def test_a_note_across_all_columns_is_no_head_and_missing_points_are_asked_for(book) -> None:
    rows = [
        ["一级指标", "二级指标", "评分标准"],
        ["组织", "制度建设", "有章程"],
        ["备注：一票否决。"] * 3,
    ]
    found = _read(book(rows, ("A3:C3",)))
    assert found.fates[-1].text == "表下的说明"
    assert "没有“分值”栏" in found.doubts[0]
