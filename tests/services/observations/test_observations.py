"""听课记录: what is kept, what is refused, what may be confirmed, several observers of one lesson."""

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import func, select

from app.errors import ConflictError, NotFoundError, ValidationError
from app.models import (
    Activity,
    Attendance,
    Community,
    Lesson,
    Observation,
    ObservationScore,
    ObservationStep,
)
from app.services.observations.records import EntryError, Named, ReasonNeededError, Step
from app.services.safety.check import check


def _rows(services, model) -> int:
    with services.archive.uow.read() as session:
        return session.scalar(select(func.count()).select_from(model))


@pytest.fixture
def rubric(services):
    return services.rubrics.take_preset("s27-chinese")


def _points(rubric, *given: float) -> dict[str, float]:
    return {item.id: points for item, points in zip(rubric.items, given, strict=False)}


def test_a_record_comes_back_as_it_was_entered(services, entry, rubric) -> None:
    steps = (Step("复习导入", "自然", 0), Step(" 折纸 ", "", 5), Step(), Step("", "放手"))
    made = services.observations.create(
        replace(
            entry,
            rubric_id=rubric.id,
            points=_points(rubric, 9, 14, 30.5, 14, 23),
            steps=steps,
            strengths="目标明确",
            overall="好课\n值得学",
        )
    )
    found = services.observations.get(made)
    assert found.entry.steps == (Step("复习导入", "自然", 0), Step("折纸", "", 5), Step("", "放手"))
    assert found.entry.period == "第3节"
    assert (found.score, found.grade) == (90.5, "优")
    assert (found.entry.score, found.entry.grade) == (None, "")
    assert found.teacher == Named(entry.teacher_id, "李芳", "兴镇小学")
    assert (found.entry.strengths, found.entry.overall) == ("目标明确", "好课\n值得学")
    assert found.fellows == 0
    assert services.history.undo() == "新增 听课记录"
    for model in (Observation, ObservationStep, ObservationScore, Lesson):
        assert _rows(services, model) == 0
    services.history.redo()
    assert services.observations.get(made) == found
    assert check(services.archive).problems == ()


@pytest.mark.parametrize(
    ("values", "field", "words"),
    [
        ({"teacher_id": ""}, "teacher_id", "请填写授课教师"),
        ({"observer_id": "nobody"}, "observer_id", "不在人员名单"),
        ({"day": None}, "day", "请填写听课日期"),
        ({"day": date(1, 1, 1)}, "day", "年份 1 不对"),
        ({"hours": 0}, "hours", "1 到 12"),
        ({"score": 100.5}, "score", "0 到 100"),
        ({"score": float("nan")}, "score", "0 到 100"),
        ({"title": "长" * 201}, "title", "最多 200 字"),
        ({"steps": (Step("导入", "", 900),)}, "steps", "第 1 行"),
        ({"rubric_id": "gone"}, "rubric_id", "已不在了"),
        ({"activity_id": "gone"}, "activity_id", "活动已不在了"),
        ({"title": " "}, "title", "至少填写"),
    ],
)
def test_wrong_fields_are_named(services, entry, values, field, words) -> None:
    with pytest.raises(EntryError, match=words) as refused:
        services.observations.create(replace(entry, **values))
    assert list(refused.value.fields) == [field]
    assert _rows(services, Lesson) == 0


def test_long_minutes_and_rare_characters_are_kept(services, entry) -> None:
    text = "𠅤䶮👩‍🏫" * 7000
    made = services.observations.create(replace(entry, overall=text, title="=1+1"))
    assert services.observations.get(made).entry.overall == text


def test_nobody_observes_their_own_lesson(services, entry) -> None:
    with pytest.raises(EntryError, match="不能是授课教师本人"):
        services.observations.create(replace(entry, observer_id=entry.teacher_id, reason="补课"))


def test_points_over_the_maximum_are_refused_at_their_item(services, entry, rubric) -> None:
    points = _points(rubric, 10.5)
    with pytest.raises(EntryError, match="“教学目标”应在 0 到 10 分之间") as refused:
        services.observations.create(replace(entry, rubric_id=rubric.id, points=points))
    assert list(refused.value.fields) == [f"points.{rubric.items[0].id}"]


