"""Reminders: one for each who is asked, ticked off as things come in, handed out in three forms."""

from datetime import date
from pathlib import Path

import pytest
from docx import Document
from docx.oxml.ns import qn
from python_calamine import CalamineWorkbook

from app.errors import NotFoundError, ValidationError
from app.models import Person, School
from app.services.standing.records import Finding
from app.services.standing.slips import MOST_CHARACTERS, Reminders, text, write_excel
from app.services.standing.slips_word import write_word

BY = date(2026, 6, 20)


@pytest.fixture
def reminders(services) -> Reminders:
    return Reminders(services.archive.uow)


@pytest.fixture
def adoption_id(services) -> str:
    return services.adoptions.current().id


@pytest.fixture
def findings(services) -> list[Finding]:
    with services.archive.uow.write("登记") as session:
        school = School(name="兴镇小学")
        people = [Person(name=name, school=school) for name in ("王芳", "李娜")]
        session.add_all(people)
        session.flush()
        wang, li = (one.id for one in people)
        school_id = school.id

    def missing(key: str, what: str, person: str, **more) -> Finding:
        given = {"where": "10月15日 数学研讨", "person_id": person, "school_id": school_id, **more}
        return Finding(key=key, kind="slot", severity="error", what=what, **given)

    return [
        missing("a", "缺教学设计 1 份", wang),
        missing("b", "缺活动心得 1 份", li),
        missing("c", "缺课件 1 份", wang),
        missing("a", "缺教学设计 1 份", wang),
        missing("d", "缺照片", wang, ignored="没有拍"),
        missing("e", "缺年度计划", "", where=""),
    ]


def test_each_person_gets_one_as_one_step(services, reminders, adoption_id, findings) -> None:
    made = reminders.make(adoption_id, findings, by="person", wanted_by=BY)
    assert [(one.name, one.school, [line.words for line in one.lines]) for one in made] == [
        ("王芳", "兴镇小学", ["10月15日 数学研讨：缺教学设计 1 份", "10月15日 数学研讨：缺课件 1 份"]),
        ("李娜", "兴镇小学", ["10月15日 数学研讨：缺活动心得 1 份"]),
    ]  # fmt: skip
    assert {(one.made_on, one.wanted_by) for one in made} == {(date(2026, 3, 2), BY)}
    services.history.undo()
    assert reminders.all(adoption_id, ()) == ()


def test_each_school_gets_one(reminders, adoption_id, findings) -> None:
    [made] = reminders.make(adoption_id, findings, by="school")
    assert (made.name, made.school, made.person_id) == ("兴镇小学", "", None)
    assert [line.finding for line in made.lines] == ["a", "b", "c", "e"]
    assert made.lines[-1].words == "缺年度计划"


def test_lines_tick_themselves_off_and_keep_their_words(reminders, adoption_id, findings) -> None:
    reminders.make(adoption_id, findings, by="person")
    wang, li = sorted(reminders.all(adoption_id, {"c"}), key=lambda one: -len(one.lines))
    assert [(line.finding, line.done) for line in wang.lines] == [("a", True), ("c", False)]
    assert wang.lines[0].words.endswith("缺教学设计 1 份")
    assert li.open == ()


def test_what_cannot_be_asked_is_refused(reminders, adoption_id, findings) -> None:
    with pytest.raises(ValidationError, match="没有可催的"):
        reminders.make(adoption_id, findings[4:], by="person")
    with pytest.raises(ValidationError, match="已经过了"):
        reminders.make(adoption_id, findings, by="person", wanted_by=date(2026, 1, 1))
    with pytest.raises(NotFoundError):
        reminders.make("没有", findings, by="person")
    assert reminders.all(adoption_id, ()) == ()


def test_reminders_are_thrown_away(services, reminders, adoption_id, findings) -> None:
    made = reminders.make(adoption_id, findings, by="person")
    reminders.delete([made[0].id])
    assert [one.name for one in reminders.all(adoption_id, ())] == ["李娜"]
    services.history.undo()
    assert len(reminders.all(adoption_id, ())) == 2
    with pytest.raises(NotFoundError):
        reminders.delete(["没有"])


