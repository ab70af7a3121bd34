"""Which font draws which character: a chain for every role, asked character by character.

ReportLab embeds TrueType outlines only. A role asks the fonts of the machine that a Chinese office
knows, then the two fonts shipped with the program, then fonts that only add rare characters. A font
is opened (0.1 s) when the first character needs it, and once for the process.
"""

from __future__ import annotations

import os
import sys
import threading
import unicodedata
from functools import cache
from itertools import groupby, pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

from app.errors import ExportError
from app.resources import resource
from app.services.documents.tree import Document, Role, TextStyle, texts

if TYPE_CHECKING:
    from collections.abc import Iterator

SHIPPED = ("NotoSerifSC-Regular.ttf", "NotoSansSC-Regular.ttf")
_RARE = ("simsunb.ttf", "simsunextg.ttf", "uming.ttc")
_SONG = ("simsun.ttc", "stsong.ttf", *SHIPPED, *_RARE)
_HEAVY_TITLE = (
    "fzxbsjw.ttf", "fzxbsk.ttf", "方正小标宋简体.ttf", "方正小标宋_gbk.ttf", "stzhongs.ttf",
)  # fmt: skip
CHAINS: dict[Role, tuple[str, ...]] = {
    "title": (*_HEAVY_TITLE, *_SONG),
    "song": _SONG,
    "fangsong": ("simfang.ttf", "stfangso.ttf", *_SONG),
    "hei": ("simhei.ttf", "msyh.ttc", SHIPPED[1], *_SONG),
    "kai": ("simkai.ttf", "stkaiti.ttf", "ukai.ttc", *_SONG),
}
"""File names in lower case; the heavy title faces are replaced by 宋 drawn bold, as offices do."""
_EVERY = tuple(dict.fromkeys(name for chain in CHAINS.values() for name in chain))
"""Asked last by every role, so that a character is missing for all of them or for none."""

_SHOWN = 10
"""So many characters are named in a message."""


class Face(NamedTuple):
    """One opened font as the PDF writer needs it."""

    name: str
    heavy: bool
    """To be drawn bold because it stands in for a heavier face."""
    widths: dict[int, float]
    """Of every character that it draws, in thousandths of the size."""
    font: Any
    """ReportLab's font."""


class _UnicodeFont(TTFont):  # type: ignore[misc]
    """ReportLab's font with a right text layer for characters outside the basic plane.

    ReportLab 5.1 writes their code points with five digits where PDF wants UTF-16, so that names
    with such characters could be read on paper but neither searched nor copied.
    """

    def addObjects(self, doc: Any) -> None:  # noqa: N802 -- ReportLab's
        subsets = [list(codes) for codes in self.state[doc].subsets]
        super().addObjects(doc)
        maps = [v for k, v in doc.idToObject.items() if k.startswith("toUnicodeCMap:")]
        for codes in subsets:
            for code in (c for c in codes if c > 0xFFFF):
                wrong, right = f"<{code:04X}>", f"<{chr(code).encode('utf-16-be').hex().upper()}>"
                for stream in maps:
                    stream.content = stream.content.replace(wrong, right)


class RoleFont(dict[str, float]):
    """The fonts of one role; as a mapping: the advance of every character in ems."""

    def __init__(self, chain: tuple[str, ...], library: FontLibrary) -> None:
        super().__init__()
        self._chain = chain
        self._library = library
        self.main = next(face for face in map(library.face, chain) if face)
        self.main = self._as_drawn(self.main)
        self.others: dict[str, Face] = {}
        """Characters that the main font lacks, with the font that draws them."""
        self.missing: set[str] = set()
        """Characters that no font has, as far as they have been asked for."""

    def _as_drawn(self, face: Face) -> Face:
        stand_in = self._chain[0] == _HEAVY_TITLE[0] and face.name not in _HEAVY_TITLE
        return face._replace(heavy=stand_in)

    def __missing__(self, character: str) -> float:
        code = ord(character)
        if unicodedata.category(character) not in ("Cc", "Cs", "Cn"):
            for name in self._chain:
                face = self._library.face(name)
                if face and code in face.widths:
                    if face.name != self.main.name:
                        self.others[character] = self._as_drawn(face)
                    return self.setdefault(character, face.widths[code] / 1000)
        self.missing.add(character)
        return 1.0

    def width(self, text: str, size: float) -> float:
        """Width of ``text`` in points."""
        return sum(map(self.__getitem__, text)) * size

    def runs(self, text: str) -> Iterator[tuple[Face, str]]:
        """Cut ``text`` where another font has to draw."""
        if not self.others or self.others.keys().isdisjoint(text):
            yield self.main, text
            return
        for face, run in groupby(text, lambda c: self.others.get(c, self.main)):
            yield face, "".join(run)


class GridFont(dict[str, float]):
    """A role's fonts with every full-width character at the same distance from the next."""

    def __init__(self, font: RoleFont, pitch: float) -> None:
        super().__init__()
        self._font = font
        self._pitch = pitch

    def __missing__(self, character: str) -> float:
        advance = self._font[character]
        return self.setdefault(character, self._pitch if _is_full(advance) else advance)

    def width(self, text: str, size: float) -> float:
        """Width of ``text`` in points."""
        return sum(map(self.__getitem__, text)) * size

    def runs(self, text: str) -> Iterator[tuple[Face, str]]:
        """Cut ``text`` where another font has to draw, or the distance changes."""
        for face, run in self._font.runs(text):
            for _, part in groupby(run, lambda c: _is_full(self._font[c])):
                yield face, "".join(part)

    def spread(self, run: str, size: float) -> float:
        """Added to the advance of every character of one of the runs, in points."""
        return (self[run[0]] - self._font[run[0]]) * size


