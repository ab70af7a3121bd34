"""文件 as a clerk works in it: a form, for whom, seen before; into files, by mouse and by keyboard."""

import shutil
from datetime import date, timedelta

import pypdfium2
import pytest
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtGui import QDesktopServices
from PySide6.QtPrintSupport import QPrinter, QPrinterInfo
from PySide6.QtWidgets import QApplication, QFileDialog

from app.bootstrap import open_services
from app.context import Context
from app.models import Activity, Appointment, Person
from app.progress import NoProgress
from app.services.documents.render import pdf_pages
from app.services.evidence.catalogue import Query
from app.services.evidence.service import Destination, EvidenceEdit
from app.services.forms.by_hand import can_be_blank
from app.services.forms.form import Request
from app.ui.framework.page import Tools
from app.ui.framework.printing import PrintSetup
from app.ui.pages import paper_actions
from app.ui.pages.paper import PaperPage
from app.ui.pages.paper_batch import Batch, BatchDialog, pieces_of
from app.ui.pages.paper_preview import MOST_SHEETS
from app.ui.pages.paper_prints import LaidOut

CTRL = Qt.KeyboardModifier.ControlModifier
ACTIVITIES = 14


@pytest.fixture
def opened(monkeypatch):
    paths = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: paths.append(url.toLocalFile()))
    return paths


@pytest.fixture
def answer(monkeypatch):
    """What the dialogs for a file and a folder are answered."""

    class Answer:
        asked = ""
        file = folder = ""

        def take_file(self, _parent, _title, proposed, _filter):
            self.asked = proposed
            return str(self.file), ""

    given = Answer()
    monkeypatch.setattr(QFileDialog, "getSaveFileName", given.take_file)
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_args: str(given.folder))
    return given


@pytest.fixture(scope="module")
def archive_with_boxes(fresh_archive, tmp_path_factory):
    """Two boxes: nine pieces of paper, too thick for one."""
    folder = tmp_path_factory.mktemp("boxed") / "档案库"
    shutil.copytree(fresh_archive, folder)
    papers = tmp_path_factory.mktemp("papers") / "材料" / "1.1 计划"
    papers.mkdir(parents=True)
    for number in range(9):
        picture = Image.new("RGB", (40, 30), (number * 20, 90, 120))
        picture.save(papers / f"2025-09-{number + 1:02} 计划.jpg")
    with open_services(folder, Context(actor="王芳")) as services:
        adoption_id = services.adoptions.current().id
        to = Destination(adoption_id=adoption_id, by_folder=True)
        added = [one.id for one in services.evidence.ingest([papers.parent], to).added]
        services.evidence.edit(added, EvidenceEdit(sealed=True, pages=90))
        services.boxes.plan(adoption_id)
    return folder


@pytest.fixture
def services(request, fresh_archive, tmp_path, context):
    """An archive of its own for each test; with boxes where the test names them."""
    source = fresh_archive
    if "boxed" in request.fixturenames:
        source = request.getfixturevalue("archive_with_boxes")
    folder = tmp_path / "档案库"
    shutil.copytree(source, folder)
    with open_services(folder, context) as opened:
        yield opened


@pytest.fixture
def boxed(services, adoption):
    assert len(services.boxes.boxes(adoption.id)) == 2


@pytest.fixture
def held(services, adoption):
    """Activities of both terms, one every three weeks."""
    with services.archive.uow.write("准备") as session:
        for number in range(ACTIVITIES):
            session.add(Activity(
                community_id=adoption.community_id, title=f"第{number + 1}次教研", kind="lecture",
                held_on=date(2025, 9, 10) + timedelta(weeks=3 * number),
            ))  # fmt: skip
        person = Person(name="王芳")
        session.add(person)
        session.flush()
        session.add(Appointment(
            community_id=adoption.community_id, person_id=person.id, role="member",
        ))  # fmt: skip


@pytest.fixture
def make(qtbot, services, adoption):
    def made(tools):
        gone = []
        if not tools.settings.text("paper/form"):  # the first of all takes longest to lay out
            tools.settings.set("paper/form", "reference-sheet")
        page = PaperPage(tools, services, adoption, lambda *where: gone.append(where))
        page.gone = gone
        qtbot.addWidget(page)
        services.archive.uow.subscribe(page.refresh)
        page.resize(1180, 640)
        page.refresh(None)
        page.show()
        qtbot.waitExposed(page)
        page.activateWindow()
        return page

    return made


