"""S26 市区新时代教共体: two kinds with their blocks, timetable “一张表”, projects on application."""

import pytest

FIRST = "第一学期"


@pytest.fixture
def w(world):
    w = world("urban-cooperative", year=2025, today="2025-09-20", community="协作型教共体")
    w.school("核心小学", role="core")
    w.school("成员小学", role="member")
    w.person("王芳", school="核心小学")
    return w


@pytest.mark.parametrize(
    ("id_", "blocks"),
    [
        ("urban-joint", ("资源共享", "管理共进", "教学共研", "文化共生")),
        ("urban-cooperative", ("愿景协同", "机制协同", "研训协同", "教学协同", "项目评估")),
    ],
)
def test_each_kind_has_its_blocks_and_its_table_follows_them(id_, blocks):
    from app.services.schemes.catalogue import preset

    scheme = preset(id_).scheme
    assert scheme.scheme.code == "S26"
    assert scheme.community.types[0].blocks == blocks
    assert tuple(group.name for group in scheme.table) == blocks


def test_the_timetable_is_due_two_weeks_after_the_term_begins(w):
    found = [one for one in w.findings() if one.slot == "timetable"]
    # 1 September + 14 days = 15 September, today is the 20th
    assert [(str(one.due), one.overdue) for one in found] == [("2025-09-15", True)]
    w.file("timetable", community=True, on="2025-09-12")
    assert [one for one in w.findings() if one.slot == "timetable"] == []


def test_what_a_synchronous_lesson_shares(w):
    sync = w.activity("sync-lesson", "2025-09-10", form="同步课堂", title="同步课")
    w.lesson("王芳", activity=sync)
    online = w.activity("sync-lesson", "2025-09-11", form="远程专递课堂", title="专递课")
    w.lesson("王芳", activity=online)
    of_sync = {one.slot for one in w.findings() if one.activity_id == sync}
    of_online = {one.slot for one in w.findings() if one.activity_id == online}
    shared = {"guide-sheet", "design", "resources", "exercises"}
    assert of_sync == {*shared, "seminar-record"}  # research follows a synchronous lesson
    assert of_online == shared
    w.waive("resources", "没有另外的资源", activity=sync)
    assert "resources" not in {one.slot for one in w.findings() if one.activity_id == sync}


def test_research_is_counted_when_several_schools_take_part(w):
    w.activity("training", "2025-09-10", form="集体备课", units=("核心小学",))
    assert w.progress("training", None, FIRST).done == 0
    w.activity("training", "2025-09-12", form="论坛沙龙", units=("核心小学", "成员小学"))
    assert w.progress("training", None, FIRST).done == 1


def test_a_project_is_assessed_on_application(w):
    project = w.activity("project", "2025-09-15", title="同步课堂项目")
    assert {one.slot for one in w.findings() if one.activity_id == project} == {
        "application", "project-work", "project-effect", "review",
    }  # fmt: skip
    w.fill(project)
    assert [one for one in w.findings() if one.activity_id == project] == []
    assert w.item("5.1").points is None  # the office assesses it
    w.points("5.1", 18, assessor="区教育局")
    assert w.item("5.1").points == 18
