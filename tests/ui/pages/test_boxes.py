"""归档 as a clerk works in it: by mouse, by keyboard, down to the printed sheet."""

from datetime import date

import pypdfium2
import pytest
from PIL import Image
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDesktopServices, QDragEnterEvent, QDragMoveEvent, QDropEvent
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtWidgets import QApplication

from app.services.evidence.service import Destination, EvidenceEdit
from app.services.forms.form import Request
from app.ui.framework.printing import print_pdf
from app.ui.pages.boxes import BoxesPage
from app.ui.pages.boxes_model import LOOSE_AT_ONCE
from app.ui.pages.print_dialog import PrintDialog

CTRL = Qt.KeyboardModifier.ControlModifier


class Open:
    """Takes what would be opened in another program."""

    def __init__(self):
        self.paths = []

    def __call__(self, url):
        self.paths.append(url.toLocalFile())
        return True


@pytest.fixture
def opened(monkeypatch):
    taker = Open()
    monkeypatch.setattr(QDesktopServices, "openUrl", taker)
    return taker


@pytest.fixture
def said(tools):
    heard = []
    tools.messages.bar_ready()
    tools.messages.posted.connect(heard.append)
    return heard


@pytest.fixture
def made(qtbot, tools, services, adoption):
    gone = []
    page = BoxesPage(tools, services, adoption, lambda *where: gone.append(where))
    qtbot.addWidget(page)
    page.gone = gone
    services.archive.uow.subscribe(page.refresh)
    page.resize(1180, 640)
    page.refresh(None)
    page.show()
    qtbot.waitExposed(page)
    page.activateWindow()
    return page


@pytest.fixture
def ids(services, adoption, tmp_path):
    """Four photos: one under 1.1, two under 2.1, one under nothing; title → id."""
    root = tmp_path / "材料"
    for number, name in enumerate(
        (
            "1.1 计划/2025-09-01 工作计划.jpg",
            "2.1 示范课/2025-10-15 签到.jpg",
            "2.1 示范课/2025-11-03 现场.jpg",
            "2025-12-01 报道.jpg",
        ),
        start=1,
    ):
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        Image.new("RGB", (40, 30), (number * 20, 90, 120)).save(path)
    to = Destination(adoption_id=adoption.id, by_folder=True)
    report = services.evidence.ingest([root], to)
    services.evidence.edit([one.id for one in report.added], EvidenceEdit(sealed=True))
    return {one.name.removesuffix(".jpg").partition(" ")[2]: one.id for one in report.added}


@pytest.fixture
def page(ids, made):
    return made


@pytest.fixture
def boxed(page):
    page.plan()
    return page


def item(page, no):
    """Node of the assessment item of that number."""
    return next(
        n
        for n in page.parts.tree.items.walk()
        if n.item_id and n.words.split()[0] == no and not n.piece
    )


def under(page, no):
    return sorted(node.piece.title.partition(" ")[2] for node in item(page, no).children)


def go_to(page, node):
    tree = page.parts.tree
    tree.setCurrentIndex(tree.items.index_of(node))
    tree.setFocus()


def press(qtbot, page, key, modifier=Qt.KeyboardModifier.NoModifier):
    qtbot.waitUntil(lambda: QApplication.activeWindow() is page)
    qtbot.keyClick(QApplication.focusWidget() or page, key, modifier)


def drop(page, data, node, action=Qt.DropAction.MoveAction, modifiers=None):
    """Let something go over a line of the tree, as the window system tells it."""
    tree = page.parts.tree
    index = tree.items.index_of(node)
    tree.expand(index.parent())
    tree.scrollTo(index)
    place = tree.visualRect(index).center()
    both = Qt.DropAction.MoveAction | Qt.DropAction.CopyAction
    wanted = (both, data, Qt.MouseButton.LeftButton, modifiers or Qt.KeyboardModifier.NoModifier)
    target = tree.viewport()
    QApplication.sendEvent(target, QDragEnterEvent(place, *wanted))
    move = QDragMoveEvent(place, *wanted)
    move.setDropAction(action)
    QApplication.sendEvent(target, move)
    event = QDropEvent(QPointF(place), *wanted)
    event.setDropAction(action)
    QApplication.sendEvent(target, event)
    return move, event


def held(page, *evidence_ids):
    tree = page.parts.tree
    assert tree.select(evidence_ids)
    return tree.items.mimeData(tree.selectionModel().selectedRows())