@pytest.fixture
def page(boxed, make, tools):
    return make(tools)


def choose(page, key):
    assert page.forms.choose(key)
    page._on_form(key)


def about(services, subject):
    """Key of the first plain form about a kind of record."""
    return next(
        form.key
        for form in services.forms.all()
        if form.subject == subject and not form.together and not form.parts
    )


def press(qtbot, page, key, modifier=Qt.KeyboardModifier.NoModifier):
    qtbot.waitUntil(lambda: QApplication.activeWindow() is page)
    qtbot.keyClick(QApplication.focusWidget() or page, key, modifier)


def seen(qtbot, page, pages):
    """Wait for a preview of so many pages."""
    qtbot.waitUntil(lambda: page.preview.pages.pages == pages)


def text_of(path):
    document = pypdfium2.PdfDocument(path)
    found = "".join(page.get_textpage().get_text_range() for page in document)
    document.close()
    return found


def tick(page, *rows):
    model = page.middle.targets.model
    model.tick([model.shown[row] for row in rows], on=True)


# -- forms, records, preview -----------------------------------------------------------------


def test_every_form_of_the_catalogue_is_there_by_family(page, services):
    tree = page.forms.tree
    items = [tree.topLevelItem(n) for n in range(tree.topLevelItemCount())]
    families = [item.text(0) for item in items if not item.isHidden()]
    assert families == list(dict.fromkeys(form.group for form in services.forms.all()))
    lines = [line.text(0) for line in page.forms._lines()]
    assert sorted(lines) == sorted(form.name for form in services.forms.all())


def test_a_form_is_found_by_a_word_and_taken_by_enter(page, qtbot):
    press(qtbot, page, Qt.Key.Key_F, CTRL)
    assert page.forms.search.hasFocus()
    page.forms.search.setText("备考 档案盒")  # the whole set has it too, but is not called so
    assert page._form.key == "reference-sheet"
    press(qtbot, page, Qt.Key.Key_Return)
    assert page.middle.targets.table.hasFocus()


def test_without_boxes_it_says_so_and_leads_there(make, tools):
    page = make(tools)
    choose(page, "cover")
    assert not page.print_button.isEnabled()
    assert "点“排盒”" in page.middle._empty.words.text()
    page.middle._empty.button.click()
    assert page.gone == [("boxes", "")]


def test_the_record_under_the_cursor_is_what_is_seen(page, qtbot):
    choose(page, "reference-sheet")
    seen(qtbot, page, 1)
    assert "未勾选" in page.middle.targets.count.text()
    assert [one.title for one in page.order().targets] == ["第 1 盒"]
    page.middle.targets.setFocus()
    press(qtbot, page, Qt.Key.Key_Down)
    assert [one.title for one in page.order().targets] == ["第 2 盒"]
    qtbot.waitUntil(lambda: page.preview._shown == ("reference-sheet", ("2",)))


def test_ticks_decide_what_is_put_out(page, qtbot):
    choose(page, "reference-sheet")
    page.middle.targets.setFocus()
    press(qtbot, page, Qt.Key.Key_A, CTRL)
    press(qtbot, page, Qt.Key.Key_Space)
    assert page.middle.targets.count.text() == "已勾选 2 / 2 份"
    seen(qtbot, page, 2)
    press(qtbot, page, Qt.Key.Key_Space)
    assert "未勾选" in page.middle.targets.count.text()


def test_records_of_another_kind_are_gone_while_those_of_a_form_are_read(page, monkeypatch):
    targets = page.middle.targets
    page.middle.targets.tick_all()
    assert page.order().some
    held = []
    monkeypatch.setattr(page.tools.jobs, "start", held.append)
    page.forms.choose("growth-file")
    page._on_form("growth-file")
    assert len(held) == 1
    assert not targets.model.all
    assert not page.order().some
    assert not page.print_button.isEnabled()
    assert "正在读取" in targets.count.text()


def test_ticks_stay_while_other_forms_of_the_same_records_are_chosen(page):
    choose(page, "cover")
    tick(page, 1)
    choose(page, "directory")
    assert page.order().request.targets == ("2",)
    choose(page, "spine")
    assert page.order().request.targets == ("2",)


