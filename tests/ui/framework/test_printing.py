"""Paper measured: where the ink lies in millimetres, which pages come, in what order and colour."""

import pypdfium2
import pytest
from PIL import Image, ImageDraw
from PySide6.QtPrintSupport import QPrinter

from app.errors import ValidationError
from app.progress import NoProgress
from app.ui.framework.printing import PrintSetup, print_pdf, typed_pages

DOTS = 100
"""Of the test pages, to the inch."""


@pytest.fixture
def source(tmp_path):
    """Three small sheets, each with a red square of another size, its corner at 15, 20 mm."""
    sheets = []
    for number in range(3):
        sheet = Image.new("RGB", (_dots(70), _dots(90)), "white")
        corner = (_dots(15), _dots(20))
        side = _dots(20 + 10 * number)
        ImageDraw.Draw(sheet).rectangle(
            (*corner, corner[0] + side, corner[1] + side), fill=(200, 0, 0)
        )
        sheets.append(sheet)
    path = tmp_path / "三页.pdf"
    sheets[0].save(path, save_all=True, append_images=sheets[1:], resolution=DOTS)
    return path


@pytest.fixture
def printer(qapp, tmp_path):
    made = QPrinter(QPrinter.PrinterMode.HighResolution)
    made.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    made.setOutputFileName(str(tmp_path / "纸.pdf"))
    return made


@pytest.fixture
def paper(tmp_path):
    """Ink of each printed page: left, top, right, bottom in mm; None where a page is empty."""

    def measure():
        document = pypdfium2.PdfDocument(tmp_path / "纸.pdf")
        found = [_ink(page) for page in document]
        document.close()
        return found

    return measure


def _dots(mm):
    return round(mm / 25.4 * DOTS)


def _ink(page):
    image = page.render(scale=200 / 72).to_pil().convert("L").point(lambda v: 255 * (v < 200))
    box = image.getbbox()
    return box and [edge / 200 * 25.4 for edge in box]


def sizes(boxes):
    """Sides of the squares in whole centimetres, 0 for an empty page."""
    return [round((box[2] - box[0]) / 10) if box else 0 for box in boxes]


def test_everything_moves_by_what_the_printer_is_off(source, printer, paper):
    setup = PrintSetup(right_mm=2.5, down_mm=-1.5)
    assert print_pdf(source, printer, NoProgress(), setup) == 3
    for box in paper():
        assert box[:2] == pytest.approx([17.5, 18.5], abs=0.3)


def test_without_a_correction_it_lies_where_the_pdf_has_it(source, printer, paper):
    print_pdf(source, printer, NoProgress())
    assert all(box[:2] == pytest.approx([15, 20], abs=0.3) for box in paper())


def test_only_the_pages_that_were_asked_for(source, printer, paper):
    assert print_pdf(source, printer, NoProgress(), PrintSetup(pages=(3, 1))) == 2
    assert sizes(paper()) == [4, 2]


def test_copies_on_both_sides_begin_on_a_sheet_of_their_own(source, printer, paper):
    assert not printer.supportsMultipleCopies()
    assert print_pdf(source, printer, NoProgress(), PrintSetup(copies=2, duplex="long")) == 6
    assert sizes(paper()) == [2, 3, 4, 0, 2, 3, 4]


def test_each_record_begins_on_a_front_side(source, printer, paper):
    setup = PrintSetup(duplex="long", fronts=(1, 2, 3))
    assert print_pdf(source, printer, NoProgress(), setup) == 3
    assert sizes(paper()) == [2, 0, 3, 0, 4]
    print_pdf(source, printer, NoProgress(), PrintSetup(fronts=(1, 2, 3)))
    assert sizes(paper()) == [2, 3, 4], "on one side every page is a front"


def test_black_and_white_has_no_colour(source, printer, paper, tmp_path):
    for colour in (True, False):
        print_pdf(source, printer, NoProgress(), PrintSetup(pages=(1,), colour=colour))
        document = pypdfium2.PdfDocument(tmp_path / "纸.pdf")
        red, green, _blue = document[0].render(scale=1).to_pil().convert("RGB").getpixel((60, 75))
        document.close()
        assert (red != green) is colour


@pytest.mark.parametrize(
    ("text", "pages"),
    [("", ()), ("1、3—5", (1, 3, 4, 5)), ("2-3,3", (2, 3)), ("4到5 1", (4, 5, 1))],
)
def test_page_numbers_as_people_type_them(text, pages):
    assert typed_pages(text, 5) == pages


@pytest.mark.parametrize("text", ["一", "5-2", "0", "3-9"])
def test_what_is_no_page_is_refused_in_words(text):
    with pytest.raises(ValidationError, match="页"):
        typed_pages(text, 5)
