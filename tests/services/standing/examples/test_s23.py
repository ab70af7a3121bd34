"""S23 狮岭—博达: mentor pairs, lessons, exchange, media; 40 / 60 / 80 / 100 % of the whole."""

from datetime import date

import pytest


@pytest.fixture
def w(world):
    w = world("shiling-boda", year=2025, today="2025-12-31", community="狮岭—博达教共体")
    w.school("狮岭学校", role="supporting")
    w.school("博达学校", role="supported")
    for name in ("孙飞凤", "徐洁"):
        w.person(name, school="狮岭学校", role="mentor")
    for name in ("甲老师", "乙老师", "丙老师"):
        w.person(name, school="博达学校", role="apprentice")
    w.person("付开萍", school="博达学校")
    return w


def meet(w, day, mentor, *apprentices, fill=True):
    activity = w.activity(
        "mentoring", day, form="线下", leader=mentor, present=(mentor, *apprentices)
    )
    if fill:
        w.file("photos", activity=activity, on=day)
        for one in (mentor, *apprentices):
            w.file("pair-record", activity=activity, owner=one, on=day)
    return activity


def demo(w, day, host="狮岭学校", form="同步课堂", teacher="孙飞凤"):
    return w.lesson(teacher, activity=w.activity("demo", day, form=form, host=(host,)))


def test_five_activities_of_each_pair_with_both_records_and_photos(w):
    for name in ("甲老师", "乙老师"):
        w.pair("孙飞凤", name)
    for day in ("03-20", "04-10", "05-10", "06-10"):
        meet(w, f"2025-{day}", "孙飞凤", "甲老师", "乙老师")
    fifth = meet(w, "2025-09-10", "孙飞凤", "甲老师", fill=False)
    w.file("photos", activity=fifth)
    w.file("pair-record", activity=fifth, owner="孙飞凤")
    line = w.progress("mentoring", "孙飞凤/甲老师")
    assert (line.done, line.required, line.reached) == (4, 5, False)
    assert [one.count for one in w.findings() if one.slot == "pair-record"] == [1]
    w.file("pair-record", activity=fifth, owner="甲老师")
    assert w.progress("mentoring", "孙飞凤/甲老师").reached is True
    assert w.progress("mentoring", "孙飞凤/乙老师").done == 4  # was not there the fifth time


def test_without_the_apprentice_it_is_no_activity_of_the_pair(w):
    w.pair("孙飞凤", "甲老师")
    meet(w, "2025-04-10", "孙飞凤", "乙老师")
    assert w.progress("mentoring", "孙飞凤/甲老师").done == 0


def test_ten_lessons_shown_by_the_supporting_school(w):
    for month in range(1, 10):
        demo(w, f"2025-{month:02}-15")
    demo(w, "2025-10-16", host="博达学校")  # the other way round
    line = w.progress("demo")
    assert (line.done, line.required, line.reached) == (9, 10, False)
    demo(w, "2025-10-17", form="送教下乡", teacher="徐洁")
    assert w.progress("demo").reached is True
    # each mentor goes there once
    assert w.progress("outreach", "徐洁").reached is True
    assert w.progress("outreach", "孙飞凤").reached is False


@pytest.mark.parametrize(("days", "done"), [(29, 0), (30, 1), (45, 1)])
def test_a_month_of_training_on_the_spot(w, days, done):
    w.dispatch("付开萍", "跟岗锻炼", to="狮岭学校", days=days, on="2025-03-01")
    assert w.progress("trainee").done == done


def test_two_stays_of_one_teacher_are_one_teacher(w):
    for day in ("2025-03-01", "2025-09-01"):
        w.dispatch("付开萍", "跟岗锻炼", to="狮岭学校", days=30, on=day)
    w.dispatch("付开萍", "支教", to="狮岭学校", days=90, on="2025-05-01")
    line = w.progress("trainee")
    assert (line.done, line.required, line.reached) == (1, 1, True)


def test_only_media_of_the_province_and_above(w):
    w.file("report", community=True, level="市", on="2025-05-01")
    assert w.progress("report").done == 0
    w.file("report", community=True, level="省", on="2025-05-02")
    assert w.progress("report").reached is True
    w.file("report", community=True, level="国", on="2025-05-03")
    assert w.progress("report").done == 2


