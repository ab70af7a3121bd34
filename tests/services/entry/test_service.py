"""Typing records in: what is understood, what is refused and in which words."""

import openpyxl
import pytest

from app.errors import ConflictError, NotFoundError
from app.services.entry.bulk import Edit
from app.services.entry.errors import InvalidError
from app.services.entry.listing import Filter, Query
from app.services.entry.sheets import sheets


def test_a_person_is_understood_as_it_is_typed(services, adoption_id, enter, shown):
    person = enter(
        "person", name="王 芳", school_id="蒲城县实验小学", title="小学高级教师",
        subjects="语文,数学", born_on="1985.9", phone="138 1234 5678",
    )  # fmt: skip
    texts = shown("person", person)
    assert texts["name"] == "王芳"
    assert texts["school_id"] == "蒲城县实验小学"
    assert texts["title"] == "一级教师"
    assert texts["subjects"] == "语文、数学"
    assert (texts["born_on"], texts["age"], texts["age_band"]) == ("1985-09", "40", "36—40岁")
    assert texts["phone"] == "138****5678"
    assert services.entries.reveal("person", person, "phone") == "13812345678"
    assert texts["roles"] == "成员"
    assert services.history.undo_label() == "新增人员"


def test_a_day_without_its_year_lies_in_the_school_year(enter, shown):
    autumn = enter("activity", title="开学研讨", held_on="9.12", starts_at="8点半")
    spring = enter("activity", title="送教下乡", held_on="3月5日", starts_at="下午2:05")
    assert shown("activity", autumn)["held_on"] == "2025-09-12"
    assert shown("activity", autumn)["starts_at"] == "08:30"
    assert shown("activity", autumn)["week"] == "第2周"
    assert shown("activity", spring)["held_on"] == "2026-03-05"
    assert shown("activity", spring)["starts_at"] == "14:05"


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        ("title", "  ", "请填写名称。"),
        ("title", "长" * 301, "最多 300 个字"),
        ("held_on", "2月30日", "没有 2 月 30 日这一天"),
        ("held_on", "2025-9", "不完整"),
        ("ends_on", "9-1", "早于开始（2025-09-12）"),
        ("kind", "春游", "类型里没有“春游”，可以填：示范课"),
        ("starts_at", "25:00", "不是时间"),
        ("host_id", "查无此人", "没有叫“查无此人”的人员"),
        ("community_id", "", "请填写共同体或小组。"),
        ("present", "3", "自动得出"),
    ],
)
def test_what_cannot_be_taken_is_said_at_its_field(
    services, adoption_id, enter, shown, field, typed, said
):
    activity = enter("activity", title="同课异构", held_on="9-12")
    before = shown("activity", activity)
    with pytest.raises(InvalidError) as refused:
        services.entries.change("activity", activity, {field: typed}, adoption_id)
    assert said in refused.value.problems[field]
    assert shown("activity", activity) == before


def test_fifty_thousand_characters_and_rare_letters_stay_as_they_are(services, adoption_id, enter):
    minutes = "第一行：𠮷田老师 😀\r\n=1+1\x07\n" + "记" * 50_000
    activity = enter("activity", title="𠮷祥小学教研", minutes=minutes)
    kept = services.entries.get("activity", activity, adoption_id).values["minutes"]
    assert kept == "第一行：𠮷田老师 😀\n=1+1\n" + "记" * 50_000


def test_two_of_a_name_are_two_people_and_must_be_told_apart(services, adoption_id, enter):
    first, second = enter("person", name="李明"), enter("person", name="李明")
    assert first != second
    with pytest.raises(InvalidError) as refused:
        enter("activity", title="评课", host_id="李明")
    assert refused.value.problems == {"host_id": "叫“李明”的不止一个，请从列表里选。"}
    enter("activity", title="评课", host_id=second)


def test_one_person_signs_in_once(enter):
    person, activity = enter("person", name="李明"), enter("activity", title="评课")
    enter("attendance", activity, person_id=person, status="到会")
    with pytest.raises(InvalidError) as refused:
        enter("attendance", activity, person_id="李明")
    assert refused.value.problems == {"person_id": "这个人已经在名单上。"}


def test_every_sheet_lists_sorts_and_filters_by_every_field(services, adoption_id, enter):
    person, activity = enter("person", name="王芳"), enter("activity", title="评课")
    enter("attendance", activity, person_id=person)
    for kind in sheets():
        view = services.entries.sheet(kind, adoption_id)
        whole = Query(kind, adoption_id)
        total = services.entries.count(whole)
        for one in view.fields:
            ordered = Query(kind, adoption_id, order=((one.name, True),))
            assert len(services.entries.page(ordered, 0, 100)) == total
            if one.only:
                continue
            empty = Query(kind, adoption_id, filters=(Filter(one.name, "empty"),))
            filled = Query(kind, adoption_id, filters=(Filter(one.name, "filled"),))
            assert services.entries.count(empty) + services.entries.count(filled) == total
        assert services.entries.view_counts(whole)["all"] == total


def test_the_place_of_a_record_in_any_order(services, adoption_id, enter):
    for number, day in enumerate(["9-3", "", "9-1", "9-3", "9-2", ""]):
        enter("activity", title=f"活动{number}", held_on=day)
    for order in ((), (("held_on", False),), (("held_on", True),), (("title", True),)):
        query = Query("activity", adoption_id, order=order)
        ids = services.entries.ids(query)
        assert [services.entries.position(query, one) for one in ids] == list(range(6))
    assert services.entries.position(Query("activity", adoption_id, view="term"), "nowhere") is None


