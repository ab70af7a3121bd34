"""Time of a book of 1,000 evidence pages against the bare libraries placing the same files.

python tests/bench/bench_book.py [PAGES [QUALITY]]     (1000 print if none are given)

Bare: Pillow scales the photos, a ReportLab canvas places them, pikepdf adds the pages of the PDFs.
Both run in turn, each in a process of its own. The floors of this project: ratio of the best times
at most 1.3, peak memory below 500 MB. Photos of 3–4 megapixels come from the shared samples where
they are on this machine (YANDANG_SAMPLES), else they are made up.
"""

from __future__ import annotations

import io
import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from PIL import Image, ImageFilter  # noqa: E402

from app.bootstrap import create_services, open_services  # noqa: E402
from app.context import Context  # noqa: E402
from app.services.evidence.service import Destination  # noqa: E402
from app.services.forms.form import Request  # noqa: E402
from app.services.setup import NewArchive  # noqa: E402

ROUNDS = 2
SIZES = ((2304, 1728), (2048, 1536), (2400, 1600), (1536, 2048))
SAMPLES = (
    "IMG_20251015_083012.jpg",
    "Landscape_1.jpg",
    "gen_手机_4032x3024_竖拍.jpg",
    "mmexport1760488212345.jpg",
)
ROOM_MM, DPI, QUALITY = (170, 248), {"print": 200, "screen": 110, "original": 0}, 85
CONTEXT = Context(actor="bench", clock=lambda: datetime(2026, 6, 30, tzinfo=UTC))


def photos() -> list[bytes]:
    """Photos of 3–4 megapixels as phones write them."""
    beside = Path(os.environ.get("YANDANG_SAMPLES", ROOT.parent / "shared" / "samples"))
    made = []
    for number, size in enumerate(SIZES):
        path = beside / "photos" / SAMPLES[number]
        if path.is_file():
            image = Image.open(path).convert("RGB").resize(size)
        else:
            image = Image.effect_noise((size[0] // 8, size[1] // 8), 80).resize(size).convert("RGB")
        grain = Image.effect_noise(size, 14).convert("RGB")
        image = Image.blend(image, grain.filter(ImageFilter.GaussianBlur(1)), 0.2)
        out = io.BytesIO()
        image.save(out, "JPEG", quality=92)
        made.append(out.getvalue())
    return made


def papers() -> list[bytes]:
    """PDFs of 1, 3 and 12 pages with text and a small picture on each."""
    from tests.bench.material import _pdfs

    return _pdfs()


def fill(folder: Path, pages: int) -> None:
    """Three pages of four are photos, the others come from PDFs; every file differs."""
    some_photos, some_papers, counts = photos(), papers(), (1, 3, 12)
    left, number = pages, 0
    while left > 0:
        number += 1
        if number % 16 == 0 and left >= 16:
            for kind, (paper, count) in enumerate(zip(some_papers, counts, strict=True)):
                path = folder / f"p{number:04}-{kind}.pdf"
                path.write_bytes(paper + f"\n% {number}\n%%EOF\n".encode())
                left -= count
        else:
            content = some_photos[number % len(some_photos)]
            note = f"{number:06}".encode()
            head = b"\xff\xfe" + (len(note) + 2).to_bytes(2, "big") + note
            (folder / f"f{number:04}.jpg").write_bytes(content[:2] + head + content[2:])
            left -= 1


def archive(folder: Path, files: Path) -> None:
    """An archive with the files under one item, in boxes."""
    new = NewArchive("pucheng-workshop", "蒲城县小学数学名师工作坊", "蒲城县实验小学", 2025)
    with create_services(folder, new, CONTEXT) as services:
        adopted = services.adoptions.current()
        items = services.adoptions.items(adopted.id)
        item = next(one.id for one in items if one.parent_id)
        services.evidence.ingest([files], Destination(adoption_id=adopted.id, item_id=item))
        services.boxes.plan(adopted.id)


def ours(folder: Path, target: Path, quality: str) -> None:
    """The book as the clerk gets it."""
    with open_services(folder, CONTEXT) as services:
        adopted = services.adoptions.current()
        request = Request("book", adopted.id, None, {"quality": quality})
        services.forms.export(request, target)


def bare(files: Path, target: Path, quality: str) -> None:
    """The same pictures and pages with nothing around them."""
    import pikepdf
    from reportlab import rl_config
    from reportlab.pdfgen.canvas import Canvas

    rl_config.useA85 = 0
    most = tuple(round(side / 25.4 * DPI[quality]) for side in ROOM_MM)
    small = target.with_suffix(".small")
    small.mkdir(exist_ok=True)
    canvas = Canvas(str(target), invariant=1, pageCompression=1)
    for path in sorted(files.glob("*.jpg")):
        source = path  # by its name ReportLab takes a JPEG as it is, which is its quickest way
        if quality != "original":
            source = small / path.name
            with Image.open(path) as image:
                image.draft("RGB", most)
                image.thumbnail(most)
                image.save(source, "JPEG", quality=QUALITY)
        canvas.drawImage(str(source), 70, 70, 450, 600, preserveAspectRatio=True)
        canvas.showPage()
    canvas.save()
    with pikepdf.open(target, allow_overwriting_input=True) as book:
        for path in sorted(files.glob("*.pdf")):
            with pikepdf.open(path) as paper:
                book.pages.extend(paper.pages)
        book.save(target)


def run(what: str, *arguments: str) -> tuple[float, float]:
    """Seconds and peak megabytes of one side in a process of its own."""
    done = subprocess.run(
        [sys.executable, __file__, what, *arguments], check=True, capture_output=True, text=True
    )
    seconds, megabytes = json.loads(done.stdout.splitlines()[-1])
    return seconds, megabytes


def child(what: str, source: Path, target: Path, quality: str) -> None:
    """One side, with its time and its memory on the last line."""
    start = time.perf_counter()
    {"ours": ours, "bare": bare}[what](source, target, quality)
    took = time.perf_counter() - start
    print(json.dumps([took, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024]))


def main() -> int:
    """Print one line; 1 where a floor is broken."""
    pages = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    quality = sys.argv[2] if len(sys.argv) > 2 else "print"
    home = Path(tempfile.mkdtemp(prefix="bench-book-"))
    try:
        (home / "files").mkdir()
        fill(home / "files", pages)
        archive(home / "archive", home / "files")
        best = {"ours": 1e9, "bare": 1e9}
        memory = 0.0
        for _ in range(ROUNDS):
            for what, source in (("ours", home / "archive"), ("bare", home / "files")):
                took, peak = run(what, str(source), str(home / f"{what}.pdf"), quality)
                best[what] = min(best[what], took)
                memory = max(memory, peak) if what == "ours" else memory
        sizes = [(home / f"{what}.pdf").stat().st_size / 1e6 for what in best]
    finally:
        shutil.rmtree(home)
    ratio = best["ours"] / best["bare"]
    print(
        f"{pages} pages, {quality}: ours {best['ours']:.1f} s ({sizes[0]:.0f} MB), "
        f"bare {best['bare']:.1f} s ({sizes[1]:.0f} MB), ratio {ratio:.2f} (floor 1.3), "
        f"peak {memory:.0f} MB (floor 500)"
    )
    return 0 if ratio <= 1.3 and memory < 500 else 1


if __name__ == "__main__":
    if len(sys.argv) > 3 and sys.argv[1] in ("ours", "bare"):
        child(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]), sys.argv[4])
    else:
        sys.exit(main())
