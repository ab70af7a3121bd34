"""The sample year, made once and copied for each test."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from app.bootstrap import open_services
from app.context import Context
from app.services.forms import catalogue
from app.services.forms.form import Request
from app.services.forms.reading import Reading
from tests.services.forms.year import tell

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from app.bootstrap import Services
    from app.services.documents.tree import Document
    from app.services.forms.form import Sheet


@pytest.fixture(scope="session")
def told_archive(fresh_archive: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("told") / "档案库"
    shutil.copytree(fresh_archive, folder)
    with open_services(folder, Context("王芳")) as services:
        tell(services)
    return folder


@pytest.fixture
def year(told_archive: Path, tmp_path: Path, context: Context) -> Iterator[Services]:
    folder = tmp_path / "学年"
    shutil.copytree(told_archive, folder)
    with open_services(folder, context) as opened:
        yield opened


@pytest.fixture(scope="session")
def opened(told_archive: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Services]:
    folder = tmp_path_factory.mktemp("shared") / "档案库"
    shutil.copytree(told_archive, folder)
    with open_services(folder, Context("王芳")) as services:
        yield services


@pytest.fixture
def about(request: pytest.FixtureRequest) -> Services:
    """The year: the test's own copy where it changes something, else the one that all share."""
    own = "year" in request.fixturenames
    services: Services = request.getfixturevalue("year" if own else "opened")
    return services


@pytest.fixture
def reading(about: Services) -> Callable[..., Reading]:
    """A reading of the year for one form."""

    def make(form: str = "", **options: str) -> Reading:
        return Reading(about.forms._sources, about.adoptions.current(), options, form)

    return make


@pytest.fixture
def sheets(reading: Callable[..., Reading]) -> Callable[..., list[Sheet]]:
    """The sheets of a subject: those whose titles hold a word, or all."""

    def make(key: str, word: str = "") -> list[Sheet]:
        subject, wanted = catalogue.subjects()[key], reading()
        ids = [one.id for one in subject.targets(wanted) if word in one.title]
        return list(subject.read(wanted, ids))

    return make


@pytest.fixture
def document(about: Services) -> Callable[..., Document]:
    """A form about the targets whose titles hold a word, as a tree."""

    def make(key: str, word: str = "", **options: str) -> Document:
        adoption = about.adoptions.current().id
        found = about.forms.targets(key, adoption)
        ids = tuple(one.id for one in found if word in one.title)
        return about.forms.document(Request(key, adoption, ids, options))

    return make
