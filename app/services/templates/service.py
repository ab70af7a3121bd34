"""The offices' own forms: read, kept, managed, filled."""

from __future__ import annotations

import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from app.errors import ValidationError
from app.services.files import storage_errors, write_whole
from app.services.forms import catalogue
from app.services.forms.form import Outcome
from app.services.templates.keeping import Shelf

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from app.progress import Progress
    from app.services.archive import Archive
    from app.services.forms.form import Form, Sheet, Subject, Target
    from app.services.forms.service import Forms
    from app.services.templates.filling import Order
    from app.services.templates.views import Examined, TemplateView


class Templates:
    """Own forms of one archive."""

    def __init__(self, archive: Archive, forms: Forms) -> None:
        self._uow = archive.uow
        self._shelf = Shelf(archive)
        self._forms = forms

    def all(self) -> tuple[TemplateView, ...]:
        """Every template, by name."""
        return self._shelf.all()

    def get(self, template: str) -> TemplateView:
        """One by its id or name; raises NotFoundError."""
        return self._shelf.get(template)

    def for_form(self, form: str) -> tuple[TemplateView, ...]:
        """Templates that can be filled for a built-in form: those that stand for it come first."""
        subject = catalogue.form(form).subject
        filled = [one for one in self.all() if one.subject == subject]
        return tuple(sorted(filled, key=lambda one: one.form != form))

    def subjects(self) -> tuple[Subject, ...]:
        """What a form can be about."""
        return tuple(catalogue.subjects().values())

    def forms_of(self, subject: str) -> tuple[Form, ...]:
        """Built-in forms that a template about that can stand for."""
        return tuple(one for one in catalogue.forms().values() if one.subject == subject)

    def fields(self, subject: str) -> tuple[tuple[str, str], ...]:
        """Placeholders that a form about that can use, with what they mean."""
        from app.services.templates.fields import Fields

        found = Fields(_subject(subject))
        return tuple((one.content, one.field.words) for one in found)

    def read(self, path: Path, subject: str) -> Examined:
        """What a file holds: placeholders, or proposals for a blank form.

        Raises ValidationError for a file that cannot be a form, with what to do instead.
        """
        from app.services.templates.examining import examine

        return examine(path, _subject(subject))

    def guess_subject(self, path: Path) -> str:
        """Key of the subject whose fields fit the file best; raises ValidationError as ``read``."""
        from app.services.templates.examining import fitting

        return fitting(path, self.subjects())

    def examined(self, template: str) -> Examined:
        """The same of a template of the archive."""
        return self.read(self._shelf.path(template), self.get(template).subject)

    def add(
        self, path: Path, name: str, subject: str, form: str = "",
        chosen: Mapping[int, str] | None = None,
    ) -> TemplateView:  # fmt: skip
        """Keep a file as a template; ``chosen`` puts placeholders at its spots first.

        Raises ValidationError where it could not be filled, ConflictError for a name that is taken.
        """
        _check_form(subject, form)
        with _with_placeholders(path, _subject(subject), chosen) as copy:
            self._require_ready(copy, subject)
            return self.get(self._shelf.add(copy, path.name, name, subject, form))

    def replace(
        self, template: str, path: Path, chosen: Mapping[int, str] | None = None
    ) -> TemplateView:
        """Another file in its place; raises ValidationError as ``add``."""
        view = self.get(template)
        with _with_placeholders(path, _subject(view.subject), chosen) as copy:
            self._require_ready(copy, view.subject)
            self._shelf.replace(view.id, copy, path.name)
        return self.get(view.id)

    def change(self, template: str, name: str, form: str) -> None:
        """Another name, or another built-in form that it stands for."""
        _check_form(self.get(template).subject, form)
        self._shelf.change(template, name, form)

    def remove(self, template: str) -> None:
        """Take a template out; can be undone."""
        self._shelf.remove(template)

    def save_copy(self, template: str, target: Path) -> None:
        """Write its file elsewhere, to be changed in Word or WPS."""
        source = self._shelf.path(template)
        with storage_errors(source):
            content = source.read_bytes()
        if target.suffix.lower() != source.suffix.lower():
            raise ValidationError(
                f"这个表格不能写成“{target.name}”。", f"文件名请以 {source.suffix} 结尾。"
            )
        write_whole(target, content)

    def start_from(self, form: str, target: Path) -> None:
        """Write a built-in Word form as a template to start from; raises ValidationError."""
        from app.services.documents.writing import write
        from app.services.templates.starting import as_template

        wanted = catalogue.form(form)
        if ".docx" not in wanted.formats or not wanted.template or wanted.write:
            raise ValidationError(f"{wanted.name}不是 Word 表格，不能作为模板。", "请另选一种。")
        if target.suffix.lower() != ".docx":
            raise ValidationError(
                f"“{target.name}”不是 .docx 文件。", "请把文件名写成 .docx 结尾。"
            )
        document = as_template(wanted, _subject(wanted.subject))
        write(document, target, self._uow.context.clock())

    def startable(self) -> tuple[Form, ...]:
        """Built-in forms that can be given out as templates."""
        return tuple(
            one for one in catalogue.forms().values()
            if ".docx" in one.formats and one.template and not one.write
        )  # fmt: skip

    def targets(self, subject: str, adoption_id: str) -> tuple[Target, ...]:
        """Records of the year that a form about that can be filled for."""
        return self._forms.targets_of(subject, adoption_id)

    def export(
        self, template: str, adoption_id: str, targets: Sequence[str] | None, target: Path,
        progress: Progress | None = None,
    ) -> Outcome:  # fmt: skip
        """Fill a template for records of the year (None: all) and write the file."""
        order = self._order(template, *self._records(template, adoption_id, targets))
        order.write(target, self._uow.context.clock(), progress)
        return Outcome((target,))

    @property
    def exact(self) -> bool:
        """Whether previews can be exact on this machine: LibreOffice is there."""
        from app.services.documents import libreoffice

        return libreoffice.found() is not None

    def preview(
        self, template: str, adoption_id: str, targets: Sequence[str] | None,
        progress: Progress | None = None, *, exact: bool = True,
    ) -> bytes:  # fmt: skip
        """The same as PDF, to be looked at; not ``exact``: at once, and marked as a sketch."""
        order = self._order(template, *self._records(template, adoption_id, targets))
        return order.preview(self._uow.context.clock(), progress, exact=exact)

    def try_out(
        self, path: Path, subject: str, chosen: Mapping[int, str], *, adoption_id: str,
        targets: Sequence[str], progress: Progress | None = None, exact: bool = True,
    ) -> bytes:  # fmt: skip
        """A file that is no template yet, filled with real records, as PDF."""
        from app.services.templates.filling import Order

        sheets = self._forms.sheets_of(subject, adoption_id, targets)
        with _with_placeholders(path, _subject(subject), chosen) as copy:
            order = Order(copy, _subject(subject), sheets)
            return order.preview(self._uow.context.clock(), progress, exact=exact)

    def _records(
        self, template: str, adoption_id: str, targets: Sequence[str] | None
    ) -> tuple[Sequence[Sheet], Sequence[str]]:
        view = self.get(template)
        subject = view.subject
        listed = self._forms.targets_of(subject, adoption_id)
        ids = [one.id for one in listed] if targets is None else list(targets)
        if not ids:
            name = _subject(subject).name
            raise ValidationError(f"这一学年还没有{name}，没有可填的。", f"请先登记{name}。")
        titles = {one.id: one.title for one in listed}
        sheets = self._forms.sheets_of(subject, adoption_id, ids, view.form)
        return sheets, [titles.get(one, one) for one in ids]

    def _order(self, template: str, sheets: Sequence[Sheet], titles: Sequence[str]) -> Order:
        from app.services.templates.filling import Order

        subject = _subject(self.get(template).subject)
        return Order(self._shelf.path(template), subject, sheets, titles)

    def _require_ready(self, path: Path, subject: str) -> None:
        found = self.read(path, subject)
        if found.blank:
            raise ValidationError("这个表格里还没有要填的字段。", "请先指出各项填在哪里。")
        wrong = [f"{one.place}：{one.text}" for one in found.spots if one.state == "wrong"]
        wrong += [one.sentence for one in found.problems]
        if wrong:
            raise ValidationError("这个表格还不能用。" + wrong[0], "请改好后再添加。")


@contextmanager
def _with_placeholders(
    path: Path, subject: Subject, chosen: Mapping[int, str] | None
) -> Iterator[Path]:
    """The file with the placeholders chosen, in a folder of its own while it is looked at."""
    from app.services.templates.examining import with_fields

    if not chosen or not any(chosen.values()):
        yield path
        return
    made = with_fields(path, subject, chosen)
    with tempfile.TemporaryDirectory(prefix="yandang-", ignore_cleanup_errors=True) as folder:
        copy = Path(folder) / f"form{path.suffix.lower()}"
        copy.write_bytes(made)
        yield copy


def _subject(key: str) -> Subject:
    found = catalogue.subjects().get(key)
    if found is None:
        names = "、".join(one.name for one in catalogue.subjects().values())
        raise ValidationError("还没有选这个表格填的是什么。", f"可以选的有：{names}。")
    return found


def _check_form(subject: str, form: str) -> None:
    if form and catalogue.form(form).subject != subject:
        raise ValidationError(
            f"这个表格填的不是{catalogue.form(form).name}要填的内容。", "请另选它代替的自带表格。"
        )