def test_half_a_rubric_gives_no_score_yet(services, entry, rubric) -> None:
    made = services.observations.create(
        replace(entry, rubric_id=rubric.id, points=_points(rubric, 9, 14))
    )
    assert services.observations.get(made).score is None
    services.observations.change(made, points=_points(rubric, 9, 14, 30, 14, 20))
    found = services.observations.get(made)
    assert (found.score, found.grade) == (87, "良")
    services.observations.change(made, rubric_id=None)
    found = services.observations.get(made)
    assert (found.score, found.grade, found.entry.points) == (None, "", {})


def test_a_total_may_be_typed(services, entry, rubric) -> None:
    made = services.observations.create(replace(entry, score=88.5, grade="良"))
    assert (services.observations.get(made).score, services.observations.get(made).grade) == (
        88.5,
        "良",
    )
    services.observations.change(made, rubric_id=rubric.id)
    assert services.observations.get(made).grade == "良"
    services.observations.change(made, score=92.0)
    assert services.observations.get(made).grade == "优"


def test_several_observers_of_one_lesson(services, entry, person, rubric) -> None:
    first = services.observations.create(
        replace(entry, rubric_id=rubric.id, points=_points(rubric, 8, 12, 30, 12, 20))
    )
    other = person("何春燕")
    second = services.observations.create(
        replace(
            entry,
            observer_id=other,
            period="第三节",
            class_name="",
            lesson_kind="新授",
            rubric_id=rubric.id,
            points=_points(rubric, 9, 14, 33, 14, 24),
        )
    )
    assert _rows(services, Lesson) == 1
    found = services.observations.get(first)
    assert found.entry.lesson_kind == "新授"
    assert found.fellows == 1
    side = services.observations.side_by_side(found.lesson_id)
    assert side.lesson == "2025-09-12 第3节 李芳 三（2）班 数学 《分数的初步认识》"
    assert [one.observer for one in side.observers] == ["赵敏", "何春燕"]
    assert (side.items[2].points, side.items[2].mean, side.items[2].spread) == ((30, 33), 31.5, 3)
    assert (side.total.full, side.total.points, side.total.mean, side.total.spread) == (
        100, (82, 94), 88, 12,
    )  # fmt: skip
    with pytest.raises(ConflictError, match="已有这节课的听课记录"):
        services.observations.create(replace(entry, observer_id=other))
    services.observations.change(second, day=date(2025, 9, 15), title="分数")
    assert services.observations.get(first).entry.day == date(2025, 9, 15)
    assert services.observations.page(_query(), 0, 9)[1].title == "分数"
    services.observations.delete([first])
    assert _rows(services, Lesson) == 1
    services.observations.delete([second])
    assert _rows(services, Lesson) == 0
    services.history.undo()
    assert services.observations.get(second).entry.title == "分数"


def _query(**values):
    from app.services.observations.records import Query

    return Query(**values)


def test_a_lesson_of_an_activity_stays_without_observations(services, entry) -> None:
    with services.archive.uow.write("登记活动") as session:
        community = session.scalars(select(Community)).first()
        activity = Activity(community_id=community.id, title="研讨", held_on=entry.day)
        session.add(activity)
        session.flush()
        session.add(
            Lesson(
                activity_id=activity.id,
                teacher_id=entry.teacher_id,
                taught_on=entry.day,
                period="第3节",
                title=entry.title,
            )
        )
    made = services.observations.create(entry)
    assert services.observations.get(made).activity == "研讨"
    services.observations.delete([made])
    assert _rows(services, Lesson) == 1


@pytest.mark.parametrize(
    ("period", "warned"), [("3", True), ("第2-3节", True), ("第4节", False), ("", False)]
)
def test_an_observer_in_two_lessons_at_once_must_say_why(
    services, entry, person, period, warned
) -> None:
    services.observations.create(entry)
    other = replace(entry, teacher_id=person("王强"), period=period, title="倍的认识")
    if not warned:
        services.observations.create(other)
        return
    with pytest.raises(ReasonNeededError, match="已在听李芳《分数的初步认识》") as refused:
        services.observations.create(other)
    assert [doubt.field for doubt in refused.value.doubts] == ["period"]
    made = services.observations.create(replace(other, reason="两班合听，各听半节"))
    assert services.observations.get(made).entry.reason == "两班合听，各听半节"


