"""S03 学科教研基地校暨城乡结对共同体: lessons sent and opened each term, a contest each year."""

import pytest


@pytest.fixture
def w(world):
    w = world(
        "yuanzhou-base-schools",
        year=2025,
        today="2026-09-10",
        community="十一小—寨科城乡结对共同体",
    )
    w.school("原州区第十一小学", role="base")
    w.school("寨科中心校", role="paired")
    w.school("寨科东淌小学", role="paired")
    for name, school in (
        ("白建国", "原州区第十一小学"),
        ("马琴", "原州区第十一小学"),
        ("陈蓉", "寨科中心校"),
    ):
        w.person(name, school=school)
    return w


def test_two_lessons_sent_each_term(w):
    # first term: one trip with two lessons = 2 of 2
    trip = w.activity("outreach", "2025-10-15", host=["寨科中心校"])
    w.lesson("白建国", activity=trip)
    w.lesson("马琴", activity=trip)
    # second term: one trip with one lesson = 1 of 2
    w.lesson("白建国", activity=w.activity("outreach", "2026-04-08", host=["寨科东淌小学"]))
    first, second = (w.progress("outreach", period=one) for one in ("第一学期", "第二学期"))
    assert (first.done, first.required, first.reached) == (2, 2, True)
    assert (second.done, second.required, second.reached) == (1, 2, False)


def test_terms_meet_between_two_days(w):
    # terms begin on 1 September and 15 February
    w.activity("open-lesson", "2026-02-14")
    assert [w.progress("open-lesson", period=one).done for one in ("第一学期", "第二学期")] == [
        1,
        0,
    ]
    w.activity("open-lesson", "2026-02-15")
    assert [w.progress("open-lesson", period=one).done for one in ("第一学期", "第二学期")] == [
        1,
        1,
    ]


def test_one_seminar_a_term_and_one_contest_a_year(w):
    w.activity("management-seminar", "2025-11-20")
    assert [
        w.progress("management-seminar", period=one).reached for one in ("第一学期", "第二学期")
    ] == [True, False]
    # a contest of last year does not count, one on the last day of this year does
    w.activity("contest", "2025-08-31")
    assert w.progress("contest").done == 0
    w.activity("contest", "2026-08-31")
    assert (w.progress("contest").done, w.progress("contest").required) == (1, 1)


def test_joint_meetings_contacts_and_support_leave_their_papers(w):
    w.activity("joint-meeting", "2025-09-20")
    w.activity("paired-contact", "2025-10-10")
    w.activity("support", "2025-12-01", form="图书资料")
    assert sorted(one.slot for one in w.findings() if one.kind == "slot") == [
        "minutes", "record", "sign-in", "support-list",
    ]  # fmt: skip


def test_every_paired_school_is_analysed(w):
    w.file("analysis", school="寨科中心校", on="2025-10-01")
    # two paired schools, one analysis there
    lacking = [one for one in w.findings() if one.kind == "standing" and one.slot == "analysis"]
    assert [one.who for one in lacking] == ["寨科东淌小学"]


def test_leading_group_has_its_heads(w):
    def limits():
        return [one.what for one in w.findings() if one.kind == "limit"]

    assert limits() == [
        "领导小组副组长应不少于 1 人，现有 0 人",
        "领导小组组长应不少于 1 人，现有 0 人",
    ]
    # two heads and one deputy, as the source names them: the guidance group's head is none of these
    w.person("南燕", school="原州区第十一小学", role="chief")
    w.person("张学军", school="寨科中心校", role="chief")
    w.group("语文组", "guidance", heads=("白建国",), head_role="guide-head")
    assert limits() == ["领导小组副组长应不少于 1 人，现有 0 人"]
    w.group("领导小组", "leading", heads=("陈蓉",), head_role="deputy")
    assert limits() == []
