"""What is asked before printing, what each printer remembers, and the calibration page measured."""

import pypdfium2
import pytest
from PySide6.QtPrintSupport import QPrinter

from app.ui.framework.printing import PrintSetup
from app.ui.pages.paper_printing import PrinterDialog, print_calibration

A4 = (595.3, 841.9)
LYING = (841.9, 595.3)


@pytest.fixture
def dialog(tools, qtbot):
    made = PrinterDialog(tools, "听课记录表", [A4] * 4 + [LYING], None)
    qtbot.addWidget(made)
    made.show()
    return made


def choose(combo, value):
    combo.setCurrentIndex(combo.findData(value))


def test_it_says_what_is_going_to_be_printed(dialog):
    words = " ".join(label.text() for label in dialog.findChildren(type(dialog.wrong)))
    assert "共 5 页：A4 竖 4 页、A4 横 1 页" in words


def test_odd_and_even_pages_for_printers_without_a_second_side(dialog):
    choose(dialog.pages, "odd")
    assert dialog.setup().pages == (1, 3, 5)
    choose(dialog.pages, "even")
    assert dialog.setup().pages == (2, 4)
    choose(dialog.pages, "some")
    dialog.numbers.setText("2、4-5")
    assert dialog.setup().pages == (2, 4, 5)


def test_a_wrong_page_is_said_and_nothing_is_printed(dialog):
    choose(dialog.pages, "some")
    dialog.numbers.setText("7")
    dialog.go.click()
    assert dialog.wrong.text() == "没有第 7 页，一共 5 页。请改页码。"
    assert dialog.isVisible()


def test_several_records_on_both_sides_begin_on_a_front(tools, qtbot):
    dialog = PrinterDialog(
        tools,
        "听课记录表",
        [A4] * 4,
        None,
        notes=("第 1 件没有日期", "第 2 件没有日期"),
        several=True,
    )
    qtbot.addWidget(dialog)
    dialog.show()
    words = " ".join(label.text() for label in dialog.findChildren(type(dialog.wrong)))
    assert "还有待改的：第 1 件没有日期（共 2 处）" in words
    assert not dialog.wants_fronts
    choose(dialog.duplex, "long")
    assert dialog.wants_fronts
    choose(dialog.pages, "odd")
    assert not dialog.wants_fronts, "pages are fed again by hand"


def test_each_printer_remembers_how_it_is_used(tools, qtbot):
    made = []
    for _time in range(2):
        dialog = PrinterDialog(tools, "封面", [A4], None)
        qtbot.addWidget(dialog)
        dialog.printers.clear()
        for name in ("办公室", "教务处"):
            dialog.printers.addItem(name, name)
        made.append(dialog)
    first, again = made
    first.printers.setCurrentIndex(1)
    choose(first.duplex, "long")
    choose(first.colour, "")
    first.right.setValue(1.5)
    first.down.setValue(-2)
    first.copies.setValue(3)
    assert first.setup() == PrintSetup((), 3, "long", colour=False, right_mm=1.5, down_mm=-2)
    first.go.click()
    again.printers.setCurrentIndex(1)
    assert again.setup() == PrintSetup((), 1, "long", colour=False, right_mm=1.5, down_mm=-2)
    again.printers.setCurrentIndex(0)
    assert again.setup() == PrintSetup()
    assert tools.settings.text("paper/printer") == "教务处"


def test_the_calibration_page_has_its_crosses_20_mm_from_the_edges(dressed, tmp_path):
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(tmp_path / "校准.pdf"))
    print_calibration(printer)
    document = pypdfium2.PdfDocument(tmp_path / "校准.pdf")
    [page] = document
    assert page.get_size() == pytest.approx((595.3, 841.9), abs=1)
    dots = 300
    image = page.render(scale=dots / 72).to_pil().convert("L").point(lambda v: 255 * (v < 160))

    def ink(*box):
        """Edges in mm of what is printed within a part of the sheet."""
        found = image.crop(tuple(round(side / 25.4 * dots) for side in box)).getbbox()
        return [side / dots * 25.4 + box[n % 2] for n, side in enumerate(found)]

    left, top, right, bottom = ink(5, 5, 31, 31)
    assert ((left + right) / 2, (top + bottom) / 2) == pytest.approx((20, 20), abs=0.15)
    left, top, right, bottom = ink(175, 262, 205, 292)
    assert ((left + right) / 2, (top + bottom) / 2) == pytest.approx((190, 277), abs=0.15)
    left, _top, right, _bottom = ink(50, 59, 160, 64)
    assert right - left == pytest.approx(100.2, abs=0.2), "the ruler, with the breadth of a line"
    _left, top, _right, bottom = ink(28, 78, 34, 182)
    assert bottom - top == pytest.approx(100.2, abs=0.2)
    document.close()
