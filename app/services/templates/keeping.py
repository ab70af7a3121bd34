"""Templates as the archive keeps them: a row each, and their files in the evidence store."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import or_, select

from app.errors import ConflictError, NotFoundError, StorageError, ValidationError
from app.models import Evidence, Template, new_id
from app.services.evidence.names import clean_name, stored_name
from app.services.evidence.store import EvidenceStore, SourceChangedError
from app.services.files import storage_errors
from app.services.forms import catalogue
from app.services.templates.views import TemplateView

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from app.services.archive import Archive
    from app.services.forms.form import Subject
    from app.services.templates.views import Kind

_LONGEST_NAME = 60
_ENDINGS: dict[str, Kind] = {".docx": "word", ".xlsx": "excel"}


class Shelf:
    """The templates of one archive."""

    def __init__(self, archive: Archive) -> None:
        self._uow = archive.uow
        self._store = EvidenceStore(archive.path)

    def all(self) -> tuple[TemplateView, ...]:
        """Every template, by name."""
        with self._uow.read() as session:
            rows = session.scalars(select(Template).order_by(Template.name)).all()
            return tuple(self._view(row) for row in rows)

    def get(self, wanted: str) -> TemplateView:
        """One by its id or name; raises NotFoundError."""
        with self._uow.read() as session:
            return self._view(_found(session, wanted))

    def path(self, wanted: str) -> Path:
        """Where its file lies; raises NotFoundError, StorageError where the file is gone."""
        with self._uow.read() as session:
            row = _found(session, wanted)
            place = self._store.path(row.sha256, row.stored_name)
        if not place.is_file():
            raise StorageError(
                f"表格“{row.name}”的文件不见了。",
                "请从备份取回，或用同一个文件“替换文件”。",
                str(place),
            )
        return place

    def add(self, path: Path, original: str, name: str, subject: str, form: str) -> str:
        """Keep a file as a new template, as one step; gives its id. Raises ValidationError, ConflictError."""
        sha256, kept, size = self._take_in(path, original)
        with self._uow.write("加入本单位的表格") as session:
            row = Template(
                id=new_id(), name=_free(session, name), subject=subject, form=form, sha256=sha256,
                stored_name=kept, original_name=clean_name(original), size=size, note="",
                added_at=self._uow.context.clock(),
            )  # fmt: skip
            session.add(row)
        return row.id

    def replace(self, wanted: str, path: Path, original: str) -> None:
        """Put another file in the place of a template's, as one step."""
        sha256, kept, size = self._take_in(path, original)
        with self._uow.write("替换表格文件") as session:
            row = _found(session, wanted)
            row.sha256, row.stored_name, row.size = sha256, kept, size
            row.original_name = clean_name(original)

    def change(self, wanted: str, name: str, form: str) -> None:
        """Another name, or another built-in form that it stands for, as one step."""
        with self._uow.write("修改表格名称") as session:
            row = _found(session, wanted)
            row.name, row.form = _free(session, name, row.id), form

    def remove(self, wanted: str) -> None:
        """Take a template out, as one step that can be undone: its file stays."""
        with self._uow.write("删除本单位的表格") as session:
            session.delete(_found(session, wanted))

    def _take_in(self, path: Path, original: str) -> tuple[str, str, int]:
        """Put the file into the evidence store; content that lies there already is not stored twice."""
        try:
            with storage_errors(path):
                arrival = self._store.receive(path, lambda _count: None)
        except SourceChangedError as error:
            raise StorageError(
                f"“{path.name}”正在被修改。", "请关闭打开它的程序，然后再试。"
            ) from error
        try:
            name = self._known_as(arrival.sha256) or stored_name(original, path.suffix.lower())
            place = self._store.path(arrival.sha256, name)
            self._store.sync([arrival.temporary])
            self._store.put(arrival, place)
            self._store.sync_places([place])
        except BaseException:
            arrival.temporary.unlink(missing_ok=True)
            raise
        return arrival.sha256, name, arrival.size

    def _known_as(self, sha256: str) -> str | None:
        with self._uow.read() as session:
            for kind in (Template, Evidence):
                found = session.scalar(select(kind.stored_name).where(kind.sha256 == sha256))
                if found:
                    return str(found)
        return None

    def _view(self, row: Template) -> TemplateView:
        subject = catalogue.subjects().get(row.subject)
        form = catalogue.forms().get(row.form)
        place = self._store.path(row.sha256, row.stored_name)
        return TemplateView(
            row.id, row.name, row.subject, subject.name if subject else "", row.form,
            form.name if form else "", _ENDINGS.get(Path(row.stored_name).suffix.lower(), "word"),
            row.original_name, row.size, row.added_at, not place.is_file(),
        )  # fmt: skip


def file_of(archive: Archive, wanted: str, subject: Subject) -> Path:
    """File of a template about ``subject``, by id or name; or the file of that path itself."""
    if Path(wanted).suffix.lower() in _ENDINGS and Path(wanted).is_file():
        return Path(wanted)
    shelf = Shelf(archive)
    view = shelf.get(wanted)
    if view.subject != subject.key:
        raise ValidationError(
            f"表格“{view.name}”填的是{view.subject_name}，不是{subject.name}。", "请另选一个表格。"
        )
    return shelf.path(wanted)


def _found(session: Session, wanted: str) -> Template:
    row = session.scalar(
        select(Template).where(or_(Template.id == wanted, Template.name == wanted))
    )
    if row is None:
        names = session.scalars(select(Template.name).order_by(Template.name)).all()
        listed = f"现有的表格：{'、'.join(names)}。" if names else "还没有加入过本单位的表格。"
        raise NotFoundError(f"没有叫“{wanted}”的表格。", listed)
    return row


def _free(session: Session, name: str, own: str = "") -> str:
    """The name as it is kept; raises ValidationError for none, ConflictError for one that is taken."""
    name = clean_name(name) if name.strip() else ""
    if not name:
        raise ValidationError("表格还没有名称。", "请写一个名称，如“县教研室听课表”。")
    if len(name) > _LONGEST_NAME:
        raise ValidationError(
            f"名称有 {len(name)} 个字，太长了。", f"请在 {_LONGEST_NAME} 字以内。"
        )
    taken = session.scalar(select(Template.id).where(Template.name == name))
    if taken not in (None, own):
        raise ConflictError(f"已经有一个叫“{name}”的表格。", "请换一个名称。")
    return name
