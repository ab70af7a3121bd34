"""The evidence folder: files come in through a waiting room and are put in place by their content."""

from __future__ import annotations

import ctypes
import hashlib
import os
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.models import new_id
from app.services.archive import EVIDENCE, INCOMING
from app.services.files import storage_errors, sync_folder

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from io import FileIO
    from pathlib import Path

_BLOCK = 1 << 20
_NEW_FILE = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)


class SourceChangedError(Exception):
    """The file was written to, or went away, while it was being copied."""


@dataclass(frozen=True, slots=True)
class Arrival:
    """A file in the waiting room."""

    temporary: Path
    sha256: str
    size: int


class EvidenceStore:
    """Files of one archive: ``evidence/ab/abcdef…/原文件名.pdf``, each content once."""

    def __init__(self, archive: Path) -> None:
        self.root = archive / EVIDENCE
        self._incoming = archive / INCOMING

    def path(self, sha256: str, stored_name: str) -> Path:
        """Where a file lies."""
        return self.root / sha256[:2] / sha256 / stored_name

    def receive(self, source: Path, tick: Callable[[int], None]) -> Arrival:
        """Copy a file into the waiting room while hashing it, in one pass; not yet durable.

        ``tick`` gets the bytes of each block and may raise to stop. Raises OSError when the source
        cannot be read, SourceChangedError when it was not the same at the end as at the beginning,
        StorageError when the archive's own disk refuses.
        """
        temporary = self._incoming / new_id()
        try:
            with source.open("rb", buffering=0) as incoming:
                before = os.fstat(incoming.fileno())
                sha256, size = self._copy(incoming, before.st_size, temporary, tick)
                after = os.fstat(incoming.fileno())
            expected = (before.st_size, before.st_size, before.st_mtime_ns)
            if (size, after.st_size, after.st_mtime_ns) != expected:
                raise SourceChangedError
        except BaseException:
            temporary.unlink(missing_ok=True)
            raise
        return Arrival(temporary, sha256, size)

    def _copy(
        self, incoming: FileIO, expected: int, temporary: Path, tick: Callable[[int], None]
    ) -> tuple[str, int]:
        digest, size = hashlib.sha256(), 0
        buffer = memoryview(bytearray(max(1, min(_BLOCK, expected))))
        with storage_errors(self.root):
            out = os.open(temporary, _NEW_FILE, 0o666)
        try:
            while count := incoming.readinto(buffer):
                block = buffer[:count]
                digest.update(block)
                with storage_errors(self.root):
                    _write_all(out, block)
                size += count
                if size > expected:  # still being written, perhaps without end
                    raise SourceChangedError
                tick(count)
        finally:
            os.close(out)
        return digest.hexdigest(), size

    def holds(self, place: Path, size: int) -> bool:
        """Whether a file of that size lies in its place."""
        try:
            return place.stat().st_size == size
        except OSError:
            return False

    def sync(self, arrivals: Iterable[Path]) -> None:
        """Make the files of the waiting room durable, all of them at once where the system can."""
        with storage_errors(self.root):
            if not _sync_file_system(self._incoming):
                for path in arrivals:
                    with path.open("rb+") as file:
                        os.fsync(file.fileno())

    def put(self, arrival: Arrival, place: Path) -> bool:
        """Move a durable file to its place; False when the same content lay there already."""
        target = os.fspath(place)
        with storage_errors(place):
            try:
                os.mkdir(os.path.dirname(target))  # noqa: PTH102, PTH120 - ten thousand times
                new = True
            except FileNotFoundError:
                place.parent.mkdir(parents=True, exist_ok=True)
                new = True
            except FileExistsError:
                new = not place.exists()
            os.replace(arrival.temporary, target)  # noqa: PTH105
        return new

    def sync_places(self, places: Iterable[Path]) -> None:
        """Make the moves durable."""
        with storage_errors(self.root):
            if os.name == "nt" or _sync_file_system(self.root):
                return
            for folder in {folder for place in places for folder in place.parents[:3]}:
                sync_folder(folder)

    def discard(self, place: Path) -> None:
        """Remove a file that no record names, and its folder; the folder of others stays."""
        place.unlink(missing_ok=True)
        if place.parent.parent.parent == self.root:
            for folder in (place.parent, place.parent.parent):
                try:
                    folder.rmdir()
                except OSError:
                    return


def hash_of(path: Path, tick: Callable[[int], None]) -> str:
    """SHA-256 of a file as it lies on the disk; ``tick`` gets the bytes of each block."""
    digest = hashlib.sha256()
    with path.open("rb", buffering=0) as file:
        buffer = memoryview(bytearray(_BLOCK))
        while count := file.readinto(buffer):
            digest.update(buffer[:count])
            tick(count)
    return digest.hexdigest()


def _write_all(handle: int, block: memoryview) -> None:
    while block:
        block = block[os.write(handle, block) :]


def _sync_file_system(folder: Path) -> bool:
    """Flush the whole file system of a folder (Linux ``syncfs``); False where there is no such call."""
    if sys.platform != "linux":
        return False
    libc = ctypes.CDLL(None, use_errno=True)
    handle = os.open(folder, os.O_RDONLY)
    try:
        if libc.syncfs(handle) != 0:
            code = ctypes.get_errno()
            raise OSError(code, os.strerror(code), str(folder))
    finally:
        os.close(handle)
    return True
