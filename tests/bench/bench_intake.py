"""Time and memory of evidence intake against one Python pass that reads, hashes and writes.

python tests/bench/bench_intake.py [--size small|large]

The floor has no fsync, no name, no record; ours is the whole of ``EvidenceService.ingest``: durable,
entered, journalled, indexed. Both are measured in turn on the same files; medians; caches are warm
and the disk is brought to rest before each run.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from app.bootstrap import create_services, open_services  # noqa: E402
from app.context import Context  # noqa: E402
from app.services.evidence.service import EvidenceService  # noqa: E402
from app.services.setup import NewArchive  # noqa: E402
from tests.bench import material  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import Callable

NEW = NewArchive("pucheng-workshop", "测速工作坊", "测速小学", 2025)
BLOCK = 1 << 20


def floor(source: Path, target: Path) -> None:
    """Read, SHA-256, write; names kept so that the folder layout costs the same."""
    target.mkdir()
    buffer = memoryview(bytearray(BLOCK))
    for folder, _folders, names in os.walk(source):
        for name in names:
            digest = hashlib.sha256()
            with (
                (Path(folder) / name).open("rb", buffering=0) as incoming,
                (target / name).open("wb", buffering=0) as out,
            ):
                while count := incoming.readinto(buffer):
                    digest.update(buffer[:count])
                    out.write(buffer[:count])
            digest.hexdigest()


def ours(source: Path, archive: Path, workers: int) -> None:
    """Take the folder in; the archive is open already, as in the window."""
    with open_services(archive, Context(actor="测速")) as services:
        service = EvidenceService(services.archive, services.adoptions, workers)
        start = time.perf_counter()
        report = service.ingest([source])
        TIMES["ours"] = time.perf_counter() - start
        assert not report.refused, report.refused[:3]
        assert not report.duplicates


TIMES: dict[str, float] = {}


def compare(name: str, source: Path, work: Path, rounds: int, targets: dict[int, float]) -> None:
    """Measure floor and ours in turn, and print the line of the table."""
    template = work / "template"
    if not template.exists():
        create_services(template, NEW, Context(actor="测速")).close()
    seconds: dict[str, list[float]] = {}

    def measure(kind: str, run: Callable[[Path], None]) -> None:
        target = work / "target"
        if kind != "floor":
            shutil.copytree(template, target)
        os.sync()
        start = time.perf_counter()
        run(target)
        took = time.perf_counter() - start
        seconds.setdefault(kind, []).append(took if kind == "floor" else TIMES["ours"])
        shutil.rmtree(target)

    for _ in range(rounds):
        measure("floor", lambda target: floor(source, target))
        for workers in targets:
            measure(f"{workers}", lambda target, workers=workers: ours(source, target, workers))
    base = statistics.median(seconds["floor"])
    for workers, wanted in targets.items():
        took = statistics.median(seconds[f"{workers}"])
        print(
            f"{name}, {workers} worker(s): {took:.2f} s, floor {base:.2f} s, "
            f"ratio {took / base:.2f} (target {wanted})",
            flush=True,
        )


_PEAK = """
import re, sys
from pathlib import Path
from app.bootstrap import open_services
from app.context import Context

