"""S06 专题活动（智慧教室）: paper and electronic of each, so many teachers from each school."""

import pytest


@pytest.fixture
def w(world):
    w = world(
        "smart-classroom", year=2022, today="2022-12-20", answers={"held-on": "2022-11-30"},
        community="市二十六小教研共同体",
    )  # fmt: skip
    w.school("市二十六小", role="host-school")
    w.school("市九小", role="big")
    w.school("市十中小学部", role="small")
    w.person("蒙耀", school="市二十六小", subjects=("数学",))
    w.person("陈瑞", school="市二十六小", subjects=("英语",))
    return w


def teachers(w, school, number, subject="数学"):
    names = [f"{school}{subject}教师{n}" for n in range(1, number + 1)]
    for name in names:
        w.person(name, school=school, subjects=(subject,))
    return names


def test_design_and_reflection_on_paper_and_as_a_file(w):
    day = w.activity("theme-day", "2022-11-30")
    maths, english = w.lesson("蒙耀", activity=day), w.lesson("陈瑞", activity=day)
    w.file("design", lesson=maths)
    w.paper("design", lesson=maths)  # both: nothing is missing
    w.file("design", lesson=english)  # the file alone: the paper is missing
    w.paper("reflection", lesson=maths)  # the paper alone: the file is missing
    gaps = {
        (one.slot, one.who): one.what
        for one in w.findings()
        if one.slot in ("design", "reflection")
    }
    assert set(gaps) == {("design", "陈瑞"), ("reflection", "蒙耀、陈瑞")}
    assert "纸质" in gaps["design", "陈瑞"]
    w.paper("design", lesson=english)
    assert "design" not in {one.slot for one in w.findings()}


def test_everybody_who_took_part_writes_thoughts(w):
    names = teachers(w, "市九小", 3)
    day = w.activity("theme-day", "2022-11-30", present=names)
    for name in names[:2]:
        w.file("thoughts", activity=day, owner=name)
        w.paper("thoughts", activity=day, owner=name)
    # three took part, two have handed in both
    (gap,) = [one for one in w.findings() if one.slot == "thoughts"]
    assert (gap.count, gap.who) == (1, names[2])


@pytest.mark.parametrize(
    ("school", "quota", "number", "reached"),
    [
        ("市九小", "big-schools", 4, False),
        ("市九小", "big-schools", 5, True),
        ("市九小", "big-schools", 8, True),
        ("市九小", "big-schools", 9, False),  # at most 8
        ("市十中小学部", "small-schools", 2, False),
        ("市十中小学部", "small-schools", 3, True),
        ("市十中小学部", "small-schools", 5, True),
        ("市十中小学部", "small-schools", 6, False),  # at most 5
    ],
)
def test_so_many_teachers_of_each_school(w, school, quota, number, reached):
    w.activity("theme-day", "2022-11-30", present=teachers(w, school, number))
    line = w.progress(quota, school)
    assert (line.done, line.reached) == (number, reached)


def test_all_teachers_of_english_and_two_lessons(w):
    (absent,) = teachers(w, "市九小", 1, "英语")
    day = w.activity("theme-day", "2022-11-30", present=["陈瑞"], leave=[absent])
    w.lesson("蒙耀", activity=day)
    assert w.progress("english", "陈瑞").reached is True
    assert w.progress("english", absent).reached is not True
    # the teacher of mathematics is not asked to come as one of English
    assert w.progress("english", "蒙耀") is None
    assert (w.progress("lessons").done, w.progress("lessons").required) == (1, 2)
