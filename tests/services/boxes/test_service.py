"""Boxes on a real archive: planned, planned again, undone, printed."""

from datetime import date
from pathlib import Path

import pypdfium2
import pytest
from PIL import Image

from app.bootstrap import Services, create_services
from app.errors import ConflictError, ExportError, NotFoundError, ValidationError
from app.services.boxes.service import BoxEdit
from app.services.evidence.service import Destination, EvidenceEdit
from app.services.forms.form import Request
from app.services.setup import NewArchive


@pytest.fixture
def adoption_id(services: Services) -> str:
    return services.adoptions.current().id


def _photo(folder: Path, name: str, shade: int) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    Image.new("RGB", (40, 30), (shade * 20, 90, 120)).save(path, "JPEG")
    return path


@pytest.fixture
def placed(services: Services, adoption_id: str, tmp_path: Path) -> dict[str, str]:
    """Four photos under three items, by their folders; title → id."""
    root = tmp_path / "材料"
    _photo(root / "2.1 示范课", "2025-11-03 示范课现场.jpg", 1)
    _photo(root / "2.1 示范课", "2025-10-15 示范课签到.jpg", 2)
    _photo(root / "1.1 计划总结", "2025年9月1日工作计划.jpg", 3)
    _photo(root / "5.3 资源", "2026-03-01 报道.jpg", 4)
    report = services.evidence.ingest([root], Destination(adoption_id=adoption_id, by_folder=True))
    services.evidence.edit([one.id for one in report.added], EvidenceEdit(sealed=True))
    return {one.name: one.id for one in report.added}


def test_the_plan_follows_the_table_then_the_date(services, adoption_id, placed) -> None:
    [box] = services.boxes.plan(adoption_id).boxes
    assert [(row.seq, row.assessment_no, row.title, row.folio_start) for row in box.rows] == [
        (1, "1.1", "2025年9月1日工作计划", 1),
        (2, "2.1", "2025-10-15 示范课签到", 2),
        (3, "2.1", "2025-11-03 示范课现场", 3),
        (4, "5.3", "2026-03-01 报道", 4),
    ]
    assert box.rows[0].date == date(2025, 9, 1)
    assert box.title_lines == ("蒲城县小学数学名师工作坊", "蒲城县实验小学", "2025—2026学年")
    assert (box.number, box.pages, box.spine_mm) == (1, 4, 20)


def test_one_piece_under_two_items_is_printed_once(services, adoption_id, placed) -> None:
    item = services.adoptions.find_item(adoption_id, "5.1")
    services.evidence.place([placed["2025年9月1日工作计划.jpg"]], item.id)
    [box] = services.boxes.plan(adoption_id).boxes
    [reference] = [row for row in box.rows if row.refers_to]
    assert (reference.assessment_no, reference.refers_to, reference.folio_start) == (
        "5.1",
        "见第1号",
        1,
    )
    assert box.pages == 4


def test_boxes_are_split_by_thickness_and_keep_what_was_typed(
    services, adoption_id, placed
) -> None:
    services.boxes.plan(adoption_id)
    [box] = services.boxes.boxes(adoption_id)
    services.boxes.edit(box.id, BoxEdit(condition="照片一张略有缺损", arranged_by="李雪"))
    services.evidence.edit([placed["2025-10-15 示范课签到.jpg"]], EvidenceEdit(pages=469))
    assert not services.boxes.is_current(adoption_id)
    first, second, third = services.boxes.plan(adoption_id).boxes
    assert services.boxes.is_current(adoption_id)
    assert [row.assessment_no for row in first.rows] == ["1.1"]
    assert [row.assessment_no for row in second.rows] == ["2.1", "2.1"]
    assert [row.assessment_no for row in third.rows] == ["5.3"]
    assert (second.spine_mm, round(second.thickness_mm, 1)) == (50, 47.0)
    assert (first.condition, first.arranged_by) == ("照片一张略有缺损", "李雪")


def test_planning_again_changes_nothing_and_is_no_step(services, adoption_id, placed) -> None:
    services.boxes.plan(adoption_id)
    services.evidence.edit([placed["2026-03-01 报道.jpg"]], EvidenceEdit(author="李雪"))
    services.boxes.plan(adoption_id)
    assert services.history.undo_label() == "修改材料"


def test_a_plan_is_one_step_that_can_be_undone(services, adoption_id, placed) -> None:
    services.boxes.plan(adoption_id)
    before = services.boxes.boxes(adoption_id)
    services.evidence.edit([placed["2025-10-15 示范课签到.jpg"]], EvidenceEdit(pages=469))
    services.boxes.plan(adoption_id)
    services.history.undo()
    assert services.boxes.boxes(adoption_id) == before
    services.history.redo()
    assert len(services.boxes.boxes(adoption_id)) == 3


def test_removed_evidence_leaves_its_box(services, adoption_id, placed) -> None:
    services.boxes.plan(adoption_id)
    services.evidence.delete([placed["2025年9月1日工作计划.jpg"]])
    assert not services.boxes.is_current(adoption_id)
    [box] = services.boxes.plan(adoption_id).boxes
    assert len(box.rows) == 3
    services.history.undo()
    services.history.undo()
    assert services.boxes.is_current(adoption_id)


