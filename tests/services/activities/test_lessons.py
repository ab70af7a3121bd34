"""A lesson typed into an activity knows the activity's day and subject."""


def test_a_lesson_of_an_activity_is_on_its_day_unless_said_otherwise(
    services, story, enter
) -> None:
    activity = enter("展课", held_on="2025-10-15", subject="数学")
    create, adoption = services.entries.create, story.adoption_id
    plain = create("lesson", {"teacher_id": "王芳", "title": "面积"}, adoption, activity)
    other = create(
        "lesson",
        {"teacher_id": "李娜", "title": "秒", "taught_on": "2025-10-16", "subject": "科学"},
        adoption,
        activity,
    )
    alone = create("lesson", {"teacher_id": "李娜", "title": "分"}, adoption)
    shown = [
        (row.texts["taught_on"], row.texts["subject"])
        for row in (services.entries.get("lesson", one, adoption) for one in (plain, other, alone))
    ]
    assert shown == [("2025-10-15", "数学"), ("2025-10-16", "科学"), ("", "")]
