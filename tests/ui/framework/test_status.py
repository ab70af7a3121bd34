import threading
from pathlib import Path

import pytest
from PySide6.QtCore import QModelIndex
from PySide6.QtGui import QImage

from app.errors import ExportError
from app.ui.framework.jobs import InlineRunner, Job
from app.ui.framework.status import StatusRow
from app.ui.framework.tables import Column, ListSource, PagedTableModel
from app.ui.framework.tiles import Thumbnails, TileDelegate, TileView


@pytest.fixture
def inline(theme):
    return InlineRunner(lambda _error: None)


def shown(qtbot, theme, runner):
    row = StatusRow(theme, runner)
    qtbot.addWidget(row)
    row.resize(1000, 32)
    row.show()
    return row


def test_what_was_done_stays_in_sight_with_its_folder(qtbot, theme, inline, tmp_path):
    row = shown(qtbot, theme, inline)
    assert not row.jobs_button.isVisible()
    inline.start(
        Job("写出目录", lambda _p: 12, done_text=lambda n: f"{n} 页。", folder=lambda _n: tmp_path)
    )
    assert row.jobs_button.text() == "写出目录：12 页。"
    row.jobs_button.click()
    (line,) = row.panel.rows
    assert line.words.text() == "12 页。"
    assert line.button.text() == "打开文件夹"
    assert line.handle.folder == Path(tmp_path)
    row.panel.close()


def test_what_failed_says_why(qtbot, theme, inline):
    row = shown(qtbot, theme, inline)

    def work(_progress):
        raise ExportError("“㛃”没有字体。", "请换字。")

    inline.start(Job("打印封面", work))
    assert row.jobs_button.text() == "打印封面：“㛃”没有字体。请换字。"


def test_a_running_job_has_a_bar_and_can_be_cancelled(qtbot, theme, runner):
    row = shown(qtbot, theme, runner)
    step = threading.Event()

    def work(progress):
        progress.report(30, 120, "IMG_1.jpg")
        step.wait(5)
        progress.report(31, 120)

    handle = runner.start(Job("收入文件", work))
    qtbot.waitUntil(lambda: row.bar.value() == 250)
    row.jobs_button.click()
    assert row.panel.rows[0].words.text() == "30 / 120 · IMG_1.jpg"
    row.panel.close()
    row.cancel.click()
    assert handle.cancelling
    assert not row.cancel.isEnabled()
    step.set()
    qtbot.waitUntil(lambda: row.jobs_button.text() == "收入文件：已取消")
    assert not row.bar.isVisible()


def test_tiles_load_their_pictures_beside_the_window(qtbot, theme, runner, tmp_path):
    picture = QImage(40, 30, QImage.Format.Format_RGB32)
    picture.fill("#c81e1e")
    path = tmp_path / "a.png"
    picture.save(str(path))
    thumbnails = Thumbnails(runner, lambda row_id: path.read_bytes() if row_id == "a" else None)
    columns = [Column("name", "名称", lambda r: r)]
    model = PagedTableModel(columns, lambda r: r, ListSource(["a", "b"], lambda r: r, columns))
    icon = theme.icon("file-text")
    delegate = TileDelegate(theme, thumbnails, str, lambda _r: "一行", lambda _r: icon)
    view = TileView(model, delegate)
    model.setParent(view)
    thumbnails.setParent(view)
    qtbot.addWidget(view)
    view.resize(500, 300)
    with qtbot.waitSignals([thumbnails.arrived, thumbnails.arrived]):
        view.show()
        view.grab()
    qtbot.waitUntil(lambda: runner.idle)
    middle = view.visualRect(model.index(0, 0)).center()
    image = view.viewport().grab().toImage()
    assert image.pixelColor(middle.x(), middle.y() - 25).name() == "#c81e1e"
    assert thumbnails.get("b") is None
    with qtbot.waitSignal(view.chosen) as chosen:
        view.setCurrentIndex(model.index(1, 0, QModelIndex()))
    assert chosen.args == [["b"]]