def test_pupils_meet_once_a_year_and_once_a_term(w):
    w.activity("students", "2025-04-20", form="劳动实践", units=("狮岭学校", "博达学校"))
    assert w.progress("students").reached is True
    spring, autumn = (w.progress("students-term", None, f"第{n}学期") for n in ("二", "一"))
    assert (spring.done, autumn.done) == (1, 0)


def test_milestones_of_the_whole(w):
    w.pair("孙飞凤", "甲老师")
    both = {"units": ("狮岭学校", "博达学校")}
    # by 31 March: 师徒 2/5 = 40, 跟岗 1/1 = 100, 示范课 4/10 = 40, 拓展课程 1/1 = 100,
    # 网络研修, 学生交流, 报道 0: (40 + 100 + 40 + 100) / 7 = 280 / 7 = 40
    for day in ("2025-03-20", "2025-03-31"):
        meet(w, day, "孙飞凤", "甲老师")
    w.dispatch("付开萍", "跟岗锻炼", to="狮岭学校", days=31, on="2025-03-01")
    for day in range(1, 5):
        demo(w, f"2025-03-{day:02}")
    w.activity("online-course", "2025-03-05", host=("狮岭学校",))
    # by 30 June: 学生交流 +100, 示范课 8/10 +40: (280 + 140) / 7 = 60
    w.activity("students", "2025-06-30", **both)
    for day in range(1, 5):
        demo(w, f"2025-05-{day:02}")
    # by 30 September: 师徒 5/5 +60, 网络研修 2/4 +50, 示范课 10/10 +20: 550 / 7 = 78.57
    for day in ("2025-07-01", "2025-09-02", "2025-09-30"):
        meet(w, day, "孙飞凤", "甲老师")
    for day in ("2025-09-10", "2025-09-11"):
        w.activity("network", day, **both)
        demo(w, day)
    # by 31 October: 网络研修 4/4 +50, 报道 +100: 700 / 7 = 100
    for day in ("2025-10-10", "2025-10-31"):
        w.activity("network", day, **both)
    w.file("report", community=True, level="省", on="2025-10-31")
    whole = w.overall("whole")
    assert whole.milestones == [
        (date(2025, 3, 31), 40, True),  # exactly
        (date(2025, 6, 30), 60, True),  # exactly
        (date(2025, 9, 30), 80, False),
        (date(2025, 10, 31), 100, True),
    ]
    assert whole.percent == 100


def test_a_day_late_is_too_late_for_the_milestone(w):
    w.pair("孙飞凤", "甲老师")
    for day in ("2025-03-20", "2025-04-01"):  # the second is a day after the milestone
        meet(w, day, "孙飞凤", "甲老师")
    w.dispatch("付开萍", "跟岗锻炼", to="狮岭学校", days=31, on="2025-03-01")
    for day in range(1, 5):
        demo(w, f"2025-03-{day:02}")
    w.activity("online-course", "2025-03-05", host=("狮岭学校",))
    # (20 + 100 + 40 + 100) / 7 = 37.14
    assert w.overall("whole").milestones[0] == (date(2025, 3, 31), 40, False)


@pytest.mark.parametrize(("number", "right"), [(2, False), (3, True), (4, False)])
def test_each_mentor_has_three(w, number, right):
    w.person("丁老师", school="博达学校", role="apprentice")
    for name in ("甲老师", "乙老师", "丙老师", "丁老师")[:number]:
        w.pair("孙飞凤", name)
    found = [one.what for one in w.findings() if one.kind == "limit" and "孙飞凤" in one.what]
    assert bool(found) is not right


def test_research_on_the_net_and_a_course_shared(w):
    for month in (3, 5, 9):
        w.activity("network", f"2025-{month:02}-15", form="集体备课")
    w.activity("online-course", "2025-04-01", host=("博达学校",))  # the wrong way round
    research = w.progress("network")
    assert (research.done, research.required, research.reached) == (3, 4, False)
    assert w.progress("course").reached is False
    w.activity("online-course", "2025-05-01", host=("狮岭学校",))
    assert w.progress("course").reached is True


def test_duties_are_by_person():
    from app.services.schemes.catalogue import preset

    roles = {one.name: one.note for one in preset("shiling-boda").scheme.community.roles}
    assert "每学期不少于一次" in roles["德育主任"]
    assert "资料的搜集、整理" in roles["教导处助理（资料管理员）"]
