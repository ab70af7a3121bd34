"""Drafts of schemes: nothing is lost on the way through the editor; keys and references follow names."""

from pathlib import Path

import pytest

from app.errors import ValidationError
from app.resources import resource
from app.services.schemes import draft as d
from app.services.schemes.compare import compare
from app.services.schemes.day_words import day_meant, day_words
from app.services.schemes.describe import part_info, part_names, untold
from app.services.schemes.editing import Editing
from app.services.schemes.loader import check, load
from app.services.schemes.overview import examples, overview, scheme_name
from app.services.schemes.telling import cell, troubles

DATA = Path(__file__).parent / "data"
PRESETS = sorted(resource("schemes").glob("*.toml"))
WORKSHOP = resource("schemes", "pucheng-workshop.toml")


@pytest.mark.parametrize("path", [*PRESETS, *sorted(DATA.glob("*.toml"))], ids=lambda p: p.stem)
def test_a_scheme_comes_through_the_editor_unchanged(path) -> None:
    draft = d.from_file(path)
    assert load(d.write(draft)) == load(path)
    assert d.errors(draft) == []


def test_every_field_and_every_choice_has_chinese_words() -> None:
    assert list(untold()) == []


def test_every_column_and_every_way_names_fields_that_are_there() -> None:
    for name in part_names():
        info = part_info(name)
        fields = {field.name for field in info.fields}
        ways = {field for way in info.ways for field in way.fields}
        assert {*info.columns, *info.more, *info.opened, *ways} <= fields, name


def test_the_blank_scheme_is_one() -> None:
    assert check(d.write(d.blank())) == []


def test_what_is_no_toml_is_refused_with_its_place() -> None:
    with pytest.raises(ValidationError, match="第1行"):
        d.from_text("方案 = 1")


def test_a_shorthand_is_unfolded() -> None:
    draft = d.from_text(
        '[community]\n[[activity]]\nkey = "a"\nstages = ["备课", "展课"]\nforms = "线上"'
    )
    assert draft["activity"][0]["stages"] == [{"name": "备课"}, {"name": "展课"}]
    assert draft["activity"][0]["forms"] == ["线上"]


# -- errors in words --------------------------------------------------------------------------


@pytest.mark.parametrize("path", sorted((DATA / "broken").glob("*.toml")), ids=lambda p: p.stem)
def test_an_error_is_told_without_the_words_of_the_file(path) -> None:
    try:
        draft = d.from_file(path)
    except ValidationError:
        return  # no TOML: told by line and column
    told = troubles(draft, d.errors(draft))
    assert told
    for one in told:
        assert "[" not in one.where
        for word in ("table[", "不加引号", "README", "min（", "calendar_year"):
            assert word not in one.text


def test_the_place_of_an_error_is_a_way_through_the_window() -> None:
    draft = d.from_file(WORKSHOP)
    draft["table"][1]["items"][2]["no"] = "1.1"
    (one,) = [t for t in troubles(draft, d.errors(draft)) if t.place[-1] == "no"]
    assert one.place == ("table", 1, "items", 2, "no")
    assert (
        one.where
        == "考核表 › 第 2 组“2 示范引领” › 考核项（二级指标） › 第 3 项“1.1 送教下乡” › 编号"
    )
    assert "考核表 › 第 1 组“1 组织管理”" in one.text


# -- editing ----------------------------------------------------------------------------------


def test_a_name_makes_the_key_and_renaming_keeps_it() -> None:
    editing = Editing(d.blank())
    place = editing.add(("quota",), {"name": "听课 评课"})
    assert editing.get((*place, "key")) == "听课-评课"
    editing.set((*place, "name"), "听课")
    assert editing.get((*place, "key")) == "听课-评课"
    second = editing.add(("quota",), {"name": "听课 评课"})
    assert editing.get((*second, "key")) == "听课-评课-2"


def test_a_material_of_one_name_is_the_same_in_all_activities() -> None:
    editing = Editing(d.from_file(WORKSHOP))
    place = editing.add(("activity", 4, "slots"), {"name": "签到表"})
    assert editing.get((*place, "key")) == "sign-in"
    editing.set((*place, "name"), "签到册")
    assert editing.get((*place, "key")) == "签到册"
    assert d.errors(editing.draft) == []


def test_numbers_follow_on() -> None:
    editing = Editing(d.from_file(WORKSHOP))
    assert editing.get((*editing.add(("table",)), "no")) == "6"
    assert editing.get((*editing.add(("table", 1, "items")), "no")) == "2.4"
    assert editing.get((*editing.add(("table", 5, "items")), "no")) == "6.1"


def test_a_copied_group_has_numbers_of_its_own() -> None:
    editing = Editing(d.from_file(WORKSHOP))
    place = editing.copy(("table", 1))
    assert place == ("table", 2)
    copied = editing.get(place)
    assert copied["no"] == "6"
    assert [item["no"] for item in copied["items"]] == ["6.1", "6.2", "6.3"]


