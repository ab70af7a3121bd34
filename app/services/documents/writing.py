"""A document tree as the file that its name asks for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.errors import ValidationError
from app.progress import NoProgress

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from app.progress import Progress
    from app.services.documents.tree import Document


def write(
    document: Document, target: Path, created: datetime, progress: Progress | None = None
) -> None:
    """Write it whole or not at all; raises ValidationError for another ending, ExportError, StorageError."""
    from app.services.files import swapped_in

    match target.suffix.lower():
        case ".pdf":
            from app.services.documents import pdf

            pdf.write(document, target, created=created, progress=progress)
        case ".docx":
            from app.services.documents import word

            with swapped_in(target) as file:
                word.write(document, file, created, progress or NoProgress())
        case ".xlsx":
            from app.services.documents import excel

            with swapped_in(target) as file:
                excel.write(document, file, created, progress or NoProgress())
        case _:
            raise ValidationError(
                f"不能输出“{target.name}”。", "请把文件名写成 .pdf、.docx 或 .xlsx 结尾。"
            )
