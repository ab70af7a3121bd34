"""Fixtures that every test may use."""

import os
from pathlib import Path

import pytest

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")


@pytest.fixture(scope="session")
def samples() -> Path:
    """Folder of the 240 real sample files; tests that need it are skipped where it is absent."""
    beside = Path(__file__).resolve().parents[2] / "shared" / "samples"
    folder = Path(os.environ.get("YANDANG_SAMPLES", beside))
    if not (folder / "expected.json").is_file():
        pytest.skip(f"sample files are not on this machine ({folder}); set YANDANG_SAMPLES")
    return folder
