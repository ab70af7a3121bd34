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

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

_BLOCK = 1 << 20


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

        ``tick`` gets the bytes of each block and may raise to stop. Raises OSError, and
        SourceChangedError when the file was not the same at the end as at the beginning.
        """
        temporary = self._incoming / new_id()
        digest = hashlib.sha256()
        try:
            with (
                source.open("rb", buffering=0) as incoming,
                temporary.open("wb", buffering=0) as out,
            ):
                before = os.fstat(incoming.fileno())
                size = 0
                buffer = memoryview(bytearray(max(1, min(_BLOCK, before.st_size))))
                while count := incoming.readinto(buffer):
                    block = buffer[:count]
                    digest.update(block)
                    _write_all(out.fileno(), block)
                    size += count
                    tick(count)
                after = os.fstat(incoming.fileno())
            if (size, after.st_size, after.st_mtime_ns) != (before.st_size,) * 2 + (
                before.st_mtime_ns,
            ):
                raise SourceChangedError
        except BaseException:
            temporary.unlink(missing_ok=True)
            raise
        return Arrival(temporary, digest.hexdigest(), size)

    def sync(self, arrivals: Iterable[Path]) -> None:
        """Make the files of the waiting room durable, all of them at once where the system can."""
        if not _sync_file_system(self._incoming):
            for path in arrivals:
                with path.open("rb+") as file:
                    os.fsync(file.fileno())

    def put(self, arrival: Arrival, place: Path) -> None:
        """Move a durable file to its place."""
        place.parent.mkdir(parents=True, exist_ok=True)
        arrival.temporary.replace(place)

    def sync_places(self, places: Iterable[Path]) -> None:
        """Make the moves durable."""
        if os.name == "nt" or _sync_file_system(self.root):
            return
        folders = {folder for place in places for folder in place.parents[:3]}
        for folder in folders:
            handle = os.open(folder, os.O_RDONLY)
            try:
                os.fsync(handle)
            finally:
                os.close(handle)

    def discard(self, place: Path) -> None:
        """Remove a file that no record names, and its folder; the folder of others stays."""
        place.unlink(missing_ok=True)
        if place.parent.parent.parent == self.root:
            for folder in (place.parent, place.parent.parent):
                try:
                    folder.rmdir()
                except OSError:
                    return


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