# -- what is shown ---------------------------------------------------------------------------


def test_without_evidence_one_sentence_and_the_way_to_the_material_page(made):
    made._empty.button.click()
    assert made.gone == [("materials", "")]


def test_before_anything_is_placed_it_says_how(services, made, ids, adoption):
    for no in ("1.1", "2.1"):
        node = item(made, no)
        made.put([(n.piece.id, n.item_id) for n in node.children], None)
    assert made.parts.boxes.currentWidget() is made.parts.nothing_placed
    made.put([(ids["签到"], None)], item(made, "2.1").item_id)
    assert made.parts.boxes.currentWidget() is made.parts.no_boxes
    made.parts.no_boxes.button.click()
    assert made.parts.boxes.currentWidget() is made.parts.list


def test_the_tree_tells_what_is_there_and_what_is_lacking(page):
    model = page.parts.tree.items
    assert model.loose.count == 1
    assert under(page, "2.1") == ["现场", "签到"]

    def row(node):
        index = model.index_of(node)
        return [index.siblingAtColumn(column).data() for column in range(3)]

    assert row(item(page, "2.1")) == ["2.1 示范课", "2", "2"]
    assert row(item(page, "2.2"))[1:] == ["缺", ""]
    assert "2.2" in model.index_of(item(page, "2.2")).data(Qt.ItemDataRole.AccessibleTextRole)


def test_the_unplaced_come_in_portions(made, services, tmp_path, qtbot):
    folder = tmp_path / "多"
    folder.mkdir()
    for number in range(LOOSE_AT_ONCE + 5):
        (folder / f"{number}.txt").write_text(f"第{number}份", encoding="utf-8")
    services.evidence.ingest([folder])
    tree = made.parts.tree
    tree.show_loose()
    loose = tree.items.loose
    assert (loose.count, tree.items.listed) == (LOOSE_AT_ONCE + 5, LOOSE_AT_ONCE)
    assert "还有 5 份" in loose.children[-1].words
    go_to(made, loose.children[-1])
    press(qtbot, made, Qt.Key.Key_Return)
    assert (tree.items.listed, len(loose.children)) == (LOOSE_AT_ONCE + 5, LOOSE_AT_ONCE + 5)
    assert tree.currentIndex().row() == LOOSE_AT_ONCE, "on the first of the new ones"
    made.refresh(None)
    assert tree.items.listed == LOOSE_AT_ONCE + 5


def test_find_goes_from_hit_to_hit(page, qtbot):
    page.parts.search.setFocus()
    qtbot.keyClicks(page.parts.search, "2025-1")
    tree = page.parts.tree
    first = tree.items.node(tree.currentIndex()).words
    qtbot.keyClick(page.parts.search, Qt.Key.Key_Return)
    second = tree.items.node(tree.currentIndex()).words
    assert "2025-1" in first
    assert "2025-1" in second
    assert first != second


# -- putting in order ------------------------------------------------------------------------


def test_dragging_moves_and_with_ctrl_serves_both(page, ids):
    drop(page, held(page, ids["签到"], ids["现场"]), item(page, "2.2"))
    assert (under(page, "2.1"), under(page, "2.2")) == ([], ["现场", "签到"])
    drop(page, held(page, ids["现场"]), item(page, "1.1"), Qt.DropAction.CopyAction, CTRL)
    assert (under(page, "2.2"), under(page, "1.1")) == (["现场", "签到"], ["工作计划", "现场"])
    page._services.history.undo()
    page._services.history.undo()
    assert under(page, "2.1") == ["现场", "签到"], "one step takes a whole move back"


def test_a_group_takes_nothing(page, ids):
    group = item(page, "2.1").parent
    move, _event = drop(page, held(page, ids["工作计划"]), group)
    assert not move.isAccepted()
    assert under(page, "1.1") == ["工作计划"]


def test_dragging_to_the_unplaced_takes_out(page, ids):
    drop(page, held(page, ids["工作计划"]), page.parts.tree.items.loose)
    assert under(page, "1.1") == []
    assert page.parts.tree.items.loose.count == 2


