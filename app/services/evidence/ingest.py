"""Evidence intake: files and folders are copied, looked into, and entered in one transaction."""

from __future__ import annotations

import errno
import os
import threading
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.errors import CancelledError
from app.progress import NoProgress, Progress
from app.services.evidence.dating import guess_day
from app.services.evidence.inspect import Facts, inspect
from app.services.evidence.names import clean_name, stored_name
from app.services.evidence.screen import Refused, screen
from app.services.evidence.store import Arrival, EvidenceStore, SourceChangedError
from app.services.files import storage_error

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from datetime import date

WORKERS = 2
_AHEAD = 32
"""Files handed to the workers before their results are taken: keeps memory flat."""
_SYNC_FILES, _SYNC_BYTES = 512, 256 << 20
_POLL_SECONDS = 0.1
_PAPERLESS = {"video", "audio", "archive"}
"""Kinds that lie in no box as paper: their pages are 0, not unknown."""
_OWN_DISK = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS}
"""Errors that only writing can give: they are the archive's disk, not the source's."""


@dataclass(frozen=True, slots=True)
class Source:
    """A file to take in; ``folders`` are the names above it, from the folder the user gave."""

    path: Path
    folders: tuple[str, ...]
    size: int


@dataclass(frozen=True, slots=True)
class Refusal:
    """A file that was not taken, and why."""

    path: Path
    reason: str


@dataclass(frozen=True, slots=True)
class Taken:
    """A new file, in the waiting room and looked into."""

    source: Source
    arrival: Arrival
    facts: Facts


@dataclass(slots=True)
class Intake:
    """What an intake found before anything is entered; ``repeats`` name the content they repeat."""

    taken: list[Taken] = field(default_factory=list)
    repeats: list[tuple[Source, str]] = field(default_factory=list)
    refused: list[Refusal] = field(default_factory=list)


def find_sources(paths: Sequence[Path]) -> tuple[list[Source], list[Refusal]]:
    """Files under the given files and folders, in a stable order."""
    sources: list[Source] = []
    refused: list[Refusal] = []
    for path in paths:
        given = Path(os.path.normpath(path.absolute()))
        if given.is_dir() and not given.is_symlink():
            for file in _walk(given, refused):
                folders = (given.name, *file.relative_to(given).parts[:-1])
                _screen(file, folders, sources, refused)
        else:
            _screen(given, (), sources, refused)
    return sources, refused


def _walk(folder: Path, refused: list[Refusal]) -> Iterator[Path]:
    def unreadable(error: OSError) -> None:
        refused.append(Refusal(Path(error.filename), "文件夹读不出来，请检查权限或磁盘。"))

    for root, folders, names in os.walk(folder, onerror=unreadable):
        folders.sort()
        here = Path(root)
        refused.extend(
            Refusal(here / name, "是指向别处的链接，没有跟进去；请直接拖入原文件夹。")
            for name in folders
            if (here / name).is_symlink()
        )
        yield from (here / name for name in sorted(names))


def _screen(
    file: Path, folders: tuple[str, ...], sources: list[Source], refused: list[Refusal]
) -> None:
    try:
        screen(file)
        sources.append(Source(file, folders, file.stat().st_size))
    except Refused as refusal:
        refused.append(Refusal(file, refusal.reason))
    except OSError as error:
        refused.append(Refusal(file, storage_error(error, file).sentence))


def take_in(
    sources: Sequence[Source],
    store: EvidenceStore,
    known: Callable[[str], bool],
    progress: Progress | None = None,
    workers: int = WORKERS,
) -> Intake:
    """Copy, hash and inspect the sources into the waiting room; afterwards they are durable there.

    ``known`` says whether the archive has a content already. Raises CancelledError and StorageError
    (the archive's own disk); the waiting room is then empty again.
    """
    run = _Run(store, progress or NoProgress(), sum(source.size for source in sources))
    try:
        run.all(sources, known, workers)
    except BaseException:
        for taken in run.intake.taken:
            taken.arrival.temporary.unlink(missing_ok=True)
        raise
    return run.intake


