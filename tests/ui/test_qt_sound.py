"""The locked PySide6 is sound on this Python: 6.12.0 on 3.11 aborted after some thousand calls."""

import subprocess
import sys

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
