"""Certificates: numbers given once and never again, texts filled in, withdrawing with a reason."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from app.errors import NotFoundError, ValidationError
from app.models import Activity, Appointment, Attendance, Person, School
from app.services.certificates import PATTERN, Order, Recipient, check_pattern

PEOPLE = (Recipient("王䶮", "甲校"), Recipient("买买提·Mehmet", "乙校"), Recipient("𠅤一", ""))


@pytest.fixture
def order(services):
    return Order(
        services.adoptions.current().id, PEOPLE, "荣誉证书",
        "{姓名} 老师（{单位}）：\n在{学年}{共同体}中被评为“{称号}”。{日期}", "优秀学员", "教研室",
        date(2026, 6, 30),
    )  # fmt: skip


def numbers(services) -> list[str]:
    return [one.number for one in services.certificates.all(services.adoptions.current().id)]


def test_a_batch_is_numbered_and_filled(services, order):
    seen = services.certificates.preview(order)
    services.certificates.give(order)
    made = services.certificates.all(order.adoption_id)
    assert [one.number for one in made] == ["2026证字第001号", "2026证字第002号", "2026证字第003号"]
    assert [one.number for one in seen] == [one.number for one in made]
    assert made[0].body == (
        "王䶮 老师（甲校）：\n在2025—2026学年蒲城县小学数学名师工作坊中被评为“优秀学员”。2026年6月30日"
    )
    assert made[2].name == "𠅤一"


def test_a_batch_is_one_step_and_undone_numbers_do_not_come_again(services, order):
    services.certificates.give(order)
    services.history.undo()
    assert numbers(services) == []
    services.certificates.give(replace(order, recipients=PEOPLE[:1]))
    assert numbers(services) == ["2026证字第004号"]


def test_withdrawn_numbers_do_not_come_again(services, order):
    ids = services.certificates.give(order)
    services.certificates.withdraw(ids[1:2], "  姓名写错 ")
    services.certificates.give(replace(order, recipients=PEOPLE[:1]))
    made = services.certificates.all(order.adoption_id)
    assert [(one.number[-4:-1], one.note) for one in made] == [
        ("001", ""), ("002", "姓名写错"), ("003", ""), ("004", ""),
    ]  # fmt: skip
    assert made[1].withdrawn_on is not None


def test_series_count_for_themselves_but_no_number_is_given_twice(services, order):
    services.certificates.give(replace(order, pattern="证1{号}", recipients=PEOPLE[:1]))
    services.certificates.give(replace(order, pattern="证{号}", recipients=PEOPLE * 4))
    found = numbers(services)
    assert len(set(found)) == len(found) == 13
    assert "证11" in found
    assert {f"证{n}" for n in range(1, 14)} - set(found) == set()


def test_three_hundred_at_once(services, order):
    many = tuple(Recipient(f"教师{n}") for n in range(300))
    services.certificates.give(replace(order, recipients=many))
    assert numbers(services)[-1] == "2026证字第300号"


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"recipients": ()}, "还没有选人"),
        ({"kind": " "}, "种类"),
        ({"body": ""}, "正文"),
        ({"body": "长" * 501}, "正文"),
        ({"body": "{姓名"}, "花括号没有成对"),
        ({"body": "{身份证号}"}, "没有“身份证号”"),
        ({"title": ""}, "没有填称号"),
        ({"body": "{活动}"}, "没有填活动"),
        ({"pattern": "证字"}, "{号}"),
        ({"pattern": "{号}{号}"}, "{号}"),
        ({"pattern": "{号:9}"}, "位数"),
        ({"pattern": "{全宗号}{号}"}, "没有“全宗号”"),
        ({"pattern": "{号"}, "花括号没有成对"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_given(services, order, change, words):
    with pytest.raises(ValidationError, match=words):
        services.certificates.give(replace(order, **change))
    assert numbers(services) == []


def test_usual_pattern_is_right():
    check_pattern(PATTERN)


def test_withdrawing_wants_a_reason_and_a_certificate(services, order):
    ids = services.certificates.give(order)
    with pytest.raises(ValidationError, match="原因"):
        services.certificates.withdraw(ids, " ")
    with pytest.raises(NotFoundError):
        services.certificates.withdraw(["没有"], "写错")


def test_people_of_a_role_or_present_at_an_activity(services):
    adoption = services.adoptions.current()
    with services.archive.uow.write("人员") as session:
        school = School(name="甲校")
        came, left, host = (Person(name=name, school=school) for name in ("到会", "请假", "坊主"))
        session.add_all((came, left, host))
        session.flush()
        for person, role in ((came, "member"), (left, "member"), (host, "head")):
            session.add(Appointment(
                community_id=adoption.community_id, person_id=person.id, role=role
            ))  # fmt: skip
        activity = Activity(
            community_id=adoption.community_id, title="例会", held_on=date(2025, 9, 15)
        )
        activity.attendances = [
            Attendance(person_id=came.id, status="present"),
            Attendance(person_id=left.id, status="leave"),
        ]
        session.add(activity)
    certificates = services.certificates
    assert {one.name for one in certificates.people(adoption.id)} == {"到会", "请假", "坊主"}
    [head] = certificates.people(adoption.id, role="head")
    assert (head.name, head.school, head.roles) == ("坊主", "甲校", "坊主")
    [(activity_id, name)] = certificates.activities(adoption.id)
    assert name == "2025-09-15　例会"
    assert [one.name for one in certificates.people(adoption.id, activity_id=activity_id)] == [
        "到会"
    ]
    assert ("head", "坊主") in certificates.roles(adoption.id)
