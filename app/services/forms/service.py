"""Prints forms: which there are, about what, and the file that comes out."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from app.errors import ValidationError
from app.models import ReportText
from app.progress import NoProgress
from app.services.forms import catalogue, texts
from app.services.forms.by_hand import all_blank
from app.services.forms.form import Outcome
from app.services.forms.reading import Reading, Sources

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from app.progress import Progress
    from app.services.adoption import AdoptionView
    from app.services.documents.tree import Document
    from app.services.forms.form import Form, Request, Sheet, Subject, Target, Typed
    from app.services.templates.filling import Order


class Forms:
    """Forms of one archive."""

    def __init__(self, sources: Sources) -> None:
        self._sources = sources
        self._uow = sources.archive.uow

    def all(self) -> tuple[Form, ...]:
        """Every form, in the order in which the window lists them."""
        return tuple(catalogue.forms().values())

    def get(self, key: str) -> Form:
        """One form; raises ValidationError."""
        return catalogue.form(key)

    def subject(self, key: str) -> Subject:
        """What a form of that key is about."""
        return catalogue.subjects()[catalogue.form(key).subject]

    def targets(self, key: str, adoption_id: str) -> tuple[Target, ...]:
        """Records of the year that the form can be printed for."""
        reading = Reading(self._sources, self._adoption(adoption_id), {}, key)
        return tuple(self.subject(key).targets(reading))

    def targets_of(self, subject: str, adoption_id: str) -> tuple[Target, ...]:
        """Records of the year of a kind, whatever form they are for."""
        reading = Reading(self._sources, self._adoption(adoption_id), {})
        return tuple(catalogue.subjects()[subject].targets(reading))

    def sheets_of(
        self, subject: str, adoption_id: str, ids: Sequence[str], form: str = ""
    ) -> tuple[Sheet, ...]:
        """Values of records of a kind, for a form of the office; raises NotFoundError."""
        reading = Reading(self._sources, self._adoption(adoption_id), {}, form)
        return tuple(catalogue.subjects()[subject].read(reading, ids))

    def sheets(self, request: Request) -> tuple[Sheet, ...]:
        """Values of the targets; raises NotFoundError, ValidationError where there are none."""
        reading, ids = self._ordered(request)
        return tuple(self.subject(request.form).read(reading, ids))

    def document(self, request: Request) -> Document:
        """The document, whatever stands against its printing."""
        return self._built(*self._ordered(request))

    def preview(self, request: Request, progress: Progress | None = None) -> bytes:
        """The document as PDF, to be looked at; nothing is refused because of what is unfinished."""
        from app.services.documents.pdf import render_bytes

        if request.template_id:
            return self._template(request).preview(self._uow.context.clock(), progress)
        return render_bytes(self.document(request), self._uow.context.clock(), progress=progress)

    def export(self, request: Request, target: Path, progress: Progress | None = None) -> Outcome:
        """Write the file that the ending of ``target`` asks for, whole or not at all.

        Raises ValidationError for an ending that the form cannot become, ExportError where something
        could not be printed as it should, StorageError.
        """
        from app.services.documents.writing import write

        form = catalogue.form(request.form)
        if request.template_id:
            self._template(request).write(target, self._uow.context.clock(), progress)
            return Outcome((target,))
        if target.suffix.lower() not in form.formats:
            raise ValidationError(
                f"{form.name}不能写成“{target.name}”这种文件。",
                f"文件名请以 {'、'.join(form.formats)} 结尾。",
            )
        progress = progress or NoProgress()
        reading, ids = self._ordered(request)
        notes = form.check(reading, ids) if form.check else ()
        if form.write:
            made = form.write(reading, ids, reading.options, target, progress)
            return replace(made, notes=(*notes, *made.notes))
        write(self._built(reading, ids), target, reading.now, progress)
        return Outcome((target,), tuple(notes))

    def texts(self, form: str, adoption_id: str, target: str = "") -> Mapping[str, Typed]:
        """Typed parts of a report, by their keys; those of the last year where none are typed yet."""
        with self._uow.read() as session:
            return texts.texts(session, catalogue.form(form), adoption_id, target)

    def save_text(self, form: str, adoption_id: str, target: str, part: str, text: str) -> None:
        """Keep a typed part, as one step."""
        known = {one.key: one.name for one in catalogue.form(form).parts}
        if part not in known:
            raise ValidationError(f"这份报告没有“{part}”这一部分。")
        with self._uow.write(f"修改{known[part]}") as session:
            texts.keep(session, ReportText(
                adoption_id=adoption_id, report=form, target=target, part=part, text=text
            ))  # fmt: skip

    def _template(self, request: Request) -> Order:
        """The office's own form in place of the built-in one: by id, by name, or a file."""
        from app.services.templates.filling import Order
        from app.services.templates.keeping import file_of

        reading, ids = self._ordered(request)
        subject = self.subject(request.form)
        path = file_of(self._sources.archive, request.template_id or "", subject)
        titles = {one.id: one.title for one in subject.targets(reading)}
        return Order(path, subject, subject.read(reading, ids), [titles.get(x, x) for x in ids])

    def _built(self, reading: Reading, ids: Sequence[str]) -> Document:
        sheets = self.subject(reading.form).read(reading, ids)
        return catalogue.form(reading.form).build(sheets, reading.options)

    def _adoption(self, adoption_id: str) -> AdoptionView:
        for one in self._sources.adoptions.all():
            if one.id == adoption_id:
                return one
        raise ValidationError("没有这一学年的方案。", "请先选好学年。")

    def _options(self, form: Form, request: Request) -> dict[str, str]:
        """Options as chosen, defaults for the rest; raises ValidationError for an unknown one."""
        known = {one.key: one for one in form.options}
        for key, value in request.options.items():
            option = known.get(key)
            if option is None:
                raise ValidationError(
                    f"{form.name}没有“{key}”这个选项。", f"可用的有：{'、'.join(known) or '无'}。"
                )
            allowed = [choice for choice, _name in option.choices]
            if option.kind == "choice" and value not in allowed:
                raise ValidationError(
                    f"{option.name}不能是“{value}”。", f"可用的有：{'、'.join(allowed)}。"
                )
            if option.kind == "date" and value and not _is_day(value):
                raise ValidationError(
                    f"{option.name}“{value}”不是日期。", "请写成 2026-06-30 这样，或留空。"
                )
        return {key: request.options.get(key, one.default) for key, one in known.items()}

    def _ordered(self, request: Request) -> tuple[Reading, Sequence[str]]:
        form = catalogue.form(request.form)
        options = self._options(form, request)
        reading = Reading(self._sources, self._adoption(request.adoption_id), options, request.form)
        if not request.targets and all_blank(options):
            return reading, ()
        ids: Sequence[str]
        if request.targets is None:
            ids = [one.id for one in self.subject(request.form).targets(reading)]
            ids = ids[:1] if form.first else ids
        else:
            ids = request.targets
        if not ids:
            subject = self.subject(request.form)
            if subject.none:
                raise ValidationError(subject.none)
            hint = subject.where or f"请先登记{subject.name}。"
            raise ValidationError(f"这一学年还没有{subject.name}，没有可印的。", hint)
        return reading, ids


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True
