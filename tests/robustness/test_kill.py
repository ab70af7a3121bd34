"""A short run of the kill loop; ``kill_loop.py`` by itself runs a hundred."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from tests.robustness.kill_loop import kill_loop

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.skipif(os.name == "nt", reason="no SIGKILL on Windows")
def test_kills_at_random_moments_leave_nothing_half_done(tmp_path: Path) -> None:
    outcomes = kill_loop(tmp_path, kills=6, seed=int.from_bytes(os.urandom(4)))
    assert sum(count for what, count in outcomes.items() if what.endswith(": killed")) >= 6
