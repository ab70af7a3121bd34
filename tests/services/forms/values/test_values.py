"""Records as forms see them: every field there is, in words, read in batch."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, time
from pathlib import Path

import pytest
from sqlalchemy import event, select

from app.bootstrap import Services  # noqa: TC001
from app.errors import NotFoundError
from app.models import (
    Activity,
    Appointment,
    Attendance,
    Community,
    Evidence,
    Lesson,
    MentorPair,
    Observation,
    Person,
)
from app.services.documents.tree import Picture
from app.services.forms import catalogue
from app.services.forms.form import Sheet, lines, picture, text
from app.services.forms.reading import Reading

OURS = (
    "activity", "lesson", "observation", "rubric", "person", "pair", "leave", "timetable",
    "attendance",
)  # fmt: skip
Read = Callable[..., list[Sheet]]
Reads = Callable[..., Reading]


@pytest.mark.parametrize("key", OURS)
def test_every_field_has_its_value(sheets: Read, key: str) -> None:
    found = sheets(key)
    assert found
    for field in catalogue.subjects()[key].fields:
        for sheet in found:
            assert field.name in sheet.values, field.name
            for line in lines(sheet.values, field.name):
                missing = {one.name for one in field.fields} - line.keys()
                assert not missing, (field.name, missing)


@pytest.mark.parametrize("key", OURS)
def test_names_of_fields_are_told_apart(key: str) -> None:
    fields = catalogue.subjects()[key].fields
    names = [one.name for one in fields]
    assert len(names) == len(set(names))
    for field in fields:
        inner = [one.name for one in field.fields]
        assert len(inner) == len(set(inner))


def test_an_activity_in_words(sheets: Read) -> None:
    (sheet,) = sheets("activity", "第一学期示范课活动")
    values = sheet.values
    expected = {
        "学年": "2025—2026学年", "学期": "第一学期", "周次": "第7周", "星期": "星期三",
        "活动类型": "示范课", "活动日期": "2025年10月15日",
        "活动时间": "2025年10月15日 8:30—11:40", "主持人": "张建华", "记录人": "李红霞",
        "授课教师": "刘㛃、孙丽萍", "课题": "《分数的初步认识》、《倍的认识》",
        "主办单位": "蒲城县实验小学", "协办单位": "蒲城县城南第二小学",
        "应到人数": "15", "实到人数": "14", "请假人数": "1", "缺席人数": "0",
        "未到场人员情况说明": "党卫国（请假：教学点无人代课）", "学校": "蒲城县实验小学",
    }  # fmt: skip
    assert {name: values[name] for name in expected} == expected
    assert (
        text(values, "主要活动流程").split("\n")[0] == "8:30—9:10 示范课《分数的初步认识》（刘㛃）"
    )
    assert "刘㛃" in text(values, "参与人员")
    assert "刘㛃" not in text(values, "听课人员")
    told = text(values, "听课评课记录")
    assert told.startswith("上午两节示范课")
    assert "郑文静评《倍的认识》：用圈一圈" in told


def test_a_preparation_names_its_lesson_and_who_prepared_it(sheets: Read) -> None:
    (sheet,) = sheets("activity", "集体备课")
    values = sheet.values
    assert (values["主备人"], values["课题"]) == ("刘㛃", "《分数的初步认识》")
    assert "分层作业设计：杨雪梅" in text(values, "分工情况")


def test_who_leads_the_group_is_told_by_the_names_of_roles(year: Services, reading: Reads) -> None:
    about = reading()
    with year.archive.uow.write("小组") as session:
        group = Community(name="低段组", parent_id=about.adoption.community_id, kind="小组")
        person = session.scalars(select(Person).where(Person.name == "赵敏")).one()
        session.add(group)
        session.flush()
        # the scheme has no 组长: whoever is appointed is not called one
        session.add(Appointment(community_id=group.id, person_id=person.id, role="head"))
        session.add(Activity(community_id=group.id, title="低段研讨", held_on=date(2025, 11, 3)))
    subject = catalogue.subjects()["activity"]
    (target,) = [one for one in subject.targets(about) if one.title == "低段研讨"]
    (sheet,) = subject.read(about, [target.id])
    assert (sheet.values["教研组"], sheet.values["教研组长"]) == ("低段组", "")


def test_pictures_stand_in_the_lists_of_their_slots(sheets: Read) -> None:
    (sheet,) = sheets("activity", "第一学期示范课活动")
    photos, scans = lines(sheet.values, "照片"), lines(sheet.values, "签到表")
    assert [one["说明"] for one in photos] == [
        "IMG_20251015_083606", "IMG_20251015_093209", "IMG_20251015_104012",
    ]  # fmt: skip
    first = picture(photos[0])
    assert isinstance(first, Picture)
    assert isinstance(first.source, Path)
    assert first.source.is_file()
    assert photos[0]["时间"].__str__().endswith("08:36")
    assert photos[0]["地点"] == "蒲城县实验小学录播教室"
    (scan,) = scans
    shown = picture(scan)
    assert shown is not None
    assert isinstance(shown.source, bytes)
    assert shown.source.startswith(b"\xff\xd8")
    assert [one["材料项"] for one in lines(sheet.values, "材料")].count("活动照片") == 3


def test_a_photo_that_names_the_lesson_shows_its_teacher(year: Services, sheets: Read) -> None:
    with year.archive.uow.write("改题名") as session:
        piece = session.scalars(
            select(Evidence).where(Evidence.original_name == "IMG_20251015_093209.jpg")
        ).one()
        piece.title = "示范课《倍的认识》照片"
    (sheet,) = sheets("activity", "第一学期示范课活动")
    assert [one["人物"] for one in lines(sheet.values, "照片")] == ["", "孙丽萍", ""]


def test_forms_without_pictures_open_no_file(year: Services, reading: Reads) -> None:
    subject = catalogue.subjects()["activity"]
    about = reading("sign-in")
    ids = [one.id for one in subject.targets(about)]
    assert not any(lines(one.values, "照片") for one in subject.read(about, ids))


def test_an_observation_in_words(sheets: Read) -> None:
    found = [one for one in sheets("observation", "分数") if one.values["听课人"] == "李红霞"]
    values = found[0].values
    expected = {
        "课题": "分数的初步认识", "授课教师": "刘㛃", "听课时间": "2025年10月15日 第1节",
        "班级": "三（2）班", "课型": "新授", "得分": "93", "等级": "优", "满分": "100",
        "学科年级": "数学 / 三年级", "听课人职务": "高级教师", "听课节数": "1",
        "等级线": "优：90 分及以上　良：80 分及以上　中：70 分及以上　差：70 分以下",
    }  # fmt: skip
    assert {name: values[name] for name in expected} == expected
    steps = lines(values, "教学过程")
    assert len(steps) == 5
    assert steps[1]["时间"] == "6′"
    assert [one["得分"] for one in lines(values, "评分")] == ["9", "14", "33", "14", "23"]
    assert text(values, "听课意见").count("\n") == 2


def test_a_person_with_the_year(sheets: Read) -> None:
    (sheet,) = sheets("person", "雷小芳")
    values = sheet.values
    assert (values["角色"], values["上课节数"], values["听课节数"]) == ("帮扶对象", "1", "1")
    assert lines(values, "上课")[0]["课题"] == "有余数的除法"


def test_a_pair_with_what_both_did(sheets: Read) -> None:
    (sheet,) = sheets("pair", "王䶮—雷小芳")
    values = sheet.values
    assert (values["听徒弟课节数"], values["听师傅课节数"]) == ("1", "0")
    done = lines(values, "活动")
    assert [one["形式"] for one in done].count("师傅听课") == 1
    assert "帮扶指导：雷小芳汇报课" not in [one["内容"] for one in done]  # told by the observation
    assert [one["序号"] for one in done] == [str(n) for n in range(1, len(done) + 1)]
    days = [text(one, "日期") for one in done]
    assert days[0] == "2025年9月15日"
    assert days[-1] == "2026年5月13日"


def test_leave_with_its_reason(sheets: Read) -> None:
    (sheet,) = sheets("leave", "王䶮")
    assert (sheet.values["请假事由"], sheet.values["假条"]) == ("病假（有假条）", "已交")


def test_a_timetable_merges_what_comes_every_week(sheets: Read) -> None:
    (sheet,) = [one for one in sheets("timetable", "第一学期") if one.values["名称"] == "第一学期"]
    grid = lines(sheet.values, "课表")
    assert [one["节次"] for one in grid] == ["第1节", "第2节", "第3节"]
    assert "第13—14、16—17周" in text(grid[2], "星期三")
    lessons = lines(sheet.values, "课")
    assert [one["听课人"] for one in lessons][:2] == ["李红霞、何春燕、雷小芳", "郑文静"]
    assert [one["序号"] for one in lessons] == [str(n) for n in range(1, len(lessons) + 1)]


def test_weeks_with_lessons_are_targets(reading: Reads) -> None:
    titles = [one.title for one in catalogue.subjects()["timetable"].targets(reading())]
    assert titles[:2] == ["第一学期", "第二学期"]
    assert "第一学期第7周" in titles
    assert "第一学期第8周" not in titles


def test_many_observers_are_named_by_the_first(year: Services, sheets: Read) -> None:
    with year.archive.uow.write("许多人听课") as session:
        lesson = session.scalars(select(Lesson).where(Lesson.title == "倍的认识")).one()
        for number in range(9):
            person = Person(name=f"听课{number}")
            session.add(person)
            session.flush()
            session.add(Observation(
                lesson_id=lesson.id, observer_id=person.id, observed_on=lesson.taught_on
            ))  # fmt: skip
    (sheet,) = [one for one in sheets("timetable", "第一学期") if one.values["名称"] == "第一学期"]
    told = [text(one, "听课人") for one in lines(sheet.values, "课")]
    assert "郑文静、听课0、听课1、听课2等 10 人" in told


@contextmanager
def statements(services: Services) -> Iterator[list[str]]:
    """SQL that is sent while the block runs."""
    engine = services.archive.uow._engine
    sent: list[str] = []

    def note(*args: object) -> None:
        sent.append(str(args[2]))

    event.listen(engine, "before_cursor_execute", note)
    yield sent
    event.remove(engine, "before_cursor_execute", note)


@pytest.mark.parametrize("key", ["activity", "lesson", "observation", "person", "pair", "leave"])
def test_many_records_take_as_many_statements_as_one(
    year: Services, reading: Reads, key: str
) -> None:
    subject, about = catalogue.subjects()[key], reading("sign-in")
    ids = [one.id for one in subject.targets(about)]
    assert len(ids) > 1
    with statements(year) as for_one:
        subject.read(about, ids[:1])
    with statements(year) as for_all:
        subject.read(about, ids)
    assert len(for_all) == len(for_one)


@pytest.mark.parametrize("key", OURS)
def test_what_is_gone_is_named(reading: Reads, key: str) -> None:
    with pytest.raises(NotFoundError) as refused:
        catalogue.subjects()[key].read(reading(), ["没有"])
    assert refused.value.hint


@pytest.mark.parametrize("key", ["activity", "lesson", "observation", "pair", "leave"])
def test_a_blank_form_knows_no_more_than_the_year(reading: Reads, key: str) -> None:
    (sheet,) = catalogue.subjects()[key].read(reading(blank="all"), [])
    said = {name for name, one in sheet.values.items() if one}
    assert said <= {"学年", "学校", "共同体"}


def test_a_record_with_nothing_filled_in(year: Services, reading: Reads) -> None:
    about = reading()
    with year.archive.uow.write("空的") as session:
        activity = Activity(
            community_id=about.adoption.community_id, title="空", held_on=date(2025, 9, 2)
        )
        person = session.scalars(select(Person)).first()
        assert person is not None
        lesson = Lesson(teacher_id=person.id, taught_on=date(2025, 9, 2))
        other = Person(name="无单位")
        session.add_all([activity, lesson, other])
        session.flush()
        session.add(Attendance(activity_id=activity.id, person_id=other.id))
        session.add(Observation(lesson_id=lesson.id, observer_id=other.id))
        session.add(MentorPair(
            community_id=about.adoption.community_id, mentor_id=person.id, mentee_id=other.id
        ))  # fmt: skip
        session.flush()
        ids = {
            "activity": activity.id, "lesson": lesson.id,
            "observation": session.scalars(
                select(Observation.id).where(Observation.lesson_id == lesson.id)
            ).one(),
            "pair": session.scalars(
                select(MentorPair.id).where(MentorPair.mentee_id == other.id)
            ).one(),
        }  # fmt: skip
    for key, one in ids.items():
        (sheet,) = catalogue.subjects()[key].read(about, [one])
        assert all(value is not None for value in sheet.values.values())
    (sheet,) = catalogue.subjects()["activity"].read(about, [ids["activity"]])
    assert (sheet.values["应到人数"], sheet.values["实到人数"]) == ("1", "")
    assert sheet.values["参与人员"] == "无单位"


def test_attendance_person_by_person(sheets: Read) -> None:
    whole, first, _second = (one.values for one in sheets("attendance"))
    assert (whole["学期"], first["学期"]) == ("", "第一学期")
    (line,) = [one for one in lines(whole, "人员") if one["姓名"] == "王䶮"]
    assert (line["应到"], line["到会"], line["请假"], line["缺席"]) == ("8", "7", "1", "")
    assert (line["出勤率"], line["请假缺席情况"]) == ("88%", "12月10日病假（有假条）")
    assert whole["活动次数"] == "9"
    assert int(text(whole, "应到人次")) == int(text(whole, "到会人次")) + 3


def test_clock_times_have_no_needless_zero(year: Services, sheets: Read) -> None:
    with year.archive.uow.write("改时间") as session:
        row = session.scalars(select(Activity).where(Activity.title.contains("例会"))).one()
        row.starts_at, row.ends_at, row.ends_on = time(8, 5), None, date(2025, 9, 16)
    (sheet,) = sheets("activity", "例会")
    assert sheet.values["活动时间"] == "2025年9月15日至9月16日 8:05"
