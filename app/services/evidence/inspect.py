"""What a file is: real type, pages, date and size, from its content; the name only speaks last.

Runs inside intake, so it reads headers only: no pixel is decoded, no part inflated beyond a few
megabytes, whatever the file claims.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from app.context import local_now
from app.services.evidence import kinds
from app.services.evidence.bmff import read_film, read_heif
from app.services.evidence.findings import DamagedError, Findings, PagesFrom, State
from app.services.evidence.names import split_extension
from app.services.evidence.office import read_package
from app.services.evidence.ole import read_ole
from app.services.evidence.pdf import read_pdf
from app.services.evidence.pictures import read_picture

if TYPE_CHECKING:
    from pathlib import Path
    from typing import IO

_HEIF = ("image/heic", "image/avif")
_BOXED = (*_HEIF, "video/mp4", "video/quicktime", "video/3gpp", "audio/x-m4a")
_FIRST_DIGITAL_CAMERAS = 1995
_PLAIN = (kinds.TEXT, "text/html", "message/rfc822")
_STATE_REMARKS: dict[State, tuple[str, ...]] = {
    "ok": (),
    "encrypted": ("文件有密码，读不到内容和页数；请取消密码后重新收入，或自行填写页数",),
    "damaged": ("请向提供人重新要一份完好的文件",),
}


@dataclass(frozen=True, slots=True)
class Facts:
    """What the content says about a file.

    ``pages`` None: unknown, to be typed in; sound, film, sheets and archives have no pages to
    count either. ``width`` and ``height`` are as stored; ``orientation`` (EXIF, 1 to 8) says how
    to turn them upright. ``taken_at`` is the camera's clock, without a zone. A misnamed file is
    sound otherwise, so that is not a state of its own.
    """

    media_type: str
    kind: str
    extension: str
    pages: int | None
    pages_from: PagesFrom
    taken_at: datetime | None
    orientation: int | None
    width: int | None
    height: int | None
    state: State
    misnamed: bool
    remarks: tuple[str, ...]


def inspect(path: Path, name: str, *, now: datetime | None = None) -> Facts:
    """Facts of the file at ``path``, which a clerk knows by ``name``.

    Broken content never raises: it gives the state ``damaged`` and a remark that says why. Only
    a disk that cannot be read raises OSError.
    """
    named = split_extension(name)[1]
    with path.open("rb") as file:
        media_type = kinds.media_type_of(file.read(kinds.HEAD_BYTES))
        found = _findings(path, file, media_type, named)
    remarks = [*found.remarks, *_STATE_REMARKS[found.state]]
    if found.taken_at is not None:
        remarks += _odd_date(found.taken_at, now or local_now())
    kind = _kind(found.media_type, named)
    misnamed, extension = _naming(found.media_type, kind, named)
    if misnamed:
        said = f"文件名是 {named}" if named else "文件名没有扩展名"
        remarks.insert(0, f"{said}，内容其实是{kind.phrase}")
    return Facts(
        found.media_type,
        kind.kind,
        extension,
        found.pages,
        found.pages_from,
        found.taken_at,
        found.orientation,
        found.width,
        found.height,
        found.state,
        misnamed,
        tuple(remarks),
    )


def _findings(path: Path, file: IO[bytes], media_type: str, named: str) -> Findings:
    try:
        found = _read(path, file, media_type)
    except DamagedError as error:
        found = Findings(_claimed(media_type, named), state="damaged", remarks=(str(error),))
    if found.media_type in _PLAIN and named in kinds.KINDS[kinds.TEXT].extensions:
        return replace(found, media_type=kinds.TEXT)
    if found.media_type == kinds.UNKNOWN:
        return _unknown(file, named)
    return found


def _read(path: Path, file: IO[bytes], media_type: str) -> Findings:
    if media_type == kinds.PDF:
        return read_pdf(path)
    if media_type in (kinds.ZIP, kinds.OLE):
        return (read_package if media_type == kinds.ZIP else read_ole)(file)
    if media_type in _BOXED:
        return (read_heif if media_type in _HEIF else read_film)(file, media_type)
    if media_type.startswith("image/"):
        return read_picture(file, media_type)
    return Findings(media_type)


def _claimed(media_type: str, named: str) -> str:
    """The type to file a broken package under: its name says which of them it was."""
    packages = {kinds.ZIP: kinds.NEW_OFFICE, kinds.OLE: kinds.OLD_OFFICE}.get(media_type, ())
    found = (kind for kind in packages if named in kinds.KINDS[kind].extensions)
    return next(found, media_type)


def _unknown(file: IO[bytes], named: str) -> Findings:
    """Content without any mark of its kind: damaged, if the name claims a kind that has one."""
    if not file.seek(0, 2):
        return Findings(kinds.UNKNOWN, state="damaged", remarks=("文件是空的",))
    for media_type, kind in kinds.KINDS.items():
        if named in kind.extensions and media_type != kinds.TEXT:
            fault = f"内容已经不是{kind.phrase}，文件可能已损坏"
            return Findings(media_type, state="damaged", remarks=(fault,))
    return Findings(kinds.UNKNOWN)


def _kind(media_type: str, named: str) -> kinds.Kind:
    """What the type means; under a password only the name tells which Office document it is."""
    if media_type == kinds.ENCRYPTED_OFFICE:
        return kinds.KINDS[_claimed(kinds.ZIP, named)] if named else kinds.KINDS[media_type]
    return kinds.KINDS[media_type]


def _naming(media_type: str, kind: kinds.Kind, named: str) -> tuple[bool, str]:
    """Whether the name's extension is wrong for the content, and the right one."""
    if named in kind.extensions or not kind.extensions:
        return False, named
    if media_type == kinds.TEXT and named and named not in kinds.KNOWN_EXTENSIONS:
        return False, named  # source code, subtitles and the like are text under many names
    return True, kind.extensions[0]


def _odd_date(taken_at: datetime, now: datetime) -> list[str]:
    day = f"{taken_at:%Y-%m-%d}"
    if taken_at > now.replace(tzinfo=None) + timedelta(days=1):
        return [f"拍摄日期 {day} 在将来，相机的时间可能设错了，请核对"]
    never_set = (taken_at.month, taken_at.day, taken_at.hour) == (1, 1, 0)
    if taken_at.year < _FIRST_DIGITAL_CAMERAS or never_set:
        return [f"拍摄日期 {day} 不可信，相机可能没有校准时间，请核对"]
    return []