def test_nothing_placed_is_said(services, adoption_id) -> None:
    with pytest.raises(ConflictError, match="还没有材料归入考核项"):
        services.boxes.plan(adoption_id)
    with pytest.raises(ValidationError, match="请先在“归档”页点“排盒”"):
        services.forms.preview(Request("cover", adoption_id))


def test_findings_name_what_is_to_be_mended(services, adoption_id, placed, tmp_path) -> None:
    early = _photo(tmp_path / "早", "2024-01-01 旧照片.jpg", 9)
    undated = _photo(tmp_path / "早", "无日期.jpg", 10)
    loose = _photo(tmp_path / "早", "2025-12-01 散页.jpg", 11)
    item = services.adoptions.find_item(adoption_id, "示范课")
    report = services.evidence.ingest([early, undated], Destination(adoption_id, item.id))
    services.evidence.ingest([loose])
    services.evidence.edit([report.added[1].id], EvidenceEdit(pages=-1, sealed=True))
    found = {
        (one.kind, one.severity, one.title) for one in services.boxes.plan(adoption_id).findings
    }
    assert found == {
        ("window", "warn", "2024-01-01 旧照片"),
        ("seal", "warn", "2024-01-01 旧照片"),
        ("date", "warn", "无日期"),
        ("pages", "stop", "无日期"),
        ("unplaced", "note", "待归类材料"),
    }
    target = tmp_path / "整套.pdf"
    with pytest.raises(ExportError, match="“无日期”不知道有几页"):
        services.forms.export(Request("box-set", adoption_id), target)
    assert not target.exists()


def test_export_waits_for_a_new_plan_when_evidence_moved(
    services, adoption_id, placed, tmp_path
) -> None:
    services.boxes.plan(adoption_id)
    services.evidence.edit([placed["2026-03-01 报道.jpg"]], EvidenceEdit(pages=3))
    with pytest.raises(ConflictError, match="请重新排盒"):
        services.forms.export(Request("directory", adoption_id), tmp_path / "目录.pdf")


@pytest.mark.parametrize(
    ("what", "words"),
    [
        ("cover", "名师工作坊档案"),
        ("spine", "2025"),
        ("directory", "示范课签到"),
        ("register", "20251015"),
        ("reference-sheet", "本盒共 4 件、4 页"),
        ("box-set", "备考表"),
    ],
)
def test_each_form_is_written_with_its_words(
    services, adoption_id, placed, tmp_path, what, words
) -> None:
    services.boxes.plan(adoption_id)
    target = tmp_path / f"{what}.pdf"
    assert services.forms.export(Request(what, adoption_id, ("1",)), target).notes == ()
    document = pypdfium2.PdfDocument(target)
    text = "".join(page.get_textpage().get_text_range() for page in document)
    document.close()
    assert words in text.replace("\r\n", "")


def test_wrong_wishes_are_said(services, adoption_id, placed, tmp_path) -> None:
    services.boxes.plan(adoption_id)
    with pytest.raises(NotFoundError, match="没有第 7 盒"):
        services.forms.export(Request("cover", adoption_id, ("7",)), tmp_path / "a.pdf")
    with pytest.raises(ValidationError, match="可以输出的有"):
        services.forms.export(Request("letter", adoption_id), tmp_path / "a.pdf")
    with pytest.raises(ValidationError, match=r"请以 \.pdf、\.docx 结尾"):
        services.forms.export(Request("cover", adoption_id), tmp_path / "a.xlsx")
    [box] = services.boxes.boxes(adoption_id)
    with pytest.raises(ValidationError, match="装不下"):
        services.boxes.set_width(box.id, 0.2)
    services.boxes.set_width(box.id, 35)
    assert services.boxes.boxes(adoption_id)[0].spine_mm == 35


def test_where_a_scheme_binds_its_materials_the_boxes_are_volumes(context, tmp_path) -> None:
    wanted = NewArchive("jianxing", "城关片教共体", "城关小学", 2025)
    with create_services(tmp_path / "案卷库", wanted, context) as services:
        adoption_id = services.adoptions.current().id
        item = next(one for one in services.adoptions.items(adoption_id) if one.parent_id)
        for shade, pages in enumerate((150, 40, 10)):
            path = _photo(tmp_path / "卷", f"2025-10-0{shade + 1} 材料.jpg", shade)
            [added] = services.evidence.ingest([path], Destination(item_id=item.id)).added
            services.evidence.edit([added.id], EvidenceEdit(pages=pages, sealed=True))
        first, second = services.boxes.plan(adoption_id).boxes
        assert [(one.label, one.spine_mm) for one in (first, second)] == [
            ("第 1 卷", 20),
            ("第 2 卷", 10),
        ]
        assert first.qr_text.startswith("案卷 城关片教共体 2025—2026学年 第1卷")
        services.settings.change(volume_widths=(15.0, 50.0))
        [whole] = services.boxes.plan(adoption_id).boxes
        assert (whole.spine_mm, whole.bound) == (50, "volumes")
        target = tmp_path / "案卷.pdf"
        services.forms.export(Request("volume-set", adoption_id), target)
        document = pypdfium2.PdfDocument(target)
        assert len(document) == 4
        document.close()
