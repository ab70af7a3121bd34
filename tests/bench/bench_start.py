"""Start to usable window, against importing Qt Widgets and SQLAlchemy alone.

``python tests/bench/bench_start.py``: both in turn, each in a fresh process, medians and ratio.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
ROUNDS = 7

FLOOR = "import PySide6.QtWidgets, sqlalchemy, sqlalchemy.orm"
WINDOW = """
from PySide6.QtCore import QTimer
from pathlib import Path
import sys
from app.context import Context
from app.ui.app import build, make_app
from app.ui.desk import Desk
from app.ui.framework.settings import Settings
app = make_app(["yandang"])
program = build(app, Settings())
desk = Desk(program, Context(), Path(sys.argv[1]) if sys.argv[1] else None)
program.window.show()
def ready():
    if sys.argv[1] and desk.services is None:
        return
    app.processEvents()
    app.quit()
timer = QTimer(interval=5)
timer.timeout.connect(ready)
timer.start()
app.exec()
desk.close()
program.tools.jobs.close()
"""


def seconds(code: str, argument: str = "") -> float:
    """Time of one process from its start to its end."""
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "PYTHONPATH": str(ROOT)}
    began = time.perf_counter()
    subprocess.run([sys.executable, "-c", code, argument], check=True, env=environment, cwd=ROOT)
    return time.perf_counter() - began


def main() -> None:
    """Print the medians and ratios."""
    from app.bootstrap import create_services
    from app.context import Context
    from app.services.setup import NewArchive

    with tempfile.TemporaryDirectory() as folder:
        archive = Path(folder) / "库"
        create_services(archive, NewArchive("S01", "甲坊", "乙校", 2025), Context()).close()
        runs = {
            "导入 Qt 和 SQLAlchemy": (FLOOR, ""),
            "欢迎页": (WINDOW, ""),
            "打开档案库": (WINDOW, str(archive)),
        }
        times: dict[str, list[float]] = {name: [] for name in runs}
        for _ in range(ROUNDS):
            for name, (code, argument) in runs.items():
                times[name].append(seconds(code, argument))
    floor = statistics.median(times["导入 Qt 和 SQLAlchemy"])
    for name, found in times.items():
        middle = statistics.median(found)
        print(f"{name}\t{middle:.2f} s\t{middle / floor:.2f}")


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    main()
