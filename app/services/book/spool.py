"""Where pictures and PDF pages wait on disk until the book is written.

Everything goes, one after the other, into a plain PDF without pages. A volume is then made by
opening that file and adding what is set in type: pikepdf reads the streams of a file's own only when
it saves them, while what it copies from another file it keeps in memory. So memory is for the pages,
not for the photos, and never more than two files are open.
"""

from __future__ import annotations

import re
import zlib
from typing import TYPE_CHECKING, Any

from app.services.files import storage_errors

if TYPE_CHECKING:
    from pathlib import Path
    from types import TracebackType

    from pikepdf import Pdf

    from app.services.book.pictures import ReadyPicture

_REFERENCE = re.compile(rb"\((?:[^\\()]|\\.)*\)|<[0-9a-fA-F]*>|(\d+) (\d+) R\b", re.DOTALL)
"""References, as qpdf writes them; strings are passed over (it escapes brackets within them)."""
_ELSEWHERE = frozenset(("/Page", "/Pages", "/Catalog"))
"""Objects that belong to the source's own structure and are not taken along."""


class Spool:
    """Pictures and pages in a file, numbered from 0 as they come."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._offsets: list[int] = [0]
        """Of each object; object 0 is none."""
        self._things: list[int] = []
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

    def add_picture(self, picture: ReadyPicture) -> int:
        """Keep a picture; returns its number."""
        head = (
            f"<</Type/XObject/Subtype/Image/Width {picture.width}/Height {picture.height}"
            f"/ColorSpace/{picture.space}/BitsPerComponent {picture.bits}/Filter/{picture.filter}"
        )
        number = self._new()
        self._write_stream(number, head.encode(), picture.data)
        return self._keep(number)

    def add_page(self, pdf: Pdf, page: Any, known: dict[tuple[int, int], int]) -> int:
        """Keep a page as it looks; ``known`` are the objects of its file that are kept already."""
        form = page.as_form_xobject()
        number = self._new()
        waiting: list[tuple[int, int]] = []
        head = self._renumbered(form.stream_dict, known, waiting)
        head = head[: head.rindex(b">>")] + b"/Filter/FlateDecode"
        self._write_stream(number, head, zlib.compress(form.read_bytes(), 6))
        while waiting:
            objgen = waiting.pop()
            self._copy(pdf.get_object(objgen), known[objgen], known, waiting)
        return self._keep(number)

    def close(self) -> None:
        """Finish the file: a PDF without pages whose catalogue lists what was kept."""
        things = " ".join(f"{number} 0 R" for number in self._things)
        pages, root = self._new(), self._new()
        self._write(pages, b"<</Type/Pages/Kids[]/Count 0>>")
        self._write(root, f"<</Type/Catalog/Pages {pages} 0 R/Things[{things}]>>".encode())
        with storage_errors(self.path), self._file as file:
            start = file.tell()
            size = len(self._offsets)
            file.write(f"xref\n0 {size}\n0000000000 65535 f \n".encode())
            file.writelines(f"{offset:010} 00000 n \n".encode() for offset in self._offsets[1:])
            file.write(
                f"trailer<</Size {size}/Root {root} 0 R>>\nstartxref\n{start}\n%%EOF\n".encode()
            )

    def _new(self) -> int:
        self._offsets.append(0)
        return len(self._offsets) - 1

    def _keep(self, number: int) -> int:
        self._things.append(number)
        return len(self._things) - 1

    def _copy(
        self,
        thing: Any,
        number: int,
        known: dict[tuple[int, int], int],
        waiting: list[tuple[int, int]],
    ) -> None:
        """Write one object of another file; those that it names are put on ``waiting``."""
        import pikepdf

        if isinstance(thing, pikepdf.Stream):
            head = self._renumbered(thing.stream_dict, known, waiting)
            self._write_stream(number, head[: head.rindex(b">>")], thing.read_raw_bytes())
        elif isinstance(thing, pikepdf.Dictionary) and str(thing.get("/Type", "")) in _ELSEWHERE:
            self._write(number, b"null")
        elif isinstance(thing, pikepdf.Object):
            self._write(number, self._renumbered(thing, known, waiting))
        else:  # numbers, truth values and nothing come as Python's own
            self._write(number, pikepdf.Array([thing]).unparse().strip(b"[] "))

    def _renumbered(
        self, thing: Any, known: dict[tuple[int, int], int], waiting: list[tuple[int, int]]
    ) -> bytes:
        """An object as text, naming the objects of this file instead of its own."""

        def here(found: re.Match[bytes]) -> bytes:
            if found[1] is None:
                return found[0]
            objgen = int(found[1]), int(found[2])
            if objgen not in known:
                known[objgen] = self._new()
                waiting.append(objgen)
            return b"%d 0 R" % known[objgen]

        return _REFERENCE.sub(here, thing.unparse(resolved=True))

    def _write_stream(self, number: int, head: bytes, data: bytes) -> None:
        """``head``: the dictionary without its end; qpdf takes the last of two lengths."""
        length = b"/Length %d>>stream\n" % len(data)
        self._write(number, head, length, data, b"\nendstream")

    def _write(self, number: int, *parts: bytes) -> None:
        with storage_errors(self.path):
            self._offsets[number] = self._file.tell()
            self._file.write(b"%d 0 obj\n" % number)
            self._file.writelines(parts)
            self._file.write(b"\nendobj\n")
