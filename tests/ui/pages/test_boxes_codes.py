"""编档号 and 核对二维码 as a clerk meets them."""

from datetime import date

import pytest
from PIL import Image
from PySide6.QtCore import Qt

from app.services.evidence.service import Destination, EvidenceEdit
from app.ui.pages.boxes import BoxesPage
from app.ui.pages.boxes_codes import CodesDialog, LabelDialog
from app.ui.pages.print_dialog import PrintDialog
from app.ui.pages.settings import SettingsPage


@pytest.fixture
def boxed(services, adoption, tmp_path):
    """Three photos in one box."""
    item = services.adoptions.find_item(adoption.id, "2.1").id
    for number in (1, 2, 3):
        path = tmp_path / f"示范课{number}.png"
        Image.new("RGB", (30, 20), (number * 20, 90, 120)).save(path)
        [added] = services.evidence.ingest([path], Destination(adoption.id, item)).added
        services.evidence.edit(
            [added.id], EvidenceEdit(pages=1, sealed=True, dated_on=date(2025, 10, number))
        )
    return services.boxes.plan(adoption.id).boxes


@pytest.fixture
def codes(boxed, tools, services, adoption, qtbot):
    dialog = CodesDialog(tools, services, adoption)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, on=False)
    qtbot.addWidget(dialog)
    dialog.show()
    return dialog


def typed(dialog, qtbot, text):
    dialog.pattern.setEditText(text)
    qtbot.waitUntil(lambda: not dialog._pause.isActive())


def test_codes_are_seen_before_they_are_given(codes, services, adoption, qtbot, write) -> None:
    assert codes.words.text() == "将给 3 件编号：WS·2025-D10-0001 至 WS·2025-D10-0003。"
    assert codes.give_button.text() == "给 3 件编档号"
    typed(codes, qtbot, "{年份}-{件号}")
    assert "没有“年份”这一栏" in codes.words.text()
    assert not codes.give_button.isEnabled()
    typed(codes, qtbot, "{年度}-{期限}-{件号:3}")
    assert codes.model.row(0).code == "2025-D10-001"
    assert services.codes.all(adoption.id) == (), "nothing is given by looking"
    qtbot.mouseClick(codes.give_button, Qt.MouseButton.LeftButton)
    assert [one.code for one in services.codes.all(adoption.id)] == [
        "2025-D10-001", "2025-D10-002", "2025-D10-003",
    ]  # fmt: skip
    assert services.settings.get().code_pattern == "{年度}-{期限}-{件号:3}"
    assert not codes.give_button.isEnabled()
    assert "都有档号了" in codes.words.text()


def test_a_code_is_withdrawn_with_its_reason(codes, services, adoption, qtbot, write) -> None:
    codes.give()
    second = services.codes.all(adoption.id)[1]
    codes.table.select([second.id])
    assert not codes.withdraw_button.isEnabled(), "no reason yet"
    write(codes.reason, "重复")
    qtbot.mouseClick(codes.withdraw_button, Qt.MouseButton.LeftButton)
    assert services.codes.all(adoption.id)[1].state_words == "已收回：重复"
    assert codes.reason.text() == ""
    assert "已收回：重复" in codes.gaps.text()
    assert codes.give_button.text() == "给 1 件编档号"


def test_a_label_is_judged_while_it_is_scanned(boxed, services, qtbot) -> None:
    dialog = LabelDialog(services)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, on=False)
    qtbot.addWidget(dialog)
    for text, words in (
        (boxed[0].qr_text, "目录与标签一致，3 件、3 页"),
        ("https://example.org", "不是档案盒标签"),
        ("", ""),
    ):
        dialog.text.setPlainText(text)
        qtbot.waitUntil(lambda: not dialog._pause.isActive())
        assert words in dialog.verdict.text()


def test_the_page_opens_both(boxed, tools, services, adoption, qtbot) -> None:
    page = BoxesPage(tools, services, adoption)
    qtbot.addWidget(page)
    page.refresh(None)
    page.show()
    page.give_codes()
    page.check_label()
    for kind in (CodesDialog, LabelDialog):
        [dialog] = page.findChildren(kind)
        assert dialog.isVisible()
        dialog.close()


def test_a_piece_without_code_is_told_and_leads_to_the_codes(
    boxed, tools, services, adoption, qtbot
) -> None:
    services.codes.give(adoption.id)
    first = services.codes.all(adoption.id)[0]
    services.codes.withdraw([first.id], "写错了")
    page = BoxesPage(tools, services, adoption)
    qtbot.addWidget(page)
    page.refresh(None)
    page.show()
    [finding] = [one for one in page.state.findings if one.kind == "code"]
    assert "还没有档号" in finding.text
    page.go_to_findings([finding])
    [dialog] = page.findChildren(CodesDialog)
    assert dialog.give_button.text() == "给 1 件编档号"
    dialog.close()


def test_all_forms_of_boxes_are_offered_and_written_as_the_file_is_named(
    boxed, tools, services, adoption, qtbot, tmp_path
) -> None:
    page = BoxesPage(tools, services, adoption)
    qtbot.addWidget(page)
    page.refresh(None)
    dialog = PrintDialog(tools, services, adoption, page.state, number=1, parent=page)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, on=False)
    qtbot.addWidget(dialog)
    offered = [dialog.forms.itemData(n) for n in range(dialog.forms.count())]
    assert offered[0] == "box-set"
    assert {"register-old", "stamp", "labels", "volume-set"} <= set(offered)
    dialog.forms.setCurrentIndex(offered.index("register"))
    assert dialog.file_name().endswith("归档文件目录.pdf")
    dialog.save_to(tmp_path / "目录.docx")
    assert (tmp_path / "目录.docx").read_bytes()[:2] == b"PK"


def test_how_codes_are_written_is_a_setting(tools, services, adoption, qtbot, write) -> None:
    page = SettingsPage(tools, services, adoption)
    qtbot.addWidget(page)
    page.refresh(None)
    page.show()
    page.tabs.setCurrentWidget(page.codes)

    def fill(name, text):
        editor = page.codes.rows[name].editor
        editor.setFocus()
        editor.selectAll()
        write(editor, text)
        page.can_leave()

    fill("section_code", "JY")
    assert services.settings.get().section_code == "JY"
    fill("catalogue_no", "3")
    assert services.settings.get().catalogue_no == "3"
