"""File names: as shown to a clerk, and as written to a disk that Windows must read too."""

from __future__ import annotations

import re
import unicodedata

from app.services.evidence.kinds import KNOWN_EXTENSIONS

MAX_CHARACTERS = 80
MAX_BYTES = 180
NAMELESS = "未命名"

_RESERVED = re.compile(r"(?:CON|PRN|AUX|NUL|CONIN\$|CONOUT\$|(?:COM|LPT)[0-9¹²³])\Z", re.I)
_FULL_WIDTH = str.maketrans('<>:"/\\|?*', "＜＞：＂／＼｜？＊")
_EXTENSION = re.compile(r"\.(?=[0-9]*[A-Za-z])[0-9A-Za-z]{1,12}\Z")


def clean_name(name: str) -> str:
    """The name for display: NFC, without control, invisible and direction-turning characters."""
    if name.isprintable() and unicodedata.is_normalized("NFC", name):
        return name.strip() or NAMELESS  # nearly every name, at once
    text = unicodedata.normalize("NFC", _mended(name))
    text = "".join(" " if c in "\u2028\u2029\t" else c for c in text)
    # Not "Cn": rare characters of names are younger than this Python's table of characters.
    kept = "".join(c for c in text if unicodedata.category(c) not in ("Cc", "Cf", "Cs"))
    return kept.strip() or NAMELESS


def stored_name(name: str, extension: str) -> str:
    """The name on the disk, ending in ``extension`` (".pdf"), safe on Windows, Linux and sticks.

    At most MAX_CHARACTERS characters and MAX_BYTES bytes of UTF-8, never cut inside a character.
    """
    stem = split_extension(clean_name(name), known_only=True)[0]
    stem = stem.translate(_FULL_WIDTH).strip(" .\u00a0\u3000") or NAMELESS
    if _RESERVED.match(stem.split(".")[0].rstrip()):
        stem = f"_{stem}"
    room = MAX_CHARACTERS - len(extension)
    room_bytes = MAX_BYTES - len(extension.encode())
    return _cut(stem, room, room_bytes).rstrip(" .\u00a0\u3000") + extension


def split_extension(name: str, *, known_only: bool = False) -> tuple[str, str]:
    """Stem and lower-case extension; a date such as ``08.30.12`` or ``1.记录`` has none.

    With ``known_only`` just the extensions of known kinds count, so that no part of a title goes.
    """
    name = name.rstrip(" .")
    found = _EXTENSION.search(name)
    if not found or not found.start():
        return name, ""
    extension = found.group().lower()
    if known_only and extension not in KNOWN_EXTENSIONS:
        return name, ""
    return name[: found.start()], extension


def _mended(name: str) -> str:
    """A name whose bytes were GBK on a Linux disk arrives as surrogates: read it as it was meant."""
    if not any("\udc80" <= c <= "\udcff" for c in name):
        return name
    try:
        return name.encode("utf-8", "surrogateescape").decode("gb18030")
    except UnicodeError:
        return name


def _cut(text: str, characters: int, size: int) -> str:
    if len(text) <= characters and len(text.encode()) <= size:
        return text
    cut = text[:characters].encode()[:size].decode(errors="ignore")
    # A base without its marks is another character: go back to before the base.
    end = len(cut)
    while end and unicodedata.category(text[end]).startswith("M"):
        end -= 1
    return text[:end] or cut
