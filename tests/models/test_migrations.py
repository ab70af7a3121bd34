"""The migrations make exactly the tables that the models describe, whole or not at all."""

import re
import shutil
from pathlib import Path

import pytest
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, text

from app.models import Base
from app.models.engine import archive_engine
from app.models.upgrade import SCRIPTS, current_revision, known_revisions, upgrade


def _schema(engine) -> dict[str, str]:
    with engine.connect() as connection:
        rows = connection.execute(text("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL"))
        found = {name: re.sub(r"\s+", " ", sql) for name, sql in rows}
    return {
        name: ",".join(sorted(part.strip() for part in sql[:-1].split("(", 1)[-1].split(",")))
        for name, sql in found.items()
        if not name.startswith(("search_index", "sqlite_", "alembic_"))
    }


def test_migrated_database_equals_the_models(tmp_path: Path) -> None:
    migrated = archive_engine(tmp_path / "migrated.db", wal=True)
    upgrade(migrated)
    modelled = create_engine(f"sqlite:///{tmp_path / 'modelled.db'}")
    Base.metadata.create_all(modelled)
    assert _schema(migrated) == _schema(modelled)
    migrated.dispose()
    modelled.dispose()


def test_known_revisions_are_those_of_alembic() -> None:
    config = Config()
    config.set_main_option("script_location", str(SCRIPTS))
    walked = [script.revision for script in ScriptDirectory.from_config(config).walk_revisions()]
    assert list(known_revisions()) == walked


def _with_a_second_step(tmp_path: Path, body: str) -> Path:
    scripts = tmp_path / "migrations"
    shutil.copytree(SCRIPTS, scripts, ignore=shutil.ignore_patterns("__pycache__"))
    (scripts / "versions" / "v9999_next.py").write_text(
        "from alembic import op\nimport sqlalchemy as sa\n"
        f'revision = "9999"\ndown_revision = "{known_revisions()[0]}"\n\n\ndef upgrade():\n' + body,
        encoding="utf-8",
    )
    return scripts


def test_a_failing_migration_leaves_nothing_behind_and_can_be_repeated(tmp_path: Path) -> None:
    engine = archive_engine(tmp_path / "a.db", wal=True)
    upgrade(engine)
    before = _schema(engine)
    create = '    op.create_table("extra", sa.Column("id", sa.Integer(), primary_key=True))\n'
    failing = _with_a_second_step(tmp_path, create + '    raise RuntimeError("half way")\n')
    with pytest.raises(RuntimeError, match="half way"):
        upgrade(engine, failing)
    assert _schema(engine) == before
    with engine.connect() as connection:
        assert current_revision(connection) == known_revisions()[0]
    shutil.rmtree(failing)
    upgrade(engine, _with_a_second_step(tmp_path, create))
    with engine.connect() as connection:
        assert current_revision(connection) == "9999"
    assert set(_schema(engine)) - set(before) == {"extra"}
    engine.dispose()
