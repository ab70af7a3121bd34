"""Archives for tests: made once by the real migrations, copied for each test."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from app.bootstrap import Services, create_services, open_services
from app.context import Context
from app.services.setup import NewArchive

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


class StepClock:
    """A clock that moves one second at each look."""

    def __init__(self) -> None:
        self.now = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        self.now += timedelta(seconds=1)
        return self.now


WORKSHOP = NewArchive("pucheng-workshop", "蒲城县小学数学名师工作坊", "蒲城县实验小学", 2025)


@pytest.fixture
def context() -> Context:
    return Context(actor="王芳", clock=StepClock())


@pytest.fixture(scope="session")
def fresh_archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("fresh") / "档案库"
    create_services(folder, WORKSHOP, Context(actor="王芳", clock=StepClock())).close()
    return folder


@pytest.fixture
def services(fresh_archive: Path, tmp_path: Path, context: Context) -> Iterator[Services]:
    folder = tmp_path / "档案库"
    shutil.copytree(fresh_archive, folder)
    with open_services(folder, context) as opened:
        yield opened
