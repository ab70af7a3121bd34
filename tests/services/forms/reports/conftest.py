"""The sample year without its files: members, activities, lessons, plan, certificates, typed texts."""

from __future__ import annotations

import shutil
import tomllib
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from app.bootstrap import create_services, open_services
from app.context import Context
from app.resources import resource
from app.services.demo import story
from app.services.forms.form import Request
from app.services.imports.apply import import_members
from app.services.imports.members import read_members
from app.services.setup import NewArchive

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from app.bootstrap import Services
    from app.services.documents.tree import Document
    from app.services.forms.form import Sheet


def _context() -> Context:
    return Context("李红霞", lambda: datetime(2026, 7, 3, 1, 0, tzinfo=UTC))


@pytest.fixture(scope="session")
def told_year(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("year") / "档案库"
    told = tomllib.loads(resource("samples", "manifest.toml").read_text("utf-8"))["archive"]
    roster = resource("samples", told.pop("roster"))
    with create_services(folder, NewArchive(**told), _context()) as made:
        adopted = made.adoptions.current()
        uow = made.archive.uow
        import_members(uow, read_members(roster), community_id=adopted.community_id)
        story.tell(uow, adopted.community_id, adopted.id)
    return folder


@pytest.fixture
def year(told_year: Path, tmp_path: Path) -> Iterator[Services]:
    folder = tmp_path / "学年"
    shutil.copytree(told_year, folder)
    with open_services(folder, _context()) as opened:
        yield opened


@pytest.fixture
def adoption_id(year: Services) -> str:
    return year.adoptions.current().id


@pytest.fixture
def request_of(adoption_id: str) -> Callable[..., Request]:
    def make(form: str, *targets: str, **options: str) -> Request:
        return Request(form, adoption_id, targets or None, options)

    return make


@pytest.fixture
def document(year: Services, request_of: Callable[..., Request]) -> Callable[..., Document]:
    def make(form: str, *targets: str, **options: str) -> Document:
        return year.forms.document(request_of(form, *targets, **options))

    return make


@pytest.fixture
def sheets(year: Services, request_of: Callable[..., Request]) -> Callable[..., tuple[Sheet, ...]]:
    def make(form: str, *targets: str, **options: str) -> tuple[Sheet, ...]:
        return year.forms.sheets(request_of(form, *targets, **options))

    return make
