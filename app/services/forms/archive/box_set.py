"""Everything that one box needs, in one file: cover, spine, directory, reference sheet."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.services.documents.tree import Document
from app.services.forms.archive.cover import cover_section
from app.services.forms.archive.directory import directory_section
from app.services.forms.archive.reference_sheet import reference_sheet_section
from app.services.forms.archive.spine import spine_section
from app.services.forms.archive.words import box_title

if TYPE_CHECKING:
    from pathlib import Path

    from app.services.box_view import BoxView


def box_set(box: BoxView, of: int = 1, *, folder: Path | None = None) -> Document:
    """The printed set of box ``box.number`` of ``of``."""
    return Document(
        f"{box_title(box)} 整套",
        (
            cover_section(box, of, folder),
            spine_section((box,), folder),
            directory_section(box, of, folder),
            reference_sheet_section(box, of, folder),
        ),
    )
