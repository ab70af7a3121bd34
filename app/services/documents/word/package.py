"""The package around the text of a Word file: content types, relations, settings, properties."""

from __future__ import annotations

import zipfile
from datetime import UTC
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from app.services.documents.tree import Document
    from app.services.documents.word.part import Part

_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_CHUNK = 1 << 18


def add(archive: zipfile.ZipFile, name: str, created: datetime, content: str | bytes) -> None:
    """One part; images are not packed a second time."""
    entry = _entry(name, created)
    if isinstance(content, bytes):
        entry.compress_type = zipfile.ZIP_STORED
        archive.writestr(entry, content)
    else:
        archive.writestr(entry, _XML + content)


def add_stream(
    archive: zipfile.ZipFile, name: str, created: datetime, pieces: Iterable[str]
) -> None:
    """One part, written while it is being made."""
    with archive.open(_entry(name, created), "w", force_zip64=False) as part:
        part.write(_XML.encode())
        waiting: list[str] = []
        size = 0
        for piece in pieces:
            waiting.append(piece)
            size += len(piece)
            if size > _CHUNK:
                part.write("".join(waiting).encode())
                waiting, size = [], 0
        part.write("".join(waiting).encode())


def _entry(name: str, created: datetime) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, created.timetuple()[:6])
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.create_system = 0  # the same on every system
    return entry


def relations(archive: zipfile.ZipFile, part: Part, created: datetime) -> None:
    """What a part refers to."""
    given = dict(part.relations)
    if part.name == "document":
        for kind, target in (
            ("styles", "styles.xml"), ("settings", "settings.xml"), ("fontTable", "fontTable.xml"),
        ):  # fmt: skip
            given[kind, target] = f"r{kind}"
    if given:
        rows = [(one, f"{_OFFICE}/relationships/{kind}", at) for (kind, at), one in given.items()]
        add(archive, f"word/_rels/{part.name}.xml.rels", created, _relations(rows))


def _relations(rows: Iterable[tuple[str, str, str]]) -> str:
    inside = "".join(f'<Relationship Id="{i}" Type="{t}" Target="{at}"/>' for i, t, at in rows)
    return f'<Relationships xmlns="{_PACKAGE}/relationships">{inside}</Relationships>'


def settings(*, both: bool) -> str:
    """The part word/settings.xml; ``both``: odd and even pages differ."""
    even = "<w:evenAndOddHeaders/>" if both else ""
    return (
        f'<w:settings xmlns:w="{_W}"><w:zoom w:percent="100"/>{even}'
        '<w:characterSpacingControl w:val="doNotCompress"/><w:compat>'
        "<w:doNotExpandShiftReturn/>"
        '<w:compatSetting w:name="compatibilityMode"'
        ' w:uri="http://schemas.microsoft.com/office/word" w:val="15"/></w:compat>'
        '<w:themeFontLang w:val="en-US" w:eastAsia="zh-CN"/></w:settings>'
    )


def add_frame(
    archive: zipfile.ZipFile, document: Document, created: datetime, outer: Sequence[str]
) -> None:
    """Content types, the package's relations, and what the file says about itself."""
    kinds = [("document", "document.main"), ("styles", "styles"), ("settings", "settings"),
             ("fontTable", "fontTable"), *((name, name[:6]) for name in outer)]  # fmt: skip
    types = "".join(
        f'<Override PartName="/word/{name}.xml" ContentType="{_WORD}.{kind}+xml"/>'
        for name, kind in kinds
    )
    add(
        archive, "[Content_Types].xml", created,
        f'<Types xmlns="{_PACKAGE}/content-types">'
        f'<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        '<Default Extension="jpeg" ContentType="image/jpeg"/>'
        f'<Default Extension="png" ContentType="image/png"/>{types}'
        '<Override PartName="/docProps/core.xml"'
        ' ContentType="application/vnd.openxmlformats-package.core-properties+xml"/>'
        '<Override PartName="/docProps/app.xml"'
        ' ContentType="application/vnd.openxmlformats-officedocument.extended-properties+xml"/></Types>',
    )  # fmt: skip
    rows = [
        ("rId1", f"{_OFFICE}/relationships/officeDocument", "word/document.xml"),
        ("rId2", f"{_PACKAGE}/relationships/metadata/core-properties", "docProps/core.xml"),
        ("rId3", f"{_OFFICE}/relationships/extended-properties", "docProps/app.xml"),
    ]
    add(archive, "_rels/.rels", created, _relations(rows))
    add(archive, "docProps/core.xml", created, _core(document, created))
    add(
        archive, "docProps/app.xml", created,
        f'<Properties xmlns="{_OFFICE}/extended-properties"><Application>研档</Application></Properties>',
    )  # fmt: skip


def _core(document: Document, created: datetime) -> str:
    stamp = created.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    dates = "".join(
        f'<dcterms:{word} xsi:type="dcterms:W3CDTF">{stamp}</dcterms:{word}>'
        for word in ("created", "modified")
    )
    return (
        f'<cp:coreProperties xmlns:cp="{_PACKAGE}/metadata/core-properties"'
        ' xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/"'
        ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
        f"<dc:title>{escape(document.title)}</dc:title><dc:subject>{escape(document.subject)}</dc:subject>"
        f"<dc:creator>{escape(document.author)}</dc:creator>"
        f"<dc:language>{document.language}</dc:language>{dates}</cp:coreProperties>"
    )
