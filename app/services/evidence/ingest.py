"""Evidence intake: files and folders are copied, looked into, and entered in one transaction."""

from __future__ import annotations

import os
import threading
from collections import deque
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.errors import CancelledError
from app.progress import NoProgress, Progress
from app.services.archive import DATABASE, MANIFEST
from app.services.evidence.dating import guess_day
from app.services.evidence.inspect import Facts, inspect
from app.services.evidence.names import clean_name, split_extension, stored_name
from app.services.evidence.screen import Refused, screen
from app.services.evidence.store import Arrival, EvidenceStore, SourceChangedError
from app.services.files import storage_error

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from datetime import date

WORKERS = 2
_AHEAD = 16
"""Parcels handed to the workers before their results are taken: keeps memory flat."""
_PARCEL_FILES, _PARCEL_BYTES = 32, 4 << 20
"""Small files go to the workers together: handing over costs as much as copying one."""
_SYNC_FILES, _SYNC_BYTES = 512, 256 << 20
_POLL_SECONDS = 0.1
_PAPERLESS = {"video", "audio", "archive"}
"""Kinds that lie in no box as paper: their pages are 0, not unknown."""


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
    """What an intake found before anything is entered, in the order of the sources.

    ``repeats`` name the content they repeat; ``returned`` are files that the archive knew and had
    lost, with the place where they belong.
    """

    taken: list[Taken] = field(default_factory=list)
    repeats: list[tuple[Source, str]] = field(default_factory=list)
    returned: list[tuple[Arrival, Path]] = field(default_factory=list)
    refused: list[Refusal] = field(default_factory=list)

    def throw_away(self) -> None:
        """Empty the waiting room again."""
        for arrival in (*(one.arrival for one in self.taken), *(a for a, _ in self.returned)):
            arrival.temporary.unlink(missing_ok=True)


def find_sources(paths: Sequence[Path]) -> tuple[list[Source], list[Refusal]]:
    """Files under the given files and folders, each once, in a stable order; and folders refused."""
    sources: dict[Path, Source] = {}
    refused: list[Refusal] = []
    for path in paths:
        given = Path(os.path.normpath(path.absolute()))
        if given.is_dir() and not given.is_symlink():
            found = _walk(given, refused)
        else:
            found = iter([Source(given, (), _size(given))])
        for source in found:
            sources.setdefault(source.path, source)
    return list(sources.values()), refused


def _walk(top: Path, refused: list[Refusal]) -> Iterator[Source]:
    """Files below a folder; links are not followed, they come as files that ``screen`` refuses."""
    waiting: list[tuple[Path, tuple[tuple[int, int], ...]]] = [(top, ())]
    while waiting:
        here, above = waiting.pop()
        try:
            status = here.stat()
            with os.scandir(here) as found:
                entries = sorted(found, key=lambda entry: entry.name)
        except OSError as error:
            refused.append(Refusal(here, storage_error(error, here).sentence))
            continue
        identity = (status.st_dev, status.st_ino)
        # A junction or mount may lead back up; file systems without numbers give 0.
        if status.st_ino and identity in above:
            refused.append(Refusal(here, "这个文件夹绕回到了自己的上一级，没有再进去。"))
            continue
        if {entry.name for entry in entries} >= {MANIFEST, DATABASE}:
            text = "这是一个档案库，不作为材料收入；要用里面的材料，请直接打开它。"
            refused.append(Refusal(here, text))
            continue
        folders = (top.name, *here.relative_to(top).parts)
        below = []
        for entry in entries:
            path = here / entry.name
            if entry.is_dir(follow_symlinks=False):
                below.append((path, (*above, identity)))
            else:
                yield Source(path, folders, _size(path))
        waiting.extend(reversed(below))


def _size(path: Path) -> int:
    """For the progress only; a file that is gone meanwhile is refused when its turn comes."""
    try:
        return path.lstat().st_size
    except OSError:
        return 0


def take_in(
    sources: Sequence[Source],
    store: EvidenceStore,
    known: Callable[[str], Path | None],
    progress: Progress | None = None,
    workers: int = WORKERS,
) -> Intake:
    """Copy, hash and inspect the sources into the waiting room; afterwards they are durable there.

    ``known`` says where a content lies that the archive has already. Raises CancelledError and
    StorageError (the archive's own disk); the waiting room is then empty again.
    """
    run = _Run(store, known, progress or NoProgress(), sum(source.size for source in sources))
    try:
        run.all(sources, workers)
    except BaseException:
        run.intake.throw_away()
        raise
    return run.intake


