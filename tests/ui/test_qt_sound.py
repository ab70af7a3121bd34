"""The locked PySide6 is sound on this Python: 6.12.0 on 3.11 aborted after some thousand calls."""

import re
import subprocess
import sys
from pathlib import Path

from PySide6.QtCore import QPoint

import app
from app.ui.framework.screens import room_at

CALLS = """
from PySide6.QtWidgets import QApplication, QLabel
app = QApplication(["sound", "-platform", "offscreen"])
label = QLabel()
for number in range(20_000):
    label.setText(str(number))
print(label.text())
"""


def test_twenty_thousand_calls_do_not_kill_the_process() -> None:
    # in a process of its own: the failure is an abort, which would take the whole test run along
    result = subprocess.run(
        [sys.executable, "-c", CALLS], capture_output=True, text=True, check=False, timeout=60
    )
    assert result.returncode == 0, result.stderr[-2000:]
    assert result.stdout.strip() == "19999"


def test_no_widget_is_asked_for_its_screen() -> None:
    """PySide hands over the screen with the widget: when both are collected the program ends."""
    sources = Path(app.__file__).parent.rglob("*.py")
    asking = [
        path.name for path in sources if re.search(r"\w\.screen\(\)", path.read_text("utf-8"))
    ]
    assert asking == []


def test_room_is_found_beside_every_screen_too(qapp) -> None:
    whole = qapp.primaryScreen().availableGeometry()
    assert room_at(whole.center()) == whole
    assert room_at(QPoint(-5000, -5000)) == whole
