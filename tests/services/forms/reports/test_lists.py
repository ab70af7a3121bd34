"""Ledgers, roster, growth file: every record a line, private numbers masked."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from app.errors import ValidationError
from app.models import Dispatch, Evidence, Person
from app.services.documents import pdf
from app.services.documents.tree import Table, texts
from app.services.forms import catalogue
from app.services.forms.form import Sheet, lines
from app.services.forms.reports.lists import FORMS
from app.services.forms.values.ledger import LEDGERS

CREATED = datetime(2026, 7, 3, tzinfo=UTC)


def tables(document) -> list[Table]:
    return [
        one for section in document.sections for one in section.blocks if isinstance(one, Table)
    ]


@pytest.fixture
def busy(year):
    """A dispatch and a piece of evidence on top of the sample year."""
    community = year.adoptions.current().community_id
    with year.archive.uow.write("派驻和材料") as session:
        person = session.query(Person).filter_by(name="王䶮").one()
        session.add(Dispatch(
            community_id=community, person_id=person.id, kind="支教", starts_on=date(2026, 3, 1),
            days=12, lessons=8,
        ))  # fmt: skip
        session.add(Evidence(
            sha256="a" * 64, stored_name="a.pdf", original_name="a.pdf", title="获奖证书",
            author="县教育局", dated_on=date(2026, 5, 1), kind="pdf", media_type="application/pdf",
            size=9, pages=1, level="县", sealed=True, added_at=CREATED,
        ))  # fmt: skip
    return year


@pytest.mark.parametrize(
    ("which", "count", "first"),
    [
        ("activities", 9, ("1", "第一学期", "第3周", "2025年9月15日", "名师工作坊第一次例会", "主题研讨",
                           "", "张建华", "蒲城县实验小学三楼会议室", "16/15", "", "")),
        ("lessons", 14, None),
        ("observations", 10, None),
        ("attendance", 9, ("1", "2025年9月15日", "名师工作坊第一次例会", "蒲城县实验小学三楼会议室", "16",
                           "15", "1", "0", "吴国栋（请假：参加县级培训）")),
        ("evidence", 1, ("1", "2026年5月1日", "获奖证书", "县教育局", "", "PDF 文档", "1", "", "县",
                         "有", "")),
        ("certificates", 6, None),
        ("dispatches", 1, ("1", "王䶮", "蒲城县实验小学", "支教", "", "2026年3月1日", "", "12", "8", "")),
    ],
)  # fmt: skip
def test_each_ledger_has_its_records_as_lines(busy, document, which, count, first):
    [table] = tables(document("ledger", which=which))
    assert len(table.rows) == count
    if first is not None:
        assert table.rows[0].cells == first
    assert pdf.render_bytes(document("ledger", which=which), CREATED)


def test_every_ledger_has_its_columns_and_figures():
    from app.services.forms.measures import load
    from app.services.forms.reports.lists import LedgerLayout

    own = load("ledger", LedgerLayout)
    assert set(own.ledgers) == {key for key, _name in LEDGERS}
    for ledger in own.ledgers.values():
        named = {one.name for one in ledger.columns}
        assert set(ledger.figures) <= named
        assert "序号" in named
        assert sum(one.width for one in ledger.columns) <= 269 - 20


def test_a_term_has_only_its_own_lines(document):
    autumn, spring = (document("ledger", one) for one in ("term-1", "term-2"))
    assert len(tables(autumn)[0].rows) + len(tables(spring)[0].rows) == 9


def test_a_ledger_that_is_not_there_is_refused(document):
    with pytest.raises(ValidationError, match="哪一种台账"):
        document("ledger", which="secrets")


def test_roster_masks_private_numbers_unless_asked(year, document):
    with year.archive.uow.write("电话") as session:
        person = session.query(Person).filter_by(name="刘㛃").one()
        person.phone, person.id_number = "13812345678", "610526199104120021"
    words = [text for _place, text in texts(document("roster", id_number="1"))]
    assert "138****5678" in words
    assert "610***********0021" in words
    assert not any("13812345678" in one for one in words)
    whole = [text for _place, text in texts(document("roster", id_number="1", whole="1"))]
    assert "13812345678" in whole
    [table] = tables(document("roster"))
    assert len(table.rows) == 18
    assert "身份证号" not in [cell.text for cell in table.header[0].cells]


def test_growth_file_has_the_years_of_a_teacher(year, document, sheets):
    with year.archive.uow.read() as session:
        person = session.query(Person).filter_by(name="刘㛃").one().id
    [sheet] = sheets("growth-file", person)
    assert [line["课题"] for line in lines(sheet.values, "授课")] == ["分数的初步认识"]
    words = [text for _place, text in texts(document("growth-file", person))]
    assert "教师个人成长档案" in words
    assert "授课（1 条）" in words
    assert "合计" in words
    everything = [text for _place, text in texts(document("growth-file", person, years="all"))]
    assert "时　　段：全部学年" in everything


def test_growth_file_names_all_sections_of_the_personal_file(sheets):
    from app.services.forms.values import growth

    known = {one.name: {of.name for of in one.fields} for one in growth.FIELDS if one.fields}
    for sheet in sheets("growth-file"):
        for section in sheet.view.sections:
            assert {"序号", *section.columns} == known[section.title]


@pytest.mark.parametrize("form", FORMS, ids=lambda one: one.key)
def test_any_words_can_stand_in_any_field(form):
    subject = catalogue.subjects()[form.subject]
    values = {
        one.name: [{of.name: f"{{{{{one.name}.{of.name}}}}}" for of in one.fields}]
        if one.fields else f"{{{{{one.name}}}}}"
        for one in subject.fields
    }  # fmt: skip
    words = "\n".join(text for _place, text in texts(form.build([Sheet(values)], {})))
    named = next(one.name for one in subject.fields if one.fields)
    assert f"{{{{{named}." in words
    assert pdf.render_bytes(form.build([Sheet({})], {}), CREATED).startswith(b"%PDF")
