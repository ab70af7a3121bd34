import threading
import time
import weakref

import pytest
from PySide6.QtCore import QObject
from shiboken6 import delete

from app.errors import StorageError
from app.ui.framework.jobs import InlineRunner, Job, JobRunner, State


def wait_idle(qtbot, runner):
    qtbot.waitUntil(lambda: runner.idle, timeout=5000)


def test_result_comes_back_on_the_gui_thread(qtbot, runner):
    seen = {}

    def work(_progress):
        seen["worker"] = threading.get_ident()
        return 42

    def done(value):
        seen["value"], seen["gui"] = value, threading.get_ident()

    handle = runner.start(Job("数数", work, done, done_text=lambda n: f"数到 {n}。"))
    wait_idle(qtbot, runner)
    assert seen["value"] == 42
    assert seen["gui"] == threading.get_ident() != seen["worker"]
    assert (handle.state, handle.summary) == (State.DONE, "数到 42。")
    assert runner.recent == [handle]


def test_progress_is_throttled_and_the_last_report_arrives(qtbot, runner):
    reports = []

    def work(progress):
        for n in range(1, 5001):
            progress.report(n, 5000, "件")

    handle = runner.start(Job("很多", work))
    handle.progressed.connect(lambda done, total, text: reports.append((done, total, text)))
    wait_idle(qtbot, runner)
    assert reports[-1] == (5000, 5000, "件")
    assert len(reports) < 100


def test_cancel_stops_at_the_next_report_and_is_no_error(qtbot, runner):
    errors, cancelled = [], []
    began = threading.Event()

    def work(progress):
        began.set()
        while True:
            progress.report(0, 0)
            time.sleep(0.001)

    handle = runner.start(
        Job("收入", work, on_error=errors.append, on_cancelled=lambda: cancelled.append(True))
    )
    assert began.wait(5)
    handle.cancel()
    wait_idle(qtbot, runner)
    assert handle.state is State.CANCELLED
    assert cancelled == [True]
    assert errors == []


def test_a_waiting_job_that_is_cancelled_never_begins(qtbot, runner):
    gate, ran = threading.Event(), []
    runner.start(Job("一", lambda _p: gate.wait(5)))
    second = runner.start(Job("二", ran.append))
    second.cancel()
    gate.set()
    wait_idle(qtbot, runner)
    assert ran == []
    assert second.state is State.CANCELLED


def test_database_jobs_run_one_after_the_other_and_previews_do_not_wait(qtbot, runner):
    order, gate = [], threading.Event()
    runner.start(Job("一", lambda _p: (gate.wait(5), order.append("一"))))
    runner.start(Job("二", lambda _p: order.append("二")))
    runner.start(Job("预览", lambda _p: (order.append("预览"), gate.set()), database=False))
    wait_idle(qtbot, runner)
    assert order == ["预览", "一", "二"]


@pytest.mark.parametrize(
    ("error", "summary"),
    [
        (StorageError("磁盘已满。", "请清理。"), "磁盘已满。请清理。"),
        (KeyError("x"), "程序出错，没有完成。"),
        (SystemExit(1), "程序出错，没有完成。"),
    ],
)
def test_whatever_is_raised_the_window_learns_of_it(qtbot, theme, error, summary):
    seen = []
    runner = InlineRunner(seen.append)

    def work(_progress):
        raise error

    handle = runner.start(Job("写", work))
    assert handle.state is State.FAILED
    assert handle.summary == summary
    assert len(seen) == 1
    assert runner.idle


def test_nothing_is_called_for_a_widget_that_is_gone(qtbot, runner):
    owner, gate, seen = QObject(), threading.Event(), []
    runner.start(Job("一", lambda _p: gate.wait(5), seen.append, owner=owner))
    delete(owner)
    gate.set()
    wait_idle(qtbot, runner)
    assert seen == []


def test_close_cancels_and_joins(qtbot, theme):
    runner, began, ended = JobRunner(), threading.Event(), threading.Event()

    def work(progress):
        began.set()
        try:
            while True:
                progress.report(0, 0)
                time.sleep(0.001)
        finally:
            ended.set()

    runner.start(Job("长", work))
    assert began.wait(5)
    assert runner.close(5)
    assert ended.is_set()


def test_a_job_that_is_over_lets_go_of_who_wanted_it(qapp):
    """Else the deletion of its handle may free the page, the runner, and so the handle once more."""

    class Page:
        def show(self, _result: object) -> None:
            pass

    page = Page()
    kept = weakref.ref(page)
    runner = InlineRunner()
    handle = runner.start(Job("看一眼", lambda _progress: 1, page.show, quiet=True))
    assert (handle.label, handle.state) == ("看一眼", State.DONE)
    del page
    assert kept() is None
