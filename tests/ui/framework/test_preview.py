import io

import pypdfium2
import pytest
from PIL import Image
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QGuiApplication, QWheelEvent

from app.ui.framework.preview import PreviewWidget


@pytest.fixture
def pdf():
    document = pypdfium2.PdfDocument.new()
    for _ in range(3):
        document.new_page(595, 842)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


@pytest.fixture
def preview(qtbot, tools):
    made = PreviewWidget(tools.theme, tools.jobs)
    qtbot.addWidget(made)
    made.resize(420, 500)
    made.show()
    return made


def turn_wheel(canvas, delta, modifiers=Qt.KeyboardModifier.NoModifier):
    middle = QPointF(canvas.viewport().rect().center())
    event = QWheelEvent(
        middle,
        middle,
        QPoint(),
        QPoint(0, delta),
        Qt.MouseButton.NoButton,
        modifiers,
        Qt.ScrollPhase.NoScrollPhase,
        False,  # noqa: FBT003 - Qt's signature
    )
    QGuiApplication.sendEvent(canvas.viewport(), event)


def test_pages_go_on_and_back_with_keys_wheel_and_buttons(preview, pdf, qtbot):
    preview.show_pdf(pdf)
    assert preview.page_label.text() == "第 1 / 3 页"
    bar = preview.canvas.verticalScrollBar()
    bar.setValue(bar.maximum())
    qtbot.keyClick(preview.canvas, Qt.Key.Key_PageDown)
    assert preview.page_label.text() == "第 2 / 3 页"
    bar.setValue(bar.maximum())
    turn_wheel(preview.canvas, -120)
    assert preview.page == 2
    preview.turn(1)
    assert preview.page == 2, "there is no page after the last"
    bar.setValue(0)
    turn_wheel(preview.canvas, 120)
    assert preview.page == 1


def test_zoom_by_wheel_and_fitting(preview, pdf):
    preview.show_pdf(pdf)
    canvas = preview.canvas
    fitted = canvas.zoom
    width = canvas.natural.width() * fitted
    assert 0 < canvas.viewport().width() - width < 60, "the page is as wide as the view"
    turn_wheel(canvas, 120, Qt.KeyboardModifier.ControlModifier)
    assert canvas.zoom == pytest.approx(fitted * 1.25)
    assert canvas.horizontalScrollBar().maximum() > 0
    canvas.set_fit("page")
    assert canvas.verticalScrollBar().maximum() == 0
    assert preview.zoom_label.text() == f"{canvas.zoom:.0%}"


def test_a_zoomed_page_is_drawn_sharper_in_a_moment(preview, pdf, qtbot):
    preview.show_pdf(pdf)
    canvas = preview.canvas
    canvas.zoom_by(3)
    wanted = canvas.natural.width() * canvas.zoom * canvas.devicePixelRatioF()
    qtbot.waitUntil(lambda: abs(canvas._image.width() - wanted) < 3)


def test_an_image_is_shown_whole(preview, tmp_path):
    path = tmp_path / "照片.png"
    Image.new("RGB", (1600, 900), (200, 30, 30)).save(path)
    preview.show_file(path, "image/png")
    shown = preview.canvas.viewport().grab().toImage()
    assert shown.pixelColor(shown.rect().center()).name() == "#c81e1e"
    assert preview.open_button.isVisible()


def test_what_cannot_be_shown_says_so(preview, tmp_path):
    preview.show_file(tmp_path / "课.mp4", "video/mp4")
    assert preview.sentence.text() == "这种文件不能在这里预览。"
    assert preview.sentence_button.isVisible()
    preview.show_pdf(b"no pdf")
    assert preview.sentence.text().startswith("PDF 打不开")
    assert not preview.sentence_button.isVisible()


def test_only_the_last_of_many_quick_choices_is_shown(qtbot, theme, runner, pdf, tmp_path):
    preview = PreviewWidget(theme, runner)
    qtbot.addWidget(preview)
    preview.show()
    path = tmp_path / "末.png"
    Image.new("RGB", (300, 200), "blue").save(path)
    for _ in range(5):
        preview.show_pdf(pdf)
    preview.show_image(path)
    qtbot.waitUntil(lambda: runner.idle, timeout=5000)
    assert preview.pages == 1
    assert (preview.canvas.natural.width(), preview.canvas.natural.height()) == (300, 200)
