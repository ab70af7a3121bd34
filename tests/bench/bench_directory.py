"""Time of the directory as PDF against a bare ReportLab canvas drawing the same strings.

python tests/bench/bench_directory.py [ROWS …]     (1000 and 10000 if none are given)

Both are run in turn in one process with the same font, several times; the ratio of the best times
counts. The floor of this project is 1.6 at 10,000 rows, growing linearly.
"""

from __future__ import annotations

import io
import sys
import time
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))


from reportlab.pdfgen.canvas import Canvas  # noqa: E402

from app.progress import NoProgress  # noqa: E402
from app.services.documents import pdf  # noqa: E402
from app.services.documents.fonts import library  # noqa: E402
from app.services.documents.layout import lay_out  # noqa: E402
from tests.services.documents.sample_boxes import form, many  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.services.box_view import BoxView
    from app.services.documents.page import Page

FONTS = library(shipped_only=True)
ROUNDS = 3


def ours(box: BoxView) -> bytes:
    """From the rows of the box to the finished file."""
    return pdf.render_bytes(form("directory", box), datetime(2026, 6, 30, tzinfo=UTC), fonts=FONTS)


def floor(pages: list[Page]) -> bytes:
    """The same strings at the same places, measured and broken beforehand."""
    buffer = io.BytesIO()
    canvas = Canvas(buffer, invariant=1, pageCompression=1)
    for page in pages:
        canvas.setPageSize((page.width, page.height))
        for stroke in page.strokes:
            canvas.setLineWidth(stroke.weight)
            canvas.line(stroke.x1, page.height - stroke.y1, stroke.x2, page.height - stroke.y2)
        for text in page.texts:
            canvas.setFont(text.face.name, text.size)
            canvas.drawString(text.x, page.height - text.y, text.text)
        canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def main() -> None:
    """Print one line for each number of rows."""
    for count in [int(a) for a in sys.argv[1:]] or [1000, 10_000]:
        box = many(count)
        pages = lay_out(form("directory", box), FONTS, NoProgress())
        work: dict[str, Callable[[], bytes]] = {
            "ours": partial(ours, box),
            "floor": partial(floor, pages),
        }
        best = dict.fromkeys(work, 1e9)
        size = len(work["ours"]())
        for _ in range(ROUNDS):
            for name, run in work.items():
                start = time.perf_counter()
                run()
                best[name] = min(best[name], time.perf_counter() - start)
        ratio = best["ours"] / best["floor"]
        print(
            f"{count:>6} rows, {len(pages):>4} pages, {size / 1e6:.2f} MB: "
            f"ours {best['ours']:.2f} s, bare canvas {best['floor']:.2f} s, ratio {ratio:.2f}"
        )


if __name__ == "__main__":
    main()
