"""Where pictures wait on disk until the book is written, and files are read without being held open.

A book may have thousands of sources; Windows lets a program hold 512 files open, and memory is for
the pages, not for the photos. So pictures are written one after the other into a plain PDF of their
own, from which pikepdf takes them when it needs them, and source files are opened when read.
"""

from __future__ import annotations

import io
from collections import OrderedDict
from typing import IO, TYPE_CHECKING

from app.services.files import storage_errors

if TYPE_CHECKING:
    from pathlib import Path
    from types import TracebackType

    from app.services.book.pictures import ReadyPicture

_OPEN_AT_ONCE = 40
_BLOCK = 1 << 16


class Spool:
    """Pictures in a file, numbered from 0."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._offsets: list[int] = []
        with storage_errors(path):
            self._file = path.open("wb")
            self._file.write(b"%PDF-1.7\n")

    def __enter__(self) -> Spool:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self._file.close()

    def add(self, picture: ReadyPicture) -> int:
        """Keep a picture; returns its number."""
        number = len(self._offsets)
        head = (
            f"{number + 1} 0 obj\n<</Type/XObject/Subtype/Image/Width {picture.width}"
            f"/Height {picture.height}/ColorSpace/{picture.space}/BitsPerComponent {picture.bits}"
            f"/Filter/{picture.filter}/Length {len(picture.data)}>>stream\n"
        )
        with storage_errors(self.path):
            self._offsets.append(self._file.tell())
            self._file.write(head.encode())
            self._file.write(picture.data)
            self._file.write(b"\nendstream endobj\n")
        return number

    def close(self) -> None:
        """Finish the file: a PDF without pages whose catalogue lists the pictures."""
        count = len(self._offsets)
        pictures = " ".join(f"{number} 0 R" for number in range(1, count + 1))
        with storage_errors(self.path), self._file as file:
            for number, body in (
                (count + 1, "<</Type/Pages/Kids[]/Count 0>>"),
                (count + 2, f"<</Type/Catalog/Pages {count + 1} 0 R/Pictures[{pictures}]>>"),
            ):
                self._offsets.append(file.tell())
                file.write(f"{number} 0 obj\n{body}\nendobj\n".encode())
            start = file.tell()
            file.write(f"xref\n0 {count + 3}\n0000000000 65535 f \n".encode())
            file.writelines(f"{offset:010} 00000 n \n".encode() for offset in self._offsets)
            file.write(
                f"trailer<</Size {count + 3}/Root {count + 2} 0 R>>\n"
                f"startxref\n{start}\n%%EOF\n".encode()
            )


class FilePool:
    """Files that are read in turns; only the last few stay open."""

    def __init__(self) -> None:
        self._open: OrderedDict[Path, IO[bytes]] = OrderedDict()

    def __enter__(self) -> FilePool:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        for file in self._open.values():
            file.close()
        self._open.clear()

    def file(self, path: Path) -> IO[bytes]:
        """The file, opened again where it was closed meanwhile."""
        if path in self._open:
            self._open.move_to_end(path)
            return self._open[path]
        if len(self._open) >= _OPEN_AT_ONCE:
            _, oldest = self._open.popitem(last=False)
            oldest.close()
        self._open[path] = path.open("rb", buffering=_BLOCK)
        return self._open[path]


class PooledFile(io.RawIOBase):
    """A file of the pool, to be read like one that stays open."""

    def __init__(self, pool: FilePool, path: Path) -> None:
        super().__init__()
        self._pool = pool
        self._path = path
        self._at = 0
        self._size = path.stat().st_size

    def readable(self) -> bool:
        """It can be read."""
        return True

    def seekable(self) -> bool:
        """It can be read anywhere."""
        return True

    def tell(self) -> int:
        """Place of the next byte."""
        return self._at

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Move the place of the next byte."""
        start = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._size}[whence]
        self._at = start + offset
        return self._at

    def readinto(self, buffer: bytearray) -> int:  # type: ignore[override]
        """Read into a buffer; returns the number of bytes."""
        file = self._pool.file(self._path)
        file.seek(self._at)
        count = file.readinto(buffer)  # type: ignore[attr-defined]
        self._at += count
        return int(count)
