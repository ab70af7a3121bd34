"""Opening an archive, for a command or in the window."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from app.context import Context

if TYPE_CHECKING:
    import argparse
    from pathlib import Path

    from app.bootstrap import Services


def open_archive(options: argparse.Namespace) -> Services:
    """The archive that the command names, with its services."""
    from app.bootstrap import open_services

    return open_services(options.dir, Context())


def window(folder: Path | None) -> int:
    """Open the window, on an archive where one is given."""
    from app.ui.app import run
    from app.ui.desk import Desk

    return run(sys.argv[:1], lambda program: Desk(program, Context(), folder))
