"""What kind of place a folder is on: decides whether a live database may be kept there, and how."""

from __future__ import annotations

import sys
from enum import Enum
from pathlib import Path

_NETWORK = {
    "nfs",
    "nfs4",
    "cifs",
    "smb3",
    "smbfs",
    "9p",
    "fuse.sshfs",
    "afpfs",
    "davfs",
    "fuse.rclone",
}
_CLOUD_WORDS = (
    "baidunetdisk",
    "baidusyncdisk",
    "onedrive",
    "坚果云",
    "nutstore",
    "dropbox",
    "wpsdrive",
    "wps云盘",
    "百度网盘",
    "百度云同步盘",
    "icloud",
)


class Place(Enum):
    """Kind of storage, as far as the system tells."""

    LOCAL = "local"
    REMOVABLE = "removable"
    NETWORK = "network"
    CLOUD = "cloud"


def place_of(path: Path) -> Place:
    """Kind of storage that holds ``path`` (which need not exist yet)."""
    if any(word in part.casefold() for part in path.absolute().parts for word in _CLOUD_WORDS):
        return Place.CLOUD
    return _windows_place(path) if sys.platform == "win32" else _unix_place(path)


def _unix_place(path: Path) -> Place:
    try:
        mounts = Path("/proc/self/mounts").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return Place.LOCAL
    best, kind = "", ""
    target = str(path.absolute())
    for line in mounts.splitlines():
        _device, mount, fstype, *_rest = line.split(" ")
        mount = mount.replace("\\040", " ")
        inside = target == mount or target.startswith(mount.rstrip("/") + "/")
        if inside and len(mount) >= len(best):
            best, kind = mount, fstype
    if kind in _NETWORK:
        return Place.NETWORK
    return Place.REMOVABLE if best.startswith(("/media/", "/run/media/")) else Place.LOCAL


def _windows_place(path: Path) -> Place:
    if sys.platform != "win32":
        return Place.LOCAL
    import ctypes

    root = path.absolute().drive + "\\"
    kind = ctypes.windll.kernel32.GetDriveTypeW(root)
    return {2: Place.REMOVABLE, 4: Place.NETWORK}.get(kind, Place.LOCAL)
