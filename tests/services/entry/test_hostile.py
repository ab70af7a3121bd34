"""Values and records that nobody should enter: each is answered at its field, nothing is written."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from typing import TYPE_CHECKING

import pytest

from app.errors import AppError, NotFoundError
from app.services.entry.bulk import Edit
from app.services.entry.errors import InvalidError
from app.services.safety.check import check

if TYPE_CHECKING:
    from app.bootstrap import Services


@pytest.fixture
def adoption_id(services: Services) -> str:
    return services.adoptions.current().id


def test_groups_cannot_belong_to_each_other_in_a_circle(
    services: Services, adoption_id: str
) -> None:
    entries, ids = services.entries, []
    for name in ("甲组", "乙组", "丙组"):
        above = {"parent_id": ids[-1]} if ids else {}
        ids.append(entries.create("community", {"name": name, **above}, adoption_id))
    with pytest.raises(InvalidError, match="下面的小组") as caught:
        entries.change("community", ids[0], {"parent_id": ids[2]}, adoption_id)
    assert set(caught.value.problems) == {"parent_id"}
    edits = [Edit(ids[1], {"parent_id": ""}), Edit(ids[0], {"parent_id": ids[2]})]
    edits.append(Edit(ids[1], {"parent_id": ids[0]}))
    done = entries.apply("community", edits, adoption_id)
    assert (done.changed, done.conflicts) == (2, 1)  # each is looked at after the one before


@pytest.mark.parametrize("kind", ["term", "school_year"])
def test_a_term_does_not_end_before_it_starts(
    services: Services, adoption_id: str, kind: str
) -> None:
    plan = services.entries.suggest(kind, "", adoption_id)
    with pytest.raises(InvalidError, match="早于开始"):
        services.entries.change(kind, plan[0].id, {"ends_on": "2020-01-01"}, adoption_id)


@pytest.mark.parametrize("kind", ["honour", "agenda_item", "plan_item", "activity_unit"])
def test_a_part_needs_its_owner(services: Services, adoption_id: str, kind: str) -> None:
    typed = {"name": "教学能手", "content": "开场", "theme": "听课", "role": "承办"}
    fields = {field.name for field in services.entries.sheet(kind, adoption_id).fields}
    typed = {name: value for name, value in typed.items() if name in fields}
    if kind == "activity_unit":
        typed["school_id"] = services.records.page("schools").items[0]["id"]
    with pytest.raises(InvalidError, match="请先选好"):
        services.entries.create(kind, typed, adoption_id)
    assert services.entries.preview(kind, [Edit("", typed)], adoption_id).conflicts == 1
    assert services.entries.apply(kind, [Edit("", typed)], adoption_id).conflicts == 1


def test_half_a_character_never_gets_in(services: Services, adoption_id: str) -> None:
    entries, half = services.entries, "\ud800"
    activity = entries.create("activity", {"title": f"教{half}研\u202e会"}, adoption_id)
    row = entries.get("activity", activity, adoption_id)
    assert row.values["title"] == "教研会"
    person = entries.create("person", {"name": "赵一", "subjects": (half, "数\0学")}, adoption_id)
    assert entries.get("person", person, adoption_id).values["subjects"] == ("数学",)
    with pytest.raises(InvalidError, match="没有叫“查无”"):
        entries.change("activity", activity, {"host_id": f"查{half}无"}, adoption_id)
    for attempt in (
        lambda: entries.suggest("person", half, adoption_id),
        lambda: entries.create("agenda_item", {"content": "x"}, adoption_id, half),
    ):
        with pytest.raises(AppError, match="乱码"):
            attempt()


def test_a_moment_in_a_day_is_its_day_and_can_be_undone(
    services: Services, adoption_id: str
) -> None:
    entries = services.entries
    activity = entries.create("activity", {"title": "教研"}, adoption_id)
    values = {
        "held_on": datetime(2025, 10, 1, 8, 30, tzinfo=UTC),
        "starts_at": time(8, tzinfo=UTC),
    }
    row = entries.change("activity", activity, values, adoption_id)
    assert (row.values["held_on"], row.values["starts_at"]) == (date(2025, 10, 1), time(8))
    services.history.undo()
    services.history.redo()
    assert entries.get("activity", activity, adoption_id) == row
    with pytest.raises(InvalidError, match="年份"):
        entries.change("activity", activity, {"held_on": date(9999, 12, 31)}, adoption_id)


def test_moving_what_is_gone(services: Services) -> None:
    with pytest.raises(NotFoundError, match="找不到"):
        services.entries.move("agenda_item", "01a2026c", 1)


def test_the_trash_offers_a_record_once_and_as_it_was_last(
    services: Services, adoption_id: str
) -> None:
    entries, trash = services.entries, services.trash
    community = services.adoptions.current().community_id
    kept, lost = (entries.create("school", {"name": n}, adoption_id) for n in ("甲校", "乙校"))
    typed = {"community_id": community, "role": "lead"}
    unit = entries.create("community_unit", typed, adoption_id, lost)
    entries.delete("school", [lost])
    trash.restore(trash.list())
    entries.change("school", lost, {"short_name": "乙"}, adoption_id)
    people = services.people
    people.merge(people.preview_merge("school", kept, lost), {})  # the unit is its from now on
    entries.change("school", kept, {"name": "丙校"}, adoption_id)
    old = [one for one in trash.list() if one.id == lost]
    assert len(old) == 1
    trash.restore(old)
    assert entries.get("school", lost, adoption_id).values["short_name"] == "乙"
    assert entries.get("community_unit", unit, adoption_id).id == unit
    assert check(services.archive).problems == ()