def test_many_sheets_are_seen_in_part_and_it_is_said(held, make, tools, services, qtbot):
    page = make(tools)
    choose(page, about(services, "activity"))
    page.middle.targets.tick_all()
    qtbot.waitUntil(lambda: page.preview._shown is not None)
    assert len(page.preview._shown[1]) == MOST_SHEETS
    assert page.preview.note.text().endswith(f"全部 {ACTIVITIES} 份。")
    assert len(page.order().request.targets) == ACTIVITIES


def test_records_are_filtered_by_word_term_and_day(held, make, tools, services, adoption):
    page = make(tools)
    choose(page, about(services, "activity"))
    targets = page.middle.targets
    first, second = services.plans.terms(adoption.id)
    days = [one.day for one in targets.model.all]
    targets.period.setCurrentIndex(1)
    targets._on_period(1)
    assert [one.day for one in targets.model.shown] == [
        day for day in days if first.starts_on <= day <= first.ends_on
    ]
    targets.tick_all()
    targets.period.setCurrentIndex(targets.period.count() - 1)
    targets._on_period(0)
    targets.first.set_value("2026-03-01")
    targets.first.left.emit()
    assert [one.day for one in targets.model.shown] == [d for d in days if d >= date(2026, 3, 1)]
    assert page.order().targets[0].day == days[0], "ticks outlive the filter"
    targets.first.set_value("三月")
    targets.first.left.emit()
    assert "不是日期" in targets.first.note.text()
    targets.first.set_value("")
    targets.search.setText("第3次")
    assert [one.title for one in targets.model.shown] == ["第3次教研"]
    assert second.ends_on > first.ends_on


def test_options_are_asked_and_remembered_for_each_form(page, tools, make, qtbot):
    choose(page, "cover")
    option = page._form.options[0]
    before = page.order().request.options
    assert before == {one.key: one.default for one in page._form.options}
    row = page.middle.options.fields.rows[option.key]
    row.editor.setChecked(not row.editor.isChecked())
    changed = page.order().request.options
    assert changed != before
    qtbot.waitUntil(lambda: page.preview._wanted.options == changed)
    choose(page, "directory")
    choose(page, "cover")
    assert page.order().request.options == changed


def test_tab_goes_from_the_records_to_options_and_texts(page, qtbot):
    def next_ones(start, count):
        start.setFocus()
        found = []
        for _ in range(count):
            qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)
            found.append(QApplication.focusWidget())
        return found

    middle = page.middle
    page._on_form("observation")
    options = [row.editor for row in middle.options.fields.rows.values()]
    qtbot.waitUntil(options[0].isVisible)
    assert next_ones(middle.targets.none_button, len(options) + 1) == [*options, middle.split]
    page._on_form("summary")
    options = [row.editor for row in middle.options.fields.rows.values()]
    middle.tabs.setCurrentIndex(1)
    qtbot.waitUntil(options[0].isVisible)
    assert next_ones(middle.tabs.tabBar(), len(options)) == options
    middle.tabs.setCurrentIndex(2)
    first = next(iter(middle.texts.rows.values())).editor
    first.setEnabled(True)
    assert first in next_ones(middle.tabs.tabBar(), 2)


def test_the_last_form_and_zoom_are_there_again(page, make, tools, qtbot):
    choose(page, "directory")
    seen(qtbot, page, 1)
    page.preview.pages.set_zoom("2.0")
    qtbot.waitUntil(lambda: tools.settings.text("paper/zoom") == "2.00")
    again = make(tools)
    assert again._form.key == "directory"
    assert again.forms.key == "directory"
    seen(qtbot, again, 1)
    assert again.preview.pages.zoom_label.text() == "200%"


def test_zoom_by_keys_and_pages_by_thumbnails(page, qtbot):
    choose(page, "box-set")
    qtbot.waitUntil(lambda: page.preview.pages.pages > 3)
    canvas = page.preview.pages.canvas
    press(qtbot, page, Qt.Key.Key_9, CTRL)
    fitted = canvas.zoom
    press(qtbot, page, Qt.Key.Key_Equal, CTRL)
    assert canvas.zoom == pytest.approx(fitted * 1.25)
    press(qtbot, page, Qt.Key.Key_0, CTRL)
    assert canvas.fit == "page"
    page.preview.strip.setCurrentIndex(page.preview._numbers.index(2))
    assert page.preview.pages.page == 2
    canvas.setFocus()
    press(qtbot, page, Qt.Key.Key_PageDown)
    assert page.preview.strip.currentIndex().row() == 3