def _is_full(advance: float) -> bool:
    return advance > 0.99


class FontLibrary:
    """The fonts that this machine and this program have."""

    def __init__(self, *, shipped_only: bool) -> None:
        self._files = {} if shipped_only else _installed()
        self._files.update({name.lower(): resource("fonts", name) for name in SHIPPED})
        self._faces: dict[str, Face | None] = {}
        self._refused: dict[str, str] = {}
        self._roles: dict[Role, RoleFont] = {}
        self._grids: dict[tuple[Role, float], GridFont] = {}
        self._lock = threading.RLock()

    def role(self, role: Role) -> RoleFont:
        """Fonts for ``role``."""
        with self._lock:
            if role not in self._roles:
                self._roles[role] = RoleFont((*CHAINS[role], *_EVERY), self)
            return self._roles[role]

    def of(self, style: TextStyle) -> RoleFont | GridFont:
        """Fonts for ``style`` with its distances."""
        if not style.pitch:
            return self.role(style.role)
        with self._lock:
            key = style.role, round(style.pitch / style.size, 6)
            if key not in self._grids:
                self._grids[key] = GridFont(self.role(style.role), style.pitch / style.size)
            return self._grids[key]

    def face(self, name: str) -> Face | None:
        """The font of that file name; None where the machine has none that can be embedded."""
        with self._lock:
            if name not in self._faces:
                path = self._files.get(name.lower())
                found = _open(name, path) if path else None
                if isinstance(found, str):
                    self._refused[name] = found
                self._faces[name] = found if isinstance(found, Face) else None
            return self._faces[name]

    def path(self, name: str) -> Path | None:
        """Where the font of that file name lies; None where the machine has none."""
        return self._files.get(name.lower())

    def refusal(self, name: str) -> str:
        """Why a font that is there cannot be used; empty where it can."""
        self.face(name)
        return self._refused.get(name, "")

    def require_all(self, document: Document) -> None:
        """Raise ExportError naming each character that no font has, and where it stands."""
        missing = set().union(*(role.missing for role in self._roles.values()))
        if not missing:
            return
        places: dict[str, str] = {}
        for place, text in texts(document):
            for character in missing.intersection(text):
                places.setdefault(character, place)
        if not places:
            return
        shown = [_describe(c, places[c]) for c in sorted(places)[:_SHOWN]]
        more = f"等 {len(places)} 个字" if len(places) > _SHOWN else ""
        raise ExportError(
            f"有的字没有字体可以印出：{'；'.join(shown)}{more}。文件没有生成。",
            "请改用别的写法，或安装含有这些字的字体（如 Windows 的“简体中文补充字体”）后再试。",
        )


def renew() -> None:
    """Look at the machine's fonts anew, after one has been installed."""
    library.cache_clear()


@cache
def library(*, shipped_only: bool = False) -> FontLibrary:
    """The fonts of this process; ``shipped_only`` gives the same pages on every machine."""
    return FontLibrary(shipped_only=shipped_only)


def _open(name: str, path: Path) -> Face | str:
    """The font, or why it cannot be used."""
    try:
        font = _UnicodeFont(name, str(path))
    except Exception as error:
        if path.name in SHIPPED:
            raise ExportError(
                f"程序自带的字体 {path.name} 打不开。", "请重新安装本程序。", str(error)
            ) from error
        return _reason(str(error))
    pdfmetrics.registerFont(font)
    return Face(name, heavy=False, widths=_drawn(font.face), font=font)


def _reason(error: str) -> str:
    if "postscript outlines" in error:
        return "它是 OpenType（CFF）字体，PDF 里嵌不进去"
    if "does not allow" in error:
        return "它的许可不让嵌入 PDF"
    return "文件打不开，可能已损坏"


def _drawn(face: Any) -> dict[int, float]:
    """Widths of the characters that the font really draws.

    Some fonts list characters for which they hold an empty glyph (AR PL UKai: 䶮); taking it would
    print a blank where a name should stand.
    """
    starts = face.glyphPos
    empty = {n for n, (this, following) in enumerate(pairwise(starts)) if this == following}
    empty.add(0)
    glyphs = face.charToGlyph
    return {
        code: width
        for code, width in face.charWidths.items()
        if glyphs[code] not in empty or chr(code).isspace()
    }


def _installed() -> dict[str, Path]:
    """Those of the wanted fonts that the system has, by file name in lower case."""
    found: dict[str, Path] = {}
    for folder in _folders():
        for where, _, files in os.walk(folder):
            for name in set(_EVERY).intersection(map(str.lower, files)) - found.keys():
                (file,) = [f for f in files if f.lower() == name][:1]
                found[name] = Path(where, file)
    return found


def _folders() -> list[Path]:
    home = Path.home()
    if sys.platform == "win32":
        local = os.environ.get("LOCALAPPDATA", str(home / "AppData/Local"))
        return [
            Path(os.environ.get("WINDIR", "C:/Windows"), "Fonts"),
            Path(local, "Microsoft/Windows/Fonts"),
        ]
    return [
        Path("/usr/share/fonts"), Path("/usr/local/share/fonts"),
        home / ".local/share/fonts", home / ".fonts",
    ]  # fmt: skip


def _describe(character: str, place: str) -> str:
    code = f"U+{ord(character):04X}"
    visible = unicodedata.category(character) not in ("Cc", "Cs", "Cn", "Co")
    where = place.encode("utf-8", "replace").decode()
    return f"“{character}”（{code}，在“{where}”中）" if visible else f"{code}（在“{where}”中）"
