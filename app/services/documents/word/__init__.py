"""Writes document trees as Word files: the package is put together from text, part by part.

python-docx would take ten times as long and hold the whole document in memory. The same tree and
date give the same bytes.
"""

from __future__ import annotations

import zipfile
from itertools import count
from typing import IO, TYPE_CHECKING

from app.services.documents.word import package
from app.services.documents.word.body import content
from app.services.documents.word.drawing import Media
from app.services.documents.word.grid import body_size
from app.services.documents.word.part import NAMESPACES, Part
from app.services.documents.word.sections import Sections
from app.services.documents.word.styles import Styles, font_table

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from app.progress import Progress
    from app.services.documents.tree import Document

_BATCH = 500
_REPORT_EVERY = 1000


def write(document: Document, file: IO[bytes], created: datetime, progress: Progress) -> None:
    """Write the document as the content of a .docx; raises ExportError."""
    styles, media, numbers = Styles(body_size(document)), Media(), count(1)
    part = Part("document", styles, media, document.sections[0].page, numbers)
    sections = Sections(document, part)
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        package.add_stream(archive, "word/document.xml", created, _document(sections, progress))
        for name, xml in sections.parts():
            package.add(archive, name, created, xml)
        package.add(archive, "word/styles.xml", created, styles.xml())
        package.add(archive, "word/fontTable.xml", created, font_table())
        package.add(archive, "word/settings.xml", created, package.settings(both=sections.outside))
        for one in (part, *sections.outer):
            package.relations(archive, one, created)
        for name, image in media.files():
            package.add(archive, f"word/{name}", created, image)
        package.add_frame(archive, document, created, [one.name for one in sections.outer])


def _document(sections: Sections, progress: Progress) -> Iterator[str]:
    yield f"<w:document {NAMESPACES}><w:body>"
    for number, section in enumerate(sections.document.sections):
        part = sections.enter(number)
        last = ""
        for done, piece in enumerate(content(section.blocks, part), start=1):
            yield last
            last = piece
            if done % _REPORT_EVERY == 0:
                progress.report(done, done, "写入")
        yield from sections.closed(number, last)
    yield "</w:body></w:document>"
