"""Real small disks, where this machine lets us mount them."""

from __future__ import annotations

import os
import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path


@pytest.fixture
def mount(tmp_path: Path) -> Iterator[Callable[..., None]]:
    """Runs ``mount`` with these words; whatever was mounted under tmp_path goes at the end."""
    if os.name == "nt" or os.geteuid() != 0 or shutil.which("mount") is None:
        pytest.skip("mounting a small disk needs root")

    def mount_(*words: object) -> None:
        done = subprocess.run(["mount", *map(str, words)], check=False, capture_output=True)
        if done.returncode:
            pytest.skip(f"this machine allows no mounts: {done.stderr.decode().strip()}")

    yield mount_
    for name in ("盘", "只读"):
        subprocess.run(["umount", str(tmp_path / name)], check=False, capture_output=True)


class SmallDisk:
    """A disk of a few megabytes that can be filled and emptied."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._filler = path / "占满.bin"

    def fill(self, leave: int = 0) -> None:
        """Fill the disk up to so many bytes."""
        room = os.statvfs(self.path)
        size = max(room.f_bavail * room.f_frsize - leave, 0)
        with self._filler.open("wb", buffering=0) as file:
            while size > 0:
                size -= file.write(bytes(min(size, 1 << 16)))

    def free(self) -> None:
        self._filler.unlink()


@pytest.fixture
def disk(tmp_path: Path, mount: Callable[..., None]) -> SmallDisk:
    path = tmp_path / "盘"
    path.mkdir()
    mount("-t", "tmpfs", "-o", "size=24m", "tmpfs", path)
    return SmallDisk(path)
