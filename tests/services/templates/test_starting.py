"""Every built-in Word form is a template to start from: read again, it fills as the form itself."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from app.errors import ValidationError
from app.services.documents.writing import write
from app.services.forms import catalogue
from app.services.forms.form import Request
from app.services.templates.filling import Order
from app.services.templates.word_file import W, open_word, text_of

if TYPE_CHECKING:
    from pathlib import Path

    from app.bootstrap import Services

STARTABLE = [
    one.key for one in catalogue.forms().values()
    if ".docx" in one.formats and one.template and not one.write
]  # fmt: skip
LEAVES_OUT = {
    "activity-record", "duty-list", "timetable", "summary", "work-report", "plan", "reminder",
    "growth-file", "photo-sheet", "certificate-register",
}  # fmt: skip
"""Forms that leave out what a record does not have, and number their parts after that; as a
template they show all parts, for the office to strike out what it does not want."""


def words(path: Path) -> str:
    body = open_word(path).element.body
    return "".join(re.sub(r"\s+", "", text_of(one)) for one in body.iter(W + "p"))


@pytest.mark.parametrize("key", STARTABLE)
def test_a_built_in_form_is_a_template_to_start_from(
    year: Services, tmp_path: Path, key: str
) -> None:
    form, template = catalogue.form(key), tmp_path / "模板.docx"
    year.templates.start_from(key, template)
    found = year.templates.read(template, form.subject)
    assert [(one.place, one.text) for one in found.spots if one.state != "ok"] == []
    assert found.problems == ()
    assert found.ready
    adoption = year.adoptions.current()
    targets = tuple(one.id for one in year.forms.targets(key, adoption.id)[:1])
    if not targets:
        return  # the sample year has no such record: that it is read is all that can be seen
    request = Request(key, adoption.id, targets)
    now = year.archive.uow.context.clock()
    write(year.forms.document(request), tmp_path / "自带.docx", now)
    subject = year.forms.subject(key)
    Order(template, subject, year.forms.sheets(request)).write(tmp_path / "填好.docx", now)
    filled, built = words(tmp_path / "填好.docx"), words(tmp_path / "自带.docx")
    assert "{{" not in filled
    if key not in LEAVES_OUT:
        assert filled == built


def test_other_forms_are_none(year: Services, tmp_path: Path) -> None:
    with pytest.raises(ValidationError, match="不是 Word 表格"):
        year.templates.start_from("spine", tmp_path / "a.docx")
    with pytest.raises(ValidationError, match=r"\.docx"):
        year.templates.start_from("observation", tmp_path / "a.xlsx")
