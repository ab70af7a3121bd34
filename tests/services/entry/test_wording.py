"""History in words, the trash and saved views."""

import pytest

from app.errors import ConflictError, ValidationError
from app.services.entry.listing import Filter, Query
from app.services.entry.views import SavedView


def test_history_says_who_changed_what(services, adoption_id, enter):
    person = enter("person", name="王芳", phone="13812345678")
    activity = enter("activity", title="评课", kind="示范课", held_on="9-12")
    change = services.entries.change
    change("activity", activity, {"kind": "专题讲座", "held_on": "9-13"}, adoption_id)
    change("activity", activity, {"host_id": person}, adoption_id)
    enter("agenda_item", activity, content="签到", starts_at="8:00")
    told = [line.text for line in services.histories.of_record("activity", activity)]
    assert told == [
        "加入日程“签到”",
        "填写 主持人“王芳”",
        "把 日期 由“2025-09-12”改为“2025-09-13”，把 类型 由“示范课”改为“专题讲座”",
        "登记了这次活动",
    ]
    change("person", person, {"phone": "13912345679", "subjects": "语文"}, adoption_id)
    line = services.histories.of_record("person", person)[0]
    assert line.actor == "王芳"
    texts = [one.text for one in services.histories.of_record("person", person)]
    assert "把 电话 由“138****5678”改为“139****5679”" in texts
    assert "加入任教学科“语文”" in texts
    services.history.undo()
    assert services.histories.of_record("person", person)[0].text.startswith("（撤销）")


def test_what_was_deleted_comes_back_with_its_parts(services, adoption_id, enter, shown):
    person = enter("person", name="李明")
    activity = enter("activity", title="评课", host_id=person)
    enter("agenda_item", activity, content="签到")
    enter("attendance", activity, person_id=person)
    services.entries.delete("activity", [activity])
    (deleted,) = services.trash.list()
    assert (deleted.name, deleted.title, deleted.parts) == ("活动", "评课", 2)
    assert services.trash.list("别的") == []
    services.trash.restore([deleted])
    assert services.trash.list() == []
    assert shown("activity", activity)["host_id"] == "李明"
    for kind in ("agenda_item", "attendance"):
        assert services.entries.count(Query(kind, adoption_id, parent_id=activity)) == 1
    assert services.history.undo() == "恢复活动“评课”"
    assert [one.title for one in services.trash.list()] == ["评课"]


def test_who_pointed_to_it_points_to_it_again(services, enter, shown):
    person = enter("person", name="李明")
    activity = enter("activity", title="评课", host_id=person)
    other = enter("activity", title="备课", host_id=person)
    services.entries.delete("person", [person])
    assert shown("activity", activity)["host_id"] == ""
    successor = enter("person", name="王芳")
    services.entries.change(
        "activity", other, {"host_id": successor}, services.adoptions.current().id
    )
    services.trash.restore(services.trash.list())
    assert shown("activity", activity)["host_id"] == "李明"
    assert shown("activity", other)["host_id"] == "王芳"


def test_what_it_needs_must_be_restored_first(services, enter):
    activity = enter("activity", title="评课")
    item = enter("agenda_item", activity, content="签到")
    services.entries.delete("agenda_item", [item])
    (line,) = services.trash.list()
    assert (line.name, line.title) == ("日程", "签到")
    services.entries.delete("activity", [activity])
    with pytest.raises(ConflictError, match="活动也已经删除"):
        services.trash.restore([line])
    services.trash.restore([one for one in services.trash.list() if one.kind == "activity"])
    services.trash.restore([line])
    assert services.trash.list() == []


def test_a_place_taken_meanwhile_is_said(services, enter):
    school = enter("school", name="兴镇小学")
    services.entries.delete("school", [school])
    enter("school", name="兴镇小学")
    with pytest.raises(ConflictError, match="冲突"):
        services.trash.restore(services.trash.list())


def test_views_are_kept_under_their_names(services):
    view = SavedView(
        "缺地点", "term", "评课", (Filter("place", "empty"),), (("title", True),), ("title",)
    )
    services.views.save("activity", view)
    services.views.save("activity", SavedView("甲"))
    assert services.views.all("activity") == [SavedView("甲"), view]
    assert services.views.all("person") == []
    with pytest.raises(ConflictError):
        services.views.rename("activity", "甲", "缺地点")
    services.views.rename("activity", "甲", "乙")
    services.views.delete("activity", "缺地点")
    assert [one.name for one in services.views.all("activity")] == ["乙"]
    with pytest.raises(ValidationError):
        services.views.save("activity", SavedView("  "))
