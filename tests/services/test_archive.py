"""The archive folder: made whole, opened by one, refused in words."""

import json
import shutil
import subprocess
import sys
import textwrap
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import text as text_of

from app.context import Context
from app.errors import AppError, ConflictError, StorageError, ValidationError
from app.models.upgrade import SCRIPTS, known_revisions, upgrade
from app.services import places
from app.services.archive import create_archive, is_archive, open_archive


@pytest.fixture
def folder(tmp_path: Path, context: Context) -> Path:
    path = tmp_path / "库"
    create_archive(path, context).close()
    return path


def test_a_new_archive_is_whole_and_portable(
    folder: Path, tmp_path: Path, context: Context
) -> None:
    assert is_archive(folder)
    assert not (folder / "open.json").exists()
    assert not list(folder.glob("*-wal"))
    moved = tmp_path / "别处" / "库"
    shutil.copytree(folder, moved)
    with open_archive(moved, context) as archive:
        assert archive.path == moved


def test_an_existing_archive_or_a_full_folder_is_not_touched(
    folder: Path, tmp_path: Path, context
) -> None:
    with pytest.raises(ConflictError, match="已经有一个档案库"):
        create_archive(folder, context)
    other = tmp_path / "别的"
    other.mkdir()
    (other / "照片.jpg").write_bytes(b"x")
    with pytest.raises(ConflictError, match="里面有别的文件"):
        create_archive(other, context)
    assert [path.name for path in other.iterdir()] == ["照片.jpg"]


def test_what_is_no_archive_is_refused(tmp_path: Path, context: Context) -> None:
    with pytest.raises(ValidationError, match="找不到文件夹"):
        open_archive(tmp_path / "无", context)
    (tmp_path / "空").mkdir()
    with pytest.raises(ValidationError, match="不是档案库"):
        open_archive(tmp_path / "空", context)
    assert not list((tmp_path / "空").iterdir())


def test_an_open_archive_is_refused_by_name_and_free_after_closing(
    folder: Path, context: Context
) -> None:
    archive = open_archive(folder, context)
    with pytest.raises(ConflictError, match="王芳"):
        open_archive(folder, Context(actor="李明"))
    archive.close()
    open_archive(folder, context).close()


def test_the_lock_of_a_dead_process_is_taken_over(folder: Path, context: Context) -> None:
    program = textwrap.dedent(
        f"""
        import os, signal
        from pathlib import Path
        from app.context import Context
        from app.services.archive import open_archive
        archive = open_archive(Path({str(folder)!r}), Context(actor="赵六"))
        print("open", flush=True)
        os.kill(os.getpid(), signal.SIGKILL)
        """
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False
    )
    assert done.stdout == "open\n"
    assert json.loads((folder / "open.json").read_text(encoding="utf-8"))["name"] == "赵六"
    with open_archive(folder, context) as archive:
        assert archive.path == folder
    assert not (folder / "open.json").exists()