def test_the_preview_can_have_the_page_and_f6_goes_round(page, qtbot):
    choose(page, "cover")
    seen(qtbot, page, 1)
    page.forms.setFocus()
    press(qtbot, page, Qt.Key.Key_F6)
    assert page.middle.targets.table.hasFocus()
    press(qtbot, page, Qt.Key.Key_F6)
    assert page.preview.pages.canvas.hasFocus()
    press(qtbot, page, Qt.Key.Key_F9)
    assert not page.forms.isVisible()
    assert not page.middle.isVisible()
    press(qtbot, page, Qt.Key.Key_F9)
    assert page.middle.isVisible()


def test_another_page_opens_it_with_form_and_record(page, tools):
    page.show_view("directory:2")
    assert (page._form.key, page.order().request.targets) == ("directory", ("2",))
    choose(page, "spine")
    page.show_view("box:1")
    assert (page._form.key, page.middle.targets.current.id) == ("spine", "1"), "the last of boxes"
    page.show_view("nothing:1")
    assert page._form.key == "spine"


def test_what_cannot_be_laid_out_is_said_in_the_preview(page, qtbot, services, adoption):
    choose(page, "cover")
    seen(qtbot, page, 1)
    page.preview.ask(Request("cover", adoption.id, ("9",)), 1, together=False)
    qtbot.waitUntil(lambda: "没有第 9 盒" in page.preview.pages.sentence.text())


def test_typed_parts_are_saved_when_they_are_left(make, tools, services, adoption, qtbot):
    page = make(tools)
    form = next(form for form in services.forms.all() if form.parts)
    choose(page, form.key)
    target, part = page.middle.targets.current, form.parts[0]
    row = page.middle.texts.rows[part.key]
    row.editor.setPlainText("活动偏少，下学期补上。")
    row.left.emit()
    assert services.forms.texts(form.key, adoption.id, target.id)[part.key].text.endswith("补上。")
    qtbot.waitUntil(lambda: page.preview._wanted is not None)
    row.editor.setPlainText("再改。")
    assert page.can_leave()
    assert services.forms.texts(form.key, adoption.id, target.id)[part.key].text == "再改。"
    assert part.name in services.history.undo_label()


def test_what_is_carried_over_says_so_until_it_is_changed(make, tools, services, adoption):
    page = make(tools)
    form = services.forms.get("summary")
    year = services.forms.targets("plan", adoption.id)[0].id
    services.forms.save_text("plan", adoption.id, year, "aims", "每校听课不少于六节。")
    choose(page, form.key)
    row = page.middle.texts.rows["aims"]
    assert row.value() == "每校听课不少于六节。"
    assert row.note.text().startswith("沿用 ")
    row.set_value("每校听课不少于八节。")
    row.left.emit()
    assert not row.note.text().startswith("沿用")
    assert services.forms.texts("plan", adoption.id, year)["aims"].text.endswith("六节。")


def test_a_form_may_have_an_action_of_its_own(page, monkeypatch):
    monkeypatch.setitem(paper_actions.ACTIONS, "cover", ("新办…", f"{__name__}:_act"))
    choose(page, "cover")
    [button] = page.middle._actions
    assert button.text() == "新办…"
    button.click()
    assert [page] == _CALLED
    choose(page, "spine")
    assert page.middle._actions == []


_CALLED = []


def _act(_tools, _services, _adoption, parent):
    _CALLED.append(parent)


# -- files -----------------------------------------------------------------------------------


def test_one_file_for_all_that_is_ticked(page, answer, tmp_path, opened):
    choose(page, "reference-sheet")
    tick(page, 0, 1)
    answer.file = tmp_path / "备考表"
    page.save_buttons[".pdf"].click()
    made = tmp_path / "备考表.pdf"
    assert len(pypdfium2.PdfDocument(made)) == 2
    assert "备考表" in answer.asked
    assert page.bar.words.text().startswith("已存为“备考表.pdf”")
    [open_file, open_folder] = page.bar.buttons
    open_file.click()
    open_folder.click()
    assert opened == [str(made), str(tmp_path)]


def test_only_what_a_form_can_become_is_offered(page):
    choose(page, "cover")
    assert not page.save_buttons[".xlsx"].isVisible()
    choose(page, "directory")
    assert page.save_buttons[".xlsx"].isVisible()