def test_files_from_the_desktop_come_in_under_the_item_and_stay_where_they_were(
    page, tmp_path, said
):
    new = tmp_path / "新照片.jpg"
    Image.new("RGB", (40, 30), "red").save(new)
    broken = tmp_path / "空.pdf"
    broken.write_bytes(b"")
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in (new, broken)])
    _move, event = drop(page, data, item(page, "3.1"))
    assert event.dropAction() == Qt.DropAction.CopyAction, "else the file manager removes them"
    assert [node.piece.title for node in item(page, "3.1").children] == ["新照片"]
    assert new.exists()
    assert said[-1].kind == "warning"
    assert "空.pdf" in said[-1].hint


def test_cut_and_paste_copy_and_paste_and_del_by_keys(page, ids, qtbot):
    tree = page.parts.tree
    tree.select([ids["签到"]])
    tree.setFocus()
    press(qtbot, page, Qt.Key.Key_X, CTRL)
    go_to(page, item(page, "2.2"))
    press(qtbot, page, Qt.Key.Key_V, CTRL)
    assert (under(page, "2.1"), under(page, "2.2")) == (["现场"], ["签到"])
    tree.select([ids["现场"]])
    press(qtbot, page, Qt.Key.Key_C, CTRL)
    go_to(page, item(page, "2.2"))
    press(qtbot, page, Qt.Key.Key_V, CTRL)
    assert (under(page, "2.1"), under(page, "2.2")) == (["现场"], ["现场", "签到"])
    tree.select([ids["签到"]])
    press(qtbot, page, Qt.Key.Key_Delete)
    assert under(page, "2.2") == ["现场"]
    assert page._services.catalogue.get(ids["签到"]).placed == (), "out of the item, in the archive"


def test_moving_keeps_what_is_open_and_can_be_taken_back(page, ids, said):
    tree = page.parts.tree
    tree.select([ids["签到"]])
    page.put(tree.selected(), item(page, "2.2").item_id)
    assert tree.isExpanded(tree.items.index_of(item(page, "2.1")))
    assert tree.items.node(tree.currentIndex()) is item(page, "2.1"), "where the piece lay"
    said[-1].action()
    assert under(page, "2.1") == ["现场", "签到"]


def test_the_notice_takes_back_nothing_but_its_own_move(page, ids, said):
    page.put([(ids["签到"], item(page, "2.1").item_id)], item(page, "2.2").item_id)
    moved = said[-1]
    page.plan()
    moved.action()
    assert said[-1].text == "之后又做了别的修改。"
    assert under(page, "2.2") == ["签到"]
    assert page.state.boxes, "the plan stands"


def test_the_menu_offers_what_is_possible(page, ids):
    tree = page.parts.tree
    go_to(page, item(page, "2.2"))
    actions = {action.text(): action for action in tree.menu().actions()}
    assert not actions["剪切（移到别的考核项）"].isEnabled()
    tree.select([ids["签到"], ids["现场"]])
    tree.cut()
    go_to(page, item(page, "2.2"))
    actions = {action.text(): action for action in tree.menu().actions()}
    actions["把 2 份材料放到这里"].trigger()
    assert under(page, "2.2") == ["现场", "签到"]


def test_enter_opens_the_file(page, ids, opened, qtbot):
    page.parts.tree.select([ids["签到"]])
    page.parts.tree.setFocus()
    press(qtbot, page, Qt.Key.Key_Return)
    assert opened.paths == [str(page._services.evidence.path(ids["签到"]))]


# -- boxes -----------------------------------------------------------------------------------


def test_planning_tells_how_much_there_is(boxed, said):
    assert boxed.subtitle.text() == "1 盒，3 件，3 页"
    boxed.plan()
    assert said[-1].text == "已排盒：1 盒，3 件，3 页。"
    index = boxed.parts.list.boxes.index(0)
    assert index.data(Qt.ItemDataRole.AccessibleTextRole) == (
        "第 1 盒，盒脊 20 毫米，纸厚 0.3 / 17 毫米，3 件 · 3 页 · 页次 1—3"
    )
    rows = boxed.parts.directory.rows
    assert [rows.index(n, 3).data() for n in range(3)] == ["1", "2", "3"]


def test_boxes_that_are_out_of_date_say_so_until_planned_again(boxed, ids):
    assert not boxed.parts.stale.isVisible()
    boxed.put([(ids["报道"], None)], item(boxed, "5.3").item_id)
    assert boxed.parts.stale.isVisible()
    boxed.parts.stale.button.click()
    assert not boxed.parts.stale.isVisible()
    assert boxed.subtitle.text() == "1 盒，4 件，4 页"


