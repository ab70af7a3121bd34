"""Fixtures that every test may use: the sample files, and real archives made by the migrations."""

from __future__ import annotations

import os
import shutil
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, settings

from app.bootstrap import Services, create_services, open_services
from app.context import Context
from app.services import archive
from app.services.setup import NewArchive

if TYPE_CHECKING:
    from collections.abc import Iterator

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
# The same examples each time, however slow the machine: a red suite must mean a fault.
settings.register_profile(
    "suite", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("suite")


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


@pytest.fixture(scope="session", autouse=True)
def migrated_once(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """New archives begin with a copy of one empty database: the migrations make it once, in 0.6 s."""
    real = archive._migrate

    @cache
    def made() -> Path:
        folder = tmp_path_factory.mktemp("migrated")
        real(folder)
        return folder / archive.DATABASE

    def migrate(folder: Path) -> None:
        if (folder / archive.DATABASE).exists():
            real(folder)
        else:
            shutil.copyfile(made(), folder / archive.DATABASE)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(archive, "_migrate", migrate)
        yield


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


@pytest.fixture(scope="session")
def samples() -> Path:
    """Folder of the 240 real sample files; tests that need it are skipped where it is absent."""
    beside = Path(__file__).resolve().parents[2] / "shared" / "samples"
    folder = Path(os.environ.get("YANDANG_SAMPLES", beside))
    if not (folder / "expected.json").is_file():
        pytest.skip(f"sample files are not on this machine ({folder}); set YANDANG_SAMPLES")
    return folder
