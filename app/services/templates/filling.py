"""Fills a template file: which program it is for, one record or many, and how it is looked at."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from app.errors import ExportError, ValidationError
from app.progress import NoProgress
from app.services.files import write_whole
from app.services.templates.examining import examine
from app.services.templates.excel_file import open_excel
from app.services.templates.excel_filling import fill_excel
from app.services.templates.fields import Fields
from app.services.templates.language import refuse
from app.services.templates.opening import kind_of
from app.services.templates.package import stable
from app.services.templates.word_file import open_word
from app.services.templates.word_filling import fill_word

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from app.progress import Progress
    from app.services.forms.form import Sheet, Subject
    from app.services.templates.views import Examined

_ENDINGS = {"word": ".docx", "excel": ".xlsx"}


class Order:
    """A template file, and what it is to be filled with."""

    def __init__(
        self, path: Path, subject: Subject, sheets: Sequence[Sheet], titles: Sequence[str] = ()
    ) -> None:
        self.kind = kind_of(path)
        self.ending = _ENDINGS[self.kind]
        self._path = path
        self._subject = subject
        self._sheets = sheets
        self._titles = titles

    def filled(self, now: datetime, progress: Progress | None = None) -> bytes:
        """The filled Word or Excel file; raises ExportError naming each place that cannot be filled."""
        found = examine(self._path, self._subject)
        if found.blank:
            raise ExportError(
                f"“{self._path.name}”里没有要填的字段。",
                "请在“添加本单位的表格”里指出各项填在哪里。",
            )
        refuse(found.spots, found.problems)
        fields = Fields(self._subject)
        values = [sheet.values for sheet in self._sheets]
        contexts = (
            [self._together(fields, found)]
            if found.together
            else [fields.context(x) for x in values]
        )
        if self.kind == "word":
            made = fill_word(self._path, fields, contexts, progress)
        else:
            made = fill_excel(self._path, fields, contexts, self._titles, progress)
        return stable(made, now)

    def _together(self, fields: Fields, found: Examined) -> dict[str, object]:
        """All records as lines; what stands outside of the lines must be the same for all of them."""
        values = [sheet.values for sheet in self._sheets]
        for spot in found.spots:
            named = fields.find(spot.content.strip("{} "))
            if named and not named.list:
                said = {str(one.get(named.field.name, "")) for one in values}
                if len(said) > 1:
                    raise ExportError(
                        f"{spot.place}：所选的各条“{named.name}”不一样，不能写在一处。",
                        f"请改成 {{{{全部.{named.name}}}}} 写在逐行的那一行里，或只选一样的记录。",
                    )
        first = fields.context(values[0]) if values else {}
        return {**first, **fields.together(values)}

    def write(self, target: Path, now: datetime, progress: Progress | None = None) -> None:
        """Write it whole or not at all, as the template's own kind or as PDF through LibreOffice."""
        wanted = target.suffix.lower()
        if wanted == self.ending:
            write_whole(target, self.filled(now, progress))
        elif wanted == ".pdf":
            write_whole(target, self._pdf(self.filled(now, progress), progress))
        else:
            raise ValidationError(
                f"这个表格不能写成“{target.name}”。", f"文件名请以 {self.ending} 或 .pdf 结尾。"
            )

    def preview(
        self, now: datetime, progress: Progress | None = None, *, exact: bool = True
    ) -> bytes:
        """The filled form as PDF: exact through LibreOffice, which takes seconds; else a sketch.

        A sketch is marked as such; without LibreOffice there is nothing else.
        """
        from app.services.documents import libreoffice
        from app.services.documents.pdf import render_bytes
        from app.services.templates.looking_excel import excel_tree
        from app.services.templates.looking_word import word_tree

        made = self.filled(now, progress)
        if exact and libreoffice.found():
            return self._pdf(made, progress)
        with tempfile.TemporaryDirectory(prefix="yandang-") as folder:
            path = Path(folder) / f"form{self.ending}"
            path.write_bytes(made)
            title = self._path.stem
            tree = (
                word_tree(open_word(path), title)
                if self.kind == "word"
                else excel_tree(open_excel(path), title)
            )
            return render_bytes(tree, now, progress=progress or NoProgress())

    def _pdf(self, made: bytes, progress: Progress | None) -> bytes:
        from app.services.documents import libreoffice

        if not libreoffice.found():
            raise ExportError(
                "这台电脑没有安装 LibreOffice，本单位的表格不能直接写成 PDF。",
                f"请输出 {self.ending}，再用 Word 或 WPS 打印或另存为 PDF。",
            )
        with tempfile.TemporaryDirectory(prefix="yandang-", ignore_cleanup_errors=True) as folder:
            path = Path(folder) / f"form{self.ending}"
            path.write_bytes(made)
            out = Path(folder) / "out"
            out.mkdir()
            return libreoffice.to_pdf(path, out, progress=progress).read_bytes()
