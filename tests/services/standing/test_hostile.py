"""Bad schemes are named with their place and remedy; bad records never make a crash or a wrong number."""

from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import select

from app.errors import ConflictError, ValidationError
from app.models import CommunityUnit, SchoolYear, Term
from app.services.schemes.loader import load
from app.services.schemes.parts import Counted, Where
from app.services.standing.figures import Fact
from app.services.standing.materials import activity_states

HEAD = """
[scheme]
id = "x"
name = "坏方案"
source = "试"
format = 1
assesses = "person"
[community]
kind = "共同体"
roles = [{ key = "head", name = "组长" }, { key = "member", name = "组员" }]
units = [{ key = "main", name = "主校" }]
groups = [{ key = "g", name = "小组" }]
[[activity]]
key = "open"
name = "公开课"
slots = [{ key = "plan", name = "教案" }]
"""


def quota(text):
    return f'[[quota]]\nkey = "q"\nname = "任务"\n{text}\n'


@pytest.mark.parametrize(
    ("text", "place", "remedy"),
    [
        (quota('of = "lesson"\nmin = -2'), "quota[0].min", "应大于 0"),
        (quota('of = "lesson"\nmin = 5\nmax = 3'), "quota[0].max", "请改正"),
        (quota('of = "lesson"\nabove = 5\nmax = 5'), "quota[0].max", "请改正"),
        (quota('of = "lesson"\nmin = 1\ncounts_for = "boss"'), "quota[0].counts_for", "可用的有"),
        (
            quota('of = "activity"\nmin = 1\nwho = { subject = "person" }\ncounts_for = "host"'),
            "quota[0].counts_for",
            "attendee",
        ),
        (quota('of = "agreement"\nmin = 1\nwho = { subject = "person" }'), "quota[0].of", "共同体"),
        (
            quota('of = "activity"\nmin = 1\nmeasure = "units"\nwho = { subject = "person" }'),
            "quota[0].counts_for",
            "请补上",
        ),
        (quota('of = "pair"\nmin = 1\nmeasure = "days"'), "quota[0].measure", "可用的有"),
        (quota('of = "lesson"\nmin = 1\nmeasure = "days"'), "quota[0].measure", "可用的有"),
        (
            quota('of = "activity"\nmin = 1\ncounts_for = "host"\nmeasure = "people"'),
            "quota[0].measure",
            "units",
        ),
        (
            quota('of = "dispatch"\nmin = 1\nwhere = { kind = "open" }'),
            "quota[0].where.kind",
            "请删去或改正",
        ),
        (
            quota('of = "lesson"\nmin = 1\nwhere = { sealed = true }'),
            "quota[0].where.sealed",
            "不起作用",
        ),
        (quota('of = "pair"\nmin = 1\ncomplete = true'), "quota[0].complete", "请删去"),
        (quota('of = "lesson"\nmin = 1\nwho = { subject = "lesson" }'), "quota[0].who.subject", "请改写"),
        (
            quota('of = "lesson"\nmin = 1\nreplaces = "p"')
            + '[[quota]]\nkey = "p"\nname = "二"\nof = "lesson"\nmin = 1\nreplaces = "q"\n',
            "quota[1].replaces",
            "去掉一处",
        ),
        (
            '[[window]]\naccepts = { from = "06-30", to = "next 01-01" }\n'
            '[[window]]\naccepts = { from = "03-01", to = "02-01" }\n',
            "window[1].accepts.to",
            "就结束",
        ),
        (
            '[[window]]\naccepts = { from = "02-29", to = "06-30" }\n',
            "window[0].accepts.from",
            "02-28",
        ),
        (
            '[[table]]\nno = "1"\nname = "组"\nitems = [{ no = "1.1", name = "甲" }, '
            '{ no = "1.1", name = "乙" }]\n',
            "table[0].items[1].no",
            "请改成不同的编号",
        ),
        (
            '[[score]]\nkey = "a"\nname = "甲"\nwho = { subject = "person" }\n'
            'parts = [{ score = "b", weight = 1 }]\n'
            '[[score]]\nkey = "b"\nname = "乙"\nwho = { subject = "person" }\n'
            'parts = [{ score = "a", weight = 1 }]\n',
            "score[0].parts",
            "循环引用",
        ),
        (
            '[[input]]\nkey = "i"\nname = "分"\nof = "person"\n'
            '[[score]]\nkey = "a"\nname = "甲"\nwho = { subject = "person" }\n'
            'parts = [{ input = "i", weight = 0.4 }]\n',
            "score[0].parts",
            "不是 1",
        ),
    ],
)  # fmt: skip
def test_a_bad_scheme_is_refused_with_place_and_remedy(text, place, remedy):
    with pytest.raises(ValidationError) as caught:
        load(HEAD + text)
    lines = [line for line in caught.value.text.splitlines() if f"{place}：" in line]
    assert lines, caught.value.text
    assert any(remedy in line for line in lines), lines