def test_what_names_a_number_follows_it() -> None:
    editing = Editing(d.from_file(WORKSHOP))
    editing.set(("table", 3, "items", 2, "no"), "9.9")
    assert editing.get(("window", 2, "where", "item")) == ["9.9"]
    assert d.errors(editing.draft) == []


def test_a_renamed_form_is_renamed_where_it_is_asked_for() -> None:
    editing = Editing(d.from_file(DATA / "s28.toml"))
    forms = editing.get(("activity", 1, "forms"))
    editing.set(("activity", 1, "forms"), [*forms[:-1], "薄弱学科下乡"])
    assert editing.get(("quota", 1, "where", "form")) == ["薄弱学科下乡"]


def test_deleting_says_where_it_is_still_named_and_can_be_taken_back() -> None:
    before = d.from_file(WORKSHOP)
    editing = Editing(d.from_file(WORKSHOP))
    left = editing.delete(("community", "roles", 3))
    assert ("window", 1, "where", "owner_role") in left
    assert ("activity", 4, "slots", 0, "from") in left
    assert editing.undo() == ("community", "roles", 3)
    assert editing.draft == before
    editing.redo()
    assert len(editing.get(("community", "roles"))) == 3


def test_many_steps_are_taken_back_one_by_one() -> None:
    editing = Editing(d.blank())
    states = [d.write(editing.draft)]
    group = editing.add(("table",), {"name": "组织"})
    states.append(d.write(editing.draft))
    editing.put_rows((*group, "items"), [(0, {"name": "计划", "points": 5}), (1, {"name": "总结"})])
    states.append(d.write(editing.draft))
    editing.move((*group, "items", 1), -1)
    assert [item["name"] for item in editing.get((*group, "items"))] == ["总结", "计划"]
    for state in reversed(states):
        editing.undo()
        assert d.write(editing.draft) == state
    assert not editing.can_undo


# -- words ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("9月1日", "09-01"),
        ("9.1", "09-01"),
        ("次年3月31日", "next 03-31"),
        ("上一年度 8-31", "previous 08-31"),
        ("2025年9月1日", "2025-09-01"),
        ("next 03-31", "next 03-31"),
    ],
)
def test_days_are_read_as_people_write_them(written, meant) -> None:
    assert day_meant(written) == meant
    assert day_meant(day_words(meant)) == meant


@pytest.mark.parametrize("written", ["明天", "9月"])
def test_what_is_no_day_is_told(written) -> None:
    with pytest.raises(ValueError, match="不是日子"):
        day_meant(written)
    with pytest.raises(ValueError, match="不是日子"):
        day_meant("次年9月1日", plain=True)


def test_an_entry_reads_as_a_sentence() -> None:
    draft = d.from_file(DATA / "s21.toml")
    info = part_info("Quota")
    told = {cell(info.field(name), draft["quota"][1], draft) for name in info.columns}
    assert "听课记录" in told
    assert "每学期" in told


def test_versions_are_compared_by_parts() -> None:
    before, after = d.from_file(WORKSHOP), Editing(d.from_file(WORKSHOP))
    after.set(("table", 1, "points"), 30)
    after.delete(("table", 4, "items", 2))
    after.set(("slot", 1, "due"), {"days": 7, "after": "term-end"})
    after.add(("quota",), {"name": "听课"})
    found = {(one.where, one.before, one.after) for one in compare(before, after.draft)}
    assert found == {
        ("考核表 › 2 示范引领 › 分值", "25", "30"),
        ("考核表 › 5 成果辐射", "“5.3 资源与宣传报道”", "删去"),
        ("定期材料 › 年度工作总结 › 什么时候交", "6月30日", "学期结束后7天"),
        ("任务指标", "", "新增“听课”"),
    }
    assert compare(before, before) == []


def test_an_overview_names_what_the_source_leaves_open() -> None:
    draft = d.from_file(WORKSHOP)
    told = dict(overview(draft).sections)
    assert told["考核表"][1] == "2 示范引领 25 分"
    assert "活动与材料 › 第 1 类“示范课”" in examples(draft)
    assert scheme_name(WORKSHOP.read_text(encoding="utf-8")).startswith("蒲城县“名师+”")


def test_a_file_that_is_no_scheme_is_refused(tmp_path) -> None:
    (tmp_path / "别的.toml").write_text('[tool]\nname = "x"\n', encoding="utf-8")
    with pytest.raises(ValidationError, match="不是方案文件"):
        d.from_file(tmp_path / "别的.toml")


def test_a_file_without_its_format_can_be_mended_in_the_window() -> None:
    draft = d.from_text('[scheme]\nname = "甲"\nassesses = "unit"\n[community]\nkind = "联盟"\n')
    assert not [one for one in d.errors(draft) if "format" in str(one)]
