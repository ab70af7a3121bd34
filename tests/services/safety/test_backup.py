"""A backup is an archive that opens, or it is not there."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from app.bootstrap import open_services
from app.context import Context
from app.errors import CancelledError, ConflictError, StorageError
from app.progress import CancelFlag
from app.services.evidence.catalogue import Query
from app.services.safety.backup import back_up
from app.services.safety.check import check

if TYPE_CHECKING:
    from pathlib import Path

    from app.bootstrap import Services


@pytest.fixture
def ids(services: Services, tmp_path: Path) -> list[str]:
    folder = tmp_path / "待收"
    folder.mkdir()
    for number in range(6):
        (folder / f"{number}.txt").write_text(f"第 {number} 份" * 1000, encoding="utf-8")
    report = services.evidence.ingest([folder])
    services.evidence.read_texts()
    return [one.id for one in report.added]


def test_a_backup_opens_and_holds_everything_also_what_may_be_brought_back(
    services: Services, ids: list[str], tmp_path: Path
) -> None:
    services.evidence.delete(ids[:1])
    report = back_up(services.archive, tmp_path / "U盘")
    assert report.files == 6
    assert report.path.parent == tmp_path / "U盘"
    moved = tmp_path / "别的电脑" / "档案库"
    shutil.copytree(report.path, moved)
    with open_services(moved, Context(actor="李明")) as restored:
        assert check(restored.archive, full=True).problems == ()
        assert restored.catalogue.page(Query(), 0, 9) == services.catalogue.page(Query(), 0, 9)
        restored.history.undo()
        assert restored.catalogue.get(ids[0]).path.is_file()
        assert check(restored.archive, full=True).problems == ()
        assert restored.search.find("份").total == 6


def test_without_a_place_it_lies_beside_the_archive(services: Services, ids: list[str]) -> None:
    report = back_up(services.archive)
    assert report.path.parent == services.archive.path.with_name("档案库-备份")
    assert back_up(services.archive).path != report.path


def test_places_that_cannot_be(services: Services, tmp_path: Path) -> None:
    with pytest.raises(ConflictError, match="不能放在档案库自己里面"):
        back_up(services.archive, services.archive.path / "backups")
    (tmp_path / "文件").write_bytes(b"x")
    with pytest.raises(ConflictError, match="是一个文件"):
        back_up(services.archive, tmp_path / "文件")
    with pytest.raises(StorageError):
        back_up(services.archive, tmp_path / "文件" / "里面")


@pytest.mark.parametrize("damage", ["missing", "changed"])
def test_a_damaged_file_stops_the_backup_and_is_named(
    services: Services, ids: list[str], tmp_path: Path, damage: str
) -> None:
    place = services.evidence.path(ids[3])
    if damage == "missing":
        place.unlink()
    else:
        place.write_bytes(bytes(place.stat().st_size))
    with pytest.raises(StorageError, match="“3”") as caught:
        back_up(services.archive, tmp_path / "U盘")
    assert "检查" in caught.value.sentence
    assert list((tmp_path / "U盘").iterdir()) == []


def test_cancel_leaves_nothing(services: Services, ids: list[str], tmp_path: Path) -> None:
    class Stop(CancelFlag):
        def report(self, done: int, total: int, text: str = "") -> None:
            self.cancelled = done > total // 2
            super().report(done, total, text)

    with pytest.raises(CancelledError):
        back_up(services.archive, tmp_path / "U盘", Stop())
    assert list((tmp_path / "U盘").iterdir()) == []
