"""S29 家长讲座与家校共育: plans of single activities, duties by person, what parents observe."""

from collections import Counter

import pytest


@pytest.fixture
def lecture(world):
    w = world("parents-lecture", year=2025, today="2025-09-14", community="某小学家长讲座")
    w.school("某小学", role="school")
    duties = {
        "欧海棠": "presenter",
        "刘秀华": "lecturer",
        "张汉波": "banner",
        "李锦容": "broadcast",
    }
    for name, role in duties.items():
        w.person(name, school="某小学", role=role)
    for name in ("一（1）班主任", "一（2）班主任"):
        w.person(name, school="某小学", role="class-teacher")
    return w


@pytest.fixture
def open_days(world):
    w = world("home-school", year=2025, today="2026-06-30", community="某小学家校共育")
    w.school("某小学", role="school")
    for name in ("一（1）班", "一（2）班"):
        w.group(name, "class")
    return w


def test_the_lecture_leaves_plan_notice_and_a_list_of_each_class(lecture):
    w = lecture
    teachers = ("一（1）班主任", "一（2）班主任")
    day = w.activity("lecture", "2025-09-13", title="家长讲座", present=("欧海棠", *teachers))
    lacking = {one.slot: one for one in w.findings() if one.activity_id == day}
    counts = Counter({one.slot: one.count for one in lacking.values()})
    # a sign-in list of each of two class teachers; script and broadcast are optional
    assert counts == {"plan": 1, "notice": 1, "parent-sign-in": 2, "photos": 1}
    # the notice is out two days before 13 September
    assert (str(lacking["notice"].due), lacking["notice"].overdue) == ("2025-09-11", True)
    w.paper("parent-sign-in", activity=day, owner="一（1）班主任")
    left = next(one for one in w.findings() if one.slot == "parent-sign-in")
    assert left.count == 1
    assert w.progress("lecture").reached is True


def test_duties_are_by_person():
    from app.services.schemes.catalogue import preset

    scheme = preset("S29").scheme
    assert scheme.scheme.id == "parents-lecture"
    duties = {one.name: one.min for one in scheme.community.roles if one.min}
    assert duties == {
        "活动主持": 1, "主讲": 1, "讲座横额、活动拍摄": 1, "活动音响": 2, "会场布置、环境卫生": 2,
        "协助停放车辆": 6, "联系广播站": 1,
    }  # fmt: skip
    plan = scheme.activity[0].slots[0]
    assert plan.parts == (
        "活动目的", "活动主题", "活动时间", "活动地点", "参加人员", "活动主持", "主讲",
        "具体工作安排", "具体要求",
    )  # fmt: skip


def test_parents_observe_a_lesson(open_days):
    w = open_days
    w.person("王芳", school="某小学")
    for name in ("家长甲", "家长乙"):
        w.person(name)
    day = w.activity("open-lesson", "2026-04-10", title="开放课")
    lesson = w.lesson("王芳", activity=day)
    for name in ("家长甲", "家长乙"):
        w.observe(name, lesson)
    lacking = {one.slot: one.count for one in w.findings() if one.activity_id == day}
    # the record of each of two parents
    assert lacking == {"design": 1, "parent-observation": 2, "photos": 1}


def test_each_class_has_its_meeting_and_its_cases(open_days):
    w = open_days
    w.activity("class-meeting", "2026-04-10", group="一（1）班")
    first, second = (w.progress("class-meeting", f"一（{n}）班") for n in (1, 2))
    assert (first.reached, second.reached) == (True, False)
    w.file("family-cases", group="一（1）班", on="2026-04-20")
    owing = [one for one in w.findings() if one.slot == "family-cases"]
    assert len(owing) == 1


def test_the_five_parts_of_the_open_day(open_days):
    w = open_days
    for kind in ("talk", "parents-meeting", "talents"):
        w.activity(kind, "2026-04-10")
    reached = {
        key: w.progress(key).reached
        for key in ("talk", "parents-meeting", "open-lesson", "talents")
    }
    assert reached == {
        "talk": True, "parents-meeting": True, "open-lesson": False, "talents": True,
    }  # fmt: skip
    # 专题讲话 10 of 10, 家长会 20 of 20
    assert (w.item("1.2").points, w.item("2.1").points) == (10, 20)
