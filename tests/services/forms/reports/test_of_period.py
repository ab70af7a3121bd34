"""Summary, work report and plan: what they say, what is left out, what carries over."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from app.errors import NotFoundError, ValidationError
from app.models import Activity, SchemeAdoption, SchoolYear
from app.services.documents import pdf
from app.services.documents.tree import Heading, Table, texts
from app.services.forms import catalogue
from app.services.forms.form import Sheet, lines, text
from app.services.forms.reports.of_period import FORMS

CREATED = datetime(2026, 7, 3, tzinfo=UTC)


def said(document) -> str:
    return "\n".join(words for _place, words in texts(document))


def heads(document) -> list[str]:
    """Headings in the order of the document; captions of tables are smaller."""
    return [
        one.text
        for section in document.sections
        for one in section.blocks
        if isinstance(one, Heading) and one.style.size > 12
    ]


def test_summary_tells_the_year_in_figures_tables_and_typed_parts(document):
    made = document("summary")
    assert heads(made)[:14] == [
        "蒲城县小学数学名师工作坊\n2025—2026学年工作总结", "一、基本情况", "二、工作目标与思路",
        "三、工作开展情况", "（一）活动开展", "（二）课例与听评课", "（三）计划落实与材料归档",
        "四、主要做法与成效", "（一）课例研究抓得实", "（二）送教下乡走到点", "（三）帮扶培养落到人",
        "五、荣誉与成果", "六、存在的问题", "七、下一步打算",
    ]  # fmt: skip
    assert heads(made)[-1] == "蒲城县小学数学名师工作坊\n2025—2026学年大事记"
    words = said(made)
    assert "本学年共开展活动9次，到会94人次，出勤率96.9%，其中示范课2次" in words
    assert "成员18人，其中坊主1人、工作点名师4人" in words
    assert "计划9项，已开展9项。" in words
    assert "2026年7月3日" in words
    tables = [one for one in made.sections[0].blocks if isinstance(one, Table)]
    assert len(tables[-1].rows) == 9  # 大事记
    assert tables[-1].rows[0].cells[:3] == ("1", "2025.9.15", "名师工作坊第一次例会")


def test_a_term_has_only_what_happened_in_it(sheets):
    [whole] = sheets("summary")
    [autumn] = sheets("summary", "term-1")
    [spring] = sheets("summary", "term-2")
    counts = [int(text(one.values, "活动次数")) for one in (autumn, spring, whole)]
    assert counts[0] + counts[1] == counts[2] == 9
    assert text(autumn.values, "时段") == "2025—2026学年第一学期"
    assert text(autumn.values, "本时段") == "本学期"
    assert text(autumn.values, "考核自评") == ""
    assert len(lines(autumn.values, "计划安排")) == 6


def test_an_unknown_period_is_refused(sheets):
    with pytest.raises(NotFoundError, match="term-9"):
        sheets("summary", "term-9")


def test_nothing_chosen_is_the_year_alone(year, request_of, tmp_path):
    made = year.forms.export(request_of("plan"), tmp_path / "计划.pdf")
    assert made.notes == ()
    assert len(year.forms.document(request_of("plan")).sections) == 1


def test_plan_has_its_items_by_month(document):
    made = document("plan")
    [table] = [one for one in made.sections[0].blocks if isinstance(one, Table)]
    assert [row.cells[1] for row in table.rows][:3] == ["2025年9月", "2025年9月", "2025年10月"]
    assert "四、工作安排" in heads(made)


def test_report_goes_to_somebody_and_has_annexes(document):
    made = document(
        "work-report", to="县教育局教研室", unit="某某工作坊", date="2026-06-05", sealed="1"
    )
    words = said(made)
    assert "县教育局教研室：" in words
    assert "附件：1.蒲城县小学数学名师工作坊2025—2026学年活动一览表" in words
    assert "附件2" in words
    assert "某某工作坊\n" in words
    assert "2026年6月5日" in words


def test_what_is_not_typed_is_told_and_carried_over_texts_are_not_printed(
    year, request_of, tmp_path
):
    made = year.forms.export(request_of("work-report"), tmp_path / "报告.pdf")
    assert any("“存在问题”还没有写，可沿用工作总结的文字" in one for one in made.notes)
    assert any(one.startswith("“需要支持的事项”还没有写，报告里没有") for one in made.notes)
    assert "二、主要做法与成效" not in said(year.forms.document(request_of("work-report")))


def test_texts_carry_over_from_the_plan_and_from_last_year(year, adoption_id):
    forms = year.forms
    with year.archive.uow.write("下一学年") as session:
        old = session.get_one(SchemeAdoption, adoption_id)
        later = SchoolYear(year=2026, starts_on=date(2026, 9, 1), ends_on=date(2027, 8, 31))
        new = SchemeAdoption(
            community_id=old.community_id, school_year=later, scheme_key=old.scheme_key,
            source_text=old.source_text, adopted_at=CREATED,
        )  # fmt: skip
        session.add(new)
    got = forms.texts("summary", new.id, "year")
    assert got["problems"].carried_from == "2025—2026学年"
    assert got["problems"].text.startswith("1.个别成员校")
    assert got["aims"].carried_from == "2025—2026学年"
    forms.save_text("plan", new.id, "year", "aims", "新学年的目标")
    forms.save_text("summary", new.id, "year", "problems", "")
    got = forms.texts("summary", new.id, "year")
    assert (got["aims"].text, got["aims"].carried_from) == ("新学年的目标", "工作计划")
    assert (got["problems"].text, got["problems"].carried_from) == ("", "")
    assert forms.texts("summary", adoption_id, "year")["problems"].carried_from == ""
    assert forms.texts("summary", new.id, "term-1")["problems"].text == ""
    year.history.undo()
    assert forms.texts("summary", new.id, "year")["problems"].carried_from == "2025—2026学年"


def test_an_unknown_part_is_refused(year, adoption_id):
    with pytest.raises(ValidationError):
        year.forms.save_text("summary", adoption_id, "year", "nothing", "字")


@pytest.mark.parametrize("form", FORMS, ids=lambda one: one.key)
def test_any_words_can_stand_in_any_field(form):
    """As templates do: placeholders instead of values, one line in each list."""
    subject = catalogue.subjects()[form.subject]
    values = {
        one.name: [{of.name: f"{{{{{one.name}.{of.name}}}}}" for of in one.fields}]
        if one.fields else f"{{{{{one.name}}}}}"
        for one in subject.fields
    }  # fmt: skip
    words = said(form.build([Sheet(values)], {}))
    for part in form.parts:
        assert f"{{{{{part.name}}}}}" in words
    assert "{{共同体}}" in words


@pytest.mark.parametrize("form", FORMS, ids=lambda one: one.key)
def test_nothing_at_all_makes_a_page_still(form):
    made = form.build([Sheet({})], {})
    assert pdf.render_bytes(made, CREATED).startswith(b"%PDF")
    assert len(heads(made)) == 1


def test_hostile_names_and_500_activities_are_printed(year, document):
    community = year.adoptions.current().community_id
    with year.archive.uow.write("很多活动") as session:
        session.add_all(
            Activity(
                community_id=community, held_on=date(2025, 10, 1 + number % 28), kind="seminar",
                title=f"{number} 买买提·Mehmet 䶮 𠅤 馬" + "长" * (120 if number % 50 == 0 else 3),
                theme="</w:t>&<b>", place="A" * 60,
            )
            for number in range(500)
        )  # fmt: skip
    made = document("summary", "term-1")
    tables = [one for one in made.sections[0].blocks if isinstance(one, Table)]
    assert len(tables[-1].rows) == 506
    assert pdf.render_bytes(made, CREATED) == pdf.render_bytes(made, CREATED)
