"""Templates in an archive: kept, managed, undone, checked, backed up, printed from by every way in."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

import docx
import openpyxl
import pytest

from app.cli.running import main
from app.errors import AppError, ConflictError, ExportError, NotFoundError, ValidationError
from app.services.documents import libreoffice
from app.services.evidence.store import EvidenceStore
from app.services.forms.form import Request
from app.services.safety.backup import back_up
from app.services.safety.check import check
from app.services.templates.looking_excel import excel_tree
from app.services.templates.looking_word import NOTICE, word_tree
from tests.services.templates.office import FORMS, form, word

if TYPE_CHECKING:
    from pathlib import Path

    from app.bootstrap import Services
    from app.services.templates.views import TemplateView


def add(services: Services, name: str, folder: Path, form_key: str = "") -> TemplateView:
    path, subject = form(name, folder), FORMS[name][2]
    spots = services.templates.read(path, subject).spots
    chosen = {one.number: one.content for one in spots}
    return services.templates.add(path, f"县{name}", subject, form_key, chosen)


def problems(services: Services) -> list[str]:
    return [one.kind for one in check(services.archive, full=True).problems]


def test_a_template_is_kept_with_the_archive(services: Services, tmp_path: Path) -> None:
    view = add(services, "listening", tmp_path, "observation")
    assert services.templates.all() == (view,)
    assert (view.name, view.subject_name, view.kind) == ("县listening", "听课记录", "word")
    assert [one.id for one in services.templates.for_form("observation")] == [view.id]
    assert services.templates.for_form("activity-record") == ()
    (tmp_path / "listening.docx").unlink()
    assert services.templates.examined(view.id).ready
    services.templates.save_copy(view.name, tmp_path / "拷贝.docx")
    assert "{{授课教师}}" in docx.Document(str(tmp_path / "拷贝.docx")).tables[0].cell(1, 1).text
    with pytest.raises(ValidationError):
        services.templates.save_copy(view.name, tmp_path / "拷贝.pdf")
    assert problems(services) == []


def test_names_are_asked_for_and_not_given_twice(services: Services, tmp_path: Path) -> None:
    first = add(services, "listening", tmp_path)
    for name, kind in (
        ("", ValidationError),
        ("长" * 61, ValidationError),
        (first.name, ConflictError),
    ):
        with pytest.raises(kind):
            services.templates.add(
                word(tmp_path / "a.docx", "{{课题}}"), name, "observation"
            )  # fmt: skip
    with pytest.raises(ValidationError):
        services.templates.add(tmp_path / "a.docx", "二", "observation", "activity-record")
    with pytest.raises(ValidationError, match="还没有选"):
        services.templates.add(tmp_path / "a.docx", "二", "nothing")
    second = services.templates.add(tmp_path / "a.docx", "二", "observation")
    with pytest.raises(ConflictError):
        services.templates.change(second.id, first.name, "")
    services.templates.change(second.id, "第二", "observation")
    assert services.templates.get("第二").form == "observation"
    with pytest.raises(NotFoundError, match="没有叫“二”的表格"):
        services.templates.get("二")


def test_what_could_not_be_filled_is_not_kept(services: Services, tmp_path: Path) -> None:
    for said in ("没有字段", "{{天气}}", "{{课题"):
        with pytest.raises(ValidationError):
            services.templates.add(word(tmp_path / "a.docx", said), "表", "observation")
    assert services.templates.all() == ()
    assert problems(services) == []


def test_every_step_can_be_taken_back(services: Services, tmp_path: Path) -> None:
    view = add(services, "listening", tmp_path)
    services.templates.replace(view.id, word(tmp_path / "listening.docx", "新 {{课题}}"))
    assert len(services.templates.examined(view.id).spots) == 1
    services.templates.change(view.id, "改名", "")
    services.templates.remove(view.id)
    assert services.templates.all() == ()
    assert problems(services) == []
    for expected in ("改名", "县listening"):
        services.history.undo()
        assert [one.name for one in services.templates.all()] == [expected]
    services.history.undo()
    assert len(services.templates.examined(view.id).spots) > 5
    assert problems(services) == []
    services.history.undo()
    assert services.templates.all() == ()
    services.history.redo()
    assert services.templates.examined(view.id).ready


def test_backup_holds_what_is_and_what_could_come_back(services: Services, tmp_path: Path) -> None:
    view = add(services, "listening", tmp_path)
    services.templates.replace(view.id, word(tmp_path / "listening.docx", "新 {{课题}}"))
    gone = add(services, "record", tmp_path)
    services.templates.remove(gone.id)
    report = back_up(services.archive, tmp_path / "备份")
    store = EvidenceStore(report.path)
    assert report.files == 3
    assert len([one for one in store.root.rglob("*") if one.is_file()]) == 3


def test_a_lost_file_is_found_by_check_and_said_when_used(
    services: Services, tmp_path: Path
) -> None:
    view = add(services, "listening", tmp_path)
    (lost,) = (one for one in EvidenceStore(services.path).root.rglob("*.docx"))
    lost.unlink()
    assert problems(services) == ["missing"]
    assert services.templates.get(view.id).missing
    with pytest.raises(AppError, match="不见了"):
        services.templates.examined(view.id)


def test_the_same_file_as_a_piece_of_evidence_lies_there_once(
    services: Services, tmp_path: Path
) -> None:
    path = word(tmp_path / "表.docx", "{{课题}}")
    services.evidence.ingest([path])
    services.templates.add(path, "表", "observation")
    assert len([one for one in EvidenceStore(services.path).root.rglob("*") if one.is_file()]) == 1
    assert problems(services) == []


def test_the_subject_is_guessed(services: Services, tmp_path: Path) -> None:
    for name, (_make, _ending, subject) in FORMS.items():
        assert services.templates.guess_subject(form(name, tmp_path)) == subject, name


@pytest.mark.parametrize("name", FORMS)
def test_real_records_fill_every_form(year: Services, tmp_path: Path, name: str) -> None:
    view = add(year, name, tmp_path)
    adoption = year.adoptions.current()
    target = tmp_path / f"填好{FORMS[name][1]}"
    year.templates.export(view.id, adoption.id, None, target)
    said = _words(target)
    assert "{{" not in said
    records = year.templates.targets(view.subject, adoption.id)
    sheets = year.forms.sheets_of(view.subject, adoption.id, [one.id for one in records])
    key = {"observation": "授课教师", "activity": "活动地点"}[view.subject]
    if f"{{{{{key}}}}}" in {one.content for one in year.templates.examined(view.id).spots}:
        for sheet in sheets:
            assert str(sheet.values[key]) in said


def _words(path: Path) -> str:
    if path.suffix == ".xlsx":
        book = openpyxl.load_workbook(path)
        return " ".join(str(c.value) for s in book for row in s.iter_rows() for c in row if c.value)
    return "".join(docx.Document(str(path)).element.itertext())


def test_it_takes_the_place_of_the_built_in_form(year: Services, tmp_path: Path) -> None:
    view = add(year, "listening", tmp_path, "observation")
    adoption = year.adoptions.current()
    (first, second) = year.forms.targets("observation", adoption.id)[:2]
    for template in (view.id, view.name, str(form("listening", tmp_path))):
        request = Request("observation", adoption.id, (first.id, second.id), {}, template)
        if template.endswith(".docx"):
            with pytest.raises(ExportError, match="没有要填的字段"):
                year.forms.export(request, tmp_path / "填好.docx")
            continue
        made = year.forms.export(request, tmp_path / "填好.docx")
        assert made.files == (tmp_path / "填好.docx",)
        assert len(docx.Document(str(made.files[0])).sections) == 2
    with pytest.raises(ValidationError, match="填的是听课记录"):
        year.forms.export(
            Request("activity-record", adoption.id, None, {}, view.id), tmp_path / "错.docx"
        )
    with pytest.raises(ValidationError, match=r"\.docx 或 \.pdf"):
        year.forms.export(
            Request("observation", adoption.id, None, {}, view.id), tmp_path / "错.xlsx"
        )
    assert not (tmp_path / "错.docx").exists()


def test_the_command_knows_it_by_name_and_by_file(
    year: Services, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    view = add(year, "ledger", tmp_path)
    path = word(tmp_path / "单.docx", "{{课题}}|{{听课人}}")
    archive = str(year.path)
    year.close()
    out = tmp_path / "台账.xlsx"
    assert main(["export", archive, "template", "--template", view.name, "--out", str(out)]) == 0
    sheet = openpyxl.load_workbook(out).active
    assert sheet["A4"].value == "1"
    assert sheet["C5"].value
    out = tmp_path / "单张.docx"
    assert main(["export", archive, "observation", "--template", str(path), "--out", str(out)]) == 0
    assert "|" in _words(out)
    assert main(["export", archive, "observation", "--template", "没有", "--out", str(out)]) == 3
    assert "没有叫“没有”的表格" in capsys.readouterr().err


def test_a_preview_without_libreoffice_says_that_it_is_a_sketch(
    year: Services, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import pypdfium2

    monkeypatch.setenv(libreoffice.OVERRIDE, str(tmp_path / "none"))
    adoption = year.adoptions.current()
    for name in ("activity", "ledger"):
        view = add(year, name, tmp_path)
        record = year.templates.targets(view.subject, adoption.id)[0]
        pdf = year.templates.preview(view.id, adoption.id, [record.id])
        said = pypdfium2.PdfDocument(pdf)[0].get_textpage().get_text_range()
        assert said.startswith(NOTICE[:12])
        with pytest.raises(ExportError, match="LibreOffice"):
            year.templates.export(view.id, adoption.id, [record.id], tmp_path / "a.pdf")


@pytest.mark.skipif(not libreoffice.found(), reason="LibreOffice is not on this machine")
def test_with_libreoffice_it_becomes_a_pdf(year: Services, tmp_path: Path) -> None:
    import pypdfium2

    view, adoption = add(year, "listening", tmp_path), year.adoptions.current()
    records = [one.id for one in year.templates.targets(view.subject, adoption.id)[:2]]
    year.templates.export(view.id, adoption.id, records, tmp_path / "a.pdf")
    document = pypdfium2.PdfDocument(tmp_path / "a.pdf")
    assert len(document) == 2
    assert NOTICE[:12] not in document[0].get_textpage().get_text_range()


def test_files_are_read_as_trees(tmp_path: Path) -> None:
    tree = word_tree(docx.Document(str(form("tall", tmp_path))), "表")
    (table,) = (one for one in tree.sections[0].blocks if type(one).__name__ == "Table")
    shape = [[(c.text, c.colspan, c.rowspan) for c in row.cells] for row in _rows(table)]
    assert shape[0] == [("参加人员", 1, 5), ("姓名", 1, 1), ("单位", 1, 1), ("职务", 1, 1)]
    assert shape[1] == [("", 1, 1)] * 3
    assert tree.sections[0].page.width == pytest.approx(215.9, abs=0.1)
    sheet = excel_tree(openpyxl.load_workbook(form("ledger", tmp_path)), "表")
    (table,) = sheet.sections[0].blocks  # type: ignore[assignment]
    assert [(c.text, c.colspan) for c in _rows(table)[0].cells] == [("2025—2026学年听课台账", 5)]
    assert [c.text for c in _rows(table)[8].cells] == ["合计", "", "", "", "（公式）"]


def _rows(table: Any) -> Any:
    return table.rows


def test_three_hundred_records_in_one_file(year: Services, tmp_path: Path) -> None:
    view, adoption = add(year, "listening", tmp_path), year.adoptions.current()
    records = [one.id for one in year.templates.targets(view.subject, adoption.id)]
    many = (records * 300)[:300]
    year.templates.export(view.id, adoption.id, many, tmp_path / "全部.docx")
    made = docx.Document(io.BytesIO((tmp_path / "全部.docx").read_bytes()))
    assert len(made.tables) == len(made.sections) == 300
