"""The evidence folder: copied in one pass, put in place whole, cleared of what nobody names."""

from __future__ import annotations

import hashlib
import os
from typing import TYPE_CHECKING

import pytest

from app.errors import CancelledError, StorageError
from app.services.evidence.store import EvidenceStore, SourceChangedError, hash_of

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def store(tmp_path: Path) -> EvidenceStore:
    (tmp_path / "库" / "evidence" / ".incoming").mkdir(parents=True)
    return EvidenceStore(tmp_path / "库")


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = tmp_path / "源.bin"
    path.write_bytes(os.urandom(3 << 20) + b"end")
    return path


def waiting(store: EvidenceStore) -> list[Path]:
    return list((store.root / ".incoming").iterdir())


def test_a_file_is_copied_hashed_and_put_in_its_place(store: EvidenceStore, source: Path) -> None:
    ticks: list[int] = []
    arrival = store.receive(source, ticks.append)
    assert arrival.sha256 == hashlib.sha256(source.read_bytes()).hexdigest()
    assert arrival.size == sum(ticks) == source.stat().st_size
    assert len(ticks) == 4
    store.sync([arrival.temporary])
    place = store.path(arrival.sha256, "源.bin")
    assert store.put(arrival, place) is True
    store.sync_places([place])
    assert place.read_bytes() == source.read_bytes()
    assert hash_of(place, ticks.append) == arrival.sha256
    assert not waiting(store)
    assert store.put(store.receive(source, ticks.append), place) is False
    assert store.holds(place, arrival.size)
    assert not store.holds(place, arrival.size + 1)
    assert not store.holds(place.with_name("x"), arrival.size)


def test_the_waiting_room_is_empty_after_a_stop(store: EvidenceStore, source: Path) -> None:
    def stop(_count: int) -> None:
        raise CancelledError

    with pytest.raises(CancelledError):
        store.receive(source, stop)
    assert not waiting(store)


@pytest.mark.parametrize("change", ["grows", "shrinks", "rewritten"])
def test_a_file_that_changes_meanwhile_is_not_taken(
    store: EvidenceStore, source: Path, change: str
) -> None:
    def meddle(_count: int) -> None:
        if change == "grows":
            with source.open("ab") as file:
                file.write(b"more")
        elif change == "shrinks":
            os.truncate(source, 2 << 20)
        else:
            with source.open("r+b") as file:
                file.write(b"other")
            os.utime(source, ns=(1, 1))

    with pytest.raises(SourceChangedError):
        store.receive(source, meddle)
    assert not waiting(store)


def test_a_waiting_room_that_is_gone_is_the_archives_fault(
    store: EvidenceStore, source: Path
) -> None:
    (store.root / ".incoming").rmdir()
    with pytest.raises(StorageError):
        store.receive(source, lambda _count: None)


def test_discard_removes_the_file_and_its_folders_but_not_what_others_use(
    store: EvidenceStore, source: Path
) -> None:
    arrival = store.receive(source, lambda _count: None)
    place = store.path(arrival.sha256, "一.bin")
    store.put(arrival, place)
    other = place.with_name("二.bin")
    other.write_bytes(b"other")
    store.discard(place)
    assert not place.exists()
    assert other.exists()
    store.discard(other)
    assert not place.parent.parent.exists()
    assert store.root.is_dir()