def most():
    return int(re.search(r"VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text())[1]) / 1024

with open_services(Path(sys.argv[1]), Context(actor="测速")) as services:
    before = most()
    report = services.evidence.ingest([Path(sys.argv[2])])
    taken = most()
    services.evidence.read_texts()
    assert report.added and not report.refused
print(f"{before:.0f} {taken:.0f} {most():.0f}")
"""


def peak(name: str, source: Path, work: Path) -> None:
    """Peak memory of a process that takes the source in and reads its texts."""
    archive = work / "memory"
    create_services(archive, NEW, Context(actor="测速")).close()
    start = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-c", _PEAK, str(archive), str(source)],
        cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    before, taken, most = done.stdout.split()
    took = time.perf_counter() - start
    shutil.rmtree(archive)
    print(
        f"memory, {name}: peak {taken} MB, with texts read {most} MB (archive open {before} MB), "
        f"{took:.1f} s (target < 250 MB)",
        flush=True,
    )


def huge_film(folder: Path, size: int) -> None:
    """A sparse file that reads as its full size."""
    folder.mkdir()
    with (folder / "录像.mp4").open("wb") as film:
        film.write(b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom")
        film.truncate(size)


def texts(source: Path, work: Path) -> None:
    """Reading the text inside documents comes after the intake, and is timed on its own."""
    archive = work / "texts"
    with create_services(archive, NEW, Context(actor="测速")) as services:
        services.evidence.ingest([source])
        start = time.perf_counter()
        count = services.evidence.read_texts()
        took = time.perf_counter() - start
    shutil.rmtree(archive)
    print(f"texts of {count} documents: {took:.2f} s, {took / max(count, 1) * 1000:.1f} ms each")


def against_calibre(source: Path, work: Path, count: int) -> None:
    """The same files into calibre's library, where calibre is installed (``calibredb add``)."""
    calibredb = shutil.which("calibredb")
    if calibredb is None:
        print("calibre: left out, it is not installed here")
        return
    some = work / "some"
    some.mkdir()
    for file in sorted(path for path in source.rglob("*") if path.is_file())[:count]:
        shutil.copyfile(file, some / file.name)
    with create_services(work / "beside", NEW, Context(actor="测速")) as services:
        os.sync()
        start = time.perf_counter()
        services.evidence.ingest([some])
        mine = time.perf_counter() - start
    os.sync()
    start = time.perf_counter()
    subprocess.run(
        [calibredb, "add", "-r", "-d", f"--library-path={work / 'calibre'}", str(some)],
        check=True, capture_output=True,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen", "HOME": str(work)},
    )  # fmt: skip
    theirs = time.perf_counter() - start
    taken = sum(1 for path in (work / "calibre").rglob("*") if path.suffix in EXTENSIONS)
    print(
        f"calibredb add, {taken} of {count} files: {theirs:.1f} s, ours {mine:.2f} s for all, "
        f"{theirs / mine:.0f} times ours (target 10)",
        flush=True,
    )


EXTENSIONS = (".jpg", ".pdf", ".docx", ".mp4")


def main() -> None:
    """Print one line for each measurement."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--size", choices=["small", "large"], default="large")
    parser.add_argument("--only", default="", help="mixed, small, calibre, texts, memory")
    parser.add_argument("--keep", type=Path, help="folder for the generated files, kept for later")
    options = parser.parse_args()
    large = options.size == "large"
    many, tiny, rounds = (1000, 10_000, 5) if large else (100, 1000, 3)
    with tempfile.TemporaryDirectory(prefix="bench-intake-") as name:
        work = Path(name)
        base = options.keep or work / "material"

        def material_of(kind: str, make: Callable[[Path, int], int], count: int) -> Path:
            folder = base / f"{kind}-{count}"
            if not folder.exists():
                make(folder, count)
            return folder

        def wanted(kind: str) -> bool:
            return options.only in ("", kind)

        mixed = material_of("mixed", material.mixed, many)
        small = material_of("small", material.small, tiny)
        if wanted("mixed"):
            compare(f"{many} mixed files", mixed, work, rounds, {1: 1.5, 2: 1.3})
        if wanted("small"):
            compare(f"{tiny} small files", small, work, rounds, {1: 1.4, 2: 1.4})
        if wanted("calibre"):
            against_calibre(mixed, work, 200 if large else 50)
        if wanted("texts"):
            texts(mixed, work)
        if wanted("memory"):
            peak(f"{many} mixed files", mixed, work)
            peak(f"{tiny} small files", small, work)
            size = (6 if large else 1) << 30
            if shutil.disk_usage(work).free > 2 * size:
                huge_film(work / "film", size)
                peak(f"film of {size >> 30} GB", work / "film", work)
            else:
                print("memory, film: left out, the disk has no room for it")


if __name__ == "__main__":
    main()
