import logging
import sys
import threading

import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QPushButton

from app.errors import CancelledError, StorageError
from app.ui.framework.errors import ErrorDesk, start_log
from app.ui.framework.messages import Message, MessageBar, Messages


@pytest.fixture
def messages(qtbot):
    return Messages()


@pytest.fixture
def bar(theme, messages, qtbot):
    made = MessageBar(theme, messages)
    qtbot.addWidget(made)
    return made


@pytest.fixture
def desk(theme, messages, tmp_path):
    made = ErrorDesk(theme, messages, tmp_path)
    yield made
    if made.dialog is not None:
        made.dialog.accept()


def test_an_error_of_the_user_s_world_is_a_line_that_stays(desk, bar):
    desk.show_error(StorageError("磁盘已满。", "请清理磁盘。", details="errno 28"))
    (line,) = bar.lines
    assert line.message == Message("磁盘已满。", "请清理磁盘。", "error", details="errno 28")
    assert not bar.isHidden()
    line.closed.emit()
    assert bar.isHidden()
    assert desk.dialog is None


def test_being_cancelled_is_silent(desk, bar):
    desk.show_error(CancelledError())
    assert bar.lines == []
    assert desk.dialog is None


def test_our_own_bug_gives_a_report_that_can_be_copied(desk, caplog):
    try:
        {}["键"]
    except KeyError as error:
        desk.show_error(error)
    dialog = desk.dialog
    copy = next(b for b in dialog.findChildren(QPushButton) if b.text() == "复制报告")
    copy.click()
    report = QGuiApplication.clipboard().text()
    assert "KeyError: '键'" in report
    assert "研档" in report
    assert "unexpected error" in caplog.text
    desk.show_error(ValueError("第二个"))
    assert desk.dialog is dialog, "one dialog, however many errors"
    assert "第二个" in dialog.report.toPlainText()


def test_what_nobody_caught_comes_to_the_desk(desk, qtbot, monkeypatch):
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)
    monkeypatch.setattr(threading, "excepthook", threading.excepthook)
    desk.install()
    worker = threading.Thread(target=lambda: {}["线程"])
    worker.start()
    worker.join()
    qtbot.waitUntil(lambda: desk.dialog is not None)
    error = ValueError("主线程")
    sys.excepthook(ValueError, error, None)
    report = desk.dialog.report.toPlainText()
    assert "线程" in report
    assert "主线程" in report


def test_the_log_is_written_where_it_may(tmp_path):
    root = logging.getLogger()
    before, level = list(root.handlers), root.level
    last_words = start_log(tmp_path / "log")
    try:
        logging.getLogger("app").error("记一笔")
        assert "记一笔" in (tmp_path / "log" / "yandang.log").read_text(encoding="utf-8")
    finally:
        import faulthandler

        faulthandler.disable()
        last_words.close()
        for handler in [h for h in root.handlers if h not in before]:
            root.removeHandler(handler)
            handler.close()
        root.setLevel(level)
    (tmp_path / "file").write_text("")
    assert start_log(tmp_path / "file") is None


def test_messages_wait_until_there_is_a_bar(theme, messages, qtbot):
    messages.say("早到的话。")
    bar = MessageBar(theme, messages)
    qtbot.addWidget(bar)
    assert [line.message.text for line in bar.lines] == ["早到的话。"]


def test_the_action_is_done_once_and_closes_the_line(messages, bar):
    done = []
    messages.say("已删除 1 条。", action_text="撤销", action=lambda: done.append(1))
    bar.lines[0].action_button.click()
    assert done == [1]
    assert bar.lines == []


def test_three_lines_at_most_and_no_line_twice(messages, bar):
    for words in ("一", "二", "三", "四", "四"):
        messages.say(words)
    assert [line.message.text for line in bar.lines] == ["四", "三", "二"]
