"""Where the files shipped beside the code are: source tree, installed package or frozen program."""

from __future__ import annotations

import sys
from pathlib import Path


def resource(*parts: str) -> Path:
    """Path of a shipped file, e.g. ``resource("schemes", "pucheng-workshop.toml")``."""
    bundle = getattr(sys, "_MEIPASS", None)
    if bundle is not None:
        return Path(bundle, "resources", *parts)
    here = Path(__file__).resolve().parent
    installed = here / "_resources"
    return (installed if installed.is_dir() else here.parent / "resources").joinpath(*parts)