def test_views_show_what_lacks(services, adoption_id, enter):
    lacking = enter("activity", title="示范课一", kind="示范课", held_on="9-12")
    enter("activity", title="没有类型", held_on="2024-10-01")
    found = services.entries.view_counts(Query("activity", adoption_id))
    assert found["year"] == 1
    assert found["no_minutes"] == 2
    for view in ("missing", "no_sign_in"):
        assert services.entries.ids(Query("activity", adoption_id, view=view)) == [lacking]


def test_bulk_changes_are_shown_and_then_made_as_one_step(services, adoption_id, enter, shown):
    some = [enter("person", name=name) for name in ("甲", "乙", "丙")]
    services.entries.change("person", some[0], {"title": "高级教师"}, adoption_id)
    edits = [Edit(one, {"title": "高级教师"}) for one in some] + [Edit(some[1], {"phone": "12"})]
    seen = services.entries.preview("person", edits, adoption_id)
    assert (seen.changed, seen.unchanged, seen.conflicts) == (2, 1, 1)
    assert [(line.title, line.old, line.new) for line in seen.lines[:2]] == [
        ("乙", "", "高级教师"),
        ("丙", "", "高级教师"),
    ]
    assert "11 位" in seen.lines[2].problem
    assert shown("person", some[2])["title"] == ""
    services.entries.apply("person", edits, adoption_id)
    assert shown("person", some[2])["title"] == "高级教师"
    assert services.history.undo() == "批量修改人员"
    assert [shown("person", one)["title"] for one in some] == ["高级教师", "", ""]


def test_pasted_rows_become_records(services, adoption_id, enter):
    activity = enter("activity", title="评课")
    edits = [
        Edit("", {"starts_at": "8:00", "content": "签到"}, activity),
        Edit("", {"starts_at": "9:00", "ends_at": "8:30", "content": "上课"}, activity),
        Edit("", {"starts_at": "10:00", "content": ""}, activity),
    ]
    made = services.entries.apply("agenda_item", edits, adoption_id, "粘贴日程")
    assert (made.created, made.conflicts) == (1, 2)
    rows = services.entries.page(Query("agenda_item", adoption_id, parent_id=activity), 0, 9)
    assert [row.texts["content"] for row in rows] == ["签到"]


def test_what_others_need_is_not_deleted(services, enter):
    person, activity = enter("person", name="李明"), enter("activity", title="评课", host_id="李明")
    attendance = enter("attendance", activity, person_id=person)
    with pytest.raises(ConflictError) as refused:
        services.entries.delete("person", [person])
    assert refused.value.text == "人员“李明”还用在别处（签到 1 人），不能删除。"
    services.entries.delete("attendance", [attendance])
    assert services.entries.delete("person", [person]) == 1


def test_an_observed_lesson_outlives_its_activity(services, adoption_id, enter, shown):
    teacher, observer = enter("person", name="李芳"), enter("person", name="王刚")
    activity = enter("activity", title="展示课", held_on="9-12")
    lesson = enter("lesson", activity, teacher_id=teacher, title="秋天")
    unseen = enter("lesson", activity, teacher_id=teacher, title="无人听的课")
    enter("observation", lesson_id=lesson, observer_id=observer)
    services.entries.delete("activity", [activity])
    assert shown("lesson", lesson)["activity_id"] == ""
    with pytest.raises(NotFoundError):
        services.entries.get("lesson", unseen, adoption_id)
    services.history.undo()
    assert shown("lesson", lesson)["activity_id"] == "展示课"


def test_a_copy_has_the_agenda_but_not_the_people(services, adoption_id, enter, shown):
    activity = enter("activity", title="评课", held_on="9-12")
    enter("agenda_item", activity, content="签到")
    enter("attendance", activity, person_id=enter("person", name="李明"))
    copied = services.entries.copy("activity", activity, adoption_id)
    assert shown("activity", copied)["title"] == "评课"
    for kind, expected in (("agenda_item", 1), ("attendance", 0)):
        assert services.entries.count(Query(kind, adoption_id, parent_id=copied)) == expected


def test_parts_are_put_in_another_order(services, adoption_id, enter):
    activity = enter("activity", title="评课")
    items = [enter("agenda_item", activity, content=text) for text in ("一", "二", "三")]
    services.entries.move("agenda_item", items[2], -1)
    query = Query("agenda_item", adoption_id, parent_id=activity)
    assert services.entries.ids(query) == [items[0], items[2], items[1]]
    services.entries.move("agenda_item", items[0], -1)
    assert services.entries.ids(query) == [items[0], items[2], items[1]]


def test_suggestions_prefer_members_and_the_beginning_of_names(services, adoption_id, enter):
    enter("person", name="王小明", school_id="蒲城县实验小学")
    enter("person", name="小王")
    found = services.entries.suggest("person", "王", adoption_id)
    assert [(one.text, one.note) for one in found] == [("王小明", "蒲城县实验小学"), ("小王", "")]


def test_a_list_goes_to_excel_as_it_is_shown(services, adoption_id, enter, tmp_path):
    enter("activity", title="=cmd|' /C calc'!A0", held_on="9-12")
    target = tmp_path / "活动.xlsx"
    query = Query("activity", adoption_id)
    assert services.entries.export(query, ["held_on", "title", "present"], target) == 1
    page = openpyxl.load_workbook(target).active
    assert [cell.value for cell in page[1]] == ["日期", "名称", "实到"]
    day, title, present = page[2]
    assert (day.value.isoformat()[:10], present.value) == ("2025-09-12", 0)
    assert (title.value, title.data_type) == ("=cmd|' /C calc'!A0", "s")


def test_a_plan_begins_with_the_year_on_show(services, adoption_id) -> None:
    begin = services.entries.start("plan", adoption_id)
    year = services.entries.get("school_year", begin["school_year_id"], adoption_id)
    assert year.texts["starts_on"] == "2025-09-01"
