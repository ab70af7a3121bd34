"""Materials of an activity, and the steps that they open."""

import pytest

from app.errors import ConflictError, ValidationError
from app.services.evidence.service import Destination


@pytest.fixture
def put(services, tmp_path):
    """Put a new file into a slot: ``put(activity, "film")``."""

    def done(activity: str, slot: str, name: str = "材料") -> str:
        file = tmp_path / f"{name}-{slot}.txt"
        file.write_text(f"{name} {slot}", encoding="utf-8")
        report = services.evidence.ingest([file], Destination(activity_id=activity, slot=slot))
        return report.added[0].id

    return done


def states(services, story, activity):
    return {
        one.name: one.state_name for one in services.activities.slots(activity, story.adoption_id)
    }


def test_slots_say_what_is_there_and_what_is_lacking(services, story, enter, put) -> None:
    activity = enter("巡讲", kind="circuit", held_on="2026-03-20", form="线下")
    assert states(services, story, activity) == {
        "集体备课记录": "缺", "课堂录像": "缺", "教学设计": "暂不需要", "其他材料": "其他",
    }  # fmt: skip
    for title in ("面积", "周长"):
        services.entries.create(
            "lesson", {"teacher_id": "王芳", "title": title}, story.adoption_id, activity
        )
    put(activity, "designs")
    put(activity, "照片")
    found = {one.name: one for one in services.activities.slots(activity, story.adoption_id)}
    design = found["教学设计"]
    assert (design.have, design.need, design.state) == (1, 2, "missing")
    assert design.demand == "每节课 1 份，共 2 份"
    assert found["其他材料"].pieces[0].title == "材料-照片"
    assert found["集体备课记录"].demand == "1 份；3月13日前"


def test_what_is_late_is_overdue(services, story, enter) -> None:
    past = enter("巡讲", kind="circuit", held_on="2026-03-01")  # today is 2 March
    assert states(services, story, past)["集体备课记录"] == "超期"


def test_a_step_is_not_left_without_its_material(services, story, enter, put) -> None:
    activity = enter("巡讲", kind="circuit")
    act = services.activities
    assert act.advance(activity, story.adoption_id) == "备课"
    with pytest.raises(ConflictError, match="还缺“集体备课记录”，不能离开“备课”阶段"):
        act.advance(activity, story.adoption_id)
    put(activity, "plan-c")
    assert act.advance(activity, story.adoption_id) == "磨课"
    with pytest.raises(ConflictError, match="课堂录像"):
        act.set_stage(activity, "总结", story.adoption_id)
    act.waive(activity, "film", "  学校没有录像 设备 ", story.adoption_id)
    act.set_stage(activity, "总结", story.adoption_id)
    view = act.stages(activity, story.adoption_id)
    assert [line.state for line in view.lines] == ["done"] * 4 + ["now"]
    with pytest.raises(ConflictError, match="最后一个阶段"):
        act.advance(activity, story.adoption_id)
    act.set_stage(activity, "备课", story.adoption_id)
    assert act.stages(activity, story.adoption_id).following == "磨课"


def test_typing_the_step_is_no_way_round_its_material(services, story, enter, put) -> None:
    activity = enter("巡讲", kind="circuit", stage="备课")
    change, adoption = services.entries.change, story.adoption_id
    with pytest.raises(ValidationError, match="还缺“集体备课记录”，不能离开“备课”阶段"):
        change("activity", activity, {"stage": "送课"}, adoption)
    put(activity, "plan-c")
    change("activity", activity, {"stage": "磨课"}, adoption)
    change("activity", activity, {"stage": "备课"}, adoption)
    plain = enter("研讨", kind="seminar")
    assert change("activity", plain, {"stage": "筹备"}, adoption).texts["stage"] == "筹备"


def test_an_unknown_step_is_refused_with_the_known_ones(services, story, enter) -> None:
    with pytest.raises(ValidationError, match="备课、磨课、展课、送课、总结"):
        services.activities.set_stage(enter("巡讲", kind="circuit"), "吃饭", story.adoption_id)


def test_only_what_the_scheme_allows_can_be_waived(services, story, enter) -> None:
    activity = enter("巡讲", kind="circuit")
    with pytest.raises(ConflictError, match="没有允许免交“集体备课记录”"):
        services.activities.waive(activity, "plan-c", "忘了", story.adoption_id)
    with pytest.raises(ValidationError, match="为什么"):
        services.activities.waive(activity, "film", " ", story.adoption_id)
    services.activities.waive(activity, "film", "没有设备", story.adoption_id)
    assert states(services, story, activity)["课堂录像"] == "不适用"
    services.activities.unwaive(activity, "film")
    assert states(services, story, activity)["课堂录像"] == "缺"


def test_files_change_their_slot_and_leave(services, story, enter, put) -> None:
    activity = enter("巡讲", kind="circuit")
    piece = put(activity, "其他")
    services.activities.move_piece(activity, piece, "film")
    assert states(services, story, activity)["课堂录像"] == "已有"
    services.activities.take_out(activity, piece)
    assert states(services, story, activity)["课堂录像"] == "缺"
    assert services.evidence.path(piece).is_file()
