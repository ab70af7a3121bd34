"""The calendar and the timetable of synchronous lessons."""

from datetime import date

import openpyxl
import pytest

from app.services.activities.service import export_timetable

OCTOBER = date(2025, 9, 29), date(2025, 11, 2)


@pytest.fixture
def month(services, story):
    def seen(first=OCTOBER[0], last=OCTOBER[1]):
        return services.activities.calendar(story.adoption_id, first, last)

    return seen


def test_activities_plans_and_lessons_stand_on_their_days(services, story, enter, month) -> None:
    enter("研讨", kind="seminar", held_on="2025-10-15", starts_at="14:30", place="兴镇小学")
    enter("培训", held_on="2025-10-13", ends_on="2025-10-16")
    enter("跨月", held_on="2025-09-20", ends_on="2025-10-01")
    enter("九月", held_on="2025-09-26")
    create = services.entries.create
    plan = create("plan", {"title": "计划", "school_year_id": _year(services)}, story.adoption_id)
    for due, theme in (("2025-10-20", "讲座"), ("2025-10", "听课周"), ("2025-12", "总结")):
        create("plan_item", {"due": due, "theme": theme}, story.adoption_id, plan)
    create(
        "lesson",
        {"teacher_id": "李娜", "title": "秒的认识", "taught_on": "2025-10-22", "period": "第2节"},
        story.adoption_id,
    )
    view = month()
    assert [(one.kind, one.title) for one in view.entries] == [
        ("activity", "跨月"), ("activity", "培训"), ("activity", "研讨"),
        ("plan_item", "讲座"), ("lesson", "李娜《秒的认识》"),
    ]  # fmt: skip
    assert [one.title for one in view.undated] == ["听课周"]
    day = view.on(date(2025, 10, 15))
    assert [(one.title, one.label) for one in day] == [("培训", ""), ("研讨", "主题研讨")]
    assert f"{day[1].starts_at:%H:%M} {day[1].place}" == "14:30 兴镇小学"


def test_weeks_are_those_of_the_term(month) -> None:
    weeks = month().weeks
    assert weeks[date(2025, 9, 29)] == "第5周"  # the term begins on Monday, 1 September
    spring = month(date(2026, 2, 9), date(2026, 3, 8)).weeks
    assert spring[date(2026, 2, 16)] == "第2周"  # it begins on Sunday, 15 February
    assert spring[date(2026, 2, 9)] == "第1周"


def _year(services) -> str:
    from app.services.entry.listing import Query

    adoption = services.adoptions.current()
    return services.entries.page(Query("school_year", adoption.id), 0, 1)[0].id


@pytest.fixture
def send(services, story):
    """A synchronous lesson from a teacher to a class elsewhere."""

    def sent(teacher: str, day: str, period: str, to: str, **values) -> str:
        typed = {
            "teacher_id": teacher, "taught_on": day, "period": period, "subject": "数学",
            "class_name": "三(1)班", "form": "同步课堂", "receiving_school_id": to,
            "receiving_class": "三(2)班", **values,
        }  # fmt: skip
        return services.entries.create("lesson", typed, story.adoption_id)

    return sent


def test_a_week_shows_each_lesson_and_marks_collisions(services, story, send) -> None:
    send("王芳", "2025-10-13", "第2节", "坡头小学", title="面积")
    send("王芳", "2025-10-13", "第2节", "荆姚小学", title="周长", class_name="三(2)班")
    send("李娜", "2025-10-15", "第1节", "坡头小学", title="秒")
    table = services.activities.timetable(story.adoption_id, date(2025, 10, 13), date(2025, 10, 19))
    assert table.periods == ("第1节", "第2节")
    assert table.conflicts == ("10月13日（星期一）第2节：王芳同时有两节课",)
    cell = table.at(2, "第1节")
    assert cell[0].lines == (
        "数学 李娜", "《秒》", "兴镇小学三(1)班 → 坡头小学三(2)班", "10月15日",
    )  # fmt: skip
    assert table.grid()[0] == ["节次", "星期一", "星期二", "星期三", "星期四", "星期五"]


def test_one_lesson_for_several_schools_is_no_collision_but_a_class_twice_is(
    services, story, send
) -> None:
    send("王芳", "2025-10-13", "第2节", "坡头小学", title="面积")
    send("王芳", "2025-10-13", "第2节", "荆姚小学", title="面积")
    week = (story.adoption_id, date(2025, 10, 13), date(2025, 10, 19))
    assert services.activities.timetable(*week).conflicts == ()
    send("李娜", "2025-10-13", "2", "坡头小学", title="秒", class_name="五(1)班")
    assert services.activities.timetable(*week).conflicts == (
        "10月13日（星期一）第2节：坡头小学三(2)班同时有两节课",
    )


def test_a_term_folds_what_comes_every_week(services, story, send, tmp_path) -> None:
    for day in ("2025-09-08", "2025-09-15", "2025-09-22", "2025-10-13"):
        send("王芳", day, "第3节", "坡头小学", title=f"课{day}")
    send("张伟", "2025-09-10", "上午第1节", "荆姚小学", title="一课")
    whole = (story.adoption_id, date(2025, 9, 1), date(2026, 2, 14))
    table = services.activities.timetable(*whole)
    assert table.periods == ("上午第1节", "第3节")
    assert table.at(0, "第3节")[0].when == "第2—4、7周"
    assert [name for _id, name in table.schools] == ["兴镇小学", "坡头小学", "荆姚小学"]
    only = services.activities.timetable(*whole, story.schools["荆姚小学"])
    assert [slot.teacher for slot in only.slots] == ["张伟"]
    export_timetable(table, tmp_path / "课表.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "课表.xlsx").active
    assert [cell.value for cell in sheet[1]][:2] == ["节次", "星期一"]
    assert sheet["B3"].value == "数学 王芳\n兴镇小学三(1)班 → 坡头小学三(2)班\n第2—4、7周"
