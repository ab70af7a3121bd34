"""Bring a database to the form that this program expects; each migration happens whole or not.

Alembic is imported only when there is something to migrate: it costs more than opening an archive.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import inspect, text

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine

SCRIPTS = Path(__file__).parent / "migrations"


def current_revision(connection: Connection) -> str | None:
    """Revision of the database; None before the first migration."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    revision = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    return None if revision is None else str(revision)


def known_revisions(scripts: Path = SCRIPTS) -> tuple[str, ...]:
    """Revisions that this program knows, newest first; files are named v0001_words.py."""
    names = sorted((path.stem for path in scripts.glob("versions/v*.py")), reverse=True)
    return tuple(name[1:].split("_")[0] for name in names)


def upgrade(engine: Engine, scripts: Path = SCRIPTS) -> None:
    """Run the migrations that are missing, each in a transaction of its own."""
    from alembic import command
    from alembic.config import Config

    with engine.connect() as connection:
        config = Config()
        config.set_main_option("script_location", str(scripts).replace("%", "%%"))
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
