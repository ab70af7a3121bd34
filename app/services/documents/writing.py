"""A document tree as the file that its name asks for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.errors import ValidationError

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from app.progress import Progress
    from app.services.documents.tree import Document


def write(
    document: Document, target: Path, created: datetime, progress: Progress | None = None
) -> None:
    """Write it whole or not at all; raises ValidationError for another ending, ExportError, StorageError."""
    match target.suffix.lower():
        case ".docx":
            from app.services.documents import word

            word.write(document, target, created=created, progress=progress)
        case ".pdf":
            from app.services.documents import pdf

            pdf.write(document, target, created=created, progress=progress)
        case ".xlsx":
            from app.services.documents import excel

            excel.write(document, target, created=created, progress=progress)
        case _:
            raise ValidationError(
                f"不能输出“{target.name}”。", "请把文件名写成 .pdf、.docx 或 .xlsx 结尾。"
            )