def test_a_live_process_keeps_its_archive(folder: Path, context: Context) -> None:
    program = textwrap.dedent(
        f"""
        import sys
        from pathlib import Path
        from app.context import Context
        from app.services.archive import open_archive
        with open_archive(Path({str(folder)!r}), Context(actor="赵六")):
            print("open", flush=True)
            sys.stdin.read()
        """
    )
    with subprocess.Popen(
        [sys.executable, "-c", program], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "open\n"
        with pytest.raises(ConflictError, match="赵六"):
            open_archive(folder, context)
        other.communicate()
    open_archive(folder, context).close()


def test_a_newer_format_is_refused_and_left_alone(folder: Path, context: Context) -> None:
    manifest = folder / "archive.toml"
    text = manifest.read_text(encoding="utf-8").replace("format = 1", "format = 2")
    manifest.write_text(text, encoding="utf-8")
    before = (folder / "archive.db").read_bytes()
    with pytest.raises(ConflictError, match="更新版本的研档"):
        open_archive(folder, context)
    assert (folder / "archive.db").read_bytes() == before


def _set_revision(folder: Path, revision: str) -> None:
    import sqlite3

    with sqlite3.connect(folder / "archive.db") as connection:
        connection.execute("UPDATE alembic_version SET version_num = ?", [revision])
    connection.close()


def test_a_newer_database_is_refused(folder: Path, context: Context) -> None:
    _set_revision(folder, "9999")
    with pytest.raises(ConflictError, match="更新版本的研档"):
        open_archive(folder, context)
    _set_revision(folder, known_revisions()[0])
    open_archive(folder, context).close()


def test_an_older_database_is_backed_up_then_migrated(tmp_path: Path, context, monkeypatch) -> None:
    """An archive of today, opened by a program that has one migration more."""
    import sqlite3

    folder = tmp_path / "旧"
    create_archive(folder, context).close()
    with sqlite3.connect(folder / "archive.db") as connection:
        connection.execute("CREATE TABLE old_notes (text)")
        connection.execute("INSERT INTO old_notes VALUES ('旧内容')")
    connection.close()
    scripts = tmp_path / "migrations"
    shutil.copytree(SCRIPTS, scripts)
    (scripts / "versions" / "v9999_next.py").write_text(
        "from alembic import op\nimport sqlalchemy as sa\n"
        f'revision = "9999"\ndown_revision = "{known_revisions()[0]}"\n\n\ndef upgrade():\n'
        '    op.create_table("extra", sa.Column("id", sa.Integer(), primary_key=True))\n',
        encoding="utf-8",
    )
    monkeypatch.setattr("app.services.archive.known_revisions", partial(known_revisions, scripts))
    monkeypatch.setattr("app.services.archive.upgrade", partial(upgrade, scripts=scripts))
    with open_archive(folder, context) as archive, archive.engine.connect() as opened:
        assert opened.exec_driver_sql("SELECT count(*) FROM extra").scalar() == 0
        assert opened.exec_driver_sql("SELECT text FROM old_notes").scalar() == "旧内容"
    [kept] = (folder / "backups").glob("升级前-*.db")
    with sqlite3.connect(kept) as connection:
        tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_master")}
    connection.close()
    assert "old_notes" in tables
    assert "extra" not in tables


def test_a_foreign_database_is_refused_and_left_alone(folder: Path, context: Context) -> None:
    """Migrating it would show a new, empty archive where records were lost."""
    import sqlite3

    (folder / "archive.db").unlink()
    with sqlite3.connect(folder / "archive.db") as connection:
        connection.execute("CREATE TABLE foreign_notes (text)")
    connection.close()
    with pytest.raises(StorageError, match="不是研档的数据库"):
        open_archive(folder, context)
    with sqlite3.connect(folder / "archive.db") as connection:
        tables = [name for (name,) in connection.execute("SELECT name FROM sqlite_master")]
    connection.close()
    assert tables == ["foreign_notes"]


@pytest.mark.parametrize("name", ["长" * 300, "\udcff\udcfe"])
def test_impossible_folder_names_are_refused_in_words(
    tmp_path: Path, context: Context, name: str
) -> None:
    for act in (open_archive, create_archive):
        with pytest.raises(AppError, match=r"太长|乱码"):
            act(tmp_path / name, context)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("text", ["format = 1e400\nid = 'x'", "a = " + "[" * 9999])
def test_a_manifest_of_odd_values_is_said_to_be_damaged(
    folder: Path, context: Context, text: str
) -> None:
    (folder / "archive.toml").write_text(text, encoding="utf-8")
    with pytest.raises(StorageError, match="已损坏"):
        open_archive(folder, context)


def test_a_database_that_lost_a_table_is_said_to_be_damaged(folder: Path, context: Context) -> None:
    with open_archive(folder, context) as archive:
        with archive.engine.begin() as connection:
            connection.exec_driver_sql("DROP TABLE evidence")
        with (
            pytest.raises(StorageError, match="损坏"),
            archive.uow.read() as session,
        ):
            session.execute(text_of("SELECT count(*) FROM evidence"))


@pytest.mark.parametrize("damage", ["overwritten", "empty", "truncated"])
def test_a_damaged_database_is_said_so(folder: Path, context: Context, damage: str) -> None:
    database = folder / "archive.db"
    content = database.read_bytes()
    damaged = {
        "overwritten": b"\0" * 4096 + content[4096:],
        "empty": b"not a database at all, sorry",
        "truncated": content[: len(content) // 3],
    }
    database.write_bytes(damaged[damage])
    (folder / "open.json").write_text("{}", encoding="utf-8")  # as an unclean close leaves it
    with pytest.raises(AppError) as caught:
        open_archive(folder, context)
    assert isinstance(caught.value, StorageError)
    assert "损坏" in caught.value.sentence
    assert "备份" in caught.value.sentence


def test_a_damaged_manifest_is_said_so(folder: Path, context: Context) -> None:
    (folder / "archive.toml").write_bytes(b"\xff\xfe broken = ")
    with pytest.raises(StorageError, match="已损坏"):
        open_archive(folder, context)


def test_what_an_interrupted_intake_left_is_cleared(folder: Path, context: Context) -> None:
    leftover = folder / "evidence" / ".incoming" / "half"
    leftover.write_bytes(b"half a file")
    open_archive(folder, context).close()
    assert not leftover.exists()


def test_cloud_folders_are_refused(tmp_path: Path, context: Context) -> None:
    with pytest.raises(ValidationError, match="网盘"):
        create_archive(tmp_path / "BaiduSyncdisk" / "库", context)
    assert places.place_of(tmp_path) is places.Place.LOCAL
