"""From planned boxes to paper: which document, for which boxes, and what must be mended first."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, TypeAlias

from app.errors import ConflictError, ExportError, NotFoundError, ValidationError

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from pathlib import Path

    from app.progress import Progress
    from app.services.box_view import BoxView
    from app.services.boxes.findings import Finding
    from app.services.boxes.service import BoxService
    from app.services.documents.tree import Document
    from app.services.unit_of_work import UnitOfWork

FORMS = {
    "box-set": "整套",
    "cover": "封面",
    "spine": "盒脊",
    "directory": "材料目录",
    "reference-sheet": "备考表",
    "register": "归档文件目录",
}
"""What can be printed of boxes, and its name."""

_NAMED_AT_ONCE = 5

Numbers: TypeAlias = "int | Collection[int] | None"
"""Which boxes: one, some, or (None) all."""


class Printing:
    """Prints the boxes of one archive."""

    def __init__(self, uow: UnitOfWork, boxes: BoxService) -> None:
        self._uow = uow
        self._boxes = boxes

    def document(self, what: str, adoption_id: str, number: Numbers = None) -> Document:
        """The document of one box, of some, or of all; raises NotFoundError, ConflictError."""
        boxes = self._boxes.boxes(adoption_id)
        if not boxes:
            raise ConflictError("还没有排盒。", "请先在“归档”页点“排盒”（或用命令 box plan）。")
        wanted = {box.number for box in boxes} if number is None else _as_set(number)
        for unknown in sorted(wanted - {box.number for box in boxes}):
            raise NotFoundError(f"没有第 {unknown} 盒。", f"现在共有 {len(boxes)} 盒。")
        chosen = [box for box in boxes if box.number in wanted]
        return form(what, chosen, of=len(boxes))

    def preview(self, what: str, adoption_id: str, number: Numbers = None) -> bytes:
        """The document as PDF, to be looked at; nothing is refused because of findings."""
        from app.services.documents.pdf import render_bytes

        return render_bytes(self.document(what, adoption_id, number), self._uow.context.clock())

    def export(
        self,
        what: str,
        adoption_id: str,
        target: Path,
        number: Numbers = None,
        progress: Progress | None = None,
    ) -> tuple[Finding, ...]:
        """Write the document to a .pdf file; returns the findings that remain.

        Raises ConflictError when the boxes are out of date, ExportError when page numbers would be
        wrong or a character has no font, StorageError; nothing has been written then.
        """
        from app.services.documents.pdf import write

        if target.suffix.lower() != ".pdf":
            raise ValidationError(
                f"还不能输出“{target.suffix or '没有扩展名'}”格式的{FORMS.get(what, '文件')}。",
                "请把文件名写成 .pdf。",
            )
        document = self.document(what, adoption_id, number)
        found = require_ready(self._boxes, adoption_id)
        write(document, target, created=self._uow.context.clock(), progress=progress)
        return found


def require_ready(boxes: BoxService, adoption_id: str) -> tuple[Finding, ...]:
    """Findings that remain; raises where the page numbers on the forms would be wrong."""
    if not boxes.is_current(adoption_id):
        raise ConflictError("排盒之后材料有变动，页次已经不对。", "请重新排盒，再打印。")
    found = boxes.report(adoption_id).findings
    stops = [finding for finding in found if finding.severity == "stop"]
    if stops:
        named = "、".join(f"“{finding.title}”" for finding in stops[:_NAMED_AT_ONCE])
        more = f"等 {len(stops)} 份" if len(stops) > _NAMED_AT_ONCE else ""
        raise ExportError(
            f"{named}{more}不知道有几页，页次算不准。",
            "请填上页数，重新排盒后再打印。",
        )
    return found


def form(what: str, boxes: Sequence[BoxView], *, of: int) -> Document:
    """The document of a kind for the boxes, one after the other; ``of`` is the number of all boxes."""
    from app.services.documents.tree import Document
    from app.services.forms import archive as forms

    if what not in FORMS:
        raise ValidationError(f"不能输出“{what}”。", f"可以输出的有：{'、'.join(FORMS)}。")
    if what == "spine":
        return forms.spines(boxes)
    make = {
        "box-set": forms.box_set,
        "cover": forms.cover,
        "directory": forms.directory,
        "reference-sheet": forms.reference_sheet,
        "register": forms.register,
    }[what]
    documents = [make(box, of) for box in boxes]
    if len(documents) == 1:
        return documents[0]
    sections = tuple(section for document in documents for section in document.sections)
    return Document(f"{boxes[0].title_lines[0]} {FORMS[what]}", sections)


def _as_set(number: int | Collection[int]) -> set[int]:
    return {number} if isinstance(number, int) else set(number)


def typed_numbers(text: str) -> set[int]:
    """Box numbers as people type them (``1、3—5``); raises ValidationError."""
    numbers: set[int] = set()
    for part in re.split(r"[\s,，、;；]+", text.strip()):
        found = re.fullmatch(r"(\d{1,4})(?:[-—–－~～至到](\d{1,4}))?", part)
        if found is None or not 0 < int(found[1]) <= int(found[2] or found[1]):
            raise ValidationError(f"“{text}”不是盒号。", "请写成 1、3—5 这样。")
        numbers.update(range(int(found[1]), int(found[2] or found[1]) + 1))
    return numbers