class _Run:
    """One intake under way: workers copy and look, this thread collects, syncs and reports."""

    def __init__(self, store: EvidenceStore, progress: Progress, total: int) -> None:
        self.intake = Intake()
        self._store = store
        self._progress = progress
        self._total = total
        self._done = 0
        self._stop = threading.Event()
        self._seen: dict[str, Source] = {}
        self._unsynced: list[Path] = []
        self._unsynced_bytes = 0

    def all(self, sources: Sequence[Source], known: Callable[[str], bool], workers: int) -> None:
        waiting = iter(sources)
        running: dict[Future[Taken], Source] = {}
        with ThreadPoolExecutor(workers, thread_name_prefix="intake") as pool:
            try:
                while True:
                    while len(running) < _AHEAD and (source := next(waiting, None)) is not None:
                        running[pool.submit(self._one, source)] = source
                    if not running:
                        break
                    finished, _ = wait(running, _POLL_SECONDS, FIRST_COMPLETED)
                    for future in finished:
                        self._collect(running.pop(future), future, known)
                    self._progress.report(self._done, self._total, "正在复制并检查文件")
                self._sync()
            except BaseException:
                self._stop.set()
                for future in running:
                    future.add_done_callback(_throw_away)
                raise

    def _one(self, source: Source) -> Taken:
        """In a worker: copy and hash, then look into the copy."""
        arrival = self._store.receive(source.path, self._tick)
        try:
            return Taken(source, arrival, inspect(arrival.temporary, source.path.name))
        except BaseException:
            arrival.temporary.unlink(missing_ok=True)
            raise

    def _tick(self, count: int) -> None:
        if self._stop.is_set():
            raise CancelledError
        self._done += count

    def _collect(self, source: Source, future: Future[Taken], known: Callable[[str], bool]) -> None:
        try:
            taken = future.result()
        except SourceChangedError:
            reason = "复制的时候文件正在被改动或被移走，请关闭打开它的程序后再加入一次。"
            self.intake.refused.append(Refusal(source.path, reason))
        except Refused as refusal:
            self.intake.refused.append(Refusal(source.path, refusal.reason))
        except OSError as error:
            told = storage_error(error, source.path)
            if error.errno in _OWN_DISK:
                raise told from error
            self.intake.refused.append(Refusal(source.path, told.sentence))
        else:
            self._keep(taken, known)

    def _keep(self, taken: Taken, known: Callable[[str], bool]) -> None:
        sha256 = taken.arrival.sha256
        if sha256 in self._seen or known(sha256):
            taken.arrival.temporary.unlink(missing_ok=True)
            self.intake.repeats.append((taken.source, sha256))
            return
        self._seen[sha256] = taken.source
        self.intake.taken.append(taken)
        self._unsynced.append(taken.arrival.temporary)
        self._unsynced_bytes += taken.arrival.size
        if len(self._unsynced) >= _SYNC_FILES or self._unsynced_bytes >= _SYNC_BYTES:
            self._sync()

    def _sync(self) -> None:
        if self._unsynced:
            self._store.sync(self._unsynced)
            self._unsynced, self._unsynced_bytes = [], 0


def _throw_away(future: Future[Taken]) -> None:
    if not future.cancelled() and future.exception() is None:
        future.result().arrival.temporary.unlink(missing_ok=True)


def describe(taken: Taken, today: date) -> dict[str, Any]:
    """Columns of the evidence record for a file taken in."""
    facts, name = taken.facts, clean_name(taken.source.path.name)
    names = (name, *reversed(taken.source.folders))
    return {
        "sha256": taken.arrival.sha256,
        "size": taken.arrival.size,
        "original_name": name,
        "stored_name": stored_name(name, facts.extension),
        "title": Path(name).stem or name,
        "dated_on": guess_day(facts.taken_at, names, today),
        "kind": facts.kind,
        "media_type": facts.media_type,
        "pages": 0 if facts.kind in _PAPERLESS else facts.pages,
        "pages_from": facts.pages_from,
        "width": facts.width,
        "height": facts.height,
        "orientation": facts.orientation,
        "taken_at": facts.taken_at.isoformat(timespec="seconds") if facts.taken_at else "",
        "state": facts.state,
        "remarks": "\n".join(facts.remarks),
    }
