"""The fixture ``world``: real archives with a preset adopted, each made once and then copied."""

import shutil

import pytest

from app.bootstrap import create_services, open_services
from app.context import Context
from app.services.setup import NewArchive
from tests.services.standing.world import FixedClock, World


@pytest.fixture(scope="session")
def archives(tmp_path_factory):
    """Folders of archives just begun, by what they were begun with."""
    made = {}

    def of(wanted, today):
        key = (*(getattr(wanted, name) for name in ("scheme_id", "community", "school", "year", "person")),
               tuple(sorted(wanted.answers.items())))  # fmt: skip
        if key not in made:
            folder = tmp_path_factory.mktemp("world") / "档案库"
            create_services(folder, wanted, Context("王芳", FixedClock(today))).close()
            made[key] = folder
        return made[key]

    return of


@pytest.fixture
def world(archives, tmp_path):
    """``world(preset, year=2025, today="2026-05-31", …)`` gives a World on an archive of its own."""
    opened = []

    def make(
        preset, *, year=2025, today="2026-05-31", answers=None, community="教研共同体", school="中心学校",
        person="",
    ):  # fmt: skip
        wanted = NewArchive(preset, community, school, year, person, answers or {})
        folder = tmp_path / f"档案库{len(opened)}"
        shutil.copytree(archives(wanted, today), folder)
        services = open_services(folder, Context("王芳", FixedClock(today)))
        opened.append(services)
        return World(services)

    yield make
    for services in opened:
        services.close()
