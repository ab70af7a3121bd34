"""Rubrics: the shipped ones, what is refused and where, and what a used one still allows."""

from dataclasses import replace

import pytest

from app.errors import ConflictError
from app.services.rubrics import Block, Line, RubricError, RubricView, grade_of, presets, total

OWN = RubricView(
    "本校评价表", (Block("设计", 40), Block("实施", 60)), (Line("优", 85), Line("合格", 60))
)


def test_the_shipped_rubrics_hold_the_points_of_the_real_forms() -> None:
    points = {one.key: [item.points for item in one.items] for one in presets()}
    assert points["s25-primary"] == [10, 15, 10, 20, 35, 10]
    assert points["s26-shijie"] == [10, 20, 40, 30]
    assert points["s27-chinese"] == [10, 15, 35, 15, 25]
    kindergarten = next(one for one in presets() if one.key == "s08-kindergarten")
    assert [item.name for item in kindergarten.items] == [
        "活动目的", "活动设计", "活动准备", "活动实施", "活动效果",
    ]  # fmt: skip
    assert "示例" in kindergarten.source
    assert all(one.full == 100 for one in presets())


@pytest.mark.parametrize(
    ("key", "score", "grade"),
    [
        ("s27-chinese", 90, "优"), ("s27-chinese", 89.5, "良"), ("s27-chinese", 79, "中"),
        ("s27-chinese", 69, "差"), ("s26-shijie", 80, "良"), ("s26-shijie", 59, "未达合格"),
    ],
)  # fmt: skip
def test_grades_follow_the_lines(key: str, score: float, grade: str) -> None:
    assert next(one for one in presets() if one.key == key).grade(score) == grade


def test_a_rubric_without_lines_gives_no_grade() -> None:
    assert grade_of((), 95) == ""


def test_points_add_up_without_crumbs() -> None:
    assert total([8.1, 9.2, 0.1, 0.2]) == 17.6


def test_a_preset_comes_into_the_archive_once(services) -> None:
    first = services.rubrics.take_preset("s27-chinese")
    assert services.rubrics.take_preset("s27-chinese").id == first.id
    assert [one.name for one in services.rubrics.all()] == ["小学语文课堂教学评价表（五项）"]
    assert "s27-chinese" not in [one.key for one in services.rubrics.unused_presets()]
    assert services.history.undo() == "采用评价量表"
    assert services.rubrics.all() == []


@pytest.mark.parametrize(
    ("rubric", "place", "words"),
    [
        (replace(OWN, name=" "), "name", "名称"),
        (replace(OWN, items=()), "items", "至少要有一项"),
        (replace(OWN, items=(Block("设计", 40), Block("实施", 55))), "full", "还差 5 分"),
        (replace(OWN, items=(Block("设计", 50), Block("实施", 60))), "full", "多了 10 分"),
        (replace(OWN, items=(Block("设计", 0), Block("实施", 100))), "item 1", "大于 0"),
        (replace(OWN, items=(Block("设计", 40), Block("", 60))), "item 2", "没有名称"),
        (replace(OWN, items=(Block("设计", 40), Block("设计", 60))), "item 2", "重名"),
        (replace(OWN, items=(Block("设计", float("nan")),)), "item 1", "大于 0"),
        (replace(OWN, grades=(Line("良", 80), Line("优", 90))), "grade 2", "从高到低"),
        (replace(OWN, grades=(Line("优", 101),)), "grade 1", "0 到 100"),
        (replace(OWN, grades=(Line("优", 90), Line("优", 80))), "grade 2", "重复"),
    ],
)
def test_what_does_not_add_up_is_refused_with_its_place(services, rubric, place, words) -> None:
    with pytest.raises(RubricError, match=words) as refused:
        services.rubrics.create(rubric)
    assert refused.value.place == place
    assert services.rubrics.all() == []


def test_another_full_score_may_be_wanted(services) -> None:
    made = services.rubrics.create(replace(OWN, items=(Block("设计", 5), Block("实施", 5)), grades=()),
                                   full=10)  # fmt: skip
    assert services.rubrics.get(made.id).full == 10


def test_an_unused_rubric_may_be_changed_at_will(services) -> None:
    made = services.rubrics.create(OWN)
    changed = replace(
        made,
        items=(Block("准备", 30), *made.items[:1], Block("效果", 30)),
        grades=(Line("好", 80),),
    )
    services.rubrics.change(changed)
    again = services.rubrics.get(made.id)
    assert [(item.name, item.points) for item in again.items] == [
        ("准备", 30), ("设计", 40), ("效果", 30),
    ]  # fmt: skip
    assert again.grades == (Line("好", 80),)
    services.history.undo()
    assert services.rubrics.get(made.id) == made


def test_two_rubrics_have_two_names(services) -> None:
    services.rubrics.create(OWN)
    with pytest.raises(RubricError, match="已有名为"):
        services.rubrics.create(OWN)


def test_a_used_rubric_keeps_its_scale(services, teacher, observer, entry) -> None:
    made = services.rubrics.create(OWN)
    services.observations.create(replace(entry, rubric_id=made.id, points={made.items[0].id: 30.0}))
    assert services.rubrics.uses(made.id) == 1
    renamed = replace(
        made, name="新名", items=(replace(made.items[0], guidance="看教案"), made.items[1])
    )
    assert services.rubrics.change(renamed).items[0].guidance == "看教案"
    for other in (
        replace(made, items=(replace(made.items[0], points=30), replace(made.items[1], points=70))),
        replace(made, items=(Block("全部", 100),)),
        replace(made, grades=(Line("优", 95),)),
    ):
        with pytest.raises(ConflictError, match="已用于 1 条听课记录"):
            services.rubrics.change(other)
    with pytest.raises(ConflictError, match="不能删除"):
        services.rubrics.delete(made.id)
    copied = services.rubrics.copy(made.id)
    assert copied.name == "新名 2"
    services.rubrics.delete(copied.id)
    assert [one.id for one in services.rubrics.all()] == [made.id]
