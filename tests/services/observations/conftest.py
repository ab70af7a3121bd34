"""People of the school year and an entry to start from."""

from datetime import date

import pytest

from app.models import Person, School
from app.services.observations.records import Entry


@pytest.fixture
def person(services):
    """Make a person of a school: ``person("李芳", "兴镇小学")`` gives the id."""

    def make(name: str, school: str = "") -> str:
        with services.archive.uow.write("登记") as session:
            row = Person(name=name)
            if school:
                row.school = School(name=school)
            session.add(row)
            session.flush()
            return row.id

    return make


@pytest.fixture
def teacher(person) -> str:
    return person("李芳", "兴镇小学")


@pytest.fixture
def observer(person) -> str:
    return person("赵敏", "城关小学")


@pytest.fixture
def entry(teacher, observer) -> Entry:
    return Entry(
        teacher_id=teacher,
        observer_id=observer,
        day=date(2025, 9, 12),
        period="3",
        class_name="三（2）班",
        subject="数学",
        title="分数的初步认识",
    )
