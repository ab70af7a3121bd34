"""Office packages written so that the same input gives the same bytes."""

from __future__ import annotations

import io
import re
import zipfile
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

_CORE = "docProps/core.xml"
_MODIFIED = re.compile(rb"(<dcterms:modified[^>]*>)[^<]*(</dcterms:modified>)")
_FIRST_DAY = (1980, 1, 1, 0, 0, 0)


def stable(package: bytes, when: datetime) -> bytes:
    """The package with ``when`` as the time of its last change, and no other clock in it."""
    stamp = rb"\g<1>" + when.strftime("%Y-%m-%dT%H:%M:%SZ").encode() + rb"\2"
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(package)) as source,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made,
    ):
        for name in source.namelist():
            content = source.read(name)
            if name == _CORE:
                content = _MODIFIED.sub(stamp, content)
            info = zipfile.ZipInfo(name, _FIRST_DAY)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = 0o600 << 16
            made.writestr(info, content)
    return out.getvalue()