class _Run:
    """One intake under way: workers copy and look, this thread collects, syncs and reports."""

    def __init__(
        self,
        store: EvidenceStore,
        known: Callable[[str], Path | None],
        progress: Progress,
        total: int,
    ) -> None:
        self.intake = Intake()
        self._store = store
        self._known = known
        self._progress = progress
        self._total = total
        self._done = 0
        self._counting = threading.Lock()
        self._stop = threading.Event()
        self._seen: set[str] = set()
        self._unsynced: list[Path] = []
        self._unsynced_bytes = 0

    def all(self, sources: Sequence[Source], workers: int) -> None:
        """Results are taken in the order of the sources: the first of two alike is the one kept."""
        waiting = _parcels(sources)
        running: deque[Future[list[Taken | Refusal]]] = deque()
        with ThreadPoolExecutor(workers, thread_name_prefix="intake") as pool:
            try:
                while True:
                    while len(running) < _AHEAD and (parcel := next(waiting, None)):
                        running.append(pool.submit(self._parcel, parcel))
                    if not running:
                        break
                    wait([running[0]], _POLL_SECONDS)
                    if running[0].done():
                        self._collect(running.popleft().result())
                    done = min(self._done, self._total)
                    self._progress.report(done, self._total, "正在复制并检查文件")
                self._sync()
            except BaseException:
                self._stop.set()
                for future in running:
                    if not future.cancel():
                        future.add_done_callback(_throw_away)
                raise

    def _parcel(self, sources: Sequence[Source]) -> list[Taken | Refusal]:
        """In a worker: take in some files."""
        results: list[Taken | Refusal] = []
        try:
            for source in sources:
                results.append(self._one(source))  # noqa: PERF401 - those done are needed below
        except BaseException:
            _discard(results)
            raise
        return results

    def _one(self, source: Source) -> Taken | Refusal:
        """Screen, copy and hash, then look into the copy."""
        try:
            screen(source.path)
            arrival = self._store.receive(source.path, self._tick)
            try:
                return Taken(source, arrival, inspect(arrival.temporary, source.path.name))
            except BaseException:
                arrival.temporary.unlink(missing_ok=True)
                raise
        except SourceChangedError:
            reason = "复制的时候文件正在被改动或被移走，请关闭打开它的程序后再加入一次。"
            return Refusal(source.path, reason)
        except Refused as refusal:
            return Refusal(source.path, refusal.reason)
        except OSError as error:
            return Refusal(source.path, storage_error(error, source.path).sentence)

    def _tick(self, count: int) -> None:
        if self._stop.is_set():
            raise CancelledError
        with self._counting:
            self._done += count

    def _collect(self, results: list[Taken | Refusal]) -> None:
        while results:
            result = results.pop(0)
            if isinstance(result, Refusal):
                self.intake.refused.append(result)
                continue
            try:
                self._keep(result)
            except BaseException:
                _discard(results)
                raise

    def _keep(self, taken: Taken) -> None:
        arrival = taken.arrival
        place = self._known(arrival.sha256)
        if place is None and arrival.sha256 not in self._seen:
            self._seen.add(arrival.sha256)
            self.intake.taken.append(taken)
        else:
            self.intake.repeats.append((taken.source, arrival.sha256))
            if place is None or self._store.holds(place, arrival.size):
                arrival.temporary.unlink(missing_ok=True)
                return
            self.intake.returned.append((arrival, place))
        self._unsynced.append(arrival.temporary)
        self._unsynced_bytes += arrival.size
        if len(self._unsynced) >= _SYNC_FILES or self._unsynced_bytes >= _SYNC_BYTES:
            self._sync()

    def _sync(self) -> None:
        if self._unsynced:
            self._store.sync(self._unsynced)
            self._unsynced, self._unsynced_bytes = [], 0


def _parcels(sources: Sequence[Source]) -> Iterator[list[Source]]:
    parcel: list[Source] = []
    size = 0
    for source in sources:
        parcel.append(source)
        size += source.size
        if len(parcel) >= _PARCEL_FILES or size >= _PARCEL_BYTES:
            yield parcel
            parcel, size = [], 0
    if parcel:
        yield parcel


def _throw_away(future: Future[list[Taken | Refusal]]) -> None:
    if not future.cancelled() and future.exception() is None:
        _discard(future.result())


def _discard(results: Sequence[Taken | Refusal]) -> None:
    for result in results:
        if isinstance(result, Taken):
            result.arrival.temporary.unlink(missing_ok=True)


def describe(taken: Taken, today: date) -> dict[str, Any]:
    """Columns of the evidence record for a file taken in."""
    facts, name = taken.facts, clean_name(taken.source.path.name)
    names = (name, *reversed(taken.source.folders))
    return {
        "sha256": taken.arrival.sha256,
        "size": taken.arrival.size,
        "original_name": name,
        "stored_name": stored_name(name, facts.extension),
        "title": split_extension(name, known_only=True)[0],
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
