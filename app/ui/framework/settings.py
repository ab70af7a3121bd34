"""What the window remembers between two starts: one small file; broken or absent means defaults."""

from __future__ import annotations

import json
import logging
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

_log = logging.getLogger(__name__)

Value = str | int | float | bool | list[str] | list[int] | None


class Settings:
    """Values by key, e.g. ``settings.get("window/geometry", "")``; without a path nothing is kept."""

    def __init__(self, path: Path | None = None) -> None:
        self._path = path
        self._values: dict[str, Value] = _read(path) if path else {}

    def text(self, key: str, default: str = "") -> str:
        """A text, or the default where there is none."""
        value = self._values.get(key)
        return value if isinstance(value, str) else default

    def flag(self, key: str, *, default: bool = False) -> bool:
        """A yes or no."""
        value = self._values.get(key)
        return value if isinstance(value, bool) else default

    def texts(self, key: str) -> list[str]:
        """A list of texts; empty where there is none."""
        value = self._values.get(key)
        return [item for item in value if isinstance(item, str)] if isinstance(value, list) else []

    def numbers(self, key: str) -> list[int]:
        """A list of whole numbers; empty where there is none."""
        value = self._values.get(key)
        return [item for item in value if isinstance(item, int)] if isinstance(value, list) else []

    def set(self, key: str, value: Value) -> None:
        """Remember a value until ``save``."""
        self._values[key] = value

    def save(self) -> None:
        """Write the file; a refusal of the disk is noted, not shown: nothing of the user's is lost."""
        if self._path is None:
            return
        text = json.dumps(self._values, ensure_ascii=False, indent=1, sort_keys=True)
        half = self._path.with_suffix(".new")
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            half.write_text(text, encoding="utf-8")
            half.replace(self._path)
        except OSError:
            _log.warning("window settings were not saved", exc_info=True)


def user_settings() -> Settings:
    """Settings of the account in use, where this system keeps them."""
    from platformdirs import user_config_path

    return Settings(user_config_path("yandang", appauthor=False) / "window.json")


def _read(path: Path) -> dict[str, Value]:
    try:
        values = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError):
        _log.warning("window settings are unreadable, defaults are used", exc_info=True)
        return {}
    return values if isinstance(values, dict) else {}