DAYS = ("2024-02-29", "2026-02-28", "2026-08-31", "2028-02-29")


def everything(w, day):
    """Each way of asking how things stand, on that day."""
    standing, on = w.services.standing, date.fromisoformat(day)
    found = standing.missing(w.adoption, None, on)
    assert all(one.what and one.where for one in found.findings)
    assert 0 <= found.there <= found.demanded
    for line in standing.progress(w.adoption, on).lines:
        assert line.words
        assert line.done >= 0
    results = standing.results(w.adoption, as_of=on)
    for one in results.evaluation.results.values():
        assert one.points is not None or one.lacking
    for subject in (None, *standing.subjects(w.adoption)[:2]):
        table = standing.table(w.adoption, subject, as_of=on)
        assert all(
            item.points is None or item.points >= 0 for g in table.groups for item in g.items
        )
    return found


@pytest.mark.parametrize("preset", ["yijian-sannian", "liuzhou", "shiling-boda"])
def test_bad_records_never_crash(world, preset):
    w = world(preset, year=2025)
    for day in DAYS:  # a community without units, people, activities
        everything(w, day)
    roles = [one.key for one in w.scheme.community.roles]
    units = [one.key for one in w.scheme.community.units]
    w.school("没有角色的学校")
    w.school("甲校", role=units[0] if units else "不知道的角色")
    w.person("张伟", school="甲校", role=roles[0], born="")
    w._names.pop(("person", "张伟"))
    w.person("张伟", role=roles[-1], born="1990", joined="2000-02-29")  # without school, same name
    w.person("李梅", school="没有角色的学校", role="不知道的角色", born="2000-02-29")
    kinds = [one.key for one in w.scheme.activity]
    activity = w.activity(
        kinds[0], "2026-08-31", ends="2026-09-03", present=["张伟", "李梅"], host="甲校"
    )
    w.activity("不知道的类型", None, leader="李梅")
    lesson = w.lesson("李梅", "2026-02-14", activity=activity)
    w.observe("张伟", lesson, on=None)
    w.file("不知道的材料", activity=activity, on=None)
    w.file(
        "",
        item=next((i.no for g in w.scheme.table for i in g.items), ""),
        on="2028-02-29",
        level="国家级",
    )
    before = everything(w, "2026-05-31")
    for day in DAYS:
        everything(w, day)
    w.services.standing.what_if(
        w.adoption, {Fact("input", one.key, s): Decimal(1) for one in w.scheme.input
                     for s in w.services.standing.subjects(w.adoption)}
    )  # fmt: skip
    for subject in w.services.standing.subjects(w.adoption):
        for group in w.scheme.table:
            for item in group.items:
                w.services.standing.proof(w.adoption, item.no, subject)
    w.services.entries.delete("activity", [activity])
    everything(w, "2026-05-31")
    assert not any(one.activity_id == activity for one in w.findings())
    w.services.history.undo()
    assert everything(w, "2026-05-31").findings == before.findings