def test_a_file_each_and_what_is_there_is_only_replaced_after_a_question(page, answer, tmp_path):
    choose(page, "reference-sheet")
    tick(page, 0, 1)
    page.middle.split.setCurrentIndex(1)
    answer.folder = tmp_path / "输出"
    answer.folder.mkdir()
    (answer.folder / "第 2 盒 备考表.pdf").write_bytes(b"mine")
    page.save_buttons[".pdf"].click()
    assert "已经有“第 2 盒 备考表.pdf”" in page.bar.words.text()
    _replace, beside, _cancel = page.bar.buttons
    beside.click()
    assert sorted(path.name for path in answer.folder.iterdir()) == [
        "第 1 盒 备考表.pdf", "第 2 盒 备考表.pdf", "第 2 盒 备考表（2）.pdf",
    ]  # fmt: skip
    assert (answer.folder / "第 2 盒 备考表.pdf").read_bytes() == b"mine"
    page.save_buttons[".pdf"].click()
    page.bar.buttons[0].click()
    assert (answer.folder / "第 2 盒 备考表.pdf").read_bytes() != b"mine"
    assert "已存 2 个文件" in page.bar.words.text()


def test_a_file_open_elsewhere_is_tried_again_or_saved_elsewhere(
    page, answer, tmp_path, monkeypatch
):
    """Windows refuses to replace a file that WPS holds with a PermissionError."""
    from pathlib import Path

    really = Path.replace
    held = [tmp_path / "封面.docx"]

    def replace(self, target):
        if Path(target) in held:
            raise PermissionError(13, "Permission denied", str(target))
        return really(self, target)

    monkeypatch.setattr(Path, "replace", replace)
    choose(page, "cover")
    answer.file = held[0]
    page.save_buttons[".docx"].click()
    assert "正被其他程序（如 WPS）打开" in page.bar.words.text()
    assert [button.text() for button in page.bar.buttons] == ["重试", "另存为…"]
    answer.file = tmp_path / "封面2.docx"
    page.bar.buttons[1].click()
    assert (tmp_path / "封面2.docx").is_file()
    answer.file = held[0]
    page.save_buttons[".docx"].click()
    held.clear()
    page.bar.buttons[0].click()
    assert (tmp_path / "封面.docx").is_file()
    assert page.bar.words.text().startswith("已存为“封面.docx”")


def test_what_stands_against_printing_is_said_in_the_page(
    page, services, adoption, answer, tmp_path
):
    [first, *_rest] = services.catalogue.page(Query(), 0, 1)
    services.evidence.edit([first.id], EvidenceEdit(pages=91))
    choose(page, "cover")
    answer.file = tmp_path / "封面.pdf"
    page.save_buttons[".pdf"].click()
    assert "请重新排盒" in page.bar.words.text()
    assert not (tmp_path / "封面.pdf").exists()


def test_the_folder_and_the_way_of_splitting_are_remembered(page, answer, tmp_path, make, tools):
    answer.folder = tmp_path / "U盘"
    answer.folder.mkdir()
    choose(page, "cover")
    tick(page, 0, 1)
    page.middle.split.setCurrentIndex(1)
    page.middle.split.activated.emit(1)
    page.save_buttons[".pdf"].click()
    again = make(tools)
    assert again.output.folder() == answer.folder
    assert again.middle.splits


# -- many at once ----------------------------------------------------------------------------


def test_several_forms_at_once_one_fails_the_rest_is_done(page, tmp_path, answer, tools):
    page.ask_batch()
    dialog = page.findChild(BatchDialog)
    assert not dialog.go.isEnabled()
    for line in dialog._lines():
        if line.data(0, Qt.ItemDataRole.UserRole) in {"cover", "spine", "certificates"}:
            line.setCheckState(0, Qt.CheckState.Checked)
    assert dialog.count.text() == "已勾选 3 种表"
    answer.folder = tmp_path / "批量"
    answer.folder.mkdir()
    blocked = answer.folder / page.output.name_of(page.order(), ".pdf").replace(
        page._form.name, "封面"
    )
    page.bar.hide()
    dialog.go.click()
    names = [path.name for path in answer.folder.iterdir()]
    assert len(names) == 2
    assert all(name.endswith((" 封面.pdf", " 盒脊.pdf")) for name in names), blocked
    assert "1 处待改" in page.bar.words.text()
    lines = [page.bar.list.topLevelItem(n) for n in range(page.bar.list.topLevelItemCount())]
    assert ("待改", "证书：没有可输出的记录。") in [(one.text(1), one.text(2)) for one in lines]
    page.bar.more.click()
    assert page.bar.list.isVisible()
    assert not page.columns.isVisible(), "the list has the room of the page"
    page.bar.put_away()
    assert page.columns.isVisible()
    assert tools.settings.texts("paper/batch/forms") == ["cover", "spine", "certificates"]


