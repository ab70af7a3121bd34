"""Check finds what was done to an archive behind its back, each by its kind."""

from __future__ import annotations

import shutil
import sqlite3
from typing import TYPE_CHECKING

import pytest

from app.errors import CancelledError
from app.progress import CancelFlag
from app.services.safety.check import check

if TYPE_CHECKING:
    from pathlib import Path

    from app.bootstrap import Services


@pytest.fixture
def places(services: Services, tmp_path: Path) -> list[Path]:
    for number in range(6):
        (tmp_path / f"{number}.txt").write_text(f"第 {number} 份", encoding="utf-8")
    report = services.evidence.ingest([tmp_path / f"{number}.txt" for number in range(6)])
    return [services.evidence.path(one.id) for one in report.added]


def kinds(services: Services, *, full: bool = False) -> list[str]:
    return [problem.kind for problem in check(services.archive, full=full).problems]


def tamper(services: Services, statement: str) -> None:
    """Another program's hand on the database."""
    connection = sqlite3.connect(services.archive.path / "archive.db")
    connection.execute(statement)
    connection.commit()
    connection.close()


def test_a_sound_archive_has_no_problems(services: Services, places: list[Path]) -> None:
    report = check(services.archive, full=True)
    assert (report.evidence, report.problems, report.full) == (6, (), True)
    assert report.batches == 2


def test_files_missing_changed_and_unreferenced(services: Services, places: list[Path]) -> None:
    shutil.rmtree(places[0].parent.parent)
    places[1].write_bytes(b"short")
    flipped = bytearray(places[2].read_bytes())
    flipped[0] ^= 1
    places[2].write_bytes(flipped)
    places[3].with_name("多出来.txt").write_bytes(b"extra")
    places[4].unlink()
    places[4].mkdir()
    assert kinds(services) == ["missing", "changed", "changed", "unreferenced"]
    problems = check(services.archive, full=True).problems
    assert [p.kind for p in problems] == [
        "missing",
        "changed",
        "changed",
        "changed",
        "unreferenced",
    ]
    assert all(problem.text.endswith("。") for problem in problems)


def test_a_reference_to_nothing(services: Services, places: list[Path]) -> None:
    tamper(
        services,
        "INSERT INTO evidence_link (id, evidence_id, activity_id, slot) VALUES ('x', 'y', 'z', '')",
    )
    assert kinds(services) == ["reference", "reference"]


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE journal_batch SET action = '别的' WHERE seq = 2",
        "UPDATE journal_entry SET after = replace(after, '0', '9') WHERE batch_seq = 2",
        "DELETE FROM journal_entry WHERE batch_seq = 2 AND ordinal = 3",
        "DELETE FROM journal_batch WHERE seq = 1",
    ],
)
def test_a_journal_that_was_changed_or_cut(
    services: Services, places: list[Path], statement: str
) -> None:
    tamper(services, statement)
    assert "journal" in kinds(services)


def test_files_of_removed_evidence_are_kept_not_unreferenced(
    services: Services, places: list[Path]
) -> None:
    services.history.undo()
    assert kinds(services, full=True) == []


def test_check_can_be_stopped_within_a_big_file(services: Services, tmp_path: Path) -> None:
    film = tmp_path / "录像.mp4"
    with film.open("wb") as file:
        file.write(b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom")
        file.truncate(64 << 20)
    services.evidence.ingest([film])

    class Stop(CancelFlag):
        def report(self, done: int, total: int, text: str = "") -> None:
            self.cancelled = 0 < done < total
            super().report(done, total, text)

    with pytest.raises(CancelledError):
        check(services.archive, full=True, progress=Stop())
    assert kinds(services, full=True) == []