def test_the_text_for_a_chat_is_short(reminders, adoption_id, findings) -> None:
    wang, li = reminders.make(adoption_id, findings, by="person", wanted_by=BY)
    assert text(wang) == (
        "王芳老师：您好，还差：1. 10月15日 数学研讨：缺教学设计 1 份；"
        "2. 10月15日 数学研讨：缺课件 1 份。请于6月20日前交教导处。"
    )
    [done] = [one for one in reminders.all(adoption_id, {"a"}) if one.id == li.id]
    assert text(done) == "李娜老师：材料已交齐，谢谢！"


@pytest.mark.parametrize("length", [3, 60, 700])
def test_many_lines_are_counted_not_all_named(reminders, adoption_id, findings, length) -> None:
    many = [
        Finding(f"k{n}", "slot", "error", "缺" * length, "活动", person_id=findings[0].person_id)
        for n in range(40)
    ]
    [made] = reminders.make(adoption_id, many, by="person")
    said = text(made)
    assert len(said) <= MOST_CHARACTERS
    assert "共 40 项" in said
    assert said.endswith("请尽快交教导处。")


def test_the_word_document_has_a_slip_for_each(
    reminders, adoption_id, findings, tmp_path: Path
) -> None:
    reminders.make(adoption_id, findings, by="person", wanted_by=BY)
    views = reminders.all(adoption_id, {"a", "b"})
    target = write_word(views, tmp_path / "催交单.docx")
    paragraphs = Document(str(target)).paragraphs
    lines = [one.text for one in paragraphs]
    assert lines.count("催交单") == 2
    assert sum(line.startswith("✂") for line in lines) == 1
    assert "兴镇小学　王芳 老师：" in lines
    assert "以下材料还没有交齐或需要改正，请于2026年6月20日前交到教导处。" in lines
    assert "☐ 1. 10月15日 数学研讨：缺教学设计 1 份" in lines
    assert "☑ 2. 10月15日 数学研讨：缺课件 1 份" in lines
    assert sum("签名" in line for line in lines) == 2
    for paragraph in paragraphs:
        for run in paragraph.runs:
            assert run._element.rPr.rFonts.get(qn("w:eastAsia")) in ("宋体", "黑体")
    # A slip is not torn: all of its lines are kept with the next one, but for the last.
    kept = [one.paragraph_format.keep_with_next for one in paragraphs]
    assert [not one for one in kept] == [line.startswith("✂") or "签名" in line for line in lines]


def test_the_workbook_has_a_row_for_each_line(
    reminders, adoption_id, findings, tmp_path: Path
) -> None:
    reminders.make(adoption_id, findings, by="person", wanted_by=BY)
    target = write_excel(reminders.all(adoption_id, {"a", "b"}), tmp_path / "催交单.xlsx")
    head, *rows = CalamineWorkbook.from_path(str(target)).get_sheet_by_index(0).to_python()
    assert head[:3] == ["单位", "姓名", "要补的材料或要改的问题"]
    assert sorted((row[1], row[2].partition("：")[2], row[3], row[5]) for row in rows) == sorted([
        ("王芳", "缺教学设计 1 份", BY, "未交"), ("王芳", "缺课件 1 份", BY, "已交"),
        ("李娜", "缺活动心得 1 份", BY, "未交"),
    ])  # fmt: skip


def test_a_wrong_ending_and_nothing_to_write_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ValidationError):
        write_word((), tmp_path / "单.docx")
    with pytest.raises(ValidationError):
        write_word((), tmp_path / "单.txt")
    assert list(tmp_path.iterdir()) == []


def test_characters_that_no_document_may_hold_are_left_out(
    reminders, adoption_id, findings, tmp_path: Path
) -> None:
    odd = [Finding("k", "slot", "error", "缺\x07课件\x00", "", person_id=findings[0].person_id)]
    views = reminders.make(adoption_id, odd, by="person")
    lines = [one.text for one in Document(str(write_word(views, tmp_path / "单.docx"))).paragraphs]
    assert "☐ 1. 缺课件" in lines