def test_year_without_terms_and_terms_that_overlap(world):
    w = world("yijian-sannian")
    w.school("甲校", role="main")
    w.person("甲", school="甲校")
    w.lesson("甲", "2026-01-15")
    w.lesson("甲", "2026-02-10")
    counted = Counted(of="lesson", counts_for="teacher")
    with w.services.archive.uow.write("学期") as session:
        first, second = session.scalars(select(Term).order_by(Term.ordinal)).all()
        first.ends_on, second.starts_on = date(2026, 2, 20), date(2026, 2, 10)
    with w.services.archive.uow.read() as session:
        kept = w.services.standing.kept(session, w.adoption)
        spans = kept.setting.calendar.spans("term")
        found = kept.counting(session).totals(counted, "person", spans)
    assert sum(found.values()) == 2  # each lesson once, not in both terms
    with w.services.archive.uow.write("学期") as session:
        for term in session.scalars(select(Term)):
            session.delete(term)
    with w.services.archive.uow.read() as session:
        kept = w.services.standing.kept(session, w.adoption)
        assert len(kept.setting.calendar.spans("term")) >= 1
    for day in DAYS:
        everything(w, day)


def test_a_cycle_may_begin_and_end_in_february(world):
    w = world("yijian-sannian")
    with w.services.archive.uow.write("学年") as session:
        year = session.scalars(select(SchoolYear)).one()
        year.starts_on, year.ends_on = date(2025, 9, 1), date(2028, 2, 29)
    with w.services.archive.uow.read() as session:
        cycle = w.services.standing.kept(session, w.adoption).setting.calendar.cycle
    assert cycle.ends == date(2030, 2, 28)


# -- numbers that were wrong ---------------------------------------------------------------------


def count(w, kind, who, **asked):
    with w.services.archive.uow.read() as session:
        kept = w.services.standing.kept(session, w.adoption)
        year = [kept.setting.calendar.year]
        where = Where(**asked.pop("where", {}))
        found = kept.counting(session).totals(Counted(where=where, **asked), kind, year)
    return found.get((w._id({"unit": "school", "person": "person"}.get(kind, "place"), who) or
                      kept.setting.roster.communities[0].id, 0), Decimal(0))  # fmt: skip


def test_somebody_in_two_groups_is_one_person(world):
    w = world("yijian-sannian")
    w.school("甲校", role="main")
    w.person("甲", school="甲校")
    for name in ("一组", "二组"):
        w.group(name, "leading", members="甲")
        w.activity("classroom", "2025-10-10", group=name, present="甲")
    assert count(w, "community", None, of="activity", measure="people") == 1
    assert count(w, "community", None, of="activity", measure="units", counts_for="attendee") == 1


def test_records_of_a_neighbour_are_not_ours(world):
    w = world("yijian-sannian")
    w.school("甲校", role="main")
    w.person("甲", school="甲校")
    w.person("邻居")
    w.lesson("甲", "2025-10-10")
    w.lesson("邻居", "2025-10-10")
    w.file("x", person="邻居", on="2025-10-10")
    assert count(w, "community", None, of="lesson") == 1
    assert count(w, "community", None, of="evidence") == 0


def test_a_role_counts_while_it_is_held(world):
    w = world("yijian-sannian")
    w.school("甲校", role="main")
    w.person("甲", school="甲校", role="exchange", until="2025-12-31")
    w.lesson("甲", "2025-12-31")
    w.lesson("甲", "2026-01-01")
    assert count(w, "person", "甲", of="lesson", counts_for="exchange") == 1
    assert count(w, "person", "甲", of="lesson", counts_for="teacher") == 2


def test_who_is_not_known_to_be_of_several_units_is_not(world):
    w = world("yijian-sannian")
    w.activity("classroom", "2025-10-10")
    assert count(w, "community", None, of="activity", where={"across_units": False}) == 1
    assert count(w, "community", None, of="activity", where={"across_units": True}) == 0


