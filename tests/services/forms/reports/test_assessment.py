"""Self-assessment, reminders and minutes."""

from __future__ import annotations

from datetime import UTC, date, datetime

import openpyxl
import pytest

from app.errors import NotFoundError, ValidationError
from app.models import Activity
from app.services.documents import pdf
from app.services.documents.tree import Heading, Table, texts
from app.services.forms import catalogue
from app.services.forms.form import Sheet
from app.services.forms.reports import assessment, minutes, reminder

CREATED = datetime(2026, 7, 3, tzinfo=UTC)


def said(document) -> str:
    return "\n".join(words for _place, words in texts(document))


def test_self_assessment_is_the_table_or_a_letter(document):
    table, letter = document("self-assessment"), document("self-assessment", layout="official")
    assert any(isinstance(one, Table) for one in table.sections[0].blocks)
    assert not any(isinstance(one, Table) for one in letter.sections[0].blocks)
    heads = [one.text for one in letter.sections[0].blocks if isinstance(one, Heading)]
    assert heads[1] == "一、组织管理"
    assert heads[2].startswith("（一）1.1　")
    assert "自评未定）" in said(letter)
    assert "自评缺" not in said(letter)
    assert letter.sections[0].page.lines == 22


def test_advice_is_left_out_where_it_is_not_wanted(document):
    for layout in ("table", "official"):
        assert "还能补回的分" in said(document("self-assessment", layout=layout))
        assert "还能补回的分" not in said(document("self-assessment", layout=layout, advice="no"))


def test_a_workbook_has_a_sheet_for_each_list(year, request_of, tmp_path):
    made = year.forms.export(request_of("self-assessment"), tmp_path / "自评.xlsx")
    assert any("要人工评分" in one for one in made.notes)
    book = openpyxl.load_workbook(tmp_path / "自评.xlsx")
    assert book.sheetnames[:2] == ["自评表", "还缺的事实"]


def test_somebody_else_is_not_assessed(sheets):
    with pytest.raises(NotFoundError):
        sheets("self-assessment", "community:没有")


def test_reminders_name_what_is_owed(document):
    made = document("reminder", by="2026-07-10", office="教研室")
    words = said(made)
    assert "请于2026年7月10日前交到教研室。" in words
    assert "李红霞老师：" in words
    assert "□ 1．" in words
    slips = made.sections[0].blocks
    assert all(isinstance(one, Table) and not one.outer for one in slips)
    assert all(row.keep_next for slip in slips for row in slip.rows[:-1])
    assert "请尽快交到教导处。" in said(document("reminder"))


def test_reminders_are_one_table_in_excel(year, request_of, tmp_path):
    year.forms.export(request_of("reminder", by="2026-07-10"), tmp_path / "催交.xlsx")
    rows = list(openpyxl.load_workbook(tmp_path / "催交.xlsx").worksheets[0].values)
    [head] = [row for row in rows if "姓名" in row]
    assert "要补的材料或要改的问题" in head
    assert any("李红霞" in row and "2026年7月10日" in row for row in rows)


def test_where_nobody_owes_anything_that_is_said(services, tmp_path):
    from app.services.forms.form import Request

    with pytest.raises(ValidationError, match="没有人欠交材料"):
        services.forms.export(
            Request("reminder", services.adoptions.current().id), tmp_path / "催交单.docx"
        )


def test_minutes_tell_the_activity(year, document, adoption_id):
    with year.archive.uow.read() as session:
        [id_] = [one.id for one in session.query(Activity).filter_by(held_on=date(2025, 9, 15))]
    made = document("minutes", id_)
    heads = [one.text for one in made.sections[0].blocks if isinstance(one, Heading)]
    assert heads == [
        "名师工作坊第一次例会纪要", "一、议题", "二、议程", "三、主要内容", "四、议定事项", "五、下一步工作",
    ]  # fmt: skip
    words = said(made)
    assert "地点：蒲城县实验小学三楼会议室。" in words
    assert "主持：张建华。" in words
    assert "请假、缺席：吴国栋" in words
    assert "蒲城县小学数学名师工作坊\n　　2025年9月15日" in words


@pytest.mark.parametrize(
    "form", [*assessment.FORMS, *minutes.FORMS, *reminder.FORMS], ids=lambda one: one.key
)
def test_any_words_or_none_can_stand_in_any_field(form):
    subject = catalogue.subjects()[form.subject]
    values = {
        one.name: [{of.name: f"{{{{{one.name}.{of.name}}}}}" for of in one.fields}]
        if one.fields else f"{{{{{one.name}}}}}"
        for one in subject.fields if not one.picture
    }  # fmt: skip
    assert "{{" in said(form.build([Sheet(values)], {}))
    for given in (values, {}):
        assert pdf.render_bytes(form.build([Sheet(given)], {}), CREATED).startswith(b"%PDF")
