"""A workshop with members of three schools, a group, and a staged kind of activity in its scheme."""

from dataclasses import dataclass, field

import pytest

from app.models import Appointment, Community, Person, SchemeAdoption, School, SchoolYear
from app.services.adoption import adopt

STAGED = """
[[activity]]
key = "circuit"
name = "送课巡讲"
stages = [{ name = "备课", gate = "plan-c" }, "磨课", { name = "展课", gate = "film" }, "送课", "总结"]
slots = [
  { key = "plan-c", name = "集体备课记录", due = { days = 7, before = "activity" } },
  { key = "film", name = "课堂录像", waivable = true },
  { key = "designs", name = "教学设计", each = "lesson" },
  { key = "online", name = "直播截图", forms = ["线上"] },
]
"""


@dataclass
class Story:
    """Ids by name."""

    adoption_id: str
    community_id: str
    group_id: str = ""
    schools: dict[str, str] = field(default_factory=dict)
    people: dict[str, str] = field(default_factory=dict)


@pytest.fixture
def story(services) -> Story:
    current = services.adoptions.current()
    made = Story("", current.community_id)
    with services.archive.uow.write("准备") as session:
        old = session.get_one(SchemeAdoption, current.id)
        made.adoption_id = adopt(
            session,
            old.source_text + STAGED,
            old.community,
            session.get_one(SchoolYear, old.school_year_id),
            adopted_at=services.archive.uow.context.clock(),
            answers={"contest-year": "2026"},
        ).id
        group = Community(name="低段组", parent_id=made.community_id)
        session.add(group)
        for name in ("兴镇小学", "坡头小学", "荆姚小学"):
            school = School(name=name)
            session.add(school)
            session.flush()
            made.schools[name] = school.id
        rows = [("王芳", "兴镇小学"), ("李娜", "兴镇小学"), ("张伟", "坡头小学"),
                ("王方", "坡头小学"), ("赵敏", "荆姚小学"), ("外人", "荆姚小学")]  # fmt: skip
        for name, school in rows:
            person = Person(name=name, school_id=made.schools[school])
            session.add(person)
            session.flush()
            made.people[name] = person.id
            if name != "外人":
                session.add(Appointment(
                    community_id=made.community_id, person_id=person.id, role="member"
                ))  # fmt: skip
        session.flush()
        made.group_id = group.id
        for name in ("王芳", "张伟"):
            session.add(Appointment(
                community_id=group.id, person_id=made.people[name], role="member"
            ))  # fmt: skip
    return made


@pytest.fixture
def enter(services, story):
    """Enter an activity: ``enter("研讨", kind="seminar", held_on="2025-10-15")``."""

    def entered(title: str, **values) -> str:
        return services.entries.create("activity", {"title": title, **values}, story.adoption_id)

    return entered