def test_a_piece_under_two_items_is_referred_to(boxed, ids):
    boxed.put([(ids["工作计划"], None)], item(boxed, "5.1").item_id)
    boxed.plan()
    rows = boxed.parts.directory.rows
    assert [rows.index(n, 5).data() for n in range(4)] == ["", "", "", "见第1号"]
    assert boxed.state.boxes[0].pieces == 3


def test_width_and_reference_sheet_save_themselves(boxed, qtbot, write):
    form = boxed.parts.form
    boxed.parts.tabs.setCurrentIndex(1)
    form.focus("spine_mm")
    form.rows["spine_mm"].editor.setText("35")
    qtbot.keyClick(form.rows["spine_mm"].editor, Qt.Key.Key_Return)
    form.focus("arranged_by")
    write(form.rows["arranged_by"].editor, "李红霞")
    form.rows["arranged_on"].editor.setText("2026年6月24日")
    assert form.commit_all()
    [box] = boxed._services.boxes.boxes(boxed._adoption.id)
    assert (box.spine_mm, box.arranged_by, box.arranged_on) == (35, "李红霞", date(2026, 6, 24))
    form.rows["arranged_on"].editor.setText("")
    form.rows["spine_mm"].editor.setText("0.2")
    form.commit_all()
    [box] = boxed._services.boxes.boxes(boxed._adoption.id)
    assert (box.spine_mm, box.arranged_on) == (35, None)
    assert "装不下" in form.rows["spine_mm"].note.text()
    form.rows["spine_mm"].editor.setText("宽")
    form.commit_all()
    assert "要填数字" in form.rows["spine_mm"].note.text()


def test_the_preview_follows_the_choice(boxed, qtbot):
    preview = boxed.parts.preview
    qtbot.waitUntil(lambda: preview.preview.pages == 1)
    preview.forms.setCurrentIndex(preview.forms.findData("box-set"))
    qtbot.waitUntil(lambda: preview.preview.pages > 3)
    preview.preview.turn(2)
    boxed._look()
    qtbot.wait(300)
    assert preview.preview.page == 2, "a change elsewhere does not turn the page"


def test_f6_goes_round_the_columns(boxed, qtbot):
    parts = boxed.parts
    qtbot.waitUntil(lambda: parts.preview.preview.pages == 1)
    parts.tree.setFocus()
    for expected in (parts.list, parts.preview.preview.canvas, parts.tree):
        press(qtbot, boxed, Qt.Key.Key_F6)
        assert QApplication.focusWidget() is expected
    press(qtbot, boxed, Qt.Key.Key_F6, Qt.KeyboardModifier.ShiftModifier)
    assert QApplication.focusWidget() is parts.preview.preview.canvas


# -- findings --------------------------------------------------------------------------------


def test_a_finding_leads_to_the_field_that_mends_it(boxed, ids, services, qtbot):
    services.evidence.edit([ids["签到"], ids["现场"]], EvidenceEdit(pages=-1, sealed=False))
    panel = boxed.parts.findings
    boxed.show_view("findings")
    assert panel.words.text().startswith("2 处必须先补上，才能打印；")
    panel.table.selectRow(0)
    panel.table.setFocus()
    press(qtbot, boxed, Qt.Key.Key_Return)
    pages = boxed.parts.mend.rows["pages"].editor
    assert QApplication.focusWidget() is pages
    qtbot.keyClicks(pages, "4")
    press(qtbot, boxed, Qt.Key.Key_Return)
    mended = [services.catalogue.get(ids[name]).row.pages for name in ("签到", "现场")]
    assert sorted(mended, key=str) == [4, None]
    seals = [f for f in panel.findings if f.kind == "seal"]
    if seals:
        boxed.go_to_findings(seals)
        assert len(boxed.parts.mend.ids) == len(seals)


def test_several_pieces_are_mended_in_one_step(page, ids, services, said):
    page.parts.tree.select([ids["签到"], ids["现场"]])
    strip = page.parts.mend
    assert strip.words.text() == "已选 2 份，一起填写"
    assert strip.rows["pages"].value() == 1
    assert strip.rows["dated_on"].value() is None, "they differ"
    strip.rows["dated_on"].editor.setText("2025.10.20")
    assert strip.commit_all()
    days = {services.catalogue.get(ids[name]).row.dated_on for name in ("签到", "现场")}
    assert days == {date(2025, 10, 20)}
    strip.rows["pages"].editor.setText("99999")
    strip.commit_all()
    assert "页数太大" in strip.wrong.text()
    strip.rows["dated_on"].editor.setText("昨天")
    assert not page.can_leave()