def test_what_failed_in_a_batch_is_listed_by_name_and_tried_again(
    page, services, adoption, tmp_path
):
    folder = tmp_path / "批量"
    folder.mkdir()
    orders = tuple(
        (services.forms.get(key), Request(key, adoption.id)) for key in ("cover", "reference-sheet")
    )
    batch = Batch(orders, None, ".pdf", split=True)
    blocked = folder / "封面" / "第 1 盒 封面.pdf"
    blocked.mkdir(parents=True)
    page.write_batch(batch, folder)
    page.bar.buttons[0].click()  # 替换
    assert page.bar.words.text().startswith("已存 3 个文件到")
    assert "1 个没有做成：“第 1 盒 封面”" in page.bar.words.text()
    blocked.rmdir()
    retry = next(one for one in page.bar.buttons if one.text() == "重试")
    retry.click()
    assert blocked.is_file()


def test_a_batch_takes_the_records_of_a_term(held, make, tools, services, adoption, tmp_path):
    form = services.forms.get(about(services, "activity"))
    term = services.plans.terms(adoption.id)[1]
    batch = Batch(
        ((form, Request(form.key, adoption.id)),),
        (term.starts_on, term.ends_on), ".xlsx", split=True,
    )  # fmt: skip
    pieces, notes = pieces_of(batch, services, adoption, tmp_path)
    assert notes == []
    assert {piece.path.suffix for piece in pieces} <= set(form.formats)
    days = [piece.path.name[:10] for piece in pieces]
    assert days
    assert all(str(term.starts_on) <= day <= str(term.ends_on) for day in days)


def test_cancelled_it_says_what_there_is(boxed, make, tools, runner, qtbot, answer, tmp_path):
    page = make(Tools(tools.theme, runner, tools.messages, tools.errors, tools.settings))
    choose(page, "reference-sheet")
    qtbot.waitUntil(lambda: len(page.middle.targets.model.all) == 2)
    tick(page, 0, 1)
    page.middle.split.setCurrentIndex(1)
    answer.folder = tmp_path
    page.save_buttons[".pdf"].click()
    [handle] = runner.active
    handle.cancel()
    qtbot.waitUntil(lambda: "已取消" in page.bar.words.text())


# -- on paper --------------------------------------------------------------------------------


def test_without_a_printer_it_opens_in_the_reader(page, qtbot, opened):
    if QPrinterInfo.availablePrinterNames():
        pytest.skip("a printer is installed here")
    choose(page, "cover")
    press(qtbot, page, Qt.Key.Key_P, CTRL)
    qtbot.waitUntil(lambda: len(opened) == 1)
    assert "没有装打印机" in page.bar.words.text()
    assert "第1盒" in text_of(opened[0]).replace(" ", "")


def test_an_empty_form_needs_no_record(make, tools, services, qtbot, answer, tmp_path):
    page = make(tools)
    form = next(form for form in services.forms.all() if can_be_blank(form))
    choose(page, form.key)
    assert not page.order().some
    page.middle.options.fields.rows["blank"].set_value("all")
    page.middle.options.commit()
    assert page.order().some
    qtbot.waitUntil(lambda: page.preview.pages.pages > 0)
    answer.file = tmp_path / "空白.pdf"
    page.save_buttons[".pdf"].click()
    assert (tmp_path / "空白.pdf").is_file()


# -- the offices' own forms ------------------------------------------------------------------


@pytest.fixture
def own(services, tmp_path):
    """An office's own cover for boxes, and a form about boxes that stands for none of ours."""
    from docx import Document

    path = tmp_path / "封面.docx"
    document = Document()
    document.add_paragraph("本局封面：第 {{盒号}} 盒")
    document.save(path)
    return [
        services.templates.add(path, "县局封面", "box", "cover"),
        services.templates.add(path, "移交单", "box"),
    ]


