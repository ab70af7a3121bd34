"""S30 馬市坪鄉: 周有活動、月有安排、學期有評估、學年有驗收, in Traditional Chinese."""

from collections import Counter

import pytest

FIRST = "第一學期"


@pytest.fixture
def w(world):
    # 2025-09-01 is a Monday; until 28 September there are four weeks
    w = world("mashiping", year=2025, today="2025-09-28", community="馬市坪鄉小學學片教研")
    w.school("中心校", role="centre")
    w.school("第一完小", role="base")
    return w


def test_an_activity_each_week_in_each_school(w):
    w.activity("weekly", "2025-09-07", form="理論學習", host=("第一完小",))  # Sunday of week 1
    w.activity("lesson-study", "2025-09-08", form="隨堂課", host=("第一完小",))  # Monday of week 2
    w.activity("weekly", "2025-09-16", host=("中心校",))
    done = {
        school: [w.progress("weekly", school, f"{FIRST}第{n}周").done for n in (1, 2, 3, 4)]
        for school in ("第一完小", "中心校")
    }
    assert done == {"第一完小": [1, 1, 0, 0], "中心校": [0, 0, 1, 0]}
    assert w.progress("weekly", "第一完小", f"{FIRST}第3周").reached is False


def test_by_month_term_and_year(w):
    w.file("month-plan", school="第一完小", on="2025-09-01")
    owing = Counter(
        one.slot for one in w.findings()
        if one.slot in ("month-plan", "term-evaluation", "year-acceptance")
    )  # fmt: skip
    # two schools in the first month (one is there), the first term and the year
    assert owing == {"month-plan": 1, "term-evaluation": 2, "year-acceptance": 2}


def test_rules_of_the_archive_are_asked_in_traditional_characters(w):
    lines = [line for line in w.missing() if "校本教研檔案管理制度" in line]
    assert len(lines) == 2
    w.file("archive-rules", school="中心校", on="2025-09-02")
    assert len([line for line in w.missing() if "校本教研檔案管理制度" in line]) == 1


def test_forms_of_lessons_and_the_zones(w):
    from app.services.schemes.catalogue import preset

    scheme = preset("mashiping").scheme
    kinds = {one.key: one for one in scheme.activity}
    assert kinds["lesson-study"].forms == ("隨堂課", "研討課", "匯報課", "公開觀摩課")
    assert "四片" in next(one for one in scheme.community.groups if one.key == "zone").note
    for n in range(4):
        w.group(f"第{n + 1}片區", "zone")
    w.group("語文教研組", "research-group")
    w.activity("lesson-study", "2025-09-20", form="公開觀摩課", group="語文教研組")
    line = w.progress("lesson-study", "語文教研組", FIRST)
    assert line.reached is True
    assert w.progress("lesson-study", "第1片區", FIRST) is None  # zones owe none of their own


def test_folders_in_either_script_fall_in_place():
    from app.services.schemes.catalogue import preset
    from app.services.schemes.lookup import match_folder

    scheme = preset("S30").scheme
    assert match_folder(scheme, ["學期評估"]) == match_folder(scheme, ["学期评估"]) == "四.1"
    assert match_folder(scheme, ["档案管理"]) == match_folder(scheme, ["檔案管理"]) == "一.3"


def test_three_schools_are_commended(w):
    for name in ("第二完小", "第三完小"):
        w.school(name, role="base")
    handed = {
        "中心校": ("leading-list", "rules", "archive-rules"),  # 5 + 10 + 10 = 25
        "第一完小": ("rules", "archive-rules"),  # 20
        "第二完小": ("leading-list", "rules"),  # 15
        "第三完小": ("rules",),  # 10
    }
    for school, slots in handed.items():
        for slot in slots:
            w.file(slot, school=school, on="2025-09-05")
    assert [w.score("school", one).points for one in handed] == [25, 20, 15, 10]
    assert [w.grade("commended", one) for one in handed] == ["表彰", "表彰", "表彰", "參加"]


@pytest.mark.parametrize("query", ["楊茂國", "杨茂国", "隨堂課", "随堂课"])
def test_either_script_finds_what_was_written_in_traditional_characters(w, query):
    w.person("楊茂國", school="中心校", role="leading-member")
    w.activity("lesson-study", "2025-09-20", title="三年級隨堂課", form="隨堂課")
    found = w.services.search.find(query)
    assert found.total == 1
    assert found.hits[0].title in ("楊茂國", "三年級隨堂課")