def test_the_unplaced_finding_opens_the_unplaced(boxed):
    [finding] = [f for f in boxed.state.findings if f.kind == "unplaced"]
    boxed.go_to_findings([finding])
    tree = boxed.parts.tree
    assert tree.items.node(tree.currentIndex()) is tree.items.loose
    assert tree.isExpanded(tree.currentIndex())


# -- output ----------------------------------------------------------------------------------


@pytest.fixture
def dialog(boxed, qtbot):
    made = PrintDialog(
        boxed.tools, boxed._services, boxed._adoption, boxed.state, number=1, parent=boxed
    )
    made.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, on=False)
    qtbot.addWidget(made)
    return made


def test_the_set_is_saved_and_can_be_opened(dialog, tmp_path, said, opened):
    assert dialog.file_name() == "蒲城县小学数学名师工作坊 2025—2026学年 整套.pdf"
    assert dialog.save_button.text() == "仍然另存为…", "something is still unplaced"
    target = tmp_path / dialog.file_name()
    dialog.save_to(target)
    document = pypdfium2.PdfDocument(target)
    assert len(document) > 3
    document.close()
    said[-1].action()
    said[-1].other()
    assert opened.paths == [str(target), str(tmp_path)]


def test_box_numbers_that_make_no_sense_are_refused_in_the_dialog(dialog):
    dialog.some.setChecked(True)
    for typed, words in (("x", "不是盒号"), ("", "不是盒号"), ("1、3-5", "没有第 3 盒")):
        dialog.numbers.setText(typed)
        assert not dialog._checked()
        assert words in dialog.wrong.text()
    dialog.numbers.setText("1")
    assert dialog._checked()
    assert dialog.file_name().endswith("整套 第1盒.pdf")


def test_what_would_print_wrongly_is_not_printed(boxed, ids, services, qtbot):
    services.evidence.edit([ids["签到"]], EvidenceEdit(pages=-1))
    boxed.plan()
    dialog = PrintDialog(
        boxed.tools, services, boxed._adoption, boxed.state, number=1, parent=boxed
    )
    qtbot.addWidget(dialog)
    assert not dialog.save_button.isEnabled()
    assert not dialog.print_button.isEnabled()
    wanted = []
    dialog.mend_wanted.connect(wanted.append)
    dialog.mend.click()
    assert [finding.evidence_id for finding in wanted[0]] == [ids["签到"]]


def test_ctrl_p_asks_and_a_stale_plan_is_planned_first(boxed, ids, qtbot):
    boxed.put([(ids["报道"], None)], item(boxed, "5.3").item_id)
    press(qtbot, boxed, Qt.Key.Key_P, CTRL)

    def asked():
        return [w for w in boxed.findChildren(PrintDialog) if w.isVisible()]

    qtbot.waitUntil(lambda: len(asked()) == 1)
    [dialog] = asked()
    assert not dialog.save_button.isEnabled()
    dialog.mend.click()
    assert boxed.state.current


def test_paper_has_the_true_size(boxed, services, adoption, tmp_path):
    """A printer that writes PDF: sheets and ink measured in millimetres against the document."""
    from app.progress import NoProgress

    source = tmp_path / "目录.pdf"
    services.forms.export(Request("register", adoption.id), source)
    before = pypdfium2.PdfDocument(source)
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(tmp_path / "纸.pdf"))
    assert print_pdf(source, printer, NoProgress()) == len(before)
    after = pypdfium2.PdfDocument(tmp_path / "纸.pdf")
    for number in range(len(before)):
        assert after.get_page_size(number) == pytest.approx(before.get_page_size(number), abs=1)
        boxes = [_ink(document[number]) for document in (before, after)]
        assert boxes[1] == pytest.approx(boxes[0], abs=0.5), "millimetres"
    before.close()
    after.close()


def _ink(page):
    """Left, top, right, bottom of what is printed, in mm."""
    dots = 150
    image = page.render(scale=dots / 72).to_pil().convert("L").point(lambda v: 255 * (v < 128))
    return [edge / dots * 25.4 for edge in image.getbbox()]