def test_the_office_s_own_form_comes_before_ours(own, page, answer, tmp_path):
    choose(page, "cover")
    page.preview.say("")  # LibreOffice would draw it for seconds
    styles = page.middle.styles
    assert [styles.itemText(n) for n in range(styles.count())] == [
        "自带的式样", "本单位的“县局封面”", "本单位的“移交单”",
    ]  # fmt: skip
    assert page.order().request.template_id == own[0].id
    assert not page.save_buttons[".xlsx"].isVisible()
    answer.file = tmp_path / "输出.docx"
    page.save_buttons[".docx"].click()
    from docx import Document

    assert Document(answer.file).paragraphs[0].text == "本局封面：第 1 盒"


def test_who_prefers_ours_is_remembered(own, page):
    choose(page, "cover")
    page.middle.styles.setCurrentIndex(0)
    page.middle.styles.activated.emit(0)
    choose(page, "spine")
    choose(page, "cover")
    page.preview.say("")
    assert page.order().request.template_id is None


def test_own_forms_are_in_the_tree_too(own, page, services):
    choose(page, f"template:{own[1].id}")
    page.preview.say("")
    assert page.order().request.template_id == own[1].id
    services.templates.remove(own[1].id)
    names = [line.text(0) for line in page.forms._lines()]
    assert "县局封面" in names
    assert "移交单" not in names
    assert page.order().request.template_id != own[1].id


@pytest.fixture
def laid_out(page, tmp_path, services):
    """Both boxes, laid out to be printed."""

    def lay_out(key):
        choose(page, key)
        tick(page, 0, 1)
        source = tmp_path / "一份" / "印.pdf"
        source.parent.mkdir()
        services.forms.export(page.order().request, source)
        return LaidOut(source, pdf_pages(source), page.order())

    return lay_out


def test_it_is_known_where_each_record_begins(page, services, laid_out):
    made = laid_out("directory")
    one = Request("directory", page._adoption.id, ("1",))
    pages = len(pdf_pages(services.forms.preview(one)))
    assert page.prints.first_pages(made, NoProgress()) == (1, 1 + pages)


def test_a_job_prints_and_takes_its_file_away(page, laid_out, tmp_path):
    made = laid_out("reference-sheet")
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(tmp_path / "纸.pdf"))
    page.prints.print_on(printer, made, PrintSetup(duplex="long"), fronts=True)
    assert page.bar.words.text().endswith("的 2 页送往打印机。")
    assert len(pdf_pages(tmp_path / "纸.pdf")) == 3, "the second begins on a sheet of its own"
    assert not made.path.parent.exists()


# -- from other pages ------------------------------------------------------------------------


def test_several_records_come_ticked_from_another_page(held, make, tools, services):
    page = make(tools)
    ids = [one.id for one in services.forms.targets(about(services, "activity"), page._adoption.id)]
    page.show_view(f"activity:{ids[2]},{ids[4]},gone")
    assert page._form.subject == "activity"
    assert page.order().request.targets == (ids[2], ids[4])


@pytest.mark.parametrize(
    ("kind", "subject"), [("activity", "activity"), ("person", "growth")], ids=["活动", "成员"]
)
def test_selected_records_of_a_register_lead_here(
    held, tools, services, adoption, qtbot, kind, subject
):
    from app.ui.pages.activities import ActivitiesPage
    from app.ui.pages.members import MembersPage

    gone = []
    made = {"activity": ActivitiesPage, "person": MembersPage}[kind]
    page = made(tools, services, adoption, lambda *where: gone.append(where))
    qtbot.addWidget(page)
    page.refresh(None)
    table = page.register(kind).table
    table.selectRow(0)
    actions = {action.text(): action for action in page.register(kind).actions()}
    actions["打印…"].trigger()
    chosen = table.selected_ids()[0]
    assert gone == [("paper", f"{subject}:{chosen}")]
    form = next(one.key for one in services.forms.all() if one.subject == subject)
    assert chosen in {one.id for one in services.forms.targets(form, adoption.id)}


def test_the_box_that_is_looked_at_leads_here(boxed, tools, services, adoption, qtbot):
    from app.ui.pages.boxes import BoxesPage

    gone = []
    page = BoxesPage(tools, services, adoption, lambda *where: gone.append(where))
    qtbot.addWidget(page)
    page.refresh(None)
    page._go_to_paper()
    assert gone == [("paper", "box:1")]
