"""The printed forms of archive boxes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.services.forms.archive.box_set import box_set
from app.services.forms.archive.cover import cover
from app.services.forms.archive.directory import directory, register
from app.services.forms.archive.reference_sheet import reference_sheet
from app.services.forms.archive.spine import spines
from app.services.forms.form import Form, Options, Sheet, each

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from app.services.box_view import BoxView
    from app.services.documents.tree import Document
    from app.services.forms.form import Build
    from app.services.forms.reading import Reading

__all__ = ["FORMS", "box_set", "cover", "directory", "reference_sheet", "register", "spines"]


def _of_box(make: Callable[[BoxView, int], Document]) -> Build:
    def one(sheet: Sheet, _options: Options) -> Document:
        return make(sheet.view, int(str(sheet.values["盒数"])))

    return each(one)


def _spines(sheets: Sequence[Sheet], _options: Options) -> Document:
    return spines([sheet.view for sheet in sheets])


def ready(reading: Reading, _ids: Sequence[str]) -> Sequence[str]:
    """What remains to be mended; raises where page numbers would be wrong."""
    from app.services.printing import require_ready

    return [
        f"{one.title}：{one.text}"
        for one in require_ready(reading.sources.boxes, reading.adoption.id)
        if one.severity != "note"
    ]


FORMS = (
    Form("box-set", "整套（封面、盒脊、目录、备考表）", "档案盒", "box", _of_box(box_set), check=ready),
    Form("cover", "封面", "档案盒", "box", _of_box(cover), check=ready),
    Form("spine", "盒脊", "档案盒", "box", _spines, together=True, check=ready),
    Form("directory", "材料目录", "档案盒", "box", _of_box(directory),
         (".pdf", ".docx", ".xlsx"), check=ready),
    Form("register", "归档文件目录", "档案盒", "box", _of_box(register),
         (".pdf", ".docx", ".xlsx"), check=ready),
    Form("reference-sheet", "备考表", "档案盒", "box", _of_box(reference_sheet), check=ready),
)  # fmt: skip
