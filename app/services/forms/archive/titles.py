"""What a document about boxes calls itself in its file's properties."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.services.documents.tree import Document
from app.services.forms.form import text

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from app.services.documents.tree import Section
    from app.services.forms.form import Sheet


def titled(sheets: Sequence[Sheet], what: str, sections: Iterable[Section]) -> Document:
    """A document named like ``李晓红名师工作坊 第1盒 整套``."""
    values = sheets[0].values
    number = f"第{text(values, '盒号')}{text(values, '单位')}" if len(sheets) == 1 else ""
    parts = (text(values, "封面内容1") or text(values, "全宗名称"), number, what)
    return Document(" ".join(part for part in parts if part), tuple(sections))
