"""Sign-in: who is offered, who is put on the list, and what marking does."""

import pytest

from app.errors import NotFoundError
from app.services.activities.records import Source


def names(found):
    return [one.name for one in found]


def test_members_are_found_by_name_initials_and_pinyin(services, story, enter) -> None:
    activity = enter("研讨")
    find = services.activities.candidates
    assert set(names(find(activity, ""))) == {"王芳", "李娜", "张伟", "王方", "赵敏"}
    assert names(find(activity, "王")) == ["王芳", "王方"]
    assert names(find(activity, "wf")) == ["王芳", "王方"]
    assert names(find(activity, "zhaomin")) == ["赵敏"]
    assert names(find(activity, "外")) == []
    assert names(find(activity, "外", Source("everyone"))) == ["外人"]
    assert names(find(activity, "", Source("group", story.group_id))) == ["王芳", "张伟"]
    assert set(names(find(activity, "", Source("school", story.schools["荆姚小学"])))) == {
        "赵敏", "外人",
    }  # fmt: skip


def test_who_is_on_the_list_already_is_offered_last(services, story, enter) -> None:
    activity = enter("研讨")
    services.activities.add_participants(activity, [story.people["王芳"]])
    found = services.activities.candidates(activity, "王")
    assert [(one.name, one.there) for one in found] == [("王方", False), ("王芳", True)]


def test_only_those_in_office_on_the_day_are_members(services, story, enter) -> None:
    early = enter("开学会", held_on="2025-09-02")
    late = enter("总结会", held_on="2026-06-20")
    listed = services.entries.page
    from app.services.entry.listing import Query

    rows = listed(Query("appointment", story.adoption_id, parent_id=story.people["赵敏"]), 0, 5)
    services.entries.change("appointment", rows[0].id, {"ends_on": "2026-01-31"}, story.adoption_id)
    assert "赵敏" in names(services.activities.candidates(early, ""))
    assert "赵敏" not in names(services.activities.candidates(late, ""))


def test_people_are_put_on_the_list_once_and_as_one_step(services, story, enter) -> None:
    activity = enter("研讨")
    people = [story.people["王芳"], story.people["李娜"], story.people["王芳"]]
    assert services.activities.add_participants(activity, people) == 2
    assert services.activities.add_from(activity, Source("members")) == 3
    assert len(services.activities.roll(activity).lines) == 5
    services.history.undo()
    assert [one.name for one in services.activities.roll(activity).lines] == ["王芳", "李娜"]


def test_the_last_list_is_that_of_the_same_kind_before(services, story, enter) -> None:
    seminar = enter("研讨一", kind="seminar", held_on="2025-10-15")
    services.activities.add_participants(seminar, [story.people["王芳"], story.people["张伟"]])
    lecture = enter("讲座", kind="lecture", held_on="2025-11-01")
    services.activities.add_participants(lecture, [story.people["赵敏"]])
    later = enter("研讨三", kind="seminar", held_on="2026-01-10")
    services.activities.add_participants(later, [story.people["李娜"]])
    second = enter("研讨二", kind="seminar", held_on="2025-11-15")
    assert services.activities.add_from_last(second) == 2
    assert [one.name for one in services.activities.roll(second).lines] == ["王芳", "张伟"]
    outreach = enter("送教", kind="outreach")
    with pytest.raises(NotFoundError, match="以前没有同类活动"):
        services.activities.add_from_last(outreach)


def test_marking_counts_and_leaves_no_reason_behind(services, story, enter) -> None:
    activity = enter("研讨")
    services.activities.add_from(activity, Source("members"))
    people = story.people
    mark = services.activities.mark
    mark(activity, [people["王芳"], people["李娜"]], "present")
    mark(activity, [people["张伟"]], "leave", leave_written=True, reason="外出培训")
    mark(activity, [people["王方"]], "absent")
    roll = services.activities.roll(activity)
    assert roll.totals.words == "应到 5 人 · 实到 2 人 · 请假 1 人 · 缺席 1 人 · 未签到 1 人"
    leave = next(one for one in roll.lines if one.name == "张伟")
    assert (leave.leave_written, leave.leave_reason) == (True, "外出培训")
    mark(activity, [people["张伟"]], "present")
    back = next(one for one in services.activities.roll(activity).lines if one.name == "张伟")
    assert (back.status_name, back.leave_written, back.leave_reason) == ("到会", False, "")
    assert services.activities.mark_all_present(activity) == 1
    totals = services.activities.roll(activity).totals
    assert (totals.present, totals.absent, totals.open) == (4, 1, 0)
    assert services.history.undo_label() == "签到：其余全部到会"


def test_a_teacher_with_a_lesson_who_is_absent_is_pointed_out(services, story, enter) -> None:
    activity = enter("展课")
    services.activities.add_participants(activity, [story.people["李娜"]])
    services.entries.create(
        "lesson", {"teacher_id": "李娜", "title": "分数的意义"}, story.adoption_id, activity
    )
    words = services.activities.mark(activity, [story.people["李娜"]], "leave")
    assert words == ("李娜在本次活动里上《分数的意义》，却记为请假，请核对。",)
    assert services.activities.roll(activity).lines[0].warning == words[0]
    assert services.activities.mark(activity, [story.people["李娜"]], "present") == ()


def test_marking_somebody_who_is_not_on_the_list_is_refused(services, story, enter) -> None:
    with pytest.raises(NotFoundError, match="名单上没有"):
        services.activities.mark(enter("研讨"), [story.people["王芳"]], "present")


def test_sources_say_how_many_they_hold(services, story, enter) -> None:
    choices = services.activities.sources(enter("研讨", kind="seminar"))
    assert [(one.label, one.people) for one in choices] == [
        ("全体成员", 5), ("上次名单", 0), ("低段组", 2),
        ("兴镇小学", 2), ("坡头小学", 2), ("荆姚小学", 2),
    ]  # fmt: skip