def test_days_that_cannot_be_must_be_explained(services, entry) -> None:
    for day, words in (
        (date(2027, 1, 5), "还没有到"),
        (date(2019, 5, 6), "不在本档案库的任何学年"),
    ):
        with pytest.raises(ReasonNeededError, match=words):
            services.observations.create(replace(entry, day=day))
        assert services.observations.doubts(replace(entry, day=day))[0].field == "day"
    made = services.observations.create(replace(entry, day=date(2019, 5, 6), reason="补录旧记录"))
    services.observations.change(made, title="改了课题")  # what was confirmed is not asked again
    assert services.observations.get(made).entry.title == "改了课题"


def test_a_teacher_on_leave_does_not_teach(services, entry) -> None:
    with services.archive.uow.write("登记活动") as session:
        community = session.scalars(select(Community)).first()
        activity = Activity(community_id=community.id, title="例会", held_on=entry.day)
        activity.attendances = [Attendance(person_id=entry.teacher_id, status="leave")]
        session.add(activity)
    with pytest.raises(ReasonNeededError, match="当天在“例会”里登记为请假"):
        services.observations.create(entry)


def test_the_teacher_of_another_class_at_the_same_time_is_doubtful(services, entry, person) -> None:
    services.observations.create(entry)
    other = replace(entry, observer_id=person("何春燕"), class_name="四（1）班", title="倍的认识")
    with pytest.raises(ReasonNeededError, match="已登记了另一节课"):
        services.observations.create(other)
    teaching = replace(
        entry, teacher_id=entry.observer_id, observer_id=person("王强"), title="观潮"
    )
    services.observations.create(replace(teaching, reason="换课"))


def test_partial_changes_are_one_step_in_words(services, entry) -> None:
    made = services.observations.create(entry)
    services.observations.change(made, advice="多让学生说", steps=(Step("导入"),))
    line = services.history.of_record(made)[0]
    assert (line.action, line.after) == ("修改 听课记录", {"advice": "多让学生说"})
    services.history.undo()
    assert services.observations.get(made).entry.steps == ()
    with pytest.raises(NotFoundError):
        services.observations.change("gone", title="x")


def test_people_are_offered_by_name_and_school(services, teacher, observer, person) -> None:
    namesake = person("李芳")
    assert {one.id for one in services.observations.people("李")} == {teacher, namesake}
    assert [one.hint for one in services.observations.people("李芳") if one.id == teacher] == [
        "兴镇小学"
    ]
    assert [one.name for one in services.observations.people("城关")] == ["赵敏"]
    assert [one.id for one in services.observations.people("lf")] == sorted([teacher, namesake])
    added = services.observations.add_person("  欧阳 修 ")
    assert services.observations.people("欧阳")[0].id == added.id
    with pytest.raises(ValidationError):
        services.observations.add_person(" ")


def test_what_was_entered_last_is_offered(services, entry) -> None:
    assert services.observations.usual_observer() is None
    services.observations.create(entry)
    assert services.observations.usual_observer().name == "赵敏"
    assert services.observations.habits(entry.teacher_id).class_name == "三（2）班"
    assert services.observations.words("class_name") == ["三（2）班"]
    assert services.observations.words("subject")[:2] == ["数学", "语文"]
    assert services.observations.words("period")[:3] == ["第3节", "第1节", "第2节"]
    assert services.observations.next_period("第3节") == "第4节"
    assert services.observations.next_period("早读") == ""


def test_periods_are_those_of_the_archive(services) -> None:
    names = [period.name for period in services.observations.periods()]
    assert names[:2] == ["2025—2026学年", "2025—2026学年 第一学期"]


def test_drafts_outlive_the_program_and_are_no_steps(services) -> None:
    key = services.drafts.new_key("observation")
    step = services.history.undo_step()
    services.drafts.save(key, "李芳 9月12日", {"title": "分"})
    services.drafts.save(key, "李芳 9月12日", {"title": "分数", "steps": [["导入", "", None]]})
    services.drafts.save("activity:1", "例会", {})
    assert services.history.undo_step() == step
    (draft,) = services.drafts.all("observation")
    assert (draft.title, draft.content["title"]) == ("李芳 9月12日", "分数")
    assert len(services.drafts.all()) == 2
    services.drafts.drop(key)
    services.drafts.drop(key)
    assert services.drafts.all("observation") == []