def test_lessons_of_an_activity_are_each_teachers_own(world):
    w = world("yijian-sannian")
    w.school("甲校", role="main")
    for name in ("甲", "乙"):
        w.person(name, school="甲校")
    activity = w.activity("classroom", "2025-10-10")
    w.lesson("甲", activity=activity)
    w.lesson("乙", activity=activity, hours=2)
    asked = {"of": "activity", "measure": "lessons", "counts_for": "teacher"}
    assert count(w, "person", "甲", **asked) == 1
    assert count(w, "unit", "甲校", **asked) == 3


def test_a_person_whose_school_left_has_no_tasks(world):
    w = world("liuzhou")
    w.school("甲校", role=w.scheme.community.units[0].key)
    w.person("甲", school="甲校")
    with w.services.archive.uow.write("离开") as session:
        for unit in session.scalars(select(CommunityUnit)):
            unit.starts_on, unit.ends_on = date(2020, 9, 1), date(2024, 8, 31)
    lines = w.services.standing.progress(w.adoption).lines
    assert not [one for one in lines if one.subject.name in ("甲", "甲校")]


def test_one_piece_stands_for_one_lesson(world):
    w = world("huawu-primary")
    kind, slot = next(
        (kind.key, slot)
        for kind in w.scheme.activity for slot in kind.slots
        if slot.each == "lesson" and not slot.forms and slot.medium != "both"
    )  # fmt: skip
    w.person("甲")
    activity = w.activity(kind, "2025-10-10")
    lessons = [w.lesson("甲", activity=activity) for _ in range(2)]
    for _ in range(slot.count):
        w.file(slot.key, activity=activity, owner="甲", on="2025-10-10")
    with w.services.archive.uow.read() as session:
        setting = w.services.standing.kept(session, w.adoption).setting
        gaps = activity_states(session, setting)[activity].gaps
    gap = next(one for one in gaps if one.slot.key == slot.key)
    assert gap.missing == slot.count
    assert gap.lessons == (max(lessons),)


def test_deleting_and_undoing_is_counted_at_once(world):
    w = world("yijian-sannian")
    w.school("甲校", role="main")
    w.person("甲", school="甲校", role="main-head")
    lesson = w.lesson("甲", "2025-10-10")
    with pytest.raises(ConflictError) as caught:  # somebody with records is not simply deleted
        w.services.entries.delete("person", [w._id("person", "甲")])
    assert caught.value.hint
    w.services.entries.delete("lesson", [lesson])
    assert count(w, "person", "甲", of="lesson") == 0
    w.services.history.undo()
    assert count(w, "person", "甲", of="lesson") == 1
    for day in DAYS:
        everything(w, day)


def test_below_a_county_each_record_is_of_one_community_and_people_count_once(world):
    w = world("yijian-sannian")
    w.subcommunity("甲共同体", {"甲校": "main"})
    w.subcommunity("乙共同体", {"乙校": "main"})
    w.person("甲", school="甲校")
    w.person("乙", school="乙校")
    w.person("外人")
    for teacher in ("甲", "乙", "乙", "外人"):
        w.lesson(teacher, "2025-10-10")
    w.file("x", person="甲", on="2025-10-10")
    w.file("x", school="乙校", on="2025-10-10")
    for _ in range(2):
        w.activity("classroom", "2025-10-10", subcommunity="甲共同体", present=["甲", "乙"])
    assert count(w, "community", "甲共同体", of="lesson") == 1
    assert count(w, "community", "乙共同体", of="lesson") == 2
    assert count(w, "community", "甲共同体", of="evidence") == 1
    assert count(w, "community", "乙共同体", of="evidence") == 1
    assert count(w, "community", "甲共同体", of="activity", measure="people") == 2
    assert count(w, "community", "乙共同体", of="activity", measure="people") == 0
